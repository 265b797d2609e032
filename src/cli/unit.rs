//! `unit list` and `unit show`.

use serde_json::json;

use super::args::{Format, FormatArg};
use super::failure::Outcome;
use super::print::Column;
use super::speech::Speech;
use super::{Context, task, words};
use crate::domain::{Unit, UnitKind};
use crate::locale::{Value, message};
use crate::office::{tasks, units};

/// `unit list`
pub fn list(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let speech = context.speech();
    let listed = context.ask(units::List {})?;
    match format.format {
        Format::Json => {
            let rows: Vec<_> = listed
                .iter()
                .map(|one| {
                    let unit = &one.entry.unit;
                    json!({
                        "unit": unit.id, "name": unit.name, "short": unit.short, "kind": unit.kind,
                        "mailbox": unit.mailbox, "placeholder": unit.lacks_real_address(),
                        "members": unit.members, "muted": unit.muted, "has_leader": unit.leader.is_some(),
                        "leads": one.leads, "cooperates": one.cooperates,
                    })
                })
                .collect();
            context.printer.json(&rows)?;
        }
        Format::Table => {
            let rows: Vec<Vec<String>> = listed
                .iter()
                .map(|one| {
                    let unit = &one.entry.unit;
                    vec![
                        unit.id.to_string(),
                        unit.short.clone(),
                        match unit.kind {
                            UnitKind::Collective => speech.told(
                                &message("collective-of").put("count", Value::Count(unit.members.len())),
                            ),
                            UnitKind::Bureau
                            | UnitKind::Township
                            | UnitKind::Zone
                            | UnitKind::Company
                            | UnitKind::Government => speech.kind(kind(unit.kind)),
                        },
                        one.leads.to_string(),
                        one.cooperates.to_string(),
                        match &unit.mailbox {
                            None => speech.word("none"),
                            Some(_) if unit.lacks_real_address() => speech.word("placeholder"),
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
pub fn show(context: &Context, ask: units::Show, format: FormatArg) -> anyhow::Result<Outcome> {
    let rows = tasks::List { unit: Some(ask.unit.clone()), ..tasks::List::default() };
    let unit = context.ask(ask)?.entry.unit;
    let rows = context.ask(rows)?;
    let (printer, speech) = (&context.printer, context.speech());
    match format.format {
        Format::Json => printer.json(&json!({
            "unit": unit.id, "name": unit.name, "short": unit.short, "aliases": unit.aliases,
            "kind": unit.kind, "mailbox": unit.mailbox, "placeholder": unit.lacks_real_address(),
            "members": unit.members, "muted": unit.muted, "has_leader": unit.leader.is_some(),
            "tasks": rows,
        }))?,
        Format::Table => {
            let all = all(context)?;
            let names = words::Names::of(&all);
            let mut text = printer.hanging("", &format!("{}  {}", unit.name, unit.id));
            let mut line = |label: &str, value: &str| {
                if !value.is_empty() {
                    text.push_str(&printer.hanging(&speech.label(label, 12), value));
                }
            };
            line("kind", &speech.kind(kind(unit.kind)));
            line("in-lists", &unit.short);
            line("also", &unit.aliases.join("、"));
            line("address", &address(speech, &unit));
            if unit.kind == UnitKind::Collective && unit.members.is_empty() {
                line("members", &speech.told(&message("members-none")));
            } else {
                line("members", &names.row(&unit.members));
            }
            line("leader", &speech.word(if unit.leader.is_some() { "leader-set" } else { "leader-none" }));
            line("reminders", &if unit.muted { speech.word("muted") } else { String::new() });
            text.push('\n');
            text.push_str(&task::table((printer, speech), &rows));
            printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// All units.
///
/// # Errors
/// Nobody to ask.
pub fn all(context: &Context) -> anyhow::Result<Vec<Unit>> {
    Ok(context.ask(units::List {})?.into_iter().map(|one| one.entry.unit).collect())
}

fn address(speech: Speech, unit: &Unit) -> String {
    match &unit.mailbox {
        None => speech.word("none"),
        Some(mailbox) if unit.lacks_real_address() => {
            speech.told(&message("address-placeholder").with("mailbox", mailbox))
        }
        Some(mailbox) => mailbox.clone(),
    }
}

/// All kinds.
pub const KINDS: [UnitKind; 6] = [
    UnitKind::Bureau,
    UnitKind::Township,
    UnitKind::Zone,
    UnitKind::Company,
    UnitKind::Government,
    UnitKind::Collective,
];

/// A kind by its name in plan files.
#[must_use]
pub fn kind(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Bureau => "bureau",
        UnitKind::Township => "township",
        UnitKind::Zone => "zone",
        UnitKind::Company => "company",
        UnitKind::Government => "government",
        UnitKind::Collective => "collective",
    }
}
