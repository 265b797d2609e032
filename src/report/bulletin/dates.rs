//! The dates of a month's bulletin: until when what is told of the month is waited for, and by when it should be out.

use chrono::{Datelike as _, NaiveDate};

use crate::calendar::Period;
use crate::domain::{BulletinState, Ledger};

/// Working days after the month's end in which units correct what they told.
const CORRECTION_WORKING_DAYS: u16 = 3;
/// The day of the next month by which it should be out.
const OUT_BY_DAY: u32 = 10;

/// Dates of a month's bulletin, in the office's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// the last day of corrections
    pub corrected_until: NaiveDate,
    /// by when it should be out
    pub out_by: NaiveDate,
}

impl Dates {
    /// Those of a month; `None` for another period.
    #[must_use]
    pub fn of(ledger: &Ledger, period: Period) -> Option<Self> {
        let last = period.last()?;
        let corrected_until = ledger.working().add_working_days(last, CORRECTION_WORKING_DAYS);
        Some(Self { corrected_until, out_by: last.succ_opt()?.with_day(OUT_BY_DAY)? })
    }
}

/// Last month, where its bulletin should be out and isn't. Only an office that makes bulletins is told so.
#[must_use]
pub fn late(ledger: &Ledger, today: NaiveDate) -> Option<(Period, Dates)> {
    let last = today.with_day(1)?.pred_opt()?;
    let period = Period::Month { year: last.year(), month: u8::try_from(last.month()).ok()? };
    let dates = Dates::of(ledger, period)?;
    let issued = ledger.bulletin(period).last().is_some_and(|step| step.step.step == BulletinState::Issued);
    let makes_any = ledger.bulletins().next().is_some();
    (makes_any && today > dates.out_by && !issued).then_some((period, dates))
}
