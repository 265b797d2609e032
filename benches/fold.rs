//! A fold of a million events, beside only reading and only parsing the same lines.
//! `cargo bench --bench fold`.
#![expect(clippy::disallowed_methods, clippy::cast_precision_loss, reason = "a bench measures")]
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench prints, and stops where it fails")]

#[path = "world.rs"]
mod world;

use std::path::Path;
use std::time::Instant;

use duban::domain::{
    Actor, AssignmentId, CompletionAccepted, Digest, Event, Ledger, LetterId, LetterKind, NewEvent,
    OccurrenceId, Queued, QueuedItem, Recipient, SkipReason, Stage, StageKey, Stream,
};
use duban::journal::{BATCH_EVENTS_MAX, Entry, Journal, Options};
use duban::planner::{Input, Planner};

const EVENTS: usize = 1_000_000;
const UNITS: usize = 500;
/// Events that one matter leads to once it is open: letter, outcome, stages, acceptance.
const OF_A_MATTER: usize = 4;

fn main() {
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let dir = home.path().join("data");
    write(&dir);
    let options = Options { store: false, sync: false, ..Options::default() };
    let (journal, _) = Journal::open(&dir, options, chrono::DateTime::UNIX_EPOCH).expect("a journal");

    let begun = Instant::now();
    let (mut lines, mut bytes) = (0usize, 0usize);
    for line in journal.lines(0) {
        let line = line.expect("a line");
        lines += 1;
        bytes += line.bytes.len();
    }
    let reading = begun.elapsed();

    let begun = Instant::now();
    for line in journal.lines(0) {
        let line = line.expect("a line");
        let value: serde_json::Value = serde_json::from_slice(&line.bytes).expect("JSON");
        std::hint::black_box(value);
    }
    let parsing = begun.elapsed();

    let before = resident_mib();
    let begun = Instant::now();
    let ledger = Ledger::fold(journal.read(0)).expect("events");
    let folding = begun.elapsed();
    let rate = |took: std::time::Duration| lines as f64 / took.as_secs_f64() / 1e6;
    println!("{lines} events, {} MiB", bytes >> 20);
    println!("read and hash      {:>6.2} M events/s", rate(reading));
    println!("and parse as JSON  {:>6.2} M events/s (the floor)", rate(parsing));
    println!(
        "and decode, fold   {:>6.2} M events/s, ratio to the floor {:.2}",
        rate(folding),
        parsing.as_secs_f64() / folding.as_secs_f64()
    );
    println!("ledger of {} matters: about {} MiB", ledger.assignments().count(), resident_mib() - before);
}

/// A journal of [`EVENTS`]: adopted plans, then for each matter a letter, its outcome and its end.
fn write(dir: &Path) {
    let matters = EVENTS / (OF_A_MATTER + 2);
    let (issued, due) = (world::day("2021-05-30"), world::day("2021-12-31"));
    let declared = world::declared(UNITS, matters / UNITS, issued, due);
    let now = declared.office.zone.instant(issued, declared.office.sending_hour);
    let options = Options { store: false, sync: false, ..Options::default() };
    let (journal, _) = Journal::open(dir, options.clone(), now).expect("a journal");
    let mut planner = Planner::open(journal, now).expect("a planner");
    planner.handle(Input::Declared(Box::new(declared)), now).expect("adopted");
    let assignments: Vec<AssignmentId> =
        planner.ledger().read().assignments().map(duban::domain::Assignment::id).collect();
    planner.close().expect("closed");
    let (mut journal, _) = Journal::open(dir, options, now).expect("a journal");
    let mut batch = Vec::new();
    for (number, assignment) in (1..).zip(assignments) {
        batch.extend(life(number, &assignment));
        if batch.len() + OF_A_MATTER > BATCH_EVENTS_MAX {
            commit(&mut journal, std::mem::take(&mut batch), now);
        }
    }
    commit(&mut journal, batch, now);
}

fn commit(journal: &mut Journal, events: Vec<NewEvent>, now: chrono::DateTime<chrono::Utc>) {
    let entry = Entry { by: Actor::system(), cause: None, request: None, events };
    journal.commit(vec![entry], now).expect("a commit");
}

fn life(number: u32, assignment: &AssignmentId) -> [NewEvent; OF_A_MATTER] {
    let occurrence: &OccurrenceId = &assignment.occurrence;
    let letter = LetterId { day: world::day("2021-12-01"), number };
    let key = |stage| StageKey { assignment: assignment.clone(), deadline_version: 1, stage };
    let on_letter = |event| NewEvent { stream: Stream::Letter(letter), occurred_on: None, event };
    let on_plan =
        |event| NewEvent { stream: Stream::Plan(occurrence.task.plan.clone()), occurred_on: None, event };
    let queued = Queued {
        points: None,
        letter,
        to: Recipient::Unit(assignment.unit.clone()),
        kind: LetterKind::Daily,
        address: Some(format!("{}@duban.example", assignment.unit)),
        message_id: format!("{number:032x}@duban"),
        dated: chrono::DateTime::UNIX_EPOCH,
        held: false,
        items: vec![QueuedItem { key: key(Stage::lead(30)), late: false }],
        merged: Vec::new(),
        carried: Vec::new(),
        receipt: None,
        archived: Digest::of(&number.to_be_bytes()),
        sent: Digest::of(&number.to_le_bytes()),
        templates: None,
        checkpoint: None,
    };
    let skipped = vec![key(Stage::lead(7)), key(Stage::lead(1)), key(Stage::Due)];
    [
        on_letter(Event::LetterQueued(queued)),
        on_letter(Event::LetterAccepted { letter, reply: "250 2.0.0 Ok: queued as 4F2A".to_owned() }),
        on_plan(Event::StagesSkipped { stages: skipped, why: SkipReason::Done }),
        on_plan(Event::CompletionAccepted(CompletionAccepted {
            assignment: assignment.clone(),
            remark: None,
            counts: None,
        })),
    ]
}

/// Resident memory of this process, in MiB.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) >> 10
}
