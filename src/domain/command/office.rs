//! What the office rules: extensions, objections, chases, reopening and closing out, links, bulletins.

use chrono::NaiveDate;

use super::ending::{rescheduled, skip_remaining};
use super::resolve::{
    answers_itself, first_occurrence, for_all, given, has_own_date, on_assignment, one_at_least, open_slots,
    resolve, resolve_any,
};
use super::{Refusal, Target};
use crate::domain::agenda;
use crate::domain::event::{
    BulletinState, BulletinStep, ChaseOrdered, Event, ExtensionGranted, LeaderPageOrdered, NewEvent,
    Rescheduled, SkipReason, Stream,
};
use crate::domain::id::UnitId;
use crate::domain::leader::{LeaderPage, PAGE_MATTERS_MAX};
use crate::domain::ledger::{Asked, Assignment, Ledger, Slot, State};

/// 延期批准: of what was asked for, or of the office's own accord with a date.
pub(super) fn grant(
    ledger: &Ledger,
    target: &Target,
    new_deadline: Option<NaiveDate>,
    (approver, document_number): (&str, &str),
    today: NaiveDate,
) -> Result<Vec<NewEvent>, Refusal> {
    given("approver", approver)?;
    given("document number", document_number)?;
    if let Some(new) = new_deadline.filter(|new| *new < today) {
        return Err(Refusal::DatePast { new, today });
    }
    let named = resolve(ledger, target)?;
    has_own_date(ledger, target)?;
    let slots = for_all(ledger, target, named.clone());
    let mut events = Vec::new();
    for slot in &slots {
        let Some(assignment) = open_slots(ledger, std::slice::from_ref(slot)).next() else { continue };
        let asked = assignment.record.as_ref().and_then(|record| record.extension.as_deref());
        let asked = asked.or_else(|| asked_for_all(ledger, &slots, assignment));
        let Some(new) = new_deadline.or(asked.map(|asked| asked.new_deadline)) else { continue };
        let again = match extended(ledger, assignment, new, today) {
            // A claim of who only leads with another is judged with that one's, and would come back to an old date.
            Err(Refusal::ClaimedAlready) if !named.contains(slot) => {
                Ok(rescheduled(ledger, assignment, new, today))
            }
            other => other,
        };
        match again {
            Ok(again) => {
                events.extend(skip_remaining(ledger, &[*slot], today, SkipReason::Rescheduled));
                let granted = ExtensionGranted {
                    assignment: assignment.id(),
                    again,
                    approver: approver.to_owned(),
                    document_number: document_number.to_owned(),
                };
                events.push(on_assignment(assignment, Event::ExtensionGranted(granted)));
            }
            Err(why) if named.contains(slot) => return Err(why),
            // Of those that another answers for, who needs none gets none.
            Err(_) => {}
        }
    }
    one_at_least(events, || Refusal::NothingAsked("extension"))
}

/// The new date of one assignment.
fn extended(
    ledger: &Ledger,
    assignment: &Assignment,
    new: NaiveDate,
    today: NaiveDate,
) -> Result<Rescheduled, Refusal> {
    let Some(deadline) = assignment.course.deadline else { return Err(Refusal::NoDeadline) };
    if ledger.task(&assignment.occurrence.task).is_some_and(|state| state.task.fixed) {
        return Err(Refusal::FixedDeadline { deadline });
    }
    if new <= deadline {
        return Err(Refusal::NoExtension { new, deadline });
    }
    if assignment.state == State::Claimed {
        return Err(Refusal::ClaimedAlready);
    }
    Ok(rescheduled(ledger, assignment, new, today))
}

/// What is asked for where one unit answers for all, by that unit or by another: one date holds for every lead.
fn asked_for_all<'a>(ledger: &'a Ledger, slots: &[Slot], assignment: &Assignment) -> Option<&'a Asked> {
    let task = &ledger.task(&assignment.occurrence.task)?.task;
    let assigned = slots.iter().filter_map(|slot| ledger.assignment(*slot));
    let (answering, others): (Vec<_>, Vec<_>) =
        assigned.partition(|other| agenda::answers_for_all(ledger, task, &other.unit));
    let asked = |other: &&'a Assignment| other.record.as_ref()?.extension.as_deref();
    answering.first()?;
    answering.iter().chain(&others).find_map(asked)
}

/// 延期驳回
pub(super) fn refuse(ledger: &Ledger, target: &Target, reason: &str) -> Result<Vec<NewEvent>, Refusal> {
    given("reason", reason)?;
    let slots = resolve(ledger, target)?;
    let asked = |a: &&Assignment| a.record.as_ref().is_some_and(|record| record.extension.is_some());
    let events = open_slots(ledger, &slots)
        .filter(asked)
        .map(|a| {
            let event = Event::ExtensionRefused { assignment: a.id(), reason: reason.to_owned() };
            on_assignment(a, event)
        })
        .collect();
    one_at_least(events, || Refusal::NothingAsked("extension"))
}

/// The office's answer to an objection.
pub(super) fn settle_dispute(
    ledger: &Ledger,
    target: &Target,
    answer: &str,
) -> Result<Vec<NewEvent>, Refusal> {
    given("answer", answer)?;
    let slots = resolve(ledger, target)?;
    let disputed = |a: &&Assignment| a.record.as_ref().is_some_and(|record| record.dispute.is_some());
    let events = open_slots(ledger, &slots)
        .filter(disputed)
        .map(|a| {
            let event = Event::DisputeSettled { assignment: a.id(), answer: answer.to_owned() };
            on_assignment(a, event)
        })
        .collect();
    one_at_least(events, || Refusal::NothingAsked("objection"))
}

/// 催办, now.
pub(super) fn chase(
    ledger: &Ledger,
    targets: &[Target],
    words: Option<&String>,
) -> Result<Vec<NewEvent>, Refusal> {
    if let Some(words) = words {
        given("word", words)?;
    }
    let mut events = Vec::new();
    for target in targets {
        let slots = resolve(ledger, target)?;
        let before = events.len();
        let chased = |a: &&Assignment| a.state.is_chased() && !agenda::is_claimed_for(ledger, a);
        events.extend(open_slots(ledger, &slots).filter(chased).map(|a| {
            let event = Event::ChaseOrdered(ChaseOrdered { assignment: a.id(), words: words.cloned() });
            on_assignment(a, event)
        }));
        if events.len() == before {
            return Err(Refusal::NotChased(first_occurrence(ledger, &slots, target)));
        }
    }
    one_at_least(events, || Refusal::NothingSaid)
}

/// 销号: a matter that was accepted.
pub(super) fn close_out(
    ledger: &Ledger,
    target: &Target,
    remark: Option<&String>,
) -> Result<Vec<NewEvent>, Refusal> {
    if ledger.task(&target.task).is_some_and(|state| state.task.matter.is_none()) {
        return Err(Refusal::NotAMatter(target.task.clone()));
    }
    answers_itself(ledger, &target.task, target.unit.as_ref())?;
    let slots = for_all(ledger, target, resolve_any(ledger, target, State::Accepted)?);
    let events = slots.iter().filter_map(|slot| ledger.assignment(*slot));
    let events = events.filter(|a| a.state == State::Accepted).map(|a| {
        let event = Event::TaskClosedOut { assignment: a.id(), remark: remark.cloned() };
        on_assignment(a, event)
    });
    one_at_least(events.collect(), || Refusal::NotAccepted(target.task.clone()))
}

/// 回头看: what was accepted or closed out is asked again.
pub(super) fn reopen(
    ledger: &Ledger,
    target: &Target,
    reason: &str,
    new_deadline: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Vec<NewEvent>, Refusal> {
    given("reason", reason)?;
    if let Some(new) = new_deadline.filter(|new| *new < today) {
        return Err(Refusal::DatePast { new, today });
    }
    if new_deadline.is_some() {
        has_own_date(ledger, target)?;
    }
    answers_itself(ledger, &target.task, target.unit.as_ref())?;
    let over = |a: &&Assignment| matches!(a.state, State::Accepted | State::ClosedOut);
    let slots = for_all(ledger, target, resolve_any(ledger, target, State::Accepted)?);
    let mut events = Vec::new();
    for assignment in slots.iter().filter_map(|slot| ledger.assignment(*slot)).filter(over) {
        let past = assignment.course.deadline.is_some_and(|deadline| deadline < today);
        if past && new_deadline.is_none() {
            return Err(Refusal::Missing("new date (its deadline is past)"));
        }
        // Its stages ended when it was accepted: those still ahead come anew, by the same date too.
        let again = new_deadline.or(assignment.course.deadline);
        let again = again.map(|new| rescheduled(ledger, assignment, new, today));
        let event = Event::TaskReopened { assignment: assignment.id(), reason: reason.to_owned(), again };
        events.push(on_assignment(assignment, event));
    }
    one_at_least(events, || Refusal::NotAccepted(target.task.clone()))
}

/// Every link sent to the unit so far opens nothing any more.
pub(super) fn revoke_links(ledger: &Ledger, unit: &UnitId, reason: &str) -> Result<Vec<NewEvent>, Refusal> {
    given("reason", reason)?;
    ledger.unit(unit).ok_or_else(|| Refusal::NoUnit(unit.clone()))?;
    let event = Event::LinksRevoked { unit: unit.clone(), reason: reason.to_owned() };
    Ok(vec![NewEvent { stream: Stream::Unit(unit.clone()), occurred_on: None, event }])
}

/// A leader's page goes as a letter once a person has released it.
pub(super) fn tell_leader(
    ledger: &Ledger,
    unit: &UnitId,
    page: &LeaderPage,
) -> Result<Vec<NewEvent>, Refusal> {
    let state = ledger.unit(unit).ok_or_else(|| Refusal::NoUnit(unit.clone()))?;
    if state.unit.leader.is_none() {
        return Err(Refusal::NoLeader(unit.clone()));
    }
    if page.matters.is_empty() {
        return Err(Refusal::NothingForLeader(unit.clone()));
    }
    if page.matters.len() > PAGE_MATTERS_MAX {
        return Err(Refusal::PageTooLong { matters: page.matters.len() });
    }
    if let Some(letter) = ledger.page_held(unit) {
        return Err(Refusal::PageHeld { unit: unit.clone(), letter });
    }
    let ordered = LeaderPageOrdered { unit: unit.clone(), page: page.clone() };
    let event = Event::LeaderPageOrdered(Box::new(ordered));
    Ok(vec![NewEvent { stream: Stream::Unit(unit.clone()), occurred_on: None, event }])
}

/// A bulletin goes on by one step: drafted (again), checked, signed, issued.
pub(super) fn move_bulletin(ledger: &Ledger, step: &BulletinStep) -> Result<Vec<NewEvent>, Refusal> {
    let last = ledger.bulletin(step.period).last().map(|before| &before.step);
    let state = last.map(|last| last.step);
    let follows = match (state, step.step) {
        (None | Some(BulletinState::Drafted | BulletinState::Checked), BulletinState::Drafted)
        | (Some(BulletinState::Drafted), BulletinState::Checked)
        | (Some(BulletinState::Checked), BulletinState::Signed)
        | (Some(BulletinState::Signed), BulletinState::Issued) => true,
        (
            _,
            BulletinState::Drafted | BulletinState::Checked | BulletinState::Signed | BulletinState::Issued,
        ) => false,
    };
    if !follows {
        return Err(Refusal::BulletinOrder { period: step.period.to_string(), step: step.step, state });
    }
    // What is checked, signed and issued is what was drafted.
    let other = last.is_some_and(|last| {
        step.step != BulletinState::Drafted
            && (last.position, last.content, last.number) != (step.position, step.content, step.number)
    });
    if other {
        return Err(Refusal::BulletinChanged(step.period.to_string()));
    }
    let event = Event::BulletinMoved(step.clone());
    Ok(vec![NewEvent { stream: Stream::Office, occurred_on: None, event }])
}
