//! One fact that is shown in several places is one value there.

use duban::domain::command::Command;
use duban::domain::{Actor, ActorKind, BulletinState, Digest, ItemAnswer, LetterKind, Via};
use duban::matter::LetterAbout;
use duban::office::{letters, plans};
use duban::planner::Input;
use duban::report::bulletin::{Ask, Bulletin, Known};
use duban::report::sheet::Sheet;

use crate::planner_world::{World, day, plan_of, target};
use crate::support::TestDaemon;

/// 在办: matters, one for each unit that answers for it, in `status` and in `plan list` alike.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_hand_is_counted_alike_in_status_and_in_the_list_of_plans() {
    let daemon = TestDaemon::at("2021-06-23T01:30:00Z").await;
    let list: plans::List = serde_json::from_value(serde_json::json!({})).unwrap();
    let open = |entries: Vec<plans::PlanEntry>| entries.iter().map(|plan| plan.open).sum::<usize>();
    let (health, listed) = (daemon.health().await, open(daemon.client.ask(&list).await.unwrap()));
    assert_eq!(health.matters.open, listed);
    assert_eq!(listed, 137);
}

#[test]
fn a_matter_that_one_lead_answers_for_all_is_in_hand_once_and_a_round_never() {
    let mut world = World::at("2021-05-24 09:00");
    let head = "collect = { every = \"month\", on = 25, reply_by = \"last\" }";
    let tasks = "x | a, b | by = 2021-06-30\ny | a, b | by = 2021-06-30 | answer = \"each\"";
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", head, tasks)]);
    world.days_until("2021-05-28");
    let ledger = world.planner().ledger().read().clone();
    let open: Vec<usize> = plans::entries(&ledger).iter().map(|plan| plan.open).collect();
    assert_eq!(open, [3], "x once, y of each unit; not the round of May");
}

/// 事项数: as many as the letter numbers.
#[test]
fn a_letter_is_listed_with_as_many_points_as_it_numbers() {
    let mut world = World::at("2021-05-24 09:00");
    let head = "collect = { every = \"month\", on = 25, reply_by = \"last\" }";
    let tasks = "x | a | by = 2021-06-30\ny | a | by = 2021-07-30\nz | a | ongoing = true";
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", head, tasks)]);
    world.days_until("2021-06-25");
    let claim = ItemAnswer::Done { done_on: day("2021-06-25"), text: "已完成".to_owned() };
    world.answer("a", &[("x", claim)]);
    world.days_until("2021-07-30");
    let ledger = world.planner().ledger().read().clone();
    let entries = letters::entries(&ledger);
    let numbered = |text: &str| {
        let number = |line: &str| line.split_once(". ").is_some_and(|(n, _)| n.parse::<usize>().is_ok());
        text.lines().filter(|line| number(line)).count()
    };
    let mut kinds = Vec::new();
    for draft in &world.written {
        let entry = entries.iter().find(|entry| entry.letter == draft.letter).unwrap();
        let text = crate::letters::shown(draft);
        assert_eq!(entry.points, numbered(&text), "{text}");
        kinds.push((entry.kind, entry.points));
    }
    assert!(kinds.contains(&(LetterKind::Daily, 3)), "a round asks for three, in one stage: {kinds:?}");
    assert!(kinds.contains(&(LetterKind::Receipt, 1)), "a receipt ends no stage: {kinds:?}");
}

/// 类别: a letter's, in `letter list`, is what `task show` says of it.
#[test]
fn a_letter_is_called_alike_in_the_list_of_letters_and_beside_its_matter() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-07-05");
    let ledger = world.planner().ledger().read().clone();
    let told = duban::matter::letters_about(&ledger, &"p/x/once/a".parse().unwrap());
    assert!(told.iter().any(|one| one.about == LetterAbout::Chase), "{told:?}");
    for one in told {
        let entries = letters::entries(&ledger);
        let entry = entries.iter().find(|entry| entry.letter == one.letter).unwrap();
        assert_eq!(entry.about, [one.about]);
    }
}

fn grant(until: &str, paper: &str) -> Command {
    Command::GrantExtension {
        target: target("x"),
        new_deadline: Some(day(until)),
        approver: "县政府分管领导".to_owned(),
        document_number: paper.to_owned(),
    }
}

/// 批准依据: of a date that was granted twice both papers, each with its dates.
#[test]
fn each_paper_by_which_a_date_was_granted_stands_in_the_ledger() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let granted = |world: &mut World| {
        let ledger = world.planner().ledger().read().clone();
        Sheet::of(&ledger, day("2021-07-20"), &|_| None).rows[0].granted_by.clone()
    };
    world.days_until("2021-06-22");
    world.done(grant("2021-07-31", "阳政办函〔2021〕9号"));
    assert_eq!(granted(&mut world), "县政府分管领导，阳政办函〔2021〕9号");
    world.days_until("2021-07-20");
    world.done(grant("2021-08-31", "阳政办函〔2021〕12号"));
    assert_eq!(
        granted(&mut world),
        "6月22日批准由6月30日延至7月31日（县政府分管领导，阳政办函〔2021〕9号）；7月20日批准由7月31日延至8月31日（县政府分管领导，阳政办函〔2021〕12号）"
    );
}

/// Who signed for a matter typed the name (自填), or the office did (代录).
#[test]
fn who_typed_a_name_stands_beside_it() {
    for (via, told) in [(Via::Link, "王某（自填、未核验）"), (Via::Phone, "王某（代录、未核验）")]
    {
        let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
        world.days_until("2021-06-01");
        let mut form = World::form("a", &[("x", ItemAnswer::Receipt)]);
        form.person = Some(Digest::of("王某".as_bytes()));
        let command = Box::new(Command::Answer { answers: Box::new(form) });
        let by = Actor { kind: ActorKind::Admin, name: "wang".to_owned(), via };
        world.give(Input::Command { command, by, request: None });
        let ledger = world.planner().ledger().read().clone();
        let sheet = Sheet::of(&ledger, day("2021-06-01"), &|_| Some("王某".to_owned()));
        assert_eq!(sheet.rows[0].received_by, told);
    }
}

/// What was granted in a month stands in its bulletin, though the matter is told later to have been done before it.
#[test]
fn an_extension_stands_in_the_bulletin_of_its_month_whenever_the_matter_was_done() {
    let mut world = World::at("2021-05-24 09:00");
    let head = "document_number = \"阳政办发〔2021〕41号\"";
    let tasks = "x | a | by = 2021-07-30\ny | a | by = 2021-12-31";
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", head, tasks)]);
    world.days_until("2021-07-05");
    world.done(grant("2021-08-31", "阳政办函〔2021〕9号"));
    world.days_until("2021-07-06");
    world.done(Command::Accept { target: target("x"), done_on: Some(day("2021-06-20")), remark: None });
    let events = world.planner().journal().read(0);
    let seen = duban::audit::around(events, (day("2021-07-01"), day("2021-07-31")), None).unwrap();
    let known = Known { before: &seen.before, then: &seen.then, now: &seen.now, head: seen.head };
    let ask = Ask {
        period: "2021-07".parse().unwrap(),
        asked_on: None,
        number: None,
        dated: None,
        plans: Vec::new(),
        step: BulletinState::Drafted,
    };
    let bulletin = Bulletin::of(known, &ask).unwrap();
    let granted: Vec<_> = bulletin.extensions.granted.iter().map(|one| (one.from, one.to)).collect();
    assert_eq!(granted, [(day("2021-07-30"), day("2021-08-31"))]);
    assert_eq!(bulletin.units.iter().map(|unit| unit.extensions).sum::<u32>(), 1);
}
