//! What a change of a task means for a unit that was told of it before.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::stage::StageKey;

/// A unit is to be told that a task changes (时限调整). Recorded before the change itself: what the
/// unit was told is what holds until here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeNoted {
    /// names the telling: unit, task and `changed:1`
    pub stage: StageKey,
    /// told with the unit's letter of the first working day from here on
    pub tell_from: NaiveDate,
    /// why, in the office's words
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// by which paper
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
}
