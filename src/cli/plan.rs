//! `plan list`, `plan show` and `plan export`.

use serde_json::json;

use super::args::{Format, FormatArg, PlanExportArgs};
use super::failure::{Failure, Outcome};
use super::print::Column;
use super::{Context, online, task, words};
use crate::domain::adoption::{Declared, DeclaredPlan};
use crate::domain::{PlanId, PlanOwner};
use crate::report::TaskRow;
use crate::schedules;
use crate::schedules::near::nearest;
use crate::wire::PlanEntry;

/// `plan list`
pub fn list(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let entries = match online::plan_entries(context)? {
        Some(entries) => entries,
        None => context.declared()?.plans.into_iter().map(of_file).collect(),
    };
    let printer = &context.printer;
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
                        state(entry).to_owned(),
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

/// A plan that only its file knows: nothing of it is open yet.
fn of_file(declared: DeclaredPlan) -> PlanEntry {
    let DeclaredPlan { file, plan, .. } = declared;
    PlanEntry {
        owner: PlanOwner::File,
        adopted_on: plan.head.issued_on,
        quiet: false,
        closed: None,
        file: Some(file),
        import: None,
        tasks: plan.tasks.len(),
        open: 0,
        head: plan.head,
    }
}

/// `plan show`
pub fn show(context: &Context, id: &PlanId, format: FormatArg) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    let file = known(&declared, id)?;
    let rows: Vec<TaskRow> =
        context.task_rows(&declared)?.into_iter().filter(|row| row.plan == *id).collect();
    let (printer, head) = (&context.printer, &file.plan.head);
    match format.format {
        Format::Json => printer.json(&json!({
            "plan": head.id, "title": head.title, "short": head.short,
            "document_number": head.document_number, "issued_on": head.issued_on,
            "in_force": head.in_force, "collect": head.collect, "file": file.file, "tasks": rows,
        }))?,
        Format::Table => {
            let mut text = printer.hanging("", &format!("{}  {}", head.title, head.id));
            let mut line = |label: &str, value: &str| {
                text.push_str(&printer.hanging(&format!("  {label:<12}"), value));
            };
            line("document", head.document_number.as_deref().unwrap_or("none: the office's own plan"));
            line("issued", &words::day(head.issued_on));
            line("in force", &format!("{} to {}", head.in_force.from, head.in_force.until));
            if let Some(collect) = &head.collect {
                let asked = words::every(&collect.asked);
                line("collection", &format!("{asked}, reply by {}", collect.reply_by));
            }
            line("file", &file.file);
            text.push('\n');
            text.push_str(&task::table(printer, &rows, None));
            printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// `plan export`
pub fn export(context: &Context, args: &PlanExportArgs) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    let file = known(&declared, &args.plan)?;
    context.printer.text(&schedules::to_toml(&file.plan))?;
    Ok(Outcome::Done)
}

/// The plan of that name.
///
/// # Errors
/// A refusal that names the nearest one.
pub fn known<'d>(declared: &'d Declared, id: &PlanId) -> Result<&'d DeclaredPlan, Failure> {
    declared.plans.iter().find(|file| file.plan.head.id == *id).ok_or_else(|| {
        let near = nearest(id.as_str(), declared.plans.iter().map(|file| file.plan.head.id.as_str()));
        Failure::refused(format!("no plan `{id}`"))
            .cure("`duban plan list` shows them")
            .maybe_cure(near.map(|near| format!("did you mean `{near}`?")))
    })
}
