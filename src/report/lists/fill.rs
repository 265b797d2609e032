//! The weekly lists from the ledger.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate};

use super::{Entry, List, ListKind, Weekly};
use crate::domain::agenda::collected;
use crate::domain::{Ledger, PlanState, State, UnitId};
use crate::report::facts::{Facts, counted};
use crate::words::near_date;

/// A list with more matters has one line a unit, so that all four fit one page.
const MATTERS_MAX: usize = 16;

impl Weekly {
    /// The lists as seen on a day.
    #[must_use]
    pub fn of(ledger: &Ledger, day: NaiveDate) -> Self {
        let after_sunday = 7 - u64::from(day.weekday().num_days_from_monday());
        let next_from = day.checked_add_days(Days::new(after_sunday)).unwrap_or(day);
        let next_until = next_from.checked_add_days(Days::new(6)).unwrap_or(next_from);
        let all = counted(ledger);
        let lists = ListKind::ALL.map(|kind| {
            let entries = match kind {
                ListKind::Unreceived => unreceived(&all, day),
                ListKind::Unreported => unreported(ledger, day),
                ListKind::InReview => in_review(&all, day),
                ListKind::DueNextWeek => due(&all, next_from, next_until, day),
            };
            let matters = u32::try_from(entries.len()).unwrap_or(u32::MAX);
            List { kind, matters, entries: shortened(entries) }
        });
        let office = ledger.office().map(|office| office.name.clone()).unwrap_or_default();
        Self { office, day, next_from, next_until, lists: lists.into() }
    }
}

fn entry(facts: &Facts<'_>, day: NaiveDate, note: String) -> Entry {
    Entry {
        unit: facts.unit(),
        title: facts.title(day),
        source: facts.clause(),
        deadline: facts.deadline(),
        note,
    }
}

fn since(on: NaiveDate, day: NaiveDate, what: &str) -> String {
    format!("{}{what}，已{}天", near_date(on, day), (day - on).num_days())
}

/// Told before today, and not acknowledged.
fn unreceived(all: &[Facts<'_>], day: NaiveDate) -> Vec<Entry> {
    let waiting = all.iter().filter_map(|facts| {
        let record = facts.record()?;
        let told =
            record.told_on.filter(|_| record.receipt.is_none() && facts.assignment.state.is_chased())?;
        if told >= day {
            return None;
        }
        Some(entry(facts, day, since(told, day, "送达")))
    });
    waiting.collect()
}

/// Asked for this month's progress, and something is still missing: one line a unit and plan.
fn unreported(ledger: &Ledger, day: NaiveDate) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (_, plan) in ledger.plans() {
        let Some(asked) = ledger.last_collection(plan, day) else { continue };
        let of_plan = |id: &&UnitId| collected(ledger, plan, id, asked.asked_on).next().is_some();
        let asked_of: BTreeSet<&UnitId> = ledger
            .assignments()
            .filter(|one| {
                let id = &one.occurrence;
                id.is_collection() && id.period == asked.period && id.task.plan == plan.head.id
            })
            .map(|one| &one.unit)
            .collect();
        for unit in asked_of.into_iter().filter(of_plan) {
            entries.push(missing(ledger, plan, unit, &asked, day));
        }
    }
    entries.sort_by(|a, b| a.unit.cmp(&b.unit));
    entries
}

fn missing(
    ledger: &Ledger,
    plan: &PlanState,
    unit: &UnitId,
    asked: &crate::domain::CollectionAsked,
    day: NaiveDate,
) -> Entry {
    let count = collected(ledger, plan, unit, asked.asked_on).count();
    let left = (asked.reply_by - day).num_days();
    let month = asked.period.name_zh();
    let month = month.strip_prefix(&format!("{}年", day.year())).unwrap_or(&month).to_owned();
    let note = if left < 0 { format!("逾期{}天", -left) } else { format!("还有{left}天") };
    Entry {
        unit: ledger.short_names(std::slice::from_ref(unit)).concat(),
        title: format!("{}{month}月调度（{count}项未报）", plan.head.short),
        source: plan.head.document_number.clone().unwrap_or_default(),
        deadline: Some(asked.reply_by),
        note,
    }
}

/// A claim, an extension, an objection or a closing out waits for the office.
fn in_review(all: &[Facts<'_>], day: NaiveDate) -> Vec<Entry> {
    let mut waiting: Vec<(NaiveDate, Entry)> = all
        .iter()
        .filter_map(|facts| {
            let on = facts.assignment.waits_since()?;
            let record = facts.record()?;
            let what = match (facts.assignment.state, &record.extension) {
                (State::Claimed, _) => "申请办结".to_owned(),
                (State::Accepted, _) => "办结，待销号".to_owned(),
                (_, Some(asked)) => format!("申请延期至{}", near_date(asked.new_deadline, day)),
                (_, None) => "对交办有异议".to_owned(),
            };
            Some((on, entry(facts, day, since(on, day, &what))))
        })
        .collect();
    waiting.sort_by_key(|(on, _)| *on);
    waiting.into_iter().map(|(_, entry)| entry).collect()
}

/// Due in the next week and not yet claimed.
fn due(all: &[Facts<'_>], from: NaiveDate, until: NaiveDate, day: NaiveDate) -> Vec<Entry> {
    let mut due: Vec<&Facts<'_>> = all
        .iter()
        .filter(|facts| facts.assignment.state.is_chased())
        .filter(|facts| facts.deadline().is_some_and(|deadline| from <= deadline && deadline <= until))
        .collect();
    due.sort_by_key(|facts| (facts.deadline(), facts.unit()));
    let told =
        |facts: &Facts<'_>| if facts.assignment.is_reported() { "已反馈进展" } else { "未反馈" };
    due.into_iter().map(|facts| entry(facts, day, told(facts).to_owned())).collect()
}

/// Units together; of a long list only the first matter of each and how many there are.
fn shortened(entries: Vec<Entry>) -> Vec<Entry> {
    let long = entries.len() > MATTERS_MAX;
    let mut units: Vec<(String, Vec<Entry>)> = Vec::new();
    for entry in entries {
        match units.iter_mut().find(|(unit, _)| *unit == entry.unit) {
            Some((_, own)) => own.push(entry),
            None => units.push((entry.unit.clone(), vec![entry])),
        }
    }
    units.into_iter().flat_map(|(_, own)| if long { of_unit(own) } else { own }).collect()
}

fn of_unit(mut own: Vec<Entry>) -> Vec<Entry> {
    let count = own.len();
    own.truncate(1);
    if let Some(first) = own.first_mut().filter(|_| count > 1) {
        first.title = format!("{}等{count}项", first.title);
        "见台账".clone_into(&mut first.source);
        first.deadline = None;
    }
    own
}
