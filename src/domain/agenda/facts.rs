//! The facts of a letter, read from the ledger on the day it is written.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::step::key;
use super::{Round, answers_itself, collected, is_claimed_for};
use crate::calendar::{Period, ahead};
use crate::domain::changes;
use crate::domain::draft::{
    AdoptionTold, Body, Changed, Coming, Draft, Item, Role, SheetRow, Waiting, Waits,
};
use crate::domain::event::{Merged, Recipient};
use crate::domain::id::{AssignmentId, LetterId, OccurrenceId, TaskId, UnitId};
use crate::domain::ledger::{Assignment, Ledger, LetterProgress, Noted, PlanState, State, TaskState};
use crate::domain::matter::{REPORT_DAYS, after};
use crate::domain::occurrence::{self, After};
use crate::domain::plan::{Due, PlanHead, Task};
use crate::domain::stage::{Act, Stage};
use crate::domain::timeline::Planned;

/// How far a forecast (预告) looks ahead, in civil days.
const FORECAST_DAYS: u16 = 14;
/// Most points of a forecast.
const FORECAST_MAX: usize = 5;
/// Most periods of one task that an adoption letter names.
const PERIODS_TOLD_MAX: usize = 3;

/// The ledger on the day of a letter.
pub(super) struct Facts<'a> {
    pub ledger: &'a Ledger,
    pub now: DateTime<Utc>,
    pub day: NaiveDate,
    /// counted once for all letters of the day, when the first asks
    cooperating: OnceCell<BTreeMap<UnitId, usize>>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(ledger: &'a Ledger, now: DateTime<Utc>) -> Self {
        Self { ledger, now, day: ledger.day_of(now), cooperating: OnceCell::new() }
    }

    pub(super) fn draft(
        &self,
        letter: LetterId,
        to: Recipient,
        body: Body,
        items: Vec<Item>,
        merged: Vec<Merged>,
        supersedes: Vec<LetterId>,
    ) -> Option<Draft> {
        let office = Arc::clone(self.ledger.office()?);
        let carried = self.carried(&supersedes, &items);
        let (mut coming, mut cooperating) = (Vec::new(), 0);
        if let Recipient::Unit(unit) = &to
            && matches!(body, Body::Adoption(_) | Body::Daily | Body::Returned { .. })
        {
            coming = self.coming(unit, &items, &carried);
            cooperating = self.cooperating(unit);
        }
        let behind_first = items.iter().any(|item| self.waits_for_its_first(&to, item));
        let addressee = to.unit().map_or_else(|| office.name.clone(), |unit| self.ledger.unit_name(unit));
        Some(Draft {
            letter,
            body,
            addressee,
            day: self.day,
            dated: self.now,
            office,
            carried,
            items,
            merged,
            supersedes,
            coming,
            cooperating,
            behind_first,
            to,
        })
    }

    /// Whether the letter that first tells the recipient of the point's task waits for a release, or will.
    fn waits_for_its_first(&self, to: &Recipient, item: &Item) -> bool {
        let task = &item.key.assignment.occurrence.task;
        let is_untold = |unit: &UnitId| self.ledger.unit(unit).is_some_and(|one| one.untold.contains(task));
        let holds = self.ledger.office().is_some_and(|office| office.holds_first_letters());
        holds && matches!(to, Recipient::Unit(unit) if is_untold(unit))
            || self.ledger.unreleased().any(|letter| letter.queued.to == *to && letter.is_first_of(task))
    }

    /// One point; `None` where the plan is unknown.
    pub(super) fn item(&self, assignment: &Assignment, planned: Planned, role: Role) -> Option<Item> {
        let id = &assignment.occurrence;
        let plan = self.ledger.plan(&id.task.plan)?;
        let occurrence = self.ledger.occurrence(id)?;
        let task = plan.tasks.get(&id.task.task).map(|state| Arc::clone(&state.task));
        let collects = if assignment.course.collection {
            self.collects(plan, &assignment.unit, Round::of(assignment))
        } else {
            Vec::new()
        };
        let deadline = assignment.course.deadline;
        let report_by = self.report_by(assignment);
        let answers = |task: &Arc<Task>| answers_itself(self.ledger, task, &assignment.unit);
        let refused = matches!(planned.stage, Stage::Act(Act::ExtensionRefused, _));
        let original = occurrence.opened.deadline.filter(|original| Some(*original) != deadline);
        Some(Item {
            key: key(assignment, planned.stage),
            role,
            unit: assignment.unit.clone(),
            unit_name: self.ledger.unit_name(&assignment.unit),
            plan: Arc::clone(&plan.head),
            answers: task.as_ref().is_none_or(answers),
            chased: self.is_chased(assignment),
            leads: task.as_ref().map(|task| self.ledger.short_names(&task.lead)).unwrap_or_default(),
            cooperates: task
                .as_ref()
                .map(|task| self.ledger.short_names(&task.cooperate))
                .unwrap_or_default(),
            task,
            opens: assignment.course.opens,
            ends: occurrence.opened.ends,
            deadline,
            original_deadline: original,
            // A collection has no deadline: its reply-by is the day that counts.
            advised: super::advised(
                self.ledger,
                assignment.occurrence.period,
                assignment.course.opens,
                deadline.or(occurrence.opened.ends),
            ),
            late_since: (planned.goes_on < self.day).then_some(planned.goes_on),
            collects,
            report_by,
            report_advised: super::advised(self.ledger, Period::Once, assignment.course.opens, report_by),
            refused_date: assignment.record.as_deref().filter(|_| refused).and_then(|r| r.refused_date),
            waits: if role == Role::Reviewer { waiting(assignment) } else { Vec::new() },
            changed: None,
        })
    }

    /// A point that tells what has changed of a task since its unit was told; `None` where all was put
    /// back. `notes` are of one unit and task, oldest first.
    pub(super) fn changed(&self, notes: &[&Noted]) -> Option<Item> {
        let (first, last) = (notes.first()?, notes.last()?);
        let key = last.change.stage.clone();
        let AssignmentId { occurrence, unit } = &key.assignment;
        let plan = self.ledger.plan(&occurrence.task.plan)?;
        let task = Arc::clone(&plan.tasks.get(&occurrence.task.task)?.task);
        let own = self.ledger.slot_of(&key.assignment).and_then(|slot| self.ledger.assignment(slot));
        let done = own.filter(|own| own.state.is_done());
        let own = own.filter(|own| own.state.is_open());
        let differences = match done {
            Some(done) => changes::acceptance(self.ledger, done).into_iter().collect(),
            None => changes::differences(self.ledger, unit, &occurrence.task, &first.before, own),
        };
        if differences.is_empty() {
            return None;
        }
        let told = |of: fn(&Noted) -> Option<&String>| {
            let mut all: Vec<String> = notes.iter().filter_map(|note| of(note)).cloned().collect();
            all.dedup();
            all
        };
        let changed = Changed {
            differences,
            reasons: told(|note| note.change.reason.as_ref()),
            grounds: told(|note| note.change.ground.as_ref()),
            extended: own.and_then(extended_by),
        };
        let goes_on = self.ledger.working().on_or_after(last.change.tell_from);
        let planned = Planned { goes_on, stage: key.stage };
        let deadline = task.due.one_off_deadline();
        let known = own.or(done).and_then(|own| self.item(own, planned, Role::Lead));
        let item = known.unwrap_or_else(|| Item {
            role: Role::Lead,
            unit: unit.clone(),
            unit_name: self.ledger.unit_name(unit),
            plan: Arc::clone(&plan.head),
            // Nothing is open that could be answered.
            answers: false,
            chased: false,
            leads: self.ledger.short_names(&task.lead),
            cooperates: self.ledger.short_names(&task.cooperate),
            opens: self.day,
            ends: None,
            deadline,
            original_deadline: None,
            advised: super::advised(self.ledger, Period::Once, NaiveDate::MIN, deadline),
            late_since: (goes_on < self.day).then_some(goes_on),
            collects: Vec::new(),
            report_by: None,
            report_advised: None,
            refused_date: None,
            waits: Vec::new(),
            changed: None,
            key: key.clone(),
            task: Some(Arc::clone(&task)),
        });
        // Of what is over nothing can be answered.
        let answers = item.answers && done.is_none();
        Some(Item { key, answers, changed: Some(changed), ..item })
    }

    fn report_by(&self, assignment: &Assignment) -> Option<NaiveDate> {
        let matter = self.ledger.task(&assignment.occurrence.task)?.task.matter.clone()?;
        Some(after(matter.assigned_on, REPORT_DAYS, matter.days, self.ledger.working()))
    }

    fn collects(&self, plan: &PlanState, unit: &UnitId, round: Round) -> Vec<Coming> {
        let mut all: Vec<Coming> = collected(self.ledger, plan, unit, round)
            .map(|(assignment, task)| self.of_assignment(assignment, &plan.head, task))
            .collect();
        all.sort_by_key(|coming| coming.deadline.unwrap_or(NaiveDate::MAX));
        all
    }

    pub(super) fn of_assignment(
        &self,
        assignment: &Assignment,
        head: &Arc<PlanHead>,
        task: &TaskState,
    ) -> Coming {
        let deadline = assignment.course.deadline;
        Coming {
            occurrence: assignment.occurrence.clone(),
            plan: Arc::clone(head),
            task: Arc::clone(&task.task),
            role: Role::Lead,
            leads: self.ledger.short_names(&task.task.lead),
            cooperates: self.ledger.short_names(&task.task.cooperate),
            opens: assignment.course.opens,
            deadline,
            advised: super::advised(
                self.ledger,
                assignment.occurrence.period,
                assignment.course.opens,
                deadline,
            ),
            overdue: deadline.is_some_and(|deadline| deadline < self.day) && assignment.course.chased,
            answers: answers_itself(self.ledger, &task.task, &assignment.unit),
        }
    }

    /// The nearest deadlines to come that the letter's points don't name.
    fn coming(&self, unit: &UnitId, items: &[Item], carried: &[Item]) -> Vec<Coming> {
        let horizon = ahead(self.day, FORECAST_DAYS);
        let named: BTreeSet<&AssignmentId> =
            items.iter().chain(carried).map(|item| &item.key.assignment).collect();
        let mut all: Vec<Coming> = self
            .ledger
            .open_of(unit)
            .filter(|(_, assignment)| self.is_chased(assignment))
            .filter(|(_, a)| a.course.deadline.is_some_and(|d| d > self.day && d <= horizon))
            .filter(|(_, a)| !named.contains(&a.id()))
            .filter_map(|(_, assignment)| {
                let plan = self.ledger.plan(&assignment.occurrence.task.plan)?;
                let task = plan.tasks.get(&assignment.occurrence.task.task)?;
                Some(self.of_assignment(assignment, &plan.head, task))
            })
            .collect();
        all.sort_by_key(|coming| coming.deadline);
        all.truncate(FORECAST_MAX);
        all
    }

    /// Followed matters, not yet done, in which the unit cooperates.
    fn cooperating(&self, unit: &UnitId) -> usize {
        self.cooperating.get_or_init(|| self.count_cooperating()).get(unit).copied().unwrap_or(0)
    }

    fn count_cooperating(&self) -> BTreeMap<UnitId, usize> {
        let mut counts = BTreeMap::new();
        let followed = self.ledger.plans().filter(|(_, plan)| plan.is_followed());
        for state in followed.flat_map(|(_, plan)| plan.tasks()).filter(|state| is_asked(state)) {
            let leads = self.ledger.expand(state.task.lead.iter());
            for unit in self.ledger.expand(state.task.cooperate.iter()) {
                if !leads.contains(&unit) {
                    *counts.entry(unit).or_default() += 1;
                }
            }
        }
        counts
    }

    fn role_in(&self, state: &TaskState, unit: &UnitId) -> Option<Role> {
        if self.ledger.expand(state.task.lead.iter()).contains(unit) {
            Some(Role::Lead)
        } else if self.ledger.expand(state.task.cooperate.iter()).contains(unit) {
            Some(Role::Cooperating)
        } else {
            None
        }
    }

    /// What an adoption letter tells its unit, beside the matters that are open.
    pub(super) fn adoption(&self, unit: &UnitId, merged: &[Merged]) -> AdoptionTold {
        let horizon_days = self.ledger.ladders().adoption.horizon_days;
        let horizon = ahead(self.day, horizon_days);
        let reply_by = self.absorbed_reply_by(merged);
        let mut told = AdoptionTold {
            plans: Vec::new(),
            led: 0,
            cooperating: 0,
            horizon_days,
            overdue: Vec::new(),
            soon: Vec::new(),
            cooperating_in: Vec::new(),
            sheet: Vec::new(),
            collection_reply_by: reply_by,
            collection_advised: super::advised(self.ledger, Period::Once, self.day, reply_by),
        };
        let mut untold: Vec<(&TaskId, &PlanState, &TaskState)> = self.ledger.untold(unit, self.day).collect();
        untold.sort_by_key(|(id, _, state)| (&id.plan, state.place));
        for (id, plan, state) in untold {
            let Some(role) = self.role_in(state, unit) else {
                continue;
            };
            if told.plans.last().is_none_or(|head| head.id != id.plan) {
                told.plans.push(Arc::clone(&plan.head));
            }
            let periods = self.periods(plan, state, unit, horizon);
            let next = periods.iter().filter_map(|c| c.deadline).find(|d| *d >= self.day);
            told.sheet.push(SheetRow {
                plan: Arc::clone(&plan.head),
                task: Arc::clone(&state.task),
                role,
                leads: self.ledger.short_names(&state.task.lead),
                cooperates: self.ledger.short_names(&state.task.cooperate),
                answers: role == Role::Lead && answers_itself(self.ledger, &state.task, unit),
                next,
            });
            if role == Role::Lead {
                told.led += 1;
                let (overdue, soon): (Vec<Coming>, Vec<Coming>) =
                    periods.into_iter().partition(|coming| coming.overdue);
                told.overdue.extend(overdue);
                told.soon.extend(soon.into_iter().filter(|c| {
                    c.deadline.is_some_and(|deadline| self.day <= deadline && deadline <= horizon)
                }));
            } else {
                told.cooperating += 1;
                told.cooperating_in.extend(self.open_of_task(id, plan, state));
            }
        }
        told.soon.sort_by_key(|coming| coming.deadline);
        told.overdue.sort_by_key(|coming| coming.deadline);
        told.sheet.sort_by_key(|row| row.role);
        told
    }

    /// The task's open occurrences, as its cooperating units see them.
    fn open_of_task(&self, id: &TaskId, plan: &PlanState, state: &TaskState) -> Vec<Coming> {
        let leads = self.ledger.expand(state.task.lead.iter());
        let first = leads.first().into_iter().flat_map(|lead| self.ledger.open_of(lead));
        first
            .filter(|(_, assignment)| assignment.occurrence.task == *id && self.is_chased(assignment))
            .map(|(_, assignment)| {
                let coming = self.of_assignment(assignment, &plan.head, state);
                Coming { role: Role::Cooperating, answers: false, ..coming }
            })
            .collect()
    }

    fn absorbed_reply_by(&self, merged: &[Merged]) -> Option<NaiveDate> {
        let collection = merged.iter().find(|merged| merged.key.stage == Stage::Collection)?;
        self.ledger.occurrence(&collection.key.assignment.occurrence)?.opened.ends
    }

    /// Whether anything of it is to be done by its unit: what waits for review, or is paused, is named as due nowhere.
    fn is_chased(&self, assignment: &Assignment) -> bool {
        assignment.state.is_chased() && !is_claimed_for(self.ledger, assignment)
    }

    /// The task's open occurrence and the next ones up to the horizon; at least one where any comes.
    fn periods(&self, plan: &PlanState, state: &TaskState, unit: &UnitId, horizon: NaiveDate) -> Vec<Coming> {
        let task_id = TaskId { plan: plan.head.id.clone(), task: state.task.id.clone() };
        let mut periods: Vec<Coming> = self
            .ledger
            .open_of(unit)
            .filter(|(_, assignment)| assignment.occurrence.task == task_id && self.is_chased(assignment))
            .map(|(_, assignment)| self.of_assignment(assignment, &plan.head, state))
            .collect();
        let mut after = state.last_opened.map_or(After::Adoption(state.since), After::Deadline);
        while periods.len() < PERIODS_TOLD_MAX {
            let next = occurrence::next(&state.task, &plan.head, after, self.ledger.working());
            let Some(dates) = next else { break };
            if dates.deadline.is_none_or(|deadline| deadline > horizon) && !periods.is_empty() {
                break;
            }
            after = After::Deadline(dates.last_day());
            periods.push(Coming {
                occurrence: OccurrenceId { task: task_id.clone(), period: dates.period },
                plan: Arc::clone(&plan.head),
                task: Arc::clone(&state.task),
                role: Role::Lead,
                leads: self.ledger.short_names(&state.task.lead),
                cooperates: self.ledger.short_names(&state.task.cooperate),
                opens: dates.opens,
                deadline: dates.deadline,
                advised: super::advised(self.ledger, dates.period, dates.opens, dates.deadline),
                overdue: false,
                answers: false,
            });
        }
        periods
    }

    /// Whether anything of these letters is still open.
    pub(super) fn has_carried(&self, letters: &[LetterId]) -> bool {
        !self.carried(letters, &[]).is_empty()
    }

    /// The points of superseded letters that are still open and not in this letter anyway.
    fn carried(&self, supersedes: &[LetterId], items: &[Item]) -> Vec<Item> {
        supersedes
            .iter()
            .filter_map(|letter| self.ledger.letter(*letter))
            .flat_map(|letter| {
                letter.queued.items.iter().chain(&letter.queued.carried).map(move |item| (letter, item))
            })
            .filter(|(_, old)| !items.iter().any(|item| item.key.assignment == old.key.assignment))
            .filter_map(|(letter, old)| {
                let (task, unit) = (&old.key.assignment.occurrence.task, &old.key.assignment.unit);
                if matches!(old.key.stage, Stage::Changed(_)) {
                    let notes = self.ledger.noted(unit, task).iter();
                    let note = notes.filter(|note| note.change.stage == old.key).collect::<Vec<_>>();
                    return self.changed(&note).map(|item| Item { late_since: None, ..item });
                }
                let slot = self.ledger.slot_of(&old.key.assignment)?;
                let assignment = self.ledger.assignment(slot)?;
                // Only what an outage held back is called late.
                let unreleased = letter.progress == LetterProgress::Unreleased;
                let goes_on = if unreleased { self.day } else { letter.queued.letter.day };
                let planned = Planned { goes_on, stage: old.key.stage };
                self.is_chased(assignment).then(|| self.item(assignment, planned, Role::Lead))?
            })
            .collect()
    }
}

/// The paper by which its present date was granted, else who granted it.
fn extended_by(own: &Assignment) -> Option<String> {
    let granted = own.record.as_deref()?.granted.last()?;
    let is_present = Some(granted.until) == own.course.deadline;
    let paper = if granted.document_number.is_empty() { &granted.approver } else { &granted.document_number };
    is_present.then(|| paper.clone())
}

/// What of an assignment waits for the office, longest first.
#[must_use]
pub fn waiting(assignment: &Assignment) -> Vec<Waiting> {
    let Some(record) = assignment.record.as_deref() else { return Vec::new() };
    let claim = record.standing_claim().filter(|_| assignment.state == State::Claimed);
    let accepted = record.accepted.as_ref().filter(|_| assignment.state == State::Accepted);
    let mut all: Vec<Waiting> = [
        claim.map(|claim| Waiting { since: claim.on, what: Waits::Claim(claim.done_on) }),
        record
            .extension
            .as_ref()
            .map(|asked| Waiting { since: asked.on, what: Waits::Extension(asked.new_deadline) }),
        record.dispute.as_ref().map(|(since, _)| Waiting { since: *since, what: Waits::Dispute }),
        accepted.map(|verdict| Waiting { since: verdict.on, what: Waits::CloseOut }),
    ]
    .into_iter()
    .flatten()
    .collect();
    all.sort_by_key(|waiting| waiting.since);
    all
}

/// Whether anything is asked of anybody in this task.
fn is_asked(state: &TaskState) -> bool {
    state.withdrawn.is_none() && !state.task.recorded && !matches!(state.task.due, Due::Done(_))
}
