//! A file that comes in piece by piece (evidence): hashed on the way, and durable on its shelf before anything
//! names it.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::disk::{Disk, GrowingFile, NEW_PREFIX};
use super::fault::{JournalFault, io_fault};
use super::files::Shelf;
use crate::domain::Digest;

/// A file on its way in; dropped before [`Incoming::keep`], nothing of it is left.
#[derive(Debug)]
pub struct Incoming {
    data: PathBuf,
    disk: Disk,
    sync: bool,
    shelf: Shelf,
    beside: PathBuf,
    file: Option<GrowingFile>,
    hasher: Sha256,
    bytes: u64,
}

impl Incoming {
    /// A new, empty one.
    pub(super) fn begin(data: &Path, disk: &Disk, sync: bool, shelf: Shelf) -> Result<Self, JournalFault> {
        // A start deletes what bears this prefix.
        let beside = data.join(shelf.dir()).join(format!("{NEW_PREFIX}{}", Uuid::new_v4()));
        let file = disk.open_growing(&beside).map_err(io_fault("take in", &beside))?;
        let (data, disk, file) = (data.to_owned(), disk.clone(), Some(file));
        Ok(Self { data, disk, sync, shelf, beside, file, hasher: Sha256::new(), bytes: 0 })
    }

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
        let path = self.data.join(self.shelf.path(digest));
        let Some(mut file) = self.file.take() else { return Ok(digest) };
        let kept = (|| {
            if self.sync {
                file.sync()?;
            }
            self.disk.rename(&self.beside, &path)?;
            if self.sync {
                self.disk.sync_dir(&self.data.join(self.shelf.dir()))?;
            }
            Ok(())
        })();
        if let Err(fault) = kept {
            let _ = self.disk.remove(&self.beside);
            return Err(io_fault("take in", &path)(fault));
        }
        Ok(digest)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = self.disk.remove(&self.beside);
        }
    }
}
