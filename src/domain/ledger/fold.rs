//! The one fold of events into a ledger.

use super::Ledger;
use crate::domain::event::Recorded;

impl Ledger {
    /// What follows from all events, beginning with none.
    ///
    /// # Errors
    /// The first event that can't be read.
    pub fn fold<E>(events: impl Iterator<Item = Result<Recorded, E>>) -> Result<Self, E> {
        Self::fold_with(events, |_, _| {})
    }

    /// The same; `each` sees every event with the ledger that it has led to.
    ///
    /// # Errors
    /// The first event that can't be read.
    pub fn fold_with<E>(
        events: impl Iterator<Item = Result<Recorded, E>>,
        mut each: impl FnMut(&Self, &Recorded),
    ) -> Result<Self, E> {
        let mut ledger = Self::default();
        for recorded in events {
            let recorded = recorded?;
            ledger.apply(&recorded);
            each(&ledger, &recorded);
        }
        Ok(ledger)
    }
}
