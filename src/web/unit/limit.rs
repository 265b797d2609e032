//! How often one link, and one address, may ask: enough for any office, too little to try tokens out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Requests of one link in [`WINDOW`].
const PER_LINK_MAX: u32 = 120;
/// Requests of one address in [`WINDOW`], with links that open: a county's offices may share one.
const PER_ADDRESS_MAX: u32 = 600;
/// Tokens that open nothing, from one address in [`WINDOW`].
const FAILED_PER_ADDRESS_MAX: u32 = 30;
/// After it, counting begins anew.
const WINDOW: Duration = Duration::from_mins(1);
/// Most links and addresses counted at once; beyond, all counting begins anew.
const COUNTED_MAX: usize = 8192;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// a link, by its letter
    Link(crate::domain::LetterId),
    /// an address, as the proxy tells it
    Address(String),
    /// the same address, when what it brought opened nothing
    Failed(String),
}

impl Who {
    fn max(&self) -> u32 {
        match self {
            Self::Link(_) => PER_LINK_MAX,
            Self::Address(_) => PER_ADDRESS_MAX,
            Self::Failed(_) => FAILED_PER_ADDRESS_MAX,
        }
    }
}

/// Counts.
#[derive(Debug, Default)]
pub(super) struct Limit(Mutex<HashMap<Who, (Instant, u32)>>);

impl Limit {
    /// Counts once more; whether that is still within the limit.
    pub(super) fn allows(&self, who: Who, now: Instant) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= COUNTED_MAX {
            counted.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
            if counted.len() >= COUNTED_MAX {
                counted.clear();
            }
        }
        let max = who.max();
        let (since, count) = counted.entry(who).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_waits_a_minute_and_nobody_else_does() {
        let (limit, now) = (Limit::default(), Instant::now());
        let failed = || Who::Failed("10.0.0.1".to_owned());
        assert!((0..FAILED_PER_ADDRESS_MAX).all(|_| limit.allows(failed(), now)));
        assert!(!limit.allows(failed(), now));
        assert!(limit.allows(Who::Failed("10.0.0.2".to_owned()), now));
        let later = now + WINDOW;
        assert!(limit.allows(failed(), later));
    }

    #[test]
    fn what_is_counted_never_grows_without_bound() {
        let (limit, now) = (Limit::default(), Instant::now());
        for number in 0..COUNTED_MAX * 2 {
            limit.allows(Who::Address(number.to_string()), now);
        }
        assert!(limit.0.lock().unwrap().len() <= COUNTED_MAX);
    }
}
