//! What happened to a matter, line by line: from being told to being closed out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Extension, MatterView};
use crate::domain::{Claim, Via};
use crate::words::near_date;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// 交办
    Told,
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
    /// 异议
    Disputed,
    /// 提交材料
    FileSent,
    /// 办结
    Accepted,
    /// 销号
    ClosedOut,
}

impl Happened {
    /// In Chinese.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Told => "交办",
            Self::Received => "签收",
            Self::Reported => "反馈",
            Self::Claimed => "申请办结",
            Self::Returned => "退回",
            Self::ExtensionAsked => "申请延期",
            Self::ExtensionGranted => "批准延期",
            Self::Disputed => "提出异议",
            Self::FileSent => "提交材料",
            Self::Accepted => "办结",
            Self::ClosedOut => "销号",
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
    /// What happened to it, oldest first; of reports the last.
    #[must_use]
    pub fn history(&self, reader: NaiveDate) -> Vec<HistoryLine> {
        let line = |on, what, says: String| HistoryLine { on, what, says };
        let mut all = Vec::new();
        all.extend(self.told_on().map(|on| line(on, Happened::Told, String::new())));
        if let Some(receipt) = self.receipt() {
            let says = if receipt.implied { "随反馈签收" } else { way_in(receipt.via) };
            all.push(line(receipt.on, Happened::Received, says.to_owned()));
        }
        for claim in self.claims() {
            all.extend(of_claim(claim, reader));
        }
        for kept in self.files() {
            all.push(line(kept.received_on, Happened::FileSent, kept.evidence.name.clone()));
        }
        if let Some(record) = self.record() {
            if let Some(told) = &record.progress {
                all.push(line(told.on, Happened::Reported, told.text.clone()));
            }
            if let Some(asked) = &record.extension {
                let says = format!("延至{}：{}", near_date(asked.new_deadline, reader), asked.reason);
                all.push(line(asked.on, Happened::ExtensionAsked, says));
            }
            if let Some((on, words)) = &record.dispute {
                all.push(line(*on, Happened::Disputed, words.clone()));
            }
        }
        let granted =
            |one: &Extension<'_>| line(one.granted.on, Happened::ExtensionGranted, one.told(reader));
        all.extend(self.extensions().iter().map(granted));
        for (what, verdict) in
            [(Happened::Accepted, self.accepted()), (Happened::ClosedOut, self.closed_out())]
        {
            if let Some(verdict) = verdict {
                let remark = verdict.remark.as_deref().map(|remark| format!("：{remark}"));
                all.push(line(verdict.on, what, format!("{}{}", verdict.by, remark.unwrap_or_default())));
            }
        }
        all.sort_by_key(|line| (line.on, line.what));
        all
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

/// A claim, and its return where it came back.
fn of_claim(claim: &Claim, reader: NaiveDate) -> Vec<HistoryLine> {
    let says = format!("{}完成：{}", near_date(claim.done_on, reader), claim.text);
    let mut lines = vec![HistoryLine { on: claim.on, what: Happened::Claimed, says }];
    if let Some((on, why)) = &claim.returned {
        lines.push(HistoryLine { on: *on, what: Happened::Returned, says: why.clone() });
    }
    lines
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
