//! Letters to a relay by SMTP (RFC 5321): lettre speaks, over lines of our own.
//!
//! One line a letter in flight, at most as many as configured; a line that served is kept a moment
//! for the next letter. It decides nothing: what went wrong, and whose fault it is, is an outcome.

mod dial;
mod line;
mod session;
mod trial;
mod trouble;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::sleep;

pub use dial::{Patience, Told};
pub use trial::{Trial, trial};
pub use trouble::{Failed, Step, Trouble, cure};

use dial::{Dialer, Witness};
use session::Session;
use trouble::outcome;

use crate::config::Smtp;
use crate::domain::{Envelope, Outcome, RelayFault, is_placeholder};

/// A line without a letter for this long is closed.
pub const IDLE_SECONDS_MAX: u64 = 10;

/// Hands letters to one relay. Clones share its lines.
#[derive(Debug, Clone)]
pub struct SmtpMailer(Arc<Lines>);

#[derive(Debug)]
struct Lines {
    dialer: Dialer,
    /// one a line that may be open
    permits: Semaphore,
    idle: Mutex<Vec<Session>>,
    /// somebody closes idle lines
    reaping: AtomicBool,
}

impl SmtpMailer {
    /// To the relay as configured; the first line is opened with the first letter.
    #[must_use]
    pub fn new(smtp: Smtp) -> Self {
        Self::with_patience(smtp, Patience::default())
    }

    /// The same with deadlines of the caller's.
    #[must_use]
    pub fn with_patience(smtp: Smtp, patience: Patience) -> Self {
        let permits = Semaphore::new(smtp.connections);
        let dialer = Dialer::new(smtp, patience);
        Self(Arc::new(Lines { dialer, permits, idle: Mutex::default(), reaping: AtomicBool::new(false) }))
    }

    /// The relay.
    #[must_use]
    pub fn relay(&self) -> &Smtp {
        &self.0.dialer.smtp
    }

    pub(super) async fn send(&self, envelope: &Envelope) -> Outcome {
        let from = sender(self.relay(), envelope);
        if is_nobodys(&envelope.address) {
            return Outcome::Refused(
                "the address is a placeholder: no mail is sent there; set the unit's mailbox".to_owned(),
            );
        }
        if is_nobodys(from) {
            return Outcome::NoRelay {
                fault: RelayFault::Setup,
                reply: "the office's own address is a placeholder: set `from` in schedules/office.toml"
                    .to_owned(),
            };
        }
        // Never closed.
        let Ok(_permit) = self.0.permits.acquire().await else {
            return Outcome::Interrupted("the mailer was closed".to_owned());
        };
        match self.over_some_line(envelope, from).await {
            Ok(reply) => Outcome::Accepted(reply),
            Err(failed) => outcome(&failed),
        }
    }

    async fn over_some_line(&self, envelope: &Envelope, from: &str) -> Result<String, Failed> {
        let Lines { dialer, .. } = &*self.0;
        if let Some(mut session) = self.kept() {
            match self.over(&mut session, envelope, from).await {
                // The server may close a line that waits; nothing of the letter was said yet.
                Err(failed) if failed.step == Step::Sender && is_of_the_line(&failed.trouble) => {}
                done => return self.keep(session, done).await,
            }
        }
        let mut session = dialer.dial(&Witness::Nobody).await?;
        let done = self.over(&mut session, envelope, from).await;
        self.keep(session, done).await
    }

    async fn over(&self, session: &mut Session, envelope: &Envelope, from: &str) -> Result<String, Failed> {
        session.send(envelope, from, &self.0.dialer.patience, &Witness::Nobody).await
    }

    /// Keeps the line for the next letter, if it is still good for one.
    async fn keep(&self, mut session: Session, done: Result<String, Failed>) -> Result<String, Failed> {
        let good = match &done {
            Ok(_) => true,
            Err(failed) if is_of_the_line(&failed.trouble) => false,
            Err(_) => session.reset(&self.0.dialer.patience).await,
        };
        if good {
            self.idle().push(session);
            if !self.0.reaping.swap(true, Ordering::AcqRel) {
                tokio::spawn(reap(self.clone()));
            }
        }
        done
    }

    /// The line used last, if it did not wait too long.
    fn kept(&self) -> Option<Session> {
        let session = self.idle().pop()?;
        (session.idle() < Duration::from_secs(IDLE_SECONDS_MAX)).then_some(session)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes lines that wait for too long, until there is none.
async fn reap(mailer: SmtpMailer) {
    loop {
        sleep(Duration::from_secs(IDLE_SECONDS_MAX)).await;
        let (old, left) = {
            let mut idle = mailer.idle();
            let limit = Duration::from_secs(IDLE_SECONDS_MAX);
            let old: Vec<Session> = idle.extract_if(.., |session| session.idle() >= limit).collect();
            if idle.is_empty() {
                mailer.0.reaping.store(false, Ordering::Release);
            }
            (old, idle.len())
        };
        for session in old {
            let _ = session.quit(&mailer.0.dialer.patience).await;
        }
        if left == 0 {
            return;
        }
    }
}

/// Whether the line itself is the matter, or the server said that it closes it.
fn is_of_the_line(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Said { code, .. } => *code == 421,
        Trouble::Late { .. } | Trouble::Lost(_) | Trouble::Garbage(_) => true,
        Trouble::Ours(_) => false,
    }
}

fn sender<'a>(smtp: &'a Smtp, envelope: &'a Envelope) -> &'a str {
    smtp.from.as_deref().unwrap_or(&envelope.from)
}

/// Whether mail to this address can reach nobody: duban's placeholders, and the names that RFC 2606
/// keeps for examples.
#[must_use]
pub fn is_nobodys(address: &str) -> bool {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain).to_ascii_lowercase();
    let under = |top: &str| domain == top || domain.ends_with(&format!(".{top}"));
    is_placeholder(address) || ["example", "invalid"].into_iter().any(under)
}
