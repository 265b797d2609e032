//! The connections of a door: how many there may be, how many of one client, and how long each may keep
//! us waiting. Whoever comes may be slow, silent or hostile; the next one must get in all the same.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;

use crate::web::{Peer, client_address};

/// What a door allows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// connections at once
    pub connections: usize,
    /// of these, of one client's address
    pub per_address: usize,
    /// of these, such as have asked nothing yet; one more, and the one that has been silent longest goes
    pub silent: usize,
    /// longest that a request's head may take to come
    pub head: Duration,
    /// longest that the next piece of a request may take to come
    pub read: Duration,
    /// longest that the next piece of an answer may take to be taken
    pub write: Duration,
    /// longest that a connection lasts
    pub whole: Duration,
}

/// Where clients reach TCP.
pub(super) const TCP: Bounds = Bounds {
    connections: 256,
    per_address: 64,
    silent: 64,
    head: Duration::from_secs(20),
    read: Duration::from_mins(2),
    write: Duration::from_secs(20),
    whole: Duration::from_mins(25),
};

/// The sockets: few accounts come there. A poll for events is silent for a minute.
pub(super) const SOCKET: Bounds = Bounds {
    connections: 128,
    per_address: 128,
    silent: 64,
    head: Duration::from_secs(20),
    read: Duration::from_mins(2),
    write: Duration::from_secs(20),
    whole: Duration::from_hours(1),
};

/// Who is there. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Guests(Arc<Mutex<Present>>);

#[derive(Debug, Default)]
struct Present {
    next: u64,
    count: usize,
    /// such as have asked nothing yet, the longest silent first
    silent: VecDeque<(u64, Arc<Notify>)>,
    by_address: HashMap<String, usize>,
}

/// One connection, counted for the client that its last request came from.
#[derive(Debug)]
struct Guest {
    guests: Guests,
    number: u64,
    address: Mutex<Option<String>>,
    sent_away: Arc<Notify>,
}

impl Guests {
    /// How many connections there are.
    pub(super) fn count(&self) -> usize {
        self.lock().count
    }

    fn lock(&self) -> MutexGuard<'_, Present> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more. Where too many are silent, the one that has been so longest is sent away.
    fn come(&self, silent_max: usize) -> Guest {
        let mut present = self.lock();
        let (number, sent_away) = (present.next, Arc::new(Notify::new()));
        present.next += 1;
        present.count += 1;
        present.silent.push_back((number, sent_away.clone()));
        if present.silent.len() > silent_max
            && let Some((_, longest)) = present.silent.pop_front()
        {
            longest.notify_one();
        }
        drop(present);
        Guest { guests: self.clone(), number, address: Mutex::new(None), sent_away }
    }
}

impl Present {
    fn leave(&mut self, address: Option<String>) {
        let Some(address) = address else { return };
        if let Some(count) = self.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&address);
            }
        }
    }
}

impl Guest {
    /// Whether the client at this address may have one connection more, this one.
    fn asks(&self, address: String, per_address: usize) -> bool {
        let mut own = self.address.lock().unwrap_or_else(PoisonError::into_inner);
        let mut present = self.guests.lock();
        present.silent.retain(|(number, _)| *number != self.number);
        if own.as_ref() == Some(&address) {
            return true;
        }
        present.leave(own.take());
        let count = present.by_address.entry(address.clone()).or_default();
        if *count >= per_address {
            return false;
        }
        *count += 1;
        *own = Some(address);
        true
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let own = self.address.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        let mut present = self.guests.lock();
        present.count -= 1;
        present.silent.retain(|(number, _)| *number != self.number);
        present.leave(own);
    }
}

/// Answers whoever `accept` lets in, until `stopped`.
pub(super) async fn serve<S, F>(
    accept: impl Fn() -> F,
    router: Router,
    bounds: Bounds,
    guests: Guests,
    stopped: impl Future<Output = ()>,
) where
    S: AsyncRead + AsyncWrite + Send + 'static,
    F: Future<Output = io::Result<(S, Option<Peer>)>>,
{
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(bounds.head);
    let (graceful, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(bounds.connections)));
    let mut stopped = pin!(stopped);
    loop {
        let come = async {
            let permit = room.clone().acquire_owned().await.ok();
            (accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            () = &mut stopped => break,
            come = come => come,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, or the other end was gone at once: a moment later it may be well.
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        };
        let guest = Arc::new(guests.come(bounds.silent));
        let sent_away = guest.sent_away.clone();
        let mut stream = TimeoutStream::new(stream);
        stream.set_read_timeout(Some(bounds.read));
        stream.set_write_timeout(Some(bounds.write));
        let router = router.clone();
        let service =
            service_fn(move |request| answer(router.clone(), guest.clone(), peer.clone(), bounds, request));
        let connection = graceful.watch(server.serve_connection(TokioIo::new(Box::pin(stream)), service));
        tokio::spawn(async move {
            tokio::select! {
                _ = timeout(bounds.whole, connection) => {}
                () = sent_away.notified() => {}
            }
            drop(permit);
        });
    }
    graceful.shutdown().await;
}

async fn answer(
    router: Router,
    guest: Arc<Guest>,
    peer: Option<Peer>,
    bounds: Bounds,
    mut request: Request<Incoming>,
) -> Result<Response, Infallible> {
    if !guest.asks(client_address(request.headers()), bounds.per_address) {
        return Ok(too_many());
    }
    if let Some(peer) = peer {
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    hyper::service::Service::call(&TowerToHyperService::new(router), request).await
}

/// Nothing more comes over this connection.
fn too_many() -> Response {
    let words = "同时打开的连接过多，请关闭其他页面，稍后再试。\nToo many connections from your address at once; close some, and try again later.\n";
    let head = [
        (header::CONNECTION, "close"),
        (header::RETRY_AFTER, "30"),
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
    ];
    (StatusCode::TOO_MANY_REQUESTS, head, Body::from(words)).into_response()
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
    use tokio::time::Instant;

    use super::*;

    /// More than the buffers of both ends take.
    const LARGE_BYTES: usize = 64 * 1024 * 1024;

    fn router() -> Router {
        Router::new()
            .route("/large", get(async || vec![7; LARGE_BYTES]))
            .route("/small", get(async || "well"))
    }

    async fn open(bounds: Bounds) -> (SocketAddr, Guests) {
        let tcp = Arc::new(TcpListener::bind("127.0.0.1:0").await.unwrap());
        let (at, guests) = (tcp.local_addr().unwrap(), Guests::default());
        let accept = move || {
            let tcp = tcp.clone();
            async move { tcp.accept().await.map(|(stream, _)| (stream, None)) }
        };
        tokio::spawn(serve(accept, router(), bounds, guests.clone(), pending()));
        (at, guests)
    }

    async fn ask(at: SocketAddr, path: &str, address: &str) -> TcpStream {
        let mut stream = TcpStream::connect(at).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    async fn status(stream: &mut (impl AsyncRead + Unpin)) -> String {
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.unwrap();
        String::from_utf8(head[9..].to_vec()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn clients_that_never_read_are_let_go_and_the_next_one_gets_in() {
        let (at, guests) = open(Bounds { connections: 8, ..TCP }).await;
        let mut deaf = Vec::new();
        for _ in 0..8 {
            deaf.push(ask(at, "/large", "10.0.0.1").await);
        }
        let began = Instant::now();
        assert_eq!(status(&mut ask(at, "/small", "10.0.0.2").await).await, "200");
        let waited = began.elapsed();
        assert!(waited >= TCP.write && waited < TCP.write * 2, "{waited:?}");
        assert!(guests.count() <= 1, "all of them are gone: {}", guests.count());
        let mut rest = Vec::new();
        let cut = deaf[0].read_to_end(&mut rest).await;
        assert!(cut.is_err() || rest.len() < LARGE_BYTES, "{} bytes", rest.len());
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_never_holds_all_connections() {
        let (at, _) = open(Bounds { connections: 8, per_address: 3, ..TCP }).await;
        let mut deaf = Vec::new();
        for _ in 0..3 {
            let mut stream = ask(at, "/large", "10.0.0.1").await;
            assert_eq!(status(&mut stream).await, "200");
            deaf.push(stream);
        }
        let began = Instant::now();
        let mut more = ask(at, "/small", "10.0.0.1").await;
        let mut told = String::new();
        more.read_to_string(&mut told).await.unwrap();
        assert!(told.starts_with("HTTP/1.1 429") && told.contains("连接过多"), "and closed: {told}");
        assert_eq!(status(&mut ask(at, "/small", "10.0.0.2").await).await, "200");
        deaf.clear();
        assert!(began.elapsed() < TCP.write);
        while status(&mut ask(at, "/small", "10.0.0.1").await).await != "200" {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_nothing_makes_room_for_who_comes_later() {
        let (at, guests) = open(Bounds { connections: 8, silent: 4, ..TCP }).await;
        let began = Instant::now();
        let mut silent = Vec::new();
        for _ in 0..64 {
            silent.push(TcpStream::connect(at).await.unwrap());
        }
        assert_eq!(status(&mut ask(at, "/small", "10.0.0.1").await).await, "200");
        assert_eq!(silent[0].read(&mut [0]).await.unwrap_or(0), 0, "let go");
        assert!(began.elapsed() < TCP.head && guests.count() <= 8);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_stops_in_its_middle_is_not_waited_for() {
        let (at, guests) = open(TCP).await;
        let mut half = TcpStream::connect(at).await.unwrap();
        half.write_all(b"GET /small HTT").await.unwrap();
        let began = Instant::now();
        let mut rest = Vec::new();
        half.read_to_end(&mut rest).await.unwrap();
        assert_eq!((began.elapsed().as_secs(), guests.count()), (TCP.head.as_secs(), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn the_socket_lets_go_who_never_reads_and_knows_who_asks() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("s");
        let unix = Arc::new(UnixListener::bind(&path).unwrap());
        let accept = move || {
            let unix = unix.clone();
            async move {
                unix.accept()
                    .await
                    .map(|(stream, _)| (Peer::of(&stream), stream))
                    .map(|(peer, stream)| (stream, Some(peer)))
            }
        };
        let router =
            router().route("/me", get(async |ConnectInfo(peer): ConnectInfo<Peer>| format!("{peer:?}")));
        let guests = Guests::default();
        tokio::spawn(serve(accept, router, Bounds { connections: 2, ..SOCKET }, guests.clone(), pending()));
        let ask = async |path: &std::path::Path, what: &str| {
            let mut stream = UnixStream::connect(path).await.unwrap();
            let head = format!("GET {what} HTTP/1.1\r\nHost: duban\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            stream
        };
        let deaf = [ask(&path, "/large").await, ask(&path, "/large").await];
        let mut told = String::new();
        ask(&path, "/me").await.read_to_string(&mut told).await.unwrap();
        let uid = nix::unistd::getuid().as_raw();
        assert!(told.ends_with(&format!("Peer(Some({uid}))")), "{told}");
        assert!(guests.count() <= 1);
        drop(deaf);
    }
}
