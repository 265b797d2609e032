//! A plan being set up: kept and shown, and nobody is written to until it starts.

use duban::domain::command::Command;
use duban::report;

use crate::planner_world::{World, day, declared, plan_of};

const NONE: [&str; 0] = [];

const SETTING_UP: &str = "quiet = true";

fn in_setting_up(tasks: &str) -> String {
    plan_of("p", "2021-05-24", "2021-12-31", SETTING_UP, tasks)
}

fn ready(tasks: &str) -> String {
    plan_of("p", "2021-05-24", "2021-12-31", "", tasks)
}

#[test]
fn nobody_is_written_to_while_a_plan_is_being_set_up() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[in_setting_up("x | a | by = 2021-06-10\ny | a,b | every = \"month\"")]);
    world.days_until("2021-06-20");
    assert_eq!(world.letters(), NONE);
    assert!(world.endings().is_empty(), "no stage ends that never began");
    world.check();
}

#[test]
fn when_it_starts_it_is_told_as_one_adopted_that_day() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[in_setting_up("x | a | by = 2021-06-30")]);
    world.days_until("2021-06-01");
    // Its tasks may change meanwhile, without a reason or a letter.
    world.set("2021-06-02 10:00");
    world.declare(&[in_setting_up("x | a | by = 2021-06-30\ny | b | by = 2021-07-31")]);
    world.set("2021-06-03 10:00");
    world.declare(&[ready("x | a | by = 2021-06-30\ny | b | by = 2021-07-31")]);
    assert_eq!(world.letters(), ["2021-06-03 a: x/once adopted", "2021-06-03 b: y/once adopted"]);
    world.days_until("2021-06-23");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d"]);
    world.check();
}

#[test]
fn a_date_that_passed_meanwhile_opens_overdue() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[in_setting_up("x | a | by = 2021-05-31\ny | a | by = 2021-07-31")]);
    world.set("2021-06-03 10:00");
    world.declare(&[ready("x | a | by = 2021-05-31\ny | a | by = 2021-07-31")]);
    assert_eq!(world.letters_on("2021-06-03"), ["a: x/once adopted, y/once adopted"]);
    world.days_until("2021-06-07");
    assert_eq!(world.letters_on("2021-06-07"), ["a: x/once overdue:2021-06-07"]);
    world.check();
}

#[test]
fn what_is_past_altogether_when_it_starts_is_asked_of_nobody() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[in_setting_up("x | a | by = 2021-05-31")]);
    world.set("2021-06-03 10:00");
    world.declare(&[ready("x | a | by = 2021-05-31")]);
    world.days_until("2021-06-30");
    assert_eq!(world.letters(), NONE);
    world.check();
}

#[test]
fn a_plan_that_runs_cannot_be_made_quiet_again() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[ready("x | a | by = 2021-06-30")]);
    let findings = world.declare(&[in_setting_up("x | a | by = 2021-06-30")]);
    assert!(findings[0].to_string().contains("runs already"), "{}", findings[0]);
    world.days_until("2021-06-23");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d"]);
    world.check();
}

#[test]
fn a_plan_of_its_file_starts_by_its_file() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[in_setting_up("x | a | by = 2021-06-30")]);
    let start = || Command::StartPlan { plan: "p".parse().unwrap() };
    let refusal = world.refused(start());
    assert!(refusal.to_string().contains("take `quiet = true` out of `plan0.toml`"), "{refusal}");
}

#[test]
fn a_plan_of_the_office_starts_by_command() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[]);
    let plan =
        declared(&["a", "b", "inspection"], &[in_setting_up("x | a | by = 2021-06-30")]).plans.remove(0);
    world.done(Command::AddPlan { plan: Box::new(plan.plan), import: None });
    world.days_until("2021-05-26");
    assert_eq!(world.letters(), NONE);
    world.set("2021-05-27 10:00");
    world.done(Command::StartPlan { plan: "p".parse().unwrap() });
    assert_eq!(world.letters(), ["2021-05-27 a: x/once adopted"]);
    let again = world.refused(Command::StartPlan { plan: "p".parse().unwrap() });
    assert!(again.to_string().contains("followed already"), "{again}");
    world.check();
}

#[test]
fn a_preview_shows_what_it_would_send() {
    let declared = declared(&["a", "b", "inspection"], &[in_setting_up("x | a | by = 2021-06-30")]);
    let drafts = report::preview::preview(&declared, day("2021-05-24"), day("2021-06-30"));
    let days: Vec<String> = drafts.iter().map(|draft| draft.day.to_string()).collect();
    assert_eq!(days, ["2021-05-24", "2021-05-31", "2021-06-23", "2021-06-29", "2021-06-30"]);
}
