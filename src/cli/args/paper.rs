//! The office's papers: `bulletin`, `ledger`, `list …`, `pack`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::office::bulletin::{Step, Which};
use crate::office::papers::{Leader, LedgerPaper, Pack, PageFormat, Week};

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
    #[command(flatten)]
    /// which
    pub which: Which,
    /// Write bulletin-MONTH.docx, .html and .json into this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub into: Option<PathBuf>,
    /// What to print where nothing is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: PageFormat,
    /// Record that it was drafted, checked, signed or issued, as printed now
    #[arg(long, value_name = "STEP", value_enum, conflicts_with = "later")]
    pub step: Option<Step>,
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

/// `duban ledger`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban ledger --out ledger.xlsx
  duban ledger --on 2021-06-30 --format csv > ledger.csv")]
pub struct LedgerArgs {
    /// Which
    #[command(flatten)]
    pub ask: LedgerPaper,
    /// The file to write [default for a workbook: ledger-DAY.xlsx; else standard output]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
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
    /// Which
    #[command(flatten)]
    pub ask: Week,
    /// The file to write [default for a workbook: week-DAY.xlsx; else standard output]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
}

/// `duban list leader`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban list leader --unit eco-env              read it
  duban list leader --unit eco-env --send       write the letter; then duban letter show, duban letter release")]
pub struct LeaderArgs {
    /// Which
    #[command(flatten)]
    pub ask: Leader,
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
    /// Which
    #[command(flatten)]
    pub ask: Pack,
    /// The file to write [default: UNIT-YEAR.zip]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
}
