//! The issuing office: who sends, when, and to whom an unanswered matter goes.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::UnitId;
use crate::calendar::{WorkingDays, Zone, ahead};

/// What `schedules/office.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// the office that signs letters (发件单位)
    pub name: String,
    /// the zone in which every civil date of the office is meant
    pub zone: Zone,
    /// time of day, in `zone`, at which clock-driven letters go
    pub sending_hour: NaiveTime,
    /// which set of working days, `schedules/workdays/<set>-YYYY.toml`
    pub working_days: String,
    /// sender address
    pub from: String,
    /// where replies go (RFC 5322, `Reply-To`)
    pub reply_to: String,
    /// whom to call, printed in every letter
    pub contact: String,
    /// phone printed in every letter
    pub phone: String,
    /// where matters go that stay overdue
    pub supervision_unit: UnitId,
    /// whether a person lets the day's letters go
    #[serde(default, skip_serializing_if = "Release::is_auto")]
    pub release: Release,
    /// when something new is first told; `None`, as offices of before had it: at once
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_letters: Option<FirstLetters>,
    /// whether a unit is told by its next letter that its claim was accepted; an acceptance without one is told anyway
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub acceptance_letter: bool,
    /// what stands around each bulletin
    #[serde(default, skip_serializing_if = "Letterhead::is_empty")]
    pub letterhead: Letterhead,
}

/// When a unit is first told of a new plan, a new task, or a task that it leads from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstLetters {
    /// the moment it is known, at any hour: for trying duban out
    AtOnce,
    /// at the sending hour of the next working day
    AtHour,
    /// written then, and gone once a person has released it
    AfterRelease,
}

/// What stands around a bulletin (督查通报), the same each month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Letterhead {
    /// the name in red above it; none where the paper has a head printed on it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub red_head: Option<String>,
    /// the plans as its title names them, `空气、水、土壤三个行动计划`; from the plans' own names where none is given
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// the 文号 of the plans that are named so; of a bulletin with others the plans' own names stand in its title
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_of: Option<String>,
    /// 主送
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// 抄送
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<String>,
}

impl Letterhead {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Who lets clock-driven letters to units go. One to a county leader always waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// nobody has to: they go at the sending hour
    #[default]
    Auto,
    /// a person, each day; what nobody released by `until` does not go any more that day
    EachMorning {
        /// time of day in the office's zone
        until: NaiveTime,
    },
}

impl Release {
    /// Whether letters go without a person.
    #[must_use]
    pub fn is_auto(&self) -> bool {
        *self == Self::Auto
    }
}

impl Office {
    /// When something new is first told.
    #[must_use]
    pub fn first_letters(&self) -> FirstLetters {
        self.first_letters.unwrap_or(FirstLetters::AtOnce)
    }

    /// Whether a unit's first letter of something new goes only once a person has released it.
    #[must_use]
    pub fn holds_first_letters(&self) -> bool {
        !self.release.is_auto() || self.first_letters() == FirstLetters::AfterRelease
    }

    /// The day from which something that comes up today is asked for: the next working day, so that somebody
    /// can see first who will be written to, and a slip can be mended.
    #[must_use]
    pub fn begins(&self, today: NaiveDate, working: &WorkingDays) -> NaiveDate {
        match self.first_letters() {
            FirstLetters::AtOnce => today,
            FirstLetters::AtHour | FirstLetters::AfterRelease => working.on_or_after(ahead(today, 1)),
        }
    }

    /// The instant from which a letter of `day`, written at `dated`, can't be released any more.
    ///
    /// One that was written only after the hour (the machine was off until then) may be let go for
    /// what is left of its day.
    #[must_use]
    pub fn release_ends(&self, day: NaiveDate, dated: DateTime<Utc>) -> DateTime<Utc> {
        // Never later: its words (today, in 7 days) would not be true.
        let day_ends = self.zone.instant(day.succ_opt().unwrap_or(day), NaiveTime::MIN);
        match self.release {
            Release::EachMorning { until } => {
                let ends = self.zone.instant(day, until);
                if dated < ends { ends } else { day_ends }
            }
            // The rule was lifted while letters waited: they may still be let go that day.
            Release::Auto => day_ends,
        }
    }
}
