//! The rules by which lights are told: data of the ledger.

use serde::{Deserialize, Serialize};

/// How lights are told; a change is an event with a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LightRules {
    /// counted up by whoever edits `lights.toml`
    pub version: u32,
    /// yellow when so many civil days or fewer are left and nothing was claimed
    pub yellow_days: u16,
    /// a clock of so many civil days or fewer turns yellow in its last third instead
    pub short_clock_days: u16,
}

impl Default for LightRules {
    fn default() -> Self {
        Self { version: 1, yellow_days: 7, short_clock_days: 7 }
    }
}
