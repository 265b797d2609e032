//! A rehearsal's script: who does what when, act by act, and habits for the rest. Read like a plan
//! file; `docs/rehearse.md` shows the format.

mod deed;

use std::ops::RangeInclusive;
use std::path::Path;

use chrono::{NaiveDate, NaiveTime};

use super::diagnostic::{Diagnostic, line_and_column};
use super::disk::file;
use super::limits::DAYS_MAX;
use super::page::Page;
use super::table::{Field, Kind, Table, did_you_mean};
use super::units::UnitIndex;
use super::{Declared, Source};
use crate::calendar::Period;
use crate::domain::command::Command;
use crate::domain::{ItemAnswer, OccurrenceId, TaskId, UnitId, Via};
use crate::locale::message;

/// When an act happens that names no time.
const USUAL_TIME: NaiveTime = match NaiveTime::from_hms_opt(15, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// What is played.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// single acts, in the order of their instants
    pub acts: Vec<Act>,
    /// what units and office do with matters that no act names
    pub habits: Vec<Habit>,
}

/// Somebody does something.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// its line in the file
    pub line: usize,
    /// the day
    pub on: NaiveDate,
    /// the time of day
    pub at: NaiveTime,
    /// the way in
    pub via: Via,
    /// as the file says it: `done`, `accept` …
    pub word: &'static str,
    /// what
    pub does: Does,
    /// it is expected to be refused
    pub refused: bool,
}

/// What an act does.
#[derive(Debug, Clone, PartialEq)]
pub enum Does {
    /// the office: one command a matter
    Office(Vec<Command>),
    /// a unit: one form
    Unit(Said),
    /// the office drafts the bulletin of this month
    Bulletin(Period),
    /// the office takes the ledger (台账) as it stands
    Ledger,
}

/// What a unit hands in: the same answer to each of these matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// who
    pub unit: UnitId,
    /// about what
    pub matters: Vec<Named>,
    /// the answer
    pub answer: ItemAnswer,
    /// 印证材料
    pub material: Vec<Material>,
    /// the day it was said, where it is recorded later
    pub said_on: Option<NaiveDate>,
}

/// A matter as an act names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// the task
    pub task: TaskId,
    /// the period; the one that is open where left out
    pub period: Option<Period>,
}

/// A file that comes with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// its name
    pub name: String,
    /// the day it was obtained
    pub obtained_on: Option<NaiveDate>,
}

/// What units, or the office, do with every matter that no act names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habit {
    /// its line in the file
    pub line: usize,
    /// whose it is
    pub whose: Whose,
    /// what
    pub answers: Answers,
    /// civil days before or after the day that matters
    pub days: u16,
    /// the way in
    pub via: Via,
}

/// Whose habit it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// of these units
    Units(Vec<UnitId>),
    /// of every unit without habits of its own
    Rest,
    /// of the office
    Office,
}

/// How matters are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answers {
    /// claimed so many days before the deadline
    InTime,
    /// claimed so many days after it
    Late,
    /// not at all
    Never,
    /// each collection, so many days after it is asked for
    Monthly,
    /// the office accepts each claim that has waited so many days
    Accepts,
}

/// Ways in as the file says them.
const WAYS: [(&str, Via); 8] = [
    ("link", Via::Link),
    ("mail", Via::Mail),
    ("paper", Via::Paper),
    ("phone", Via::Phone),
    ("meeting", Via::Meeting),
    ("message", Via::Message),
    ("cli", Via::Cli),
    ("web", Via::Web),
];

const ANSWERS: [(&str, Answers); 5] = [
    ("in-time", Answers::InTime),
    ("late", Answers::Late),
    ("never", Answers::Never),
    ("monthly", Answers::Monthly),
    ("accepts", Answers::Accepts),
];

const DAYS: RangeInclusive<u16> = 0..=DAYS_MAX;

static FILE: Kind =
    Kind { name: "a script", keys: &[("act", "[[act]]"), ("habit", "[[habit]]")], elsewhere: &[] };

static HABIT: Kind = Kind {
    name: "a habit",
    keys: &[
        ("unit", "unit = \"housing\""),
        ("answers", "answers = \"in-time\""),
        ("days", "days = 2"),
        ("via", "via = \"link\""),
    ],
    elsewhere: &[("on", || message("plan-habit-every-day"))],
};

/// A word of the file for a way in.
#[must_use]
pub fn way(via: Via) -> &'static str {
    WAYS.iter().find(|(_, known)| *known == via).map_or("other", |(word, _)| word)
}

/// Reads a script about these plans and units; none where anything is wrong with it.
#[must_use]
pub fn read_script(path: &Path, declared: &Declared) -> (Option<Script>, Vec<Diagnostic>) {
    match file(path) {
        Ok(source) => parse_script(&source, declared),
        Err(fault) => (None, vec![*fault]),
    }
}

/// Reads the text of a script.
#[must_use]
pub fn parse_script(source: &Source, declared: &Declared) -> (Option<Script>, Vec<Diagnostic>) {
    let page = Page::of(source);
    let read = script(&page, &World { declared, units: UnitIndex::of(&declared.units) });
    let script = read.filter(|_| !page.is_broken());
    (script, page.into_faults())
}

/// What a script may name.
struct World<'d> {
    declared: &'d Declared,
    units: UnitIndex,
}

fn script(page: &Page, world: &World<'_>) -> Option<Script> {
    let root = page.root()?;
    let file = Table::of(page, 0..0, root.get_ref(), &FILE);
    let tables = |key: &str, kind| file.get(key).and_then(|field| field.tables(kind)).unwrap_or_default();
    let mut acts: Vec<Act> =
        tables("act", &deed::ACT).iter().filter_map(|table| deed::act(table, world)).collect();
    acts.sort_by_key(|act| (act.on, act.at));
    let habits = tables("habit", &HABIT).iter().filter_map(|table| habits(table, world)).flatten().collect();
    Some(Script { acts, habits })
}

/// The habits of one table: one a word.
fn habits(table: &Table<'_>, world: &World<'_>) -> Option<Vec<Habit>> {
    let whose = table.need("unit").and_then(|field| whose(&field, world));
    let words = table.need("answers").and_then(|field| {
        let words = if field.is_text() { vec![field.clone()] } else { field.list()? };
        words.iter().map(|word| Some((word.word(&ANSWERS)?, word.clone()))).collect::<Option<Vec<_>>>()
    });
    let days = table.optional("days", |field| field.number(&DAYS)).ok()?;
    let via = table.optional("via", |field| field.word(&WAYS)).ok()?;
    let (whose, words) = (whose?, words?);
    let via = via.unwrap_or(if whose == Whose::Office { Via::Cli } else { Via::Link });
    let line = line(table);
    let fits = |(answers, field): &(Answers, Field<'_>)| {
        if (*answers == Answers::Accepts) == (whose == Whose::Office) {
            return Some(());
        }
        field.refuse(field.fault(message("plan-habit-of-other")))
    };
    words.iter().map(fits).collect::<Option<Vec<()>>>()?;
    let habit = |(answers, _): &(Answers, Field<'_>)| Habit {
        line,
        whose: whose.clone(),
        answers: *answers,
        days: days.unwrap_or(usual_days(*answers)),
        via,
    };
    Some(words.iter().map(habit).collect())
}

fn usual_days(answers: Answers) -> u16 {
    match answers {
        Answers::InTime | Answers::Monthly | Answers::Accepts => 2,
        Answers::Late => 5,
        Answers::Never => 0,
    }
}

fn whose(field: &Field<'_>, world: &World<'_>) -> Option<Whose> {
    if !field.is_text() {
        return world.units.units(field).map(Whose::Units);
    }
    match field.text()? {
        "*" => Some(Whose::Rest),
        "office" => Some(Whose::Office),
        _ => world.units.unit(field).map(|unit| Whose::Units(vec![unit])),
    }
}

fn line(table: &Table<'_>) -> usize {
    line_and_column(&table.page.text, table.span.start).0
}

/// The matters that a field names: one, or a list.
fn matters(field: &Field<'_>, world: &World<'_>) -> Option<Vec<Named>> {
    let fields = if field.is_text() { vec![field.clone()] } else { field.list()? };
    fields.iter().map(|field| matter(field, world)).collect()
}

fn matter(field: &Field<'_>, world: &World<'_>) -> Option<Named> {
    let with_period = field.text()?.matches('/').count() > 1;
    let named = if with_period {
        let id: OccurrenceId = field.parsed()?;
        Named { task: id.task, period: Some(id.period) }
    } else {
        Named { task: field.parsed()?, period: None }
    };
    is_known(field, &named.task, world).then_some(named)
}

/// Whether a plan declares the task; matters that the office assigns stand in no file.
fn is_known(field: &Field<'_>, id: &TaskId, world: &World<'_>) -> bool {
    use super::near::nearest;
    use crate::domain::{COLLECTION, matter::MATTERS_PLAN};

    if id.plan.as_str() == MATTERS_PLAN || id.task.as_str() == COLLECTION {
        return true;
    }
    let plans = || world.declared.plans.iter().map(|file| &file.plan);
    let Some(plan) = plans().find(|plan| plan.head.id == id.plan) else {
        let fault = field.fault(message("plan-no-plan").with("plan", &id.plan));
        let right = nearest(id.plan.as_str(), plans().map(|plan| plan.head.id.as_str()));
        field.page.tell(fault.maybe_help(right.map(did_you_mean)));
        return false;
    };
    let known = plan.tasks.iter().any(|task| task.id == id.task);
    if !known {
        let fault = field.fault(message("plan-no-task").with("plan", &id.plan).with("task", &id.task));
        let right = nearest(id.task.as_str(), plan.tasks.iter().map(|task| task.id.as_str()));
        field.page.tell(fault.maybe_help(right.map(did_you_mean)));
    }
    known
}
