//! The letters of `eco-env` from 2021-05-24 to 2021-07-10, worked out on paper before the code
//! (`README.md` beside this file), against what the preview foretells.

use std::collections::BTreeSet;

use duban::domain::{Draft, Role};
use duban::report::{self, Row};
use duban::schedules;
use serde::Deserialize;

/// A row of the paper.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Paper {
    send_at: String,
    unit: String,
    role: String,
    stage: String,
    plan: String,
    task: String,
    occurrence: String,
    deadline: Option<String>,
}

/// A merged stage of the paper.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct PaperMerged {
    send_at: String,
    occurrence: String,
    stage: String,
    into: String,
}

fn paper(text: &str) -> BTreeSet<Paper> {
    serde_json::from_str::<Vec<Paper>>(text).unwrap().into_iter().collect()
}

fn as_paper(row: &Row) -> Paper {
    Paper {
        send_at: row.send_at.to_rfc3339(),
        unit: row.unit.clone(),
        role: serde_json::to_value(row.role).unwrap().as_str().unwrap().to_owned(),
        stage: row.stage.clone(),
        plan: row.plan.clone(),
        task: row.task.clone(),
        occurrence: row.occurrence.clone(),
        deadline: row.deadline.map(|day| day.to_string()),
    }
}

/// The rows that `eco-env` gets as a lead unit must be those of the paper.
pub fn assert_as_on_paper(rows: &[Row]) {
    let found: BTreeSet<Paper> =
        rows.iter().filter(|row| row.unit == "eco-env" && row.role == Role::Lead).map(as_paper).collect();
    let expected = paper(include_str!("eco-env.json"));
    let missing: Vec<_> = expected.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&expected).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:#?}\nsurplus {surplus:#?}");
}

fn letters() -> Vec<Draft> {
    let declared = schedules::embedded().declared.expect("the shipped plans are right");
    let day = |text: &str| text.parse().unwrap();
    report::preview::preview(&declared, day("2021-05-24"), day("2021-07-10"))
}

#[test]
fn the_preview_is_what_was_worked_out_by_hand() {
    let rows: Vec<Row> = letters().iter().flat_map(report::rows).collect();
    assert_as_on_paper(&rows);
    let watched: BTreeSet<Paper> = rows
        .iter()
        .filter(|row| row.role == Role::Supervision && row.answers == "eco-env")
        .map(as_paper)
        .collect();
    assert_eq!(watched, paper(include_str!("supervision.json")));
}

#[test]
fn what_is_merged_is_what_was_worked_out_by_hand() {
    let mut found = BTreeSet::new();
    for draft in letters() {
        for merged in &draft.merged {
            if merged.key.assignment.unit.as_str() == "eco-env" {
                found.insert(PaperMerged {
                    send_at: draft.office.zone.local(draft.dated).to_rfc3339(),
                    occurrence: merged.key.assignment.occurrence.to_string(),
                    stage: merged.key.stage.label(),
                    into: merged.into.stage.label(),
                });
            }
        }
    }
    let expected: BTreeSet<PaperMerged> =
        serde_json::from_str::<Vec<PaperMerged>>(include_str!("merged.json")).unwrap().into_iter().collect();
    assert_eq!(found, expected);
}
