//! Days off by law, known without a year's notice: 全国年节及纪念日放假办法, as revised at the end of 1999
//! (in force for 2000), 2007, 2013 and 2024.
//!
//! The notice of a year only moves days around them (调休); what stands here is off in any case.

use chrono::{Datelike as _, NaiveDate};
use icu_calendar::Date;
use icu_calendar::types::Month;

use super::{ahead, back};

/// The statutory days off of a year, in order. Of a year outside 2000 to 2099 those at fixed dates alone.
#[must_use]
pub fn days(year: i32) -> Vec<(NaiveDate, &'static str)> {
    let fixed = |month, day, days| run(NaiveDate::from_ymd_opt(year, month, day), days);
    let labour_days = match year {
        ..2008 => 3,
        2008..2025 => 1,
        2025.. => 2,
    };
    let mut off = Vec::new();
    let mut add = |days: Vec<NaiveDate>, name| off.extend(days.into_iter().map(|day| (day, name)));
    add(fixed(1, 1, 1), "元旦");
    add(fixed(5, 1, labour_days), "劳动节");
    add(fixed(10, 1, 3), "国庆节");
    if (2000..=2099).contains(&year) {
        // From its eve on, or from the first day of the first month.
        let (before, days) = match year {
            ..2008 | 2014..2025 => (0, 3),
            2008..2014 => (1, 3),
            2025.. => (1, 4),
        };
        add(run(lunar(year, 1, 1).map(|day| back(day, before)), days), "春节");
        if year >= 2008 {
            add(fixed(4, qingming(year), 1), "清明节");
            add(run(lunar(year, 5, 5), 1), "端午节");
            add(run(lunar(year, 8, 15), 1), "中秋节");
        }
    }
    off.sort_unstable();
    off
}

/// What this day is off for by law.
#[must_use]
pub fn name(date: NaiveDate) -> Option<&'static str> {
    days(date.year()).into_iter().find(|(day, _)| *day == date).map(|(_, name)| name)
}

fn run(first: Option<NaiveDate>, days: u16) -> Vec<NaiveDate> {
    first.into_iter().flat_map(|first| (0..days).map(move |day| ahead(first, day))).collect()
}

/// A day of the lunar year (农历) that begins in this year, never of a leap month.
fn lunar(year: i32, month: u8, day: u8) -> Option<NaiveDate> {
    let lunar = Date::try_new_chinese_traditional(year, Month::new(month), day).ok()?;
    let iso = lunar.to_calendar(icu_calendar::Iso);
    NaiveDate::from_ymd_opt(year, iso.month().ordinal.into(), iso.day_of_month().0.into())
}

/// The day of April on which 清明 falls, 2000 to 2099: the tropical year's length from the century's first one.
fn qingming(year: i32) -> u32 {
    let of_century = u32::try_from(year - 2000).unwrap_or_default();
    (of_century * 2422 + 48_100) / 10_000 - of_century / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(year: i32) -> Vec<String> {
        days(year).iter().map(|(day, name)| format!("{} {name}", day.format("%m-%d"))).collect()
    }

    #[test]
    fn the_days_of_2027_are_off_before_anybody_has_published_them() {
        assert_eq!(
            shown(2027),
            [
                "01-01 元旦",
                "02-05 春节",
                "02-06 春节",
                "02-07 春节",
                "02-08 春节",
                "04-05 清明节",
                "05-01 劳动节",
                "05-02 劳动节",
                "06-09 端午节",
                "09-15 中秋节",
                "10-01 国庆节",
                "10-02 国庆节",
                "10-03 国庆节",
            ]
        );
    }

    #[test]
    fn a_year_has_the_days_of_the_law_in_force_then() {
        assert_eq!(days(2004).len(), 10, "before 2008 three holidays and New Year's Day");
        assert_eq!(shown(2013)[1], "02-09 春节", "its eve, from 2008 to 2013");
        assert_eq!(shown(2014)[1], "01-31 春节", "its first day, from 2014 to 2024");
        assert_eq!((days(2024).len(), days(2025).len()), (11, 13));
    }

    #[test]
    fn a_leap_month_moves_nothing_else() {
        // 2025 has a leap sixth month, 2028 a leap fifth one.
        assert!(shown(2025).contains(&"10-06 中秋节".to_owned()));
        assert!(shown(2028).contains(&"05-28 端午节".to_owned()), "{:?}", shown(2028));
    }

    #[test]
    fn the_table_that_the_oracle_reads_is_what_is_computed() {
        let lines: Vec<String> =
            (2004..=2026).flat_map(days).map(|(day, name)| format!("{day}\t{name}\n")).collect();
        let table = lines.concat();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/statutory.tsv");
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), table, "write it to {path}");
    }
}
