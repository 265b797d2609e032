//! Facts in the few words a table has room for.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use serde_json::Value;

use super::speech::Speech;
use crate::calendar::Recurrence;
use crate::domain::{Due, Unit, UnitId};
use crate::locale::{Message, message};
use crate::schedules;

/// That these years' days off are provisional; nothing where there are none.
#[must_use]
pub fn provisional(years: &[i32]) -> Option<Message> {
    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
    (!years.is_empty()).then(|| message("days-off-provisional").with("years", &years.join(", ")))
}

/// A `due` as written, in a table's cell: `2021-06-30`, `every quarter`, `ongoing`.
#[must_use]
pub fn due(speech: Speech, written: &Value) -> String {
    let text = |key: &str| written.get(key).map(|value| plain(speech, value));
    if let Some(every) = text("every") {
        let mut words = speech.word(&format!("every-{every}"));
        let season = written.get("season").and_then(Value::as_str).map(str::to_owned);
        let on = text("on");
        let is_day = on.as_ref().is_some_and(|on| on.parse::<u32>().is_ok());
        for (code, part) in [
            (if is_day { "due-on-day" } else { "due-on" }, on),
            ("due-season", season),
            ("due-after", text("due_after")),
        ] {
            if let Some(part) = part {
                words = speech.told(&message(code).with("every", &words).with("part", &part));
            }
        }
        return words;
    }
    let named = |key: &str, code: &str| Some(speech.told(&message(code).with("days", &text(key)?)));
    text("by")
        .or_else(|| text("window"))
        .or_else(|| named("starting", "due-from"))
        .or_else(|| named("avoid", "due-avoid"))
        .or_else(|| named("ongoing", "due-ongoing"))
        .or_else(|| named("awaiting", "due-awaiting"))
        .or_else(|| named("done", "due-done"))
        .or_else(|| named("cron", "due-cron"))
        .unwrap_or_else(|| written.to_string())
}

/// A value of a shape: text as it is, a window as `2021-10-01 to 2022-03-31`, a yearly one with `yearly`.
fn plain(speech: Speech, value: &Value) -> String {
    let day = |key: &str| value.get(key).and_then(Value::as_str);
    match (value.as_str(), day("from").zip(day("until"))) {
        (Some(text), _) if text.contains("..") => speech.told(&message("due-yearly").with("days", &text)),
        (Some(text), _) => text.to_owned(),
        (None, Some((from, until))) => {
            speech.told(&message("show-span").with("from", &from).with("until", &until))
        }
        (None, None) => value.to_string(),
    }
}

/// A recurrence in words: `every month on 25`.
#[must_use]
pub fn every(speech: Speech, recurrence: &Recurrence) -> String {
    due(speech, &schedules::due_to_json(&Due::Every(recurrence.clone())))
}

/// `2021-06-30 Wed`.
#[must_use]
pub fn day(day: NaiveDate) -> String {
    format!("{day} {}", day.weekday())
}

/// `1 task`, `2 tasks`.
#[must_use]
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// Ids with a comma between.
#[must_use]
pub fn ids<T: ToString>(ids: &[T]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The first of some units, and how many more.
#[must_use]
pub fn first_unit(units: &[UnitId]) -> String {
    match units {
        [] => String::new(),
        [one] => one.to_string(),
        [first, rest @ ..] => format!("{first} +{}", rest.len()),
    }
}

/// Names of units by their ids.
#[derive(Debug)]
pub struct Names<'u>(BTreeMap<&'u UnitId, &'u Unit>);

impl<'u> Names<'u> {
    /// Of these units.
    #[must_use]
    pub fn of(units: &'u [Unit]) -> Self {
        Self(units.iter().map(|unit| (&unit.id, unit)).collect())
    }

    /// `县住建局 (housing)`; the id alone where the unit is not known.
    #[must_use]
    pub fn both(&self, id: &UnitId) -> String {
        self.0.get(id).map_or_else(|| id.to_string(), |unit| format!("{} ({id})", unit.short))
    }

    /// `县住建局`; the id where the unit is not known.
    #[must_use]
    pub fn short(&self, id: &UnitId) -> String {
        self.0.get(id).map_or_else(|| id.to_string(), |unit| unit.short.clone())
    }

    /// Several of them.
    #[must_use]
    pub fn row(&self, units: &[UnitId]) -> String {
        units.iter().map(|id| self.both(id)).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    #[test]
    fn every_shape_has_its_few_words() {
        let shown = |text: &str| {
            due(Speech(Language::English), &schedules::due_to_json(&schedules::parse_due(text).unwrap()))
        };
        assert_eq!(shown("{ by = 2021-06-30 }"), "2021-06-30");
        assert_eq!(shown("{ every = \"month\", on = 25 }"), "every month on 25");
        assert_eq!(shown("{ every = \"year\", due_after = \"10d\" }"), "every year, 10d after");
        assert_eq!(shown("{ window = \"10-01..03-31\" }"), "10-01..03-31 yearly");
        assert_eq!(shown("{ starting = 2021-07-01 }"), "from 2021-07-01");
        assert_eq!(shown("{ ongoing = true }"), "ongoing");
    }

    #[test]
    fn and_in_chinese() {
        let shown = |text: &str| {
            due(Speech(Language::Chinese), &schedules::due_to_json(&schedules::parse_due(text).unwrap()))
        };
        assert_eq!(shown("{ every = \"month\", on = 25 }"), "每月25日");
        assert_eq!(shown("{ every = \"quarter\" }"), "每季度");
        assert_eq!(shown("{ every = \"half-year\" }"), "每半年");
        assert_eq!(shown("{ every = \"year\", due_after = \"10d\" }"), "每年，期满后10d");
        assert_eq!(shown("{ window = \"10-01..03-31\" }"), "每年10-01..03-31");
        assert_eq!(shown("{ ongoing = true }"), "长期坚持");
    }
}
