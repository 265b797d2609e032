//! The first page, for whoever opens the address in a browser: how duban stands, and where units and the office go on.
//!
//! It says no more than [`PublicHealth`]: no account stands behind this door.

use std::sync::{Arc, OnceLock};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Utc};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use tracing::error;

use super::{Desk, door};
use crate::calendar::Zone;
use crate::locale::{self, Language, Message, message};
use crate::wire::{PublicHealth, Standing};

const TEMPLATE: &str = include_str!("front.html.jinja");
/// Hand-written; the only style of this page.
const STYLE: &str = include_str!("front.css");

/// `GET /`
pub(super) async fn front(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let language = language(&headers);
    let zone = desk.planner.ledger().read().zone();
    match (desk.health)(language).await {
        Ok(health) => page(language, StatusCode::OK, &state(&PublicHealth::from(&health), zone)),
        Err(_) => page(language, StatusCode::SERVICE_UNAVAILABLE, &[message("front-stopped")]),
    }
}

/// `GET /front.css`
pub(super) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// Nothing has this address: a page for people, words for programs.
pub(super) async fn not_found(headers: HeaderMap) -> Response {
    let reads_pages = headers.get_all(header::ACCEPT).iter().any(|accept| {
        let accept = accept.to_str().unwrap_or_default();
        accept.contains("text/html")
    });
    if reads_pages {
        page(language(&headers), StatusCode::NOT_FOUND, &[message("front-no-page")])
    } else {
        door::elsewhere()
    }
}

fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|wanted| wanted.to_str().ok());
    Language::of(wanted.unwrap_or_default())
}

/// How it stands, a sentence each.
fn state(health: &PublicHealth, zone: Zone) -> Vec<Message> {
    let instant = |at: DateTime<Utc>| zone.local(at).format("%Y-%m-%d %H:%M").to_string();
    let standing = match health.status {
        Standing::Ok => "front-ok",
        Standing::Attention => "front-attention",
        Standing::Stopped => "front-stopped",
    };
    let letters = message("front-letters")
        .with("written", &health.letters.written)
        .with("unsettled", &health.letters.unsettled)
        .with("held", &health.letters.held);
    let next = health.next_wake.map(|at| message("front-next").with("at", &instant(at)));
    [message(standing).with("at", &instant(health.now)), letters].into_iter().chain(next).collect()
}

fn page(language: Language, status: StatusCode, state: &[Message]) -> Response {
    static PAGES: OnceLock<Environment<'static>> = OnceLock::new();
    let pages = PAGES.get_or_init(|| {
        let mut pages = Environment::new();
        pages.set_undefined_behavior(UndefinedBehavior::Strict);
        pages.set_auto_escape_callback(|_| AutoEscape::Html);
        pages
    });
    let say = |code: &str| locale::told(language, &message(code));
    let state: Vec<String> = state.iter().map(|message| locale::told(language, message)).collect();
    let commands: Vec<(&str, String)> = COMMANDS.iter().map(|(line, code)| (*line, say(code))).collect();
    let view = context! {
        language => language.tag(),
        title => say("front-title"),
        lead => say("front-lead"),
        state,
        is_found => status != StatusCode::NOT_FOUND,
        units => say("front-units"),
        units_text => say("front-units-text"),
        office => say("front-office"),
        office_text => say("front-office-text"),
        commands,
        version => env!("CARGO_PKG_VERSION"),
    };
    match pages.render_str(TEMPLATE, view) {
        Ok(text) => (status, Html(text)).into_response(),
        Err(fault) => {
            error!(cause = %fault, "the first page can't be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What the office asks first, with its words.
const COMMANDS: [(&str, &str); 5] = [
    ("duban status", "front-status"),
    ("duban letter list", "front-letter-list"),
    ("duban preview --live", "front-preview"),
    ("duban list week", "front-week"),
    ("duban --help", "front-help"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_page() {
        for language in Language::ALL {
            let page = page(language, StatusCode::OK, &[message("front-ok").with("at", "2021-06-01 09:00")]);
            assert_eq!(page.status(), StatusCode::OK, "{language:?}");
        }
    }
}
