//! `duban import`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueHint};

use super::FormatArg;
use super::value::{day, unit_name};
use crate::domain::{PlanId, UnitId};

/// `duban import`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one a switch that may be typed")]
#[command(after_help = "\
Examples:
  duban import 督办台账.xlsx --dry-run --year 2021     what is understood, what is assumed, what is not
  duban import 督办台账.xlsx --plan office-2021 --issued-on 2021-05-24
  duban import 督办台账.xlsx --compare                 where sheet and ledger differ")]
pub struct ImportArgs {
    /// The ledger: .xlsx, or .csv in UTF-8 or GBK
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Which sheet [default: the only one that holds a table]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Id of the plan that it becomes
    #[arg(long, value_name = "ID")]
    pub plan: Option<PlanId>,
    /// The plan's title [default: the line above the column names]
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// What letters call it [default: its title]
    #[arg(long, value_name = "NAME")]
    pub short: Option<String>,
    /// 文号 [default: the sheet's, where every row names the same]
    #[arg(long, value_name = "NUMBER")]
    pub document: Option<String>,
    /// The day it was issued
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub issued_on: Option<NaiveDate>,
    /// The year of dates that are written without one [default: that of its issue]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1990..2100))]
    pub year: Option<i32>,
    /// Last day the plan is in force [default: the end of the year, or its last deadline]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// Which unit a name of the sheet is; may be given several times
    #[arg(long = "unit", value_name = "NAME=ID", value_parser = unit_name)]
    pub units: Vec<(String, UnitId)>,
    /// Import the rows that are understood, and leave the others out
    #[arg(long)]
    pub leave_out: bool,
    /// Follow the plan from today [default: it is set up, and `duban plan start` starts it]
    #[arg(long)]
    pub follow: bool,
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
