//! A cadence and the spans it yields. Everything is computed from the rule, never from the last
//! occurrence, so that a month's end stays a month's end.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

pub use super::cadence::{Cadence, On, OnError};
use super::period::LAST_YEAR;
pub use super::span::{Span, yearly_spans};
use super::span::{clip, within};
use super::working_days::WorkingDays;
use super::yearly::YearlyWindow;

/// How far `check` looks for a first period: every weekday meets every day of the year within it.
const SEARCH_YEARS: i32 = 40;
/// Where that search starts if the recurrence has neither a first nor a last day.
const SEARCH_FROM_YEAR: i32 = 2000;

/// Why a recurrence is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecurrenceError {
    /// `on` does not fit `every`.
    #[error(transparent)]
    On(#[from] OnError),
    /// It ends before it begins.
    #[error("`from` {from} is after `until` {until}")]
    Reversed {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// The first due day comes after its end: there is no next date.
    #[error("it never has a next date: its first due day {due} is after `until` {until}")]
    EndsTooSoon {
        /// The first due day, before `due_after`.
        due: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// No due day lies in the season: there is no next date.
    #[error("it never has a next date: no due day of any {every} lies in the season {season}")]
    NeverInSeason {
        /// The cadence.
        every: Cadence,
        /// The season.
        season: YearlyWindow,
    },
    /// No period begins within the years that can be named.
    #[error("it never has a next date: no {every} is left before the year {LAST_YEAR} ends")]
    BeyondCalendar {
        /// The cadence.
        every: Cadence,
    },
}

/// A duty that comes back. Its periods are those of the calendar. A period counts when its due
/// day (before `due_after_days` is added) lies in `from`–`until` and in the season.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Written")]
pub struct Recurrence {
    /// How often.
    pub every: Cadence,
    /// Which day of the period is due; its last if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<On>,
    /// The part of the year in which it comes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<YearlyWindow>,
    /// Civil days from the due day in the period to the day it is due in the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_after_days: Option<u16>,
    /// No due day in the period before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// No due day in the period after this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// A recurrence as it stands in an event, before `on` is held against `every`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    every: Cadence,
    on: Option<On>,
    season: Option<YearlyWindow>,
    due_after_days: Option<u16>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl TryFrom<Written> for Recurrence {
    type Error = OnError;

    fn try_from(written: Written) -> Result<Self, OnError> {
        let Written { every, on, season, due_after_days, from, until } = written;
        if let Some(on) = on {
            on.check(every)?;
        }
        Ok(Self { every, on, season, due_after_days, from, until })
    }
}

impl Recurrence {
    /// Every period of this cadence, its last day due, without bounds.
    #[must_use]
    pub const fn of(every: Cadence) -> Self {
        Self { every, on: None, season: None, due_after_days: None, from: None, until: None }
    }

    /// Whether it can be followed: `on` fits the cadence, the bounds are in order, and at least
    /// one date comes of it.
    ///
    /// # Errors
    /// [`RecurrenceError`], which says why there is no next date.
    pub fn check(&self) -> Result<(), RecurrenceError> {
        if let Some(on) = self.on {
            on.check(self.every)?;
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && from > until
        {
            return Err(RecurrenceError::Reversed { from, until });
        }
        let every = self.every;
        let first = self.first_due_day();
        match (first, self.until, self.season) {
            (Some(due), Some(until), _) if due > until => Err(RecurrenceError::EndsTooSoon { due, until }),
            (Some(_), _, _) => Ok(()),
            (None, _, Some(season)) => Err(RecurrenceError::NeverInSeason { every, season }),
            (None, _, None) => Err(RecurrenceError::BeyondCalendar { every }),
        }
    }

    /// The first due day in a period, `until` and days off set aside.
    fn first_due_day(&self) -> Option<NaiveDate> {
        let endless = Self { until: None, due_after_days: None, ..self.clone() };
        let earliest = self.until.map_or(SEARCH_FROM_YEAR, |until| until.year() - SEARCH_YEARS);
        let start = self.from.or_else(|| NaiveDate::from_ymd_opt(earliest, 1, 1))?;
        let horizon = start.year() + SEARCH_YEARS;
        let first = endless
            .candidates(start)
            .take_while(|span| span.opens.year() <= horizon)
            .find(|span| endless.counts(span))?;
        Some(first.due)
    }

    /// All spans that are due on this day or later, in order; without end unless `until` is set
    /// (or the year 9999 comes). `working` matters to [`Cadence::Workday`] alone.
    pub fn spans(&self, from: NaiveDate, working: &WorkingDays) -> impl Iterator<Item = Span> {
        let due_after = Days::new(self.due_after_days.unwrap_or(0).into());
        let start = from.checked_sub_days(due_after).unwrap_or(NaiveDate::MIN);
        let start = self.from.map_or(start, |own| own.max(start));
        self.candidates(start)
            .take_while(|span| self.until.is_none_or(|until| span.opens <= until))
            .filter(|span| self.counts(span))
            .filter(|span| self.every != Cadence::Workday || working.is_working(span.due))
            .filter_map(move |span| self.clipped(span, due_after))
            .filter(move |span| span.due >= from)
    }

    /// Every period from the one that holds this day on, whole, with its due day in the period.
    fn candidates(&self, from: NaiveDate) -> impl Iterator<Item = Span> {
        let start = Some(from).filter(|day| (0..=LAST_YEAR).contains(&day.year()));
        let start = start.or_else(|| NaiveDate::from_ymd_opt(0, 1, 1).filter(|first| *first > from));
        let whole = |day: NaiveDate| {
            let period = self.every.period(day);
            let (opens, closes) = (period.first()?, period.last()?);
            let due = self.on.map_or(Some(closes), |on| on.day_of(period))?;
            Some(Span { period, opens, closes, due })
        };
        std::iter::successors(start.and_then(whole), move |span| whole(span.closes.succ_opt()?))
            .take_while(|span| span.closes.year() <= LAST_YEAR)
    }

    /// Whether the due day lies in the season and in `from`–`until`.
    fn counts(&self, span: &Span) -> bool {
        self.season.is_none_or(|season| season.contains(span.due)) && within(span.due, self.from, self.until)
    }

    /// The span as `from` and `until` leave it, with its final due day.
    fn clipped(&self, span: Span, due_after: Days) -> Option<Span> {
        let due = span.due.checked_add_days(due_after)?;
        Some(Span { due, ..clip(span, self.from, self.until) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A recurrence from its JSON with single quotes.
    fn read(json: &str) -> Recurrence {
        serde_json::from_str(&json.replace('\'', "\"")).unwrap()
    }

    fn spans_of(rule: &Recurrence, from: &str, count: usize) -> Vec<Span> {
        let none_known = WorkingDays::default();
        rule.spans(date(from), &none_known).take(count).collect()
    }

    fn spans(json: &str, from: &str, count: usize) -> Vec<String> {
        let line = |s: Span| format!("{} {}..{} {}", s.period, s.opens, s.closes, s.due);
        spans_of(&read(json), from, count).into_iter().map(line).collect()
    }

    #[test]
    fn the_first_quarter_is_the_one_that_holds_the_day_of_issue() {
        let quarters = spans("{'every':'quarter','from':'2021-05-24','until':'2021-12-31'}", "2021-01-01", 9);
        assert_eq!(
            quarters,
            [
                "2021Q2 2021-05-24..2021-06-30 2021-06-30",
                "2021Q3 2021-07-01..2021-09-30 2021-09-30",
                "2021Q4 2021-10-01..2021-12-31 2021-12-31",
            ]
        );
    }

    #[test]
    fn a_month_whose_day_has_passed_before_the_start_does_not_count() {
        let months = spans("{'every':'month','on':25,'from':'2021-05-26'}", "2021-01-01", 1);
        assert_eq!(months, ["2021-06 2021-06-01..2021-06-30 2021-06-25"]);
        let months = spans("{'every':'month','on':25,'from':'2021-05-25'}", "2021-01-01", 1);
        assert_eq!(months, ["2021-05 2021-05-25..2021-05-31 2021-05-25"]);
    }

    #[test]
    fn a_period_cut_by_the_end_counts_if_its_due_day_is_left() {
        let until =
            |on: &str| spans(&format!("{{'every':'month',{on}'until':'2021-08-27'}}"), "2021-08-01", 9);
        assert_eq!(until("'on':25,"), ["2021-08 2021-08-01..2021-08-27 2021-08-25"]);
        assert_eq!(until(""), Vec::<String>::new());
    }

    #[test]
    fn a_month_end_never_drifts() {
        let due = |json: &str| {
            let spans = spans_of(&read(json), "2024-01-01", 4);
            spans.iter().map(|span| span.due.to_string()).collect::<Vec<_>>()
        };
        let ends = ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"];
        assert_eq!(due("{'every':'month','on':31}"), ends);
        assert_eq!(due("{'every':'month','on':'last'}"), ends);
        assert_eq!(due("{'every':'month'}"), ends);
    }

    #[test]
    fn a_yearly_report_is_due_after_the_year_it_reports() {
        let report = "{'every':'year','due_after_days':10,'from':'2021-05-24','until':'2021-12-31'}";
        let line = "2021 2021-05-24..2021-12-31 2022-01-10";
        assert_eq!(spans(report, "2022-01-10", 9), [line]);
        assert_eq!(spans(report, "2022-01-11", 9), Vec::<String>::new());
    }

    #[test]
    fn a_season_takes_the_periods_due_in_it() {
        let names = |json: &str, count: usize| {
            let spans = spans_of(&read(json), "2021-05-24", count);
            spans.iter().map(|span| span.period.to_string()).collect::<Vec<_>>()
        };
        let summer = names("{'every':'month','season':'05..09'}", 6);
        assert_eq!(summer, ["2021-05", "2021-06", "2021-07", "2021-08", "2021-09", "2022-05"]);
        let winter = names("{'every':'quarter','season':'10-01..03-31'}", 3);
        assert_eq!(winter, ["2021Q4", "2022Q1", "2022Q4"]);
        let weeks = names("{'every':'week','season':'06-28..07-11'}", 3);
        assert_eq!(weeks, ["2021-W26", "2021-W27", "2022-W26"]);
    }

    #[test]
    fn workdays_follow_the_working_days() {
        let year = r#"{"year":2021,"off":[{"name":"国庆节","from":"2021-10-01","until":"2021-10-07"}],
            "work":["2021-10-09"]}"#;
        let working = WorkingDays::new([serde_json::from_str(year).unwrap()]);
        let due = |every: Cadence| {
            let rule = Recurrence::of(every);
            let days = rule.spans(date("2021-09-30"), &working).take(4).map(|span| span.due);
            days.map(|day| day.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(due(Cadence::Workday), ["2021-09-30", "2021-10-08", "2021-10-09", "2021-10-11"]);
        assert_eq!(due(Cadence::Day), ["2021-09-30", "2021-10-01", "2021-10-02", "2021-10-03"]);
    }

    #[test]
    fn weeks_cross_the_turn_of_the_year() {
        let weeks = spans("{'every':'week','on':'fri'}", "2020-12-31", 2);
        assert_eq!(
            weeks,
            ["2020-W53 2020-12-28..2021-01-03 2021-01-01", "2021-W01 2021-01-04..2021-01-10 2021-01-08",]
        );
    }

    #[test]
    fn a_rule_without_a_next_date_is_refused_with_the_reason() {
        let fault = |json: &str| read(json).check().unwrap_err().to_string();
        assert_eq!(
            fault("{'every':'month','from':'2021-06-01','until':'2021-05-31'}"),
            "`from` 2021-06-01 is after `until` 2021-05-31"
        );
        assert_eq!(
            fault("{'every':'quarter','from':'2021-07-01','until':'2021-08-31'}"),
            "it never has a next date: its first due day 2021-09-30 is after `until` 2021-08-31"
        );
        assert_eq!(
            fault("{'every':'quarter','season':'07..08'}"),
            "it never has a next date: no due day of any quarter lies in the season 07..08"
        );
        assert_eq!(
            fault("{'every':'day','from':'+10000-01-01'}"),
            "it never has a next date: no day is left before the year 9999 ends"
        );
        let misfit = Recurrence { on: Some(On::DayOfMonth(3)), ..Recurrence::of(Cadence::Week) };
        assert!(matches!(misfit.check(), Err(RecurrenceError::On(_))));
    }

    #[test]
    fn a_rule_with_a_next_date_passes() {
        for json in [
            "{'every':'quarter','until':'2021-08-31'}",
            "{'every':'week','on':'mon','season':'02-29..02-29'}",
            "{'every':'year','on':'02-29','from':'2021-02-28','until':'2021-02-28'}",
            "{'every':'month','on':25,'season':'10-01..03-31','from':'2021-05-24'}",
        ] {
            assert_eq!(read(json).check(), Ok(()), "{json}");
        }
        for every in Cadence::ALL {
            assert_eq!(Recurrence::of(every).check(), Ok(()));
        }
    }

    #[test]
    fn it_is_kept_in_the_words_of_plan_files() {
        for json in [
            "{'every':'quarter','on':'last'}",
            "{'every':'quarter','on':'2-15'}",
            "{'every':'year','on':'03-01','due_after_days':10}",
            "{'every':'month','on':25,'season':'05..09','from':'2021-05-24','until':'2022-03-31'}",
        ] {
            let back = serde_json::to_string(&read(json)).unwrap();
            assert_eq!(back.replace('"', "'"), json);
        }
        for json in [r#"{"every":"quarter","on":"03-01"}"#, r#"{"every":"week","onn":"mon"}"#, r#"{"on":1}"#]
        {
            assert!(serde_json::from_str::<Recurrence>(json).is_err(), "{json}");
        }
    }
}
