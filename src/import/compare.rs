//! A sheet against the present ledger, row by row: what duban wrote and somebody changed, or what the old
//! ledger says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{Due, ImportedRow, TaskId, UnitId};

use super::book::Cell;
use super::cells::Cells;
use super::column::Column;
use super::deadline::deadline;
use super::exported::Written;
use super::fold::{folded, one_line, tidied};
use super::happened::happened;
use super::marks::NOT_SHOWN;
use super::report::letter;
use super::status::{Status, status};
use super::table::{Row, Table};
use super::units::{Names, Part, units};

/// A task as the ledger holds it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Present {
    /// which
    pub task: TaskId,
    /// its title
    pub title: String,
    /// its clause
    pub text: String,
    /// 牵头单位
    pub lead: Vec<UnitId>,
    /// 配合单位
    pub cooperate: Vec<UnitId>,
    /// when
    pub due: Due,
    /// deadlines of what was opened of it
    pub deadlines: Vec<NaiveDate>,
    /// 完成标准
    pub standard: Option<String>,
    /// nothing of it is open, and it was done
    pub is_done: bool,
    /// what the old ledger said, where it was imported
    pub imported: Option<ImportedRow>,
}

/// One thing in which sheet and ledger differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// the row; none where the sheet has no such task
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// the task; none where the ledger has no such row
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// the column's letter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// what differs, by the ledger's own name
    pub about: String,
    /// in the sheet
    pub sheet: String,
    /// in the ledger
    pub ledger: String,
}

/// What came of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// the sheet
    pub sheet: String,
    /// the ledger that it was compared with, where it says which it was written from
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
    /// rows that were compared with a task
    pub rows: usize,
    /// of those, rows that say the same
    pub same: usize,
    /// columns that say what duban counts itself, or that are not known: not compared
    pub not_compared: Vec<String>,
    /// in the order of rows
    pub differences: Vec<Difference>,
}

/// Compares every row with the task that it names by its number, or has the words of. Tasks that the sheet
/// lacks are told of the plans that it has a row of.
#[must_use]
pub fn compare(table: &Table, present: &[Present], names: &Names, year: Option<i32>) -> Compared {
    let index = Index::of(present);
    let mut differences = Vec::new();
    let mut seen: BTreeSet<&TaskId> = BTreeSet::new();
    let (mut rows, mut same) = (0, 0);
    for row in &table.rows {
        let task = index.task(row, names);
        seen.extend(task.map(|task| &task.task));
        let Some(task) = task.filter(|_| row.secret.is_none()) else {
            differences.push(Difference {
                row: Some(row.number),
                task: None,
                column: None,
                about: "row".to_owned(),
                sheet: if row.secret.is_some() { NOT_SHOWN.to_owned() } else { words(row) },
                ledger: String::new(),
            });
            continue;
        };
        let found = Pair { table, row, task, names, year }.differences();
        rows += 1;
        same += usize::from(found.is_empty());
        differences.extend(found);
    }
    let plans: BTreeSet<_> = seen.iter().map(|task| &task.plan).collect();
    for task in present.iter().filter(|task| plans.contains(&task.task.plan) && !seen.contains(&task.task)) {
        differences.push(Difference {
            row: None,
            task: Some(task.task.clone()),
            column: None,
            about: "row".to_owned(),
            sheet: String::new(),
            ledger: task.title.clone(),
        });
    }
    Compared {
        sheet: table.sheet.clone(),
        written: None,
        rows,
        same,
        not_compared: not_compared(table),
        differences,
    }
}

fn not_compared(table: &Table) -> Vec<String> {
    let counted = table
        .columns
        .iter()
        .filter(|column| !is_compared(column.column))
        .map(|column| (column.place, &column.name));
    let unknown = table.unmatched.iter().map(|column| (column.place, &column.name));
    counted.chain(unknown).map(|(place, name)| format!("{} {name}", letter(place))).collect()
}

fn is_compared(column: Column) -> bool {
    !column.holds_people()
        && !matches!(
            column,
            Column::Secrecy
                | Column::Number
                | Column::Reminders
                | Column::Chases
                | Column::OverdueDays
                | Column::Evidence
                | Column::Class
                | Column::DayCount
                | Column::Way
                | Column::Category
                | Column::Remark
        )
}

pub(super) fn words(row: &Row) -> String {
    let of = |column| row.cells.get(&column).map(|value| one_line(&value.cell.shown()));
    of(Column::Title).or_else(|| of(Column::Text)).unwrap_or_default()
}

/// Tasks by what a row may name them by.
struct Index<'p> {
    ids: BTreeMap<String, &'p Present>,
    numbers: BTreeMap<String, Vec<&'p Present>>,
    words: BTreeMap<String, Vec<&'p Present>>,
}

impl<'p> Index<'p> {
    fn of(present: &'p [Present]) -> Self {
        let mut index = Self { ids: BTreeMap::new(), numbers: BTreeMap::new(), words: BTreeMap::new() };
        for task in present {
            index.ids.insert(folded(&task.task.to_string()), task);
            for words in BTreeSet::from([folded(&task.text), folded(&task.title)]) {
                index.words.entry(words).or_default().push(task);
            }
            let number = task.imported.as_ref().and_then(|row| row.number.as_ref());
            if let Some(number) = number {
                index.numbers.entry(folded(number)).or_default().push(task);
            }
        }
        index
    }

    /// By duban's own id, by the old number where the words fit or it is the only one, by the words alone.
    fn task(&self, row: &Row, names: &Names) -> Option<&'p Present> {
        let of = |column| row.cells.get(&column).map(|value| value.cell.shown()).unwrap_or_default();
        let number = folded(&of(Column::Number));
        let own: Vec<&str> = number.splitn(3, '/').take(2).collect();
        if let Some(task) = self.ids.get(&own.join("/")) {
            return Some(task);
        }
        let words = [Column::Text, Column::Title].map(|column| folded(&of(column)));
        let numbered = self.numbers.get(&number).map(Vec::as_slice).unwrap_or_default();
        let worded: Vec<&'p Present> = words
            .iter()
            .filter(|words| !words.is_empty())
            .filter_map(|words| self.words.get(words))
            .flatten()
            .copied()
            .collect();
        let both = numbered.iter().find(|task| worded.iter().any(|other| other.task == task.task));
        if let Some(task) = both {
            return Some(task);
        }
        let lead = units(&of(Column::Lead), Part::Leads, names).leads;
        let by_words = worded.iter().find(|task| task.lead == lead).or_else(|| worded.first());
        match (by_words, numbered) {
            (Some(task), _) => Some(task),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

struct Pair<'c> {
    table: &'c Table,
    row: &'c Row,
    task: &'c Present,
    names: &'c Names,
    year: Option<i32>,
}

impl Pair<'_> {
    fn cell(&self, column: Column) -> &Cell {
        self.row.cells.get(&column).map_or(&Cell::Empty, |value| &value.cell)
    }

    fn has(&self, column: Column) -> bool {
        self.table.columns.iter().any(|known| known.column == column)
    }

    fn differs(&self, column: Column, ledger: String) -> Difference {
        Difference {
            row: Some(self.row.number),
            task: Some(self.task.task.clone()),
            column: self
                .table
                .columns
                .iter()
                .find(|known| known.column == column)
                .map(|known| letter(known.place)),
            about: column.name().to_owned(),
            sheet: one_line(&self.cell(column).shown()),
            ledger,
        }
    }

    fn differences(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        found.extend(self.texts());
        found.extend(self.parts());
        found.extend(self.deadline());
        found.extend(self.state());
        found.extend(self.task.imported.as_ref().map(|old| self.history(old)).unwrap_or_default());
        found
    }

    fn texts(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        let same = |text: &str, known: &str| folded(text) == folded(known);
        for column in [Column::Text, Column::Title].into_iter().filter(|column| self.has(*column)) {
            let text = tidied(&self.cell(column).shown());
            if !text.is_empty() && !same(&text, &self.task.text) && !same(&text, &self.task.title) {
                let ledger = if column == Column::Text { &self.task.text } else { &self.task.title };
                found.push(self.differs(column, one_line(ledger)));
            }
        }
        let standard = self.task.standard.clone().unwrap_or_default();
        if self.has(Column::Standard) && !same(&tidied(&self.cell(Column::Standard).shown()), &standard) {
            found.push(self.differs(Column::Standard, one_line(&standard)));
        }
        found
    }

    fn parts(&self) -> Vec<Difference> {
        let read = |column, part| units(&self.cell(column).shown(), part, self.names);
        let mut lead = read(Column::Lead, Part::Leads);
        let beside = read(Column::Cooperate, Part::Cooperates);
        lead.cooperates.extend(beside.cooperates.into_iter().chain(beside.leads));
        let ids = |units: &[UnitId]| units.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
        let mut found = Vec::new();
        let set = |units: &[UnitId]| units.iter().cloned().collect::<BTreeSet<_>>();
        if self.has(Column::Lead) && (lead.leads != self.task.lead || !lead.unknown.is_empty()) {
            found.push(self.differs(Column::Lead, ids(&self.task.lead)));
        }
        let cooperates = set(&lead.cooperates) != set(&self.task.cooperate) || !beside.unknown.is_empty();
        if self.has(Column::Cooperate) && cooperates {
            found.push(self.differs(Column::Cooperate, ids(&self.task.cooperate)));
        }
        found
    }

    /// 现定时限 against the present deadline; 原定时限 against the first one, or the present where none moved.
    fn deadline(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        let original = self.task.imported.as_ref().and_then(|row| row.original_deadline);
        for column in [Column::Due, Column::CurrentDue].into_iter().filter(|column| self.has(*column)) {
            let cell = self.cell(column);
            if cell.is_empty() {
                continue;
            }
            let read = deadline(cell, self.year).map(|read| read.due);
            let fits = match (&read, column) {
                (Ok(Due::By(day)), Column::Due) if original.is_some() => original == Some(*day),
                (Ok(read), _) => self.is_due(read),
                (Err(_), _) => {
                    let old = self.task.imported.as_ref().and_then(|row| row.due_text.as_deref());
                    old == Some(one_line(&cell.shown()).as_str())
                }
            };
            if !fits {
                let ledger = original
                    .filter(|_| column == Column::Due)
                    .map_or_else(|| shown(&self.task.due), |day| day.to_string());
                found.push(self.differs(column, ledger));
            }
        }
        found
    }

    fn is_due(&self, read: &Due) -> bool {
        match (read, &self.task.due) {
            (Due::By(day), _) if self.task.deadlines.contains(day) => true,
            // A task that was done has no date any more; the old ledger's is history.
            (_, Due::Done(_)) => true,
            (Due::Awaiting(_), Due::Awaiting(_)) => true,
            (read, known) => read == known,
        }
    }

    fn state(&self) -> Option<Difference> {
        let cell = self.cell(Column::Status);
        let said = status(&cell.shown())?;
        let old = self.task.imported.as_ref().and_then(|row| row.status.clone());
        // What the old ledger said at the import is history, not a difference.
        if old.as_deref().map(folded) == Some(folded(&cell.shown())) {
            return None;
        }
        let ledger = if self.task.is_done { "已办结" } else { "在办" };
        ((said == Status::Done) != self.task.is_done).then(|| self.differs(Column::Status, ledger.to_owned()))
    }

    /// What the old ledger said when it was imported.
    fn history(&self, old: &ImportedRow) -> Vec<Difference> {
        let mut cells = Cells::of(self.table, self.row, |_| false);
        let mut found = Vec::new();
        let texts = [
            (Column::PlatformNumber, &old.platform_number),
            (Column::Source, &old.source),
            (Column::Clause, &old.clause),
            (Column::Approval, &old.approval),
            (Column::Progress, &old.progress),
            (Column::Problem, &old.problem),
            (Column::NextSteps, &old.next_steps),
            (Column::Verdict, &old.verdict),
        ];
        for (column, known) in texts.into_iter().filter(|(column, _)| self.has(*column)) {
            let text = cells.note(column).unwrap_or_default();
            let known = known.clone().unwrap_or_default();
            if folded(&text) != folded(&known) {
                found.push(self.differs(column, one_line(&known)));
            }
        }
        let days = [
            (Column::ToldOn, old.told_on),
            (Column::ReceiptOn, old.receipt_on),
            (Column::ReportedOn, old.reported_on),
            (Column::ClaimedOn, old.claimed_on),
            (Column::DoneOn, old.done_on),
            (Column::AcceptedOn, old.accepted_on),
            (Column::ClosedOutOn, old.closed_out_on),
        ];
        for (column, known) in days.into_iter().filter(|(column, _)| self.has(*column)) {
            let day = happened(self.cell(column), self.year).ok().flatten().map(|found| found.day);
            if day != known {
                found.push(self.differs(column, known.map(|day| day.to_string()).unwrap_or_default()));
            }
        }
        if self.has(Column::Extensions) && cells.count(Column::Extensions) != old.extensions {
            let known = old.extensions.map(|times| times.to_string()).unwrap_or_default();
            found.push(self.differs(Column::Extensions, known));
        }
        found
    }
}

fn shown(due: &Due) -> String {
    match due {
        Due::By(day) => day.to_string(),
        Due::Window(days) => format!("{} 至 {}", days.from, days.until),
        Due::Avoid(days) => format!("避开 {} 至 {}", days.from, days.until),
        Due::Starting(day) => format!("{day} 起"),
        Due::Ongoing => "长期坚持".to_owned(),
        Due::Awaiting(phrase) | Due::Done(phrase) => phrase.clone(),
        Due::Every(recurrence) => recurrence.every.zh().to_owned(),
        Due::YearlyWindow(yearly) => format!("每年 {}", yearly.window),
        Due::YearlyAvoid(yearly) => format!("每年避开 {}", yearly.window),
        Due::Cron(cron) => cron.cron.to_string(),
    }
}
