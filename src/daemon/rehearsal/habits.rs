//! What units hand in, and the office accepts, by habit: matters that no act names. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::calendar::{ahead, back};
use crate::domain::agenda::{answers_itself, collected};
use crate::domain::command::{Command, Target};
use crate::domain::{
    AnswerItem, Assignment, AssignmentId, ItemAnswer, Ledger, OccurrenceId, State, UnitId, Via,
};
use crate::schedules::script::{self, Habit, Named, Whose};

/// The habits of a script.
pub(super) struct Habits<'a> {
    pub all: &'a [Habit],
    /// matters that acts name: no habit touches them
    pub named: BTreeSet<Named>,
}

impl<'a> Habits<'a> {
    /// Habits of a unit: its own, else those of the rest.
    fn of_unit(&self, unit: &UnitId) -> Vec<&'a Habit> {
        let own = |habit: &&Habit| matches!(&habit.whose, Whose::Units(units) if units.contains(unit));
        let own: Vec<&Habit> = self.all.iter().filter(own).collect();
        if own.is_empty() {
            self.all.iter().filter(|habit| habit.whose == Whose::Rest).collect()
        } else {
            own
        }
    }

    /// What a unit hands in on a day by habit: one form.
    pub(super) fn form_of(
        &self,
        ledger: &Ledger,
        unit: &UnitId,
        day: NaiveDate,
    ) -> (usize, Via, Vec<AnswerItem>) {
        let mut items: BTreeMap<AssignmentId, ItemAnswer> = BTreeMap::new();
        let (mut line, mut via) = (0, Via::Link);
        for habit in self.of_unit(unit) {
            let answers = match habit.answers {
                script::Answers::InTime | script::Answers::Late => self.claimed(ledger, unit, habit, day),
                script::Answers::Monthly => self.reported(ledger, unit, habit, day),
                script::Answers::Never | script::Answers::Accepts => Vec::new(),
            };
            if !answers.is_empty() {
                (line, via) = (habit.line, habit.via);
            }
            for (id, answer) in answers {
                items.entry(id).or_insert(answer);
            }
        }
        let item = |(assignment, answer)| AnswerItem { assignment, answer, evidence: Vec::new() };
        (line, via, items.into_iter().map(item).collect())
    }

    fn is_named(&self, occurrence: &OccurrenceId) -> bool {
        let named = |period| self.named.contains(&Named { task: occurrence.task.clone(), period });
        named(None) || named(Some(occurrence.period))
    }

    fn claimed(
        &self,
        ledger: &Ledger,
        unit: &UnitId,
        habit: &Habit,
        day: NaiveDate,
    ) -> Vec<(AssignmentId, ItemAnswer)> {
        let working = ledger.working();
        let comes = |one: &Assignment| {
            let deadline = one.course.deadline?;
            Some(match habit.answers {
                script::Answers::Late => working.on_or_after(ahead(deadline, habit.days)),
                script::Answers::InTime
                | script::Answers::Never
                | script::Answers::Monthly
                | script::Answers::Accepts => working.on_or_before(back(deadline, habit.days)),
            })
        };
        let open = ledger.open_of(unit).map(|(_, one)| one).filter(|one| {
            let task = ledger.task(&one.occurrence.task);
            one.state.is_chased()
                && one.course.opens <= day
                && comes(one).is_some_and(|comes| comes <= day)
                && !self.is_named(&one.occurrence)
                && task.is_some_and(|state| answers_itself(ledger, &state.task, unit))
        });
        let done = || ItemAnswer::Done { done_on: day, text: "已按要求完成".to_owned() };
        open.map(|one| (one.id(), done())).collect()
    }

    fn reported(
        &self,
        ledger: &Ledger,
        unit: &UnitId,
        habit: &Habit,
        day: NaiveDate,
    ) -> Vec<(AssignmentId, ItemAnswer)> {
        let mut reports = Vec::new();
        for (_, plan) in ledger.plans() {
            let comes = |asked_on| ledger.working().on_or_after(ahead(asked_on, habit.days));
            for asked in plan.collections.iter().filter(|asked| comes(asked.asked_on) == day) {
                let open = collected(ledger, plan, unit, (*asked).into()).map(|(one, _)| one);
                reports.extend(open.filter(|one| !self.is_named(&one.occurrence)).map(|one| {
                    let said = one.record.as_ref().is_some_and(|record| record.progress.is_some());
                    let text = || "按计划推进".to_owned();
                    let progress = || ItemAnswer::Progress { text: text(), problem: None, next_steps: None };
                    (one.id(), if said { ItemAnswer::Unchanged } else { progress() })
                }));
            }
        }
        reports
    }

    /// What the office accepts on a day by habit.
    pub(super) fn accepted(&self, ledger: &Ledger, habit: &Habit, day: NaiveDate) -> Vec<Command> {
        let waited = |one: &&Assignment| {
            let claim = one.record.as_ref().and_then(|record| record.standing_claim());
            let comes = claim.map(|claim| ledger.working().on_or_after(ahead(claim.on, habit.days)));
            one.state == State::Claimed
                && comes.is_some_and(|comes| comes <= day)
                && !self.is_named(&one.occurrence)
        };
        let accept = |one: &Assignment| Command::Accept {
            target: Target {
                task: one.occurrence.task.clone(),
                period: Some(one.occurrence.period),
                unit: Some(one.unit.clone()),
            },
            done_on: None,
            remark: None,
        };
        ledger.in_review().filter(waited).map(accept).collect()
    }
}
