//! The stage of a rehearsal: a daemon that is started, stopped and told what day it is.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::RehearsalFault;
use crate::domain::adoption::Declared;
use crate::domain::command::Command;
use crate::domain::{Actor, Draft, Outcome};
use crate::journal::{Journal, JournalFault, Options, Patience};
use crate::link::Links;
use crate::mail::FolderMailer;
use crate::planner::{Answer, Effect, Input, Planner};
use crate::private_dir::{self, Scratch};
use crate::report::preview::issued_by;

/// The data directory, and whether it is to be left.
pub(super) struct Place {
    pub dir: PathBuf,
    scratch: Option<Scratch>,
}

impl Place {
    pub(super) fn prepare(into: Option<&Path>) -> Result<Self, RehearsalFault> {
        let fault = |path: &Path| {
            let path = path.to_owned();
            move |source| RehearsalFault::Directory { path, source }
        };
        let Some(dir) = into else {
            let scratch = Scratch::create("rehearsal").map_err(fault(&std::env::temp_dir()))?;
            return Ok(Self { dir: scratch.path().to_owned(), scratch: Some(scratch) });
        };
        private_dir::create(dir).map_err(fault(dir))?;
        if fs::read_dir(dir).map_err(fault(dir))?.next().is_some() {
            return Err(JournalFault::NotEmpty { place: dir.display().to_string() }.into());
        }
        Ok(Self { dir: dir.to_owned(), scratch: None })
    }

    /// A data directory that stays gets its second copy; a scratch one has no use for it.
    pub(super) fn open(&self, now: DateTime<Utc>) -> Result<Planner, RehearsalFault> {
        // Years are written in seconds: the copy may come long after.
        let patience = Patience { stop: Duration::from_mins(10), ..Patience::default() };
        let options = Options { sync: false, store: self.scratch.is_none(), patience, ..Options::default() };
        let (journal, _) = Journal::open(&self.dir, options, now)?;
        Ok(Planner::open(journal, now)?.with_links(Links::rehearsed()))
    }
}

/// A daemon that is started, stopped and told what day it is.
pub(super) struct Stage<'a> {
    pub declared: &'a Declared,
    pub adoptions: &'a BTreeSet<NaiveDate>,
    pub place: &'a Place,
    pub mailer: FolderMailer,
    pub planner: Option<Planner>,
    pub written: Vec<(Draft, String)>,
}

impl Stage<'_> {
    pub(super) fn stop(&mut self) -> Result<(), RehearsalFault> {
        self.planner.take().map_or(Ok(()), |planner| Ok(planner.close()?))
    }

    /// Starts where it is down; whether it was.
    pub(super) fn start(&mut self, now: DateTime<Utc>) -> Result<bool, RehearsalFault> {
        let starts = self.planner.is_none();
        if starts {
            self.planner = Some(self.place.open(now)?);
        }
        Ok(starts)
    }

    /// The sending hour of a day: files are read on a start and on the days of adoption.
    pub(super) fn sending_hour(&mut self, day: NaiveDate, starts: bool) -> Result<(), RehearsalFault> {
        let input = if starts || self.adoptions.contains(&day) {
            Input::Declared(Box::new(issued_by(self.declared, day)))
        } else {
            Input::Wake
        };
        self.give(input, self.instant(day, self.declared.office.sending_hour))?;
        Ok(())
    }

    pub(super) fn instant(&self, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        self.declared.office.zone.instant(day, time)
    }

    /// One input, all letters that follow handed over; the answer, none where the daemon is down.
    pub(super) fn give(
        &mut self,
        input: Input,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>, RehearsalFault> {
        let Some(planner) = self.planner.as_mut() else { return Ok(None) };
        if planner.held(now).is_some() {
            // A gap in which nothing was recorded, or a long outage: the clock of a rehearsal is right.
            let accept = Input::Command {
                command: Box::new(Command::AcceptClock { reason: "rehearsal".to_owned() }),
                by: Actor::file("rehearsal"),
                request: None,
            };
            let handled = planner.handle(accept, now)?;
            Self::settle(planner, &self.mailer, &mut self.written, handled.effects, now)?;
        }
        let handled = planner.handle(input, now)?;
        debug_assert!(!matches!(handled.answer, Answer::ClockHeld { .. }));
        Self::settle(planner, &self.mailer, &mut self.written, handled.effects, now)?;
        Ok(Some(handled.answer))
    }

    /// Writes what goes and tells the planner that it was taken.
    fn settle(
        planner: &mut Planner,
        mailer: &FolderMailer,
        written: &mut Vec<(Draft, String)>,
        effects: Vec<Effect>,
        now: DateTime<Utc>,
    ) -> Result<(), RehearsalFault> {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Queued { draft, subject } => written.push((*draft, subject)),
                Effect::Send(envelope) => {
                    let outcome = mailer.write(&envelope);
                    if let Outcome::Deferred(why)
                    | Outcome::Interrupted(why)
                    | Outcome::Refused(why)
                    | Outcome::Unknown(why)
                    | Outcome::NoRelay { reply: why, .. } = outcome
                    {
                        return Err(RehearsalFault::Mail(why));
                    }
                    let handled = planner.handle(Input::Outcome { letter: envelope.letter, outcome }, now)?;
                    effects.extend(handled.effects);
                }
            }
        }
        Ok(())
    }
}
