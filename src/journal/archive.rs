//! The segments: plain files of lines, appended and synced. The first copy, and the one that leads.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::codec;
use super::disk::{Disk, GrowingFile};
use super::fault::{JournalFault, io_fault, must_exit, shown};
use super::line::{Frame, frame, unhashed};
use crate::domain::{Digest, Recorded, Stream};

/// Where the archive stands in a data directory.
pub(super) const ARCHIVE: &str = "archive";

/// The end of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// of the last event; 0 before the first
    pub position: u64,
    /// its hash
    pub hash: Digest,
    /// when it was recorded
    pub recorded_at: DateTime<Utc>,
}

/// One event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLine {
    /// its place
    pub position: u64,
    /// the line, without line feed
    pub bytes: Vec<u8>,
}

/// The name of the segment that begins with this position.
pub(super) fn segment_name(first: u64) -> String {
    format!("{first:020}.jsonl")
}

/// First positions of the segments in the directory, in order.
pub(super) fn segments(disk: &Disk, dir: &Path) -> Result<Vec<u64>, JournalFault> {
    let names = disk.list(dir).map_err(io_fault("list", dir))?;
    let first = |name: &String| name.strip_suffix(".jsonl").filter(|n| n.len() == 20)?.parse().ok();
    Ok(names.iter().filter_map(first).collect())
}

/// Reads the journal from any thread, up to what is acknowledged.
#[derive(Debug, Clone)]
pub struct Reader {
    disk: Disk,
    dir: PathBuf,
    end: Arc<Mutex<End>>,
}

/// What readers must know of the end.
#[derive(Debug)]
struct End {
    head: Head,
    /// first position of the last segment, and where each of its lines begins
    first: u64,
    offsets: Vec<u64>,
}

impl Reader {
    /// Reads `dir` up to `head`.
    pub(super) fn new(disk: Disk, dir: PathBuf, head: Head) -> Self {
        let end = End { head, first: 0, offsets: Vec::new() };
        Self { disk, dir, end: Arc::new(Mutex::new(end)) }
    }

    /// The end of what is acknowledged.
    #[must_use]
    pub fn head(&self) -> Head {
        self.end().head
    }

    /// The events after `after`, in their current shape, each one's hash checked.
    pub fn read(&self, after: u64) -> impl Iterator<Item = Result<Recorded, JournalFault>> + use<> {
        let mut lines = self.raw(after);
        std::iter::from_fn(move || {
            let (position, line) = match lines.next_bytes()? {
                Ok(line) => line,
                Err(fault) => return Some(Err(fault)),
            };
            let read = codec::decode(line).map_err(|what| JournalFault::Codec { position, what });
            Some(read.and_then(|event| {
                if event.position == position {
                    Ok(event)
                } else {
                    Err(lines.damaged(position, "another event stands here"))
                }
            }))
        })
    }

    /// The events of one stream after `after`, in their current shape; of others, no hash is checked.
    pub fn read_stream(
        &self,
        stream: &Stream,
        after: u64,
    ) -> impl Iterator<Item = Result<Recorded, JournalFault>> + use<> {
        let name = stream.to_string();
        self.read_where(after, move |frame| frame.stream == name)
    }

    /// All events of one type, in their current shape; of others, no hash is checked.
    pub fn read_kind(
        &self,
        kind: &'static str,
    ) -> impl Iterator<Item = Result<Recorded, JournalFault>> + use<> {
        self.read_where(0, move |frame| frame.kind == kind)
    }

    fn read_where<F: Fn(&Frame<'_>) -> bool>(
        &self,
        after: u64,
        is_wanted: F,
    ) -> impl Iterator<Item = Result<Recorded, JournalFault>> + use<F> {
        let mut lines = self.raw(after);
        let next = std::iter::from_fn(move || {
            let (position, line) = match lines.next_bytes()? {
                Ok(line) => line,
                Err(fault) => return Some(Err(fault)),
            };
            let read = match unhashed(line) {
                Some(frame) if frame.position == position => is_wanted(&frame).then(|| codec::decode(line)),
                _ => return Some(Err(lines.damaged(position, "form or hash is wrong"))),
            };
            let fault = |what| JournalFault::Codec { position, what };
            Some(read.transpose().map_err(fault))
        });
        next.filter_map(Result::transpose)
    }

    /// The stored lines after `after`, each one's hash checked.
    #[must_use]
    pub fn lines(&self, after: u64) -> Lines {
        self.raw(after)
    }

    fn raw(&self, after: u64) -> Lines {
        let end = self.end();
        Lines {
            disk: self.disk.clone(),
            dir: self.dir.clone(),
            next: after.saturating_add(1),
            until: end.head.position,
            tail: after
                .checked_add(1)
                .and_then(|next| next.checked_sub(end.first))
                .and_then(|index| end.offsets.get(usize::try_from(index).ok()?))
                .map(|offset| (end.first, *offset)),
            segments: None,
            bytes: Vec::new(),
            at: 0,
            path: self.dir.clone(),
        }
    }

    fn end(&self) -> MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stored lines in order. Holds one segment in memory.
#[derive(Debug)]
pub struct Lines {
    disk: Disk,
    dir: PathBuf,
    next: u64,
    until: u64,
    /// segment and offset of the first line wanted, where that is known
    tail: Option<(u64, u64)>,
    segments: Option<std::vec::IntoIter<u64>>,
    bytes: Vec<u8>,
    at: usize,
    path: PathBuf,
}

impl Lines {
    /// The next line, its hash not checked.
    fn next_line(&mut self) -> Option<Result<StoredLine, JournalFault>> {
        Some(self.next_bytes()?.map(|(position, bytes)| StoredLine { position, bytes: bytes.to_vec() }))
    }

    /// The same where it lies.
    fn next_bytes(&mut self) -> Option<Result<(u64, &[u8]), JournalFault>> {
        if self.next > self.until {
            return None;
        }
        while self.at >= self.bytes.len() {
            match self.load() {
                Ok(true) => {}
                Ok(false) => {
                    let fault = self.damaged(self.next, "the line is missing");
                    self.until = 0;
                    return Some(Err(fault));
                }
                Err(e) => {
                    self.until = 0;
                    return Some(Err(e));
                }
            }
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        // `skip_until` looks at many bytes at once.
        let len = { rest }.skip_until(b'\n').unwrap_or(rest.len());
        let line = rest.get(..len).unwrap_or_default();
        self.at += len.max(1);
        self.next += 1;
        Some(Ok((self.next - 1, line.strip_suffix(b"\n").unwrap_or(line))))
    }

    /// Loads the next segment and skips to the line wanted; whether there was one.
    fn load(&mut self) -> Result<bool, JournalFault> {
        let (first, offset) = if let Some(tail) = self.tail.take() {
            self.segments = Some(Vec::new().into_iter());
            tail
        } else {
            if self.segments.is_none() {
                let mut all = segments(&self.disk, &self.dir)?;
                let before = all.partition_point(|first| *first <= self.next);
                self.segments = Some(all.split_off(before.saturating_sub(1)).into_iter());
            }
            match self.segments.as_mut().and_then(Iterator::next) {
                Some(first) => (first, 0),
                None => return Ok(false),
            }
        };
        self.path = self.dir.join(segment_name(first));
        let bytes = self.disk.read(&self.path, offset).map_err(io_fault("read", &self.path))?;
        self.bytes = bytes.unwrap_or_default();
        self.at = 0;
        if offset == 0 {
            for _ in first..self.next {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                match rest.iter().position(|b| *b == b'\n') {
                    Some(len) => self.at += len + 1,
                    None => self.at = self.bytes.len(),
                }
            }
        }
        Ok(true)
    }

    fn damaged(&self, position: u64, what: &str) -> JournalFault {
        JournalFault::Damaged { position, place: shown(&self.path), what: what.to_owned() }
    }
}

impl Iterator for Lines {
    type Item = Result<StoredLine, JournalFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.next_line()?;
        Some(line.and_then(|line| {
            if frame(&line.bytes).is_some_and(|f| f.position == line.position) {
                Ok(line)
            } else {
                Err(self.damaged(line.position, "form or hash is wrong"))
            }
        }))
    }
}

/// The writing end of the archive.
#[derive(Debug)]
pub(super) struct Archive {
    reader: Reader,
    active: Option<(GrowingFile, PathBuf, u64)>,
    segment_events: u64,
    sync: bool,
}

impl Archive {
    /// Goes on after what is there; the last segment must be whole.
    pub(super) fn open(reader: Reader, segment_events: u64, sync: bool) -> Result<Self, JournalFault> {
        let mut active = None;
        if let Some(first) = segments(&reader.disk, &reader.dir)?.last().copied() {
            let path = reader.dir.join(segment_name(first));
            let bytes = reader.disk.read(&path, 0).map_err(io_fault("read", &path))?.unwrap_or_default();
            let ends = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at as u64 + 1);
            let mut offsets = vec![0];
            offsets.extend(ends);
            offsets.pop();
            let mut end = reader.end();
            (end.first, end.offsets) = (first, offsets);
            drop(end);
            let file = reader.disk.open_growing(&path).map_err(io_fault("open", &path))?;
            active = Some((file, path, bytes.len() as u64));
        }
        Ok(Self { reader, active, segment_events, sync })
    }

    /// The reading end.
    pub(super) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Appends one batch and makes it durable; then `head` is what readers see.
    pub(super) fn append(&mut self, lines: &[String], head: Head) -> Result<(), JournalFault> {
        let count = lines.len() as u64;
        let first = head.position + 1 - count;
        let full = self.reader.end().offsets.len() as u64 + count > self.segment_events;
        let fresh = self.active.is_none() || full;
        if fresh {
            let path = self.reader.dir.join(segment_name(first));
            let file = self.reader.disk.open_growing(&path).map_err(io_fault("create", &path))?;
            let len = file.len().map_err(io_fault("open", &path))?;
            self.active = Some((file, path, len));
        }
        let Some((file, path, len)) = self.active.as_mut() else {
            return Ok(());
        };
        let mut bytes = Vec::with_capacity(lines.iter().map(|l| l.len() + 1).sum());
        for line in lines {
            bytes.extend_from_slice(line.as_bytes());
            bytes.push(b'\n');
        }
        let before = if fresh { 0 } else { *len };
        if fresh && *len > 0 {
            // left over from a batch that failed
            file.cut(0).map_err(|e| must_exit(path, "cut", &e))?;
        }
        if let Err(e) = file.append(&bytes) {
            file.cut(before).map_err(|cut| must_exit(path, "a failed write could not be undone", &cut))?;
            let fault = io_fault("append", path)(e);
            if fresh {
                let removed = self.reader.disk.remove(path);
                removed.map_err(|e| must_exit(path, "a segment could not be undone", &e))?;
                self.active = None;
                self.reopen_last()?;
            }
            return Err(fault);
        }
        if self.sync {
            file.sync().map_err(|e| must_exit(path, "sync failed", &e))?;
            if fresh {
                let dir = &self.reader.dir;
                self.reader.disk.sync_dir(dir).map_err(|e| must_exit(dir, "sync failed", &e))?;
            }
        }
        *len = before;
        let mut end = self.reader.end();
        if fresh {
            end.first = first;
            end.offsets.clear();
        }
        for line in lines {
            end.offsets.push(*len);
            *len += line.len() as u64 + 1;
        }
        end.head = head;
        Ok(())
    }

    /// After a new segment could not be begun, the one before is the last again.
    fn reopen_last(&mut self) -> Result<(), JournalFault> {
        let first = self.reader.end().first;
        if first == 0 {
            return Ok(());
        }
        let path = self.reader.dir.join(segment_name(first));
        let file = self.reader.disk.open_growing(&path).map_err(io_fault("open", &path))?;
        let len = file.len().map_err(io_fault("open", &path))?;
        self.active = Some((file, path, len));
        Ok(())
    }
}
