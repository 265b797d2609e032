//! The command tree and the only printer.

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

mod account;
pub mod args;
mod ask;
mod audit;
mod backup;
mod check;
mod coverage;
mod dialogue;
mod doctor;
mod events;
mod failure;
mod files;
mod help;
mod import;
mod import_shown;
mod intake;
mod letter;
mod mail;
mod matter_import;
mod matter_shown;
mod pack;
mod papers;
mod plan;
mod plan_new;
mod preview;
mod print;
mod proposed;
mod rehearse;
mod serve;
mod speech;
mod status;
mod task;
mod unit;
mod unit_add;
mod usage;
mod words;

use crate::locale::message;
use args::{
    AccountCommand, Cli, ClockCommand, Command, Global, LetterCommand, MatterCommand, PlanCommand,
    TaskCommand, UnitCommand,
};
use failure::{Failure, Outcome};
use print::Printer;

/// What every command works with.
#[derive(Debug)]
pub struct Context {
    /// as typed
    pub global: Global,
    /// the only printer
    pub printer: Printer,
    asking: ask::Asking,
}

/// Reads the command line, does what it says, and tells how it ended.
#[must_use]
pub fn run() -> ExitCode {
    let language = usage::language(std::env::args());
    let printer = Printer::of_process(language);
    let typed = help::command(language).try_get_matches();
    let cli = match typed.and_then(|mut typed| Cli::from_arg_matches_mut(&mut typed)) {
        Ok(cli) => cli,
        Err(wrong) => {
            usage::show(language, &printer, &wrong);
            return ExitCode::from(u8::try_from(wrong.exit_code()).unwrap_or(2));
        }
    };
    let context = Context { global: cli.global, printer, asking: ask::Asking::default() };
    match dispatch(&context, cli.command) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            let (told, code) = failure::told(language, &error);
            if let Some(told) = told {
                printer.error(&told);
            }
            code
        }
    }
}

fn dispatch(context: &Context, command: Command) -> anyhow::Result<Outcome> {
    if let Some(config) = context.global.config.as_ref().filter(|config| !config.exists()) {
        return Err(Failure::fault(message("no-config-file").with("path", &config.display())).into());
    }
    match command {
        Command::Serve(args) => serve::serve(context, &args),
        Command::Check(args) => check::check(context, &args),
        Command::Preview(args) => preview::preview(context, args),
        Command::Rehearse(args) => rehearse::rehearse(context, &args),
        Command::Plan(command) => match command {
            PlanCommand::List(format) => plan::list(context, format),
            PlanCommand::Show { ask, format } => plan::show(context, ask, format),
            PlanCommand::Export(ask) => plan::export(context, ask),
            PlanCommand::New(args) => plan_new::new(context, &args),
            PlanCommand::Add(args) => plan::add(context, &args),
            PlanCommand::TakeOver(ask) => context.tell(ask),
            PlanCommand::Start(ask) => context.tell(ask),
            PlanCommand::Close(ask) => context.tell(ask),
        },
        Command::Task(command) => match command {
            TaskCommand::List { ask, format } => task::list(context, ask, format),
            TaskCommand::Show { ask, files, format } => task::show(context, ask, files.as_deref(), format),
            TaskCommand::Waiting(format) => task::waiting(context, format),
            TaskCommand::Accept(ask) => context.tell(ask),
            TaskCommand::Extend(ask) => context.tell(ask),
            TaskCommand::RefuseExtension(ask) => context.tell(ask),
            TaskCommand::Answer(ask) => context.tell(ask),
            TaskCommand::Chase(ask) => context.tell(ask),
            TaskCommand::Reopen(ask) => context.tell(ask),
            TaskCommand::Return(ask) => context.tell(ask),
            TaskCommand::Record(args) => task::record(context, args),
            TaskCommand::Pause(ask) => context.tell(ask),
            TaskCommand::Resume(ask) => context.tell(ask),
            TaskCommand::Settle(ask) => context.tell(ask),
            TaskCommand::Move(ask) => context.tell(ask),
            TaskCommand::Confirm(ask) => context.tell(ask),
        },
        Command::Account(command) => match command {
            AccountCommand::List(format) => account::list(context, format),
            AccountCommand::Set(ask) => context.tell(ask),
            AccountCommand::Remove(ask) => context.tell(ask),
        },
        Command::Unit(command) => match command {
            UnitCommand::List(format) => unit::list(context, format),
            UnitCommand::Show { ask, format } => unit::show(context, ask, format),
            UnitCommand::Add(args) => unit_add::add(context, args),
            UnitCommand::Import(args) => unit_add::import(context, args),
            UnitCommand::Set(ask) => context.tell(ask),
            UnitCommand::RevokeLinks(ask) => context.tell(ask),
        },
        Command::Import(args) => import::import(context, args),
        Command::Matter(command) => match command {
            MatterCommand::Assign(ask) => context.tell(ask),
            MatterCommand::Import(args) => matter_import::import(context, args),
            MatterCommand::Reclassify(ask) => context.tell(ask),
            MatterCommand::CloseOut(ask) => context.tell(ask),
        },
        Command::Intake(args) => intake::intake(context, args),
        Command::Letter(command) => match command {
            LetterCommand::List { ask, format } => letter::list(context, ask, format),
            LetterCommand::Show { ask, format } => letter::show(context, ask, format),
            LetterCommand::Replies(format) => intake::list(context, format),
            LetterCommand::Resend(ask) => context.tell(ask),
            LetterCommand::Release(ask) => context.tell(ask),
        },
        Command::Mail(command) => mail::mail(context, &command),
        Command::Bulletin(args) => papers::bulletin(context, &args),
        Command::Ledger(args) => papers::ledger(context, args),
        Command::List(command) => papers::list(context, command),
        Command::Pack(args) => pack::pack(context, args),
        Command::Status(format) => status::status(context, format),
        Command::Doctor(format) => doctor::doctor(context, format),
        Command::Events(args) => events::events(context, &args),
        Command::Clock(ClockCommand::Accept(ask)) => context.tell(ask),
        Command::Audit(command) => audit::audit(context, &command),
        Command::Backup(args) => backup::backup(context, &args),
        Command::Restore(args) => backup::restore(context, &args),
        Command::Completions { shell } => completions(context, shell),
    }
}

fn completions(context: &Context, shell: clap_complete::Shell) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "duban", &mut script);
    context.printer.text(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
