//! What names a bulletin's content: a digest of what it tells, in a shape of its own.
//!
//! The shape is frozen: `BulletinMoved` events hold digests over it, and a bulletin drafted by one version of duban is
//! signed by the next. A field that other programs read beside the words is not part of it.

use chrono::NaiveDate;
use serde::Serialize;

use super::view::{
    Bulletin, Counted, EvidenceFigures, Extensions, Feedback, ItemRow, Named, PlanFigures, Ratio, Totals,
    UnitRow,
};
use crate::calendar::Period;
use crate::domain::{BulletinState, Digest};
use crate::report::Status;
use crate::report::paper::{self, PaperFault};

#[derive(Serialize)]
struct Content<'b> {
    step: BulletinState,
    number: u32,
    period: Period,
    as_of: NaiveDate,
    dated: NaiveDate,
    red_head: &'b Option<String>,
    office: &'b str,
    title: &'b [String],
    to: &'b [String],
    copies: &'b [String],
    plans: &'b [PlanFigures],
    totals: Totals,
    feedback: Answered<'b>,
    evidence: &'b EvidenceFigures,
    extensions: &'b Extensions,
    proposals: Proposed<'b>,
    requests: &'b [String],
    items: Vec<Item<'b>>,
    unlisted: u32,
    units: &'b [UnitRow],
    counted: &'b Counted,
    completion: Ratio,
    on_time_rate: Ratio,
}

#[derive(Serialize)]
struct Answered<'b> {
    reply_by: Option<NaiveDate>,
    asked: u32,
    in_time: u32,
    late: &'b [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    partly: &'b [String],
    missing: &'b [String],
}

#[derive(Serialize)]
struct Proposed<'b> {
    settled: bool,
    praised: &'b [Named],
    lagging: &'b [Named],
}

#[derive(Serialize)]
struct Item<'b> {
    title: &'b str,
    source: &'b str,
    lead: &'b str,
    cooperate: &'b str,
    original: &'b str,
    current: &'b str,
    extensions: u32,
    progress: &'b str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unproved: bool,
    status: &'b Status,
    unfinished: bool,
    problem: &'b str,
    next_steps: &'b str,
    expected: Option<NaiveDate>,
}

impl Bulletin {
    /// Names its content: the same from draft to issue, whoever was proposed to be named.
    ///
    /// # Errors
    /// [`PaperFault`] where the view can't be serialised.
    pub fn content(&self) -> Result<Digest, PaperFault> {
        let content = Content {
            step: BulletinState::Drafted,
            number: self.number,
            period: self.period,
            as_of: self.as_of,
            dated: self.dated,
            red_head: &self.red_head,
            office: &self.office,
            title: &self.title,
            to: &self.to,
            copies: &self.copies,
            plans: &self.plans,
            totals: self.totals,
            feedback: answered(&self.feedback),
            evidence: &self.evidence,
            extensions: &self.extensions,
            proposals: Proposed {
                settled: false,
                praised: &self.proposals.praised,
                lagging: &self.proposals.lagging,
            },
            requests: &self.requests,
            items: self.items.iter().map(item).collect(),
            unlisted: self.unlisted,
            units: &self.units,
            counted: &self.counted,
            completion: self.totals.completion(),
            on_time_rate: self.totals.on_time_rate(),
        };
        Ok(Digest::of(&paper::json(&content)?))
    }
}

fn answered(told: &Feedback) -> Answered<'_> {
    Answered {
        reply_by: told.reply_by,
        asked: told.asked,
        in_time: told.in_time,
        late: &told.late,
        partly: &told.partly,
        missing: &told.missing,
    }
}

fn item(row: &ItemRow) -> Item<'_> {
    Item {
        title: &row.title,
        source: &row.source,
        lead: &row.lead,
        cooperate: &row.cooperate,
        original: &row.original,
        current: &row.current,
        extensions: row.extensions,
        progress: &row.progress,
        unproved: row.unproved,
        status: &row.status,
        unfinished: row.unfinished,
        problem: &row.problem,
        next_steps: &row.next_steps,
        expected: row.expected,
    }
}
