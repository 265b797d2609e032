//! One matter as the page shows it: light, date, clause, what may be said of it, and what was entered.

use chrono::NaiveDate;

use super::answers::At;
use super::draft::{Choice, Entry};
use super::said::FileLine;
use super::view::{ChoiceView, EntryView, Item, Lamp, Showing};
use crate::domain::agenda::advised;
use crate::domain::light::{Light, light};
use crate::domain::matter::{REPORT_DAYS, after};
use crate::domain::{
    Assignment, Digest, Due, LadderName, Ledger, OccurrenceId, PlanState, Record, State, Task,
};
use crate::words::{
    answer_words, assumptions, citations, clause, clean, conflict, due_brief, full_date_weekday, near_date,
    near_date_weekday, row, title,
};

/// The matter; `None` where its task is unknown.
pub(super) fn item(ledger: &Ledger, showing: &Showing<'_>, one: &Assignment, number: usize) -> Option<Item> {
    let today = showing.opened.today;
    let plan = ledger.plan(&one.occurrence.task.plan)?;
    let task = &*plan.tasks.get(&one.occurrence.task.task)?.task;
    let record = one.record.as_deref();
    let blank = Entry::default();
    let entry = showing.draft.and_then(|draft| draft.entries.get(&one.occurrence)).unwrap_or(&blank);
    let told = record.and_then(|record| record.progress.as_ref());
    let last = told.map(|told| told.text.as_str()).unwrap_or_default();
    let mut remarks = assumptions(task);
    remarks.extend(task.conflicts.iter().map(conflict));
    Some(Item {
        number,
        anchor: anchor(&one.occurrence),
        key: one.occurrence.to_string(),
        title: title(task, one.occurrence.period, today),
        lamp: lamp(ledger, one, today),
        due: due(ledger, plan, task, one, today),
        source: source(plan, task, today),
        notes: notes(ledger, task, one, today),
        alerts: record.map(|record| alerts(one, record, today)).unwrap_or_default(),
        clause: clause(task).lines().map(str::to_owned).collect(),
        standard: task.standard.as_deref().map(clean),
        proves: task.evidence.as_deref().map(clean),
        remarks,
        choices: choices(task, one, entry.choice),
        entry: entry_view(entry, last, today),
        no_extension: no_extension(task, one, today),
        last: told.map(|told| near_date(told.on, today)),
        wrong: showing
            .wrong
            .iter()
            .filter_map(|wrong| match &wrong.at {
                At::Matter(id, field) if *id == one.occurrence => Some((field.name(), wrong.words.clone())),
                At::Matter(..) | At::Name | At::Phone | At::Form => None,
            })
            .collect(),
        other: entry.other.as_ref().map(|other| entry_view(other, "", today)),
    })
}

/// What is entered of it, else what was said last time.
fn entry_view(entry: &Entry, last: &str, today: NaiveDate) -> EntryView {
    let typed = !entry.progress.is_empty() || matches!(entry.choice, Choice::Going | Choice::Hard);
    EntryView {
        choice: entry.choice.name(),
        done_on: entry.done_on.clone(),
        done_text: entry.done_text.clone(),
        progress: if typed { entry.progress.clone() } else { last.to_owned() },
        problem: entry.problem.clone(),
        ask: entry.ask.clone(),
        next_steps: entry.next_steps.clone(),
        extend: entry.extend,
        new_deadline: entry.new_deadline.clone(),
        dispute: entry.dispute.clone(),
        obtained_on: entry.obtained_on.clone(),
        files: entry.files.iter().map(|file| FileLine::of(file, today)).collect(),
        approval: entry.approval.as_ref().map(|file| FileLine::of(file, today)),
    }
}

/// Names a matter within the page; the same on every day.
pub(super) fn anchor(id: &OccurrenceId) -> String {
    const DIGITS: usize = 12;
    format!("m{}", Digest::of(id.to_string().as_bytes()).short(DIGITS))
}

fn choices(task: &Task, one: &Assignment, chosen: Choice) -> Vec<ChoiceView> {
    let may_end = one.course.deadline.is_some() && one.course.ladder != LadderName::Avoid;
    let offered: &[Choice] = if !one.state.is_open() || one.state == State::Claimed {
        &[Choice::Files]
    } else if may_end || task.matter.is_some() {
        &[Choice::Done, Choice::Going, Choice::Same, Choice::Hard, Choice::Dispute]
    } else {
        &[Choice::Going, Choice::Same, Choice::Hard, Choice::Dispute]
    };
    let label = |choice| match choice {
        Choice::Nothing => "不填",
        Choice::Done => "已完成",
        Choice::Going => "推进中",
        Choice::Same => "本月无变化",
        Choice::Hard => "有困难",
        Choice::Dispute => "对交办有异议",
        Choice::Files => "补充材料",
    };
    // What was chosen before it could no longer be chosen is still shown, with its words.
    Choice::ALL
        .iter()
        .skip(1)
        .chain(Choice::ALL.first())
        .filter(|(choice, _)| *choice == Choice::Nothing || *choice == chosen || offered.contains(choice))
        .map(|(choice, name)| ChoiceView { name, label: label(*choice), checked: *choice == chosen })
        .collect()
}

fn lamp(ledger: &Ledger, one: &Assignment, today: NaiveDate) -> Lamp {
    let light = light(ledger, one, today);
    let class = match light {
        Light::Red => "red",
        Light::Yellow | Light::Late => "yellow",
        Light::Review => "blue",
        Light::Green => "green",
        Light::Grey | Light::Paused | Light::Off => "grey",
    };
    if one.state == State::Withdrawn {
        return Lamp { class, shape: "－", word: "已撤销".to_owned() };
    }
    let (shape, word) = light.sign();
    let late = one.course.deadline.map_or(0, |deadline| (today - deadline).num_days());
    let word = match light {
        Light::Red if late > 0 => format!("{word}{late}天"),
        Light::Yellow if one.course.deadline.is_none() => "待反馈".to_owned(),
        Light::Red
        | Light::Yellow
        | Light::Late
        | Light::Review
        | Light::Green
        | Light::Grey
        | Light::Paused
        | Light::Off => word.to_owned(),
    };
    Lamp { class, shape, word }
}

/// `2021年6月30日（星期三）到期，还有7天`.
fn due(ledger: &Ledger, plan: &PlanState, task: &Task, one: &Assignment, today: NaiveDate) -> String {
    let Some(deadline) = one.course.deadline else { return due_brief(&plan.head, task, today) };
    let left = (deadline - today).num_days();
    // A matter's report comes first, as long as nothing was said of it.
    if let Some(matter) =
        task.matter.as_ref().filter(|_| one.state.is_chased() && left > 0 && !one.is_reported())
    {
        let report = after(matter.assigned_on, REPORT_DAYS, matter.days, ledger.working());
        let asked = match (report - today).num_days() {
            ..0 => format!("请尽快反馈办理情况（原定{}）", near_date(report, today)),
            0 => "请今日反馈办理情况".to_owned(),
            1.. => format!("请于{}前反馈办理情况", near_date(report, today)),
        };
        return format!("{asked}，{}到期", near_date(deadline, today));
    }
    let told = match left {
        _ if !one.state.is_chased() => String::new(),
        0 => "，今日到期".to_owned(),
        1.. => format!("，还有{left}天"),
        _ => String::new(),
    };
    format!("{}到期{told}", full_date_weekday(deadline))
}

/// `空气质量计划第21条、清单33：6月底前`.
fn source(plan: &PlanState, task: &Task, today: NaiveDate) -> String {
    if let Some(matter) = &task.matter {
        let number = matter.platform_number.as_deref().map(|number| format!("（平台编号{}）", clean(number)));
        return format!("{}{}", clean(&matter.source), number.unwrap_or_default());
    }
    let place = format!("{}{}", clean(&plan.head.short), citations(&task.cite));
    match task.due {
        Due::Ongoing => place,
        Due::By(_)
        | Due::Every(_)
        | Due::Window(_)
        | Due::YearlyWindow(_)
        | Due::Starting(_)
        | Due::Avoid(_)
        | Due::YearlyAvoid(_)
        | Due::Awaiting(_)
        | Due::Done(_)
        | Due::Cron(_) => format!("{place}：{}", due_brief(&plan.head, task, today)),
    }
}

fn notes(ledger: &Ledger, task: &Task, one: &Assignment, today: NaiveDate) -> Vec<String> {
    let mut notes = Vec::new();
    let original = ledger.occurrence(&one.occurrence).and_then(|occurrence| occurrence.opened.deadline);
    if let (Some(original), Some(deadline)) = (original, one.course.deadline)
        && original != deadline
    {
        notes.push(format!("原定{}，现定{}", near_date(original, today), near_date(deadline, today)));
    }
    if one.state.is_chased()
        && let Some(deadline) = one.course.deadline
        && let Some(advised) = advised(ledger, Some(deadline)).filter(|day| *day < deadline && *day >= today)
    {
        notes.push(format!("到期日为休息日，建议最迟工作日{}", near_date_weekday(advised, today)));
    }
    let leads = ledger.short_names(&task.lead);
    let first = task.lead.first().is_none_or(|lead| *lead == one.unit);
    notes.extend(answer_words(task, &leads, first));
    if !task.cooperate.is_empty() {
        notes.push(format!("配合：{}", row(&ledger.short_names(&task.cooperate))));
    }
    notes
}

fn alerts(one: &Assignment, record: &Record, today: NaiveDate) -> Vec<String> {
    let date = |day: NaiveDate| near_date(day, today);
    let mut alerts = Vec::new();
    if let Some((on, reason)) = record.claims.last().and_then(|claim| claim.returned.as_ref())
        && one.state.is_open()
    {
        alerts.push(format!("{}退回：{}", date(*on), clean(reason)));
    }
    if one.state == State::Claimed
        && let Some(claim) = record.standing_claim()
    {
        alerts.push(format!(
            "{}已申请办结（{}完成），正在审核，审核期间不再提醒",
            date(claim.on),
            date(claim.done_on)
        ));
    }
    if let Some(asked) = record.extension.as_ref().filter(|_| one.state.is_open()) {
        alerts.push(format!("{}已申请延期至{}，正在审核", date(asked.on), date(asked.new_deadline)));
    }
    if let Some(granted) = record.granted.last().filter(|_| one.state.is_open()) {
        let paper = format!("{}，{}", clean(&granted.approver), clean(&granted.document_number));
        alerts.push(format!("{}批准延期至{}（{paper}）", date(granted.on), date(granted.until)));
    }
    if let Some((on, _)) = record.dispute.as_ref().filter(|_| one.state.is_open()) {
        alerts.push(format!("{}提出的异议已收到，正在研究", date(*on)));
    }
    if let Some(verdict) = &record.accepted {
        let remark = verdict.remark.as_deref().map(|remark| format!("：{}", clean(remark)));
        alerts.push(format!("{}办结{}", date(verdict.on), remark.unwrap_or_default()));
    }
    alerts
}

/// Why no extension can be asked for; `None` where it can.
fn no_extension(task: &Task, one: &Assignment, today: NaiveDate) -> Option<String> {
    let Some(deadline) = one.course.deadline else {
        return Some("本事项没有完成时限，无须申请延期。".to_owned());
    };
    let waits = one.record.as_deref().is_some_and(|record| record.extension.is_some());
    if task.fixed {
        Some("本事项时限不可延期。".to_owned())
    } else if waits {
        Some("延期申请已提交，正在审核。".to_owned())
    } else if today > deadline {
        let due = near_date(deadline, today);
        Some(format!("延期应在到期前申请，本事项已于{due}到期；请写明原因和预计完成时间。"))
    } else {
        None
    }
}
