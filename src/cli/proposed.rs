//! `intake show` and `intake record`: what a reply proposes, and recording it.

use std::fmt::Write as _;

use super::args::{Format, FormatArg};
use super::failure::Outcome;
use super::print::Column;
use super::{Context, words};
use crate::locale::{self, message};
use crate::office::proposed::{self, Recorded};
use crate::wire::{Proposed, ProposedForm, RowState};

/// `intake show`
pub fn show(context: &Context, ask: proposed::Show, format: FormatArg) -> anyhow::Result<Outcome> {
    let proposed = context.ask(ask)?;
    match format.format {
        Format::Json => context.printer.json(&proposed)?,
        Format::Table => context.printer.text(&shown(context, &proposed))?,
    }
    Ok(Outcome::Done)
}

fn shown(context: &Context, proposed: &Proposed) -> String {
    let printer = &context.printer;
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&printer.hanging(&format!("{label:<10}"), value));
        }
    };
    let sender = match proposed.sender_is_mailbox {
        Some(true) => format!("{} — the unit's mailbox", proposed.sender),
        Some(false) => format!("{} — not the unit's mailbox", proposed.sender),
        None => proposed.sender.clone(),
    };
    line("from", &sender);
    line("subject", &proposed.subject);
    line("taken in", &proposed.taken.taken_on.to_string());
    let letter = proposed.taken.letter.map(|letter| letter.to_string());
    line("answers", &letter.unwrap_or_else(|| "no letter of ours".to_owned()));
    line("unclear", proposed.unclear.as_deref().unwrap_or_default());
    line("says", &proposed.words);
    line("form", proposed.unreadable.as_deref().unwrap_or_default());
    for name in &proposed.further_forms {
        let told = message("form-further").with("file", name);
        line("careful", &locale::told(context.language(), &told));
    }
    if let Some(form) = &proposed.form {
        line("form", &head(form));
        let by: Vec<&str> = [&form.name, &form.post, &form.phone]
            .into_iter()
            .map(String::as_str)
            .filter(|said| !said.is_empty())
            .collect();
        line("filled in", &by.join("，"));
        if let Some(other) = &form.answers_other {
            line(
                "careful",
                &format!("the message answers a letter to `{other}`, the form is of `{}`", form.unit),
            );
        }
        text.push('\n');
        text.push_str(&rows(context, form));
    }
    let files: Vec<Vec<String>> = proposed
        .files
        .iter()
        .map(|file| {
            let row = file.row.map_or_else(|| "–".to_owned(), |row| row.to_string());
            vec![file.name.clone(), size(file.bytes), row, file.refused.clone().unwrap_or_default()]
        })
        .collect();
    if !files.is_empty() {
        let columns = [
            Column::wrapping("file", 16),
            Column::whole("size"),
            Column::whole("row"),
            Column::wrapping("not-taken", 12),
        ];
        text.push('\n');
        text.push_str(&printer.table(&columns, &files));
    }
    if proposed.form.as_ref().is_some_and(|form| form.rows.iter().any(|row| row.state == RowState::Ready)) {
        let _ =
            writeln!(text, "\nnothing is recorded yet: `duban intake record {}`", proposed.taken.position);
    }
    text
}

fn head(form: &ProposedForm) -> String {
    let letter =
        form.letter.map_or_else(|| "no letter of ours".to_owned(), |letter| format!("letter {letter}"));
    let (rows, blank) = (words::count(form.rows.len(), "row"), form.blank);
    format!("反馈表 of {} ({}), {letter}: {rows} filled in, {blank} left empty", form.unit_name, form.unit)
}

/// `12 KiB`, rounded up.
fn size(bytes: u64) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}

fn rows(context: &Context, form: &ProposedForm) -> String {
    let cells = form.rows.iter().map(|row| {
        let state = match &row.state {
            RowState::Ready => "can be recorded".to_owned(),
            RowState::Recorded { receipt } => format!("recorded as {receipt}"),
            RowState::Refused { why } => why.clone(),
        };
        vec![row.number.to_string(), row.title.clone(), row.says.clone(), state]
    });
    let columns = [
        Column::number("row"),
        Column::wrapping("matter", 12),
        Column::wrapping("says", 20),
        Column::wrapping("state", 14),
    ];
    context.printer.table(&columns, &cells.collect::<Vec<_>>())
}

/// `intake record`
pub fn record(context: &Context, ask: proposed::Record) -> anyhow::Result<Outcome> {
    let Recorded { position, receipt, rows, files, left_out } = context.ask(ask)?;
    for left in &left_out {
        context.printer.warn(&format!("left out: {left}"));
    }
    let (rows, files) = (words::count(rows, "matter"), words::count(files, "file"));
    context.printer.text(&format!("recorded as {receipt}: {rows}, {files} (event {position})\n"))?;
    Ok(if left_out.is_empty() { Outcome::Done } else { Outcome::Findings })
}
