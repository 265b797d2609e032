//! Why no letter went on a day: each stage by the day that its rule names, days off included, and what became of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::endings::{Ending, ends};
use crate::calendar::{ahead, back};
use crate::domain::{
    Assignment, AssignmentId, Course, Event, Ledger, LetterId, LetterProgress, LetterState, OccurrenceId,
    Recorded, SkipReason, Stage, StageKey, UnitId,
};

/// Furthest that a day off may move a stage, in days: longer than any holiday.
const MOVED_DAYS_MAX: u16 = 40;

/// One stage on the day that its rule names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DueOnDay {
    /// the day
    pub day: NaiveDate,
    /// whose duty
    pub unit: UnitId,
    /// plan, task and period
    pub occurrence: OccurrenceId,
    /// which reminder
    pub stage: Stage,
    /// the letter that told of it
    pub letter: Option<LetterId>,
    /// that letter was taken on this very day
    pub went: bool,
    /// what became of it, in words; empty where it simply went
    pub reason: String,
}

/// A stage that ended, as the events say.
struct Ended {
    key: StageKey,
    on: NaiveDate,
    ending: Ending,
    /// the letter, and the stage in it that stands for this one
    letter: Option<(LetterId, Option<Stage>)>,
    late: bool,
}

/// What the events of a journal say about stages and letters.
#[derive(Default)]
struct Told {
    courses: BTreeMap<(AssignmentId, u32), Course>,
    ended: Vec<Ended>,
    /// the day on which a server took the letter first
    taken: BTreeMap<LetterId, NaiveDate>,
    /// the first words of a server that did not
    put_off: BTreeMap<LetterId, String>,
}

/// Every stage whose rule names a day of this span, and what became of it, in the order of days and units.
///
/// # Errors
/// An event can't be read.
pub fn due_on_days<E>(
    events: impl Iterator<Item = Result<Recorded, E>>,
    (from, until): (NaiveDate, NaiveDate),
    unit: Option<&UnitId>,
) -> Result<Vec<DueOnDay>, E> {
    let mut told = Told::default();
    let ledger = Ledger::fold_with(events, |ledger, recorded| told.see(ledger, recorded))?;
    let mut rows: Vec<DueOnDay> =
        told.ended.iter().map(|ended| row(&ledger, &told, ended)).chain(waiting(&ledger, until)).collect();
    rows.retain(|row| row.day >= from && row.day <= until && unit.is_none_or(|unit| row.unit == *unit));
    rows.sort();
    Ok(rows)
}

impl Told {
    fn see(&mut self, ledger: &Ledger, recorded: &Recorded) {
        let on = ledger.day_of(recorded.recorded_at);
        if let Some(occurrence) = dated_anew(&recorded.event) {
            for assignment in ledger.assigned(&occurrence) {
                let key = (assignment.id(), assignment.deadline_version);
                self.courses.insert(key, assignment.course);
            }
        }
        let queued = if let Event::LetterQueued(queued) = &recorded.event { Some(queued) } else { None };
        for (key, ending) in ends(&recorded.event) {
            let item = queued.and_then(|queued| queued.items.iter().find(|item| item.key == *key));
            let merged = queued.and_then(|queued| queued.merged.iter().find(|merged| merged.key == *key));
            let into = merged.map(|merged| merged.into.stage).filter(|into| *into != key.stage);
            self.ended.push(Ended {
                key: key.clone(),
                on,
                ending,
                letter: queued.map(|queued| (queued.letter, into)),
                late: item.is_some_and(|item| item.late),
            });
        }
        if let Event::LetterAccepted { letter, .. } = &recorded.event {
            self.taken.entry(*letter).or_insert(on);
        }
        if let Event::LetterDeferred { letter, reply, .. } | Event::LetterUnknown { letter, reply, .. } =
            &recorded.event
        {
            self.put_off.entry(*letter).or_insert_with(|| reply.clone());
        }
    }
}

/// The occurrence whose stages get other days by this event.
fn dated_anew(event: &Event) -> Option<OccurrenceId> {
    if let Event::OccurrenceOpened(opened) = event {
        Some(opened.occurrence.clone())
    } else if let Event::DeadlineChanged { occurrence, .. } = event {
        Some(occurrence.clone())
    } else if let Event::AssignmentOpened { assignment, .. } | Event::TaskReopened { assignment, .. } = event
    {
        Some(assignment.occurrence.clone())
    } else if let Event::CompletionReturned(returned) = event {
        Some(returned.assignment.occurrence.clone())
    } else if let Event::ExtensionGranted(granted) = event {
        Some(granted.assignment.occurrence.clone())
    } else if let Event::MatterReclassified(changed) = event {
        Some(changed.occurrence.clone())
    } else {
        None
    }
}

/// The day that the rule of a stage names; `None` where it has none of its own.
fn named_day(ledger: &Ledger, course: &Course, stage: Stage) -> Option<NaiveDate> {
    let ladders = ledger.ladders();
    match stage {
        Stage::Collection | Stage::Notice => Some(course.opens),
        Stage::Avoid => ladders.avoid.before.first().map(|days| back(course.opens, *days)),
        Stage::Lead(days) => course.deadline.map(|deadline| back(deadline, days.0)),
        Stage::Due => course.deadline,
        Stage::Overdue(day) | Stage::Review(day) => Some(day),
        Stage::EscalateLeader => course.anchor().map(|day| ahead(day, ladders.overdue.leader_after)),
        Stage::EscalateSupervision => {
            course.anchor().map(|day| ahead(day, ladders.overdue.supervision_after))
        }
        Stage::Adopted | Stage::Report | Stage::Returned(_) | Stage::Act(..) | Stage::Changed(_) => None,
    }
}

fn row(ledger: &Ledger, told: &Told, ended: &Ended) -> DueOnDay {
    let key = &ended.key;
    let known = told.courses.get(&(key.assignment.clone(), key.deadline_version)).copied();
    let course = known.or_else(|| {
        let slot = ledger.slot_of(&key.assignment)?;
        Some(ledger.assignment(slot)?.course)
    });
    let day = course.and_then(|course| named_day(ledger, &course, key.stage)).unwrap_or(ended.on);
    let letter = ended.letter.and_then(|(id, _)| ledger.letter(id));
    let taken = ended.letter.and_then(|(id, _)| told.taken.get(&id).copied());
    let went = taken == Some(day);
    let reason = match (ended.ending, letter) {
        (Ending::Skipped(why), _) => format!("{} ({})", skipped(why), ended.on),
        (Ending::Missed, _) => format!("nobody could send then, and by {} it was too long ago", ended.on),
        (Ending::Letter | Ending::Merged, Some(letter)) => in_letter(ledger, told, ended, (day, letter)),
        (Ending::Letter | Ending::Merged, None) => String::new(),
    };
    DueOnDay {
        day,
        unit: key.assignment.unit.clone(),
        occurrence: key.assignment.occurrence.clone(),
        stage: key.stage,
        letter: ended.letter.map(|(id, _)| id),
        went,
        reason,
    }
}

/// Why a letter that tells of a stage went on another day than its rule names, or not at all.
fn in_letter(
    ledger: &Ledger,
    told: &Told,
    ended: &Ended,
    (day, letter): (NaiveDate, &LetterState),
) -> String {
    let (id, dated) = (letter.queued.letter, letter.queued.letter.day);
    let mut parts = Vec::new();
    if dated != day {
        parts.extend(day_off(ledger, day));
        if ended.late && dated > day {
            parts.push("nobody could send then".to_owned());
        }
        parts.push(format!("letter {id} of {dated} tells it"));
    }
    if let Some((_, Some(stage))) = ended.letter {
        parts.push(format!("`{stage}` stands for it in letter {id}"));
    }
    let put_off = told.put_off.get(&id);
    match (&letter.progress, told.taken.get(&id)) {
        (LetterProgress::Bounced { reply }, _) => parts.push(format!("letter {id} came back: {reply}")),
        (_, Some(taken)) if *taken != dated => {
            let first = put_off.map(|reply| format!(" ({reply})")).unwrap_or_default();
            parts.push(format!("letter {id} was taken on {taken} only{first}"));
        }
        (_, Some(_)) => {}
        (LetterProgress::Held, None) => parts.push(format!("letter {id} waits for a release")),
        (LetterProgress::Unreleased, None) => parts.push(format!("nobody released letter {id}")),
        (LetterProgress::Recalled, None) => {
            parts.push(format!("letter {id} was recalled before its release: something in it had changed"));
        }
        (LetterProgress::Refused { reply }, None) => parts.push(format!("letter {id} was refused: {reply}")),
        (LetterProgress::Superseded { by }, None) => {
            let first = put_off.map(|reply| format!(" ({reply})")).unwrap_or_default();
            parts.push(format!("letter {id} never left{first}; {by} took its place"));
        }
        (LetterProgress::Deferred { reply, .. } | LetterProgress::Unknown { reply, .. }, None) => {
            parts.push(format!("letter {id} was not taken yet: {reply}"));
        }
        (LetterProgress::Queued | LetterProgress::Accepted { .. }, None) => {
            parts.push(format!("letter {id} is on its way"));
        }
    }
    parts.join("; ")
}

fn day_off(ledger: &Ledger, day: NaiveDate) -> Option<String> {
    let working = ledger.working();
    (!working.is_working(day)).then(|| match working.holiday_name(day) {
        Some(name) => format!("a day off ({name})"),
        None => "a day off (weekend)".to_owned(),
    })
}

/// Stages that have come by their day and have not ended.
fn waiting(ledger: &Ledger, until: NaiveDate) -> Vec<DueOnDay> {
    let through = ahead(until, MOVED_DAYS_MAX);
    let last = ledger.last_at().map(|at| ledger.day_of(at));
    let of = |assignment: &Assignment| {
        let (ladders, working) = (ledger.ladders_of(assignment.ladder_version), ledger.working());
        let mut planned = assignment.pending(through, ladders, working);
        planned.extend(assignment.pending_escalations(through, ladders, working));
        planned
            .into_iter()
            .map(|planned| {
                let day = named_day(ledger, &assignment.course, planned.stage).unwrap_or(planned.goes_on);
                let goes_on = planned.goes_on;
                let what = if last.is_some_and(|last| goes_on > last) {
                    format!("it goes on {goes_on}")
                } else {
                    "no event tells of it: duban did not run then, or held its decisions".to_owned()
                };
                DueOnDay {
                    day,
                    unit: assignment.unit.clone(),
                    occurrence: assignment.occurrence.clone(),
                    stage: planned.stage,
                    letter: None,
                    went: false,
                    reason: day_off(ledger, day).into_iter().chain([what]).collect::<Vec<_>>().join("; "),
                }
            })
            .collect::<Vec<_>>()
    };
    ledger.assignments().flat_map(of).collect()
}

/// Why a stage was skipped, in words.
#[must_use]
pub fn skipped(why: SkipReason) -> &'static str {
    match why {
        SkipReason::Done => "done before it came",
        SkipReason::Claimed => "a claim waits for the office's review",
        SkipReason::Paused => "paused by the office",
        SkipReason::Withdrawn => "withdrawn",
        SkipReason::PlanClosed => "its plan is closed",
        SkipReason::Muted => "the unit is muted",
        SkipReason::NoAddress => "there is no address to send it to",
        SkipReason::Rescheduled => "another deadline took its place",
        SkipReason::Returned => "returned for rework, and the letter that says so goes instead",
        SkipReason::Ended => "over by itself",
        SkipReason::Answered => "answered already",
        SkipReason::Undone => "taken back before anybody was told",
        SkipReason::Untold => "the letter that first tells of its task was written anew and says it",
    }
}
