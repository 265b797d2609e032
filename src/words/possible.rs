//! Days that a month does not have, as they come about where a title names the day of every month.

use chrono::Datelike as _;

use crate::calendar::Period;

/// A year that has a 29 February.
const LEAP_YEAR: i32 = 2000;
/// Marks between two days of one month: `25日至31日`.
const JOINERS: [char; 11] = ['至', '到', '—', '－', '-', '–', '~', '～', '、', '和', '及'];

/// A text in which no month has more days than it has: `2月30日前` is the last of February. `year` is that of a month
/// without one; not known, a 29 February stays.
pub(super) fn possible(text: &str, year: Option<i32>) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at, mut year) = (String::with_capacity(text.len()), 0, year);
    let slice = |from: usize, to: usize| chars.get(from..to).unwrap_or_default().iter();
    while let Some(c) = chars.get(at) {
        let Some((number, end)) = number_at(&chars, at) else {
            out.push(*c);
            at += 1;
            continue;
        };
        out.extend(slice(at, end));
        at = end;
        match chars.get(end) {
            Some('年') if (1000..=9999).contains(&number) => year = i32::try_from(number).ok(),
            Some('月') if (1..=12).contains(&number) => {
                let begins = end + if chars.get(end + 1) == Some(&'份') { 2 } else { 1 };
                out.extend(slice(end, begins));
                at = begins;
                let month = Period::Month {
                    year: year.unwrap_or(LEAP_YEAR),
                    month: u8::try_from(number).unwrap_or(0),
                };
                let last = month.last().map_or(31, |last| last.day());
                for (from, day, to) in days(&chars, begins) {
                    out.extend(slice(at, from));
                    if (last + 1..=31).contains(&day) {
                        out.push_str(&last.to_string());
                    } else {
                        out.extend(slice(from, to));
                    }
                    at = to;
                }
            }
            _ => {}
        }
    }
    out
}

/// The days that follow a month: where each begins, what it is, where it ends. None where no 日 closes them.
fn days(chars: &[char], mut at: usize) -> Vec<(usize, u32, usize)> {
    let (mut days, mut closed) = (Vec::new(), false);
    while let Some((day, end)) = number_at(chars, at) {
        days.push((at, day, end));
        closed = matches!(chars.get(end), Some('日' | '号'));
        at = end + usize::from(closed);
        if !chars.get(at).is_some_and(|c| JOINERS.contains(c)) {
            break;
        }
        at += 1;
    }
    if closed { days } else { Vec::new() }
}

/// A number in digits or Chinese, and where it ends.
fn number_at(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let digits = chars.get(at..)?.iter().take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        let text: String = chars.get(at..at + digits)?.iter().collect();
        return Some((text.parse().unwrap_or(u32::MAX), at + digits));
    }
    let (mut tens, mut ones, mut end) = (None, None, at);
    while let Some(c) = chars.get(end) {
        match "零一二三四五六七八九".chars().position(|digit| digit == *c) {
            Some(value) if ones.is_none() => ones = u32::try_from(value).ok(),
            None if *c == '十' && tens.is_none() => tens = Some(ones.take().unwrap_or(1) * 10),
            _ => break,
        }
        end += 1;
    }
    (end > at).then(|| (tens.unwrap_or(0) + ones.unwrap_or(0), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_month_has_more_days_than_it_has() {
        for (text, year, expected) in [
            ("2月30日前报送信访数据", Some(2023), "2月28日前报送信访数据"),
            ("2月30日前报送信访数据", Some(2024), "2月29日前报送信访数据"),
            ("2月三十日前报送", Some(2023), "2月28日前报送"),
            ("6月31号报送", Some(2023), "6月30号报送"),
            ("2月份31日前报送", Some(2023), "2月份28日前报送"),
            ("2月25日至30日报送", Some(2023), "2月25日至28日报送"),
            ("4月25—31日报送", Some(2023), "4月25—30日报送"),
            ("2023年度每年2月29日前报送", None, "2023年度每年2月28日前报送"),
            ("2月29日前报送", None, "2月29日前报送"),
            ("1月31日前报送", Some(2023), "1月31日前报送"),
            ("2月30户整改", Some(2023), "2月30户整改"),
            ("第一季度次月31日前", Some(2023), "第一季度次月31日前"),
            ("十二月三十一日", Some(2023), "十二月三十一日"),
            ("二月二十九日", Some(2023), "二月28日"),
            ("12345678901234月31日", Some(2023), "12345678901234月31日"),
        ] {
            assert_eq!(possible(text, year), expected, "{text}");
        }
    }
}
