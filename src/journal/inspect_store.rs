//! Compares the store with the archive for an inspection. Opening sled writes, so a copy is opened.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::archive::{Head, Reader};
use super::disk::Disk;
use super::fault::{JournalFault, io_fault};
use super::inspect::{Inspection, Severity};
use super::store::Store;
use crate::domain::Digest;
use crate::plain_file;

/// Lines compared at once.
const CHUNK: usize = 4096;

/// Adds what differs between `data/store` and the archive's first `end` events.
pub(super) fn compare_store(
    data: &Path,
    archive: &Path,
    end: u64,
    inspection: &mut Inspection,
) -> Result<(), JournalFault> {
    let store_dir = data.join("store");
    let copy = Copy::of(&store_dir).map_err(io_fault("copy to a temporary directory", &store_dir))?;
    let (store, opened) = Store::open(&copy.0.join("store"), || false)?;
    if opened.moved.is_some() {
        let what = "the store can't be opened; the next start builds it anew from the archive";
        inspection.add(Severity::Fault, None, &store_dir, what);
        return Ok(());
    }
    let head = Head { position: end, hash: Digest::ZERO, recorded_at: chrono::DateTime::UNIX_EPOCH };
    let reader = Reader::new(Disk::Real, archive.to_owned(), head);
    let (mut compared, mut chunk, mut from) = (0, Vec::new().into_iter().peekable(), 1);
    let mut next = |position: u64| -> Result<Option<Vec<u8>>, JournalFault> {
        loop {
            while chunk.next_if(|(at, _): &(u64, Vec<u8>)| *at < position).is_some() {}
            match chunk.next_if(|(at, _)| *at == position) {
                Some((_, line)) => return Ok(Some(line)),
                None if chunk.peek().is_some() || from > position => return Ok(None),
                None => {}
            }
            let lines = store.lines(position, CHUNK)?;
            from = lines.last().map_or(u64::MAX, |(at, _)| at + 1);
            chunk = lines.into_iter().peekable();
        }
    };
    let last = opened.tail.map_or(0, |(position, _)| position);
    for line in reader.lines(0).map_while(Result::ok).take_while(|line| line.position <= last) {
        match next(line.position) {
            Ok(Some(stored)) if stored == line.bytes => compared += 1,
            Ok(Some(_)) => {
                inspection.add(
                    Severity::Fault,
                    Some(line.position),
                    &store_dir,
                    "the store has another line",
                );
            }
            Ok(None) => {
                inspection.add(Severity::Fault, Some(line.position), &store_dir, "the store lacks it");
            }
            Err(e) => {
                inspection.add(Severity::Fault, Some(line.position), &store_dir, e.to_string());
                break;
            }
        }
    }
    if last < end {
        let what = format!("the store is {} events behind; the next start catches up", end - last);
        inspection.add(Severity::Note, Some(last + 1), &store_dir, what);
    } else if last > end {
        let what = format!("the store has {} more events than the archive", last - end);
        inspection.add(Severity::Fault, Some(end + 1), &store_dir, what);
    }
    inspection.store = Some(compared);
    Ok(())
}

/// A copy in the temporary directory, removed when dropped.
struct Copy(PathBuf);

impl Copy {
    fn of(store: &Path) -> io::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("duban-inspect-{}-{number}", std::process::id());
        let copy = Self(std::env::temp_dir().join(name));
        copy_tree(store, &copy.0.join("store"))?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            io::copy(&mut plain_file::open(&entry.path())?, &mut File::create_new(target)?)?;
        }
    }
    Ok(())
}
