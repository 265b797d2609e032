//! What an auditor reads through the daemon: the ledger as it was known, and why no letter went on a day.

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::forecast::span;
use super::typed::{UnitName, day};
use super::{Act, Caller, Needs, Office, Refused, UseCase, names};
use crate::audit::{self, AsOf, DueOnDay};
use crate::locale::message;
use crate::report::{LedgerRow, ledger_rows};

/// `audit as-of`
#[derive(Debug, Clone, Copy, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct AsKnown {
    /// A day, as 2021-06-30, or an event's position
    #[arg(value_name = "DAY|POSITION")]
    pub when: AsOf,
}

/// The ledger as it was known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Known {
    /// the day that is told
    pub day: NaiveDate,
    /// the last event that was known
    pub position: u64,
    /// the day on which that was recorded
    pub recorded_on: Option<NaiveDate>,
    /// in the order of plans and tasks
    pub rows: Vec<LedgerRow>,
}

impl UseCase for AsKnown {
    type Answer = Known;
    const NAME: &'static str = "audit/as-of";
    const ACT: Act = Act::ReadEvents;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<Known, Refused> {
        if let AsOf::Day(day) = self.when {
            office.has_come(day)?;
        }
        let ledger = audit::as_of(office.events(0)?, self.when)?;
        let (position, recorded_on) = (ledger.head(), ledger.last_at().map(|at| ledger.day_of(at)));
        let day = match self.when {
            AsOf::Day(day) => day,
            AsOf::Position(asked) if asked > position => {
                let why = message("event-not-recorded").with("position", &asked).with("end", &position);
                return Err(Refused::decided(why));
            }
            AsOf::Position(_) => recorded_on.unwrap_or_default(),
        };
        Ok(Known { day, position, recorded_on, rows: ledger_rows(&ledger, day) })
    }
}

/// `audit days`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct Days {
    /// First day
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: NaiveDate,
    /// Last day, included
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: NaiveDate,
    /// One unit only
    #[arg(long, value_name = "UNIT")]
    #[serde(default)]
    pub unit: Option<UnitName>,
    /// What went on its day, too
    #[arg(long)]
    #[serde(default)]
    pub all: bool,
}

/// What was due, day by day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DaysTold {
    /// stages by their day and unit
    pub rows: Vec<DueOnDay>,
    /// how many there were, those that went on their day with them
    pub due: usize,
}

impl UseCase for Days {
    type Answer = DaysTold;
    const NAME: &'static str = "audit/days";
    const ACT: Act = Act::ReadEvents;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<DaysTold, Refused> {
        let Self { from, until, unit, all } = self;
        span(from, until)?;
        let unit =
            unit.map(|name| names::unit(&office.ledger(), &name).map(|unit| unit.id.clone())).transpose()?;
        let mut rows = audit::due_on_days(office.events(0)?, (from, until), unit.as_ref())?;
        let due = rows.len();
        rows.retain(|row| all || !row.went);
        Ok(DaysTold { rows, due })
    }
}

impl Office {
    /// Refuses a day that has not come: nobody knows yet what will be known then.
    ///
    /// # Errors
    /// It lies ahead of the clock and of the last event.
    pub(super) fn has_come(&self, day: NaiveDate) -> Result<(), Refused> {
        let today = self.today();
        let ledger = self.ledger();
        let known = ledger.last_at().map_or(today, |at| ledger.day_of(at).max(today));
        if day <= known {
            return Ok(());
        }
        Err(Refused::decided(message("day-not-come").with("day", &day).with("known", &known)))
    }
}
