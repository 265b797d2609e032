//! Each unit's part in a task, as `task show` prints it, and its files written out.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::failure::Outcome;
use super::papers::{unwritable, write};
use super::print::{Ink, Printer};
use super::{Context, words};
use crate::domain::Digest;
use crate::office::matter_shown::{ClaimShown, ExtensionShown, FileShown, MatterShown};
use crate::plain_file;

/// Columns of the labels.
const LABEL_COLUMNS: usize = 12;

/// All parts, one below the other; files lie in `data`.
#[must_use]
pub fn shown(printer: &Printer, data: &Path, matters: &[MatterShown]) -> String {
    let mut text = String::new();
    for matter in matters {
        text.push('\n');
        text.push_str(&one(printer, data, matter));
    }
    text
}

fn one(printer: &Printer, data: &Path, matter: &MatterShown) -> String {
    let period = matter.assignment.occurrence.period.to_string();
    let period = if period == "once" { String::new() } else { format!("{period}  ") };
    let head = format!("{period}{} ({})", matter.unit_name, matter.assignment.unit);
    let mut text = printer.ink(Ink::Bold, &head);
    text.push('\n');
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&printer.hanging(&format!("  {label:<LABEL_COLUMNS$}"), value));
        }
    };
    let answered = matter.answered_by.as_ref().map(|unit| format!("; {unit} answers for it"));
    line("state", &format!("{} {}{}", matter.state, matter.status, answered.unwrap_or_default()));
    let advised = matter.advised.map(|day| format!(" (advised by {})", words::day(day))).unwrap_or_default();
    match (matter.original, matter.deadline) {
        (Some(original), Some(now)) if original != now => {
            line("original", &words::day(original));
            line("current", &format!("{}{advised}", words::day(now)));
        }
        (_, Some(now)) => line("due", &format!("{}{advised}", words::day(now))),
        (_, None) => {}
    }
    let rows = |rows: Vec<String>| rows.join("\n");
    line("extended", &rows(matter.extensions.iter().map(extension).collect()));
    line("claimed", &rows(matter.claims.iter().map(claim).collect()));
    line("progress", &matter.progress);
    line("problem", &matter.problem);
    line("next", &matter.next_steps);
    line("files", &rows(matter.files.iter().map(|one| file(data, one)).collect()));
    let letter = |one: &crate::matter::LetterTold| {
        format!("{}  {}  to {}, {}", one.letter, one.about.word(), one.to, one.progress)
    };
    line("letters", &rows(matter.letters.iter().map(letter).collect()));
    let happened =
        |one: &crate::matter::HistoryLine| format!("{}  {}  {}", one.on, one.what.word(), one.says);
    line("history", &rows(matter.history.iter().map(happened).collect()));
    text
}

fn extension(one: &ExtensionShown) -> String {
    let from = one.from.map(|from| format!("from {from} ")).unwrap_or_default();
    let mut text = format!("{from}to {}, granted on {} by {}", one.until, one.on, one.approver);
    if !one.document_number.is_empty() {
        let _ = write!(text, ", {}", one.document_number);
    }
    text
}

fn claim(one: &ClaimShown) -> String {
    let mut text = format!("on {} ({}): done {}: {}", one.on, one.way, one.done_on, one.text);
    if let Some((on, why)) = &one.returned {
        let _ = write!(text, "; sent back on {on}: {why}");
    }
    if let Some(on) = one.accepted {
        let _ = write!(text, "; accepted on {on}");
    }
    text
}

/// `2021-06-23  photo.png, 12 KiB: data/evidence/ab/…`.
fn file(data: &Path, one: &FileShown) -> String {
    let (kib, path) = (one.bytes.div_ceil(1024), data.join(&one.path));
    format!("{}  {}, {kib} KiB: {}", one.received_on, one.name, path.display())
}

/// Writes all files of these matters into a directory, each under its own name behind that of its unit.
///
/// # Errors
/// The directory can't be written.
pub fn write_files(context: &Context, matters: &[MatterShown], into: &Path) -> anyhow::Result<Outcome> {
    let data = context.data_dir()?;
    fs::create_dir_all(into).map_err(|fault| unwritable(into, &fault))?;
    let (mut outcome, mut written) = (Outcome::Done, BTreeSet::new());
    for (unit, file) in
        matters.iter().flat_map(|one| one.files.iter().map(|file| (&one.assignment.unit, file)))
    {
        // Names were held against paths and control characters when the files came in.
        let mut name = format!("{unit}-{}", file.name);
        if !written.insert(name.clone()) {
            name = format!("{unit}-{}-{}", file.digest.short(8), file.name);
        }
        match plain_file::read_unlinked(&data.join(&file.path), usize::MAX) {
            Ok(bytes) if Digest::of(&bytes) == file.digest => {
                let path = into.join(name);
                write(&path, &bytes)?;
                context.printer.text(&format!("{}\n", path.display()))?;
            }
            Ok(_) => {
                context.printer.warn(&format!("{name} is not what its digest says, and is left out"));
                outcome = Outcome::Findings;
            }
            Err(fault) => {
                context.printer.warn(&format!("{name} is left out: {fault}"));
                outcome = Outcome::Findings;
            }
        }
    }
    Ok(outcome)
}
