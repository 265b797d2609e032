//! A task changes that a unit was told of: who is told, and what has become different (时限调整).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::event::{ChangeNoted, Counts, Event, NewEvent, Stream};
use super::id::{AssignmentId, OccurrenceId, TaskId, UnitId};
use super::ledger::{Assignment, Before, Ledger, PlanState, TaskState};
use super::plan::{Due, Task};
use super::stage::{Stage, StageKey};
use crate::calendar::ahead;

/// Why a task changes, as its units are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Why<'a> {
    /// in the office's words
    pub reason: Option<&'a str>,
    /// by which paper
    pub ground: Option<&'a str>,
}

/// One thing that is different from what a unit was told.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// another date of the unit's own
    Deadline {
        /// as told
        was: Option<NaiveDate>,
        /// 原定时限
        original: Option<NaiveDate>,
    },
    /// another shape of its dates: a rhythm, a season
    Due {
        /// as told
        was: Due,
    },
    /// other leads, or another of them answers; the unit still leads
    Lead {
        /// short names, as told
        was: Vec<String>,
    },
    /// the unit leads now
    LeadsNow {
        /// short names of those that led
        was: Vec<String>,
    },
    /// the unit leads no more: those asked now do
    LeadsNoMore {
        /// short names of those asked now
        now: Vec<String>,
    },
    /// another title
    Title {
        /// as told
        was: String,
    },
    /// other words
    Text {
        /// as told
        was: String,
    },
    /// another 完成标准
    Standard,
    /// other 印证材料
    Evidence,
    /// 力争, 不可延期: whether the date can be moved or missed
    Firmness,
    /// accepted (办结) without the unit's claim
    Accepted {
        /// the day of the verdict
        on: NaiveDate,
        /// 审核意见
        remark: Option<String>,
    },
    /// asked of nobody any more
    Withdrawn,
    /// its whole plan is asked of nobody any more
    Closed,
}

/// The events by which units that were told of a task, and those that lead it from now on (`joining`),
/// are told that it changes; to be recorded before the change. Who is yet to be told of the task hears
/// it as it is then.
#[must_use]
pub fn noted(
    ledger: &Ledger,
    task: &TaskId,
    joining: &[UnitId],
    why: Why<'_>,
    today: NaiveDate,
) -> Vec<NewEvent> {
    let Some(state) = ledger.task(task) else { return Vec::new() };
    let leads = ledger.expand(state.task.lead.iter());
    let open = open_of(ledger, task);
    let mut units: Vec<&UnitId> =
        leads.iter().chain(open.iter().map(|own| &own.unit)).chain(joining).collect();
    let mut seen = BTreeSet::new();
    units.retain(|unit| seen.insert(*unit));
    noted_to(ledger, task, units, why, ahead(today, 1))
}

fn open_of<'l>(ledger: &'l Ledger, task: &TaskId) -> Vec<&'l Assignment> {
    let occurrences = ledger.occurrences_of(task);
    let slots = occurrences.iter().flat_map(|(_, occurrence)| &occurrence.slots);
    slots.filter_map(|slot| ledger.assignment(*slot)).filter(|own| own.state.is_open()).collect()
}

/// The same events for these units alone; they are told with the letter of the first working day from `tell_from` on.
pub(super) fn noted_to(
    ledger: &Ledger,
    task: &TaskId,
    units: Vec<&UnitId>,
    why: Why<'_>,
    tell_from: NaiveDate,
) -> Vec<NewEvent> {
    let Some((plan, state)) = followed(ledger, task) else { return Vec::new() };
    let open = open_of(ledger, task);
    let next = ledger.next_dates(plan, state).map(|(dates, _)| dates.period);
    let notes = units.into_iter().filter_map(|unit| {
        let own = open.iter().filter(|assignment| assignment.unit == *unit);
        let last = own.max_by_key(|assignment| assignment.occurrence.period);
        let occurrence = OccurrenceId {
            task: task.clone(),
            period: last.map(|assignment| assignment.occurrence.period).or(next)?,
        };
        let assignment = AssignmentId { occurrence, unit: unit.clone() };
        note(ledger, assignment, last.map_or(1, |assignment| assignment.deadline_version), why, tell_from)
    });
    notes.collect()
}

/// The event by which a unit is told that its part was accepted; none where it claimed, or another did for it, and the
/// office tells nothing of that.
#[must_use]
pub fn noted_acceptance(
    ledger: &Ledger,
    assignment: &Assignment,
    counts: Counts,
    today: NaiveDate,
) -> Option<NewEvent> {
    followed(ledger, &assignment.occurrence.task).filter(|_| tells_acceptance(ledger, Some(counts)))?;
    note(ledger, assignment.id(), assignment.deadline_version, Why::default(), ahead(today, 1))
}

/// Whether a unit is told of such an acceptance: one without a claim is news.
fn tells_acceptance(ledger: &Ledger, counts: Option<Counts>) -> bool {
    counts.is_some_and(|counts| counts.claimed_on.is_none())
        || ledger.office().is_some_and(|office| office.acceptance_letter)
}

/// What a unit is told of its part that was accepted.
#[must_use]
pub fn acceptance(ledger: &Ledger, own: &Assignment) -> Option<Difference> {
    let verdict = own.record.as_deref()?.accepted.as_ref()?;
    let told = Difference::Accepted { on: verdict.on, remark: verdict.remark.clone() };
    tells_acceptance(ledger, verdict.counts).then_some(told)
}

/// One unit's note; none where it is yet to be told of the task.
fn note(
    ledger: &Ledger,
    assignment: AssignmentId,
    deadline_version: u32,
    why: Why<'_>,
    tell_from: NaiveDate,
) -> Option<NewEvent> {
    let (unit, task) = (&assignment.unit, &assignment.occurrence.task);
    let untold = ledger.unit(unit)?.untold.contains(task);
    let pending = |own: &Assignment| own.adoption_pending && own.occurrence.task == *task;
    if untold || ledger.open_of(unit).any(|(_, own)| pending(own)) {
        return None;
    }
    let stage = Stage::Changed(ledger.next_change_number(unit, task));
    let stream = Stream::Plan(task.plan.clone());
    let change = ChangeNoted {
        stage: StageKey { assignment, deadline_version, stage },
        tell_from,
        reason: why.reason.map(str::to_owned),
        ground: why.ground.map(str::to_owned),
    };
    Some(NewEvent { stream, occurred_on: None, event: Event::ChangeNoted(change) })
}

fn followed<'l>(ledger: &'l Ledger, task: &TaskId) -> Option<(&'l PlanState, &'l TaskState)> {
    let plan = ledger.plan(&task.plan).filter(|plan| plan.is_followed())?;
    let state = plan.tasks.get(&task.task)?;
    let asked = state.withdrawn.is_none() && !state.task.recorded && !matches!(state.task.due, Due::Done(_));
    asked.then_some((plan, state))
}

/// What of a unit's task is different from `before`; nothing where all was put back. `own` is its open assignment.
#[must_use]
pub fn differences(
    ledger: &Ledger,
    unit: &UnitId,
    task: &TaskId,
    before: &Before,
    own: Option<&Assignment>,
) -> Vec<Difference> {
    let (Some(plan), Some(state)) = (ledger.plan(&task.plan), ledger.task(task)) else { return Vec::new() };
    let (was, now) = (&*before.task, &*state.task);
    let leads = ledger.expand(now.lead.iter()).contains(unit);
    let gone = if plan.closed.is_some() {
        Some(Difference::Closed)
    } else if state.withdrawn.is_some() {
        Some(Difference::Withdrawn)
    } else if !leads {
        let asked = ledger.expand(now.lead.iter());
        Some(Difference::LeadsNoMore { now: ledger.short_names(&asked) })
    } else {
        None
    };
    if let Some(gone) = gone {
        return if before.leads { vec![gone] } else { Vec::new() };
    }
    let mut all = Vec::new();
    if !before.leads {
        all.push(Difference::LeadsNow { was: ledger.short_names(&was.lead) });
    } else if was.lead != now.lead || was.answer != now.answer && now.lead.len() > 1 {
        all.push(Difference::Lead { was: ledger.short_names(&was.lead) });
    }
    let one_off = |task: &Task| task.due.one_off_deadline().is_some();
    if let Some(own) = own.filter(|own| own.course.deadline != before.deadline) {
        let original = ledger.occurrence(&own.occurrence).and_then(|occurrence| occurrence.opened.deadline);
        all.push(Difference::Deadline { was: before.deadline, original });
    } else if was.due != now.due && !(one_off(was) && one_off(now) && own.is_some()) {
        all.push(Difference::Due { was: was.due.clone() });
    }
    if (was.target, was.fixed) != (now.target, now.fixed) {
        all.push(Difference::Firmness);
    }
    if was.title != now.title {
        all.push(Difference::Title { was: was.title.clone() });
    }
    if words(was) != words(now) {
        all.push(Difference::Text { was: words(was).to_owned() });
    }
    if was.standard != now.standard {
        all.push(Difference::Standard);
    }
    if was.evidence != now.evidence {
        all.push(Difference::Evidence);
    }
    all
}

/// The words that count.
fn words(task: &Task) -> &str {
    task.reading.as_deref().unwrap_or(&task.text)
}

/// Whether units need to be told that a file says this of a task now, and said that before.
#[must_use]
pub fn is_told(was: &Task, now: &Task) -> bool {
    let dates = was.due != now.due || (was.target, was.fixed) != (now.target, now.fixed);
    let leads = was.lead != now.lead || was.answer != now.answer;
    let said = was.title != now.title || words(was) != words(now);
    dates || leads || said || was.standard != now.standard || was.evidence != now.evidence
}

impl Difference {
    /// Whether nothing of the task is asked of the unit any more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Accepted { .. } | Self::LeadsNoMore { .. } | Self::Withdrawn | Self::Closed)
    }
}
