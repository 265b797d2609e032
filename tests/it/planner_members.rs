//! A collective is given members: what is open goes over to them at the next sending hour, by one letter each; what its
//! mailbox has answered, or speaks of with the office, stays with it.

use duban::domain::command::{Command, Target};
use duban::domain::{ItemAnswer, State, Unit, UnitKind};
use duban::matter::worklist::{ListKind, listed};
use duban::planner::Input;
use duban::report::preview;

use crate::letters::shown;
use crate::planner_world::{World, at, day, declared, plan};

const TASKS: &str = "u | c | by = 2021-06-15\nv | c | by = 2021-07-16\nw | c | by = 2021-07-30\nx | c | by = 2021-08-31\ny | a | by = 2021-06-11";

/// On a Thursday `c`, a collective that had only its own mailbox.
fn world() -> World {
    let mut world = World::at("2021-05-24 09:00");
    world.declare_with(&["a", "b", "c", "inspection"], &[plan(TASKS)]);
    world.days_until("2021-06-03");
    world
}

fn members(world: &mut World, members: &[&str]) {
    let members = members.iter().map(|id| id.parse().unwrap()).collect();
    let known = world.unit("c");
    world.done(Command::SetUnit { unit: Unit { kind: UnitKind::Collective, members, ..known } });
}

fn done(on: &str) -> ItemAnswer {
    ItemAnswer::Done { done_on: day(on), text: "已办".to_owned() }
}

fn progress() -> ItemAnswer {
    ItemAnswer::Progress { text: "过半".to_owned(), problem: None, next_steps: None }
}

/// Who is asked of what now.
fn asked(world: &mut World) -> Vec<String> {
    let ledger = world.planner().ledger();
    let ledger = ledger.read();
    let open = ledger.assignments().filter(|one| one.state.is_open());
    open.map(|one| format!("{} {}", one.id(), one.state.label())).collect()
}

#[test]
fn open_matters_go_over_to_members_at_the_next_sending_hour_by_one_letter_each() {
    let mut world = world();
    world.answer("c", &[("u/once", done("2021-06-02")), ("v/once", progress())]);
    world.set("2021-06-03 15:00");
    members(&mut world, &["a", "b"]);
    // Until the hour its own mailbox answers.
    world.answer("c", &[("w/once", done("2021-06-03"))]);
    let ledger = world.planner().ledger();
    let foretold =
        preview::future(ledger.read().clone(), at("2021-06-03 15:00"), day("2021-06-04"), day("2021-06-04"));
    let foretold: Vec<String> = foretold.map(|letter| letter.to.to_string()).collect();
    assert_eq!(asked(&mut world).iter().filter(|one| one.contains("/c ")).count(), 4);
    world.days_until("2021-06-04");
    assert_eq!(
        world.letters_on("2021-06-04"),
        [
            "a: v/once adopted, x/once adopted, y/once lead-7d",
            "b: v/once adopted, x/once adopted",
            "c: v/once changed:1, x/once changed:1",
            "office: c: u/once review:2021-06-04, c: w/once review:2021-06-04"
        ]
    );
    assert_eq!(foretold, ["a", "b", "c", "office"], "what is foretold happens");
    assert_eq!(
        asked(&mut world),
        [
            "p/u/once/c claimed",
            "p/w/once/c claimed",
            "p/y/once/a notified",
            "p/v/once/a notified",
            "p/v/once/b notified",
            "p/x/once/a notified",
            "p/x/once/b notified"
        ]
    );
    let told = world.written.iter().rfind(|draft| draft.to.to_string() == "c").map(shown).unwrap();
    assert!(told.contains("1. v（p第1条）。改由a、b牵头，你单位不再牵头"), "{told}");
    // What its mailbox said of it is kept.
    let left = world.assignment("v/once", "c");
    assert_eq!(
        (left.state, left.record.unwrap().progress.unwrap().text.as_str()),
        (State::Withdrawn, "过半")
    );
    world.check();
}

#[test]
fn what_stayed_with_the_mailbox_is_answered_by_it_and_goes_over_to_nobody_once_done() {
    let mut world = world();
    world.answer("c", &[("u/once", done("2021-06-02"))]);
    members(&mut world, &["a", "b"]);
    world.days_until("2021-06-04");
    world.done(Command::Accept { target: target("p/u"), done_on: None, remark: None });
    world.days_until("2021-06-08");
    assert_eq!(asked(&mut world).iter().filter(|one| one.contains("/u/")).count(), 0);
    assert_eq!(world.assignment("u/once", "c").state, State::Accepted);
}

#[test]
fn what_is_paused_goes_over_once_it_is_resumed() {
    let mut world = world();
    world.done(Command::Pause { target: target("p/x"), reason: "等待标准".to_owned() });
    members(&mut world, &["a", "b"]);
    world.days_until("2021-06-08");
    let of_x = |world: &mut World| -> Vec<String> {
        asked(world).into_iter().filter(|one| one.contains("/x/")).collect()
    };
    assert_eq!(of_x(&mut world), ["p/x/once/c paused"]);
    world.set("2021-06-08 15:00");
    world.done(Command::Resume { target: target("p/x") });
    world.days_until("2021-06-09");
    assert_eq!(of_x(&mut world), ["p/x/once/a notified", "p/x/once/b notified"]);
}

#[test]
fn members_that_are_put_back_before_the_hour_change_nothing() {
    let mut world = world();
    let before = asked(&mut world);
    world.set("2021-06-03 15:00");
    members(&mut world, &["a", "b"]);
    members(&mut world, &[]);
    world.days_until("2021-06-04");
    assert_eq!(world.letters_on("2021-06-04"), ["a: y/once lead-7d"]);
    assert_eq!(asked(&mut world), before);
}

#[test]
fn who_is_a_member_no_more_is_asked_no_more_and_its_place_is_taken() {
    let mut world = world();
    members(&mut world, &["a"]);
    world.days_until("2021-06-04");
    world.answer("a", &[("x/once", done("2021-06-04"))]);
    members(&mut world, &["b"]);
    world.days_until("2021-06-07");
    let of = |world: &mut World, task: &str| -> Vec<String> {
        asked(world).into_iter().filter(|one| one.contains(&format!("/{task}/"))).collect()
    };
    assert_eq!(of(&mut world, "w"), ["p/w/once/b notified"]);
    assert_eq!(
        of(&mut world, "x"),
        ["p/x/once/a claimed", "p/x/once/b notified"],
        "a claim is still the unit's"
    );
    let ledger = world.planner().ledger();
    let ledger = ledger.read();
    let review: Vec<String> = listed(&ledger, ListKind::InReview, day("2021-06-07"))
        .iter()
        .map(|one| one.id().to_string())
        .collect();
    assert_eq!(review, ["p/x/once/a"]);
}

fn target(task: &str) -> Target {
    Target { task: task.parse().unwrap(), period: None, unit: None }
}

#[test]
fn a_single_unit_has_no_members_and_no_collective_is_a_member_of_itself() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare_with(&["a", "b", "c", "inspection"], &[plan(TASKS)]);
    let set = |world: &mut World, id: &str, kind: UnitKind, members: &[&str]| {
        let members = members.iter().map(|id| id.parse().unwrap()).collect();
        Command::SetUnit { unit: Unit { kind, members, ..world.unit(id) } }
    };
    let bureau = set(&mut world, "a", UnitKind::Bureau, &["b"]);
    assert_eq!(world.refused(bureau).to_string(), "`a` is a single unit: only a collective has members");
    let of_itself = set(&mut world, "c", UnitKind::Collective, &["a", "c"]);
    assert_eq!(world.refused(of_itself).to_string(), "`c` would be a member of itself, by way of `c`");
    let b = set(&mut world, "b", UnitKind::Collective, &["c"]);
    world.done(b);
    let ring = set(&mut world, "c", UnitKind::Collective, &["a", "b"]);
    assert_eq!(world.refused(ring).to_string(), "`c` would be a member of itself, by way of `b`");
    world.check();
}

#[test]
fn members_that_lead_back_to_each_other_in_an_older_journal_leave_nothing_with_nobody() {
    let mut world = World::at("2021-05-24 09:00");
    let mut old = declared(&["a", "b", "c", "inspection"], &[plan(TASKS)]);
    for unit in &mut old.units {
        let members = match unit.id.as_str() {
            "b" => "c",
            "c" => "b",
            _ => continue,
        };
        unit.members = vec![members.parse().unwrap()];
    }
    world.give(Input::Declared(Box::new(old)));
    world.days_until("2021-05-25");
    let of_c: Vec<String> = asked(&mut world).into_iter().filter(|one| one.contains("/c ")).collect();
    assert_eq!(
        of_c,
        ["p/u/once/c notified", "p/v/once/c notified", "p/w/once/c notified", "p/x/once/c notified"]
    );
    // It holds up no other change of the unit.
    let known = world.unit("c");
    world.done(Command::SetUnit { unit: Unit { short: "丙".to_owned(), ..known } });
    world.check();
}
