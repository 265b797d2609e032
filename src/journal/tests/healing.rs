//! Two copies on a real disk: what one loses the other gives back, and what can't be told is refused.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{entry, now, options, progress, samples};
use crate::domain::{Event, NewEvent, Recorded};
use crate::journal::line::{Hash, frame, seal};
use crate::journal::{CheckReport, Journal, JournalFault, OpenReport, Options, SecondCopy, Shelf, inspect};

pub(super) fn open(dir: &Path) -> Result<(Journal, OpenReport), JournalFault> {
    Journal::open(dir, Options { segment_events: 40, ..options() }, now())
}

/// A closed data directory with about 120 events in three segments, and what it holds.
pub(super) fn filled(dir: &Path) -> Vec<Recorded> {
    filled_with(dir, 40)
}

pub(super) fn filled_with(dir: &Path, batches: u32) -> Vec<Recorded> {
    let (mut journal, report) = open(dir).unwrap();
    assert!(report.created);
    for at in 0..batches {
        let mut events: Vec<NewEvent> = (0..at % 5).map(|n| progress(&format!("进展 {at}.{n}"))).collect();
        let queued = samples::all().into_iter().find(|e| matches!(e, Event::LetterQueued(_)));
        if let Some(Event::LetterQueued(mut queued)) = queued.filter(|_| at % (batches / 4) == 0) {
            queued.archived =
                journal.shelves().put(Shelf::Letters, format!("letter {at}").as_bytes()).unwrap();
            let event = Event::LetterQueued(queued);
            events.push(NewEvent { stream: samples::name("letter/2021-0623-07"), occurred_on: None, event });
        }
        journal.commit(vec![entry(events)], now()).unwrap();
    }
    let all = journal.read(0).map(Result::unwrap).collect();
    journal.close().unwrap();
    all
}

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_name() == "ballast" {
            fs::hard_link(entry.path(), target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Opens, waits for the store and the background check, closes.
pub(super) fn settle(dir: &Path, events: &[Recorded], what: &str) -> (OpenReport, CheckReport) {
    let (journal, mut report) = open(dir).unwrap_or_else(|e| panic!("{what}: {e}"));
    let found: Vec<Recorded> = journal.read(0).map(Result::unwrap).collect();
    assert_eq!(found, events, "{what}");
    let check = report.check.take().unwrap().recv().unwrap_or_else(|e| panic!("{what}: {e}"));
    journal.close().unwrap();
    (report, check)
}

pub(super) fn assert_sound(dir: &Path, events: &[Recorded], what: &str) {
    let inspection = inspect(dir).unwrap();
    assert!(inspection.sound(), "{what}: {:?}", inspection.findings);
    assert_eq!(inspection.second_copy, SecondCopy::Same { events: events.len() as u64 }, "{what}");
    assert_eq!((inspection.events, inspection.letters), (events.len() as u64, 4), "{what}");
}

pub(super) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if fs::metadata(&path).unwrap().len() > 0 {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn flip_bits(part: &str, batches: u32, rounds: u64) {
    let home = TempDir::new().unwrap();
    let whole = home.path().join("whole");
    let events = filled_with(&whole, batches);
    let mut random = 7_u64;
    let mut next = |bound: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % bound
    };
    let mut seen = 0_u64;
    for round in 0..rounds {
        let dir = home.path().join("flipped");
        copy(&whole, &dir);
        let files = files(&dir.join(part));
        let sizes: Vec<u64> = files.iter().map(|f| fs::metadata(f).unwrap().len()).collect();
        let mut at = next(sizes.iter().sum());
        let index = sizes.iter().position(|size| {
            let here = at < *size;
            at -= if here { 0 } else { *size };
            here
        });
        let path = &files[index.unwrap()];
        let mut bytes = fs::read(path).unwrap();
        if round % 2 == 1 {
            at = in_a_record(&bytes, next(1 << 31)).unwrap_or(at);
        }
        bytes[usize::try_from(at).unwrap()] ^= 1 << next(8);
        fs::write(path, bytes).unwrap();
        let what = format!("round {round}: a bit of byte {at} in {}", path.display());
        let (report, check) = settle(&dir, &events, &what);
        let found = report.store_moved.is_some() || check.rebuilt || report.store_behind > 0;
        seen += u64::from(found || !report.healed_in_archive.is_empty() || !check.healed.is_empty());
        assert!(part == "store" || report.healed_in_archive.len() == 1 || at_line_feed(&report), "{what}");
        assert_eq!(check.findings, [], "{what}");
        assert_sound(&dir, &events, &what);
        fs::remove_dir_all(&dir).unwrap();
    }
    assert!(seen * 2 > rounds, "{part}: only {seen} of {rounds} flips were seen");
}

/// A byte of a record's line. How many older copies of it lie in sled's file hangs on its threads: half of
/// the flips go where a record was written last, so that as many are seen on every machine.
pub(super) fn in_a_record(bytes: &[u8], random: u64) -> Option<u64> {
    let begin = b"{\"position\":";
    let mut last = std::collections::BTreeMap::new();
    for at in 0..bytes.len() {
        if let Some(rest) = bytes.get(at..).and_then(|rest| rest.strip_prefix(begin)) {
            let digits: Vec<u8> = rest.iter().copied().take_while(u8::is_ascii_digit).collect();
            last.insert(digits, at + begin.len());
        }
    }
    let lines: Vec<usize> = last.into_values().collect();
    let line = lines.get(usize::try_from(random).ok()? % lines.len().max(1))?;
    u64::try_from(*line).ok()
}

/// A flipped line feed joins two lines.
fn at_line_feed(report: &OpenReport) -> bool {
    report.healed_in_archive.len() == 2
}

#[test]
fn a_bit_flipped_in_the_archive_is_healed() {
    flip_bits("archive", 40, 100);
}

#[test]
fn a_bit_flipped_in_the_store_is_healed_or_touches_no_record() {
    flip_bits("store", 40, 60);
    flip_bits("store", 1200, 40);
}

#[test]
fn a_lost_directory_or_file_is_rebuilt() {
    let home = TempDir::new().unwrap();
    let whole = home.path().join("whole");
    let events = filled(&whole);
    let segments = files(&whole.join("archive"));
    assert_eq!(segments.len(), 3);
    let archived: Vec<Vec<u8>> = segments.iter().map(|s| fs::read(s).unwrap()).collect();
    let part = |path: &Path| path.strip_prefix(&whole).unwrap().to_owned();
    let mut lost: Vec<PathBuf> = segments.iter().map(|s| part(s)).collect();
    lost.extend(["archive".into(), "store".into(), "store/db".into(), "store/conf".into(), "format".into()]);
    for lost in lost {
        let dir = home.path().join("lost");
        copy(&whole, &dir);
        let path = dir.join(&lost);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        let what = format!("without {}", lost.display());
        settle(&dir, &events, &what);
        assert_sound(&dir, &events, &what);
        let bytes: Vec<u8> = files(&dir.join("archive")).iter().flat_map(|s| fs::read(s).unwrap()).collect();
        assert_eq!(bytes, archived.concat(), "{what}: the same bytes");
        fs::remove_dir_all(&dir).unwrap();
    }
}

#[test]
fn a_store_that_fell_behind_catches_up_and_one_that_is_ahead_gives_back() {
    let home = TempDir::new().unwrap();
    let (ahead, behind) = (home.path().join("ahead"), home.path().join("behind"));
    filled(&behind);
    copy(&behind, &ahead);
    let (mut journal, _) = open(&ahead).unwrap();
    journal.commit(vec![entry(vec![progress("a"), progress("b")])], now()).unwrap();
    let events: Vec<Recorded> = journal.read(0).map(Result::unwrap).collect();
    journal.close().unwrap();
    for (archive, store) in [(&ahead, &behind), (&behind, &ahead)] {
        let dir = home.path().join("mixed");
        copy(archive, &dir);
        fs::remove_dir_all(dir.join("store")).unwrap();
        copy(&store.join("store"), &dir.join("store"));
        fs::copy(store.join("store-reached"), dir.join("store-reached")).unwrap();
        let (report, _) = settle(&dir, &events, "mixed");
        assert_eq!(
            (report.store_behind == 2, report.healed_in_archive.len() == 2),
            (archive == &ahead, archive == &behind)
        );
        fs::remove_dir_all(&dir).unwrap();
    }
}

/// Rewrites the data of one event, and with `consistently` all hashes after it.
pub(super) fn forge(dir: &Path, position: usize, consistently: bool) {
    let mut prev = None;
    let mut at = 0;
    for path in files(&dir.join("archive")) {
        let text = fs::read_to_string(&path).unwrap();
        let mut forged = String::new();
        for line in text.lines() {
            at += 1;
            let line = if at < position || at > position && !consistently {
                line.to_owned()
            } else {
                let old = frame(line.as_bytes()).unwrap();
                let body = line[..line.find(",\"prev\":\"").unwrap()].replace("进展", "没有");
                let (line, hash): (String, Hash) = seal(body, prev.unwrap_or(old.prev));
                prev = Some(hash);
                line
            };
            forged.push_str(&line);
            forged.push('\n');
        }
        fs::write(&path, forged).unwrap();
    }
}

#[test]
fn two_histories_are_refused_and_nothing_is_changed() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path());
    let position = events.iter().position(|e| matches!(e.event, Event::ProgressReported { .. })).unwrap() + 1;
    forge(home.path(), position, true);
    let before: Vec<Vec<u8>> =
        files(&home.path().join("archive")).iter().map(|f| fs::read(f).unwrap()).collect();
    for _ in 0..2 {
        let fault = open(home.path()).unwrap_err();
        assert!(
            matches!(fault, JournalFault::HistoriesDiffer { position: p } if p == position as u64),
            "{fault}"
        );
    }
    let after: Vec<Vec<u8>> =
        files(&home.path().join("archive")).iter().map(|f| fs::read(f).unwrap()).collect();
    assert!(before == after);
    let inspection = inspect(home.path()).unwrap();
    assert!(
        inspection.faults().any(|f| f.position == Some(position as u64) && f.what.contains("two histories"))
    );
}

#[test]
fn a_rewritten_line_that_its_neighbours_do_not_name_is_healed() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path());
    let position = events.iter().position(|e| matches!(e.event, Event::ProgressReported { .. })).unwrap() + 1;
    forge(home.path(), position, false);
    let inspection = inspect(home.path()).unwrap();
    assert!(inspection.faults().any(|f| f.what.contains("rewritten")), "{:?}", inspection.findings);
    settle(home.path(), &events, "one line rewritten");
    assert_sound(home.path(), &events, "one line rewritten");
}

#[test]
fn damage_that_no_copy_makes_good_is_refused_with_its_position() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path());
    fs::remove_dir_all(home.path().join("store")).unwrap();
    let path = files(&home.path().join("archive")).remove(0);
    let mut bytes = fs::read(&path).unwrap();
    bytes[2000] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let position = String::from_utf8_lossy(&bytes[..2000]).lines().count() as u64;
    let fault = open(home.path()).unwrap_err();
    assert!(matches!(&fault, JournalFault::Damaged { position: p, .. } if *p == position), "{fault}");
    assert_eq!(fs::read(&path).unwrap(), bytes, "nothing was changed");
    let inspection = inspect(home.path()).unwrap();
    assert!(inspection.events < events.len() as u64 && !inspection.sound());
    // the last line, which only a crash could have cut short
    bytes[2000] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let path = files(&home.path().join("archive")).pop().unwrap();
    let bytes = fs::read(&path).unwrap();
    for wrong in [bytes.len() - 100, bytes.len() - 1] {
        let mut bytes = bytes.clone();
        bytes[wrong] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let fault = open(home.path()).unwrap_err();
        assert!(matches!(&fault, JournalFault::Damaged { .. }), "{fault}");
    }
}

#[test]
fn a_journal_of_which_nothing_is_left_is_not_begun_anew() {
    let home = TempDir::new().unwrap();
    filled(home.path());
    fs::remove_dir_all(home.path().join("store")).unwrap();
    fs::remove_dir_all(home.path().join("archive")).unwrap();
    for _ in 0..2 {
        let fault = open(home.path()).unwrap_err().to_string();
        assert!(fault.contains("events were here"), "{fault}");
    }
}
