//! Letters that wait for a person's release told nobody yet, and never go with what is no longer so.

use duban::domain::command::{Command, Target};
use duban::domain::{FirstLetters, ItemAnswer, LetterId, LetterProgress, Release, State};
use duban::planner::Input;

use crate::planner_world::{World, at, day, declared, letter, plan, target};

/// Plans whose first letters wait for a release, saved on Tuesday 25 May 2021 and written the morning after.
fn first(tasks: &str) -> World {
    let mut world = World::at("2021-05-25 10:00");
    save(&mut world, tasks);
    world.days_until("2021-05-26");
    world
}

/// The file of the plan, under an office that wants to see first letters.
fn save(world: &mut World, tasks: &str) {
    let mut declared = declared(&["a", "b", "inspection"], &[plan(tasks)]);
    declared.office.first_letters = Some(FirstLetters::AfterRelease);
    world.give(Input::Declared(Box::new(declared)));
}

/// An office that releases each morning until 17:00, its first letters of Monday 24 May released.
fn each_morning(tasks: &str) -> World {
    let mut declared = declared(&["a", "b", "inspection"], &[plan(tasks)]);
    declared.office.release = Release::EachMorning { until: "17:00:00".parse().unwrap() };
    let mut world = World::at("2021-05-24 09:00");
    world.give(Input::Declared(Box::new(declared)));
    world.done(release("2021-0524-01"));
    world
}

fn release(id: &str) -> Command {
    Command::Release { letter: letter(id) }
}

fn progress(world: &mut World, id: &str) -> LetterProgress {
    let ledger = world.planner().ledger();
    let ledger = ledger.read();
    ledger.letter(letter(id)).unwrap().progress.clone()
}

fn held(world: &mut World) -> Vec<LetterId> {
    let ledger = world.planner().ledger();
    let ledger = ledger.read();
    let held = |letter: &&duban::domain::LetterState| letter.progress == LetterProgress::Held;
    ledger.unreleased().filter(held).map(|letter| letter.queued.letter).collect()
}

fn words(world: &World, id: &str) -> String {
    let draft = world.written.iter().find(|draft| draft.letter == letter(id)).unwrap();
    crate::letters::shown(draft)
}

fn told(world: &mut World, id: &str) -> (State, Option<String>, u32) {
    let one = world.assignment(id, "a");
    let record = one.record.as_deref();
    let on = record.and_then(|record| record.told_on).map(|on| on.to_string());
    (one.state, on, record.map_or(0, |record| record.reminders))
}

#[test]
fn a_unit_is_told_when_its_first_letter_is_released_and_not_before() {
    let mut world = first("x | a | by = 2021-06-30");
    assert_eq!(told(&mut world, "x"), (State::Opened, None, 0));
    world.days_until("2021-05-28");
    world.done(release("2021-0526-01"));
    assert_eq!(told(&mut world, "x"), (State::Notified, Some("2021-05-28".to_owned()), 0));
    world.check();
}

#[test]
fn a_first_letter_whose_date_moves_before_its_release_is_written_anew_with_the_new_date_alone() {
    let mut world = first("x | a | by = 2021-06-30\ny | a | by = 2021-07-31");
    assert_eq!(held(&mut world), [letter("2021-0526-01")]);
    world.set("2021-05-26 23:10");
    save(&mut world, "x | a | by = 2021-07-15 | reason = \"汛期推迟\"\ny | a | by = 2021-07-31");
    assert_eq!(progress(&mut world, "2021-0526-01"), LetterProgress::Recalled);
    let refused = world.refused(release("2021-0526-01"));
    assert!(refused.to_string().contains("was recalled before its release"), "{refused}");
    assert_eq!(held(&mut world), [] as [LetterId; 0], "nobody is at the office now");
    world.days_until("2021-05-27");
    assert_eq!(world.letters_on("2021-05-27"), ["a: x/once adopted, y/once adopted", "office: "]);
    let anew = words(&world, "2021-0527-01");
    assert!(anew.contains("7月15日") && !anew.contains("6月30日") && !anew.contains("时限调整"), "{anew}");
    world.done(release("2021-0527-01"));
    let before = world.letters().len();
    world.days_until("2021-06-01");
    assert_eq!(
        world.letters().split_off(before),
        [] as [&str; 0],
        "nobody is told of a change of what is new"
    );
    world.check();
}

#[test]
fn a_first_letter_names_no_task_that_was_withdrawn_before_its_release() {
    let mut world = first("x | a | by = 2021-06-30\ny | a | by = 2021-07-31");
    world.set("2021-05-27 10:00");
    save(&mut world, "y | a | by = 2021-07-31");
    world.days_until("2021-05-28");
    assert_eq!(world.letters_on("2021-05-28"), ["a: y/once adopted", "office: "]);
    world.done(Command::ClosePlan { plan: "p".parse().unwrap(), reason: "误加".to_owned() });
    assert_eq!(held(&mut world), [] as [LetterId; 0]);
    world.days_until("2021-07-01");
    assert_eq!(world.sent.iter().filter(|one| one.address.starts_with("a@")).count(), 0);
    world.check();
}

#[test]
fn what_the_office_rules_on_a_matter_waits_behind_the_letter_that_first_tells_of_it() {
    let mut world = first("x | a | by = 2021-06-30");
    world.set("2021-05-27 10:00");
    world.done(Command::GrantExtension {
        target: Target { unit: Some("a".parse().unwrap()), ..target("x") },
        new_deadline: Some(day("2021-07-15")),
        approver: "王主任".to_owned(),
        document_number: "督〔2021〕7号".to_owned(),
    });
    assert_eq!(progress(&mut world, "2021-0526-01"), LetterProgress::Recalled);
    world.days_until("2021-05-28");
    assert_eq!(
        world.letters().split_off(2),
        [
            "2021-05-27 a: x/once extension-granted:1",
            "2021-05-27 office: ",
            "2021-05-28 a: x/once adopted",
            "2021-05-28 office: "
        ]
    );
    assert_eq!(held(&mut world), ["2021-0527-01", "2021-0528-01"].map(letter));
    let anew = world.written.iter().find(|draft| draft.letter == letter("2021-0528-01")).unwrap();
    let dates: Vec<_> = anew.items.iter().map(|item| (item.deadline, item.original_deadline)).collect();
    assert_eq!(dates, [(Some(day("2021-07-15")), Some(day("2021-06-30")))]);
    world.check();
}

#[test]
fn a_days_letter_that_waits_is_recalled_when_its_matter_is_extended_paused_or_done() {
    let acts = [
        (
            "extended",
            Command::GrantExtension {
                target: Target { unit: Some("a".parse().unwrap()), ..target("x") },
                new_deadline: Some(day("2021-08-31")),
                approver: "王主任".to_owned(),
                document_number: "督〔2021〕7号".to_owned(),
            },
        ),
        ("paused", Command::Pause { target: target("x"), reason: "上级另有部署".to_owned() }),
        ("done", Command::Accept { target: target("x"), done_on: None, remark: None }),
    ];
    for (what, act) in acts {
        let mut world = each_morning("x | a | by = 2021-06-30\ny | a | by = 2021-06-30");
        world.days_until("2021-06-23");
        assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d, y/once lead-7d"]);
        let waits = *held(&mut world).last().unwrap();
        world.set("2021-06-23 10:00");
        world.done(act);
        assert_eq!(progress(&mut world, &waits.to_string()), LetterProgress::Recalled, "{what}");
        let anew = world.letters_on("2021-06-23");
        assert_eq!(
            anew.iter().filter(|one| one.as_str() == "a: y/once lead-7d").count(),
            1,
            "{what}: {anew:?}"
        );
        let of_x = |one: &&String| one.contains("x/once lead");
        assert_eq!(anew.iter().filter(of_x).count(), 1, "{what}: {anew:?}");
        world.check();
    }
}

#[test]
fn a_leaders_letter_that_waits_is_recalled_when_its_matter_is_done() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-01");
    world.set_leader("a", Some("leader@duban.example"));
    let mut until = day("2021-06-02");
    while held(&mut world).is_empty() {
        world.days_until(&until.to_string());
        until = until.succ_opt().unwrap();
    }
    let waits = held(&mut world);
    world.answer("a", &[("x", ItemAnswer::Done { done_on: day("2021-06-03"), text: "已完成".to_owned() })]);
    for letter in waits {
        assert_eq!(progress(&mut world, &letter.to_string()), LetterProgress::Recalled);
    }
    assert_eq!(held(&mut world), [] as [LetterId; 0]);
    assert!(at("2021-06-03 09:00") < world.now);
    world.check();
}
