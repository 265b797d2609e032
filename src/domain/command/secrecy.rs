//! Marks of state secrets (密级): what bears one must be neither kept nor mailed here (保守国家秘密法 第二十六条).

use crate::domain::text::is_nothing;

/// The three levels, the gravest first.
const LEVELS: [&str; 3] = ["绝密", "机密", "秘密"];
/// Words that hold 涉密 and say that it is not.
const NONE: [&str; 9] =
    ["是否涉密", "不涉密", "非涉密", "未涉密", "无涉密", "涉密:否", "涉密：否", "涉密:无", "涉密：无"];
/// Words that ask and say that it is.
const YES: [&str; 2] = ["是否涉密:是", "是否涉密：是"];
/// A word that holds a level and is none: a firm's secret.
const OF_FIRMS: &str = "商业机密";
const OPENING: [char; 6] = ['【', '（', '(', '[', '〔', '［'];
const CLOSING: [char; 6] = ['】', '）', ')', ']', '〕', '］'];

/// The mark of a state secret in a text: 涉密, or a level as a mark (`机密★1年`, `【秘密】`, `绝密级`, the word alone).
/// 商业秘密 is none. Blanks within, and what nobody sees, hide no mark.
#[must_use]
pub fn secret_mark(text: &str) -> Option<&'static str> {
    let said = seen(text);
    if YES.iter().any(|yes| said.contains(yes)) {
        return Some("涉密");
    }
    let said = NONE.iter().fold(said, |said, none| said.replace(none, " "));
    if said.contains("涉密") {
        return Some("涉密");
    }
    LEVELS.into_iter().find(|level| said.match_indices(level).any(|(at, _)| is_mark(&said, at, level)))
}

/// The mark in the name of a file or a sheet, which is short: there 绝密 and 机密 are marks wherever they stand.
#[must_use]
pub fn secret_name(name: &str) -> Option<&'static str> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let said = seen(stem).replace(OF_FIRMS, " ");
    secret_mark(&said).or_else(|| ["绝密", "机密"].into_iter().find(|level| said.contains(level)))
}

/// Without blanks and characters that have no width.
fn seen(text: &str) -> String {
    text.chars().filter(|c| !is_nothing(*c)).collect()
}

fn is_mark(said: &str, at: usize, level: &str) -> bool {
    let (before, rest) = said.split_at(at);
    let behind = rest.strip_prefix(level).unwrap_or(rest).trim_start();
    let before = before.trim_end();
    let alone = before.is_empty() && behind.is_empty();
    let bracketed = before.ends_with(OPENING) && behind.starts_with(CLOSING);
    let named = before.ends_with("密级:") || before.ends_with("密级：");
    alone || bracketed || named || behind.starts_with(['★', '☆', '级', '*', '＊'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_told_from_a_word() {
        for text in [
            "涉密",
            "涉密事项",
            "机密★1年",
            "【机密】",
            "（秘密）",
            "秘密",
            " 绝密 ",
            "秘密 ★",
            "绝密级",
            "密级：秘密",
            "绝 密",
            "涉　密",
            "机\u{200B}密",
            "涉\u{AD}密",
            "是否涉密：是",
        ] {
            assert!(secret_mark(text).is_some(), "{text}");
        }
        for text in [
            "",
            "不涉密",
            "非 涉密",
            "是否涉密",
            "是否涉密：否",
            "涉密：否",
            "保护商业秘密",
            "国家秘密法宣传",
            "密级：无",
        ] {
            assert_eq!(secret_mark(text), None, "{text}");
        }
        assert_eq!(secret_mark("绝密★长期"), Some("绝密"));
    }

    #[test]
    fn a_name_with_a_level_is_a_mark() {
        for name in ["涉密台账.csv", "机密.xlsx", "2021机密事项.xlsx", "秘密", "台账（秘密）.csv"]
        {
            assert!(secret_name(name).is_some(), "{name}");
        }
        for name in ["台账.csv", "非涉密台账.xlsx", "商业秘密保护.xlsx", "商业机密保护.csv"]
        {
            assert_eq!(secret_name(name), None, "{name}");
        }
    }
}
