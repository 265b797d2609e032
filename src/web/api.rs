//! One function a path: asks, and puts the answer into JSON.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::{Instant, timeout_at};

use super::ask::{allowed, language};
use super::door::problem;
use super::{Desk, POLL_SECONDS_MAX, Peer, known, metrics};
use crate::domain::Via;
use crate::locale::{self, Language};
use crate::office::typed::TaskName;
use crate::office::{Act, names};
use crate::planner::{Answer, Input, Stopped};
use crate::wire::{self, ClockHeld, CommandRequest, EventsQuery, PublicHealth, Standing};

/// Longest request id, in bytes: it stands in an event.
const REQUEST_BYTES_MAX: usize = 128;

type Shared = State<Arc<Desk>>;

pub(super) async fn healthz(
    State(desk): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    head: HeaderMap,
) -> Response {
    if let Err(refused) = allowed(&desk, &peer, Act::Status, &head).await {
        return *refused;
    }
    match (desk.health)(language(&head)).await {
        Ok(health) => (standing(health.status), Json(health)).into_response(),
        Err(stopped) => gone(stopped),
    }
}

/// For every program of the machine: status and counts.
pub(super) async fn public_healthz(State(desk): Shared) -> Response {
    match (desk.health)(Language::default()).await {
        Ok(health) => (standing(health.status), Json(PublicHealth::from(&health))).into_response(),
        Err(stopped) => gone(stopped),
    }
}

fn standing(status: Standing) -> StatusCode {
    match status {
        Standing::Ok | Standing::Attention => StatusCode::OK,
        Standing::Stopped => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub(super) async fn metrics(State(desk): Shared) -> Response {
    match (desk.figures)().await {
        Ok((health, figures)) => {
            ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], metrics::page(&health, &figures))
                .into_response()
        }
        Err(stopped) => gone(stopped),
    }
}

/// The same, but an answer in every case: whoever asks wants to read it.
pub(super) async fn status(
    State(desk): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    head: HeaderMap,
) -> Response {
    if let Err(refused) = allowed(&desk, &peer, Act::Status, &head).await {
        return *refused;
    }
    match (desk.health)(language(&head)).await {
        Ok(health) => Json(health).into_response(),
        Err(stopped) => gone(stopped),
    }
}

pub(super) async fn events(
    State(desk): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Query(query): Query<EventsQuery>,
    head: HeaderMap,
) -> Response {
    if let Err(refused) = allowed(&desk, &peer, Act::ReadEvents, &head).await {
        return *refused;
    }
    let task = match query.task.as_deref().map(str::parse::<TaskName>).transpose() {
        Ok(task) => task,
        Err(bad) => return problem(StatusCode::BAD_REQUEST, bad),
    };
    let task = match task.map(|name| names::task(&desk.office.ledger(), &name)).transpose() {
        Ok(task) => task,
        Err(refused) => return problem(StatusCode::BAD_REQUEST, refused.told_in(language(&head)).what),
    };
    let until = Instant::now() + Duration::from_secs(query.wait_seconds.min(POLL_SECONDS_MAX));
    let mut inputs = desk.inputs.clone();
    let mut after = query.after;
    loop {
        inputs.borrow_and_update();
        let page = match (desk.events)(after, task.clone()).await {
            Ok(page) => page,
            Err(fault) => return problem(StatusCode::INTERNAL_SERVER_ERROR, fault),
        };
        let at_end = page.after == after;
        if !page.lines.is_empty() {
            return Json(page).into_response();
        }
        after = page.after;
        // None of them was of the task, and there may be more.
        if !at_end {
            continue;
        }
        match timeout_at(until, inputs.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Json(page).into_response(),
        }
    }
}

pub(super) async fn command(
    State(desk): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    head: HeaderMap,
    Json(given): Json<serde_json::Value>,
) -> Response {
    let asked: CommandRequest = match known::read(&given) {
        Ok(asked) => asked,
        Err(fault) => return problem(StatusCode::UNPROCESSABLE_ENTITY, fault),
    };
    let caller = match allowed(&desk, &peer, Act::of(&asked.command), &head).await {
        Ok(caller) => caller,
        Err(refused) => return *refused,
    };
    let by = match asked.via {
        Via::Cli | Via::Api | Via::Paper | Via::Phone | Via::Meeting | Via::Message | Via::Mail => {
            caller.via(asked.via)
        }
        // An old ledger is a file that a person hands over.
        Via::File if asked.command.is_import() => caller.via(Via::File),
        Via::File | Via::Web | Via::Link | Via::System => {
            let what = "`via` is cli, api, paper, phone, meeting, message or mail here";
            return problem(StatusCode::BAD_REQUEST, what);
        }
    };
    if let Some(odd) = odd_request(&asked.request) {
        return odd;
    }
    let input = Input::Command { command: Box::new(asked.command), by, request: Some(asked.request) };
    answered(desk.planner.ask(input).await, language(&head))
}

/// Refuses a request id that no event can bear.
fn odd_request(request: &str) -> Option<Response> {
    let odd = request.is_empty() || request.len() > REQUEST_BYTES_MAX;
    odd.then(|| {
        let what = format!("`request` names what is asked: 1 to {REQUEST_BYTES_MAX} bytes, a UUID say");
        problem(StatusCode::BAD_REQUEST, what)
    })
}

fn answered(answer: Result<Answer, Stopped>, language: Language) -> Response {
    let (status, answer) = match answer {
        Ok(Answer::Done { position }) => (StatusCode::OK, wire::Answer::Done { position }),
        Ok(Answer::Refused(refusal)) => {
            let message = locale::refusal(&refusal);
            let why = locale::told(language, &message);
            (StatusCode::CONFLICT, wire::Answer::Refused { code: message.code, why })
        }
        Ok(Answer::ClockHeld { now, last }) => {
            (StatusCode::CONFLICT, wire::Answer::ClockHeld(ClockHeld { now, last }))
        }
        Ok(Answer::Declared(_)) => {
            return problem(StatusCode::INTERNAL_SERVER_ERROR, "the planner answered something else");
        }
        Err(stopped) => return gone(stopped),
    };
    (status, Json(answer)).into_response()
}

pub(super) fn gone(stopped: Stopped) -> Response {
    problem(StatusCode::SERVICE_UNAVAILABLE, format!("{stopped}; its log says why"))
}
