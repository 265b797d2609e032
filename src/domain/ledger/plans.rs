//! The part of the fold that is about plans and tasks.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::{Ledger, PlanState, TaskState};
use crate::domain::event::{Event, Recorded, Stream};
use crate::domain::id::{PlanId, TaskId, TaskSlug};
use crate::domain::matter::MatterClass;
use crate::domain::plan::{Due, LeadBasis, Task};

impl Ledger {
    #[expect(clippy::wildcard_enum_match_arm, reason = "`take_effect` hands over a plan's events only")]
    pub(super) fn apply_to_plan(&mut self, recorded: &Recorded) {
        if let Event::PlanAdopted { head, owner, adopted_on, quiet } = &recorded.event {
            let plan = PlanState {
                head: Arc::new(head.clone()),
                owner: *owner,
                adopted_on: *adopted_on,
                quiet: *quiet,
                closed: None,
                file: None,
                order: Vec::new(),
                tasks: BTreeMap::new(),
                import: None,
                last_collection: None,
                collections: Vec::new(),
            };
            self.plans.insert(head.id.clone(), plan);
            self.index_collection(&head.id);
            return;
        }
        let Stream::Plan(id) = &recorded.stream else {
            return;
        };
        let Some(plan) = self.plans.get_mut(id) else {
            return;
        };
        match &recorded.event {
            Event::PlanHeadChanged { head } => {
                plan.head = Arc::new(head.clone());
                let slugs = plan.order.clone();
                self.index_collection(id);
                for slug in slugs {
                    self.index_opening(&TaskId { plan: id.clone(), task: slug });
                }
            }
            Event::PlanFileAdopted { file, digest } => plan.file = Some((file.clone(), *digest)),
            Event::PlanImported(note) => plan.import = Some(Arc::new(note.clone())),
            Event::TaskHistoryImported(history) => {
                if let Some(state) = plan.tasks.get_mut(&history.task) {
                    state.imported = Some(Arc::new(history.row.clone()));
                }
            }
            Event::PlanTakenOver { owner, .. } => plan.owner = *owner,
            Event::PlanStarted { started_on, past } => self.start_plan(id, *started_on, *past),
            Event::PlanClosed { reason } => self.close_plan(id, reason),
            Event::TaskAdded { task, added_on } => self.add_task(id, task, *added_on),
            Event::TaskChanged { task, changed_on, .. } => self.task_changed(id, task, *changed_on),
            Event::TaskWithdrawn { task, reason } => {
                self.change_task(id, task, |state| state.withdrawn = Some(reason.clone()));
                let task = TaskId { plan: id.clone(), task: task.clone() };
                for state in self.units.values_mut() {
                    state.untold.remove(&task);
                }
            }
            Event::AwaitingSettled { task, due, settled_on, .. } => {
                self.change_task(id, task, |state| {
                    state.task = Arc::new(Task { due: due.clone(), ..Task::clone(&state.task) });
                    state.since = *settled_on;
                });
                self.tell(&TaskId { plan: id.clone(), task: task.clone() });
            }
            Event::LeadConfirmed { task, lead } => self.change_task(id, task, |state| {
                let mut now = Task::clone(&state.task);
                now.lead.clone_from(lead);
                now.lead_basis = LeadBasis::Confirmed;
                state.task = Arc::new(now);
            }),
            _ => {}
        }
    }

    fn add_task(&mut self, plan_id: &PlanId, task: &Task, added_on: NaiveDate) {
        let id = TaskId { plan: plan_id.clone(), task: task.id.clone() };
        let task = Arc::new(task.clone());
        let Some(plan) = self.plans.get_mut(plan_id) else { return };
        let known = plan.tasks.get(&id.task).map(|state| state.place);
        let place = known.unwrap_or(plan.order.len());
        if known.is_none() {
            plan.order.push(id.task.clone());
        }
        let state = TaskState {
            place,
            task: Arc::clone(&task),
            filed: task,
            imported: None,
            since: added_on,
            withdrawn: None,
            last_opened: None,
            next_opening: None,
        };
        plan.tasks.insert(id.task.clone(), state);
        self.tell(&id);
        self.index_opening(&id);
    }

    /// What an admin settled or confirmed outlives a change of the file that doesn't touch it.
    fn task_changed(&mut self, plan_id: &PlanId, task: &Task, changed_on: NaiveDate) {
        let mut moved = false;
        self.change_task(plan_id, &task.id, |state| {
            let mut now = task.clone();
            if matches!(state.filed.due, Due::Awaiting(_)) && state.filed.due == task.due {
                now.due = state.task.due.clone();
            }
            if state.task.lead_basis == LeadBasis::Confirmed && state.filed.lead == task.lead {
                now.lead.clone_from(&state.task.lead);
                now.lead_basis = state.task.lead_basis;
            }
            if std::mem::discriminant(&now.due) != std::mem::discriminant(&state.task.due) {
                state.since = changed_on;
                state.last_opened = None;
                moved = true;
            }
            state.task = Arc::new(now);
            state.filed = Arc::new(task.clone());
        });
        if moved {
            self.tell(&TaskId { plan: plan_id.clone(), task: task.id.clone() });
        }
    }

    /// Its units have to be told of a task: it is new, or has got its date.
    pub(super) fn tell(&mut self, id: &TaskId) {
        let Some(plan) = self.plans.get(&id.plan).filter(|plan| plan.is_followed()) else { return };
        let Some(state) = plan.tasks.get(&id.task) else { return };
        let task = Arc::clone(&state.task);
        // A matter is told by a letter of its own.
        if task.recorded || task.matter.is_some() || matches!(task.due, Due::Done(_)) {
            return;
        }
        for unit in self.expand(task.lead.iter().chain(&task.cooperate)) {
            if let Some(state) = self.units.get_mut(&unit) {
                state.untold.insert(id.clone());
            }
        }
    }

    fn change_task(&mut self, plan_id: &PlanId, slug: &TaskSlug, change: impl FnOnce(&mut TaskState)) {
        let Some(plan) = self.plans.get_mut(plan_id) else {
            return;
        };
        let Some(state) = plan.tasks.get_mut(slug) else {
            return;
        };
        change(state);
        self.index_opening(&TaskId { plan: plan_id.clone(), task: slug.clone() });
    }

    /// A matter is of another class from now on.
    pub(super) fn reclassify(&mut self, id: &TaskId, class: MatterClass) {
        self.change_task(&id.plan, &id.task, |state| {
            let mut now = Task::clone(&state.task);
            if let Some(matter) = &mut now.matter {
                matter.class = class;
            }
            state.task = Arc::new(now);
        });
    }

    /// As if it were adopted on this day.
    fn start_plan(&mut self, id: &PlanId, started_on: NaiveDate, past: bool) {
        let Some(plan) = self.plans.get_mut(id) else { return };
        plan.adopted_on = started_on;
        plan.quiet = past;
        let slugs = plan.order.clone();
        for task in plan.tasks.values_mut() {
            task.since = started_on;
        }
        self.index_collection(id);
        for slug in slugs {
            let task = TaskId { plan: id.clone(), task: slug };
            self.index_opening(&task);
            if self.task(&task).is_some_and(|state| state.withdrawn.is_none()) {
                self.tell(&task);
            }
        }
    }

    fn close_plan(&mut self, id: &PlanId, reason: &str) {
        if let Some(plan) = self.plans.get_mut(id) {
            plan.closed = Some(reason.to_owned());
            let slugs = plan.order.clone();
            for slug in slugs {
                self.index_opening(&TaskId { plan: id.clone(), task: slug });
            }
        }
        self.index_collection(id);
        for state in self.units.values_mut() {
            state.untold.retain(|task| task.plan != *id);
        }
    }
}
