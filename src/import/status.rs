//! What the status column says of a task.

use super::fold::folded;

/// Where the old ledger left a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// done, by the old ledger's word
    Done,
    /// still asked for
    Open,
    /// the unit says done, nobody has looked
    Claimed,
    /// sent back
    Returned,
    /// not asked for at present
    Paused,
    /// not asked for any more
    Withdrawn,
}

const DONE: [&str; 16] = [
    "已完成",
    "完成",
    "已办结",
    "办结",
    "已销号",
    "销号",
    "已结案",
    "结案",
    "完结",
    "已完结",
    "是",
    "已审核办结",
    "按期办结",
    "超期办结",
    "按期完成",
    "全部完成",
];
const OPEN: [&str; 30] = [
    "未完成",
    "未办结",
    "未销号",
    "在办",
    "办理中",
    "进行中",
    "正在办理",
    "正在推进",
    "推进中",
    "持续推进",
    "长期坚持",
    "长期",
    "未启动",
    "未开始",
    "未开展",
    "已启动",
    "已交办",
    "已签收",
    "待签收",
    "未签收",
    "否",
    "正常",
    "临期",
    "红",
    "黄",
    "绿",
    "红灯",
    "黄灯",
    "绿灯",
    "部分完成",
];
const WITHDRAWN: [&str; 8] = ["撤销", "已撤销", "取消", "已取消", "终止", "已终止", "作废", "撤回"];

/// What the words say; `None` where they are not known.
#[must_use]
pub fn status(text: &str) -> Option<Status> {
    let text = folded(text);
    // The light of duban's own ledger stands before or behind the words: ●超期12天·红.
    let words = text.trim_matches(|c: char| !c.is_alphanumeric());
    let is = |known: &[&str]| known.contains(&words);
    if is(&DONE) {
        Some(Status::Done)
    } else if is(&WITHDRAWN) {
        Some(Status::Withdrawn)
    } else if is(&OPEN) || ["超期", "逾期", "临期", "正常", "红"].iter().any(|word| words.starts_with(word))
    {
        Some(Status::Open)
    } else if ["待审核", "申请办结", "已申请", "审核中"].iter().any(|word| words.starts_with(word))
    {
        Some(Status::Claimed)
    } else if words.starts_with("退回") || words.starts_with("已退回") {
        Some(Status::Returned)
    } else if ["暂停", "中止", "暂缓", "已暂停"].iter().any(|word| words.starts_with(word)) {
        Some(Status::Paused)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_what_the_old_ledger_says_and_no_more() {
        for (text, said) in [
            ("已完成", Some(Status::Done)),
            ("已 办 结", Some(Status::Done)),
            ("■已销号", Some(Status::Done)),
            ("已完成80%", None),
            ("未完成", Some(Status::Open)),
            ("超期12天·红", Some(Status::Open)),
            ("● 超期", Some(Status::Open)),
            ("待审核", Some(Status::Claimed)),
            ("退回整改", Some(Status::Returned)),
            ("暂停", Some(Status::Paused)),
            ("已取消", Some(Status::Withdrawn)),
            ("见附件", None),
            ("", None),
        ] {
            assert_eq!(status(text), said, "{text}");
        }
    }
}
