//! Request ids: the same asked again gets the first answer, something else under its id is refused.

use serde::Serialize;

use super::handle::{Answer, Input};
use super::people::Person;
use super::{Planner, PlannerFault};
use crate::domain::command::{Command, Refusal};
use crate::domain::{Actor, Digest, Event, Request};

/// What an input asks, and under which id; `None` where it bears none.
pub(super) fn of(input: &Input) -> Option<Request> {
    let (id, digest) = match input {
        Input::Command { command, by, request } => (request.as_ref()?, digest(by, command)),
        Input::Answer { answers, by, request, .. } => {
            (request.as_ref()?, digest(by, &Command::Answer { answers: answers.clone() }))
        }
        Input::SetLeader { unit, person, by, request } => {
            (request.as_ref()?, digest(by, &(unit, person.is_some())))
        }
        Input::SetContact { unit, person: _, by, request } => {
            (request.as_ref()?, digest(by, &(unit, "contact")))
        }
        Input::Wake | Input::Declared(_) | Input::Incoming { .. } | Input::Outcome { .. } => return None,
    };
    Some(Request { id: id.clone(), digest: Some(digest) })
}

/// Of the wish and its way in. Whose it is makes no difference: two colleagues may record the same message.
/// Never of a person: whoever has the journal could find their phone by trying.
fn digest(by: &Actor, wish: &impl Serialize) -> Digest {
    Digest::of(&serde_json::to_vec(&(by.kind, by.via, wish)).unwrap_or_default())
}

impl Planner {
    /// The answer to a request whose id is known already; `None` where it is new.
    ///
    /// One that an older version recorded without its digest can't be compared, so it is refused as well.
    pub(super) fn answered_before(
        &self,
        request: Option<&Request>,
        input: &Input,
    ) -> Result<Option<Answer>, PlannerFault> {
        let Some(request) = request else { return Ok(None) };
        let Some(known) = self.ledger.read().answered(&request.id) else { return Ok(None) };
        let position = known.position;
        if known.digest == request.digest && self.names_same_person(position, input)? {
            return Ok(Some(Answer::Done { position }));
        }
        let reused = Refusal::RequestReused { request: request.id.clone(), position };
        Ok(Some(Answer::Refused(reused)))
    }

    /// Whether an input names the person that was kept with what was recorded up to `position`. One who was
    /// forgotten since can't be compared, and counts as the same.
    fn names_same_person(&self, position: u64, input: &Input) -> Result<bool, PlannerFault> {
        let (kept, named) = match input {
            Input::Answer { person, .. } => {
                let ledger = self.ledger.read();
                let form = ledger.handed_in().iter().rev().find(|form| form.position <= position);
                (form.and_then(|form| form.submission.person), person.as_ref())
            }
            Input::SetLeader { person, .. } => (self.set_at(position)?, person.as_ref()),
            Input::SetContact { person, .. } => (self.set_at(position)?, Some(person)),
            Input::Wake
            | Input::Declared(_)
            | Input::Command { .. }
            | Input::Incoming { .. }
            | Input::Outcome { .. } => return Ok(true),
        };
        Ok(match (kept, named) {
            (None, None) => true,
            (Some(kept), Some(named)) => self.person(kept).is_none_or(|kept| is_same(&kept, named)),
            (Some(_), None) | (None, Some(_)) => false,
        })
    }

    /// The leader or contact that an event names.
    fn set_at(&self, position: u64) -> Result<Option<Digest>, PlannerFault> {
        let recorded = self.journal.read(position.saturating_sub(1)).next().transpose()?;
        Ok(recorded.and_then(|recorded| {
            if let Event::ContactChanged { contact, .. } = recorded.event {
                return Some(contact);
            }
            if let Event::UnitChanged { unit } = recorded.event { unit.leader } else { None }
        }))
    }
}

fn is_same(kept: &Person, named: &Person) -> bool {
    Person { salt: String::new(), ..kept.clone() } == Person { salt: String::new(), ..named.clone() }
}
