//! To whom a letter goes.

use serde::{Deserialize, Serialize};

use super::id::UnitId;

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// a unit's mailbox
    Unit(UnitId),
    /// the leader in charge of a unit
    LeaderOf(UnitId),
    /// the office's own mailbox: whoever reviews
    Office,
}

impl std::fmt::Display for Recipient {
    /// For lists and logs: the unit's id, never an address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unit(unit) => f.write_str(unit.as_str()),
            Self::LeaderOf(unit) => write!(f, "leader of {unit}"),
            Self::Office => f.write_str("office"),
        }
    }
}

impl Recipient {
    /// The unit addressed, or whose leader is; none where the office writes to itself.
    #[must_use]
    pub fn unit(&self) -> Option<&UnitId> {
        match self {
            Self::Unit(unit) | Self::LeaderOf(unit) => Some(unit),
            Self::Office => None,
        }
    }
}
