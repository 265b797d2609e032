//! Holds the spans of a recurrence against a second implementation: RFC 5545 rules, expanded by
//! the `rrule` crate. Compiled for tests only.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;
use rrule::RRuleSet;

use super::{Cadence, MonthDay, On, Period, Recurrence, Span, WorkingDays, YearlyWindow};

/// How many spans are compared.
const COMPARED: usize = 40;

fn dates() -> impl Strategy<Value = NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(2015, 1, 1).unwrap();
    (0u64..6000).prop_map(move |days| epoch + Days::new(days))
}

fn weekdays() -> impl Strategy<Value = Weekday> {
    (0u8..7).prop_map(|number| Weekday::try_from(number).unwrap())
}

fn month_days() -> impl Strategy<Value = MonthDay> {
    let day = |days| NaiveDate::from_yo_opt(2024, days).unwrap().format("%m-%d").to_string();
    (1u32..=366).prop_map(move |days| day(days).parse().unwrap())
}

fn rules() -> impl Strategy<Value = (Cadence, Option<On>)> {
    let last = || Just(Some(On::Last));
    prop_oneof![
        Just((Cadence::Day, None)),
        weekdays().prop_map(|day| (Cadence::Week, Some(On::Weekday(day)))),
        Just((Cadence::Week, None)),
        prop_oneof![Just(None), last(), (1u8..=31).prop_map(|day| Some(On::DayOfMonth(day)))]
            .prop_map(|on| (Cadence::Month, on)),
        prop_oneof![Just(None), last()].prop_map(|on| (Cadence::TenDays, on)),
        prop_oneof![
            Just(None),
            last(),
            (1u8..=6, 1u8..=31).prop_map(|(month, day)| Some(On::DayOfNthMonth { month, day })),
        ]
        .prop_map(|on| (Cadence::HalfYear, on)),
        prop_oneof![
            Just(None),
            last(),
            (1u8..=3, 1u8..=31).prop_map(|(month, day)| Some(On::DayOfNthMonth { month, day })),
        ]
        .prop_map(|on| (Cadence::Quarter, on)),
        prop_oneof![Just(None), last(), month_days().prop_map(|day| Some(On::YearDay(day)))]
            .prop_map(|on| (Cadence::Year, on)),
    ]
}

/// The same days as an RFC 5545 rule. A day past the month's end is the last that exists.
fn rfc_5545(every: Cadence, on: Option<On>) -> String {
    let day_of_month = |day: u8| match day {
        0..=28 => format!("BYMONTHDAY={day}"),
        29..=31 => {
            let days: Vec<_> = (28..=day).map(|day| day.to_string()).collect();
            format!("BYMONTHDAY={};BYSETPOS=-1", days.join(","))
        }
        _ => unreachable!("no month has a day {day}"),
    };
    match (every, on.unwrap_or(On::Last)) {
        (Cadence::Day, _) => "FREQ=DAILY".to_owned(),
        (Cadence::Week, On::Weekday(day)) => {
            format!("FREQ=WEEKLY;BYDAY={}", day.to_string()[..2].to_uppercase())
        }
        (Cadence::Week, _) => "FREQ=WEEKLY;BYDAY=SU".to_owned(),
        (Cadence::Month, On::DayOfMonth(day)) => format!("FREQ=MONTHLY;{}", day_of_month(day)),
        (Cadence::Month, _) => "FREQ=MONTHLY;BYMONTHDAY=-1".to_owned(),
        (Cadence::Quarter, On::DayOfNthMonth { month, day }) => {
            let months: Vec<_> = [0, 3, 6, 9].map(|first| (first + month).to_string()).into();
            format!("FREQ=MONTHLY;BYMONTH={};{}", months.join(","), day_of_month(day))
        }
        (Cadence::Quarter, _) => "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1".to_owned(),
        (Cadence::TenDays, _) => "FREQ=MONTHLY;BYMONTHDAY=10,20,-1".to_owned(),
        (Cadence::HalfYear, On::DayOfNthMonth { month, day }) => {
            format!("FREQ=MONTHLY;BYMONTH={month},{};{}", month + 6, day_of_month(day))
        }
        (Cadence::HalfYear, _) => "FREQ=MONTHLY;BYMONTH=6,12;BYMONTHDAY=-1".to_owned(),
        (Cadence::Year, On::YearDay(MonthDay { month, day })) => {
            format!("FREQ=MONTHLY;BYMONTH={month};{}", day_of_month(day))
        }
        (Cadence::Year, _) => "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31".to_owned(),
        (Cadence::Workday, _) => unreachable!("RFC 5545 knows no days off"),
    }
}

/// The days that the rule names from this day to that, [`COMPARED`] at most.
fn expand(rule: &str, from: NaiveDate, until: Option<NaiveDate>) -> Vec<NaiveDate> {
    if until.is_some_and(|until| until < from) {
        return Vec::new(); // which the crate refuses to read
    }
    let end = until.map(|until| format!(";UNTIL={}T000000Z", until.format("%Y%m%d")));
    let start = from.format("%Y%m%d");
    let text = format!("DTSTART:{start}T000000Z\nRRULE:{rule}{}", end.unwrap_or_default());
    let days: RRuleSet = text.parse().unwrap();
    days.into_iter().take(COMPARED).map(|day| day.date_naive()).collect()
}

fn due_days(rule: &Recurrence, from: NaiveDate) -> Vec<NaiveDate> {
    let none_known = WorkingDays::default();
    rule.spans(from, &none_known).take(COMPARED).map(|span| span.due).collect()
}

fn months(first: u8, count: u8) -> Vec<u8> {
    (0..count).map(|month| (first - 1 + month) % 12 + 1).collect()
}

proptest! {
    #[test]
    fn due_days_are_those_of_rfc_5545(
        (every, on) in rules(),
        start in dates(),
        length in prop::option::of(0u64..2000),
        after in dates(),
        due_after_days in prop::option::of(0u16..100),
    ) {
        let until = length.map(|days| start + Days::new(days));
        let rule = Recurrence { on, from: Some(start), until, ..Recurrence::of(every) };
        let theirs = expand(&rfc_5545(every, on), start.max(after), until);
        prop_assert_eq!(due_days(&rule, after), theirs.clone());
        // A rule passes the check exactly if RFC 5545 knows a date.
        prop_assert_eq!(rule.check().is_ok(), !expand(&rfc_5545(every, on), start, until).is_empty());
        // Days after the due day only shift it.
        let shift = Days::new(due_after_days.unwrap_or(0).into());
        let late = Recurrence { due_after_days, ..rule };
        let shifted: Vec<_> = theirs.into_iter().map(|day| day + shift).collect();
        prop_assert_eq!(due_days(&late, after + shift), shifted);
    }

    #[test]
    fn seasons_of_whole_months_are_bymonth(
        (every, on) in prop_oneof![
            weekdays().prop_map(|day| (Cadence::Week, Some(On::Weekday(day)))),
            Just((Cadence::Month, None)),
            Just((Cadence::Month, Some(On::DayOfMonth(31)))),
            Just((Cadence::Day, None)),
        ],
        first in 1u8..=12,
        count in 1u8..12,
        start in dates(),
    ) {
        let season = months(first, count);
        let text = format!("{:02}..{:02}", season[0], season[season.len() - 1]);
        let season: Vec<_> = season.iter().map(ToString::to_string).collect();
        let window = YearlyWindow::parse(&text).unwrap();
        prop_assert_eq!(window.wraps(), u16::from(first) + u16::from(count) - 1 > 12);
        let rule = Recurrence { season: Some(window), ..Recurrence::of(every) };
        let rule = Recurrence { on, ..rule };
        let by_month = format!("{};BYMONTH={}", rfc_5545(every, on), season.join(","));
        prop_assert_eq!(due_days(&rule, start), expand(&by_month, start, None));
    }

    #[test]
    fn periods_follow_each_other_without_gap_and_hold_their_due_day(
        (every, on) in rules(), from in dates(),
    ) {
        let rule = Recurrence { on, ..Recurrence::of(every) };
        let none_known = WorkingDays::default();
        let spans: Vec<Span> = rule.spans(from, &none_known).take(COMPARED).collect();
        prop_assert_eq!(spans.len(), COMPARED);
        for pair in spans.windows(2) {
            prop_assert_eq!(pair[0].closes.succ_opt(), Some(pair[1].opens));
            prop_assert!(pair[0].period < pair[1].period);
        }
        for span in spans {
            prop_assert!((span.opens..=span.closes).contains(&span.due));
            prop_assert_eq!(span.period.first(), Some(span.opens));
            prop_assert_eq!(span.period.last(), Some(span.closes));
            prop_assert_eq!(span.period.to_string().parse::<Period>(), Ok(span.period));
            prop_assert_eq!(every.period(span.due), span.period);
        }
    }

    #[test]
    fn a_later_question_gets_the_rest_of_an_earlier_answer(
        (every, on) in rules(),
        bounds in (prop::option::of(dates()), prop::option::of(dates())),
        season in prop::option::of((month_days(), month_days())),
        due_after_days in prop::option::of(0u16..400),
        early in dates(),
        later in 0u64..1000,
    ) {
        let season = season.map(|(from, until)| YearlyWindow { from, until });
        let (from, until) = bounds;
        let rule = Recurrence { every, on, season, due_after_days, from, until };
        let late = early + Days::new(later);
        let none_known = WorkingDays::default();
        let horizon = late.year() + 3;
        let near = |span: &Span| span.due.year() <= horizon;
        let earlier = rule.spans(early, &none_known).take_while(near);
        let rest: Vec<_> = earlier.skip_while(|span| span.due < late).collect();
        let asked: Vec<_> = rule.spans(late, &none_known).take_while(near).collect();
        prop_assert_eq!(asked, rest);
        let json = serde_json::to_string(&rule).unwrap();
        prop_assert_eq!(serde_json::from_str::<Recurrence>(&json).unwrap(), rule);
    }
}
