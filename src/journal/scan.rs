//! Reads the whole archive line by line and says what of it fits. Changes nothing.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::archive::{segment_name, segments};
use super::disk::Disk;
use super::fault::{JournalFault, io_fault, shown};
use super::line::{Frame, Hash, frame};
use super::{BATCH_EVENTS_MAX, FORMAT, codec};

/// A line whose form and hash are right, and where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub batch_end: u64,
    pub prev: Hash,
    pub hash: Hash,
    /// first position of its segment; 0 in the store
    pub segment: u64,
    pub offset: usize,
    pub len: usize,
}

impl Slot {
    pub(super) fn of(frame: &Frame<'_>, segment: u64, offset: usize, len: usize) -> Self {
        let Frame { batch_end, prev, hash, .. } = *frame;
        Self { batch_end, prev, hash, segment, offset, len }
    }
}

/// Lines by position.
pub(super) type Slots = BTreeMap<u64, Slot>;

/// One segment as it was found.
#[derive(Debug)]
pub(super) struct Segment {
    pub first: u64,
    pub path: PathBuf,
    /// good lines in it
    pub lines: u64,
    /// offset of the first byte after which not everything is a good line in order
    pub whole_until: usize,
    pub len: usize,
    /// offsets of whole lines that were damaged: a crash leaves short ends and zeros, never these
    pub damaged: Vec<usize>,
}

impl Segment {
    /// Whether it holds good lines in order from `first` on, and nothing else.
    pub(super) fn whole(&self) -> bool {
        self.whole_until == self.len
    }
}

/// The archive as it was found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub slots: Slots,
    pub segments: Vec<Segment>,
    /// the highest version seen in each stream
    pub versions: HashMap<String, u64>,
}

impl Scan {
    /// Where the first line that stands out of order, or is none, begins to count; `None` where all up to `end`
    /// stand in order.
    pub(super) fn disorder(&self, end: u64) -> Option<u64> {
        let mut next = 1;
        for segment in &self.segments {
            if next > end {
                break;
            }
            let of_it = self.slots.values().filter(|slot| slot.segment == segment.first);
            let in_order = of_it.filter(|slot| slot.offset < segment.whole_until).count() as u64;
            if segment.first != next || (!segment.whole() && next + in_order <= end) {
                return Some(next + if segment.first == next { in_order } else { 0 });
            }
            next += in_order;
        }
        (next <= end).then_some(next)
    }

    /// Whether the segments hold whole lines only, and each begins where the one before ends.
    pub(super) fn tiles(&self) -> bool {
        let mut next = 1;
        self.segments.iter().all(|segment| {
            let fits = segment.whole() && segment.first == next;
            next += segment.lines;
            fits
        })
    }
}

/// Reads the archive, whole.
///
/// # Errors
/// It can't be read, or a newer duban wrote it.
pub(super) fn scan(disk: &Disk, dir: &Path) -> Result<Scan, JournalFault> {
    let mut scan = Scan::default();
    for first in segments(disk, dir)? {
        let path = dir.join(segment_name(first));
        let bytes = disk.read(&path, 0).map_err(io_fault("read", &path))?.unwrap_or_default();
        refuse_newer_format(first, &path, &bytes)?;
        let mut segment =
            Segment { first, path, lines: 0, whole_until: 0, len: bytes.len(), damaged: Vec::new() };
        let mut offset = 0;
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            let line = piece.strip_suffix(b"\n");
            let read = line.and_then(frame);
            if is_damaged(piece, line, read.is_some()) {
                segment.damaged.push(offset);
            }
            if let Some(frame) = read {
                if let Some(what) = codec::newer(&frame) {
                    return Err(JournalFault::Newer { place: shown(&segment.path), what });
                }
                let in_order = frame.position == first + segment.lines;
                if in_order && segment.whole_until == offset {
                    segment.whole_until += piece.len();
                }
                segment.lines += 1;
                let slot = Slot::of(&frame, first, offset, piece.len() - 1);
                scan.slots.entry(frame.position).or_insert(slot);
                match scan.versions.get_mut(frame.stream) {
                    Some(version) => *version = frame.version.max(*version),
                    None => {
                        scan.versions.insert(frame.stream.to_owned(), frame.version);
                    }
                }
            }
            offset += piece.len();
        }
        scan.segments.push(segment);
    }
    Ok(scan)
}

/// Whether this is a line that was written whole and is wrong now; without its line feed, one whose last byte was changed.
fn is_damaged(piece: &[u8], line: Option<&[u8]>, is_good: bool) -> bool {
    match line {
        Some(line) => !is_good && !line.contains(&0),
        None => piece.split_last().is_some_and(|(_, line)| frame(line).is_some()),
    }
}

/// The first event's line can be read as JSON in every format to come.
fn refuse_newer_format(first: u64, path: &Path, bytes: &[u8]) -> Result<(), JournalFault> {
    let line = bytes.split(|b| *b == b'\n').next().filter(|_| first == 1);
    let value: Option<Value> = line.and_then(|line| serde_json::from_slice(line).ok());
    let format = value.and_then(|v| v.get("data")?.get("format")?.as_u64());
    match format {
        Some(format) if format > u64::from(FORMAT) => {
            let what = format!("a journal of format {format}");
            Err(JournalFault::Newer { place: shown(path), what })
        }
        _ => Ok(()),
    }
}

/// How far lines reach from the first on, each naming the one before and every batch whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// last position of the last whole batch
    pub end: u64,
    /// its hash
    pub hash: Hash,
    /// the first position that is missing or does not fit
    pub stop: u64,
}

/// Walks the chain from event 1.
pub(super) fn reach<'a>(slot: impl Fn(u64) -> Option<&'a Slot>) -> Reach {
    let mut reach = Reach { end: 0, hash: Hash::ZERO, stop: 1 };
    let (mut prev, mut batch_end) = (Hash::ZERO, 0);
    while let Some(found) = slot(reach.stop) {
        let begins = reach.stop == reach.end + 1;
        let same_batch = begins || found.batch_end == batch_end;
        if found.prev != prev || !same_batch {
            break;
        }
        (prev, batch_end) = (found.hash, found.batch_end);
        if reach.stop == batch_end {
            (reach.end, reach.hash) = (batch_end, prev);
        }
        reach.stop += 1;
    }
    reach
}

/// What of the archive lies beyond `end` can be a batch that was never acknowledged: all of one
/// batch, the next one, cut short or with zeros in it, as a crash leaves it.
pub(super) fn is_torn(scan: &Scan, end: u64) -> bool {
    let mut beyond = scan.slots.range(end + 1..);
    let last = scan.slots.get(&end);
    // where the store has that line, it has made good what is damaged there
    let known = end == 0 || last.is_some();
    let damaged = scan.segments.iter().any(|segment| {
        let from = last.filter(|slot| slot.segment == segment.first).map_or(0, |slot| slot.offset + slot.len);
        let behind = last.is_none_or(|slot| slot.segment <= segment.first);
        known && behind && segment.damaged.iter().any(|offset| *offset >= from)
    });
    if damaged {
        return false;
    }
    let most = end + BATCH_EVENTS_MAX as u64;
    let Some((_, first)) = beyond.next() else {
        return true;
    };
    let batch_end = first.batch_end;
    batch_end > end
        && batch_end <= most
        && beyond.all(|(position, slot)| slot.batch_end == batch_end && *position <= batch_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(batches: &[u64]) -> Slots {
        let (mut slots, mut prev, mut end) = (Slots::new(), Hash::ZERO, 0);
        for batch in batches {
            for position in end + 1..=end + batch {
                let hash = Hash::of(&position.to_be_bytes());
                let batch_end = end + batch;
                slots.insert(position, Slot { batch_end, prev, hash, segment: 1, offset: 0, len: 0 });
                prev = hash;
            }
            end += batch;
        }
        slots
    }

    #[test]
    fn a_chain_reaches_its_last_whole_batch() {
        let mut slots = chain(&[1, 3, 2]);
        let whole = reach(|p| slots.get(&p));
        assert_eq!((whole.end, whole.stop), (6, 7));
        slots.remove(&6);
        let cut = reach(|p| slots.get(&p));
        assert_eq!((cut.end, cut.stop), (4, 6));
        slots.remove(&3);
        assert_eq!(reach(|p| slots.get(&p)).end, 1);
        assert_eq!(reach(|_| None).end, 0);
    }

    #[test]
    fn only_the_next_batch_alone_can_be_torn() {
        let mut scan = Scan { slots: chain(&[1, 3, 2]), ..Scan::default() };
        scan.slots.remove(&5);
        assert!(is_torn(&scan, 4));
        scan.slots.remove(&3);
        assert!(!is_torn(&scan, 1), "a later batch stands behind it");
    }
}
