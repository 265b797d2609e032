//! A letter's points as rows of `preview --format json`: a format that others rely on.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::{Citation, Coming, Draft, Item, Role, Stage};

/// One point of one letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// when the letter goes, with the office's offset
    pub send_at: DateTime<FixedOffset>,
    /// the unit addressed, or whose leader is
    pub unit: String,
    /// in which role
    pub role: Role,
    /// stage without its day: `lead-7d`, `overdue` …
    pub stage: String,
    /// the plan
    pub plan: String,
    /// the task; `collection` for a monthly collection
    pub task: String,
    /// `plan/task/period`
    pub occurrence: String,
    /// legal deadline
    pub deadline: Option<NaiveDate>,
    /// the working day to aim at, where the deadline is a day off
    pub advised: Option<NaiveDate>,
    /// citations
    pub cite: Vec<Citation>,
    /// the task's title
    pub title: String,
    /// the letter's number
    pub letter: String,
    /// the unit that must answer
    pub answers: String,
    /// it goes late
    pub late: bool,
}

/// The rows of a letter: its points, and on adoption the matters the unit cooperates in.
#[must_use]
pub fn rows(draft: &Draft) -> Vec<Row> {
    let unit = draft.to.unit().map_or_else(|| "office".to_owned(), ToString::to_string);
    let send_at = draft.office.zone.local(draft.dated);
    let letter = draft.letter.to_string();
    let mut rows: Vec<Row> = draft
        .items
        .iter()
        .map(|item| Row {
            send_at,
            unit: unit.clone(),
            role: item.role,
            stage: item.stage().label(),
            plan: item.plan.id.to_string(),
            task: item.key.assignment.occurrence.task.task.to_string(),
            occurrence: item.key.assignment.occurrence.to_string(),
            deadline: if item.stage() == Stage::Collection { item.ends } else { item.deadline },
            advised: item.advised,
            cite: item.task.as_ref().map(|task| task.cite.clone()).unwrap_or_default(),
            title: title(item),
            letter: letter.clone(),
            answers: item.unit.to_string(),
            late: item.late_since.is_some(),
        })
        .collect();
    let told = draft.adoption().into_iter().flat_map(|told| &told.cooperating_in);
    rows.extend(told.map(|coming| Row {
        send_at,
        unit: unit.clone(),
        role: Role::Cooperating,
        stage: "adopted".to_owned(),
        letter: letter.clone(),
        late: false,
        ..matter(coming)
    }));
    rows
}

fn matter(coming: &Coming) -> Row {
    Row {
        send_at: DateTime::default(),
        unit: String::new(),
        role: coming.role,
        stage: String::new(),
        plan: coming.plan.id.to_string(),
        task: coming.task.id.to_string(),
        occurrence: coming.occurrence.to_string(),
        deadline: coming.deadline,
        advised: coming.advised,
        cite: coming.task.cite.clone(),
        title: coming.task.title.clone(),
        letter: String::new(),
        answers: coming.task.lead.first().map(ToString::to_string).unwrap_or_default(),
        late: false,
    }
}

fn title(item: &Item) -> String {
    item.task.as_ref().map_or_else(
        || format!("{}月调度", item.key.assignment.occurrence.period.name_zh()),
        |task| task.title.clone(),
    )
}
