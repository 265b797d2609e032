//! A day as people write it into a form.

use chrono::{Datelike, NaiveDate};

use crate::import::Cell;

/// Whether a day without a year lies behind or ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// not after the day the form came
    Past,
    /// not before it
    Ahead,
}

/// A date cell, or `2021-6-25`, `2021年6月25日`, `20210625`; `6月25日` in the year near `received`.
pub(super) fn day(cell: &Cell, received: NaiveDate, sense: Sense) -> Option<NaiveDate> {
    match cell {
        Cell::Day(day) => Some(*day),
        Cell::Text(text) => written(text, received, sense),
        Cell::Number(number) if number.fract() == 0.0 => packed(&format!("{number:.0}")),
        // A month has no day: the row is shown to a person with what it says.
        Cell::Number(_) | Cell::Period(_) | Cell::Odd(_) | Cell::Empty => None,
    }
}

fn written(text: &str, received: NaiveDate, sense: Sense) -> Option<NaiveDate> {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '．' => '.',
        '／' => '/',
        '－' | '—' => '-',
        other => other,
    };
    let text: String = text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect();
    if let Some(day) = packed(&text) {
        return Some(day);
    }
    let text = text.strip_suffix(['日', '号']).unwrap_or(&text);
    let numbers: Option<Vec<u32>> =
        text.split(['年', '月', '-', '/', '.']).map(|part| part.parse().ok()).collect();
    match numbers?.as_slice() {
        [year @ 1970..=9999, month, day] => NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, *month, *day),
        [month, day] => {
            let near = |year| NaiveDate::from_ymd_opt(year, *month, *day);
            let year = received.year();
            match sense {
                Sense::Past => near(year).filter(|day| *day <= received).or_else(|| near(year - 1)),
                Sense::Ahead => near(year).filter(|day| *day >= received).or_else(|| near(year + 1)),
            }
        }
        _ => None,
    }
}

/// `20210625`.
fn packed(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    NaiveDate::parse_from_str(text, "%Y%m%d").ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let received: NaiveDate = "2022-01-05".parse().unwrap();
        let read =
            |text: &str, sense| day(&Cell::Text(text.to_owned()), received, sense).map(|day| day.to_string());
        for text in [
            "2021-06-25",
            "2021/6/25",
            "2021.6.25",
            "2021年6月25日",
            " 2021 年 6 月 25 日",
            "20210625",
            "２０２１－６－２５",
        ] {
            assert_eq!(read(text, Sense::Past).as_deref(), Some("2021-06-25"), "{text}");
        }
        // Without a year: the last such day for what is done, the next one for what is asked.
        assert_eq!(read("12月30日", Sense::Past).as_deref(), Some("2021-12-30"));
        assert_eq!(read("1.5", Sense::Past).as_deref(), Some("2022-01-05"));
        assert_eq!(read("1月4日", Sense::Ahead).as_deref(), Some("2023-01-04"));
        for text in ["6月底", "2021-13-01", "尽快", "21-6-25", "2021-6-25 左右", ""] {
            assert_eq!(read(text, Sense::Past), None, "{text}");
        }
        assert_eq!(day(&Cell::Number(20_210_625.0), received, Sense::Past), "2021-06-25".parse().ok());
        assert_eq!(day(&Cell::Number(44_372.5), received, Sense::Past), None);
    }
}
