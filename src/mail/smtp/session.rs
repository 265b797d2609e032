//! Letters over one open line: MAIL, RCPT, DATA, the bytes, the final dot. One addressee a letter.
//!
//! The moment the last byte is handed over is known: before it a lost line means that the letter was
//! not taken, after it nobody can tell.

use std::error::Error as _;
use std::fmt::Display;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use super::dial::{Patience, Witness, expect, within};
use super::trouble::{Failed, Step, Trouble};
use crate::domain::Envelope;

/// A letter's bytes go in pieces of this size.
const PIECE_BYTES: usize = 32 * 1024;
/// How much of a server's words is kept.
const WORDS_MAX: usize = 400;

/// What is said of a server that went away.
const CLOSED: &str = "the server closed the line";

/// An open line, logged in.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    used: Instant,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

impl Session {
    pub(super) fn new(connection: AsyncSmtpConnection) -> Self {
        Self { connection, used: Instant::now() }
    }

    /// Since the last letter.
    pub(super) fn idle(&self) -> Duration {
        self.used.elapsed()
    }

    /// Hands one letter over; the server's words when it took it.
    ///
    /// After any failure but [`Trouble::Said`] the session must be dropped.
    pub(super) async fn send(
        &mut self,
        envelope: &Envelope,
        from: &str,
        patience: &Patience,
        witness: &Witness,
    ) -> Result<String, Failed> {
        self.used = Instant::now();
        let ours = |step, what: String| Failed { step, trouble: Trouble::Ours(what) };
        let from: Address =
            from.parse().map_err(|fault| ours(Step::Sender, format!("the sender is no address: {fault}")))?;
        let to: Address = envelope
            .address
            .parse()
            .map_err(|fault| ours(Step::Addressee, format!("the addressee is no address: {fault}")))?;
        let mail = Mail::new(Some(from), self.options(envelope)?);
        let answer = patience.answer;
        let reply = expect(Step::Sender, self.command(Step::Sender, mail, answer).await?, 250)?;
        witness.tell(Step::Sender, || words(&reply));
        let reply = self.command(Step::Addressee, Rcpt::new(to, Vec::new()), answer).await?;
        // 251: not local, will be forwarded.
        let reply =
            expect(Step::Addressee, reply.clone(), 250).or_else(|_| expect(Step::Addressee, reply, 251))?;
        witness.tell(Step::Addressee, || words(&reply));
        let reply = expect(Step::Data, self.command(Step::Data, Data, answer).await?, 354)?;
        witness.tell(Step::Data, || words(&reply));
        let reply = self.body(&envelope.bytes, patience).await?;
        let reply = expect(Step::Dot, reply, 250)?;
        witness.tell(Step::Dot, || words(&reply));
        self.used = Instant::now();
        Ok(words(&reply))
    }

    /// What the letter needs of the server (RFC 6152, RFC 6531).
    fn options(&self, envelope: &Envelope) -> Result<Vec<MailParameter>, Failed> {
        let mut options = Vec::new();
        let lacks = |what: &str| Failed {
            step: Step::Data,
            trouble: Trouble::Ours(format!("the server does not speak {what}, which this letter needs")),
        };
        if !envelope.address.is_ascii() {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(lacks("SMTPUTF8"));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        if !envelope.bytes.is_ascii() {
            if !self.connection.server_info().supports_feature(Extension::EightBitMime) {
                return Err(lacks("8BITMIME"));
            }
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(options)
    }

    async fn command(
        &mut self,
        step: Step,
        command: impl Display,
        limit: Duration,
    ) -> Result<Response, Failed> {
        let asked = async { self.connection.command(command).await.map_err(|fault| trouble(&fault)) };
        within(step, limit, asked).await
    }

    /// The bytes up to the final dot, then the answer to it.
    async fn body(&mut self, bytes: &[u8], patience: &Patience) -> Result<Response, Failed> {
        // lettre ends the letter with a line end of its own: what arrives is what was archived, to the byte.
        let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
        let over = Arc::new(HandedOver::default());
        let mut sending = pin!(self.connection.message_iter(pieces(bytes, Arc::clone(&over))));
        let at = |step, trouble| Failed { step, trouble };
        let result = tokio::select! {
            biased;
            result = &mut sending => Some(result),
            () = over.notify.notified() => None,
            () = sleep(patience.body) => {
                let seconds = patience.body.as_secs();
                return Err(at(Step::Body, Trouble::Late { seconds }));
            }
        };
        let result = if let Some(result) = result {
            result
        } else {
            tokio::select! {
                result = sending => result,
                () = sleep(patience.dot) => {
                    let seconds = patience.dot.as_secs();
                    return Err(at(Step::Dot, Trouble::Late { seconds }));
                }
            }
        };
        let step = if over.done.load(Ordering::Acquire) { Step::Dot } else { Step::Body };
        result.map_err(|fault| at(step, trouble(&fault)))
    }

    /// Clears what a refused letter left behind; whether the line is good for another.
    pub(super) async fn reset(&mut self, patience: &Patience) -> bool {
        let reply = self.command(Step::Sender, Rset, patience.answer).await;
        reply.is_ok_and(|reply| reply.has_code(250))
    }

    /// Says good-bye; what comes of it is of no matter.
    pub(super) async fn quit(mut self, patience: &Patience) -> Result<String, Failed> {
        let reply = self.command(Step::Quit, Quit, patience.answer).await?;
        Ok(words(&reply))
    }
}

/// Whether the last byte before the final dot was handed over.
#[derive(Debug, Default)]
struct HandedOver {
    done: AtomicBool,
    notify: Notify,
}

/// The bytes in pieces; being asked for one more after the last means that all of them were written.
fn pieces(bytes: &[u8], over: Arc<HandedOver>) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes.chunks(PIECE_BYTES);
    std::iter::from_fn(move || {
        let piece = rest.next();
        if piece.is_none() {
            over.done.store(true, Ordering::Release);
            over.notify.notify_one();
        }
        piece
    })
}

/// The server's words with their code, on one line.
pub(super) fn words(reply: &Response) -> String {
    let text: Vec<&str> = reply.message().collect();
    kept(&format!("{} {}", reply.code(), text.join(" ")))
}

fn kept(words: &str) -> String {
    words
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(WORDS_MAX)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// What lettre says, in our terms.
pub(super) fn trouble(fault: &Error) -> Trouble {
    // Without TLS lettre says so in words, within TLS the line itself does, and rustls teaches about it at length.
    let ended = fault.source().and_then(|source| source.downcast_ref::<io::Error>());
    if ended.is_some_and(|fault| fault.kind() == io::ErrorKind::UnexpectedEof) {
        return Trouble::Lost(CLOSED.to_owned());
    }
    let source = fault.source().map(ToString::to_string).unwrap_or_default();
    let source = kept(&source);
    match fault.status().map(|code| code.to_string().parse::<u16>()) {
        Some(Ok(code)) => Trouble::Said { code, words: source },
        Some(Err(_)) => Trouble::Garbage(source),
        None if source == "incomplete response" => Trouble::Lost(CLOSED.to_owned()),
        None if fault.is_response() => Trouble::Garbage(source),
        None if fault.is_client() => Trouble::Ours(source),
        None => Trouble::Lost(if source.is_empty() { kept(&fault.to_string()) } else { source }),
    }
}
