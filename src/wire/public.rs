//! What everybody on the machine may read: how things stand, in counts. Whoever wants to know which unit, and in which
//! words, asks over the socket.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Health, PlansHealth, Standing};

/// `GET /healthz` over TCP: no id of a unit, no name of a server, nobody's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own, told by name")]
pub struct PublicHealth {
    /// as a whole; `stopped` goes with 503
    pub status: Standing,
    /// of the program
    pub version: String,
    /// by the daemon's clock
    pub now: DateTime<Utc>,
    /// the next instant at which something is due by itself
    pub next_wake: Option<DateTime<Utc>>,
    /// when the last `duban backup` ended
    pub last_backup: Option<DateTime<Utc>>,
    /// decisions are held because of the clock
    pub clock_held: bool,
    /// the mail server takes no letters at all
    pub relay_at_fault: bool,
    /// the mailbox that is set can't be read
    pub mailbox_at_fault: bool,
    /// the second copy does not work
    pub store_failed: bool,
    /// the second copy has lain behind for ten minutes or more
    #[serde(default)]
    pub store_late: bool,
    /// position of the journal's last event
    pub position: u64,
    /// letters
    pub letters: PublicLetters,
    /// plans by their state
    pub plans: PlansHealth,
    /// errors in plan files
    pub file_errors: usize,
    /// where files and ledger disagree, and mailboxes that refused their last letter
    pub findings: usize,
    /// what the check of both copies could not make good
    pub check_findings: usize,
}

/// Letters and answers, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicLetters {
    /// ever written
    pub written: usize,
    /// without a final outcome, those that wait for a release left out
    pub unsettled: usize,
    /// waiting for a person's release
    pub held: usize,
    /// released by nobody on their day
    pub unreleased: usize,
    /// refused for good
    pub refused: usize,
    /// units whose mailbox gave a letter back
    pub bounced: usize,
    /// replies that nobody has marked as handled
    pub unhandled: usize,
}

impl From<&Health> for PublicHealth {
    fn from(health: &Health) -> Self {
        let letters = &health.letters;
        Self {
            status: health.status,
            version: health.version.clone(),
            now: health.now,
            next_wake: health.next_wake,
            last_backup: health.last_backup,
            clock_held: health.clock_held.is_some(),
            relay_at_fault: health.relay.is_some(),
            mailbox_at_fault: health.mailbox.as_ref().is_some_and(|mailbox| mailbox.fault.is_some()),
            store_failed: health.store.failed.is_some(),
            store_late: health.store.is_late,
            position: health.journal.position,
            letters: PublicLetters {
                written: letters.written,
                unsettled: letters.unsettled,
                held: letters.held,
                unreleased: letters.unreleased,
                refused: letters.refused,
                bounced: letters.bounced.len(),
                unhandled: letters.unhandled,
            },
            plans: health.plans.clone(),
            file_errors: health.files.faults.iter().filter(|fault| fault.error).count(),
            findings: health.findings.len(),
            check_findings: health.check.findings.len(),
        }
    }
}
