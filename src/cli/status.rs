//! `status`.

use chrono::{DateTime, Utc};

use super::Context;
use super::args::{Format, FormatArg};
use super::ask::told;
use super::failure::Outcome;
use super::print::{Ink, Printer};
use super::speech::Speech;
use super::words::provisional;
use crate::locale::{Message, Value, message};
use crate::wire::{FileFault, Health, LettersHealth, MailboxHealth, Standing};

/// Columns that a label takes.
const LABEL_COLUMNS: usize = 12;

/// `status`; exit code 1 where a person should look
pub fn status(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let client = context.client(&context.data_dir()?);
    let health = context.wait(client.status())?.map_err(told)?;
    match format.format {
        Format::Json => context.printer.json(&health)?,
        Format::Table => {
            let shown = Shown { printer: &context.printer, speech: context.speech(), health: &health };
            context.printer.text(&shown.whole())?;
        }
    }
    Ok(match health.status {
        Standing::Ok => Outcome::Done,
        Standing::Attention | Standing::Stopped => Outcome::Findings,
    })
}

struct Shown<'h> {
    printer: &'h Printer,
    speech: Speech,
    health: &'h Health,
}

impl Shown<'_> {
    fn whole(&self) -> String {
        let (ink, code) = match self.health.status {
            Standing::Ok => (Ink::Good, "status-ok"),
            Standing::Attention => (Ink::Warn, "status-attention"),
            Standing::Stopped => (Ink::Bad, "status-stopped"),
        };
        let head = self.printer.ink(ink, &self.told(&message(code)));
        let lines = self.lines();
        let lines = lines
            .iter()
            .map(|(label, words)| self.printer.hanging(&self.speech.label(label, LABEL_COLUMNS), words));
        std::iter::once(format!("{head}\n")).chain(lines).collect()
    }

    /// Each line with its label; one without goes on with what stands above it.
    fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        let health = self.health;
        if let Some(held) = &health.clock_held {
            let words = message("status-clock-held");
            let words = words.with("now", &self.local(held.now)).with("last", &self.local(held.last));
            lines.push(("clock", self.told(&words)));
        }
        lines.extend(self.letters(&health.letters));
        lines.push(("", self.told(&message("status-letters-to").with("where", &health.mail))));
        if let Some(relay) = &health.relay {
            let words = message("status-relay").with("since", &self.local(relay.since));
            let words = words.with("why", &relay.reply).with("next", &self.local(relay.retry_at));
            lines.push(("relay", self.told(&words.put("count", count(relay.failures)))));
        }
        lines.extend(health.mailbox.iter().flat_map(|mailbox| self.mailbox(mailbox)));
        let words = message("status-plans").with("followed", &health.plans.followed);
        lines.push(("plans", self.told(&words.with("closed", &health.plans.closed))));
        let (plans, units) = (health.plans.by_office, health.plans.units_by_office);
        if plans + units > 0 {
            let words = message("status-by-office").with("plans", &plans).with("units", &units);
            lines.push(("", self.told(&words)));
        }
        let matters = health.matters;
        let words = match matters.waiting {
            0 => message("status-matters"),
            waiting => message("status-matters-waiting").with("waiting", &waiting),
        };
        let words = words.with("open", &matters.open).with("overdue", &matters.overdue);
        lines.push(("matters", self.told(&words)));
        lines.extend(
            provisional(&health.provisional_years).iter().map(|words| ("days-off", self.told(words))),
        );
        lines.push(("files", health.files.source.clone()));
        lines.extend(health.files.faults.iter().map(|one| fault(self.speech, one)));
        lines.extend(health.findings.iter().map(|finding| ("finding", finding.clone())));
        lines.extend(self.record());
        let next = health.next_wake.map(|at| self.local(at));
        lines.push(("next", next.unwrap_or_else(|| self.told(&message("status-no-next")))));
        lines.push(("version", health.version.clone()));
        lines
    }

    fn letters(&self, letters: &LettersHealth) -> Vec<(&'static str, String)> {
        let words = message("status-letters").put("written", Value::Count(letters.written));
        let words = words.with("unsettled", &letters.unsettled).with("held", &letters.held);
        let mut lines = vec![("letters", self.told(&words))];
        let counted = [
            (letters.refused, message("status-letters-refused")),
            (letters.unreleased, message("status-letters-unreleased")),
            (letters.unhandled, message("status-letters-unread")),
        ];
        for (number, words) in counted.into_iter().filter(|(number, _)| *number > 0) {
            lines.push(("", self.told(&words.put("count", Value::Count(number)))));
        }
        if let Some(coming) = &letters.coming {
            let code = if coming.released { "status-first-held" } else { "status-first" };
            let words = message(code).with("units", &coming.units).with("tasks", &coming.tasks);
            lines.push(("", self.told(&words.with("day", &coming.on))));
        }
        if letters.held_to_units > 0 {
            let words = match letters.lapse_at {
                None => message("status-letters-held"),
                Some(at) => message("status-letters-held-until").with("until", &self.local(at)),
            };
            lines.push(("", self.told(&words.put("count", Value::Count(letters.held_to_units)))));
        }
        let bounced = letters.bounced.iter().map(|unit| message("status-bounced").with("unit", unit));
        lines.extend(bounced.map(|words| ("bounced", self.told(&words))));
        lines
    }

    fn mailbox(&self, mailbox: &MailboxHealth) -> Vec<(&'static str, String)> {
        let words = match mailbox.last_round {
            None => message("status-mailbox-unread"),
            Some(at) => message("status-mailbox-read").with("at", &self.local(at)),
        };
        let mut lines = vec![("mailbox", self.told(&words.with("mailbox", &mailbox.mailbox)))];
        if let Some(fault) = &mailbox.fault {
            let words = message("status-mailbox-fault").with("since", &self.local(fault.since));
            lines.push(("", self.told(&words.with("why", &fault.words))));
        }
        if mailbox.left_unseen > 0 {
            let words = message("status-mailbox-left").put("count", Value::Count(mailbox.left_unseen));
            lines.push(("", self.told(&words)));
        }
        lines
    }

    /// Journal, second copy, what is damaged, backup.
    fn record(&self) -> Vec<(&'static str, String)> {
        let Health { journal, store, check, last_backup, .. } = self.health;
        let words = message("status-journal").with("position", &journal.position);
        let words = words.with("at", &self.local(journal.recorded_at)).with("hash", &journal.hash.short(16));
        let mut lines = vec![("journal", self.told(&words))];
        let words = message("status-store-behind").put("count", count(store.events_behind));
        lines.push(("store", self.told(&words)));
        if let Some(why) = &store.failed {
            lines.push(("", self.told(&message("status-store-failed").with("why", why))));
        }
        if let Some(since) = store.behind_since.filter(|_| store.is_late) {
            let words = message("status-store-late").with("since", &self.local(since));
            lines.push(("", self.told(&words)));
        }
        let damaged = check.findings.iter().map(|what| message("status-damage").with("what", what));
        lines.extend(damaged.map(|words| ("damage", self.told(&words))));
        lines.extend(check.healed.iter().map(|healed| ("healed", healed.clone())));
        let backup = last_backup.map(|at| self.local(at));
        lines.push(("backup", backup.unwrap_or_else(|| self.told(&message("status-no-backup")))));
        lines
    }

    fn told(&self, message: &Message) -> String {
        self.speech.told(message)
    }

    /// An instant in the office's zone.
    fn local(&self, at: DateTime<Utc>) -> String {
        self.speech.instant(at, self.health.zone)
    }
}

fn count(number: impl TryInto<usize>) -> Value {
    Value::Count(number.try_into().unwrap_or(usize::MAX))
}

fn fault(speech: Speech, fault: &FileFault) -> (&'static str, String) {
    let placed = message("plan-placed").with("file", &fault.file).with("line", &fault.line);
    let placed = placed.with("column", &fault.column).with("what", &fault.message);
    let told = match &fault.help {
        None => placed,
        Some(help) => message("plan-helped").within("placed", placed).with("help", help),
    };
    (if fault.error { "broken" } else { "look-at" }, speech.told(&told))
}
