//! One matter as the page shows it: light, date, clause, what may be said of it, and what was entered.

use chrono::NaiveDate;

use super::answers::At;
use super::draft::{Choice, Entry};
use super::handed_in::FileLine;
use super::paging::anchor;
use super::view::{ChoiceView, EntryView, Item, Lamp, Showing};
use crate::domain::light::Light;
use crate::domain::{Due, LadderName, Ledger, State};
use crate::matter::MatterView;
use crate::words::{clean, full_date_weekday, near_date, near_date_weekday, row};

/// The matter as it is shown; `in_round` where its group says nothing of the round that asks for a report on it.
pub(super) fn item(
    ledger: &Ledger,
    showing: &Showing<'_>,
    view: &MatterView<'_>,
    number: usize,
    in_round: Option<String>,
) -> Item {
    let today = showing.opened.today;
    let (task, one) = (view.task(), view.assignment());
    let record = view.record();
    let blank = Entry::default();
    let entry = showing.draft.and_then(|draft| draft.entries.get(&one.occurrence)).unwrap_or(&blank);
    let told = record.and_then(|record| record.progress.as_ref());
    let last = told.map(|told| told.text.as_str()).unwrap_or_default();
    Item {
        number,
        anchor: anchor(&one.occurrence),
        key: one.occurrence.to_string(),
        title: view.title(today),
        lamp: lamp(view),
        due: due(view),
        source: source(view),
        notes: notes(ledger, view).into_iter().chain(in_round).collect(),
        alerts: alerts(view),
        clause: view.clause().lines().map(str::to_owned).collect(),
        standard: task.standard.as_deref().map(clean),
        proves: task.evidence.as_deref().map(clean),
        remarks: view.remarks(),
        choices: choices(view, entry.choice),
        entry: entry_view(entry, last, today),
        no_extension: no_extension(view),
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
    }
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

fn choices(view: &MatterView<'_>, chosen: Choice) -> Vec<ChoiceView> {
    let (task, one) = (view.task(), view.assignment());
    let may_end = one.course.deadline.is_some() && one.course.ladder != LadderName::Avoid;
    let offered: &[Choice] = if !one.state.is_open() || one.state == State::Claimed {
        &[Choice::Files]
    } else if view.answers() && (may_end || task.matter.is_some()) {
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

fn lamp(view: &MatterView<'_>) -> Lamp {
    let light = view.light();
    let class = match light {
        Light::Red => "red",
        Light::Yellow | Light::Late => "yellow",
        Light::Review => "blue",
        Light::Green => "green",
        Light::Grey | Light::Paused | Light::Off => "grey",
    };
    if view.state() == State::Withdrawn {
        return Lamp { class, shape: "－", word: "已撤销".to_owned() };
    }
    let (shape, word) = light.sign();
    let word = match (light, view.overdue_days()) {
        (Light::Red, Some(late)) => format!("{word}{late}天"),
        (Light::Yellow, _) if view.deadline().is_none() => "待反馈".to_owned(),
        _ => word.to_owned(),
    };
    Lamp { class, shape, word }
}

/// `2021年6月30日（星期三）到期，还有7天`.
fn due(view: &MatterView<'_>) -> String {
    let today = view.day();
    let Some(deadline) = view.deadline() else { return view.due_brief(today) };
    let left = (deadline - today).num_days();
    // A matter's report comes first, as long as nothing was said of it.
    if let Some(report) = view.report_missing().filter(|_| left > 0) {
        let asked = match (report - today).num_days() {
            ..0 => format!("请尽快反馈办理情况（原定{}）", near_date(report, today)),
            0 => "请今日反馈办理情况".to_owned(),
            1.. => format!("请于{}前反馈办理情况", near_date(report, today)),
        };
        return format!("{asked}，{}到期", near_date(deadline, today));
    }
    let told = match left {
        _ if !view.state().is_chased() => String::new(),
        0 => "，今日到期".to_owned(),
        1.. => format!("，还有{left}天"),
        _ => String::new(),
    };
    format!("{}到期{told}", full_date_weekday(deadline))
}

/// `空气质量计划第21条、清单33：6月底前`.
fn source(view: &MatterView<'_>) -> String {
    let (task, place) = (view.task(), view.origin().in_plan());
    if task.matter.is_some() || task.due == Due::Ongoing {
        return place;
    }
    format!("{place}：{}", view.due_brief(view.day()))
}

fn notes(ledger: &Ledger, view: &MatterView<'_>) -> Vec<String> {
    let today = view.day();
    let mut notes: Vec<String> = view.moved_words(today).into_iter().collect();
    let ahead = |day: &NaiveDate| *day >= today && view.deadline().is_some_and(|deadline| *day < deadline);
    if let Some(advised) = view.advised().filter(ahead).filter(|_| view.state().is_chased()) {
        notes.push(format!("到期日为休息日，建议最迟工作日{}", near_date_weekday(advised, today)));
    }
    let after =
        |day: &NaiveDate| view.deadline().is_some_and(|deadline| today <= deadline && *day > deadline);
    if let Some(advised) = view.advised().filter(after).filter(|_| view.state().is_chased()) {
        let day = near_date_weekday(advised, today);
        notes.push(format!("到期日为休息日，此前无工作日可办，请于其后首个工作日{day}办结"));
    }
    notes.extend(view.who_answers());
    let cooperate = &view.task().cooperate;
    if !cooperate.is_empty() {
        notes.push(format!("配合：{}", row(&ledger.short_names(cooperate))));
    }
    notes
}

fn alerts(view: &MatterView<'_>) -> Vec<String> {
    let date = |day: NaiveDate| near_date(day, view.day());
    let (one, Some(record)) = (view.assignment(), view.record()) else { return Vec::new() };
    let is_open = one.state.is_open();
    let mut alerts = Vec::new();
    if let Some((on, reason)) = view.claims().last().and_then(|claim| claim.returned.as_ref())
        && is_open
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
    if let Some(asked) = record.extension.as_ref().filter(|_| is_open) {
        alerts.push(format!("{}已申请延期至{}，正在审核", date(asked.on), date(asked.new_deadline)));
    }
    if let Some(extension) = view.extensions().last().filter(|_| is_open) {
        alerts.push(extension.told(view.day()));
    }
    if let Some((on, _)) = record.dispute.as_ref().filter(|_| is_open) {
        alerts.push(format!("{}提出的异议已收到，正在研究", date(*on)));
    }
    if let Some(verdict) = view.accepted() {
        let remark = verdict.remark.as_deref().map(|remark| format!("：{}", clean(remark)));
        alerts.push(format!("{}办结{}", date(verdict.on), remark.unwrap_or_default()));
    }
    alerts
}

/// Why no extension can be asked for; `None` where it can.
fn no_extension(view: &MatterView<'_>) -> Option<String> {
    let Some(deadline) = view.deadline() else {
        return Some("本事项没有完成时限，无须申请延期。".to_owned());
    };
    if view.task().fixed {
        Some("本事项时限不可延期。".to_owned())
    } else if view.expected().is_some() {
        Some("延期申请已提交，正在审核。".to_owned())
    } else if view.day() > deadline {
        let due = near_date(deadline, view.day());
        Some(format!("延期应在到期前申请，本事项已于{due}到期；请写明原因和预计完成时间。"))
    } else {
        None
    }
}
