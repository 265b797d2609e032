//! Lights (红黄绿灯): a pure function of what the ledger holds, a day, and a version of the rules.
//!
//! To tell the light of an earlier day, ask the ledger as it was known on that day.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use super::agenda;
use super::event::Counts;
use super::ladder::LadderName;
use super::ledger::{Assignment, Ledger, State};
use super::light_rules::LightRules;
use super::matter::{MatterDays, REPORT_DAYS, after};

/// A light. The order is the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    /// 超期
    Red,
    /// 临期, or this month's report of an ongoing matter is missing
    Yellow,
    /// 迟办: finished late, for the rest of that month
    Late,
    /// 待审核
    Review,
    /// 正常
    Green,
    /// 长期, and this month's report is in or not yet asked for
    Grey,
    /// 暂停
    Paused,
    /// over: 办结, 销号, withdrawn or ended
    Off,
}

impl Light {
    /// Its shape and word, for print in black and white.
    #[must_use]
    pub fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Red => ("●", "超期"),
            Self::Yellow => ("▲", "临期"),
            Self::Late => ("◆", "迟办"),
            Self::Review => ("◇", "待审核"),
            Self::Green => ("■", "正常"),
            Self::Grey => ("○", "长期"),
            Self::Paused => ("□", "暂停"),
            Self::Off => ("－", "办结"),
        }
    }
}

/// The light of an assignment on a day, by the rules in force.
#[must_use]
pub fn light(ledger: &Ledger, assignment: &Assignment, day: NaiveDate) -> Light {
    let rules = ledger.light_rules();
    if assignment.state.is_chased() && agenda::is_claimed_for(ledger, assignment) {
        return Light::Review;
    }
    match assignment.state {
        State::Accepted | State::ClosedOut => return finished(assignment, day),
        State::Withdrawn | State::Ended => return Light::Off,
        State::Paused => return Light::Paused,
        State::Claimed => return Light::Review,
        State::Opened | State::Notified | State::Receipt | State::InProgress | State::Returned => {}
    }
    let course = &assignment.course;
    let Some(deadline) = course.deadline else { return undated(ledger, assignment, day) };
    let left = (deadline - day).num_days();
    if left < 0 && course.chased {
        return Light::Red;
    }
    if left <= yellow_from(rules, course.opens, deadline) { Light::Yellow } else { Light::Green }
}

/// The light of a matter's three-day report (13710's `3`), beside that of its settling: `None` once
/// it is reported, claimed or over.
#[must_use]
pub fn report_light(ledger: &Ledger, assignment: &Assignment, day: NaiveDate) -> Option<Light> {
    let days = match assignment.course.ladder {
        LadderName::Matter => MatterDays::Calendar,
        LadderName::MatterWorking => MatterDays::Working,
        LadderName::Standard
        | LadderName::Brief
        | LadderName::Daily
        | LadderName::Avoid
        | LadderName::None => return None,
    };
    if assignment.is_reported() || !assignment.state.is_chased() {
        return None;
    }
    let by = after(assignment.course.opens, REPORT_DAYS, days, ledger.working());
    let left = (by - day).num_days();
    let yellow = yellow_from(ledger.light_rules(), assignment.course.opens, by);
    Some(if left < 0 {
        Light::Red
    } else if left <= yellow {
        Light::Yellow
    } else {
        Light::Green
    })
}

/// The day that counts as the day it was done, as it was decided with the acceptance. `None` where it
/// isn't over.
#[must_use]
pub fn finished_on(assignment: &Assignment) -> Option<NaiveDate> {
    Some(counts(assignment)?.done_on)
}

/// Whether the unit was in time, against the original or a granted date. `None` where it isn't over,
/// has no date, or only one to strive for (力争).
#[must_use]
pub fn on_time(assignment: &Assignment) -> Option<bool> {
    counts(assignment)?.in_time
}

/// The date that punctuality counts by: the original one, or what was granted since.
#[must_use]
pub fn counts_by(assignment: &Assignment) -> Option<NaiveDate> {
    if let Some(counts) = counts(assignment) {
        return counts.due;
    }
    let other = assignment.record.as_deref().and_then(|record| record.counts_by);
    other.or(assignment.course.deadline)
}

fn counts(assignment: &Assignment) -> Option<Counts> {
    assignment.record.as_deref()?.accepted.as_ref()?.counts
}

/// Civil days left at which yellow begins.
fn yellow_from(rules: &LightRules, opens: NaiveDate, deadline: NaiveDate) -> i64 {
    let clock = (deadline - opens).num_days();
    if clock <= i64::from(rules.short_clock_days) { clock / 3 } else { i64::from(rules.yellow_days) }
}

fn finished(assignment: &Assignment, day: NaiveDate) -> Light {
    let month = |day: NaiveDate| (day.year(), day.month());
    let over = assignment.record.as_deref().and_then(|record| record.accepted.as_ref());
    match over {
        Some(verdict) if on_time(assignment) == Some(false) && month(verdict.on) == month(day) => Light::Late,
        Some(_) | None => Light::Off,
    }
}

/// An ongoing matter: grey, or yellow once a reply-by has passed without a report, until one comes.
/// Being asked once more answers nothing.
fn undated(ledger: &Ledger, assignment: &Assignment, day: NaiveDate) -> Light {
    let task = &assignment.occurrence.task;
    let (Some(plan), Some(state)) = (ledger.plan(&task.plan), ledger.task(task)) else { return Light::Grey };
    let over = plan.collections.iter().rev().find(|asked| asked.reply_by < day);
    match over {
        Some(over)
            if agenda::is_asked_for(ledger, assignment, state, over.asked_on)
                && !agenda::Round::from(*over).is_reported(assignment) =>
        {
            Light::Yellow
        }
        Some(_) | None => Light::Grey,
    }
}
