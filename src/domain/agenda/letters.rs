//! Which letters go now: one clock-driven letter a recipient and day, with all that it merges.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::facts::Facts;
use super::length::{LETTER_ITEMS_MAX, fit, key_bytes};
use super::step::{Step, key};
use super::{is_answered, quiet_reason};
use crate::domain::draft::{Body, Item, Role};
use crate::domain::event::{Event, LetterKind, Merged, NewEvent, Recipient, SkipReason, Stream};
use crate::domain::id::{LetterId, TaskId, UnitId};
use crate::domain::ledger::{Assignment, Ledger, LetterProgress, LetterState, Slot, UnitState};
use crate::domain::stage::{Stage, StageKey};
use crate::domain::timeline::Planned;

/// Most bytes that the keys of carried points take; a letter with more waits for its own next attempt.
pub const CARRIED_KEYS_BYTES_MAX: usize = 16 * 1024;

/// The letters to write now, and the stages that end without one.
///
/// `busy` are letters being handed over right now: they can't be superseded.
pub(super) fn letters(ledger: &Ledger, now: DateTime<Utc>, busy: &BTreeSet<LetterId>) -> Vec<Step> {
    let through = ledger.through(now);
    let mut desk = Desk {
        ledger,
        today: ledger.day_of(now),
        through,
        facts: Facts::new(ledger, now),
        deferred: deferred_daily(ledger, busy),
        next: ledger.next_letter(ledger.day_of(now)),
        steps: Vec::new(),
    };
    let mut due: BTreeMap<UnitId, Vec<Slot>> = BTreeMap::new();
    for slot in ledger.due_through(through) {
        if let Some(assignment) = ledger.assignment(slot) {
            due.entry(assignment.unit.clone()).or_default().push(slot);
        }
    }
    let (to_leaders, mut to_supervision) = desk.escalations();
    let supervision = ledger.office().map(|office| office.supervision_unit.clone());
    let mut changes: BTreeMap<&UnitId, BTreeSet<&TaskId>> = BTreeMap::new();
    for (unit, task) in ledger.changes_through(through) {
        changes.entry(unit).or_default().insert(task);
    }
    for unit in ledger.units() {
        let id = &unit.unit.id;
        let due = Due {
            slots: due.remove(id).unwrap_or_default(),
            changes: changes.remove(id).unwrap_or_default(),
            watched: if supervision.as_ref() == Some(id) {
                std::mem::take(&mut to_supervision)
            } else {
                Vec::new()
            },
        };
        desk.unit(unit, &due);
    }
    for (unit, slots) in to_leaders {
        desk.leader(&unit, &slots);
    }
    desk.returned();
    desk.acts();
    desk.receipts();
    desk.pages();
    desk.review();
    desk.steps
}

/// What has come for one unit.
struct Due<'a> {
    /// its assignments with a stage
    slots: Vec<Slot>,
    /// its tasks of whose change it is to be told
    changes: BTreeSet<&'a TaskId>,
    /// other units' escalations, where it is the supervision unit
    watched: Vec<(Slot, Planned)>,
}

/// A stage of an assignment that goes, with those it stands for.
struct Going {
    slot: Slot,
    planned: Planned,
    merged: Vec<Planned>,
}

pub(super) struct Desk<'a> {
    pub ledger: &'a Ledger,
    pub today: NaiveDate,
    pub through: NaiveDate,
    pub facts: Facts<'a>,
    deferred: BTreeMap<&'a UnitId, Vec<&'a LetterState>>,
    next: LetterId,
    pub steps: Vec<Step>,
}

impl Desk<'_> {
    /// A unit's letter: adoption if it waits, else the daily one.
    fn unit(&mut self, unit: &UnitState, due: &Due<'_>) {
        let Due { slots, changes, watched } = due;
        let adoption = self.adoption_goes(unit);
        let owed = self.is_owed(unit);
        if slots.is_empty() && changes.is_empty() && watched.is_empty() && !adoption && !owed {
            return;
        }
        let unreachable = if unit.unit.muted {
            Some(SkipReason::Muted)
        } else if unit.unit.mailbox.is_none() {
            Some(SkipReason::NoAddress)
        } else {
            None
        };
        if let Some(why) = unreachable {
            self.skip_all(unit, due, why);
            return;
        }
        if self.has_had_its_letter(unit) {
            return;
        }
        let mut going = self.going(slots);
        going.sort_by(|a, b| b.planned.stage.cmp(&a.planned.stage).then(a.slot.cmp(&b.slot)));
        going.truncate(LETTER_ITEMS_MAX);
        let (mut items, mut merged) = self.changed(&unit.unit.id, changes);
        if going.is_empty() && items.is_empty() && watched.is_empty() && !adoption && !owed {
            return;
        }
        for stage in &going {
            let Some(assignment) = self.ledger.assignment(stage.slot) else {
                continue;
            };
            let own = key(assignment, stage.planned.stage);
            // A matter stands once in a letter, and its change says what is asked now.
            let told = items.iter().find(|item: &&Item| item.key.assignment == own.assignment);
            let into = if let Some(into) = told.map(|item| item.key.clone()) {
                merged.push(Merged { key: own, into: into.clone() });
                into
            } else {
                items.extend(self.facts.item(assignment, stage.planned, Role::Lead));
                own
            };
            for other in &stage.merged {
                merged.push(Merged { key: key(assignment, other.stage), into: into.clone() });
            }
        }
        for (slot, planned) in watched {
            let Some(assignment) = self.ledger.assignment(*slot) else {
                continue;
            };
            items.extend(self.facts.item(assignment, *planned, Role::Supervision));
        }
        if adoption {
            self.adopt(unit, &mut items, &mut merged);
        }
        fit(&mut items, &mut merged);
        let body = if adoption {
            Body::Adoption(Box::new(self.facts.adoption(&unit.unit.id, &merged)))
        } else {
            Body::Daily
        };
        let to = Recipient::Unit(unit.unit.id.clone());
        self.write(to, body, items, merged);
    }

    /// Whether the unit's adoption letter goes now: at a sending hour, or on the day itself where it goes at once.
    fn adoption_goes(&self, unit: &UnitState) -> bool {
        let at_hour = self.through == self.today && self.ledger.working().is_working(self.today);
        let at_once = super::tells_at_once(self.ledger);
        let mut untold = self.ledger.untold(&unit.unit.id, self.today);
        let is_recalled_today = unit.recalled_on == Some(self.today);
        !self.has_had_its_letter(unit)
            && !is_recalled_today
            && untold.any(|(_, _, task)| at_hour || (at_once && task.since == self.today))
    }

    /// Whether points of a letter that nobody released wait for one of their own: the next working
    /// day's, where nothing else brings the unit a letter before.
    fn is_owed(&self, unit: &UnitState) -> bool {
        let at_hour = self.through == self.today && self.ledger.working().is_working(self.today);
        let id = &unit.unit.id;
        let unreleased = |letter: &&&LetterState| letter.progress == LetterProgress::Unreleased;
        let waits = self.deferred.get(id).into_iter().flatten().any(|letter| unreleased(&letter));
        at_hour && waits && self.facts.has_carried(&self.never_left(id))
    }

    /// Whether the recipient has had its clock-driven letter: of today, and before the sending hour of the day before,
    /// so that what had to wait goes at the hour and never at midnight.
    pub(super) fn has_letter(&self, to: &Recipient, last: Option<NaiveDate>) -> bool {
        [self.today, self.through].iter().any(|day| self.ledger.has_letter_on(*day, to, last))
    }

    fn has_had_its_letter(&self, unit: &UnitState) -> bool {
        let to = Recipient::Unit(unit.unit.id.clone());
        self.has_letter(&to, unit.last_letter)
    }

    /// Turns open matters that wait for the adoption letter into its points; what of theirs comes
    /// today, and a collection absorbed by it, is merged into them.
    fn adopt(&mut self, unit: &UnitState, items: &mut Vec<Item>, merged: &mut Vec<Merged>) {
        let mut told = Vec::new();
        let mut absorbed = Vec::new();
        let ledger = self.ledger;
        for (_, assignment) in ledger.open_of(&unit.unit.id) {
            let ladders = ledger.ladders_of(assignment.ladder_version);
            if assignment.adoption_pending && assignment.course.stages_from > self.today {
                continue;
            }
            if assignment.adoption_pending {
                let adopted = Planned { goes_on: self.today, stage: Stage::Adopted };
                // Nothing is asked of what waits for review or is paused: the letter names its task alone.
                if let Some(why) = self.quiet_reason(assignment) {
                    self.end(assignment, &[adopted], Some(why));
                    continue;
                }
                let into = key(assignment, Stage::Adopted);
                told.extend(self.facts.item(assignment, adopted, Role::Lead));
                // It is told as it is now, with what it was before.
                let task = &assignment.occurrence.task;
                let changed =
                    |item: &&mut Item| item.changed.as_ref().is_some_and(|changed| !changed.is_gone());
                let before = items
                    .iter_mut()
                    .find(|item| changed(item) && item.key.assignment.occurrence.task == *task);
                if let (Some(before), Some(now)) = (before, told.last_mut()) {
                    now.changed = before.changed.take();
                    merged.push(Merged { key: before.key.clone(), into: into.clone() });
                    for other in merged.iter_mut().filter(|other| other.into == before.key) {
                        other.into = into.clone();
                    }
                    items.retain(|item| item.changed.is_some() || !matches!(item.stage(), Stage::Changed(_)));
                }
                merged.retain(|old| {
                    old.into.assignment != into.assignment || matches!(old.key.stage, Stage::Changed(_))
                });
                // What is too old has its ending already.
                for planned in assignment.pending(self.today, ladders, ledger.working()) {
                    if !self.is_missed(planned) {
                        merged.push(Merged { key: key(assignment, planned.stage), into: into.clone() });
                    }
                }
                items.retain(|item| item.key.assignment != into.assignment || item.role != Role::Lead);
            } else if assignment.course.collection && self.was_absorbed(assignment) {
                absorbed.push(key(assignment, Stage::Collection));
            }
        }
        for collection in absorbed {
            let into = told.iter().find(|item| item.plan.id == collection.assignment.occurrence.task.plan);
            if let Some(into) = into.or(told.first()) {
                items.retain(|item| item.key != collection);
                merged.push(Merged { key: collection, into: into.key.clone() });
            }
        }
        told.append(items);
        *items = told;
    }

    fn was_absorbed(&self, assignment: &Assignment) -> bool {
        let asked = Planned { goes_on: assignment.course.stages_from, stage: Stage::Collection };
        self.ledger.occurrence(&assignment.occurrence).is_some_and(|occurrence| {
            occurrence.opened.by_adoption
                // returned with another date, it is asked for no more
                && assignment.course.opens >= assignment.course.stages_from
                && !assignment.has_ended(Stage::Collection)
                && !self.is_missed(asked)
                && quiet_reason(assignment.state).is_none()
        })
    }

    /// What of each assignment goes; what is too old, under review or paused ends here without a letter.
    fn going(&mut self, slots: &[Slot]) -> Vec<Going> {
        let mut going = Vec::new();
        for slot in slots {
            let Some(assignment) = self.ledger.assignment(*slot) else {
                continue;
            };
            let ladders = self.ledger.ladders_of(assignment.ladder_version);
            let pending = assignment.pending(self.through, ladders, self.ledger.working());
            if let Some(why) = self.quiet_reason(assignment) {
                self.end(assignment, &pending, Some(why));
                continue;
            }
            let (old, mut fresh): (Vec<_>, Vec<_>) =
                pending.into_iter().partition(|planned| self.is_missed(*planned));
            self.end(assignment, &old, None);
            let answered: Vec<Planned> =
                fresh.extract_if(.., |planned| is_answered(self.ledger, assignment, planned.stage)).collect();
            self.end(assignment, &answered, Some(SkipReason::Answered));
            if let Some(latest) = fresh.pop() {
                going.push(Going { slot: *slot, planned: latest, merged: fresh });
            }
        }
        going
    }

    /// Why nothing goes to the unit: its own state, or that of the one that answers for all.
    fn quiet_reason(&self, assignment: &Assignment) -> Option<SkipReason> {
        let own = quiet_reason(assignment.state);
        own.or_else(|| super::is_claimed_for(self.ledger, assignment).then_some(SkipReason::Claimed))
    }

    fn is_missed(&self, planned: Planned) -> bool {
        let age = (self.today - planned.goes_on).num_days();
        age > i64::from(self.ledger.ladders().outage.missed_after_days)
    }

    /// Ends stages without a letter: skipped with a reason, or missed without one.
    pub(super) fn end(&mut self, assignment: &Assignment, planned: &[Planned], why: Option<SkipReason>) {
        if planned.is_empty() {
            return;
        }
        let stages: Vec<StageKey> = planned.iter().map(|planned| key(assignment, planned.stage)).collect();
        let event = match why {
            Some(why) => Event::StagesSkipped { stages, why },
            None => Event::StagesMissed { stages },
        };
        let stream = Stream::Plan(assignment.occurrence.task.plan.clone());
        self.steps.push(Step::Record(vec![NewEvent { stream, occurred_on: None, event }]));
    }

    fn skip_all(&mut self, unit: &UnitState, due: &Due<'_>, why: SkipReason) {
        let Due { slots, changes, watched } = due;
        for task in changes {
            let notes = self.ledger.noted(&unit.unit.id, task).iter().filter(|note| !note.ended);
            let stages: Vec<StageKey> = notes.map(|note| note.change.stage.clone()).collect();
            self.end_changes(task, stages, why);
        }
        for (slot, planned) in watched {
            if let Some(assignment) = self.ledger.assignment(*slot) {
                self.end(assignment, &[*planned], Some(why));
            }
        }
        let waiting =
            self.ledger.open_of(&unit.unit.id).filter(|(_, a)| a.adoption_pending).map(|(slot, _)| slot);
        let all: BTreeSet<Slot> = slots.iter().copied().chain(waiting).collect();
        for slot in all {
            let Some(assignment) = self.ledger.assignment(slot) else {
                continue;
            };
            let ladders = self.ledger.ladders_of(assignment.ladder_version);
            let mut pending = assignment.pending(self.through, ladders, self.ledger.working());
            if assignment.adoption_pending {
                pending.push(Planned { goes_on: self.today, stage: Stage::Adopted });
            }
            self.end(assignment, &pending, Some(why));
        }
    }

    /// Escalations that have come: to leaders by unit, and to the supervision unit.
    #[expect(clippy::type_complexity, reason = "two kinds of recipients, used once")]
    fn escalations(&mut self) -> (BTreeMap<UnitId, Vec<Going>>, Vec<(Slot, Planned)>) {
        let mut leaders: BTreeMap<UnitId, Vec<Going>> = BTreeMap::new();
        let mut supervision = Vec::new();
        let supervisor = self.ledger.office().map(|office| office.supervision_unit.clone());
        let slots: Vec<Slot> = self.ledger.escalations_through(self.through).collect();
        for slot in slots {
            let Some(assignment) = self.ledger.assignment(slot) else {
                continue;
            };
            let ladders = self.ledger.ladders_of(assignment.ladder_version);
            let pending = assignment.pending_escalations(self.through, ladders, self.ledger.working());
            if let Some(why) = self.quiet_reason(assignment) {
                self.end(assignment, &pending, Some(why));
                continue;
            }
            let (old, fresh): (Vec<_>, Vec<_>) =
                pending.into_iter().partition(|planned| self.is_missed(*planned));
            self.end(assignment, &old, None);
            let leader = self.ledger.unit(&assignment.unit).is_some_and(|unit| unit.unit.leader.is_some());
            // A unit can't be escalated to itself: one step higher, to its own leader.
            let itself = supervisor.as_ref() == Some(&assignment.unit) || supervisor.is_none();
            let mut to_leader = Vec::new();
            for planned in fresh {
                if planned.stage == Stage::EscalateSupervision && !itself {
                    supervision.push((slot, planned));
                } else if leader {
                    to_leader.push(planned);
                } else {
                    self.end(assignment, &[planned], Some(SkipReason::NoAddress));
                }
            }
            if let Some(planned) = to_leader.pop() {
                let going = Going { slot, planned, merged: to_leader };
                leaders.entry(assignment.unit.clone()).or_default().push(going);
            }
        }
        (leaders, supervision)
    }

    fn leader(&mut self, unit: &UnitId, going: &[Going]) {
        let to = Recipient::LeaderOf(unit.clone());
        let last = self.ledger.unit(unit).and_then(|state| state.last_leader_letter);
        if self.has_letter(&to, last) {
            return;
        }
        let (mut items, mut merged) = (Vec::new(), Vec::new());
        for stage in going {
            let Some(assignment) = self.ledger.assignment(stage.slot) else {
                continue;
            };
            let into = key(assignment, stage.planned.stage);
            items.extend(self.facts.item(assignment, stage.planned, Role::Leader));
            let others = stage.merged.iter().map(|other| key(assignment, other.stage));
            merged.extend(others.map(|other| Merged { key: other, into: into.clone() }));
        }
        fit(&mut items, &mut merged);
        self.write(to, Body::Escalation, items, merged);
    }

    pub(super) fn write(&mut self, to: Recipient, body: Body, items: Vec<Item>, merged: Vec<Merged>) {
        let supersedes = match &to {
            Recipient::Unit(unit) if body == Body::Daily => self.never_left(unit),
            Recipient::Unit(_) | Recipient::LeaderOf(_) | Recipient::Office => Vec::new(),
        };
        let letter = self.next;
        if let Some(draft) = self.facts.draft(letter, to, body, items, merged, supersedes) {
            self.next.number = self.next.number.saturating_add(1);
            self.steps.push(Step::Letter(Box::new(draft)));
        }
    }

    /// Earlier daily letters to the same unit that no server ever took, as far as there is room for their points.
    fn never_left(&self, unit: &UnitId) -> Vec<LetterId> {
        let mut room = CARRIED_KEYS_BYTES_MAX;
        let mut fits = |letter: &LetterState| {
            let points = letter.queued.items.iter().chain(&letter.queued.carried);
            let bytes = points.map(|point| key_bytes(&point.key)).sum();
            let left = room.checked_sub(bytes);
            room = left.unwrap_or(room);
            left.is_some()
        };
        let letters = self.deferred.get(unit).into_iter().flatten();
        letters
            .filter(|letter| letter.queued.letter.day < self.today)
            .filter(|letter| fits(letter))
            .map(|letter| letter.queued.letter)
            .collect()
    }
}

/// Daily letters that never left, or that nobody released, by unit.
fn deferred_daily<'a>(
    ledger: &'a Ledger,
    busy: &BTreeSet<LetterId>,
) -> BTreeMap<&'a UnitId, Vec<&'a LetterState>> {
    let mut by_unit: BTreeMap<&UnitId, Vec<&LetterState>> = BTreeMap::new();
    for letter in ledger.unsettled() {
        let waits = match letter.progress {
            LetterProgress::Deferred { .. } | LetterProgress::Unreleased => true,
            // The relay was at fault before it was written, and is: nobody has handed it over.
            LetterProgress::Queued => {
                letter.attempts == 0
                    && ledger.relay().is_some_and(|trouble| trouble.since <= letter.queued.dated)
            }
            LetterProgress::Held
            | LetterProgress::Recalled
            | LetterProgress::Unknown { .. }
            | LetterProgress::Accepted { .. }
            | LetterProgress::Refused { .. }
            | LetterProgress::Bounced { .. }
            | LetterProgress::Superseded { .. } => false,
        };
        if let (LetterKind::Daily, Recipient::Unit(unit)) = (letter.queued.kind, &letter.queued.to)
            && waits
            && !busy.contains(&letter.queued.letter)
        {
            by_unit.entry(unit).or_default().push(letter);
        }
    }
    by_unit
}
