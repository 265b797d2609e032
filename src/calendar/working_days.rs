//! Which days are worked: weekends, the State Council's days off, and make-up workdays (调休).

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::statutory;

/// The longest run of days off that is stepped over; no notice comes near it.
const LONGEST_BREAK_DAYS: usize = 366;

/// What is wrong with a working-days file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkingYearError {
    /// A date of another year.
    #[error("{date} is not in {year}: a working-days file holds its own year only")]
    OtherYear {
        /// The date.
        date: NaiveDate,
        /// The year of the file.
        year: i32,
    },
    /// A span that ends before it begins.
    #[error("days off `{name}`: {from} is after {until}")]
    Reversed {
        /// The span's name.
        name: String,
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        until: NaiveDate,
    },
    /// A day in two spans.
    #[error("days off `{name}` and `{other}` share days")]
    Overlap {
        /// One span's name.
        name: String,
        /// The other's.
        other: String,
    },
    /// A make-up workday within a span of days off.
    #[error("{date} is a make-up workday and a day off (`{name}`) at once")]
    WorkedDayOff {
        /// The date.
        date: NaiveDate,
        /// The span's name.
        name: String,
    },
    /// A make-up workday from Monday to Friday, which would be worked anyway.
    #[error("{date} is listed as a make-up workday, but it is no weekend day")]
    WeekdayWork {
        /// The date.
        date: NaiveDate,
    },
    /// A make-up workday listed twice.
    #[error("{date} is listed twice as a make-up workday")]
    TwiceWorked {
        /// The date.
        date: NaiveDate,
    },
}

/// Days off in one piece, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffSpan {
    /// What the notice calls it: `国庆节`.
    pub name: String,
    /// First day off.
    pub from: NaiveDate,
    /// Last day off.
    pub until: NaiveDate,
}

impl OffSpan {
    /// Whether this day is one of them.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        (self.from..=self.until).contains(&date)
    }
}

/// One year of the State Council's notice on days off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingYear {
    /// The year.
    pub year: i32,
    /// The notice's document number: `国办发明电〔2020〕27号`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Days off, weekends within them included.
    #[serde(default)]
    pub off: Vec<OffSpan>,
    /// Weekend days that are worked.
    #[serde(default)]
    pub work: Vec<NaiveDate>,
}

impl WorkingYear {
    /// Whether the year says something that can be relied on.
    ///
    /// # Errors
    /// [`WorkingYearError`]: the first date of another year, reversed or overlapping span, or
    /// make-up day that is also off, no weekend day, or listed twice.
    pub fn check(&self) -> Result<(), WorkingYearError> {
        let dates = self.off.iter().flat_map(|span| [span.from, span.until]);
        if let Some(date) = dates.chain(self.work.iter().copied()).find(|d| d.year() != self.year) {
            return Err(WorkingYearError::OtherYear { date, year: self.year });
        }
        for (at, span) in self.off.iter().enumerate() {
            let OffSpan { name, from, until } = span.clone();
            if from > until {
                return Err(WorkingYearError::Reversed { name, from, until });
            }
            let shares = |other: &&OffSpan| other.contains(from) || span.contains(other.from);
            if let Some(other) = self.off.iter().skip(at + 1).find(shares) {
                return Err(WorkingYearError::Overlap { name, other: other.name.clone() });
            }
        }
        for (at, &date) in self.work.iter().enumerate() {
            if let Some(span) = self.off_span(date) {
                return Err(WorkingYearError::WorkedDayOff { date, name: span.name.clone() });
            }
            if !is_weekend(date) {
                return Err(WorkingYearError::WeekdayWork { date });
            }
            if self.work.iter().skip(at + 1).any(|other| *other == date) {
                return Err(WorkingYearError::TwiceWorked { date });
            }
        }
        Ok(())
    }

    /// The days off that this day belongs to.
    fn off_span(&self, date: NaiveDate) -> Option<&OffSpan> {
        self.off.iter().find(|span| span.contains(date))
    }

    /// Whether nothing is known of the year.
    fn is_empty(&self) -> bool {
        self.off.is_empty() && self.work.is_empty()
    }
}

/// All years that are known. A missing or empty year has its weekends and statutory days off, and is provisional.
/// Serialised as the list of its years.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<WorkingYear>", into = "Vec<WorkingYear>")]
pub struct WorkingDays {
    years: BTreeMap<i32, WorkingYear>,
}

impl WorkingDays {
    /// The days of these years; of two for one year the later counts.
    #[must_use]
    pub fn new(years: impl IntoIterator<Item = WorkingYear>) -> Self {
        Self { years: years.into_iter().map(|year| (year.year, year)).collect() }
    }

    /// The years, in order.
    pub fn years(&self) -> impl Iterator<Item = &WorkingYear> {
        self.years.values()
    }

    /// What is known of this year.
    #[must_use]
    pub fn year(&self, year: i32) -> Option<&WorkingYear> {
        self.years.get(&year)
    }

    /// Whether this year's notice is not known: no file, or an empty one.
    #[must_use]
    pub fn is_provisional(&self, year: i32) -> bool {
        self.year(year).is_none_or(WorkingYear::is_empty)
    }

    /// Whether this day is worked.
    #[must_use]
    pub fn is_working(&self, date: NaiveDate) -> bool {
        let made_up = self.year(date.year()).is_some_and(|year| year.work.contains(&date));
        made_up || (!is_weekend(date) && self.holiday_name(date).is_none())
    }

    /// The name of the days off that this day belongs to; none for an ordinary weekend.
    #[must_use]
    pub fn holiday_name(&self, date: NaiveDate) -> Option<&str> {
        match self.year(date.year()).filter(|year| !year.is_empty()) {
            Some(year) => year.off_span(date).map(|span| span.name.as_str()),
            None => statutory::name(date),
        }
    }

    /// The provisional ones of the years in which these days lie.
    #[must_use]
    pub fn provisional_years(&self, from: NaiveDate, until: NaiveDate) -> Vec<i32> {
        (from.year()..=until.year()).filter(|year| self.is_provisional(*year)).collect()
    }

    /// This day, or the last working day before it.
    #[must_use]
    pub fn on_or_before(&self, date: NaiveDate) -> NaiveDate {
        let days = std::iter::successors(Some(date), NaiveDate::pred_opt);
        self.first_worked(days).unwrap_or(date)
    }

    /// This day, or the first working day after it.
    #[must_use]
    pub fn on_or_after(&self, date: NaiveDate) -> NaiveDate {
        let days = std::iter::successors(Some(date), NaiveDate::succ_opt);
        self.first_worked(days).unwrap_or(date)
    }

    /// The so-many-th working day after this day, which does not count itself; 0 is the day itself.
    #[must_use]
    pub fn add_working_days(&self, date: NaiveDate, working_days: u16) -> NaiveDate {
        (0..working_days).fold(date, |day, _| day.succ_opt().map_or(day, |d| self.on_or_after(d)))
    }

    fn first_worked(&self, days: impl Iterator<Item = NaiveDate>) -> Option<NaiveDate> {
        days.take(LONGEST_BREAK_DAYS).find(|day| self.is_working(*day))
    }
}

/// Saturday or Sunday.
fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

impl FromIterator<WorkingYear> for WorkingDays {
    fn from_iter<I: IntoIterator<Item = WorkingYear>>(years: I) -> Self {
        Self::new(years)
    }
}

impl From<Vec<WorkingYear>> for WorkingDays {
    fn from(years: Vec<WorkingYear>) -> Self {
        Self::new(years)
    }
}

impl From<WorkingDays> for Vec<WorkingYear> {
    fn from(days: WorkingDays) -> Self {
        days.years.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn off(name: &str, from: &str, until: &str) -> OffSpan {
        OffSpan { name: name.to_owned(), from: date(from), until: date(until) }
    }

    fn year_2021() -> WorkingYear {
        WorkingYear {
            year: 2021,
            notice: Some("国办发明电〔2020〕27号".to_owned()),
            off: vec![off("中秋节", "2021-09-19", "2021-09-21"), off("国庆节", "2021-10-01", "2021-10-07")],
            work: vec![date("2021-09-18"), date("2021-09-26"), date("2021-10-09")],
        }
    }

    #[test]
    fn the_national_day_of_2021_is_off_and_made_up_for() {
        let days = WorkingDays::new([year_2021()]);
        assert!(!days.is_working(date("2021-10-01")));
        assert_eq!(days.holiday_name(date("2021-10-01")), Some("国庆节"));
        assert!(days.is_working(date("2021-10-08")));
        assert!(days.is_working(date("2021-10-09")), "a Saturday that is worked");
        assert!(!days.is_working(date("2021-10-10")));
        assert_eq!(days.holiday_name(date("2021-10-10")), None);
    }

    #[test]
    fn a_deadline_on_a_sunday_is_advised_for_the_friday() {
        let days = WorkingDays::new([year_2021()]);
        assert_eq!(days.on_or_before(date("2021-10-31")), date("2021-10-29"));
        assert_eq!(days.on_or_before(date("2021-10-29")), date("2021-10-29"));
        assert_eq!(days.on_or_before(date("2021-10-07")), date("2021-09-30"));
        assert_eq!(days.on_or_after(date("2021-10-01")), date("2021-10-08"));
        assert_eq!(days.on_or_after(date("2021-10-09")), date("2021-10-09"));
    }

    #[test]
    fn working_days_are_counted_over_days_off() {
        let days = WorkingDays::new([year_2021()]);
        assert_eq!(days.add_working_days(date("2021-09-30"), 0), date("2021-09-30"));
        assert_eq!(days.add_working_days(date("2021-09-30"), 1), date("2021-10-08"));
        assert_eq!(days.add_working_days(date("2021-09-30"), 2), date("2021-10-09"));
        assert_eq!(days.add_working_days(date("2021-09-30"), 3), date("2021-10-11"));
        assert_eq!(days.add_working_days(date("2021-10-03"), 1), date("2021-10-08"));
    }

    #[test]
    fn a_missing_or_empty_year_is_provisional_with_weekends_and_statutory_days_off() {
        let empty = WorkingYear { year: 2022, ..WorkingYear::default() };
        for days in [WorkingDays::default(), WorkingDays::new([year_2021(), empty])] {
            assert!(days.is_provisional(2022));
            assert_eq!(days.provisional_years(date("2022-12-01"), date("2023-01-01")), [2022, 2023]);
            assert!(days.is_working(date("2022-10-04")), "a Tuesday that only a notice could make a day off");
            assert!(!days.is_working(date("2022-10-03")), "a Monday, off by law");
            assert_eq!(days.holiday_name(date("2022-10-03")), Some("国庆节"));
            assert_eq!(days.on_or_after(date("2023-01-01")), date("2023-01-02"));
            assert!(!days.is_working(date("2022-10-08")), "a Saturday, worked by the notice alone");
            assert_eq!(days.on_or_before(date("2022-10-02")), date("2022-09-30"));
        }
        assert!(!WorkingDays::new([year_2021()]).is_provisional(2021));
    }

    #[test]
    fn an_absurd_year_without_work_gives_the_day_itself() {
        let span = |year: i32| WorkingYear {
            year,
            off: vec![off("?", &format!("{year}-01-01"), &format!("{year}-12-31"))],
            ..WorkingYear::default()
        };
        let days: WorkingDays = (2020..2024).map(span).collect();
        assert_eq!(days.on_or_before(date("2023-06-01")), date("2023-06-01"));
        assert_eq!(days.on_or_after(date("2020-06-01")), date("2020-06-01"));
    }

    #[test]
    fn a_sound_year_passes_and_faults_are_told() {
        assert_eq!(year_2021().check(), Ok(()));
        let fault = |change: fn(&mut WorkingYear)| {
            let mut year = year_2021();
            change(&mut year);
            year.check().unwrap_err().to_string()
        };
        let text = fault(|y| y.work.push(date("2022-01-29")));
        assert_eq!(text, "2022-01-29 is not in 2021: a working-days file holds its own year only");
        let text = fault(|y| y.off.push(off("元旦", "2020-12-31", "2021-01-03")));
        assert!(text.starts_with("2020-12-31 is not in 2021"), "{text}");
        let text = fault(|y| y.off.push(off("元旦", "2021-01-03", "2021-01-01")));
        assert_eq!(text, "days off `元旦`: 2021-01-03 is after 2021-01-01");
        let text = fault(|y| y.off.push(off("长假", "2021-09-01", "2021-10-31")));
        assert_eq!(text, "days off `中秋节` and `长假` share days");
        let text = fault(|y| y.work.push(date("2021-10-02")));
        assert_eq!(text, "2021-10-02 is a make-up workday and a day off (`国庆节`) at once");
        let text = fault(|y| y.work.push(date("2021-10-11")));
        assert_eq!(text, "2021-10-11 is listed as a make-up workday, but it is no weekend day");
        let text = fault(|y| y.work.push(date("2021-10-09")));
        assert_eq!(text, "2021-10-09 is listed twice as a make-up workday");
    }

    #[test]
    fn it_is_kept_as_the_list_of_its_years() {
        let days = WorkingDays::new([year_2021()]);
        let json = serde_json::to_string(&days).unwrap();
        assert!(json.starts_with(r#"[{"year":2021,"notice":"国办发明电〔2020〕27号","off":[{"#));
        assert_eq!(serde_json::from_str::<WorkingDays>(&json).unwrap(), days);
        assert!(serde_json::from_str::<WorkingDays>(r#"[{"year":2021,"wrok":[]}]"#).is_err());
    }
}
