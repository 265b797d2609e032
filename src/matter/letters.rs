//! The letters that named a matter, by what they were about.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{AssignmentId, Ledger, LetterId, Purpose, Recipient, Stage};

/// What a letter was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterAbout {
    /// told its unit of it for the first time
    Told,
    /// reminded its unit: notice, lead, due, round
    Reminder,
    /// chased its unit: overdue, or a person's word
    Chase,
    /// told its unit what the office ruled or changed
    Ruling,
    /// to the leader of its unit
    Leader,
    /// to the supervision unit
    Supervision,
    /// to the office itself: something waits
    Review,
}

impl LetterAbout {
    /// In Chinese.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Told => "任务告知",
            Self::Reminder => "提醒",
            Self::Chase => "催办",
            Self::Ruling => "告知处理结果",
            Self::Leader => "提请分管领导",
            Self::Supervision => "提请督查",
            Self::Review => "提醒审核",
        }
    }

    fn of(id: &AssignmentId, to: &Recipient, stage: Stage) -> Self {
        match to {
            Recipient::Office => return Self::Review,
            Recipient::LeaderOf(_) => return Self::Leader,
            Recipient::Unit(unit) if *unit != id.unit => return Self::Supervision,
            Recipient::Unit(_) => {}
        }
        match stage.purpose() {
            Purpose::Tell => Self::Told,
            Purpose::Remind => Self::Reminder,
            Purpose::Chase => Self::Chase,
            Purpose::Rule => Self::Ruling,
            Purpose::Review => Self::Review,
            Purpose::Leader => Self::Leader,
            Purpose::Supervision => Self::Supervision,
        }
    }
}

/// A letter that named a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterTold {
    /// which
    pub letter: LetterId,
    /// its day
    pub on: NaiveDate,
    /// what it was about
    pub about: LetterAbout,
    /// to whom
    pub to: Recipient,
    /// name of the unit addressed, or whose leader is; empty where the office writes to itself
    #[serde(default)]
    pub to_name: String,
    /// how far it came: `accepted`, `held` …
    pub progress: String,
}

/// The letters that named the matter, oldest first: to its unit, its leader, the supervision unit, the office.
#[must_use]
pub fn letters_about(ledger: &Ledger, id: &AssignmentId) -> Vec<LetterTold> {
    let told = ledger.letters().filter_map(|(letter, state)| {
        let item = state.queued.items.iter().find(|item| item.key.assignment == *id)?;
        Some(LetterTold {
            letter: *letter,
            on: letter.day,
            about: LetterAbout::of(id, &state.queued.to, item.key.stage),
            to: state.queued.to.clone(),
            to_name: state.queued.to.unit().map(|unit| ledger.unit_name(unit)).unwrap_or_default(),
            progress: state.progress.label().to_owned(),
        })
    });
    told.collect()
}
