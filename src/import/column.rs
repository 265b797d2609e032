//! The columns of a ledger (台账), by their Chinese names and the synonyms that offices use.

use serde::Serialize;

use super::fold::folded;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// 编号
    Number,
    /// 平台编号
    PlatformNumber,
    /// 类别
    Category,
    /// 来源文号
    Source,
    /// 条款/清单序号
    Clause,
    /// 事项: a short name
    Title,
    /// 任务原文
    Text,
    /// 牵头单位
    Lead,
    /// 分管负责人: a person
    Leader,
    /// 联络员: a person
    Contact,
    /// 配合单位
    Cooperate,
    /// 完成标准
    Standard,
    /// 完成时限; 原定时限 where 现定时限 stands beside it
    Due,
    /// 现定时限
    CurrentDue,
    /// 延期次数
    Extensions,
    /// 批准依据
    Approval,
    /// 交办时间
    ToldOn,
    /// 签收时间
    ReceiptOn,
    /// 签收人: a person
    ReceiptBy,
    /// 最近反馈时间
    ReportedOn,
    /// 进展
    Progress,
    /// 存在问题
    Problem,
    /// 下步措施
    NextSteps,
    /// 提醒次数
    Reminders,
    /// 催办次数
    Chases,
    /// 申请办结时间
    ClaimedOn,
    /// 单位填报完成日
    DoneOn,
    /// 审核意见
    Verdict,
    /// 审核人: a person
    Reviewer,
    /// 办结时间
    AcceptedOn,
    /// 销号时间
    ClosedOutOn,
    /// 状态
    Status,
    /// 超期天数: counted anew
    OverdueDays,
    /// 印证材料清单
    Evidence,
    /// 密级: what is marked so is not taken in
    Secrecy,
    /// 一般 or 复杂, of a matter (13710)
    Class,
    /// whether a matter's days run through days off
    DayCount,
    /// 录入方式
    Way,
    /// 备注
    Remark,
}

/// How a column's name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// it is one of the names; the lower the number, the better the name
    Exact(usize),
    /// it holds one of the names: `6月进展情况`
    Within(usize),
}

type Names = (Column, &'static [&'static str]);

/// Names as they stand after folding; the first of each is the ledger's own.
const NAMES: &[Names] = &[
    (Column::PlatformNumber, &["平台编号", "省平台编号", "13710编号", "系统编号"]),
    (Column::Number, &["编号", "事项编号", "任务编号", "督办编号", "台账编号", "序号", "no", "no.", "号"]),
    (Column::Category, &["类别", "分类", "事项类别", "任务类别", "领域", "类型"]),
    (
        Column::Source,
        &[
            "来源文号",
            "来源",
            "依据",
            "文号",
            "任务来源",
            "文件来源",
            "依据文号",
            "来源依据",
            "工作依据",
            "交办依据",
            "文件依据",
        ],
    ),
    (Column::Clause, &["条款/清单序号", "条款", "清单序号", "条款序号", "条款号", "条目"]),
    (
        Column::Title,
        &["事项", "事项名称", "任务名称", "项目", "项目名称", "督办事项", "工作事项", "重点事项"],
    ),
    (
        Column::Text,
        &[
            "任务原文",
            "任务内容",
            "工作内容",
            "任务",
            "主要内容",
            "工作任务",
            "重点任务",
            "目标任务",
            "具体任务",
            "交办内容",
            "交办事项",
            "督办内容",
            "事项内容",
            "具体内容",
            "重点工作",
            "主要任务",
            "任务事项",
            "工作措施",
            "工作要求",
            "任务描述",
            "内容",
        ],
    ),
    (
        Column::Lead,
        &[
            "牵头单位",
            "责任单位",
            "主办单位",
            "承办单位",
            "牵头部门",
            "责任部门",
            "主办部门",
            "牵头责任单位",
            "落实单位",
            "责任主体",
            "承办部门",
            "牵头",
            "主办",
            "责任单位及配合单位",
            "责任单位(牵头/配合)",
            "牵头单位/责任单位",
            "牵头/责任单位",
        ],
    ),
    (
        Column::Cooperate,
        &[
            "配合单位",
            "协办单位",
            "配合部门",
            "协办部门",
            "参与单位",
            "协同单位",
            "配合责任单位",
            "责任配合单位",
            "配合",
            "协办",
        ],
    ),
    (
        Column::Leader,
        &[
            "分管负责人",
            "责任人",
            "分管领导",
            "责任领导",
            "牵头领导",
            "包联领导",
            "负责人",
            "主要负责人",
            "县级领导",
            "单位负责人",
        ],
    ),
    (
        Column::Contact,
        &["联络员", "经办人", "联系人", "具体经办人", "联系电话", "联络员及电话", "电话", "联系方式"],
    ),
    (
        Column::Standard,
        &[
            "完成标准",
            "完成标志",
            "工作标准",
            "验收标准",
            "目标",
            "工作目标",
            "完成目标",
            "预期目标",
            "目标要求",
        ],
    ),
    (
        Column::Due,
        &[
            "原定时限",
            "完成时限",
            "办结时限",
            "时限",
            "原定完成时限",
            "时限要求",
            "办理时限",
            "时间要求",
            "截止时间",
            "截止日期",
            "要求完成时间",
            "要求完成时限",
            "完成期限",
            "办理期限",
            "期限",
            "时间节点",
            "规定时限",
            "计划完成时间",
            "时限原定",
            "原时限",
            "要求办结时间",
            "完成时间要求",
        ],
    ),
    (
        Column::CurrentDue,
        &[
            "现定时限",
            "现时限",
            "延期后时限",
            "调整后时限",
            "现完成时限",
            "时限现定",
            "延期至",
            "新时限",
            "变更后时限",
        ],
    ),
    (Column::Extensions, &["延期次数", "延期", "延期情况"]),
    (Column::Approval, &["批准依据", "延期依据", "延期批准依据", "延期批准文号", "延期审批"]),
    (Column::ToldOn, &["交办时间", "交办日期", "下达时间", "下发时间", "立项时间", "派发时间", "转办时间"]),
    (Column::ReceiptOn, &["签收时间", "签收日期", "接收时间", "签收"]),
    (Column::ReceiptBy, &["签收人", "接收人"]),
    (Column::ReportedOn, &["最近反馈时间", "反馈时间", "反馈日期", "最新反馈时间", "上报时间", "最近反馈"]),
    (
        Column::Progress,
        &[
            "进展",
            "进展情况",
            "反馈",
            "反馈情况",
            "工作进展",
            "完成情况",
            "落实情况",
            "办理情况",
            "推进情况",
            "目前进展",
            "办理进展",
            "本月进展",
            "最新进展",
            "反馈内容",
            "办理结果",
            "进度",
            "工作进展情况",
        ],
    ),
    (
        Column::Problem,
        &["存在问题", "问题", "存在的问题", "困难和问题", "存在困难", "未完成原因", "原因", "问题及原因"],
    ),
    (
        Column::NextSteps,
        &[
            "下步措施",
            "下一步措施",
            "下步打算",
            "下一步打算",
            "下一步工作",
            "下步工作",
            "下一步计划",
            "下步措施及预计完成时间",
            "整改措施",
            "下一步工作打算",
        ],
    ),
    (Column::Reminders, &["提醒次数"]),
    (Column::Chases, &["催办次数", "催办", "督办次数"]),
    (Column::ClaimedOn, &["申请办结时间", "申请办结日期", "申请销号时间", "申请办结"]),
    (Column::DoneOn, &["单位填报完成日", "实际完成时间", "完成日期", "实际完成日期", "单位完成时间"]),
    (Column::Verdict, &["审核意见", "审核结果", "核查意见", "督查意见", "审核情况"]),
    (Column::Reviewer, &["审核人", "核查人"]),
    (Column::AcceptedOn, &["办结时间", "办结日期", "审核办结时间"]),
    (Column::ClosedOutOn, &["销号时间", "销号日期", "销号"]),
    (
        Column::Status,
        &[
            "状态",
            "办理状态",
            "办结状态",
            "是否完成",
            "是否办结",
            "完成状态",
            "任务状态",
            "灯号",
            "亮灯",
            "亮灯情况",
        ],
    ),
    (Column::OverdueDays, &["超期天数", "逾期天数"]),
    (Column::Evidence, &["印证材料清单", "印证材料", "佐证材料", "证明材料", "支撑材料", "附件"]),
    (Column::Secrecy, &["密级", "是否涉密", "涉密", "涉密情况", "保密级别", "定密"]),
    (Column::Class, &["办理类别", "难易程度", "复杂程度", "一般/复杂", "一般或复杂", "事项难度", "是否复杂"]),
    (
        Column::DayCount,
        &[
            "计日方式",
            "时限计算",
            "天数计算",
            "是否含节假日",
            "是否包含节假日",
            "含节假日",
            "包含节假日",
            "是否含休息日",
        ],
    ),
    (Column::Way, &["录入方式"]),
    (Column::Remark, &["备注", "备注(推定、冲突)", "说明", "备注说明"]),
];

/// Names that one office uses for the deadline and another for the day it was done.
pub(super) const EITHER_TIME: &[&str] = &["完成时间", "办理时间", "完成日"];

/// Shortest name that is looked for within a longer one, in characters.
const WITHIN_CHARS_MIN: usize = 2;

impl Column {
    /// Its name in the ledger that duban writes.
    #[must_use]
    pub fn name(self) -> &'static str {
        let names = NAMES.iter().find(|(column, _)| *column == self).map(|(_, names)| *names);
        names.and_then(|names| names.first().copied()).unwrap_or_default()
    }

    /// Whether people stand in it. Those are kept apart from the journal.
    #[must_use]
    pub fn holds_people(self) -> bool {
        matches!(self, Self::Leader | Self::Contact | Self::ReceiptBy | Self::Reviewer)
    }

    /// The column of this name. Brackets and what stands in them, marks and numbering don't matter.
    #[must_use]
    pub fn named(name: &str) -> Option<(Self, Fit)> {
        let whole = bare(&folded(name));
        if whole.is_empty() {
            return None;
        }
        let outside = bare(&without_brackets(&whole));
        let exact =
            [&whole, &outside].into_iter().filter(|text| !text.is_empty()).find_map(|text| exact(text));
        exact.or_else(|| within(&outside))
    }
}

fn exact(text: &str) -> Option<(Column, Fit)> {
    NAMES.iter().find_map(|(column, names)| {
        let place = names.iter().position(|name| folded(name) == text)?;
        Some((*column, Fit::Exact(place)))
    })
}

/// The longest name that ends the text, else the longest in it: `县直责任单位`, `2021年6月进展情况`.
fn within(text: &str) -> Option<(Column, Fit)> {
    let long = |name: &&&str| name.chars().count() >= WITHIN_CHARS_MIN;
    let all =
        || NAMES.iter().flat_map(|(column, names)| names.iter().filter(long).map(|name| (*column, *name)));
    let longest = |holds: &dyn Fn(&str) -> bool| {
        all().filter(|(_, name)| holds(&folded(name))).max_by_key(|(_, name)| name.chars().count())
    };
    let found = longest(&|name| text.ends_with(name)).or_else(|| longest(&|name| text.contains(name)));
    found.map(|(column, name)| (column, Fit::Within(name.chars().count())))
}

/// Without numbering and marks at its ends: `1.事项`, `*事项`, `事项:`.
pub(super) fn bare(folded: &str) -> String {
    let mark = |c: char| !(c.is_alphanumeric() || c == '(' || c == ')');
    let text = folded.trim_matches(mark).trim_start_matches(|c: char| c.is_ascii_digit() || mark(c));
    // `13710编号` is a name of its own.
    if folded.starts_with("13710") { folded.to_owned() } else { text.to_owned() }
}

pub(super) fn without_brackets(folded: &str) -> String {
    let mut depth: u32 = 0;
    let mut out = String::new();
    for c in folded.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_name_leads_to_two_columns() {
        let mut seen: BTreeMap<String, Column> = BTreeMap::new();
        for (column, names) in NAMES {
            for name in *names {
                assert_eq!(seen.insert(folded(name), *column), None, "{name}");
            }
        }
    }

    #[test]
    fn every_column_that_the_ledger_has_is_known_by_its_own_name() {
        let ledger = "编号 | 平台编号 | 类别 | 来源文号 | 条款/清单序号 | 任务原文 | 牵头单位 | 分管负责人 | 联络员 | 配合单位 | \
            完成标准 | 原定时限 | 现定时限 | 延期次数 | 批准依据 | 交办时间 | 签收时间 | 签收人 | 最近反馈时间 | 进展 | 存在问题 | \
            下步措施 | 提醒次数 | 催办次数 | 申请办结时间 | 单位填报完成日 | 审核意见 | 审核人 | 办结时间 | 销号时间 | 状态 | \
            超期天数 | 印证材料清单 | 录入方式 | 备注(推定、冲突)";
        let mut columns: Vec<Column> = Vec::new();
        for name in ledger.split('|') {
            let (column, fit) = Column::named(name).unwrap();
            assert!(matches!(fit, Fit::Exact(_)), "{name}");
            columns.push(column);
        }
        columns.sort_unstable();
        columns.dedup();
        assert_eq!(columns.len(), 35, "each is another column");
    }

    #[test]
    fn names_are_known_as_clerks_write_them() {
        for (name, column) in [
            ("序 号", Column::Number),
            ("事项", Column::Title),
            ("任务\n内容", Column::Text),
            ("牵头单位（责任单位）", Column::Lead),
            ("责任单位", Column::Lead),
            ("主办单位：", Column::Lead),
            ("协办单位", Column::Cooperate),
            ("完成时限（以文件为准）", Column::Due),
            ("１．完成时限", Column::Due),
            ("*时限", Column::Due),
            ("现定时限", Column::CurrentDue),
            ("２０２１年６月进展情况", Column::Progress),
            ("来源/依据", Column::Source),
            ("13710平台编号", Column::PlatformNumber),
            ("县级分管领导", Column::Leader),
            ("下一步打算", Column::NextSteps),
        ] {
            assert_eq!(Column::named(name).map(|(column, _)| column), Some(column), "{name}");
        }
        for name in ["", "　", "金额", "完成时间", "——"] {
            assert_eq!(Column::named(name), None, "{name}");
        }
    }
}
