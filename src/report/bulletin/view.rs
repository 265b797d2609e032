//! What a bulletin holds: facts only. How they are worded stands in `prose.rs`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::domain::{AssignmentId, BulletinState, Digest, UnitId};
use crate::report::Status;

/// A month's 督查通报. A matter counts once for each unit that must answer for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// how far it is on its way to print
    pub step: BulletinState,
    /// 第×期
    pub number: u32,
    /// the month reported on
    pub period: Period,
    /// the last day counted, included (数据截至)
    pub as_of: NaiveDate,
    /// 成文日期
    pub dated: NaiveDate,
    /// the name in red above it, 督查通报; none where the paper has a head printed on it
    pub red_head: Option<String>,
    /// 发文单位
    pub office: String,
    /// 标题, line by line: a line ends where a phrase does
    pub title: Vec<String>,
    /// 主送
    pub to: Vec<String>,
    /// 抄送
    pub copies: Vec<String>,
    /// the plans reported on
    pub plans: Vec<PlanFigures>,
    /// 一、总体情况
    pub totals: Totals,
    /// 三、反馈
    pub feedback: Feedback,
    /// 三、材料
    pub evidence: EvidenceFigures,
    /// 三、延期
    pub extensions: Extensions,
    /// whom to praise and whom to press
    pub proposals: Proposals,
    /// 四、下步要求, one paragraph each
    pub requests: Vec<String>,
    /// 附件1
    pub items: Vec<ItemRow>,
    /// matters in progress that the table leaves out, since nothing was said of them
    pub unlisted: u32,
    /// 附件2
    pub units: Vec<UnitRow>,
    /// 附件3
    pub counted: Counted,
}

/// What is said of a matter that was due on the month's last day and is not done.
pub(super) const DUE_UNDONE: &str = "到期未办结";

/// What is printed at the head of a paper that nobody has signed.
#[must_use]
pub(super) fn mark(step: BulletinState) -> Option<&'static str> {
    match step {
        BulletinState::Drafted => Some("草稿，未核数、未签发"),
        BulletinState::Checked => Some("已核数，未签发"),
        BulletinState::Signed | BulletinState::Issued => None,
    }
}

/// One plan against its own schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFigures {
    /// what letters call it
    pub short: String,
    /// 文号
    pub document_number: Option<String>,
    /// matters due from its beginning to the last day counted
    pub due_so_far: u32,
    /// of these, done
    pub done_so_far: u32,
    /// matters with a date in this year
    pub due_this_year: u32,
}

/// The month's figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// all matters followed in the month
    pub followed: u32,
    /// due in the month
    pub due_this_month: u32,
    /// overdue when the month began
    pub carried_over: u32,
    /// of the matters due: done by their deadline
    pub on_time: u32,
    /// of the matters due: done after it
    pub late: u32,
    /// of the matters due: a claim waits for review
    pub in_review: u32,
    /// of the matters due: neither done nor claimed
    pub unfinished: u32,
    /// of the matters due: paused by the office
    pub paused: u32,
    /// done in the month before it was due in a later one
    pub early: u32,
    /// not yet due, or without a date
    pub in_progress: u32,
    /// of those in progress: without a date (长期坚持)
    pub ongoing: u32,
}

impl Totals {
    /// 本期应办结: the denominator of both rates.
    #[must_use]
    pub fn due(&self) -> u32 {
        self.due_this_month.saturating_add(self.carried_over)
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            followed: self.followed + other.followed,
            due_this_month: self.due_this_month + other.due_this_month,
            carried_over: self.carried_over + other.carried_over,
            on_time: self.on_time + other.on_time,
            late: self.late + other.late,
            in_review: self.in_review + other.in_review,
            unfinished: self.unfinished + other.unfinished,
            paused: self.paused + other.paused,
            early: self.early + other.early,
            in_progress: self.in_progress + other.in_progress,
            ongoing: self.ongoing + other.ongoing,
        }
    }

    /// 办结率.
    #[must_use]
    pub fn completion(&self) -> Ratio {
        Ratio { part: self.on_time.saturating_add(self.late), whole: self.due() }
    }

    /// 按期办结率.
    #[must_use]
    pub fn on_time_rate(&self) -> Ratio {
        Ratio { part: self.on_time, whole: self.due() }
    }
}

/// A rate with both its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    /// numerator
    pub part: u32,
    /// denominator
    pub whole: u32,
}

impl Ratio {
    /// `66.7%`, rounded half up; none of nothing.
    #[must_use]
    pub fn percent(self) -> Option<String> {
        let (part, whole) = (u64::from(self.part), u64::from(self.whole));
        let tenths = (part * 1000 + whole / 2).checked_div(whole)?;
        Some(format!("{}.{}%", tenths / 10, tenths % 10))
    }
}

/// Who answered the month's collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// reply by this day, included
    pub reply_by: Option<NaiveDate>,
    /// units asked
    pub asked: u32,
    /// answered in time
    pub in_time: u32,
    /// answered later
    pub late: Vec<String>,
    /// answered for some of what was asked
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partly: Vec<String>,
    /// not answered
    pub missing: Vec<String>,
    /// how each unit that was asked answered: by its id, since names may change
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_unit: BTreeMap<UnitId, FeedbackState>,
}

/// How a unit answered a month's collection. The order is from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedbackState {
    /// it was not asked
    #[serde(rename = "未要求")]
    NotAsked,
    /// in time
    #[serde(rename = "已反馈")]
    InTime,
    /// later
    #[serde(rename = "逾期反馈")]
    Late,
    /// of some of what was asked
    #[serde(rename = "部分反馈")]
    Partly,
    /// of nothing
    #[serde(rename = "未反馈")]
    Missing,
}

impl FeedbackState {
    /// On paper.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAsked => "未要求",
            Self::InTime => "已反馈",
            Self::Late => "逾期反馈",
            Self::Partly => "部分反馈",
            Self::Missing => "未反馈",
        }
    }
}

/// What came with the claims.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFigures {
    /// claims of the month
    pub claims: u32,
    /// with material
    pub with_material: u32,
    /// units whose claims came without, each once
    pub without: Vec<String>,
    /// returned for rework
    pub returned: u32,
    /// whose material was obtained after the day on which the work is said to be done
    pub obtained_later: u32,
}

/// The month's extensions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extensions {
    /// asked for in the month: what is granted may have been asked for before it, or by nobody
    pub requested: u32,
    /// granted
    pub granted: Vec<Granted>,
    /// refused
    pub refused: u32,
    /// not yet ruled on
    pub waiting: u32,
}

/// An extension granted: the first date stays visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// the unit
    pub unit: String,
    /// the matter
    pub title: String,
    /// 原定时限
    pub from: NaiveDate,
    /// 现定时限
    pub to: NaiveDate,
    /// 批准文号, or who granted it
    pub ground: String,
}

/// Whom to name: proposals, until a person has settled them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposals {
    /// a person has settled them: only then are they part of the text
    pub settled: bool,
    /// 完成较好
    pub praised: Vec<Named>,
    /// 进展滞后
    pub lagging: Vec<Named>,
}

/// A unit and why it is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// the unit
    pub unit: String,
    /// the figures behind it
    pub ground: String,
}

/// One row of 附件1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRow {
    /// which: `plan/task/period/unit`
    pub assignment: AssignmentId,
    /// 事项
    pub title: String,
    /// 来源: document number and clause
    pub source: String,
    /// 牵头单位
    pub lead: String,
    /// 配合单位
    pub cooperate: String,
    /// 原定时限, a date or words such as 长期坚持
    pub original: String,
    /// 现定时限
    pub current: String,
    /// the same as a date, where there is one
    pub current_on: Option<NaiveDate>,
    /// how often it was extended
    pub extensions: u32,
    /// 本月进展
    pub progress: String,
    /// claimed without 印证材料
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unproved: bool,
    /// 状态
    pub status: Status,
    /// due, and neither done nor claimed: named in section 二
    pub unfinished: bool,
    /// 存在问题
    pub problem: String,
    /// 下步措施
    pub next_steps: String,
    /// 预计完成时间
    pub expected: Option<NaiveDate>,
}

/// One row of 附件2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// the unit
    pub unit: String,
    /// its figures
    pub totals: Totals,
    /// how it answered the collection
    pub feedback: FeedbackState,
    /// extensions granted to it
    pub extensions: u32,
}

/// How figures are counted, and by which the paper can be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// one sentence each
    pub rules: Vec<String>,
    /// version of the rules of lights
    pub rule_version: String,
    /// position of the last event folded
    pub position: u64,
    /// that event's hash
    pub head: Digest,
}

impl ItemRow {
    /// Neither 下步措施 nor 预计完成时间 was told.
    #[must_use]
    pub fn is_unplanned(&self) -> bool {
        self.expected.is_none() && self.next_steps.is_empty()
    }
}

impl Bulletin {
    /// The matters of section 二, in the order of the table.
    pub fn unfinished(&self) -> impl Iterator<Item = &ItemRow> {
        self.items.iter().filter(|row| row.unfinished)
    }

    /// What the square code says: enough to ask the journal whether this paper is its own.
    #[must_use]
    pub fn code(&self) -> String {
        let Counted { position, head, .. } = &self.counted;
        format!(
            "duban bulletin {} no.{}\ndata as of {}\nposition {position}\nhead {head}",
            self.period, self.number, self.as_of
        )
    }
}
