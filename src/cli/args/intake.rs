//! `intake`: mail that came back.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::FormatArg;
use crate::office::{incoming, proposed};

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
        /// Which
        #[command(flatten)]
        ask: proposed::Show,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Record what a message's 反馈表 says for its unit (代录), the message as its proof and its files as material
    Record(proposed::Record),
    /// Mark messages as handled
    Done(incoming::Handled),
}
