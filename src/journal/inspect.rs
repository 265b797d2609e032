//! For auditors: reads a stopped data directory or a copied archive, says what does not fit, and
//! writes nothing there. It trusts nobody: every byte is read, hashed and decoded.

use std::fmt;
use std::path::{Path, PathBuf};

use super::archive::{ARCHIVE, Head, Reader, segment_name};
use super::codec;
use super::dir::{check_format, links, lock_to_read};
use super::disk::{Disk, real_dir};
use super::fault::{JournalFault, io_fault, shown};
use super::finding::{Inspection, Kind, SecondCopy};
use super::inspect_store::StoreCopy;
use super::mend::{Mended, mend};
use super::scan::{Reach, Scan, is_torn, reach, scan};
use super::walk::{Named, Walk};
use super::witness::{Held, Notes, hear};
use crate::domain::{Digest, Recorded};

/// A data directory, a backup or a copied archive that somebody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDir(PathBuf);

impl NamedDir {
    /// Nothing is opened yet.
    #[must_use]
    pub fn at(dir: &Path) -> Self {
        Self(dir.to_owned())
    }

    /// Whether both are the same journal on the same disk: what lies there vouches for nothing of itself.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let archive = |dir: &Path| archive_of(dir).0.canonicalize().ok();
        archive(&self.0).is_some_and(|own| archive(&other.0) == Some(own))
    }

    /// As [`read_archive`].
    ///
    /// # Errors
    /// As [`read_archive`].
    pub fn reader(&self) -> Result<Reader, JournalFault> {
        read_archive(&self.0)
    }

    /// Checks everything as [`inspect`] does; `each` sees every event that can be read, in the order in which it
    /// stands, so that nobody needs to read them once more.
    ///
    /// # Errors
    /// As [`inspect`].
    pub fn inspect_with(&self, each: &mut dyn FnMut(&Recorded)) -> Result<Inspection, JournalFault> {
        inspect_with(&self.0, each)
    }
}

impl fmt::Display for NamedDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.display())
    }
}

/// Where the archive stands: in a data directory or a backup, or `dir` is itself a copied archive.
fn archive_of(dir: &Path) -> (PathBuf, Option<&Path>) {
    let within = dir.join(ARCHIVE);
    let is_data = within.is_dir() || dir.join("store").is_dir() || dir.join("format").is_file();
    if is_data { (within, Some(dir)) } else { (dir.to_owned(), None) }
}

fn scan_of(archive: &Path) -> Result<Scan, JournalFault> {
    let found = scan(&Disk::Real, archive)?;
    if found.segments.is_empty() {
        return Err(JournalFault::NoJournal { place: shown(archive) });
    }
    Ok(found)
}

/// Reads the events of a data directory, a backup or a copied archive up to its last whole batch, whether a daemon
/// runs on it or not.
///
/// # Errors
/// There is no journal, a newer duban wrote it, or lines are missing or don't fit.
pub fn read_archive(dir: &Path) -> Result<Reader, JournalFault> {
    let dir = real_dir(dir)?;
    let (archive, _) = archive_of(&dir);
    let found = scan_of(&archive)?;
    let Reach { end, stop, .. } = reach(|p| found.slots.get(&p));
    if !is_torn(&found, end) {
        let what = "a line is missing or does not fit".into();
        return Err(JournalFault::Damaged { position: stop, place: shown(&archive), what });
    }
    let head = head_at(&archive, &found, end)?;
    Ok(Reader::new(Disk::Real, archive, head))
}

/// The event at `end`, read back.
fn head_at(archive: &Path, found: &Scan, end: u64) -> Result<Head, JournalFault> {
    let mut head = Head { position: end, hash: Digest::ZERO, recorded_at: chrono::DateTime::UNIX_EPOCH };
    if let Some(slot) = found.slots.get(&end) {
        head.hash = codec::digest(slot.hash);
        let reader = Reader::new(Disk::Real, archive.to_owned(), head);
        if let Some(event) = reader.read(end - 1).next() {
            head.recorded_at = event?.recorded_at;
        }
    }
    Ok(head)
}

/// Checks everything that can be checked: form, hashes, chain, gaps, batch ends, versions in
/// streams, types and shapes, attached letters, the store against the archive, and all against what else lies in
/// the directory and says what the journal once held.
///
/// # Errors
/// There is no journal; a daemon holds the directory; a newer duban wrote it; it can't be read.
/// Damage is no error but a finding.
pub fn inspect(dir: &Path) -> Result<Inspection, JournalFault> {
    inspect_with(dir, &mut |_| {})
}

/// Adds every link; whether one stands where nothing else can be told without following it.
fn tell_links(data: &Path, inspection: &mut Inspection) -> bool {
    let links = links(data);
    for link in &links {
        let what = "it is a link, and duban follows none here: nothing behind it was read";
        inspection.add(Kind::Linked, None, link, what);
    }
    ["lock", "format", ARCHIVE].iter().any(|name| links.contains(&data.join(name)))
}

/// As [`inspect`]; `each` sees every event that can be read.
pub(super) fn inspect_with(dir: &Path, each: &mut dyn FnMut(&Recorded)) -> Result<Inspection, JournalFault> {
    let dir = &real_dir(dir)?;
    let (archive, data) = archive_of(dir);
    let _lock = lock_to_read(dir)?;
    let mut inspection = Inspection::default();
    if let Some(data) = data
        && tell_links(data, &mut inspection)
    {
        return Ok(inspection);
    }
    check_format(&Disk::Real, dir)?;
    let notes = data.map(Notes::of).unwrap_or_default();
    let copy = data.map_or(Ok(None), |data| StoreCopy::open(data, &mut inspection))?;
    let mut found = scan(&Disk::Real, &archive)?;
    let had_copy = copy.is_some() || inspection.second_copy != SecondCopy::None;
    let mended = if had_copy { mend(&archive, &found, copy.as_ref())? } else { Mended::AsItIs };
    mended.tell(&archive, &mut inspection);
    let read_in = mended.read_in().unwrap_or(&archive);
    if read_in != archive {
        found = scan(&Disk::Real, read_in)?;
    }
    if found.segments.is_empty() {
        if let Some(data) = data {
            let held = Held { last: 0, head: None, slots: &found.slots, named: &Named::default() };
            hear(data, &notes, &held).findings.into_iter().for_each(|finding| inspection.take(finding));
        }
        let is_gone = inspection.findings.iter().any(|finding| finding.kind.contradicts());
        let none = JournalFault::NoJournal { place: shown(&archive) };
        return if is_gone { Ok(inspection) } else { Err(none) };
    }
    let end = reach(|p| found.slots.get(&p));
    inspection.events = end.end;
    let torn = is_torn(&found, end.end);
    let mut walk = Walk::new(data, &mut inspection, each);
    for segment in &found.segments {
        let bytes = Disk::Real.read(&segment.path, 0).map_err(io_fault("read", &segment.path))?;
        let bytes = bytes.unwrap_or_default();
        let whole = match found.slots.get(&end.end) {
            Some(slot) if torn && slot.segment == segment.first => slot.offset + slot.len + 1,
            _ if torn && segment.first > end.end => 0,
            _ => bytes.len(),
        };
        let (lines, rest) = bytes.split_at_checked(whole).unwrap_or((&bytes, &[]));
        let path = archive.join(segment_name(segment.first));
        walk.segment(segment.first, &path, lines);
        if !rest.is_empty() {
            let what = format!("{} bytes of a batch that was never acknowledged", rest.len());
            walk.inspection.add(Kind::Torn, Some(end.end + 1), &path, what);
        }
    }
    let named = walk.named;
    for name in Disk::Real.list(&archive).map_err(io_fault("list", &archive))? {
        if name.starts_with("torn-") {
            let what = "a batch that a crash cut short, kept aside";
            inspection.add(Kind::Torn, None, &archive.join(name), what);
        }
    }
    if !torn {
        let behind = found.slots.range(end.end + 1..).count();
        inspection.events_behind = u64::try_from(behind).unwrap_or(u64::MAX);
    }
    inspection.head = head_at(read_in, &found, end.end).ok().filter(|head| head.position > 0);
    match data {
        None => inspection.add(Kind::Bare, None, dir, "a bare archive: letters and store are not here"),
        Some(data) => {
            match (&copy, &mended) {
                // all that differs is the one cause told
                (Some(_), Mended::Two { position }) => {
                    inspection.second_copy = SecondCopy::Damaged { events: position - 1 };
                }
                (Some(copy), Mended::AsItIs | Mended::Whole { .. }) => {
                    copy.compare(read_in, end.end, &mut inspection);
                }
                (None, _) => {}
            }
            let last = found.slots.keys().next_back().copied().unwrap_or(0);
            let last = if inspection.readable() { inspection.events } else { last };
            let held = Held { last, head: inspection.head, slots: &found.slots, named: &named };
            let heard = hear(data, &notes, &held);
            heard.findings.into_iter().for_each(|finding| inspection.take(finding));
            inspection.agreed = heard.agreed;
        }
    }
    Ok(inspection)
}
