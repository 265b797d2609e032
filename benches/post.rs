//! An office with letters that wait, postfix's smtp-sink to take them, and its smtp-source to compare with.

use std::collections::BTreeSet;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use duban::clock::Clock;
use duban::config::{Config, LogFormat, Mail, Schedules, Smtp};
use duban::daemon::{self, Clocks, Running};
use duban::domain::{Actor, Digest, Event, LetterId, LetterKind, NewEvent, Queued, Recipient, Stream};
use duban::journal::{BATCH_EVENTS_MAX, Entry, Journal, Options, Shelf};
use duban::letter::{ARCHIVE_ADDRESS, as_sent};
use duban::mail::{FolderMailer, Mailer, SmtpMailer};
use tempfile::TempDir;

const DOMAINS: usize = 4;

/// smtp-sink on a port of the loopback; it ends with the value.
pub struct Sink {
    child: Child,
    pub port: u16,
}

impl Sink {
    /// On a free port; what arrives is kept in a file, where one is named.
    pub fn start(dump: Option<PathBuf>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        Self::at(port, dump)
    }

    pub fn at(port: u16, dump: Option<PathBuf>) -> Self {
        let mut command = Command::new("smtp-sink");
        if nix::unistd::geteuid().is_root() {
            command.args(["-u", "root"]);
        }
        if let Some(dump) = dump {
            command.arg("-D").arg(dump);
        }
        command.arg(format!("127.0.0.1:{port}")).arg("1024").stderr(Stdio::null());
        let mut child = command.spawn().expect("smtp-sink: install postfix");
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(child.try_wait().expect("a child").is_none(), "smtp-sink ended at once");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { child, port }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Mails a second of postfix's own source over kept connections.
pub fn smtp_source(port: u16, connections: usize, letters: usize, bytes: usize) -> f64 {
    let begun = Instant::now();
    let status = Command::new("smtp-source")
        .args(["-d", "-s", &connections.to_string(), "-m", &letters.to_string(), "-l", &bytes.to_string()])
        .args(["-f", "office@county.test", "-t", "unit@county.test"])
        .arg(format!("127.0.0.1:{port}"))
        .status()
        .expect("smtp-source: install postfix");
    assert!(status.success(), "smtp-source: {status}");
    rate(letters, begun.elapsed())
}

#[expect(clippy::cast_precision_loss, reason = "a few digits are enough")]
fn rate(letters: usize, took: Duration) -> f64 {
    letters as f64 / took.as_secs_f64()
}

/// Resident memory of this process.
#[expect(clippy::cast_precision_loss, reason = "a few digits are enough")]
pub fn memory_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    kib as f64 / 1024.0
}

/// What the journal says of the letters.
pub struct Outcomes {
    pub accepted: usize,
    pub deferred: usize,
    pub unknown: usize,
    /// accepted a second, from the first such event to the last
    pub rate: f64,
}

/// A data directory whose letters wait to go.
pub struct Office {
    home: TempDir,
}

impl Office {
    /// Letters of one size; `distinct` ones differ in their Message-ID, which takes long to prepare.
    pub async fn with(letters: usize, bytes: usize, distinct: bool) -> Self {
        let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let office = Self { home };
        office.write_files();
        // The office takes its files; then letters are queued as if they had been written.
        let folder = Mailer::Folder(FolderMailer::new(office.home.path().join("outbox")));
        let none = Clocks { ticker: None, guard: false };
        let config = office.config();
        let running = daemon::start_with(&config, Clock::Wall, folder, none, Options::default())
            .await
            .expect("it starts");
        running.stop().await.expect("it stops");
        office.queue(letters, bytes, distinct);
        office
    }

    fn write_files(&self) {
        let (from, to) =
            (concat!(env!("CARGO_MANIFEST_DIR"), "/schedules"), self.home.path().join("schedules"));
        fs::create_dir(&to).expect("a directory");
        for name in ["office.toml", "units.toml", "ladders.toml"] {
            let text = fs::read_to_string(format!("{from}/{name}")).expect("a plan file");
            fs::write(to.join(name), text.replace("duban.example", "county.test")).expect("written");
        }
    }

    fn config(&self) -> Config {
        Config {
            data: self.home.path().join("data"),
            schedules: Schedules::Dir(self.home.path().join("schedules")),
            listen: ([127, 0, 0, 1], 0).into(),
            socket: None,
            mail: Mail::Folder(self.home.path().join("outbox")),
            mailbox: None,
            web: duban::config::Web::at(duban::config::LISTEN_DEFAULT),
            log: LogFormat::Text,
        }
    }

    fn journal(&self) -> Journal {
        Journal::open(&self.config().data, Options::default(), Clock::Wall.now()).expect("a journal").0
    }

    fn queue(&self, letters: usize, bytes: usize, distinct: bool) {
        let mut journal = self.journal();
        let now = Clock::Wall.now();
        let mut numbers = 1..=letters;
        let same = archive(&mut journal, 0, bytes);
        loop {
            let batch: Vec<NewEvent> = numbers
                .by_ref()
                .take(BATCH_EVENTS_MAX)
                .map(|number| {
                    let archived = if distinct { archive(&mut journal, number, bytes) } else { same.clone() };
                    queued(number, archived, now)
                })
                .collect();
            if batch.is_empty() {
                break;
            }
            let entry = Entry { by: Actor::system(), cause: None, request: None, events: batch };
            journal.commit(vec![entry], now).expect("a commit");
        }
        journal.close().expect("closed");
    }

    /// Opens for business: letters go at once.
    pub async fn open(&self, port: u16, connections: usize) -> Running {
        let smtp = Smtp { connections, at_once_per_domain: connections, ..Smtp::plain("127.0.0.1", port) };
        let clocks = Clocks { ticker: None, guard: true };
        let mailer = Mailer::Smtp(SmtpMailer::new(smtp));
        daemon::start_with(&self.config(), Clock::Wall, mailer, clocks, Options::default())
            .await
            .expect("it starts")
    }

    /// Waits until so many letters have their last outcome.
    pub async fn settled(&self, running: &Running, letters: usize) {
        loop {
            let done = {
                let ledger = running.planner().ledger().read();
                ledger.letters().count() - ledger.unsettled().count()
            };
            if done >= letters {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub fn outcomes(&self) -> Outcomes {
        let (mut accepted, mut deferred, mut unknown) = (BTreeSet::new(), 0, 0);
        let mut times: Vec<DateTime<Utc>> = Vec::new();
        for recorded in self.journal().read(0) {
            let recorded = recorded.expect("an event");
            if let Event::LetterAccepted { letter, .. } = recorded.event {
                assert!(accepted.insert(letter), "an outcome twice");
                times.push(recorded.recorded_at);
            } else if matches!(recorded.event, Event::LetterDeferred { .. }) {
                deferred += 1;
            } else if matches!(recorded.event, Event::LetterUnknown { .. }) {
                unknown += 1;
            }
        }
        let took = times.last().zip(times.first()).map(|(last, first)| *last - *first).unwrap_or_default();
        let rate = rate(accepted.len(), took.to_std().unwrap_or_default());
        Outcomes { accepted: accepted.len(), deferred, unknown, rate }
    }

    /// Where smtp-sink keeps what arrives.
    pub fn dump(&self) -> PathBuf {
        self.home.path().join("arrived")
    }

    /// Copies that arrived, and how many different letters.
    pub fn arrived(&self) -> (usize, usize) {
        let text = fs::read(self.dump()).expect("what arrived");
        let text = String::from_utf8_lossy(&text);
        let ids: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("Message-ID: ")).collect();
        (ids.len(), ids.iter().collect::<BTreeSet<_>>().len())
    }
}

/// A letter as archived: its Message-ID, its digest and that of the bytes as sent.
#[derive(Clone)]
struct Archived {
    message_id: String,
    form: Digest,
    sent: Digest,
}

fn archive(journal: &mut Journal, number: usize, bytes: usize) -> Archived {
    let message_id = format!("{}@duban", Digest::of(&number.to_be_bytes()).short(32));
    let head = format!(
        "Message-ID: <{message_id}>\r\nFrom: office@county.test\r\nTo: {ARCHIVE_ADDRESS}\r\nSubject: {number}\r\n\r\n"
    );
    let line = "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\r\n";
    let text = line.repeat(bytes.saturating_sub(head.len()) / line.len());
    let archived = format!("{head}{text}").into_bytes();
    let sent = Digest::of(&as_sent(&archived, "unit@county.test", None).expect("a letter"));
    let archived = journal.shelves().put(Shelf::Letters, &archived).expect("attached");
    Archived { message_id, form: archived, sent }
}

fn queued(number: usize, letter_bytes: Archived, now: DateTime<Utc>) -> NewEvent {
    let letter = LetterId { day: now.date_naive(), number: u32::try_from(number).expect("a number") };
    let Archived { message_id, form: archived, sent } = letter_bytes;
    let queued = Queued {
        points: None,
        letter,
        to: Recipient::Unit("eco-env".parse().expect("a unit")),
        kind: LetterKind::Returned,
        address: Some(format!("unit@d{}.county.test", number % DOMAINS)),
        message_id,
        dated: now,
        held: false,
        items: Vec::new(),
        merged: Vec::new(),
        carried: Vec::new(),
        receipt: None,
        archived,
        sent,
        templates: None,
        checkpoint: None,
    };
    NewEvent { stream: Stream::Letter(letter), occurred_on: None, event: Event::LetterQueued(queued) }
}
