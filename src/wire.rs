//! HTTP bodies that the client and the API share: their JSON is a promise to scripts.

mod health;
mod proposed;
mod public;
mod query;
mod review;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::command::Command;
pub use crate::report::{LetterStep, Row};
pub use health::{
    CheckHealth, ClockHeld, DoorFault, DoorHealth, FileFault, FilesHealth, Health, JournalHealth,
    LettersHealth, MailboxFault, MailboxHealth, MattersHealth, PlansHealth, RelayHealth, Standing,
    StoreHealth,
};
pub use proposed::{
    Answerer, AnswersRequest, EvidenceQuery, FURTHER_FORM, Proposed, ProposedFile, ProposedForm, ProposedRow,
    RecordAnswer, RecordRequest, RowState,
};
pub use public::{PublicHealth, PublicLetters};
pub use query::{EventPage, EventsQuery, PreviewQuery};
pub use review::{ReviewEntry, WaitEntry};

use crate::calendar::WorkingYear;
use crate::domain::{
    AssignmentId, Digest, ImportNote, ImportedRow, Ladders, LetterId, LetterKind, OccurrenceId, Office, Plan,
    PlanHead, PlanId, PlanOwner, QueuedItem, Recipient, Task, Unit, UnitId, Via,
};

/// The Unix socket within the data directory.
pub const SOCKET: &str = "duban.sock";

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

/// `POST /api/leader`: the person is kept outside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaderRequest {
    /// as in [`CommandRequest`]
    pub request: String,
    /// of which unit
    pub unit: UnitId,
    /// the way in
    pub via: Via,
    /// who; nobody: the person kept so far is forgotten
    pub leader: Option<Leader>,
}

/// 分管领导.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leader {
    /// name
    pub name: String,
    /// post
    #[serde(default)]
    pub post: String,
    /// mail address
    pub address: String,
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
    /// what became of it, step by step
    #[serde(default)]
    pub steps: Vec<LetterStep>,
    /// the archived message (RFC 5322); `None` where the file is missing
    pub message: Option<String>,
}
