//! Files that are handed in: held against size and kind on the way, and durable on their shelf before anything
//! names them. The same for the unit's page, for what is recorded on behalf, and for what came by mail.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;

use super::api::actor;
use super::door::problem;
use super::unit::kind::{HEAD_BYTES, media_type};
use super::{Desk, Peer};
use crate::domain::{Evidence, Via};
use crate::planner::{EvidenceTray, Giver, NewEvidence, TrayFault};
use crate::wire::EvidenceQuery;

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub(in crate::web) enum FileFault {
    /// nothing in it
    #[error("it is empty")]
    Empty,
    /// larger than is taken
    #[error("it has more than {} MiB", .0 / 1024 / 1024)]
    TooLarge(u64),
    /// a program, a page, or nothing that is known
    #[error("it is of no kind that is taken: PDF, photos, Word, Excel, PPT, WPS, OFD, ZIP, MP4, TXT")]
    Kind,
    /// the disk
    #[error("it can't be kept: {0}")]
    Tray(#[from] TrayFault),
}

/// A file on its way in; nothing of it is left where it is dropped. Every step blocks.
pub(in crate::web) struct Taking {
    new: NewEvidence,
    name: String,
    bytes_max: u64,
    head: Vec<u8>,
}

impl Taking {
    pub(in crate::web) fn begin(tray: &EvidenceTray, name: &str, bytes_max: u64) -> Result<Self, FileFault> {
        Ok(Self { new: tray.begin(Giver::Office)?, name: name.to_owned(), bytes_max, head: Vec::new() })
    }

    pub(in crate::web) fn write(&mut self, piece: &[u8]) -> Result<(), FileFault> {
        if self.new.bytes().saturating_add(piece.len() as u64) > self.bytes_max {
            return Err(FileFault::TooLarge(self.bytes_max));
        }
        let wanted = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(wanted));
        Ok(self.new.write(piece)?)
    }

    pub(in crate::web) fn keep(self) -> Result<Evidence, FileFault> {
        let bytes = self.new.bytes();
        if bytes == 0 {
            return Err(FileFault::Empty);
        }
        let media_type = media_type(&self.head, &self.name).ok_or(FileFault::Kind)?.to_owned();
        let digest = self.new.keep()?;
        Ok(Evidence { digest, name: self.name, bytes, media_type, obtained_on: None })
    }
}

/// Keeps a file that is in memory already. Blocks.
pub(in crate::web) fn keep(
    tray: &EvidenceTray,
    name: &str,
    bytes: &[u8],
    bytes_max: u64,
) -> Result<Evidence, FileFault> {
    let mut taking = Taking::begin(tray, name, bytes_max)?;
    taking.write(bytes)?;
    taking.keep()
}

/// What would be refused of a file in memory; nothing is kept.
pub(in crate::web) fn check(name: &str, bytes: &[u8], bytes_max: u64) -> Result<&'static str, FileFault> {
    if bytes.is_empty() {
        return Err(FileFault::Empty);
    }
    if bytes.len() as u64 > bytes_max {
        return Err(FileFault::TooLarge(bytes_max));
    }
    media_type(bytes.get(..HEAD_BYTES).unwrap_or(bytes), name).ok_or(FileFault::Kind)
}

/// `POST /api/evidence?name=…`: a file, streamed; what an answer names it by.
pub(super) async fn take(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Query(query): Query<EvidenceQuery>,
    mut body: Body,
) -> Response {
    if let Err(refused) = actor(&peer, Via::Cli) {
        return *refused;
    }
    let (tray, name, bytes_max) = (desk.planner.tray().clone(), query.name, desk.page.file_bytes_max());
    let shown = name.clone();
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
            problem(status, format!("{shown}: {fault}"))
        }
        Err(None) => problem(StatusCode::INTERNAL_SERVER_ERROR, format!("{shown}: it was lost on the way")),
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
