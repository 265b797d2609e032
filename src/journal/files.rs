//! Attached files: letters, evidence, people. Content-addressed, and durable before an event names them.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::disk::{Disk, Replace};
use super::fault::{JournalFault, io_fault, must_exit, shown};
use crate::domain::Digest;
use crate::plain_file;

/// Read at once where a file is only hashed.
const PIECE_BYTES: usize = 64 * 1024;

/// Where an attached file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// letters as archived
    Letters,
    /// evidence as handed in
    Evidence,
    /// names, phones and addresses of persons; may be forgotten
    People,
}

impl Shelf {
    /// All shelves.
    pub const ALL: [Self; 3] = [Self::Letters, Self::Evidence, Self::People];

    /// Its directory within the data directory.
    #[must_use]
    pub fn dir(self) -> &'static str {
        match self {
            Self::Letters => "letters",
            Self::Evidence => "evidence",
            Self::People => "people",
        }
    }

    /// Where a file lies within the data directory, for people.
    #[must_use]
    pub fn place(self, digest: Digest) -> String {
        self.path(digest).display().to_string()
    }

    /// Path of a file within the data directory.
    pub(super) fn path(self, digest: Digest) -> PathBuf {
        let end = match self {
            Self::Letters => ".eml",
            Self::Evidence => "",
            Self::People => ".json",
        };
        Path::new(self.dir()).join(format!("{digest}{end}"))
    }
}

/// Writes a file under its digest; with `sync`, it is durable on return.
pub(super) fn attach(
    disk: &Disk,
    data: &Path,
    shelf: Shelf,
    bytes: &[u8],
    sync: bool,
) -> Result<Digest, JournalFault> {
    let digest = Digest::of(bytes);
    let path = data.join(shelf.path(digest));
    // Written anew even where it exists: an earlier, failed sync may have left it in the cache only.
    disk.replace(&path, bytes, sync).map_err(|e| match e {
        Replace::Write(e) => io_fault("attach", &path)(e),
        Replace::Sync(e) => must_exit(&path, "sync failed", &e),
    })?;
    Ok(digest)
}

/// The bytes of a file; `None` where it is missing (a person forgotten).
pub(super) fn attached(
    disk: &Disk,
    data: &Path,
    shelf: Shelf,
    digest: Digest,
) -> Result<Option<Vec<u8>>, JournalFault> {
    let path = data.join(shelf.path(digest));
    let Some(bytes) = disk.read(&path, 0).map_err(io_fault("read", &path))? else {
        return Ok(None);
    };
    if Digest::of(&bytes) == digest {
        Ok(Some(bytes))
    } else {
        Err(JournalFault::FileChanged { place: shown(&path) })
    }
}

/// Whether a file is what its digest says, read piece by piece, for it may be large; `None` where it is missing.
///
/// # Errors
/// It can't be read.
pub(super) fn holds(data: &Path, shelf: Shelf, digest: Digest) -> io::Result<Option<bool>> {
    let mut file = match plain_file::open_unlinked(&data.join(shelf.path(digest))) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; PIECE_BYTES]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Some(Digest::finished(hasher) == digest)),
            read => hasher.update(piece.get(..read).unwrap_or_default()),
        }
    }
}

/// Deletes a person's file for good; whether it was there.
pub(super) fn forget(disk: &Disk, data: &Path, digest: Digest) -> Result<bool, JournalFault> {
    let path = data.join(Shelf::People.path(digest));
    let there = disk.remove(&path).map_err(io_fault("forget", &path))?;
    let dir = data.join(Shelf::People.dir());
    disk.sync_dir(&dir).map_err(|e| must_exit(&dir, "sync failed", &e))?;
    Ok(there)
}
