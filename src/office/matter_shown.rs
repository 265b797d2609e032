//! One unit's duty in one occurrence, whole: where it stands, its dates, what was granted, claimed, sent and said.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::light::Light;
use crate::domain::{AssignmentId, Claim, Digest, Granted, Kept, Ledger, Recorded};
use crate::journal::Shelf;
use crate::matter::{HistoryLine, LetterTold, MatterView, letters_about, way_in};

/// One unit's duty in one occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterShown {
    /// which
    pub assignment: AssignmentId,
    /// full name of the unit
    pub unit_name: String,
    /// another unit answers for it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    /// `opened`, `notified`, …
    pub state: String,
    /// its light
    pub light: Light,
    /// the light in words: `●超期12天·红`
    pub status: String,
    /// 原定时限
    pub original: Option<NaiveDate>,
    /// 现定时限
    pub deadline: Option<NaiveDate>,
    /// the working day to aim at, where the deadline is a day off
    pub advised: Option<NaiveDate>,
    /// extensions granted, oldest first
    pub extensions: Vec<ExtensionShown>,
    /// claims, oldest first, those that came back too
    pub claims: Vec<ClaimShown>,
    /// the unit's last words
    pub progress: String,
    /// 存在问题
    pub problem: String,
    /// 下步措施
    pub next_steps: String,
    /// 印证材料, oldest first
    pub files: Vec<FileShown>,
    /// letters that named it, oldest first
    pub letters: Vec<LetterTold>,
    /// what happened, oldest first
    pub history: Vec<HistoryLine>,
}

/// An extension that was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionShown {
    /// when
    pub on: NaiveDate,
    /// the date before
    pub from: Option<NaiveDate>,
    /// the date since
    pub until: NaiveDate,
    /// who granted it
    pub approver: String,
    /// by which paper
    pub document_number: String,
}

/// A claim that a matter is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimShown {
    /// when it was claimed
    pub on: NaiveDate,
    /// when it was done, as the unit says
    pub done_on: NaiveDate,
    /// its words
    pub text: String,
    /// the way it came
    pub way: String,
    /// when it was returned, and why
    pub returned: Option<(NaiveDate, String)>,
    /// when it was accepted
    pub accepted: Option<NaiveDate>,
}

/// A file that a unit sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileShown {
    /// as its sender named it
    pub name: String,
    /// when it came
    pub received_on: NaiveDate,
    /// its length
    pub bytes: u64,
    /// what kind of file
    pub media_type: String,
    /// of its bytes
    pub digest: Digest,
    /// where it lies within the data directory
    pub path: String,
}

impl MatterShown {
    /// Of the view on a day.
    pub(super) fn of(ledger: &Ledger, view: &MatterView<'_>, events: &[Recorded]) -> Self {
        let id = view.id();
        let status = view.status();
        Self {
            unit_name: ledger.unit_name(&id.unit),
            answered_by: (!view.answers()).then(|| ledger.unit_name(view.answering())),
            state: view.state().label().to_owned(),
            light: status.light,
            status: status.shown(),
            original: view.original(),
            deadline: view.deadline(),
            advised: view.advised().filter(|day| view.deadline().is_some_and(|deadline| *day < deadline)),
            extensions: view.extensions().iter().map(|one| one.granted.into()).collect(),
            claims: view.claims().iter().map(ClaimShown::from).collect(),
            progress: view.progress_words(),
            problem: view.problem(),
            next_steps: view.next_steps(),
            files: view.files().iter().map(FileShown::from).collect(),
            letters: letters_about(ledger, &id),
            history: view.history(events, view.day()),
            assignment: id,
        }
    }
}

impl From<&Granted> for ExtensionShown {
    fn from(granted: &Granted) -> Self {
        let Granted { on, from, until, approver, document_number, .. } = granted;
        Self {
            on: *on,
            from: *from,
            until: *until,
            approver: approver.clone(),
            document_number: document_number.clone(),
        }
    }
}

impl From<&Claim> for ClaimShown {
    fn from(claim: &Claim) -> Self {
        Self {
            on: claim.on,
            done_on: claim.done_on,
            text: claim.text.clone(),
            way: way_in(claim.via).to_owned(),
            returned: claim.returned.clone(),
            accepted: claim.accepted,
        }
    }
}

impl From<&Kept> for FileShown {
    fn from(kept: &Kept) -> Self {
        let file = &kept.evidence;
        Self {
            name: file.name.clone(),
            received_on: kept.received_on,
            bytes: file.bytes,
            media_type: file.media_type.clone(),
            digest: file.digest,
            path: Shelf::Evidence.place(file.digest),
        }
    }
}
