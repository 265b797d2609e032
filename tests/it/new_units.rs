//! `duban unit add` and `duban unit import`: new units by hand and from a sheet.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use duban::domain::{Unit, UnitKind};

use crate::process::program;
use crate::support::TestDaemon;

const NOW: &str = "2021-05-26T01:30:00Z";

/// A command of the office in Chinese, with what is typed into it.
pub fn office(daemon: &TestDaemon, args: &[&str], typed: &str) -> Output {
    let mut command = program(daemon.home.path());
    let command = command.args(args).arg("--data").arg(daemon.home.path().join("data"));
    let command = command.env("LANG", "zh_CN.UTF-8").stdin(Stdio::piped());
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    running.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    running.wait_with_output().unwrap()
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn unit(daemon: &TestDaemon, id: &str) -> Option<Unit> {
    let ledger = daemon.running().planner().ledger().read();
    ledger.unit(&id.parse().unwrap()).map(|state| (*state.unit).clone())
}

fn head(daemon: &TestDaemon) -> u64 {
    daemon.running().planner().ledger().read().head()
}

const LIST: &str = "\
阳城县责任单位名单,,,,,,\n\
序号,单位,简称/别名,邮箱,联系人,联系电话,所属统称\n\
1,县应急管理局,县应急局、应急管理局,yingji@county.example,王建国,13935601234,\n\
2,西河乡,,xihe@county.example,,,各乡镇\n\
3,县住建局,,zhujian@county.example,,,\n\
4,县公安局,,,,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_shown_first_and_then_taken_whole_with_people_kept_out_of_the_journal() {
    let daemon = TestDaemon::at(NOW).await;
    fs::write(daemon.home.path().join("单位.csv"), LIST).unwrap();
    let before = head(&daemon);

    let tried = office(&daemon, &["unit", "import", "单位.csv"], "");
    let words = said(&tried);
    assert!(tried.status.success(), "{words}");
    assert!(words.contains("新增2个单位，调整2个，1个没有变化"), "{words}");
    assert!(words.contains("以上只是显示，还没有办理"), "{words}");
    assert_eq!(head(&daemon), before, "a trial records nothing");

    let done = office(&daemon, &["unit", "import", "单位.csv", "--yes"], "");
    assert!(done.status.success() && said(&done).contains("已经办好"), "{}", said(&done));
    let new = unit(&daemon, "yingjiguanliju").unwrap();
    assert_eq!(
        (new.name.as_str(), new.short.as_str(), new.kind),
        ("县应急管理局", "县应急局", UnitKind::Bureau)
    );
    assert_eq!(new.aliases, ["应急管理局"]);
    assert_eq!(new.mailbox.as_deref(), Some("yingji@county.example"));
    assert_eq!(new.sort_key, "xianyingjiju");
    let township = unit(&daemon, "xihe").unwrap();
    assert_eq!((township.kind, township.aliases), (UnitKind::Township, vec!["西河乡人民政府".to_owned()]));
    assert_eq!(unit(&daemon, "housing").unwrap().mailbox.as_deref(), Some("zhujian@county.example"));
    assert_eq!(unit(&daemon, "townships-all").unwrap().members, ["xihe".parse().unwrap()]);
    let contact = daemon.running().planner().ledger().read().contact_of(&new.id);
    assert!(contact.is_some());
    for segment in files(&daemon.home.path().join("data/archive")) {
        let text = String::from_utf8_lossy(&fs::read(&segment).unwrap()).into_owned();
        assert!(!text.contains("王建国") && !text.contains("13935601234"), "{}", segment.display());
    }

    let after = head(&daemon);
    let again = office(&daemon, &["unit", "import", "单位.csv", "--yes"], "");
    assert!(said(&again).contains("没有要添加或调整的"), "{}", said(&again));
    assert_eq!(head(&daemon), after, "the same list again changes nothing");
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_not_understood_is_named_with_what_would_be_right_and_holds_up_all() {
    let daemon = TestDaemon::at(NOW).await;
    let list = LIST.replace("xihe@county.example", "xihe.county.example").replace("13935601234", "见通讯录");
    let list = format!(
        "{list}5,县住房和城乡建设管理局,,,,,\n6,,,a@county.example,,,\n7,县教育局,县公安局,,,,各委办\n"
    );
    fs::write(daemon.home.path().join("单位.csv"), list).unwrap();
    let before = head(&daemon);
    let refused = office(&daemon, &["unit", "import", "单位.csv", "--yes"], "");
    let words = said(&refused);
    assert_eq!(refused.status.code(), Some(1), "{words}");
    for (row, what) in [
        ("3", "写一个电话号码，5至18位数字"),
        ("4", "写一个邮箱，如xihe@example.gov.cn"),
        ("7", "与第5行是同一个单位，留一行"),
        ("8", "这一行没有单位名称，请补上"),
        ("9", "这是单位police的名称，请换一个或删去"),
        ("9", "没有这个统称，写`duban unit list`中的统称，如各乡镇"),
    ] {
        let named = |line: &str| line.trim_start().starts_with(row) && line.contains(what);
        assert!(words.lines().any(named), "{row} {what}: {words}");
    }
    assert!(
        words.contains("工作表“单位.csv”中没有读懂的") && words.contains("没有添加或调整任何单位"),
        "{words}"
    );
    assert_eq!(head(&daemon), before, "nothing half");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_list_holds_all_townships_and_the_usual_bureaux() {
    let daemon = TestDaemon::at(NOW).await;
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/units.csv");
    let done = office(&daemon, &["unit", "import", list.to_str().unwrap(), "--yes"], "");
    assert!(done.status.success(), "{}", said(&done));
    assert!(said(&done).contains("新增26个单位，调整1个，5个没有变化"), "{}", said(&done));
    assert_eq!(unit(&daemon, "townships-all").unwrap().members.len(), 18);
    assert_eq!(unit(&daemon, "yingjiguanliju").unwrap().short, "县应急局");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_added_by_options_or_by_answers_and_a_wrong_answer_is_asked_again() {
    let daemon = TestDaemon::at(NOW).await;
    let added = office(
        &daemon,
        &["unit", "add", "西河乡人民政府", "--mailbox", "xihe@county.example", "--member-of", "各乡镇"],
        "",
    );
    assert!(said(&added).contains("单位“西河乡人民政府”（xihe）已添加"), "{}", said(&added));
    assert_eq!(unit(&daemon, "townships-all").unwrap().members, ["xihe".parse().unwrap()]);
    let again = office(&daemon, &["unit", "add", "西河乡"], "");
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("“西河乡”已是单位xihe的名称"), "{}", said(&again));
    let nobody = office(&daemon, &["unit", "add"], "");
    assert!(
        said(&nobody).contains("没有写单位名称") && said(&nobody).contains("逐项询问"),
        "{}",
        said(&nobody)
    );

    let before = head(&daemon);
    let left = office(&daemon, &["unit", "add", "--ask"], "县教育局\n");
    assert!(said(&left).contains("没有添加任何单位"), "{}", said(&left));
    assert_eq!(head(&daemon), before);

    let typed = "县公安局\n县教育局\n\n县教体局、教育局\n\n什么\n\n教育局\njiaoyu@county.example\n李红\n12\n0356-4220000\n\n是\n";
    let asked = office(&daemon, &["unit", "add", "--ask"], typed);
    let words = said(&asked);
    assert!(asked.status.success(), "{words}");
    for told in [
        "“县公安局”已是单位police的名称",
        "写部门、乡镇、开发区、企业、县政府或统称",
        "“教育局”不是邮箱地址",
        "写一个电话号码，5至18位数字",
        "单位：县教育局（县教体局、教育局",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    let unit = unit(&daemon, "jiaoyuju").unwrap();
    assert_eq!(unit.aliases, ["县教体局", "教育局"]);
    assert_eq!(unit.mailbox.as_deref(), Some("jiaoyu@county.example"));
}
