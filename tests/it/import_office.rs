//! `duban import` beside a running daemon: what the office sees, and what is recorded.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::Output;

use duban::domain::{ActorKind, PlanOwner, Via};
use duban::wire::EventsQuery;
use serde_json::Value;

use crate::process::program;
use crate::support::TestDaemon;

const NOW: &str = "2021-05-26T01:30:00Z";

const LEDGER: &str = "\
阳城县政府督查室2021年督办台账,,,,,,,,,,\n\
编号,平台编号,来源文号,任务原文,牵头单位,配合单位,完成时限,交办时间,签收时间,进展,状态\n\
1,SX-001,阳政办发〔2021〕9号,完成公园提升,县住建局,县自然资源局,6月底前,2021-04-02,2021-04-03,已完成七成,在办\n\
2,SX-002,阳政办发〔2021〕9号,完成排水普查,县住建局,,2021年4月底前,2021-04-02,,,已办结\n\
3,,阳政办发〔2021〕9号,公交线路运行分析,县交通局,县公安局,每季度,,,,\n";

fn import(daemon: &TestDaemon, args: &[&str]) -> Output {
    let data = daemon.home.path().join("data");
    let mut command = program(daemon.home.path());
    command.arg("import").args(args).arg("--data").arg(data).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn write(home: &Path, text: &str) {
    fs::write(home.join("台账.csv"), text).unwrap();
}

const ASKED: [&str; 5] = ["台账.csv", "--plan", "office-2021", "--issued-on", "2021-03-30"];

#[test]
fn a_trial_reads_an_old_ledger_where_no_daemon_runs() {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), LEDGER);
    let tried = ["import", "台账.csv", "--dry-run", "--year", "2021"];
    let tried = program(home.path()).args(tried).output().unwrap();
    assert!(tried.status.success(), "{}", said(&tried));
    assert!(said(&tried).contains("an import needs --plan ID, --issued-on DAY"), "{}", said(&tried));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_ledger_becomes_a_plan_of_the_office_once() {
    let daemon = TestDaemon::at(NOW).await;
    write(daemon.home.path(), LEDGER);
    let (head, letters) = (daemon.health().await.journal.position, daemon.letters().len());

    let tried = import(&daemon, &["台账.csv", "--dry-run"]);
    assert!(!tried.status.success(), "6月底前 has no year yet");
    assert!(said(&tried).contains("--year 2021"), "{}", said(&tried));
    let tried = import(&daemon, &["台账.csv", "--dry-run", "--year", "2021"]);
    assert!(tried.status.success(), "{}", said(&tried));
    assert!(said(&tried).contains("an import needs --plan ID, --issued-on DAY"), "{}", said(&tried));
    assert_eq!(daemon.health().await.journal.position, head, "a trial records nothing");

    let done = import(&daemon, &ASKED);
    assert!(done.status.success(), "{}", said(&done));
    let plans = daemon.client.plans().await.unwrap();
    let plan = plans.iter().find(|plan| plan.head.id.as_str() == "office-2021").expect("the plan");
    let note = plan.import.as_ref().expect("where it comes from");
    assert_eq!((plan.owner, plan.tasks, note.rows), (PlanOwner::Office, 3, 3));
    assert_eq!(plan.head.document_number.as_deref(), Some("阳政办发〔2021〕9号"), "every row names it");
    assert!(plan.head.quiet, "it is set up first");
    let tasks = daemon.client.tasks().await.unwrap();
    let of = |slug: &str| {
        tasks.iter().find(|task| task.plan == plan.head.id && task.task.id.as_str() == slug).unwrap()
    };
    let row = of("no-1").imported.clone().expect("what the old ledger said");
    assert_eq!((row.number.as_deref(), row.platform_number.as_deref()), (Some("1"), Some("SX-001")));
    assert_eq!(row.receipt_on, "2021-04-03".parse().ok());
    assert_eq!(of("no-2").state, "done-before-import", "never an acceptance");
    assert_eq!(daemon.letters().len(), letters, "nobody was written to");

    let query = EventsQuery { after: head, ..EventsQuery::default() };
    let events: Vec<Value> = daemon
        .client
        .events(&query)
        .await
        .unwrap()
        .lines
        .iter()
        .map(|line| serde_json::from_str(line.get()).unwrap())
        .collect();
    let kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "PlanAdopted",
            "TaskAdded",
            "TaskAdded",
            "TaskAdded",
            "PlanImported",
            "TaskHistoryImported",
            "TaskHistoryImported",
            "TaskHistoryImported"
        ],
        "history is kept as history: no receipt, claim or acceptance is made of it"
    );
    for event in &events {
        assert_eq!(event["by"]["via"], serde_json::to_value(Via::File).unwrap());
        assert_eq!(event["by"]["kind"], serde_json::to_value(ActorKind::Admin).unwrap());
    }

    let head = daemon.health().await.journal.position;
    for args in [ASKED, ["台账.csv", "--plan", "another", "--issued-on", "2021-03-30"]] {
        let again = import(&daemon, &args);
        assert!(again.status.success(), "{}", said(&again));
        assert!(said(&again).contains("imported already") && said(&again).contains("nothing changes"));
    }
    assert_eq!(daemon.health().await.journal.position, head, "the same file again changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_duban_wrote_comes_back_without_a_difference_but_what_a_clerk_changed() {
    let daemon = TestDaemon::at(NOW).await;
    write(daemon.home.path(), LEDGER);
    assert!(import(&daemon, &ASKED).status.success());
    let run = |args: &[&str]| {
        let data = daemon.home.path().join("data");
        let output = program(daemon.home.path()).args(args).arg("--data").arg(data).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", said(&output));
    };
    run(&["ledger", "--out", "out.xlsx"]);
    run(&["ledger", "--format", "csv", "--out", "out.csv"]);
    for sheet in ["out.xlsx", "out.csv"] {
        let same = import(&daemon, &[sheet, "--compare"]);
        assert!(same.status.success() && said(&same).contains("the same; no difference"), "{}", said(&same));
    }
    let sheet = fs::read_to_string(daemon.home.path().join("out.csv")).unwrap();
    fs::write(daemon.home.path().join("out.csv"), sheet.replace("完成公园提升", "完成公园提升和绿化"))
        .unwrap();
    let changed = import(&daemon, &["out.csv", "--compare", "--plan", "office-2021"]);
    assert_eq!(changed.status.code(), Some(1), "{}", said(&changed));
    assert!(said(&changed).contains("完成公园提升和绿化") && said(&changed).contains("1 difference"));

    // What came later is no change of the clerk's.
    run(&["matter", "assign", "--title", "西河排污口整治", "--source", "县长批示", "--lead", "eco-env"]);
    let same = import(&daemon, &["out.xlsx", "--compare"]);
    assert!(same.status.success(), "{}", said(&same));
    assert!(said(&same).contains("that it was written from, "));
    // Of another office, or of a journal that was put back: told, not taken for edits.
    let other = TestDaemon::at(NOW).await;
    fs::copy(daemon.home.path().join("out.xlsx"), other.home.path().join("out.xlsx")).unwrap();
    let foreign = import(&other, &["out.xlsx", "--compare"]);
    assert!(!foreign.status.success() && said(&foreign).contains("this is ledger"), "{}", said(&foreign));
    let nosuch = import(&daemon, &["out.xlsx", "--compare", "--plan", "nosuch"]);
    assert!(said(&nosuch).contains("no row of `nosuch`"), "{}", said(&nosuch));

    let now = import(&daemon, &["out.csv", "--compare"]);
    assert!(
        said(&now).contains("西河排污口整治"),
        "a sheet without a head is held against the present: {}",
        said(&now)
    );
}

/// A workbook with other words in it.
fn reworded(workbook: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = 0;
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if let Ok(text) = String::from_utf8(bytes.clone()) {
            found += text.matches(from).count();
            bytes = text.replace(from, to).into_bytes();
        }
        new.start_file(part.name().unwrap(), zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&bytes).unwrap();
    }
    assert_eq!(found, 1, "{from}");
    new.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_of_before_it_was_said_that_closed_plans_are_in_it_lacks_no_row() {
    let daemon = TestDaemon::at(NOW).await;
    write(daemon.home.path(), LEDGER);
    assert!(import(&daemon, &ASKED).status.success());
    let home = daemon.home.path();
    let run = |args: &[&str]| {
        let output = program(home).args(args).arg("--data").arg(home.join("data")).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", said(&output));
    };
    run(&["plan", "close", "office-2021", "--reason", "已并入新计划"]);
    run(&["ledger", "--closed", "--out", "all.xlsx"]);
    run(&["ledger", "--closed", "--format", "csv", "--out", "all.csv"]);
    let marked = fs::read(home.join("all.xlsx")).unwrap();
    fs::write(home.join("before.xlsx"), reworded(&marked, "，含已关闭计划", "")).unwrap();
    for sheet in ["before.xlsx", "all.csv"] {
        let same = import(&daemon, &[sheet, "--compare"]);
        assert!(said(&same).contains("the same; no difference"), "{sheet}: {}", said(&same));
    }
    fs::write(home.join("edited.xlsx"), reworded(&marked, "完成排水普查", "完成排水普查和整改")).unwrap();
    let changed = import(&daemon, &["edited.xlsx", "--compare", "--format", "json"]);
    let compared: Value = serde_json::from_slice(&changed.stdout).unwrap();
    let differences = compared["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 1, "{differences:#?}");
    assert_eq!(differences[0]["task"], "office-2021/no-2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_compared_with_the_ledger_row_by_row() {
    let daemon = TestDaemon::at(NOW).await;
    write(daemon.home.path(), LEDGER);
    assert!(import(&daemon, &ASKED).status.success());
    let compare = ["台账.csv", "--compare", "--year", "2021"];
    let same = import(&daemon, &compare);
    assert!(same.status.success(), "{}", said(&same));
    assert!(said(&same).contains("3 rows compared, 3 the same; no difference"), "{}", said(&same));

    let changed = LEDGER.replace("6月底前", "9月底前").replace("县交通局,县公安局", "县公安局,县交通局");
    let changed = changed.replace(
        "2,SX-002,阳政办发〔2021〕9号,完成排水普查,县住建局,,2021年4月底前,2021-04-02,,,已办结\n",
        "",
    );
    write(daemon.home.path(), &format!("{changed}4,,,新增事项,县水务局,,年底前,,,,\n"));
    let output = import(&daemon, &[&compare[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let compared: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found: Vec<String> = compared["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("–").to_owned();
            format!(
                "{} {} {} {} | {}",
                one["row"],
                text("task"),
                text("about"),
                text("sheet"),
                text("ledger")
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "3 office-2021/no-1 原定时限 9月底前 | 2021-06-30",
            "4 office-2021/no-3 牵头单位 县公安局 | transport",
            "4 office-2021/no-3 配合单位 县交通局 | police",
            "5 – row 新增事项 | ",
            "null office-2021/no-2 row  | 完成排水普查",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_not_understood_stop_an_import_and_the_report_says_which() {
    let daemon = TestDaemon::at(NOW).await;
    write(daemon.home.path(), &LEDGER.replace("县住建局,县自然资源局", "住建局,县自然资源局"));
    let head = daemon.health().await.journal.position;
    let refused = import(&daemon, &ASKED);
    assert_eq!(refused.status.code(), Some(1));
    let words = said(&refused);
    assert!(words.contains("there is no unit `住建局`") && words.contains("县住建局 (housing)"), "{words}");
    assert!(words.contains("--leave-out"), "{words}");
    assert_eq!(daemon.health().await.journal.position, head, "nothing half");

    let named = import(&daemon, &[&ASKED[..], &["--unit", "住建局=housing"]].concat());
    assert!(named.status.success(), "{}", said(&named));
    let exists = import(&daemon, &ASKED);
    assert!(said(&exists).contains("imported already"), "{}", said(&exists));
    write(daemon.home.path(), LEDGER);
    let other = import(&daemon, &ASKED);
    assert_eq!(other.status.code(), Some(1), "another file under the same id");
    assert!(said(&other).contains("--compare"), "{}", said(&other));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_ledger_is_imported_whole() {
    let daemon = TestDaemon::at(NOW).await;
    let progress = "进".repeat(400);
    let row = |number: u32| format!("{number},完成第{number}项,县住建局,6月底前,{progress}\n");
    let rows: Vec<String> = (1..=300).map(row).collect();
    let ledger = format!("编号,任务原文,牵头单位,完成时限,进展\n{}", rows.concat());
    write(daemon.home.path(), &ledger);
    let done = import(&daemon, &[&ASKED[..], &["--title", "重点任务"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    let tasks = daemon.client.tasks().await.unwrap();
    let imported = tasks.iter().filter(|task| task.plan.as_str() == "office-2021" && task.imported.is_some());
    assert_eq!(imported.count(), 300, "more events than a batch holds");
}
