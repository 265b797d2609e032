//! A page of the unit's page: so many matters at a time, most pressing first. What is entered on one page is kept in
//! the draft when another is turned to, and handed in together.

use serde::Serialize;

use super::answers::{At, Wrong};
use super::draft::Draft;
use crate::domain::{Digest, OccurrenceId};
use crate::matter::MatterView;

/// Matters on one page.
pub(super) const MATTERS_PER_PAGE: usize = 50;

/// Which matters this page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Paging {
    /// this one, counted from 1
    pub page: usize,
    /// how many there are
    pub pages: usize,
    /// matters on all of them
    pub matters: usize,
    /// matters on other pages of which something is entered
    pub elsewhere: usize,
}

impl Paging {
    /// The page asked for; where something is wrong, the first on which it is.
    pub(super) fn of(
        listed: &[MatterView<'_>],
        asked: usize,
        wrong: &[Wrong],
        draft: Option<&Draft>,
    ) -> Self {
        let wrong = wrong.iter().find_map(|wrong| match &wrong.at {
            At::Matter(id, _) => index(listed, id),
            At::Name | At::Phone | At::Form => None,
        });
        let pages = listed.len().div_ceil(MATTERS_PER_PAGE).max(1);
        let page = wrong.map_or(asked, page_of).clamp(1, pages);
        let is_entered = |one: &MatterView<'_>| {
            let entry = draft.and_then(|draft| draft.entries.get(&one.assignment().occurrence));
            entry.is_some_and(|entry| !entry.is_empty())
        };
        let elsewhere = listed.iter().enumerate().filter(|(at, one)| page_of(*at) != page && is_entered(one));
        Self { page, pages, matters: listed.len(), elsewhere: elsewhere.count() }
    }

    /// Whether it shows the matter at this place of the list.
    pub(super) fn shows(&self, at: usize) -> bool {
        page_of(at) == self.page
    }

    /// Where a matter is found: on this page, or on its own.
    pub(super) fn link_to(&self, listed: &[MatterView<'_>], id: &OccurrenceId) -> String {
        let anchor = anchor(id);
        match index(listed, id).map(page_of) {
            Some(page) if page != self.page => format!("?page={page}#{anchor}"),
            Some(_) | None => format!("#{anchor}"),
        }
    }
}

/// Names a matter within the page; the same on every day.
pub(super) fn anchor(id: &OccurrenceId) -> String {
    const DIGITS: usize = 12;
    format!("m{}", Digest::of(id.to_string().as_bytes()).short(DIGITS))
}

/// The place of a matter in the list.
pub(super) fn index(listed: &[MatterView<'_>], id: &OccurrenceId) -> Option<usize> {
    listed.iter().position(|one| one.assignment().occurrence == *id)
}

fn page_of(at: usize) -> usize {
    at / MATTERS_PER_PAGE + 1
}
