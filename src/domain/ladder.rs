//! Ladders: which reminders go before and after a deadline.

use chrono::Weekday;
use serde::{Deserialize, Serialize};

/// All ladders and the rules around them; `version` stands in every occurrence that uses them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladders {
    /// counted up by whoever edits `ladders.toml`
    pub version: u32,
    /// dates, quarters, years, windows
    pub standard: Ladder,
    /// weeks and months
    pub brief: Ladder,
    /// days, workdays, cron
    pub daily: Ladder,
    /// times to avoid
    pub avoid: Ladder,
    /// after the day
    pub overdue: OverdueRule,
    /// the first letter
    pub adoption: AdoptionRule,
    /// after the daemon was down
    pub outage: OutageRule,
}

/// The stages of one kind of occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// a notice on opening, where no adoption letter tells of it
    #[serde(default)]
    pub notice: bool,
    /// civil days before the deadline, largest first
    #[serde(default)]
    pub before: Vec<u16>,
    /// a stage on the day itself
    #[serde(default)]
    pub due: bool,
}

/// What happens after the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueRule {
    /// one round a week and unit, on this day
    pub every: Weekday,
    /// civil days after the deadline at which the unit's leader is written to
    pub leader_after: u16,
    /// civil days after the deadline at which the supervision unit is written to
    pub supervision_after: u16,
}

/// What the adoption letter carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptionRule {
    /// what falls due within so many days stands in the letter itself
    pub horizon_days: u16,
    /// a collection asked for within so many days is absorbed
    pub absorbs_collection_days: u16,
}

/// What happens to stages that came while nobody could send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageRule {
    /// a stage older than so many days is missed
    pub missed_after_days: u16,
}

/// Which ladder an occurrence follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LadderName {
    /// dates, quarters, years, windows
    Standard,
    /// weeks and months
    Brief,
    /// days, workdays, cron
    Daily,
    /// times to avoid
    Avoid,
    /// no stages before or on a day: ongoing and collections
    None,
    /// 13710, days off included: nothing moves off a day off
    Matter,
    /// 13710, counted in working days
    #[serde(rename = "matter-working")]
    MatterWorking,
}

impl LadderName {
    /// Whether it is that of an assigned matter, told by a letter of its own (交办).
    #[must_use]
    pub fn is_matter(self) -> bool {
        matches!(self, Self::Matter | Self::MatterWorking)
    }
}

impl Default for Ladders {
    /// The ladders shipped in `schedules/ladders.toml`.
    fn default() -> Self {
        let ladder = |notice, before: &[u16], due| Ladder { notice, before: before.to_vec(), due };
        Self {
            version: 1,
            standard: ladder(true, &[30, 7, 1], true),
            brief: ladder(false, &[3], true),
            daily: ladder(false, &[], true),
            avoid: ladder(false, &[30], false),
            overdue: OverdueRule { every: Weekday::Mon, leader_after: 7, supervision_after: 15 },
            adoption: AdoptionRule { horizon_days: 40, absorbs_collection_days: 7 },
            outage: OutageRule { missed_after_days: 14 },
        }
    }
}
