//! What lists are asked for, and pages of events.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::UnitId;

/// `GET /api/events`: stored lines, byte for byte.
#[derive(Debug, Serialize, Deserialize)]
pub struct EventPage {
    /// in order
    pub lines: Vec<Box<RawValue>>,
    /// ask for what comes after this position next
    pub after: u64,
}

/// Query of `GET /api/events`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// events after this position
    #[serde(default)]
    pub after: u64,
    /// only of this task, `plan/task`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// how long to wait for one where there is none yet; at most 60
    #[serde(default)]
    pub wait_seconds: u64,
}

/// Query of `GET /api/preview`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuery {
    /// first day
    pub from: NaiveDate,
    /// last day, included
    pub until: NaiveDate,
    /// one unit's only
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}
