//! About a dozen letters as an office would send them in 2021.

use std::sync::Arc;

use super::told::{on_a_monday, only_cooperates, told};
use crate::calendar::{Cadence, Recurrence};
use crate::domain::{
    Act, Answer, Body, Coming, Days, Draft, Due, DueBasis, Item, LeaderMatter, LeaderPage, PlanHead,
    Recipient, Role, Stage, Task,
};
use crate::letter::fixtures::*;

pub(super) fn dry_cleaning() -> Task {
    cited("dry-cleaning", "干洗店挥发性有机物治理", Due::By(date("2021-06-30")), &["air:21", "air-list:33"])
}

pub(super) fn fine_management() -> Task {
    cited(
        "fine-management",
        "完善县城建成区精细化管理实施方案",
        Due::By(date("2021-06-30")),
        &["air:18", "air-list:24"],
    )
}

pub(super) fn machinery() -> Task {
    let due = Due::Every(Recurrence { until: Some(date("2021-12-31")), ..Recurrence::of(Cadence::Quarter) });
    cited("machinery-check", "非道路移动机械专项检查", due, &["air:17", "air-list:23"])
}

pub(super) fn summer() -> Task {
    let due = Due::Window(Days { from: date("2021-05-01"), until: date("2021-09-30") });
    cited("summer-inspection", "夏季督查行动", due, &["air:24", "air-list:39"])
}

pub(super) fn response() -> Task {
    cited("emergency-response", "重污染天气应急管控机制", Due::Ongoing, &["air:19", "air-list:31"])
}

pub(super) fn sections() -> Task {
    cited("section-plans", "考核断面“一断面一方案”", Due::By(date("2021-05-31")), &["water:5.3"])
}

pub(super) fn with(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn led(plan: &PlanHead, task: &Task, period: &str, stage: Stage, cooperates: &[&str]) -> Item {
    Item { cooperates: with(cooperates), ..item(plan, task, period, stage) }
}

/// The letter of documents.md.
fn before() -> Draft {
    let stage = Stage::lead(7);
    let check = led(&air(), &machinery(), "2021Q2", stage, &["县住建局", "县交通运输局"]);
    let fine = ["县住建局", "县自然资源局", "县交通运输局", "县公安局", "各乡(镇)"];
    draft(
        "2021-06-23",
        vec![
            led(&air(), &dry_cleaning(), "once", stage, &[]),
            led(&air(), &fine_management(), "once", stage, &fine),
            Item { deadline: Some(date("2021-06-30")), opens: date("2021-04-01"), ..check },
        ],
    )
}

/// A deadline on a Sunday, several leads, and one date that can't be moved.
fn day_off() -> Draft {
    let sewers = Task {
        lead: vec!["housing".parse().unwrap(), "eco-env".parse().unwrap()],
        ..cited("sewers", "消除管网空白区和雨污分流改造", Due::By(date("2021-10-31")), &["water:2.2"])
    };
    let plant = Task {
        fixed: true,
        ..cited("plant-upgrade", "污水处理厂保温提效改造", Due::By(date("2021-10-31")), &["water:2.3"])
    };
    let advised = Some(date("2021-10-29"));
    let lead = Stage::lead(30);
    let shared = Item {
        advised,
        leads: with(&["县住建局", "市生态环境局阳城分局"]),
        ..led(&water(), &sewers, "once", lead, &[])
    };
    let fixed = Item {
        advised,
        ..led(&water(), &plant, "once", lead, &["北留镇人民政府", "润城镇人民政府"])
    };
    draft("2021-10-01", vec![shared, fixed])
}

fn on_the_day() -> Draft {
    let mut draft = before();
    for item in &mut draft.items {
        item.key.stage = Stage::Due;
    }
    draft.items.truncate(1);
    draft.letter.day = date("2021-06-30");
    Draft { day: date("2021-06-30"), dated: draft.dated + chrono::TimeDelta::days(7), ..draft }
}

fn overdue_round() -> Draft {
    let stage = Stage::Overdue(date("2021-07-12"));
    let moved = Item {
        original_deadline: Some(date("2021-05-31")),
        deadline: Some(date("2021-07-08")),
        ..led(&water(), &sections(), "once", stage, &["县水务局"])
    };
    draft("2021-07-12", vec![led(&air(), &dry_cleaning(), "once", stage, &[]), moved])
}

fn matters() -> Vec<Coming> {
    vec![
        coming(&air(), &dry_cleaning(), "once", Some("2021-06-30")),
        coming(&air(), &fine_management(), "once", Some("2021-06-30")),
        coming(&air(), &summer(), "once", Some("2021-09-30")),
        coming(&air(), &response(), "once", None),
    ]
}

fn monthly() -> Draft {
    let asked = collection(&air(), "2021-06", "2021-06-30", matters());
    Draft { cooperating: 8, ..draft("2021-06-25", vec![asked]) }
}

/// The round of the 25th, a fortnight late, and a stage that is not.
fn late_collection() -> Draft {
    let asked = Item {
        late_since: Some(date("2021-06-25")),
        ..collection(
            &air(),
            "2021-06",
            "2021-06-30",
            vec![coming(&air(), &dry_cleaning(), "once", Some("2021-06-30"))],
        )
    };
    draft(
        "2021-07-05",
        vec![led(&air(), &dry_cleaning(), "once", Stage::Overdue(date("2021-07-05")), &[]), asked],
    )
}

/// The mail server was down for a day: yesterday's letter never left and its points go along.
fn carried() -> Draft {
    let stage = Stage::lead(7);
    let held_up =
        |task: &Task| Item { late_since: Some(date("2021-06-23")), ..led(&air(), task, "once", stage, &[]) };
    let mut letter = draft(
        "2021-06-24",
        vec![led(&water(), &sections(), "once", Stage::Overdue(date("2021-06-21")), &[])],
    );
    letter.carried = vec![held_up(&dry_cleaning()), held_up(&fine_management()), held_up(&dry_cleaning())];
    letter.supersedes = vec!["2021-0623-07".parse().unwrap()];
    letter
}

/// The day stage of a Sunday, sent on the Friday before.
fn due_on_a_day_off() -> Draft {
    let mut letter = day_off();
    letter.items.truncate(1);
    for item in &mut letter.items {
        item.key.stage = Stage::Due;
        item.unit = "housing".parse().unwrap();
    }
    letter.letter.day = date("2021-10-29");
    Draft {
        day: date("2021-10-29"),
        dated: letter.dated + chrono::TimeDelta::days(28),
        addressee: "县住建局".into(),
        ..letter
    }
}

/// Everything at once: a round, the day, a lead stage, a new quarter, a time to avoid, the collection.
fn mixed() -> Draft {
    let late_response = cited(
        "response-list",
        "修订重污染天气减排清单",
        Due::By(date("2021-07-29")),
        &["air:19", "air-list:30"],
    );
    let avoid = Due::Avoid(Days { from: date("2021-07-01"), until: date("2021-09-30") });
    let avoid = cited("avoid-ozone", "重点企业停工检修避开臭氧高发期", avoid, &["air:23", "air-list:37"]);
    let next = Item {
        opens: date("2021-07-01"),
        deadline: Some(date("2021-09-30")),
        ..led(&air(), &machinery(), "2021Q3", Stage::Notice, &["县住建局"])
    };
    let warned = Item {
        opens: date("2021-07-01"),
        ends: Some(date("2021-09-30")),
        deadline: None,
        ..led(&air(), &avoid, "once", Stage::Avoid, &[])
    };
    let mut items = vec![
        led(
            &water(),
            &sections(),
            "once",
            Stage::Overdue(date("2021-06-28")),
            &["县水务局", "各乡(镇)人民政府"],
        ),
        led(&air(), &dry_cleaning(), "once", Stage::lead(1), &[]),
        led(&air(), &late_response, "once", Stage::lead(30), &[]),
        next,
        warned,
        collection(&air(), "2021-06", "2021-06-30", matters()),
    ];
    items.rotate_left(2);
    let mut draft = draft("2021-06-29", items);
    draft.cooperating = 8;
    draft.coming = vec![
        coming(&air(), &summer(), "once", Some("2021-09-30")),
        coming(&water(), &sections(), "once", Some("2021-08-31")),
    ];
    draft
}

/// The first working day after a power cut of a fortnight: the day itself was missed.
fn after_an_outage() -> Draft {
    let stage = Stage::Due;
    let late =
        |task: &Task| Item { late_since: Some(date("2021-06-30")), ..led(&air(), task, "once", stage, &[]) };
    draft("2021-07-02", vec![late(&dry_cleaning()), late(&fine_management())])
}

fn supervision() -> Draft {
    let supervised = |plan: &PlanHead, task: &Task, unit: &str, unit_name: &str| Item {
        role: Role::Supervision,
        unit: unit.parse().unwrap(),
        unit_name: unit_name.into(),
        ..led(plan, task, "once", Stage::EscalateSupervision, &["县住建局"])
    };
    Draft {
        to: Recipient::Unit("inspection-office".parse().unwrap()),
        addressee: "县委县政府督察室".into(),
        ..draft(
            "2021-07-15",
            vec![
                supervised(&air(), &dry_cleaning(), "eco-env", "市生态环境局阳城分局"),
                supervised(&water(), &sections(), "water", "县水务局"),
            ],
        )
    }
}

fn township() -> Draft {
    let wetland = Task {
        answer: Answer::Each,
        lead: vec!["baisang".parse().unwrap()],
        ..cited(
            "yearly-report",
            "土壤污染防治年度任务完成情况报送",
            Due::By(date("2022-01-10")),
            &["soil:safeguard-2"],
        )
    };
    let report = Item {
        leads: with(&["各乡(镇)人民政府"]),
        ..led(&soil(), &wetland, "once", Stage::lead(7), &[])
    };
    Draft { addressee: "白桑镇人民政府".into(), cooperating: 31, ..draft("2022-01-03", vec![report]) }
}

fn winter() -> Draft {
    let campaign = Task {
        due_basis: DueBasis::Assumed,
        ..cited(
            "winter-campaign",
            "秋冬季大气污染综合治理攻坚",
            Due::Window(Days { from: date("2021-10-01"), until: date("2022-03-31") }),
            &["air:26", "air-list:41"],
        )
    };
    let notice = Item {
        opens: date("2021-10-01"),
        ..led(&air(), &campaign, "2021-2022", Stage::Notice, &["县直各相关部门"])
    };
    draft("2021-09-30", vec![notice])
}

fn leader() -> Draft {
    let mut letter = overdue_round();
    for item in &mut letter.items {
        item.role = Role::Leader;
        item.key.stage = Stage::EscalateLeader;
    }
    Draft { body: Body::Escalation, to: Recipient::LeaderOf("eco-env".parse().unwrap()), ..letter }
}

fn page() -> Draft {
    let matter = |status: &str, title: &str, due: &str, told: &[&str]| LeaderMatter {
        status: status.into(),
        title: title.into(),
        unit: "生态环境分局".into(),
        due: due.into(),
        told: told.iter().map(|&words| words.into()).collect(),
    };
    let page = LeaderPage {
        red: 1,
        yellow: 1,
        summary: "生态环境分局在办25项：红灯1项，黄灯1项，其余23项正常。".into(),
        matters: vec![
            matter(
                "●超期42天·红",
                "干洗店挥发性有机物治理",
                "空气质量计划第21条、清单33，时限6月30日",
                &["原因：2家设备未到货\n厂家停产", "下步：7月底前安装", "新时间：7月31日"],
            ),
            matter(
                "▲临期·黄",
                "重污染天气应急管控机制",
                "空气质量计划第19条，时限8月15日",
                &["情况：原因、下步和新时间，单位均未报"],
            ),
        ],
    };
    let to = Recipient::LeaderOf("eco-env".parse().unwrap());
    Draft { body: Body::Page(Arc::new(page)), to, ..draft("2021-08-11", vec![]) }
}

fn returned() -> Draft {
    let again = Item {
        original_deadline: Some(date("2021-06-30")),
        deadline: Some(date("2021-07-17")),
        advised: Some(date("2021-07-16")),
        ..led(&air(), &dry_cleaning(), "once", Stage::Returned(1), &[])
    };
    Draft {
        body: Body::Returned { reason: Some("缺少3家干洗店的\r\n验收记录".into()), claimed: true },
        ..draft("2021-07-05", vec![again])
    }
}

fn chased() -> Draft {
    let late = |task: &Task, number| led(&air(), task, "once", Stage::Act(Act::Chased, number), &[]);
    Draft {
        body: Body::Act(Some("县长办公会7月9日再次点名".into())),
        ..draft("2021-07-12", vec![late(&dry_cleaning(), 1), late(&fine_management(), 2)])
    }
}

/// Every kind of letter, by name.
pub fn gallery() -> Vec<(&'static str, Draft)> {
    let mut all = vec![
        ("adoption", told()),
        ("adoption_only_cooperates", only_cooperates()),
        ("adoption_on_a_monday", on_a_monday()),
        ("before", before()),
        ("day_off", day_off()),
        ("on_the_day", on_the_day()),
        ("overdue_round", overdue_round()),
        ("collection", monthly()),
        ("late_collection", late_collection()),
        ("due_on_a_day_off", due_on_a_day_off()),
        ("carried", carried()),
        ("mixed", mixed()),
        ("after_an_outage", after_an_outage()),
        ("supervision", supervision()),
        ("township", township()),
        ("winter", winter()),
        ("leader", leader()),
        ("page", page()),
        ("returned", returned()),
        ("chased", chased()),
    ];
    all.extend(super::matters::all());
    all
}
