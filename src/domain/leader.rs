//! What a leader is told at a person's wish: the red and yellow matters of their units, in finished words. What
//! a letter said years ago is then what its event says, whatever the rules of lights have become.

use serde::{Deserialize, Serialize};

/// Most matters of one page: a leader reads no more.
pub const PAGE_MATTERS_MAX: usize = 100;

/// A leader's page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaderPage {
    /// red lights
    pub red: u32,
    /// yellow ones
    pub yellow: u32,
    /// how many matters the units have in hand, and how they stand
    pub summary: String,
    /// red before yellow
    pub matters: Vec<LeaderMatter>,
}

/// One matter of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaderMatter {
    /// `●超期12天·红`
    pub status: String,
    /// what it is called
    pub title: String,
    /// whose it is
    pub unit: String,
    /// document, clause and date
    pub due: String,
    /// why, what next, the new date: what the unit said
    pub told: Vec<String>,
}
