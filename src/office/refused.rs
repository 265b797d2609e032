//! Why the office doesn't do what was asked, and what would help.

use serde::{Deserialize, Serialize};

use crate::domain::command::Refusal;
use crate::journal::JournalFault;
use crate::locale::{self, Language, Message};
use crate::planner::Stopped;
use crate::report::PaperFault;

/// Why not, in words for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}")]
pub struct Refused {
    /// of what kind
    pub kind: RefusedKind,
    /// what is wrong
    pub what: String,
    /// what would help
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure: Option<String>,
    /// the same in no language: its code, and what its words are filled in with
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
}

/// Of what kind a refusal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusedKind {
    /// a decision: nothing changed
    Decision,
    /// the question makes no sense
    Wrong,
    /// whoever asks may not
    Forbidden,
    /// decisions are held: the clock is not believed
    Held,
    /// something is broken or missing
    Fault,
    /// the planner has stopped
    Stopped,
}

impl Refused {
    /// A decision against what was asked.
    pub fn decided(what: impl Into<String>) -> Self {
        Self { kind: RefusedKind::Decision, what: what.into(), cure: None, message: None }
    }

    /// A question that makes no sense.
    pub fn wrong(what: impl Into<String>) -> Self {
        Self { kind: RefusedKind::Wrong, ..Self::decided(what) }
    }

    /// Something is broken or missing.
    pub fn fault(what: impl Into<String>) -> Self {
        Self { kind: RefusedKind::Fault, ..Self::decided(what) }
    }

    /// In this language, where it has words for it.
    #[must_use]
    pub fn told_in(self, language: Language) -> Self {
        match &self.message {
            Some(message) => Self { what: locale::told(language, message), ..self },
            None => self,
        }
    }

    /// What would help.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = Some(cure.into());
        self
    }

    /// What would help better, if that is known.
    #[must_use]
    pub fn maybe_cure(mut self, cure: Option<String>) -> Self {
        self.cure = cure.or(self.cure);
        self
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { message: Some(locale::refusal(&refusal)), ..Self::decided(refusal.to_string()) }
    }
}

impl From<Stopped> for Refused {
    fn from(stopped: Stopped) -> Self {
        Self { kind: RefusedKind::Stopped, ..Self::decided(format!("{stopped}; its log says why")) }
    }
}

impl From<JournalFault> for Refused {
    fn from(fault: JournalFault) -> Self {
        Self::fault(causes(&fault))
    }
}

impl From<PaperFault> for Refused {
    fn from(fault: PaperFault) -> Self {
        Self::fault(causes(&fault))
    }
}

/// A fault with all that lies behind it.
fn causes(fault: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(fault), |fault| fault.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
