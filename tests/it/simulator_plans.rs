//! Chance from a seed, and plans made by it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Days as CivilDays, NaiveDate};
use duban::calendar::{Cadence, CronSchedule, On, Recurrence, WorkingYear, YearlyWindow};
use duban::domain::adoption::{Declared, DeclaredPlan};
use duban::domain::{
    Answer, Collect, CronDue, Days, Digest, Due, DueBasis, LeadBasis, Office, Plan, PlanHead, Task, Unit,
    UnitId, UnitKind, Yearly,
};
use duban::schedules;

/// Units of the simulated office, the supervision unit last.
pub const UNITS: [&str; 4] = ["alpha", "beta", "gamma", "inspection"];

/// splitmix64.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(0x9e37_79b9))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// Whether it happens, in so many of a hundred.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap();
        &from[at]
    }
}

/// The first day of every run, a Monday.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 5, 24).unwrap()
}

pub fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day + CivilDays::new(days)
}

fn shipped() -> &'static Declared {
    static SHIPPED: OnceLock<Declared> = OnceLock::new();
    SHIPPED.get_or_init(|| schedules::embedded().declared.expect("the shipped files are right"))
}

pub fn working_years() -> &'static [WorkingYear] {
    &shipped().working_years
}

/// What the files of the simulated office say; mutated as a run goes on.
pub fn random_declared(rng: &mut Rng) -> Declared {
    let units = UNITS
        .iter()
        .map(|id| Unit {
            id: id.parse().unwrap(),
            name: format!("{id}局"),
            short: (*id).to_owned(),
            aliases: Vec::new(),
            kind: UnitKind::Bureau,
            mailbox: (!rng.percent(15)).then(|| format!("{id}@duban.example")),
            sort_key: (*id).to_owned(),
            members: Vec::new(),
            muted: false,
            leader: None,
        })
        .collect();
    let mut declared = Declared {
        office: Office { supervision_unit: "inspection".parse().unwrap(), ..shipped().office.clone() },
        ladders: duban::domain::Ladders::default(),
        lights: None,
        units,
        working_years: working_years().to_vec(),
        plans: Vec::new(),
    };
    for number in 0..=rng.below(2) {
        let plan = random_plan(rng, number, first_day());
        declared.plans.push(file_of(plan));
    }
    declared
}

/// The file of a plan as it is now.
pub fn file_of(plan: Plan) -> DeclaredPlan {
    DeclaredPlan {
        file: format!("{}.toml", plan.head.id),
        digest: Digest::of(&serde_json::to_vec(&plan).unwrap()),
        plan,
        source_text: None,
        change_reasons: BTreeMap::new(),
        change_grounds: BTreeMap::new(),
    }
}

pub fn random_plan(rng: &mut Rng, number: u64, around: NaiveDate) -> Plan {
    let from = around - CivilDays::new(rng.below(30));
    let until = later(around, 60 + rng.below(200));
    let collect = rng.percent(50).then(|| Collect {
        asked: Recurrence { on: Some(On::DayOfMonth(25)), ..Recurrence::of(Cadence::Month) },
        reply_by: On::Last,
    });
    let head = PlanHead {
        quiet: false,
        id: format!("plan-{number}").parse().unwrap(),
        title: format!("第{number}号计划"),
        short: format!("计划{number}"),
        document_number: None,
        issued_on: from,
        in_force: Days { from, until },
        collect,
    };
    let tasks = (0..2 + rng.below(4)).map(|id| random_task(rng, id, around)).collect();
    Plan { head, tasks }
}

pub fn random_task(rng: &mut Rng, id: u64, around: NaiveDate) -> Task {
    Task {
        id: format!("task-{id}").parse().unwrap(),
        title: format!("事项{id}"),
        text: format!("做好第{id}件事。"),
        reading: None,
        cite: vec!["doc:1".parse().unwrap()],
        lead: random_lead(rng),
        lead_basis: if rng.percent(30) { LeadBasis::Assumed } else { LeadBasis::Office },
        cooperate: if rng.percent(30) { vec![unit(rng)] } else { Vec::new() },
        due: random_due(rng, around),
        due_basis: DueBasis::Printed,
        due_note: None,
        standard: None,
        evidence: None,
        report_to: None,
        answer: if rng.percent(20) { Answer::Each } else { Answer::Lead },
        target: rng.percent(10),
        fixed: false,
        recorded: rng.percent(3),
        conflicts: Vec::new(),
        matter: None,
    }
}

pub fn unit(rng: &mut Rng) -> UnitId {
    rng.pick(&UNITS).parse().unwrap()
}

pub fn random_lead(rng: &mut Rng) -> Vec<UnitId> {
    let mut lead = vec![unit(rng)];
    if rng.percent(25) {
        let other = unit(rng);
        if !lead.contains(&other) {
            lead.push(other);
        }
    }
    lead
}

/// Every shape of a deadline, somewhere near this day.
pub fn random_due(rng: &mut Rng, around: NaiveDate) -> Due {
    let near = |rng: &mut Rng| later(around - CivilDays::new(20), rng.below(80));
    let days = |rng: &mut Rng| {
        let from = near(rng);
        Days { from, until: later(from, 3 + rng.below(40)) }
    };
    let yearly = |rng: &mut Rng| Yearly {
        window: YearlyWindow::parse(rng.pick::<&str>(&[
            "06-01..06-30",
            "05..07",
            "10-01..03-31",
            "07-01..07-20",
        ]))
        .unwrap(),
        from: None,
        until: None,
    };
    match rng.below(14) {
        0..=3 => Due::By(near(rng)),
        4 => Due::Every(Recurrence::of(Cadence::Month)),
        5 => Due::Every(Recurrence::of(*rng.pick(&[Cadence::Week, Cadence::Quarter]))),
        6 => Due::Every(Recurrence {
            until: Some(later(around, 10 + rng.below(10))),
            ..Recurrence::of(*rng.pick(&[Cadence::Day, Cadence::Workday]))
        }),
        7 => Due::Window(days(rng)),
        8 => Due::YearlyWindow(yearly(rng)),
        9 => Due::Starting(near(rng)),
        10 => {
            if rng.percent(50) {
                Due::Avoid(days(rng))
            } else {
                Due::YearlyAvoid(yearly(rng))
            }
        }
        11 => Due::Ongoing,
        12 => {
            if rng.percent(70) {
                Due::Awaiting("汛前".to_owned())
            } else {
                Due::Done("已完成".to_owned())
            }
        }
        _ => Due::Cron(CronDue {
            cron: CronSchedule::parse("0 0 9 5,20 * *").unwrap(),
            from: None,
            until: Some(later(around, 90)),
        }),
    }
}

/// Changes something in the files; says what.
pub fn mutate(rng: &mut Rng, declared: &mut Declared, today: NaiveDate) -> String {
    if declared.plans.is_empty() || rng.percent(8) {
        let number = 10 + rng.below(5);
        let plan = random_plan(rng, number, today);
        if declared.plans.iter().any(|file| file.plan.head.id == plan.head.id) {
            return "nothing".to_owned();
        }
        let what = format!("a new file {}", plan.head.id);
        declared.plans.push(file_of(plan));
        return what;
    }
    let at = usize::try_from(rng.below(declared.plans.len() as u64)).unwrap();
    if rng.percent(6) {
        let gone = declared.plans.remove(at);
        return format!("file {} gone", gone.plan.head.id);
    }
    let mut plan = declared.plans[at].plan.clone();
    let mut reasons = BTreeMap::new();
    let number = rng.below(6);
    let id = format!("task-{number}");
    let known = plan.tasks.iter().position(|task| task.id.as_str() == id);
    let what = match (rng.below(5), known) {
        (0, Some(task)) if plan.tasks.len() > 1 => {
            plan.tasks.remove(task);
            "withdrawn".to_owned()
        }
        (1, Some(task)) => {
            let lead = random_lead(rng);
            let what = format!("lead {lead:?}");
            plan.tasks[task].lead = lead;
            what
        }
        (2, Some(task)) => {
            let fresh = random_due(rng, today);
            if rng.percent(80) {
                reasons.insert(plan.tasks[task].id.clone(), "调整".to_owned());
            }
            let what = format!("due {fresh:?}");
            plan.tasks[task].due = fresh;
            what
        }
        (_, Some(task)) => {
            let moved = later(today, rng.below(60));
            if matches!(plan.tasks[task].due, Due::By(_)) {
                plan.tasks[task].due = Due::By(moved);
                reasons.insert(plan.tasks[task].id.clone(), "调整".to_owned());
            }
            format!("by {moved}")
        }
        (_, None) => {
            plan.tasks.push(random_task(rng, number, today));
            "added".to_owned()
        }
    };
    let what = format!("{}/{id} {what}", plan.head.id);
    declared.plans[at] = DeclaredPlan { change_reasons: reasons, ..file_of(plan) };
    what
}
