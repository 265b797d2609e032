//! JSON API and health; sees wire types and the planner's handle, never the journal.
//!
//! Two doors. TCP on the loopback answers `GET /healthz` and `/metrics`, and the page of a unit to
//! whoever holds its link: any program of any user of the machine, and any page in a browser, can
//! reach it, and duban has no accounts yet. The Unix socket in the data directory, mode 0600, answers everything; who asks is the socket's peer.

mod about;
mod api;
mod behalf;
mod door;
mod evidence;
pub mod lists;
mod metrics;
mod proposed;
pub mod received;
pub mod unit;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use tokio::sync::watch;

pub use about::{About, is_about};
pub use door::{Peer, client_address};
pub use metrics::{Figures, page as metrics_page};

use crate::domain::{Digest, LetterId, TaskId};
use crate::intake::MESSAGE_BYTES_MAX;
use crate::planner::{Handle, Stopped};
use crate::wire::{EventPage, Health, LetterStep};

/// Longest body taken, in bytes: a plan of some hundred tasks.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Longest time an answer may take, long polls left out.
pub const ANSWER_SECONDS_MAX: u64 = 30;
/// Longest that a poll for events may wait.
pub const POLL_SECONDS_MAX: u64 = 60;

/// A future of the daemon's.
pub type Later<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send>>;
/// How things stand.
pub type AskHealth = Box<dyn Fn() -> Later<Result<Health, Stopped>> + Send + Sync>;
/// How things stand, with what only `/metrics` says.
pub type AskFigures = Box<dyn Fn() -> Later<Result<(Health, Figures), Stopped>> + Send + Sync>;
/// Stored lines after a position, of one task where it is named.
pub type AskEvents = Box<dyn Fn(u64, Option<TaskId>) -> Later<Result<EventPage, String>> + Send + Sync>;
/// An attached file: an archived letter, a message that came in.
pub type AskLetter = Box<dyn Fn(Digest) -> Later<Result<Option<Vec<u8>>, String>> + Send + Sync>;

/// What became of a letter, from the event on that queued it.
pub type AskSteps = Box<dyn Fn(LetterId, u64) -> Later<Result<Vec<LetterStep>, String>> + Send + Sync>;

/// What the daemon lends this room.
pub struct Desk {
    /// speaks to the planner, holds the ledger
    pub planner: Handle,
    /// what time it is
    pub now: Box<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// changes after every input
    pub inputs: watch::Receiver<Option<DateTime<Utc>>>,
    /// how things stand
    pub health: AskHealth,
    /// how things stand, in figures
    pub figures: AskFigures,
    /// reads events
    pub events: AskEvents,
    /// reads letters
    pub letter: AskLetter,
    /// reads what became of letters
    pub letter_steps: AskSteps,
    /// reads messages that came in, and other evidence
    pub evidence: AskLetter,
    /// of the units' page
    pub page: unit::Page,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

/// What TCP answers.
pub fn public(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/healthz", get(api::public_healthz))
        .route("/metrics", get(api::metrics))
        .layer(middleware::from_fn(door::in_time))
        .route("/livez", get(door::alive))
        .merge(unit::routes(&desk))
        .fallback(door::elsewhere)
        .layer(middleware::from_fn_with_state(desk.clone(), door::known_host))
        .with_state(desk)
}

/// What the Unix socket answers.
pub fn private(desk: Arc<Desk>) -> Router {
    let quick = Router::new()
        .route("/livez", get(door::alive))
        .route("/healthz", get(api::healthz))
        .route("/metrics", get(api::metrics))
        .route("/api/status", get(api::status))
        .route("/api/declared", get(api::declared))
        .route("/api/fingerprint", get(api::fingerprint))
        .route("/api/plans", get(api::plans))
        .route("/api/tasks", get(api::tasks))
        .route("/api/units", get(api::units))
        .route("/api/reviews", get(api::reviews))
        .route("/api/letters", get(api::letters))
        .route("/api/letters/{letter}", get(api::letter))
        .route("/api/preview", get(api::preview))
        .route("/api/commands", post(api::command))
        .route("/api/leader", post(api::leader))
        .route("/api/received", get(received::received))
        .route("/api/received/{position}", get(proposed::shown))
        .route("/api/received/{position}/record", post(proposed::record))
        .route("/api/answers", post(behalf::answers))
        .layer(middleware::from_fn(door::in_time));
    let mail = Router::new()
        .route("/api/intake", post(received::intake))
        .layer(middleware::from_fn(door::in_time))
        .layer(DefaultBodyLimit::max(MESSAGE_BYTES_MAX + 1));
    let files = Router::new().route("/api/evidence", post(evidence::take)).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/api/events", get(api::events))
        .merge(quick)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .merge(mail)
        .merge(files)
        .fallback(door::unknown)
        .with_state(desk)
}
