//! `check`: faults by line and column, then what the files cover.

use std::path::Path;

use miette::{GraphicalReportHandler, GraphicalTheme};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::args::{CheckArgs, Format};
use super::failure::{Failure, Outcome};
use super::files::Place;
use super::print::{Ink, Printer, wrapped};
use super::{Context, coverage};
use crate::domain::adoption::Declared;
use crate::locale::{Language, Value as Told, message, texts};
use crate::report::coverage as report;
use crate::schedules::{self, Diagnostic};

/// Widest excerpt with the lines around a fault, where output is no terminal.
const EXCERPT_COLUMNS_MAX: usize = 160;
/// Columns of a fault's excerpt where output is no terminal: nothing is wrapped.
const UNWRAPPED: usize = 10_000;

/// What was checked.
struct Checked {
    place: String,
    declared: Option<Declared>,
    diagnostics: Vec<Diagnostic>,
}

/// `check`
pub fn check(context: &Context, args: &CheckArgs) -> anyhow::Result<Outcome> {
    let printer = &context.printer;
    let checked = match &args.path {
        None => directory(&Place::of(&context.global)?, printer)?,
        Some(path) if path.is_dir() => directory(&Place::Dir(path.clone()), printer)?,
        Some(path) if path.is_file() => one_plan(path, context)?,
        Some(path) => return Err(missing(path).into()),
    };
    let errors = checked.diagnostics.iter().filter(|fault| fault.is_error()).count();
    let covered = checked.declared.as_ref().map(report::coverage);
    match args.format.format {
        Format::Json => printer.json(&json!({
            "errors": errors,
            "warnings": checked.diagnostics.len() - errors,
            "diagnostics": checked.diagnostics.iter().map(as_json).collect::<Vec<Value>>(),
            "coverage": covered,
        }))?,
        Format::Table => {
            let mut text = String::new();
            for fault in &checked.diagnostics {
                text.push_str(&excerpt(printer, fault)?);
            }
            if let (Some(covered), Some(declared)) = (&covered, &checked.declared) {
                text.push_str(&coverage::shown(printer, covered, declared));
            }
            text.push_str(&summary(printer, &checked, errors));
            printer.text(&text)?;
        }
    }
    Ok(if errors > 0 { Outcome::Findings } else { Outcome::Done })
}

fn missing(path: &Path) -> Failure {
    Failure::fault(message("check-nothing").with("path", &path.display())).cure(message("cure-check-nothing"))
}

fn directory(place: &Place, printer: &Printer) -> Result<Checked, Failure> {
    let read = place.read(printer)?;
    Ok(Checked {
        place: place.named(printer.speech()),
        declared: read.declared,
        diagnostics: read.diagnostics,
    })
}

/// One plan, beside the units of its own directory or else of `--schedules`.
fn one_plan(path: &Path, context: &Context) -> Result<Checked, Failure> {
    let beside = path.parent().map(|dir| if dir.as_os_str().is_empty() { Path::new(".") } else { dir });
    let place = match beside {
        Some(dir) if dir.join("units.toml").is_file() => Place::Dir(dir.to_owned()),
        _ => Place::of(&context.global)?,
    };
    let read = place.read(&context.printer)?;
    let Some(mut declared) = read.declared else {
        return Err(Failure::refused(message("check-errors-outside").with("place", &place.shown()))
            .cure(message("cure-check").with("file", &place.shown())));
    };
    let known = path.file_name().is_some_and(|name| {
        ["office.toml", "units.toml", "ladders.toml", "lights.toml"].iter().any(|one| name == *one)
    });
    if known {
        return Err(Failure::refused(message("check-no-plan").with("path", &path.display()))
            .cure(message("cure-check-whole").with("place", &place.shown())));
    }
    let (plan, diagnostics) = schedules::read_plan(path, &declared.units);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    declared.plans = plan.into_iter().filter(|_| !broken).collect();
    let declared = Some(declared).filter(|declared| !declared.plans.is_empty());
    Ok(Checked { place: path.display().to_string(), declared, diagnostics })
}

fn summary(printer: &Printer, checked: &Checked, errors: usize) -> String {
    let warnings = checked.diagnostics.len() - errors;
    let speech = printer.speech();
    let mut found = Vec::new();
    if errors > 0 {
        found.push(printer.ink(Ink::Bad, &speech.count(errors, "error")));
    }
    if warnings > 0 {
        found.push(printer.ink(Ink::Warn, &speech.count(warnings, "warning")));
    }
    if found.is_empty() {
        found.push(printer.ink(Ink::Good, &speech.word("no-faults")));
    }
    let plans = checked.declared.as_ref().map(|declared| {
        let tasks: usize = declared.plans.iter().map(|file| file.plan.tasks.len()).sum();
        let sum = message("check-plans").with("plans", &speech.count(declared.plans.len(), "plan"));
        speech.told(&sum.with("tasks", &speech.count(tasks, "task")))
    });
    let code = if errors > 0 { "check-sum-unchanged" } else { "check-sum" };
    let sum = message(code).with("place", &checked.place).with("plans", &plans.unwrap_or_default());
    format!("{}\n", speech.told(&sum.put("found", Told::All(texts(found)))))
}

fn as_json(fault: &Diagnostic) -> Value {
    let shown = fault.shown(Language::English);
    json!({
        "severity": if fault.is_error() { "error" } else { "warning" },
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "code": fault.what.code,
        "message": shown.what,
        "help": shown.help,
    })
}

/// A line of the file in an excerpt, cut at the edge; other lines as they are.
fn cut(line: &str, room: usize) -> String {
    let Some(at) = line.find('│').filter(|_| visible_width(line) > room) else { return line.to_owned() };
    let (gutter, rest) = line.split_at(at);
    if !gutter.contains(|c: char| c.is_ascii_digit()) {
        return line.to_owned();
    }
    let room = room.saturating_sub(visible_width(gutter) + 1);
    let first = wrapped(rest, Some(room)).into_iter().next().unwrap_or_default();
    format!("{gutter}{first}…")
}

/// Columns of a line, colours set aside.
fn visible_width(line: &str) -> usize {
    let coloured = line.split('\u{1b}').skip(1).filter_map(|rest| Some(rest.split_once('m')?.1.width()));
    line.split('\u{1b}').next().unwrap_or_default().width() + coloured.sum::<usize>()
}

/// A fault with its place and the line it stands on.
pub(super) fn excerpt(printer: &Printer, fault: &Diagnostic) -> anyhow::Result<String> {
    let mut theme =
        if printer.is_coloured() { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let speech = printer.speech();
    speech.word("mark-error").trim_end().clone_into(&mut theme.characters.error);
    speech.word("mark-warning").trim_end().clone_into(&mut theme.characters.warning);
    let shown = fault.shown(speech.0);
    let rendered = |context_lines| {
        let handler = GraphicalReportHandler::new_themed(theme.clone())
            .with_width(printer.width().unwrap_or(UNWRAPPED))
            .with_context_lines(context_lines)
            .with_links(false);
        let mut text = String::new();
        handler.render_report(&mut text, &shown).map(|()| text)
    };
    // A clause stands on one long line. Lines around the place are cut; where the place itself lies
    // beyond the edge, miette without context shows it alone.
    let room = printer.width().unwrap_or(EXCERPT_COLUMNS_MAX);
    let mut text = rendered(1)?;
    let marks_beyond = |line: &str| line.contains(['┬', '▲']) && visible_width(line) > room;
    if text.lines().any(marks_beyond) {
        text = rendered(0)?;
    }
    let in_words = |line: String| {
        if line.contains('│') { line } else { line.replacen("help: ", &speech.word("mark-help"), 1) }
    };
    text = text.lines().flat_map(|line| [in_words(cut(line, room)), "\n".to_owned()]).collect();
    if fault.labels.is_empty() {
        text.push_str("   --> ");
        text.push_str(&fault.file);
        text.push('\n');
    }
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedules::Source;

    #[test]
    fn labels_stand_under_the_chinese_they_mean() {
        let mut sources = schedules::embedded_sources();
        let air: &mut Source = sources.iter_mut().find(|source| source.name == "air.toml").unwrap();
        air.text =
            air.text.replacen("cooperate = [\"industry-it\"]", "cooperate = [\"县工业局\", \"县工信居\"]", 1);
        let read = schedules::parse(&sources);
        let printer = Printer::plain(Some(80));
        let shown: String = read.diagnostics.iter().map(|fault| excerpt(&printer, fault).unwrap()).collect();
        insta::assert_snapshot!(shown, @r#"
         error: there is no unit `县工业局`
           ╭─[air.toml:56:14]
        55 │ lead_basis = "assumed"
        56 │ cooperate = ["县工业局", "县工信居"]
           ·              ─────┬────
           ·                   ╰── unknown unit
        57 │ due = { ongoing = true }
           ╰────
         help: did you mean `industry-it` (县工信局)?

         error: there is no unit `县工信居`
           ╭─[air.toml:56:22]
        55 │ lead_basis = "assumed"
        56 │ cooperate = ["县工业局", "县工信居"]
           ·                          ─────┬────
           ·                               ╰── unknown unit
        57 │ due = { ongoing = true }
           ╰────
         help: did you mean `industry-it` (县工信局)?
        "#);
    }
}
