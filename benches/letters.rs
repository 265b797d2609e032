//! What a letter that a server has taken costs in memory: many of them folded as a start folds them.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench prints, and stops where it can't go on"
)]

use chrono::{DateTime, Days, NaiveDate, Utc};
use duban::domain::{
    Actor, AssignmentId, Digest, Event, LadderName, Ledger, LetterId, LetterKind, Merged, Opened, Queued,
    QueuedItem, Recipient, Recorded, Stage, StageKey, Stream,
};

const LETTERS: u64 = 100_000;
const MATTERS: u64 = 1_000;
/// Letters of one day.
const A_DAY: u64 = 200;
/// Points of a letter, and stages that another stands for.
const POINTS: u64 = 4;
const MERGED: u64 = 2;

fn main() {
    let mut ledger = Ledger::default();
    for number in 0..MATTERS {
        apply(&mut ledger, &Event::OccurrenceOpened(opened(number)));
    }
    let before = resident_bytes();
    for number in 0..LETTERS {
        let queued = queued(number);
        let letter = queued.letter;
        apply(&mut ledger, &Event::LetterQueued(queued));
        let reply = format!("250 2.0.0 Ok: queued as {number:012X}");
        apply(&mut ledger, &Event::LetterAccepted { letter, reply });
    }
    let bytes = resident_bytes() - before;
    let told = (ledger.letters().count(), bytes / LETTERS);
    println!("{} letters of {POINTS} points and {MERGED} merged stages: {} bytes each", told.0, told.1);
}

/// As a start reads it: nothing of the event is shared with another.
fn apply(ledger: &mut Ledger, event: &Event) {
    let text = serde_json::to_string(event).expect("JSON");
    let position = ledger.head() + 1;
    ledger.apply(&Recorded {
        position,
        batch_end: position,
        recorded_at: DateTime::<Utc>::UNIX_EPOCH,
        occurred_on: None,
        by: Actor::system(),
        cause: None,
        request: None,
        stream: Stream::Office,
        version: position,
        event: serde_json::from_str(&text).expect("an event"),
        prev: Digest::ZERO,
        hash: Digest::ZERO,
    });
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 6, 1).expect("a day") + Days::new(number)
}

fn matter(number: u64) -> AssignmentId {
    let number = number % MATTERS;
    let id = format!("yangcheng-2021-air/matter-{number}/2021Q2/unit-{}", number % 50);
    id.parse().expect("a matter")
}

fn opened(number: u64) -> Opened {
    let id = matter(number);
    Opened {
        occurrence: id.occurrence,
        opens: day(0),
        ends: None,
        deadline: Some(day(3000)),
        advised: None,
        ladder: LadderName::Standard,
        ladder_version: 1,
        notice: false,
        by_adoption: false,
        stages_from: day(0),
        chased: true,
        units: vec![id.unit],
    }
}

fn queued(number: u64) -> Queued {
    let unit = matter(number).unit;
    let key = |at: u64, stage| StageKey { assignment: matter(number + 50 * at), deadline_version: 1, stage };
    let merged = |at| Merged { key: key(at, Stage::lead(30)), into: key(at, Stage::lead(7)) };
    Queued {
        points: None,
        letter: LetterId {
            day: day(number / A_DAY),
            number: u32::try_from(number % A_DAY).expect("small") + 1,
        },
        address: Some(format!("{unit}@county.example")),
        to: Recipient::Unit(unit),
        kind: LetterKind::Daily,
        message_id: format!("{number:032x}@duban"),
        dated: DateTime::<Utc>::UNIX_EPOCH,
        held: false,
        items: (0..POINTS).map(|at| QueuedItem { key: key(at, Stage::lead(7)), late: false }).collect(),
        merged: (0..MERGED).map(merged).collect(),
        carried: Vec::new(),
        receipt: None,
        archived: Digest::of(&number.to_be_bytes()),
        sent: Digest::of(&number.to_le_bytes()),
        templates: Some(Digest::ZERO),
        checkpoint: None,
    }
}

/// Resident memory of this process.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) * 1024
}
