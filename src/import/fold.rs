//! Text as a clerk types it, brought to one spelling before it is compared: full-width forms, brackets,
//! dashes, blanks and line breaks. What is kept of a cell is only tidied.

use crate::domain::text::is_hidden;

/// The spelling that words are looked up in: no blanks, half-width, round brackets, `-` for every dash,
/// `~` as `-`, letters in lower case.
#[must_use]
pub fn folded(text: &str) -> String {
    text.chars().filter_map(folded_char).collect()
}

fn folded_char(c: char) -> Option<char> {
    let c = match c {
        '〔' | '【' | '［' | '〈' | '《' | '[' | '{' => '(',
        '〕' | '】' | '］' | '〉' | '》' | ']' | '}' => ')',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '－' | '−' | '〜' | '～' | '~' => '-',
        '\u{FF01}'..='\u{FF5E}' => half_width(c),
        other => other,
    };
    (!c.is_whitespace() && !is_unseen(c)).then(|| c.to_ascii_lowercase())
}

/// `Ａ` → `A`: the full-width block follows ASCII at a fixed distance.
fn half_width(c: char) -> char {
    char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
}

/// What nobody sees, or what ends a line in secret.
fn is_unseen(c: char) -> bool {
    is_hidden(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{AD}')
}

/// The text as it is kept: no unseen marks, no control characters, lines trimmed, no empty line at its ends.
#[must_use]
pub fn tidied(text: &str) -> String {
    let text = text.replace("_x000D_", "").replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text
        .chars()
        .map(|c| if c == '\t' || c == '\u{A0}' { ' ' } else { c })
        .filter(|c| *c == '\n' || !(c.is_control() || is_unseen(*c)))
        .collect();
    kept.lines().map(|line| line.trim_matches(is_blank)).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// The text in one line.
#[must_use]
pub fn one_line(text: &str) -> String {
    tidied(text).lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Chinese numerals before 年, 月, 日, 天, 号, 季, 次, 个, 时 or 点 as digits: `二〇二一年十二月` → `2021年12月`.
/// Others stay as they are: 一体化 is no number.
#[must_use]
pub fn with_digits(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut numeral = String::new();
    for c in folded.chars() {
        if digit(c).is_some() || c == '十' {
            numeral.push(c);
            continue;
        }
        let counted = matches!(c, '年' | '月' | '日' | '天' | '号' | '季' | '次' | '个' | '时' | '点');
        match number(&numeral).filter(|_| counted) {
            Some(number) => out.push_str(&number.to_string()),
            None => out.push_str(&numeral),
        }
        numeral.clear();
        out.push(c);
    }
    out.push_str(&numeral);
    out
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '○' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// `二〇二一`, `十二`, `二十五`, `三`.
fn number(numeral: &str) -> Option<u32> {
    if let Some((tens, ones)) = numeral.split_once('十') {
        let one = |text: &str, none: u32| {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (None, _) => Some(none),
                (Some(c), None) => digit(c),
                (Some(_), Some(_)) => None,
            }
        };
        return Some(one(tens, 1)? * 10 + one(ones, 0)?);
    }
    if numeral.is_empty() || numeral.chars().count() > 4 {
        return None;
    }
    numeral.chars().try_fold(0, |sum, c| Some(sum * 10 + digit(c)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_one() {
        for (typed, word) in [
            (" 完成\n时 限 ", "完成时限"),
            ("各乡（镇）人民政府", "各乡(镇)人民政府"),
            ("阳政办发〔2021〕41号", "阳政办发(2021)41号"),
            ("５－９月", "5-9月"),
            ("5—9月", "5-9月"),
            ("5～9月", "5-9月"),
            ("\u{FEFF}编\u{200B}号", "编号"),
            ("AIR：17", "air:17"),
        ] {
            assert_eq!(folded(typed), word);
        }
    }

    #[test]
    fn numerals_are_digits_only_where_they_count() {
        for (typed, word) in [
            ("二〇二一年十二月底前", "2021年12月底前"),
            ("六月三十日", "6月30日"),
            ("第一季度", "第1季度"),
            ("至少一次", "至少1次"),
            ("三个月", "3个月"),
            ("一体化推进", "一体化推进"),
            ("十二", "十二"),
        ] {
            assert_eq!(with_digits(typed), word);
        }
    }

    #[test]
    fn what_is_kept_stays_as_written_but_for_marks_nobody_sees() {
        assert_eq!(tidied(" 一、检查 \r\n\u{202E}二、整改\u{7}\n\n"), "一、检查\n二、整改");
        assert_eq!(one_line("县住建局、\n县交通局"), "县住建局、 县交通局");
    }
}
