//! `audit …`: verify and replay read a data directory; as-of and days ask the daemon, or files that are named.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Context;
use super::args::{AuditCommand, Format};
use super::failure::{Failure, Outcome};
use super::print::{Column, Ink};
use crate::audit::{self, DueOnDay, Outside, Verdict, Verified};
use crate::journal::{Finding, Inspection, JournalFault, NamedDir, Part, SecondCopy, Severity, read_archive};
use crate::locale::message;
use crate::office::history::{DaysTold, Known};
use crate::report;
use crate::words::visible;

/// `audit verify|replay|as-of`
pub fn audit(context: &Context, command: &AuditCommand) -> anyhow::Result<Outcome> {
    match command {
        AuditCommand::Verify { path, against, printed, format } => {
            let dir = place(context, path.as_ref())?;
            let own = NamedDir::at(&dir);
            if let Some(same) = against.iter().find(|other| NamedDir::at(other).is_same(&own)) {
                let what = format!("{} is the journal itself: it vouches for nothing", same.display());
                return Err(Failure::refused(what).cure("name a copy that was kept elsewhere").into());
            }
            let copies = against.iter().map(|dir| Outside::Copy(NamedDir::at(dir)));
            let outside: Vec<Outside> = copies.chain(printed.iter().cloned().map(Outside::Printed)).collect();
            verify(context, &dir, &outside, format.format)
        }
        AuditCommand::Days { ask, path, format } => {
            days(context, &context.ask_of(path.as_deref(), ask.clone())?, format.format)
        }
        AuditCommand::Replay { path, format } => {
            replay(context, &place(context, path.as_ref())?, format.format)
        }
        AuditCommand::AsOf { ask, path, format } => {
            as_of(context, &context.ask_of(path.as_deref(), *ask)?, format.format)
        }
    }
}

/// What was read of a directory; one that this account may not read is told with the ways that are left.
fn readable<T>(dir: &Path, read: Result<T, JournalFault>) -> anyhow::Result<T> {
    read.map_err(|fault| {
        let not_ours = |source: &io::Error| source.kind() == io::ErrorKind::PermissionDenied;
        if matches!(&fault, JournalFault::Io { source, .. } if not_ours(source)) {
            let what = message("audit-not-readable").with("dir", &dir.display());
            Failure::fault(what).cure(message("cure-audit-not-readable")).into()
        } else {
            fault.into()
        }
    })
}

fn place(context: &Context, path: Option<&PathBuf>) -> anyhow::Result<PathBuf> {
    path.map_or_else(|| context.data_dir(), |path| Ok(path.clone()))
}

/// What `audit verify --format json` says.
#[derive(Debug, Serialize)]
struct VerifiedTold {
    sound: bool,
    /// `consistent`, `archive`, `second-copy`, `contradicted` or `broken`
    verdict: &'static str,
    journal: Option<String>,
    events: u64,
    /// lines behind the first one that does not fit
    events_behind: u64,
    head: Option<String>,
    /// events of the second copy that are the same; null where there is none
    store: Option<u64>,
    letters: u64,
    evidence: u64,
    people_forgotten: u64,
    findings: Vec<String>,
    notes: Vec<String>,
    /// what lies here or was kept elsewhere, and agrees
    agreed: Vec<String>,
}

fn verify(context: &Context, dir: &Path, outside: &[Outside], format: Format) -> anyhow::Result<Outcome> {
    let verified = readable(dir, audit::verify(&NamedDir::at(dir), outside))?;
    let by_hand = by_hand(context, dir, &verified.inspection)?;
    let consistent = matches!(verified.verdict, Verdict::Consistent { .. });
    let sound = consistent && verified.apart.is_empty() && by_hand.is_empty();
    let outcome = if sound { Outcome::Done } else { Outcome::Findings };
    let mut faults = faults(&verified);
    let apart = context.speech().told(&message("cure-audit-apart"));
    faults.extend(verified.apart.iter().map(|what| (what.clone(), apart.clone())));
    faults.extend(by_hand);
    let Verified { inspection, agreed, verdict, .. } = verified;
    let notes: Vec<&Finding> =
        inspection.findings.iter().filter(|finding| finding.kind.severity() == Severity::Note).collect();
    let told = VerifiedTold {
        sound,
        verdict: verdict.label(),
        journal: inspection.journal.map(|id| id.to_string()),
        events: inspection.events,
        events_behind: inspection.events_behind,
        head: inspection.head.map(|head| head.hash.to_string()),
        store: match inspection.second_copy {
            SecondCopy::None | SecondCopy::Gone => None,
            SecondCopy::Same { events }
            | SecondCopy::Short { events, .. }
            | SecondCopy::Damaged { events } => Some(events),
        },
        letters: inspection.letters,
        evidence: inspection.evidence,
        people_forgotten: inspection.people_forgotten,
        findings: faults.iter().map(|(what, _)| what.clone()).collect(),
        notes: notes.iter().map(ToString::to_string).collect(),
        agreed: inspection.agreed.iter().chain(&agreed).cloned().collect(),
    };
    if format == Format::Json {
        context.printer.json(&told)?;
        return Ok(outcome);
    }
    let printer = &context.printer;
    let mut text = String::new();
    for (what, cure) in &faults {
        text.push_str(&printer.hanging("fault  ", what));
        text.push_str(&printer.hanging("  cure ", cure));
    }
    for note in &told.notes {
        text.push_str(&printer.hanging("note   ", note));
    }
    for (label, value) in figures(&inspection, &told) {
        text.push_str(&printer.hanging(&format!("{label:<13}"), &value));
    }
    text.push_str(&printer.ink(if sound { Ink::Good } else { Ink::Bad }, &verdict.to_string()));
    text.push('\n');
    printer.text(&text)?;
    Ok(outcome)
}

/// What does not fit, each with its cure.
fn faults(verified: &Verified) -> Vec<(String, String)> {
    let inspection = &verified.inspection;
    let mut all: Vec<(String, String)> = Vec::new();
    for finding in inspection.faults() {
        let mut what = finding.to_string();
        if finding.kind.part() == Part::Chain && inspection.events_behind > 0 && all.is_empty() {
            let _ = write!(
                what,
                "; {} events stand before it, and the {} behind it prove nothing",
                inspection.events, inspection.events_behind
            );
        }
        all.push((what, finding.kind.part().cure().to_owned()));
    }
    if let Some(first) = verified.endings.first() {
        let more = verified.endings.len() - 1;
        let more = if more == 0 { String::new() } else { format!("; {more} more of this kind follow") };
        all.push((format!("{first}{more}"), Part::Chain.cure().to_owned()));
    }
    all.extend(verified.parted.iter().map(|parted| (parted.clone(), Part::Witness.cure().to_owned())));
    all
}

/// Accounts that are not as recorded, where a daemon was started: a backup has no accounts.
fn by_hand(context: &Context, dir: &Path, inspection: &Inspection) -> anyhow::Result<Vec<(String, String)>> {
    if inspection.readable() && inspection.events > 0 && dir.join("lock").is_file() {
        super::doctor::by_hand(context, dir)
    } else {
        Ok(Vec::new())
    }
}

fn figures(inspection: &Inspection, told: &VerifiedTold) -> Vec<(&'static str, String)> {
    let copy = match inspection.second_copy {
        SecondCopy::None => "none here".to_owned(),
        SecondCopy::Gone => "GONE".to_owned(),
        SecondCopy::Same { events } => format!("{events} events compared, the same"),
        SecondCopy::Short { events, of } => format!("SHORT: {events} of {of} events, those the same"),
        SecondCopy::Damaged { events } => {
            format!("NOT WHOLE: {events} of {} events are the same", inspection.events)
        }
    };
    let mut figures = vec![
        ("journal", told.journal.clone().unwrap_or_default()),
        ("events", format!("{} that fit: chain and batches checked", told.events)),
        ("head", told.head.clone().unwrap_or_else(|| "none".to_owned())),
        ("second copy", copy),
        ("letters", format!("{} archived, digests checked", told.letters)),
        ("evidence", format!("{} files, digests checked", told.evidence)),
    ];
    figures.extend(told.agreed.iter().map(|agreed| ("agrees", agreed.clone())));
    figures
}

const DAYS_COLUMNS: [Column; 5] = [
    Column::whole("day"),
    Column::wrapping("unit", 8),
    Column::wrapping("matter", 16),
    Column::whole("stage"),
    Column::wrapping("letter-or-reason", 24),
];

/// Stages by their day.
fn days(context: &Context, told: &DaysTold, format: Format) -> anyhow::Result<Outcome> {
    let DaysTold { rows, due } = told;
    if format == Format::Json {
        context.printer.json(rows)?;
        return Ok(Outcome::Done);
    }
    let cells = |row: &DueOnDay| {
        let went = row.letter.filter(|_| row.went).map(|letter| format!("letter {letter}"));
        let told: Vec<String> =
            went.into_iter().chain((!row.reason.is_empty()).then(|| visible(&row.reason))).collect();
        vec![
            row.day.format("%Y-%m-%d %a").to_string(),
            row.unit.to_string(),
            row.occurrence.to_string(),
            row.stage.to_string(),
            told.join("; "),
        ]
    };
    let shown: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let silent = rows.iter().filter(|row| !row.went).count();
    let mut text = context.printer.table(&DAYS_COLUMNS, &shown);
    let _ =
        writeln!(text, "{due} due in these days, {} went on the day itself, {silent} did not", *due - silent);
    context.printer.text(&text)?;
    Ok(Outcome::Done)
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
    let events = readable(dir, read_archive(dir))?.read(0);
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

fn as_of(context: &Context, known: &Known, format: Format) -> anyhow::Result<Outcome> {
    let Known { day, position, recorded_on, rows } = known;
    if format == Format::Json {
        context.printer.json(rows)?;
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
    // A day asked for may lie long after the last event.
    let of = recorded_on.map(|day| format!(" of {day}")).unwrap_or_default();
    let _ = writeln!(text, "as known on {day}, after event {position}{of}");
    context.printer.text(&text)?;
    Ok(Outcome::Done)
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
