//! What stands behind a date or a cadence without changing it: a time of day, a weekday, verbs, 并长期坚持.

use chrono::{Datelike as _, NaiveDate, Weekday};

use crate::calendar::zh::weekday_zh;
use crate::locale::message;

use super::reading::{Assumed, NotUnderstood};
use super::scan::Scan;
use super::undated::{event, goes_on};

const SEPARATORS: [&str; 8] = [",并", ";并", "、并", ",", ";", "、", "并", "。"];
const DAYS_OFF: [&str; 5] = ["遇法定节假日", "遇节假日", "遇休息日", "逢节假日", "节假日"];

/// Takes the words, brackets and joined remarks behind a date; `day` is that date, where it is one.
pub(super) fn behind(
    scan: &mut Scan<'_>,
    words: &[&str],
    day: Option<NaiveDate>,
    assumed: &mut Vec<Assumed>,
) -> Result<(), NotUnderstood> {
    loop {
        if scan.eat_any(words) || bracketed(scan, day, assumed)? || days_off(scan, assumed) {
            continue;
        }
        let mut ahead = *scan;
        if !ahead.eat_any(&SEPARATORS) {
            return Ok(());
        }
        if goes_on(ahead.0) {
            assumed.push(Assumed::GoesOnAfter);
            *scan = Scan("");
            return Ok(());
        }
        if !(ahead.eat_any(words) || days_off(&mut ahead, assumed)) {
            return Ok(());
        }
        *scan = ahead;
    }
}

/// `(星期五)`, `(含当日)`, `(遇节假日顺延)`, `(汛前)`, `(长期坚持)`.
fn bracketed(
    scan: &mut Scan<'_>,
    day: Option<NaiveDate>,
    assumed: &mut Vec<Assumed>,
) -> Result<bool, NotUnderstood> {
    let Some((within, rest)) = scan.0.strip_prefix('(').and_then(|text| text.split_once(')')) else {
        return Ok(false);
    };
    let mut inner = Scan(within);
    let mut told = Vec::new();
    let is_read = inner.eat_any(&["含当日", "含当天", "含本日", "含"])
        || day_of_week(&mut inner, day)?
        || days_off(&mut inner, &mut told)
        || event(&mut inner);
    if is_read && inner.is_empty() {
        assumed.append(&mut told);
    } else if goes_on(within) {
        assumed.push(Assumed::GoesOnAfter);
    } else {
        return Ok(false);
    }
    *scan = Scan(rest);
    Ok(true)
}

/// `遇节假日顺延`.
fn days_off(scan: &mut Scan<'_>, assumed: &mut Vec<Assumed>) -> bool {
    let mut ahead = *scan;
    ahead.eat("如");
    let found = ahead.eat_any(&DAYS_OFF)
        && ahead.eat_any(&["顺延", "自动顺延", "往后顺延", "向后顺延", "提前", "相应顺延"]);
    if found {
        assumed.push(Assumed::DaysOff);
        *scan = ahead;
    }
    found
}

/// A weekday that stands beside its date must be that date's.
pub(super) fn day_of_week(scan: &mut Scan<'_>, day: Option<NaiveDate>) -> Result<bool, NotUnderstood> {
    let mut ahead = *scan;
    if !ahead.eat_any(&["星期", "周", "礼拜"]) {
        return Ok(false);
    }
    let (Some(weekday), Some(day)) = (weekday(&mut ahead), day) else { return Ok(false) };
    if day.weekday() != weekday {
        let is = weekday_zh(day.weekday());
        let why = message("sheet-other-weekday").with("day", &day).with("is", &is);
        return Err(NotUnderstood::new(why, "the right day, or no weekday"));
    }
    *scan = ahead;
    Ok(true)
}

pub(super) fn weekday(scan: &mut Scan<'_>) -> Option<Weekday> {
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

/// Takes `上午`, `18:00`, `下午5时30分`, `24时`, `下班` with 前 behind it; the day counts whole.
pub(super) fn time_of_day(scan: &mut Scan<'_>, assumed: &mut Vec<Assumed>) -> Result<(), NotUnderstood> {
    let mut ahead = *scan;
    let part = ahead.eat_any(&["上午", "下午", "中午", "晚上", "晚", "早上", "早", "当日", "当天"]);
    let clock = clock(&mut ahead);
    let is_zero = clock.is_some_and(|hour| hour == 0);
    if is_zero && !part {
        return Err(NotUnderstood::new("0时 is the end of the day before", "that day, as 6月29日24时"));
    }
    let off_work = ahead.eat_any(&["下班时间", "下班时", "下班"]);
    if !part && clock.is_none() && !off_work {
        return Ok(());
    }
    ahead.eat_any(&["之前", "以前", "前", "止"]);
    assumed.push(Assumed::TimeOfDay);
    *scan = ahead;
    Ok(())
}

/// The hour of `18:00`, `17时30分`, `5点半`.
fn clock(scan: &mut Scan<'_>) -> Option<u32> {
    let mut ahead = *scan;
    let hour: u32 = ahead.digits(2)?.parse().ok().filter(|hour| *hour <= 24)?;
    let two = |ahead: &mut Scan<'_>| ahead.digits(2)?.parse::<u32>().ok().filter(|number| *number < 60);
    if ahead.eat(":") {
        two(&mut ahead)?;
        if ahead.eat(":") {
            two(&mut ahead)?;
        }
    } else if ahead.eat_any(&["时", "点"]) {
        let mut minutes = ahead;
        if !ahead.eat_any(&["整", "钟", "半"]) && two(&mut minutes).is_some() {
            minutes.eat("分");
            ahead = minutes;
        }
    } else {
        return None;
    }
    *scan = ahead;
    Some(hour)
}
