//! `audit …`, `backup` and `restore`: work on a data directory, without the daemon.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Context;
use super::args::{AuditCommand, Format};
use super::failure::Outcome;
use super::print::{Column, Ink};
use crate::audit::{self, AsOf};
use crate::domain::{Ledger, Recorded};
use crate::journal::{Severity, inspect, read_archive};
use crate::report;

/// `audit verify|replay|as-of`
pub fn audit(context: &Context, command: &AuditCommand) -> anyhow::Result<Outcome> {
    match command {
        AuditCommand::Verify { path, format } => {
            verify(context, &place(context, path.as_ref())?, format.format)
        }
        AuditCommand::Replay { path, format } => {
            replay(context, &place(context, path.as_ref())?, format.format)
        }
        AuditCommand::AsOf { when, path, format } => {
            as_of(context, *when, &place(context, path.as_ref())?, format.format)
        }
    }
}

fn place(context: &Context, path: Option<&PathBuf>) -> anyhow::Result<PathBuf> {
    path.map_or_else(|| context.data_dir(), |path| Ok(path.clone()))
}

/// What `audit verify --format json` says.
#[derive(Debug, Serialize)]
struct Verified {
    sound: bool,
    journal: Option<String>,
    events: u64,
    head: Option<String>,
    store: Option<u64>,
    letters: u64,
    evidence: u64,
    people_forgotten: u64,
    findings: Vec<String>,
    notes: Vec<String>,
}

fn verify(context: &Context, dir: &Path, format: Format) -> anyhow::Result<Outcome> {
    let inspection = inspect(dir)?;
    let (faults, notes): (Vec<_>, Vec<_>) =
        inspection.findings.iter().partition(|finding| finding.severity == Severity::Fault);
    let mut faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    if inspection.more_findings > 0 {
        faults.push(format!("and {} findings more", inspection.more_findings));
    }
    if inspection.sound() {
        let events: Result<Vec<Recorded>, _> = read_archive(dir)?.read(0).collect();
        faults.extend(audit::check_endings(events?.iter()).iter().map(ToString::to_string));
    }
    let verified = Verified {
        sound: faults.is_empty(),
        journal: inspection.journal.map(|id| id.to_string()),
        events: inspection.events,
        head: inspection.head.map(|head| head.hash.to_string()),
        store: inspection.store,
        letters: inspection.letters,
        evidence: inspection.evidence,
        people_forgotten: inspection.people_forgotten,
        findings: faults,
        notes,
    };
    let outcome = if verified.sound { Outcome::Done } else { Outcome::Findings };
    if format == Format::Json {
        context.printer.json(&verified)?;
        return Ok(outcome);
    }
    let mut text = String::new();
    for fault in &verified.findings {
        text.push_str(&context.printer.hanging("fault  ", fault));
    }
    for note in &verified.notes {
        text.push_str(&context.printer.hanging("note   ", note));
    }
    let store = match verified.store {
        Some(events) => format!("{events} compared, the same"),
        None => "no second copy here".to_owned(),
    };
    let head = verified.head.as_deref().unwrap_or("none");
    for (label, value) in [
        ("journal", verified.journal.unwrap_or_default()),
        ("events", format!("{}, chain and batches checked", verified.events)),
        ("head", head.to_owned()),
        ("store", if outcome == Outcome::Done { store } else { "see the faults".to_owned() }),
        ("letters", format!("{} archived, digests checked", verified.letters)),
        ("evidence", format!("{} files, digests checked", verified.evidence)),
    ] {
        text.push_str(&context.printer.hanging(&format!("{label:<10}"), &value));
    }
    let line = if outcome == Outcome::Done { "sound: nothing was rewritten" } else { "NOT SOUND" };
    text.push_str(&context.printer.ink(if outcome == Outcome::Done { Ink::Good } else { Ink::Bad }, line));
    text.push('\n');
    context.printer.text(&text)?;
    Ok(outcome)
}

/// What `audit replay --format json` says.
#[derive(Debug, Serialize)]
struct ReplayTold {
    events: u64,
    first_at: Option<DateTime<Utc>>,
    last_at: Option<DateTime<Utc>>,
    plans: usize,
    occurrences: usize,
    letters: usize,
    fingerprint: String,
    /// of the running daemon's ledger at the same position; null where none runs
    running: Option<String>,
    same: Option<bool>,
}

fn replay(context: &Context, dir: &Path, format: Format) -> anyhow::Result<Outcome> {
    let running = context.ask_daemon(dir, async |client| client.fingerprint().await)?;
    let running = running.map(|told| (told.position, told.fingerprint));
    let upto = running.as_ref().map_or(u64::MAX, |(position, _)| *position);
    let archive = dir.join("archive");
    let events = read_archive(if archive.is_dir() { &archive } else { dir })?.read(0);
    let replayed = audit::replay(
        events.take_while(|event| event.as_ref().map_or(true, |event| event.position <= upto)),
    )?;
    let told = ReplayTold {
        events: replayed.events,
        first_at: replayed.first_at,
        last_at: replayed.last_at,
        plans: replayed.ledger.plans().count(),
        occurrences: replayed.ledger.occurrences().len(),
        letters: replayed.ledger.letters().count(),
        fingerprint: replayed.fingerprint.to_string(),
        same: running.as_ref().map(|(_, fingerprint)| *fingerprint == replayed.fingerprint),
        running: running.map(|(_, fingerprint)| fingerprint.to_string()),
    };
    let outcome = if told.same == Some(false) { Outcome::Findings } else { Outcome::Done };
    if format == Format::Json {
        context.printer.json(&told)?;
        return Ok(outcome);
    }
    let compared = match told.same {
        Some(true) => "the same as the running daemon's",
        Some(false) => "NOT the running daemon's: stop it and report this",
        None => "no daemon runs here to compare with",
    };
    let mut text = String::new();
    for (label, value) in [
        ("events", told.events.to_string()),
        ("plans", told.plans.to_string()),
        ("periods", told.occurrences.to_string()),
        ("letters", told.letters.to_string()),
        ("ledger", format!("{} ({compared})", told.fingerprint)),
    ] {
        text.push_str(&context.printer.hanging(&format!("{label:<9}"), &value));
    }
    context.printer.text(&text)?;
    Ok(outcome)
}

fn as_of(context: &Context, when: AsOf, dir: &Path, format: Format) -> anyhow::Result<Outcome> {
    let archive = dir.join("archive");
    let events = read_archive(if archive.is_dir() { &archive } else { dir })?.read(0);
    let ledger = audit::as_of(events, when)?;
    let day = match when {
        AsOf::Day(day) => day,
        AsOf::Position(_) => ledger.last_at().map(|at| ledger.day_of(at)).unwrap_or_default(),
    };
    let rows = report::ledger_rows(&ledger, day);
    if format == Format::Json {
        context.printer.json(&rows)?;
        return Ok(Outcome::Done);
    }
    let mut text = String::new();
    for group in rows.chunk_by(|a, b| a.plan == b.plan) {
        let Some(first) = group.first() else { continue };
        text.push_str(&context.printer.ink(Ink::Bold, first.plan.as_str()));
        text.push('\n');
        let shown: Vec<Vec<String>> = group.iter().map(as_of_cells).collect();
        text.push_str(&context.printer.table(&AS_OF_COLUMNS, &shown));
        text.push('\n');
    }
    let _ = writeln!(text, "as known on {day}, after event {}{}", ledger.head(), last_event(&ledger));
    context.printer.text(&text)?;
    Ok(Outcome::Done)
}

/// ` of 2021-07-10`: a day asked for may lie long after the last event.
fn last_event(ledger: &Ledger) -> String {
    ledger.last_at().map(|at| format!(" of {}", ledger.day_of(at))).unwrap_or_default()
}

const AS_OF_COLUMNS: [Column; 7] = [
    Column::wrapping("task", 12),
    Column::whole("period"),
    Column::wrapping("unit", 8),
    Column::wrapping("title", 12),
    Column::wrapping("deadline", 10),
    Column::wrapping("state", 8),
    Column::number("letters"),
];

fn as_of_cells(row: &report::LedgerRow) -> Vec<String> {
    let deadline = match (row.original_deadline, row.current_deadline) {
        (Some(was), Some(now)) if was != now => format!("{now} (was {was})"),
        (was, now) => now.or(was).map(|day| day.to_string()).unwrap_or_default(),
    };
    let state = match row.overdue_days {
        Some(days) => format!("{}, {days} days overdue", row.state),
        None => row.state.clone(),
    };
    vec![
        row.task.clone(),
        row.period.clone(),
        row.unit.clone(),
        row.title.clone(),
        deadline,
        state,
        if row.reminders == 0 { String::new() } else { row.reminders.to_string() },
    ]
}
