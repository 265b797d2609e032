//! `plan …`, `letter …`, `clock …`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::{AskingArgs, FormatArg};
use crate::domain::PlanId;
use crate::office::typed::day;
use crate::office::{accounts, clock, letters, plans};

/// `duban plan …`
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// List plans
    List(FormatArg),
    /// Show one plan and its tasks
    Show {
        /// Which
        #[command(flatten)]
        ask: plans::Show,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Make a plan of the office's own: asks for each part, and starts it after a yes
    ///
    /// Asks for title and document number, then task by task what is to be done, who leads, who cooperates, and when, in
    /// the office's words (每季度末, 每月25日前, 每旬, 6月底前, 5-9月, 长期坚持). Shows the dates to come and who
    /// would be told what, and adds the plan after a yes only. What is typed is kept in a draft: left half-way, the
    /// same command goes on from there.
    #[command(after_help = "\
Examples:
  duban plan new                                            asks for each part
  duban plan new --title 2021年安全生产督办计划 --task '开展安全检查|县应急管理局、西河乡|每季度末' --yes
  duban plan new --title 安全检查 --task '开展安全检查|县应急管理局|每月25日前|县公安局' --dry-run")]
    New(PlanNewArgs),
    /// Add a plan that the office owns, from a file that is read once
    ///
    /// Plans in the directory of `--schedules` need no adding: the daemon follows their files.
    Add(PlanAddArgs),
    /// Print a plan as a plan file
    Export(plans::Show),
    /// Hand a plan from its file to the office, or back
    TakeOver(plans::TakeOver),
    /// Follow a plan of the office that was added with `quiet = true`; its units are told today
    Start(plans::Start),
    /// Close a plan: no more reminders of it
    Close(plans::Close),
}

/// `duban plan new`
#[derive(Debug, Args)]
pub struct PlanNewArgs {
    /// Its title
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// What letters call it [default: its title]
    #[arg(long, value_name = "NAME")]
    pub short: Option<String>,
    /// 文号 [default: none]
    #[arg(long, value_name = "NUMBER")]
    pub document: Option<String>,
    /// The day it was issued [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub issued_on: Option<NaiveDate>,
    /// Last day it is in force [default: the end of that year]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// Its id [default: office-YEAR]
    #[arg(long, value_name = "ID")]
    pub id: Option<PlanId>,
    /// A task: what, who leads, when, who cooperates, with | between; may be given more than once
    #[arg(long = "task", value_name = "TEXT|UNITS|WHEN|UNITS")]
    pub tasks: Vec<String>,
    /// Who answers where several lead
    #[arg(long, value_name = "UNIT", value_enum, default_value_t)]
    pub answer: Answering,
    /// Print the plan file; add nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where the draft is kept
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, default_value = "新计划草稿.txt")]
    pub draft: PathBuf,
    /// How what is not given is come by
    #[command(flatten)]
    pub asking: AskingArgs,
}

/// Who answers where several lead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Answering {
    /// Each for itself
    #[default]
    Each,
    /// The first for all
    Lead,
}

/// `duban plan add`
#[derive(Debug, Args)]
pub struct PlanAddArgs {
    /// A plan file
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
}

/// `duban account …`
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// List accounts with their posts and roles
    List(FormatArg),
    /// Set an account: a new one, or another shape of one
    ///
    /// Until the first is set, the daemon's own account and root are the office. From then on only
    /// those that are set come in, so the first must be a system admin with `--uid`.
    Set(accounts::Set),
    /// Remove an account; the record goes on naming it
    Remove(accounts::Remove),
}

/// `duban letter …`
#[derive(Debug, Subcommand)]
pub enum LetterCommand {
    /// List letters, the newest first
    List {
        /// Which
        #[command(flatten)]
        ask: letters::List,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Show one letter as it was archived
    Show {
        /// Which
        #[command(flatten)]
        ask: letters::Show,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// The same as `duban intake list`
    #[command(hide = true)]
    Replies(FormatArg),
    /// Send a letter once more, under the same Message-ID, to the unit's present mailbox
    Resend(letters::Resend),
    /// Let held letters go: those to county leaders, and the day's where the office releases them
    Release(letters::Release),
}

/// `duban clock …`
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Say that the present clock is right, after it jumped; decisions go on
    Accept(clock::Accept),
}
