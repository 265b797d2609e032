//! A data directory of every version so far opens, reads back and goes on. `tests/golden/journals/`
//! keeps some, as `duban backup` made them then; none of them is ever changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use duban::daemon::Clocks;
use duban::domain::command::Command;
use duban::domain::light::{counts_by, finished_on, on_time};
use duban::domain::{Ledger, ReceivedKind, Via};
use duban::journal::{Shelf, inspect, read_archive};
use duban::wire::{Answer, CommandRequest};

use crate::support::{TestDaemon, copy};

const NO_CLOCK: Clocks = Clocks { ticker: None, guard: false };

fn golden() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/journals");
    let mut all: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.is_dir());
    all.sort();
    all
}

/// Message-IDs of letters by where they are, `held` say.
fn named(ledger: &Ledger, progress: &[&str]) -> BTreeSet<String> {
    let there = ledger.letters().filter(|(_, letter)| progress.contains(&letter.progress.label()));
    there.map(|(_, letter)| letter.queued.message_id.clone()).collect()
}

#[test]
fn the_version_at_hand_has_left_a_journal_for_those_to_come() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(golden().iter().any(|path| path.ends_with(version)), "add one: tests/golden/journals/README.md");
    assert!(golden().len() >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_every_version_opens_and_goes_on() {
    for old in golden() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        copy(&old, &data);
        let inspection = inspect(&data).unwrap();
        let faults: Vec<String> = inspection.faults().map(ToString::to_string).collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", old.display());
        assert!(inspection.letters > 0 && data.join(Shelf::Letters.dir()).is_dir());
        let head = inspection.head.unwrap();
        let before = Ledger::fold(read_archive(&data).unwrap().read(0)).unwrap();
        assert_eq!(before.head(), head.position);

        let hour_later = (head.recorded_at + chrono::TimeDelta::hours(1)).to_rfc3339();
        let daemon = TestDaemon::on(home, &hour_later, NO_CLOCK).await;
        let health = daemon.health().await;
        assert!(health.journal.position >= head.position && health.check.findings.is_empty(), "{health:#?}");
        assert_eq!(health.plans.followed, 1, "its plan is followed still");
        let sent: BTreeSet<String> = daemon.letters().into_iter().map(|letter| letter.message_id).collect();
        let waited = named(&before, &["queued", "deferred", "unknown"]);
        assert_eq!(sent, waited, "what waited goes under its name, and nothing that was taken goes again");
        for held in daemon.client.letters().await.unwrap().iter().filter(|one| one.progress == "held") {
            let released = daemon.command(Command::Release { letter: held.letter }).await;
            assert!(matches!(released, Answer::Done { .. }), "{released:?}");
        }
        daemon.settle().await;
        drop(daemon);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_office_did_five_weeks_long_reads_back_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/journals/0.1.0-office"), &data);
    let ledger = Ledger::fold(read_archive(&data).unwrap().read(0)).unwrap();
    assert_eq!(ledger.head(), 78);
    let letters: Vec<String> = ledger
        .letters()
        .map(|(id, letter)| format!("{id} {} {}", letter.unit().unwrap(), letter.progress.label()))
        .collect();
    assert_eq!(
        letters,
        [
            "2021-0524-01 eco-env bounced",
            "2021-0524-02 housing accepted",
            "2021-0524-03 police accepted",
            "2021-0603-01 housing accepted",
            "2021-0603-02 police accepted",
            "2021-0603-03 police accepted",
            "2021-0618-01 police superseded",
            "2021-0625-01 eco-env superseded",
            "2021-0625-02 police superseded",
            "2021-0625-03 police accepted",
            "2021-0628-01 eco-env superseded",
            "2021-0628-02 police refused",
            "2021-0630-01 eco-env held",
            "2021-0630-02 housing deferred",
        ]
    );
    let states: Vec<String> =
        ledger.assignments().map(|one| format!("{} {}", one.id(), one.state.label())).collect();
    assert_eq!(
        states,
        [
            "golden/check/2021Q2/eco-env notified",
            "golden/keep/once/police notified",
            "golden/keep/once/eco-env withdrawn",
            "golden/ledger/once/police accepted",
            "golden/flood/once/housing notified",
        ]
    );
    // Returned on 3 June with another date, which extends nothing; accepted without a claim, as done on the 24th.
    let ruled = ledger.assignments().find(|one| one.id().to_string() == "golden/ledger/once/police").unwrap();
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!((finished_on(ruled), counts_by(ruled)), (day("2021-06-24"), day("2021-06-04")));
    assert_eq!(on_time(ruled), Some(false));
    let kinds: Vec<ReceivedKind> = ledger.received().map(|kept| kept.kind).collect();
    assert_eq!(kinds, [ReceivedKind::Reply, ReceivedKind::Automatic, ReceivedKind::Bounce]);
    let unit = |id: &str| ledger.unit(&id.parse().unwrap()).unwrap();
    assert!(unit("eco-env").bounced.is_some() && unit("police").unit.leader.is_some());
    assert_eq!(unit("housing").unit.mailbox.as_deref(), Some("defer-2@county.test"));
    let refusing: Vec<String> =
        ledger.refusing().map(|(_, letter)| letter.unit().unwrap().to_string()).collect();
    assert_eq!(refusing, ["police"]);
    assert!(ledger.relay().is_none() && !ledger.office().unwrap().release.is_auto());

    // And it can be worked on with what came since.
    let daemon = TestDaemon::on(home, "2021-06-30T02:00:00Z", NO_CLOCK).await;
    let answer = daemon.client.received().await.unwrap().into_iter().find(|one| one.unhandled).unwrap();
    let wishes = [
        Command::HandleMail { received: answer.position, remark: None },
        Command::MailboxWorks { unit: "eco-env".parse().unwrap() },
        Command::Release { letter: "2021-0630-01".parse().unwrap() },
    ];
    for wish in wishes {
        let answer = daemon.command(wish).await;
        assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    }
    daemon.settle().await;

    // What a request of that time asked was not kept: nobody can say that this is the same.
    let used = CommandRequest {
        request: "5c386631-a075-47e2-ab09-60173905a0ef".to_owned(),
        via: Via::Cli,
        command: Command::MailboxWorks { unit: "police".parse().unwrap() },
    };
    let Answer::Refused { why } = daemon.client.send(&used).await.unwrap() else { panic!() };
    assert!(why.contains(&used.request) && why.contains("nothing was done"), "{why}");
}
