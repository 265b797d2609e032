//! What an import, or a comparison, looks like: what a person must look at stands last.

use serde_json::{Value, json};

use super::print::{Column, Ink, Printer};
use super::speech::Speech;
use super::words;
use crate::import::{ColumnRead, Compared, Finding, Imported, Kind, Report, RowPassed, Written};
use crate::locale::{self, message, texts};
use crate::schedules::due_to_json;

/// For programs.
///
/// # Errors
/// None that a report can have.
pub fn json(file: &str, imported: &Imported, recorded: Option<u64>) -> anyhow::Result<Value> {
    let mut report = serde_json::to_value(&imported.report)?;
    // A deadline as everywhere else: as a plan file has it.
    let written = imported.report.tasks.iter().map(|task| due_to_json(&task.due));
    if let Some(tasks) = report.get_mut("tasks").and_then(Value::as_array_mut) {
        for (task, due) in tasks.iter_mut().zip(written) {
            if let Some(slot) = task.get_mut("due") {
                *slot = due;
            }
        }
    }
    Ok(json!({ "file": file, "report": report, "missing": imported.missing, "recorded": recorded }))
}

/// For people.
#[must_use]
pub fn text(
    printer: &Printer,
    dry_run: bool,
    file: &str,
    imported: &Imported,
    recorded: Option<u64>,
) -> String {
    let report = &imported.report;
    let mut text = String::new();
    if dry_run {
        text.push_str(&tasks(printer, report));
        text.push('\n');
    }
    text.push_str(&columns(printer, report));
    for kind in [Kind::Note, Kind::Assumed, Kind::NotCarried, Kind::NotUnderstood] {
        text.push_str(&findings(printer, report, kind));
    }
    text.push_str(&ending(printer.speech(), dry_run, file, imported, recorded));
    text
}

fn tasks(printer: &Printer, report: &Report) -> String {
    let columns = [
        Column::number("row"),
        Column::whole("number"),
        Column::wrapping("title", 16),
        Column::wrapping("lead", 8),
        Column::wrapping("cooperate", 9),
        Column::wrapping("written", 8),
        Column::wrapping("due", 10),
    ];
    let rows: Vec<Vec<String>> = report
        .tasks
        .iter()
        .map(|task| {
            let due = words::due(printer.speech(), &due_to_json(&task.due));
            vec![
                task.row.to_string(),
                task.number.clone().unwrap_or_default(),
                task.title.clone(),
                words::ids(&task.lead),
                words::ids(&task.cooperate),
                task.due_text.clone(),
                if task.target {
                    printer.speech().told(&message("import-target").with("due", &due))
                } else {
                    due
                },
            ]
        })
        .collect();
    printer.table(&columns, &rows)
}

/// Columns that are read and that aren't, and rows that are nothing.
#[must_use]
pub fn columns(printer: &Printer, report: &Report) -> String {
    let both = |column: &ColumnRead| {
        if column.header == column.read_as {
            format!("{} {}", column.column, column.header)
        } else {
            format!("{} {} → {}", column.column, column.header, column.read_as)
        }
    };
    let speech = printer.speech();
    let why = |column: &ColumnRead| {
        let read_as = column.words.as_ref().map(|words| speech.value(words));
        let read_as = read_as.unwrap_or_else(|| column.read_as.clone());
        match column.header.as_str() {
            "" => format!("{} ({read_as})", column.column),
            header => format!("{} {header} ({read_as})", column.column),
        }
    };
    let mut text = String::new();
    let mut line = |label: &str, parts: Vec<String>| {
        if !parts.is_empty() {
            text.push_str(&printer.hanging(&speech.word(label), &parts.join(" · ")));
        }
    };
    line("columns-read", report.columns.iter().map(both).collect());
    line("columns-not-read", report.unmatched.iter().map(why).collect());
    line("columns-of-people", report.people.iter().map(both).collect());
    let row = |row: &RowPassed| format!("{} {} ({})", row.row, row.text, speech.word(&row.why));
    line("rows-no-task", report.passed.iter().map(row).collect());
    text
}

/// Findings that say the same of the same column, with their rows.
struct Group<'r> {
    finding: &'r Finding,
    rows: Vec<u32>,
    texts: Vec<&'r str>,
}

fn grouped(report: &Report, kind: Kind) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in report.of(kind) {
        let same = |group: &&mut Group<'_>| {
            let known = group.finding;
            (&known.column, &known.what, &known.right) == (&finding.column, &finding.what, &finding.right)
        };
        let Some(group) = groups.iter_mut().find(same) else {
            let rows = finding.row.into_iter().collect();
            groups.push(Group { finding, rows, texts: vec![&finding.text] });
            continue;
        };
        group.rows.extend(finding.row);
        if !group.texts.contains(&finding.text.as_str()) {
            group.texts.push(&finding.text);
        }
    }
    groups
}

/// What was found of a kind, as one table.
#[must_use]
pub fn findings(printer: &Printer, report: &Report, kind: Kind) -> String {
    let groups = grouped(report, kind);
    if groups.is_empty() {
        return String::new();
    }
    let (ink, label) = match kind {
        Kind::Note => (Ink::Bold, "to-know"),
        Kind::Assumed => (Ink::Warn, "assumed-of-sheet"),
        Kind::NotCarried => (Ink::Warn, "not-carried-over"),
        Kind::NotUnderstood => (Ink::Bad, "not-understood"),
    };
    let speech = printer.speech();
    let has_right = groups.iter().any(|group| group.finding.right.is_some());
    let mut columns = vec![
        Column::wrapping("rows", 6),
        Column::wrapping("column", 8),
        Column::wrapping("text", 12),
        Column::wrapping("what", 24),
    ];
    columns.extend(has_right.then(|| Column::wrapping("right-would-be", 14)));
    let shown = |text: &str| -> String {
        let short: String = text.chars().take(TEXT_CHARS_MAX).collect();
        if short.len() < text.len() { format!("{short}…") } else { short }
    };
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let Finding { column, header, what, right, .. } = group.finding;
            let place =
                [column, header].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
            let some: Vec<String> =
                group.texts.iter().take(TEXTS_SHOWN_MAX).map(|text| shown(text)).collect();
            let more = if group.texts.len() > TEXTS_SHOWN_MAX { " …" } else { "" };
            let rows = if group.rows.is_empty() { speech.word("the-sheet") } else { spans(&group.rows) };
            let mut cells = vec![rows, place, format!("{}{more}", some.join(" · ")), speech.value(what)];
            let right = || right.as_ref().map(|right| speech.value(right)).unwrap_or_default();
            cells.extend(has_right.then(right));
            cells
        })
        .collect();
    format!("\n{}\n{}", printer.ink(ink, &speech.word(label)), printer.table(&columns, &rows))
}

/// So many different texts of a group are shown, the JSON has all.
const TEXTS_SHOWN_MAX: usize = 3;
/// And so much of each.
const TEXT_CHARS_MAX: usize = 24;

/// `4-12, 15`.
fn spans(rows: &[u32]) -> String {
    let mut sorted = rows.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for row in sorted {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => spans.push((row, row)),
        }
    }
    let one = |(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    spans.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What came of it, and what is next.
fn ending(speech: Speech, dry_run: bool, file: &str, imported: &Imported, recorded: Option<u64>) -> String {
    let report = &imported.report;
    let (first, last) = report.header_rows;
    let header = if first == last { first.to_string() } else { format!("{first}-{last}") };
    let code = if first == last { "import-sum" } else { "import-sum-of-rows" };
    let mut sum = message(code).with("file", file).with("sheet", &report.sheet).with("header", &header);
    sum = sum.with("tasks", &speech.count(report.tasks.len(), "task"));
    if !report.left_out.is_empty() {
        let rows = speech.count(report.left_out.len(), "row");
        sum = message("import-sum-left-out").within("sum", sum).with("rows", &rows);
    }
    let came = match (recorded, &imported.plan) {
        (Some(position), Some((plan, _))) => {
            let id = &plan.head.id;
            let next = if plan.head.quiet { message("import-quiet") } else { message("import-followed") };
            let done = message("import-done").with("plan", id).with("position", &position);
            done.within("next", next.with("plan", id))
        }
        _ if dry_run && imported.missing.is_empty() => message("import-dry-run"),
        _ if dry_run => {
            message("import-dry-run-needs").put("what", locale::Value::All(texts(&imported.missing)))
        }
        _ if report.tasks.is_empty() => message("import-no-task"),
        _ => message("import-nothing"),
    };
    format!("\n{}\n{}\n", speech.told(&sum), speech.told(&came))
}

/// What a comparison found, for people.
#[must_use]
pub fn compared(printer: &Printer, compared: &Compared) -> String {
    let Compared { sheet, written, rows, same, not_compared, differences } = compared;
    let columns = [
        Column::number("row"),
        Column::wrapping("task", 12),
        Column::wrapping("column", 8),
        Column::wrapping("sheet", 16),
        Column::wrapping("ledger", 16),
    ];
    let speech = printer.speech();
    let cells: Vec<Vec<String>> = differences
        .iter()
        .map(|difference| {
            let about = speech.word(&difference.about);
            let place = difference.column.iter().map(String::as_str).chain([about.as_str()]);
            let missing = |text: &str, other: bool| if other { "—".to_owned() } else { text.to_owned() };
            vec![
                difference.row.map(|row| row.to_string()).unwrap_or_default(),
                difference.task.as_ref().map(ToString::to_string).unwrap_or_default(),
                place.collect::<Vec<_>>().join(" "),
                missing(&difference.sheet, difference.row.is_none()),
                missing(&difference.ledger, difference.task.is_none()),
            ]
        })
        .collect();
    let mut text = printer.table(&columns, &cells);
    if !not_compared.is_empty() {
        text.push_str(&printer.hanging(&speech.word("not-compared"), &not_compared.join(" · ")));
    }
    let found = match differences.len() {
        0 => speech.word("no-difference"),
        some => speech.count(some, "difference"),
    };
    let sum = match written {
        None => message("compare-sum"),
        Some(Written { on, position, .. }) => {
            message("compare-sum-written").with("on", on).with("position", position)
        }
    };
    let sum = sum.with("sheet", sheet).with("rows", &speech.count(*rows, "row")).with("same", same);
    text + &speech.told(&sum.with("found", &found)) + "\n"
}
