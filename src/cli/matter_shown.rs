//! Each unit's part in a task, as `task show` prints it, and its files written out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;

use super::Context;
use super::failure::Outcome;
use super::papers::{evidence, unwritable, write};
use super::print::{Ink, Printer};
use super::speech::Speech;
use crate::domain::Recipient;
use crate::locale::{Message, Value, message};
use crate::matter::{HistoryLine, LetterTold};
use crate::office::matter_shown::{ClaimShown, ExtensionShown, FileShown, MatterShown};

/// Columns of the labels.
const LABEL_COLUMNS: usize = 12;

/// All parts, one below the other; files lie in `data`.
#[must_use]
pub fn shown((printer, speech): (&Printer, Speech), data: &Path, matters: &[MatterShown]) -> String {
    let mut text = String::new();
    for matter in matters {
        text.push('\n');
        text.push_str(&one(printer, speech, data, matter));
    }
    text
}

fn one(printer: &Printer, speech: Speech, data: &Path, matter: &MatterShown) -> String {
    let period = matter.assignment.occurrence.period.to_string();
    let period = if period == "once" { String::new() } else { format!("{period}  ") };
    let head = format!("{period}{} ({})", matter.unit_name, matter.assignment.unit);
    let mut text = printer.ink(Ink::Bold, &head);
    text.push('\n');
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&printer.hanging(&speech.label(label, LABEL_COLUMNS), value));
        }
    };
    let state = match &matter.answered_by {
        None => message("show-state"),
        Some(unit) => message("show-state-of-other").with("unit", unit),
    };
    let state = state.with("state", &speech.state(&matter.state)).with("light", &matter.status);
    line("state", &speech.told(&state));
    let until = |now: NaiveDate| match matter.advised {
        None => speech.day(now),
        Some(day) => {
            let words = message("show-advised").with("day", &speech.day(now));
            speech.told(&words.with("advised", &speech.day(day)))
        }
    };
    match (matter.original, matter.deadline) {
        (Some(original), Some(now)) if original != now => {
            line("original", &speech.day(original));
            line("current", &until(now));
        }
        (_, Some(now)) => line("due", &until(now)),
        (_, None) => {}
    }
    let rows = |rows: Vec<Message>| rows.iter().map(|row| speech.told(row)).collect::<Vec<_>>().join("\n");
    line("extended", &rows(matter.extensions.iter().map(extension).collect()));
    line("claimed", &rows(matter.claims.iter().map(claim).collect()));
    line("progress", &matter.progress);
    line("problem", &matter.problem);
    line("next-steps", &matter.next_steps);
    line("material", &rows(matter.files.iter().map(|one| file(data, one)).collect()));
    line("letters", &rows(matter.letters.iter().map(letter).collect()));
    let happened = |one: &HistoryLine| format!("{}  {}  {}", one.on, one.what.word(), one.says);
    line("history", &matter.history.iter().map(happened).collect::<Vec<_>>().join("\n"));
    text
}

fn extension(one: &ExtensionShown) -> Message {
    let words = match one.from {
        Some(from) => message("show-extension").with("from", &from),
        None => message("show-extension-to"),
    };
    let words = words.with("until", &one.until).with("on", &one.on).with("approver", &one.approver);
    if one.document_number.is_empty() {
        return words;
    }
    message("show-by-paper").with("paper", &one.document_number).within("words", words)
}

fn claim(one: &ClaimShown) -> Message {
    let words = message("show-claim").with("on", &one.on).with("way", &one.way);
    let mut words = words.with("done", &one.done_on).with("text", &one.text);
    if let Some((on, why)) = &one.returned {
        words = message("show-claim-returned").with("on", on).with("why", why).within("words", words);
    }
    if let Some(on) = one.accepted {
        words = message("show-claim-accepted").with("on", &on).within("words", words);
    }
    words
}

/// `2021-06-23  photo.png, 12 KiB: data/evidence/ab/…`.
fn file(data: &Path, one: &FileShown) -> Message {
    let words = message("show-file").with("on", &one.received_on).with("name", &one.name);
    words.with("kib", &one.bytes.div_ceil(1024)).with("path", &data.join(&one.path).display())
}

fn letter(one: &LetterTold) -> Message {
    let words = message("show-letter").with("letter", &one.letter);
    let words = words.put("about", Value::Word(one.about.key().to_owned()));
    let to = match &one.to {
        Recipient::Unit(_) => message("show-to-unit").with("unit", &one.to_name),
        Recipient::LeaderOf(_) => message("show-to-leader").with("unit", &one.to_name),
        Recipient::Office => message("show-to-office"),
    };
    words.within("to", to).put("progress", Value::Word(format!("letter-{}", one.progress)))
}

/// Writes all files of these matters into a directory, each under its own name behind that of its unit.
///
/// # Errors
/// The directory can't be written.
pub fn write_files(context: &Context, matters: &[MatterShown], into: &Path) -> anyhow::Result<Outcome> {
    let shelves = context.shelves()?;
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
        match evidence(context, &shelves, &name, file.digest) {
            Some(bytes) => {
                let path = into.join(name);
                write(&path, &bytes)?;
                context.printer.text(&format!("{}\n", path.display()))?;
            }
            None => outcome = Outcome::Findings,
        }
    }
    Ok(outcome)
}
