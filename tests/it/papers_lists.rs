//! The week's lists leave nothing out: every open matter stands in exactly those that its state and dates ask for.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate};
use duban::domain::command::{Command, Target};
use duban::domain::{
    Answer as Answering, Assignment, AssignmentId, ItemAnswer, LadderName, Ledger, State, Task,
};
use duban::report::lists::{ListKind, Weekly};

use crate::planner_world::{World, day, plan_of, target};

const HEAD: &str = "document_number = \"阳政办发〔2021〕41号\"\ncollect = { every = \"month\", on = 25, reply_by = \"last\" }";

const TASKS: &str = "
    alone   | a    | by = 2021-06-16
    both    | a, b | by = 2021-06-18
    each    | a, b | by = 2021-06-23 | answer = \"each\"
    other   | b    | by = 2021-06-30
    target  | b    | by = 2021-06-11 | target = true
    late    | a    | by = 2021-05-31
    ongoing | a, b | ongoing = true
    monthly | b    | every = \"month\"";

/// The lists in which a duty stands, as the paper has it.
fn stands_in(lists: &Weekly, id: &AssignmentId) -> BTreeSet<ListKind> {
    let holds = |kind: &ListKind| {
        let list = lists.lists.iter().find(|list| list.kind == *kind).unwrap();
        list.entries.iter().any(|entry| entry.assignments.contains(id))
    };
    ListKind::ALL.into_iter().filter(holds).collect()
}

/// The lists that state and dates ask for, told here once more in plain words.
fn asked_for(ledger: &Ledger, one: &Assignment, today: NaiveDate) -> BTreeSet<ListKind> {
    let mut lists = BTreeSet::new();
    if one.course.collection || one.course.ladder == LadderName::Avoid || !one.state.is_open() {
        return lists;
    }
    let task: &Task = &ledger.task(&one.occurrence.task).unwrap().task;
    let speaks = task.answer == Answering::Each || task.lead[0] == one.unit;
    let first_claimed = task.answer == Answering::Lead
        && !speaks
        && ledger
            .assigned(&one.occurrence)
            .any(|other| other.unit == task.lead[0] && other.state == State::Claimed);
    let to_do = !first_claimed
        && matches!(
            one.state,
            State::Opened | State::Notified | State::Receipt | State::InProgress | State::Returned
        );
    let record = one.record.as_deref();
    let sunday = today + Days::new(u64::from(6 - today.weekday().num_days_from_monday()));
    if let Some(deadline) = one.course.deadline.filter(|_| to_do) {
        if deadline < today && !task.target {
            lists.insert(ListKind::Overdue);
        }
        if today <= deadline && deadline <= sunday {
            lists.insert(ListKind::DueThisWeek);
        }
        if sunday < deadline && deadline <= sunday + Days::new(7) {
            lists.insert(ListKind::DueNextWeek);
        }
    }
    let told = record.and_then(|record| record.told_on);
    if to_do && told.is_some_and(|told| told < today) && record.unwrap().receipt.is_none() {
        lists.insert(ListKind::Unreceived);
    }
    let plan = ledger.plan(&one.occurrence.task.plan).unwrap();
    let round = plan.collections.iter().rev().find(|round| round.asked_on <= today);
    let reported = record.and_then(|record| record.progress.as_ref()).map(|told| told.on);
    if let Some(round) = round.filter(|round| to_do && speaks && one.course.opens <= round.asked_on) {
        let month = round.asked_on.with_day(1).unwrap();
        let id = format!("p/collection/{}/{}", round.period, one.unit).parse().unwrap();
        if ledger.slot_of(&id).is_some() && reported.is_none_or(|on| on < month) {
            lists.insert(ListKind::Unreported);
        }
    }
    let waits = record.is_some_and(|record| record.extension.is_some() || record.dispute.is_some());
    if one.state == State::Claimed || first_claimed || waits {
        lists.insert(ListKind::InReview);
    }
    if one.state == State::Returned && to_do {
        lists.insert(ListKind::Returned);
    }
    lists
}

/// What units and office do on a day: any of them, refused or not.
fn act(world: &mut World, dice: &mut impl FnMut(u64) -> u64) {
    let tasks = ["alone", "both", "each", "other", "target", "late", "ongoing", "monthly/2021-06"];
    let task = tasks[usize::try_from(dice(8)).unwrap()];
    let unit = ["a", "b"][usize::try_from(dice(2)).unwrap()];
    let today = (world.now + chrono::TimeDelta::hours(8)).date_naive();
    let said = |answer| vec![(task, answer)];
    let of = || Target { unit: Some(unit.parse().unwrap()), ..target(task.split('/').next().unwrap()) };
    match dice(10) {
        0 => drop(world.answer(unit, &said(ItemAnswer::Receipt))),
        1 => drop(world.answer(unit, &said(ItemAnswer::Unchanged))),
        2 => {
            let (text, problem, next_steps) = ("推进中".to_owned(), None, None);
            drop(world.answer(unit, &said(ItemAnswer::Progress { text, problem, next_steps })));
        }
        3 | 4 => {
            drop(world.answer(unit, &said(ItemAnswer::Done { done_on: today, text: "已完成".to_owned() })));
        }
        5 => {
            let (reason, progress) = ("汛期".to_owned(), "六成".to_owned());
            let new_deadline = today + Days::new(20);
            let asked = ItemAnswer::Extension { reason, progress, new_deadline, approval: None };
            drop(world.answer(unit, &said(asked)));
        }
        6 => drop(world.answer(unit, &said(ItemAnswer::Dispute { text: "非本单位职责".to_owned() }))),
        7 => {
            let reason = "缺材料".to_owned();
            drop(world.command(Command::Return { target: of(), reason, new_deadline: None }));
        }
        8 => drop(world.command(Command::Pause { target: of(), reason: "机构调整".to_owned() })),
        _ => drop(world.command(Command::Accept { target: of(), done_on: None, remark: None })),
    }
}

#[test]
fn every_open_matter_stands_in_exactly_the_lists_that_its_state_and_dates_ask_for() {
    let mut seen = BTreeSet::new();
    for seed in 1..=12u64 {
        let mut state = seed;
        let mut dice = |sides: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % sides
        };
        let mut world = World::at("2021-05-24 09:00");
        world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", HEAD, TASKS)]);
        let mut today = day("2021-05-24");
        while today < day("2021-07-06") {
            today = today.succ_opt().unwrap();
            world.days_until(&today.to_string());
            if dice(3) == 0 {
                act(&mut world, &mut dice);
            }
            let ledger = world.planner().ledger().read().clone();
            let lists = Weekly::of(&ledger, today);
            for one in ledger.assignments() {
                let (told, wanted) = (stands_in(&lists, &one.id()), asked_for(&ledger, one, today));
                assert_eq!(told, wanted, "seed {seed}, {today}: {} is {:?}", one.id(), one.state);
                seen.extend(told);
            }
        }
    }
    assert_eq!(seen.len(), ListKind::ALL.len(), "the play fills every list: {seen:?}");
}

#[test]
fn what_is_long_overdue_and_receipted_is_listed_and_so_is_what_is_due_on_wednesday_and_the_second_lead() {
    let mut world = World::at("2021-05-24 09:00");
    let tasks = "old | a | by = 2021-05-31\nsoon | a, b | by = 2021-06-16\nnext | b | by = 2021-06-25";
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", HEAD, tasks)]);
    world.days_until("2021-05-25");
    world.answer("a", &[("old", ItemAnswer::Receipt), ("soon", ItemAnswer::Receipt)]);
    world.days_until("2021-06-14");
    let lists = Weekly::of(&world.planner().ledger().read(), day("2021-06-14"));
    let of = |kind: ListKind| {
        let list = lists.lists.iter().find(|list| list.kind == kind).unwrap();
        let told = list.entries.iter().map(|entry| {
            let ids: Vec<String> = entry.assignments.iter().map(ToString::to_string).collect();
            format!("{} {}（{}）{}", entry.unit, entry.title, entry.note, ids.join(" "))
        });
        (list.matters, told.collect::<Vec<_>>())
    };
    assert_eq!(of(ListKind::Overdue), (1, vec!["a old（超期14天，未反馈）p/old/once/a".to_owned()]));
    assert_eq!(
        of(ListKind::DueThisWeek),
        (1, vec!["a soon（还有2天，未反馈，共同牵头：b）p/soon/once/a p/soon/once/b".to_owned()]),
        "one matter, two leads"
    );
    assert_eq!(of(ListKind::DueNextWeek), (1, vec!["b next（还有11天，未反馈）p/next/once/b".to_owned()]));
    assert_eq!(
        of(ListKind::Unreceived).1,
        [
            "b soon（5月24日送达，已21天，由a统一反馈）p/soon/once/b",
            "b next（5月24日送达，已21天）p/next/once/b"
        ]
    );
}

#[test]
fn other_programs_know_a_list_by_its_kind_and_a_matter_by_its_name() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", HEAD, TASKS)]);
    world.days_until("2021-06-14");
    let lists = Weekly::of(&world.planner().ledger().read(), day("2021-06-14"));
    let json: serde_json::Value = serde_json::from_slice(&lists.json().unwrap()).unwrap();
    let lists = json["lists"].as_array().unwrap();
    let kinds: Vec<&str> = lists.iter().map(|list| list["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["overdue", "due-this-week", "due-next-week", "unreceived", "unreported", "in-review", "returned"]
    );
    assert_eq!(lists[0]["entries"][0]["assignments"][0], "p/late/once/a");
}

#[test]
fn a_list_with_many_matters_is_told_by_units_and_still_names_each() {
    let mut world = World::at("2021-05-24 09:00");
    let tasks: Vec<String> = (0..25).map(|at| format!("t{at} | a | by = 2021-05-31")).collect();
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", HEAD, &tasks.join("\n"))]);
    world.days_until("2021-06-02");
    let lists = Weekly::of(&world.planner().ledger().read(), day("2021-06-02"));
    let overdue = &lists.lists[0];
    assert_eq!((overdue.matters, overdue.entries.len()), (25, 1));
    assert_eq!(overdue.entries[0].assignments.len(), 25, "none is lost");
}
