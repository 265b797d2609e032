//! What every kind of letter shows: its frame (salutation, sign-off) and its numbered points.

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use super::form::{self, Row};
use super::words::{
    answer_words, clean, due_brief, full_date_weekday, near_date, near_date_weekday, row, title, you,
};
use crate::calendar::zh::{date_zh, weekday_zh};
use crate::domain::matter::{COMPLEX_MONTHS, Matter, MatterClass, MatterDays, ORDINARY_DAYS};
use crate::domain::{Answer, Coming, Draft, Item, PlanHead, Recipient, Role, Task};
use crate::matter::Origin;

/// What stands around the letter's matter.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Frame {
    pub addressee: String,
    pub you: &'static str,
    pub contact: String,
    pub phone: String,
    pub office: String,
    pub date: String,
    pub number: String,
    /// whether it goes to the office itself
    pub own: bool,
    /// `6月23日`: when a letter should have gone that goes late as a whole
    pub late_since: Option<String>,
    /// how to answer; none where nothing is asked
    pub ways: Option<Ways>,
}

/// The ways to answer.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Ways {
    /// the unit's page, its signature masked
    pub link: Option<String>,
    /// whether the receipt (签收) is asked for
    pub receipt: bool,
    /// whether the form is attached: not to a unit for which another answers
    pub form: bool,
    /// how many rows it has, where the letter names more than the unit is to answer now
    pub rows: Option<usize>,
}

impl Frame {
    pub(super) fn of(draft: &Draft) -> Self {
        let addressee = clean(&draft.addressee);
        Self {
            you: you(&addressee),
            addressee,
            contact: clean(&draft.office.contact),
            phone: clean(&draft.office.phone),
            office: clean(&draft.office.name),
            date: date_zh(draft.day),
            number: draft.letter.to_string(),
            own: draft.to == Recipient::Office,
            late_since: all_late(draft).map(|since| near_date(since, draft.day)),
            ways: None,
        }
    }
}

/// One numbered point.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Point {
    pub number: usize,
    /// whether its unit is asked as one that leads
    #[serde(skip)]
    pub asked: bool,
    /// its row of the 反馈表, where the unit itself is to answer it
    #[serde(skip)]
    pub row: Option<Row>,
    pub title: String,
    /// `第21条、清单33：6月底前`
    pub source: String,
    /// what else is to be known of it, each a short clause
    pub notes: Vec<String>,
}

/// How points of one letter are written: by which day, and whether they name their plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub day: NaiveDate,
    pub names_plans: bool,
    /// said of the whole letter, so not of each point
    late_told: Option<NaiveDate>,
}

impl Pen {
    /// For a letter that speaks of these plans.
    pub(super) fn new(draft: &Draft, plans: &[&PlanHead]) -> Self {
        Self { day: draft.day, names_plans: distinct(plans).len() > 1, late_told: all_late(draft) }
    }

    /// `空气质量计划第21条、清单33：6月底前`.
    pub(super) fn source(self, plan: &PlanHead, task: &Task) -> String {
        if let Some(matter) = &task.matter {
            return format!("{}；{}", self.place(plan, task), self.allowed(matter, task));
        }
        format!("{}：{}", self.place(plan, task), due_brief(plan, task, self.day))
    }

    /// Whether a dated plan may still take the place of the rule's term: of an ordinary matter, or a complex one within
    /// its month.
    pub(super) fn may_be_planned(item: &Item) -> bool {
        let Some(task) = &item.task else { return false };
        task.matter.as_ref().is_some_and(|matter| {
            matter.class == MatterClass::Ordinary || task.due.one_off_deadline() == month_after(matter)
        })
    }

    /// `一般事项，7日内办结`: the rule of a matter, which is nobody's word but the office's.
    fn allowed(self, matter: &Matter, task: &Task) -> String {
        let due = task.due.one_off_deadline();
        match (matter.class, matter.days) {
            (MatterClass::Ordinary, MatterDays::Calendar) => format!("一般事项，{ORDINARY_DAYS}日内办结"),
            (MatterClass::Ordinary, MatterDays::Working) => {
                format!("一般事项，{ORDINARY_DAYS}个工作日内办结")
            }
            (MatterClass::Complex, MatterDays::Calendar) if due == month_after(matter) => {
                "复杂事项，一个月内办结".to_owned()
            }
            (MatterClass::Complex, _) => match due {
                Some(due) => format!("复杂事项，按计划{}前办结", self.date(due)),
                None => "复杂事项".to_owned(),
            },
        }
    }

    /// `空气质量计划第21条、清单33`; without the plan where the letter has only one.
    pub(super) fn place(self, plan: &PlanHead, task: &Task) -> String {
        Origin::of(plan, task).clause(self.names_plans)
    }

    /// An item as a numbered point.
    pub(super) fn point(self, number: usize, item: &Item, notes: Vec<String>) -> Point {
        Point {
            number,
            asked: form::asks(item),
            row: self.row(item),
            title: self.item_title(item),
            source: self.item_source(item),
            notes,
        }
    }

    /// The row of an item, where its unit is to answer it itself.
    pub(super) fn row(self, item: &Item) -> Option<Row> {
        (item.task.is_some() && form::asks(item) && item.answers).then(|| form::of_item(self, item))
    }

    /// The title of an item, with its period; a collection's is its plan's name.
    pub(super) fn item_title(self, item: &Item) -> String {
        match &item.task {
            Some(task) => title(task, item.key.assignment.occurrence.period, self.day),
            None => clean(&item.plan.short),
        }
    }

    pub(super) fn item_source(self, item: &Item) -> String {
        item.task.as_ref().map_or_else(|| clean(&item.plan.short), |task| self.source(&item.plan, task))
    }

    pub(super) fn coming_title(self, coming: &Coming) -> String {
        title(&coming.task, coming.occurrence.period, self.day)
    }

    /// Clauses about who works on it and what is out of the ordinary, for the unit that answers.
    pub(super) fn circumstances(self, item: &Item) -> Vec<String> {
        let mut notes = Vec::new();
        if let (Some(original), Some(deadline)) = (item.original_deadline, item.deadline)
            && original != deadline
        {
            notes.push(format!(
                "原定{}，现定{}",
                near_date(original, self.day),
                near_date(deadline, self.day)
            ));
        }
        if let Some(task) = &item.task {
            if task.fixed {
                notes.push("不可延期".to_owned());
            }
            let first = is_first(task, item);
            // Of a collective that leads first, each member answers.
            let each = item.answers && !first && item.leads.len() > 1 && task.answer == Answer::Lead;
            let words = if each {
                Some("各单位分别反馈".to_owned())
            } else {
                answer_words(task, &item.leads, first)
            };
            notes.extend(words);
        }
        if !item.cooperates.is_empty() {
            notes.push(format!("配合：{}", row(&item.cooperates)));
        }
        notes.extend(self.late(item));
        notes
    }

    /// The same pen, after the reader was told since when this is late.
    pub(super) fn late_since_told(self, since: Option<NaiveDate>) -> Self {
        Self { late_told: since, ..self }
    }

    /// Told where a stage goes late.
    pub(super) fn late(self, item: &Item) -> Option<String> {
        item.late_since
            .filter(|since| Some(*since) != self.late_told)
            .map(|since| format!("因系统停运迟发，原应于{}发出", near_date(since, self.day)))
    }

    /// `6月30日到期，已超期5天`; without the count on the day or before it.
    pub(super) fn overdue(self, deadline: NaiveDate) -> String {
        let late_days = (self.day - deadline).num_days();
        let due = format!("{}到期", near_date(deadline, self.day));
        if late_days > 0 { format!("{due}，已超期{late_days}天") } else { due }
    }

    /// The same of any task: a date to strive for (力争) is never overdue.
    pub(super) fn due(self, deadline: NaiveDate, task: &Task) -> String {
        if task.target { format!("力争{}", near_date(deadline, self.day)) } else { self.overdue(deadline) }
    }

    /// The same circumstances of a matter named in passing.
    pub(super) fn coming_circumstances(coming: &Coming, to: &Recipient) -> Vec<String> {
        let mut notes = Vec::new();
        if coming.task.fixed {
            notes.push("不可延期".to_owned());
        }
        if coming.role == Role::Cooperating {
            notes.push(format!("牵头：{}", row(&coming.leads)));
            return notes;
        }
        let first = coming.task.lead.first().is_none_or(|lead| Some(lead) == to.unit());
        notes.extend(answer_words(&coming.task, &coming.leads, first));
        if !coming.cooperates.is_empty() {
            notes.push(format!("配合：{}", row(&coming.cooperates)));
        }
        notes
    }

    pub(super) fn date(self, date: NaiveDate) -> String {
        near_date(date, self.day)
    }

    pub(super) fn date_weekday(self, date: NaiveDate) -> String {
        near_date_weekday(date, self.day)
    }
}

/// What the letter tells: its own points, then those of letters that never left; each assignment once.
pub(super) fn points(draft: &Draft) -> Vec<&Item> {
    let mut told: Vec<&Item> = draft.items.iter().collect();
    for item in &draft.carried {
        if !told.iter().any(|known| known.key.assignment == item.key.assignment) {
            told.push(item);
        }
    }
    told
}

/// The day all of the letter should have gone, where all of it is late alike.
fn all_late(draft: &Draft) -> Option<NaiveDate> {
    let points = points(draft);
    let since = points.first()?.late_since?;
    points.into_iter().all(|item| item.late_since == Some(since)).then_some(since)
}

/// Points that share a deadline.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Deadline {
    /// `2021年6月30日（星期三）`
    pub date: String,
    /// `6月30日，星期三`, for use in brackets
    pub today: String,
    /// `6月30日`
    pub short: String,
    /// `6月30日（星期三）`
    pub short_weekday: String,
    /// civil days left
    pub days: i64,
    /// `6月29日（星期二）`, where the deadline is a day off
    pub advised: Option<String>,
    /// whether that day is the first working day after it, for nothing can be done before
    pub advised_after: bool,
    /// whether the advised day is the letter's, or already past
    pub advised_now: bool,
}

impl Deadline {
    pub(super) fn of(pen: Pen, date: NaiveDate, advised: Option<NaiveDate>) -> Self {
        Self {
            date: full_date_weekday(date),
            today: format!("{}，{}", pen.date(date), weekday_zh(date.weekday())),
            short: pen.date(date),
            short_weekday: pen.date_weekday(date),
            days: (date - pen.day).num_days(),
            advised: advised.map(|advised| pen.date_weekday(advised)),
            advised_after: advised.is_some_and(|advised| advised > date),
            advised_now: advised.is_some_and(|advised| advised <= pen.day),
        }
    }
}

/// `阳政办发〔2021〕41号文件（空气质量计划、水环境计划）`, several documents in a row, the last joined by 和.
#[must_use]
pub fn ground(plans: &[&PlanHead]) -> String {
    let plans = distinct(plans);
    let mut documents: Vec<(Option<&str>, Vec<String>)> = Vec::new();
    for plan in plans {
        let number = plan.document_number.as_deref();
        let short = clean(&plan.short);
        match documents.iter_mut().find(|(known, _)| known.is_some() && *known == number) {
            Some((_, shorts)) => shorts.push(short),
            None => documents.push((number, vec![short])),
        }
    }
    let words: Vec<String> = documents
        .into_iter()
        .map(|(number, shorts)| match number {
            Some(number) => format!("{}文件（{}）", clean(number), shorts.join("、")),
            None => shorts.join("、"),
        })
        .collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}和{last}", rest.join("、")),
        _ => words.concat(),
    }
}

/// What items are called together: 任务, or 事项 where an assigned matter is among them.
pub(super) fn noun<'a>(items: impl IntoIterator<Item = &'a Item>) -> &'static str {
    let matter = |item: &Item| item.task.as_ref().is_some_and(|task| task.matter.is_some());
    if items.into_iter().any(matter) { "事项" } else { "任务" }
}

/// The plans without repetitions, in order.
pub(super) fn distinct<'a>(plans: &[&'a PlanHead]) -> Vec<&'a PlanHead> {
    let mut seen: Vec<&PlanHead> = Vec::new();
    for plan in plans {
        if !seen.iter().any(|known| known.id == plan.id) {
            seen.push(plan);
        }
    }
    seen
}

fn is_first(task: &Task, item: &Item) -> bool {
    task.lead.first().is_none_or(|lead| *lead == item.unit)
}

/// The day by which a complex matter is to be settled without a dated plan.
fn month_after(matter: &Matter) -> Option<NaiveDate> {
    matter.assigned_on.checked_add_months(Months::new(COMPLEX_MONTHS))
}
