//! The weekly lists from the ledger: each matter once in every list that its state and dates ask for.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::{Entry, List, Weekly};
use crate::domain::{AssignmentId, CollectionAsked, Ledger, OccurrenceId, State, UnitId};
use crate::matter::MatterView;
use crate::matter::worklist::{ListKind, Week, listed};
use crate::words::near_date;

/// A list with more matters has one line a unit, so that all fit on one page.
const MATTERS_MAX: usize = 10;

impl Weekly {
    /// The lists as seen on a day.
    #[must_use]
    pub fn of(ledger: &Ledger, day: NaiveDate) -> Self {
        let week = Week::of(day);
        let lists = ListKind::ALL.map(|kind| {
            let mut joined = joined(listed(ledger, kind, day));
            joined.sort_by_key(|one| order(kind, one));
            let matters = u32::try_from(joined.len()).unwrap_or(u32::MAX);
            let entries = match kind {
                ListKind::Unreported => unreported(ledger, &joined),
                ListKind::Overdue
                | ListKind::DueThisWeek
                | ListKind::DueNextWeek
                | ListKind::Unreceived
                | ListKind::InReview
                | ListKind::Returned => {
                    let lines = joined.iter().flat_map(Joined::by_date);
                    lines.map(|one| entry(ledger, &one, note(kind, &one.first))).collect()
                }
            };
            List { kind, matters, entries: shortened(entries) }
        });
        let office = ledger.office().map(|office| office.name.clone()).unwrap_or_default();
        let Week { day, until, next_from, next_until } = week;
        Self { office, day, until, next_from, next_until, lists: lists.into() }
    }
}

/// A matter on a list: the unit that answers, and the leads for whom it does, where they stand there alike.
struct Joined<'l> {
    first: MatterView<'l>,
    with: Vec<MatterView<'l>>,
}

impl Joined<'_> {
    fn ids(&self) -> Vec<AssignmentId> {
        std::iter::once(&self.first).chain(&self.with).map(MatterView::id).collect()
    }

    /// One line a date: work may have come back to one of them with a date of its own.
    fn by_date(&self) -> Vec<Self> {
        let mut lines = vec![Self { first: self.first, with: Vec::new() }];
        for view in &self.with {
            match lines.iter_mut().find(|line| line.first.deadline() == view.deadline()) {
                Some(line) => line.with.push(*view),
                None => lines.push(Self { first: *view, with: Vec::new() }),
            }
        }
        lines
    }
}

/// One answer is one matter: leads that another answers for stand beside it, so that figures are those of the bulletin.
fn joined(all: Vec<MatterView<'_>>) -> Vec<Joined<'_>> {
    let mut matters: Vec<Joined<'_>> = Vec::new();
    let mut known: BTreeMap<(&OccurrenceId, &UnitId), usize> = BTreeMap::new();
    for view in all {
        let key = (&view.assignment().occurrence, view.answering());
        match known.get(&key).and_then(|at| matters.get_mut(*at)) {
            Some(matter) if view.answers() => {
                let other = std::mem::replace(&mut matter.first, view);
                matter.with.insert(0, other);
            }
            Some(matter) => matter.with.push(view),
            None => {
                known.insert(key, matters.len());
                matters.push(Joined { first: view, with: Vec::new() });
            }
        }
    }
    matters
}

/// The longest overdue, the nearest, what waits longest first; else as the plans have them.
fn order(kind: ListKind, one: &Joined<'_>) -> Option<NaiveDate> {
    let view = &one.first;
    match kind {
        ListKind::Overdue | ListKind::DueThisWeek | ListKind::DueNextWeek => view.deadline(),
        ListKind::InReview => view.assignment().waits_since(),
        ListKind::Returned => view.returned().map(|(on, _)| on),
        ListKind::Unreceived | ListKind::Unreported => None,
    }
}

fn entry(ledger: &Ledger, one: &Joined<'_>, note: String) -> Entry {
    let view = &one.first;
    let others: Vec<String> = one.with.iter().map(MatterView::unit).collect();
    let together = (!others.is_empty()).then(|| format!("共同牵头：{}", others.join("、")));
    let for_it = (!view.answers()).then(|| {
        let answering = ledger.short_names(std::slice::from_ref(view.answering())).concat();
        format!("由{answering}统一反馈")
    });
    let notes: Vec<String> = std::iter::once(note).chain(together).chain(for_it).collect();
    Entry {
        unit: view.unit(),
        title: view.title(view.day()),
        source: view.origin().in_plan(),
        deadline: view.deadline(),
        note: notes.join("，"),
        assignments: one.ids(),
    }
}

fn since(on: NaiveDate, day: NaiveDate, what: &str) -> String {
    format!("{}{what}，已{}天", near_date(on, day), (day - on).num_days())
}

/// What a list says of a matter.
fn note(kind: ListKind, view: &MatterView<'_>) -> String {
    let day = view.day();
    let reported = if view.assignment().is_reported() { "已反馈进展" } else { "未反馈" };
    match kind {
        ListKind::Overdue => format!("超期{}天，{reported}", view.overdue_days().unwrap_or_default()),
        ListKind::DueThisWeek if view.deadline() == Some(day) => format!("今日到期，{reported}"),
        ListKind::DueThisWeek | ListKind::DueNextWeek => {
            let left = view.deadline().map_or(0, |deadline| (deadline - day).num_days());
            format!("还有{left}天，{reported}")
        }
        ListKind::Unreceived => {
            let told = view.record().and_then(|record| record.told_on);
            told.map(|told| since(told, day, "送达")).unwrap_or_default()
        }
        ListKind::InReview => in_review(view),
        ListKind::Returned => {
            view.returned().map_or_else(|| "已退回".to_owned(), |(on, _)| since(on, day, "退回"))
        }
        ListKind::Unreported => left(view.report_missing(), day),
    }
}

fn in_review(view: &MatterView<'_>) -> String {
    let asked = view.expected();
    let what = match (view.state(), asked) {
        (State::Claimed, _) => "申请办结".to_owned(),
        (State::Accepted, _) => "办结，待销号".to_owned(),
        (_, Some(day)) => format!("申请延期至{}", near_date(day, view.day())),
        (_, None) => "对交办有异议".to_owned(),
    };
    match view.assignment().waits_since() {
        Some(on) => since(on, view.day(), &what),
        None => what,
    }
}

/// `逾期2天`, `还有3天`.
fn left(by: Option<NaiveDate>, day: NaiveDate) -> String {
    match by.map(|by| (by - day).num_days()) {
        Some(left) if left < 0 => format!("逾期{}天", -left),
        Some(left) => format!("还有{left}天"),
        None => String::new(),
    }
}

/// One line a unit and round, with what it lacks; an assigned matter has a line of its own.
fn unreported(ledger: &Ledger, missing: &[Joined<'_>]) -> Vec<Entry> {
    let mut rounds: Vec<(CollectionAsked, Vec<&Joined<'_>>)> = Vec::new();
    let mut entries = Vec::new();
    for one in missing {
        let Some(asked) = one.first.asked_in_round() else {
            let mut entry =
                entry(ledger, one, format!("3日内反馈办理情况，{}", note(ListKind::Unreported, &one.first)));
            entry.deadline = one.first.report_missing();
            entries.push(entry);
            continue;
        };
        let alike = |(of, ones): &&mut (CollectionAsked, Vec<&Joined<'_>>)| {
            let first = ones.first().map(|known| (known.first.unit_id(), &known.first.plan().id));
            *of == asked && first == Some((one.first.unit_id(), &one.first.plan().id))
        };
        match rounds.iter_mut().find(alike) {
            Some((_, ones)) => ones.push(one),
            None => rounds.push((asked, vec![one])),
        }
    }
    entries.extend(rounds.iter().filter_map(|(asked, ones)| round(asked, ones)));
    entries.sort_by(|a, b| a.unit.cmp(&b.unit));
    entries
}

fn round(asked: &CollectionAsked, ones: &[&Joined<'_>]) -> Option<Entry> {
    let view = ones.first()?.first;
    let month = asked.period.name_zh();
    let month = month.strip_prefix(&format!("{}年", view.day().year())).unwrap_or(&month).to_owned();
    Some(Entry {
        unit: view.unit(),
        title: format!("{}{month}月调度（{}项未报）", view.plan().short, ones.len()),
        source: view.origin().document_number.unwrap_or_default(),
        deadline: Some(asked.reply_by),
        note: left(Some(asked.reply_by), view.day()),
        assignments: ones.iter().flat_map(|one| one.ids()).collect(),
    })
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

fn of_unit(own: Vec<Entry>) -> Vec<Entry> {
    let (count, mut own) = (own.len(), own.into_iter());
    let Some(first) = own.next().filter(|_| count > 0) else { return Vec::new() };
    if count == 1 {
        return vec![first];
    }
    let assignments = first.assignments.iter().cloned().chain(own.flat_map(|entry| entry.assignments));
    vec![Entry {
        assignments: assignments.collect(),
        title: format!("{}等{count}项", first.title),
        source: "见台账".to_owned(),
        deadline: None,
        unit: first.unit,
        note: first.note,
    }]
}
