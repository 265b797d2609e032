//! An SMTP server that does what real ones can't be made to do: it fails at a chosen step, in a
//! chosen way, so many times, and then behaves.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use duban::mail::smtp::Step;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// How a step fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// this code instead
    Say(u16),
    /// no answer
    Hang,
    /// the line is closed instead of an answer
    Drop,
    /// bytes that are no answer
    Garbage,
    /// the right answer, byte by byte, slower than anyone waits
    Slow,
    /// STARTTLS is not in the EHLO answer
    NotOffered,
    /// words in clear behind the STARTTLS answer, to be taken for an answer under TLS
    Inject,
    /// after the final dot the letter is kept, and the line closed without a word
    KeptThenDrop,
    /// after the final dot the letter is kept, and nothing is said
    KeptThenHang,
    /// taken, answered, and the line closed
    TakenThenDrop,
}

/// How the server encrypts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    Plain,
    StartTls,
    Implicit,
}

/// A letter as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub to: String,
    pub bytes: String,
}

impl Stored {
    pub fn message_id(&self) -> &str {
        self.bytes.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap()
    }
}

#[derive(Debug)]
struct State {
    fault: Option<(Step, Fault)>,
    times: usize,
    /// the fault begins once so many letters have come
    after: usize,
    stored: Vec<Stored>,
    connections: usize,
    greylist: Vec<String>,
    nobody: Option<String>,
    password: String,
}

/// A running server; clones are the same one.
#[derive(Debug, Clone)]
pub struct FaultyServer {
    state: Arc<Mutex<State>>,
    pub address: SocketAddr,
    /// of the authority that signed its certificate
    pub ca: String,
}

/// A certificate for these names, and its authority in PEM.
pub fn certificate(names: &[&str]) -> (Arc<ServerConfig>, String, String, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
    // Another name each time, as authorities have: else a stranger looks like a forger.
    authority.distinguished_name.push(rcgen::DnType::CommonName, uuid::Uuid::new_v4().to_string());
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, authority_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let leaf = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .unwrap();
    (Arc::new(config), authority.pem(), leaf.pem(), key.serialize_pem())
}

impl FaultyServer {
    /// A server without a fault.
    pub async fn start(security: Security) -> Self {
        Self::named(security, "127.0.0.1").await
    }

    /// With a certificate for this name.
    pub async fn named(security: Security, name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (config, ca, _, _) = certificate(&[name]);
        let server = Self {
            state: Arc::new(Mutex::new(State {
                fault: None,
                times: 0,
                after: 0,
                stored: Vec::new(),
                connections: 0,
                greylist: Vec::new(),
                nobody: None,
                password: "right".into(),
            })),
            address: listener.local_addr().unwrap(),
            ca,
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (server, config) = (serving.clone(), Arc::clone(&config));
                socket.set_nodelay(true).unwrap();
                server.state.lock().unwrap().connections += 1;
                tokio::spawn(async move {
                    // A client that goes away is none of a server's troubles.
                    let _ = server.serve(socket, config, security).await;
                });
            }
        });
        server
    }

    /// Fails so many times at this step.
    pub fn fail(&self, step: Step, fault: Fault, times: usize) {
        let mut state = self.state.lock().unwrap();
        (state.fault, state.times) = (Some((step, fault)), times);
    }

    /// Fails at this step from the time that so many letters have come.
    pub fn fail_after(&self, letters: usize, step: Step, fault: Fault) {
        self.fail(step, fault, usize::MAX);
        self.state.lock().unwrap().after = letters;
    }

    /// Nobody lives at this address.
    pub fn nobody_at(&self, address: &str) {
        self.state.lock().unwrap().nobody = Some(address.to_owned());
    }

    pub fn stored(&self) -> Vec<Stored> {
        self.state.lock().unwrap().stored.clone()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Greylisting: an addressee's first letter is told to come again.
    fn is_news(&self, to: &str) -> bool {
        let mut state = self.state.lock().unwrap();
        let Some((Step::Addressee, Fault::Say(450))) = state.fault else { return false };
        if state.greylist.iter().any(|known| known == to) {
            return false;
        }
        state.greylist.push(to.to_owned());
        true
    }

    fn due(&self, step: Step) -> Option<Fault> {
        let mut state = self.state.lock().unwrap();
        let (at, fault) = state.fault?;
        if at != step || state.times == 0 || fault == Fault::Say(450) || state.stored.len() < state.after {
            return None;
        }
        state.times -= 1;
        Some(fault)
    }

    async fn serve(
        &self,
        mut socket: TcpStream,
        tls: Arc<ServerConfig>,
        security: Security,
    ) -> io::Result<()> {
        if security == Security::Implicit {
            if self.shake_badly(&mut socket).await? {
                return Ok(());
            }
            let mut socket = BufReader::new(TlsAcceptor::from(tls).accept(socket).await?);
            self.greet(&mut socket).await?;
            return self.talk(&mut socket, false).await.map(|_| ());
        }
        let mut socket = BufReader::new(socket);
        self.greet(&mut socket).await?;
        let wants_tls = self.talk(&mut socket, security == Security::StartTls).await?;
        if wants_tls {
            let mut socket = socket.into_inner();
            if self.shake_badly(&mut socket).await? {
                return Ok(());
            }
            let mut socket = BufReader::new(TlsAcceptor::from(tls).accept(socket).await?);
            self.talk(&mut socket, false).await?;
        }
        Ok(())
    }

    /// A handshake that fails; whether it did.
    async fn shake_badly(&self, socket: &mut TcpStream) -> io::Result<bool> {
        match self.due(Step::Tls) {
            None => Ok(false),
            Some(Fault::Hang) => forever().await,
            Some(Fault::Garbage) => {
                socket.write_all(b"250 but this is SMTP\r\n").await?;
                socket.read_to_end_of_peer().await?;
                Ok(true)
            }
            Some(_) => Ok(true),
        }
    }

    async fn greet<S: Peer>(&self, socket: &mut S) -> io::Result<()> {
        self.answer(socket, Step::Greeting, "220 faulty.test ESMTP").await
    }

    /// The dialogue up to QUIT, or to STARTTLS: then true.
    async fn talk<S: Peer>(&self, socket: &mut S, offer_tls: bool) -> io::Result<bool> {
        let mut to = String::new();
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await? == 0 {
                return Ok(false);
            }
            let line = line.trim_end();
            let verb: String = line.chars().take(4).collect::<String>().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let fault = self.state.lock().unwrap().fault;
                    let offered = offer_tls && !matches!(fault, Some((Step::StartTls, Fault::NotOffered)));
                    let tls = if offered { "250-STARTTLS\r\n" } else { "" };
                    let hello = format!("250-faulty.test\r\n{tls}250-8BITMIME\r\n250 AUTH PLAIN LOGIN");
                    self.answer(socket, Step::Hello, &hello).await?;
                }
                "STAR" => {
                    if self.due_is(Step::StartTls, Fault::Inject) {
                        socket.write_all(b"220 go ahead\r\n250-faulty.test\r\n250 AUTH PLAIN\r\n").await?;
                        return Ok(true);
                    }
                    if self.answered(socket, Step::StartTls, "220 go ahead").await? {
                        return Ok(true);
                    }
                }
                "AUTH" => {
                    use base64::Engine as _;
                    let given = line.rsplit(' ').next().unwrap();
                    let given = base64::engine::general_purpose::STANDARD.decode(given).unwrap_or_default();
                    let password = format!("\0{}", self.state.lock().unwrap().password);
                    let right = String::from_utf8_lossy(&given).ends_with(&password);
                    let answer = if right { "235 2.7.0 welcome" } else { "535 5.7.8 who are you" };
                    self.answer(socket, Step::Login, answer).await?;
                }
                "MAIL" => self.answer(socket, Step::Sender, "250 2.1.0 Ok").await?,
                "RCPT" => {
                    to = line.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                    if self.state.lock().unwrap().nobody.as_deref() == Some(to.as_str()) {
                        socket.write_all(b"550 5.1.1 no such user\r\n").await?;
                    } else if self.is_news(&to) {
                        socket.write_all(b"450 4.2.0 greylisted, come again\r\n").await?;
                    } else {
                        self.answer(socket, Step::Addressee, "250 2.1.5 Ok").await?;
                    }
                }
                "DATA" => {
                    if self.answered(socket, Step::Data, "354 go ahead").await? {
                        self.take(socket, &to).await?;
                    }
                }
                "QUIT" => {
                    socket.write_all(b"221 bye\r\n").await?;
                    return Ok(false);
                }
                _ => socket.write_all(b"250 Ok\r\n").await?,
            }
        }
    }

    async fn take<S: Peer>(&self, socket: &mut S, to: &str) -> io::Result<()> {
        let body = self.due(Step::Body);
        let mut bytes = String::new();
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            match body {
                Some(Fault::Hang) => forever().await?,
                Some(_) => return Err(io::ErrorKind::ConnectionReset.into()),
                None => {}
            }
            if line == ".\r\n" {
                break;
            }
            bytes.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        let keep =
            || self.state.lock().unwrap().stored.push(Stored { to: to.to_owned(), bytes: bytes.clone() });
        let fault = self.due(Step::Dot);
        // Who refuses does not keep; who is lost may have.
        if !matches!(fault, Some(Fault::Say(_) | Fault::Drop)) {
            keep();
        }
        match fault {
            Some(Fault::KeptThenDrop) => Err(io::ErrorKind::ConnectionReset.into()),
            Some(Fault::KeptThenHang) => forever().await,
            Some(Fault::TakenThenDrop) => {
                socket.write_all(b"250 2.0.0 Ok: queued as F1\r\n").await?;
                Err(io::ErrorKind::ConnectionReset.into())
            }
            fault => act(socket, fault, "250 2.0.0 Ok: queued as F1").await.map(|_| ()),
        }
    }

    fn due_is(&self, step: Step, fault: Fault) -> bool {
        let wanted = self.state.lock().unwrap().fault == Some((step, fault));
        wanted && self.due(step).is_some()
    }

    async fn answer<S: Peer>(&self, socket: &mut S, step: Step, right: &str) -> io::Result<()> {
        self.answered(socket, step, right).await.map(|_| ())
    }

    /// Whether the right answer was given.
    async fn answered<S: Peer>(&self, socket: &mut S, step: Step, right: &str) -> io::Result<bool> {
        act(socket, self.due(step), right).await
    }
}

async fn act<S: Peer>(socket: &mut S, fault: Option<Fault>, right: &str) -> io::Result<bool> {
    match fault {
        None => socket.write_all(format!("{right}\r\n").as_bytes()).await.map(|()| true),
        Some(Fault::Say(code)) => {
            socket.write_all(format!("{code} so it is\r\n").as_bytes()).await?;
            if code == 421 { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(false) }
        }
        Some(Fault::Hang) => forever().await,
        Some(Fault::Garbage) => {
            socket.write_all(b"\xff\x00HTTP/1.1 400 Bad Request\r\n\r\n").await?;
            Ok(false)
        }
        Some(Fault::Slow) => {
            for byte in right.bytes() {
                socket.write_all(&[byte]).await?;
                socket.flush().await?;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            Ok(false)
        }
        Some(_) => Err(io::ErrorKind::ConnectionReset.into()),
    }
}

async fn forever<T>() -> io::Result<T> {
    std::future::pending().await
}

/// A line to a client.
pub trait Peer: tokio::io::AsyncBufRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Peer for BufReader<S> {}

trait Drain {
    async fn read_to_end_of_peer(&mut self) -> io::Result<()>;
}

impl Drain for TcpStream {
    /// Closing with bytes unread would reset the line before the peer has read.
    async fn read_to_end_of_peer(&mut self) -> io::Result<()> {
        let mut rest = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(self, &mut rest).await.map(|_| ())
    }
}
