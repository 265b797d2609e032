//! Clocks that jump, large commands that a crash cuts short, letters that lie in wait.

use chrono::TimeDelta;
use duban::domain::Outcome;
use duban::domain::command::Command;
use duban::planner::{Answer, Input};

use crate::planner_world::{World, at, letter, plan};

fn accept_clock() -> Command {
    Command::AcceptClock { reason: "已核对".to_owned() }
}

/// A plan of more tasks than one batch holds events.
fn large() -> String {
    let tasks: Vec<String> = (0..300).map(|n| format!("t{n} | a | by = 2021-06-30")).collect();
    plan(&tasks.join("\n"))
}

#[test]
fn a_clock_that_jumps_ahead_is_held_until_accepted() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-09-24 09:00");
    let held = world.give(Input::Wake);
    let (now, last) = (at("2021-09-24 09:00"), at("2021-05-24 09:00"));
    assert_eq!(held, Answer::ClockHeld { now, last });
    assert_eq!(world.letters().len(), 1);
    assert!(matches!(world.command(accept_clock()), Answer::Done { .. }));
    assert_eq!(world.letters().len(), 2);
    world.check();
}

#[test]
fn a_clock_that_falls_behind_is_held_until_accepted() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-05-24 08:59");
    assert!(matches!(world.give(Input::Wake), Answer::Done { .. }), "a small step back is borne");
    world.set("2021-05-23 09:00");
    assert!(matches!(world.give(Input::Wake), Answer::ClockHeld { .. }));
    assert!(matches!(world.command(accept_clock()), Answer::Done { .. }));
    assert!(matches!(world.give(Input::Wake), Answer::Done { .. }));
    // Time goes on from there, and the day that comes a second time brings no second letter.
    world.days_until("2021-05-25");
    assert_eq!(world.letters(), ["2021-05-24 a: x/once adopted"]);
    world.check();
}

#[test]
fn a_day_that_comes_twice_brings_one_letter() {
    let one = plan("x | a | by = 2021-08-31");
    let of = |id: &str, task: &str| crate::planner_world::plan_of(id, "2021-01-01", "2022-12-31", "", task);
    let mut world = World::with("2021-05-25 09:00", "x | a | by = 2021-08-31");
    world.set("2021-05-24 09:00");
    world.command(accept_clock());
    world.declare(&[one.clone(), of("q", "y | a | by = 2021-08-31")]);
    world.set("2021-05-25 09:00");
    world.declare(&[one, of("q", "y | a | by = 2021-08-31"), of("r", "z | a | by = 2021-08-31")]);
    world.days_until("2021-05-26");
    assert_eq!(
        world.letters(),
        ["2021-05-25 a: x/once adopted", "2021-05-24 a: y/once adopted", "2021-05-26 a: z/once adopted"]
    );
    world.check();
}

#[test]
fn an_answer_from_the_post_does_not_settle_a_clock() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let monday = at("2021-05-31 09:00");
    world.planner().handle(Input::Wake, monday).unwrap();
    world.set("2021-09-24 09:00");
    let (outcome, head) = (Outcome::Accepted("late".to_owned()), world.head());
    world.give(Input::Outcome { letter: letter("2021-0531-01"), outcome });
    assert_eq!(world.head(), head + 1);
    assert!(matches!(world.give(Input::Wake), Answer::ClockHeld { .. }));
    world.crash();
    assert!(matches!(world.give(Input::Wake), Answer::ClockHeld { .. }));
    world.check();
}

#[test]
fn files_read_while_the_clock_was_held_are_taken_with_its_acceptance() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-09-24 09:00");
    let declared = crate::planner_world::declared(
        &["a", "b", "inspection"],
        &[plan("x | a | by = 2021-06-30\ny | b | by = 2021-12-31")],
    );
    assert!(matches!(world.give(Input::Declared(Box::new(declared))), Answer::ClockHeld { .. }));
    world.command(accept_clock());
    assert!(world.letters().iter().any(|letter| letter == "2021-09-24 b: y/once adopted"));
}

#[test]
fn a_large_adoption_cut_by_a_crash_is_withdrawn_and_done_again() {
    let whole = {
        let mut world = World::at("2021-05-24 09:00");
        let before = world.disk.operations();
        world.declare(&[large()]);
        world.disk.operations() - before
    };
    for cut in (1..whole.min(40)).step_by(3) {
        let mut world = World::at("2021-05-24 09:00");
        world.disk.power_out_after(cut);
        let declared = crate::planner_world::declared(&["a", "b", "inspection"], &[large()]);
        assert!(world.try_give(Input::Declared(Box::new(declared))).is_err(), "cut after {cut}");
        world.crash();
        let known = world.planner().ledger().read().plans().next().is_some();
        let begun = world.events_after(0).iter().any(|event| event == "LargeCommandBegun");
        let withdrawn = world.events_after(0).iter().any(|event| event == "LargeCommandWithdrawn");
        assert!(known || !begun || withdrawn, "cut after {cut}");
        world.declare(&[large()]);
        let ledger = world.planner().ledger();
        assert_eq!(ledger.read().plans().map(|(_, plan)| plan.tasks.len()).sum::<usize>(), 300);
        world.days_until("2021-05-26");
        assert!(world.endings().len() >= 300, "{}", world.endings().len());
        world.check();
    }
}

#[test]
fn a_start_with_an_unfinished_command_does_not_settle_a_clock() {
    let mut world = World::with("2021-05-24 09:00", "x | b | by = 2021-06-30");
    world.disk.power_out_after(5);
    let declared =
        crate::planner_world::declared(&["a", "b", "inspection"], &[large().replace("\"p\"", "\"large\"")]);
    assert!(world.try_give(Input::Declared(Box::new(declared))).is_err());
    world.set("2021-09-24 09:00");
    world.crash();
    assert!(matches!(world.give(Input::Wake), Answer::ClockHeld { .. }));
}

#[test]
fn a_crash_between_a_letter_and_its_outcome_sends_the_same_letter_again() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-05-31 09:00");
    let now = world.now;
    let handled = world.planner().handle(Input::Wake, now).unwrap();
    assert!(!handled.effects.is_empty());
    world.crash();
    world.now = now + TimeDelta::minutes(1);
    world.give(Input::Wake);
    let again = world.sent.last().unwrap().clone();
    let first = handled.effects.into_iter().find_map(|effect| match effect {
        duban::planner::Effect::Send(envelope) => Some(envelope),
        duban::planner::Effect::Queued { .. } => None,
    });
    assert_eq!(first, Some(again));
    world.check();
}

#[test]
fn a_letter_of_hundreds_of_points_is_split_over_days() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[large()]);
    world.days_until("2021-07-02");
    let most = world.written.iter().map(|draft| draft.items.len()).max();
    assert!(most <= Some(240), "{most:?}");
    let ended = world.endings();
    let due = ended.keys().filter(|key| key.to_string().ends_with(":due")).count();
    assert_eq!(due, 300);
    world.check();
}
