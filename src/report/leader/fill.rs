//! A leader's page from the ledger.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{LeaderItem, LeaderPage};
use crate::domain::light::Light;
use crate::domain::{Digest, Ledger, UnitId};
use crate::matter::{MatterView, counted};

impl LeaderPage {
    /// The page of whoever is in charge of a unit, on a day: all units of the same leader, as `is_same` tells
    /// of two persons. `None` for an unknown unit.
    #[must_use]
    pub fn of(
        ledger: &Ledger,
        unit: &UnitId,
        day: NaiveDate,
        is_same: &dyn Fn(Digest, Digest) -> bool,
    ) -> Option<Self> {
        let led = ledger.unit(unit)?;
        let same = |other: &UnitId| {
            let theirs = ledger.unit(other).and_then(|state| state.unit.leader);
            other == unit
                || led.unit.leader.zip(theirs).is_some_and(|(one, other)| one == other || is_same(one, other))
        };
        let units: Vec<UnitId> =
            ledger.units().map(|state| state.unit.id.clone()).filter(|id| same(id)).collect();
        let own: Vec<MatterView<'_>> = counted(ledger, day)
            .into_iter()
            .filter(|matter| units.contains(matter.unit_id()) && matter.state().is_open())
            .collect();
        let (undated, dated): (Vec<_>, Vec<_>) = own.iter().partition(|matter| matter.deadline().is_none());
        let mut items: Vec<(Reverse<i64>, LeaderItem)> =
            dated.into_iter().filter_map(|matter| Some((late(matter), item(matter)?))).collect();
        items.sort_by_key(|(late, item)| (item.status.light, *late));
        let mut items: Vec<LeaderItem> = items.into_iter().map(|(_, item)| item).collect();
        items.extend(together(undated.into_iter().filter_map(item)));
        Some(Self {
            office: ledger.office().map(|office| office.name.clone()).unwrap_or_default(),
            day,
            units: ledger.short_names(&units),
            open: u32::try_from(own.len()).unwrap_or(u32::MAX),
            items,
        })
    }
}

fn late(matter: &MatterView<'_>) -> Reverse<i64> {
    Reverse(matter.deadline().map_or(0, |deadline| (matter.day() - deadline).num_days()))
}

/// A red or yellow matter.
fn item(matter: &MatterView<'_>) -> Option<LeaderItem> {
    let status = matter.status();
    if !matches!(status.light, Light::Red | Light::Yellow) {
        return None;
    }
    // A date granted that is past, too, is no new one.
    let extended = matter.deadline().filter(|day| Some(*day) != matter.original() && *day >= matter.day());
    Some(LeaderItem {
        assignments: vec![matter.id()],
        unit: matter.unit(),
        title: matter.title(matter.day()),
        source: matter.origin().whole(),
        deadline: matter.current_words(matter.day()),
        matters: 1,
        status,
        progress: matter.progress_words(),
        extension: matter.extensions().last().map(|one| one.told(matter.day())).unwrap_or_default(),
        why: matter.problem(),
        next_steps: matter.next_steps(),
        new_date: matter.expected().or(extended),
    })
}

/// Long-term matters of a unit without a report, as one: a leader needs their number, not their list.
fn together(items: impl Iterator<Item = LeaderItem>) -> Vec<LeaderItem> {
    let mut units: Vec<LeaderItem> = Vec::new();
    for item in items {
        match units.iter_mut().find(|known| known.unit == item.unit) {
            Some(known) => {
                known.matters += 1;
                known.assignments.extend(item.assignments);
            }
            None => units.push(item),
        }
    }
    let told = units.into_iter().map(|first| match first.matters {
        1 => first,
        count => LeaderItem {
            title: format!("{}等{count}项长期事项", first.title),
            source: "见台账".to_owned(),
            progress: String::new(),
            extension: String::new(),
            why: String::new(),
            next_steps: String::new(),
            ..first
        },
    });
    told.collect()
}
