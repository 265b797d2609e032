//! Letters: listed, shown as they were archived, released, sent once more.

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::typed::{UnitName, day};
use super::{Act, Caller, Done, Needs, Office, Refused, UseCase, lists, names};
use crate::domain::command::Command;
use crate::domain::{LetterId, LetterProgress, LetterState, Recipient};
use crate::journal::Shelf;
use crate::wire::{LetterEntry, LetterShown};

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
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<LetterEntry>, Refused> {
        let ledger = office.ledger();
        let unit = self.unit.as_ref().map(|name| names::unit(&ledger, name)).transpose()?;
        let wanted = |letter: &&LetterState| {
            unit.is_none_or(|unit| Some(&unit.id) == letter.queued.to.unit())
                && self.since.is_none_or(|day| letter.queued.letter.day >= day)
                && (!self.held || letter.progress == LetterProgress::Held)
                && (!self.unsettled || is_unsettled(&letter.progress))
        };
        let letters = ledger.letters().map(|(_, letter)| letter).filter(wanted);
        Ok(letters.map(|letter| lists::letter(&ledger, letter)).collect())
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
        LetterProgress::Accepted { .. } | LetterProgress::Superseded { .. } => false,
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
            ledger.letter(id).map(|state| (lists::letter(&ledger, state), state.queued.archived))
        };
        let (entry, archived) = found.ok_or_else(|| {
            Refused::decided(format!("no letter {id}")).cure("`duban letter list` shows them")
        })?;
        // One that is missing or damaged is told by `audit verify`; the rest of it is known all the same.
        let bytes = office.kept(Shelf::Letters, archived).unwrap_or_default();
        let message = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(LetterShown { entry, message })
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
        let words = format!("letter {letter} goes once more, under the same Message-ID");
        Ok(office.command(caller, 0, Command::Resend { letter, reason }, words)?.into())
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
            return Ok(Done::default().note("no letter to a unit waits for release"));
        }
        // One that may not go, or that a colleague has just released, holds up none of the others.
        Done::of_each(letters.into_iter().enumerate().map(|(nth, letter)| {
            let words = format!("letter {letter} is released");
            office.command(caller, nth, Command::Release { letter }, words)
        }))
    }
}
