//! Who may see a page: a genuine token, a letter to a unit, and no revocation since. And what every
//! answer bears, so that a token leaks nowhere.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;
use tokio::time::Instant;

use super::limit::Who;
use super::pages::Closed;
use crate::domain::{Ledger, LetterId, Recipient, UnitId};
use crate::link::{BadLink, Link};
use crate::web::{Desk, client_address};

/// What a token opened.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    /// whose page
    pub unit: UnitId,
    /// the letter it came in
    pub letter: LetterId,
    /// the last day it opens
    pub last_day: NaiveDate,
    /// the instant it was opened
    pub now: DateTime<Utc>,
    /// its civil day in the office's zone
    pub today: NaiveDate,
}

/// What a token opens now.
pub(super) fn open(desk: &Desk, ledger: &Ledger, token: &str) -> Result<Opened, Closed> {
    let now = (desk.now)();
    let today = ledger.day_of(now);
    let Link { letter, last_day } = desk.office.open_link(token, today).map_err(|bad| match bad {
        BadLink::Shape | BadLink::Forged => Closed::Unknown,
        BadLink::Expired(_) => Closed::Expired,
    })?;
    // A key that outlived its journal: whom the letter was for can't be told.
    let sent = &ledger.letter(letter).ok_or(Closed::Unknown)?.queued;
    let Recipient::Unit(unit) = &sent.to else { return Err(Closed::Unknown) };
    if ledger.unit(unit).is_none() {
        return Err(Closed::Unknown);
    }
    if !ledger.link_holds(unit, sent.dated) {
        return Err(Closed::Revoked);
    }
    Ok(Opened { unit: unit.clone(), letter, last_day, now, today })
}

/// Lets a request through whose token opens a page, not too often; hands on what was opened.
pub(super) async fn guarded(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    mut request: Request,
    next: Next,
) -> Response {
    let (limit, now, address) = (&desk.page.limit, Instant::now(), client_address(request.headers()));
    // A whole county may come from one address: what opens nothing there must not shut out who has a link.
    let opened = open(&desk, &desk.planner.ledger().read(), &token);
    let opened = match opened {
        Ok(opened) => opened,
        Err(closed) => {
            let closed = if limit.allows(Who::Failed(address), now) { closed } else { Closed::TooOften };
            return desk.page.pages.closed(&desk, closed);
        }
    };
    if !limit.allows(Who::Link(opened.letter), now) || !limit.allows(Who::Address(address), now) {
        return desk.page.pages.closed(&desk, Closed::TooOften);
    }
    if request.method() == Method::POST && !is_own(request.headers(), desk.office.public_host()) {
        return desk.page.pages.closed(&desk, Closed::Foreign);
    }
    let under_way = match *request.method() {
        Method::POST => match desk.page.forms.begin(opened.letter) {
            None => return desk.page.pages.closed(&desk, Closed::TooMany),
            some => some,
        },
        _ => None,
    };
    request.extensions_mut().insert(opened);
    let response = next.run(request).await;
    drop(under_way);
    response
}

/// Whether a form was sent from one of our own pages, as far as the browser says. The token in the path is
/// what protects; this keeps out pages of others that got hold of one.
fn is_own(headers: &HeaderMap, public_host: Option<&str>) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    match text(header::ORIGIN) {
        // Our own pages send no referrer, and so browsers name no origin (Fetch, “append a request Origin header”).
        None | Some("null") => true,
        Some(origin) => {
            let place = origin.split_once("://").map_or("", |(_, place)| place);
            let host = text(header::HOST).unwrap_or_default();
            let name = place.rsplit_once(':').map_or(place, |(name, _)| name);
            !place.is_empty() && (place == host || [Some(name), Some(place)].contains(&public_host))
        }
    }
}

/// `303`: what was sent is taken; the page to be seen now is had by `GET`, so that reloading it sends nothing.
pub(super) fn see(place: &str) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(place) = HeaderValue::from_str(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        all.iter().map(pair).collect()
    }

    #[test]
    fn a_form_of_another_site_is_told_by_what_the_browser_says() {
        let own = |all: &[(&'static str, &str)]| is_own(&headers(all), Some("duban.county.gov.cn"));
        assert!(own(&[]));
        assert!(own(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(own(&[("host", "127.0.0.1:8780"), ("origin", "http://127.0.0.1:8780")]));
        assert!(own(&[("host", "127.0.0.1:8780"), ("origin", "https://duban.county.gov.cn")]));
        assert!(own(&[("host", "127.0.0.1:8780"), ("origin", "https://duban.county.gov.cn:8443")]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "null")]));
        assert!(!own(&[("host", "127.0.0.1:8780"), ("origin", "https://evil.example")]));
        assert!(!own(&[("host", "127.0.0.1:8780"), ("origin", "duban.county.gov.cn")]));
    }
}
