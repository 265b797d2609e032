//! What every use case has: a name, what it takes to ask it, and what is done.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::authority::Role;
use super::typed::UnitName;
use super::{Office, Refused};
use crate::domain::{Actor, ActorKind, UnitId, Via};
use crate::locale::{self, Language, Message, message};

/// Longest request id, in bytes: it stands in an event, with a number behind it where one request is several commands.
const REQUEST_BYTES_MAX: usize = 120;

/// One thing that can be asked of an office.
///
/// The command line parses it from words, the API from JSON; both call [`Office::answer`].
pub trait UseCase: Serialize + DeserializeOwned + Send + 'static {
    /// What is answered.
    type Answer: Serialize + DeserializeOwned + Send + 'static;
    /// Its name, and its path below `/api/`: `task/accept`.
    const NAME: &'static str;
    /// What whoever asks must be allowed to do.
    const ACT: Act;
    /// What must be there to answer.
    const NEEDS: Needs = Needs::Planner;
    /// Longest question over the wire, in bytes.
    const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

    /// Where it names no unit, whoever may see their own units alone is answered with what is of these.
    const IS_OF_OWN: bool = false;

    /// The same of this very question: one that records nothing only reads.
    fn act(&self) -> Act {
        Self::ACT
    }

    /// The unit that is asked about, where one is.
    fn about(&self) -> Option<&UnitName> {
        None
    }

    /// Answers it. Names are looked up here; may wait for planner and disk.
    ///
    /// # Errors
    /// [`Refused`], in words.
    fn answer(self, office: &Office, caller: &Caller) -> Result<Self::Answer, Refused>;
}

/// What somebody does by asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// reads how the daemon stands
    Status,
    /// reads lists, matters, papers
    Read,
    /// reads events, as stored
    ReadEvents,
    /// rules on what units said: accepts, returns, extends, closes out
    Rule,
    /// chases, pauses and resumes
    Chase,
    /// records what a unit said, and mail that came in
    Record,
    /// hands in a form through a unit's link
    HandIn,
    /// assigns matters
    Assign,
    /// adds, starts, closes, takes over plans; settles dates and leads
    Plan,
    /// changes units and their leaders, revokes their links
    Unit,
    /// releases letters or sends them again
    Letter,
    /// moves a bulletin on
    Bulletin,
    /// says that the clock is right
    Clock,
    /// reads accounts
    ReadAccounts,
    /// sets and removes accounts
    Accounts,
}

/// What must be there to answer a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// plan files are enough
    Plans,
    /// a journal; its daemon may be stopped
    Journal,
    /// a running planner
    Planner,
}

/// Who asks, by which way, and under which request id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// who, and the way in
    pub actor: Actor,
    /// what they may do
    pub roles: BTreeSet<Role>,
    /// the units of whoever may do it for their own alone
    pub units: BTreeSet<UnitId>,
    /// the same again gets the first answer and changes nothing
    pub request: Option<String>,
    /// who says to have gone before the account (`sudo`); nobody checked it, so no event holds it
    pub claimed: Option<String>,
    /// in which they want to be answered
    pub language: Language,
}

impl Caller {
    /// Whoever reads the files of a stopped daemon: the file system decides who may.
    #[must_use]
    pub fn of_files(language: Language) -> Self {
        Self {
            actor: Actor { kind: ActorKind::System, name: "files".to_owned(), via: Via::Cli },
            roles: [Role::Auditor].into(),
            units: BTreeSet::new(),
            request: None,
            claimed: None,
            language,
        }
    }

    /// Whoever holds a unit's link.
    #[must_use]
    pub fn of_unit(unit: &UnitId, request: Option<String>) -> Self {
        Self {
            actor: Actor { kind: ActorKind::Unit, name: unit.to_string(), via: Via::Link },
            roles: [Role::Unit].into(),
            units: [unit.clone()].into(),
            request,
            claimed: None,
            language: Language::Chinese,
        }
    }

    /// Something to be told, in the language of whoever asks.
    pub(super) fn told(&self, message: &Message) -> String {
        locale::told(self.language, message)
    }

    /// What was done, in words that say by whom, where the account alone doesn't.
    pub(super) fn done(&self, what: Message) -> String {
        let what = match &self.claimed {
            None => what,
            Some(name) => message("done-claimed")
                .with("account", &self.actor.name)
                .with("claimed", name)
                .within("words", what),
        };
        self.told(&what)
    }

    /// The same by another way in.
    #[must_use]
    pub fn via(&self, via: Via) -> Actor {
        Actor { via, ..self.actor.clone() }
    }

    /// The request id of the n-th command of one request, from 0.
    #[must_use]
    pub fn request(&self, nth: usize) -> Option<String> {
        match (nth, &self.request) {
            (0, request) => request.clone(),
            (nth, Some(request)) => Some(format!("{request}-{nth}")),
            (_, None) => None,
        }
    }
}

/// A use case as it is asked over the wire.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked<U> {
    /// chosen by whoever asks: the same again gets the first answer and changes nothing
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// the way in: `cli` or `api`
    pub via: Via,
    /// what
    pub ask: U,
}

impl<U> Asked<U> {
    /// Whether an event can bear the request id.
    #[must_use]
    pub fn is_odd(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.is_empty() || request.len() > REQUEST_BYTES_MAX)
    }
}

/// What was done, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// each with the position of its last event
    pub deeds: Vec<Deed>,
    /// what was refused, where the rest was done
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// what else whoever asked should know
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// in words
    pub words: String,
    /// of the last event, or of the first answer where the request is a repeat
    pub position: u64,
}

impl From<Deed> for Done {
    fn from(deed: Deed) -> Self {
        Self { deeds: vec![deed], ..Self::default() }
    }
}

impl Done {
    /// With something else to know.
    #[must_use]
    pub fn note(mut self, note: String) -> Self {
        self.notes.push(note);
        self
    }

    /// Nothing was done, and why.
    pub(super) fn nothing(caller: &Caller, why: &Message) -> Self {
        Self::default().note(caller.told(why))
    }

    /// The deeds of several commands: one that is refused holds up none of the others, and is the answer where it is
    /// the only one.
    ///
    /// # Errors
    /// The only one's refusal, or what keeps any from being done.
    pub fn of_each(
        caller: &Caller,
        commands: impl Iterator<Item = Result<Deed, Refused>>,
    ) -> Result<Self, Refused> {
        let mut done = Self::default();
        for command in commands {
            match command {
                Ok(deed) => done.deeds.push(deed),
                Err(refused) if refused.kind == super::RefusedKind::Decision => {
                    done.refused.push(refused.told_in(caller.language));
                }
                Err(refused) => return Err(refused),
            }
        }
        match (done.deeds.is_empty(), done.refused.as_slice()) {
            (true, [only]) => Err(only.clone()),
            _ => Ok(done),
        }
    }
}
