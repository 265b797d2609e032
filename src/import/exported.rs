//! A sheet that duban wrote, given back, beside the one that it would write now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{AssignmentId, PlanId, TaskId};

use super::book::Cell;
use super::column::Column;
use super::compare::{Compared, Difference, words};
use super::fold::{folded, one_line, tidied};
use super::happened::happened;
use super::marks::NOT_SHOWN;
use super::report::letter;
use super::table::{Row, Table};

/// Whether the rows are named as duban names them: `plan/task/period/unit`, or `plan/task` where nothing is open.
#[must_use]
pub fn is_of_duban(table: &Table) -> bool {
    let numbers: Vec<String> = table.rows.iter().filter_map(number).collect();
    let own = |text: &&String| text.parse::<AssignmentId>().is_ok() || text.parse::<TaskId>().is_ok();
    written(table).is_some() || !numbers.is_empty() && numbers.iter().filter(own).count() * 2 > numbers.len()
}

/// The row's number as it stands.
fn number(row: &Row) -> Option<String> {
    // In the workbook it wraps behind plan and task.
    row.cells.get(&Column::Number).map(|value| one_line(&value.cell.shown()).replace("/ ", "/"))
}

/// The ledger that a sheet was written from, as its head says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// 数据截至
    pub on: NaiveDate,
    /// the first digits of its journal's own number
    pub journal: String,
    /// position of the last event in it
    pub position: u64,
    /// with plans that are over, and it says so; one of before December 2026 never does
    pub with_closed: bool,
}

/// Reads `数据截至：2021年6月30日（台账1a2b3c4d第1834号记录）`; none where the head was left out, as in .csv.
#[must_use]
pub fn written(table: &Table) -> Option<Written> {
    table.above.iter().find_map(|text| {
        let text = folded(text);
        let (day, rest) = text.split_once("数据截至:")?.1.split_once("(台账")?;
        let on = NaiveDate::parse_from_str(day, "%Y年%m月%d日").ok()?;
        let (journal, rest) = rest.split_once('第')?;
        let (position, rest) = rest.split_once("号记录")?;
        let with_closed = rest.starts_with(",含已关闭计划");
        Some(Written { on, journal: journal.to_owned(), position: position.parse().ok()?, with_closed })
    })
}

/// Whether a row is of the plan.
#[must_use]
pub fn names_plan(table: &Table, plan: &PlanId) -> bool {
    let own = format!("{plan}/");
    table.rows.iter().filter_map(number).any(|number| number.starts_with(&own))
}

/// Leaves out what is not of the plan.
pub fn keep_plan(table: &mut Table, plan: &PlanId) {
    let own = format!("{plan}/");
    table.rows.retain(|row| number(row).is_some_and(|number| number.starts_with(&own)));
}

/// Compares a sheet that duban wrote with the one that it wrote, or would write now, cell by cell. Only columns that both
/// have are compared; days overdue grow by themselves.
#[must_use]
pub fn compare_sheets(table: &Table, now: &Table) -> Compared {
    let known: BTreeMap<String, &Row> = now.rows.iter().filter_map(|row| Some((number(row)?, row))).collect();
    let has = |table: &Table, column| table.columns.iter().any(|known| known.column == column);
    let both: Vec<Column> = table
        .columns
        .iter()
        .map(|column| column.column)
        .filter(|column| has(now, *column) && *column != Column::OverdueDays && *column != Column::Number)
        .collect();
    let mut differences = Vec::new();
    let mut seen = BTreeSet::new();
    let (mut rows, mut same) = (0, 0);
    for row in &table.rows {
        let name = number(row).unwrap_or_default();
        let other = |sheet: String| Difference {
            row: Some(row.number),
            task: None,
            column: None,
            about: "row".to_owned(),
            sheet,
            ledger: String::new(),
        };
        let present = known.get(&name);
        let again = present.is_some() && !seen.insert(name.clone());
        let Some(present) = present.filter(|_| row.secret.is_none() && !again) else {
            let what = match row.secret {
                Some(_) => NOT_SHOWN.to_owned(),
                None if again => format!("{name} stands here once more"),
                None => format!("{name} {}", words(row)),
            };
            differences.push(other(what.trim().to_owned()));
            continue;
        };
        rows += 1;
        let before = differences.len();
        for column in &both {
            let text = |row: &Row| {
                row.cells.get(column).map(|value| one_line(&value.cell.shown())).unwrap_or_default()
            };
            let (sheet, ledger) = (text(row), text(present));
            if plain(*column, row) != plain(*column, present) {
                let place = table.columns.iter().find(|known| known.column == *column);
                differences.push(Difference {
                    row: Some(row.number),
                    task: task_of(&name),
                    column: place.map(|known| letter(known.place)),
                    about: column.name().to_owned(),
                    sheet,
                    ledger,
                });
            }
        }
        same += usize::from(differences.len() == before);
    }
    for (name, row) in known.iter().filter(|(name, _)| !seen.contains(*name)) {
        differences.push(Difference {
            row: None,
            task: task_of(name),
            column: None,
            about: "row".to_owned(),
            sheet: String::new(),
            ledger: format!("{name} {}", words(row)),
        });
    }
    let skipped = table.columns.iter().filter(|column| !both.contains(&column.column));
    let skipped =
        skipped.filter(|column| column.column != Column::Number).map(|column| (column.place, &column.name));
    let unknown = table.unmatched.iter().map(|column| (column.place, &column.name));
    let gone = now.columns.iter().filter(|column| !has(table, column.column));
    let gone = gone.map(|column| format!("{} (the sheet lacks it)", column.name));
    let not_compared =
        skipped.chain(unknown).map(|(place, name)| format!("{} {name}", letter(place))).chain(gone).collect();
    Compared { sheet: table.sheet.clone(), written: written(table), rows, same, not_compared, differences }
}

/// A cell as it is compared: spelling, date formats and a nought for nothing make no difference.
fn plain(column: Column, row: &Row) -> String {
    let cell = row.cells.get(&column).map_or(&Cell::Empty, |value| &value.cell);
    if let Ok(Some(found)) = happened(cell, None) {
        return found.day.to_string();
    }
    let shown = tidied(&cell.shown());
    // As .csv it stands behind a mark that keeps a spreadsheet from running it.
    let formula = |rest: &&str| rest.starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']);
    let text = folded(shown.strip_prefix('\'').filter(formula).unwrap_or(&shown));
    let counts = matches!(column, Column::Extensions | Column::Reminders | Column::Chases);
    if counts && text == "0" { String::new() } else { text }
}

fn task_of(name: &str) -> Option<TaskId> {
    let assignment = name.parse::<AssignmentId>().ok().map(|assignment| assignment.occurrence.task);
    assignment.or_else(|| name.parse().ok())
}
