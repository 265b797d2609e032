//! `bulletin`, `ledger`, `list …`: the office's papers, from the journal of a data directory; a daemon may run
//! beside it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use chrono::NaiveDate;

use super::args::{
    BulletinArgs, BulletinFormat, LeaderArgs, LedgerArgs, ListCommand, ListFormat, SheetFormat, WeekArgs,
};
use super::failure::{Failure, Outcome};
use super::print::Column;
use super::{Context, online};
use crate::audit::{self, AsOf};
use crate::calendar::Period;
use crate::clock::Clock;
use crate::domain::command::Command;
use crate::domain::{BulletinMove, BulletinState, BulletinStep, Digest, Ledger};
use crate::import::Written;
use crate::journal::{Reader, Shelf};
use crate::plain_file;
use crate::report::bulletin::{Ask, Bulletin, Dates, Known};
use crate::report::leader::LeaderPage;
use crate::report::lists::Weekly;
use crate::report::sheet::{Sheet, journal_mark};

/// `bulletin`
pub fn bulletin(context: &Context, args: &BulletinArgs) -> anyhow::Result<Outcome> {
    let reader = online::reader(context)?;
    let ledger = audit::as_of(reader.read(0), AsOf::Position(u64::MAX))?;
    let moves = ledger.bulletin(args.period).to_vec();
    if args.steps {
        return told_steps(context, args.period, &moves);
    }
    let last = moves.last().map(|one| one.step.clone());
    let at = args.at.or(last.as_ref().map(|step| step.position));
    let drafting = args.step.map(BulletinState::from) == Some(BulletinState::Drafted);
    let today = online::today(context, ledger.zone())?;
    let over = args.period.last().is_none_or(|last| last < today);
    if drafting && !over {
        let what = format!("{} is not over yet: a draft tells of a whole month", args.period);
        return Err(Failure::refused(what).cure("without `--step` it shows how the month stands").into());
    }
    let at = if drafting { args.at } else { at };
    let step = args.step.map(BulletinState::from).or(last.as_ref().map(|step| step.step));
    let number = args.number.or(last.as_ref().map(|step| step.number));
    let paper = filled(&reader, args, (at, number), today, step.unwrap_or(BulletinState::Drafted))?;
    if args.later {
        return later(context, args, &reader, (&paper, today), last.as_ref());
    }
    if !over {
        context.printer.note(&format!("{} is not over yet; it tells how things stand today", args.period));
    }
    let edited = args.against.as_deref().map(|path| edited(&paper, path)).transpose()?;
    if let Some(state) = args.step {
        let scan = args.scan.as_deref().map(|path| scan(context, state.into(), path)).transpose()?;
        let step = BulletinStep {
            period: args.period,
            number: paper.number,
            position: paper.counted.position,
            content: paper.content()?,
            step: BulletinState::from(state),
            scan,
            note: note(args.note.as_deref(), edited.as_deref()),
        };
        let done = format!("bulletin {} no. {} is recorded", args.period, paper.number);
        online::command(context, Command::MoveBulletin { step }, &done)?;
        if drafting {
            warn_early(context, &ledger, args.period, today);
        }
    }
    if let Some(edited) = edited {
        return told_edited(context, args, &edited);
    }
    if let Some(into) = &args.into {
        for path in write_bulletin(&paper, into)? {
            context.printer.text(&format!("{}\n", path.display()))?;
        }
        return Ok(Outcome::Done);
    }
    if args.step.is_none() {
        match args.format {
            BulletinFormat::Text => context.printer.text(&paper.text()?)?,
            BulletinFormat::Html => context.printer.text(&paper.html()?)?,
            BulletinFormat::Json => context.printer.text(&String::from_utf8(paper.json()?)?)?,
        }
    }
    Ok(Outcome::Done)
}

/// Says until when corrections of the month still come.
fn warn_early(context: &Context, ledger: &Ledger, period: Period, today: NaiveDate) {
    if let Some(dates) = Dates::of(ledger, period).filter(|dates| today <= dates.corrected_until) {
        context.printer.warn(&format!(
            "units correct what they told of {period} until {}; draft it again after that, by {} it should be out",
            dates.corrected_until, dates.out_by
        ));
    }
}

fn told_steps(context: &Context, period: Period, moves: &[BulletinMove]) -> anyhow::Result<Outcome> {
    if moves.is_empty() {
        context.printer.text(&format!("no step of the bulletin of {period} is recorded\n"))?;
        return Ok(Outcome::Done);
    }
    let columns = [
        Column::whole("on"),
        Column::whole("step"),
        Column::number("no."),
        Column::number("as of"),
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
        let scan = step.scan.map(|digest| Shelf::Evidence.path(digest).display().to_string());
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

/// Longest difference that is kept in a step's note, in bytes.
const EDITED_BYTES_MAX: usize = 3 * 1024;

fn edited(paper: &Bulletin, path: &Path) -> anyhow::Result<Vec<String>> {
    let cannot = |why: String| Failure::refused(format!("{}: {why}", path.display()));
    let bytes = fs::read(path).map_err(|fault| cannot(fault.to_string()))?;
    Ok(paper.edited(&bytes).map_err(|why| cannot(why.to_string()))?)
}

fn told_edited(context: &Context, args: &BulletinArgs, edited: &[String]) -> anyhow::Result<Outcome> {
    if edited.is_empty() {
        context.printer.text("it says what was generated\n")?;
        return Ok(Outcome::Done);
    }
    for line in edited {
        context.printer.text(&context.printer.hanging("", line))?;
    }
    Ok(if args.step.is_some() { Outcome::Done } else { Outcome::Findings })
}

/// The signed scan, kept as evidence.
fn scan(context: &Context, state: BulletinState, path: &Path) -> anyhow::Result<Digest> {
    if !matches!(state, BulletinState::Signed | BulletinState::Issued) {
        let what = "a scan belongs to what is signed or issued".to_owned();
        return Err(Failure::refused(what).cure("`--step signed` or `--step issued`").into());
    }
    Ok(online::hand_over(context, path)?.digest)
}

/// Words of the office, and how the Word file was edited.
fn note(words: Option<&str>, edited: Option<&[String]>) -> Option<String> {
    let edited = edited.map(|lines| {
        if lines.is_empty() {
            return "Word稿与生成稿一致".to_owned();
        }
        let mut told = format!("Word稿与生成稿相差{}行：", lines.len());
        for line in lines {
            if told.len() + line.len() > EDITED_BYTES_MAX {
                told.push_str("\n……");
                break;
            }
            told.extend(["\n", line]);
        }
        told
    });
    let parts: Vec<String> = words.map(str::to_owned).into_iter().chain(edited).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn filled(
    reader: &Reader,
    args: &BulletinArgs,
    (at, number): (Option<u64>, Option<u32>),
    asked_on: NaiveDate,
    step: BulletinState,
) -> anyhow::Result<Bulletin> {
    let (Some(first), Some(last)) = (args.period.first(), args.period.last()) else {
        return Err(Failure::fault(format!("`{}` is no month", args.period)).cure("as 2021-06").into());
    };
    let around = audit::around(reader.read(0), (first, last), at)?;
    let known = Known { before: &around.before, then: &around.then, now: &around.now, head: around.head };
    let (dated, plans) = (args.dated, args.plan.clone());
    let ask = Ask { period: args.period, asked_on: Some(asked_on), number, dated, plans, step };
    Bulletin::of(known, &ask).map_err(|why| Failure::refused(why.to_string()).into())
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

fn later(
    context: &Context,
    args: &BulletinArgs,
    reader: &Reader,
    (paper, today): (&Bulletin, NaiveDate),
    last: Option<&BulletinStep>,
) -> anyhow::Result<Outcome> {
    if last.is_none() && args.at.is_none() {
        let what = format!("no step of the bulletin of {} is recorded", args.period);
        return Err(Failure::refused(what)
            .cure("record one with `--step drafted`, or name `--at POSITION`")
            .into());
    }
    let now = filled(reader, args, (None, Some(paper.number)), today, paper.step)?;
    let changed = paper.changed(&now);
    if changed.is_empty() {
        context.printer.text("nothing it counts has changed since\n")?;
        return Ok(Outcome::Done);
    }
    for line in changed {
        context.printer.text(&context.printer.hanging("", &line))?;
    }
    Ok(Outcome::Findings)
}

/// `ledger`
pub fn ledger(context: &Context, args: &LedgerArgs) -> anyhow::Result<Outcome> {
    let (ledger, day) = known(context, args.on)?;
    let sheet = named(context, &ledger, day)?;
    match args.format {
        SheetFormat::Xlsx => put(context, args.out.as_deref(), &format!("ledger-{day}.xlsx"), &sheet.xlsx()?),
        SheetFormat::Csv => told(context, args.out.as_deref(), &sheet.csv()?),
        SheetFormat::Json => told(context, args.out.as_deref(), &sheet.json()?),
    }
}

/// The ledger as it was written once; the present one where nothing says when.
pub(super) fn sheet(context: &Context, written: Option<&Written>) -> anyhow::Result<Sheet> {
    let Some(Written { on, journal, position }) = written else {
        let (ledger, day) = known(context, None)?;
        return named(context, &ledger, day);
    };
    let ledger = audit::as_of(online::reader(context)?.read(0), AsOf::Position(*position))?;
    let own = journal_mark(&ledger);
    let known = ledger.head() == *position && ledger.last_at().is_some_and(|at| ledger.day_of(at) <= *on);
    if *journal != own || !known {
        let what = format!(
            "the sheet says that it shows event {position} of ledger {journal} on {on}; this is ledger {own}, which has no such event by that day"
        );
        let cure = "compare it with its own data directory (`--data`), or save it as .csv without the lines above the column names: then it is held against the present ledger";
        return Err(Failure::refused(what).cure(cure).into());
    }
    named(context, &ledger, *on)
}

/// With persons by name where their file is still there.
fn named(context: &Context, ledger: &Ledger, day: NaiveDate) -> anyhow::Result<Sheet> {
    let data = online::data(context)?;
    Ok(Sheet::of(ledger, day, &|digest| person(&data, digest)))
}

/// `list week|leader`
pub fn list(context: &Context, command: &ListCommand) -> anyhow::Result<Outcome> {
    match command {
        ListCommand::Week(args) => week(context, args),
        ListCommand::Leader(args) => leader(context, args),
    }
}

fn week(context: &Context, args: &WeekArgs) -> anyhow::Result<Outcome> {
    let (ledger, day) = known(context, args.on)?;
    let lists = Weekly::of(&ledger, day);
    match args.format {
        ListFormat::Text => told(context, args.out.as_deref(), lists.text().as_bytes()),
        ListFormat::Xlsx => put(context, args.out.as_deref(), &format!("week-{day}.xlsx"), &lists.xlsx()?),
        ListFormat::Html => told(context, args.out.as_deref(), lists.html()?.as_bytes()),
        ListFormat::Json => told(context, args.out.as_deref(), &lists.json()?),
    }
}

fn leader(context: &Context, args: &LeaderArgs) -> anyhow::Result<Outcome> {
    let (ledger, day) = known(context, args.on)?;
    let zone = ledger.office().filter(|_| args.on.is_none()).map(|office| office.zone);
    let day = zone.map_or(Ok(day), |zone| online::today(context, zone))?;
    let data = online::data(context)?;
    // A person set for two units has two files: whoever has the same address is the same.
    let address = |digest| address(&data, digest);
    let is_same = |one, other| address(one).is_some_and(|known| address(other) == Some(known));
    let page = LeaderPage::of(&ledger, &args.unit, day, &is_same).ok_or_else(|| {
        Failure::refused(format!("there is no unit `{}`", args.unit)).cure("`duban unit list` shows them")
    })?;
    if args.send {
        return online::tell_leader(context, &args.unit, page.told());
    }
    match args.format {
        BulletinFormat::Text => context.printer.text(&page.text())?,
        BulletinFormat::Html => context.printer.text(&page.html()?)?,
        BulletinFormat::Json => context.printer.text(&String::from_utf8(page.json()?)?)?,
    }
    Ok(Outcome::Done)
}

/// The ledger as known on a day, and the day; now where none is given.
fn known(context: &Context, on: Option<NaiveDate>) -> anyhow::Result<(Ledger, NaiveDate)> {
    let reader = online::reader(context)?;
    let moment = on.map_or(AsOf::Position(u64::MAX), AsOf::Day);
    let ledger = audit::as_of(reader.read(0), moment)?;
    let day = on.unwrap_or_else(|| ledger.day_of(Clock::Wall.now()));
    Ok((ledger, day))
}

/// A person's name, as kept in `people/`; none where the file was deleted.
pub(super) fn person(data: &Path, digest: Digest) -> Option<String> {
    let bytes = plain_file::read_unlinked(&data.join(Shelf::People.path(digest)), usize::MAX).ok()?;
    let person: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    let name = person.get("name").and_then(serde_json::Value::as_str);
    name.filter(|name| !name.is_empty()).map(str::to_owned)
}

fn address(data: &Path, digest: Digest) -> Option<String> {
    let bytes = plain_file::read_unlinked(&data.join(Shelf::People.path(digest)), usize::MAX).ok()?;
    let person: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    let address = person.get("address").and_then(serde_json::Value::as_str);
    address.filter(|address| !address.is_empty()).map(str::to_lowercase)
}

/// Writes a file that no terminal can show.
pub(super) fn put(
    context: &Context,
    out: Option<&Path>,
    name: &str,
    bytes: &[u8],
) -> anyhow::Result<Outcome> {
    let path = out.map_or_else(|| PathBuf::from(name), Path::to_owned);
    write(&path, bytes)?;
    context.printer.text(&format!("{}\n", path.display()))?;
    Ok(Outcome::Done)
}

/// Writes a file, or says which and where it should go.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).map_err(|fault| unwritable(path, &fault).into())
}

/// Why a file can't be written, and what helps.
pub(super) fn unwritable(path: &Path, fault: &io::Error) -> Failure {
    let missing = path.parent().filter(|dir| !dir.as_os_str().is_empty() && !dir.is_dir());
    let cure = missing.map_or_else(
        || "name another file".to_owned(),
        |dir| format!("the directory {0} is not there: `mkdir -p {0}`", dir.display()),
    );
    Failure::fault(format!("{} can't be written: {fault}", path.display())).cure(cure)
}

/// Prints text, or writes it where a file is named.
fn told(context: &Context, out: Option<&Path>, bytes: &[u8]) -> anyhow::Result<Outcome> {
    if out.is_some() {
        return put(context, out, "", bytes);
    }
    context.printer.text(&String::from_utf8_lossy(bytes))?;
    Ok(Outcome::Done)
}
