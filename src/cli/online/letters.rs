//! `letter …`.

use serde_json::json;

use super::{ask, ask_if_there, data, ledger, mutations};
use crate::cli::Context;
use crate::cli::args::{Format, FormatArg, LetterCommand, LetterListArgs};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::print::Column;
use crate::cli::words;
use crate::domain::command::Command;
use crate::domain::{Actor, Ledger, LetterId, LetterKind, Recipient, Stream};
use crate::journal::Shelf;
use crate::letter;
use crate::plain_file;
use crate::report::letter_step;
use crate::web::lists;
use crate::wire::{LetterEntry, LetterShown, LetterStep};
use crate::words::visible;

/// `letter …`
pub fn letter(context: &Context, command: &LetterCommand) -> anyhow::Result<Outcome> {
    match command {
        LetterCommand::List(args) => list(context, args),
        LetterCommand::Show { letter, format } => show(context, *letter, *format),
        LetterCommand::Resend(args) => {
            let wish = Command::Resend { letter: args.letter, reason: args.reason.clone() };
            let done = format!("letter {} goes once more, under the same Message-ID", args.letter);
            mutations::command(context, wish, &done)
        }
        LetterCommand::Replies(format) => super::intake::list(context, *format),
        LetterCommand::Release { letters, all } => release(context, letters, *all),
    }
}

fn release(context: &Context, named: &[LetterId], all: bool) -> anyhow::Result<Outcome> {
    let mut letters = named.to_vec();
    if all {
        let waiting = ask(context, async |client| Ok(client.letters().await?))?;
        let to_unit = |letter: &&LetterEntry| matches!(letter.to, Recipient::Unit(_));
        letters.extend(waiting.iter().filter(|l| l.progress == "held").filter(to_unit).map(|l| l.letter));
        if letters.is_empty() {
            context.printer.note("no letter to a unit waits for release");
        }
    }
    let mut outcome = Outcome::Done;
    for letter in letters {
        let done = format!("letter {letter} is released");
        match mutations::command(context, Command::Release { letter }, &done) {
            Ok(_) => {}
            // One that may not go, or that a colleague has just released, holds up none of the others.
            Err(fault) if fault.downcast_ref::<Failure>().is_some_and(Failure::is_refusal) => {
                context.printer.warn(&fault.to_string());
                outcome = Outcome::Findings;
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(outcome)
}

fn list(context: &Context, args: &LetterListArgs) -> anyhow::Result<Outcome> {
    let asked = ask_if_there(context, async |client| Ok(client.letters().await?))?;
    let mut letters = match asked {
        Some(letters) => letters,
        None => ledger(context)?.map(|ledger| lists::letters(&ledger)).unwrap_or_default(),
    };
    letters.retain(|letter| wanted(letter, args));
    letters.reverse();
    match args.format.format {
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

fn wanted(letter: &LetterEntry, args: &LetterListArgs) -> bool {
    let state = letter.progress.as_str();
    args.unit.as_ref().is_none_or(|wanted| Some(wanted) == letter.to.unit())
        && args.since.is_none_or(|day| letter.letter.day >= day)
        && (!args.held || state == "held")
        && (!args.unsettled
            || matches!(
                state,
                "held" | "unreleased" | "queued" | "deferred" | "unknown" | "refused" | "bounced"
            ))
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
    }
}

fn show(context: &Context, id: LetterId, format: FormatArg) -> anyhow::Result<Outcome> {
    let LetterShown { entry, steps, message } =
        match ask_if_there(context, async |client| Ok(client.letter(id).await?))? {
            Some(shown) => shown,
            None => from_files(context, id)?,
        };
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
            shown.push_str(told.as_ref().map_or(missing, |told| &told.text));
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

/// The letter of a stopped daemon.
fn from_files(context: &Context, id: LetterId) -> anyhow::Result<LetterShown> {
    let reader = super::reader(context)?;
    let ledger = Ledger::fold(reader.read(0))?;
    let Some(state) = ledger.letter(id) else {
        return Err(Failure::refused(format!("no letter {id}"))
            .cure("`duban letter list` shows them")
            .into());
    };
    let path = data(context)?.join(Shelf::Letters.path(state.queued.archived));
    let message = plain_file::read_unlinked(&path, usize::MAX)
        .ok()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let events = reader.read_stream(&Stream::Letter(id), state.position.saturating_sub(1));
    let steps = events.filter_map(|event| event.map(|event| letter_step(&event, id)).transpose());
    let steps = steps.collect::<Result<_, _>>()?;
    Ok(LetterShown { entry: lists::letter(&ledger, state), steps, message })
}
