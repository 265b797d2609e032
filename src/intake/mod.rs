//! Mail that came in, read: reply, automatic answer or delivery report, and what it names. Pure.
//!
//! It must not know what becomes of it: `domain::incoming` decides where a message is kept.

mod day;
mod files;
mod form;
mod header;
mod phrases;
mod proposal;
mod reader;
mod report;
#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, Utc};
use mail_parser::{HeaderName, HeaderValue, Message, MimeHeaders as _, PartType};

pub use files::{FILES_MAX, File};
pub use form::{FORM_BYTES_MAX, Form, Misread, Row, Said};
pub use proposal::{Found, Proposal, proposal};
pub use reader::READ_BYTES_MAX;

use crate::domain::text::is_hidden;
use crate::domain::{Incoming, IncomingKind, LetterId};
use crate::locale::{self, Language, message as said};

/// Largest message that is read, in bytes: photographs of a site come as attachments.
pub const MESSAGE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most characters of the text in which a letter's number is looked for.
const TEXT_CHARS_MAX: usize = 200_000;
/// Most messages that a message may enclose: each is read within the other.
pub const ENCLOSED_MAX: usize = 50;
/// Most Message-IDs that are looked at.
const NAMES_MAX: usize = 50;
/// Longest name and subject for a list, in characters.
const HEADLINE_CHARS_MAX: usize = 200;
/// What stands before a letter's number, in our own letters and in quotations of them.
const NUMBER_MARKS: [&str; 4] = ["编号：", "编号:", "Ref ", "ref "];
/// `2021-0623-07` and longer numbers.
const NUMBER_CHARS_MAX: usize = 20;

/// Why a message can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntakeFault {
    /// No header was found.
    NoMessage,
    /// More than [`ENCLOSED_MAX`] messages within the message: made to break readers.
    TooDeep,
    /// Larger than [`MESSAGE_BYTES_MAX`].
    TooLarge(usize),
}

impl IntakeFault {
    /// Why, to be told.
    #[must_use]
    pub fn message(&self) -> locale::Message {
        match self {
            Self::NoMessage => said("mail-none"),
            Self::TooDeep => said("mail-too-deep").with("most", &ENCLOSED_MAX),
            Self::TooLarge(bytes) => {
                said("mail-too-large").with("bytes", bytes).with("most", &MESSAGE_BYTES_MAX)
            }
        }
    }
}

impl fmt::Display for IntakeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&locale::told(Language::English, &self.message()))
    }
}

impl std::error::Error for IntakeFault {}

/// Reads a message.
///
/// # Errors
/// [`IntakeFault`] where it is none, or too large.
pub fn read(bytes: &[u8]) -> Result<Incoming, IntakeFault> {
    if bytes.len() > MESSAGE_BYTES_MAX {
        return Err(IntakeFault::TooLarge(bytes.len()));
    }
    if enclosed(bytes) > ENCLOSED_MAX {
        return Err(IntakeFault::TooDeep);
    }
    let message = reader::parse(bytes).ok_or(IntakeFault::NoMessage)?;
    if message.from().is_none() && message.date().is_none() && message.message_id().is_none() {
        return Err(IntakeFault::NoMessage);
    }
    let kind = report::kind(&message, || !files::files(bytes).is_empty());
    let mut names = reported(&message);
    for header in [message.in_reply_to(), message.references()] {
        // The last reference is the message answered, the first the thread's beginning.
        names.extend(texts(header).into_iter().rev());
    }
    if kind != IncomingKind::Reply {
        names.extend(quoted(&message));
    }
    names.truncate(NAMES_MAX);
    let dated = message.date().and_then(|date| DateTime::<Utc>::from_timestamp(date.to_timestamp(), 0));
    Ok(Incoming { kind, names, numbers: numbers(&message), dated })
}

/// Whom it is from and what it is about, for a list.
#[must_use]
pub fn headline(bytes: &[u8]) -> (String, String) {
    let Some(message) = reader::parse_headers(bytes) else { return Default::default() };
    let from = message.from().and_then(|from| from.first()).and_then(|from| from.address());
    let from = sender_name(&message).or_else(|| from.map(str::to_owned)).unwrap_or_default();
    (plain(&from), plain(&reader::header(&message, &HeaderName::Subject)))
}

/// The name beside the address in From.
fn sender_name(message: &Message<'_>) -> Option<String> {
    let from = reader::header(message, &HeaderName::From);
    let name = from.split('<').next().unwrap_or_default().trim().trim_matches('"').trim();
    let comment = || from.split_once('(').and_then(|(_, comment)| comment.split(')').next());
    let name = if name.contains('@') { comment().unwrap_or_default() } else { name };
    (!name.is_empty()).then(|| name.to_owned())
}

/// The beginning of a text that anybody may have written, on one line: nothing in it speaks to a terminal.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !speaks(*c)).take(HEADLINE_CHARS_MAX).collect()
}

/// Whether a character moves what a terminal shows, or hides in it, rather than be read.
fn speaks(c: char) -> bool {
    c.is_control() || is_hidden(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// How many messages are enclosed, at most.
fn enclosed(bytes: &[u8]) -> usize {
    const KINDS: [&[u8; 14]; 2] = [b"message/rfc822", b"message/global"];
    let is_one = |window: &&[u8]| KINDS.iter().any(|kind| window.eq_ignore_ascii_case(*kind));
    bytes.windows(14).filter(is_one).count()
}

fn texts(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(text) => vec![text.to_string()],
        HeaderValue::TextList(list) => list.iter().map(ToString::to_string).collect(),
        HeaderValue::Address(_)
        | HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => Vec::new(),
    }
}

/// Message-IDs that stand in the text: of a letter that a report quotes with its headers.
fn quoted(message: &Message<'_>) -> Vec<String> {
    const MARK: &str = "message-id:";
    let mut names = Vec::new();
    for part in message.text_bodies() {
        let text: String = reader::text(message, part).chars().take(TEXT_CHARS_MAX).collect();
        let small = text.to_ascii_lowercase();
        for (at, _) in small.match_indices(MARK) {
            let after = text.get(at + MARK.len()..).unwrap_or_default().trim_start();
            let name: Option<&str> = after.strip_prefix('<').and_then(|after| after.split('>').next());
            names.extend(name.filter(|name| !name.contains(char::is_whitespace)).map(str::to_owned));
        }
    }
    names
}

/// Message-IDs of the messages, or their headers, that a report encloses.
fn reported(message: &Message<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for part in &message.parts {
        let plain = match &part.body {
            PartType::Message(enclosed) => enclosed.message_id().map(str::to_owned),
            PartType::Text(_)
            | PartType::Html(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Multipart(_) => None,
        };
        let inner = || {
            let contents = reader::contents(message, part);
            let head = reader::parse_headers(&contents);
            head.as_ref().and_then(Message::message_id).map(str::to_owned)
        };
        names.extend(plain.or_else(|| if is_enclosed(part) { inner() } else { None }));
    }
    names
}

/// A message within the message, or its headers; or a file of one.
fn is_enclosed(part: &mail_parser::MessagePart<'_>) -> bool {
    const KINDS: [&str; 4] = ["rfc822", "global", "rfc822-headers", "global-headers"];
    let subtype = part.content_type().and_then(|kind| kind.subtype());
    let is_file = || part.attachment_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".eml"));
    subtype.is_some_and(|subtype| KINDS.iter().any(|kind| subtype.eq_ignore_ascii_case(kind))) || is_file()
}

/// Letter numbers in the subject and the text, in order.
fn numbers(message: &Message<'_>) -> Vec<LetterId> {
    let mut text = reader::header(message, &HeaderName::Subject);
    for part in message.text_bodies() {
        text.push('\n');
        text.extend(reader::text(message, part).chars().take(TEXT_CHARS_MAX));
    }
    let mut found: Vec<(usize, LetterId)> = Vec::new();
    for mark in NUMBER_MARKS {
        for (at, _) in text.match_indices(mark) {
            let after = text.get(at + mark.len()..).unwrap_or_default().trim_start();
            let digits = |c: &char| c.is_ascii_digit() || *c == '-';
            let number: String = after.chars().take(NUMBER_CHARS_MAX).take_while(digits).collect();
            if let Ok(number) = number.trim_end_matches('-').parse() {
                found.push((at, number));
            }
        }
    }
    found.sort();
    found.dedup_by_key(|(_, number)| *number);
    found.into_iter().map(|(_, number)| number).collect()
}
