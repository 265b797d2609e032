//! Compares the store with the archive for an inspection. Opening sled writes, so a copy is opened.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::archive::{Head, Reader};
use super::dir::links;
use super::disk::Disk;
use super::fault::{JournalFault, io_fault};
use super::finding::{Inspection, Kind, SecondCopy};
use super::patience::Patience;
use super::sled_copy::SledCopy;
use super::store::{Store, Tail};
use crate::domain::Digest;
use crate::plain_file;
use crate::private_dir::Scratch;

/// Lines compared at once.
const CHUNK: usize = 4096;

/// The second copy of a data directory, opened in a copy of its own.
pub(super) struct StoreCopy {
    pub store: Store,
    pub tail: Tail,
    /// for whatever else is copied; gone with this
    pub scratch: Scratch,
    place: PathBuf,
    noted: u64,
}

impl StoreCopy {
    /// Copies and opens it; `None`, and a finding, where it is gone or can't be opened.
    pub(super) fn open(data: &Path, inspection: &mut Inspection) -> Result<Option<Self>, JournalFault> {
        let place = data.join("store");
        // Told already, and nothing behind a link is read.
        if place.is_symlink() || !links(&place).is_empty() {
            return Ok(None);
        }
        let noted = SledCopy::noted(&place).map_or(0, |noted| noted.position);
        if !fs::symlink_metadata(&place).is_ok_and(|found| found.is_dir()) {
            if noted > 0 {
                let what = format!("the second copy is gone; it held {noted} events");
                inspection.add(Kind::StoreGone, None, &place, what);
                inspection.second_copy = SecondCopy::Gone;
            }
            return Ok(None);
        }
        let scratch = Scratch::create("inspect").map_err(io_fault("make a temporary directory", data))?;
        let copy = scratch.path().join("store");
        copy_tree(&place, &copy).map_err(io_fault("copy to a temporary directory", &place))?;
        let (store, opened) = Store::open(&copy, &Patience::default(), || false)?;
        if opened.moved.is_some() {
            inspection.add(Kind::StoreUnreadable, None, &place, "the second copy can't be opened");
            inspection.second_copy = SecondCopy::Damaged { events: 0 };
            return Ok(None);
        }
        Ok(Some(Self { store, tail: opened.tail, scratch, place, noted }))
    }

    /// Adds what differs between it and the archive's first `end` events.
    pub(super) fn compare(&self, archive: &Path, end: u64, inspection: &mut Inspection) {
        let Self { store, tail, place, noted, .. } = self;
        let last = tail.map_or(0, |(position, _)| position);
        let same = compare(store, archive, last.min(end), place, inspection);
        if last < *noted {
            let what = format!("the second copy is damaged: it ends at {last}, but has held {noted} events");
            inspection.add(Kind::StoreLacks, Some(last + 1), place, what);
        } else if last < end {
            let what = format!("the second copy is {} events behind the archive", end - last);
            inspection.add(Kind::StoreShort, Some(last + 1), place, what);
        }
        inspection.second_copy = match same {
            events if events == end && last == end => SecondCopy::Same { events },
            events if events == last && last < end && last >= *noted => SecondCopy::Short { events, of: end },
            events => SecondCopy::Damaged { events },
        };
    }
}

/// How many of the archive's first `until` events the store holds byte for byte.
fn compare(store: &Store, archive: &Path, until: u64, place: &Path, inspection: &mut Inspection) -> u64 {
    let head = Head { position: until, hash: Digest::ZERO, recorded_at: chrono::DateTime::UNIX_EPOCH };
    let reader = Reader::new(Disk::Real, archive.to_owned(), head);
    let (mut same, mut chunk, mut from) = (0, Vec::new().into_iter().peekable(), 1);
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
    for line in reader.lines(0).map_while(Result::ok) {
        let position = Some(line.position);
        match next(line.position) {
            Ok(Some(stored)) if stored == line.bytes => same += 1,
            Ok(Some(_)) => {
                inspection.add(Kind::StoreDiffers, position, place, "the second copy has another line");
            }
            Ok(None) => inspection.add(Kind::StoreLacks, position, place, "the second copy lacks it"),
            Err(fault) => {
                inspection.add(Kind::StoreUnreadable, position, place, fault.to_string());
                break;
            }
        }
    }
    same
}

pub(super) fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            let mut copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(target)?;
            io::copy(&mut plain_file::open_unlinked(&entry.path())?, &mut copy)?;
        }
    }
    Ok(())
}
