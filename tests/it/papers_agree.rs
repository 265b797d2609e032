//! Papers agree: what bulletin, ledger, leader's page, lists and history say of a matter comes from one view of it.

use duban::audit::around;
use duban::domain::command::{Command, Target};
use duban::domain::{
    Actor, ActorKind, BulletinState, Digest, Event, Evidence, ExtensionGranted, ItemAnswer, Ledger, Recorded,
    Rescheduled, Stream, Via,
};
use duban::matter::{LetterAbout, MatterView, letters_about};
use duban::report::bulletin::{Ask, Bulletin, Known};
use duban::report::leader::LeaderPage;
use duban::report::ledger_rows;
use duban::report::lists::{ListKind, Weekly};
use duban::report::sheet::{Sheet, Term};

use crate::planner_world::{World, admin, at, day, plan_of, target};

const HEAD: &str = "document_number = \"阳政办发〔2021〕41号\"\ncollect = { every = \"month\", on = 25, reply_by = \"last\" }";

fn world(tasks: &str) -> World {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", HEAD, tasks)]);
    world
}

fn ledger(world: &mut World) -> Ledger {
    world.planner().ledger().read().clone()
}

fn nobody(_: Digest) -> Option<String> {
    None
}

fn done_on(text: &str) -> ItemAnswer {
    ItemAnswer::Done { done_on: day(text), text: "已全部完成".to_owned() }
}

/// The bulletin of June 2021 from the events up to a position.
fn bulletin(world: &mut World, upto: Option<u64>) -> Bulletin {
    let events = world.planner().journal().read(0);
    let seen = around(events, (day("2021-06-01"), day("2021-06-30")), upto).unwrap();
    let known = Known { before: &seen.before, then: &seen.then, now: &seen.now, head: seen.head };
    let ask = Ask {
        period: "2021-06".parse().unwrap(),
        asked_on: None,
        number: None,
        dated: None,
        plans: Vec::new(),
        step: BulletinState::Drafted,
    };
    Bulletin::of(known, &ask).unwrap()
}

fn grant(target: Target) -> Command {
    Command::GrantExtension {
        target,
        new_deadline: Some(day("2021-09-30")),
        approver: "县政府分管领导".to_owned(),
        document_number: "阳政办函〔2021〕9号".to_owned(),
    }
}

#[test]
fn a_year_written_out_is_no_correction() {
    let mut world = world("x | a | by = 2021-06-30\ny | b | by = 2021-05-31\nz | a | ongoing = true");
    world.days_until("2021-06-20");
    world
        .answer("a", &[("z", ItemAnswer::Progress { text: "推进".into(), problem: None, next_steps: None })]);
    world.days_until("2021-07-05");
    let drafted = bulletin(&mut world, None);
    assert!(drafted.items.len() > 2, "{:?}", drafted.items);
    let position = world.head();
    world.days_until("2022-01-10");
    let later = bulletin(&mut world, None);
    assert_ne!(drafted.items[0].current, later.items[0].current, "the words did change");
    assert_eq!(drafted.changed(&later), Vec::<String>::new());
    assert_eq!(bulletin(&mut world, Some(position)).changed(&later), Vec::<String>::new());
}

#[test]
fn a_correction_is_told_by_the_matter_not_by_its_title() {
    let mut world = world("x | a | by = 2021-06-30");
    world.days_until("2021-07-05");
    let drafted = bulletin(&mut world, None);
    let mut later = drafted.clone();
    later.items[0].title = "另一个叫法".to_owned();
    later.items[0].current = "2021年6月30日".to_owned();
    assert_eq!(drafted.changed(&later), Vec::<String>::new());
    later.items[0].current_on = Some(day("2021-09-30"));
    assert_eq!(drafted.changed(&later), ["另一个叫法（a）现定时限：6月30日 → 9月30日"]);
}

#[test]
fn what_the_next_month_is_pressed_for_is_what_the_annex_says_is_due_then() {
    let mut world = world("x | a | by = 2021-06-30\ny | b | by = 2021-07-20");
    world.days_until("2021-06-29");
    world.answer("a", &[("x", done_on("2021-06-29"))]);
    world.days_until("2021-07-02");
    let reason = "缺验收单".to_owned();
    world.done(Command::Return { target: target("x"), reason, new_deadline: Some(day("2021-07-15")) });
    world.days_until("2021-07-05");
    let paper = bulletin(&mut world, None);
    let of_x = paper.items.iter().find(|row| row.title == "x").unwrap();
    assert_eq!((of_x.current.as_str(), of_x.status.said().as_str()), ("6月30日", "待审核·蓝"));
    let pressed = paper.requests.iter().find(|text| text.contains("盯紧7月")).unwrap();
    assert_eq!(pressed, "（二）盯紧7月到期的1项：b“y”。");
}

#[test]
fn a_leader_reads_the_progress_that_was_reported() {
    let mut world = world("x | a | by = 2021-05-31\ny | a | by = 2021-05-31");
    world.days_until("2021-06-10");
    let told = ItemAnswer::Progress { text: "已完成九成".into(), problem: None, next_steps: None };
    world.answer("a", &[("x", told)]);
    world.days_until("2021-06-11");
    let page =
        LeaderPage::of(&ledger(&mut world), &"a".parse().unwrap(), day("2021-06-11"), &|_, _| false).unwrap();
    let text = page.text();
    let (of_x, of_y) = text.split_once("2. ").unwrap();
    assert!(of_x.contains("进展：已完成九成\n   情况：原因、下步和新时间，单位均未报"), "{text}");
    assert!(of_y.contains("情况：进展、原因、下步和新时间，单位均未报"), "{text}");
}

#[test]
fn an_extension_that_holds_stands_in_every_paper() {
    let mut world = world("x | a, b | by = 2021-06-10");
    world.days_until("2021-06-08");
    world.done(grant(Target { unit: Some("a".parse().unwrap()), ..target("x") }));
    world.days_until("2021-09-27");
    let ledger = ledger(&mut world);
    let today = day("2021-09-27");
    let told = "6月8日批准由6月10日延至9月30日（县政府分管领导，阳政办函〔2021〕9号）";
    for unit in ["a", "b"] {
        let id = format!("p/x/once/{unit}").parse().unwrap();
        let view = MatterView::named(&ledger, &id, today).unwrap();
        assert_eq!((view.original(), view.deadline()), (Some(day("2021-06-10")), Some(day("2021-09-30"))));
        assert_eq!(view.extensions().iter().map(|one| one.told(today)).collect::<Vec<_>>(), [told]);
        assert_eq!(view.moved_words(today).as_deref(), Some("原定6月10日，现定9月30日"));
    }
    let sheet = Sheet::of(&ledger, today, &nobody);
    let row = sheet.rows.iter().find(|row| row.id == "p/x/once/a").unwrap();
    assert_eq!((&row.current, row.extensions), (&Term::Day(day("2021-09-30")), 1));
    assert_eq!(row.granted_by, "县政府分管领导，阳政办函〔2021〕9号");
    let paper = bulletin(&mut world, None);
    let row = paper.items.iter().find(|row| row.title == "x").unwrap();
    assert_eq!((row.current.as_str(), row.extensions, row.unfinished), ("9月30日", 1, false));
    let page = LeaderPage::of(&ledger, &"a".parse().unwrap(), today, &|_, _| false).unwrap();
    assert!(page.text().contains(&format!("延期：{told}")), "{}", page.text());
    let rows = ledger_rows(&ledger, today);
    assert!(rows.iter().all(|row| row.current_deadline == Some(day("2021-09-30"))), "{rows:?}");
}

/// An older duban granted a second lead a date of its own.
#[test]
fn a_date_that_only_the_second_lead_was_granted_is_told_beside_that_of_the_first() {
    let mut world = world("x | a, b | by = 2021-06-10");
    world.days_until("2021-06-08");
    let mut ledger = ledger(&mut world);
    let granted = ExtensionGranted {
        assignment: "p/x/once/b".parse().unwrap(),
        again: Rescheduled {
            new_deadline: day("2021-09-30"),
            advised: None,
            counts_by: None,
            deadline_version: 2,
            stages_from: day("2021-06-08"),
        },
        approver: "县政府分管领导".to_owned(),
        document_number: "阳政办函〔2021〕9号".to_owned(),
    };
    let position = ledger.head() + 1;
    ledger.apply(&Recorded {
        position,
        batch_end: position,
        recorded_at: at("2021-06-08 10:00"),
        occurred_on: None,
        by: admin(),
        cause: None,
        request: None,
        stream: Stream::Plan("p".parse().unwrap()),
        version: 1,
        event: Event::ExtensionGranted(granted),
        prev: Digest::ZERO,
        hash: Digest::ZERO,
    });
    let today = day("2021-06-20");
    let sheet = Sheet::of(&ledger, today, &nobody);
    let rows: Vec<_> =
        sheet.rows.iter().map(|row| (row.id.as_str(), row.extensions, row.current.clone())).collect();
    assert_eq!(
        rows,
        [("p/x/once/a", 0, Term::Day(day("2021-06-10"))), ("p/x/once/b", 1, Term::Day(day("2021-09-30")))]
    );
    let remark = "b：6月8日批准由6月10日延至9月30日（县政府分管领导，阳政办函〔2021〕9号）";
    assert!(sheet.rows[0].remarks.contains(&remark.to_owned()), "{:?}", sheet.rows[0].remarks);
    let page = LeaderPage::of(&ledger, &"a".parse().unwrap(), today, &|_, _| false).unwrap();
    assert!(page.text().contains("时限6月10日（b延至9月30日）"), "{}", page.text());
}

#[test]
fn letters_to_leader_and_supervision_are_no_reminders_to_the_unit() {
    let mut world = world("x | a | by = 2021-05-31");
    world.set_leader("a", Some("leader@duban.example"));
    world.days_until("2021-07-05");
    let ledger = ledger(&mut world);
    let id = "p/x/once/a".parse().unwrap();
    let letters = letters_about(&ledger, &id);
    let count = |wanted: &[LetterAbout]| letters.iter().filter(|one| wanted.contains(&one.about)).count();
    assert!(count(&[LetterAbout::Supervision]) > 0 && count(&[LetterAbout::Leader]) > 0, "{letters:?}");
    let to_unit = u32::try_from(count(&[LetterAbout::Reminder])).unwrap();
    assert!(to_unit > 0 && count(&[LetterAbout::Told]) == 1, "{letters:?}");
    let as_of = &ledger_rows(&ledger, day("2021-07-05"))[0];
    let sheet = &Sheet::of(&ledger, day("2021-07-05"), &nobody).rows[0];
    assert_eq!((as_of.reminders, sheet.reminders), (to_unit, to_unit));
    assert_eq!(sheet.chases as usize, count(&[LetterAbout::Chase]));
    let last = letters.iter().filter(|one| one.about == LetterAbout::Reminder).map(|one| one.on).max();
    assert_eq!(as_of.last_reminder, last);
}

#[test]
fn a_report_that_came_late_ends_what_the_lists_say_is_missing() {
    let mut world = world("x | a | ongoing = true\ny | a | by = 2021-09-30");
    world.days_until("2021-07-02");
    let told = |world: &mut World, on: &str| {
        let ledger = ledger(world);
        let lists = Weekly::of(&ledger, day(on));
        let list = lists.lists.into_iter().find(|list| list.kind == ListKind::Unreported).unwrap();
        (list.matters, list.entries.into_iter().map(|one| format!("{}（{}）", one.title, one.note)).collect())
    };
    let missing: Vec<String> = vec!["p6月月调度（2项未报）（逾期2天）".to_owned()];
    assert_eq!(told(&mut world, "2021-07-02"), (2, missing));
    let report = || ItemAnswer::Progress { text: "推进".into(), problem: None, next_steps: None };
    world.answer("a", &[("x", report()), ("y", ItemAnswer::Unchanged)]);
    assert_eq!(told(&mut world, "2021-07-03"), (0, Vec::new()), "July's report is June's, late");
}

#[test]
fn who_is_answered_for_is_in_review_once_the_first_lead_has_claimed() {
    let mut world = world("x | a, b | by = 2021-06-10");
    world.days_until("2021-06-14");
    world.answer("a", &[("x", done_on("2021-06-13"))]);
    let ledger = ledger(&mut world);
    let rows = ledger_rows(&ledger, day("2021-06-14"));
    let states: Vec<_> =
        rows.iter().map(|row| (row.unit.as_str(), row.state.as_str(), row.overdue_days)).collect();
    assert_eq!(states, [("a", "claimed", None), ("b", "claimed", None)]);
    let lists = Weekly::of(&ledger, day("2021-06-14"));
    let listed: Vec<ListKind> =
        lists.lists.iter().filter(|list| list.matters > 0).map(|list| list.kind).collect();
    assert_eq!(listed, [ListKind::InReview]);
}

#[test]
fn the_ledger_holds_followed_plans_and_closed_ones_when_asked() {
    let mut world = World::at("2021-05-24 09:00");
    let other = "document_number = \"阳政办发〔2020〕9号\"";
    let plans = [
        plan_of("p", "2021-05-24", "2022-12-31", HEAD, "x | a | by = 2021-06-30"),
        plan_of("old", "2020-01-01", "2021-12-31", other, "w | a | by = 2020-06-30\nv | b | by = 2020-12-31"),
    ];
    world.declare(&plans);
    world.days_until("2021-05-25");
    let ledger = ledger(&mut world);
    let sheet = Sheet::of(&ledger, day("2021-05-25"), &nobody);
    let ids = |sheet: &Sheet| sheet.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&sheet), ["p/x/once/a"]);
    assert_eq!(sheet.head.documents, ["阳政办发〔2021〕41号"]);
    let all = Sheet::with_closed(&ledger, day("2021-05-25"), &nobody);
    assert_eq!(ids(&all).len(), 3);
    assert_eq!(all.head.documents.len(), 2);
}

#[test]
fn by_phone_or_by_link_the_way_in_is_told_once() {
    let mut world = world("x | a | by = 2021-06-30");
    world.days_until("2021-06-01");
    let form = World::form("a", &[("x", ItemAnswer::Unchanged)]);
    let by = Actor { kind: ActorKind::Admin, name: "admin".to_owned(), via: Via::Phone };
    let command = Box::new(Command::Answer { answers: Box::new(form) });
    world.give(duban::planner::Input::Command { command, by, request: None });
    let ledger = ledger(&mut world);
    let view = MatterView::named(&ledger, &"p/x/once/a".parse().unwrap(), day("2021-06-01")).unwrap();
    assert_eq!(view.ways_in(), ["代录（电话）"]);
}

/// What `task show` tells of one unit's duty.
#[test]
fn the_view_tells_all_that_happened_to_a_matter_in_its_order() {
    let mut world = world("x | a | by = 2021-06-30");
    world.days_until("2021-06-01");
    let mut form = World::form("a", &[("x", ItemAnswer::Unchanged)]);
    form.items[0].answer =
        ItemAnswer::Progress {
            text: "已换12台".into(), problem: Some("缺两台".into()), next_steps: None
        };
    form.items[0].evidence = vec![Evidence {
        digest: Digest::of(b"photo"),
        name: "现场.jpg".to_owned(),
        bytes: 9,
        media_type: "image/jpeg".to_owned(),
        obtained_on: None,
    }];
    world.done(Command::Answer { answers: Box::new(form) });
    world.days_until("2021-06-10");
    world.answer("a", &[("x", done_on("2021-06-09"))]);
    world.days_until("2021-06-11");
    world.done(Command::Return { target: target("x"), reason: "缺验收单".into(), new_deadline: None });
    world.days_until("2021-06-15");
    world.done(grant(target("x")));
    world.days_until("2021-06-20");
    world.answer("a", &[("x", done_on("2021-06-19"))]);
    world.days_until("2021-06-21");
    world.done(Command::Accept { target: target("x"), done_on: None, remark: Some("属实".into()) });
    world.days_until("2021-06-24");
    world.done(Command::Reopen { target: target("x"), reason: "反弹".into(), new_deadline: None });
    world.done(Command::Pause { target: target("x"), reason: "等待标准".into() });
    world.done(Command::Resume { target: target("x") });
    world.done(Command::Return { target: target("x"), reason: "请补报".into(), new_deadline: None });
    let events: Vec<Recorded> = world.planner().journal().read(0).map(Result::unwrap).collect();
    let ledger = ledger(&mut world);
    let today = day("2021-06-24");
    let view = MatterView::named(&ledger, &"p/x/once/a".parse().unwrap(), today).unwrap();
    let told = |line: duban::matter::HistoryLine| format!("{} {} {}", line.on, line.what.word(), line.says);
    let lines: Vec<String> = view.history(&events, today).into_iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "2021-05-24 交办 ",
            "2021-06-01 签收 随反馈签收",
            "2021-06-01 提交材料 现场.jpg",
            "2021-06-01 反馈 已换12台",
            "2021-06-10 申请办结 6月9日完成：已全部完成",
            "2021-06-11 退回 缺验收单",
            "2021-06-15 批准延期 6月15日批准由6月30日延至9月30日（县政府分管领导，阳政办函〔2021〕9号）",
            "2021-06-20 申请办结 6月19日完成：已全部完成",
            "2021-06-21 办结 admin：属实",
            "2021-06-24 重新督办 反弹，现定9月30日",
            "2021-06-24 暂停催办 等待标准",
            "2021-06-24 恢复催办 ",
            "2021-06-24 退回 请补报",
        ]
    );
    assert_eq!((view.original(), view.deadline()), (Some(day("2021-06-30")), Some(day("2021-09-30"))));
    assert_eq!(view.status().said(), "正常·绿", "it was opened again");
    assert_eq!(view.files().len(), 1);
    assert_eq!(view.problem(), "缺两台");
    let letters = letters_about(&ledger, &view.id());
    assert_eq!(letters.first().map(|letter| letter.about), Some(LetterAbout::Told), "{letters:?}");
    assert!(letters.iter().any(|letter| letter.about == LetterAbout::Ruling), "{letters:?}");
    let names: Vec<&str> = letters.iter().map(|letter| letter.to_name.as_str()).collect();
    let own = |letter: &&duban::matter::LetterTold| letter.to != duban::domain::Recipient::Office;
    assert!(letters.iter().filter(own).all(|letter| letter.to_name == "a"), "{names:?}");
}
