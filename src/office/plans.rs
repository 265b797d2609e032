//! Plans: listed, shown, added, handed over, started, closed; their tasks get dates and leads.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::typed::{TaskName, UnitName, day};
use super::{Act, Caller, Done, Needs, Office, Refused, UseCase, forecast, names};
use crate::calendar::WorkingYear;
use crate::domain::command::Command;
use crate::domain::{
    Due, ImportNote, Ladders, Ledger, Office as Settings, Plan, PlanHead, PlanId, PlanOwner, PlanState, Unit,
};
use crate::locale::message;
use crate::matter::counted;
use crate::report::{Row, preview};
use crate::schedules::{self, Diagnostic, Source};

/// `plan list`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {}

impl UseCase for List {
    type Answer = Vec<PlanEntry>;
    const NAME: &'static str = "plan/list";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<PlanEntry>, Refused> {
        Ok(entries(&office.ledger()))
    }
}

/// What plan files would say, had they been written from the ledger; `None` before the office is known.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {}

impl UseCase for Declared {
    type Answer = Option<Declaration>;
    const NAME: &'static str = "plan/declared";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Option<Declaration>, Refused> {
        Ok(declared(&office.ledger()))
    }
}

/// `plan show`, `plan export`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct Show {
    /// The plan's id
    pub plan: PlanId,
}

/// A plan as its file would say it, and the file's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// the file; empty where the office owns it
    pub file: String,
    /// the plan
    pub plan: Plan,
}

impl UseCase for Show {
    type Answer = Shown;
    const NAME: &'static str = "plan/show";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Shown, Refused> {
        let ledger = office.ledger();
        let (file, plan) = as_file(names::plan(&ledger, &self.plan)?);
        Ok(Shown { file, plan })
    }
}

/// `plan add`: a plan that the office owns, from a file that is read once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {
    /// the file, under the path it was asked for
    pub file: Source,
    /// the documents beside it, whose clauses it cites
    #[serde(default)]
    pub documents: Vec<Source>,
}

impl UseCase for Add {
    type Answer = Done;
    const NAME: &'static str = "plan/add";
    const ACT: Act = Act::Plan;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let (plan, faults) = read(&office.ledger(), &self.file, &self.documents)?;
        let what = message("done-plan-added").with("plan", &plan.head.id);
        let command = Command::AddPlan { plan: Box::new(plan), import: None };
        let done = Done::from(office.command(caller, 0, command, what)?);
        let note = |fault: &Diagnostic| caller.told(&message("note-plan-file").within("why", fault.placed()));
        Ok(faults.iter().map(note).fold(done, Done::note))
    }
}

/// A plan as its file says it, held against every rule of plan files; with what else is to be said of it.
fn read(ledger: &Ledger, file: &Source, documents: &[Source]) -> Result<(Plan, Vec<Diagnostic>), Refused> {
    let units: Vec<_> = ledger.units().map(|state| (*state.unit).clone()).collect();
    let (plan, faults) = schedules::parse_plan(file, &units, documents);
    match (plan, faults.iter().find(|fault| fault.is_error())) {
        (Some(read), None) => Ok((read.plan, faults)),
        (_, broken) => {
            let why = match broken {
                None => message("plan-file-empty").with("file", &file.name),
                Some(fault) => message("plan-file-fault").within("why", fault.placed()),
            };
            Err(Refused::decided(why).cure(message("cure-check").with("file", &file.name)))
        }
    }
}

/// `plan new`: what a plan of the office's own begins with.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {}

/// The office's day, and an id that no plan has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// today
    pub today: NaiveDate,
    /// proposed for the plan
    pub id: PlanId,
}

impl UseCase for Begin {
    type Answer = Begun;
    const NAME: &'static str = "plan/begin";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Begun, Refused> {
        let today = office.today();
        let ledger = office.ledger();
        let base = format!("office-{}", today.year());
        let numbered = (2..=ledger.plans().count() + 2).map(|number| format!("{base}-{number}"));
        let mut ways = std::iter::once(base.clone()).chain(numbered).flat_map(|id| PlanId::parse(&id));
        let id = ways.find(|id| ledger.plan(id).is_none());
        Ok(Begun { today, id: id.ok_or_else(|| Refused::fault(message("no-plan").with("plan", &base)))? })
    }
}

/// `plan new`: the letters to come of a plan, if it were added now.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foretell {
    /// its file
    pub file: Source,
    /// last day of letters
    pub until: NaiveDate,
}

impl UseCase for Foretell {
    type Answer = Vec<Row>;
    const NAME: &'static str = "plan/foretell";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<Row>, Refused> {
        forecast::span(office.today(), self.until)?;
        let ledger = office.ledger().clone();
        let (plan, _) = read(&ledger, &self.file, &[])?;
        let letters = preview::with_plan(ledger, &plan, office.now(), self.until)?;
        let of_plan = |row: &Row| row.occurrence.split('/').next() == Some(plan.head.id.as_str());
        office.foretold(letters, of_plan)
    }
}

/// `plan take-over`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    /// The plan's id
    pub plan: PlanId,
    /// Who owns it from now on
    #[arg(long, value_name = "OWNER", value_enum)]
    pub by: Owner,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Who owns a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// The office: command line, console, API
    Office,
    /// Its plan file
    File,
}

impl From<Owner> for PlanOwner {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Office => Self::Office,
            Owner::File => Self::File,
        }
    }
}

impl UseCase for TakeOver {
    type Answer = Done;
    const NAME: &'static str = "plan/take-over";
    const ACT: Act = Act::Plan;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { plan, by, reason } = self;
        let what = match by {
            Owner::Office => message("done-plan-to-office").with("plan", &plan),
            Owner::File => message("done-plan-to-file").with("plan", &plan),
        };
        Ok(office.command(caller, 0, Command::TakeOver { plan, owner: by.into(), reason }, what)?.into())
    }
}

/// `plan start`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// The plan's id
    pub plan: PlanId,
}

impl UseCase for Start {
    type Answer = Done;
    const NAME: &'static str = "plan/start";
    const ACT: Act = Act::Plan;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let what = message("done-plan-started").with("plan", &self.plan);
        Ok(office.command(caller, 0, Command::StartPlan { plan: self.plan }, what)?.into())
    }
}

/// `plan close`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// The plan's id
    pub plan: PlanId,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

impl UseCase for Close {
    type Answer = Done;
    const NAME: &'static str = "plan/close";
    const ACT: Act = Act::Plan;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { plan, reason } = self;
        let what = message("done-plan-closed").with("plan", &plan);
        Ok(office.command(caller, 0, Command::ClosePlan { plan, reason }, what)?.into())
    }
}

/// `task settle`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[command(group = clap::ArgGroup::new("date").required(true).args(["by", "due"]))]
pub struct Settle {
    /// `plan/task`, or `task` where one plan only has it
    pub task: TaskName,
    /// A deadline, that day included
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub by: Option<NaiveDate>,
    /// Any other shape, as a plan file writes `due`
    #[arg(long, value_name = "DUE")]
    pub due: Option<String>,
    /// The paper that sets the date
    #[arg(long, value_name = "TEXT")]
    pub ground: String,
}

impl UseCase for Settle {
    type Answer = Done;
    const NAME: &'static str = "task/settle";
    const ACT: Act = Act::Plan;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let task = names::task(&office.ledger(), &self.task)?;
        let due = match (self.by, &self.due) {
            (Some(day), _) => Due::By(day),
            (None, Some(text)) => schedules::parse_due(text).map_err(|fault| {
                let why = message("due-fault").with("column", &fault.column).within("why", fault.what);
                Refused::decided(why).maybe_cure(fault.help)
            })?,
            (None, None) => return Err(Refused::wrong(message("due-needed"))),
        };
        let what = message("done-settled").with("task", &task);
        Ok(office.command(caller, 0, Command::Settle { task, due, ground: self.ground }, what)?.into())
    }
}

/// `task move`: 时限调整
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveDeadline {
    /// `plan/task`, or `task` where one plan only has it
    pub task: TaskName,
    /// Its new date, that day included
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: NaiveDate,
    /// Why; its units read it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The paper that moves it
    #[arg(long, value_name = "TEXT")]
    pub ground: Option<String>,
}

impl UseCase for MoveDeadline {
    type Answer = Done;
    const NAME: &'static str = "task/move";
    const ACT: Act = Act::Plan;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { task, until, reason, ground } = self;
        let task = names::task(&office.ledger(), &task)?;
        if let Some(file) = file_of(&office.ledger(), &task.plan) {
            return Err(Refused::decided(message("plan-of-file").with("plan", &task.plan))
                .cure(message("cure-date-in-file").with("file", &file)));
        }
        let what = message("done-moved").with("task", &task).with("until", &until);
        let command = Command::MoveDeadline { task, until, reason, ground };
        Ok(office.command(caller, 0, command, what)?.into())
    }
}

/// The file that owns a plan.
fn file_of(ledger: &Ledger, plan: &PlanId) -> Option<String> {
    let plan = ledger.plan(plan).filter(|plan| plan.owner == PlanOwner::File)?;
    plan.file.as_ref().map(|(file, _)| file.clone())
}

/// `task confirm`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// `plan/task`, or `task` where one plan only has it; several at once may be given
    #[arg(required = true, value_name = "TASK")]
    pub tasks: Vec<TaskName>,
    /// The right lead, where the assumed one is wrong; may be given more than once
    #[arg(long, value_name = "UNIT")]
    #[serde(default)]
    pub lead: Vec<UnitName>,
}

impl UseCase for Confirm {
    type Answer = Done;
    const NAME: &'static str = "task/confirm";
    const ACT: Act = Act::Plan;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        // All names first: a wrong one must not leave half of them done.
        let (tasks, lead) = {
            let ledger = office.ledger();
            let tasks = self.tasks.iter().map(|name| names::task(&ledger, name));
            (tasks.collect::<Result<Vec<_>, _>>()?, names::units(&ledger, &self.lead)?)
        };
        let mut done = Done::default();
        for (nth, task) in tasks.into_iter().enumerate() {
            let what = message("done-confirmed").with("task", &task);
            let command = Command::Confirm { task, lead: lead.clone() };
            done.deeds.push(office.command(caller, nth, command, what)?);
        }
        Ok(done)
    }
}

/// One of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanEntry {
    /// as it is now
    pub head: PlanHead,
    /// who may change it
    pub owner: PlanOwner,
    /// the day of adoption
    pub adopted_on: NaiveDate,
    /// taken in quietly: every deadline was past
    pub quiet: bool,
    /// why it was closed
    pub closed: Option<String>,
    /// its file, where it has one
    pub file: Option<String>,
    /// the old ledger that it was read from, where it was imported
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportNote>,
    /// tasks not withdrawn
    pub tasks: usize,
    /// matters open now (在办), as papers count them: a matter once for each unit that answers for it
    pub open: usize,
}

/// What plan files would say, had they been written from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// the office
    pub office: Settings,
    /// ladders in force
    pub ladders: Ladders,
    /// units, by id
    pub units: Vec<Unit>,
    /// working days
    pub working_years: Vec<WorkingYear>,
    /// plans that are not withdrawn, each with its file's name
    pub plans: Vec<(String, Plan)>,
}

/// What plan files would say, had they been written from the ledger.
#[must_use]
pub fn declared(ledger: &Ledger) -> Option<Declaration> {
    let office = ledger.office()?;
    Some(Declaration {
        office: (**office).clone(),
        ladders: (**ledger.ladders()).clone(),
        units: ledger.units().map(|state| (*state.unit).clone()).collect(),
        working_years: ledger.working_years().cloned().collect(),
        plans: ledger.plans().map(|(_, state)| as_file(state)).collect(),
    })
}

/// A plan as its file would say it, with the file's name.
fn as_file(plan: &PlanState) -> (String, Plan) {
    let tasks = plan.tasks().filter(|task| task.withdrawn.is_none());
    let tasks = tasks.map(|task| (*task.task).clone()).collect();
    let file = plan.file.as_ref().map(|(file, _)| file.clone()).unwrap_or_default();
    (file, Plan { head: (*plan.head).clone(), tasks })
}

/// All plans, by id.
#[must_use]
pub fn entries(ledger: &Ledger) -> Vec<PlanEntry> {
    let day = ledger.last_at().map_or(NaiveDate::MIN, |at| ledger.day_of(at));
    let mut open: BTreeMap<&PlanId, usize> = BTreeMap::new();
    for matter in counted(ledger, day).iter().filter(|matter| matter.state().is_open()) {
        *open.entry(&matter.assignment().occurrence.task.plan).or_default() += 1;
    }
    ledger
        .plans()
        .map(|(id, plan)| PlanEntry {
            head: (*plan.head).clone(),
            owner: plan.owner,
            adopted_on: plan.adopted_on,
            quiet: plan.quiet,
            closed: plan.closed.clone(),
            file: plan.file.as_ref().map(|(file, _)| file.clone()).filter(|file| !file.is_empty()),
            import: plan.import.as_deref().cloned(),
            tasks: plan.tasks().filter(|task| task.withdrawn.is_none()).count(),
            open: open.get(id).copied().unwrap_or_default(),
        })
        .collect()
}
