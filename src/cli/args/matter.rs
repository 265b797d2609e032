//! `matter …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::FormatArg;
use crate::office::imports::MatterOptions;
use crate::office::matters;

/// `duban matter …`
#[derive(Debug, Subcommand)]
pub enum MatterCommand {
    /// Assign a matter (交办): deployed the same day, reported in 3 days, settled in 7 days or a month
    #[command(after_help = "\
Examples:
  duban matter assign --title 西河排污口整治 --source 县长批示 --lead eco-env
  duban matter assign --title 机井整治 --source 督查发现 --number 2026-0042 --lead water --complex --until 2027-03-31")]
    Assign(matters::Assign),
    /// Assign a list of matters (.xlsx, .csv): title, source, platform number, units, class, day of deployment
    ///
    /// Nothing is guessed in silence: what is assumed or not understood is listed with row, column and what
    /// would be right, and a row that is not understood stops the import. What is assigned already stays as it is.
    #[command(after_help = "\
Examples:
  duban matter import 交办事项.xlsx --dry-run            what is understood, what is assumed, what is not
  duban matter import 交办事项.xlsx --source 县政府常务会议 --on 2021-06-25
  duban matter import 交办事项.csv --days working        working days only, where a row doesn't say it")]
    Import(MatterImportArgs),
    /// Move a matter from ordinary to complex, or back, by approval
    Reclassify(matters::Reclassify),
    /// Strike off an accepted matter that was checked (销号)
    CloseOut(matters::CloseOut),
}

/// `duban matter import`
#[derive(Debug, Args)]
pub struct MatterImportArgs {
    /// The list: .xlsx, or .csv in UTF-8 or GBK
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// How it is read
    #[command(flatten)]
    pub options: MatterOptions,
    /// For people or for programs
    #[command(flatten)]
    pub format: FormatArg,
}
