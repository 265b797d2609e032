//! What an office's old ledger (旧台账) said of a task when it was imported: a record of what others noted,
//! kept beside the task. It is never a receipt, a claim or an acceptance of ours.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{Digest, TaskSlug};

/// What comes with a plan that was read from an old ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// which sheet
    pub note: ImportNote,
    /// what it said of each task
    pub rows: BTreeMap<TaskSlug, ImportedRow>,
}

/// The sheet that a plan was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportNote {
    /// name of the file
    pub file: String,
    /// of its bytes
    pub digest: Digest,
    /// name of the sheet
    pub sheet: String,
    /// rows that became tasks
    pub rows: u32,
    /// rows that were not understood and that the office left out
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u32,
    /// what was read so because the sheet does not say it: figures of the report
    #[serde(default, skip_serializing_if = "is_zero")]
    pub assumed: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if hands over a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What the old ledger said of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskHistory {
    /// which
    pub task: TaskSlug,
    /// its row
    pub row: ImportedRow,
}

/// One row of the old ledger, as far as it does not stand in the task itself. People's names are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportedRow {
    /// the row in the sheet, from 1
    pub row: u32,
    /// 编号, 序号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// 平台编号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_number: Option<String>,
    /// 类别
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// 来源文号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// 条款, 清单序号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// the words of the deadline's cell
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_text: Option<String>,
    /// 原定时限, where the deadline had moved before the import
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_deadline: Option<NaiveDate>,
    /// 延期次数
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<u32>,
    /// 批准依据
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// 交办时间
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_on: Option<NaiveDate>,
    /// 签收时间
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_on: Option<NaiveDate>,
    /// 最近反馈时间
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<NaiveDate>,
    /// 进展
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<String>,
    /// 存在问题
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// 下步措施
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_steps: Option<String>,
    /// 提醒次数
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminders: Option<u32>,
    /// 催办次数
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chases: Option<u32>,
    /// 申请办结时间
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_on: Option<NaiveDate>,
    /// 单位填报完成日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_on: Option<NaiveDate>,
    /// 审核意见
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// 办结时间
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<NaiveDate>,
    /// 销号时间
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_out_on: Option<NaiveDate>,
    /// 状态
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// 印证材料
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// 录入方式
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<String>,
    /// 备注
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}
