//! The end of a month in short: the figures of its bulletin and the lights. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::fill::{Month, placed, sum};
use super::view::Totals;
use crate::calendar::{Cadence, Period};
use crate::domain::Ledger;
use crate::domain::light::Light;
use crate::matter::counted;

/// How all matters stand at the end of a month, or on a day in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthEnd {
    /// the month
    pub period: Period,
    /// the day
    pub day: NaiveDate,
    /// the figures, counted as a bulletin counts them, of all plans and assigned matters
    pub totals: Totals,
    /// the matters followed, by their light on that day; done in this month is `late` or `off`
    pub lights: BTreeMap<Light, usize>,
}

impl MonthEnd {
    /// As the ledger tells on a day: nothing that is recorded later counts.
    #[must_use]
    pub fn of(ledger: &Ledger, day: NaiveDate) -> Self {
        let period = Cadence::Month.period(day);
        let plans: Vec<_> =
            ledger.plans().map(|(_, plan)| plan).filter(|plan| !plan.is_being_set_up()).collect();
        let month = Month { first: period.first().unwrap_or(day), last: day };
        let placed = placed(&counted(ledger, day), &plans, month);
        let mut lights = BTreeMap::new();
        for one in &placed {
            *lights.entry(one.matter.light()).or_default() += 1;
        }
        Self { period, day, totals: sum(&placed), lights }
    }
}
