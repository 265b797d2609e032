//! The file of accounts against what the journal recorded of them: one that was changed by hand says so.

use std::collections::BTreeMap;

use super::accounts::Accounts;
use crate::domain::{AccountChanged, Event};
use crate::journal::{JournalFault, Reader, Shelves};
use crate::locale::{Message, Value, message, texts};

/// Where the file says something else of an account than was recorded; nothing where it can't be read, which is told
/// as such.
///
/// # Errors
/// The journal can't be read.
pub fn differences(shelves: &Shelves, reader: &Reader) -> Result<Vec<Message>, JournalFault> {
    let Ok(accounts) = Accounts::load(shelves) else { return Ok(Vec::new()) };
    let mut recorded = BTreeMap::new();
    for event in reader.read_kind("AccountChanged") {
        if let Event::AccountChanged(change) = event?.event {
            recorded.insert(change.account.clone(), change);
        }
    }
    let mut kept: BTreeMap<String, AccountChanged> = accounts.recorded();
    let mut told = Vec::new();
    for (id, change) in &recorded {
        match kept.remove(id) {
            None => told.push(message("account-missing").with("account", id)),
            Some(now) if now != *change => {
                let fields = fields(change, &now);
                told.push(message("account-differs").with("account", id).put("fields", Value::All(fields)));
            }
            Some(_) => {}
        }
    }
    told.extend(kept.keys().map(|id| message("account-unrecorded").with("account", id)));
    Ok(told)
}

/// What differs, each with both values.
fn fields(recorded: &AccountChanged, now: &AccountChanged) -> Vec<Value> {
    let list = |all: Vec<Value>| {
        if all.is_empty() { Value::Word("account-none-of-it".to_owned()) } else { Value::All(all) }
    };
    let roles =
        |of: &AccountChanged| list(of.roles.iter().map(|role| Value::Word(format!("role-{role}"))).collect());
    let uid = |of: &AccountChanged| list(texts(of.uid));
    let units = |of: &AccountChanged| list(texts(&of.units));
    let removed = |of: &AccountChanged| {
        Value::Word(if of.removed { "account-is-removed" } else { "account-is-kept" }.to_owned())
    };
    let all = [
        ("account-roles", roles(recorded), roles(now)),
        ("account-uid", uid(recorded), uid(now)),
        ("account-units", units(recorded), units(now)),
        ("account-state", removed(recorded), removed(now)),
    ];
    let differing = all.into_iter().filter(|(_, recorded, now)| recorded != now);
    let told = differing.map(|(field, recorded, now)| {
        let told = message("account-field").put("field", Value::Word(field.to_owned()));
        Value::Message(Box::new(told.put("recorded", recorded).put("now", now)))
    });
    told.collect()
}
