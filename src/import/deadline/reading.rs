//! What a deadline's words say, what had to be assumed, and why some are not understood.

use chrono::NaiveDate;

use crate::calendar::MonthDay;
use crate::domain::Due;
use crate::locale::{Value as Words, message};

/// What the words say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// when
    pub due: Due,
    /// 力争: a target
    pub is_target: bool,
    /// what does not stand there
    pub assumed: Vec<Assumed>,
}

/// What is read so though it does not stand in the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assumed {
    /// no year: the plan's
    Year(i32),
    /// a cadence without an end ends with the plan's year
    Until(NaiveDate),
    /// 起 without a day: the first
    FirstDay(NaiveDate),
    /// a month, quarter, half or year alone: its last day
    LastDay(NaiveDate),
    /// the same of every year: 每年3月
    LastDayOfYears(MonthDay),
    /// 上旬 ends on the 10th, 中旬 on the 20th
    Ten(NaiveDate),
    /// 元旦前: the last day of the year before
    NewYearsEve(NaiveDate),
    /// 18:00前: the whole day counts
    TimeOfDay,
    /// 并长期坚持 behind a date: the date alone is followed
    GoesOnAfter,
    /// 已完成并长期坚持: it stays open
    DoneAndGoesOn,
    /// 遇节假日顺延: the office's own rule holds
    DaysOff,
}

impl Assumed {
    /// For the report.
    #[must_use]
    pub fn told(self) -> Words {
        match self {
            Self::Year(year) => message("sheet-no-year").with("read", &year).into(),
            Self::Until(day) => message("sheet-no-end").with("day", &day).into(),
            Self::FirstDay(day) => message("sheet-first-day").with("day", &day).into(),
            Self::LastDay(day) => message("sheet-last-day").with("day", &day).into(),
            Self::LastDayOfYears(on) => message("sheet-last-day-of-years").with("day", &on).into(),
            Self::Ten(day) => message("sheet-ten-days").with("day", &day).into(),
            Self::NewYearsEve(day) => message("sheet-new-years-eve").with("day", &day).into(),
            Self::TimeOfDay => "the time of day is not kept: the whole day counts".into(),
            Self::GoesOnAfter => "it goes on afterwards: only the date is followed".into(),
            Self::DoneAndGoesOn => "done, but it goes on: it stays open".into(),
            Self::DaysOff => "days off are treated by the office's own rule, the date stays".into(),
        }
    }

    /// For the note beside the date, which units see.
    #[must_use]
    pub fn chinese(self) -> String {
        match self {
            Self::Year(year) => format!("台账未写年份，按{year}年"),
            Self::Until(day) => format!("台账未写截止，读至{day}"),
            Self::FirstDay(day) => format!("台账未写日，按{day}起"),
            Self::LastDay(day) => format!("台账未写日，按期末{day}"),
            Self::LastDayOfYears(on) => format!("台账未写日，按每年该期末{on}"),
            Self::Ten(day) => format!("上旬、中旬按10日、20日计，即{day}"),
            Self::NewYearsEve(day) => format!("元旦前，按{day}"),
            Self::TimeOfDay => "台账写有时刻，按当日计".to_owned(),
            Self::GoesOnAfter => "台账写明此后长期坚持，督办只计所列日期".to_owned(),
            Self::DoneAndGoesOn => "台账写明已完成并持续，按长期坚持".to_owned(),
            Self::DaysOff => "台账写明遇节假日调整，按督办统一规则".to_owned(),
        }
    }

    /// Whether the date itself is a reading, rather than its year or end.
    #[must_use]
    pub fn is_about_the_day(self) -> bool {
        matches!(self, Self::LastDay(_) | Self::LastDayOfYears(_) | Self::Ten(_) | Self::NewYearsEve(_))
    }
}

/// Why a cell says no time, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUnderstood {
    /// why
    pub why: Words,
    /// what would be right
    pub right: Words,
}

pub(super) const ANY: &str =
    "a date (2021年6月30日前, 6月底前), a cadence (每季度), a window (5-9月), 长期坚持, 待定, or 已完成";

impl NotUnderstood {
    pub(super) fn new(why: impl Into<Words>, right: impl Into<Words>) -> Self {
        Self { why: why.into(), right: right.into() }
    }

    /// These words are left over.
    pub(super) fn words(left: &str) -> Self {
        let why: Words = if left.is_empty() {
            "something is missing at its end".into()
        } else {
            message("sheet-not-understood").with("text", left).into()
        };
        Self::new(why, ANY)
    }

    /// As [`Self::words`], with what would be right in their place.
    pub(super) fn at(left: &str, right: impl Into<Words>) -> Self {
        Self { right: right.into(), ..Self::words(left) }
    }

    pub(super) fn no_such_day() -> Self {
        Self::new("the calendar has no such day", "a day that there is, as 6月30日")
    }

    pub(super) fn no_year() -> Self {
        Self::new("the year is not written", "write it, or give `--year 2021`")
    }
}
