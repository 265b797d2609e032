//! The disk under the data directory: space, ballast, whether it can be written.

use std::path::Path;

use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::{AccessFlags, access};

use super::{Case, Finding, Topic, existing};
use crate::journal::{BALLAST_BYTES, Disk};

/// Less is a finding: a year of an office's letters takes some hundred megabytes.
const FREE_BYTES_MIN: u64 = 1024 * 1024 * 1024;

pub(super) fn examine(case: &Case) -> Topic {
    let data = &case.config.data;
    let place = data.display().to_string();
    let mut findings = Vec::new();
    let summary = match statvfs(existing(data)) {
        Err(fault) => {
            findings.push(Finding::new(
                format!("the file system can't be asked: {fault}"),
                &place,
                "name the right data directory with `--data DIR`",
            ));
            "unknown".to_owned()
        }
        Ok(disk) => {
            let free = free(data).unwrap_or_default();
            if free < FREE_BYTES_MIN {
                findings.push(Finding::new(
                    format!(
                        "only {} are free; once the disk is full nothing can be recorded and no letter goes",
                        shown(free)
                    ),
                    &place,
                    "free space or move the data directory (docs/operate.md, “The disk is full”)",
                ));
            }
            if disk.files() > 0 && disk.files_available() == 0 {
                findings.push(Finding::new(
                    "no file can be created: the file system is out of inodes",
                    &place,
                    "delete small files, or move the data directory",
                ));
            }
            if disk.flags().contains(FsFlags::ST_RDONLY) {
                findings.push(Finding::new(
                    "the file system is mounted read-only",
                    &place,
                    "mount it for writing; look into the kernel's log why it is not",
                ));
            }
            format!("{} free", shown(free))
        }
    };
    if !case.runs() && access(existing(data), AccessFlags::W_OK).is_err() {
        findings.push(Finding::new(
            "this account can't write here",
            existing(data).display().to_string(),
            "ask as the account of the service, `sudo -u duban duban …`",
        ));
    }
    // A start makes both; a directory that was just restored has neither.
    if data.join("store").is_dir() {
        findings.extend(ballast(data));
    }
    Topic::new("disk", summary, findings)
}

/// Bytes that the daemon's account may still write under this path; `None` where that can't be told.
#[must_use]
pub fn free(path: &Path) -> Option<u64> {
    Disk::Real.free_bytes(existing(path))
}

fn ballast(data: &Path) -> Option<Finding> {
    let path = data.join("ballast");
    let there = std::fs::metadata(&path).is_ok_and(|file| file.len() == BALLAST_BYTES as u64);
    (!there).then(|| {
        Finding::new(
            "the ballast is gone: the disk was full when duban last started",
            path.display().to_string(),
            "free some space and start duban again, which puts it back",
        )
    })
}

/// `41.2 GiB`
fn shown(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if bytes >= 1024 * MIB {
        format!("{}.{} GiB", bytes / (1024 * MIB), bytes % (1024 * MIB) * 10 / (1024 * MIB))
    } else {
        format!("{} MiB", bytes / MIB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_words_of_a_person() {
        assert_eq!(shown(3 * 1024 * 1024 * 1024 / 2), "1.5 GiB");
        assert_eq!(shown(900 * 1024 * 1024), "900 MiB");
    }
}
