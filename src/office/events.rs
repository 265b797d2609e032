//! Stored events: byte for byte for whoever lists them, decoded for whoever reads them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::about::{About, is_about};
use super::accounts::NAMED;
use super::typed::TaskName;
use super::{Act, Caller, Needs, Office, Refused, UseCase, names};
use crate::domain::{Digest, Event, HandedIn, PlanId, Recorded, Stream, TaskId};
use crate::journal::JournalFault;
use crate::locale::message;

/// Most events of one page.
const PAGE_EVENTS_MAX: usize = 1000;

/// `events`: those after a position, a page at a time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// events after this position
    #[serde(default)]
    pub after: u64,
    /// of this task only
    #[serde(default)]
    pub task: Option<TaskName>,
}

impl UseCase for Page {
    type Answer = EventPage;
    const NAME: &'static str = "events/page";
    const ACT: Act = Act::ReadEvents;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<EventPage, Refused> {
        let task = self.task.map(|name| names::task(&office.ledger(), &name)).transpose()?;
        office.event_page(self.after, task.as_ref())
    }
}

/// Position and fingerprint of the ledger, for `audit replay`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskFingerprint {}

impl UseCase for AskFingerprint {
    type Answer = Fingerprint;
    const NAME: &'static str = "events/fingerprint";
    const ACT: Act = Act::ReadEvents;

    fn answer(self, office: &Office, _: &Caller) -> Result<Fingerprint, Refused> {
        let ledger = office.ledger();
        Ok(Fingerprint { position: ledger.head(), fingerprint: ledger.fingerprint() })
    }
}

impl Office {
    /// Lines after a position, of one task where it is named.
    ///
    /// # Errors
    /// The journal can't be read.
    pub fn event_page(&self, after: u64, task: Option<&TaskId>) -> Result<EventPage, Refused> {
        let mut page = EventPage { lines: Vec::new(), after, actors: BTreeMap::new() };
        let lines = self.wanted.each(self.reader()?.lines(after).take(PAGE_EVENTS_MAX));
        // Asked after where the lines end: it knows every letter that they tell the way of.
        let about = task.map(|task| About::of(&self.ledger(), task.clone()));
        for line in lines {
            let line = line?;
            page.after = line.position;
            let text = String::from_utf8(line.bytes).map_err(|fault| broken(&fault))?;
            if about.as_ref().is_none_or(|about| is_about(&text, about)) {
                page.lines.push(RawValue::from_string(text).map_err(|fault| broken(&fault))?);
            }
        }
        page.actors = self.actors()?;
        Ok(page)
    }

    /// How actors are shown: accounts with name and post, units by their short name.
    fn actors(&self) -> Result<BTreeMap<String, String>, Refused> {
        let accounts = self.accounts()?;
        let ledger = self.ledger();
        let units = ledger.units().map(|state| (state.unit.id.to_string(), state.unit.short.clone()));
        let known = accounts.ids().chain(NAMED).map(|id| (id.to_owned(), accounts.shown(id)));
        Ok(units.chain(known).collect())
    }

    /// The events of a plan's stream, in order; none where there are plan files alone.
    ///
    /// # Errors
    /// The journal can't be read.
    pub(super) fn plan_events(&self, plan: &PlanId) -> Result<Vec<Recorded>, Refused> {
        let Ok(reader) = self.reader() else { return Ok(Vec::new()) };
        self.wanted.each(reader.read_stream(&Stream::Plan(plan.clone()), 0)).collect()
    }

    /// What was handed in with a form, in order.
    ///
    /// # Errors
    /// The journal can't be read.
    pub fn handed_in(&self, form: &HandedIn) -> Result<Vec<Event>, Refused> {
        Ok(answers(self.reader()?.read(form.position))?)
    }
}

/// The answers of a form: they stand right behind its frame. One that can't be read is a fault, never their end.
fn answers(behind: impl Iterator<Item = Result<Recorded, JournalFault>>) -> Result<Vec<Event>, JournalFault> {
    let events = behind.map(|recorded| Ok(recorded?.event));
    events.take_while(|event| event.as_ref().map_or(true, is_answer)).collect()
}

fn is_answer(event: &Event) -> bool {
    matches!(
        event,
        Event::ReceiptAcknowledged { .. }
            | Event::ProgressReported { .. }
            | Event::CompletionClaimed { .. }
            | Event::EvidenceSubmitted(_)
            | Event::ExtensionRequested(_)
            | Event::AssignmentDisputed { .. }
    )
}

fn broken(fault: &dyn std::error::Error) -> Refused {
    Refused::fault(message("fault").with("why", &fault.to_string()))
}

/// Stored lines, byte for byte.
#[derive(Debug, Serialize, Deserialize)]
pub struct EventPage {
    /// in order
    pub lines: Vec<Box<RawValue>>,
    /// ask for what comes after this position next
    pub after: u64,
    /// how whoever the events name is shown, where that is not the event's own word
    #[serde(default)]
    pub actors: BTreeMap<String, String>,
}

/// Names a ledger, for `audit replay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// of the last event folded
    pub position: u64,
    /// of the ledger
    pub fingerprint: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Actor;

    fn recorded(position: u64, event: Event) -> Recorded {
        Recorded {
            position,
            batch_end: 3,
            recorded_at: "2021-06-23T01:00:00Z".parse().unwrap(),
            occurred_on: None,
            by: Actor::system(),
            cause: None,
            request: None,
            stream: Stream::Office,
            version: position,
            event,
            prev: Digest::ZERO,
            hash: Digest::ZERO,
        }
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_a_fault_and_never_the_end_of_a_form() {
        let signed = Event::ReceiptAcknowledged { assignment: "air/check/2021Q2/eco-env".parse().unwrap() };
        let other = Event::LargeCommandBegun { events: 1 };
        let whole = [recorded(2, signed.clone()), recorded(3, signed.clone()), recorded(4, other)];
        assert_eq!(answers(whole.into_iter().map(Ok)).unwrap(), [signed.clone(), signed.clone()]);
        let newer = JournalFault::Codec { position: 3, what: "shape 9 was written by a newer duban".into() };
        let cut = [Ok(recorded(2, signed)), Err(newer)];
        let fault = answers(cut.into_iter()).unwrap_err();
        assert_eq!(fault.to_string(), "event 3: shape 9 was written by a newer duban");
    }
}
