//! A unit's annual pack from the ledger.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

use super::{PackFile, PackIndex, PackItem};
use crate::domain::{Digest, Ledger, UnitId};
use crate::matter::{MatterView, counted};

impl PackIndex {
    /// The pack of a unit for a year: matters due in it, finished in it, or followed all along. `None` for
    /// an unknown unit.
    #[must_use]
    pub fn of(ledger: &Ledger, unit: &UnitId, year: i32, head: Digest) -> Option<Self> {
        let known = ledger.unit(unit)?;
        let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
        let recorded = ledger.last_at().map_or(last, |at| ledger.day_of(at));
        let as_of = last.min(recorded);
        let all: Vec<_> = counted(ledger, as_of).into_iter().filter(|matter| is_of(matter, year)).collect();
        let own = all.iter().filter(|matter| matter.unit_id() == unit);
        let beside =
            all.iter().filter(|matter| !matter.is_task_withdrawn() && matter.task().cooperate.contains(unit));
        let beside: BTreeSet<_> = beside.map(|matter| &matter.assignment().occurrence.task).collect();
        let cooperates = beside.len();
        Some(Self {
            unit: known.unit.name.clone(),
            year,
            office: ledger.office().map(|office| office.name.clone()).unwrap_or_default(),
            as_of,
            position: ledger.head(),
            head,
            rule_version: format!("第{}版", ledger.light_rules().version),
            items: own.map(|matter| item(matter)).collect(),
            not_covered: not_covered(cooperates),
        })
    }
}

fn is_of(matter: &MatterView<'_>, year: i32) -> bool {
    let in_year = |day: Option<NaiveDate>| day.is_some_and(|day| day.year() == year);
    let settled = matter.settled_on();
    let all_along = matter.opens().year() <= year && settled.is_none_or(|day| day.year() >= year);
    match matter.original() {
        // A campaign over the turn of the year is of both.
        Some(day) => {
            day.year() == year
                || in_year(matter.deadline())
                || in_year(settled)
                || all_along && day.year() > year
        }
        None => all_along,
    }
}

fn item(matter: &MatterView<'_>) -> PackItem {
    let day = matter.day();
    let files = matter.files().iter().map(|kept| PackFile {
        name: kept.evidence.name.clone(),
        digest: kept.evidence.digest,
        bytes: kept.evidence.bytes,
        media_type: kept.evidence.media_type.clone(),
        obtained_on: kept.evidence.obtained_on,
        received_on: kept.received_on,
    });
    PackItem {
        title: matter.title(day),
        source: matter.origin().whole(),
        original: matter.original_words(day),
        current: matter.current_words(day),
        extensions: u32::try_from(matter.extensions().len()).unwrap_or(u32::MAX),
        done_on: matter.done_on(),
        accepted_on: matter.accepted().map(|verdict| verdict.on),
        status: matter.status(),
        statement: matter.progress_words(),
        files: files.collect(),
        lacks: lacks(matter),
    }
}

/// What an assessor would ask for and doesn't find.
fn lacks(matter: &MatterView<'_>) -> Vec<String> {
    let mut lacks = Vec::new();
    let files = matter.files();
    if files.is_empty() {
        lacks.push("无印证材料".to_owned());
    }
    let undated = files.iter().filter(|kept| kept.evidence.obtained_on.is_none()).count();
    if undated > 0 {
        lacks.push(format!("{undated}份材料未填取得日期"));
    }
    let done = matter.claims().last().map(|claim| claim.done_on);
    let later = files
        .iter()
        .filter(|kept| kept.evidence.obtained_on.is_some_and(|on| done.is_some_and(|done| on > done)))
        .count();
    if later > 0 {
        lacks.push(format!("{later}份材料取得日期晚于填报完成日期"));
    }
    if matter.deadline().is_some() && matter.accepted().is_none() {
        lacks.push("未办结".to_owned());
    }
    if !matter.assignment().is_reported() {
        lacks.push("无反馈".to_owned());
    }
    if matter.task().standard.is_none() {
        lacks.push("无完成标准".to_owned());
    }
    lacks
}

fn not_covered(cooperates: usize) -> Vec<String> {
    vec![
        format!("只列由本单位反馈的事项；作为配合单位参与的{cooperates}项见牵头单位的资料包。"),
        "导入前已完成和未定时间的事项不在内，见台账。".to_owned(),
        "材料由单位提交，内容未经系统核验；取得日期、填报完成日为单位自填，代录的由督查部门按单位所述填写。"
            .to_owned(),
        "不能证明邮件被谁阅读、实际由谁签字和现场状况。".to_owned(),
    ]
}
