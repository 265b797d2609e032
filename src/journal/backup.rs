//! Backup while the daemon runs, and restoring into a new data directory.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::FORMAT;
use super::archive::{ARCHIVE, Head, Reader, segment_name};
use super::codec;
use super::dir::{RESTORING, check_format, refuse_links_in};
use super::disk::{Disk, NEW_PREFIX, real_dir};
use super::fault::{JournalFault, io_fault, shown};
use super::files::Shelf;
use super::finding::{Inspection, Part};
use super::inspect::inspect;
use super::scan::{Reach, is_torn, reach, scan};
use super::witness::LAST_BACKUP;
use crate::domain::Event;
use crate::{plain_file, private_dir};

/// What was copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupReport {
    /// events, up to the end of a batch
    pub events: u64,
    /// letters, evidence and people
    pub files: u64,
    /// all bytes
    pub bytes: u64,
    /// the data directory remembers this backup; not where it may not be written
    pub noted: bool,
    /// why others can read the backup, where that could not be helped
    pub open_to_others: Option<String>,
}

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
/// `into` or `secrets_into` is not empty, or lies in the other or in the data directory; the archive
/// is damaged; the system refuses.
pub fn backup(data: &Path, into: &Path, secrets_into: Option<&Path>) -> Result<BackupReport, JournalFault> {
    let data = &real_dir(data)?;
    for dir in secrets_into.into_iter().chain([into]) {
        refuse_within(dir, data)?;
        refuse_full(dir)?;
    }
    if let Some(secrets) = secrets_into.filter(|s| s.starts_with(into) || into.starts_with(s)) {
        return Err(JournalFault::NotApart { place: shown(secrets) });
    }
    let mut rooms = vec![ARCHIVE, "format"];
    rooms.extend(Shelf::ALL.map(Shelf::dir));
    rooms.extend(secrets_into.map(|_| "secrets"));
    refuse_links_in(data, &rooms)?;
    check_format(&Disk::Real, data)?;
    let archive = data.join(ARCHIVE);
    // Those of later letters tell of events that the copied archive lacks.
    let letters = names(&data.join(Shelf::Letters.dir()))?;
    let found = scan(&Disk::Real, &archive)?;
    let end = reach(|p| found.slots.get(&p));
    let Some(last) = found.slots.get(&end.end) else {
        return Err(JournalFault::NoJournal { place: shown(&archive) });
    };
    if !is_torn(&found, end.end) {
        let what = "a line is missing or does not fit: start duban once, which heals it".into();
        return Err(JournalFault::Damaged { position: end.stop, place: shown(&archive), what });
    }
    let mut report = BackupReport { events: end.end, ..BackupReport::default() };
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(into);
    made.map_err(io_fault("create", into))?;
    report.open_to_others = private_dir::close(into, private_dir::OTHERS).err().map(|why| why.to_string());
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
    copy_shelves(data, into, &with_those_named(letters, &copies, &end)?, &mut report)?;
    sync_dir(into)?;
    if let Some(secrets) = secrets_into {
        copy_secrets(&data.join("secrets"), secrets)?;
    }
    let read_back = scan(&Disk::Real, &copies)?;
    if reach(|p| read_back.slots.get(&p)).hash != end.hash {
        return Err(JournalFault::BadBackup {
            place: shown(&copies),
            finding: "it does not read back as it was copied".into(),
        });
    }
    let note = format!("{} {} {}\n", end.end, end.hash.digits(), into.display());
    report.noted = Disk::Real.replace(&data.join(LAST_BACKUP), note.as_bytes(), true).is_ok();
    Ok(report)
}

/// Puts a backup into a new data directory, and inspects both before and after. `secrets/` is put
/// back by hand. What fails leaves the directory as it was; what is killed is begun anew by the next
/// call, and refused by a daemon until then.
///
/// # Errors
/// `data` is not empty, or lies in the backup; the backup does not verify; the system refuses.
pub fn restore(backup: &Path, data: &Path) -> Result<Inspection, JournalFault> {
    let (backup, data) = (&real_dir(backup)?, &real_dir(data)?);
    refuse_within(data, backup)?;
    let rest = data.join(RESTORING);
    // In the directory itself: it may be a disk of its own, and nothing above it ours to write.
    if !is_cut_short(data)? {
        refuse_full(data)?;
    }
    refuse_unsound(backup)?;
    let fresh = !data.exists();
    let restored = remove_all(&rest).and_then(|()| put_back(backup, data, &rest));
    if restored.is_err() {
        let _ = remove_all(&rest);
        if fresh {
            let _ = fs::remove_dir(data);
        }
    }
    restored
}

fn put_back(backup: &Path, data: &Path, rest: &Path) -> Result<Inspection, JournalFault> {
    let copies = rest.join(ARCHIVE);
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&copies);
    made.map_err(io_fault("create", &copies))?;
    let archive = backup.join(ARCHIVE);
    for name in Disk::Real.list(&archive).map_err(io_fault("list", &archive))? {
        write(&copies.join(&name), &read(&archive.join(&name))?)?;
    }
    sync_dir(&copies)?;
    let letters = names(&backup.join(Shelf::Letters.dir()))?;
    copy_shelves(backup, rest, &letters, &mut BackupReport::default())?;
    write(&rest.join("format"), format!("{FORMAT}\n").as_bytes())?;
    sync_dir(rest)?;
    let inspection = refuse_unsound(rest)?;
    let mut moved = Vec::new();
    let in_place = (|| {
        for name in Disk::Real.list(rest).map_err(io_fault("list", rest))? {
            let target = data.join(&name);
            Disk::Real.rename(&rest.join(&name), &target).map_err(io_fault("move", &target))?;
            moved.push(target);
        }
        // With it goes what keeps a daemon from starting: all else is durable before.
        sync_dir(data)?;
        fs::remove_dir(rest).map_err(io_fault("remove", rest))?;
        sync_dir(data)
    })();
    if in_place.is_err() {
        for target in moved {
            let _ = Disk::Real.rename(&target, &rest.join(target.file_name().unwrap_or_default()));
        }
    }
    in_place.map(|()| inspection)
}

/// Whether nothing lies there but what a restore left that was killed.
fn is_cut_short(data: &Path) -> Result<bool, JournalFault> {
    let names = Disk::Real.list(data).map_err(io_fault("list", data))?;
    // A daemon that refused to start upon it has left its lock.
    Ok(names.iter().any(|name| name == RESTORING)
        && names.iter().all(|name| [RESTORING, "lock"].contains(&name.as_str())))
}

fn remove_all(dir: &Path) -> Result<(), JournalFault> {
    match fs::remove_dir_all(dir) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(io_fault("remove", dir)(fault)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Refuses a directory that is the other or lies in it, by whatever name.
fn refuse_within(inner: &Path, outer: &Path) -> Result<(), JournalFault> {
    if real(inner).starts_with(real(outer)) {
        return Err(JournalFault::Within { inner: shown(inner), outer: shown(outer) });
    }
    Ok(())
}

/// The path without links, whether its end exists or not.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in whole.ancestors() {
        if let (Ok(found), Ok(below)) = (above.canonicalize(), whole.strip_prefix(above)) {
            // Joining nothing would add a slash.
            return if below.as_os_str().is_empty() { found } else { found.join(below) };
        }
    }
    whole
}

fn refuse_unsound(dir: &Path) -> Result<Inspection, JournalFault> {
    let inspection = inspect(dir)?;
    // Letters that were written while an older duban made its backup are no reason to leave an office without one.
    let is_unsound = |part| matches!(part, Part::Chain | Part::Archive | Part::Files | Part::Links);
    let finding =
        inspection.faults().find(|finding| is_unsound(finding.kind.part())).map(ToString::to_string);
    match finding {
        Some(finding) => Err(JournalFault::BadBackup { place: shown(dir), finding }),
        None => Ok(inspection),
    }
}

fn refuse_full(dir: &Path) -> Result<(), JournalFault> {
    let names = Disk::Real.list(dir).map_err(io_fault("list", dir))?;
    if names.is_empty() { Ok(()) } else { Err(JournalFault::NotEmpty { place: shown(dir) }) }
}

fn names(dir: &Path) -> Result<BTreeSet<String>, JournalFault> {
    Ok(Disk::Real.list(dir).map_err(io_fault("list", dir))?.into_iter().collect())
}

/// Adds the letters that the copied archive names: they may have been written since these were listed.
fn with_those_named(
    mut letters: BTreeSet<String>,
    copies: &Path,
    end: &Reach,
) -> Result<BTreeSet<String>, JournalFault> {
    let hash = codec::digest(end.hash);
    let head = Head { position: end.end, hash, recorded_at: DateTime::UNIX_EPOCH };
    for recorded in Reader::new(Disk::Real, copies.to_owned(), head).read(0) {
        if let Event::LetterQueued(queued) = recorded?.event {
            let path = Shelf::Letters.path(queued.archived);
            letters.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    Ok(letters)
}

fn copy_shelves(
    from: &Path,
    to: &Path,
    letters: &BTreeSet<String>,
    report: &mut BackupReport,
) -> Result<(), JournalFault> {
    for shelf in Shelf::ALL {
        let (source, target) = (from.join(shelf.dir()), to.join(shelf.dir()));
        fs::create_dir_all(&target).map_err(io_fault("create", &target))?;
        let all = if shelf == Shelf::Letters { letters.clone() } else { names(&source)? };
        for name in all {
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
    private_dir::close(to, private_dir::NOT_OWNER).map_err(io_fault("close to others", to))?;
    for name in Disk::Real.list(from).map_err(io_fault("list", from))? {
        let (source, target): (PathBuf, PathBuf) = (from.join(&name), to.join(&name));
        let bytes = read(&source)?;
        // with its permissions, from the first byte on
        let mode = fs::symlink_metadata(&source).map_err(io_fault("read", &source))?.mode();
        let made = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&target);
        fill(made.map_err(io_fault("create", &target))?, &target, &bytes)?;
    }
    sync_dir(to)
}

fn read(path: &Path) -> Result<Vec<u8>, JournalFault> {
    plain_file::read_unlinked(path, usize::MAX).map_err(io_fault("read", path))
}

/// Writes and syncs a new file; its length. The directory is synced once, later.
fn write(path: &Path, bytes: &[u8]) -> Result<u64, JournalFault> {
    fill(fs::File::create_new(path).map_err(io_fault("create", path))?, path, bytes)
}

fn fill(mut file: fs::File, path: &Path, bytes: &[u8]) -> Result<u64, JournalFault> {
    file.write_all(bytes).map_err(io_fault("write", path))?;
    file.sync_data().map_err(io_fault("sync", path))?;
    Ok(bytes.len() as u64)
}

fn sync_dir(dir: &Path) -> Result<(), JournalFault> {
    Disk::Real.sync_dir(dir).map_err(io_fault("sync", dir))
}
