//! Events: what happened. Their JSON is the journal's format for ever
//! (`docs/journal-format.md`); a changed shape gets a new `v` and an upcast.

mod answers;
mod changes;
mod files;
mod letter;
mod occurrence;
mod record;
mod rulings;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use answers::{Evidence, EvidenceSubmitted, ExtensionRequested, Submission};
pub use changes::ChangeNoted;
pub use files::NAMING_EVIDENCE;
pub use letter::{Blame, Checkpoint, LetterKind, MailKind, Merged, Queued, QueuedItem};
pub use occurrence::{Opened, SkipReason};
pub use record::{AccountChanged, Actor, ActorKind, NewEvent, Recorded, Request, Stream, Via};
pub use rulings::{
    BulletinState, BulletinStep, ChaseOrdered, CompletionAccepted, CompletionReturned, Counts, CountsBy,
    ExtensionGranted, LeaderPageOrdered, MatterReclassified, Rescheduled,
};

use super::envelope::RelayFault;
use super::id::{AssignmentId, Digest, LetterId, OccurrenceId, TaskSlug, UnitId};
use super::ladder::Ladders;
use super::light_rules::LightRules;
use super::office::Office;
pub use super::plan::PlanOwner;
use super::plan::{Due, PlanHead, Task};
pub use super::recipient::Recipient;
use super::stage::StageKey;
use super::unit::Unit;
use crate::calendar::WorkingYear;

/// What happened. In the journal: `"type"` and `"data"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    // --- the journal and the office ---
    /// the first event
    JournalCreated {
        /// random, names the journal for ever
        journal: uuid::Uuid,
        /// of the stored lines
        format: u32,
    },
    /// a command larger than one batch begins; it takes effect with its last event
    LargeCommandBegun {
        /// events that follow, the closing one not counted
        events: u64,
    },
    /// the large command is complete
    LargeCommandCompleted {
        /// position of its `LargeCommandBegun`
        begun: u64,
    },
    /// a large command that a crash cut short is withdrawn; nothing of it took effect
    LargeCommandWithdrawn {
        /// position of its `LargeCommandBegun`
        begun: u64,
    },
    /// an account was set or removed
    AccountChanged(AccountChanged),
    /// the office's settings
    OfficeConfigured {
        /// all of them
        office: Office,
    },
    /// ladders
    LaddersDefined {
        /// all of them
        ladders: Ladders,
    },
    /// how lights (红黄绿灯) are told
    LightRulesDefined {
        /// all of them
        rules: LightRules,
    },
    /// a year's days off and make-up workdays
    WorkingYearPublished {
        /// the year, whole
        year: WorkingYear,
    },
    /// the clock was wrong and an admin or NTP has settled it
    ClockCorrected {
        /// the instant that is accepted
        accepted: DateTime<Utc>,
        /// the last event's instant before it
        last: DateTime<Utc>,
        /// why
        reason: String,
    },

    // --- units ---
    /// a unit is known from now on
    UnitRegistered {
        /// the unit
        unit: Unit,
    },
    /// a unit's name, address or members changed
    UnitChanged {
        /// the unit as it is now
        unit: Unit,
    },
    /// a collective has other members: they are asked of what is open, at the sending hour
    UnitMembersAsked {
        /// the collective
        unit: UnitId,
        /// of the first working day from here on
        from: NaiveDate,
    },
    /// who handles a unit's answers (联络员) changed
    ContactChanged {
        /// which
        unit: UnitId,
        /// in `people/`
        contact: Digest,
    },
    /// a person had a leader's page written: a letter that waits for its release
    LeaderPageOrdered(Box<LeaderPageOrdered>),
    /// every link sent to the unit so far opens nothing any more
    LinksRevoked {
        /// which
        unit: UnitId,
        /// why
        reason: String,
    },
    /// its mailbox was set right at its own end: what came back before no longer counts against it
    MailboxMended {
        /// which
        unit: UnitId,
    },

    // --- plans and tasks ---
    /// a plan is followed from now on
    PlanAdopted {
        /// its head
        head: PlanHead,
        /// who may change it
        owner: PlanOwner,
        /// the day of adoption in the office's zone
        adopted_on: NaiveDate,
        /// every deadline is past: kept, never mailed
        quiet: bool,
    },
    /// a changed head
    PlanHeadChanged {
        /// as it is now
        head: PlanHead,
    },
    /// set up at last: followed as one adopted today
    PlanStarted {
        /// the day in the office's zone
        started_on: NaiveDate,
        /// every deadline is past by now: nothing of it is asked of anybody
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        past: bool,
    },
    /// the file's bytes as adopted, for the next comparison
    PlanFileAdopted {
        /// name of the file
        file: String,
        /// of its bytes
        digest: Digest,
    },
    /// the plan was read from the office's old ledger
    PlanImported(super::import::ImportNote),
    /// what the old ledger said of a task: history that others noted, never an act of ours
    TaskHistoryImported(Box<super::import::TaskHistory>),
    /// from a file to the office, or back
    PlanTakenOver {
        /// who may change it from now on
        owner: PlanOwner,
        /// why
        reason: String,
    },
    /// no more reminders
    PlanClosed {
        /// why
        reason: String,
    },
    /// a task of a plan
    TaskAdded {
        /// the task
        task: Task,
        /// the day in the office's zone; nothing of it that ended before opens
        added_on: NaiveDate,
    },
    /// a changed task
    TaskChanged {
        /// as it is now
        task: Task,
        /// why a legal date moved
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// the day in the office's zone; a new shape of `due` counts from it
        changed_on: NaiveDate,
    },
    /// a unit is to be told that a task changes
    ChangeNoted(ChangeNoted),
    /// a task that is asked of nobody any more
    TaskWithdrawn {
        /// which
        task: TaskSlug,
        /// why
        reason: String,
    },
    /// a task whose date was open has one now
    AwaitingSettled {
        /// which
        task: TaskSlug,
        /// its date
        due: Due,
        /// who settled it and by which paper
        ground: String,
        /// the day in the office's zone; nothing that ended before opens
        settled_on: NaiveDate,
    },
    /// an assumed lead is right, or another is
    LeadConfirmed {
        /// which
        task: TaskSlug,
        /// 牵头单位 from now on
        lead: Vec<UnitId>,
    },

    // --- occurrences and assignments ---
    /// an occurrence (期次) is open and asked of its units
    OccurrenceOpened(Opened),
    /// an open occurrence is asked of one more unit
    AssignmentOpened {
        /// which
        assignment: AssignmentId,
        /// stages before this day don't exist
        stages_from: NaiveDate,
    },
    /// another deadline; the original stays visible
    DeadlineChanged {
        /// which
        occurrence: OccurrenceId,
        /// the new legal deadline
        deadline: Option<NaiveDate>,
        /// the working day to aim at, where the deadline is a day off
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advised: Option<NaiveDate>,
        /// the version of its stages
        deadline_version: u32,
        /// stages before this day don't exist
        stages_from: NaiveDate,
        /// why
        reason: String,
    },
    /// a unit confirmed receipt (签收)
    ReceiptAcknowledged {
        /// which
        assignment: AssignmentId,
    },
    /// a unit reported progress (反馈)
    ProgressReported {
        /// which
        assignment: AssignmentId,
        /// its words
        text: String,
        /// 存在问题
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
        /// 下步措施
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_steps: Option<String>,
        /// 本月无变化
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unchanged: bool,
    },
    /// a unit says it is done (申请办结)
    CompletionClaimed {
        /// which
        assignment: AssignmentId,
        /// the day it was done
        done_on: NaiveDate,
        /// its words
        text: String,
    },
    /// the office accepts (办结)
    CompletionAccepted(CompletionAccepted),
    /// the office returns it for rework (退回)
    CompletionReturned(CompletionReturned),
    /// not chased until resumed
    AssignmentPaused {
        /// which
        assignment: AssignmentId,
        /// why
        reason: String,
    },
    /// chased again
    AssignmentResumed {
        /// which
        assignment: AssignmentId,
        /// rounds before this day don't exist
        rounds_from: NaiveDate,
    },
    /// asked of this unit no more
    AssignmentWithdrawn {
        /// which
        assignment: AssignmentId,
        /// why
        reason: String,
    },
    /// accepted, but opened again (回头看)
    TaskReopened {
        /// which
        assignment: AssignmentId,
        /// why
        reason: String,
        /// its new date, where it got one
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again: Option<Rescheduled>,
    },
    /// checked and struck off (销号)
    TaskClosedOut {
        /// which
        assignment: AssignmentId,
        /// what was checked
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remark: Option<String>,
    },
    /// a form came in; the answers to its matters follow in the same batch
    AnswersReceived(Submission),
    /// material was handed in (印证材料)
    EvidenceSubmitted(EvidenceSubmitted),
    /// a unit objects to being asked (对交办有异议); it is asked all the same until the office answers
    AssignmentDisputed {
        /// which
        assignment: AssignmentId,
        /// its words
        text: String,
    },
    /// the office's answer to an objection
    DisputeSettled {
        /// which
        assignment: AssignmentId,
        /// its words
        answer: String,
    },
    /// 延期申请
    ExtensionRequested(ExtensionRequested),
    /// 延期批准
    ExtensionGranted(ExtensionGranted),
    /// 延期驳回: the date stays
    ExtensionRefused {
        /// which
        assignment: AssignmentId,
        /// why
        reason: String,
    },
    /// the office chases it now (催办), by a letter at once
    ChaseOrdered(ChaseOrdered),
    /// a matter's class and date changed
    MatterReclassified(MatterReclassified),
    /// a bulletin went a step further
    BulletinMoved(BulletinStep),
    /// the window to avoid is over, or the collection was overtaken: nobody needs to answer any more
    OccurrenceEnded {
        /// which
        occurrence: OccurrenceId,
    },
    /// stages that will not go, and why
    StagesSkipped {
        /// all stages of these keys end here
        stages: Vec<StageKey>,
        /// why
        why: SkipReason,
    },
    /// stages that came while nobody could send, too long ago
    StagesMissed {
        /// all stages of these keys end here
        stages: Vec<StageKey>,
    },
    // --- letters ---
    /// a letter is written and will be sent; its stages end here
    LetterQueued(Queued),
    /// a person let it go
    LetterReleased {
        /// which
        letter: LetterId,
        /// the unit's mailbox now, where it is another than at that time
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// nobody let it go on its day: its points go with the unit's next letter
    LetterUnreleased {
        /// which
        letter: LetterId,
    },
    /// what it says is no longer so, and nobody had let it go: what of it is still to be told is written anew
    LetterRecalled {
        /// which
        letter: LetterId,
        /// its stages that have not ended, then
        stages: Vec<StageKey>,
    },
    /// taken by the other server, never "delivered"
    LetterAccepted {
        /// which
        letter: LetterId,
        /// the server's words
        reply: String,
    },
    /// not now (4xx, or not reached)
    LetterDeferred {
        /// which
        letter: LetterId,
        /// the server's words or the fault
        reply: String,
        /// next attempt, not before
        retry_at: DateTime<Utc>,
        /// what lay at fault
        #[serde(default, skip_serializing_if = "Blame::is_default")]
        blame: Blame,
    },
    /// refused for good
    LetterRefused {
        /// which
        letter: LetterId,
        /// the server's words
        reply: String,
    },
    /// lost after the final dot: perhaps taken, perhaps not
    LetterUnknown {
        /// which
        letter: LetterId,
        /// the fault
        reply: String,
        /// sent again under the same Message-ID, not before
        retry_at: DateTime<Utc>,
    },
    /// a delivery report says that it never arrived; the server that took it gave it back
    LetterBounced {
        /// which
        letter: LetterId,
        /// status and words of the report
        reply: String,
        /// the report, in `evidence/`
        message: Digest,
    },
    /// mail came in; nothing follows from it but that it is kept
    MailReceived {
        /// the letter it answers, where that could be told
        #[serde(default, skip_serializing_if = "Option::is_none")]
        letter: Option<LetterId>,
        /// the message, in `evidence/`
        message: Digest,
        /// what it is
        kind: MailKind,
    },
    /// a person has dealt with mail that came in
    MailHandled {
        /// position of the event that keeps it
        received: u64,
        /// what came of it
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remark: Option<String>,
    },
    /// never transmitted, folded into a later one
    LetterSuperseded {
        /// which
        letter: LetterId,
        /// the later one
        by: LetterId,
    },
    /// an admin has it sent once more, under the same Message-ID
    LetterResent {
        /// which
        letter: LetterId,
        /// the unit's mailbox now, where it is another than at that time
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        /// why
        reason: String,
    },
    /// the way out is at fault, for every letter alike: none goes until the next try
    RelayFailed {
        /// what kind
        fault: RelayFault,
        /// the server's words or the fault, and what would help
        reply: String,
        /// tries in a row that failed so
        failures: u32,
        /// next try with one letter, not before
        retry_at: DateTime<Utc>,
    },
    /// letters go again
    RelayRecovered {
        /// tries in a row that had failed
        failures: u32,
    },
}
