//! Dates in a ledger's words: a day, or a month, quarter, half or year that somebody means the end of.

use chrono::NaiveDate;

use crate::calendar::Period;

use super::book::Cell;
use super::fold::{folded, with_digits};

/// What of a folded text is still to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan<'t>(pub &'t str);

impl<'t> Scan<'t> {
    /// Takes the word, if the text begins with it.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        match self.0.strip_prefix(word) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Takes the first of the words that the text begins with.
    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    /// Takes digits, at most so many.
    pub(super) fn digits(&mut self, most: usize) -> Option<&'t str> {
        let end = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at_checked(end).filter(|_| (1..=most).contains(&end))?;
        self.0 = rest;
        Some(digits)
    }

    /// Takes a number and the word behind it; nothing where either is missing.
    pub(super) fn counted(&mut self, words: &[&str]) -> Option<u32> {
        let mut ahead = *self;
        let number = ahead.digits(4)?.parse().ok()?;
        if !ahead.eat_any(words) {
            return None;
        }
        *self = ahead;
        Some(number)
    }
}

/// How exactly a date is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// a day
    Day,
    /// 上旬 (false), 中旬 (true) of a month; 下旬 is the month's end
    Ten { is_middle: bool },
    /// a month; whether 底 or 末 stands behind it
    Month { says_end: bool },
    /// a quarter
    Quarter { says_end: bool },
    /// 上半年, 下半年
    Half,
    /// a year
    Year { says_end: bool },
}

/// A date as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    pub year: Option<i32>,
    pub month: u32,
    pub day: u32,
    pub grain: Grain,
}

impl Said {
    /// Its first day.
    pub(super) fn first(self, year: i32) -> Option<NaiveDate> {
        let (month, day) = match self.grain {
            Grain::Day => (self.month, self.day),
            Grain::Ten { is_middle } => (self.month, if is_middle { 11 } else { 1 }),
            Grain::Month { .. } | Grain::Quarter { .. } | Grain::Half => (self.month, 1),
            Grain::Year { .. } => (1, 1),
        };
        NaiveDate::from_ymd_opt(year, month, day)
    }

    /// Its last day.
    pub(super) fn last(self, year: i32) -> Option<NaiveDate> {
        let month_end = |month: u32| Period::Month { year, month: u8::try_from(month).ok()? }.last();
        match self.grain {
            Grain::Day => NaiveDate::from_ymd_opt(year, self.month, self.day),
            Grain::Ten { is_middle } => {
                NaiveDate::from_ymd_opt(year, self.month, if is_middle { 20 } else { 10 })
            }
            Grain::Month { .. } => month_end(self.month),
            Grain::Quarter { .. } => month_end(self.month + 2),
            Grain::Half => month_end(self.month + 5),
            Grain::Year { .. } => NaiveDate::from_ymd_opt(year, 12, 31),
        }
    }
}

/// Reads a date off the beginning of the text. `this` is the year that 今年 and 明年 count from.
pub(super) fn said(scan: &mut Scan<'_>, this: Option<i32>) -> Option<Said> {
    let mut ahead = *scan;
    let found = written(&mut ahead).or_else(|| {
        ahead = *scan;
        in_words(&mut ahead, this)
    })?;
    *scan = ahead;
    Some(found)
}

/// `2021-06-30`, `2021.6.30`, `2021/6/30`, `20210630`, `2021-06`, `6/30`, `6.30`.
fn written(scan: &mut Scan<'_>) -> Option<Said> {
    const BETWEEN: [&str; 3] = ["-", "/", "."];
    let mut ahead = *scan;
    let first = ahead.digits(8)?;
    let number = |text: &str| text.parse::<u32>().ok();
    let day = |year, month, day| Said { year, month, day, grain: Grain::Day };
    let found = match first.len() {
        8 => {
            let (year, rest) = first.split_at_checked(4)?;
            let (month, date) = rest.split_at_checked(2)?;
            day(year.parse().ok(), number(month)?, number(date)?)
        }
        4 => {
            let between = BETWEEN.into_iter().find(|mark| ahead.eat(mark))?;
            let month = number(ahead.digits(2)?)?;
            let mut further = ahead;
            let date = if further.eat(between) { further.digits(2).and_then(number) } else { None };
            match date {
                Some(date) => {
                    ahead = further;
                    day(first.parse().ok(), month, date)
                }
                None if between == "." || between == "-" || between == "/" => Said {
                    year: first.parse().ok(),
                    month,
                    day: 1,
                    grain: Grain::Month { says_end: eats_end(&mut ahead) },
                },
                None => return None,
            }
        }
        1 | 2 => {
            BETWEEN.into_iter().skip(1).find(|mark| ahead.eat(mark))?;
            let date = number(ahead.digits(2)?)?;
            day(None, number(first)?, date)
        }
        _ => return None,
    };
    let whole = !ahead.0.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '/');
    (whole && is_date(found)).then(|| {
        *scan = ahead;
        found
    })
}

fn is_date(said: Said) -> bool {
    said.last(said.year.unwrap_or(2000)).is_some() && is_in_reach(said)
}

/// Whether its year is one that a ledger can mean; 6月31日 is found out later, and told.
fn is_in_reach(said: Said) -> bool {
    said.year.is_none_or(|year| (1990..2100).contains(&year))
}

/// `2021年6月30日`, `6月底`, `二季度末`, `上半年`, `年底`, `明年3月`.
fn in_words(scan: &mut Scan<'_>, this: Option<i32>) -> Option<Said> {
    let mut ahead = *scan;
    let year = match ahead.counted(&["年"]) {
        Some(year) => Some(i32::try_from(year).ok()?),
        None if ahead.eat_any(&["今年", "本年", "当年"]) => Some(this?),
        None if ahead.eat_any(&["明年", "次年", "翌年"]) => Some(this? + 1),
        None => None,
    };
    let named = ahead != *scan;
    ahead.eat("度");
    if let Some(month) = ahead.counted(&["月份", "月"]) {
        let said = |day, grain| Said { year, month, day, grain };
        let found = if let Some(day) = ahead.counted(&["日", "号"]) {
            said(day, Grain::Day)
        } else if ahead.eat("上旬") {
            said(1, Grain::Ten { is_middle: false })
        } else if ahead.eat("中旬") {
            said(1, Grain::Ten { is_middle: true })
        } else if ahead.eat("下旬") {
            said(1, Grain::Month { says_end: true })
        } else {
            said(1, Grain::Month { says_end: eats_end(&mut ahead) })
        };
        *scan = ahead;
        return is_in_reach(found).then_some(found);
    }
    let mut quarter = ahead;
    quarter.eat("第");
    if let Some(number) = quarter.counted(&["季度", "季"]).filter(|number| (1..=4).contains(number)) {
        let grain = Grain::Quarter { says_end: eats_end(&mut quarter) };
        *scan = quarter;
        return Some(Said { year, month: number * 3 - 2, day: 1, grain });
    }
    for (word, month) in [("上半年", 1), ("下半年", 7)] {
        if ahead.eat(word) {
            eats_end(&mut ahead);
            *scan = ahead;
            return Some(Said { year, month, day: 1, grain: Grain::Half });
        }
    }
    // 年底 without its year, and the year alone.
    let says_end = if named {
        eats_end(&mut ahead) || ahead.eat("年底")
    } else {
        ahead.eat_any(&["年底", "年末", "年终"])
    };
    if !named && !says_end {
        return None;
    }
    *scan = ahead;
    let found = Said { year, month: 1, day: 1, grain: Grain::Year { says_end } };
    is_in_reach(found).then_some(found)
}

fn eats_end(scan: &mut Scan<'_>) -> bool {
    scan.eat_any(&["底", "末"])
}

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
        Cell::Odd(_) => return Err(ONE_DAY),
    };
    let words = with_digits(&folded(without_time(&text)));
    if matches!(
        words.as_str(),
        "/" | "-" | "无" | "--" | "\\" | "未签收" | "未反馈" | "未办结" | "未销号" | "否"
    ) {
        return Ok(None);
    }
    // 6.3 as a number may have been 6.30: a spreadsheet drops the zero.
    if matches!(cell, Cell::Number(_)) && words.len() != 8 {
        return Err("a date cell, or text as 2021-06-30: a spreadsheet drops the zero of 6.30");
    }
    let mut scan = Scan(&words);
    let said =
        said(&mut scan, year).filter(|said| said.grain == Grain::Day && scan.0.is_empty()).ok_or(ONE_DAY)?;
    let in_year = said.year.or(year).ok_or("a date with its year, or `--year`")?;
    let day = said.first(in_year).ok_or("a day that the calendar has")?;
    Ok(Some(Happened { day, year_assumed: said.year.is_none() }))
}

/// `2021-06-30 09:00:00` without its time.
pub(super) fn without_time(text: &str) -> &str {
    let text = text.trim();
    let cut = text.split_once(|c: char| c.is_whitespace() || c == 'T').filter(|(_, time)| {
        time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z'))
    });
    cut.map_or(text, |(day, _)| day)
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
        assert!(happened(&Cell::of("6月30日"), None).is_err(), "no year");
        assert!(happened(&Cell::Odd("#REF!".into()), None).is_err());
    }
}
