//! What was said of a matter: by its unit, and by the office.

use chrono::NaiveDate;

use super::MatterView;
use crate::domain::{Claim, Kept, Receipt, Record, State, Verdict};

impl<'l> MatterView<'l> {
    /// Everything said of it; none where nobody has said anything.
    #[must_use]
    pub fn record(&self) -> Option<&'l Record> {
        self.assignment.record.as_deref()
    }

    /// 进展: the unit's last words, report or claim.
    #[must_use]
    pub fn progress(&self) -> Option<(NaiveDate, &'l str)> {
        let record = self.record()?;
        let claim = record.claims.last().map(|claim| (claim.on, claim.text.as_str()));
        self.reported().max(claim)
    }

    /// The unit's last report, claims aside.
    #[must_use]
    pub fn reported(&self) -> Option<(NaiveDate, &'l str)> {
        let progress = self.record().and_then(|record| record.progress.as_ref());
        progress.map(|progress| (progress.on, progress.text.as_str()))
    }

    /// When the last claim came back, and why.
    #[must_use]
    pub fn returned(&self) -> Option<(NaiveDate, &'l str)> {
        let returned = self.claims().last().and_then(|claim| claim.returned.as_ref());
        returned.map(|(on, why)| (*on, why.as_str()))
    }

    /// The words of [`Self::progress`]; empty where there are none.
    #[must_use]
    pub fn progress_words(&self) -> String {
        self.progress().map(|(_, text)| text.to_owned()).unwrap_or_default()
    }

    /// 存在问题: what the unit named last; else why work came back, or why it asks for more time.
    #[must_use]
    pub fn problem(&self) -> String {
        let Some(record) = self.record() else { return String::new() };
        if let Some(problem) = record.progress.as_ref().and_then(|progress| progress.problem.clone()) {
            return problem;
        }
        if let Some(asked) = &record.extension {
            return asked.reason.clone();
        }
        self.returned()
            .filter(|_| self.assignment.state == State::Returned)
            .map_or_else(String::new, |(_, why)| format!("审核退回：{why}"))
    }

    /// 下步措施
    #[must_use]
    pub fn next_steps(&self) -> String {
        let progress = self.record().and_then(|record| record.progress.as_ref());
        progress.and_then(|progress| progress.next_steps.clone()).unwrap_or_default()
    }

    /// 预计完成时间: the date that the unit asks for.
    #[must_use]
    pub fn expected(&self) -> Option<NaiveDate> {
        self.record().and_then(|record| record.extension.as_ref()).map(|asked| asked.new_deadline)
    }

    /// Claims, oldest first, those that came back too.
    #[must_use]
    pub fn claims(&self) -> &'l [Claim] {
        self.record().map(|record| record.claims.as_slice()).unwrap_or_default()
    }

    /// 印证材料, oldest first.
    #[must_use]
    pub fn files(&self) -> &'l [Kept] {
        self.record().map(|record| record.evidence.as_slice()).unwrap_or_default()
    }

    /// 提醒: letters that reminded its unit. Letters that told, chased or answered it, or went to others, are none.
    #[must_use]
    pub fn reminders(&self) -> u32 {
        self.record().map_or(0, |record| record.reminders)
    }

    /// 催办: letters to its unit after the deadline, and a person's.
    #[must_use]
    pub fn chases(&self) -> u32 {
        self.record().map_or(0, |record| record.chases)
    }

    /// 交办时间
    #[must_use]
    pub fn told_on(&self) -> Option<NaiveDate> {
        let assigned = self.task().matter.as_ref().map(|matter| matter.assigned_on);
        assigned.or(self.record().and_then(|record| record.told_on))
    }

    /// 签收
    #[must_use]
    pub fn receipt(&self) -> Option<&'l Receipt> {
        self.record().and_then(|record| record.receipt.as_ref())
    }

    /// 申请办结时间
    #[must_use]
    pub fn claimed_on(&self) -> Option<NaiveDate> {
        self.claims().last().map(|claim| claim.on)
    }

    /// 单位填报完成日, by whatever way it came in; the office's own word is none.
    #[must_use]
    pub fn done_on(&self) -> Option<NaiveDate> {
        self.claims().last().map(|claim| claim.done_on)
    }

    /// 办结
    #[must_use]
    pub fn accepted(&self) -> Option<&'l Verdict> {
        self.record().and_then(|record| record.accepted.as_ref())
    }

    /// 销号
    #[must_use]
    pub fn closed_out(&self) -> Option<&'l Verdict> {
        self.record().and_then(|record| record.closed_out.as_deref())
    }

    /// The day on which the acceptance counts.
    #[must_use]
    pub fn settled_on(&self) -> Option<NaiveDate> {
        self.accepted().map(|verdict| verdict.done_on.unwrap_or(verdict.on))
    }

    /// Whether anything new was said in these days: a report that isn't "no change", a claim, an extension.
    #[must_use]
    pub fn moved_in(&self, first: NaiveDate, last: NaiveDate) -> bool {
        let within = |day: NaiveDate| first <= day && day <= last;
        let Some(record) = self.record() else { return false };
        record.progress.as_ref().is_some_and(|progress| !progress.unchanged && within(progress.on))
            || record.claims.iter().any(|claim| within(claim.on))
            || record.granted.iter().any(|granted| within(granted.on))
            || record.extension.as_ref().is_some_and(|asked| within(asked.on))
            || record.dispute.as_ref().is_some_and(|(on, _)| within(*on))
    }
}
