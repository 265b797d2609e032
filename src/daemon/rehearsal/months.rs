//! Where every matter stands at the end of a month, as it was known on that day. Pure.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

use super::Month;
use crate::domain::light::{self, Light};
use crate::domain::{Assignment, AssignmentId, LadderName, Ledger, State};

/// The end of a month, or the last day played.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthEnd {
    /// which month
    pub month: Month,
    /// the day
    pub day: NaiveDate,
    /// the figures of all matters
    pub figures: Figures,
    /// how many matters show which light
    pub lights: BTreeMap<Light, usize>,
    /// every matter, in the order of their opening
    pub matters: Vec<Standing>,
}

/// One unit's matter at the end of a month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// which
    pub matter: AssignmentId,
    /// its state, as lists show it
    pub state: &'static str,
    /// 红黄绿灯
    pub light: Light,
    /// the date that holds
    pub deadline: Option<NaiveDate>,
    /// whether it turns red after that: not where it is to be striven for (力争)
    pub chased: bool,
    /// in time or not, once it is over
    pub on_time: Option<bool>,
    /// when it was accepted
    pub accepted_on: Option<NaiveDate>,
    /// extensions granted so far
    pub extensions: usize,
    /// days that claims lay with the reviewer so far
    pub review_days: i64,
    /// letters to its unit that named it so far
    pub reminders: u32,
}

/// A month's figures. What was due: in the month, or before it and not over when it began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// what was due: the denominator of every rate
    pub due: usize,
    /// of these, done in time
    pub on_time: usize,
    /// of these, done late
    pub late: usize,
    /// of these, claimed and waiting for review
    pub in_review: usize,
    /// of these, paused
    pub paused: usize,
    /// of these, neither done nor claimed
    pub unfinished: usize,
    /// of the unfinished, past their day: red
    pub overdue: usize,
}

impl MonthEnd {
    /// How things stand on a day.
    #[must_use]
    pub fn of(ledger: &Ledger, day: NaiveDate) -> Self {
        let month = Month { year: day.year(), month: day.month() };
        let shown = |one: &&Assignment| {
            let ended = matches!(one.state, State::Withdrawn | State::Ended);
            !one.occurrence.is_collection() && one.course.ladder != LadderName::Avoid && !ended
        };
        let matters: Vec<Standing> =
            ledger.assignments().filter(shown).map(|one| Standing::of(ledger, one, day)).collect();
        let mut lights = BTreeMap::new();
        for standing in &matters {
            *lights.entry(standing.light).or_default() += 1;
        }
        Self { month, day, figures: Figures::of(matters.iter(), month), lights, matters }
    }

    /// Of one unit's matter, `plan/task/period/unit`.
    #[must_use]
    pub fn standing(&self, matter: &AssignmentId) -> Option<&Standing> {
        self.matters.iter().find(|standing| standing.matter == *matter)
    }
}

impl Standing {
    fn of(ledger: &Ledger, one: &Assignment, day: NaiveDate) -> Self {
        let record = one.record.as_deref();
        Self {
            matter: one.id(),
            state: one.state.label(),
            light: light::light(ledger, one, day),
            deadline: one.course.deadline,
            chased: one.course.chased,
            on_time: light::on_time(one),
            accepted_on: record.and_then(|record| record.accepted.as_ref()).map(|verdict| verdict.on),
            extensions: record.map_or(0, |record| record.granted.len()),
            review_days: record.map_or(0, |record| record.review_days(day)),
            reminders: record.map_or(0, |record| record.reminders),
        }
    }
}

impl Figures {
    /// The figures of these matters at the end of the month.
    #[must_use]
    pub fn of<'s>(matters: impl Iterator<Item = &'s Standing>, month: Month) -> Self {
        let in_month = |day: NaiveDate| Month { year: day.year(), month: day.month() };
        let mut figures = Self::default();
        for one in matters {
            let due = one.chased && one.deadline.is_some_and(|deadline| in_month(deadline) <= month);
            let over_before = one.accepted_on.is_some_and(|on| in_month(on) < month);
            if !due || over_before {
                continue;
            }
            figures.due += 1;
            match (one.accepted_on, one.light) {
                (Some(_), _) if one.on_time == Some(false) => figures.late += 1,
                (Some(_), _) => figures.on_time += 1,
                (None, Light::Review) => figures.in_review += 1,
                (None, Light::Paused) => figures.paused += 1,
                (None, light) => {
                    figures.unfinished += 1;
                    figures.overdue += usize::from(light == Light::Red);
                }
            }
        }
        figures
    }

    /// 按期办结率: how many of how many.
    #[must_use]
    pub fn on_time_rate(&self) -> (usize, usize) {
        (self.on_time, self.due)
    }

    /// Done, in time or late.
    #[must_use]
    pub fn done(&self) -> usize {
        self.on_time + self.late
    }
}
