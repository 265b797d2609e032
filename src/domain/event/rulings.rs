//! What the larger events of the office carry: acceptances, returns, extensions, other classes, chases, bulletins,
//! leaders' pages; and what the rules of their day made of them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::id::{AssignmentId, Digest, OccurrenceId, UnitId};
use crate::domain::leader::LeaderPage;
use crate::domain::matter::MatterClass;

/// 办结
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionAccepted {
    /// which
    pub assignment: AssignmentId,
    /// review remark
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// what counts of it; `None` in shape 1
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

/// How an acceptance counts, by the rules of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// the day of the claim that it rules on: the unit's own, or that of the unit that answers for all
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_on: Option<NaiveDate>,
    /// the day that counts as the day it was done
    pub done_on: NaiveDate,
    /// the date that it counts against
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// whether that is in time; `None` where it has no date, or only one to strive for (力争)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}

/// 退回
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionReturned {
    /// which
    pub assignment: AssignmentId,
    /// why
    pub reason: String,
    /// a new date, where one was given
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_deadline: Option<NaiveDate>,
    /// the working day to aim at
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advised: Option<NaiveDate>,
    /// version of its stages from now on
    pub deadline_version: u32,
    /// stages before this day don't exist
    pub stages_from: NaiveDate,
    /// `None` in shape 1
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_by: Option<CountsBy>,
}

/// The date that punctuality counts by from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountsBy {
    /// none where there is no date
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
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
    /// `None` in shape 1 of the events that have it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_by: Option<CountsBy>,
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
