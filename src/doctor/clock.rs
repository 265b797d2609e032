//! The clock against the journal's last event.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Case, Finding, Life, Topic};
use crate::planner::{CLOCK_AHEAD_MAX, CLOCK_BEHIND_MAX};

pub(super) fn examine(case: &Case) -> Topic {
    let (now, last) = match &case.life {
        Life::Running(health) => (health.now, Some(health.journal.recorded_at)),
        Life::Stopped(inspection) => (case.now, inspection.head.map(|head| head.recorded_at)),
        Life::Fresh => (case.now, None),
    };
    let held = match &case.life {
        Life::Running(health) => health.clock_held.map(|held| held.last),
        Life::Stopped(_) | Life::Fresh => {
            last.filter(|last| *last - now > CLOCK_BEHIND_MAX || now - *last > CLOCK_AHEAD_MAX)
        }
    };
    let local = |at: DateTime<Utc>| case.zone().local(at).format("%Y-%m-%d %H:%M").to_string();
    let summary = match last {
        Some(last) => format!("{} {}, {}", local(now), case.zone().name(), apart(now - last)),
        None => format!("{} {}, no event yet to compare with", local(now), case.zone().name()),
    };
    let findings = held.map(|last| {
        let what = format!(
            "the clock is too far from the last event to be believed ({}): nothing is decided and no letter goes",
            apart(now - last)
        );
        let place = format!("clock {}, last event {}", local(now), local(last));
        Finding::new(
            what,
            place,
            "set the clock right (`timedatectl set-ntp true`); if it is right, `duban clock accept --reason …`",
        )
    });
    Topic::new("clock", summary, findings.into_iter().collect())
}

/// `3 days after the last event`
fn apart(since: TimeDelta) -> String {
    let span = since.abs();
    let span = if span.num_days() > 1 {
        format!("{} days", span.num_days())
    } else if span.num_hours() > 1 {
        format!("{} hours", span.num_hours())
    } else if span.num_minutes() > 1 {
        format!("{} minutes", span.num_minutes())
    } else {
        format!("{} s", span.num_seconds())
    };
    format!("{span} {} the last event", if since < TimeDelta::zero() { "before" } else { "after" })
}
