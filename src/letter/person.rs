//! Letters that answer to a person's judgement: to a leader (提请督促), and of work returned (退回).

use serde::Serialize;

use super::view::{Deadline, Frame, Pen, Point, ground, noun};
use super::words::clean;
use crate::domain::{Draft, LeaderPage, PlanHead};

/// A leader is told what his unit has left undone.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Escalation {
    pub frame: Frame,
    pub unit: String,
    pub ground: String,
    pub count: usize,
    /// what they are called: 任务, or 事项
    pub noun: &'static str,
    pub points: Vec<Point>,
}

/// The view of a leader's letter.
pub(super) fn escalation(draft: &Draft) -> Escalation {
    let (pen, plans) = pen(draft);
    let unit = draft.items.first().map_or_else(|| draft.addressee.clone(), |item| item.unit_name.clone());
    let points = draft.items.iter().zip(1..).map(|(item, number)| {
        let mut notes: Vec<String> =
            item.deadline.map(|deadline| pen.overdue(deadline)).into_iter().collect();
        if item.unit_name != unit {
            notes.push(format!("责任单位：{}", clean(&item.unit_name)));
        }
        notes.extend(pen.late(item));
        pen.point(number, item, notes)
    });
    Escalation {
        points: points.collect(),
        frame: Frame::of(draft),
        ground: ground(&plans),
        count: draft.items.len(),
        noun: noun(&draft.items),
        unit: clean(&unit),
    }
}

/// A leader's page, at a person's wish.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Page {
    pub frame: Frame,
    pub summary: String,
    pub points: Vec<Point>,
}

/// The view of a leader's page.
pub(super) fn page(draft: &Draft, page: &LeaderPage) -> Page {
    let points = page.matters.iter().zip(1..).map(|(matter, number)| Point {
        asked: false,
        row: None,
        number,
        title: format!("{}　{}", clean(&matter.status), clean(&matter.title)),
        source: format!("{}：{}", clean(&matter.unit), clean(&matter.due)),
        notes: matter.told.iter().map(|told| clean(told)).collect(),
    });
    Page { frame: Frame::of(draft), summary: clean(&page.summary), points: points.collect() }
}

/// A claim was returned, or work that nobody claimed.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Returned {
    pub frame: Frame,
    pub ground: String,
    /// what they are called: 任务, or 事项
    pub noun: &'static str,
    pub points: Vec<Point>,
    pub reason: Option<String>,
    /// whether it was claimed as done
    pub claimed: bool,
    /// whether the unit itself is to answer it
    pub answers: bool,
    /// the deadline that holds now, where all points share one
    pub deadline: Option<Deadline>,
}

/// The view of a letter about work returned.
pub(super) fn returned(draft: &Draft, reason: Option<&str>, claimed: bool) -> Returned {
    let (pen, plans) = pen(draft);
    let points =
        draft.items.iter().zip(1..).map(|(item, number)| pen.point(number, item, pen.circumstances(item)));
    Returned {
        points: points.collect(),
        frame: Frame::of(draft),
        ground: ground(&plans),
        noun: noun(&draft.items),
        reason: reason.map(clean).filter(|reason| !reason.is_empty()),
        claimed,
        answers: draft.items.iter().any(|item| item.answers),
        deadline: draft.items.iter().find_map(|item| Some(Deadline::of(pen, item.deadline?, item.advised))),
    }
}

fn pen(draft: &Draft) -> (Pen, Vec<&PlanHead>) {
    let plans: Vec<&PlanHead> = draft.items.iter().map(|item| &*item.plan).collect();
    (Pen::new(draft, &plans), plans)
}
