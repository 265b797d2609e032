//! `task list` and `task show`.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::args::{Format, FormatArg, TaskListArgs, TaskName};
use super::failure::{Failure, Outcome};
use super::print::{Column, Ink, Printer};
use super::words::{self, Names, first_unit};
use super::{Context, plan, unit};
use crate::calendar::WorkingDays;
use crate::clock::Clock;
use crate::domain::adoption::Declared;
use crate::domain::occurrence::Dates;
use crate::domain::{Answer, DueBasis, LeadBasis, Task, TaskId, UnitId};
use crate::report::coverage::slip;
use crate::report::{TaskRow, occurrences, state_on_file};
use crate::schedules::due_to_json;
use crate::schedules::near::nearest;

/// Occurrences of a task that `task show` lists.
const OCCURRENCES_SHOWN_MAX: usize = 8;
/// Occurrences among which those are looked for.
const OCCURRENCES_SEARCHED_MAX: usize = 5_000;

/// `task list`
pub fn list(context: &Context, args: &TaskListArgs) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    if let Some(id) = &args.plan {
        plan::known(&declared, id)?;
    }
    if let Some(id) = &args.unit {
        unit::known(&declared.units, id)?;
    }
    let mut rows = context.task_rows(&declared)?;
    rows.retain(|row| wanted(row, args));
    match args.format.format {
        Format::Json => context.printer.json(&rows)?,
        Format::Table => {
            let mut text = table(&context.printer, &rows, args.unit.as_ref());
            text.push_str(&words::count(rows.len(), "task"));
            text.push('\n');
            context.printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

fn wanted(row: &TaskRow, args: &TaskListArgs) -> bool {
    args.plan.as_ref().is_none_or(|plan| row.plan == *plan)
        && args.unit.as_ref().is_none_or(|unit| row.lead.contains(unit) || row.cooperate.contains(unit))
        && args.due_before.is_none_or(|day| row.deadline.is_some_and(|deadline| deadline <= day))
        && (!args.awaiting || row.due.get("awaiting").is_some())
        && (!args.assumed || row.lead_basis == LeadBasis::Assumed)
}

/// Tasks as a table, plan by plan; beside a unit, its role in each.
#[must_use]
pub fn table(printer: &Printer, rows: &[TaskRow], unit: Option<&UnitId>) -> String {
    let mut text = String::new();
    for group in rows.chunk_by(|a, b| a.plan == b.plan) {
        let Some(first) = group.first() else { continue };
        let head = format!("{}: {}", first.plan, words::count(group.len(), "task"));
        text.push_str(&printer.ink(Ink::Bold, &head));
        text.push('\n');
        let told = group.iter().any(|row| !follows_from_due(&row.state));
        let mut columns = vec![
            Column::whole("task"),
            Column::wrapping("title", 12),
            Column::wrapping("due", 13),
            Column::wrapping("lead", 8),
        ];
        columns.extend(told.then_some(Column::wrapping("state", 8)));
        let cells = group.iter().map(|row| {
            let lead = match unit {
                Some(unit) if !row.lead.contains(unit) => "cooperates".to_owned(),
                _ => first_unit(&row.lead),
            };
            let mut cells = vec![row.task.to_string(), row.title.clone(), words::due(&row.due), lead];
            cells.extend(told.then(|| row.state.clone()));
            cells
        });
        text.push_str(&printer.table(&columns, &cells.collect::<Vec<_>>()));
        text.push('\n');
    }
    text
}

/// Whether a state of the files says no more than the shape of `due` beside it.
fn follows_from_due(state: &str) -> bool {
    matches!(state, "planned" | "ongoing" | "awaiting" | "done-before-import")
}

/// `task show`
pub fn show(context: &Context, name: &TaskName, format: FormatArg) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    let id = resolve(&declared, name)?;
    let file = plan::known(&declared, &id.plan)?;
    let Some(task) = file.plan.tasks.iter().find(|task| task.id == id.task) else {
        return Err(no_task(&declared, &id.to_string()).into());
    };
    let rows = context.task_rows(&declared)?;
    let row = rows.into_iter().find(|row| row.plan == id.plan && row.task == id.task);
    let row = row.unwrap_or_else(|| TaskRow::of(&id.plan, task, due_to_json(&task.due), state_on_file(task)));
    let working = WorkingDays::new(declared.working_years.iter().cloned());
    let today = declared.office.zone.date_of(Clock::Wall.now());
    let all = occurrences(task, &file.plan.head, &working).take(OCCURRENCES_SEARCHED_MAX).collect();
    let occurrences = nearest_to(today, all);
    match format.format {
        Format::Json => context.printer.json(&as_json(&row, task, &occurrences)?)?,
        Format::Table => {
            let names = Names::of(&declared.units);
            context.printer.text(&shown(&context.printer, &row, task, &occurrences, &names))?;
        }
    }
    Ok(Outcome::Done)
}

/// What is open or to come; all from the beginning where all is past.
fn nearest_to(today: NaiveDate, mut occurrences: Vec<Dates>) -> Vec<Dates> {
    let to_come =
        occurrences.iter().position(|dates| dates.deadline.or(dates.ends).is_none_or(|end| end >= today));
    occurrences.drain(..to_come.unwrap_or(0));
    occurrences.truncate(OCCURRENCES_SHOWN_MAX);
    occurrences
}

/// The task that a typed name means.
///
/// # Errors
/// A refusal where no task has the name, or several have.
pub fn resolve(declared: &Declared, name: &TaskName) -> Result<TaskId, Failure> {
    let all = declared.plans.iter().flat_map(|file| {
        let plan = &file.plan.head.id;
        file.plan.tasks.iter().map(move |task| TaskId { plan: plan.clone(), task: task.id.clone() })
    });
    let found: Vec<TaskId> = match name {
        TaskName::Full(id) => all.filter(|known| known == id).collect(),
        TaskName::Slug(slug) => all.filter(|known| known.task == *slug).collect(),
    };
    match (found.as_slice(), name) {
        ([one], _) => Ok(one.clone()),
        ([], TaskName::Full(id)) => Err(no_task(declared, &id.to_string())),
        ([], TaskName::Slug(slug)) => Err(no_task(declared, slug.as_str())),
        (several, _) => {
            let names: Vec<String> = several.iter().map(|id| format!("`{id}`")).collect();
            let slug = several.first().map(|id| id.task.to_string()).unwrap_or_default();
            Err(Failure::refused(format!("several plans have a task `{slug}`"))
                .cure(format!("name one: {}", names.join(" or "))))
        }
    }
}

fn no_task(declared: &Declared, given: &str) -> Failure {
    let whole = given.contains('/');
    let names = declared.plans.iter().flat_map(|file| {
        let plan = &file.plan.head.id;
        file.plan
            .tasks
            .iter()
            .map(move |task| if whole { format!("{plan}/{}", task.id) } else { task.id.to_string() })
    });
    let names: Vec<String> = names.collect();
    let near = nearest(given, names.iter().map(String::as_str));
    Failure::refused(format!("no task `{given}`"))
        .cure("`duban task list` shows them")
        .maybe_cure(near.map(|near| format!("did you mean `{near}`?")))
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

    fn declared() -> Declared {
        crate::schedules::embedded().declared.unwrap()
    }

    #[test]
    fn a_name_means_one_task_or_is_refused_with_the_way_out() {
        let resolved = |text: &str| resolve(&declared(), &text.parse().unwrap());
        assert_eq!(resolved("dry-cleaners").unwrap().to_string(), "yangcheng-2021-air/dry-cleaners");
        assert_eq!(resolved("annual/machinery-check").unwrap().to_string(), "annual/machinery-check");
        assert_eq!(
            resolved("machinery-check").unwrap_err().to_string(),
            "several plans have a task `machinery-check`"
        );
        assert_eq!(resolved("dry-cleaner").unwrap_err().to_string(), "no task `dry-cleaner`");
    }

    #[test]
    fn what_is_open_or_to_come_is_shown_else_the_beginning() {
        let declared = declared();
        let file = declared.plans.iter().find(|file| file.file == "annual.toml").unwrap();
        let task = file.plan.tasks.iter().find(|task| task.id.as_str() == "machinery-check").unwrap();
        let periods = |today: &str| -> Vec<String> {
            let all = occurrences(task, &file.plan.head, &WorkingDays::default()).collect();
            let near = nearest_to(today.parse().unwrap(), all);
            near.iter().map(|dates| dates.period.to_string()).collect()
        };
        assert_eq!(periods("2030-06-30"), ["2030Q2", "2030Q3", "2030Q4"]);
        assert_eq!(periods("2026-10-01").len(), OCCURRENCES_SHOWN_MAX);
        assert_eq!(periods("2040-01-01").first().unwrap(), "2022Q1");
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
