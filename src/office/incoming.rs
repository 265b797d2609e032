//! Mail that came in: taken in, listed, marked as handled.

use std::cmp::Reverse;

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Act, Caller, Done, Needs, Office, Refused, UseCase, recorded};
use crate::domain::command::Command;
use crate::domain::{Digest, Ledger, LetterId, Received, ReceivedKind, UnitId};
use crate::intake::{self, Found};
use crate::journal::Shelf;
use crate::locale;
use crate::planner::Input;

impl Office {
    /// `intake`: keeps a message.
    ///
    /// # Errors
    /// It is no mail, or there is no room for it.
    pub fn take_in(&self, message: &[u8], caller: &Caller) -> Result<Taken, Refused> {
        let incoming = intake::read(message).map_err(|fault| {
            Refused::wrong(locale::message("mail-unreadable").within("why", fault.message()))
        })?;
        let before = self.ledger().head();
        let input = Input::Incoming { incoming, message: message.to_vec(), by: caller.actor.clone() };
        let position = recorded(self.planner()?.ask_and_wait(input)?)?;
        let ledger = self.ledger();
        let kept = ledger.received_at(position).map(|kept| taken(&ledger, kept));
        let kept = kept.ok_or_else(|| Refused::fault(locale::message("mail-not-kept")))?;
        Ok(Taken { known: position <= before, ..kept })
    }
}

/// `intake list`: what nobody has handled first, then the newest.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {}

/// A message, and what stands at its head. Who wrote it stands in the message only, never in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// the message
    #[serde(flatten)]
    pub taken: Taken,
    /// the address it says to be from; empty where the message is not there
    pub sender: String,
    /// its subject
    pub subject: String,
    /// the 反馈表 that came with it, where nobody has handled it
    pub brings: Option<String>,
}

impl UseCase for List {
    type Answer = Vec<Listed>;
    const NAME: &'static str = "intake/list";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Vec<Listed>, Refused> {
        let mut all: Vec<Taken> = {
            let ledger = office.ledger();
            ledger.received().map(|kept| taken(&ledger, kept)).collect()
        };
        let accounts = office.accounts()?;
        for handled in all.iter_mut().filter_map(|taken| taken.handled.as_mut()) {
            handled.by = accounts.shown(&handled.by);
        }
        all.sort_by_key(|taken| (!taken.unhandled, Reverse(taken.position)));
        let listed = |taken: Taken| {
            // A message that is missing is told by `audit verify`; the rest of the list is there all the same.
            let message = office.kept(Shelf::Evidence, taken.message).ok().flatten();
            let (sender, subject) = message.as_deref().map(intake::headline).unwrap_or_default();
            let brings = message.as_deref().and_then(|message| brings(message, &taken, caller));
            Listed { taken, sender, subject, brings }
        };
        Ok(all.into_iter().map(listed).collect())
    }
}

/// `反馈表 3项`, where one came with a message that nobody has handled.
fn brings(message: &[u8], taken: &Taken, caller: &Caller) -> Option<String> {
    if !taken.unhandled || taken.kind != "reply" {
        return None;
    }
    let proposal = intake::proposal(message, taken.taken_on).ok()?;
    match proposal.found {
        Found::Form(form) if proposal.further.is_empty() => Some(format!("反馈表 {}项", form.rows.len())),
        Found::Form(form) => Some(format!("反馈表 {}项，另有{}份", form.rows.len(), proposal.further.len())),
        Found::Unreadable { .. } => Some(caller.told(&locale::message("form-brought-unreadable"))),
        Found::Nothing | Found::Packed { .. } => None,
    }
}

/// `intake done`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handled {
    /// Positions of the events that keep them
    #[arg(required = true, value_name = "EVENT")]
    pub events: Vec<u64>,
    /// What came of it
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
}

impl UseCase for Handled {
    type Answer = Done;
    const NAME: &'static str = "intake/done";
    const ACT: Act = Act::Record;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        // One that a colleague has just marked holds up none of the others.
        Done::of_each(
            caller,
            self.events.iter().copied().enumerate().map(|(nth, received)| {
                let what = locale::message("done-mail-handled").with("event", &received);
                let command = Command::HandleMail { received, remark: self.remark.clone() };
                office.command(caller, nth, command, what)
            }),
        )
    }
}

/// A message as lists tell it.
pub(super) fn taken(ledger: &Ledger, kept: &Received) -> Taken {
    let kind = match kept.kind {
        ReceivedKind::Reply => "reply",
        ReceivedKind::Automatic => "automatic",
        ReceivedKind::Unclear => "unclear",
        ReceivedKind::Bounce => "bounce",
    };
    let letter = kept.letter.and_then(|letter| ledger.letter(letter));
    Taken {
        position: kept.position,
        known: true,
        message: kept.message,
        kind: kind.to_owned(),
        letter: kept.letter,
        unit: letter.and_then(|letter| letter.unit().cloned()),
        taken_on: kept.taken_on,
        unhandled: ledger.is_unhandled(kept),
        handled: kept.handled.clone().map(|handled| MailHandled {
            by: handled.by,
            on: handled.on,
            remark: handled.remark,
        }),
    }
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// position of the event that keeps it
    pub position: u64,
    /// it was kept before: nothing changed
    pub known: bool,
    /// the message itself, in `evidence/`
    pub message: Digest,
    /// `reply`, `automatic`, `unclear` or `bounce`
    pub kind: String,
    /// the letter it answers
    pub letter: Option<LetterId>,
    /// its unit
    pub unit: Option<UnitId>,
    /// the day it was taken in
    pub taken_on: NaiveDate,
    /// a person still has something to do about it
    #[serde(default)]
    pub unhandled: bool,
    /// who has dealt with it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled: Option<MailHandled>,
}

/// That somebody has dealt with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailHandled {
    /// the account
    pub by: String,
    /// the day, in the office's zone
    pub on: NaiveDate,
    /// what came of it
    pub remark: Option<String>,
}
