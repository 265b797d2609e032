//! Asks the daemon's own doors, as somebody from outside would: a door may be listened on and still answer nobody.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;
use tracing::{info, warn};

use super::connections::Guests;
use crate::clock::Clock;
use crate::wire::{DoorFault, DoorHealth};

/// How often each door is asked.
const EVERY: Duration = Duration::from_secs(30);
/// Longest that its answer may take.
const ANSWER_SECONDS_MAX: u64 = 10;
/// An address of its own, so that what other programs of this machine hold open is not counted against it.
const QUESTION: &[u8] =
    b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n";
const RIGHT: &[u8] = b"HTTP/1.1 200";

/// A door as it is reached from outside.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Tcp(SocketAddr),
    Socket(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(at) => at.fmt(f),
            Self::Socket(path) => path.display().fmt(f),
        }
    }
}

/// Asks, and keeps what was answered. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    doors: Arc<[Door]>,
    clock: Clock,
}

#[derive(Debug)]
struct Door {
    place: Place,
    guests: Guests,
    connections_max: usize,
    fault: Mutex<Option<DoorFault>>,
}

impl Probe {
    /// Of these doors, each with those who are there and how many there may be.
    pub(super) fn new(doors: impl IntoIterator<Item = (Place, Guests, usize)>, clock: Clock) -> Self {
        let door = |(place, guests, connections_max)| Door {
            place,
            guests,
            connections_max,
            fault: Mutex::new(None),
        };
        Self { doors: doors.into_iter().map(door).collect(), clock }
    }

    /// Asks again and again.
    pub(super) async fn follow(self) {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tick.tick().await;
            self.round().await;
        }
    }

    /// Asks each door once, one after the other.
    pub(super) async fn round(&self) {
        for door in &*self.doors {
            let answered = door.place.ask().await;
            let mut known = door.fault.lock().unwrap_or_else(PoisonError::into_inner);
            match (answered, &mut *known) {
                (Ok(()), None) => {}
                (Ok(()), Some(_)) => {
                    info!(door = %door.place, "the door answers again");
                    *known = None;
                }
                (Err(fault), Some(known)) => known.words = fault.to_string(),
                (Err(fault), None) => {
                    warn!(door = %door.place, connections = door.guests.count(), cause = %fault, "the door does not answer");
                    *known = Some(DoorFault { words: fault.to_string(), since: self.clock.now() });
                }
            }
        }
    }

    /// What is known of each door.
    pub(super) fn health(&self) -> Vec<DoorHealth> {
        let told = |door: &Door| DoorHealth {
            door: match door.place {
                Place::Tcp(_) => "tcp",
                Place::Socket(_) => "socket",
            }
            .to_owned(),
            at: door.place.to_string(),
            connections: door.guests.count(),
            connections_max: door.connections_max,
            fault: door.fault.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        };
        self.doors.iter().map(told).collect()
    }
}

impl Place {
    async fn ask(&self) -> io::Result<()> {
        let asked = async {
            match self {
                Self::Tcp(at) => answers(TcpStream::connect(at).await?).await,
                Self::Socket(path) => answers(UnixStream::connect(path).await?).await,
            }
        };
        let late = || io::Error::other(format!("no answer within {ANSWER_SECONDS_MAX} seconds"));
        timeout(Duration::from_secs(ANSWER_SECONDS_MAX), asked).await.unwrap_or_else(|_| Err(late()))
    }
}

async fn answers(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    stream.write_all(QUESTION).await?;
    let mut head = [0; RIGHT.len()];
    stream.read_exact(&mut head).await?;
    if head == RIGHT {
        Ok(())
    } else {
        Err(io::Error::other(format!("it answers {}", String::from_utf8_lossy(&head))))
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::Router;
    use axum::routing::get;
    use tokio::net::TcpListener;

    use super::*;
    use crate::clock::ManualClock;
    use crate::daemon::connections::{Bounds, TCP, serve};

    #[tokio::test(start_paused = true)]
    async fn a_door_that_is_full_is_told_and_so_is_that_it_answers_again() {
        let tcp = Arc::new(TcpListener::bind("127.0.0.1:0").await.unwrap());
        let (at, guests) = (tcp.local_addr().unwrap(), Guests::default());
        let accept = move || {
            let tcp = tcp.clone();
            async move { tcp.accept().await.map(|(stream, _)| (stream, None)) }
        };
        let router = Router::new()
            .route("/livez", get(async || "ok"))
            .route("/slow", get(async || pending::<&str>().await));
        let bounds = Bounds { connections: 2, ..TCP };
        tokio::spawn(serve(accept, router, bounds, guests.clone(), pending()));
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let probe = Probe::new([(Place::Tcp(at), guests, bounds.connections)], Clock::Manual(clock.clone()));
        probe.round().await;
        assert_eq!(probe.health()[0].fault, None);

        let mut held = Vec::new();
        for _ in 0..2 {
            let mut stream = TcpStream::connect(at).await.unwrap();
            stream.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
            held.push(stream);
        }
        probe.round().await;
        clock.set("2026-11-23T01:00:30Z".parse().unwrap());
        probe.round().await;
        let told = probe.health().remove(0);
        assert_eq!((told.connections, told.connections_max), (2, 2));
        let fault = told.fault.unwrap();
        assert_eq!(fault.words, "no answer within 10 seconds");
        assert_eq!(fault.since.to_rfc3339(), "2026-11-23T01:00:00+00:00", "since the first time");
        drop(held);
        probe.round().await;
        assert_eq!(probe.health()[0].fault, None);
    }
}
