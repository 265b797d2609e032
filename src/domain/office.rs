//! The issuing office: who sends, when, and to whom an unanswered matter goes.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::id::UnitId;
use crate::calendar::Zone;

/// What `schedules/office.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// the office that signs letters (发件单位)
    pub name: String,
    /// the zone in which every civil date of the office is meant
    pub zone: Zone,
    /// time of day, in `zone`, at which clock-driven letters go
    pub sending_hour: NaiveTime,
    /// which set of working days, `schedules/workdays/<set>-YYYY.toml`
    pub working_days: String,
    /// sender address
    pub from: String,
    /// where replies go (RFC 5322, `Reply-To`)
    pub reply_to: String,
    /// whom to call, printed in every letter
    pub contact: String,
    /// phone printed in every letter
    pub phone: String,
    /// where matters go that stay overdue
    pub supervision_unit: UnitId,
}
