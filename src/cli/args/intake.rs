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
  duban intake done 41 --remark 已转业务科")]
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
    /// Mark messages as handled
    Done(IntakeDoneArgs),
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
