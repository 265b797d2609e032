//! Commands: what a person wants. A command is answered with events or with a refusal.

mod decide;
mod hand_over;
mod resolve;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use decide::{decide, skip_remaining};
pub(super) use hand_over::{HandOver, hand_over};
pub use resolve::is_mailbox;

use super::event::PlanOwner;
use super::id::{LetterId, OccurrenceId, PlanId, TaskId, UnitId};
use super::import::Import;
use super::plan::{Due, Plan};
use super::unit::Unit;
use crate::calendar::Period;

/// Longest reason or remark, in bytes: it stands in an event.
pub const REASON_BYTES_MAX: usize = 4096;

/// What an admin can ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Command {
    /// 办结
    Accept {
        /// which matter
        target: Target,
        /// the day it was done, where another than today
        done_on: Option<NaiveDate>,
        /// review remark
        remark: Option<String>,
    },
    /// 退回
    Return {
        /// which matter
        target: Target,
        /// why
        reason: String,
        /// a new date
        new_deadline: Option<NaiveDate>,
    },
    /// stop chasing
    Pause {
        /// which matter
        target: Target,
        /// why
        reason: String,
    },
    /// chase again
    Resume {
        /// which matter
        target: Target,
    },
    /// give a date to a task that waits for one
    Settle {
        /// which task
        task: TaskId,
        /// its date
        due: Due,
        /// by which paper
        ground: String,
    },
    /// an assumed lead is right, or these are
    Confirm {
        /// which task
        task: TaskId,
        /// other leads; the assumed one where empty
        lead: Vec<UnitId>,
    },
    /// no more reminders of the plan
    ClosePlan {
        /// which
        plan: PlanId,
        /// why
        reason: String,
    },
    /// a plan of the office is set up: follow it from today
    StartPlan {
        /// which
        plan: PlanId,
    },
    /// hand a plan from its file to the office or back
    TakeOver {
        /// which
        plan: PlanId,
        /// to whom
        owner: PlanOwner,
        /// why
        reason: String,
    },
    /// a plan that the office itself owns
    AddPlan {
        /// the plan
        plan: Box<Plan>,
        /// the old ledger that it was read from
        #[serde(default, skip_serializing_if = "Option::is_none")]
        import: Option<Box<Import>>,
    },
    /// a unit's name, address, members or silence
    SetUnit {
        /// as it is from now on
        unit: Unit,
    },
    /// let a held letter go
    Release {
        /// which
        letter: LetterId,
    },
    /// send a letter once more, under the same Message-ID
    Resend {
        /// which
        letter: LetterId,
        /// why
        reason: String,
    },
    /// the present clock is right
    AcceptClock {
        /// why
        reason: String,
    },
}

impl Command {
    /// Whether it brings in an old ledger.
    #[must_use]
    pub fn is_import(&self) -> bool {
        matches!(self, Self::AddPlan { import: Some(_), .. })
    }
}

/// Which matter a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// the task
    pub task: TaskId,
    /// the period; may be left out where one only is open
    pub period: Option<Period>,
    /// one unit only; the whole occurrence where left out
    pub unit: Option<UnitId>,
}

/// Why a command was refused: a decision, shown as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Refusal {
    #[error("no plan `{0}`; `duban plan list` shows them")]
    NoPlan(PlanId),
    #[error("plan `{0}` exists already")]
    PlanExists(PlanId),
    #[error("sheet `{sheet}` of this very file was imported already, as plan `{plan}`")]
    ImportedAlready { plan: PlanId, sheet: String },
    #[error("plan `{0}` is closed")]
    PlanClosed(PlanId),
    #[error("plan `{0}` is followed already")]
    RunsAlready(PlanId),
    #[error("plan `{plan}` belongs to its file: take `quiet = true` out of `{file}`")]
    StartedByFile { plan: PlanId, file: String },
    #[error("every deadline of plan `{0}` was past when it was taken in: nothing of it is asked of anybody")]
    PlanPast(PlanId),
    #[error("plan `{plan}` already belongs to the {owner}")]
    SameOwner { plan: PlanId, owner: &'static str },
    #[error("no task `{0}`; `duban task list` shows them")]
    NoTask(TaskId),
    #[error("task `{0}` was withdrawn")]
    TaskWithdrawn(TaskId),
    #[error("nothing of `{0}` is open")]
    NothingOpen(TaskId),
    #[error("several periods of `{task}` are open: name one of {periods}")]
    WhichPeriod { task: TaskId, periods: String },
    #[error("`{occurrence}` is not open (it is {state})")]
    NotOpen { occurrence: OccurrenceId, state: &'static str },
    #[error("unit `{unit}` has no part in `{occurrence}`; its units: {units}")]
    NotItsUnit { unit: UnitId, occurrence: OccurrenceId, units: String },
    #[error("no unit `{0}`; `duban unit list` shows them")]
    NoUnit(UnitId),
    #[error("task `{0}` waits for no date; its due is already settled")]
    NotAwaiting(TaskId),
    #[error("`{0}` settles nothing: give a date, a cadence or a window")]
    NotADate(String),
    #[error("the lead of `{0}` is not assumed; a file or `plan take-over` changes it")]
    NotAssumed(TaskId),
    #[error("the new date {new} lies before today, {today}")]
    DatePast { new: NaiveDate, today: NaiveDate },
    #[error("`{0}` is paused already")]
    AlreadyPaused(OccurrenceId),
    #[error("`{0}` is not paused")]
    NotPaused(OccurrenceId),
    #[error("a {0} is needed")]
    Missing(&'static str),
    #[error("the {what} has {bytes} bytes; at most {REASON_BYTES_MAX} fit")]
    TooLong { what: &'static str, bytes: usize },
    #[error("what is asked would take an event of {bytes} bytes; at most {max} fit")]
    EventTooLong { bytes: usize, max: usize },
    #[error(
        "there is no room for it: {needs_bytes} bytes must be free for it and what may come, {free_bytes} are; free some space and hand it over again"
    )]
    NoRoom { needs_bytes: u64, free_bytes: u64 },
    #[error("no letter {0}; `duban letter list` shows them")]
    NoLetter(LetterId),
    #[error("letter {0} waits for no release")]
    NotHeld(LetterId),
    #[error("letter {letter} stays held: {unit} is muted; `duban unit set {unit} --unmute` first")]
    Muted { letter: LetterId, unit: UnitId },
    #[error("letter {0} was not released on its day: its points go with the unit's next letter")]
    NotReleased(LetterId),
    #[error("letter {0} still waits for its release; `duban letter release {0}` lets it go")]
    StillHeld(LetterId),
    #[error("letter {letter} was replaced by {by}")]
    Superseded { letter: LetterId, by: LetterId },
    #[error("the clock is not held")]
    ClockNotHeld,
    #[error("`{0}` is no mailbox: expected name@domain without spaces")]
    BadMailbox(String),
}
