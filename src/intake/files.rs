//! The files that came with a message. The message is walked here, line by line: mail-parser is given the headers
//! of a part alone, which are bounded, as its work grows faster than they do.

use std::borrow::Cow;

use mail_parser::{ContentType, HeaderName, MimeHeaders as _};

use super::{header, reader};

/// Most files of a message that are looked at.
pub const FILES_MAX: usize = 50;
/// Most parts of a message that are looked at.
const PARTS_MAX: usize = 500;
/// Parts within parts, at most.
const DEPTH_MAX: usize = 5;
/// Headers of a part, at most, in bytes; a message's own may be longer.
const PART_HEAD_BYTES_MAX: usize = 16 * 1024;
/// Longest name of a file, in bytes: a file system's.
const NAME_BYTES_MAX: usize = 200;

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File<'m> {
    /// as the sender named it, without a path
    pub name: String,
    /// decoded
    pub bytes: Cow<'m, [u8]>,
}

/// The files, in order: what has a name, was attached or is no text. Pictures that the text shows, as those of a
/// signature, are none.
pub(super) fn files(message: &[u8]) -> Vec<File<'_>> {
    let mut walk = Walk { found: Vec::new(), shown: String::new(), parts: 0 };
    walk.part(message, 0);
    let Walk { found, shown, .. } = walk;
    let is_shown = |name: &String| shown.contains(&format!("cid:{}", name.to_ascii_lowercase()));
    let files = found.into_iter().filter(|(_, picture)| !picture.as_ref().is_some_and(is_shown));
    let mut files: Vec<File<'_>> = files.map(|(file, _)| file).collect();
    for (nth, file) in (1..).zip(&mut files) {
        if file.name.is_empty() || file.name.starts_with('.') {
            file.name.insert_str(0, &format!("附件{nth}"));
        }
    }
    files
}

struct Walk<'m> {
    /// files, and the Content-ID of those that are pictures
    found: Vec<(File<'m>, Option<String>)>,
    /// HTML that may show them, in small letters
    shown: String,
    parts: usize,
}

impl<'m> Walk<'m> {
    fn part(&mut self, part: &'m [u8], depth: usize) {
        self.parts += 1;
        if self.parts > PARTS_MAX || depth > DEPTH_MAX || self.found.len() >= FILES_MAX {
            return;
        }
        let most = if depth == 0 { reader::READ_BYTES_MAX } else { PART_HEAD_BYTES_MAX };
        let Some((head, body)) = split(part, most) else { return };
        let Some(parsed) = reader::parse_headers(head) else { return };
        let Some(own) = parsed.parts.first() else { return };
        let kind = own.content_type();
        if let Some(boundary) =
            kind.filter(|kind| is(kind, "multipart")).and_then(|kind| kind.attribute("boundary"))
        {
            for inner in between(body, boundary) {
                self.part(inner, depth + 1);
            }
            return;
        }
        let attached = own.content_disposition().is_some_and(ContentType::is_attachment);
        let name = |header, parameter| {
            let raw = reader::raw(&parsed, own, &header)?;
            plain_name(&header::parameter(raw, parameter)?)
        };
        let name = name(HeaderName::ContentDisposition, "filename")
            .or_else(|| name(HeaderName::ContentType, "name"));
        let encoding = reader::encoding(&parsed, own);
        let is_text = kind.is_none_or(|kind| is(kind, "text") || is(kind, "multipart"));
        if !attached && name.is_none() && (is_text || kind.is_some_and(is_report)) {
            if kind.is_some_and(|kind| kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("html"))) {
                let begins = body.get(..reader::READ_BYTES_MAX).unwrap_or(body);
                let html = reader::decoded(begins, encoding);
                self.shown.push_str(&String::from_utf8_lossy(&html).to_ascii_lowercase());
            }
            return;
        }
        let is_picture = !attached && kind.is_some_and(|kind| is(kind, "image"));
        let picture = own.content_id().filter(|_| is_picture);
        let picture = picture.map(|id| id.trim_matches(['<', '>']).to_owned());
        let is_message = kind.is_some_and(|kind| is(kind, "message"));
        let name = name.unwrap_or_else(|| if is_message { ".eml".to_owned() } else { String::new() });
        self.found.push((File { name, bytes: reader::decoded(body, encoding) }, picture));
    }
}

/// Parts of a report that speak to machines.
fn is_report(kind: &ContentType<'_>) -> bool {
    const KINDS: [&str; 3] = ["delivery-status", "global-delivery-status", "disposition-notification"];
    let sub = kind.subtype().unwrap_or_default();
    is(kind, "message") && KINDS.iter().any(|kind| sub.eq_ignore_ascii_case(kind))
}

fn is(kind: &ContentType<'_>, main: &str) -> bool {
    kind.ctype().eq_ignore_ascii_case(main)
}

/// Headers and body; nothing where the headers don't end soon.
fn split(part: &[u8], most: usize) -> Option<(&[u8], &[u8])> {
    let begins = part.get(..most).unwrap_or(part);
    let ends =
        |mark: &[u8]| begins.windows(mark.len()).position(|window| window == mark).map(|at| at + mark.len());
    let end = match (ends(b"\r\n\r\n"), ends(b"\n\n")) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other)?,
    };
    part.split_at_checked(end)
}

/// What lies between the lines of a boundary (RFC 2046, 5.1.1).
fn between<'m>(body: &'m [u8], boundary: &str) -> Vec<&'m [u8]> {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let (mut line, mut begun) = (0, None);
    while line < body.len() {
        let rest = body.get(line..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let text = rest.get(..length).unwrap_or_default().trim_ascii_end();
        if let Some(after) = text.strip_prefix(mark.as_bytes())
            && (after.is_empty() || after == b"--")
        {
            if let Some(begun) = begun {
                parts.extend(body.get(begun..line).map(without_line_end));
            }
            if !after.is_empty() {
                return parts;
            }
            begun = Some(line + length);
        }
        line += length;
    }
    // A message that was cut off: its last part is what came.
    parts.extend(begun.and_then(|begun| body.get(begun..)));
    parts
}

/// The line end before a boundary belongs to the boundary.
fn without_line_end(part: &[u8]) -> &[u8] {
    part.strip_suffix(b"\r\n").or_else(|| part.strip_suffix(b"\n")).unwrap_or(part)
}

/// A name that is neither a path nor a trick; `None` where nothing is left of it.
fn plain_name(name: &str) -> Option<String> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = base.chars().filter(|c| !super::speaks(*c)).collect();
    let kept = kept.trim();
    if kept.is_empty() || kept == "." || kept == ".." {
        return None;
    }
    if kept.len() <= NAME_BYTES_MAX {
        return Some(kept.to_owned());
    }
    // The ending tells what it is: the middle goes.
    let ending = kept.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.len() <= 8);
    let room = NAME_BYTES_MAX - ending.map_or(0, |ending| ending.len() + 1);
    let ends = kept.char_indices().map(|(at, c)| at + c.len_utf8());
    let short = kept.get(..ends.take_while(|end| *end <= room).last()?)?;
    Some(ending.map_or_else(|| short.to_owned(), |ending| format!("{short}.{ending}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(parts: &[&str]) -> Vec<u8> {
        let parts = parts.iter().map(|part| format!("--b\n{part}\n")).collect::<Vec<_>>().concat();
        format!("From: a@b\nContent-Type: multipart/mixed; boundary=\"b\"\n\npreamble\n{parts}--b--\nafter\n")
            .replace('\n', "\r\n")
            .into_bytes()
    }

    fn found(message: &[u8]) -> Vec<(String, String)> {
        let shown = |file: File<'_>| (file.name, String::from_utf8_lossy(&file.bytes).into_owned());
        files(message).into_iter().map(shown).collect()
    }

    const TEXT: &str = "Content-Type: text/plain\n\nhello";

    #[test]
    fn files_are_what_was_attached_and_no_picture_of_a_signature() {
        let inner = "Content-Type: multipart/related; boundary=\"c\"\n\n--c\nContent-Type: text/html\n\n<img src=\"cid:1@X\">\n--c\nContent-Type: image/png; name=logo.png\nContent-ID: <1@x>\nContent-Disposition: inline\n\nlogo\n--c--";
        let pdf = "Content-Type: application/pdf; name*=utf-8''%E9%AA%8C%E6%94%B6.pdf\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\naGVs\nbG8=";
        let quoted = "Content-Type: text/plain; name=a.txt\nContent-Disposition: attachment\nContent-Transfer-Encoding: quoted-printable\n\n=E4=BD=A0";
        let expected = [("验收.pdf", "hello"), ("a.txt", "你")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(found(&message(&[TEXT, inner, pdf, quoted])), expected);
        // As a Maildir keeps it.
        let unix = String::from_utf8(message(&[TEXT, inner, pdf, quoted])).unwrap().replace("\r\n", "\n");
        assert_eq!(found(unix.as_bytes()), expected);
    }

    #[test]
    fn no_name_is_a_path() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\x\\表.xlsx", "表.xlsx"),
            ("..", "附件1"),
            ("a\u{202E}fdp.exe", "afdp.exe"),
        ] {
            let part = format!("Content-Type: a/b; name*=utf-8''{}\n\nx", percent(given));
            assert_eq!(found(&message(&[&part])), [(kept.to_owned(), "x".to_owned())], "{given}");
        }
        let long = plain_name(&format!("{}.pdf", "很".repeat(200))).unwrap();
        assert!(long.len() <= NAME_BYTES_MAX && long.ends_with("很.pdf"), "{long}");
    }

    fn percent(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
    }

    #[test]
    fn parts_without_end_end_all_the_same() {
        let many = vec!["Content-Disposition: attachment\n\nx"; 2000];
        assert_eq!(files(&message(&many)).len(), FILES_MAX);
        let deep = "Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(5_000);
        assert!(files(deep.as_bytes()).is_empty());
        let cut = message(&["Content-Disposition: attachment\n\nall of it"]);
        assert_eq!(files(cut.strip_suffix(b"\r\n--b--\r\nafter\r\n").unwrap()).len(), 1);
        let head = "x: y\n".repeat(20_000);
        assert!(found(&message(&[&format!("{head}Content-Disposition: attachment\n\nx")])).is_empty());
    }
}
