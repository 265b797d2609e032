//! A unit's form: whole or not at all.

use crate::domain::text::is_blank;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Refusal;
use super::resolve::{answers_itself, on_task};
use crate::domain::answer::{
    ANSWER_BYTES_MAX, ANSWERS_MAX, AnswerItem, Answers, EVIDENCE_MAX, FILE_NAME_BYTES_MAX, ItemAnswer,
};
use crate::domain::event::{
    Event, Evidence, EvidenceSubmitted, ExtensionRequested, NewEvent, Stream, Submission,
};
use crate::domain::id::AssignmentId;
use crate::domain::ladder::LadderName;
use crate::domain::ledger::{Assignment, Ledger, State};

/// The events of a form, its frame first.
pub(super) fn answer(ledger: &Ledger, form: &Answers, today: NaiveDate) -> Result<Vec<NewEvent>, Refusal> {
    let known = ledger.unit(&form.unit).ok_or_else(|| Refusal::NoUnit(form.unit.clone()))?;
    if form.items.is_empty() && !form.becomes_contact {
        return Err(Refusal::NothingSaid);
    }
    if form.items.len() > ANSWERS_MAX {
        return Err(Refusal::TooManyAnswers { count: form.items.len() });
    }
    if let Some(said_on) = form.said_on.filter(|day| *day > today) {
        return Err(Refusal::DayAhead { day: said_on, today });
    }
    let mut seen = BTreeSet::new();
    let frame = Submission {
        receipt: ledger.next_receipt(today),
        unit: form.unit.clone(),
        letter: form.letter,
        person: form.person,
        assignments: form.items.iter().map(|item| item.assignment.clone()).collect(),
        note: form.note.clone(),
        scan: form.scan,
        acknowledged: Some(known.unit.mailbox.is_some() && !known.unit.muted),
    };
    let unit = Stream::Unit(form.unit.clone());
    let mut events =
        vec![NewEvent { stream: unit.clone(), occurred_on: None, event: Event::AnswersReceived(frame) }];
    for item in &form.items {
        let in_item = |why| Refusal::InAnswer { assignment: item.assignment.clone(), why: Box::new(why) };
        if !seen.insert(&item.assignment) {
            return Err(in_item(Refusal::AnsweredTwice));
        }
        let said = one(ledger, form, item, today).map_err(in_item)?;
        events.extend(said.into_iter().map(|event| NewEvent {
            occurred_on: form.said_on.filter(|day| *day != today),
            ..on_task(&item.assignment.occurrence.task, event)
        }));
    }
    if form.becomes_contact
        && let Some(contact) = form.person
    {
        let event = Event::ContactChanged { unit: form.unit.clone(), contact };
        events.push(NewEvent { stream: unit, occurred_on: None, event });
    }
    Ok(events)
}

fn one(ledger: &Ledger, form: &Answers, item: &AnswerItem, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let id = &item.assignment;
    if id.unit != form.unit {
        return Err(Refusal::ForeignMatter(id.clone()));
    }
    let known = ledger.slot_of(id).and_then(|slot| ledger.assignment(slot));
    let assignment = known.ok_or_else(|| Refusal::ForeignMatter(id.clone()))?;
    if assignment.course.collection {
        return Err(Refusal::AnswerItsMatters);
    }
    let occurrence = || id.occurrence.clone();
    let only_material = item.answer == ItemAnswer::Evidence;
    let answerable = assignment.state.is_open() || only_material && assignment.state.is_done();
    if !answerable {
        return Err(Refusal::NotOpen { occurrence: occurrence(), state: assignment.state.label() });
    }
    if only_material && item.evidence.is_empty() {
        return Err(Refusal::Missing("file"));
    }
    if item.evidence.len() > EVIDENCE_MAX {
        return Err(Refusal::TooManyFiles { count: item.evidence.len() });
    }
    for evidence in &item.evidence {
        check_file(evidence, today)?;
    }
    let mut events: Vec<Event> = item
        .evidence
        .iter()
        .map(|evidence| {
            Event::EvidenceSubmitted(EvidenceSubmitted { assignment: id.clone(), evidence: evidence.clone() })
        })
        .collect();
    events.extend(said(ledger, assignment, &item.answer, form.said_on.unwrap_or(today), today)?);
    Ok(events)
}

/// The answer itself; `said_on` is the day it was given, `today` the day it is recorded.
fn said(
    ledger: &Ledger,
    assignment: &Assignment,
    answer: &ItemAnswer,
    said_on: NaiveDate,
    today: NaiveDate,
) -> Result<Option<Event>, Refusal> {
    let id: AssignmentId = assignment.id();
    let claimed = assignment.state == State::Claimed;
    let event = match answer {
        ItemAnswer::Evidence => return Ok(None),
        ItemAnswer::Receipt => Event::ReceiptAcknowledged { assignment: id },
        ItemAnswer::Unchanged => Event::ProgressReported {
            assignment: id,
            text: String::new(),
            problem: None,
            next_steps: None,
            unchanged: true,
        },
        ItemAnswer::Progress { text, problem, next_steps } => {
            words("progress", text)?;
            maybe("problem", problem.as_ref())?;
            maybe("next steps", next_steps.as_ref())?;
            Event::ProgressReported {
                assignment: id,
                text: text.clone(),
                problem: problem.clone(),
                next_steps: next_steps.clone(),
                unchanged: false,
            }
        }
        ItemAnswer::Done { done_on, text } => {
            words("account of what was done", text)?;
            if assignment.course.ladder == LadderName::Avoid {
                return Err(Refusal::OnlyForetold);
            }
            answers_itself(ledger, &id.occurrence.task, Some(&id.unit))?;
            if claimed {
                return Err(Refusal::ClaimedAlready);
            }
            if *done_on > today {
                return Err(Refusal::DayAhead { day: *done_on, today });
            }
            if *done_on > said_on {
                return Err(Refusal::DoneAfterSaid { done_on: *done_on, said_on });
            }
            Event::CompletionClaimed { assignment: id, done_on: *done_on, text: text.clone() }
        }
        ItemAnswer::Extension { reason, progress, new_deadline, approval } => {
            words("reason", reason)?;
            words("progress", progress)?;
            let Some(deadline) = assignment.course.deadline else { return Err(Refusal::NoDeadline) };
            if claimed {
                return Err(Refusal::ClaimedAlready);
            }
            if ledger.task(&id.occurrence.task).is_some_and(|state| state.task.fixed) {
                return Err(Refusal::FixedDeadline { deadline });
            }
            if assignment.record.as_ref().is_some_and(|record| record.extension.is_some()) {
                return Err(Refusal::ExtensionWaits);
            }
            if said_on > deadline {
                return Err(Refusal::ExtensionLate { deadline });
            }
            if *new_deadline <= deadline {
                return Err(Refusal::NoExtension { new: *new_deadline, deadline });
            }
            Event::ExtensionRequested(ExtensionRequested {
                assignment: id,
                reason: reason.clone(),
                progress: progress.clone(),
                new_deadline: *new_deadline,
                approval: *approval,
            })
        }
        ItemAnswer::Dispute { text } => {
            words("objection", text)?;
            Event::AssignmentDisputed { assignment: id, text: text.clone() }
        }
    };
    Ok(Some(event))
}

fn words(what: &'static str, text: &str) -> Result<(), Refusal> {
    if is_blank(text) {
        return Err(Refusal::Missing(what));
    }
    fits(what, text)
}

fn maybe(what: &'static str, text: Option<&String>) -> Result<(), Refusal> {
    text.map_or(Ok(()), |text| fits(what, text))
}

fn fits(what: &'static str, text: &str) -> Result<(), Refusal> {
    if text.len() > ANSWER_BYTES_MAX {
        return Err(Refusal::AnswerTooLong { what, bytes: text.len() });
    }
    Ok(())
}

/// A name is what a person reads; it is never used as a path, and still must not look like one.
fn check_file(evidence: &Evidence, today: NaiveDate) -> Result<(), Refusal> {
    let name = &evidence.name;
    let plain = !name.trim().is_empty()
        && name.len() <= FILE_NAME_BYTES_MAX
        && !name.chars().any(|c| c.is_control() || c == '/' || c == '\\')
        && name != ".."
        && name != ".";
    if !plain {
        return Err(Refusal::FileName(name.clone()));
    }
    if evidence.bytes == 0 {
        return Err(Refusal::EmptyFile(name.clone()));
    }
    match evidence.obtained_on {
        Some(day) if day > today => Err(Refusal::DayAhead { day, today }),
        Some(_) | None => Ok(()),
    }
}
