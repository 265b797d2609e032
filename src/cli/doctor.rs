//! `doctor`: gathers what is known of a duban, running or stopped, has it examined, and prints that.

use std::path::Path;

use serde::Serialize;

use super::Context;
use super::args::{Format, FormatArg};
use super::failure::Outcome;
use super::print::padded;
use super::print::{Ink, Printer};
use crate::client::{Client, ClientFault};
use crate::clock::Clock;
use crate::config::{Config, Schedules, file_of};
use crate::daemon::causes;
use crate::doctor::{self, Case, Life, Topic, Weight};
use crate::domain::Ledger;
use crate::domain::adoption::Declared;
use crate::journal::{Shelves, has_journal, inspect, read_archive};
use crate::locale::{self, Message, Value, message, texts};
use crate::office::accounts::Accounts;
use crate::office::accounts_recorded::differences;
use crate::office::{letters, plans};
use crate::schedules::{self, Read};
use crate::wire::{Declaration, LetterEntry};

/// What `doctor --format json` says.
#[derive(Debug, Serialize)]
struct Told<'a> {
    data: String,
    running: bool,
    findings: usize,
    notes: usize,
    topics: &'a [Topic],
}

/// How it stands, what is in force, and all letters, or why they may not be seen.
type Stood = (Life, Option<Declaration>, Result<Vec<LetterEntry>, String>);

/// `doctor`; exit code 1 where a person should do something
pub fn doctor(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let case = case(context)?;
    let topics = doctor::examine(&case);
    let of = |weight| topics.iter().flat_map(|topic| &topic.findings).filter(|f| f.weight == weight).count();
    let told = Told {
        data: case.config.data.display().to_string(),
        running: matches!(case.life, Life::Running(_)),
        findings: of(Weight::Finding),
        notes: of(Weight::Note),
        topics: &topics,
    };
    match format.format {
        Format::Json => context.printer.json(&told)?,
        Format::Table => context.printer.text(&shown(&context.printer, &case, &told))?,
    }
    Ok(if told.findings == 0 { Outcome::Done } else { Outcome::Findings })
}

fn case(context: &Context) -> anyhow::Result<Case> {
    let given = context.given();
    let config_file = file_of(&given);
    let config = Config::load(given)?;
    let files = match &config.schedules {
        Schedules::Dir(dir) => schedules::read_dir(dir).map_err(|fault| causes(&fault)),
        Schedules::Embedded => Ok(schedules::embedded()),
    };
    let asked = context.ask_daemon(&config.data, async |client: Client| {
        let health = client.status().await?;
        // Where the accounts can't be read, how it stands is all that is told.
        let declared = client.declared().await.unwrap_or_default();
        let letters = client.letters().await.map_err(|fault| unseen(context, fault));
        Ok((health, declared, letters))
    })?;
    let (life, declared, letters) = match asked {
        Some((health, declared, letters)) => (Life::Running(Box::new(health)), declared, letters),
        None => stopped(&config)?,
    };
    let declared = declared.or_else(|| files.as_ref().ok().and_then(of_files));
    let now = Clock::Wall.now();
    let accounts = match life {
        Life::Running(_) => None,
        Life::Stopped(_) | Life::Fresh => Accounts::fault(&Shelves::of(&config.data)),
    };
    let accounts = accounts.map(|fault| locale::told(context.language(), &fault));
    let accounts_by_hand = match &life {
        Life::Stopped(inspection) if inspection.readable() => by_hand(context, &config.data)?,
        Life::Stopped(_) | Life::Running(_) | Life::Fresh => Vec::new(),
    };
    Ok(Case { config, config_file, now, life, declared, letters, accounts, accounts_by_hand, files })
}

/// Accounts of a stopped duban that are not as recorded, each with its cure, in words.
pub(super) fn by_hand(context: &Context, data: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let differences = differences(&Shelves::of(data), &read_archive(data)?)?;
    let told = |message: &Message| locale::told(context.language(), message);
    let cure = told(&message("cure-account-by-hand"));
    Ok(differences.iter().map(|difference| (told(difference), cure.clone())).collect())
}

/// That letters may not be seen, and why.
fn unseen(context: &Context, fault: ClientFault) -> String {
    let why = match fault {
        ClientFault::Refused(refused) => refused.told_in(context.language()).what,
        fault @ (ClientFault::NoDaemon { .. }
        | ClientFault::NotYours { .. }
        | ClientFault::Problem { .. }
        | ClientFault::Lost { .. }) => fault.to_string(),
    };
    locale::told(context.language(), &message("doctor-letters-unseen").with("why", &why))
}

/// What a stopped duban tells: both copies are read to the last byte.
fn stopped(config: &Config) -> anyhow::Result<Stood> {
    if !has_journal(&config.data) {
        return Ok((Life::Fresh, None, Ok(Vec::new())));
    }
    let inspection = inspect(&config.data)?;
    let ledger = if inspection.readable() {
        Ledger::fold(read_archive(&config.data)?.read(0))?
    } else {
        Ledger::default()
    };
    Ok((Life::Stopped(Box::new(inspection)), plans::declared(&ledger), Ok(letters::entries(&ledger))))
}

fn of_files(read: &Read) -> Option<Declaration> {
    let Declared { office, ladders, units, working_years, .. } = read.declared.clone()?;
    Some(Declaration { office, ladders, units, working_years, plans: Vec::new() })
}

fn shown(printer: &Printer, case: &Case, told: &Told<'_>) -> String {
    let life = match &case.life {
        Life::Running(health) => message("doctor-runs").with("version", &health.version),
        Life::Stopped(_) => message("doctor-stopped"),
        Life::Fresh => message("doctor-fresh"),
    };
    let speech = printer.speech();
    let mut text = printer.hanging("", &speech.told(&life.with("data", &told.data)));
    text.push('\n');
    for topic in told.topics {
        let (ink, word) = match topic.weight() {
            None => (Ink::Good, "doctor-ok"),
            Some(Weight::Note) => (Ink::Faint, "doctor-note"),
            Some(Weight::Finding) => (Ink::Warn, "doctor-look"),
        };
        let word = &speech.word(word);
        let name = speech.word(&format!("topic-{}", topic.topic));
        let label = format!("  {}{}", padded(word, 6), padded(&name, 14));
        let line = printer.hanging(&label, &topic.summary);
        text.push_str(&line.replacen(word.as_str(), &printer.ink(ink, word), 1));
        for finding in &topic.findings {
            let ink = if finding.weight == Weight::Finding { Ink::Warn } else { Ink::Faint };
            let label = |word: &str| format!("{:8}{}", "", padded(&speech.word(word), 7));
            let word = speech.word("doctor-what");
            let what = printer.hanging(&label("doctor-what"), &finding.what);
            text.push_str(&what.replacen(&word, &printer.ink(ink, &word), 1));
            for (word, value) in [("doctor-where", &finding.place), ("doctor-cure", &finding.cure)] {
                if !value.is_empty() {
                    text.push_str(&printer.hanging(&label(word), value));
                }
            }
        }
    }
    text.push('\n');
    let (ink, sum) = match (told.findings, told.notes) {
        (0, 0) => (Ink::Good, speech.word("all-is-well")),
        (0, notes) => {
            let well = message("doctor-well").with("notes", &speech.count(notes, "note"));
            (Ink::Good, speech.told(&well))
        }
        (findings, 0) => (Ink::Warn, speech.count(findings, "finding")),
        (findings, notes) => {
            let sum = [speech.count(findings, "finding"), speech.count(notes, "note")];
            (Ink::Warn, locale::word(speech.0, &Value::All(texts(sum))))
        }
    };
    text.push_str(&printer.ink(ink, &sum));
    text.push('\n');
    text
}
