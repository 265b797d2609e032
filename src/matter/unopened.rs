//! Why nothing is open of a task.

use crate::domain::{Due, PlanState, TaskState};

/// Whether a plan is over: closed, or past when it was taken in. Lists and the ledger leave it out unless it is asked for.
#[must_use]
pub fn is_over(plan: &PlanState) -> bool {
    plan.closed.is_some() || plan.quiet
}

/// Why nothing was opened of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unopened {
    /// the task was withdrawn
    Withdrawn,
    /// done before it came into this ledger
    DoneBefore,
    /// kept and reported on, never chased
    Recorded,
    /// its plan is closed, or was over when it was taken in
    PlanOver,
    /// its plan is being set up
    SetUp,
    /// its date is not known yet
    Awaiting,
    /// it lies ahead
    Planned,
}

impl Unopened {
    /// Of a task of which nothing was opened.
    #[must_use]
    pub fn of(plan: &PlanState, state: &TaskState) -> Self {
        if state.withdrawn.is_some() {
            Self::Withdrawn
        } else if let Due::Done(_) = state.task.due {
            Self::DoneBefore
        } else if state.task.recorded {
            Self::Recorded
        } else if is_over(plan) {
            Self::PlanOver
        } else if plan.is_being_set_up() {
            Self::SetUp
        } else if let Due::Awaiting(_) = state.task.due {
            Self::Awaiting
        } else {
            Self::Planned
        }
    }

    /// As shown in lists.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::DoneBefore => "done-before-import",
            Self::Recorded => "recorded",
            Self::PlanOver => "closed",
            Self::SetUp => "set-up",
            Self::Awaiting => "awaiting",
            Self::Planned => "planned",
        }
    }

    /// On paper.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Withdrawn => "已撤回",
            Self::DoneBefore => "导入前已完成",
            Self::Recorded => "只记录，不督办",
            Self::PlanOver => "计划已关闭",
            Self::SetUp => "计划筹备中",
            Self::Awaiting => "时间待定",
            Self::Planned => "尚未开始",
        }
    }
}
