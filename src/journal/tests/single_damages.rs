//! One thing is damaged and the rest is whole: a verdict names one cause, where it begins, how many follow and what
//! helps, and what helps does help.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::healing::{assert_sound, copy, filled, forge, open, settle};
use crate::journal::Kind::{
    ArchiveDisorder, ArchiveLacks, Form, NoteContradicts, StoreDiffers, StoreGone, StoreLacks, TwoHistories,
};
use crate::journal::sled_copy::SledCopy;
use crate::journal::{Kind, Part, SecondCopy, inspect};

/// The one segment's lines of the archive that hold this position, changed.
fn lines(dir: &Path, position: usize, change: impl Fn(&mut Vec<String>, usize)) {
    let mut names: Vec<_> =
        fs::read_dir(dir.join("archive")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let begins = format!("{{\"position\":{position},");
    for path in names {
        let text = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        if let Some(at) = lines.iter().position(|line| line.starts_with(&begins)) {
            change(&mut lines, at);
            fs::write(&path, lines.concat()).unwrap();
            return;
        }
    }
    panic!("no event {position}");
}

fn segment(dir: &Path, nth: usize) -> std::path::PathBuf {
    let mut names: Vec<_> =
        fs::read_dir(dir.join("archive")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.remove(nth)
}

/// Changes the store itself.
fn in_store(dir: &Path, change: impl FnOnce(&SledCopy, Vec<(u64, Vec<u8>)>)) {
    let store = SledCopy::open(&dir.join("store")).unwrap();
    let lines = store.lines(21, usize::MAX).unwrap();
    change(&store, lines);
}

/// A damage: its name, what is done, what an inspection finds (kind, position, how many follow) and about which part,
/// and whether a start makes all good.
type Case = (&'static str, fn(&Path), &'static [(Kind, Option<u64>, u64)], Part, bool);

const CASES: [Case; 12] = [
    (
        "a line cut from the archive",
        |dir| lines(dir, 21, |lines, at| drop(lines.remove(at))),
        &[(ArchiveLacks, Some(21), 0)],
        Part::Archive,
        true,
    ),
    (
        "a line doubled in the archive",
        |dir| lines(dir, 21, |lines, at| lines.insert(at, lines[at].clone())),
        &[(ArchiveDisorder, Some(22), 0)],
        Part::Archive,
        true,
    ),
    (
        "two lines of the archive swapped",
        |dir| lines(dir, 21, |lines, at| lines.swap(at, at + 1)),
        &[(ArchiveDisorder, Some(21), 0)],
        Part::Archive,
        true,
    ),
    (
        "a byte of the archive changed",
        |dir| lines(dir, 21, |lines, at| lines[at] = lines[at].replacen("\"by\"", "\"bY\"", 1)),
        &[(ArchiveLacks, Some(21), 0)],
        Part::Archive,
        true,
    ),
    (
        "a line of the archive rewritten with its hash",
        |dir| forge(dir, 21, false),
        &[(ArchiveLacks, Some(21), 0)],
        Part::Archive,
        true,
    ),
    (
        "the archive rewritten from a line on",
        |dir| forge(dir, 21, true),
        &[(TwoHistories, Some(21), 0), (NoteContradicts, None, 0)],
        Part::Witness,
        false,
    ),
    (
        "a segment in the middle is gone",
        |dir| fs::remove_file(segment(dir, 1)).unwrap(),
        &[(ArchiveLacks, None, 0)],
        Part::Archive,
        true,
    ),
    (
        "the last segment is gone",
        |dir| fs::remove_file(segment(dir, 2)).unwrap(),
        &[(ArchiveLacks, None, 0)],
        Part::Archive,
        true,
    ),
    (
        "the archive is gone",
        |dir| fs::remove_dir_all(dir.join("archive")).unwrap(),
        &[(ArchiveLacks, Some(1), 0)],
        Part::Archive,
        true,
    ),
    (
        "a line cut from the store",
        |dir| {
            in_store(dir, |store, lines| {
                store.cut(20).unwrap();
                store.append(&lines[1..], None).unwrap();
            });
        },
        &[(StoreLacks, Some(21), 0)],
        Part::SecondCopy,
        true,
    ),
    (
        "two lines of the store swapped",
        |dir| {
            in_store(dir, |store, mut lines| {
                lines.truncate(2);
                (lines[0].0, lines[1].0) = (lines[1].0, lines[0].0);
                store.append(&lines, None).unwrap();
            });
        },
        &[(StoreDiffers, Some(21), 1)],
        Part::SecondCopy,
        true,
    ),
    (
        "the store is gone",
        |dir| fs::remove_dir_all(dir.join("store")).unwrap(),
        &[(StoreGone, None, 0)],
        Part::SecondCopy,
        true,
    ),
];

#[test]
fn one_damage_is_one_cause_with_the_cure_that_helps() {
    let home = TempDir::new().unwrap();
    let whole = home.path().join("whole");
    let events = filled(&whole);
    let segments =
        [0, 1, 2].map(|nth| fs::read_to_string(segment(&whole, nth)).unwrap().lines().count() as u64);
    for (name, damage, expected, part, heals) in CASES {
        let dir = home.path().join("damaged");
        copy(&whole, &dir);
        damage(&dir);
        let told = inspect(&dir).unwrap();
        let found: Vec<_> = told.faults().map(|one| (one.kind, one.position, one.more)).collect();
        let of_segment = |nth: usize| {
            let before: u64 = segments[..nth].iter().sum();
            vec![(ArchiveLacks, Some(before + 1), segments[nth] - 1)]
        };
        let expected = match name {
            "a segment in the middle is gone" => of_segment(1),
            "the last segment is gone" => of_segment(2),
            "the archive is gone" => vec![(ArchiveLacks, Some(1), events.len() as u64 - 1)],
            "the archive rewritten from a line on" => {
                vec![expected[0], (NoteContradicts, Some(events.len() as u64), 0)]
            }
            _ => expected.to_vec(),
        };
        assert_eq!(found, expected, "{name}");
        assert!(told.faults().all(|one| one.kind.part() == part), "{name}");
        let held = told.second_copy == SecondCopy::Same { events: events.len() as u64 };
        assert_eq!(held, part == Part::Archive, "{name}: {:?}", told.second_copy);
        let cure = part.cure();
        assert_eq!(cure.starts_with("start duban once"), heals, "{name}: {cure}");
        if heals {
            settle(&dir, &events, name);
            assert_sound(&dir, &events, name);
        } else {
            assert!(open(&dir).is_err(), "{name}: no start says which is true");
        }
        fs::remove_dir_all(&dir).unwrap();
    }
}

#[test]
fn what_neither_copy_makes_good_is_one_cause_and_sends_to_the_backup() {
    let home = TempDir::new().unwrap();
    let events = filled(home.path());
    lines(home.path(), 21, |lines, at| lines[at] = lines[at].replacen("\"by\"", "\"bY\"", 1));
    fs::remove_dir_all(home.path().join("store")).unwrap();
    fs::remove_file(home.path().join("store-reached")).unwrap();
    let told = inspect(home.path()).unwrap();
    let found: Vec<_> = told.faults().map(|one| (one.kind, one.position, one.more)).collect();
    assert_eq!(found, [(Form, Some(21), 0)]);
    assert_eq!(told.events + told.events_behind, events.len() as u64 - 1);
    assert!(Part::Chain.cure().contains("restore the last backup"));
}
