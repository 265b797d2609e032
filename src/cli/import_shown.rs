//! What an import, or a comparison, looks like: what a person must look at stands last.

use serde_json::{Value, json};

use super::print::{Column, Ink, Printer};
use super::words;
use crate::import::{ColumnRead, Compared, Finding, Imported, Kind, Report, Written};
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
    text.push_str(&ending(dry_run, file, imported, recorded));
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
                if task.target { format!("{due}, target") } else { due },
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
    let why = |column: &ColumnRead| match column.header.as_str() {
        "" => format!("{} ({})", column.column, column.read_as),
        header => format!("{} {header} ({})", column.column, column.read_as),
    };
    let mut text = String::new();
    let mut line = |label: &str, parts: Vec<String>| {
        if !parts.is_empty() {
            text.push_str(&printer.hanging(&format!("{label} "), &parts.join(" · ")));
        }
    };
    line("columns read:", report.columns.iter().map(both).collect());
    line("columns not read:", report.unmatched.iter().map(why).collect());
    line("kept out of the journal (people):", report.people.iter().map(both).collect());
    let rows = report.passed.iter().map(|row| format!("{} {} ({})", row.row, row.text, row.why)).collect();
    line("rows that are no task:", rows);
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
        Kind::Note => (Ink::Bold, "to know"),
        Kind::Assumed => (Ink::Warn, "assumed, since the sheet does not say it"),
        Kind::NotCarried => (Ink::Warn, "not carried over"),
        Kind::NotUnderstood => (Ink::Bad, "not understood"),
    };
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
            let rows = if group.rows.is_empty() { "sheet".to_owned() } else { spans(&group.rows) };
            let mut cells = vec![rows, place, format!("{}{more}", some.join(" · ")), what.clone()];
            cells.extend(has_right.then(|| right.clone().unwrap_or_default()));
            cells
        })
        .collect();
    format!("\n{}\n{}", printer.ink(ink, label), printer.table(&columns, &rows))
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
fn ending(dry_run: bool, file: &str, imported: &Imported, recorded: Option<u64>) -> String {
    let report = &imported.report;
    let (first, last) = report.header_rows;
    let header = if first == last { format!("row {first}") } else { format!("rows {first}-{last}") };
    let tasks = words::count(report.tasks.len(), "task");
    let mut text = format!("\n{file}, sheet {}: column names in {header}, {tasks}", report.sheet);
    if !report.left_out.is_empty() {
        let rows = words::count(report.left_out.len(), "row");
        text.extend([", ", &rows, " not understood"]);
    }
    text.push('\n');
    let came = match (recorded, &imported.plan) {
        (Some(position), Some((plan, _))) => {
            let id = &plan.head.id;
            let next = if plan.head.quiet {
                format!(
                    "nobody is written to before `duban plan start {id}`; see it with `duban plan show {id}`"
                )
            } else {
                "it is followed from today; its units are told".to_owned()
            };
            format!("imported as plan `{id}`, owned by the office (event {position})\n{next}")
        }
        _ if dry_run && imported.missing.is_empty() => "nothing was recorded (--dry-run)".to_owned(),
        _ if dry_run => {
            format!("nothing was recorded (--dry-run); an import needs {}", imported.missing.join(", "))
        }
        _ if report.tasks.is_empty() => "nothing was imported: no row is a task".to_owned(),
        _ => {
            "nothing was imported: put the rows right, or take the others alone with `--leave-out`".to_owned()
        }
    };
    text + &came + "\n"
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
    let cells: Vec<Vec<String>> = differences
        .iter()
        .map(|difference| {
            let place = difference.column.iter().map(String::as_str).chain([difference.about.as_str()]);
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
        text.push_str(&printer.hanging("not compared: ", &not_compared.join(" · ")));
    }
    let found = if differences.is_empty() {
        "no difference".to_owned()
    } else {
        words::count(differences.len(), "difference")
    };
    let rows = words::count(*rows, "row");
    let with = written.as_ref().map(|Written { on, position, .. }| {
        format!(" with the ledger of {on} (position {position}) that it was written from")
    });
    let with = with.unwrap_or_default();
    text + &format!("sheet {sheet}: {rows} compared{with}, {same} the same; {found}\n")
}
