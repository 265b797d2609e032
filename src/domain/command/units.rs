//! Units: what is said anew of one, and several at once, new ones among them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::resolve::is_mailbox;
use super::{Refusal, UNIT_NAME_CHARS_MAX};
use crate::calendar::ahead;
use crate::domain::agenda;
use crate::domain::event::{Event, NewEvent, Stream};
use crate::domain::id::UnitId;
use crate::domain::ledger::Ledger;
use crate::domain::text::is_blank;
use crate::domain::unit::{UNITS_MAX, Unit, UnitKind, is_member};

/// A known unit, as it is from now on.
///
/// # Errors
/// It is not known, or what is said of it can't stand.
pub(super) fn set(ledger: &Ledger, unit: &Unit, now: DateTime<Utc>) -> Result<Vec<NewEvent>, Refusal> {
    let known = ledger.unit(&unit.id).ok_or_else(|| Refusal::NoUnit(unit.id.clone()))?;
    if *known.unit == *unit {
        return Ok(Vec::new());
    }
    well_formed(unit)?;
    // Those that an older duban took hold up no other change.
    if known.unit.members != unit.members && !unit.members.is_empty() {
        check_members(&|id| ledger.unit(id).map(|state| &*state.unit), unit)?;
    }
    Ok(changed(ledger, unit, now))
}

/// New units and known ones, whole or not at all. A name that is said here for the first time leads to one unit.
///
/// # Errors
/// Any of them is refused.
pub(super) fn set_all(
    ledger: &Ledger,
    added: &[Unit],
    others: &[Unit],
    now: DateTime<Utc>,
) -> Result<Vec<NewEvent>, Refusal> {
    let count = ledger.units().count() + added.len();
    if !added.is_empty() && count > UNITS_MAX {
        return Err(Refusal::TooManyUnits { count });
    }
    let mut all: BTreeMap<&UnitId, &Unit> =
        ledger.units().map(|state| (&state.unit.id, &*state.unit)).collect();
    for unit in added {
        if all.insert(&unit.id, unit).is_some() {
            return Err(Refusal::UnitExists(unit.id.clone()));
        }
    }
    for unit in others {
        all.insert(&unit.id, unit).ok_or_else(|| Refusal::NoUnit(unit.id.clone()))?;
    }
    one_name_one_unit(ledger, &all, added.iter().chain(others))?;
    let mut events = Vec::new();
    for unit in added {
        well_formed(unit)?;
        if !unit.members.is_empty() {
            check_members(&|id| all.get(id).copied(), unit)?;
        }
        let event = Event::UnitRegistered { unit: unit.clone() };
        events.push(NewEvent { stream: Stream::Unit(unit.id.clone()), occurred_on: None, event });
    }
    for unit in others {
        let before = ledger.unit(&unit.id).map(|state| &*state.unit);
        if before == Some(unit) {
            continue;
        }
        well_formed(unit)?;
        if before.is_none_or(|before| before.members != unit.members) && !unit.members.is_empty() {
            check_members(&|id| all.get(id).copied(), unit)?;
        }
        events.extend(changed(ledger, unit, now));
    }
    Ok(events)
}

fn changed(ledger: &Ledger, unit: &Unit, now: DateTime<Utc>) -> Vec<NewEvent> {
    let asked = agenda::asked_from(ledger, unit, ahead(ledger.through(now), 1));
    let event = Event::UnitChanged { unit: unit.clone() };
    let changed = NewEvent { stream: Stream::Unit(unit.id.clone()), occurred_on: None, event };
    std::iter::once(changed).chain(asked).collect()
}

fn well_formed(unit: &Unit) -> Result<(), Refusal> {
    let names = [("name", &unit.name), ("short name", &unit.short)];
    for (what, name) in names.into_iter().chain(unit.aliases.iter().map(|alias| ("alias", alias))) {
        let chars = name.chars().count();
        if is_blank(name) || chars > UNIT_NAME_CHARS_MAX || name.contains(char::is_control) {
            return Err(Refusal::BadUnitName { what, chars });
        }
    }
    match unit.mailbox.as_ref().filter(|mailbox| !is_mailbox(mailbox)) {
        Some(bad) => Err(Refusal::BadMailbox(bad.clone())),
        None => Ok(()),
    }
}

/// Names that the ledger doesn't have of the same unit yet.
fn one_name_one_unit<'u>(
    ledger: &Ledger,
    all: &BTreeMap<&UnitId, &Unit>,
    said: impl Iterator<Item = &'u Unit>,
) -> Result<(), Refusal> {
    let mut owners: BTreeMap<&str, BTreeSet<&UnitId>> = BTreeMap::new();
    for (id, unit) in all {
        for name in unit.spellings() {
            owners.entry(name).or_default().insert(id);
        }
    }
    for unit in said {
        let before = ledger.unit(&unit.id).map(|state| &state.unit);
        let is_new =
            |name: &&String| !before.is_some_and(|before| before.spellings().any(|old| old == *name));
        for name in unit.spellings().filter(is_new) {
            let other =
                owners.get(name.as_str()).and_then(|owners| owners.iter().find(|id| ***id != unit.id));
            if let Some(other) = other {
                return Err(Refusal::NameTaken { name: name.clone(), unit: (*other).clone() });
            }
        }
    }
    Ok(())
}

/// Members are known units of a collective, and lead back to it by no way: else nobody would be asked.
fn check_members<'u>(known: &impl Fn(&UnitId) -> Option<&'u Unit>, unit: &Unit) -> Result<(), Refusal> {
    if unit.kind != UnitKind::Collective {
        return Err(Refusal::NotACollective(unit.id.clone()));
    }
    for member in &unit.members {
        known(member).ok_or_else(|| Refusal::NoUnit(member.clone()))?;
        if *member == unit.id || is_member(known, member, &unit.id) {
            return Err(Refusal::MemberOfItself { unit: unit.id.clone(), way: format!("`{member}`") });
        }
    }
    Ok(())
}
