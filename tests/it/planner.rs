//! The planner on small plans: what goes when, and how each stage ends.

use chrono::NaiveDate;
use duban::daemon::rehearsal::Ending;
use duban::domain::command::Command;
use duban::domain::{Body, LetterProgress, Outcome, SkipReason, Unit};
use duban::planner::Answer;

use crate::planner_world::{World, at, day, declared, letter, plan, plan_of, target, task};

const NONE: [&str; 0] = [];

fn accept(id: &str) -> Command {
    Command::Accept { target: target(id), done_on: None, remark: None }
}

fn pause(id: &str) -> Command {
    Command::Pause { target: target(id), reason: "停产".to_owned() }
}

fn send_back(id: &str, new_deadline: Option<NaiveDate>) -> Command {
    Command::Return { target: target(id), reason: "材料不全".to_owned(), new_deadline }
}

#[test]
fn an_adoption_after_the_days_letter_waits_for_the_next_sending_hour() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-08-31");
    assert_eq!(world.letters_on("2021-05-24"), ["a: x/once adopted"]);
    world.set("2021-05-24 14:00");
    let second =
        plan_of("q", "2021-05-24", "2021-12-31", "", "y | a | by = 2021-09-30\nz | b | by = 2021-09-30");
    world.declare(&[plan("x | a | by = 2021-08-31"), second]);
    // b had no letter today: told at once.
    assert_eq!(world.letters_on("2021-05-24"), ["a: x/once adopted", "b: z/once adopted"]);
    world.wake("2021-05-25 08:59");
    assert_eq!(world.letters_on("2021-05-25"), NONE);
    world.wake("2021-05-25 09:00");
    assert_eq!(world.letters_on("2021-05-25"), ["a: y/once adopted"]);
    world.check();
}

#[test]
fn an_adoption_that_waited_through_an_outage_ends_each_stage_once() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-08-31");
    world.set("2021-05-24 14:00");
    let second = plan_of("q", "2021-05-24", "2021-12-31", "", "y | a | by = 2021-05-31");
    world.declare(&[plan("x | a | by = 2021-08-31"), second]);
    world.wake("2021-06-21 09:00");
    assert_eq!(
        world.letters_on("2021-06-21"),
        [
            "a: y/once adopted, (y/once overdue:2021-06-07), (y/once overdue:2021-06-14), (y/once overdue:2021-06-21)",
            "inspection: a: y/once escalate-supervision*",
        ]
    );
    assert_eq!(world.ending("q/y/once/a#1:due"), Some(Ending::Missed));
    assert_eq!(world.ending("q/y/once/a#1:overdue:2021-06-21"), Some(Ending::Merged));
    world.check();
}

#[test]
fn what_is_done_before_it_was_told_leaves_the_rest_to_be_told() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-08-31");
    world.set("2021-05-24 14:00");
    let second =
        plan_of("q", "2021-05-24", "2021-12-31", "", "y | a | by = 2021-09-30\nz | a | by = 2021-09-30");
    world.declare(&[plan("x | a | by = 2021-08-31"), second]);
    let target = duban::domain::command::Target { task: "q/y".parse().unwrap(), period: None, unit: None };
    world.done(Command::Accept { target, done_on: None, remark: None });
    world.days_until("2021-05-25");
    assert_eq!(world.letters_on("2021-05-25"), ["a: z/once adopted"]);
    world.check();
}

#[test]
fn one_unit_gets_one_letter_a_day_and_the_most_urgent_stage_of_each_matter() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31\ny | a | by = 2021-06-30");
    world.days_until("2021-06-07");
    assert_eq!(
        world.letters(),
        [
            // 31 May − 7 is the day of the adoption
            "2021-05-24 a: x/once adopted, y/once adopted, (x/once lead-7d)",
            "2021-05-28 a: x/once lead-1d",
            "2021-05-31 a: x/once due, y/once lead-30d",
            "2021-06-07 a: x/once overdue:2021-06-07",
        ]
    );
    world.check();
}

#[test]
fn acceptance_ends_every_stage_to_come_as_done() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-08-31");
    world.set("2021-05-25 10:00");
    world.done(accept("x"));
    for stage in ["lead-30d", "lead-7d", "lead-1d", "due", "escalate-leader", "escalate-supervision"] {
        let ending = world.ending(&format!("p/x/once/a#1:{stage}"));
        assert_eq!(ending, Some(Ending::Skipped(SkipReason::Done)), "{stage}");
    }
    world.days_until("2021-07-01");
    assert_eq!(world.letters(), ["2021-05-24 a: x/once adopted", "2021-05-26 a: x/once changed:1"]);
    world.check();
}

#[test]
fn a_round_that_came_while_nobody_woke_ends_with_the_acceptance() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    world.days_until("2021-06-06");
    world.set("2021-06-08 10:00");
    world.done(accept("x"));
    let ending = world.ending("p/x/once/a#1:overdue:2021-06-07");
    assert_eq!(ending, Some(Ending::Skipped(SkipReason::Done)));
    world.check();
}

#[test]
fn a_paused_matter_is_quiet_and_then_chased_again() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-06-20 10:00");
    world.done(pause("x"));
    assert!(world.refused(pause("x")).to_string().contains("paused"));
    world.days_until("2021-06-25");
    assert_eq!(world.ending("p/x/once/a#1:lead-7d"), Some(Ending::Skipped(SkipReason::Paused)));
    world.done(Command::Resume { target: target("x") });
    world.days_until("2021-07-06");
    assert_eq!(
        world.letters()[1..],
        [
            "2021-06-29 a: x/once lead-1d",
            "2021-06-30 a: x/once due",
            "2021-07-05 a: x/once overdue:2021-07-05"
        ]
    );
    world.done(pause("x"));
    world.days_until("2021-07-13");
    world.done(Command::Resume { target: target("x") });
    world.days_until("2021-07-19");
    assert_eq!(world.ending("p/x/once/a#1:overdue:2021-07-12"), None, "no round while paused");
    assert_eq!(world.letters_on("2021-07-19"), ["a: x/once overdue:2021-07-19"]);
    world.check();
}

#[test]
fn a_round_that_came_before_the_pause_ends_with_it() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    world.days_until("2021-06-06");
    world.set("2021-06-08 10:00");
    world.done(pause("x"));
    let ending = world.ending("p/x/once/a#1:overdue:2021-06-07");
    assert_eq!(ending, Some(Ending::Skipped(SkipReason::Paused)));
    world.check();
}

#[test]
fn a_return_with_a_new_date_begins_a_second_version_and_is_told_at_once() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-23");
    world.set("2021-06-23 10:00");
    world.done(send_back("x", Some(day("2021-07-30"))));
    // the day's clock-driven letter went at nine; this one answers a person's act
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d", "a: x/once returned"]);
    assert_eq!(
        world.written.last().unwrap().body,
        Body::Returned { reason: Some("材料不全".to_owned()), claimed: false }
    );
    let ending = world.ending("p/x/once/a#1:due");
    assert_eq!(ending, Some(Ending::Skipped(SkipReason::Rescheduled)));
    world.days_until("2021-08-02");
    assert_eq!(
        world.letters()[4..],
        [
            "2021-06-30 a: x/once lead-30d",
            "2021-07-23 a: x/once lead-7d",
            "2021-07-29 a: x/once lead-1d",
            "2021-07-30 a: x/once due",
            "2021-08-02 a: x/once overdue:2021-08-02"
        ]
    );
    assert_eq!(world.ending("p/x/once/a#2:due"), Some(Ending::Letter));
    world.check();
}

#[test]
fn a_round_that_came_before_a_return_ends_with_it() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    world.days_until("2021-06-06");
    world.set("2021-06-08 10:00");
    world.done(send_back("x", None));
    assert!(world.ending("p/x/once/a#1:overdue:2021-06-07").is_some());
    assert_eq!(world.letters_on("2021-06-08"), ["a: x/once returned"]);
    world.check();
}

#[test]
fn every_return_has_a_key_of_its_own() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    for hour in ["10:00", "11:00"] {
        world.set(&format!("2021-05-25 {hour}"));
        world.done(send_back("x", None));
    }
    assert_eq!(world.letters()[1..], ["2021-05-25 a: x/once returned", "2021-05-25 a: x/once returned:2"]);
    world.check();
}

#[test]
fn a_unit_without_an_address_is_skipped_until_it_has_one() {
    let mut world = World::at("2021-05-24 09:00");
    let units = ["!a", "b", "inspection"];
    world.declare_with(&units, &[plan("x | a | by = 2021-06-30")]);
    assert_eq!(world.letters(), NONE);
    let no_address = Some(Ending::Skipped(SkipReason::NoAddress));
    assert_eq!(world.ending("p/x/once/a#1:adopted"), no_address);
    world.days_until("2021-06-01");
    assert_eq!(world.ending("p/x/once/a#1:lead-30d"), no_address);
    let unit = Unit { mailbox: Some("a@duban.example".to_owned()), ..world.unit("a") };
    world.done(Command::SetUnit { unit });
    world.days_until("2021-06-23");
    assert_eq!(world.letters(), ["2021-06-23 a: x/once lead-7d"]);
    // What an admin set stays, whatever the file says.
    world.declare_with(&units, &[plan("x | a | by = 2021-06-30")]);
    assert!(world.unit("a").mailbox.is_some());
    world.check();
}

#[test]
fn a_leaders_letter_waits_for_release() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    world.set_leader("a", Some("leader@duban.example"));
    world.days_until("2021-06-07");
    let letters = world.letters_on("2021-06-07");
    assert_eq!(letters, ["a: x/once overdue:2021-06-07", "leader of a: a: x/once escalate-leader"]);
    let held = letter("2021-0607-02");
    assert!(world.sent.iter().all(|envelope| envelope.letter != held));
    world.days_until("2021-06-09");
    assert!(world.sent.iter().all(|envelope| envelope.letter != held));
    world.done(Command::Release { letter: held });
    let sent = world.sent.last().unwrap();
    assert_eq!((sent.letter, sent.address.as_str()), (held, "leader@duban.example"));
    let again = world.refused(Command::Release { letter: held });
    assert!(again.to_string().contains("no release"), "{again}");
    world.check();
}

#[test]
fn a_released_letter_to_a_leader_who_was_forgotten_is_refused_and_does_not_spin() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    world.set_leader("a", Some("leader@duban.example"));
    world.days_until("2021-06-07");
    world.set_leader("a", None);
    let held = letter("2021-0607-02");
    world.done(Command::Release { letter: held });
    let ledger = world.planner().ledger();
    let progress = ledger.read().letter(held).unwrap().progress.clone();
    assert!(matches!(progress, LetterProgress::Refused { .. }), "{progress:?}");
    assert!(world.sent.iter().all(|envelope| envelope.letter != held));
    world.check();
}

#[test]
fn the_supervision_unit_is_escalated_one_step_higher() {
    let mut world = World::with("2021-05-24 09:00", "x | inspection | by = 2021-05-31");
    world.set_leader("inspection", Some("leader@duban.example"));
    world.days_until("2021-06-15");
    let higher = |on| -> Vec<String> {
        world.letters_on(on).into_iter().filter(|letter| letter.starts_with("leader")).collect()
    };
    assert_eq!(higher("2021-06-07"), ["leader of inspection: inspection: x/once escalate-leader"]);
    assert_eq!(higher("2021-06-15"), ["leader of inspection: inspection: x/once escalate-supervision"]);
    world.check();
}

#[test]
fn after_an_outage_a_leader_is_told_of_a_matter_once() {
    let mut world = World::with("2021-05-24 09:00", "x | inspection | by = 2021-05-31");
    world.set_leader("inspection", Some("leader@duban.example"));
    world.days_until("2021-06-04");
    world.wake("2021-06-16 09:00");
    let letters: Vec<String> =
        world.letters_on("2021-06-16").into_iter().filter(|letter| letter.starts_with("leader")).collect();
    assert_eq!(
        letters,
        ["leader of inspection: inspection: x/once escalate-supervision*, (x/once escalate-leader)"]
    );
    world.check();
}

#[test]
fn without_a_leaders_address_the_escalation_is_skipped_and_supervision_is_told() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    world.days_until("2021-06-15");
    let skipped = Some(Ending::Skipped(SkipReason::NoAddress));
    assert_eq!(world.ending("p/x/once/a#1:escalate-leader"), skipped);
    assert_eq!(
        world.letters_on("2021-06-15"),
        ["a: x/once overdue:2021-06-14", "inspection: a: x/once escalate-supervision"]
    );
    world.check();
}

#[test]
fn a_daily_letter_that_never_left_is_carried_by_the_next() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | a | by = 2021-07-01");
    world.days_until("2021-05-30");
    world.outcomes.extend(vec![Outcome::Deferred("451 later".to_owned()); 8]);
    world.wake("2021-05-31 09:00");
    let ledger = world.planner().ledger();
    let first = letter("2021-0531-01");
    let progress = ledger.read().letter(first).unwrap().progress.clone();
    assert!(matches!(progress, LetterProgress::Deferred { .. }), "{progress:?}");
    // y's turn comes the day after
    world.wake("2021-06-01 09:00");
    assert_eq!(world.letters_on("2021-06-01"), ["a: y/once lead-30d, +x/once lead-30d"]);
    let progress = ledger.read().letter(first).unwrap().progress.clone();
    assert_eq!(progress, LetterProgress::Superseded { by: letter("2021-0601-01") });
    world.outcomes.clear();
    world.wake("2021-06-02 09:00");
    let later = world.sent.iter().filter(|e| e.letter == first && e.message_id.is_empty()).count();
    assert_eq!(later, 0);
    assert_eq!(world.sent.last().unwrap().letter, letter("2021-0601-01"));
    world.check();
}

#[test]
fn what_is_unknown_is_sent_again_under_the_same_message_id() {
    let mut world = World::at("2021-05-24 09:00");
    world.outcomes.push_back(Outcome::Unknown("lost after the dot".to_owned()));
    world.declare(&[plan("x | a | by = 2021-06-30")]);
    assert_eq!(world.sent.len(), 1);
    world.wake("2021-05-24 09:00");
    assert_eq!(world.sent.len(), 1, "not before its time");
    assert!(world.planner().next_wake().unwrap() <= at("2021-05-24 09:02"));
    world.wake("2021-05-24 09:02");
    assert_eq!(world.sent.len(), 2);
    assert_eq!(world.sent[0], world.sent[1]);
    world.wake("2021-05-24 12:00");
    assert_eq!(world.sent.len(), 2);
    world.check();
}

#[test]
fn an_answer_of_a_letter_that_is_settled_changes_nothing() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let first = letter("2021-0524-01");
    world.give(duban::planner::Input::Outcome {
        letter: first,
        outcome: Outcome::Deferred("late news".to_owned()),
    });
    world.wake("2021-05-24 18:00");
    assert_eq!(world.sent.len(), 1);
    world.done(Command::Resend { letter: first, reason: "被误删".to_owned() });
    assert_eq!(world.sent.len(), 2);
    assert_eq!(world.sent[0].message_id, world.sent[1].message_id);
    world.check();
}

#[test]
fn an_awaited_date_is_settled_and_an_assumed_lead_confirmed() {
    let tasks = "x | a | awaiting = \"汛前\"\ny | a, b | by = 2021-06-30 | lead_basis = \"assumed\"";
    let mut world = World::with("2021-05-24 09:00", tasks);
    let due = duban::domain::Due::By(day("2021-06-15"));
    world.set("2021-05-25 10:00");
    world.done(Command::Settle {
        task: task("x"), due: due.clone(), ground: "县防指〔2021〕3号".to_owned()
    });
    let again = world.refused(Command::Settle { task: task("x"), due, ground: "再定".to_owned() });
    assert!(again.to_string().contains("already settled"), "{again}");
    world.done(Command::Confirm { task: task("y"), lead: vec!["b".parse().unwrap()] });
    let gone = world.ending("p/y/once/a#1:due");
    assert_eq!(gone, Some(Ending::Skipped(SkipReason::Withdrawn)));
    world.days_until("2021-06-30");
    assert_eq!(world.ending("p/x/once/a#1:due"), Some(Ending::Letter));
    assert_eq!(world.ending("p/y/once/b#1:due"), Some(Ending::Letter));
    assert!(world.letters_on("2021-06-30").iter().all(|letter| !letter.starts_with("a:")));
    world.check();
}

#[test]
fn a_repeated_request_returns_the_first_answer() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let first = world.request(accept("x"), Some("r-1"));
    assert!(matches!(first, Answer::Done { .. }));
    let head = world.head();
    assert_eq!(world.request(accept("x"), Some("r-1")), first);
    assert_eq!(world.head(), head);
    world.crash();
    assert_eq!(world.request(accept("x"), Some("r-1")), first);
    // even while the clock is held
    world.set("2022-05-24 09:00");
    assert_eq!(world.request(accept("x"), Some("r-1")), first);
    world.check();
}

#[test]
fn nothing_to_do_is_no_reason_to_stay_awake() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    // The adoption letter has gone; what comes today for the same unit waits for tomorrow.
    let now = at("2021-05-24 14:00");
    let next = world.planner().next_wake().unwrap();
    assert!(next > now, "{next}");
    let empty = declared(&["a", "b", "inspection"], &[]);
    assert!(empty.plans.is_empty());
}
