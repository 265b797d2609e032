//! The journal of an office as those above see it, whatever keeps it.

use std::path::Path;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::archive::{Head, Lines, Reader};
use super::fault::JournalFault;
use super::options::Options;
use super::shelves::Shelves;
use super::start::OpenReport;
use super::store::Lag;
use super::writer::{Entry, Writer};
use crate::domain::Recorded;

/// The journal: whoever owns it is its one writer.
#[derive(Debug)]
pub enum Journal {
    /// in the files of one data directory
    Files(Writer),
}

impl Journal {
    /// Opens the journal of a data directory, or creates it; `now` is recorded in a new one's first event.
    ///
    /// # Errors
    /// Another process holds it; a newer duban wrote it; it is damaged beyond healing; its copies tell two histories; the system refuses.
    pub fn open(
        dir: &Path,
        options: Options,
        now: DateTime<Utc>,
    ) -> Result<(Self, OpenReport), JournalFault> {
        let (files, report) = Writer::open(dir, options, now)?;
        Ok((Self::Files(files), report))
    }

    /// The random id that names the journal for ever.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match self {
            Self::Files(files) => files.id(),
        }
    }

    /// Records all events of all entries as one batch: durable on return, or nothing of it is.
    ///
    /// # Errors
    /// More than [`BATCH_EVENTS_MAX`](super::BATCH_EVENTS_MAX) events; an event too long; the disk full. The store is
    /// never waited for. [`JournalFault::MustExit`] where only a new start can tell what the disk holds; every later
    /// call then fails likewise.
    pub fn commit(&mut self, entries: Vec<Entry>, now: DateTime<Utc>) -> Result<Vec<Recorded>, JournalFault> {
        match self {
            Self::Files(files) => files.commit(entries, now),
        }
    }

    /// Reads what is acknowledged from any thread.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        match self {
            Self::Files(files) => files.reader(),
        }
    }

    /// The files beside it, for any thread.
    #[must_use]
    pub fn shelves(&self) -> &Shelves {
        match self {
            Self::Files(files) => files.shelves(),
        }
    }

    /// The last acknowledged event.
    #[must_use]
    pub fn head(&self) -> Head {
        self.reader().head()
    }

    /// As [`Reader::read`].
    pub fn read(&self, after: u64) -> impl Iterator<Item = Result<Recorded, JournalFault>> + use<> {
        self.reader().read(after)
    }

    /// As [`Reader::lines`].
    #[must_use]
    pub fn lines(&self, after: u64) -> Lines {
        self.reader().lines(after)
    }

    /// How far the store lies behind.
    #[must_use]
    pub fn store_lag(&self, now: DateTime<Utc>) -> Lag {
        match self {
            Self::Files(files) => files.store_lag(now),
        }
    }

    /// Waits until the store holds everything, no longer than [`Patience::stop`](super::Patience::stop).
    ///
    /// # Errors
    /// The store failed, or did not get there in time; the archive holds everything all the same.
    pub fn wait_for_store(&self) -> Result<(), JournalFault> {
        match self {
            Self::Files(files) => files.wait_for_store(),
        }
    }

    /// Waits for the store, as [`Self::wait_for_store`], and lets the data directory go.
    ///
    /// # Errors
    /// As there.
    pub fn close(self) -> Result<(), JournalFault> {
        self.wait_for_store()
    }
}
