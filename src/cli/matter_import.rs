//! `matter import`: a list of assigned matters (13710) becomes matters, each once.

use serde_json::json;

use super::args::{Format, MatterImportArgs};
use super::failure::Outcome;
use super::import::sheet;
use super::import_shown::{columns, findings};
use super::print::{Column, Printer};
use super::{Context, words};
use crate::domain::matter::MatterClass;
use crate::import::{Kind, MatterRow, Matters};
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
        text.push_str(&printer.hanging("assigned already: ", &shown.join(" · ")));
    }
    for kind in [Kind::Note, Kind::Assumed, Kind::NotCarried, Kind::NotUnderstood] {
        text.push_str(&findings(printer, report, kind));
    }
    text + &ending(options, file, read, recorded)
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
            vec![
                row.row.to_string(),
                matter.matter.platform_number.clone().unwrap_or_default(),
                matter.title.clone(),
                matter.matter.source.clone(),
                words::ids(&matter.lead),
                words::ids(&matter.cooperate),
                class.to_owned(),
                matter.matter.assigned_on.to_string(),
                words::day(row.deadline),
                off(row),
            ]
        })
        .collect();
    printer.table(&columns, &cells)
}

/// `3 days off: 06-12 06-13 06-14`, the first few of many.
fn off(row: &MatterRow) -> String {
    const SHOWN_MAX: usize = 4;
    if row.days_off.is_empty() {
        return String::new();
    }
    let some = row.days_off.iter().take(SHOWN_MAX).map(|day| day.format("%m-%d").to_string());
    let some = some.collect::<Vec<_>>().join(" ");
    let more = if row.days_off.len() > SHOWN_MAX { " …" } else { "" };
    format!("{}: {some}{more}", words::days_off(row.days_off.len()))
}

/// What came of it, and what is next.
fn ending(options: &MatterOptions, file: &str, read: &Matters, recorded: Option<u64>) -> String {
    let report = &read.report;
    let mut text = format!("\n{file}, sheet {}: {}", report.sheet, words::count(read.rows.len(), "matter"));
    let others = [(read.known.len(), "assigned already"), (report.left_out.len(), "not understood")];
    for (count, what) in others.into_iter().filter(|(count, _)| *count > 0) {
        text.extend([", ", &words::count(count, "row"), " ", what]);
    }
    text.push('\n');
    let off = read.rows.iter().filter(|row| !row.days_off.is_empty()).count();
    if off > 0 {
        let clocks = if off == 1 { "1 clock runs".to_owned() } else { format!("{off} clocks run") };
        text.push_str(&clocks);
        text.push_str(
            " on through days off; `--days working` or 工作日 in the row counts working days only\n",
        );
    }
    let came = match recorded {
        Some(position) => format!("assigned; their units are told, one letter each (event {position})"),
        None if options.dry_run => "nothing was recorded (--dry-run)".to_owned(),
        None if !report.left_out.is_empty() && !options.reading.leave_out => {
            "nothing was assigned: put the rows right, or assign the others alone with `--leave-out`"
                .to_owned()
        }
        None => "nothing to assign".to_owned(),
    };
    text + &came + "\n"
}
