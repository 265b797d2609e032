//! Who may come in, and how long they may stay.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use nix::unistd::Uid;
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::{ANSWER_SECONDS_MAX, Desk, front};
use crate::wire::Problem;

/// The account at the other end of the socket.
#[derive(Debug, Clone)]
pub struct Peer(Option<u32>);

impl Peer {
    /// Of a connection.
    #[must_use]
    pub fn of(stream: &UnixStream) -> Self {
        Self(stream.peer_cred().ok().map(|cred| cred.uid()))
    }

    /// The machine's account, and whether it is the daemon's own or root; `None` where it can't be told.
    pub(super) fn account(&self) -> Option<(u32, bool)> {
        let uid = self.0?;
        Some((uid, uid == 0 || uid == Uid::effective().as_raw()))
    }
}

/// Client address: the last entry that the proxy before us wrote; empty for requests of this machine.
#[must_use]
pub fn client_address(headers: &HeaderMap) -> String {
    const CHARS_MAX: usize = 64;
    let told = headers.get_all("x-forwarded-for").iter().next_back().and_then(|told| told.to_str().ok());
    let last = told.and_then(|told| told.rsplit(',').next()).map(str::trim).unwrap_or_default();
    last.chars().take(CHARS_MAX).collect()
}

/// `GET /livez`: the door answers, whatever else may be wrong.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// An answer that is a problem.
pub(super) fn problem(status: StatusCode, problem: impl Into<String>) -> Response {
    (status, Json(Problem { problem: problem.into() })).into_response()
}

/// No answer takes for ever.
pub(super) async fn in_time(request: Request, next: Next) -> Response {
    match timeout(Duration::from_secs(ANSWER_SECONDS_MAX), next.run(request)).await {
        Ok(response) => response,
        Err(_) => problem(
            StatusCode::GATEWAY_TIMEOUT,
            format!("no answer within {ANSWER_SECONDS_MAX} seconds; what was asked may still be done"),
        ),
    }
}

/// No form takes longer than so many minutes, however slowly its files come.
pub(super) async fn in_minutes<const MINUTES: u64>(request: Request, next: Next) -> Response {
    match timeout(Duration::from_mins(MINUTES), next.run(request)).await {
        Ok(response) => response,
        Err(_) => problem(StatusCode::REQUEST_TIMEOUT, format!("not received within {MINUTES} minutes")),
    }
}

/// Against DNS rebinding: a page of another site that reaches us names its own host. Under the name
/// that the world knows, there are the units' pages and nothing else.
pub(super) async fn known_host(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = without_port(host);
    if is_loopback(name) {
        next.run(request).await
    } else if desk.office.public_host().is_some_and(|host| name.eq_ignore_ascii_case(host)) {
        let path = request.uri().path();
        if path.starts_with("/u/") || path == "/front.css" {
            next.run(request).await
        } else {
            front::not_found(request.headers().clone()).await
        }
    } else {
        problem(
            StatusCode::MISDIRECTED_REQUEST,
            "this host name is not duban's; use 127.0.0.1 or localhost, or set `web.public_url`",
        )
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_loopback(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost")
        || name
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// TCP has few pages.
pub(super) fn elsewhere() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "only GET /healthz and /metrics are answered here; everything else goes over the socket in the data directory, with the `duban` command",
    )
}

/// No such path on the socket.
pub(super) async fn unknown() -> Response {
    problem(StatusCode::NOT_FOUND, "no such path; client and daemon are of different versions, perhaps")
}

/// On every answer: kept by nobody, framed by nobody, found by no search engine, and nothing
/// tells where it came from.
pub(super) async fn sealed(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 6] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_address_is_the_one_the_proxy_wrote_last() {
        let address = |told: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", told.parse().unwrap());
            client_address(&headers)
        };
        assert_eq!(address("6.6.6.6, 10.0.0.9"), "10.0.0.9");
        assert_eq!(client_address(&HeaderMap::new()), "");
        assert_eq!(address(&"9".repeat(900)).len(), 64);
    }

    #[test]
    fn only_loopback_names_are_ours() {
        for host in ["127.0.0.1:8780", "localhost", "LOCALHOST:1", "[::1]:8780", "127.8.8.8"] {
            assert!(is_loopback(without_port(host)), "{host}");
        }
        for host in ["evil.example", "evil.example:8780", "127.0.0.1.evil.example", "", "192.168.1.2:8780"] {
            assert!(!is_loopback(without_port(host)), "{host}");
        }
    }
}
