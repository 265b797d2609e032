//! The ledger's rows from the ledger: one a unit and period, and one for each task nothing is open of.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Sheet, SheetHead, SheetLine, Term};
use crate::domain::{Claim, Kept, Ledger, PlanState, Record, State, TaskId, TaskState};
use crate::report::facts::{Facts, Names, way_in};
use crate::report::{Status, overdue_days, unopened_state};
use crate::words::{assumptions, citations, clause, conflict, due_full};

impl Sheet {
    /// The whole ledger as seen on a day; persons by name where their file is still there.
    #[must_use]
    pub fn of(ledger: &Ledger, day: NaiveDate, names: Names<'_>) -> Self {
        let mut rows = Vec::new();
        let mut documents = BTreeSet::new();
        for (id, plan) in ledger.plans() {
            documents.extend(plan.head.document_number.clone());
            for state in plan.tasks() {
                let task = TaskId { plan: id.clone(), task: state.task.id.clone() };
                let opened = ledger.occurrences_of(&task);
                if opened.is_empty() {
                    rows.push(unopened(ledger, plan, state, &task));
                }
                let slots = opened.iter().flat_map(|(_, occurrence)| &occurrence.slots);
                let assignments = slots.filter_map(|slot| ledger.assignment(*slot));
                let facts = assignments.filter_map(|one| Facts::of(ledger, one));
                // One that only helps to lead has a row where it said something.
                let told = facts.filter(|facts| {
                    facts.answers() || facts.record().is_some_and(|record| record.answered_on.is_some())
                });
                rows.extend(told.map(|one| line(&one, day, names)));
            }
        }
        let office = ledger.office().map(|office| office.name.clone()).unwrap_or_default();
        let head = SheetHead {
            title: format!("{office}督办台账"),
            documents: documents.into_iter().collect(),
            as_of: day,
            position: ledger.head(),
            journal: journal_mark(ledger),
            rule_version: format!("第{}版", ledger.light_rules().version),
            office,
        };
        Self { head, rows }
    }
}

/// By which a sheet says of which journal it is: eight digits tell two offices' ledgers apart.
#[must_use]
pub fn journal_mark(ledger: &Ledger) -> String {
    let id = ledger.journal().map(|id| id.simple().to_string()).unwrap_or_default();
    id.chars().take(8).collect()
}

fn line(facts: &Facts<'_>, day: NaiveDate, names: Names<'_>) -> SheetLine {
    let (assignment, task) = (facts.assignment, &facts.state.task);
    let nothing = Record::default();
    let record = facts.record().unwrap_or(&nothing);
    let unit = facts.ledger.unit(&assignment.unit);
    let name = |digest: Option<_>| digest.and_then(names).unwrap_or_default();
    let claim = record.claims.last();
    let granted = record.granted.last();
    let term = |day: Option<NaiveDate>| day.map_or_else(|| Term::Words(facts.due_full()), Term::Day);
    let verdict = record.accepted.as_ref();
    let receipt = record.receipt.as_ref();
    let own = |name: String| if name.is_empty() { name } else { format!("{name}（自填、未核验）") };
    SheetLine {
        id: assignment.id().to_string(),
        platform_number: task
            .matter
            .as_ref()
            .and_then(|matter| matter.platform_number.clone())
            .unwrap_or_default(),
        category: if task.matter.is_some() { "交办事项" } else { "计划任务" }.to_owned(),
        document_number: facts.document_number(),
        clause: facts.clause(),
        text: facts.text(),
        lead: facts.lead().join("、"),
        leader: name(unit.and_then(|state| state.unit.leader)),
        contact: own(name(unit.and_then(|state| state.contact))),
        cooperate: facts.cooperate(),
        standard: task.standard.clone().unwrap_or_default(),
        original: term(facts.original()),
        current: term(facts.deadline()),
        extensions: facts.extensions(),
        granted_by: granted
            .map(|granted| format!("{}，{}", granted.approver, granted.document_number))
            .unwrap_or_default(),
        assigned_on: task.matter.as_ref().map(|matter| matter.assigned_on).or(record.told_on),
        received_on: receipt.map(|receipt| receipt.on),
        received_by: receipt.map_or_else(String::new, |receipt| {
            match (receipt.person.and_then(names), receipt.implied) {
                (Some(person), _) => own(person),
                (None, true) => "随反馈签收".to_owned(),
                (None, false) => String::new(),
            }
        }),
        reported_on: record.answered_on,
        progress: facts.progress(),
        problem: facts.problem(),
        next_steps: facts.next_steps(),
        reminders: record.reminders,
        chases: record.chases,
        claimed_on: claim.map(|claim| claim.on),
        done_on: claim.map(|claim| claim.done_on).or(verdict.and_then(|verdict| verdict.done_on)),
        verdict: reviewed(record, claim),
        reviewer: verdict.map(|verdict| verdict.by.clone()).unwrap_or_default(),
        accepted_on: verdict.map(|verdict| verdict.on),
        closed_out_on: record.closed_out.as_ref().map(|verdict| verdict.on),
        status: Some(Status::of(facts.ledger, assignment, day)),
        overdue_days: overdue_days(assignment, day).and_then(|days| u32::try_from(days).ok()),
        evidence: record.evidence.iter().map(kept).collect(),
        ways_in: ways_in(record),
        remarks: remarks(facts, record),
    }
}

/// 审核意见: the acceptance's, or why the last claim came back.
fn reviewed(record: &Record, claim: Option<&Claim>) -> String {
    if let Some(verdict) = &record.accepted {
        return verdict.remark.clone().unwrap_or_default();
    }
    claim.and_then(|claim| claim.returned.as_ref()).map(|(_, why)| format!("退回：{why}")).unwrap_or_default()
}

/// `抽测记录.pdf（2021-06-22取得，2021-06-24提交）`.
fn kept(kept: &Kept) -> String {
    let obtained =
        kept.evidence.obtained_on.map_or_else(|| "取得日期未填".to_owned(), |day| format!("{day}取得"));
    format!("{}（{obtained}，{}提交）", kept.evidence.name, kept.received_on)
}

fn ways_in(record: &Record) -> Vec<String> {
    let mut ways = Vec::new();
    let receipt = record.receipt.iter().map(|receipt| receipt.via);
    let progress = record.progress.iter().map(|progress| progress.via);
    let claims = record.claims.iter().map(|claim| claim.via);
    let evidence = record.evidence.iter().map(|kept| kept.via);
    for way in receipt.chain(progress).chain(claims).chain(evidence).map(way_in) {
        if !ways.iter().any(|known| known == way) {
            ways.push(way.to_owned());
        }
    }
    ways
}

fn remarks(facts: &Facts<'_>, record: &Record) -> Vec<String> {
    let period = facts.assignment.occurrence.period.name_zh();
    let mut remarks: Vec<String> =
        (!period.is_empty()).then(|| format!("期次：{period}")).into_iter().collect();
    if let Some(asked) = &record.extension {
        remarks.push(format!("{}申请延期至{}，待批：{}", asked.on, asked.new_deadline, asked.reason));
    }
    if let Some((on, words)) = &record.dispute {
        remarks.push(format!("{on}对交办有异议，待答复：{words}"));
    }
    if facts.assignment.state == State::Paused {
        remarks.push("已暂停催办".to_owned());
    }
    remarks.extend(assumptions(&facts.state.task));
    remarks.extend(facts.state.task.conflicts.iter().map(conflict));
    remarks
}

/// A task nothing is open of: what its file says, and why nothing is.
fn unopened(ledger: &Ledger, plan: &PlanState, state: &TaskState, id: &TaskId) -> SheetLine {
    let task = &state.task;
    let term = task.due.one_off_deadline().map_or_else(|| Term::Words(due_full(&plan.head, task)), Term::Day);
    let words = match unopened_state(plan, state) {
        "withdrawn" => "已撤回",
        "done-before-import" => "导入前已完成",
        "recorded" => "只记录，不督办",
        "closed" => "计划已关闭",
        "set-up" => "计划筹备中",
        "awaiting" => "时间待定",
        _ => "尚未开始",
    };
    SheetLine {
        id: id.to_string(),
        category: if task.matter.is_some() { "交办事项" } else { "计划任务" }.to_owned(),
        document_number: plan.head.document_number.clone().unwrap_or_default(),
        clause: format!("{}{}", plan.head.short, citations(&task.cite)),
        text: clause(task),
        lead: ledger.short_names(&task.lead).join("、"),
        cooperate: ledger.short_names(&task.cooperate),
        standard: task.standard.clone().unwrap_or_default(),
        original: term.clone(),
        current: term,
        status: Some(Status::unlit(words)),
        remarks: assumptions(task).into_iter().chain(task.conflicts.iter().map(conflict)).collect(),
        ..SheetLine::default()
    }
}
