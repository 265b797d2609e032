//! Every stage ends at most once: the promise on which "few, exact letters" rests, checked from events alone.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{Event, Recorded, SkipReason, StageKey};

/// A stage that ended twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stage {key} ended at position {first} and again at {second}")]
pub struct EndingFault {
    /// which
    pub key: StageKey,
    /// position of its ending
    pub first: u64,
    /// position of the other
    pub second: u64,
}

/// Which stages have ended, and which of them more than once.
#[derive(Debug, Default)]
pub struct Endings {
    ended: BTreeMap<StageKey, u64>,
    faults: Vec<EndingFault>,
}

impl Endings {
    /// Takes the next event.
    pub fn see(&mut self, recorded: &Recorded) {
        for key in begin_again(&recorded.event) {
            self.ended.remove(key);
        }
        for (key, _) in ends(&recorded.event) {
            if let Some(first) = self.ended.insert(key.clone(), recorded.position) {
                self.faults.push(EndingFault { key: key.clone(), first, second: recorded.position });
            }
        }
    }

    /// The stages that ended more than once, by the position of their second ending.
    #[must_use]
    pub fn faults(&self) -> &[EndingFault] {
        &self.faults
    }
}

/// The stages that ended more than once, by the position of their second ending.
#[must_use]
pub fn check_endings<'a>(events: impl Iterator<Item = &'a Recorded>) -> Vec<EndingFault> {
    let mut endings = Endings::default();
    events.for_each(|recorded| endings.see(recorded));
    endings.faults
}

/// How a stage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// in a letter
    Letter,
    /// another stage of the same letter stands for it
    Merged,
    /// nobody needed it any more
    Skipped(SkipReason),
    /// it came while nobody could send, too long ago
    Missed,
}

/// The stages that an event leaves to be told anew.
#[must_use]
pub fn begin_again(event: &Event) -> &[StageKey] {
    if let Event::LetterRecalled { stages, .. } = event { stages } else { &[] }
}

/// The stages that an event ends, and how.
#[must_use]
pub fn ends(event: &Event) -> Vec<(&StageKey, Ending)> {
    if let Event::LetterQueued(queued) = event {
        let items = queued.items.iter().map(|item| (&item.key, Ending::Letter));
        return items.chain(queued.merged.iter().map(|merged| (&merged.key, Ending::Merged))).collect();
    }
    if let Event::StagesSkipped { stages, why } = event {
        return stages.iter().map(|key| (key, Ending::Skipped(*why))).collect();
    }
    if let Event::StagesMissed { stages } = event {
        return stages.iter().map(|key| (key, Ending::Missed)).collect();
    }
    Vec::new()
}
