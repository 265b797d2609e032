//! How long others wait for the store's thread, and the simulator's store that hangs.

#[cfg(feature = "simulator")]
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Deadlines of every wait on the store's thread. sled may wait inside `flush()` for ever after one
/// I/O error, and a thread can't be ended: one that answers no more is left behind.
#[derive(Debug, Clone)]
pub struct Patience {
    /// longest wait for an answer, at a start and for `audit verify`
    pub answer: Duration,
    /// longest wait at a stop for what the store lacks; what is missing then comes with the next start
    pub stop: Duration,
    /// the store hangs while this is held
    #[cfg(feature = "simulator")]
    pub hang: Hang,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_mins(2),
            stop: Duration::from_secs(10),
            #[cfg(feature = "simulator")]
            hang: Hang::default(),
        }
    }
}

/// Holds the store's thread before it touches sled, as a disk that answers no more does. Clones share it.
#[cfg(feature = "simulator")]
#[derive(Debug, Clone, Default)]
pub struct Hang(Arc<(Mutex<bool>, Condvar)>);

#[cfg(feature = "simulator")]
impl Hang {
    /// From now on the store hangs.
    pub fn hold(&self) {
        self.set(true);
    }

    /// The store goes on.
    pub fn release(&self) {
        self.set(false);
    }

    fn set(&self, held: bool) {
        let (state, changed) = &*self.0;
        *state.lock().unwrap_or_else(PoisonError::into_inner) = held;
        changed.notify_all();
    }

    /// Waits while it is held.
    pub(super) fn pass(&self) {
        let (state, changed) = &*self.0;
        let held = state.lock().unwrap_or_else(PoisonError::into_inner);
        drop(changed.wait_while(held, |held| *held));
    }
}
