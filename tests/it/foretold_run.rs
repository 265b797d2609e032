//! A planner that goes on without anybody, held against what was foretold of it.

use std::collections::VecDeque;
use std::path::Path;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use duban::domain::command::Command;
use duban::domain::{Actor, Draft, LetterId, LetterProgress, NewEvent, Outcome, Recorded};
use duban::journal::{Disk, Entry, FaultyDisk, Journal, Options};
use duban::planner::{Answer, Effect, Input, Planner};
use duban::report::preview::future;

use crate::simulator_days::day_of;

/// How often a planner is woken at least, so that nothing can hide between the hours it names.
const WAKE_EVERY: TimeDelta = TimeDelta::hours(5);

/// A planner of its own over the same history.
fn fork(planner: &Planner, now: DateTime<Utc>) -> Result<Planner, String> {
    let told = |fault: &dyn std::fmt::Display| fault.to_string();
    let events: Result<Vec<Recorded>, _> = planner.journal().read(0).collect();
    let events = events.map_err(|fault| told(&fault))?;
    let (first, rest) = events.split_first().ok_or("no events")?;
    let options = Options {
        disk: Disk::Faulty(FaultyDisk::new(1)),
        store: false,
        journal_id: Some(planner.journal().id()),
        ..Options::default()
    };
    let (mut journal, _) =
        Journal::open(Path::new("/fork"), options, first.recorded_at).map_err(|fault| told(&fault))?;
    for batch in rest.chunk_by(|one, other| one.batch_end == other.batch_end) {
        let entry = |recorded: &Recorded| Entry {
            by: recorded.by.clone(),
            cause: recorded.cause,
            request: recorded.request.clone(),
            events: vec![NewEvent {
                stream: recorded.stream.clone(),
                occurred_on: recorded.occurred_on,
                event: recorded.event.clone(),
            }],
        };
        let entries = batch.iter().map(entry).collect();
        journal.commit(entries, batch[0].recorded_at).map_err(|fault| told(&fault))?;
    }
    let fork = Planner::open(journal, now).map_err(|fault| told(&fault))?;
    if *fork.ledger().read() != *planner.ledger().read() {
        return Err("the fork holds another ledger".to_owned());
    }
    Ok(fork)
}

/// One input; every letter is taken at its first attempt, and released where it waits for that.
fn give(fork: &mut Planner, input: Input, now: DateTime<Utc>, written: &mut Vec<Draft>) -> Answer {
    let handled = fork.handle(input, now).unwrap();
    let mut effects = VecDeque::from(handled.effects);
    while let Some(effect) = effects.pop_front() {
        match effect {
            Effect::Queued { draft, .. } => written.push(*draft),
            Effect::Send(envelope) => {
                let outcome = Outcome::Accepted("taken".to_owned());
                let input = Input::Outcome { letter: envelope.letter, outcome };
                effects.extend(fork.handle(input, now).unwrap().effects);
            }
        }
    }
    handled.answer
}

fn command(fork: &mut Planner, command: Command, now: DateTime<Utc>, written: &mut Vec<Draft>) {
    let input = Input::Command { command: Box::new(command), by: Actor::file("test"), request: None };
    let answer = give(fork, input, now, written);
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
}

/// What a planner writes to the end of a day, nobody acting but who releases its letters. It is
/// woken whenever it asks for it, and between: then it may record nothing.
fn happens(planner: &Planner, now: DateTime<Utc>, until: NaiveDate) -> Result<Vec<Draft>, String> {
    let mut fork = fork(planner, now)?;
    let mut written = Vec::new();
    let mut at = now;
    let mut unasked = false;
    while day_of(at) <= until {
        if fork.held(at).is_some() {
            let reason = "nobody was there".to_owned();
            command(&mut fork, Command::AcceptClock { reason }, at, &mut written);
        }
        let head = fork.journal().head().position;
        give(&mut fork, Input::Wake, at, &mut written);
        if unasked && fork.journal().head().position != head {
            let work =
                fork.journal().reader().read(head).map(|event| event.unwrap().event).collect::<Vec<_>>();
            return Err(format!("at {at} the planner had work that it had not foretold: {work:?}"));
        }
        let ledger = fork.ledger();
        let held: Vec<LetterId> = ledger
            .read()
            .unsettled()
            .filter(|letter| letter.progress == LetterProgress::Held)
            .map(|letter| letter.queued.letter)
            .collect();
        for letter in held {
            let muted = {
                let ledger = ledger.read();
                let unit = ledger.letter(letter).and_then(|letter| ledger.unit(letter.unit()?));
                unit.is_some_and(|unit| unit.unit.muted)
            };
            if !muted {
                command(&mut fork, Command::Release { letter }, at, &mut written);
            }
        }
        let (asked, mark) = (fork.next_wake().filter(|asked| *asked > at), at + WAKE_EVERY);
        unasked = asked.is_none_or(|asked| asked > mark);
        at = asked.map_or(mark, |asked| asked.min(mark));
    }
    Ok(written)
}

fn shown_all(drafts: &[Draft]) -> Vec<String> {
    drafts
        .iter()
        .map(|draft| {
            let keys: Vec<String> = draft.items.iter().map(|item| item.key.to_string()).collect();
            format!("{} {} {} {:?} {keys:?}", draft.letter, draft.dated, draft.to, draft.kind())
        })
        .collect()
}

/// Holds what is foretold for so many days against what then happens.
pub fn compare(planner: &Planner, now: DateTime<Utc>, days: u64) -> Result<usize, String> {
    let until = day_of(now) + Days::new(days);
    let foretold: Vec<_> = future(planner.ledger().read().clone(), now, day_of(now), until).collect();
    let happened = happens(planner, now, until)?;
    if foretold == happened {
        return Ok(foretold.len());
    }
    let (foretold, happened) = (shown_all(&foretold), shown_all(&happened));
    if foretold == happened {
        return Err(format!("the facts of a letter differ, {now}: {happened:#?}"));
    }
    let missing: Vec<_> = happened.iter().filter(|one| !foretold.contains(one)).collect();
    let other: Vec<_> = foretold.iter().filter(|one| !happened.contains(one)).collect();
    Err(format!("{now}: happened, not foretold: {missing:#?}; foretold, did not happen: {other:#?}"))
}
