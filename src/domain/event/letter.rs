//! A letter as it was queued, and what lay at fault when it did not go.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::id::{Digest, LetterId, ReceiptNo};
use crate::domain::recipient::Recipient;
use crate::domain::stage::StageKey;

/// A letter as queued: written, archived, and not yet handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// which
    pub letter: LetterId,
    /// to whom
    pub to: Recipient,
    /// what kind of letter
    pub kind: LetterKind,
    /// the address at that time, an office's mailbox; a leader's stands in `people/`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// RFC 5322 Message-ID, without angle brackets
    pub message_id: String,
    /// the letter's date
    pub dated: DateTime<Utc>,
    /// waits for a person's release
    pub held: bool,
    /// what it says, in order
    pub items: Vec<QueuedItem>,
    /// stages that another item of this letter stands for
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Merged>,
    /// how many points it numbers; `None` in letters of before
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<usize>,
    /// points of superseded letters that this one repeats; their stages ended there
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<QueuedItem>,
    /// the hand-in that it acknowledges (回执)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptNo>,
    /// of the archived form in `letters/`
    pub archived: Digest,
    /// of the bytes as sent
    pub sent: Digest,
    /// of the templates that it was written with; `None` in shape 1
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub templates: Option<Digest>,
    /// the state of the journal that the letter itself names, where it names one
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
}

/// So many events of the journal, under one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// events, from the first
    pub events: u64,
    /// of the tree over their hashes
    pub root: Digest,
}

/// One point of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedItem {
    /// the stage that goes
    pub key: StageKey,
    /// marked late: it came while nobody could send
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// A stage that another stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// the stage that ends
    pub key: StageKey,
    /// the stage that went instead
    pub into: StageKey,
}

/// What kind of letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// 任务告知, once after an adoption
    Adoption,
    /// the one clock-driven letter of a day
    Daily,
    /// to a leader
    Escalation,
    /// answer to a person's act: work returned
    Returned,
    /// the office's other acts, told at once: chased, an extension ruled on, a matter assigned
    Act,
    /// what a unit handed in has come (回执)
    Receipt,
    /// to the office: what waits for its review
    Review,
    /// a leader's page, at a person's wish
    Page,
    /// to the office: what waits for a person's release, and what lapsed
    Release,
}

/// What lay at fault when a letter did not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blame {
    /// the server's answer about this address or letter
    #[default]
    Address,
    /// the line was lost under way; says nothing about the address
    Line,
    /// the relay, for every letter alike; says nothing about the address
    Relay,
}

impl Blame {
    /// Whether it is the one that stands where nothing is written.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::Address
    }
}

/// What mail that came in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// written by a person
    Reply,
    /// written by a machine, and understood: nothing has to be done
    Automatic,
    /// written by a machine: a person has to see what it means
    Unclear,
}
