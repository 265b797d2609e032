//! What is to be done now: occurrences to open, letters to write, stages to end.
//!
//! Planner and preview both play [`Turn`], so that what is foretold is what happens. Each function
//! returns what follows from the ledger as it is; the caller applies it and asks again until
//! nothing is left. Asking twice, or late, changes nothing but the day.

mod acts;
mod changes;
mod facts;
mod length;
mod letters;
mod members;
mod recalls;
mod releases;
mod step;
mod turn;

pub use facts::waiting;
pub use length::LETTER_ITEMS_MAX;
pub use members::{TakeOver, asked_from, take_overs};
pub use step::Step;
pub(super) use step::key;
pub use turn::{Turn, lapses, next_wake};

use chrono::{DateTime, NaiveDate, Utc};

use super::event::{Event, LetterKind, NewEvent, Opened, SkipReason, Stream};
use super::id::{COLLECTION, OccurrenceId, TaskId, TaskSlug, UnitId};
use super::ladder::LadderName;
use super::ledger::{
    Assignment, CollectionAsked, Ledger, LetterProgress, LetterState, PlanState, State, TaskState,
};
use super::occurrence::Dates;
use super::office::{FirstLetters, Office};
use super::plan::{Answer, Task};
use super::stage::Stage;
use super::unit::{Unit, UnitKind};
use crate::calendar::{Period, ahead};

/// The occurrences and collections that open next, all of one day, oldest day first; empty when
/// none has to be opened by `now`. Called again until empty, it catches up day by day.
fn openings(ledger: &Ledger, now: DateTime<Utc>) -> Vec<NewEvent> {
    let through = ledger.through(now);
    let today = ledger.day_of(now);
    let first_task = ledger.openings_through(today).next().map(|(day, _)| *day);
    let first_collection = ledger.collections_through(through).next().map(|(day, _)| *day);
    // What was added today opens at once where it is told at once; all else at its sending hour.
    match (first_task, first_collection) {
        (Some(day), collection) if collection.is_none_or(|other| day <= other) => ledger
            .openings_through(day)
            .filter(|(_, task)| day <= through || was_added_on(ledger, task, day))
            .filter_map(|(day, task)| open_task(ledger, task, *day))
            .collect(),
        (_, Some(day)) => ledger
            .collections_through(day)
            .filter_map(|(_, plan)| ledger.plan(plan))
            .filter_map(|plan| open_collection(ledger, plan, false))
            .collect(),
        (_, None) => Vec::new(),
    }
}

/// Collections that the adoption letters going today absorb: opened with the adoption.
fn absorbed_collections(ledger: &Ledger, now: DateTime<Utc>) -> Vec<NewEvent> {
    let today = ledger.day_of(now);
    if !tells_at_once(ledger) && ledger.through(now) < today {
        return Vec::new();
    }
    let horizon = ahead(today, ledger.ladders().adoption.absorbs_collection_days);
    ledger
        .collections_through(horizon)
        .filter_map(|(_, plan)| ledger.plan(plan))
        .filter(|plan| plan.adopted_on == today && plan.last_collection.is_none())
        .filter_map(|plan| open_collection(ledger, plan, true))
        .collect()
}

/// Occurrences that are over without anybody's answer: times to avoid, collections.
fn endings(ledger: &Ledger, now: DateTime<Utc>) -> Vec<NewEvent> {
    let through = ledger.through(now);
    ledger
        .endings_before(through)
        .filter(|id| {
            let slots = ledger.occurrence(id).map(|o| o.slots.clone()).unwrap_or_default();
            slots
                .iter()
                .filter_map(|slot| ledger.assignment(*slot))
                .all(|a| a.next.is_none_or(|next| next > through) && !a.adoption_pending)
        })
        .map(|id| NewEvent {
            stream: Stream::Plan(id.task.plan.clone()),
            occurred_on: None,
            event: Event::OccurrenceEnded { occurrence: id.clone() },
        })
        .collect()
}

/// Whether what is new is told the moment it is known, and not at a sending hour.
fn tells_at_once(ledger: &Ledger) -> bool {
    ledger.office().is_none_or(|office| office.first_letters() == FirstLetters::AtOnce)
}

fn was_added_on(ledger: &Ledger, task: &TaskId, day: NaiveDate) -> bool {
    let added = ledger.task(task).filter(|state| state.since == day);
    // A matter is a person's act, told by a letter of its own.
    added.is_some_and(|state| tells_at_once(ledger) || state.task.matter.is_some())
}

fn open_task(ledger: &Ledger, id: &TaskId, day: NaiveDate) -> Option<NewEvent> {
    let plan = ledger.plan(&id.plan)?;
    let state = plan.tasks.get(&id.task)?;
    let (dates, _) = ledger.next_dates(plan, state)?;
    let ladders = ledger.ladders();
    let horizon = ahead(state.since, ladders.adoption.horizon_days);
    let units = asked_units(ledger, &state.task.lead, None);
    // Only what an adoption letter still has to tell waits for one: another rhythm of a task told before has none.
    let waits = |unit: &UnitId| ledger.unit(unit).is_none_or(|known| known.untold.contains(id));
    let by_adoption = day <= state.since && units.iter().all(waits);
    // What stands in the adoption letter as soon due needs no notice of its own.
    let told = by_adoption || dates.deadline.is_some_and(|deadline| deadline <= horizon);
    let notice = match dates.ladder {
        LadderName::Standard => ladders.standard.notice && !told,
        LadderName::Brief => ladders.brief.notice && !told,
        LadderName::Daily => ladders.daily.notice && !told,
        LadderName::Avoid | LadderName::None | LadderName::Matter | LadderName::MatterWorking => false,
    };
    let occurrence = OccurrenceId { task: id.clone(), period: dates.period };
    let opened = Opened {
        opens: dates.opens,
        ends: dates.ends,
        deadline: dates.deadline,
        advised: advised(ledger, dates.period, dates.opens, dates.deadline),
        ladder: dates.ladder,
        ladder_version: ladders.version,
        notice,
        by_adoption,
        stages_from: day,
        chased: is_chased(&state.task, &dates),
        units,
        occurrence,
    };
    Some(NewEvent {
        stream: Stream::Plan(id.plan.clone()),
        occurred_on: None,
        event: Event::OccurrenceOpened(opened),
    })
}

/// Daily letters that nobody let go by the end of their day.
///
/// An adoption letter waits on, as one to a leader does: it is told once, and nothing stands in for it.
fn unreleased(ledger: &Ledger, now: DateTime<Utc>) -> Vec<NewEvent> {
    let Some(office) = ledger.office() else { return Vec::new() };
    ledger
        .unreleased()
        .filter(|letter| letter.progress == LetterProgress::Held && is_too_late(office, letter, now))
        .map(|letter| letter.queued.letter)
        .map(|letter| NewEvent {
            stream: Stream::Letter(letter),
            occurred_on: None,
            event: Event::LetterUnreleased { letter },
        })
        .collect()
}

/// Whether a letter can't be released any more: a daily one, after the end of its day's release.
pub(super) fn is_too_late(office: &Office, letter: &LetterState, now: DateTime<Utc>) -> bool {
    let queued = &letter.queued;
    queued.kind == LetterKind::Daily && now >= office.release_ends(queued.letter.day, queued.dated)
}

/// The working day to aim at, where the deadline is a day off: the one before. Where nothing can be done yet on that
/// one, for the matter opens later or reports on a period that runs still, the one after.
#[must_use]
pub fn advised(
    ledger: &Ledger,
    period: Period,
    opens: NaiveDate,
    deadline: Option<NaiveDate>,
) -> Option<NaiveDate> {
    let deadline = deadline?;
    // Due after its period is what reports on the whole of it.
    let over = period.last().filter(|last| *last < deadline).and_then(|last| last.succ_opt());
    let first = over.map_or(opens, |over| over.max(opens));
    let before = ledger.working().on_or_before(deadline);
    let day = if first <= before { before } else { ledger.working().on_or_after(deadline) };
    (day != deadline).then_some(day)
}

/// Targets (力争) never turn red by themselves, and nobody answers a time to avoid.
fn is_chased(task: &Task, dates: &Dates) -> bool {
    !task.target && dates.ladder != LadderName::Avoid
}

/// The units an occurrence is asked of: leads, members in the place of a collective, never the government.
/// With `changed`, as if that unit were so.
pub(super) fn asked_units(ledger: &Ledger, lead: &[UnitId], changed: Option<&Unit>) -> Vec<UnitId> {
    let mut units = ledger.expand_with(lead.iter(), changed);
    units.retain(|id| ledger.unit(id).is_none_or(|state| state.unit.kind != UnitKind::Government));
    units
}

/// Whether a unit that was asked answers for itself: the first lead, or every unit where each must answer. What stayed
/// with a collective's mailbox, or with one of its members, when others took their place is theirs to answer, too.
#[must_use]
pub fn answers_itself(ledger: &Ledger, task: &Task, unit: &UnitId) -> bool {
    match task.answer {
        Answer::Each => true,
        Answer::Lead if leads_as_collective(ledger, task) => true,
        Answer::Lead => {
            let units = ledger.expand(task.lead.iter());
            units.first() == Some(unit) || !units.contains(unit)
        }
    }
}

/// Opens the plan's next collection, for the units that have something to report in it.
///
/// With nobody to ask it is still opened, so that the next one comes.
fn open_collection(ledger: &Ledger, plan: &PlanState, by_adoption: bool) -> Option<NewEvent> {
    let (planned, dates) = ledger.next_collection(plan)?;
    let round = Round { period: dates.period, asked_on: dates.asked_on };
    let units = ledger
        .units()
        .filter(|unit| collected(ledger, plan, &unit.unit.id, round).next().is_some())
        .map(|unit| unit.unit.id.clone())
        .collect();
    let task = TaskSlug::parse(COLLECTION).ok()?;
    let opened = Opened {
        occurrence: OccurrenceId { task: TaskId { plan: plan.head.id.clone(), task }, period: dates.period },
        opens: dates.asked_on,
        ends: Some(dates.reply_by),
        deadline: None,
        advised: None,
        ladder: LadderName::None,
        ladder_version: ledger.ladders().version,
        notice: false,
        by_adoption,
        stages_from: if by_adoption { plan.adopted_on } else { planned.goes_on },
        chased: false,
        units,
    };
    Some(NewEvent {
        stream: Stream::Plan(plan.head.id.clone()),
        occurred_on: None,
        event: Event::OccurrenceOpened(opened),
    })
}

/// Whether the unit that answers for all has claimed completion: then nobody else is chased.
#[must_use]
pub fn is_claimed_for(ledger: &Ledger, assignment: &Assignment) -> bool {
    let Some(state) = ledger.task(&assignment.occurrence.task) else { return false };
    let mut others = ledger.assigned(&assignment.occurrence);
    state.task.answer == Answer::Lead
        && others.any(|other| {
            other.state == State::Claimed
                && other.unit != assignment.unit
                && answers_for_all(ledger, &state.task, &other.unit)
        })
}

/// Whether the unit's answer is the answer of all (`answer = "lead"`, and no collective leads).
#[must_use]
pub fn answers_for_all(ledger: &Ledger, task: &Task, unit: &UnitId) -> bool {
    task.answer == Answer::Lead
        && !leads_as_collective(ledger, task)
        && ledger.expand(task.lead.iter()).first() == Some(unit)
}

fn leads_as_collective(ledger: &Ledger, task: &Task) -> bool {
    task.lead.first().and_then(|id| ledger.unit(id)).is_some_and(|state| !state.unit.members.is_empty())
}

/// A round (月调度): one report a period is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// which month, quarter, week
    pub period: Period,
    /// the day it asks on
    pub asked_on: NaiveDate,
}

impl From<CollectionAsked> for Round {
    fn from(asked: CollectionAsked) -> Self {
        Self { period: asked.period, asked_on: asked.asked_on }
    }
}

impl Round {
    /// Of a unit's part in it.
    #[must_use]
    pub fn of(collection: &Assignment) -> Self {
        Self { period: collection.occurrence.period, asked_on: collection.course.opens }
    }

    /// Whether the unit has reported on the matter since the round's period began.
    #[must_use]
    pub fn is_reported(self, assignment: &Assignment) -> bool {
        let reported = assignment.record.as_deref().and_then(|record| record.progress.as_ref());
        let from = self.period.first().unwrap_or(self.asked_on);
        reported.is_some_and(|reported| reported.on >= from)
    }
}

/// Whether everything that a collection would ask of its unit has been reported in its period.
#[must_use]
pub fn is_collected(ledger: &Ledger, collection: &Assignment) -> bool {
    let Some(plan) = ledger.plan(&collection.occurrence.task.plan) else { return false };
    collected(ledger, plan, &collection.unit, Round::of(collection)).next().is_none()
}

/// What a collection asks a unit about: its open and ongoing matters of the plan for which it
/// answers itself; those under review or paused, and those reported in its period, left out.
pub fn collected<'a>(
    ledger: &'a Ledger,
    plan: &'a PlanState,
    unit: &'a UnitId,
    round: Round,
) -> impl Iterator<Item = (&'a super::ledger::Assignment, &'a TaskState)> {
    ledger.open_of(unit).filter_map(move |(_, assignment)| {
        let task = plan.tasks.get(&assignment.occurrence.task.task)?;
        let asked = assignment.occurrence.task.plan == plan.head.id
            && is_collected_about(ledger, assignment, task, round);
        asked.then_some((assignment, task))
    })
}

/// Whether a round asks the unit about the open matter.
#[must_use]
pub fn is_collected_about(ledger: &Ledger, assignment: &Assignment, task: &TaskState, round: Round) -> bool {
    is_asked_for(ledger, assignment, task, round.asked_on)
        && !matches!(assignment.state, State::Claimed | State::Paused)
        && !round.is_reported(assignment)
}

/// Whether a collection of this day is about the matter, and its unit the one to answer.
pub(super) fn is_asked_for(
    ledger: &Ledger,
    assignment: &Assignment,
    task: &TaskState,
    asked_on: NaiveDate,
) -> bool {
    assignment.course.opens <= asked_on
        && assignment.course.ladder != LadderName::Avoid
        && answers_itself(ledger, &task.task, &assignment.unit)
}

/// Why nothing goes to the unit in this state.
fn quiet_reason(state: State) -> Option<SkipReason> {
    match state {
        State::Claimed => Some(SkipReason::Claimed),
        State::Paused => Some(SkipReason::Paused),
        State::Accepted | State::ClosedOut => Some(SkipReason::Done),
        State::Withdrawn => Some(SkipReason::Withdrawn),
        State::Ended => Some(SkipReason::Ended),
        State::Opened | State::Notified | State::Receipt | State::InProgress | State::Returned => None,
    }
}

/// Whether what the stage asks for has been said already.
fn is_answered(ledger: &Ledger, assignment: &Assignment, stage: Stage) -> bool {
    match stage {
        Stage::Report => assignment.is_reported(),
        Stage::Collection => is_collected(ledger, assignment),
        Stage::Adopted
        | Stage::Notice
        | Stage::Avoid
        | Stage::Lead(_)
        | Stage::Due
        | Stage::Overdue(_)
        | Stage::Returned(_)
        | Stage::Act(..)
        | Stage::Changed(_)
        | Stage::Review(_)
        | Stage::EscalateLeader
        | Stage::EscalateSupervision => false,
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    #[test]
    fn no_day_is_advised_before_the_matter_can_be_done_nor_a_day_off_in_twenty_years() {
        let ledger = Ledger::default();
        let working = ledger.working();
        let months = (2021..2041).flat_map(|year| (1..=12).map(move |month| Period::Month { year, month }));
        for period in months {
            let (opens, last) = (period.first().unwrap(), period.last().unwrap());
            for after in 0..20 {
                let deadline = last + Days::new(after);
                let first = if after == 0 { opens } else { last + Days::new(1) };
                let told = advised(&ledger, period, opens, Some(deadline));
                let day = told.unwrap_or(deadline);
                assert!(working.is_working(day) && day >= first, "{period} due {deadline}: {day}");
                let possible = first
                    .iter_days()
                    .take_while(|day| *day <= deadline)
                    .filter(|day| working.is_working(*day));
                assert_eq!(
                    possible.last().unwrap_or(working.on_or_after(deadline)),
                    day,
                    "{period} due {deadline}"
                );
                assert_eq!(told.is_none(), working.is_working(deadline));
            }
        }
    }
}
