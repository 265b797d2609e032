//! Reads what people read: dates in running text, what stands behind a heading, the text of a page. Shares no
//! code with what writes it.

use chrono::{Datelike as _, NaiveDate};

/// A date in a text, and the text behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'t> {
    pub day: NaiveDate,
    pub before: &'t str,
    pub after: &'t str,
}

/// `6月30日` of this reader's year, or `2022年6月30日`, in the order of the text.
pub fn dates(text: &str, reader: NaiveDate) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('月') {
        let (head, tail) = text.split_at(at);
        let tail = &tail['月'.len_utf8()..];
        let (month, begins) = number_before(head);
        let day_digits: String = tail.chars().take_while(char::is_ascii_digit).collect();
        let after = &tail[day_digits.len()..];
        let (Some(month), Ok(day)) = (month, day_digits.parse::<u32>()) else { continue };
        let Some(after) = after.strip_prefix('日') else { continue };
        let mut before = &head[..begins];
        let mut year = reader.year();
        if let Some(head) = before.strip_suffix('年') {
            let (told, begins) = number_before(head);
            if let Some(told) = told {
                year = i32::try_from(told).unwrap();
                before = &head[..begins];
            }
        }
        if let Some(day) = NaiveDate::from_ymd_opt(year, month, day) {
            found.push(Found { day, before, after });
        }
    }
    found
}

/// The number that a text ends with, and where it begins.
fn number_before(text: &str) -> (Option<u32>, usize) {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let begins = text.len() - digits;
    (text[begins..].parse().ok(), begins)
}

/// `（星期三）` and `（当日）` aside.
fn past_brackets(text: &str) -> &str {
    let mut text = text;
    while let Some(rest) = text.strip_prefix('（') {
        let Some((_, rest)) = rest.split_once('）') else { break };
        text = rest;
    }
    text
}

/// The first date behind which one of these words stands.
pub fn date_with(text: &str, reader: NaiveDate, words: &[&str]) -> Option<NaiveDate> {
    let fits = |found: &Found<'_>| {
        let after = past_brackets(found.after);
        words.iter().any(|word| after.starts_with(word) || found.after.starts_with(word))
    };
    dates(text, reader).into_iter().find(fits).map(|found| found.day)
}

/// The first date right behind these words.
pub fn date_after(text: &str, reader: NaiveDate, words: &str) -> Option<NaiveDate> {
    dates(text, reader).into_iter().find(|found| found.before.ends_with(words)).map(|found| found.day)
}

/// `6月30日` or `力争6月30日` and nothing else: `6月30日起` is no deadline.
pub fn whole_date(text: &str, reader: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim().trim_start_matches("力争");
    let found = dates(text, reader).into_iter().next()?;
    (found.before.is_empty() && past_brackets(found.after).is_empty()).then_some(found.day)
}

/// The first working day that is advised for the work itself: that for a report (反馈) is another.
pub fn advised_day(text: &str, reader: NaiveDate) -> Option<NaiveDate> {
    let fits = |found: &Found<'_>| {
        let advised = found.before.ends_with("建议最迟工作日") || found.before.ends_with("建议最迟");
        advised && !past_brackets(found.after).starts_with("反馈")
    };
    dates(text, reader).into_iter().find(fits).map(|found| found.day)
}

/// The number between two words, as 5 in `已超期5天`.
pub fn number_between(text: &str, before: &str, after: &str) -> Option<u32> {
    text.match_indices(before).find_map(|(at, _)| {
        let rest = &text[at + before.len()..];
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let number = digits.parse().ok()?;
        rest[digits.len()..].starts_with(after).then_some(number)
    })
}

/// What stands in the first brackets, those within them too, and what follows.
pub fn bracketed(text: &str) -> Option<(&str, &str)> {
    let open = text.find('（')?;
    let inner = &text[open + '（'.len_utf8()..];
    let mut depth = 1;
    for (at, c) in inner.char_indices() {
        match c {
            '（' => depth += 1,
            '）' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&inner[..at], &inner[at + c.len_utf8()..]));
        }
    }
    None
}

/// What stands between two marks, and what follows.
pub fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<(&'t str, &'t str)> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after)
}

/// The text of a piece of a page: no marks, no entities.
pub fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let Some((_, after)) = tag.split_once('>') else { break };
        rest = after;
    }
    text.push_str(rest);
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    let read = entities.iter().fold(text, |text, (entity, c)| text.replace(entity, c));
    read.trim().to_owned()
}

/// Words without blanks and line breaks: how they are set says nothing.
pub fn bare(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_of_running_text_are_read_with_the_readers_year() {
        let reader = day("2021-11-15");
        let text = "原定6月30日，现定2022年1月10日（星期一）前（含当日）办结；12月无日";
        let days: Vec<NaiveDate> = dates(text, reader).into_iter().map(|found| found.day).collect();
        assert_eq!(days, [day("2021-06-30"), day("2022-01-10")]);
        assert_eq!(date_after(text, reader, "原定"), Some(day("2021-06-30")));
        assert_eq!(date_with(text, reader, &["前（含当日）办结"]), Some(day("2022-01-10")));
        assert_eq!(number_between("6月30日到期，已超期138天", "已超期", "天"), Some(138));
        assert_eq!(bracketed("题（第1条（二）：6月底前）。余"), Some(("第1条（二）：6月底前", "。余")));
        assert_eq!(plain("<b>甲&amp;乙</b> 丙"), "甲&乙 丙");
    }
}
