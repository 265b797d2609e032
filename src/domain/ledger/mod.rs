//! The ledger (台账): what follows from the journal. A fold, never stored as truth.

mod answers;
mod apply;
mod assignment;
mod changes;
mod fingerprint;
mod first_rules;
mod fold;
mod index;
mod letters;
mod mailboxes;
mod occurrences;
mod plans;
mod query;
mod received;
mod record;
mod release;
mod rulings;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

pub use assignment::{Assignment, State};
pub use changes::{Before, Noted};
pub use letters::Letter;
pub use mailboxes::{Deferring, MailboxState, RelayTrouble};
use occurrences::Occurrences;
pub use received::Handled;
pub use record::{Asked, Claim, Granted, HandedIn, Kept, Progress, Receipt, Record, SaidKind, Verdict};
pub use release::UntilRelease;
pub use rulings::BulletinMove;

use super::event::{Blame, LetterKind, MailKind, Opened, Recorded};
use super::id::{Digest, LetterId, OccurrenceId, PlanId, ReceiptNo, TaskId, TaskSlug, UnitId};
use super::import::{ImportNote, ImportedRow};
use super::ladder::Ladders;
use super::leader::LeaderPage;
use super::light_rules::LightRules;
use super::office::Office;
use super::plan::{PlanHead, PlanOwner, Task};
use super::recipient::Recipient;
use super::unit::Unit;
use crate::calendar::{Period, WorkingDays, WorkingYear};

/// Index of an assignment in the ledger.
pub type Slot = u32;

/// The fold of the journal up to [`Ledger::head`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    journal: Option<uuid::Uuid>,
    head: u64,
    last_at: Option<DateTime<Utc>>,
    office: Option<Arc<Office>>,
    ladders: BTreeMap<u32, Arc<Ladders>>,
    years: BTreeMap<i32, WorkingYear>,
    working: Arc<WorkingDays>,
    units: BTreeMap<UnitId, UnitState>,
    plans: BTreeMap<PlanId, PlanState>,
    assignments: Vec<Assignment>,
    occurrences: Occurrences,
    by_unit: BTreeMap<UnitId, BTreeSet<Slot>>,
    returns: BTreeSet<Slot>,
    /// acts of the office that no letter has told yet
    acts: BTreeSet<Slot>,
    /// changes of tasks that no letter has told yet: told from which day on, to whom
    changes: BTreeSet<(NaiveDate, UnitId, TaskId)>,
    reviews: BTreeSet<(NaiveDate, Slot)>,
    /// the day of the last letter to the office itself
    last_office_letter: Option<NaiveDate>,
    last_release_letter: Option<DateTime<Utc>>,
    light_rules: Arc<LightRules>,
    handed_in: Vec<HandedIn>,
    receipts: BTreeSet<ReceiptNo>,
    /// leaders' pages that no letter has told yet
    pages: BTreeMap<UnitId, Arc<LeaderPage>>,
    bulletins: BTreeMap<Period, Vec<BulletinMove>>,
    requests: HashMap<String, Answered>,
    due: BTreeSet<(NaiveDate, Slot)>,
    escalations: BTreeSet<(NaiveDate, Slot)>,
    openings: BTreeSet<(NaiveDate, TaskId)>,
    collections: BTreeSet<(NaiveDate, PlanId)>,
    endings: BTreeSet<(NaiveDate, OccurrenceId)>,
    /// boxed: the nodes of a tree that grows at its end stay half empty
    letters: BTreeMap<LetterId, Box<LetterState>>,
    unsettled: BTreeSet<LetterId>,
    /// of these, those that wait for a person's release, or that nobody released
    unreleased: BTreeSet<LetterId>,
    /// by the addressee's domain: when each waiting letter may go
    outgoing: BTreeMap<String, BTreeSet<(DateTime<Utc>, LetterId)>>,
    mailboxes: BTreeMap<Recipient, MailboxState>,
    relay: Option<RelayTrouble>,
    received: Vec<Received>,
    /// letters by the hash of their Message-ID: anybody can send mail that names many
    by_name: HashMap<u64, LetterId>,
    /// where in `received` a message stands
    kept: HashMap<Digest, usize>,
    staged: Option<Staged>,
}

/// What was recorded for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// of its last event
    pub position: u64,
    /// of what was asked, where it was kept
    pub digest: Option<Digest>,
}

/// A large command that has begun and not yet completed.
#[derive(Debug, Clone, PartialEq)]
struct Staged {
    begun: u64,
    events: Vec<Recorded>,
}

/// A unit and what it has been sent.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitState {
    /// the unit as it is now
    pub unit: Arc<Unit>,
    /// the day of its last clock-driven letter, in the office's zone
    pub last_letter: Option<NaiveDate>,
    /// the day of the last letter to its leader
    pub last_leader_letter: Option<NaiveDate>,
    /// the unit as it was before an admin first set it: from then on its file no longer changes names, mailbox and members
    pub before_office: Option<Arc<Unit>>,
    /// its mailbox bounced: the letter that came back; until another mailbox is set, or this one mended
    pub bounced: Option<LetterId>,
    /// tasks it has not yet been told of
    pub untold: BTreeSet<TaskId>,
    /// changes of its tasks, by task, oldest first
    pub changes: BTreeMap<TaskId, Vec<Noted>>,
    /// who handles its answers
    pub contact: Option<Contact>,
    /// a collective's: from this day on its members, as they are then, are asked of what is open
    pub members_asked_from: Option<NaiveDate>,
    /// when a first letter to it was last recalled; what it said is told on a later day
    pub recalled_on: Option<NaiveDate>,
    /// links sent before this instant open nothing
    pub links_from: Option<DateTime<Utc>>,
}

/// A unit's contact (联络员).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// in `people/`
    pub person: Digest,
    /// the office named them; else they did so themselves, and nobody checked it
    pub is_of_office: bool,
}

/// A plan and its tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanState {
    /// as it is now
    pub head: Arc<PlanHead>,
    /// who may change it
    pub owner: PlanOwner,
    /// the day of adoption in the office's zone
    pub adopted_on: NaiveDate,
    /// adopted with every deadline past
    pub quiet: bool,
    /// why it was closed
    pub closed: Option<String>,
    /// file name and digest as last adopted
    pub file: Option<(String, Digest)>,
    /// in the order of their adding
    pub order: Vec<TaskSlug>,
    /// by name
    pub tasks: BTreeMap<TaskSlug, TaskState>,
    /// the old ledger it was read from
    pub import: Option<Arc<ImportNote>>,
    /// the ask day of the last collection opened
    pub last_collection: Option<NaiveDate>,
    /// collections opened so far, oldest first
    pub collections: Vec<CollectionAsked>,
}

impl PlanState {
    /// Whether new occurrences may open and letters go.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        !self.quiet && !self.is_being_set_up() && self.closed.is_none()
    }

    /// Whether nobody is written to yet.
    #[must_use]
    pub fn is_being_set_up(&self) -> bool {
        self.head.quiet && self.closed.is_none()
    }

    /// Tasks in order.
    pub fn tasks(&self) -> impl Iterator<Item = &TaskState> {
        self.order.iter().filter_map(|slug| self.tasks.get(slug))
    }
}

/// A task, as it is now and as its file last said.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskState {
    /// its place in the plan, from 0
    pub place: usize,
    /// as it is now
    pub task: Arc<Task>,
    /// as last adopted from the file: what a changed file is compared with
    pub filed: Arc<Task>,
    /// what the old ledger said of it, where it was imported
    pub imported: Option<Arc<ImportedRow>>,
    /// the day it was added, or got its present shape of `due`: nothing that ended before opens
    pub since: NaiveDate,
    /// why it was withdrawn
    pub withdrawn: Option<String>,
    /// deadline, or first day, of the last occurrence opened
    pub last_opened: Option<NaiveDate>,
    /// where it stands in the openings index
    pub next_opening: Option<NaiveDate>,
}

/// A collection (月调度) as opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CollectionAsked {
    /// the month, say
    pub period: Period,
    /// the day it is asked for
    pub asked_on: NaiveDate,
    /// reply by this day, included
    pub reply_by: NaiveDate,
}

/// An opened occurrence.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    /// as opened
    pub opened: Arc<Opened>,
    /// the deadline now
    pub deadline: Option<NaiveDate>,
    /// the working day to aim at now
    pub advised: Option<NaiveDate>,
    /// counted from 1
    pub deadline_version: u32,
    /// one a unit, in the order of the task's lead units
    pub slots: Vec<Slot>,
    /// ended by itself
    pub ended: bool,
}

/// A letter's way so far.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterState {
    /// as queued
    pub queued: Letter,
    /// position of the event that queued it: the cause of its outcomes
    pub position: u64,
    /// where it is
    pub progress: LetterProgress,
    /// attempts with an outcome
    pub attempts: u32,
    /// where it goes: an office's mailbox; a leader's stands in `people/`
    pub address: Option<Arc<str>>,
    /// what is known of it as long as it waits for its release
    pub until_release: Option<Box<UntilRelease>>,
}

/// Mail that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// of its event
    pub position: u64,
    /// the day it was taken in, in the office's zone
    pub taken_on: NaiveDate,
    /// the letter it answers
    pub letter: Option<LetterId>,
    /// in `evidence/`
    pub message: Digest,
    /// what it is
    pub kind: ReceivedKind,
    /// a person has dealt with it
    pub handled: Option<Handled>,
}

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReceivedKind {
    /// written by a person
    Reply,
    /// written by a machine, and understood: nothing has to be done
    Automatic,
    /// written by a machine: a person has to see what it means
    Unclear,
    /// a letter came back
    Bounce,
}

impl From<MailKind> for ReceivedKind {
    fn from(kind: MailKind) -> Self {
        match kind {
            MailKind::Reply => Self::Reply,
            MailKind::Automatic => Self::Automatic,
            MailKind::Unclear => Self::Unclear,
        }
    }
}

/// Where a letter is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterProgress {
    /// waits for a person's release
    Held,
    /// nobody released it on its day: the unit's next letter takes its points
    Unreleased,
    /// nobody had released it when what it says was no longer so: its points are written anew
    Recalled,
    /// to be sent now
    Queued,
    /// to be sent again, not before
    Deferred {
        /// not before
        retry_at: DateTime<Utc>,
        /// the server's words
        reply: String,
        /// what lay at fault
        blame: Blame,
    },
    /// perhaps taken: to be sent again under the same Message-ID
    Unknown {
        /// not before
        retry_at: DateTime<Utc>,
        /// the fault
        reply: String,
    },
    /// taken by the other server
    Accepted {
        /// the server's words
        reply: String,
    },
    /// refused for good
    Refused {
        /// the server's words
        reply: String,
    },
    /// taken by the other server, and given back later
    Bounced {
        /// status and words of the report
        reply: String,
    },
    /// its points went in a later letter
    Superseded {
        /// that letter
        by: LetterId,
    },
}

impl LetterProgress {
    /// All labels, in the order of a letter's way.
    pub const LABELS: [&'static str; 10] = [
        "held",
        "unreleased",
        "recalled",
        "queued",
        "deferred",
        "unknown",
        "accepted",
        "refused",
        "bounced",
        "superseded",
    ];

    /// Its name in lists and figures.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Unreleased => "unreleased",
            Self::Recalled => "recalled",
            Self::Queued => "queued",
            Self::Deferred { .. } => "deferred",
            Self::Unknown { .. } => "unknown",
            Self::Accepted { .. } => "accepted",
            Self::Refused { .. } => "refused",
            Self::Bounced { .. } => "bounced",
            Self::Superseded { .. } => "superseded",
        }
    }

    /// Whether nothing more will happen to it by itself.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Recalled
                | Self::Accepted { .. }
                | Self::Refused { .. }
                | Self::Bounced { .. }
                | Self::Superseded { .. }
        )
    }
}

impl LetterState {
    /// Whether this is one of the clock-driven letters, of which a recipient gets one a day.
    #[must_use]
    pub fn is_clock_driven(&self) -> bool {
        match self.queued.kind {
            LetterKind::Adoption | LetterKind::Daily | LetterKind::Escalation => true,
            LetterKind::Returned
            | LetterKind::Act
            | LetterKind::Receipt
            | LetterKind::Review
            | LetterKind::Page
            | LetterKind::Release => false,
        }
    }

    /// The instant from which the letter may be handed over; `None` where nothing is left to do.
    #[must_use]
    pub fn next_attempt(&self) -> Option<DateTime<Utc>> {
        match &self.progress {
            // What the relay kept from going goes as soon as the relay is tried again.
            LetterProgress::Queued | LetterProgress::Deferred { blame: Blame::Relay, .. } => {
                Some(DateTime::<Utc>::MIN_UTC)
            }
            LetterProgress::Deferred { retry_at, .. } | LetterProgress::Unknown { retry_at, .. } => {
                Some(*retry_at)
            }
            LetterProgress::Held
            | LetterProgress::Unreleased
            | LetterProgress::Recalled
            | LetterProgress::Accepted { .. }
            | LetterProgress::Refused { .. }
            | LetterProgress::Bounced { .. }
            | LetterProgress::Superseded { .. } => None,
        }
    }

    /// The addressee's domain; empty for a person, whose address no event holds.
    #[must_use]
    pub fn domain(&self) -> &str {
        let address = self.address.as_deref().unwrap_or_default();
        address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The unit addressed, or whose leader is; none where the office writes to itself.
    #[must_use]
    pub fn unit(&self) -> Option<&UnitId> {
        self.queued.to.unit()
    }
}
