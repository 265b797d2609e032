//! What lists are asked for, and pages of events.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

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
    /// only of this task, `plan/task`, or its name in whichever plan has it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// how long to wait for one where there is none yet; at most 60
    #[serde(default)]
    pub wait_seconds: u64,
}
