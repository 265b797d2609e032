//! HTTP bodies that the client and the API share: their JSON is a promise to scripts.

mod proposed;
mod public;
mod query;
mod review;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::RelayFault;
use crate::domain::command::Command;
pub use crate::report::Row;
pub use proposed::{
    Answerer, EvidenceQuery, FURTHER_FORM, Proposed, ProposedFile, ProposedForm, ProposedRow, RowState,
};
pub use public::{PublicHealth, PublicLetters};
pub use query::{EventPage, EventsQuery};
pub use review::{ReviewEntry, WaitEntry};

use crate::calendar::{WorkingYear, Zone};
use crate::domain::{
    AssignmentId, Digest, ImportNote, ImportedRow, Ladders, LetterId, LetterKind, OccurrenceId, Office, Plan,
    PlanHead, PlanId, PlanOwner, QueuedItem, Recipient, Task, Unit, UnitId, Via,
};

/// The Unix socket within the data directory.
pub const SOCKET: &str = "duban.sock";

/// How things stand as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// nothing to do
    Ok,
    /// it runs; a person should look (broken files, findings)
    Attention,
    /// decisions are held, or nothing can be recorded
    Stopped,
}

/// `GET /healthz` over the socket, and what `duban status` shows; over TCP only [`PublicHealth`] is told.
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

/// How far the second copy lies behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreHealth {
    /// in events
    pub events_behind: u64,
    /// in bytes
    pub bytes_behind: u64,
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
    /// released by nobody on their day, and not yet in a later letter; something of them is still asked
    #[serde(default)]
    pub unreleased: usize,
}

/// Plans by their state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlansHealth {
    /// followed
    pub followed: usize,
    /// closed, or taken in quietly because all their deadlines were past
    pub closed: usize,
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

/// `POST /api/commands`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandRequest {
    /// chosen by whoever asks: the same again gets the first answer and changes nothing
    pub request: String,
    /// the way in: `cli`, `api`, or `paper` and `phone` for what was recorded from them
    pub via: Via,
    /// the wish
    pub command: Command,
}

/// The answer to a mutation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// durable up to this position
    Done {
        /// position of the last event, or of the first answer where the request is a repeat
        position: u64,
    },
    /// a decision: nothing changed
    Refused {
        /// why, for people
        why: String,
    },
    /// decisions are held
    ClockHeld(ClockHeld),
}

/// What went wrong, where there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// for people
    pub problem: String,
}

/// `POST /api/intake`: what became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// position of the event that keeps it
    pub position: u64,
    /// it was kept before: nothing changed
    pub known: bool,
    /// the message itself, in `evidence/`
    pub message: Digest,
    /// `reply`, `automatic` or `bounce`
    pub kind: String,
    /// the letter it answers
    pub letter: Option<LetterId>,
    /// its unit
    pub unit: Option<UnitId>,
    /// the day it was taken in
    pub taken_on: NaiveDate,
    /// a person still has something to do about it
    #[serde(default)]
    pub unhandled: bool,
    /// who has dealt with it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled: Option<MailHandled>,
}

/// That somebody has dealt with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailHandled {
    /// the account
    pub by: String,
    /// the day, in the office's zone
    pub on: NaiveDate,
    /// what came of it
    pub remark: Option<String>,
}

/// One of `GET /api/plans`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanEntry {
    /// as it is now
    pub head: PlanHead,
    /// who may change it
    pub owner: PlanOwner,
    /// the day of adoption
    pub adopted_on: NaiveDate,
    /// taken in quietly: every deadline was past
    pub quiet: bool,
    /// why it was closed
    pub closed: Option<String>,
    /// its file, where it has one
    pub file: Option<String>,
    /// the old ledger that it was read from, where it was imported
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportNote>,
    /// tasks not withdrawn
    pub tasks: usize,
    /// assignments open now
    pub open: usize,
}

/// `GET /api/declared`: what plan files would say, had they been written from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// the office
    pub office: Office,
    /// ladders in force
    pub ladders: Ladders,
    /// units, by id
    pub units: Vec<Unit>,
    /// working days
    pub working_years: Vec<WorkingYear>,
    /// plans that are not withdrawn, each with its file's name
    pub plans: Vec<(String, Plan)>,
}

/// `GET /api/fingerprint`: for `audit replay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// of the last event folded
    pub position: u64,
    /// of the ledger
    pub fingerprint: Digest,
}

/// One of `GET /api/tasks`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskEntry {
    /// the plan
    pub plan: PlanId,
    /// as it is now
    pub task: Task,
    /// the day from which it is asked for
    pub since: NaiveDate,
    /// why it was withdrawn
    pub withdrawn: Option<String>,
    /// the state shown in a list: of its latest open occurrence, else of its last
    pub state: String,
    /// what the old ledger said of it, where it was imported
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<ImportedRow>,
    /// opened so far, by period
    pub occurrences: Vec<OccurrenceEntry>,
}

/// An occurrence (期次) with its units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccurrenceEntry {
    /// which
    pub occurrence: OccurrenceId,
    /// first day
    pub opens: NaiveDate,
    /// legal deadline now
    pub deadline: Option<NaiveDate>,
    /// the working day to aim at
    pub advised: Option<NaiveDate>,
    /// one a unit
    pub assignments: Vec<AssignmentEntry>,
}

/// One unit's duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentEntry {
    /// which
    pub assignment: AssignmentId,
    /// `opened`, `notified`, …
    pub state: String,
    /// the day of its next stage to the unit
    pub next: Option<NaiveDate>,
}

/// One of `GET /api/units`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitEntry {
    /// as it is now; a leader is a digest
    pub unit: Unit,
    /// set by an admin: its file no longer changes it
    pub set_by_office: bool,
    /// assignments open now
    pub open: usize,
    /// the day of its last letter
    pub last_letter: Option<NaiveDate>,
}

/// One of `GET /api/letters`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterEntry {
    /// number
    pub letter: LetterId,
    /// to whom
    pub to: Recipient,
    /// full name of the unit
    pub unit_name: String,
    /// what kind
    pub kind: LetterKind,
    /// Message-ID, without angle brackets
    pub message_id: String,
    /// its date
    pub dated: DateTime<Utc>,
    /// what it says
    pub items: Vec<QueuedItem>,
    /// `held`, `unreleased`, `queued`, `deferred`, `unknown`, `accepted`, `refused`, `bounced`, `superseded`
    pub progress: String,
    /// the server's words, or the letter that took its place
    pub reply: Option<String>,
    /// next attempt, not before
    pub retry_at: Option<DateTime<Utc>>,
    /// attempts with an outcome
    pub attempts: u32,
}

/// `GET /api/letters/ID`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterShown {
    /// as in the list
    pub entry: LetterEntry,
    /// the archived message (RFC 5322); `None` where the file is missing
    pub message: Option<String>,
}
