//! An occurrence as it was opened, and why stages of it did not go.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::id::{OccurrenceId, UnitId};
use crate::domain::ladder::LadderName;

/// An occurrence as it was opened: its dates are kept, so that a later calendar fix rewrites nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// which
    pub occurrence: OccurrenceId,
    /// the day it opens
    pub opens: NaiveDate,
    /// the day it ends by itself (a time to avoid, a collection's reply-by)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<NaiveDate>,
    /// the legal deadline, included
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<NaiveDate>,
    /// the working day to aim at, where the deadline is a day off
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advised: Option<NaiveDate>,
    /// which ladder it follows
    pub ladder: LadderName,
    /// version of the ladders
    pub ladder_version: u32,
    /// whether a notice is due on opening
    pub notice: bool,
    /// told of in the adoption letter
    pub by_adoption: bool,
    /// stages before this day don't exist
    pub stages_from: NaiveDate,
    /// whether stages after the deadline exist (not for 力争)
    pub chased: bool,
    /// who must answer
    pub units: Vec<UnitId>,
}

/// Why a stage did not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// done before the stage came
    Done,
    /// a claim waits for review: the reviewer is reminded instead
    Claimed,
    /// paused by the office
    Paused,
    /// the task or the unit's part was withdrawn
    Withdrawn,
    /// the plan is closed
    PlanClosed,
    /// the unit is muted
    Muted,
    /// no address to send it to
    NoAddress,
    /// another deadline took its place
    Rescheduled,
    /// work came back, and the letter that says so goes instead
    Returned,
    /// the occurrence ended by itself
    Ended,
    /// the unit has answered already
    Answered,
    /// taken back before anybody was told
    Undone,
    /// the letter that first tells of its task, written anew, says it
    Untold,
}
