//! Cadence words: 每季度, 按月, 每周五, 每月25日前, 每年度结束后10日内.

use chrono::{Datelike as _, Weekday};

use crate::calendar::{Cadence, MonthDay, On, Recurrence};

use super::date::{Grain, Scan, said};
use super::due::{NotUnderstood, not};

/// A cadence whose day is still to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cadenced(Cadence);

const WORDS: [(Cadence, &[&str]); 6] = [
    (Cadence::Workday, &["每个工作日", "每工作日", "按工作日"]),
    (Cadence::Day, &["每日", "每天", "按日", "逐日"]),
    (Cadence::Week, &["每个星期", "每星期", "每周", "按周", "逐周"]),
    (Cadence::Month, &["每个月", "每1个月", "每月度", "每月", "按月度", "按月", "逐月"]),
    (Cadence::Quarter, &["每个季度", "每1季度", "每季度", "按季度", "每季", "按季", "逐季"]),
    (Cadence::Year, &["每年度", "每1年", "每年", "按年度", "按年"]),
];

/// What a duty may be called behind its cadence without changing it.
const VERBS: [&str; 19] = [
    "至少",
    "不少于",
    "组织",
    "开展",
    "报送",
    "报告",
    "调度",
    "监测",
    "检查",
    "上报",
    "反馈",
    "更新",
    "进行",
    "通报",
    "1次",
    "完成",
    "专项",
    ",",
    "、",
];

/// Takes a cadence off the beginning; nothing where there is none.
pub(super) fn cadenced(scan: &mut Scan<'_>) -> Option<Result<Cadenced, NotUnderstood>> {
    let unknown = ["每半年", "每两", "每2", "每3", "每双", "每旬", "每半月", "每隔"];
    if unknown.iter().any(|word| scan.0.starts_with(word)) {
        return Some(Err(not(
            "no such cadence: day, week, month, quarter and year are known",
            "a row for each date, as 6月底前 and 12月底前",
        )));
    }
    let (cadence, _) = WORDS.iter().find(|(_, words)| scan.eat_any(words))?;
    Some(Ok(Cadenced(*cadence)))
}

impl Cadenced {
    pub(super) fn is_yearly(self) -> bool {
        self.0 == Cadence::Year
    }

    /// The day of the period, and the words behind it.
    pub(super) fn on_day(self, scan: &mut Scan<'_>) -> Result<Recurrence, NotUnderstood> {
        let every = self.0;
        let on = match every {
            Cadence::Day | Cadence::Workday => None,
            Cadence::Week => weekday(scan).map(On::Weekday),
            Cadence::Month => {
                scan.counted(&["日", "号"]).map(day).transpose()?.map(On::DayOfMonth).or_else(|| end(scan))
            }
            Cadence::Quarter => quarter_day(scan)?.or_else(|| end(scan)),
            Cadence::Year => year_day(scan)?.or_else(|| end(scan)),
        };
        if on.is_some() {
            scan.eat_any(&["之前", "以前", "前"]);
        }
        let due_after_days = if on.is_none() { after(scan)? } else { None };
        while scan.eat_any(&VERBS) {}
        // The last day is due anyway: `每季度末` says no more than `每季度`.
        let on = on.filter(|on| *on != On::Last);
        Ok(Recurrence { on, due_after_days, ..Recurrence::of(every) })
    }
}

fn end(scan: &mut Scan<'_>) -> Option<On> {
    scan.eat_any(&["年底", "年末", "底", "末"]).then_some(On::Last)
}

fn day(number: u32) -> Result<u8, NotUnderstood> {
    let day = u8::try_from(number).ok().filter(|day| (1..=31).contains(day));
    day.ok_or_else(|| not("no month has such a day", "每月25日前"))
}

fn weekday(scan: &mut Scan<'_>) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 8] = [
        ("一", Weekday::Mon),
        ("二", Weekday::Tue),
        ("三", Weekday::Wed),
        ("四", Weekday::Thu),
        ("五", Weekday::Fri),
        ("六", Weekday::Sat),
        ("日", Weekday::Sun),
        ("天", Weekday::Sun),
    ];
    DAYS.into_iter().find(|(word, _)| scan.eat(word)).map(|(_, day)| day)
}

/// `末月20日`, `首月10日`, `第2个月15日`.
fn quarter_day(scan: &mut Scan<'_>) -> Result<Option<On>, NotUnderstood> {
    const MONTHS: [(&str, u8); 7] = [
        ("首月", 1),
        ("第1个月", 1),
        ("第2个月", 2),
        ("次月", 2),
        ("第3个月", 3),
        ("最后1个月", 3),
        ("末月", 3),
    ];
    let Some((_, month)) = MONTHS.into_iter().find(|(word, _)| scan.eat(word)) else { return Ok(None) };
    if scan.eat_any(&["底", "末"]) {
        return Ok(Some(if month == 3 { On::Last } else { On::QuarterDay { month, day: 31 } }));
    }
    let number = scan.counted(&["日", "号"]).ok_or_else(|| not("on which day?", "每季度末月20日前"))?;
    Ok(Some(On::QuarterDay { month, day: day(number)? }))
}

/// `6月30日`, `6月底`.
fn year_day(scan: &mut Scan<'_>) -> Result<Option<On>, NotUnderstood> {
    /// A leap year: it has every day that a year can have.
    const ANY_YEAR: i32 = 2000;
    let mut ahead = *scan;
    let Some(date) = said(&mut ahead, None).filter(|date| date.year.is_none()) else { return Ok(None) };
    let dated = match date.grain {
        Grain::Day | Grain::Month { says_end: true } | Grain::Quarter { says_end: true } => {
            date.last(ANY_YEAR)
        }
        Grain::Year { .. } => return Ok(None),
        Grain::Month { .. } | Grain::Quarter { .. } | Grain::Ten { .. } | Grain::Half => {
            return Err(not("on which day of the year?", "每年6月30日前, 每年6月底前"));
        }
    };
    let dated = dated.ok_or_else(|| not("the calendar has no such day", "每年6月30日前"))?;
    *scan = ahead;
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    Ok(Some(On::YearDay(MonthDay { month: small(dated.month()), day: small(dated.day()) })))
}

/// `结束后10日内`.
fn after(scan: &mut Scan<'_>) -> Result<Option<u16>, NotUnderstood> {
    let mut ahead = *scan;
    ahead.eat_any(&["度", "末"]);
    if !ahead.eat_any(&["结束后", "终了后", "后", "过后"]) {
        return Ok(None);
    }
    let days = ahead.counted(&["个自然日", "日", "天"]);
    let days = days.and_then(|days| u16::try_from(days).ok()).filter(|days| *days <= 366);
    let days = days.ok_or_else(|| not("how many days after?", "每年度结束后10日内"))?;
    ahead.eat_any(&["之内", "以内", "内"]);
    *scan = ahead;
    Ok(Some(days))
}
