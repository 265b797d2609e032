//! What the office rules: `task extend`, `task chase` …, and `matter …`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::FormatArg;
use super::value::{Matter, MatterName, day, unit_name};
use crate::domain::matter::{MatterClass, MatterDays};
use crate::domain::{TaskSlug, UnitId};

/// `duban task extend`
#[derive(Debug, Args)]
pub struct ExtendArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// The new date, where another than the one asked for
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// Who approved it: an office or a post
    #[arg(long, value_name = "TEXT")]
    pub approver: String,
    /// The paper that approves it (文号)
    #[arg(long, value_name = "NUMBER")]
    pub document: String,
}

/// A matter and words that the unit reads.
#[derive(Debug, Args)]
pub struct WordsArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// The words; the unit reads them
    #[arg(long, value_name = "TEXT")]
    pub words: String,
}

/// A matter and a reason.
#[derive(Debug, Args)]
pub struct ReasonArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// Why; the unit reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `duban task chase`
#[derive(Debug, Args)]
pub struct ChaseArgs {
    /// Matters, as `plan/task/period`; without their period where one only is open
    #[arg(required = true, value_name = "TASK")]
    pub names: Vec<MatterName>,
    /// One unit's part only
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitId>,
    /// Words of the office's own
    #[arg(long, value_name = "TEXT")]
    pub words: Option<String>,
}

/// `duban task reopen`
#[derive(Debug, Args)]
pub struct ReopenArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// Why; the unit reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Its new date; needed where the old one is past
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
}

/// `duban matter …`
#[derive(Debug, Subcommand)]
pub enum MatterCommand {
    /// Assign a matter (交办): deployed the same day, reported in 3 days, settled in 7 days or a month
    #[command(after_help = "\
Examples:
  duban matter assign --title 西河排污口整治 --source 县长批示 --lead eco-env
  duban matter assign --title 机井整治 --source 督查发现 --number 2026-0042 --lead water --complex --until 2027-03-31")]
    Assign(AssignArgs),
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
    Reclassify(ReclassifyArgs),
    /// Strike off an accepted matter that was checked (销号)
    CloseOut(CloseOutArgs),
}

/// `duban matter assign`
#[derive(Debug, Args)]
pub struct AssignArgs {
    /// What it is called
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    /// What is asked, where more than the title
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Where it comes from: a leader's instruction, an inspection's finding
    #[arg(long, value_name = "TEXT")]
    pub source: String,
    /// Its number on the province's platform
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<String>,
    /// Who must answer, the first for all; may be given more than once
    #[arg(long, value_name = "UNIT", required = true)]
    pub lead: Vec<UnitId>,
    /// Who helps; may be given more than once
    #[arg(long, value_name = "UNIT")]
    pub cooperate: Vec<UnitId>,
    /// A complex matter: a month, or the day of its plan (`--until`)
    #[arg(long)]
    pub complex: bool,
    /// The last day of its dated plan
    #[arg(long, value_name = "DAY", value_parser = day, requires = "complex")]
    pub until: Option<NaiveDate>,
    /// The day it was deployed [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// How its days are counted
    #[arg(long, value_name = "DAYS", value_enum, default_value_t)]
    pub days: DaysArg,
    /// 完成标准
    #[arg(long, value_name = "TEXT")]
    pub standard: Option<String>,
    /// Its name in lists [default: made from the day]
    #[arg(long, value_name = "NAME")]
    pub id: Option<TaskSlug>,
}

/// `duban matter import`
#[derive(Debug, Args)]
pub struct MatterImportArgs {
    /// The list: .xlsx, or .csv in UTF-8 or GBK
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Which sheet [default: the only one that holds a table]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Where the matters come from, for rows that don't say it
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// The day of deployment of rows that name none [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// The year of dates that are written without one
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1990..2100))]
    pub year: Option<i32>,
    /// How days are counted where a row doesn't say it
    #[arg(long, value_name = "DAYS", value_enum, default_value_t)]
    pub days: DaysArg,
    /// Which unit a name of the sheet is; may be given several times
    #[arg(long = "unit", value_name = "NAME=ID", value_parser = unit_name)]
    pub units: Vec<(String, UnitId)>,
    /// Assign the rows that are understood, and leave the others out
    #[arg(long)]
    pub leave_out: bool,
    /// Show what would be assigned; record nothing
    #[arg(long)]
    pub dry_run: bool,
    /// For people or for programs
    #[command(flatten)]
    pub format: FormatArg,
}

/// How a matter's days are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum DaysArg {
    /// Days off included
    #[default]
    Calendar,
    /// Working days only
    Working,
}

impl From<DaysArg> for MatterDays {
    fn from(days: DaysArg) -> Self {
        match days {
            DaysArg::Calendar => Self::Calendar,
            DaysArg::Working => Self::Working,
        }
    }
}

/// `duban matter reclassify`
#[derive(Debug, Args)]
pub struct ReclassifyArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// What it is from now on
    #[arg(long = "as", value_name = "CLASS", value_enum)]
    pub class: ClassArg,
    /// The last day of its dated plan, in the place of the rule's
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// Who approved it: an office or a post
    #[arg(long, value_name = "TEXT")]
    pub approver: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// 一般事项 or 复杂事项.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClassArg {
    /// Settled within 7 days
    Ordinary,
    /// Settled within a month, or by a dated plan
    Complex,
}

impl From<ClassArg> for MatterClass {
    fn from(class: ClassArg) -> Self {
        match class {
            ClassArg::Ordinary => Self::Ordinary,
            ClassArg::Complex => Self::Complex,
        }
    }
}

/// `duban matter close-out`
#[derive(Debug, Args)]
pub struct CloseOutArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// What was checked
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
}
