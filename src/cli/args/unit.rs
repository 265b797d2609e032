//! `unit …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::FormatArg;
use crate::office::new_units::Details;
use crate::office::units;

/// `duban unit …`
#[derive(Debug, Subcommand)]
pub enum UnitCommand {
    /// List units and collectives
    List(FormatArg),
    /// Show one unit and its tasks
    Show {
        /// Which
        #[command(flatten)]
        ask: units::Show,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Add a unit; on a terminal what is not given is asked for
    #[command(after_help = "\
Examples:
  duban unit add                                              asks for everything
  duban unit add 西河乡人民政府 --mailbox xihe@example.gov.cn --member-of 各乡镇 --yes")]
    Add(UnitAddArgs),
    /// Add or change a list of units (.xlsx, .csv): name, short name, other names, mailbox, contact, telephone …
    ///
    /// Shows what would be added or changed; `--yes` does it. A row that is not understood is named with what would
    /// be right, and nothing is done by halves.
    #[command(after_help = "\
Examples:
  duban unit import 单位名单.xlsx
  duban unit import 单位名单.xlsx --yes")]
    Import(UnitImportArgs),
    /// Change a unit: address, members, names, leader, silence
    #[command(after_help = "\
Examples:
  duban unit set housing --mailbox zhujianju@example.gov.cn
  duban unit set townships-all --members fengcheng,beiliu,runcheng")]
    Set(units::Set),
    /// Make every link sent to a unit so far open nothing any more
    RevokeLinks(units::RevokeLinks),
}

/// `duban unit add`
#[derive(Debug, Args)]
pub struct UnitAddArgs {
    /// Full name, as documents print it
    pub name: Option<String>,
    /// What else is said of it
    #[command(flatten)]
    pub details: Details,
    /// How what is not given is come by
    #[command(flatten)]
    pub asking: AskingArgs,
}

/// Whether to ask.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct AskingArgs {
    /// Ask for nothing: take what is proposed, and do it
    #[arg(long, conflicts_with = "ask")]
    pub yes: bool,
    /// Ask on standard input also where that is no terminal
    #[arg(long)]
    pub ask: bool,
}

/// `duban unit import`
#[derive(Debug, Args)]
pub struct UnitImportArgs {
    /// The list: .xlsx, or .csv in UTF-8 or GBK
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Which sheet of the workbook [default: the only one with a column of units]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Add and change them; else it is only shown
    #[arg(long)]
    pub yes: bool,
    /// For people or for programs
    #[command(flatten)]
    pub format: FormatArg,
}
