//! What a bulletin proposes: its title, the steps asked for, whom to name, and how figures are counted.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate};
use unicode_width::UnicodeWidthStr as _;

use super::from_ledger::{Known, Month};
use super::view::{Feedback, FeedbackState, ItemRow, Named, Proposals, UnitRow};
use crate::calendar::Period;
use crate::calendar::zh::date_zh;
use crate::domain::{Ledger, PlanState, UnitId};
use crate::matter::counted;
use crate::words::{clean, near_date, row};

/// Columns of half a character that a line of the title holds.
const TITLE_COLUMNS: usize = 38;
/// Most units proposed to be praised, or pressed.
const NAMED_MAX: usize = 3;
/// Most matters of the next month named one by one.
const NEXT_TOLD_MAX: usize = 4;

/// `关于2021年6月空气质量计划、水生态环境计划和土壤计划任务进展情况的通报`, in lines that end with a phrase.
pub(super) fn title(period: Period, subject: Option<&str>, shorts: &[&str]) -> Vec<String> {
    let plans = match (subject, shorts.split_last()) {
        (Some(subject), _) => clean(subject),
        (None, Some((last, rest))) if !rest.is_empty() => format!("{}和{}", row(rest), clean(last)),
        (None, Some((last, _))) => clean(last),
        (None, None) => String::new(),
    };
    lines(&format!("关于{}{plans}任务进展情况的通报", period.name_zh()))
}

/// Two lines where one is too short, broken where a phrase ends and both are of like length.
fn lines(title: &str) -> Vec<String> {
    if title.width() <= TITLE_COLUMNS {
        return vec![title.to_owned()];
    }
    let after = title.match_indices('、').map(|(at, mark)| at + mark.len());
    let before = ["和", "任务", "三个", "两个"]
        .into_iter()
        .flat_map(|word| title.match_indices(word).map(|(at, _)| at));
    let split = after.chain(before).filter_map(|at| title.split_at_checked(at));
    let best = split.min_by_key(|(head, tail)| head.width().max(tail.width()));
    best.map_or_else(|| vec![title.to_owned()], |(head, tail)| vec![head.to_owned(), tail.to_owned()])
}

/// 下步要求, from what is open, what comes next and who has not answered.
pub(super) fn requests(
    known: Known<'_>,
    plans: &[&PlanState],
    items: &[ItemRow],
    feedback: &Feedback,
    month: Month,
    dated: NaiveDate,
) -> Vec<String> {
    let mut requests = Vec::new();
    let unfinished: Vec<&ItemRow> = items.iter().filter(|row| row.unfinished).collect();
    let unplanned = unfinished.iter().any(|row| row.is_unplanned());
    let owing = [
        unplanned.then_some("未报下步措施"),
        (!feedback.missing.is_empty()).then_some("未反馈"),
        (!feedback.partly.is_empty()).then_some("反馈不全"),
    ];
    let owing: Vec<&str> = owing.into_iter().flatten().collect();
    let mut open = Vec::new();
    if !unfinished.is_empty() {
        open.push("到期未办结的抓紧办结，报送印证材料".to_owned());
    }
    if let Some((last, rest)) = owing.split_last() {
        let and = if rest.is_empty() { "" } else { "和" };
        open.push(format!("{}{and}{last}的，3个工作日内补报", rest.join("、")));
    }
    if !open.is_empty() {
        requests.push(format!("{}。", open.join("；")));
    }
    requests.extend(next_month(known, plans, month));
    let next = plans
        .iter()
        .filter_map(|plan| known.now.next_collection(plan))
        .map(|(_, dates)| dates.reply_by)
        .min();
    requests.extend(match feedback.reply_by.filter(|by| *by > month.last) {
        Some(by) => Some(format!("本月月调度请于{}前反馈。", near_date(by, dated))),
        None => next.map(|by| format!("下次月调度请于{}前反馈。", near_date(by, dated))),
    });
    let numbers = ["一", "二", "三"];
    numbers.iter().zip(requests).map(|(number, text)| format!("（{number}）{text}")).collect()
}

/// What falls due in the month after, as the annex has it: what became of it since the month's end is the next
/// bulletin's. Only of what opened since nothing else is known.
fn next_month(known: Known<'_>, plans: &[&PlanState], month: Month) -> Option<String> {
    let from = month.last.checked_add_days(Days::new(1))?;
    let next = Period::Month { year: from.year(), month: u8::try_from(from.month()).ok()? };
    let until = next.last()?;
    let opened_since = counted(known.now, month.last)
        .into_iter()
        .filter(|matter| matter.in_ledger(known.then, month.last).is_none());
    let due: Vec<_> = counted(known.then, month.last)
        .into_iter()
        .chain(opened_since)
        .filter(|matter| plans.iter().any(|plan| plan.head.id == matter.plan().id))
        .filter(|matter| matter.state().is_chased() && matter.assignment().course.chased)
        .filter(|matter| matter.deadline().is_some_and(|day| from <= day && day <= until))
        .collect();
    let name = next.name_zh();
    let name = name.strip_prefix(&format!("{}年", month.last.year())).unwrap_or(&name);
    if due.is_empty() {
        return None;
    }
    let units = short_names(known.now, due.iter().map(|matter| matter.unit_id().clone()));
    if due.len() > NEXT_TOLD_MAX {
        return Some(format!("盯紧{name}到期的{}项（{}）。", due.len(), row(&units)));
    }
    // A unit once, with all its matters; whoever leads together stands together.
    let mut told: Vec<(String, String)> = Vec::new();
    for matter in &due {
        let (lead, title) = (matter.leads().join("、"), format!("“{}”", matter.title(until)));
        match told.iter_mut().find(|(known, _)| *known == lead) {
            Some((_, titles)) if titles.contains(&title) => {}
            Some((_, titles)) => titles.push_str(&title),
            None => told.push((lead, title)),
        }
    }
    let told: Vec<String> = told.into_iter().map(|(lead, titles)| format!("{lead}{titles}")).collect();
    Some(format!("盯紧{name}到期的{}项：{}。", due.len(), told.join("，")))
}

/// Whom the figures would name.
pub(super) fn proposals(units: &[UnitRow]) -> Proposals {
    let mut good: Vec<&UnitRow> = units
        .iter()
        .filter(|row| {
            row.totals.on_time > 0
                && row.totals.on_time == row.totals.due()
                && row.feedback != FeedbackState::Missing
        })
        .collect();
    good.sort_by_key(|row| std::cmp::Reverse(row.totals.on_time));
    let mut behind: Vec<&UnitRow> = units
        .iter()
        .filter(|row| row.totals.unfinished > 0 || row.feedback == FeedbackState::Missing)
        .collect();
    behind.sort_by_key(|row| {
        std::cmp::Reverse((row.totals.unfinished, row.feedback == FeedbackState::Missing))
    });
    let praised = good.into_iter().take(NAMED_MAX).map(|row| Named {
        unit: row.unit.clone(),
        ground: format!("应办结{}项，全部按期办结", row.totals.due()),
    });
    let lagging = behind.into_iter().take(NAMED_MAX).map(|row| {
        let unfinished =
            (row.totals.unfinished > 0).then(|| format!("到期未办结{}项", row.totals.unfinished));
        let silent = (row.feedback == FeedbackState::Missing).then(|| "月调度未反馈".to_owned());
        let ground: Vec<String> = unfinished.into_iter().chain(silent).collect();
        Named { unit: row.unit.clone(), ground: ground.join("，") }
    });
    Proposals { settled: false, praised: praised.collect(), lagging: lagging.collect() }
}

/// How figures are counted.
pub(super) fn rules(known: Known<'_>, month: Month) -> Vec<String> {
    let rules = known.now.light_rules();
    vec![
        format!(
            "数据由督办台账生成，截至{}24时；其后补录而发生在此前的，计入本期；进展、问题和措施取此时的最近一次反馈。",
            date_zh(month.last)
        ),
        "一个事项由多个单位分别反馈的，按单位分别计数；月调度、错峰提示和力争完成的事项不计应办结。".to_owned(),
        "本期应办结＝本月到期＋前期到期而月初尚未办结（结转）；办结率＝其中已办结÷本期应办结；按期办结率＝其中按期办结÷本期应办结。".to_owned(),
        "按期：以审核通过的那次申请办结之日（未申请的，以办公室认定的完成日）不晚于原定时限或批准延期后的时限为准，审核用时不计。".to_owned(),
        "已申请办结、尚在审核的，计为待审核，不计办结，也不计到期未办结。".to_owned(),
        format!(
            "红：过时限未申请办结；黄：距时限{}天以内（总时长{}天以内的，余三分之一时）、长期事项月调度未反馈，或当月迟办；绿：正常；蓝：待审核；灰：长期、暂停。",
            rules.yellow_days, rules.short_clock_days
        ),
    ]
}

/// Short names of units, each once, in the order of lists.
pub(super) fn short_names(ledger: &Ledger, units: impl Iterator<Item = UnitId>) -> Vec<String> {
    let key = |id: &UnitId| ledger.unit(id).map(|state| state.unit.sort_key.clone()).unwrap_or_default();
    let units: BTreeSet<(String, UnitId)> = units.map(|id| (key(&id), id)).collect();
    ledger.short_names(&units.into_iter().map(|(_, id)| id).collect::<Vec<_>>())
}
