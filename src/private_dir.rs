//! Directories in which persons, letters and live links lie: made for their owner alone, and kept so.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// Anybody but owner and group may do anything at all.
pub const OTHERS: u32 = 0o007;
/// Anybody but the owner may do anything at all.
pub const NOT_OWNER: u32 = 0o077;
/// A directory that everybody shares, as `/tmp`.
const STICKY: u32 = 0o1000;

/// Makes the directory and those above it that are missing, each for its owner alone.
///
/// # Errors
/// The system refuses.
pub fn create(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Makes the directory, for its owner and the owner's group to enter; of one that is there, looks who may change it:
/// whoever can put another socket into it speaks in its owner's name.
///
/// # Errors
/// It belongs to another account than ours or root, others may write there, or the system refuses.
pub fn create_for_group(dir: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o750).create(dir) {
        // Whatever the umask took away.
        Ok(()) => return fs::set_permissions(dir, Permissions::from_mode(0o750)),
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {}
        Err(fault) => return Err(fault),
    }
    let found = fs::metadata(dir)?;
    let mode = found.permissions().mode() & 0o7777;
    let is_trusted = found.uid() == 0 || found.uid() == nix::unistd::geteuid().as_raw();
    if is_trusted && mode & 0o022 == 0 {
        return Ok(());
    }
    let why = format!(
        "others than its owner may write there ({mode:04o}), or its owner (uid {}) is another account",
        found.uid()
    );
    Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
}

/// Takes these rights away from a path of one's own; the mode that it had, where it had any of them. What is not
/// there needs nothing.
///
/// # Errors
/// It belongs to another account, is shared by everybody, or the system refuses.
pub fn close(path: &Path, rights: u32) -> io::Result<Option<u32>> {
    let found = match fs::metadata(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    let mode = found.permissions().mode() & 0o7777;
    if mode & rights == 0 {
        return Ok(None);
    }
    let refused = |why: String| io::Error::new(io::ErrorKind::PermissionDenied, why);
    if mode & STICKY != 0 && !is_our_own(path) {
        return Err(refused(format!("it is shared by everybody ({mode:04o}): name a directory of its own")));
    }
    if found.uid() != nix::unistd::geteuid().as_raw() {
        return Err(refused(format!(
            "others may use it ({mode:04o}), and it belongs to uid {}",
            found.uid()
        )));
    }
    fs::set_permissions(path, Permissions::from_mode(mode & !rights))?;
    let left = fs::metadata(path)?.permissions().mode() & rights;
    // Some file systems, as of a USB stick, have no rights to take away.
    if left == 0 { Ok(Some(mode)) } else { Err(refused("its file system keeps no rights".to_owned())) }
}

/// Whether a directory with everybody's rights is no shared one, but a disk that was mounted for a data directory
/// and nothing else: empty yet, or with a journal in it.
fn is_our_own(dir: &Path) -> bool {
    let is_empty = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none());
    dir != std::env::temp_dir() && (is_empty || dir.join("format").is_file())
}

/// A new directory among the machine's temporary ones, removed when dropped.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes it under a name that nobody can foresee, for this account alone.
    ///
    /// # Errors
    /// The system refuses; something of that name is there, which is never taken for ours.
    pub fn create(purpose: &str) -> io::Result<Self> {
        let dir = std::env::temp_dir().join(format!("duban-{purpose}-{}", Uuid::new_v4()));
        DirBuilder::new().mode(0o700).create(&dir)?;
        Ok(Self(dir))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What can't be deleted is the temporary directory's to clear.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_directory_that_others_can_read_is_closed_and_said() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("above/data");
        create(&dir).unwrap();
        assert_eq!((mode(&dir), mode(&home.path().join("above"))), (0o700, 0o700));
        assert_eq!(close(&dir, OTHERS).unwrap(), None);
        fs::set_permissions(&dir, Permissions::from_mode(0o755)).unwrap();
        assert_eq!(close(&dir, OTHERS).unwrap(), Some(0o755));
        assert_eq!(mode(&dir), 0o750, "what the group may do is for the office to say");
        assert_eq!(close(&dir, NOT_OWNER).unwrap(), Some(0o750));
        assert_eq!(mode(&dir), 0o700);
        assert_eq!(close(&home.path().join("none"), OTHERS).unwrap(), None);
    }

    #[test]
    fn a_directory_for_the_group_is_written_by_its_owner_alone() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("run");
        create_for_group(&dir).unwrap();
        assert_eq!(mode(&dir), 0o750);
        fs::set_permissions(&dir, Permissions::from_mode(0o711)).unwrap();
        create_for_group(&dir).unwrap();
        assert_eq!(mode(&dir), 0o711, "who may enter is for the office to say");
        for open in [0o770, 0o707, 0o1777] {
            fs::set_permissions(&dir, Permissions::from_mode(open)).unwrap();
            let fault = create_for_group(&dir).unwrap_err().to_string();
            assert!(fault.contains(&format!("({open:04o})")), "{fault}");
        }
    }

    #[test]
    fn what_everybody_shares_is_refused_and_left_alone() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), Permissions::from_mode(0o1777)).unwrap();
        assert_eq!(close(home.path(), OTHERS).unwrap(), Some(0o1777), "a disk mounted for it, still empty");
        fs::set_permissions(home.path(), Permissions::from_mode(0o1777)).unwrap();
        fs::write(home.path().join("another's"), "x").unwrap();
        let fault = close(home.path(), OTHERS).unwrap_err().to_string();
        assert!(fault.contains("name a directory of its own"), "{fault}");
        assert_eq!(mode(home.path()), 0o1777);
    }

    #[test]
    fn a_scratch_directory_is_its_owners_and_gone_afterwards() {
        let (one, other) = (Scratch::create("test").unwrap(), Scratch::create("test").unwrap());
        assert_ne!(one.path(), other.path());
        assert_eq!(mode(one.path()), 0o700);
        fs::write(one.path().join("file"), "x").unwrap();
        let was = one.path().to_owned();
        drop(one);
        assert!(!was.exists());
    }
}
