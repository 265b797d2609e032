//! Values as they are typed: days, spans of days, names of tasks, matters and units. [`super::names`] looks them up.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::domain::{TaskId, TaskSlug, UnitId};

/// Longest name of a unit, in characters.
const UNIT_CHARS_MAX: usize = 200;

/// A civil day, `2021-06-30`.
///
/// # Errors
/// What is typed is no day, in words.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "no such day; write year-month-day, as 2021-06-30".to_owned())
}

/// A month.
///
/// # Errors
/// What is typed is no month, in words.
pub fn month(text: &str) -> Result<Period, String> {
    match text.parse() {
        Ok(month @ Period::Month { .. }) => Ok(month),
        Ok(_) | Err(_) => Err("no month; write year-month, as 2021-06".to_owned()),
    }
}

/// `住建局=housing`: what a unit's name in a sheet stands for.
///
/// # Errors
/// What is typed has another shape, in words.
pub fn unit_name(text: &str) -> Result<(String, UnitId), String> {
    let (name, id) = text.rsplit_once('=').ok_or("write NAME=ID, as 住建局=housing")?;
    if name.trim().is_empty() {
        return Err("write NAME=ID, as 住建局=housing".to_owned());
    }
    Ok((name.trim().to_owned(), id.parse().map_err(|bad| format!("{bad}"))?))
}

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySpan {
    /// first day
    pub from: NaiveDate,
    /// last day
    pub until: NaiveDate,
}

impl FromStr for DaySpan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, until) = text.split_once("..").ok_or("write two days, as 2021-06-20..2021-07-05")?;
        let span = Self { from: day(from)?, until: day(until)? };
        if span.from > span.until {
            return Err(format!("{} is after {}", span.from, span.until));
        }
        Ok(span)
    }
}

/// A task as typed: `plan/task`, or `task` alone where one plan only has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TaskName {
    /// with its plan
    Full(TaskId),
    /// in whichever plan has it
    Slug(TaskSlug),
}

impl FromStr for TaskName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = |error: crate::domain::BadName| error.to_string();
        if text.contains('/') {
            text.parse().map(Self::Full).map_err(bad)
        } else {
            text.parse().map(Self::Slug).map_err(bad)
        }
    }
}

/// A matter as typed: a task, or one of its occurrences, `plan/task/period`, as lists and events print it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MatterName {
    /// which task
    pub task: TaskName,
    /// which period, where it was typed with the task
    pub period: Option<Period>,
}

impl FromStr for MatterName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.rsplit_once('/') {
            Some((task, period)) if task.contains('/') => {
                let period =
                    period.parse().map_err(|error: crate::calendar::UnknownPeriod| error.to_string())?;
                Ok(Self { task: task.parse()?, period: Some(period) })
            }
            _ => Ok(Self { task: text.parse()?, period: None }),
        }
    }
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(id) => id.fmt(f),
            Self::Slug(slug) => slug.fmt(f),
        }
    }
}

impl fmt::Display for MatterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.task.fmt(f)?;
        self.period.map_or(Ok(()), |period| write!(f, "/{period}"))
    }
}

/// A unit as typed: its id, its name, or another name that documents give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitName(String);

impl UnitName {
    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UnitName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > UNIT_CHARS_MAX || text.contains(char::is_control) {
            return Err("no unit; write its id or its name, as eco-env".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<UnitId> for UnitName {
    fn from(unit: UnitId) -> Self {
        Self(unit.to_string())
    }
}

/// Serde reads and writes each of them as text.
macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.to_string()
            }
        }
    )*};
}
as_text!(TaskName, MatterName, UnitName);

/// Which matter.
#[derive(Debug, Clone, PartialEq, Eq, Args, Serialize, Deserialize)]
pub struct Matter {
    /// `plan/task/period`; without its period where one only is open, without its plan where one
    /// plan only has the task
    #[arg(value_name = "TASK")]
    pub name: MatterName,
    /// Which period, as 2021Q3 or 2021-09, where TASK does not say it
    #[arg(long, value_name = "PERIOD")]
    #[serde(default)]
    pub period: Option<Period>,
    /// One unit's part only; all of them where left out
    #[arg(long, value_name = "UNIT")]
    #[serde(default)]
    pub unit: Option<UnitName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_parsed_or_refused_with_the_pattern() {
        assert!("2021-02-30..2021-03-01".parse::<DaySpan>().is_err());
        assert!("2021-07-05..2021-06-20".parse::<DaySpan>().unwrap_err().contains("after"));
        assert!(matches!("air/machinery-check".parse::<TaskName>().unwrap(), TaskName::Full(_)));
        assert!(matches!("machinery-check".parse::<TaskName>().unwrap(), TaskName::Slug(_)));
        assert!("a/b/c".parse::<TaskName>().is_err());
    }

    #[test]
    fn a_matter_may_carry_its_period_as_lists_print_it() {
        let typed = |text: &str| text.parse::<MatterName>();
        let matter = typed("annual/machinery-check/2026Q4").unwrap();
        assert!(matches!(&matter.task, TaskName::Full(id) if id.to_string() == "annual/machinery-check"));
        assert_eq!(matter.period, Some("2026Q4".parse().unwrap()));
        assert_eq!(typed("annual/machinery-check").unwrap().period, None);
        assert_eq!(typed("machinery-check").unwrap().period, None);
        assert!(typed("annual/machinery-check/2026Q5").is_err());
        assert!(typed("annual/machinery-check/2026Q4/eco-env").is_err());
    }
}
