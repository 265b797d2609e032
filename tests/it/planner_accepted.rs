//! A unit that claimed nothing hears by its next letter that its part was accepted; one that claimed hears it where the
//! office wants it.

use duban::daemon::rehearsal::Ending;
use duban::domain::command::Command;
use duban::domain::{ItemAnswer, SkipReason};
use duban::planner::Input;

use crate::letters::shown;
use crate::planner_world::{World, day, declared, plan, target};

fn accept(id: &str, remark: Option<&str>) -> Command {
    Command::Accept { target: target(id), done_on: None, remark: remark.map(str::to_owned) }
}

fn claim() -> ItemAnswer {
    ItemAnswer::Done { done_on: day("2021-06-02"), text: "已全部完成".to_owned() }
}

fn read(world: &World, day: &str, unit: &str) -> String {
    let is_it = |draft: &&duban::domain::Draft| draft.day.to_string() == day && draft.to.to_string() == unit;
    shown(world.written.iter().rfind(is_it).unwrap_or_else(|| panic!("no letter to {unit} on {day}")))
}

#[test]
fn what_was_accepted_without_a_claim_stands_in_the_units_next_letter() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | a | by = 2021-07-30");
    world.days_until("2021-06-03");
    // A Friday: the next sending day is Monday.
    world.set("2021-06-04 15:00");
    world.done(accept("x", Some("现场已核")));
    assert_eq!(world.letters_on("2021-06-04"), Vec::<String>::new());
    world.days_until("2021-06-07");
    assert_eq!(world.letters_on("2021-06-07"), ["a: x/once changed:1"]);
    let text = read(&world, "2021-06-07", "a");
    assert_eq!(text.lines().nth(1), Some("1项办结告知：x〔办结告知〕"), "{text}");
    let point = text.lines().find(|line| line.starts_with("1. ")).unwrap();
    assert_eq!(point, "1. x（p第1条）。6月4日审核办结（审核意见：现场已核），无须再反馈");
    assert!(!text.contains("反馈表"), "{text}");
    assert_eq!(world.ending("p/x/once/a#1:changed:1"), Some(Ending::Letter));
    world.days_until("2021-07-23");
    let mut letters = world.letters();
    letters.retain(|told| told.contains("x/once"));
    let told = ["2021-05-24 a: x/once adopted, y/once adopted", "2021-05-31 a: x/once lead-30d"];
    assert_eq!(letters[..2], told);
    assert_eq!(letters[2..], ["2021-06-07 a: x/once changed:1"], "and nothing of it any more");
    world.check();
}

#[test]
fn an_acceptance_that_is_taken_back_before_it_was_told_is_told_to_nobody() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-06-04 15:00");
    world.done(accept("x", None));
    world.set("2021-06-04 15:10");
    world.done(Command::Reopen { target: target("x"), reason: "点错".to_owned(), new_deadline: None });
    world.days_until("2021-06-07");
    assert_eq!(world.ending("p/x/once/a#1:changed:1"), Some(Ending::Skipped(SkipReason::Undone)));
    assert_eq!(world.letters_on("2021-06-07"), Vec::<String>::new());
    world.check();
}

#[test]
fn each_period_that_is_accepted_without_a_claim_is_told() {
    let tasks = "x | a | every = \"month\", on = 25";
    let mut world = World::with("2021-05-03 09:00", tasks);
    world.days_until("2021-06-03");
    let of = |period: &str| duban::domain::command::Target {
        period: Some(period.parse().unwrap()),
        ..target("x")
    };
    world.set("2021-06-03 15:00");
    for period in ["2021-05", "2021-06"] {
        world.done(Command::Accept { target: of(period), done_on: None, remark: None });
    }
    world.days_until("2021-06-04");
    assert_eq!(world.letters_on("2021-06-04"), ["a: x/2021-05 changed:1, x/2021-06 changed:2"]);
    let text = read(&world, "2021-06-04", "a");
    assert_eq!(text.matches("6月3日审核办结，无须再反馈").count(), 2, "{text}");
    world.check();
}

#[test]
fn who_was_not_told_of_a_task_is_not_told_that_it_is_done() {
    let mut world = World::at("2021-05-24 14:00");
    let mut files = declared(&["a", "b", "inspection"], &[plan("x | a | by = 2021-06-30")]);
    files.office.first_letters = Some(duban::domain::FirstLetters::AtHour);
    world.give(Input::Declared(Box::new(files)));
    world.days_until("2021-05-25");
    world.check();
    assert_eq!(world.letters_on("2021-05-25"), ["a: x/once adopted"]);
}

#[test]
fn an_accepted_claim_is_told_where_the_office_wants_it() {
    for (wanted, told) in [(false, vec![]), (true, vec!["a: x/once changed:1"])] {
        let mut world = World::at("2021-05-24 09:00");
        let mut files = declared(&["a", "b", "inspection"], &[plan("x | a, b | by = 2021-06-30")]);
        files.office.acceptance_letter = wanted;
        world.give(Input::Declared(Box::new(files)));
        world.days_until("2021-06-02");
        world.answer("a", &[("x", claim())]);
        let words = shown(world.written.last().unwrap());
        let promise = if wanted {
            "通过、退回的均另行告知。"
        } else {
            "通过的不另行通知，退回的另行告知。"
        };
        assert!(words.contains(promise), "{words}");
        world.set("2021-06-02 15:00");
        world.done(accept("x", None));
        world.days_until("2021-06-03");
        let letters = world.letters_on("2021-06-03");
        let of_a: Vec<&str> = letters.iter().map(String::as_str).filter(|to| to.starts_with("a: ")).collect();
        assert_eq!(of_a, told);
        world.check();
    }
}
