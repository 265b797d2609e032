//! `unit list` and `unit show`.

use serde_json::json;

use super::args::{Format, FormatArg};
use super::failure::{Failure, Outcome};
use super::print::Column;
use super::{Context, task, words};
use crate::domain::adoption::Declared;
use crate::domain::{Task, Unit, UnitId, UnitKind};
use crate::report::TaskRow;
use crate::schedules::near::nearest;

/// `unit list`
pub fn list(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    let shares: Vec<(&Unit, usize, usize)> = declared
        .units
        .iter()
        .map(|unit| {
            (
                unit,
                tasks(&declared, |task| task.lead.contains(&unit.id)),
                tasks(&declared, |task| task.cooperate.contains(&unit.id)),
            )
        })
        .collect();
    match format.format {
        Format::Json => {
            let rows: Vec<_> = shares
                .iter()
                .map(|(unit, lead, cooperate)| {
                    json!({
                        "unit": unit.id, "name": unit.name, "short": unit.short, "kind": unit.kind,
                        "mailbox": unit.mailbox, "placeholder": unit.lacks_real_address(),
                        "members": unit.members, "muted": unit.muted, "has_leader": unit.leader.is_some(),
                        "leads": lead, "cooperates": cooperate,
                    })
                })
                .collect();
            context.printer.json(&rows)?;
        }
        Format::Table => {
            let rows: Vec<Vec<String>> = shares
                .iter()
                .map(|(unit, lead, cooperate)| {
                    vec![
                        unit.id.to_string(),
                        unit.short.clone(),
                        match unit.kind {
                            UnitKind::Collective => format!("collective of {}", unit.members.len()),
                            UnitKind::Bureau
                            | UnitKind::Township
                            | UnitKind::Zone
                            | UnitKind::Company
                            | UnitKind::Government => kind(unit.kind).to_owned(),
                        },
                        lead.to_string(),
                        cooperate.to_string(),
                        match &unit.mailbox {
                            None => "none".to_owned(),
                            Some(_) if unit.lacks_real_address() => "placeholder".to_owned(),
                            Some(mailbox) => mailbox.clone(),
                        },
                    ]
                })
                .collect();
            let columns = [
                Column::whole("unit"),
                Column::wrapping("name", 12),
                Column::whole("kind"),
                Column::number("leads"),
                Column::number("helps"),
                Column::whole("address"),
            ];
            context.printer.text(&context.printer.table(&columns, &rows))?;
        }
    }
    Ok(Outcome::Done)
}

/// `unit show`
pub fn show(context: &Context, id: &UnitId, format: FormatArg) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    let unit = known(&declared.units, id)?;
    let rows: Vec<TaskRow> = context.task_rows(&declared)?;
    let rows: Vec<TaskRow> =
        rows.into_iter().filter(|row| row.lead.contains(id) || row.cooperate.contains(id)).collect();
    let printer = &context.printer;
    match format.format {
        Format::Json => printer.json(&json!({
            "unit": unit.id, "name": unit.name, "short": unit.short, "aliases": unit.aliases,
            "kind": unit.kind, "mailbox": unit.mailbox, "placeholder": unit.lacks_real_address(),
            "members": unit.members, "muted": unit.muted, "has_leader": unit.leader.is_some(),
            "tasks": rows,
        }))?,
        Format::Table => {
            let names = words::Names::of(&declared.units);
            let mut text = printer.hanging("", &format!("{}  {}", unit.name, unit.id));
            let mut line = |label: &str, value: &str| {
                if !value.is_empty() {
                    text.push_str(&printer.hanging(&format!("  {label:<12}"), value));
                }
            };
            line("kind", kind(unit.kind));
            line("in lists", &unit.short);
            line("also", &unit.aliases.join("、"));
            line("address", &address(unit));
            if unit.kind == UnitKind::Collective && unit.members.is_empty() {
                line("members", "none set; mail goes to the collective's own address");
            } else {
                line("members", &names.row(&unit.members));
            }
            line("leader", if unit.leader.is_some() { "set" } else { "none set" });
            line("reminders", if unit.muted { "muted" } else { "" });
            text.push('\n');
            text.push_str(&task::table(printer, &rows, Some(id)));
            printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// The unit of that name.
///
/// # Errors
/// A refusal that names the nearest one.
pub fn known<'u>(units: &'u [Unit], id: &UnitId) -> Result<&'u Unit, Failure> {
    units.iter().find(|unit| unit.id == *id).ok_or_else(|| {
        let near = nearest(id.as_str(), units.iter().map(|unit| unit.id.as_str()));
        Failure::refused(format!("no unit `{id}`"))
            .cure("`duban unit list` shows them")
            .maybe_cure(near.map(|near| format!("did you mean `{near}`?")))
    })
}

fn tasks(declared: &Declared, wanted: impl Fn(&Task) -> bool) -> usize {
    declared.plans.iter().flat_map(|file| &file.plan.tasks).filter(|task| wanted(task)).count()
}

fn address(unit: &Unit) -> String {
    match &unit.mailbox {
        None => "none".to_owned(),
        Some(mailbox) if unit.lacks_real_address() => format!("{mailbox} (placeholder)"),
        Some(mailbox) => mailbox.clone(),
    }
}

fn kind(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Bureau => "bureau",
        UnitKind::Township => "township",
        UnitKind::Zone => "zone",
        UnitKind::Company => "company",
        UnitKind::Government => "government",
        UnitKind::Collective => "collective",
    }
}
