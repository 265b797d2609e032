//! Tasks: listed, and one shown whole.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::matter_shown::MatterShown;
use super::names;
use super::typed::{Matter, MatterName, UnitName, day};
use super::{Act, Caller, Needs, Office, Refused, UseCase};
use crate::calendar::Period;
use crate::domain::command::Target;
use crate::domain::occurrence::Dates;
use crate::domain::{
    Assignment, AssignmentId, ImportedRow, LeadBasis, Ledger, Occurrence, OccurrenceId, PlanId, PlanState,
    Recorded, State, Task, TaskId, TaskState,
};
use crate::locale::message;
use crate::matter::{Happened, MatterView, Share, Unopened, is_over, share_in};
use crate::report::{TaskRow, occurrences, state_on_file};
use crate::schedules::due_to_json;
use crate::words::due_full;

/// Occurrences of a task that `task show` lists.
const OCCURRENCES_SHOWN_MAX: usize = 8;
/// Occurrences among which those are looked for.
const OCCURRENCES_SEARCHED_MAX: usize = 5_000;

/// `task list`: tasks of plans that are followed or being set up.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct List {
    /// Tasks of this plan only
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<PlanId>,
    /// Tasks that this unit leads or cooperates in, by itself or as a member of a collective
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitName>,
    /// One-offs due on this day or earlier
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub due_before: Option<NaiveDate>,
    /// Tasks that await a date
    #[arg(long)]
    #[serde(default)]
    pub awaiting: bool,
    /// Tasks whose lead is assumed, to be confirmed
    #[arg(long)]
    #[serde(default)]
    pub assumed: bool,
    /// Also of plans that are closed, or were past when they were taken in; a plan that is named is shown anyway
    #[arg(long)]
    #[serde(default)]
    pub closed: bool,
}

/// A task, and the part that the unit has in it which was asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// the task
    #[serde(flatten)]
    pub row: TaskRow,
    /// leads or cooperates, by itself or through a collective
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
}

impl UseCase for List {
    type Answer = Vec<Listed>;
    const NAME: &'static str = "task/list";
    const ACT: Act = Act::Read;
    const IS_OF_OWN: bool = true;
    const NEEDS: Needs = Needs::Plans;

    fn about(&self) -> Option<&UnitName> {
        self.unit.as_ref()
    }

    fn answer(self, office: &Office, caller: &Caller) -> Result<Vec<Listed>, Refused> {
        let ledger = office.ledger();
        if let Some(id) = &self.plan {
            names::plan(&ledger, id)?;
        }
        let units = names::asked_units(&ledger, self.unit.as_ref(), caller)?;
        let listed = |entry: TaskEntry| {
            let share = units.iter().flatten().find_map(|unit| share_in(&ledger, &entry.task, unit));
            let is_asked = self.wants(&ledger, &entry) && (units.is_none() || share.is_some());
            is_asked.then(|| Listed { row: row(office, &entry), share })
        };
        let entries = entries(&ledger).into_iter().filter(|entry| entry.withdrawn.is_none());
        Ok(entries.filter_map(listed).collect())
    }
}

impl List {
    fn wants(&self, ledger: &Ledger, entry: &TaskEntry) -> bool {
        let task = &entry.task;
        let is_asked = || ledger.plan(&entry.plan).is_some_and(|plan| !is_over(plan));
        self.plan.as_ref().map_or_else(|| self.closed || is_asked(), |plan| entry.plan == *plan)
            && self.due_before.is_none_or(|day| task.due.one_off_deadline().is_some_and(|due| due <= day))
            && (!self.awaiting || matches!(task.due, crate::domain::Due::Awaiting(_)))
            && (!self.assumed || task.lead_basis == LeadBasis::Assumed)
    }
}

/// The row of a task; on plan files alone with what they tell of its state.
fn row(office: &Office, entry: &TaskEntry) -> TaskRow {
    let state = match office.has() {
        Needs::Plans => state_on_file(&entry.task).to_owned(),
        Needs::Journal | Needs::Planner => entry.state.clone(),
    };
    TaskRow::of(&entry.plan, &entry.task, due_to_json(&entry.task.due), state)
}

/// All tasks with what was opened of them; what `task list` and imports are made from.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entries {}

impl UseCase for Entries {
    type Answer = Vec<TaskEntry>;
    const NAME: &'static str = "task/entries";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<TaskEntry>, Refused> {
        Ok(entries(&office.ledger()))
    }
}

/// `task show`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct Show {
    /// `plan/task`, or `task` where one plan only has it; with its period, that alone
    #[arg(value_name = "TASK")]
    pub name: MatterName,
    /// Which period, as 2021Q3 or 2021-09 [default: what is open, else the last]
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<Period>,
    /// One unit's part only
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitName>,
}

/// A task whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// its row in `task list`
    pub row: TaskRow,
    /// as its plan says it
    pub task: Task,
    /// its time as letters say it: 每月25日前
    #[serde(default)]
    pub due: String,
    /// what is open or to come; all from the beginning where all is past
    pub occurrences: Vec<Dates>,
    /// each unit's part in what is open, or in the period that was named
    pub matters: Vec<MatterShown>,
}

impl UseCase for Show {
    type Answer = Shown;
    const NAME: &'static str = "task/show";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Shown, Refused> {
        let today = office.today();
        let matter = Matter { name: self.name, period: self.period, unit: self.unit };
        let target = names::target(&office.ledger(), &matter)?;
        // Read before the ledger is held: the planner must not wait for it.
        let events = office.plan_events(&target.task.plan)?;
        let ledger = office.ledger();
        let id = &target.task;
        let gone = || Refused::fault(message("task-gone").with("task", id));
        let plan = ledger.plan(&id.plan).ok_or_else(gone)?;
        let entry = entry(&ledger, id).ok_or_else(gone)?;
        let all =
            occurrences(&entry.task, &plan.head, ledger.working()).take(OCCURRENCES_SEARCHED_MAX).collect();
        let mut matters = matters(&ledger, &target, &events, today)?;
        let accounts = office.accounts()?;
        let lines = matters.iter_mut().flat_map(|matter| &mut matter.history);
        for line in lines.filter(|line| matches!(line.what, Happened::Accepted | Happened::ClosedOut)) {
            line.says = accounts.shown_before_remark(&line.says);
        }
        let due = due_full(&plan.head, &entry.task);
        let occurrences = nearest_to(today, all);
        Ok(Shown { row: row(office, &entry), due, occurrences, matters, task: entry.task })
    }
}

/// Each unit's part in the period that is named; where none is, in what is open, else in the last period.
fn matters(
    ledger: &Ledger,
    target: &Target,
    events: &[Recorded],
    today: NaiveDate,
) -> Result<Vec<MatterShown>, Refused> {
    let opened = ledger.occurrences_of(&target.task);
    let is_open = |occurrence: &Occurrence| of(ledger, occurrence).any(|one| one.state.is_open());
    let wanted: Vec<&Occurrence> = match target.period {
        Some(period) => opened.iter().filter(|(id, _)| id.period == period).map(|(_, one)| *one).collect(),
        None => opened.iter().map(|(_, one)| *one).filter(|one| is_open(one)).collect(),
    };
    if let (Some(period), []) = (target.period, wanted.as_slice()) {
        let why = message("nothing-opened").with("matter", &format!("{}/{period}", target.task));
        return Err(Refused::decided(why).cure(message("cure-task-periods").with("task", &target.task)));
    }
    let wanted =
        if wanted.is_empty() { opened.last().map(|(_, one)| *one).into_iter().collect() } else { wanted };
    let parts = wanted.into_iter().flat_map(|occurrence| of(ledger, occurrence));
    let parts = parts.filter(|one| target.unit.as_ref().is_none_or(|unit| one.unit == *unit));
    let views = parts.filter_map(|one| MatterView::of(ledger, one, today));
    Ok(views.map(|view| MatterShown::of(ledger, &view, events)).collect())
}

/// What is open or to come; all from the beginning where all is past.
fn nearest_to(today: NaiveDate, mut occurrences: Vec<Dates>) -> Vec<Dates> {
    let to_come =
        occurrences.iter().position(|dates| dates.deadline.or(dates.ends).is_none_or(|end| end >= today));
    occurrences.drain(..to_come.unwrap_or(0));
    occurrences.truncate(OCCURRENCES_SHOWN_MAX);
    occurrences
}

/// One of a list.
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

/// All tasks, plan by plan, in the order of their adding.
#[must_use]
pub fn entries(ledger: &Ledger) -> Vec<TaskEntry> {
    let mut by_task: BTreeMap<TaskId, Vec<(&OccurrenceId, &Occurrence)>> = BTreeMap::new();
    for (id, occurrence) in ledger.occurrences() {
        by_task.entry(id.task.clone()).or_default().push((id, occurrence));
    }
    ledger
        .plans()
        .flat_map(|(id, plan)| plan.tasks().map(move |state| (id, plan, state)))
        .map(|(plan_id, plan, state)| {
            let id = TaskId { plan: plan_id.clone(), task: state.task.id.clone() };
            let opened = by_task.remove(&id).unwrap_or_default();
            task_entry(ledger, (plan_id, plan), state, opened)
        })
        .collect()
}

/// One task, with what was opened of it.
#[must_use]
pub fn entry(ledger: &Ledger, id: &TaskId) -> Option<TaskEntry> {
    let (plan, state) = (ledger.plan(&id.plan)?, ledger.task(id)?);
    Some(task_entry(ledger, (&id.plan, plan), state, ledger.occurrences_of(id)))
}

fn task_entry(
    ledger: &Ledger,
    (id, plan): (&PlanId, &PlanState),
    state: &TaskState,
    mut opened: Vec<(&OccurrenceId, &Occurrence)>,
) -> TaskEntry {
    opened.sort_by_key(|(id, _)| id.period);
    let assignments = || opened.iter().rev().flat_map(|(_, occurrence)| of(ledger, occurrence));
    let shown = assignments().find(|a| a.state.is_open()).or_else(|| assignments().next());
    let label = match shown.filter(|_| state.withdrawn.is_none()) {
        Some(assignment) => standing(ledger, assignment).label(),
        None => Unopened::of(plan, state).label(),
    };
    TaskEntry {
        plan: id.clone(),
        task: (*state.task).clone(),
        since: state.since,
        withdrawn: state.withdrawn.clone(),
        state: label.to_owned(),
        imported: state.imported.as_deref().cloned(),
        occurrences: opened.iter().map(|(id, occurrence)| occurrence_entry(ledger, id, occurrence)).collect(),
    }
}

fn of<'a>(ledger: &'a Ledger, occurrence: &'a Occurrence) -> impl Iterator<Item = &'a Assignment> {
    occurrence.slots.iter().filter_map(|slot| ledger.assignment(*slot))
}

/// Its state as every paper has it: claimed, too, where the unit that answers for all has claimed.
fn standing(ledger: &Ledger, assignment: &Assignment) -> State {
    let view = MatterView::of(ledger, assignment, assignment.course.opens);
    view.map_or(assignment.state, |view| view.state())
}

fn occurrence_entry(ledger: &Ledger, id: &OccurrenceId, occurrence: &Occurrence) -> OccurrenceEntry {
    OccurrenceEntry {
        occurrence: id.clone(),
        opens: occurrence.opened.opens,
        deadline: occurrence.deadline,
        advised: occurrence.advised,
        assignments: of(ledger, occurrence)
            .map(|assignment| AssignmentEntry {
                assignment: assignment.id(),
                state: standing(ledger, assignment).label().to_owned(),
                next: assignment.next,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, ManualClock};
    use crate::locale::Language;

    fn office(now: &str) -> Office {
        let declared = crate::schedules::embedded().declared.unwrap();
        Office::of_plans(&declared, Clock::Manual(ManualClock::at(now.parse().unwrap())))
    }

    #[test]
    fn what_is_open_or_to_come_is_shown_else_the_beginning() {
        let periods = |now: &str| -> Vec<String> {
            let name = "annual/machinery-check".parse().unwrap();
            let show = Show { name, period: None, unit: None };
            let shown = office(now).answer(show, &Caller::of_files(Language::English)).unwrap();
            shown.occurrences.iter().map(|dates| dates.period.to_string()).collect()
        };
        assert_eq!(periods("2030-06-30T01:00:00Z"), ["2030Q2", "2030Q3", "2030Q4"]);
        assert_eq!(periods("2026-10-01T01:00:00Z").len(), OCCURRENCES_SHOWN_MAX);
        assert_eq!(periods("2040-01-01T01:00:00Z").first().unwrap(), "2022Q1");
    }

    #[test]
    fn tasks_of_plans_that_are_over_are_listed_on_request_only() {
        let office = office("2026-11-30T01:00:00Z");
        let listed = |ask: List| office.answer(ask, &Caller::of_files(Language::English)).unwrap();
        let due_before = Some("2027-12-31".parse().unwrap());
        let over = |one: &&Listed| one.row.plan.as_str().starts_with("yangcheng-2021");
        assert_eq!(listed(List { due_before, ..List::default() }).iter().filter(over).count(), 0);
        let all = listed(List { due_before, closed: true, ..List::default() });
        assert_eq!(all.iter().filter(over).count(), 35);
        let plan = Some("yangcheng-2021-air".parse().unwrap());
        assert_eq!(listed(List { plan, ..List::default() }).len(), 75, "a plan that is named is shown");
    }
}
