//! The plain clock: sleeps until the planner has something to do, never long, and wakes it.
//!
//! It decides nothing: a wake-up too many changes nothing, one too few comes a minute later.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use crate::clock::Clock;
use crate::planner::Handle;

/// Longest sleep: a clock that was set, or a suspended machine, is noticed within it.
pub const SLEEP_SECONDS_MAX: u64 = 60;
/// Shortest sleep: what is due and can't be done yet must not keep a processor busy.
pub const SLEEP_SECONDS_MIN: u64 = 1;

/// Wakes the planner until it has stopped. `moved` says that a manual clock was moved.
pub(super) async fn run(
    planner: Handle,
    clock: Clock,
    mut next_wake: watch::Receiver<Option<DateTime<Utc>>>,
    moved: Arc<Notify>,
) {
    let mut woken = Instant::now();
    loop {
        let due = *next_wake.borrow_and_update();
        tokio::select! {
            () = sleep_until(woken + sleep(due, clock.now(), woken.elapsed())) => {}
            () = moved.notified() => {}
            changed = next_wake.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        }
        woken = Instant::now();
        if planner.wake().is_err() {
            return;
        }
    }
}

/// How long after the last wake-up the next one comes.
fn sleep(due: Option<DateTime<Utc>>, now: DateTime<Utc>, since: Duration) -> Duration {
    let (shortest, longest) =
        (Duration::from_secs(SLEEP_SECONDS_MIN), Duration::from_secs(SLEEP_SECONDS_MAX));
    let until_due = due.map_or(longest, |due| (due - now).to_std().unwrap_or(Duration::ZERO));
    since.saturating_add(until_due).clamp(shortest, longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeps_until_due_never_long_and_never_not_at_all() {
        let now: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        let due = |seconds| Some(now + chrono::TimeDelta::seconds(seconds));
        let none = Duration::ZERO;
        assert_eq!(sleep(due(20), now, none), Duration::from_secs(20));
        assert_eq!(sleep(due(20), now, Duration::from_secs(5)), Duration::from_secs(25));
        assert_eq!(sleep(due(4000), now, none), Duration::from_mins(1));
        assert_eq!(sleep(None, now, none), Duration::from_mins(1));
        assert_eq!(sleep(due(-9), now, none), Duration::from_secs(1));
        assert_eq!(sleep(Some(DateTime::<Utc>::MIN_UTC), now, none), Duration::from_secs(1));
    }
}
