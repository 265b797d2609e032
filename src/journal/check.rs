//! The background check: every event of the store against the archive's, every letter against its digest.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use super::archive::{Lines, Reader};
use super::codec;
use super::disk::Disk;
use super::files::{Shelf, attached};
use super::finding::{Finding, Kind};
use super::line::{Frame, unhashed};
use super::sled_copy::{Broken, SledCopy};
use super::walk::LETTER_QUEUED;
use crate::domain::{Event, NAMING_EVIDENCE};

/// Events compared in one go; commits wait no longer than that takes.
const SLICE_EVENTS: usize = 512;

/// What the background check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// events compared
    pub events: u64,
    /// letters whose bytes were compared with their digest
    pub letters: u64,
    /// positions that were missing or wrong in the store when that was seen
    pub healed: Vec<u64>,
    /// the store turned out damaged while it was read, and was built anew from the archive
    pub rebuilt: bool,
    /// what could not be made good
    pub findings: Vec<Finding>,
}

/// A check under way.
#[derive(Debug)]
pub(super) struct Checker {
    lines: Lines,
    data: PathBuf,
    report: CheckReport,
    reply: Sender<CheckReport>,
}

impl Checker {
    /// Checks up to the reader's present head.
    pub(super) fn new(reader: &Reader, data: &Path, reply: Sender<CheckReport>) -> Self {
        Self { lines: reader.lines(0), data: data.to_owned(), report: CheckReport::default(), reply }
    }

    /// Goes on a little; whether there is more.
    pub(super) fn slice(&mut self, copy: &SledCopy) -> Result<bool, Broken> {
        let mut archive = Vec::with_capacity(SLICE_EVENTS);
        for line in self.lines.by_ref().take(SLICE_EVENTS) {
            match line {
                Ok(line) => archive.push(line),
                Err(e) => {
                    let position = Some(self.report.events + archive.len() as u64 + 1);
                    let path = self.data.join(super::archive::ARCHIVE);
                    self.report.findings.push(Finding::new(Kind::Form, position, &path, e.to_string()));
                }
            }
        }
        let Some(first) = archive.first().map(|line| line.position) else {
            let _ = self.reply.send(std::mem::take(&mut self.report));
            return Ok(false);
        };
        let stored: HashMap<u64, Vec<u8>> = copy.lines(first, archive.len())?.into_iter().collect();
        let mut wrong = 0;
        for line in archive {
            self.report.events += 1;
            self.check_letter(&line.bytes);
            self.check_evidence(&line.bytes);
            if stored.get(&line.position) != Some(&line.bytes) {
                self.report.healed.push(line.position);
                wrong += 1;
            }
        }
        // Putting them back is not enough: once damaged, sled may lose them again when it is next opened.
        if wrong > 0 { Err(Broken::Damaged(format!("{wrong} lines are missing or wrong"))) } else { Ok(true) }
    }

    /// Notes that the store had to be built anew.
    pub(super) fn rebuilt(&mut self) {
        self.report.rebuilt = true;
    }

    /// Whether material lies where its event says; what it holds is for `audit verify`, for it may be much.
    fn check_evidence(&mut self, line: &[u8]) {
        let named = |f: Frame<'_>| NAMING_EVIDENCE.contains(&f.kind);
        if !unhashed(line).is_some_and(named) {
            return;
        }
        let Ok(recorded) = codec::decode(line) else { return };
        let Some(digest) = recorded.event.evidence() else { return };
        let path = self.data.join(Shelf::Evidence.path(digest));
        if !std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
            let (position, what) = (Some(recorded.position), "the file is missing");
            self.report.findings.push(Finding::new(Kind::FileMissing, position, &path, what));
        }
    }

    fn check_letter(&mut self, line: &[u8]) {
        if unhashed(line).is_none_or(|f| f.kind != LETTER_QUEUED) {
            return;
        }
        let Ok(recorded) = codec::decode(line) else {
            return;
        };
        if let Event::LetterQueued(queued) = recorded.event {
            self.report.letters += 1;
            let (kind, what) = match attached(&Disk::Real, &self.data, Shelf::Letters, queued.archived) {
                Ok(Some(_)) => return,
                Ok(None) => (Kind::FileMissing, "the archived letter is missing".to_owned()),
                Err(e) => (Kind::FileChanged, e.to_string()),
            };
            let path = self.data.join(Shelf::Letters.path(queued.archived));
            let position = Some(recorded.position);
            self.report.findings.push(Finding::new(kind, position, &path, what));
        }
    }
}
