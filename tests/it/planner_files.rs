//! Changed plan files: what becomes an event, what is refused, and what is only told.

use duban::daemon::rehearsal::Ending;
use duban::domain::adoption::Finding;
use duban::domain::command::{Command, Refusal};
use duban::domain::{Due, PlanOwner, SkipReason, Unit};
use duban::planner::Input;

use crate::planner_world::{World, day, plan, plan_of, task};

#[test]
fn a_moved_date_needs_a_reason() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-06-01 10:00");
    let head = world.head();
    let findings = world.declare(&[plan("x | a | by = 2021-07-30\ny | a | by = 2021-07-30")]);
    assert!(matches!(&findings[..], [Finding::DateChangedWithoutReason { .. }]), "{findings:?}");
    let recorded = world.events_after(head);
    assert!(!recorded.iter().any(|event| event == "TaskAdded" || event == "TaskChanged"), "{recorded:?}");
    let findings = world.declare(&[plan("x | a | by = 2021-07-30 | reason = \"阳政办函〔2021〕7号\"")]);
    assert!(findings.is_empty(), "{findings:?}");
    let old = world.ending("p/x/once/a#1:due");
    assert_eq!(old, Some(Ending::Skipped(SkipReason::Rescheduled)));
    world.days_until("2021-07-30");
    assert_eq!(
        world.letters()[2..],
        [
            "2021-06-02 a: x/once changed:1",
            "2021-06-30 a: x/once lead-30d",
            "2021-07-23 a: x/once lead-7d",
            "2021-07-29 a: x/once lead-1d",
            "2021-07-30 a: x/once due"
        ]
    );
    assert_eq!(world.ending("p/x/once/a#2:due"), Some(Ending::Letter));
    world.check();
}

#[test]
fn a_round_that_came_before_the_move_ends_with_the_old_date() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    world.days_until("2021-06-06");
    world.set("2021-06-08 10:00");
    world.declare(&[plan("x | a | by = 2021-07-30 | reason = \"阳政办函〔2021〕7号\"")]);
    let ending = world.ending("p/x/once/a#1:overdue:2021-06-07");
    assert_eq!(ending, Some(Ending::Skipped(SkipReason::Rescheduled)));
    world.check();
}

#[test]
fn a_task_gone_from_its_file_is_withdrawn() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | b | by = 2021-06-30");
    world.set("2021-05-25 10:00");
    assert!(world.declare(&[plan("x | a | by = 2021-06-30")]).is_empty());
    let gone = world.ending("p/y/once/b#1:due");
    assert_eq!(gone, Some(Ending::Skipped(SkipReason::Withdrawn)));
    world.days_until("2021-07-31");
    let told: Vec<String> = world.letters().into_iter().filter(|letter| letter.contains(" b:")).collect();
    assert_eq!(told, ["2021-05-24 b: y/once adopted", "2021-05-26 b: y/once changed:1"]);
    world.check();
}

#[test]
fn a_task_that_comes_back_begins_anew_under_keys_of_its_own() {
    let both = plan("x | a | by = 2021-06-30\ny | b | by = 2021-06-30");
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | b | by = 2021-06-30");
    world.set("2021-05-25 10:00");
    world.declare(&[plan("x | a | by = 2021-06-30")]);
    world.set("2021-05-27 10:00");
    world.declare(&[both]);
    world.days_until("2021-06-30");
    let on_the_day = world.letters_on("2021-06-30");
    assert!(on_the_day.contains(&"b: y/once due".to_owned()), "{on_the_day:?}");
    world.check();
}

#[test]
fn a_task_withdrawn_before_it_was_told_is_not_told() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-08-31");
    world.set("2021-05-24 14:00");
    world.declare(&[plan("x | a | by = 2021-08-31\ny | a | by = 2021-09-30")]);
    world.set("2021-05-24 15:00");
    world.declare(&[plan("x | a | by = 2021-08-31")]);
    world.days_until("2021-05-26");
    assert_eq!(world.letters(), ["2021-05-24 a: x/once adopted"]);
    world.check();
}

#[test]
fn another_lead_in_the_file_is_asked_in_place_of_the_first() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-05-25 10:00");
    world.declare(&[plan("x | b | by = 2021-06-30")]);
    world.days_until("2021-06-30");
    assert_eq!(world.letters_on("2021-06-30"), ["b: x/once due"]);
    world.check();
}

#[test]
fn a_lead_that_comes_back_is_asked_again_under_keys_of_its_own() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    for (hour, lead, due) in [("10", "b", "2021-06-30"), ("11", "a", "2021-06-30"), ("12", "a", "2021-07-30")]
    {
        world.set(&format!("2021-05-25 {hour}:00"));
        let findings = world.declare(&[plan(&format!("x | {lead} | by = {due} | reason = \"调整\""))]);
        assert!(findings.is_empty(), "{findings:?}");
    }
    world.days_until("2021-07-30");
    assert_eq!(world.letters_on("2021-07-30"), ["a: x/once due"]);
    let told: Vec<String> = world.letters().into_iter().filter(|letter| letter.contains(" b:")).collect();
    assert_eq!(told, ["2021-05-25 b: x/once adopted", "2021-05-26 b: x/once changed:1"]);
    world.check();
}

#[test]
fn a_missing_file_is_told_and_closes_nothing() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-05-25 10:00");
    let head = world.head();
    let findings = world.declare(&[]);
    assert!(matches!(&findings[..], [Finding::FileMissing { .. }]), "{findings:?}");
    assert_eq!(world.head(), head);
    world.days_until("2021-06-30");
    assert_eq!(world.ending("p/x/once/a#1:due"), Some(Ending::Letter));
}

#[test]
fn a_plan_that_the_office_owns_does_not_listen_to_its_file() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.done(Command::TakeOver {
        plan: "p".parse().unwrap(),
        owner: PlanOwner::Office,
        reason: "办公室直接管理".to_owned(),
    });
    let findings = world.declare(&[plan("x | a | by = 2021-09-30 | reason = \"改期\"")]);
    assert!(matches!(&findings[..], [Finding::OwnedByOffice { .. }]), "{findings:?}");
    world.check();
}

#[test]
fn a_plan_whose_days_are_over_is_adopted_quietly() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[plan_of("old", "2020-01-01", "2020-12-31", "", "x | a | by = 2020-06-30")]);
    world.days_until("2021-06-30");
    assert!(world.letters().is_empty());
}

#[test]
fn a_closed_plan_tells_its_units_so_and_sends_nothing_more() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\nm | b | every = \"month\"");
    world.set("2021-05-25 10:00");
    world.done(Command::ClosePlan { plan: "p".parse().unwrap(), reason: "已办结".to_owned() });
    let closed = world.ending("p/x/once/a#1:due");
    assert_eq!(closed, Some(Ending::Skipped(SkipReason::PlanClosed)));
    world.days_until("2021-07-05");
    assert_eq!(world.letters()[2..], ["2021-05-26 a: x/once changed:1", "2021-05-26 b: m/2021-05 changed:1"]);
    let findings = world.declare(&[plan("x | a | by = 2021-09-30 | reason = \"改期\"")]);
    assert!(matches!(&findings[..], [Finding::Closed { .. }]), "{findings:?}");
    world.check();
}

#[test]
fn nothing_is_settled_or_closed_of_a_plan_whose_days_were_past_when_it_was_taken_in() {
    let mut world = World::with("2026-11-23 09:00", "x | a | by = 2021-06-30\ny | a | awaiting = \"汛前\"");
    let settle =
        Command::Settle {
            task: task("y"), due: Due::By(day("2027-06-30")), ground: "会议纪要".to_owned()
        };
    let plan = task("y").plan;
    assert_eq!(world.refused(settle), Refusal::PlanPast(plan.clone()));
    let close = Command::ClosePlan { plan: plan.clone(), reason: "已过期".to_owned() };
    assert_eq!(world.refused(close), Refusal::PlanPast(plan));
    world.check();
}

#[test]
fn an_edit_of_a_unit_that_the_office_has_set_is_told_with_its_cure() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let tasks = [plan("x | a | by = 2021-06-30")];
    let mailbox = |to: &str, unit: Unit| Unit { mailbox: Some(to.to_owned()), ..unit };
    let unit = mailbox("set@duban.example", world.unit("a"));
    world.done(Command::SetUnit { unit });
    assert_eq!(world.declare(&tasks), [], "the file says what it said: nothing was edited");
    let mut edited = crate::planner_world::declared(&["a", "b", "inspection"], &tasks);
    let known = edited.units.iter_mut().find(|unit| unit.id.as_str() == "a").unwrap();
    known.mailbox = Some("file@duban.example".to_owned());
    known.sort_key = "anew".to_owned();
    let again = |world: &mut World| {
        let answer = world.give(Input::Declared(Box::new(edited.clone())));
        let duban::planner::Answer::Declared(findings) = answer else { panic!("{answer:?}") };
        findings
    };
    let findings = again(&mut world);
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert!(finding.to_string().contains("`duban unit set a --mailbox file@duban.example`"), "{finding}");
    assert_eq!(world.unit("a").mailbox.as_deref(), Some("set@duban.example"));
    assert_eq!(world.unit("a").sort_key, "anew", "what no command sets is the file's");
    let unit = mailbox("file@duban.example", world.unit("a"));
    world.done(Command::SetUnit { unit });
    assert_eq!(again(&mut world), [], "that cured it");
    world.check();
}
