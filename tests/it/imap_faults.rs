//! Whatever the mailbox's server does, no message is lost and none is taken in twice.

use std::time::Duration;

use duban::mail::imap::Patience;
use duban::wire::MailboxHealth;

use crate::imap_server::{At, Fault, FaultyImap};
use crate::support::TestDaemon;

/// Nobody here is slow but who hangs.
const SHORT: Patience = Patience {
    connect: Duration::from_secs(5),
    answer: Duration::from_millis(500),
    message: Duration::from_millis(600),
};

const STEPS: [(At, &str); 9] = [
    (At::Greeting, "greeting"),
    (At::Login, "LOGIN"),
    (At::Capability, "LOGIN"),
    (At::Id, "LOGIN"),
    (At::Select, "SELECT"),
    (At::Search, "SEARCH"),
    (At::Sizes, "SEARCH"),
    (At::Fetch, "FETCH"),
    (At::Store, "STORE"),
];

struct Office {
    server: FaultyImap,
    daemon: TestDaemon,
    delivered: usize,
}

impl Office {
    async fn open() -> Self {
        let server = FaultyImap::start().await;
        let mut daemon = TestDaemon::at("2026-11-23T01:30:00Z").await;
        let mailbox = server.mailbox(daemon.home.path());
        daemon.read_from(mailbox).await;
        let office = Self { server, daemon, delivered: 0 };
        // Two looks, and the second waits for the one at the start.
        office.look().await;
        office.daemon.until("the look at the start", |_| office.server.connections() > 1).await;
        office.look().await;
        office
    }

    async fn look(&self) -> MailboxHealth {
        self.look_for(Patience::default()).await
    }

    async fn look_for(&self, patience: Patience) -> MailboxHealth {
        self.daemon.running().look_into_mailbox(patience).await.unwrap();
        self.daemon.health().await.mailbox.unwrap()
    }

    /// Two more answers, of which each is told from every other.
    fn deliver_two(&mut self) {
        for _ in 0..2 {
            self.delivered += 1;
            let number = self.delivered;
            let text = format!(
                "From: Li <li@a.example>\r\nMessage-ID: <{number}@a.example>\r\nSubject: Re\r\n\r\n已完成 {number}\r\n"
            );
            self.server.deliver(text.as_bytes());
        }
    }

    fn kept(&self) -> usize {
        self.daemon.running().planner().ledger().read().received().count()
    }

    /// A look that meets the fault, and one that doesn't: afterwards all is kept once, and seen.
    async fn survives(&mut self, at: At, fault: Fault) -> MailboxHealth {
        self.deliver_two();
        self.server.fail(at, fault);
        let told = self.look_for(SHORT).await;
        assert!(!self.server.is_still_to_fail(), "{at:?} {fault:?}: it never came to that");
        let after = self.look().await;
        assert_eq!(after.fault, None, "{at:?} {fault:?}");
        assert_eq!(self.kept(), self.delivered, "{at:?} {fault:?}: lost, or taken twice");
        assert!(self.server.unseen().is_empty(), "{at:?} {fault:?}");
        assert_eq!(after.taken, u64::try_from(self.delivered).unwrap(), "{at:?} {fault:?}");
        told
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_server_does_at_whatever_step_nothing_is_lost_or_taken_twice() {
    let mut office = Office::open().await;
    let mut failures = 0;
    for (at, step) in STEPS {
        for fault in [
            Fault::Hang,
            Fault::Drop,
            Fault::HalfThenHang,
            Fault::HalfThenDrop,
            Fault::AllButDone,
            Fault::Garbage,
            Fault::No,
            Fault::Bye,
            Fault::Announce(1 << 40),
            Fault::DoneThenDrop,
        ] {
            let told = office.survives(at, fault).await;
            failures += 1;
            let words = told.fault.unwrap_or_else(|| panic!("{at:?} {fault:?}: no word of it")).words;
            assert!(words.starts_with(&format!("{step}: ")), "{at:?} {fault:?}: {words}");
            if matches!(fault, Fault::Hang | Fault::HalfThenHang) {
                assert!(words.contains("no answer within"), "{at:?} {fault:?}: {words}");
            }
            assert_eq!(told.failures, failures, "{at:?} {fault:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_stops_talking_or_announces_too_much_is_left() {
    let mut office = Office::open().await;
    for at in [At::Select, At::Search, At::Sizes, At::Store, At::Fetch] {
        let words = office.survives(at, Fault::Endless).await.fault.unwrap().words;
        assert!(words.contains("longer than any may be") || words.contains("no answer within"), "{words}");
    }
    for at in [At::Search, At::Fetch] {
        let words = office.survives(at, Fault::Announce(500_000_000)).await.fault.unwrap().words;
        assert!(words.contains("longer than any may be: 500000000 bytes are announced"), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_beside_the_question_is_asked_again() {
    let mut office = Office::open().await;
    for at in [At::Sizes, At::Fetch] {
        for fault in [Fault::Others, Fault::Nothing] {
            let told = office.survives(at, fault).await;
            assert_eq!((told.fault, told.left_unseen), (None, 0), "{at:?} {fault:?}");
        }
    }
    // A search that finds nothing, a mark that is said to be set: the next look finds it out.
    office.survives(At::Search, Fault::Nothing).await;
    office.survives(At::Store, Fault::Nothing).await;
    let told = office.survives(At::Select, Fault::Nothing).await;
    assert!(told.fault.unwrap().words.contains("no UIDVALIDITY"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_say_goodbye_has_done_its_work() {
    let mut office = Office::open().await;
    for fault in [Fault::Hang, Fault::Drop, Fault::Garbage, Fault::Bye] {
        assert_eq!(office.survives(At::Logout, fault).await.fault, None, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_mail_is_flagged_and_keeps_no_other_out_even_where_the_mark_is_refused() {
    let mut office = Office::open().await;
    office.server.deliver(b"PK\x03\x04 a sheet, and no header\r\n");
    office.deliver_two();
    office.server.fail(At::Store, Fault::No);
    office.look().await;
    let well = office.look().await;
    assert_eq!((well.fault, well.left_unseen), (None, 1));
    assert_eq!((office.kept(), office.server.unseen()), (2, vec![1]));
    assert_eq!(office.server.flagged(), [0_u32; 0], "it is told, though the mark was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_taken_in_by_imap_and_as_a_file_is_kept_once() {
    let office = Office::open().await;
    let crlf = b"From: Li <li@a.example>\r\nSubject: Re\r\n\r\nfirst by hand\r\n";
    let position = office.daemon.client.intake(crlf.to_vec()).await.unwrap().position;
    office.server.deliver(crlf);
    let told = office.look().await;
    assert_eq!((office.kept(), told.taken, office.server.unseen().len()), (1, 0, 0));
    office.server.deliver(b"From: Li <li@a.example>\r\nSubject: Re\r\n\r\nfirst by IMAP\r\n");
    office.look().await;
    // As it lies in a Maildir.
    let file = b"From: Li <li@a.example>\nSubject: Re\n\nfirst by IMAP\n".to_vec();
    let known = office.daemon.client.intake(file).await.unwrap();
    assert!(known.known && known.position > position, "{known:?}");
    assert_eq!(office.kept(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_and_what_failed_stands_in_the_figures() {
    let mut office = Office::open().await;
    office.survives(At::Search, Fault::Drop).await;
    let figures = office.daemon.metrics().await;
    for line in [
        "duban_mailbox_at_fault 0",
        "duban_mailbox_left_unseen 0",
        "duban_mailbox_taken_total 2",
        "duban_mailbox_failures_total 1",
        "duban_mailbox_read_timestamp_seconds 1795397400",
    ] {
        assert!(figures.lines().any(|one| one == line), "{line}:\n{figures}");
    }
}
