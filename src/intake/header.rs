//! Text and parameters of a header as mail programs really write them: encoded words cut within a character, raw bytes
//! of GBK, names in pieces. mail-parser decodes each piece by itself, so these are read here.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;

/// Most pieces of one parameter (RFC 2231, section 3); a name has no more.
const PIECES_MAX: u32 = 200;
/// Longest encoded word, in bytes; RFC 2047 knows 75, programs that never fold write the whole of a name.
const WORD_BYTES_MAX: usize = 4096;

/// Bytes in the charset that they are said to be in; where none is said, or it is not so: UTF-8, else GB18030, which
/// holds GBK and GB2312.
pub(super) fn decoded(bytes: &[u8], charset: Option<&str>) -> String {
    let said = charset.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    // us-ascii is what programs say that never asked; the label stands for windows-1252 too (WHATWG).
    let is_ascii = charset.is_some_and(|label| label.trim().eq_ignore_ascii_case("us-ascii"));
    let said = said.filter(|said| *said != WINDOWS_1252 || !is_ascii);
    // `gb2312` is often written of GBK or GB18030.
    let said = said.map(|said| if said == encoding_rs::GBK { GB18030 } else { said });
    let exact = |by: &'static Encoding| by.decode_without_bom_handling_and_without_replacement(bytes);
    let text = said.and_then(exact).or_else(|| exact(UTF_8)).or_else(|| exact(GB18030));
    text.unwrap_or_else(|| said.unwrap_or(UTF_8).decode_without_bom_handling(bytes).0).into_owned()
}

/// The text of a header without structure, its lines put together and its encoded words decoded (RFC 2047).
pub(super) fn text(raw: &[u8]) -> String {
    words(&unfolded(raw))
}

/// A parameter of Content-Type or Content-Disposition: in pieces or with a charset (RFC 2231), in encoded words
/// within quotes (which RFC 2047 forbids and everybody writes), percent-encoded, or as raw bytes.
pub(super) fn parameter(raw: &[u8], name: &str) -> Option<String> {
    let text = unfolded(raw);
    let pairs = pairs(&text);
    in_pieces(&pairs, name).or_else(|| {
        let plain = pairs.iter().find(|(key, _)| key == name)?;
        Some(percent_text(words(&plain.1)))
    })
}

fn unfolded(raw: &[u8]) -> String {
    let bytes: Vec<u8> = raw.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    decoded(&bytes, None).trim().to_owned()
}

/// Keys in small letters and values without quotes, as they stand after the first semicolon.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut chars = text.chars().skip_while(|c| *c != ';').peekable();
    while chars.peek().is_some() {
        while chars.next_if(|c| c.is_whitespace() || *c == ';').is_some() {}
        let mut key = String::new();
        while let Some(c) = chars.next_if(|c| !matches!(c, '=' | ';')) {
            key.push(c);
        }
        let mut value = String::new();
        if chars.next_if_eq(&'=').is_some() {
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            if chars.next_if_eq(&'"').is_some() {
                while let Some(c) = chars.next_if(|c| *c != '"') {
                    let escaped = if c == '\\' { chars.next_if(|c| matches!(c, '"' | '\\')) } else { None };
                    value.push(escaped.unwrap_or(c));
                }
                chars.next();
            } else {
                while let Some(c) = chars.next_if(|c| *c != ';') {
                    value.push(c);
                }
            }
        }
        pairs.push((key.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    pairs
}

/// A value with a charset, its pieces put together before they are decoded: a character may be cut in two. The
/// charset stands in the first piece (RFC 2231, section 4.1).
fn in_pieces(pairs: &[(String, String)], name: &str) -> Option<String> {
    let valued = |key: &str| pairs.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str());
    if let Some(whole) = valued(&format!("{name}*")) {
        let (charset, value) = with_charset(whole);
        return Some(decoded(&percent_bytes(value), charset));
    }
    let (mut bytes, mut said, mut is_plain) = (Vec::new(), None, true);
    for piece in 0..PIECES_MAX {
        if let Some(value) = valued(&format!("{name}*{piece}*")) {
            is_plain = false;
            let (charset, value) = if piece == 0 { with_charset(value) } else { (None, value) };
            said = said.or(charset);
            bytes.extend_from_slice(&percent_bytes(value));
        } else if let Some(value) = valued(&format!("{name}*{piece}")) {
            bytes.extend_from_slice(value.as_bytes());
        } else if piece == 0 {
            return None;
        } else {
            break;
        }
    }
    let text = decoded(&bytes, said);
    Some(if is_plain { percent_text(words(&text)) } else { text })
}

/// `utf-8'zh'%E8…`; the charset may be left out.
fn with_charset(value: &str) -> (Option<&str>, &str) {
    let mut parts = value.splitn(3, '\'');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(charset), Some(_), Some(value)) => (Some(charset).filter(|said| !said.is_empty()), value),
        _ => (None, value),
    }
}

fn percent_bytes(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let value = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| *byte == b'%');
        decoded.push(value.unwrap_or(*byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    decoded
}

/// A name that a web page wrote percent-encoded; one that only looks so stays.
fn percent_text(text: String) -> String {
    if !text.is_ascii() || !text.contains('%') {
        return text;
    }
    let bytes = percent_bytes(&text);
    match String::from_utf8(bytes) {
        Ok(decoded) if !decoded.is_ascii() => decoded,
        _ => text,
    }
}

/// One encoded word, its text decoded to bytes.
struct Word<'t> {
    charset: &'t str,
    bytes: Vec<u8>,
    length: usize,
}

/// Encoded words decoded; neighbours of one charset as one, for a character may be cut in two between them.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut pending: Option<(Cow<'_, str>, Vec<u8>)> = None;
    let mut rest = text;
    while !rest.is_empty() {
        // White space between two encoded words is none of the text (RFC 2047, 6.2).
        let spaces = rest.len() - rest.trim_start().len();
        let next = if pending.is_some() { rest.get(spaces..).unwrap_or_default() } else { rest };
        if let Some(found) = word(next) {
            match &mut pending {
                Some((charset, bytes)) if charset.eq_ignore_ascii_case(found.charset) => {
                    bytes.extend_from_slice(&found.bytes);
                }
                _ => {
                    flush(&mut out, &mut pending);
                    pending = Some((Cow::Borrowed(found.charset), found.bytes));
                }
            }
            rest = next.get(found.length..).unwrap_or_default();
            continue;
        }
        flush(&mut out, &mut pending);
        let end = rest.get(1..).and_then(|after| after.find("=?")).map_or(rest.len(), |at| at + 1);
        let end = if rest.is_char_boundary(1) { end } else { rest.find("=?").unwrap_or(rest.len()) };
        out.push_str(rest.get(..end).unwrap_or(rest));
        rest = rest.get(end..).unwrap_or_default();
    }
    flush(&mut out, &mut pending);
    out
}

fn flush(out: &mut String, pending: &mut Option<(Cow<'_, str>, Vec<u8>)>) {
    if let Some((charset, bytes)) = pending.take() {
        out.push_str(&decoded(&bytes, Some(&charset)));
    }
}

/// `=?charset*language?B?text?=` at the beginning.
fn word(text: &str) -> Option<Word<'_>> {
    let mut parts = text.strip_prefix("=?")?.splitn(3, '?');
    let (charset, encoding, after) = (parts.next()?, parts.next()?, parts.next()?);
    let end = after.as_bytes().windows(2).take(WORD_BYTES_MAX).position(|pair| pair == b"?=")?;
    let body = after.get(..end)?;
    let bytes = match encoding {
        "B" | "b" => base64_decode(body.as_bytes())?,
        "Q" | "q" => {
            let spaced = body.replace('_', " ").replace('%', "%25").replace('=', "%");
            percent_bytes(&spaced)
        }
        _ => return None,
    };
    let length = "=?".len() + charset.len() + 1 + encoding.len() + 1 + body.len() + "?=".len();
    Some(Word { charset: charset.split('*').next().unwrap_or(charset), bytes, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "4-冬防照片说明材料.pdf";

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    fn percent(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
    }

    fn base64(bytes: &[u8]) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    }

    #[test]
    fn a_name_is_the_same_in_whatever_way_it_is_written() {
        let (utf8, gbk) = (NAME.as_bytes(), gb(NAME));
        let quoted = utf8.iter().map(|byte| format!("={byte:02X}")).collect::<Vec<_>>().concat();
        // Cut within a character, as programs do that count bytes.
        let (one, other) = gbk.split_at(5);
        let (begin, end) = utf8.split_at(6);
        let raw =
            |before: &str, name: &[u8], after: &str| [before.as_bytes(), name, after.as_bytes()].concat();
        for (what, header) in [
            ("charset", format!("attachment; filename*=UTF-8''{}", percent(utf8)).into_bytes()),
            ("gb18030", format!("attachment; filename*=gb18030'zh-CN'{}", percent(&gbk)).into_bytes()),
            ("no charset", format!("attachment; filename*=''{}", percent(&gbk)).into_bytes()),
            ("wrong charset", format!("attachment; filename*=utf-8''{}", percent(&gbk)).into_bytes()),
            (
                "pieces",
                format!(
                    "attachment;\r\n filename*0*=GB2312''{};\r\n filename*1*={}",
                    percent(one),
                    percent(other)
                )
                .into_bytes(),
            ),
            (
                "pieces out of order, the last not encoded",
                format!(
                    "attachment; filename*1*={}; filename*2=\".pdf\"; filename*0*=utf-8''{}",
                    percent(end.strip_suffix(b".pdf").unwrap()),
                    percent(begin)
                )
                .into_bytes(),
            ),
            ("encoded word", format!("attachment; filename=\"=?gb18030?B?{}?=\"", base64(&gbk)).into_bytes()),
            (
                "encoded words, folded",
                format!(
                    "attachment; filename=\"=?GBK?B?{}?=\r\n\t=?gbk?b?{}?=\"",
                    base64(one),
                    base64(other)
                )
                .into_bytes(),
            ),
            ("quoted-printable word", format!("attachment; filename==?utf-8?Q?{quoted}?=").into_bytes()),
            (
                "pieces of encoded words",
                format!(
                    "attachment; filename*0=\"=?utf-8?B?{}?=\"; filename*1=\" =?utf-8?B?{}?=\"",
                    base64(begin),
                    base64(end)
                )
                .into_bytes(),
            ),
            ("raw GBK", raw("attachment; filename=\"", &gbk, "\"")),
            ("raw GBK, no quotes", raw("attachment; filename=", &gbk, "; size=3")),
            ("raw UTF-8", raw("attachment; filename=\"", utf8, "\"")),
            ("percent alone", format!("attachment; filename=\"{}\"", percent(utf8)).into_bytes()),
            (
                "both forms",
                format!("attachment; filename=\"____.pdf\"; filename*=utf-8''{}", percent(utf8)).into_bytes(),
            ),
        ] {
            assert_eq!(parameter(&header, "filename").as_deref(), Some(NAME), "{what}");
        }
        assert_eq!(parameter(b"attachment", "filename"), None);
        assert_eq!(parameter(b"attachment; filename=\"a \\\"b\\\".pdf", "filename").unwrap(), "a \"b\".pdf");
        assert_eq!(parameter(b"a/b; name=\"100%AB.pdf\"", "name").unwrap(), "100%AB.pdf", "no encoding");
        // The second byte of 昞 in GBK is a backslash.
        assert_eq!(parameter(&raw("a; name=\"", &gb("昞.pdf"), "\""), "name").unwrap(), "昞.pdf");
        assert_eq!(parameter("a; name=\"résumé.pdf\"".as_bytes(), "name").unwrap(), "résumé.pdf");
    }

    #[test]
    fn a_subject_is_read_whole() {
        let gbk = gb("回复：任务告知");
        let (one, other) = gbk.split_at(3);
        let cut = format!("Re: =?gb2312?B?{}?=\r\n =?gb2312?B?{}?= end", base64(one), base64(other));
        assert_eq!(text(cut.as_bytes()), "Re: 回复：任务告知 end");
        assert_eq!(text(&gbk), "回复：任务告知");
        for plain in ["=?", "a =?utf-8?B?", "=?x?Y?z?= b", "", "é=?", "=?utf-8?Q?a?"] {
            assert_eq!(text(plain.as_bytes()), plain, "no encoded word");
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let header = format!("a; n*0*=gbk'x'%E; n*1==?b?Q?=?=; n=\"\\\u{e9}; {}", "n*9*=%".repeat(50));
        for cut in 0..header.len() {
            let bytes = header.as_bytes().get(cut..).unwrap_or_default();
            let _ = (parameter(bytes, "n"), text(bytes));
        }
    }
}
