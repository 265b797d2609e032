//! What units have typed and not handed in, and how much their links brought in today: no record, and it may be
//! deleted.

use super::Refused;
use crate::domain::UnitId;
use crate::journal::{Shelves, WorkFile};

/// Where drafts are kept. Cheap to clone; every step blocks.
#[derive(Debug, Clone)]
pub struct DraftShelf(Shelves);

impl DraftShelf {
    /// Beside a journal.
    #[must_use]
    pub fn of(shelves: Shelves) -> Self {
        Self(shelves)
    }

    /// A unit's draft; `None` where there is none, or it can't be read.
    #[must_use]
    pub fn draft(&self, unit: &UnitId) -> Option<Vec<u8>> {
        self.0.read(WorkFile::Draft(unit)).ok().flatten()
    }

    /// Keeps a unit's draft; durable on return.
    ///
    /// # Errors
    /// The disk is full or refuses; what was kept before stays.
    pub fn keep_draft(&self, unit: &UnitId, bytes: &[u8]) -> Result<(), Refused> {
        Ok(self.0.write(WorkFile::Draft(unit), bytes)?)
    }

    /// Forgets a draft that was handed in.
    pub fn remove_draft(&self, unit: &UnitId) {
        let _ = self.0.remove(WorkFile::Draft(unit));
    }

    /// Puts a draft that makes no sense aside, for a person to look at.
    pub fn put_aside(&self, unit: &UnitId) {
        let _ = self.0.put_aside(WorkFile::Draft(unit));
    }

    /// What is counted of a unit's links; `None` where nothing is, or it can't be read.
    #[must_use]
    pub fn taken(&self, unit: &UnitId) -> Option<Vec<u8>> {
        self.0.read(WorkFile::Taken(unit)).ok().flatten()
    }

    /// Keeps what is counted of a unit's links; durable on return.
    ///
    /// # Errors
    /// The disk is full or refuses.
    pub fn keep_taken(&self, unit: &UnitId, bytes: &[u8]) -> Result<(), Refused> {
        Ok(self.0.write(WorkFile::Taken(unit), bytes)?)
    }
}
