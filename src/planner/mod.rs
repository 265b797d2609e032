//! The only writer: decides, commits, and only then lets letters go.
//!
//! [`Planner::handle`] is synchronous and reads no clock: the daemon, the rehearsal and the
//! simulator call the same function with a `now` of their own. It must not know how letters
//! travel, nor who asks.

mod advance;
mod ask;
mod commit;
mod handle;
mod outgoing;
mod people;
mod request;
mod run;
mod tray;

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use chrono::{DateTime, TimeDelta, Utc};

pub use handle::{Answer, Effect, Handled, Input};
pub use outgoing::{IN_FLIGHT_MAX, OUTCOMES_PER_COMMIT_MAX};
pub use people::Person;
pub use run::{Handle, Look, Loop, Reply, Stopped, run};
pub use tray::{
    EVIDENCE_LEAVES_BYTES, EVIDENCE_LEAVES_FILES, EvidenceTray, Giver, LINKS_LEAVE_BYTES, NewEvidence,
    TrayFault,
};

use crate::domain::adoption::{Declared, Finding};
use crate::domain::agenda;
use crate::domain::{Event, Ledger, LetterId};
use crate::journal::{Journal, JournalFault};
use crate::letter::{LetterFault, Templates};
use crate::link::Links;

/// A clock behind the last event by more than this holds all decisions.
pub const CLOCK_BEHIND_MAX: TimeDelta = TimeDelta::minutes(2);
/// A clock ahead of the last event by more than this holds all decisions.
pub const CLOCK_AHEAD_MAX: TimeDelta = TimeDelta::days(45);

/// Why the planner can't go on. All but letters and lookups end the process: only a new start can
/// tell what the disk holds.
#[derive(Debug, thiserror::Error)]
pub enum PlannerFault {
    /// the journal refused
    #[error("the journal refused")]
    Journal(#[from] JournalFault),
    /// a letter can't be written
    #[error("letter {letter} to {to} can't be written")]
    Letter {
        /// which
        letter: LetterId,
        /// to whom
        to: String,
        /// why
        source: LetterFault,
    },
    /// the templates are faulty
    #[error("the letter templates are faulty")]
    Templates(#[from] LetterFault),
}

/// A planted fault: proves that the simulator finds such a one.
#[cfg(feature = "simulator")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    /// an outcome is not recorded
    OutcomeDropped,
    /// a stage's second letter goes under the first one's key
    KeyReused,
    /// a stage that has come is left out
    StageSkipped,
}

/// Journal and ledger in one hand.
#[derive(Debug)]
pub struct Planner {
    journal: Journal,
    ledger: Shared,
    templates: Templates,
    /// how letters get their links; none: they have none
    links: Option<Links>,
    /// letters handed over and without an outcome yet
    busy: BTreeSet<LetterId>,
    /// the one of them with which a relay that failed is tried
    probe: Option<LetterId>,
    /// the relay was not tried in this life
    untried: bool,
    /// the domain that got its share last
    served: String,
    /// what the files said while the clock was held
    waiting: Option<Box<Declared>>,
    findings: Vec<Finding>,
    /// rings when a plan goes over to its file or to the office: files are to be declared anew
    owner_changed: Option<Arc<tokio::sync::Notify>>,
    /// when everything that had come was last done
    advanced_at: Option<DateTime<Utc>>,
    #[cfg(feature = "simulator")]
    plant: Option<Plant>,
}

/// The ledger as readers see it: everything in it is durable.
#[derive(Debug, Clone, Default)]
pub struct Shared(Arc<RwLock<Ledger>>);

impl Shared {
    /// A ledger that nobody changes any more.
    #[must_use]
    pub fn of(ledger: Ledger) -> Self {
        Self(Arc::new(RwLock::new(ledger)))
    }

    /// The ledger as it is now. Held only for as long as a question takes.
    pub fn read(&self) -> RwLockReadGuard<'_, Ledger> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Ledger> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Planner {
    /// Folds the journal and withdraws a large command that a crash cut short.
    ///
    /// # Errors
    /// The journal can't be read or written; the templates are faulty.
    pub fn open(journal: Journal, now: DateTime<Utc>) -> Result<Self, PlannerFault> {
        let ledger = Shared(Arc::new(RwLock::new(Ledger::fold(journal.read(0))?)));
        let mut planner = Self {
            journal,
            ledger,
            templates: Templates::embedded()?,
            links: None,
            busy: BTreeSet::new(),
            probe: None,
            untried: true,
            served: String::new(),
            waiting: None,
            findings: Vec::new(),
            owner_changed: None,
            advanced_at: None,
            #[cfg(feature = "simulator")]
            plant: None,
        };
        let unfinished = planner.ledger.read().unfinished_command();
        if let Some(begun) = unfinished {
            // At no instant that would settle a clock that is not to be believed.
            let at = planner.held(now).unwrap_or(now);
            planner.record_system(vec![commit::of_office(Event::LargeCommandWithdrawn { begun })], at)?;
        }
        Ok(planner)
    }

    /// Letters written from now on bear links made so, and those that go get their signature.
    #[must_use]
    pub fn with_links(mut self, links: Links) -> Self {
        self.links = Some(links);
        self
    }

    /// Rings this bell when a plan goes over to its file or to the office, so that files are declared anew.
    #[must_use]
    pub fn with_bell(mut self, bell: Arc<tokio::sync::Notify>) -> Self {
        self.owner_changed = Some(bell);
        self
    }

    /// Plants a fault, for the simulator.
    #[cfg(feature = "simulator")]
    pub fn plant(&mut self, plant: Plant) {
        self.plant = Some(plant);
    }

    /// The ledger, for readers on any thread.
    #[must_use]
    pub fn ledger(&self) -> Shared {
        self.ledger.clone()
    }

    /// The journal, for reading.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What files and ledger disagree in since the files were last read.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// When everything that had come was last done, by its clock; `None` before the first time.
    #[must_use]
    pub fn advanced_at(&self) -> Option<DateTime<Utc>> {
        self.advanced_at
    }

    /// Lets the journal go in order.
    ///
    /// # Errors
    /// The store failed or was not done in time; the archive holds everything all the same.
    pub fn close(self) -> Result<(), JournalFault> {
        self.journal.close()
    }

    /// The next instant at which something is due by itself; `None` when nothing is planned.
    #[must_use]
    pub fn next_wake(&self) -> Option<DateTime<Utc>> {
        agenda::next_wake(&self.ledger.read(), &self.busy, self.advanced_at)
    }
}
