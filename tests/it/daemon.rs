//! The daemon as a whole, with a clock moved by hand.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use duban::client::ClientFault;
use duban::daemon::Clocks;
use duban::domain::command::Command;
use duban::domain::{Outcome, RelayFault, Via};
use duban::office::forecast::Preview;
use duban::office::{letters, units};
use duban::wire::{Answer, CommandRequest, EventsQuery, PublicHealth, Standing};

use crate::support::{GUARD_ALONE, TICKER_ALONE, TestDaemon, deferred, instant, is_unit, target};

/// A Monday, half past nine in Shanghai.
const NOW: &str = "2026-11-23T01:30:00Z";

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_daemon_mails_the_annual_plan_and_quietly_closes_the_plans_of_2021() {
    let daemon = TestDaemon::at(NOW).await;
    let letters = daemon.letters();
    assert!(!letters.is_empty());
    let ids: BTreeSet<&str> = letters.iter().map(|letter| letter.message_id.as_str()).collect();
    assert_eq!(ids.len(), letters.len(), "each Message-ID once");
    let plans = daemon.client.plans().await.unwrap();
    let quiet: Vec<&str> = plans.iter().filter(|plan| plan.quiet).map(|plan| plan.head.id.as_str()).collect();
    assert_eq!(quiet, ["yangcheng-2021-air", "yangcheng-2021-soil", "yangcheng-2021-water"]);
    let told = daemon.client.letters().await.unwrap();
    assert!(told.iter().all(|letter| letter.progress == "accepted"));
    assert!(
        told.iter()
            .flat_map(|letter| &letter.items)
            .all(|item| { item.key.assignment.occurrence.task.plan.as_str() == "annual" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_sends_nothing_twice() {
    let mut daemon = TestDaemon::at(NOW).await;
    let before = daemon.mailer.attempts().len();
    let head = daemon.health().await.journal;
    daemon.stop().await;
    daemon.start().await;
    assert_eq!(daemon.mailer.attempts().len(), before);
    assert_eq!(daemon.health().await.journal, head, "a start without news records nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deferred_letter_goes_again_under_its_message_id_once_time_has_moved() {
    let mut daemon = TestDaemon::at(NOW).await;
    let once = daemon.letters().len();
    daemon.mailer.script(deferred(1));
    // The next letter on the way: an admin sends one anew.
    let letter = daemon.client.letters().await.unwrap().remove(0);
    let again = Command::Resend { letter: letter.letter, reason: "lost".into() };
    assert!(matches!(daemon.command(again).await, Answer::Done { .. }));
    daemon.settle().await;
    let waiting = daemon.client.letter(letter.letter).await.unwrap().entry;
    assert_eq!((waiting.progress.as_str(), waiting.reply.as_deref()), ("deferred", Some("451 try again")));
    assert_eq!(daemon.letters().len(), once);
    daemon.go_to("2026-11-23T01:30:30Z").await;
    assert_eq!(daemon.letters().len(), once, "not before its time");
    daemon.go_to("2026-11-23T06:00:00Z").await;
    assert_eq!(daemon.letters().len(), once + 1);
    assert_eq!(daemon.letters().last().unwrap().message_id, letter.message_id);
    assert_eq!(daemon.client.letter(letter.letter).await.unwrap().entry.progress, "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_queued_when_it_stopped_goes_after_the_start() {
    let mut daemon = TestDaemon::at(NOW).await;
    let letter = daemon.client.letters().await.unwrap().remove(0);
    daemon.mailer.script([Outcome::Unknown("lost after the final dot".into())]);
    let again = Command::Resend { letter: letter.letter, reason: "lost".into() };
    daemon.command(again).await;
    daemon.settle().await;
    let before = daemon.letters().len();
    daemon.stop().await;
    daemon.clock.set(instant("2026-11-23T09:00:00Z"));
    daemon.start().await;
    assert_eq!(daemon.letters().len(), before + 1);
    assert_eq!(daemon.letters().last().unwrap().message_id, letter.message_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_to_a_leader_waits_for_release() {
    let mut daemon = TestDaemon::at(NOW).await;
    let set: units::Set = serde_json::from_value(serde_json::json!({
        "unit": "eco-env", "leader_name": "王某", "leader_post": "副县长",
        "leader_mailbox": "leader@example.gov.cn",
    }))
    .unwrap();
    assert_eq!(daemon.client.ask(&set).await.unwrap().deeds.len(), 1);
    // 2026Q4 ends on 31 December, and nobody answers.
    daemon.walk_to("2027-01-08").await;
    let held: Vec<_> = daemon
        .client
        .letters()
        .await
        .unwrap()
        .into_iter()
        .filter(|letter| letter.progress == "held")
        .collect();
    assert_eq!(held.len(), 1, "{held:#?}");
    assert!(!is_unit(&held[0].to));
    assert_eq!(daemon.health().await.letters.held, 1);
    let to_leader =
        |daemon: &TestDaemon| daemon.letters().iter().filter(|letter| !is_unit(&letter.to)).count();
    assert_eq!(to_leader(&daemon), 0);
    let release = Command::Release { letter: held[0].letter };
    assert!(matches!(daemon.command(release.clone()).await, Answer::Done { .. }));
    daemon.settle().await;
    assert_eq!(to_leader(&daemon), 1);
    assert_eq!(daemon.letters().last().unwrap().address, "leader@example.gov.cn");
    assert!(matches!(daemon.command(release).await, Answer::Refused { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_is_asked_once() {
    let daemon = TestDaemon::at(NOW).await;
    let asked = CommandRequest {
        request: "r-1".into(),
        via: Via::Phone,
        command: Command::Accept { target: target("annual/machinery-check"), done_on: None, remark: None },
    };
    let first = daemon.client.send(&asked).await.unwrap();
    assert!(matches!(first, Answer::Done { .. }));
    assert_eq!(daemon.client.send(&asked).await.unwrap(), first);
    let again = CommandRequest { request: "r-2".into(), ..asked.clone() };
    assert!(matches!(daemon.client.send(&again).await.unwrap(), Answer::Refused { .. }));
    let forged = CommandRequest { via: Via::System, ..asked };
    assert!(
        daemon
            .client
            .send(&forged)
            .await
            .unwrap_err()
            .to_string()
            .contains("cli, api, paper, phone, meeting, message or mail")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn accepted_work_is_not_chased() {
    let mut daemon = TestDaemon::at(NOW).await;
    daemon
        .command(Command::Accept { target: target("annual/machinery-check"), done_on: None, remark: None })
        .await;
    let told = daemon.client.letters().await.unwrap().len();
    daemon.walk_to("2027-01-12").await;
    let later = daemon.client.letters().await.unwrap().split_off(told);
    let chased = |task: &str| {
        let names = |key: &str| key.starts_with(&format!("annual/{task}/2026Q4/"));
        let mut keys = later.iter().flat_map(|letter| &letter.items).map(|item| item.key.to_string());
        // That it was accepted is told once; it asks for nothing.
        keys.any(|key| names(&key) && !key.ends_with(":changed:1"))
    };
    assert!(!chased("machinery-check"));
    assert!(chased("bulk-transport-campaign"), "what was not accepted is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_is_taken_and_a_broken_one_changes_nothing() {
    let daemon = TestDaemon::with_files(NOW).await;
    let file = daemon.schedules().join("annual.toml");
    let sound = std::fs::read_to_string(&file).unwrap();

    std::fs::write(&file, sound.replace("非道路移动机械季度专项检查", "季度机械专项检查")).unwrap();
    // The daemon may have noticed by itself, and be about to declare it.
    daemon.running().reread().await.unwrap();
    let machinery = "annual/machinery-check".parse().unwrap();
    daemon
        .until("the new title", |daemon| {
            let ledger = daemon.running().planner().ledger().read();
            ledger.task(&machinery).unwrap().task.title == "季度机械专项检查"
        })
        .await;
    let title = async |daemon: &TestDaemon| {
        let tasks = daemon.client.tasks().await.unwrap();
        tasks
            .into_iter()
            .find(|task| task.task.id.as_str() == "machinery-check" && task.plan.as_str() == "annual")
            .unwrap()
            .task
            .title
    };
    assert_eq!(title(&daemon).await, "季度机械专项检查");
    let head = daemon.health().await.journal.position;

    std::fs::write(&file, sound.replace("every = \"quarter\"", "evry = \"quarter\"")).unwrap();
    daemon.running().reread().await.unwrap();
    let health = daemon.health().await;
    assert_eq!(health.status, Standing::Attention);
    assert_eq!(health.journal.position, head, "nothing was recorded");
    assert_eq!(health.files.broken, ["annual.toml"]);
    let fault = health.files.faults.iter().find(|fault| fault.error).unwrap();
    assert!(fault.file.ends_with("annual.toml") && fault.line > 1 && fault.column > 1, "{fault:?}");
    assert_eq!(health.findings, Vec::<String>::new(), "a broken file is not a missing one");
    assert_eq!(title(&daemon).await, "季度机械专项检查");

    std::fs::remove_file(&file).unwrap();
    daemon.running().reread().await.unwrap();
    let health = daemon.health().await;
    assert!(health.findings[0].contains("annual.toml"), "{:?}", health.findings);
    assert_eq!(health.journal.position, head, "a missing file closes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_gets_its_plan_back_is_taken_at_once() {
    let daemon = TestDaemon::with_files(NOW).await;
    let owner = async |by: &str| {
        let ask = serde_json::json!({ "plan": "annual", "by": by, "reason": "会议纪要" });
        let ask: duban::office::plans::TakeOver = serde_json::from_value(ask).unwrap();
        daemon.client.ask(&ask).await.unwrap();
    };
    owner("office").await;
    let file = daemon.schedules().join("annual.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("非道路移动机械季度专项检查", "季度机械专项检查")).unwrap();
    daemon.running().reread().await.unwrap();
    let health = daemon.health().await;
    assert_eq!(health.plans.by_office, 1);
    let told = health.findings.iter().find(|finding| finding.contains("annual.toml")).unwrap();
    assert!(told.contains("`duban plan take-over annual --by file --reason …`"), "{told}");
    owner("file").await;
    let machinery = "annual/machinery-check".parse().unwrap();
    daemon
        .until("the new title", |daemon| {
            let ledger = daemon.running().planner().ledger().read();
            ledger.task(&machinery).unwrap().task.title == "季度机械专项检查"
        })
        .await;
    daemon.running().reread().await.unwrap();
    let health = daemon.health().await;
    assert_eq!((health.plans.by_office, health.findings), (0, Vec::<String>::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_files_never_take_the_place_of_the_offices_own() {
    let mut daemon = TestDaemon::with_files(NOW).await;
    let file = daemon.schedules().join("annual.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("非道路移动机械季度专项检查", "季度机械专项检查")).unwrap();
    daemon.running().reread().await.unwrap();
    let head = daemon.health().await.journal.position;
    daemon.stop().await;
    daemon.without_files();
    daemon.start().await;
    let health = daemon.health().await;
    assert_eq!((health.status, health.journal.position), (Standing::Attention, head));
    assert!(health.files.faults[0].help.as_ref().unwrap().contains("--schedules"), "{:?}", health.files);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_noticed_by_itself() {
    let daemon = TestDaemon::with_files(NOW).await;
    let file = daemon.schedules().join("units.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("eco-env@duban.example", "sthj@duban.example", 1)).unwrap();
    let eco = "eco-env".parse().unwrap();
    daemon
        .until("the new mailbox", |daemon| {
            let ledger = daemon.running().planner().ledger().read();
            ledger.unit(&eco).unwrap().unit.mailbox.as_deref() == Some("sthj@duban.example")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_of_the_clock_holds_all_decisions_until_it_is_accepted() {
    let mut daemon = TestDaemon::at(NOW).await;
    let head = daemon.both_copies_whole().await.journal.position;
    let letters = daemon.letters().len();
    daemon.go_to("2027-03-01T02:00:00Z").await;
    let health = daemon.health().await;
    assert_eq!(health.status, Standing::Stopped);
    assert_eq!(health.clock_held.unwrap().now, instant("2027-03-01T02:00:00Z"));
    assert_eq!((daemon.letters().len(), health.journal.position), (letters, head));
    let pause = Command::Pause { target: target("annual/machinery-check"), reason: "x".into() };
    assert!(matches!(daemon.command(pause).await, Answer::ClockHeld(_)));
    let (status, _) = http_get(daemon.running().listen(), "/healthz", "localhost").await;
    assert_eq!(status, 503);

    let accept = Command::AcceptClock { reason: "the machine stood still".into() };
    assert!(matches!(daemon.command(accept).await, Answer::Done { .. }));
    daemon.settle().await;
    let health = daemon.both_copies_whole().await;
    assert_eq!(health.status, Standing::Ok, "{health:?}");
    assert!(daemon.letters().len() > letters);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ticker_alone_suffices() {
    either_clock(TICKER_ALONE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_alone_suffices() {
    either_clock(GUARD_ALONE).await;
}

/// The letter before the year's end goes without anybody waking the planner by hand.
async fn either_clock(clocks: Clocks) {
    let daemon = TestDaemon::with(NOW, clocks, None).await;
    let before = daemon.letters().len();
    daemon.clock.set(instant("2026-12-01T01:00:00Z"));
    daemon.running().time_moved();
    daemon.until("a letter", |daemon| daemon.letters().len() > before).await;
    daemon.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tcp_answers_health_alone_and_to_names_of_this_machine_alone() {
    let daemon = TestDaemon::at(NOW).await;
    let at = daemon.running().listen();
    let (status, body) = http_get(at, "/healthz", "localhost").await;
    let health: PublicHealth = serde_json::from_str(&body).unwrap();
    assert_eq!((status, health.status), (200, Standing::Ok));
    assert!(!health.store_failed && health.letters.written > 0, "{body}");
    assert!(!body.contains('@'), "no address");
    assert_eq!(http_get(at, "/healthz", "evil.example").await.0, 421);
    assert_eq!(http_get(at, "/api/units", "localhost").await.0, 404);
    let (status, first) = http_get(at, "/", "localhost").await;
    let told = format!("已写督办函{}封，在途0封，待放行0封。", health.letters.written);
    assert!(
        status == 200 && first.contains("运行正常（2026-11-23 09:30）。") && first.contains(&told),
        "{first}"
    );
    assert!(!first.contains('@'), "no address");
    let mode = std::fs::metadata(daemon.home.path().join("data/duban.sock")).unwrap().permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_read_on_by_position_by_task_and_as_they_come() {
    let daemon = TestDaemon::at(NOW).await;
    let head = daemon.health().await.journal.position;
    let mut query = EventsQuery::default();
    let mut lines = Vec::new();
    loop {
        let page = daemon.client.events(&query).await.unwrap();
        if page.lines.is_empty() {
            break;
        }
        query.after = page.after;
        lines.extend(page.lines);
    }
    assert_eq!((lines.len() as u64, query.after), (head, head));
    assert!(lines[0].get().starts_with(r#"{"position":1,"#));

    let wait = EventsQuery { after: head, task: Some("annual/machinery-check".into()), wait_seconds: 20 };
    let client = daemon.client.clone();
    let polled = tokio::spawn(async move { client.events(&wait).await.unwrap() });
    let other = Command::Pause { target: target("annual/bulk-transport-campaign"), reason: "other".into() };
    daemon.command(other).await;
    daemon.command(Command::Pause { target: target("annual/machinery-check"), reason: "检修".into() }).await;
    let page = polled.await.unwrap();
    assert_eq!(page.lines.len(), 1);
    assert!(page.lines[0].get().contains("检修"));
    let by = serde_json::from_str::<serde_json::Value>(page.lines[0].get()).unwrap();
    assert_eq!(by["by"]["via"], "cli");
    assert_ne!(by["by"]["name"], "duban");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_future_is_told_and_a_letter_is_shown_as_archived() {
    let daemon = TestDaemon::at(NOW).await;
    let query = Preview {
        from: "2026-11-24".parse().unwrap(),
        until: "2027-01-31".parse().unwrap(),
        unit: Some("eco-env".parse().unwrap()),
    };
    let rows = daemon.client.ask(&query).await.unwrap();
    assert!(rows.iter().any(|row| row.task == "machinery-check" && row.stage == "due"));
    assert!(rows.iter().all(|row| row.unit == "eco-env"));
    let letter = daemon.client.letters().await.unwrap().remove(0).letter;
    let shown = daemon.client.letter(letter).await.unwrap();
    let plain = duban::letter::plain(&shown.message.unwrap()).unwrap();
    assert!(plain.subject.starts_with("任务告知"), "{}", plain.subject);
    let missing = letters::Show { letter: "2020-0101-01".parse().unwrap() };
    let ClientFault::Refused(refused) = daemon.client.ask(&missing).await.unwrap_err() else {
        unreachable!()
    };
    assert_eq!(refused.what, "no letter 2020-0101-01");
    assert!(refused.cure.unwrap().contains("letter list"));
}

async fn http_get(at: SocketAddr, path: &str, host: &str) -> (u16, String) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let exchange = move || {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = tokio::task::spawn_blocking(exchange).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    for sealed in [
        "x-content-type-options: nosniff",
        "content-security-policy: default-src 'none'",
        "cache-control: no-store",
    ] {
        assert!(head.contains(sealed), "{path}: {head}");
    }
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn units_and_servers_words_are_told_on_the_socket_alone_and_no_address_anywhere() {
    let mut daemon = TestDaemon::at(NOW).await;
    let mut letters = daemon.client.letters().await.unwrap();
    let (refused, bounced) = (letters.remove(0), letters.remove(0));
    let words = "550 5.1.1 <somebody@duban.example>: no such user";
    daemon.mailer.script([Outcome::Refused(words.into())]);
    daemon.command(Command::Resend { letter: refused.letter, reason: "lost".into() }).await;
    daemon.settle().await;
    let shown = serde_json::to_string(&daemon.health().await).unwrap();
    assert!(shown.contains("550 5.1.1 <[address]>: no such user") && !shown.contains('@'), "{shown}");
    let kept = daemon.client.letter(refused.letter).await.unwrap().entry;
    assert_eq!(kept.reply.as_deref(), Some(words), "the record has them whole");
    let sent = daemon.letters().into_iter().find(|sent| sent.message_id == bounced.message_id);
    let to = sent.unwrap().address;
    let report = format!(
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <{}>\nSubject: x\n\nx\n--b--\n",
        bounced.message_id
    );
    daemon.client.intake(report.replace('\n', "\r\n").into_bytes()).await.unwrap();
    daemon.mailer.script([Outcome::NoRelay { fault: RelayFault::Login, reply: "535 go away".into() }]);
    daemon.command(Command::Resend { letter: refused.letter, reason: "again".into() }).await;
    daemon.until("the relay is at fault", |d| d.running().planner().ledger().read().relay().is_some()).await;

    let (status, body) = http_get(daemon.running().listen(), "/healthz", "localhost").await;
    let health: PublicHealth = serde_json::from_str(&body).unwrap();
    assert_eq!((status, health.status), (200, Standing::Attention));
    assert_eq!((health.letters.bounced, health.relay_at_fault), (1, true), "{body}");
    let told = daemon.health().await;
    let shown = serde_json::to_string(&told).unwrap();
    assert!(shown.contains("535 go away") && !shown.contains('@'), "{shown}");
    for secret in ["go away", "memory", &told.letters.bounced[0].to_string(), &told.files.source] {
        assert!(!body.contains(secret), "{secret}: {body}");
    }
    daemon.go_to("2026-11-23T02:30:00Z").await;
}
