//! Units answer, the office rules: what follows from each, to the letter.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test takes one answer only")]

use duban::domain::command::{Command, NewMatter, Refusal};
use duban::domain::light::{Light, on_time};
use duban::domain::matter::{Matter, MatterClass, MatterDays};
use duban::domain::{Evidence, ItemAnswer, LetterKind, State};
use duban::matter::worklist::{ListKind, listed};
use duban::planner::Answer;

use crate::planner_world::{World, day, plan_of, target};

const NONE: [&str; 0] = [];

fn done_on(text: &str) -> ItemAnswer {
    ItemAnswer::Done { done_on: day(text), text: "已全部完成".to_owned() }
}

fn progress(text: &str) -> ItemAnswer {
    ItemAnswer::Progress { text: text.to_owned(), problem: None, next_steps: None }
}

fn extension(until: &str) -> ItemAnswer {
    ItemAnswer::Extension {
        reason: "汛期提前".to_owned(),
        progress: "已完成六成".to_owned(),
        new_deadline: day(until),
        approval: None,
    }
}

fn refusal(answer: Answer) -> String {
    match answer {
        Answer::Refused(Refusal::InAnswer { why, .. }) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

fn kinds(world: &World) -> Vec<LetterKind> {
    world.written.iter().map(duban::domain::Draft::kind).collect()
}

#[test]
fn while_a_claim_waits_the_reviewer_is_reminded_and_the_unit_is_not() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-23");
    world.set("2021-06-24 15:00");
    world.answer("a", &[("x", done_on("2021-06-22"))]);
    assert_eq!(world.light("x", "a", "2021-07-20"), Light::Review);
    world.days_until("2021-07-12");
    let letters = world.letters();
    assert_eq!(
        letters[3..],
        [
            "2021-06-24 a: ",
            "2021-06-25 office: a: x/once review:2021-06-25",
            "2021-06-28 office: a: x/once review:2021-06-28",
            "2021-07-05 office: a: x/once review:2021-07-05",
            "2021-07-12 office: a: x/once review:2021-07-12",
        ]
    );
    assert_eq!(kinds(&world)[3], LetterKind::Receipt);
    world.set("2021-07-12 16:00");
    world.done(Command::Accept { target: target("x"), done_on: None, remark: Some("属实".to_owned()) });
    world.days_until("2021-08-31");
    assert_eq!(world.letters().len(), 8, "it is over");
    let assignment = world.assignment("x", "a");
    assert_eq!(on_time(&assignment), Some(true), "by the day of the claim, though reviewed late");
    assert_eq!(assignment.record.as_ref().unwrap().review_days(day("2021-08-31")), 18);
    world.check();
}

#[test]
fn a_receipt_letter_says_what_came_in_words() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | a | by = 2021-07-31");
    world.set("2021-06-24 15:00");
    world.answer("a", &[("x", done_on("2021-06-22")), ("y", extension("2021-08-31"))]);
    let words = crate::letters::shown(world.written.last().unwrap());
    for said in
        ["R2021-0624-01", "申请办结，6月22日完成，未附材料（可后补）", "申请延期至8月31日", "正在审核"]
    {
        assert!(words.contains(said), "{said}: {words}");
    }
}

#[test]
fn a_form_is_taken_whole_or_not_at_all() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | b | by = 2021-06-30");
    world.set("2021-06-01 10:00");
    let head = world.head();
    let mut form = World::form("a", &[("x", progress("已启动")), ("y", done_on("2021-05-30"))]);
    form.items[1].assignment = "p/y/once/b".parse().unwrap();
    let answer = world.command(Command::Answer { answers: Box::new(form) });
    assert_eq!(refusal(answer), "`p/y/once/b` is not asked of this unit");
    assert_eq!(world.head(), head);
    assert_eq!(world.assignment("x", "a").state, State::Notified);
}

#[test]
fn what_cannot_be_is_refused_and_says_why() {
    let tasks = "x | a | by = 2021-06-30\nf | a | by = 2021-06-30 | fixed = true\nl | a | ongoing = true";
    let mut world = World::with("2021-05-24 09:00", tasks);
    world.set("2021-06-01 10:00");
    let mut says = |item: (&str, ItemAnswer)| refusal(world.answer("a", &[item]));
    assert!(says(("x", done_on("2021-06-02"))).contains("after today"));
    assert!(says(("x", extension("2021-06-30"))).contains("does not lie after"));
    assert!(says(("f", extension("2021-07-31"))).contains("fixed"));
    assert!(says(("l", extension("2021-07-31"))).contains("no date"));
    assert!(says(("x", progress(" "))).contains("progress is needed"));
    assert!(says(("x", ItemAnswer::Evidence)).contains("file is needed"));
    world.answer("a", &[("x", done_on("2021-05-30"))]);
    let mut says = |item: (&str, ItemAnswer)| refusal(world.answer("a", &[item]));
    assert!(says(("x", done_on("2021-05-30"))).contains("claimed already"), "two people at once");
    world.done(Command::ClosePlan { plan: "p".parse().unwrap(), reason: "撤销".to_owned() });
    assert!(refusal(world.answer("a", &[("l", progress("…"))])).contains("not open"));
    world.check();
}

#[test]
fn a_file_is_named_by_a_person_and_never_by_a_path() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    for (name, bytes) in [("../../etc/passwd", 1), ("a\\b.pdf", 1), ("", 1), ("照片\n.jpg", 1), ("空.pdf", 0)]
    {
        let mut form = World::form("a", &[("x", ItemAnswer::Evidence)]);
        form.items[0].evidence = vec![file(name, bytes)];
        refusal(world.command(Command::Answer { answers: Box::new(form) }));
    }
    let mut form = World::form("a", &[("x", ItemAnswer::Evidence)]);
    form.items[0].evidence = vec![file("现场 照片(1).jpg", 9)];
    world.done(Command::Answer { answers: Box::new(form) });
    let record = world.assignment("x", "a").record.unwrap();
    assert_eq!(record.evidence.len(), 1);
    assert!(record.receipt.unwrap().implied, "material implies the receipt");
}

fn file(name: &str, bytes: u64) -> Evidence {
    Evidence {
        digest: duban::domain::Digest::of(name.as_bytes()),
        name: name.to_owned(),
        bytes,
        media_type: "image/jpeg".to_owned(),
        obtained_on: None,
    }
}

#[test]
fn a_granted_extension_moves_the_date_and_the_original_stays_visible() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-23");
    world.answer("a", &[("x", extension("2021-07-31"))]);
    world.days_until("2021-06-24");
    assert_eq!(world.letters_on("2021-06-24"), ["office: a: x/once review:2021-06-24"]);
    world.done(Command::GrantExtension {
        target: target("x"),
        new_deadline: None,
        approver: "县政府分管领导".to_owned(),
        document_number: "阳政办函〔2021〕9号".to_owned(),
    });
    let letter = world.written.last().unwrap();
    let words = crate::letters::shown(letter);
    assert!(words.contains("延期已获批准") && words.contains("原定6月30日，现定7月31日"), "{words}");
    assert_eq!(world.light("x", "a", "2021-07-05"), Light::Green);
    world.days_until("2021-08-02");
    let days: Vec<String> = world.letters().into_iter().skip(6).collect();
    assert_eq!(
        days,
        [
            "2021-07-01 a: x/once lead-30d",
            "2021-07-23 a: x/once lead-7d",
            "2021-07-30 a: x/once due, (x/once lead-1d)",
            "2021-08-02 a: x/once overdue:2021-08-02",
        ]
    );
    world.answer("a", &[("x", done_on("2021-07-30"))]);
    world.done(Command::Accept { target: target("x"), done_on: None, remark: None });
    assert_eq!(on_time(&world.assignment("x", "a")), Some(false), "claimed after the granted date");
    assert_eq!(world.light("x", "a", "2021-08-31"), Light::Late);
    assert_eq!(world.light("x", "a", "2021-09-01"), Light::Off);
    world.check();
}

#[test]
fn an_extension_is_asked_for_before_the_day_is_over() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-07-01");
    assert!(refusal(world.answer("a", &[("x", extension("2021-07-31"))])).contains("was 2021-06-30"));
    let refused =
        world.refused(Command::RefuseExtension { target: target("x"), reason: "不予延期".to_owned() });
    assert!(refused.to_string().contains("no extension waits"));
}

#[test]
fn the_first_lead_answers_for_all_and_nobody_else_is_chased_meanwhile() {
    let mut world = World::with("2021-05-24 09:00", "x | a, b | by = 2021-06-30");
    world.days_until("2021-06-29");
    world.answer("a", &[("x", done_on("2021-06-28"))]);
    let before = world.letters().len();
    world.days_until("2021-07-05");
    let after: Vec<String> = world.letters().split_off(before);
    assert_eq!(
        after,
        ["2021-06-30 office: a: x/once review:2021-06-30", "2021-07-05 office: a: x/once review:2021-07-05"]
    );
    let of_a = duban::domain::command::Target { unit: Some("a".parse().unwrap()), ..target("x") };
    world.done(Command::Accept { target: of_a, done_on: None, remark: None });
    assert_eq!(world.assignment("x", "b").state, State::Accepted);
    world.check();
}

#[test]
fn one_report_a_month_is_asked_for() {
    let mut world = World::at("2021-05-24 09:00");
    let collect = "collect = { every = \"month\", on = 25, reply_by = \"last\" }";
    let tasks = "x | a | by = 2021-12-31\ny | b | ongoing = true";
    world.declare(&[plan_of("p", "2021-01-01", "2022-12-31", collect, tasks)]);
    world.days_until("2021-06-22");
    world.answer("b", &[("y", progress("常态化开展"))]);
    world.days_until("2021-07-01");
    let asked = |world: &World, on: &str| world.letters_on(on);
    assert_eq!(asked(&world, "2021-06-25"), ["a: collection/2021-06 collection"]);
    assert_eq!(world.light("y", "b", "2021-07-01"), Light::Grey);
    world.days_until("2021-08-02");
    assert_eq!(world.light("y", "b", "2021-08-02"), Light::Yellow, "July's report is missing");
    world.answer("b", &[("y", ItemAnswer::Unchanged)]);
    assert_eq!(world.light("y", "b", "2021-08-02"), Light::Grey);
    let record = world.assignment("y", "b").record.unwrap();
    assert_eq!(record.progress.unwrap().text, "常态化开展", "unchanged keeps the words");
    world.check();
}

#[test]
fn one_report_a_round_is_asked_for_whatever_its_rhythm() {
    let mut world = World::at("2021-05-24 09:00");
    let weekly = "collect = { every = \"week\", on = \"wed\", reply_by = \"fri\" }";
    world.declare(&[plan_of("p", "2021-01-01", "2022-12-31", weekly, "x | a | ongoing = true")]);
    world.days_until("2021-06-10");
    world.answer("a", &[("x", progress("常态化开展"))]);
    let unreported = |world: &mut World, on: &str| {
        let ledger = world.planner().ledger();
        listed(&ledger.read(), ListKind::Unreported, day(on)).len()
    };
    assert_eq!(unreported(&mut world, "2021-06-10"), 0);
    world.days_until("2021-06-16");
    assert_eq!(
        world.letters_on("2021-06-16"),
        ["a: collection/2021-W24 collection"],
        "the next week asks anew"
    );
    assert_eq!(unreported(&mut world, "2021-06-16"), 1);
    world.days_until("2021-06-19");
    assert_eq!(world.light("x", "a", "2021-06-19"), Light::Yellow);
    world.check();
}

#[test]
fn nobody_completes_a_time_to_avoid() {
    let avoid = "x | a | avoid = { from = 2021-07-01, until = 2021-08-31 }";
    let mut world = World::with("2021-05-24 09:00", avoid);
    world.days_until("2021-07-02");
    let refused = world.answer("a", &[("x", done_on("2021-07-01"))]);
    let Answer::Refused(Refusal::InAnswer { why, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(*why, Refusal::OnlyForetold);
}

#[test]
fn a_receipt_alone_tells_nothing_of_the_matter() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-05-26");
    world.answer("a", &[("x", ItemAnswer::Receipt)]);
    let record = world.assignment("x", "a").record.unwrap();
    assert_eq!((record.receipt.unwrap().on, record.answered_on), (day("2021-05-26"), None));
    world.days_until("2021-05-28");
    world.answer("a", &[("x", progress("已动工"))]);
    assert_eq!(world.assignment("x", "a").record.unwrap().answered_on, Some(day("2021-05-28")));
    world.check();
}

#[test]
fn an_extension_tells_what_hinders_and_keeps_the_next_steps() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-10");
    let next_steps = Some("7月安装".to_owned());
    let text = "完成三成".to_owned();
    world.answer("a", &[("x", ItemAnswer::Progress { text, problem: None, next_steps })]);
    world.days_until("2021-06-22");
    world.answer("a", &[("x", extension("2021-07-31"))]);
    let told = world.assignment("x", "a").record.unwrap().progress.unwrap();
    assert_eq!((told.text.as_str(), told.problem.as_deref()), ("已完成六成", Some("汛期提前")));
    assert_eq!(told.next_steps.as_deref(), Some("7月安装"));
    world.check();
}

#[test]
fn a_change_of_the_lights_rules_is_an_event_with_a_new_version() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    assert_eq!(world.light("x", "a", "2021-06-20"), Light::Green);
    let plans = [crate::planner_world::plan("x | a | by = 2021-06-30")];
    let mut declared = crate::planner_world::declared(&["a", "b", "inspection"], &plans);
    let rules = |version| duban::domain::LightRules { version, yellow_days: 14, short_clock_days: 7 };
    let head = world.head();
    declared.lights = Some(rules(1));
    let answer = world.give(duban::planner::Input::Declared(Box::new(declared.clone())));
    let Answer::Declared(findings) = answer else { panic!("{answer:?}") };
    assert!(findings[0].to_string().contains("count `version` up to 2"), "{}", findings[0]);
    assert_eq!(world.events_after(head), NONE);
    declared.lights = Some(rules(2));
    world.give(duban::planner::Input::Declared(Box::new(declared)));
    assert_eq!(world.events_after(head), ["LightRulesDefined"]);
    assert_eq!(world.light("x", "a", "2021-06-20"), Light::Yellow);
    world.check();
}

#[test]
fn a_chase_goes_at_once_beside_the_days_letter() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | a | by = 2021-06-30");
    world.days_until("2021-07-05");
    assert_eq!(world.letters_on("2021-07-05").len(), 1);
    let targets = vec![target("x"), target("y")];
    world.done(Command::Chase { targets, words: Some("周五前务必报送".to_owned()) });
    assert_eq!(world.letters_on("2021-07-05")[1..], ["a: x/once chased:1, y/once chased:1"]);
    let words = crate::letters::shown(world.written.last().unwrap());
    assert!(words.contains("周五前务必报送") && words.contains("已超期5天"), "{words}");
    assert_eq!(world.assignment("x", "a").record.unwrap().chases, 2, "the round and the person's");
    world.check();
}

#[test]
fn a_matter_runs_by_13710_until_it_is_closed_out() {
    let mut world = World::with("2021-06-25 10:00", "x | b | by = 2021-12-31");
    let matter = NewMatter {
        id: None,
        title: "西河排污口整治".to_owned(),
        text: None,
        matter: Matter {
            source: "县长批示".to_owned(),
            platform_number: Some("13710-2021-0042".to_owned()),
            class: MatterClass::Ordinary,
            assigned_on: day("2021-06-25"),
            days: MatterDays::Calendar,
        },
        lead: vec!["a".parse().unwrap()],
        cooperate: Vec::new(),
        until: None,
        standard: None,
    };
    let assign = |matter: &NewMatter| Command::AssignMatter { matter: Box::new(matter.clone()) };
    world.done(assign(&matter));
    let words = crate::letters::shown(world.written.last().unwrap());
    assert!(words.contains("今日研究部署") && words.contains("县长批示"), "{words}");
    let again = world.refused(assign(&matter)).to_string();
    assert!(again.contains("exists already"), "{again}");
    let secret = NewMatter { title: "机密★事项".to_owned(), ..matter.clone() };
    assert!(world.refused(assign(&secret)).to_string().contains("secret"));
    let before = world.letters().len();
    world.days_until("2021-07-13");
    let after: Vec<String> = world.letters().split_off(before);
    assert_eq!(
        after,
        [
            "2021-06-28 a: m-20210625-1/once report",
            "2021-07-01 a: m-20210625-1/once lead-1d",
            "2021-07-02 a: m-20210625-1/once due",
            "2021-07-05 a: m-20210625-1/once overdue:2021-07-05",
            "2021-07-12 a: m-20210625-1/once overdue:2021-07-12",
        ]
    );
    let id = "matters/m-20210625-1/once/a".parse().unwrap();
    let matter = duban::domain::command::Target {
        task: "matters/m-20210625-1".parse().unwrap(),
        period: None,
        unit: None,
    };
    let mut form = World::form("a", &[]);
    form.items =
        vec![duban::domain::AnswerItem { assignment: id, answer: done_on("2021-07-10"), evidence: vec![] }];
    world.done(Command::Answer { answers: Box::new(form) });
    world.done(Command::Accept { target: matter.clone(), done_on: None, remark: None });
    world.days_until("2021-07-19");
    assert_eq!(
        world.letters().last().unwrap(),
        "2021-07-19 office: a: m-20210625-1/once review:2021-07-19",
        "accepted is not closed out"
    );
    world.done(Command::CloseOut { target: matter.clone(), remark: Some("现场已核".to_owned()) });
    let count = world.letters().len();
    world.days_until("2021-08-31");
    assert_eq!(world.letters().len(), count);
    let refused = world.refused(Command::Reopen {
        target: matter.clone(),
        reason: "反弹".to_owned(),
        new_deadline: None,
    });
    assert!(refused.to_string().contains("new date"));
    let new_deadline = Some(day("2021-09-10"));
    world.done(Command::Reopen { target: matter, reason: "反弹".to_owned(), new_deadline });
    let words = crate::letters::shown(world.written.last().unwrap());
    assert!(words.contains("回头看") && words.contains("9月10日"), "{words}");
    world.check();
}

#[test]
fn a_list_of_matters_is_one_letter_a_unit_that_says_each_ones_days() {
    let mut world = World::with("2021-06-25 10:00", "x | b | by = 2021-12-31");
    let matter = |title: &str, class, on: &str| NewMatter {
        id: None,
        title: title.to_owned(),
        text: None,
        matter: Matter {
            source: "县长批示".to_owned(),
            platform_number: Some(title.to_owned()),
            class,
            assigned_on: day(on),
            days: MatterDays::Calendar,
        },
        lead: vec!["a".parse().unwrap()],
        cooperate: Vec::new(),
        until: None,
        standard: None,
    };
    let list = vec![
        matter("西河", MatterClass::Ordinary, "2021-06-25"),
        matter("东河", MatterClass::Complex, "2021-06-24"),
    ];
    let before = world.letters().len();
    world.done(Command::AssignMatters { matters: list.clone() });
    assert_eq!(world.letters().len(), before + 1);
    let words = crate::letters::shown(world.written.last().unwrap());
    assert!(words.contains("6月28日（星期一）前反馈办理情况，7月2日（星期五）前办结"), "{words}");
    assert!(words.contains("6月27日（星期日）前反馈办理情况，7月24日（星期六）前办结"), "{words}");
    assert!(words.contains("按各项所列时限"), "{words}");
    let twice = vec![
        matter("南河", MatterClass::Ordinary, "2021-06-25"),
        matter("南河", MatterClass::Ordinary, "2021-06-25"),
    ];
    let why = world.refused(Command::AssignMatters { matters: twice }).to_string();
    assert!(why.contains("`南河`") && why.contains("exists already"), "{why}");
    assert!(world.refused(Command::AssignMatters { matters: list }).to_string().contains("`西河`"));
    assert_eq!(world.letters().len(), before + 1, "whole or not at all");
    world.check();
}

#[test]
fn a_matter_reported_in_time_gets_no_reminder_of_it_and_complex_ones_get_a_month() {
    let mut world = World::with("2021-06-25 10:00", "x | b | by = 2021-12-31");
    let assign = |days, class| Command::AssignMatter {
        matter: Box::new(NewMatter {
            id: Some("well".parse().unwrap()),
            title: "机井整治".to_owned(),
            text: None,
            matter: Matter {
                source: "督查发现".to_owned(),
                platform_number: None,
                class,
                assigned_on: day("2021-06-25"),
                days,
            },
            lead: vec!["a".parse().unwrap()],
            cooperate: Vec::new(),
            until: None,
            standard: None,
        }),
    };
    world.done(assign(MatterDays::Calendar, MatterClass::Ordinary));
    let mut form = World::form("a", &[]);
    let id: duban::domain::AssignmentId = "matters/well/once/a".parse().unwrap();
    form.items =
        vec![duban::domain::AnswerItem { assignment: id, answer: progress("已部署"), evidence: vec![] }];
    world.done(Command::Answer { answers: Box::new(form) });
    world.days_until("2021-06-28");
    assert_eq!(world.letters_on("2021-06-28"), NONE);
    let well =
        duban::domain::command::Target { task: "matters/well".parse().unwrap(), period: None, unit: None };
    world.done(Command::Reclassify {
        target: well,
        class: MatterClass::Complex,
        until: None,
        approver: "县政府分管领导".to_owned(),
        reason: "需工程治理".to_owned(),
    });
    world.days_until("2021-07-26");
    let later: Vec<String> = world
        .letters()
        .into_iter()
        .filter(|line| line.contains("well") && line.as_str() > "2021-06-28")
        .collect();
    assert_eq!(
        later,
        [
            "2021-06-29 a: well/once changed:1",
            "2021-07-18 a: well/once lead-7d",
            "2021-07-24 a: well/once lead-1d",
            "2021-07-25 a: well/once due",
            "2021-07-26 a: well/once overdue:2021-07-26",
        ]
    );
    world.check();
}
