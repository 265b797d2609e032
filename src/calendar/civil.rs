//! Civil days that lie a number of days apart.

use chrono::NaiveDate;

/// `days` civil days earlier.
#[must_use]
pub fn back(day: NaiveDate, days: u16) -> NaiveDate {
    day.checked_sub_days(chrono::Days::new(u64::from(days))).unwrap_or(NaiveDate::MIN)
}

/// `days` civil days later.
#[must_use]
pub fn ahead(day: NaiveDate, days: u16) -> NaiveDate {
    day.checked_add_days(chrono::Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}
