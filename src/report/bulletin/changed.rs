//! What a later bulletin of the same month tells otherwise: corrections that came after it was drafted. Facts are
//! compared, never words: a date is written with its year once the paper is of another.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::view::{Bulletin, Feedback, FeedbackState, ItemRow, Totals};
use crate::domain::UnitId;
use crate::words::{clean, near_date, row};

impl Bulletin {
    /// How a later one differs, a line each; nothing where all that is counted is the same.
    #[must_use]
    pub fn changed(&self, later: &Self) -> Vec<String> {
        let mut lines = figures(&self.totals, &later.totals);
        for new in &later.items {
            match self.items.iter().find(|old| same(old, new)) {
                None => lines.push(format!(
                    "新增 {}（{}）：{}",
                    clean(&new.title),
                    clean(&new.lead),
                    new.status.said()
                )),
                Some(old) => lines.extend(row_changes(old, new, later.dated)),
            }
        }
        for old in self.items.iter().filter(|old| !later.items.iter().any(|new| same(old, new))) {
            lines.push(format!("不再计入 {}（{}）", clean(&old.title), clean(&old.lead)));
        }
        for state in [FeedbackState::Missing, FeedbackState::Partly, FeedbackState::Late] {
            lines.extend(feedback_changes(state, &self.feedback, &later.feedback));
        }
        lines
    }
}

/// The same duty; its words may be others on a later day.
fn same(a: &ItemRow, b: &ItemRow) -> bool {
    a.assignment == b.assignment
}

fn feedback_changes(state: FeedbackState, old: &Feedback, new: &Feedback) -> Option<String> {
    let units = |told: &Feedback| -> BTreeSet<UnitId> {
        told.by_unit.iter().filter(|(_, own)| **own == state).map(|(unit, _)| unit.clone()).collect()
    };
    if units(old) == units(new) {
        return None;
    }
    let names = |told: &Feedback| {
        let names = match state {
            FeedbackState::Missing => &told.missing,
            FeedbackState::Partly => &told.partly,
            FeedbackState::Late => &told.late,
            FeedbackState::InTime | FeedbackState::NotAsked => return String::new(),
        };
        if names.is_empty() { "无".to_owned() } else { row(names) }
    };
    Some(format!("{}：{} → {}", state.word(), names(old), names(new)))
}

fn row_changes(old: &ItemRow, new: &ItemRow, dated: NaiveDate) -> Vec<String> {
    let date =
        |row: &ItemRow| row.current_on.map_or_else(|| clean(&row.current), |day| near_date(day, dated));
    let facts = [
        ("状态", old.status != new.status, old.status.said(), new.status.said()),
        ("现定时限", old.current_on != new.current_on, date(old), date(new)),
        ("进展", old.progress != new.progress, clean(&old.progress), clean(&new.progress)),
        ("存在问题", old.problem != new.problem, clean(&old.problem), clean(&new.problem)),
    ];
    let changed = facts.into_iter().filter(|(_, changed, ..)| *changed);
    changed
        .map(|(what, _, before, after)| {
            let before = if before.is_empty() { "（空）".to_owned() } else { before };
            format!("{}（{}）{what}：{before} → {after}", clean(&new.title), clean(&new.lead))
        })
        .collect()
}

fn figures(old: &Totals, new: &Totals) -> Vec<String> {
    let facts = [
        ("纳入调度", old.followed, new.followed),
        ("应办结", old.due(), new.due()),
        ("按期办结", old.on_time, new.on_time),
        ("超期后办结", old.late, new.late),
        ("待审核", old.in_review, new.in_review),
        ("到期未办结", old.unfinished, new.unfinished),
    ];
    let changed = facts.into_iter().filter(|(_, before, after)| before != after);
    changed.map(|(what, before, after)| format!("{what}：{before}项 → {after}项")).collect()
}
