//! Request ids: the same again is one, something else is refused, also after a restart.

use duban::domain::command::{Command, Refusal};
use duban::domain::{Actor, ActorKind, ItemAnswer, Via};
use duban::planner::{Answer, Input, Person};

use crate::planner_world::{World, target};

fn accept(task: &str) -> Command {
    Command::Accept { target: target(task), done_on: None, remark: None }
}

fn person(name: &str, phone: &str) -> Person {
    Person {
        salt: String::new(),
        name: name.to_owned(),
        post: "副局长".to_owned(),
        address: "leader@duban.example".to_owned(),
        phone: phone.to_owned(),
    }
}

fn reports(text: &str, person: Option<Person>, via: Via) -> Input {
    let report = ItemAnswer::Progress { text: text.to_owned(), problem: None, next_steps: None };
    Input::Answer {
        answers: Box::new(World::form("a", &[("x", report)])),
        person,
        by: Actor { kind: ActorKind::Admin, name: "wang".to_owned(), via },
        request: Some("r-1".to_owned()),
    }
}

fn leader(person: Option<Person>, by: &str) -> Input {
    let by = Actor { kind: ActorKind::Admin, name: by.to_owned(), via: Via::Cli };
    Input::SetLeader { unit: "a".parse().unwrap(), person, by, request: Some("r-1".to_owned()) }
}

fn is_reused(answer: &Answer, at: u64) -> bool {
    let reused = Refusal::RequestReused { request: "r-1".to_owned(), position: at };
    *answer == Answer::Refused(reused)
}

fn position(answer: &Answer) -> u64 {
    match answer {
        Answer::Done { position } => *position,
        Answer::Refused(_) | Answer::Declared(_) | Answer::ClockHeld { .. } => panic!("{answer:?}"),
    }
}

#[test]
fn a_request_id_used_again_for_another_command_is_refused_and_changes_nothing() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | b | by = 2021-06-30");
    let at = position(&world.request(accept("x"), Some("r-1")));
    let head = world.head();
    for _ in 0..2 {
        for other in [accept("y"), Command::Resume { target: target("x") }] {
            assert!(is_reused(&world.request(other, Some("r-1")), at));
        }
        assert_eq!(position(&world.request(accept("x"), Some("r-1"))), at);
        assert_eq!(world.head(), head);
        world.crash();
    }
    assert!(world.assignment("y", "b").state.is_open(), "nobody accepted it");
    assert!(position(&world.request(accept("y"), Some("r-2"))) > at);
    world.check();
}

#[test]
fn a_form_under_a_used_id_is_the_same_only_with_its_words_its_way_and_its_person() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let wang = || Some(person("王某", "0356-4220001"));
    let at = position(&world.give(reports("已招标", wang(), Via::Phone)));
    for _ in 0..2 {
        assert_eq!(position(&world.give(reports("已招标", wang(), Via::Phone))), at);
        let others = [
            reports("已完工", wang(), Via::Phone),
            reports("已招标", wang(), Via::Paper),
            reports("已招标", Some(person("李某", "0356-4220001")), Via::Phone),
            reports("已招标", Some(person("王某", "0356-4220002")), Via::Phone),
            reports("已招标", None, Via::Phone),
        ];
        for other in others {
            assert!(is_reused(&world.give(other), at));
        }
        world.crash();
    }
    assert!(is_reused(&world.request(accept("x"), Some("r-1")), at), "nor for a command of another kind");
    world.check();
}

#[test]
fn a_leader_set_under_a_used_id_is_the_same_only_where_it_is_the_same_person() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let at = position(&world.give(leader(Some(person("王某", "")), "wang")));
    for _ in 0..2 {
        assert_eq!(position(&world.give(leader(Some(person("王某", "")), "li"))), at);
        assert!(is_reused(&world.give(leader(Some(person("李某", "")), "wang")), at));
        assert!(is_reused(&world.give(leader(None, "wang")), at));
        world.crash();
    }
    // Another leader since, and the first one's file deleted: there is nobody to compare with.
    world.set_leader("a", Some("next@duban.example"));
    let head = world.head();
    assert_eq!(position(&world.give(leader(Some(person("王某", "")), "wang"))), at);
    assert_eq!(world.head(), head);
    world.check();
}
