//! Against a real server: Debian's postfix with TLS and cyrus SASL.

use std::time::Duration;

use duban::config::{Login, Smtp, Tls};
use duban::domain::{Envelope, Outcome, RelayFault};
use duban::mail::{Mailer, SmtpMailer};

use crate::postfix::{Postfix, USER};
use crate::smtp_faults::envelope;

struct Office {
    postfix: Postfix,
    home: tempfile::TempDir,
}

impl Office {
    fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("password"), "right\n").unwrap();
        Self { postfix: Postfix::start(), home }
    }

    fn smtp(&self, tls: Tls) -> Smtp {
        let port = if tls == Tls::Implicit { self.postfix.tls_port } else { self.postfix.port };
        let login = Login { user: USER.into(), password_file: self.home.path().join("password") };
        Smtp {
            tls,
            login: (tls != Tls::None).then_some(login),
            ca_file: Some(self.postfix.ca()),
            ..Smtp::plain("127.0.0.1", port)
        }
    }

    async fn send(&self, smtp: Smtp, envelope: &Envelope) -> Outcome {
        Mailer::Smtp(SmtpMailer::new(smtp)).send(envelope).await
    }

    /// Delivery goes on after the letter was taken.
    async fn delivered(&self, mailbox: &str, count: usize) -> Vec<String> {
        let waiting = async {
            loop {
                let letters = self.postfix.delivered(mailbox);
                if letters.len() >= count {
                    return letters;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        found.unwrap_or_else(|_| panic!("no letter in {mailbox}: {}", self.postfix.log()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_takes_letters_in_clear_after_starttls_and_under_tls_and_delivers_each_to_the_byte() {
    let office = Office::open();
    for (count, tls) in [Tls::None, Tls::StartTls, Tls::Implicit].into_iter().enumerate() {
        let sent = envelope("hb@county.test");
        let outcome = office.send(office.smtp(tls), &sent).await;
        let Outcome::Accepted(reply) = outcome else {
            panic!("{tls}: {outcome:?}\n{}", office.postfix.log())
        };
        assert!(reply.contains("queued as"), "{reply}");
        let letters = office.delivered("hb", count + 1).await;
        let body = String::from_utf8(sent.bytes).unwrap().replace("\r\n", "\n");
        assert!(letters.iter().all(|letter| letter.ends_with(&body)), "{letters:#?}");
    }
    let log = office.postfix.log();
    assert_eq!(log.matches("sasl_method=PLAIN").count(), 2, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_postfix_refuses_is_the_addressees_the_relays_or_the_offices_matter() {
    let office = Office::open();
    let to_nobody = office.send(office.smtp(Tls::StartTls), &envelope("nobody@county.test")).await;
    assert!(matches!(&to_nobody, Outcome::Refused(why) if why.contains("550")), "{to_nobody:?}");
    // Without a login it takes letters for its own people only.
    let stranger = office.send(office.smtp(Tls::None), &envelope("a@elsewhere.test")).await;
    let Outcome::NoRelay { fault: RelayFault::Setup, reply } = stranger else { panic!("{stranger:?}") };
    assert!(reply.contains("Relay access denied") && reply.contains("`user`"), "{reply}");
    std::fs::write(office.home.path().join("password"), "wrong\n").unwrap();
    let wrong = office.send(office.smtp(Tls::StartTls), &envelope("hb@county.test")).await;
    assert!(matches!(wrong, Outcome::NoRelay { fault: RelayFault::Login, .. }), "{wrong:?}");
    let machines = Smtp { ca_file: None, ..office.smtp(Tls::Implicit) };
    let unknown = office.send(machines, &envelope("hb@county.test")).await;
    let Outcome::NoRelay { fault: RelayFault::Tls, reply } = unknown else { panic!("{unknown:?}") };
    assert!(reply.contains("ca_file"), "{reply}");
    let clear = Smtp { login: office.smtp(Tls::StartTls).login, ..office.smtp(Tls::None) };
    let no_auth = office.send(clear, &envelope("hb@county.test")).await;
    assert!(
        matches!(no_auth, Outcome::NoRelay { fault: RelayFault::Setup | RelayFault::Login, .. }),
        "{no_auth:?}"
    );
}
