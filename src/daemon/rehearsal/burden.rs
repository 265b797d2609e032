//! The burden: letters and requests a unit a month, before merging and after. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use serde::Serialize;

use super::Month;
use crate::domain::{Act, Draft, Item, LetterKind, Recipient, Role, Stage, UnitId};

/// What a unit got in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Burden {
    /// which
    pub unit: UnitId,
    /// when
    pub month: Month,
    /// stages that came: letters, had each gone by itself
    pub stages: usize,
    /// letters that went, receipts (回执) aside
    pub letters: usize,
    /// requests for an answer, had each stage and each matter of a collection asked by itself
    pub requests_before: usize,
    /// points that ask for an answer
    pub requests: usize,
    /// receipts
    pub receipts: usize,
}

/// The burden summed up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BurdenSum {
    /// of all units and months
    pub stages: usize,
    /// of all units and months
    pub letters: usize,
    /// of all units and months
    pub requests_before: usize,
    /// of all units and months
    pub requests: usize,
    /// of all units and months
    pub receipts: usize,
    /// letters of the middle one of all months of all units that got any
    pub median_letters: usize,
    /// requests of the middle one of all months of all units that got any
    pub median_requests: usize,
    /// the month with the most letters, of several that with the most requests
    pub worst: Option<Burden>,
}

/// What each unit got, month by month; months without anything left out.
#[must_use]
pub fn burden<'d>(letters: impl Iterator<Item = &'d Draft>) -> Vec<Burden> {
    let mut all: BTreeMap<(UnitId, Month), Burden> = BTreeMap::new();
    for draft in letters {
        let Recipient::Unit(unit) = &draft.to else { continue };
        let month = Month { year: draft.day.year(), month: draft.day.month() };
        let own = all.entry((unit.clone(), month)).or_insert_with(|| Burden {
            unit: unit.clone(),
            month,
            stages: 0,
            letters: 0,
            requests_before: 0,
            requests: 0,
            receipts: 0,
        });
        if draft.kind == LetterKind::Receipt {
            own.receipts += 1;
            continue;
        }
        own.letters += 1;
        own.stages += draft.items.len() + draft.merged.len();
        own.requests_before += draft.items.iter().map(asks_alone).sum::<usize>();
        own.requests += draft.items.iter().filter(|item| asks_alone(item) > 0).count();
        let merged = draft.merged.iter().map(|merged| merged.key.stage);
        own.requests_before += merged.clone().filter(|stage| asks(*stage)).count();
        // A collection that an adoption letter absorbs is asked for in words of its own.
        own.requests += usize::from(merged.into_iter().any(|stage| stage == Stage::Collection));
    }
    all.into_values().collect()
}

/// The sums, the middle and the worst.
#[must_use]
pub fn sum(all: &[Burden]) -> BurdenSum {
    let units: BTreeSet<&UnitId> = all.iter().map(|one| &one.unit).collect();
    let months: BTreeSet<Month> = all.iter().map(|one| one.month).collect();
    let empty = (units.len() * months.len()).saturating_sub(all.len());
    let middle = |of: fn(&Burden) -> usize| {
        let mut counts: Vec<usize> = all.iter().map(of).chain(std::iter::repeat_n(0, empty)).collect();
        counts.sort_unstable();
        counts.get(counts.len() / 2).copied().unwrap_or(0)
    };
    let total = |of: fn(&Burden) -> usize| all.iter().map(of).sum();
    BurdenSum {
        stages: total(|one| one.stages),
        letters: total(|one| one.letters),
        requests_before: total(|one| one.requests_before),
        requests: total(|one| one.requests),
        receipts: total(|one| one.receipts),
        median_letters: middle(|one| one.letters),
        median_requests: middle(|one| one.requests),
        worst: all.iter().max_by_key(|one| (one.letters, one.requests)).cloned(),
    }
}

/// Requests that a point stands for: a collection asks about each of its matters.
fn asks_alone(item: &Item) -> usize {
    match item.key.stage {
        _ if item.role != Role::Lead => 0,
        Stage::Collection => item.collects.len(),
        stage => usize::from(asks(stage)),
    }
}

/// Whether the stage asks its unit for an answer; the others only tell.
fn asks(stage: Stage) -> bool {
    match stage {
        Stage::Collection
        | Stage::Lead(_)
        | Stage::Due
        | Stage::Overdue(_)
        | Stage::Report
        | Stage::Returned(_)
        | Stage::Act(Act::Assigned | Act::Reopened | Act::Chased, _) => true,
        Stage::Adopted
        | Stage::Notice
        | Stage::Avoid
        | Stage::Act(Act::ExtensionGranted | Act::ExtensionRefused | Act::DisputeSettled, _)
        | Stage::Review(_)
        | Stage::EscalateLeader
        | Stage::EscalateSupervision => false,
    }
}
