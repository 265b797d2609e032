//! What can be asked of the ledger.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::letters::name_hash;
use super::{
    Answered, Assignment, Ledger, LetterProgress, LetterState, Occurrence, PlanState, Received, Slot, State,
    TaskState, UnitState,
};
use crate::calendar::{Period, WorkingDays, WorkingYear, Zone, back};
use crate::domain::id::{AssignmentId, Digest, LetterId, OccurrenceId, PlanId, TaskId, UnitId};
use crate::domain::ladder::Ladders;
use crate::domain::office::Office;
use crate::domain::recipient::Recipient;
use crate::domain::stage::Stage;
use crate::domain::timeline::Planned;
use crate::domain::unit::Unit;

/// The sending hour until the office has set one.
pub const DEFAULT_SENDING_HOUR: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

fn default_ladders() -> &'static Arc<Ladders> {
    static DEFAULT: OnceLock<Arc<Ladders>> = OnceLock::new();
    DEFAULT.get_or_init(|| Arc::new(Ladders::default()))
}

impl Ledger {
    /// The journal's id.
    #[must_use]
    pub fn journal(&self) -> Option<uuid::Uuid> {
        self.journal
    }

    /// Position of the last event folded; 0 before the first.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.head
    }

    /// When the last event was recorded, or the instant that a clock correction accepted.
    #[must_use]
    pub fn last_at(&self) -> Option<DateTime<Utc>> {
        self.last_at
    }

    /// The office, once configured.
    #[must_use]
    pub fn office(&self) -> Option<&Arc<Office>> {
        self.office.as_ref()
    }

    /// The office's zone; Shanghai until it is configured.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.office.as_ref().map_or_else(Zone::shanghai, |office| office.zone)
    }

    /// The hour at which clock-driven letters go.
    #[must_use]
    pub fn sending_hour(&self) -> NaiveTime {
        self.office.as_ref().map_or(DEFAULT_SENDING_HOUR, |office| office.sending_hour)
    }

    /// The civil day in the office's zone.
    #[must_use]
    pub fn day_of(&self, now: DateTime<Utc>) -> NaiveDate {
        self.zone().date_of(now)
    }

    /// The last day whose sending hour has come.
    #[must_use]
    pub fn through(&self, now: DateTime<Utc>) -> NaiveDate {
        let day = self.day_of(now);
        if self.zone().instant(day, self.sending_hour()) <= now { day } else { back(day, 1) }
    }

    /// The current ladders.
    #[must_use]
    pub fn ladders(&self) -> &Arc<Ladders> {
        match self.ladders.last_key_value() {
            Some((_, ladders)) => ladders,
            None => default_ladders(),
        }
    }

    /// The ladders of a version.
    #[must_use]
    pub fn ladders_of(&self, version: u32) -> &Arc<Ladders> {
        self.ladders.get(&version).unwrap_or_else(|| self.ladders())
    }

    /// Working days.
    #[must_use]
    pub fn working(&self) -> &WorkingDays {
        &self.working
    }

    /// All published years.
    pub fn working_years(&self) -> impl Iterator<Item = &WorkingYear> {
        self.years.values()
    }

    /// A published year.
    #[must_use]
    pub fn working_year(&self, year: i32) -> Option<&WorkingYear> {
        self.years.get(&year)
    }

    /// All units.
    pub fn units(&self) -> impl Iterator<Item = &UnitState> {
        self.units.values()
    }

    /// One unit.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Option<&UnitState> {
        self.units.get(id)
    }

    /// Full name of a unit; its id where it isn't known.
    #[must_use]
    pub fn unit_name(&self, id: &UnitId) -> String {
        self.units.get(id).map_or_else(|| id.to_string(), |state| state.unit.name.clone())
    }

    /// Short names of units, in order.
    #[must_use]
    pub fn short_names(&self, ids: &[UnitId]) -> Vec<String> {
        let short =
            |id: &UnitId| self.units.get(id).map_or_else(|| id.to_string(), |state| state.unit.short.clone());
        ids.iter().map(short).collect()
    }

    /// All plans.
    pub fn plans(&self) -> impl Iterator<Item = (&PlanId, &PlanState)> {
        self.plans.iter()
    }

    /// One plan.
    #[must_use]
    pub fn plan(&self, id: &PlanId) -> Option<&PlanState> {
        self.plans.get(id)
    }

    /// One task.
    #[must_use]
    pub fn task(&self, id: &TaskId) -> Option<&TaskState> {
        self.plans.get(&id.plan)?.tasks.get(&id.task)
    }

    /// The tasks that a unit is to be told of by this day, and has not been, by id.
    pub fn untold<'l>(
        &'l self,
        unit: &'l UnitId,
        by: NaiveDate,
    ) -> impl Iterator<Item = (&'l TaskId, &'l PlanState, &'l TaskState)> {
        let untold = self.units.get(unit).into_iter().flat_map(|state| &state.untold);
        untold.filter(move |id| self.told_from(unit, id).is_some_and(|from| from <= by)).filter_map(|id| {
            let plan = self.plans.get(&id.plan)?;
            Some((id, plan, plan.tasks.get(&id.task)?))
        })
    }

    /// The day from which a unit is to be told of a task that it has not been told of.
    #[must_use]
    pub fn told_from(&self, unit: &UnitId, task: &TaskId) -> Option<NaiveDate> {
        let since = self.task(task)?.since;
        let slots = self.occurrences.of(task).iter().flat_map(|occurrence| &occurrence.slots);
        let own = slots.filter_map(|slot| self.assignment(*slot)).filter(|one| one.unit == *unit);
        let asked = own.filter(|one| one.state.is_open() && one.adoption_pending);
        Some(asked.map(|one| one.course.stages_from).fold(since, NaiveDate::max))
    }

    /// One occurrence.
    #[must_use]
    pub fn occurrence(&self, id: &OccurrenceId) -> Option<&Occurrence> {
        self.occurrences.get(id)
    }

    /// All occurrences opened so far, by id.
    #[must_use]
    pub fn occurrences(&self) -> Vec<(&OccurrenceId, &Occurrence)> {
        let mut all: Vec<_> = self.occurrences.all().map(named).collect();
        all.sort_by(|a, b| a.0.cmp(b.0));
        all
    }

    /// The occurrences of a task, in the order of their periods.
    #[must_use]
    pub fn occurrences_of(&self, task: &TaskId) -> Vec<(&OccurrenceId, &Occurrence)> {
        self.occurrences.of(task).iter().map(named).collect()
    }

    /// One assignment by its slot.
    #[must_use]
    pub fn assignment(&self, slot: Slot) -> Option<&Assignment> {
        self.assignments.get(usize::try_from(slot).ok()?)
    }

    /// All assignments ever opened.
    pub fn assignments(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter()
    }

    /// Where an assignment stands.
    #[must_use]
    pub fn slot_of(&self, id: &AssignmentId) -> Option<Slot> {
        let occurrence = self.occurrences.get(&id.occurrence)?;
        occurrence
            .slots
            .iter()
            .copied()
            .find(|slot| self.assignment(*slot).is_some_and(|assignment| assignment.unit == id.unit))
    }

    /// Whether the occurrence is asked of nobody any more, because it was withdrawn from each.
    #[must_use]
    pub fn is_withdrawn(&self, occurrence: &Occurrence) -> bool {
        let mut units = occurrence.slots.iter().filter_map(|slot| self.assignment(*slot)).peekable();
        units.peek().is_some() && units.all(|assignment| assignment.state == State::Withdrawn)
    }

    /// The deadline version above every one that any unit's stages of the occurrence have had.
    #[must_use]
    pub fn version_after(&self, occurrence: &Occurrence) -> u32 {
        let units = occurrence.slots.iter().filter_map(|slot| self.assignment(*slot));
        let last = units.map(|assignment| assignment.deadline_version).max().unwrap_or(0);
        last.max(occurrence.deadline_version).saturating_add(1)
    }

    /// Whether a clock-driven letter of this day went to the recipient.
    #[must_use]
    pub fn has_letter_on(&self, day: NaiveDate, to: &Recipient, last: Option<NaiveDate>) -> bool {
        // Only after a clock that was ahead has been set back can a later letter hide the day's.
        last == Some(day)
            || last > Some(day)
                && self.letters.range(LetterId { day, number: 0 }..=LetterId { day, number: u32::MAX }).any(
                    |(_, letter)| {
                        letter.is_clock_driven()
                            && letter.progress != LetterProgress::Recalled
                            && letter.queued.to == *to
                    },
                )
    }

    /// The open assignments of a unit, in the order of their opening.
    pub fn open_of(&self, unit: &UnitId) -> impl Iterator<Item = (Slot, &Assignment)> {
        self.by_unit
            .get(unit)
            .into_iter()
            .flatten()
            .filter_map(|slot| self.assignment(*slot).map(|assignment| (*slot, assignment)))
    }

    /// Slots of assignments with a stage to the unit on or before `day`.
    pub fn due_through(&self, day: NaiveDate) -> impl Iterator<Item = Slot> {
        self.due.range(..=(day, Slot::MAX)).map(|(_, slot)| *slot)
    }

    /// Slots of assignments with an escalation on or before `day`.
    pub fn escalations_through(&self, day: NaiveDate) -> impl Iterator<Item = Slot> {
        self.escalations.range(..=(day, Slot::MAX)).map(|(_, slot)| *slot)
    }

    /// Returned assignments whose letter is not yet written.
    pub fn returns(&self) -> impl Iterator<Item = &Assignment> {
        self.returns.iter().filter_map(|slot| self.assignment(*slot))
    }

    /// What was recorded for the request of this id.
    #[must_use]
    pub fn answered(&self, request: &str) -> Option<Answered> {
        self.requests.get(request).copied()
    }

    /// Tasks with an occurrence to open on or before `day`, earliest first.
    pub fn openings_through(&self, day: NaiveDate) -> impl Iterator<Item = &(NaiveDate, TaskId)> {
        self.openings.iter().take_while(move |(opens, _)| *opens <= day)
    }

    /// Plans with a collection to ask for on or before `day`.
    pub fn collections_through(&self, day: NaiveDate) -> impl Iterator<Item = &(NaiveDate, PlanId)> {
        self.collections.iter().take_while(move |(asked, _)| *asked <= day)
    }

    /// Occurrences that end by themselves before `day`.
    pub fn endings_before(&self, day: NaiveDate) -> impl Iterator<Item = &OccurrenceId> {
        self.endings.iter().take_while(move |(ends, _)| *ends < day).map(|(_, id)| id)
    }

    /// The next day on which something opens, goes or ends; `None` when nothing is planned.
    #[must_use]
    pub fn next_day(&self) -> Option<NaiveDate> {
        let firsts = [
            self.due.first().map(|(day, _)| *day),
            self.escalations.first().map(|(day, _)| *day),
            self.openings.first().map(|(day, _)| *day),
            self.collections.first().map(|(day, _)| *day),
            self.endings.first().and_then(|(day, _)| day.succ_opt()),
            self.reviews.first().map(|(day, _)| *day),
            self.next_change(),
        ];
        firsts.into_iter().flatten().min()
    }

    /// The plan's next collection: when it is asked, and its period with its reply-by day.
    #[must_use]
    pub fn next_collection(&self, plan: &PlanState) -> Option<(Planned, CollectionDates)> {
        if !plan.is_followed() {
            return None;
        }
        let collect = plan.head.collect.as_ref()?;
        let from = plan.last_collection.map_or(plan.adopted_on, |last| last.succ_opt().unwrap_or(last));
        let span = collect
            .asked
            .spans(from.max(plan.head.in_force.from), &self.working)
            .take_while(|span| span.due <= plan.head.in_force.until)
            .next()?;
        let reply_by = collect.reply_by.day_of(span.period).filter(|day| *day >= span.due)?;
        let goes_on = self.working.on_or_before(span.due).max(plan.adopted_on);
        let dates = CollectionDates { period: span.period, asked_on: span.due, reply_by };
        Some((Planned { goes_on, stage: Stage::Collection }, dates))
    }

    /// Units with the members of a collective in its place, each once, in order.
    #[must_use]
    pub fn expand<'a>(&'a self, units: impl Iterator<Item = &'a UnitId>) -> Vec<UnitId> {
        self.expand_with(units, None)
    }

    /// The same if this unit were as it is here.
    pub(in crate::domain) fn expand_with<'a>(
        &'a self,
        units: impl Iterator<Item = &'a UnitId>,
        changed: Option<&'a Unit>,
    ) -> Vec<UnitId> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        let mut waiting: Vec<&UnitId> = units.collect();
        let first = waiting.first().copied();
        waiting.reverse();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            let known = || self.units.get(id).map(|state| &*state.unit);
            match changed.filter(|changed| changed.id == *id).or_else(known) {
                Some(unit) if !unit.members.is_empty() => waiting.extend(unit.members.iter().rev()),
                _ => all.push(id.clone()),
            }
        }
        // Members that lead back to each other, which an older duban took: somebody answers all the same.
        if all.is_empty() {
            all.extend(first.cloned());
        }
        all
    }

    /// All letters, by number.
    pub fn letters(&self) -> impl Iterator<Item = (&LetterId, &LetterState)> {
        self.letters.iter().map(|(id, letter)| (id, letter.as_ref()))
    }

    /// One letter.
    #[must_use]
    pub fn letter(&self, id: LetterId) -> Option<&LetterState> {
        self.letters.get(&id).map(AsRef::as_ref)
    }

    /// The letter of this Message-ID, without angle brackets.
    #[must_use]
    pub fn letter_named(&self, message_id: &str) -> Option<&LetterState> {
        let letter = self.letters.get(self.by_name.get(&name_hash(message_id))?)?;
        (letter.queued.message_id == message_id).then_some(letter)
    }

    /// Letters without a final outcome, by number.
    pub fn unsettled(&self) -> impl Iterator<Item = &LetterState> {
        self.unsettled.iter().filter_map(|id| self.letter(*id))
    }

    /// Letters that wait for a person's release, or that nobody released on their day.
    pub fn unreleased(&self) -> impl Iterator<Item = &LetterState> {
        self.unreleased.iter().filter_map(|id| self.letter(*id))
    }

    /// Letters that nobody released on their day, and of whose points something is still asked.
    pub fn owed(&self) -> impl Iterator<Item = &LetterState> {
        self.unreleased().filter(|letter| {
            let mut points = letter.queued.items.iter().chain(&letter.queued.carried);
            letter.progress == LetterProgress::Unreleased
                && points.any(|point| {
                    if matches!(point.key.stage, Stage::Changed(_)) {
                        return true;
                    }
                    let slot = self.slot_of(&point.key.assignment);
                    slot.and_then(|slot| self.assignment(slot)).is_some_and(|one| one.state.is_chased())
                })
        })
    }

    /// Mail that came in, in the order of its coming.
    pub fn received(&self) -> impl Iterator<Item = &Received> {
        self.received.iter()
    }

    /// The message of this digest, where it has come in.
    #[must_use]
    pub fn kept(&self, message: Digest) -> Option<&Received> {
        self.received.get(*self.kept.get(&message)?)
    }

    /// The message whose event stands at this position.
    #[must_use]
    pub fn received_at(&self, position: u64) -> Option<&Received> {
        let at = self.received.binary_search_by_key(&position, |kept| kept.position).ok()?;
        self.received.get(at)
    }

    /// The next free letter number of a day.
    #[must_use]
    pub fn next_letter(&self, day: NaiveDate) -> LetterId {
        let last = self
            .letters
            .range(LetterId { day, number: 0 }..=LetterId { day, number: u32::MAX })
            .next_back()
            .map_or(0, |(id, _)| id.number);
        LetterId { day, number: last.saturating_add(1) }
    }

    /// Position at which a large command began that has not completed.
    #[must_use]
    pub fn unfinished_command(&self) -> Option<u64> {
        self.staged.as_ref().map(|staged| staged.begun)
    }
}

fn named(occurrence: &Occurrence) -> (&OccurrenceId, &Occurrence) {
    (&occurrence.opened.occurrence, occurrence)
}

/// A collection's period and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CollectionDates {
    /// names it
    pub period: Period,
    /// the day it is asked for
    pub asked_on: NaiveDate,
    /// reply by this day, included
    pub reply_by: NaiveDate,
}
