//! A list of assigned matters (交办事项, 13710): each row a matter to assign, one that is assigned already, or
//! what is not understood of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::WorkingDays;
use crate::domain::command::{NewMatter, days_off};
use crate::domain::matter::{MATTERS_PLAN, Matter, MatterClass, MatterDays};
use crate::domain::{PlanId, Task, TaskId, Unit, UnitId};

use super::book::Unreadable;
use super::cells::{Cells, DIGITS_LOST};
use super::column::Column;
use super::fold::folded;
use super::matter_terms::{Told, class, day_count, deployed, due_asked, settle};
use super::report::{Finding, Kind, Report, RowPassed, columns, letter, unmatched};
use super::status::Status;
use super::table::{Row, Table};
use super::task::{Reading, Terms, secret};
use super::units::Names;
use crate::locale::{Value as Words, message, texts};

/// What the office says of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedMatters {
    /// no matter was deployed later
    pub today: NaiveDate,
    /// the day of deployment of rows that name none; today, where left out
    pub on: Option<NaiveDate>,
    /// the year of dates without one
    pub year: Option<i32>,
    /// where rows come from that don't say it
    pub source: Option<String>,
    /// how days are counted where the row doesn't say it
    pub days: MatterDays,
    /// what units the sheet's names are
    pub units: Vec<(String, UnitId)>,
}

/// A row that is a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterRow {
    /// its number
    pub row: u32,
    /// 编号
    pub number: Option<String>,
    /// the last day to settle it
    pub deadline: NaiveDate,
    /// days off that its clock runs through
    pub days_off: Vec<NaiveDate>,
    /// as it would be assigned
    pub matter: NewMatter,
}

/// A row whose matter the ledger has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRow {
    /// its number
    pub row: u32,
    /// what it is called
    pub title: String,
    /// which
    pub task: TaskId,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matters {
    /// what was read, assumed and left
    pub report: Report,
    /// rows to assign
    pub rows: Vec<MatterRow>,
    /// rows that are assigned already
    pub known: Vec<KnownRow>,
}

/// What a list of matters is read for; history has no place in it.
const READ: [Column; 17] = [
    Column::Number,
    Column::PlatformNumber,
    Column::Category,
    Column::Source,
    Column::Title,
    Column::Text,
    Column::Lead,
    Column::Cooperate,
    Column::Standard,
    Column::Class,
    Column::DayCount,
    Column::ToldOn,
    Column::Due,
    Column::Status,
    Column::AcceptedOn,
    Column::ClosedOutOn,
    Column::Secrecy,
];

/// Reads the table's rows as matters. `present` are the tasks that the ledger has in its plan of matters.
///
/// # Errors
/// More rows than a plan may have, or a list that bears the mark of a secret.
pub fn matters(
    table: &Table,
    units: &[Unit],
    working: &WorkingDays,
    present: &[(TaskId, Task)],
    asked: &AskedMatters,
) -> Result<Matters, Unreadable> {
    table.fits_a_plan()?;
    let names = Names::of(units, &asked.units);
    let plan =
        PlanId::parse(MATTERS_PLAN).map_err(|bad| Unreadable::Damaged(Words::Said(bad.to_string())))?;
    let terms = Terms { plan: plan.clone(), year: asked.year, issued_on: None, names: &names };
    let passed = table.passed.iter();
    let passed =
        passed.map(|row| RowPassed { row: row.row, text: row.text.clone(), why: row.why.to_owned() });
    let mut list = List {
        table,
        working,
        asked,
        present,
        seen: BTreeMap::new(),
        rows: Vec::new(),
        known: Vec::new(),
        left_out: Vec::new(),
        passed: passed.collect(),
        findings: about(table, asked),
    };
    for row in &table.rows {
        list.take(row, &terms);
    }
    list.passed.sort_by_key(|row| row.row);
    let why = |column: Column| {
        let is_read = READ.contains(&column) || column.holds_people();
        (!is_read).then_some("a matter begins with its assignment: not carried over")
    };
    let report = Report {
        sheet: table.sheet.clone(),
        plan: Some(plan),
        title: String::new(),
        header_rows: table.header,
        columns: columns(table, |column| READ.contains(&column)),
        unmatched: unmatched(table, why),
        people: columns(table, Column::holds_people),
        tasks: Vec::new(),
        left_out: list.left_out,
        passed: list.passed,
        findings: list.findings,
    };
    Ok(Matters { report, rows: list.rows, known: list.known })
}

/// What is to be said of the sheet and its columns.
fn about(table: &Table, asked: &AskedMatters) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        table.remarks.iter().map(|remark| Finding::on_sheet(Kind::Note, remark.clone())).collect();
    for column in &table.columns {
        findings.extend(column.assumed.as_ref().map(|assumed| Finding {
            column: Some(letter(column.place)),
            header: Some(column.name.clone()),
            text: column.name.clone(),
            ..Finding::on_sheet(Kind::Assumed, assumed.clone())
        }));
    }
    if !table.columns.iter().any(|column| column.column == Column::DayCount) {
        let what = match asked.days {
            MatterDays::Calendar => "no column says how days are counted: days off included",
            MatterDays::Working => "no column says how days are counted: working days only",
        };
        findings.push(Finding::on_sheet(Kind::Assumed, what));
    }
    findings
}

struct List<'t> {
    table: &'t Table,
    working: &'t WorkingDays,
    asked: &'t AskedMatters,
    present: &'t [(TaskId, Task)],
    /// rows by platform number, and by their words where they have none
    seen: BTreeMap<String, u32>,
    rows: Vec<MatterRow>,
    known: Vec<KnownRow>,
    left_out: Vec<u32>,
    passed: Vec<RowPassed>,
    findings: Vec<Finding>,
}

impl List<'_> {
    fn take(&mut self, row: &Row, terms: &Terms<'_>) {
        if let Some(finding) = secret(row) {
            self.findings.push(finding);
            self.left_out.push(row.number);
            return;
        }
        // A matter is assigned at once: what can't be read of it may change its day or whose it is.
        let mut reading =
            Reading { cells: Cells::of(self.table, row, |column| READ.contains(&column)), terms };
        if reading.cells.is_spoiled() {
            self.findings.append(&mut reading.cells.findings);
            self.left_out.push(row.number);
            return;
        }
        if let Some(why) = over(&mut reading) {
            let text = reading.cells.line(Column::Title).or_else(|| reading.cells.line(Column::Text));
            let text = text.unwrap_or_default();
            self.passed.push(RowPassed { row: row.number, text, why: why.to_owned() });
            return;
        }
        let read = matter(&mut reading, self.asked, self.working);
        let Some((matter, day_is_written)) = read else {
            self.findings.append(&mut reading.cells.findings);
            self.left_out.push(row.number);
            return;
        };
        let key = match &matter.matter.platform_number {
            Some(number) => format!("number {number}"),
            None => words_of(&matter.title, matter.text.as_deref(), &matter.matter.source, &matter.lead),
        };
        if let Some(first) = self.seen.get(&key) {
            let (column, what) = match &matter.matter.platform_number {
                Some(_) => (Column::PlatformNumber, message("sheet-same-number").with("row", first)),
                None => (naming(&reading), message("sheet-same-words").with("row", first)),
            };
            reading.not(column, what, "one of the rows");
            self.findings.append(&mut reading.cells.findings);
            self.left_out.push(row.number);
            return;
        }
        self.seen.insert(key, row.number);
        if let Some((id, task)) = known(self.present, &matter, day_is_written) {
            reading.cells.findings.clear();
            if let Some(differs) = differs(task, &matter, day_is_written) {
                let what = message("sheet-assigned-already").with("task", id).with("differs", &differs);
                let column = naming(&reading);
                reading.cells.tell(Kind::Note, column, what, None);
            }
            self.findings.append(&mut reading.cells.findings);
            self.known.push(KnownRow { row: row.number, title: matter.title, task: id.clone() });
            return;
        }
        let deadline = matter.until.unwrap_or_else(|| matter.matter.deadline(self.working));
        let days_off = days_off(self.working, &matter.matter, deadline);
        if deadline < self.asked.today {
            let what = message("sheet-last-day-past").with("day", &deadline);
            reading.cells.tell(Kind::Note, Column::ToldOn, what, Some("is the day right?".into()));
        }
        self.findings.append(&mut reading.cells.findings);
        let number = reading.cells.line(Column::Number);
        self.rows.push(MatterRow { row: row.number, number, deadline, days_off, matter });
    }
}

/// The column that says what the matter is.
fn naming(reading: &Reading<'_, '_>) -> Column {
    if reading.cells.header(Column::Title).is_some() { Column::Title } else { Column::Text }
}

/// Why nothing is assigned, where the list says that the matter is over. An unknown status is told later.
fn over(reading: &mut Reading<'_, '_>) -> Option<&'static str> {
    match reading.status() {
        Some(Status::Done) => Some("done"),
        Some(Status::Withdrawn) => Some("withdrawn"),
        Some(Status::Open | Status::Claimed | Status::Returned | Status::Paused) => None,
        None => {
            let is_over = reading.cells.cell(Column::Status).is_empty()
                && [Column::AcceptedOn, Column::ClosedOutOn]
                    .into_iter()
                    .any(|column| reading.cells.day(column, reading.terms.year).is_some());
            is_over.then_some("done, by the date it has")
        }
    }
}

/// The matter of a row, and whether its day stands there; `None` where something is not understood, all of which
/// is told.
fn matter(
    reading: &mut Reading<'_, '_>,
    asked: &AskedMatters,
    working: &WorkingDays,
) -> Option<(NewMatter, bool)> {
    let texts = reading.texts();
    let units = reading.units();
    let source = source(reading, asked);
    let number = platform_number(reading);
    let status = known_status(reading);
    let day = deployed(reading, asked);
    let days = day_count(reading);
    let class = class(reading);
    let asks = due_asked(reading);
    let ((title, text), (lead, cooperate, _), (assigned_on, day_is_written)) = (texts?, units?, day?);
    let (source, platform_number, ()) = (source?, number.ok()?, status?);
    let mut matter =
        Matter { source, platform_number, class: MatterClass::Ordinary, assigned_on, days: asked.days };
    let until = settle(reading, &mut matter, (class.ok()?, days.ok()?, asks?), (asked.days, working)).ok()?;
    let standard = reading.cells.note(Column::Standard);
    let text = (folded(&text) != folded(&title)).then_some(text);
    Some((NewMatter { id: None, title, text, matter, lead, cooperate, until, standard }, day_is_written))
}

fn source(reading: &mut Reading<'_, '_>, asked: &AskedMatters) -> Option<String> {
    let said = reading.cells.line(Column::Source).or_else(|| asked.source.clone());
    if said.is_none() {
        reading.not(
            Column::Source,
            "nothing says where it comes from",
            "as 县长批示 or 督查发现; or `--source TEXT` for all such rows",
        );
    }
    said
}

/// `Ok(None)` where it has none.
fn platform_number(reading: &mut Reading<'_, '_>) -> Result<Option<String>, Told> {
    let number = reading.cells.line(Column::PlatformNumber);
    let lost = |finding: &Finding| finding.kind == Kind::NotCarried && finding.what == DIGITS_LOST.into();
    // By its number a matter is known again: half of one would be another's.
    let lost = reading.cells.findings.iter_mut().rev().find(|finding| lost(finding));
    if let (Some(finding), None) = (lost, &number) {
        finding.kind = Kind::NotUnderstood;
        return Err(Told);
    }
    Ok(number)
}

fn known_status(reading: &mut Reading<'_, '_>) -> Option<()> {
    let said = reading.status();
    if said.is_none() && !reading.cells.cell(Column::Status).is_empty() {
        reading.not(
            Column::Status,
            "the status is not known",
            Words::OneOf(vec![
                Words::All(texts(["在办", "已办结", "已销号"])),
                Words::Text("取消".to_owned()),
            ]),
        );
        return None;
    }
    if said == Some(Status::Claimed) {
        let what = "it waits for review in the list: it is assigned as open";
        reading.cells.tell(Kind::Note, Column::Status, what, None);
    }
    Some(())
}

fn words_of(title: &str, text: Option<&str>, source: &str, lead: &[UnitId]) -> String {
    let lead: BTreeSet<&str> = lead.iter().map(UnitId::as_str).collect();
    let parts = [title, text.unwrap_or(title), source].map(folded);
    format!("{}\n{}", parts.join("\n"), lead.into_iter().collect::<Vec<_>>().join(" "))
}

/// The matter that the ledger has of this number, or of these words.
fn known<'p>(
    present: &'p [(TaskId, Task)],
    new: &NewMatter,
    day_is_written: bool,
) -> Option<(&'p TaskId, &'p Task)> {
    let of = |task: &'p Task| task.matter.as_ref();
    let number = new.matter.platform_number.as_deref();
    let by_number = present.iter().find(|(_, task)| {
        number.is_some() && of(task).and_then(|matter| matter.platform_number.as_deref()) == number
    });
    let words = words_of(&new.title, new.text.as_deref(), &new.matter.source, &new.lead);
    let by_words = || {
        present.iter().find(|(_, task)| {
            of(task).is_some_and(|matter| {
                // Two numbers are two matters, and so are two days.
                let one_number = number.is_none() || matter.platform_number.is_none();
                let one_day = !day_is_written || matter.assigned_on == new.matter.assigned_on;
                one_number
                    && one_day
                    && words_of(&task.title, Some(&task.text), &matter.source, &task.lead) == words
            })
        })
    };
    by_number.or_else(by_words).map(|(id, task)| (id, task))
}

/// What the ledger says otherwise.
fn differs(task: &Task, new: &NewMatter, day_is_written: bool) -> Option<String> {
    let matter = task.matter.as_ref()?;
    let differing = [
        ("another title", folded(&task.title) != folded(&new.title)),
        ("another source", folded(&matter.source) != folded(&new.matter.source)),
        ("another number", matter.platform_number != new.matter.platform_number),
        ("other units", task.lead != new.lead || task.cooperate != new.cooperate),
        ("another day", day_is_written && matter.assigned_on != new.matter.assigned_on),
        ("another class", matter.class != new.matter.class),
    ];
    let named: Vec<&str> = differing.into_iter().filter(|(_, is)| *is).map(|(what, _)| what).collect();
    (!named.is_empty()).then(|| named.join(", "))
}
