//! One unit's duty in one occurrence, as it stands on a day.

use chrono::NaiveDate;

use super::{Origin, Status, collection, overdue_days};
use crate::calendar::Period;
use crate::domain::agenda::{answers_for_all, answers_itself, is_claimed_for, waiting};
use crate::domain::light::{self, Light};
use crate::domain::{
    Answer, Assignment, AssignmentId, CollectionAsked, LadderName, Ledger, Occurrence, PlanHead, PlanState,
    State, Task, TaskState, UnitId, Waiting,
};
use crate::words::{answer_words, assumptions, clause, conflict, title};

/// One unit's duty in one occurrence, as it stands on a day. Words are for a reader on a day of their own: a paper may
/// be dated later than what it tells.
#[derive(Debug, Clone, Copy)]
pub struct MatterView<'l> {
    pub(super) ledger: &'l Ledger,
    plan: &'l PlanState,
    state: &'l TaskState,
    pub(super) occurrence: &'l Occurrence,
    pub(super) assignment: &'l Assignment,
    day: NaiveDate,
}

/// The matters that papers speak of, in the order of plans and tasks: those whose units answer for them.
#[must_use]
pub fn counted(ledger: &Ledger, day: NaiveDate) -> Vec<MatterView<'_>> {
    let all = ledger.assignments().filter_map(|one| MatterView::of(ledger, one, day));
    in_order(all.filter(|view| view.is_told() && view.answers()).collect())
}

/// In the order of plans and tasks, their periods and units.
pub(super) fn in_order(mut all: Vec<MatterView<'_>>) -> Vec<MatterView<'_>> {
    all.sort_by_key(|view| {
        let period = view.assignment.occurrence.period;
        let place = (&view.plan.head.id, view.state.place);
        (place, (period.first(), period), view.assignment.unit.clone())
    });
    all
}

/// What it is.
impl<'l> MatterView<'l> {
    /// Of an assignment on a day; none of a collection, which is about other matters.
    #[must_use]
    pub fn of(ledger: &'l Ledger, assignment: &'l Assignment, day: NaiveDate) -> Option<Self> {
        let task = &assignment.occurrence.task;
        let plan = ledger.plan(&task.plan)?;
        let state = plan.tasks.get(&task.task)?;
        let occurrence = ledger.occurrence(&assignment.occurrence)?;
        Some(Self { ledger, plan, state, occurrence, assignment, day })
    }

    /// Of an assignment by its name.
    #[must_use]
    pub fn named(ledger: &'l Ledger, id: &AssignmentId, day: NaiveDate) -> Option<Self> {
        let assignment = ledger.assignment(ledger.slot_of(id)?)?;
        Self::of(ledger, assignment, day)
    }

    /// The same as another ledger of the same journal has it; none where that knows nothing of it.
    #[must_use]
    pub fn in_ledger<'o>(&self, other: &'o Ledger, day: NaiveDate) -> Option<MatterView<'o>> {
        MatterView::named(other, &self.id(), day)
    }

    /// `plan/task/period/unit`.
    #[must_use]
    pub fn id(&self) -> AssignmentId {
        self.assignment.id()
    }

    /// The assignment itself, for the rules of the domain.
    #[must_use]
    pub fn assignment(&self) -> &'l Assignment {
        self.assignment
    }

    /// Its plan.
    #[must_use]
    pub fn plan(&self) -> &'l PlanHead {
        &self.plan.head
    }

    /// Its task.
    #[must_use]
    pub fn task(&self) -> &'l Task {
        &self.state.task
    }

    /// Whether its task was withdrawn.
    #[must_use]
    pub fn is_task_withdrawn(&self) -> bool {
        self.state.withdrawn.is_some()
    }

    /// Its period.
    #[must_use]
    pub fn period(&self) -> Period {
        self.assignment.occurrence.period
    }

    /// The day it is seen on.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        self.day
    }

    /// Its title with its period.
    #[must_use]
    pub fn title(&self, reader: NaiveDate) -> String {
        title(self.task(), self.period(), reader)
    }

    /// The clause as printed.
    #[must_use]
    pub fn clause(&self) -> String {
        clause(self.task())
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::of(self.plan(), self.task())
    }

    /// What was assumed of it, and where its document contradicts itself, each in words.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let task = self.task();
        assumptions(task).into_iter().chain(task.conflicts.iter().map(conflict)).collect()
    }

    /// Whether papers and lists speak of it: collections, times to avoid and what was withdrawn aside.
    #[must_use]
    pub fn is_told(&self) -> bool {
        !self.assignment.occurrence.is_collection()
            && !self.is_avoid()
            && !matches!(self.assignment.state, State::Withdrawn | State::Ended)
    }

    /// Whether a time to avoid: foretold, never reported on.
    #[must_use]
    pub fn is_avoid(&self) -> bool {
        self.assignment.course.ladder == LadderName::Avoid
    }
}

/// Whose it is.
impl<'l> MatterView<'l> {
    /// The unit.
    #[must_use]
    pub fn unit_id(&self) -> &'l UnitId {
        &self.assignment.unit
    }

    /// Short name of the unit.
    #[must_use]
    pub fn unit(&self) -> String {
        self.ledger.short_names(std::slice::from_ref(&self.assignment.unit)).concat()
    }

    /// Whether its unit answers: where the first lead answers for all, the others are only reminded.
    #[must_use]
    pub fn answers(&self) -> bool {
        answers_itself(self.ledger, self.task(), &self.assignment.unit)
    }

    /// The unit that answers for it: its own, or the one that answers for all.
    #[must_use]
    pub fn answering(&self) -> &'l UnitId {
        if self.answers() { self.unit_id() } else { self.for_all().map_or(self.unit_id(), |one| &one.unit) }
    }

    /// The assignment of the unit that answers for all, where one does.
    pub(super) fn for_all(&self) -> Option<&'l Assignment> {
        let task = self.task();
        self.ledger
            .assigned(&self.assignment.occurrence)
            .find(|one| answers_for_all(self.ledger, task, &one.unit))
    }

    /// Its own assignment, and those for which its unit answers.
    pub(crate) fn answered_parts(&self) -> impl Iterator<Item = &'l Assignment> {
        let (ledger, task, own) = (self.ledger, &self.state.task, &self.assignment.unit);
        let for_all = answers_for_all(ledger, task, own);
        ledger
            .assigned(&self.assignment.occurrence)
            .filter(move |one| one.unit == *own || for_all && !answers_itself(ledger, task, &one.unit))
    }

    /// Names of those who lead: the unit that answers first. Where each answers for itself, only that one.
    #[must_use]
    pub fn leads(&self) -> Vec<String> {
        let own = self.unit_id();
        let task = self.task();
        if task.answer == Answer::Each || !task.lead.contains(own) {
            return self.ledger.short_names(std::slice::from_ref(own));
        }
        let others = task.lead.iter().filter(|unit| *unit != own).cloned();
        let all: Vec<UnitId> = std::iter::once(own.clone()).chain(others).collect();
        self.ledger.short_names(&all)
    }

    /// 配合单位
    #[must_use]
    pub fn cooperates(&self) -> Vec<String> {
        self.ledger.short_names(&self.task().cooperate)
    }

    /// Who answers, in words for the unit, where several lead.
    #[must_use]
    pub fn who_answers(&self) -> Option<String> {
        let task = self.task();
        let first = task.lead.first().is_none_or(|lead| lead == self.unit_id());
        // Of a collective that leads first, each member answers.
        let each = self.answers() && !first && task.lead.len() > 1 && task.answer == Answer::Lead;
        if each {
            return Some("各单位分别反馈".to_owned());
        }
        answer_words(task, &self.ledger.short_names(&task.lead), first)
    }
}

/// Where it stands.
impl MatterView<'_> {
    /// Its state; claimed, too, where the unit that answers for all has claimed.
    #[must_use]
    pub fn state(&self) -> State {
        let own = self.assignment.state;
        if own.is_chased() && is_claimed_for(self.ledger, self.assignment) { State::Claimed } else { own }
    }

    /// Its light.
    #[must_use]
    pub fn light(&self) -> Light {
        light::light(self.ledger, self.assignment, self.day)
    }

    /// Light and words.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::of(self.ledger, self.assignment, self.day)
    }

    /// 超期天数, while it is chased.
    #[must_use]
    pub fn overdue_days(&self) -> Option<i64> {
        overdue_days(self.assignment, self.day).filter(|_| self.state().is_chased())
    }

    /// What of it waits for the office, longest first.
    #[must_use]
    pub fn waits(&self) -> Vec<Waiting> {
        waiting(self.assignment)
    }

    /// The round that asks for a report on it, while none has come.
    #[must_use]
    pub fn asked_in_round(&self) -> Option<CollectionAsked> {
        collection::missing(self.ledger, self.plan, self.state, self.assignment, self.day)
    }

    /// The day by which its handling is to be reported, while an assigned matter is not reported.
    #[must_use]
    pub fn report_missing(&self) -> Option<NaiveDate> {
        self.report_by()
            .filter(|_| self.state().is_chased() && self.answers() && !self.assignment.is_reported())
    }
}
