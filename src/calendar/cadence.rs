//! How often a duty comes back, and on which day of its period.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::period::{Period, day_or_last, number};
use super::yearly::MonthDay;

/// How often. The periods are the calendar's: weeks run from Monday to Sunday by ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cadence {
    /// Every day, days off included.
    Day,
    /// Every working day.
    Workday,
    /// Every week.
    Week,
    /// Every ten days of a month: to the 10th, the 20th and its end.
    TenDays,
    /// Every month.
    Month,
    /// Every quarter.
    Quarter,
    /// Every half of a year.
    HalfYear,
    /// Every year.
    Year,
}

impl Cadence {
    /// All of them, the most frequent first.
    pub const ALL: [Self; 8] = [
        Self::Day,
        Self::Workday,
        Self::Week,
        Self::TenDays,
        Self::Month,
        Self::Quarter,
        Self::HalfYear,
        Self::Year,
    ];

    /// Its word in letters and papers: `每季度`.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Day => "每日",
            Self::Workday => "每个工作日",
            Self::Week => "每周",
            Self::TenDays => "每旬",
            Self::Month => "每月",
            Self::Quarter => "每季度",
            Self::HalfYear => "每半年",
            Self::Year => "每年",
        }
    }

    /// Its word in plan files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Workday => "workday",
            Self::Week => "week",
            Self::TenDays => "ten-days",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::HalfYear => "half-year",
            Self::Year => "year",
        }
    }

    /// The period that this day belongs to; of a day off too, as days off are not known here.
    #[must_use]
    pub fn period(self, date: NaiveDate) -> Period {
        let year = date.year();
        // No month exceeds 12 and no ISO week 53, so nothing is ever cut off.
        let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        match self {
            Self::Day | Self::Workday => Period::Day(date),
            Self::Week => {
                let week = date.iso_week();
                Period::Week { iso_year: week.year(), week: small(week.week()) }
            }
            Self::TenDays => Period::TenDays {
                year,
                month: small(date.month()),
                part: small(date.day().div_ceil(10).min(3)),
            },
            Self::Month => Period::Month { year, month: small(date.month()) },
            Self::Quarter => Period::Quarter { year, quarter: small(date.month().div_ceil(3)) },
            Self::HalfYear => Period::HalfYear { year, half: small(date.month().div_ceil(6)) },
            Self::Year => Period::Year(year),
        }
    }

    /// What `on` may be for it, for people.
    const fn choices(self) -> &'static str {
        match self {
            Self::Day | Self::Workday => "nothing: every such day is due",
            Self::Week => "`mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`",
            Self::TenDays => "`last`",
            Self::Month => "1 to 31 or `last`",
            Self::Quarter => "`M-DD` with M the quarter's month 1 to 3 (`2-15`), or `last`",
            Self::HalfYear => "`M-DD` with M the half-year's month 1 to 6 (`1-10`), or `last`",
            Self::Year => "`MM-DD` (`03-01`) or `last`",
        }
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Cadence {
    type Err = UnknownCadence;

    fn from_str(text: &str) -> Result<Self, UnknownCadence> {
        let known = Self::ALL.into_iter().find(|cadence| cadence.as_str() == text);
        known.ok_or_else(|| UnknownCadence { text: text.to_owned() })
    }
}

/// A text that is no cadence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no cadence: `day`, `workday`, `week`, `ten-days`, `month`, `quarter`, `half-year` or `year`"
)]
pub struct UnknownCadence {
    /// The text as it was given.
    pub text: String,
}

/// A day of a period that its cadence can't have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`on = {on}` does not fit `every = \"{every}\"`, which takes {}", every.choices())]
pub struct OnError {
    /// The cadence.
    pub every: Cadence,
    /// `on` as it was given.
    pub on: String,
}

/// Which day of the period is due. Serialised as in plan files: `25`, `"last"`, `"mon"`, `"2-15"`,
/// `"03-01"`; one digit before the hyphen is a quarter's or half-year's month, two are a year's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum On {
    /// The last day of ten days, a month, quarter, half-year or year.
    Last,
    /// The day of a month, 1 to 31; its last where it has fewer.
    DayOfMonth(u8),
    /// The day of a week.
    Weekday(Weekday),
    /// A day of the first, second … month of a quarter or half-year.
    DayOfNthMonth {
        /// 1 to 3, of a half-year to 6.
        month: u8,
        /// 1 to 31; the month's last where it has fewer.
        day: u8,
    },
    /// A day of the year.
    YearDay(MonthDay),
}

impl On {
    /// The day that this text names for this cadence.
    ///
    /// # Errors
    /// [`OnError`], if it names none, or none that fits the cadence.
    pub fn parse(every: Cadence, text: &str) -> Result<Self, OnError> {
        let misfit = || OnError { every, on: text.to_owned() };
        let on = Self::read(text).ok_or_else(misfit)?;
        if on.fits(every) { Ok(on) } else { Err(misfit()) }
    }

    /// Whether this cadence can have this day.
    ///
    /// # Errors
    /// [`OnError`], if it can't.
    pub fn check(self, every: Cadence) -> Result<(), OnError> {
        if self.fits(every) { Ok(()) } else { Err(OnError { every, on: self.to_string() }) }
    }

    /// The day of this period that is due; none if the period's kind has no such day.
    #[must_use]
    pub fn day_of(self, period: Period) -> Option<NaiveDate> {
        match (self, period) {
            (Self::Last, _) => period.last(),
            (Self::DayOfMonth(day), Period::Month { year, month }) => {
                day_or_last(year, month.into(), day.into())
            }
            (Self::Weekday(weekday), Period::Week { iso_year, week }) => {
                NaiveDate::from_isoywd_opt(iso_year, week.into(), weekday)
            }
            (
                Self::DayOfNthMonth { month, day },
                Period::Quarter { year, .. } | Period::HalfYear { year, .. },
            ) => day_or_last(year, period.first()?.month() - 1 + u32::from(month), day.into()),
            (Self::YearDay(day), Period::Year(year)) => day.in_year(year),
            _ => None,
        }
    }

    fn fits(self, every: Cadence) -> bool {
        match (self, every) {
            (
                Self::Last,
                Cadence::TenDays | Cadence::Month | Cadence::Quarter | Cadence::HalfYear | Cadence::Year,
            )
            | (Self::Weekday(_), Cadence::Week) => true,
            (Self::DayOfMonth(day), Cadence::Month) => (1..=31).contains(&day),
            (Self::DayOfNthMonth { month, day }, Cadence::Quarter) => {
                (1..=3).contains(&month) && (1..=31).contains(&day)
            }
            (Self::DayOfNthMonth { month, day }, Cadence::HalfYear) => {
                (1..=6).contains(&month) && (1..=31).contains(&day)
            }
            (Self::YearDay(day), Cadence::Year) => day.to_string().parse() == Ok(day),
            _ => false,
        }
    }

    /// What the text's shape says, whatever the cadence.
    fn read(text: &str) -> Option<Self> {
        if text == "last" {
            return Some(Self::Last);
        }
        if let Some((month, day)) = text.split_once('-') {
            let of_month = || {
                let month = u8::try_from(number(month, 1)?).ok()?;
                Some(Self::DayOfNthMonth { month, day: u8::try_from(number(day, 2)?).ok()? })
            };
            return of_month().or_else(|| text.parse().map(Self::YearDay).ok());
        }
        if let Some(weekday) = WEEKDAYS.into_iter().find(|day| weekday_word(*day) == text) {
            return Some(Self::Weekday(weekday));
        }
        let day = number(text, text.len())?;
        Some(Self::DayOfMonth(u8::try_from(day).ok()?))
    }
}

const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

const fn weekday_word(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "mon",
        Weekday::Tue => "tue",
        Weekday::Wed => "wed",
        Weekday::Thu => "thu",
        Weekday::Fri => "fri",
        Weekday::Sat => "sat",
        Weekday::Sun => "sun",
    }
}

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last => f.write_str("last"),
            Self::DayOfMonth(day) => write!(f, "{day}"),
            Self::Weekday(weekday) => f.write_str(weekday_word(*weekday)),
            Self::DayOfNthMonth { month, day } => write!(f, "{month}-{day:02}"),
            Self::YearDay(day) => write!(f, "{day}"),
        }
    }
}

impl Serialize for On {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::DayOfMonth(day) => serializer.serialize_u8(*day),
            Self::Last | Self::Weekday(_) | Self::DayOfNthMonth { .. } | Self::YearDay(_) => {
                serializer.collect_str(self)
            }
        }
    }
}

impl<'de> Deserialize<'de> for On {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Shape {
            Day(u8),
            Text(String),
        }
        match Shape::deserialize(deserializer)? {
            Shape::Day(day) => Ok(Self::DayOfMonth(day)),
            Shape::Text(text) => Self::read(&text)
                .ok_or_else(|| serde::de::Error::custom(format_args!("`{text}` names no day of any period"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FITTING: [(Cadence, &str, &str); 12] = [
        (Cadence::TenDays, "last", r#""last""#),
        (Cadence::HalfYear, "6-25", r#""6-25""#),
        (Cadence::HalfYear, "last", r#""last""#),
        (Cadence::Month, "25", "25"),
        (Cadence::Month, "31", "31"),
        (Cadence::Month, "last", r#""last""#),
        (Cadence::Week, "mon", r#""mon""#),
        (Cadence::Week, "sun", r#""sun""#),
        (Cadence::Quarter, "2-15", r#""2-15""#),
        (Cadence::Quarter, "last", r#""last""#),
        (Cadence::Year, "03-01", r#""03-01""#),
        (Cadence::Year, "last", r#""last""#),
    ];

    #[test]
    fn a_day_is_kept_as_plan_files_write_it() {
        for (every, text, json) in FITTING {
            let on = On::parse(every, text).unwrap();
            assert_eq!(on.to_string(), text);
            assert_eq!(on.check(every), Ok(()));
            assert_eq!(serde_json::to_string(&on).unwrap(), json);
            assert_eq!(serde_json::from_str::<On>(json).unwrap(), on);
        }
    }

    #[test]
    fn a_day_that_does_not_fit_is_refused_with_what_would() {
        for (every, text) in [
            (Cadence::Day, "last"),
            (Cadence::Workday, "mon"),
            (Cadence::Week, "last"),
            (Cadence::Week, "1"),
            (Cadence::Week, "Mon"),
            (Cadence::Month, "0"),
            (Cadence::Month, "32"),
            (Cadence::Month, "256"),
            (Cadence::Month, "-1"),
            (Cadence::Month, ""),
            (Cadence::Month, "03-01"),
            (Cadence::Quarter, "02-15"),
            (Cadence::Quarter, "4-15"),
            (Cadence::Quarter, "0-15"),
            (Cadence::Quarter, "2-32"),
            (Cadence::Quarter, "2-5"),
            (Cadence::TenDays, "5"),
            (Cadence::HalfYear, "7-01"),
            (Cadence::HalfYear, "06-30"),
            (Cadence::Year, "3-01"),
            (Cadence::Year, "02-30"),
            (Cadence::Year, "13-01"),
        ] {
            assert!(On::parse(every, text).is_err(), "{every} {text}");
        }
        let fault = On::parse(Cadence::Quarter, "02-15").unwrap_err().to_string();
        assert!(fault.contains("`on = 02-15` does not fit `every = \"quarter\"`"), "{fault}");
        assert!(fault.contains("`M-DD`"), "{fault}");
        assert!(serde_json::from_str::<On>("300").is_err());
        assert!(serde_json::from_str::<On>(r#""someday""#).is_err());
    }

    #[test]
    fn a_day_past_the_months_end_is_its_last() {
        let day = |every: Cadence, on: &str, period: &str| {
            let day = On::parse(every, on).unwrap().day_of(period.parse().unwrap());
            day.unwrap().to_string()
        };
        assert_eq!(day(Cadence::Month, "31", "2021-04"), "2021-04-30");
        assert_eq!(day(Cadence::Month, "30", "2024-02"), "2024-02-29");
        assert_eq!(day(Cadence::Quarter, "2-31", "2021Q1"), "2021-02-28");
        assert_eq!(day(Cadence::Quarter, "2-15", "2021Q4"), "2021-11-15");
        assert_eq!(day(Cadence::Quarter, "last", "2021Q2"), "2021-06-30");
        assert_eq!(day(Cadence::HalfYear, "2-31", "2021H1"), "2021-02-28");
        assert_eq!(day(Cadence::HalfYear, "6-25", "2021H2"), "2021-12-25");
        assert_eq!(day(Cadence::HalfYear, "last", "2021H1"), "2021-06-30");
        assert_eq!(day(Cadence::TenDays, "last", "2021-02-T3"), "2021-02-28");
        assert_eq!(day(Cadence::Year, "02-29", "2021"), "2021-02-28");
        assert_eq!(day(Cadence::Week, "fri", "2021-W26"), "2021-07-02");
    }

    #[test]
    fn a_day_belongs_to_the_calendars_period() {
        let new_year = NaiveDate::from_ymd_opt(2021, 1, 1).unwrap();
        let names = Cadence::ALL.map(|every| every.period(new_year).to_string());
        let right =
            ["2021-01-01", "2021-01-01", "2020-W53", "2021-01-T1", "2021-01", "2021Q1", "2021H1", "2021"];
        assert_eq!(names, right);
        let last = NaiveDate::from_ymd_opt(2021, 12, 31).unwrap();
        assert_eq!(Cadence::TenDays.period(last).to_string(), "2021-12-T3");
        assert_eq!(Cadence::HalfYear.period(last).to_string(), "2021H2");
    }

    #[test]
    fn cadences_are_kept_as_their_words() {
        for every in Cadence::ALL {
            assert_eq!(every.as_str().parse(), Ok(every));
            assert_eq!(serde_json::to_string(&every).unwrap(), format!("\"{every}\""));
        }
        assert!("fortnight".parse::<Cadence>().is_err());
    }
}
