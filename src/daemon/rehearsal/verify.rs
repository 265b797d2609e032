//! The journal of a rehearsal read back: positions, chain, versions, the fold, and how each stage ended.

use std::collections::BTreeMap;

use super::Verified;
use crate::audit::{Ending, begin_again, ends};
use crate::domain::{Digest, Ledger, StageKey, Stream};
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
        for key in begin_again(&recorded.event) {
            endings.remove(key);
        }
        for (key, ending) in ends(&recorded.event) {
            endings.entry(key.clone()).or_default().push(ending);
        }
    })?;
    let head = journal.head();
    if prev != head.hash && broken_at.is_none() {
        broken_at = Some(head.position);
    }
    Ok((Verified { head, events, broken_at, same_ledger: ledger == *held }, endings))
}
