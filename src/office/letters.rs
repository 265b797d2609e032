//! Letters: listed, shown as they were archived, released, sent once more.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};

use super::typed::{UnitName, day};
use super::{Act, Caller, Done, Needs, Office, Refused, UseCase, names};
use crate::domain::command::Command;
use crate::domain::{
    Ledger, LetterId, LetterKind, LetterProgress, LetterState, QueuedItem, Recipient, Stream, UnitId,
};
use crate::journal::Shelf;
use crate::locale::message;
use crate::matter::LetterAbout;
use crate::report::{LetterStep, letter_step};

/// `letter list`: the oldest first.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct List {
    /// Letters to this unit only
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitName>,
    /// Letters of this day and later
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub since: Option<NaiveDate>,
    /// Letters that wait for release
    #[arg(long)]
    #[serde(default)]
    pub held: bool,
    /// Letters without a final outcome, and those refused for good
    #[arg(long)]
    #[serde(default)]
    pub unsettled: bool,
}

impl UseCase for List {
    type Answer = Vec<LetterEntry>;
    const NAME: &'static str = "letter/list";
    const ACT: Act = Act::Read;
    const IS_OF_OWN: bool = true;
    const NEEDS: Needs = Needs::Plans;

    fn about(&self) -> Option<&UnitName> {
        self.unit.as_ref()
    }

    fn answer(self, office: &Office, caller: &Caller) -> Result<Vec<LetterEntry>, Refused> {
        let ledger = office.ledger();
        let units = names::asked_units(&ledger, self.unit.as_ref(), caller)?;
        let is_of = |units: &BTreeSet<UnitId>, letter: &LetterState| {
            letter.queued.to.unit().is_some_and(|unit| units.contains(unit))
        };
        let wanted = |letter: &&LetterState| {
            units.as_ref().is_none_or(|units| is_of(units, letter))
                && self.since.is_none_or(|day| letter.queued.letter.day >= day)
                && (!self.held || letter.progress == LetterProgress::Held)
                && (!self.unsettled || is_unsettled(&letter.progress))
        };
        let letters = ledger.letters().map(|(_, letter)| letter).filter(wanted);
        Ok(letters.map(|letter| entry(&ledger, letter)).collect())
    }
}

/// Whether a person may have to look at it.
fn is_unsettled(progress: &LetterProgress) -> bool {
    match progress {
        LetterProgress::Held
        | LetterProgress::Unreleased
        | LetterProgress::Queued
        | LetterProgress::Deferred { .. }
        | LetterProgress::Unknown { .. }
        | LetterProgress::Refused { .. }
        | LetterProgress::Bounced { .. } => true,
        LetterProgress::Recalled | LetterProgress::Accepted { .. } | LetterProgress::Superseded { .. } => {
            false
        }
    }
}

/// `letter show`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct Show {
    /// Its number, as 2021-0623-07
    pub letter: LetterId,
}

impl UseCase for Show {
    type Answer = LetterShown;
    const NAME: &'static str = "letter/show";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<LetterShown, Refused> {
        let id = self.letter;
        let found = {
            let ledger = office.ledger();
            ledger.letter(id).map(|state| (entry(&ledger, state), state.queued.archived, state.position))
        };
        let (entry, archived, queued_at) = found.ok_or_else(|| {
            Refused::decided(message("no-letter").with("letter", &id)).cure(message("cure-letter-list"))
        })?;
        // One that is missing or damaged is told by `audit verify`; the rest of it is known all the same.
        let bytes = office.kept(Shelf::Letters, archived).unwrap_or_default();
        let message = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let events = office.reader()?.read_stream(&Stream::Letter(id), queued_at.saturating_sub(1));
        let events = office.wanted.each(events);
        let steps = events.filter_map(|event| event.map(|event| letter_step(&event, id)).transpose());
        let mut steps: Vec<_> = steps.collect::<Result<_, Refused>>()?;
        let accounts = office.accounts()?;
        for step in &mut steps {
            step.by = accounts.shown(&step.by);
        }
        Ok(LetterShown { entry, steps, message })
    }
}

/// `letter resend`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// Its number, as 2021-0623-07
    pub letter: LetterId,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

impl UseCase for Resend {
    type Answer = Done;
    const NAME: &'static str = "letter/resend";
    const ACT: Act = Act::Letter;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { letter, reason } = self;
        let what = message("done-letter-resent").with("letter", &letter);
        Ok(office.command(caller, 0, Command::Resend { letter, reason }, what)?.into())
    }
}

/// `letter release`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Their numbers, as 2021-0623-07
    #[arg(required_unless_present = "all", value_name = "LETTER")]
    #[serde(default)]
    pub letters: Vec<LetterId>,
    /// All that wait, except those to county leaders, which are released one by one
    #[arg(long, conflicts_with = "letters")]
    #[serde(default)]
    pub all: bool,
}

impl UseCase for Release {
    type Answer = Done;
    const NAME: &'static str = "letter/release";
    const ACT: Act = Act::Letter;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let mut letters = self.letters;
        if self.all {
            let ledger = office.ledger();
            let held = |letter: &&LetterState| {
                letter.progress == LetterProgress::Held && matches!(letter.queued.to, Recipient::Unit(_))
            };
            letters.extend(ledger.unsettled().filter(held).map(|letter| letter.queued.letter));
        }
        if letters.is_empty() {
            return Ok(Done::nothing(caller, &message("note-none-held")));
        }
        // One that may not go, or that a colleague has just released, holds up none of the others.
        Done::of_each(
            caller,
            letters.into_iter().enumerate().map(|(nth, letter)| {
                let what = message("done-letter-released").with("letter", &letter);
                office.command(caller, nth, Command::Release { letter }, what)
            }),
        )
    }
}

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterEntry {
    /// number
    pub letter: LetterId,
    /// to whom
    pub to: Recipient,
    /// full name of the unit
    pub unit_name: String,
    /// what kind
    pub kind: LetterKind,
    /// Message-ID, without angle brackets
    pub message_id: String,
    /// its date
    pub dated: DateTime<Utc>,
    /// what it is about, in the order of its points
    #[serde(default)]
    pub about: Vec<LetterAbout>,
    /// how many points it shows
    #[serde(default)]
    pub points: usize,
    /// the stages that it ends
    pub items: Vec<QueuedItem>,
    /// `held`, `unreleased`, `queued`, `deferred`, `unknown`, `accepted`, `refused`, `bounced`, `superseded`
    pub progress: String,
    /// the server's words, or the letter that took its place
    pub reply: Option<String>,
    /// next attempt, not before
    pub retry_at: Option<DateTime<Utc>>,
    /// attempts with an outcome
    pub attempts: u32,
}

/// A letter whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterShown {
    /// as in the list
    pub entry: LetterEntry,
    /// what became of it, step by step
    #[serde(default)]
    pub steps: Vec<LetterStep>,
    /// the archived message (RFC 5322); `None` where the file is missing
    pub message: Option<String>,
}

/// All letters, by number.
#[must_use]
pub fn entries(ledger: &Ledger) -> Vec<LetterEntry> {
    ledger.letters().map(|(_, state)| entry(ledger, state)).collect()
}

/// One letter.
fn entry(ledger: &Ledger, state: &LetterState) -> LetterEntry {
    let queued = &state.queued;
    let (reply, retry_at): (Option<String>, Option<DateTime<Utc>>) = match &state.progress {
        LetterProgress::Held
        | LetterProgress::Unreleased
        | LetterProgress::Recalled
        | LetterProgress::Queued => (None, None),
        LetterProgress::Deferred { retry_at, reply, .. } | LetterProgress::Unknown { retry_at, reply } => {
            (Some(reply.clone()), Some(*retry_at))
        }
        LetterProgress::Accepted { reply }
        | LetterProgress::Refused { reply }
        | LetterProgress::Bounced { reply } => (Some(reply.clone()), None),
        LetterProgress::Superseded { by } => (Some(by.to_string()), None),
    };
    LetterEntry {
        letter: queued.letter,
        to: queued.to.clone(),
        unit_name: state.unit().map_or_else(
            || ledger.office().map(|office| office.name.clone()).unwrap_or_default(),
            |unit| ledger.unit_name(unit),
        ),
        kind: queued.kind,
        message_id: queued.message_id.clone(),
        dated: queued.dated,
        about: LetterAbout::of_letter(queued),
        points: queued.points.unwrap_or_else(|| queued.assignments().count()),
        items: queued.items.clone(),
        progress: state.progress.label().to_owned(),
        reply,
        retry_at,
        attempts: state.attempts,
    }
}
