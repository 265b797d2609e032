//! What one link may bring in on one day: bounded, told on the page, and not forgotten by a restart.

use std::fmt::Write as _;

use duban::config::Web;
use duban::domain::command::Refusal;
use duban::domain::quota::{
    HAND_INS_PER_LINK_MAX, HAND_INS_PER_UNIT_MAX, JOURNAL_BYTES_PER_LINK_MAX, UsedUp,
};
use duban::domain::{Actor, ActorKind, AnswerItem, Answers, ItemAnswer, LetterKind, Via};
use duban::planner::{Answer, Input};

use crate::page_browser::{Browser, Filled, assignment, letter_of, matter};
use crate::planner_world::World;
use crate::support::TestDaemon;

const UNIT: &str = "eco-env";
const CLEANING: &str = "干洗店摸底和挥发性有机物治理";

fn report(text: &str) -> ItemAnswer {
    ItemAnswer::Progress { text: text.to_owned(), problem: None, next_steps: None }
}

fn through(link: &str, answers: Answers, via: Via) -> Input {
    let kind = if via == Via::Link { ActorKind::Unit } else { ActorKind::Admin };
    let by = Actor { kind, name: answers.unit.to_string(), via };
    let answers = Box::new(Answers { letter: link.parse().ok(), ..answers });
    Input::Answer { answers, person: None, by, request: None }
}

fn is_done(answer: &Answer) -> bool {
    matches!(answer, Answer::Done { .. })
}

fn used_up(what: UsedUp) -> Answer {
    Answer::Refused(Refusal::LinkUsedUp(what))
}

#[test]
fn one_link_hands_in_so_many_forms_a_day_and_causes_no_more_mails() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-05-25 10:00");
    let form = |count: usize| World::form("a", &[("x", report(&format!("第{count}次")))]);
    let (link, other) = ("2021-0524-01", "2021-0524-02");
    for count in 0..HAND_INS_PER_LINK_MAX {
        assert!(is_done(&world.give(through(link, form(count), Via::Link))), "{count}");
    }
    let head = world.head();
    for _ in 0..2 {
        assert_eq!(world.give(through(link, form(99), Via::Link)), used_up(UsedUp::HandIns));
        assert_eq!(world.head(), head, "nothing of it stands in the journal");
        world.crash();
    }
    let receipts = world.written.iter().filter(|draft| draft.kind == LetterKind::Receipt).count();
    assert_eq!(receipts, HAND_INS_PER_LINK_MAX);
    // What the office records is its own affair, and another link of the unit still opens.
    assert!(is_done(&world.give(through(link, form(99), Via::Phone))));
    for count in HAND_INS_PER_LINK_MAX..HAND_INS_PER_UNIT_MAX {
        assert!(is_done(&world.give(through(other, form(count), Via::Link))), "{count}");
    }
    let third = world.give(through("2021-0524-03", form(99), Via::Link));
    assert_eq!(third, used_up(UsedUp::HandInsOfUnit));
    world.set("2021-05-26 00:01");
    assert!(is_done(&world.give(through(link, form(99), Via::Link))), "a new day");
    world.check();
}

#[test]
fn one_link_fills_so_much_of_the_journal_a_day() {
    let mut tasks = String::new();
    for number in 0..20 {
        writeln!(tasks, "x{number} | a | by = 2021-06-30").unwrap();
    }
    let mut world = World::with("2021-05-24 09:00", &tasks);
    let link = "2021-0524-01";
    let large = || {
        let text = "长".repeat(4000);
        let said = || ItemAnswer::Progress {
            text: text.clone(),
            problem: Some(text.clone()),
            next_steps: Some(text.clone()),
        };
        let one = |number| AnswerItem {
            assignment: format!("p/x{number}/once/a").parse().unwrap(),
            answer: said(),
            evidence: Vec::new(),
        };
        Answers { items: (0..20).map(one).collect(), ..World::form("a", &[]) }
    };
    let before = world.stored_bytes();
    for _ in 0..2 {
        assert!(is_done(&world.give(through(link, large(), Via::Link))));
    }
    for _ in 0..2 {
        assert_eq!(world.give(through(link, large(), Via::Link)), used_up(UsedUp::JournalBytes));
        world.crash();
    }
    let small = World::form("a", &[("x0", report("已完成招标"))]);
    assert!(is_done(&world.give(through(link, small, Via::Link))), "what fits is taken");
    let stored = world.stored_bytes() - before;
    assert!(
        stored > JOURNAL_BYTES_PER_LINK_MAX / 2 && stored < JOURNAL_BYTES_PER_LINK_MAX * 11 / 10,
        "{stored}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_that_a_link_is_used_up_for_today_and_what_helps() {
    let daemon = TestDaemon::at("2021-05-24T01:00:00Z").await;
    let id = assignment(&daemon, UNIT, CLEANING).id();
    let link = letter_of(&daemon, UNIT).to_string();
    for count in 0..HAND_INS_PER_LINK_MAX {
        let items = vec![AnswerItem {
            assignment: id.clone(),
            answer: report(&format!("第{count}次")),
            evidence: Vec::new(),
        }];
        let answers = Answers { unit: UNIT.parse().unwrap(), items, ..World::form(UNIT, &[]) };
        let answer = daemon.running().planner().ask(through(&link, answers, Via::Link)).await.unwrap();
        assert!(is_done(&answer), "{answer:?}");
    }
    let browser = Browser::of(&daemon, UNIT);
    let words = "本链接今天已提交50次，已达当日上限。所填内容可存为草稿，明天再提交；必须今天报送的，请打电话请发件单位代录";
    let page = browser.get("");
    assert!(page.status == 200 && page.says(words), "{}", page.body);
    let cleaning = matter(&daemon, UNIT, CLEANING);
    let filled = Filled::of(&page).on(&cleaning, "choice", "going").on(&cleaning, "progress", "又完成了三家");
    let refused = browser.post(&filled, "preview");
    assert!(refused.status == 422 && refused.says(words) && refused.says("又完成了三家"), "{}", refused.body);
    assert!(Browser::of(&daemon, UNIT).get("").says("又完成了三家"), "the draft is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_link_uploads_so_much_a_day_and_a_restart_does_not_forget_it() {
    let mut daemon = TestDaemon::at("2021-05-24T01:00:00Z").await;
    let small = Web { upload_file_mib: 1, upload_request_mib: 1, ..Web::at(duban::config::LISTEN_DEFAULT) };
    daemon.with_page(small).await;
    let cleaning = matter(&daemon, UNIT, CLEANING);
    let pdf = |number: u8, bytes: usize| {
        let mut file = b"%PDF-1.7\n%%EOF\n".to_vec();
        file.resize(bytes, number);
        file
    };
    let upload = |daemon: &TestDaemon, number: u8, bytes: usize| {
        let browser = Browser::of(daemon, UNIT);
        let filled = Filled::of(&browser.get("")).file(&cleaning, "验收报告.pdf", &pdf(number, bytes));
        browser.post(&filled, "save")
    };
    for number in 0..5 {
        assert_eq!(upload(&daemon, number, 1024 * 1024).status, 303, "{number}");
    }
    let words = "本链接今天上传的材料合计已达5MB，“验收报告.pdf”未接收。请明天再传";
    for _ in 0..2 {
        let page = upload(&daemon, 9, 1024);
        assert!(page.status == 422 && page.says(words), "{}", page.body);
        daemon.stop().await;
        daemon.start().await;
    }
    daemon.go_to("2021-05-25T01:00:00Z").await;
    assert_eq!(upload(&daemon, 9, 1024).status, 303, "a new day");
    daemon.settle().await;
}
