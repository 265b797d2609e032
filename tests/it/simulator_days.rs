//! Days as the model of the simulator counts them.

use chrono::{DateTime, Datelike as _, Days as CivilDays, NaiveDate, TimeDelta, Timelike as _, Utc, Weekday};

use crate::simulator_plans::working_years;

/// The civil day in Shanghai.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::hours(8)).date_naive()
}

/// The last day whose nine o'clock has come.
pub fn through(at: DateTime<Utc>) -> NaiveDate {
    let local = at + TimeDelta::hours(8);
    if local.hour() >= 9 { local.date_naive() } else { local.date_naive() - CivilDays::new(1) }
}

pub fn is_working(day: NaiveDate) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let Some(year) = working_years().iter().find(|year| year.year == day.year()) else { return !weekend };
    if year.work.contains(&day) {
        return true;
    }
    !weekend && !year.off.iter().any(|span| span.contains(day))
}

pub fn worked_before(mut day: NaiveDate) -> NaiveDate {
    while !is_working(day) {
        day = day.pred_opt().unwrap();
    }
    day
}

pub fn worked_after(mut day: NaiveDate) -> NaiveDate {
    while !is_working(day) {
        day = day.succ_opt().unwrap();
    }
    day
}
