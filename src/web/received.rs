//! Mail that came in: handed over by the command line, read, and kept.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::api::{actor, answered};
use super::door::problem;
use super::{Desk, Peer};
use crate::domain::{Ledger, Received, ReceivedKind, Via};
use crate::intake;
use crate::planner::{Answer, Input};
use crate::wire::{MailHandled, Taken};

pub(super) async fn intake(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    message: Bytes,
) -> Response {
    let by = match actor(&peer, Via::Cli) {
        Ok(by) => by,
        Err(refused) => return *refused,
    };
    // A large message takes a while: not on a worker that others need.
    let bytes = message.clone();
    let incoming = match tokio::task::spawn_blocking(move || intake::read(&bytes)).await {
        Ok(Ok(incoming)) => incoming,
        Err(_) => return problem(StatusCode::UNPROCESSABLE_ENTITY, "the message can't be read"),
        Ok(Err(fault)) => return problem(StatusCode::UNPROCESSABLE_ENTITY, fault.to_string()),
    };
    let before = desk.planner.ledger().read().head();
    let input = Input::Incoming { incoming, message: message.to_vec(), by };
    match desk.planner.ask(input).await {
        Ok(Answer::Done { position }) => {
            let ledger = desk.planner.ledger().read();
            match ledger.received_at(position).map(|kept| taken(&ledger, kept)) {
                Some(kept) => Json(Taken { known: position <= before, ..kept }).into_response(),
                None => problem(StatusCode::INTERNAL_SERVER_ERROR, "the message was not kept"),
            }
        }
        Ok(Answer::Refused(refusal)) => problem(StatusCode::INSUFFICIENT_STORAGE, refusal.to_string()),
        Ok(Answer::ClockHeld { now, last }) => problem(
            StatusCode::CONFLICT,
            format!(
                "decisions are held: the clock says {now}, the last event is of {last}; `duban clock accept`"
            ),
        ),
        other @ (Ok(Answer::Declared(_)) | Err(_)) => answered(other),
    }
}

pub(super) async fn received(State(desk): State<Arc<Desk>>) -> Response {
    Json(list(&desk.planner.ledger().read())).into_response()
}

/// All mail that came in, in the order of its coming.
#[must_use]
pub fn list(ledger: &Ledger) -> Vec<Taken> {
    ledger.received().map(|kept| taken(ledger, kept)).collect()
}

pub(super) fn taken(ledger: &Ledger, kept: &Received) -> Taken {
    let kind = match kept.kind {
        ReceivedKind::Reply => "reply",
        ReceivedKind::Automatic => "automatic",
        ReceivedKind::Bounce => "bounce",
    };
    let letter = kept.letter.and_then(|letter| ledger.letter(letter));
    Taken {
        position: kept.position,
        known: true,
        message: kept.message,
        kind: kind.to_owned(),
        letter: kept.letter,
        unit: letter.and_then(|letter| letter.unit().cloned()),
        taken_on: kept.taken_on,
        unhandled: ledger.is_unhandled(kept),
        handled: kept.handled.clone().map(|handled| MailHandled {
            by: handled.by,
            on: handled.on,
            remark: handled.remark,
        }),
    }
}
