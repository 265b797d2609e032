//! Civil dates, zone, cadence to periods, working days. Pure: no IO, no clock, nothing of ours.

pub mod cadence;
mod civil;
pub mod cron;
pub mod period;
pub mod recurrence;
#[cfg(test)]
mod rrule_oracle;
pub mod span;
pub mod statutory;
pub mod working_days;
pub mod yearly;
pub mod zh;
pub mod zone;

pub use cadence::{Cadence, On, OnError, UnknownCadence};
pub use civil::{ahead, back};
pub use cron::{CronError, CronSchedule};
pub use period::{LAST_YEAR, Period, UnknownPeriod};
pub use recurrence::{Recurrence, RecurrenceError};
pub use span::{Span, yearly_spans};
pub use working_days::{OffSpan, WorkingDays, WorkingYear, WorkingYearError};
pub use yearly::{MonthDay, YearlyError, YearlyWindow};
pub use zone::{UnknownZone, Zone};
