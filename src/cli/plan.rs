//! `plan list`, `plan show` and `plan export`.

use serde_json::json;

use super::args::{Format, FormatArg, PlanExportArgs};
use super::failure::{Failure, Outcome};
use super::print::Column;
use super::{Context, task, words};
use crate::domain::PlanId;
use crate::domain::adoption::{Declared, DeclaredPlan};
use crate::report::TaskRow;
use crate::schedules;
use crate::schedules::near::nearest;

/// `plan list`
pub fn list(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    let printer = &context.printer;
    match format.format {
        Format::Json => {
            let rows: Vec<_> = declared
                .plans
                .iter()
                .map(|file| {
                    let head = &file.plan.head;
                    json!({
                        "plan": head.id, "title": head.title, "short": head.short,
                        "document_number": head.document_number, "issued_on": head.issued_on,
                        "in_force": head.in_force, "tasks": file.plan.tasks.len(), "file": file.file,
                    })
                })
                .collect();
            printer.json(&rows)?;
        }
        Format::Table => {
            let rows: Vec<Vec<String>> = declared
                .plans
                .iter()
                .map(|file| {
                    let head = &file.plan.head;
                    vec![
                        head.id.to_string(),
                        head.short.clone(),
                        head.document_number.clone().unwrap_or_default(),
                        head.issued_on.to_string(),
                        head.in_force.until.to_string(),
                        file.plan.tasks.len().to_string(),
                    ]
                })
                .collect();
            let columns = [
                Column::whole("plan"),
                Column::wrapping("name", 8),
                Column::wrapping("document", 10),
                Column::whole("issued"),
                Column::whole("until"),
                Column::number("tasks"),
            ];
            printer.text(&printer.table(&columns, &rows))?;
        }
    }
    Ok(Outcome::Done)
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
