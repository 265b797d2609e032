//! HTTP bodies that the client and the API share: their JSON is a promise to scripts.

mod health;
mod public;
mod query;

use serde::{Deserialize, Serialize};

use crate::domain::command::Command;
pub use crate::office::behalf::Answerer;
pub use crate::office::events::{EventPage, Fingerprint};
pub use crate::office::incoming::{MailHandled, Taken};
pub use crate::office::letters::{LetterEntry, LetterShown};
pub use crate::office::plans::{Declaration, PlanEntry};
pub use crate::office::proposal::{Proposed, ProposedFile, ProposedForm, ProposedRow, RowState};
pub use crate::office::reviews::{ReviewEntry, WaitEntry};
pub use crate::office::tasks::{AssignmentEntry, OccurrenceEntry, TaskEntry};
pub use crate::office::units::UnitEntry;
pub use crate::report::{LetterStep, Row};
pub use health::{
    CheckHealth, ClockHeld, DoorFault, DoorHealth, FileFault, FilesHealth, FirstLettersHealth, Health,
    JournalHealth, LettersHealth, MailboxFault, MailboxHealth, MattersHealth, PlansHealth, RelayHealth,
    Standing, StoreHealth,
};
pub use public::{PublicHealth, PublicLetters};
pub use query::{EventsQuery, EvidenceQuery};

use crate::domain::Via;

/// The header in which whoever asks says who went before their account (`SUDO_USER`).
pub const CLAIMED: &str = "duban-claimed";
/// Longest name that is claimed, in bytes.
const CLAIMED_BYTES_MAX: usize = 32;

/// Whether a name can be claimed: that of an account of the machine (`useradd(8)`).
#[must_use]
pub fn is_claim(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=CLAIMED_BYTES_MAX).contains(&name.len()) && name.bytes().all(plain)
}

/// The Unix socket within the data directory.
pub const SOCKET: &str = "duban.sock";

/// `POST /api/commands`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandRequest {
    /// chosen by whoever asks: the same again gets the first answer and changes nothing
    pub request: String,
    /// the way in: `cli`, `api`, or `paper` and `phone` for what was recorded from them
    pub via: Via,
    /// the wish
    pub command: Command,
}

/// The answer to a mutation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// durable up to this position
    Done {
        /// position of the last event, or of the first answer where the request is a repeat
        position: u64,
    },
    /// a decision: nothing changed
    Refused {
        /// names the reason for programs
        #[serde(default)]
        code: String,
        /// why, for people
        why: String,
    },
    /// decisions are held
    ClockHeld(ClockHeld),
}

/// What went wrong, where there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// for people
    pub problem: String,
}
