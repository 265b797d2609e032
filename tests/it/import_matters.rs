//! `duban matter import` beside a running daemon: a list of 13710 matters, each assigned once.

use std::fs;
use std::process::Output;

use duban::domain::{LetterKind, Recipient, Via};
use duban::wire::EventsQuery;
use serde_json::Value;

use crate::process::program;
use crate::support::TestDaemon;

/// A Friday; the Monday after is the Dragon Boat festival.
const NOW: &str = "2021-06-11T01:30:00Z";

const LIST: &str = "\
阳城县13710督办事项交办清单,,,,,,,\n\
序号,交办事项,来源,平台编号,责任单位,办理类别,交办时间,计日方式\n\
1,西河排污口整治,县长批示,SX-1,市生态环境局阳城分局,一般,2021-06-11,自然日\n\
2,扬尘管控,督查发现,SX-2,市生态环境局阳城分局,复杂,2021-06-10,\n\
3,机井整治,督查发现,,县水务局,一般,2021-06-11,工作日\n";

fn import(daemon: &TestDaemon, args: &[&str]) -> Output {
    let data = daemon.home.path().join("data");
    program(daemon.home.path())
        .args(["matter", "import"])
        .args(args)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn write(daemon: &TestDaemon, text: &str) {
    fs::write(daemon.home.path().join("交办.csv"), text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_assigned_once_and_each_unit_gets_one_letter() {
    let daemon = TestDaemon::at(NOW).await;
    write(&daemon, LIST);
    let (head, letters) = (daemon.health().await.journal.position, daemon.letters().len());

    let tried = import(&daemon, &["交办.csv", "--dry-run"]);
    let words = said(&tried);
    assert!(tried.status.success(), "{words}");
    assert!(words.contains("3 days off: 06-12 06-13 06-14"), "the festival is told: {words}");
    assert!(words.contains("2 clocks run on through days off"), "{words}");
    assert!(words.contains("nothing was recorded (--dry-run)"), "{words}");
    assert_eq!(daemon.health().await.journal.position, head, "a trial records nothing");

    let done = import(&daemon, &["交办.csv"]);
    assert!(done.status.success(), "{}", said(&done));
    let tasks = daemon.client.tasks().await.unwrap();
    let matters: Vec<_> = tasks.iter().filter(|task| task.plan.as_str() == "matters").collect();
    let shown: Vec<String> = matters
        .iter()
        .map(|entry| {
            let matter = entry.task.matter.as_ref().unwrap();
            let deadline = entry.occurrences[0].deadline.unwrap();
            format!(
                "{} {} {:?} {deadline}",
                entry.task.id,
                entry.task.title,
                matter.platform_number.as_deref()
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "m-20210611-1 西河排污口整治 Some(\"SX-1\") 2021-06-18",
            "m-20210610-1 扬尘管控 Some(\"SX-2\") 2021-07-10",
            "m-20210611-2 机井整治 None 2021-06-23",
        ]
    );
    let query = EventsQuery { after: head, ..EventsQuery::default() };
    let lines = daemon.client.events(&query).await.unwrap().lines;
    let added: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str::<Value>(line.get()).unwrap())
        .filter(|event| event["type"] == "TaskAdded")
        .collect();
    assert_eq!(added.len(), 3);
    assert!(added.iter().all(|event| event["by"]["via"] == serde_json::to_value(Via::File).unwrap()));

    daemon.settle().await;
    let sent = daemon.client.letters().await.unwrap();
    let told: Vec<&Recipient> =
        sent.iter().filter(|letter| letter.kind == LetterKind::Act).map(|letter| &letter.to).collect();
    assert_eq!(told.len(), 2, "one letter a unit: {told:?}");
    assert_eq!(daemon.letters().len(), letters + 2);
    let head = daemon.health().await.journal.position;
    let again = import(&daemon, &["交办.csv"]);
    assert!(again.status.success(), "{}", said(&again));
    assert!(said(&again).contains("3 rows assigned already"), "{}", said(&again));
    assert!(said(&again).contains("nothing to assign"), "{}", said(&again));
    assert_eq!(daemon.health().await.journal.position, head, "the same list again changes nothing");

    write(&daemon, &format!("{LIST}4,河长制巡查,县长批示,SX-4,县水务局,一般,2021-06-11,自然日\n"));
    assert!(import(&daemon, &["交办.csv"]).status.success());
    let tasks = daemon.client.tasks().await.unwrap();
    assert_eq!(tasks.iter().filter(|task| task.plan.as_str() == "matters").count(), 4, "the new row alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_not_understood_or_secret_stops_the_list() {
    let daemon = TestDaemon::at(NOW).await;
    write(&daemon, &LIST.replace("县水务局,一般", "水利局,重要").replace("扬尘管控", "【机密】扬尘管控"));
    let head = daemon.health().await.journal.position;
    let refused = import(&daemon, &["交办.csv"]);
    let words = said(&refused);
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(words.contains("there is no unit `水利局`"), "{words}");
    assert!(words.contains("neither ordinary nor complex") && words.contains("一般 or 复杂"), "{words}");
    assert!(words.contains("marked `机密`") && !words.contains("扬尘管控"), "{words}");
    assert!(words.contains("nothing was assigned"), "{words}");
    assert_eq!(daemon.health().await.journal.position, head, "nothing half");

    let some = import(&daemon, &["交办.csv", "--leave-out", "--format", "json"]);
    assert!(some.status.success(), "{}", said(&some));
    let told: Value = serde_json::from_slice(&some.stdout).unwrap();
    assert_eq!(told["left_out"], serde_json::json!([4, 5]));
    assert_eq!(told["matters"][0]["deadline"], "2021-06-18");
    let tasks = daemon.client.tasks().await.unwrap();
    assert_eq!(tasks.iter().filter(|task| task.plan.as_str() == "matters").count(), 1);
}
