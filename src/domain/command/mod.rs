//! Commands: what a person wants. A command is answered with events or with a refusal.

mod answer;
mod decide;
mod ending;
mod hand_over;
mod incoming;
mod matters;
mod office;
mod refusal;
mod resolve;
mod secrecy;
mod seen;
mod units;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use decide::decide;
pub use ending::skip_remaining;
pub(super) use hand_over::{HandOver, hand_over};
pub use matters::{NewMatter, days_off};
pub use refusal::Refusal;
pub use resolve::is_mailbox;
pub use secrecy::{secret_mark, secret_name};

use super::answer::Answers;
use super::event::{AccountChanged, BulletinStep, PlanOwner};
use super::id::{LetterId, PlanId, TaskId, UnitId};
use super::import::Import;
use super::leader::LeaderPage;
use super::matter::MatterClass;
use super::plan::{Due, Plan};
use super::unit::Unit;
use crate::calendar::Period;

/// Longest name of a unit, as in its file.
pub const UNIT_NAME_CHARS_MAX: usize = 200;
/// Longest reason or remark, in bytes: it stands in an event.
pub const REASON_BYTES_MAX: usize = 4096;

/// What an admin can ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
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
    /// 时限调整, of a task in a plan that the office owns
    MoveDeadline {
        /// which task
        task: TaskId,
        /// its new date
        until: NaiveDate,
        /// why
        reason: String,
        /// by which paper
        ground: Option<String>,
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
    /// units that are new, and known ones as they are from now on: whole or not at all
    SetUnits {
        /// new ones
        #[serde(default)]
        added: Vec<Unit>,
        /// known ones
        #[serde(default)]
        changed: Vec<Unit>,
    },
    /// let a held letter go
    Release {
        /// which
        letter: LetterId,
    },
    /// a unit's form, by whatever way it came
    Answer {
        /// all of it
        answers: Box<Answers>,
    },
    /// 延期批准
    GrantExtension {
        /// which matter
        target: Target,
        /// the date; the one asked for where left out
        new_deadline: Option<NaiveDate>,
        /// who approved it
        approver: String,
        /// by which paper
        document_number: String,
    },
    /// 延期驳回
    RefuseExtension {
        /// which matter
        target: Target,
        /// why
        reason: String,
    },
    /// answer an objection
    SettleDispute {
        /// which matter
        target: Target,
        /// the answer
        answer: String,
    },
    /// A leader's page as a letter, which waits for its release.
    TellLeader {
        /// whose leader
        unit: UnitId,
        /// what it says
        page: Box<LeaderPage>,
    },
    /// 催办, at once: one letter a unit for all of them, or none where one can't be chased
    Chase {
        /// which matters
        targets: Vec<Target>,
        /// words of the office's own
        words: Option<String>,
    },
    /// 销号
    CloseOut {
        /// which matter
        target: Target,
        /// what was checked
        remark: Option<String>,
    },
    /// 回头看
    Reopen {
        /// which matter
        target: Target,
        /// why
        reason: String,
        /// its new date
        new_deadline: Option<NaiveDate>,
    },
    /// assign a matter (交办, 13710)
    AssignMatter {
        /// all of it
        matter: Box<NewMatter>,
    },
    /// assign a list of them, whole or not at all: one letter a unit
    AssignMatters {
        /// all of them
        matters: Vec<NewMatter>,
    },
    /// ordinary to complex, or back
    Reclassify {
        /// which matter
        target: Target,
        /// what it is from now on
        class: MatterClass,
        /// a dated plan in the place of the rule's date
        until: Option<NaiveDate>,
        /// who approved it
        approver: String,
        /// why
        reason: String,
    },
    /// every link sent to a unit so far opens nothing any more
    RevokeLinks {
        /// which unit
        unit: UnitId,
        /// why
        reason: String,
    },
    /// a bulletin goes a step further
    MoveBulletin {
        /// which
        step: BulletinStep,
    },
    /// send a letter once more, under the same Message-ID
    Resend {
        /// which
        letter: LetterId,
        /// why
        reason: String,
    },
    /// mail that came in is dealt with
    HandleMail {
        /// position of the event that keeps it
        received: u64,
        /// what came of it
        remark: Option<String>,
    },
    /// a unit's mailbox was mended at its own end
    MailboxWorks {
        /// whose
        unit: UnitId,
    },
    /// an account was set or removed; only the use case says so, which changes it, too
    #[serde(skip_deserializing)]
    RecordAccount(AccountChanged),
    /// the present clock is right
    AcceptClock {
        /// why
        reason: String,
    },
}

impl Command {
    /// Whether it brings in an office's file: an old ledger, or a list of matters.
    #[must_use]
    pub fn is_import(&self) -> bool {
        matches!(self, Self::AddPlan { import: Some(_), .. } | Self::AssignMatters { .. })
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
