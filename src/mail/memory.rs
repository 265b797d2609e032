//! Letters kept in memory, and outcomes as a test or the simulator wants them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Envelope, Outcome};

/// One letter handed over, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// the letter
    pub envelope: Envelope,
    /// the answer
    pub outcome: Outcome,
}

/// Keeps letters in memory. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct MemoryMailer {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    attempts: Vec<Attempt>,
    script: VecDeque<Outcome>,
}

impl MemoryMailer {
    /// The next attempts end so, in this order; after them every letter is accepted.
    pub fn script(&self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.lock().script.extend(outcomes);
    }

    /// Every attempt so far, in order.
    #[must_use]
    pub fn attempts(&self) -> Vec<Attempt> {
        self.lock().attempts.clone()
    }

    /// The letters that were accepted, in order.
    #[must_use]
    pub fn accepted(&self) -> Vec<Envelope> {
        let state = self.lock();
        let accepted =
            state.attempts.iter().filter(|attempt| matches!(attempt.outcome, Outcome::Accepted(_)));
        accepted.map(|attempt| attempt.envelope.clone()).collect()
    }

    /// Keeps the letter and answers as scripted; needs no runtime.
    #[must_use]
    pub fn send(&self, envelope: &Envelope) -> Outcome {
        let mut state = self.lock();
        let outcome =
            state.script.pop_front().unwrap_or_else(|| Outcome::Accepted("kept in memory".to_owned()));
        state.attempts.push(Attempt { envelope: envelope.clone(), outcome: outcome.clone() });
        outcome
    }

    /// A test that panicked while holding the lock left nothing half-done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Recipient;
    use crate::mail::Mailer;

    #[tokio::test]
    async fn outcomes_come_as_scripted_then_all_is_accepted() {
        let memory = MemoryMailer::default();
        memory.script([Outcome::Deferred("451".into()), Outcome::Unknown("lost".into())]);
        let mailer = Mailer::Memory(memory.clone());
        let envelope = Envelope {
            letter: "2021-0623-07".parse().unwrap(),
            message_id: "a@duban".into(),
            to: Recipient::LeaderOf("eco-env".parse().unwrap()),
            address: "leader@duban.example".into(),
            from: "office@duban.example".into(),
            bytes: vec![],
        };
        assert_eq!(mailer.send(&envelope).await, Outcome::Deferred("451".into()));
        assert_eq!(mailer.send(&envelope).await, Outcome::Unknown("lost".into()));
        assert!(matches!(mailer.send(&envelope).await, Outcome::Accepted(_)));
        assert_eq!(memory.attempts().len(), 3);
        assert_eq!(memory.accepted(), [envelope]);
    }
}
