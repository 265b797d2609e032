//! What a turn hands to whoever plays it, and what its stages are called.

use crate::domain::draft::Draft;
use crate::domain::event::NewEvent;
use crate::domain::ledger::Assignment;
use crate::domain::stage::{Stage, StageKey};

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// events to record
    Record(Vec<NewEvent>),
    /// a letter to write, record and send
    Letter(Box<Draft>),
}

/// The key of a stage of this assignment.
pub(in crate::domain) fn key(assignment: &Assignment, stage: Stage) -> StageKey {
    StageKey { assignment: assignment.id(), deadline_version: assignment.deadline_version, stage }
}
