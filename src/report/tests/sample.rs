//! Realistic views, built from the plans as shipped: June 2021.

use chrono::NaiveDate;

use crate::domain::adoption::Declared;
use crate::domain::light::Light;
use crate::domain::{BulletinState, Digest, PlanHead, Task, UnitId};
use crate::report::Status;
use crate::report::bulletin::{
    Bulletin, Counted, EvidenceFigures, Extensions, Feedback, FeedbackState, Granted, ItemRow, Named,
    PlanFigures, Proposals, Totals, UnitRow,
};
use crate::schedules;
use crate::words;

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub struct Plans(pub Declared);

impl Plans {
    pub fn shipped() -> Self {
        Self(schedules::embedded().declared.unwrap())
    }

    pub fn task(&self, slug: &str) -> (&PlanHead, &Task) {
        let all =
            self.0.plans.iter().flat_map(|file| file.plan.tasks.iter().map(|task| (&file.plan.head, task)));
        all.into_iter().find(|(_, task)| task.id.as_str() == slug).unwrap()
    }

    pub fn short(&self, ids: &[UnitId]) -> String {
        let short = |id: &UnitId| self.0.units.iter().find(|unit| unit.id == *id).unwrap().short.clone();
        ids.iter().map(short).collect::<Vec<_>>().join("、")
    }

    fn row(&self, slug: &str, status: Status) -> ItemRow {
        let (plan, task) = self.task(slug);
        let due = words::due_brief(plan, task, date("2021-07-09"));
        ItemRow {
            assignment: format!("{}/{}/once/{}", plan.id, task.id, task.lead[0]).parse().unwrap(),
            current_on: task.due.one_off_deadline(),
            title: task.title.clone(),
            source: format!(
                "{}{}{}",
                plan.document_number.clone().unwrap_or_default(),
                plan.short,
                words::citations(&task.cite)
            ),
            lead: self.short(&task.lead[..1]),
            cooperate: self.short(&task.cooperate),
            original: due.clone(),
            current: due,
            extensions: 0,
            progress: String::new(),
            unproved: false,
            unfinished: status.light == Light::Red,
            status,
            problem: String::new(),
            next_steps: String::new(),
            expected: None,
        }
    }
}

/// The rows of its first annex.
fn june_items(plans: &Plans) -> Vec<ItemRow> {
    let done = |slug, progress: &str| ItemRow {
        progress: progress.into(),
        ..plans.row(slug, Status::unlit("按期办结"))
    };
    let late = |slug, days: u32, progress: &str| ItemRow {
        progress: progress.into(),
        ..plans.row(slug, Status::lit(Light::Late, format!("迟办{days}天")))
    };
    let red = |slug, days: u32, progress: &str, problem: &str, next: &str, expected: &str| ItemRow {
        progress: progress.into(),
        problem: problem.into(),
        next_steps: next.into(),
        expected: Some(date(expected)),
        ..plans.row(
            slug,
            Status::lit(Light::Red, if days == 0 { "到期未办结".into() } else { format!("超期{days}天") }),
        )
    };
    let extended = ItemRow {
        current: "9月底前".into(),
        current_on: Some(date("2021-09-30")),
        extensions: 1,
        progress: "主体设备安装完成，正在单机调试".into(),
        problem: "进水量不足，暂不具备联动调试条件".into(),
        next_steps: "完成三号泵站接入后联动调试".into(),
        expected: Some(date("2021-09-15")),
        ..plans.row("second-sewage-plant", Status::lit(Light::Green, "正常"))
    };
    vec![
        late("clean-production-audit", 12, "2家企业评估报告已批复"),
        red(
            "clean-heating-review",
            30,
            "已完成11个乡镇入户调查，运行费用核算尚未汇总",
            "部分乡镇补贴发放台账不全，户均用气量无法核对",
            "由县财政局牵头补齐台账，7月中旬形成评估报告和可持续运营方案",
            "2021-07-20",
        ),
        late("clean-heating-plan", 20, "改造计划已印发，涉及5个乡镇3200户"),
        done("waste-heat-survey", "完成6家企业余热资源摸底，形成调查报告"),
        done("fine-management-plan", "方案经县政府常务会议审议通过并印发"),
        red(
            "dry-cleaners",
            0,
            "摸底干洗店14家，已完成整治9家",
            "5家干洗店尚未更换全封闭式干洗机",
            "下达限期整改通知书，7月20日前全部更换到位",
            "2021-07-20",
        ),
        done("machinery-check", "第二季度抽测非道路移动机械38台，超标2台已停用整改"),
        extended,
        ItemRow {
            progress: "完成建成区排查，未发现新增黑臭水体，台账待审核".into(),
            ..plans.row("black-water-survey", Status::lit(Light::Review, "待审核"))
        },
        late("section-plans", 8, "3个国考断面方案均已印发"),
        ItemRow {
            progress: "完成夏季臭氧错峰生产动员，12家企业提交减排清单".into(),
            ..plans.row("winter-campaign", Status::unlit("未到期"))
        },
        ItemRow {
            progress: String::new(),
            ..plans.row("polluters-clearing", Status::lit(Light::Yellow, "月调度未反馈"))
        },
        ItemRow {
            progress: "本月无变化".into(),
            ..plans.row("three-lines-one-list", Status::lit(Light::Grey, "长期"))
        },
        ItemRow {
            progress: "1家企业技改项目完成备案".into(),
            ..plans.row("tech-upgrade", Status::lit(Light::Green, "正常"))
        },
    ]
}

/// The bulletin of June 2021, as drafted on 7 July.
pub fn june() -> Bulletin {
    Bulletin {
        step: BulletinState::Drafted,
        number: 1,
        period: "2021-06".parse().unwrap(),
        as_of: date("2021-06-30"),
        dated: date("2021-07-09"),
        red_head: Some("督查通报".into()),
        office: "阳城县人民政府办公室".into(),
        title: vec!["关于2021年6月空气、水、土壤".into(), "三个行动计划任务进展情况的通报".into()],
        to: vec!["各乡（镇）人民政府".into(), "开发区管委会".into(), "县直及驻阳各有关单位".into()],
        copies: vec!["县委办公室".into(), "县人大常委会办公室".into(), "县政协办公室".into()],
        plans: vec![
            figures("空气质量计划", 8, 6, 21),
            figures("水环境计划", 3, 1, 14),
            figures("土壤计划", 0, 0, 3),
        ],
        totals: june_totals(),
        feedback: Feedback {
            reply_by: Some(date("2021-06-30")),
            asked: 12,
            in_time: 9,
            late: vec!["县工信局".into(), "凤城镇".into()],
            partly: Vec::new(),
            missing: vec!["县能源局".into()],
            by_unit: std::collections::BTreeMap::new(),
        },
        evidence: EvidenceFigures {
            claims: 8,
            with_material: 7,
            without: vec!["市生态环境局阳城分局".into()],
            returned: 1,
            obtained_later: 1,
        },
        extensions: Extensions {
            requested: 2,
            granted: vec![Granted {
                unit: "县住建局".into(),
                title: "县第二生活污水处理厂投运".into(),
                from: date("2021-06-30"),
                to: date("2021-09-30"),
                ground: "阳政办函〔2021〕27号".into(),
            }],
            refused: 1,
            waiting: 0,
        },
        proposals: Proposals {
            settled: false,
            praised: vec![Named { unit: "市生态环境局阳城分局".into(), ground: "应办结5项、按期办结3项".into() }],
            lagging: vec![Named { unit: "县能源局".into(), ground: "1项超期30天，月调度未反馈".into() }],
        },
        requests: vec![
            "（一）抓紧办结到期未办结事项。县能源局、市生态环境局阳城分局请于7月20日前办结并报送印证材料。".into(),
            "（二）盯紧下月到期事项。7月无单次到期事项；按月、按季事项按期反馈。".into(),
            "（三）规范反馈。7月月调度请于7月31日前反馈；印证材料注明取得日期。".into(),
        ],
        items: june_items(&Plans::shipped()),
        unlisted: 29,
        units: vec![
            unit("市生态环境局阳城分局", (24, 5, 3, 2, 0, 1, 0), FeedbackState::InTime, 0),
            unit("县能源局", (6, 2, 0, 1, 0, 1, 0), FeedbackState::Missing, 0),
            unit("县住建局", (9, 2, 0, 0, 1, 0, 0), FeedbackState::InTime, 1),
            unit("县工信局", (4, 0, 0, 0, 0, 0, 0), FeedbackState::Late, 0),
        ],
        counted: Counted {
            rules: vec![
                "本通报数据由督办台账生成，截至2021年6月30日24时；其后补录、更正的，以发生日期为准，并在下期说明。".into(),
                "一个事项由多个单位分别负责的，按单位分别计数；力争完成的事项不计超期。".into(),
                "本期应办结＝本月到期＋月初已超期；办结率＝其中已办结÷本期应办结；按期办结率＝其中按原定或批准延期后的时限办结÷本期应办结。".into(),
                "已申请办结、尚在审核的，不计办结，也不计到期未办结。".into(),
                "红：超过时限未申请办结；黄：距时限7天以内，或长期事项月调度未反馈；绿：正常；蓝：待审核；灰：长期事项本月已反馈。".into(),
            ],
            rule_version: "第1版（2021年5月24日起）".into(),
            position: 1834,
            head: Digest::of(b"june"),
        },
    }
}

fn figures(short: &str, due: u32, done: u32, year: u32) -> PlanFigures {
    PlanFigures {
        short: short.into(),
        document_number: Some("阳政办发〔2021〕41号".into()),
        due_so_far: due,
        done_so_far: done,
        due_this_year: year,
    }
}

fn june_totals() -> Totals {
    Totals {
        followed: 43,
        due_this_month: 4,
        carried_over: 5,
        on_time: 3,
        late: 3,
        in_review: 1,
        unfinished: 2,
        paused: 0,
        early: 0,
        in_progress: 34,
        ongoing: 27,
    }
}

fn unit(
    name: &str,
    (followed, due, on_time, late, in_review, unfinished, paused): (u32, u32, u32, u32, u32, u32, u32),
    feedback: FeedbackState,
    extensions: u32,
) -> UnitRow {
    UnitRow {
        unit: name.into(),
        totals: Totals {
            followed,
            due_this_month: due,
            on_time,
            late,
            in_review,
            unfinished,
            paused,
            ..Totals::default()
        },
        feedback,
        extensions,
    }
}

/// A month in which nothing was due and nothing followed.
pub fn empty() -> Bulletin {
    Bulletin {
        totals: Totals::default(),
        feedback: Feedback::default(),
        evidence: EvidenceFigures::default(),
        extensions: Extensions::default(),
        proposals: Proposals::default(),
        plans: Vec::new(),
        requests: Vec::new(),
        items: Vec::new(),
        unlisted: 0,
        units: Vec::new(),
        to: Vec::new(),
        copies: Vec::new(),
        ..june()
    }
}
