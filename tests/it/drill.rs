//! The restore drill of docs/operate.md, and moving house while letters are queued.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use duban::domain::command::Command;
use duban::journal::{backup, restore};
use duban::mail::MemoryMailer;

use crate::support::{TestDaemon, deferred};

/// From the start on a restored directory to the first letter, docs/operate.md promises at most this.
const FIRST_LETTER_MAX: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_duban_mails_within_a_minute_what_is_due_and_nothing_known_as_taken() {
    let mut daemon = TestDaemon::at("2026-11-23T01:30:00Z").await;
    daemon.walk_to("2026-11-30").await;
    // One letter is on its way when the backup is made: nobody took it yet.
    daemon.mailer.script(deferred(1));
    let under_way = daemon.client.letters().await.unwrap().remove(0);
    daemon.command(Command::Resend { letter: under_way.letter, reason: "lost".into() }).await;
    daemon.settle().await;
    let known = accepted(&daemon).await;
    assert!(!known.is_empty() && !known.contains(&under_way.message_id));
    let copy = daemon.home.path().join("copy");
    backup(&daemon.home.path().join("data"), &copy, None).unwrap();

    // Life goes on: the letters of that day go, and no backup knows of them.
    daemon.go_to("2026-12-01T01:00:00Z").await;
    let later: BTreeSet<String> = accepted(&daemon).await.difference(&known).cloned().collect();
    assert!(later.len() > 1, "the deferred one, and those of the day: {later:?}");
    daemon.stop().await;

    // The machine is lost an hour later.
    let house = daemon.home.path().join("new-house");
    restore(&copy, &house).unwrap();
    daemon.mailer = MemoryMailer::default();
    daemon.move_to(house);
    daemon.clock.set("2026-12-01T02:00:00Z".parse().unwrap());
    let begun = now();
    daemon.start().await;
    assert!(begun.elapsed() < FIRST_LETTER_MAX, "the first letter after {:?}", begun.elapsed());
    eprintln!("up with every letter gone after {:?}", begun.elapsed());

    let again: BTreeSet<String> = daemon.letters().iter().map(|letter| letter.message_id.clone()).collect();
    assert!(again.is_disjoint(&known), "nothing that the backup knew as taken goes again");
    assert!(again.contains(&under_way.message_id), "what was queued goes, under its Message-ID");
    assert_eq!(
        again, later,
        "later mail goes again under the same Message-IDs, and can be known as the same"
    );
    assert_eq!(daemon.letters().len(), again.len(), "each once");
}

async fn accepted(daemon: &TestDaemon) -> BTreeSet<String> {
    let letters = daemon.client.letters().await.unwrap();
    letters
        .into_iter()
        .filter(|letter| letter.progress == "accepted")
        .map(|letter| letter.message_id)
        .collect()
}

#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}
