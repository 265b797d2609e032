//! The words of the 反馈表 by which it is known again when it comes back: `letter` writes it, `intake` reads it.

/// The attachment's name.
pub const FILE: &str = "反馈表.xlsx";
/// Name of its one sheet.
pub const SHEET: &str = "反馈表";
/// Begins the hidden cell that names the letter; below it stand the assignments, a row each.
pub const MARK: &str = "duban 反馈表 1 ";

/// A column that a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// counted from 1
    Number,
    /// which matter
    Matter,
    /// where it stands in its document, and by when it is due
    Source,
    /// one of [`Reply::ALL`]
    Reply,
    /// the day it was done
    DoneOn,
    /// how far it is, or how it was done
    Account,
    /// what hinders; of an extension, why
    Problem,
    /// the date asked for
    Until,
}

impl Column {
    /// From left to right.
    pub const ALL: [Self; 8] = [
        Self::Number,
        Self::Matter,
        Self::Source,
        Self::Reply,
        Self::DoneOn,
        Self::Account,
        Self::Problem,
        Self::Until,
    ];

    /// What stands at its head.
    #[must_use]
    pub fn head(self) -> &'static str {
        match self {
            Self::Number => "序号",
            Self::Matter => "事项",
            Self::Source => "条款、时限",
            Self::Reply => "办理情况",
            Self::DoneOn => "完成日期",
            Self::Account => "情况说明",
            Self::Problem => "存在问题",
            Self::Until => "延期至",
        }
    }

    /// Whether the unit fills it in.
    #[must_use]
    pub fn is_answer(self) -> bool {
        self >= Self::Reply
    }
}

/// What can be chosen as 办理情况.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// asks for 办结
    Done,
    /// under way
    Underway,
    /// nothing new this month
    Unchanged,
    /// something hinders it
    Trouble,
    /// asks for a later date
    Extension,
    /// objects to lead or date
    Dispute,
}

impl Reply {
    /// In the order of the list.
    pub const ALL: [Self; 6] =
        [Self::Done, Self::Underway, Self::Unchanged, Self::Trouble, Self::Extension, Self::Dispute];

    /// The word in the list.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "已完成",
            Self::Underway => "推进中",
            Self::Unchanged => "无变化",
            Self::Trouble => "有困难",
            Self::Extension => "申请延期",
            Self::Dispute => "有异议",
        }
    }
}

/// Who filled it in, at the foot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// name
    Name,
    /// post
    Post,
    /// phone
    Phone,
}

impl Signed {
    /// From left to right.
    pub const ALL: [Self; 3] = [Self::Name, Self::Post, Self::Phone];

    /// What stands before it.
    #[must_use]
    pub fn head(self) -> &'static str {
        match self {
            Self::Name => "填表人",
            Self::Post => "职务",
            Self::Phone => "电话",
        }
    }
}
