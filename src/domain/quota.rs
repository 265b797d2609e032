//! What one link may bring in on one day: more than any unit needs, too little to fill the journal, the unit's
//! mailbox or the office's day. Counted from the ledger, so a restart forgets nothing.

use std::fmt;

use chrono::NaiveDate;

use super::event::{Event, Via};
use super::id::{LetterId, UnitId};
use super::ledger::Ledger;

/// Hand-ins through one link on one day. Each is answered by one receipt, so this bounds the mails, too.
pub const HAND_INS_PER_LINK_MAX: usize = 50;
/// Hand-ins of one unit on one day, through all its links.
pub const HAND_INS_PER_UNIT_MAX: usize = 100;
/// What one link may add to the journal on one day, in bytes.
pub const JOURNAL_BYTES_PER_LINK_MAX: u64 = 2 * 1024 * 1024;
/// What a stored event holds beside its type and data, about, in bytes.
const EVENT_BYTES_AROUND: u64 = 500;
/// What the event of a form takes of the journal beside its answers, about.
pub const FORM_BYTES: u64 = 1000;

/// What is used up for today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsedUp {
    /// [`HAND_INS_PER_LINK_MAX`]
    HandIns,
    /// [`HAND_INS_PER_UNIT_MAX`]
    HandInsOfUnit,
    /// [`JOURNAL_BYTES_PER_LINK_MAX`]
    JournalBytes,
}

impl fmt::Display for UsedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HandIns => write!(f, "{HAND_INS_PER_LINK_MAX} forms came in through this link"),
            Self::HandInsOfUnit => write!(f, "{HAND_INS_PER_UNIT_MAX} forms of the unit came in"),
            Self::JournalBytes => {
                write!(f, "{JOURNAL_BYTES_PER_LINK_MAX} bytes came in through this link")
            }
        }
    }
}

/// What a form takes of the journal, about, in bytes.
pub fn journal_bytes<'a>(events: impl IntoIterator<Item = &'a Event>) -> u64 {
    let one = |event: &Event| serde_json::to_vec(event).map_or(0, |json| json.len() as u64);
    events.into_iter().map(|event| one(event).saturating_add(EVENT_BYTES_AROUND)).sum()
}

/// What would be used up by one more form of so many bytes through a link of a unit today.
#[must_use]
pub fn used_up(
    ledger: &Ledger,
    unit: &UnitId,
    link: LetterId,
    today: NaiveDate,
    bytes: u64,
) -> Option<UsedUp> {
    let (mut of_unit, mut of_link, mut bytes) = (0, 0, bytes);
    let all = ledger.handed_in().iter().rev().take_while(|form| form.on >= today);
    for form in all.filter(|form| form.on == today && form.via == Via::Link && form.submission.unit == *unit)
    {
        of_unit += 1;
        if form.submission.letter == Some(link) {
            of_link += 1;
            bytes = bytes.saturating_add(form.bytes);
        }
    }
    if of_link >= HAND_INS_PER_LINK_MAX {
        Some(UsedUp::HandIns)
    } else if of_unit >= HAND_INS_PER_UNIT_MAX {
        Some(UsedUp::HandInsOfUnit)
    } else if bytes > JOURNAL_BYTES_PER_LINK_MAX {
        Some(UsedUp::JournalBytes)
    } else {
        None
    }
}
