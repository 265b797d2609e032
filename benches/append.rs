//! Commits a second, beside a raw file with `fdatasync` in the same run: `cargo bench --bench append`.
//!
//! Rounds are interleaved, and ratios are taken of best rounds, because syncs are bimodal.
#![expect(clippy::disallowed_methods, reason = "a bench measures")]
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench prints, and stops where it fails")]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::DateTime;
use duban::domain::{Actor, Event, NewEvent, Stream};
use duban::journal::{Entry, Journal, Options, Patience};

const ROUNDS: usize = 9;

fn main() {
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    println!(
        "{:>10} {:>14} {:>14} {:>8} {:>16}",
        "per commit", "raw events/s", "duban events/s", "ratio", "ratio, medians"
    );
    for (per_commit, commits) in [(1, 300), (64, 60)] {
        let mut raw = Vec::new();
        let mut duban = Vec::new();
        let (mut journal, _) =
            Journal::open(&home.path().join(format!("data-{per_commit}")), options(), DateTime::UNIX_EPOCH)
                .expect("a journal");
        let mut file = File::create(home.path().join(format!("raw-{per_commit}"))).expect("a file");
        let line = line_of(&mut journal);
        for _ in 0..ROUNDS {
            raw.push(raw_round(&mut file, &line, per_commit, commits));
            duban.push(journal_round(&mut journal, per_commit, commits));
            journal.wait_for_store().expect("the store");
        }
        let (raw_best, raw_median) = best_and_median(raw);
        let (best, median) = best_and_median(duban);
        let (ratio, medians) = (best / raw_best, median / raw_median);
        println!("{per_commit:>10} {raw_best:>14.0} {best:>14.0} {ratio:>8.2} {medians:>16.2}");
    }
    sustained(&home.path().join("sustained"));
}

/// As a daemon's, but the store is waited for until it holds all.
fn options() -> Options {
    let patience = Patience { stop: Duration::from_mins(10), ..Patience::default() };
    Options { patience, ..Options::default() }
}

/// Without a pause, longer than what waits for the store fits into memory.
fn sustained(dir: &Path) {
    let (mut journal, _) = Journal::open(dir, options(), DateTime::UNIX_EPOCH).expect("a journal");
    let begun = Instant::now();
    let commits = 5000;
    for _ in 0..commits {
        journal.commit(vec![entry(64)], DateTime::UNIX_EPOCH).expect("a commit");
    }
    journal.wait_for_store().expect("the store");
    println!(
        "sustained, 64 per commit, until the store holds all: {:.0} events/s",
        rate(64 * commits, begun)
    );
    drop(journal);
    let begun = Instant::now();
    let (journal, report) = Journal::open(dir, Options::default(), DateTime::UNIX_EPOCH).expect("a journal");
    let opened = begun.elapsed();
    let begun = Instant::now();
    let events = journal.read(0).flatten().count();
    println!("open {events} events: {opened:.0?}; read and decode: {:.0} events/s", rate(events, begun));
    let begun = Instant::now();
    let checked = report.check.and_then(|check| check.recv().ok()).expect("a report");
    println!("background check of the rest: {} events, {:.0?}", checked.events, begun.elapsed());
}

fn raw_round(file: &mut File, line: &[u8], per_commit: usize, commits: usize) -> f64 {
    let bytes = line.repeat(per_commit);
    let begun = Instant::now();
    for _ in 0..commits {
        file.write_all(&bytes).expect("written");
        file.sync_data().expect("synced");
    }
    rate(per_commit * commits, begun)
}

fn journal_round(journal: &mut Journal, per_commit: usize, commits: usize) -> f64 {
    let batches: Vec<Entry> = (0..commits).map(|_| entry(per_commit)).collect();
    let begun = Instant::now();
    for batch in batches {
        journal.commit(vec![batch], DateTime::UNIX_EPOCH).expect("a commit");
    }
    rate(per_commit * commits, begun)
}

/// Events of about 540 bytes as stored.
fn entry(count: usize) -> Entry {
    let assignment = "yangcheng-2021-air/machinery-check/2021Q2/eco-env".parse().expect("an assignment");
    let text = "已检查三家企业".repeat(5);
    let event =
        Event::ProgressReported { assignment, text, problem: None, next_steps: None, unchanged: false };
    let stream: Stream = "plan/yangcheng-2021-air".parse().expect("a stream");
    let new = NewEvent { stream, occurred_on: None, event };
    Entry { by: Actor::system(), cause: Some(1), request: None, events: vec![new; count] }
}

fn line_of(journal: &mut Journal) -> Vec<u8> {
    journal.commit(vec![entry(1)], DateTime::UNIX_EPOCH).expect("a commit");
    let mut line = journal.lines(1).next().expect("a line").expect("a line").bytes;
    line.push(b'\n');
    line
}

#[expect(clippy::cast_precision_loss, reason = "a few digits are enough")]
fn rate(events: usize, begun: Instant) -> f64 {
    events as f64 / begun.elapsed().as_secs_f64()
}

fn best_and_median(mut rates: Vec<f64>) -> (f64, f64) {
    rates.sort_by(f64::total_cmp);
    let at = |index: usize| rates.get(index).copied().unwrap_or_default();
    (at(rates.len() - 1), at(rates.len() / 2))
}
