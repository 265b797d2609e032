//! What the larger events of the conversation carry: what units hand in, and what the office rules.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::id::{AssignmentId, Digest, LetterId, OccurrenceId, ReceiptNo, UnitId};
use crate::domain::leader::LeaderPage;
use crate::domain::matter::MatterClass;

/// A form that came in: the frame around the answers that follow it, one receipt number for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// 回执编号
    pub receipt: ReceiptNo,
    /// who answers
    pub unit: UnitId,
    /// the letter it answers, where one did
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<LetterId>,
    /// who filled it in, as they say (自填、未核验); in `people/`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Digest>,
    /// the matters answered
    pub assignments: Vec<AssignmentId>,
    /// what the office noted while recording it on behalf (代录)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// the paper or message behind it, in `evidence/`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<Digest>,
}

/// One file handed in as 印证材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// of its bytes; it lies in `evidence/`
    pub digest: Digest,
    /// as the unit named it; never a path
    pub name: String,
    /// length in bytes
    pub bytes: u64,
    /// by its content, as `application/pdf`
    pub media_type: String,
    /// the day the material was obtained, as the unit says
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obtained_on: Option<NaiveDate>,
}

/// Material for a matter; the day it came is the event's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceSubmitted {
    /// which
    pub assignment: AssignmentId,
    /// the file
    pub evidence: Evidence,
}

/// 延期申请
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionRequested {
    /// which
    pub assignment: AssignmentId,
    /// why it can't be done in time
    pub reason: String,
    /// how far it is
    pub progress: String,
    /// the date asked for
    pub new_deadline: NaiveDate,
    /// 审签件, in `evidence/`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Digest>,
}

/// A new date and its stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rescheduled {
    /// the date that holds from now on
    pub new_deadline: NaiveDate,
    /// the working day to aim at, where the date is a day off
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advised: Option<NaiveDate>,
    /// version of its stages from now on
    pub deadline_version: u32,
    /// stages before this day don't exist
    pub stages_from: NaiveDate,
}

/// 延期批准: the original date stays visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionGranted {
    /// which
    pub assignment: AssignmentId,
    /// the new date
    #[serde(flatten)]
    pub again: Rescheduled,
    /// who approved it: an office or a post
    pub approver: String,
    /// by which paper
    pub document_number: String,
}

/// An ordinary matter is settled as a complex one (简单转复杂), an approved step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterReclassified {
    /// which
    pub occurrence: OccurrenceId,
    /// what it is from now on
    pub class: MatterClass,
    /// the new date
    #[serde(flatten)]
    pub again: Rescheduled,
    /// who approved it
    pub approver: String,
    /// why, or the dated plan
    pub reason: String,
}

/// A step of a monthly bulletin (督查通报): drafted, checked, signed, issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulletinStep {
    /// the month, `2021-06`
    pub period: crate::calendar::Period,
    /// 第×期
    pub number: u32,
    /// data up to this position of the journal
    pub position: u64,
    /// of its content (the JSON form)
    pub content: Digest,
    /// how far it is
    pub step: BulletinState,
    /// the signed scan, in `evidence/`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<Digest>,
    /// who signed, or what was checked; a post or an office
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Where a bulletin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BulletinState {
    /// 草稿
    Drafted,
    /// 核数
    Checked,
    /// 签发
    Signed,
    /// 印发
    Issued,
}

/// The office chases a matter now (催办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChaseOrdered {
    /// which
    pub assignment: AssignmentId,
    /// its words
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// A person had a leader's page written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaderPageOrdered {
    /// whose leader
    pub unit: UnitId,
    /// what it says
    pub page: LeaderPage,
}
