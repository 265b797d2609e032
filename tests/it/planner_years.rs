//! Three of the office's standing duties followed through 2026 in the preview. The days were worked out
//! by hand from `schedules/workdays/`: the notice and all stages before the day move to the working day before.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use duban::domain::{Draft, Recipient, Role};
use duban::report::preview::preview;

use crate::rehearsal::{day, declared};

/// Period, deadline, and the days of notice, lead-30d, lead-7d, lead-1d and due.
type Expected = (&'static str, &'static str, [&'static str; 5]);

const STAGES: [&str; 5] = ["notice", "lead-30d", "lead-7d", "lead-1d", "due"];

/// Every quarter from 2022 on. Make-up workdays: Sunday 29 September 2024, Saturday 28 February 2026.
/// Where the quarter ends on a day off, the last two fall on one day.
const MACHINERY_CHECK: [Expected; 21] = [
    ("2022Q1", "2022-03-31", ["2021-12-31", "2022-03-01", "2022-03-24", "2022-03-30", "2022-03-31"]),
    ("2022Q2", "2022-06-30", ["2022-04-01", "2022-05-31", "2022-06-23", "2022-06-29", "2022-06-30"]),
    ("2022Q3", "2022-09-30", ["2022-07-01", "2022-08-31", "2022-09-23", "2022-09-29", "2022-09-30"]),
    ("2022Q4", "2022-12-31", ["2022-09-30", "2022-12-01", "2022-12-23", "2022-12-30", "2022-12-30"]),
    ("2023Q1", "2023-03-31", ["2022-12-30", "2023-03-01", "2023-03-24", "2023-03-30", "2023-03-31"]),
    ("2023Q2", "2023-06-30", ["2023-03-31", "2023-05-31", "2023-06-21", "2023-06-29", "2023-06-30"]),
    ("2023Q3", "2023-09-30", ["2023-06-30", "2023-08-31", "2023-09-22", "2023-09-28", "2023-09-28"]),
    ("2023Q4", "2023-12-31", ["2023-09-28", "2023-12-01", "2023-12-22", "2023-12-29", "2023-12-29"]),
    ("2024Q1", "2024-03-31", ["2023-12-29", "2024-03-01", "2024-03-22", "2024-03-29", "2024-03-29"]),
    ("2024Q2", "2024-06-30", ["2024-04-01", "2024-05-31", "2024-06-21", "2024-06-28", "2024-06-28"]),
    ("2024Q3", "2024-09-30", ["2024-07-01", "2024-08-30", "2024-09-23", "2024-09-29", "2024-09-30"]),
    ("2024Q4", "2024-12-31", ["2024-09-30", "2024-11-29", "2024-12-24", "2024-12-30", "2024-12-31"]),
    ("2025Q1", "2025-03-31", ["2024-12-31", "2025-02-28", "2025-03-24", "2025-03-28", "2025-03-31"]),
    ("2025Q2", "2025-06-30", ["2025-04-01", "2025-05-30", "2025-06-23", "2025-06-27", "2025-06-30"]),
    ("2025Q3", "2025-09-30", ["2025-07-01", "2025-08-29", "2025-09-23", "2025-09-29", "2025-09-30"]),
    ("2025Q4", "2025-12-31", ["2025-09-30", "2025-12-01", "2025-12-24", "2025-12-30", "2025-12-31"]),
    ("2026Q1", "2026-03-31", ["2025-12-31", "2026-02-28", "2026-03-24", "2026-03-30", "2026-03-31"]),
    ("2026Q2", "2026-06-30", ["2026-04-01", "2026-05-29", "2026-06-23", "2026-06-29", "2026-06-30"]),
    ("2026Q3", "2026-09-30", ["2026-07-01", "2026-08-31", "2026-09-23", "2026-09-29", "2026-09-30"]),
    ("2026Q4", "2026-12-31", ["2026-09-30", "2026-12-01", "2026-12-24", "2026-12-30", "2026-12-31"]),
    // No notice of 2027 is known, and New Year's Day is off all the same.
    ("2027Q1", "2027-03-31", ["2026-12-31", "", "", "", ""]),
];

/// May to September; Labour Day takes the notice into April.
const SUMMER_INSPECTION: [Expected; 5] = [
    ("2022", "2022-09-30", ["2022-04-29", "2022-08-31", "2022-09-23", "2022-09-29", "2022-09-30"]),
    ("2023", "2023-09-30", ["2023-04-28", "2023-08-31", "2023-09-22", "2023-09-28", "2023-09-28"]),
    ("2024", "2024-09-30", ["2024-04-30", "2024-08-30", "2024-09-23", "2024-09-29", "2024-09-30"]),
    ("2025", "2025-09-30", ["2025-04-30", "2025-08-29", "2025-09-23", "2025-09-29", "2025-09-30"]),
    ("2026", "2026-09-30", ["2026-04-30", "2026-08-31", "2026-09-23", "2026-09-29", "2026-09-30"]),
];

/// 1 October to 31 March; National Day takes the notice into September.
const WINTER_CAMPAIGN: [Expected; 5] = [
    ("2022-2023", "2023-03-31", ["2022-09-30", "2023-03-01", "2023-03-24", "2023-03-30", "2023-03-31"]),
    ("2023-2024", "2024-03-31", ["2023-09-28", "2024-03-01", "2024-03-22", "2024-03-29", "2024-03-29"]),
    ("2024-2025", "2025-03-31", ["2024-09-30", "2025-02-28", "2025-03-24", "2025-03-28", "2025-03-31"]),
    ("2025-2026", "2026-03-31", ["2025-09-30", "2026-02-28", "2026-03-24", "2026-03-30", "2026-03-31"]),
    ("2026-2027", "2027-03-31", ["2026-09-30", "", "", "", ""]),
];

/// What the preview foretells through 2026.
fn foretold() -> &'static [Draft] {
    static FORETOLD: OnceLock<Vec<Draft>> = OnceLock::new();
    FORETOLD.get_or_init(|| preview(&declared(), day("2021-05-24"), day("2026-12-31")))
}

/// The day of each stage of `eco-env` in this task of the standing plan, merged ones too, by period.
fn followed(task: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut days: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for draft in foretold() {
        let own = draft.items.iter().filter(|item| item.role == Role::Lead).map(|item| &item.key);
        for key in own.chain(draft.merged.iter().map(|merged| &merged.key)) {
            let id = &key.assignment.occurrence;
            if id.task.plan.as_str() != "annual" || id.task.task.as_str() != task {
                continue;
            }
            assert_eq!(draft.to, Recipient::Unit("eco-env".parse().unwrap()), "{key}");
            if STAGES.contains(&key.stage.label().as_str()) {
                let of_period = days.entry(id.period.to_string()).or_default();
                let twice = of_period.insert(key.stage.label(), draft.day.to_string());
                assert_eq!(twice, None, "{key}");
            }
        }
    }
    days
}

fn assert_followed(task: &str, expected: &[Expected]) {
    let found = followed(task);
    let periods: Vec<&str> = expected.iter().map(|(period, ..)| *period).collect();
    assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), periods);
    for (period, deadline, days) in expected {
        let stages = STAGES.iter().zip(days).filter(|(_, day)| !day.is_empty());
        let expected: BTreeMap<String, String> =
            stages.map(|(stage, day)| ((*stage).to_owned(), (*day).to_owned())).collect();
        assert_eq!(found[*period], expected, "{task}/{period}");
        let items = foretold().iter().flat_map(|draft| &draft.items);
        let of_period = items.filter(|item| {
            item.key.assignment.occurrence.to_string() == format!("annual/{task}/{period}")
                && item.key.stage.label() == "due"
        });
        for item in of_period {
            assert_eq!(item.deadline.map(|day| day.to_string()).as_deref(), Some(*deadline));
            // The legal date never moves: the letter names the working day to aim at beside it.
            let advised = (days[4] != *deadline).then(|| day(days[4]));
            assert_eq!(item.advised, advised, "{task}/{period}");
        }
    }
}

#[test]
fn the_machinery_check_through_2026() {
    assert_followed("machinery-check", &MACHINERY_CHECK);
}

#[test]
fn the_summer_inspections_through_2026() {
    assert_followed("summer-inspection", &SUMMER_INSPECTION);
}

#[test]
fn the_winter_campaign_through_2026() {
    assert_followed("winter-campaign", &WINTER_CAMPAIGN);
}
