//! A table as a plan of the office, with the history that the old ledger kept.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::{
    BadName, COLLECTION, Days, Digest, Due, Import, ImportNote, ImportedRow, Plan, PlanHead, PlanId, Task,
    TaskSlug, UnitId,
};

use super::book::{Source, Unreadable};
use super::column::Column;
use super::fold::folded;
use super::report::{Finding, Kind, Report, RowPassed, RowTaken, columns, letter, unmatched};
use super::table::{Row, Table};
use super::task::{Became, Terms, task};
use super::units::Names;
use crate::domain::Unit;
use crate::locale::{Value as Words, message, texts};

/// Most tasks of a plan.
pub const TASKS_MAX: usize = 2_000;

/// What the office says of the sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// the plan's id
    pub plan: Option<PlanId>,
    /// its title; the first line above the column names, where left out
    pub title: Option<String>,
    /// what letters call it; its title, where left out
    pub short: Option<String>,
    /// 文号; the sheet's, where every row names the same
    pub document: Option<String>,
    /// the day it was issued
    pub issued_on: Option<NaiveDate>,
    /// the year of dates without one; that of its issue, where left out
    pub year: Option<i32>,
    /// the last day it is in force
    pub until: Option<NaiveDate>,
    /// follow it at once, rather than set it up first
    pub follow: bool,
    /// take what is understood and leave the other rows out
    pub leave_out: bool,
    /// what units the sheet's names are
    pub units: Vec<(String, UnitId)>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// all that was read, assumed and left
    pub report: Report,
    /// options that an import needs and that were not given
    pub missing: Vec<String>,
    /// the plan and its history; nothing where options or rows stand against it
    pub plan: Option<(Plan, Import)>,
}

/// Reads the table's rows as tasks.
///
/// # Errors
/// More rows than a plan may have.
pub fn plan(
    source: &Source<'_>,
    table: &Table,
    units: &[Unit],
    asked: &Asked,
) -> Result<Imported, Unreadable> {
    table.fits_a_plan()?;
    let names = Names::of(units, &asked.units);
    let year = asked.year.or(asked.issued_on.map(|day| day.year()));
    let terms = Terms {
        // Only a trial run names none; the id stands in citations.
        plan: asked.plan.clone().or_else(|| PlanId::parse("import").ok()).ok_or(Unreadable::Empty)?,
        year,
        issued_on: asked.issued_on,
        names: &names,
    };
    let mut slugs = Slugs::default();
    let mut tasks: Vec<(Task, ImportedRow)> = Vec::new();
    let mut findings: Vec<Finding> =
        table.remarks.iter().map(|remark| Finding::on_sheet(Kind::Note, remark.clone())).collect();
    let mut left_out = Vec::new();
    let mut passed: Vec<RowPassed> = table
        .passed
        .iter()
        .map(|row| RowPassed { row: row.row, text: row.text.clone(), why: row.why.to_owned() })
        .collect();
    for row in &table.rows {
        let slug = slugs.of(row).map_err(|bad| Unreadable::Damaged(Words::Said(bad.to_string())))?;
        let (became, found) = task(table, row, slug, &terms);
        findings.extend(found);
        match became {
            Became::Task(task) => tasks.push(*task),
            Became::Withdrawn => {
                let text = row.cells.get(&Column::Status).map(|value| value.cell.shown()).unwrap_or_default();
                passed.push(RowPassed { row: row.number, text, why: "withdrawn".to_owned() });
            }
            Became::LeftOut => left_out.push(row.number),
        }
    }
    passed.sort_by_key(|row| row.row);
    findings.extend(repeated(&tasks));
    findings.extend(about_columns(table, year));
    let title = asked.title.clone().or_else(|| {
        let above = table.above.first()?;
        let what = message("sheet-title").with("title", above);
        findings.push(Finding::on_sheet(Kind::Assumed, what));
        Some(above.clone())
    });
    let head = head(asked, title.clone(), year, &tasks, &mut findings);
    let missing = missing(asked, title.as_ref());
    let report = Report {
        sheet: table.sheet.clone(),
        plan: asked.plan.clone(),
        title: title.unwrap_or_default(),
        header_rows: table.header,
        columns: columns(table, |column| !column.holds_people() && !OF_MATTERS.contains(&column)),
        unmatched: unmatched(table, |column| {
            OF_MATTERS.contains(&column).then_some("only a matter has it: `duban matter import`")
        }),
        people: columns(table, Column::holds_people),
        tasks: tasks.iter().map(taken).collect(),
        left_out,
        passed,
        findings,
    };
    let stands = !tasks.is_empty() && (report.left_out.is_empty() || asked.leave_out);
    let plan = head.filter(|_| stands).map(|head| of(source, &report, head, tasks));
    Ok(Imported { report, missing, plan })
}

fn of(
    source: &Source<'_>,
    report: &Report,
    head: PlanHead,
    tasks: Vec<(Task, ImportedRow)>,
) -> (Plan, Import) {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let note = ImportNote {
        file: source.name.to_owned(),
        digest: Digest::of(source.bytes),
        sheet: report.sheet.clone(),
        rows: count(tasks.len()),
        left_out: count(report.left_out.len()),
        assumed: count(report.of(Kind::Assumed).count()),
    };
    let rows: BTreeMap<TaskSlug, ImportedRow> =
        tasks.iter().map(|(task, row)| (task.id.clone(), row.clone())).collect();
    let tasks = tasks.into_iter().map(|(task, _)| task).collect();
    (Plan { head, tasks }, Import { note, rows })
}

fn missing(asked: &Asked, title: Option<&String>) -> Vec<String> {
    let needed = [
        (asked.plan.is_none(), "--plan ID"),
        (title.is_none(), "--title TITLE"),
        (asked.issued_on.is_none(), "--issued-on DAY"),
    ];
    needed.into_iter().filter(|(missing, _)| *missing).map(|(_, option)| option.to_owned()).collect()
}

fn head(
    asked: &Asked,
    title: Option<String>,
    year: Option<i32>,
    tasks: &[(Task, ImportedRow)],
    findings: &mut Vec<Finding>,
) -> Option<PlanHead> {
    let document_number = asked.document.clone().or_else(|| {
        let number = only_source(tasks)?;
        let what = message("sheet-document").with("number", &number);
        findings.push(Finding::on_sheet(Kind::Assumed, what));
        Some(number)
    });
    let (id, title, issued_on) = (asked.plan.clone()?, title?, asked.issued_on?);
    let until = asked.until.or_else(|| {
        let last = tasks.iter().filter_map(|(task, _)| last_day(&task.due)).max();
        let year_end = NaiveDate::from_ymd_opt(year?, 12, 31)?;
        let until = last.map_or(year_end, |last| last.max(year_end));
        let what = message("sheet-in-force").with("until", &until);
        findings.push(Finding::on_sheet(Kind::Assumed, what));
        Some(until)
    })?;
    Some(PlanHead {
        id,
        short: asked.short.clone().unwrap_or_else(|| title.clone()),
        title,
        document_number,
        issued_on,
        in_force: Days { from: issued_on, until: until.max(issued_on) },
        collect: None,
        quiet: !asked.follow,
    })
}

fn last_day(due: &Due) -> Option<NaiveDate> {
    match due {
        Due::By(day) => Some(*day),
        Due::Window(days) | Due::Avoid(days) => Some(days.until),
        Due::Every(recurrence) => recurrence.until,
        Due::YearlyWindow(yearly) | Due::YearlyAvoid(yearly) => yearly.until,
        Due::Cron(cron) => cron.until,
        Due::Starting(day) => Some(*day),
        Due::Ongoing | Due::Awaiting(_) | Due::Done(_) => None,
    }
}

fn only_source(tasks: &[(Task, ImportedRow)]) -> Option<String> {
    let sources: BTreeSet<&str> =
        tasks.iter().map(|(_, row)| row.source.as_deref().unwrap_or_default()).collect();
    let only = sources.first().filter(|source| sources.len() == 1 && source.contains('号'))?;
    Some((*only).to_owned())
}

/// Numbers and tasks that stand on several rows.
fn repeated(tasks: &[(Task, ImportedRow)]) -> Vec<Finding> {
    let mut numbers: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut same: BTreeMap<(String, &[UnitId]), Vec<u32>> = BTreeMap::new();
    for (task, row) in tasks {
        if let Some(number) = &row.number {
            numbers.entry(number).or_default().push(row.row);
        }
        same.entry((folded(&task.text), &task.lead)).or_default().push(row.row);
    }
    let listed = |rows: &[u32]| Words::All(texts(rows));
    let numbers = numbers
        .iter()
        .filter(|(_, rows)| rows.len() > 1)
        .map(|(number, rows)| message("sheet-number-twice").with("number", number).put("rows", listed(rows)));
    let same = same
        .values()
        .filter(|rows| rows.len() > 1)
        .map(|rows| message("sheet-same-twice").put("rows", listed(rows)));
    numbers.chain(same).map(|what| Finding::on_sheet(Kind::Note, what)).collect()
}

fn about_columns(table: &Table, year: Option<i32>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for column in &table.columns {
        if let Some(assumed) = &column.assumed {
            findings.push(Finding {
                column: Some(letter(column.place)),
                header: Some(column.name.clone()),
                text: column.name.clone(),
                ..Finding::on_sheet(Kind::Assumed, assumed.clone())
            });
        }
    }
    let has = |column| table.columns.iter().any(|known| known.column == column);
    for (column, options) in [(Column::Lead, "牵头单位"), (Column::Due, "完成时限")] {
        if !(has(column) || column == Column::Due && has(Column::CurrentDue)) {
            let what = message("sheet-no-column").with("column", options);
            findings.push(Finding::on_sheet(Kind::Note, what));
        }
    }
    if year.is_none() {
        let mut years = table.above.iter().filter_map(|text| {
            let before = text.split_once('年')?.0;
            let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
            (digits.len() == 4).then(|| digits.chars().rev().collect::<String>())
        });
        if let Some(year) = years.next_back() {
            let what = message("sheet-year-of-title").with("year", &year);
            findings.push(Finding::on_sheet(Kind::Note, what));
        }
    }
    findings
}

/// Columns that only a list of matters has.
const OF_MATTERS: [Column; 2] = [Column::Class, Column::DayCount];

fn taken((task, row): &(Task, ImportedRow)) -> RowTaken {
    RowTaken {
        row: row.row,
        number: row.number.clone(),
        task: task.id.clone(),
        title: task.title.clone(),
        lead: task.lead.clone(),
        cooperate: task.cooperate.clone(),
        due_text: row.due_text.clone().unwrap_or_default(),
        due: task.due.clone(),
        target: task.target,
    }
}

/// Names of tasks: by their number, by their row where that is none or taken.
#[derive(Default)]
struct Slugs(BTreeSet<TaskSlug>);

impl Slugs {
    /// # Errors
    /// None: a row's number makes a name.
    fn of(&mut self, row: &Row) -> Result<TaskSlug, BadName> {
        let number =
            row.cells.get(&Column::Number).map(|value| folded(&value.cell.shown())).unwrap_or_default();
        // An id of duban's own, `plan/task`, keeps its task.
        let own = number.split('/').nth(1).unwrap_or(&number);
        let plain: String = own.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let plain = plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        let by_number = if plain.bytes().all(|b| b.is_ascii_digit()) { format!("no-{plain}") } else { plain };
        let free = |text: &str| {
            let slug = TaskSlug::parse(text).ok().filter(|slug| slug.as_str() != COLLECTION)?;
            (!self.0.contains(&slug)).then_some(slug)
        };
        let by_row = format!("row-{}", row.number);
        let slug = match free(&by_number).or_else(|| free(&by_row)) {
            Some(slug) => slug,
            None => TaskSlug::parse(&format!("at-{by_row}"))?,
        };
        self.0.insert(slug.clone());
        Ok(slug)
    }
}
