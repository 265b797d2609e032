//! Finds what is wrong with one duban, running or stopped, and says what, where and what helps.
//!
//! One file a topic. It changes nothing and writes nothing; who asks the daemon or reads the
//! journal is the command line, which hands in a [`Case`].

mod addresses;
mod backup;
mod clock;
mod disk;
mod files;
mod journal;
mod letters;
mod mail;
mod permissions;
mod workdays;

pub use disk::free as free_bytes;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::calendar::Zone;
use crate::config::Config;
use crate::journal::Inspection;
use crate::schedules::Read;
use crate::wire::{Declaration, Health, LetterEntry, MailboxFault, RelayHealth};

/// All that is known of a duban before it is examined.
#[derive(Debug)]
pub struct Case {
    /// as it would be served
    pub config: Config,
    /// the configuration file, where there is one
    pub config_file: Option<PathBuf>,
    /// by this machine's clock
    pub now: DateTime<Utc>,
    /// whether a daemon runs, and what it says
    pub life: Life,
    /// what is in force; of a duban that never ran, what the plan files declare
    pub declared: Option<Declaration>,
    /// all letters; why they may not be seen
    pub letters: Result<Vec<LetterEntry>, String>,
    /// why the accounts of a stopped one can't be read, where they can't; a running one says so itself
    pub accounts: Option<String>,
    /// what the accounts of a stopped one say otherwise than was recorded, and what helps; a running one says so itself
    pub accounts_by_hand: Vec<(String, String)>,
    /// the plan files as they read now; why they can't be read as a whole
    pub files: Result<Read, String>,
}

/// Whether a daemon runs on the data directory.
#[derive(Debug)]
pub enum Life {
    /// it does, and says this
    Running(Box<Health>),
    /// it does not; both copies were read
    Stopped(Box<Inspection>),
    /// there is no journal yet
    Fresh,
}

impl Case {
    /// The office's zone, as far as it is known.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.declared.as_ref().map_or_else(Zone::shanghai, |declared| declared.office.zone)
    }

    /// What keeps the mail server from taking letters, as the running daemon found.
    fn relay(&self) -> Option<&RelayHealth> {
        if let Life::Running(health) = &self.life { health.relay.as_ref() } else { None }
    }

    /// What keeps the mailbox from being read, as the running daemon found.
    fn mailbox_fault(&self) -> Option<&MailboxFault> {
        let Life::Running(health) = &self.life else { return None };
        health.mailbox.as_ref()?.fault.as_ref()
    }

    fn runs(&self) -> bool {
        matches!(self.life, Life::Running(_))
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// to be known; nothing needs to be done
    Note,
    /// a person should do something
    Finding,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// how much it matters
    pub weight: Weight,
    /// what is wrong
    pub what: String,
    /// where: a file, a directory, a unit
    #[serde(rename = "where")]
    pub place: String,
    /// what helps; empty for a note that needs nothing
    pub cure: String,
}

impl Finding {
    fn new(what: impl Into<String>, place: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { weight: Weight::Finding, what: what.into(), place: place.into(), cure: cure.into() }
    }

    fn note(what: impl Into<String>, place: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { weight: Weight::Note, ..Self::new(what, place, cure) }
    }
}

/// What was examined, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// its name
    pub topic: &'static str,
    /// how it stands, in a few words
    pub summary: String,
    /// what was found
    pub findings: Vec<Finding>,
}

impl Topic {
    fn new(topic: &'static str, summary: impl Into<String>, findings: Vec<Finding>) -> Self {
        Self { topic, summary: summary.into(), findings }
    }

    /// The weight of its weightiest finding.
    #[must_use]
    pub fn weight(&self) -> Option<Weight> {
        if self.findings.iter().any(|finding| finding.weight == Weight::Finding) {
            Some(Weight::Finding)
        } else {
            self.findings.first().map(|finding| finding.weight)
        }
    }
}

/// Looks at everything.
#[must_use]
pub fn examine(case: &Case) -> Vec<Topic> {
    vec![
        clock::examine(case),
        disk::examine(case),
        journal::examine(case),
        backup::examine(case),
        mail::examine(case),
        letters::examine(case),
        addresses::examine(case),
        files::examine(case),
        workdays::examine(case),
        permissions::examine(case),
    ]
}

/// The path itself, or the nearest directory above it that exists.
fn existing(path: &Path) -> &Path {
    let above = path.ancestors().find(|above| !above.as_os_str().is_empty() && above.exists());
    above.unwrap_or(Path::new("."))
}

/// `eco-env, police, housing and 34 more`
fn some_of(names: &[String]) -> String {
    const NAMED_MAX: usize = 3;
    let named = names.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED_MAX) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// `1 letter`, `2 letters`
fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
