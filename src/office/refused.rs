//! Why the office doesn't do what was asked, and what would help.

use serde::{Deserialize, Serialize};

use crate::domain::command::Refusal;
use crate::journal::JournalFault;
use crate::locale::{self, Language, Message, message};
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
    pub message: Option<Box<Message>>,
    /// what would help, in no language
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure_message: Option<Box<Message>>,
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
    /// A refusal of a kind, in Chinese until it is told in another language.
    #[must_use]
    pub fn of(kind: RefusedKind, why: Message) -> Self {
        let what = locale::told(Language::default(), &why);
        Self { kind, what, cure: None, message: Some(Box::new(why)), cure_message: None }
    }

    /// A decision against what was asked.
    #[must_use]
    pub fn decided(why: Message) -> Self {
        Self::of(RefusedKind::Decision, why)
    }

    /// A question that makes no sense.
    #[must_use]
    pub fn wrong(why: Message) -> Self {
        Self::of(RefusedKind::Wrong, why)
    }

    /// Something is broken or missing.
    #[must_use]
    pub fn fault(why: Message) -> Self {
        Self::of(RefusedKind::Fault, why)
    }

    /// In this language.
    #[must_use]
    pub fn told_in(self, language: Language) -> Self {
        let told = |message: &Message| locale::told(language, message);
        Self {
            what: self.message.as_deref().map_or(self.what, told),
            cure: self.cure_message.as_deref().map(told).or(self.cure),
            ..self
        }
    }

    /// What would help.
    #[must_use]
    pub fn cure(self, cure: Message) -> Self {
        Self {
            cure: Some(locale::told(Language::default(), &cure)),
            cure_message: Some(Box::new(cure)),
            ..self
        }
    }

    /// What would help better, if that is known.
    #[must_use]
    pub fn maybe_cure(self, cure: Option<Message>) -> Self {
        match cure {
            Some(cure) => self.cure(cure),
            None => self,
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::decided(locale::refusal(&refusal))
    }
}

impl From<Stopped> for Refused {
    fn from(_: Stopped) -> Self {
        Self::of(RefusedKind::Stopped, message("stopped"))
    }
}

impl From<JournalFault> for Refused {
    fn from(fault: JournalFault) -> Self {
        Self::fault(message("fault").with("why", &causes(&fault)))
    }
}

impl From<PaperFault> for Refused {
    fn from(fault: PaperFault) -> Self {
        Self::fault(message("fault").with("why", &causes(&fault)))
    }
}

/// A fault with all that lies behind it, on one line.
pub(crate) fn causes(fault: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(fault), |fault| fault.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
