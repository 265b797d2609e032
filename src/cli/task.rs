//! `task list`, `task show`, `task waiting` and `task record`.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{Format, FormatArg, RecordArgs};
use super::failure::Outcome;
use super::print::{Column, Ink, Printer};
use super::words::{self, Names, first_unit};
use super::{Context, matter_shown, unit};
use crate::domain::occurrence::Dates;
use crate::domain::{Answer, DueBasis, Evidence, LeadBasis, Task};
use crate::matter::{Part, Share};
use crate::office::tasks::Listed;
use crate::office::{behalf, reviews, tasks};
use crate::report::TaskRow;
use crate::report::coverage::slip;
use crate::wire::WaitEntry;

/// `task list`
pub fn list(context: &Context, ask: tasks::List, format: FormatArg) -> anyhow::Result<Outcome> {
    let rows = context.ask(ask)?;
    match format.format {
        Format::Json => context.printer.json(&rows)?,
        Format::Table => {
            let mut text = table(&context.printer, &rows);
            text.push_str(&words::count(rows.len(), "task"));
            text.push('\n');
            context.printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// Tasks as a table, plan by plan; of one unit, with its part in each.
#[must_use]
pub fn table(printer: &Printer, tasks: &[Listed]) -> String {
    let mut text = String::new();
    for group in tasks.chunk_by(|a, b| a.row.plan == b.row.plan) {
        let Some(first) = group.first() else { continue };
        let head = format!("{}: {}", first.row.plan, words::count(group.len(), "task"));
        text.push_str(&printer.ink(Ink::Bold, &head));
        text.push('\n');
        let told = group.iter().any(|one| !follows_from_due(&one.row.state));
        let mut columns = vec![
            Column::whole("task"),
            Column::wrapping("title", 12),
            Column::wrapping("due", 13),
            Column::wrapping("lead", 8),
        ];
        columns.extend(told.then_some(Column::wrapping("state", 8)));
        let cells = group.iter().map(|Listed { row, share }| {
            let lead = share.as_ref().map_or_else(|| first_unit(&row.lead), |share| part(share, row));
            let mut cells = vec![row.task.to_string(), row.title.clone(), words::due(&row.due), lead];
            cells.extend(told.then(|| row.state.clone()));
            cells
        });
        text.push_str(&printer.table(&columns, &cells.collect::<Vec<_>>()));
        text.push('\n');
    }
    text
}

/// `cooperates`, `leads as one of townships-all`; where it leads itself, who leads.
fn part(share: &Share, row: &TaskRow) -> String {
    let through = share.through.as_ref().map(|collective| format!(" as one of {collective}"));
    match (share.part, through) {
        (Part::Lead, None) => first_unit(&row.lead),
        (Part::Lead, Some(through)) => format!("leads{through}"),
        (Part::Cooperate, through) => format!("cooperates{}", through.unwrap_or_default()),
    }
}

/// Whether a state of the files says no more than the shape of `due` beside it.
fn follows_from_due(state: &str) -> bool {
    matches!(state, "planned" | "ongoing" | "awaiting" | "done-before-import")
}

/// `task show`
pub fn show(
    context: &Context,
    ask: tasks::Show,
    files: Option<&Path>,
    format: FormatArg,
) -> anyhow::Result<Outcome> {
    let tasks::Shown { row, task, occurrences, matters } = context.ask(ask)?;
    if let Some(into) = files {
        return matter_shown::write_files(context, &matters, into);
    }
    match format.format {
        Format::Json => {
            let mut value = as_json(&row, &task, &occurrences)?;
            if let Value::Object(keys) = &mut value {
                keys.insert("matters".to_owned(), serde_json::to_value(&matters)?);
            }
            context.printer.json(&value)?;
        }
        Format::Table => {
            let units = unit::all(context)?;
            let mut text = shown(&context.printer, &row, &task, &occurrences, &Names::of(&units));
            text.push_str(&matter_shown::shown(&context.printer, &context.data_dir()?, &matters));
            context.printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// `task record`
pub fn record(context: &Context, args: RecordArgs) -> anyhow::Result<Outcome> {
    // All files first: an answer names none that is refused.
    let scan = args.scan.as_deref().map(|path| context.hand_over(path)).transpose()?;
    let evidence: anyhow::Result<Vec<Evidence>> =
        args.evidence.iter().map(|path| context.hand_over(path)).collect();
    let (scan, evidence) = (scan.map(|scan| scan.digest), evidence?);
    context.tell(behalf::Record { said: args.said, scan, evidence })
}

/// `task waiting`
pub fn waiting(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let entries = context.ask(reviews::Waiting {})?;
    if format.format == Format::Json {
        context.printer.json(&entries)?;
        return Ok(Outcome::Done);
    }
    let columns = [
        Column::whole("since"),
        Column::wrapping("what", 12),
        Column::whole("due"),
        Column::wrapping("matter", 20),
        Column::wrapping("unit", 8),
        Column::wrapping("says", 20),
        Column::number("files"),
    ];
    let rows: Vec<Vec<String>> = entries
        .iter()
        .flat_map(|entry| entry.waits.iter().map(move |waits| (entry, waits)))
        .map(|(entry, waits)| {
            vec![
                waits.since.to_string(),
                what(waits),
                entry.deadline.map_or_else(|| "–".to_owned(), |day| day.to_string()),
                format!("{}\n{}", entry.title, entry.assignment.occurrence),
                entry.assignment.unit.to_string(),
                waits.says.clone(),
                entry.files.to_string(),
            ]
        })
        .collect();
    let mut text = context.printer.table(&columns, &rows);
    text.push_str(&words::count(rows.len(), "answer"));
    text.push_str(" waiting\n");
    context.printer.text(&text)?;
    Ok(Outcome::Done)
}

/// `claim: done 2021-06-21`, `extension to 2021-07-31`.
fn what(waits: &WaitEntry) -> String {
    match (waits.kind.as_str(), waits.day) {
        ("claim", Some(day)) => format!("claim: done {day}"),
        (kind, Some(day)) => format!("{kind} to {day}"),
        (kind, None) => kind.to_owned(),
    }
}

/// The row of `task list`, and what a list has no room for.
fn as_json(row: &TaskRow, task: &Task, occurrences: &[Dates]) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(row)?;
    let occurrences: Vec<Value> = occurrences
        .iter()
        .map(|dates| {
            json!({
                "period": dates.period.to_string(), "opens": dates.opens,
                "ends": dates.ends, "deadline": dates.deadline,
            })
        })
        .collect();
    if let (Value::Object(keys), Value::Object(more)) = (
        &mut value,
        json!({
            "reading": task.reading, "due_basis": task.due_basis, "due_note": task.due_note,
            "standard": task.standard, "evidence": task.evidence, "report_to": task.report_to,
            "answer": task.answer, "target": task.target, "fixed": task.fixed,
            "recorded": task.recorded, "occurrences": occurrences,
        }),
    ) {
        keys.extend(more);
    }
    Ok(value)
}

fn shown(printer: &Printer, row: &TaskRow, task: &Task, occurrences: &[Dates], names: &Names) -> String {
    let mut text = printer.ink(Ink::Bold, &task.title);
    let _ = writeln!(text, "  {}/{}", row.plan, row.task);
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&printer.hanging(&format!("  {label:<14}"), value));
        }
    };
    line("state", &row.state);
    line("cited", &words::ids(&row.cite));
    let basis = if row.lead_basis == LeadBasis::Assumed { " — assumed, to be confirmed" } else { "" };
    line("lead", &format!("{}{basis}", names.row(&row.lead)));
    line("cooperate", &names.row(&row.cooperate));
    line("answers", if task.answer == Answer::Each { "every unit for itself" } else { "" });
    let basis = if task.due_basis == DueBasis::Assumed { " — assumed, not printed" } else { "" };
    line("due", &format!("{}{basis}", words::due(&row.due)));
    line("", task.due_note.as_deref().unwrap_or_default());
    line("standard", task.standard.as_deref().unwrap_or_default());
    line("evidence", task.evidence.as_deref().unwrap_or_default());
    let report_to = task.report_to.as_ref().map(|unit| names.both(unit));
    line("report to", &report_to.unwrap_or_default());
    let flags = [
        (task.target, "力争: never overdue by itself"),
        (task.fixed, "不可延期"),
        (task.recorded, "recorded, never chased"),
    ];
    let flags: Vec<&str> = flags.iter().filter(|(set, _)| *set).map(|(_, words)| *words).collect();
    line("note", &flags.join("; "));
    let dated: Vec<String> = occurrences.iter().map(occurrence).filter(|words| !words.is_empty()).collect();
    line("occurrences", &dated.join("\n"));
    for conflict in &task.conflicts {
        let says: Vec<String> =
            conflict.says.iter().map(|said| format!("{} “{}”", said.cite, said.text)).collect();
        line("conflict", &format!("{}; {} is used: {}", says.join(" / "), conflict.used, conflict.why));
    }
    if let Some(slip) = slip(task) {
        line("letters show", &format!("…{}… where the scan has …{}…", slip.reading, slip.printed));
    }
    text.push('\n');
    text.push_str(&printer.hanging("  ", task.text.trim()));
    text
}

/// `2021Q3  2021-07-01 to 2021-09-30 Thu`.
fn occurrence(dates: &Dates) -> String {
    let until = dates.deadline.or(dates.ends);
    let period = dates.period.to_string();
    let period = if period == "once" { String::new() } else { format!("{period}  ") };
    match until {
        Some(until) => format!("{period}{} to {}", dates.opens, words::day(until)),
        None => format!("{period}from {}", dates.opens),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::adoption::Declared;
    use crate::report::state_on_file;
    use crate::schedules::due_to_json;

    fn declared() -> Declared {
        crate::schedules::embedded().declared.unwrap()
    }

    #[test]
    fn no_text_of_a_plan_steers_the_terminal() {
        let declared = declared();
        let file = declared.plans.iter().find(|file| file.file == "air.toml").unwrap();
        let evil = "\u{1b}]0;owned\u{7}标题\u{202e}".to_owned();
        let task = file.plan.tasks.first().unwrap().clone();
        let task = Task { title: evil.clone(), text: evil.clone(), standard: Some(evil), ..task };
        let row = TaskRow::of(&file.plan.head.id, &task, due_to_json(&task.due), "open");
        for printer in [Printer::plain(None), Printer::plain(Some(80))] {
            let shown = shown(&printer, &row, &task, &[], &Names::of(&declared.units))
                + &table(&printer, &[Listed { row: row.clone(), share: None }]);
            assert!(shown.contains("]0;owned标题"), "{shown}");
            assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
        }
    }

    #[test]
    fn one_task_on_80_columns() {
        let declared = declared();
        let file = declared.plans.iter().find(|file| file.file == "air.toml").unwrap();
        let task = file.plan.tasks.iter().find(|task| task.id.as_str() == "rural-heating-coverage").unwrap();
        let row = TaskRow::of(&file.plan.head.id, task, due_to_json(&task.due), state_on_file(task));
        let shown = shown(&Printer::plain(Some(80)), &row, task, &[], &Names::of(&declared.units));
        insta::assert_snapshot!(shown, @r#"
        农村清洁取暖覆盖率力争70%  yangcheng-2021-air/rural-heating-coverage
          state         ongoing
          cited         air:7
          lead          县能源局 (energy) — assumed, to be confirmed
          cooperate     各乡镇 (townships-all)
          due           ongoing
                        只写“2021年”和“力争”，未写底前，按目标持续推进
          standard      2021年农村地区清洁取暖覆盖率力争达到70%以上
          note          力争: never overdue by itself
          letters show  …取暖改造。… where the scan has …取暖改造改造。…

          对照2021年农村地区清洁取暖覆盖率力争达到70%以上的目标要求，查遗补漏，开展确村
          确户，继续加大农村地区清洁取暖改造改造。
        "#);
    }
}
