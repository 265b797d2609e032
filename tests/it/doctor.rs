//! `duban doctor`: what is wrong is found, with its place and its cure, running or stopped.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use duban::doctor::{Case, Finding, Life, examine};
use duban::domain::command::Command;
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::process::{Serve, home, program, unsettled, until};
use crate::support::{TestDaemon, deferred};

struct Told {
    code: Option<i32>,
    all: Value,
}

fn doctor(home: &Path) -> Told {
    let told = program(home).args(["doctor", "--format", "json"]).output().unwrap();
    let all = serde_json::from_slice(&told.stdout)
        .unwrap_or_else(|fault| panic!("{fault}: {}", String::from_utf8_lossy(&told.stderr)));
    Told { code: told.status.code(), all }
}

impl Told {
    fn findings(&self, topic: &str) -> Vec<&Value> {
        let topic = self.all["topics"].as_array().unwrap().iter().find(|one| one["topic"] == topic).unwrap();
        let findings = topic["findings"].as_array().unwrap().iter();
        findings.filter(|finding| finding["weight"] == "finding").collect()
    }

    /// That the topic has one finding, which says what, where and what helps.
    #[track_caller]
    fn has(&self, topic: &str, what: &str, place: &str, cure: &str) {
        let found = self.findings(topic).into_iter().any(|finding| {
            let says = |key: &str, words: &str| finding[key].as_str().unwrap().contains(words);
            says("what", what) && says("where", place) && says("cure", cure)
        });
        assert!(found, "{topic}: {:#?}", self.findings(topic));
    }
}

/// Plan files as an office has them: real addresses, a real phone, this and next year's days off.
fn real_office(home: &Path) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules");
    crate::support::copy(&shipped, &home.join("schedules"));
    for name in ["units.toml", "office.toml"] {
        let path = home.join("schedules").join(name);
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replace("@duban.example", "@yangcheng.test").replace("0000000", "4223344");
        fs::write(path, text).unwrap();
    }
}

#[test]
fn a_duban_in_order_has_no_findings_running_or_stopped() {
    let home = home();
    real_office(home.path());
    let mut serve = Serve::start(home.path());
    until("every letter is settled", || unsettled(home.path()) == Some(0));
    let running = doctor(home.path());
    // From December on, a year whose days off nobody has entered is one; the files are shipped as they are.
    let others = |told: &Told| {
        told.all["findings"].as_u64().unwrap() - u64::try_from(told.findings("working days").len()).unwrap()
    };
    assert_eq!((others(&running), running.all["running"].as_bool()), (0, Some(true)), "{:#}", running.all);
    assert_eq!(serve.end(Signal::SIGTERM).code(), Some(0));
    let stopped = doctor(home.path());
    assert_eq!((others(&stopped), stopped.all["running"].as_bool()), (0, Some(false)), "{:#}", stopped.all);
    assert_eq!(stopped.code, Some(i32::from(!stopped.findings("working days").is_empty())));
}

#[test]
fn placeholders_are_found_before_the_first_start() {
    let home = home();
    let told = doctor(home.path());
    assert_eq!(told.code, Some(1));
    told.has("addresses", "only a placeholder for a mailbox", "units.toml: ", "duban unit set");
    told.has("addresses", "from and reply_to", "office.toml", "real addresses");
    assert!(!home.path().join("data").exists(), "it writes nothing");
}

#[test]
fn a_broken_configuration_is_a_fault() {
    let home = home();
    fs::write(home.path().join("duban.toml"), "dta = \"x\"\n").unwrap();
    let told = program(home.path()).arg("doctor").output().unwrap();
    let words = String::from_utf8(told.stderr).unwrap();
    assert_eq!(told.status.code(), Some(2), "{words}");
    assert!(words.contains("did you mean `data`?"), "{words}");
}

#[test]
fn who_may_read_and_write_too_much_is_told_with_the_command_that_cures() {
    let home = home();
    real_office(home.path());
    Serve::start(home.path()).end(Signal::SIGTERM);
    let mode = |path: &str, mode| {
        fs::set_permissions(home.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    let secrets = home.path().join("data/secrets");
    fs::create_dir_all(&secrets).unwrap();
    fs::write(secrets.join("link-key"), "k").unwrap();
    let mail = "[mail]\nsmtp = \"smtp://127.0.0.1:9\"\nuser = \"u\"\npassword_file = \"password\"\n";
    fs::write(home.path().join("duban.toml"), mail).unwrap();
    fs::write(home.path().join("password"), "p").unwrap();
    mode("password", 0o644);
    mode("data", 0o755);
    mode("data/secrets", 0o700);
    mode("data/secrets/link-key", 0o644);
    mode("duban.toml", 0o666);
    mode("schedules/units.toml", 0o666);
    let told = doctor(home.path());
    assert_eq!(told.code, Some(1));
    told.has("mail", "a password can be read by everybody", "password (0644)", "chmod o-rwx");
    told.has("permissions", "others can read letters", "data (0755)", "chmod go-rwx ./data");
    mode("data", 0o750);
    doctor(home.path()).has("permissions", "others can read letters", "data (0750)", "chmod go-rwx ./data");
    told.has("permissions", "a key can be read", "link-key (0644)", "chmod go-rwx");
    told.has("permissions", "others can change", "duban.toml (0666)", "chmod go-w");
    told.has("permissions", "others can change", "units.toml (0666)", "chmod o-w");
}

#[test]
fn damage_and_a_lost_ballast_are_found_on_a_stopped_duban_and_told_by_a_running_one() {
    let home = home();
    real_office(home.path());
    let mut serve = Serve::start(home.path());
    until("every letter is settled", || unsettled(home.path()) == Some(0));
    serve.end(Signal::SIGTERM);
    let letters = home.path().join("data/letters");
    let letter = fs::read_dir(&letters).unwrap().next().unwrap().unwrap().path();
    fs::write(&letter, "rewritten").unwrap();
    fs::remove_file(home.path().join("data/ballast")).unwrap();
    let stopped = doctor(home.path());
    assert_eq!(stopped.code, Some(1));
    stopped.has("journal", "not what its digest says", "letters/", "restore the last backup");
    stopped.has("disk", "the ballast is gone", "data/ballast", "start duban again");

    let _serve = Serve::start(home.path());
    until("the background check has ended", || {
        doctor(home.path())
            .findings("journal")
            .iter()
            .any(|one| one["cure"].as_str().unwrap().contains("restore"))
    });
    let status = program(home.path()).arg("status").output().unwrap();
    let words = String::from_utf8(status.stdout).unwrap();
    assert_eq!(status.status.code(), Some(1), "{words}");
    assert!(words.contains("damage"), "{words}");
    assert!(doctor(home.path()).findings("disk").is_empty(), "the start has put the ballast back");
}

#[test]
fn a_clock_years_after_the_last_event_is_told_before_the_start() {
    let home = home();
    let span = ["--from", "2021-05-24", "--until", "2021-05-25", "--into", "data"];
    assert!(program(home.path()).arg("rehearse").args(span).output().unwrap().status.success());
    let told = doctor(home.path());
    told.has("clock", "too far from the last event", "last event 2021-05-24 09:00", "duban clock accept");
    told.has("backup", "no backup was ever made", "data", "duban backup DIR");
    assert!(program(home.path()).args(["backup", "copy"]).output().unwrap().status.success());
    assert!(doctor(home.path()).findings("backup").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_that_nobody_takes_are_told_with_the_servers_last_words() {
    let mut daemon = TestDaemon::at("2026-11-23T01:30:00Z").await;
    let letter = daemon.client.letters().await.unwrap().remove(0).letter;
    // It was taken once: of three attempts these are the second and the third.
    daemon.mailer.script(deferred(2));
    daemon.command(Command::Resend { letter, reason: "lost".into() }).await;
    daemon.settle().await;
    assert!(letters_told(&daemon).await.is_empty(), "twice may be a restart of the relay");
    daemon.go_to("2026-11-23T01:40:00Z").await;
    let told = letters_told(&daemon).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].what.contains("451 try again") && told[0].place == letter.to_string(), "{told:#?}");
    assert!(told[0].cure.contains("The relay is dead"), "{told:#?}");
    daemon.go_to("2026-11-23T06:00:00Z").await;
    assert!(letters_told(&daemon).await.is_empty(), "taken at last");
}

async fn letters_told(daemon: &TestDaemon) -> Vec<Finding> {
    let case = Case {
        config: daemon.config().clone(),
        config_file: None,
        now: daemon.clock.now(),
        life: Life::Running(Box::new(daemon.health().await)),
        declared: daemon.client.declared().await.unwrap(),
        accounts: None,
        accounts_by_hand: Vec::new(),
        letters: Ok(daemon.client.letters().await.unwrap()),
        files: Ok(duban::schedules::embedded()),
    };
    let topics = examine(&case);
    topics.into_iter().find(|topic| topic.topic == "letters").unwrap().findings
}
