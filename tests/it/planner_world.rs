//! A small office for planner tests: three units, plans as text, a clock that is set, a disk in memory.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test takes one answer only")]

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use duban::audit::{Ending, begin_again, ends};
use duban::domain::adoption::Finding;
use duban::domain::command::{Command, Refusal, Target};
use duban::domain::light::{self, Light};
use duban::domain::{
    Actor, ActorKind, AnswerItem, Answers, Assignment, Draft, Envelope, ItemAnswer, LetterId, Outcome,
    Recipient, StageKey, TaskId, Unit, UnitId, Via,
};
use duban::journal::{Disk, FaultyDisk, Journal, Options};
use duban::planner::{Answer, Effect, Handled, Input, Person, Planner, PlannerFault};
use duban::schedules::{self, Declared, Source};

pub const OFFICE: &str = r#"
[office]
name = "县政府办公室"
zone = "Asia/Shanghai"
sending_hour = "09:00"
working_days = "cn"
from = "duban@duban.example"
reply_to = "ducha@duban.example"
contact = "督查室"
phone = "0356-0000000"
supervision_unit = "inspection"
"#;

/// A unit file of these units; one that begins with `!` has no mailbox.
fn units(ids: &[&str]) -> String {
    let unit = |id: &&str| {
        let (id, mailbox) = match id.strip_prefix('!') {
            Some(id) => (id, String::new()),
            None => (*id, format!("mailbox = \"{id}@duban.example\"\n")),
        };
        format!(
            "[[unit]]\nid = \"{id}\"\nname = \"{id}\"\nshort = \"{id}\"\nkind = \"bureau\"\n{mailbox}sort_key = \"{id}\"\n\n"
        )
    };
    ids.iter().map(unit).collect()
}

/// A plan named `p`; `tasks` are lines `id | lead | due`, a fourth column goes into the task as it is.
pub fn plan(tasks: &str) -> String {
    plan_of("p", "2021-01-01", "2022-12-31", "", tasks)
}

/// A plan with its head's dates and whatever else stands in it.
pub fn plan_of(id: &str, from: &str, until: &str, head: &str, tasks: &str) -> String {
    let mut text = format!(
        "[plan]\nid = \"{id}\"\ntitle = \"计划{id}\"\nshort = \"{id}\"\nissued_on = {from}\nin_force = {{ from = {from}, until = {until} }}\n{head}\n"
    );
    for line in tasks.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut cells = line.split('|').map(str::trim);
        let mut cell = || cells.next().unwrap_or_default();
        let (task, lead, due, more) = (cell(), cell(), cell(), cell());
        let leads: Vec<String> = lead.split(',').map(|unit| format!("\"{}\"", unit.trim())).collect();
        let _ = write!(
            text,
            "[[task]]\nid = \"{task}\"\ntitle = \"{task}\"\ntext = \"{task}\"\ncite = [\"doc:1\"]\nlead = [{}]\n{}due = {{ {due} }}\n{}\n",
            leads.join(", "),
            if more.contains("lead_basis") { "" } else { "lead_basis = \"office\"\n" },
            more.replace(';', "\n"),
        );
    }
    text
}

/// What files of this text declare: office, the units, the calendar of 2021, the plans.
pub fn declared(unit_ids: &[&str], plans: &[String]) -> Declared {
    let shipped = schedules::embedded_sources();
    let keep = |name: &str| name == "ladders.toml" || name.starts_with("workdays/");
    let mut sources: Vec<Source> = shipped.into_iter().filter(|source| keep(&source.name)).collect();
    let mut add = |name: String, text: String| sources.push(Source { name, text });
    add("office.toml".to_owned(), OFFICE.to_owned());
    add("units.toml".to_owned(), units(unit_ids));
    for (number, text) in plans.iter().enumerate() {
        add(format!("plan{number}.toml"), text.clone());
    }
    let read = schedules::parse(&sources);
    let faults: Vec<String> =
        read.diagnostics.iter().filter(|fault| fault.is_error()).map(|fault| format!("{fault}")).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{plans:#?}");
    read.declared.expect("no faults")
}

/// An instant of Shanghai, `2021-05-24 09:00`.
pub fn at(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    (local - chrono::TimeDelta::hours(8)).and_utc()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The world of one planner.
pub struct World {
    pub disk: FaultyDisk,
    pub planner: Option<Planner>,
    pub now: DateTime<Utc>,
    /// what becomes of the next letters handed over; accepted after them
    pub outcomes: VecDeque<Outcome>,
    /// every letter handed over
    pub sent: Vec<Envelope>,
    /// every letter written
    pub written: Vec<Draft>,
}

impl World {
    /// At this instant, with an empty journal.
    pub fn at(text: &str) -> Self {
        let mut world = Self {
            disk: FaultyDisk::new(1),
            planner: None,
            now: at(text),
            outcomes: VecDeque::new(),
            sent: Vec::new(),
            written: Vec::new(),
        };
        world.start();
        world
    }

    /// With these tasks of plan `p` and units `a`, `b` and `inspection` declared at once.
    pub fn with(text: &str, tasks: &str) -> Self {
        let mut world = Self::at(text);
        world.declare(&[plan(tasks)]);
        world
    }

    pub fn start(&mut self) {
        let options = Options {
            disk: Disk::Faulty(self.disk.clone()),
            store: false,
            journal_id: Some(uuid::Uuid::nil()),
            ..Options::default()
        };
        let (journal, _) = Journal::open(Path::new("/data"), options, self.now).unwrap();
        self.planner = Some(Planner::open(journal, self.now).unwrap());
    }

    /// Loses power, starts again.
    pub fn crash(&mut self) {
        self.planner = None;
        self.disk.crash();
        self.start();
    }

    pub fn planner(&mut self) -> &mut Planner {
        self.planner.as_mut().unwrap()
    }

    pub fn set(&mut self, text: &str) {
        self.now = at(text);
    }

    /// One input, every letter handed over and its outcome told.
    pub fn give(&mut self, input: Input) -> Answer {
        self.try_give(input).unwrap()
    }

    pub fn try_give(&mut self, input: Input) -> Result<Answer, PlannerFault> {
        let now = self.now;
        let Handled { effects, answer } = self.planner().handle(input, now)?;
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Queued { draft, .. } => self.written.push(*draft),
                Effect::Send(envelope) => {
                    let letter = envelope.letter;
                    self.sent.push(envelope);
                    let taken = || Outcome::Accepted("taken".to_owned());
                    let outcome = self.outcomes.pop_front().unwrap_or_else(taken);
                    effects.extend(self.planner().handle(Input::Outcome { letter, outcome }, now)?.effects);
                }
            }
        }
        Ok(answer)
    }

    pub fn declare(&mut self, plans: &[String]) -> Vec<Finding> {
        self.declare_with(&["a", "b", "inspection"], plans)
    }

    pub fn declare_with(&mut self, unit_ids: &[&str], plans: &[String]) -> Vec<Finding> {
        match self.give(Input::Declared(Box::new(declared(unit_ids, plans)))) {
            Answer::Declared(findings) => findings,
            other => panic!("{other:?}"),
        }
    }

    /// Wakes at an instant.
    pub fn wake(&mut self, text: &str) {
        self.set(text);
        self.give(Input::Wake);
    }

    /// Wakes at 09:00 of every day up to and including this one.
    pub fn days_until(&mut self, text: &str) {
        let until = at(&format!("{text} 09:00"));
        while self.now < until {
            let next = (self.now + chrono::TimeDelta::hours(8)).date_naive();
            let hour = at(&format!("{next} 09:00"));
            self.now = if hour > self.now { hour } else { hour + chrono::TimeDelta::days(1) };
            self.give(Input::Wake);
        }
    }

    pub fn command(&mut self, command: Command) -> Answer {
        self.request(command, None)
    }

    pub fn request(&mut self, command: Command, request: Option<&str>) -> Answer {
        self.give(Input::Command {
            command: Box::new(command),
            by: admin(),
            request: request.map(str::to_owned),
        })
    }

    /// A command that must be taken.
    pub fn done(&mut self, command: Command) {
        let answer = self.command(command);
        assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    }

    /// What a unit hands in by its link; one answer a task, of the one period open.
    pub fn answer(&mut self, unit: &str, items: &[(&str, ItemAnswer)]) -> Answer {
        let answers = Self::form(unit, items);
        let command = Box::new(Command::Answer { answers: Box::new(answers) });
        let by = Actor { kind: ActorKind::Unit, name: unit.to_owned(), via: Via::Link };
        self.give(Input::Command { command, by, request: None })
    }

    pub fn form(unit: &str, items: &[(&str, ItemAnswer)]) -> Answers {
        let unit: UnitId = unit.parse().unwrap();
        let item = |(id, answer): &(&str, ItemAnswer)| {
            let (task, period) = id.split_once('/').unwrap_or((id, "once"));
            let assignment = format!("p/{task}/{period}/{unit}").parse().unwrap();
            AnswerItem { assignment, answer: answer.clone(), evidence: Vec::new() }
        };
        let items = items.iter().map(item).collect();
        Answers {
            unit,
            letter: None,
            person: None,
            becomes_contact: false,
            note: None,
            scan: None,
            said_on: None,
            items,
        }
    }

    /// One assignment of plan `p` as the ledger has it, `task` or `task/period`.
    pub fn assignment(&mut self, id: &str, unit: &str) -> Assignment {
        let (task, period) = id.split_once('/').unwrap_or((id, "once"));
        let id = format!("p/{task}/{period}/{unit}").parse().unwrap();
        let ledger = self.planner().ledger();
        let ledger = ledger.read();
        ledger.assignment(ledger.slot_of(&id).unwrap()).unwrap().clone()
    }

    /// The light of an assignment on a day.
    pub fn light(&mut self, id: &str, unit: &str, on: &str) -> Light {
        let assignment = self.assignment(id, unit);
        let ledger = self.planner().ledger();
        light::light(&ledger.read(), &assignment, day(on))
    }

    pub fn refused(&mut self, command: Command) -> Refusal {
        match self.command(command) {
            Answer::Refused(refusal) => refusal,
            other => panic!("{other:?}"),
        }
    }

    pub fn set_leader(&mut self, unit: &str, address: Option<&str>) -> Answer {
        let person = address.map(|address| Person {
            salt: String::new(),
            name: "王某".to_owned(),
            post: "副县长".to_owned(),
            address: address.to_owned(),
            phone: String::new(),
        });
        self.give(Input::SetLeader { unit: unit.parse().unwrap(), person, by: admin(), request: None })
    }

    /// The unit as the ledger knows it.
    pub fn unit(&mut self, id: &str) -> Unit {
        let id: UnitId = id.parse().unwrap();
        let ledger = self.planner().ledger();
        let unit = ledger.read().unit(&id).map(|state| Unit::clone(&state.unit));
        unit.unwrap()
    }

    /// The letters written on a day, each as `recipient: points`.
    pub fn letters_on(&self, text: &str) -> Vec<String> {
        self.written.iter().filter(|draft| draft.day == day(text)).map(shown).collect()
    }

    /// All letters, each as `day recipient: points`.
    pub fn letters(&self) -> Vec<String> {
        self.written.iter().map(|draft| format!("{} {}", draft.day, shown(draft))).collect()
    }

    /// How each stage ended, by its key.
    pub fn endings(&mut self) -> BTreeMap<StageKey, Vec<Ending>> {
        let mut all: BTreeMap<StageKey, Vec<Ending>> = BTreeMap::new();
        for recorded in self.planner().journal().read(0) {
            let recorded = recorded.unwrap();
            for key in begin_again(&recorded.event) {
                all.remove(key);
            }
            for (key, ending) in ends(&recorded.event) {
                all.entry(key.clone()).or_default().push(ending);
            }
        }
        all
    }

    /// How one stage ended; it must have ended once or not at all.
    pub fn ending(&mut self, key: &str) -> Option<Ending> {
        let ends = self.endings().remove(&key.parse().unwrap()).unwrap_or_default();
        assert!(ends.len() < 2, "{key} ended {ends:?}");
        ends.first().copied()
    }

    /// Names of the events recorded after a position.
    pub fn events_after(&mut self, position: u64) -> Vec<String> {
        let name = |event: &duban::domain::Event| {
            let json = serde_json::to_value(event).unwrap();
            json["type"].as_str().unwrap().to_owned()
        };
        self.planner().journal().read(position).map(|recorded| name(&recorded.unwrap().event)).collect()
    }

    pub fn head(&mut self) -> u64 {
        self.planner().journal().head().position
    }

    /// How long all stored lines are.
    pub fn stored_bytes(&mut self) -> u64 {
        let lines = self.planner().journal().lines(0);
        lines.map(|line| line.unwrap().bytes.len() as u64).sum()
    }

    /// The ledger is what the journal folds to, and no stage ended twice.
    pub fn check(&mut self) {
        let ledger = duban::domain::Ledger::fold(self.planner().journal().read(0)).unwrap();
        assert!(*self.planner().ledger().read() == ledger, "the fold differs");
        let twice: Vec<_> = self.endings().into_iter().filter(|(_, ends)| ends.len() > 1).collect();
        assert!(twice.is_empty(), "{twice:#?}");
    }
}

/// `recipient: task/period stage, …`, merged ones in brackets, carried ones after `+`, late ones with `*`.
pub fn shown(draft: &Draft) -> String {
    let name = |key: &StageKey| {
        let id = &key.assignment.occurrence;
        format!("{}/{} {}", id.task.task, id.period, key.stage)
    };
    let mut points: Vec<String> = draft
        .items
        .iter()
        .map(|item| {
            let late = if item.late_since.is_some() { "*" } else { "" };
            let of = if matches!(&draft.to, Recipient::Unit(unit) if *unit == item.unit) {
                String::new()
            } else {
                format!("{}: ", item.unit)
            };
            format!("{of}{}{late}", name(&item.key))
        })
        .collect();
    points.extend(draft.merged.iter().map(|merged| format!("({})", name(&merged.key))));
    points.extend(draft.carried.iter().map(|item| format!("+{}", name(&item.key))));
    let to = match &draft.to {
        Recipient::Unit(unit) => unit.to_string(),
        Recipient::LeaderOf(unit) => format!("leader of {unit}"),
        Recipient::Office => "office".to_owned(),
    };
    format!("{to}: {}", points.join(", "))
}

pub fn admin() -> Actor {
    Actor { kind: ActorKind::Admin, name: "admin".to_owned(), via: Via::Cli }
}

pub fn task(id: &str) -> TaskId {
    format!("p/{id}").parse().unwrap()
}

pub fn target(id: &str) -> Target {
    Target { task: task(id), period: None, unit: None }
}

pub fn letter(id: &str) -> LetterId {
    id.parse().unwrap()
}
