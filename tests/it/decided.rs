//! What a rule decided stands in the event: whatever the rules say later, history reads as it was.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test takes the events that it asks for")]

use duban::domain::command::{Command, Target};
use duban::domain::light::{counts_by, finished_on, on_time};
use duban::domain::{Assignment, Counts, CountsBy, Event, ItemAnswer, Ledger, Recorded, Unit};

use crate::planner_world::{World, day, plan, target};

fn done(on: &str) -> ItemAnswer {
    ItemAnswer::Done { done_on: day(on), text: "完成".to_owned() }
}

/// Two leads of whom the first answers for all, work returned, an extension, a matter opened again.
fn world() -> World {
    let tasks = "x | b, a | by = 2021-06-30\ny | a | by = 2021-06-30\nz | a | by = 2021-06-30\nno | b | ongoing = true";
    let mut world = World::with("2021-05-24 09:00", tasks);
    world.days_until("2021-06-10");
    let extension = ItemAnswer::Extension {
        reason: "雨季".to_owned(),
        progress: "过半".to_owned(),
        new_deadline: day("2021-07-31"),
        approval: None,
    };
    world.answer("a", &[("z", extension)]);
    world.done(Command::GrantExtension {
        target: target("z"),
        new_deadline: None,
        approver: "县政府".to_owned(),
        document_number: "9号".to_owned(),
    });
    let no_mailbox = Unit { mailbox: None, ..world.unit("b") };
    world.done(Command::SetUnit { unit: no_mailbox });
    world.days_until("2021-06-30");
    world.answer("b", &[("x", done("2021-06-28"))]);
    world.answer("a", &[("y", done("2021-06-30"))]);
    world.days_until("2021-07-05");
    let new_deadline = Some(day("2021-07-16"));
    world.done(Command::Return { target: target("y"), reason: "缺照片".to_owned(), new_deadline });
    world.done(Command::Return { target: target("no"), reason: "补报".to_owned(), new_deadline });
    let by_b = Target { unit: Some("b".parse().unwrap()), ..target("x") };
    world.done(Command::Accept { target: by_b, done_on: None, remark: None });
    world.answer("a", &[("y", done("2021-07-05"))]);
    world.days_until("2021-07-20");
    world.done(Command::Accept { target: target("y"), done_on: None, remark: None });
    world.done(Command::Accept { target: target("z"), done_on: Some(day("2021-07-19")), remark: None });
    world.done(Command::Accept { target: target("no"), done_on: None, remark: None });
    world.days_until("2021-07-22");
    let new_deadline = Some(day("2021-09-30"));
    world.done(Command::Reopen { target: target("z"), reason: "反弹".to_owned(), new_deadline });
    world
}

fn events(world: &mut World) -> Vec<Recorded> {
    world.planner().journal().read(0).map(Result::unwrap).collect()
}

fn folded(events: &[Recorded]) -> Ledger {
    let mut ledger = Ledger::default();
    for recorded in events {
        ledger.apply(recorded);
    }
    ledger
}

fn of<'l>(ledger: &'l Ledger, id: &str) -> &'l Assignment {
    ledger.assignment(ledger.slot_of(&format!("p/{id}").parse().unwrap()).unwrap()).unwrap()
}

#[test]
fn an_acceptance_says_how_it_counts() {
    let mut world = world();
    let accepted = |recorded: &Recorded| match &recorded.event {
        Event::CompletionAccepted(accepted) => Some((accepted.assignment.to_string(), accepted.counts?)),
        _ => None,
    };
    let told: Vec<(String, Counts)> = events(&mut world).iter().filter_map(accepted).collect();
    let counts = |claimed: Option<&str>, done: &str, due: &str, in_time: bool| Counts {
        claimed_on: claimed.map(day),
        done_on: day(done),
        due: Some(day(due)),
        in_time: Some(in_time),
    };
    assert_eq!(
        told,
        [
            ("p/x/once/b".to_owned(), counts(Some("2021-06-30"), "2021-06-30", "2021-06-30", true)),
            // its first lead has claimed for it
            ("p/x/once/a".to_owned(), counts(Some("2021-06-30"), "2021-06-30", "2021-06-30", true)),
            // a date for doing it again extends nothing
            ("p/y/once/a".to_owned(), counts(Some("2021-07-05"), "2021-07-05", "2021-06-30", false)),
            // nobody claimed: the day that the office says, by the date that was granted
            ("p/z/once/a".to_owned(), counts(None, "2021-07-19", "2021-07-31", true)),
            // it had no date before it came back with one
            ("p/no/once/b".to_owned(), counts(None, "2021-07-20", "2021-07-16", false)),
        ]
    );
    let returned: Vec<Option<CountsBy>> = events(&mut world)
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::CompletionReturned(returned) => Some(returned.counts_by),
            _ => None,
        })
        .collect();
    assert_eq!(
        returned,
        [Some(CountsBy { due: Some(day("2021-06-30")) }), Some(CountsBy { due: Some(day("2021-07-16")) })]
    );
    assert_eq!(counts_by(&world.assignment("z", "a")), Some(day("2021-09-30")), "opened again with a date");
    let acknowledged: Vec<(String, Option<bool>)> = events(&mut world)
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::AnswersReceived(form) => Some((form.unit.to_string(), form.acknowledged)),
            _ => None,
        })
        .collect();
    let yes = |unit: &str, is: bool| (unit.to_owned(), Some(is));
    assert_eq!(acknowledged, [yes("a", true), yes("b", false), yes("a", true), yes("a", true)]);
    world.check();
}

/// As another duban with other rules would have decided: what no rule of today would say.
fn decided_otherwise(mut events: Vec<Recorded>) -> Vec<Recorded> {
    for recorded in &mut events {
        match &mut recorded.event {
            Event::CompletionAccepted(accepted) => {
                accepted.counts = Some(Counts {
                    claimed_on: Some(day("2021-05-25")),
                    done_on: day("2021-05-26"),
                    due: Some(day("2021-05-25")),
                    in_time: Some(false),
                });
            }
            Event::CompletionReturned(returned) => {
                returned.counts_by = Some(CountsBy { due: Some(day("2021-06-01")) });
            }
            Event::TaskReopened { again: Some(again), .. } => {
                again.counts_by = Some(CountsBy { due: Some(day("2021-08-01")) });
            }
            Event::AnswersReceived(form) => form.acknowledged = Some(false),
            _ => {}
        }
    }
    events
}

#[test]
fn the_fold_takes_what_was_decided_and_asks_no_rule() {
    let mut world = world();
    let ledger = folded(&decided_otherwise(events(&mut world)));
    for id in ["x/once/a", "x/once/b", "y/once/a"] {
        let one = of(&ledger, id);
        assert_eq!(finished_on(one), Some(day("2021-05-26")), "{id}");
        assert_eq!((on_time(one), counts_by(one)), (Some(false), Some(day("2021-05-25"))), "{id}");
    }
    assert_eq!(counts_by(of(&ledger, "z/once/a")), Some(day("2021-08-01")));
    assert_eq!(of(&ledger, "z/once/a").course.deadline, Some(day("2021-09-30")));
    // Between the return and the acceptance the date of the return counts.
    let until = events(&mut world).iter().position(|one| matches!(one.event, Event::CompletionAccepted(_)));
    let before = folded(&decided_otherwise(events(&mut world))[..until.unwrap()]);
    assert_eq!(counts_by(of(&before, "y/once/a")), Some(day("2021-06-01")));
    let is_form = |recorded: &Recorded| matches!(recorded.event, Event::AnswersReceived(_));
    let upto = events(&mut world).iter().position(is_form).unwrap() + 1;
    assert_eq!(folded(&decided_otherwise(events(&mut world))[..upto]).receipts_due().count(), 0);
    assert_eq!(folded(&events(&mut world)[..upto]).receipts_due().count(), 1);
}

#[test]
fn events_of_shape_1_fold_by_the_rules_of_their_day() {
    let mut world = world();
    let decided = events(&mut world);
    let mut first = decided.clone();
    let mut changed = 0;
    for recorded in &mut first {
        match &mut recorded.event {
            Event::CompletionAccepted(accepted) => accepted.counts = None,
            Event::CompletionReturned(returned) => returned.counts_by = None,
            Event::ExtensionGranted(granted) => granted.again.counts_by = None,
            Event::TaskReopened { again: Some(again), .. } => again.counts_by = None,
            Event::AnswersReceived(form) => form.acknowledged = None,
            _ => continue,
        }
        changed += 1;
    }
    assert_eq!(changed, 13);
    for end in 0..=decided.len() {
        assert!(folded(&first[..end]) == folded(&decided[..end]), "after event {end}");
    }
}

#[test]
fn a_date_that_moves_after_the_acceptance_makes_nobody_late() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-28");
    world.answer("a", &[("x", done("2021-06-28"))]);
    world.done(Command::Accept { target: target("x"), done_on: None, remark: None });
    assert_eq!(on_time(&world.assignment("x", "a")), Some(true));
    let earlier = plan("x | a | by = 2021-06-15");
    let mut declared = crate::planner_world::declared(&["a", "b", "inspection"], &[earlier]);
    declared.plans[0].change_reasons.insert("x".parse().unwrap(), "上级要求".to_owned());
    world.give(duban::planner::Input::Declared(Box::new(declared)));
    let one = world.assignment("x", "a");
    assert_eq!((on_time(&one), counts_by(&one)), (Some(true), Some(day("2021-06-30"))));
    world.check();
}

#[test]
fn a_letter_says_with_which_templates_it_was_written() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let version = duban::letter::Templates::embedded().unwrap().version();
    let queued = |recorded: Recorded| match recorded.event {
        Event::LetterQueued(queued) => Some(queued.templates),
        _ => None,
    };
    let templates: Vec<_> = events(&mut world).into_iter().filter_map(queued).collect();
    assert_eq!(templates, [Some(version)]);
    assert_ne!(version, duban::domain::Digest::ZERO);
}
