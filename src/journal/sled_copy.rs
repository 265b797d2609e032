//! One open sled database: the guards of `docs/design.md` ("Why a WAL before sled?"), a durable
//! append, and reading. Everything blocks, and sled may panic on damaged bytes: only
//! [`super::store`] calls this, on its own thread, under `catch_unwind`.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use sled::transaction::{ConflictableTransactionError, TransactionError, Transactional as _};
use sled::{Db, Tree};

use super::FORMAT;
use super::line::{Hash, frame};
use super::scan::{Slot, Slots};
use super::witness::{Noted, STORE_REACHED, note};

/// sled's page cache.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// How sled says that another holds it.
const LOCKED: &str = "could not acquire lock";
/// How often and how long a lingering lock is waited for: 10 s together.
const LOCK_TRIES: u32 = 100;
const LOCK_WAIT: Duration = Duration::from_millis(100);

/// Why the database could not be used.
#[derive(Debug)]
pub(super) enum Broken {
    /// damaged: move it aside and build it anew
    Damaged(String),
    /// no space is left
    Full,
    /// a newer duban wrote it
    Newer(String),
    /// the system refuses
    Refused(String),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Damaged(what) | Self::Newer(what) | Self::Refused(what) => f.write_str(what),
            Self::Full => f.write_str("the disk is full"),
        }
    }
}

impl From<sled::Error> for Broken {
    fn from(error: sled::Error) -> Self {
        let text = error.to_string();
        match error {
            sled::Error::Io(e) => e.into(),
            sled::Error::CollectionNotFound(_)
            | sled::Error::Unsupported(_)
            | sled::Error::ReportableBug(_)
            | sled::Error::Corruption { .. } => Self::Damaged(text),
        }
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        let text = error.to_string();
        let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
        let refused =
            [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem, io::ErrorKind::OutOfMemory];
        let too_many_files = matches!(error.raw_os_error(), Some(23 | 24)); // ENFILE, EMFILE
        if full.contains(&error.kind()) {
            Self::Full
        } else if refused.contains(&error.kind()) || too_many_files || text.contains(LOCKED) {
            Self::Refused(text)
        } else {
            Self::Damaged(text)
        }
    }
}

/// An open database.
#[derive(Debug)]
pub(super) struct SledCopy {
    db: Db,
    events: Tree,
    meta: Tree,
    /// sled's own log, for the sync it leaves out
    log: File,
    reached: File,
}

/// Where the last position that the store holds durably is noted, outside sled: a damaged sled may
/// drop its end in silence, and must not be written to any more. Written after sled's sync and not
/// synced itself, so it never says too much.
fn reached_path(dir: &Path) -> PathBuf {
    dir.with_file_name(STORE_REACHED)
}

impl SledCopy {
    /// Opens or creates the database.
    pub(super) fn open(dir: &Path) -> Result<Self, Broken> {
        let fresh = !dir.join("db").exists();
        let noted = Self::noted(dir);
        let mut options = OpenOptions::new();
        let reached = options.write(true).create(true).truncate(false).open(reached_path(dir))?;
        // guard 2: a half-written snapshot would be read as a whole one
        if let Ok(entries) = fs::read_dir(dir) {
            for entry in entries {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if name.starts_with("snap.") && name.ends_with(".generating") {
                    fs::remove_file(&path)?;
                }
            }
        }
        let db = open_patiently(dir)?;
        if fresh {
            File::open(dir)?.sync_all()?;
            if let Some(parent) = dir.parent() {
                File::open(parent)?.sync_all()?;
            }
        }
        let log = File::open(dir.join("db"))?;
        let copy = Self { events: db.open_tree("events")?, meta: db.open_tree("meta")?, db, log, reached };
        let last = copy.tail()?.map_or(0, |(position, _)| position);
        match noted {
            Some(Noted { position, .. }) if position > last && !fresh => {
                return Err(Broken::Damaged(format!("it ends at {last}, but has held {position}")));
            }
            Some(_) | None => {}
        }
        match copy.meta.get("format")? {
            None => {
                copy.meta.insert("format", FORMAT.to_string().as_bytes())?;
                copy.flush()?;
            }
            Some(format) => {
                let format = String::from_utf8_lossy(&format).into_owned();
                match format.parse::<u32>() {
                    Ok(known) if known <= FORMAT => {}
                    Ok(newer) => return Err(Broken::Newer(format!("a store of format {newer}"))),
                    Err(_) => {
                        return Err(Broken::Damaged(format!("the store's format is `{format}`")));
                    }
                }
            }
        }
        Ok(copy)
    }

    /// What was last noted as durable in the store.
    pub(super) fn noted(dir: &Path) -> Option<Noted> {
        Noted::read(&reached_path(dir))
    }

    /// Puts these lines in, and the head, in one transaction; durable on return.
    pub(super) fn append(&self, lines: &[(u64, Vec<u8>)], head: Option<(u64, Hash)>) -> Result<(), Broken> {
        (&self.events, &self.meta)
            .transaction(|(events, meta)| {
                for (position, line) in lines {
                    events.insert(&position.to_be_bytes(), line.as_slice())?;
                }
                if let Some((position, hash)) = head {
                    let mut value = position.to_be_bytes().to_vec();
                    value.extend_from_slice(hash.digits().as_bytes());
                    meta.insert("head", value)?;
                }
                Ok::<(), ConflictableTransactionError<()>>(())
            })
            .map_err(|e| match e {
                TransactionError::Storage(e) => e.into(),
                TransactionError::Abort(()) => Broken::Damaged("a transaction was aborted".into()),
            })?;
        self.flush()?;
        match head {
            Some((position, hash)) => Ok(self.note(position, Some(hash))?),
            None => Ok(()),
        }
    }

    fn note(&self, position: u64, hash: Option<Hash>) -> io::Result<()> {
        self.reached.write_all_at(note(position, hash).as_bytes(), 0)
    }

    /// guard 1: sled's flush alone is not durable.
    fn flush(&self) -> Result<(), Broken> {
        self.db.flush()?;
        Ok(self.log.sync_data()?)
    }

    /// The last position, and its line's hash if that line is good.
    pub(super) fn tail(&self) -> Result<Option<(u64, Option<Hash>)>, Broken> {
        let Some((key, line)) = self.events.last()? else {
            return Ok(None);
        };
        let position = position(&key)?;
        let hash = frame(&line).filter(|f| f.position == position).map(|f| f.hash);
        Ok(Some((position, hash)))
    }

    /// Good lines by position.
    pub(super) fn slots(&self) -> Result<Slots, Broken> {
        let mut slots = Slots::new();
        for item in &self.events {
            let (key, line) = item?;
            let position = position(&key)?;
            if let Some(frame) = frame(&line).filter(|f| f.position == position) {
                slots.insert(position, Slot::of(&frame, 0, 0, line.len()));
            }
        }
        Ok(slots)
    }

    /// Lines by position, from `from` on, at most `count`.
    pub(super) fn lines(&self, from: u64, count: usize) -> Result<Vec<(u64, Vec<u8>)>, Broken> {
        let range = self.events.range(from.to_be_bytes()..);
        range
            .take(count)
            .map(|item| {
                let (key, line) = item?;
                Ok((position(&key)?, line.to_vec()))
            })
            .collect()
    }

    /// Removes every line after `end`.
    pub(super) fn cut(&self, end: u64) -> Result<(), Broken> {
        let left = self.events.range(..=end.to_be_bytes()).next_back().transpose()?;
        let (left, hash) = match left {
            Some((key, line)) => (position(&key)?, frame(&line).map(|frame| frame.hash)),
            None => (0, None),
        };
        self.note(left, hash)?;
        for item in self.events.range((end + 1).to_be_bytes()..) {
            self.events.remove(item?.0)?;
        }
        self.flush()
    }
}

fn position(key: &[u8]) -> Result<u64, Broken> {
    let bytes = key.try_into().map_err(|_| Broken::Damaged("a key is no position".into()))?;
    Ok(u64::from_be_bytes(bytes))
}

/// A lock may linger for a while after its holder was killed.
fn open_patiently(dir: &Path) -> Result<Db, Broken> {
    let config = sled::Config::new().path(dir).cache_capacity(CACHE_BYTES).flush_every_ms(None);
    let (_never, wait) = mpsc::channel::<()>();
    let mut tries = 0;
    loop {
        tries += 1;
        match config.open() {
            Ok(db) => return Ok(db),
            Err(sled::Error::Io(e)) if tries < LOCK_TRIES && e.to_string().contains(LOCKED) => {
                let _ = wait.recv_timeout(LOCK_WAIT);
            }
            Err(e) => return Err(e.into()),
        }
    }
}

/// Moves a database that can't be used out of the way; where to.
pub(super) fn move_aside(dir: &Path) -> io::Result<PathBuf> {
    let parent = dir.parent().unwrap_or(Path::new(""));
    let free = (1..=9999).map(|n| parent.join(format!("store-damaged-{n}"))).find(|p| !p.exists());
    let aside = free.unwrap_or_else(|| parent.join("store-damaged"));
    fs::rename(dir, &aside)?;
    File::open(parent)?.sync_all()?;
    Ok(aside)
}
