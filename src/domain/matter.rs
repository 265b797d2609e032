//! Assigned matters (交办事项) under 13710: deployed the same day, reported within 3 days, settled
//! within 7 days or, where complex, 1 month, and followed until closed out (销号).

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::ladder::LadderName;
use crate::calendar::{WorkingDays, ahead};

/// Days after the assignment by which its handling is reported (13710's `3`).
pub const REPORT_DAYS: u16 = 3;
/// Days after the assignment by which an ordinary matter is settled (13710's `7`).
pub const ORDINARY_DAYS: u16 = 7;
/// Months after the assignment by which a complex matter is settled (13710's second `1`).
pub const COMPLEX_MONTHS: u32 = 1;
/// The office's own plan that holds all matters.
pub const MATTERS_PLAN: &str = "matters";

/// What makes a task a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// where it comes from: a leader's instruction, an inspection's finding
    pub source: String,
    /// its number on the province's platform
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_number: Option<String>,
    /// how long it may take
    pub class: MatterClass,
    /// the day it was deployed, in the office's zone
    pub assigned_on: NaiveDate,
    /// how its days are counted
    #[serde(default)]
    pub days: MatterDays,
}

/// 一般事项 or 复杂事项.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MatterClass {
    /// settled within 7 days
    Ordinary,
    /// settled within 1 month, or by a dated plan
    Complex,
}

/// How a matter's days are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MatterDays {
    /// days off included
    #[default]
    Calendar,
    /// working days only
    Working,
}

impl Matter {
    /// The ladder it follows.
    #[must_use]
    pub fn ladder(&self) -> LadderName {
        match self.days {
            MatterDays::Calendar => LadderName::Matter,
            MatterDays::Working => LadderName::MatterWorking,
        }
    }

    /// The last day to settle it, included.
    #[must_use]
    pub fn deadline(&self, working: &WorkingDays) -> NaiveDate {
        match self.class {
            MatterClass::Ordinary => after(self.assigned_on, ORDINARY_DAYS, self.days, working),
            // 31 January and a month is 28 or 29 February.
            MatterClass::Complex => {
                let day = self
                    .assigned_on
                    .checked_add_months(Months::new(COMPLEX_MONTHS))
                    .unwrap_or(self.assigned_on);
                match self.days {
                    MatterDays::Calendar => day,
                    MatterDays::Working => working.on_or_after(day),
                }
            }
        }
    }
}

/// So many days later, by either count.
#[must_use]
pub fn after(day: NaiveDate, days: u16, count: MatterDays, working: &WorkingDays) -> NaiveDate {
    match count {
        MatterDays::Calendar => ahead(day, days),
        MatterDays::Working => (0..days).fold(day, |day, _| working.on_or_after(ahead(day, 1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matter(class: MatterClass, days: MatterDays, on: &str) -> Matter {
        let assigned_on = on.parse().unwrap();
        Matter { source: "县长批示".into(), platform_number: None, class, assigned_on, days }
    }

    #[test]
    fn seven_days_or_one_month_days_off_included_unless_the_office_says_otherwise() {
        let working = WorkingDays::default();
        let deadline = |class, days, on: &str| matter(class, days, on).deadline(&working).to_string();
        assert_eq!(deadline(MatterClass::Ordinary, MatterDays::Calendar, "2021-06-25"), "2021-07-02");
        assert_eq!(deadline(MatterClass::Ordinary, MatterDays::Working, "2021-06-25"), "2021-07-06");
        assert_eq!(deadline(MatterClass::Complex, MatterDays::Calendar, "2021-01-31"), "2021-02-28");
        assert_eq!(deadline(MatterClass::Complex, MatterDays::Working, "2021-06-05"), "2021-07-05");
    }
}
