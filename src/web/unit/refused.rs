//! Why something was not taken, as the office says it, and the field that puts it right.

use chrono::NaiveDate;

use super::kind::TAKEN;
use crate::domain::State;
use crate::domain::answer::{ANSWER_BYTES_MAX, ANSWERS_MAX, EVIDENCE_MAX};
use crate::domain::command::Refusal;
use crate::domain::quota::{HAND_INS_PER_LINK_MAX, HAND_INS_PER_UNIT_MAX, UsedUp};
use crate::words::{clean, near_date};

/// Bytes of a Chinese character in UTF-8.
const BYTES_A_CHARACTER: usize = 3;

/// Which field of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Choice,
    DoneOn,
    DoneText,
    Progress,
    Problem,
    Ask,
    NextSteps,
    NewDeadline,
    Dispute,
    ObtainedOn,
    Files,
    Approval,
}

impl Field {
    /// Those of words.
    const WORDS: [Self; 9] = [
        Self::DoneOn,
        Self::DoneText,
        Self::Progress,
        Self::Problem,
        Self::Ask,
        Self::NextSteps,
        Self::NewDeadline,
        Self::Dispute,
        Self::ObtainedOn,
    ];

    /// The field of words of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|field| field.name() == name)
    }

    /// As in names and ids.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::DoneOn => "done_on",
            Self::DoneText => "done_text",
            Self::Progress => "progress",
            Self::Problem => "problem",
            Self::Ask => "ask",
            Self::NextSteps => "next_steps",
            Self::NewDeadline => "new_deadline",
            Self::Dispute => "dispute",
            Self::ObtainedOn => "obtained_on",
            Self::Files => "files",
            Self::Approval => "approval",
        }
    }
}

/// Why a file was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileRefused {
    /// larger than this, in MiB
    TooLarge(u64),
    /// all files together larger than this, in MiB
    TooMuch(u64),
    /// nothing in it
    Empty,
    /// of no kind that is taken
    Kind,
    /// too many of one matter
    TooMany,
    /// no room on the disk
    NoRoom,
    /// the disk refused
    Disk,
    /// all files that came through the link today are more than this, in MiB
    DayFull(u64),
    /// what is left on the disk is kept for others
    ShareFull,
    /// the line broke
    Lost,
}

/// Said where a claim says nothing.
pub(super) const DONE_TEXT_WANTED: &str = "请填写完成情况：做了什么、做到什么程度";

/// The words for a file.
pub(super) fn file_words(name: &str, why: FileRefused) -> String {
    let name = if name.is_empty() { "所选文件" } else { name };
    match why {
        FileRefused::TooLarge(mib) => {
            format!("“{name}”超过{mib}MB，未接收。请压缩或拆分后重新选择")
        }
        FileRefused::TooMuch(mib) => {
            format!("一次提交的材料合计超过{mib}MB，“{name}”未接收。请先保存，再分次添加")
        }
        FileRefused::Empty => format!("“{name}”是空文件，未接收。请检查后重新选择"),
        FileRefused::Kind => format!("“{name}”的类型不能接收。可接收：{TAKEN}；网页、程序和脚本不接收"),
        FileRefused::TooMany => {
            format!("每项最多{EVIDENCE_MAX}份材料，“{name}”未接收。请打包成ZIP，或移除几份后再添加")
        }
        FileRefused::NoRoom => format!("系统存储空间不足，“{name}”未接收。请与发件单位联系，已填内容已保存"),
        FileRefused::DayFull(mib) => format!(
            "本链接今天上传的材料合计已达{mib}MB，“{name}”未接收。请明天再传；必须今天报送的，请与发件单位联系，用光盘或纸质件报送"
        ),
        FileRefused::ShareFull => format!(
            "系统剩余空间不多，要留给其他单位，“{name}”未接收。请压缩后再传，或与发件单位联系，用光盘或纸质件报送"
        ),
        FileRefused::Disk => format!("系统未能保存“{name}”，请稍后重新选择；仍不行的，请与发件单位联系"),
        FileRefused::Lost => format!("“{name}”没有传完，未接收。请重新选择"),
    }
}

/// The words for a field of which only the beginning was kept.
pub(super) fn cut_words() -> String {
    let most = ANSWER_BYTES_MAX / BYTES_A_CHARACTER;
    format!("内容过长，只保存了前面一部分。请控制在{most}字以内，其余可作为材料上传")
}

/// The words for a decision of the office's rules, and the field they belong to; `None`: to no field.
#[expect(clippy::too_many_lines, reason = "one arm a refusal, each its words")]
pub(super) fn words(why: &Refusal, today: NaiveDate) -> (Option<Field>, String) {
    let date = |day: &NaiveDate| near_date(*day, today);
    let (field, words) = match why {
        Refusal::InAnswer { why, .. } => return self::words(why, today),
        Refusal::NothingSaid => (None, "尚未填报任何事项。请至少选择一项后再提交".to_owned()),
        Refusal::TooManyAnswers { .. } => (None, format!("一次最多报送{ANSWERS_MAX}项，请分次提交")),
        Refusal::LinkUsedUp(what) => (None, used_up_words(*what)),
        Refusal::AnsweredTwice => {
            (Some(Field::Choice), "本事项在一次提交中出现两次，请重新打开页面填报".to_owned())
        }
        Refusal::ForeignMatter(_) => (Some(Field::Choice), "本事项不由你单位填报，请改选“不填”".to_owned()),
        Refusal::AnswerItsMatters => (Some(Field::Choice), "月调度请逐项反馈，不单独填报".to_owned()),
        Refusal::AnotherAnswers { .. } => (
            Some(Field::Choice),
            "本事项由牵头单位统一反馈，你单位不必申请办结；情况可按“推进中”填报".to_owned(),
        ),
        Refusal::OnlyForetold => (Some(Field::Choice), "须避开的时段只作提醒，不必申请办结".to_owned()),
        Refusal::NotOpen { state, .. } => (Some(Field::Choice), over(state)),
        Refusal::DayAhead { day, .. } => {
            (Some(Field::DoneOn), format!("{}还没有到，请填写今天或以前的日期", date(day)))
        }
        Refusal::DoneAfterSaid { said_on, .. } => (
            Some(Field::DoneOn),
            format!("完成日期不能晚于反馈日期{}，请填写当天或以前的日期", date(said_on)),
        ),
        Refusal::ClaimedAlready => (
            Some(Field::Choice),
            "本事项已申请办结，正在审核，不能重复申请。需要补充的，请改选“补充材料”".to_owned(),
        ),
        Refusal::NoDeadline => {
            (Some(Field::NewDeadline), "本事项没有完成时限，无须申请延期，请取消勾选“申请延期”".to_owned())
        }
        Refusal::FixedDeadline { deadline } => (
            Some(Field::NewDeadline),
            format!("本事项{}的时限不可延期，请取消勾选“申请延期”，写明问题和下步措施", date(deadline)),
        ),
        Refusal::ExtensionWaits => (
            Some(Field::NewDeadline),
            "延期申请已提交，正在审核，不能重复申请，请取消勾选“申请延期”".to_owned(),
        ),
        Refusal::ExtensionLate { deadline } => (
            Some(Field::NewDeadline),
            format!(
                "延期应在到期前申请，本事项已于{}到期。请取消勾选“申请延期”，写明原因和预计完成时间",
                date(deadline)
            ),
        ),
        Refusal::NoExtension { deadline, .. } => {
            (Some(Field::NewDeadline), format!("新的完成时间应晚于现定时限{}", date(deadline)))
        }
        Refusal::AnswerTooLong { what, .. } => {
            let most = ANSWER_BYTES_MAX / BYTES_A_CHARACTER;
            (named(what), format!("内容过长，请控制在{most}字以内，其余可作为材料上传"))
        }
        Refusal::EventTooLong { .. } | Refusal::TooLong { .. } => {
            (None, "填报内容过长，请精简，其余可作为材料上传".to_owned())
        }
        Refusal::TooManyFiles { .. } => {
            (Some(Field::Files), format!("每项最多{EVIDENCE_MAX}份材料，请打包成ZIP，或移除几份"))
        }
        Refusal::FileName(name) => {
            (Some(Field::Files), format!("文件名“{}”不能使用，请改名后重新选择", clean(name)))
        }
        Refusal::EmptyFile(name) => (Some(Field::Files), file_words(&clean(name), FileRefused::Empty)),
        Refusal::Missing(what) => (named(what), missing(what)),
        Refusal::NoRoom { .. } => {
            (None, "系统存储空间不足，暂不能接收。请与发件单位联系，已填内容已保存".to_owned())
        }
        Refusal::NoUnit(_)
        | Refusal::Hidden { .. }
        | Refusal::UnitExists(_)
        | Refusal::NameTaken { .. }
        | Refusal::TooManyUnits { .. }
        | Refusal::NotACollective(_)
        | Refusal::MemberOfItself { .. }
        | Refusal::SameDeadline(_)
        | Refusal::NoPlan(_)
        | Refusal::PlanExists(_)
        | Refusal::PlanClosed(_)
        | Refusal::RunsAlready(_)
        | Refusal::StartedByFile { .. }
        | Refusal::PlanPast(_)
        | Refusal::SameOwner { .. }
        | Refusal::NoTask(_)
        | Refusal::TaskWithdrawn(_)
        | Refusal::NothingOpen(_)
        | Refusal::WhichPeriod { .. }
        | Refusal::NotItsUnit { .. }
        | Refusal::OneDateForAll { .. }
        | Refusal::NothingClaimed(_)
        | Refusal::NotAwaiting(_)
        | Refusal::NotADate(_)
        | Refusal::NotAssumed(_)
        | Refusal::DatePast { .. }
        | Refusal::AlreadyPaused(_)
        | Refusal::NotPaused(_)
        | Refusal::NoLetter(_)
        | Refusal::NotHeld(_)
        | Refusal::Muted { .. }
        | Refusal::NotReleased(_)
        | Refusal::Recalled(_)
        | Refusal::StillHeld(_)
        | Refusal::Superseded { .. }
        | Refusal::ClockNotHeld
        | Refusal::RequestReused { .. }
        | Refusal::ImportedAlready { .. }
        | Refusal::NoMail(_)
        | Refusal::HandledAlready { .. }
        | Refusal::NothingAgainst(_)
        | Refusal::BadMailbox(_)
        | Refusal::BadUnitName { .. }
        | Refusal::NothingAsked(_)
        | Refusal::NotChased(_)
        | Refusal::NoLeader(_)
        | Refusal::NothingForLeader(_)
        | Refusal::PageTooLong { .. }
        | Refusal::PageHeld { .. }
        | Refusal::NotAccepted(_)
        | Refusal::NotAMatter(_)
        | Refusal::TaskExists(_)
        | Refusal::InMatter { .. }
        | Refusal::MatterExists { .. }
        | Refusal::DatedPlanIsComplex
        | Refusal::ClassAlready(_)
        | Refusal::Secret(_)
        | Refusal::BadName(_)
        | Refusal::BulletinOrder { .. }
        | Refusal::BulletinChanged(_) => (None, "系统未能受理，已填内容已保存。请与发件单位联系".to_owned()),
    };
    (field, words)
}

/// What is used up for today, and what can be done all the same.
pub(super) fn used_up_words(what: UsedUp) -> String {
    let what = match what {
        UsedUp::HandIns => format!("本链接今天已提交{HAND_INS_PER_LINK_MAX}次"),
        UsedUp::HandInsOfUnit => format!("你单位今天已提交{HAND_INS_PER_UNIT_MAX}次"),
        UsedUp::JournalBytes => "本链接今天提交的内容较多".to_owned(),
    };
    format!("{what}，已达当日上限。所填内容可存为草稿，明天再提交；必须今天报送的，请打电话请发件单位代录")
}

/// What a matter that is asked no more says to an answer.
fn over(state: &str) -> String {
    let is = |one: State| one.label() == state;
    let over = if is(State::Withdrawn) {
        "已撤销"
    } else if is(State::Accepted) {
        "已办结"
    } else if is(State::ClosedOut) {
        "已销号"
    } else {
        "已结束"
    };
    format!("本事项{over}，不再接受反馈，所填内容没有提交。请复制需要保留的文字，再改选“不填”")
}

/// The field that the rules name so.
fn named(what: &str) -> Option<Field> {
    match what {
        "account of what was done" => Some(Field::DoneText),
        "progress" => Some(Field::Progress),
        "problem" | "reason" => Some(Field::Problem),
        "next steps" => Some(Field::NextSteps),
        "objection" => Some(Field::Dispute),
        "file" => Some(Field::Files),
        _ => None,
    }
}

fn missing(what: &str) -> String {
    match named(what) {
        Some(Field::DoneText) => DONE_TEXT_WANTED,
        Some(Field::Progress) => "请填写目前进展",
        Some(Field::Problem) => "请写明存在的问题",
        Some(Field::Dispute) => "请写明异议：对牵头单位、时限或内容有何不同意见",
        Some(Field::Files) => "请先选择要补充的材料",
        Some(
            Field::Choice
            | Field::DoneOn
            | Field::Ask
            | Field::NextSteps
            | Field::NewDeadline
            | Field::ObtainedOn
            | Field::Approval,
        )
        | None => "内容不完整，请补充后再提交",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_refusal_a_unit_can_meet_says_in_chinese_what_to_do_and_where() {
        let today = day("2021-07-01");
        let deadline = day("2021-06-30");
        let occurrence = "p/x/once".parse().unwrap();
        for (why, field, told) in [
            (Refusal::NothingSaid, None, "至少选择一项"),
            (Refusal::NotOpen { occurrence, state: State::Withdrawn.label() }, Some(Field::Choice), "已撤销"),
            (Refusal::DayAhead { day: day("2021-07-02"), today }, Some(Field::DoneOn), "7月2日还没有到"),
            (Refusal::ClaimedAlready, Some(Field::Choice), "正在审核"),
            (Refusal::NoDeadline, Some(Field::NewDeadline), "没有完成时限"),
            (Refusal::FixedDeadline { deadline }, Some(Field::NewDeadline), "不可延期"),
            (Refusal::ExtensionWaits, Some(Field::NewDeadline), "不能重复申请"),
            (
                Refusal::ExtensionLate { deadline },
                Some(Field::NewDeadline),
                "到期前申请，本事项已于6月30日到期",
            ),
            (
                Refusal::NoExtension { new: deadline, deadline },
                Some(Field::NewDeadline),
                "应晚于现定时限6月30日",
            ),
            (Refusal::AnswerTooLong { what: "progress", bytes: 99_999 }, Some(Field::Progress), "4096字以内"),
            (Refusal::TooManyFiles { count: 21 }, Some(Field::Files), "最多20份"),
            (Refusal::EmptyFile("空.pdf".to_owned()), Some(Field::Files), "“空.pdf”是空文件"),
            (Refusal::Missing("objection"), Some(Field::Dispute), "写明异议"),
            (Refusal::Missing("account of what was done"), Some(Field::DoneText), "完成情况"),
            (Refusal::ForeignMatter("p/x/once/b".parse().unwrap()), Some(Field::Choice), "不由你单位"),
        ] {
            let in_answer =
                Refusal::InAnswer { assignment: "p/x/once/a".parse().unwrap(), why: Box::new(why) };
            let (at, words) = words(&in_answer, today);
            assert_eq!(at, field, "{words}");
            assert!(words.contains(told), "{words}");
            let own = words.replace("空.pdf", "");
            assert!(!own.contains(|c: char| c.is_ascii_lowercase()), "in Chinese: {words}");
        }
    }
}
