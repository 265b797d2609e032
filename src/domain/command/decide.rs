//! From a wish to events: each command's decision.

use super::seen;
use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::ending::{skip_remaining, skip_rounds, skipped};
use super::hand_over::{HandOver, hand_over};
use super::resolve::{
    claimed, first_occurrence, fits, for_all, given, has_own_date, has_own_verdict, is_one, known_task,
    on_assignment, on_letter, on_task, one_at_least, open_plan, open_slots, resolve, resolve_for_all,
};
use super::{Command, Refusal, answer, incoming, matters, office, units};
use crate::calendar::ahead;
use crate::domain::adoption::{self, Days, DeclaredPlan};
use crate::domain::agenda;
use crate::domain::changes::{self, Why};
use crate::domain::event::{
    CompletionAccepted, CompletionReturned, Event, NewEvent, PlanOwner, Recipient, SkipReason, Stream,
};
use crate::domain::id::{Digest, PlanId, TaskId, UnitId};
use crate::domain::import::{Import, ImportNote, TaskHistory};
use crate::domain::ledger::{Ledger, LetterProgress, LetterState, PlanState, Slot, State, TaskState};
use crate::domain::plan::{Due, LeadBasis, Plan, PlanHead, Task};
use crate::domain::punctuality;
use crate::domain::stage::Stage;

/// The events that a command leads to.
///
/// # Errors
/// A [`Refusal`], with nothing changed.
#[expect(clippy::too_many_lines, reason = "one arm a command, each a few lines")]
pub fn decide(ledger: &Ledger, command: &Command, now: DateTime<Utc>) -> Result<Vec<NewEvent>, Refusal> {
    let today = ledger.day_of(now);
    let begins = ledger.office().map_or(today, |office| office.begins(today, ledger.working()));
    seen::refuse_hidden(command)?;
    match command {
        Command::Accept { target, done_on, remark } => {
            if let Some(remark) = remark {
                fits("remark", remark)?;
            }
            if let Some(day) = done_on.filter(|day| *day > today) {
                return Err(Refusal::DayAhead { day, today });
            }
            let named = resolve(ledger, target)?;
            has_own_verdict(ledger, target, &named)?;
            let slots = for_all(ledger, target, named);
            let slots = if is_one(ledger, target, &slots) { slots } else { claimed(ledger, target, slots)? };
            Ok(accept(ledger, &slots, today, *done_on, remark.as_ref()))
        }
        Command::Return { target, reason, new_deadline } => {
            given("reason", reason)?;
            if let Some(new) = new_deadline.filter(|new| *new < today) {
                return Err(Refusal::DatePast { new, today });
            }
            let mut slots = resolve(ledger, target)?;
            if new_deadline.is_some() {
                has_own_date(ledger, target)?;
                slots = for_all(ledger, target, slots);
            }
            has_own_verdict(ledger, target, &slots)?;
            // One date holds for every lead that one of them answers for.
            let handed_in = claimed(ledger, target, slots.clone())?;
            let for_every = new_deadline.is_some() && is_one(ledger, target, &slots);
            let slots = if for_every { slots } else { handed_in };
            Ok(slots.iter().flat_map(|slot| send_back(ledger, *slot, reason, *new_deadline, today)).collect())
        }
        Command::Pause { target, reason } => {
            given("reason", reason)?;
            let slots = resolve_for_all(ledger, target)?;
            let events: Vec<NewEvent> = open_slots(ledger, &slots)
                .filter(|a| a.state != State::Paused)
                .flat_map(|a| {
                    let event = Event::AssignmentPaused { assignment: a.id(), reason: reason.clone() };
                    let rounds = skip_rounds(ledger, a, ledger.through(now), SkipReason::Paused);
                    rounds.into_iter().chain([on_assignment(a, event)])
                })
                .collect();
            one_at_least(events, || Refusal::AlreadyPaused(first_occurrence(ledger, &slots, target)))
        }
        Command::Resume { target } => {
            let slots = resolve_for_all(ledger, target)?;
            let rounds_from = ahead(ledger.through(now), 1);
            let events: Vec<NewEvent> = open_slots(ledger, &slots)
                .filter(|a| a.state == State::Paused)
                .map(|a| on_assignment(a, Event::AssignmentResumed { assignment: a.id(), rounds_from }))
                .collect();
            one_at_least(events, || Refusal::NotPaused(first_occurrence(ledger, &slots, target)))
        }
        Command::Settle { task, due, ground } => {
            given("ground", ground)?;
            let state = known_task(ledger, task)?;
            if !matches!(state.task.due, Due::Awaiting(_)) {
                return Err(Refusal::NotAwaiting(task.clone()));
            }
            if let Due::Awaiting(text) | Due::Done(text) = due {
                return Err(Refusal::NotADate(text.clone()));
            }
            Ok(vec![on_task(
                task,
                Event::AwaitingSettled {
                    task: task.task.clone(),
                    due: due.clone(),
                    ground: ground.clone(),
                    settled_on: begins,
                },
            )])
        }
        Command::MoveDeadline { task, until, reason, ground } => {
            move_deadline(ledger, task, *until, (reason, ground.as_deref()), Days { today, begins })
        }
        Command::Confirm { task, lead } => {
            let state = known_task(ledger, task)?;
            if state.task.lead_basis != LeadBasis::Assumed {
                return Err(Refusal::NotAssumed(task.clone()));
            }
            for unit in lead {
                ledger.unit(unit).ok_or_else(|| Refusal::NoUnit(unit.clone()))?;
            }
            let lead = if lead.is_empty() { state.task.lead.clone() } else { lead.clone() };
            Ok(confirm(ledger, task, state, lead, Days { today, begins }))
        }
        Command::ClosePlan { plan, reason } => {
            given("reason", reason)?;
            let state = open_plan(ledger, plan)?;
            Ok(close(ledger, state, reason, today))
        }
        Command::StartPlan { plan } => {
            let state = ledger.plan(plan).ok_or_else(|| Refusal::NoPlan(plan.clone()))?;
            if !state.is_being_set_up() {
                return Err(Refusal::RunsAlready(plan.clone()));
            }
            if state.owner == PlanOwner::File {
                let file = state.file.as_ref().map(|(file, _)| file.clone()).unwrap_or_default();
                return Err(Refusal::StartedByFile { plan: plan.clone(), file });
            }
            let head = PlanHead { quiet: false, ..PlanHead::clone(&state.head) };
            let tasks = state.tasks().filter(|task| task.withdrawn.is_none());
            let tasks = tasks.map(|task| Task::clone(&task.task)).collect();
            let started = adoption::started(&Plan { head: head.clone(), tasks }, begins, ledger.working());
            let changed = Event::PlanHeadChanged { head };
            Ok(vec![NewEvent { stream: started.stream.clone(), occurred_on: None, event: changed }, started])
        }
        Command::TakeOver { plan, owner, reason } => {
            given("reason", reason)?;
            let state = open_plan(ledger, plan)?;
            if state.owner == *owner {
                let owner = match owner {
                    PlanOwner::File => "file",
                    PlanOwner::Office => "office",
                };
                return Err(Refusal::SameOwner { plan: plan.clone(), owner });
            }
            let event = Event::PlanTakenOver { owner: *owner, reason: reason.clone() };
            Ok(vec![NewEvent { stream: Stream::Plan(plan.clone()), occurred_on: None, event }])
        }
        Command::AddPlan { plan, import } => {
            let id = &plan.head.id;
            if let Some(known) = import.as_ref().and_then(|import| imported(ledger, &import.note)) {
                return if known == id {
                    Ok(Vec::new())
                } else {
                    let sheet = import.as_ref().map(|import| import.note.sheet.clone()).unwrap_or_default();
                    Err(Refusal::ImportedAlready { plan: known.clone(), sheet })
                };
            }
            if ledger.plan(id).is_some() {
                return Err(Refusal::PlanExists(id.clone()));
            }
            let file = DeclaredPlan {
                file: String::new(),
                digest: Digest::ZERO,
                plan: Plan::clone(plan),
                source_text: None,
                change_reasons: std::collections::BTreeMap::new(),
                change_grounds: std::collections::BTreeMap::new(),
            };
            let mut events = adoption::first_adoption(&file, PlanOwner::Office, begins, ledger.working());
            events.pop();
            if let Some(import) = import {
                events.extend(history(plan, import));
            }
            Ok(events)
        }
        Command::SetUnit { unit } => units::set(ledger, unit, now),
        Command::SetUnits { added, changed } => units::set_all(ledger, added, changed, now),
        Command::Release { letter } => {
            let state = ledger.letter(*letter).ok_or(Refusal::NoLetter(*letter))?;
            // What nobody has woken up to end is over all the same.
            let too_late = |state: &LetterState| {
                let held = state.progress == LetterProgress::Held;
                held && ledger.office().is_some_and(|office| agenda::is_too_late(office, state, now))
            };
            if state.progress == LetterProgress::Unreleased || too_late(state) {
                return Err(Refusal::NotReleased(*letter));
            }
            if state.progress == LetterProgress::Recalled {
                return Err(Refusal::Recalled(*letter));
            }
            if state.progress != LetterProgress::Held {
                return Err(Refusal::NotHeld(*letter));
            }
            if let Recipient::Unit(unit) = &state.queued.to
                && ledger.unit(unit).is_some_and(|known| known.unit.muted)
            {
                return Err(Refusal::Muted { letter: *letter, unit: unit.clone() });
            }
            let address = corrected(ledger, state);
            Ok(vec![on_letter(*letter, Event::LetterReleased { letter: *letter, address })])
        }
        Command::Resend { letter, reason } => {
            given("reason", reason)?;
            let state = ledger.letter(*letter).ok_or(Refusal::NoLetter(*letter))?;
            match &state.progress {
                LetterProgress::Held => Err(Refusal::StillHeld(*letter)),
                LetterProgress::Unreleased => Err(Refusal::NotReleased(*letter)),
                LetterProgress::Recalled => Err(Refusal::Recalled(*letter)),
                LetterProgress::Superseded { by } => Err(Refusal::Superseded { letter: *letter, by: *by }),
                LetterProgress::Queued
                | LetterProgress::Deferred { .. }
                | LetterProgress::Unknown { .. }
                | LetterProgress::Accepted { .. }
                | LetterProgress::Refused { .. }
                | LetterProgress::Bounced { .. } => {
                    let address = corrected(ledger, state);
                    let event = Event::LetterResent { letter: *letter, address, reason: reason.clone() };
                    Ok(vec![on_letter(*letter, event)])
                }
            }
        }
        Command::Answer { answers } => answer::answer(ledger, answers, today),
        Command::GrantExtension { target, new_deadline, approver, document_number } => {
            office::grant(ledger, target, *new_deadline, (approver, document_number), today)
        }
        Command::RefuseExtension { target, reason } => office::refuse(ledger, target, reason),
        Command::SettleDispute { target, answer } => office::settle_dispute(ledger, target, answer),
        Command::Chase { targets, words } => office::chase(ledger, targets, words.as_ref()),
        Command::CloseOut { target, remark } => office::close_out(ledger, target, remark.as_ref()),
        Command::Reopen { target, reason, new_deadline } => {
            office::reopen(ledger, target, reason, *new_deadline, today)
        }
        Command::AssignMatter { matter } => matters::assign(ledger, std::slice::from_ref(matter), today),
        Command::AssignMatters { matters } => matters::assign(ledger, matters, today),
        Command::Reclassify { target, class, until, approver, reason } => {
            matters::reclassify(ledger, target, *class, *until, (approver, reason), today)
        }
        Command::TellLeader { unit, page } => office::tell_leader(ledger, unit, page),
        Command::RevokeLinks { unit, reason } => office::revoke_links(ledger, unit, reason),
        Command::MoveBulletin { step } => office::move_bulletin(ledger, step),
        Command::HandleMail { received, remark } => incoming::handle_mail(ledger, *received, remark.as_ref()),
        Command::MailboxWorks { unit } => incoming::mailbox_works(ledger, unit),
        Command::RecordAccount(change) => {
            let event = Event::AccountChanged(change.clone());
            Ok(vec![NewEvent { stream: Stream::Office, occurred_on: None, event }])
        }
        Command::AcceptClock { reason } => {
            given("reason", reason)?;
            let last = ledger.last_at().unwrap_or(now);
            let event = Event::ClockCorrected { accepted: now, last, reason: reason.clone() };
            Ok(vec![NewEvent { stream: Stream::Office, occurred_on: None, event }])
        }
    }
}

/// 时限调整: the task as if its plan's file said so; its units are told by the next letter.
fn move_deadline(
    ledger: &Ledger,
    task: &TaskId,
    until: NaiveDate,
    (reason, ground): (&str, Option<&str>),
    days: Days,
) -> Result<Vec<NewEvent>, Refusal> {
    given("reason", reason)?;
    if let Some(ground) = ground {
        given("ground", ground)?;
    }
    let state = known_task(ledger, task)?;
    if open_plan(ledger, &task.plan)?.owner == PlanOwner::File {
        return Err(Refusal::SameOwner { plan: task.plan.clone(), owner: "file" });
    }
    let Due::By(deadline) = state.task.due else { return Err(Refusal::NoDeadline) };
    if state.task.fixed {
        return Err(Refusal::FixedDeadline { deadline });
    }
    if until < days.today {
        return Err(Refusal::DatePast { new: until, today: days.today });
    }
    if until == deadline {
        return Err(Refusal::SameDeadline(deadline));
    }
    let moved = Task { due: Due::By(until), ..Task::clone(&state.task) };
    Ok(adoption::change(&task.plan, state, &moved, (Some(reason.to_owned()), ground), days, ledger))
}

/// The plan that this very sheet of this very file became.
fn imported<'l>(ledger: &'l Ledger, note: &ImportNote) -> Option<&'l PlanId> {
    let same = |known: &ImportNote| known.digest == note.digest && known.sheet == note.sheet;
    ledger.plans().find(|(_, plan)| plan.import.as_deref().is_some_and(same)).map(|(id, _)| id)
}

/// What the old ledger said of the plan's tasks, in their order.
fn history(plan: &Plan, import: &Import) -> Vec<NewEvent> {
    let of_plan = |event| NewEvent { stream: Stream::Plan(plan.head.id.clone()), occurred_on: None, event };
    let rows = plan.tasks.iter().filter_map(|task| Some((task.id.clone(), import.rows.get(&task.id)?)));
    let rows =
        rows.map(|(task, row)| Event::TaskHistoryImported(Box::new(TaskHistory { task, row: row.clone() })));
    std::iter::once(Event::PlanImported(import.note.clone())).chain(rows).map(of_plan).collect()
}

/// The unit's mailbox now, where it was corrected since the letter was written.
fn corrected(ledger: &Ledger, letter: &LetterState) -> Option<String> {
    let now = match &letter.queued.to {
        Recipient::Unit(unit) => ledger.unit(unit).and_then(|unit| unit.unit.mailbox.clone()),
        Recipient::Office => ledger.office().map(|office| office.reply_to.clone()),
        Recipient::LeaderOf(_) => None,
    };
    now.filter(|now| letter.address.as_deref() != Some(now))
}

fn accept(
    ledger: &Ledger,
    slots: &[Slot],
    today: NaiveDate,
    done_on: Option<NaiveDate>,
    remark: Option<&String>,
) -> Vec<NewEvent> {
    let mut events = skip_remaining(ledger, slots, today, SkipReason::Done);
    for assignment in open_slots(ledger, slots) {
        let counts = punctuality::accepted(ledger, assignment, done_on, today);
        events.extend(changes::noted_acceptance(ledger, assignment, counts, today));
        let (remark, counts) = (remark.cloned(), Some(counts));
        let accepted = CompletionAccepted { assignment: assignment.id(), remark, counts };
        let event = Event::CompletionAccepted(accepted);
        events.push(NewEvent { occurred_on: done_on, ..on_assignment(assignment, event) });
    }
    events
}

fn send_back(
    ledger: &Ledger,
    slot: Slot,
    reason: &str,
    new_deadline: Option<NaiveDate>,
    today: NaiveDate,
) -> Vec<NewEvent> {
    let Some(assignment) = ledger.assignment(slot).filter(|a| a.state.is_open()) else {
        return Vec::new();
    };
    let mut events = Vec::new();
    if new_deadline.is_some() {
        events.extend(skip_remaining(ledger, &[slot], today, SkipReason::Rescheduled));
        let untold = assignment.return_pending.is_some().then_some(Stage::Returned(assignment.returns));
        events.extend(skipped(assignment, untold.into_iter().collect(), SkipReason::Returned));
    } else {
        events.extend(skip_rounds(ledger, assignment, today, SkipReason::Returned));
    }
    let version = assignment.deadline_version;
    events.push(on_assignment(
        assignment,
        Event::CompletionReturned(CompletionReturned {
            assignment: assignment.id(),
            reason: reason.to_owned(),
            new_deadline,
            advised: agenda::advised(
                ledger,
                assignment.occurrence.period,
                assignment.course.opens,
                new_deadline,
            ),
            deadline_version: if new_deadline.is_some() { version.saturating_add(1) } else { version },
            stages_from: ahead(today, 1),
            counts_by: Some(punctuality::returned(assignment, new_deadline)),
        }),
    ));
    events
}

/// Confirms the lead; open occurrences change hands where it is another.
fn confirm(
    ledger: &Ledger,
    task: &TaskId,
    state: &TaskState,
    lead: Vec<UnitId>,
    Days { today, begins }: Days,
) -> Vec<NewEvent> {
    let change = if lead == state.task.lead {
        HandOver::default()
    } else {
        hand_over(ledger, task, &lead, today, begins)
    };
    let mut events = Vec::new();
    if lead != state.task.lead {
        let joining = if change.joins.is_empty() { ledger.expand(lead.iter()) } else { Vec::new() };
        events.extend(changes::noted(ledger, task, &joining, Why::default(), today));
    }
    // The lead first: the letters that these events lead to name it.
    events.push(on_task(task, Event::LeadConfirmed { task: task.task.clone(), lead }));
    events.extend(change.leaves);
    events.extend(change.joins);
    events
}

fn close(ledger: &Ledger, state: &PlanState, reason: &str, today: NaiveDate) -> Vec<NewEvent> {
    let plan = &state.head.id;
    let slots: Vec<Slot> = ledger
        .occurrences()
        .into_iter()
        .filter(|(id, _)| id.task.plan == *plan)
        .flat_map(|(_, occurrence)| occurrence.slots.iter().copied())
        .collect();
    let asked: BTreeSet<&TaskId> = open_slots(ledger, &slots).map(|open| &open.occurrence.task).collect();
    let why = Why { reason: Some(reason), ground: None };
    let mut events: Vec<NewEvent> =
        asked.into_iter().flat_map(|task| changes::noted(ledger, task, &[], why, today)).collect();
    events.extend(skip_remaining(ledger, &slots, today, SkipReason::PlanClosed));
    for assignment in open_slots(ledger, &slots) {
        events.push(on_assignment(
            assignment,
            Event::AssignmentWithdrawn { assignment: assignment.id(), reason: reason.to_owned() },
        ));
    }
    let event = Event::PlanClosed { reason: reason.to_owned() };
    events.push(NewEvent { stream: Stream::Plan(plan.clone()), occurred_on: None, event });
    events
}
