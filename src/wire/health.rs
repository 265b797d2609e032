//! How things stand: what `/healthz` over the socket and `duban status` tell.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Zone;
use crate::domain::{Digest, RelayFault, UnitId};

/// How things stand as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// nothing to do
    Ok,
    /// it runs; a person should look (broken files, findings)
    Attention,
    /// decisions are held
    Stopped,
}

/// `GET /healthz` over the socket, and what `duban status` shows; over TCP only [`super::PublicHealth`] is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// as a whole; `stopped` goes with 503
    pub status: Standing,
    /// of the program
    pub version: String,
    /// the journal's end
    pub journal: JournalHealth,
    /// the second copy
    pub store: StoreHealth,
    /// what the start and the background check of both copies found
    #[serde(default)]
    pub check: CheckHealth,
    /// when the last `duban backup` of this data directory ended; `None` where there was none
    #[serde(default)]
    pub last_backup: Option<DateTime<Utc>>,
    /// by the daemon's clock
    pub now: DateTime<Utc>,
    /// the office's
    pub zone: Zone,
    /// why decisions are held, where they are
    pub clock_held: Option<ClockHeld>,
    /// letters on their way
    pub letters: LettersHealth,
    /// plans by their state
    pub plans: PlansHealth,
    /// what is open of them and of assigned matters
    #[serde(default)]
    pub matters: MattersHealth,
    /// years whose notice of days off is not known, of this one and the next: weekends and statutory days alone are off
    #[serde(default)]
    pub provisional_years: Vec<i32>,
    /// years whose notice is known
    #[serde(default)]
    pub published_years: Vec<i32>,
    /// where files and ledger disagree
    pub findings: Vec<String>,
    /// plan files
    pub files: FilesHealth,
    /// the next instant at which something is due by itself
    pub next_wake: Option<DateTime<Utc>>,
    /// where letters go
    pub mail: String,
    /// why none goes, where the way out is at fault
    #[serde(default)]
    pub relay: Option<RelayHealth>,
    /// the mailbox that is read for what comes back, where there is one
    #[serde(default)]
    pub mailbox: Option<MailboxHealth>,
    /// the doors, as the daemon itself finds them when it asks there
    #[serde(default)]
    pub doors: Vec<DoorHealth>,
}

/// A door of the daemon, as it finds it from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorHealth {
    /// `tcp` or `socket`
    pub door: String,
    /// address or path
    pub at: String,
    /// open now
    pub connections: usize,
    /// of so many at once
    pub connections_max: usize,
    /// why it answers nobody, where it doesn't
    pub fault: Option<DoorFault>,
}

/// Why a door answers nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorFault {
    /// what was seen
    pub words: String,
    /// since the first time it was
    pub since: DateTime<Utc>,
}

/// The mailbox that is read for replies and delivery reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxHealth {
    /// folder, host and port
    pub mailbox: String,
    /// when it was last read to its end
    pub last_round: Option<DateTime<Utc>>,
    /// messages that can't be taken in, too large or no mail: they stay unseen
    pub left_unseen: usize,
    /// messages taken in since the daemon started
    #[serde(default)]
    pub taken: u64,
    /// looks that failed since then
    #[serde(default)]
    pub failures: u64,
    /// why it can't be read, where it can't
    pub fault: Option<MailboxFault>,
}

/// Why a mailbox can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxFault {
    /// the step, the server's words, and what would help
    pub words: String,
    /// since the first failure
    pub since: DateTime<Utc>,
}

/// The way out is at fault: no letter goes, and none is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayHealth {
    /// what kind
    pub fault: RelayFault,
    /// the server's words, and what would help
    pub reply: String,
    /// since the first failure
    pub since: DateTime<Utc>,
    /// failures in a row
    pub failures: u32,
    /// next try, not before
    pub retry_at: DateTime<Utc>,
}

/// The journal's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalHealth {
    /// names the journal for ever
    pub id: uuid::Uuid,
    /// of the last event
    pub position: u64,
    /// its hash
    pub hash: Digest,
    /// when it was recorded
    pub recorded_at: DateTime<Utc>,
}

/// How far the second copy lies behind. Nothing waits for it: what is recorded is durable in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreHealth {
    /// in events
    pub events_behind: u64,
    /// in bytes
    pub bytes_behind: u64,
    /// since when it has lain behind without ever catching up
    #[serde(default)]
    pub behind_since: Option<DateTime<Utc>>,
    /// for ten minutes or more, so that a person should look
    #[serde(default)]
    pub is_late: bool,
    /// why it does not work, if it does not
    pub failed: Option<String>,
}

/// What the start of the journal found, and the check of both copies that runs behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckHealth {
    /// the check has ended
    pub done: bool,
    /// events compared in both copies
    pub events: u64,
    /// archived letters compared with their digest
    pub letters: u64,
    /// what was damaged and has been made good
    pub healed: Vec<String>,
    /// what could not be made good
    pub findings: Vec<String>,
}

/// The clock is too far from the last event to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockHeld {
    /// the clock
    pub now: DateTime<Utc>,
    /// the last event
    pub last: DateTime<Utc>,
}

/// Letters on their way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LettersHealth {
    /// without a final outcome, those that wait for a release left out
    pub unsettled: usize,
    /// waiting for a person's release
    pub held: usize,
    /// of all letters ever written
    pub written: usize,
    /// refused for good
    #[serde(default)]
    pub refused: usize,
    /// replies by persons, ever
    #[serde(default)]
    pub replies: usize,
    /// those of them that nobody has marked as handled
    #[serde(default)]
    pub unhandled: usize,
    /// units whose mailbox gave a letter back
    #[serde(default)]
    pub bounced: Vec<UnitId>,
    /// those of the held that go to units
    #[serde(default)]
    pub held_to_units: usize,
    /// until when the first of them can be released, where it has an hour
    #[serde(default)]
    pub lapse_at: Option<DateTime<Utc>>,
    /// who will be told of something new, where anybody will
    #[serde(default)]
    pub coming: Option<FirstLettersHealth>,
    /// released by nobody on their day, and not yet in a later letter; something of them is still asked
    #[serde(default)]
    pub unreleased: usize,
}

/// Units that will be told of something new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstLettersHealth {
    /// how many units
    pub units: usize,
    /// of how many tasks
    pub tasks: usize,
    /// the day on whose sending hour the first of their letters are written
    pub on: NaiveDate,
    /// a person has to release them
    pub released: bool,
}

/// Plans by their state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlansHealth {
    /// followed
    pub followed: usize,
    /// closed, or taken in quietly because all their deadlines were past
    pub closed: usize,
    /// of all, those that the office owns: no file changes them
    #[serde(default)]
    pub by_office: usize,
    /// units whose names, mailbox or members the office has set: `units.toml` changes them no more
    #[serde(default)]
    pub units_by_office: usize,
}

/// Matters of units that are open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MattersHealth {
    /// opened and not settled
    pub open: usize,
    /// of these, past their deadline and chased
    pub overdue: usize,
    /// claims, extensions and objections that wait for the office
    pub waiting: usize,
}

/// Plan files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesHealth {
    /// where they are read
    pub source: String,
    /// files that change nothing because of an error
    pub broken: Vec<String>,
    /// what is wrong, file by file
    pub faults: Vec<FileFault>,
}

/// One fault of one plan file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFault {
    /// changes nothing (else: a warning)
    pub error: bool,
    /// path
    pub file: String,
    /// from 1
    pub line: usize,
    /// from 1
    pub column: usize,
    /// what is wrong
    pub message: String,
    /// what would be right
    pub help: Option<String>,
}
