//! Mail that came in: what it is, and which letter it answers.
//!
//! Anybody can write to the office, so nothing that comes in changes the state of a matter: it is
//! kept beside what it answers, and a person decides.

use super::event::{Event, MailKind, NewEvent, Stream};
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
    /// out of office, delayed, read: a machine wrote it (RFC 3834), and nothing has to be done
    Automatic,
    /// a machine wrote it, and what it means was not understood
    Unclear,
    /// a letter could not be delivered, for good
    Bounce(Bounce),
}

/// What a delivery report says (RFC 3464, or in words).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// RFC 3463 status code, as `5.1.1`; empty where the report has none
    pub status: String,
    /// the words of the server that refused
    pub diagnostic: String,
    /// addresses that it says it did not reach, or that stand in its words, in small letters
    pub failed: Vec<String>,
}

impl Bounce {
    /// Whether it says that this very address was not reached.
    fn is_of(&self, address: &str) -> bool {
        self.failed.iter().any(|failed| failed.eq_ignore_ascii_case(address))
    }
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
        answered(ledger, incoming).filter(|letter| incoming.names.contains(&letter.queued.message_id));
    let event = match &incoming.kind {
        IncomingKind::Bounce(bounce) => match named {
            // Of another recipient, or of nobody: a person has to look.
            Some(letter) if letter.address.as_deref().is_some_and(|address| bounce.is_of(address)) => {
                let words = format!("{} {}", bounce.status, bounce.diagnostic);
                let reply: String =
                    words.chars().filter(|c| !c.is_control()).take(DIAGNOSTIC_CHARS_MAX).collect();
                let (letter, reply) = (letter.queued.letter, reply.trim().to_owned());
                Event::LetterBounced { letter, reply, message }
            }
            _ => Event::MailReceived { letter, message, kind: MailKind::Unclear },
        },
        IncomingKind::Reply => Event::MailReceived { letter, message, kind: MailKind::Reply },
        IncomingKind::Automatic => Event::MailReceived { letter, message, kind: MailKind::Automatic },
        IncomingKind::Unclear => Event::MailReceived { letter, message, kind: MailKind::Unclear },
    };
    NewEvent { stream, occurred_on, event }
}
