//! Files that events name: what lies in `evidence/` under its digest, and must lie there as long as the journal does.

use super::Event;
use crate::domain::id::Digest;

/// Types of events that may name such a file.
pub const NAMING_EVIDENCE: [&str; 6] = [
    "EvidenceSubmitted",
    "AnswersReceived",
    "ExtensionRequested",
    "BulletinMoved",
    "MailReceived",
    "LetterBounced",
];

impl Event {
    /// The file in `evidence/` that the event names: material, a signed paper, a scan, a message that came in.
    #[must_use]
    pub fn evidence(&self) -> Option<Digest> {
        if let Self::EvidenceSubmitted(submitted) = self {
            Some(submitted.evidence.digest)
        } else if let Self::AnswersReceived(form) = self {
            form.scan
        } else if let Self::ExtensionRequested(asked) = self {
            asked.approval
        } else if let Self::BulletinMoved(step) = self {
            step.scan
        } else if let Self::MailReceived { message, .. } | Self::LetterBounced { message, .. } = self {
            Some(*message)
        } else {
            None
        }
    }
}
