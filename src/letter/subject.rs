//! Subjects: the news first, with counts and the nearest date; never longer than a mailbox shows.

use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

use super::acts::{Acknowledged, Acted, Reviewed};
use super::daily::{Ask, Asked, Daily, Section};
use super::person::{Escalation, Returned};
use super::release::Released;
use super::words::{clean, near_date};
use crate::domain::{AdoptionTold, LeaderPage};

/// Longest subject, in columns of which a Chinese character takes two.
pub(super) const SUBJECT_COLUMNS_MAX: usize = 80;

/// `任务告知：牵头23项、配合8项，最近5月31日到期（阳政办发〔2021〕41号）`.
pub(super) fn adoption(told: &AdoptionTold, today: NaiveDate, day: Option<&Asked>) -> String {
    let mut counts = Vec::new();
    if told.led > 0 {
        counts.push(format!("牵头{}项", told.led));
    }
    if told.cooperating > 0 {
        counts.push(format!("配合{}项", told.cooperating));
    }
    let rest = match day {
        Some(day) if day.overdue > 0 => format!("，另有超期{}项", day.overdue),
        Some(day) => rest(&day.sections),
        None => String::new(),
    };
    let mut documents: Vec<String> = Vec::new();
    for plan in &told.plans {
        let name = clean(plan.document_number.as_deref().unwrap_or(&plan.short));
        if !documents.contains(&name) {
            documents.push(name);
        }
    }
    let nearest = told.soon.iter().filter_map(|matter| matter.deadline).min();
    let nearest = nearest.map(|date| match (date - today).num_days() {
        0 => "，今日到期".to_owned(),
        _ => format!("，最近{}到期", near_date(date, today)),
    });
    let lead = format!("任务告知：{}{}", counts.join("、"), nearest.unwrap_or_default());
    fit(&lead, ("（", "）"), &documents, &rest)
}

/// The most urgent section's news, then a count of the rest.
pub(super) fn daily(view: &Daily) -> String {
    let Some((first, others)) = view.day.sections.split_first() else {
        return format!("工作提醒〔{}〕", view.frame.number);
    };
    let (news, tag) = news(first);
    let brackets = if first.ask == Ask::Collection { ("（", "）") } else { ("：", "") };
    fit(&news, brackets, &first.heads, &format!("{}〔{tag}〕", rest(others)))
}

/// `，另4项及6月月调度`; `；另6月30日到期3项` where one day holds for all the rest.
fn rest(sections: &[Section]) -> String {
    let points: usize = sections.iter().filter(|s| s.ask != Ask::Collection).map(|s| s.count).sum();
    let round = sections.iter().find_map(|section| section.round.as_ref());
    let mut dated = sections.iter().filter(|section| section.ask != Ask::Collection);
    let alike = match (dated.next(), dated.next()) {
        (Some(one), None) if matches!(one.ask, Ask::Today | Ask::Report | Ask::Due) => Some(news(one).0),
        (..) => None,
    };
    if let Some(alike) = alike {
        return round.map_or_else(|| format!("；另{alike}"), |round| format!("；另{alike}及{}", round.name));
    }
    match (points, round) {
        (0, None) => String::new(),
        (0, Some(round)) => format!("，另有{}", round.name),
        (points, None) => format!("，另{points}项"),
        (points, Some(round)) => format!("，另{points}项及{}", round.name),
    }
}

fn news(section: &Section) -> (String, &'static str) {
    let count = section.count;
    let by = section.by.as_deref().unwrap_or("月底");
    match section.ask {
        Ask::Changed => {
            let tag = section.tag.unwrap_or("事项调整");
            (format!("{count}项{tag}"), tag)
        }
        Ask::Overdue => {
            let longest = section
                .by
                .as_deref()
                .map(|days| if count > 1 { format!("（最长{days}）") } else { format!("（{days}）") });
            (format!("超期{count}项{}", longest.unwrap_or_default()), "催办")
        }
        Ask::Today => (format!("今日到期{count}项"), "到期提醒"),
        Ask::Report => {
            let by = section.report.as_ref().map_or_else(
                || "尽快".to_owned(),
                |day| match day.days {
                    ..0 => "请尽快".to_owned(),
                    0 => "今日".to_owned(),
                    1.. => format!("请于{}前", day.short),
                },
            );
            (format!("{by}反馈办理情况{count}项"), "督办")
        }
        Ask::Due => (format!("{by}到期{count}项"), "到期提醒"),
        Ask::Notice => (format!("新开始{count}项"), "启动告知"),
        Ask::Avoid => (format!("须避开的时段{count}项"), "时段提示"),
        Ask::Collection => {
            let asked = section.round.as_ref().map_or(count, |round| round.asked);
            let name = section.round.as_ref().map_or("月调度", |round| round.name.as_str());
            let past = section.round.as_ref().is_some_and(|round| round.past);
            let when = if past { "尽快".to_owned() } else { format!("于{by}前") };
            (format!("{name}：请{when}反馈{asked}项"), "月调度")
        }
        Ask::Supervision => (format!("提请督查：超期未办结{count}项"), "督查"),
    }
}

/// `市生态环境局阳城分局超期2项：A、B〔提请督促〕`.
pub(super) fn escalation(view: &Escalation) -> String {
    let titles: Vec<String> = view.points.iter().map(|point| point.title.clone()).collect();
    fit(&format!("{}超期{}项", view.unit, view.count), ("：", ""), &titles, "〔提请督促〕")
}

/// `分管单位红黄灯事项：红灯2项、黄灯3项〔请阅〕`.
pub(super) fn page(page: &LeaderPage) -> String {
    let lights = [("红灯", page.red), ("黄灯", page.yellow)];
    let lit = lights.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}{count}项"));
    format!("分管单位红黄灯事项：{}〔请阅〕", lit.collect::<Vec<_>>().join("、"))
}

/// `办结申请退回：A，请于7月15日前重报〔退回〕`.
pub(super) fn returned(view: &Returned) -> String {
    let titles: Vec<String> = view.points.iter().map(|point| point.title.clone()).collect();
    let by = match &view.deadline {
        _ if !view.answers => String::new(),
        Some(deadline) if deadline.days >= 0 => format!("，请于{}前重报", deadline.short),
        _ => "，请尽快重报".to_owned(),
    };
    fit("办结申请退回", ("：", ""), &titles, &format!("{by}〔退回〕"))
}

/// `催办2项：A、B`, `延期批准：A，现定7月31日`, `交办：A，请于7月2日前办结`.
pub(super) fn act(view: &Acted) -> String {
    let titles: Vec<String> = view.points.iter().map(|point| point.title.clone()).collect();
    let count = if view.count > 1 { format!("{}项", view.count) } else { String::new() };
    let by = view.deadline.as_ref().filter(|deadline| deadline.days >= 0).map(|deadline| &deadline.short);
    let until = |what: &str| by.map_or_else(String::new, |day| format!("，请于{day}前{what}"));
    let (lead, tail) = match view.act {
        "assigned" => ("交办", until("办结") + "〔督办〕"),
        "reopened" => ("需重新办理", until(if view.answers { "重报" } else { "办结" }) + "〔回头看〕"),
        "extension-granted" => {
            ("延期批准", by.map_or_else(String::new, |day| format!("，现定{day}")) + "〔批复〕")
        }
        "extension-refused" => {
            ("延期未批准", by.map_or_else(String::new, |day| format!("，仍为{day}")) + "〔批复〕")
        }
        "dispute-settled" => ("异议答复", "〔答复〕".to_owned()),
        _ => ("请抓紧办理", "〔催办〕".to_owned()),
    };
    fit(&format!("{lead}{count}"), ("：", ""), &titles, &tail)
}

/// `已收到：A、B〔回执R2021-0628-03〕`.
pub(super) fn receipt(view: &Acknowledged) -> String {
    let titles: Vec<String> = view.points.iter().map(|point| point.title.clone()).collect();
    let count = if view.count > 1 { format!("{}项", view.count) } else { String::new() };
    fit(&format!("已收到反馈{count}"), ("：", ""), &titles, &format!("〔回执{}〕", view.receipt))
}

/// `待审核3项（最长5天）：A、B`.
pub(super) fn review(view: &Reviewed) -> String {
    let titles: Vec<String> = view.points.iter().map(|point| point.title.clone()).collect();
    let longest = if view.longest > 1 { format!("（最长{}天）", view.longest) } else { String::new() };
    fit(&format!("待审核{}项{longest}", view.count), ("：", ""), &titles, "〔审核〕")
}

pub(super) fn release(view: &Released) -> String {
    let lapsed = (!view.lapsed.is_empty()).then(|| format!("{}件督办函未放行，没有发出", view.lapsed.len()));
    let until = view.until.as_ref().map(|until| format!("（{until}前）")).unwrap_or_default();
    let waits = (!view.waits.is_empty()).then(|| format!("{}件督办函待放行{until}", view.waits.len()));
    let parts: Vec<String> = lapsed.into_iter().chain(waits).collect();
    format!("{}〔放行〕", parts.join("；"))
}

/// `lead`, then as many whole names as fit between `open` and `close`, then `tail`;
/// 等 where some are left out, no brackets where all are.
fn fit(lead: &str, (open, close): (&str, &str), names: &[String], tail: &str) -> String {
    const ET_CETERA: &str = "等";
    let taken = lead.width() + open.width() + close.width() + tail.width();
    let room = SUBJECT_COLUMNS_MAX.saturating_sub(taken);
    let mut listed = String::new();
    let mut left = names.len();
    for name in names {
        let comma = if listed.is_empty() { "" } else { "、" };
        let etc = if left > 1 { ET_CETERA } else { "" };
        if listed.width() + comma.width() + name.width() + etc.width() > room {
            break;
        }
        listed.push_str(comma);
        listed.push_str(name);
        left -= 1;
    }
    if listed.is_empty() {
        return format!("{lead}{tail}");
    }
    let etc = if left > 0 { ET_CETERA } else { "" };
    format!("{lead}{open}{listed}{etc}{close}{tail}")
}
