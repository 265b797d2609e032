//! The journal's hold on the second copy: feeds the thread that keeps it ([`super::keeper`]). A commit
//! never waits for it, and every other wait has a deadline ([`Patience`]).

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::archive::Reader;
use super::check::{CheckReport, Checker};
use super::fault::{JournalFault, ShortOf, io_fault, shown};
use super::keeper::Keeper;
use super::line::Hash;
use super::patience::Patience;
use super::scan::Slots;
use super::sled_copy::{Broken, move_aside};
use super::{STORE_LAG_BYTES_MAX, STORE_LAG_EVENTS_MAX};

/// A store that has failed is tried again no sooner.
const RETRY_AFTER: TimeDelta = TimeDelta::minutes(1);
/// Last position, and its hash if that line is good; `None` in an empty store.
pub(super) type Tail = Option<(u64, Option<Hash>)>;

/// Lines by position, in order.
pub(super) type PositionedLines = Vec<(u64, Vec<u8>)>;

/// How far the store lies behind the archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lag {
    /// events not yet in the store
    pub events: u64,
    /// and their bytes
    pub bytes: u64,
    /// since when it has lain behind without ever catching up
    pub since: Option<DateTime<Utc>>,
    /// why the store does not work, if it does not; the archive is the only copy then
    pub failed: Option<String>,
}

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
    patience: Patience,
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
    /// what waits to be put in; let go where it grows long, for the archive has it too
    pub lines: VecDeque<(u64, Vec<u8>)>,
    /// last position given to the store, and last it holds durably
    pub fed: u64,
    pub stored: u64,
    /// bytes given and not yet durable, and the last position that no longer counts among them
    bytes: u64,
    uncounted: u64,
    /// since when it has lain behind without ever catching up
    behind_since: Option<DateTime<Utc>>,
    /// why the store does not work, and when it was last tried again
    pub failed: Option<String>,
    tried: Option<DateTime<Utc>>,
    /// somebody waits: gather no longer
    pub hurry: bool,
    pub closed: bool,
    pub thread: Thread,
    pub jobs: VecDeque<Job>,
}

/// Whether the thread is worth waiting for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thread {
    #[default]
    Works,
    /// it did not answer in time
    Late,
    /// it has let the database go
    Ended,
}

impl State {
    /// How many events it lacks.
    pub(super) fn behind(&self) -> u64 {
        self.fed.saturating_sub(self.stored)
    }

    /// These lines are durable in the store.
    pub(super) fn hold(&mut self, lines: &[(u64, Vec<u8>)]) {
        for (position, line) in lines {
            if *position > self.uncounted && *position <= self.fed {
                self.bytes = self.bytes.saturating_sub(line.len() as u64);
            }
            self.uncounted = self.uncounted.max(*position);
            self.stored = self.stored.max(*position);
        }
        if self.behind() == 0 {
            (self.bytes, self.behind_since, self.hurry) = (0, None, false);
        }
    }

    /// Takes the time from which it lies behind.
    fn noticed(&mut self, now: DateTime<Utc>) {
        if self.behind() > 0 {
            self.behind_since.get_or_insert(now);
        }
    }

    fn is_far(&self) -> bool {
        self.behind() > STORE_LAG_EVENTS_MAX || self.bytes > STORE_LAG_BYTES_MAX
    }
}

/// What the thread is asked for, and where it answers.
#[derive(Debug)]
pub(super) enum Job {
    Slots(Sender<Result<(Slots, Option<PathBuf>), String>>),
    Lines(u64, usize, Sender<Result<PositionedLines, String>>),
    Cut(u64, Sender<Result<(), String>>),
    Follow(Reader),
    Check(Box<Checker>),
    Recover,
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Opens or creates the database; one that can't be opened is moved aside and begun anew, and one
    /// that does not open in time even then is gone without.
    /// `make_room` gives up some space when the disk is full; whether there was any.
    pub(super) fn open(
        dir: &Path,
        patience: &Patience,
        mut make_room: impl FnMut() -> bool,
    ) -> Result<(Self, Opened), JournalFault> {
        let mut moved = None;
        loop {
            let (store, reply) = Self::start(dir, patience)?;
            let broken = match reply.recv_timeout(patience.answer) {
                Ok(Ok(tail)) => return Ok((store, Opened { tail, moved })),
                Ok(Err(broken)) => broken,
                Err(_) => {
                    let late = store.too_late();
                    if moved.is_some() || !dir.exists() {
                        let mut state = store.shared.state();
                        (state.failed, state.closed) = (Some(late), true);
                        drop(state);
                        return Ok((store, Opened { tail: None, moved }));
                    }
                    Broken::Damaged(late)
                }
            };
            match broken {
                Broken::Damaged(_) if moved.is_none() && dir.exists() => {
                    moved = Some(move_aside(dir).map_err(io_fault("move aside", dir))?);
                }
                Broken::Full if make_room() => {}
                Broken::Full => {
                    return Err(JournalFault::DiskFull { place: shown(dir), short_of: ShortOf::at(dir) });
                }
                Broken::Newer(what) => {
                    return Err(JournalFault::Newer { place: shown(dir), what });
                }
                Broken::Damaged(reason) | Broken::Refused(reason) => {
                    return Err(JournalFault::Store { reason });
                }
            }
        }
    }

    fn start(
        dir: &Path,
        patience: &Patience,
    ) -> Result<(Self, Receiver<Result<Tail, Broken>>), JournalFault> {
        let shared = Arc::new(Shared::default());
        let (send, reply) = mpsc::channel();
        let keeper = Keeper::new(dir, shared.clone());
        #[cfg(feature = "simulator")]
        let keeper = keeper.hanging(patience.hang.clone());
        let thread =
            std::thread::Builder::new().name("journal-store".into()).spawn(move || keeper.run(&send));
        thread.map_err(|e| JournalFault::Store { reason: e.to_string() })?;
        Ok((Self { shared, patience: patience.clone() }, reply))
    }

    /// The thread has not answered in time and is left behind; in words.
    fn too_late(&self) -> String {
        self.shared.state().thread = Thread::Late;
        format!("no answer within {:?}", self.patience.answer)
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
    pub(super) fn follow(&self, reader: Reader, stored: u64, now: DateTime<Utc>) {
        let mut state = self.shared.state();
        (state.stored, state.fed) = (stored, reader.head().position.max(stored));
        state.uncounted = state.fed;
        state.noticed(now);
        drop(state);
        self.job(Job::Follow(reader));
    }

    /// Compares everything with the archive, when there is nothing else to do.
    pub(super) fn check(&self, reader: &Reader, data: &Path) -> Receiver<CheckReport> {
        let (send, receive) = mpsc::channel();
        self.job(Job::Check(Box::new(Checker::new(reader, data, send))));
        receive
    }

    /// Waits until the store holds everything durably, no longer than a stop may take.
    pub(super) fn wait(&self) -> Result<(), JournalFault> {
        let mut state = self.shared.state();
        state.hurry = true;
        self.shared.work.notify_all();
        let waiting = |s: &mut State| s.failed.is_none() && !s.closed && s.behind() > 0;
        let waited = self.shared.progress.wait_timeout_while(state, self.patience.stop, waiting);
        let (mut state, time) = waited.unwrap_or_else(PoisonError::into_inner);
        if time.timed_out() {
            state.thread = Thread::Late;
            let reason = format!("{} events did not get into it in time", state.behind());
            return Err(JournalFault::Store { reason });
        }
        match &state.failed {
            Some(reason) => Err(JournalFault::Store { reason: reason.clone() }),
            None => Ok(()),
        }
    }

    /// Gives it a committed batch. Never waits: what is too much to keep in memory, or comes while the
    /// store does not work, it reads in the archive later.
    pub(super) fn feed(&self, first: u64, lines: Vec<String>, now: DateTime<Utc>) {
        let mut state = self.shared.state();
        for (position, line) in (first..).zip(lines) {
            state.fed = position;
            if position > state.stored {
                state.bytes += line.len() as u64;
                state.lines.push_back((position, line.into_bytes()));
            }
        }
        if state.failed.is_some() || state.is_far() {
            state.lines.clear();
        }
        state.noticed(now);
        let again = state.tried.is_none_or(|tried| (now - tried).abs() >= RETRY_AFTER);
        if state.failed.is_some() && again && !state.closed {
            state.tried = Some(now);
            state.jobs.push_back(Job::Recover);
        }
        drop(state);
        self.shared.work.notify_all();
    }

    /// How far it lies behind.
    pub(super) fn lag(&self, now: DateTime<Utc>) -> Lag {
        let mut state = self.shared.state();
        state.noticed(now);
        Lag {
            events: state.behind(),
            bytes: state.bytes,
            since: state.behind_since,
            failed: state.failed.clone(),
        }
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
        let reply = receive.recv_timeout(self.patience.answer).unwrap_or_else(|none| match none {
            RecvTimeoutError::Timeout => Err(self.too_late()),
            RecvTimeoutError::Disconnected => Err("its thread has ended".into()),
        });
        reply.map_err(|reason| JournalFault::Store { reason })
    }
}

impl Drop for Store {
    /// Waits until the database is let go, but not for a thread that hangs.
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.closed = true;
        self.shared.work.notify_all();
        let open = |s: &mut State| s.thread == Thread::Works;
        drop(self.shared.progress.wait_timeout_while(state, self.patience.stop, open));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_answer_that_does_not_come_is_not_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let (mut store, opened) =
            Store::open(&home.path().join("store"), &Patience::default(), || false).unwrap();
        assert_eq!(opened.tail, None);
        assert_eq!(store.lines(1, 10).unwrap(), []);
        store.patience.hang.hold();
        store.patience.answer = Duration::from_millis(20);
        let hang = store.patience.hang.clone();
        for asked in [store.lines(1, 10).map(drop), store.slots().map(drop), store.cut(0)] {
            assert_eq!(asked.unwrap_err().to_string(), "the store does not work: no answer within 20ms");
        }
        drop(store);
        hang.release();
    }
}
