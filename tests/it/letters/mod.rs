//! Letters of the real plans as their recipients read them: two dozen, whole, nothing redacted.

use duban::domain::command::{Command, Target};
use duban::domain::{Draft, ItemAnswer, LetterKind, Recipient};
use duban::letter::{self, Identity, Templates};
use duban::planner::Input;
use duban::{report, schedules};

use crate::planner_world::World;

/// What a recipient sees first and reads: subject and plain text.
pub fn shown(draft: &Draft) -> String {
    let templates = Templates::embedded().unwrap();
    let identity = Identity {
        message_id: letter::message_id(uuid::Uuid::nil(), &draft.to, &draft.letter.to_string()),
        address: "unit@duban.example".to_owned(),
        templates: &templates,
        links: None,
    };
    let letter = letter::compose(draft, &identity).unwrap();
    format!("{}\n{}\n\n{}", draft.day, letter.subject, letter.text)
}

/// Day and unit of the letters that are pinned: each kind, each kind of recipient.
const PINNED: &[(&str, &str, &str)] = &[
    ("2021-05-24", "eco-env", "adoption of a unit that leads most"),
    ("2021-05-24", "transport", "adoption with a start already past"),
    ("2021-05-24", "fengcheng", "adoption of a township that leads one matter of seven units"),
    ("2021-05-24", "sci-tech", "adoption of a unit that only cooperates"),
    ("2021-05-24", "townships-all", "adoption of a collective without members"),
    ("2021-05-28", "energy", "the working day before a Monday's deadline"),
    ("2021-05-31", "eco-env", "on the day, with what is due in 30 days"),
    ("2021-06-01", "eco-env", "before a time to avoid"),
    ("2021-06-07", "energy", "first overdue round"),
    ("2021-06-15", "eco-env", "overdue round of a Monday off"),
    ("2021-06-15", "inspection-office", "escalation to the supervision unit"),
    ("2021-06-23", "eco-env", "seven days before"),
    ("2021-06-25", "eco-env", "collection and a month's end"),
    ("2021-06-25", "county-units-relevant", "collection of a collective"),
    ("2021-06-29", "housing", "the day before"),
    ("2021-06-30", "housing", "on the day, several plans"),
    ("2021-07-01", "market-reg", "notice of a start"),
    ("2021-07-05", "transport", "overdue round of a quarter"),
    ("2021-09-30", "eco-env", "on the day before a holiday week"),
    ("2021-10-29", "housing", "a deadline on a Sunday"),
    ("2021-12-27", "eco-env", "adoption of the standing plan on a round's Monday"),
    ("2021-12-31", "dingdian", "a township's key project on its day"),
    ("2022-01-10", "depts-relevant", "the yearly report on its day"),
    ("2022-03-31", "eco-env", "the campaign's closing report"),
];

#[test]
fn two_dozen_letters_read_as_their_recipients_read_them() {
    let declared = schedules::embedded().declared.unwrap();
    let day = |text: &str| text.parse().unwrap();
    let drafts = report::preview::preview(&declared, day("2021-05-24"), day("2022-04-10"));
    for (day, unit, what) in PINNED {
        let draft = drafts.iter().find(|draft| {
            draft.day.to_string() == *day && matches!(&draft.to, Recipient::Unit(to) if to.as_str() == *unit)
        });
        let draft = draft.unwrap_or_else(|| panic!("no letter to {unit} on {day}: {what}"));
        insta::assert_snapshot!(format!("{day}-{unit}"), format!("[{what}]\n{}", shown(draft)));
    }
}

/// The shipped plans taken in on the day of issue.
fn real_world() -> World {
    let mut world = World::at("2021-05-24 09:00");
    world.give(Input::Declared(Box::new(schedules::embedded().declared.unwrap())));
    world
}

fn written(world: &World, day: &str, to: &str) -> String {
    let unit = to.strip_prefix("leader of ");
    let is_to = |draft: &Draft| match &draft.to {
        Recipient::Unit(id) => unit.is_none() && id.as_str() == to,
        Recipient::LeaderOf(id) => unit == Some(id.as_str()),
        Recipient::Office => to == "office",
    };
    let of_day = |draft: &&Draft| draft.day.to_string() == day && is_to(draft);
    // Of two letters on a day, the answer to a person's act comes last.
    shown(world.written.iter().rfind(of_day).unwrap_or_else(|| panic!("no letter to {to} on {day}")))
}

#[test]
fn after_an_outage_letters_say_so() {
    let mut world = real_world();
    world.days_until("2021-06-19");
    world.wake("2021-07-06 10:30");
    for unit in ["eco-env", "housing", "energy"] {
        insta::assert_snapshot!(format!("outage-{unit}"), written(&world, "2021-07-06", unit));
    }
}

#[test]
fn a_leaders_letter_says_what_is_late_and_whose() {
    let mut world = real_world();
    world.set_leader("transport", Some("leader@duban.example"));
    world.days_until("2021-07-07");
    insta::assert_snapshot!("leader-of-transport", written(&world, "2021-07-07", "leader of transport"));
}

#[test]
fn work_that_comes_back_is_told_with_the_reason() {
    let mut world = real_world();
    world.days_until("2021-06-01");
    world.set("2021-06-01 15:00");
    let date = |text: &str| Some(text.parse().unwrap());
    let claim = ItemAnswer::Done { done_on: date("2021-06-01").unwrap(), text: "已全部整改".to_owned() };
    let mut answers = World::form("eco-env", &[("dry-cleaners", claim)]);
    answers.items[0].assignment = "yangcheng-2021-air/dry-cleaners/once/eco-env".parse().unwrap();
    world.done(Command::Answer { answers: Box::new(answers) });
    world.set("2021-06-02 15:10");
    world.done(Command::Return {
        target: Target { task: "yangcheng-2021-air/dry-cleaners".parse().unwrap(), period: None, unit: None },
        reason: "缺少两家干洗店的整改照片".to_owned(),
        new_deadline: date("2021-06-18"),
    });
    let returned = world.written.last().unwrap();
    assert_eq!(returned.kind(), LetterKind::Returned);
    insta::assert_snapshot!("returned", shown(returned));
}
