//! Days without a daemon: nothing is lost, nothing comes in a burst, what is too old is called missed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use duban::daemon::rehearsal::{Ending, Rehearsal, rehearse};
use duban::domain::StageKey;

use crate::rehearsal::{day, declared, undisturbed};

fn down(from: &str, until: &str) -> Rehearsal {
    let downs = [(day(from), day(until))];
    rehearse(&declared(), day("2021-05-24"), day("2022-03-31"), &downs, None).expect("a rehearsal")
}

fn keys(rehearsal: &Rehearsal) -> BTreeSet<&StageKey> {
    rehearsal.endings.keys().collect()
}

fn missed(rehearsal: &Rehearsal) -> Vec<&StageKey> {
    let is_missed = |endings: &Vec<Ending>| endings.contains(&Ending::Missed);
    rehearsal.endings.iter().filter(|(_, endings)| is_missed(endings)).map(|(key, _)| key).collect()
}

/// Every stage of the undisturbed run has exactly one ending, and no other stage has any.
fn assert_each_stage_ends_once(rehearsal: &Rehearsal) {
    assert!(rehearsal.verified.is_good(), "{:?}", rehearsal.verified);
    let twice: Vec<_> = rehearsal.endings.iter().filter(|(_, endings)| endings.len() != 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
    let (expected, found) = (keys(undisturbed()), keys(rehearsal));
    let lost: Vec<_> = expected.difference(&found).collect();
    let invented: Vec<_> = found.difference(&expected).collect();
    assert!(lost.is_empty() && invented.is_empty(), "lost {lost:#?}\ninvented {invented:#?}");
}

/// Points of the letters of a day, and how many of them went late.
fn points_on(rehearsal: &Rehearsal, on: NaiveDate) -> (usize, usize) {
    let rows = rehearsal.rows.iter().filter(|row| row.send_at.date_naive() == on);
    (rows.clone().count(), rows.filter(|row| row.late).count())
}

fn assert_one_letter_a_unit(rehearsal: &Rehearsal) {
    let mut letters: BTreeMap<(String, NaiveDate), usize> = BTreeMap::new();
    for letter in &rehearsal.letters {
        *letters.entry((format!("{:?}", letter.to), letter.day)).or_default() += 1;
    }
    let burst: Vec<_> = letters.iter().filter(|(_, count)| **count > 1).collect();
    assert!(burst.is_empty(), "{burst:#?}");
}

#[test]
fn after_two_weeks_all_that_came_goes_late_or_merged() {
    let rehearsal = down("2021-06-20", "2021-07-05");
    assert_each_stage_ends_once(&rehearsal);
    assert_one_letter_a_unit(&rehearsal);
    let old = missed(&rehearsal);
    // Started again on 6 July: what should have gone on 21 June is 15 days old.
    assert!(old.iter().all(|key| key.to_string().contains("2021-06-21")), "{old:#?}");
    assert!(
        rehearsal
            .letters
            .iter()
            .all(|letter| { !(day("2021-06-20")..=day("2021-07-05")).contains(&letter.day) })
    );
    let (points, late) = points_on(&rehearsal, day("2021-07-06"));
    assert!(late > 0 && late == points, "{late} of {points}");
    // The machinery check of the second quarter: four stages came, one round goes for all.
    let machinery: Vec<_> = rehearsal
        .rows
        .iter()
        .filter(|row| row.send_at.date_naive() == day("2021-07-06"))
        .filter(|row| row.occurrence == "yangcheng-2021-air/machinery-check/2021Q2" && row.unit == "eco-env")
        .map(|row| row.stage.as_str())
        .collect();
    assert_eq!(machinery, ["overdue"]);
}

#[test]
fn after_a_month_what_is_older_than_two_weeks_is_missed() {
    let rehearsal = down("2021-06-20", "2021-07-20");
    assert_each_stage_ends_once(&rehearsal);
    assert_one_letter_a_unit(&rehearsal);
    let old = missed(&rehearsal);
    assert!(!old.is_empty());
    let due = "yangcheng-2021-air/machinery-check/2021Q2/eco-env#1:due";
    assert!(old.iter().any(|key| key.to_string() == due), "{old:#?}");
    let (points, late) = points_on(&rehearsal, day("2021-07-21"));
    assert!(late > 0 && late == points, "{late} of {points}");
    // Back to normal within two days of the start.
    let late_after = rehearsal.rows.iter().filter(|row| row.send_at.date_naive() > day("2021-07-21"));
    assert_eq!(late_after.filter(|row| row.late).count(), 0);
}
