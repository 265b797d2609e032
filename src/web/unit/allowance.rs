//! How many bytes of files each link brought in today, so that no link fills the disk. Kept beside the drafts:
//! what was uploaded stands in no event before it is handed in, and a restart must not forget it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::access::Opened;
use super::draft::Unsaved;
use super::refused::FileRefused;
use crate::domain::{LetterId, UnitId};
use crate::office::drafts::DraftShelf;

/// Full hand-ins whose files one link may bring in on one day.
const HAND_INS_PER_DAY: u64 = 5;
/// Of what links may still bring in all together, one unit takes a part of this many at most on one day.
const PARTS_FOR_UNITS: u64 = 4;
const MIB: u64 = 1024 * 1024;

/// What a unit's links brought in on one day, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Taken {
    day: NaiveDate,
    links: BTreeMap<LetterId, u64>,
}

/// What all units' links brought in today.
#[derive(Debug)]
pub(super) struct Allowances {
    shelf: DraftShelf,
    link_bytes_max: u64,
    units: Mutex<HashMap<UnitId, Taken>>,
}

impl Allowances {
    /// Kept beside the drafts, where one hand-in may hold so many bytes.
    pub(super) fn new(shelf: DraftShelf, request_bytes_max: u64) -> Self {
        let link_bytes_max = request_bytes_max.saturating_mul(HAND_INS_PER_DAY);
        Self { shelf, link_bytes_max, units: Mutex::default() }
    }

    /// Counts bytes before they are written; `free` is what links may still bring in all together.
    pub(super) fn take(&self, opened: &Opened, bytes: u64, free: Option<u64>) -> Result<(), FileRefused> {
        self.of(opened, |taken| {
            let unit: u64 = taken.links.values().sum();
            let link = taken.links.entry(opened.letter).or_default();
            if link.saturating_add(bytes) > self.link_bytes_max {
                return Err(FileRefused::DayFull(self.link_bytes_max / MIB));
            }
            let share = |free: u64| free.saturating_add(unit) / PARTS_FOR_UNITS;
            if free.is_some_and(|free| unit.saturating_add(bytes) > share(free)) {
                return Err(FileRefused::ShareFull);
            }
            *link += bytes;
            Ok(())
        })
    }

    /// Of a file that was not kept.
    pub(super) fn give_back(&self, opened: &Opened, bytes: u64) {
        self.of(opened, |taken| {
            let link = taken.links.entry(opened.letter).or_default();
            *link = link.saturating_sub(bytes);
        });
    }

    fn of<T>(&self, opened: &Opened, change: impl FnOnce(&mut Taken) -> T) -> T {
        let mut units = self.units.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = units.entry(opened.unit.clone()).or_insert_with(|| self.load(&opened.unit));
        if taken.day < opened.today {
            *taken = Taken { day: opened.today, links: BTreeMap::new() };
        }
        change(taken)
    }

    fn load(&self, unit: &UnitId) -> Taken {
        let bytes = self.shelf.taken(unit).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Keeps what is counted of a unit; durable on return. Blocks.
    pub(super) fn save(&self, unit: &UnitId) -> Result<(), Unsaved> {
        let taken = self.units.lock().unwrap_or_else(PoisonError::into_inner).get(unit).cloned();
        let Some(taken) = taken else { return Ok(()) };
        Ok(self.shelf.keep_taken(unit, &serde_json::to_vec(&taken)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Shelves;

    fn opened(unit: &str, letter: &str, today: &str) -> Opened {
        Opened {
            unit: unit.parse().unwrap(),
            letter: letter.parse().unwrap(),
            last_day: "2021-09-21".parse().unwrap(),
            now: "2021-06-23T02:00:00Z".parse().unwrap(),
            today: today.parse().unwrap(),
        }
    }

    #[test]
    fn a_link_brings_in_so_much_a_day_and_a_restart_forgets_nothing() {
        let home = tempfile::tempdir().unwrap();
        let open = || Allowances::new(DraftShelf::of(Shelves::of(home.path())), 10 * MIB);
        let one = opened("a", "2021-0623-07", "2021-06-23");
        let other = opened("a", "2021-0623-08", "2021-06-23");
        let allowances = open();
        assert_eq!(allowances.take(&one, 50 * MIB, None), Ok(()));
        assert_eq!(allowances.take(&one, 1, None), Err(FileRefused::DayFull(50)));
        assert_eq!(allowances.take(&other, 1, None), Ok(()), "each link has its own");
        allowances.give_back(&one, MIB);
        assert_eq!(allowances.take(&one, MIB, None), Ok(()));
        allowances.save(&one.unit).unwrap();
        drop(allowances);
        let allowances = open();
        assert_eq!(allowances.take(&one, 1, None), Err(FileRefused::DayFull(50)));
        let tomorrow = opened("a", "2021-0623-07", "2021-06-24");
        assert_eq!(allowances.take(&tomorrow, 50 * MIB, None), Ok(()));
    }

    #[test]
    fn one_unit_takes_a_quarter_of_what_is_free_and_leaves_the_rest_to_others() {
        let home = tempfile::tempdir().unwrap();
        let allowances = Allowances::new(DraftShelf::of(Shelves::of(home.path())), 1000 * MIB);
        let first = opened("a", "2021-0623-07", "2021-06-23");
        let second = opened("a", "2021-0623-08", "2021-06-23");
        assert_eq!(allowances.take(&first, 60 * MIB, Some(400 * MIB)), Ok(()));
        let left = Some(340 * MIB);
        assert_eq!(allowances.take(&second, 41 * MIB, left), Err(FileRefused::ShareFull), "all its links");
        assert_eq!(allowances.take(&second, 40 * MIB, left), Ok(()));
        let other = opened("b", "2021-0623-09", "2021-06-23");
        assert_eq!(allowances.take(&other, 75 * MIB, Some(300 * MIB)), Ok(()));
    }
}
