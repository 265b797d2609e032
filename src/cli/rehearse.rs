//! `rehearse`: a year in seconds, summed up by month and unit.

mod burden;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::Context;
use super::args::{Format, RehearseArgs};
use super::check::excerpt;
use super::failure::{Failure, Outcome};
use super::files;
use super::print::{Column, Ink, Printer};
use super::{papers, words};
use crate::daemon::rehearsal::{self, Ask, Burden, Ending, Paper, Played, Rehearsal};
use crate::domain::Unit;
use crate::domain::light::Light;
use crate::locale::{Value, message};
use crate::report::Row;
use crate::report::bulletin::MonthEnd;
use crate::schedules::Declared;
use crate::schedules::script::{self, Script};

/// `rehearse`
pub fn rehearse(context: &Context, args: &RehearseArgs) -> anyhow::Result<Outcome> {
    if args.from > args.until {
        let what = format!("--from {} is after --until {}", args.from, args.until);
        return Err(Failure::fault(what).cure("both days are included; they may be the same").into());
    }
    let declared = files::declared(&context.global, &context.printer)?;
    let downs: Vec<_> = args.down.iter().map(|span| (span.from, span.until)).collect();
    let script = args.script.as_deref().map(|path| script(&context.printer, path, &declared)).transpose()?;
    let played = rehearsal::play(&Ask {
        declared: &declared,
        from: args.from,
        until: args.until,
        downs: &downs,
        into: args.into.as_deref(),
        script: script.as_ref(),
    })?;
    match args.format {
        Format::Json => context.printer.json(&Figures::of(&played))?,
        Format::Table => context.printer.text(&summary(&context.printer, &played, &declared.units))?,
    }
    context.tell_provisional(&declared.working().provisional_years(args.from, args.until));
    if let Some(out) = &args.out {
        write(&played.papers, out)?;
        context.printer.tell(&message("rehearsal-papers").with("dir", &out.display()));
    }
    if let Some(into) = &args.into {
        context.printer.tell(&message("rehearsal-data").with("dir", &into.display()));
    }
    let good = played.verified.is_good() && played.played.findings.is_empty();
    Ok(if good { Outcome::Done } else { Outcome::Findings })
}

/// What a program reads.
#[derive(Serialize)]
struct Figures<'r> {
    rows: &'r [Row],
    months: &'r [MonthEnd],
    burden: &'r [Burden],
    played: &'r Played,
}

impl<'r> Figures<'r> {
    fn of(played: &'r Rehearsal) -> Self {
        Self { rows: &played.rows, months: &played.months, burden: &played.burden, played: &played.played }
    }
}

/// The script; what is wrong with it is shown line by line, where it has an error.
fn script(printer: &Printer, path: &Path, declared: &Declared) -> anyhow::Result<Script> {
    let (script, faults) = script::read_script(path, declared);
    for fault in &faults {
        printer.text(&excerpt(printer, fault)?)?;
    }
    script.ok_or_else(|| {
        let what = message("script-not-played").with("path", &path.display());
        let what = what.put("count", Value::Count(faults.len()));
        Failure::refused(what).cure(message("cure-script")).into()
    })
}

/// Writes the papers: bulletins as .docx, .html and .json, ledgers as .xlsx and .json.
fn write(papers: &[Paper], out: &Path) -> anyhow::Result<()> {
    for paper in papers {
        match paper {
            Paper::Bulletin(bulletin) => papers::write_bulletin(bulletin, out)?,
            Paper::Ledger(sheet) => papers::write_ledger(sheet, out)?,
        };
    }
    Ok(())
}

fn summary(printer: &Printer, played: &Rehearsal, units: &[Unit]) -> String {
    let mut text = burden::tables(printer, &played.burden, units);
    text.push('\n');
    text.push_str(&months(printer, &played.months));
    text.push('\n');
    if let Some(worst) = &played.worst {
        let sunday = worst.monday + chrono::TimeDelta::days(6);
        let title = format!(
            "busiest: {} ({}), {} letters, receipts among them; its worst week, {} to {}:",
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
    text.push_str(&script_played(printer, played));
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

/// Figures and lights month by month.
fn months(printer: &Printer, months: &[MonthEnd]) -> String {
    const LIGHTS: [(&str, Light); 7] = [
        ("red", Light::Red),
        ("yellow", Light::Yellow),
        ("late", Light::Late),
        ("review", Light::Review),
        ("green", Light::Green),
        ("grey", Light::Grey),
        ("paused", Light::Paused),
    ];
    let names = ["followed", "due", "in time", "too late", "rate"].into_iter();
    let names = names.chain(LIGHTS.iter().map(|(name, _)| *name));
    let columns: Vec<Column> =
        std::iter::once(Column::whole("as-of")).chain(names.map(Column::number)).collect();
    let rows: Vec<Vec<String>> = months
        .iter()
        .map(|month| {
            let totals = &month.totals;
            let rate = totals.on_time_rate().percent().unwrap_or_default();
            let mut row = vec![month.day.to_string(), totals.followed.to_string(), totals.due().to_string()];
            row.extend([totals.on_time.to_string(), totals.late.to_string(), rate]);
            row.extend(
                LIGHTS.iter().map(|(_, light)| month.lights.get(light).copied().unwrap_or(0).to_string()),
            );
            row
        })
        .collect();
    printer.table(&columns, &rows)
}

/// What came of the script; nothing where there was none.
fn script_played(printer: &Printer, played: &Rehearsal) -> String {
    let Played { answers, rulings, refused, findings } = &played.played;
    if answers.is_empty() && *rulings == 0 && refused.is_empty() && findings.is_empty() {
        return String::new();
    }
    let ways =
        answers.iter().map(|(way, heard)| format!("{} by {way} ({} matters)", heard.forms, heard.matters));
    let ways: Vec<String> = ways.collect();
    let mut text = printer.hanging("answers: ", &ways.join(", "));
    let foretold = refused.iter().filter(|refused| refused.expected).count();
    let _ = writeln!(text, "rulings: {rulings}; refused: {}, of these as foretold {foretold}", refused.len());
    for finding in findings {
        text.push_str(&printer.ink(Ink::Bad, &printer.hanging("otherwise than the script says: ", finding)));
    }
    text.push('\n');
    text
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
