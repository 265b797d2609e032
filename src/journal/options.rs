//! How a journal is opened.

use uuid::Uuid;

use super::SEGMENT_EVENTS;
use super::disk::Disk;
use super::patience::Patience;
#[cfg(feature = "simulator")]
use super::plant::Plant;

/// How a journal is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// what lies under it
    pub disk: Disk,
    /// keep the second copy, in sled; off above a faulty disk
    pub store: bool,
    /// sync before acknowledging; off for rehearsals only
    pub sync: bool,
    /// id of a new journal; random where `None`
    pub journal_id: Option<Uuid>,
    /// events of a segment, [`SEGMENT_EVENTS`]; the simulator takes less to meet more boundaries
    pub segment_events: u64,
    /// how long the second copy is waited for
    pub patience: Patience,
    /// a fault that the simulator must find
    #[cfg(feature = "simulator")]
    pub plant: Option<Plant>,
}

impl Default for Options {
    /// As a daemon opens its journal.
    fn default() -> Self {
        Self {
            disk: Disk::Real,
            store: true,
            sync: true,
            journal_id: None,
            segment_events: SEGMENT_EVENTS,
            patience: Patience::default(),
            #[cfg(feature = "simulator")]
            plant: None,
        }
    }
}
