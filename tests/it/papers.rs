//! The office's papers from a month that was played: a dozen matters, every figure worked out by hand.

use duban::audit::{Around, around};
use duban::domain::command::Command;
use duban::domain::light::Light;
use duban::domain::{
    Actor, ActorKind, BulletinState, BulletinStep, Digest, Evidence, ItemAnswer, Ledger, Via,
};
use duban::planner::{Answer, Input};
use duban::report::bulletin::{Ask, Bulletin, Known, NoBulletin, Totals};
use duban::report::leader::LeaderPage;
use duban::report::lists::{ListKind, Weekly};
use duban::report::pack::PackIndex;
use duban::report::sheet::{Sheet, SheetLine, Term};

use crate::planner_world::{World, day, plan_of, target};

const HEAD: &str = "document_number = \"阳政办发〔2021〕41号\"\ncollect = { every = \"month\", on = 25, reply_by = \"last\" }";

/// What is asked of whom.
const TASKS: &str = "
    late     | a | by = 2021-05-31
    red      | a | by = 2021-05-31
    good     | a | by = 2021-06-30
    review   | a | by = 2021-06-30
    silent   | b | by = 2021-06-30
    extended | b | by = 2021-06-30
    refused  | b | by = 2021-06-30
    early    | b | by = 2021-07-31
    longterm | a | ongoing = true
    unheard  | b | ongoing = true
    may      | a | by = 2021-05-31
    target   | b | by = 2021-06-15 | target = true
    paused   | a | by = 2021-06-30";

fn done_on(text: &str) -> ItemAnswer {
    ItemAnswer::Done { done_on: day(text), text: "已全部完成".to_owned() }
}

fn progress(text: &str) -> ItemAnswer {
    ItemAnswer::Progress {
        text: text.to_owned(),
        problem: Some("缺资金".to_owned()),
        next_steps: Some("下月招标".to_owned()),
    }
}

fn extension(until: &str) -> ItemAnswer {
    ItemAnswer::Extension {
        reason: "汛期提前".to_owned(),
        progress: "已完成六成".to_owned(),
        new_deadline: day(until),
        approval: None,
    }
}

fn accept(id: &str, done_on: Option<&str>) -> Command {
    Command::Accept { target: target(id), done_on: done_on.map(day), remark: Some("属实".to_owned()) }
}

fn file(name: &str, obtained: Option<&str>) -> Evidence {
    Evidence {
        digest: Digest::of(name.as_bytes()),
        name: name.to_owned(),
        bytes: 9,
        media_type: "application/pdf".to_owned(),
        obtained_on: obtained.map(day),
    }
}

/// A claim with its material.
fn claim(world: &mut World, unit: &str, id: &str, done: &str, evidence: Vec<Evidence>) {
    let mut form = World::form(unit, &[(id, done_on(done))]);
    form.items[0].evidence = evidence;
    world.done(Command::Answer { answers: Box::new(form) });
}

/// June 2021 as it was played, up to 09:00 on 2 July.
fn june() -> World {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", HEAD, TASKS)]);
    world.days_until("2021-05-28");
    world.done(accept("may", Some("2021-05-27")));
    world.days_until("2021-06-10");
    world.done(Command::Pause { target: target("paused"), reason: "机构调整".to_owned() });
    world.days_until("2021-06-12");
    claim(&mut world, "a", "late", "2021-06-10", vec![file("验收.pdf", Some("2021-06-11"))]);
    world.days_until("2021-06-14");
    world.done(accept("late", None));
    world.days_until("2021-06-18");
    world.answer("a", &[("good", done_on("2021-06-17"))]);
    world.days_until("2021-06-20");
    let reason = "缺验收单".to_owned();
    world.done(Command::Return { target: target("good"), reason, new_deadline: None });
    world.done(accept("early", Some("2021-06-18")));
    world.answer("b", &[("extended", extension("2021-09-30"))]);
    world.days_until("2021-06-21");
    world.answer("b", &[("refused", extension("2021-12-31"))]);
    world.days_until("2021-06-22");
    world.done(Command::GrantExtension {
        target: target("extended"),
        new_deadline: None,
        approver: "县政府分管领导".to_owned(),
        document_number: "阳政办函〔2021〕9号".to_owned(),
    });
    world.days_until("2021-06-23");
    world.done(Command::RefuseExtension {
        target: target("refused"), reason: "不属不可抗力".to_owned()
    });
    world.days_until("2021-06-24");
    claim(
        &mut world,
        "a",
        "good",
        "2021-06-23",
        vec![file("验收单.pdf", None), file("照片.jpg", Some("2021-06-20"))],
    );
    world.days_until("2021-06-26");
    world.answer("a", &[("red", progress("完成三成")), ("longterm", progress("按计划推进"))]);
    world.days_until("2021-06-28");
    world.done(accept("good", None));
    world.days_until("2021-06-29");
    world.answer("a", &[("review", done_on("2021-06-28"))]);
    world.days_until("2021-07-02");
    world
}

fn history(world: &mut World, upto: Option<u64>) -> Around {
    let events = world.planner().journal().read(0);
    around(events, (day("2021-06-01"), day("2021-06-30")), upto).unwrap()
}

fn ask() -> Ask {
    let (number, dated, plans) = (None, None, Vec::new());
    Ask {
        period: "2021-06".parse().unwrap(),
        asked_on: None,
        number,
        dated,
        plans,
        step: BulletinState::Drafted,
    }
}

fn bulletin(world: &mut World, upto: Option<u64>) -> Bulletin {
    let seen = history(world, upto);
    let known = Known { before: &seen.before, then: &seen.then, now: &seen.now, head: seen.head };
    Bulletin::of(known, &ask()).unwrap()
}

fn ledger(world: &mut World) -> Ledger {
    world.planner().ledger().read().clone()
}

fn names(_: Digest) -> Option<String> {
    None
}

fn row<'s>(sheet: &'s Sheet, task: &str) -> &'s SheetLine {
    sheet.rows.iter().find(|row| row.id.starts_with(&format!("p/{task}/"))).unwrap()
}

#[test]
fn before_the_reply_day_nobody_is_called_silent_and_the_day_stands_as_this_months() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[plan_of("p", "2021-05-24", "2022-12-31", HEAD, TASKS)]);
    world.days_until("2021-06-27");
    let seen = history(&mut world, None);
    let known = Known { before: &seen.before, then: &seen.then, now: &seen.now, head: seen.head };
    let running = Bulletin::of(known, &Ask { asked_on: Some(day("2021-06-27")), ..ask() }).unwrap();
    assert_eq!((running.feedback.asked, running.feedback.missing.len()), (0, 0));
    assert_eq!(running.feedback.reply_by, Some(day("2021-06-30")));
    assert!(
        running.requests.iter().any(|one| one.ends_with("本月月调度请于6月30日前反馈。")),
        "{:?}",
        running.requests
    );
    assert!(!running.requests.iter().any(|one| one.contains("未反馈")), "{:?}", running.requests);
    let over = Bulletin::of(known, &ask()).unwrap();
    assert!(over.feedback.asked > 0 && !over.feedback.missing.is_empty(), "at the month's end they are");
}

#[test]
fn the_figures_of_june_are_those_worked_out_by_hand() {
    let paper = bulletin(&mut june(), None);
    let totals = Totals {
        followed: 12,      // all but `may`, which was over in May
        due_this_month: 5, // good, review, silent, refused, paused; `extended` moved away, `target` is none
        carried_over: 2,   // late, red
        on_time: 1,        // good: claimed on the 24th, though accepted on the 28th
        late: 1,           // late: 12 days after its date
        in_review: 1,      // review
        unfinished: 3,     // red, silent, refused
        paused: 1,
        early: 1,       // early
        in_progress: 4, // extended, longterm, unheard, target
        ongoing: 2,     // longterm, unheard
    };
    assert_eq!(paper.totals, totals);
    assert_eq!(paper.totals.completion().percent().as_deref(), Some("28.6%"), "2 of 7");
    assert_eq!(paper.totals.on_time_rate().percent().as_deref(), Some("14.3%"), "1 of 7");
    assert_eq!(
        (paper.number, paper.as_of, paper.dated),
        (1, day("2021-06-30"), day("2021-07-01")),
        "nothing happened on the 2nd"
    );
    let unfinished: Vec<String> =
        paper.unfinished().map(|row| format!("{} {}", row.title, row.status.said())).collect();
    assert_eq!(unfinished, ["red 超期30天·红", "silent 到期未办结·红", "refused 到期未办结·红"]);
}

#[test]
fn who_answered_what_came_with_claims_and_what_was_extended_is_counted() {
    let paper = bulletin(&mut june(), None);
    assert_eq!((paper.feedback.asked, paper.feedback.in_time), (2, 1), "{:?}", paper.feedback);
    // b's extension, asked for on one matter, tells how far it is; of silent and red it told nothing.
    assert_eq!((&paper.feedback.partly, paper.feedback.missing.len()), (&vec!["b".to_owned()], 0));
    assert_eq!(paper.evidence.claims, 3, "late, good (its second), review");
    assert_eq!((paper.evidence.with_material, paper.evidence.returned), (2, 1));
    assert_eq!(paper.evidence.without, ["a"]);
    assert_eq!(paper.evidence.obtained_later, 1, "late: done on the 10th, material of the 11th");
    assert_eq!((paper.extensions.requested, paper.extensions.refused, paper.extensions.waiting), (2, 1, 0));
    let granted = &paper.extensions.granted[0];
    assert_eq!((granted.from, granted.to), (day("2021-06-30"), day("2021-09-30")));
    assert_eq!(granted.ground, "阳政办函〔2021〕9号");
    assert!(!paper.proposals.settled);
    assert_eq!(paper.proposals.lagging[0].unit, "b");
}

#[test]
fn the_table_lists_what_was_due_or_moved_the_most_urgent_first() {
    let paper = bulletin(&mut june(), None);
    let titles: Vec<&str> = paper.items.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(
        titles,
        ["red", "silent", "refused", "late", "review", "extended", "longterm", "paused", "good", "early"]
    );
    assert_eq!(paper.unlisted, 2, "unheard and target");
    let of = |title: &str| paper.items.iter().find(|row| row.title == title).unwrap();
    assert_eq!((of("red").problem.as_str(), of("red").next_steps.as_str()), ("缺资金", "下月招标"));
    assert_eq!((of("extended").original.as_str(), of("extended").current.as_str()), ("6月30日", "9月30日"));
    assert_eq!(of("extended").extensions, 1);
    assert_eq!(of("late").status.shown(), "◆迟办12天·黄");
    assert_eq!(of("good").status.shown(), "按期办结");
    assert_eq!(of("review").status.light, Light::Review);
    let units: Vec<_> =
        paper.units.iter().map(|row| (row.unit.as_str(), row.totals.due(), row.feedback.word())).collect();
    assert_eq!(units, [("a", 5, "已反馈"), ("b", 2, "部分反馈")]);
}

#[test]
fn what_is_told_later_about_june_counts_and_what_happens_in_july_does_not() {
    let mut world = june();
    let drafted = bulletin(&mut world, None);
    let position = drafted.counted.position;
    // By phone on 2 July: done on the last day of June.
    let mut form = World::form("b", &[("silent", done_on("2021-06-30"))]);
    form.said_on = Some(day("2021-06-30"));
    let by = Actor { kind: ActorKind::Admin, name: "admin".to_owned(), via: Via::Phone };
    let command = Box::new(Command::Answer { answers: Box::new(form) });
    let answer = world.give(Input::Command { command, by, request: None });
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    // And in July itself.
    world.done(accept("review", None));
    let told = |id| (id, progress("七月补报"));
    world.answer("b", &["extended", "refused", "unheard", "target"].map(told));
    let later = bulletin(&mut world, None);
    assert_eq!(
        (later.totals.unfinished, later.totals.in_review),
        (2, 2),
        "silent is under review, review still"
    );
    assert_eq!(later.feedback.late, ["b"]);
    let changed = drafted.changed(&later);
    assert!(changed.contains(&"到期未办结：3项 → 2项".to_owned()), "{changed:#?}");
    assert!(changed.contains(&"silent（b）状态：到期未办结·红 → 待审核·蓝".to_owned()), "{changed:#?}");
    assert!(!changed.iter().any(|line| line.starts_with("review")), "{changed:#?}");
    // As of the same event it is the same paper, to the byte.
    let again = bulletin(&mut world, Some(position));
    assert_eq!(again, drafted);
    assert_eq!(again.word().unwrap(), drafted.word().unwrap());
    assert_eq!(again.html().unwrap(), drafted.html().unwrap());
    assert_eq!(again.changed(&drafted), Vec::<String>::new());
}

#[test]
fn a_unit_that_reported_on_some_of_its_matters_is_not_called_silent() {
    let mut world = june();
    let mut form = World::form("b", &[("unheard", progress("按计划推进"))]);
    form.said_on = Some(day("2021-06-29"));
    let by = Actor { kind: ActorKind::Admin, name: "admin".to_owned(), via: Via::Phone };
    let command = Box::new(Command::Answer { answers: Box::new(form) });
    let answer = world.give(Input::Command { command, by, request: None });
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    let paper = bulletin(&mut world, None);
    assert_eq!(
        (paper.feedback.partly.as_slice(), paper.feedback.missing.len()),
        (["b".to_owned()].as_slice(), 0)
    );
    let text = paper.text().unwrap();
    assert!(text.contains("部分反馈1家（b）"), "{text}");
    assert!(!text.contains("未反馈1家"), "{text}");
    let silent = paper.proposals.lagging.iter().any(|named| named.ground.contains("未反馈"));
    assert!(!silent, "{:?}", paper.proposals);
    let unit = paper.units.iter().find(|row| row.unit == "b").unwrap();
    assert_eq!(unit.feedback.word(), "部分反馈");
}

#[test]
fn what_is_signed_is_what_was_drafted_and_the_number_goes_on() {
    let mut world = june();
    let paper = bulletin(&mut world, None);
    let step = |state, content| BulletinStep {
        period: paper.period,
        number: paper.number,
        position: paper.counted.position,
        content,
        step: state,
        scan: None,
        note: None,
    };
    let content = paper.content().unwrap();
    world.done(Command::MoveBulletin { step: step(BulletinState::Drafted, content) });
    world.refused(Command::MoveBulletin { step: step(BulletinState::Checked, Digest::of(b"edited")) });
    world.done(Command::MoveBulletin { step: step(BulletinState::Checked, content) });
    let mut signed = bulletin(&mut world, Some(paper.counted.position));
    signed.step = BulletinState::Signed;
    assert_eq!(signed.content().unwrap(), content, "a step changes nothing of what it counts");
    world.done(Command::MoveBulletin { step: step(BulletinState::Signed, content) });
    let seen = history(&mut world, None);
    let known = Known { before: &seen.before, then: &seen.then, now: &seen.now, head: seen.head };
    let july = Ask { period: "2021-07".parse().unwrap(), ..ask() };
    assert_eq!(Bulletin::of(known, &july).unwrap().number, 2);
    let quarter = Ask { period: "2021Q2".parse().unwrap(), ..ask() };
    assert!(matches!(Bulletin::of(known, &quarter), Err(NoBulletin::NotAMonth(_))));
    let unknown = Ask { plans: vec!["nope".parse().unwrap()], ..ask() };
    assert!(matches!(Bulletin::of(known, &unknown), Err(NoBulletin::NoPlan(_))));
}

#[test]
fn the_ledger_tells_each_matters_way() {
    let mut world = june();
    let sheet = Sheet::of(&ledger(&mut world), day("2021-07-02"), &names);
    assert_eq!(sheet.rows.len(), 13);
    let red = row(&sheet, "red");
    assert_eq!(
        (red.overdue_days, red.status.as_ref().unwrap().shown()),
        (Some(32), "●超期32天·红".to_owned())
    );
    assert_eq!((red.reminders, red.chases), (2, 4));
    assert_eq!((red.problem.as_str(), red.received_by.as_str()), ("缺资金", "随反馈签收"));
    let good = row(&sheet, "good");
    assert_eq!(good.claimed_on, Some(day("2021-06-24")));
    assert_eq!((good.done_on, good.accepted_on), (Some(day("2021-06-23")), Some(day("2021-06-28"))));
    assert_eq!((good.verdict.as_str(), good.reviewer.as_str()), ("属实", "admin"));
    assert_eq!(
        good.evidence,
        ["验收单.pdf（取得日期未填，2021-06-24提交）", "照片.jpg（2021-06-20取得，2021-06-24提交）"]
    );
    let extended = row(&sheet, "extended");
    assert_eq!(
        (&extended.original, &extended.current),
        (&Term::Day(day("2021-06-30")), &Term::Day(day("2021-09-30")))
    );
    assert_eq!(extended.granted_by, "县政府分管领导，阳政办函〔2021〕9号");
    assert_eq!(row(&sheet, "longterm").original, Term::Words("长期坚持".to_owned()));
    assert!(row(&sheet, "paused").remarks.contains(&"已暂停催办".to_owned()));
}

#[test]
fn the_weeks_lists_hold_what_a_clerk_must_do() {
    let mut world = june();
    let lists = Weekly::of(&ledger(&mut world), day("2021-07-02"));
    let titles = |kind: ListKind| -> Vec<String> {
        let list = lists.lists.iter().find(|list| list.kind == kind).unwrap();
        list.entries.iter().map(|entry| format!("{} {}（{}）", entry.unit, entry.title, entry.note)).collect()
    };
    assert_eq!(
        titles(ListKind::Unreceived),
        [
            "b silent（5月24日送达，已39天）",
            "b unheard（5月24日送达，已39天）",
            "b target（5月24日送达，已39天）"
        ]
    );
    // silent, target and unheard; who asks for an extension says how far the matter is (extended, refused)
    assert_eq!(titles(ListKind::Unreported), ["b p6月月调度（3项未报）（逾期2天）"]);
    assert_eq!(titles(ListKind::InReview), ["a review（6月29日申请办结，已3天）"]);
    assert_eq!(titles(ListKind::DueNextWeek), Vec::<String>::new());
}

#[test]
fn a_leaders_page_shows_red_and_yellow_only() {
    let mut world = june();
    let ledger = ledger(&mut world);
    let page = LeaderPage::of(&ledger, &"a".parse().unwrap(), day("2021-07-02"), &|_, _| false).unwrap();
    let shown: Vec<String> =
        page.items.iter().map(|item| format!("{} {}", item.title, item.status.said())).collect();
    assert_eq!(shown, ["red 超期32天·红"]);
    assert_eq!((page.items[0].why.as_str(), page.open), ("缺资金", 4));
    assert!(LeaderPage::of(&ledger, &"nope".parse().unwrap(), day("2021-07-02"), &|_, _| false).is_none());
}

#[test]
fn a_campaign_over_the_turn_of_the_year_stands_in_the_packs_of_both_and_help_given_in_neither_is_not_counted()
{
    let mut world = World::at("2021-10-08 09:00");
    let tasks = "winter | a | window = { from = 2021-10-01, until = 2022-03-31 } | cooperate = [\"b\"]";
    world.declare(&[plan_of("p", "2021-10-01", "2022-12-31", HEAD, tasks)]);
    world.days_until("2021-10-12");
    let ledger = ledger(&mut world);
    let pack = |unit: &str, year| PackIndex::of(&ledger, &unit.parse().unwrap(), year, Digest::ZERO).unwrap();
    assert_eq!([2020, 2021, 2022, 2023].map(|year| pack("a", year).items.len()), [0, 1, 1, 0]);
    let beside = |year| pack("b", year).not_covered.iter().any(|note| note.contains("参与的1项"));
    assert_eq!([2020, 2021, 2022, 2023].map(beside), [false, true, true, false]);
}

#[test]
fn a_pack_says_what_lacks_material() {
    let mut world = june();
    let pack = PackIndex::of(&ledger(&mut world), &"a".parse().unwrap(), 2021, Digest::ZERO).unwrap();
    let lacks = |title: &str| {
        pack.items.iter().find(|item| item.title == title).map(|item| item.lacks.join("；")).unwrap()
    };
    assert_eq!(pack.items.len(), 7);
    assert_eq!(lacks("good"), "1份材料未填取得日期；无完成标准");
    assert_eq!(lacks("late"), "1份材料取得日期晚于填报完成日期；无完成标准");
    assert_eq!(lacks("review"), "无印证材料；未办结；无完成标准");
    assert_eq!(lacks("paused"), "无印证材料；未办结；无反馈；无完成标准");
    assert_eq!(pack.files().count(), 3);
}
