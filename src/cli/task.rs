//! `task list`, `task show`, `task waiting` and `task record`.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{Format, FormatArg, RecordArgs};
use super::failure::Outcome;
use super::print::{Column, Ink, Printer};
use super::speech::Speech;
use super::words::{self, Names, first_unit};
use super::{Context, matter_shown, unit};
use crate::domain::occurrence::Dates;
use crate::domain::{Answer, DueBasis, Evidence, LeadBasis, Task};
use crate::locale::{Language, Message, message};
use crate::matter::{Part, Share};
use crate::office::tasks::Listed;
use crate::office::{behalf, reviews, tasks};
use crate::report::TaskRow;
use crate::report::coverage::slip;
use crate::wire::WaitEntry;

/// Columns that a label takes.
const LABEL_COLUMNS: usize = 14;

/// `task list`
pub fn list(context: &Context, ask: tasks::List, format: FormatArg) -> anyhow::Result<Outcome> {
    let rows = context.ask(ask)?;
    match format.format {
        Format::Json => context.printer.json(&rows)?,
        Format::Table => {
            let speech = context.speech();
            let mut text = table((&context.printer, speech), &rows);
            text.push_str(&speech.count(rows.len(), "task"));
            text.push('\n');
            context.printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// Tasks as a table, plan by plan; of one unit, with its part in each.
#[must_use]
pub fn table((printer, speech): (&Printer, Speech), tasks: &[Listed]) -> String {
    let mut text = String::new();
    for group in tasks.chunk_by(|a, b| a.row.plan == b.row.plan) {
        let Some(first) = group.first() else { continue };
        let head = format!("{}: {}", first.row.plan, speech.count(group.len(), "task"));
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
            let lead = share.as_ref().map_or_else(|| first_unit(&row.lead), |share| part(speech, share, row));
            let mut cells = vec![row.task.to_string(), row.title.clone(), words::due(speech, &row.due), lead];
            cells.extend(told.then(|| speech.state(&row.state)));
            cells
        });
        text.push_str(&printer.table(&columns, &cells.collect::<Vec<_>>()));
        text.push('\n');
    }
    text
}

/// `cooperates`, `leads as one of townships-all`; where it leads itself, who leads.
fn part(speech: Speech, share: &Share, row: &TaskRow) -> String {
    let part = match (share.part, &share.through) {
        (Part::Lead, None) => return first_unit(&row.lead),
        (Part::Lead, Some(_)) => speech.word("leads"),
        (Part::Cooperate, _) => speech.word("cooperates"),
    };
    match &share.through {
        None => part,
        Some(through) => {
            speech.told(&message("part-through").with("part", &part).with("collective", through))
        }
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
    let all = context.ask(ask)?;
    if let Some(into) = files {
        return matter_shown::write_files(context, &all.matters, into);
    }
    match format.format {
        Format::Json => {
            let mut value = as_json(&all.row, &all.task, &all.occurrences)?;
            if let Value::Object(keys) = &mut value {
                keys.insert("matters".to_owned(), serde_json::to_value(&all.matters)?);
            }
            context.printer.json(&value)?;
        }
        Format::Table => {
            let units = unit::all(context)?;
            let by = (&context.printer, context.speech());
            let mut text = shown(by, &all, &Names::of(&units));
            text.push_str(&matter_shown::shown(by, &context.data_dir()?, &all.matters));
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
    let speech = context.speech();
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
                what(speech, waits),
                entry.deadline.map_or_else(|| "–".to_owned(), |day| day.to_string()),
                format!("{}\n{}", entry.title, entry.assignment.occurrence),
                entry.assignment.unit.to_string(),
                waits.says.clone(),
                entry.files.to_string(),
            ]
        })
        .collect();
    let mut text = context.printer.table(&columns, &rows);
    text.push_str(&speech.count(rows.len(), "waiting"));
    text.push('\n');
    context.printer.text(&text)?;
    Ok(Outcome::Done)
}

/// `claim: done 2021-06-21`, `extension to 2021-07-31`.
fn what(speech: Speech, waits: &WaitEntry) -> String {
    let kind = speech.word(&waits.kind);
    match (waits.kind.as_str(), waits.day) {
        ("claim", Some(day)) => speech.told(&message("waits-claim").with("day", &day)),
        (_, Some(day)) => speech.told(&message("waits-until").with("kind", &kind).with("day", &day)),
        (_, None) => kind,
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

fn shown((printer, speech): (&Printer, Speech), shown: &tasks::Shown, names: &Names) -> String {
    let tasks::Shown { row, task, due, occurrences, .. } = shown;
    let mut text = printer.ink(Ink::Bold, &task.title);
    let _ = writeln!(text, "  {}/{}", row.plan, row.task);
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&printer.hanging(&speech.label(label, LABEL_COLUMNS), value));
        }
    };
    let told = |message: Message| speech.told(&message);
    line("state", &speech.state(&row.state));
    line("cited", &words::ids(&row.cite));
    let lead = names.row(&row.lead);
    let is_assumed = row.lead_basis == LeadBasis::Assumed;
    line("lead", &if is_assumed { told(message("show-lead-assumed").with("lead", &lead)) } else { lead });
    line("cooperate", &names.row(&row.cooperate));
    if task.answer == Answer::Each {
        line("answers", &told(message("show-each-answers")));
    }
    let due = match speech.0 {
        Language::Chinese if !due.is_empty() => due.clone(),
        Language::Chinese | Language::English => words::due(speech, &row.due),
    };
    let is_assumed = task.due_basis == DueBasis::Assumed;
    line("due", &if is_assumed { told(message("show-due-assumed").with("due", &due)) } else { due });
    line("", task.due_note.as_deref().unwrap_or_default());
    line("standard", task.standard.as_deref().unwrap_or_default());
    line("evidence", task.evidence.as_deref().unwrap_or_default());
    let report_to = task.report_to.as_ref().map(|unit| names.both(unit));
    line("report-to", &report_to.unwrap_or_default());
    let flags = [
        (task.target, message("show-target")),
        (task.fixed, message("show-fixed")),
        (task.recorded, message("show-recorded")),
    ];
    let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, words)| told(words));
    line("note", &flags.collect::<Vec<_>>().join("; "));
    let dated = occurrences.iter().map(|dates| occurrence(speech, dates));
    line("occurrences", &dated.collect::<Vec<_>>().join("\n"));
    for conflict in &task.conflicts {
        let says: Vec<String> =
            conflict.says.iter().map(|said| format!("{} “{}”", said.cite, said.text)).collect();
        let words = message("show-conflict").with("says", &says.join(" / ")).with("used", &conflict.used);
        line("conflict", &told(words.with("why", &conflict.why)));
    }
    if let Some(slip) = slip(task) {
        let words = message("show-slip").with("reading", &slip.reading).with("printed", &slip.printed);
        line("letters-show", &told(words));
    }
    text.push('\n');
    text.push_str(&printer.hanging("  ", task.text.trim()));
    text
}

/// `2021Q3  2021-07-01 to 2021-09-30 Thu`.
fn occurrence(speech: Speech, dates: &Dates) -> String {
    let period = dates.period.to_string();
    let period = if period == "once" { String::new() } else { format!("{period}  ") };
    let words = match dates.deadline.or(dates.ends) {
        Some(until) => message("show-span").with("from", &dates.opens).with("until", &speech.day(until)),
        None => message("show-span-open").with("from", &dates.opens),
    };
    format!("{period}{}", speech.told(&words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PlanHead;
    use crate::domain::adoption::Declared;
    use crate::report::state_on_file;
    use crate::schedules::due_to_json;
    use crate::words::due_full;

    fn whole(head: &PlanHead, row: TaskRow, task: Task) -> tasks::Shown {
        let due = due_full(head, &task);
        tasks::Shown { row, task, due, occurrences: Vec::new(), matters: Vec::new() }
    }

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
        let whole = whole(&file.plan.head, row.clone(), task);
        for printer in [Printer::plain(None), Printer::plain(Some(80))] {
            let shown = shown((&printer, Speech(Language::Chinese)), &whole, &Names::of(&declared.units))
                + &table((&printer, Speech(Language::English)), &[Listed { row: row.clone(), share: None }]);
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
        let (whole, names) = (whole(&file.plan.head, row, task.clone()), Names::of(&declared.units));
        let printed = |language| shown((&Printer::plain(Some(80)), Speech(language)), &whole, &names);
        let chinese = printed(Language::Chinese);
        for line in [
            "  状态          长期坚持\n",
            "  牵头          县能源局 (energy)（推定，待确认）\n",
            "  时限          力争长期坚持\n",
            "  备注          力争：到期不自动计为超期\n",
        ] {
            assert!(chinese.contains(line), "{line}{chinese}");
        }
        let shown = printed(Language::English);
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
