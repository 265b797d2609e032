//! One turn of the wheel: open what opens, write what goes, end what is over, send what waits.

use chrono::{DateTime, Utc};

#[cfg(feature = "simulator")]
use super::Plant;
use super::handle::Effect;
use super::{Planner, PlannerFault};
use crate::domain::agenda::{Step, Turn};
use crate::domain::command::is_mailbox;
use crate::domain::{Draft, Envelope, LetterState, Recipient, Written};
use crate::journal::Shelf;
use crate::letter::{self, Identity};

impl Planner {
    /// Does everything that has come by `now`; the letters to hand over.
    pub(super) fn advance(&mut self, now: DateTime<Utc>) -> Result<Vec<Effect>, PlannerFault> {
        if self.ledger.read().office().is_none() {
            return Ok(Vec::new());
        }
        self.advanced_at = Some(now);
        let mut turn = Turn::at(now);
        let mut effects = Vec::new();
        loop {
            let step = turn.next(&self.ledger.read(), &self.busy);
            match step {
                None => break,
                Some(Step::Record(events)) => self.record_system(events, now)?,
                Some(Step::Letter(draft)) => {
                    #[cfg(feature = "simulator")]
                    let mut draft = draft;
                    #[cfg(feature = "simulator")]
                    if self.plant == Some(Plant::StageSkipped) && effects.is_empty() {
                        leave_one_out(&mut draft);
                        if draft.items.is_empty() {
                            continue;
                        }
                    }
                    let subject = self.write(&draft, now)?;
                    effects.push(Effect::Queued { draft, subject });
                }
            }
        }
        effects.extend(self.hand_over(now)?);
        Ok(effects)
    }

    /// Writes, archives and queues a letter; its subject. Nothing is sent before this is durable.
    fn write(&mut self, draft: &Draft, now: DateTime<Utc>) -> Result<String, PlannerFault> {
        let address = match &draft.to {
            Recipient::Unit(unit) => {
                self.ledger.read().unit(unit).and_then(|state| state.unit.mailbox.clone())
            }
            Recipient::LeaderOf(unit) => self.leader_of(unit)?.map(|person| person.address),
            Recipient::Office => self.ledger.read().office().map(|office| office.reply_to.clone()),
        };
        let key = draft.letter.to_string();
        #[cfg(feature = "simulator")]
        let key = if self.plant == Some(Plant::KeyReused) { "same".to_owned() } else { key };
        let message_id = letter::message_id(self.journal.id(), &draft.to, &key);
        let identity = Identity {
            message_id: message_id.clone(),
            // One that no letter can go to, of an older duban: handing it over is refused, and nothing stops.
            address: address
                .clone()
                .filter(|address| is_mailbox(address))
                .unwrap_or_else(|| letter::ARCHIVE_ADDRESS.to_owned()),
            templates: &self.templates,
            links: self.links.as_ref(),
        };
        let written = letter::compose(draft, &identity).map_err(|source| PlannerFault::Letter {
            letter: draft.letter,
            to: draft.addressee.clone(),
            source,
        })?;
        let archived = self.journal.shelves().put(Shelf::Letters, &written.archived)?;
        let is_person = matches!(draft.to, Recipient::LeaderOf(_));
        let events = draft.queued(Written {
            message_id,
            address: address.filter(|_| !is_person),
            points: Some(written.points),
            archived,
            sent: crate::domain::Digest::of(&written.mime),
            templates: self.templates.version(),
        });
        self.record_system(events, now)?;
        Ok(written.subject)
    }

    /// The letter as it goes: the archived form with the address and the link's signature put in.
    pub(super) fn envelope(&self, state: &LetterState) -> Result<Option<Envelope>, PlannerFault> {
        let queued = &state.queued;
        let address = match (&state.address, &queued.to) {
            (Some(address), _) => Some(address.to_string()),
            (None, Recipient::LeaderOf(unit)) => self.leader_of(unit)?.map(|person| person.address),
            (None, Recipient::Unit(_) | Recipient::Office) => None,
        };
        let archived = self.sound(Shelf::Letters, queued.archived)?;
        let (Some(address), Some(archived)) = (address, archived) else { return Ok(None) };
        let link = self.links.as_ref().map(|links| (queued.letter, &links.key));
        let Ok(bytes) = letter::as_sent(&archived, &address, link) else { return Ok(None) };
        Ok(Some(Envelope {
            letter: queued.letter,
            message_id: queued.message_id.clone(),
            to: queued.to.clone(),
            address,
            from: self.ledger.read().office().map(|office| office.from.clone()).unwrap_or_default(),
            bytes,
        }))
    }
}

/// [`Plant::StageSkipped`]
#[cfg(feature = "simulator")]
fn leave_one_out(draft: &mut Draft) {
    if let Some(left_out) = draft.items.pop() {
        draft.merged.retain(|merged| merged.into != left_out.key);
    }
}
