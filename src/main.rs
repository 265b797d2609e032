//! The `duban` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    duban::cli::run()
}
