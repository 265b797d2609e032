//! The data directory itself: lock, format, ballast, leftovers.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use super::FORMAT;
use super::archive::ARCHIVE;
use super::disk::{Disk, NEW_PREFIX};
use super::fault::{JournalFault, io_fault, must_exit, shown};
use super::files::Shelf;
use super::heal::put;
use crate::plain_file;

/// Space kept back, so that the store can be opened on a full disk.
pub const BALLAST_BYTES: usize = 8 * 1024 * 1024;

/// In a data directory: what a restore has not yet put in its place.
pub(super) const RESTORING: &str = "restoring";

/// Whether a restore into this data directory was cut short; no journal is opened there.
#[must_use]
pub fn is_half_restored(data: &Path) -> bool {
    data.join(RESTORING).exists()
}

/// Whether a journal was begun in this data directory.
#[must_use]
pub fn has_journal(data: &Path) -> bool {
    data.join(ARCHIVE).is_dir()
}

/// How often a held lock is tried, with [`LOCK_PAUSE`] between.
const LOCK_TRIES: u32 = 20;
/// Wait between two tries.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Every link in a data directory or a backup: in itself, and in its rooms.
#[must_use]
pub fn links(data: &Path) -> Vec<PathBuf> {
    let mut links = Vec::new();
    let mut rooms = vec![data.to_owned()];
    while let Some(room) = rooms.pop() {
        for entry in fs::read_dir(&room).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_symlink() => links.push(entry.path()),
                Ok(kind) if kind.is_dir() => rooms.push(entry.path()),
                Ok(_) | Err(_) => {}
            }
        }
    }
    links.sort();
    links
}

/// Refuses a data directory in which a room or a note is a link: a start may run as root, and would write wherever
/// somebody else points it.
///
/// # Errors
/// The link, by name.
pub(super) fn refuse_links(data: &Path) -> Result<(), JournalFault> {
    let is_own = |link: &PathBuf| link.parent().is_some_and(|room| room == data || room.ends_with("secrets"));
    links(data)
        .into_iter()
        .find(is_own)
        .map_or(Ok(()), |link| Err(JournalFault::Linked { place: shown(&link) }))
}

/// Refuses to copy what stands behind a link; what else the directory holds would make a backup that can't be restored.
///
/// # Errors
/// The link, by name.
pub(super) fn refuse_links_in(data: &Path, rooms: &[&str]) -> Result<(), JournalFault> {
    let is_of_them = |link: &PathBuf| rooms.iter().any(|room| link.starts_with(data.join(room)));
    links(data)
        .into_iter()
        .find(is_of_them)
        .map_or(Ok(()), |link| Err(JournalFault::Linked { place: shown(&link) }))
}

/// Takes the data directory, or tells who has it.
pub(super) fn lock(dir: &Path) -> Result<File, JournalFault> {
    let path = dir.join("lock");
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = file.map_err(io_fault("open", &path))?;
    let (_silent, pause) = mpsc::channel::<()>();
    for tries_left in (0..LOCK_TRIES).rev() {
        match file.try_lock() {
            Ok(()) => break,
            // A process that was just killed lets go a moment later, and its supervisor starts at once.
            Err(TryLockError::WouldBlock) if tries_left > 0 => {
                let _ = pause.recv_timeout(LOCK_PAUSE);
            }
            Err(TryLockError::WouldBlock) => return Err(locked(dir, file)),
            Err(TryLockError::Error(e)) => return Err(io_fault("lock", &path)(e)),
        }
    }
    // the number is for people only; a full disk must not keep the daemon from starting
    let _ =
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(file)
}

/// That the directory is held by nobody, without writing; the lock lasts as long as the file.
pub(super) fn lock_to_read(dir: &Path) -> Result<Option<File>, JournalFault> {
    let Ok(file) = plain_file::open_unlinked(&dir.join("lock")) else {
        return Ok(None);
    };
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Err(locked(dir, file)),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(file)),
    }
}

fn locked(dir: &Path, mut file: File) -> JournalFault {
    let mut pid = String::new();
    let _ = file.read_to_string(&mut pid);
    let pid = match pid.trim() {
        "" => "unknown".to_owned(),
        pid => pid.to_owned(),
    };
    JournalFault::Locked { place: shown(dir), pid }
}

/// Refuses a data directory of a newer version, or half a one; whether the format stands there.
pub(super) fn check_format(disk: &Disk, dir: &Path) -> Result<bool, JournalFault> {
    if disk.is_real() && is_half_restored(dir) {
        return Err(JournalFault::HalfRestored { place: shown(&dir.join(RESTORING)) });
    }
    let path = dir.join("format");
    let Some(bytes) = disk.read(&path, 0).map_err(io_fault("read", &path))? else {
        return Ok(false);
    };
    match String::from_utf8_lossy(&bytes).trim().parse::<u128>() {
        Ok(format) if format > u128::from(FORMAT) => {
            let what = format!("a data directory of format {format}");
            Err(JournalFault::Newer { place: shown(&path), what })
        }
        Ok(format) if format == u128::from(FORMAT) => Ok(true),
        // flipped or torn: the first event tells the format too
        Ok(_) | Err(_) => Ok(false),
    }
}

/// Makes the directories that are missing, durably, and removes what a crash left half-written.
pub(super) fn prepare(disk: &Disk, dir: &Path, sync: bool) -> Result<(), JournalFault> {
    for name in [ARCHIVE].into_iter().chain(Shelf::ALL.map(Shelf::dir)) {
        let sub = dir.join(name);
        disk.create_dir_all(&sub).map_err(io_fault("create", &sub))?;
        let mut removed = false;
        for name in disk.list(&sub).map_err(io_fault("list", &sub))? {
            if name.starts_with(NEW_PREFIX) {
                let path = sub.join(name);
                removed |= disk.remove(&path).map_err(io_fault("remove", &path))?;
            }
        }
        if removed && sync {
            sync_dir(disk, &sub)?;
        }
    }
    if sync {
        sync_dir(disk, dir)?;
        // whichever of them this or an interrupted start has made
        for above in dir.ancestors().skip(1).filter(|d| !d.as_os_str().is_empty()) {
            match disk.sync_dir(above) {
                Ok(()) => {}
                Err(e) if e.kind() == io::ErrorKind::PermissionDenied => break,
                Err(e) => return Err(must_exit(above, "sync failed", &e)),
            }
        }
    }
    Ok(())
}

/// Writes the format down.
pub(super) fn write_format(disk: &Disk, dir: &Path) -> Result<(), JournalFault> {
    put(disk, &dir.join("format"), format!("{FORMAT}\n").as_bytes())
}

/// Keeps some space back; where there is none, there is no ballast until the next start.
pub(super) fn keep_ballast(disk: &Disk, dir: &Path) {
    let path = dir.join("ballast");
    let there = fs::metadata(&path).is_ok_and(|m| m.len() == BALLAST_BYTES as u64);
    // zeros would not do on a disk that leaves holes or compresses
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    if !there && disk.is_real() {
        let mut bytes = Vec::with_capacity(BALLAST_BYTES);
        while bytes.len() < BALLAST_BYTES {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            bytes.extend_from_slice(&random.to_le_bytes());
        }
        if put(disk, &path, &bytes).is_err() {
            let _ = disk.remove(&path);
        }
    }
}

/// Gives the ballast up; whether there was any.
pub(super) fn release_ballast(dir: &Path) -> bool {
    fs::remove_file(dir.join("ballast")).is_ok()
}

fn sync_dir(disk: &Disk, dir: &Path) -> Result<(), JournalFault> {
    disk.sync_dir(dir).map_err(|e| must_exit(dir, "sync failed", &e))
}
