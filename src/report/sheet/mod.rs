//! The ledger (台账) as a sheet: one view, written as .xlsx, .csv and .json.

mod fill;
mod workbook;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use fill::journal_mark;

use super::Status;
use super::cells::csv;
use super::paper::{self, PaperFault};
use crate::words::{clean, row};

/// The ledger as of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// its head
    pub head: SheetHead,
    /// one a matter and unit
    pub rows: Vec<SheetLine>,
}

/// What stands above the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetHead {
    /// its title
    pub title: String,
    /// 依据文号
    pub documents: Vec<String>,
    /// 数据截至
    pub as_of: NaiveDate,
    /// position of the last event folded
    pub position: u64,
    /// the first digits of the journal's own number: which journal's position that is
    pub journal: String,
    /// 口径版本
    pub rule_version: String,
    /// 制表单位
    pub office: String,
    /// with plans that are over
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_closed: bool,
}

/// One line. Days are civil days of the office's zone; empty where nothing happened yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetLine {
    /// 编号: plan/task/period/unit
    pub id: String,
    /// 平台编号, of the province's platform
    pub platform_number: String,
    /// 类别: 计划任务, 月调度 or 交办事项
    pub category: String,
    /// 来源文号
    pub document_number: String,
    /// 条款/清单序号
    pub clause: String,
    /// 任务原文
    pub text: String,
    /// 牵头单位: the unit that answers
    pub lead: String,
    /// 分管负责人
    pub leader: String,
    /// 联络员
    pub contact: String,
    /// 配合单位
    pub cooperate: Vec<String>,
    /// 完成标准
    pub standard: String,
    /// 原定时限: a day, or the document's words where it has none
    pub original: Term,
    /// 现定时限
    pub current: Term,
    /// 延期次数
    pub extensions: u32,
    /// 批准依据
    pub granted_by: String,
    /// 交办时间
    pub assigned_on: Option<NaiveDate>,
    /// 签收时间
    pub received_on: Option<NaiveDate>,
    /// 签收人
    pub received_by: String,
    /// 最近反馈时间
    pub reported_on: Option<NaiveDate>,
    /// 进展
    pub progress: String,
    /// 存在问题
    pub problem: String,
    /// 下步措施
    pub next_steps: String,
    /// 提醒次数
    pub reminders: u32,
    /// 催办次数
    pub chases: u32,
    /// 申请办结时间
    pub claimed_on: Option<NaiveDate>,
    /// 单位填报完成日
    pub done_on: Option<NaiveDate>,
    /// 审核意见
    pub verdict: String,
    /// 审核人
    pub reviewer: String,
    /// 办结时间
    pub accepted_on: Option<NaiveDate>,
    /// 销号时间
    pub closed_out_on: Option<NaiveDate>,
    /// 状态
    pub status: Option<Status>,
    /// 超期天数
    pub overdue_days: Option<u32>,
    /// 印证材料清单: names with their dates
    pub evidence: Vec<String>,
    /// 录入方式
    pub ways_in: Vec<String>,
    /// 备注: what was assumed, what contradicts
    pub remarks: Vec<String>,
}

/// A deadline: a day, or words where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Term {
    /// a day, included
    Day(NaiveDate),
    /// 长期坚持, 时间待定：…
    Words(String),
}

impl Default for Term {
    fn default() -> Self {
        Self::Words(String::new())
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Day(Option<NaiveDate>),
    Count(Option<u32>),
}

impl Value {
    /// As text: a day as 2021-06-30.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Day(day) => day.map(|day| day.to_string()).unwrap_or_default(),
            Self::Count(count) => count.map(|count| count.to_string()).unwrap_or_default(),
        }
    }
}

/// The columns in order, each with the width that it takes at most, in columns of half a Chinese character.
pub(super) const COLUMNS: [(&str, f64); 35] = [
    ("编号", 19.0),
    ("平台编号", 8.0),
    ("类别", 5.6),
    ("来源文号", 8.0),
    ("条款/清单序号", 8.0),
    ("任务原文", 36.0),
    ("牵头单位", 8.0),
    ("分管负责人", 5.5),
    ("联络员", 6.0),
    ("配合单位", 11.0),
    ("完成标准", 10.0),
    ("原定时限", 8.8),
    ("现定时限", 8.8),
    ("延期次数", 4.2),
    ("批准依据", 8.0),
    ("交办时间", 8.8),
    ("签收时间", 8.8),
    ("签收人", 6.0),
    ("最近反馈时间", 8.8),
    ("进展", 18.0),
    ("存在问题", 12.0),
    ("下步措施", 12.0),
    ("提醒次数", 4.2),
    ("催办次数", 4.2),
    ("申请办结时间", 8.8),
    ("单位填报完成日", 8.8),
    ("审核意见", 9.0),
    ("审核人", 6.0),
    ("办结时间", 8.8),
    ("销号时间", 8.8),
    ("状态", 7.0),
    ("超期天数", 4.2),
    ("印证材料清单", 13.0),
    ("录入方式", 5.5),
    ("备注（推定、冲突）", 20.0),
];

impl SheetLine {
    /// The cells in the order of [`COLUMNS`].
    pub(super) fn cells(&self) -> [Value; 35] {
        let text = |text: &str| Value::Text(lines(text));
        let term = |term: &Term| match term {
            Term::Day(day) => Value::Day(Some(*day)),
            Term::Words(words) => text(words),
        };
        let each = |texts: &[String]| {
            Value::Text(texts.iter().map(|text| clean(text)).collect::<Vec<_>>().join("；\n"))
        };
        [
            text(&self.id),
            text(&self.platform_number),
            text(&self.category),
            text(&self.document_number),
            text(&self.clause),
            text(&self.text),
            text(&self.lead),
            text(&self.leader),
            text(&self.contact),
            Value::Text(row(&self.cooperate)),
            text(&self.standard),
            term(&self.original),
            term(&self.current),
            Value::Count(Some(self.extensions)),
            text(&self.granted_by),
            Value::Day(self.assigned_on),
            Value::Day(self.received_on),
            text(&self.received_by),
            Value::Day(self.reported_on),
            text(&self.progress),
            text(&self.problem),
            text(&self.next_steps),
            Value::Count(Some(self.reminders)),
            Value::Count(Some(self.chases)),
            Value::Day(self.claimed_on),
            Value::Day(self.done_on),
            text(&self.verdict),
            text(&self.reviewer),
            Value::Day(self.accepted_on),
            Value::Day(self.closed_out_on),
            Value::Text(self.status.as_ref().map(|status| clean(&status.shown())).unwrap_or_default()),
            Value::Count(self.overdue_days),
            each(&self.evidence),
            Value::Text(row(&self.ways_in)),
            each(&self.remarks),
        ]
    }
}

/// Each line cleaned, empty ones left out.
fn lines(text: &str) -> String {
    text.lines().map(clean).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

impl Sheet {
    /// The workbook (.xlsx): A3 laid across, one header row that stays in sight and is printed on every page.
    ///
    /// # Errors
    /// [`PaperFault::Workbook`] where the rows don't fit into one.
    pub fn xlsx(&self) -> Result<Vec<u8>, PaperFault> {
        workbook::workbook(self)
    }

    /// Comma-separated values with a byte order mark, as Excel opens them; the head is left out.
    ///
    /// # Errors
    /// [`PaperFault::Csv`] where they can't be written.
    pub fn csv(&self) -> Result<Vec<u8>, PaperFault> {
        let rows = self.rows.iter().map(|line| line.cells().map(Value::into_text));
        csv(COLUMNS.map(|(name, _)| name.to_owned()), rows)
    }

    /// The view as JSON, for other programs.
    ///
    /// # Errors
    /// [`PaperFault::Json`] where it can't be serialised.
    pub fn json(&self) -> Result<Vec<u8>, PaperFault> {
        paper::json(self)
    }
}
