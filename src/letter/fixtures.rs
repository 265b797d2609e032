//! Hand-made drafts for this room's tests.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

use crate::calendar::Zone;
use crate::domain::{
    AdoptionTold, Answer, AssignmentId, Body, Coming, Days, Draft, Due, DueBasis, Item, LeadBasis, LetterId,
    Office, PlanHead, Recipient, Release, Role, SheetRow, Stage, StageKey, Task, UnitId,
};

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn plan(id: &str, title: &str, short: &str, number: Option<&str>) -> PlanHead {
    PlanHead {
        quiet: false,
        id: id.parse().unwrap(),
        title: title.into(),
        short: short.into(),
        document_number: number.map(Into::into),
        issued_on: date("2021-05-24"),
        in_force: Days { from: date("2021-05-24"), until: date("2022-03-31") },
        collect: None,
    }
}

const DOCUMENT: Option<&str> = Some("阳政办发〔2021〕41号");

pub fn air() -> PlanHead {
    plan("yangcheng-2021-air", "阳城县2021年空气质量巩固提升行动计划", "空气质量计划", DOCUMENT)
}

pub fn water() -> PlanHead {
    plan("yangcheng-2021-water", "阳城县2021年水生态环境保护行动计划", "水生态计划", DOCUMENT)
}

pub fn soil() -> PlanHead {
    plan("yangcheng-2021-soil", "阳城县2021年土壤污染防治行动计划", "土壤计划", DOCUMENT)
}

pub fn annual() -> PlanHead {
    plan("annual", "生态环境常年工作安排", "常年工作安排", None)
}

pub fn task(id: &str, title: &str, due: Due) -> Task {
    Task {
        id: id.parse().unwrap(),
        title: title.into(),
        text: "……".into(),
        reading: None,
        cite: vec![],
        lead: vec!["eco-env".parse().unwrap()],
        lead_basis: LeadBasis::List,
        cooperate: vec![],
        due,
        due_basis: DueBasis::Printed,
        due_note: None,
        standard: None,
        evidence: None,
        report_to: None,
        answer: Answer::Lead,
        target: false,
        fixed: false,
        recorded: false,
        conflicts: vec![],
        matter: None,
    }
}

/// A task with its citations.
pub fn cited(id: &str, title: &str, due: Due, cite: &[&str]) -> Task {
    Task { cite: cite.iter().map(|cite| cite.parse().unwrap()).collect(), ..task(id, title, due) }
}

/// An item of `eco-env`, which leads alone.
pub fn item(plan: &PlanHead, task: &Task, period: &str, stage: Stage) -> Item {
    let unit: UnitId = "eco-env".parse().unwrap();
    let assignment: AssignmentId = format!("{}/{}/{period}/{unit}", plan.id, task.id).parse().unwrap();
    Item {
        key: StageKey { assignment, deadline_version: 1, stage },
        role: Role::Lead,
        unit,
        unit_name: "市生态环境局阳城分局".into(),
        plan: Arc::new(plan.clone()),
        task: Some(Arc::new(task.clone())),
        leads: vec!["市生态环境局阳城分局".into()],
        answers: true,
        chased: true,
        cooperates: vec![],
        opens: date("2021-05-24"),
        ends: None,
        deadline: task.due.one_off_deadline(),
        original_deadline: None,
        advised: None,
        late_since: None,
        collects: vec![],
        report_by: None,
        report_advised: None,
        refused_date: None,
        waits: vec![],
        changed: None,
    }
}

/// A collection's item of `eco-env`.
pub fn collection(plan: &PlanHead, month: &str, reply_by: &str, collects: Vec<Coming>) -> Item {
    let stand_in = task("collection", "月调度", Due::Ongoing);
    Item {
        task: None,
        ends: Some(date(reply_by)),
        collects,
        ..item(plan, &stand_in, month, Stage::Collection)
    }
}

/// A matter in passing.
pub fn coming(plan: &PlanHead, task: &Task, period: &str, deadline: Option<&str>) -> Coming {
    Coming {
        occurrence: format!("{}/{}/{period}", plan.id, task.id).parse().unwrap(),
        plan: Arc::new(plan.clone()),
        task: Arc::new(task.clone()),
        role: Role::Lead,
        leads: vec!["市生态环境局阳城分局".into()],
        cooperates: vec![],
        opens: date("2021-05-24"),
        deadline: deadline.map(date),
        advised: None,
        overdue: false,
        answers: false,
    }
}

/// A line of the sheet.
pub fn sheet_row(plan: &PlanHead, task: &Task, next: Option<&str>) -> SheetRow {
    SheetRow {
        plan: Arc::new(plan.clone()),
        task: Arc::new(task.clone()),
        role: Role::Lead,
        leads: vec!["市生态环境局阳城分局".into()],
        cooperates: vec!["县住建局".into(), "县交通运输局".into()],
        answers: true,
        next: next.map(date),
    }
}

pub fn office() -> Office {
    Office {
        name: "阳城县人民政府办公室".into(),
        zone: Zone::parse("Asia/Shanghai").unwrap(),
        sending_hour: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        working_days: "cn".into(),
        from: "duban@duban.example".into(),
        reply_to: "ducha@duban.example".into(),
        contact: "督查室".into(),
        phone: "0356-0000000".into(),
        supervision_unit: "inspection-office".parse().unwrap(),
        release: Release::Auto,
        first_letters: None,
        acceptance_letter: false,
        letterhead: crate::domain::Letterhead::default(),
    }
}

/// A daily letter of this day to `eco-env`, number 7.
pub fn draft(day: &str, items: Vec<Item>) -> Draft {
    let day = date(day);
    let office = office();
    Draft {
        letter: LetterId { day, number: 7 },
        to: Recipient::Unit("eco-env".parse().unwrap()),
        body: Body::Daily,
        addressee: "市生态环境局阳城分局".into(),
        day,
        dated: office.zone.instant(day, office.sending_hour),
        office: Arc::new(office),
        items,
        merged: vec![],
        carried: vec![],
        supersedes: vec![],
        coming: vec![],
        cooperating: 0,
        behind_first: false,
    }
}

/// An adoption letter of the air, water and soil plans.
pub fn adoption(day: &str, told: AdoptionTold) -> Draft {
    Draft { body: Body::Adoption(Box::new(told)), ..draft(day, vec![]) }
}
