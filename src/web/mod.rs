//! JSON API and health; sees wire types and the planner's handle, never the journal.
//!
//! Two doors. TCP on the loopback answers `GET /healthz` and `/metrics`, and the page of a unit to
//! whoever holds its link, and a first page for people: any program of any user of the machine, and any page in a browser, can
//! reach it, and no account stands behind it. The Unix socket in the data directory, mode 0600, and where there is one that
//! of the office's group answer everything; the socket's peer says who asks, and the table of accounts whether they may.

mod api;
mod ask;
mod door;
mod evidence;
mod front;
mod known;
mod metrics;
pub mod unit;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use tokio::sync::watch;

pub use door::{Peer, client_address};
pub use metrics::{Figures, page as metrics_page};

use crate::domain::TaskId;
use crate::intake::MESSAGE_BYTES_MAX;
use crate::locale::Language;
use crate::office::Office;
use crate::planner::{Handle, Stopped};
use crate::wire::{EventPage, Health};

/// Longest body taken, in bytes: a plan of some hundred tasks.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Longest time an answer may take, long polls left out.
pub const ANSWER_SECONDS_MAX: u64 = 30;
/// Longest that a poll for events may wait.
pub const POLL_SECONDS_MAX: u64 = 60;

/// A future of the daemon's.
pub type Later<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send>>;
/// How things stand, in a language.
pub type AskHealth = Box<dyn Fn(Language) -> Later<Result<Health, Stopped>> + Send + Sync>;
/// How things stand, with what only `/metrics` says.
pub type AskFigures = Box<dyn Fn() -> Later<Result<(Health, Figures), Stopped>> + Send + Sync>;
/// Stored lines after a position, of one task where it is named.
pub type AskEvents = Box<dyn Fn(u64, Option<TaskId>) -> Later<Result<EventPage, String>> + Send + Sync>;

/// What the daemon lends this room.
pub struct Desk {
    /// what can be asked
    pub office: Office,
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
        .route("/", get(front::front))
        .layer(middleware::from_fn(door::in_time))
        .route("/front.css", get(front::style))
        .route("/livez", get(door::alive))
        .merge(unit::routes(&desk))
        .fallback(front::not_found)
        .layer(middleware::from_fn_with_state(desk.clone(), door::known_host))
        .layer(middleware::from_fn(door::sealed))
        .with_state(desk)
}

/// What the Unix socket answers.
pub fn private(desk: Arc<Desk>) -> Router {
    let quick = Router::new()
        .route("/livez", get(door::alive))
        .route("/healthz", get(api::healthz))
        .route("/metrics", get(api::metrics))
        .route("/api/status", get(api::status))
        .route("/api/commands", post(api::command))
        .merge(ask::routes())
        .layer(middleware::from_fn(door::in_time));
    let mail = Router::new()
        .route("/api/intake", post(evidence::intake))
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
        .layer(middleware::from_fn(door::sealed))
        .with_state(desk)
}
