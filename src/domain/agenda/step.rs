//! What a turn hands to whoever plays it.

use crate::domain::draft::Draft;
use crate::domain::event::NewEvent;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// events to record
    Record(Vec<NewEvent>),
    /// a letter to write, record and send
    Letter(Box<Draft>),
}
