//! Every text that the office gives is one that a reader sees: the one check, whatever the command and the way in.

use serde_json::Value;

use super::{Command, Refusal};
use crate::domain::text::first_hidden;

/// Refuses a text with a character that nobody sees, wherever it stands in a command. What units say is taken as it
/// comes, for they paste from anywhere, and a leader's page quotes it: there such characters are left out when shown.
///
/// # Errors
/// [`Refusal::Hidden`], naming the field and the character.
pub(super) fn refuse_hidden(command: &Command) -> Result<(), Refusal> {
    if matches!(command, Command::Answer { .. } | Command::TellLeader { .. }) {
        return Ok(());
    }
    let told = serde_json::to_value(command).unwrap_or_default();
    hidden("", &told).map_or(Ok(()), Err)
}

fn hidden(field: &str, value: &Value) -> Option<Refusal> {
    match value {
        Value::String(text) => {
            let character = first_hidden(text)?;
            Some(Refusal::Hidden { field: field.to_owned(), character: u32::from(character) })
        }
        Value::Array(all) => all.iter().find_map(|one| hidden(field, one)),
        Value::Object(fields) => fields.iter().find_map(|(field, one)| hidden(field, one)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
