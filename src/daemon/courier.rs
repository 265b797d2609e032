//! Hands letters over and tells the planner what became of them. It decides nothing: when to try
//! again, and whether, is the planner's.
//!
//! Each receiving domain has a lane of its own, so that none waits for another; how many letters go
//! at once, and how fast to one domain, is the mailer's [`Pace`].

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{debug, error, info, warn};

use crate::domain::{Envelope, LetterId, Outcome, Recipient};
use crate::mail::{Mailer, Pace};
use crate::planner::Handle;
use crate::telemetry::hide_addresses;

/// After this long nobody knows any more what became of a letter. A mailer's own deadlines are
/// shorter; this one is for a mailer that forgot one.
pub const SEND_SECONDS_MAX: u64 = 1800;

/// Letters on their way out.
pub(super) struct Courier {
    mailer: Mailer,
    pace: Pace,
    planner: Handle,
    /// by domain; one without letters and at rest does not stay
    lanes: BTreeMap<String, Lane>,
    /// the domain that was served last: the next one after it has its turn
    served: String,
    /// each ends with its domain, and the relay's fault where there was one
    flying: JoinSet<(String, Option<Outcome>)>,
}

/// Letters to one domain.
#[derive(Debug, Default)]
struct Lane {
    waiting: VecDeque<Envelope>,
    flying: usize,
    /// the next letter may start, not before
    next: Option<Instant>,
}

impl Courier {
    pub(super) fn new(mailer: Mailer, planner: Handle) -> Self {
        let pace = mailer.pace();
        Self { mailer, pace, planner, lanes: BTreeMap::new(), served: String::new(), flying: JoinSet::new() }
    }

    /// Sends until told to stop; then finishes what is in flight. What only waits stays queued in
    /// the journal and goes after the next start.
    pub(super) async fn run(
        mut self,
        mut letters: mpsc::UnboundedReceiver<Envelope>,
        mut stop: oneshot::Receiver<()>,
    ) {
        let mut later = None;
        loop {
            let next_start = async {
                match later {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                _ = &mut stop => break,
                Some(landed) = self.flying.join_next(), if !self.flying.is_empty() => {
                    // A task never panics: what could is awaited inside it.
                    if let Ok((domain, fault)) = landed {
                        self.landed(&domain, fault).await;
                    }
                }
                letter = letters.recv() => match letter {
                    Some(letter) => {
                        self.lanes.entry(domain_of(&letter)).or_default().waiting.push_back(letter);
                    }
                    None => break,
                },
                () = next_start => {}
            }
            later = self.take_off(Instant::now());
        }
        while self.flying.join_next().await.is_some() {}
    }

    async fn landed(&mut self, domain: &str, fault: Option<Outcome>) {
        if let Some(lane) = self.lanes.get_mut(domain) {
            lane.flying = lane.flying.saturating_sub(1);
        }
        // What waits would fare no better: the planner holds it until the relay works again.
        let Some(fault) = fault else { return };
        for letter in self.lanes.values_mut().flat_map(|lane| std::mem::take(&mut lane.waiting)) {
            tell(&self.planner, letter.letter, fault.clone()).await;
        }
    }

    /// Starts what may start now; the instant at which more may, if it only waits for time.
    fn take_off(&mut self, now: Instant) -> Option<Instant> {
        let pace = self.pace;
        self.lanes.retain(|_, lane| {
            !lane.waiting.is_empty() || lane.flying > 0 || lane.next.is_some_and(|next| next > now)
        });
        let open = |lane: &Lane| !lane.waiting.is_empty() && lane.flying < pace.at_once_per_domain;
        while self.flying.len() < pace.at_once {
            let ready = |(_, lane): &(&String, &Lane)| open(lane) && lane.next.is_none_or(|next| next <= now);
            let after = (Bound::Excluded(self.served.as_str()), Bound::Unbounded);
            let up_to = (Bound::Unbounded, Bound::Included(self.served.as_str()));
            let turn = self.lanes.range::<str, _>(after).find(ready);
            let turn = turn.or_else(|| self.lanes.range::<str, _>(up_to).find(ready));
            let Some(domain) = turn.map(|(domain, _)| domain.clone()) else { break };
            let Some(lane) = self.lanes.get_mut(&domain) else { break };
            let Some(letter) = lane.waiting.pop_front() else { break };
            lane.flying += 1;
            lane.next = (!pace.gap_per_domain.is_zero()).then(|| now + pace.gap_per_domain);
            self.served.clone_from(&domain);
            let (mailer, planner) = (self.mailer.clone(), self.planner.clone());
            self.flying.spawn(async move { (domain, send(mailer, &planner, letter).await) });
        }
        if self.flying.len() >= pace.at_once {
            return None;
        }
        self.lanes.values().filter(|lane| open(lane)).filter_map(|lane| lane.next).min()
    }
}

/// Sends one letter and tells what became of it; the outcome again where the relay is at fault.
async fn send(mailer: Mailer, planner: &Handle, envelope: Envelope) -> Option<Outcome> {
    let (letter, to) = (envelope.letter, envelope.to.clone());
    let mut attempt = tokio::spawn(async move { mailer.send(&envelope).await });
    let outcome = match timeout(Duration::from_secs(SEND_SECONDS_MAX), &mut attempt).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(lost)) => Outcome::Unknown(format!("the sending task was lost: {lost}")),
        Err(_) => {
            // Else it might still hand the letter over, beside the next attempt.
            attempt.abort();
            Outcome::Unknown(format!("no answer within {SEND_SECONDS_MAX} seconds"))
        }
    };
    log(letter, &to, &outcome);
    let fault = matches!(outcome, Outcome::NoRelay { .. }).then(|| outcome.clone());
    tell(planner, letter, outcome).await;
    fault
}

async fn tell(planner: &Handle, letter: LetterId, outcome: Outcome) {
    if planner.outcome(letter, outcome).await.is_err() {
        debug!(%letter, "the planner stopped before the outcome was recorded; it goes again after a start");
    }
}

/// Servers like to name the address in their answers; the record has it, the log must not.
fn log(letter: LetterId, to: &Recipient, outcome: &Outcome) {
    let (Outcome::Accepted(words)
    | Outcome::Deferred(words)
    | Outcome::Interrupted(words)
    | Outcome::Refused(words)
    | Outcome::Unknown(words)
    | Outcome::NoRelay { reply: words, .. }) = outcome;
    let reply = hide_addresses(words);
    // The unit by its id alone, so that systemd's journal finds every line of it; never the address.
    let unit = to.unit().map_or("office", |unit| unit.as_str());
    let to = to.to_string();
    match outcome {
        Outcome::Accepted(_) => info!(%letter, %unit, to, reply, "letter taken"),
        Outcome::Deferred(_) => warn!(%letter, %unit, to, reply, "letter not taken yet; it goes again"),
        Outcome::Interrupted(_) => {
            warn!(%letter, %unit, to, reply, "the line was lost before the letter was handed over; it goes again");
        }
        Outcome::Refused(_) => warn!(%letter, %unit, to, reply, "letter refused for good"),
        Outcome::Unknown(_) => {
            warn!(%letter, %unit, to, reply, "nobody knows whether the letter was taken; it goes again under the same Message-ID");
        }
        Outcome::NoRelay { fault, .. } if fault.needs_a_person() => {
            error!(
                ?fault,
                reply, "the relay takes no letters until this is put right; all wait, none is lost"
            );
        }
        Outcome::NoRelay { fault, .. } => {
            warn!(?fault, reply, "the relay can't be used now; all letters wait, none is lost");
        }
    }
}

fn domain_of(envelope: &Envelope) -> String {
    envelope.address.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_ascii_lowercase())
}
