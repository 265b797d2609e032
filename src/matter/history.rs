//! What happened to a matter, line by line: from being told to being closed out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::MatterView;
use crate::domain::{AssignmentId, Event, Recorded, Via};
use crate::words::near_date;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// 交办
    Told,
    /// 承办: asked of this unit in another's place
    TakenOver,
    /// 签收
    Received,
    /// 反馈
    Reported,
    /// 申请办结
    Claimed,
    /// 退回
    Returned,
    /// 申请延期
    ExtensionAsked,
    /// 批准延期
    ExtensionGranted,
    /// 延期未批准
    ExtensionRefused,
    /// 异议
    Disputed,
    /// 答复异议
    DisputeSettled,
    /// 时限调整
    Moved,
    /// 催办
    Chased,
    /// 暂停催办
    Paused,
    /// 恢复催办
    Resumed,
    /// 提交材料
    FileSent,
    /// 办结
    Accepted,
    /// 重新督办
    Reopened,
    /// 销号
    ClosedOut,
    /// 撤回: asked of this unit no more
    Withdrawn,
}

impl Happened {
    /// In Chinese.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Told => "交办",
            Self::TakenOver => "承办",
            Self::Received => "签收",
            Self::Reported => "反馈",
            Self::Claimed => "申请办结",
            Self::Returned => "退回",
            Self::ExtensionAsked => "申请延期",
            Self::ExtensionGranted => "批准延期",
            Self::ExtensionRefused => "延期未批准",
            Self::Disputed => "提出异议",
            Self::DisputeSettled => "答复异议",
            Self::Moved => "时限调整",
            Self::Chased => "催办",
            Self::Paused => "暂停催办",
            Self::Resumed => "恢复催办",
            Self::FileSent => "提交材料",
            Self::Accepted => "办结",
            Self::Reopened => "重新督办",
            Self::ClosedOut => "销号",
            Self::Withdrawn => "撤回",
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// when
    pub on: NaiveDate,
    /// what
    pub what: Happened,
    /// in whose words, or by which way; empty where there are none
    pub says: String,
}

impl MatterView<'_> {
    /// What happened to it, day by day. `events` are those of its plan's stream, in their order: the ledger keeps only
    /// what still counts.
    #[must_use]
    pub fn history(&self, events: &[Recorded], reader: NaiveDate) -> Vec<HistoryLine> {
        let line = |on, what, says: String| HistoryLine { on, what, says };
        let mut all = Vec::new();
        all.extend(self.told_on().map(|on| line(on, Happened::Told, String::new())));
        if let Some(receipt) = self.receipt().filter(|receipt| receipt.implied) {
            all.push(line(receipt.on, Happened::Received, "随反馈签收".to_owned()));
        }
        let extensions = self.extensions();
        let mut granted = extensions.iter();
        for recorded in events {
            let Some((what, mut says)) = self.happened(recorded, reader) else { continue };
            if what == Happened::ExtensionGranted {
                says = granted.next().map(|one| one.told(reader)).unwrap_or(says);
            }
            let recorded_on = self.ledger.day_of(recorded.recorded_at);
            // What an acceptance says of the past is the day the work was done.
            let occurred_on = recorded.occurred_on.filter(|_| what != Happened::Accepted);
            all.push(line(occurred_on.unwrap_or(recorded_on), what, says));
        }
        all.sort_by_key(|line| line.on);
        all
    }

    /// What an event says of it, in words; `None` where it is about something else.
    #[expect(clippy::wildcard_enum_match_arm, reason = "each kind may be about another matter")]
    fn happened(&self, recorded: &Recorded, reader: NaiveDate) -> Option<(Happened, String)> {
        let id = self.id();
        let of_it = |assignment: &AssignmentId| *assignment == id;
        let date = |day: NaiveDate| near_date(day, reader);
        let until = |day: Option<NaiveDate>| match day {
            Some(day) => format!("现定{}", date(day)),
            None => "现不定时限".to_owned(),
        };
        let remark = |remark: &Option<String>| {
            let remark = remark.as_deref().map(|remark| format!("：{remark}")).unwrap_or_default();
            format!("{}{remark}", recorded.by.name)
        };
        Some(match &recorded.event {
            Event::AssignmentOpened { assignment, .. } if of_it(assignment) => {
                (Happened::TakenOver, String::new())
            }
            Event::ReceiptAcknowledged { assignment } if of_it(assignment) => {
                (Happened::Received, way_in(recorded.by.via).to_owned())
            }
            Event::ProgressReported { assignment, text, .. } if of_it(assignment) => {
                (Happened::Reported, text.clone())
            }
            Event::CompletionClaimed { assignment, done_on, text } if of_it(assignment) => {
                (Happened::Claimed, format!("{}完成：{text}", date(*done_on)))
            }
            Event::CompletionReturned(returned) if of_it(&returned.assignment) => {
                let moved = returned.new_deadline.map(|day| format!("，{}", until(Some(day))));
                (Happened::Returned, format!("{}{}", returned.reason, moved.unwrap_or_default()))
            }
            Event::CompletionAccepted(accepted) if of_it(&accepted.assignment) => {
                (Happened::Accepted, remark(&accepted.remark))
            }
            Event::TaskClosedOut { assignment, remark: checked } if of_it(assignment) => {
                (Happened::ClosedOut, remark(checked))
            }
            Event::TaskReopened { assignment, reason, again } if of_it(assignment) => {
                let moved = again.as_ref().map(|again| format!("，{}", until(Some(again.new_deadline))));
                (Happened::Reopened, format!("{reason}{}", moved.unwrap_or_default()))
            }
            Event::EvidenceSubmitted(sent) if of_it(&sent.assignment) => {
                (Happened::FileSent, sent.evidence.name.clone())
            }
            Event::AssignmentDisputed { assignment, text } if of_it(assignment) => {
                (Happened::Disputed, text.clone())
            }
            Event::DisputeSettled { assignment, answer } if of_it(assignment) => {
                (Happened::DisputeSettled, answer.clone())
            }
            Event::ExtensionRequested(asked) if of_it(&asked.assignment) => {
                (Happened::ExtensionAsked, format!("延至{}：{}", date(asked.new_deadline), asked.reason))
            }
            Event::ExtensionGranted(granted) if of_it(&granted.assignment) => {
                (Happened::ExtensionGranted, until(Some(granted.again.new_deadline)))
            }
            Event::ExtensionRefused { assignment, reason } if of_it(assignment) => {
                (Happened::ExtensionRefused, reason.clone())
            }
            Event::ChaseOrdered(chase) if of_it(&chase.assignment) => {
                (Happened::Chased, chase.words.clone().unwrap_or_default())
            }
            Event::AssignmentPaused { assignment, reason } if of_it(assignment) => {
                (Happened::Paused, reason.clone())
            }
            Event::AssignmentResumed { assignment, .. } if of_it(assignment) => {
                (Happened::Resumed, String::new())
            }
            Event::AssignmentWithdrawn { assignment, .. } if of_it(assignment) => {
                (Happened::Withdrawn, String::new())
            }
            Event::TaskWithdrawn { task, reason } if *task == id.occurrence.task.task => {
                (Happened::Withdrawn, reason.clone())
            }
            Event::DeadlineChanged { occurrence, deadline, reason, .. } if *occurrence == id.occurrence => {
                let why = if reason.is_empty() { String::new() } else { format!("：{reason}") };
                (Happened::Moved, format!("{}{why}", until(*deadline)))
            }
            Event::MatterReclassified(new) if new.occurrence == id.occurrence => {
                (Happened::Moved, format!("{}：{}", until(Some(new.again.new_deadline)), new.reason))
            }
            _ => return None,
        })
    }

    /// 录入方式, each once, in the order of what was said.
    #[must_use]
    pub fn ways_in(&self) -> Vec<&'static str> {
        let Some(record) = self.record() else { return Vec::new() };
        let mut ways: Vec<&'static str> = Vec::new();
        let receipt = record.receipt.iter().map(|receipt| receipt.via);
        let progress = record.progress.iter().map(|progress| progress.via);
        let claims = record.claims.iter().map(|claim| claim.via);
        let evidence = record.evidence.iter().map(|kept| kept.via);
        for way in receipt.chain(progress).chain(claims).chain(evidence).map(way_in) {
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    }
}

/// 录入方式
#[must_use]
pub fn way_in(via: Via) -> &'static str {
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
