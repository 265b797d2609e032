//! One look into a mailbox by IMAP (RFC 3501): what is unseen is read, marks are set, nothing is
//! ever deleted. async-imap speaks and parses, over a socket of our own.
//!
//! Each command is asked and its answer read here: the library's own readers take a refused or an
//! unfinished answer for an empty one. It decides nothing: which message is taken in is the
//! daemon's.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's enums grow, and a server says what it likes"
)]

mod bounded;
mod fault;
mod folder;

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, ResponseCode, Status};
use async_imap::{Client, Session};
use tokio::time::timeout;

pub use fault::{Failed, Step, Trouble, cure};

use super::socket::{self, Socket};
use super::tls;
use crate::config::{Mailbox, Tls};
use bounded::Bounded;

/// Longest answer to the fetching of a message that is read, in bytes: the largest message that
/// intake takes, and what stands around it.
pub const MESSAGE_ANSWER_BYTES_MAX: usize = 34 * 1024 * 1024;
/// Longest answer to any other command, in bytes: the numbers of half a million messages.
pub const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What the server may know about us (RFC 2971): some refuse every folder to whom they don't know.
const NAME: &str = concat!("ID (\"name\" \"duban\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");

/// How long each step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// name lookup, and TCP to one address
    pub connect: Duration,
    /// the answer to one command, and the TLS handshake
    pub answer: Duration,
    /// the bytes of one message
    pub message: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            answer: Duration::from_mins(1),
            message: Duration::from_mins(5),
        }
    }
}

/// What a message is marked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `\Seen`: taken in
    Seen,
    /// `\Flagged`: a person should look
    Flagged,
}

/// An open folder. Whoever meets a fault drops it: what comes next on its line is anybody's guess.
#[derive(Debug)]
pub struct Folder {
    session: Session<Bounded>,
    patience: Patience,
    /// UIDs are good as long as this stays (RFC 3501, 2.3.1.1)
    validity: u32,
}

/// Waits for a step no longer than it may take.
async fn within<T>(
    step: Step,
    limit: Duration,
    work: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Failed> {
    let done = timeout(limit, work).await.unwrap_or(Err(Trouble::Late { seconds: limit.as_secs() }));
    done.map_err(|trouble| Failed { step, trouble })
}

impl Folder {
    /// Connects, encrypts, logs in, selects.
    ///
    /// # Errors
    /// The step that failed, and how.
    pub async fn open(mailbox: &Mailbox, patience: Patience) -> Result<Self, Failed> {
        let socket = connect(mailbox, patience).await?;
        let client = match mailbox.tls {
            Tls::None => greeted(socket, patience).await?,
            Tls::Implicit => greeted(encrypt(mailbox, socket, patience).await?, patience).await?,
            Tls::StartTls => start_tls(mailbox, socket, patience).await?,
        };
        let session = log_in(mailbox, client, patience).await?;
        let mut folder = Self { session, patience, validity: 0 };
        folder.introduce().await?;
        folder.select(&mailbox.folder).await?;
        Ok(folder)
    }

    /// UIDs are good as long as this stays.
    #[must_use]
    pub fn validity(&self) -> u32 {
        self.validity
    }

    /// What nobody has seen yet, the oldest first.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub async fn unseen(&mut self) -> Result<Vec<u32>, Failed> {
        let mut found = Vec::new();
        let take = |answer: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
                found.extend(uids);
            }
        };
        self.ask(Step::Search, self.patience.answer, "UID SEARCH UNSEEN", take).await?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// How many bytes these have; one that is gone meanwhile has no entry.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub async fn sizes(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, u64>, Failed> {
        if uids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let set: Vec<String> = uids.iter().map(ToString::to_string).collect();
        let mut sizes = BTreeMap::new();
        let take = |answer: &Response<'_>| {
            let Response::Fetch(_, attributes) = answer else { return };
            let size = attributes.iter().find_map(|attribute| match attribute {
                AttributeValue::Rfc822Size(size) => Some(u64::from(*size)),
                _ => None,
            });
            sizes.extend(uid(attributes).zip(size));
        };
        let command = format!("UID FETCH {} (UID RFC822.SIZE)", set.join(","));
        self.ask(Step::Search, self.patience.answer, &command, take).await?;
        Ok(sizes)
    }

    /// The message's bytes, its marks as they were; `None` where it is gone meanwhile.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub async fn message(&mut self, wanted: u32) -> Result<Option<Vec<u8>>, Failed> {
        let mut bytes = None;
        let take = |answer: &Response<'_>| {
            let Response::Fetch(_, attributes) = answer else { return };
            let body = attributes.iter().find_map(|attribute| match attribute {
                AttributeValue::BodySection { section: None, data: Some(body), .. } => Some(body),
                _ => None,
            });
            if let Some(body) = body.filter(|_| uid(attributes) == Some(wanted)) {
                bytes = Some(body.to_vec());
            }
        };
        let command = format!("UID FETCH {wanted} (UID BODY.PEEK[])");
        self.ask(Step::Fetch, self.patience.message, &command, take).await?;
        Ok(bytes)
    }

    /// Marks a message.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub async fn mark(&mut self, uid: u32, mark: Mark) -> Result<(), Failed> {
        let flag = match mark {
            Mark::Seen => "\\Seen",
            Mark::Flagged => "\\Flagged",
        };
        let command = format!("UID STORE {uid} +FLAGS.SILENT ({flag})");
        self.ask(Step::Mark, self.patience.answer, &command, |_| {}).await
    }

    /// Says goodbye. All that mattered was answered before.
    pub async fn close(mut self) {
        let limit = self.patience.answer;
        let _ = timeout(limit, self.session.logout()).await;
    }

    async fn introduce(&mut self) -> Result<(), Failed> {
        let mut wanted = false;
        let take = |answer: &Response<'_>| {
            if let Response::Capabilities(offered) = answer {
                wanted |= offered.iter().any(|one| {
                    matches!(one, async_imap::imap_proto::Capability::Atom(name) if name.eq_ignore_ascii_case("ID"))
                });
            }
        };
        self.ask(Step::Login, self.patience.answer, "CAPABILITY", take).await?;
        if wanted {
            self.ask(Step::Login, self.patience.answer, NAME, |_| {}).await?;
        }
        Ok(())
    }

    async fn select(&mut self, name: &str) -> Result<(), Failed> {
        let (mut validity, mut read_only) = (None, false);
        let take = |answer: &Response<'_>| {
            let (Response::Data { outcome, .. } | Response::Done { outcome, .. }) = answer else { return };
            match outcome.code {
                Some(ResponseCode::UidValidity(given)) => validity = Some(given),
                Some(ResponseCode::ReadOnly) => read_only = true,
                _ => {}
            }
        };
        let command = format!("SELECT {}", folder::quoted(name));
        self.ask(Step::Select, self.patience.answer, &command, take).await?;
        let failed = |what: &str| Failed { step: Step::Select, trouble: Trouble::Ours(what.to_owned()) };
        if read_only {
            return Err(failed("the folder is read-only: what is taken in could not be marked"));
        }
        self.validity = validity.ok_or_else(|| failed("the server gives no UIDVALIDITY"))?;
        Ok(())
    }

    /// Gives a command and lets `take` see each answer, up to and with the final one.
    async fn ask(
        &mut self,
        step: Step,
        limit: Duration,
        command: &str,
        mut take: impl FnMut(&Response<'_>),
    ) -> Result<(), Failed> {
        let session = &mut self.session;
        session.as_mut().allow(match step {
            Step::Fetch => MESSAGE_ANSWER_BYTES_MAX,
            _ => ANSWER_BYTES_MAX,
        });
        within(step, limit, async {
            let tag = session.run_command(command).await.map_err(trouble)?;
            loop {
                let answer = session.read_response().await.map_err(|fault| trouble(fault.into()))?;
                let answer = answer.ok_or_else(|| trouble(Error::ConnectionLost))?;
                match answer.parsed() {
                    done @ Response::Done { tag: answered, status, outcome } if *answered == tag => {
                        take(done);
                        let words = outcome.information.as_deref().unwrap_or_default();
                        return match status {
                            Status::Ok => Ok(()),
                            Status::No | Status::Bad | Status::PreAuth | Status::Bye => {
                                Err(Trouble::Said(words.to_owned()))
                            }
                        };
                    }
                    Response::Data { status: Status::Bye, outcome } => {
                        let words = outcome.information.as_deref().unwrap_or_default();
                        return Err(Trouble::Lost(format!("the server closed the line: {words}")));
                    }
                    other => take(other),
                }
            }
        })
        .await
    }
}

fn uid(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

/// What the library says about a fault, in our words.
fn trouble(fault: Error) -> Trouble {
    match fault {
        Error::No(words) | Error::Bad(words) => Trouble::Said(plain(&words).to_owned()),
        Error::ConnectionLost => Trouble::Lost("the server closed the line".to_owned()),
        Error::Io(fault) => {
            let words = fault.to_string();
            // Behind it stand all bytes that were read: a message perhaps.
            match words.split_once(" during parsing of ") {
                Some(_) => Trouble::Garbage,
                None => Trouble::Lost(words),
            }
        }
        Error::Parse(_) => Trouble::Garbage,
        other => Trouble::Ours(other.to_string()),
    }
}

/// The server's own words out of `code: None, info: Some("…")`.
fn plain(words: &str) -> &str {
    let inner = words.split_once("info: Some(\"").and_then(|(_, rest)| rest.strip_suffix("\")"));
    inner.unwrap_or(words)
}

async fn connect(mailbox: &Mailbox, patience: Patience) -> Result<Socket, Failed> {
    let found = async { socket::addresses(&mailbox.host, mailbox.port).await.map_err(Trouble::Lost) };
    let addresses = within(Step::Resolve, patience.connect, found).await?;
    let mut last = Failed { step: Step::Connect, trouble: Trouble::Lost("no address".to_owned()) };
    for address in addresses {
        let opened = async { socket::connect(address).await.map_err(Trouble::Lost) };
        match within(Step::Connect, patience.connect, opened).await {
            Ok(tcp) => return Ok(Socket::Plain(tcp)),
            Err(failed) => last = failed,
        }
    }
    Err(last)
}

async fn encrypt(mailbox: &Mailbox, socket: Socket, patience: Patience) -> Result<Socket, Failed> {
    let Socket::Plain(tcp) = socket else { return Ok(socket) };
    let ca_file = mailbox.ca_file.clone();
    let read = tokio::task::spawn_blocking(move || tls::trust(ca_file.as_deref())).await;
    let config = read.unwrap_or_else(|fault| Err(fault.to_string()));
    let config = config.map_err(|what| Failed { step: Step::Tls, trouble: Trouble::Ours(what) })?;
    let shaken = async {
        let done = tls::encrypt(config, &mailbox.host, tcp).await;
        done.map_err(|fault| Trouble::Lost(fault.to_string()))
    };
    Ok(Socket::Tls(Box::new(within(Step::Tls, patience.answer, shaken).await?)))
}

/// Waits for the server's first words.
async fn greeted(socket: Socket, patience: Patience) -> Result<Client<Bounded>, Failed> {
    let mut client = Client::new(Bounded::new(socket, ANSWER_BYTES_MAX));
    within(Step::Greeting, patience.answer, async {
        let greeting = client.read_response().await.map_err(|fault| trouble(fault.into()))?;
        let greeting = greeting.ok_or_else(|| trouble(Error::ConnectionLost))?;
        match greeting.parsed() {
            Response::Data { status: Status::Ok, .. } => Ok(()),
            Response::Data { outcome, .. } => {
                Err(Trouble::Said(outcome.information.as_deref().unwrap_or_default().to_owned()))
            }
            _ => Err(Trouble::Garbage),
        }
    })
    .await?;
    Ok(client)
}

/// What a meddler put behind the answer in clear is dropped with the client that read it, or makes
/// the handshake fail: it is never taken for an answer under TLS.
async fn start_tls(mailbox: &Mailbox, socket: Socket, patience: Patience) -> Result<Client<Bounded>, Failed> {
    let mut client = greeted(socket, patience).await?;
    let asked = async { client.run_command_and_check_ok("STARTTLS", None).await.map_err(trouble) };
    within(Step::StartTls, patience.answer, asked).await?;
    let socket = encrypt(mailbox, client.into_inner().into_inner(), patience).await?;
    Ok(Client::new(Bounded::new(socket, ANSWER_BYTES_MAX)))
}

async fn log_in(
    mailbox: &Mailbox,
    client: Client<Bounded>,
    patience: Patience,
) -> Result<Session<Bounded>, Failed> {
    let login = mailbox.login.clone();
    let read = tokio::task::spawn_blocking(move || login.password()).await;
    let password = read.unwrap_or_else(|fault| Err(fault.to_string()));
    let password = password.map_err(|what| Failed { step: Step::Login, trouble: Trouble::Ours(what) })?;
    let asked =
        async { client.login(&mailbox.login.user, password).await.map_err(|(fault, _)| trouble(fault)) };
    within(Step::Login, patience.answer, asked).await
}
