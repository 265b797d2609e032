//! An office's present ledger (.xlsx, .csv) as a plan with its history and numbers, and a list of matters
//! (13710) as matters to assign. Pure: bytes in, values
//! out. Nothing is guessed in silence: what does not stand in the sheet is told, and so is what is left.

mod book;
mod cells;
mod column;
mod compare;
mod deadline;
mod delimited;
mod exported;
mod fold;
mod happened;
mod header;
mod hidden;
mod looks;
mod marks;
mod matter_terms;
mod matters;
mod parts;
mod plan;
mod report;
mod status;
mod table;
mod task;
mod unit_columns;
mod unit_list;
mod unit_words;
mod units;
mod workbook;

#[cfg(test)]
mod tests;

pub use book::{Book, Cell, FILE_BYTES_MAX, Limits, Sheet, Source, Unreadable, open, open_until};
pub use compare::{Compared, Difference, Present, compare};
pub use deadline::{When, when};
pub use exported::{Written, compare_sheets, is_of_duban, keep_plan, names_plan, written};
pub use matters::{AskedMatters, KnownRow, MatterRow, Matters, matters};
pub use plan::{Asked, Imported, plan};
pub use report::{ColumnRead, Finding, Kind, Report, RowPassed, RowTaken};
pub use table::{Table, table};
pub use task::short as title;
pub use unit_list::{Flaw, FlawedRow, Person, UnitList, UnitRow, unit_list};
pub use unit_words::{mailbox, names_in, phone, unit_kind};
pub use units::{Names, Part, units};
