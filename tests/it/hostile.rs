//! Damage, full disks, strange files and bad input, against the built program.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Program, Output, Stdio};
use std::time::{Duration, Instant};

use duban::client::{Client, ClientFault};
use duban::domain::Via;
use duban::domain::command::Command;
use duban::locale::Language;
use duban::wire::{Answer, Health, Standing};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::support::rewrite;

/// Longer than anything here may take; reached only by a fault.
const PATIENCE: Duration = Duration::from_mins(1);

struct Daemon {
    home: TempDir,
    client: Client,
    child: Option<Child>,
}

impl Daemon {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { client: Client::of(&home.path().join("data")).speaking(Language::English), home, child: None }
    }

    async fn up() -> Self {
        let mut daemon = Self::new();
        daemon.start().await;
        daemon
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn program(&self) -> Program {
        let mut program = Program::new(env!("CARGO_BIN_EXE_duban"));
        program.current_dir(self.home.path()).env_remove("RUST_LOG");
        program.env_remove("LC_ALL").env("LANG", "en_US.UTF-8");
        program
    }

    /// Starts it and waits until it answers.
    async fn start(&mut self) {
        let log = fs::File::create(self.home.path().join("log")).unwrap();
        let mut serve = self.program();
        serve.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(log);
        self.child = Some(serve.spawn().unwrap());
        self.until("it answers", |_| true).await;
    }

    /// Waits until it answers with what is expected.
    #[allow(clippy::disallowed_methods)]
    async fn until(&mut self, what: &str, holds: impl Fn(&Health) -> bool) -> Health {
        let begun = Instant::now();
        loop {
            match self.client.status().await {
                Ok(health) if holds(&health) => return health,
                Ok(_) | Err(_) => {}
            }
            let ended = self.child.as_mut().and_then(|child| child.try_wait().unwrap());
            assert_eq!(ended, None, "it ended before {what}:\n{}", self.log());
            assert!(begun.elapsed() < PATIENCE, "never came: {what}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    fn end(&mut self, signal: Signal) -> Option<i32> {
        let mut child = self.child.take().unwrap();
        kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
        child.wait().unwrap().code()
    }

    /// A start that must be refused: its words.
    fn refused(&self) -> String {
        let mut serve = self.program();
        serve.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = serve.spawn().unwrap();
        let mut greeting = [0];
        // The first byte says that it is up; a refusal ends without one.
        if child.stdout.take().unwrap().read(&mut greeting).unwrap() > 0 {
            let _ = child.kill();
            child.wait().unwrap();
            panic!("it started");
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        self.program().args(args).output().unwrap()
    }

    fn verify(&self) -> Option<i32> {
        self.run(&["audit", "verify"]).status.code()
    }

    fn segment(&self) -> PathBuf {
        self.data().join("archive/00000000000000000001.jsonl")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A stopped data directory whose letters have all gone.
async fn settled() -> Daemon {
    let mut daemon = Daemon::up().await;
    daemon.until("letters have gone", |health| health.letters.unsettled == 0).await;
    assert_eq!(daemon.end(Signal::SIGTERM), Some(0));
    daemon
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().is_file() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if entry.metadata().unwrap().len() > 0 {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn flip(path: &Path, at: usize, bit: usize) {
    let mut bytes = fs::read(path).unwrap();
    let at = at % bytes.len();
    bytes[at] ^= 1 << (bit % 8);
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_flipped_bit_in_either_copy_is_healed_by_a_start_or_touches_no_record() {
    let whole = settled().await;
    let record = fs::read(whole.segment()).unwrap();
    let mut chance = 7_usize;
    for (copy_of, times) in [("store", 8), ("archive", 8)] {
        for _ in 0..times {
            let mut daemon = Daemon::new();
            copy(&whole.data(), &daemon.data());
            let there = files(&daemon.data().join(copy_of));
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (path, at) = (&there[(chance >> 33) % there.len()], chance >> 20);
            flip(path, at, chance >> 17);
            daemon.start().await;
            assert_eq!(daemon.end(Signal::SIGTERM), Some(0), "{}", daemon.log());
            assert_eq!(daemon.verify(), Some(0), "{} at {at}", path.display());
            assert!(fs::read(daemon.segment()).unwrap().starts_with(&record), "{} at {at}", path.display());
        }
    }
}

#[tokio::test]
async fn either_copy_deleted_is_rebuilt_and_both_deleted_is_refused() {
    let mut daemon = settled().await;
    let record = fs::read(daemon.segment()).unwrap();
    for gone in ["archive", "store"] {
        fs::remove_dir_all(daemon.data().join(gone)).unwrap();
        daemon.start().await;
        assert_eq!(daemon.end(Signal::SIGTERM), Some(0), "{}", daemon.log());
        assert_eq!(daemon.verify(), Some(0), "{gone}");
        assert!(fs::read(daemon.segment()).unwrap().starts_with(&record), "{gone}");
    }
    fs::remove_dir_all(daemon.data().join("archive")).unwrap();
    fs::remove_dir_all(daemon.data().join("store")).unwrap();
    assert!(daemon.refused().contains("both copies are gone"));
}

#[tokio::test]
async fn two_histories_are_refused_with_the_place_where_they_part() {
    let daemon = settled().await;
    let ancient = |body: &str| body.replacen("\"recorded_at\":\"2", "\"recorded_at\":\"1", 1);
    rewrite(
        &daemon.segment(),
        |position, body| if position == 100 { ancient(body) } else { body.to_owned() },
    );
    let before = fs::read(daemon.segment()).unwrap();
    let told = daemon.refused();
    assert!(told.contains("two different histories from position 100 on"), "{told}");
    assert_eq!(fs::read(daemon.segment()).unwrap(), before, "nothing was changed");
    assert_eq!(daemon.verify(), Some(1));
}

#[tokio::test]
async fn a_data_directory_of_a_newer_version_is_refused_whatever_its_number() {
    let daemon = settled().await;
    for format in ["2", "4294967296", "99999999999999999"] {
        fs::write(daemon.data().join("format"), format!("{format}\n")).unwrap();
        let told = daemon.refused();
        assert!(told.contains("newer duban"), "{format}: {told}");
        assert_eq!(fs::read_to_string(daemon.data().join("format")).unwrap().trim(), format);
    }
}

#[tokio::test]
async fn one_damaged_letter_keeps_no_other_from_going() {
    let mut daemon = Daemon::new();
    // A file where the outbox should be: every letter stays on its way.
    fs::create_dir_all(daemon.data()).unwrap();
    fs::write(daemon.data().join("outbox"), "in the way").unwrap();
    daemon.start().await;
    let letters = daemon.until("letters were written", |health| health.letters.written > 1).await.letters;
    assert_eq!(letters.unsettled, letters.written);
    daemon.end(Signal::SIGKILL);
    flip(&files(&daemon.data().join("letters"))[0], 900, 3);
    fs::remove_file(daemon.data().join("outbox")).unwrap();
    daemon.start().await;
    // The wait before the next attempt is a minute: an admin asks for them now.
    for letter in daemon.client.letters().await.unwrap() {
        let resend = Command::Resend { letter: letter.letter, reason: "outbox mended".into() };
        assert!(matches!(daemon.client.command(Via::Cli, resend).await.unwrap(), Answer::Done { .. }));
    }
    daemon.until("letters have an end", |health| health.letters.unsettled == 0).await;
    let all = daemon.client.letters().await.unwrap();
    let refused: Vec<_> = all.iter().filter(|letter| letter.progress == "refused").collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].reply.as_ref().unwrap().contains("damaged"), "{refused:?}");
    assert_eq!(files(&daemon.data().join("outbox")).len(), letters.written - 1);
    assert_eq!(daemon.end(Signal::SIGTERM), Some(0));
}

#[tokio::test]
async fn what_no_event_can_hold_is_refused_and_the_daemon_goes_on() {
    let mut daemon = Daemon::up().await;
    let mut unit = daemon.client.units().await.unwrap().remove(0).unit;
    unit.aliases = vec!["大".repeat(40_000)];
    let answer = daemon.client.command(Via::Cli, Command::SetUnit { unit }).await.unwrap();
    assert!(
        matches!(&answer, Answer::Refused { why, .. } if why.contains("one line of 1 to 200 fits")),
        "{answer:?}"
    );
    assert_eq!(daemon.end(Signal::SIGTERM), Some(0));
}

#[tokio::test]
async fn garbage_on_the_socket_changes_nothing() {
    let mut daemon = Daemon::up().await;
    daemon.until("letters have gone", |health| health.letters.unsettled == 0).await;
    let before = daemon.client.fingerprint().await.unwrap();
    let deep = "[".repeat(200_000);
    let huge = "x".repeat(5 * 1024 * 1024);
    let head = |len: usize| {
        format!(
            "POST /api/commands HTTP/1.1\r\nhost: d\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {len}\r\n\r\n"
        )
    };
    for raw in [
        "\u{0}\u{1}\u{2}garbage\r\n\r\n".to_owned(),
        head(deep.len()) + &deep,
        head(huge.len()) + &huge,
        head(100) + "{}",
        "GET /api/letters/..%2f..%2fformat HTTP/1.1\r\nhost: d\r\nconnection: close\r\n\r\n".to_owned(),
    ] {
        let mut socket = UnixStream::connect(daemon.data().join("duban.sock")).unwrap();
        // It may hang up before all is written.
        let _ = socket.write_all(raw.as_bytes());
        let _ = socket.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 5"), "{answer}");
    }
    assert_eq!(daemon.client.fingerprint().await.unwrap(), before);
    assert_eq!(daemon.end(Signal::SIGTERM), Some(0));
}

/// The names of all use cases, as their sources say them.
fn use_cases() -> Vec<String> {
    let office = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/office");
    let texts = fs::read_dir(office).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let name = |line: &str| {
        let name = line.trim().strip_prefix("const NAME: &'static str = \"")?.strip_suffix("\";")?;
        Some(name.to_owned())
    };
    texts.flat_map(|text| text.lines().filter_map(name).collect::<Vec<_>>()).collect()
}

#[tokio::test]
async fn a_key_that_nobody_knows_is_refused_by_its_name_wherever_json_is_taken() {
    let mut daemon = Daemon::new();
    daemon.start().await;
    daemon.until("letters have gone", |health| health.letters.unsettled == 0).await;
    let before = daemon.client.fingerprint().await.unwrap();
    let post = |path: &str, body: &str| {
        let mut socket = UnixStream::connect(daemon.data().join("duban.sock")).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: d\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        socket.write_all((head + body).as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    };
    let names = use_cases();
    let routes = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/ask.rs")).unwrap();
    assert_eq!(names.len(), routes.matches(".on::<").count(), "all of them are asked");
    for name in names {
        let answer = post(&format!("/api/{name}"), r#"{"via":"api","ask":{"odd-key":1}}"#);
        assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("`odd-key`"), "{name}: {answer}");
        let answer = post(&format!("/api/{name}"), r#"{"via":"api","a-key":1,"ask":{}}"#);
        assert!(
            answer.contains("unknown field `a-key`, expected one of `request`, `via`, `ask`"),
            "{answer}"
        );
    }
    for command in [
        r#"{"command":"accept-clock","reason":"x","odd-key":1}"#,
        r#"{"command":"resume","target":{"task":"a/b","period":null,"unit":null,"odd-key":1}}"#,
    ] {
        let body = format!(r#"{{"request":"r1","via":"api","command":{command}}}"#);
        let answer = post("/api/commands", &body);
        assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("`odd-key`"), "{answer}");
    }
    assert_eq!(daemon.client.fingerprint().await.unwrap(), before);
    assert_eq!(daemon.end(Signal::SIGTERM), Some(0));
}

#[tokio::test]
async fn what_is_no_file_among_the_plan_files_is_a_fault_and_reading_goes_on() {
    let mut daemon = Daemon::new();
    let plans = daemon.home.path().join("schedules");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules"), &plans);
    daemon.start().await;
    daemon.until("letters have gone", |health| health.letters.unsettled == 0).await;
    let before = daemon.client.fingerprint().await.unwrap();
    let names = |name: &'static str| {
        move |health: &Health| {
            let faults = &health.files.faults;
            health.status == Standing::Attention && faults.iter().any(|fault| fault.file.ends_with(name))
        }
    };
    nix::unistd::mkfifo(&plans.join("pipe.toml"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    daemon.until("the pipe is named", names("pipe.toml")).await;
    fs::remove_file(plans.join("pipe.toml")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", plans.join("zero.toml")).unwrap();
    daemon.until("the device is named", names("zero.toml")).await;
    fs::remove_file(plans.join("zero.toml")).unwrap();
    daemon.until("all is well", |health| health.status == Standing::Ok).await;
    assert_eq!(daemon.client.fingerprint().await.unwrap(), before);
    assert_eq!(daemon.end(Signal::SIGTERM), Some(0));
}

#[tokio::test]
async fn a_full_disk_is_told_loses_nothing_and_passes() {
    let mut daemon = Daemon::new();
    fs::create_dir_all(daemon.data()).unwrap();
    let mount =
        |args: &[&str]| Program::new("mount").args(args).arg(daemon.data()).stderr(Stdio::null()).status();
    if !mount(&["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).is_ok_and(|status| status.success()) {
        eprintln!("skipped: a small tmpfs can't be mounted here (root can)");
        return;
    }
    let unmount = Unmount(daemon.data());
    daemon.start().await;
    daemon.until("letters have gone", |health| health.letters.unsettled == 0).await;
    let told = |health: &Health| health.findings.iter().any(|finding| finding.contains("units hand in"));
    daemon.until("it is told that units' material would find no room", told).await;
    let hog = daemon.data().join("hog");
    // Ends when the disk is full.
    let _ = fs::write(&hog, vec![1; 24 * 1024 * 1024]);
    let unit = daemon.client.units().await.unwrap().remove(0).unit;
    let mut acknowledged = 0;
    let fault = loop {
        let mut unit = unit.clone();
        unit.short = format!("{acknowledged}{}", "满".repeat(180));
        match daemon.client.command(Via::Cli, Command::SetUnit { unit }).await {
            Ok(Answer::Done { position }) => acknowledged = position,
            Ok(other) => panic!("{other:?}"),
            Err(fault) => break fault,
        }
    };
    assert!(matches!(fault, ClientFault::Problem { .. } | ClientFault::Lost { .. }), "{fault}");
    daemon.child.take().unwrap().wait().unwrap();
    assert!(daemon.log().contains("the disk is full"), "{}", daemon.log());
    fs::remove_file(hog).unwrap();
    daemon.start().await;
    let health = daemon.until("it answers", |_| true).await;
    assert!(health.journal.position >= acknowledged);
    let again = Command::SetUnit { unit: duban::domain::Unit { short: "空".into(), ..unit } };
    assert!(matches!(daemon.client.command(Via::Cli, again).await.unwrap(), Answer::Done { .. }));
    assert_eq!(daemon.end(Signal::SIGTERM), Some(0));
    assert_eq!(daemon.verify(), Some(0));
    drop(unmount);
}

struct Unmount(PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = Program::new("umount").arg("-l").arg(&self.0).status();
    }
}
