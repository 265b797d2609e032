//! `events`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Context;
use super::args::{EventsArgs, Format};
use super::ask::told;
use super::failure::Outcome;
use super::print::{Ink, padded};
use crate::audit::skipped;
use crate::client::ClientFault;
use crate::domain::{AccountChanged, Actor, SkipReason};
use crate::locale::message;
use crate::office::events::Page;
use crate::wire::EventsQuery;
use crate::words::visible;

/// How long one poll waits while following.
const POLL_SECONDS: u64 = 30;
/// Columns of the actor and of the type.
const ACTOR_COLUMNS: usize = 16;
const TYPE_COLUMNS: usize = 22;

/// What every version of every event has.
#[derive(Debug, Deserialize)]
struct Outer {
    position: u64,
    recorded_at: chrono::DateTime<chrono::Utc>,
    by: Actor,
    stream: String,
    #[serde(rename = "type")]
    kind: String,
    data: Value,
}

/// `events`
pub fn events(context: &Context, args: &EventsArgs) -> anyhow::Result<Outcome> {
    let mut ask = Page { after: args.after, task: args.task.clone() };
    loop {
        let page = context.ask(ask.clone())?;
        for line in &page.lines {
            print(context, args, line.get(), &page.actors)?;
        }
        if page.after == ask.after {
            break;
        }
        ask.after = page.after;
    }
    if args.follow { follow(context, args, ask) } else { Ok(Outcome::Done) }
}

/// Goes on with what comes, until the daemon stops.
fn follow(context: &Context, args: &EventsArgs, mut ask: Page) -> anyhow::Result<Outcome> {
    let client = context.client(&context.data_dir()?);
    loop {
        let task = ask.task.as_ref().map(ToString::to_string);
        let query = EventsQuery { after: ask.after, task, wait_seconds: POLL_SECONDS };
        let page = match context.wait(client.events(&query))? {
            Err(ClientFault::NoDaemon { .. } | ClientFault::Lost { .. }) => {
                context.printer.tell(&message("daemon-stopped"));
                return Ok(Outcome::Done);
            }
            page => page.map_err(told)?,
        };
        for line in &page.lines {
            print(context, args, line.get(), &page.actors)?;
        }
        ask.after = page.after;
    }
}

fn print(
    context: &Context,
    args: &EventsArgs,
    line: &str,
    actors: &BTreeMap<String, String>,
) -> anyhow::Result<()> {
    let printer = &context.printer;
    match args.format.format {
        Format::Json => printer.text(&format!("{line}\n"))?,
        Format::Table => {
            let event: Outer = serde_json::from_str(line)?;
            let actor = actors.get(&event.by.name).unwrap_or(&event.by.name);
            let actor = padded(&visible(actor), ACTOR_COLUMNS);
            let label =
                format!("{:>6}  {}  {actor}", event.position, event.recorded_at.format("%Y-%m-%d %H:%M:%SZ"));
            let kind = printer.ink(Ink::Bold, &padded(&event.kind, TYPE_COLUMNS));
            printer.text(&format!("{label}  {kind}  {}\n", visible(&subject(&event))))?;
        }
    }
    Ok(())
}

/// Why stages did not go: in words where this program knows the reason, else as it is stored.
fn why(stored: Option<&Value>) -> String {
    let Some(stored) = stored else { return "nobody could send in time".to_owned() };
    let known = SkipReason::deserialize(stored).map(skipped);
    known.map_or_else(|_| stored.as_str().unwrap_or_default().to_owned(), str::to_owned)
}

/// Stages that are named before the others are only counted.
const STAGES_MAX: usize = 3;

/// What it is about, as narrowly as its data says.
fn subject(event: &Outer) -> String {
    if let Some(stages) = event.data.get("stages").and_then(Value::as_array) {
        let named: Vec<&str> = stages.iter().filter_map(Value::as_str).collect();
        let more = named.len().saturating_sub(STAGES_MAX);
        let text = named.iter().take(STAGES_MAX).copied().collect::<Vec<_>>().join(", ");
        let text = if more == 0 { text } else { format!("{text} and {more} more") };
        return format!("{text}: {}", why(event.data.get("why")));
    }
    let text = |key: &str| event.data.get(key).and_then(Value::as_str);
    let about = ["account", "assignment", "occurrence"].into_iter().find_map(text);
    let about = about.map_or_else(|| event.stream.clone(), str::to_owned);
    let more =
        account_now(&event.data).or_else(|| text("reason").or_else(|| text("reply")).map(str::to_owned));
    more.map_or_else(|| about.clone(), |more| format!("{about}: {more}"))
}

/// What an account may do from now on; `None` of an event that is about none.
fn account_now(data: &Value) -> Option<String> {
    let AccountChanged { roles, uid, units, removed, .. } = AccountChanged::deserialize(data).ok()?;
    if removed {
        return Some("removed".to_owned());
    }
    let roles: Vec<String> = roles.into_iter().collect();
    let uid = uid.map(|uid| format!("uid {uid}"));
    let units = units.iter().map(ToString::to_string);
    Some(roles.into_iter().chain(uid).chain(units).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_that_is_not_known_is_shown_as_it_is_stored_and_never_as_another() {
        assert_eq!(why(None), "nobody could send in time", "of stages that were missed");
        assert_eq!(why(Some(&Value::from("muted"))), "the unit is muted");
        assert_eq!(why(Some(&Value::from("on_holiday"))), "on_holiday");
    }
}
