//! The message as it goes out (RFC 5322, MIME): built by lettre from values that are all given,
//! so the same letter is the same bytes.

use std::time::SystemTime;

use chrono::{DateTime, Datelike, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

use super::words::clean;
use super::{LetterFault, masked};
use crate::domain::LetterId;
use crate::link::LinkKey;

/// In the archived form every letter goes here: nobody who reads the archive can take it for his own.
pub const ARCHIVE_ADDRESS: &str = "unit-mailbox@archive.invalid";

/// What a message is made of.
pub(super) struct Parts<'a> {
    pub message_id: &'a str,
    pub dated: DateTime<Utc>,
    pub from: (&'a str, &'a str),
    pub reply_to: (&'a str, &'a str),
    pub to_name: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// workbooks: file name and bytes
    pub attached: Vec<(&'static str, Vec<u8>)>,
}

impl Parts<'_> {
    /// The message in its archived form, addressed to [`ARCHIVE_ADDRESS`].
    pub(super) fn message(&self) -> Result<Vec<u8>, LetterFault> {
        let unique = checked_id(self.message_id)?;
        let builder = Message::builder()
            .message_id(Some(format!("<{}>", self.message_id)))
            .date(SystemTime::from(self.dated))
            .from(mailbox(self.from)?)
            .to(mailbox((self.to_name, ARCHIVE_ADDRESS))?)
            .reply_to(mailbox(self.reply_to)?)
            .subject(clean(self.subject))
            .raw_header(fixed("Auto-Submitted", "auto-generated"))
            .raw_header(fixed("X-Auto-Response-Suppress", "All"));
        let words = MultiPart::alternative()
            .boundary(format!("alternative-{unique}"))
            .singlepart(SinglePart::plain(self.text.to_owned()))
            .singlepart(SinglePart::html(self.html.to_owned()));
        if self.attached.is_empty() {
            return Ok(builder.multipart(words)?.formatted());
        }
        let kind = ContentType::parse("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            .map_err(|_| LetterFault::AttachmentType)?;
        let mut body = MultiPart::mixed().boundary(format!("mixed-{unique}")).multipart(words);
        for (name, bytes) in &self.attached {
            body = body.singlepart(Attachment::new((*name).to_owned()).body(bytes.clone(), kind.clone()));
        }
        Ok(builder.multipart(body)?.formatted())
    }
}

/// Refuses an instant that no message can bear.
pub(super) fn check_date(dated: DateTime<Utc>) -> Result<(), LetterFault> {
    // HTTP dates, which lettre prints dates with, exist from 1970 to 9999.
    if (1970..=9999).contains(&dated.year()) { Ok(()) } else { Err(LetterFault::Date(dated)) }
}

/// The message as sent: the archived form with the address back in its place, and the signature of its link where
/// it has one and the key is given; all else the same to the byte. So a letter is sent again from the archive,
/// whatever became of its template.
///
/// # Errors
/// [`LetterFault::Address`] or [`LetterFault::AddressNotAscii`], if mail can't go to `address`;
/// [`LetterFault::NotArchived`], if `archived` is no message addressed to [`ARCHIVE_ADDRESS`].
pub fn as_sent(
    archived: &[u8],
    address: &str,
    link: Option<(LetterId, &LinkKey)>,
) -> Result<Vec<u8>, LetterFault> {
    mailbox(("", address))?;
    let (start, end) = archive_address(archived).ok_or(LetterFault::NotArchived)?;
    let (before, rest) = archived.split_at(start);
    let (_, after) = rest.split_at(end - start);
    let mut message = [before, address.as_bytes(), after].concat();
    if let Some((letter, key)) = link {
        masked::unmask(&mut message, letter, key);
    }
    Ok(message)
}

/// Where the placeholder stands: at the end of the To header, folded or not, behind any name.
fn archive_address(message: &[u8]) -> Option<(usize, usize)> {
    let head_end = message.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head = std::str::from_utf8(message.get(..head_end)?).ok()?;
    let field = head.find("\r\nTo: ")?;
    let mut value = field + "\r\nTo: ".len();
    loop {
        let line_end = head.get(value..)?.find("\r\n").map_or(head.len(), |length| value + length);
        let folded = head.get(line_end..)?.starts_with("\r\n ");
        if !folded {
            let line = head.get(field..line_end)?;
            let start = field + line.rfind(ARCHIVE_ADDRESS)?;
            return Some((start, start + ARCHIVE_ADDRESS.len()));
        }
        value = line_end + 2;
    }
}

pub(super) fn mailbox((name, address): (&str, &str)) -> Result<Mailbox, LetterFault> {
    if !address.is_ascii() {
        return Err(LetterFault::AddressNotAscii(clean(address)));
    }
    let email = address.parse().map_err(|source| LetterFault::Address { address: clean(address), source })?;
    let name = clean(name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), email))
}

fn fixed(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The part before the `@`, for the boundaries; refuses what could break a header.
fn checked_id(message_id: &str) -> Result<&str, LetterFault> {
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
    };
    match message_id.split_once('@') {
        Some((unique, domain)) if plain(unique) && plain(domain) && unique.len() <= 48 => Ok(unique),
        _ => Err(LetterFault::MessageId(clean(message_id))),
    }
}
