//! What goes between planner and transport: a letter ready to go, and what became of it.

use serde::{Deserialize, Serialize};

use super::id::LetterId;
use super::recipient::Recipient;

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
    /// the office's mailbox: where bounces go, unless the transport is told of another
    pub from: String,
    /// the message as sent (RFC 5322)
    pub bytes: Vec<u8>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// taken over, with the other side's words; never "delivered"
    Accepted(String),
    /// not now, and why: the server's answer about this address or letter
    Deferred(String),
    /// the line was lost before the letter was handed over; says nothing about the address
    Interrupted(String),
    /// refused for good, and why
    Refused(String),
    /// perhaps taken, perhaps not: to be sent again under the same Message-ID
    Unknown(String),
    /// the way out itself is at fault, for every letter alike; says nothing about the address
    NoRelay {
        /// what kind
        fault: RelayFault,
        /// the server's words or the fault, and what would help
        reply: String,
    },
}

/// What is wrong with the way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayFault {
    /// no such name, no answer, or the line was lost before any letter was named
    Unreachable,
    /// it answers, but takes nothing now (4xx to greeting, EHLO, login or sender; 421 at any time)
    Busy,
    /// no encryption, or a certificate that can't be trusted
    Tls,
    /// it does not believe that we are who we say (535)
    Login,
    /// it wants something else of us: another sender, a login, another name
    Setup,
}

impl RelayFault {
    /// Whether a person must put something right; else time alone may.
    #[must_use]
    pub fn needs_a_person(self) -> bool {
        match self {
            Self::Unreachable | Self::Busy => false,
            Self::Tls | Self::Login | Self::Setup => true,
        }
    }
}
