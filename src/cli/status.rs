//! `status`.

use chrono::{DateTime, Utc};

use super::args::{Format, FormatArg};
use super::ask::told;
use super::failure::Outcome;
use super::print::{Ink, Printer};
use super::{Context, words};
use crate::wire::{Health, Standing};

/// `status`; exit code 1 where a person should look
pub fn status(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let client = context.client(&context.data_dir()?);
    let health = context.wait(client.status())?.map_err(told)?;
    match format.format {
        Format::Json => context.printer.json(&health)?,
        Format::Table => context.printer.text(&shown(&context.printer, &health))?,
    }
    Ok(match health.status {
        Standing::Ok => Outcome::Done,
        Standing::Attention | Standing::Stopped => Outcome::Findings,
    })
}

#[expect(clippy::too_many_lines, reason = "one line a fact")]
fn shown(printer: &Printer, health: &Health) -> String {
    let local = |at: DateTime<Utc>| health.zone.local(at).format("%Y-%m-%d %a %H:%M %:z").to_string();
    let mut text = match health.status {
        Standing::Ok => printer.ink(Ink::Good, "all is well"),
        Standing::Attention => printer.ink(Ink::Warn, "it runs, and a person should look"),
        Standing::Stopped => printer.ink(Ink::Bad, "nothing is decided"),
    };
    text.push('\n');
    let mut line =
        |label: &str, value: String| text.push_str(&printer.hanging(&format!("  {label:<12}"), &value));
    if let Some(held) = &health.clock_held {
        line(
            "clock",
            format!(
                "{} is too far from the last event, {}: set it right, or `duban clock accept --reason …`",
                local(held.now),
                local(held.last)
            ),
        );
    }
    let letters = &health.letters;
    let written = words::count(letters.written, "letter");
    line(
        "letters",
        format!("{written} written, {} on their way, {} held for release", letters.unsettled, letters.held),
    );
    for (count, what) in [
        (letters.refused, "refused for good; `duban letter list --unsettled` says why"),
        (letters.unreleased, "not released on their day; the unit's next letter takes their points"),
    ] {
        if count > 0 {
            line("", format!("{count} {what}"));
        }
    }
    if letters.unhandled > 0 {
        let answers = words::count(letters.unhandled, "answer");
        line("", format!("{answers} to read; `duban intake list`, then `duban intake done EVENT`"));
    }
    for unit in &letters.bounced {
        let cure = format!(
            "`duban unit set {unit} --mailbox ADDRESS` (or `--mailbox-works`), then `duban letter resend LETTER --reason …`"
        );
        line("bounced", format!("the mailbox of {unit} gave a letter back; {cure}"));
    }
    line("", format!("to {}", health.mail));
    if let Some(relay) = &health.relay {
        line(
            "relay",
            format!(
                "no letter goes since {}: {}; {} failed, next at {}",
                local(relay.since),
                relay.reply,
                words::count(usize::try_from(relay.failures).unwrap_or(usize::MAX), "attempt"),
                local(relay.retry_at)
            ),
        );
    }
    if let Some(mailbox) = &health.mailbox {
        let read =
            mailbox.last_round.map_or_else(|| "not read yet".to_owned(), |at| format!("read {}", local(at)));
        line("mailbox", format!("{}, {read}", mailbox.mailbox));
        if let Some(fault) = &mailbox.fault {
            line("", format!("can't be read since {}: {}", local(fault.since), fault.words));
        }
        if mailbox.left_unseen > 0 {
            let left = words::count(mailbox.left_unseen, "message");
            line("", format!("{left} in it can't be taken in; a person should look, they are unseen"));
        }
    }
    line("plans", format!("{} followed, {} past or closed", health.plans.followed, health.plans.closed));
    let matters = health.matters;
    let waiting = match matters.waiting {
        0 => "nothing waits for the office".to_owned(),
        waiting => format!("{waiting} waiting for the office: `duban task waiting`"),
    };
    line("matters", format!("{} open, {} overdue, {waiting}", matters.open, matters.overdue));
    line("files", health.files.source.clone());
    for fault in &health.files.faults {
        let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        let label = if fault.error { "broken" } else { "look at" };
        line(label, format!("{}:{}:{}: {}{help}", fault.file, fault.line, fault.column, fault.message));
    }
    for finding in &health.findings {
        line("finding", finding.clone());
    }
    let journal = &health.journal;
    line(
        "journal",
        format!(
            "event {} of {}, head {}",
            journal.position,
            local(journal.recorded_at),
            journal.hash.short(16)
        ),
    );
    let store = &health.store;
    let behind = words::count(usize::try_from(store.events_behind).unwrap_or(usize::MAX), "event");
    line("store", format!("{behind} behind"));
    if let Some(why) = &store.failed {
        line("", format!("第二份副本不可用，记录照常，只存一份 / the second copy does not work: {why}"));
    }
    if let Some(since) = store.behind_since.filter(|_| store.is_late) {
        let since = local(since);
        line(
            "",
            format!(
                "第二份副本自 {since} 起一直落后，记录照常，只存一份；重启 duban 即补齐 / the second copy has been behind since {since}; recording goes on in the archive alone: restart duban, which makes the copy whole"
            ),
        );
    }
    for finding in &health.check.findings {
        line("damage", format!("{finding}; `duban doctor` says what helps"));
    }
    for healed in &health.check.healed {
        line("healed", healed.clone());
    }
    line("backup", health.last_backup.map_or_else(|| "none yet".to_owned(), local));
    let next = health.next_wake.map_or_else(|| "nothing is planned".to_owned(), local);
    line("next", next);
    line("version", health.version.clone());
    text
}
