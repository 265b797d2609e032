//! `plan …`, `unit …`, `letter …`, `clock …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::FormatArg;
use crate::office::{accounts, clock, letters, plans, units};

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
    /// Change a unit: address, members, names, leader, silence
    #[command(after_help = "\
Examples:
  duban unit set housing --mailbox zhujianju@example.gov.cn
  duban unit set townships-all --members fengcheng,beiliu,runcheng")]
    Set(units::Set),
    /// Make every link sent to a unit so far open nothing any more
    RevokeLinks(units::RevokeLinks),
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
