//! Both copies of the journal: what the daemon's own check says, or a full reading of a stopped one.

use super::{Case, Finding, Life, Topic, count};
use crate::journal::{self, Part, SecondCopy, Severity};

/// What helps against damage that neither copy makes good.
const CURE: &str =
    "stop duban, `duban audit verify`, and restore the last backup (docs/operate.md, “Restore”)";

pub(super) fn examine(case: &Case) -> Topic {
    let place = case.config.data.display().to_string();
    let mut findings = Vec::new();
    if journal::is_half_restored(&case.config.data) {
        let cure = "`duban restore BACKUP` again; nothing but the backup is needed for it";
        findings.push(Finding::new(
            "a restore was cut short: no daemon starts on what is there",
            &place,
            cure,
        ));
    }
    let summary = match &case.life {
        Life::Fresh => "none yet: the first start begins it".to_owned(),
        Life::Running(health) => {
            let store = case.config.data.join("store").display().to_string();
            let cure = "free space if the disk is full, look at the disk (smartctl, kernel log), then restart duban, which makes the copy whole";
            if let Some(why) = &health.store.failed {
                let what = "第二份副本不可用，记录照常，只存一份 / the second copy does not work, and what is recorded stands in one copy";
                findings.push(Finding::new(format!("{what}: {why}"), &store, cure));
            }
            if let Some(since) = health.store.behind_since.filter(|_| health.store.is_late) {
                let (since, events) =
                    (health.zone.local(since).format("%F %R %:z"), events(health.store.events_behind));
                let what = format!(
                    "第二份副本自 {since} 起一直落后 / the second copy has been behind since {since} and lacks {events}"
                );
                findings.push(Finding::new(what, &store, cure));
            }
            // A stopped one's are told by what was read.
            for link in journal::links(&case.config.data) {
                let what = "it is a link, and duban follows none here";
                findings.push(Finding::new(what, link.display().to_string(), Part::Links.cure()));
            }
            for finding in &health.check.findings {
                findings.push(Finding::new(finding, &place, CURE));
            }
            for healed in &health.check.healed {
                findings.push(Finding::note(
                    healed,
                    &place,
                    "it has been made good; if it comes again, look at the disk (smartctl, kernel log)",
                ));
            }
            let compared = if health.check.done {
                "both copies compared since the start"
            } else {
                "both copies are being compared"
            };
            format!("{}, {compared}", events(health.journal.position))
        }
        Life::Stopped(inspection) => {
            for finding in &inspection.findings {
                let place = match finding.position {
                    Some(position) => format!("{}: event {position}", finding.place),
                    None => finding.place.clone(),
                };
                let what = match finding.more {
                    0 => finding.what.clone(),
                    more => format!("{}; {more} more of this kind", finding.what),
                };
                findings.push(match finding.kind.severity() {
                    Severity::Fault => Finding::new(what, place, finding.kind.part().cure()),
                    Severity::Note => Finding::note(what, place, ""),
                });
            }
            let store = match inspection.second_copy {
                SecondCopy::Same { .. } | SecondCopy::Short { .. } | SecondCopy::Damaged { .. } => {
                    "both copies"
                }
                SecondCopy::None | SecondCopy::Gone => "the archive (no second copy here)",
            };
            format!("{}, {store} read and compared", events(inspection.events))
        }
    };
    Topic::new("journal", summary, findings)
}

fn events(number: u64) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), "event")
}
