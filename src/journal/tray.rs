//! Files that come in piece by piece (evidence): hashed on the way, and durable on their shelf before
//! anything names them. Usable from any thread, beside the one that commits.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::disk::{Disk, GrowingFile, NEW_PREFIX};
use super::fault::{JournalFault, io_fault};
use super::files::Shelf;
use crate::domain::Digest;

/// Takes files in beside a running journal. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tray {
    data: PathBuf,
    disk: Disk,
    sync: bool,
}

/// A file on its way in; dropped before [`Incoming::keep`], nothing of it is left.
#[derive(Debug)]
pub struct Incoming {
    tray: Tray,
    shelf: Shelf,
    beside: PathBuf,
    file: Option<GrowingFile>,
    hasher: Sha256,
    bytes: u64,
}

impl Tray {
    pub(super) fn of(data: &Path, disk: Disk, sync: bool) -> Self {
        Self { data: data.to_owned(), disk, sync }
    }

    /// Bytes that may still be written; `None` where the system doesn't tell.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        self.disk.free_bytes(&self.data)
    }

    /// Files that may still be made; `None` where the system doesn't tell, or nothing bounds it.
    #[must_use]
    pub fn free_files(&self) -> Option<u64> {
        self.disk.free_files(&self.data)
    }

    /// Whether a file of this digest stands on the shelf.
    #[must_use]
    pub fn holds(&self, shelf: Shelf, digest: Digest) -> bool {
        let path = self.data.join(shelf.path(digest));
        match &self.disk {
            Disk::Real => std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()),
            #[cfg(feature = "simulator")]
            Disk::Faulty(_) => matches!(self.disk.read(&path, 0), Ok(Some(_))),
        }
    }

    /// A new, empty file.
    ///
    /// # Errors
    /// The disk is full or refuses.
    pub fn begin(&self, shelf: Shelf) -> Result<Incoming, JournalFault> {
        // A start deletes what bears this prefix.
        let beside = self.data.join(shelf.dir()).join(format!("{NEW_PREFIX}{}", Uuid::new_v4()));
        let file = self.disk.open_growing(&beside).map_err(io_fault("take in", &beside))?;
        Ok(Incoming { tray: self.clone(), shelf, beside, file: Some(file), hasher: Sha256::new(), bytes: 0 })
    }
}

impl Incoming {
    /// Length so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds the next piece.
    ///
    /// # Errors
    /// The disk is full or refuses.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), JournalFault> {
        if let Some(file) = &mut self.file {
            file.append(piece).map_err(io_fault("take in", &self.beside))?;
        }
        self.hasher.update(piece);
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        Ok(())
    }

    /// Puts the file on its shelf under its digest; durable on return. The same content twice is one file.
    ///
    /// # Errors
    /// The disk is full or refuses: the file is not kept. No event has named it, so the journal stands as
    /// it stood, and who sends it once more writes it anew.
    pub fn keep(mut self) -> Result<Digest, JournalFault> {
        let digest = Digest::finished(std::mem::take(&mut self.hasher));
        let path = self.tray.data.join(self.shelf.path(digest));
        let Some(mut file) = self.file.take() else { return Ok(digest) };
        let kept = (|| {
            if self.tray.sync {
                file.sync()?;
            }
            self.tray.disk.rename(&self.beside, &path)?;
            if self.tray.sync {
                self.tray.disk.sync_dir(&self.tray.data.join(self.shelf.dir()))?;
            }
            Ok(())
        })();
        if let Err(fault) = kept {
            let _ = self.tray.disk.remove(&self.beside);
            return Err(io_fault("take in", &path)(fault));
        }
        Ok(digest)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = self.tray.disk.remove(&self.beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tray() -> (tempfile::TempDir, Tray) {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("evidence")).unwrap();
        let tray = Tray::of(home.path(), Disk::Real, true);
        (home, tray)
    }

    fn names(home: &tempfile::TempDir) -> Vec<String> {
        Disk::Real.list(&home.path().join("evidence")).unwrap()
    }

    #[test]
    fn a_file_that_comes_in_pieces_stands_under_the_digest_of_the_whole() {
        let (home, tray) = tray();
        for _ in 0..2 {
            let mut incoming = tray.begin(Shelf::Evidence).unwrap();
            incoming.write(b"dry ").unwrap();
            incoming.write(b"cleaner").unwrap();
            assert_eq!(incoming.bytes(), 11);
            let digest = incoming.keep().unwrap();
            assert_eq!(digest, Digest::of(b"dry cleaner"));
            assert!(tray.holds(Shelf::Evidence, digest));
        }
        assert_eq!(names(&home), [Digest::of(b"dry cleaner").to_string()], "the same content is one file");
    }

    #[test]
    fn one_given_up_leaves_nothing_behind() {
        let (home, tray) = tray();
        let mut incoming = tray.begin(Shelf::Evidence).unwrap();
        incoming.write(b"half of it").unwrap();
        assert_eq!(names(&home).len(), 1);
        drop(incoming);
        assert_eq!(names(&home), [""; 0]);
        assert!(!tray.holds(Shelf::Evidence, Digest::of(b"half of it")));
    }
}
