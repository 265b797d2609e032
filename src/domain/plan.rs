//! Plans (行动计划), tasks (任务) and the shapes of their deadlines.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{BadName, PlanId, TaskSlug, UnitId};
use super::matter::Matter;
use crate::calendar::{CronSchedule, On, Recurrence, YearlyWindow};

/// A plan's head and its tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// the head
    #[serde(flatten)]
    pub head: PlanHead,
    /// in the order of the file
    pub tasks: Vec<Task>,
}

/// A plan without its tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanHead {
    /// never reused
    pub id: PlanId,
    /// full title
    pub title: String,
    /// what letters call it
    pub short: String,
    /// 文号; `None` for the office's own standing plan
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// the day it was issued
    pub issued_on: NaiveDate,
    /// no new occurrence opens outside it
    pub in_force: Days,
    /// monthly collection (月调度)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collect: Option<Collect>,
    /// being set up: known to the ledger, and nobody is written to until it starts
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
}

/// A closed range of civil days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// first day
    pub from: NaiveDate,
    /// last day, included
    pub until: NaiveDate,
}

impl Days {
    /// Whether `day` lies in the range.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }
}

/// When progress is collected, and by when the reply is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collect {
    /// asked on these days (`due` of the recurrence's spans)
    pub asked: Recurrence,
    /// reply-by, within the same period
    pub reply_by: On,
}

/// One thing that can be finished on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// name in the plan
    pub id: TaskSlug,
    /// short, the office's own words
    pub title: String,
    /// the clause as printed
    pub text: String,
    /// the clause as letters show it, where the scan slipped
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// where it comes from
    pub cite: Vec<Citation>,
    /// 牵头单位
    pub lead: Vec<UnitId>,
    /// how the lead was determined
    pub lead_basis: LeadBasis,
    /// 配合单位
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cooperate: Vec<UnitId>,
    /// when
    pub due: Due,
    /// whether the date is printed
    #[serde(default, skip_serializing_if = "DueBasis::is_printed")]
    pub due_basis: DueBasis,
    /// why the date is read so
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_note: Option<String>,
    /// 完成标准
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// what proves it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// whom it is reported to
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_to: Option<UnitId>,
    /// who answers
    #[serde(default)]
    pub answer: Answer,
    /// 力争: never overdue by itself
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub target: bool,
    /// 不可延期
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed: bool,
    /// kept and reported on, never chased
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recorded: bool,
    /// what the document says otherwise
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// what makes it an assigned matter (13710)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Matter>,
}

/// How the lead unit was determined (`docs/plan-files.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeadBasis {
    /// a list row or annex names it
    List,
    /// blank list cell: the row above in the same merged cell
    Inferred,
    /// the only unit in the bracket
    Sole,
    /// the first of several in the bracket; an admin should confirm
    Assumed,
    /// every unit that a safeguard without bracket names
    Named,
    /// the office's own plan
    Office,
    /// an assumed lead that an admin has confirmed
    Confirmed,
}

/// Whether a date is printed in the document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DueBasis {
    /// printed
    #[default]
    Printed,
    /// read so for a reason that `due_note` gives
    Assumed,
}

impl DueBasis {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde's skip_serializing_if hands over a reference"
    )]
    fn is_printed(&self) -> bool {
        *self == Self::Printed
    }
}

/// Who must answer for an occurrence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// the first lead unit, for all
    #[default]
    Lead,
    /// every unit, and every member of a collective, for itself
    Each,
}

/// Two readings of the document and the one that is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// what they differ in
    pub about: ConflictAbout,
    /// the passages
    pub says: Vec<Said>,
    /// the citation whose reading is used
    pub used: Citation,
    /// why
    pub why: String,
}

/// What two passages differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConflictAbout {
    /// the date
    Deadline,
    /// the lead unit
    Lead,
    /// what is to be done
    Scope,
    /// words that matter
    Wording,
}

/// What one passage says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// where
    pub cite: Citation,
    /// its words
    pub text: String,
}

/// When a task is due: exactly one shape (`docs/plan-files.md`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// a date, included
    By(NaiveDate),
    /// a cadence
    Every(Recurrence),
    /// a dated window; its last day is due
    Window(Days),
    /// a window every year
    YearlyWindow(Yearly),
    /// 起: a notice, then ongoing
    Starting(NaiveDate),
    /// a dated time to avoid
    Avoid(Days),
    /// a time to avoid every year
    YearlyAvoid(Yearly),
    /// 长期坚持
    Ongoing,
    /// no date in the document; the phrase
    Awaiting(String),
    /// done before import; the phrase
    Done(String),
    /// six-field cron
    Cron(CronDue),
}

/// A yearly window and the years it holds for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Yearly {
    /// from and until, month and day
    pub window: YearlyWindow,
    /// windows that open before it are left out
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// windows that open after it are left out
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// Days named by a cron text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CronDue {
    /// six fields
    pub cron: CronSchedule,
    /// first day
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// last day
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl Due {
    /// The date of a one-off: `by`, or the last day of a dated window. `None` for recurring and undated ones.
    #[must_use]
    pub fn one_off_deadline(&self) -> Option<NaiveDate> {
        match self {
            Self::By(day) => Some(*day),
            Self::Window(days) => Some(days.until),
            Self::Every(_)
            | Self::YearlyWindow(_)
            | Self::Starting(_)
            | Self::Avoid(_)
            | Self::YearlyAvoid(_)
            | Self::Ongoing
            | Self::Awaiting(_)
            | Self::Done(_)
            | Self::Cron(_) => None,
        }
    }
}

/// Where a task stands in a document: `air:17`, `air-list:23`, `water:2.4`, `soil:safeguard-2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Citation {
    /// which part: `air`, `air-list`, `water-annex1` …
    pub part: String,
    /// the clause: `17`, `2.4`, `safeguard-1`
    pub clause: String,
}

impl FromStr for Citation {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad = || BadName::Shape {
            value: text.to_owned(),
            what: "citation",
            expected: "part:clause, as air:17, air-list:23, water:2.4 or soil:safeguard-2",
        };
        let (part, clause) = text.split_once(':').ok_or_else(bad)?;
        let plain =
            |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        if !plain(part) || !plain(clause) {
            return Err(bad());
        }
        Ok(Self { part: part.to_owned(), clause: clause.to_owned() })
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.part, self.clause)
    }
}

impl TryFrom<String> for Citation {
    type Error = BadName;
    fn try_from(text: String) -> Result<Self, BadName> {
        text.parse()
    }
}

impl From<Citation> for String {
    fn from(citation: Citation) -> Self {
        citation.to_string()
    }
}

/// Who may change a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlanOwner {
    /// its file in `schedules/`
    File,
    /// the office, by command line or console
    Office,
}
