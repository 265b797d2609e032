//! For auditors: reads a stopped data directory or a copied archive, says what does not fit, and
//! writes nothing there. It trusts nobody: every byte is read, hashed and decoded.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::archive::{ARCHIVE, Head, Reader, segment_name};
use super::codec;
use super::dir::{check_format, lock_to_read};
use super::disk::Disk;
use super::fault::{JournalFault, io_fault};
use super::files::{Shelf, holds};
use super::inspect_store::compare_store;
use super::line::{Frame, Hash, frame};
use super::scan::{Reach, Scan, is_torn, reach, scan};
use crate::domain::{Digest, Event, Recorded};

/// Findings listed before the rest is only counted.
pub const FINDINGS_MAX: usize = 1000;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// to be known: a torn batch, a person forgotten, a store that is behind
    Note,
    /// something does not fit
    Fault,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// how bad
    pub severity: Severity,
    /// which event
    pub position: Option<u64>,
    /// in which file
    pub path: PathBuf,
    /// what
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        if let Some(position) = self.position {
            write!(f, "event {position}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// What an inspection says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    /// the journal's id, where its first event can be read
    pub journal: Option<Uuid>,
    /// events from the first on that fit, up to the last whole batch
    pub events: u64,
    /// the last of them
    pub head: Option<Head>,
    /// archived letters whose bytes are what their digest says
    pub letters: u64,
    /// files in `evidence/` that events name, whose bytes are what their digest says
    pub evidence: u64,
    /// persons named by their digest whose file is gone
    pub people_forgotten: u64,
    /// events compared in the store; `None` where there is no store
    pub store: Option<u64>,
    /// what was found, at most [`FINDINGS_MAX`]
    pub findings: Vec<Finding>,
    /// findings beyond that
    pub more_findings: u64,
}

impl Inspection {
    /// Whether everything fits.
    #[must_use]
    pub fn sound(&self) -> bool {
        self.faults().next().is_none() && self.more_findings == 0
    }

    /// What does not fit.
    pub fn faults(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Fault)
    }

    pub(super) fn add(
        &mut self,
        severity: Severity,
        position: Option<u64>,
        path: &Path,
        what: impl Into<String>,
    ) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding { severity, position, path: path.to_owned(), what: what.into() });
        } else if severity == Severity::Fault {
            self.more_findings += 1;
        }
    }
}

/// Where the archive stands: in a data directory or a backup, or `dir` is itself a copied archive.
fn archive_of(dir: &Path) -> (PathBuf, Option<&Path>) {
    let within = dir.join(ARCHIVE);
    if within.is_dir() { (within, Some(dir)) } else { (dir.to_owned(), None) }
}

fn scan_of(archive: &Path) -> Result<Scan, JournalFault> {
    let found = scan(&Disk::Real, archive)?;
    if found.segments.is_empty() {
        return Err(JournalFault::NoJournal { path: archive.to_owned() });
    }
    Ok(found)
}

/// Reads the events of a data directory or a copied archive up to its last whole batch.
///
/// # Errors
/// There is no journal, a newer duban wrote it, or lines are missing or don't fit.
pub fn read_archive(dir: &Path) -> Result<Reader, JournalFault> {
    let (archive, _) = archive_of(dir);
    let found = scan_of(&archive)?;
    let Reach { end, stop, .. } = reach(|p| found.slots.get(&p));
    if !is_torn(&found, end) {
        let what = "a line is missing or does not fit".into();
        return Err(JournalFault::Damaged { position: stop, path: archive, what });
    }
    let head = head_at(&archive, &found, end)?;
    Ok(Reader::new(Disk::Real, archive, head))
}

/// The event at `end`, read back.
fn head_at(archive: &Path, found: &Scan, end: u64) -> Result<Head, JournalFault> {
    let mut head = Head { position: end, hash: Digest::ZERO, recorded_at: chrono::DateTime::UNIX_EPOCH };
    if let Some(slot) = found.slots.get(&end) {
        head.hash = codec::digest(slot.hash, end)?;
        let reader = Reader::new(Disk::Real, archive.to_owned(), head);
        if let Some(event) = reader.read(end - 1).next() {
            head.recorded_at = event?.recorded_at;
        }
    }
    Ok(head)
}

/// Checks everything that can be checked: form, hashes, chain, gaps, batch ends, versions in
/// streams, types and shapes, attached letters, and the store against the archive.
///
/// # Errors
/// There is no journal; a daemon holds the directory; a newer duban wrote it; it can't be read.
/// Damage is no error but a finding.
pub fn inspect(dir: &Path) -> Result<Inspection, JournalFault> {
    let (archive, data) = archive_of(dir);
    let _lock = lock_to_read(dir)?;
    check_format(&Disk::Real, dir)?;
    let found = scan_of(&archive)?;
    let end = reach(|p| found.slots.get(&p));
    let mut inspection = Inspection { events: end.end, ..Inspection::default() };
    let torn = is_torn(&found, end.end);
    let mut walk = Walk::new(data, &mut inspection);
    for segment in &found.segments {
        let bytes = Disk::Real.read(&segment.path, 0).map_err(io_fault("read", &segment.path))?;
        let bytes = bytes.unwrap_or_default();
        let whole = match found.slots.get(&end.end) {
            Some(slot) if torn && slot.segment == segment.first => slot.offset + slot.len + 1,
            _ if torn && segment.first > end.end => 0,
            _ => bytes.len(),
        };
        let (lines, rest) = bytes.split_at_checked(whole).unwrap_or((&bytes, &[]));
        walk.segment(segment.first, &segment.path, lines);
        if !rest.is_empty() {
            let what = format!("{} bytes of a batch that was never acknowledged", rest.len());
            walk.inspection.add(Severity::Note, Some(end.end + 1), &segment.path, what);
        }
    }
    for name in Disk::Real.list(&archive).map_err(io_fault("list", &archive))? {
        if name.starts_with("torn-") {
            inspection.add(
                Severity::Note,
                None,
                &archive.join(name),
                "a batch that a crash cut short, kept aside",
            );
        }
    }
    inspection.head = head_at(&archive, &found, end.end).ok().filter(|head| head.position > 0);
    match data {
        None => inspection.add(Severity::Note, None, dir, "a bare archive: letters and store are not here"),
        Some(data) if data.join("store").is_dir() => compare_store(data, &archive, end.end, &mut inspection)?,
        Some(_) => {}
    }
    Ok(inspection)
}

/// Follows the chain from line to line.
struct Walk<'a> {
    data: Option<&'a Path>,
    inspection: &'a mut Inspection,
    expected: u64,
    /// unknown after a line that can't be read
    prev: Option<Hash>,
    batch_end: u64,
    versions: HashMap<String, Option<u64>>,
    /// looked at: several events may name one file
    evidence: HashSet<Digest>,
    /// lines are missing: versions can't be told any more
    gaps: bool,
}

impl<'a> Walk<'a> {
    fn new(data: Option<&'a Path>, inspection: &'a mut Inspection) -> Self {
        let (expected, prev, batch_end) = (1, Some(Hash::ZERO), 0);
        let (versions, evidence) = (HashMap::new(), HashSet::new());
        Self { data, inspection, expected, prev, batch_end, versions, evidence, gaps: false }
    }

    fn fault(&mut self, position: u64, path: &Path, what: impl Into<String>) {
        self.inspection.add(Severity::Fault, Some(position), path, what);
    }

    fn segment(&mut self, first: u64, path: &Path, bytes: &[u8]) {
        if first != self.expected && !bytes.is_empty() {
            let what =
                format!("the segment's name says {}, {} was expected", segment_name(first), self.expected);
            self.fault(self.expected, path, what);
        }
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            let read = piece.strip_suffix(b"\n").and_then(|line| Some((line, frame(line)?)));
            if let Some((line, frame)) = read {
                self.line(path, line, &frame);
            } else {
                self.fault(self.expected, path, "form or hash is wrong");
                (self.prev, self.gaps) = (None, true);
                self.expected += 1;
            }
        }
    }

    fn line(&mut self, path: &Path, line: &[u8], frame: &Frame<'_>) {
        let position = frame.position;
        if position != self.expected {
            let what = format!("position {} was expected here: lines are missing or too many", self.expected);
            self.fault(position, path, what);
            (self.prev, self.gaps) = (None, true);
        }
        if self.prev.is_some_and(|prev| prev != frame.prev) {
            self.fault(position, path, "it does not name the line before: one of the two was rewritten");
        }
        let begins = position > self.batch_end;
        if !begins && frame.batch_end != self.batch_end {
            self.fault(
                position,
                path,
                format!("its batch ends at {}, it says {}", self.batch_end, frame.batch_end),
            );
        }
        self.version(path, frame);
        (self.prev, self.expected, self.batch_end) = (Some(frame.hash), position + 1, frame.batch_end);
        match codec::decode(line) {
            Err(what) => self.fault(position, path, what),
            Ok(recorded) => self.event(path, &recorded),
        }
    }

    fn version(&mut self, path: &Path, frame: &Frame<'_>) {
        let known = self.versions.get(frame.stream).copied().unwrap_or(Some(0));
        let expected = known.map(|version| version + 1);
        if expected != Some(frame.version) && !self.gaps {
            let what = format!(
                "version {} of {}, {} was expected",
                frame.version,
                frame.stream,
                expected.unwrap_or(1)
            );
            self.fault(frame.position, path, what);
        }
        self.versions.insert(frame.stream.to_owned(), Some(frame.version));
    }

    fn event(&mut self, path: &Path, recorded: &Recorded) {
        let position = recorded.position;
        let created =
            if let Event::JournalCreated { journal, .. } = &recorded.event { Some(*journal) } else { None };
        match (position, created) {
            (1, Some(journal)) => self.inspection.journal = Some(journal),
            (1, None) => self.fault(1, path, "the first event is not JournalCreated"),
            (_, Some(_)) => self.fault(position, path, "a second JournalCreated"),
            (_, None) => {}
        }
        if let Event::LetterQueued(queued) = &recorded.event {
            self.file(position, Shelf::Letters, queued.archived);
        }
        if let Some(digest) = recorded.event.evidence()
            && self.evidence.insert(digest)
        {
            self.file(position, Shelf::Evidence, digest);
        }
        if let Event::UnitRegistered { unit } | Event::UnitChanged { unit } = &recorded.event
            && let Some(leader) = unit.leader
        {
            self.file(position, Shelf::People, leader);
        }
    }

    fn file(&mut self, position: u64, of: Shelf, digest: Digest) {
        let Some(data) = self.data else { return };
        let path = data.join(of.path(digest));
        match (holds(data, of, digest), of) {
            (Ok(Some(true)), Shelf::Letters) => self.inspection.letters += 1,
            (Ok(Some(true)), Shelf::Evidence) => self.inspection.evidence += 1,
            (Ok(Some(true)), Shelf::People) => {}
            (Ok(None), Shelf::People) => self.inspection.people_forgotten += 1,
            (Ok(None), Shelf::Letters | Shelf::Evidence) => {
                self.fault(position, &path, "the file is missing");
            }
            (Ok(Some(false)), _) => self.fault(position, &path, "the file is not what its digest says"),
            (Err(source), _) => self.fault(position, &path, format!("the file can't be read: {source}")),
        }
    }
}
