//! One stored line: its outer form and its hash. Knows nothing of what events mean.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of a hash.
const HEX: usize = 64;
const PREV_KEY: &[u8] = b",\"prev\":\"";
const HASH_KEY: &[u8] = b"\",\"hash\":\"";
const END: &[u8] = b"\"}";
/// Bytes from `,"hash":` to the end of the line.
const HASH_TAIL: usize = HASH_KEY.len() - 1 + HEX + END.len();
/// Bytes from `,"prev":` to the end of the line.
const PREV_TAIL: usize = PREV_KEY.len() + HEX + 1 + HASH_TAIL;

/// A SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Hash([u8; HEX / 2]);

impl Hash {
    /// Before the first event.
    pub(super) const ZERO: Self = Self([0; HEX / 2]);

    /// SHA-256 of `bytes`.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub(super) fn parse(digits: &[u8]) -> Option<Self> {
        let digits: &[u8; HEX] = digits.try_into().ok()?;
        let mut hash = [0; HEX / 2];
        let mut wrong = 0;
        for (slot, pair) in hash.iter_mut().zip(digits.as_chunks::<2>().0) {
            let [high, low] = pair.map(half);
            *slot = high << 4 | (low & 0x0f);
            wrong |= high | low;
        }
        (wrong & 0xf0 == 0).then_some(Self(hash))
    }

    /// Its bytes.
    pub(super) fn bytes(self) -> [u8; HEX / 2] {
        self.0
    }

    /// Its 64 digits.
    pub(super) fn digits(self) -> String {
        let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 });
        self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

/// What a hexadecimal digit stands for; more than 15 for anything else. Without a branch: a start reads millions.
fn half(digit: u8) -> u8 {
    let (decimal, letter) = (digit.wrapping_sub(b'0'), digit.wrapping_sub(b'a'));
    let letter = if letter < 6 { letter + 10 } else { u8::MAX };
    if decimal < 10 { decimal } else { letter }
}

/// What the chain needs to know of a line, read without decoding its data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Frame<'a> {
    /// its place
    pub position: u64,
    /// of its batch's last event
    pub batch_end: u64,
    /// the thing it happened to
    pub stream: &'a str,
    /// in the stream
    pub version: u64,
    /// the event's type
    pub kind: &'a str,
    /// the version of its shape
    pub v: u32,
    /// the hash before
    pub prev: Hash,
    /// its own
    pub hash: Hash,
}

/// Reads a line (without line feed) and recomputes its hash; `None` where form or hash is wrong.
///
/// `,"stream":"` can't stand within a JSON string, whose quotation marks carry a backslash, and no
/// earlier value has such a key: its first occurrence is the line's own.
pub(super) fn frame(line: &[u8]) -> Option<Frame<'_>> {
    let hashed = line.get(..line.len().checked_sub(HASH_TAIL)?)?;
    unhashed(line).filter(|frame| Hash::of(hashed) == frame.hash)
}

/// The same, its hash not recomputed: tells quickly whether a line is wanted at all.
pub(super) fn unhashed(line: &[u8]) -> Option<Frame<'_>> {
    let (body, tail) = line.split_at_checked(line.len().checked_sub(PREV_TAIL)?)?;
    let tail = tail.strip_prefix(PREV_KEY)?;
    let (prev, tail) = tail.split_at_checked(HEX)?;
    let tail = tail.strip_prefix(HASH_KEY)?;
    let (hash, tail) = tail.split_at_checked(HEX)?;
    let (prev, hash) = (Hash::parse(prev)?, Hash::parse(hash)?);
    if tail != END {
        return None;
    }
    let rest = body.strip_prefix(b"{\"position\":")?;
    let (position, rest) = number(rest)?;
    let (batch_end, rest) = number(rest.strip_prefix(b",\"batch_end\":")?)?;
    let rest = after(rest, b",\"stream\":\"")?;
    let (stream, rest) = plain_text(rest)?;
    let (version, rest) = number(rest.strip_prefix(b",\"version\":")?)?;
    let (kind, rest) = plain_text(rest.strip_prefix(b",\"type\":\"")?)?;
    let (v, rest) = number(rest.strip_prefix(b",\"v\":")?)?;
    let data = rest.strip_prefix(b",\"data\":")?;
    let well = data.starts_with(b"{") && data.ends_with(b"}") && position <= batch_end && position > 0;
    well.then_some(Frame {
        position,
        batch_end,
        stream,
        version,
        kind,
        v: u32::try_from(v).ok()?,
        prev,
        hash,
    })
}

/// Completes a line: `body` ends with its data; returns line (without line feed) and hash.
pub(super) fn seal(mut body: String, prev: Hash) -> (String, Hash) {
    let _ = write!(body, ",\"prev\":\"{}\"", prev.digits());
    let hash = Hash::of(body.as_bytes());
    let _ = write!(body, ",\"hash\":\"{}\"}}", hash.digits());
    (body, hash)
}

/// A number without sign or leading zero, and what follows it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let (text, rest) = bytes.split_at_checked(digits)?;
    if text.len() > 1 && text.starts_with(b"0") {
        return None;
    }
    Some((std::str::from_utf8(text).ok()?.parse().ok()?, rest))
}

/// A string of ASCII without escapes, its opening quotation mark already taken.
fn plain_text(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|b| *b == b'"')?;
    let (text, rest) = bytes.split_at_checked(end)?;
    let plain = text.iter().all(|b| b.is_ascii_graphic() && *b != b'\\');
    (plain && !text.is_empty()).then_some((std::str::from_utf8(text).ok()?, rest.get(1..)?))
}

/// What follows the first occurrence of `key`, which begins with a comma.
fn after<'a>(mut bytes: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    loop {
        bytes = bytes.get(bytes.iter().position(|b| *b == b',')?..)?;
        if let Some(rest) = bytes.strip_prefix(key) {
            return Some(rest);
        }
        bytes = bytes.get(1..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"position":7,"batch_end":8,"recorded_at":"2021-05-24T01:00:00.000000Z","by":{"kind":"admin","name":"a,\"stream\":\"x","via":"cli"},"stream":"unit/eco-env","version":3,"type":"UnitChanged","v":1,"data":{"stream":"no"}"#;

    #[test]
    fn a_sealed_line_reads_back() {
        let (line, hash) = seal(HEAD.to_owned(), Hash::ZERO);
        let frame = frame(line.as_bytes()).unwrap();
        assert_eq!((frame.position, frame.batch_end, frame.version), (7, 8, 3));
        assert_eq!((frame.stream, frame.kind, frame.v), ("unit/eco-env", "UnitChanged", 1));
        assert_eq!((frame.prev, frame.hash), (Hash::ZERO, hash));
    }

    #[test]
    fn any_flipped_bit_is_seen() {
        let (line, _) = seal(HEAD.to_owned(), Hash::ZERO);
        for at in 0..line.len() {
            for bit in 0..8 {
                let mut bytes = line.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                assert_eq!(frame(&bytes), None, "byte {at} bit {bit}");
            }
        }
    }
}
