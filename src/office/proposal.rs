//! The shape of what a reply proposes: row by row, file by file.

use serde::{Deserialize, Serialize};

use super::incoming::Taken;
use crate::domain::{AssignmentId, LetterId, ReceiptNo, UnitId};

/// What a message says and proposes. Nothing of it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// the message
    pub taken: Taken,
    /// the address it says to be from; anybody can write any
    pub sender: String,
    /// whether that is the unit's mailbox; `None` where no unit is known
    pub sender_is_mailbox: Option<bool>,
    /// its subject
    pub subject: String,
    /// the beginning of its words
    pub words: String,
    /// why a person has to look at it, where a machine wrote it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unclear: Option<String>,
    /// the 反馈表 that came with it
    pub form: Option<ProposedForm>,
    /// names of further forms in the message, of which nothing is proposed
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further_forms: Vec<String>,
    /// a file named like one, and why it can't be read
    pub unreadable: Option<String>,
    /// its other files
    pub files: Vec<ProposedFile>,
}

/// A 反馈表 that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedForm {
    /// the letter it came with; none where nobody was sent it
    pub letter: Option<LetterId>,
    /// whose form it is
    pub unit: UnitId,
    /// its full name
    pub unit_name: String,
    /// the message answers a letter to this other unit
    pub answers_other: Option<UnitId>,
    /// rows in which something was filled in
    pub rows: Vec<ProposedRow>,
    /// rows left empty
    pub blank: usize,
    /// 填表人, as they say
    pub name: String,
    /// 职务
    pub post: String,
    /// 电话
    pub phone: String,
}

/// One row of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedRow {
    /// 序号
    pub number: u32,
    /// 事项, as printed
    pub title: String,
    /// the matter, where the row still names it
    pub assignment: Option<AssignmentId>,
    /// what it says
    pub says: String,
    /// what would become of it
    pub state: RowState,
}

/// What would become of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RowState {
    /// it can be recorded
    Ready,
    /// it was recorded from this message
    Recorded {
        /// under this number
        receipt: ReceiptNo,
    },
    /// it can't be recorded
    Refused {
        /// why
        why: String,
    },
}

/// One file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedFile {
    /// as the sender named it
    pub name: String,
    /// length
    pub bytes: u64,
    /// the row it belongs to
    pub row: Option<u32>,
    /// why it is not taken
    pub refused: Option<String>,
}
