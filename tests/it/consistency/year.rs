//! A rehearsed year in which units answer in every way and the office rules in every way, looked at each evening
//! and whenever a letter left.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{fs, iter};

use chrono::{Datelike as _, NaiveDate, NaiveTime, Weekday};
use duban::domain::adoption::Declared;
use duban::domain::command::Command;
use duban::domain::{
    AnswerItem, Answers, AssignmentId, Due, ItemAnswer, Ledger, OccurrenceId, Plan, State, Unit, UnitId,
};
use duban::planner::Input;
use duban::schedules::script::{Act, Does, Named, Said, Script, parse_script};
use duban::schedules::{self, Source};

use super::compare::{Contradiction, Field, Surface};
use super::county::{County, form};
use super::planted::Plant;
use super::{Look, Watch, looked_at, rewritten};

const FROM: (i32, u32, u32) = (2021, 3, 1);
const UNTIL: (i32, u32, u32) = (2022, 2, 28);
/// When units report to a collection by habit: two days after it was asked.
const REPORTERS: [&str; 3] = ["energy", "water", "east"];

/// What came of the year.
pub struct Played {
    pub contradictions: Vec<Contradiction>,
    /// planted contradictions, each as it was found first
    pub found: BTreeMap<Plant, Contradiction>,
    /// answers and rulings that were taken, by their name in the script
    pub taken: BTreeSet<String>,
    /// what the script did not expect
    pub surprises: Vec<String>,
    /// days of which `audit as-of` said something else at the end
    pub rewritten: Vec<NaiveDate>,
    pub days: usize,
    pub letters: usize,
    pub said: usize,
    /// which surface spoke of what
    pub heard: BTreeSet<(Field, Surface)>,
}

/// The year, played once for all tests.
pub fn played() -> &'static Played {
    static PLAYED: OnceLock<Played> = OnceLock::new();
    PLAYED.get_or_init(play)
}

fn day((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts/year").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap()
}

/// What the files say on a day: a plan of the office's own from June on, changed dates and leads in August.
pub fn declared(day: NaiveDate) -> Declared {
    let keep = |name: &str| matches!(name, "ladders.toml" | "lights.toml") || name.starts_with("workdays/");
    let mut sources: Vec<Source> =
        schedules::embedded_sources().into_iter().filter(|source| keep(&source.name)).collect();
    let mut air = text("air.toml");
    if day >= NaiveDate::from_ymd_opt(2021, 8, 10).unwrap() {
        air = air
            .replace("due = { by = 2021-09-15 }", "due = { by = 2021-11-15 }\nreason = \"方案须重新论证\"");
        air = air.replace(
            "lead = [\"police\"]\nlead_basis = \"office\"\ndue = { by = 2021-12-10 }",
            "lead = [\"env\"]\nlead_basis = \"office\"\ndue = { by = 2021-12-10 }",
        );
    }
    let mut add = |name: &str, text: String| sources.push(Source { name: name.to_owned(), text });
    add("office.toml", text("office.toml"));
    add("units.toml", text("units.toml"));
    add("air.toml", air);
    add("river.toml", text("river.toml"));
    if day >= NaiveDate::from_ymd_opt(2021, 6, 15).unwrap() {
        add("annual.toml", text("annual.toml"));
    }
    let read = schedules::parse(&sources);
    let faults: Vec<String> =
        read.diagnostics.iter().filter(|fault| fault.is_error()).map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    read.declared.unwrap()
}

/// The first day of the year.
pub fn first_day() -> NaiveDate {
    day(FROM)
}

/// One more plan of the office's own, as it would be added on a day.
pub fn own_plan(today: NaiveDate) -> Plan {
    let annual = declared(day(UNTIL)).plans.into_iter().find(|file| file.plan.head.id.as_str() == "annual");
    let mut plan = annual.unwrap().plan;
    let number = today.ordinal();
    plan.head.id = format!("own-{number}").parse().unwrap();
    plan.head.short = format!("自立{number}事项");
    plan.head.issued_on = today;
    plan.head.in_force.from = today;
    for task in &mut plan.tasks {
        task.title = format!("自立{number}{}", task.title);
    }
    plan
}

fn script() -> Script {
    let source = Source { name: "script.toml".to_owned(), text: text("script.toml") };
    let (script, faults) = parse_script(&source, &declared(day(UNTIL)));
    assert!(faults.is_empty(), "{faults:#?}");
    script.unwrap()
}

fn time(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
}

fn play() -> Played {
    let script = script();
    let mut played = Played {
        contradictions: Vec::new(),
        found: BTreeMap::new(),
        taken: BTreeSet::new(),
        surprises: Vec::new(),
        rewritten: Vec::new(),
        days: 0,
        letters: 0,
        said: 0,
        heard: BTreeSet::new(),
    };
    let mut county = County::at(day(FROM).and_time(time(0)).and_utc());
    let mut watch = Watch::default();
    let mut acts = script.acts.iter().peekable();
    for today in day(FROM).iter_days().take_while(|today| *today <= day(UNTIL)) {
        county.set(today, time(9));
        morning(&mut county, today);
        played.look(&mut watch, &mut county, false);
        while let Some(act) = acts.next_if(|act| act.on <= today) {
            county.set(today, act.at);
            act_out(act, &mut county, &mut played);
            played.look(&mut watch, &mut county, false);
        }
        if today.day() == 27 {
            report(&mut county, today);
            played.look(&mut watch, &mut county, false);
        }
        others(&mut county, &mut watch, today);
        played.look(&mut watch, &mut county, false);
        county.set(today, time(20));
        played.look(&mut watch, &mut county, true);
        played.days += 1;
    }
    played.rewritten = rewritten(&watch, &county);
    played
}

impl Played {
    fn look(&mut self, watch: &mut Watch, county: &mut County, evening: bool) {
        let day = county.today();
        let rendered = evening && (day.weekday() == Weekday::Mon || day.succ_opt().unwrap().day() == 1);
        let looked = looked_at(watch, county, Look { evening, rendered }, Some(&mut self.found));
        self.letters += looked.letters;
        self.said += looked.said;
        self.heard.extend(looked.heard);
        self.contradictions.extend(looked.contradictions);
    }
}

/// What comes by the clock and by the files.
fn morning(county: &mut County, today: NaiveDate) {
    let changes = [day(FROM), day((2021, 6, 15)), day((2021, 8, 10))];
    if changes.contains(&today) {
        county.give(Input::Declared(Box::new(declared(today))));
    } else {
        county.give(Input::Wake);
    }
    if today == day(FROM) {
        for (unit, name) in [("env", "王某"), ("energy", "李某"), ("water", "赵某"), ("transport", "孙某")]
        {
            county.set_leader(unit, name);
        }
    }
}

/// What no script can name: members of a collective, a date settled, a plan closed.
fn others(county: &mut County, watch: &mut Watch, today: NaiveDate) {
    let command = match (today.year(), today.month(), today.day()) {
        (2021, 8, 16) => {
            let id: UnitId = "companies".parse().unwrap();
            let known = county.ledger().unit(&id).map(|state| Unit::clone(&state.unit)).unwrap();
            let members = ["mill", "foundry"].map(|id| id.parse().unwrap()).into();
            Command::SetUnit { unit: Unit { members, ..known } }
        }
        (2021, 9, 20) => Command::Settle {
            task: "air/boilers".parse().unwrap(),
            due: Due::By(day((2021, 12, 25))),
            ground: "阳政办函〔2021〕15号".to_owned(),
        },
        (2021, 11, 22) => {
            Command::ClosePlan { plan: "river".parse().unwrap(), reason: "并入下年度计划".to_owned() }
        }
        _ => return,
    };
    county.set(today, time(17));
    let closes = matches!(command, Command::ClosePlan { .. });
    if closes {
        watch.closing(&county.ledger());
    }
    county.command(command).unwrap();
}

/// Reports to the month's collection, the first with words, then without change.
fn report(county: &mut County, today: NaiveDate) {
    county.set(today, time(16));
    for unit in REPORTERS {
        let unit: UnitId = unit.parse().unwrap();
        let asked: Vec<(String, bool)> = {
            let ledger = county.ledger();
            let open = ledger.open_of(&unit).map(|(_, one)| one).filter(|one| {
                !one.occurrence.is_collection() && !matches!(one.state, State::Claimed | State::Paused)
            });
            let known = |one: &duban::domain::Assignment| {
                one.record.as_deref().is_some_and(|record| record.progress.is_some())
            };
            open.map(|one| (one.id().to_string(), known(one))).collect()
        };
        for (id, known) in asked {
            let words = ItemAnswer::Progress {
                text: format!("{}月按计划推进", today.month()),
                problem: None,
                next_steps: Some("继续推进".to_owned()),
            };
            let answer = if known { ItemAnswer::Unchanged } else { words };
            county.answer(form(&id, answer)).unwrap();
        }
    }
}

fn act_out(act: &Act, county: &mut County, played: &mut Played) {
    let results: Vec<Result<(), String>> = match &act.does {
        Does::Office(commands) => commands.iter().map(|command| county.command(command.clone())).collect(),
        Does::Unit(said) => iter::once(answers(said, county).and_then(|form| county.answer(form))).collect(),
        Does::Bulletin(_) | Does::Ledger => Vec::new(),
    };
    for result in results {
        match (result, act.refused) {
            (Ok(()), false) => {
                played.taken.insert(act.word.to_owned());
            }
            (Err(_), true) => {}
            (Ok(()), true) => played.surprises.push(format!("line {}: {} was taken", act.line, act.word)),
            (Err(why), false) => played.surprises.push(format!("line {}: {}: {why}", act.line, act.word)),
        }
    }
}

fn answers(said: &Said, county: &County) -> Result<Answers, String> {
    let ledger = county.ledger();
    let item = |named: &Named| {
        let id = open_of(&ledger, &said.unit, named).ok_or(format!("{} is not open", named.task))?;
        Ok(AnswerItem { assignment: id, answer: said.answer.clone(), evidence: Vec::new() })
    };
    let items: Result<Vec<AnswerItem>, String> = said.matters.iter().map(item).collect();
    Ok(Answers {
        unit: said.unit.clone(),
        letter: None,
        person: None,
        becomes_contact: false,
        note: None,
        scan: None,
        said_on: said.said_on,
        items: items?,
    })
}

/// The latest period of a task that is open for the unit.
fn open_of(ledger: &Ledger, unit: &UnitId, named: &Named) -> Option<AssignmentId> {
    let open = ledger.open_of(unit).map(|(_, one)| one).filter(|one| one.occurrence.task == named.task);
    let of_period = open.filter(|one| named.period.is_none_or(|period| one.occurrence.period == period));
    let latest = of_period.max_by_key(|one| one.course.opens)?;
    let occurrence = OccurrenceId { task: named.task.clone(), period: latest.occurrence.period };
    Some(AssignmentId { occurrence, unit: unit.clone() })
}
