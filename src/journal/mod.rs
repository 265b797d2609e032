//! The only user of sled: segments, store, chain, codec and upcasts, attached files.
//!
//! Format and reasons: `docs/journal-format.md`. The archive leads and makes a commit durable; the
//! store follows; each can rebuild the other. This room must not know what events mean.

mod archive;
mod backup;
mod check;
mod codec;
mod dir;
mod disk;
mod engine;
mod fault;
#[cfg(feature = "simulator")]
mod faulty;
mod files;
mod finding;
mod heal;
mod incoming;
mod inspect;
mod inspect_store;
mod keeper;
mod line;
mod mend;
mod options;
mod patience;
#[cfg(feature = "simulator")]
mod plant;
mod scan;
mod shelves;
mod sled_copy;
mod start;
mod store;
mod walk;
mod witness;
mod writer;

pub use archive::{Head, Lines, Reader, StoredLine};
pub use backup::{BackupReport, backup, last_backup, restore};
pub use check::CheckReport;
pub use dir::{BALLAST_BYTES, has_journal, is_half_restored, links};
pub use disk::Disk;
pub use engine::Journal;
pub use fault::{JournalFault, ShortOf};
#[cfg(feature = "simulator")]
pub use faulty::{Faults, FaultyDisk};
pub use files::Shelf;
pub use finding::{Finding, Inspection, Kind, Part, SecondCopy, Severity};
pub use incoming::Incoming;
pub use inspect::{NamedDir, inspect, read_archive};
pub use options::Options;
#[cfg(feature = "simulator")]
pub use patience::Hang;
pub use patience::Patience;
#[cfg(feature = "simulator")]
pub use plant::Plant;
pub use shelves::{Shelves, WorkFile};
pub use start::OpenReport;
pub use store::Lag;
pub use writer::Entry;

/// Version of the data directory and the stored lines.
pub const FORMAT: u32 = 1;
/// Most events of one batch.
pub const BATCH_EVENTS_MAX: usize = 256;
/// Longest stored event, with its line feed.
pub const EVENT_BYTES_MAX: usize = 64 * 1024;
/// Events of a segment.
pub const SEGMENT_EVENTS: u64 = 100_000;
/// How many events may wait for the store in memory; more it reads in the archive.
pub const STORE_LAG_EVENTS_MAX: u64 = 65_536;
/// How many bytes may wait for the store in memory.
pub const STORE_LAG_BYTES_MAX: u64 = 64 * 1024 * 1024;

#[cfg(test)]
mod tests;
