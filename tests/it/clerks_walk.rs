//! A clerk's walk over the command line, from a new unit to the month's bulletin: each unit is told what concerns it, in
//! working hours, and nothing on the way needs anything but the commands.

use std::fs;

use chrono::{Datelike as _, Timelike as _, Weekday};
use mail_parser::MessageParser;
use serde_json::Value;

use crate::new_units::{office, said};
use crate::support::TestDaemon;

/// The quarterly check of the new plan.
const CHECK: &str = "office-2021/no-1";

/// What a command says; it must succeed.
fn done(daemon: &TestDaemon, args: &[&str]) -> String {
    let output = office(daemon, args, "");
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

fn json(daemon: &TestDaemon, args: &[&str]) -> Value {
    let output = office(daemon, &[args, &["--format", "json"]].concat(), "");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{args:?}: {}", said(&output)))
}

/// Day, mailbox and subject of each letter about the new plan since the last look.
fn letters(daemon: &TestDaemon, seen: &mut usize) -> Vec<String> {
    let all = daemon.letters();
    let new = all[*seen..].iter();
    let told = new.filter_map(|envelope| {
        let letter = MessageParser::default().parse(&envelope.bytes).unwrap();
        let text = letter.body_text(0).unwrap();
        let is_ours = text.contains("开展安全生产大检查") || text.contains("制定应急预案");
        let sent = letter.date().unwrap().to_timestamp();
        let sent = chrono::DateTime::from_timestamp(sent, 0).unwrap() + chrono::TimeDelta::hours(8);
        assert!((9..18).contains(&sent.hour()), "{sent}: in working hours");
        assert!(!matches!(sent.weekday(), Weekday::Sat | Weekday::Sun), "{sent}: on a working day");
        let mailbox = envelope.address.split('@').next().unwrap();
        is_ours.then(|| format!("{} {mailbox} {}", sent.format("%m-%d"), letter.subject().unwrap()))
    });
    let mut told: Vec<String> = told.collect();
    *seen = all.len();
    told.sort();
    told
}

/// Day by day, releasing each morning what waits.
async fn walk(daemon: &mut TestDaemon, day: &str) {
    let until: chrono::NaiveDate = day.parse().unwrap();
    loop {
        let next = daemon.clock.now().date_naive().succ_opt().unwrap();
        if next > until {
            return;
        }
        daemon.go_to(&format!("{next}T01:00:00Z")).await;
        if json(daemon, &["letter", "list", "--held"]).as_array().is_some_and(|held| !held.is_empty()) {
            done(daemon, &["letter", "release", "--all"]);
            daemon.settle().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one walk, and what each day brings")]
async fn a_new_quarterly_plan_goes_from_the_first_question_to_the_bulletin() {
    let mut daemon = TestDaemon::at("2021-05-26T01:30:00Z").await;
    let mut seen = daemon.letters().len();

    // A new plan with three units, one of them new.
    let typed = "2021年安全生产督办计划\n\n开展安全生产大检查并报送情况\n县应急管理局、县住建局、凤城镇\n是\nyingji@county.example\n\
        县应急管理局、县住建局、凤城镇\n县公安局\n每季度末\n各自\n制定应急预案\n县应急管理局\n\n6月20日前\n\n是\n";
    let made = office(&daemon, &["plan", "new", "--ask"], typed);
    assert!(made.status.success(), "{}", said(&made));
    assert!(said(&made).contains("单位“县应急管理局”（yingjiguanliju）已添加"), "{}", said(&made));
    assert!(
        said(&made).contains("日期：2021-06-30 星期三、2021-09-30 星期四、2021-12-31 星期五"),
        "{}",
        said(&made)
    );

    // Each of them is told on the next working day, once a person has let it go; who cooperates, too.
    daemon.go_to("2021-05-27T01:00:00Z").await;
    let held = json(&daemon, &["letter", "list", "--held"]);
    let mut held: Vec<&str> =
        held.as_array().unwrap().iter().map(|letter| letter["unit_name"].as_str().unwrap()).collect();
    held.sort_unstable();
    assert_eq!(held, ["凤城镇人民政府", "县住房和城乡建设管理局", "县公安局", "县应急管理局"]);
    done(&daemon, &["letter", "release", "--all"]);
    daemon.settle().await;
    assert_eq!(
        letters(&daemon, &mut seen),
        [
            "05-27 ducha 4件督办函待放行〔放行〕",
            "05-27 fengcheng 任务告知：牵头1项，最近6月30日到期（2021年安全生产督办计划）",
            "05-27 housing 任务告知：牵头1项，最近6月30日到期（2021年安全生产督办计划）",
            "05-27 yingji 任务告知：牵头2项，最近6月20日到期（2021年安全生产督办计划）",
        ]
    );

    // The date changes; its unit is told.
    let moved = [
        &["task", "move", "office-2021/no-2", "--until", "2021-06-25"][..],
        &["--reason", "演练推迟", "--ground", "县政府第12次常务会议纪要"],
    ];
    assert!(done(&daemon, &moved.concat()).contains("office-2021/no-2的时限调整为2021-06-25，将告知各单位"));
    walk(&mut daemon, "2021-06-15").await;
    assert_eq!(
        letters(&daemon, &mut seen),
        [
            "05-28 yingji 1项时限调整：制定应急预案改为6月25日前〔时限调整〕",
            "05-31 fengcheng 6月30日到期1项：第二季度开展安全生产大检查并报送情况〔到期提醒〕",
            "05-31 housing 6月30日到期4项：第二季度黑臭水体水质监测、建成区黑臭水体排查建账等〔到期提醒〕",
            "05-31 yingji 6月30日到期1项：第二季度开展安全生产大检查并报送情况〔到期提醒〕",
        ]
    );

    // Next week's letters, before they go.
    let week =
        ["preview", "--live", "--from", "2021-06-21", "--until", "2021-06-27", "--unit", "县应急管理局"];
    assert_eq!(
        done(&daemon, &week),
        "2021-06-23 星期三 09:00  县应急管理局 (yingjiguanliju)  1项
  到期前7天   2021-06-30 星期三  开展安全生产大检查并报送情况 2021Q2  no-1

2021-06-24 星期四 09:00  县应急管理局 (yingjiguanliju)  1项
  到期前1天   2021-06-25 星期五  制定应急预案  no-2

2021-06-25 星期五 09:00  县应急管理局 (yingjiguanliju)  1项
  到期当日    2021-06-25 星期五  制定应急预案  no-2

3封督办函，1个收件单位，3项
"
    );

    // A call is recorded.
    record(&daemon, "凤城镇", &["phone", "--progress", "已检查5家", "--name", "李红"]);
    walk(&mut daemon, "2021-06-23").await;
    assert_eq!(
        letters(&daemon, &mut seen),
        [
            "06-15 fengcheng 已收到反馈：第二季度开展安全生产大检查并报送情况〔回执R2021-0615-01〕",
            "06-18 yingji 6月25日到期1项：制定应急预案〔到期提醒〕",
            "06-23 fengcheng 6月30日到期1项：第二季度开展安全生产大检查并报送情况〔到期提醒〕",
            "06-23 housing 6月30日到期4项：第二季度黑臭水体水质监测、建成区黑臭水体排查建账等〔到期提醒〕",
            "06-23 yingji 6月30日到期1项：第二季度开展安全生产大检查并报送情况〔到期提醒〕",
        ]
    );

    rule(&mut daemon).await;
    walk(&mut daemon, "2021-06-30").await;
    assert_eq!(
        letters(&daemon, &mut seen),
        [
            "06-23 housing 已收到反馈：第二季度开展安全生产大检查并报送情况〔回执R2021-0623-02〕",
            "06-23 yingji 已收到反馈：第二季度开展安全生产大检查并报送情况〔回执R2021-0623-01〕",
            "06-24 ducha 待审核2项：第二季度开展安全生产大检查并报送情况等〔审核〕",
            "06-24 fengcheng 已收到反馈：第二季度开展安全生产大检查并报送情况〔回执R2021-0624-01〕",
            "06-24 fengcheng 延期批准：第二季度开展安全生产大检查并报送情况，现定7月10日〔批复〕",
            "06-24 housing 办结申请退回：第二季度开展安全生产大检查并报送情况，请于6月30日前重报〔退回〕",
            "06-24 yingji 6月25日到期1项：制定应急预案〔到期提醒〕",
            "06-25 housing 6月月调度：请于6月30日前反馈2项（县城环境大整治等）〔月调度〕",
            "06-25 yingji 今日到期1项：制定应急预案〔到期提醒〕",
            "06-28 yingji 超期1项（3天）：制定应急预案〔催办〕",
            "06-29 housing 6月30日到期4项：第二季度黑臭水体水质监测、建成区黑臭水体排查建账等〔到期提醒〕",
            "06-30 housing 今日到期4项：第二季度黑臭水体水质监测、建成区黑臭水体排查建账等〔到期提醒〕",
        ]
    );
    walk(&mut daemon, "2021-07-05").await;
    assert_eq!(
        letters(&daemon, &mut seen),
        [
            "07-01 fengcheng 新开始1项：第三季度开展安全生产大检查并报送情况〔启动告知〕",
            "07-01 housing 新开始2项：第三季度开展安全生产大检查并报送情况等〔启动告知〕",
            "07-01 yingji 新开始1项：第三季度开展安全生产大检查并报送情况〔启动告知〕",
            "07-02 fengcheng 7月10日到期1项：第二季度开展安全生产大检查并报送情况〔到期提醒〕",
            "07-05 housing 超期4项（最长5天）：第二季度黑臭水体水质监测、建成区黑臭水体排查建账等〔催办〕",
            "07-05 yingji 超期1项（10天）：制定应急预案〔催办〕",
        ]
    );
    papers(&daemon);
}

/// What a unit said of the quarter's check, on paper or by telephone.
fn record(daemon: &TestDaemon, unit: &str, said: &[&str]) {
    let told = done(daemon, &[&["task", "record", CHECK, "--unit", unit, "--via"], said].concat());
    assert!(told.contains("已代录"), "{told}");
}

/// A claim is accepted, another returned, an extension granted.
async fn rule(daemon: &mut TestDaemon) {
    for unit in ["县应急管理局", "县住建局"] {
        record(daemon, unit, &["paper", "--done", "2021-06-22", "--text", "检查已完成"]);
    }
    walk(daemon, "2021-06-24").await;
    assert!(done(daemon, &["task", "waiting"]).contains("2项待办理"));
    let of =
        |verb, unit, more: &[&str]| done(daemon, &[&["task", verb, CHECK, "--unit", unit], more].concat());
    let accepted = of("accept", "县应急管理局", &["--remark", "属实"]);
    assert!(accepted.contains("yingjiguanliju的office-2021/no-1已办结"), "{accepted}");
    let returned = of("return", "县住建局", &["--reason", "缺少检查记录"]);
    assert!(returned.contains("housing的office-2021/no-1已退回"), "{returned}");
    let asked = ["paper", "--extension", "2021-07-10", "--reason", "汛期", "--text", "已查九成"];
    record(daemon, "凤城镇", &asked);
    let by = ["--approver", "县政府分管领导", "--document", "阳政办函〔2021〕9号"];
    let granted = of("extend", "凤城镇", &by);
    assert!(granted.contains("fengcheng的office-2021/no-1已延期，将告知该单位"), "{granted}");
}

/// June's bulletin, the ledger, and both sheets in again.
fn papers(daemon: &TestDaemon) {
    let home = daemon.home.path();
    fs::create_dir(home.join("文稿")).unwrap();
    done(daemon, &["bulletin", "2021-06", "--plan", "office-2021", "--into", "文稿"]);
    assert!(home.join("文稿/bulletin-2021-06.docx").exists());
    let bulletin = done(daemon, &["bulletin", "2021-06", "--plan", "office-2021"]);
    for line in [
        "关于2021年6月2021年安全生产督办计划任务进展情况的通报",
        "本期纳入调度4项，应办结3项（本月到期3项、前期结转0项）：办结1项（按期1项、超期0项），到期未办结2项。",
        "1.县应急管理局1项：制定应急预案（超期5天）。",
        "2.县住建局1项：第二季度开展安全生产大检查并报送情况（6月30日到期）。",
        "（三）延期。本月申请延期1项，批准1项。凤城镇“第二季度开展安全生产大检查并报送情况”由6月30日延至7月10日（阳政办函〔2021〕9号）。",
        "｜合计｜4｜3｜1｜0｜0｜2｜33.3%｜｜1",
    ] {
        assert!(bulletin.contains(line), "{line}: {bulletin}");
    }
    done(daemon, &["ledger", "--out", "台账.xlsx"]);
    let compared = done(daemon, &["import", "台账.xlsx", "--compare"]);
    assert!(compared.contains("对照191行，191行相同；没有差异"), "{compared}");
    let sheet = "2021年消防督办台账,,,\n编号,任务内容,牵头单位,完成时限\n1,消防通道整治,县应急管理局,每半年\n2,隐患排查,凤城镇,每旬\n";
    fs::write(home.join("消防.csv"), sheet).unwrap();
    let args =
        ["import", "消防.csv", "--plan", "fire-2021", "--issued-on", "2021-07-05", "--title", "消防督办计划"];
    done(daemon, &args);
    let shown = done(daemon, &["plan", "show", "fire-2021"]);
    assert!(shown.contains("每半年") && shown.contains("每旬"), "{shown}");
}
