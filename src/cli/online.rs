//! Commands that speak to the running daemon over the socket in the data directory. Where none
//! runs, lists read the journal, or the plan files where there is no journal either.

mod behalf;
mod events;
mod intake;
mod letters;
mod mutations;
mod proposed;
mod rulings;
mod status;

pub(super) use behalf::hand_over;
pub use behalf::task_record;
pub use events::events;
pub use intake::intake;
pub use letters::letter;
pub(super) use mutations::command;
pub use mutations::{
    assign_all, clock_accept, plan_add, plan_close, plan_import, plan_start, plan_take_over, task_confirm,
    task_pause, task_resume, task_return, task_settle, unit_set,
};
pub use rulings::{
    matter, revoke_links, task_accept, task_answer, task_chase, task_extend, task_refuse_extension,
    task_reopen, task_waiting, tell_leader,
};
pub use status::status;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::args::PreviewArgs;
use super::failure::{Failure, Outcome};
use super::{Context, preview as printed};
use crate::calendar::Zone;
use crate::client::{Client, ClientFault};
use crate::clock::Clock;
use crate::config::{Config, Given};
use crate::domain::adoption::{Declared, DeclaredPlan};
use crate::domain::{Digest, Ledger};
use crate::journal::{Reader, read_archive};
use crate::report::TaskRow;
use crate::schedules::due_to_json;
use crate::web::lists;
use crate::wire::{ClockHeld, Declaration, PlanEntry, PreviewQuery, TaskEntry};

/// What was typed, as configuration.
pub(super) fn given(context: &Context) -> Given {
    let global = &context.global;
    Given {
        config: global.config.clone(),
        data: global.data.clone(),
        schedules: global.schedules.clone(),
        ..Given::default()
    }
}

/// The data directory: typed, or the configuration's.
pub(super) fn data(context: &Context) -> anyhow::Result<PathBuf> {
    match &context.global.data {
        Some(data) => Ok(data.clone()),
        None => Ok(Config::load(given(context))?.data),
    }
}

/// Asks the daemon.
fn ask<T, F>(context: &Context, question: impl FnOnce(Client) -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<T>>,
{
    ask_of(Client::of(&data(context)?), question)
}

fn ask_of<T, F>(client: Client, question: impl FnOnce(Client) -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<T>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(question(client)).map_err(told)
}

/// Asks the daemon where one runs; `None` where none does.
pub(super) fn ask_if_there<T, F>(
    context: &Context,
    question: impl FnOnce(Client) -> F,
) -> anyhow::Result<Option<T>>
where
    F: Future<Output = anyhow::Result<T>>,
{
    if_there(ask(context, question))
}

fn if_there<T>(asked: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match asked {
        Ok(answer) => Ok(Some(answer)),
        Err(fault) if fault.downcast_ref::<NoDaemon>().is_some() => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Nobody listens. Its own type, so that a list can look elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("no daemon is running on {}", .0.display())]
struct NoDaemon(PathBuf);

/// There is neither a daemon nor a journal.
fn none_at_all(context: &Context) -> anyhow::Error {
    let data = data(context).unwrap_or_default();
    Failure::fault(format!("there is no journal in {}, and no daemon runs on it", data.display()))
        .cure("start one with `duban serve`, or name the right directory with `--data DIR`")
        .into()
}

/// A client's fault in the words of the command line.
fn told(fault: anyhow::Error) -> anyhow::Error {
    match fault.downcast::<ClientFault>() {
        Ok(ClientFault::NoDaemon { data }) => {
            let words = format!("no daemon is running on {}", data.display());
            anyhow::Error::new(NoDaemon(data))
                .context(Failure::fault(words).cure("start it with `duban serve`"))
        }
        Ok(ClientFault::NotYours { data }) => {
            Failure::fault(format!("the daemon on {} belongs to another account", data.display()))
                .cure("ask as that account, with `sudo -u …`")
                .into()
        }
        Ok(ClientFault::Problem { problem, .. }) => Failure::refused(problem).into(),
        Ok(lost @ ClientFault::Lost { .. }) => Failure::fault(lost.to_string()).into(),
        Err(other) => other,
    }
}

/// The refusal of a daemon that does not trust its clock.
fn held(held: ClockHeld) -> Failure {
    let ClockHeld { now, last } = held;
    let words = format!("decisions are held: the daemon's clock says {now}, its last event is of {last}");
    Failure::refused(words)
        .cure("set the clock right, or say that it is with `duban clock accept --reason …`")
}

/// The journal, of a stopped daemon or beside a running one.
pub(super) fn reader(context: &Context) -> anyhow::Result<Reader> {
    journal(context)?.ok_or_else(|| none_at_all(context))
}

/// The journal of a stopped daemon; `None` where there is none.
fn journal(context: &Context) -> anyhow::Result<Option<Reader>> {
    let data = data(context)?;
    if !data.join("archive").is_dir() {
        return Ok(None);
    }
    Ok(Some(read_archive(&data)?))
}

/// The ledger of a stopped daemon.
fn ledger(context: &Context) -> anyhow::Result<Option<Ledger>> {
    let Some(reader) = journal(context)? else { return Ok(None) };
    Ok(Some(Ledger::fold(reader.read(0))?))
}

/// What the daemon holds instead of the plan files, or held when it stopped: `None` where there is
/// no data directory.
pub fn declared(context: &Context) -> anyhow::Result<Option<Declared>> {
    let asked = ask_if_there(context, async |client| Ok(client.declared().await?))?;
    let declaration = match asked {
        Some(declaration) => declaration,
        None => ledger(context)?.as_ref().and_then(lists::declared),
    };
    Ok(declaration.map(as_declared))
}

fn as_declared(declaration: Declaration) -> Declared {
    let Declaration { office, ladders, units, working_years, plans } = declaration;
    let plans = plans.into_iter().map(|(file, plan)| DeclaredPlan {
        file,
        digest: Digest::ZERO,
        plan,
        source_text: None,
        change_reasons: BTreeMap::new(),
        change_grounds: BTreeMap::new(),
    });
    Declared { office, ladders, lights: None, units, working_years, plans: plans.collect() }
}

/// The daemon's plans, or those of a stopped one: `None` where there is no data directory.
pub fn plan_entries(context: &Context) -> anyhow::Result<Option<Vec<PlanEntry>>> {
    let asked = ask_if_there(context, async |client| Ok(client.plans().await?))?;
    Ok(match asked {
        Some(entries) => Some(entries),
        None => ledger(context)?.filter(|ledger| ledger.office().is_some()).map(|l| lists::plans(&l)),
    })
}

/// The daemon's tasks as they are, or those of a stopped one: `None` where there is no data directory.
pub fn task_entries(context: &Context) -> anyhow::Result<Option<Vec<TaskEntry>>> {
    let asked = ask_if_there(context, async |client| Ok(client.tasks().await?))?;
    Ok(match asked {
        Some(entries) => Some(entries),
        None => ledger(context)?.filter(|ledger| ledger.office().is_some()).map(|l| lists::tasks(&l)),
    })
}

/// The office's day by the daemon's clock; by this machine's where none runs.
pub(super) fn today(context: &Context, zone: Zone) -> anyhow::Result<NaiveDate> {
    let health = ask_if_there(context, async |client| Ok(client.status().await?))?;
    Ok(zone.date_of(health.map_or_else(|| Clock::Wall.now(), |health| health.now)))
}

/// The daemon's tasks with their states, or those of a stopped one: `None` where there is no data directory.
pub fn task_rows(context: &Context) -> anyhow::Result<Option<Vec<TaskRow>>> {
    let entries = task_entries(context)?;
    let row =
        |entry: TaskEntry| TaskRow::of(&entry.plan, &entry.task, due_to_json(&entry.task.due), entry.state);
    Ok(entries
        .map(|entries| entries.into_iter().filter(|entry| entry.withdrawn.is_none()).map(row).collect()))
}

/// `preview --live`
pub fn preview(context: &Context, args: &PreviewArgs) -> anyhow::Result<Outcome> {
    printed::check_span(args)?;
    let query = PreviewQuery { from: args.from, until: args.until, unit: args.unit.clone() };
    let (rows, units) = ask(context, async |client| {
        Ok((client.preview(&query).await?, client.declared().await?.map(|d| d.units).unwrap_or_default()))
    })?;
    if let Some(id) = &args.unit {
        super::unit::known(&units, id)?;
    }
    printed::print(&context.printer, args.format.format, &rows, &units)?;
    Ok(Outcome::Done)
}

/// Position and fingerprint of the ledger of the daemon that runs on this data directory.
pub fn fingerprint(dir: &Path) -> anyhow::Result<Option<(u64, Digest)>> {
    let client = Client::of(dir);
    let told = if_there(ask_of(client, async |client| Ok(client.fingerprint().await?)))?;
    Ok(told.map(|told| (told.position, told.fingerprint)))
}
