//! Tasks as rows of `task list --format json`: a format that others rely on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::calendar::WorkingDays;
use crate::domain::adoption::Declared;
use crate::domain::occurrence::{After, Dates, next};
use crate::domain::{Citation, Conflict, Due, LeadBasis, PlanHead, PlanId, Task, TaskSlug, UnitId};

/// One task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRow {
    /// the plan
    pub plan: PlanId,
    /// its name in the plan
    pub task: TaskSlug,
    /// short, the office's own words
    pub title: String,
    /// the clause as printed
    pub text: String,
    /// citations
    pub cite: Vec<Citation>,
    /// lead units
    pub lead: Vec<UnitId>,
    /// cooperating units
    pub cooperate: Vec<UnitId>,
    /// the shape as written
    pub due: Value,
    /// the date of a one-off; none for recurring and undated ones
    pub deadline: Option<NaiveDate>,
    /// on files alone `planned`, `ongoing`, `awaiting`, `done-before-import` or `recorded`; a daemon has others
    pub state: String,
    /// what the document says otherwise
    pub conflicts: Vec<Conflict>,
    /// how the lead was determined
    pub lead_basis: LeadBasis,
}

impl TaskRow {
    /// The row of a task, its `due` given as written.
    #[must_use]
    pub fn of(plan: &PlanId, task: &Task, due: Value, state: impl Into<String>) -> Self {
        Self {
            plan: plan.clone(),
            task: task.id.clone(),
            title: task.title.clone(),
            text: task.text.clone(),
            cite: task.cite.clone(),
            lead: task.lead.clone(),
            cooperate: task.cooperate.clone(),
            due,
            deadline: task.due.one_off_deadline(),
            state: state.into(),
            conflicts: task.conflicts.clone(),
            lead_basis: task.lead_basis,
        }
    }
}

/// All tasks of the files, plan by plan in the files' order.
#[must_use]
pub fn task_rows(declared: &Declared, as_written: impl Fn(&Due) -> Value) -> Vec<TaskRow> {
    let tasks =
        declared.plans.iter().flat_map(|file| file.plan.tasks.iter().map(|task| (&file.plan.head.id, task)));
    tasks.map(|(plan, task)| TaskRow::of(plan, task, as_written(&task.due), state_on_file(task))).collect()
}

/// What a file alone tells of a task's state.
#[must_use]
pub fn state_on_file(task: &Task) -> &'static str {
    match &task.due {
        _ if task.recorded => "recorded",
        Due::Done(_) => "done-before-import",
        Due::Awaiting(_) => "awaiting",
        Due::Ongoing => "ongoing",
        Due::By(_)
        | Due::Every(_)
        | Due::Window(_)
        | Due::YearlyWindow(_)
        | Due::Starting(_)
        | Due::Avoid(_)
        | Due::YearlyAvoid(_)
        | Due::Cron(_) => "planned",
    }
}

/// All occurrences of a task, as if its plan were adopted on the day it was issued; there may be very many.
pub fn occurrences(task: &Task, head: &PlanHead, working: &WorkingDays) -> impl Iterator<Item = Dates> {
    let first = next(task, head, After::Adoption(head.issued_on), working);
    std::iter::successors(first, |dates| {
        let last = dates.deadline.or(dates.ends).unwrap_or(dates.opens);
        next(task, head, After::Deadline(last), working)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedules;

    fn shipped() -> Vec<Value> {
        let declared = schedules::embedded().declared.unwrap();
        let rows = task_rows(&declared, schedules::due_to_json);
        rows.iter().map(|row| serde_json::to_value(row).unwrap()).collect()
    }

    #[test]
    fn a_row_has_the_keys_that_others_rely_on() {
        let rows = shipped();
        let row = rows.iter().find(|row| row["task"] == "waste-heat-survey").unwrap();
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "cite",
                "conflicts",
                "cooperate",
                "deadline",
                "due",
                "lead",
                "lead_basis",
                "plan",
                "state",
                "task",
                "text",
                "title"
            ]
        );
        assert_eq!(row["due"], serde_json::json!({ "by": "2021-05-31" }));
        assert_eq!(row["deadline"], "2021-05-31");
        assert_eq!(row["state"], "planned");
        assert_eq!(row["conflicts"][0]["used"], "air:8");
        let back: TaskRow = serde_json::from_value(row.clone()).unwrap();
        assert_eq!(serde_json::to_value(back).unwrap(), *row);
    }

    #[test]
    fn only_one_offs_have_a_deadline() {
        let rows = shipped();
        let check = rows.iter().find(|row| row["task"] == "machinery-check").unwrap();
        assert_eq!((&check["deadline"], &check["state"]), (&Value::Null, &"planned".into()));
        let campaign = rows.iter().find(|row| row["task"] == "winter-campaign").unwrap();
        assert_eq!(campaign["deadline"], "2022-03-31");
        let mut states: Vec<&str> = rows.iter().filter_map(|row| row["state"].as_str()).collect();
        states.sort_unstable();
        states.dedup();
        assert_eq!(states, ["awaiting", "done-before-import", "ongoing", "planned", "recorded"]);
    }
}
