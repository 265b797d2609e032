//! The typed client that the command line and the tests use: HTTP over the daemon's Unix socket.

mod file;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use file::FileBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Bytes};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::domain::command::Command;
use crate::domain::{Evidence, LetterId, Via};
use crate::locale::Language;
use crate::office::{Asked, Refused, UseCase, events, incoming, letters, plans, reviews, tasks, units};
use crate::wire::{
    Answer, CLAIMED, CommandRequest, Declaration, EventPage, EventsQuery, Fingerprint, Health, LetterEntry,
    LetterShown, PlanEntry, Problem, ReviewEntry, SOCKET, Taken, TaskEntry, UnitEntry, is_claim,
};

/// The daemon answers sooner than this, or it hangs; longer than its own limits.
pub const ANSWER_SECONDS_MAX: u64 = 90;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientFault {
    /// nobody listens
    #[error("no daemon is running on {}; start it with `duban serve`", data.display())]
    NoDaemon {
        /// the data directory
        data: PathBuf,
    },
    /// another account's daemon
    #[error("the daemon on {} belongs to another account; ask as that account (sudo -u …), or by its group's socket", data.display())]
    NotYours {
        /// the data directory
        data: PathBuf,
    },
    /// it answered with a problem
    #[error("{problem}")]
    Problem {
        /// HTTP status
        status: u16,
        /// its words
        problem: String,
    },
    /// the office refused, in its words
    #[error("{0}")]
    Refused(Refused),
    /// the connection broke, or the answer is not understood
    #[error("the daemon's answer was lost: {what}")]
    Lost {
        /// how
        what: String,
    },
}

/// Speaks to the daemon of one data directory.
#[derive(Debug, Clone)]
pub struct Client {
    data: PathBuf,
    /// tried one after the other
    sockets: Vec<PathBuf>,
    language: Language,
    claimed: Option<String>,
}

impl Client {
    /// A client for the daemon of this data directory; nothing is asked yet.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        let sockets = vec![data.join(SOCKET)];
        Self { data: data.to_owned(), sockets, language: Language::default(), claimed: None }
    }

    /// One that tries this socket where the daemon's own is closed to it.
    #[must_use]
    pub fn or_through(mut self, socket: Option<PathBuf>) -> Self {
        self.sockets.extend(socket);
        self
    }

    /// One that says who went before the account that asks. Nobody checks it.
    #[must_use]
    pub fn claiming(self, claimed: Option<String>) -> Self {
        Self { claimed: claimed.filter(|name| is_claim(name)), ..self }
    }

    /// One that wants words in this language.
    #[must_use]
    pub fn speaking(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Whether a daemon listens.
    pub async fn is_there(&self) -> bool {
        self.connect().await.is_ok()
    }

    /// How things stand.
    ///
    /// # Errors
    /// [`ClientFault`], as with every question.
    pub async fn status(&self) -> Result<Health, ClientFault> {
        self.get("/api/status").await
    }

    /// What plan files would say, had they been written from the ledger; `None` before the office is known.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn declared(&self) -> Result<Option<Declaration>, ClientFault> {
        self.ask(&plans::Declared {}).await
    }

    /// The running ledger's fingerprint.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn fingerprint(&self) -> Result<Fingerprint, ClientFault> {
        self.ask(&events::AskFingerprint {}).await
    }

    /// All plans.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn plans(&self) -> Result<Vec<PlanEntry>, ClientFault> {
        self.ask(&plans::List {}).await
    }

    /// All tasks with what was opened of them.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn tasks(&self) -> Result<Vec<TaskEntry>, ClientFault> {
        self.ask(&tasks::Entries {}).await
    }

    /// All units.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn units(&self) -> Result<Vec<UnitEntry>, ClientFault> {
        Ok(self.ask(&units::List {}).await?.into_iter().map(|one| one.entry).collect())
    }

    /// What waits for the office.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn reviews(&self) -> Result<Vec<ReviewEntry>, ClientFault> {
        self.ask(&reviews::Waiting {}).await
    }

    /// Asks the office; under a request id of its own, so that asking twice is asking once.
    ///
    /// # Errors
    /// [`ClientFault`]; a refusal is one.
    pub async fn ask<U: UseCase>(&self, ask: &U) -> Result<U::Answer, ClientFault> {
        let request = Some(uuid::Uuid::new_v4().to_string());
        let body = serde_json::to_vec(&Asked { request, via: Via::Cli, ask }).map_err(lost)?;
        let (status, body) = self.call(Method::POST, &format!("/api/{}", U::NAME), whole(body)).await?;
        if status.is_success() { read(&body) } else { Err(refused(status, &body)) }
    }

    /// All letters.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn letters(&self) -> Result<Vec<LetterEntry>, ClientFault> {
        self.ask(&letters::List::default()).await
    }

    /// One letter with its text.
    ///
    /// # Errors
    /// [`ClientFault`]; a problem where there is no such letter.
    pub async fn letter(&self, letter: LetterId) -> Result<LetterShown, ClientFault> {
        self.ask(&letters::Show { letter }).await
    }

    /// Events after a position; waits for one as long as the query says.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn events(&self, query: &EventsQuery) -> Result<EventPage, ClientFault> {
        let task = query.task.as_deref().map_or_else(String::new, |task| format!("&task={task}"));
        let EventsQuery { after, wait_seconds, .. } = query;
        self.get(&format!("/api/events?after={after}&wait_seconds={wait_seconds}{task}")).await
    }

    /// What a person wants; under a request id of its own, so that asking twice is asking once.
    ///
    /// # Errors
    /// [`ClientFault`]; a refusal is an answer.
    pub async fn command(&self, via: Via, command: Command) -> Result<Answer, ClientFault> {
        let request = uuid::Uuid::new_v4().to_string();
        self.send(&CommandRequest { request, via, command }).await
    }

    /// The same with a request id of the caller's.
    ///
    /// # Errors
    /// [`ClientFault`]; a refusal is an answer.
    pub async fn send(&self, asked: &CommandRequest) -> Result<Answer, ClientFault> {
        self.post("/api/commands", asked).await
    }

    /// Hands over mail that came in.
    ///
    /// # Errors
    /// [`ClientFault`]; a problem where it is no mail.
    pub async fn intake(&self, message: Vec<u8>) -> Result<Taken, ClientFault> {
        let (status, body) = self.call(Method::POST, "/api/intake", whole(message)).await?;
        if status.is_success() { read(&body) } else { Err(refused(status, &body)) }
    }

    /// All mail that came in, the oldest first.
    ///
    /// # Errors
    /// [`ClientFault`].
    pub async fn received(&self) -> Result<Vec<Taken>, ClientFault> {
        let listed = self.ask(&incoming::List {}).await?;
        let mut all: Vec<Taken> = listed.into_iter().map(|one| one.taken).collect();
        all.sort_by_key(|taken| taken.position);
        Ok(all)
    }

    /// Hands over a file, to be named by answers later.
    ///
    /// # Errors
    /// [`ClientFault`]; a problem where it is not taken.
    pub async fn evidence(&self, name: &str, file: std::fs::File) -> Result<Evidence, ClientFault> {
        let body = FileBody::of(file).map_err(lost)?;
        let path = format!("/api/evidence?name={}", percent(name));
        let (status, body) = self.call(Method::POST, &path, body).await?;
        if status.is_success() { read(&body) } else { Err(refused(status, &body)) }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientFault> {
        let (status, body) = self.call(Method::GET, path, whole(Vec::new())).await?;
        if status.is_success() { read(&body) } else { Err(refused(status, &body)) }
    }

    async fn post<B: Serialize, T: DeserializeOwned>(&self, path: &str, body: &B) -> Result<T, ClientFault> {
        let body = serde_json::to_vec(body).map_err(lost)?;
        let (status, body) = self.call(Method::POST, path, whole(body)).await?;
        if status.is_success() || status == StatusCode::CONFLICT {
            read(&body)
        } else {
            Err(refused(status, &body))
        }
    }

    async fn call<B>(&self, method: Method, path: &str, body: B) -> Result<(StatusCode, Bytes), ClientFault>
    where
        B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let limit = Duration::from_secs(ANSWER_SECONDS_MAX);
        match timeout(limit, self.exchange(method, path, body)).await {
            Ok(answer) => answer,
            Err(_) => {
                Err(ClientFault::Lost { what: format!("no answer within {ANSWER_SECONDS_MAX} seconds") })
            }
        }
    }

    /// By the first socket that lets us in.
    async fn connect(&self) -> std::io::Result<UnixStream> {
        let mut refused = std::io::ErrorKind::NotFound.into();
        for socket in &self.sockets {
            match UnixStream::connect(socket).await {
                Ok(stream) => return Ok(stream),
                Err(fault) => refused = fault,
            }
        }
        Err(refused)
    }

    async fn exchange<B>(
        &self,
        method: Method,
        path: &str,
        body: B,
    ) -> Result<(StatusCode, Bytes), ClientFault>
    where
        B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let stream = self.connect().await.map_err(|fault| {
            let data = self.data.clone();
            let theirs = fault.kind() == std::io::ErrorKind::PermissionDenied;
            if theirs { ClientFault::NotYours { data } } else { ClientFault::NoDaemon { data } }
        })?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
        let connection = tokio::spawn(connection);
        let claimed = self.claimed.as_deref().map(|name| (CLAIMED, name));
        let request = claimed
            .into_iter()
            .fold(Request::builder(), |request, (name, value)| request.header(name, value));
        let request = request
            .method(method)
            .uri(path)
            .header(header::HOST, "duban")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_LANGUAGE, self.language.tag())
            .body(body)
            .map_err(lost)?;
        let response = sender.send_request(request).await.map_err(lost)?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(lost)?.to_bytes();
        drop(sender);
        connection.abort();
        Ok((status, body))
    }
}

fn whole(body: Vec<u8>) -> Full<Bytes> {
    Full::new(Bytes::from(body))
}

/// A text as a value in an address (RFC 3986, 2.1).
fn percent(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ClientFault> {
    serde_json::from_slice(body).map_err(|fault| ClientFault::Lost {
        what: format!("{fault}; client and daemon are of different versions, perhaps"),
    })
}

/// The office's refusal, or another problem.
/// Whatever was asked: the office's refusal, else a problem in its words.
fn refused(status: StatusCode, body: &[u8]) -> ClientFault {
    serde_json::from_slice(body).map_or_else(|_| problem(status, body), ClientFault::Refused)
}

fn problem(status: StatusCode, body: &[u8]) -> ClientFault {
    let words = serde_json::from_slice::<Problem>(body).map(|problem| problem.problem);
    let problem = words.unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned());
    ClientFault::Problem { status: status.as_u16(), problem }
}

fn lost(fault: impl std::fmt::Display) -> ClientFault {
    ClientFault::Lost { what: fault.to_string() }
}
