//! What was said of one assignment so far: by its unit, and by the office.

use chrono::NaiveDate;

use crate::domain::event::{Counts, Evidence, Via};
use crate::domain::id::{AssignmentId, Digest, ReceiptNo};
use crate::domain::stage::Act;

/// Everything said of an assignment; what few have stands boxed. Days are civil days of the office's zone on which it was
/// recorded, or happened where the event says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// first letter to its unit (交办时间)
    pub told_on: Option<NaiveDate>,
    /// letters that reminded its unit (提醒): neither told nor chased it, nor answered it
    pub reminders: u32,
    /// those after the deadline, and a person's (催办)
    pub chases: u32,
    /// 签收
    pub receipt: Option<Receipt>,
    /// the last report (反馈)
    pub progress: Option<Progress>,
    /// the last day on which its unit told anything; a receipt alone tells nothing
    pub answered_on: Option<NaiveDate>,
    /// claims (申请办结), oldest first
    pub claims: Vec<Claim>,
    /// 办结
    pub accepted: Option<Verdict>,
    /// 销号
    pub closed_out: Option<Box<Verdict>>,
    /// 印证材料, oldest first
    pub evidence: Vec<Kept>,
    /// extensions asked for; one that was asked again before a ruling is one
    pub asked: u32,
    /// an extension asked for and not yet ruled on
    pub extension: Option<Box<Asked>>,
    /// extensions granted, oldest first
    pub granted: Vec<Granted>,
    /// extensions refused
    pub refused: u32,
    /// the date that the last of them asked for
    pub refused_date: Option<NaiveDate>,
    /// the date that punctuality counts by, where it is another than the deadline
    pub counts_by: Option<NaiveDate>,
    /// an objection not yet answered: since when, and its words
    pub dispute: Option<(NaiveDate, String)>,
    /// acts of the office so far; numbers their letters
    pub acts: u32,
    /// acts that no letter has told yet: which, its number, its words
    pub untold: Vec<(Act, u32, String)>,
    /// the day of the last reminder to the reviewer
    pub last_review: Option<NaiveDate>,
}

/// 签收
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// when
    pub on: NaiveDate,
    /// who, as they say; in `people/`
    pub person: Option<Digest>,
    /// the way in
    pub via: Via,
    /// another answer implied it
    pub implied: bool,
}

/// 反馈
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// when
    pub on: NaiveDate,
    /// its words; of an unchanged month those of the last change
    pub text: String,
    /// 存在问题
    pub problem: Option<String>,
    /// 下步措施
    pub next_steps: Option<String>,
    /// 本月无变化
    pub unchanged: bool,
    /// the way in
    pub via: Via,
}

/// 申请办结
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// when it was claimed
    pub on: NaiveDate,
    /// when it was done, as the unit says
    pub done_on: NaiveDate,
    /// its words
    pub text: String,
    /// the way in
    pub via: Via,
    /// the deadline on that day
    pub deadline: Option<NaiveDate>,
    /// when it was returned, and why
    pub returned: Option<(NaiveDate, String)>,
    /// when it was accepted
    pub accepted: Option<NaiveDate>,
    /// it was accepted, and the matter reopened since: it stands for nothing any more
    pub reopened: bool,
}

/// 办结 or 销号
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// when it was recorded
    pub on: NaiveDate,
    /// the day it was done, where the office said so
    pub done_on: Option<NaiveDate>,
    /// account of the reviewer
    pub by: String,
    /// 审核意见
    pub remark: Option<String>,
    /// how it counts; none where it strikes off what was accepted
    pub counts: Option<Counts>,
}

/// Material that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// the file
    pub evidence: Evidence,
    /// when it came
    pub received_on: NaiveDate,
    /// the way in
    pub via: Via,
    /// of its event
    pub position: u64,
}

/// 延期申请
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// when
    pub on: NaiveDate,
    /// why
    pub reason: String,
    /// how far it is
    pub progress: String,
    /// the date asked for
    pub new_deadline: NaiveDate,
    /// 审签件, in `evidence/`
    pub approval: Option<Digest>,
}

/// 延期批准
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// when
    pub on: NaiveDate,
    /// the date before
    pub from: Option<NaiveDate>,
    /// the date since
    pub until: NaiveDate,
    /// who approved it
    pub approver: String,
    /// by which paper
    pub document_number: String,
}

/// A form as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// as recorded
    pub submission: crate::domain::event::Submission,
    /// of its event
    pub position: u64,
    /// the day it was recorded
    pub on: NaiveDate,
    /// the way in
    pub via: Via,
    /// the account that recorded it, or the unit
    pub by: String,
    /// what it said, in its order
    pub said: Vec<(AssignmentId, SaidKind)>,
    /// what it takes of the journal, about, where it came through a link
    pub bytes: u64,
}

/// What a unit said of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SaidKind {
    /// 签收
    Receipt,
    /// 本月无变化
    Unchanged,
    /// 反馈
    Progress,
    /// 申请办结
    Claim,
    /// 延期申请
    Extension,
    /// 异议
    Dispute,
    /// 印证材料, one file
    Evidence,
}

impl HandedIn {
    /// 回执编号
    #[must_use]
    pub fn receipt(&self) -> ReceiptNo {
        self.submission.receipt
    }
}

impl Claim {
    /// Whether it waits for review, or is what was accepted.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.returned.is_none() && !self.reopened
    }

    /// Days that it lay with the reviewer, up to `day`.
    #[must_use]
    pub fn review_days(&self, day: NaiveDate) -> i64 {
        let until = self.returned.as_ref().map(|(on, _)| *on).or(self.accepted).unwrap_or(day);
        (until - self.on).num_days().max(0)
    }
}

impl Record {
    /// The claim under review or accepted last; `None` where none was made, the last came back, or
    /// the matter was reopened after it.
    #[must_use]
    pub fn standing_claim(&self) -> Option<&Claim> {
        self.claims.last().filter(|claim| claim.stands())
    }

    pub(super) fn standing_claim_mut(&mut self) -> Option<&mut Claim> {
        self.claims.last_mut().filter(|claim| claim.stands())
    }

    /// Days that claims lay with the reviewer, both ends' nights counted, up to `day`.
    #[must_use]
    pub fn review_days(&self, day: NaiveDate) -> i64 {
        self.claims.iter().map(|claim| claim.review_days(day)).sum()
    }

    /// Since when something of the unit waits for the office: a claim is not known here.
    #[must_use]
    pub fn waits_since(&self) -> Option<NaiveDate> {
        let asked = self.extension.as_ref().map(|asked| asked.on);
        let disputed = self.dispute.as_ref().map(|(on, _)| *on);
        asked.into_iter().chain(disputed).min()
    }
}
