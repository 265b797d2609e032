//! The burden: letters and requests a unit a month, before merging and after. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use serde::Serialize;

use super::Month;
use crate::domain::{
    Act, Answer, AssignmentId, Draft, Item, LetterKind, OccurrenceId, Recipient, Role, Stage, UnitId,
};

/// What a unit got in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Burden {
    /// which
    pub unit: UnitId,
    /// when
    pub month: Month,
    /// reminders that came: letters, had each gone by itself
    pub letters_before: usize,
    /// letters that went, receipts (回执) aside
    pub letters: usize,
    /// answers asked for, had each reminder and each matter of a collection asked by itself
    pub requests_before: usize,
    /// matters on which a letter asks for an answer, each once a letter
    pub requests: usize,
    /// receipts
    pub receipts: usize,
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
            letters_before: 0,
            letters: 0,
            requests_before: 0,
            requests: 0,
            receipts: 0,
        });
        if draft.kind() == LetterKind::Receipt {
            own.receipts += 1;
            continue;
        }
        let asked = asked(draft, unit);
        own.letters += 1;
        // An adoption letter without a point of its own tells what there is all the same.
        own.letters_before += (draft.items.len() + draft.merged.len()).max(1);
        own.requests_before += asked.len();
        own.requests += asked.into_iter().collect::<BTreeSet<_>>().len();
    }
    all.into_values().collect()
}

/// The matters that a letter's reminders ask about, one each time.
fn asked<'d>(draft: &'d Draft, unit: &UnitId) -> Vec<&'d OccurrenceId> {
    let own = |item: &&Item| answers(item, unit);
    let own: Vec<&Item> = draft.items.iter().filter(own).collect();
    let of = |id: &AssignmentId| own.iter().any(|item| item.key.assignment == *id);
    let mut asked: Vec<&OccurrenceId> = Vec::new();
    for item in &own {
        asked.extend(item.collects.iter().map(|matter| &matter.occurrence));
        asked.extend(asks(item.key.stage).then_some(&item.key.assignment.occurrence));
    }
    for merged in &draft.merged {
        let id = &merged.key.assignment;
        if merged.key.stage == Stage::Collection {
            // Absorbed by the adoption letter, it asks about what that tells of its plan.
            let plan = &id.occurrence.task.plan;
            let told = own.iter().map(|item| &item.key.assignment.occurrence);
            asked.extend(told.filter(|occurrence| occurrence.task.plan == *plan));
        } else if asks(merged.key.stage) && of(id) {
            asked.push(&id.occurrence);
        }
    }
    asked
}

/// Whether the unit answers: who leads with the first lead is only reminded.
fn answers(item: &Item, unit: &UnitId) -> bool {
    item.role == Role::Lead
        && item.task.as_ref().is_none_or(|task| {
            task.answer == Answer::Each || task.lead.first() == Some(unit) || !task.lead.contains(unit)
        })
}

/// Whether the stage asks its unit for an answer by itself; a collection asks about its matters.
fn asks(stage: Stage) -> bool {
    match stage {
        Stage::Lead(_)
        | Stage::Due
        | Stage::Overdue(_)
        | Stage::Report
        | Stage::Returned(_)
        | Stage::Act(Act::Assigned | Act::Reopened | Act::Chased, _) => true,
        Stage::Collection
        | Stage::Adopted
        | Stage::Notice
        | Stage::Avoid
        | Stage::Act(Act::ExtensionGranted | Act::ExtensionRefused | Act::DisputeSettled, _)
        | Stage::Changed(_)
        | Stage::Review(_)
        | Stage::EscalateLeader
        | Stage::EscalateSupervision => false,
    }
}
