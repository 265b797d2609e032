//! What a unit hands in: one form, any of its matters, one receipt number.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::Evidence;
use super::id::{AssignmentId, Digest, LetterId, UnitId};

/// Most matters of one form.
pub const ANSWERS_MAX: usize = 200;
/// Most files of one matter in one form.
pub const EVIDENCE_MAX: usize = 20;
/// Longest text of an answer, in bytes: it stands in an event.
pub const ANSWER_BYTES_MAX: usize = 12 * 1024;
/// Longest name of a file, in bytes.
pub const FILE_NAME_BYTES_MAX: usize = 255;

/// A form, whole: all its answers are taken, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// who answers
    pub unit: UnitId,
    /// the letter it answers
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<LetterId>,
    /// who filled it in, as they say; in `people/`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Digest>,
    /// this person handles the unit's answers from now on (联络员)
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub becomes_contact: bool,
    /// what the office notes while recording it on behalf
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// the paper or message behind it, in `evidence/`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<Digest>,
    /// the day it was said, where it is recorded later
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_on: Option<NaiveDate>,
    /// one a matter
    pub items: Vec<AnswerItem>,
}

/// One matter's answer and its material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerItem {
    /// which
    pub assignment: AssignmentId,
    /// what is said
    pub answer: ItemAnswer,
    /// 印证材料, already lying in `evidence/`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// What a unit says of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ItemAnswer {
    /// 签收
    Receipt,
    /// 本月无变化
    Unchanged,
    /// 推进中, or 有困难 with a problem
    Progress {
        /// how far it is
        text: String,
        /// 存在问题
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
        /// 下步措施
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_steps: Option<String>,
    },
    /// 已完成: 申请办结
    Done {
        /// the day it was done
        done_on: NaiveDate,
        /// how
        text: String,
    },
    /// 延期申请
    Extension {
        /// why
        reason: String,
        /// how far it is
        progress: String,
        /// the date asked for
        new_deadline: NaiveDate,
        /// 审签件, in `evidence/`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approval: Option<Digest>,
    },
    /// 对交办有异议
    Dispute {
        /// the objection
        text: String,
    },
    /// only more material
    Evidence,
}
