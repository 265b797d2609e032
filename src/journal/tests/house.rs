//! The data directory: one holder, newer versions, limits, attached files, backup and restore.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{entry, now, options, progress, samples};
use crate::domain::{Event, Evidence, EvidenceSubmitted, NAMING_EVIDENCE, NewEvent};
use crate::journal::{
    BATCH_EVENTS_MAX, Journal, JournalFault, OpenReport, Options, Shelf, backup, inspect, read_archive,
    restore,
};

fn open(dir: &Path) -> Result<(Journal, OpenReport), JournalFault> {
    Journal::open(dir, options(), now())
}

#[test]
fn a_second_daemon_is_refused_and_told_who_holds_it() {
    let home = TempDir::new().unwrap();
    let (journal, _) = open(home.path()).unwrap();
    let text = open(home.path()).unwrap_err().to_string();
    assert!(
        text.starts_with("another duban holds") && text.contains(&std::process::id().to_string()),
        "{text}"
    );
    assert!(matches!(inspect(home.path()).unwrap_err(), JournalFault::Locked { .. }));
    journal.close().unwrap();
    let (journal, report) = open(home.path()).unwrap();
    assert!(!report.created);
    assert_eq!((journal.head().position, Some(journal.id())), (1, options().journal_id));
    assert_eq!(journal.head().recorded_at, now());
}

#[test]
fn what_a_newer_duban_wrote_is_refused_and_left_alone() {
    let home = TempDir::new().unwrap();
    open(home.path()).unwrap().0.close().unwrap();
    let segment = home.path().join("archive/00000000000000000001.jsonl");
    let line = fs::read_to_string(&segment).unwrap();
    let refused = |what: &str| {
        let text = open(home.path()).unwrap_err().to_string();
        assert!(text.contains("newer duban"), "{what}: {text}");
    };
    fs::write(home.path().join("format"), "2\n").unwrap();
    refused("directory");
    assert!(inspect(home.path()).unwrap_err().to_string().contains("newer duban"));
    fs::write(home.path().join("format"), "1\n").unwrap();
    let newer = line.replace("\"format\":1", "\"format\":2");
    fs::write(&segment, &newer).unwrap();
    refused("first event");
    assert_eq!(fs::read_to_string(&segment).unwrap(), newer);
}

#[test]
fn limits_are_refused_and_nothing_is_recorded() {
    let home = TempDir::new().unwrap();
    let (mut journal, _) = open(home.path()).unwrap();
    let many = (0..=BATCH_EVENTS_MAX).map(|n| progress(&n.to_string())).collect();
    let fault = journal.commit(vec![entry(many)], now()).unwrap_err();
    assert!(matches!(fault, JournalFault::BatchTooLarge { events: 257 }));
    let fault = journal.commit(vec![entry(vec![progress("x"), progress(&"长".repeat(22_000))])], now());
    assert!(matches!(fault.unwrap_err(), JournalFault::EventTooLarge { .. }));
    assert_eq!(journal.commit(Vec::new(), now()).unwrap(), []);
    let recorded =
        journal.commit(vec![entry(vec![progress("x")]), entry(vec![progress("y")])], now()).unwrap();
    assert_eq!(
        recorded.iter().map(|e| (e.position, e.batch_end, e.version)).collect::<Vec<_>>(),
        [(2, 3, 1), (3, 3, 2)]
    );
    assert_eq!(journal.read(2).map(Result::unwrap).collect::<Vec<_>>(), recorded[1..]);
    assert_eq!(journal.lines(1).map(|l| l.unwrap().position).collect::<Vec<_>>(), [2, 3]);
    journal.wait_for_store().unwrap();
    assert_eq!(journal.store_lag(now()), crate::journal::Lag::default());
}

#[test]
fn attached_files_are_one_per_content_and_persons_can_be_forgotten() {
    let home = TempDir::new().unwrap();
    let (journal, _) = open(home.path()).unwrap();
    let letter = journal.shelves().put(Shelf::Letters, b"letter").unwrap();
    assert_eq!(journal.shelves().put(Shelf::Letters, b"letter").unwrap(), letter);
    assert_eq!(fs::read_dir(home.path().join("letters")).unwrap().count(), 1);
    assert_eq!(journal.shelves().get(Shelf::Letters, letter).unwrap().unwrap(), b"letter");
    let person = journal.shelves().put(Shelf::People, b"{}").unwrap();
    assert!(journal.shelves().forget(person).unwrap() && !journal.shelves().forget(person).unwrap());
    assert_eq!(journal.shelves().get(Shelf::People, person).unwrap(), None);
    fs::write(home.path().join(Shelf::Letters.path(letter)), b"lettre").unwrap();
    assert!(journal.shelves().get(Shelf::Letters, letter).unwrap_err().to_string().contains("digest"));
}

#[test]
fn material_that_was_rewritten_or_is_gone_is_found_however_many_events_name_it() {
    let home = TempDir::new().unwrap();
    let (mut journal, _) = open(home.path()).unwrap();
    let digest = journal.shelves().put(Shelf::Evidence, b"%PDF-1.7 proof").unwrap();
    let submitted = |event| {
        let Event::EvidenceSubmitted(submitted) = event else { return None };
        let evidence = Evidence { digest, ..submitted.evidence };
        Some(Event::EvidenceSubmitted(EvidenceSubmitted { evidence, ..submitted }))
    };
    let event = samples::all().into_iter().find_map(submitted).unwrap();
    let named = || NewEvent { event: event.clone(), ..progress("a") };
    journal.commit(vec![entry(vec![named(), named()])], now()).unwrap();
    journal.close().unwrap();
    let seen = inspect(home.path()).unwrap();
    assert!(seen.sound(), "{:?}", seen.findings);
    assert_eq!(seen.evidence, 1);
    let path = home.path().join(Shelf::Evidence.path(digest));
    fs::write(&path, "%PDF-1.7 other").unwrap();
    let faults = |dir: &Path| inspect(dir).unwrap().faults().map(ToString::to_string).collect::<Vec<_>>();
    assert!(faults(home.path())[0].contains("not what its digest says"), "{:?}", faults(home.path()));
    fs::remove_file(&path).unwrap();
    assert!(faults(home.path())[0].contains("the file is missing"), "{:?}", faults(home.path()));
}

#[test]
fn every_event_that_names_material_is_known_to_the_check_of_a_start() {
    for event in samples::all() {
        let kind = serde_json::to_value(&event).unwrap()["type"].as_str().unwrap().to_owned();
        let listed = NAMING_EVIDENCE.contains(&kind.as_str());
        assert!(event.evidence().is_none() || listed, "{kind}");
    }
}

#[test]
fn a_backup_of_a_running_journal_restores_to_the_same() {
    let home = TempDir::new().unwrap();
    let [data, copy, secrets, again] =
        ["data", "copy", "secrets", "again"].map(|name| home.path().join(name));
    let (mut journal, _) = Journal::open(&data, Options { segment_events: 10, ..options() }, now()).unwrap();
    for at in 0..12 {
        journal.shelves().put(Shelf::Letters, format!("{at}").as_bytes()).unwrap();
        journal.commit(vec![entry(vec![progress("a"), progress("b")])], now()).unwrap();
    }
    fs::create_dir(data.join("secrets")).unwrap();
    fs::write(data.join("secrets/link.key"), "key").unwrap();
    // a batch that is being written while the backup runs
    let last = data.join("archive/00000000000000000020.jsonl");
    let whole = fs::read(&last).unwrap();
    fs::write(&last, [&whole[..], b"{\"position\":26,\"batch_end"].concat()).unwrap();
    assert!(matches!(
        backup(&data, &copy, Some(&copy.join("s"))).unwrap_err(),
        JournalFault::NotApart { .. }
    ));
    let report = backup(&data, &copy, Some(&secrets)).unwrap();
    assert_eq!((report.events, report.files), (25, 12));
    assert!(!copy.join("secrets").exists() && !copy.join("store").exists());
    assert_eq!(fs::read_to_string(secrets.join("link.key")).unwrap(), "key");
    fs::write(&last, whole).unwrap();
    assert!(matches!(backup(&data, &copy, None).unwrap_err(), JournalFault::NotEmpty { .. }));
    assert!(matches!(restore(&copy, &data).unwrap_err(), JournalFault::NotEmpty { .. }));
    let inspection = restore(&copy, &again).unwrap();
    assert_eq!((inspection.events, inspection.head), (25, Some(journal.head())));
    let (restored, _) = open(&again).unwrap();
    assert_eq!(
        restored.read(0).map(Result::unwrap).collect::<Vec<_>>(),
        journal.read(0).map(Result::unwrap).collect::<Vec<_>>()
    );
    let bare = home.path().join("bare");
    fs::rename(copy.join("archive"), &bare).unwrap();
    assert!(inspect(&bare).unwrap().sound());
    assert_eq!(read_archive(&bare).unwrap().read(0).count(), 25);
    fs::write(bare.join("00000000000000000010.jsonl"), "").unwrap();
    assert!(!inspect(&bare).unwrap().sound());
    assert!(matches!(read_archive(&bare).unwrap_err(), JournalFault::Damaged { position: 10, .. }));
}
