//! A store that hangs, as sled does after an I/O error: nobody waits for it, and it is made whole later.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use tempfile::TempDir;

use super::healing::{copy, filled, settle};
use super::{entry, now, options, progress};
use crate::domain::Recorded;
use crate::journal::{
    BATCH_EVENTS_MAX, Hang, Journal, Lag, OpenReport, Options, Patience, STORE_LAG_EVENTS_MAX, SecondCopy,
    inspect,
};

/// Long enough to be a wait; what is waited for never comes.
const SHORT: Duration = Duration::from_millis(20);
/// Long enough for a store that works, on a loaded machine too.
const ENOUGH: Duration = Duration::from_secs(3);

fn open(dir: &Path, patience: Patience) -> (Journal, OpenReport) {
    // Without syncs: the store's own make it slow enough.
    Journal::open(dir, Options { patience, sync: false, ..options() }, now()).unwrap()
}

/// A journal whose store hangs from its second event on.
fn hanging(dir: &Path, stop: Duration) -> (Journal, Hang) {
    let patience = Patience { stop, ..Patience::default() };
    let hang = patience.hang.clone();
    let (journal, _) = open(dir, patience);
    journal.wait_for_store().unwrap();
    hang.hold();
    (journal, hang)
}

fn one(journal: &mut Journal, text: &str, after: TimeDelta) -> Recorded {
    journal.commit(vec![entry(vec![progress(text)])], now() + after).unwrap().remove(0)
}

#[test]
fn a_commit_is_acknowledged_while_the_store_hangs_and_it_is_told_since_when() {
    let home = TempDir::new().unwrap();
    let (mut journal, hang) = hanging(home.path(), Duration::from_mins(1));
    let minutes = TimeDelta::minutes;
    let events = [one(&mut journal, "a", minutes(1)), one(&mut journal, "b", minutes(9))];
    let read: Vec<Recorded> = journal.read(1).map(Result::unwrap).collect();
    assert_eq!(read, events);
    let bytes: u64 = journal.lines(1).map(|line| line.unwrap().bytes.len() as u64 + 1).sum();
    let lag = Lag { events: 2, bytes: bytes - 2, since: Some(now() + minutes(1)), failed: None };
    for later in [9, 11, 60] {
        assert_eq!(journal.store_lag(now() + minutes(later)), lag);
    }
    hang.release();
    journal.wait_for_store().unwrap();
    assert_eq!(journal.store_lag(now() + minutes(60)), Lag::default());
    journal.close().unwrap();
    assert_eq!(inspect(home.path()).unwrap().second_copy, SecondCopy::Same { events: 3 });
}

#[test]
fn a_stop_ends_while_the_store_hangs_and_the_next_start_makes_it_whole() {
    let home = TempDir::new().unwrap();
    let (data, next) = (home.path().join("data"), home.path().join("next"));
    let (mut journal, hang) = hanging(&data, ENOUGH);
    for text in ["a", "b", "c"] {
        one(&mut journal, text, TimeDelta::zero());
    }
    let events: Vec<Recorded> = journal.read(0).map(Result::unwrap).collect();
    let fault = journal.close().unwrap_err();
    assert_eq!(fault.to_string(), "the store does not work: 3 events did not get into it in time");
    // Another process finds what is on the disk, and no lock of this one's.
    copy(&data, &next);
    let (report, check) = settle(&next, &events, "after a hang");
    assert_eq!((report.store_behind, report.store_moved), (3, None));
    assert_eq!((check.events, check.rebuilt), (4, false));
    assert_eq!(inspect(&next).unwrap().second_copy, SecondCopy::Same { events: 4 });
    hang.release();
}

#[test]
fn beyond_what_waits_in_memory_the_store_reads_the_archive_and_recovers_when_that_can_be_read() {
    let home = TempDir::new().unwrap();
    let (mut journal, hang) = hanging(home.path(), Duration::from_mins(10));
    let batch = || entry((0..BATCH_EVENTS_MAX).map(|n| progress(&n.to_string())).collect());
    let batches = STORE_LAG_EVENTS_MAX / BATCH_EVENTS_MAX as u64 + 2;
    for _ in 0..batches {
        journal.commit(vec![batch()], now()).unwrap();
    }
    let events = batches * BATCH_EVENTS_MAX as u64;
    assert!(events > STORE_LAG_EVENTS_MAX);
    assert_eq!(journal.store_lag(now()).events, events);
    let (archive, away) = (home.path().join("archive"), home.path().join("away"));
    fs::rename(&archive, &away).unwrap();
    hang.release();
    journal.wait_for_store().unwrap_err();
    assert!(journal.store_lag(now()).failed.is_some());
    fs::rename(&away, &archive).unwrap();
    // One that has failed is tried again with a commit, which does not wait for it.
    one(&mut journal, "again", TimeDelta::minutes(1));
    while journal.store_lag(now()).failed.is_some() {
        std::thread::yield_now();
    }
    journal.wait_for_store().unwrap();
    assert_eq!(journal.store_lag(now()), Lag::default());
    journal.close().unwrap();
    assert_eq!(inspect(home.path()).unwrap().second_copy, SecondCopy::Same { events: events + 2 });
}

#[test]
fn a_store_that_does_not_open_is_moved_aside_and_where_that_does_not_help_done_without() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path());
    let patience = Patience { answer: SHORT, stop: SHORT, ..Patience::default() };
    let hang = patience.hang.clone();
    hang.hold();
    let (mut journal, report) = open(home.path(), patience);
    assert_eq!(report.store_moved, Some(home.path().join("store-damaged-1").display().to_string()));
    one(&mut journal, "a", TimeDelta::zero());
    let lag = journal.store_lag(now());
    assert_eq!((lag.events, lag.since), (events.len() as u64 + 1, Some(now())));
    assert_eq!(lag.failed.as_deref(), Some("no answer within 20ms"));
    let events: Vec<Recorded> = journal.read(0).map(Result::unwrap).collect();
    journal.close().unwrap_err();
    let (report, _) = settle(home.path(), &events, "after it did not open");
    assert_eq!(report.store_behind, events.len() as u64);
    let second = inspect(home.path()).unwrap().second_copy;
    assert_eq!(second, SecondCopy::Same { events: events.len() as u64 });
    hang.release();
}
