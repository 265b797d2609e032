//! What a letter must say, before it is a letter: the facts that the letter room turns into words.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::changes::Difference;
use super::event::{Event, LetterKind, Merged, NewEvent, Queued, QueuedItem, Recipient, Stream, Via};
use super::id::{Digest, LetterId, OccurrenceId, ReceiptNo, UnitId};
use super::leader::LeaderPage;
use super::ledger::SaidKind;
use super::office::Office;
use super::plan::{PlanHead, Task};
use super::stage::{Stage, StageKey};

/// The role in which a recipient gets a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 牵头
    Lead,
    /// 配合: told once, on adoption; nothing to report
    Cooperating,
    /// 分管领导 of the unit
    Leader,
    /// 督察室
    Supervision,
    /// whoever reviews, in the office
    Reviewer,
}

/// One letter's facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// number of the letter, printed in it
    pub letter: LetterId,
    /// to whom
    pub to: Recipient,
    /// what kind, and what is its own
    pub body: Body,
    /// full name of the unit, as the letter's salutation (a leader's letter: the unit's name, role added by the template)
    pub addressee: String,
    /// the letter's civil date in the office's zone
    pub day: NaiveDate,
    /// the letter's instant
    pub dated: DateTime<Utc>,
    /// who writes
    pub office: Arc<Office>,
    /// stages that go, most urgent first
    pub items: Vec<Item>,
    /// stages that an item stands for
    pub merged: Vec<Merged>,
    /// points of letters that never left and that this one takes the place of
    pub carried: Vec<Item>,
    /// those letters
    pub supersedes: Vec<LetterId>,
    /// points the unit should know of without acting: nearest deadlines to come (预告), at most a few
    pub coming: Vec<Coming>,
    /// how many open matters the unit cooperates in (无须单独填报)
    pub cooperating: usize,
    /// whether it names a task whose first letter to the recipient waits for a release: so does it
    pub behind_first: bool,
}

/// What a letter of one kind says beside its points.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// 任务告知: its overview
    Adoption(Box<AdoptionTold>),
    /// the one clock-driven letter of a day
    Daily,
    /// to a leader
    Escalation,
    /// work came back
    Returned {
        /// in the office's words
        reason: Option<String>,
        /// whether it was claimed as done; what was not may come back too, to be done again
        claimed: bool,
    },
    /// the office's act, in its words
    Act(Option<String>),
    /// what was handed in (回执)
    Receipt(ReceiptTold),
    /// to the office: what waits for its review
    Review,
    /// what a leader is told
    Page(Arc<LeaderPage>),
    /// to the office: letters that wait for its release, and those that lapsed
    Release(Box<ReleaseTold>),
}

impl Body {
    /// Its kind, as events name it.
    #[must_use]
    pub fn kind(&self) -> LetterKind {
        match self {
            Self::Adoption(_) => LetterKind::Adoption,
            Self::Daily => LetterKind::Daily,
            Self::Escalation => LetterKind::Escalation,
            Self::Returned { .. } => LetterKind::Returned,
            Self::Act(_) => LetterKind::Act,
            Self::Receipt(_) => LetterKind::Receipt,
            Self::Review => LetterKind::Review,
            Self::Page(_) => LetterKind::Page,
            Self::Release(_) => LetterKind::Release,
        }
    }
}

/// Letters that a person has not let go.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseTold {
    /// that can still be released
    pub waits: Vec<HeldLetter>,
    /// until when those that have an hour can
    pub until: Option<DateTime<Utc>>,
    /// that can't any more
    pub lapsed: Vec<HeldLetter>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldLetter {
    /// its number
    pub letter: LetterId,
    /// to whom
    pub to: Recipient,
    /// the unit's name
    pub unit: String,
    /// what kind of letter
    pub kind: LetterKind,
    /// its points
    pub points: Vec<StageKey>,
    /// titles of its tasks
    pub tasks: Vec<String>,
}

/// What a receipt (回执) acknowledges.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptTold {
    /// 回执编号
    pub receipt: ReceiptNo,
    /// the day it came
    pub on: NaiveDate,
    /// the way in
    pub via: Via,
    /// one a matter, in the order of the form
    pub points: Vec<ReceiptPoint>,
}

/// One matter of a receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptPoint {
    /// the matter
    pub matter: Coming,
    /// what was said of it; files aside
    pub said: Vec<SaidKind>,
    /// files that came with it
    pub files: usize,
    /// the day it was done, where that was claimed
    pub done_on: Option<NaiveDate>,
    /// the date asked for, where an extension was
    pub new_deadline: Option<NaiveDate>,
}

/// Something of a unit that waits for the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// since when
    pub since: NaiveDate,
    /// what
    pub what: Waits,
}

/// What waits for the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// a claim: the day it was done, as the unit says
    Claim(NaiveDate),
    /// an extension to this day
    Extension(NaiveDate),
    /// an objection
    Dispute,
    /// an accepted matter, to be closed out
    CloseOut,
}

/// One point of a letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// names the stage for ever
    pub key: StageKey,
    /// in which role the recipient gets it
    pub role: Role,
    /// the unit that must answer, and its name (for leaders and supervision)
    pub unit: UnitId,
    /// its name
    pub unit_name: String,
    /// the plan
    pub plan: Arc<PlanHead>,
    /// the task; `None` for a collection
    pub task: Option<Arc<Task>>,
    /// names of all lead units, in order; the first answers where `task.answer` is `lead`
    pub leads: Vec<String>,
    /// whether its unit answers for itself; where another speaks for all, it only takes part
    pub answers: bool,
    /// whether its unit is still to do it: not where it waits for review, is paused, or nothing is open
    pub chased: bool,
    /// names of the cooperating units, in order
    pub cooperates: Vec<String>,
    /// first day of the occurrence
    pub opens: NaiveDate,
    /// last day, where it ends by itself: of a time to avoid, or a collection's reply-by
    pub ends: Option<NaiveDate>,
    /// the legal deadline, included
    pub deadline: Option<NaiveDate>,
    /// the deadline as first set, where it has moved
    pub original_deadline: Option<NaiveDate>,
    /// the working day to aim at, where the deadline is a day off
    pub advised: Option<NaiveDate>,
    /// the day this stage should have gone, where it goes late
    pub late_since: Option<NaiveDate>,
    /// a collection's list of open and ongoing matters
    pub collects: Vec<Coming>,
    /// the day by which an assigned matter's handling is to be reported
    pub report_by: Option<NaiveDate>,
    /// the working day to aim at, where that is a day off
    pub report_advised: Option<NaiveDate>,
    /// the date asked for, where an extension was refused
    pub refused_date: Option<NaiveDate>,
    /// what of it waits for the office (kind `Review`)
    pub waits: Vec<Waiting>,
    /// what is different from what its unit was told, where that is news
    pub changed: Option<Changed>,
}

/// What a unit was told and is no longer so.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// at least one
    pub differences: Vec<Difference>,
    /// in the office's words
    pub reasons: Vec<String>,
    /// by which papers
    pub grounds: Vec<String>,
    /// by which paper the present date was granted (延期), where it was: the grounds above are of other changes
    pub extended: Option<String>,
}

impl Changed {
    /// Whether nothing of it is asked of the unit any more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.differences.iter().any(Difference::is_gone)
    }
}

impl Item {
    /// Which stage.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.key.stage
    }

    /// Civil days from `day` to the deadline; negative once it is past.
    #[must_use]
    pub fn days_left(&self, day: NaiveDate) -> Option<i64> {
        self.deadline.map(|deadline| (deadline - day).num_days())
    }
}

/// A matter named in passing: in an overview, a collection, a forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Coming {
    /// the occurrence; its period tells which quarter or month
    pub occurrence: OccurrenceId,
    /// the plan
    pub plan: Arc<PlanHead>,
    /// the task
    pub task: Arc<Task>,
    /// role of the unit addressed
    pub role: Role,
    /// names of all lead units
    pub leads: Vec<String>,
    /// names of the cooperating units
    pub cooperates: Vec<String>,
    /// first day of the occurrence
    pub opens: NaiveDate,
    /// the legal deadline; `None` for ongoing ones
    pub deadline: Option<NaiveDate>,
    /// the working day to aim at
    pub advised: Option<NaiveDate>,
    /// whether it is already overdue
    pub overdue: bool,
    /// whether the unit addressed is to answer it now: it is open, and no other speaks for it
    pub answers: bool,
}

/// What an adoption letter tells.
#[derive(Debug, Clone, PartialEq)]
pub struct AdoptionTold {
    /// the plans adopted together
    pub plans: Vec<Arc<PlanHead>>,
    /// led matters (tasks, not occurrences)
    pub led: usize,
    /// matters it cooperates in
    pub cooperating: usize,
    /// days the letter itself looks ahead
    pub horizon_days: u16,
    /// already past at adoption
    pub overdue: Vec<Coming>,
    /// what falls due within the horizon, periods not yet open included, nearest first
    pub soon: Vec<Coming>,
    /// open occurrences it cooperates in
    pub cooperating_in: Vec<Coming>,
    /// every task of the unit, led first, for the attached sheet; undated ones too
    pub sheet: Vec<SheetRow>,
    /// the collection that this letter absorbs: asked now, reply by
    pub collection_reply_by: Option<NaiveDate>,
    /// the working day to aim at, where that is a day off
    pub collection_advised: Option<NaiveDate>,
}

/// One line of the adoption letter's sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// the plan
    pub plan: Arc<PlanHead>,
    /// the task
    pub task: Arc<Task>,
    /// role of the unit addressed
    pub role: Role,
    /// names of all lead units
    pub leads: Vec<String>,
    /// names of the cooperating units
    pub cooperates: Vec<String>,
    /// whether the unit addressed answers for itself
    pub answers: bool,
    /// next deadline, where it has one
    pub next: Option<NaiveDate>,
}

/// What the letter room and the journal add to a draft when it is queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// RFC 5322 Message-ID, without angle brackets
    pub message_id: String,
    /// an office's mailbox; `None` for a leader's, which stands in `people/`
    pub address: Option<String>,
    /// how many points it numbers
    pub points: Option<usize>,
    /// of the archived form
    pub archived: Digest,
    /// of the bytes as sent
    pub sent: Digest,
    /// of the templates
    pub templates: Digest,
}

impl Draft {
    /// The event that queues the letter and ends its stages, and those that end letters it takes the place of.
    ///
    /// A letter to a leader is held until a person releases it, and so are the day's letters to units
    /// where the office wants it; a unit's first letter of something new, if its rule is so, with what names that task. An answer to a person's act goes at once, unless it is of such a task.
    #[must_use]
    pub fn queued(&self, written: Written) -> Vec<NewEvent> {
        let on = |letter, event| NewEvent { stream: Stream::Letter(letter), occurred_on: None, event };
        let listed = |items: &[Item]| {
            items
                .iter()
                .map(|item| QueuedItem { key: item.key.clone(), late: item.late_since.is_some() })
                .collect()
        };
        let queued = Queued {
            letter: self.letter,
            to: self.to.clone(),
            kind: self.kind(),
            address: written.address,
            message_id: written.message_id,
            dated: self.dated,
            held: self.waits_for_release(),
            items: listed(&self.items),
            merged: self.merged.clone(),
            points: written.points,
            carried: listed(&self.carried),
            receipt: self.receipt(),
            archived: written.archived,
            sent: written.sent,
            templates: Some(written.templates),
            checkpoint: None,
        };
        let mut events = vec![on(self.letter, Event::LetterQueued(queued))];
        events.extend(
            self.supersedes
                .iter()
                .map(|old| on(*old, Event::LetterSuperseded { letter: *old, by: self.letter })),
        );
        events
    }

    /// What kind of letter.
    #[must_use]
    pub fn kind(&self) -> LetterKind {
        self.body.kind()
    }

    /// An adoption letter's overview.
    #[must_use]
    pub fn adoption(&self) -> Option<&AdoptionTold> {
        if let Body::Adoption(told) = &self.body { Some(told) } else { None }
    }

    /// The hand-in that it acknowledges.
    fn receipt(&self) -> Option<ReceiptNo> {
        if let Body::Receipt(told) = &self.body { Some(told.receipt) } else { None }
    }

    /// Whether it goes only once a person has released it.
    #[must_use]
    pub fn waits_for_release(&self) -> bool {
        match (&self.to, self.kind()) {
            (Recipient::LeaderOf(_), _) => true,
            (Recipient::Office, _)
            | (
                Recipient::Unit(_),
                LetterKind::Receipt | LetterKind::Review | LetterKind::Page | LetterKind::Release,
            ) => false,
            (Recipient::Unit(_), LetterKind::Returned | LetterKind::Act) => self.behind_first,
            (Recipient::Unit(_), LetterKind::Adoption) => self.office.holds_first_letters(),
            (Recipient::Unit(_), LetterKind::Daily | LetterKind::Escalation) => {
                !self.office.release.is_auto() || self.behind_first
            }
        }
    }
}
