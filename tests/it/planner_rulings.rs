//! What a ruling of the office means for dates, for other units and for what comes after.

use duban::domain::command::{Command, Target};
use duban::domain::light::{Light, counts_by, on_time};
use duban::domain::{ItemAnswer, LeaderMatter, LeaderPage, LetterKind};

use crate::planner_world::{World, day, target};

fn done_on(text: &str) -> ItemAnswer {
    ItemAnswer::Done { done_on: day(text), text: "已全部完成".to_owned() }
}

fn extension(until: &str) -> ItemAnswer {
    ItemAnswer::Extension {
        reason: "汛期提前".to_owned(),
        progress: "已完成六成".to_owned(),
        new_deadline: day(until),
        approval: None,
    }
}

fn accept(id: &str) -> Command {
    Command::Accept { target: target(id), done_on: None, remark: None }
}

#[test]
fn a_matter_reopened_before_its_day_is_reminded_anew_and_its_old_claim_stands_for_nothing() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-01");
    world.answer("a", &[("x", done_on("2021-06-01"))]);
    world.done(accept("x"));
    world.days_until("2021-06-04");
    world.done(Command::Reopen { target: target("x"), reason: "反弹".to_owned(), new_deadline: None });
    assert!(world.assignment("x", "a").record.unwrap().standing_claim().is_none());
    let before = world.letters().len();
    world.days_until("2021-06-30");
    assert_eq!(
        world.letters().split_off(before),
        ["2021-06-23 a: x/once lead-7d", "2021-06-29 a: x/once lead-1d", "2021-06-30 a: x/once due"]
    );
    world.days_until("2021-07-02");
    world.done(Command::Accept { target: target("x"), done_on: Some(day("2021-07-01")), remark: None });
    assert_eq!(on_time(&world.assignment("x", "a")), Some(false), "June's claim was reopened");
    world.check();
}

#[test]
fn what_the_first_lead_asks_for_and_claims_holds_for_those_it_answers_for() {
    let mut world = World::with("2021-05-24 09:00", "x | a, b | by = 2021-06-30");
    world.days_until("2021-06-22");
    world.answer("a", &[("x", extension("2021-07-31"))]);
    let of_a = Target { unit: Some("a".parse().unwrap()), ..target("x") };
    world.done(Command::GrantExtension {
        target: of_a.clone(),
        new_deadline: None,
        approver: "县政府分管领导".to_owned(),
        document_number: "阳政办函〔2021〕9号".to_owned(),
    });
    assert_eq!(world.assignment("x", "b").course.deadline, Some(day("2021-07-31")));
    world.days_until("2021-07-30");
    world.answer("a", &[("x", done_on("2021-07-30"))]);
    assert_eq!(world.light("x", "b", "2021-07-30"), Light::Review);
    world.days_until("2021-08-03");
    world.done(Command::Accept { target: of_a, done_on: None, remark: None });
    assert_eq!(on_time(&world.assignment("x", "b")), Some(true), "claimed for it in time");
    assert_eq!(world.light("x", "b", "2021-08-03"), Light::Off);
    world.check();
}

#[test]
fn a_date_given_with_a_return_extends_nothing() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-30");
    world.answer("a", &[("x", done_on("2021-06-30"))]);
    let new_deadline = Some(day("2021-07-16"));
    world.days_until("2021-07-02");
    world.done(Command::Return { target: target("x"), reason: "缺两个点位".to_owned(), new_deadline });
    assert_eq!(counts_by(&world.assignment("x", "a")), Some(day("2021-06-30")));
    assert_eq!(world.light("x", "a", "2021-07-02"), Light::Green, "there is time to do it again");
    world.answer("a", &[("x", done_on("2021-07-02"))]);
    world.done(accept("x"));
    assert_eq!(on_time(&world.assignment("x", "a")), Some(false));
    world.check();
}

#[test]
fn what_is_to_be_striven_for_is_neither_in_time_nor_late() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30 | target = true");
    world.days_until("2021-07-05");
    world.answer("a", &[("x", done_on("2021-07-05"))]);
    world.done(accept("x"));
    assert_eq!(on_time(&world.assignment("x", "a")), None);
    assert_eq!(world.light("x", "a", "2021-07-05"), Light::Off);
}

#[test]
fn nothing_is_done_after_it_was_said_or_accepted() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-06-10 10:00");
    let mut form = World::form("a", &[("x", done_on("2021-06-09"))]);
    form.said_on = Some(day("2021-06-08"));
    let refused = world.refused(Command::Answer { answers: Box::new(form) }).to_string();
    assert!(refused.contains("after it was said on 2021-06-08"), "{refused}");
    let ahead = Command::Accept { target: target("x"), done_on: Some(day("2021-06-11")), remark: None };
    assert!(world.refused(ahead).to_string().contains("after today"));
}

#[test]
fn a_leaders_page_goes_only_when_a_person_has_released_it() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-07-05");
    let page = LeaderPage {
        red: 1,
        yellow: 0,
        summary: "a在办1项：红灯1项，其余0项正常。".to_owned(),
        matters: vec![LeaderMatter {
            status: "●超期5天·红".to_owned(),
            title: "x".to_owned(),
            unit: "a".to_owned(),
            due: "第1条，时限6月30日".to_owned(),
            told: vec!["原因：单位未报".to_owned()],
        }],
    };
    let wish =
        |page: &LeaderPage| Command::TellLeader { unit: "a".parse().unwrap(), page: Box::new(page.clone()) };
    assert!(
        world.refused(wish(&page)).to_string().contains("--leader-name"),
        "nobody is known to send it to"
    );
    world.set_leader("a", Some("li@a.example"));
    let nothing = LeaderPage { matters: vec![], ..page.clone() };
    assert!(world.refused(wish(&nothing)).to_string().contains("nothing of the leader's units is red"));
    let sent = world.sent.len();
    world.done(wish(&page));
    let letter = world.written.last().unwrap().clone();
    assert_eq!((letter.kind, letter.page.as_deref()), (LetterKind::Page, Some(&page)));
    world.days_until("2021-07-06");
    assert_eq!(world.sent.len(), sent, "it waits, over days");
    assert!(world.refused(wish(&page)).to_string().contains(&letter.letter.to_string()), "one at a time");
    world.done(Command::Release { letter: letter.letter });
    let gone = world.sent.last().unwrap();
    assert_eq!(gone.address, "li@a.example");
    let words = duban::letter::plain(&String::from_utf8_lossy(&gone.bytes)).unwrap().text;
    assert!(words.contains("●超期5天·红") && words.contains("原因：单位未报"), "{words}");
    world.check();
}
