//! What lists are asked for, and pages of events.

use serde::{Deserialize, Serialize};

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

/// Query of `POST /api/evidence`; the body is the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceQuery {
    /// the file's name, without a path
    pub name: String,
}
