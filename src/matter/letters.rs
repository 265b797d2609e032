//! The letters that named a matter, by what they were about.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{
    AssignmentId, Ledger, Letter, LetterId, LetterKind, Purpose, Recipient, Stage, StageKey,
};

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
    /// acknowledged what its unit handed in
    Receipt,
    /// a leader's page
    Page,
    /// to the office itself: letters wait for a person
    Release,
}

impl LetterAbout {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Told,
        Self::Reminder,
        Self::Chase,
        Self::Ruling,
        Self::Leader,
        Self::Supervision,
        Self::Review,
        Self::Receipt,
        Self::Page,
        Self::Release,
    ];

    /// Its name in words for people: `about-told` …
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Told => "about-told",
            Self::Reminder => "about-reminder",
            Self::Chase => "about-chase",
            Self::Ruling => "about-ruling",
            Self::Leader => "about-leader",
            Self::Supervision => "about-supervision",
            Self::Review => "about-review",
            Self::Receipt => "about-receipt",
            Self::Page => "about-page",
            Self::Release => "about-release",
        }
    }

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
            Self::Receipt => "回执",
            Self::Page => "呈领导专报",
            Self::Release => "提醒放行",
        }
    }

    /// What a letter is about, in the order of its points: of what names no matter, its kind tells.
    #[must_use]
    pub fn of_letter(letter: &Letter) -> Vec<Self> {
        let points = letter.items.iter().chain(&letter.carried).map(|item| &item.key);
        Self::of_points(letter.kind, &letter.to, points)
    }

    /// The same of a letter's kind and points.
    #[must_use]
    pub fn of_points<'k>(
        kind: LetterKind,
        to: &Recipient,
        points: impl Iterator<Item = &'k StageKey>,
    ) -> Vec<Self> {
        let mut all = Vec::new();
        for about in points.map(|key| Self::of(&key.assignment, to, key.stage)) {
            if !all.contains(&about) {
                all.push(about);
            }
        }
        if all.is_empty() {
            all.push(match kind {
                LetterKind::Adoption => Self::Told,
                LetterKind::Daily => Self::Reminder,
                LetterKind::Escalation => Self::Leader,
                LetterKind::Returned | LetterKind::Act => Self::Ruling,
                LetterKind::Receipt => Self::Receipt,
                LetterKind::Review => Self::Review,
                LetterKind::Page => Self::Page,
                LetterKind::Release => Self::Release,
            });
        }
        all
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
