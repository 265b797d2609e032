//! What a unit was told and is no longer so is told it (时限调整): once, with its next letter. What nobody was told
//! yet is never lost by a change.

use duban::daemon::rehearsal::Ending;
use duban::domain::command::{Command, Target};
use duban::domain::{Draft, ItemAnswer, LetterProgress, Release, SkipReason, State};
use duban::planner::Input;
use duban::report::preview;

use crate::letters::shown;
use crate::planner_world::{World, at, declared, letter, plan, plan_of};

/// The letter to a unit on a day, as it is read.
fn read(world: &World, day: &str, unit: &str) -> String {
    let is_it = |draft: &&Draft| draft.day.to_string() == day && draft.to.to_string() == unit;
    shown(world.written.iter().rfind(is_it).unwrap_or_else(|| panic!("no letter to {unit} on {day}")))
}

fn line<'t>(text: &'t str, with: &str) -> &'t str {
    text.lines().find(|line| line.contains(with)).unwrap_or_else(|| panic!("{with} is not in\n{text}"))
}

#[test]
fn what_nobody_was_told_yet_is_told_the_next_morning_with_the_new_date() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-08-31");
    let own = |by: &str| {
        let task = format!("y | a | by = {by} | reason = \"会议纪要\"");
        [plan("x | a | by = 2021-08-31"), plan_of("q", "2021-05-24", "2021-12-31", "", &task)]
    };
    // Its unit has had the day's letter: the adoption waits for the morning.
    world.set("2021-05-24 14:00");
    world.declare(&own("2021-12-31"));
    world.set("2021-05-24 16:00");
    assert!(world.declare(&own("2021-11-30")).is_empty());
    assert_eq!(world.letters(), ["2021-05-24 a: x/once adopted"]);
    world.days_until("2021-05-25");
    assert_eq!(world.letters_on("2021-05-25"), ["a: y/once adopted"]);
    let text = read(&world, "2021-05-25", "a");
    assert_eq!(line(&text, "1. y"), "1. y（q第1条：11月底前）", "{text}");
    assert_eq!(world.ending("q/y/once/a#2:adopted"), Some(Ending::Letter));
    assert_eq!(world.ending("q/y/once/a#1:due"), Some(Ending::Skipped(SkipReason::Rescheduled)));
    world.check();
}

#[test]
fn a_moved_date_is_told_on_the_next_sending_day_with_the_old_one_and_why() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-03");
    // A Friday after the sending hour: the next sending day is Monday.
    world.set("2021-06-04 15:00");
    world.declare(&[plan(
        "x | a | by = 2021-07-16 | reason = \"汛情影响施工\"; ground = \"阳政办函〔2021〕9号\"",
    )]);
    world.days_until("2021-06-06");
    assert_eq!(world.letters_on("2021-06-04"), Vec::<String>::new());
    world.days_until("2021-06-07");
    assert_eq!(world.letters_on("2021-06-07"), ["a: x/once changed:1"]);
    let text = read(&world, "2021-06-07", "a");
    assert_eq!(text.lines().nth(1), Some("1项时限调整：x改为7月16日前〔时限调整〕"), "{text}");
    assert_eq!(
        line(&text, "1. x"),
        "1. x（p第1条）。原定6月30日，现定7月16日（星期五）；依据：阳政办函〔2021〕9号；原因：汛情影响施工"
    );
    assert!(text.contains("p中，你单位牵头的下列1项任务时限有调整："), "{text}");
    assert!(text.contains("以本次告知为准，此前提醒作废。有异议的，请于3日内注明。"), "{text}");
    assert_eq!(world.ending("p/x/once/a#1:changed:1"), Some(Ending::Letter));
    world.days_until("2021-07-16");
    assert_eq!(
        world.letters()[3..],
        [
            "2021-06-16 a: x/once lead-30d",
            "2021-07-09 a: x/once lead-7d",
            "2021-07-15 a: x/once lead-1d",
            "2021-07-16 a: x/once due"
        ]
    );
    world.check();
}

#[test]
fn a_date_that_moves_again_is_told_with_the_original_one_and_the_last() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    for (on, by, told) in [
        ("2021-06-01", "2021-07-16", "原定6月30日，现定7月16日（星期五）"),
        ("2021-06-08", "2021-08-20", "原定6月30日，此前定为7月16日，现定8月20日（星期五）"),
        ("2021-06-15", "2021-06-30", "原定6月30日，此前定为8月20日，现定6月30日（星期三）"),
    ] {
        world.set(&format!("{on} 15:00"));
        world.declare(&[plan(&format!("x | a | by = {by} | reason = \"汛情影响施工\""))]);
        let next = on.parse::<chrono::NaiveDate>().unwrap().succ_opt().unwrap().to_string();
        world.days_until(&next);
        let text = read(&world, &next, "a");
        assert_eq!(line(&text, "1. x"), format!("1. x（p第1条）。{told}；原因：汛情影响施工"));
    }
    world.check();
}

#[test]
fn what_was_claimed_or_paused_before_its_unit_was_told_is_asked_nowhere_in_the_letter_that_tells_it() {
    let tasks = |lead: &str| {
        let of = |task: &str, by: &str| format!("{task} | {lead} | by = {by}");
        plan(&[of("x", "2021-05-31"), of("y", "2021-06-15"), of("z", "2021-06-18")].join("\n"))
    };
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[tasks("a")]);
    world.days_until("2021-06-03");
    world.set("2021-06-04 08:00");
    world.declare(&[tasks("b")]);
    let done = ItemAnswer::Done { done_on: "2021-06-03".parse().unwrap(), text: "已办".to_owned() };
    world.answer("b", &[("x/once", done)]);
    let y = Target { task: "p/y".parse().unwrap(), period: None, unit: None };
    world.done(Command::Pause { target: y, reason: "等待标准".to_owned() });
    world.days_until("2021-06-04");
    let told = world.letters_on("2021-06-04").into_iter().find(|letter| letter.contains("adopted")).unwrap();
    assert_eq!(told, "b: z/once adopted");
    let text = read(&world, "2021-06-04", "b");
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('【')).collect();
    assert_eq!(headings, ["【6月18日（星期五）到期1项，还有14天】", "【其余2项】"], "{text}");
    assert!(text.contains("列现须由你单位反馈的1项"), "{text}");
    assert_eq!(world.ending("p/x/once/b#1:adopted"), Some(Ending::Skipped(SkipReason::Claimed)));
    assert_eq!(world.ending("p/y/once/b#1:adopted"), Some(Ending::Skipped(SkipReason::Paused)));
    world.check();
}

#[test]
fn a_change_of_what_waits_for_review_is_told_and_nothing_of_it_is_called_overdue() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-05-31");
    world.days_until("2021-06-03");
    world.set("2021-06-03 15:00");
    let done = ItemAnswer::Done { done_on: "2021-06-03".parse().unwrap(), text: "已办".to_owned() };
    world.answer("a", &[("x/once", done)]);
    world.declare(&[plan("x | a | by = 2021-05-31 | standard = \"通过验收\"")]);
    world.days_until("2021-06-04");
    assert_eq!(
        world.letters_on("2021-06-04"),
        ["a: x/once changed:1", "office: a: x/once review:2021-06-04"]
    );
    let text = read(&world, "2021-06-04", "a");
    assert_eq!(line(&text, "1. x"), "1. x（p第1条）。完成标准改为：通过验收", "{text}");
    assert!(!text.contains("超期"), "{text}");
    world.check();
}

#[test]
fn a_date_that_was_moved_and_then_granted_is_told_with_the_paper_of_each() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.days_until("2021-06-03");
    world.set("2021-06-03 15:00");
    world.declare(&[plan("x | a | by = 2021-07-16 | reason = \"汛情\"; ground = \"会议纪要\"")]);
    world.done(Command::GrantExtension {
        target: Target { task: "p/x".parse().unwrap(), period: None, unit: None },
        new_deadline: Some("2021-07-30".parse().unwrap()),
        approver: "县政府分管领导".to_owned(),
        document_number: "会议纪要12".to_owned(),
    });
    world.days_until("2021-06-04");
    let text = read(&world, "2021-06-04", "a");
    assert_eq!(
        line(&text, "1. x"),
        "1. x（p第1条）。原定6月30日，调整为7月16日，又经批准延至7月30日（星期五）（会议纪要12）；依据：会议纪要；原因：汛情",
        "{text}"
    );
    world.check();
}

#[test]
fn a_change_goes_in_the_one_letter_of_its_day() {
    let tasks = |by: &str| format!("x | a | by = {by} | reason = \"调整\"\ny | a | by = 2021-06-30");
    let mut world = World::with("2021-05-24 09:00", &tasks("2021-08-31"));
    world.days_until("2021-06-21");
    world.set("2021-06-22 10:00");
    world.declare(&[plan(&tasks("2021-09-30"))]);
    world.days_until("2021-06-23");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once changed:1, y/once lead-7d"]);
    let text = read(&world, "2021-06-23", "a");
    assert!(
        text.contains("【时限调整1项】") && text.contains("【6月30日（星期三）到期1项，还有7天】"),
        "{text}"
    );
    world.check();
}

/// From 30 September to 30 June: the reminder 7 days before is that of the very day on which the change is told.
#[test]
fn a_matter_whose_new_date_is_near_stands_once_and_its_reminder_is_merged() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-09-30");
    world.set("2021-06-22 10:00");
    world.declare(&[plan("x | a | by = 2021-06-30 | reason = \"提前\"")]);
    world.days_until("2021-06-23");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once changed:1, (x/once lead-7d)"]);
    assert_eq!(world.ending("p/x/once/a#2:lead-7d"), Some(Ending::Merged));
    world.check();
}

#[test]
fn changes_of_one_day_are_one_telling_and_what_was_put_back_is_none() {
    let by = |x: &str, y: &str| {
        [plan(&format!("x | a | by = {x} | reason = \"调整\"\ny | a | by = {y} | reason = \"调整\""))]
    };
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&by("2021-09-30", "2021-10-31"));
    world.set("2021-05-25 10:00");
    world.declare(&by("2021-10-15", "2021-11-30"));
    world.set("2021-05-25 11:00");
    world.declare(&by("2021-10-29", "2021-10-31"));
    world.days_until("2021-05-26");
    assert_eq!(world.letters_on("2021-05-26"), ["a: x/once changed:2, (x/once changed:1)"]);
    let text = read(&world, "2021-05-26", "a");
    assert!(line(&text, "1. x").contains("原定9月30日，现定10月29日（星期五）"), "{text}");
    let put_back = world.ending("p/y/once/a#2:changed:2");
    assert_eq!(put_back, Some(Ending::Skipped(SkipReason::Undone)));
    world.check();
}

#[test]
fn who_leads_no_more_is_told_so_and_by_whom_it_is_followed() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-05-25 10:00");
    world.declare(&[plan("x | b | by = 2021-06-30")]);
    assert_eq!(world.letters_on("2021-05-25"), ["b: x/once adopted"]);
    world.days_until("2021-05-26");
    assert_eq!(world.letters_on("2021-05-26"), ["a: x/once changed:1"]);
    let text = read(&world, "2021-05-26", "a");
    assert_eq!(text.lines().nth(1), Some("1项牵头调整：x〔牵头调整〕"), "{text}");
    assert_eq!(line(&text, "1. x"), "1. x（p第1条）。改由b牵头，你单位不再牵头");
    assert!(!text.contains("反馈表"), "nothing is asked of it any more: {text}");
    world.check();
}

#[test]
fn who_leads_on_beside_another_is_told_who_answers() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    world.set("2021-05-25 10:00");
    world.declare(&[plan("x | b, a | by = 2021-06-30")]);
    world.days_until("2021-05-26");
    let text = read(&world, "2021-05-26", "a");
    assert_eq!(line(&text, "1. x"), "1. x（p第1条）。牵头单位由a改为b、a；由b统一反馈");
    world.check();
}

#[test]
fn a_withdrawal_and_the_end_of_a_plan_are_told_with_the_offices_reason() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30\ny | b | by = 2021-06-30");
    world.set("2021-05-25 10:00");
    world.declare(&[plan("x | a | by = 2021-06-30")]);
    world.days_until("2021-05-26");
    assert_eq!(world.letters_on("2021-05-26"), ["b: y/once changed:1"]);
    assert_eq!(line(&read(&world, "2021-05-26", "b"), "1. y"), "1. y（p第1条）。不再督办");
    world.set("2021-05-26 10:00");
    world.done(Command::ClosePlan { plan: "p".parse().unwrap(), reason: "并入新计划".to_owned() });
    world.days_until("2021-07-05");
    let letters = world.letters();
    assert_eq!(letters.last().unwrap(), "2021-05-27 a: x/once changed:1");
    let text = read(&world, "2021-05-27", "a");
    assert_eq!(text.lines().nth(1), Some("1项不再督办：x〔不再督办〕"), "{text}");
    assert_eq!(line(&text, "1. x"), "1. x（p第1条）。p已结束督办；原因：并入新计划");
    world.check();
}

#[test]
fn other_words_and_another_rhythm_are_told_as_they_were_and_are() {
    let before = "x | a | by = 2021-08-31\nm | b | every = \"quarter\"";
    let mut world = World::with("2021-05-24 09:00", before);
    world.set("2021-05-25 10:00");
    let changed = plan("x | a | by = 2021-08-31\nm | b | every = \"month\"").replace(
        "title = \"x\"\ntext = \"x\"",
        "title = \"x\"\ntext = \"x，每周巡查\"\nstandard = \"无反弹\"",
    );
    assert!(world.declare(&[changed]).is_empty());
    world.days_until("2021-05-26");
    let text = read(&world, "2021-05-26", "a");
    assert_eq!(line(&text, "1. x"), "1. x（p第1条）。原文“x”，现为“x，每周巡查”；完成标准改为：无反弹");
    assert_eq!(text.lines().nth(1), Some("1项内容调整：x〔内容调整〕"), "{text}");
    let text = read(&world, "2021-05-26", "b");
    assert!(line(&text, "1. ").contains("时限原为每季度，按季末计，现为每月，按月末计"), "{text}");
    world.check();
}

/// The month that another rhythm opens began before the task was taken in, and its unit waits for no adoption letter.
#[test]
fn what_another_rhythm_opens_is_told_by_its_own_stages() {
    let mut world = World::with("2021-05-24 09:00", "m | a | every = \"day\", until = 2021-05-28");
    world.days_until("2021-05-28");
    world.set("2021-05-31 08:00");
    assert!(world.declare(&[plan("m | a | every = \"month\", until = 2021-05-31")]).is_empty());
    world.days_until("2021-06-01");
    assert_eq!(world.ending("p/m/2021-05/a#1:due"), Some(Ending::Letter));
    assert_eq!(world.assignment("m/2021-05", "a").state, State::Notified);
    world.check();
}

#[test]
fn nobody_is_told_of_changes_while_a_plan_is_set_up_or_of_what_is_only_cited_otherwise() {
    let quiet = |by: &str| {
        let task = format!("x | a | by = {by} | reason = \"调整\"");
        [plan_of("p", "2021-05-24", "2021-12-31", "quiet = true", &task)]
    };
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&quiet("2021-08-31"));
    world.set("2021-05-25 10:00");
    world.declare(&quiet("2021-09-30"));
    world.days_until("2021-05-28");
    assert_eq!(world.letters(), Vec::<String>::new());
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-08-31");
    world.set("2021-05-25 10:00");
    world.declare(&[plan("x | a | by = 2021-08-31").replace("doc:1", "doc:2")]);
    world.days_until("2021-05-28");
    assert_eq!(world.letters(), ["2021-05-24 a: x/once adopted"]);
}

#[test]
fn a_change_that_nobody_released_is_put_before_them_again() {
    let files = |by: &str| {
        let tasks = format!("x | a | by = {by} | reason = \"调整\"");
        let mut declared = declared(&["a", "b", "inspection"], &[plan(&tasks)]);
        declared.office.release = Release::EachMorning { until: "17:00:00".parse().unwrap() };
        Input::Declared(Box::new(declared))
    };
    let mut world = World::at("2021-05-24 09:00");
    world.give(files("2021-08-31"));
    world.done(Command::Release { letter: letter("2021-0524-01") });
    world.set("2021-05-25 10:00");
    world.give(files("2021-09-30"));
    world.days_until("2021-05-26");
    assert_eq!(world.letters_on("2021-05-26"), ["a: x/once changed:1"]);
    world.wake("2021-05-26 17:00");
    let progress = |world: &mut World, id: &str| {
        let ledger = world.planner().ledger();
        let ledger = ledger.read();
        ledger.letter(letter(id)).unwrap().progress.clone()
    };
    assert_eq!(progress(&mut world, "2021-0526-01"), LetterProgress::Unreleased);
    world.days_until("2021-05-27");
    assert_eq!(world.letters_on("2021-05-27"), ["a: +x/once changed:1"]);
    let text = read(&world, "2021-05-27", "a");
    assert!(line(&text, "1. x").contains("原定8月31日，现定9月30日（星期四）"), "{text}");
    world.check();
}

#[test]
fn what_is_previewed_of_a_change_is_what_happens_and_a_crash_between_loses_nothing() {
    let mut world = World::with("2021-05-24 09:00", "x | a, b | by = 2021-06-30\ny | a | by = 2021-06-30");
    world.days_until("2021-06-03");
    world.set("2021-06-04 15:00");
    world.declare(&[plan("x | b | by = 2021-07-16 | reason = \"调整\"\ny | a | by = 2021-06-30")]);
    let foretold: Vec<String> = {
        let ledger = world.planner().ledger();
        let drafts = preview::future(
            ledger.read().clone(),
            at("2021-06-04 15:00"),
            "2021-06-04".parse().unwrap(),
            "2021-07-20".parse().unwrap(),
        );
        drafts.map(|draft| format!("{} {}", draft.day, crate::planner_world::shown(&draft))).collect()
    };
    let before = world.letters().len();
    world.crash();
    world.days_until("2021-07-20");
    assert_eq!(world.letters().split_off(before), foretold);
    assert_eq!(foretold[0], "2021-06-07 a: x/once changed:1");
    assert_eq!(foretold[1], "2021-06-07 b: x/once changed:1");
    world.check();
}

#[test]
fn a_matter_of_another_class_tells_its_unit_the_new_date() {
    use duban::domain::command::{NewMatter, Target};
    use duban::domain::matter::{Matter, MatterClass, MatterDays};
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-12-31");
    world.set("2021-06-01 10:00");
    let matter = Matter {
        source: "县长批示".to_owned(),
        platform_number: None,
        class: MatterClass::Ordinary,
        assigned_on: "2021-06-01".parse().unwrap(),
        days: MatterDays::Calendar,
    };
    let new = NewMatter {
        id: Some("well".parse().unwrap()),
        title: "村口井盖".to_owned(),
        text: None,
        matter,
        lead: vec!["a".parse().unwrap()],
        cooperate: vec![],
        until: None,
        standard: None,
    };
    world.done(Command::AssignMatter { matter: Box::new(new) });
    world.set("2021-06-02 10:00");
    world.done(Command::Reclassify {
        target: Target { task: "matters/well".parse().unwrap(), period: None, unit: None },
        class: MatterClass::Complex,
        until: None,
        approver: "县政府分管领导".to_owned(),
        reason: "须协调两县".to_owned(),
    });
    world.days_until("2021-06-03");
    assert_eq!(world.letters_on("2021-06-03"), ["a: well/once changed:1"]);
    let text = read(&world, "2021-06-03", "a");
    assert!(
        line(&text, "1. 村口")
            .contains("原定6月8日，现定7月1日（星期四）；依据：县政府分管领导；原因：须协调两县"),
        "{text}"
    );
    world.check();
}
