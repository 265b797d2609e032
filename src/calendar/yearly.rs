//! A day of the year and a window that comes back every year, which may wrap it.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::period::{Period, day_or_last, number};

/// A text that is no day of the year, or no window of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YearlyError {
    /// Not `MM-DD`, or a day that no year has.
    #[error("`{0}` is no day of the year: `MM-DD` is needed, for instance `03-01`")]
    Day(String),
    /// Not `MM..MM` and not `MM-DD..MM-DD`.
    #[error("`{0}` is no part of the year: months (`05..09`) or days (`10-01..03-31`) are needed")]
    Window(String),
}

/// A day of every year; 29 February is 28 February in a year without it. Written `MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31; past the month's end it means the month's last day.
    pub day: u8,
}

impl MonthDay {
    /// Its date in this year; none if the month or day is outside what calendars have.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        day_or_last(year, self.month.into(), self.day.into())
    }

    /// The last day of this month in a leap year.
    fn end_of(month: u8) -> Option<Self> {
        let last = day_or_last(LEAP_YEAR, month.into(), 31)?;
        Some(Self { month, day: u8::try_from(last.day()).ok()? })
    }
}

/// Any leap year: it has every day that a year can have.
const LEAP_YEAR: i32 = 2000;

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl FromStr for MonthDay {
    type Err = YearlyError;

    fn from_str(text: &str) -> Result<Self, YearlyError> {
        let parse = || {
            let (month, day) = text.split_once('-')?;
            let month = u8::try_from(number(month, 2)?).ok()?;
            let day = u8::try_from(number(day, 2)?).ok()?;
            let exists = NaiveDate::from_ymd_opt(LEAP_YEAR, month.into(), day.into()).is_some();
            exists.then_some(Self { month, day })
        };
        parse().ok_or_else(|| YearlyError::Day(text.to_owned()))
    }
}

impl TryFrom<String> for MonthDay {
    type Error = YearlyError;

    fn try_from(text: String) -> Result<Self, YearlyError> {
        text.parse()
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> Self {
        day.to_string()
    }
}

/// A part of every year, both days included. Written in months (`05..09`: from the first day of
/// the first to the last day of the last) or in days (`10-01..03-31`). Shown in months where it
/// consists of whole months and stays within the year, else in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct YearlyWindow {
    /// Its first day.
    pub from: MonthDay,
    /// Its last day; before `from` in the year if the window wraps.
    pub until: MonthDay,
}

impl YearlyWindow {
    /// The window of this text.
    ///
    /// # Errors
    /// [`YearlyError`] if it is neither `MM..MM` nor `MM-DD..MM-DD`, or a day does not exist.
    pub fn parse(text: &str) -> Result<Self, YearlyError> {
        let unknown = || YearlyError::Window(text.to_owned());
        let (from, until) = text.split_once("..").ok_or_else(unknown)?;
        if from.contains('-') && until.contains('-') {
            return Ok(Self { from: from.parse()?, until: until.parse()? });
        }
        let months = || {
            let from = u8::try_from(number(from, 2)?).ok()?;
            let until = u8::try_from(number(until, 2)?).ok()?;
            let first = MonthDay::end_of(from)?;
            Some(Self { from: MonthDay { day: 1, ..first }, until: MonthDay::end_of(until)? })
        };
        months().ok_or_else(unknown)
    }

    /// Whether it runs over the turn of the year.
    #[must_use]
    pub fn wraps(self) -> bool {
        self.from > self.until
    }

    /// First and last day of the window that opens in this year.
    #[must_use]
    pub fn starting_in(self, year: i32) -> Option<(NaiveDate, NaiveDate)> {
        let closing_year = if self.wraps() { year.checked_add(1)? } else { year };
        Some((self.from.in_year(year)?, self.until.in_year(closing_year)?))
    }

    /// Whether this day lies in the window, whichever year it opened.
    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        let year = date.year();
        let (Some(from), Some(until)) = (self.from.in_year(year), self.until.in_year(year)) else {
            return false;
        };
        if self.wraps() { date >= from || date <= until } else { (from..=until).contains(&date) }
    }

    /// The name of the window that opens in this year: the year, or both years if it wraps.
    #[must_use]
    pub fn period(self, year: i32) -> Period {
        if self.wraps() { Period::Season { start_year: year } } else { Period::Year(year) }
    }
}

impl fmt::Display for YearlyWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole_months = self.from.day == 1 && MonthDay::end_of(self.until.month) == Some(self.until);
        if whole_months && !self.wraps() {
            write!(f, "{:02}..{:02}", self.from.month, self.until.month)
        } else {
            write!(f, "{}..{}", self.from, self.until)
        }
    }
}

impl FromStr for YearlyWindow {
    type Err = YearlyError;

    fn from_str(text: &str) -> Result<Self, YearlyError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for YearlyWindow {
    type Error = YearlyError;

    fn try_from(text: String) -> Result<Self, YearlyError> {
        Self::parse(&text)
    }
}

impl From<YearlyWindow> for String {
    fn from(window: YearlyWindow) -> Self {
        window.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn window(text: &str) -> YearlyWindow {
        YearlyWindow::parse(text).unwrap()
    }

    #[test]
    fn the_leap_day_is_the_28th_in_other_years() {
        let leap: MonthDay = "02-29".parse().unwrap();
        assert_eq!(leap.in_year(2024), Some(date("2024-02-29")));
        assert_eq!(leap.in_year(2021), Some(date("2021-02-28")));
        assert_eq!(leap.in_year(1900), Some(date("1900-02-28")));
        assert_eq!(MonthDay { month: 13, day: 1 }.in_year(2021), None);
        assert_eq!(MonthDay { month: 1, day: 0 }.in_year(2021), None);
    }

    #[test]
    fn months_run_from_the_first_to_the_last_day() {
        let summer = window("05..09");
        assert_eq!(summer, window("05-01..09-30"));
        assert!(!summer.wraps());
        let in_2021 = (date("2021-05-01"), date("2021-09-30"));
        assert_eq!(summer.starting_in(2021), Some(in_2021));
        assert_eq!(summer.period(2021), Period::Year(2021));
        assert_eq!(window("02..02").starting_in(2024).unwrap().1, date("2024-02-29"));
        assert_eq!(window("02..02").starting_in(2023).unwrap().1, date("2023-02-28"));
    }

    #[test]
    fn a_season_that_wraps_is_named_by_both_years() {
        let winter = window("10-01..03-31");
        assert!(winter.wraps());
        let first = (date("2021-10-01"), date("2022-03-31"));
        assert_eq!(winter.starting_in(2021), Some(first));
        assert_eq!(winter.period(2021).to_string(), "2021-2022");
        for (day, inside) in [
            ("2021-09-30", false),
            ("2021-10-01", true),
            ("2021-12-31", true),
            ("2022-01-01", true),
            ("2022-03-31", true),
            ("2022-04-01", false),
        ] {
            assert_eq!(winter.contains(date(day)), inside, "{day}");
        }
    }

    #[test]
    fn a_window_is_shown_as_it_is_written() {
        for text in ["05..09", "01..12", "02..02", "10-01..03-31", "05-15..09-30", "03-01..03-01"] {
            assert_eq!(window(text).to_string(), text);
        }
        // Whole months within a year have one form, the short one.
        assert_eq!(window("07-01..09-30").to_string(), "07..09");
        assert_eq!(window("10..03").to_string(), "10-01..03-31");
        let json = serde_json::to_string(&window("05..09")).unwrap();
        assert_eq!(json, r#""05..09""#);
        assert_eq!(serde_json::from_str::<YearlyWindow>(&json).unwrap(), window("05..09"));
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in ["", "05", "05-09", "5..9", "05..13", "00..02", "05-01..09", "02-30..03-01"] {
            assert!(YearlyWindow::parse(text).is_err(), "{text}");
        }
        for text in ["", "3-1", "03-32", "02-30", "13-01", "0301", "03-01-01"] {
            assert!(text.parse::<MonthDay>().is_err(), "{text}");
        }
    }

    fn month_days() -> impl Strategy<Value = MonthDay> {
        (0u64..366).prop_map(|days| {
            let date = date("2024-01-01") + chrono::Days::new(days);
            date.format("%m-%d").to_string().parse().unwrap()
        })
    }

    proptest! {
        #[test]
        fn a_window_survives_its_text(from in month_days(), until in month_days()) {
            let window = YearlyWindow { from, until };
            prop_assert_eq!(YearlyWindow::parse(&window.to_string()), Ok(window));
        }

        #[test]
        fn a_day_is_inside_when_a_window_of_its_year_or_the_one_before_holds_it(
            from in month_days(), until in month_days(), days in 0u64..4000,
        ) {
            let window = YearlyWindow { from, until };
            let day = date("2019-01-01") + chrono::Days::new(days);
            let held = [day.year() - 1, day.year()].into_iter().any(|year| {
                let (opens, closes) = window.starting_in(year).unwrap();
                (opens..=closes).contains(&day)
            });
            prop_assert_eq!(window.contains(day), held);
        }
    }
}
