//! Faults planted in the journal, which the simulator must find.

use std::path::Path;

use super::archive::segment_name;
use super::disk::Disk;
use super::fault::{JournalFault, io_fault};
use super::heal::put;
use super::scan::{Scan, reach, scan};

/// A planted fault: proves that the simulator finds such a one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    /// commits are acknowledged without a sync
    SyncLeftOut,
    /// a start drops the last batch
    TailLost,
}

/// [`Plant::SyncLeftOut`]
pub(super) fn leaves_sync_out(plant: Option<Plant>) -> bool {
    plant == Some(Plant::SyncLeftOut)
}

/// [`Plant::TailLost`]
pub(super) fn lose_tail(
    plant: Option<Plant>,
    disk: &Disk,
    archive: &Path,
    found: &mut Scan,
) -> Result<(), JournalFault> {
    if plant != Some(Plant::TailLost) {
        return Ok(());
    }
    let end = reach(|p| found.slots.get(&p)).end;
    let Some(slot) = found.slots.values().rev().find(|slot| slot.batch_end < end).copied() else {
        return Ok(());
    };
    let path = archive.join(segment_name(slot.segment));
    let mut bytes = disk.read(&path, 0).map_err(io_fault("read", &path))?.unwrap_or_default();
    bytes.truncate(slot.offset + slot.len + 1);
    put(disk, &path, &bytes)?;
    for segment in found.segments.iter().filter(|s| s.first > slot.segment) {
        disk.remove(&segment.path).map_err(io_fault("remove", &segment.path))?;
    }
    *found = scan(disk, archive)?;
    Ok(())
}
