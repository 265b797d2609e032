//! The ledger (台账) as rows: one a unit and occurrence, and one for each task nothing is open of.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{AssignmentId, Citation, Ledger, PlanState, Purpose, Recipient, TaskId, TaskState};
use crate::matter::{MatterView, Unopened};

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// the plan
    pub plan: String,
    /// the task
    pub task: String,
    /// the period; empty where nothing was opened
    pub period: String,
    /// the unit that must answer, or the first lead
    pub unit: String,
    /// the task's title
    pub title: String,
    /// citations
    pub cite: Vec<Citation>,
    /// 原定时限
    pub original_deadline: Option<NaiveDate>,
    /// 现定时限
    pub current_deadline: Option<NaiveDate>,
    /// where it is
    pub state: String,
    /// days past the deadline on the day asked about, while open
    pub overdue_days: Option<i64>,
    /// letters that reminded its unit (提醒): neither told nor chased it, nor answered it
    pub reminders: u32,
    /// the day of the last of them
    pub last_reminder: Option<NaiveDate>,
}

/// All lines, in the order of plans and tasks, as seen on `day`.
#[must_use]
pub fn ledger_rows(ledger: &Ledger, day: NaiveDate) -> Vec<LedgerRow> {
    let reminders = reminders(ledger);
    let mut rows = Vec::new();
    for (id, plan) in ledger.plans() {
        for state in plan.tasks() {
            let task = TaskId { plan: id.clone(), task: state.task.id.clone() };
            let opened = ledger.occurrences_of(&task);
            if opened.is_empty() {
                rows.push(unopened(plan, state));
            }
            for (occurrence_id, occurrence) in opened {
                let assignments = occurrence.slots.iter().filter_map(|slot| ledger.assignment(*slot));
                for matter in assignments.filter_map(|one| MatterView::of(ledger, one, day)) {
                    let days = reminders.get(&matter.id());
                    rows.push(LedgerRow {
                        period: occurrence_id.period.to_string(),
                        unit: matter.unit_id().to_string(),
                        original_deadline: matter.original(),
                        current_deadline: matter.deadline(),
                        state: matter.state().label().to_owned(),
                        overdue_days: matter.overdue_days(),
                        reminders: matter.reminders(),
                        last_reminder: days.and_then(|days| days.last().copied()),
                        ..unopened(plan, state)
                    });
                }
            }
        }
    }
    rows
}

fn unopened(plan: &PlanState, state: &TaskState) -> LedgerRow {
    LedgerRow {
        plan: plan.head.id.to_string(),
        task: state.task.id.to_string(),
        period: String::new(),
        unit: state.task.lead.first().map(ToString::to_string).unwrap_or_default(),
        title: state.task.title.clone(),
        cite: state.task.cite.clone(),
        original_deadline: state.task.due.one_off_deadline(),
        current_deadline: state.task.due.one_off_deadline(),
        state: Unopened::of(plan, state).label().to_owned(),
        overdue_days: None,
        reminders: 0,
        last_reminder: None,
    }
}

/// The days of the letters that reminded its unit of a matter.
type Days = BTreeMap<AssignmentId, Vec<NaiveDate>>;

fn reminders(ledger: &Ledger) -> Days {
    let mut days = Days::new();
    for (_, letter) in ledger.letters() {
        let own = letter
            .queued
            .items
            .iter()
            .filter(|item| letter.queued.to == Recipient::Unit(item.key.assignment.unit.clone()))
            .filter(|item| item.key.stage.purpose() == Purpose::Remind);
        for item in own {
            days.entry(item.key.assignment.clone()).or_default().push(letter.queued.letter.day);
        }
    }
    days
}
