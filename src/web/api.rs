//! One function a path: asks, and puts the answer into JSON.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::{Instant, timeout_at};

use super::door::problem;
use super::{Desk, POLL_SECONDS_MAX, Peer, lists, metrics};
use crate::domain::{Actor, LetterId, LetterState, TaskId, Via};
use crate::planner::{Answer, Input, Person, Stopped};
use crate::report::{preview as foretold, rows};
use crate::wire::{
    self, ClockHeld, CommandRequest, EventsQuery, Fingerprint, LeaderRequest, LetterShown, PreviewQuery,
    PublicHealth, Standing,
};

/// Longest request id, in bytes: it stands in an event.
const REQUEST_BYTES_MAX: usize = 128;
/// Longest span that a preview of the future may take, in days.
const PREVIEW_DAYS_MAX: i64 = 366 * 10;

type Shared = State<Arc<Desk>>;

pub(super) async fn healthz(State(desk): Shared) -> Response {
    match (desk.health)().await {
        Ok(health) => (standing(health.status), Json(health)).into_response(),
        Err(stopped) => gone(stopped),
    }
}

/// For every program of the machine: status and counts.
pub(super) async fn public_healthz(State(desk): Shared) -> Response {
    match (desk.health)().await {
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
pub(super) async fn status(State(desk): Shared) -> Response {
    match (desk.health)().await {
        Ok(health) => Json(health).into_response(),
        Err(stopped) => gone(stopped),
    }
}

pub(super) async fn declared(State(desk): Shared) -> Response {
    Json(lists::declared(&desk.planner.ledger().read())).into_response()
}

pub(super) async fn fingerprint(State(desk): Shared) -> Response {
    let ledger = desk.planner.ledger().read();
    Json(Fingerprint { position: ledger.head(), fingerprint: ledger.fingerprint() }).into_response()
}

pub(super) async fn plans(State(desk): Shared) -> Response {
    Json(lists::plans(&desk.planner.ledger().read())).into_response()
}

pub(super) async fn tasks(State(desk): Shared) -> Response {
    Json(lists::tasks(&desk.planner.ledger().read())).into_response()
}

pub(super) async fn units(State(desk): Shared) -> Response {
    Json(lists::units(&desk.planner.ledger().read())).into_response()
}

pub(super) async fn reviews(State(desk): Shared) -> Response {
    Json(lists::reviews(&desk.planner.ledger().read())).into_response()
}

pub(super) async fn letters(State(desk): Shared) -> Response {
    Json(lists::letters(&desk.planner.ledger().read())).into_response()
}

pub(super) async fn letter(State(desk): Shared, Path(id): Path<String>) -> Response {
    let id: LetterId = match id.parse() {
        Ok(id) => id,
        Err(bad) => return problem(StatusCode::BAD_REQUEST, format!("{bad}")),
    };
    let found = {
        let ledger = desk.planner.ledger().read();
        let found =
            |state: &LetterState| (lists::letter(&ledger, state), state.queued.archived, state.position);
        ledger.letter(id).map(found)
    };
    let Some((entry, archived, queued_at)) = found else {
        return problem(StatusCode::NOT_FOUND, format!("no letter {id}; `duban letter list` shows them"));
    };
    let read = match (desk.letter)(archived).await {
        Ok(bytes) => (desk.letter_steps)(id, queued_at).await.map(|steps| (bytes, steps)),
        Err(fault) => Err(fault),
    };
    match read {
        Ok((bytes, steps)) => {
            let message = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            Json(LetterShown { entry, steps, message }).into_response()
        }
        Err(fault) => problem(StatusCode::INTERNAL_SERVER_ERROR, fault),
    }
}

pub(super) async fn events(State(desk): Shared, Query(query): Query<EventsQuery>) -> Response {
    let task = match query.task.as_deref().map(str::parse::<TaskId>).transpose() {
        Ok(task) => task,
        Err(bad) => return problem(StatusCode::BAD_REQUEST, bad.to_string()),
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

pub(super) async fn preview(State(desk): Shared, Query(query): Query<PreviewQuery>) -> Response {
    let PreviewQuery { from, until, unit } = query;
    if until < from || (until - from).num_days() > PREVIEW_DAYS_MAX {
        let what = format!("{from} to {until} is no span: first day first, at most {PREVIEW_DAYS_MAX} days");
        return problem(StatusCode::BAD_REQUEST, what);
    }
    let (ledger, now) = (desk.planner.ledger().read().clone(), (desk.now)());
    let asked = tokio::task::spawn_blocking(move || {
        let letters = foretold::future(&ledger, now, from, until);
        let mut all: Vec<_> = letters.iter().flat_map(rows).collect();
        all.retain(|row| unit.as_ref().is_none_or(|unit| unit.as_str() == row.unit));
        all
    });
    match asked.await {
        Ok(rows) => Json(rows).into_response(),
        Err(_) => problem(StatusCode::INTERNAL_SERVER_ERROR, "the preview failed; the log says why"),
    }
}

pub(super) async fn command(
    State(desk): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Json(asked): Json<CommandRequest>,
) -> Response {
    // An old ledger is a file that a person hands over.
    let by = if asked.via == Via::File && asked.command.is_import() {
        peer.actor(Via::File).ok_or_else(|| Box::new(nobody()))
    } else {
        actor(&peer, asked.via)
    };
    let by = match by {
        Ok(by) => by,
        Err(refused) => return *refused,
    };
    if let Some(odd) = odd_request(&asked.request) {
        return odd;
    }
    let input = Input::Command { command: Box::new(asked.command), by, request: Some(asked.request) };
    answered(desk.planner.ask(input).await)
}

pub(super) async fn leader(
    State(desk): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Json(asked): Json<LeaderRequest>,
) -> Response {
    let by = match actor(&peer, asked.via) {
        Ok(by) => by,
        Err(refused) => return *refused,
    };
    if let Some(odd) = odd_request(&asked.request) {
        return odd;
    }
    let person = asked.leader.map(|leader| Person {
        salt: String::new(),
        name: leader.name,
        post: leader.post,
        address: leader.address,
        phone: String::new(),
    });
    let input = Input::SetLeader { unit: asked.unit, person, by, request: Some(asked.request) };
    answered(desk.planner.ask(input).await)
}

/// Refuses a request id that no event can bear.
pub(super) fn odd_request(request: &str) -> Option<Response> {
    let odd = request.is_empty() || request.len() > REQUEST_BYTES_MAX;
    odd.then(|| {
        let what = format!("`request` names what is asked: 1 to {REQUEST_BYTES_MAX} bytes, a UUID say");
        problem(StatusCode::BAD_REQUEST, what)
    })
}

/// The account at the other end, by a way in that a person may claim.
pub(super) fn actor(peer: &Peer, via: Via) -> Result<Actor, Box<Response>> {
    match via {
        Via::Cli | Via::Api | Via::Paper | Via::Phone | Via::Meeting | Via::Message | Via::Mail => {
            peer.actor(via).ok_or_else(|| Box::new(nobody()))
        }
        Via::File | Via::Web | Via::Link | Via::System => Err(Box::new(problem(
            StatusCode::BAD_REQUEST,
            "`via` is cli, api, paper, phone, meeting, message or mail here",
        ))),
    }
}

fn nobody() -> Response {
    problem(StatusCode::FORBIDDEN, "the system does not tell who asks; nothing was done")
}

pub(super) fn answered(answer: Result<Answer, Stopped>) -> Response {
    let (status, answer) = match answer {
        Ok(Answer::Done { position }) => (StatusCode::OK, wire::Answer::Done { position }),
        Ok(Answer::Refused(refusal)) => {
            (StatusCode::CONFLICT, wire::Answer::Refused { why: refusal.to_string() })
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
