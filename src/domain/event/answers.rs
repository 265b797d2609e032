//! What the larger events of units carry: a form, its material, an extension asked for.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::id::{AssignmentId, Digest, LetterId, ReceiptNo, UnitId};

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
    /// whether a letter acknowledges it (回执); `None` in shape 1
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<bool>,
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
