//! Opens and reads what stands where a file should: a pipe that nobody writes, or a device without
//! an end, is told and never waited for.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use nix::fcntl::OFlag;

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

/// The bytes of a file that has at most `bytes_max`.
///
/// # Errors
/// As [`open`]; [`io::ErrorKind::FileTooLarge`] where it has more.
pub fn read(path: &Path, bytes_max: usize) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    // A file may grow while it is read.
    file.take((bytes_max as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > bytes_max {
        let length = length.max(bytes.len() as u64);
        let what = format!("it has {length} bytes; at most {bytes_max} are read");
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
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {is}, not a file")))
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
    fn a_file_is_read_whole_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("file");
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read(&path, 10).unwrap(), b"0123456789");
        let fault = read(&path, 9).unwrap_err();
        assert_eq!(fault.to_string(), "it has 10 bytes; at most 9 are read");
    }
}
