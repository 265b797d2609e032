//! Which line wins where copies differ, and how a healed archive is written.

use std::collections::BTreeSet;
use std::path::Path;

use super::archive::segment_name;
use super::disk::{Disk, Replace};
use super::fault::{JournalFault, io_fault, must_exit, shown};
use super::line::frame;
use super::scan::{Reach, Scan, Slot, Slots, is_torn, reach};

/// The line that stands at each position from 1 to `reach.end`.
#[derive(Debug)]
pub(super) struct Choice {
    pub reach: Reach,
    /// positions to take from the store
    pub from_store: BTreeSet<u64>,
}

/// Chooses between the archive's lines and the store's. A line that does not fit is struck from its copy.
///
/// # Errors
/// Two lines differ and both fit; or a line fits in neither copy, and what lies there is no torn batch.
pub(super) fn choose(scan: &mut Scan, store: &mut Slots, archive: &Path) -> Result<Choice, JournalFault> {
    let differ: Vec<u64> = store
        .iter()
        .filter(|(p, slot)| scan.slots.get(p).is_some_and(|a| a.hash != slot.hash))
        .map(|(p, _)| *p)
        .collect();
    let judged: Vec<(u64, bool, bool)> =
        differ.into_iter().map(|p| (p, fits(&scan.slots, p), fits(store, p))).collect();
    for (position, archive_fits, store_fits) in judged {
        if archive_fits && store_fits {
            return Err(JournalFault::HistoriesDiffer { position });
        }
        if !archive_fits {
            scan.slots.remove(&position);
        }
        if !store_fits {
            store.remove(&position);
        }
    }
    let reach = reach(|p| scan.slots.get(&p).or_else(|| store.get(&p)));
    let torn = is_torn(scan, reach.end) && store.range(reach.end + 1..).next().is_none();
    if !torn {
        return Err(JournalFault::Damaged {
            position: reach.stop,
            place: shown(&segment_path(scan, archive, reach.stop)),
            what: "a line is missing or does not fit".into(),
        });
    }
    let from_store = (1..=reach.end).filter(|p| !scan.slots.contains_key(p)).collect();
    Ok(Choice { reach, from_store })
}

/// Whether the neighbours that are there name this line.
fn fits(slots: &Slots, position: u64) -> bool {
    let Some(slot) = slots.get(&position) else {
        return false;
    };
    let before = slots.get(&(position - 1)).is_none_or(|b| b.hash == slot.prev);
    before && slots.get(&(position + 1)).is_none_or(|a| a.prev == slot.hash)
}

fn segment_path(scan: &Scan, archive: &Path, position: u64) -> std::path::PathBuf {
    let holds = scan.segments.iter().rev().find(|s| s.first <= position);
    holds.map_or_else(|| archive.to_owned(), |s| s.path.clone())
}

/// What lies beyond the last whole batch, as raw bytes of the segments' ends.
pub(super) fn torn_bytes(disk: &Disk, scan: &Scan, end: u64) -> Result<Vec<u8>, JournalFault> {
    let mut torn = Vec::new();
    let good = scan.slots.get(&end).copied();
    for segment in &scan.segments {
        let from = match good {
            Some(slot) if slot.segment == segment.first => slot.offset + slot.len + 1,
            Some(slot) if segment.first < slot.segment => continue,
            _ if segment.first > end => 0,
            _ => continue,
        };
        let bytes = disk.read(&segment.path, from as u64).map_err(io_fault("read", &segment.path))?;
        torn.extend(bytes.unwrap_or_default());
    }
    Ok(torn)
}

/// Writes every segment anew that does not hold exactly the chosen lines, and removes what is none.
///
/// A line leaves the file it is in only after it stands in another: new files first, then those
/// that are replaced, the later ones first, then the removals.
pub(super) fn write_archive(
    disk: &Disk,
    dir: &Path,
    scan: &Scan,
    choice: &Choice,
    mut from_store: impl FnMut(u64) -> Result<Vec<u8>, JournalFault>,
    segment_events: u64,
) -> Result<(), JournalFault> {
    let end = choice.reach.end;
    let there: BTreeSet<u64> = scan.segments.iter().map(|s| s.first).collect();
    let mut source = Source { disk, scan, held: None };
    let (mut keep, mut replaced) = (BTreeSet::new(), Vec::new());
    let (mut first, mut last_end, mut moved, mut content) = (1, 0, false, Vec::new());
    for position in 1..=end {
        if position > first && position == last_end + 1 {
            let full = position - first >= segment_events && !source.holds(first, position);
            if full || there.contains(&position) {
                let content = std::mem::take(&mut content);
                if moved || !source.exactly(first, position - 1) {
                    replaced.extend(write_or_keep(disk, dir, &there, first, content)?);
                }
                keep.insert(first);
                (first, moved) = (position, false);
            }
        }
        let line = match scan.slots.get(&position) {
            Some(slot) if !choice.from_store.contains(&position) => {
                moved |= slot.segment != first;
                source.line(slot)?
            }
            _ => {
                moved = true;
                from_store(position)?
            }
        };
        match frame(&line) {
            Some(frame) if frame.position == position => {
                if frame.batch_end == position {
                    last_end = position;
                }
            }
            _ => {
                let what = "a line changed while it was healed".to_owned();
                return Err(JournalFault::Damaged { position, place: shown(dir), what });
            }
        }
        content.extend_from_slice(&line);
        content.push(b'\n');
    }
    if end > 0 {
        keep.insert(first);
        if moved || !source.exactly(first, end) {
            replaced.extend(write_or_keep(disk, dir, &there, first, content)?);
        }
    }
    for (first, content) in replaced.into_iter().rev() {
        put(disk, &dir.join(segment_name(first)), &content)?;
    }
    for segment in scan.segments.iter().filter(|s| !keep.contains(&s.first)) {
        disk.remove(&segment.path).map_err(io_fault("remove", &segment.path))?;
    }
    disk.sync_dir(dir).map_err(|e| must_exit(dir, "sync failed", &e))
}

/// Writes a segment that is not there yet; gives one that is back to be replaced later.
fn write_or_keep(
    disk: &Disk,
    dir: &Path,
    there: &BTreeSet<u64>,
    first: u64,
    content: Vec<u8>,
) -> Result<Option<(u64, Vec<u8>)>, JournalFault> {
    if there.contains(&first) {
        return Ok(Some((first, content)));
    }
    put(disk, &dir.join(segment_name(first)), &content)?;
    Ok(None)
}

/// Puts a whole file in place, synced.
pub(super) fn put(disk: &Disk, path: &Path, bytes: &[u8]) -> Result<(), JournalFault> {
    disk.replace(path, bytes, true).map_err(|e| match e {
        Replace::Write(e) => io_fault("write", path)(e),
        Replace::Sync(e) => must_exit(path, "sync failed", &e),
    })
}

/// Lines out of the segments, one of which is held in memory.
struct Source<'a> {
    disk: &'a Disk,
    scan: &'a Scan,
    held: Option<(u64, Vec<u8>)>,
}

impl Source<'_> {
    fn line(&mut self, slot: &Slot) -> Result<Vec<u8>, JournalFault> {
        if self.held.as_ref().is_none_or(|(first, _)| *first != slot.segment) {
            let Some(segment) = self.scan.segments.iter().find(|s| s.first == slot.segment) else {
                return Ok(Vec::new());
            };
            let bytes = self.disk.read(&segment.path, 0).map_err(io_fault("read", &segment.path))?;
            self.held = Some((slot.segment, bytes.unwrap_or_default()));
        }
        let bytes = self.held.as_ref().and_then(|(_, bytes)| bytes.get(slot.offset..slot.offset + slot.len));
        Ok(bytes.unwrap_or_default().to_vec())
    }

    /// Whether the line at `position` lies in this segment.
    fn holds(&self, first: u64, position: u64) -> bool {
        self.scan.slots.get(&position).is_some_and(|slot| slot.segment == first)
    }

    /// Whether the segment holds these positions and nothing else.
    fn exactly(&self, first: u64, last: u64) -> bool {
        let segment = self.scan.segments.iter().find(|s| s.first == first);
        segment.is_some_and(|s| s.whole() && s.lines == last + 1 - first)
    }
}
