//! What became of a letter, step by step: each attempt with its time and the server's words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{Event, LetterId, Recorded};

/// One step on a letter's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterStep {
    /// of its event
    pub position: u64,
    /// when it was recorded
    pub at: DateTime<Utc>,
    /// who: an account, or duban itself
    pub by: String,
    /// `queued`, `released`, `unreleased`, `accepted`, `deferred`, `unknown`, `refused`, `bounced`, `superseded` or
    /// `resent`
    pub what: String,
    /// the server's words, a person's reason, the letter that took its place
    pub words: String,
    /// the next attempt, not before
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_from: Option<DateTime<Utc>>,
}

/// The step that an event is on the way of this letter; `None` where it tells of something else.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "no other event is a step of a letter")]
pub fn letter_step(recorded: &Recorded, letter: LetterId) -> Option<LetterStep> {
    let nothing = String::new;
    let (of, what, words, again_from) = match &recorded.event {
        Event::LetterQueued(queued) => (queued.letter, "queued", nothing(), None),
        Event::LetterReleased { letter, address } => {
            (*letter, "released", address.clone().unwrap_or_default(), None)
        }
        Event::LetterUnreleased { letter } => (*letter, "unreleased", nothing(), None),
        Event::LetterRecalled { letter, .. } => (*letter, "recalled", nothing(), None),
        Event::LetterAccepted { letter, reply } => (*letter, "accepted", reply.clone(), None),
        Event::LetterDeferred { letter, reply, retry_at, .. } => {
            (*letter, "deferred", reply.clone(), Some(*retry_at))
        }
        Event::LetterUnknown { letter, reply, retry_at } => {
            (*letter, "unknown", reply.clone(), Some(*retry_at))
        }
        Event::LetterRefused { letter, reply } => (*letter, "refused", reply.clone(), None),
        Event::LetterBounced { letter, reply, .. } => (*letter, "bounced", reply.clone(), None),
        Event::LetterSuperseded { letter, by } => (*letter, "superseded", by.to_string(), None),
        Event::LetterResent { letter, reason, .. } => (*letter, "resent", reason.clone(), None),
        _ => return None,
    };
    (of == letter).then(|| LetterStep {
        position: recorded.position,
        at: recorded.recorded_at,
        by: recorded.by.name.clone(),
        what: what.to_owned(),
        words,
        again_from,
    })
}
