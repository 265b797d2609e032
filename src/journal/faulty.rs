//! A disk in memory that loses, tears and fails as real ones do, from a seed. For the simulator.
//!
//! What is not synced may be lost, torn or zeroed by [`FaultyDisk::crash`]; a directory entry is
//! durable once its directory is synced; after a failed sync the pages count as clean, so that a
//! later sync "succeeds" without them, while reading still shows them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How often it fails by chance, and how much it holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// one write in so many fails, a part of it written; 0 is never
    pub write_error_one_in: u64,
    /// one sync in so many fails; 0 is never
    pub sync_error_one_in: u64,
    /// bytes that all files may take together
    pub space_bytes: Option<u64>,
    /// files that may still be made; told, not held to
    pub space_files: Option<u64>,
}

/// A disk in memory; clones share it.
#[derive(Debug, Clone)]
pub struct FaultyDisk(Arc<Mutex<State>>);

/// An open file of it; of no use after a crash.
#[derive(Debug)]
pub(super) struct FaultyFile {
    disk: FaultyDisk,
    inode: usize,
    crashes: u64,
}

#[derive(Debug, Default)]
struct State {
    random: u64,
    faults: Faults,
    fail_syncs: u64,
    stop_after: Option<u64>,
    operations: u64,
    crashes: u64,
    inodes: Vec<Inode>,
    live: Tree,
    durable: Tree,
    changes: Vec<Change>,
}

#[derive(Debug, Default, Clone)]
struct Tree {
    files: BTreeMap<PathBuf, usize>,
    dirs: BTreeSet<PathBuf>,
}

/// A change of one directory's entries.
#[derive(Debug, Clone)]
enum Change {
    MakeDir(PathBuf),
    Link(PathBuf, usize),
    Unlink(PathBuf),
    Rename(PathBuf, PathBuf),
}

#[derive(Debug, Default)]
struct Inode {
    live: Vec<u8>,
    durable: Vec<u8>,
    /// bytes before it are the same in `live` and `durable`, doomed ones aside
    low: usize,
    /// ranges of `live` that no sync will write
    doomed: Vec<(usize, usize)>,
}

impl FaultyDisk {
    /// An empty disk; the seed decides what a crash leaves.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State { random: seed, ..State::default() })))
    }

    /// Sets how often it fails from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// Room that is left; `None` where it is not bounded.
    pub(super) fn free_bytes(&self) -> Option<u64> {
        let state = self.state();
        state.faults.space_bytes.map(|space| space.saturating_sub(state.used()))
    }

    /// Files that may still be made; `None` where that is not bounded.
    pub(super) fn free_files(&self) -> Option<u64> {
        self.state().faults.space_files
    }

    /// The next `count` syncs fail.
    pub fn fail_syncs(&self, count: u64) {
        self.state().fail_syncs = count;
    }

    /// After `operations` more changes the power is out: everything fails until [`Self::crash`].
    pub fn power_out_after(&self, operations: u64) {
        let mut state = self.state();
        state.stop_after = Some(state.operations + operations);
    }

    /// Changes (writes, cuts, syncs, renames …) so far.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Loses power and starts again: of what was not synced, chance decides. Open files are of no
    /// use afterwards.
    pub fn crash(&self) {
        self.state().crash();
    }

    /// Flips one bit of a file, in memory and on disk; whether the file has that byte.
    #[must_use]
    pub fn flip(&self, path: &Path, byte: usize, bit: u8) -> bool {
        let mut state = self.state();
        let Some(inode) = state.live.files.get(path).copied() else {
            return false;
        };
        let Some(inode) = state.inodes.get_mut(inode) else {
            return false;
        };
        let mut flipped = false;
        for bytes in [&mut inode.live, &mut inode.durable] {
            if let Some(slot) = bytes.get_mut(byte) {
                *slot ^= 1 << (bit & 7);
                flipped = true;
            }
        }
        flipped
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state();
        let missing: Vec<PathBuf> = dir
            .ancestors()
            .filter(|d| d.parent().is_some() && !state.live.dirs.contains(*d))
            .map(Path::to_owned)
            .collect();
        for dir in missing.into_iter().rev() {
            state.step()?;
            state.change(Change::MakeDir(dir));
        }
        Ok(())
    }

    pub(super) fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        state.powered()?;
        let name = |path: &PathBuf| {
            (path.parent() == Some(dir))
                .then(|| path.file_name().map(|n| n.to_string_lossy().into_owned()))
                .flatten()
        };
        let files = state.live.files.keys().filter_map(name);
        Ok(files.chain(state.live.dirs.iter().filter_map(name)).collect())
    }

    pub(super) fn read(&self, path: &Path, offset: u64) -> io::Result<Option<Vec<u8>>> {
        let state = self.state();
        state.powered()?;
        let inode = state.live.files.get(path).and_then(|i| state.inodes.get(*i));
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        Ok(inode.map(|inode| inode.live.get(offset..).unwrap_or_default().to_vec()))
    }

    pub(super) fn open_growing(&self, path: &Path) -> io::Result<FaultyFile> {
        let mut state = self.state();
        state.powered()?;
        let inode = if let Some(inode) = state.live.files.get(path) {
            *inode
        } else {
            if !path.parent().is_some_and(|dir| state.live.dirs.contains(dir)) {
                return Err(io::ErrorKind::NotFound.into());
            }
            state.step()?;
            state.inodes.push(Inode::default());
            let inode = state.inodes.len() - 1;
            state.change(Change::Link(path.to_owned(), inode));
            inode
        };
        Ok(FaultyFile { disk: self.clone(), inode, crashes: state.crashes })
    }

    pub(super) fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        state.sync_fails()?;
        let (now, later) =
            std::mem::take(&mut state.changes).into_iter().partition(|change| change.dir() == Some(dir));
        state.changes = later;
        for change in now {
            state.durable.apply(&change);
        }
        Ok(())
    }

    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        if !state.live.files.contains_key(from) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    pub(super) fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.powered()?;
        if !state.live.files.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.step()?;
        state.change(Change::Unlink(path.to_owned()));
        Ok(())
    }
}

impl FaultyFile {
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.with(|state, inode| {
            state.step()?;
            let room = state.faults.space_bytes.map_or(bytes.len(), |space| {
                usize::try_from(space.saturating_sub(state.used())).unwrap_or(usize::MAX)
            });
            let fails = state.chance(state.faults.write_error_one_in);
            let part = if fails { state.below(bytes.len()) } else { room.min(bytes.len()) };
            if let Some(inode) = state.inodes.get_mut(inode) {
                inode.live.extend_from_slice(bytes.get(..part).unwrap_or_default());
            }
            match (fails, part < bytes.len()) {
                (true, _) => Err(io::Error::other("write error")),
                (false, true) => Err(io::ErrorKind::StorageFull.into()),
                (false, false) => Ok(()),
            }
        })
    }

    pub(super) fn cut(&mut self, len: u64) -> io::Result<()> {
        self.with(|state, inode| {
            state.step()?;
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            if let Some(inode) = state.inodes.get_mut(inode) {
                inode.live.truncate(len);
                inode.low = inode.low.min(len);
                inode.doomed.retain_mut(|(from, until)| {
                    *until = (*until).min(len);
                    *from < *until
                });
            }
            Ok(())
        })
    }

    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.with(|state, inode| {
            state.step()?;
            let failed = state.sync_fails();
            if let Some(inode) = state.inodes.get_mut(inode) {
                if failed.is_err() {
                    inode.doomed.push((inode.low, inode.live.len()));
                } else {
                    let tail = inode.tail();
                    inode.durable.truncate(inode.low);
                    inode.durable.extend_from_slice(&tail);
                    inode.low = inode.live.len();
                }
            }
            failed
        })
    }

    pub(super) fn len(&self) -> io::Result<u64> {
        self.with(|state, inode| {
            state.powered()?;
            Ok(state.inodes.get(inode).map_or(0, |i| i.live.len() as u64))
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut State, usize) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.disk.state();
        if state.crashes != self.crashes {
            return Err(io::Error::other("the file was open before the crash"));
        }
        act(&mut state, self.inode)
    }
}

impl Inode {
    /// What a sync writes after `low`.
    fn tail(&self) -> Vec<u8> {
        let mut tail = self.live.get(self.low..).unwrap_or_default().to_vec();
        for (from, until) in &self.doomed {
            let range = from.saturating_sub(self.low)..until.saturating_sub(self.low);
            tail.get_mut(range).unwrap_or_default().fill(0);
        }
        tail
    }
}

impl Change {
    fn dir(&self) -> Option<&Path> {
        match self {
            Self::MakeDir(path) | Self::Link(path, _) | Self::Unlink(path) | Self::Rename(path, _) => {
                path.parent()
            }
        }
    }
}

impl Tree {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::MakeDir(path) => {
                self.dirs.insert(path.clone());
            }
            Change::Link(path, inode) => {
                self.files.insert(path.clone(), *inode);
            }
            Change::Unlink(path) => {
                self.files.remove(path);
            }
            Change::Rename(from, to) => {
                if let Some(inode) = self.files.remove(from) {
                    self.files.insert(to.clone(), inode);
                }
            }
        }
    }
}

impl State {
    fn powered(&self) -> io::Result<()> {
        match self.stop_after {
            Some(stop) if self.operations >= stop => Err(io::Error::other("the power is out")),
            _ => Ok(()),
        }
    }

    fn step(&mut self) -> io::Result<()> {
        self.powered()?;
        self.operations += 1;
        Ok(())
    }

    fn sync_fails(&mut self) -> io::Result<()> {
        let planned = self.fail_syncs > 0;
        self.fail_syncs = self.fail_syncs.saturating_sub(1);
        if planned || self.chance(self.faults.sync_error_one_in) {
            return Err(io::Error::other("sync error"));
        }
        Ok(())
    }

    fn change(&mut self, change: Change) {
        self.live.apply(&change);
        self.changes.push(change);
    }

    fn used(&self) -> u64 {
        let files = self.live.files.values().filter_map(|i| self.inodes.get(*i));
        files.map(|inode| inode.live.len() as u64).sum()
    }

    fn crash(&mut self) {
        self.crashes += 1;
        self.stop_after = None;
        let changes = std::mem::take(&mut self.changes);
        let dirs: BTreeSet<PathBuf> = changes.iter().filter_map(|c| c.dir().map(Path::to_owned)).collect();
        for dir in dirs {
            let of_dir = changes.iter().filter(|c| c.dir() == Some(dir.as_path()));
            let kept = self.below(of_dir.clone().count() + 1);
            for change in of_dir.take(kept) {
                self.durable.apply(change);
            }
        }
        let dirs = self.durable.dirs.clone();
        let reachable =
            |path: &Path| path.ancestors().skip(1).filter(|d| d.parent().is_some()).all(|d| dirs.contains(d));
        self.durable.dirs.retain(|dir| reachable(dir));
        self.durable.files.retain(|file, _| reachable(file));
        self.live = self.durable.clone();
        for at in 0..self.inodes.len() {
            let fate = self.below(4);
            let torn = self.inodes.get(at).map_or(0, |i| i.live.len().saturating_sub(i.low));
            let torn = self.below(torn + 1);
            if let Some(inode) = self.inodes.get_mut(at) {
                let mut tail = inode.tail();
                if fate > 0 {
                    inode.durable.truncate(inode.low);
                    match fate {
                        1 => tail.truncate(torn),
                        2 => tail.get_mut(torn..).unwrap_or_default().fill(0),
                        _ => {}
                    }
                    inode.durable.extend_from_slice(&tail);
                }
                inode.live = inode.durable.clone();
                inode.low = inode.live.len();
                inode.doomed.clear();
            }
        }
    }

    /// Whether it happens this time.
    fn chance(&mut self, one_in: u64) -> bool {
        one_in > 0 && self.next().is_multiple_of(one_in)
    }

    /// A number below `bound`; 0 where that is 0.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// splitmix64.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests;
