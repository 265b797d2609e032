//! The built program as a process: killed, ended, started twice.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// Longer than anything here may take; reached only by a fault.
pub const PATIENCE: Duration = Duration::from_mins(1);

pub struct Serve {
    pub child: Child,
    /// what it said on starting
    greeting: Vec<String>,
}

pub fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    command.current_dir(home).env_remove("RUST_LOG").env_remove("LC_ALL").env("LANG", "en_US.UTF-8");
    command
}

impl Serve {
    /// Starts it and waits until it has said that it is up.
    pub fn start(home: &Path) -> Self {
        let mut child = program(home)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let greeting = lines.take(3).map(Result::unwrap).collect();
        Self { child, greeting }
    }

    pub fn end(&mut self, signal: Signal) -> ExitStatus {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // Dead already in a test that went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn outbox(home: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home.join("data/outbox")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "eml"));
    files.sort();
    files
}

fn message_ids(home: &Path) -> Vec<String> {
    let id = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned()
    };
    outbox(home).iter().map(id).collect()
}

#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}

#[allow(clippy::disallowed_methods)]
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "never came: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Letters that have no final outcome, as the program itself lists them.
pub fn unsettled(home: &Path) -> Option<usize> {
    let listed = program(home).args(["letter", "list", "--unsettled", "--format", "json"]).output().unwrap();
    let letters: serde_json::Value = serde_json::from_slice(&listed.stdout).ok()?;
    letters.as_array().map(Vec::len)
}

#[test]
fn killed_at_any_moment_each_letter_lies_in_the_outbox_once() {
    let home = home();
    for _ in 0..4 {
        let mut serve = Serve::start(home.path());
        // The greeting comes while letters are still on their way.
        serve.end(Signal::SIGKILL);
    }
    let mut serve = Serve::start(home.path());
    until("every letter is settled", || unsettled(home.path()) == Some(0));
    let ids = message_ids(home.path());
    assert!(!ids.is_empty());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    assert_eq!(serve.end(Signal::SIGTERM).code(), Some(0));
    let inspection = duban::journal::inspect(&home.path().join("data")).unwrap();
    let faults: Vec<String> = inspection.faults().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn it_is_up_in_a_moment_says_where_things_are_and_ends_in_order() {
    let home = home();
    let begun = now();
    let mut serve = Serve::start(home.path());
    // Measured, not asserted: a loaded machine is no fault.
    let up = begun.elapsed();
    eprintln!("up after {up:?}");
    assert!(serve.greeting[0].contains("data/outbox"), "{:?}", serve.greeting);
    assert!(serve.greeting[1].contains("/healthz"), "{:?}", serve.greeting);
    assert!(serve.greeting[2].contains("4 plans"), "{:?}", serve.greeting);
    let status = program(home.path()).args(["status", "--format", "json"]).output().unwrap();
    let health: duban::wire::Health = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((health.plans.followed, health.plans.closed), (1, 3));
    assert_eq!(serve.end(Signal::SIGTERM).code(), Some(0));
    assert!(!home.path().join("data/duban.sock").exists());
}

#[test]
fn a_second_daemon_on_the_same_data_is_refused() {
    let home = home();
    let mut serve = Serve::start(home.path());
    let second = program(home.path()).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let told = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(2), "{told}");
    assert!(told.contains("another duban holds") && told.contains(&serve.child.id().to_string()), "{told}");
    let status = program(home.path()).arg("status").output().unwrap();
    assert_eq!(status.status.code(), Some(0), "the first one still answers");
    assert_eq!(serve.end(Signal::SIGINT).code(), Some(0));
}

#[test]
fn without_a_daemon_lists_read_the_journal_and_changes_say_what_to_do() {
    let home = home();
    let close = ["plan", "close", "annual", "--reason", "x"];
    let refused = program(home.path()).args(close).output().unwrap();
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("no daemon is running on ./data") && told.contains("duban serve"), "{told}");
    assert_eq!(refused.status.code(), Some(2));
    let chinese = |args: &[&str]| {
        let ended = program(home.path()).args(args).env("LANG", "zh_CN.UTF-8").output().unwrap();
        String::from_utf8(ended.stdout).unwrap() + &String::from_utf8(ended.stderr).unwrap()
    };
    assert_eq!(chinese(&close), "错误：./data上没有运行后台服务\n  请用`duban serve`启动\n");
    let units = chinese(&["unit", "list"]);
    assert!(
        units.starts_with("单位") && units.contains("名称") && units.contains("提示：没有./schedules"),
        "{units}"
    );
    assert!(units.contains("占位地址") && units.contains("统称，0个成员单位"), "{units}");

    let mut serve = Serve::start(home.path());
    until("every letter is settled", || unsettled(home.path()) == Some(0));
    let live = program(home.path()).args(["task", "list", "--format", "json"]).output().unwrap().stdout;
    serve.end(Signal::SIGTERM);
    let stopped = program(home.path()).args(["task", "list", "--format", "json"]).output().unwrap().stdout;
    assert!(!live.is_empty());
    assert_eq!(String::from_utf8(live), String::from_utf8(stopped));
}

/// What a command says, and whether it ended with 0.
fn say(home: &Path, arguments: &[&str]) -> (String, bool) {
    let ended = program(home).args(arguments).output().unwrap();
    let said = String::from_utf8(ended.stdout).unwrap() + &String::from_utf8(ended.stderr).unwrap();
    (said, ended.status.success())
}

#[test]
fn mail_that_comes_back_is_taken_in_once_and_listed() {
    let home = home();
    let mut serve = Serve::start(home.path());
    until("letters are out", || !outbox(home.path()).is_empty());
    let name = message_ids(home.path()).remove(0);
    let inbox = home.path().join("Maildir");
    fs::create_dir_all(inbox.join("new")).unwrap();
    fs::create_dir_all(inbox.join("cur")).unwrap();
    let reply =
        format!("From: 李某 <li@a.example>\r\nSubject: 回复\r\nIn-Reply-To: {name}\r\n\r\n已完成\r\n");
    fs::write(inbox.join("new/1"), reply).unwrap();
    fs::write(inbox.join("cur/2"), "no mail at all").unwrap();

    let (said, well) = say(home.path(), &["intake", "Maildir"]);
    assert!(said.contains("Maildir/new/1: reply to letter ") && said.contains("(event "), "{said}");
    assert!(said.contains("Maildir/cur/2: it is no mail message"), "{said}");
    assert!(!well, "what can't be read is a finding");
    let (again, _) = say(home.path(), &["intake", "Maildir/new/1"]);
    assert!(again.contains("known already: reply to letter "), "{again}");

    let (listed, _) = say(home.path(), &["letter", "replies"]);
    assert!(listed.contains("李某") && listed.contains("回复") && listed.contains("1 message"), "{listed}");
    let (status, _) = say(home.path(), &["status"]);
    assert!(status.contains("1 answer to read"), "{status}");
    let event = listed.lines().nth(2).unwrap().split_whitespace().next().unwrap().to_owned();
    assert!(listed.contains("not yet") && listed.contains("1 to be handled"), "{listed}");
    let (said, well) = say(home.path(), &["intake", "done", &event, "--remark", "已转业务科"]);
    assert!(well && said.contains(&format!("the message of event {event} is handled (event ")), "{said}");
    let (said, well) = say(home.path(), &["intake", "done", &event]);
    assert!(!well && said.contains("was marked as handled by "), "{said}");
    let (status, _) = say(home.path(), &["status"]);
    assert!(!status.contains("to read"), "{status}");
    let (listed, _) = say(home.path(), &["intake", "list"]);
    assert!(listed.contains(": 已转业务科") && listed.contains("1 message, 0 to be handled"), "{listed}");
    assert!(serve.end(Signal::SIGTERM).success());
    let (stopped, _) = say(home.path(), &["intake", "list"]);
    assert_eq!(stopped, listed);
    let (verified, well) = say(home.path(), &["audit", "verify"]);
    assert!(well, "{verified}");
}

#[test]
fn one_letter_that_may_not_go_holds_up_none_of_the_others() {
    let home = home();
    let own = home.path().join("schedules");
    crate::support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules"), &own);
    let office = fs::read_to_string(own.join("office.toml")).unwrap();
    let office = office.replacen("[office]\n", "[office]\nrelease = \"each morning\"\n", 1);
    fs::write(own.join("office.toml"), office).unwrap();
    let _serve = Serve::start(home.path());
    let held = || say(home.path(), &["letter", "list", "--held", "--format", "json"]).0;
    let units = || -> Vec<String> {
        let letters: Vec<duban::wire::LetterEntry> = serde_json::from_str(&held()).unwrap_or_default();
        let unit = |letter: duban::wire::LetterEntry| letter.to.unit().unwrap().to_string();
        letters.into_iter().map(unit).collect()
    };
    until("letters wait", || units().len() > 1);
    let (first, all) = (units().remove(0), units().len());
    for (name, why) in [
        ("长".repeat(201), "one line of 1 to 200"),
        ("县住建局\n".to_owned(), "one line of 1 to 200"),
        ("县住建局\u{1b}[31m".to_owned(), "holds the character U+001B"),
        (" ".to_owned(), "one line of 1 to 200"),
    ] {
        let (said, well) = say(home.path(), &["unit", "set", &first, "--name", &name]);
        assert!(!well && said.contains(why), "{said}");
    }
    let (said, well) = say(home.path(), &["unit", "set", &first, "--mute"]);
    assert!(well, "{said}");
    let (said, well) = say(home.path(), &["letter", "release", "--all"]);
    assert!(!well && said.contains(&format!("{first} is muted")), "{said}");
    assert_eq!(said.matches("is released (event ").count(), all - 1, "{said}");
    assert_eq!(units(), [first]);
}

#[test]
fn an_office_that_releases_each_morning_lets_all_letters_go_by_one_command() {
    let home = home();
    let (shipped, own) =
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules"), home.path().join("schedules"));
    let copied = Command::new("cp").arg("-r").arg(shipped).arg(&own).status().unwrap();
    assert!(copied.success());
    let office = fs::read_to_string(own.join("office.toml")).unwrap();
    let office = office.replacen("[office]\n", "[office]\nrelease = \"each morning\"\n", 1);
    fs::write(own.join("office.toml"), office).unwrap();
    let _serve = Serve::start(home.path());
    let held = || say(home.path(), &["letter", "list", "--held"]).0;
    until("letters wait", || held().contains("first notice"));
    assert!(outbox(home.path()).is_empty());
    let (said, well) = say(home.path(), &["letter", "release", "--all"]);
    assert!(well && said.contains("is released (event "), "{said}");
    until("letters are out", || outbox(home.path()).len() == said.lines().count());
    assert!(held().contains("0 letters"), "{}", held());
}
