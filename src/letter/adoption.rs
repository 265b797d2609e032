//! The letter that tells a unit of its tasks when plans are adopted (任务告知).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::changes;
use super::daily::{Asked, asked};
use super::form;
use super::view::{Deadline, Frame, Pen, Point, distinct, points};
use super::words::{clause, clean};
use crate::calendar::zh::date_zh;
use crate::domain::{
    AdoptionTold, Coming, Draft, Due, Item, OccurrenceId, PlanHead, Role, SheetRow, Stage, Task,
};

/// A unit's tasks, told at once.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Adoption {
    pub frame: Frame,
    pub documents: Vec<Document>,
    pub led: usize,
    pub cooperating: usize,
    pub horizon: u16,
    pub overdue_count: usize,
    pub overdue: Vec<Point>,
    pub soon_count: usize,
    pub soon: Vec<Soon>,
    /// the other tasks it leads, where there are few
    pub named: Vec<Point>,
    /// what is open besides: named in the form alone
    #[serde(skip)]
    pub unnamed: Vec<Point>,
    /// whether all it leads are named in the letter
    pub all_named: bool,
    /// whether no task it leads has a date, nor will have one
    pub undated: bool,
    /// what else is asked that day of tasks told before
    pub day: Option<Asked>,
    /// whether the unit itself is to answer any of them
    pub answers: bool,
    /// reply-by of the collection this letter stands for
    pub collection: Option<Deadline>,
}

impl Adoption {
    /// How many of them the letter itself shows.
    pub(super) fn told(&self) -> usize {
        self.points().count() - self.unnamed.len()
    }

    /// All that it numbers, what only its form names last.
    pub(super) fn points(&self) -> impl Iterator<Item = &Point> {
        let soon = self.soon.iter().flat_map(|soon| &soon.points);
        let named = self.overdue.iter().chain(soon).chain(&self.named);
        named.chain(self.day.iter().flat_map(Asked::points)).chain(&self.unnamed)
    }
}

/// A document with the plans it brings.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Document {
    pub titles: Vec<String>,
    pub number: Option<String>,
    pub issued: String,
}

/// What falls due on one day.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Soon {
    pub deadline: Deadline,
    pub count: usize,
    pub points: Vec<Point>,
}

/// So many tasks are named in the letter itself.
const NAMED_MAX: usize = 5;

/// The view of what was adopted.
pub(super) fn view(draft: &Draft, told: &AdoptionTold) -> Adoption {
    let plans: Vec<&PlanHead> = told.plans.iter().map(|plan| &**plan).collect();
    let pen = Pen::new(draft, &plans);
    let mut number = 0;
    let mut point = |matter: &Coming, mut notes: Vec<String>| {
        number += 1;
        notes.splice(0..0, changed(pen, draft, &matter.plan, &matter.task));
        notes.extend(Pen::coming_circumstances(matter, &draft.to));
        let source = pen.source(&matter.plan, &matter.task);
        let row = opened(draft, &matter.occurrence).map_or_else(
            // Open by its own stages, and told with the rest of its task.
            || draft.to.unit().filter(|_| matter.answers).map(|unit| form::of_coming(pen, unit, matter)),
            |item| pen.row(item),
        );
        Point { number, asked: true, row, title: pen.coming_title(matter), source, notes }
    };
    let mut past: Vec<&Coming> = told.overdue.iter().collect();
    past.sort_by_key(|matter| matter.deadline);
    let overdue: Vec<Point> = past
        .into_iter()
        .map(|matter| {
            point(matter, matter.deadline.map(|deadline| pen.overdue(deadline)).into_iter().collect())
        })
        .collect();
    let mut by_day: BTreeMap<(NaiveDate, Option<NaiveDate>), Vec<&Coming>> = BTreeMap::new();
    for matter in &told.soon {
        let deadline = matter.deadline.unwrap_or(draft.day);
        by_day.entry((deadline, matter.advised)).or_default().push(matter);
    }
    let soon = by_day
        .into_iter()
        .map(|((date, advised), matters)| Soon {
            deadline: Deadline::of(pen, date, advised),
            count: matters.len(),
            points: matters.into_iter().map(|matter| point(matter, Vec::new())).collect(),
        })
        .collect();
    let led = || told.sheet.iter().filter(|row| row.role == Role::Lead);
    let known = |row: &SheetRow| {
        told.overdue.iter().chain(&told.soon).any(|m| m.plan.id == row.plan.id && m.task.id == row.task.id)
    };
    let all_named = told.led <= NAMED_MAX;
    let mut number = told.overdue.len() + told.soon.len();
    let mut named = Vec::new();
    for row in led().filter(|row| all_named && !known(row)) {
        number += 1;
        let mut opened = draft.items.iter().filter(|item| {
            let id = &item.key.assignment.occurrence.task;
            id.plan == row.plan.id && id.task == row.task.id
        });
        named.push(Point {
            asked: true,
            row: opened.next().and_then(|item| pen.row(item)),
            number,
            title: clean(&row.task.title),
            source: pen.source(&row.plan, &row.task),
            notes: row
                .next
                .filter(|_| row.task.due.one_off_deadline().is_none())
                .map(|next| format!("下次{}到期", pen.date(next)))
                .into_iter()
                .chain(own_words(&row.plan, &row.task))
                .chain(
                    row.leads
                        .first()
                        .filter(|_| !row.answers)
                        .map(|lead| format!("由{}统一反馈", clean(lead))),
                )
                .chain(changed(pen, draft, &row.plan, &row.task))
                .collect(),
        });
    }
    let no_date = |row: &SheetRow| row.next.is_none() && !matches!(row.task.due, Due::Awaiting(_));
    let undated = told.overdue.is_empty() && told.soon.is_empty() && led().all(no_date);
    let others: Vec<&Item> =
        points(draft).into_iter().filter(|item| item.stage() != Stage::Adopted).collect();
    let day = (!others.is_empty()).then(|| asked(draft, &others, number));
    let numbered = number + day.as_ref().map_or(0, |day| day.points().count());
    let mut view = Adoption {
        frame: Frame::of(draft),
        documents: documents(&plans),
        led: told.led,
        cooperating: told.cooperating,
        horizon: told.horizon_days,
        overdue_count: told.overdue.len(),
        overdue,
        soon_count: told.soon.len(),
        soon,
        all_named,
        undated,
        day,
        named,
        unnamed: Vec::new(),
        answers: led().any(|row| row.answers),
        collection: told.collection_reply_by.map(|by| Deadline::of(pen, by, told.collection_advised)),
    };
    view.unnamed = unnamed(draft, &view, pen, numbered);
    view
}

/// What is open of the tasks told and named nowhere in the letter, the nearest date first.
fn unnamed(draft: &Draft, view: &Adoption, pen: Pen, numbered: usize) -> Vec<Point> {
    let rows = || view.points().filter_map(|point| point.row.as_ref());
    let is_named = |item: &&&Item| rows().any(|row| row.assignment == item.key.assignment);
    let mut items: Vec<&Item> = points(draft).into_iter().filter(|item| !is_named(&item)).collect();
    items.sort_by_key(|item| (item.deadline.is_none(), item.deadline));
    let asked = items.into_iter().filter(|item| pen.row(item).is_some());
    (numbered + 1..).zip(asked).map(|(number, item)| pen.point(number, item, Vec::new())).collect()
}

/// The open matter of this occurrence.
fn opened<'d>(draft: &'d Draft, occurrence: &OccurrenceId) -> Option<&'d Item> {
    draft.items.iter().find(|item| item.key.assignment.occurrence == *occurrence && item.task.is_some())
}

/// The clause itself, of a plan that nobody can look up as a document.
fn own_words(plan: &PlanHead, task: &Task) -> Option<String> {
    let words = clause(task).replace('\n', " ");
    let own = plan.document_number.is_none() && words.trim_end_matches('。') != clean(&task.title);
    own.then(|| format!("原文：{}", words.trim_end_matches('。')))
}

/// What is different of a task that its unit was told of before.
fn changed(pen: Pen, draft: &Draft, plan: &PlanHead, task: &Task) -> Vec<String> {
    let same = |item: &&Item| {
        let id = &item.key.assignment.occurrence.task;
        (&id.plan, &id.task) == (&plan.id, &task.id)
    };
    let item = draft.items.iter().filter(same).find_map(|item| Some((item, item.changed.as_ref()?)));
    item.map(|(item, changed)| changes::clauses(pen, item, changed)).unwrap_or_default()
}

fn documents(plans: &[&PlanHead]) -> Vec<Document> {
    let mut documents: Vec<Document> = Vec::new();
    for plan in distinct(plans) {
        let number = plan.document_number.as_deref().map(clean);
        let title = clean(&plan.title);
        match documents.iter_mut().find(|known| known.number.is_some() && known.number == number) {
            Some(known) => known.titles.push(title),
            None => documents.push(Document { titles: vec![title], number, issued: date_zh(plan.issued_on) }),
        }
    }
    documents
}
