//! Letters about assigned matters, and the answers of the office to them.

use super::gallery::dry_cleaning;
use crate::domain::matter::{Matter, MatterClass, MatterDays};
use crate::domain::{
    Act, Body, Draft, Due, Item, PlanHead, ReceiptPoint, ReceiptTold, Recipient, Role, SaidKind, Stage, Task,
    Via,
};
use crate::letter::fixtures::*;

fn matters() -> PlanHead {
    PlanHead { id: "matters".parse().unwrap(), short: "交办事项".into(), ..annual() }
}

fn matter(class: MatterClass, due: &str) -> Task {
    let matter = Matter {
        source: "县长批示".into(),
        platform_number: Some("2026-0042".into()),
        class,
        assigned_on: date("2021-06-15"),
        days: MatterDays::Calendar,
    };
    Task { matter: Some(matter), ..task("m", "西河排污口整治", Due::By(date(due))) }
}

fn at(stage: Stage) -> Item {
    let settled = matter(MatterClass::Ordinary, "2021-06-22");
    Item { report_by: Some(date("2021-06-18")), ..item(&matters(), &settled, "once", stage) }
}

/// The third day after it was assigned.
pub fn report() -> Draft {
    draft("2021-06-18", vec![at(Stage::Report)])
}

/// The same, sent a day late.
pub fn report_late() -> Draft {
    draft("2021-06-19", vec![at(Stage::Report)])
}

/// A complex matter by a dated plan, whose report is due, beside a task that is due.
pub fn report_and_task() -> Draft {
    let planned = matter(MatterClass::Complex, "2021-07-03");
    let asked = Item {
        report_by: Some(date("2021-06-18")),
        advised: Some(date("2021-07-02")),
        ..item(&matters(), &planned, "once", Stage::Report)
    };
    let due = Task { due: Due::By(date("2021-06-18")), ..dry_cleaning() };
    draft("2021-06-18", vec![item(&air(), &due, "once", Stage::Due), asked])
}

pub fn assigned() -> Draft {
    let one = Item { deadline: Some(date("2021-06-22")), ..at(Stage::Act(Act::Assigned, 1)) };
    Draft {
        body: Body::Act(None), addressee: "各乡(镇)人民政府".into(), ..draft("2021-06-15", vec![one])
    }
}

/// To a unit for which another speaks.
pub fn assigned_beside() -> Draft {
    let lead = ["eco-env", "water"].map(|id| id.parse().unwrap()).to_vec();
    let task = Task { lead, ..matter(MatterClass::Ordinary, "2021-06-22") };
    let one = Item {
        unit: "water".parse().unwrap(),
        leads: vec!["市生态环境局阳城分局".into(), "县水务局".into()],
        answers: false,
        report_by: Some(date("2021-06-18")),
        deadline: Some(date("2021-06-22")),
        ..item(&matters(), &task, "once", Stage::Act(Act::Assigned, 1))
    };
    let to = Recipient::Unit("water".parse().unwrap());
    Draft { body: Body::Act(None), to, addressee: "县水务局".into(), ..draft("2021-06-15", vec![one]) }
}

/// Due, to a unit for which another speaks: it has nothing to fill in.
pub fn due_beside() -> Draft {
    let lead = ["eco-env", "water"].map(|id| id.parse().unwrap()).to_vec();
    let one = Item {
        unit: "water".parse().unwrap(),
        leads: vec!["市生态环境局阳城分局".into(), "县水务局".into()],
        answers: false,
        ..item(&air(), &Task { lead, ..dry_cleaning() }, "once", Stage::lead(7))
    };
    let to = Recipient::Unit("water".parse().unwrap());
    Draft { to, addressee: "县水务局".into(), ..draft("2021-06-23", vec![one]) }
}

/// Both its days are days off.
pub fn assigned_over_a_weekend() -> Draft {
    let settled = matter(MatterClass::Ordinary, "2021-06-26");
    let one = Item {
        report_by: Some(date("2021-06-20")),
        report_advised: Some(date("2021-06-18")),
        deadline: Some(date("2021-06-26")),
        advised: Some(date("2021-06-25")),
        ..item(&matters(), &settled, "once", Stage::Act(Act::Assigned, 1))
    };
    Draft { body: Body::Act(None), ..draft("2021-06-17", vec![one]) }
}

pub fn refused() -> Draft {
    let kept = Item {
        refused_date: Some(date("2021-07-31")),
        ..item(&air(), &dry_cleaning(), "once", Stage::Act(Act::ExtensionRefused, 1))
    };
    Draft { body: Body::Act(Some("理由不充分".into())), ..draft("2021-06-21", vec![kept]) }
}

pub fn received() -> Draft {
    let month = matter(MatterClass::Complex, "2021-07-15");
    let point = |task: &Task, said| ReceiptPoint {
        matter: coming(&air(), task, "once", Some("2021-06-30")),
        said: vec![said],
        done_on: Some(date("2021-06-20")),
        new_deadline: Some(date("2021-07-31")),
        files: 0,
    };
    let told = ReceiptTold {
        receipt: "R2021-0621-01".parse().unwrap(),
        on: date("2021-06-21"),
        via: Via::Link,
        points: vec![point(&dry_cleaning(), SaidKind::Claim), point(&month, SaidKind::Extension)],
    };
    Draft { body: Body::Receipt(told), ..draft("2021-06-21", vec![]) }
}

pub fn waiting() -> Draft {
    let one = Item { role: Role::Reviewer, ..at(Stage::Review(date("2021-06-21"))) };
    Draft { body: Body::Review, to: Recipient::Office, ..draft("2021-06-21", vec![one]) }
}

/// Each by its name in the gallery.
pub fn all() -> Vec<(&'static str, Draft)> {
    vec![
        ("report", report()),
        ("report_late", report_late()),
        ("report_and_task", report_and_task()),
        ("assigned", assigned()),
        ("assigned_beside", assigned_beside()),
        ("due_beside", due_beside()),
        ("assigned_over_a_weekend", assigned_over_a_weekend()),
        ("refused", refused()),
        ("received", received()),
        ("waiting", waiting()),
    ]
}
