//! The journal of a rehearsal read back: positions, chain, versions, the fold, and how each stage ended.

use std::collections::BTreeMap;

use super::{Ending, Verified};
use crate::domain::{Digest, Event, Ledger, Recorded, StageKey, Stream};
use crate::journal::{Journal, JournalFault};

/// Reads everything back: positions, chain, versions, the fold, and how each stage ended.
pub(super) fn verify(
    journal: &Journal,
    held: &Ledger,
) -> Result<(Verified, BTreeMap<StageKey, Vec<Ending>>), JournalFault> {
    let mut endings: BTreeMap<StageKey, Vec<Ending>> = BTreeMap::new();
    let mut versions: BTreeMap<Stream, u64> = BTreeMap::new();
    let (mut events, mut broken_at, mut prev) = (0, None, Digest::ZERO);
    let ledger = Ledger::fold_with(journal.read(0), |_, recorded| {
        events += 1;
        let version = versions.entry(recorded.stream.clone()).or_default();
        *version += 1;
        let follows = recorded.position == events && recorded.prev == prev && recorded.version == *version;
        if !follows && broken_at.is_none() {
            broken_at = Some(recorded.position);
        }
        prev = recorded.hash;
        for (key, ending) in ends(recorded) {
            endings.entry(key).or_default().push(ending);
        }
    })?;
    let head = journal.head();
    if prev != head.hash && broken_at.is_none() {
        broken_at = Some(head.position);
    }
    Ok((Verified { head, events, broken_at, same_ledger: ledger == *held }, endings))
}

/// The stages that end with this event.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "no other event ends a stage")]
pub fn ends(recorded: &Recorded) -> Vec<(StageKey, Ending)> {
    let all = |stages: &[StageKey], how| stages.iter().cloned().map(|key| (key, how)).collect();
    match &recorded.event {
        Event::LetterQueued(queued) => {
            let items = queued.items.iter().map(|item| (item.key.clone(), Ending::Letter));
            let merged = queued.merged.iter().map(|merged| (merged.key.clone(), Ending::Merged));
            items.chain(merged).collect()
        }
        Event::StagesSkipped { stages, why } => all(stages, Ending::Skipped(*why)),
        Event::StagesMissed { stages } => all(stages, Ending::Missed),
        _ => Vec::new(),
    }
}
