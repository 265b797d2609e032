//! `duban mail test`: one letter, step by step, told as it happens.

use tokio::sync::mpsc;

use super::dial::{Dialer, Patience, Told, Witness};
use super::trouble::{Failed, Step, Trouble};
use super::{is_nobodys, sender};
use crate::config::Smtp;
use crate::domain::Envelope;

/// A running trial.
#[derive(Debug)]
pub struct Trial {
    /// steps as they happen; it ends with the dialogue
    pub steps: mpsc::UnboundedReceiver<Told>,
    /// how it ended: the server's words when it took the letter
    pub ended: tokio::task::JoinHandle<Result<String, Failed>>,
}

/// Sends one letter over a line of its own.
#[must_use]
pub fn trial(smtp: Smtp, patience: Patience, envelope: Envelope) -> Trial {
    let (sender, steps) = mpsc::unbounded_channel();
    let witness = Witness::Someone(sender);
    Trial { steps, ended: tokio::spawn(async move { dialogue(smtp, patience, &envelope, &witness).await }) }
}

async fn dialogue(
    smtp: Smtp,
    patience: Patience,
    envelope: &Envelope,
    witness: &Witness,
) -> Result<String, Failed> {
    let ours = |step, what: &str| Failed { step, trouble: Trouble::Ours(what.to_owned()) };
    let dialer = Dialer::new(smtp, patience);
    let from = sender(&dialer.smtp, envelope).to_owned();
    let mut session = dialer.dial(witness).await?;
    if is_nobodys(&from) {
        return Err(ours(Step::Sender, "the office's own address is a placeholder"));
    }
    if is_nobodys(&envelope.address) {
        return Err(ours(Step::Addressee, "this address is a placeholder, no mailbox"));
    }
    let taken = session.send(envelope, &from, &dialer.patience, witness).await?;
    // The letter was taken: what comes of the good-bye is told and changes nothing.
    match session.quit(&dialer.patience).await {
        Ok(words) => witness.tell(Step::Quit, || words),
        Err(failed) => witness.tell(Step::Quit, || failed.trouble.to_string()),
    }
    Ok(taken)
}
