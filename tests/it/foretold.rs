//! What is foretold is what then happens, also after people have acted: the preview of each day held
//! against a planner that goes on without them, and `next` against everything that it records.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use duban::domain::command::Command;
use duban::domain::{ActorKind, Event, ItemAnswer, Ledger, LetterId, Recorded, Release};
use duban::journal::{Journal, Options};
use duban::planner::Input;
use duban::report::preview::future;

use crate::foretold_run::compare;
use crate::planner_world::{World, at, day, declared, plan, plan_of, shown, target, task};
use crate::simulator_days::day_of;

/// A year of a small office: what is done on which day, after the letters of the morning.
fn acts(world: &mut World, on: NaiveDate) {
    let progress =
        |text: &str| ItemAnswer::Progress { text: text.to_owned(), problem: None, next_steps: None };
    let done = |on: NaiveDate| ItemAnswer::Done { done_on: on, text: "完成".to_owned() };
    match on.to_string().as_str() {
        "2021-01-12" => {
            world.answer("a", &[("x", progress("开工"))]);
        }
        "2021-01-29" => {
            world.answer("b", &[("month/2021-01", done(on))]);
        }
        "2021-02-01" => {
            let period = Some("2021-01".parse().unwrap());
            let target = duban::domain::command::Target { task: task("month"), period, unit: None };
            world.done(Command::Accept { target, done_on: None, remark: None });
        }
        "2021-02-24" => {
            let until = day("2021-06-10");
            let extension = ItemAnswer::Extension {
                reason: "雨季".to_owned(),
                progress: "过半".to_owned(),
                new_deadline: until,
                approval: None,
            };
            world.answer("a", &[("x", extension)]);
        }
        "2021-03-02" => world.done(Command::GrantExtension {
            target: target("x"),
            new_deadline: None,
            approver: "县政府".to_owned(),
            document_number: "1号".to_owned(),
        }),
        "2021-03-09" => {
            world.answer("b", &[("two", done(on))]);
        }
        // What comes back with another date, after the unit has had its letter of the day.
        "2021-03-31" => world.done(Command::Return {
            target: target("two"),
            reason: "照片不清".to_owned(),
            new_deadline: Some(day("2021-05-07")),
        }),
        "2021-04-30" => world.done(Command::Pause { target: target("x"), reason: "停工".to_owned() }),
        "2021-06-15" => world.done(Command::Resume { target: target("x") }),
        // A date that moves is told on the next sending day.
        "2021-05-12" => {
            world.declare(&[plan(&moved())]);
        }
        // A plan more, at noon of a Friday on which both units have had a letter.
        "2021-07-30" => {
            let second = plan_of("q", "2021-07-01", "2021-12-31", "", "new | a,b | by = 2021-09-30");
            world.declare(&[plan(&moved()), second]);
        }
        "2021-09-01" => {
            let target = duban::domain::command::Target {
                task: "q/new".parse().unwrap(),
                period: None,
                unit: Some("a".parse().unwrap()),
            };
            world.done(Command::Chase { targets: vec![target], words: Some("请抓紧".to_owned()) });
        }
        "2021-10-11" => mute(world, true),
        "2021-11-08" => mute(world, false),
        "2021-11-30" => {
            world.answer("a", &[("x", done(on))]);
        }
        _ => {}
    }
}

/// The tasks, one with another date.
fn moved() -> String {
    let (old, new) =
        ("by = 2021-05-31 | target = true", "by = 2021-06-11 | target = true; reason = \"上级要求\"");
    assert!(TASKS.contains(old));
    TASKS.replace(old, new)
}

fn mute(world: &mut World, muted: bool) {
    let unit = duban::domain::Unit { muted, ..world.unit("b") };
    world.done(Command::SetUnit { unit });
}

const TASKS: &str = r#"x | a | by = 2021-03-31
two | b,a | by = 2021-03-12
month | b | every = "month"
quarter | a | every = "quarter"
half | a | every = "half-year"
tens | b | every = "ten-days"
strive | a | by = 2021-05-31 | target = true
avoid | b | avoid = "07-01..09-30"
ongoing | b | ongoing = true"#;

#[test]
fn on_every_day_of_a_year_with_people_acting_the_preview_is_what_then_happens() {
    let mut world = World::with("2021-01-04 09:00", TASKS);
    let mut letters = 0;
    while world.now < at("2021-12-31 09:00") {
        let next = day_of(world.now) + Days::new(1);
        world.wake(&format!("{next} 09:00"));
        world.set(&format!("{next} 12:00"));
        acts(&mut world, next);
        let now = world.now;
        letters += compare(world.planner(), now, 21).unwrap_or_else(|why| panic!("{why}"));
    }
    assert!(letters > 1000, "{letters} letters foretold");
    world.check();
}

#[test]
fn what_a_unit_is_still_to_be_told_is_foretold_for_the_next_working_morning() {
    // A Friday: both units have had their letter when another plan comes.
    let mut world = World::with("2021-05-28 09:00", "x | a,b | by = 2021-07-30");
    world.set("2021-05-28 10:00");
    let second = plan_of("q", "2021-05-01", "2021-12-31", "", "new | a,b | by = 2021-09-30");
    world.declare(&[plan("x | a,b | by = 2021-07-30"), second]);
    assert_eq!(world.planner().next_wake(), Some(at("2021-05-31 09:00")));
    let (ledger, now) = (world.planner().ledger(), world.now);
    let of = |from: &str, until: &str| -> Vec<String> {
        let drafts = future(ledger.read().clone(), now, day(from), day(until));
        drafts.map(|draft| format!("{} {}", draft.day, shown(&draft))).collect()
    };
    let monday = ["2021-05-31 a: new/once adopted", "2021-05-31 b: new/once adopted"];
    assert_eq!(of("2021-05-28", "2021-06-10"), monday);
    assert_eq!(of("2021-05-31", "2021-05-31"), monday, "both days included");
    assert_eq!(of("2021-05-28", "2021-05-30"), [""; 0]);
    assert_eq!(of("2021-06-01", "2021-06-29"), [""; 0], "only the days asked for");
    assert_eq!(
        of("2021-06-30", "2021-06-30"),
        ["2021-06-30 a: x/once lead-30d", "2021-06-30 b: x/once lead-30d"]
    );
    world.days_until("2021-06-10");
    assert_eq!(world.letters().split_off(2), monday);
}

#[test]
fn where_each_morning_is_released_the_preview_takes_it_for_released() {
    let mut declared =
        declared(&["a", "b", "inspection"], &[plan("x | a | by = 2021-06-30\ny | a | by = 2021-07-07")]);
    declared.office.release = Release::EachMorning { until: "17:00:00".parse().unwrap() };
    let mut world = World::at("2021-05-24 09:00");
    world.give(Input::Declared(Box::new(declared)));
    for letter in ["2021-06-01 12:00", "2021-06-23 12:00", "2021-06-23 18:00", "2021-06-25 12:00"] {
        world.days_until(&letter[..10]);
        world.wake(letter);
        let now = world.now;
        compare(world.planner(), now, 30).unwrap_or_else(|why| panic!("{why}"));
    }
}

#[test]
fn the_rehearsed_year_is_foretold_from_each_act_to_the_next() {
    let text = std::fs::read_to_string(crate::script::file()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let into = home.path().join("data");
    crate::script::of_into(&crate::rehearsal::declared(), &text, "2022-03-31", Some(&into));
    let options = Options { store: false, ..Options::default() };
    let (journal, _) = Journal::open(&into, options, at("2022-03-31 12:00")).unwrap();
    let events: Vec<Recorded> = journal.read(0).map(Result::unwrap).collect();
    let is_act = |recorded: &&Recorded| {
        recorded.by.kind != ActorKind::System || matches!(recorded.event, Event::JournalCreated { .. })
    };
    let mut ledger = Ledger::default();
    let (mut foretold_letters, mut spans) = (0, 0);
    let mut rest = events.as_slice();
    while !rest.is_empty() {
        // Everything of one instant: an act, what it led to, and what was sent.
        let now = rest[0].recorded_at;
        let count = rest.iter().take_while(|recorded| recorded.recorded_at == now).count();
        let (here, later) = rest.split_at(count);
        for recorded in here {
            ledger.apply(recorded);
        }
        rest = later;
        let acted = here.iter().any(|recorded| is_act(&recorded));
        if !acted || ledger.office().is_none() {
            continue;
        }
        let next = rest.iter().find(is_act).map_or(at("2022-04-01 00:00"), |next| next.recorded_at);
        let until = day_of(next);
        let mut foretold: BTreeMap<LetterId, String> = BTreeMap::new();
        for draft in future(ledger.clone(), now, day_of(now), until).filter(|draft| draft.dated < next) {
            let items: Vec<String> = draft.items.iter().map(|item| item.key.to_string()).collect();
            foretold.insert(draft.letter, format!("{} {:?} {items:?}", draft.to, draft.kind()));
        }
        let mut happened = BTreeMap::new();
        for recorded in rest.iter().take_while(|recorded| recorded.recorded_at < next) {
            if let Event::LetterQueued(queued) = &recorded.event {
                let items: Vec<String> = queued.items.iter().map(|item| item.key.to_string()).collect();
                happened.insert(queued.letter, format!("{} {:?} {items:?}", queued.to, queued.kind));
            }
        }
        assert_eq!(foretold, happened, "from {now} to {next}");
        foretold_letters += foretold.len();
        spans += 1;
    }
    assert!(foretold_letters > 200 && spans > 40, "{foretold_letters} letters in {spans} spans");
}
