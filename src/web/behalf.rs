//! What the office records for a unit from paper, a call, a meeting or a message (代录).

use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::api::{actor, answered, odd_request};
use super::door::problem;
use super::{Desk, Peer};
use crate::domain::{Answers, Digest, ItemAnswer, Via};
use crate::planner::{Input, Person};
use crate::wire::{Answerer, AnswersRequest};

/// Longest name, post or phone that is kept, in characters.
const PERSON_CHARS_MAX: usize = 50;

/// `POST /api/answers`
pub(super) async fn answers(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Json(asked): Json<AnswersRequest>,
) -> Response {
    let by = match asked.via {
        Via::Paper | Via::Phone | Via::Meeting | Via::Message => actor(&peer, asked.via),
        Via::Cli | Via::Api | Via::Mail | Via::File | Via::Web | Via::Link | Via::System => {
            let what = "what is recorded on behalf came by paper, phone, meeting or message";
            return problem(StatusCode::BAD_REQUEST, what);
        }
    };
    let by = match by {
        Ok(by) => by,
        Err(refused) => return *refused,
    };
    if let Some(odd) = odd_request(&asked.request) {
        return odd;
    }
    // An event must not name what nobody has.
    let tray = desk.planner.tray();
    if let Some(missing) = files(&asked.answers).find(|digest| !tray.holds(*digest)) {
        let what = format!("no file {missing} was handed over");
        return problem(StatusCode::UNPROCESSABLE_ENTITY, what);
    }
    let person = asked.person.as_ref().and_then(person);
    let input = Input::Answer { answers: Box::new(asked.answers), person, by, request: Some(asked.request) };
    answered(desk.planner.ask(input).await)
}

fn files(answers: &Answers) -> impl Iterator<Item = Digest> {
    let approval = |answer: &ItemAnswer| match answer {
        ItemAnswer::Extension { approval, .. } => *approval,
        ItemAnswer::Receipt
        | ItemAnswer::Unchanged
        | ItemAnswer::Progress { .. }
        | ItemAnswer::Done { .. }
        | ItemAnswer::Dispute { .. }
        | ItemAnswer::Evidence => None,
    };
    let of_items = answers
        .items
        .iter()
        .flat_map(move |item| item.evidence.iter().map(|file| file.digest).chain(approval(&item.answer)));
    answers.scan.into_iter().chain(of_items)
}

/// Whoever answered, as they say; nobody where no name is given.
pub(super) fn person(said: &Answerer) -> Option<Person> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !c.is_control()).take(PERSON_CHARS_MAX).collect::<String>().trim().to_owned()
    };
    let person = Person {
        salt: String::new(),
        name: plain(&said.name),
        post: plain(&said.post),
        address: String::new(),
        phone: plain(&said.phone),
    };
    Some(person).filter(|person| !person.name.is_empty())
}
