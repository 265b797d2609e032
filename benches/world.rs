//! Made-up plans for benches: as many units and dated tasks as asked for.
#![allow(dead_code, reason = "each bench uses a part")]
#![expect(clippy::expect_used, reason = "a bench stops where it fails")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use duban::domain::adoption::{Declared, DeclaredPlan};
use duban::domain::{
    Answer, Days, Digest, Due, DueBasis, Ladders, LeadBasis, Office, Plan, PlanHead, PlanId, Task, TaskSlug,
    Unit, UnitId, UnitKind,
};
use duban::schedules;

/// Tasks of one plan; the schedules room takes 2,000 at the most.
const TASKS_OF_A_PLAN: usize = 1000;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The shipped office with `units` units, each leading `tasks` tasks that are due on `due`.
pub fn declared(units: usize, tasks: usize, issued: NaiveDate, due: NaiveDate) -> Declared {
    let shipped = schedules::embedded().declared.expect("the shipped files");
    let office = Office { supervision_unit: unit_id(0), ..shipped.office };
    let all: Vec<Task> =
        (0..units * tasks).map(|number| task(number, unit_id(number % units), due)).collect();
    let plans = all
        .chunks(TASKS_OF_A_PLAN)
        .enumerate()
        .map(|(number, tasks)| DeclaredPlan {
            file: format!("plan-{number}.toml"),
            digest: Digest::of(&number.to_be_bytes()),
            plan: Plan { head: head(number, issued, due), tasks: tasks.to_vec() },
            source_text: None,
            change_reasons: BTreeMap::new(),
            change_grounds: BTreeMap::new(),
        })
        .collect();
    Declared {
        office,
        lights: None,
        ladders: Ladders::default(),
        units: (0..units).map(unit).collect(),
        working_years: shipped.working_years,
        plans,
    }
}

fn unit_id(number: usize) -> UnitId {
    UnitId::parse(&format!("unit-{number}")).expect("a name")
}

fn unit(number: usize) -> Unit {
    let id = unit_id(number);
    Unit {
        name: format!("第{number}单位"),
        short: format!("单位{number}"),
        aliases: Vec::new(),
        kind: UnitKind::Bureau,
        mailbox: Some(format!("{id}@duban.example")),
        sort_key: id.to_string(),
        members: Vec::new(),
        muted: false,
        leader: None,
        id,
    }
}

fn head(number: usize, issued: NaiveDate, due: NaiveDate) -> PlanHead {
    PlanHead {
        quiet: false,
        id: PlanId::parse(&format!("plan-{number}")).expect("a name"),
        title: format!("第{number}号行动计划"),
        short: format!("计划{number}"),
        document_number: Some(format!("阳政办发〔2021〕{number}号")),
        issued_on: issued,
        in_force: Days { from: issued, until: due },
        collect: None,
    }
}

fn task(number: usize, lead: UnitId, due: NaiveDate) -> Task {
    Task {
        id: TaskSlug::parse(&format!("task-{number}")).expect("a name"),
        title: format!("第{number}项专项治理"),
        text: format!("第{number}项:完成重点企业挥发性有机物治理,建立台账,落实责任。"),
        reading: None,
        cite: vec![format!("air:{}", number % 27 + 1).parse().expect("a citation")],
        lead: vec![lead],
        lead_basis: LeadBasis::List,
        cooperate: Vec::new(),
        due: Due::By(due),
        due_basis: DueBasis::Printed,
        due_note: None,
        standard: None,
        evidence: None,
        report_to: None,
        answer: Answer::Lead,
        target: false,
        fixed: false,
        recorded: false,
        conflicts: Vec::new(),
        matter: None,
    }
}
