//! Pure views of the ledger: preview, status, coverage.

pub mod coverage;
mod ledger;
mod outline;
pub mod preview;
mod rows;
mod tasks;

pub use ledger::{LedgerRow, ledger_rows, overdue_days, unopened_state};
pub use rows::{Row, rows};
pub use tasks::{TaskRow, occurrences, state_on_file, task_rows};
