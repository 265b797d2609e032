//! One typed event of every type, as the golden lines hold them. Changed only by adding.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::matter_samples::{again, the_answers, the_work};
use crate::calendar::{Cadence, CronSchedule, OffSpan, On, Recurrence, WorkingYear, Zone};
use crate::domain::*;

pub fn name<T: FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

pub fn day(text: &str) -> NaiveDate {
    name(text)
}

pub fn at(text: &str) -> DateTime<Utc> {
    name(text)
}

pub fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn unit() -> Unit {
    Unit {
        id: name("eco-env"),
        name: "市生态环境局阳城分局".into(),
        short: "生态环境分局".into(),
        aliases: vec!["阳城分局".into()],
        kind: UnitKind::Bureau,
        mailbox: Some("eco-env@duban.example".into()),
        sort_key: "shengtaihuanjing".into(),
        members: Vec::new(),
        muted: false,
        leader: Some(digest("leader")),
    }
}

fn leader_page() -> LeaderPage {
    let matter = LeaderMatter {
        status: "●超期12天·红".into(),
        title: "干洗店治理".into(),
        unit: "生态环境分局".into(),
        due: "空气质量计划第21条，时限6月30日".into(),
        told: vec!["原因：设备未到货".into()],
    };
    LeaderPage { red: 1, yellow: 0, summary: "在办3项：红灯1项。".into(), matters: vec![matter] }
}

fn imported_row() -> ImportedRow {
    let some = |text: &str| Some(text.to_owned());
    ImportedRow {
        row: 23,
        number: some("23"),
        platform_number: some("SX-2021-0423"),
        category: some("空气"),
        source: some("阳政办发〔2021〕41号"),
        clause: some("第17条"),
        due_text: some("每季度"),
        original_deadline: Some(day("2021-06-30")),
        extensions: Some(1),
        approval: some("阳政办函〔2021〕9号"),
        told_on: Some(day("2021-05-26")),
        receipt_on: Some(day("2021-05-27")),
        reported_on: Some(day("2021-06-18")),
        progress: some("已检查 12 台"),
        problem: some("编码登记不全"),
        next_steps: some("补登"),
        reminders: Some(2),
        chases: Some(1),
        claimed_on: Some(day("2021-06-20")),
        done_on: Some(day("2021-06-19")),
        verdict: some("材料不全"),
        accepted_on: Some(day("2021-06-22")),
        closed_out_on: Some(day("2021-06-22")),
        status: some("在办"),
        evidence: some("检查台账"),
        way: some("纸质"),
        remark: some("合并第24项"),
    }
}

fn recurrence(every: Cadence, on: Option<On>) -> Recurrence {
    let (season, due_after_days, from) = (None, None, None);
    Recurrence { every, on, season, due_after_days, from, until: Some(day("2021-12-31")) }
}

fn head() -> PlanHead {
    PlanHead {
        quiet: false,
        id: name("yangcheng-2021-air"),
        title: "阳城县2021年空气质量巩固提升行动计划".into(),
        short: "空气质量计划".into(),
        document_number: Some("阳政办发〔2021〕41号".into()),
        issued_on: day("2021-05-24"),
        in_force: Days { from: day("2021-05-24"), until: day("2022-03-31") },
        collect: Some(Collect {
            asked: recurrence(Cadence::Month, Some(On::DayOfMonth(25))),
            reply_by: On::Last,
        }),
    }
}

fn task(due: Due) -> Task {
    Task {
        id: name("machinery-check"),
        title: "非道路移动机械专项检查".into(),
        text: "每季度开展一次\n\n\"专项\"检查\\工作".into(),
        reading: Some("每季度开展一次专项检查".into()),
        cite: vec![name("air:17"), name("air-list:23")],
        lead: vec![name("eco-env")],
        lead_basis: LeadBasis::List,
        cooperate: vec![name("housing"), name("transport")],
        due,
        due_basis: DueBasis::Assumed,
        due_note: Some("按季度末计".into()),
        standard: Some("检查率100%".into()),
        evidence: Some("检查台账".into()),
        report_to: Some(name("eco-env")),
        answer: Answer::Each,
        target: true,
        fixed: true,
        recorded: false,
        conflicts: vec![Conflict {
            about: ConflictAbout::Deadline,
            says: vec![Said { cite: name("air:17"), text: "年底前".into() }],
            used: name("air-list:23"),
            why: "清单更具体".into(),
        }],
        matter: None,
    }
}

pub fn opened() -> Opened {
    Opened {
        occurrence: name("yangcheng-2021-air/machinery-check/2021Q2"),
        opens: day("2021-04-01"),
        ends: None,
        deadline: Some(day("2021-06-30")),
        advised: None,
        ladder: LadderName::Standard,
        ladder_version: 1,
        notice: true,
        by_adoption: false,
        stages_from: day("2021-05-24"),
        chased: true,
        units: vec![name("eco-env"), name("housing")],
    }
}

fn queued() -> Queued {
    let key = |stage: &str| {
        name::<StageKey>(&format!("yangcheng-2021-air/machinery-check/2021Q2/eco-env#1:{stage}"))
    };
    let item = |stage: &str, late| QueuedItem { key: key(stage), late };
    Queued {
        points: None,
        letter: name("2021-0623-07"),
        to: Recipient::LeaderOf(name("eco-env")),
        kind: LetterKind::Escalation,
        address: Some("eco-env@duban.example".into()),
        message_id: "0a1b2c@duban.example".into(),
        dated: at("2021-06-23T01:00:00Z"),
        held: true,
        items: vec![item("lead-7d", false), item("overdue:2021-07-05", true)],
        merged: vec![Merged { key: key("lead-30d"), into: key("lead-7d") }],
        carried: vec![item("notice", true)],
        receipt: None,
        archived: digest("archived"),
        sent: digest("sent"),
        templates: Some(digest("templates")),
        checkpoint: None,
    }
}

fn the_plan() -> Vec<Event> {
    let (task_id, plan_reason) = (name::<TaskSlug>("machinery-check"), || "县政府办通知".to_owned());
    let cron = CronDue {
        cron: CronSchedule::parse("0 0 9 1 * *").unwrap(),
        from: Some(day("2021-06-01")),
        until: None,
    };
    vec![
        Event::PlanAdopted {
            head: head(),
            owner: PlanOwner::File,
            adopted_on: day("2021-05-24"),
            quiet: false,
        },
        Event::PlanHeadChanged { head: PlanHead { collect: None, document_number: None, ..head() } },
        Event::PlanFileAdopted { file: "air.toml".into(), digest: digest("file") },
        Event::PlanImported(ImportNote {
            file: "督办台账.xlsx".into(),
            digest: digest("sheet"),
            sheet: "2021年".into(),
            rows: 41,
            left_out: 1,
            assumed: 7,
        }),
        Event::TaskHistoryImported(Box::new(TaskHistory {
            task: name("machinery-check"),
            row: imported_row(),
        })),
        Event::PlanTakenOver { owner: PlanOwner::Office, reason: plan_reason() },
        Event::PlanStarted { started_on: day("2021-06-01"), past: false },
        Event::PlanClosed { reason: plan_reason() },
        Event::TaskAdded {
            task: task(Due::Every(recurrence(Cadence::Quarter, None))),
            added_on: day("2021-05-24"),
        },
        Event::TaskChanged {
            task: task(Due::Cron(cron)),
            reason: Some(plan_reason()),
            changed_on: day("2021-06-01"),
        },
        Event::TaskWithdrawn { task: task_id.clone(), reason: plan_reason() },
        Event::AwaitingSettled {
            task: task_id.clone(),
            due: Due::By(day("2021-06-15")),
            ground: "汛前会议纪要".into(),
            settled_on: day("2021-06-02"),
        },
        Event::LeadConfirmed { task: task_id, lead: vec![name("eco-env")] },
    ]
}

fn the_endings() -> Vec<Event> {
    let occurrence = name::<OccurrenceId>("yangcheng-2021-air/machinery-check/2021Q2");
    let stages = || vec![name::<StageKey>("yangcheng-2021-air/machinery-check/2021Q2/eco-env#1:due")];
    vec![
        Event::OccurrenceEnded { occurrence },
        Event::StagesSkipped { stages: stages(), why: SkipReason::NoAddress },
        Event::StagesMissed { stages: stages() },
    ]
}

/// Events whose shape has got optional fields since, with all of them set; named by file.
pub fn grown() -> Vec<(&'static str, Event)> {
    let assignment = || name::<AssignmentId>("yangcheng-2021-air/machinery-check/2021Q2/eco-env");
    let matter = matter::Matter {
        source: "县长批示".into(),
        platform_number: Some("13710-2021-0042".into()),
        class: matter::MatterClass::Ordinary,
        assigned_on: day("2021-06-25"),
        days: matter::MatterDays::Working,
    };
    let Some(Event::OfficeConfigured { mut office }) =
        all().into_iter().find(|event| matches!(event, Event::OfficeConfigured { .. }))
    else {
        panic!("the office is among them")
    };
    office.letterhead = crate::domain::Letterhead {
        red_head: Some("督查通报".into()),
        subject: Some("空气、水、土壤三个行动计划".into()),
        subject_of: None,
        to: vec!["各有关单位".into()],
        copies: vec!["县委办公室".into()],
    };
    vec![
        ("OfficeConfigured-2", Event::OfficeConfigured { office: office.clone() }),
        (
            "OfficeConfigured-3",
            Event::OfficeConfigured { office: crate::domain::Office { acceptance_letter: true, ..office } },
        ),
        ("LetterQueued-4", Event::LetterQueued(Queued { points: Some(3), ..queued() })),
        (
            "ProgressReported-2",
            Event::ProgressReported {
                assignment: assignment(),
                text: "已完成六成".into(),
                problem: Some("资金未到位".into()),
                next_steps: Some("7月底前完成招标".into()),
                unchanged: true,
            },
        ),
        (
            "TaskReopened-2",
            Event::TaskReopened {
                assignment: assignment(), reason: "回头看".into(), again: Some(again())
            },
        ),
        (
            "TaskClosedOut-2",
            Event::TaskClosedOut { assignment: assignment(), remark: Some("现场已核".into()) },
        ),
        (
            "LetterQueued-3",
            Event::LetterQueued(Queued {
                checkpoint: Some(Checkpoint { events: 4711, root: digest("root") }),
                ..queued()
            }),
        ),
        (
            "LetterQueued-2",
            Event::LetterQueued(Queued {
                to: Recipient::Office,
                kind: LetterKind::Review,
                receipt: Some(name("R2021-0628-03")),
                items: vec![QueuedItem {
                    key: name("yangcheng-2021-air/machinery-check/2021Q2/eco-env#1:review:2021-06-29"),
                    late: false,
                }],
                ..queued()
            }),
        ),
        (
            "TaskAdded-2",
            Event::TaskAdded {
                task: Task { matter: Some(matter), ..task(Due::By(day("2021-07-02"))) },
                added_on: day("2021-06-25"),
            },
        ),
        (
            "OccurrenceOpened-2",
            Event::OccurrenceOpened(Opened { ladder: LadderName::MatterWorking, ..opened() }),
        ),
    ]
}

/// Events with a half-year and with ten days in them; named by file.
pub fn of_later_cadences() -> Vec<(&'static str, Event)> {
    vec![
        (
            "TaskAdded-3",
            Event::TaskAdded {
                task: task(Due::Every(recurrence(
                    Cadence::HalfYear,
                    Some(On::DayOfNthMonth { month: 6, day: 25 }),
                ))),
                added_on: day("2021-06-25"),
            },
        ),
        (
            "TaskAdded-4",
            Event::TaskAdded {
                task: task(Due::Every(recurrence(Cadence::TenDays, None))),
                added_on: day("2021-06-25"),
            },
        ),
        (
            "OccurrenceOpened-3",
            Event::OccurrenceOpened(Opened {
                occurrence: name("yangcheng-2021-air/machinery-check/2021H1"),
                ..opened()
            }),
        ),
        (
            "OccurrenceOpened-4",
            Event::OccurrenceOpened(Opened {
                occurrence: name("yangcheng-2021-air/machinery-check/2021-06-T1"),
                ..opened()
            }),
        ),
    ]
}

fn the_letters() -> Vec<Event> {
    let letter = name::<LetterId>("2021-0623-07");
    let (reply, retry_at) = (|| "250 2.0.0 Ok: queued as 4F".to_owned(), at("2021-06-23T02:00:00Z"));
    vec![
        Event::LetterQueued(queued()),
        Event::LetterReleased { letter, address: None },
        Event::LetterUnreleased { letter },
        Event::LetterRecalled {
            letter,
            stages: vec![name("yangcheng-2021-air/machinery-check/2021Q2/eco-env#1:due")],
        },
        Event::LetterAccepted { letter, reply: reply() },
        Event::LetterDeferred { letter, reply: reply(), retry_at, blame: Blame::Address },
        Event::LetterRefused { letter, reply: reply() },
        Event::LetterBounced { letter, reply: "5.1.1 no such user".into(), message: digest("mail") },
        Event::MailReceived { letter: Some(letter), message: digest("mail"), kind: MailKind::Reply },
        Event::MailHandled { received: 41, remark: Some("已转业务科".into()) },
        Event::LetterUnknown { letter, reply: reply(), retry_at },
        Event::LetterSuperseded { letter, by: name("2021-0624-01") },
        Event::LetterResent { letter, address: None, reason: "单位称未收到".into() },
        Event::RelayFailed {
            fault: RelayFault::Login,
            reply: "AUTH: 535 5.7.8 authentication failed".into(),
            failures: 2,
            retry_at,
        },
        Event::RelayRecovered { failures: 2 },
    ]
}

/// One event of every type, in the order of the domain.
pub fn all() -> Vec<Event> {
    let mut all = vec![
        Event::JournalCreated { journal: name("01799c2c-9a80-7000-8000-000000000001"), format: 1 },
        Event::LargeCommandBegun { events: 300 },
        Event::LargeCommandCompleted { begun: 12 },
        Event::LargeCommandWithdrawn { begun: 12 },
        Event::OfficeConfigured {
            office: Office {
                name: "阳城县人民政府办公室".into(),
                zone: Zone::shanghai(),
                sending_hour: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
                working_days: "cn".into(),
                from: "duban@duban.example".into(),
                reply_to: "reply@duban.example".into(),
                contact: "督查室".into(),
                phone: "0356-0000000".into(),
                supervision_unit: name("inspection-office"),
                release: Release::Auto,
                first_letters: None,
                acceptance_letter: false,
                letterhead: crate::domain::Letterhead::default(),
            },
        },
        Event::LaddersDefined { ladders: Ladders::default() },
        Event::LightRulesDefined { rules: LightRules::default() },
        Event::WorkingYearPublished {
            year: WorkingYear {
                year: 2021,
                notice: Some("国办发明电〔2020〕27号".into()),
                off: vec![OffSpan {
                    name: "国庆节".into(),
                    from: day("2021-10-01"),
                    until: day("2021-10-07"),
                }],
                work: vec![day("2021-09-26")],
            },
        },
        Event::ClockCorrected {
            accepted: at("2021-06-23T01:00:00Z"),
            last: at("2021-06-24T01:00:00.5Z"),
            reason: "NTP".into(),
        },
        Event::UnitRegistered { unit: unit() },
        Event::UnitChanged {
            unit: Unit { members: vec![name("town-1")], muted: true, leader: None, ..unit() },
        },
        Event::MailboxMended { unit: name("eco-env") },
        Event::ContactChanged { unit: name("eco-env"), contact: digest("person") },
        Event::LeaderPageOrdered(Box::new(LeaderPageOrdered { unit: name("eco-env"), page: leader_page() })),
        Event::LinksRevoked { unit: name("eco-env"), reason: "链接误转".into() },
    ];
    all.extend(the_plan());
    all.extend(the_work());
    all.extend(the_answers());
    all.extend(the_endings());
    all.extend(the_letters());
    all
}
