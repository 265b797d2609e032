//! Dates as letters print them, in Chinese.

use chrono::{Datelike, NaiveDate, Weekday};

/// `2021年6月30日`.
#[must_use]
pub fn date_zh(date: NaiveDate) -> String {
    format!("{}年{}", date.year(), month_day_zh(date))
}

/// `2021年6月30日(星期三)`.
#[must_use]
pub fn date_weekday_zh(date: NaiveDate) -> String {
    format!("{}({})", date_zh(date), weekday_zh(date.weekday()))
}

/// `6月30日`.
#[must_use]
pub fn month_day_zh(date: NaiveDate) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// `星期三`.
#[must_use]
pub const fn weekday_zh(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_printed_without_leading_zeros() {
        let date = NaiveDate::from_ymd_opt(2021, 6, 3).unwrap();
        assert_eq!(date_zh(date), "2021年6月3日");
        assert_eq!(date_weekday_zh(date), "2021年6月3日(星期四)");
        assert_eq!(month_day_zh(date), "6月3日");
    }

    #[test]
    fn every_weekday_has_its_name() {
        let monday = NaiveDate::from_ymd_opt(2021, 6, 28).unwrap();
        let names: String = monday
            .iter_days()
            .take(7)
            .map(|day| weekday_zh(day.weekday()).trim_start_matches("星期"))
            .collect();
        assert_eq!(names, "一二三四五六日");
    }
}
