//! The ledger's rows from the ledger: one a unit and period, and one for each task nothing is open of.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Sheet, SheetHead, SheetLine, Term};
use crate::domain::{Contact, Kept, Ledger, PlanHead, PlanState, State, Task, TaskId, TaskState, Via};
use crate::matter::{Extension, MatterView, Names, Origin, Status, Unopened, is_over, unverified};
use crate::words::{assumptions, clause, conflict, due_full};

impl Sheet {
    /// The ledger as seen on a day: of the plans that are followed or being set up. Persons by name where their file is
    /// still there.
    #[must_use]
    pub fn of(ledger: &Ledger, day: NaiveDate, names: Names<'_>) -> Self {
        Self::filled(ledger, day, names, false)
    }

    /// The same with plans that are over.
    #[must_use]
    pub fn with_closed(ledger: &Ledger, day: NaiveDate, names: Names<'_>) -> Self {
        Self::filled(ledger, day, names, true)
    }

    fn filled(ledger: &Ledger, day: NaiveDate, names: Names<'_>, with_closed: bool) -> Self {
        let mut rows = Vec::new();
        let mut documents = BTreeSet::new();
        for (id, plan) in ledger.plans().filter(|(_, plan)| with_closed || !is_over(plan)) {
            documents.extend(plan.head.document_number.clone());
            for state in plan.tasks() {
                let task = TaskId { plan: id.clone(), task: state.task.id.clone() };
                let opened = ledger.occurrences_of(&task);
                if opened.is_empty() {
                    rows.push(unopened(ledger, plan, state, &task));
                }
                let slots = opened.iter().flat_map(|(_, occurrence)| &occurrence.slots);
                let assignments = slots.filter_map(|slot| ledger.assignment(*slot));
                let matters = assignments.filter_map(|one| MatterView::of(ledger, one, day));
                // One that only helps to lead has a row where it said something, or has a date of its own.
                let told = matters.filter(|matter| {
                    let answered = matter.record().is_some_and(|record| record.answered_on.is_some());
                    matter.answers() || answered || matter.has_own_date()
                });
                rows.extend(told.map(|one| line(&one, ledger, names)));
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
            with_closed,
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

fn line(matter: &MatterView<'_>, ledger: &Ledger, names: Names<'_>) -> SheetLine {
    let (task, origin) = (matter.task(), matter.origin());
    let unit = ledger.unit(matter.unit_id());
    let name = |digest: Option<_>| digest.and_then(names).unwrap_or_default();
    let contact = |contact: Contact| {
        let name = name(Some(contact.person));
        if contact.is_of_office { name } else { unverified(&name, Via::Link) }
    };
    let term = |day: Option<NaiveDate>| day.map_or_else(|| Term::Words(matter.due_full()), Term::Day);
    let extensions = matter.extensions();
    let receipt = matter.receipt();
    SheetLine {
        id: matter.id().to_string(),
        lead: matter.leads().join("、"),
        leader: name(unit.and_then(|state| state.unit.leader)),
        contact: unit.and_then(|state| state.contact).map_or_else(String::new, contact),
        original: term(matter.original()),
        current: term(matter.deadline()),
        extensions: u32::try_from(extensions.len()).unwrap_or(u32::MAX),
        granted_by: Extension::grounds(&extensions, matter.day()),
        assigned_on: matter.told_on(),
        received_on: receipt.map(|receipt| receipt.on),
        received_by: receipt.map_or_else(String::new, |receipt| {
            match (receipt.person.and_then(names), receipt.implied) {
                (Some(person), _) => unverified(&person, receipt.via),
                (None, true) => "随反馈签收".to_owned(),
                (None, false) => String::new(),
            }
        }),
        reported_on: matter.record().and_then(|record| record.answered_on),
        progress: matter.progress_words(),
        problem: matter.problem(),
        next_steps: matter.next_steps(),
        reminders: matter.reminders(),
        chases: matter.chases(),
        claimed_on: matter.claimed_on(),
        done_on: matter.done_on(),
        verdict: reviewed(matter),
        reviewer: matter.accepted().map(|verdict| verdict.by.clone()).unwrap_or_default(),
        accepted_on: matter.accepted().map(|verdict| verdict.on),
        closed_out_on: matter.closed_out().map(|verdict| verdict.on),
        status: Some(matter.status()),
        overdue_days: matter.overdue_days().and_then(|days| u32::try_from(days).ok()),
        evidence: matter.files().iter().map(kept).collect(),
        ways_in: matter.ways_in().into_iter().map(str::to_owned).collect(),
        remarks: remarks(matter),
        ..of_task(ledger, matter.plan(), task, &origin)
    }
}

/// What a line says of its task, whatever became of it.
fn of_task(ledger: &Ledger, plan: &PlanHead, task: &Task, origin: &Origin) -> SheetLine {
    let term = task.due.one_off_deadline().map_or_else(|| Term::Words(due_full(plan, task)), Term::Day);
    SheetLine {
        platform_number: origin.platform_number.clone().unwrap_or_default(),
        category: if task.matter.is_some() { "交办事项" } else { "计划任务" }.to_owned(),
        document_number: origin.document_number.clone().unwrap_or_default(),
        clause: format!("{}{}", origin.plan, origin.place),
        text: clause(task),
        lead: ledger.short_names(&task.lead).join("、"),
        cooperate: ledger.short_names(&task.cooperate),
        standard: task.standard.clone().unwrap_or_default(),
        original: term.clone(),
        current: term,
        ..SheetLine::default()
    }
}

/// 审核意见: the acceptance's, or why the last claim came back.
fn reviewed(matter: &MatterView<'_>) -> String {
    if let Some(verdict) = matter.accepted() {
        return verdict.remark.clone().unwrap_or_default();
    }
    matter.returned().map(|(_, why)| format!("退回：{why}")).unwrap_or_default()
}

/// `抽测记录.pdf（2021-06-22取得，2021-06-24提交）`.
fn kept(kept: &Kept) -> String {
    let obtained =
        kept.evidence.obtained_on.map_or_else(|| "取得日期未填".to_owned(), |day| format!("{day}取得"));
    format!("{}（{obtained}，{}提交）", kept.evidence.name, kept.received_on)
}

fn remarks(matter: &MatterView<'_>) -> Vec<String> {
    let period = matter.period().name_zh();
    let mut remarks: Vec<String> =
        (!period.is_empty()).then(|| format!("期次：{period}")).into_iter().collect();
    if let Some(asked) = matter.record().and_then(|record| record.extension.as_ref()) {
        remarks.push(format!("{}申请延期至{}，待批：{}", asked.on, asked.new_deadline, asked.reason));
    }
    let others = matter.extended_otherwise();
    remarks.extend(others.iter().map(|other| format!("{}：{}", other.unit, other.told(matter.day()))));
    if let Some((on, words)) = matter.record().and_then(|record| record.dispute.as_ref()) {
        remarks.push(format!("{on}对交办有异议，待答复：{words}"));
    }
    if matter.state() == State::Paused {
        remarks.push("已暂停催办".to_owned());
    }
    remarks.extend(matter.remarks());
    remarks
}

/// A task nothing is open of: what its file says, and why nothing is.
fn unopened(ledger: &Ledger, plan: &PlanState, state: &TaskState, id: &TaskId) -> SheetLine {
    let task = &state.task;
    SheetLine {
        id: id.to_string(),
        status: Some(Status::unlit(Unopened::of(plan, state).words())),
        remarks: assumptions(task).into_iter().chain(task.conflicts.iter().map(conflict)).collect(),
        ..of_task(ledger, &plan.head, task, &Origin::of(&plan.head, task))
    }
}
