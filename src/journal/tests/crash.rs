//! Crashes, failing syncs and full disks over a disk in memory: what was acknowledged stays.

use std::collections::BTreeSet;
use std::path::Path;

use super::{entry, now, options, progress};
use crate::domain::{Digest, Recorded};
use crate::journal::{Disk, Faults, FaultyDisk, Journal, JournalFault, Options, Plant, Shelf};

/// Batches of the small run; segments hold 8 events, so that it begins four.
const BATCHES: [usize; 9] = [1, 3, 2, 5, 1, 4, 8, 1, 2];

fn dir() -> &'static Path {
    Path::new("/duban/data")
}

fn over(disk: &FaultyDisk) -> Options {
    Options { disk: Disk::Faulty(disk.clone()), segment_events: 8, ..options() }
}

/// What somebody was told is safe.
#[derive(Default)]
struct Told {
    events: Vec<Recorded>,
    files: Vec<Digest>,
    /// size of the batch that was under way
    under_way: usize,
}

impl Told {
    /// Commits the small run until something fails.
    fn run(&mut self, disk: &FaultyDisk, from: usize) -> Result<(), JournalFault> {
        self.under_way = 1;
        let (mut journal, _) = Journal::open(dir(), over(disk), now())?;
        if self.events.is_empty() {
            self.events = journal.read(0).collect::<Result<_, _>>()?;
        }
        for (at, size) in BATCHES.iter().enumerate().skip(from) {
            self.under_way = *size;
            self.files.push(journal.shelves().put(Shelf::Letters, format!("letter {at}").as_bytes())?);
            let events = (0..*size).map(|n| progress(&format!("{at}.{n}"))).collect();
            self.events.extend(journal.commit(vec![entry(events)], now())?);
        }
        self.under_way = 0;
        Ok(())
    }

    /// Opens again: everything is there, and at most the batch under way besides, whole.
    fn check(&self, disk: &FaultyDisk, what: &str) -> Journal {
        let (journal, _) = Journal::open(dir(), over(disk), now()).unwrap_or_else(|e| panic!("{what}: {e}"));
        let found: Vec<Recorded> =
            journal.read(0).map(|e| e.unwrap_or_else(|e| panic!("{what}: {e}"))).collect();
        let told = self.events.len();
        assert!(found.len() >= told, "{what}: {told} were acknowledged, {} are left", found.len());
        assert_eq!(found[..told], self.events[..], "{what}");
        let more = found.len() - told;
        assert!(
            more == 0 || more == self.under_way || told == 0 && more == 1,
            "{what}: {more} more, half a batch"
        );
        for file in &self.files {
            let bytes =
                journal.shelves().get(Shelf::Letters, *file).unwrap_or_else(|e| panic!("{what}: {e}"));
            assert!(bytes.is_some(), "{what}: an attached file is lost");
        }
        journal
    }
}

fn operations_of_a_run() -> u64 {
    let disk = FaultyDisk::new(0);
    Told::default().run(&disk, 0).unwrap();
    disk.operations()
}

#[test]
fn a_crash_at_any_operation_loses_nothing_that_was_acknowledged() {
    let operations = operations_of_a_run();
    for seed in 0..100 {
        for stop in 0..operations {
            let disk = FaultyDisk::new(seed * 1000 + stop);
            disk.power_out_after(stop);
            let mut told = Told::default();
            assert!(told.run(&disk, 0).is_err());
            disk.crash();
            // the power goes again during the start
            if seed % 3 == 0 {
                disk.power_out_after((seed + stop) % 23);
                let _ = Journal::open(dir(), over(&disk), now());
                disk.crash();
            }
            let what = format!("seed {seed}, stopped after {stop}");
            let mut journal = told.check(&disk, &what);
            let more = journal.commit(vec![entry(vec![progress("after")])], now()).unwrap();
            drop(journal);
            disk.crash();
            let (journal, _) = Journal::open(dir(), over(&disk), now()).unwrap();
            assert_eq!(journal.head().hash, more[0].hash, "{what}");
        }
    }
}

#[test]
fn failing_writes_and_syncs_lose_nothing_either() {
    let (mut exits, mut refusals) = (0, 0);
    for seed in 0..300 {
        let disk = FaultyDisk::new(seed);
        let mut told = Told::default();
        told.run(&disk, BATCHES.len()).unwrap();
        disk.set_faults(Faults { write_error_one_in: 7, sync_error_one_in: 9, ..Faults::default() });
        let mut open: Option<Journal> = None;
        for at in 0..40 {
            let journal = match open.as_mut() {
                Some(journal) => journal,
                None => match Journal::open(dir(), over(&disk), now()) {
                    Ok((journal, _)) => open.insert(journal),
                    Err(_) => continue,
                },
            };
            // what stands after a failed commit is only known after the next start
            if journal.head().position > told.events.len() as u64 {
                told.events = journal.read(0).map(Result::unwrap).collect();
            }
            match journal.commit(vec![entry(vec![progress(&at.to_string()), progress("and")])], now()) {
                Ok(recorded) => told.events.extend(recorded),
                Err(e) if e.must_exit() => {
                    exits += 1;
                    let again = journal.commit(vec![entry(vec![progress("no")])], now());
                    assert!(again.is_err_and(|e| e.must_exit()), "a poisoned journal takes nothing");
                    assert!(journal.shelves().put(Shelf::Letters, b"no").is_err_and(|e| e.must_exit()));
                    open = None;
                }
                Err(_) => {
                    refusals += 1;
                    assert_eq!(journal.head().position, told.events.len() as u64);
                }
            }
        }
        drop(open);
        disk.set_faults(Faults::default());
        if seed % 2 == 0 {
            disk.crash();
        }
        told.under_way = 2;
        told.check(&disk, &format!("seed {seed}"));
    }
    assert!(exits > 100 && refusals > 100, "{exits} {refusals}");
}

#[test]
fn after_a_failed_sync_the_next_start_trusts_no_cache() {
    for seed in 0..30 {
        let disk = FaultyDisk::new(seed);
        let mut told = Told::default();
        told.run(&disk, 4).unwrap();
        let (mut journal, _) = Journal::open(dir(), over(&disk), now()).unwrap();
        disk.fail_syncs(1);
        let fault = journal.commit(vec![entry(vec![progress("lost?")])], now()).unwrap_err();
        assert!(fault.must_exit() && fault.to_string().contains("start anew"), "{fault}");
        drop(journal);
        // the process starts again, the machine does not: the cache still shows the event
        let (mut journal, _) = Journal::open(dir(), over(&disk), now()).unwrap();
        told.events = journal.read(0).map(Result::unwrap).collect();
        told.events.extend(journal.commit(vec![entry(vec![progress("next")])], now()).unwrap());
        disk.crash();
        told.under_way = 0;
        told.check(&disk, &format!("seed {seed}"));
    }
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let disk = FaultyDisk::new(1);
    let mut told = Told::default();
    told.run(&disk, 0).unwrap();
    let (mut journal, _) = Journal::open(dir(), over(&disk), now()).unwrap();
    disk.set_faults(Faults { space_bytes: Some(1), ..Faults::default() });
    for _ in 0..3 {
        let fault = journal.commit(vec![entry(vec![progress("no room")])], now()).unwrap_err();
        assert!(matches!(fault, JournalFault::DiskFull { .. }), "{fault}");
        assert!(fault.to_string().contains("free some space"));
    }
    disk.set_faults(Faults::default());
    told.events.extend(journal.commit(vec![entry(vec![progress("room")])], now()).unwrap());
    disk.crash();
    told.check(&disk, "after the disk was full");
}

#[test]
fn a_batch_cut_short_is_kept_aside_and_told() {
    let disk = FaultyDisk::new(1);
    let mut told = Told::default();
    told.run(&disk, 0).unwrap();
    let archive = dir().join("archive");
    let before: BTreeSet<String> = Disk::Faulty(disk.clone()).list(&archive).unwrap().into_iter().collect();
    // a batch of two of which only one line came out
    let last = before.iter().next_back().unwrap();
    let (mut journal, _) = Journal::open(dir(), over(&disk), now()).unwrap();
    journal.commit(vec![entry(vec![progress("a"), progress("b")])], now()).unwrap();
    let path = archive.join(last);
    let bytes = disk.read(&path, 0).unwrap().unwrap();
    let cut = bytes[..bytes.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 20;
    disk.open_growing(&path).unwrap().cut(cut as u64).unwrap();
    let (journal, report) = Journal::open(dir(), over(&disk), now()).unwrap();
    assert_eq!(journal.head().position, told.events.len() as u64);
    let torn = archive.join(format!("torn-{:020}", told.events.len() + 1));
    assert_eq!(report.torn, Some(torn.display().to_string()));
    assert!(disk.read(&torn, 0).unwrap().unwrap().starts_with(b"{\"position\":29,"));
    told.check(&disk, "after a torn batch");
}

#[test]
fn planted_faults_show() {
    let lost = |plant: Plant| {
        (0..50).any(|seed| {
            let disk = FaultyDisk::new(seed);
            let planted = Options { plant: Some(plant), ..over(&disk) };
            let mut told = Told::default();
            told.run(&disk, BATCHES.len()).unwrap();
            let (mut journal, _) = Journal::open(dir(), planted.clone(), now()).unwrap();
            let recorded = journal.commit(vec![entry(vec![progress("x")])], now()).unwrap();
            drop(journal);
            disk.crash();
            let (journal, _) = Journal::open(dir(), planted, now()).unwrap();
            journal.head().position < recorded[0].position
        })
    };
    assert!(lost(Plant::SyncLeftOut) && lost(Plant::TailLost));
}
