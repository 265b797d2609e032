//! Stages: the single reminders of an assignment, and the keys that name them.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{AssignmentId, BadName, text_serde};

/// One reminder of an assignment. The order is the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Stage {
    /// asked for progress (月调度)
    Collection,
    /// told on adoption (任务告知)
    Adopted,
    /// told on opening
    Notice,
    /// warned before a time to avoid
    Avoid,
    /// so many civil days before the deadline
    Lead(std::cmp::Reverse<u16>),
    /// on the day
    Due,
    /// the weekly round (催办) of the week whose Monday this is
    Overdue(NaiveDate),
    /// a matter's handling is to be reported (13710's third day)
    Report,
    /// work came back (退回) the first time, the second …; a person's act, no clock's
    Returned(u32),
    /// another act of the office, counted within the assignment
    Act(Act, u32),
    /// what a unit was told has changed (时限调整), counted within the unit's task
    Changed(u32),
    /// the reviewer is reminded on this day that an answer waits
    Review(NaiveDate),
    /// to the unit's leader
    EscalateLeader,
    /// to the supervision unit
    EscalateSupervision,
}

/// What the office did with a matter, told to its unit at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// a matter was assigned (交办)
    Assigned,
    /// it was opened again (回头看)
    Reopened,
    /// 延期批准
    ExtensionGranted,
    /// 延期驳回
    ExtensionRefused,
    /// an objection was answered
    DisputeSettled,
    /// 催办, by a person
    Chased,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Assigned,
        Self::Reopened,
        Self::ExtensionGranted,
        Self::ExtensionRefused,
        Self::DisputeSettled,
        Self::Chased,
    ];

    /// Its name in keys and lists.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Reopened => "reopened",
            Self::ExtensionGranted => "extension-granted",
            Self::ExtensionRefused => "extension-refused",
            Self::DisputeSettled => "dispute-settled",
            Self::Chased => "chased",
        }
    }
}

/// What the letter of a stage is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// tells its unit of the matter for the first time (任务告知)
    Tell,
    /// reminds its unit of what it was told before (提醒)
    Remind,
    /// after the deadline, or by a person's word (催办)
    Chase,
    /// tells its unit what the office ruled or changed
    Rule,
    /// asks the office to review
    Review,
    /// to the leader of its unit
    Leader,
    /// to the supervision unit
    Supervision,
}

impl Stage {
    /// A lead stage `days` civil days before the deadline.
    #[must_use]
    pub fn lead(days: u16) -> Self {
        Self::Lead(std::cmp::Reverse(days))
    }

    /// What its letter is for.
    #[must_use]
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Adopted | Self::Act(Act::Assigned, _) => Purpose::Tell,
            Self::Collection | Self::Notice | Self::Avoid | Self::Lead(_) | Self::Due | Self::Report => {
                Purpose::Remind
            }
            Self::Overdue(_) | Self::Act(Act::Chased, _) => Purpose::Chase,
            Self::Act(..) | Self::Returned(_) | Self::Changed(_) => Purpose::Rule,
            Self::Review(_) => Purpose::Review,
            Self::EscalateLeader => Purpose::Leader,
            Self::EscalateSupervision => Purpose::Supervision,
        }
    }

    /// Whether it tells its unit something new; such a stage may be moved, never dropped, by another date.
    #[must_use]
    pub fn carries_news(self) -> bool {
        match self {
            Self::Adopted | Self::Returned(_) | Self::Act(..) | Self::Changed(_) | Self::Review(_) => true,
            // A moved date is told by a change of its own, which stands for the notice too.
            Self::Notice
            | Self::Collection
            | Self::Avoid
            | Self::Lead(_)
            | Self::Due
            | Self::Overdue(_)
            | Self::Report
            | Self::EscalateLeader
            | Self::EscalateSupervision => false,
        }
    }

    /// The name without its day, as in `preview --format json`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Collection => "collection".into(),
            Self::Adopted => "adopted".into(),
            Self::Notice => "notice".into(),
            Self::Avoid => "avoid".into(),
            Self::Lead(days) => format!("lead-{}d", days.0),
            Self::Due => "due".into(),
            Self::Overdue(_) => "overdue".into(),
            Self::Report => "report".into(),
            Self::Returned(_) => "returned".into(),
            Self::Act(act, _) => act.label().into(),
            Self::Changed(_) => "changed".into(),
            Self::Review(_) => "review".into(),
            Self::EscalateLeader | Self::EscalateSupervision => "escalate".into(),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overdue(day) => write!(f, "overdue:{day}"),
            Self::Returned(count) if *count > 1 => write!(f, "returned:{count}"),
            Self::Act(act, count) => write!(f, "{}:{count}", act.label()),
            Self::Changed(count) => write!(f, "changed:{count}"),
            Self::Review(day) => write!(f, "review:{day}"),
            Self::EscalateLeader => f.write_str("escalate-leader"),
            Self::EscalateSupervision => f.write_str("escalate-supervision"),
            Self::Collection
            | Self::Adopted
            | Self::Notice
            | Self::Avoid
            | Self::Lead(_)
            | Self::Due
            | Self::Report
            | Self::Returned(_) => f.write_str(&self.label()),
        }
    }
}

impl FromStr for Stage {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad = || BadName::Shape {
            value: text.to_owned(),
            what: "stage",
            expected: "adopted, notice, avoid, collection, lead-7d, due, overdue:YYYY-MM-DD, report, returned, returned:2, chased:1, changed:1, review:YYYY-MM-DD, escalate-leader or escalate-supervision",
        };
        if let Some(day) = text.strip_prefix("overdue:") {
            return day.parse().map(Self::Overdue).map_err(|_| bad());
        }
        if let Some(day) = text.strip_prefix("review:") {
            return day.parse().map(Self::Review).map_err(|_| bad());
        }
        if let Some(count) = text.strip_prefix("changed:") {
            return count.parse().map(Self::Changed).map_err(|_| bad());
        }
        if let Some((label, count)) = text.split_once(':')
            && let Some(act) = Act::ALL.into_iter().find(|act| act.label() == label)
        {
            return count.parse().map(|count| Self::Act(act, count)).map_err(|_| bad());
        }
        if let Some(count) = text.strip_prefix("returned:") {
            return count.parse().ok().filter(|count| *count > 1).map(Self::Returned).ok_or_else(bad);
        }
        if let Some(days) = text.strip_prefix("lead-").and_then(|rest| rest.strip_suffix('d')) {
            return days.parse().map(Self::lead).map_err(|_| bad());
        }
        match text {
            "collection" => Ok(Self::Collection),
            "adopted" => Ok(Self::Adopted),
            "notice" => Ok(Self::Notice),
            "avoid" => Ok(Self::Avoid),
            "due" => Ok(Self::Due),
            "report" => Ok(Self::Report),
            "returned" => Ok(Self::Returned(1)),
            "escalate-leader" => Ok(Self::EscalateLeader),
            "escalate-supervision" => Ok(Self::EscalateSupervision),
            _ => Err(bad()),
        }
    }
}

/// Names one stage for ever: assignment × deadline version × stage,
/// `plan/task/period/unit#1:lead-7d`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StageKey {
    /// whose duty
    pub assignment: AssignmentId,
    /// counted from 1; a moved deadline or a return with a new date makes a new one
    pub deadline_version: u32,
    /// which reminder
    pub stage: Stage,
}

impl fmt::Display for StageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}:{}", self.assignment, self.deadline_version, self.stage)
    }
}

impl FromStr for StageKey {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad = || BadName::Shape {
            value: text.to_owned(),
            what: "stage key",
            expected: "plan/task/period/unit#version:stage",
        };
        let (assignment, rest) = text.split_once('#').ok_or_else(bad)?;
        let (version, stage) = rest.split_once(':').ok_or_else(bad)?;
        Ok(Self {
            assignment: assignment.parse().map_err(|_| bad())?,
            deadline_version: version.parse().map_err(|_| bad())?,
            stage: stage.parse()?,
        })
    }
}

text_serde!(Stage);
text_serde!(StageKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_print_as_they_parse() {
        for stage in [
            "lead-30d",
            "overdue:2021-07-05",
            "due",
            "escalate-supervision",
            "adopted",
            "returned",
            "returned:2",
            "report",
            "chased:3",
            "changed:2",
            "extension-granted:1",
            "review:2021-07-05",
        ] {
            let text = format!("air/machinery-check/2021Q2/eco-env#1:{stage}");
            assert_eq!(text.parse::<StageKey>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_nearer_the_day_the_more_urgent() {
        assert!(Stage::lead(7) > Stage::lead(30));
        assert!(Stage::Due > Stage::lead(1));
        let day = |d| NaiveDate::from_ymd_opt(2021, 7, d).unwrap();
        assert!(Stage::Overdue(day(12)) > Stage::Overdue(day(5)));
        assert!(Stage::Overdue(day(5)) > Stage::Due);
    }
}
