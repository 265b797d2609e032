//! What a person decides about mail that came in, and about the mailbox of a unit.

use super::Refusal;
use super::resolve::fits;
use crate::domain::event::{Event, NewEvent, Recipient, Stream};
use crate::domain::id::UnitId;
use crate::domain::ledger::Ledger;

/// A message is dealt with; kept in the stream of the letter it answers.
pub(super) fn handle_mail(
    ledger: &Ledger,
    received: u64,
    remark: Option<&String>,
) -> Result<Vec<NewEvent>, Refusal> {
    if let Some(remark) = remark {
        fits("remark", remark)?;
    }
    let kept = ledger.received_at(received).ok_or(Refusal::NoMail(received))?;
    if let Some(handled) = &kept.handled {
        return Err(Refusal::HandledAlready { received, by: handled.by.clone(), on: handled.on });
    }
    let stream = kept.letter.map_or(Stream::Office, Stream::Letter);
    let event = Event::MailHandled { received, remark: remark.cloned() };
    Ok(vec![NewEvent { stream, occurred_on: None, event }])
}

/// The mailbox was mended at its own end.
pub(super) fn mailbox_works(ledger: &Ledger, unit: &UnitId) -> Result<Vec<NewEvent>, Refusal> {
    let state = ledger.unit(unit).ok_or_else(|| Refusal::NoUnit(unit.clone()))?;
    if state.bounced.is_none() && ledger.mailbox(&Recipient::Unit(unit.clone())).is_none() {
        return Err(Refusal::NothingAgainst(unit.clone()));
    }
    let event = Event::MailboxMended { unit: unit.clone() };
    Ok(vec![NewEvent { stream: Stream::Unit(unit.clone()), occurred_on: None, event }])
}
