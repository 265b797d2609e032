//! The journal as the planner sees it: open, commit, read, attach. One writer, which owns it.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::archive::{Archive, Head, Lines, Reader};
use super::codec::{self, Batch, Place};
use super::disk::Disk;
use super::fault::{JournalFault, Poison};
use super::line::Hash;
use super::patience::Patience;
#[cfg(feature = "simulator")]
use super::plant::Plant;
use super::shelves::Shelves;
use super::start::{OpenReport, start};
use super::store::Store;
use super::{BATCH_EVENTS_MAX, FORMAT, SEGMENT_EVENTS};
use crate::domain::{Actor, Event, NewEvent, Recorded, Request, Stream};

/// How a journal is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// what lies under it
    pub disk: Disk,
    /// keep the second copy, in sled; off above a faulty disk
    pub store: bool,
    /// sync before acknowledging; off for rehearsals only
    pub sync: bool,
    /// id of a new journal; random where `None`
    pub journal_id: Option<Uuid>,
    /// events of a segment, [`SEGMENT_EVENTS`]; the simulator takes less to meet more boundaries
    pub segment_events: u64,
    /// how long the second copy is waited for
    pub patience: Patience,
    /// a fault that the simulator must find
    #[cfg(feature = "simulator")]
    pub plant: Option<Plant>,
}

impl Default for Options {
    /// As a daemon opens its journal.
    fn default() -> Self {
        Self {
            disk: Disk::Real,
            store: true,
            sync: true,
            journal_id: None,
            segment_events: SEGMENT_EVENTS,
            patience: Patience::default(),
            #[cfg(feature = "simulator")]
            plant: None,
        }
    }
}

/// What one command wants recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// who did it
    pub by: Actor,
    /// position of the event that led to it
    pub cause: Option<u64>,
    /// the request it answers
    pub request: Option<Request>,
    /// what happened, in order
    pub events: Vec<NewEvent>,
}

/// How far the store lies behind the archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lag {
    /// events not yet in the store
    pub events: u64,
    /// and their bytes
    pub bytes: u64,
    /// since when it has lain behind without ever catching up
    pub since: Option<DateTime<Utc>>,
    /// why the store does not work, if it does not; the archive is the only copy then
    pub failed: Option<String>,
}

/// The journal of one data directory.
#[derive(Debug)]
pub struct Journal {
    shelves: Shelves,
    id: Uuid,
    archive: Archive,
    /// of each stream's last event
    versions: HashMap<String, u64>,
    last: Hash,
    poison: Poison,
    // declared before the lock: dropped before it is let go
    store: Option<Store>,
    _lock: Option<File>,
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
        let started = start(dir, &options, now)?;
        let created = started.id.is_none();
        let poison = Poison::default();
        let mut journal = Self {
            shelves: Shelves::new(dir, options.disk.clone(), options.sync, poison.clone()),
            id: started.id.or(options.journal_id).unwrap_or_else(|| new_id(now)),
            archive: started.archive,
            store: started.store,
            versions: started.versions,
            last: started.last,
            poison,
            _lock: started.lock,
        };
        if created {
            let event = Event::JournalCreated { journal: journal.id, format: FORMAT };
            let events = vec![NewEvent { stream: Stream::Office, occurred_on: None, event }];
            journal.commit(vec![Entry { by: Actor::system(), cause: None, request: None, events }], now)?;
        }
        Ok((journal, OpenReport { created, ..started.report }))
    }

    /// The random id that names the journal for ever.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The last acknowledged event.
    #[must_use]
    pub fn head(&self) -> Head {
        self.archive.reader().head()
    }

    /// Records all events of all entries as one batch: durable on return, or nothing of it is.
    ///
    /// # Errors
    /// More than [`BATCH_EVENTS_MAX`] events; an event too long; the disk full. The store is never waited for.
    /// [`JournalFault::MustExit`] where only a new start can tell what the disk holds; every later call then fails likewise.
    pub fn commit(&mut self, entries: Vec<Entry>, now: DateTime<Utc>) -> Result<Vec<Recorded>, JournalFault> {
        self.poison.check()?;
        let count: usize = entries.iter().map(|entry| entry.events.len()).sum();
        if count == 0 {
            return Ok(Vec::new());
        }
        if count > BATCH_EVENTS_MAX {
            return Err(JournalFault::BatchTooLarge { events: count });
        }
        let first = self.head().position + 1;
        let batch_end = first + count as u64 - 1;
        let batch = Batch::new(batch_end, now);
        let (mut lines, mut recorded) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let (mut prev, mut prev_digest) = (self.last, self.head().hash);
        let mut versions: HashMap<String, u64> = HashMap::new();
        for entry in entries {
            for new in entry.events {
                let stream = new.stream.to_string();
                let known = versions.get(&stream).or_else(|| self.versions.get(&stream));
                let version = known.copied().unwrap_or(0) + 1;
                let place = Place {
                    position: first + lines.len() as u64,
                    by: &entry.by,
                    cause: entry.cause,
                    request: entry.request.as_ref(),
                    stream: &stream,
                    version,
                    prev,
                    prev_digest,
                };
                let (line, hash, event) = codec::encode(&batch, &place, new)?;
                (prev, prev_digest) = (hash, event.hash);
                versions.insert(stream, version);
                lines.push(line);
                recorded.push(event);
            }
        }
        let head = Head { position: batch_end, hash: prev_digest, recorded_at: codec::stored_instant(now) };
        if let Err(fault) = self.archive.append(&lines, head) {
            return Err(self.poison.keep(fault));
        }
        self.last = prev;
        self.versions.extend(versions);
        if let Some(store) = &self.store {
            store.feed(first, lines, now);
        }
        Ok(recorded)
    }

    /// The events after `after`, in their current shape, each one's hash checked.
    pub fn read(&self, after: u64) -> impl Iterator<Item = Result<Recorded, JournalFault>> + use<> {
        self.reader().read(after)
    }

    /// The stored lines after `after`, each one's hash checked.
    #[must_use]
    pub fn lines(&self, after: u64) -> Lines {
        self.reader().lines(after)
    }

    /// Reads what is acknowledged from any thread.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.archive.reader().clone()
    }

    /// The files beside it, for any thread.
    #[must_use]
    pub fn shelves(&self) -> &Shelves {
        &self.shelves
    }

    /// How far the store lies behind.
    #[must_use]
    pub fn store_lag(&self, now: DateTime<Utc>) -> Lag {
        self.store.as_ref().map(|store| store.lag(now)).unwrap_or_default()
    }

    /// Waits until the store holds everything, no longer than [`Patience::stop`].
    ///
    /// # Errors
    /// The store failed, or did not get there in time; the archive holds everything all the same.
    pub fn wait_for_store(&self) -> Result<(), JournalFault> {
        self.store.as_ref().map_or(Ok(()), Store::wait)
    }

    /// Waits for the store, as [`Self::wait_for_store`], and lets the data directory go.
    ///
    /// # Errors
    /// As there.
    pub fn close(self) -> Result<(), JournalFault> {
        self.wait_for_store()
    }
}

/// A UUID v7 of this instant.
fn new_id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    let instant = uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos());
    Uuid::new_v7(instant)
}
