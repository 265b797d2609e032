//! The link of an archived letter: all of it but the signature stands there, and the signature is put in when the
//! letter goes. Every other byte stays, whichever way lettre encoded the part.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::LetterId;
use crate::link::LinkKey;

/// Begins each part that holds words.
const BOUNDARY: &[u8] = b"\r\n--alternative-";
const HEAD_END: &[u8] = b"\r\n\r\n";

/// Puts the tokens of this letter into its text and HTML parts; both are as long as before.
pub(super) fn unmask(message: &mut [u8], letter: LetterId, key: &LinkKey) {
    let mut at = 0;
    while let Some(start) = find(message, at, BOUNDARY) {
        let line_end = find(message, start + BOUNDARY.len(), b"\r\n").unwrap_or(message.len());
        if message.get(..line_end).is_some_and(|line| line.ends_with(b"--")) {
            // No words after it, attachments only.
            return;
        }
        let Some(head_end) = find(message, start, HEAD_END) else { return };
        let body = head_end + HEAD_END.len();
        let end = find(message, body, BOUNDARY).unwrap_or(message.len());
        at = end;
        let base64 = message.get(start..body).is_some_and(|head| holds(head, b"base64"));
        let Some(part) = message.get_mut(body..end) else { return };
        if base64 {
            unmask_base64(part, letter, key);
        } else {
            unmask_readable(part, letter, key);
        }
    }
}

/// The digits are decoded, changed, encoded and put back where they stood.
fn unmask_base64(part: &mut [u8], letter: LetterId, key: &LinkKey) {
    let digits: Vec<u8> = part.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let Ok(mut text) = STANDARD.decode(&digits) else { return };
    if key.unmask(letter, &mut text) == 0 {
        return;
    }
    let encoded = STANDARD.encode(&text);
    let places = part.iter_mut().filter(|byte| !byte.is_ascii_whitespace());
    for (place, digit) in places.zip(encoded.bytes()) {
        *place = digit;
    }
}

/// In quoted-printable (RFC 2045, 6.7) every character of a token stands for itself; soft line breaks lie between.
fn unmask_readable(part: &mut [u8], letter: LetterId, key: &LinkKey) {
    let mut places = Vec::with_capacity(part.len());
    let mut at = 0;
    while at < part.len() {
        if part.get(at..).is_some_and(|rest| rest.starts_with(b"=\r\n")) {
            at += 3;
            continue;
        }
        places.push(at);
        at += 1;
    }
    let mut text: Vec<u8> = places.iter().filter_map(|place| part.get(*place).copied()).collect();
    if key.unmask(letter, &mut text) == 0 {
        return;
    }
    for (place, byte) in places.into_iter().zip(text) {
        if let Some(old) = part.get_mut(place) {
            *old = byte;
        }
    }
}

fn find(message: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let rest = message.get(from..)?;
    rest.windows(what.len()).position(|window| window == what).map(|at| from + at)
}

fn holds(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}
