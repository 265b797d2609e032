//! What a stopped data directory says of itself: links, short copies, rewritten and cut histories.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use super::healing::{copy, files, filled, filled_with, forge, in_a_record, open};
use super::now;
use crate::domain::{Digest, Event};
use crate::journal::line::frame;
use crate::journal::{
    Finding, Inspection, JournalFault, Kind, Part, SecondCopy, Shelf, backup, inspect, read_archive, restore,
};

fn first(inspection: &Inspection, kind: Kind) -> &Finding {
    let found = inspection.findings.iter().find(|finding| finding.kind == kind);
    found.unwrap_or_else(|| panic!("no {kind:?} in {:?}", inspection.findings))
}

/// Removes at least so many lines from the archive's end, whole batches; the position where it ends then.
fn cut_tail(dir: &Path, lines: usize) -> u64 {
    let mut cut = 0;
    loop {
        let last = files(&dir.join("archive")).pop().unwrap();
        let text = fs::read_to_string(&last).unwrap();
        let mut kept: Vec<&str> = text.lines().collect();
        while let Some(line) = kept.last() {
            let frame = frame(line.as_bytes()).unwrap();
            if cut >= lines && frame.position == frame.batch_end {
                fs::write(&last, kept.join("\n") + "\n").unwrap();
                return frame.position;
            }
            kept.pop();
            cut += 1;
        }
        fs::remove_file(last).unwrap();
    }
}

fn everything(dir: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut all: Vec<_> =
        files(dir).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    all.retain(|(path, _)| !path.ends_with("lock") && !path.starts_with(dir.join("store")));
    all
}

#[test]
fn a_history_rewritten_in_one_copy_while_the_other_is_deleted_is_contradicted() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path());
    let position = events.iter().position(|e| matches!(e.event, Event::ProgressReported { .. })).unwrap() + 1;
    forge(home.path(), position, true);
    fs::remove_dir_all(home.path().join("store")).unwrap();
    let end = events.len() as u64;
    let seen = inspect(home.path()).unwrap();
    assert!(!seen.sound() && seen.readable());
    let note = first(&seen, Kind::NoteContradicts);
    assert_eq!((note.position, note.place.rsplit('/').next()), (Some(end), Some("store-reached")));
    assert_eq!(seen.second_copy, SecondCopy::Gone);
    let before = everything(home.path());
    for _ in 0..2 {
        let fault = open(home.path()).unwrap_err();
        assert!(matches!(fault, JournalFault::Contradicted { position, .. } if position == end), "{fault}");
        fs::remove_dir_all(home.path().join("store")).unwrap();
    }
    assert_eq!(everything(home.path()), before, "nothing was rebuilt");
}

#[test]
fn a_tail_cut_off_both_copies_is_refused_at_a_start_and_each_witness_says_so() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path());
    let kept = home.path().join("kept");
    backup(home.path(), &TempDir::new().unwrap().path().join("backup"), None).unwrap();
    let end = cut_tail(home.path(), 6);
    fs::remove_dir_all(home.path().join("store")).unwrap();
    let contradicts = |witness: &str| {
        let seen = inspect(home.path()).unwrap();
        let note = first(&seen, Kind::NoteContradicts);
        assert_eq!((note.position, note.place.rsplit('/').next()), (Some(end + 1), Some(witness)));
        assert!(note.what.contains(&format!("{} events were here", events.len())), "{}", note.what);
        assert!(!seen.sound());
        let fault = open(home.path()).unwrap_err();
        assert!(
            matches!(fault, JournalFault::Contradicted { position, .. } if position == end + 1),
            "{fault}"
        );
        fs::remove_dir_all(home.path().join("store")).unwrap();
    };
    contradicts("store-reached");
    fs::rename(home.path().join("store-reached"), &kept).unwrap();
    contradicts("last-backup");
    fs::remove_file(home.path().join("last-backup")).unwrap();
    let seen = inspect(home.path()).unwrap();
    assert!(seen.findings.iter().all(|finding| finding.kind != Kind::NoteContradicts), "{:?}", seen.findings);
    open(home.path()).unwrap().0.close().unwrap();
}

#[test]
fn a_note_that_is_there_and_names_no_event_is_told() {
    let home = TempDir::new().unwrap();
    filled(home.path());
    fs::write(home.path().join("store-reached"), "?").unwrap();
    let seen = inspect(home.path()).unwrap();
    let note = first(&seen, Kind::NoteUnreadable);
    assert_eq!(note.what, "it is there and names no event: what it said of the journal's end is lost");
    assert!(!seen.sound());
}

#[test]
fn letters_of_events_that_were_cut_off_say_so() {
    let home = TempDir::new().unwrap();
    filled(home.path());
    for note in ["store-reached", "last-backup"] {
        let _ = fs::remove_file(home.path().join(note));
    }
    let letter = |second: u32, id: &str| {
        let text =
            format!("Message-ID: <{id}>\r\nDate: Wed, 23 Jun 2021 09:00:{second:02} +0800\r\n\r\nbody");
        let path = home.path().join(Shelf::Letters.path(Digest::of(text.as_bytes())));
        (path, text)
    };
    let (path, text) = letter(10, "one@duban");
    fs::write(path, text).unwrap();
    let seen = inspect(home.path()).unwrap();
    assert!(seen.sound(), "one letter is what a crash leaves: {:?}", seen.findings);
    assert!(first(&seen, Kind::UnnamedLetter).what.contains("a crash"));
    open(home.path()).unwrap().0.close().unwrap();
    for second in 11..21 {
        let (path, text) = letter(second, "more@duban");
        fs::write(path, text).unwrap();
    }
    let seen = inspect(home.path()).unwrap();
    let later = first(&seen, Kind::LaterLetters);
    assert_eq!(later.position, Some(seen.events + 1));
    assert!(
        later.what.starts_with("11 letters") && later.what.contains("2021-06-23 01:00:10"),
        "{}",
        later.what
    );
    assert!(seen.has_fault(Part::Witness));
    let fault = open(home.path()).unwrap_err();
    let end = seen.events;
    assert!(
        matches!(&fault, JournalFault::Contradicted { position, what, .. } if *position == end + 1 && *what == later.what),
        "no start makes the history that is left the only one: {fault}"
    );
}

#[test]
fn a_letter_of_a_journal_that_is_gone_lets_no_new_one_begin() {
    let home = TempDir::new().unwrap();
    filled(home.path());
    for gone in ["archive", "store"] {
        fs::remove_dir_all(home.path().join(gone)).unwrap();
    }
    for note in ["store-reached", "last-backup"] {
        let _ = fs::remove_file(home.path().join(note));
    }
    let text = "Message-ID: <one@duban>\r\nDate: Wed, 23 Jun 2021 09:00:10 +0800\r\n\r\nbody";
    fs::write(home.path().join(Shelf::Letters.path(Digest::of(text.as_bytes()))), text).unwrap();
    let fault = open(home.path()).unwrap_err();
    assert!(
        matches!(&fault, JournalFault::Contradicted { position: 1, what, .. } if what.starts_with("1 letters lie here")),
        "{fault}"
    );
}

#[test]
fn a_damaged_store_takes_no_witness_of_a_rewriting_with_it() {
    const FLIPS: u64 = 60;
    let home = TempDir::new().unwrap();
    let whole = home.path().join("whole");
    let events = filled_with(&whole, 600);
    let position =
        events.iter().rposition(|e| matches!(e.event, Event::ProgressReported { .. })).unwrap() + 1;
    // Opened again, sled has a snapshot, and reads its pages only when they are asked for.
    open(&whole).unwrap().0.close().unwrap();
    forge(&whole, position, true);
    let _ = fs::remove_file(whole.join("last-backup"));
    let reached = fs::read(whole.join("store-reached")).unwrap();
    let mut moved = 0;
    for round in 0..FLIPS {
        let dir = home.path().join("flipped");
        copy(&whole, &dir);
        let db = dir.join("store/db");
        let mut bytes = fs::read(&db).unwrap();
        let at = bytes.len() * usize::try_from(round).unwrap() / usize::try_from(FLIPS).unwrap();
        bytes[at] ^= 1;
        fs::write(&db, &bytes).unwrap();
        for start in ["first", "second"] {
            let fault = open(&dir).unwrap_err();
            moved += u64::from(matches!(&fault, JournalFault::Contradicted { .. }));
            assert_eq!(
                fs::read(dir.join("store-reached")).unwrap(),
                reached,
                "{round}, {start} start: {fault}"
            );
            assert!(!dir.join("store-damaged-1").exists(), "{round}, {start} start: {fault}");
        }
        fs::remove_dir_all(&dir).unwrap();
    }
    assert!(moved > 0, "no flip made the store unreadable: this holds nothing");
}

#[test]
fn a_letter_that_went_and_that_no_event_names_says_so() {
    let home = TempDir::new().unwrap();
    filled(home.path());
    fs::create_dir(home.path().join("outbox")).unwrap();
    fs::write(home.path().join("outbox/2021-0623-09-police-0.eml"), "Message-ID: <gone@duban>\r\n\r\nbody")
        .unwrap();
    let seen = inspect(home.path()).unwrap();
    assert!(first(&seen, Kind::SentLetters).place.ends_with("2021-0623-09-police-0.eml"));
    assert!(!seen.sound());
}

#[test]
fn whatever_byte_of_the_store_is_flipped_a_copy_that_lost_events_is_a_finding() {
    let home = TempDir::new().unwrap();
    let whole = home.path().join("whole");
    let events = filled_with(&whole, 400).len() as u64;
    let bytes = fs::read(whole.join("store/db")).unwrap();
    let (mut random, mut lost) = (11_u64, 0);
    let dir = home.path().join("flipped");
    for round in 0..30 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = in_a_record(&bytes, random >> 33).unwrap();
        copy(&whole, &dir);
        let mut flipped = bytes.clone();
        flipped[usize::try_from(at).unwrap()] ^= 1;
        fs::write(dir.join("store/db"), flipped).unwrap();
        let seen = inspect(&dir).unwrap();
        let is_whole = seen.second_copy == SecondCopy::Same { events };
        assert_eq!(seen.sound(), is_whole, "round {round}: {:?}", seen.findings);
        assert_eq!(seen.has_fault(Part::SecondCopy), !is_whole);
        assert!(seen.readable() && !seen.has_fault(Part::Witness), "the archive is whole");
        if let SecondCopy::Damaged { events: same } = seen.second_copy {
            assert!(same < events);
            lost += 1;
        }
        fs::remove_dir_all(&dir).unwrap();
    }
    assert!(lost > 0, "no flip lost an event");
}

#[test]
fn a_second_copy_that_is_short_or_gone_is_a_finding_with_its_cure() {
    let home = TempDir::new().unwrap();
    let (old, new) = (home.path().join("old"), home.path().join("new"));
    let held = filled(&old).len() as u64;
    copy(&old, &new);
    let (mut journal, _) = open(&new).unwrap();
    journal.commit(vec![super::entry(vec![super::progress("a"), super::progress("b")])], now()).unwrap();
    journal.close().unwrap();
    fs::remove_dir_all(new.join("store")).unwrap();
    copy(&old.join("store"), &new.join("store"));
    let seen = inspect(&new).unwrap();
    let short = first(&seen, Kind::StoreLacks);
    assert!(short.what.contains("damaged: it ends at"), "it has held more: {}", short.what);
    fs::copy(old.join("store-reached"), new.join("store-reached")).unwrap();
    let seen = inspect(&new).unwrap();
    assert_eq!(seen.second_copy, SecondCopy::Short { events: held, of: held + 2 });
    assert_eq!(first(&seen, Kind::StoreShort).position, Some(held + 1));
    assert!(!seen.sound() && Part::SecondCopy.cure().contains("start duban once"));
    fs::remove_dir_all(new.join("store")).unwrap();
    assert_eq!(inspect(&new).unwrap().second_copy, SecondCopy::Gone);
    assert!(!inspect(&new).unwrap().sound());
    let (journal, report) = open(&new).unwrap();
    assert!(report.store_gone, "a start says that it builds the copy anew");
    journal.close().unwrap();
    assert_eq!(inspect(&new).unwrap().second_copy, SecondCopy::Same { events: held + 2 });
}

#[test]
fn a_broken_chain_is_one_cause_and_not_a_line_an_event() {
    let home = TempDir::new().unwrap();
    let events = filled_with(home.path(), 600);
    let position = events.iter().position(|e| matches!(e.event, Event::ProgressReported { .. })).unwrap() + 1;
    forge(home.path(), position, true);
    let seen = inspect(home.path()).unwrap();
    assert_eq!(first(&seen, Kind::TwoHistories).position, Some(position as u64));
    assert!(seen.findings.len() < 5, "{:?}", seen.findings);
    // One line taken out of the middle.
    let segment = files(&home.path().join("archive")).remove(0);
    let text = fs::read_to_string(&segment).unwrap();
    let mut kept: Vec<&str> = text.lines().collect();
    kept.remove(20);
    fs::write(&segment, kept.join("\n") + "\n").unwrap();
    let seen = inspect(home.path()).unwrap();
    assert_eq!(first(&seen, Kind::Order).position, Some(22));
    assert_eq!(seen.events + seen.events_behind, events.len() as u64 - 1);
    assert!(seen.events < 21 && seen.events_behind > 1000, "what is behind proves nothing");
    assert!(seen.findings.len() < 8, "{:?}", seen.findings);
}

#[test]
fn nothing_that_reads_a_data_directory_or_a_backup_follows_a_link() {
    let home = TempDir::new().unwrap();
    let whole = home.path().join("whole");
    filled(&whole);
    let outside = home.path().join("outside");
    for planted in
        ["letters", "letters/planted", "archive", "store", "store/conf", "people/planted", "format"]
    {
        let dir = home.path().join("planted");
        copy(&whole, &dir);
        let letter = files(&dir.join("letters")).remove(0);
        let place = if planted == "letters/planted" { letter } else { dir.join(planted) };
        if fs::symlink_metadata(&place).is_ok() {
            fs::rename(&place, &outside).unwrap();
        } else {
            fs::write(&outside, "another file of the machine").unwrap();
        }
        symlink(&outside, &place).unwrap();
        let seen = inspect(&dir);
        let told = match &seen {
            Ok(seen) => seen.findings.iter().map(ToString::to_string).collect(),
            Err(fault) => fault.to_string(),
        };
        let named = told.contains("is a link") || (planted == "store" && told.contains("gone"));
        assert!(named || planted == "people/planted", "{planted}: {told}");
        let copied = backup(&dir, &home.path().join("backup"), None);
        let refused = copied.is_err_and(|fault| fault.to_string().contains("is a link"));
        assert_eq!(refused, !planted.starts_with("store"), "{planted}: the backup");
        let _ = fs::remove_dir_all(home.path().join("backup"));
        fs::remove_dir_all(&dir).unwrap();
        if outside.is_dir() {
            fs::remove_dir_all(&outside).unwrap();
        } else {
            fs::remove_file(&outside).unwrap();
        }
    }
    let linked = home.path().join("linked");
    symlink(&whole, &linked).unwrap();
    assert!(inspect(&linked).unwrap().sound(), "the directory itself is what a person names");
    assert!(read_archive(&linked).unwrap().head().position > 1);
    open(&linked).unwrap().0.close().unwrap();
    let copied = home.path().join("copied");
    backup(&whole, &copied, None).unwrap();
    let letter = files(&copied.join("letters")).remove(0);
    fs::remove_file(&letter).unwrap();
    symlink("/etc/hostname", &letter).unwrap();
    let refused = restore(&copied, &home.path().join("restored")).unwrap_err().to_string();
    assert!(refused.contains("is a link"), "{refused}");
}

#[test]
fn a_backup_of_a_running_journal_holds_no_letter_that_it_has_no_event_of() {
    let home = TempDir::new().unwrap();
    let (data, into) = (home.path().join("data"), home.path().join("backup"));
    filled(&data);
    fs::create_dir(&into).unwrap();
    fs::set_permissions(&into, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let report = backup(&data, &into, None).unwrap();
    assert_eq!((report.files, report.open_to_others), (4, None));
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&into).unwrap().permissions());
    assert_eq!(mode & 0o007, 0, "persons lie in it");
    let seen = inspect(&into).unwrap();
    assert_eq!((seen.sound(), seen.second_copy, seen.findings), (true, SecondCopy::None, Vec::new()));
    let noted = fs::read_to_string(data.join("last-backup")).unwrap();
    let head = seen.head.unwrap();
    assert!(noted.starts_with(&format!("{} {} ", head.position, head.hash)), "{noted}");
}

#[test]
fn a_start_writes_through_no_link_that_somebody_planted() {
    let home = TempDir::new().unwrap();
    filled(home.path());
    let outside = TempDir::new().unwrap();
    let file = outside.path().join("file");
    fs::write(&file, "another's").unwrap();
    for (planted, target) in [("lock", file.as_path()), ("store-reached", &file), ("letters", outside.path())]
    {
        let (place, kept) = (home.path().join(planted), home.path().join("kept"));
        fs::rename(&place, &kept).unwrap();
        symlink(target, &place).unwrap();
        let fault = open(home.path()).unwrap_err().to_string();
        assert!(fault.contains(&format!("{planted} is a link, and duban follows none here")), "{fault}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "another's");
        fs::remove_file(&place).unwrap();
        fs::rename(&kept, &place).unwrap();
    }
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    open(home.path()).unwrap().0.close().unwrap();
}
