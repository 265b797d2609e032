//! `events`.

use serde::Deserialize;
use serde_json::Value;

use super::{ask, journal};
use crate::audit::skipped;
use crate::cli::Context;
use crate::cli::args::{EventsArgs, Format};
use crate::cli::failure::Outcome;
use crate::cli::print::{Ink, padded};
use crate::cli::task;
use crate::client::{Client, ClientFault};
use crate::domain::{Actor, Ledger, SkipReason, TaskId};
use crate::web::{About, is_about};
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
    let task = match &args.task {
        Some(name) => Some(task::resolve(&context.declared()?, name)?),
        None => None,
    };
    let there = super::ask(context, async |client| Ok(client.is_there().await))?;
    if there || args.follow {
        ask(context, async |client| from_daemon(context, args, task.as_ref(), &client).await)?;
    } else {
        from_journal(context, args, task.as_ref())?;
    }
    Ok(Outcome::Done)
}

async fn from_daemon(
    context: &Context,
    args: &EventsArgs,
    task: Option<&TaskId>,
    client: &Client,
) -> anyhow::Result<()> {
    let mut query = EventsQuery { after: args.after, task: task.map(ToString::to_string), wait_seconds: 0 };
    loop {
        let page = match client.events(&query).await {
            Err(ClientFault::NoDaemon { .. } | ClientFault::Lost { .. }) if query.wait_seconds > 0 => {
                context.printer.note("the daemon has stopped");
                return Ok(());
            }
            page => page?,
        };
        for line in &page.lines {
            print(context, args, line.get())?;
        }
        let at_end = page.after == query.after;
        query.after = page.after;
        if at_end && !args.follow {
            return Ok(());
        }
        query.wait_seconds = if at_end { POLL_SECONDS } else { 0 };
    }
}

fn from_journal(context: &Context, args: &EventsArgs, task: Option<&TaskId>) -> anyhow::Result<()> {
    let Some(reader) = journal(context)? else { return Err(super::none_at_all(context)) };
    let about = match task {
        Some(task) => Some(About::of(&Ledger::fold(reader.read(0))?, task.clone())),
        None => None,
    };
    for line in reader.lines(args.after) {
        let line = String::from_utf8(line?.bytes)?;
        if about.as_ref().is_none_or(|about| is_about(&line, about)) {
            print(context, args, &line)?;
        }
    }
    Ok(())
}

fn print(context: &Context, args: &EventsArgs, line: &str) -> anyhow::Result<()> {
    let printer = &context.printer;
    match args.format.format {
        Format::Json => printer.text(&format!("{line}\n"))?,
        Format::Table => {
            let event: Outer = serde_json::from_str(line)?;
            let actor = padded(&event.by.name, ACTOR_COLUMNS);
            let label =
                format!("{:>6}  {}  {actor}", event.position, event.recorded_at.format("%Y-%m-%d %H:%M:%SZ"));
            let kind = printer.ink(Ink::Bold, &padded(&event.kind, TYPE_COLUMNS));
            printer.text(&format!("{label}  {kind}  {}\n", visible(&subject(&event))))?;
        }
    }
    Ok(())
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
        let why =
            event.data.get("why").cloned().and_then(|why| serde_json::from_value::<SkipReason>(why).ok());
        let why = why.map_or("nobody could send in time", skipped);
        return format!("{text}: {why}");
    }
    let text = |key: &str| event.data.get(key).and_then(Value::as_str);
    let about =
        text("assignment").or_else(|| text("occurrence")).map_or_else(|| event.stream.clone(), str::to_owned);
    let more = text("reason").or_else(|| text("reply"));
    more.map_or_else(|| about.clone(), |more| format!("{about}: {more}"))
}
