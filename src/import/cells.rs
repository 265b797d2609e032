//! A row's cells as texts, numbers and days, with a finding for each that can't be taken as it stands.

use chrono::NaiveDate;

use super::book::Cell;
use super::column::Column;
use super::fold::{folded, one_line, tidied};
use super::happened::happened;
use super::report::{Finding, Kind, letter};
use super::table::{Flaw, From, Row, Table, Value};
use crate::locale::{Value as Words, message};

/// Longest note of a row, in bytes: it stands in an event beside others.
pub const NOTE_BYTES_MAX: usize = 3 * 1024;
/// Longest number or name, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// What is said of a number of more digits than a spreadsheet keeps.
pub(super) const DIGITS_LOST: &str = "a spreadsheet keeps 15 digits of a number: the rest is lost";
/// A spreadsheet keeps so many digits of a number.
const EXACT_BELOW: f64 = 1e15;

/// One row, and what is found in reading it.
pub(super) struct Cells<'t> {
    table: &'t Table,
    row: &'t Row,
    pub findings: Vec<Finding>,
}

impl<'t> Cells<'t> {
    /// `is_needed`: columns without which nothing is made of the row.
    pub(super) fn of(table: &'t Table, row: &'t Row, is_needed: impl Fn(Column) -> bool) -> Self {
        let mut cells = Self { table, row, findings: Vec::new() };
        cells.tell_of_row(&is_needed);
        cells
    }

    /// Whether a cell that is needed says nothing that could be taken.
    pub(super) fn is_spoiled(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind == Kind::NotUnderstood)
    }

    /// Hidden rows, formulas, cells of rows above, cells that say nothing.
    fn tell_of_row(&mut self, is_needed: &impl Fn(Column) -> bool) {
        let row = self.row;
        if row.is_hidden {
            self.findings.push(Finding {
                row: Some(row.number),
                right: Some("the row taken out, if it is not meant".into()),
                ..Finding::on_sheet(Kind::Note, "the sheet hides this row: it is read all the same")
            });
        }
        for (column, value) in row.cells.iter().filter(|(column, _)| !column.holds_people()) {
            if let Some(flaw) = value.flaw {
                let kind = if is_needed(*column) { Kind::NotUnderstood } else { Kind::NotCarried };
                let (what, right) = told(flaw, &value.cell.shown());
                self.tell(kind, *column, what, Some(right.into()));
                continue;
            }
            if value.is_formula {
                self.tell(Kind::Assumed, *column, "a formula fills it: the value last stored is taken", None);
            }
            match value.from {
                Some(From::Merged) => {
                    self.tell(Kind::Assumed, *column, "merged with the row above: the same as there", None);
                }
                Some(From::Same) => self.tell(Kind::Assumed, *column, "the same as in the row above", None),
                None => {}
            }
        }
    }

    pub(super) fn value(&self, column: Column) -> Option<&'t Value> {
        self.row.cells.get(&column)
    }

    pub(super) fn cell(&self, column: Column) -> &'t Cell {
        self.value(column).filter(|value| value.flaw.is_none()).map_or(&Cell::Empty, |value| &value.cell)
    }

    /// The column's name as it stands.
    pub(super) fn header(&self, column: Column) -> Option<&'t str> {
        self.table.columns.iter().find(|known| known.column == column).map(|known| known.name.as_str())
    }

    /// A finding on this row's cell.
    pub(super) fn tell(&mut self, kind: Kind, column: Column, what: impl Into<Words>, right: Option<Words>) {
        let of = self.table.columns.iter().find(|known| known.column == column);
        self.findings.push(Finding {
            kind,
            row: Some(self.row.number),
            column: of.map(|known| letter(known.place)),
            header: of.map(|known| known.name.clone()),
            text: one_line(&self.value(column).map(|value| value.cell.shown()).unwrap_or_default()),
            what: what.into(),
            right,
        });
    }

    /// One line: a number, a name.
    pub(super) fn line(&mut self, column: Column) -> Option<String> {
        if let Cell::Number(number) = self.cell(column)
            && number.abs() >= EXACT_BELOW
        {
            let right = "the cell's format is text, and the number is typed again".into();
            self.tell(Kind::NotCarried, column, DIGITS_LOST, Some(right));
            return None;
        }
        let text = one_line(&self.cell(column).shown());
        if text.chars().count() > LINE_CHARS_MAX {
            let what = message("sheet-cut-chars").with("most", &LINE_CHARS_MAX);
            self.tell(Kind::NotCarried, column, what, None);
            return Some(text.chars().take(LINE_CHARS_MAX).collect());
        }
        (!is_nothing(&text)).then_some(text)
    }

    /// A note of any number of lines.
    pub(super) fn note(&mut self, column: Column) -> Option<String> {
        let text = tidied(&self.cell(column).shown());
        if is_nothing(&text) {
            return None;
        }
        let text = self.without_phones(column, text);
        if text.len() <= NOTE_BYTES_MAX {
            return Some(text);
        }
        let what = message("sheet-cut-bytes").with("most", &NOTE_BYTES_MAX);
        self.tell(Kind::NotCarried, column, what, None);
        let end = (0..=NOTE_BYTES_MAX).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.get(..end).map(str::to_owned)
    }

    /// A phone number belongs to a person, and a journal forgets nothing.
    pub(super) fn without_phones(&mut self, column: Column, text: String) -> String {
        let Some(masked) = masked(&text) else { return text };
        self.tell(
            Kind::NotCarried,
            column,
            "a mobile phone number: people are kept out of the journal",
            None,
        );
        masked
    }

    /// The day something happened.
    pub(super) fn day(&mut self, column: Column, year: Option<i32>) -> Option<NaiveDate> {
        match happened(self.cell(column), year) {
            Ok(found) => {
                let found = found?;
                if found.year_assumed {
                    let what = message("sheet-no-year").with("read", &found.day);
                    self.tell(Kind::Assumed, column, what, None);
                }
                Some(found.day)
            }
            Err(right) => {
                self.tell(Kind::NotCarried, column, "it is no day", Some(right.into()));
                None
            }
        }
    }

    /// How often: `2`, `2次`, `无`.
    pub(super) fn count(&mut self, column: Column) -> Option<u32> {
        let text = super::fold::with_digits(&folded(&self.cell(column).shown()));
        let text = text.trim_end_matches('次');
        if text.is_empty() {
            return None;
        }
        if is_nothing(text) {
            return Some(0);
        }
        let count = text.parse().ok().filter(|count| *count <= 1_000);
        if count.is_none() {
            self.tell(Kind::NotCarried, column, "it is no count", Some("a number, as 1".into()));
        }
        count
    }
}

/// What is said of a cell that is not taken, and what would be right.
fn told(flaw: Flaw, shown: &str) -> (Words, &'static str) {
    match flaw {
        Flaw::Uncalculated => {
            ("a formula whose value is not stored".into(), "open the file and save it once")
        }
        Flaw::Error => (message("sheet-error-value").with("shown", shown).into(), "the value itself"),
        Flaw::Struck => ("struck through, whole or in part".into(), "the strike, or the text, taken away"),
    }
}

fn is_nothing(text: &str) -> bool {
    matches!(folded(text).as_str(), "" | "无" | "-" | "--" | "/" | "\\")
}

/// The text with the middle of mobile phone numbers (11 digits from 13 to 19) put out; nothing where it has none.
fn masked(text: &str) -> Option<String> {
    const DIGITS: usize = 11;
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, run) = rest.split_at(start);
        let end = run.find(|c: char| !c.is_ascii_digit()).unwrap_or(run.len());
        let (digits, after) = run.split_at(end);
        out.push_str(before);
        let second = digits.as_bytes().get(1);
        if digits.len() == DIGITS
            && digits.starts_with('1')
            && second.is_some_and(|b| (b'3'..=b'9').contains(b))
        {
            found = true;
            out.push_str("×××");
        } else {
            out.push_str(digits);
        }
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn phone_numbers_are_put_out_and_other_numbers_stay() {
        assert_eq!(masked("联系人王某13800001111，已报").as_deref(), Some("联系人王某×××，已报"));
        assert_eq!(masked("检查 12 台，文号2021041312345"), None);
        assert_eq!(masked("20210630123456"), None);
    }
}
