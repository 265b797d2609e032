//! `rehearse`: a year in seconds, summed up by month and unit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::Context;
use super::args::{Format, RehearseArgs};
use super::failure::{Failure, Outcome};
use super::files;
use super::print::{Column, Ink, Printer};
use super::words;
use crate::daemon::rehearsal::{self, Ending, Month, Rehearsal};
use crate::domain::{Unit, UnitId};

/// `rehearse`
pub fn rehearse(context: &Context, args: &RehearseArgs) -> anyhow::Result<Outcome> {
    if args.from > args.until {
        let what = format!("--from {} is after --until {}", args.from, args.until);
        return Err(Failure::fault(what).cure("both days are included; they may be the same").into());
    }
    let declared = files::declared(&context.global, &context.printer)?;
    let downs: Vec<_> = args.down.iter().map(|span| (span.from, span.until)).collect();
    let played = rehearsal::rehearse(&declared, args.from, args.until, &downs, args.into.as_deref())?;
    match args.format {
        Format::Json => context.printer.json(&played.rows)?,
        Format::Table => context.printer.text(&summary(&context.printer, &played, &declared.units))?,
    }
    if let Some(into) = &args.into {
        context.printer.note(&format!("journal, letters and outbox stand in {}", into.display()));
    }
    Ok(if played.verified.is_good() { Outcome::Done } else { Outcome::Findings })
}

fn summary(printer: &Printer, played: &Rehearsal, units: &[Unit]) -> String {
    let mut text = load(printer, &played.load, units);
    text.push('\n');
    if let Some(worst) = &played.worst {
        let sunday = worst.monday + chrono::TimeDelta::days(6);
        let title = format!(
            "busiest: {} ({}), {} letters; its worst week, {} to {}:",
            worst.name, worst.unit, worst.letters_in_all, worst.monday, sunday
        );
        text.push_str(&printer.ink(Ink::Bold, &title));
        text.push('\n');
        for letter in &worst.letters {
            let label = format!("  {}  ", words::day(letter.day));
            text.push_str(&printer.hanging(
                &label,
                &format!(
                    "{} ({} {})",
                    letter.subject,
                    letter.points,
                    if letter.points == 1 { "point" } else { "points" }
                ),
            ));
        }
        text.push('\n');
    }
    text.push_str(&endings(played));
    let verified = &played.verified;
    let line = if verified.is_good() {
        format!(
            "journal: {} events read back, chain and ledger as they should be, head {}",
            verified.events,
            verified.head.hash.short(12)
        )
    } else {
        format!(
            "journal: NOT SOUND: {} of {} events read back, {}",
            verified.events,
            verified.head.position,
            verified.broken_at.map_or_else(
                || "the ledger folded anew differs".to_owned(),
                |at| format!("broken at event {at}")
            )
        )
    };
    text.push_str(&printer.ink(if verified.is_good() { Ink::Good } else { Ink::Bad }, &line));
    text.push('\n');
    text
}

/// Letters by unit and month, the busiest unit first.
fn load(printer: &Printer, load: &BTreeMap<UnitId, BTreeMap<Month, usize>>, units: &[Unit]) -> String {
    let months: BTreeSet<Month> = load.values().flat_map(|months| months.keys().copied()).collect();
    let mut rows: Vec<(&UnitId, usize)> =
        load.iter().map(|(unit, months)| (unit, months.values().sum())).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let name = |id: &UnitId| {
        let unit = units.iter().find(|unit| unit.id == *id);
        unit.map_or_else(|| id.to_string(), |unit| unit.short.clone())
    };
    let count = |number: usize| if number == 0 { String::new() } else { number.to_string() };
    let mut shown: Vec<Vec<String>> = rows
        .iter()
        .map(|(unit, total)| {
            let of = |month: &Month| load.get(*unit).and_then(|months| months.get(month)).copied();
            let mut row = vec![name(unit)];
            row.extend(months.iter().map(|month| count(of(month).unwrap_or(0))));
            row.push(total.to_string());
            row
        })
        .collect();
    let mut total = vec!["all letters".to_owned()];
    total
        .extend(months.iter().map(|month| count(load.values().filter_map(|months| months.get(month)).sum())));
    total.push(rows.iter().map(|(_, total)| total).sum::<usize>().to_string());
    shown.push(total);
    let mut head = vec!["letters".to_owned()];
    head.extend(months.iter().map(|month| format!("{:02}-{:02}", month.year % 100, month.month)));
    head.push("all".to_owned());
    let columns: Vec<Column> = head
        .iter()
        .enumerate()
        .map(|(index, name)| if index == 0 { Column::wrapping(name, 8) } else { Column::number(name) })
        .collect();
    printer.table(&columns, &shown)
}

/// How the stages ended, in one line.
fn endings(played: &Rehearsal) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for ending in played.endings.values().flatten() {
        let name = match ending {
            Ending::Letter => "in letters",
            Ending::Merged => "merged into another",
            Ending::Skipped(_) => "skipped",
            Ending::Missed => "missed",
        };
        *counts.entry(name).or_default() += 1;
    }
    let mut text = format!("stages: {}", played.endings.len());
    for (name, count) in counts {
        let _ = write!(text, ", {count} {name}");
    }
    let twice = played.endings.values().filter(|endings| endings.len() != 1).count();
    if twice > 0 {
        let _ = write!(text, "; {twice} WITHOUT EXACTLY ONE ENDING");
    }
    text.push('\n');
    text
}
