//! A cursor over a folded text: what of it is still to be read.

/// What of a folded text is still to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan<'t>(pub &'t str);

impl<'t> Scan<'t> {
    /// Takes the word, if the text begins with it.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        match self.0.strip_prefix(word) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Takes the longest of the words that the text begins with.
    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        let fitting = words.iter().filter(|word| self.0.starts_with(**word));
        fitting.max_by_key(|word| word.len()).is_some_and(|word| self.eat(word))
    }

    /// Takes digits, at most so many.
    pub(super) fn digits(&mut self, most: usize) -> Option<&'t str> {
        let end = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at_checked(end).filter(|_| (1..=most).contains(&end))?;
        self.0 = rest;
        Some(digits)
    }

    /// Takes a number and the word behind it; nothing where either is missing.
    pub(super) fn counted(&mut self, words: &[&str]) -> Option<u32> {
        let mut ahead = *self;
        let number = ahead.digits(4)?.parse().ok()?;
        if !ahead.eat_any(words) {
            return None;
        }
        *self = ahead;
        Some(number)
    }

    /// Takes a number below 13, also as a numeral that no counted word follows: the 一 of 一、二季度.
    pub(super) fn small_number(&mut self) -> Option<u32> {
        const NUMERALS: [&str; 12] =
            ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
        let fitting = (1..).zip(NUMERALS).filter(|(_, word)| self.0.starts_with(word));
        if let Some((number, word)) = fitting.max_by_key(|(_, word)| word.len()) {
            self.eat(word);
            return Some(number);
        }
        let mut ahead = *self;
        let number = ahead.digits(2)?.parse().ok().filter(|number| (1..=12).contains(number))?;
        *self = ahead;
        Some(number)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}
