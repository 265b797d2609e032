//! The rehearsal of the shipped plans: equal to the paper, equal to the preview, and bearable.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::{Datelike as _, NaiveDate, Weekday};
use duban::daemon::rehearsal::{Rehearsal, rehearse};
use duban::domain::{LetterKind, Recipient};
use duban::report::{self, Row, preview::preview};
use duban::schedules::{self, Declared};

use crate::by_hand::assert_as_on_paper;

/// Most clock-driven letters to one unit in a calendar week.
const LETTERS_A_WEEK_MAX: usize = 4;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn declared() -> Declared {
    schedules::embedded().declared.expect("the shipped plans are right")
}

/// The whole span of the document's plans, undisturbed.
pub fn undisturbed() -> &'static Rehearsal {
    static PLAYED: OnceLock<Rehearsal> = OnceLock::new();
    PLAYED.get_or_init(|| {
        rehearse(&declared(), day("2021-05-24"), day("2022-03-31"), &[], None).expect("a rehearsal")
    })
}

#[test]
fn it_is_what_was_worked_out_by_hand() {
    let rehearsed = rehearse(&declared(), day("2021-05-24"), day("2021-07-10"), &[], None).unwrap();
    assert_as_on_paper(&rehearsed.rows);
}

#[test]
fn it_is_what_the_preview_foretells() {
    let foretold: Vec<Row> =
        preview(&declared(), day("2021-05-24"), day("2022-03-31")).iter().flat_map(report::rows).collect();
    let rehearsed = &undisturbed().rows;
    assert_eq!(foretold.len(), rehearsed.len());
    for (foretold, rehearsed) in foretold.iter().zip(rehearsed) {
        assert_eq!(foretold, rehearsed);
    }
}

#[test]
fn its_journal_verifies_and_every_stage_ends_once() {
    let rehearsed = undisturbed();
    assert!(rehearsed.verified.is_good(), "{:?}", rehearsed.verified);
    let twice: Vec<_> = rehearsed.endings.iter().filter(|(_, endings)| endings.len() != 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn nobody_is_flooded() {
    let mut by_day: BTreeMap<(String, NaiveDate), usize> = BTreeMap::new();
    let mut by_week: BTreeMap<(String, NaiveDate), BTreeSet<NaiveDate>> = BTreeMap::new();
    for letter in &undisturbed().letters {
        assert_ne!(letter.kind, LetterKind::Returned, "nobody returns anything");
        let Recipient::Unit(unit) = &letter.to else { panic!("no leader has an address: {letter:?}") };
        *by_day.entry((unit.to_string(), letter.day)).or_default() += 1;
        let monday = letter.day.week(Weekday::Mon).first_day();
        by_week.entry((unit.to_string(), monday)).or_default().insert(letter.day);
    }
    let twice: Vec<_> = by_day.iter().filter(|(_, letters)| **letters > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
    let crowded: Vec<_> = by_week.iter().filter(|(_, days)| days.len() > LETTERS_A_WEEK_MAX).collect();
    assert!(crowded.is_empty(), "{crowded:#?}");
}

#[test]
fn the_worst_week_is_told() {
    let rehearsed = undisturbed();
    let worst = rehearsed.worst.as_ref().expect("letters went");
    let most = rehearsed.load.values().map(|months| months.values().sum::<usize>()).max();
    assert_eq!(most, Some(worst.letters_in_all));
    assert!(!worst.letters.is_empty() && worst.letters.len() <= LETTERS_A_WEEK_MAX);
    assert!(worst.letters.iter().all(|letter| letter.unit() == Some(&worst.unit)));
    assert!(worst.letters.iter().all(|letter| letter.day.week(Weekday::Mon).first_day() == worst.monday));
    let all: usize = rehearsed.load.values().flat_map(BTreeMap::values).sum();
    assert_eq!(all, rehearsed.letters.len());
}

#[test]
fn it_leaves_a_data_directory_where_asked() {
    let home = tempfile::tempdir().unwrap();
    let into = home.path().join("data");
    let (from, until) = (day("2021-05-24"), day("2021-05-28"));
    let rehearsed = rehearse(&declared(), from, until, &[], Some(&into)).unwrap();
    let letters = std::fs::read_dir(into.join("outbox")).unwrap().count();
    assert_eq!(letters, rehearsed.letters.len());
    assert!(into.join("archive").is_dir() && into.join("store").is_dir());
    let again = rehearse(&declared(), from, until, &[], Some(&into)).unwrap_err().to_string();
    assert!(again.contains("not empty"), "{again}");
}

#[test]
fn letters_before_its_first_day_are_played_but_not_shown() {
    let rehearsed = rehearse(&declared(), day("2021-06-01"), day("2021-06-10"), &[], None).unwrap();
    let expected: Vec<Row> = undisturbed()
        .rows
        .iter()
        .filter(|row| (day("2021-06-01")..=day("2021-06-10")).contains(&row.send_at.date_naive()))
        .cloned()
        .collect();
    assert_eq!(rehearsed.rows, expected);
    let weekdays = rehearsed.letters.iter().all(|letter| letter.day.weekday() != Weekday::Sun);
    assert!(weekdays);
}
