//! `matter import`: a list of assigned matters (13710) becomes matters, each once.

use serde_json::json;

use super::args::{Format, MatterImportArgs};
use super::failure::Outcome;
use super::import::sheet;
use super::import_shown::{columns, findings};
use super::print::{Column, Printer};
use super::speech::Speech;
use super::{Context, words};
use crate::domain::matter::MatterClass;
use crate::import::{Kind, MatterRow, Matters};
use crate::locale::message;
use crate::office::imports::{ImportMatters, MatterOptions, MattersImported};

/// `matter import`
pub fn import(context: &Context, args: MatterImportArgs) -> anyhow::Result<Outcome> {
    let file = sheet(&args.file)?;
    let (name, options) = (file.name.clone(), args.options);
    let came = context.ask(ImportMatters { options: options.clone(), file })?;
    let MattersImported { read, stands, recorded } = came;
    match args.format.format {
        Format::Json => context.printer.json(&json!({
            "file": name,
            "sheet": read.report.sheet,
            "columns": read.report.columns,
            "unmatched": read.report.unmatched,
            "people": read.report.people,
            "matters": read.rows,
            "known": read.known,
            "left_out": read.report.left_out,
            "passed": read.report.passed,
            "findings": read.report.findings,
            "recorded": recorded,
        }))?,
        Format::Table => context.printer.text(&text(&context.printer, &options, &name, &read, recorded))?,
    }
    Ok(if stands { Outcome::Done } else { Outcome::Findings })
}

fn text(
    printer: &Printer,
    options: &MatterOptions,
    file: &str,
    read: &Matters,
    recorded: Option<u64>,
) -> String {
    let report = &read.report;
    let mut text = String::new();
    if !read.rows.is_empty() {
        text.push_str(&rows(printer, &read.rows));
        text.push('\n');
    }
    text.push_str(&columns(printer, report));
    if !read.known.is_empty() {
        let shown = read.known.iter().map(|known| format!("{} {} ({})", known.row, known.title, known.task));
        let shown: Vec<String> = shown.collect();
        text.push_str(&printer.hanging(&printer.speech().word("rows-known"), &shown.join(" · ")));
    }
    for kind in [Kind::Note, Kind::Assumed, Kind::NotCarried, Kind::NotUnderstood] {
        text.push_str(&findings(printer, report, kind));
    }
    text + &ending(printer.speech(), options, file, read, recorded)
}

fn rows(printer: &Printer, rows: &[MatterRow]) -> String {
    let columns = [
        Column::number("row"),
        Column::whole("number"),
        Column::wrapping("title", 16),
        Column::wrapping("source", 8),
        Column::wrapping("lead", 8),
        Column::wrapping("cooperate", 9),
        Column::whole("class"),
        Column::whole("deployed"),
        Column::whole("last-day"),
        Column::wrapping("runs-through", 12),
    ];
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let matter = &row.matter;
            let class = match (matter.matter.class, matter.until) {
                (MatterClass::Ordinary, _) => "ordinary",
                (MatterClass::Complex, None) => "complex",
                (MatterClass::Complex, Some(_)) => "complex, own day",
            };
            let speech = printer.speech();
            vec![
                row.row.to_string(),
                matter.matter.platform_number.clone().unwrap_or_default(),
                matter.title.clone(),
                matter.matter.source.clone(),
                words::ids(&matter.lead),
                words::ids(&matter.cooperate),
                speech.word(class),
                matter.matter.assigned_on.to_string(),
                speech.day(row.deadline),
                off(speech, row),
            ]
        })
        .collect();
    printer.table(&columns, &cells)
}

/// `3 days off: 06-12 06-13 06-14`, the first few of many.
fn off(speech: Speech, row: &MatterRow) -> String {
    const SHOWN_MAX: usize = 4;
    if row.days_off.is_empty() {
        return String::new();
    }
    let some = row.days_off.iter().take(SHOWN_MAX).map(|day| day.format("%m-%d").to_string());
    let some = some.collect::<Vec<_>>().join(" ");
    let more = if row.days_off.len() > SHOWN_MAX { " …" } else { "" };
    let told = message("import-days-off").with("count", &speech.count(row.days_off.len(), "day-off"));
    speech.told(&told.with("days", &format!("{some}{more}")))
}

/// What came of it, and what is next.
fn ending(
    speech: Speech,
    options: &MatterOptions,
    file: &str,
    read: &Matters,
    recorded: Option<u64>,
) -> String {
    let report = &read.report;
    let mut sum = message("import-matters").with("file", file).with("sheet", &report.sheet);
    sum = sum.with("matters", &speech.count(read.rows.len(), "matter"));
    if !read.known.is_empty() {
        let rows = speech.count(read.known.len(), "row");
        sum = message("import-sum-known").within("sum", sum).with("rows", &rows);
    }
    if !report.left_out.is_empty() {
        let rows = speech.count(report.left_out.len(), "row");
        sum = message("import-sum-left-out").within("sum", sum).with("rows", &rows);
    }
    let mut text = format!("\n{}\n", speech.told(&sum));
    let off = read.rows.iter().filter(|row| !row.days_off.is_empty()).count();
    if off > 0 {
        let clocks = message("import-clocks").with("clocks", &speech.count(off, "clock-runs"));
        text.push_str(&speech.told(&clocks));
        text.push('\n');
    }
    let came = match recorded {
        Some(position) => message("import-assigned").with("position", &position),
        None if options.dry_run => message("import-dry-run"),
        None if !report.left_out.is_empty() && !options.reading.leave_out => {
            message("import-nothing-assigned")
        }
        None => message("import-nothing-to-assign"),
    };
    text + &speech.told(&came) + "\n"
}
