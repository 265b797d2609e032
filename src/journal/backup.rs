//! Backup while the daemon runs, and restoring into a new data directory.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::FORMAT;
use super::archive::{ARCHIVE, segment_name};
use super::dir::check_format;
use super::disk::{Disk, NEW_PREFIX};
use super::fault::{JournalFault, io_fault};
use super::files::Shelf;
use super::inspect::{Inspection, inspect};
use super::scan::{is_torn, reach, scan};

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BackupReport {
    /// events, up to the end of a batch
    pub events: u64,
    /// letters, evidence and people
    pub files: u64,
    /// all bytes
    pub bytes: u64,
    /// the data directory remembers this backup; not where it may not be written
    pub noted: bool,
}

/// In the data directory: position and place of the last backup. It was made when this file was.
const LAST_BACKUP: &str = "last-backup";

/// When the last backup of this data directory ended; `None` where there was none, or it can't be told.
#[must_use]
pub fn last_backup(data: &Path) -> Option<DateTime<Utc>> {
    Some(fs::metadata(data.join(LAST_BACKUP)).ok()?.modified().ok()?.into())
}

/// Copies a data directory, its daemon running or not: the archive first, up to the end of a batch,
/// then the files that its events name. The store is not copied; a start builds it anew.
/// `secrets/` goes into a directory of its own, or is left out.
///
/// # Errors
/// `into` or `secrets_into` is not empty, or one lies in the other; the archive is damaged; the system refuses.
pub fn backup(data: &Path, into: &Path, secrets_into: Option<&Path>) -> Result<BackupReport, JournalFault> {
    check_format(&Disk::Real, data)?;
    for dir in secrets_into.into_iter().chain([into]) {
        refuse_full(dir)?;
    }
    if let Some(secrets) = secrets_into.filter(|s| s.starts_with(into) || into.starts_with(s)) {
        return Err(JournalFault::NotApart { path: secrets.to_owned() });
    }
    let archive = data.join(ARCHIVE);
    let found = scan(&Disk::Real, &archive)?;
    let end = reach(|p| found.slots.get(&p));
    let Some(last) = found.slots.get(&end.end) else {
        return Err(JournalFault::NoJournal { path: archive });
    };
    if !is_torn(&found, end.end) {
        let what = "a line is missing or does not fit: start duban once, which heals it".into();
        return Err(JournalFault::Damaged { position: end.stop, path: archive, what });
    }
    let mut report = BackupReport { events: end.end, ..BackupReport::default() };
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(into);
    made.map_err(io_fault("create", into))?;
    let copies = into.join(ARCHIVE);
    fs::create_dir_all(&copies).map_err(io_fault("create", &copies))?;
    for segment in found.segments.iter().filter(|s| s.first <= last.segment) {
        let mut bytes = read(&segment.path)?;
        if segment.first == last.segment {
            bytes.truncate(last.offset + last.len + 1);
        }
        report.bytes += write(&copies.join(segment_name(segment.first)), &bytes)?;
    }
    write(&into.join("format"), format!("{FORMAT}\n").as_bytes())?;
    sync_dir(&copies)?;
    copy_shelves(data, into, &mut report)?;
    sync_dir(into)?;
    if let Some(secrets) = secrets_into {
        copy_secrets(&data.join("secrets"), secrets)?;
    }
    let read_back = scan(&Disk::Real, &copies)?;
    if reach(|p| read_back.slots.get(&p)).hash != end.hash {
        return Err(JournalFault::BadBackup {
            path: copies,
            finding: "it does not read back as it was copied".into(),
        });
    }
    let note = format!("{} {}\n", end.end, into.display());
    report.noted = Disk::Real.replace(&data.join(LAST_BACKUP), note.as_bytes(), true).is_ok();
    Ok(report)
}

/// Puts a backup into a new data directory, and inspects both before and after. `secrets/` is put
/// back by hand.
///
/// # Errors
/// `data` is not empty; the backup does not verify; the system refuses.
pub fn restore(backup: &Path, data: &Path) -> Result<Inspection, JournalFault> {
    refuse_full(data)?;
    refuse_unsound(backup)?;
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.map_err(io_fault("create", data))?;
    let copies = data.join(ARCHIVE);
    fs::create_dir_all(&copies).map_err(io_fault("create", &copies))?;
    let archive = backup.join(ARCHIVE);
    for name in Disk::Real.list(&archive).map_err(io_fault("list", &archive))? {
        write(&copies.join(&name), &read(&archive.join(&name))?)?;
    }
    write(&data.join("format"), format!("{FORMAT}\n").as_bytes())?;
    sync_dir(&copies)?;
    copy_shelves(backup, data, &mut BackupReport::default())?;
    sync_dir(data)?;
    refuse_unsound(data)
}

fn refuse_unsound(dir: &Path) -> Result<Inspection, JournalFault> {
    let inspection = inspect(dir)?;
    let finding = inspection.faults().next().map(ToString::to_string);
    match finding {
        Some(finding) => Err(JournalFault::BadBackup { path: dir.to_owned(), finding }),
        None => Ok(inspection),
    }
}

fn refuse_full(dir: &Path) -> Result<(), JournalFault> {
    let names = Disk::Real.list(dir).map_err(io_fault("list", dir))?;
    if names.is_empty() { Ok(()) } else { Err(JournalFault::NotEmpty { path: dir.to_owned() }) }
}

fn copy_shelves(from: &Path, to: &Path, report: &mut BackupReport) -> Result<(), JournalFault> {
    for shelf in Shelf::ALL {
        let (source, target) = (from.join(shelf.dir()), to.join(shelf.dir()));
        fs::create_dir_all(&target).map_err(io_fault("create", &target))?;
        for name in Disk::Real.list(&source).map_err(io_fault("list", &source))? {
            if name.starts_with(NEW_PREFIX) {
                continue;
            }
            // a person may be forgotten meanwhile
            let path = source.join(&name);
            if let Some(bytes) = Disk::Real.read(&path, 0).map_err(io_fault("read", &path))? {
                report.bytes += write(&target.join(&name), &bytes)?;
                report.files += 1;
            }
        }
        sync_dir(&target)?;
    }
    Ok(())
}

fn copy_secrets(from: &Path, to: &Path) -> Result<(), JournalFault> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(to);
    made.map_err(io_fault("create", to))?;
    for name in Disk::Real.list(from).map_err(io_fault("list", from))? {
        let (source, target): (PathBuf, PathBuf) = (from.join(&name), to.join(&name));
        // with its permissions
        fs::copy(&source, &target).map_err(io_fault("copy", &source))?;
    }
    sync_dir(to)
}

fn read(path: &Path) -> Result<Vec<u8>, JournalFault> {
    fs::read(path).map_err(io_fault("read", path))
}

/// Writes and syncs a new file; its length. The directory is synced once, later.
fn write(path: &Path, bytes: &[u8]) -> Result<u64, JournalFault> {
    use std::io::Write as _;
    let mut file = fs::File::create_new(path).map_err(io_fault("create", path))?;
    file.write_all(bytes).map_err(io_fault("write", path))?;
    file.sync_data().map_err(io_fault("sync", path))?;
    Ok(bytes.len() as u64)
}

fn sync_dir(dir: &Path) -> Result<(), JournalFault> {
    Disk::Real.sync_dir(dir).map_err(io_fault("sync", dir))
}
