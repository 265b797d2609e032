//! Assigned matters (交办事项, 13710): assigned, and moved from ordinary to complex by approval.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use super::ending::{rescheduled, skip_remaining};
use super::resolve::{given, on_task, open_slots, resolve};
use super::secrecy::secret_mark;
use super::{Refusal, Target};
use crate::calendar::{Period, WorkingDays, ahead};
use crate::domain::agenda;
use crate::domain::changes::{self, Why};
use crate::domain::event::{Event, MatterReclassified, NewEvent, Opened, PlanOwner, SkipReason, Stream};
use crate::domain::id::{OccurrenceId, PlanId, TaskId, TaskSlug, UnitId};
use crate::domain::ledger::Ledger;
use crate::domain::matter::{MATTERS_PLAN, Matter, MatterClass, MatterDays};
use crate::domain::plan::{Answer, Days, Due, DueBasis, LeadBasis, PlanHead, Task};

/// A matter as it is assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMatter {
    /// its name in the plan `matters`; made from the day where left out
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<TaskSlug>,
    /// what it is called
    pub title: String,
    /// what is asked; the title where left out
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// where it comes from, and by which rule it is followed
    pub matter: Matter,
    /// who must answer; the first answers for all
    pub lead: Vec<UnitId>,
    /// who helps
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cooperate: Vec<UnitId>,
    /// a dated plan in the place of the month
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// 完成标准
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
}

/// What a list has taken so far, beside what the ledger holds.
#[derive(Default)]
struct Taken {
    slugs: BTreeSet<TaskSlug>,
    numbers: BTreeMap<String, TaskId>,
}

/// The events that assign matters, all or none; the standing plan with the first.
pub(super) fn assign(
    ledger: &Ledger,
    matters: &[NewMatter],
    today: NaiveDate,
) -> Result<Vec<NewEvent>, Refusal> {
    let plan = PlanId::parse(MATTERS_PLAN).map_err(Refusal::BadName)?;
    if matters.is_empty() {
        return Err(Refusal::Missing("matter"));
    }
    let mut events = Vec::new();
    if ledger.plan(&plan).is_none() {
        let event = Event::PlanAdopted {
            head: head(plan.clone(), today),
            owner: PlanOwner::Office,
            adopted_on: today,
            quiet: false,
        };
        events.push(NewEvent { stream: Stream::Plan(plan.clone()), occurred_on: None, event });
    }
    let mut taken = Taken::default();
    for new in matters {
        match assign_one(ledger, &plan, new, today, &mut taken) {
            Ok(one) => events.extend(one),
            // What is secret is not named either.
            Err(why @ Refusal::Secret(_)) => return Err(why),
            Err(why) if matters.len() == 1 => return Err(why),
            Err(why) => {
                return Err(Refusal::InMatter { title: new.title.clone(), why: Box::new(why) });
            }
        }
    }
    Ok(events)
}

fn assign_one(
    ledger: &Ledger,
    plan: &PlanId,
    new: &NewMatter,
    today: NaiveDate,
    taken: &mut Taken,
) -> Result<Vec<NewEvent>, Refusal> {
    given("title", &new.title)?;
    given("source", &new.matter.source)?;
    let texts = [Some(&new.title), new.text.as_ref(), Some(&new.matter.source), new.standard.as_ref()];
    if let Some(mark) = texts.into_iter().flatten().find_map(|text| secret_mark(text)) {
        return Err(Refusal::Secret(mark));
    }
    if new.lead.is_empty() {
        return Err(Refusal::Missing("lead unit"));
    }
    for unit in new.lead.iter().chain(&new.cooperate) {
        ledger.unit(unit).ok_or_else(|| Refusal::NoUnit(unit.clone()))?;
    }
    let assigned_on = new.matter.assigned_on;
    if assigned_on > today {
        return Err(Refusal::DayAhead { day: assigned_on, today });
    }
    let deadline = match new.until {
        Some(_) if new.matter.class == MatterClass::Ordinary => return Err(Refusal::DatedPlanIsComplex),
        Some(until) if until < assigned_on => {
            return Err(Refusal::DatePast { new: until, today: assigned_on });
        }
        Some(until) => until,
        None => new.matter.deadline(ledger.working()),
    };
    if let Some(number) = &new.matter.platform_number
        && let Some(known) = taken.numbers.get(number).cloned().or_else(|| by_number(ledger, plan, number))
    {
        return Err(Refusal::MatterExists { number: number.clone(), task: known });
    }
    let slug = match &new.id {
        Some(slug) => slug.clone(),
        None => free_slug(ledger, plan, assigned_on, taken)?,
    };
    let id = TaskId { plan: plan.clone(), task: slug.clone() };
    if ledger.task(&id).is_some() || !taken.slugs.insert(slug.clone()) {
        return Err(Refusal::TaskExists(id));
    }
    taken.numbers.extend(new.matter.platform_number.clone().map(|number| (number, id.clone())));
    let task = Task {
        id: slug,
        title: new.title.clone(),
        text: new.text.clone().unwrap_or_else(|| new.title.clone()),
        reading: None,
        cite: Vec::new(),
        lead: new.lead.clone(),
        lead_basis: LeadBasis::Office,
        cooperate: new.cooperate.clone(),
        due: Due::By(deadline),
        due_basis: DueBasis::Printed,
        due_note: None,
        standard: new.standard.clone(),
        evidence: None,
        report_to: None,
        answer: Answer::Lead,
        target: false,
        fixed: false,
        recorded: false,
        conflicts: Vec::new(),
        matter: Some(new.matter.clone()),
    };
    let added = on_task(&id, Event::TaskAdded { task, added_on: today });
    let opened = Opened {
        occurrence: OccurrenceId { task: id.clone(), period: Period::Once },
        opens: assigned_on,
        ends: None,
        deadline: Some(deadline),
        advised: agenda::advised(ledger, Period::Once, assigned_on, Some(deadline)),
        ladder: new.matter.ladder(),
        ladder_version: ledger.ladders().version,
        notice: false,
        by_adoption: false,
        // The letter that assigns it stands for today's.
        stages_from: ahead(today, 1),
        chased: true,
        units: agenda::asked_units(ledger, &new.lead, None),
    };
    Ok(vec![added, on_task(&id, Event::OccurrenceOpened(opened))])
}

/// Ordinary to complex, or back: an approved step with a date of its own.
pub(super) fn reclassify(
    ledger: &Ledger,
    target: &Target,
    class: MatterClass,
    until: Option<NaiveDate>,
    (approver, reason): (&str, &str),
    today: NaiveDate,
) -> Result<Vec<NewEvent>, Refusal> {
    given("approver", approver)?;
    given("reason", reason)?;
    let slots = resolve(ledger, target)?;
    let state = ledger.task(&target.task).ok_or_else(|| Refusal::NoTask(target.task.clone()))?;
    let Some(matter) = &state.task.matter else { return Err(Refusal::NotAMatter(target.task.clone())) };
    if matter.class == class && until.is_none() {
        return Err(Refusal::ClassAlready(class));
    }
    let by_rule = Matter { class, ..matter.clone() }.deadline(ledger.working());
    let new = until.unwrap_or(by_rule);
    if new < today {
        return Err(Refusal::DatePast { new, today });
    }
    let Some(first) = open_slots(ledger, &slots).next() else {
        return Err(Refusal::NothingOpen(target.task.clone()));
    };
    let mut again = rescheduled(ledger, first, new, today);
    if let Some(occurrence) = ledger.occurrence(&first.occurrence) {
        again.deadline_version = ledger.version_after(occurrence);
    }
    let why = Why { reason: Some(reason), ground: Some(approver) };
    let mut events = changes::noted(ledger, &target.task, &[], why, today);
    events.extend(skip_remaining(ledger, &slots, today, SkipReason::Rescheduled));
    let moved = MatterReclassified {
        occurrence: first.occurrence.clone(),
        class,
        again,
        approver: approver.to_owned(),
        reason: reason.to_owned(),
    };
    events.push(on_task(&target.task, Event::MatterReclassified(moved)));
    Ok(events)
}

fn head(id: PlanId, today: NaiveDate) -> PlanHead {
    PlanHead {
        id,
        title: "交办事项".to_owned(),
        short: "交办事项".to_owned(),
        document_number: None,
        issued_on: today,
        // A standing plan: it ends when the office closes it.
        in_force: Days { from: today, until: NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(today) },
        collect: None,
        quiet: false,
    }
}

fn by_number(ledger: &Ledger, plan: &PlanId, number: &str) -> Option<TaskId> {
    let known = ledger.plan(plan)?.tasks().find(|state| {
        let matter = state.task.matter.as_ref();
        state.withdrawn.is_none()
            && matter.and_then(|matter| matter.platform_number.as_deref()) == Some(number)
    })?;
    Some(TaskId { plan: plan.clone(), task: known.task.id.clone() })
}

/// `m-20210625-1`, the first that is free.
fn free_slug(ledger: &Ledger, plan: &PlanId, day: NaiveDate, list: &Taken) -> Result<TaskSlug, Refusal> {
    let name = |count: u32| {
        let text = format!("m-{:04}{:02}{:02}-{count}", day.year(), day.month(), day.day());
        TaskSlug::parse(&text)
    };
    let taken = |slug: &TaskSlug| {
        list.slugs.contains(slug) || ledger.task(&TaskId { plan: plan.clone(), task: slug.clone() }).is_some()
    };
    let mut count = 1;
    loop {
        match name(count) {
            Ok(slug) if taken(&slug) => count += 1,
            Ok(slug) => return Ok(slug),
            Err(bad) => return Err(Refusal::BadName(bad)),
        }
    }
}

/// How many of the clock's days are days off: told at assignment, so that nobody is surprised.
#[must_use]
pub fn days_off(working: &WorkingDays, matter: &Matter, deadline: NaiveDate) -> Vec<NaiveDate> {
    if matter.days == MatterDays::Working {
        return Vec::new();
    }
    let days = matter.assigned_on.iter_days().take_while(|day| *day <= deadline);
    days.filter(|day| !working.is_working(*day)).collect()
}
