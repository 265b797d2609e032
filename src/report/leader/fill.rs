//! A leader's page from the ledger.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{LeaderItem, LeaderPage};
use crate::domain::light::Light;
use crate::domain::{Digest, Ledger, UnitId};
use crate::report::Status;
use crate::report::facts::{Facts, counted};

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
        let own: Vec<Facts<'_>> = counted(ledger)
            .into_iter()
            .filter(|facts| units.contains(&facts.assignment.unit) && facts.assignment.state.is_open())
            .collect();
        let (undated, dated): (Vec<_>, Vec<_>) = own.iter().partition(|facts| facts.deadline().is_none());
        let mut items: Vec<(Reverse<i64>, LeaderItem)> =
            dated.into_iter().filter_map(|facts| Some((late(facts, day), item(facts, day)?))).collect();
        items.sort_by_key(|(late, item)| (item.status.light, *late));
        let mut items: Vec<LeaderItem> = items.into_iter().map(|(_, item)| item).collect();
        items.extend(together(undated.into_iter().filter_map(|facts| item(facts, day))));
        Some(Self {
            office: ledger.office().map(|office| office.name.clone()).unwrap_or_default(),
            day,
            units: ledger.short_names(&units),
            open: u32::try_from(own.len()).unwrap_or(u32::MAX),
            items,
        })
    }
}

fn late(facts: &Facts<'_>, day: NaiveDate) -> Reverse<i64> {
    Reverse(facts.deadline().map_or(0, |deadline| (day - deadline).num_days()))
}

/// A red or yellow matter.
fn item(facts: &Facts<'_>, day: NaiveDate) -> Option<LeaderItem> {
    let status = Status::of(facts.ledger, facts.assignment, day);
    if !matches!(status.light, Light::Red | Light::Yellow) {
        return None;
    }
    let extended = facts.deadline().filter(|deadline| Some(*deadline) != facts.original());
    Some(LeaderItem {
        unit: facts.unit(),
        title: facts.title(day),
        source: facts.source(),
        deadline: facts.current_words(day),
        matters: 1,
        status,
        why: facts.problem(),
        next_steps: facts.next_steps(),
        new_date: facts.expected().or(extended),
    })
}

/// Long-term matters of a unit without a report, as one: a leader needs their number, not their list.
fn together(items: impl Iterator<Item = LeaderItem>) -> Vec<LeaderItem> {
    let mut units: Vec<LeaderItem> = Vec::new();
    for item in items {
        match units.iter_mut().find(|known| known.unit == item.unit) {
            Some(known) => known.matters += 1,
            None => units.push(item),
        }
    }
    let told = units.into_iter().map(|first| match first.matters {
        1 => first,
        count => LeaderItem {
            title: format!("{}等{count}项长期事项", first.title),
            source: "见台账".to_owned(),
            why: String::new(),
            next_steps: String::new(),
            ..first
        },
    });
    told.collect()
}
