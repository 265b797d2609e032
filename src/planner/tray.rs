//! Evidence on its way in: whoever receives it streams it onto its shelf, and only then asks that an
//! event name it. The planner decides how much room is left for that.

use super::Handle;
use crate::domain::Digest;
use crate::journal::{Incoming, JournalFault, Shelf, Shelves};

/// Evidence is taken only while as much stays free, in bytes: journal and letters need it.
pub const EVIDENCE_LEAVES_BYTES: u64 = super::handle::MAIL_LEAVES_BYTES;

/// What comes through links is taken only while as much stays free, in bytes: the office records by hand what
/// a unit can't send, and brings its own papers.
pub const LINKS_LEAVE_BYTES: u64 = 4 * EVIDENCE_LEAVES_BYTES;

/// Evidence is taken only while as many more files can be made: journal and letters need them.
pub const EVIDENCE_LEAVES_FILES: u64 = 4096;

/// Why a file is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum TrayFault {
    /// it would use up what journal and letters need
    #[error("{free_bytes} bytes are free; {leaves_bytes} must stay so")]
    NoRoom {
        /// now
        free_bytes: u64,
        /// at least
        leaves_bytes: u64,
    },
    /// it would use up the files that journal and letters need
    #[error("{free_files} files can still be made; {EVIDENCE_LEAVES_FILES} must stay so")]
    NoFiles {
        /// now
        free_files: u64,
    },
    /// the disk refused
    #[error(transparent)]
    Disk(#[from] JournalFault),
}

/// Who hands evidence in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Giver {
    /// a person of the office
    Office,
    /// whoever holds a link
    Link,
}

impl Giver {
    fn leaves_bytes(self) -> u64 {
        match self {
            Self::Office => EVIDENCE_LEAVES_BYTES,
            Self::Link => LINKS_LEAVE_BYTES,
        }
    }
}

/// Takes evidence in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct EvidenceTray(pub(super) Shelves);

/// A file on its way in; nothing of it is left where it is dropped.
#[derive(Debug)]
pub struct NewEvidence {
    from: Giver,
    tray: EvidenceTray,
    incoming: Incoming,
}

impl Handle {
    /// Where evidence comes in.
    #[must_use]
    pub fn tray(&self) -> &EvidenceTray {
        &self.tray
    }
}

impl EvidenceTray {
    /// A new, empty file. Blocks.
    ///
    /// # Errors
    /// [`TrayFault`].
    pub fn begin(&self, from: Giver) -> Result<NewEvidence, TrayFault> {
        self.takes(from)?;
        Ok(NewEvidence { from, incoming: self.0.begin(Shelf::Evidence)?, tray: self.clone() })
    }

    /// Whether anything could be taken now.
    ///
    /// # Errors
    /// [`TrayFault`]: what is missing.
    pub fn takes(&self, from: Giver) -> Result<(), TrayFault> {
        self.room_for(0, from)?;
        match self.0.free_files().filter(|free| *free < EVIDENCE_LEAVES_FILES) {
            Some(free_files) => Err(TrayFault::NoFiles { free_files }),
            None => Ok(()),
        }
    }

    /// Whether evidence of this digest is kept.
    #[must_use]
    pub fn holds(&self, digest: Digest) -> bool {
        self.0.holds(Shelf::Evidence, digest)
    }

    /// What links may still bring in, all together; `None` where the system doesn't tell.
    #[must_use]
    pub fn free_for_links(&self) -> Option<u64> {
        self.0.free_bytes().map(|free| free.saturating_sub(LINKS_LEAVE_BYTES))
    }

    fn room_for(&self, bytes: usize, from: Giver) -> Result<(), TrayFault> {
        let leaves_bytes = from.leaves_bytes();
        let needs = leaves_bytes.saturating_add(bytes as u64);
        match self.0.free_bytes().filter(|free| *free < needs) {
            Some(free_bytes) => Err(TrayFault::NoRoom { free_bytes, leaves_bytes }),
            None => Ok(()),
        }
    }
}

impl NewEvidence {
    /// Length so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.incoming.bytes()
    }

    /// Adds the next piece. Blocks.
    ///
    /// # Errors
    /// [`TrayFault`].
    pub fn write(&mut self, piece: &[u8]) -> Result<(), TrayFault> {
        self.tray.room_for(piece.len(), self.from)?;
        Ok(self.incoming.write(piece)?)
    }

    /// Keeps it; durable on return. Blocks.
    ///
    /// # Errors
    /// [`TrayFault::Disk`]: it is not kept.
    pub fn keep(self) -> Result<Digest, TrayFault> {
        Ok(self.incoming.keep()?)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::journal::{Disk, Faults, FaultyDisk, Journal, Options};

    #[test]
    fn evidence_never_uses_up_what_the_journal_needs() {
        let disk = FaultyDisk::new(1);
        let options = Options { disk: Disk::Faulty(disk.clone()), store: false, ..Options::default() };
        let now = "2021-06-23T01:00:00Z".parse().unwrap();
        let (journal, _) = Journal::open(Path::new("/data"), options, now).unwrap();
        let tray = EvidenceTray(journal.shelves().clone());
        let room = 64 * 1024;
        let space_bytes = Some(EVIDENCE_LEAVES_BYTES + room);
        disk.set_faults(Faults { space_bytes, ..Faults::default() });
        let mut small = tray.begin(Giver::Office).unwrap();
        small.write(&[7; 1024]).unwrap();
        let kept = small.keep().unwrap();
        assert!(tray.holds(kept));
        let mut large = tray.begin(Giver::Office).unwrap();
        let piece = [7; 16 * 1024];
        let refused = (0..8).find_map(|_| large.write(&piece).err()).unwrap();
        assert!(matches!(refused, TrayFault::NoRoom { .. }), "{refused}");
        drop(large);
        tray.begin(Giver::Office).unwrap().write(&piece).unwrap();
        disk.set_faults(Faults { space_bytes: Some(EVIDENCE_LEAVES_BYTES), ..Faults::default() });
        assert!(matches!(tray.begin(Giver::Office), Err(TrayFault::NoRoom { .. })));
        // Links stop earlier: what they leave is the office's.
        for (free, is_taken) in [(LINKS_LEAVE_BYTES - 1, false), (LINKS_LEAVE_BYTES + room, true)] {
            disk.set_faults(Faults { space_bytes: Some(free), ..Faults::default() });
            assert_eq!(tray.takes(Giver::Link).is_ok(), is_taken, "{free}");
            assert!(tray.takes(Giver::Office).is_ok(), "{free}");
            assert_eq!(tray.free_for_links().unwrap() > 0, is_taken, "{free}");
        }
        disk.set_faults(Faults { space_bytes: Some(EVIDENCE_LEAVES_BYTES - 1), ..Faults::default() });
        let told = tray.takes(Giver::Office).unwrap_err().to_string();
        assert!(told.contains("bytes are free"), "{told}");
        for (space_files, is_taken) in [(EVIDENCE_LEAVES_FILES - 1, false), (EVIDENCE_LEAVES_FILES, true)] {
            disk.set_faults(Faults { space_files: Some(space_files), ..Faults::default() });
            assert_eq!(
                !matches!(tray.begin(Giver::Office), Err(TrayFault::NoFiles { .. })),
                is_taken,
                "{space_files}"
            );
        }
    }
}
