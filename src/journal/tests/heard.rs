//! A start and an inspection hear the same witnesses, name the first position that one contradicts, and one cause.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use super::healing::{copy, files, filled, filled_with, forge, open};
use super::{entry, now, progress};
use crate::domain::{Digest, Event};
use crate::journal::{Finding, JournalFault, Kind, Part, SecondCopy, Shelf, backup, inspect, links};

/// A letter of a second after the last event.
fn letter(second: u32, id: &str) -> String {
    format!("Message-ID: <{id}>\r\nDate: Wed, 23 Jun 2021 09:00:{second:02} +0800\r\n\r\nbody")
}

fn archived(data: &Path, letter: &str) -> PathBuf {
    let path = data.join(Shelf::Letters.path(Digest::of(letter.as_bytes())));
    fs::write(&path, letter).unwrap();
    path
}

/// The first finding that contradicts; the start refuses with the same words, twice.
fn refused(data: &Path) -> Finding {
    let seen = inspect(data).unwrap();
    let first = seen.faults().find(|fault| fault.kind.contradicts());
    let first = first.unwrap_or_else(|| panic!("nothing contradicts in {:?}", seen.findings)).clone();
    for _ in 0..2 {
        let fault = open(data).expect_err("the start goes");
        let JournalFault::Contradicted { place, position, what } = &fault else { panic!("{fault}") };
        assert_eq!((place, Some(*position), what), (&first.place, first.position, &first.what));
    }
    first
}

#[test]
fn a_start_refuses_what_an_inspection_calls_contradicted() {
    let home = TempDir::new().unwrap();
    let whole = home.path().join("whole");
    let end = filled(&whole).len() as u64;
    let data = home.path().join("data");

    // Letters that were written after the last event, whatever their files' times say.
    copy(&whole, &data);
    for second in 10..12 {
        let path = archived(&data, &letter(second, "later@duban"));
        File::open(path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    let first = refused(&data);
    assert_eq!((first.kind, first.position), (Kind::LaterLetters, Some(end + 1)));
    fs::remove_dir_all(&data).unwrap();

    // One that went.
    copy(&whole, &data);
    fs::create_dir(data.join("outbox")).unwrap();
    let sent = data.join("outbox/2021-0623-09-police-gone.eml");
    fs::write(&sent, letter(10, "gone@duban")).unwrap();
    let first = refused(&data);
    assert_eq!((first.kind, first.position), (Kind::SentLetters, Some(end + 1)));
    assert_eq!(first.place, sent.canonicalize().unwrap().display().to_string());
    fs::remove_file(sent).unwrap();
    open(&data).unwrap().0.close().unwrap();
}

#[test]
fn a_note_that_cannot_be_read_refuses_no_start_and_is_told_by_it() {
    let home = TempDir::new().unwrap();
    filled(home.path());
    fs::write(home.path().join("last-backup"), "?").unwrap();
    let (journal, report) = open(home.path()).unwrap();
    assert_eq!(report.findings.iter().map(|told| told.kind).collect::<Vec<_>>(), [Kind::NoteUnreadable]);
    journal.close().unwrap();
}

#[test]
fn the_lowest_position_that_a_witness_contradicts_is_named() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path());
    let noted = events.len() as u64;
    backup(home.path(), &TempDir::new().unwrap().path().join("backup"), None).unwrap();
    let (mut journal, _) = open(home.path()).unwrap();
    journal.commit(vec![entry(vec![progress("a"), progress("b")])], now()).unwrap();
    journal.close().unwrap();
    let position = events.iter().position(|e| matches!(e.event, Event::ProgressReported { .. })).unwrap() + 1;
    forge(home.path(), position, true);
    fs::remove_dir_all(home.path().join("store")).unwrap();
    let first = refused(home.path());
    assert_eq!((first.kind, first.position, first.more), (Kind::NoteContradicts, Some(noted), 1));
    assert!(first.place.ends_with("last-backup"), "store-reached names {}: {}", noted + 2, first.place);
}

#[test]
fn an_archive_in_disorder_without_a_second_copy_is_one_cause_that_a_start_cures() {
    let home = TempDir::new().unwrap();
    let events = filled_with(home.path(), 60);
    let segment = files(&home.path().join("archive")).remove(0);
    let text = fs::read_to_string(&segment).unwrap();
    let twice: Vec<&str> = text.split_inclusive('\n').take(9).chain([text.as_str()]).collect();
    fs::write(&segment, twice.concat()).unwrap();
    fs::remove_dir_all(home.path().join("store")).unwrap();
    let seen = inspect(home.path()).unwrap();
    let faults: Vec<_> = seen.faults().collect();
    assert_eq!(
        faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(),
        [Kind::ArchiveDisorder],
        "{faults:?}"
    );
    assert!(faults[0].what.ends_with("none is missing; the second copy is gone or can't be opened"));
    assert!(Part::Archive.cure().starts_with("start duban once"));
    assert_eq!((seen.events, seen.second_copy), (events.len() as u64, SecondCopy::Gone));
    open(home.path()).unwrap().0.close().unwrap();
    let seen = inspect(home.path()).unwrap();
    assert_eq!((seen.sound(), seen.events), (true, events.len() as u64), "{:?}", seen.findings);
}

#[test]
fn where_both_copies_are_gone_what_is_left_says_so() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path()).len();
    for gone in ["archive", "store"] {
        fs::remove_dir_all(home.path().join(gone)).unwrap();
    }
    let first =
        inspect(home.path()).unwrap().faults().find(|fault| fault.kind.contradicts()).unwrap().clone();
    assert_eq!((first.kind, first.position), (Kind::NoteContradicts, Some(1)));
    assert!(first.what.contains(&format!("{events} events were here")), "{}", first.what);
}

#[test]
fn a_planted_link_is_one_cause_and_a_backup_names_it_before_it_copies_anything() {
    let home = TempDir::new().unwrap();
    let whole = home.path().join("whole");
    filled(&whole);
    let (data, into) = (home.path().join("data"), home.path().join("backup"));
    for planted in [
        "letters/named",
        "letters",
        "people/planted",
        "archive",
        "evidence/planted",
        "store",
        "store/conf",
        "planted",
    ] {
        copy(&whole, &data);
        let place = match planted {
            "letters/named" => files(&data.join("letters")).remove(0),
            planted => data.join(planted),
        };
        let outside = home.path().join("outside");
        if fs::symlink_metadata(&place).is_ok() {
            fs::rename(&place, &outside).unwrap();
        } else {
            fs::write(&outside, "another file of the machine").unwrap();
        }
        std::os::unix::fs::symlink(&outside, &place).unwrap();
        assert_eq!(links(&data), std::slice::from_ref(&place), "{planted}");
        let seen = inspect(&data).unwrap();
        let faults: Vec<_> = seen.faults().map(|fault| (fault.kind, fault.place.clone())).collect();
        let place = place.display().to_string();
        assert_eq!(faults, [(Kind::Linked, place.clone())], "{planted}: {:?}", seen.findings);
        let copied = backup(&data, &into, None);
        if planted.contains("store") || planted == "planted" {
            copied.unwrap();
            fs::remove_dir_all(&into).unwrap();
        } else {
            let fault = copied.unwrap_err();
            assert!(matches!(&fault, JournalFault::Linked { place: told } if *told == place), "{fault}");
            assert!(!into.exists(), "{planted}: nothing half-copied is in the way of the next one");
        }
        fs::remove_dir_all(&data).unwrap();
        if outside.is_dir() { fs::remove_dir_all(&outside) } else { fs::remove_file(&outside) }.unwrap();
    }
}
