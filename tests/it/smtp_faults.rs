//! Every way a relay can fail, at every step: nothing is lost, a second copy goes only where the
//! final dot was sent, and always under the same Message-ID.

use std::time::Duration;

use duban::config::{Login, Smtp, Tls};
use duban::domain::{Envelope, Outcome, Recipient, RelayFault};
use duban::mail::smtp::{Patience, Step};
use duban::mail::{Mailer, SmtpMailer};
use tempfile::TempDir;

use crate::smtp_server::{Fault, FaultyServer, Security};

/// Towards a server that answers: longer than any machine under load takes.
pub const PATIENCE: Patience = patience(30);
/// Towards one that falls silent. Real patience is minutes; what is tested is that each step has an end of its own.
const SHORT_PATIENCE: Patience = patience(2);

const fn patience(answer_seconds: u64) -> Patience {
    Patience {
        connect: Duration::from_secs(30),
        answer: Duration::from_secs(answer_seconds),
        body: Duration::from_secs(answer_seconds + 1),
        dot: Duration::from_secs(answer_seconds),
    }
}

pub fn envelope(to: &str) -> Envelope {
    let id = "0123456789abcdef@duban";
    let head = "From: office@county.test\r\nDate: Wed, 23 Jun 2021 01:00:00 +0000\r\nSubject: x";
    let body = ".a line that begins with a dot\r\n".repeat(3);
    Envelope {
        letter: "2021-0623-07".parse().unwrap(),
        message_id: id.into(),
        to: Recipient::Unit("eco-env".parse().unwrap()),
        address: to.into(),
        from: "office@county.test".into(),
        bytes: format!("Message-ID: <{id}>\r\n{head}\r\n\r\n{body}").into_bytes(),
    }
}

/// A large letter: more than the kernel takes without the other side reading.
fn large() -> Envelope {
    let mut envelope = envelope("hb@county.test");
    envelope.bytes.extend(b"0123456789012345678901234567890123456789\r\n".repeat(400_000));
    envelope
}

pub struct Relay {
    pub server: FaultyServer,
    pub mailer: Mailer,
    home: TempDir,
}

impl Relay {
    pub fn to(server: FaultyServer, tls: Tls, ca: &str) -> Self {
        Self::within(PATIENCE, server, tls, ca)
    }

    fn within(patience: Patience, server: FaultyServer, tls: Tls, ca: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("ca.pem"), ca).unwrap();
        std::fs::write(home.path().join("password"), "right\n").unwrap();
        let login = Login { user: "duban".into(), password_file: home.path().join("password") };
        let smtp = Smtp {
            tls,
            login: Some(login),
            ca_file: Some(home.path().join("ca.pem")),
            ..Smtp::plain("127.0.0.1", server.address.port())
        };
        let mailer = Mailer::Smtp(SmtpMailer::with_patience(smtp, patience));
        Self { server, mailer, home }
    }

    pub async fn start(security: Security) -> Self {
        Self::start_within(PATIENCE, security).await
    }

    async fn start_within(patience: Patience, security: Security) -> Self {
        let server = FaultyServer::start(security).await;
        let tls = match security {
            Security::Plain => Tls::None,
            Security::StartTls => Tls::StartTls,
            Security::Implicit => Tls::Implicit,
        };
        let ca = server.ca.clone();
        Self::within(patience, server, tls, &ca)
    }
}

fn kind(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted(_) => "accepted".into(),
        Outcome::Deferred(_) => "deferred".into(),
        Outcome::Interrupted(_) => "interrupted".into(),
        Outcome::Refused(_) => "refused".into(),
        Outcome::Unknown(_) => "unknown".into(),
        Outcome::NoRelay { fault, .. } => format!("{fault:?}").to_lowercase(),
    }
}

/// One cell: fails once so, then the same letter goes again until it is settled, as the planner does it.
async fn cell(security: Security, step: Step, fault: Fault, expected: &str, copies: usize) -> Option<String> {
    let is_silent = matches!(fault, Fault::Hang | Fault::Slow | Fault::KeptThenHang);
    let patience = if is_silent { SHORT_PATIENCE } else { PATIENCE };
    let relay = Relay::start_within(patience, security).await;
    relay.server.fail(step, fault, 1);
    let letter = if step == Step::Body { large() } else { envelope("hb@county.test") };
    let first = relay.mailer.send(&letter).await;
    let mut last = first.clone();
    for _ in 0..3 {
        if matches!(last, Outcome::Accepted(_) | Outcome::Refused(_)) {
            break;
        }
        last = relay.mailer.send(&letter).await;
    }
    let stored = relay.server.stored();
    let same = stored.iter().all(|letter| letter.message_id() == "<0123456789abcdef@duban>");
    let whole = stored.iter().all(|stored| stored.bytes.as_bytes() == letter.bytes);
    let settled = matches!(last, Outcome::Accepted(_)) == (copies > 0);
    let right = kind(&first) == expected && stored.len() == copies && same && whole && settled;
    (!right).then(|| {
        format!(
            "{step:?} {fault:?}: {first:?}, then {last:?}; {} copies, same {same}, whole {whole}",
            stored.len()
        )
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_fails_at_whatever_step_no_letter_is_lost_and_none_goes_twice_without_need() {
    use Fault::{
        Drop, Garbage, Hang, Inject, KeptThenDrop, KeptThenHang, NotOffered, Say, Slow, TakenThenDrop,
    };
    let mut cells = Vec::new();
    let opening = [Step::Greeting, Step::Hello, Step::Login, Step::Sender];
    let all =
        [Step::Greeting, Step::Hello, Step::Login, Step::Sender, Step::Addressee, Step::Data, Step::Dot];
    for step in all {
        let early = opening.contains(&step);
        let dot = step == Step::Dot;
        let said_no = if step == Step::Login {
            "login"
        } else if early {
            "setup"
        } else {
            "refused"
        };
        let lost = if dot {
            "unknown"
        } else if early {
            "unreachable"
        } else {
            "interrupted"
        };
        let not_now = if early { "busy" } else { "deferred" };
        let refused_copies = usize::from(early);
        let five = if step == Step::Login { 535 } else { 554 };
        cells.push((Security::Plain, step, Say(451), not_now, 1));
        cells.push((Security::Plain, step, Say(five), said_no, refused_copies));
        cells.push((Security::Plain, step, Say(421), "busy", 1));
        // A server that answers late or with nonsense has the letter; one that was gone has not.
        let kept = if dot { 2 } else { 1 };
        cells.push((Security::Plain, step, Garbage, lost, kept));
        cells.push((Security::Plain, step, Slow, lost, kept));
        cells.push((Security::Plain, step, Hang, lost, kept));
        cells.push((Security::Plain, step, Drop, lost, 1));
    }
    for (fault, expected) in [
        (Say(454), "busy"),
        (Say(501), "tls"),
        (Hang, "unreachable"),
        (Drop, "unreachable"),
        (Garbage, "unreachable"),
        (Slow, "unreachable"),
        (Inject, "tls"),
    ] {
        cells.push((Security::StartTls, Step::StartTls, fault, expected, 1));
    }
    cells.push((Security::StartTls, Step::StartTls, NotOffered, "tls", 0));
    for security in [Security::StartTls, Security::Implicit] {
        for (fault, expected) in [(Hang, "unreachable"), (Drop, "tls"), (Garbage, "tls")] {
            cells.push((security, Step::Tls, fault, expected, 1));
        }
    }
    cells.push((Security::Plain, Step::Body, Drop, "interrupted", 1));
    cells.push((Security::Plain, Step::Body, Hang, "interrupted", 1));
    cells.push((Security::Plain, Step::Dot, KeptThenDrop, "unknown", 2));
    cells.push((Security::Plain, Step::Dot, KeptThenHang, "unknown", 2));
    cells.push((Security::Plain, Step::Dot, TakenThenDrop, "accepted", 1));
    cells.push((Security::Plain, Step::Addressee, Say(450), "deferred", 1));
    assert!(cells.len() >= 60, "{} cells", cells.len());
    let count = cells.len();
    let mut running = tokio::task::JoinSet::new();
    for (security, step, fault, expected, copies) in cells {
        running.spawn(cell(security, step, fault, expected, copies));
    }
    let wrong: Vec<String> = running.join_all().await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{} of {count} cells: {wrong:#?}", wrong.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listens_and_the_relay_is_at_fault_not_the_address() {
    let relay = Relay::start(Security::Plain).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mailer = SmtpMailer::with_patience(Smtp::plain("127.0.0.1", port), PATIENCE);
    let outcome = Mailer::Smtp(mailer).send(&envelope("hb@county.test")).await;
    let Outcome::NoRelay { fault: RelayFault::Unreachable, reply } = outcome else { panic!("{outcome:?}") };
    assert!(reply.contains("is the port") && reply.contains("mail.smtp"), "{reply}");
    drop(relay);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_a_stranger_or_for_another_name_is_not_trusted() {
    for security in [Security::StartTls, Security::Implicit] {
        let tls = if security == Security::StartTls { Tls::StartTls } else { Tls::Implicit };
        let stranger = FaultyServer::start(security).await;
        let (_, other_ca, _, _) = crate::smtp_server::certificate(&["127.0.0.1"]);
        let relay = Relay::to(stranger.clone(), tls, &other_ca);
        let outcome = relay.mailer.send(&envelope("hb@county.test")).await;
        let Outcome::NoRelay { fault: RelayFault::Tls, reply } = outcome else { panic!("{outcome:?}") };
        assert!(reply.contains("ca_file"), "{reply}");
        let other = FaultyServer::named(security, "mail.other.test").await;
        let ca = other.ca.clone();
        let relay = Relay::to(other.clone(), tls, &ca);
        let outcome = relay.mailer.send(&envelope("hb@county.test")).await;
        let Outcome::NoRelay { fault: RelayFault::Tls, reply } = outcome else { panic!("{outcome:?}") };
        assert!(reply.contains("as its certificate does"), "{reply}");
        assert!(stranger.stored().is_empty() && other.stored().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_is_told_in_words_for_people() {
    for security in [Security::Plain, Security::StartTls, Security::Implicit] {
        for step in [Step::Login, Step::Addressee] {
            let relay = Relay::start(security).await;
            relay.server.fail(step, crate::smtp_server::Fault::Drop, 1);
            let outcome = relay.mailer.send(&envelope("hb@county.test")).await;
            let (Outcome::NoRelay { reply, .. } | Outcome::Interrupted(reply)) = outcome else {
                panic!("{outcome:?}")
            };
            assert_eq!(reply, format!("{step}: the server closed the line"), "{security:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_the_offices_matter_and_a_new_one_needs_no_new_start() {
    let relay = Relay::start(Security::StartTls).await;
    let password = relay.home.path().join("password");
    std::fs::write(&password, "wrong").unwrap();
    let outcome = relay.mailer.send(&envelope("hb@county.test")).await;
    let Outcome::NoRelay { fault: RelayFault::Login, reply } = outcome else { panic!("{outcome:?}") };
    assert!(reply.contains("535") && reply.contains("password"), "{reply}");
    assert!(!reply.contains("wrong"), "the password itself is never told: {reply}");
    std::fs::write(&password, "right").unwrap();
    assert!(matches!(relay.mailer.send(&envelope("hb@county.test")).await, Outcome::Accepted(_)));
    std::fs::remove_file(&password).unwrap();
    let other = Relay::start(Security::StartTls).await;
    std::fs::remove_file(other.home.path().join("password")).unwrap();
    let outcome = other.mailer.send(&envelope("hb@county.test")).await;
    assert!(matches!(outcome, Outcome::NoRelay { fault: RelayFault::Setup, .. }), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_addressee_spoils_no_other_letter_and_lines_are_used_again() {
    let relay = Relay::start(Security::Plain).await;
    relay.server.nobody_at("gone@county.test");
    for (to, expected) in
        [("a@county.test", "accepted"), ("gone@county.test", "refused"), ("b@county.test", "accepted")]
    {
        assert_eq!(kind(&relay.mailer.send(&envelope(to)).await), expected, "{to}");
    }
    let to: Vec<String> = relay.server.stored().into_iter().map(|letter| letter.to).collect();
    assert_eq!(to, ["a@county.test", "b@county.test"]);
    assert_eq!(relay.server.connections(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_the_server_closed_meanwhile_is_opened_anew() {
    let relay = Relay::start(Security::Plain).await;
    assert!(matches!(relay.mailer.send(&envelope("a@county.test")).await, Outcome::Accepted(_)));
    relay.server.fail(Step::Sender, Fault::Say(421), 1);
    assert!(matches!(relay.mailer.send(&envelope("b@county.test")).await, Outcome::Accepted(_)));
    assert_eq!(relay.server.connections(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn placeholders_get_no_mail_and_no_line_is_opened_for_them() {
    let relay = Relay::start(Security::Plain).await;
    for nobody in ["eco-env@duban.example", "a@b.example", "unit-mailbox@archive.invalid"] {
        let outcome = relay.mailer.send(&envelope(nobody)).await;
        assert!(matches!(&outcome, Outcome::Refused(why) if why.contains("placeholder")), "{outcome:?}");
    }
    let from_nobody = Envelope { from: "duban@duban.example".into(), ..envelope("a@county.test") };
    let outcome = relay.mailer.send(&from_nobody).await;
    let Outcome::NoRelay { fault: RelayFault::Setup, reply } = outcome else { panic!("{outcome:?}") };
    assert!(reply.contains("office.toml"), "{reply}");
    assert_eq!(relay.server.connections(), 0);
}
