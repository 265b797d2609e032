//! From a name to a line on which letters can go: resolve, connect, greeting, STARTTLS or TLS, EHLO, AUTH.
//! Every step has its own deadline, and a line on which anything odd happens is dropped.

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Ehlo, Starttls};
use lettre::transport::smtp::extension::{ClientId, Extension, ServerInfo};
use lettre::transport::smtp::response::Response;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::line::{Line, read_reply};
use super::session::{Session, trouble, words};
use super::trouble::{Failed, Step, Trouble};
use crate::config::{Smtp, Tls};
use crate::mail::socket::{self, Socket};
use crate::mail::tls;

/// How long each step may take. RFC 5321, 4.5.3.2, asks for patience after the final dot above all:
/// who gives up there sends a second copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// name lookup, and TCP to one address
    pub connect: Duration,
    /// the answer to one command, and the TLS handshake
    pub answer: Duration,
    /// handing over a letter's bytes
    pub body: Duration,
    /// the answer to the final dot
    pub dot: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            answer: Duration::from_mins(1),
            body: Duration::from_mins(3),
            dot: Duration::from_mins(10),
        }
    }
}

/// One line of a dialogue, for whoever watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// at which step
    pub step: Step,
    /// the server's words, or what was found
    pub words: String,
}

/// Who watches a dialogue.
#[derive(Debug, Clone)]
pub(super) enum Witness {
    Nobody,
    Someone(mpsc::UnboundedSender<Told>),
}

impl Witness {
    pub(super) fn tell(&self, step: Step, words: impl FnOnce() -> String) {
        if let Self::Someone(sender) = self {
            // Who went away wants to know nothing more.
            let _ = sender.send(Told { step, words: words() });
        }
    }
}

/// Opens lines to one relay.
#[derive(Debug)]
pub(super) struct Dialer {
    pub(super) smtp: Smtp,
    pub(super) patience: Patience,
    trust: OnceLock<Arc<ClientConfig>>,
}

/// Waits for a step no longer than it may take.
pub(super) async fn within<T>(
    step: Step,
    limit: Duration,
    work: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Failed> {
    let done = timeout(limit, work).await.unwrap_or(Err(Trouble::Late { seconds: limit.as_secs() }));
    done.map_err(|trouble| Failed { step, trouble })
}

impl Dialer {
    pub(super) fn new(smtp: Smtp, patience: Patience) -> Self {
        Self { smtp, patience, trust: OnceLock::new() }
    }

    /// A line on which letters can go.
    pub(super) async fn dial(&self, witness: &Witness) -> Result<Session, Failed> {
        let mut socket = self.connect(witness).await?;
        if self.smtp.tls == Tls::Implicit {
            socket = self.encrypt(socket, witness).await?;
        }
        let (reply, greeting) = within(Step::Greeting, self.patience.answer, read_reply(&mut socket)).await?;
        let reply = expect(Step::Greeting, reply, 220)?;
        witness.tell(Step::Greeting, || words(&reply));
        let hello = self.hello(&socket);
        if self.smtp.tls == Tls::StartTls {
            socket = self.start_tls(socket, &hello, witness).await?;
        }
        if matches!(witness, Witness::Someone(_)) {
            // lettre asks again and keeps the answer to itself.
            self.say_hello(&mut socket, &hello, witness).await?;
        }
        let line = Box::new(Line::with_greeting(socket, greeting));
        let opened = async {
            AsyncSmtpConnection::connect_with_transport(line, &hello).await.map_err(|fault| trouble(&fault))
        };
        let mut connection = within(Step::Hello, self.patience.answer, opened).await?;
        self.log_in(&mut connection, witness).await?;
        Ok(Session::new(connection))
    }

    async fn connect(&self, witness: &Witness) -> Result<Socket, Failed> {
        let (host, port) = (self.smtp.host.as_str(), self.smtp.port);
        let found = within(Step::Resolve, self.patience.connect, async {
            socket::addresses(host, port).await.map_err(Trouble::Lost)
        });
        let addresses = found.await?;
        witness.tell(Step::Resolve, || {
            let shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            format!("{host} is {}", shown.join(", "))
        });
        let mut last = None;
        for address in addresses {
            let connected = within(Step::Connect, self.patience.connect, async {
                socket::connect(address).await.map_err(Trouble::Lost)
            });
            match connected.await {
                Ok(socket) => {
                    witness.tell(Step::Connect, || format!("to {address}"));
                    return Ok(Socket::Plain(socket));
                }
                Err(failed) => last = Some(failed),
            }
        }
        let none = Failed { step: Step::Connect, trouble: Trouble::Lost("no address".to_owned()) };
        Err(last.unwrap_or(none))
    }

    /// Our name; where none is set, our address on this line (RFC 5321, 4.1.4).
    fn hello(&self, socket: &Socket) -> ClientId {
        if let Some(name) = &self.smtp.hello {
            return ClientId::Domain(name.clone());
        }
        let tcp = match socket {
            Socket::Plain(socket) => socket,
            Socket::Tls(socket) => socket.get_ref().0,
        };
        match tcp.local_addr() {
            Ok(SocketAddr::V4(address)) => ClientId::Ipv4(*address.ip()),
            Ok(SocketAddr::V6(address)) => ClientId::Ipv6(*address.ip()),
            Err(_) => ClientId::default(),
        }
    }

    async fn say_hello(
        &self,
        socket: &mut Socket,
        hello: &ClientId,
        witness: &Witness,
    ) -> Result<ServerInfo, Failed> {
        let reply = self.ask(Step::Hello, socket, &Ehlo::new(hello.clone()).to_string()).await?;
        let reply = expect(Step::Hello, reply, 250)?;
        witness.tell(Step::Hello, || {
            let mut lines = reply.message().map(str::to_ascii_uppercase);
            let name = lines.next().unwrap_or_default().to_ascii_lowercase();
            format!("{name}; {}", lines.collect::<Vec<_>>().join(", "))
        });
        let garbage = |_| Failed { step: Step::Hello, trouble: Trouble::Garbage(words(&reply)) };
        ServerInfo::from_response(&reply).map_err(garbage)
    }

    async fn start_tls(
        &self,
        mut socket: Socket,
        hello: &ClientId,
        witness: &Witness,
    ) -> Result<Socket, Failed> {
        let server = self.say_hello(&mut socket, hello, witness).await?;
        if !server.supports_feature(Extension::StartTls) {
            let message = "the server offers no STARTTLS, and nothing is sent in clear".to_owned();
            return Err(Failed { step: Step::StartTls, trouble: Trouble::Ours(message) });
        }
        let reply = self.ask(Step::StartTls, &mut socket, &Starttls.to_string()).await?;
        let reply = expect(Step::StartTls, reply, 220)?;
        witness.tell(Step::StartTls, || words(&reply));
        self.encrypt(socket, witness).await
    }

    async fn ask(&self, step: Step, socket: &mut Socket, command: &str) -> Result<Response, Failed> {
        let asked = async {
            let lost = |fault: std::io::Error| Trouble::Lost(fault.to_string());
            socket.write_all(command.as_bytes()).await.map_err(lost)?;
            socket.flush().await.map_err(lost)?;
            Ok(read_reply(socket).await?.0)
        };
        within(step, self.patience.answer, asked).await
    }

    async fn encrypt(&self, socket: Socket, witness: &Witness) -> Result<Socket, Failed> {
        let Socket::Plain(tcp) = socket else { return Ok(socket) };
        let failed = |trouble| Failed { step: Step::Tls, trouble };
        let config = if let Some(config) = self.trust.get() {
            Arc::clone(config)
        } else {
            let config =
                tls::trust(self.smtp.ca_file.as_deref()).map_err(|what| failed(Trouble::Ours(what)))?;
            Arc::clone(self.trust.get_or_init(|| config))
        };
        let host = &self.smtp.host;
        let shaken = within(Step::Tls, self.patience.answer, async {
            tls::encrypt(config, host, tcp).await.map_err(|fault| {
                let ours = fault.kind() == ErrorKind::InvalidInput;
                if ours { Trouble::Ours(fault.to_string()) } else { Trouble::Lost(fault.to_string()) }
            })
        });
        let socket = shaken.await?;
        witness.tell(Step::Tls, || {
            let session = socket.get_ref().1;
            let version =
                session.protocol_version().map(|version| format!("{version:?}")).unwrap_or_default();
            let suite = session.negotiated_cipher_suite();
            let suite = suite.map(|suite| format!("{:?}", suite.suite())).unwrap_or_default();
            format!("certificate is good for {}; {version} {suite}", self.smtp.host)
        });
        Ok(Socket::Tls(Box::new(socket)))
    }

    async fn log_in(&self, connection: &mut AsyncSmtpConnection, witness: &Witness) -> Result<(), Failed> {
        let Some(login) = &self.smtp.login else {
            return Ok(());
        };
        let file = login.clone();
        let read = tokio::task::spawn_blocking(move || file.password()).await;
        let password = read.unwrap_or_else(|fault| Err(fault.to_string()));
        let ours = |what| Failed { step: Step::Login, trouble: Trouble::Ours(what) };
        let password = password.map_err(ours)?;
        let credentials = Credentials::new(login.user.clone(), password);
        let asked = async {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&mechanisms, &credentials).await.map_err(|fault| trouble(&fault))
        };
        let reply = within(Step::Login, self.patience.answer, asked).await?;
        let reply = expect(Step::Login, reply, 235)?;
        witness.tell(Step::Login, || format!("as {}: {}", login.user, words(&reply)));
        Ok(())
    }
}

/// An answer other than the one that may come here ends the dialogue.
pub(super) fn expect(step: Step, reply: Response, code: u16) -> Result<Response, Failed> {
    if reply.has_code(code) {
        return Ok(reply);
    }
    let words = words(&reply);
    let trouble = match reply.code().to_string().parse::<u16>() {
        Ok(code @ 400..) => Trouble::Said { code, words: words.get(4..).unwrap_or_default().to_owned() },
        Ok(_) | Err(_) => Trouble::Garbage(words),
    };
    Err(Failed { step, trouble })
}
