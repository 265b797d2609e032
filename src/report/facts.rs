//! What every paper says of an assignment, read from the ledger in one place.

use chrono::NaiveDate;

use crate::calendar::Period;
use crate::domain::agenda::answers_itself;
use crate::domain::{
    Answer, Assignment, Digest, LadderName, Ledger, Occurrence, PlanState, Record, State, TaskState, UnitId,
    Via,
};
use crate::words::{citations, clause, due_brief, due_full, near_date, title};

/// Gives a person's name by the digest of their file in `people/`; none where it was forgotten.
pub type Names<'n> = &'n dyn Fn(Digest) -> Option<String>;

/// An assignment with what stands around it.
#[derive(Clone, Copy)]
pub(super) struct Facts<'l> {
    pub ledger: &'l Ledger,
    pub plan: &'l PlanState,
    pub state: &'l TaskState,
    pub occurrence: &'l Occurrence,
    pub assignment: &'l Assignment,
}

impl<'l> Facts<'l> {
    /// Of an assignment; none of a collection, which is about other matters.
    pub(super) fn of(ledger: &'l Ledger, assignment: &'l Assignment) -> Option<Self> {
        let task = &assignment.occurrence.task;
        let plan = ledger.plan(&task.plan)?;
        let state = plan.tasks.get(&task.task)?;
        let occurrence = ledger.occurrence(&assignment.occurrence)?;
        Some(Self { ledger, plan, state, occurrence, assignment })
    }

    /// What was said of it.
    pub(super) fn record(&self) -> Option<&'l Record> {
        self.assignment.record.as_deref()
    }

    /// Its title with its period.
    pub(super) fn title(&self, day: NaiveDate) -> String {
        title(&self.state.task, self.assignment.occurrence.period, day)
    }

    /// 文号
    pub(super) fn document_number(&self) -> String {
        self.plan.head.document_number.clone().unwrap_or_default()
    }

    /// `空气质量计划第21条、清单33`; of a matter where it comes from.
    pub(super) fn clause(&self) -> String {
        match &self.state.task.matter {
            Some(matter) => matter.source.clone(),
            None => format!("{}{}", self.plan.head.short, citations(&self.state.task.cite)),
        }
    }

    /// Document number and clause.
    pub(super) fn source(&self) -> String {
        format!("{}{}", self.document_number(), self.clause())
    }

    /// The clause as printed.
    pub(super) fn text(&self) -> String {
        clause(&self.state.task)
    }

    /// Who leads: the unit that answers first. Where each answers for itself, only that one.
    pub(super) fn lead(&self) -> Vec<String> {
        let own = &self.assignment.unit;
        let task = &self.state.task;
        if task.answer == Answer::Each || !task.lead.contains(own) {
            return self.ledger.short_names(std::slice::from_ref(own));
        }
        let others = task.lead.iter().filter(|unit| *unit != own).cloned();
        let all: Vec<UnitId> = std::iter::once(own.clone()).chain(others).collect();
        self.ledger.short_names(&all)
    }

    /// Short name of the unit that answers.
    pub(super) fn unit(&self) -> String {
        self.ledger.short_names(std::slice::from_ref(&self.assignment.unit)).concat()
    }

    /// 配合单位
    pub(super) fn cooperate(&self) -> Vec<String> {
        self.ledger.short_names(&self.state.task.cooperate)
    }

    /// The first deadline.
    pub(super) fn original(&self) -> Option<NaiveDate> {
        self.occurrence.opened.deadline
    }

    /// The deadline now.
    pub(super) fn deadline(&self) -> Option<NaiveDate> {
        self.assignment.course.deadline
    }

    /// 原定时限 for a reader on that day: `6月30日`; the document's words where it has none.
    pub(super) fn original_words(&self, day: NaiveDate) -> String {
        self.term(self.original(), day)
    }

    /// 现定时限 for a reader on that day.
    pub(super) fn current_words(&self, day: NaiveDate) -> String {
        self.term(self.deadline(), day)
    }

    fn term(&self, date: Option<NaiveDate>, day: NaiveDate) -> String {
        match date {
            Some(date) if self.state.task.target => format!("力争{}", near_date(date, day)),
            Some(date) => near_date(date, day),
            None => due_brief(&self.plan.head, &self.state.task, day),
        }
    }

    /// The document's own words for its deadline, whole dates.
    pub(super) fn due_full(&self) -> String {
        due_full(&self.plan.head, &self.state.task)
    }

    /// How often it was extended.
    pub(super) fn extensions(&self) -> u32 {
        self.record().map_or(0, |record| u32::try_from(record.granted.len()).unwrap_or(u32::MAX))
    }

    /// 进展: the unit's last words, report or claim.
    pub(super) fn progress(&self) -> String {
        let Some(record) = self.record() else { return String::new() };
        let report = record.progress.as_ref().map(|progress| (progress.on, progress.text.as_str()));
        let claim = record.claims.last().map(|claim| (claim.on, claim.text.as_str()));
        report.max(claim).map(|(_, text)| text.to_owned()).unwrap_or_default()
    }

    /// 存在问题: what the unit named last; else why work came back, or why it asks for more time.
    pub(super) fn problem(&self) -> String {
        let Some(record) = self.record() else { return String::new() };
        if let Some(problem) = record.progress.as_ref().and_then(|progress| progress.problem.clone()) {
            return problem;
        }
        if let Some(asked) = &record.extension {
            return asked.reason.clone();
        }
        let returned = record.claims.last().and_then(|claim| claim.returned.as_ref());
        returned
            .filter(|_| self.assignment.state == State::Returned)
            .map_or_else(String::new, |(_, why)| format!("审核退回：{why}"))
    }

    /// 下步措施
    pub(super) fn next_steps(&self) -> String {
        self.record()
            .and_then(|record| record.progress.as_ref())
            .and_then(|progress| progress.next_steps.clone())
            .unwrap_or_default()
    }

    /// 预计完成时间: the date that the unit asks for.
    pub(super) fn expected(&self) -> Option<NaiveDate> {
        self.record().and_then(|record| record.extension.as_ref()).map(|asked| asked.new_deadline)
    }

    /// Whether a time to avoid: foretold, never reported on.
    pub(super) fn is_avoid(&self) -> bool {
        self.assignment.course.ladder == LadderName::Avoid
    }

    /// Whether papers speak of it: collections, times to avoid and what was withdrawn aside.
    pub(super) fn counts(&self) -> bool {
        !self.assignment.occurrence.is_collection()
            && !self.is_avoid()
            && !matches!(self.assignment.state, State::Withdrawn | State::Ended)
    }

    /// Whether its unit answers: where the first lead answers for all, the others are only reminded.
    pub(super) fn answers(&self) -> bool {
        answers_itself(self.ledger, &self.state.task, &self.assignment.unit)
    }

    /// Whether anything new was said in these days: a report that isn't "no change", a claim, an extension.
    pub(super) fn moved_in(&self, first: NaiveDate, last: NaiveDate) -> bool {
        let within = |day: NaiveDate| first <= day && day <= last;
        let Some(record) = self.record() else { return false };
        record.progress.as_ref().is_some_and(|progress| !progress.unchanged && within(progress.on))
            || record.claims.iter().any(|claim| within(claim.on))
            || record.granted.iter().any(|granted| within(granted.on))
            || record.extension.as_ref().is_some_and(|asked| within(asked.on))
            || record.dispute.as_ref().is_some_and(|(on, _)| within(*on))
    }

    /// The day on which the acceptance counts.
    pub(super) fn settled_on(&self) -> Option<NaiveDate> {
        self.record()
            .and_then(|record| record.accepted.as_ref())
            .map(|verdict| verdict.done_on.unwrap_or(verdict.on))
    }
}

/// The assignments that papers speak of, in the order of plans and tasks.
pub(super) fn counted(ledger: &Ledger) -> Vec<Facts<'_>> {
    let mut all: Vec<Facts<'_>> = ledger
        .assignments()
        .filter_map(|one| Facts::of(ledger, one))
        .filter(|facts| facts.counts() && facts.answers())
        .collect();
    all.sort_by_key(|facts| {
        let assignment = facts.assignment;
        let place = (&facts.plan.head.id, facts.state.place);
        (place, order(assignment.occurrence.period), assignment.unit.clone())
    });
    all
}

fn order(period: Period) -> (Option<NaiveDate>, Period) {
    (period.first(), period)
}

/// 录入方式
pub(super) fn way_in(via: Via) -> &'static str {
    match via {
        Via::Link => "链接",
        Via::Mail => "邮件反馈表",
        Via::Paper => "代录（纸质）",
        Via::Phone => "代录（电话）",
        Via::Meeting => "代录（会议）",
        Via::Message => "代录（即时消息）",
        Via::File => "导入",
        Via::Cli => "命令行",
        Via::Api => "接口",
        Via::Web => "控制台",
        Via::System => "系统",
    }
}
