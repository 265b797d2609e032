//! A digest of everything the ledger holds, to compare one fold with another.

use std::fmt::{self, Write as _};

use sha2::{Digest as _, Sha256};

use super::Ledger;
use crate::domain::id::Digest;

impl Ledger {
    /// SHA-256 over all state in a fixed order. Two folds of the same journal give the same;
    /// the text behind it is no format and may change between versions.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        let mut text = Digesting(Sha256::new());
        let mut line = |part: &dyn std::fmt::Debug| {
            let _ = writeln!(text, "{part:?}");
        };
        line(&(self.journal, self.head, self.last_at, &self.office));
        line(&(&self.ladders, &self.years));
        for unit in &self.units {
            line(&unit);
        }
        for plan in &self.plans {
            line(&plan);
        }
        for occurrence in self.occurrences() {
            line(&occurrence);
        }
        for assignment in &self.assignments {
            line(&assignment);
        }
        for letter in &self.letters {
            line(&letter);
        }
        line(&(&self.due, &self.escalations, &self.openings, &self.collections, &self.endings));
        line(&self.received);
        line(&(&self.returns, &self.unsettled, self.unfinished_command()));
        line(&(
            &self.acts,
            &self.changes,
            &self.reviews,
            self.last_office_letter,
            self.last_release_letter,
            &self.light_rules,
        ));
        line(&(&self.handed_in, &self.receipts, &self.bulletins, &self.pages));
        line(&(&self.outgoing, &self.mailboxes, &self.relay));
        Digest::finished(text.0)
    }
}

/// Text on its way into a digest: of a large ledger it is too long to be held.
struct Digesting(Sha256);

impl fmt::Write for Digesting {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}
