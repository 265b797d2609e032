//! One input, one commit, and what follows from it.

use chrono::{DateTime, Utc};

use super::people::Person;
use super::request;
use super::{CLOCK_AHEAD_MAX, CLOCK_BEHIND_MAX, Planner, PlannerFault};
use crate::domain::adoption::{self, Declared, Finding};
use crate::domain::command::{self, Command, Refusal};
use crate::domain::{
    Actor, Answers, Digest, Draft, Envelope, Event, Incoming, Ledger, LetterId, NewEvent, Outcome, Request,
    Stream, UnitId, Via, incoming, quota,
};
use crate::journal::{EVENT_BYTES_MAX, Shelf};

/// Room for what an event's line holds beside type and data: hashes, request, actor, stream.
const EVENT_BYTES_AROUND: usize = 4096;

/// Mail that comes in is kept only while as much stays free, in bytes.
pub const MAIL_LEAVES_BYTES: u64 = 64 * 1024 * 1024;

/// What comes to the planner.
#[derive(Debug, Clone)]
pub enum Input {
    /// a clock says that time has passed; losing or doubling one changes nothing
    Wake,
    /// what the files say now
    Declared(Box<Declared>),
    /// what a person wants
    Command {
        /// the wish
        command: Box<Command>,
        /// whose
        by: Actor,
        /// its id, so that a repeat returns the first answer
        request: Option<String>,
    },
    /// a unit's form, with whoever filled it in; the person is kept apart from the journal
    Answer {
        /// all of it; its `person` is set from the one beside it
        answers: Box<Answers>,
        /// who filled it in, as they say
        person: Option<Person>,
        /// whose
        by: Actor,
        /// its id, so that a repeat returns the first answer
        request: Option<String>,
    },
    /// a unit's leader, kept apart from the journal
    SetLeader {
        /// of which unit
        unit: UnitId,
        /// who; nobody where `None`: the person's file is deleted
        person: Option<Person>,
        /// whose wish
        by: Actor,
        /// its id, so that a repeat returns the first answer
        request: Option<String>,
    },
    /// a unit's contact (联络员), as the office names them; kept apart from the journal
    SetContact {
        /// of which unit
        unit: UnitId,
        /// who
        person: Person,
        /// whose wish
        by: Actor,
        /// its id, so that a repeat returns the first answer
        request: Option<String>,
    },
    /// mail that came in
    Incoming {
        /// what was read of it
        incoming: Incoming,
        /// the message itself
        message: Vec<u8>,
        /// who brought it
        by: Actor,
    },
    /// what became of a letter
    Outcome {
        /// which
        letter: LetterId,
        /// what
        outcome: Outcome,
    },
}

/// What the caller has to do, after everything is durable.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// a letter was written; for logs and rehearsals
    Queued {
        /// its facts
        draft: Box<Draft>,
        /// its subject
        subject: String,
    },
    /// hand this letter over
    Send(Envelope),
}

/// The answer to an input.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// recorded up to this position; the same again for a repeated request
    Done {
        /// position of the last event, or of the first answer
        position: u64,
    },
    /// nothing changed
    Refused(Refusal),
    /// files taken; these disagree without an event
    Declared(Vec<Finding>),
    /// decisions are held: the clock stands at `now`, the last event at `last`
    ClockHeld {
        /// of the clock
        now: DateTime<Utc>,
        /// of the journal
        last: DateTime<Utc>,
    },
}

/// Effects and answer of one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Handled {
    /// what to do now
    pub effects: Vec<Effect>,
    /// what to tell whoever asked
    pub answer: Answer,
}

impl Planner {
    /// Handles one input at the instant `now`.
    ///
    /// # Errors
    /// A [`PlannerFault`]: the caller must stop, and a new start finds everything acknowledged.
    pub fn handle(&mut self, input: Input, now: DateTime<Utc>) -> Result<Handled, PlannerFault> {
        let held = self.held(now);
        let request = request::of(&input);
        if let Some(answer) = self.answered_before(request.as_ref(), &input)? {
            return Ok(Handled { effects: Vec::new(), answer });
        }
        match (input, held) {
            (Input::Outcome { letter, outcome }, held) => {
                // What happened is recorded all the same, but at no instant that would settle the clock.
                self.outcomes(vec![(letter, outcome)], now, held)
            }
            (Input::Command { command, by, .. }, Some(_))
                if matches!(*command, Command::AcceptClock { .. }) =>
            {
                self.accept_clock(&command, &by, request, now)
            }
            (input, Some(last)) => {
                if let Input::Declared(declared) = input {
                    self.waiting = Some(declared);
                }
                Ok(Handled { effects: Vec::new(), answer: Answer::ClockHeld { now, last } })
            }
            (Input::Wake, None) => {
                let effects = self.advance(now)?;
                Ok(self.done(effects))
            }
            (Input::Declared(declared), None) => {
                self.declared(&declared, now)?;
                let effects = self.advance(now)?;
                Ok(Handled { effects, answer: Answer::Declared(self.findings.clone()) })
            }
            (Input::Command { command, by, .. }, None) => self.command(&command, &by, request, now),
            (Input::Answer { answers, person, by, .. }, None) => {
                self.answer(*answers, person.as_ref(), &by, request, now)
            }
            (Input::Incoming { incoming, message, by }, None) => self.incoming(&incoming, &message, &by, now),
            (Input::SetLeader { unit, person, by, .. }, None) => {
                self.set_leader(&unit, person.as_ref(), &by, request, now)
            }
            (Input::SetContact { unit, person, by, .. }, None) => {
                self.set_contact(unit, &person, &by, request, now)
            }
        }
    }

    /// The instant of the last event, where the clock is too far from it to be believed.
    #[must_use]
    pub fn held(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let ledger = self.ledger.read();
        // A journal without an office has decided nothing yet.
        ledger.office()?;
        let last = ledger.last_at()?;
        (last - now > CLOCK_BEHIND_MAX || now - last > CLOCK_AHEAD_MAX).then_some(last)
    }

    fn done(&self, effects: Vec<Effect>) -> Handled {
        Handled { effects, answer: Answer::Done { position: self.ledger.read().head() } }
    }

    fn declared(&mut self, declared: &Declared, now: DateTime<Utc>) -> Result<(), PlannerFault> {
        let (events, findings) = {
            let ledger = self.ledger.read();
            let today = declared.office.zone.date_of(now);
            adoption::adopt(&ledger, declared, today)
        };
        if !events.is_empty() {
            self.record_command(&Actor::file("schedules"), None, events, now)?;
        }
        self.findings = findings;
        Ok(())
    }

    fn command(
        &mut self,
        command: &Command,
        by: &Actor,
        request: Option<Request>,
        now: DateTime<Utc>,
    ) -> Result<Handled, PlannerFault> {
        if matches!(command, Command::AcceptClock { .. }) {
            return Ok(Handled { effects: Vec::new(), answer: Answer::Refused(Refusal::ClockNotHeld) });
        }
        let events = match self.decided(command, by, now) {
            Ok(events) => events,
            Err(refusal) => {
                return Ok(Handled { effects: Vec::new(), answer: Answer::Refused(refusal) });
            }
        };
        let other_owner = events.iter().any(|new| matches!(new.event, Event::PlanTakenOver { .. }));
        let position = if events.is_empty() {
            self.ledger.read().head()
        } else {
            self.record_command(by, request, events, now)?
        };
        if let Some(bell) = self.owner_changed.as_ref().filter(|_| other_owner) {
            bell.notify_one();
        }
        let effects = self.advance(now)?;
        Ok(Handled { effects, answer: Answer::Done { position } })
    }

    /// The events of a wish, where the rules, the day's quota and the journal's line allow them.
    fn decided(&self, command: &Command, by: &Actor, now: DateTime<Utc>) -> Result<Vec<NewEvent>, Refusal> {
        let ledger = self.ledger.read();
        let events = command::decide(&ledger, command, now)?;
        if let Command::Answer { answers } = command
            && by.via == Via::Link
        {
            link_allows(&ledger, answers, &events, now)?;
        }
        too_long(&events).map_or(Ok(events), Err)
    }

    /// Keeps the person once the form is found good, so that one refused leaves nobody's name behind.
    fn answer(
        &mut self,
        mut answers: Answers,
        person: Option<&Person>,
        by: &Actor,
        request: Option<Request>,
        now: DateTime<Utc>,
    ) -> Result<Handled, PlannerFault> {
        if let Some(person) = person {
            answers.person = Some(Digest::ZERO);
            let command = Command::Answer { answers: Box::new(answers.clone()) };
            if let Err(refusal) = self.decided(&command, by, now) {
                return Ok(Handled { effects: Vec::new(), answer: Answer::Refused(refusal) });
            }
            answers.person = Some(self.keep(person)?);
        }
        self.command(&Command::Answer { answers: Box::new(answers) }, by, request, now)
    }

    fn accept_clock(
        &mut self,
        command: &Command,
        by: &Actor,
        request: Option<Request>,
        now: DateTime<Utc>,
    ) -> Result<Handled, PlannerFault> {
        let decided = command::decide(&self.ledger.read(), command, now);
        match decided {
            Err(refusal) => Ok(Handled { effects: Vec::new(), answer: Answer::Refused(refusal) }),
            Ok(events) => {
                let position = self.record_command(by, request, events, now)?;
                if let Some(declared) = self.waiting.take() {
                    self.declared(&declared, now)?;
                }
                let effects = self.advance(now)?;
                Ok(Handled { effects, answer: Answer::Done { position } })
            }
        }
    }

    /// Keeps a message; one that is known already changes nothing.
    fn incoming(
        &mut self,
        incoming: &Incoming,
        message: &[u8],
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Handled, PlannerFault> {
        let digest = Digest::of(message);
        let known = incoming::known(&self.ledger.read(), message).map(|kept| kept.position);
        if let Some(position) = known {
            return Ok(Handled { effects: Vec::new(), answer: Answer::Done { position } });
        }
        // Anybody can send mail: it may not use up what the journal and the letters need.
        let needs_bytes = MAIL_LEAVES_BYTES.saturating_add(message.len() as u64);
        if let Some(free_bytes) = self.journal.shelves().free_bytes().filter(|free| *free < needs_bytes) {
            let refusal = Refusal::NoRoom { needs_bytes, free_bytes };
            return Ok(Handled { effects: Vec::new(), answer: Answer::Refused(refusal) });
        }
        self.journal.shelves().put(Shelf::Evidence, message)?;
        let kept = {
            let ledger = self.ledger.read();
            incoming::kept(&ledger, incoming, digest, ledger.day_of(now))
        };
        let position = self.record_command(by, None, vec![kept], now)?;
        Ok(Handled { effects: Vec::new(), answer: Answer::Done { position } })
    }

    fn set_leader(
        &mut self,
        unit: &UnitId,
        person: Option<&Person>,
        by: &Actor,
        request: Option<Request>,
        now: DateTime<Utc>,
    ) -> Result<Handled, PlannerFault> {
        let known = self.ledger.read().unit(unit).map(|state| state.unit.clone());
        let Some(known) = known else {
            return Ok(Handled {
                effects: Vec::new(),
                answer: Answer::Refused(Refusal::NoUnit(unit.clone())),
            });
        };
        if let Some(bad) = person.filter(|person| !command::is_mailbox(&person.address)) {
            let answer = Answer::Refused(Refusal::BadMailbox(bad.address.clone()));
            return Ok(Handled { effects: Vec::new(), answer });
        }
        let changed = match person {
            Some(person) => self.led_by(&known, person)?,
            None => crate::domain::Unit { leader: None, ..(*known).clone() },
        };
        let handled = self.command(&Command::SetUnit { unit: changed }, by, request, now)?;
        if let Some(old) = known.leader {
            self.journal.shelves().forget(old)?;
        }
        Ok(handled)
    }

    fn set_contact(
        &mut self,
        unit: UnitId,
        person: &Person,
        by: &Actor,
        request: Option<Request>,
        now: DateTime<Utc>,
    ) -> Result<Handled, PlannerFault> {
        if self.ledger.read().unit(&unit).is_none() {
            let answer = Answer::Refused(Refusal::NoUnit(unit));
            return Ok(Handled { effects: Vec::new(), answer });
        }
        let contact = self.keep(person)?;
        let stream = Stream::Unit(unit.clone());
        let event = Event::ContactChanged { unit, contact };
        let changed = NewEvent { stream, occurred_on: None, event };
        let position = self.record_command(by, request, vec![changed], now)?;
        Ok(Handled { effects: Vec::new(), answer: Answer::Done { position } })
    }

    /// Records what became of letters and hands over those there is room for now.
    fn outcomes(
        &mut self,
        outcomes: Vec<(LetterId, Outcome)>,
        now: DateTime<Utc>,
        held: Option<DateTime<Utc>>,
    ) -> Result<Handled, PlannerFault> {
        self.record_outcomes(outcomes, held.unwrap_or(now))?;
        let effects = if held.is_some() { Vec::new() } else { self.hand_over(now)? };
        Ok(self.done(effects))
    }

    /// As many [`Input::Outcome`]s, at most [`super::OUTCOMES_PER_COMMIT_MAX`], recorded with one sync.
    ///
    /// # Errors
    /// As [`Planner::handle`].
    pub fn handle_outcomes(
        &mut self,
        outcomes: Vec<(LetterId, Outcome)>,
        now: DateTime<Utc>,
    ) -> Result<Handled, PlannerFault> {
        let held = self.held(now);
        self.outcomes(outcomes, now, held)
    }
}

/// Whether a form that came through a link is still taken today.
fn link_allows(
    ledger: &Ledger,
    form: &Answers,
    events: &[NewEvent],
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let Some(link) = form.letter else { return Ok(()) };
    let bytes = quota::journal_bytes(events.iter().map(|new| &new.event));
    let used_up = quota::used_up(ledger, &form.unit, link, ledger.day_of(now), bytes);
    used_up.map_or(Ok(()), |what| Err(Refusal::LinkUsedUp(what)))
}

/// What a person asks for and no event can hold is a decision, not a fault that ends the daemon.
fn too_long(events: &[NewEvent]) -> Option<Refusal> {
    let max = EVENT_BYTES_MAX - EVENT_BYTES_AROUND;
    events.iter().find_map(|new| {
        let bytes = serde_json::to_vec(&new.event).map_or(usize::MAX, |json| json.len());
        (bytes > max).then_some(Refusal::EventTooLong { bytes, max })
    })
}
