//! The dates of a matter: original, current, advised, and what was granted.

use chrono::NaiveDate;

use super::{Extension, MatterView};
use crate::domain::agenda::advised;
use crate::domain::light::counts_by;
use crate::domain::matter::{REPORT_DAYS, after};
use crate::words::{due_brief, due_full, near_date};

impl<'l> MatterView<'l> {
    /// First day of its occurrence.
    #[must_use]
    pub fn opens(&self) -> NaiveDate {
        self.assignment.course.opens
    }

    /// 原定时限
    #[must_use]
    pub fn original(&self) -> Option<NaiveDate> {
        self.occurrence.opened.deadline
    }

    /// 现定时限
    #[must_use]
    pub fn deadline(&self) -> Option<NaiveDate> {
        self.assignment.course.deadline
    }

    /// The working day to aim at, where the deadline is a day off; after it, where nothing can be done before.
    #[must_use]
    pub fn advised(&self) -> Option<NaiveDate> {
        advised(self.ledger, self.period(), self.opens(), self.deadline())
    }

    /// The date that punctuality counts by.
    #[must_use]
    pub fn counts_by(&self) -> Option<NaiveDate> {
        counts_by(self.assignment)
    }

    /// The day by which the handling of an assigned matter is to be reported.
    #[must_use]
    pub fn report_by(&self) -> Option<NaiveDate> {
        let matter = self.task().matter.as_ref()?;
        Some(after(matter.assigned_on, REPORT_DAYS, matter.days, self.ledger.working()))
    }

    /// 原定时限 in words: `6月30日`; the document's own where it has no date.
    #[must_use]
    pub fn original_words(&self, reader: NaiveDate) -> String {
        self.term(self.original(), reader)
    }

    /// 现定时限 in words; where another lead was granted a date of its own, with that.
    #[must_use]
    pub fn current_words(&self, reader: NaiveDate) -> String {
        let own = self.term(self.deadline(), reader);
        let others = self.extended_otherwise();
        let told: Vec<String> = others
            .iter()
            .map(|other| format!("{}延至{}", other.unit, near_date(other.granted.until, reader)))
            .collect();
        if told.is_empty() { own } else { format!("{own}（{}）", told.join("，")) }
    }

    /// `原定6月30日，现定9月30日`, where the date has moved.
    #[must_use]
    pub fn moved_words(&self, reader: NaiveDate) -> Option<String> {
        let (original, deadline) = (self.original()?, self.deadline()?);
        (original != deadline)
            .then(|| format!("原定{}，现定{}", near_date(original, reader), near_date(deadline, reader)))
    }

    fn term(&self, date: Option<NaiveDate>, reader: NaiveDate) -> String {
        match date {
            Some(date) if self.task().target => format!("力争{}", near_date(date, reader)),
            Some(date) => near_date(date, reader),
            None => self.due_brief(reader),
        }
    }

    /// The document's own deadline in words, cadence and season with it: `每季度`, `6月底前`.
    #[must_use]
    pub fn due_brief(&self, reader: NaiveDate) -> String {
        due_brief(self.plan(), self.task(), reader)
    }

    /// The same with whole dates.
    #[must_use]
    pub fn due_full(&self) -> String {
        due_full(self.plan(), self.task())
    }

    /// Extensions granted to its unit, oldest first.
    #[must_use]
    pub fn extensions(&self) -> Vec<Extension<'l>> {
        Extension::of(self.ledger, self.assignment)
    }

    /// Whether its date is another than that of the unit that answers for all: of old journals.
    #[must_use]
    pub fn has_own_date(&self) -> bool {
        self.for_all().is_some_and(|answering| answering.course.deadline != self.deadline())
    }

    /// What other leads of the same occurrence were granted, where their date is another: of old journals, since one
    /// unit's date can't differ where one answers for all.
    #[must_use]
    pub fn extended_otherwise(&self) -> Vec<Extension<'l>> {
        if self.for_all().is_none() {
            return Vec::new();
        }
        let others = self.ledger.assigned(&self.assignment.occurrence);
        let others = others.filter(|one| one.unit != self.assignment.unit);
        let moved = others.filter(|one| one.course.deadline != self.deadline());
        moved.filter_map(|one| Extension::of(self.ledger, one).pop()).collect()
    }
}
