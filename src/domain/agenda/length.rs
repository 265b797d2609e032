//! How much one letter holds: its event has a bound.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::draft::Item;
use crate::domain::event::Merged;
use crate::domain::stage::StageKey;

/// Most points of one letter; the rest goes with the next day's.
pub const LETTER_ITEMS_MAX: usize = 240;
/// Most bytes that the keys of points and merged stages take in a letter's event, which has 64 KiB.
const LETTER_KEYS_BYTES_MAX: usize = 40 * 1024;
/// Bytes that a key costs beside its text.
const KEY_FRAME_BYTES: usize = 40;

/// Leaves the least urgent points for the next day's letter where the event would grow too long.
pub(super) fn fit(items: &mut Vec<Item>, merged: &mut Vec<Merged>) {
    let mut stood_for: BTreeMap<&StageKey, usize> = BTreeMap::new();
    for other in merged.iter() {
        *stood_for.entry(&other.into).or_default() += key_bytes(&other.key) + key_bytes(&other.into);
    }
    let mut room = LETTER_KEYS_BYTES_MAX;
    let fitting = items
        .iter()
        .take(LETTER_ITEMS_MAX)
        .take_while(|item| {
            let bytes = key_bytes(&item.key) + stood_for.get(&item.key).copied().unwrap_or(0);
            let left = room.checked_sub(bytes);
            room = left.unwrap_or(0);
            left.is_some()
        })
        .count();
    if fitting < items.len() {
        items.truncate(fitting.max(1));
        let kept: BTreeSet<&StageKey> = items.iter().map(|item| &item.key).collect();
        merged.retain(|other| kept.contains(&other.into));
    }
}

/// What a stage key takes in an event.
pub(super) fn key_bytes(key: &StageKey) -> usize {
    let id = &key.assignment;
    let task = &id.occurrence.task;
    let period = id.occurrence.period.to_string().len() + key.stage.to_string().len();
    task.plan.as_str().len() + task.task.as_str().len() + id.unit.as_str().len() + period + KEY_FRAME_BYTES
}
