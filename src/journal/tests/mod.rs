//! Tests of the room as a whole.

mod crash;
mod first_shapes;
mod golden;
mod hanging;
mod healing;
mod heard;
mod house;
mod matter_samples;
mod samples;
mod samples_changes;
mod single_damages;
mod witnesses;

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Entry, Options, Patience};
use crate::domain::{Actor, Event, NewEvent};

fn now() -> DateTime<Utc> {
    samples::at("2021-06-23T01:00:00.018233Z")
}

/// One event of every type.
fn every_event() -> Vec<Event> {
    samples::all().into_iter().chain(samples_changes::later()).collect()
}

/// As a daemon's, but the id is always the same, and a stop waits on a busy machine too.
fn options() -> Options {
    let patience = Patience { stop: Duration::from_mins(5), ..Patience::default() };
    let journal_id = Some(samples::name("01799c2c-9a80-7000-8000-000000000001"));
    Options { journal_id, patience, ..Options::default() }
}

fn entry(events: Vec<NewEvent>) -> Entry {
    Entry { by: Actor::system(), cause: Some(1), request: None, events }
}

fn progress(text: &str) -> NewEvent {
    let event = Event::ProgressReported {
        assignment: samples::name("air/machinery-check/2021Q2/eco-env"),
        text: text.to_owned(),
        problem: None,
        next_steps: None,
        unchanged: false,
    };
    NewEvent { stream: samples::name("plan/air"), occurred_on: None, event }
}
