//! The letters to come, if nobody answered.

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::typed::{UnitName, day};
use super::{Act, Caller, Needs, Office, Refused, UseCase, names};
use crate::clock::Clock;
use crate::domain::Draft;
use crate::domain::adoption::Declared;
use crate::locale::message;
use crate::report::{Row, preview, rows};

/// Longest span that a preview may take, in days.
const DAYS_MAX: i64 = 366 * 10;

/// `preview --live`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// First day of letters, as 2021-06-01
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: NaiveDate,
    /// Last day of letters, included
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: NaiveDate,
    /// Letters to this unit only; `duban unit list` shows them
    #[arg(long, value_name = "UNIT")]
    #[serde(default)]
    pub unit: Option<UnitName>,
}

impl UseCase for Preview {
    type Answer = Vec<Row>;
    const NAME: &'static str = "preview";
    const ACT: Act = Act::Read;
    const IS_OF_OWN: bool = true;
    const NEEDS: Needs = Needs::Planner;

    fn about(&self) -> Option<&UnitName> {
        self.unit.as_ref()
    }

    fn answer(self, office: &Office, caller: &Caller) -> Result<Vec<Row>, Refused> {
        let Self { from, until, unit } = self;
        span(from, until)?;
        let ledger = office.ledger().clone();
        let units = names::asked_units(&ledger, unit.as_ref(), caller)?;
        let is_of =
            |row: &Row| units.as_ref().is_none_or(|units| units.iter().any(|unit| unit.as_str() == row.unit));
        office.foretold(preview::future(ledger, office.now(), from, until), is_of)
    }
}

impl Office {
    /// The rows wanted of letters to come, as long as anybody waits for them.
    ///
    /// # Errors
    /// Nobody does.
    pub(super) fn foretold(
        &self,
        letters: impl Iterator<Item = Draft>,
        is_wanted: impl Fn(&Row) -> bool,
    ) -> Result<Vec<Row>, Refused> {
        let mut all = Vec::new();
        for letter in self.wanted.each(letters.map(Ok::<_, Refused>)) {
            all.extend(rows(&letter?).into_iter().filter(&is_wanted));
        }
        Ok(all)
    }
}

/// Refuses days in the wrong order, and more than anybody reads.
///
/// # Errors
/// [`super::RefusedKind::Wrong`].
pub(super) fn span(from: NaiveDate, until: NaiveDate) -> Result<(), Refused> {
    if until < from || (until - from).num_days() > DAYS_MAX {
        let why = message("span-odd").with("from", &from).with("until", &until).with("max", &DAYS_MAX);
        return Err(Refused::wrong(why));
    }
    Ok(())
}

/// `preview` of plan files alone: each plan counts as adopted on the day it was issued, and nothing as answered.
///
/// # Errors
/// No unit has the name.
pub fn of_files(declared: &Declared, ask: Preview, clock: Clock) -> Result<Vec<Row>, Refused> {
    let office = Office::of_plans(declared, clock);
    let ledger = office.ledger();
    let unit = ask.unit.map(|name| names::unit(&ledger, &name)).transpose()?;
    let letters = preview::preview(declared, ask.from, ask.until);
    let all = letters.iter().flat_map(rows);
    Ok(all.filter(|row| unit.is_none_or(|unit| unit.id.as_str() == row.unit)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::{RefusedKind, Wanted};
    use super::*;
    use crate::clock::ManualClock;
    use crate::schedules;

    #[test]
    fn a_preview_of_ten_years_ends_with_the_question() {
        let now: chrono::DateTime<chrono::Utc> = "2021-05-24T01:00:00Z".parse().unwrap();
        let declared = schedules::embedded().declared.unwrap();
        let (wanted, waiting) = Wanted::by_waiting();
        let office = Office::of_plans(&declared, Clock::Manual(ManualClock::at(now))).while_wanted(wanted);
        let (mut waiting, mut played) = (Some(waiting), 0);
        let (from, until) = ("2021-05-24".parse().unwrap(), "2031-05-21".parse().unwrap());
        let letters = preview::future(office.ledger().clone(), now, from, until).inspect(|_| {
            played += 1;
            waiting = waiting.take().filter(|_| played < 3);
        });
        let refused = office.foretold(letters, |_| true).unwrap_err();
        assert_eq!((played, refused.kind), (3, RefusedKind::Stopped));
    }
}
