//! Keeps the second copy, on a thread of its own that alone owns the database. It follows the
//! archive: gathers what waits, puts it in, syncs; and it compares itself with the archive when idle.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::archive::Reader;
use super::check::Checker;
use super::line::{Hash, frame};
#[cfg(feature = "simulator")]
use super::patience::Hang;
use super::scan::Slots;
use super::sled_copy::{Broken, SledCopy, move_aside};
use super::store::{Job, Shared, State, Tail, Thread};

/// Most events of one transaction, and how long they are gathered.
const GATHER_EVENTS_MAX: usize = 1024;
const GATHER: Duration = Duration::from_millis(20);
/// Times a store that turns out damaged is built anew before it counts as failed.
const REBUILDS_MAX: u32 = 1;

/// What the thread has.
pub(super) struct Keeper {
    dir: PathBuf,
    shared: Arc<Shared>,
    copy: Option<SledCopy>,
    reader: Option<Reader>,
    check: Option<Box<Checker>>,
    rebuilds: u32,
    #[cfg(feature = "simulator")]
    hang: Hang,
}

enum Step {
    Job(Job),
    Lines(Vec<(u64, Vec<u8>)>),
    CatchUp,
    Check,
    End,
}

impl Keeper {
    pub(super) fn new(dir: &Path, shared: Arc<Shared>) -> Self {
        Self {
            dir: dir.to_owned(),
            shared,
            copy: None,
            reader: None,
            check: None,
            rebuilds: 0,
            #[cfg(feature = "simulator")]
            hang: Hang::default(),
        }
    }

    /// It hangs while this is held.
    #[cfg(feature = "simulator")]
    pub(super) fn hanging(self, hang: Hang) -> Self {
        Self { hang, ..self }
    }

    /// Opens the database, tells its end, and keeps it until the handle is dropped.
    pub(super) fn run(mut self, opened: &Sender<Result<Tail, Broken>>) {
        let answer = self.open();
        let works = answer.is_ok();
        if opened.send(answer).is_ok() && works {
            self.work();
        }
        self.end();
    }

    fn open(&mut self) -> Result<Tail, Broken> {
        let (copy, tail) = self.guarded(|| {
            let copy = SledCopy::open(&self.dir)?;
            let tail = copy.tail()?;
            Ok((copy, tail))
        })?;
        self.copy = Some(copy);
        Ok(tail)
    }

    fn work(&mut self) {
        loop {
            let done = match self.next_step() {
                Step::Job(job) => self.job(job),
                Step::Lines(lines) => self.append_fed(lines),
                Step::CatchUp => self.catch_up(),
                Step::Check => self.check_slice(),
                Step::End => return,
            };
            if let Err(broken) = done {
                self.broken(&broken);
            }
        }
    }

    /// Lets the database go; nobody may wait for this thread any more.
    fn end(&mut self) {
        self.drop_copy();
        let mut state = self.shared.state();
        (state.closed, state.thread) = (true, Thread::Ended);
        state.jobs.clear();
        if state.behind() > 0 && state.failed.is_none() {
            state.failed = Some("its thread has ended".into());
        }
        drop(state);
        self.shared.progress.notify_all();
    }

    fn drop_copy(&mut self) {
        let copy = self.copy.take();
        let _ = self.guarded(|| {
            drop(copy);
            Ok(())
        });
    }

    fn next_step(&mut self) -> Step {
        let mut state = self.shared.state();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Step::Job(job);
            }
            if !state.lines.is_empty() {
                let gather = |s: &mut State| {
                    s.lines.len() < GATHER_EVENTS_MAX && s.jobs.is_empty() && !s.hurry && !s.closed
                };
                let waited = self.shared.work.wait_timeout_while(state, GATHER, gather);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                let count = state.lines.len().min(GATHER_EVENTS_MAX);
                return Step::Lines(state.lines.drain(..count).collect());
            }
            if state.closed {
                return Step::End;
            }
            let follows = self.copy.is_some() && state.failed.is_none();
            if follows && self.reader.is_some() && state.behind() > 0 {
                return Step::CatchUp;
            }
            if self.check.is_some() && follows {
                return Step::Check;
            }
            state = self.shared.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn job(&mut self, job: Job) -> Result<(), Broken> {
        match job {
            Job::Slots(reply) => {
                let slots = match self.with_copy(SledCopy::slots) {
                    Err(Broken::Damaged(_)) => self.begin_anew().map(|moved| (Slots::new(), Some(moved))),
                    other => other.map(|slots| (slots, None)),
                };
                let _ = reply.send(slots.map_err(|e| e.to_string()));
            }
            Job::Lines(from, count, reply) => {
                let lines = self.with_copy(|copy| copy.lines(from, count));
                let _ = reply.send(lines.map_err(|e| e.to_string()));
            }
            Job::Cut(end, reply) => {
                let cut = self.with_copy(|copy| copy.cut(end));
                let _ = reply.send(cut.map_err(|e| e.to_string()));
            }
            Job::Follow(reader) => {
                self.reader = Some(reader);
                self.catch_up()?;
            }
            Job::Check(check) => self.check = Some(check),
            Job::Recover => {
                let failed = self.recover().err().map(|broken| broken.to_string());
                self.shared.state().failed = failed;
            }
        }
        Ok(())
    }

    /// Runs what may panic on damaged bytes.
    #[cfg_attr(not(feature = "simulator"), expect(clippy::unused_self, reason = "there the store may hang"))]
    fn guarded<T>(&self, act: impl FnOnce() -> Result<T, Broken>) -> Result<T, Broken> {
        #[cfg(feature = "simulator")]
        self.hang.pass();
        catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
            Err(Broken::Damaged(format!("sled panicked: {text}")))
        })
    }

    fn with_copy<T>(&self, act: impl FnOnce(&SledCopy) -> Result<T, Broken>) -> Result<T, Broken> {
        match &self.copy {
            Some(copy) => self.guarded(|| act(copy)),
            None => Err(Broken::Refused("it is not open".into())),
        }
    }

    /// Puts in what commits gave, and reads in the archive what they gave and was let go.
    fn append_fed(&mut self, mut lines: Vec<(u64, Vec<u8>)>) -> Result<(), Broken> {
        let stored = self.shared.state().stored;
        lines.retain(|(position, _)| *position > stored);
        match lines.first() {
            Some((first, _)) if *first > stored + 1 => self.catch_up(),
            Some(_) | None => self.append(&lines),
        }
    }

    fn append(&mut self, lines: &[(u64, Vec<u8>)]) -> Result<(), Broken> {
        let Some((position, line)) = lines.last() else {
            return Ok(());
        };
        let head = frame(line).map(|frame| (*position, frame.hash));
        self.with_copy(|copy| copy.append(lines, head))?;
        self.shared.state().hold(lines);
        self.shared.progress.notify_all();
        Ok(())
    }

    /// Copies what the archive has after the last line of the store; less where it is to end.
    fn catch_up(&mut self) -> Result<(), Broken> {
        let Some(reader) = self.reader.clone() else {
            return Ok(());
        };
        let mut chunk = Vec::with_capacity(GATHER_EVENTS_MAX);
        let (head, stored) = (reader.head().position, self.shared.state().stored);
        for line in reader.lines(stored) {
            let line = line.map_err(|e| Broken::Refused(e.to_string()))?;
            let last = line.position == head;
            chunk.push((line.position, line.bytes));
            if last || chunk.len() == GATHER_EVENTS_MAX {
                self.append(&chunk)?;
                chunk.clear();
            }
            if self.shared.state().closed {
                return Ok(());
            }
        }
        Ok(())
    }

    fn check_slice(&mut self) -> Result<(), Broken> {
        let Some(mut check) = self.check.take() else {
            return Ok(());
        };
        let more = self.with_copy(|copy| check.slice(copy));
        if more.is_err() {
            check.rebuilt();
        }
        if more.as_ref().is_ok_and(|more| !more) {
            return Ok(());
        }
        self.check = Some(check);
        more.map(|_| ())
    }

    /// A damaged database is built anew once; else the store has failed until it recovers.
    fn broken(&mut self, broken: &Broken) {
        let rebuilt = match broken {
            Broken::Damaged(_) if self.rebuilds < REBUILDS_MAX => {
                self.rebuilds += 1;
                self.rebuild()
            }
            Broken::Damaged(_) | Broken::Full | Broken::Newer(_) | Broken::Refused(_) => {
                Err(Broken::Refused(broken.to_string()))
            }
        };
        if let Err(broken) = rebuilt {
            self.check = None;
            let mut state = self.shared.state();
            state.failed = Some(broken.to_string());
            state.lines.clear();
            drop(state);
            self.shared.progress.notify_all();
        }
    }

    /// Moves the database aside and opens an empty one.
    fn begin_anew(&mut self) -> Result<PathBuf, Broken> {
        self.drop_copy();
        let moved = move_aside(&self.dir)?;
        self.copy = Some(self.guarded(|| SledCopy::open(&self.dir))?);
        Ok(moved)
    }

    fn rebuild(&mut self) -> Result<(), Broken> {
        self.begin_anew()?;
        self.copy_from(0)
    }

    fn copy_from(&mut self, stored: u64) -> Result<(), Broken> {
        self.shared.state().stored = stored;
        self.catch_up()
    }

    /// Opens again after a failure, and copies what is missing from the archive.
    fn recover(&mut self) -> Result<(), Broken> {
        self.drop_copy();
        match self.open() {
            Ok(tail) => {
                let stored = tail.filter(|(position, hash)| self.agrees(*position, *hash));
                match (stored, tail) {
                    (Some((position, _)), _) => self.copy_from(position),
                    (None, None) => self.copy_from(0),
                    (None, Some(_)) => self.rebuild(),
                }
            }
            Err(Broken::Damaged(_)) => self.rebuild(),
            Err(broken) => Err(broken),
        }
    }

    /// Whether the archive has this line.
    fn agrees(&self, position: u64, hash: Option<Hash>) -> bool {
        let line = self.reader.as_ref().and_then(|r| r.lines(position.checked_sub(1)?).next());
        let line = line.and_then(Result::ok);
        hash.is_some() && line.and_then(|line| frame(&line.bytes).map(|f| f.hash)) == hash
    }
}
