//! mail-parser, set up so that no message can keep it busy or make it end the program.
//!
//! Its work grows with the square of some headers, and a message enclosed in base64 within another is
//! read by recursion. So it gets the beginning of a message only, and nothing encoded: what of a part
//! is wanted is decoded here.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::html::html_to_text;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use super::header;

/// So much of a message is read, in bytes: all headers, the text, a report with the headers of what it
/// reports on. Attachments lie behind them.
pub const READ_BYTES_MAX: usize = 256 * 1024;

/// Reads the beginning of a message; `None` where no header is found.
pub(super) fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    parser().parse(beginning(bytes))
}

/// Reads the headers at the beginning of a message alone.
pub(super) fn parse_headers(bytes: &[u8]) -> Option<Message<'_>> {
    parser().parse_headers(beginning(bytes))
}

fn parser() -> MessageParser {
    MessageParser::new()
        .with_mime_headers()
        .with_date_headers()
        .with_address_headers()
        .with_message_ids()
        .header_text(HeaderName::Subject)
        .ignore_header(HeaderName::ContentTransferEncoding)
}

fn beginning(bytes: &[u8]) -> &[u8] {
    bytes.get(..READ_BYTES_MAX).unwrap_or(bytes)
}

/// What a part of this message holds, decoded.
pub(super) fn contents<'a>(message: &'a Message<'_>, part: &MessagePart<'_>) -> Cow<'a, [u8]> {
    let (from, to) = (part.raw_body_offset() as usize, part.raw_end_offset() as usize);
    let raw = message.raw_message.get(from..to).unwrap_or_default();
    let encoding = encoding(message, part);
    // A part that mail-parser took for a message has its boundary, which no base64 contains, at its end.
    let base64 = raw.split(|byte| *byte == b'-').next().unwrap_or_default();
    decoded(if encoding.eq_ignore_ascii_case(b"base64") { base64 } else { raw }, encoding)
}

/// A part's Content-Transfer-Encoding: the last of the name, as mail-parser takes it.
pub(super) fn encoding<'a>(message: &'a Message<'_>, part: &MessagePart<'_>) -> &'a [u8] {
    raw(message, part, &HeaderName::ContentTransferEncoding).unwrap_or_default().trim_ascii()
}

/// A header of a part as it stands in the message: the last of the name.
pub(super) fn raw<'a>(
    message: &'a Message<'_>,
    part: &MessagePart<'_>,
    name: &HeaderName<'_>,
) -> Option<&'a [u8]> {
    let is = |other: &HeaderName<'_>| other.as_str().eq_ignore_ascii_case(name.as_str());
    let header = part.headers.iter().rev().find(|header| is(&header.name))?;
    message.raw_message.get(header.offset_start as usize..header.offset_end as usize)
}

/// A header of the message as text; empty where it is missing.
pub(super) fn header(message: &Message<'_>, name: &HeaderName<'_>) -> String {
    let raw = message.parts.first().and_then(|own| raw(message, own, name));
    raw.map(header::text).unwrap_or_default()
}

/// Bytes as they were before they were encoded; as they stand where the encoding is none, or broken.
pub(super) fn decoded<'a>(raw: &'a [u8], encoding: &[u8]) -> Cow<'a, [u8]> {
    let decoded = if encoding.eq_ignore_ascii_case(b"base64") {
        base64_decode(raw)
    } else if encoding.eq_ignore_ascii_case(b"quoted-printable") {
        quoted_printable_decode(raw)
    } else {
        None
    };
    decoded.map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// The text of a part of this message, without HTML's marks.
pub(super) fn text(message: &Message<'_>, part: &MessagePart<'_>) -> String {
    let bytes = contents(message, part);
    let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
    let text = header::decoded(&bytes, charset);
    match &part.body {
        PartType::Html(_) => html_to_text(&text),
        PartType::Text(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Message(_)
        | PartType::Multipart(_) => text,
    }
}
