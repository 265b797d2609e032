//! Opens and reads what stands where a file should: a pipe that nobody writes, or a device without
//! an end, is told and never waited for; and in a data directory no link is followed.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::{Mode, SFlag, fstatat};

/// Why something is not read as a file; stands within an [`io::Error`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFile {
    /// it is something else
    #[error("it is {0}, not a file")]
    Other(&'static str),
    /// it is a link, where none is followed
    #[error("{} is a link, and duban follows none here: put what it names in its place", .0.display())]
    Link(PathBuf),
    /// it is larger than what is read
    #[error("it has {bytes} bytes; at most {most} are read")]
    TooLarge {
        /// how large it is
        bytes: u64,
        /// how much is read
        most: usize,
    },
}

/// A file, open for reading.
///
/// # Errors
/// What stands there is no file, and the error says what it is; else as [`File::open`].
pub fn open(path: &Path) -> io::Result<File> {
    // Asked first: the opening of some devices does something already.
    expect_file(std::fs::metadata(path)?.file_type())?;
    let flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(path)?;
    expect_file(file.metadata()?.file_type())?;
    Ok(file)
}

/// A file of a data directory or a backup, open for reading: neither it nor its directory may be a link, for who
/// reads may be root, and a link can name any file of the machine.
///
/// # Errors
/// As [`open`]; it or its directory is a link.
pub fn open_unlinked(path: &Path) -> io::Result<File> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Held open, so that nobody can put a link in its place between two looks.
    let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW;
    let held = OpenOptions::new().read(true).custom_flags(flags.bits()).open(dir);
    let held = held.map_err(|fault| if is_link(dir) { linked(dir) } else { fault })?;
    // Asked first: the opening of some devices does something already.
    let found = fstatat(&held, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
    let kind = SFlag::from_bits_truncate(found.st_mode & SFlag::S_IFMT.bits());
    let is = match kind {
        SFlag::S_IFREG => None,
        SFlag::S_IFLNK => return Err(linked(path)),
        SFlag::S_IFDIR => Some("a directory"),
        SFlag::S_IFIFO => Some("a pipe"),
        SFlag::S_IFSOCK => Some("a socket"),
        _ => Some("a device"),
    };
    if let Some(is) = is {
        return Err(no_file(is));
    }
    let flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let file = File::from(openat(&held, name, flags, Mode::empty()).map_err(io::Error::from)?);
    expect_file(file.metadata()?.file_type())?;
    Ok(file)
}

fn is_link(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

/// That a link stands in a data directory, where none is followed.
#[must_use]
pub fn linked(path: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, NoFile::Link(path.to_owned()))
}

/// The bytes of a file that has at most `bytes_max`.
///
/// # Errors
/// As [`open`]; [`io::ErrorKind::FileTooLarge`] where it has more.
pub fn read(path: &Path, bytes_max: usize) -> io::Result<Vec<u8>> {
    read_of(open(path)?, bytes_max)
}

/// As [`read`], through no link.
///
/// # Errors
/// As [`open_unlinked`]; [`io::ErrorKind::FileTooLarge`] where it has more.
pub fn read_unlinked(path: &Path, bytes_max: usize) -> io::Result<Vec<u8>> {
    read_of(open_unlinked(path)?, bytes_max)
}

fn read_of(file: File, bytes_max: usize) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    // A file may grow while it is read.
    file.take((bytes_max as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > bytes_max {
        let what = NoFile::TooLarge { bytes: length.max(bytes.len() as u64), most: bytes_max };
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}

fn expect_file(kind: FileType) -> io::Result<()> {
    let is = if kind.is_file() {
        return Ok(());
    } else if kind.is_dir() {
        "a directory"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    };
    Err(no_file(is))
}

fn no_file(is: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, NoFile::Other(is))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_told_and_not_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let pipe = home.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        let socket = home.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, is) in [
            (pipe.as_path(), "a pipe"),
            (&link, "a pipe"),
            (home.path(), "a directory"),
            (&socket, "a socket"),
            (Path::new("/dev/zero"), "a device"),
        ] {
            let fault = read(path, 10).unwrap_err();
            assert_eq!(fault.to_string(), format!("it is {is}, not a file"), "{}", path.display());
        }
        let none = read(&home.path().join("none"), 10).unwrap_err();
        assert_eq!(none.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn in_a_data_directory_no_link_is_followed() {
        use std::os::unix::fs::symlink;
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        std::fs::create_dir(at("letters")).unwrap();
        std::fs::write(at("letters/kept"), "kept").unwrap();
        std::fs::write(at("secret"), "secret").unwrap();
        symlink(at("secret"), at("letters/planted")).unwrap();
        symlink(at("letters"), at("elsewhere")).unwrap();
        symlink(home.path(), at("letters/above")).unwrap();
        assert_eq!(read_unlinked(&at("letters/kept"), 10).unwrap(), b"kept");
        assert_eq!(read(&at("letters/planted"), 10).unwrap(), b"secret", "what a person names may be a link");
        for planted in ["letters/planted", "elsewhere/kept", "letters/above"] {
            let fault = read_unlinked(&at(planted), 10).unwrap_err();
            assert!(fault.to_string().contains("is a link"), "{planted}: {fault}");
        }
        nix::unistd::mkfifo(&at("letters/pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let fault = read_unlinked(&at("letters/pipe"), 10).unwrap_err();
        assert_eq!(fault.to_string(), "it is a pipe, not a file");
        let none = read_unlinked(&at("letters/none"), 10).unwrap_err();
        assert_eq!(none.kind(), io::ErrorKind::NotFound);
        let none = read_unlinked(&at("none/none"), 10).unwrap_err();
        assert_eq!(none.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("file");
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read(&path, 10).unwrap(), b"0123456789");
        let fault = read(&path, 9).unwrap_err();
        assert_eq!(fault.to_string(), "it has 10 bytes; at most 9 are read");
    }
}
