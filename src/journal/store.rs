//! The journal's hold on the second copy: feeds the thread that keeps it ([`super::keeper`]), and
//! waits for it where it lies too far behind.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::archive::Reader;
use super::check::{CheckReport, Checker};
use super::fault::{JournalFault, io_fault};
use super::keeper::Keeper;
use super::line::Hash;
use super::room::Lag;
use super::scan::Slots;
use super::sled_copy::{Broken, move_aside};
use super::{STORE_LAG_BYTES_MAX, STORE_LAG_EVENTS_MAX};

/// A database that has not opened by then never will.
const OPEN_WAIT: Duration = Duration::from_mins(2);
/// Last position, and its hash if that line is good; `None` in an empty store.
pub(super) type Tail = Option<(u64, Option<Hash>)>;

/// Lines by position, in order.
pub(super) type PositionedLines = Vec<(u64, Vec<u8>)>;

/// What opening found.
#[derive(Debug)]
pub(super) struct Opened {
    pub tail: Tail,
    /// where an unopenable database was moved
    pub moved: Option<PathBuf>,
}

/// The handle that the journal holds.
#[derive(Debug)]
pub(super) struct Store {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the handle and the thread share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    /// the thread waits for work
    pub work: Condvar,
    /// others wait for the thread
    pub progress: Condvar,
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// what waits, and how many bytes are not yet durable in the store
    pub lines: VecDeque<(u64, Vec<u8>)>,
    pub bytes: u64,
    /// last position given to the store, and last it holds durably
    pub fed: u64,
    pub stored: u64,
    /// why the store does not work
    pub failed: Option<String>,
    /// somebody waits: gather no longer
    pub hurry: bool,
    pub closed: bool,
    pub jobs: VecDeque<Job>,
}

/// What the thread is asked for, and where it answers.
#[derive(Debug)]
pub(super) enum Job {
    Slots(Sender<Result<(Slots, Option<PathBuf>), String>>),
    Lines(u64, usize, Sender<Result<PositionedLines, String>>),
    Cut(u64, Sender<Result<(), String>>),
    Follow(Reader, u64),
    Check(Box<Checker>),
    Recover(Sender<Result<(), String>>),
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Opens or creates the database; one that can't be opened is moved aside and begun anew.
    /// `make_room` gives up some space when the disk is full; whether there was any.
    pub(super) fn open(
        dir: &Path,
        mut make_room: impl FnMut() -> bool,
    ) -> Result<(Self, Opened), JournalFault> {
        let mut moved = None;
        loop {
            let (mut store, reply) = Self::start(dir)?;
            let broken = match reply.recv_timeout(OPEN_WAIT) {
                Ok(Ok(tail)) => return Ok((store, Opened { tail, moved })),
                Ok(Err(broken)) => broken,
                Err(_) => Broken::Damaged("it did not open in time".into()),
            };
            store.thread = None; // it may hang: left to itself
            match broken {
                Broken::Damaged(_) if moved.is_none() && dir.exists() => {
                    moved = Some(move_aside(dir).map_err(io_fault("move aside", dir))?);
                }
                Broken::Full if make_room() => {}
                Broken::Full => {
                    return Err(JournalFault::DiskFull { path: dir.to_owned() });
                }
                Broken::Newer(what) => {
                    return Err(JournalFault::Newer { path: dir.to_owned(), what });
                }
                Broken::Damaged(reason) | Broken::Refused(reason) => {
                    return Err(JournalFault::Store { reason });
                }
            }
        }
    }

    fn start(dir: &Path) -> Result<(Self, Receiver<Result<Tail, Broken>>), JournalFault> {
        let shared = Arc::new(Shared::default());
        let (send, reply) = mpsc::channel();
        let keeper = Keeper::new(dir, shared.clone());
        let thread =
            std::thread::Builder::new().name("journal-store".into()).spawn(move || keeper.run(&send));
        let thread = thread.map_err(|e| JournalFault::Store { reason: e.to_string() })?;
        Ok((Self { shared, thread: Some(thread) }, reply))
    }

    /// All good lines; where the database turns out damaged it is moved aside and none are left.
    pub(super) fn slots(&self) -> Result<(Slots, Option<PathBuf>), JournalFault> {
        self.ask(Job::Slots)
    }

    /// Lines from a position on, at most so many.
    pub(super) fn lines(&self, from: u64, count: usize) -> Result<Vec<(u64, Vec<u8>)>, JournalFault> {
        self.ask(|reply| Job::Lines(from, count, reply))
    }

    /// Removes all lines after `end`.
    pub(super) fn cut(&self, end: u64) -> Result<(), JournalFault> {
        self.ask(|reply| Job::Cut(end, reply))
    }

    /// Copies what the reader has after `stored`, and follows from there.
    pub(super) fn follow(&self, reader: Reader, stored: u64) {
        let mut state = self.shared.state();
        (state.stored, state.fed) = (stored, reader.head().position.max(stored));
        drop(state);
        self.job(Job::Follow(reader, stored));
    }

    /// Compares everything with the archive, when there is nothing else to do.
    pub(super) fn check(&self, reader: &Reader, data: &Path) -> Receiver<CheckReport> {
        let (send, receive) = mpsc::channel();
        self.job(Job::Check(Box::new(Checker::new(reader, data, send))));
        receive
    }

    /// Waits until there is room for more, tries once to get a failed store going again.
    pub(super) fn wait_for_room(&self) -> Result<(), JournalFault> {
        if self.lag().failed.is_some() {
            self.ask(Job::Recover)?;
        }
        let far = |s: &mut State| s.fed - s.stored > STORE_LAG_EVENTS_MAX || s.bytes > STORE_LAG_BYTES_MAX;
        self.wait_while(far)
    }

    /// Waits until the store holds everything durably.
    pub(super) fn wait(&self) -> Result<(), JournalFault> {
        self.shared.state().hurry = true;
        self.shared.work.notify_all();
        self.wait_while(|s| s.stored < s.fed)
    }

    fn wait_while(&self, mut condition: impl FnMut(&mut State) -> bool) -> Result<(), JournalFault> {
        let waiting = |s: &mut State| s.failed.is_none() && !s.closed && condition(s);
        let state = self.shared.progress.wait_while(self.shared.state(), waiting);
        match &state.unwrap_or_else(PoisonError::into_inner).failed {
            Some(reason) => Err(JournalFault::Store { reason: reason.clone() }),
            None => Ok(()),
        }
    }

    /// Gives it a committed batch.
    pub(super) fn feed(&self, first: u64, lines: Vec<String>) {
        let mut state = self.shared.state();
        for (position, line) in (first..).zip(lines) {
            state.fed = position;
            if state.failed.is_none() {
                state.bytes += line.len() as u64;
                state.lines.push_back((position, line.into_bytes()));
            }
        }
        drop(state);
        self.shared.work.notify_all();
    }

    /// How far it lies behind.
    pub(super) fn lag(&self) -> Lag {
        let state = self.shared.state();
        Lag { events: state.fed - state.stored, bytes: state.bytes, failed: state.failed.clone() }
    }

    fn job(&self, job: Job) {
        let mut state = self.shared.state();
        if !state.closed {
            state.jobs.push_back(job);
        }
        drop(state);
        self.shared.work.notify_all();
    }

    fn ask<T>(&self, job: impl FnOnce(Sender<Result<T, String>>) -> Job) -> Result<T, JournalFault> {
        let (send, receive) = mpsc::channel();
        self.job(job(send));
        let reply = receive.recv().unwrap_or_else(|_| Err("its thread has ended".into()));
        reply.map_err(|reason| JournalFault::Store { reason })
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.shared.state().closed = true;
        self.shared.work.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
