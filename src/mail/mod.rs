//! Transport only: where the bytes of a letter go, and what became of them.
//!
//! It doesn't know what a letter says, and decides nothing: retrying, superseding and recording
//! are the planner's.

mod folder;
pub mod imap;
mod memory;
pub mod smtp;
mod socket;
mod tls;

use std::time::Duration;

pub use folder::FolderMailer;
pub use memory::{Attempt, MemoryMailer};
pub use smtp::SmtpMailer;

pub use crate::domain::{Envelope, Outcome, RelayFault};

/// Domains that get a letter at the same time, where letters go into a folder or memory.
pub const DOMAINS_AT_ONCE: usize = 8;

/// The way letters leave.
#[derive(Debug, Clone)]
pub enum Mailer {
    /// as `.eml` files into a folder
    Folder(FolderMailer),
    /// into memory, for tests and the simulator
    Memory(MemoryMailer),
    /// to a relay
    Smtp(SmtpMailer),
}

/// How many letters may be on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// in all
    pub at_once: usize,
    /// to one domain
    pub at_once_per_domain: usize,
    /// from the start of one letter to a domain to the start of the next
    pub gap_per_domain: Duration,
}

impl Mailer {
    /// Hands a letter over. It never fails: what goes wrong is an outcome.
    pub async fn send(&self, envelope: &Envelope) -> Outcome {
        match self {
            Self::Folder(folder) => folder.send(envelope).await,
            Self::Memory(memory) => memory.send(envelope),
            Self::Smtp(smtp) => smtp.send(envelope).await,
        }
    }

    /// How fast it may be given letters.
    #[must_use]
    pub fn pace(&self) -> Pace {
        match self {
            Self::Folder(_) | Self::Memory(_) => {
                Pace { at_once: DOMAINS_AT_ONCE, at_once_per_domain: 1, gap_per_domain: Duration::ZERO }
            }
            Self::Smtp(smtp) => {
                let relay = smtp.relay();
                let gap = relay.per_minute_per_domain.map(|letters| Duration::from_mins(1) / letters);
                Pace {
                    at_once: relay.connections,
                    at_once_per_domain: relay.at_once_per_domain,
                    gap_per_domain: gap.unwrap_or_default(),
                }
            }
        }
    }
}
