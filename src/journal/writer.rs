//! The journal in the files of one data directory, as its one writer holds it.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::archive::{Archive, Head, Reader};
use super::codec::{self, Batch, Place};
use super::fault::{JournalFault, Poison};
use super::line::Hash;
use super::options::Options;
use super::shelves::Shelves;
use super::start::{OpenReport, start};
use super::store::{Lag, Store};
use super::{BATCH_EVENTS_MAX, FORMAT};
use crate::domain::{Actor, Event, NewEvent, Recorded, Request, Stream};

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

/// The writing end of a data directory.
#[derive(Debug)]
pub struct Writer {
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

impl Writer {
    /// As [`Journal::open`](super::Journal::open).
    pub(super) fn open(
        dir: &Path,
        options: Options,
        now: DateTime<Utc>,
    ) -> Result<(Self, OpenReport), JournalFault> {
        let started = start(dir, &options, now)?;
        let created = started.id.is_none();
        let poison = Poison::default();
        let mut journal = Self {
            shelves: Shelves::new(dir, options.disk, options.sync, poison.clone()),
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
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    /// As [`Journal::commit`](super::Journal::commit).
    pub(super) fn commit(
        &mut self,
        entries: Vec<Entry>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Recorded>, JournalFault> {
        self.poison.check()?;
        let count: usize = entries.iter().map(|entry| entry.events.len()).sum();
        if count == 0 {
            return Ok(Vec::new());
        }
        if count > BATCH_EVENTS_MAX {
            return Err(JournalFault::BatchTooLarge { events: count });
        }
        let before = self.reader().head();
        let first = before.position + 1;
        let batch_end = first + count as u64 - 1;
        let batch = Batch::new(batch_end, now);
        let (mut lines, mut recorded) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let (mut prev, mut prev_digest) = (self.last, before.hash);
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

    /// Reads what is acknowledged.
    pub(super) fn reader(&self) -> &Reader {
        self.archive.reader()
    }

    /// The files beside it, for any thread.
    pub(super) fn shelves(&self) -> &Shelves {
        &self.shelves
    }

    /// How far the store lies behind.
    pub(super) fn store_lag(&self, now: DateTime<Utc>) -> Lag {
        self.store.as_ref().map(|store| store.lag(now)).unwrap_or_default()
    }

    /// As [`Journal::wait_for_store`](super::Journal::wait_for_store).
    pub(super) fn wait_for_store(&self) -> Result<(), JournalFault> {
        self.store.as_ref().map_or(Ok(()), Store::wait)
    }
}

/// A UUID v7 of this instant.
fn new_id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    let instant = uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos());
    Uuid::new_v7(instant)
}
