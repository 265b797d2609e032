//! What follows when mail does not go: a mailbox that says "not now", one that is gone, a relay at fault.

use chrono::TimeDelta;
use duban::domain::{Blame, LetterProgress, Outcome, Recipient, RelayFault};

use crate::planner_world::{World, at, letter};

const MONDAY: &str = "2021-05-24 09:00";

fn one_letter() -> World {
    World::at(MONDAY)
}

fn declare(world: &mut World) {
    world.declare(&[crate::planner_world::plan("t | a | by = 2021-06-30")]);
}

fn not_now() -> Outcome {
    Outcome::Deferred("RCPT: 451 later".into())
}

fn no_relay(fault: RelayFault) -> Outcome {
    Outcome::NoRelay { fault, reply: "so it is".into() }
}

fn progress(world: &mut World, id: &str) -> LetterProgress {
    let ledger = world.planner().ledger();
    let ledger = ledger.read();
    ledger.letter(letter(id)).unwrap().progress.clone()
}

/// Wakes whenever something is due by itself, up to this instant.
fn pass_time(world: &mut World, until: &str) {
    let until = at(until);
    while let Some(next) = world.planner().next_wake().filter(|next| *next <= until) {
        world.now = world.now.max(next);
        world.give(duban::planner::Input::Wake);
    }
    world.now = until;
}

fn kinds(world: &mut World) -> Vec<String> {
    let mut events = world.events_after(0);
    events.retain(|event| event.starts_with("Relay") || event.starts_with("Letter"));
    events
}

#[test]
fn not_now_is_tried_again_after_a_minute_then_ever_more_seldom_up_to_four_hours() {
    let mut world = one_letter();
    world.outcomes.extend(vec![not_now(); 12]);
    declare(&mut world);
    let mut last = world.now;
    let mut waits = Vec::new();
    for _ in 0..11 {
        let LetterProgress::Deferred { retry_at, .. } = progress(&mut world, "2021-0524-01") else {
            panic!()
        };
        waits.push(retry_at - last);
        last = retry_at;
        world.now = retry_at;
        world.give(duban::planner::Input::Wake);
    }
    assert!(waits[0] >= TimeDelta::minutes(1) && waits[0] < TimeDelta::minutes(2), "{waits:?}");
    assert!(waits.windows(2).take(7).all(|pair| pair[0] < pair[1]), "{waits:?}");
    assert!(waits[9] >= TimeDelta::hours(3) && waits[9] <= TimeDelta::hours(4), "{waits:?}");
    world.check();
}

#[test]
fn after_three_days_of_not_now_a_mailbox_is_given_up_and_the_office_is_told() {
    let mut world = one_letter();
    world.outcomes.extend(vec![not_now(); 100]);
    declare(&mut world);
    pass_time(&mut world, "2021-05-26 23:00");
    assert!(matches!(progress(&mut world, "2021-0524-01"), LetterProgress::Deferred { .. }));
    pass_time(&mut world, "2021-05-28 23:00");
    let LetterProgress::Refused { reply } = progress(&mut world, "2021-0524-01") else { panic!() };
    assert!(reply.contains("given up after 3 days") && reply.contains("451"), "{reply}");
    let ledger = world.planner().ledger();
    let refusing: Vec<Recipient> = ledger.read().refusing().map(|(to, _)| to.clone()).collect();
    assert_eq!(refusing, [Recipient::Unit("a".parse().unwrap())]);
    world.check();
}

#[test]
fn days_on_which_nobody_could_ask_a_mailbox_do_not_count_against_it() {
    // The machine is off for four days after the first "not now".
    let mut world = one_letter();
    world.outcomes.push_back(not_now());
    declare(&mut world);
    world.crash();
    world.outcomes.extend(vec![not_now(); 200]);
    world.wake("2021-05-28 10:00");
    let is_deferred =
        |world: &mut World| matches!(progress(world, "2021-0524-01"), LetterProgress::Deferred { .. });
    assert!(is_deferred(&mut world), "asked on two days of five");
    pass_time(&mut world, "2021-05-29 23:00");
    assert!(is_deferred(&mut world), "on three");
    pass_time(&mut world, "2021-05-30 08:00");
    assert!(matches!(progress(&mut world, "2021-0524-01"), LetterProgress::Refused { .. }), "on four");
    world.check();
}

#[test]
fn a_relay_that_is_away_for_days_does_not_count_against_a_mailbox_that_had_said_not_now() {
    let mut world = one_letter();
    world.outcomes.push_back(not_now());
    declare(&mut world);
    world.outcomes.extend(vec![no_relay(RelayFault::Unreachable); 10_000]);
    pass_time(&mut world, "2021-05-28 12:00");
    world.outcomes.clear();
    world.outcomes.extend(vec![not_now(); 3]);
    pass_time(&mut world, "2021-05-28 20:00");
    assert!(matches!(progress(&mut world, "2021-0524-01"), LetterProgress::Accepted { .. }), "greylisted");
    world.check();
}

#[test]
fn a_mailbox_that_takes_a_letter_or_has_a_new_address_begins_without_a_past() {
    let mut world = one_letter();
    world.outcomes.push_back(Outcome::Refused("RCPT: 550 no such user".into()));
    declare(&mut world);
    let refusing = |world: &mut World| world.planner().ledger().read().refusing().count();
    assert_eq!(refusing(&mut world), 1);
    let moved = duban::domain::Unit { mailbox: Some("new@county.test".into()), ..world.unit("a") };
    world.done(duban::domain::command::Command::SetUnit { unit: moved });
    assert_eq!(refusing(&mut world), 0);
    world.check();
}

#[test]
fn a_relay_out_of_reach_holds_every_letter_is_tried_with_one_and_counts_against_no_address() {
    let mut world = one_letter();
    world.outcomes.extend(vec![no_relay(RelayFault::Unreachable); 30]);
    let tasks = "t | a | by = 2021-06-30\nu | b | by = 2021-06-30";
    world.declare(&[crate::planner_world::plan(tasks)]);
    assert_eq!(world.sent.len(), 2, "both were on their way when it failed");
    assert_eq!(kinds(&mut world).iter().filter(|event| *event == "RelayFailed").count(), 1);
    pass_time(&mut world, "2021-05-24 15:00");
    let tries = world.sent.len() - 2;
    assert!((8..=20).contains(&tries), "{tries} tries in six hours");
    {
        let ledger = world.planner().ledger();
        let ledger = ledger.read();
        assert_eq!(usize::try_from(ledger.relay().unwrap().failures).unwrap(), tries + 1);
        assert!(ledger.letters().all(|(_, letter)| letter.attempts == 0), "no attempt is counted");
        assert!(ledger.mailbox(&Recipient::Unit("a".parse().unwrap())).is_none());
    }
    let LetterProgress::Deferred { blame, .. } = progress(&mut world, "2021-0524-01") else { panic!() };
    assert_eq!(blame, Blame::Relay);
    world.outcomes.clear();
    pass_time(&mut world, "2021-05-24 16:00");
    for id in ["2021-0524-01", "2021-0524-02"] {
        assert!(matches!(progress(&mut world, id), LetterProgress::Accepted { .. }), "{id}");
    }
    assert!(world.planner().ledger().read().relay().is_none());
    assert_eq!(kinds(&mut world).iter().filter(|event| *event == "RelayRecovered").count(), 1);
    world.check();
}

#[test]
fn a_wrong_password_stops_sending_survives_a_crash_and_is_tried_once_after_a_new_start() {
    let mut world = one_letter();
    world.outcomes.push_back(no_relay(RelayFault::Login));
    declare(&mut world);
    pass_time(&mut world, "2021-05-24 09:10");
    assert_eq!(world.sent.len(), 1, "a wrong password is not tried every minute");
    world.crash();
    assert_eq!(world.planner().ledger().read().relay().unwrap().fault, RelayFault::Login);
    world.outcomes.push_back(no_relay(RelayFault::Login));
    world.wake("2021-05-24 09:11");
    assert_eq!(world.sent.len(), 2, "a new start may have mended it");
    world.wake("2021-05-24 09:12");
    assert_eq!(world.sent.len(), 2);
    world.crash();
    world.wake("2021-05-24 09:13");
    assert!(matches!(progress(&mut world, "2021-0524-01"), LetterProgress::Accepted { .. }));
    world.check();
}

#[test]
fn a_line_lost_under_way_delays_its_letter_alone_and_counts_against_no_address() {
    let mut world = one_letter();
    world.outcomes.push_back(Outcome::Interrupted("DATA: the server closed the line".into()));
    let tasks = "t | a | by = 2021-06-30\nu | b | by = 2021-06-30";
    world.declare(&[crate::planner_world::plan(tasks)]);
    assert!(matches!(
        progress(&mut world, "2021-0524-01"),
        LetterProgress::Deferred { blame: Blame::Line, .. }
    ));
    assert!(matches!(progress(&mut world, "2021-0524-02"), LetterProgress::Accepted { .. }));
    assert!(world.planner().ledger().read().mailbox(&Recipient::Unit("a".parse().unwrap())).is_none());
    world.wake("2021-05-24 09:02");
    assert!(matches!(progress(&mut world, "2021-0524-01"), LetterProgress::Accepted { .. }));
    world.check();
}

#[test]
fn while_a_relay_is_away_for_days_a_unit_s_letters_become_one() {
    let mut world = one_letter();
    world.declare(&[crate::planner_world::plan("x | a | by = 2021-06-30\nz | b | by = 2021-06-29")]);
    pass_time(&mut world, "2021-06-21 12:00");
    world.outcomes.extend(vec![no_relay(RelayFault::Unreachable); 10_000]);
    pass_time(&mut world, "2021-06-29 09:30");
    world.outcomes.clear();
    let away = world.sent.len();
    pass_time(&mut world, "2021-06-29 23:00");
    // The first of a's was written while the relay was away, and handed over to nobody.
    for old in ["2021-0622-01", "2021-0623-01", "2021-0628-01"] {
        let became = progress(&mut world, old);
        assert!(matches!(became, LetterProgress::Superseded { .. }), "{old}: {became:?}");
    }
    let names: Vec<String> = world.sent[away..].iter().map(|sent| sent.letter.to_string()).collect();
    assert_eq!(names, ["2021-0629-01", "2021-0629-02"]);
    world.check();
}
