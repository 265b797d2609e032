//! The day in a cell of the history: when something happened.

use chrono::NaiveDate;

use super::book::Cell;
use super::deadline::{Grain, day_and_time, has_lost_zero, whole};
use super::fold::{folded, with_digits};

/// A cell of the history: the day something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Happened {
    pub day: NaiveDate,
    /// the year was not written
    pub year_assumed: bool,
}

/// The day in a history cell; `Ok(None)` where it says that there is none.
///
/// # Errors
/// What would be right.
pub(super) fn happened(cell: &Cell, year: Option<i32>) -> Result<Option<Happened>, &'static str> {
    const ONE_DAY: &str = "one day, as 2021-06-30 or 6月30日";
    let text = match cell {
        Cell::Empty => return Ok(None),
        Cell::Day(day) => return Ok(Some(Happened { day: *day, year_assumed: false })),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Odd(_) | Cell::Period(_) => return Err(ONE_DAY),
    };
    let words = with_digits(&folded(day_and_time(&text).0));
    if matches!(
        words.as_str(),
        "/" | "-" | "无" | "--" | "\\" | "未签收" | "未反馈" | "未办结" | "未销号" | "否"
    ) {
        return Ok(None);
    }
    if has_lost_zero(&words) || matches!(cell, Cell::Number(_)) && words.len() != 8 {
        return Err("a date cell, or text as 2021-06-30: a spreadsheet drops the zero of 6.30");
    }
    let date = whole(&words, year).filter(|date| date.grain == Grain::Day).ok_or(ONE_DAY)?;
    let in_year = date.year.or(year).ok_or("a date with its year, or `--year`")?;
    let day = date.first(in_year).ok_or("a day that the calendar has")?;
    Ok(Some(Happened { day, year_assumed: date.year.is_none() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let shown = |found: Option<Happened>| {
            found.map_or("none".to_owned(), |found| {
                format!("{}{}", found.day, if found.year_assumed { "?" } else { "" })
            })
        };
        match happened(&Cell::of(text), Some(2021)) {
            Ok(found) => shown(found),
            Err(right) => format!("! {right}"),
        }
    }

    #[test]
    fn a_day_is_read_in_every_way_that_clerks_write_it() {
        for (text, day) in [
            ("2021-06-30", "2021-06-30"),
            ("2021/6/3", "2021-06-03"),
            ("2021.6.30", "2021-06-30"),
            ("20210630", "2021-06-30"),
            ("2021年6月30日", "2021-06-30"),
            ("２０２１年６月３０日", "2021-06-30"),
            ("二〇二一年六月三十日", "2021-06-30"),
            ("2021-06-30 09:30:00", "2021-06-30"),
            ("6月30日", "2021-06-30?"),
            ("6.30", "2021-06-30?"),
            ("6/30", "2021-06-30?"),
            ("", "none"),
            ("/", "none"),
            ("——", "none"),
            ("未签收", "none"),
        ] {
            assert_eq!(read(text), day, "{text}");
        }
    }

    #[test]
    fn what_is_no_single_day_is_told_what_would_be_right() {
        for text in [
            "6月31日",
            "2021-02-29",
            "已签收",
            "6月底",
            "6月1日、6月15日",
            "2O21-06-30",
            "2021-6-30-1",
            "1921-06-30",
        ] {
            assert!(read(text).starts_with('!'), "{text}: {}", read(text));
        }
        assert!(happened(&Cell::Number(6.3), Some(2021)).is_err(), "6.3 may have been 6.30");
        assert!(happened(&Cell::of("6.3"), Some(2021)).is_err(), "so may the text of a .csv");
        assert!(happened(&Cell::of("6月30日"), None).is_err(), "no year");
        assert!(happened(&Cell::Odd("#REF!".into()), None).is_err());
    }
}
