//! Letters: a [`Draft`]'s facts as subject, plain text, HTML, attached sheets and MIME bytes. Pure.
//!
//! The same draft gives the same bytes, for ever and everywhere: nothing here reads a clock,
//! a file or chance. What a letter says is decided before ([`Draft`]); here it is only worded.

mod acts;
mod adoption;
mod changes;
mod daily;
#[cfg(test)]
pub(crate) mod fixtures;
mod form;
mod masked;
mod mime;
mod person;
mod plain;
mod release;
mod sheet;
mod subject;
mod templates;
#[cfg(test)]
mod tests;
mod trial;
mod view;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{Act, Body, Digest, Draft, Recipient, Stage};
use crate::link::Links;
use crate::words;

pub use mime::{ARCHIVE_ADDRESS, as_sent};
pub use plain::{Plain, plain};
pub use templates::Templates;
pub use trial::trial;
pub use view::ground;

use view::{Point, Ways};

/// What a letter needs beside its facts.
#[derive(Debug, Clone)]
pub struct Identity<'a> {
    /// RFC 5322 Message-ID, without angle brackets
    pub message_id: String,
    /// the mailbox it goes to
    pub address: String,
    /// the words
    pub templates: &'a Templates,
    /// how its unit reaches the page where it answers; none: by the form only
    pub links: Option<&'a Links>,
}

/// A letter, written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// the news, at most 40 Chinese characters long
    pub subject: String,
    /// how many points it numbers
    pub points: usize,
    /// the plain text part
    pub text: String,
    /// the HTML part
    pub html: String,
    /// the message as sent
    pub mime: Vec<u8>,
    /// the same message addressed to [`ARCHIVE_ADDRESS`], the signature of its link masked
    pub archived: Vec<u8>,
}

/// Why a letter can't be written.
#[derive(Debug, thiserror::Error)]
pub enum LetterFault {
    /// A mailbox that mail can't go to or come from.
    #[error("`{address}` is no mail address")]
    Address {
        /// as given
        address: String,
        /// what is wrong with it
        source: lettre::address::AddressError,
    },
    /// A mailbox with other than ASCII characters; not every server takes one (RFC 6531).
    #[error("`{0}` holds characters other than ASCII")]
    AddressNotAscii(String),
    /// Bytes that are no archived letter.
    #[error("these bytes are no archived letter: no addressee {ARCHIVE_ADDRESS}")]
    NotArchived,
    /// A Message-ID with characters that a header can't hold.
    #[error("`{0}` is no message id")]
    MessageId(String),
    /// A date that a message can't bear.
    #[error("{0} lies outside the years 1970 to 9999")]
    Date(DateTime<Utc>),
    /// A template is faulty.
    #[error("a letter template is faulty")]
    Template(#[from] minijinja::Error),
    /// The attached sheet can't be written.
    #[error("the attached sheet can't be written")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// The type of the attached sheet is unreadable.
    #[error("the attached sheet's content type is unreadable")]
    AttachmentType,
    /// The message can't be put together.
    #[error("the message can't be put together")]
    Message(#[from] lettre::error::Error),
}

/// Writes a letter.
///
/// # Errors
/// [`LetterFault`], if an address or the message id is unusable, or a template is faulty.
pub fn compose(draft: &Draft, identity: &Identity<'_>) -> Result<Letter, LetterFault> {
    let templates = identity.templates;
    mime::check_date(draft.dated)?;
    let link = identity.links.and_then(|links| links.masked_url(draft.letter));
    let mut rows = Vec::new();
    let mut sheet = None;
    let (points, (subject, text, html)) = match &draft.body {
        Body::Adoption(told) => {
            sheet = Some((sheet::SHEET_FILE, sheet::workbook(&told.sheet, &draft.addressee, draft.dated)?));
            let mut view = adoption::view(draft, told);
            rows = form::rows(view.points());
            view.frame.ways = ways(draft, view.points(), &rows, link);
            (
                view.told(),
                templates.letter("adoption", subject::adoption(told, draft.day, view.day.as_ref()), &view)?,
            )
        }
        Body::Daily => {
            let mut view = daily::view(draft);
            rows = form::rows(view.day.points());
            view.frame.ways = ways(draft, view.day.points(), &rows, link);
            (view.day.points().count(), templates.letter("daily", subject::daily(&view), &view)?)
        }
        Body::Escalation => {
            let view = person::escalation(draft);
            (view.points.len(), templates.letter("escalation", subject::escalation(&view), &view)?)
        }
        Body::Returned { reason, claimed } => {
            let mut view = person::returned(draft, reason.as_deref(), *claimed);
            rows = form::rows(view.points.iter());
            view.frame.ways = ways(draft, view.points.iter(), &rows, link);
            (view.points.len(), templates.letter("returned", subject::returned(&view), &view)?)
        }
        Body::Act(words) => {
            let mut view = acts::act(draft, words.as_deref());
            rows = form::rows(view.points.iter());
            view.frame.ways = ways(draft, view.points.iter(), &rows, link);
            (view.points.len(), templates.letter("act", subject::act(&view), &view)?)
        }
        Body::Receipt(told) => {
            let view = acts::receipt(draft, told);
            (view.points.len(), templates.letter("receipt", subject::receipt(&view), &view)?)
        }
        Body::Page(page) => {
            let view = person::page(draft, page);
            (view.points.len(), templates.letter("leader", subject::page(page), &view)?)
        }
        Body::Release(told) => {
            let view = release::view(draft, told);
            (
                view.waits.len() + view.lapsed.len(),
                templates.letter("release", subject::release(&view), &view)?,
            )
        }
        Body::Review => {
            let view = acts::review(draft);
            (view.points.len(), templates.letter("review", subject::review(&view), &view)?)
        }
    };
    let form = (!rows.is_empty()).then(|| form::workbook(draft, &rows)).transpose()?;
    let attached = form.map(|form| (words::form::FILE, form)).into_iter().chain(sheet).collect();
    let office = &draft.office;
    let parts = mime::Parts {
        message_id: &identity.message_id,
        dated: draft.dated,
        from: (&office.name, &office.from),
        reply_to: (&office.name, &office.reply_to),
        to_name: &draft.addressee,
        subject: &subject,
        text: &text,
        html: &html,
        attached,
    };
    let archived = parts.message()?;
    let link = identity.links.map(|links| (draft.letter, &links.key));
    let mime = as_sent(&archived, &identity.address, link)?;
    Ok(Letter { subject, points, text, html, mime, archived })
}

/// How its unit answers a letter of these points and rows; none where nothing is asked.
fn ways<'p>(
    draft: &Draft,
    points: impl Iterator<Item = &'p Point>,
    rows: &[(usize, form::Row)],
    link: Option<String>,
) -> Option<Ways> {
    let asked = points.filter(|point| point.asked).count();
    // Who has nothing to fill in may still acknowledge and object.
    if rows.is_empty() && (link.is_none() || asked == 0) {
        return None;
    }
    let all = match &draft.body {
        // An adoption letter counts tasks, and a task's periods to come have no row yet.
        Body::Adoption(told) => {
            let tasks: BTreeSet<_> = rows.iter().map(|(_, row)| &row.assignment.occurrence.task).collect();
            rows.len() + told.led.saturating_sub(tasks.len())
        }
        Body::Daily
        | Body::Escalation
        | Body::Returned { .. }
        | Body::Act(_)
        | Body::Receipt(_)
        | Body::Review
        | Body::Page(_)
        | Body::Release(_) => asked,
    };
    Some(Ways {
        form: !rows.is_empty(),
        rows: Some(rows.len()).filter(|rows| *rows > 0 && *rows < all),
        link,
        receipt: matches!(draft.body, Body::Adoption(_))
            || draft.items.iter().any(|item| matches!(item.stage(), Stage::Act(Act::Assigned, _))),
    })
}

/// The Message-ID of a letter, without angle brackets: it follows from the journal, the recipient
/// and the letter's key alone, so that a letter sent twice is recognised. Its recipe is fixed for ever.
#[must_use]
pub fn message_id(journal: Uuid, to: &Recipient, letter_key: &str) -> String {
    const HEX_DIGITS: usize = 32;
    let to = match to {
        Recipient::Unit(unit) => format!("unit:{unit}"),
        Recipient::LeaderOf(unit) => format!("leader-of:{unit}"),
        Recipient::Office => "office".to_owned(),
    };
    let recipe = format!("duban message id 1\n{journal}\n{to}\n{letter_key}");
    format!("{}@duban", Digest::of(recipe.as_bytes()).short(HEX_DIGITS))
}
