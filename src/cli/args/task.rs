//! `task …`.

use std::path::PathBuf;

use clap::{Subcommand, ValueHint};

use super::FormatArg;
use super::record::RecordArgs;
use crate::office::{plans, rulings, tasks};

/// `duban task …`
#[derive(Debug, Subcommand)]
pub enum TaskCommand {
    /// List tasks
    ///
    /// Of plans that are followed or being set up, from the running daemon, or from the plan files where none
    /// runs; `--closed` shows the others too. On files alone `state` is
    /// one of `planned` (a date, a cadence, a window, a start or a time to avoid), `ongoing`
    /// (长期坚持), `awaiting` (no date in the document), `done-before-import` (已完成) and
    /// `recorded` (kept and reported on, never chased).
    List {
        /// Which
        #[command(flatten)]
        ask: tasks::List,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Show one task: text, units, dates, conflicts; and each unit's part: state, dates, extensions, claims, files,
    /// letters, history
    #[command(after_help = "\
Examples:
  duban task show dry-cleaners
  duban task show annual/machinery-check/2026Q4 --unit eco-env
  duban task show dry-cleaners --files 材料")]
    Show {
        /// Which
        #[command(flatten)]
        ask: tasks::Show,
        /// Write the files that units sent into this directory
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        files: Option<PathBuf>,
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
    Accept(rulings::Accept),
    /// Send a matter back (退回), with the reason
    Return(rulings::Return),
    /// Grant an extension (延期批准); the original date stays visible
    #[command(
        after_help = "Example:\n  duban task extend dry-cleaners --approver 县政府分管领导 --document 阳政办函〔2021〕9号"
    )]
    Extend(rulings::Extend),
    /// Refuse an extension that was asked for (延期驳回)
    RefuseExtension(rulings::RefuseExtension),
    /// Answer a unit's objection
    Answer(rulings::AnswerObjection),
    /// Chase matters now, by a letter at once (催办)
    Chase(rulings::Chase),
    /// Ask again for what was accepted (回头看)
    Reopen(rulings::Reopen),
    /// Record what a unit said on paper, by telephone, in a meeting or by message (代录)
    #[command(after_help = "\
Examples:
  duban task record dry-cleaners --unit eco-env --via phone --done 2021-06-22 --text 已全部整改 --name 王某
  duban task record dry-cleaners --unit eco-env --via paper --progress 完成八成 --scan 来函.pdf")]
    Record(RecordArgs),
    /// Stop chasing a matter, with the reason
    Pause(rulings::Pause),
    /// Chase a paused matter again
    Resume(rulings::Resume),
    /// Give a date to a task that awaits one
    #[command(after_help = "\
Examples:
  duban task settle olympics-treatment --by 2022-01-31 --ground 阳气防办〔2021〕9号
  duban task settle source-inventory --due '{ every = \"quarter\" }' --ground 督查室2021年6月2日会议纪要")]
    Settle(plans::Settle),
    /// Move the date of a task in a plan that the office owns (时限调整); its units are told by letter
    #[command(after_help = "\
Example:
  duban task move office-2021/well-closing --until 2021-09-30 --reason 汛期推迟施工 --ground 县政府第12次常务会议纪要")]
    Move(plans::MoveDeadline),
    /// Confirm leads that were assumed, or set others
    #[command(after_help = "\
Examples:
  duban task confirm road-to-rail vehicle-monitoring
  duban task confirm road-to-rail --lead eco-env")]
    Confirm(plans::Confirm),
}
