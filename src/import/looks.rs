//! What a cell's style says that changes what is read of it: a date that shows its month or year only, a text that
//! is struck through.

use calamine::Style;
use chrono::{Datelike, NaiveDate};

use crate::calendar::Period;

/// How much of a date a number format shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// all of it, or none
    Day,
    /// 2021年6月
    Month,
    /// 2021年
    Year,
}

/// A style, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub shows: Shows,
    pub is_struck: bool,
}

impl Look {
    pub(super) fn of(style: &Style) -> Self {
        let format = style.number_format.as_ref();
        let shows = format.map_or(Shows::Day, |format| shows(&format.format_code, format.format_id));
        let is_struck = style.font.as_ref().is_some_and(calamine::Font::has_strikethrough);
        Self { shows, is_struck }
    }

    pub(super) fn is_plain(self) -> bool {
        self == Self { shows: Shows::Day, is_struck: false }
    }

    /// The period that the sheet shows in the place of the day.
    pub(super) fn period(self, day: NaiveDate) -> Option<Period> {
        match self.shows {
            Shows::Day => None,
            Shows::Month => Some(Period::Month { year: day.year(), month: u8::try_from(day.month()).ok()? }),
            Shows::Year => Some(Period::Year(day.year())),
        }
    }
}

/// Formats that Chinese versions have built in; a file names them by their number only.
fn shows(code: &str, id: Option<u32>) -> Shows {
    if code == "General" && matches!(id, Some(27 | 36 | 50 | 52 | 57)) {
        return Shows::Month;
    }
    let letters = letters(code);
    let has = |these: [char; 2]| letters.contains(these);
    if has(['d', 'h']) || has(['s', 'a']) {
        Shows::Day
    } else if letters.contains('m') {
        Shows::Month
    } else if has(['y', 'e']) {
        Shows::Year
    } else {
        Shows::Day
    }
}

/// The letters of the first section that stand for parts of a date.
fn letters(code: &str) -> String {
    let mut out = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '[' => {
                chars.by_ref().find(|c| *c == ']');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            other => out.push(other.to_ascii_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_a_day_a_month_or_a_year() {
        for (code, right) in [
            ("yyyy\"年\"m\"月\"", Shows::Month),
            ("yyyy\"年\"m\"月\";@", Shows::Month),
            ("[$-804]yyyy\"年\"m\"月\";@", Shows::Month),
            ("[DBNum1][$-804]yyyy\"年\"m\"月\";@", Shows::Month),
            ("yyyy/m", Shows::Month),
            ("yyyy-mm", Shows::Month),
            ("mmm-yy", Shows::Month),
            ("yyyy.m", Shows::Month),
            ("m\"月\"", Shows::Month),
            ("yyyy\"年\"", Shows::Year),
            ("yyyy", Shows::Year),
            ("yyyy\"年\"m\"月\"d\"日\"", Shows::Day),
            ("m\"月\"d\"日\"", Shows::Day),
            ("yyyy/m/d", Shows::Day),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", Shows::Day),
            ("aaaa;@", Shows::Day),
            ("h:mm", Shows::Day),
            ("General", Shows::Day),
            ("0.00", Shows::Day),
        ] {
            assert_eq!(shows(code, None), right, "{code}");
        }
        assert_eq!(shows("General", Some(57)), Shows::Month, "built in");
        assert_eq!(shows("General", Some(31)), Shows::Day, "built in");
    }
}
