//! Reads the plan files, at the start and on every change, and declares what they say.
//!
//! A file with an error changes nothing; its faults are logged once and kept for `status`.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;
use tracing::{error, info, warn};

use crate::config::Schedules;
use crate::domain::adoption::Finding;
use crate::domain::{FirstLetters, Ledger, PlanId, PlanOwner};
use crate::locale::{self, Language, Message, message};
use crate::planner::{Answer, Handle, Input, Stopped};
use crate::schedules::{self, Diagnostic, Read};
use crate::wire::{FileFault, FilesHealth};

/// An editor writes in several steps; files are read once it is quiet for so long.
const QUIET_MILLISECONDS: u64 = 300;
/// How often files are read where the system tells of no changes.
const REREAD_SECONDS: u64 = 60;

/// The plan files as last read. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Files {
    source: Schedules,
    /// letters are mailed, and not only written into a folder
    mails: bool,
    seen: Arc<Mutex<Seen>>,
    /// one reading at a time: an older one must not be declared after a newer one
    reading: Arc<tokio::sync::Mutex<()>>,
    /// rings when something may have changed
    pub changed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Seen {
    read: Option<Read>,
    /// who owned which plan when it was declared: a file that takes its plan back is taken anew
    owners: Vec<(PlanId, PlanOwner)>,
    /// why the directory as a whole can't be read
    unreadable: Option<Whole>,
}

/// Why a directory as a whole changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Whole {
    file: String,
    what: Message,
    cure: Message,
}

/// What a reading led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reread {
    /// nothing new in the files
    Same,
    /// what they say was declared
    Declared,
    /// an error in what all plans rest on, or in the directory: nothing changes
    Nothing,
}

impl Files {
    pub(super) fn new(source: Schedules, mails: bool, changed: Arc<Notify>) -> Self {
        Self { source, mails, seen: Arc::default(), reading: Arc::default(), changed }
    }

    /// Reads the files; if they say something new, declares it.
    pub(super) async fn reread(&self, planner: &Handle) -> Result<Reread, Stopped> {
        let _alone = self.reading.lock().await;
        let source = self.source.clone();
        let reading = tokio::task::spawn_blocking(move || match source {
            Schedules::Dir(dir) => schedules::read_dir(&dir).map_err(|fault| whole(&dir, &fault)),
            Schedules::Embedded => Ok(schedules::embedded()),
        });
        let read = match reading.await {
            Ok(Ok(read)) => read,
            Ok(Err(fault)) => {
                let mut seen = self.seen();
                if seen.unreadable.as_ref() != Some(&fault) {
                    let what = locale::told(Language::English, &fault.what);
                    error!(file = fault.file, "{what}; nothing changes");
                    seen.unreadable = Some(fault);
                }
                return Ok(Reread::Nothing);
            }
            Err(_) => return Err(Stopped),
        };
        let owners = owners(&planner.ledger().read());
        let known = self.seen().read.as_ref() == Some(&read) && self.seen().unreadable.is_none();
        if known && self.seen().owners == owners {
            return Ok(Reread::Same);
        }
        let foreign = self.source == Schedules::Embedded && are_foreign(&planner.ledger().read(), &read);
        let mut declared = read.declared.clone().filter(|_| !foreign);
        let first = planner.ledger().read().office().is_none();
        let shown_at_once = first
            && !self.mails
            && declared.as_ref().is_some_and(|declared| declared.office.first_letters.is_none());
        if let Some(declared) = &mut declared {
            // What is added beside a running duban is looked at before anybody is written to.
            declared.office.first_letters.get_or_insert(FirstLetters::AfterRelease);
        }
        self.log(&read);
        {
            let mut seen = self.seen();
            seen.unreadable = foreign.then(foreign_fault);
            if foreign {
                error!("{}", locale::told(Language::English, &foreign_fault().what));
            }
            seen.read = Some(read);
            seen.owners = owners;
        }
        match declared {
            None => Ok(Reread::Nothing),
            Some(declared) => {
                let plans = declared.plans.len();
                if shown_at_once {
                    let mut first = declared.clone();
                    first.office.first_letters = Some(FirstLetters::AtOnce);
                    planner.ask(Input::Declared(Box::new(first))).await?;
                    info!(
                        "the first start: letters are written at once, as files; nobody is mailed. What is added later waits for a person's release"
                    );
                }
                if let Answer::Declared(findings) = planner.ask(Input::Declared(Box::new(declared))).await? {
                    for finding in findings.iter().filter(|finding| self.is_told(finding)) {
                        warn!("{finding}");
                    }
                    info!(plans, source = %self.source, "plan files taken");
                }
                Ok(Reread::Declared)
            }
        }
    }

    /// Rereads on every change until the planner has stopped.
    pub(super) async fn follow(self, planner: Handle) {
        let watch = match &self.source {
            Schedules::Embedded => return,
            Schedules::Dir(dir) => watch(dir, self.changed.clone()),
        };
        let watch = watch.inspect_err(|fault| {
            warn!(cause = %fault, "plan files can't be watched; they are read every {REREAD_SECONDS} seconds instead");
        });
        loop {
            // At once: what changed after the start's reading and before the watch stood was told to nobody.
            if self.reread(&planner).await.is_err() {
                return;
            }
            if watch.is_ok() {
                self.changed.notified().await;
                tokio::time::sleep(Duration::from_millis(QUIET_MILLISECONDS)).await;
            } else {
                let _ =
                    tokio::time::timeout(Duration::from_secs(REREAD_SECONDS), self.changed.notified()).await;
            }
        }
    }

    /// Whether a finding is true: a broken file is not a missing one.
    pub(super) fn is_told(&self, finding: &Finding) -> bool {
        match finding {
            Finding::FileMissing { file, .. } => {
                !self.seen().read.as_ref().is_some_and(|read| read.broken_plans.contains(file))
            }
            Finding::OwnedByOffice { .. }
            | Finding::UnitSetByOffice { .. }
            | Finding::DateChangedWithoutReason { .. }
            | Finding::LaddersSameVersion { .. }
            | Finding::LightsSameVersion { .. }
            | Finding::RunsAlready { .. }
            | Finding::Closed { .. } => true,
        }
    }

    /// For `status`.
    pub(super) fn health(&self, language: Language) -> FilesHealth {
        let seen = self.seen();
        let read = seen.read.as_ref();
        let faults = read.iter().flat_map(|read| &read.diagnostics).map(|fault| told(fault, language));
        FilesHealth {
            source: self.source.to_string(),
            broken: read.map(|read| read.broken_plans.clone()).unwrap_or_default(),
            faults: seen.unreadable.iter().map(|whole| whole.told(language)).chain(faults).collect(),
        }
    }

    /// How many plans the files hold.
    pub(super) fn plans(&self) -> usize {
        let seen = self.seen();
        seen.read.as_ref().and_then(|read| read.declared.as_ref()).map_or(0, |declared| declared.plans.len())
    }

    fn log(&self, read: &Read) {
        let before: Vec<Diagnostic> =
            self.seen().read.as_ref().map(|read| read.diagnostics.clone()).unwrap_or_default();
        for fault in read.diagnostics.iter().filter(|fault| !before.contains(fault)) {
            let place = format!("{}:{}:{}", fault.file, fault.line, fault.column);
            let shown = fault.shown(Language::English);
            let help = shown.help.as_deref().unwrap_or_default();
            if fault.is_error() {
                error!(place, help, "{shown}; this file changes nothing");
            } else {
                warn!(place, help, "{shown}");
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told(fault: &Diagnostic, language: Language) -> FileFault {
    let shown = fault.shown(language);
    FileFault {
        error: fault.is_error(),
        file: fault.file.clone(),
        line: fault.line,
        column: fault.column,
        message: shown.what,
        help: shown.help,
    }
}

impl Whole {
    fn told(&self, language: Language) -> FileFault {
        FileFault {
            error: true,
            file: self.file.clone(),
            line: 1,
            column: 1,
            message: locale::told(language, &self.what),
            help: Some(locale::told(language, &self.cure)),
        }
    }
}

fn whole(dir: &Path, fault: &schedules::ScheduleFault) -> Whole {
    Whole { file: dir.display().to_string(), what: fault.message(), cure: message("cure-schedules-dir") }
}

fn owners(ledger: &Ledger) -> Vec<(PlanId, PlanOwner)> {
    ledger.plans().map(|(id, plan)| (id.clone(), plan.owner)).collect()
}

/// Whether the plans in the ledger came from other files than those built in: taking the built-in
/// ones would withdraw what the office has written.
fn are_foreign(ledger: &Ledger, read: &Read) -> bool {
    let built_in: Vec<_> = read.declared.iter().flat_map(|declared| &declared.plans).collect();
    ledger
        .plans()
        .filter_map(|(_, plan)| plan.file.as_ref())
        .any(|(_, digest)| !built_in.iter().any(|file| file.digest == *digest))
}

fn foreign_fault() -> Whole {
    Whole {
        file: Schedules::Embedded.to_string(),
        what: message("fault-schedules-foreign"),
        cure: message("cure-schedules-dir"),
    }
}

fn watch(dir: &Path, changed: Arc<Notify>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.map_or(true, |event| is_change(event.kind)) {
            changed.notify_one();
        }
    })?;
    watcher.watch(dir, RecursiveMode::Recursive)?;
    Ok(watcher)
}

/// Whether a file may say something else now. The daemon's own reading must not count, or it would
/// read for ever.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_the_files_is_no_change_of_them() {
        assert!(!is_change(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(!is_change(EventKind::Access(AccessKind::Close(AccessMode::Read))));
        assert!(is_change(EventKind::Access(AccessKind::Close(AccessMode::Write))));
        assert!(is_change(EventKind::Any));
    }
}
