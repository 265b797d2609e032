//! `duban plan new`: a plan of the office's own, asked for part by part.

use duban::domain::{Answer, Due, PlanOwner, Task};

use crate::new_units::{office, said};
use crate::support::TestDaemon;

const NOW: &str = "2021-05-26T01:30:00Z";

fn task(daemon: &TestDaemon, id: &str) -> Task {
    let ledger = daemon.running().planner().ledger().read();
    let (plan, task) = id.split_once('/').unwrap();
    let plan = ledger.plan(&plan.parse().unwrap()).unwrap();
    assert_eq!(plan.owner, PlanOwner::Office);
    (*plan.tasks[&task.parse().unwrap()].task).clone()
}

fn every(task: &Task) -> String {
    let Due::Every(recurrence) = &task.due else { panic!("{:?}", task.due) };
    let on = recurrence.on.map(|on| format!(" {on}")).unwrap_or_default();
    format!("{}{on}", recurrence.every)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_wrongly_is_asked_again_and_what_is_left_half_way_is_gone_on_with() {
    let daemon = TestDaemon::at(NOW).await;
    let head = || daemon.running().planner().ledger().read().head();
    let before = head();
    let typed = "\n2021年安全生产督办计划\n\n\n开展安全生产大检查\n县住建委\n否\n县住建局、凤城镇\n\n";
    let left = office(&daemon, &["plan", "new", "--ask"], typed);
    let words = said(&left);
    assert_eq!(left.status.code(), Some(1), "{words}");
    for told in [
        "请写标题",
        "计划至少要有一项任务",
        "没有单位“县住建委”，是否指县住建局？",
        "没有添加计划；已填的内容存在新计划草稿.txt",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert_eq!(head(), before);
    assert!(daemon.home.path().join("新计划草稿.txt").exists());

    // Gone on with: the deadline is asked for next.
    let typed = "是\n前几天\n2021年3月底前\n每季度末\n各自\n制定应急预案\n县应急管理局\n是\nyingji@county.example\n县应急管理局\n县公安局\n6月20日前\n\n是\n";
    let done = office(&daemon, &["plan", "new", "--ask"], typed);
    let words = said(&done);
    assert!(done.status.success(), "{words}");
    for told in [
        "（已答5问），接着填吗",
        "“前几天”没有看懂；时限写作",
        "“2021年3月底前”是2021-03-31，已经过了",
        "没有单位“县应急管理局”，现在添加吗",
        "单位“县应急管理局”（yingjiguanliju）已添加",
        "日期：2021-06-30 星期三、2021-09-30 星期四、2021-12-31 星期五",
        "配合：县公安局",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!daemon.home.path().join("新计划草稿.txt").exists());
    let check = task(&daemon, "office-2021/no-1");
    assert_eq!((check.title.as_str(), every(&check).as_str()), ("开展安全生产大检查", "quarter"));
    assert_eq!(check.answer, Answer::Each);
    let plan = task(&daemon, "office-2021/no-2");
    assert_eq!(plan.due, Due::By("2021-06-20".parse().unwrap()));
    assert_eq!(plan.lead, ["yingjiguanliju".parse().unwrap()]);
    assert_eq!(plan.cooperate, ["police".parse().unwrap()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cadence_that_a_clerk_names_is_taken_by_options() {
    let daemon = TestDaemon::at(NOW).await;
    let words = [
        ("每半年", "half-year"),
        ("每季度末", "quarter"),
        ("每月25日前", "month 25"),
        ("每旬", "ten-days"),
        ("每周五", "week fri"),
        ("每个工作日", "workday"),
        ("5-9月每月", "month"),
        ("每年6月底前", "year 06-30"),
    ];
    let tasks: Vec<String> = words.iter().map(|(when, _)| format!("巡查|县水务局|{when}")).collect();
    let mut args = vec!["plan", "new", "--title", "巡查计划"];
    args.extend(tasks.iter().flat_map(|task| ["--task", task.as_str()]));
    let tried = office(&daemon, &args, "");
    assert_eq!(tried.status.code(), Some(1));
    assert!(said(&tried).contains("还没有添加；加`--yes`即添加并开始督办"), "{}", said(&tried));
    let toml = office(&daemon, &[&args[..], &["--dry-run"]].concat(), "");
    let text = said(&toml);
    for line in
        ["due = { every = \"half-year\" }", "due = { every = \"ten-days\" }", "lead_basis = \"office\""]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    let done = office(&daemon, &[&args[..], &["--yes"]].concat(), "");
    assert!(done.status.success(), "{}", said(&done));
    for (number, (when, cadence)) in (1..).zip(words) {
        assert_eq!(every(&task(&daemon, &format!("office-2021/no-{number}"))), cadence, "{when}");
    }
    let odd = office(&daemon, &["plan", "new", "--title", "x", "--task", "巡查|县水务|每旬", "--yes"], "");
    assert!(said(&odd).contains("没有单位“县水务”，是否指县水务局？"), "{}", said(&odd));
}
