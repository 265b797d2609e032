//! The frame around an event: who, when, where in the journal.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Event;
use crate::domain::id::{BadName, Digest, LetterId, PlanId, UnitId};

/// An event that a decision wants recorded; the journal adds position, time and chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// the thing it happened to
    pub stream: Stream,
    /// the date it happened, where that is not the date it is recorded
    pub occurred_on: Option<NaiveDate>,
    /// what happened
    pub event: Event,
}

/// An account of the office as it is from now on: what it may do, never who it is. Credentials, name and post stand in
/// `secrets/`, which no journal keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountChanged {
    /// names it, for ever
    pub account: String,
    /// what it may do, by the names of the roles; none of one that was removed
    pub roles: BTreeSet<String>,
    /// the machine's account by which it comes in
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// of a county leader: their units
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub units: BTreeSet<UnitId>,
    /// nobody comes in by it any more
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// A recorded event with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// gapless from 1
    pub position: u64,
    /// position of the last event of its batch
    pub batch_end: u64,
    /// when it was recorded
    pub recorded_at: DateTime<Utc>,
    /// the date it happened, where another
    pub occurred_on: Option<NaiveDate>,
    /// who did it, and by which way it came in
    pub by: Actor,
    /// position of the event that led to it
    pub cause: Option<u64>,
    /// the request it answers; a repeat returns the first answer
    pub request: Option<Request>,
    /// the thing it happened to
    pub stream: Stream,
    /// counted from 1 within the stream
    pub version: u64,
    /// what happened
    pub event: Event,
    /// the previous event's hash
    pub prev: Digest,
    /// SHA-256 over the stored bytes before `,"hash":`
    pub hash: Digest,
}

/// What was asked, so that the same asked again is told from another wish under the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// chosen by whoever asks
    pub id: String,
    /// of what was asked; older versions did not keep it
    pub digest: Option<Digest>,
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// what kind of actor
    pub kind: ActorKind,
    /// account or unit id, never a person's name, phone or address
    pub name: String,
    /// the way in
    pub via: Via,
}

impl Actor {
    /// duban itself.
    #[must_use]
    pub fn system() -> Self {
        Self { kind: ActorKind::System, name: "duban".into(), via: Via::System }
    }

    /// The plan files.
    #[must_use]
    pub fn file(name: &str) -> Self {
        Self { kind: ActorKind::Admin, name: name.into(), via: Via::File }
    }
}

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// duban itself
    System,
    /// an admin of the office
    Admin,
    /// a responsible unit
    Unit,
}

/// The way in (录入方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// plan files
    File,
    /// the command line
    Cli,
    /// the JSON API
    Api,
    /// the console
    Web,
    /// the link in a letter
    Link,
    /// recorded from paper
    Paper,
    /// recorded from a call
    Phone,
    /// recorded from a meeting
    Meeting,
    /// recorded from an instant message
    Message,
    /// a form that came back by mail
    Mail,
    /// duban's own clock
    System,
}

impl Via {
    /// Whether the office recorded it for somebody else (代录).
    #[must_use]
    pub fn is_on_behalf(self) -> bool {
        match self {
            Self::Paper | Self::Phone | Self::Meeting | Self::Message | Self::Mail => true,
            Self::File | Self::Cli | Self::Api | Self::Web | Self::Link | Self::System => false,
        }
    }
}

/// What an event happened to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Stream {
    /// the office's settings and the journal itself
    Office,
    /// a plan with all its tasks
    Plan(PlanId),
    /// a unit
    Unit(UnitId),
    /// a letter
    Letter(LetterId),
}

impl std::fmt::Display for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Office => f.write_str("office"),
            Self::Plan(id) => write!(f, "plan/{id}"),
            Self::Unit(id) => write!(f, "unit/{id}"),
            Self::Letter(id) => write!(f, "letter/{id}"),
        }
    }
}

impl std::str::FromStr for Stream {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadName::Shape {
            value: text.to_owned(),
            what: "stream",
            expected: "office, plan/ID, unit/ID or letter/ID",
        };
        match text.split_once('/') {
            None if text == "office" => Ok(Self::Office),
            Some(("plan", id)) => Ok(Self::Plan(id.parse()?)),
            Some(("unit", id)) => Ok(Self::Unit(id.parse()?)),
            Some(("letter", id)) => Ok(Self::Letter(id.parse()?)),
            _ => Err(bad()),
        }
    }
}

impl TryFrom<String> for Stream {
    type Error = BadName;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Stream> for String {
    fn from(stream: Stream) -> Self {
        stream.to_string()
    }
}
