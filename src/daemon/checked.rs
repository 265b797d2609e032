//! What the start of the journal found and made good, and what its background check says: kept for
//! `status`, `doctor` and `/metrics`, which would learn of it nowhere else.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::{error, info, warn};

use super::privacy::Closed;
use crate::journal::{CheckReport, OpenReport};
use crate::wire::CheckHealth;

/// The findings so far. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Checked(Arc<Mutex<CheckHealth>>);

impl Checked {
    /// Logs what the start found, and waits on a thread of its own for the background check.
    pub(super) fn follow(report: OpenReport, closed: Closed, data: &Path) -> Self {
        let mut healed = at_start(&report);
        healed.extend(closed.mended);
        for one in &healed {
            warn!("{one}");
        }
        let mut findings = closed.open;
        findings.extend(report.findings.iter().map(ToString::to_string));
        for finding in &findings {
            error!("{finding}");
        }
        if report.created {
            info!(data = %data.display(), "a new journal was begun");
        }
        let done = report.check.is_none();
        let checked =
            Self(Arc::new(Mutex::new(CheckHealth { done, healed, findings, ..CheckHealth::default() })));
        if let Some(check) = report.check {
            let shared = checked.clone();
            let waits = move || {
                // Without a report the store has failed, which `store` tells; or duban is stopping.
                if let Ok(report) = check.recv() {
                    shared.take(&report);
                }
            };
            if let Err(fault) = std::thread::Builder::new().name("check".into()).spawn(waits) {
                warn!(cause = %fault, "nobody waits for the background check of the journal");
            }
        }
        checked
    }

    /// As it stands now.
    pub(super) fn told(&self) -> CheckHealth {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn take(&self, report: &CheckReport) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.done = true;
        (told.events, told.letters) = (report.events, report.letters);
        if report.rebuilt || !report.healed.is_empty() {
            let events = report.healed.len();
            let what = format!("the store had {events} events wrong or missing, and was built anew");
            warn!("{what}");
            told.healed.push(what);
        }
        for finding in &report.findings {
            error!("{finding}");
            told.findings.push(finding.to_string());
        }
        info!(
            events = report.events,
            letters = report.letters,
            findings = report.findings.len(),
            "both copies compared"
        );
    }
}

/// What a start made good, in words.
fn at_start(report: &OpenReport) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(torn) = &report.torn {
        told.push(format!("the last batch was cut short before it was acknowledged; it was moved to {torn}"));
    }
    if let (Some(first), Some(last)) = (report.healed_in_archive.first(), report.healed_in_archive.last()) {
        let events = report.healed_in_archive.len();
        told.push(format!(
            "the archive was damaged: {events} events from {first} to {last} were healed from the store"
        ));
    }
    if report.store_gone {
        told.push("the second copy was gone; it is built anew from the archive".to_owned());
    }
    if let Some(moved) = &report.store_moved {
        told.push(format!("the store could not be opened; it was moved to {moved} and is built anew"));
    }
    if report.ballast_released {
        told.push(
            "the disk is full: the ballast was given up so that the store could be opened; free some space"
                .to_owned(),
        );
    }
    told
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::journal::{Finding, Kind};

    #[test]
    fn what_the_background_check_finds_can_be_read_afterwards() {
        let (report, check) = mpsc::channel();
        let opened =
            OpenReport { healed_in_archive: vec![7, 8], check: Some(check), ..OpenReport::default() };
        let checked = Checked::follow(opened, Closed::default(), Path::new("data"));
        assert!(!checked.told().done);
        assert!(checked.told().healed[0].contains("from 7 to 8"));
        let finding = Finding::new(
            Kind::FileMissing,
            Some(9),
            Path::new("letters/x"),
            "the archived letter is missing",
        );
        report.send(CheckReport { events: 12, findings: vec![finding], ..CheckReport::default() }).unwrap();
        while !checked.told().done {
            std::thread::yield_now();
        }
        assert_eq!(checked.told().findings, ["letters/x: event 9: the archived letter is missing"]);
        assert_eq!(checked.told().events, 12);
    }
}
