//! The unit's page at `/u/TOKEN`: what is asked of a unit, and how it answers. Works without JavaScript.
//!
//! `GET` changes nothing: programs that check mail follow every link. What is entered is kept as a draft;
//! what is handed in goes to the planner as one command, under a request id of the draft's edition, so
//! that sending it twice changes nothing twice. Links within a page are queries alone (`?receipt=…`):
//! the token stands in no page.

mod access;
mod allowance;
mod answers;
mod body;
mod draft;
mod get;
mod handed_in;
mod limit;
mod matter;
mod pages;
mod paging;
mod receive;
mod refused;
mod upload;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::{Desk, door};
use crate::office::drafts::DraftShelf;
use crate::office::kind;
use allowance::Allowances;
use draft::Drafts;
use limit::{Forms, Limit};
use pages::{Closed, Pages, SCRIPT, STYLE};

/// A form may be larger than its files by its words; what is larger still is cut off.
const AROUND_FILES_BYTES: u64 = 2 * upload::WORDS_BYTES_MAX as u64;
/// Longest that a form with its files may take.
const FORM_MINUTES_MAX: u64 = 20;

const MIB: u64 = 1024 * 1024;

/// What the daemon lends the page.
#[derive(Debug)]
pub struct Settings {
    /// where drafts are kept
    pub drafts: DraftShelf,
    /// largest file
    pub file_bytes_max: u64,
    /// most that all files of one hand-in may hold
    pub request_bytes_max: u64,
}

/// Everything the page needs beside the ledger.
#[derive(Debug)]
pub struct Page {
    sizes: upload::Sizes,
    drafts: Drafts,
    allowances: Allowances,
    limit: Limit,
    forms: Forms,
    pages: Pages,
}

impl Page {
    /// Compiles the templates.
    ///
    /// # Errors
    /// A template is faulty, which a test keeps from happening.
    pub fn new(settings: Settings) -> Result<Self, minijinja::Error> {
        let Settings { drafts, file_bytes_max, request_bytes_max } = settings;
        Ok(Self {
            sizes: upload::Sizes { file_bytes_max, request_bytes_max },
            allowances: Allowances::new(drafts.clone(), request_bytes_max),
            drafts: Drafts::new(drafts),
            limit: Limit::default(),
            forms: Forms::default(),
            pages: Pages::embedded()?,
        })
    }

    /// Largest file taken, in bytes.
    #[must_use]
    pub fn file_bytes_max(&self) -> u64 {
        self.sizes.file_bytes_max
    }

    fn file_mib(&self) -> u64 {
        self.sizes.file_bytes_max / MIB
    }

    fn request_mib(&self) -> u64 {
        self.sizes.request_bytes_max / MIB
    }
}

/// Everything under `/u/`.
pub(super) fn routes(desk: &Arc<Desk>) -> Router<Arc<Desk>> {
    let guarded = || middleware::from_fn_with_state(desk.clone(), access::guarded);
    // Refused files are read to their end, so that no word behind them is lost; but not for ever.
    let body_bytes_max =
        desk.page.sizes.request_bytes_max.saturating_mul(2).saturating_add(AROUND_FILES_BYTES);
    let form = Router::new()
        .route("/u/{token}", get(get::show).post(receive::receive).fallback(no_page))
        .layer(DefaultBodyLimit::max(usize::try_from(body_bytes_max).unwrap_or(usize::MAX)))
        .layer(guarded())
        .layer(middleware::from_fn(door::in_minutes::<FORM_MINUTES_MAX>));
    Router::new()
        .route("/u/page.css", get(style))
        .route("/u/page.js", get(script))
        .route("/u/", get(no_page))
        .route("/u/{token}/{*rest}", get(no_page))
        .merge(form)
}

async fn no_page(State(desk): State<Arc<Desk>>) -> Response {
    desk.page.pages.closed(&desk, Closed::NoPage)
}

async fn style() -> Response {
    file("text/css; charset=utf-8", STYLE)
}

async fn script() -> Response {
    file("text/javascript; charset=utf-8", SCRIPT)
}

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response()
}
