//! What waits for the office, as the wire tells it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::AssignmentId;

/// One of `GET /api/reviews`: what of a unit waits for the office.
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
