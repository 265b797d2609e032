//! `intake show` and `intake record`: what a reply proposes, and recording it.

use std::fmt::Write as _;

use super::Context;
use super::args::{Format, FormatArg};
use super::failure::Outcome;
use super::print::Column;
use super::speech::Speech;
use crate::locale::{Message, message};
use crate::office::proposed::{self, Recorded};
use crate::wire::{Proposed, ProposedForm, RowState};

/// Columns of the labels.
const LABEL_COLUMNS: usize = 10;

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
    let speech = printer.speech();
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&printer.hanging(&speech.plain_label(label, LABEL_COLUMNS), value));
        }
    };
    let sender = match proposed.sender_is_mailbox {
        Some(true) => message("intake-from-mailbox"),
        Some(false) => message("intake-from-elsewhere"),
        None => message("show-to-unit").with("unit", &proposed.sender),
    };
    line("from", &speech.told(&sender.with("sender", &proposed.sender)));
    line("subject", &proposed.subject);
    line("taken-in", &proposed.taken.taken_on.to_string());
    let letter = proposed.taken.letter.map(|letter| letter.to_string());
    line("answers-letter", &letter.unwrap_or_else(|| speech.told(&message("intake-no-letter"))));
    line("unclear", proposed.unclear.as_deref().unwrap_or_default());
    line("says", &proposed.words);
    line("form", proposed.unreadable.as_deref().unwrap_or_default());
    for name in &proposed.further_forms {
        line("careful", &speech.told(&message("form-further").with("file", name)));
    }
    if let Some(form) = &proposed.form {
        line("form", &speech.told(&head(speech, form)));
        let by: Vec<&str> = [&form.name, &form.post, &form.phone]
            .into_iter()
            .map(String::as_str)
            .filter(|said| !said.is_empty())
            .collect();
        line("filled-in", &by.join("，"));
        if let Some(other) = &form.answers_other {
            let told = message("intake-other-unit").with("other", other).with("unit", &form.unit);
            line("careful", &speech.told(&told));
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
        let told = message("intake-not-recorded").with("position", &proposed.taken.position);
        let _ = writeln!(text, "\n{}", speech.told(&told));
    }
    text
}

fn head(speech: Speech, form: &ProposedForm) -> Message {
    let letter = match form.letter {
        None => message("intake-no-letter"),
        Some(letter) => message("intake-letter-number").with("letter", &letter),
    };
    let told = message("intake-form").with("name", &form.unit_name).with("unit", &form.unit);
    let told = told.within("letter", letter).with("rows", &speech.count(form.rows.len(), "row"));
    told.with("blank", &form.blank)
}

/// `12 KiB`, rounded up.
fn size(bytes: u64) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}

fn rows(context: &Context, form: &ProposedForm) -> String {
    let speech = context.printer.speech();
    let cells = form.rows.iter().map(|row| {
        let state = match &row.state {
            RowState::Ready => speech.told(&message("intake-ready")),
            RowState::Recorded { receipt } => {
                speech.told(&message("intake-recorded-as").with("receipt", receipt))
            }
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
        context.printer.alert(&message("intake-left-out").with("what", left));
    }
    let speech = context.printer.speech();
    let told = message("intake-recorded").with("receipt", &receipt).with("position", &position);
    let told = told.with("rows", &speech.count(rows, "matter")).with("files", &speech.count(files, "file"));
    context.printer.text(&format!("{}\n", speech.told(&told)))?;
    Ok(if left_out.is_empty() { Outcome::Done } else { Outcome::Findings })
}
