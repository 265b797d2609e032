//! The office's present ledger (.xlsx, .csv) as a plan with its history, or compared with this one; a list of matters
//! (13710) as matters to assign.

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::matters::DaysCounted;
use super::paper::Paper;
use super::plans::PlanEntry;
use super::tasks::TaskEntry;
use super::typed::{day, unit_name};
use super::{Act, Caller, Needs, Office, Refused, UseCase, plans, tasks};
use crate::audit::{self, AsOf};
use crate::domain::command::{Command, NewMatter};
use crate::domain::matter::MATTERS_PLAN;
use crate::domain::{
    Digest, Due, ImportNote, Ledger, Plan, PlanId, PlanState, Task, TaskId, Unit, UnitId, Via,
};
use crate::import::{
    self, Asked, AskedMatters, Compared, FILE_BYTES_MAX, Imported, Matters, Names, Present, Source, Table,
    Unreadable, Written,
};
use crate::locale::{Value, message, texts};
use crate::matter::is_over;
use crate::report::sheet::{Sheet, journal_mark};
use crate::schedules;

/// Longest request with a sheet in it, in bytes.
pub(super) const BODY_BYTES_MAX: usize = FILE_BYTES_MAX / 2 * 3;

/// What any sheet is read with.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Which sheet [default: the only one that holds a table]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The year of dates that are written without one [default: that of the plan's issue]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1990..2100))]
    pub year: Option<i32>,
    /// Which unit a name of the sheet is; may be given several times
    #[arg(long = "unit", value_name = "NAME=ID", value_parser = unit_name)]
    #[serde(default)]
    pub units: Vec<(String, UnitId)>,
    /// Take the rows that are understood, and leave the others out
    #[arg(long)]
    #[serde(default)]
    pub leave_out: bool,
}

/// How an old ledger is read.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// What any sheet is read with
    #[command(flatten)]
    #[serde(default)]
    pub reading: Reading,
    /// Id of the plan that it becomes
    #[arg(long, value_name = "ID")]
    pub plan: Option<PlanId>,
    /// The plan's title [default: the line above the column names]
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// What letters call it [default: its title]
    #[arg(long, value_name = "NAME")]
    pub short: Option<String>,
    /// 文号 [default: the sheet's, where every row names the same]
    #[arg(long, value_name = "NUMBER")]
    pub document: Option<String>,
    /// The day it was issued
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub issued_on: Option<NaiveDate>,
    /// Last day the plan is in force [default: the end of the year, or its last deadline]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// Follow the plan from today [default: it is set up, and `duban plan start` starts it]
    #[arg(long)]
    #[serde(default)]
    pub follow: bool,
}

/// `import`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// how it is read
    pub options: Options,
    /// the file
    pub file: Paper,
    /// record nothing
    #[serde(default)]
    pub dry_run: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// this very sheet became that plan before: nothing changes
    Before(Box<PlanEntry>),
    /// what was read, and where it was recorded
    Read {
        /// what was read
        imported: Box<Imported>,
        /// position of the last event of it
        recorded: Option<u64>,
    },
}

impl UseCase for Import {
    type Answer = Outcome;
    const NAME: &'static str = "plan/import";
    const ACT: Act = Act::Plan;
    const NEEDS: Needs = Needs::Plans;
    const BODY_BYTES_MAX: usize = BODY_BYTES_MAX;

    fn act(&self) -> Act {
        if self.dry_run { Act::Read } else { Self::ACT }
    }

    fn answer(self, office: &Office, caller: &Caller) -> Result<Outcome, Refused> {
        let (source, table) = opened(&self.file, self.options.reading.sheet.as_deref())?;
        let units = known_units(&office.ledger(), &self.options.reading.units)?;
        if let Some(before) = imported_before(&office.ledger(), &source, &table) {
            return Ok(Outcome::Before(Box::new(before)));
        }
        let imported = import::plan(&source, &table, &units, &self.options.asked());
        let imported = Box::new(imported.map_err(|why| unreadable(&source, &why))?);
        let recorded =
            if self.dry_run { None } else { record(office, caller, &self.options, &imported, &units)? };
        Ok(Outcome::Read { imported, recorded })
    }
}

impl Options {
    fn asked(&self) -> Asked {
        Asked {
            plan: self.plan.clone(),
            title: self.title.clone(),
            short: self.short.clone(),
            document: self.document.clone(),
            issued_on: self.issued_on,
            year: self.reading.year,
            until: self.until,
            follow: self.follow,
            leave_out: self.reading.leave_out,
            units: self.reading.units.clone(),
        }
    }
}

/// The file, and its sheet that holds a table.
fn opened<'f>(file: &'f Paper, sheet: Option<&str>) -> Result<(Source<'f>, Table), Refused> {
    let source = Source { name: &file.name, bytes: &file.bytes.0 };
    let table = table(&source, sheet)?;
    Ok((source, table))
}

fn table(source: &Source<'_>, sheet: Option<&str>) -> Result<Table, Refused> {
    let table = import::open(source).and_then(|book| import::table(&book, sheet));
    table.map_err(|why| unreadable(source, &why))
}

pub(super) fn unreadable(source: &Source<'_>, why: &Unreadable) -> Refused {
    Refused::decided(message("sheet-unreadable").with("file", source.name).within("why", why.message()))
}

/// All units; those that the sheet's names are said to be must be among them.
fn known_units(ledger: &Ledger, named: &[(String, UnitId)]) -> Result<Vec<Unit>, Refused> {
    for (_, id) in named {
        super::names::unit(ledger, &id.clone().into())?;
    }
    Ok(ledger.units().map(|state| (*state.unit).clone()).collect())
}

/// The plan that this very sheet became.
fn imported_before(ledger: &Ledger, source: &Source<'_>, table: &Table) -> Option<PlanEntry> {
    let digest = Digest::of(source.bytes);
    let same = |note: &ImportNote| note.digest == digest && note.sheet == table.sheet;
    plans::entries(ledger).into_iter().find(|entry| entry.import.as_ref().is_some_and(same))
}

/// Hands the plan to the planner; nothing where rows stand against it, which the report tells.
fn record(
    office: &Office,
    caller: &Caller,
    options: &Options,
    imported: &Imported,
    units: &[Unit],
) -> Result<Option<u64>, Refused> {
    if !imported.missing.is_empty() {
        let why = message("sheet-needs").put("what", Value::All(texts(&imported.missing)));
        return Err(Refused::wrong(why).cure(message("cure-sheet-dry-run")));
    }
    let Some((plan, brought)) = &imported.plan else { return Ok(None) };
    sound(plan, units)?;
    if let Some(known) = options.plan.as_ref().filter(|id| office.ledger().plan(id).is_some()) {
        let why = message("sheet-plan-exists").with("plan", known);
        return Err(Refused::decided(why).cure(message("cure-sheet-other-plan")));
    }
    let command = Command::AddPlan { plan: Box::new(plan.clone()), import: Some(Box::new(brought.clone())) };
    let deed = office.command_as(&caller.via(Via::File), caller.request(0), command, String::new());
    let helped = |refused: Refused| match refused.cure {
        Some(_) => refused,
        None => refused.cure(message("cure-sheet-compare")),
    };
    Ok(Some(deed.map_err(helped)?.position))
}

/// Holds the plan against every rule of plan files.
fn sound(plan: &Plan, units: &[Unit]) -> Result<(), Refused> {
    let file = schedules::Source { name: "the imported plan".to_owned(), text: schedules::to_toml(plan) };
    let (_, faults) = schedules::parse_plan(&file, units, &[]);
    match faults.iter().find(|fault| fault.is_error()) {
        None => Ok(()),
        Some(fault) => {
            let why = message("plan-file-fault").within("why", fault.what.clone());
            Err(Refused::decided(why).maybe_cure(fault.help.clone()))
        }
    }
}

/// `import --compare`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// how it is read
    pub options: Options,
    /// the file
    pub file: Paper,
}

impl UseCase for Compare {
    type Answer = Compared;
    const NAME: &'static str = "plan/compare";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;
    const BODY_BYTES_MAX: usize = BODY_BYTES_MAX;

    fn answer(self, office: &Office, _: &Caller) -> Result<Compared, Refused> {
        let (source, table) = opened(&self.file, self.options.reading.sheet.as_deref())?;
        let units = known_units(&office.ledger(), &self.options.reading.units)?;
        table.is_unmarked().map_err(|why| unreadable(&source, &why))?;
        let plan = self.options.plan.as_ref();
        if office.has() > Needs::Plans && import::is_of_duban(&table) {
            return compare_own(office, plan, &table);
        }
        let names = Names::of(&units, &self.options.reading.units);
        let entries = tasks::entries(&office.ledger()).into_iter();
        let mut present: Vec<Present> =
            entries.filter(|entry| entry.withdrawn.is_none()).map(of_entry).collect();
        if let Some(plan) = plan {
            present.retain(|task| task.task.plan == *plan);
        }
        Ok(import::compare(&table, &present, &names, self.options.reading.year))
    }
}

/// A sheet that duban wrote, beside what it wrote then: what somebody changed in it, not what came later.
fn compare_own(office: &Office, plan: Option<&PlanId>, given: &Table) -> Result<Compared, Refused> {
    let bytes = as_written(office, given)?.xlsx()?;
    let mut present = table(&Source { name: "ledger.xlsx", bytes: &bytes }, None)?;
    let mut given = given.clone();
    if let Some(plan) = plan {
        import::keep_plan(&mut given, plan);
        import::keep_plan(&mut present, plan);
        if present.rows.is_empty() {
            return Err(
                Refused::wrong(message("sheet-no-row").with("plan", plan)).cure(message("cure-plan-list"))
            );
        }
    }
    Ok(import::compare_sheets(&given, &present))
}

/// The ledger's rows as the sheet had them when it was written; the present ones where it doesn't say when.
fn as_written(office: &Office, given: &Table) -> Result<Sheet, Refused> {
    let written = import::written(given);
    let (ledger, day) = match &written {
        None => office.known(None)?,
        Some(written) => (ledger_of(office, written)?, written.on),
    };
    // Once every sheet held the plans that are over and none said so: their rows tell.
    let with_closed = written.is_some_and(|written| written.with_closed)
        || ledger.plans().any(|(id, plan)| is_over(plan) && import::names_plan(given, id));
    Ok(office.sheet(&ledger, day, with_closed))
}

fn ledger_of(office: &Office, written: &Written) -> Result<Ledger, Refused> {
    let Written { on, journal, position, .. } = written;
    let ledger = audit::as_of(office.events(0)?, AsOf::Position(*position))?;
    let own = journal_mark(&ledger);
    let known = ledger.head() == *position && ledger.last_at().is_some_and(|at| ledger.day_of(at) <= *on);
    if *journal == own && known {
        return Ok(ledger);
    }
    let why = message("sheet-foreign").with("position", position).with("journal", journal);
    let why = why.with("on", on).with("own", &own);
    Err(Refused::decided(why).cure(message("cure-sheet-foreign")))
}

fn of_entry(entry: TaskEntry) -> Present {
    let done_on_file = matches!(entry.task.due, Due::Done(_));
    let deadlines = entry.occurrences.iter().filter_map(|occurrence| occurrence.deadline).collect();
    Present {
        deadlines,
        is_done: done_on_file
            || matches!(entry.state.as_str(), "accepted" | "closed-out" | "done-before-import"),
        imported: entry.imported,
        task: TaskId { plan: entry.plan, task: entry.task.id },
        title: entry.task.title,
        text: entry.task.text,
        lead: entry.task.lead,
        cooperate: entry.task.cooperate,
        due: entry.task.due,
        standard: entry.task.standard,
    }
}

/// How a list of matters is read.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatterOptions {
    /// What any sheet is read with
    #[command(flatten)]
    #[serde(default)]
    pub reading: Reading,
    /// Where the matters come from, for rows that don't say it
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// The day of deployment of rows that name none [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// How days are counted where a row doesn't say it
    #[arg(long, value_name = "DAYS", value_enum, default_value_t)]
    #[serde(default)]
    pub days: DaysCounted,
    /// Show what would be assigned; record nothing
    #[arg(long)]
    #[serde(default)]
    pub dry_run: bool,
}

/// `matter import`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportMatters {
    /// how it is read
    pub options: MatterOptions,
    /// the file
    pub file: Paper,
}

/// What was read, and where it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MattersImported {
    /// what was read
    pub read: Matters,
    /// no row stands against it
    pub stands: bool,
    /// position of the last event of it
    pub recorded: Option<u64>,
}

impl UseCase for ImportMatters {
    type Answer = MattersImported;
    const NAME: &'static str = "matter/import";
    const ACT: Act = Act::Assign;
    const NEEDS: Needs = Needs::Plans;
    const BODY_BYTES_MAX: usize = BODY_BYTES_MAX;

    fn act(&self) -> Act {
        if self.options.dry_run { Act::Read } else { Self::ACT }
    }

    fn answer(self, office: &Office, caller: &Caller) -> Result<MattersImported, Refused> {
        let Self { options, file } = self;
        let (source, table) = opened(&file, options.reading.sheet.as_deref())?;
        let asked = AskedMatters {
            today: office.today(),
            on: options.on,
            year: options.reading.year,
            source: options.source,
            days: options.days.into(),
            units: options.reading.units,
        };
        let read = {
            let ledger = office.ledger();
            let units = known_units(&ledger, &asked.units)?;
            let read = import::matters(&table, &units, ledger.working(), &assigned(&ledger), &asked);
            read.map_err(|why| unreadable(&source, &why))?
        };
        let stands = read.report.left_out.is_empty() || options.reading.leave_out;
        let matters: Vec<NewMatter> = read.rows.iter().map(|row| row.matter.clone()).collect();
        let recorded = if options.dry_run || !stands || matters.is_empty() {
            None
        } else {
            let (by, command) = (caller.via(Via::File), Command::AssignMatters { matters });
            Some(office.command_as(&by, caller.request(0), command, String::new())?.position)
        };
        Ok(MattersImported { read, stands, recorded })
    }
}

/// The matters that the ledger has.
fn assigned(ledger: &Ledger) -> Vec<(TaskId, Task)> {
    let plan = ledger.plans().find(|(id, _)| id.as_str() == MATTERS_PLAN);
    let tasks = plan.into_iter().flat_map(|(id, plan)| PlanState::tasks(plan).map(move |state| (id, state)));
    let there = tasks.filter(|(_, state)| state.withdrawn.is_none());
    there
        .map(|(plan, state)| {
            (TaskId { plan: plan.clone(), task: state.task.id.clone() }, Task::clone(&state.task))
        })
        .collect()
}
