//! The escape hatch for dates that no cadence names: six cron fields, of which only the days count.
//! It must not know of zones: a day is a civil day.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use serde::{Deserialize, Serialize};

/// Where a search for the first date starts. Without a field for the year a text has a date
/// within 400 years of any day or never.
const SEARCH_FROM: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// Why a cron text is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// Not six fields.
    #[error("`{text}` has {found} fields; six are needed: second, minute, hour, day, month, weekday")]
    Fields {
        /// The text as it was given.
        text: String,
        /// How many fields it has.
        found: usize,
    },
    /// croner 4 can't read it.
    #[error("`{text}` is no cron text: {why}")]
    Unreadable {
        /// The text as it was given.
        text: String,
        /// croner's words.
        why: String,
    },
    /// croner 4 reads it, but the croner 3 inside tokio-cron-scheduler doesn't, or reads other days.
    #[error("`{text}` is not read alike by every cron reader in use: {why}")]
    Disputed {
        /// The text as it was given.
        text: String,
        /// What to write instead.
        why: &'static str,
    },
    /// It names no date at all.
    #[error(
        "`{text}` never has a next date: no day is day `{day}` of month `{month}` and weekday `{weekday}` at once"
    )]
    NoNextDate {
        /// The text as it was given.
        text: String,
        /// Its day field.
        day: String,
        /// Its month field.
        month: String,
        /// Its weekday field.
        weekday: String,
    },
}

/// A cron text that has dates. Day and weekday must both match. Serialised as its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CronSchedule {
    text: String,
    cron: Cron,
}

impl CronSchedule {
    /// The schedule of a six-field text. Only what croner 4 (ours) and croner 3 (inside
    /// tokio-cron-scheduler 0.15) read alike is taken. The two differ in `LW` (unknown to 3), in
    /// the last Sunday written with 7 (never comes in 3) and in steps from a single number
    /// (`5/10`, unknown to 4).
    ///
    /// # Errors
    /// [`CronError`], if the text has not six fields, can't be read, is read differently by the
    /// two, or names no date (30 February).
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let owned = || text.to_owned();
        let fields: Vec<&str> = text.split_whitespace().collect();
        let &[_, _, _, day, month, weekday] = fields.as_slice() else {
            return Err(CronError::Fields { text: owned(), found: fields.len() });
        };
        let cron = CronParser::builder()
            .seconds(Seconds::Required)
            .year(Year::Disallowed)
            .dom_and_dow(true)
            .build()
            .parse(text)
            .map_err(|fault| CronError::Unreadable { text: owned(), why: fault.to_string() })?;
        if let Some(why) = disputed(day, weekday) {
            return Err(CronError::Disputed { text: owned(), why });
        }
        let schedule = Self { text: fields.join(" "), cron };
        if schedule.days(SEARCH_FROM).next().is_none() {
            return Err(CronError::NoNextDate {
                text: owned(),
                day: day.to_owned(),
                month: month.to_owned(),
                weekday: weekday.to_owned(),
            });
        }
        Ok(schedule)
    }

    /// The text, one space between fields.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The days it names, from this one on (it included), each once however many times a day it
    /// fires. Ends with croner's year 5000.
    pub fn days(&self, from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let next = |from: NaiveDate| {
            let midnight: DateTime<Utc> = from.and_time(NaiveTime::MIN).and_utc();
            let next = self.cron.find_next_occurrence(&midnight, true).ok()?;
            Some(next.date_naive())
        };
        std::iter::successors(next(from), move |day| next(day.succ_opt()?))
    }
}

/// What croner 3 and croner 4 read differently in a text that croner 4 takes.
fn disputed(day: &str, weekday: &str) -> Option<&'static str> {
    let (day, weekday) = (day.to_uppercase(), weekday.to_uppercase());
    if day.split(',').any(|part| part == "LW") {
        return Some("`LW` is unknown to the scheduler's reader; name the day");
    }
    let last_seventh = |part: &str| part.contains('L') && (part.contains('7') || part.contains("-SUN"));
    if weekday.split(',').any(last_seventh) {
        return Some("the last Sunday is `0L`, not `7L`");
    }
    None
}

impl fmt::Display for CronSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for CronSchedule {
    type Err = CronError;

    fn from_str(text: &str) -> Result<Self, CronError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for CronSchedule {
    type Error = CronError;

    fn try_from(text: String) -> Result<Self, CronError> {
        Self::parse(&text)
    }
}

impl From<CronSchedule> for String {
    fn from(schedule: CronSchedule) -> Self {
        schedule.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn first_days(text: &str, from: &str, count: usize) -> Vec<String> {
        let schedule = CronSchedule::parse(text).unwrap();
        let days = schedule.days(date(from)).take(count);
        days.map(|day| day.to_string()).collect()
    }

    #[test]
    fn a_yearly_day_comes_every_year() {
        let days = first_days("0 0 9 1 3 *", "2021-03-01", 3);
        assert_eq!(days, ["2021-03-01", "2022-03-01", "2023-03-01"]);
    }

    #[test]
    fn day_and_weekday_must_both_match() {
        // Friday the 13th: under OR semantics the first would be 1 January.
        let days = first_days("0 0 9 13 * FRI", "2021-01-01", 2);
        assert_eq!(days, ["2021-08-13", "2022-05-13"]);
    }

    #[test]
    fn a_day_counts_once_however_often_it_fires() {
        let days = first_days("* * * 30-31 * *", "2021-01-30", 4);
        assert_eq!(days, ["2021-01-30", "2021-01-31", "2021-03-30", "2021-03-31"]);
    }

    #[test]
    fn the_hour_never_loses_the_first_day() {
        let days = first_days("59 59 23 L * *", "2021-02-28", 2);
        assert_eq!(days, ["2021-02-28", "2021-03-31"]);
    }

    #[test]
    fn a_rare_date_is_still_a_date() {
        // 29 February on a Monday: every 28 years, save where a century has no leap day.
        let days = first_days("0 0 9 29 2 MON", "2021-01-01", 2);
        assert_eq!(days, ["2044-02-29", "2072-02-29"]);
    }

    #[test]
    fn a_text_without_a_date_is_refused_with_the_reason() {
        let fault = CronSchedule::parse("0 0 9 31 2 *").unwrap_err();
        assert!(matches!(fault, CronError::NoNextDate { .. }));
        assert!(fault.to_string().contains("day `31` of month `2`"), "{fault}");
        assert!(CronSchedule::parse("0 0 9 31 2,4,6 *").is_err());
        // The fifth Monday of February needs a leap year that begins it on one.
        assert!(CronSchedule::parse("0 0 9 * 2 MON#5").is_ok());
        assert!(CronSchedule::parse("0 0 9 1-28 2 MON#5").is_err());
    }

    #[test]
    fn six_fields_are_needed() {
        for (text, found) in [("", 0), ("0 9 1 * *", 5), ("0 0 9 1 3 * 2022", 7), ("@daily", 1)] {
            let text = text.to_owned();
            let fault = CronSchedule::parse(&text).unwrap_err();
            assert_eq!(fault, CronError::Fields { text, found });
        }
    }

    #[test]
    fn unreadable_texts_are_refused() {
        for text in ["0 0 24 1 * *", "0 60 9 1 * *", "0 0 9 32 * *", "0 0 9 1 13 *", "a b c d e f"] {
            let fault = CronSchedule::parse(text).unwrap_err();
            assert!(matches!(fault, CronError::Unreadable { .. }), "{text}: {fault}");
        }
    }

    /// Found by reading 12,276 texts with croner 3.0.1 and 4.0.3: nothing else differs.
    #[test]
    fn what_the_two_readers_read_differently_is_refused() {
        for text in [
            "0 0 9 LW * *",
            "0 0 9 15,lw * *",
            "0 0 9 * * 7L",
            "0 0 9 * * 7#L",
            "0 0 9 * * 1,7L",
            "0 0 9 * * SAT-SUN#L",
        ] {
            let fault = CronSchedule::parse(text).unwrap_err();
            assert!(matches!(fault, CronError::Disputed { .. }), "{text}: {fault}");
        }
        assert!(CronSchedule::parse("0 5/10 9 1 * *").is_err());
        for text in ["0 0 9 * * 0L", "0 0 9 * * SUNL", "0 0 9 * * 7,5L", "0 0 9 L * ?"] {
            assert!(CronSchedule::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn it_is_kept_as_its_text() {
        let schedule = CronSchedule::parse(" 0 0 9  1 3 * ").unwrap();
        let json = serde_json::to_string(&schedule).unwrap();
        assert_eq!(json, r#""0 0 9 1 3 *""#);
        assert_eq!(serde_json::from_str::<CronSchedule>(&json).unwrap(), schedule);
        assert!(serde_json::from_str::<CronSchedule>(r#""0 0 9 31 2 *""#).is_err());
    }
}
