//! The lists by which an office works, and in which of them a matter stands: 超期, 本周到期, 下周到期, 未签收, 未反馈,
//! 待审核, 退回未改. Each follows from state and dates alone, so that none can leave a matter out.

use chrono::{Datelike as _, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::view::{MatterView, in_order};
use crate::domain::{Ledger, State};

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListKind {
    /// past its deadline, and still to be done by its unit
    Overdue,
    /// due today or later in this week
    DueThisWeek,
    /// due in the next week
    DueNextWeek,
    /// told before today, and not acknowledged
    Unreceived,
    /// asked for a report, and none came
    Unreported,
    /// a claim, an extension, an objection or a closing out waits for the office
    InReview,
    /// came back to its unit, which has not claimed anew
    Returned,
}

impl ListKind {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 7] = [
        Self::Overdue,
        Self::DueThisWeek,
        Self::DueNextWeek,
        Self::Unreceived,
        Self::Unreported,
        Self::InReview,
        Self::Returned,
    ];

    /// Its name on paper.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Overdue => "超期",
            Self::DueThisWeek => "本周到期",
            Self::DueNextWeek => "下周到期",
            Self::Unreceived => "未签收",
            Self::Unreported => "未反馈",
            Self::InReview => "待审核",
            Self::Returned => "退回未改",
        }
    }
}

/// A day, and the weeks that lists speak of: from Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// as seen on this day
    pub day: NaiveDate,
    /// the last day of its week
    pub until: NaiveDate,
    /// the first day of the next
    pub next_from: NaiveDate,
    /// the last day of the next
    pub next_until: NaiveDate,
}

impl Week {
    /// Of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        let ahead = |days: u64| day.checked_add_days(Days::new(days)).unwrap_or(day);
        let left = 6 - u64::from(day.weekday().num_days_from_monday());
        Self { day, until: ahead(left), next_from: ahead(left + 1), next_until: ahead(left + 7) }
    }
}

impl MatterView<'_> {
    /// Whether it stands in the list in the week of the day it is seen on.
    #[must_use]
    pub fn stands_in(&self, list: ListKind) -> bool {
        let Week { day, until, next_from, next_until } = Week::of(self.day());
        let to_do = self.is_told() && self.state().is_chased();
        let due = |from: NaiveDate, until: NaiveDate| {
            to_do && self.deadline().is_some_and(|deadline| from <= deadline && deadline <= until)
        };
        match list {
            ListKind::Overdue => self.is_told() && self.overdue_days().is_some(),
            ListKind::DueThisWeek => due(day, until),
            ListKind::DueNextWeek => due(next_from, next_until),
            ListKind::Unreceived => {
                let told = self.record().and_then(|record| record.told_on);
                to_do && self.receipt().is_none() && told.is_some_and(|told| told < day)
            }
            ListKind::Unreported => {
                self.is_told() && (self.asked_in_round().is_some() || self.report_missing().is_some())
            }
            ListKind::InReview => {
                self.is_told()
                    && (self.assignment().waits_since().is_some() || self.state() == State::Claimed)
            }
            ListKind::Returned => to_do && self.state() == State::Returned,
        }
    }
}

/// The matters of a list on a day: each lead's own, those too for whom another answers.
#[must_use]
pub fn listed(ledger: &Ledger, list: ListKind, day: NaiveDate) -> Vec<MatterView<'_>> {
    let all = ledger.assignments().filter_map(|one| MatterView::of(ledger, one, day));
    in_order(all.filter(|view| view.stands_in(list)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_runs_from_monday_to_sunday() {
        let week = |day: &str| {
            let week = Week::of(day.parse().unwrap());
            [week.until, week.next_from, week.next_until].map(|day| day.to_string())
        };
        assert_eq!(week("2021-06-28"), ["2021-07-04", "2021-07-05", "2021-07-11"], "a Monday");
        assert_eq!(week("2021-07-04"), ["2021-07-04", "2021-07-05", "2021-07-11"], "a Sunday");
    }
}
