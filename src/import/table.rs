//! A sheet as a table: its column names, and its rows as cells by what they hold. What lies about a table
//! (titles, headings, totals, signatures) is told apart and listed.

use std::collections::BTreeMap;

use crate::domain::command::{secret_mark, secret_name};

use super::book::{Book, Cell, Sheet, Unreadable};
use super::column::Column;
use super::fold::{folded, one_line};
use super::header::{self, Matched, Unmatched};
use super::marks::{Marks, NOT_SHOWN};
use super::plan::TASKS_MAX;
use crate::locale::{Value as Words, message};

pub(super) use super::header::best_header;

/// A ledger as rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// the sheet's name
    pub sheet: String,
    /// texts above the column names
    pub above: Vec<String>,
    /// first and last row of column names
    pub header: (u32, u32),
    /// what is read
    pub columns: Vec<Matched>,
    /// what is not
    pub unmatched: Vec<Unmatched>,
    /// in order
    pub rows: Vec<Row>,
    /// rows that are no task
    pub passed: Vec<Passed>,
    /// of a secret, below the last row: it holds for all of them
    pub mark: Option<&'static str>,
    /// about the file and the sheet
    pub remarks: Vec<Words>,
}

impl Table {
    /// Whether its rows may become the tasks of one plan.
    ///
    /// # Errors
    /// More rows than a plan may have, or the mark of a secret above them.
    pub(super) fn fits_a_plan(&self) -> Result<(), Unreadable> {
        self.is_unmarked()?;
        if self.rows.len() > TASKS_MAX {
            let what = message("sheet-rows-of-plan").with("rows", &self.rows.len()).with("most", &TASKS_MAX);
            return Err(Unreadable::TooMuch { sheet: self.sheet.clone(), what: what.into() });
        }
        Ok(())
    }

    /// Whether nothing about its rows says that it is secret as a whole.
    ///
    /// # Errors
    /// The mark of a secret above the rows, or below them.
    pub fn is_unmarked(&self) -> Result<(), Unreadable> {
        let above = self.above.iter().find_map(|text| secret_mark(text));
        above.or(self.mark).map_or(Ok(()), |mark| Err(Unreadable::Secret(mark)))
    }
}

/// A row that may be a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// its number in the sheet, from 1
    pub number: u32,
    /// the mark of a state secret in any of its cells, read or not, or in its heading
    pub secret: Option<&'static str>,
    /// the heading above it
    pub heading: Option<String>,
    /// what stands in it; empty cells are left out
    pub cells: BTreeMap<Column, Value>,
    /// the sheet hides it
    pub is_hidden: bool,
}

/// What stands in one cell of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// the cell
    pub cell: Cell,
    /// it is the cell of a row above
    pub from: Option<From>,
    /// a formula fills it: its last value is taken
    pub is_formula: bool,
    /// why it says nothing that could be taken
    pub flaw: Option<Flaw>,
}

/// Why what stands in a cell is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// a formula whose value is not stored
    Uncalculated,
    /// `#REF!`, `#N/A` …
    Error,
    /// struck through, whole or in part
    Struck,
}

/// Why a cell of a row above counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// they are merged
    Merged,
    /// it says 同上
    Same,
}

/// A row that is no task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// its number in the sheet
    pub row: u32,
    /// what stands in it
    pub text: String,
    /// what it is taken for
    pub why: &'static str,
}

/// The ledger in the file: of that sheet, or of the only one that holds a table.
///
/// # Errors
/// [`Unreadable`]: no such sheet, none or several with column names, or too large.
pub fn table(book: &Book, sheet: Option<&str>) -> Result<Table, Unreadable> {
    let names = || book.sheets.iter().map(|sheet| sheet.name.clone()).collect::<Vec<_>>();
    let chosen = match sheet {
        Some(given) => book
            .sheets
            .iter()
            .find(|sheet| sheet.name == given)
            .ok_or_else(|| Unreadable::NoSheet { given: given.to_owned(), there: names() })?,
        None => only_one(book)?,
    };
    if let Some(mark) = secret_name(&chosen.name) {
        return Err(Unreadable::Secret(mark));
    }
    if let Some(what) = &chosen.refused {
        return Err(Unreadable::TooMuch { sheet: chosen.name.clone(), what: what.clone() });
    }
    let header = best_header(chosen).ok_or_else(|| Unreadable::NoHeader(named(&chosen.name)))?;
    let (columns, unmatched) = header::matched(&header);
    let mut unmatched = unmatched;
    unmatched.extend(nameless(chosen, &header));
    let above = chosen.rows.range(..header.first);
    let above = above.flat_map(|(_, cells)| cells).map(|cell| one_line(&cell.shown()));
    let mut read = Reader {
        sheet: chosen,
        columns: &columns,
        last: header.last,
        heading: None,
        before: None,
        marks: Marks::of(chosen, &header),
    };
    let mut rows = Vec::new();
    let mut passed = Vec::new();
    let mut mark = None;
    for number in chosen.rows.keys().copied().filter(|row| *row > header.last) {
        match read.row(number) {
            Ok(row) => {
                // A row of nothing but a mark is none of the tasks.
                mark = row.secret.filter(|_| row.cells.len() == 1);
                rows.push(row);
            }
            Err(not) => {
                mark = marked_in(chosen, number).or(mark);
                passed.push(not);
            }
        }
    }
    let mut remarks = book.remarks.clone();
    if sheet.is_none() && book.sheets.len() > 1 {
        let names = names();
        let others = names.iter().filter(|name| **name != chosen.name).map(|name| named(name)).collect();
        let read = message("sheet-one-of-several").with("sheet", &chosen.name);
        remarks.push(read.put("others", Words::All(others)).into());
    }
    Ok(Table {
        sheet: chosen.name.clone(),
        above: above.filter(|text| !text.is_empty()).collect(),
        header: (header.first, header.last),
        columns,
        unmatched,
        rows,
        passed,
        mark,
        remarks,
    })
}

fn marked_in(sheet: &Sheet, number: u32) -> Option<&'static str> {
    sheet.rows.get(&number)?.iter().find_map(|cell| secret_mark(&cell.shown()))
}

fn named(sheet: &str) -> Words {
    Words::Text(format!("`{sheet}`"))
}

fn only_one(book: &Book) -> Result<&Sheet, Unreadable> {
    let holds = |sheet: &&Sheet| sheet.refused.is_some() || best_header(sheet).is_some();
    let seen: Vec<&Sheet> = book.sheets.iter().filter(|sheet| !sheet.is_hidden).filter(holds).collect();
    match seen.as_slice() {
        [only] => Ok(only),
        [] => Err(Unreadable::NoHeader(match book.sheets.as_slice() {
            [only] => named(&only.name),
            _ => "any sheet".into(),
        })),
        several => {
            Err(Unreadable::WhichSheet(several.iter().map(|sheet| format!("`{}`", sheet.name)).collect()))
        }
    }
}

/// Columns that hold something below the names, and have none.
fn nameless(sheet: &Sheet, header: &header::Header) -> Vec<Unmatched> {
    let mut places: Vec<u32> = Vec::new();
    for (_, cells) in sheet.rows.range(header.last + 1..) {
        let held = (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()).map(|(place, _)| place);
        places.extend(held.filter(|place| !header.names.contains_key(place)));
    }
    places.sort_unstable();
    places.dedup();
    let not = |place| Unmatched { place, name: String::new(), why: "it has no name".into() };
    places.into_iter().map(not).collect()
}

struct Reader<'t> {
    sheet: &'t Sheet,
    columns: &'t [Matched],
    last: u32,
    heading: Option<String>,
    before: Option<Row>,
    marks: Marks,
}

/// A heading is merged over so many columns.
const HEADING_COLUMNS_MIN: u32 = 3;

impl Reader<'_> {
    fn row(&mut self, number: u32) -> Result<Row, Passed> {
        let cells = self.sheet.rows.get(&number).map(Vec::as_slice).unwrap_or_default();
        let held: Vec<(u32, &Cell)> = (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()).collect();
        let is_marked = held.iter().any(|(_, cell)| secret_mark(&cell.shown()).is_some());
        let text = || {
            if is_marked {
                return NOT_SHOWN.to_owned();
            }
            held.iter().map(|(_, cell)| one_line(&cell.shown())).collect::<Vec<_>>().join(" ")
        };
        let not = |why| Err(Passed { row: number, text: text(), why });
        let again = |column: &&Matched| {
            held.iter()
                .any(|(place, cell)| *place == column.place && folded(&cell.shown()) == folded(&column.name))
        };
        if self.columns.iter().filter(again).count() >= 3 {
            return not("the column names again");
        }
        if let Some((_, cell)) = held.iter().find(|(_, cell)| is_total(&cell.shown())) {
            let _ = cell;
            return not("a total");
        }
        if let [(place, cell)] = held.as_slice() {
            let task = self.columns.iter().find(|column| column.place == *place).map(|column| column.column);
            let wide = self.sheet.merged.iter().any(|merged| {
                merged.holds(number, *place) && merged.right - merged.left + 1 >= HEADING_COLUMNS_MIN
            });
            let shown = one_line(&cell.shown());
            if is_aside(&shown) {
                return not("a note");
            }
            if task == Some(Column::Number) && shown.chars().all(|c| c.is_ascii_digit()) {
                return not("a number alone");
            }
            if wide || !matches!(task, Some(Column::Text | Column::Title | Column::Lead)) {
                self.marks.head(&shown);
                self.heading = Some(shown);
                return not("a heading");
            }
        }
        let secret = self.marks.row(number, cells, is_ditto);
        if held.is_empty() {
            return not("formulas whose values are not stored: open the file and save it once");
        }
        let is_hidden = self.sheet.hidden_rows.contains(&number);
        let heading = self.heading.clone();
        let row = Row { number, secret, heading, cells: self.cells(number, cells), is_hidden };
        self.before = Some(row.clone());
        Ok(row)
    }

    fn cells(&self, number: u32, cells: &[Cell]) -> BTreeMap<Column, Value> {
        let mut values = BTreeMap::new();
        for column in self.columns {
            let place = usize::try_from(column.place).unwrap_or(usize::MAX);
            let own = cells.get(place).filter(|cell| !cell.is_empty());
            let value = match own {
                Some(cell) if is_ditto(&cell.shown()) => {
                    let above = self.before.as_ref().and_then(|row| row.cells.get(&column.column));
                    above.map(|value| Value { from: Some(From::Same), ..value.clone() })
                }
                Some(cell) => Some(self.value(cell, number, column.place)),
                None => self.uncalculated(number, column.place).or_else(|| self.merged(number, column.place)),
            };
            values.extend(value.map(|value| (column.column, value)));
        }
        values
    }

    fn merged(&self, number: u32, place: u32) -> Option<Value> {
        let (top, left) = header::merged_above(&self.sheet.merged, number, place)?;
        if top <= self.last || left != place {
            return None;
        }
        let cell = self.sheet.rows.get(&top)?.get(usize::try_from(left).ok()?)?;
        let own = (!cell.is_empty()).then(|| self.value(cell, top, left));
        let value = own.or_else(|| self.uncalculated(top, left))?;
        Some(Value { from: Some(From::Merged), ..value })
    }

    fn value(&self, cell: &Cell, row: u32, place: u32) -> Value {
        let is_error = matches!(cell, Cell::Odd(shown) if shown.starts_with('#'));
        let flaw = if is_error {
            Some(Flaw::Error)
        } else {
            self.sheet.struck.contains(&(row, place)).then_some(Flaw::Struck)
        };
        let is_formula = self.sheet.formulas.contains(&(row, place));
        Value { cell: cell.clone(), from: None, is_formula, flaw }
    }

    fn uncalculated(&self, row: u32, place: u32) -> Option<Value> {
        let formula = self.sheet.uncalculated.get(&(row, place))?;
        let cell = Cell::Odd(format!("={formula}"));
        Some(Value { cell, from: None, is_formula: true, flaw: Some(Flaw::Uncalculated) })
    }
}

fn is_ditto(text: &str) -> bool {
    matches!(folded(text).as_str(), "同上" | "〃" | "″" | "\"" | "''" | "同前")
}

pub(super) fn is_total(text: &str) -> bool {
    let text = folded(text);
    matches!(text.as_str(), "合计" | "总计" | "小计" | "合计:" | "总计:" | "共计")
}

/// What stands below a table: notes, who made it.
pub(super) fn is_aside(text: &str) -> bool {
    let text = folded(text);
    ["注:", "附注", "说明:", "备注:", "填表", "制表", "审核人", "填报", "联系人", "联系电话", "单位(盖章)"]
        .iter()
        .any(|begin| text.starts_with(begin))
}
