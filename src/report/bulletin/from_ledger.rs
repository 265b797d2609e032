//! A bulletin filled from the ledger: what is counted, and how.
//!
//! Three views of one journal tell a month apart from what came later: as it stood before the month,
//! at its end with what was recorded later about it (corrections), and as it is known now.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::proposed::{self, short_names};
use super::view::{
    Bulletin, Counted, DUE_UNDONE, EvidenceFigures, Extensions, Feedback, FeedbackState, Granted, ItemRow,
    PlanFigures, Totals, UnitRow,
};
use crate::calendar::Period;
use crate::domain::agenda::{Round, collected, is_collected};
use crate::domain::light::{Light, on_time};
use crate::domain::matter::MATTERS_PLAN;
use crate::domain::{
    Assignment, BulletinState, Digest, Ledger, Letterhead, PlanId, PlanState, State, UnitId,
};
use crate::matter::{MatterView, Status, counted};
use crate::report::occurrences;

/// Most occurrences of one task looked through for a year's count.
const OCCURRENCES_MAX: usize = 5_000;

/// One journal, seen at three moments.
#[derive(Debug, Clone, Copy)]
pub struct Known<'l> {
    /// what had happened before the month began
    pub before: &'l Ledger,
    /// what had happened when it ended, told later or not
    pub then: &'l Ledger,
    /// everything recorded up to the position reported on
    pub now: &'l Ledger,
    /// hash of the event at that position
    pub head: Digest,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// the month
    pub period: Period,
    /// the day it is asked on: a month that is not over is told as it stands then
    pub asked_on: Option<NaiveDate>,
    /// 第×期; the next of its year where none is given
    pub number: Option<u32>,
    /// 成文日期; the day of the last event where none is given
    pub dated: Option<NaiveDate>,
    /// plans reported on; all with a document number where none is given
    pub plans: Vec<PlanId>,
    /// how far it is
    pub step: BulletinState,
}

/// Why there is no bulletin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoBulletin {
    /// A bulletin is a month's.
    #[error("`{0}` is no month; a bulletin is of one, as 2021-06")]
    NotAMonth(Period),
    /// Nothing was followed then.
    #[error(
        "nothing was followed in {0}: duban's record of its plans begins later, or only plans without a document number were followed, which `--plan` names"
    )]
    NothingFollowed(Period),
    /// A plan that the ledger doesn't know.
    #[error("there is no plan `{0}`; `duban plan list` shows them")]
    NoPlan(PlanId),
}

/// A matter of the month and where it counts.
pub(super) struct Placed<'l> {
    pub matter: MatterView<'l>,
    pub place: Place,
}

/// Where a matter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// due in the month, or still due when it began
    Due {
        carried: bool,
        how: How,
    },
    /// done before the month of its deadline
    Early,
    InProgress {
        ongoing: bool,
    },
}

/// How a matter that was due stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    OnTime,
    Late,
    InReview,
    Paused,
    Unfinished,
}

/// The month's first and last day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Month {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Month {
    fn holds(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }
}

impl Bulletin {
    /// The bulletin of a month.
    ///
    /// # Errors
    /// [`NoBulletin`] for another period or an unknown plan.
    pub fn of(known: Known<'_>, ask: &Ask) -> Result<Self, NoBulletin> {
        let month = match (ask.period, ask.period.first(), ask.period.last()) {
            (Period::Month { .. }, Some(first), Some(last)) => {
                Month { first, last: ask.asked_on.map_or(last, |day| day.clamp(first, last)) }
            }
            _ => return Err(NoBulletin::NotAMonth(ask.period)),
        };
        let mut plans = chosen(known.now, &ask.plans)?;
        let last_day = known.now.last_at().map_or(month.last, |at| known.now.day_of(at));
        let dated = ask.dated.unwrap_or(last_day);
        let mut followed = counted(known.then, month.last);
        let placed = placed(&followed, &plans, month);
        if ask.plans.is_empty() {
            plans.retain(|plan| placed.iter().any(|one| one.matter.plan().id == plan.head.id));
        }
        if plans.is_empty() || placed.is_empty() {
            return Err(NoBulletin::NothingFollowed(ask.period));
        }
        // Over before the month or not: what was granted in it stays granted.
        followed.retain(|matter| plans.iter().any(|plan| plan.head.id == matter.plan().id));
        let feedback = feedback(known, &plans, ask.period, month);
        let units = units(known.then, &placed, &followed, &feedback, month);
        let listed = placed.iter().filter(|one| is_listed(known, one, month));
        let mut items: Vec<(Option<NaiveDate>, ItemRow)> =
            listed.map(|one| (one.matter.deadline(), item(known, one, month, dated))).collect();
        // The most urgent first: what is longest overdue, and what has no date last.
        items.sort_by_key(|(due, row)| (!row.unfinished, row.status.light, due.is_none(), *due));
        let items: Vec<ItemRow> = items.into_iter().map(|(_, row)| row).collect();
        let office = known.now.office();
        let letterhead = office.map(|office| office.letterhead.clone()).filter(|head| !head.is_empty());
        let letterhead = letterhead.unwrap_or_else(|| Letterhead {
            red_head: Some("督查通报".to_owned()),
            to: vec!["各有关单位".to_owned()],
            ..Letterhead::default()
        });
        let shorts: Vec<&str> = plans.iter().map(|plan| plan.head.short.as_str()).collect();
        let of = letterhead.subject_of;
        let theirs = |plan: &&PlanState| of.is_none() || plan.head.document_number == of;
        let subject = letterhead.subject.filter(|_| plans.iter().all(theirs));
        let requests = proposed::requests(known, &plans, &items, &feedback, month, dated);
        let proposals = proposed::proposals(&units);
        Ok(Self {
            step: ask.step,
            number: ask.number.unwrap_or_else(|| number(known.now, ask.period)),
            period: ask.period,
            as_of: month.last,
            dated,
            red_head: letterhead.red_head,
            office: office.map(|office| office.name.clone()).unwrap_or_default(),
            title: proposed::title(ask.period, subject.as_deref(), &shorts),
            to: letterhead.to,
            copies: letterhead.copies,
            plans: plans.iter().map(|plan| figures(known.then, &followed, plan, month)).collect(),
            totals: sum(&placed),
            feedback,
            evidence: evidence(known, &placed, month),
            extensions: extensions(known, &followed, month, dated),
            proposals,
            requests,
            unlisted: number_of(placed.len() - items.len()),
            items,
            units,
            counted: Counted {
                rules: proposed::rules(known, month),
                rule_version: format!("第{}版", known.now.light_rules().version),
                position: known.now.head(),
                head: known.head,
            },
        })
    }
}

/// Plans that a bulletin can be of: assigned matters stand in papers of their own.
fn followed_plans(ledger: &Ledger) -> impl Iterator<Item = &PlanState> {
    let plans = ledger.plans().filter(|(id, _)| id.as_str() != MATTERS_PLAN);
    plans.map(|(_, plan)| plan).filter(|plan| !plan.is_being_set_up())
}

/// The plans asked for; where none is, all that have a document number, or the one plan that there is.
fn chosen<'l>(ledger: &'l Ledger, ids: &[PlanId]) -> Result<Vec<&'l PlanState>, NoBulletin> {
    if ids.is_empty() {
        let all: Vec<&PlanState> = followed_plans(ledger).collect();
        let numbered = || all.iter().copied().filter(|plan| plan.head.document_number.is_some());
        return Ok(if all.len() == 1 { all } else { numbered().collect() });
    }
    ids.iter().map(|id| ledger.plan(id).ok_or_else(|| NoBulletin::NoPlan(id.clone()))).collect()
}

/// That of the bulletin where it was drafted already; else the next of its year.
fn number(ledger: &Ledger, period: Period) -> u32 {
    if let Some(drafted) = ledger.bulletin(period).last() {
        return drafted.step.number;
    }
    let year = |period: &Period| period.first().map(|day| day.year());
    let same = ledger.bulletins().filter(|(other, _)| year(other) == year(&period));
    let last = same.flat_map(|(_, moves)| moves).map(|one| one.step.number).max();
    last.unwrap_or(0).saturating_add(1)
}

pub(super) fn placed<'l>(all: &[MatterView<'l>], plans: &[&PlanState], month: Month) -> Vec<Placed<'l>> {
    let chosen = |matter: &&MatterView<'_>| plans.iter().any(|plan| plan.head.id == matter.plan().id);
    let all = all.iter().filter(chosen);
    all.filter_map(|matter| Some(Placed { place: place(matter, month)?, matter: *matter })).collect()
}

/// Where a matter counts; nowhere where it was over before the month began.
fn place(matter: &MatterView<'_>, month: Month) -> Option<Place> {
    let assignment = matter.assignment();
    let over = assignment.state.is_done();
    if over && matter.settled_on().is_none_or(|on| on < month.first) {
        return None;
    }
    // A date for doing work again (退回) moves nothing into a later month.
    let deadline = matter.counts_by().filter(|day| assignment.course.chased && *day <= month.last);
    let Some(deadline) = deadline else {
        let ongoing = matter.deadline().is_none();
        return Some(if over { Place::Early } else { Place::InProgress { ongoing } });
    };
    let how = match assignment.state {
        State::Accepted | State::ClosedOut | State::Withdrawn | State::Ended => {
            if on_time(assignment) == Some(false) { How::Late } else { How::OnTime }
        }
        State::Claimed => How::InReview,
        State::Paused => How::Paused,
        State::Opened | State::Notified | State::Receipt | State::InProgress | State::Returned => {
            How::Unfinished
        }
    };
    Some(Place::Due { carried: deadline < month.first, how })
}

pub(super) fn sum(placed: &[Placed<'_>]) -> Totals {
    placed.iter().fold(Totals::default(), |mut totals, one| {
        count(&mut totals, one.place);
        totals
    })
}

fn count(totals: &mut Totals, place: Place) {
    totals.followed += 1;
    match place {
        Place::Early => totals.early += 1,
        Place::InProgress { ongoing } => {
            totals.in_progress += 1;
            totals.ongoing += u32::from(ongoing);
        }
        Place::Due { carried, how } => {
            *(if carried { &mut totals.carried_over } else { &mut totals.due_this_month }) += 1;
            *(match how {
                How::OnTime => &mut totals.on_time,
                How::Late => &mut totals.late,
                How::InReview => &mut totals.in_review,
                How::Paused => &mut totals.paused,
                How::Unfinished => &mut totals.unfinished,
            }) += 1;
        }
    }
}

fn figures(then: &Ledger, followed: &[MatterView<'_>], plan: &PlanState, month: Month) -> PlanFigures {
    let due = followed.iter().filter(|matter| {
        matter.plan().id == plan.head.id
            && matter.assignment().course.chased
            && matter.counts_by().is_some_and(|day| day <= month.last)
    });
    let done: Vec<bool> = due.map(|matter| matter.state().is_done()).collect();
    let tasks = plan.tasks().filter(|state| state.withdrawn.is_none() && !state.task.recorded);
    let in_year = |day: &NaiveDate| day.year() == month.first.year();
    let dated = tasks.map(|state| {
        let all = occurrences(&state.task, &plan.head, then.working()).take(OCCURRENCES_MAX);
        all.filter_map(|dates| dates.deadline).filter(in_year).count()
    });
    PlanFigures {
        short: plan.head.short.clone(),
        document_number: plan.head.document_number.clone(),
        due_so_far: number_of(done.len()),
        done_so_far: number_of(done.iter().filter(|done| **done).count()),
        due_this_year: number_of(dated.sum()),
    }
}

pub(super) fn number_of(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The same assignment as it is known now.
fn now<'l>(known: Known<'l>, matter: &MatterView<'l>) -> MatterView<'l> {
    matter.in_ledger(known.now, matter.day()).unwrap_or(*matter)
}

fn same<'l>(ledger: &'l Ledger, assignment: &Assignment) -> Option<&'l Assignment> {
    ledger.slot_of(&assignment.id()).and_then(|slot| ledger.assignment(slot))
}

/// Whether it stands in the table: it was due, is done, or something was said of it that month.
fn is_listed(known: Known<'_>, one: &Placed<'_>, month: Month) -> bool {
    match one.place {
        Place::Due { .. } | Place::Early => true,
        Place::InProgress { .. } => {
            let told = now(known, &one.matter);
            told.moved_in(month.first, month.last) || one.matter.moved_in(month.first, month.last)
        }
    }
}

fn item(known: Known<'_>, one: &Placed<'_>, month: Month, dated: NaiveDate) -> ItemRow {
    let matter = &one.matter;
    let unfinished = matches!(one.place, Place::Due { how: How::Unfinished, .. });
    // Nothing is overdue on its last day; at the month's end it was due all the same.
    let status = if unfinished && matter.deadline() == Some(month.last) {
        Status::lit(Light::Red, DUE_UNDONE)
    } else {
        matter.status()
    };
    ItemRow {
        assignment: matter.id(),
        title: matter.title(dated),
        source: matter.origin().whole(),
        lead: matter.leads().join("、"),
        cooperate: matter.cooperates().join("、"),
        original: matter.original_words(dated),
        current: matter.current_words(dated),
        current_on: matter.deadline(),
        extensions: number_of(matter.extensions().len()),
        progress: matter.progress_words(),
        unproved: is_unproved(known, matter, month),
        status,
        unfinished,
        problem: matter.problem(),
        next_steps: matter.next_steps(),
        expected: matter.expected(),
    }
}

/// Claimed in the month, and no material came by now.
fn is_unproved(known: Known<'_>, matter: &MatterView<'_>, month: Month) -> bool {
    let claimed = matter.claims().iter().any(|claim| month.holds(claim.on));
    claimed && now(known, matter).files().is_empty()
}

/// Who answered the month's round; who may still answer in time is not counted yet.
fn feedback(known: Known<'_>, plans: &[&PlanState], period: Period, month: Month) -> Feedback {
    let mut reply_by = None;
    let mut states: BTreeMap<UnitId, FeedbackState> = BTreeMap::new();
    for plan in plans {
        let Some(plan) = known.then.plan(&plan.head.id) else { continue };
        let asked = plan.collections.iter().filter(|asked| asked.period == period);
        let until = asked.map(|asked| asked.reply_by).max();
        let is_over = until.is_none_or(|until| until <= month.last);
        reply_by = reply_by.max(until);
        let collections = known.then.assignments().filter(|one| {
            let id = &one.occurrence;
            id.is_collection() && id.period == period && id.task.plan == plan.head.id
        });
        for collection in collections {
            let state = answered(known, plan, collection);
            if !is_over && state != FeedbackState::InTime {
                continue;
            }
            let worst = states.entry(collection.unit.clone()).or_insert(state);
            *worst = state.max(*worst);
        }
    }
    let those = |state: FeedbackState| {
        let units = states.iter().filter(|(_, own)| **own == state).map(|(unit, _)| unit.clone());
        short_names(known.then, units)
    };
    Feedback {
        reply_by,
        asked: number_of(states.len()),
        in_time: number_of(those(FeedbackState::InTime).len()),
        late: those(FeedbackState::Late),
        partly: those(FeedbackState::Partly),
        missing: those(FeedbackState::Missing),
        by_unit: states,
    }
}

fn answered(known: Known<'_>, plan: &PlanState, collection: &Assignment) -> FeedbackState {
    if is_collected(known.then, collection) {
        return FeedbackState::InTime;
    }
    let round = Round::of(collection);
    let asked_on = round.asked_on;
    let late = collected(known.then, plan, &collection.unit, round).all(|(assignment, _)| {
        let record = same(known.now, assignment).and_then(|one| one.record.as_deref());
        record.and_then(|record| record.answered_on).is_some_and(|on| on >= asked_on)
    });
    if late {
        return FeedbackState::Late;
    }
    let in_month = |on: NaiveDate| (on.year(), on.month()) == (asked_on.year(), asked_on.month());
    // As the month ended: what was told since says nothing of it.
    let some = known.then.assignments().any(|one| {
        one.unit == collection.unit
            && one.occurrence.task.plan == plan.head.id
            && one.record.as_deref().and_then(|record| record.answered_on).is_some_and(in_month)
    });
    if some { FeedbackState::Partly } else { FeedbackState::Missing }
}

fn units(
    then: &Ledger,
    placed: &[Placed<'_>],
    all: &[MatterView<'_>],
    answered: &Feedback,
    month: Month,
) -> Vec<UnitRow> {
    let mut rows: BTreeMap<&UnitId, UnitRow> = BTreeMap::new();
    for one in placed {
        let unit = one.matter.unit_id();
        let row = rows.entry(unit).or_insert_with(|| UnitRow {
            unit: one.matter.unit(),
            totals: Totals::default(),
            feedback: answered.by_unit.get(unit).copied().unwrap_or(FeedbackState::NotAsked),
            extensions: 0,
        });
        count(&mut row.totals, one.place);
    }
    for matter in all {
        let granted = matter.extensions().iter().filter(|one| month.holds(one.granted.on)).count();
        rows.entry(matter.unit_id()).and_modify(|row| row.extensions += number_of(granted));
    }
    let key = |id: &UnitId| then.unit(id).map(|state| state.unit.sort_key.clone()).unwrap_or_default();
    let mut rows: Vec<(&UnitId, UnitRow)> = rows.into_iter().collect();
    rows.sort_by_key(|(id, _)| (key(id), (*id).clone()));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn evidence(known: Known<'_>, placed: &[Placed<'_>], month: Month) -> EvidenceFigures {
    let mut figures = EvidenceFigures::default();
    for one in placed {
        let claims = one.matter.claims();
        let returned = claims.iter().filter_map(|claim| claim.returned.as_ref());
        figures.returned += number_of(returned.filter(|(on, _)| month.holds(*on)).count());
        let Some(claim) = claims.iter().rev().find(|claim| month.holds(claim.on)) else { continue };
        figures.claims += 1;
        // Material may follow: what came by now counts.
        let told = now(known, &one.matter);
        let kept = told.files();
        if kept.is_empty() {
            let unit = told.unit();
            if !figures.without.contains(&unit) {
                figures.without.push(unit);
            }
        } else {
            figures.with_material += 1;
        }
        let later = |day: Option<NaiveDate>| day.is_some_and(|day| day > claim.done_on);
        figures.obtained_later += u32::from(kept.iter().any(|kept| later(kept.evidence.obtained_on)));
    }
    figures
}

fn extensions(known: Known<'_>, all: &[MatterView<'_>], month: Month, dated: NaiveDate) -> Extensions {
    let mut figures = Extensions::default();
    for matter in all {
        // What a lead asks for whom another answers is asked of the same matter.
        for part in matter.answered_parts() {
            let Some(record) = part.record.as_deref() else { continue };
            let before = same(known.before, part).and_then(|one| one.record.as_deref());
            let (asked, refused) = before.map_or((0, 0), |record| (record.asked, record.refused));
            figures.requested += record.asked.saturating_sub(asked);
            figures.refused += record.refused.saturating_sub(refused);
            figures.waiting += u32::from(record.extension.is_some());
        }
        for extension in matter.extensions().iter().filter(|one| month.holds(one.granted.on)) {
            figures.granted.push(Granted {
                unit: extension.unit.clone(),
                title: matter.title(dated),
                from: extension.granted.from.unwrap_or(extension.granted.until),
                to: extension.granted.until,
                ground: extension.paper(),
            });
        }
    }
    figures
}
