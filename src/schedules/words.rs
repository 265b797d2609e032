//! Texts of plan files: names and titles of one line, passages of several, addresses.
//! What reaches a letter's head must not be able to break it.

use crate::domain::command::is_mailbox;
use crate::domain::text::{first_hidden, is_blank};
use std::ops::Range;

use super::limits::{ADDRESS_BYTES_MAX, LINE_CHARS_MAX, NOTE_BYTES_MAX, TEXT_BYTES_MAX};
use super::table::Field;
use crate::locale::{Value, message};

/// A text of one line, without what could end a mail header or turn its direction.
pub(super) fn line(field: &Field<'_>) -> Option<String> {
    line_of(field, LINE_CHARS_MAX)
}

/// A text of one line and at most so many characters.
pub(super) fn line_of(field: &Field<'_>, chars_max: usize) -> Option<String> {
    let text = field.text()?.trim();
    let key = field.key;
    let harmful = text.chars().find(|c| c.is_control()).or_else(|| first_hidden(text));
    if let Some(harmful) = harmful {
        let harmful = message("plan-harmful-in-line").with("key", key).put("character", named(harmful));
        return field.refuse(field.fault(harmful));
    }
    not_empty(field, text)?;
    let length = text.chars().count();
    if length > chars_max {
        let long = message("plan-too-many-chars").with("key", key).with("chars", &length);
        return field.refuse(field.fault(long.with("most", &chars_max)));
    }
    Some(text.to_owned())
}

/// A text of any number of lines, its ends trimmed and its line ends `\n`.
pub(super) fn passage(field: &Field<'_>) -> Option<String> {
    long(field, TEXT_BYTES_MAX)
}

/// A note of any number of lines.
pub(super) fn note(field: &Field<'_>) -> Option<String> {
    long(field, NOTE_BYTES_MAX)
}

fn long(field: &Field<'_>, bytes_max: usize) -> Option<String> {
    let text = field.text()?.replace("\r\n", "\n").trim().to_owned();
    let key = field.key;
    let harmful = first_hidden(&text).or_else(|| text.chars().find(|c| *c == '\r'));
    if let Some(harmful) = harmful {
        let harmful = message("plan-harmful").with("key", key).put("character", named(harmful));
        return field.refuse(field.fault(harmful));
    }
    not_empty(field, &text)?;
    let length = text.len();
    if length > bytes_max {
        let long = message("plan-too-many-bytes").with("key", key).with("bytes", &length);
        return field.refuse(field.fault(long.with("most", &bytes_max)));
    }
    Some(text)
}

fn not_empty(field: &Field<'_>, text: &str) -> Option<()> {
    if is_blank(text) {
        return field.refuse(field.fault(message("plan-empty").with("key", field.key)));
    }
    Some(())
}

fn named(c: char) -> Value {
    match c {
        '\n' => Value::Word("a line break".to_owned()),
        '\t' => Value::Word("a tab".to_owned()),
        other => {
            let code = format!("{:04X}", u32::from(other));
            Value::Message(Box::new(message("plan-character").with("code", &code)))
        }
    }
}

/// A mail address of an office: `local@domain` in ASCII.
pub(super) fn address(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    match fault_of_address(text) {
        None => Some(text.to_owned()),
        Some(why) => {
            let address = message("plan-address").with("text", &text.escape_debug());
            field.refuse(field.fault(address.put("why", Value::Word(why.to_owned()))))
        }
    }
}

fn fault_of_address(text: &str) -> Option<&'static str> {
    if text.len() > ADDRESS_BYTES_MAX {
        return Some("it is longer than 254 bytes");
    }
    if text.chars().any(char::is_control) {
        return Some("it holds a control character or a line break");
    }
    let Some((local, domain)) = text.split_once('@') else {
        return Some("it has no `@`");
    };
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    if local.is_empty() || !local.split('.').all(|part| !part.is_empty() && part.bytes().all(atom)) {
        return Some("what stands before `@` is no mailbox name");
    }
    let label = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    if !domain.split('.').all(label) || !domain.contains('.') {
        return Some("what stands behind `@` is no domain");
    }
    (!is_mailbox(text)).then_some("before `@` stand at most 64 characters, between dots behind it at most 63")
}

/// The part of a field's value that begins at this byte of its text; the whole value where it was
/// written with escapes.
pub(super) fn inside(field: &Field<'_>, part: Range<usize>) -> Range<usize> {
    let whole = field.span();
    let (Some(text), Some(raw)) = (field.text(), field.page.text.get(whole.clone())) else {
        return whole;
    };
    match raw.find(text) {
        Some(at) => whole.start + at + part.start..whole.start + at + part.end,
        None => whole,
    }
}
