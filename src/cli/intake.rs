//! `intake`.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::args::{Format, FormatArg, IntakeArgs, IntakeCommand};
use super::ask::told;
use super::failure::{self, Failure, Outcome};
use super::print::Column;
use super::speech::Speech;
use super::{Context, proposed};
use crate::client::ClientFault;
use crate::intake::{self, MESSAGE_BYTES_MAX};
use crate::journal::Shelf;
use crate::locale::{message, system};
use crate::office::RefusedKind;
use crate::office::incoming::{self, Listed};
use crate::plain_file;

/// Where a Maildir keeps what was delivered.
const MAILDIR: [&str; 2] = ["new", "cur"];

/// `intake`
pub fn intake(context: &Context, args: IntakeArgs) -> anyhow::Result<Outcome> {
    match (args.command, &args.from) {
        (Some(IntakeCommand::List(format)), _) => list(context, format),
        (Some(IntakeCommand::Show { ask, format }), _) => proposed::show(context, ask, format),
        (Some(IntakeCommand::Record(ask)), _) => proposed::record(context, ask),
        (Some(IntakeCommand::Done(ask)), _) => context.tell(ask),
        (None, Some(from)) => take_in(context, from),
        (None, None) => Err(Failure::fault(message("intake-nothing")).into()),
    }
}

fn take_in(context: &Context, from: &Path) -> anyhow::Result<Outcome> {
    let printer = &context.printer;
    let mut outcome = Outcome::Done;
    if from == Path::new("-") {
        let mut message = Vec::new();
        std::io::stdin().lock().take(MESSAGE_BYTES_MAX as u64 + 1).read_to_end(&mut message)?;
        checked("standard input", &message)?;
        take(context, "standard input", message)?;
        return Ok(outcome);
    }
    let files = messages(from)?;
    if files.is_empty() {
        printer.tell(&message("intake-none").with("from", &from.display()));
    }
    for file in files {
        let shown = file.display().to_string();
        let taken = match read(&file) {
            Ok(message) => take(context, &shown, message),
            Err(refused) => Err(refused.into()),
        };
        // One message that isn't taken keeps none of the others out; a daemon that is away does.
        if let Err(fault) = taken {
            if !fault.downcast_ref::<Failure>().is_some_and(Failure::is_refusal) {
                return Err(fault);
            }
            if let Some(told) = failure::told(context.language(), &fault).0 {
                printer.warn(&told.what);
            }
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = plain_file::read(file, MESSAGE_BYTES_MAX).map_err(|fault| {
        let is_none = fault.kind() == std::io::ErrorKind::InvalidInput;
        let told = if is_none { message("intake-no-file") } else { message("file-odd") };
        Failure::refused(told.with("path", &file.display()).put("why", system(&fault)))
    })?;
    checked(&file.display().to_string(), &bytes)?;
    Ok(bytes)
}

/// Refuses what is no mail before the daemon is asked.
fn checked(shown: &str, bytes: &[u8]) -> Result<(), Failure> {
    intake::read(bytes).map(|_| ()).map_err(|fault| {
        Failure::refused(message("file-odd").with("path", shown).within("why", fault.message()))
    })
}

/// The file itself, the messages of a Maildir, or all files of a directory, in order of their names.
fn messages(from: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let cannot = |fault: std::io::Error| {
        Failure::fault(message("file-unreadable").with("path", &from.display()).put("why", system(&fault)))
            .cure(message("cure-intake"))
    };
    if !std::fs::metadata(from).map_err(cannot)?.is_dir() {
        return Ok(vec![from.to_owned()]);
    }
    let maildir = MAILDIR.iter().map(|part| from.join(part)).filter(|part| part.is_dir()).collect::<Vec<_>>();
    let directories = if maildir.is_empty() { vec![from.to_owned()] } else { maildir };
    let mut files = Vec::new();
    for directory in directories {
        for entry in std::fs::read_dir(&directory).map_err(cannot)? {
            let path = entry.map_err(cannot)?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_file() && !hidden {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Hands one message over and says what it was.
fn take(context: &Context, shown: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
    let client = context.client(&context.data_dir()?);
    let taken = context.wait(client.intake(bytes))?.map_err(|fault| {
        if let ClientFault::Refused(refused) = &fault
            && refused.kind != RefusedKind::Stopped
        {
            return Failure::refused(format!("{shown}: {refused}")).into();
        }
        told(fault)
    })?;
    let about = match (&taken.letter, &taken.unit) {
        (Some(letter), Some(unit)) => message("intake-letter").with("letter", letter).with("unit", unit),
        _ => message("intake-no-letter"),
    };
    let what = match (taken.kind.as_str(), &taken.unit) {
        ("bounce", Some(unit)) => message("intake-bounce-of-unit").with("unit", unit),
        ("bounce", None) => message("intake-bounce"),
        ("automatic", _) => message("intake-automatic"),
        ("unclear", _) => message("intake-unclear").with("position", &taken.position),
        _ => message("intake-reply"),
    };
    let told = if taken.known { message("intake-known") } else { message("intake-taken") };
    let told = told.with("file", shown).within("what", what.within("about", about));
    let told = context.printer.speech().told(&told.with("position", &taken.position));
    context.printer.text(&format!("{told}\n"))?;
    Ok(())
}

/// `intake list`
pub fn list(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let all = context.ask(incoming::List {})?;
    if format.format == Format::Json {
        context.printer.json(&all)?;
        return Ok(Outcome::Done);
    }
    let speech = context.printer.speech();
    let rows: Vec<Vec<String>> = all.iter().map(|listed| row(speech, listed)).collect();
    let columns = [
        Column::number("event"),
        Column::whole("taken-in"),
        Column::wrapping("kind", 8),
        Column::whole("letter"),
        Column::wrapping("unit", 8),
        Column::wrapping("from", 8),
        Column::wrapping("subject", 16),
        Column::wrapping("handled", 12),
        Column::wrapping("message", 12),
    ];
    let text = context.printer.table(&columns, &rows);
    let unhandled = all.iter().filter(|one| one.taken.unhandled).count();
    let sum = message("intake-sum").with("messages", &speech.count(all.len(), "message"));
    let sum = speech.told(&sum.with("unhandled", &unhandled));
    context.printer.text(&format!("{text}{sum}\n"))?;
    Ok(Outcome::Done)
}

fn row(speech: Speech, listed: &Listed) -> Vec<String> {
    let taken = &listed.taken;
    let named = |name: Option<String>| name.unwrap_or_else(|| "–".to_owned());
    let handled = match (&taken.handled, taken.unhandled) {
        (Some(handled), _) => {
            let remark = handled.remark.as_ref().map(|remark| format!(": {remark}")).unwrap_or_default();
            format!("{} {}{remark}", handled.on, handled.by)
        }
        (None, true) => speech.word("not-yet"),
        (None, false) => speech.word("needs-nothing"),
    };
    vec![
        taken.position.to_string(),
        taken.taken_on.to_string(),
        listed.brings.clone().unwrap_or_else(|| speech.word_or("mail", &taken.kind)),
        named(taken.letter.map(|letter| letter.to_string())),
        named(taken.unit.as_ref().map(ToString::to_string)),
        listed.sender.clone(),
        listed.subject.clone(),
        handled,
        Shelf::Evidence.place(taken.message),
    ]
}
