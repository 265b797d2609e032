//! The mailbox that the daemon reads, against a real server: Debian's dovecot.

use duban::config::{Mailbox, Tls};
use duban::domain::command::Command;
use duban::domain::{LetterProgress, ReceivedKind};
use duban::intake::MESSAGE_BYTES_MAX;
use duban::mail::imap::Patience;
use duban::wire::{MailboxHealth, Standing};

use crate::dovecot::Dovecot;
use crate::support::TestDaemon;

const NOW: &str = "2026-11-23T01:30:00Z";

struct Office {
    dovecot: Dovecot,
    daemon: TestDaemon,
}

fn reply(to: &str) -> Vec<u8> {
    let text = format!(
        "From: Li <li@a.example>\nDate: Mon, 23 Nov 2026 09:40:00 +0800\nMessage-ID: <reply@a.example>\nIn-Reply-To: <{to}>\nSubject: Re\n\n已完成\n"
    );
    text.replace('\n', "\r\n").into_bytes()
}

fn bounce(of: &str, address: &str) -> Vec<u8> {
    let text = format!(
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <{of}>\nSubject: x\n\nx\n--b--\n"
    );
    text.replace('\n', "\r\n").into_bytes()
}

impl Office {
    /// A first day's letters are out; the mailbox is empty.
    async fn open(tls: Tls) -> Self {
        let dovecot = Dovecot::start();
        let mailbox = dovecot.mailbox(tls);
        Self::reading(dovecot, mailbox).await
    }

    async fn reading(dovecot: Dovecot, mailbox: Mailbox) -> Self {
        let mut daemon = TestDaemon::at(NOW).await;
        daemon.read_from(mailbox).await;
        Self { dovecot, daemon }
    }

    async fn look(&self) -> MailboxHealth {
        self.daemon.running().look_into_mailbox(Patience::default()).await.unwrap();
        self.daemon.health().await.mailbox.unwrap()
    }

    /// Letters' Message-IDs.
    fn names(&self) -> Vec<String> {
        self.daemon.letters().into_iter().map(|letter| letter.message_id).collect()
    }

    fn kept(&self) -> Vec<ReceivedKind> {
        self.daemon.running().planner().ledger().read().received().map(|kept| kept.kind).collect()
    }

    #[track_caller]
    fn marks(&self, right: &[(&str, &str)]) {
        let marks = self.dovecot.marks();
        let marks: Vec<_> = marks.iter().map(|(name, marks)| (name.as_str(), marks.as_str())).collect();
        assert_eq!(marks, right, "{}", self.dovecot.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_and_a_bounce_are_taken_in_once_then_seen_and_never_deleted() {
    for tls in [Tls::Implicit, Tls::StartTls, Tls::None] {
        let office = Office::open(tls).await;
        let names = office.names();
        office.dovecot.deliver("1", &reply(&names[0]));
        let to = office.daemon.letters()[1].address.clone();
        office.dovecot.deliver("2", &bounce(&names[1], &to));
        let health = office.look().await;
        assert!(health.fault.is_none() && health.last_round.is_some(), "{tls}: {health:?}");
        assert_eq!(office.kept(), [ReceivedKind::Reply, ReceivedKind::Bounce], "{tls}");
        office.marks(&[("1", "S"), ("2", "S")]);
        let ledger = office.daemon.running().planner().ledger().clone();
        let bounced = ledger
            .read()
            .letters()
            .filter(|(_, letter)| matches!(letter.progress, LetterProgress::Bounced { .. }))
            .map(|(_, letter)| letter.queued.message_id.clone())
            .collect::<Vec<_>>();
        assert_eq!(bounced, [names[1].clone()], "{tls}");
        let head = ledger.read().head();
        office.look().await;
        assert_eq!(ledger.read().head(), head, "{tls}: a second look finds nothing new");
        let by = office.daemon.running().planner().see(|planner| {
            let last = planner.journal().read(0).map(Result::unwrap).last().unwrap();
            (last.by.name, last.by.kind)
        });
        assert_eq!(by.await.unwrap(), ("mailbox".to_owned(), duban::domain::ActorKind::System));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_looks_by_itself_when_it_starts() {
    let dovecot = Dovecot::start();
    let daemon = TestDaemon::at(NOW).await;
    dovecot.deliver("1", &reply(&daemon.letters()[0].message_id));
    let mut office = Office { dovecot, daemon };
    let mailbox = office.dovecot.mailbox(Tls::Implicit);
    office.daemon.read_from(mailbox).await;
    office.daemon.until("the reply is seen", |_| office.dovecot.marks()[0].1 == "S").await;
    assert_eq!(office.kept(), [ReceivedKind::Reply]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_taken_in_stays_unseen_and_is_told_once() {
    let office = Office::open(Tls::Implicit).await;
    let name = &office.names()[0];
    office.dovecot.deliver("1", b"PK\x03\x04 a sheet, and no header\n");
    let mut large = reply(name);
    large.resize(MESSAGE_BYTES_MAX + 1, b'x');
    office.dovecot.deliver("2", &large);
    office.dovecot.deliver("3", &reply(name));
    let health = office.look().await;
    assert_eq!((health.left_unseen, health.fault), (2, None));
    assert_eq!(office.kept(), [ReceivedKind::Reply]);
    office.marks(&[("1", "F"), ("2", ""), ("3", "S")]);
    assert_eq!(office.look().await.left_unseen, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_handed_over_before_a_crash_is_not_kept_twice() {
    let mut office = Office::open(Tls::Implicit).await;
    let message = reply(&office.names()[0]);
    // As it is where the daemon dies between the planner's answer and the mark.
    office.daemon.client.intake(message.clone()).await.unwrap();
    office.daemon.stop().await;
    office.dovecot.deliver("1", &message);
    office.daemon.start().await;
    office.look().await;
    assert_eq!(office.kept(), [ReceivedKind::Reply]);
    office.marks(&[("1", "S")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_or_refuses_changes_nothing_is_told_and_read_again_later() {
    let office = Office::open(Tls::Implicit).await;
    // Waits for the look at the start too.
    office.look().await;
    office.dovecot.stop();
    office.dovecot.deliver("1", &reply(&office.names()[0]));
    let away = office.look().await;
    let fault = away.fault.unwrap();
    assert!(fault.words.starts_with("connect: ") && fault.words.contains("is the server up"), "{fault:?}");
    assert_eq!(office.daemon.health().await.status, Standing::Attention);
    office.dovecot.run();
    office.dovecot.set_password("wrong");
    let refused = office.look().await.fault.unwrap();
    assert!(refused.words.starts_with("LOGIN: ") && refused.words.contains("授权码"), "{refused:?}");
    assert_eq!(refused.since, fault.since);
    assert!(office.kept().is_empty());
    office.marks(&[("1", "")]);
    office.dovecot.set_password("right");
    let well = office.look().await;
    assert_eq!(well.fault, None);
    assert_eq!(office.kept(), [ReceivedKind::Reply]);
    office.marks(&[("1", "S")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_set_wrong_is_told_with_what_helps() {
    let dovecot = Dovecot::start();
    let good = dovecot.mailbox(Tls::Implicit);
    let stranger = Mailbox { ca_file: None, ..good.clone() };
    let no_folder = Mailbox { folder: "督办".to_owned(), ..good.clone() };
    let other_name = Mailbox { host: "localhost".to_owned(), ..good.clone() };
    let in_clear = Mailbox { port: dovecot.mailbox(Tls::StartTls).port, ..good.clone() };
    let mut no_password = good.clone();
    no_password.login.password_file = dovecot.home().join("none");
    let mut office = Office::reading(dovecot, good).await;
    for (wrong, step, cure) in [
        (stranger, "TLS: ", "`mailbox.ca_file`"),
        (other_name, "TLS: ", "as its certificate does"),
        (in_clear, "TLS: ", "try `imap://`"),
        (no_folder, "SELECT: ", "`mailbox.folder`"),
        (no_password, "LOGIN: ", "password file"),
    ] {
        office.daemon.read_from(wrong).await;
        let fault = office.look().await.fault.unwrap();
        assert!(fault.words.starts_with(step) && fault.words.contains(cure), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_a_chinese_name_is_read_and_no_other() {
    let dovecot = Dovecot::start();
    // 督办 as it lies on the disk.
    dovecot.make_folder(".&d2NSng-");
    let mailbox = Mailbox { folder: "督办".to_owned(), ..dovecot.mailbox(Tls::StartTls) };
    let office = Office::reading(dovecot, mailbox).await;
    let name = &office.names()[0];
    office.dovecot.deliver("1", &reply(name));
    office.dovecot.deliver_to(".&d2NSng-", "2", &reply(name));
    assert_eq!(office.look().await.fault, None);
    office.marks(&[("1", "")]);
    assert_eq!(office.dovecot.marks_in(".&d2NSng-"), [("2".to_owned(), "S".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_clock_is_held_nothing_is_taken_in_or_marked() {
    let mut office = Office::open(Tls::Implicit).await;
    office.look().await;
    office.daemon.go_to("2027-03-01T01:00:00Z").await;
    assert!(office.daemon.health().await.clock_held.is_some());
    office.dovecot.deliver("1", &reply(&office.names()[0]));
    assert_eq!(office.look().await.fault, None);
    assert!(office.kept().is_empty());
    office.marks(&[("1", "")]);
    let now = office.daemon.clock.now();
    office.daemon.command(Command::AcceptClock { reason: "a long outage".to_owned() }).await;
    office.daemon.settle().await;
    office.look().await;
    assert_eq!(office.kept(), [ReceivedKind::Reply], "{now}");
    office.marks(&[("1", "S")]);
}
