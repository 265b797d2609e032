//! `letter …`.

use serde_json::json;

use super::Context;
use super::args::{Format, FormatArg};
use super::failure::Outcome;
use super::print::Column;
use super::speech::Speech;
use crate::domain::Actor;
use crate::letter;
use crate::locale::{self, Language, message};
use crate::office::letters;
use crate::wire::{LetterEntry, LetterShown, LetterStep};
use crate::words::visible;

/// `letter list`: the newest first.
pub fn list(context: &Context, ask: letters::List, format: FormatArg) -> anyhow::Result<Outcome> {
    let mut letters = context.ask(ask)?;
    letters.reverse();
    let speech = context.speech();
    match format.format {
        Format::Json => context.printer.json(&letters)?,
        Format::Table => {
            let rows: Vec<Vec<String>> = letters.iter().map(|letter| row(speech, letter)).collect();
            let columns = [
                Column::whole("letter"),
                Column::wrapping("to", 12),
                Column::wrapping("kind", 12),
                Column::number("points"),
                Column::whole("state"),
                Column::wrapping("reply", 16),
            ];
            let mut text = context.printer.table(&columns, &rows);
            text.push_str(&speech.count(letters.len(), "letter"));
            text.push('\n');
            context.printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

fn row(speech: Speech, letter: &LetterEntry) -> Vec<String> {
    let reply = letter.reply.clone().unwrap_or_default();
    let reply = match letter.retry_at {
        Some(at) => {
            let again = message("again-from").with("words", &reply);
            speech.told(&again.with("at", &at.format("%Y-%m-%d %H:%M UTC")))
        }
        None => reply,
    };
    vec![
        letter.letter.to_string(),
        letter.to.to_string(),
        about(speech, letter),
        letter.points.to_string(),
        progress(speech, &letter.progress),
        reply,
    ]
}

/// What it is about: `提醒、催办`.
fn about(speech: Speech, letter: &LetterEntry) -> String {
    let words: Vec<String> = letter.about.iter().map(|about| speech.word(about.key())).collect();
    words.join(if speech.0 == Language::Chinese { "、" } else { ", " })
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
            let (printer, speech) = (&context.printer, context.speech());
            let mut shown = String::new();
            let mut line = |label: &str, value: &str| {
                shown.push_str(&printer.hanging(&speech.plain_label(label, 12), value));
            };
            line("letter", &entry.letter.to_string());
            line("to", &format!("{} ({})", entry.unit_name, entry.to));
            line("kind", &about(speech, &entry));
            line("state", &progress(speech, &entry.progress));
            line("reply", entry.reply.as_deref().unwrap_or_default());
            line("message-id", &format!("<{}>", entry.message_id));
            for item in &entry.items {
                line("point", &item.key.to_string());
            }
            for step in &steps {
                line("on-its-way", &way(speech, step));
            }
            shown.push('\n');
            if let Some(told) = &told {
                shown.push_str(&printer.hanging(&speech.plain_label("subject", 12), &told.subject));
                shown.push('\n');
            }
            let missing = format!("{}\n", speech.told(&locale::message("letter-missing")));
            shown.push_str(&visible(told.as_ref().map_or(&missing, |told| &told.text)));
            printer.text(&shown)?;
        }
    }
    Ok(Outcome::Done)
}

/// Where a letter stands, in a word.
fn progress(speech: Speech, progress: &str) -> String {
    speech.word_or("letter", progress)
}

/// `2021-06-23 01:00:12Z deferred: 450 try later; again from 2021-06-23 01:05Z`
fn way(speech: Speech, step: &LetterStep) -> String {
    let what = progress(speech, &step.what);
    let mut text = format!("{} {what}", step.at.format("%Y-%m-%d %H:%M:%SZ"));
    if step.by != Actor::system().name {
        text = speech.told(&message("step-by").with("step", &text).with("by", &step.by));
    }
    if !step.words.is_empty() {
        text.push_str(": ");
        text.push_str(&visible(&step.words));
    }
    if let Some(again) = step.again_from {
        let told = message("again-from").with("words", &text);
        text = speech.told(&told.with("at", &again.format("%Y-%m-%d %H:%MZ")));
    }
    text
}
