//! Hands letters over and tells the planner what became of them. It decides nothing: when to try
//! again, and whether, is the planner's.
//!
//! One letter at a time goes to a domain, and to at most [`DOMAINS_AT_ONCE`] domains at once.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{debug, info, warn};

use crate::domain::{Envelope, LetterId, Outcome, Recipient};
use crate::mail::Mailer;
use crate::planner::{Handle, Input};

/// Domains that get a letter at the same time.
pub const DOMAINS_AT_ONCE: usize = 8;
/// After this long nobody knows any more what became of a letter.
pub const SEND_SECONDS_MAX: u64 = 180;

/// Letters on their way out.
pub(super) struct Courier {
    mailer: Mailer,
    planner: Handle,
    /// by domain; a key without a task in flight does not stay
    waiting: BTreeMap<String, VecDeque<Envelope>>,
    /// domains with a letter in flight, or with letters and no room yet
    flying: JoinSet<String>,
    busy: Vec<String>,
}

impl Courier {
    pub(super) fn new(mailer: Mailer, planner: Handle) -> Self {
        Self { mailer, planner, waiting: BTreeMap::new(), flying: JoinSet::new(), busy: Vec::new() }
    }

    /// Sends until told to stop; then finishes what is in flight. What only waits stays queued in
    /// the journal and goes after the next start.
    pub(super) async fn run(
        mut self,
        mut letters: mpsc::UnboundedReceiver<Envelope>,
        mut stop: oneshot::Receiver<()>,
    ) {
        loop {
            tokio::select! {
                biased;
                _ = &mut stop => break,
                Some(domain) = self.flying.join_next(), if !self.flying.is_empty() => {
                    // A task never panics: what could is awaited inside it.
                    if let Ok(domain) = domain {
                        self.busy.retain(|busy| *busy != domain);
                    }
                }
                letter = letters.recv() => match letter {
                    Some(letter) => self.waiting.entry(domain_of(&letter)).or_default().push_back(letter),
                    None => break,
                },
            }
            self.take_off();
        }
        while self.flying.join_next().await.is_some() {}
    }

    fn take_off(&mut self) {
        while self.busy.len() < DOMAINS_AT_ONCE {
            let free = self.waiting.keys().find(|domain| !self.busy.contains(domain)).cloned();
            let Some(domain) = free else { return };
            let next = self.waiting.get_mut(&domain).and_then(VecDeque::pop_front);
            if self.waiting.get(&domain).is_none_or(VecDeque::is_empty) {
                self.waiting.remove(&domain);
            }
            let Some(letter) = next else { continue };
            self.busy.push(domain.clone());
            let (mailer, planner) = (self.mailer.clone(), self.planner.clone());
            self.flying.spawn(async move {
                send(mailer, &planner, letter).await;
                domain
            });
        }
    }
}

async fn send(mailer: Mailer, planner: &Handle, envelope: Envelope) {
    let (letter, to) = (envelope.letter, shown(&envelope.to));
    let attempt = tokio::spawn(async move { mailer.send(&envelope).await });
    let outcome = match timeout(Duration::from_secs(SEND_SECONDS_MAX), attempt).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(lost)) => Outcome::Unknown(format!("the sending task was lost: {lost}")),
        Err(_) => Outcome::Unknown(format!("no answer within {SEND_SECONDS_MAX} seconds")),
    };
    log(letter, &to, &outcome);
    if planner.ask(Input::Outcome { letter, outcome }).await.is_err() {
        debug!(%letter, "the planner stopped before the outcome was recorded; it goes again after a start");
    }
}

fn log(letter: LetterId, to: &str, outcome: &Outcome) {
    match outcome {
        Outcome::Accepted(reply) => info!(%letter, to, reply, "letter taken"),
        Outcome::Deferred(reply) => warn!(%letter, to, reply, "letter not taken yet; it goes again"),
        Outcome::Refused(reply) => warn!(%letter, to, reply, "letter refused for good"),
        Outcome::Unknown(reply) => {
            warn!(%letter, to, reply, "nobody knows whether the letter was taken; it goes again under the same Message-ID");
        }
    }
}

fn domain_of(envelope: &Envelope) -> String {
    envelope.address.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_ascii_lowercase())
}

/// The unit, never the address.
fn shown(to: &Recipient) -> String {
    match to {
        Recipient::Unit(unit) => unit.to_string(),
        Recipient::LeaderOf(unit) => format!("leader of {unit}"),
    }
}
