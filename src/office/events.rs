//! Stored events, byte for byte.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::about::{About, is_about};
use super::typed::TaskName;
use super::{Act, Caller, Needs, Office, Refused, UseCase, names};
use crate::domain::{Digest, TaskId};
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
        let mut page = EventPage { lines: Vec::new(), after };
        let lines = self.reader()?.lines(after).take(PAGE_EVENTS_MAX);
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
        Ok(page)
    }
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
}

/// Names a ledger, for `audit replay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// of the last event folded
    pub position: u64,
    /// of the ledger
    pub fingerprint: Digest,
}
