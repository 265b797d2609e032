//! The name of an occurrence's period, as it stands in task identities for ever.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::zh;

/// The last year that a period's name can hold with four digits; every calculation ends there.
pub const LAST_YEAR: i32 = 9999;

/// A text that names no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` names no period: `once`, `2021`, `2021-2022`, `2021H1`, `2021Q3`, `2021-09`, `2021-09-T1`, `2021-W26` or `2021-09-30`"
)]
pub struct UnknownPeriod {
    /// The text as it was given.
    pub text: String,
}

/// What an occurrence stands for. Ordered by kind first, then by time; serialised as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// A task that comes only once: `once`.
    Once,
    /// A calendar year, or a yearly window within one: `2021`.
    Year(i32),
    /// A yearly window that wraps the year, named by both: `2021-2022`.
    Season {
        /// The year in which it opens.
        start_year: i32,
    },
    /// A half of a calendar year: `2021H1`.
    HalfYear {
        /// The year.
        year: i32,
        /// 1 or 2.
        half: u8,
    },
    /// A calendar quarter: `2021Q3`.
    Quarter {
        /// The year.
        year: i32,
        /// 1 to 4.
        quarter: u8,
    },
    /// A calendar month: `2021-09`.
    Month {
        /// The year.
        year: i32,
        /// 1 to 12.
        month: u8,
    },
    /// Ten days of a month, its last to the month's end: `2021-09-T3`.
    TenDays {
        /// The year.
        year: i32,
        /// 1 to 12.
        month: u8,
        /// 1 to 3: 上旬, 中旬, 下旬.
        part: u8,
    },
    /// A week from Monday to Sunday by ISO 8601: `2021-W26`.
    Week {
        /// The year that the week belongs to by ISO 8601 (that of its Thursday).
        iso_year: i32,
        /// 1 to 53.
        week: u8,
    },
    /// One day: `2021-09-30`.
    Day(NaiveDate),
}

impl Period {
    /// Its first day; none for `once` and for a season, whose days only its window knows.
    #[must_use]
    pub fn first(self) -> Option<NaiveDate> {
        match self {
            Self::Once | Self::Season { .. } => None,
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
            Self::HalfYear { year, half } => NaiveDate::from_ymd_opt(year, half_start(half)?, 1),
            Self::Quarter { year, quarter } => NaiveDate::from_ymd_opt(year, quarter_start(quarter)?, 1),
            Self::Month { year, month } => NaiveDate::from_ymd_opt(year, month.into(), 1),
            Self::TenDays { year, month, part } => {
                let day = matches!(part, 1..=3).then(|| u32::from(part) * 10 - 9)?;
                NaiveDate::from_ymd_opt(year, month.into(), day)
            }
            Self::Week { iso_year, week } => NaiveDate::from_isoywd_opt(iso_year, week.into(), Weekday::Mon),
            Self::Day(date) => Some(date),
        }
    }

    /// Its last day, computed from the calendar; none for `once` and for a season.
    #[must_use]
    pub fn last(self) -> Option<NaiveDate> {
        match self {
            Self::Once | Self::Season { .. } => None,
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 12, 31),
            Self::HalfYear { year, half } => day_or_last(year, half_start(half)? + 5, 31),
            Self::Quarter { year, quarter } => day_or_last(year, quarter_start(quarter)? + 2, 31),
            Self::Month { year, month } => day_or_last(year, month.into(), 31),
            Self::TenDays { year, month, part } => {
                let day = matches!(part, 1..=3).then(|| if part == 3 { 31 } else { u32::from(part) * 10 })?;
                day_or_last(year, month.into(), day)
            }
            Self::Week { iso_year, week } => NaiveDate::from_isoywd_opt(iso_year, week.into(), Weekday::Sun),
            Self::Day(date) => Some(date),
        }
    }

    /// Its name in letters, `2021年第三季度` say; empty for `once`.
    #[must_use]
    pub fn name_zh(self) -> String {
        match self {
            Self::Once => String::new(),
            Self::Year(year) => format!("{year}年"),
            Self::Season { start_year } => format!("{start_year}—{}年度", start_year + 1),
            Self::HalfYear { year, half } => format!("{year}年{}半年", if half == 1 { "上" } else { "下" }),
            Self::Quarter { year, quarter } => {
                let ordinal = match quarter {
                    1 => "一",
                    2 => "二",
                    3 => "三",
                    _ => "四",
                };
                format!("{year}年第{ordinal}季度")
            }
            Self::Month { year, month } => format!("{year}年{month}月"),
            Self::TenDays { year, month, part } => {
                let name = match part {
                    1 => "上",
                    2 => "中",
                    _ => "下",
                };
                format!("{year}年{month}月{name}旬")
            }
            Self::Week { iso_year, week } => format!("{iso_year}年第{week}周"),
            Self::Day(date) => zh::date_zh(date),
        }
    }
}

/// The first month of a half-year, 1 or 2.
fn half_start(half: u8) -> Option<u32> {
    matches!(half, 1 | 2).then(|| u32::from(half) * 6 - 5)
}

/// The first month of a quarter, 1 to 4.
fn quarter_start(quarter: u8) -> Option<u32> {
    matches!(quarter, 1..=4).then(|| u32::from(quarter) * 3 - 2)
}

/// This day of this month, or the month's last where it has fewer days; none for a month or
/// day that no calendar has.
pub(super) fn day_or_last(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    if !(1..=31).contains(&day) {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month, day).or_else(|| {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        first.with_day(first.num_days_in_month().into())
    })
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once => f.write_str("once"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Season { start_year } => write!(f, "{start_year:04}-{:04}", start_year + 1),
            Self::HalfYear { year, half } => write!(f, "{year:04}H{half}"),
            Self::Quarter { year, quarter } => write!(f, "{year:04}Q{quarter}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Self::TenDays { year, month, part } => write!(f, "{year:04}-{month:02}-T{part}"),
            Self::Week { iso_year, week } => write!(f, "{iso_year:04}-W{week:02}"),
            Self::Day(date) => write!(f, "{date}"),
        }
    }
}

impl FromStr for Period {
    type Err = UnknownPeriod;

    fn from_str(text: &str) -> Result<Self, UnknownPeriod> {
        parse(text).ok_or_else(|| UnknownPeriod { text: text.to_owned() })
    }
}

/// The period of this name, if it is one and the calendar has it.
fn parse(text: &str) -> Option<Period> {
    if text == "once" {
        return Some(Period::Once);
    }
    let (year, rest) = text.split_at_checked(4)?;
    let year = i32::from(number(year, 4)?);
    let period = match rest.split_at_checked(1) {
        None if rest.is_empty() => Period::Year(year),
        Some(("H", half)) => Period::HalfYear { year, half: u8::try_from(number(half, 1)?).ok()? },
        Some(("Q", quarter)) => Period::Quarter { year, quarter: u8::try_from(number(quarter, 1)?).ok()? },
        Some(("-", rest)) => match (rest.strip_prefix('W'), rest.len()) {
            (Some(week), _) => Period::Week { iso_year: year, week: u8::try_from(number(week, 2)?).ok()? },
            (None, 2) => Period::Month { year, month: u8::try_from(number(rest, 2)?).ok()? },
            (None, 4) if i32::from(number(rest, 4)?) == year + 1 => {
                return Some(Period::Season { start_year: year });
            }
            (None, 5) => {
                let (month, day) = rest.split_once('-')?;
                if let Some(part) = day.strip_prefix('T') {
                    let (month, part) = (number(month, 2)?, number(part, 1)?);
                    let (month, part) = (u8::try_from(month).ok()?, u8::try_from(part).ok()?);
                    return Some(Period::TenDays { year, month, part }).filter(|ten| ten.first().is_some());
                }
                let (month, day) = (number(month, 2)?, number(day, 2)?);
                Period::Day(NaiveDate::from_ymd_opt(year, month.into(), day.into())?)
            }
            _ => return None,
        },
        _ => return None,
    };
    period.first().is_some().then_some(period)
}

/// A number of exactly so many ASCII digits.
pub(super) fn number(text: &str, digits: usize) -> Option<u16> {
    let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

impl TryFrom<String> for Period {
    type Error = UnknownPeriod;

    fn try_from(text: String) -> Result<Self, UnknownPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn named() -> [(Period, &'static str, &'static str); 11] {
        [
            (Period::HalfYear { year: 2021, half: 1 }, "2021H1", "2021年上半年"),
            (Period::HalfYear { year: 2021, half: 2 }, "2021H2", "2021年下半年"),
            (Period::TenDays { year: 2021, month: 9, part: 1 }, "2021-09-T1", "2021年9月上旬"),
            (Period::TenDays { year: 2021, month: 9, part: 3 }, "2021-09-T3", "2021年9月下旬"),
            (Period::Once, "once", ""),
            (Period::Year(2021), "2021", "2021年"),
            (Period::Season { start_year: 2021 }, "2021-2022", "2021—2022年度"),
            (Period::Quarter { year: 2021, quarter: 3 }, "2021Q3", "2021年第三季度"),
            (Period::Month { year: 2021, month: 9 }, "2021-09", "2021年9月"),
            (Period::Week { iso_year: 2021, week: 26 }, "2021-W26", "2021年第26周"),
            (Period::Day(date("2021-09-30")), "2021-09-30", "2021年9月30日"),
        ]
    }

    #[test]
    fn each_kind_has_its_names() {
        for (period, name, name_zh) in named() {
            assert_eq!(period.to_string(), name);
            assert_eq!(name.parse(), Ok(period));
            assert_eq!(period.name_zh(), name_zh);
            let json = serde_json::to_string(&period).unwrap();
            assert_eq!(json, format!("\"{name}\""));
            assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), period);
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "Once",
            "21",
            "20211",
            "2021-",
            "2021-2023",
            "2021-2021",
            "2021H0",
            "2021H3",
            "2021-09-T0",
            "2021-09-T4",
            "2021-13-T1",
            "2021-9-T1",
            "2021Q0",
            "2021Q5",
            "2021q3",
            "2021-00",
            "2021-13",
            "2021-9",
            "2021-W00",
            "2021-W53",
            "2021-W6",
            "2021-02-29",
            "2021-9-30",
            "2021-09-30 ",
            "+021",
            "2021年",
            "年年",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
        assert!("2020-W53".parse::<Period>().is_ok());
    }

    #[test]
    fn first_and_last_days_come_from_the_calendar() {
        let ends = |name: &str| {
            let period: Period = name.parse().unwrap();
            (period.first().unwrap().to_string(), period.last().unwrap().to_string())
        };
        let pair = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(ends("2021"), pair("2021-01-01", "2021-12-31"));
        assert_eq!(ends("2021Q1"), pair("2021-01-01", "2021-03-31"));
        assert_eq!(ends("2021Q2"), pair("2021-04-01", "2021-06-30"));
        assert_eq!(ends("2021H1"), pair("2021-01-01", "2021-06-30"));
        assert_eq!(ends("2021H2"), pair("2021-07-01", "2021-12-31"));
        assert_eq!(ends("2021-02-T1"), pair("2021-02-01", "2021-02-10"));
        assert_eq!(ends("2021-02-T2"), pair("2021-02-11", "2021-02-20"));
        assert_eq!(ends("2021-02-T3"), pair("2021-02-21", "2021-02-28"));
        assert_eq!(ends("2021-02"), pair("2021-02-01", "2021-02-28"));
        assert_eq!(ends("2024-02"), pair("2024-02-01", "2024-02-29"));
        assert_eq!(ends("2020-W53"), pair("2020-12-28", "2021-01-03"));
        assert_eq!(ends("2021-06-30"), pair("2021-06-30", "2021-06-30"));
    }

    #[test]
    fn once_and_a_season_do_not_know_their_days() {
        for period in [Period::Once, Period::Season { start_year: 2021 }] {
            assert_eq!((period.first(), period.last()), (None, None));
        }
    }

    #[test]
    fn periods_of_a_kind_are_in_order_of_time() {
        let in_order = ["2021-09", "2021-10", "2022-01"].map(|name| name.parse::<Period>().unwrap());
        assert!(in_order.is_sorted());
    }

    proptest! {
        #[test]
        fn no_text_is_read_as_anything_but_its_own_name(text in "[0-9HQTW-]{4,10}") {
            if let Ok(period) = text.parse::<Period>() {
                prop_assert_eq!(period.to_string(), text);
            }
        }
    }
}
