//! The dates of one period, and the spans of a window that comes back every year.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::period::{LAST_YEAR, Period};
use super::yearly::YearlyWindow;

/// One period's dates, civil and inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// What names it.
    pub period: Period,
    /// The first day of the period, or of what `from` leaves of it.
    pub opens: NaiveDate,
    /// The last day of the period, or of what `until` leaves of it.
    pub closes: NaiveDate,
    /// The day on which it is due; after `closes` only with `due_after_days`.
    pub due: NaiveDate,
}

/// The windows that a yearly window makes, each due on its last day, from those due on `after` on
/// (that day included), in order; without end unless `until` is set (or the year 9999 comes).
/// As with a recurrence, a window counts when its last day lies in `from`–`until`, and `from`
/// cuts the days before it off.
pub fn yearly_spans(
    window: &YearlyWindow,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    after: NaiveDate,
) -> impl Iterator<Item = Span> + use<> {
    let window = *window;
    let start = from.map_or(after, |from| from.max(after));
    let first_year = start.year().saturating_sub(1).max(0);
    (first_year..LAST_YEAR)
        .map_while(move |year| {
            let (opens, closes) = window.starting_in(year)?;
            Some(Span { period: window.period(year), opens, closes, due: closes })
        })
        .take_while(move |span| until.is_none_or(|until| span.due <= until))
        .filter(move |span| span.due >= start)
        .map(move |span| clip(span, from, until))
}

/// Whether the day lies between the bounds, both included.
pub(super) fn within(day: NaiveDate, from: Option<NaiveDate>, until: Option<NaiveDate>) -> bool {
    from.is_none_or(|from| day >= from) && until.is_none_or(|until| day <= until)
}

/// What the bounds leave of the span's days.
pub(super) fn clip(span: Span, from: Option<NaiveDate>, until: Option<NaiveDate>) -> Span {
    Span {
        opens: from.map_or(span.opens, |from| span.opens.max(from)),
        closes: until.map_or(span.closes, |until| span.closes.min(until)),
        ..span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn shown(spans: impl Iterator<Item = Span>) -> Vec<String> {
        let line = |s: Span| format!("{} {}..{} {}", s.period, s.opens, s.closes, s.due);
        spans.map(line).collect()
    }

    #[test]
    fn a_yearly_window_comes_back_and_is_due_on_its_last_day() {
        let winter = YearlyWindow::parse("10-01..03-31").unwrap();
        let seasons =
            shown(yearly_spans(&winter, Some(date("2021-11-15")), None, date("2021-05-24")).take(2));
        assert_eq!(
            seasons,
            ["2021-2022 2021-11-15..2022-03-31 2022-03-31", "2022-2023 2022-10-01..2023-03-31 2023-03-31",]
        );
        let seasons = shown(yearly_spans(&winter, None, None, date("2022-04-01")).take(1));
        assert_eq!(seasons, ["2022-2023 2022-10-01..2023-03-31 2023-03-31"]);
        let february = YearlyWindow::parse("02..02").unwrap();
        let until = Some(date("2025-01-31"));
        let leap = shown(yearly_spans(&february, Some(date("2023-01-01")), until, date("2023-02-28")));
        assert_eq!(
            leap,
            ["2023 2023-02-01..2023-02-28 2023-02-28", "2024 2024-02-01..2024-02-29 2024-02-29"]
        );
    }

    #[test]
    fn it_is_kept_with_plain_dates() {
        let day = date("2021-06-30");
        let period = Period::Quarter { year: 2021, quarter: 2 };
        let span = Span { period, opens: date("2021-05-24"), closes: day, due: day };
        let json = serde_json::to_string(&span).unwrap();
        let expected = r#"{"period":"2021Q2","opens":"2021-05-24","closes":"2021-06-30","due":"2021-06-30"}"#;
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_str::<Span>(&json).unwrap(), span);
    }
}
