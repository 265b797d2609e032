//! Adoption letters, and their sheet.

use std::sync::Arc;

use super::gallery::{dry_cleaning, machinery, response, sections, summer, with};
use crate::domain::{
    AdoptionTold, Coming, Conflict, ConflictAbout, Draft, Due, Item, LeadBasis, PlanHead, Role, Said,
    SheetRow, Stage, Task,
};
use crate::letter::fixtures::*;

fn rows() -> Vec<SheetRow> {
    let quote =
        "完成全县干洗店调查摸底统计,6月底前完成干洗店挥发性有机物治理。\n\n完成干洗店挥发性有机物治理。";
    let cleaning = Task { text: quote.into(), ..dry_cleaning() };
    let survey = Task {
        text: "2021年5月底前，完成工业余热供热情况的摸底调查".into(),
        conflicts: vec![Conflict {
            about: ConflictAbout::Deadline,
            says: vec![
                Said { cite: "air:8".parse().unwrap(), text: "2021年5月底前".into() },
                Said { cite: "air-list:9".parse().unwrap(), text: "3月份".into() },
            ],
            used: "air:8".parse().unwrap(),
            why: "清单印发时3月已过".into(),
        }],
        ..cited("heat-survey", "工业余热供热摸底调查", Due::By(date("2021-05-31")), &["air:8", "air-list:9"])
    };
    let flood = Task {
        lead_basis: LeadBasis::Assumed,
        text: "按照分散与集中相结合的原则,因地制宜、科学确定农村生活污水治理模式,优先治理水源地保护区、黑臭水体集中区域、\n\n乡(镇)政府所在地、中心村、城乡结合部、旅游风景区、重点河流沿岸等7类村庄的生活污水。健全农村污水处理设施运行管护机制,强化设施监管,已建成设施正常运行率要达80%以上。抓好汛前沟渠、池塘等黑臭水体清理工作,及时清空积存黑臭水体。".into(),
        ..cited("flood", "汛前黑臭水体清理", Due::Awaiting("汛前：文件未定日期，待本地明确".into()), &["water:2.7"])
    };
    vec![
        sheet_row(&air(), &cleaning, Some("2021-06-30")),
        sheet_row(&air(), &machinery(), Some("2021-06-30")),
        sheet_row(&air(), &survey, Some("2021-05-31")),
        sheet_row(&air(), &response(), None),
        sheet_row(&water(), &flood, None),
        SheetRow {
            role: Role::Cooperating,
            leads: with(&["县能源局"]),
            answers: false,
            ..sheet_row(&air(), &summer(), Some("2021-09-30"))
        },
    ]
}

pub fn told() -> Draft {
    let due = |plan: &PlanHead, task: &Task, period: &str, deadline: &str| {
        coming(plan, task, period, Some(deadline))
    };
    let late = Task {
        ..cited(
            "clean-audit",
            "2020年度清洁生产审核评估",
            Due::By(date("2021-05-31")),
            &["air:4", "air-list:4"],
        )
    };
    let past = cited("spring", "春季排查", Due::By(date("2021-04-30")), &["air:12"]);
    let joint = Task { lead: vec!["water".parse().unwrap(), "eco-env".parse().unwrap()], ..sections() };
    let shared = Coming {
        leads: with(&["县水务局", "市生态环境局阳城分局"]),
        cooperates: with(&["各乡(镇)人民政府"]),
        ..due(&water(), &joint, "once", "2021-05-31")
    };
    let open = |plan: &PlanHead, task: &Task, period: &str, deadline: Option<&str>| Item {
        deadline: deadline.map(date),
        ..item(plan, task, period, Stage::Adopted)
    };
    let items = vec![
        open(&air(), &past, "once", Some("2021-04-30")),
        open(&air(), &late, "once", Some("2021-05-31")),
        open(&water(), &joint, "once", Some("2021-05-31")),
        open(&air(), &machinery(), "2021Q2", Some("2021-06-30")),
        open(&air(), &dry_cleaning(), "once", Some("2021-06-30")),
        open(&air(), &summer(), "once", Some("2021-09-30")),
        open(&air(), &response(), "once", None),
    ];
    let told = adoption(
        "2021-05-24",
        AdoptionTold {
            plans: vec![Arc::new(air()), Arc::new(water()), Arc::new(soil())],
            led: 23,
            cooperating: 8,
            horizon_days: 40,
            overdue: vec![due(&air(), &past, "once", "2021-04-30")],
            soon: vec![
                due(&air(), &machinery(), "2021Q2", "2021-06-30"),
                due(&air(), &late, "once", "2021-05-31"),
                shared,
                due(&air(), &dry_cleaning(), "once", "2021-06-30"),
            ],
            cooperating_in: vec![],
            sheet: rows(),
            collection_reply_by: Some(date("2021-05-31")),
            collection_advised: None,
        },
    );
    Draft { items, ..told }
}

/// A later adoption on the day of a weekly round: both are told, and a month's round that ends on a Sunday.
pub fn on_a_monday() -> Draft {
    let told = AdoptionTold {
        plans: vec![Arc::new(annual())],
        led: 1,
        cooperating: 0,
        horizon_days: 40,
        overdue: vec![],
        soon: vec![],
        cooperating_in: vec![],
        sheet: rows().split_off(4),
        collection_reply_by: Some(date("2022-01-02")),
        collection_advised: Some(date("2021-12-31")),
    };
    let stage = Stage::Overdue(date("2021-12-27"));
    let check = item(&annual(), &machinery(), "2022Q1", Stage::Adopted);
    let items =
        vec![item(&air(), &dry_cleaning(), "once", stage), item(&water(), &sections(), "once", stage), check];
    Draft { items, ..adoption("2021-12-27", told) }
}

pub fn only_cooperates() -> Draft {
    let told = AdoptionTold {
        plans: vec![Arc::new(annual())],
        led: 0,
        cooperating: 2,
        horizon_days: 40,
        overdue: vec![],
        soon: vec![],
        cooperating_in: vec![],
        sheet: rows().split_off(5),
        collection_reply_by: None,
        collection_advised: None,
    };
    Draft { addressee: "凤城镇人民政府".into(), ..adoption("2022-01-04", told) }
}
