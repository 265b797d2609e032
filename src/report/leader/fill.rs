//! A leader's page from the ledger.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{LeaderItem, LeaderPage};
use crate::domain::light::Light;
use crate::domain::{Ledger, UnitId};
use crate::report::Status;
use crate::report::facts::{Facts, counted};

impl LeaderPage {
    /// The page of whoever is in charge of a unit, on a day: all units of the same leader. `None` for an
    /// unknown unit. It counts as released only when a person says so.
    #[must_use]
    pub fn of(ledger: &Ledger, unit: &UnitId, day: NaiveDate) -> Option<Self> {
        let led = ledger.unit(unit)?;
        let same = |other: &UnitId| match (led.unit.leader, ledger.unit(other)) {
            (Some(leader), Some(state)) => other == unit || state.unit.leader == Some(leader),
            (None, _) | (_, None) => other == unit,
        };
        let units: Vec<UnitId> =
            ledger.units().map(|state| state.unit.id.clone()).filter(|id| same(id)).collect();
        let own: Vec<Facts<'_>> = counted(ledger)
            .into_iter()
            .filter(|facts| units.contains(&facts.assignment.unit) && facts.assignment.state.is_open())
            .collect();
        let mut items: Vec<(Light, Reverse<i64>, LeaderItem)> =
            own.iter().filter_map(|facts| item(facts, day)).collect();
        items.sort_by_key(|(light, late, _)| (*light, *late));
        Some(Self {
            office: ledger.office().map(|office| office.name.clone()).unwrap_or_default(),
            day,
            units: ledger.short_names(&units),
            open: u32::try_from(own.len()).unwrap_or(u32::MAX),
            released: false,
            items: items.into_iter().map(|(_, _, item)| item).collect(),
        })
    }
}

/// A red or yellow matter, with how late it is.
fn item(facts: &Facts<'_>, day: NaiveDate) -> Option<(Light, Reverse<i64>, LeaderItem)> {
    let status = Status::of(facts.ledger, facts.assignment, day);
    if !matches!(status.light, Light::Red | Light::Yellow) {
        return None;
    }
    let late = facts.deadline().map_or(0, |deadline| (day - deadline).num_days());
    let extended = facts.deadline().filter(|deadline| Some(*deadline) != facts.original());
    let item = LeaderItem {
        unit: facts.unit(),
        title: facts.title(day),
        source: facts.source(),
        deadline: facts.current_words(day),
        why: facts.problem(),
        next_steps: facts.next_steps(),
        new_date: facts.expected().or(extended),
        status,
    };
    Some((item.status.light, Reverse(late), item))
}
