//! The built program under a service manager: this harness plays systemd (`sd_notify(3)`,
//! `sd_listen_fds(3)`, `JOURNAL_STREAM`), since none runs where tests do.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use duban::daemon::service::beat;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::process::{PATIENCE, home, program, unsettled, until};
use crate::support::{TestDaemon, copy};

/// What is installed, and under which names it reads and writes.
pub struct Unit<'a> {
    /// where it runs, and what it writes to stderr
    pub home: &'a Path,
    /// the program and what comes before `serve`
    pub program: Vec<String>,
    /// more of the environment
    pub environment: Vec<(&'static str, String)>,
}

/// A `duban serve` whose service manager is this test.
pub struct Service {
    child: Child,
    told: UnixDatagram,
}

impl<'a> Unit<'a> {
    /// The program under test, with its defaults.
    pub fn plain(home: &'a Path) -> Self {
        let program = vec![env!("CARGO_BIN_EXE_duban").to_owned()];
        Self { home, program, environment: Vec::new() }
    }

    /// Starts it with a listener that it gets as its file descriptor 3.
    pub fn start(&self, http: &TcpListener) -> Service {
        let socket = self.home.join("notify");
        let _ = fs::remove_file(&socket);
        let told = UnixDatagram::bind(&socket).unwrap();
        told.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut command = Command::new("sh");
        // The shell knows the process id that will be duban's, and moves the listener to its place.
        command
            .args(["-c", r#"exec 3<&0 </dev/null; LISTEN_PID=$$ exec "$@" serve"#, "sh"])
            .args(&self.program)
            .current_dir(self.home)
            .env_remove("RUST_LOG")
            .env("LISTEN_FDS", "1")
            .env("NOTIFY_SOCKET", &socket)
            .env("WATCHDOG_USEC", "200000")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::from(OwnedFd::from(http.try_clone().unwrap())))
            .stdout(Stdio::null())
            .stderr(File::create(self.home.join("stderr")).unwrap());
        Service { child: command.spawn().unwrap(), told }
    }
}

impl Service {
    /// Waits until it has said this; everything it said up to then.
    pub fn says(&self, word: &str) -> String {
        let mut all = String::new();
        let mut buffer = [0; 4096];
        while !all.contains(word) {
            let length = self.told.recv(&mut buffer).unwrap_or_else(|_| panic!("never said {word}: {all:?}"));
            all.push_str(&String::from_utf8_lossy(&buffer[..length]));
            all.push('\n');
        }
        all
    }

    pub fn terminate(&mut self) -> ExitStatus {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
        self.says("STOPPING=1");
        self.child.wait().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Dead already in a test that went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A listener as `duban.socket` makes it.
pub fn socket() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

/// Asks for a page; the answer may come later.
pub fn ask(http: &TcpListener, page: &str) -> TcpStream {
    let mut stream = TcpStream::connect(http.local_addr().unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {page} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    stream
}

pub fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn it_says_when_it_is_ready_that_it_lives_and_that_it_stops() {
    let home = home();
    let http = socket();
    let mut service = Unit::plain(home.path()).start(&http);
    let ready = service.says("READY=1");
    assert!(ready.contains("STATUS=letters go to "), "{ready}");
    assert!(answer(ask(&http, "/healthz")).starts_with("HTTP/1.1 200"), "ready means that it answers");
    service.says("WATCHDOG=1");
    service.says("WATCHDOG=1");
    assert_eq!(service.terminate().code(), Some(0));
}

#[test]
fn a_watchdog_of_no_time_is_none() {
    let home = home();
    let http = socket();
    for microseconds in ["0", "1"] {
        let environment = vec![("WATCHDOG_USEC", microseconds.to_owned())];
        let mut service = Unit { environment, ..Unit::plain(home.path()) }.start(&http);
        service.says("READY=1");
        assert!(answer(ask(&http, "/healthz")).starts_with("HTTP/1.1 200"));
        assert_eq!(service.terminate().code(), Some(0));
        let log = fs::read_to_string(home.path().join("stderr")).unwrap();
        assert!(!log.contains("panicked"), "{log}");
    }
}

#[test]
fn who_asks_while_it_is_down_is_answered_once_it_is_up() {
    let home = home();
    let http = socket();
    let early = ask(&http, "/metrics");
    let mut service = Unit::plain(home.path()).start(&http);
    let page = answer(early);
    assert!(page.contains("duban_standing{is=\"ok\"} 1"), "{page}");
    service.terminate();
    let between = ask(&http, "/healthz");
    let mut again = Unit::plain(home.path()).start(&http);
    assert!(answer(between).starts_with("HTTP/1.1 200"));
    again.terminate();
}

#[test]
fn a_socket_open_to_the_network_is_refused() {
    let home = home();
    let mut service = Unit::plain(home.path()).start(&TcpListener::bind("0.0.0.0:0").unwrap());
    assert_eq!(service.child.wait().unwrap().code(), Some(2));
    let told = fs::read_to_string(home.path().join("stderr")).unwrap();
    assert!(told.contains("open to the network") && told.contains("ListenStream=127.0.0.1:"), "{told}");
    assert!(!home.path().join("data").exists(), "nothing was begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planner_that_hangs_gives_no_sign_of_life() {
    let daemon = TestDaemon::at("2026-11-23T01:30:00Z").await;
    let planner = daemon.running().planner().clone();
    let beats = AtomicUsize::new(0);
    let alive = || {
        beats.fetch_add(1, Ordering::SeqCst);
    };
    beat(&planner, alive).await.unwrap();
    assert_eq!(beats.load(Ordering::SeqCst), 1);

    let (let_go, hangs) = mpsc::channel::<()>();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    planner
        .look(Box::new(move |_| {
            begun.send(()).unwrap();
            let _ = hangs.recv();
        }))
        .unwrap();
    has_begun.await.unwrap();
    let mut sign = Box::pin(beat(&planner, alive));
    // As often as it is looked at: the planner has not answered, so nothing may be said.
    for _ in 0..1000 {
        tokio::select! {
            biased;
            _ = &mut sign => panic!("a sign of life while the planner hangs"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(beats.load(Ordering::SeqCst), 1);
    let_go.send(()).unwrap();
    sign.await.unwrap();
    assert_eq!(beats.load(Ordering::SeqCst), 2);
}

#[test]
fn log_lines_are_json_that_names_letter_and_unit_and_never_an_address() {
    let home = home();
    let unit = Unit { environment: vec![("RUST_LOG", "duban=trace".to_owned())], ..Unit::plain(home.path()) };
    fs::write(home.path().join("duban.toml"), "log = { format = \"json\" }\n").unwrap();
    let mut service = unit.start(&socket());
    service.says("READY=1");
    until("every letter is settled", || unsettled(home.path()) == Some(0));
    service.terminate();
    let log = fs::read_to_string(home.path().join("stderr")).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let taken: Vec<_> = lines.iter().filter(|line| line["message"] == "letter taken").collect();
    assert!(!taken.is_empty() && taken.iter().all(|line| line["unit"].is_string()), "{log}");
    let queued = lines.iter().find(|line| line["message"] == "letter queued").unwrap();
    assert!(queued["letter"].is_string() && queued["unit"].is_string(), "{queued}");
    for unit in duban::schedules::embedded().declared.unwrap().units {
        let mailbox = unit.mailbox.unwrap_or_default();
        assert!(mailbox.is_empty() || !log.contains(&mailbox), "the log names {mailbox}");
    }
}

#[test]
fn the_log_says_of_a_letter_that_waits_for_release_that_it_is_held() {
    let home = home();
    let own = home.path().join("schedules");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules"), &own);
    let office = fs::read_to_string(own.join("office.toml")).unwrap();
    let office = office.replacen("[office]\n", "[office]\nrelease = \"each morning\"\n", 1);
    fs::write(own.join("office.toml"), office).unwrap();
    fs::write(home.path().join("duban.toml"), "log = { format = \"json\" }\n").unwrap();
    let mut service = Unit::plain(home.path()).start(&socket());
    service.says("READY=1");
    service.terminate();
    let log = fs::read_to_string(home.path().join("stderr")).unwrap();
    assert!(log.contains("letter held: it waits for a person's release"), "{log}");
    assert!(!log.contains("letter queued"), "{log}");
}

#[test]
fn under_systemd_the_log_goes_to_its_journal_and_to_stderr_where_there_is_none() {
    let home = home();
    let stderr = home.path().join("stderr");
    // The harness creates the same file anew; its inode stays.
    let file = File::create(&stderr).unwrap().metadata().unwrap();
    let stream = format!("{}:{}", file.dev(), file.ino());
    let unit = Unit { environment: vec![("JOURNAL_STREAM", stream)], ..Unit::plain(home.path()) };
    let mut service = unit.start(&socket());
    service.says("READY=1");
    service.terminate();
    let log = fs::read_to_string(&stderr).unwrap();
    if Path::new("/run/systemd/journal/socket").exists() {
        assert_eq!(log, "", "everything went to the journal");
    } else {
        assert!(log.contains("systemd's journal can't be reached") && log.contains("letter queued"), "{log}");
    }
    let other = program(home.path()).args(["status"]).output().unwrap();
    assert_eq!(other.status.code(), Some(2), "it has stopped");
}
