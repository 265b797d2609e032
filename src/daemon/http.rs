//! The two doors of `web/`: TCP on the loopback, and the socket in the data directory.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use chrono::{DateTime, Utc};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::error;

use super::health::Pulse;
use crate::config::Config;
use crate::domain::TaskId;
use crate::link::LinkKey;
use crate::office::Office;
use crate::web::{self, Desk, Peer, unit};
use crate::wire::SOCKET;

/// Longest that a request's head may take to come.
const HEAD_SECONDS_MAX: u64 = 20;
/// Where units' drafts stand, within the data directory.
pub(super) const DRAFTS: &str = "drafts";
/// Connections on TCP at once.
const CONNECTIONS_MAX: usize = 256;
/// On stopping, answers under way get this long; a long poll is cut.
const STOP_SECONDS_MAX: u64 = 2;

/// Both listeners, not yet answering.
pub(super) struct Doors {
    tcp: TcpListener,
    listen: SocketAddr,
    unix: UnixListener,
    socket: PathBuf,
}

/// Both listeners at work.
#[derive(Debug)]
pub(super) struct Servers {
    listen: SocketAddr,
    socket: PathBuf,
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
        let unix =
            bind(&socket).with_context(|| format!("the socket {} can't be listened on", socket.display()))?;
        Ok(Self { tcp, listen, unix, socket })
    }

    /// Answers from now on.
    pub(super) fn serve(self, desk: Desk) -> Servers {
        let Self { tcp, listen, unix, socket } = self;
        let desk = Arc::new(desk);
        let (stop, stopped) = watch::channel(false);
        let (public, private) = (web::public(desk.clone()), web::private(desk));
        let tcp = serve_tcp(tcp, public, until(stopped.clone()));
        let unix = axum::serve(unix, private.into_make_service_with_connect_info::<Peer>())
            .with_graceful_shutdown(until(stopped));
        let tasks = vec![tokio::spawn(tcp), tokio::spawn(async move { told(unix.await) })];
        Servers { listen, socket, stop, tasks }
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
        let _ = fs::remove_file(&self.socket);
        self.stop.send_replace(true);
        for task in self.tasks {
            let abort = task.abort_handle();
            if timeout(Duration::from_secs(STOP_SECONDS_MAX), task).await.is_err() {
                abort.abort();
            }
        }
    }
}

/// Answers on TCP. Anybody may come there: who is slow to say what they want is let go, and so many at once wait.
async fn serve_tcp(tcp: TcpListener, router: Router, stopped: impl Future<Output = ()>) {
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(HEAD_SECONDS_MAX));
    let (graceful, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS_MAX)));
    let mut stopped = pin!(stopped);
    loop {
        let come = async {
            let permit = room.clone().acquire_owned().await.ok();
            (tcp.accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            () = &mut stopped => break,
            come = come => come,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, or the other end was gone at once: a moment later it may be well.
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(server.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(tcp);
    graceful.shutdown().await;
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn told(served: io::Result<()>) {
    if let Err(fault) = served {
        error!(cause = %fault, "a listener ended");
    }
}

/// Only the daemon's own account may speak to it. The journal's lock is ours: a socket that is
/// there already was left by one that was killed.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let new = path.with_extension("sock.new");
    for old in [&new, path] {
        match fs::remove_file(old) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
            Ok(()) | Err(_) => {}
        }
    }
    // Nobody can connect before the mode is right.
    let listener = UnixListener::bind(&new)?;
    fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
    fs::rename(&new, path)?;
    Ok(listener)
}

/// What the units' page may use.
pub(super) fn page(config: &Config, key: LinkKey) -> anyhow::Result<unit::Page> {
    const MIB: u64 = 1024 * 1024;
    let settings = unit::Settings {
        key,
        public_host: config.web.public_url.host().to_owned(),
        drafts: config.data.join(DRAFTS),
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
        Box::new(move || -> web::Later<_> {
            let pulse = pulse.clone();
            Box::pin(async move { pulse.health().await })
        })
    };
    let figures = {
        let pulse = pulse.clone();
        Box::new(move || -> web::Later<_> {
            let pulse = pulse.clone();
            Box::pin(async move { Ok((pulse.health().await?, pulse.figures().await?)) })
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
