//! `intake`: mail that came back.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::FormatArg;

/// `duban intake`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  duban intake Maildir             take in what was delivered there; what is known already is left alone
  duban intake list                what came in, what is to be read first
  duban intake show 41             what it says, and what a 反馈表 that came with it proposes
  duban intake record 41           record that, with its files
  duban intake done 42 --remark 已转业务科")]
pub struct IntakeArgs {
    /// A message, a directory of messages or a Maildir; `-` reads one message from standard input
    #[arg(value_name = "FILE|DIR|-", value_hint = ValueHint::AnyPath)]
    pub from: Option<PathBuf>,
    /// Instead of taking in
    #[command(subcommand)]
    pub command: Option<IntakeCommand>,
}

/// What is done with mail that was taken in.
#[derive(Debug, Subcommand)]
pub enum IntakeCommand {
    /// List what came in: what a person still has to do something about first, then the newest first
    List(FormatArg),
    /// Show a message: from whom it says to be, its words, and row by row what its 反馈表 proposes
    ///
    /// Anybody can mail under any name. Nothing is recorded until `duban intake record`.
    Show {
        /// Its event, as `duban intake list` shows it
        #[arg(value_name = "EVENT")]
        event: u64,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Record what a message's 反馈表 says for its unit (代录), the message as its proof and its files as material
    Record(IntakeRecordArgs),
    /// Mark messages as handled
    Done(IntakeDoneArgs),
}

/// `duban intake record`
#[derive(Debug, Args)]
pub struct IntakeRecordArgs {
    /// Its event, as `duban intake list` shows it
    #[arg(value_name = "EVENT")]
    pub event: u64,
    /// Record the other rows and files where one is refused; without it nothing is recorded then
    #[arg(long)]
    pub skip_refused: bool,
    /// The row of files whose name begins with no row's number
    #[arg(long, value_name = "ROW")]
    pub files_to: Option<u32>,
}

/// `duban intake done`
#[derive(Debug, Args)]
pub struct IntakeDoneArgs {
    /// Their events, as `duban intake list` shows them
    #[arg(required = true, value_name = "EVENT")]
    pub events: Vec<u64>,
    /// What came of it
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
}
