//! `import`: the office's present ledger becomes a plan, or is compared with this one.

use std::io::Read as _;
use std::path::Path;

use serde_json::json;

use super::args::{Format, ImportArgs};
use super::failure::{Failure, Outcome};
use super::{Context, import_shown as shown, online, papers, unit, words};
use crate::domain::adoption::Declared;
use crate::domain::{Digest, ImportNote, Plan, PlanId, Unit};
use crate::import::{
    self, Asked, Compared, FILE_BYTES_MAX, Imported, Names, Present, Source, Table, Unreadable,
};
use crate::schedules;
use crate::wire::{PlanEntry, TaskEntry};

/// `import`
pub fn import(context: &Context, args: &ImportArgs) -> anyhow::Result<Outcome> {
    let bytes = bytes(&args.file)?;
    let name = name(&args.file);
    let source = Source { name: &name, bytes: &bytes };
    let table = table(&source, args.sheet.as_deref())?;
    let declared = context.declared()?;
    for (_, id) in &args.units {
        unit::known(&declared.units, id)?;
    }
    if args.compare {
        table.is_unmarked().map_err(|why| unreadable(&name, &why))?;
        return compare(context, args, &table, &declared);
    }
    if let Some(before) = imported_before(context, &source, &table)? {
        return told_before(context, args, &before);
    }
    let imported = import::plan(&source, &table, &declared.units, &asked(args));
    let imported = imported.map_err(|why| unreadable(&name, &why))?;
    let recorded = if args.dry_run { None } else { record(context, args, &imported, &declared.units)? };
    print(context, args, &name, &imported, recorded)?;
    match (&imported.plan, recorded) {
        (_, Some(_)) => Ok(Outcome::Done),
        (Some(_), None) => Ok(Outcome::Done),
        (None, None) if args.dry_run && imported.report.left_out.is_empty() => Ok(Outcome::Done),
        (None, None) => Ok(Outcome::Findings),
    }
}

/// What a file is called in reports.
pub(super) fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The sheet of the file that holds a table.
pub(super) fn table(source: &Source<'_>, sheet: Option<&str>) -> anyhow::Result<Table> {
    let table = import::open(source).and_then(|book| import::table(&book, sheet));
    Ok(table.map_err(|why| unreadable(source.name, &why))?)
}

/// Reads no more than a ledger may have, whatever the file says of its size.
pub(super) fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let fault = |fault: std::io::Error| Failure::fault(format!("can't read {}: {fault}", path.display()));
    let file = std::fs::File::open(path).map_err(fault)?;
    let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(fault)?;
    Ok(bytes)
}

pub(super) fn unreadable(name: &str, why: &Unreadable) -> Failure {
    Failure::refused(format!("{name}: {why}"))
}

fn asked(args: &ImportArgs) -> Asked {
    Asked {
        plan: args.plan.clone(),
        title: args.title.clone(),
        short: args.short.clone(),
        document: args.document.clone(),
        issued_on: args.issued_on,
        year: args.year,
        until: args.until,
        follow: args.follow,
        leave_out: args.leave_out,
        units: args.units.clone(),
    }
}

/// The plan that this very sheet became.
fn imported_before(
    context: &Context,
    source: &Source<'_>,
    table: &Table,
) -> anyhow::Result<Option<PlanEntry>> {
    let digest = Digest::of(source.bytes);
    let same = |note: &ImportNote| note.digest == digest && note.sheet == table.sheet;
    let entries = online::plan_entries(context)?.unwrap_or_default();
    Ok(entries.into_iter().find(|entry| entry.import.as_ref().is_some_and(same)))
}

fn told_before(context: &Context, args: &ImportArgs, before: &PlanEntry) -> anyhow::Result<Outcome> {
    let id = &before.head.id;
    match args.format.format {
        Format::Json => context.printer.json(&json!({
            "imported_before": { "plan": id, "on": before.adopted_on, "import": before.import },
        }))?,
        Format::Table => {
            let tasks = words::count(before.tasks, "task");
            let text = format!(
                "this sheet was imported already, on {}, as plan `{id}` with {tasks}: nothing changes\n",
                before.adopted_on
            );
            context.printer.text(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// Hands the plan to the daemon; nothing where rows stand against it, which the report tells.
fn record(
    context: &Context,
    args: &ImportArgs,
    imported: &Imported,
    units: &[Unit],
) -> anyhow::Result<Option<u64>> {
    if !imported.missing.is_empty() {
        return Err(Failure::fault(format!("an import needs {}", imported.missing.join(", ")))
            .cure("`--dry-run` shows what is understood without them")
            .into());
    }
    let Some((plan, brought)) = &imported.plan else { return Ok(None) };
    sound(plan, units)?;
    let known = online::plan_entries(context)?.unwrap_or_default();
    if let Some(known) = known.iter().find(|entry| Some(&entry.head.id) == args.plan.as_ref()) {
        return Err(exists(&known.head.id).into());
    }
    online::plan_import(context, plan.clone(), brought.clone()).map(Some)
}

fn exists(id: &PlanId) -> Failure {
    Failure::refused(format!("plan `{id}` exists already, from another file"))
        .cure("give another `--plan ID`, or see with `--compare` where the sheet and the ledger differ")
}

/// Holds the plan against every rule of plan files.
fn sound(plan: &Plan, units: &[Unit]) -> Result<(), Failure> {
    let file = schedules::Source { name: "the imported plan".to_owned(), text: schedules::to_toml(plan) };
    let (_, faults) = schedules::parse_plan(&file, units, &[]);
    match faults.iter().find(|fault| fault.is_error()) {
        None => Ok(()),
        Some(fault) => Err(Failure::refused(fault.message.clone()).maybe_cure(fault.help.clone())),
    }
}

fn print(
    context: &Context,
    args: &ImportArgs,
    file: &str,
    imported: &Imported,
    recorded: Option<u64>,
) -> anyhow::Result<()> {
    let printer = &context.printer;
    match args.format.format {
        Format::Json => printer.json(&shown::json(file, imported, recorded)?)?,
        Format::Table => printer.text(&shown::text(printer, args, file, imported, recorded))?,
    }
    Ok(())
}

/// `import --compare`
fn compare(
    context: &Context,
    args: &ImportArgs,
    table: &Table,
    declared: &Declared,
) -> anyhow::Result<Outcome> {
    let entries = online::task_entries(context)?;
    if entries.is_some() && import::is_of_duban(table) {
        return compare_own(context, args, table);
    }
    let names = Names::of(&declared.units, &args.units);
    let mut present: Vec<Present> = match entries {
        Some(entries) => {
            entries.into_iter().filter(|entry| entry.withdrawn.is_none()).map(of_ledger).collect()
        }
        None => declared.plans.iter().flat_map(|file| of_file(&file.plan)).collect(),
    };
    if let Some(plan) = &args.plan {
        present.retain(|task| task.task.plan == *plan);
    }
    show(context, args, &import::compare(table, &present, &names, args.year))
}

/// A sheet that duban wrote, beside what it wrote then: what somebody changed in it, not what came later.
fn compare_own(context: &Context, args: &ImportArgs, table: &Table) -> anyhow::Result<Outcome> {
    let sheet = papers::sheet(context, import::written(table).as_ref())?;
    let bytes = sheet.xlsx()?;
    let mut present = self::table(&Source { name: "ledger.xlsx", bytes: &bytes }, None)?;
    let mut given = table.clone();
    if let Some(plan) = &args.plan {
        import::keep_plan(&mut given, plan);
        import::keep_plan(&mut present, plan);
        if present.rows.is_empty() {
            return Err(Failure::fault(format!("the ledger has no row of `{plan}`"))
                .cure("`duban plan list` shows the plans")
                .into());
        }
    }
    show(context, args, &import::compare_sheets(&given, &present))
}

fn show(context: &Context, args: &ImportArgs, compared: &Compared) -> anyhow::Result<Outcome> {
    match args.format.format {
        Format::Json => context.printer.json(compared)?,
        Format::Table => context.printer.text(&shown::compared(&context.printer, compared))?,
    }
    Ok(if compared.differences.is_empty() { Outcome::Done } else { Outcome::Findings })
}

fn of_ledger(entry: TaskEntry) -> Present {
    let deadlines = entry.occurrences.iter().filter_map(|occurrence| occurrence.deadline).collect();
    let is_done = matches!(entry.state.as_str(), "accepted" | "closed-out" | "done-before-import");
    Present { deadlines, is_done, imported: entry.imported, ..of_task(&entry.plan, entry.task) }
}

fn of_file(plan: &Plan) -> impl Iterator<Item = Present> + '_ {
    plan.tasks.iter().map(|task| of_task(&plan.head.id, task.clone()))
}

fn of_task(plan: &PlanId, task: crate::domain::Task) -> Present {
    Present {
        task: crate::domain::TaskId { plan: plan.clone(), task: task.id },
        title: task.title,
        text: task.text,
        lead: task.lead,
        cooperate: task.cooperate,
        is_done: matches!(task.due, crate::domain::Due::Done(_)),
        due: task.due,
        deadlines: Vec::new(),
        standard: task.standard,
        imported: None,
    }
}
