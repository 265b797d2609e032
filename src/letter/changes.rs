//! What has changed of a matter since its unit was told: what was, what is, by which paper, why.

use chrono::NaiveDate;

use super::view::Pen;
use super::words::{clean, due_brief, row};
use crate::domain::changes::Difference;
use crate::domain::{Changed, Item, Task};

/// What changes of these items are called together.
pub(super) fn tag<'i>(items: impl Iterator<Item = &'i Item>) -> &'static str {
    let mut tags: Vec<&'static str> = items
        .flat_map(|item| &item.changed)
        .flat_map(|changed| &changed.differences)
        .map(|difference| match difference {
            Difference::Deadline { .. } | Difference::Due { .. } | Difference::Firmness => "时限调整",
            Difference::Lead { .. } | Difference::LeadsNow { .. } | Difference::LeadsNoMore { .. } => {
                "牵头调整"
            }
            Difference::Title { .. }
            | Difference::Text { .. }
            | Difference::Standard
            | Difference::Evidence => "内容调整",
            Difference::Accepted { .. } => "办结告知",
            Difference::Withdrawn | Difference::Closed => "不再督办",
        })
        .collect();
    tags.dedup();
    match tags.as_slice() {
        [one] => one,
        [] | [_, ..] => "事项调整",
    }
}

/// A title for the subject: `黑臭水体整治改为7月16日前`, where the date alone has moved.
pub(super) fn head(pen: Pen, item: &Item) -> String {
    let title = pen.item_title(item);
    let differences = item.changed.as_ref().map(|changed| changed.differences.as_slice());
    match (differences, item.deadline) {
        (Some([Difference::Deadline { .. }]), Some(now)) => format!("{title}改为{}前", pen.date(now)),
        _ => title,
    }
}

/// The clauses of a point that tells a change.
pub(super) fn notes(pen: Pen, item: &Item, changed: &Changed) -> Vec<String> {
    let mut notes = differences(pen, item, changed);
    if let Some(deadline) = item.deadline.filter(|day| item.chased && *day <= pen.day && !changed.is_gone()) {
        notes.push(match &item.task {
            // 力争: never overdue
            Some(task) if task.target => pen.due(deadline, task),
            _ if deadline == pen.day => "今日到期".to_owned(),
            _ => pen.overdue(deadline),
        });
    }
    if !changed.is_gone() {
        notes.extend(pen.circumstances(&Item { original_deadline: None, ..item.clone() }));
    }
    notes.extend(why(changed));
    notes
}

/// The same for a point that stands in its letter for another reason: only what has changed, and why.
pub(super) fn clauses(pen: Pen, item: &Item, changed: &Changed) -> Vec<String> {
    differences(pen, item, changed).into_iter().chain(why(changed)).collect()
}

fn differences(pen: Pen, item: &Item, changed: &Changed) -> Vec<String> {
    let extended = changed.extended.as_deref();
    changed.differences.iter().filter_map(|difference| said(pen, item, difference, extended)).collect()
}

/// By which paper, and why.
fn why(changed: &Changed) -> Vec<String> {
    let told = |name: &str, words: &[String]| {
        let words: Vec<String> = words.iter().map(|words| clean(words)).collect();
        (!words.is_empty()).then(|| format!("{name}：{}", words.join("、")))
    };
    [told("依据", &changed.grounds), told("原因", &changed.reasons)].into_iter().flatten().collect()
}

fn said(pen: Pen, item: &Item, difference: &Difference, extended: Option<&str>) -> Option<String> {
    let task = item.task.as_deref()?;
    Some(match difference {
        Difference::Deadline { was, original } => deadline(pen, item, (*was, *original), extended),
        Difference::Due { was } => {
            let before = Task { due: was.clone(), ..task.clone() };
            let words = |task: &Task| due_brief(&item.plan, task, pen.day);
            format!("时限原为{}，现为{}", words(&before), words(task))
        }
        Difference::Firmness if task.fixed => "时限不可延期".to_owned(),
        Difference::Firmness if task.target => "现为力争完成".to_owned(),
        Difference::Firmness => "时限须按期完成".to_owned(),
        Difference::Lead { was } if *was == item.leads => return None,
        Difference::Lead { was } => format!("牵头单位由{}改为{}", row(was), row(&item.leads)),
        Difference::LeadsNow { was } => format!("改由{}牵头（原由{}牵头）", row(&item.leads), row(was)),
        Difference::LeadsNoMore { now } if now.is_empty() => "不再由你单位牵头".to_owned(),
        Difference::LeadsNoMore { now } => format!("改由{}牵头，你单位不再牵头", row(now)),
        Difference::Title { was } => format!("原题“{}”", clean(was)),
        Difference::Text { was } => format!("原文“{}”，现为“{}”", clean(was), clean(words(task))),
        Difference::Standard => match &task.standard {
            Some(standard) => format!("完成标准改为：{}", clean(standard)),
            None => "不再另定完成标准".to_owned(),
        },
        Difference::Evidence => match &task.evidence {
            Some(evidence) => format!("印证材料改为：{}", clean(evidence)),
            None => "不再另定印证材料".to_owned(),
        },
        Difference::Accepted { on, remark } => {
            let remark = remark.as_deref().map(|remark| format!("（审核意见：{}）", clean(remark)));
            format!("{}审核办结{}，无须再反馈", pen.date(*on), remark.unwrap_or_default())
        }
        Difference::Withdrawn => "不再督办".to_owned(),
        Difference::Closed => format!("{}已结束督办", clean(&item.plan.short)),
    })
}

/// `原定6月30日，现定7月16日（星期五）`; moved before, with the date that its unit was told last: `原定6月30日，
/// 此前定为7月16日，现定7月30日（星期五）`.
///
/// A date that was granted since stands with its own paper: `原定6月30日，调整为7月16日，又经批准延至7月30日（星期五）（9号）`.
fn deadline(
    pen: Pen,
    item: &Item,
    (was, original): (Option<NaiveDate>, Option<NaiveDate>),
    extended: Option<&str>,
) -> String {
    let date = |words: &str, day: NaiveDate| format!("{words}{}", pen.date(day));
    let before = match (original, was) {
        (Some(original), Some(was)) if original != was => {
            format!("{}，{}", date("原定", original), date("此前定为", was))
        }
        (Some(original), _) => date("原定", original),
        (None, Some(was)) => date("此前定为", was),
        (None, None) => "原无固定时限".to_owned(),
    };
    let Some(now) = item.deadline else { return format!("{before}，现不定时限") };
    let advised = item.advised.filter(|day| *day < now && *day >= pen.day);
    let advised = advised.map(|day| format!("（逢休息日，建议最迟{}办结）", pen.date_weekday(day)));
    let now = format!("{}{}", pen.date_weekday(now), advised.unwrap_or_default());
    let Some(paper) = extended else { return format!("{before}，现定{now}") };
    let moved = item.task.as_ref().and_then(|task| task.due.one_off_deadline());
    let moved = moved.filter(|moved| Some(*moved) != was.or(original)).map(|moved| date("，调整为", moved));
    format!("{before}{}，又经批准延至{now}（{}）", moved.unwrap_or_default(), clean(paper))
}

fn words(task: &Task) -> &str {
    task.reading.as_deref().unwrap_or(&task.text)
}
