//! `plan …`, `unit …`, `letter …`, `clock …`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::FormatArg;
use super::value::day;
use crate::domain::{LetterId, PlanId, PlanOwner, UnitId};

/// `duban plan …`
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// List plans
    List(FormatArg),
    /// Show one plan and its tasks
    Show {
        /// The plan's id
        plan: PlanId,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Add a plan that the office owns, from a file that is read once
    ///
    /// Plans in the directory of `--schedules` need no adding: the daemon follows their files.
    Add(PlanAddArgs),
    /// Print a plan as a plan file
    Export(PlanExportArgs),
    /// Hand a plan from its file to the office, or back
    TakeOver(TakeOverArgs),
    /// Follow a plan of the office that was added with `quiet = true`; its units are told today
    Start {
        /// The plan's id
        plan: PlanId,
    },
    /// Close a plan: no more reminders of it
    Close(PlanCloseArgs),
}

/// `duban plan add`
#[derive(Debug, Args)]
pub struct PlanAddArgs {
    /// A plan file
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
}

/// `duban plan export`
#[derive(Debug, Args)]
pub struct PlanExportArgs {
    /// The plan's id
    pub plan: PlanId,
}

/// `duban plan take-over`
#[derive(Debug, Args)]
pub struct TakeOverArgs {
    /// The plan's id
    pub plan: PlanId,
    /// Who owns it from now on
    #[arg(long, value_name = "OWNER", value_enum)]
    pub by: Owner,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Who owns a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Owner {
    /// The office: command line, console, API
    Office,
    /// Its plan file
    File,
}

impl From<Owner> for PlanOwner {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Office => Self::Office,
            Owner::File => Self::File,
        }
    }
}

/// `duban plan close`
#[derive(Debug, Args)]
pub struct PlanCloseArgs {
    /// The plan's id
    pub plan: PlanId,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `duban unit …`
#[derive(Debug, Subcommand)]
pub enum UnitCommand {
    /// List units and collectives
    List(FormatArg),
    /// Show one unit and its tasks
    Show {
        /// The unit's id
        unit: UnitId,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Change a unit: address, members, names, leader, silence
    #[command(after_help = "\
Examples:
  duban unit set housing --mailbox zhujianju@example.gov.cn
  duban unit set townships-all --members fengcheng,beiliu,runcheng")]
    Set(UnitSetArgs),
    /// Make every link sent to a unit so far open nothing any more
    RevokeLinks {
        /// The unit's id
        unit: UnitId,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// `duban unit set`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true)
    .args(["name", "short", "mailbox", "mailbox_works", "members", "mute", "unmute", "leader_name", "leader_mailbox", "no_leader"]))]
pub struct UnitSetArgs {
    /// The unit's id
    pub unit: UnitId,
    /// Full name
    #[arg(long)]
    pub name: Option<String>,
    /// Name in lists
    #[arg(long)]
    pub short: Option<String>,
    /// The office's mailbox, never a person's
    #[arg(long, value_name = "ADDRESS")]
    pub mailbox: Option<String>,
    /// The mailbox was mended at its own end: what came back from it, or was refused, no longer counts against it
    #[arg(long, conflicts_with = "mailbox")]
    pub mailbox_works: bool,
    /// All members of a collective, in place of those it has
    #[arg(long, value_name = "UNIT,…", value_delimiter = ',')]
    pub members: Option<Vec<UnitId>>,
    /// Send it no reminders; they are listed as skipped
    #[arg(long, conflicts_with = "unmute")]
    pub mute: bool,
    /// Send it reminders again
    #[arg(long)]
    pub unmute: bool,
    /// Name of the leader in charge (分管领导); kept apart from the journal
    #[arg(long, value_name = "NAME", requires = "leader_mailbox")]
    pub leader_name: Option<String>,
    /// The leader's post
    #[arg(long, value_name = "POST", requires = "leader_name")]
    pub leader_post: Option<String>,
    /// The leader's address; kept apart from the journal
    #[arg(long, value_name = "ADDRESS", requires = "leader_name")]
    pub leader_mailbox: Option<String>,
    /// Forget the leader
    #[arg(long, conflicts_with_all = ["leader_name", "leader_mailbox"])]
    pub no_leader: bool,
}

/// `duban letter …`
#[derive(Debug, Subcommand)]
pub enum LetterCommand {
    /// List letters, the newest first
    List(LetterListArgs),
    /// Show one letter as it was archived
    Show {
        /// Its number, as 2021-0623-07
        letter: LetterId,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// The same as `duban intake list`
    #[command(hide = true)]
    Replies(FormatArg),
    /// Send a letter once more, under the same Message-ID, to the unit's present mailbox
    Resend(ReasonedLetter),
    /// Let held letters go: those to county leaders, and the day's where the office releases them
    Release {
        /// Their numbers, as 2021-0623-07
        #[arg(required_unless_present = "all", value_name = "LETTER")]
        letters: Vec<LetterId>,
        /// All that wait, except those to county leaders, which are released one by one
        #[arg(long, conflicts_with = "letters")]
        all: bool,
    },
}

/// `duban letter list`
#[derive(Debug, Clone, Args)]
pub struct LetterListArgs {
    /// Letters to this unit only
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitId>,
    /// Letters of this day and later
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub since: Option<NaiveDate>,
    /// Letters that wait for release
    #[arg(long)]
    pub held: bool,
    /// Letters without a final outcome, and those refused for good
    #[arg(long)]
    pub unsettled: bool,
    /// For people or for programs
    #[command(flatten)]
    pub format: FormatArg,
}

/// A letter and a reason.
#[derive(Debug, Args)]
pub struct ReasonedLetter {
    /// Its number, as 2021-0623-07
    pub letter: LetterId,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `duban clock …`
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Say that the present clock is right, after it jumped; decisions go on
    Accept {
        /// Why it jumped
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}
