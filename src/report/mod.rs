//! Pure views of the ledger: preview, status, coverage, and the office's papers.

mod book;
pub mod bulletin;
mod cells;
mod code;
pub mod coverage;
mod facts;
pub mod leader;
mod ledger;
mod letter_steps;
pub mod lists;
mod outline;
pub mod pack;
mod paper;
pub mod preview;
mod rows;
pub mod sheet;
mod status;
mod table;
mod tasks;
#[cfg(test)]
mod tests;

pub use facts::Names;
pub use ledger::{LedgerRow, ledger_rows, overdue_days, unopened_state};
pub use letter_steps::{LetterStep, letter_step};
pub use paper::PaperFault;
pub use rows::{Row, rows};
pub use status::{Status, colour, ink};
pub use tasks::{TaskRow, occurrences, state_on_file, task_rows};
