//! Files that are handed in over the wire, streamed onto their shelf.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;

use super::ask::{allowed, answered, language};
use super::door::problem;
use super::{Desk, Peer};
use crate::locale::{self, message};
use crate::office::Act;
use crate::office::files::{FileFault, Taking};
use crate::wire::EvidenceQuery;

/// `POST /api/intake`: mail that came in.
pub(super) async fn intake(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    head: HeaderMap,
    message: Bytes,
) -> Response {
    let caller = match allowed(&desk, &peer, Act::Record, &head).await {
        Ok(caller) => caller,
        Err(refused) => return *refused,
    };
    // A large message takes a while: not on a worker that others need.
    answered(language(&head), move |_| desk.office.take_in(&message, &caller)).await
}

/// `POST /api/evidence?name=…`: a file, streamed; what an answer names it by.
pub(super) async fn take(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Query(query): Query<EvidenceQuery>,
    head: HeaderMap,
    mut body: Body,
) -> Response {
    if let Err(refused) = allowed(&desk, &peer, Act::Record, &head).await {
        return *refused;
    }
    let (tray, name) = (desk.planner.tray().clone(), query.name);
    let (shown, bytes_max) = (name.clone(), desk.office.file_bytes_max());
    let taken = async {
        let mut taking = blocking(move || Taking::begin(&tray, &name, bytes_max)).await?;
        while let Some(frame) = body.frame().await {
            // A body that was cut off is no file.
            let Ok(piece) = frame.map_err(|_| None)?.into_data() else { continue };
            taking = blocking(move || taking.write(&piece).map(|()| taking)).await?;
        }
        blocking(move || taking.keep()).await
    };
    let taken = taken.await;
    if taken.is_err() {
        // Who is still writing would not read the answer.
        while body.frame().await.is_some_and(|frame| frame.is_ok()) {}
    }
    match taken {
        Ok(evidence) => Json(evidence).into_response(),
        Err(Some(fault)) => {
            let status = match fault {
                FileFault::Tray(_) => StatusCode::INSUFFICIENT_STORAGE,
                FileFault::Empty | FileFault::TooLarge(_) | FileFault::Kind => {
                    StatusCode::UNPROCESSABLE_ENTITY
                }
            };
            let told = message("left-out-file").with("file", &shown).within("why", fault.message());
            problem(status, locale::told(language(&head), &told))
        }
        Err(None) => {
            let told = message("left-out-file").with("file", &shown).within("why", message("file-lost"));
            problem(StatusCode::INTERNAL_SERVER_ERROR, locale::told(language(&head), &told))
        }
    }
}

/// Off the workers that others need; `None` where the step was lost.
async fn blocking<T: Send + 'static>(
    step: impl FnOnce() -> Result<T, FileFault> + Send + 'static,
) -> Result<T, Option<FileFault>> {
    match tokio::task::spawn_blocking(step).await {
        Ok(result) => result.map_err(Some),
        Err(_) => Err(None),
    }
}
