//! An extension (延期) that was granted: to whom, from when to when, by whom and by which paper.

use chrono::NaiveDate;

use crate::domain::{Assignment, Granted, Ledger};
use crate::words::{clean, near_date};

/// An extension that was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension<'l> {
    /// short name of the unit
    pub unit: String,
    /// what was granted
    pub granted: &'l Granted,
}

impl<'l> Extension<'l> {
    /// Those of an assignment, oldest first.
    #[must_use]
    pub fn of(ledger: &Ledger, assignment: &'l Assignment) -> Vec<Self> {
        let granted =
            assignment.record.as_deref().map(|record| record.granted.as_slice()).unwrap_or_default();
        let unit = || ledger.short_names(std::slice::from_ref(&assignment.unit)).concat();
        granted.iter().map(|granted| Self { unit: unit(), granted }).collect()
    }

    /// The paper's number, else who approved it.
    #[must_use]
    pub fn paper(&self) -> String {
        let Granted { document_number, approver, .. } = self.granted;
        clean(if document_number.is_empty() { approver } else { document_number })
    }

    /// `县政府分管领导，阳政办函〔2021〕9号`.
    #[must_use]
    pub fn ground(&self) -> String {
        let Granted { document_number, approver, .. } = self.granted;
        [approver, document_number]
            .map(|words| clean(words))
            .into_iter()
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join("，")
    }

    /// By which papers: of one extension its ground; of several each with its dates.
    #[must_use]
    pub fn grounds(all: &[Self], reader: NaiveDate) -> String {
        match all {
            [only] => only.ground(),
            all => all.iter().map(|one| one.told(reader)).collect::<Vec<_>>().join("；"),
        }
    }

    /// `6月22日批准由6月30日延至9月30日（县政府分管领导，阳政办函〔2021〕9号）`.
    #[must_use]
    pub fn told(&self, reader: NaiveDate) -> String {
        let date = |day: NaiveDate| near_date(day, reader);
        let Granted { on, from, until, .. } = self.granted;
        let from = from.map(|from| format!("由{}", date(from))).unwrap_or_default();
        format!("{}批准{from}延至{}（{}）", date(*on), date(*until), self.ground())
    }
}
