//! What lies under segments and attached files: the real disk, or one that fails on purpose.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::fault::{JournalFault, io_fault};
#[cfg(feature = "simulator")]
use super::faulty::{FaultyDisk, FaultyFile};
use crate::plain_file;

/// A disk.
#[derive(Debug, Clone)]
pub enum Disk {
    /// the machine's
    Real,
    /// in memory; the store is off above it
    #[cfg(feature = "simulator")]
    Faulty(FaultyDisk),
}

/// A file that grows at its end.
#[derive(Debug)]
pub(super) enum GrowingFile {
    Real(File),
    #[cfg(feature = "simulator")]
    Faulty(FaultyFile),
}

impl Disk {
    /// Whether this is the machine's disk.
    pub(super) fn is_real(&self) -> bool {
        matches!(self, Self::Real)
    }

    /// Bytes that this account may still write under `dir`; `None` where that can't be told.
    #[must_use]
    pub fn free_bytes(&self, dir: &Path) -> Option<u64> {
        match self {
            Self::Real => {
                let disk = nix::sys::statvfs::statvfs(dir).ok()?;
                // The two are of different widths on different machines.
                #[allow(clippy::useless_conversion)]
                let (blocks, size) = (u64::from(disk.blocks_available()), u64::from(disk.fragment_size()));
                Some(blocks.saturating_mul(size))
            }
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.free_bytes(),
        }
    }

    /// Files that this account may still make under `dir`; `None` where that can't be told, or nothing bounds it.
    #[must_use]
    pub fn free_files(&self, dir: &Path) -> Option<u64> {
        match self {
            Self::Real => {
                let disk = nix::sys::statvfs::statvfs(dir).ok()?;
                #[allow(clippy::useless_conversion)]
                let (all, free) = (u64::from(disk.files()), u64::from(disk.files_available()));
                (all > 0).then_some(free)
            }
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.free_files(),
        }
    }

    /// Makes the directory and those above it; not durable until the one above is synced.
    pub(super) fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        match self {
            Self::Real => fs::create_dir_all(dir),
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.create_dir_all(dir),
        }
    }

    /// Names in the directory, sorted; none where it does not exist.
    pub(super) fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names = match self {
            Self::Real => match fs::read_dir(dir) {
                Ok(entries) => entries
                    .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                    .collect::<io::Result<Vec<_>>>()?,
                Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(e) => return Err(e),
            },
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.list(dir)?,
        };
        names.sort();
        Ok(names)
    }

    /// The file's bytes from `offset` on; `None` where it does not exist.
    pub(super) fn read(&self, path: &Path, offset: u64) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Real => {
                let mut file = match plain_file::open_unlinked(path) {
                    Ok(file) => file,
                    Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
                    Err(e) => return Err(e),
                };
                file.seek(SeekFrom::Start(offset))?;
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                Ok(Some(bytes))
            }
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.read(path, offset),
        }
    }

    /// Opens a file for appending, new if it does not exist.
    pub(super) fn open_growing(&self, path: &Path) -> io::Result<GrowingFile> {
        match self {
            Self::Real => OpenOptions::new().append(true).create(true).open(path).map(GrowingFile::Real),
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.open_growing(path).map(GrowingFile::Faulty),
        }
    }

    /// Makes the directory's entries durable.
    pub(super) fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        match self {
            Self::Real => File::open(dir)?.sync_all(),
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.sync_dir(dir),
        }
    }

    /// Renames within a directory, over what is there.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        match self {
            Self::Real => fs::rename(from, to),
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.rename(from, to),
        }
    }

    /// Removes a file; whether it was there.
    pub(super) fn remove(&self, path: &Path) -> io::Result<bool> {
        let removed = match self {
            Self::Real => fs::remove_file(path),
            #[cfg(feature = "simulator")]
            Self::Faulty(disk) => disk.remove(path),
        };
        match removed {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Puts a whole file in place: written beside it, synced, renamed over it, its directory
    /// synced. Whoever reads sees the old bytes or the new ones. `sync` false leaves both syncs out.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8], sync: bool) -> Result<(), Replace> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let dir = path.parent().unwrap_or(Path::new(""));
        let beside: PathBuf = dir.join(format!("{NEW_PREFIX}{name}"));
        let written = self.remove(&beside).map_err(Replace::Write).and_then(|_| {
            let mut file = self.open_growing(&beside).map_err(Replace::Write)?;
            file.append(bytes).map_err(Replace::Write)?;
            if sync {
                file.sync().map_err(Replace::Sync)?;
            }
            self.rename(&beside, path).map_err(Replace::Write)
        });
        if let Err(e) = written {
            let _ = self.remove(&beside);
            return Err(e);
        }
        if sync {
            self.sync_dir(dir).map_err(Replace::Sync)?;
        }
        Ok(())
    }
}

/// What of [`Disk::replace`] failed: after a failed sync nothing is certain.
#[derive(Debug)]
pub(super) enum Replace {
    Write(io::Error),
    Sync(io::Error),
}

/// Names of files that are being written; a start deletes them.
pub(super) const NEW_PREFIX: &str = ".new-";

impl GrowingFile {
    /// Appends; on an error a part may have been written.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Real(file) => file.write_all(bytes),
            #[cfg(feature = "simulator")]
            Self::Faulty(file) => file.append(bytes),
        }
    }

    /// Cuts the file to this length.
    pub(super) fn cut(&mut self, len: u64) -> io::Result<()> {
        match self {
            Self::Real(file) => file.set_len(len),
            #[cfg(feature = "simulator")]
            Self::Faulty(file) => file.cut(len),
        }
    }

    /// Makes its bytes and length durable (`fdatasync`).
    pub(super) fn sync(&mut self) -> io::Result<()> {
        match self {
            Self::Real(file) => file.sync_data(),
            #[cfg(feature = "simulator")]
            Self::Faulty(file) => file.sync(),
        }
    }

    /// Its length.
    pub(super) fn len(&self) -> io::Result<u64> {
        match self {
            Self::Real(file) => Ok(file.metadata()?.len()),
            #[cfg(feature = "simulator")]
            Self::Faulty(file) => file.len(),
        }
    }
}

/// The directory by its real name: what a person names may be a link, what lies in it may not.
pub(super) fn real_dir(dir: &Path) -> Result<PathBuf, JournalFault> {
    match dir.canonicalize() {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(dir.to_owned()),
        found => found.map_err(io_fault("open", dir)),
    }
}
