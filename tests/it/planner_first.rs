//! What is added beside a running duban: nobody is written to at night, nor before somebody could see who gets what.

use duban::domain::command::Command;
use duban::domain::{FirstLetters, LetterId, LetterProgress};
use duban::planner::Input;

use crate::planner_world::{World, at, day, declared, letter, plan, plan_of};

const NONE: [&str; 0] = [];

/// Files of these plans, under an office whose first letters go so.
fn declare(world: &mut World, rule: FirstLetters, plans: &[String]) {
    let mut declared = declared(&["a", "b", "inspection"], plans);
    declared.office.first_letters = Some(rule);
    world.give(Input::Declared(Box::new(declared)));
}

fn waiting(text: &str, plans: &[String]) -> World {
    let mut world = World::at(text);
    declare(&mut world, FirstLetters::AfterRelease, plans);
    world
}

fn sent(world: &World) -> Vec<LetterId> {
    world.sent.iter().map(|envelope| envelope.letter).collect()
}

fn words(world: &World, id: &str) -> String {
    let draft = world.written.iter().find(|draft| draft.letter == letter(id)).unwrap();
    crate::letters::shown(draft)
}

#[test]
fn a_plan_saved_at_night_is_told_at_the_next_working_days_hour_once_a_person_has_released_it() {
    // Tuesday.
    let mut world = waiting("2021-05-25 04:13", &[plan("x | a | by = 2021-06-30\ny | b | by = 2021-06-30")]);
    for time in ["2021-05-25 09:00", "2021-05-25 18:00", "2021-05-26 00:00", "2021-05-26 08:59"] {
        world.wake(time);
        assert_eq!(world.letters(), NONE, "{time}");
    }
    let wakes = world.planner().next_wake();
    assert_eq!(wakes, Some(at("2021-05-26 09:00")));
    world.wake("2021-05-26 09:00");
    assert_eq!(world.letters_on("2021-05-26"), ["a: x/once adopted", "b: y/once adopted", "office: "]);
    assert_eq!(sent(&world), [letter("2021-0526-03")], "the office alone hears of it");
    let told = words(&world, "2021-0526-03");
    assert!(told.contains("下列2件督办函等待放行"), "{told}");
    assert!(told.contains("1. a（2021-0526-01，任务告知）。x"), "{told}");
    assert!(told.contains("duban letter release --all"), "{told}");
    world.done(Command::Release { letter: letter("2021-0526-01") });
    assert_eq!(sent(&world), [letter("2021-0526-03"), letter("2021-0526-01")]);
    world.days_until("2021-05-28");
    assert_eq!(world.written.len(), 3, "said once");
    world.check();
}

#[test]
fn what_is_saved_on_a_friday_is_told_on_monday() {
    let mut world = World::at("2021-05-28 10:00");
    declare(&mut world, FirstLetters::AtHour, &[plan("x | a | by = 2021-06-30")]);
    world.days_until("2021-05-30");
    assert_eq!(world.letters(), NONE);
    world.days_until("2021-05-31");
    assert_eq!(world.letters(), ["2021-05-31 a: x/once adopted, (x/once lead-30d)"]);
    assert_eq!(sent(&world), [letter("2021-0531-01")], "no release where the office wants none");
    world.check();
}

#[test]
fn a_new_task_and_a_new_unit_of_a_task_wait_in_the_same_way() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    assert_eq!(world.letters(), ["2021-05-24 a: x/once adopted"]);
    world.set("2021-05-25 10:00");
    let both = plan("x | a,b | by = 2021-06-30\nz | a | by = 2021-07-31");
    declare(&mut world, FirstLetters::AfterRelease, &[both]);
    world.wake("2021-05-25 20:00");
    assert_eq!(world.letters_on("2021-05-25"), NONE);
    world.days_until("2021-05-26");
    let told = world.letters_on("2021-05-26");
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("a: ") && told[0].contains("z/once adopted"), "{told:?}");
    assert!(told[1].starts_with("b: ") && told[1].contains("x/once adopted"), "{told:?}");
    assert_eq!(sent(&world).last(), Some(&letter("2021-0526-03")), "the office's");
    world.check();
}

#[test]
fn no_reminder_goes_before_the_letter_that_first_tells_of_its_task() {
    let mut world = waiting("2021-06-21 10:00", &[plan("x | a | by = 2021-06-30")]);
    world.days_until("2021-06-23");
    let told = ["2021-0622-02", "2021-0623-02"].map(letter);
    assert_eq!(sent(&world), told, "to the office alone: {:?}", world.letters());
    let held = |world: &mut World, id: &str| {
        let ledger = world.planner().ledger();
        let ledger = ledger.read();
        ledger.letter(letter(id)).unwrap().progress == LetterProgress::Held
    };
    assert!(held(&mut world, "2021-0622-01") && held(&mut world, "2021-0623-01"));
    world.done(Command::Release { letter: letter("2021-0622-01") });
    world.done(Command::Release { letter: letter("2021-0623-01") });
    world.days_until("2021-06-29");
    assert!(sent(&world).contains(&letter("2021-0629-01")), "from then on by themselves");
    world.check();
}

#[test]
fn what_is_put_back_the_same_day_is_told_to_nobody() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let ready = plan("x | a | by = 2021-06-30");
    let more = plan_of("q", "2021-05-24", "2021-12-31", "", "y | b | by = 2021-07-31");
    world.set("2021-05-25 10:00");
    declare(&mut world, FirstLetters::AfterRelease, &[ready, more]);
    world.set("2021-05-25 11:00");
    world.done(Command::ClosePlan { plan: "q".parse().unwrap(), reason: "误加".to_owned() });
    world.days_until("2021-05-28");
    assert_eq!(world.letters(), ["2021-05-24 a: x/once adopted"]);
    world.check();
}

#[test]
fn a_preview_says_beforehand_who_gets_what() {
    let mut world = waiting("2021-05-25 04:13", &[plan("x | a | by = 2021-06-30")]);
    let ledger = world.planner().ledger();
    let foretold = duban::report::preview::future(
        ledger.read().clone(),
        world.now,
        day("2021-05-25"),
        day("2021-05-26"),
    );
    let foretold: Vec<String> = foretold.map(|draft| crate::planner_world::shown(&draft)).collect();
    world.days_until("2021-05-26");
    assert_eq!(foretold, world.letters_on("2021-05-26"));
}
