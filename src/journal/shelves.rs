//! Files beside the journal, named by what they are and never by where they lie: letters, evidence and persons by
//! their digest, drafts and accounts by their use. For any thread, beside the one that commits.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::disk::{Disk, NEW_PREFIX, Replace};
use super::fault::{JournalFault, Poison, io_fault};
use super::files::{self, Shelf};
use super::incoming::Incoming;
use crate::domain::{Digest, UnitId};
use crate::{plain_file, private_dir};

/// Longest work file that is read, in bytes.
const WORK_FILE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Where drafts and what goes with them stand.
pub(super) const DRAFTS: &str = "drafts";

/// All files beside a journal. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shelves {
    data: PathBuf,
    disk: Disk,
    sync: bool,
    poison: Poison,
}

/// A file that is rewritten in place and is no part of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkFile<'a> {
    /// what a unit has typed and not yet handed in
    Draft(&'a UnitId),
    /// how many bytes of files its links brought in today
    Taken(&'a UnitId),
    /// the office's accounts, beside its keys
    Accounts,
}

impl WorkFile<'_> {
    fn path(self) -> PathBuf {
        match self {
            Self::Draft(unit) => Path::new(DRAFTS).join(format!("{unit}.json")),
            Self::Taken(unit) => Path::new(DRAFTS).join(format!("{unit}.taken")),
            Self::Accounts => Path::new("secrets").join("accounts.json"),
        }
    }
}

impl Shelves {
    /// Beside a running journal.
    pub(super) fn new(data: &Path, disk: Disk, sync: bool, poison: Poison) -> Self {
        Self { data: data.to_owned(), disk, sync, poison }
    }

    /// Of a data directory, its daemon running or not.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self::new(data, Disk::Real, true, Poison::default())
    }

    /// Puts a file on a shelf under its digest; durable on return. The same content twice is one file.
    ///
    /// # Errors
    /// The disk is full or refuses; after a failed sync, [`JournalFault::MustExit`]: the journal then commits nothing
    /// more either.
    pub fn put(&self, shelf: Shelf, bytes: &[u8]) -> Result<Digest, JournalFault> {
        self.poison.check()?;
        files::attach(&self.disk, &self.data, shelf, bytes, self.sync)
            .map_err(|fault| self.poison.keep(fault))
    }

    /// The bytes of a file; `None` where it is missing (a person forgotten).
    ///
    /// # Errors
    /// It can't be read; [`JournalFault::FileChanged`] where it is not what its digest says.
    pub fn get(&self, shelf: Shelf, digest: Digest) -> Result<Option<Vec<u8>>, JournalFault> {
        files::attached(&self.disk, &self.data, shelf, digest)
    }

    /// Whether a file of this digest is there; its bytes are not read.
    #[must_use]
    pub fn holds(&self, shelf: Shelf, digest: Digest) -> bool {
        let path = self.data.join(shelf.path(digest));
        if self.disk.is_real() {
            fs::symlink_metadata(&path).is_ok_and(|found| found.is_file())
        } else {
            matches!(self.disk.read(&path, 0), Ok(Some(_)))
        }
    }

    /// Deletes a person's file for good; whether it was there. The chain still verifies.
    ///
    /// # Errors
    /// It can't be deleted.
    pub fn forget(&self, person: Digest) -> Result<bool, JournalFault> {
        files::forget(&self.disk, &self.data, person).map_err(|fault| self.poison.keep(fault))
    }

    /// A new, empty file, to be taken in piece by piece.
    ///
    /// # Errors
    /// The disk is full or refuses.
    pub fn begin(&self, shelf: Shelf) -> Result<Incoming, JournalFault> {
        Incoming::begin(&self.data, &self.disk, self.sync, shelf)
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

    /// Files of a shelf that were written before this instant and not since.
    ///
    /// # Errors
    /// The shelf can't be read.
    pub fn older(&self, shelf: Shelf, than: DateTime<Utc>) -> Result<Vec<Digest>, JournalFault> {
        let dir = self.data.join(shelf.dir());
        let mut older = Vec::new();
        for name in self.disk.list(&dir).map_err(io_fault("list", &dir))? {
            let stem = name.split('.').next().unwrap_or_default();
            if let Ok(digest) = stem.parse()
                && Path::new(shelf.dir()).join(&name) == shelf.path(digest)
                && self.is_older(shelf, digest, than)?
            {
                older.push(digest);
            }
        }
        Ok(older)
    }

    /// Removes a file that nothing names, where it still is older; whether it was.
    ///
    /// # Errors
    /// It can't be removed.
    pub fn discard(&self, shelf: Shelf, digest: Digest, than: DateTime<Utc>) -> Result<bool, JournalFault> {
        let path = self.data.join(shelf.path(digest));
        Ok(self.is_older(shelf, digest, than)?
            && self.disk.remove(&path).map_err(io_fault("remove", &path))?)
    }

    fn is_older(&self, shelf: Shelf, digest: Digest, than: DateTime<Utc>) -> Result<bool, JournalFault> {
        let path = self.data.join(shelf.path(digest));
        let written = fs::symlink_metadata(&path).and_then(|found| Ok((found.is_file(), found.modified()?)));
        let (is_file, at) = written.map_err(io_fault("look at", &path))?;
        Ok(is_file && DateTime::<Utc>::from(at) <= than)
    }

    /// The bytes of a work file; `None` where there is none.
    ///
    /// # Errors
    /// It can't be read, or has more than 8 MiB.
    pub fn read(&self, file: WorkFile<'_>) -> Result<Option<Vec<u8>>, JournalFault> {
        let path = self.data.join(file.path());
        if !self.disk.is_real() {
            return self.disk.read(&path, 0).map_err(io_fault("read", &path));
        }
        match plain_file::read_unlinked(&path, WORK_FILE_BYTES_MAX) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(io_fault("read", &path)),
        }
    }

    /// Puts a work file in place of the one before, for its owner alone; durable on return.
    ///
    /// # Errors
    /// The disk is full or refuses; what was there stays.
    pub fn write(&self, file: WorkFile<'_>, bytes: &[u8]) -> Result<(), JournalFault> {
        let path = self.data.join(file.path());
        let written = if self.disk.is_real() {
            replace_private(&path, bytes)
        } else {
            let replaced = self.disk.replace(&path, bytes, self.sync);
            replaced.map_err(|(Replace::Write(fault) | Replace::Sync(fault))| fault)
        };
        written.map_err(io_fault("write", &path))
    }

    /// Deletes a work file; whether it was there.
    ///
    /// # Errors
    /// It can't be deleted.
    pub fn remove(&self, file: WorkFile<'_>) -> Result<bool, JournalFault> {
        let path = self.data.join(file.path());
        self.disk.remove(&path).map_err(io_fault("remove", &path))
    }

    /// Puts a work file that makes no sense aside, for a person to look at.
    ///
    /// # Errors
    /// It can't be renamed.
    pub fn put_aside(&self, file: WorkFile<'_>) -> Result<(), JournalFault> {
        let path = self.data.join(file.path());
        self.disk.rename(&path, &path.with_extension("damaged")).map_err(io_fault("put aside", &path))
    }

    /// Shows every file beside the drafts, whatever its use.
    ///
    /// # Errors
    /// One of them can't be read.
    pub fn each_draft(&self, see: &mut dyn FnMut(&[u8])) -> Result<(), JournalFault> {
        let dir = self.data.join(DRAFTS);
        for name in self.disk.list(&dir).map_err(io_fault("list", &dir))? {
            let path = dir.join(name);
            see(&self.disk.read(&path, 0).map_err(io_fault("read", &path))?.unwrap_or_default());
        }
        Ok(())
    }
}

/// Nobody but the owner can read it, from the first byte on.
fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
    private_dir::create(dir)?;
    let beside = dir.join(format!("{NEW_PREFIX}{}", name.display()));
    // Left over where one of these steps failed.
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    fs::File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn shelves() -> (tempfile::TempDir, Shelves) {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("evidence")).unwrap();
        let shelves = Shelves::of(home.path());
        (home, shelves)
    }

    fn names(home: &tempfile::TempDir) -> Vec<String> {
        Disk::Real.list(&home.path().join("evidence")).unwrap()
    }

    #[test]
    fn a_file_that_comes_in_pieces_stands_under_the_digest_of_the_whole() {
        let (home, shelves) = shelves();
        for _ in 0..2 {
            let mut incoming = shelves.begin(Shelf::Evidence).unwrap();
            incoming.write(b"dry ").unwrap();
            incoming.write(b"cleaner").unwrap();
            assert_eq!(incoming.bytes(), 11);
            let digest = incoming.keep().unwrap();
            assert_eq!(digest, Digest::of(b"dry cleaner"));
            assert!(shelves.holds(Shelf::Evidence, digest));
        }
        assert_eq!(names(&home), [Digest::of(b"dry cleaner").to_string()], "the same content is one file");
    }

    #[test]
    fn one_given_up_leaves_nothing_behind() {
        let (home, shelves) = shelves();
        let mut incoming = shelves.begin(Shelf::Evidence).unwrap();
        incoming.write(b"half of it").unwrap();
        assert_eq!(names(&home).len(), 1);
        drop(incoming);
        assert_eq!(names(&home), [""; 0]);
        assert!(!shelves.holds(Shelf::Evidence, Digest::of(b"half of it")));
    }

    #[test]
    fn what_is_old_is_listed_and_goes_unless_it_was_written_anew() {
        let (home, shelves) = shelves();
        let digest = shelves.put(Shelf::Evidence, b"photo").unwrap();
        shelves.begin(Shelf::Evidence).unwrap().keep().unwrap();
        let written = home.path().join(Shelf::Evidence.path(digest));
        let written: DateTime<Utc> = fs::metadata(written).unwrap().modified().unwrap().into();
        let (before, after) = (written - TimeDelta::hours(1), written + TimeDelta::hours(1));
        assert_eq!(shelves.older(Shelf::Evidence, before).unwrap(), []);
        assert_eq!(shelves.older(Shelf::Evidence, after).unwrap().len(), 2);
        assert!(!shelves.discard(Shelf::Evidence, digest, before).unwrap(), "it is new");
        assert!(shelves.discard(Shelf::Evidence, digest, after).unwrap());
        assert!(!shelves.holds(Shelf::Evidence, digest));
    }

    #[test]
    fn work_files_are_for_their_owner_alone_and_no_link_is_followed() {
        use std::os::unix::fs::PermissionsExt as _;
        let (home, shelves) = shelves();
        let unit: UnitId = "a".parse().unwrap();
        assert_eq!(shelves.read(WorkFile::Draft(&unit)).unwrap(), None);
        shelves.write(WorkFile::Draft(&unit), b"one").unwrap();
        shelves.write(WorkFile::Draft(&unit), b"two").unwrap();
        shelves.write(WorkFile::Taken(&unit), b"{}").unwrap();
        assert_eq!(shelves.read(WorkFile::Draft(&unit)).unwrap().unwrap(), b"two");
        let mode = |name: &str| fs::metadata(home.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("drafts"), mode("drafts/a.json")), (0o700, 0o600));
        let mut seen = Vec::new();
        shelves.each_draft(&mut |bytes| seen.push(bytes.to_vec())).unwrap();
        assert_eq!(seen, [b"two".to_vec(), b"{}".to_vec()]);
        shelves.put_aside(WorkFile::Draft(&unit)).unwrap();
        assert_eq!(shelves.read(WorkFile::Draft(&unit)).unwrap(), None);
        assert!(shelves.remove(WorkFile::Taken(&unit)).unwrap());
        std::os::unix::fs::symlink("/etc/passwd", home.path().join("drafts/a.json")).unwrap();
        assert!(shelves.read(WorkFile::Draft(&unit)).unwrap_err().to_string().contains("is a link"));
    }
}
