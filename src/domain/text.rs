//! What of a text a reader sees: one list of the characters that nobody does, for every way a text comes in.

/// Whether a character has no width or turns the reading direction, so that it can disguise what stands about it; and
/// what XML has no place for.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The first character that no text of the office may hold: it can't be seen, or breaks a line in secret. A mark that
/// chooses another form of the character before it (the variation selectors of names) may stand behind that.
#[must_use]
pub fn first_hidden(text: &str) -> Option<char> {
    let selects = |c: char| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    text.chars().find(|c| match *c {
        '\n' | '\r' | '\t' => false,
        '\u{2028}' | '\u{2029}' => true,
        c => c.is_control() || (is_nothing(c) && !c.is_whitespace() && !selects(c)),
    })
}

/// Whether a reader sees nothing of it.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_nothing)
}

/// Whether a character leaves nothing on paper: a blank, a control character, a mark that only changes others.
#[must_use]
pub fn is_nothing(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_hidden(c)
        || matches!(
            c,
            '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180E}'
                | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_blank_and_what_hides_is_named() {
        for blank in ["", " \u{3000}", "\u{200B}", "\u{FEFF}\u{2060}", "\u{202E}\u{2066}", "\u{3164}\u{AD}"] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for (text, hidden) in [
            ("机井\u{200B}整治", Some('\u{200B}')),
            ("a\u{202E}b", Some('\u{202E}')),
            ("x\u{2028}y", Some('\u{2028}')),
            ("县住\u{3164}建局", Some('\u{3164}')),
            ("查\u{E0041}\u{E0042}圾", Some('\u{E0041}')),
            ("盲\u{2800}文", Some('\u{2800}')),
            ("注\u{FFF9}释", Some('\u{FFF9}')),
            ("软\u{AD}连", Some('\u{AD}')),
            ("x\u{1b}[31m", Some('\u{1b}')),
            ("两行\n文字\t表", None),
            ("葛\u{E0100}城", None),
        ] {
            assert!(!is_blank(text));
            assert_eq!(first_hidden(text), hidden, "{text:?}");
        }
    }
}
