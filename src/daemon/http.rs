//! The two doors of `web/`: TCP on the loopback, and the socket in the data directory.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::connections::{self, Guests};
use super::health::Pulse;
use super::probe::{Place, Probe};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::{Digest, LetterId, Stream, TaskId};
use crate::journal::{Reader, Shelf};
use crate::link::LinkKey;
use crate::plain_file;
use crate::planner::Shared;
use crate::report::letter_step;
use crate::web::{self, About, Desk, Peer, unit};
use crate::wire::{EventPage, LetterStep, SOCKET};

/// Most events of one page.
const PAGE_EVENTS_MAX: usize = 1000;
/// Where units' drafts stand, within the data directory.
pub(super) const DRAFTS: &str = "drafts";
/// On stopping, answers under way get this long; a long poll is cut.
const STOP_SECONDS_MAX: u64 = 2;

/// Both listeners, not yet answering.
pub(super) struct Doors {
    tcp: TcpListener,
    listen: SocketAddr,
    unix: UnixListener,
    socket: PathBuf,
    at_tcp: Guests,
    at_socket: Guests,
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
        let (at_tcp, at_socket) = (Guests::default(), Guests::default());
        Ok(Self { tcp, listen, unix, socket, at_tcp, at_socket })
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
        let Self { tcp, listen, unix, socket, at_tcp, at_socket } = self;
        let (desk, tcp, unix) = (Arc::new(desk), Arc::new(tcp), Arc::new(unix));
        let (stop, stopped) = watch::channel(false);
        let (public, private) = (web::public(desk.clone()), web::private(desk));
        let from_tcp = move || {
            let tcp = tcp.clone();
            async move { tcp.accept().await.map(|(stream, _)| (stream, None)) }
        };
        let from_socket = move || {
            let unix = unix.clone();
            async move {
                let (stream, _) = unix.accept().await?;
                let peer = Peer::of(&stream);
                Ok((stream, Some(peer)))
            }
        };
        let tcp = connections::serve(from_tcp, public, connections::TCP, at_tcp, until(stopped.clone()));
        let unix = connections::serve(from_socket, private, connections::SOCKET, at_socket, until(stopped));
        let tasks = vec![tokio::spawn(tcp), tokio::spawn(unix)];
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

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
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
    reader: Reader,
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
    let letter_steps = {
        let reader = reader.clone();
        Box::new(move |letter: LetterId, queued_at: u64| -> web::Later<_> {
            let reader = reader.clone();
            Box::pin(async move {
                let read = tokio::task::spawn_blocking(move || steps(&reader, letter, queued_at));
                read.await.unwrap_or_else(|lost| Err(lost.to_string()))
            })
        })
    };
    let ledger = pulse.planner.ledger().clone();
    let events = Box::new(move |after: u64, task: Option<TaskId>| -> web::Later<_> {
        let (reader, ledger) = (reader.clone(), ledger.clone());
        Box::pin(async move {
            let read = tokio::task::spawn_blocking(move || event_page(&reader, &ledger, after, task));
            read.await.unwrap_or_else(|lost| Err(lost.to_string()))
        })
    });
    let letter = attached(&pulse.data, Shelf::Letters);
    let evidence = attached(&pulse.data, Shelf::Evidence);
    let clock = pulse.clock.clone();
    let now = Box::new(move || clock.now());
    Desk {
        planner: pulse.planner.clone(),
        now,
        inputs,
        health,
        figures,
        events,
        letter,
        letter_steps,
        evidence,
        page,
    }
}

/// Reads what stands on a shelf.
fn attached(data: &Arc<Path>, shelf: Shelf) -> web::AskLetter {
    let data = data.clone();
    Box::new(move |digest: Digest| -> web::Later<_> {
        let path = data.join(shelf.path(digest));
        Box::pin(async move {
            let read = tokio::task::spawn_blocking(move || archived(&path, digest));
            read.await.unwrap_or_else(|lost| Err(lost.to_string()))
        })
    })
}

/// Lines after a position, of one task where it is named.
fn event_page(
    reader: &Reader,
    ledger: &Shared,
    after: u64,
    task: Option<TaskId>,
) -> Result<EventPage, String> {
    let mut page = EventPage { lines: Vec::new(), after };
    let lines = reader.lines(after).take(PAGE_EVENTS_MAX);
    // Asked after where the lines end: it knows every letter that they tell the way of.
    let about = task.map(|task| About::of(&ledger.read(), task));
    for line in lines {
        let line = line.map_err(|fault| super::causes(&fault))?;
        page.after = line.position;
        let text = String::from_utf8(line.bytes).map_err(|fault| fault.to_string())?;
        if about.as_ref().is_none_or(|about| web::is_about(&text, about)) {
            page.lines.push(RawValue::from_string(text).map_err(|fault| fault.to_string())?);
        }
    }
    Ok(page)
}

/// What became of a letter, from the event on that queued it.
fn steps(reader: &Reader, letter: LetterId, queued_at: u64) -> Result<Vec<LetterStep>, String> {
    let events = reader.read_stream(&Stream::Letter(letter), queued_at.saturating_sub(1));
    let told = events.filter_map(|event| event.map(|event| letter_step(&event, letter)).transpose());
    told.collect::<Result<_, _>>().map_err(|fault| super::causes(&fault))
}

fn archived(path: &Path, digest: Digest) -> Result<Option<Vec<u8>>, String> {
    match plain_file::read_unlinked(path, usize::MAX) {
        Ok(bytes) if Digest::of(&bytes) == digest => Ok(Some(bytes)),
        Ok(_) => {
            Err(format!("{} is not what its digest says; `duban audit verify` tells more", path.display()))
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(format!("{}: {fault}", path.display())),
    }
}
