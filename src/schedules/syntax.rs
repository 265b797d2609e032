//! What the TOML reader refuses, in our words and without what only follows from a fault before it.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::diagnostic::Fault;
use super::page::{Page, impossible_date};
use crate::locale::{Message, Value, message};

/// Tells the errors of a file. Returns whether what was read can be relied on.
pub(super) fn whole(page: &Page, errors: &[Error], root: &DeTable<'_>) -> bool {
    let is_fatal = |error: &&Error| !is_date(&page.text, error) && !is_twice(error);
    let fatal: Vec<&Error> = errors.iter().filter(is_fatal).collect();
    let end = fatal.first().map_or(page.text.len(), |error| place(error).start);
    for error in errors.iter().filter(|error| !is_fatal(error)) {
        if is_date(&page.text, error) {
            page.tell(date(&page.text, error));
        } else if place(error).start <= end {
            page.tell(twice(&page.text, error, root));
        }
    }
    let Some(first) = fatal.first() else {
        return true;
    };
    // Behind an open bracket everything is refused: each part is read by itself, and its first
    // error told if the whole had one there too.
    let mut told = false;
    for part in parts(&page.text) {
        let text = page.text.get(part.clone()).unwrap_or_default();
        let (_, errors) = DeTable::parse_recoverable(text);
        let own = errors.iter().find(|error| !is_date(text, error) && !is_twice(error));
        let in_whole = fatal.iter().any(|error| (part.start..=part.end).contains(&place(error).start));
        if let Some(own) = own.filter(|_| in_whole) {
            let inner = place(own);
            page.tell(refused(&page.text, part.start + inner.start..part.start + inner.end, own.message()));
            told = true;
        }
    }
    if !told {
        page.tell(refused(&page.text, place(first), first.message()));
    }
    false
}

/// Tells the first error of a single value. Returns whether there is none.
pub(super) fn value(page: &Page, errors: &[Error]) -> bool {
    let Some(first) = errors.first() else {
        return true;
    };
    if is_date(&page.text, first) {
        page.tell(date(&page.text, first));
    } else if is_twice(first) {
        page.tell(twice(&page.text, first, &DeTable::new()));
    } else {
        page.tell(refused(&page.text, place(first), first.message()));
    }
    false
}

fn place(error: &Error) -> Range<usize> {
    error.span().unwrap_or(0..0)
}

/// The text from each line that begins with a table's header up to the next.
fn parts(text: &str) -> Vec<Range<usize>> {
    let headers = text.match_indices("\n[").map(|(newline, _)| newline + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(headers).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// A date of the calendar's form that the calendar has not: the rest can be relied on.
fn is_date(text: &str, error: &Error) -> bool {
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.get(place(error)).unwrap_or_default().split('-').collect();
    matches!(parts.as_slice(), [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}

fn date(text: &str, error: &Error) -> Fault {
    impossible_date(place(error), text.get(place(error)).unwrap_or_default())
}

/// A key that is given twice: the first counts, the rest can be relied on.
fn is_twice(error: &Error) -> bool {
    error.message().starts_with("duplicate key")
}

fn twice(text: &str, error: &Error, root: &DeTable<'_>) -> Fault {
    let span = place(error);
    let key = text.get(span.clone()).unwrap_or_default();
    let fault = Fault::at(span.clone(), message("plan-twice").with("key", key));
    match last_before(root, key.trim_matches(['"', '\'']), span.start) {
        Some(first) => fault.also(first, message("plan-first-here")),
        None => fault,
    }
}

/// The last place before `offset` where this key stands.
fn last_before(table: &DeTable<'_>, key: &str, offset: usize) -> Option<Range<usize>> {
    let mut found: Option<Range<usize>> = None;
    let mut keep = |span: Range<usize>| {
        let nearer = found.as_ref().is_none_or(|found| found.start < span.start);
        if span.start < offset && nearer {
            found = Some(span);
        }
    };
    for (name, value) in table {
        if name.get_ref() == key {
            keep(name.span());
        }
        let inner: &[Spanned<DeValue<'_>>] = match value.get_ref() {
            DeValue::Table(_) => std::slice::from_ref(value),
            DeValue::Array(array) => array.as_ref(),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => &[],
        };
        let tables = inner.iter().filter_map(|value| value.get_ref().as_table());
        tables.filter_map(|table| last_before(table, key, offset)).for_each(&mut keep);
    }
    found
}

fn refused(text: &str, span: Range<usize>, why: &str) -> Fault {
    let marked = text.get(span.clone()).unwrap_or_default();
    let what = if !why.starts_with("string values must be quoted") {
        message("plan-no-toml").put("why", Value::Said(why.to_owned()))
    } else if marked.is_empty() {
        message("plan-no-value")
    } else {
        message("plan-unquoted").with("text", marked)
    };
    let help = advice(text, &span);
    Fault::at(span, what).maybe_help(help)
}

/// What was probably meant where the TOML reader stopped.
fn advice(text: &str, span: &Range<usize>) -> Option<Message> {
    let line_start = text.get(..span.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let mut unquoted = line.split('"').step_by(2).flat_map(str::chars).take_while(|c| *c != '#');
    let full_width = unquoted.find_map(|c| Some((c, half_width(c)?)));
    if let Some((given, right)) = full_width {
        return Some(message("plan-full-width").with("given", &given).with("right", &right));
    }
    let value = text.get(span.start..)?;
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let separator = value.get(digits..)?.chars().next()?;
    let dated = digits == 4 && ['-', '/', '.', '年'].contains(&separator);
    dated.then(|| message("plan-date-form"))
}

/// The ASCII character that a Chinese keyboard's one stands for.
fn half_width(given: char) -> Option<char> {
    Some(match given {
        '“' | '”' | '＂' => '"',
        '‘' | '’' | '＇' => '\'',
        '，' | '、' => ',',
        '＝' => '=',
        '｛' => '{',
        '｝' => '}',
        '［' | '【' => '[',
        '］' | '】' => ']',
        '＃' => '#',
        '．' | '。' => '.',
        '－' => '-',
        '\u{3000}' => ' ',
        _ => return None,
    })
}
