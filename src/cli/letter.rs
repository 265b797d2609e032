//! `letter …`.

use serde_json::json;

use super::Context;
use super::args::{Format, FormatArg};
use super::failure::Outcome;
use super::print::Column;
use super::words;
use crate::domain::{Actor, LetterKind};
use crate::letter;
use crate::office::letters;
use crate::wire::{LetterEntry, LetterShown, LetterStep};
use crate::words::visible;

/// `letter list`: the newest first.
pub fn list(context: &Context, ask: letters::List, format: FormatArg) -> anyhow::Result<Outcome> {
    let mut letters = context.ask(ask)?;
    letters.reverse();
    match format.format {
        Format::Json => context.printer.json(&letters)?,
        Format::Table => {
            let rows: Vec<Vec<String>> = letters.iter().map(row).collect();
            let columns = [
                Column::whole("letter"),
                Column::wrapping("to", 12),
                Column::whole("kind"),
                Column::number("points"),
                Column::whole("state"),
                Column::wrapping("reply", 16),
            ];
            let mut text = context.printer.table(&columns, &rows);
            text.push_str(&words::count(letters.len(), "letter"));
            text.push('\n');
            context.printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

fn row(letter: &LetterEntry) -> Vec<String> {
    let reply = letter.reply.clone().unwrap_or_default();
    let reply = match letter.retry_at {
        Some(at) => format!("{reply}; again from {}", at.format("%Y-%m-%d %H:%M UTC")),
        None => reply,
    };
    vec![
        letter.letter.to_string(),
        letter.to.to_string(),
        kind(letter.kind).to_owned(),
        letter.items.len().to_string(),
        letter.progress.clone(),
        reply,
    ]
}

fn kind(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Adoption => "adoption",
        LetterKind::Daily => "daily",
        LetterKind::Escalation => "escalation",
        LetterKind::Returned => "returned",
        LetterKind::Act => "act",
        LetterKind::Receipt => "receipt",
        LetterKind::Review => "review",
        LetterKind::Page => "page",
        LetterKind::Release => "release",
    }
}

/// `letter show`
pub fn show(context: &Context, ask: letters::Show, format: FormatArg) -> anyhow::Result<Outcome> {
    let LetterShown { entry, steps, message } = context.ask(ask)?;
    let told = message.as_deref().and_then(letter::plain);
    match format.format {
        Format::Json => context.printer.json(&json!({
            "entry": entry,
            "steps": steps,
            "subject": told.as_ref().map(|told| &told.subject),
            "text": told.as_ref().map(|told| &told.text),
            "message": message,
        }))?,
        Format::Table => {
            let printer = &context.printer;
            let mut shown = String::new();
            let mut line = |label: &str, value: &str| {
                shown.push_str(&printer.hanging(&format!("{label:<12}"), value));
            };
            line("letter", &entry.letter.to_string());
            line("to", &format!("{} ({})", entry.unit_name, entry.to));
            line("kind", kind(entry.kind));
            line("state", &entry.progress);
            line("reply", entry.reply.as_deref().unwrap_or_default());
            line("Message-ID", &format!("<{}>", entry.message_id));
            for item in &entry.items {
                line("point", &item.key.to_string());
            }
            for step in &steps {
                line("on its way", &way(step));
            }
            shown.push('\n');
            if let Some(told) = &told {
                shown.push_str(&printer.hanging("subject     ", &told.subject));
                shown.push('\n');
            }
            let missing =
                "The archived letter is not there, or can't be read; `duban audit verify` tells more.\n";
            shown.push_str(&visible(told.as_ref().map_or(missing, |told| &told.text)));
            printer.text(&shown)?;
        }
    }
    Ok(Outcome::Done)
}

/// `2021-06-23 01:00:12Z deferred: 450 try later; again from 2021-06-23 01:05Z`
fn way(step: &LetterStep) -> String {
    let mut text = format!("{} {}", step.at.format("%Y-%m-%d %H:%M:%SZ"), step.what);
    if step.by != Actor::system().name {
        text.push_str(" by ");
        text.push_str(&step.by);
    }
    if !step.words.is_empty() {
        text.push_str(": ");
        text.push_str(&visible(&step.words));
    }
    if let Some(again) = step.again_from {
        text.push_str(&again.format("; again from %Y-%m-%d %H:%MZ").to_string());
    }
    text
}
