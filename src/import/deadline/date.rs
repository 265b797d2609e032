//! A date in a ledger's words: a day, or a month, quarter, half or year that somebody means the end of.

use chrono::{NaiveDate, NaiveTime};

use crate::calendar::Period;

use super::scan::Scan;

/// How exactly a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Grain {
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

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct WrittenDate {
    pub year: Option<i32>,
    pub month: u32,
    pub day: u32,
    pub grain: Grain,
}

impl WrittenDate {
    pub(super) fn of_year(year: Option<i32>, says_end: bool) -> Self {
        Self { year, month: 1, day: 1, grain: Grain::Year { says_end } }
    }

    pub(super) fn of_quarter(year: Option<i32>, quarter: u32, says_end: bool) -> Self {
        Self { year, month: quarter * 3 - 2, day: 1, grain: Grain::Quarter { says_end } }
    }

    /// Its first day.
    pub(in crate::import) fn first(self, year: i32) -> Option<NaiveDate> {
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

    /// Whether it names its last day: a day, or 底.
    pub(super) fn says_end(self) -> bool {
        match self.grain {
            Grain::Day => true,
            Grain::Month { says_end } | Grain::Quarter { says_end } | Grain::Year { says_end } => says_end,
            Grain::Ten { .. } | Grain::Half => false,
        }
    }

    /// Whether its year is one that a ledger can mean; 6月31日 is found out later, and told.
    fn is_in_reach(self) -> bool {
        self.year.is_none_or(|year| (1990..2100).contains(&year))
    }
}

/// The date that a cell holds alone; `this` is the year that 今年 and 明年 count from.
pub(in crate::import) fn whole(text: &str, this: Option<i32>) -> Option<WrittenDate> {
    let mut scan = Scan(text);
    date(&mut scan, this).filter(|_| scan.is_empty())
}

/// Reads a date off the beginning of the text.
pub(super) fn date(scan: &mut Scan<'_>, this: Option<i32>) -> Option<WrittenDate> {
    let mut ahead = *scan;
    let found = in_figures(&mut ahead).or_else(|| {
        ahead = *scan;
        in_words(&mut ahead, this)
    })?;
    *scan = ahead;
    Some(found)
}

/// `2021-06-30`, `2021.6.30`, `2021/6/30`, `20210630`, `2021-06`, `6/30`, `6.30`.
fn in_figures(scan: &mut Scan<'_>) -> Option<WrittenDate> {
    const BETWEEN: [&str; 3] = ["-", "/", "."];
    let mut ahead = *scan;
    let first = ahead.digits(8)?;
    let number = |text: &str| text.parse::<u32>().ok();
    let day = |year, month, day| WrittenDate { year, month, day, grain: Grain::Day };
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
            if let Some(date) = date {
                ahead = further;
                day(first.parse().ok(), month, date)
            } else {
                let grain = Grain::Month { says_end: eat_end(&mut ahead) };
                WrittenDate { year: first.parse().ok(), month, day: 1, grain }
            }
        }
        1 | 2 => {
            BETWEEN.into_iter().skip(1).find(|mark| ahead.eat(mark))?;
            let date = number(ahead.digits(2)?)?;
            day(None, number(first)?, date)
        }
        _ => return None,
    };
    let ends = !ahead.0.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '/' | '年' | '月'));
    let exists = found.last(found.year.unwrap_or(2000)).is_some() && found.is_in_reach();
    (ends && exists).then(|| {
        *scan = ahead;
        found
    })
}

/// `2021年6月30日`, `6月底`, `二季度末`, `上半年`, `年底`, `明年3月`, `年内`, `前3季度`, `q3`, `十四五末`.
fn in_words(scan: &mut Scan<'_>, this: Option<i32>) -> Option<WrittenDate> {
    let mut ahead = *scan;
    if let Some((_, last)) = five_years(&mut ahead).filter(|_| eat_end(&mut ahead)) {
        *scan = ahead;
        return Some(WrittenDate::of_year(Some(last), true));
    }
    let mut ahead = *scan;
    let year = match ahead.counted(&["年"]) {
        Some(year) => Some(i32::try_from(year).ok()?),
        None if ahead.eat_any(&["今年", "本年", "当年"]) => Some(this?),
        None if ahead.eat_any(&["明年", "次年", "翌年"]) => Some(this? + 1),
        None => None,
    };
    let named = ahead != *scan;
    if named {
        ahead.eat("度");
    }
    if let Some(found) = month(&mut ahead, year).or_else(|| quarter_or_half(&mut ahead, year)) {
        *scan = ahead;
        return found.is_in_reach().then_some(found);
    }
    // 年底 without its year, and the year alone.
    let says_end = if named {
        eat_end(&mut ahead) || ahead.eat_any(&["年底", "年末", "年终"])
    } else {
        ahead.eat_any(&["年底", "年末", "年终", "年度内", "年内"])
    };
    if !named && !says_end {
        return None;
    }
    *scan = ahead;
    let found = WrittenDate::of_year(year, says_end);
    found.is_in_reach().then_some(found)
}

/// `6月30日`, `6月中旬`, `6月底`, `6月份`.
fn month(scan: &mut Scan<'_>, year: Option<i32>) -> Option<WrittenDate> {
    let month = scan.counted(&["月份", "月"])?;
    let of = |day, grain| WrittenDate { year, month, day, grain };
    Some(if let Some(day) = scan.counted(&["日", "号"]) {
        of(day, Grain::Day)
    } else if scan.eat("上旬") {
        of(1, Grain::Ten { is_middle: false })
    } else if scan.eat_any(&["中旬", "上中旬"]) {
        of(1, Grain::Ten { is_middle: true })
    } else if scan.eat_any(&["下旬", "中下旬"]) {
        of(1, Grain::Month { says_end: true })
    } else {
        of(1, Grain::Month { says_end: scan.eat_any(&["月底", "月末"]) || eat_end(scan) })
    })
}

/// `第二季度末`, `q3`, `前3季度`, `上半年`.
fn quarter_or_half(scan: &mut Scan<'_>, year: Option<i32>) -> Option<WrittenDate> {
    let mut ahead = *scan;
    let is_quarter = |number: &u32| (1..=4).contains(number);
    let quarter = if ahead.eat("q") {
        ahead.digits(1).and_then(|digit| digit.parse().ok()).filter(is_quarter)
    } else {
        // 前3季度 ends with the third quarter.
        ahead.eat_any(&["第", "前"]);
        ahead.counted(&["个季度", "季度", "季"]).filter(is_quarter)
    };
    if let Some(quarter) = quarter {
        let says_end = eat_end(&mut ahead);
        *scan = ahead;
        return Some(WrittenDate::of_quarter(year, quarter, says_end));
    }
    for (word, month) in [("上半年", 1), ("下半年", 7)] {
        if scan.eat(word) {
            eat_end(scan);
            return Some(WrittenDate { year, month, day: 1, grain: Grain::Half });
        }
    }
    None
}

/// First and last year of a five-year plan: `十四五` is 2021 to 2025.
pub(super) fn five_years(scan: &mut Scan<'_>) -> Option<(i32, i32)> {
    const PLANS: [(&str, i32); 4] = [("十三五", 2016), ("十四五", 2021), ("十五五", 2026), ("十六五", 2031)];
    let mut ahead = *scan;
    ahead.eat_any(&["\"", "“"]);
    let (_, first) = PLANS.into_iter().find(|(word, _)| ahead.eat(word))?;
    ahead.eat_any(&["\"", "”"]);
    *scan = ahead;
    Some((first, first + 4))
}

fn eat_end(scan: &mut Scan<'_>) -> bool {
    scan.eat_any(&["底", "末"])
}

/// `6.3` may have been 6.30, `2021.1` may have been 2021.10: a spreadsheet drops the zero of a number.
pub(in crate::import) fn has_lost_zero(text: &str) -> bool {
    let Some((before, after)) = text.split_once('.') else { return false };
    let digits = !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit());
    digits
        && match before.len() {
            1 | 2 => matches!(after, "1" | "2" | "3"),
            4 => after == "1",
            _ => false,
        }
}

/// `2021-06-30 09:00:00` as its day and its time.
pub(in crate::import) fn day_and_time(text: &str) -> (&str, Option<NaiveTime>) {
    let text = text.trim();
    let cut = text.split_once(|c: char| c.is_whitespace() || c == 'T').and_then(|(day, time)| {
        let is_day = day.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.'));
        let time = time.trim_end_matches('Z');
        let read = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"]
            .iter()
            .find_map(|format| NaiveTime::parse_from_str(time, format).ok());
        Some((day, read.filter(|_| is_day)?))
    });
    cut.map_or((text, None), |(day, time)| (day, Some(time)))
}
