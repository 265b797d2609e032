//! What goes between planner and transport: a letter ready to go, and what became of it.

use super::event::Recipient;
use super::id::LetterId;

/// A letter ready to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// which letter
    pub letter: LetterId,
    /// its Message-ID, without angle brackets
    pub message_id: String,
    /// to whom
    pub to: Recipient,
    /// the mailbox
    pub address: String,
    /// the message as sent (RFC 5322)
    pub bytes: Vec<u8>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// taken over, with the other side's words; never "delivered"
    Accepted(String),
    /// not now, and why
    Deferred(String),
    /// refused for good, and why
    Refused(String),
    /// perhaps taken, perhaps not: to be sent again under the same Message-ID
    Unknown(String),
}
