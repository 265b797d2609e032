//! Request ids: the same again is one, something else is refused, also after a restart.

use duban::domain::command::{Command, NewMatter, Refusal};
use duban::domain::matter::{Matter, MatterClass, MatterDays};
use duban::domain::{Actor, ActorKind, ItemAnswer, Unit, Via};
use duban::planner::{Answer, Input, Person};

use crate::planner_world::{World, day, target};

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

#[test]
fn a_text_with_characters_that_nobody_sees_is_refused_by_every_command_that_takes_one() {
    let mut world = World::with("2021-06-25 09:00", "t | a | by = 2021-08-30");
    let unit = world.unit("a");
    let matter = |title: &str| NewMatter {
        id: None,
        title: title.to_owned(),
        text: None,
        matter: Matter {
            source: "县长批示".to_owned(),
            platform_number: None,
            class: MatterClass::Ordinary,
            assigned_on: day("2021-06-25"),
            days: MatterDays::Calendar,
        },
        lead: vec!["a".parse().unwrap()],
        cooperate: Vec::new(),
        until: None,
        standard: None,
    };
    let commands = |text: &str| {
        vec![
            ("title", Command::AssignMatter { matter: Box::new(matter(text)) }),
            ("title", Command::AssignMatters { matters: vec![matter("西河"), matter(text)] }),
            ("reason", Command::Pause { target: target("t"), reason: text.to_owned() }),
            ("remark", Command::Accept { target: target("t"), remark: Some(text.to_owned()), done_on: None }),
            ("words", Command::Chase { targets: vec![target("t")], words: Some(text.to_owned()) }),
            ("name", Command::SetUnit { unit: Unit { name: text.to_owned(), ..unit.clone() } }),
            ("reason", Command::RevokeLinks { unit: unit.id.clone(), reason: text.to_owned() }),
        ]
    };
    let before = world.head();
    for hidden in [
        '\u{200B}', '\u{FEFF}', '\u{2060}', '\u{202E}', '\u{2066}', '\u{200F}', '\u{2028}', '\u{1b}',
        '\u{3164}', '\u{AD}',
    ] {
        for text in [format!("整治{hidden}河道"), hidden.to_string()] {
            for (field, command) in commands(&text) {
                let expected = Refusal::Hidden { field: field.to_owned(), character: u32::from(hidden) };
                assert_eq!(world.refused(command), expected, "{text:?}");
            }
        }
    }
    for (field, command) in commands("\u{3000}\u{A0}") {
        if field != "remark" {
            let why = world.refused(command).to_string();
            assert!(why.contains("is needed") || why.contains("unit's name"), "{field}: {why}");
        }
    }
    assert_eq!(world.head(), before);
    let pasted = ItemAnswer::Progress { text: "已\u{200B}完成".into(), problem: None, next_steps: None };
    world.wake("2021-06-25 10:00");
    assert!(matches!(world.answer("a", &[("t", pasted)]), Answer::Done { .. }), "as it was typed");
    let nothing = ItemAnswer::Progress { text: "\u{200B}".into(), problem: None, next_steps: None };
    let refused = world.answer("a", &[("t", nothing)]);
    assert!(matches!(refused, Answer::Refused(_)), "{refused:?}");
}
