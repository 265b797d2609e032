//! A hand on the tap: the day's letters wait for a person where the office wants it.

use duban::domain::command::Command;
use duban::domain::{LetterId, LetterProgress, Recipient, Release};
use duban::planner::Input;

use crate::planner_world::{World, at, declared, letter, plan};

const NO_ID: [LetterId; 0] = [];
const NONE: [&str; 0] = [];

/// An office that releases each morning until 17:00.
fn office(text: &str, tasks: &str) -> World {
    let mut declared = declared(&["a", "b", "inspection"], &[plan(tasks)]);
    declared.office.release = Release::EachMorning { until: "17:00:00".parse().unwrap() };
    let mut world = World::at(text);
    world.give(Input::Declared(Box::new(declared)));
    world
}

fn progress(world: &mut World, id: &str) -> LetterProgress {
    let ledger = world.planner().ledger();
    let ledger = ledger.read();
    ledger.letter(letter(id)).unwrap().progress.clone()
}

fn sent(world: &World) -> Vec<LetterId> {
    world.sent.iter().map(|envelope| envelope.letter).collect()
}

/// Letters written, those to the office itself left out.
fn to_units(world: &World) -> usize {
    world.written.iter().filter(|draft| draft.to != Recipient::Office).count()
}

/// Goes on to this day, and releases on each before it what waits.
fn released_until(world: &mut World, until: &str) {
    let until = crate::planner_world::day(until);
    loop {
        let day = (world.now + chrono::TimeDelta::days(1)).date_naive();
        if day == until {
            return world.days_until(&until.to_string());
        }
        world.days_until(&day.to_string());
        let ledger = world.planner().ledger();
        let waits = |letter: &&duban::domain::LetterState| letter.progress == LetterProgress::Held;
        let held: Vec<LetterId> = ledger.read().unsettled().filter(waits).map(|l| l.queued.letter).collect();
        for letter in held {
            world.done(Command::Release { letter });
        }
    }
}

fn release(id: &str) -> Command {
    Command::Release { letter: letter(id) }
}

#[test]
fn a_days_letters_wait_for_release_and_then_go_at_once() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-07-31\ny | b | by = 2021-07-31");
    assert_eq!(world.letters_on("2021-05-24"), ["a: x/once adopted", "b: y/once adopted"]);
    assert_eq!(sent(&world), NO_ID);
    world.set("2021-05-24 10:20");
    world.done(release("2021-0524-02"));
    assert_eq!(sent(&world), [letter("2021-0524-02")]);
    world.check();
}

#[test]
fn an_adoption_letter_waits_as_long_as_it_takes() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-07-31");
    world.days_until("2021-05-28");
    assert_eq!(progress(&mut world, "2021-0524-01"), LetterProgress::Held);
    assert_eq!(world.letters_on("2021-05-25"), ["office: "], "who was not there at three o'clock is told");
    world.done(release("2021-0524-01"));
    assert_eq!(sent(&world), [letter("2021-0525-01"), letter("2021-0524-01")]);
    world.check();
}

#[test]
fn the_office_hears_before_the_hour_that_letters_wait_and_after_it_that_they_lapsed() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.done(release("2021-0524-01"));
    released_until(&mut world, "2021-06-23");
    assert_eq!(world.planner().next_wake(), Some(at("2021-06-23 15:00")));
    world.wake("2021-06-23 14:59");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d"]);
    world.wake("2021-06-23 15:00");
    let words = |world: &World| crate::letters::shown(world.written.last().unwrap());
    assert_eq!(world.letters_on("2021-06-23").last().map(String::as_str), Some("office: "));
    let told = words(&world);
    assert!(
        told.contains("1件督办函待放行（17:00前）") && told.contains("1. a（2021-0623-01，提醒）。x"),
        "{told}"
    );
    world.wake("2021-06-23 16:00");
    assert_eq!(world.letters_on("2021-06-23").len(), 2, "once");
    world.wake("2021-06-23 17:00");
    let told = words(&world);
    assert!(told.contains("1件督办函未放行，没有发出") && told.contains("到时无人放行"), "{told}");
    let to_office = |envelope: &&duban::domain::Envelope| envelope.address == "ducha@duban.example";
    assert_eq!(world.sent.iter().filter(to_office).count(), 2, "both went at once");
    world.check();
}

#[test]
fn what_nobody_released_by_the_end_of_its_day_is_put_before_them_again_the_next_working_day() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | a | by = 2021-07-31");
    world.done(release("2021-0524-01"));
    released_until(&mut world, "2021-06-23");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d"]);
    world.wake("2021-06-23 16:59");
    assert_eq!(progress(&mut world, "2021-0623-01"), LetterProgress::Held);
    world.wake("2021-06-23 17:00");
    assert_eq!(progress(&mut world, "2021-0623-01"), LetterProgress::Unreleased);
    let refusal = world.refused(release("2021-0623-01"));
    assert!(refusal.to_string().contains("not released on its day"), "{refusal}");
    world.days_until("2021-06-24");
    assert_eq!(world.letters_on("2021-06-24"), ["a: +x/once lead-7d"]);
    let words = crate::letters::shown(world.written.last().unwrap());
    assert!(
        words.contains("6月30日到期1项") && words.contains("还有6天") && !words.contains("迟发"),
        "{words}"
    );
    assert!(!words.contains("预告"), "a point of the letter is not also foretold: {words}");
    assert!(matches!(progress(&mut world, "2021-0623-01"), LetterProgress::Superseded { .. }));
    world.done(release("2021-0624-01"));
    assert_eq!(sent(&world).last(), Some(&letter("2021-0624-01")));
    world.days_until("2021-06-28");
    assert_eq!(to_units(&world), 4, "once released, it is over");
    world.check();
}

#[test]
fn it_waits_over_a_weekend_and_no_longer_than_the_matter_is_open() {
    // 25 June is a Friday.
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-07-02");
    world.done(release("2021-0524-01"));
    released_until(&mut world, "2021-06-25");
    world.days_until("2021-06-27");
    assert_eq!(world.letters_on("2021-06-26"), NONE);
    assert_eq!(world.letters_on("2021-06-27"), NONE);
    world.days_until("2021-06-28");
    assert_eq!(
        world.letters_on("2021-06-28"),
        ["a: +x/once lead-7d"],
        "what took its place is told at three"
    );
    world.wake("2021-06-28 17:00");
    let target = crate::planner_world::target("x");
    world.done(Command::Accept { target, done_on: None, remark: None });
    world.days_until("2021-06-29");
    assert_eq!(world.letters_on("2021-06-29"), ["a: x/once changed:1"], "that it is done, and nothing else");
    world.done(release("2021-0629-01"));
    world.days_until("2021-07-09");
    assert_eq!(to_units(&world), 5);
    world.check();
}

#[test]
fn the_nearer_stage_of_a_matter_says_all_that_its_unreleased_letter_said() {
    // 23 June, then 29 June; nobody releases anything in between.
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.done(release("2021-0524-01"));
    released_until(&mut world, "2021-06-23");
    world.days_until("2021-06-29");
    assert_eq!(world.letters_on("2021-06-28"), ["a: +x/once lead-7d"]);
    assert_eq!(world.letters_on("2021-06-29"), ["a: x/once lead-1d"]);
    world.check();
}

#[test]
fn another_matters_letter_takes_the_unreleased_points_along() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | a | by = 2021-07-01");
    world.done(release("2021-0524-01"));
    released_until(&mut world, "2021-06-23");
    world.wake("2021-06-23 17:00");
    world.days_until("2021-06-24");
    assert_eq!(world.letters_on("2021-06-24"), ["a: y/once lead-7d, +x/once lead-7d"]);
    let carried = &world.written.last().unwrap().carried;
    assert!(carried.iter().all(|item| item.late_since.is_none()), "no outage held it back");
    world.check();
}

#[test]
fn a_day_without_a_daemon_is_a_day_without_release() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.done(release("2021-0524-01"));
    released_until(&mut world, "2021-06-23");
    world.crash();
    world.wake("2021-06-24 08:00");
    assert_eq!(progress(&mut world, "2021-0623-01"), LetterProgress::Unreleased);
    world.check();
}

#[test]
fn what_is_written_after_the_hour_may_go_until_its_day_ends_and_is_put_before_them_again() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | b | by = 2021-06-30");
    world.done(release("2021-0524-01"));
    world.done(release("2021-0524-02"));
    released_until(&mut world, "2021-06-22");
    // The machine was off until the evening of the 23rd.
    for time in ["2021-06-23 18:30", "2021-06-23 18:31", "2021-06-23 23:59"] {
        world.wake(time);
        assert_eq!(progress(&mut world, "2021-0623-01"), LetterProgress::Held, "{time}");
    }
    world.done(release("2021-0623-02"));
    assert_eq!(sent(&world).last(), Some(&letter("2021-0623-02")), "who is still there may let it go");
    world.wake("2021-06-24 00:00");
    assert_eq!(progress(&mut world, "2021-0623-01"), LetterProgress::Unreleased);
    world.days_until("2021-06-24");
    assert_eq!(world.letters_on("2021-06-24"), ["a: +x/once lead-7d"]);
    world.wake("2021-06-24 16:59");
    world.done(release("2021-0624-01"));
    assert_eq!(sent(&world).last(), Some(&letter("2021-0624-01")));
    world.check();
}

#[test]
fn nothing_is_released_after_the_hour_though_nobody_has_woken_since() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.done(release("2021-0524-01"));
    released_until(&mut world, "2021-06-23");
    world.set("2021-06-23 17:00");
    let refusal = world.refused(release("2021-0623-01"));
    assert!(refusal.to_string().contains("not released on its day"), "{refusal}");
    assert!(!sent(&world).contains(&letter("2021-0623-01")));
    world.check();
}

#[test]
fn an_answer_to_a_persons_act_waits_for_nobody() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.done(release("2021-0524-01"));
    world.set("2021-05-25 15:00");
    world.done(Command::Return {
        target: crate::planner_world::target("x"),
        reason: "材料不全".to_owned(),
        new_deadline: None,
    });
    assert_eq!(sent(&world), [letter("2021-0524-01"), letter("2021-0525-01")]);
    world.check();
}

#[test]
fn a_released_letter_goes_to_the_mailbox_that_was_corrected_while_it_waited() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let unit = duban::domain::Unit { mailbox: Some("new@duban.example".to_owned()), ..world.unit("a") };
    world.done(Command::SetUnit { unit });
    world.done(release("2021-0524-01"));
    assert_eq!(world.sent.last().unwrap().address, "new@duban.example");
    world.check();
}

#[test]
fn a_letter_to_a_unit_muted_meanwhile_is_not_released() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let unit = duban::domain::Unit { muted: true, ..world.unit("a") };
    world.done(Command::SetUnit { unit });
    let refusal = world.refused(release("2021-0524-01"));
    assert!(refusal.to_string().contains("a is muted"), "{refusal}");
    let unit = duban::domain::Unit { muted: false, ..world.unit("a") };
    world.done(Command::SetUnit { unit });
    world.done(release("2021-0524-01"));
    assert_eq!(sent(&world), [letter("2021-0524-01")]);
    world.check();
}

#[test]
fn what_nobody_released_is_owed_until_it_is_told_or_done() {
    let mut world = office("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let owed = |world: &mut World| -> Vec<LetterId> {
        let ledger = world.planner().ledger();
        let ledger = ledger.read();
        ledger.owed().map(|letter| letter.queued.letter).collect()
    };
    world.done(release("2021-0524-01"));
    released_until(&mut world, "2021-06-30");
    assert_eq!(world.letters_on("2021-06-30"), ["a: x/once due"]);
    assert_eq!(owed(&mut world), NO_ID, "it waits, and can still go");
    world.set("2021-06-30 17:00");
    world.give(Input::Wake);
    assert_eq!(owed(&mut world), [letter("2021-0630-01")]);
    world.done(Command::Accept { target: crate::planner_world::target("x"), done_on: None, remark: None });
    assert_eq!(owed(&mut world), NO_ID, "it is done: nobody is owed a word");
    world.days_until("2021-07-02");
    let told = LetterProgress::Superseded { by: letter("2021-0701-01") };
    assert_eq!(progress(&mut world, "2021-0630-01"), told, "the letter that it is done");
}
