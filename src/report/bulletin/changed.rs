//! What a later bulletin of the same month tells otherwise: corrections that came after it was drafted.

use super::view::{Bulletin, ItemRow, Totals};
use crate::words::clean;

impl Bulletin {
    /// How a later one differs, a line each; nothing where all that is counted is the same.
    #[must_use]
    pub fn changed(&self, later: &Self) -> Vec<String> {
        let mut lines = figures(&self.totals, &later.totals);
        for row in &later.items {
            match self.items.iter().find(|old| same(old, row)) {
                None => lines.push(format!(
                    "新增 {}（{}）：{}",
                    clean(&row.title),
                    clean(&row.lead),
                    row.status.said()
                )),
                Some(old) => lines.extend(row_changes(old, row)),
            }
        }
        for old in self.items.iter().filter(|old| !later.items.iter().any(|row| same(old, row))) {
            lines.push(format!("不再计入 {}（{}）", clean(&old.title), clean(&old.lead)));
        }
        let mut units = |what: &str, before: &[String], after: &[String]| {
            if before != after {
                let said = |units: &[String]| {
                    if units.is_empty() { "无".to_owned() } else { units.join("、") }
                };
                lines.push(format!("{what}：{} → {}", said(before), said(after)));
            }
        };
        units("未反馈", &self.feedback.missing, &later.feedback.missing);
        units("部分反馈", &self.feedback.partly, &later.feedback.partly);
        units("逾期反馈", &self.feedback.late, &later.feedback.late);
        lines
    }
}

fn same(a: &ItemRow, b: &ItemRow) -> bool {
    (&a.title, &a.source, &a.lead) == (&b.title, &b.source, &b.lead)
}

fn row_changes(old: &ItemRow, new: &ItemRow) -> Vec<String> {
    let facts = [
        ("状态", old.status.said(), new.status.said()),
        ("现定时限", clean(&old.current), clean(&new.current)),
        ("进展", clean(&old.progress), clean(&new.progress)),
        ("存在问题", clean(&old.problem), clean(&new.problem)),
    ];
    let changed = facts.into_iter().filter(|(_, before, after)| before != after);
    changed
        .map(|(what, before, after)| {
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
