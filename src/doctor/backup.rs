//! When the last backup was made.

use chrono::TimeDelta;

use super::{Case, Finding, Life, Topic};
use crate::journal;

/// Older than this, a backup is a finding.
const BACKUP_AGE_MAX: TimeDelta = TimeDelta::days(2);

pub(super) fn examine(case: &Case) -> Topic {
    let data = &case.config.data;
    let id = match &case.life {
        Life::Fresh => return Topic::new("backup", "nothing to lose yet", Vec::new()),
        Life::Running(health) => Some(health.journal.id),
        Life::Stopped(inspection) => inspection.journal,
    };
    // A journal's id holds the instant it was begun (UUID version 7).
    let begun = id.and_then(|id| id.get_timestamp()).and_then(|begun| {
        let (seconds, nanos) = begun.to_unix();
        chrono::DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    });
    let last = journal::last_backup(data);
    let late = last.or(begun).is_none_or(|since| case.now - since > BACKUP_AGE_MAX);
    let summary = match last {
        Some(last) => format!("made {}", case.zone().local(last).format("%Y-%m-%d %H:%M")),
        None => "none yet".to_owned(),
    };
    let finding = late.then(|| {
        let what = match last {
            Some(_) => format!("the last backup is older than {} days", BACKUP_AGE_MAX.num_days()),
            None => "no backup was ever made of this data directory".to_owned(),
        };
        Finding::new(
            what,
            data.display().to_string(),
            "`duban backup DIR` onto another disk, every day; the daemon may run (docs/operate.md, “Backup”)",
        )
    });
    Topic::new("backup", summary, finding.into_iter().collect())
}
