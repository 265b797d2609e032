//! What waits for the office: claims, extensions asked for, objections, matters to close out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Act, Caller, Needs, Office, Refused, UseCase};
use crate::domain::{Assignment, AssignmentId, Ledger, Waits};
use crate::matter::MatterView;

/// `task waiting`: longest first.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Waiting {}

impl UseCase for Waiting {
    type Answer = Vec<ReviewEntry>;
    const NAME: &'static str = "task/waiting";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<ReviewEntry>, Refused> {
        Ok(reviews(&office.ledger(), office.today()))
    }
}

/// What of a unit waits for the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewEntry {
    /// which
    pub assignment: AssignmentId,
    /// the task's title
    pub title: String,
    /// full name of the unit
    pub unit_name: String,
    /// 现定时限
    pub deadline: Option<NaiveDate>,
    /// what waits, longest first
    pub waits: Vec<WaitEntry>,
    /// files handed in so far
    pub files: usize,
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitEntry {
    /// `claim`, `extension`, `objection` or `close-out`
    pub kind: String,
    /// since when
    pub since: NaiveDate,
    /// the day it was done, or the date asked for
    pub day: Option<NaiveDate>,
    /// the unit's words
    pub says: String,
}

/// What waits for the office, longest first.
fn reviews(ledger: &Ledger, day: NaiveDate) -> Vec<ReviewEntry> {
    let mut all: Vec<&Assignment> = ledger.in_review().collect();
    all.sort_by_key(|assignment| assignment.waits_since());
    let views = all.into_iter().filter_map(|assignment| MatterView::of(ledger, assignment, day));
    views.filter_map(|view| review(ledger, &view)).collect()
}

fn review(ledger: &Ledger, view: &MatterView<'_>) -> Option<ReviewEntry> {
    let record = view.record()?;
    let entry = |kind: &str, since, day, says: &str| WaitEntry {
        kind: kind.to_owned(),
        since,
        day,
        says: says.to_owned(),
    };
    let waits = view.waits().into_iter().map(|waiting| match waiting.what {
        Waits::Claim(day) => {
            let says = record.standing_claim().map_or("", |claim| claim.text.as_str());
            entry("claim", waiting.since, Some(day), says)
        }
        Waits::Extension(day) => {
            let says = record.extension.as_ref().map_or("", |asked| asked.reason.as_str());
            entry("extension", waiting.since, Some(day), says)
        }
        Waits::Dispute => {
            let says = record.dispute.as_ref().map_or("", |(_, text)| text.as_str());
            entry("objection", waiting.since, None, says)
        }
        Waits::CloseOut => entry("close-out", waiting.since, None, ""),
    });
    Some(ReviewEntry {
        assignment: view.id(),
        title: view.task().title.clone(),
        unit_name: ledger.unit_name(view.unit_id()),
        deadline: view.deadline(),
        waits: waits.collect(),
        files: view.files().len(),
    })
}
