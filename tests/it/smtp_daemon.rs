//! The daemon and a relay: outages, what the office is told, and `duban mail test`.

use std::process::Command;

use duban::config::{Smtp, Tls};
use duban::domain::RelayFault;
use duban::mail::smtp::Step;
use duban::mail::{Mailer, SmtpMailer};
use duban::wire::Standing;

use crate::smtp_faults::PATIENCE;
use crate::smtp_server::{Fault, FaultyServer, Security, Stored};
use crate::support::TestDaemon;

const NOW: &str = "2026-11-23T01:30:00Z";

fn smtp(server: &FaultyServer) -> Smtp {
    Smtp { connections: 4, ..Smtp::plain("127.0.0.1", server.address.port()) }
}

async fn daemon(server: &FaultyServer) -> TestDaemon {
    let mailer = Mailer::Smtp(SmtpMailer::with_patience(smtp(server), PATIENCE));
    TestDaemon::mailing(NOW, mailer).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_letter_of_a_first_day_arrives_once_under_its_message_id() {
    let server = FaultyServer::start(Security::Plain).await;
    let daemon = daemon(&server).await;
    let letters = daemon.client.letters().await.unwrap();
    let others: Vec<_> = letters.iter().filter(|letter| letter.progress != "accepted").collect();
    assert!(letters.len() > 5 && others.is_empty(), "{} letters: {others:#?}", letters.len());
    let stored = server.stored();
    assert_eq!(stored.len(), letters.len());
    let ids: std::collections::BTreeSet<&str> = stored.iter().map(Stored::message_id).collect();
    assert_eq!(ids.len(), letters.len());
    assert!(server.connections() <= 4, "{} connections", server.connections());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_pulled_away_in_the_middle_and_given_back_loses_nothing_and_the_office_is_told() {
    let server = FaultyServer::start(Security::Plain).await;
    server.fail_after(3, Step::Addressee, Fault::Say(421));
    let mut daemon = daemon(&server).await;
    daemon
        .until("the relay is known to fail", |daemon| {
            daemon.running().planner().ledger().read().relay().is_some()
        })
        .await;
    let health = daemon.health().await;
    assert_eq!(health.status, Standing::Attention);
    assert_eq!(health.relay.as_ref().unwrap().fault, RelayFault::Busy);
    let before = server.stored().len();
    assert!((3..8).contains(&before), "{before} letters before it failed");
    server.fail(Step::Addressee, Fault::Say(421), 0);
    daemon.go_to("2026-11-23T02:30:00Z").await;
    daemon
        .until("every letter is taken", |daemon| {
            daemon.running().planner().ledger().read().unsettled().count() == 0
        })
        .await;
    let stored = server.stored();
    let written = daemon.client.letters().await.unwrap().len();
    let ids: std::collections::BTreeSet<&str> = stored.iter().map(Stored::message_id).collect();
    assert_eq!((stored.len(), ids.len()), (written, written));
    assert!(daemon.health().await.relay.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_gets_no_more_letters_at_once_and_a_minute_than_it_may() {
    let server = FaultyServer::start(Security::Plain).await;
    let slow = Smtp { at_once_per_domain: 1, per_minute_per_domain: Some(1200), ..smtp(&server) };
    let mailer = Mailer::Smtp(SmtpMailer::with_patience(slow, PATIENCE));
    let begun = tokio::time::Instant::now();
    let daemon = TestDaemon::mailing(NOW, mailer).await;
    let letters = u32::try_from(daemon.client.letters().await.unwrap().len()).unwrap();
    let least = std::time::Duration::from_millis(50) * (letters - 1);
    assert!(begun.elapsed() >= least, "{letters} letters in {:?}", begun.elapsed());
    assert_eq!(server.stored().len(), letters as usize);
    assert_eq!(server.connections(), 1, "all mailboxes lie under one domain");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_mailbox_that_is_gone_is_told_with_its_cure_and_the_others_get_theirs() {
    let server = FaultyServer::start(Security::Plain).await;
    server.nobody_at("eco-env@county.test");
    let daemon = daemon(&server).await;
    let health = daemon.health().await;
    let told: Vec<_> = health.findings.iter().filter(|finding| finding.contains("eco-env")).collect();
    assert_eq!(told.len(), 1, "{:#?}", health.findings);
    assert!(told[0].contains("550") && told[0].contains("duban unit set eco-env --mailbox"), "{told:?}");
    let letters = daemon.client.letters().await.unwrap();
    let count = |state: &str| letters.iter().filter(|letter| letter.progress == state).count();
    assert_eq!((count("refused"), count("accepted")), (1, letters.len() - 1));
}

struct Trial {
    out: String,
    err: String,
    code: Option<i32>,
}

/// `duban mail test`, as a person types it.
async fn mail_test(config: String, to: &'static str) -> Trial {
    tokio::task::spawn_blocking(move || {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("duban.toml"), config).unwrap();
        std::fs::write(home.path().join("password"), "wrong\n").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_duban"))
            .current_dir(home.path())
            .args(["mail", "test", "--to", to])
            .env_remove("LC_ALL")
            .env("LANG", "en_US.UTF-8")
            .output()
            .unwrap();
        Trial {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        }
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_test_shows_each_step_with_the_servers_words() {
    let server = FaultyServer::start(Security::Plain).await;
    let port = server.address.port();
    let config = format!(
        "[mail]\nsmtp = \"smtp://127.0.0.1:{port}\"\ntls = \"{}\"\nfrom = \"office@county.test\"\n",
        Tls::None
    );
    let trial = mail_test(config, "me@county.test").await;
    assert_eq!(trial.code, Some(0), "{}{}", trial.out, trial.err);
    let steps: Vec<&str> =
        trial.out.lines().filter_map(|line| line.strip_prefix("  ")?.split("  ").next()).collect();
    let steps: Vec<&str> = steps.iter().map(|step| step.trim()).collect();
    let right = ["resolve", "connect", "greeting", "EHLO", "MAIL", "RCPT", "DATA", "final dot", "QUIT"];
    assert_eq!(steps, right, "{}", trial.out);
    assert!(trial.out.contains("8BITMIME") && trial.out.contains("queued as F1"), "{}", trial.out);
    let stored = server.stored();
    assert_eq!((stored.len(), stored[0].to.as_str()), (1, "me@county.test"));
    assert!(stored[0].bytes.contains("From: =?utf-8?"), "{}", stored[0].bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_test_says_what_is_wrong_and_what_helps() {
    let server = FaultyServer::start(Security::Plain).await;
    let port = server.address.port();
    let relay = format!("[mail]\nsmtp = \"127.0.0.1:{port}\"\nfrom = \"office@county.test\"\n");
    let no_tls = mail_test(relay.clone(), "me@county.test").await;
    assert_eq!(no_tls.code, Some(1));
    assert!(no_tls.err.contains("offers no STARTTLS") && no_tls.err.contains("implicit"), "{}", no_tls.err);
    let login = "tls = \"none\"\nuser = \"u\"\npassword_file = \"password\"\n";
    let wrong = mail_test(format!("{relay}{login}"), "me@county.test").await;
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("535") && wrong.err.contains("password's file"), "{}", wrong.err);
    let nobody = mail_test(format!("{relay}tls = \"none\"\n"), "eco-env@duban.example").await;
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.err.contains("placeholder"), "{}", nobody.err);
    let folder = mail_test(String::new(), "me@county.test").await;
    assert_eq!(folder.code, Some(1));
    assert!(folder.err.contains("no relay to test") && folder.err.contains("smtp"), "{}", folder.err);
    assert!(server.stored().is_empty());
}
