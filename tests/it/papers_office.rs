//! The office's papers by the shipped command line, beside a running daemon: a month's bulletin from draft to
//! issue with its scan, and the page of a leader of two units.

use std::fs;
use std::path::Path;
use std::process::Output;

use duban::domain::command::Command;
use duban::domain::{BulletinState, BulletinStep, Digest};
use duban::wire::Answer;

use crate::process::program;
use crate::support::TestDaemon;

fn run(daemon: &TestDaemon, args: &[&str]) -> Output {
    let data = daemon.home.path().join("data");
    program(daemon.home.path()).args(args).arg("--data").arg(data).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What it says; it must succeed.
fn done(daemon: &TestDaemon, args: &[&str]) -> String {
    let output = run(daemon, args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

fn record(daemon: &TestDaemon, args: &[&str]) {
    done(daemon, &[&["task", "record"], args].concat());
}

fn read(dir: &Path, end: &str) -> Vec<u8> {
    fs::read(dir.join(format!("bulletin-2021-06.{end}"))).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulletin_goes_from_draft_to_issue_and_can_be_printed_again_to_the_byte() {
    let mut daemon = TestDaemon::at("2021-05-24T01:00:00Z").await;
    let home = daemon.home.path().to_owned();
    daemon.walk_to("2021-06-10").await;
    record(
        &daemon,
        &["clean-heating-plan", "--via", "phone", "--done", "2021-06-08", "--text", "方案已印发"],
    );
    daemon.walk_to("2021-06-11").await;
    let told = done(&daemon, &["task", "accept", "clean-heating-plan"]);
    assert!(!told.contains("own word"), "its unit claimed it: {told}");
    daemon.walk_to("2021-06-28").await;
    record(
        &daemon,
        &[
            "waste-heat-survey",
            "--via",
            "paper",
            "--progress",
            "已摸底12家",
            "--problem",
            "参数不全",
            "--next-steps",
            "7月15日前完成检测",
        ],
    );
    daemon.walk_to("2021-07-05").await;

    let text = done(&daemon, &["bulletin", "2021-06"]);
    assert!(text.starts_with("〔草稿，未核数、未签发〕"), "{text}");
    assert!(text.contains("办结1项（按期0项、超期1项）"), "{text}");
    done(&daemon, &["bulletin", "2021-06", "--step", "drafted"]);
    done(&daemon, &["bulletin", "2021-06", "--into", "drafted"]);
    let early = run(&daemon, &["bulletin", "2021-06", "--step", "issued"]);
    assert!(!early.status.success() && said(&early).contains("it is drafted"), "{}", said(&early));
    let early = run(&daemon, &["bulletin", "2021-06", "--step", "checked", "--scan", "通报.pdf"]);
    assert!(!early.status.success() && said(&early).contains("signed or issued"), "{}", said(&early));

    // A correction comes after the draft: the paper stays as it was, and the difference is told.
    record(
        &daemon,
        &[
            "dry-cleaners",
            "--via",
            "phone",
            "--done",
            "2021-06-30",
            "--text",
            "已改造完毕",
            "--said-on",
            "2021-06-30",
        ],
    );
    let later = run(&daemon, &["bulletin", "2021-06", "--later"]);
    assert_eq!(later.status.code(), Some(1));
    assert!(said(&later).contains("待审核：0项 → 1项"), "{}", said(&later));
    done(&daemon, &["bulletin", "2021-06", "--step", "checked", "--note", "督察室核数"]);
    done(&daemon, &["bulletin", "2021-06", "--into", "checked"]);
    let (drafted, checked) = (home.join("drafted"), home.join("checked"));
    let json = |dir: &Path| serde_json::from_slice::<serde_json::Value>(&read(dir, "json")).unwrap();
    assert_eq!(json(&drafted)["totals"], json(&checked)["totals"], "what came later is not counted");

    done(&daemon, &["bulletin", "2021-06", "--step", "signed", "--note", "县政府办主任签发"]);
    done(&daemon, &["bulletin", "2021-06", "--into", "signed"]);
    let signed = home.join("signed");
    assert!(!String::from_utf8(read(&signed, "html")).unwrap().contains("未签发"));
    let same = done(&daemon, &["bulletin", "2021-06", "--against", "signed/bulletin-2021-06.docx"]);
    assert!(same.contains("it says what was generated"), "{same}");
    // The draft still bears the proposals: edited, they would be a difference.
    let other = run(&daemon, &["bulletin", "2021-06", "--against", "drafted/bulletin-2021-06.docx"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(said(&other).contains("＋〔系统建议"), "{}", said(&other));
    let scan = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
    fs::write(home.join("通报.pdf"), scan).unwrap();
    done(
        &daemon,
        &[
            "bulletin",
            "2021-06",
            "--step",
            "issued",
            "--scan",
            "通报.pdf",
            "--against",
            "drafted/bulletin-2021-06.docx",
        ],
    );
    let steps = done(&daemon, &["bulletin", "2021-06", "--steps"]);
    for word in ["drafted", "checked", "督察室核数", "signed", "issued", "Word稿与生成稿相差1行"]
    {
        assert!(steps.contains(word), "{word}: {steps}");
    }
    let kept = Digest::of(scan).to_string();
    assert!(steps.contains(&kept), "{steps}");

    daemon.walk_to("2021-07-20").await;
    done(&daemon, &["bulletin", "2021-06", "--into", "again"]);
    for end in ["docx", "html", "json"] {
        done(&daemon, &["bulletin", "2021-06", "--into", "once-more"]);
        assert_eq!(read(&home.join("again"), end), read(&home.join("once-more"), end), "{end}");
    }
    assert_eq!(read(&home.join("again"), "docx"), read(&signed, "docx"), "signed or issued, the same paper");
    let next = done(&daemon, &["bulletin", "2021-07"]);
    assert!(next.contains("第2期"), "{next}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_drafts_before_the_corrections_end_is_told_and_a_late_bulletin_stands_in_the_status() {
    let mut daemon = TestDaemon::at("2021-06-29T01:00:00Z").await;
    let early = run(&daemon, &["bulletin", "2021-06", "--step", "drafted"]);
    assert!(!early.status.success() && said(&early).contains("not over yet"), "{}", said(&early));
    let midway = done(&daemon, &["bulletin", "2021-06"]);
    assert!(midway.contains("（数据截至6月29日）") && midway.contains("not over yet"), "{midway}");
    let none = run(&daemon, &["bulletin", "2021-05"]);
    assert!(!none.status.success() && said(&none).contains("was followed in 2021-05"), "{}", said(&none));
    daemon.walk_to("2021-07-05").await;
    let drafted = done(&daemon, &["bulletin", "2021-06", "--step", "drafted"]);
    assert!(drafted.contains("until 2021-07-05"), "three working days after June: {drafted}");
    daemon.go_to("2021-07-06T01:00:00Z").await;
    let again = done(&daemon, &["bulletin", "2021-06", "--step", "drafted"]);
    assert!(!again.contains("until"), "{again}");
    daemon.walk_to("2021-07-10").await;
    assert_eq!(daemon.health().await.findings, [""; 0]);
    daemon.walk_to("2021-07-11").await;
    let findings = daemon.health().await.findings;
    assert!(findings[0].contains("the bulletin of 2021-06 should be out by 2021-07-10"), "{findings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_counted_otherwise_since_is_told_and_what_was_signed_is_issued() {
    let mut daemon = TestDaemon::at("2021-06-29T01:00:00Z").await;
    daemon.walk_to("2021-07-07").await;
    let (period, position) = ("2021-06".parse().unwrap(), daemon.health().await.journal.position);
    let content = Digest::of(b"what an older duban counted");
    let older = |step| {
        let step = BulletinStep { period, number: 1, position, content, step, scan: None, note: None };
        daemon.command(Command::MoveBulletin { step })
    };
    assert!(matches!(older(BulletinState::Drafted).await, Answer::Done { .. }));
    let printed = done(&daemon, &["bulletin", "2021-06"]);
    assert!(printed.contains("it is not the paper that was recorded"), "{printed}");
    let checked = run(&daemon, &["bulletin", "2021-06", "--step", "checked"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(said(&checked).contains("draft it anew with `--step drafted`"), "{}", said(&checked));
    for step in [BulletinState::Checked, BulletinState::Signed] {
        assert!(matches!(older(step).await, Answer::Done { .. }));
    }
    done(&daemon, &["bulletin", "2021-06", "--step", "issued"]);
    let ledger = daemon.running().planner().ledger().read();
    let last = &ledger.bulletin(period).last().unwrap().step;
    assert_eq!((last.step, last.content), (BulletinState::Issued, content), "as it was signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_or_is_no_month_says_what_would_be_right() {
    let daemon = TestDaemon::at("2021-05-24T01:00:00Z").await;
    let refused = |args: &[&str]| {
        let output = run(&daemon, args);
        assert!(!output.status.success(), "{args:?}");
        said(&output)
    };
    for args in [["ledger", "--out", "nowhere/ledger.xlsx"], ["list", "week", "--out=nowhere/week.txt"]] {
        let told = refused(&args);
        assert!(told.contains("nowhere/") && told.contains("mkdir -p nowhere"), "{told}");
    }
    assert!(
        refused(&["pack", "--unit", "eco-env", "--year", "2021", "--out", "nowhere/p.zip"])
            .contains("mkdir -p")
    );
    for no_month in ["2021-13", "2021Q2", "june"] {
        assert!(refused(&["bulletin", no_month]).contains("as 2021-06"), "{no_month}");
    }
    let before_the_record = refused(&["bulletin", "2021-03", "--plan", "yangcheng-2021-air"]);
    assert!(before_the_record.contains("nothing was followed in 2021-03"), "{before_the_record}");
    // Assigned matters are no plan that anybody adopted.
    let before = daemon.health().await.plans;
    done(
        &daemon,
        &["matter", "assign", "--title", "西河排污口整治", "--source", "县长批示", "--lead", "eco-env"],
    );
    assert_eq!(daemon.health().await.plans, before);
    daemon.settle().await;
    let week = done(&daemon, &["list", "week", "--on", "2021-05-24"]);
    assert!(week.contains("未签收0项"), "what was told today has its day: {week}");
    let told = done(&daemon, &["task", "accept", "clean-heating-plan"]);
    assert!(told.contains("on the office's own word"), "nobody claimed it: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaders_page_holds_all_units_of_the_same_address() {
    let mut daemon = TestDaemon::at("2021-05-24T01:00:00Z").await;
    for (unit, address) in
        [("energy", "a@duban.example"), ("housing", "A@duban.example"), ("water", "b@duban.example")]
    {
        done(&daemon, &["unit", "set", unit, "--leader-name", "某", "--leader-mailbox", address]);
    }
    daemon.walk_to("2021-06-05").await;
    let page = done(&daemon, &["list", "leader", "--unit", "energy", "--on", "2021-06-05"]);
    assert!(page.contains("县能源局、县住建局在办"), "{page}");
    assert!(page.contains("〔待核，未送出〕"), "{page}");
    assert!(!page.contains("县水务局"), "{page}");
    let letters = daemon.letters().len();
    let sent = done(&daemon, &["list", "leader", "--unit", "energy", "--send"]);
    assert!(sent.contains("duban letter release"), "{sent}");
    daemon.settle().await;
    assert_eq!(daemon.letters().len(), letters, "nothing goes without a person's release");
    let again = run(&daemon, &["list", "leader", "--unit", "energy", "--send"]);
    assert!(!again.status.success() && said(&again).contains("waits for its release"), "{}", said(&again));
    let held: serde_json::Value =
        serde_json::from_str(&done(&daemon, &["letter", "list", "--held", "--format", "json"])).unwrap();
    let held: Vec<&str> =
        held.as_array().unwrap().iter().map(|one| one["letter"].as_str().unwrap()).collect();
    assert_eq!(held.len(), 1);
    for letter in held {
        done(&daemon, &["letter", "release", letter]);
    }
    daemon.settle().await;
    let gone = daemon.letters().split_off(letters);
    assert_eq!(gone[0].address, "a@duban.example");
    let words = duban::letter::plain(&String::from_utf8_lossy(&gone[0].bytes)).unwrap().text;
    assert!(words.contains("分管领导") && words.contains("县能源局、县住建局在办"), "{words}");
    assert!(!words.contains("未送出"), "{words}");
}
