//! Marks of state secrets (密级): what bears one must be neither kept nor mailed here (保守国家秘密法 第二十六条).

/// The three levels, the gravest first.
const LEVELS: [&str; 3] = ["绝密", "机密", "秘密"];
/// Words that hold 涉密 and say that it is not.
const NONE: [&str; 5] = ["是否涉密", "不涉密", "非涉密", "未涉密", "无涉密"];
const OPENING: [char; 6] = ['【', '（', '(', '[', '〔', '［'];
const CLOSING: [char; 6] = ['】', '）', ')', ']', '〕', '］'];

/// The mark of a state secret in a text: 涉密, or a level as a mark (`机密★1年`, `【秘密】`, `绝密级`, the word alone).
/// 商业秘密 is none.
#[must_use]
pub fn secret_mark(text: &str) -> Option<&'static str> {
    let said = NONE.iter().fold(text.to_owned(), |said, none| said.replace(none, " "));
    if said.contains("涉密") {
        return Some("涉密");
    }
    LEVELS.into_iter().find(|level| said.match_indices(level).any(|(at, _)| is_mark(&said, at, level)))
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
        ] {
            assert!(secret_mark(text).is_some(), "{text}");
        }
        for text in ["", "不涉密", "非涉密", "是否涉密", "保护商业秘密", "国家秘密法宣传", "密级：无"]
        {
            assert_eq!(secret_mark(text), None, "{text}");
        }
        assert_eq!(secret_mark("绝密★长期"), Some("绝密"));
    }
}
