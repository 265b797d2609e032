//! `bulletin`, `ledger`, `list …`: the office's papers, printed or written into files.

use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::Context;
use super::args::{BulletinArgs, LeaderArgs, LedgerArgs, ListCommand};
use super::failure::{Failure, Outcome};
use super::print::Column;
use crate::calendar::Period;
use crate::domain::{BulletinMove, BulletinState, Digest};
use crate::journal::{Shelf, Shelves};
use crate::locale::message;
use crate::office::bulletin::{self, Form, Step, Which};
use crate::office::paper::{Bytes, Paper};
use crate::office::papers::{self, PageFormat};
use crate::plain_file;
use crate::report::bulletin::Bulletin;
use crate::report::sheet::Sheet;

/// Longest Word file that is compared, in bytes.
const WORD_BYTES_MAX: usize = 2 * 1024 * 1024;

/// `bulletin`
pub fn bulletin(context: &Context, args: &BulletinArgs) -> anyhow::Result<Outcome> {
    let which = args.which.clone();
    if args.steps {
        let moves = context.ask(bulletin::Steps { period: which.period })?;
        return told_steps(context, which.period, &moves);
    }
    if args.later {
        let changed = context.ask(bulletin::Later { which })?;
        return told_lines(context, &changed, "nothing it counts has changed since");
    }
    let word = args.against.as_deref().map(word).transpose()?;
    if let Some(step) = args.step {
        let scan = args.scan.as_deref().map(|path| scan(context, step, path)).transpose()?;
        let note = args.note.clone();
        let moved = context.ask(bulletin::Move { which: which.clone(), step, note, scan, word })?;
        context.done(&moved.done)?;
        if let Some(edited) = moved.edited {
            told_lines(context, &edited, SAME)?;
        }
        return match &args.into {
            Some(into) => print(context, which, FILES, |paper| written(context, into, paper)),
            None => Ok(Outcome::Done),
        };
    }
    if let Some(word) = word {
        let edited = context.ask(bulletin::Against { which, word })?;
        return told_lines(context, &edited, SAME);
    }
    if let Some(into) = &args.into {
        return print(context, which, FILES, |paper| written(context, into, paper));
    }
    let form = match args.format {
        PageFormat::Text => Form::Text,
        PageFormat::Html => Form::Html,
        PageFormat::Json => Form::Json,
    };
    print(context, which, &[form], |paper| {
        Ok(context.printer.text(&String::from_utf8_lossy(&paper.bytes.0))?)
    })
}

/// What `--into` writes.
const FILES: &[Form] = &[Form::Docx, Form::Html, Form::Json];
/// What is said of a Word file that was not edited.
const SAME: &str = "it says what was generated";

fn print(
    context: &Context,
    which: Which,
    forms: &[Form],
    put: impl Fn(&Paper) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let printed = context.ask(bulletin::Print { which, forms: forms.to_vec() })?;
    for note in &printed.notes {
        context.printer.note(note);
    }
    printed.papers.iter().try_for_each(put)?;
    Ok(Outcome::Done)
}

/// Writes a paper into a directory, and says where it stands.
fn written(context: &Context, into: &Path, paper: &Paper) -> anyhow::Result<()> {
    fs::create_dir_all(into).map_err(|fault| unwritable(into, &fault))?;
    let path = into.join(&paper.name);
    write(&path, &paper.bytes.0)?;
    Ok(context.printer.text(&format!("{}\n", path.display()))?)
}

fn told_steps(context: &Context, period: Period, moves: &[BulletinMove]) -> anyhow::Result<Outcome> {
    if moves.is_empty() {
        let none = context.speech().told(&message("bulletin-no-steps").with("period", &period));
        context.printer.text(&format!("{none}\n"))?;
        return Ok(Outcome::Done);
    }
    let columns = [
        Column::whole("on"),
        Column::whole("step"),
        Column::number("nr"),
        Column::number("as-of"),
        Column::whole("by"),
        Column::wrapping("scan", 16),
        Column::wrapping("note", 24),
    ];
    let word = |state: BulletinState| match state {
        BulletinState::Drafted => "drafted",
        BulletinState::Checked => "checked",
        BulletinState::Signed => "signed",
        BulletinState::Issued => "issued",
    };
    let row = |one: &BulletinMove| {
        let step = &one.step;
        let scan = step.scan.map(|digest| Shelf::Evidence.place(digest));
        vec![
            one.on.to_string(),
            word(step.step).to_owned(),
            step.number.to_string(),
            step.position.to_string(),
            one.by.clone(),
            scan.unwrap_or_default(),
            step.note.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = moves.iter().map(row).collect();
    context.printer.text(&context.printer.table(&columns, &rows))?;
    Ok(Outcome::Done)
}

fn word(path: &Path) -> anyhow::Result<Bytes> {
    let bytes = plain_file::read(path, WORD_BYTES_MAX);
    let cannot = |fault: io::Error| Failure::refused(format!("{}: {fault}", path.display()));
    Ok(Bytes(bytes.map_err(cannot)?))
}

/// Lines of differences; exit code 1 where there are any.
fn told_lines(context: &Context, lines: &[String], none: &str) -> anyhow::Result<Outcome> {
    if lines.is_empty() {
        context.printer.text(&format!("{none}\n"))?;
        return Ok(Outcome::Done);
    }
    for line in lines {
        context.printer.text(&context.printer.hanging("", line))?;
    }
    Ok(Outcome::Findings)
}

/// The signed scan, kept as evidence.
fn scan(context: &Context, step: Step, path: &Path) -> anyhow::Result<Digest> {
    bulletin::takes_scan(step).map_err(|refused| context.refused(refused))?;
    Ok(context.hand_over(path)?.digest)
}

/// Writes a bulletin as .docx, .html and .json; where they stand.
pub(super) fn write_bulletin(paper: &Bulletin, into: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let files = [("docx", paper.word()?), ("html", paper.html()?.into_bytes()), ("json", paper.json()?)];
    write_all(into, &format!("bulletin-{}", paper.period), files)
}

/// Writes a ledger as .xlsx and .json; where they stand.
pub(super) fn write_ledger(sheet: &Sheet, into: &Path) -> anyhow::Result<Vec<PathBuf>> {
    write_all(
        into,
        &format!("ledger-{}", sheet.head.as_of),
        [("xlsx", sheet.xlsx()?), ("json", sheet.json()?)],
    )
}

fn write_all<const N: usize>(
    into: &Path,
    name: &str,
    files: [(&str, Vec<u8>); N],
) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(into).map_err(|fault| unwritable(into, &fault))?;
    let put = |(end, bytes): (&str, Vec<u8>)| {
        let path = into.join(format!("{name}.{end}"));
        write(&path, &bytes)?;
        Ok(path)
    };
    files.into_iter().map(put).collect()
}

/// `ledger`
pub fn ledger(context: &Context, args: LedgerArgs) -> anyhow::Result<Outcome> {
    let LedgerArgs { ask, out } = args;
    let format = format_of(ask.format, out.as_deref())?;
    let paper = context.ask(papers::LedgerPaper { format, ..ask })?;
    hand_out(context, out.as_deref(), &paper)
}

/// `list week|leader`
pub fn list(context: &Context, command: ListCommand) -> anyhow::Result<Outcome> {
    match command {
        ListCommand::Week(args) => {
            let format = format_of(args.ask.format, args.out.as_deref())?;
            let paper = context.ask(papers::Week { format, ..args.ask })?;
            hand_out(context, args.out.as_deref(), &paper)
        }
        ListCommand::Leader(LeaderArgs { ask, send: true }) => {
            context.tell(papers::SendLeader { unit: ask.unit })
        }
        ListCommand::Leader(LeaderArgs { ask, send: false }) => {
            let paper = context.ask(ask)?;
            hand_out(context, None, &paper)
        }
    }
}

/// The form that a file's name asks for, else the one that was typed: no workbook is called `.csv`.
fn format_of<F: ValueEnum>(typed: Option<F>, out: Option<&Path>) -> anyhow::Result<Option<F>> {
    let Some(out) = out else { return Ok(typed) };
    let named = ending(out);
    let all = || F::value_variants().iter().filter_map(|form| Some((form, form.to_possible_value()?)));
    let of_name =
        all().find(|(_, value)| file_ending(value.get_name()) == named).map(|(form, _)| form.clone());
    let typed_name = typed.as_ref().and_then(F::to_possible_value);
    let typed_name = typed_name.as_ref().map(PossibleValue::get_name);
    match (&of_name, typed_name) {
        (None, Some(_)) => Ok(typed),
        (Some(_), None) => Ok(of_name),
        (Some(_), Some(typed_name)) if file_ending(typed_name) == named => Ok(typed),
        (Some(_), Some(typed_name)) => {
            let what = format!("{} is named as .{named}, and --format says {typed_name}", out.display());
            let cure = format!("leave --format out, or name the file .{}", file_ending(typed_name));
            Err(Failure::fault(what).cure(cure).into())
        }
        (None, None) => {
            let ends: Vec<String> =
                all().map(|(_, value)| format!(".{}", file_ending(value.get_name()))).collect();
            Err(ends_otherwise(out, &ends.join(", ")).into())
        }
    }
}

/// What a file's name ends with, without the dot, in small letters.
pub(super) fn ending(path: &Path) -> String {
    path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn file_ending(format: &str) -> &str {
    if format == "text" { "txt" } else { format }
}

/// That a file's name says nothing of what would stand in it.
pub(super) fn ends_otherwise(path: &Path, ends: &str) -> Failure {
    let what = format!("the name of {} does not say what should stand in it", path.display());
    Failure::fault(what).cure(format!("let it end in {ends}"))
}

/// Writes a paper into the file that is named, or one that no terminal can show into one of its own name; prints
/// another.
fn hand_out(context: &Context, out: Option<&Path>, paper: &Paper) -> anyhow::Result<Outcome> {
    let own = Path::new(&paper.name);
    let own = own.extension().is_some_and(|end| end == "xlsx").then_some(own);
    match out.or(own) {
        Some(path) => {
            write(path, &paper.bytes.0)?;
            context.printer.text(&format!("{}\n", path.display()))?;
        }
        None => context.printer.text(&String::from_utf8_lossy(&paper.bytes.0))?,
    }
    Ok(Outcome::Done)
}

/// What a unit sent; where it is missing or another, that is said, and it is left out.
pub(super) fn evidence(context: &Context, shelves: &Shelves, name: &str, digest: Digest) -> Option<Vec<u8>> {
    let why = match shelves.get(Shelf::Evidence, digest) {
        Ok(Some(bytes)) => return Some(bytes),
        Ok(None) => "it is missing".to_owned(),
        Err(fault) => fault.to_string(),
    };
    context.printer.warn(&format!("{name} is left out: {why}"));
    None
}

/// Writes a file, or says which and where it should go.
pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).map_err(|fault| unwritable(path, &fault).into())
}

/// Why a file can't be written, and what helps.
pub(super) fn unwritable(path: &Path, fault: &io::Error) -> Failure {
    let missing = path.parent().filter(|dir| !dir.as_os_str().is_empty() && !dir.is_dir());
    let cure = missing.map_or_else(
        || message("cure-another-file"),
        |dir| message("cure-no-directory").with("dir", &dir.display()),
    );
    Failure::fault(message("file-unwritable").with("path", &path.display()).with("why", fault)).cure(cure)
}
