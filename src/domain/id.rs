//! Names of things: small parsed strings that can't be mixed up.
//!
//! Identity follows `docs/design.md` ("What is a thing called?"): `plan/task`,
//! `plan/task/period`, `plan/task/period/unit`, and a stage key behind it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::Period;

/// Longest slug accepted, in bytes.
pub const SLUG_BYTES_MAX: usize = 64;

/// The task name under which a plan's monthly collections stand.
pub const COLLECTION: &str = "collection";

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// A slug has other characters than `a`–`z`, `0`–`9` and inner hyphens.
    #[error(
        "`{0}` is no name: use a–z, 0–9 and hyphens, 1 to 64 characters, beginning and ending with a letter or digit"
    )]
    Slug(String),
    /// A composed name has the wrong number of parts.
    #[error("`{value}` is no {what}: expected {expected}")]
    Shape {
        /// what was given
        value: String,
        /// which kind of name was expected
        what: &'static str,
        /// its pattern
        expected: &'static str,
    },
}

fn shape(value: &str, what: &'static str, expected: &'static str) -> BadName {
    BadName::Shape { value: value.to_owned(), what, expected }
}

fn check_slug(text: &str) -> Result<(), BadName> {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let good = !text.is_empty()
        && text.len() <= SLUG_BYTES_MAX
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-');
    if good { Ok(()) } else { Err(BadName::Slug(text.to_owned())) }
}

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses the name.
            ///
            /// # Errors
            /// [`BadName::Slug`] for anything but `a`–`z`, `0`–`9` and inner hyphens.
            pub fn parse(text: &str) -> Result<Self, BadName> {
                check_slug(text)?;
                Ok(Self(Arc::from(text)))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadName;
            fn from_str(text: &str) -> Result<Self, BadName> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadName;
            fn try_from(text: String) -> Result<Self, BadName> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.as_ref().to_owned()
            }
        }
    };
}

slug!(
    /// A plan (行动计划), e.g. `yangcheng-2021-air`.
    PlanId
);
slug!(
    /// A task's own name within its plan, e.g. `machinery-check`.
    TaskSlug
);
slug!(
    /// A responsible unit (责任单位) or collective, e.g. `eco-env`.
    UnitId
);

/// serde through `Display` and `FromStr`.
macro_rules! text_serde {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = BadName;
            fn try_from(text: String) -> Result<Self, BadName> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    };
}

pub(super) use text_serde;

/// A task: `plan/task`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskId {
    /// the plan it stands in
    pub plan: PlanId,
    /// its own name
    pub task: TaskSlug,
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.plan, self.task)
    }
}

impl FromStr for TaskId {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad = || shape(text, "task", "plan/task");
        let (plan, task) = text.split_once('/').ok_or_else(bad)?;
        Ok(Self { plan: plan.parse()?, task: task.parse().map_err(|_| bad())? })
    }
}

text_serde!(TaskId);

/// One occurrence (期次) of a task: `plan/task/period`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OccurrenceId {
    /// the task
    pub task: TaskId,
    /// the period, `once` for a one-off
    pub period: Period,
}

impl OccurrenceId {
    /// Whether this is a monthly collection (月调度) rather than a task's occurrence.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        self.task.task.as_str() == COLLECTION
    }
}

impl fmt::Display for OccurrenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.task, self.period)
    }
}

impl FromStr for OccurrenceId {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad =
            || shape(text, "occurrence", "plan/task/period, as yangcheng-2021-air/machinery-check/2021Q3");
        let (task, period) = text.rsplit_once('/').ok_or_else(bad)?;
        Ok(Self { task: task.parse().map_err(|_| bad())?, period: period.parse().map_err(|_| bad())? })
    }
}

text_serde!(OccurrenceId);

/// One unit's duty in one occurrence: `plan/task/period/unit`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AssignmentId {
    /// the occurrence
    pub occurrence: OccurrenceId,
    /// the unit that must answer
    pub unit: UnitId,
}

impl fmt::Display for AssignmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.occurrence, self.unit)
    }
}

impl FromStr for AssignmentId {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad = || shape(text, "assignment", "plan/task/period/unit");
        let (occurrence, unit) = text.rsplit_once('/').ok_or_else(bad)?;
        Ok(Self {
            occurrence: occurrence.parse().map_err(|_| bad())?,
            unit: unit.parse().map_err(|_| bad())?,
        })
    }
}

text_serde!(AssignmentId);

/// A letter: the day it was queued in the office's zone and its number that day, `2021-0623-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LetterId {
    /// the day, in the office's zone
    pub day: NaiveDate,
    /// counted from 1 within the day
    pub number: u32,
}

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.day.format("%Y-%m%d"), self.number)
    }
}

impl FromStr for LetterId {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad = || shape(text, "letter", "YYYY-MMDD-number, as 2021-0623-07");
        let (day, number) = text.rsplit_once('-').ok_or_else(bad)?;
        let day = NaiveDate::parse_from_str(day, "%Y-%m%d").map_err(|_| bad())?;
        Ok(Self { day, number: number.parse().map_err(|_| bad())? })
    }
}

text_serde!(LetterId);

/// Names what a unit handed in (回执编号): the day and its number, `R2021-0628-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReceiptNo {
    /// the day in the office's zone
    pub day: NaiveDate,
    /// counted from 1
    pub number: u32,
}

impl fmt::Display for ReceiptNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{}-{:02}", self.day.format("%Y-%m%d"), self.number)
    }
}

impl FromStr for ReceiptNo {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let letter: Option<LetterId> = text.strip_prefix('R').and_then(|rest| rest.parse().ok());
        let found = letter.ok_or_else(|| shape(text, "receipt", "RYYYY-MMDD-number, as R2021-0628-03"))?;
        Ok(Self { day: found.day, number: found.number })
    }
}

text_serde!(ReceiptNo);

/// SHA-256 as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest before the first event.
    pub const ZERO: Self = Self([0; 32]);

    /// SHA-256 (FIPS 180-4) of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The digest of all that the hasher was fed.
    #[must_use]
    pub fn finished(hasher: sha2::Sha256) -> Self {
        use sha2::Digest as _;
        Self(hasher.finalize().into())
    }

    /// The first `count` hexadecimal digits, at most 64.
    #[must_use]
    pub fn short(&self, count: usize) -> String {
        self.to_string().chars().take(count).collect()
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for Digest {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad = || shape(text, "digest", "64 hexadecimal digits");
        if text.len() != 64 || !text.is_ascii() {
            return Err(bad());
        }
        let mut bytes = [0u8; 32];
        for (slot, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| bad())?;
            *slot = u8::from_str_radix(pair, 16).map_err(|_| bad())?;
        }
        Ok(Self(bytes))
    }
}

text_serde!(Digest);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_print_as_they_parse() {
        for text in ["air/machinery-check/2021Q3/eco-env", "p/t/once/u", "p/t/2021-2022/u"] {
            assert_eq!(text.parse::<AssignmentId>().unwrap().to_string(), text);
        }
        assert_eq!("2021-0623-07".parse::<LetterId>().unwrap().to_string(), "2021-0623-07");
        let digest = Digest::of(b"duban");
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
    }

    #[test]
    fn a_bad_name_is_refused_with_the_pattern() {
        for text in ["", "Air", "-x", "x-", "a b", "a/b"] {
            assert!(PlanId::parse(text).is_err(), "{text}");
        }
        assert!("p/t".parse::<OccurrenceId>().unwrap_err().to_string().contains("plan/task/period"));
    }
}
