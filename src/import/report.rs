//! What came of a sheet: what was read, what was read so though it does not stand there, what was left.

use serde::{Deserialize, Serialize};

use crate::domain::{PlanId, TaskSlug, UnitId};

use super::column::Column;
use super::table::Table;
use crate::locale::Value as Words;

/// A remark on one cell, one row or the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Finding {
    /// how grave
    pub kind: Kind,
    /// the row, from 1
    pub row: Option<u32>,
    /// the column's letter
    pub column: Option<String>,
    /// the column's name as it stands
    pub header: Option<String>,
    /// what stands there
    pub text: String,
    /// what is said of it
    pub what: Words,
    /// what would be right
    pub right: Option<Words>,
}

impl Finding {
    /// A remark on the sheet as a whole.
    pub(super) fn on_sheet(kind: Kind, what: impl Into<Words>) -> Self {
        let what = what.into();
        Self { kind, row: None, column: None, header: None, text: String::new(), what, right: None }
    }
}

/// A finding as it is handed over: in words for programs, and to be told in any language.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<String>,
    text: String,
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<String>,
    words: (Words, Option<Words>),
}

impl From<Finding> for Written {
    fn from(finding: Finding) -> Self {
        let Finding { kind, row, column, header, text, what, right } = finding;
        let told = (what.to_string(), right.as_ref().map(ToString::to_string));
        Self { kind, row, column, header, text, what: told.0, right: told.1, words: (what, right) }
    }
}

impl From<Written> for Finding {
    fn from(written: Written) -> Self {
        let Written { kind, row, column, header, text, words: (what, right), .. } = written;
        Self { kind, row, column, header, text, what, right }
    }
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// no task is made of the row
    NotUnderstood,
    /// the task is made, and this of it is not carried over
    NotCarried,
    /// read so, though it does not stand there
    Assumed,
    /// a person should know
    Note,
}

/// A column and what it is read as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRead {
    /// its letter
    pub column: String,
    /// its name as it stands
    pub header: String,
    /// the ledger's name for it, or why it is not read
    #[serde(rename = "as")]
    pub read_as: String,
    /// why it is not read, to be told in any language
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
}

/// A row that is no task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPassed {
    /// its number
    pub row: u32,
    /// what stands in it
    pub text: String,
    /// what it is taken for
    pub why: String,
}

/// A row that became a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowTaken {
    /// its number
    pub row: u32,
    /// 编号
    pub number: Option<String>,
    /// its name in the plan
    pub task: TaskSlug,
    /// its title
    pub title: String,
    /// 牵头单位
    pub lead: Vec<UnitId>,
    /// 配合单位
    pub cooperate: Vec<UnitId>,
    /// what the deadline's cell says
    pub due_text: String,
    /// as read: a plan file's `due`
    pub due: crate::domain::Due,
    /// 力争
    pub target: bool,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// the sheet
    pub sheet: String,
    /// the plan it becomes, where one is named
    pub plan: Option<PlanId>,
    /// the plan's title
    pub title: String,
    /// rows of column names, first and last
    pub header_rows: (u32, u32),
    /// columns that are read
    pub columns: Vec<ColumnRead>,
    /// columns that are not
    pub unmatched: Vec<ColumnRead>,
    /// columns with people's names: kept out of the journal
    pub people: Vec<ColumnRead>,
    /// rows that became tasks
    pub tasks: Vec<RowTaken>,
    /// rows that no task was made of, since something is not understood
    pub left_out: Vec<u32>,
    /// rows that are no task
    pub passed: Vec<RowPassed>,
    /// in the order of rows
    pub findings: Vec<Finding>,
}

impl Report {
    /// Findings of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.kind == kind)
    }
}

/// Columns that are read, as far as they hold such a thing.
pub(super) fn columns(table: &Table, wanted: impl Fn(Column) -> bool) -> Vec<ColumnRead> {
    let read = table.columns.iter().filter(|matched| wanted(matched.column));
    read.map(|matched| ColumnRead {
        column: letter(matched.place),
        header: matched.name.clone(),
        read_as: matched.column.name().to_owned(),
        words: None,
    })
    .collect()
}

/// Columns that are not read: unknown ones, and known ones that `why` says something of.
pub(super) fn unmatched(table: &Table, why: impl Fn(Column) -> Option<&'static str>) -> Vec<ColumnRead> {
    let unknown = table.unmatched.iter().map(|column| (column.place, &column.name, column.why.clone()));
    let known = table
        .columns
        .iter()
        .filter_map(|column| Some((column.place, &column.name, why(column.column)?.into())));
    let mut all: Vec<_> = unknown.chain(known).collect();
    all.sort_by_key(|(place, _, _)| *place);
    let shown = |(place, header, why): (u32, &String, Words)| ColumnRead {
        column: letter(place),
        header: header.clone(),
        read_as: why.to_string(),
        words: Some(why),
    };
    all.into_iter().map(shown).collect()
}

/// One or the other would be right.
pub(super) fn either(one: &str, other: &str) -> Words {
    Words::OneOf(vec![Words::Text(one.to_owned()), Words::Text(other.to_owned())])
}

/// A column's letter in a spreadsheet: 0 → `A`, 26 → `AA`.
#[must_use]
pub fn letter(place: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = place;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match (rest / 26).checked_sub(1) {
            Some(more) => rest = more,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_in_a_spreadsheet() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letter).to_vec();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
