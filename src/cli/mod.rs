//! The command tree and the only printer.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

pub mod args;
mod audit;
mod check;
mod coverage;
mod doctor;
mod failure;
mod files;
mod import;
mod import_shown;
mod mail;
mod matter_import;
mod online;
mod online_backup;
mod online_serve;
mod pack;
mod papers;
mod plan;
mod preview;
mod print;
mod rehearse;
mod serve;
mod task;
mod unit;
mod words;

use args::{Cli, ClockCommand, Command, Global, PlanCommand, TaskCommand, UnitCommand};
use failure::{Failure, Outcome};
use print::Printer;

use crate::domain::adoption::Declared;
use crate::report::{self, TaskRow};
use crate::schedules;

/// What every command works with.
#[derive(Debug)]
pub struct Context {
    /// as typed
    pub global: Global,
    /// the only printer
    pub printer: Printer,
}

impl Context {
    /// The data directory.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.global.data.clone().unwrap_or_else(|| Path::new("data").to_owned())
    }

    /// Office, units and plans: the running daemon's, or those of the files.
    ///
    /// # Errors
    /// Files that are missing or have errors; a daemon that doesn't answer.
    pub fn declared(&self) -> anyhow::Result<Declared> {
        match online::declared(self)? {
            Some(declared) => Ok(declared),
            None => Ok(files::declared(&self.global, &self.printer)?),
        }
    }

    /// Tasks with their states: the running daemon's, or what the files alone tell.
    ///
    /// # Errors
    /// A daemon that doesn't answer.
    pub fn task_rows(&self, declared: &Declared) -> anyhow::Result<Vec<TaskRow>> {
        let rows = online::task_rows(self)?;
        Ok(rows.unwrap_or_else(|| report::task_rows(declared, schedules::due_to_json)))
    }
}

/// Reads the command line, does what it says, and tells how it ended.
#[must_use]
pub fn run() -> ExitCode {
    let printer = Printer::of_process();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // A reader that went away needs no help text.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    let context = Context { global: cli.global, printer };
    match dispatch(&context, cli.command) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            let (told, code) = failure::told(&error);
            if let Some(told) = told {
                printer.error(&told);
            }
            code
        }
    }
}

fn dispatch(context: &Context, command: Command) -> anyhow::Result<Outcome> {
    if let Some(config) = context.global.config.as_ref().filter(|config| !config.exists()) {
        return Err(Failure::fault(format!("there is no configuration file `{}`", config.display())).into());
    }
    match command {
        Command::Serve(args) => serve::serve(context, &args),
        Command::Check(args) => check::check(context, &args),
        Command::Preview(args) if args.live => online::preview(context, &args),
        Command::Preview(args) => preview::preview(context, &args),
        Command::Rehearse(args) => rehearse::rehearse(context, &args),
        Command::Plan(command) => match command {
            PlanCommand::List(format) => plan::list(context, format),
            PlanCommand::Show { plan, format } => plan::show(context, &plan, format),
            PlanCommand::Export(args) => plan::export(context, &args),
            PlanCommand::Add(args) => online::plan_add(context, &args),
            PlanCommand::TakeOver(args) => online::plan_take_over(context, &args),
            PlanCommand::Start { plan } => online::plan_start(context, &plan),
            PlanCommand::Close(args) => online::plan_close(context, &args),
        },
        Command::Task(command) => match command {
            TaskCommand::List(args) => task::list(context, &args),
            TaskCommand::Show { task, format } => task::show(context, &task, format),
            TaskCommand::Waiting(format) => online::task_waiting(context, format),
            TaskCommand::Accept(args) => online::task_accept(context, &args),
            TaskCommand::Extend(args) => online::task_extend(context, &args),
            TaskCommand::RefuseExtension(args) => online::task_refuse_extension(context, &args),
            TaskCommand::Answer(args) => online::task_answer(context, &args),
            TaskCommand::Chase(args) => online::task_chase(context, &args),
            TaskCommand::Reopen(args) => online::task_reopen(context, &args),
            TaskCommand::Return(args) => online::task_return(context, &args),
            TaskCommand::Record(args) => online::task_record(context, &args),
            TaskCommand::Pause(args) => online::task_pause(context, &args),
            TaskCommand::Resume(matter) => online::task_resume(context, &matter),
            TaskCommand::Settle(args) => online::task_settle(context, &args),
            TaskCommand::Confirm(args) => online::task_confirm(context, &args),
        },
        Command::Unit(command) => match command {
            UnitCommand::List(format) => unit::list(context, format),
            UnitCommand::Show { unit, format } => unit::show(context, &unit, format),
            UnitCommand::Set(args) => online::unit_set(context, &args),
            UnitCommand::RevokeLinks { unit, reason } => online::revoke_links(context, &unit, &reason),
        },
        Command::Import(args) => import::import(context, &args),
        Command::Matter(command) => online::matter(context, &command),
        Command::Intake(args) => online::intake(context, &args),
        Command::Letter(command) => online::letter(context, &command),
        Command::Mail(command) => mail::mail(context, &command),
        Command::Bulletin(args) => papers::bulletin(context, &args),
        Command::Ledger(args) => papers::ledger(context, &args),
        Command::List(command) => papers::list(context, &command),
        Command::Pack(args) => pack::pack(context, &args),
        Command::Status(format) => online::status(context, format),
        Command::Doctor(format) => doctor::doctor(context, format),
        Command::Events(args) => online::events(context, &args),
        Command::Clock(ClockCommand::Accept { reason }) => online::clock_accept(context, &reason),
        Command::Audit(command) => audit::audit(context, &command),
        Command::Backup(args) => audit::backup(context, &args),
        Command::Restore(args) => audit::restore(context, &args),
        Command::Completions { shell } => completions(context, shell),
    }
}

fn completions(context: &Context, shell: clap_complete::Shell) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "duban", &mut script);
    context.printer.text(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
