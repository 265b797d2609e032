//! The command tree: what may be typed. What is meant by it stands in `cli::Context`.

use std::path::PathBuf;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

mod import;
mod intake;
mod keep;
mod mail;
mod matter;
mod office;
mod paper;
mod record;
mod run;
mod task;
mod unit;

pub use import::ImportArgs;
pub use intake::{IntakeArgs, IntakeCommand};
pub use keep::{AuditCommand, BackupArgs, EventsArgs, RestoreArgs};
pub use mail::{MailCommand, MailTestArgs};
pub use matter::{MatterCommand, MatterImportArgs};
pub use office::Answering;
pub use office::{AccountCommand, ClockCommand, LetterCommand, PlanAddArgs, PlanCommand, PlanNewArgs};
pub use paper::{BulletinArgs, LeaderArgs, LedgerArgs, ListCommand, PackArgs, WeekArgs};
pub use record::RecordArgs;
pub use run::{CheckArgs, PreviewArgs, RehearseArgs, ServeArgs};
pub use task::TaskCommand;
pub use unit::{AskingArgs, UnitAddArgs, UnitCommand, UnitImportArgs};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  duban check                                          are the plan files right, and complete?
  duban preview --from 2021-06-01 --until 2021-06-30   who would be reminded of what in June?
  duban serve                                          start reminding; letters go to ./data/outbox
  duban task accept annual/machinery-check/2026Q4      this is done

Exit codes: 0 done (warnings too), 1 refused or findings, 2 fault.";

/// duban (督办) reminds responsible units of what government action plans ask of them, keeps every event, and can prove it.
#[derive(Debug, Parser)]
#[command(name = "duban", version, styles = STYLES, max_term_width = 100, after_help = EXAMPLES)]
#[command(arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    /// options of every command
    pub global: Global,
    #[command(subcommand)]
    /// what to do
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Data directory [default: ./data]
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub data: Option<PathBuf>,
    /// Directory of plan files [default: ./schedules; the shipped plans where there is none]
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub schedules: Option<PathBuf>,
    /// Configuration file of the daemon [default: none needed]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Language of what the office says: zh or en [default: that of LANG; Chinese where it names neither]
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = ["zh", "en"])]
    pub lang: Option<String>,
}

/// How to print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// For programs; stable
    Json,
}

/// `--format`.
#[derive(Debug, Clone, Copy, Args)]
pub struct FormatArg {
    /// For people or for programs
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: Format,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the daemon: adopt the plans, remind the units, keep the journal
    ///
    /// Needs no configuration: plans from ./schedules (or the shipped ones), data in ./data, letters
    /// as .eml files in ./data/outbox, /healthz on 127.0.0.1:8780. SIGTERM finishes what is in flight.
    Serve(ServeArgs),
    /// Check plan files: faults by line and column, then what they cover and what is missing
    Check(CheckArgs),
    /// Show the letters that would go, day by day, if nobody answered
    Preview(PreviewArgs),
    /// Play a span of days through the real planner, journal and folder mailer, and sum it up
    Rehearse(RehearseArgs),
    /// Plans: list, show, new, add, export, take over, close
    #[command(subcommand, arg_required_else_help = true)]
    Plan(PlanCommand),
    /// Tasks: list, show, waiting, accept, return, extend, chase, reopen, pause, settle, confirm …
    #[command(subcommand, arg_required_else_help = true)]
    Task(TaskCommand),
    /// Assigned matters (交办事项, 13710): assign, import, reclassify, close out
    #[command(subcommand, arg_required_else_help = true)]
    Matter(MatterCommand),
    /// Accounts of the office: who may do what: list, set, remove
    #[command(subcommand, arg_required_else_help = true)]
    Account(AccountCommand),
    /// Responsible units: list, show, add, import, set, revoke-links
    #[command(subcommand, arg_required_else_help = true)]
    Unit(UnitCommand),
    /// Letters: list, show, resend, release
    #[command(subcommand, arg_required_else_help = true)]
    Letter(LetterCommand),
    /// Mail: try the relay
    #[command(subcommand, arg_required_else_help = true)]
    Mail(MailCommand),
    /// Take in mail that came back, list it, record what a 反馈表 says, mark it as handled
    ///
    /// Replies are kept with the letter they answer, bounces mark the mailbox.
    Intake(IntakeArgs),
    /// The month's bulletin (督查通报): read, write as Word file and page, record its steps
    Bulletin(BulletinArgs),
    /// The whole ledger (台账) as a workbook, rows or JSON
    Ledger(LedgerArgs),
    /// Lists to work with: the week's, a leader's
    #[command(subcommand, arg_required_else_help = true)]
    List(ListCommand),
    /// A unit's year with its material, as one archive
    Pack(PackArgs),
    /// Import the office's present ledger (.xlsx, .csv) as a plan with its history, or compare it with this one
    ///
    /// Nothing is guessed in silence: what is assumed, not carried over or not understood is listed with
    /// row, column and what would be right. The plan is set up first; nobody is written to before
    /// `duban plan start`.
    Import(ImportArgs),
    /// Show how the daemon and its matters stand
    Status(FormatArg),
    /// Find what is wrong, and say what helps: clock, disk, journal, mail, addresses, permissions
    ///
    /// Works beside a running daemon and on a stopped data directory, and changes nothing. Exits with
    /// 1 where a person should do something; notes leave it at 0.
    Doctor(FormatArg),
    /// Print the journal's events
    Events(EventsArgs),
    /// The daemon's clock
    #[command(subcommand, arg_required_else_help = true)]
    Clock(ClockCommand),
    /// Prove the record: verify, replay, as-of
    ///
    /// Needs the journal only: a data directory or a copied `archive/`. `verify` opens both copies,
    /// so its daemon must be stopped, or the copy be a backup; the others run beside it.
    #[command(subcommand, arg_required_else_help = true)]
    Audit(AuditCommand),
    /// Copy the data directory; the daemon may run
    Backup(BackupArgs),
    /// Put a backup back into a data directory that is empty or not there
    Restore(RestoreArgs),
    /// Print a completion script for a shell
    #[command(
        after_help = "Examples:\n  duban completions bash > ~/.local/share/bash-completion/completions/duban\n  duban completions zsh > ~/.zfunc/_duban\n  duban completions fish > ~/.config/fish/completions/duban.fish"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_that_the_readmes_and_the_help_show_can_be_typed() {
        let readmes = [
            include_str!("../../../README.md"),
            include_str!("../../../README.zh-CN.md"),
            include_str!("../../../docs/operate.md"),
        ];
        let lines = readmes.iter().flat_map(|text| text.lines()).chain(EXAMPLES.lines());
        let typed = lines.filter_map(|line| line.trim().strip_prefix("duban "));
        let mut seen = 0;
        for line in typed.filter(|line| line.contains("  ")) {
            let line = line.split("  ").next().unwrap_or_default();
            for one in line.split(" && ").map(|one| one.trim_start_matches("duban ")) {
                let words = std::iter::once("duban").chain(one.split_whitespace());
                assert!(Cli::try_parse_from(words).is_ok(), "{one}");
                seen += 1;
            }
        }
        assert!(seen >= 20, "{seen} lines");
        let help = Cli::try_parse_from(["duban", "help"]).unwrap_err();
        assert_eq!(help.kind(), clap::error::ErrorKind::DisplayHelp);
    }

    #[test]
    fn every_command_says_what_it_does() {
        fn walk(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&Cli::command());
    }
}
