//! What the pure rooms' readers refuse, as messages: names, periods, cadences, windows, cron texts, days off.

use super::{Message, Value, message, refusal};
use crate::calendar::{
    Cadence, CronError, LAST_YEAR, OnError, RecurrenceError, UnknownCadence, UnknownPeriod, WorkingYearError,
    YearlyError,
};
use crate::domain::BadName;
use crate::domain::command::Refusal;

/// An error that has words in every language.
pub trait Spoken {
    /// The error, to be told.
    fn spoken(&self) -> Message;
}

impl Spoken for BadName {
    fn spoken(&self) -> Message {
        refusal(&Refusal::BadName(self.clone()))
    }
}

impl Spoken for UnknownPeriod {
    fn spoken(&self) -> Message {
        message("parse-no-period").with("text", &self.text)
    }
}

impl Spoken for UnknownCadence {
    fn spoken(&self) -> Message {
        message("parse-no-cadence").with("text", &self.text)
    }
}

impl Spoken for OnError {
    fn spoken(&self) -> Message {
        let takes = match self.every {
            Cadence::Day | Cadence::Workday => message("parse-takes-nothing"),
            Cadence::Week => message("parse-takes-weekdays"),
            Cadence::TenDays => message("parse-takes-last"),
            Cadence::Month => message("parse-takes-days"),
            Cadence::Quarter => message("parse-takes-days-of-quarter"),
            Cadence::HalfYear => message("parse-takes-days-of-half-year"),
            Cadence::Year => message("parse-takes-days-of-year"),
        };
        let told = message("parse-on").with("key", "on").with("on", &self.on).with("every", &self.every);
        told.within("takes", takes)
    }
}

impl Spoken for YearlyError {
    fn spoken(&self) -> Message {
        match self {
            Self::Day(text) => message("parse-no-day-of-year").with("text", text),
            Self::Window(text) => message("parse-no-part-of-year").with("text", text),
        }
    }
}

impl Spoken for CronError {
    fn spoken(&self) -> Message {
        match self {
            Self::Fields { text, found } => {
                message("parse-cron-fields").with("text", text).with("found", found)
            }
            Self::Unreadable { text, why } => {
                message("parse-cron-unreadable").with("text", text).put("why", Value::Said(why.clone()))
            }
            Self::Disputed { text, why } => {
                let why = Value::Word((*why).to_owned());
                message("parse-cron-disputed").with("text", text).put("why", why)
            }
            Self::NoNextDate { text, day, month, weekday } => {
                let told = message("parse-cron-never").with("text", text).with("day", day);
                told.with("month", month).with("weekday", weekday)
            }
        }
    }
}

impl Spoken for RecurrenceError {
    fn spoken(&self) -> Message {
        match self {
            Self::On(error) => error.spoken(),
            Self::Reversed { from, until } => message("parse-turned").with("from", from).with("until", until),
            Self::EndsTooSoon { due, until } => {
                message("parse-ends-too-soon").with("due", due).with("until", until)
            }
            Self::NeverInSeason { every, season } => {
                message("parse-never-in-season").with("every", every).with("season", season)
            }
            Self::BeyondCalendar { every } => {
                message("parse-beyond-calendar").with("every", every).with("year", &LAST_YEAR)
            }
        }
    }
}

impl Spoken for WorkingYearError {
    fn spoken(&self) -> Message {
        match self {
            Self::OtherYear { date, year } => {
                message("parse-other-year").with("date", date).with("year", year)
            }
            Self::Reversed { name, from, until } => {
                message("parse-off-turned").with("name", name).with("from", from).with("until", until)
            }
            Self::Overlap { name, other } => {
                message("parse-off-twice").with("name", name).with("other", other)
            }
            Self::WorkedDayOff { date, name } => {
                message("parse-worked-day-off").with("date", date).with("name", name)
            }
            Self::WeekdayWork { date } => message("parse-worked-weekday").with("date", date),
            Self::TwiceWorked { date } => message("parse-worked-twice").with("date", date),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};
    use std::str::FromStr;

    use super::super::{Language, is_chinese, told};
    use super::*;
    use crate::calendar::{CronSchedule, Period, YearlyWindow};
    use crate::domain::{AssignmentId, Citation, Digest, LetterId, OccurrenceId, TaskId, UnitId};

    #[track_caller]
    fn is_told_alike(error: &(impl Spoken + Display)) {
        let said = error.spoken();
        assert_eq!(told(Language::English, &said), error.to_string());
        is_chinese(&told(Language::Chinese, &said));
    }

    fn refused<T: FromStr<Err: Spoken + Display> + Debug>(text: &str) {
        is_told_alike(&text.parse::<T>().unwrap_err());
    }

    #[test]
    fn what_a_reader_refuses_is_told_as_the_log_tells_it_and_in_chinese() {
        refused::<UnitId>("VOC");
        refused::<TaskId>("甲");
        refused::<OccurrenceId>("甲");
        refused::<AssignmentId>("甲");
        refused::<LetterId>("甲");
        refused::<Digest>("甲");
        refused::<Citation>("甲");
        refused::<Period>("甲");
        refused::<Cadence>("甲");
        refused::<YearlyWindow>("05..13");
        refused::<CronSchedule>("0 9 1 3 *");
        refused::<CronSchedule>("0 0 9 LW 2 *");
        refused::<CronSchedule>("0 0 9 * 2 7L");
        refused::<CronSchedule>("0 0 9 30 2 *");
        for (text, said) in [
            ("0 0 9 first 2 *", "Pattern contains illegal characters"),
            ("0 0 99 1 2 *", "Component error"),
            ("0 0 9 1-2-3 2 *", "Component error"),
        ] {
            let error = CronSchedule::parse(text).unwrap_err();
            assert!(error.to_string().contains(&format!(" is no cron text: {said}: ")), "{error}");
            is_told_alike(&error);
        }
        is_told_alike(&YearlyError::Day("02-31".to_owned()));
        for every in Cadence::ALL {
            is_told_alike(&OnError { every, on: "甲".to_owned() });
        }
        let (from, until) = ("2021-06-30".parse().unwrap(), "2021-06-23".parse().unwrap());
        let season = "05..09".parse().unwrap();
        for error in [
            RecurrenceError::Reversed { from, until },
            RecurrenceError::EndsTooSoon { due: from, until },
            RecurrenceError::NeverInSeason { every: Cadence::Year, season },
            RecurrenceError::BeyondCalendar { every: Cadence::Year },
        ] {
            is_told_alike(&error);
        }
        let (name, other) = ("元旦".to_owned(), "春节".to_owned());
        for error in [
            WorkingYearError::OtherYear { date: from, year: 2022 },
            WorkingYearError::Reversed { name: name.clone(), from, until },
            WorkingYearError::Overlap { name: name.clone(), other },
            WorkingYearError::WorkedDayOff { date: from, name },
            WorkingYearError::WeekdayWork { date: from },
            WorkingYearError::TwiceWorked { date: from },
        ] {
            is_told_alike(&error);
        }
    }
}
