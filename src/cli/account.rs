//! `account list`.

use super::Context;
use super::args::{Format, FormatArg};
use super::failure::Outcome;
use super::print::Column;
use crate::domain::UnitId;
use crate::locale::{self, Value};
use crate::office::{Role, accounts};

/// `account list`
pub fn list(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let all = context.ask(accounts::List {})?;
    match format.format {
        Format::Json => context.printer.json(&all)?,
        Format::Table => {
            let columns = [
                Column::whole("account"),
                Column::wrapping("person", 12),
                Column::wrapping("post", 12),
                Column::wrapping("roles", 12),
                Column::whole("uid"),
                Column::wrapping("units", 12),
            ];
            let row = |one: accounts::Account| {
                let roles = Value::All(one.roles.iter().map(|role: &Role| role.word()).collect());
                let roles = locale::word(context.language(), &roles);
                let units: Vec<&str> = one.units.iter().map(UnitId::as_str).collect();
                let uid = one.uid.map(|uid| uid.to_string()).unwrap_or_default();
                vec![one.id, one.name, one.post, roles, uid, units.join("、")]
            };
            let rows: Vec<Vec<String>> = all.into_iter().map(row).collect();
            context.printer.text(&context.printer.table(&columns, &rows))?;
        }
    }
    Ok(Outcome::Done)
}
