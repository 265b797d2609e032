//! What the cells of a list of units, and answers to questions, say: a kind, names, a mailbox, a telephone.

use crate::domain::UnitKind;
use crate::domain::command::is_mailbox;

use super::fold::{folded, one_line};
use super::units::BETWEEN;

/// Longest number, in digits.
const PHONE_DIGITS_MAX: usize = 18;

const KINDS: [(UnitKind, &[&str]); 6] = [
    (
        UnitKind::Bureau,
        &[
            "bureau",
            "部门",
            "县直部门",
            "县直单位",
            "县直",
            "局",
            "委办局",
            "机关",
            "事业单位",
            "行政单位",
            "党政机关",
            "驻县单位",
        ],
    ),
    (UnitKind::Township, &["township", "乡镇", "乡(镇)", "镇", "乡", "街道", "乡镇街道", "乡镇(街道)"]),
    (UnitKind::Zone, &["zone", "开发区", "园区"]),
    (UnitKind::Company, &["company", "企业", "公司", "国有企业", "国企"]),
    (UnitKind::Government, &["government", "县政府", "政府"]),
    (UnitKind::Collective, &["collective", "统称", "集合"]),
];

/// A kind of unit by its word: 乡镇, 部门, `township`.
#[must_use]
pub fn unit_kind(word: &str) -> Option<UnitKind> {
    let word = folded(word);
    KINDS.iter().find(|(_, words)| words.iter().any(|known| folded(known) == word)).map(|(kind, _)| *kind)
}

/// Names in one cell or answer, apart: `县应急局、应急管理局`.
#[must_use]
pub fn names_in(text: &str) -> Vec<String> {
    let parts = text.split(BETWEEN).map(one_line).filter(|name| !name.is_empty());
    let mut names: Vec<String> = Vec::new();
    for name in parts {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Full-width forms and blanks aside, a mailbox; `None` where it is none.
#[must_use]
pub fn mailbox(text: &str) -> Option<String> {
    let plain = folded(text);
    is_mailbox(&plain).then_some(plain)
}

/// A telephone number: digits with what stands between them.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let text = one_line(text);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain =
        |c: char| c.is_ascii_digit() || matches!(c, '-' | '－' | ' ' | '+' | '(' | ')' | '（' | '）' | '转');
    ((5..=PHONE_DIGITS_MAX).contains(&digits) && text.chars().all(plain)).then_some(text)
}

/// 无, —.
pub(super) fn is_nothing(text: &str) -> bool {
    matches!(folded(text).as_str(), "" | "无" | "-" | "--" | "/" | "暂无" | "待定")
}
