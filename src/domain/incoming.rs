//! Mail that came in: what it is, and which letter it answers.
//!
//! Anybody can write to the office, so nothing that comes in changes the state of a matter: it is
//! kept beside what it answers, and a person decides.

use super::event::{Event, NewEvent, Stream};
use super::id::{Digest, LetterId};
use super::ledger::{Ledger, LetterState, Received};
use chrono::{DateTime, NaiveDate, Utc};

/// Longest words of another server that are kept in an event, in characters.
const DIAGNOSTIC_CHARS_MAX: usize = 500;

/// What was read of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// what it is
    pub kind: IncomingKind,
    /// Message-IDs that it says it answers or reports on, the likeliest first, without angle brackets
    pub names: Vec<String>,
    /// letter numbers (编号) that stand in it
    pub numbers: Vec<LetterId>,
    /// what its Date header claims
    pub dated: Option<DateTime<Utc>>,
}

/// What a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncomingKind {
    /// written by a person
    Reply,
    /// out of office, delayed, read: a machine wrote it (RFC 3834)
    Automatic,
    /// could not be delivered, for good (RFC 3464, `Action: failed`, status 5)
    Bounce {
        /// RFC 3463 status code, as `5.1.1`
        status: String,
        /// the words of the server that refused
        diagnostic: String,
    },
}

/// The letter that a message answers: named by its Message-ID, else by its number.
#[must_use]
pub fn answered<'a>(ledger: &'a Ledger, incoming: &Incoming) -> Option<&'a LetterState> {
    let by_number = || incoming.numbers.iter().find_map(|number| ledger.letter(*number));
    incoming.names.iter().find_map(|name| ledger.letter_named(name)).or_else(by_number)
}

/// The same message where it has come in already: by the same bytes, or with the line ends that
/// another way of fetching it gives (CRLF by IMAP, LF in a Maildir).
#[must_use]
pub fn known<'a>(ledger: &'a Ledger, message: &[u8]) -> Option<&'a Received> {
    let kept = |bytes: &[u8]| ledger.kept(Digest::of(bytes));
    kept(message).or_else(|| {
        let unix = with_line_feeds(message);
        kept(&unix).or_else(|| kept(&with_carriage_returns(&unix)))
    })
}

fn with_line_feeds(message: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => {
                bytes.extend_from_slice(text);
                bytes.push(b'\n');
            }
            None => bytes.extend_from_slice(line),
        }
    }
    bytes
}

fn with_carriage_returns(unix: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(unix.len());
    for line in unix.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) => {
                bytes.extend_from_slice(text);
                bytes.extend_from_slice(b"\r\n");
            }
            None => bytes.extend_from_slice(line),
        }
    }
    bytes
}

/// The event that keeps a message, which stands in `evidence/` under `message`.
#[must_use]
pub fn kept(ledger: &Ledger, incoming: &Incoming, message: Digest, today: NaiveDate) -> NewEvent {
    let letter = answered(ledger, incoming).map(|letter| letter.queued.letter);
    let stream = letter.map_or(Stream::Office, Stream::Letter);
    // A date header is a claim: before the letter, or in the future, it is none.
    let first = letter.map_or(today, |letter| letter.day);
    let claimed = incoming.dated.map(|at| ledger.day_of(at));
    let occurred_on = claimed.filter(|day| first <= *day && *day < today);
    // A number can be guessed by anybody, a Message-ID only by whoever had the letter.
    let named =
        answered(ledger, incoming).is_some_and(|letter| incoming.names.contains(&letter.queued.message_id));
    let event = match (&incoming.kind, letter) {
        (IncomingKind::Bounce { status, diagnostic }, Some(letter)) if named => {
            let words = format!("{status} {diagnostic}");
            let reply: String =
                words.chars().filter(|c| !c.is_control()).take(DIAGNOSTIC_CHARS_MAX).collect();
            Event::LetterBounced { letter, reply: reply.trim().to_owned(), message }
        }
        (kind, letter) => {
            Event::MailReceived { letter, message, automatic: !matches!(kind, IncomingKind::Reply) }
        }
    };
    NewEvent { stream, occurred_on, event }
}
