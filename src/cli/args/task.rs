//! `task …`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::FormatArg;
use super::record::RecordArgs;
use super::rule::{ChaseArgs, ExtendArgs, ReasonArgs, ReopenArgs, WordsArgs};
use super::value::{Matter, MatterName, TaskName, day};
use crate::calendar::Period;
use crate::domain::{PlanId, UnitId};

/// `duban task …`
#[derive(Debug, Subcommand)]
pub enum TaskCommand {
    /// List tasks
    ///
    /// From the running daemon, or from the plan files where none runs. On files alone `state` is
    /// one of `planned` (a date, a cadence, a window, a start or a time to avoid), `ongoing`
    /// (长期坚持), `awaiting` (no date in the document), `done-before-import` (已完成) and
    /// `recorded` (kept and reported on, never chased).
    List(TaskListArgs),
    /// Show one task: text, units, dates, conflicts
    Show {
        /// `plan/task`, or `task` where one plan only has it
        task: TaskName,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// List what waits for the office: claims, extensions asked for, objections, matters to close out
    Waiting(FormatArg),
    /// Accept matters as done (办结)
    #[command(after_help = "\
Examples:
  duban task accept yangcheng-2021-air/machinery-check --period 2021Q3 --on 2021-09-28
  duban task accept --claimed --unit eco-env --remark 属实")]
    Accept(AcceptArgs),
    /// Send a matter back (退回), with the reason
    Return(ReturnArgs),
    /// Grant an extension (延期批准); the original date stays visible
    #[command(
        after_help = "Example:\n  duban task extend dry-cleaners --approver 县政府分管领导 --document 阳政办函〔2021〕9号"
    )]
    Extend(ExtendArgs),
    /// Refuse an extension that was asked for (延期驳回)
    RefuseExtension(ReasonArgs),
    /// Answer a unit's objection
    Answer(WordsArgs),
    /// Chase matters now, by a letter at once (催办)
    Chase(ChaseArgs),
    /// Ask again for what was accepted (回头看)
    Reopen(ReopenArgs),
    /// Record what a unit said on paper, by telephone, in a meeting or by message (代录)
    #[command(after_help = "\
Examples:
  duban task record dry-cleaners --unit eco-env --via phone --done 2021-06-22 --text 已全部整改 --name 王某
  duban task record dry-cleaners --unit eco-env --via paper --progress 完成八成 --scan 来函.pdf")]
    Record(RecordArgs),
    /// Stop chasing a matter, with the reason
    Pause(PauseArgs),
    /// Chase a paused matter again
    Resume(Matter),
    /// Give a date to a task that awaits one
    #[command(after_help = "\
Examples:
  duban task settle olympics-treatment --by 2022-01-31 --ground 阳气防办〔2021〕9号
  duban task settle source-inventory --due '{ every = \"quarter\" }' --ground 督查室2021年6月2日会议纪要")]
    Settle(SettleArgs),
    /// Confirm leads that were assumed, or set others
    #[command(after_help = "\
Examples:
  duban task confirm road-to-rail vehicle-monitoring
  duban task confirm road-to-rail --lead eco-env")]
    Confirm(ConfirmArgs),
}

/// `duban task list`
#[derive(Debug, Clone, Args)]
pub struct TaskListArgs {
    /// Tasks of this plan only
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<PlanId>,
    /// Tasks that this unit leads or cooperates in
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitId>,
    /// One-offs due on this day or earlier
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub due_before: Option<NaiveDate>,
    /// Tasks that await a date
    #[arg(long)]
    pub awaiting: bool,
    /// Tasks whose lead is assumed, to be confirmed
    #[arg(long)]
    pub assumed: bool,
    /// For people or for programs
    #[command(flatten)]
    pub format: FormatArg,
}

/// `duban task accept`
#[derive(Debug, Args)]
pub struct AcceptArgs {
    /// Matters, as `plan/task/period`; without their period where one only is open
    #[arg(required_unless_present = "claimed", value_name = "TASK")]
    pub names: Vec<MatterName>,
    /// Which period, where TASK does not say it
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<Period>,
    /// One unit's part only; all of them where left out
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitId>,
    /// All that was claimed and waits for review
    #[arg(long, conflicts_with_all = ["names", "period"])]
    pub claimed: bool,
    /// The day it was done, where another than today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// Remark of the review
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
}

/// `duban task return`
#[derive(Debug, Args)]
pub struct ReturnArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// Why; the unit reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// A new date
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub new_deadline: Option<NaiveDate>,
}

/// `duban task pause`
#[derive(Debug, Args)]
pub struct PauseArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `duban task settle`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("date").required(true).args(["by", "due"]))]
pub struct SettleArgs {
    /// `plan/task`, or `task` where one plan only has it
    pub task: TaskName,
    /// A deadline, that day included
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub by: Option<NaiveDate>,
    /// Any other shape, as a plan file writes `due`
    #[arg(long, value_name = "DUE")]
    pub due: Option<String>,
    /// The paper that sets the date
    #[arg(long, value_name = "TEXT")]
    pub ground: String,
}

/// `duban task confirm`
#[derive(Debug, Args)]
pub struct ConfirmArgs {
    /// `plan/task`, or `task` where one plan only has it; several at once may be given
    #[arg(required = true, value_name = "TASK")]
    pub tasks: Vec<TaskName>,
    /// The right lead, where the assumed one is wrong; may be given more than once
    #[arg(long, value_name = "UNIT")]
    pub lead: Vec<UnitId>,
}
