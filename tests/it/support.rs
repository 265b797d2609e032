//! A whole daemon for tests: port 0, a temporary directory, memory mailer, a clock moved by hand,
//! spoken to through the shipped client. Dropping it asserts that nothing is left over.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use duban::client::Client;
use duban::clock::{Clock, ManualClock};
use duban::config::{Config, LogFormat, Mail, Schedules};
use duban::daemon::{self, Beat, Clocks, Running};
use duban::domain::command::{Command, Target};
use duban::domain::{Digest, Envelope, LetterProgress, Outcome, Recipient, Via};
use duban::journal::{Options, Patience};
use duban::locale::Language;
use duban::mail::{Mailer, MemoryMailer};
use duban::wire::{Answer, Health};
use tempfile::TempDir;

/// Longer than anything a test may wait for; reached only by a fault.
const PATIENCE: Duration = Duration::from_secs(20);

/// A daemon in this process.
pub struct TestDaemon {
    pub home: TempDir,
    pub clock: ManualClock,
    pub mailer: MemoryMailer,
    pub client: Client,
    /// how its journal is opened at the next start
    pub journal: Options,
    config: Config,
    clocks: Clocks,
    /// instead of the memory mailer
    relay: Option<Mailer>,
    running: Option<Running>,
}

impl TestDaemon {
    /// The shipped plans, at an instant; no clock but the test's own waking.
    pub async fn at(now: &str) -> Self {
        Self::with(now, Clocks { ticker: None, guard: false }, None).await
    }

    /// Plan files that the test may change: a copy of the shipped ones.
    pub async fn with_files(now: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let files = home.path().join("schedules");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules"), &files);
        Self::begin(now, Clocks { ticker: None, guard: false }, home, Schedules::Dir(files), None).await
    }

    /// With clocks that run.
    pub async fn with(now: &str, clocks: Clocks, schedules: Option<PathBuf>) -> Self {
        let schedules = schedules.map_or(Schedules::Embedded, Schedules::Dir);
        Self::begin(now, clocks, tempfile::tempdir().unwrap(), schedules, None).await
    }

    /// On a data directory that is there already, as `data` in `home`.
    pub async fn on(home: TempDir, now: &str, clocks: Clocks) -> Self {
        Self::begin(now, clocks, home, Schedules::Embedded, None).await
    }

    /// From its next start on, another data directory.
    pub fn move_to(&mut self, data: PathBuf) {
        assert!(self.running.is_none());
        self.client = Client::of(&data).speaking(Language::English);
        self.config.data = data;
    }

    async fn begin(
        now: &str,
        clocks: Clocks,
        home: TempDir,
        schedules: Schedules,
        relay: Option<Mailer>,
    ) -> Self {
        let data = home.path().join("data");
        let config = Config {
            data: data.clone(),
            schedules,
            listen: ([127, 0, 0, 1], 0).into(),
            socket: None,
            mail: Mail::Folder(data.join("outbox")),
            mailbox: None,
            web: duban::config::Web::at(duban::config::LISTEN_DEFAULT),
            log: LogFormat::Text,
        };
        // A busy machine takes its time, and what a stop left behind would be a finding.
        let patience = Patience { stop: Duration::from_mins(5), ..Patience::default() };
        let mut daemon = Self {
            client: Client::of(&data).speaking(Language::English),
            home,
            clock: ManualClock::at(now.parse().unwrap()),
            mailer: MemoryMailer::default(),
            journal: Options { patience, ..Options::default() },
            config,
            clocks,
            relay: None,
            running: None,
        };
        daemon.relay = relay;
        daemon.start().await;
        daemon
    }

    /// Starts it anew, with a second socket for the accounts of its group.
    pub async fn with_socket(&mut self, socket: PathBuf) {
        self.stop().await;
        self.config.socket = Some(socket);
        self.start().await;
    }

    /// Starts it anew, with the units' page so.
    pub async fn with_page(&mut self, web: duban::config::Web) {
        self.stop().await;
        self.config.web = web;
        self.start().await;
    }

    /// Starts it anew, with letters that bear links to this very machine.
    pub async fn with_links(&mut self) {
        self.stop().await;
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        self.config.listen = free;
        self.config.web = duban::config::Web { is_public: true, ..duban::config::Web::at(free) };
        self.start().await;
    }

    /// Starts it anew, with a mailbox to look into; who wants a round done asks for it.
    pub async fn read_from(&mut self, mailbox: duban::config::Mailbox) {
        self.stop().await;
        self.config.mailbox = Some(mailbox);
        self.start().await;
    }

    /// Real mail, to units whose mailboxes lie under `county.test`; no file follows.
    pub async fn mailing(now: &str, mailer: Mailer) -> Self {
        let home = tempfile::tempdir().unwrap();
        let files = home.path().join("schedules");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules"), &files);
        for name in ["units.toml", "office.toml"] {
            let text = std::fs::read_to_string(files.join(name)).unwrap();
            let text = text.replace("duban.example", "county.test");
            // Their letters are what is tried, not when they first go.
            let text = text.replace("working_days =", "first_letters = \"at once\"\nworking_days =");
            std::fs::write(files.join(name), text).unwrap();
        }
        let clocks = Clocks { ticker: None, guard: false };
        Self::begin(now, clocks, home, Schedules::Dir(files), Some(mailer)).await
    }

    /// Starts it, again perhaps.
    pub async fn start(&mut self) {
        assert!(self.running.is_none());
        let clock = Clock::Manual(self.clock.clone());
        let mailer = self.relay.clone().unwrap_or_else(|| Mailer::Memory(self.mailer.clone()));
        let journal = self.journal.clone();
        let started = daemon::start_with(&self.config, clock, mailer, self.clocks, journal).await;
        self.running = Some(started.unwrap());
        self.settle().await;
    }

    /// Stops it in order.
    pub async fn stop(&mut self) {
        self.running.take().unwrap().stop().await.unwrap();
    }

    /// From its next start on, as if ./schedules were gone.
    pub fn without_files(&mut self) {
        self.config.schedules = Schedules::Embedded;
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub fn schedules(&self) -> PathBuf {
        self.home.path().join("schedules")
    }

    /// Moves the clock, wakes the planner, and waits until the courier is done.
    pub async fn go_to(&mut self, now: &str) {
        self.clock.set(now.parse().unwrap());
        self.running().wake().await.unwrap();
        self.settle().await;
    }

    /// Day by day at the sending hour, so that the clock never jumps.
    pub async fn walk_to(&mut self, day: &str) {
        let until: NaiveDate = day.parse().unwrap();
        loop {
            let next = self.clock.now().date_naive().succ_opt().unwrap();
            if next > until {
                break;
            }
            self.go_to(&format!("{next}T01:00:00Z")).await;
        }
    }

    /// Waits until every letter that may go now has an outcome.
    pub async fn settle(&self) {
        self.until("letters have an outcome", |daemon| {
            let now = daemon.clock.now();
            let ledger = daemon.running().planner().ledger().read();
            // A relay at fault holds all; whoever tests that waits for what they want.
            if ledger.relay().is_some_and(|trouble| trouble.retry_at > now) {
                return true;
            }
            !ledger.unsettled().any(|letter| match &letter.progress {
                LetterProgress::Queued => letter.queued.address.is_some() || !is_unit(&letter.queued.to),
                LetterProgress::Deferred { retry_at, .. } | LetterProgress::Unknown { retry_at, .. } => {
                    *retry_at <= now
                }
                LetterProgress::Held
                | LetterProgress::Unreleased
                | LetterProgress::Recalled
                | LetterProgress::Accepted { .. }
                | LetterProgress::Refused { .. }
                | LetterProgress::Bounced { .. }
                | LetterProgress::Superseded { .. } => false,
            })
        })
        .await;
    }

    /// Waits for something that is about to happen, on inputs, not on time.
    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !holds(self) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "never came: {what}");
    }

    pub async fn command(&self, command: Command) -> Answer {
        self.client.command(Via::Cli, command).await.unwrap()
    }

    pub async fn health(&self) -> Health {
        self.client.status().await.unwrap()
    }

    /// Waits until both copies hold all events and the check after a start is done: a copy that is behind
    /// while a test moves the clock by months would rightly be called late.
    pub async fn both_copies_whole(&self) -> Health {
        let waiting = async {
            loop {
                let health = self.health().await;
                if health.check.done && health.store.events_behind == 0 {
                    return health;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("both copies are whole in time")
    }

    /// What Prometheus is told.
    pub async fn metrics(&self) -> String {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut http = tokio::net::TcpStream::connect(self.running().listen()).await.unwrap();
        http.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        let mut page = String::new();
        http.read_to_string(&mut page).await.unwrap();
        page
    }

    /// Letters accepted so far.
    pub fn letters(&self) -> Vec<Envelope> {
        self.mailer.accepted()
    }
}

impl Drop for TestDaemon {
    fn drop(&mut self) {
        let Some(running) = self.running.take() else { return };
        if std::thread::panicking() {
            return;
        }
        let ledger = running.planner().ledger().clone();
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async { running.stop().await.unwrap() });
        });
        let ledger = ledger.read();
        let left: Vec<_> = ledger.unsettled().map(|letter| letter.queued.letter.to_string()).collect();
        assert!(left.is_empty(), "letters left over: {left:?}");
        let inspection = duban::journal::inspect(&self.config.data).unwrap();
        let faults: Vec<String> = inspection.faults().map(ToString::to_string).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        assert_eq!(inspection.events, ledger.head(), "the journal and the ledger end at the same event");
    }
}

/// Every clock but the machine's morning.
pub const TICKER_ALONE: Clocks = Clocks { ticker: Some(Beat::EverySecond), guard: false };
/// The plain loop alone.
pub const GUARD_ALONE: Clocks = Clocks { ticker: None, guard: true };

pub fn target(task: &str) -> Target {
    Target { task: task.parse().unwrap(), period: None, unit: None }
}

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn is_unit(to: &Recipient) -> bool {
    matches!(to, Recipient::Unit(_))
}

pub fn deferred(times: usize) -> Vec<Outcome> {
    vec![Outcome::Deferred("451 try again".into()); times]
}

pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Events rewritten by hand, and the hashes of all after them made right again. `change` is given an event's position
/// and its line before the hash.
pub fn rewrite(segment: &Path, change: impl Fn(usize, &str) -> String) {
    let text = std::fs::read_to_string(segment).unwrap();
    let (mut prev, mut rewritten) = ("0".repeat(64), String::new());
    for (index, line) in text.lines().enumerate() {
        let (body, _) = line.split_once(",\"hash\":\"").unwrap();
        let mut body = change(index + 1, body);
        let start = body.rfind("\"prev\":\"").unwrap() + 8;
        body.replace_range(start..start + 64, &prev);
        prev = Digest::of(body.as_bytes()).to_string();
        writeln!(rewritten, "{body},\"hash\":\"{prev}\"}}").unwrap();
    }
    std::fs::write(segment, rewritten).unwrap();
}
