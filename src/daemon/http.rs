//! The two doors of `web/`: TCP on the loopback, and the socket in the data directory; where the office says so, a
//! second socket leads to the same door.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::connections::{self, Guests};
use super::health::Pulse;
use super::probe::{Place, Probe};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::TaskId;
use crate::journal::Shelves;
use crate::locale::Language;
use crate::office::Office;
use crate::office::drafts::DraftShelf;
use crate::private_dir;
use crate::web::{self, Desk, Peer, unit};
use crate::wire::SOCKET;

/// On stopping, answers under way get this long; a long poll is cut.
const STOP_SECONDS_MAX: u64 = 2;

/// Both listeners, not yet answering.
pub(super) struct Doors {
    tcp: TcpListener,
    listen: SocketAddr,
    unix: UnixListener,
    socket: PathBuf,
    group: Option<(UnixListener, PathBuf)>,
    at_tcp: Guests,
    at_socket: Guests,
}

/// Both listeners at work.
#[derive(Debug)]
pub(super) struct Servers {
    listen: SocketAddr,
    sockets: Vec<PathBuf>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Doors {
    /// Listens on both, on TCP through the listener handed over, if there is one; whoever comes waits.
    pub(super) async fn open(config: &Config, tcp: Option<std::net::TcpListener>) -> anyhow::Result<Self> {
        let tcp = match tcp {
            Some(handed_over) => {
                handed_over.set_nonblocking(true)?;
                TcpListener::from_std(handed_over)?
            }
            None => TcpListener::bind(config.listen).await.with_context(|| {
                format!(
                    "{} can't be listened on; give another one with `--listen`, or with `listen` in duban.toml",
                    config.listen
                )
            })?,
        };
        let listen = tcp.local_addr()?;
        let socket = config.data.join(SOCKET);
        let listened = |path: &Path, mode| {
            bind(path, mode).with_context(|| format!("the socket {} can't be listened on", path.display()))
        };
        let unix = listened(&socket, OWNER)?;
        let group = match &config.socket {
            None => None,
            Some(path) => {
                let dir = path.parent().unwrap_or(Path::new("/"));
                private_dir::create_for_group(dir).with_context(|| {
                    format!("the socket {} has no safe place: {}", path.display(), dir.display())
                })?;
                Some((listened(path, GROUP)?, path.clone()))
            }
        };
        let (at_tcp, at_socket) = (Guests::default(), Guests::default());
        Ok(Self { tcp, listen, unix, socket, group, at_tcp, at_socket })
    }

    /// Asks both of them, as somebody from outside would.
    pub(super) fn probe(&self, clock: Clock) -> Probe {
        let tcp = (Place::Tcp(self.listen), self.at_tcp.clone(), connections::TCP.connections);
        let socket =
            (Place::Socket(self.socket.clone()), self.at_socket.clone(), connections::SOCKET.connections);
        Probe::new([tcp, socket], clock)
    }

    /// Answers from now on.
    pub(super) fn serve(self, desk: Desk) -> Servers {
        let Self { tcp, listen, unix, socket, group, at_tcp, at_socket } = self;
        let (group, second) = group.unzip();
        let (desk, tcp, unix) = (Arc::new(desk), Arc::new(tcp), Arc::new((unix, group)));
        let (stop, stopped) = watch::channel(false);
        let (public, private) = (web::public(desk.clone()), web::private(desk));
        let from_tcp = move || {
            let tcp = tcp.clone();
            async move { tcp.accept().await.map(|(stream, _)| (stream, None)) }
        };
        let from_socket = move || {
            let unix = unix.clone();
            async move {
                let (own, group) = &*unix;
                let (stream, _) = match group {
                    None => own.accept().await?,
                    Some(group) => tokio::select! {
                        who = own.accept() => who?,
                        who = group.accept() => who?,
                    },
                };
                let peer = Peer::of(&stream);
                Ok((stream, Some(peer)))
            }
        };
        let tcp = connections::serve(from_tcp, public, connections::TCP, at_tcp, until(stopped.clone()));
        let unix = connections::serve(from_socket, private, connections::SOCKET, at_socket, until(stopped));
        let tasks = vec![tokio::spawn(tcp), tokio::spawn(unix)];
        let sockets = std::iter::once(socket).chain(second).collect();
        Servers { listen, sockets, stop, tasks }
    }
}

impl Servers {
    /// Where TCP listens.
    pub(super) fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// Takes no more, lets what is under way finish, removes the socket.
    pub(super) async fn stop(self) {
        // First: who comes now shall find no daemon, not one that does not answer.
        for socket in &self.sockets {
            let _ = fs::remove_file(socket);
        }
        self.stop.send_replace(true);
        for task in self.tasks {
            let abort = task.abort_handle();
            if timeout(Duration::from_secs(STOP_SECONDS_MAX), task).await.is_err() {
                abort.abort();
            }
        }
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Only the daemon's own account may speak to it.
const OWNER: u32 = 0o600;
/// So may those of its group: who is of the office says the table of accounts.
const GROUP: u32 = 0o660;

/// The journal's lock is ours: a socket that is there already was left by one that was killed.
fn bind(path: &Path, mode: u32) -> io::Result<UnixListener> {
    let new = path.with_extension("sock.new");
    for old in [&new, path] {
        match fs::remove_file(old) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
            Ok(()) | Err(_) => {}
        }
    }
    // Nobody can connect before the mode is right.
    let listener = UnixListener::bind(&new)?;
    fs::set_permissions(&new, fs::Permissions::from_mode(mode))?;
    fs::rename(&new, path)?;
    Ok(listener)
}

/// What the units' page may use.
pub(super) fn page(config: &Config, shelves: Shelves) -> anyhow::Result<unit::Page> {
    const MIB: u64 = 1024 * 1024;
    let settings = unit::Settings {
        drafts: DraftShelf::of(shelves),
        file_bytes_max: u64::from(config.web.upload_file_mib) * MIB,
        request_bytes_max: u64::from(config.web.upload_request_mib) * MIB,
    };
    unit::Page::new(settings).context("a template of the units' page is faulty")
}

/// What the web room may use.
pub(super) fn desk(
    pulse: &Pulse,
    office: Office,
    inputs: watch::Receiver<Option<DateTime<Utc>>>,
    page: unit::Page,
) -> Desk {
    let health = {
        let pulse = pulse.clone();
        Box::new(move |language| -> web::Later<_> {
            let pulse = pulse.clone();
            Box::pin(async move { pulse.health(language).await })
        })
    };
    let figures = {
        let pulse = pulse.clone();
        Box::new(move || -> web::Later<_> {
            let pulse = pulse.clone();
            Box::pin(async move { Ok((pulse.health(Language::English).await?, pulse.figures().await?)) })
        })
    };
    let events = {
        let office = office.clone();
        Box::new(move |after: u64, task: Option<TaskId>| -> web::Later<_> {
            let office = office.clone();
            Box::pin(async move {
                let read = move || office.event_page(after, task.as_ref()).map_err(|fault| fault.what);
                tokio::task::spawn_blocking(read).await.unwrap_or_else(|lost| Err(lost.to_string()))
            })
        })
    };
    let clock = pulse.clock.clone();
    let now = Box::new(move || clock.now());
    Desk { office, planner: pulse.planner.clone(), now, inputs, health, figures, events, page }
}
