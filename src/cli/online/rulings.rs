//! What the office rules: extensions, objections, chases, matters, and what waits for it.

use super::mutations::{command, each, shown, target};
use super::{ask, ask_if_there, ledger, today};
use crate::cli::args::{
    AcceptArgs, AssignArgs, ChaseArgs, CloseOutArgs, ExtendArgs, Format, FormatArg, Matter, MatterCommand,
    ReasonArgs, ReclassifyArgs, ReopenArgs, WordsArgs,
};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::print::Column;
use crate::cli::{Context, matter_import, unit, words};
use crate::domain::command::{Command, NewMatter};
use crate::domain::matter::{Matter as Assigned, MatterClass};
use crate::domain::{AssignmentId, LeaderPage, UnitId, command as rules};
use crate::web::lists;
use crate::wire::{ReviewEntry, WaitEntry};

/// `task accept`
pub fn task_accept(context: &Context, args: &AcceptArgs) -> anyhow::Result<Outcome> {
    let claimed = claimed(context)?;
    let mut matters: Vec<Matter> = args
        .names
        .iter()
        .map(|name| Matter { name: name.clone(), period: args.period, unit: args.unit.clone() })
        .collect();
    if args.claimed {
        let claims = claimed.iter().filter(|id| args.unit.as_ref().is_none_or(|unit| *unit == id.unit));
        for id in claims {
            matters.push(Matter {
                name: id.occurrence.to_string().parse().map_err(Failure::refused)?,
                period: None,
                unit: Some(id.unit.clone()),
            });
        }
        if matters.is_empty() {
            context.printer.note("no claim waits for review");
        }
    }
    each(context, &matters, |target| {
        let of = |id: &AssignmentId| {
            id.occurrence.task == target.task
                && target.period.is_none_or(|period| id.occurrence.period == period)
                && target.unit.as_ref().is_none_or(|unit| id.unit == *unit)
        };
        let on_whose_word = if claimed.iter().any(of) {
            ""
        } else {
            ", on the office's own word: its unit has claimed nothing (`duban task reopen` takes that back, and tells the unit)"
        };
        let done = format!("{} is accepted as done{on_whose_word}", shown(&target));
        (Command::Accept { target, done_on: args.on, remark: args.remark.clone() }, done)
    })
}

/// `task extend`
pub fn task_extend(context: &Context, args: &ExtendArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let done = format!("{} has its new date; the unit is told", shown(&target));
    let wish = Command::GrantExtension {
        target,
        new_deadline: args.until,
        approver: args.approver.clone(),
        document_number: args.document.clone(),
    };
    command(context, wish, &done)
}

/// `task refuse-extension`
pub fn task_refuse_extension(context: &Context, args: &ReasonArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let done = format!("the extension of {} is refused; the unit is told", shown(&target));
    command(context, Command::RefuseExtension { target, reason: args.reason.clone() }, &done)
}

/// `task answer`
pub fn task_answer(context: &Context, args: &WordsArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let done = format!("the objection to {} is answered; the unit is told", shown(&target));
    command(context, Command::SettleDispute { target, answer: args.words.clone() }, &done)
}

/// `task chase`
pub fn task_chase(context: &Context, args: &ChaseArgs) -> anyhow::Result<Outcome> {
    let matter = |name: &_| Matter { name: Clone::clone(name), period: None, unit: args.unit.clone() };
    let matters: Vec<Matter> = args.names.iter().map(matter).collect();
    let targets: Result<Vec<_>, _> = matters.iter().map(|matter| target(context, matter)).collect();
    let targets = targets?;
    let names: Vec<String> = targets.iter().map(shown).collect();
    let done = format!("chased, one letter a unit: {}", names.join(", "));
    command(context, Command::Chase { targets, words: args.words.clone() }, &done)
}

/// `task reopen`
pub fn task_reopen(context: &Context, args: &ReopenArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let done = format!("{} is asked for again; the unit is told", shown(&target));
    let wish = Command::Reopen { target, reason: args.reason.clone(), new_deadline: args.until };
    command(context, wish, &done)
}

/// `list leader --send`
pub fn tell_leader(context: &Context, unit: &UnitId, page: LeaderPage) -> anyhow::Result<Outcome> {
    let done = format!(
        "the page to the leader of `{unit}` is written and waits: `duban letter list --held`, then `duban letter release`"
    );
    command(context, Command::TellLeader { unit: unit.clone(), page: Box::new(page) }, &done)
}

/// `unit revoke-links`
pub fn revoke_links(context: &Context, id: &UnitId, reason: &str) -> anyhow::Result<Outcome> {
    unit::known(&context.declared()?.units, id)?;
    let done = format!("no link sent to `{id}` so far opens anything any more");
    command(context, Command::RevokeLinks { unit: id.clone(), reason: reason.to_owned() }, &done)
}

/// `matter …`
pub fn matter(context: &Context, command: &MatterCommand) -> anyhow::Result<Outcome> {
    match command {
        MatterCommand::Assign(args) => assign(context, args),
        MatterCommand::Import(args) => matter_import::import(context, args),
        MatterCommand::Reclassify(args) => reclassify(context, args),
        MatterCommand::CloseOut(args) => close_out(context, args),
    }
}

fn assign(context: &Context, args: &AssignArgs) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    for id in args.lead.iter().chain(&args.cooperate) {
        unit::known(&declared.units, id)?;
    }
    let today = today(context, declared.office.zone)?;
    let assigned = Assigned {
        source: args.source.clone(),
        platform_number: args.number.clone(),
        class: if args.complex { MatterClass::Complex } else { MatterClass::Ordinary },
        assigned_on: args.on.unwrap_or(today),
        days: args.days.into(),
    };
    let working = crate::calendar::WorkingDays::new(declared.working_years.iter().cloned());
    let deadline = args.until.unwrap_or_else(|| assigned.deadline(&working));
    let off = rules::days_off(&working, &assigned, deadline);
    let matter = NewMatter {
        id: args.id.clone(),
        title: args.title.clone(),
        text: args.text.clone(),
        matter: assigned,
        lead: args.lead.clone(),
        cooperate: args.cooperate.clone(),
        until: args.until,
        standard: args.standard.clone(),
    };
    let done = format!("assigned, to be settled by {}; its units are told", words::day(deadline));
    let outcome = command(context, Command::AssignMatter { matter: Box::new(matter) }, &done)?;
    if !off.is_empty() {
        let days: Vec<String> = off.iter().map(ToString::to_string).collect();
        context.printer.note(&format!(
            "its days run on through {} ({}); `--days working` counts working days only",
            words::days_off(off.len()),
            days.join(", "),
        ));
    }
    Ok(outcome)
}

fn reclassify(context: &Context, args: &ReclassifyArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let done = format!("{} has its new class and date", shown(&target));
    let wish = Command::Reclassify {
        target,
        class: args.class.into(),
        until: args.until,
        approver: args.approver.clone(),
        reason: args.reason.clone(),
    };
    command(context, wish, &done)
}

fn close_out(context: &Context, args: &CloseOutArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let done = format!("{} is closed out", shown(&target));
    command(context, Command::CloseOut { target, remark: args.remark.clone() }, &done)
}

/// `task waiting`
pub fn task_waiting(context: &Context, format: FormatArg) -> anyhow::Result<Outcome> {
    let asked = ask_if_there(context, async |client| Ok(client.reviews().await?))?;
    let entries = match asked {
        Some(entries) => entries,
        None => ledger(context)?.map(|ledger| lists::reviews(&ledger)).unwrap_or_default(),
    };
    if format.format == Format::Json {
        context.printer.json(&entries)?;
        return Ok(Outcome::Done);
    }
    let columns = [
        Column::whole("since"),
        Column::wrapping("what", 12),
        Column::whole("due"),
        Column::wrapping("matter", 20),
        Column::wrapping("unit", 8),
        Column::wrapping("says", 20),
        Column::number("files"),
    ];
    let rows: Vec<Vec<String>> = entries
        .iter()
        .flat_map(|entry| entry.waits.iter().map(move |waits| (entry, waits)))
        .map(|(entry, waits)| {
            vec![
                waits.since.to_string(),
                what(waits),
                entry.deadline.map_or_else(|| "–".to_owned(), |day| day.to_string()),
                format!("{}\n{}", entry.title, entry.assignment.occurrence),
                entry.assignment.unit.to_string(),
                waits.says.clone(),
                entry.files.to_string(),
            ]
        })
        .collect();
    let mut text = context.printer.table(&columns, &rows);
    text.push_str(&words::count(rows.len(), "answer"));
    text.push_str(" waiting\n");
    context.printer.text(&text)?;
    Ok(Outcome::Done)
}

/// `claim: done 2021-06-21`, `extension to 2021-07-31`.
fn what(waits: &WaitEntry) -> String {
    match (waits.kind.as_str(), waits.day) {
        ("claim", Some(day)) => format!("claim: done {day}"),
        (kind, Some(day)) => format!("{kind} to {day}"),
        (kind, None) => kind.to_owned(),
    }
}

/// Matters of which a claim waits.
fn claimed(context: &Context) -> anyhow::Result<Vec<AssignmentId>> {
    let claims = |entry: &ReviewEntry| entry.waits.iter().any(|waits| waits.kind == "claim");
    Ok(reviews(context)?.into_iter().filter(claims).map(|entry| entry.assignment).collect())
}

fn reviews(context: &Context) -> anyhow::Result<Vec<ReviewEntry>> {
    ask(context, async |client| Ok(client.reviews().await?))
}
