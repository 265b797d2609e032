//! What changes something: asked of the daemon, recorded under the account that asks.

use super::{ask, held};
use crate::cli::Context;
use crate::cli::args::{
    ConfirmArgs, Matter, Owner, PauseArgs, PlanAddArgs, PlanCloseArgs, ReturnArgs, SettleArgs, TakeOverArgs,
    UnitSetArgs,
};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::{files, task, unit};
use crate::domain::command::{Command, NewMatter, Target};
use crate::domain::{Due, Import, Plan, PlanId, Unit, Via};
use crate::schedules;
use crate::web::BODY_BYTES_MAX;
use crate::wire::{Answer, Leader, LeaderRequest};

/// Longest command that the daemon reads, less what stands around it.
const COMMAND_BYTES_MAX: usize = BODY_BYTES_MAX - 4096;

/// Asks for it; what was done is said in a line.
pub fn command(context: &Context, command: Command, done: &str) -> anyhow::Result<Outcome> {
    let answer = ask(context, async |client| Ok(client.command(Via::Cli, command).await?))?;
    answered(context, answer, done)
}

pub(super) fn answered(context: &Context, answer: Answer, done: &str) -> anyhow::Result<Outcome> {
    match answer {
        Answer::Done { position } => {
            context.printer.text(&format!("{done} (event {position})\n"))?;
            Ok(Outcome::Done)
        }
        Answer::Refused { why } => Err(Failure::refused(why).into()),
        Answer::ClockHeld(clock) => Err(held(clock).into()),
    }
}

/// Which matter is meant; names are looked up in what the daemon holds.
pub(super) fn target(context: &Context, matter: &Matter) -> anyhow::Result<Target> {
    let declared = context.declared()?;
    if let Some(id) = &matter.unit {
        unit::known(&declared.units, id)?;
    }
    let task = task::resolve(&declared, &matter.name.task)?;
    let period = match (matter.name.period, matter.period) {
        (Some(typed), Some(other)) if typed != other => {
            let what = format!("`{task}/{typed}` and `--period {other}` are two periods");
            return Err(Failure::refused(what).cure("name one").into());
        }
        (typed, other) => typed.or(other),
    };
    Ok(Target { task, period, unit: matter.unit.clone() })
}

pub(super) fn shown(target: &Target) -> String {
    let period = target.period.map(|period| format!("/{period}")).unwrap_or_default();
    let unit = target.unit.as_ref().map(|unit| format!(" of {unit}")).unwrap_or_default();
    format!("{}{period}{unit}", target.task)
}

/// Asks for one command a matter: all names are looked up first, and one that is refused holds up
/// none of the others.
pub(super) fn each(
    context: &Context,
    matters: &[Matter],
    wish: impl Fn(Target) -> (Command, String),
) -> anyhow::Result<Outcome> {
    let targets: Result<Vec<Target>, _> = matters.iter().map(|matter| target(context, matter)).collect();
    let targets = targets?;
    let alone = targets.len() == 1;
    let mut outcome = Outcome::Done;
    for target in targets {
        let (wanted, done) = wish(target);
        match command(context, wanted, &done) {
            Ok(_) => {}
            Err(fault) if !alone && fault.downcast_ref::<Failure>().is_some_and(Failure::is_refusal) => {
                context.printer.warn(&fault.to_string());
                outcome = Outcome::Findings;
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(outcome)
}

/// `plan add`
pub fn plan_add(context: &Context, args: &PlanAddArgs) -> anyhow::Result<Outcome> {
    let units = context.declared()?.units;
    let (plan, faults) = schedules::read_plan(&args.file, &units);
    for fault in faults.iter().filter(|fault| !fault.is_error()) {
        context.printer.warn(&files::placed(fault));
    }
    let broken = faults.iter().find(|fault| fault.is_error());
    match (plan, broken) {
        (Some(file), None) => {
            let done = format!("plan `{}` is followed from now on; the office owns it", file.plan.head.id);
            command(context, Command::AddPlan { plan: Box::new(file.plan), import: None }, &done)
        }
        (_, broken) => {
            let words =
                broken.map_or_else(|| format!("{} holds no plan", args.file.display()), files::placed);
            let cure = format!("`duban check {}` shows all faults", args.file.display());
            Err(Failure::refused(words).cure(cure).into())
        }
    }
}

/// `import`: the position of the last event of it.
pub fn plan_import(context: &Context, plan: Plan, brought: Import) -> anyhow::Result<u64> {
    let command = Command::AddPlan { plan: Box::new(plan), import: Some(Box::new(brought)) };
    fits(&command, "import it as two plans, half of the rows each")?;
    match ask(context, async |client| Ok(client.command(Via::File, command).await?))? {
        Answer::Done { position } => Ok(position),
        Answer::Refused { why } => Err(Failure::refused(why)
            .cure("`duban import FILE --compare` shows where the sheet and the ledger differ")
            .into()),
        Answer::ClockHeld(clock) => Err(held(clock).into()),
    }
}

/// `matter import`: the position of the last event of it.
pub fn assign_all(context: &Context, matters: Vec<NewMatter>) -> anyhow::Result<u64> {
    let command = Command::AssignMatters { matters };
    fits(&command, "import it as two lists, half of the rows each")?;
    match ask(context, async |client| Ok(client.command(Via::File, command).await?))? {
        Answer::Done { position } => Ok(position),
        Answer::Refused { why } => Err(Failure::refused(why).into()),
        Answer::ClockHeld(clock) => Err(held(clock).into()),
    }
}

/// Whether the daemon reads a command of that length.
fn fits(command: &Command, cure: &str) -> anyhow::Result<()> {
    let bytes = serde_json::to_vec(command)?.len();
    if bytes <= COMMAND_BYTES_MAX {
        return Ok(());
    }
    let what = format!("the texts are too long for one command: {bytes} bytes, at most {COMMAND_BYTES_MAX}");
    Err(Failure::refused(what).cure(cure).into())
}

/// `plan take-over`
pub fn plan_take_over(context: &Context, args: &TakeOverArgs) -> anyhow::Result<Outcome> {
    let (plan, reason) = (args.plan.clone(), args.reason.clone());
    let owner = match args.by {
        Owner::Office => "the office; its file no longer changes it",
        Owner::File => "its file",
    };
    let done = format!("plan `{plan}` belongs to {owner}");
    command(context, Command::TakeOver { plan, owner: args.by.into(), reason }, &done)
}

/// `plan start`
pub fn plan_start(context: &Context, plan: &PlanId) -> anyhow::Result<Outcome> {
    let done = format!("plan `{plan}` is followed from today; its units are told");
    command(context, Command::StartPlan { plan: plan.clone() }, &done)
}

/// `plan close`
pub fn plan_close(context: &Context, args: &PlanCloseArgs) -> anyhow::Result<Outcome> {
    let (plan, reason) = (args.plan.clone(), args.reason.clone());
    let done = format!("plan `{plan}` is closed: no more reminders of it");
    command(context, Command::ClosePlan { plan, reason }, &done)
}

/// `task return`
pub fn task_return(context: &Context, args: &ReturnArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let done = format!("{} is sent back", shown(&target));
    let wish = Command::Return { target, reason: args.reason.clone(), new_deadline: args.new_deadline };
    command(context, wish, &done)
}

/// `task pause`
pub fn task_pause(context: &Context, args: &PauseArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let done = format!("{} is not chased until it is resumed", shown(&target));
    command(context, Command::Pause { target, reason: args.reason.clone() }, &done)
}

/// `task resume`
pub fn task_resume(context: &Context, matter: &Matter) -> anyhow::Result<Outcome> {
    let target = target(context, matter)?;
    let done = format!("{} is chased again", shown(&target));
    command(context, Command::Resume { target }, &done)
}

/// `task settle`
pub fn task_settle(context: &Context, args: &SettleArgs) -> anyhow::Result<Outcome> {
    let task = task::resolve(&context.declared()?, &args.task)?;
    let due = match (args.by, &args.due) {
        (Some(day), _) => Due::By(day),
        (None, Some(text)) => schedules::parse_due(text).map_err(|fault| {
            let words = format!("--due, column {}: {}", fault.column, fault.message);
            Failure::refused(words).maybe_cure(fault.help.clone())
        })?,
        (None, None) => return Err(Failure::fault("give `--by DAY` or `--due DUE`").into()),
    };
    let done = format!("{task} has its date");
    command(context, Command::Settle { task, due, ground: args.ground.clone() }, &done)
}

/// `task confirm`
pub fn task_confirm(context: &Context, args: &ConfirmArgs) -> anyhow::Result<Outcome> {
    let declared = context.declared()?;
    for id in &args.lead {
        unit::known(&declared.units, id)?;
    }
    // All names first: a wrong one must not leave half of them done.
    let tasks: Result<Vec<_>, _> = args.tasks.iter().map(|name| task::resolve(&declared, name)).collect();
    for task in tasks? {
        let done = format!("the lead of {task} is confirmed");
        command(context, Command::Confirm { task, lead: args.lead.clone() }, &done)?;
    }
    Ok(Outcome::Done)
}

/// `unit set`
pub fn unit_set(context: &Context, args: &UnitSetArgs) -> anyhow::Result<Outcome> {
    let known = ask(context, async |client| Ok(client.units().await?))?;
    let units: Vec<Unit> = known.into_iter().map(|entry| entry.unit).collect();
    let old = unit::known(&units, &args.unit)?;
    for member in args.members.iter().flatten() {
        unit::known(&units, member)?;
    }
    let new = Unit {
        name: args.name.clone().unwrap_or_else(|| old.name.clone()),
        short: args.short.clone().unwrap_or_else(|| old.short.clone()),
        mailbox: args.mailbox.clone().or_else(|| old.mailbox.clone()),
        members: args.members.clone().unwrap_or_else(|| old.members.clone()),
        muted: (old.muted || args.mute) && !args.unmute,
        ..old.clone()
    };
    if new != *old {
        let done = format!("unit `{}` is changed; its file no longer changes it", args.unit);
        command(context, Command::SetUnit { unit: new }, &done)?;
    }
    if args.mailbox_works {
        let unit = args.unit.clone();
        let done =
            format!("the mailbox of `{unit}` counts as working; `duban letter resend` sends what came back");
        command(context, Command::MailboxWorks { unit }, &done)?;
    }
    let leader = match (&args.leader_name, &args.leader_mailbox) {
        (Some(name), Some(address)) => {
            let post = args.leader_post.clone().unwrap_or_default();
            Some(Some(Leader { name: name.clone(), post, address: address.clone() }))
        }
        _ if args.no_leader => Some(None),
        _ => None,
    };
    if let Some(leader) = leader {
        let done = match &leader {
            Some(_) => {
                format!("the leader of `{}` is set; letters to a county leader wait for release", args.unit)
            }
            None => format!("the leader of `{}` is forgotten", args.unit),
        };
        let request = uuid::Uuid::new_v4().to_string();
        let asked = LeaderRequest { request, unit: args.unit.clone(), via: Via::Cli, leader };
        let answer = ask(context, async |client| Ok(client.leader(&asked).await?))?;
        return answered(context, answer, &done);
    }
    Ok(Outcome::Done)
}

/// `clock accept`
pub fn clock_accept(context: &Context, reason: &str) -> anyhow::Result<Outcome> {
    let wish = Command::AcceptClock { reason: reason.to_owned() };
    command(context, wish, "the present clock counts; decisions go on")
}
