//! Who comes in over the socket, as whom, and what they may do.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use duban::client::ClientFault;
use duban::domain::{Event, Ledger};
use duban::journal::read_archive;
use duban::office::{
    RefusedKind, UseCase, accounts, forecast, history, letters, papers, rulings, tasks, units,
};
use duban::wire::Standing;
use serde_json::{Value, json};

use crate::support::TestDaemon;

const NOW: &str = "2026-11-24T01:00:00Z";

async fn answered<U: UseCase>(daemon: &TestDaemon, ask: Value) -> U::Answer {
    daemon.client.ask(&serde_json::from_value::<U>(ask).unwrap()).await.unwrap()
}

async fn forbidden<U: UseCase>(daemon: &TestDaemon, ask: Value) -> String {
    match daemon.client.ask(&serde_json::from_value::<U>(ask).unwrap()).await {
        Err(ClientFault::Refused(refused)) => {
            assert_eq!(refused.kind, RefusedKind::Forbidden, "{refused:?}");
            refused.what
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was done"),
    }
}

fn set(roles: &[&str], more: &Value) -> Value {
    let mut ask = json!({ "id": "wang", "name": "王某", "post": "督查室主任", "roles": roles,
        "uid": nix::unistd::getuid().as_raw() });
    ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ask
}

/// The last event's actor, and the whole archive as it lies there.
fn last_actor(daemon: &TestDaemon) -> (String, String) {
    let data = &daemon.config().data;
    let last =
        read_archive(data).unwrap().read(0).filter_map(Result::ok).filter(|one| one.request.is_some()).last();
    let files = fs::read_dir(data.join("archive")).unwrap();
    let text = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    (last.unwrap().by.name, text)
}

fn head(daemon: &TestDaemon) -> u64 {
    let ledger: &Ledger = &daemon.running().planner().ledger().read();
    ledger.head()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_bears_its_account_and_papers_show_name_and_post() {
    let mut daemon = TestDaemon::at(NOW).await;
    let accept = json!({ "names": ["machinery-check"] });
    answered::<rulings::Accept>(&daemon, accept).await;
    assert_eq!(last_actor(&daemon).0, "office", "never root, nor the machine's account");
    answered::<accounts::Set>(&daemon, set(&["system-admin", "clerk", "reviewer"], &json!({}))).await;
    let reopen = json!({ "matter": { "name": "machinery-check" }, "reason": "抽查发现问题" });
    answered::<rulings::Reopen>(&daemon, reopen).await;
    let accept = json!({ "names": ["machinery-check"], "remark": "属实" });
    answered::<rulings::Accept>(&daemon, accept).await;
    daemon.stop().await;
    daemon.start().await;
    let (actor, archive) = last_actor(&daemon);
    assert_eq!(actor, "wang");
    assert!(!archive.contains("王某") && !archive.contains("督查室主任"), "no person's name in the journal");
    let shown = answered::<tasks::Show>(&daemon, json!({ "name": "machinery-check" })).await;
    let history = serde_json::to_string(&shown).unwrap();
    assert!(history.contains("王某（督查室主任）：属实"), "{history}");
    let paper = answered::<papers::LedgerPaper>(&daemon, json!({ "format": "json" })).await;
    let paper = serde_json::to_string(&paper).unwrap();
    let shown = duban_paper(&paper);
    assert!(shown.contains("王某（督查室主任）"), "{shown:.400}");
}

/// A paper's text, out of its answer.
fn duban_paper(answer: &str) -> String {
    use base64::Engine as _;
    let answer: Value = serde_json::from_str(answer).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(answer["bytes"].as_str().unwrap()).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_account_is_an_event_that_says_by_whom_and_what_it_may_do_now() {
    let mut daemon = TestDaemon::at(NOW).await;
    let uid = nix::unistd::getuid().as_raw();
    answered::<accounts::Set>(&daemon, set(&["system-admin"], &json!({}))).await;
    let li = json!({ "id": "li", "name": "李某", "roles": ["clerk"], "uid": 60_001 });
    answered::<accounts::Set>(&daemon, li).await;
    answered::<accounts::Set>(
        &daemon,
        json!({ "id": "li", "roles": ["county-leader"], "units": ["eco-env"] }),
    )
    .await;
    answered::<accounts::Set>(&daemon, json!({ "id": "wang", "roles": ["system-admin", "auditor"] })).await;
    let last_admin = serde_json::from_value::<accounts::Remove>(json!({ "id": "wang" })).unwrap();
    daemon.client.ask(&last_admin).await.unwrap_err();
    answered::<accounts::Remove>(&daemon, json!({ "id": "li" })).await;
    let changes = |daemon: &TestDaemon| -> Vec<(String, Value)> {
        let all = read_archive(&daemon.config().data).unwrap().read(0).map(Result::unwrap);
        let of_accounts = all.filter_map(|one| {
            let Event::AccountChanged(change) = one.event else { return None };
            Some((one.by.name, serde_json::to_value(change).unwrap()))
        });
        of_accounts.collect()
    };
    let expected = [
        ("office", json!({ "account": "wang", "roles": ["system-admin"], "uid": uid })),
        ("wang", json!({ "account": "li", "roles": ["clerk"], "uid": 60_001 })),
        ("wang", json!({ "account": "li", "roles": ["county-leader"], "uid": 60_001, "units": ["eco-env"] })),
        ("wang", json!({ "account": "wang", "roles": ["auditor", "system-admin"], "uid": uid })),
        ("wang", json!({ "account": "li", "roles": [], "removed": true })),
    ];
    let expected = expected.map(|(by, change)| (by.to_owned(), change));
    assert_eq!(changes(&daemon), expected, "what was refused left none");
    daemon.stop().await;
    daemon.start().await;
    assert_eq!(changes(&daemon), expected);
    let archive = last_actor(&daemon).1;
    assert!(!archive.contains("李某") && !archive.contains("王某"), "never who it is");
    let asked = |command: Value| {
        let asked = json!({ "request": "r1", "via": "cli", "command": command });
        serde_json::from_value::<duban::wire::CommandRequest>(asked)
    };
    asked(json!({ "command": "accept-clock", "reason": "x" })).unwrap();
    let forged = asked(json!({ "command": "record-account", "account": "li", "roles": ["clerk"] }));
    assert!(forged.is_err(), "by the use case alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_may_not_do_is_refused_before_anything_is_decided() {
    let daemon = TestDaemon::at(NOW).await;
    let accept = || json!({ "names": ["machinery-check"] });
    answered::<accounts::Set>(&daemon, set(&["system-admin", "auditor"], &json!({}))).await;
    let before = head(&daemon);
    let what = forbidden::<rulings::Accept>(&daemon, accept()).await;
    assert_eq!(what, "account wang (system admin, auditor) may not rule on matters");
    let unknown = json!({ "names": ["no-such-task"] });
    assert_eq!(forbidden::<rulings::Accept>(&daemon, unknown).await, what, "nor is told what there is");
    forbidden::<units::Set>(&daemon, json!({ "unit": "eco-env", "short": "环保" })).await;
    let raw = daemon.client.command(
        duban::domain::Via::Cli,
        duban::domain::command::Command::ClosePlan {
            plan: "annual".parse().unwrap(),
            reason: "x".to_owned(),
        },
    );
    assert!(raw.await.unwrap_err().to_string().contains("may not change plans"));
    assert!(daemon.client.intake(b"From: a@b\n\nx".to_vec()).await.is_err());
    assert_eq!(head(&daemon), before);
    assert!(!answered::<tasks::List>(&daemon, json!({})).await.is_empty(), "an auditor reads all");
    assert_eq!(answered::<accounts::List>(&daemon, json!({})).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_asks_the_daemon_for_what_was_known_and_why_no_letter_went() {
    let daemon = TestDaemon::at(NOW).await;
    answered::<accounts::Set>(&daemon, set(&["system-admin", "auditor"], &json!({}))).await;
    let days = || json!({ "from": "2026-11-24", "until": "2026-12-31", "unit": "eco-env" });
    let known = answered::<history::AsKnown>(&daemon, json!({ "when": "2026-11-24" })).await;
    assert_eq!((known.day.to_string(), known.position), ("2026-11-24".to_owned(), head(&daemon)));
    assert!(known.rows.iter().any(|row| row.task == "machinery-check" && row.unit == "eco-env"));
    let first = answered::<history::AsKnown>(&daemon, json!({ "when": "1" })).await;
    assert_eq!((first.position, first.rows.len()), (1, 0));
    let told = answered::<history::Days>(&daemon, days()).await;
    assert!(told.due > 0 && told.rows.iter().all(|row| row.unit.as_str() == "eco-env" && !row.went));
    for roles in [&["system-admin"][..], &["system-admin", "county-leader"]] {
        answered::<accounts::Set>(&daemon, set(roles, &json!({ "units": ["eco-env"] }))).await;
        let refused = forbidden::<history::AsKnown>(&daemon, json!({ "when": "1" })).await;
        assert_eq!(refused, forbidden::<history::Days>(&daemon, days()).await);
        assert!(refused.ends_with("may not read the record itself"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_cannot_be_read_are_a_finding_in_status_health_and_doctor() {
    let mut daemon = TestDaemon::at(NOW).await;
    answered::<accounts::Set>(&daemon, set(&["system-admin", "clerk"], &json!({}))).await;
    assert_eq!(daemon.health().await.status, Standing::Ok);
    let file = daemon.config().data.join("secrets/accounts.json");
    let kept = fs::read(&file).unwrap();
    fs::write(&file, "[{").unwrap();
    let status = daemon.client.status().await.unwrap();
    assert_eq!(status.status, Standing::Attention);
    let found = |told: &[String]| {
        told.iter().any(|one| one.contains("the file of accounts secrets/accounts.json can't be read: EOF"))
    };
    assert!(found(&status.findings), "{:?}", status.findings);
    let what = daemon.client.ask(&tasks::List::default()).await.unwrap_err().to_string();
    assert!(what.contains("the file of accounts"), "and nothing else is told: {what}");
    daemon.stop().await;
    let doctor = || {
        let done = crate::process::program(daemon.home.path()).arg("doctor").output().unwrap();
        String::from_utf8(done.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let told = doctor();
    assert!(
        found(std::slice::from_ref(&told)) && told.contains("a backup made with --with-secrets"),
        "{told}"
    );
    fs::write(&file, kept).unwrap();
    assert!(!found(&[doctor()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_changed_by_hand_are_told_by_the_start_verify_and_doctor() {
    let mut daemon = TestDaemon::at(NOW).await;
    answered::<accounts::Set>(&daemon, set(&["system-admin", "clerk"], &json!({}))).await;
    let li = json!({ "id": "li", "name": "李某", "roles": ["clerk"] });
    answered::<accounts::Set>(&daemon, li).await;
    daemon.stop().await;
    let file = daemon.config().data.join("secrets/accounts.json");
    let kept = fs::read_to_string(&file).unwrap();
    let said = |home: &std::path::Path, words: &[&str]| {
        let done = crate::process::program(home).args(words).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        (said, done.status.code())
    };
    let home = daemon.home.path().to_owned();
    assert_eq!(said(&home, &["audit", "verify"]).1, Some(0));
    let mut all: Value = serde_json::from_str(&kept).unwrap();
    let li = all.as_array_mut().unwrap().iter_mut().find(|one| one["id"] == "li").unwrap();
    li["roles"] = json!(["reviewer"]);
    li["uid"] = json!(60_001);
    let by_hand = "account li is not as recorded: secrets/accounts.json was changed by hand (roles: recorded clerk, in the file reviewer, uid: recorded none, in the file 60001)";
    let without: Vec<Value> =
        all.as_array().unwrap().iter().filter(|one| one["id"] != "li").cloned().collect();
    let lacks =
        "account li is recorded, and secrets/accounts.json lacks it: the file was changed or deleted by hand";
    for (written, what) in [(all.clone(), by_hand), (json!(without), lacks)] {
        fs::write(&file, serde_json::to_vec(&written).unwrap()).unwrap();
        for words in [&["audit", "verify"][..], &["doctor"]] {
            let (said, code) = said(&home, words);
            assert!(said.contains(what) && code == Some(1), "{words:?}: {said}");
        }
        daemon.start().await;
        let told = daemon.client.status().await.unwrap();
        assert_eq!((told.status, told.findings), (Standing::Attention, vec![what.to_owned()]));
        daemon.stop().await;
    }
    fs::write(&file, kept).unwrap();
    daemon.start().await;
    assert_eq!(daemon.client.status().await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_that_letters_may_not_be_seen_and_counts_none() {
    let daemon = TestDaemon::at(NOW).await;
    answered::<accounts::Set>(&daemon, set(&["system-admin"], &json!({}))).await;
    let doctor = || {
        let words = ["doctor", "--format", "json"];
        let done = crate::process::program(daemon.home.path()).args(words).output().unwrap();
        let told: Value = serde_json::from_slice(&done.stdout).unwrap();
        let topics = told["topics"].as_array().unwrap();
        topics.iter().find(|topic| topic["topic"] == "letters").unwrap()["summary"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let why = "account wang (system admin) may not read matters and papers";
    assert_eq!(doctor(), format!("may not be seen: {why}"));
    answered::<accounts::Set>(&daemon, set(&["system-admin", "auditor"], &json!({}))).await;
    assert!(doctor().contains(" letters, "), "{}", doctor());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_leader_reads_what_is_of_their_own_units() {
    let daemon = TestDaemon::at(NOW).await;
    let roles = ["system-admin", "county-leader"];
    answered::<accounts::Set>(&daemon, set(&roles, &json!({ "units": ["eco-env"] }))).await;
    assert!(!answered::<tasks::List>(&daemon, json!({ "unit": "eco-env" })).await.is_empty());
    answered::<units::Show>(&daemon, json!({ "unit": "eco-env" })).await;
    let span = |unit: &str| json!({ "unit": unit, "from": "2021-06-24", "until": "2021-06-30" });
    answered::<letters::List>(&daemon, json!({ "unit": "eco-env" })).await;
    answered::<forecast::Preview>(&daemon, span("eco-env")).await;
    answered::<papers::Pack>(&daemon, json!({ "unit": "eco-env", "year": 2021 })).await;
    forbidden::<letters::List>(&daemon, json!({ "unit": "police" })).await;
    forbidden::<forecast::Preview>(&daemon, span("police")).await;
    forbidden::<papers::Pack>(&daemon, json!({ "unit": "police", "year": 2021 })).await;
    forbidden::<papers::Leader>(&daemon, json!({ "unit": "police" })).await;
    let what = forbidden::<tasks::List>(&daemon, json!({ "unit": "police" })).await;
    assert_eq!(what, "account wang sees what is of its own units alone");
    // A list that names no unit is about their own.
    let own = answered::<tasks::List>(&daemon, json!({ "unit": "eco-env" })).await;
    assert_eq!(answered::<tasks::List>(&daemon, json!({})).await, own);
    let own = answered::<letters::List>(&daemon, json!({ "unit": "eco-env" })).await;
    assert_eq!(answered::<letters::List>(&daemon, json!({})).await, own);
    let own = answered::<forecast::Preview>(&daemon, span("eco-env")).await;
    let days = json!({ "from": "2021-06-24", "until": "2021-06-30" });
    assert_eq!(answered::<forecast::Preview>(&daemon, days).await, own);
    forbidden::<papers::LedgerPaper>(&daemon, json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_account_comes_not_in() {
    let daemon = TestDaemon::at(NOW).await;
    let other = json!({ "id": "wang", "name": "王某", "roles": ["system-admin"], "uid": 60_000 });
    answered::<accounts::Set>(&daemon, other).await;
    let uid = nix::unistd::getuid();
    let Err(ClientFault::Refused(status)) = daemon.client.status().await else { panic!("status is told") };
    assert_eq!(status.what, format!("uid {uid} has no account here; nothing was done"), "in words");
    let what = forbidden::<tasks::List>(&daemon, json!({})).await;
    assert_eq!(what, format!("uid {uid} has no account here; nothing was done"));
}

/// An account of the machine that is neither root nor the daemon's.
const OTHER_UID: u32 = 54_321;

/// Puts the program and its configuration where another account reaches them, beside a socket of the group.
async fn for_a_group() -> TestDaemon {
    let mut daemon = TestDaemon::at(NOW).await;
    let home = daemon.home.path().to_owned();
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
    daemon.with_socket(home.join("run/duban.sock")).await;
    fs::copy(env!("CARGO_BIN_EXE_duban"), home.join("duban")).unwrap();
    fs::write(home.join("duban.toml"), "data = \"data\"\nsocket = \"run/duban.sock\"\n").unwrap();
    daemon
}

/// The command line as an account of the machine; what it says.
fn as_account(daemon: &TestDaemon, (uid, gid): (u32, u32), words: &[&str]) -> (bool, String) {
    let mut command = Command::new(daemon.home.path().join("duban"));
    command.current_dir(daemon.home.path()).args(words);
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env("SUDO_USER", "zhang");
    let done = command.uid(uid).gid(gid).output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (done.status.success(), told)
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_the_group_come_in_where_the_table_knows_them() {
    let daemon = for_a_group().await;
    let mode = |path: &str| fs::metadata(daemon.home.path().join(path)).unwrap().permissions().mode() & 0o777;
    let modes = ["data", "data/duban.sock", "run", "run/duban.sock"].map(mode);
    assert_eq!(modes, [0o700, 0o600, 0o750, 0o660]);
    let group = fs::metadata(daemon.home.path().join("run/duban.sock")).unwrap().gid();
    if !nix::unistd::getuid().is_root() {
        eprintln!("not root: nobody can ask as another account; `of_uid` is held by its own tests");
        return;
    }
    let list = ["task", "list"];
    let (done, told) = as_account(&daemon, (OTHER_UID, OTHER_UID), &list);
    assert!(!done && told.contains("属于另一个系统用户"), "not of the group: {told}");
    let (done, told) = as_account(&daemon, (OTHER_UID, group), &list);
    assert!(!done && told.contains(&format!("系统用户{OTHER_UID}没有对应的账号")), "{told}");
    answered::<accounts::Set>(&daemon, set(&["system-admin"], &json!({}))).await;
    let li = json!({ "id": "li", "name": "李某", "roles": ["clerk"], "uid": OTHER_UID });
    answered::<accounts::Set>(&daemon, li).await;
    let (done, told) = as_account(&daemon, (OTHER_UID, group), &list);
    assert!(done && told.contains("machinery-check"), "{told}");
    let day = ["--from", "2026-11-24", "--until", "2026-11-24"];
    for (words, says) in [
        (vec!["audit", "as-of", "2026-11-24"], "as known on 2026-11-24, after event"),
        (["audit", "days"].into_iter().chain(day).collect(), "due in these days"),
        (vec!["events"], "AccountChanged"),
        (vec!["ledger", "--format", "csv"], "machinery-check"),
        (vec!["audit", "as-of", "2999-01-01"], "2999-01-01尚未到来，目前所知截至2026-11-24"),
    ] {
        let (done, told) = as_account(&daemon, (OTHER_UID, group), &words);
        assert!(done != words.contains(&"2999-01-01") && told.contains(says), "{words:?}: {told}");
    }
    let (done, told) = as_account(&daemon, (OTHER_UID, group), &["audit", "verify"]);
    assert!(!done && told.contains("data只有其所有者可以读取，本账号无权读取"), "{told}");
    assert!(
        told.contains("sudo -u duban duban audit verify") && told.contains("duban audit as-of"),
        "{told}"
    );
    let (done, told) = as_account(&daemon, (OTHER_UID, group), &["audit", "replay"]);
    assert!(!done && told.contains("data只有其所有者可以读取"), "{told}");
    let pause = ["task", "pause", "machinery-check", "--reason", "等待通知"];
    let (done, told) = as_account(&daemon, (OTHER_UID, group), &pause);
    assert!(done && told.contains("已暂停催办，恢复前不再催办（账号li，自称zhang）"), "{told}");
    let (actor, archive) = last_actor(&daemon);
    assert_eq!(actor, "li");
    assert!(!archive.contains("zhang"), "what is claimed is no record");
}
