//! What can go wrong in the journal. A fault is never a decision: it is logged once, with its cause.

use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use nix::sys::statvfs::statvfs;

use super::{BATCH_EVENTS_MAX, EVENT_BYTES_MAX, FORMAT};

/// Why the journal could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalFault {
    /// Another process holds the data directory.
    #[error("another duban holds {place} (process {pid})")]
    Locked {
        /// the data directory
        place: String,
        /// what the lock file names, `unknown` if nothing
        pid: String,
    },
    /// A newer duban wrote the data directory or an event in it.
    #[error(
        "{place}: {what} was written by a newer duban; this one knows format {FORMAT} and the event types of its own version"
    )]
    Newer {
        /// where
        place: String,
        /// what is newer
        what: String,
    },
    /// Bytes that neither copy makes good.
    #[error("{place}: {what} (position {position}); neither copy makes it good: restore a backup")]
    Damaged {
        /// first position that is affected
        position: u64,
        /// where
        place: String,
        /// what is wrong
        what: String,
    },
    /// An attached file that is another than its digest says.
    #[error("{place} is not what its digest says")]
    FileChanged {
        /// where it lies
        place: String,
    },
    /// Two whole histories that differ: one of them was rewritten.
    #[error(
        "archive and store hold two different histories from position {position} on, each consistent in itself: somebody rewrote one of them; nothing was changed"
    )]
    HistoriesDiffer {
        /// the first position at which they differ
        position: u64,
    },
    /// Something in the directory says that another history, or more of it, was here.
    #[error(
        "{place}: {what} (from position {position} on); nothing was changed: restore the last backup, or, where what is here shall stand, move {place} aside, keep it for whoever audits the office, and start again"
    )]
    Contradicted {
        /// the note that says it
        place: String,
        /// the first position that contradicts it
        position: u64,
        /// what it says
        what: String,
    },
    /// More events than one batch may hold.
    #[error("{events} events in one commit, at most {BATCH_EVENTS_MAX} are allowed")]
    BatchTooLarge {
        /// how many were given
        events: usize,
    },
    /// An event that is too long to store.
    #[error("an event of type {kind} takes {bytes} bytes, at most {EVENT_BYTES_MAX} are allowed")]
    EventTooLarge {
        /// its type
        kind: String,
        /// with the line feed
        bytes: usize,
    },
    /// An event that can't be read or written as JSON.
    #[error("event {position}: {what}")]
    Codec {
        /// where in the journal
        position: u64,
        /// what is wrong
        what: String,
    },
    /// No space is left; nothing was acknowledged, and what was is safe.
    #[error("{place}: {short_of}; nothing was recorded, nothing is lost")]
    DiskFull {
        /// which file could not grow
        place: String,
        /// of what, and what helps
        short_of: ShortOf,
    },
    /// The second copy failed or did not answer in time; nothing that is recorded waits for it.
    #[error("the store does not work: {reason}")]
    Store {
        /// its words
        reason: String,
    },
    /// A sync failed or a write could not be undone: only a new start can tell what the disk holds.
    #[error("{place}: {reason}; duban must stop and start anew")]
    MustExit {
        /// which file
        place: String,
        /// what failed
        reason: String,
    },
    /// A directory that must be empty is not.
    #[error("{place} is not empty")]
    NotEmpty {
        /// the directory
        place: String,
    },
    /// Secrets may not lie with the backup of the journal.
    #[error("{place} is not apart from the backup: secrets need a directory of their own")]
    NotApart {
        /// the directory for secrets
        place: String,
    },
    /// A copy would lie in what it is a copy of.
    #[error("{inner} lies in {outer}: a backup needs a directory of its own, best on another disk")]
    Within {
        /// the inner directory
        inner: String,
        /// the outer one
        outer: String,
    },
    /// A restore that did not come to its end.
    #[error("{place} is the rest of a restore that was cut short: run `duban restore` again")]
    HalfRestored {
        /// what lies there of it
        place: String,
    },
    /// A link stands where none is followed.
    #[error("{place} is a link, and duban follows none here: put what it names in its place")]
    Linked {
        /// the link
        place: String,
    },
    /// No journal is there.
    #[error("{place} holds no journal")]
    NoJournal {
        /// the directory
        place: String,
    },
    /// A backup that does not verify.
    #[error("{place} does not verify: {finding}")]
    BadBackup {
        /// the backup
        place: String,
        /// the first finding
        finding: String,
    },
    /// The operating system refused.
    #[error("{place}: {doing}: {source}")]
    Io {
        /// what was tried
        doing: &'static str,
        /// on which file
        place: String,
        /// what the system said
        source: io::Error,
    },
}

impl JournalFault {
    /// Whether the daemon must exit now: nothing more can be recorded in this process.
    #[must_use]
    pub fn must_exit(&self) -> bool {
        matches!(self, Self::MustExit { .. })
    }
}

/// A failed sync, known to all who write in the directory: what the disk holds, only a new start can tell.
#[derive(Debug, Clone, Default)]
pub(super) struct Poison(Arc<OnceLock<(String, String)>>);

impl Poison {
    /// Refuses where a sync has failed.
    pub(super) fn check(&self) -> Result<(), JournalFault> {
        match self.0.get() {
            None => Ok(()),
            Some((place, reason)) => {
                Err(JournalFault::MustExit { place: place.clone(), reason: reason.clone() })
            }
        }
    }

    /// Remembers the fault, where it is such a one.
    pub(super) fn keep(&self, fault: JournalFault) -> JournalFault {
        if let JournalFault::MustExit { place, reason } = &fault {
            let _ = self.0.set((place.clone(), reason.clone()));
        }
        fault
    }
}

/// A path as faults and findings say it: above this room nobody opens it.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// What a disk has no more of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortOf {
    /// room for bytes
    Space,
    /// room for another file, whatever its size
    Files,
}

impl ShortOf {
    /// Asked of the file system that holds the path.
    pub(super) fn at(path: &Path) -> Self {
        let there = path.ancestors().find(|path| path.exists()).unwrap_or(path);
        match statvfs(there) {
            Ok(disk) => Self::of(disk.files(), disk.files_free()),
            Err(_) => Self::Space,
        }
    }

    /// Some file systems (btrfs) count no files at all.
    fn of(files: u64, free: u64) -> Self {
        if files > 0 && free == 0 { Self::Files } else { Self::Space }
    }
}

impl std::fmt::Display for ShortOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Space => "the disk is full: free some space",
            Self::Files => {
                "the disk takes no more files (`df -i`: its inodes are used up): delete or move away small files"
            }
        })
    }
}

/// Names what was tried where; a full disk gets its own fault.
pub(super) fn io_fault(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> JournalFault {
    let place = shown(path);
    move |source| {
        if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            JournalFault::DiskFull { place, short_of: ShortOf::at(path) }
        } else {
            JournalFault::Io { doing, place, source }
        }
    }
}

/// A failed sync of `path`.
pub(super) fn must_exit(path: &Path, what: &str, source: &io::Error) -> JournalFault {
    JournalFault::MustExit { place: shown(path), reason: format!("{what}: {source}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_without_inodes_is_told_as_such() {
        assert_eq!(ShortOf::of(1000, 0), ShortOf::Files);
        assert_eq!([ShortOf::of(1000, 1), ShortOf::of(0, 0)], [ShortOf::Space; 2], "btrfs counts none");
        let full = io_fault("write", Path::new("/nowhere/x"))(io::ErrorKind::StorageFull.into());
        assert!(full.to_string().starts_with("/nowhere/x: the disk is full: free some space"), "{full}");
    }
}
