//! What a start would make of two copies that differ, tried in a scratch directory: so an inspection says what
//! helps, and names one cause instead of all that follows from it.

use std::fs;
use std::path::{Path, PathBuf};

use super::SEGMENT_EVENTS;
use super::disk::Disk;
use super::fault::{JournalFault, io_fault};
use super::finding::{Finding, Inspection, Kind, Part, SecondCopy};
use super::inspect_store::{StoreCopy, copy_tree};
use super::scan::{Scan, reach, scan};
use super::start::{OpenReport, reconcile};
use crate::private_dir::Scratch;

/// What became of it.
#[derive(Debug)]
pub(super) enum Mended {
    /// the archive needs nothing, or nothing here makes it good
    AsItIs,
    /// a start makes the archive whole, as it stands in this copy
    Whole {
        /// where the whole archive is
        archive: PathBuf,
        /// positions that the second copy gives
        from_store: Vec<u64>,
        /// the first position that stood out of order
        first: u64,
        /// what is said of the first line that the second copy gives
        what: &'static str,
        /// where there is no second copy in whose directory it was tried
        _scratch: Option<Scratch>,
    },
    /// both are histories: no start says which is true
    Two {
        /// where they part
        position: u64,
    },
}

impl Mended {
    /// Where the archive is read then, if not in its own place.
    pub(super) fn read_in(&self) -> Option<&Path> {
        match self {
            Self::Whole { archive, .. } => Some(archive),
            Self::AsItIs | Self::Two { .. } => None,
        }
    }

    /// Adds the one cause.
    pub(super) fn tell(&self, place: &Path, inspection: &mut Inspection) {
        let (kind, position, what, more) = match self {
            Self::AsItIs => return,
            Self::Whole { from_store, first, what, .. } => match from_store.as_slice() {
                [] => {
                    let what = match inspection.second_copy {
                        SecondCopy::Gone | SecondCopy::Damaged { .. } => {
                            "lines stand twice or in another order, none is missing; the second copy is gone or can't be opened"
                        }
                        SecondCopy::None | SecondCopy::Same { .. } | SecondCopy::Short { .. } => {
                            "lines stand twice or in another order; none is missing"
                        }
                    };
                    // One start makes both whole.
                    inspection.findings.retain(|finding| finding.kind.part() != Part::SecondCopy);
                    (Kind::ArchiveDisorder, *first, what, 0)
                }
                [first, more @ ..] => (Kind::ArchiveLacks, *first, *what, more.len() as u64),
            },
            Self::Two { position } => {
                let what = "from here on archive and second copy tell two histories, and each fits: somebody rewrote one";
                (Kind::TwoHistories, *position, what, 0)
            }
        };
        inspection.findings.push(Finding { more, ..Finding::new(kind, Some(position), place, what) });
    }
}

/// Tries what a start does, in the scratch directory of the store's copy, or in one of its own.
///
/// # Errors
/// The system refuses to copy or to read. Damage is none.
pub(super) fn mend(archive: &Path, found: &Scan, copy: Option<&StoreCopy>) -> Result<Mended, JournalFault> {
    let alone = reach(|p| found.slots.get(&p));
    let disorder = found.disorder(alone.end);
    let stops = found.slots.range(alone.stop..).next().map(|_| alone.stop);
    let tail = copy.and_then(|copy| copy.tail);
    let agrees = tail.is_none_or(|(position, hash)| {
        hash.is_some() && found.slots.get(&position).map(|slot| slot.hash) == hash
    });
    if disorder.or(stops).is_none() && agrees {
        return Ok(Mended::AsItIs);
    }
    let own = match copy {
        Some(_) => None,
        None => Some(Scratch::create("inspect").map_err(io_fault("make a temporary directory", archive))?),
    };
    let Some(scratch) = copy.map(|copy| &copy.scratch).or(own.as_ref()) else { return Ok(Mended::AsItIs) };
    let into = scratch.path().join("archive");
    let copied = if archive.is_dir() { copy_tree(archive, &into) } else { fs::create_dir(&into) };
    copied.map_err(io_fault("copy to a temporary directory", archive))?;
    let mut report = OpenReport::default();
    let mut tried = scan(&Disk::Real, &into)?;
    let second = (copy.map(|copy| &copy.store), tail);
    match reconcile(&Disk::Real, &into, SEGMENT_EVENTS, &mut tried, second, &mut report) {
        Ok(_) if report.healed_in_archive.is_empty() && disorder.is_none() => Ok(Mended::AsItIs),
        Ok(_) => {
            let from_store = report.healed_in_archive;
            let what = match from_store.first() {
                Some(first) if found.slots.contains_key(first) => {
                    "the line was rewritten in the archive, and its neighbours don't name it; the second copy has the one that fits"
                }
                Some(_) | None => {
                    "the line is missing in the archive, or can't be read; the second copy has it"
                }
            };
            let first = disorder.unwrap_or(alone.stop);
            Ok(Mended::Whole { archive: into, first, from_store, what, _scratch: own })
        }
        Err(JournalFault::HistoriesDiffer { position }) => Ok(Mended::Two { position }),
        Err(JournalFault::Damaged { .. }) => Ok(Mended::AsItIs),
        Err(fault) => Err(fault),
    }
}
