//! `duban import`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::FormatArg;
use crate::office::imports::Options;

/// `duban import`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban import 督办台账.xlsx --dry-run --year 2021     what is understood, what is assumed, what is not
  duban import 督办台账.xlsx --plan office-2021 --issued-on 2021-05-24
  duban import 督办台账.xlsx --compare                 where sheet and ledger differ")]
pub struct ImportArgs {
    /// The ledger: .xlsx, or .csv in UTF-8 or GBK
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// How it is read
    #[command(flatten)]
    pub options: Options,
    /// Show what would be imported; record nothing
    #[arg(long, conflicts_with = "compare")]
    pub dry_run: bool,
    /// Compare the sheet with the present ledger, row by row; record nothing
    #[arg(long, conflicts_with_all = ["title", "short", "document", "issued_on", "until", "leave_out", "follow"])]
    pub compare: bool,
    /// For people or for programs
    #[command(flatten)]
    pub format: FormatArg,
}
