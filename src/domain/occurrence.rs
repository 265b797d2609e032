//! From the shape of a deadline to the occurrences (期次) that open, one after the other.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ladder::{LadderName, Ladders};
use super::plan::{Days, Due, PlanHead, Task, Yearly};
use crate::calendar::{Cadence, Period, Span, WorkingDays, ahead, back, yearly_spans};

/// One occurrence's dates, before it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// names it within the task
    pub period: Period,
    /// its first day
    pub opens: NaiveDate,
    /// the day it ends by itself: the last day to avoid
    pub ends: Option<NaiveDate>,
    /// the legal deadline, included
    pub deadline: Option<NaiveDate>,
    /// which ladder it follows
    pub ladder: LadderName,
}

impl Dates {
    /// The day after which the next occurrence is looked for.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        self.deadline.or(self.ends).unwrap_or(self.opens)
    }
}

/// Where the search for the next occurrence begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// the plan was adopted on this day: periods that ended before it never open
    Adoption(NaiveDate),
    /// the occurrence before it was due or began on this day
    Deadline(NaiveDate),
}

/// The next occurrence of `task`, or `None` when there is none any more.
///
/// One-offs (`by`, a dated window) come once, even when they lie before the adoption; recurring
/// ones begin with the period that holds the day of adoption. Nothing opens outside `in_force`
/// except a one-off, which opens on the first day in force.
#[must_use]
pub fn next(task: &Task, head: &PlanHead, after: After, working: &WorkingDays) -> Option<Dates> {
    if task.recorded {
        return None;
    }
    let first = head.in_force.from;
    if let (Some(matter), Due::By(day), After::Adoption(_)) = (&task.matter, &task.due, after) {
        return Some(Dates {
            period: Period::Once,
            opens: matter.assigned_on,
            ends: None,
            deadline: Some(*day),
            ladder: matter.ladder(),
        });
    }
    match (&task.due, after) {
        (Due::By(day), After::Adoption(_)) => Some(Dates {
            period: Period::Once,
            opens: first,
            ends: None,
            deadline: Some(*day),
            ladder: LadderName::Standard,
        }),
        (Due::Window(days), After::Adoption(_)) => Some(window(Period::Once, *days)),
        (Due::Starting(day), After::Adoption(_)) => Some(undated((*day).max(first), LadderName::Standard)),
        (Due::Ongoing, After::Adoption(_)) => Some(undated(first, LadderName::None)),
        (Due::Avoid(days), After::Adoption(adopted)) => {
            (days.until >= adopted).then(|| avoid(Period::Once, *days))
        }
        (
            Due::By(_) | Due::Window(_) | Due::Starting(_) | Due::Ongoing | Due::Avoid(_),
            After::Deadline(_),
        )
        | (Due::Awaiting(_) | Due::Done(_), _) => None,
        (Due::Every(recurrence), after) => {
            let ladder = match recurrence.every {
                Cadence::Day | Cadence::Workday => LadderName::Daily,
                Cadence::Week | Cadence::TenDays | Cadence::Month => LadderName::Brief,
                Cadence::Quarter | Cadence::HalfYear | Cadence::Year => LadderName::Standard,
            };
            let spans = recurrence.spans(search_from(after), working);
            first_in_force(spans, head, after).map(|span| Dates {
                period: span.period,
                opens: span.opens,
                ends: None,
                deadline: Some(span.due),
                ladder,
            })
        }
        (Due::YearlyWindow(yearly), after) => {
            next_yearly(yearly, head, after).map(|span| window(span.period, days_of(&span)))
        }
        (Due::YearlyAvoid(yearly), after) => {
            next_yearly(yearly, head, after).map(|span| avoid(span.period, days_of(&span)))
        }
        (Due::Cron(cron), after) => cron
            .cron
            .days(search_from(after).max(cron.from.unwrap_or(NaiveDate::MIN)))
            .take_while(|day| cron.until.is_none_or(|until| *day <= until))
            .take_while(|day| *day <= head.in_force.until)
            .find(|day| head.in_force.contains(*day))
            .map(|day| Dates {
                period: Period::Day(day),
                opens: day,
                ends: None,
                deadline: Some(day),
                ladder: LadderName::Daily,
            }),
    }
}

/// Whether anything of the task can still come or go on, seen from `today`.
///
/// A plan none of whose tasks is alive is adopted quietly.
#[must_use]
pub fn is_alive(task: &Task, head: &PlanHead, today: NaiveDate, working: &WorkingDays) -> bool {
    if task.recorded {
        return false;
    }
    match &task.due {
        Due::By(day) => *day >= today,
        Due::Window(days) => days.until >= today,
        Due::Starting(_) | Due::Ongoing | Due::Awaiting(_) => head.in_force.until >= today,
        Due::Done(_) => false,
        Due::Every(_) | Due::YearlyWindow(_) | Due::Avoid(_) | Due::YearlyAvoid(_) | Due::Cron(_) => {
            next(task, head, After::Adoption(today), working).is_some()
        }
    }
}

/// The day from which an occurrence must be open so that its first stage can go in time.
#[must_use]
pub fn opening_day(dates: &Dates, ladders: &Ladders, working: &WorkingDays, floor: NaiveDate) -> NaiveDate {
    let early = match dates.ladder {
        LadderName::Standard if ladders.standard.notice => working.on_or_before(dates.opens),
        LadderName::Avoid => {
            let days = ladders.avoid.before.iter().copied().max().unwrap_or(0);
            working.on_or_before(back(dates.opens, days))
        }
        LadderName::Standard | LadderName::Brief | LadderName::Daily => {
            dates.deadline.map_or(dates.opens, |deadline| working.on_or_before(deadline).min(dates.opens))
        }
        LadderName::None | LadderName::Matter | LadderName::MatterWorking => dates.opens,
    };
    early.min(dates.opens).max(floor)
}

fn search_from(after: After) -> NaiveDate {
    match after {
        After::Adoption(day) => day,
        After::Deadline(day) => ahead(day, 1),
    }
}

fn first_in_force(spans: impl Iterator<Item = Span>, head: &PlanHead, after: After) -> Option<Span> {
    spans
        .map(|span| Span { opens: span.opens.max(in_force_floor(&span, head)), ..span })
        .take_while(|span| span.opens <= head.in_force.until)
        .find(|span| {
            let held = match after {
                After::Adoption(day) => span.closes >= day,
                After::Deadline(_) => true,
            };
            held && span.closes >= head.in_force.from
        })
}

/// A period that is under way on the first day in force opens on that day.
fn in_force_floor(span: &Span, head: &PlanHead) -> NaiveDate {
    if span.closes >= head.in_force.from { head.in_force.from } else { span.opens }
}

fn next_yearly(yearly: &Yearly, head: &PlanHead, after: After) -> Option<Span> {
    let spans = yearly_spans(&yearly.window, yearly.from, yearly.until, search_from(after));
    first_in_force(spans, head, after)
}

fn days_of(span: &Span) -> Days {
    Days { from: span.opens, until: span.due }
}

fn window(period: Period, days: Days) -> Dates {
    Dates { period, opens: days.from, ends: None, deadline: Some(days.until), ladder: LadderName::Standard }
}

fn avoid(period: Period, days: Days) -> Dates {
    Dates { period, opens: days.from, ends: Some(days.until), deadline: None, ladder: LadderName::Avoid }
}

fn undated(opens: NaiveDate, ladder: LadderName) -> Dates {
    Dates { period: Period::Once, opens, ends: None, deadline: None, ladder }
}
