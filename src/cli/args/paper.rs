//! The office's papers: `bulletin`, `ledger`, `list …`, `pack`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::value::{day, month};
use crate::calendar::Period;
use crate::domain::{BulletinState, PlanId, UnitId};

/// `duban bulletin`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban bulletin 2021-06                       read it in the terminal
  duban bulletin 2021-06 --into papers         bulletin-2021-06.docx, .html and .json
  duban bulletin 2021-06 --step drafted        record the draft; from now on it is printed as of that event
  duban bulletin 2021-06 --later               what came after the draft
  duban bulletin 2021-06 --against 通报.docx    what was edited by hand in the Word file
  duban bulletin 2021-06 --step issued --scan 通报.pdf --against 通报.docx
  duban bulletin 2021-06 --steps               who drafted, checked, signed, issued it, and when")]
pub struct BulletinArgs {
    /// The month, as 2021-06
    #[arg(value_name = "MONTH", value_parser = month)]
    pub period: Period,
    /// Write bulletin-MONTH.docx, .html and .json into this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub into: Option<PathBuf>,
    /// What to print where nothing is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: BulletinFormat,
    /// As of this event [default: that of the last recorded step, else the last event]
    #[arg(long, value_name = "POSITION")]
    pub at: Option<u64>,
    /// Number of the issue [default: that of the last recorded step, else the next of the year]
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<u32>,
    /// Its date [default: the day of the last event counted]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub dated: Option<NaiveDate>,
    /// Only these plans [default: all with a document number]
    #[arg(long, value_name = "PLAN")]
    pub plan: Vec<PlanId>,
    /// Record that it was drafted, checked, signed or issued, as printed now
    #[arg(long, value_name = "STEP", value_enum, conflicts_with = "later")]
    pub step: Option<BulletinStepArg>,
    /// Who signed, or what was checked, with `--step`
    #[arg(long, value_name = "TEXT", requires = "step")]
    pub note: Option<String>,
    /// The signed scan, which is kept, with `--step signed` or `issued`
    #[arg(long, value_name = "FILE", requires = "step", value_hint = ValueHint::FilePath)]
    pub scan: Option<PathBuf>,
    /// The edited Word file: how it differs from the generated one; with `--step` that is recorded in its note
    #[arg(long, value_name = "DOCX", conflicts_with = "later", value_hint = ValueHint::FilePath)]
    pub against: Option<PathBuf>,
    /// Show the recorded steps
    #[arg(long, conflicts_with_all = ["step", "later", "into", "against"])]
    pub steps: bool,
    /// Show what changed after the recorded step
    #[arg(long)]
    pub later: bool,
}

/// How a bulletin is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum BulletinFormat {
    /// Text
    #[default]
    Text,
    /// One page to print
    Html,
    /// For programs; stable
    Json,
}

/// `--step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BulletinStepArg {
    /// 草稿
    Drafted,
    /// 核数
    Checked,
    /// 签发
    Signed,
    /// 印发
    Issued,
}

impl From<BulletinStepArg> for BulletinState {
    fn from(step: BulletinStepArg) -> Self {
        match step {
            BulletinStepArg::Drafted => Self::Drafted,
            BulletinStepArg::Checked => Self::Checked,
            BulletinStepArg::Signed => Self::Signed,
            BulletinStepArg::Issued => Self::Issued,
        }
    }
}

/// `duban ledger`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban ledger --out ledger.xlsx
  duban ledger --on 2021-06-30 --format csv > ledger.csv")]
pub struct LedgerArgs {
    /// How: a workbook, rows, or JSON
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: SheetFormat,
    /// As it was known at the end of this day [default: now]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// With plans that are closed, or were over when they were taken in
    #[arg(long)]
    pub closed: bool,
    /// The file to write [default for a workbook: ledger-DAY.xlsx; else standard output]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum SheetFormat {
    /// A workbook
    #[default]
    Xlsx,
    /// Comma-separated values, as Excel opens them
    Csv,
    /// For programs; stable
    Json,
}

/// `duban list …`
#[derive(Debug, Subcommand)]
pub enum ListCommand {
    /// The week's lists: overdue, due this week and next, not received, not reported, to be reviewed, returned
    Week(WeekArgs),
    /// The page of a unit's leader: red and yellow, why, what next, the new date
    Leader(LeaderArgs),
}

/// `duban list week`
#[derive(Debug, Args)]
pub struct WeekArgs {
    /// How: text to paste, a workbook, a page to print, JSON
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: ListFormat,
    /// As it was known at the end of this day [default: now]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// The file to write [default for a workbook: week-DAY.xlsx; else standard output]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
}

/// How lists are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Text, to paste into a chat
    #[default]
    Text,
    /// A workbook with a page for each list
    Xlsx,
    /// One page to print
    Html,
    /// For programs; stable
    Json,
}

/// `duban list leader`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban list leader --unit eco-env              read it
  duban list leader --unit eco-env --send       write the letter; then duban letter show, duban letter release")]
pub struct LeaderArgs {
    /// A unit; all units of its leader are shown: those with the same address
    #[arg(long, value_name = "UNIT")]
    pub unit: UnitId,
    /// How
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: BulletinFormat,
    /// As it was known at the end of this day [default: now]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// Write it as a letter to the leader, as of now; it goes once `duban letter release` lets it
    #[arg(long, conflicts_with_all = ["on", "format"])]
    pub send: bool,
}

/// `duban pack`
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  duban pack --unit eco-env --year 2021 --out eco-env-2021.zip")]
pub struct PackArgs {
    /// The unit
    #[arg(long, value_name = "UNIT")]
    pub unit: UnitId,
    /// The year
    #[arg(long, value_name = "YEAR")]
    pub year: i32,
    /// The file to write [default: UNIT-YEAR.zip]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
}
