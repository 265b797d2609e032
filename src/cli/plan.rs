//! `plan list`, `plan show`, `plan export` and `plan add`.

use serde_json::json;

use super::args::{Format, FormatArg, PlanAddArgs};
use super::failure::{Failure, Outcome};
use super::print::Column;
use super::{Context, task, words};
use crate::locale::message;
use crate::office::{plans, tasks};
use crate::schedules;
use crate::wire::PlanEntry;

/// `plan list`
pub fn list(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let entries = context.ask(plans::List {})?;
    let (printer, speech) = (&context.printer, context.speech());
    match format.format {
        Format::Json => {
            let rows: Vec<_> = entries
                .iter()
                .map(|entry| {
                    let head = &entry.head;
                    json!({
                        "plan": head.id, "title": head.title, "short": head.short,
                        "document_number": head.document_number, "issued_on": head.issued_on,
                        "in_force": head.in_force, "tasks": entry.tasks, "file": entry.file,
                        "owner": entry.owner, "state": state(entry), "closed": entry.closed, "open": entry.open,
                    })
                })
                .collect();
            printer.json(&rows)?;
        }
        Format::Table => {
            let rows: Vec<Vec<String>> = entries
                .iter()
                .map(|entry| {
                    let head = &entry.head;
                    vec![
                        head.id.to_string(),
                        head.short.clone(),
                        head.document_number.clone().unwrap_or_default(),
                        head.issued_on.to_string(),
                        head.in_force.until.to_string(),
                        speech.word(&format!("plan-{}", state(entry))),
                        entry.tasks.to_string(),
                        entry.open.to_string(),
                    ]
                })
                .collect();
            let columns = [
                Column::whole("plan"),
                Column::wrapping("name", 8),
                Column::wrapping("document", 10),
                Column::whole("issued"),
                Column::whole("until"),
                Column::whole("state"),
                Column::number("tasks"),
                Column::number("open"),
            ];
            printer.text(&printer.table(&columns, &rows))?;
        }
    }
    Ok(Outcome::Done)
}

/// One word for where a plan stands.
fn state(entry: &PlanEntry) -> &'static str {
    match (&entry.closed, entry.quiet, entry.head.quiet) {
        (Some(_), _, _) => "closed",
        (None, true, _) => "past",
        (None, false, true) => "set-up",
        (None, false, false) => "followed",
    }
}

/// `plan show`
pub fn show(context: &Context, ask: plans::Show, format: FormatArg) -> anyhow::Result<Outcome> {
    let rows = tasks::List { plan: Some(ask.plan.clone()), ..tasks::List::default() };
    let plans::Shown { file, plan } = context.ask(ask)?;
    let rows = context.ask(rows)?;
    let (printer, speech, head) = (&context.printer, context.speech(), &plan.head);
    match format.format {
        Format::Json => printer.json(&json!({
            "plan": head.id, "title": head.title, "short": head.short,
            "document_number": head.document_number, "issued_on": head.issued_on,
            "in_force": head.in_force, "collect": head.collect, "file": file, "tasks": rows,
        }))?,
        Format::Table => {
            let mut text = printer.hanging("", &format!("{}  {}", head.title, head.id));
            let mut line = |label: &str, value: &str| {
                text.push_str(&printer.hanging(&speech.label(label, 12), value));
            };
            let own = speech.word("own-plan");
            line("document", head.document_number.as_deref().unwrap_or(&own));
            line("issued", &speech.day(head.issued_on));
            let span = message("show-span").with("from", &head.in_force.from);
            line("in-force", &speech.told(&span.with("until", &head.in_force.until)));
            if let Some(collect) = &head.collect {
                let asked = message("collected").with("asked", &words::every(speech, &collect.asked));
                line("collection", &speech.told(&asked.with("by", &collect.reply_by)));
            }
            line("file", &file);
            text.push('\n');
            text.push_str(&task::table((printer, speech), &rows));
            printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// `plan export`
pub fn export(context: &Context, ask: plans::Show) -> anyhow::Result<Outcome> {
    context.printer.text(&schedules::to_toml(&context.ask(ask)?.plan))?;
    Ok(Outcome::Done)
}

/// `plan add`
pub fn add(context: &Context, args: &PlanAddArgs) -> anyhow::Result<Outcome> {
    let cure = message("cure-check").with("file", &args.file.display());
    let (file, documents) =
        schedules::read_plan_text(&args.file).map_err(|fault| Failure::refused(fault.placed()).cure(cure))?;
    context.tell(plans::Add { file, documents })
}
