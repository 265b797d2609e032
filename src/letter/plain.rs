//! A letter of ours read back for a terminal: its subject and its plain text. Reads no other mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a person reads of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// the subject
    pub subject: String,
    /// the text part
    pub text: String,
}

/// Subject and text of an archived letter; `None` where it is none of ours.
#[must_use]
pub fn plain(message: &str) -> Option<Plain> {
    let (head, body) = message.split_once("\r\n\r\n")?;
    let subject = head.replace("\r\n ", " ");
    let subject = subject.lines().find_map(|line| line.strip_prefix("Subject: "))?;
    let (_, part) = body.split_once("Content-Type: text/plain")?;
    let (part_head, part) = part.split_once("\r\n\r\n")?;
    let part = part.split("\r\n--").next()?;
    let text = if part_head.contains("base64") {
        let digits: String = part.split_ascii_whitespace().collect();
        String::from_utf8(STANDARD.decode(digits).ok()?).ok()?
    } else {
        part.to_owned()
    };
    Some(Plain { subject: words(subject)?, text: text.replace("\r\n", "\n") })
}

/// A header's encoded words (RFC 2047) put together.
fn words(header: &str) -> Option<String> {
    let mut bytes = Vec::new();
    for word in header.split(' ') {
        if let Some(encoded) = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")) {
            bytes.extend(STANDARD.decode(encoded).ok()?);
        } else {
            if !bytes.is_empty() {
                bytes.push(b' ');
            }
            bytes.extend_from_slice(word.as_bytes());
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subject_and_text_are_read_back() {
        let message = "Subject: =?utf-8?b?5Lu75Yqh?=\r\n =?utf-8?b?5ZGK55+l?=\r\nTo: x\r\n\r\n--a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5L2g\r\n5aW9\r\n--a\r\nContent-Type: text/html\r\n\r\nx\r\n";
        assert_eq!(plain(message).unwrap(), Plain { subject: "任务告知".into(), text: "你好".into() });
        assert_eq!(plain("no letter"), None);
    }
}
