//! What a reply proposes, and what is recorded on behalf (代录), as the wire tells it.

use serde::{Deserialize, Serialize};

use super::{ClockHeld, Taken};
use crate::domain::{Answers, AssignmentId, LetterId, ReceiptNo, UnitId, Via};

/// What helps with a second form in one message.
pub const FURTHER_FORM: &str =
    "nothing of it is recorded; forward it as a mail of its own, or `duban task record`";

/// `GET /api/received/POSITION`: what a message says and proposes. Nothing of it is done.
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

/// `POST /api/received/POSITION/record`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRequest {
    /// record the other rows where one is refused
    #[serde(default)]
    pub skip_refused: bool,
    /// the row of files that name none
    #[serde(default)]
    pub files_to: Option<u32>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum RecordAnswer {
    /// recorded, and durable
    Recorded {
        /// of the last event
        position: u64,
        /// 回执编号
        receipt: ReceiptNo,
        /// matters answered
        rows: usize,
        /// files kept as their material
        files: usize,
        /// what was left out, and why
        left_out: Vec<String>,
    },
    /// nothing was recorded
    Refused {
        /// why, a line each
        why: Vec<String>,
    },
    /// decisions are held
    ClockHeld(ClockHeld),
}

/// Query of `POST /api/evidence`; the body is the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceQuery {
    /// the file's name, without a path
    pub name: String,
}

/// `POST /api/answers`: a form recorded on behalf of a unit; the person is kept outside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswersRequest {
    /// chosen by whoever asks: the same again gets the first answer and changes nothing
    pub request: String,
    /// `paper`, `phone`, `meeting` or `message`
    pub via: Via,
    /// all of it; files are handed over before
    pub answers: Answers,
    /// who answered, as they say
    pub person: Option<Answerer>,
}

/// Who answered for a unit, as they say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answerer {
    /// name
    pub name: String,
    /// post
    #[serde(default)]
    pub post: String,
    /// telephone
    #[serde(default)]
    pub phone: String,
}
