//! Seeds of the simulator: its plans, its changes of files, its chance, and on top units that answer and an office
//! that rules whatever comes to their minds. Most of it is refused; what is taken must be told alike everywhere.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use duban::domain::adoption::Declared;
use duban::domain::command::{Command, Target};
use duban::domain::{Assignment, ItemAnswer, LadderName, Unit};
use duban::planner::Input;

use super::compare::Contradiction;
use super::county::{County, form};
use super::{Watch, looked_at};
use crate::simulator_plans::{Rng, UNITS, first_day, later, mutate, random_declared, random_lead};

const SEEDS: u64 = 50;
/// Days of a run.
const DAYS: u64 = 60;
/// Chance that files change in the morning, in a hundred.
const FILES_CHANGE: u64 = 8;
/// Acts tried a day, at most.
const ACTS_MAX: u64 = 4;

/// What came of some seeds.
#[derive(Default)]
pub struct Chanced {
    pub contradictions: Vec<Contradiction>,
    pub days: usize,
    pub answers: usize,
}

/// All seeds, on two threads.
pub fn fifty() -> Chanced {
    let half = |odd: u64| {
        let seeds = (1..=SEEDS).filter(move |seed| seed % 2 == odd);
        seeds.map(run).fold(Chanced::default(), Chanced::with)
    };
    std::thread::scope(|scope| {
        let odd = scope.spawn(|| half(1));
        half(0).with(odd.join().unwrap())
    })
}

impl Chanced {
    fn with(mut self, other: Self) -> Self {
        self.contradictions.extend(other.contradictions);
        self.days += other.days;
        self.answers += other.answers;
        self
    }
}

/// Files of which no title stands twice: a reader must know which matter is meant.
fn named(mut declared: Declared) -> Declared {
    for file in &mut declared.plans {
        for task in &mut file.plan.tasks {
            task.title = format!("{}之{}", file.plan.head.short, task.id);
            task.cite =
                vec![format!("doc-list:{}", task.id.as_str().trim_start_matches("task-")).parse().unwrap()];
        }
        file.digest = duban::domain::Digest::of(&serde_json::to_vec(&file.plan).unwrap());
        if file.plan.head.document_number.is_none() {
            file.plan.head.document_number = Some("阳政办发〔2021〕41号".to_owned());
        }
    }
    declared
}

fn run(seed: u64) -> Chanced {
    let mut rng = Rng::new(seed);
    let mut declared = named(random_declared(&mut rng));
    for unit in &mut declared.units {
        unit.mailbox = Some(format!("{}@duban.example", unit.id));
    }
    let hour = |day: NaiveDate, hour| day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
    let mut county = County::at(hour(first_day(), 0).and_utc());
    let (mut watch, mut chanced) = (Watch::default(), Chanced::default());
    let mut nothing = BTreeMap::from_iter(super::Plant::ALL.map(|plant| (plant, nobody(first_day()))));
    let mut look = |watch: &mut Watch, county: &mut County, evening, chanced: &mut Chanced| {
        let found = looked_at(watch, county, evening, &mut nothing).contradictions;
        let of_seed = |one: Contradiction| Contradiction { of: format!("seed {seed}: {}", one.of), ..one };
        chanced.contradictions.extend(found.into_iter().map(of_seed));
    };
    for number in 0..DAYS {
        let today = later(first_day(), number);
        county.set(today, NaiveTime::from_hms_opt(9, 0, 0).unwrap());
        if number == 0 || rng.percent(FILES_CHANGE) {
            if number > 0 {
                mutate(&mut rng, &mut declared, today);
                declared = named(declared);
            }
            county.give(Input::Declared(Box::new(declared.clone())));
            if number == 0 {
                county.set_leader("alpha", "王某");
                county.set_leader("beta", "李某");
            }
        } else {
            county.give(Input::Wake);
        }
        look(&mut watch, &mut county, false, &mut chanced);
        for _ in 0..rng.below(ACTS_MAX + 1) {
            county.set(today, NaiveTime::from_hms_opt(14, 0, 0).unwrap());
            if act(&mut rng, &mut county, today) {
                chanced.answers += 1;
            }
            look(&mut watch, &mut county, false, &mut chanced);
        }
        county.set(today, NaiveTime::from_hms_opt(20, 0, 0).unwrap());
        look(&mut watch, &mut county, true, &mut chanced);
        chanced.days += 1;
    }
    chanced
}

/// Nothing is planted here: each plant counts as found.
fn nobody(day: NaiveDate) -> Contradiction {
    Contradiction { day, of: String::new(), field: super::compare::Field::Count, says: BTreeMap::new() }
}

/// Somebody does something with a matter; whether it was taken.
fn act(rng: &mut Rng, county: &mut County, today: NaiveDate) -> bool {
    let all: Vec<Assignment> = {
        let ledger = county.ledger();
        // Nobody answers a time to avoid.
        let real =
            |one: &&Assignment| !one.occurrence.is_collection() && one.course.ladder != LadderName::Avoid;
        ledger.assignments().filter(real).cloned().collect()
    };
    let open: Vec<Assignment> = all.iter().filter(|one| one.state.is_open()).cloned().collect();
    if all.is_empty() {
        return false;
    }
    let one = if open.is_empty() || rng.percent(10) { rng.pick(&all) } else { rng.pick(&open) }.clone();
    let id = one.id().to_string();
    let ahead = later(one.course.deadline.unwrap_or(today).max(today), 1 + rng.below(30));
    let target = Target {
        task: one.occurrence.task.clone(),
        period: Some(one.occurrence.period),
        unit: rng.percent(60).then(|| one.unit.clone()),
    };
    let reason = "理由".to_owned();
    let number = rng.below(1000);
    let taken = match rng.below(26) {
        0..=1 => county.answer(form(&id, ItemAnswer::Receipt)),
        2..=3 => county.answer(form(&id, ItemAnswer::Unchanged)),
        4..=7 => county.answer(form(
            &id,
            ItemAnswer::Progress {
                text: format!("进展{number}"),
                problem: rng.percent(40).then(|| format!("问题{number}")),
                next_steps: rng.percent(40).then(|| format!("措施{number}")),
            },
        )),
        8..=11 => {
            county.answer(form(&id, ItemAnswer::Done { done_on: today, text: format!("完成{number}") }))
        }
        12..=13 => county.answer(form(
            &id,
            ItemAnswer::Extension {
                reason,
                progress: format!("进展{number}"),
                new_deadline: ahead,
                approval: None,
            },
        )),
        14 => county.answer(form(&id, ItemAnswer::Dispute { text: format!("异议{number}") })),
        15..=16 => county.command(Command::Accept { target, done_on: None, remark: None }),
        17 => county.command(Command::Return {
            target,
            reason,
            new_deadline: rng.percent(50).then(|| later(today, rng.below(30))),
        }),
        18..=19 => county.command(Command::GrantExtension {
            target,
            new_deadline: rng.percent(50).then_some(ahead),
            approver: "县长".to_owned(),
            document_number: format!("第{number}号"),
        }),
        20 => county.command(Command::RefuseExtension { target, reason }),
        21 => county.command(Command::SettleDispute { target, answer: "维持".to_owned() }),
        22 => county.command(Command::Chase { targets: vec![target], words: None }),
        23 => {
            let command =
                if rng.percent(50) { Command::Pause { target, reason } } else { Command::Resume { target } };
            county.command(command)
        }
        24 => county.command(Command::Reopen { target, reason, new_deadline: Some(ahead) }),
        _ => office(rng, county, &one),
    };
    taken.is_ok()
}

/// What is rarer: a lead confirmed, a unit silenced, a plan closed.
fn office(rng: &mut Rng, county: &mut County, one: &Assignment) -> Result<(), String> {
    match rng.below(4) {
        0 => county.command(Command::Confirm { task: one.occurrence.task.clone(), lead: random_lead(rng) }),
        1 if rng.percent(20) => county.command(Command::ClosePlan {
            plan: one.occurrence.task.plan.clone(),
            reason: "关闭".to_owned(),
        }),
        _ => {
            let id = rng.pick(&UNITS).parse().unwrap();
            let known = county.ledger().unit(&id).map(|state| Unit::clone(&state.unit));
            known.map_or(Ok(()), |unit| {
                county.command(Command::SetUnit { unit: Unit { muted: !unit.muted, ..unit } })
            })
        }
    }
}
