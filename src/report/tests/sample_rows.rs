//! Realistic rows, lists, leader's page and pack, built from the plans as shipped.

use super::sample::{Plans, date};
use crate::domain::Digest;
use crate::domain::light::Light;
use crate::report::Status;
use crate::report::leader::{LeaderItem, LeaderPage};
use crate::report::lists::{Entry, List, ListKind, Weekly};
use crate::report::pack::{PackFile, PackIndex, PackItem};
use crate::report::sheet::{Sheet, SheetHead, SheetLine, Term};
use crate::words;

/// The ledger of all three plans on 30 June 2021: every task once, a few with a history.
pub fn ledger() -> Sheet {
    let plans = Plans::shipped();
    let with_number = plans.0.plans.iter().filter(|file| file.plan.head.document_number.is_some());
    let rows = with_number.flat_map(|file| {
        let head = &file.plan.head;
        let plans = &plans;
        file.plan.tasks.iter().map(move |task| {
            let term = task
                .due
                .one_off_deadline()
                .map_or_else(|| Term::Words(words::due_full(head, task)), Term::Day);
            let line = SheetLine {
                id: format!("{}/{}", head.id, task.id),
                category: "计划任务".into(),
                document_number: head.document_number.clone().unwrap_or_default(),
                clause: format!("{}{}", head.short, words::citations(&task.cite)),
                text: words::clause(task),
                lead: plans.short(&task.lead[..1]),
                cooperate: task.cooperate.iter().map(|id| plans.short(std::slice::from_ref(id))).collect(),
                standard: task.standard.clone().unwrap_or_default(),
                original: term.clone(),
                current: term,
                assigned_on: Some(head.issued_on),
                reminders: 1,
                status: Some(Status::lit(Light::Grey, "长期")),
                remarks: words::assumptions(task)
                    .into_iter()
                    .chain(task.conflicts.iter().map(words::conflict))
                    .collect(),
                ..SheetLine::default()
            };
            told(line)
        })
    });
    Sheet {
        head: SheetHead {
            journal: "1a2b3c4d".into(),
            title: "阳城县2021年空气、水、土壤三个行动计划督办台账".into(),
            documents: vec!["阳政办发〔2021〕41号".into()],
            as_of: date("2021-06-30"),
            position: 1834,
            rule_version: "第1版".into(),
            office: "阳城县人民政府办公室".into(),
            with_closed: false,
        },
        rows: rows.collect(),
    }
}

fn told(line: SheetLine) -> SheetLine {
    if line.id.ends_with("/clean-heating-review") {
        return SheetLine {
            contact: "王××（自填、未核验）".into(),
            received_on: Some(date("2021-05-26")),
            received_by: "王××（自填）".into(),
            reported_on: Some(date("2021-06-25")),
            progress: "已完成11个乡镇入户调查，运行费用核算尚未汇总".into(),
            problem: "部分乡镇补贴发放台账不全，户均用气量无法核对".into(),
            next_steps: "由县财政局牵头补齐台账，7月中旬形成评估报告".into(),
            reminders: 6,
            chases: 1,
            status: Some(Status::lit(Light::Red, "超期30天")),
            overdue_days: Some(30),
            evidence: vec!["入户调查汇总表.xlsx（2021-06-20取得）".into()],
            ways_in: vec!["链接".into(), "代录（电话）".into()],
            ..line
        };
    }
    if line.id.ends_with("/fine-management-plan") {
        return SheetLine {
            received_on: Some(date("2021-05-25")),
            received_by: "李××（自填）".into(),
            reported_on: Some(date("2021-06-24")),
            progress: "方案经县政府常务会议审议通过并印发".into(),
            claimed_on: Some(date("2021-06-24")),
            done_on: Some(date("2021-06-22")),
            verdict: "方案已印发，符合完成标准".into(),
            reviewer: "ducha".into(),
            accepted_on: Some(date("2021-06-25")),
            status: Some(Status::unlit("按期办结")),
            evidence: vec![
                "关于印发县城建成区精细化管理实施方案的通知.pdf（2021-06-22取得）".into(),
                "常务会议纪要.pdf（取得日期未填）".into(),
            ],
            ways_in: vec!["链接".into()],
            reminders: 3,
            ..line
        };
    }
    if line.id.ends_with("/second-sewage-plant") {
        return SheetLine {
            current: Term::Day(date("2021-09-30")),
            extensions: 1,
            granted_by: "阳政办函〔2021〕27号，县政府分管领导批准".into(),
            progress: "主体设备安装完成，正在单机调试".into(),
            status: Some(Status::lit(Light::Green, "正常")),
            ..line
        };
    }
    line
}

/// Lines that try to run, to break out of their cell, or to be longer than a cell.
pub fn hostile() -> Sheet {
    let mut sheet = ledger();
    sheet.rows.truncate(1);
    let line = SheetLine {
        progress: "=HYPERLINK(\"http://x\",\"点我\")".into(),
        problem: "+cmd|' /C calc'!A0".into(),
        next_steps: "-1+1".into(),
        verdict: "@SUM(A1)".into(),
        reviewer: "＝1+1".into(),
        standard: "\t=1+1".into(),
        leader: "a\",=1+1,\"".into(),
        received_by: "王\u{0}\u{202E}某\r\n=2+2".into(),
        text: "长".repeat(40_000),
        remarks: vec!["=3+3".into(), "第二条".into()],
        ..sheet.rows[0].clone()
    };
    sheet.rows.push(line);
    sheet
}

/// Monday, 21 June 2021.
pub fn weekly() -> Weekly {
    let entry = |unit: &str, title: &str, source: &str, due: Option<&str>, note: &str| Entry {
        unit: unit.into(),
        title: title.into(),
        source: source.into(),
        deadline: due.map(date),
        note: note.into(),
        assignments: Vec::new(),
    };
    let lists = vec![
        List {
            kind: ListKind::Overdue,
            matters: 1,
            entries: vec![entry(
                "县能源局",
                "清洁取暖评估和可持续运营方案",
                "空气质量计划第6条、清单7",
                Some("2021-05-31"),
                "超期21天，未反馈",
            )],
        },
        List { kind: ListKind::DueThisWeek, matters: 0, entries: Vec::new() },
        List { kind: ListKind::DueNextWeek, matters: 4, entries: due_next_week() },
        List {
            kind: ListKind::Unreceived,
            matters: 3,
            entries: vec![
                entry(
                    "县能源局",
                    "清洁取暖评估和可持续运营方案",
                    "空气质量计划第6条、清单7",
                    Some("2021-05-31"),
                    "5月24日送达，已28天",
                ),
                entry(
                    "县能源局",
                    "制定2021年清洁取暖改造计划",
                    "空气质量计划第7条、清单8",
                    Some("2021-05-31"),
                    "5月24日送达，已28天",
                ),
                entry("凤城镇", "散煤清零“回头看”", "空气质量计划第9条", None, "6月1日送达，已20天"),
            ],
        },
        List {
            kind: ListKind::Unreported,
            matters: 2,
            entries: vec![
                entry(
                    "县工信局",
                    "空气质量计划5月月调度（6项）",
                    "保障措施（一）",
                    Some("2021-05-31"),
                    "逾期21天",
                ),
                entry(
                    "县能源局",
                    "空气质量计划5月月调度（4项）",
                    "保障措施（一）",
                    Some("2021-05-31"),
                    "逾期21天",
                ),
            ],
        },
        List {
            kind: ListKind::InReview,
            matters: 1,
            entries: vec![entry(
                "市生态环境局阳城分局",
                "制定一断面一方案",
                "水生态环境计划重点任务（五）3",
                Some("2021-05-31"),
                "6月16日申请办结，已5天",
            )],
        },
        List { kind: ListKind::Returned, matters: 0, entries: Vec::new() },
    ];
    Weekly {
        office: "阳城县人民政府办公室".into(),
        day: date("2021-06-21"),
        until: date("2021-06-27"),
        next_from: date("2021-06-28"),
        next_until: date("2021-07-04"),
        lists,
    }
}

fn due_next_week() -> Vec<Entry> {
    let plans = Plans::shipped();
    let slugs = ["fine-management-plan", "dry-cleaners", "second-sewage-plant", "black-water-survey"];
    let entry = |slug| {
        let (plan, task) = plans.task(slug);
        Entry {
            unit: plans.short(&task.lead[..1]),
            title: task.title.clone(),
            source: format!("{}{}", plan.short, words::citations(&task.cite)),
            deadline: task.due.one_off_deadline(),
            note: "还有9天，未反馈".into(),
            assignments: Vec::new(),
        }
    };
    slugs.map(entry).into()
}

/// The page of a leader with three units.
pub fn leader() -> LeaderPage {
    LeaderPage {
        office: "县委县政府督察室".into(),
        day: date("2021-07-12"),
        units: vec!["市生态环境局阳城分局".into(), "县能源局".into(), "县住建局".into()],
        open: 25,
        items: vec![
            LeaderItem {
                assignments: vec!["yangcheng-2021-air/clean-heating-review/once/energy".parse().unwrap()],
                unit: "县能源局".into(),
                title: "清洁取暖评估和可持续运营方案".into(),
                source: "阳政办发〔2021〕41号空气质量计划第6条、清单7".into(),
                deadline: "5月31日".into(),
                matters: 1,
                status: Status::lit(Light::Red, "超期42天"),
                progress: "已完成11个乡镇入户调查".into(),
                extension: "".into(),
                why: "部分乡镇补贴发放台账不全，户均用气量无法核对".into(),
                next_steps: "由县财政局牵头补齐台账，形成评估报告和可持续运营方案".into(),
                new_date: Some(date("2021-07-20")),
            },
            LeaderItem {
                assignments: vec!["yangcheng-2021-air/dry-cleaners/once/eco-env".parse().unwrap()],
                unit: "市生态环境局阳城分局".into(),
                title: "干洗店摸底和挥发性有机物治理".into(),
                source: "阳政办发〔2021〕41号空气质量计划第21条、清单33".into(),
                deadline: "6月30日".into(),
                matters: 1,
                status: Status::lit(Light::Red, "超期12天"),
                progress: "已完成整治9家".into(),
                extension: "".into(),
                why: "5家干洗店尚未更换全封闭式干洗机".into(),
                next_steps: String::new(),
                new_date: None,
            },
            LeaderItem {
                assignments: vec!["yangcheng-2021-water/black-water-survey/once/housing".parse().unwrap()],
                unit: "县住建局".into(),
                title: "建成区黑臭水体排查建账".into(),
                source: "阳政办发〔2021〕41号水生态环境计划重点任务（二）4".into(),
                deadline: "7月15日".into(),
                matters: 1,
                status: Status::lit(Light::Yellow, "还有3天"),
                progress: "".into(),
                extension: "7月5日批准由6月30日延至7月15日（县政府分管领导，阳政办函〔2021〕27号）".into(),
                why: "退回后补充断面监测数据".into(),
                next_steps: "7月14日前补齐监测数据再报".into(),
                new_date: Some(date("2021-07-15")),
            },
        ],
    }
}

/// The pack of a unit for 2021.
pub fn pack() -> PackIndex {
    let plans = Plans::shipped();
    let item = |slug: &str, status: Status, statement: &str, files: Vec<PackFile>, lacks: &[&str]| {
        let (plan, task) = plans.task(slug);
        let due = words::due_full(plan, task);
        PackItem {
            title: task.title.clone(),
            source: format!("阳政办发〔2021〕41号{}{}", plan.short, words::citations(&task.cite)),
            original: due.clone(),
            current: due,
            extensions: 0,
            done_on: Some(date("2021-06-22")),
            accepted_on: Some(date("2021-06-25")),
            status,
            statement: statement.into(),
            files,
            lacks: lacks.iter().map(|lack| (*lack).to_owned()).collect(),
        }
    };
    let file = |name: &str, obtained: Option<&str>| PackFile {
        name: name.into(),
        digest: Digest::of(name.as_bytes()),
        bytes: 482_113,
        media_type: "application/pdf".into(),
        obtained_on: obtained.map(date),
        received_on: date("2021-06-24"),
    };
    PackIndex {
        unit: "市生态环境局阳城分局".into(),
        year: 2021,
        office: "阳城县人民政府办公室".into(),
        as_of: date("2021-12-31"),
        position: 9120,
        head: Digest::of(b"pack"),
        rule_version: "第1版".into(),
        items: vec![
            item(
                "fine-management-plan",
                Status::unlit("按期办结"),
                "方案经县政府常务会议审议通过并印发",
                vec![
                    file("关于印发县城建成区精细化管理实施方案的通知.pdf", Some("2021-06-22")),
                    file("../../常务会议纪要?.pdf", None),
                ],
                &["1份材料未填取得日期"],
            ),
            item(
                "machinery-check",
                Status::lit(Light::Late, "迟办6天"),
                "四个季度共抽测152台，超标7台均已停用整改",
                vec![],
                &["无印证材料", "无完成标准"],
            ),
            item(
                "dry-cleaners",
                Status::unlit("按期办结"),
                "14家全部完成整治",
                vec![file("现场照片.jpg", Some("2021-06-28"))],
                &[],
            ),
        ],
        not_covered: vec![
            "只列由本单位负责反馈的事项；作为配合单位参与的事项见牵头单位的资料包。".into(),
            "材料由单位提交，内容未经系统核验；取得日期为单位自填。".into(),
            "不能证明邮件被谁阅读、实际由谁签字和现场状况。".into(),
        ],
    }
}
