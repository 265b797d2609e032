//! Follows a chain from line to line, for an inspection: form, links, batches, versions, shapes, attached files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::archive::{Reader, segment_name};
use super::codec;
use super::fault::JournalFault;
use super::files::{Shelf, holds};
use super::finding::{Inspection, Kind};
use super::line::{Frame, Hash, frame};
use crate::domain::{Digest, Event, Recorded};

/// The type of the event that names a letter.
pub(super) const LETTER_QUEUED: &str = "LetterQueued";

/// What events name, to be held against what lies in the directory.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// archived letters
    pub letters: HashSet<Digest>,
    /// Message-IDs, and the event that queued the letter
    pub message_ids: BTreeMap<String, u64>,
    /// in which second letters were queued first, and by which event
    queued: BTreeMap<i64, u64>,
}

impl Named {
    /// What the events of a sound archive name.
    ///
    /// # Errors
    /// One of them can't be read.
    pub(super) fn by(reader: &Reader) -> Result<Self, JournalFault> {
        let mut named = Self::default();
        for recorded in reader.read_kind(LETTER_QUEUED) {
            named.see(&recorded?);
        }
        Ok(named)
    }

    fn see(&mut self, recorded: &Recorded) {
        if let Event::LetterQueued(queued) = &recorded.event {
            self.letters.insert(queued.archived);
            self.message_ids.insert(queued.message_id.clone(), recorded.position);
            self.queued.entry(recorded.recorded_at.timestamp()).or_insert(recorded.position);
        }
    }

    /// The first event that queued a letter after this instant, as a letter's date tells it: to the second.
    pub(super) fn after(&self, dated: DateTime<Utc>) -> Option<u64> {
        self.queued.range(dated.timestamp() + 1..).next().map(|(_, position)| *position)
    }
}

/// Where the walk is.
pub(super) struct Walk<'a> {
    data: Option<&'a Path>,
    pub inspection: &'a mut Inspection,
    each: &'a mut dyn FnMut(&Recorded),
    pub named: Named,
    expected: u64,
    /// unknown after a line that can't be read
    prev: Option<Hash>,
    batch_end: u64,
    versions: HashMap<String, u64>,
    /// looked at: several events may name one file
    evidence: HashSet<Digest>,
    /// lines are missing: versions can't be told any more
    gaps: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        data: Option<&'a Path>,
        inspection: &'a mut Inspection,
        each: &'a mut dyn FnMut(&Recorded),
    ) -> Self {
        Self {
            data,
            inspection,
            each,
            named: Named::default(),
            expected: 1,
            prev: Some(Hash::ZERO),
            batch_end: 0,
            versions: HashMap::new(),
            evidence: HashSet::new(),
            gaps: false,
        }
    }

    fn fault(&mut self, kind: Kind, position: u64, path: &Path, what: impl Into<String>) {
        self.inspection.add(kind, Some(position), path, what);
    }

    pub(super) fn segment(&mut self, first: u64, path: &Path, bytes: &[u8]) {
        if first != self.expected && !bytes.is_empty() {
            let what =
                format!("the segment's name says {}, {} was expected", segment_name(first), self.expected);
            self.fault(Kind::Order, self.expected, path, what);
        }
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            let read = piece.strip_suffix(b"\n").and_then(|line| Some((line, frame(line)?)));
            if let Some((line, frame)) = read {
                self.line(path, line, &frame);
            } else {
                self.fault(Kind::Form, self.expected, path, "form or hash is wrong");
                (self.prev, self.gaps) = (None, true);
                self.expected += 1;
            }
        }
    }

    fn line(&mut self, path: &Path, line: &[u8], frame: &Frame<'_>) {
        let position = frame.position;
        if position != self.expected {
            let what = format!("position {} was expected here: lines are missing or too many", self.expected);
            self.fault(Kind::Order, position, path, what);
            (self.prev, self.gaps) = (None, true);
        }
        if self.prev.is_some_and(|prev| prev != frame.prev) {
            let what = "it does not name the line before: one of the two was rewritten";
            self.fault(Kind::Link, position, path, what);
        }
        let begins = position > self.batch_end;
        if !begins && frame.batch_end != self.batch_end {
            let what = format!("its batch ends at {}, it says {}", self.batch_end, frame.batch_end);
            self.fault(Kind::Batch, position, path, what);
        }
        self.version(path, frame);
        (self.prev, self.expected, self.batch_end) = (Some(frame.hash), position + 1, frame.batch_end);
        match codec::decode(line) {
            Err(what) => self.fault(Kind::Shape, position, path, what),
            Ok(recorded) => {
                (self.each)(&recorded);
                self.event(path, &recorded);
            }
        }
    }

    fn version(&mut self, path: &Path, frame: &Frame<'_>) {
        let known = self.versions.get(frame.stream).copied().unwrap_or(0);
        if known + 1 != frame.version && !self.gaps {
            let what = format!("version {} of {}, {} was expected", frame.version, frame.stream, known + 1);
            self.fault(Kind::Version, frame.position, path, what);
        }
        self.versions.insert(frame.stream.to_owned(), frame.version);
    }

    fn event(&mut self, path: &Path, recorded: &Recorded) {
        let position = recorded.position;
        let created =
            if let Event::JournalCreated { journal, .. } = &recorded.event { Some(*journal) } else { None };
        match (position, created) {
            (1, Some(journal)) => self.inspection.journal = Some(journal),
            (1, None) => self.fault(Kind::Beginning, 1, path, "the first event is not JournalCreated"),
            (_, Some(_)) => self.fault(Kind::Beginning, position, path, "a second JournalCreated"),
            (_, None) => {}
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
        if let Event::LetterQueued(queued) = &recorded.event {
            self.file(position, Shelf::Letters, queued.archived);
        }
        self.named.see(recorded);
    }

    fn is_linked(&self, path: &Path) -> bool {
        let links = self.inspection.findings.iter().any(|finding| finding.kind == Kind::Linked);
        links && (path.is_symlink() || path.parent().is_some_and(Path::is_symlink))
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
                self.fault(Kind::FileMissing, position, &path, "the file is missing");
            }
            (Ok(Some(false)), _) => {
                self.fault(Kind::FileChanged, position, &path, "the file is not what its digest says");
            }
            // told already, as the one cause
            (Err(_), _) if self.is_linked(&path) => {}
            (Err(source), _) => {
                let what = format!("the file can't be read: {source}");
                self.fault(Kind::FileUnreadable, position, &path, what);
            }
        }
    }
}
