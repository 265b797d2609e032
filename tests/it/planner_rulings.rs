//! What a ruling of the office means for dates, for other units and for what comes after.

use duban::audit::around;
use duban::domain::command::{Command, NewMatter, Target};
use duban::domain::light::{Light, counts_by, on_time};
use duban::domain::matter::{Matter, MatterClass, MatterDays};
use duban::domain::{Body, BulletinState, ItemAnswer, LeaderMatter, State};
use duban::report::bulletin::{Ask, Bulletin, Known};
use duban::report::leader::LeaderPage;
use duban::report::lists::Weekly;
use duban::report::sheet::Sheet;

use crate::planner_world::{World, day, plan, plan_of, target};

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
    let page = duban::domain::LeaderPage {
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
    let wish = |page: &duban::domain::LeaderPage| Command::TellLeader {
        unit: "a".parse().unwrap(),
        page: Box::new(page.clone()),
    };
    assert!(
        world.refused(wish(&page)).to_string().contains("--leader-name"),
        "nobody is known to send it to"
    );
    world.set_leader("a", Some("li@a.example"));
    let nothing = duban::domain::LeaderPage { matters: vec![], ..page.clone() };
    assert!(world.refused(wish(&nothing)).to_string().contains("nothing of the leader's units is red"));
    let sent = world.sent.len();
    world.done(wish(&page));
    let letter = world.written.last().unwrap().clone();
    assert_eq!(letter.body, Body::Page(page.clone().into()));
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

fn grant(target: Target, new: Option<&str>) -> Command {
    Command::GrantExtension {
        target,
        new_deadline: new.map(day),
        approver: "县政府分管领导".to_owned(),
        document_number: "阳政办函〔2021〕9号".to_owned(),
    }
}

fn of(id: &str, unit: &str) -> Target {
    Target { unit: Some(unit.parse().unwrap()), ..target(id) }
}

#[test]
fn where_the_first_lead_answers_for_all_no_other_gets_a_date_of_its_own() {
    let mut world = World::with("2021-05-24 09:00", "x | a, b | by = 2021-06-30");
    world.days_until("2021-06-22");
    let refusal = world.refused(grant(of("x", "b"), Some("2021-07-31")));
    let words = "`b` has no date of its own in `p/x`: `a` answers there for every lead; name `--unit a`, or no unit, and the date holds for all of them";
    assert_eq!(refusal.to_string(), words);
    let again = |unit| Command::Return {
        target: of("x", unit),
        reason: "缺材料".to_owned(),
        new_deadline: Some(day("2021-07-31")),
    };
    assert_eq!(world.refused(again("b")).to_string(), words);
    assert_eq!(world.assignment("x", "b").course.deadline, Some(day("2021-06-30")));
    // Nor is anything ruled on it alone, or claimed by it.
    let words = "`b` does not answer in `p/x`: `a` answers there for every lead; name `--unit a`, or no unit";
    let claim = World::form("b", &[("x", done_on("2021-06-22"))]);
    let refused = world.refused(Command::Answer { answers: Box::new(claim) }).to_string();
    assert_eq!(refused, format!("`p/x/once/b`: {words}"));
    let paused = Command::Pause { target: of("x", "b"), reason: "停工".to_owned() };
    assert_eq!(world.refused(paused).to_string(), words);
    let back = Command::Return { target: of("x", "b"), reason: "缺材料".to_owned(), new_deadline: None };
    assert_eq!(world.refused(back).to_string(), words);
    let accepted = Command::Accept { target: of("x", "b"), done_on: None, remark: None };
    assert_eq!(world.refused(accepted).to_string(), words);
    // Named by the one that answers, it holds for both; so does a date that comes with a return.
    world.done(grant(of("x", "a"), Some("2021-07-31")));
    let deadline = |world: &mut World, unit| world.assignment("x", unit).course.deadline;
    assert_eq!(
        (deadline(&mut world, "a"), deadline(&mut world, "b")),
        (Some(day("2021-07-31")), Some(day("2021-07-31")))
    );
    let ledger = world.planner().ledger().read().clone();
    let rows = Sheet::of(&ledger, day("2021-06-22"), &|_| None).rows;
    let rows: Vec<(&str, u32)> = rows.iter().map(|row| (row.id.as_str(), row.extensions)).collect();
    assert_eq!(rows, [("p/x/once/a", 1)], "one matter, extended once");
    world.done(Command::Return {
        target: of("x", "a"),
        reason: "缺材料".to_owned(),
        new_deadline: Some(day("2021-08-31")),
    });
    assert_eq!(
        (deadline(&mut world, "a"), deadline(&mut world, "b")),
        (Some(day("2021-08-31")), Some(day("2021-08-31")))
    );
    // So does one that names no unit.
    world.answer("a", &[("x", done_on("2021-06-22"))]);
    let new_deadline = Some(day("2021-09-30"));
    world.done(Command::Return { target: target("x"), reason: "缺材料".to_owned(), new_deadline });
    assert_eq!((deadline(&mut world, "a"), deadline(&mut world, "b")), (new_deadline, new_deadline));
    world.check();
}

#[test]
fn without_a_unit_only_what_was_claimed_comes_back_and_once() {
    let mut world = World::with("2021-05-24 09:00", "x | a, b | by = 2021-06-30 | answer = \"each\"");
    world.days_until("2021-06-22");
    let back = || Command::Return { target: target("x"), reason: "缺照片".to_owned(), new_deadline: None };
    let words = "no unit has claimed `p/x`: name one (`--unit`) to rule on work that nobody claimed";
    assert_eq!(world.refused(back()).to_string(), words);
    world.answer("b", &[("x", done_on("2021-06-22"))]);
    world.done(back());
    assert_eq!(world.assignment("x", "a").state, State::Notified);
    assert_eq!(world.assignment("x", "b").state, State::Returned);
    assert_eq!(world.refused(back()).to_string(), words, "it came back once");
    world.check();
}

#[test]
fn without_a_unit_only_what_was_claimed_is_accepted() {
    let mut world = World::with("2021-05-24 09:00", "x | a, b | by = 2021-06-30 | answer = \"each\"");
    world.days_until("2021-06-22");
    let words = "no unit has claimed `p/x`: name one (`--unit`) to rule on work that nobody claimed";
    assert_eq!(world.refused(accept("x")).to_string(), words);
    world.answer("b", &[("x", done_on("2021-06-22"))]);
    world.done(accept("x"));
    let states = |world: &mut World| ["a", "b"].map(|unit| world.assignment("x", unit).state);
    assert_eq!(states(&mut world), [State::Notified, State::Accepted]);
    assert_eq!(world.refused(accept("x")).to_string(), words, "once, and nobody else with it");
    world.done(Command::Accept { target: of("x", "a"), done_on: None, remark: None });
    assert_eq!(states(&mut world), [State::Accepted, State::Accepted]);
    world.check();
}

#[test]
fn where_the_first_lead_answers_for_all_it_is_paused_accepted_reopened_and_closed_out_for_all() {
    let mut world = World::with("2021-05-24 09:00", "x | a, b | by = 2021-06-30");
    world.days_until("2021-06-22");
    let states = |world: &mut World| ["a", "b"].map(|unit| world.assignment("x", unit).state);
    world.done(Command::Pause { target: of("x", "a"), reason: "停工".to_owned() });
    assert_eq!(states(&mut world), [State::Paused, State::Paused]);
    world.done(Command::Resume { target: of("x", "a") });
    assert_eq!(states(&mut world), [State::Notified, State::Notified]);
    world.done(accept("x"));
    assert_eq!(states(&mut world), [State::Accepted, State::Accepted]);
    let reopen =
        |unit| Command::Reopen { target: of("x", unit), reason: "反弹".to_owned(), new_deadline: None };
    let words = "`b` does not answer in `p/x`: `a` answers there for every lead; name `--unit a`, or no unit";
    assert_eq!(world.refused(reopen("b")).to_string(), words);
    world.done(reopen("a"));
    assert_eq!(states(&mut world), [State::InProgress, State::InProgress]);
    let told = |unit: &str| {
        let of = |draft: &&duban::domain::Draft| draft.to.unit().is_some_and(|to| to.as_str() == unit);
        crate::letters::shown(world.written.iter().rev().find(of).unwrap())
    };
    let (own, beside) = (told("a"), told("b"));
    assert!(own.contains("请在2021年6月30日（星期三）前（含当日）重新申请办结"), "{own}");
    assert!(own.contains("请反馈完成日期、完成情况和印证材料"), "{own}");
    assert!(beside.contains("请在2021年6月30日（星期三）前（含当日）办结"), "{beside}");
    assert!(beside.contains("以上由所列单位统一反馈，你单位无须单独填报，请配合落实"), "{beside}");
    assert!(!beside.contains("申请办结") && !beside.contains("反馈表"), "{beside}");
    world.check();
}

#[test]
fn a_matter_of_several_leads_is_closed_out_for_all() {
    let mut world = World::with("2021-05-24 09:00", "x | b | by = 2021-12-31");
    let matter = NewMatter {
        id: Some("m".parse().unwrap()),
        title: "西河排污口整治".to_owned(),
        text: None,
        matter: Matter {
            source: "县长批示".to_owned(),
            platform_number: None,
            class: MatterClass::Ordinary,
            assigned_on: day("2021-05-24"),
            days: MatterDays::Calendar,
        },
        lead: vec!["a".parse().unwrap(), "b".parse().unwrap()],
        cooperate: vec![],
        until: None,
        standard: None,
    };
    world.done(Command::AssignMatter { matter: Box::new(matter) });
    let task: duban::domain::TaskId = "matters/m".parse().unwrap();
    let of = |unit: &str| Target { task: task.clone(), period: None, unit: Some(unit.parse().unwrap()) };
    let close = |unit| Command::CloseOut { target: of(unit), remark: None };
    world.done(Command::Accept { target: of("a"), done_on: None, remark: None });
    let words =
        "`b` does not answer in `matters/m`: `a` answers there for every lead; name `--unit a`, or no unit";
    assert_eq!(world.refused(close("b")).to_string(), words);
    world.done(close("a"));
    for unit in ["a", "b"] {
        let id = format!("matters/m/once/{unit}").parse().unwrap();
        let ledger = world.planner().ledger().read().clone();
        let own = ledger.assignment(ledger.slot_of(&id).unwrap()).unwrap();
        assert_eq!(own.state, State::ClosedOut, "{unit}");
    }
    world.check();
}

#[test]
fn the_letter_about_work_that_came_back_says_that_it_was_claimed_only_where_it_was() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-22");
    let back =
        |reason: &str| Command::Return { target: target("x"), reason: reason.to_owned(), new_deadline: None };
    let told = |world: &World| {
        let text = crate::letters::shown(world.written.last().unwrap());
        text.lines().find(|line| line.contains("审核退回")).unwrap().to_owned()
    };
    world.done(back("请补报"));
    assert_eq!(told(&world), "p中，你单位办理的下列任务，经审核退回：");
    world.answer("a", &[("x", done_on("2021-06-22"))]);
    world.done(back("缺材料"));
    assert_eq!(told(&world), "p中，你单位申请办结的下列任务，经审核退回：");
    world.done(back("请补报"));
    assert_eq!(told(&world), "p中，你单位办理的下列任务，经审核退回：");
}

#[test]
fn a_date_granted_to_all_holds_for_a_lead_whose_own_claim_waits() {
    // It answered when it claimed.
    let mut world = World::with("2021-05-24 09:00", "x | b, a | by = 2021-06-30");
    world.days_until("2021-06-22");
    world.answer("b", &[("x", done_on("2021-06-22"))]);
    world.declare(&[plan("x | a, b | by = 2021-06-30")]);
    world.done(grant(of("x", "a"), Some("2021-07-31")));
    let own = world.assignment("x", "b");
    assert_eq!((own.state, own.course.deadline), (State::Claimed, Some(day("2021-07-31"))));
    world.done(Command::Return { target: of("x", "b"), reason: "缺材料".to_owned(), new_deadline: None });
    assert_eq!(world.light("x", "b", "2021-07-05"), Light::Green, "it comes back to the date of all");
    world.check();
}

#[test]
fn where_each_answers_a_date_is_its_own() {
    let mut world = World::with("2021-05-24 09:00", "x | a, b | by = 2021-06-30 | answer = \"each\"");
    world.days_until("2021-06-22");
    world.done(grant(of("x", "b"), Some("2021-07-31")));
    assert_eq!(world.assignment("x", "a").course.deadline, Some(day("2021-06-30")));
    assert_eq!(world.assignment("x", "b").course.deadline, Some(day("2021-07-31")));
    world.check();
}

/// What the second lead asked for is granted on the matter: one date, in every paper.
#[test]
fn what_another_lead_asked_for_is_granted_to_all_and_stands_in_every_paper() {
    let mut world = World::at("2021-05-24 09:00");
    let head = "document_number = \"阳政办发〔2021〕41号\"";
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", head, "x | a, b | by = 2021-06-30")]);
    world.days_until("2021-06-22");
    world.answer("b", &[("x", extension("2021-07-31"))]);
    world.done(grant(target("x"), None));
    for unit in ["a", "b"] {
        let own = world.assignment("x", unit);
        assert_eq!(own.course.deadline, Some(day("2021-07-31")), "{unit}");
        assert_eq!(own.record.unwrap().granted.len(), 1, "{unit}");
        assert_eq!(world.light("x", unit, "2021-07-05"), Light::Green, "{unit}");
    }
    let told: Vec<String> = world.letters_on("2021-06-22");
    assert!(told.contains(&"a: x/once extension-granted:1".to_owned()), "{told:?}");
    assert!(told.contains(&"b: x/once extension-granted:1".to_owned()), "{told:?}");
    world.days_until("2021-07-05");
    let ledger = world.planner().ledger().read().clone();
    let on = day("2021-07-05");
    let sheet = Sheet::of(&ledger, on, &|_| None);
    let row = sheet.rows.iter().find(|row| row.id.starts_with("p/x/")).unwrap();
    let shown = serde_json::to_string(row).unwrap();
    assert!(shown.contains("7月31日") || shown.contains("2021-07-31"), "{shown}");
    assert!(!shown.contains("超期"), "{shown}");
    let lists = Weekly::of(&ledger, on).text();
    assert!(!lists.contains("超期5天"), "{lists}");
    for unit in ["a", "b"] {
        let page = LeaderPage::of(&ledger, &unit.parse().unwrap(), on, &|_, _| false).unwrap().told();
        assert_eq!((page.red, page.matters.len()), (0, 0), "{unit}: {page:?}");
    }
    let events = world.planner().journal().read(0);
    let seen = around(events, (day("2021-06-01"), day("2021-06-30")), None).unwrap();
    let known = Known { before: &seen.before, then: &seen.then, now: &seen.now, head: seen.head };
    let ask = Ask {
        period: "2021-06".parse().unwrap(),
        asked_on: None,
        number: None,
        dated: None,
        plans: vec!["p".parse().unwrap()],
        step: BulletinState::Drafted,
    };
    let bulletin = Bulletin::of(known, &ask).unwrap();
    let row = bulletin.items.iter().find(|row| row.title == "x").unwrap();
    assert_eq!((row.original.as_str(), row.current.as_str(), row.extensions), ("6月30日", "7月31日", 1));
    assert_ne!(row.status.light, Light::Red);
    let told = |bulletin: &Bulletin| (bulletin.extensions.requested, bulletin.extensions.granted.len());
    assert_eq!(told(&bulletin), (1, 1), "asked by the lead for whom another answers");
    world.done(grant(target("x"), Some("2021-08-31")));
    let july = || (day("2021-07-01"), day("2021-07-31"));
    let seen = around(world.planner().journal().read(0), july(), None).unwrap();
    let known = Known { before: &seen.before, then: &seen.then, now: &seen.now, head: seen.head };
    let bulletin = Bulletin::of(known, &Ask { period: "2021-07".parse().unwrap(), ..ask }).unwrap();
    assert_eq!(told(&bulletin), (0, 1), "granted, and asked for by nobody");
    world.check();
}
