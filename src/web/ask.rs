//! Every use case of the office that can be asked over the wire, a line each.

use std::sync::Arc;

use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Serialize;
use tracing::info;

use super::api::gone;
use super::door::problem;
use super::{Desk, Peer, known};
use crate::domain::Via;
use crate::locale::{Language, message};
use crate::office::{
    Act, Asked, Caller, Refused, RefusedKind, UseCase, Wanted, accounts, authorize, behalf, bulletin, clock,
    events, forecast, history, imports, incoming, letters, matters, new_units, papers, plans, proposed,
    reviews, rulings, tasks, units,
};
use crate::planner::Stopped;
use crate::wire::{CLAIMED, is_claim};

/// One path a use case.
pub(super) fn routes() -> Router<Arc<Desk>> {
    UseCases(Router::new())
        .on::<plans::List>()
        .on::<plans::Declared>()
        .on::<plans::Show>()
        .on::<plans::Begin>()
        .on::<plans::Foretell>()
        .on::<plans::Add>()
        .on::<plans::TakeOver>()
        .on::<plans::Start>()
        .on::<plans::Close>()
        .on::<imports::Import>()
        .on::<imports::Compare>()
        .on::<tasks::List>()
        .on::<tasks::Entries>()
        .on::<tasks::Show>()
        .on::<plans::Settle>()
        .on::<plans::MoveDeadline>()
        .on::<plans::Confirm>()
        .on::<reviews::Waiting>()
        .on::<rulings::Accept>()
        .on::<rulings::Return>()
        .on::<rulings::Extend>()
        .on::<rulings::RefuseExtension>()
        .on::<rulings::AnswerObjection>()
        .on::<rulings::Chase>()
        .on::<rulings::Reopen>()
        .on::<rulings::Pause>()
        .on::<rulings::Resume>()
        .on::<behalf::Record>()
        .on::<matters::Assign>()
        .on::<matters::Reclassify>()
        .on::<matters::CloseOut>()
        .on::<imports::ImportMatters>()
        .on::<units::List>()
        .on::<units::Show>()
        .on::<new_units::Add>()
        .on::<new_units::ImportUnits>()
        .on::<units::Set>()
        .on::<units::RevokeLinks>()
        .on::<letters::List>()
        .on::<letters::Show>()
        .on::<letters::Resend>()
        .on::<letters::Release>()
        .on::<incoming::List>()
        .on::<incoming::Handled>()
        .on::<proposed::Show>()
        .on::<proposed::Record>()
        .on::<bulletin::Print>()
        .on::<bulletin::Steps>()
        .on::<bulletin::Later>()
        .on::<bulletin::Against>()
        .on::<bulletin::Move>()
        .on::<papers::LedgerPaper>()
        .on::<papers::Week>()
        .on::<papers::Leader>()
        .on::<papers::SendLeader>()
        .on::<papers::Pack>()
        .on::<forecast::Preview>()
        .on::<events::Page>()
        .on::<events::AskFingerprint>()
        .on::<history::AsKnown>()
        .on::<history::Days>()
        .on::<clock::Accept>()
        .on::<accounts::List>()
        .on::<accounts::Set>()
        .on::<accounts::Remove>()
        .0
}

struct UseCases(Router<Arc<Desk>>);

impl UseCases {
    fn on<U: UseCase>(self) -> Self {
        let limit = DefaultBodyLimit::max(U::BODY_BYTES_MAX);
        Self(self.0.route(&format!("/api/{}", U::NAME), post(answer::<U>).layer(limit)))
    }
}

async fn answer<U: UseCase>(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    head: HeaderMap,
    Json(given): Json<serde_json::Value>,
) -> Response {
    let asked: Asked<U> = match known::read(&given) {
        Ok(asked) => asked,
        Err(fault) => return problem(StatusCode::UNPROCESSABLE_ENTITY, fault),
    };
    if asked.is_odd() {
        return problem(
            StatusCode::BAD_REQUEST,
            "`request` names what is asked: at most 120 bytes, a UUID say",
        );
    }
    let (language, claimed) = (language(&head), claimed(&head));
    answered(language, move |wanted| {
        let caller = Caller { claimed, language, ..caller(&desk, &peer, asked.via, asked.request)? };
        if let Some(claimed) = &caller.claimed {
            info!(by = caller.actor.name, claimed, asked = U::NAME, "asked through an account of another");
        }
        desk.office.while_wanted(wanted).answer(asked.ask, &caller)
    })
    .await
}

/// The language that whoever asks wants to be answered in.
pub(super) fn language(head: &HeaderMap) -> Language {
    let wanted = head.get(header::ACCEPT_LANGUAGE).and_then(|wanted| wanted.to_str().ok());
    Language::of(wanted.unwrap_or_default())
}

/// Who says to have gone before the account that asks.
fn claimed(head: &HeaderMap) -> Option<String> {
    let name = head.get(CLAIMED)?.to_str().ok().filter(|name| is_claim(name))?;
    Some(name.to_owned())
}

/// Whoever is at the other end of the socket.
pub(super) fn caller(desk: &Desk, peer: &Peer, via: Via, request: Option<String>) -> Result<Caller, Refused> {
    match via {
        Via::Cli | Via::Api | Via::Paper | Via::Phone | Via::Meeting | Via::Message | Via::Mail => {}
        Via::File | Via::Web | Via::Link | Via::System => {
            return Err(Refused::wrong(message("caller-odd-way")));
        }
    }
    let nobody = || Refused::of(RefusedKind::Forbidden, message("caller-unknown"));
    desk.office.caller(peer.account().ok_or_else(nobody)?, via, request)
}

/// The same, where they may do this; reads a file, so not on a worker that others need.
pub(super) async fn allowed(
    desk: &Arc<Desk>,
    peer: &Peer,
    act: Act,
    head: &HeaderMap,
) -> Result<Caller, Box<Response>> {
    let (shared, peer, language) = (desk.clone(), peer.clone(), language(head));
    let asked = tokio::task::spawn_blocking(move || {
        let caller = match caller(&shared, &peer, Via::Cli, None) {
            // Accounts that can't be read are told to whoever can mend them: the owner of their file.
            Err(refused) if is_told_anyway(&refused, act, &peer) => Caller::of_files(language),
            caller => caller?,
        };
        authorize(&caller, act, None).map(|()| caller)
    });
    match asked.await {
        Ok(Ok(caller)) => Ok(caller),
        Ok(Err(refused)) => {
            Err(Box::new((status(&refused), Json(refused.told_in(language))).into_response()))
        }
        Err(_) => Err(Box::new(gone(Stopped))),
    }
}

fn is_told_anyway(refused: &Refused, act: Act, peer: &Peer) -> bool {
    let owns = peer.account().is_some_and(|(_, is_first)| is_first);
    refused.kind == RefusedKind::Fault && act == Act::Status && owns
}

/// Names are looked up, planner and disk are waited for: not on a worker that others need. The question learns when
/// nobody waits any more: the time is up, or whoever asked has gone.
pub(super) async fn answered<T: Serialize + Send + 'static>(
    language: Language,
    question: impl FnOnce(Wanted) -> Result<T, Refused> + Send + 'static,
) -> Response {
    let (wanted, _waiting) = Wanted::by_waiting();
    match tokio::task::spawn_blocking(move || question(wanted)).await {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(refused)) => (status(&refused), Json(refused.told_in(language))).into_response(),
        Err(_) => gone(Stopped),
    }
}

fn status(refused: &Refused) -> StatusCode {
    match refused.kind {
        RefusedKind::Decision | RefusedKind::Held => StatusCode::CONFLICT,
        RefusedKind::Wrong => StatusCode::BAD_REQUEST,
        RefusedKind::Forbidden => StatusCode::FORBIDDEN,
        RefusedKind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        RefusedKind::Stopped => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_question_learns_that_its_time_is_up() {
        let (tell, told) = mpsc::channel();
        let question = move |wanted: Wanted| {
            while wanted.check().is_ok() {
                std::thread::yield_now();
            }
            tell.send(()).unwrap();
            wanted.check()
        };
        assert!(timeout(Duration::ZERO, answered(Language::English, question)).await.is_err());
        assert_eq!(told.recv_timeout(Duration::from_mins(1)), Ok(()));
    }
}
