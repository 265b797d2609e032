//! Two dates as a window: `5-9月`, `三、四季度`, `2021-2025年`, `10月1日至次年3月31日`, `全年`.

use chrono::NaiveDate;

use super::date::{Grain, WrittenDate, date, five_years};
use super::scan::Scan;

const TO: [&str; 3] = ["至", "到", "-"];
/// A leap year: it has every day that a year can have.
const ANY_YEAR: i32 = 2000;

type Dates = (WrittenDate, WrittenDate);

/// First and last of a range; 次年 counts from the first one's year.
pub(super) fn days_between(scan: &mut Scan<'_>, year: Option<i32>) -> Option<Dates> {
    for reader in [two_dates, months, quarters, years, days_of_a_month] {
        let mut ahead = *scan;
        if let Some(found) = reader(&mut ahead, year) {
            *scan = ahead;
            return Some(found);
        }
    }
    None
}

/// `全年`, `2021年全年`, `十四五期间`.
pub(super) fn whole_years(scan: &mut Scan<'_>, this: Option<i32>) -> Option<Dates> {
    let mut ahead = *scan;
    let first_and_last = five_years(&mut ahead).filter(|_| ahead.eat_any(&["期间", "时期"]));
    if let Some((first, last)) = first_and_last {
        *scan = ahead;
        return Some((WrittenDate::of_year(Some(first), false), WrittenDate::of_year(Some(last), false)));
    }
    ahead = *scan;
    let named = date(&mut ahead, this).filter(|date| matches!(date.grain, Grain::Year { says_end: false }));
    if named.is_none() {
        ahead = *scan;
    }
    if !ahead.eat("全年") {
        return None;
    }
    *scan = ahead;
    let year = WrittenDate::of_year(named.and_then(|date| date.year), false);
    Some((year, year))
}

/// `5-9月`, `10月1日至次年3月31日` of every year.
pub(super) fn yearly_window(scan: &mut Scan<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let mut ahead = *scan;
    let (first, last) = days_between(&mut ahead, Some(ANY_YEAR)).filter(|(first, _)| first.year.is_none())?;
    let days = first.first(ANY_YEAR).zip(last.last(ANY_YEAR))?;
    *scan = ahead;
    Some(days)
}

/// `2021年9月-2022年3月`, `10月1日起至次年3月31日`, `6月1日-15日`.
fn two_dates(scan: &mut Scan<'_>, year: Option<i32>) -> Option<Dates> {
    let first = date(scan, year)?;
    if !scan.eat_any(&TO) && !scan.eat_any(&["起至", "起到", "起-", "开始至", "开始到"]) {
        return None;
    }
    let mut day = *scan;
    if first.grain == Grain::Day
        && let Some(number) = day.counted(&["日", "号"])
    {
        *scan = day;
        return Some((first, WrittenDate { day: number, ..first }));
    }
    Some((first, last(scan, first.year, year)?))
}

/// The range's end; without a year anywhere, the next year is as far as 次年 goes.
fn last(scan: &mut Scan<'_>, first: Option<i32>, year: Option<i32>) -> Option<WrittenDate> {
    let last = date(scan, first.or(year).or(Some(ANY_YEAR)))?;
    let is_guessed = last.year == Some(ANY_YEAR + 1) && first.or(year).is_none();
    Some(if is_guessed { WrittenDate { year: None, ..last } } else { last })
}

fn named_year(scan: &mut Scan<'_>) -> Option<i32> {
    let year = scan.counted(&["年度", "年"])?;
    i32::try_from(year).ok().filter(|year| (1990..2100).contains(year))
}

/// Whether the second follows: `至`, or `、` between neighbours.
fn joined(scan: &mut Scan<'_>) -> Option<bool> {
    if scan.eat_any(&TO) {
        return Some(false);
    }
    scan.eat_any(&["、", "和", "及"]).then_some(true)
}

/// `5-9月`: the month's word stands behind the second only.
fn months(scan: &mut Scan<'_>, _: Option<i32>) -> Option<Dates> {
    let own = named_year(scan);
    let month = scan.small_number()?;
    let neighbours = joined(scan)?;
    let numeral = scan.small_number();
    let end = match numeral {
        Some(end) if scan.eat_any(&["月份", "月"]) => end,
        _ => return None,
    };
    if neighbours && end != month + 1 {
        return None;
    }
    let of = |month, grain| WrittenDate { year: own, month, day: 1, grain };
    let first = of(month, Grain::Month { says_end: false });
    let mut day = *scan;
    let last = match day.counted(&["日", "号"]) {
        Some(number) => {
            *scan = day;
            WrittenDate { day: number, ..of(end, Grain::Day) }
        }
        None => of(end, Grain::Month { says_end: scan.eat_any(&["底", "末"]) }),
    };
    Some((first, last))
}

/// `3-4季度`, `一、二季度`, `三四季度`.
fn quarters(scan: &mut Scan<'_>, _: Option<i32>) -> Option<Dates> {
    let own = named_year(scan);
    scan.eat("第");
    let (first, last) = neighbours(scan).or_else(|| {
        let first = scan.small_number()?;
        let neighbours = joined(scan)?;
        scan.eat("第");
        let last = scan.small_number()?;
        (!neighbours || last == first + 1).then_some((first, last))
    })?;
    let is_known = (1..=4).contains(&first) && (1..=4).contains(&last);
    if !is_known || !scan.eat_any(&["季度", "季"]) {
        return None;
    }
    let says_end = scan.eat_any(&["底", "末"]);
    Some((WrittenDate::of_quarter(own, first, false), WrittenDate::of_quarter(own, last, says_end)))
}

/// `三四季度`, whose numerals became `34`.
fn neighbours(scan: &mut Scan<'_>) -> Option<(u32, u32)> {
    [("12", 1), ("23", 2), ("34", 3)].into_iter().find(|(word, _)| scan.eat(word)).map(|(_, at)| (at, at + 1))
}

/// `2021-2025年`.
fn years(scan: &mut Scan<'_>, _: Option<i32>) -> Option<Dates> {
    let first = scan.digits(4)?.parse().ok().filter(|year| (1990..2100).contains(year))?;
    scan.eat_any(&TO).then_some(())?;
    let last = named_year(scan)?;
    let says_end = scan.eat_any(&["底", "末"]);
    Some((WrittenDate::of_year(Some(first), false), WrittenDate::of_year(Some(last), says_end)))
}

/// `6月1-15日`.
fn days_of_a_month(scan: &mut Scan<'_>, _: Option<i32>) -> Option<Dates> {
    let year = named_year(scan);
    let month = scan.counted(&["月"])?;
    let day = |day| WrittenDate { year, month, day, grain: Grain::Day };
    let first = scan.digits(2)?.parse().ok()?;
    scan.eat_any(&TO).then_some(())?;
    Some((day(first), day(scan.counted(&["日", "号"])?)))
}
