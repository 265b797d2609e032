//! A unit's annual pack from the ledger.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

use super::{PackFile, PackIndex, PackItem};
use crate::domain::{Digest, Ledger, Record, UnitId};
use crate::report::Status;
use crate::report::facts::{Facts, counted};

impl PackIndex {
    /// The pack of a unit for a year: matters due in it, finished in it, or followed all along. `None` for
    /// an unknown unit.
    #[must_use]
    pub fn of(ledger: &Ledger, unit: &UnitId, year: i32, head: Digest) -> Option<Self> {
        let known = ledger.unit(unit)?;
        let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
        let recorded = ledger.last_at().map_or(last, |at| ledger.day_of(at));
        let as_of = last.min(recorded);
        let own =
            counted(ledger).into_iter().filter(|facts| facts.assignment.unit == *unit && is_of(facts, year));
        let beside = counted(ledger).into_iter().filter(|facts| {
            is_of(facts, year) && facts.state.withdrawn.is_none() && facts.state.task.cooperate.contains(unit)
        });
        let beside: BTreeSet<_> = beside.map(|facts| &facts.assignment.occurrence.task).collect();
        let cooperates = beside.len();
        Some(Self {
            unit: known.unit.name.clone(),
            year,
            office: ledger.office().map(|office| office.name.clone()).unwrap_or_default(),
            as_of,
            position: ledger.head(),
            head,
            rule_version: format!("第{}版", ledger.light_rules().version),
            items: own.map(|facts| item(&facts, as_of)).collect(),
            not_covered: not_covered(cooperates),
        })
    }
}

fn is_of(facts: &Facts<'_>, year: i32) -> bool {
    let in_year = |day: Option<NaiveDate>| day.is_some_and(|day| day.year() == year);
    let settled = facts.settled_on();
    let all_along =
        facts.assignment.course.opens.year() <= year && settled.is_none_or(|day| day.year() >= year);
    match facts.original() {
        // A campaign over the turn of the year is of both.
        Some(day) => {
            day.year() == year
                || in_year(facts.deadline())
                || in_year(settled)
                || all_along && day.year() > year
        }
        None => all_along,
    }
}

fn item(facts: &Facts<'_>, day: NaiveDate) -> PackItem {
    let nothing = Record::default();
    let record = facts.record().unwrap_or(&nothing);
    let verdict = record.accepted.as_ref();
    let claim = record.claims.last();
    let files = record.evidence.iter().map(|kept| PackFile {
        name: kept.evidence.name.clone(),
        digest: kept.evidence.digest,
        bytes: kept.evidence.bytes,
        media_type: kept.evidence.media_type.clone(),
        obtained_on: kept.evidence.obtained_on,
        received_on: kept.received_on,
    });
    PackItem {
        title: facts.title(day),
        source: facts.source(),
        original: facts.original_words(day),
        current: facts.current_words(day),
        extensions: facts.extensions(),
        done_on: claim.map(|claim| claim.done_on).or(verdict.and_then(|verdict| verdict.done_on)),
        accepted_on: verdict.map(|verdict| verdict.on),
        status: Status::of(facts.ledger, facts.assignment, day),
        statement: facts.progress(),
        files: files.collect(),
        lacks: lacks(facts, record),
    }
}

/// What an assessor would ask for and doesn't find.
fn lacks(facts: &Facts<'_>, record: &Record) -> Vec<String> {
    let mut lacks = Vec::new();
    if record.evidence.is_empty() {
        lacks.push("无印证材料".to_owned());
    }
    let undated = record.evidence.iter().filter(|kept| kept.evidence.obtained_on.is_none()).count();
    if undated > 0 {
        lacks.push(format!("{undated}份材料未填取得日期"));
    }
    let done = record.claims.last().map(|claim| claim.done_on);
    let later = record
        .evidence
        .iter()
        .filter(|kept| kept.evidence.obtained_on.is_some_and(|on| done.is_some_and(|done| on > done)))
        .count();
    if later > 0 {
        lacks.push(format!("{later}份材料取得日期晚于填报完成日期"));
    }
    if facts.assignment.course.deadline.is_some() && record.accepted.is_none() {
        lacks.push("未办结".to_owned());
    }
    if record.progress.is_none() && record.claims.is_empty() {
        lacks.push("无反馈".to_owned());
    }
    if facts.state.task.standard.is_none() {
        lacks.push("无完成标准".to_owned());
    }
    lacks
}

fn not_covered(cooperates: usize) -> Vec<String> {
    vec![
        format!("只列由本单位反馈的事项；作为配合单位参与的{cooperates}项见牵头单位的资料包。"),
        "导入前已完成和未定时间的事项不在内，见台账。".to_owned(),
        "材料由单位提交，内容未经系统核验；取得日期、填报完成日为单位自填。".to_owned(),
        "不能证明邮件被谁阅读、实际由谁签字和现场状况。".to_owned(),
    ]
}
