//! Whether anybody still waits for an answer: long reads stop where nobody does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Refused, RefusedKind};
use crate::locale::message;

/// Whether the answer is still wanted, as whoever works on it sees it.
#[derive(Debug, Clone, Default)]
pub struct Wanted(Arc<AtomicBool>);

/// Held by whoever waits: once it is dropped the answer is wanted no more.
#[derive(Debug)]
#[must_use]
pub struct Waiting(Arc<AtomicBool>);

impl Wanted {
    /// By whoever holds the other half.
    pub fn by_waiting() -> (Self, Waiting) {
        let given_up = Arc::<AtomicBool>::default();
        (Self(Arc::clone(&given_up)), Waiting(given_up))
    }

    /// Refuses to go on where nobody waits any more.
    ///
    /// # Errors
    /// [`RefusedKind::Stopped`].
    pub fn check(&self) -> Result<(), Refused> {
        if self.0.load(Ordering::Relaxed) {
            return Err(Refused::of(RefusedKind::Stopped, message("unwanted")));
        }
        Ok(())
    }

    /// The same items; the refusal in the place of the next one once nobody waits any more.
    pub fn each<T, E: Into<Refused>>(
        &self,
        items: impl Iterator<Item = Result<T, E>>,
    ) -> impl Iterator<Item = Result<T, Refused>> {
        items.map(|item| {
            self.check()?;
            item.map_err(Into::into)
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
