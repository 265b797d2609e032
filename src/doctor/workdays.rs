//! Whether the State Council's days off are known for this year and the next.

use chrono::Datelike as _;

use super::{Case, Finding, Topic};
use crate::calendar::WorkingDays;
use crate::config::Schedules;

/// From this month on, next year's notice has been published, as a rule in November.
const PUBLISHED_MONTH: u32 = 12;

pub(super) fn examine(case: &Case) -> Topic {
    let Some(declared) = &case.declared else {
        return Topic::new("working days", "no year is known yet", Vec::new());
    };
    let days = WorkingDays::new(declared.working_years.iter().cloned());
    let today = case.zone().date_of(case.now);
    let mut findings = Vec::new();
    let mut told = Vec::new();
    for year in [today.year(), today.year() + 1] {
        if !days.is_provisional(year) {
            told.push(format!("{year} published"));
            continue;
        }
        told.push(format!("{year} provisional"));
        let what = format!(
            "the notice of days off of {year} is not known: weekends and statutory days alone are off"
        );
        let place = match &case.config.schedules {
            Schedules::Dir(dir) => {
                let file = format!("workdays/{}-{year}.toml", declared.office.working_days);
                dir.join(file).display().to_string()
            }
            Schedules::Embedded => "the plan files built into duban".to_owned(),
        };
        let cure = "write the State Council's notice there, as the years before show";
        let due = year == today.year() || today.month() >= PUBLISHED_MONTH;
        findings.push(if due { Finding::new(what, place, cure) } else { Finding::note(what, place, cure) });
    }
    Topic::new("working days", told.join(", "), findings)
}
