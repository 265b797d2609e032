//! What `/healthz` and `status` say: one look at the planner, and the files as last read.

use chrono::{DateTime, Utc};

use super::reload::Files;
use crate::domain::adoption::Finding;
use crate::domain::{Ledger, LetterProgress, LetterState, ReceivedKind, Recipient};
use crate::planner::{Handle, Planner, Stopped};
use crate::wire::{
    ClockHeld, FilesHealth, Health, JournalHealth, LettersHealth, PlansHealth, RelayHealth, Standing,
    StoreHealth,
};

/// How things stand at `now`.
///
/// # Errors
/// The planner has stopped.
pub(super) async fn health(
    planner: &Handle,
    files: &Files,
    mail: &str,
    now: DateTime<Utc>,
) -> Result<Health, Stopped> {
    let mail = mail.to_owned();
    let (health, findings) =
        planner.see(move |planner| (of(planner, mail, now), planner.findings().to_vec())).await?;
    let told = findings.iter().filter(|finding| files.is_told(finding)).map(Finding::to_string);
    let told = told.chain(health.findings.iter().cloned()).collect();
    Ok(judged(Health { findings: told, files: files.health(), ..health }))
}

fn of(planner: &Planner, mail: String, now: DateTime<Utc>) -> Health {
    let journal = planner.journal();
    let (head, lag) = (journal.head(), journal.store_lag());
    let ledger = planner.ledger();
    let ledger = ledger.read();
    let waiting = |progress| ledger.unsettled().filter(|letter| letter.progress == progress).count();
    let (held, unreleased) = (waiting(LetterProgress::Held), waiting(LetterProgress::Unreleased));
    let refused = |letter: &LetterState| matches!(letter.progress, LetterProgress::Refused { .. });
    let bounced = ledger.units().filter(|state| state.bounced.is_some()).map(|state| state.unit.id.clone());
    let followed = ledger.plans().filter(|(_, plan)| plan.is_followed()).count();
    Health {
        status: Standing::Ok,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        journal: JournalHealth {
            id: journal.id(),
            position: head.position,
            hash: head.hash,
            recorded_at: head.recorded_at,
        },
        store: StoreHealth { events_behind: lag.events, bytes_behind: lag.bytes, failed: lag.failed },
        now,
        zone: ledger.zone(),
        clock_held: planner.held(now).map(|last| ClockHeld { now, last }),
        letters: LettersHealth {
            unsettled: ledger.unsettled().count() - held - unreleased,
            held,
            written: ledger.letters().count(),
            refused: ledger.letters().filter(|(_, letter)| refused(letter)).count(),
            unreleased,
            replies: ledger.received().filter(|kept| kept.kind == ReceivedKind::Reply).count(),
            bounced: bounced.collect(),
        },
        plans: PlansHealth { followed, closed: ledger.plans().count() - followed },
        findings: refusing(&ledger),
        files: FilesHealth::default(),
        next_wake: planner.next_wake(),
        mail,
        relay: ledger.relay().map(|trouble| RelayHealth {
            fault: trouble.fault,
            reply: trouble.reply.clone(),
            since: trouble.since,
            failures: trouble.failures,
            retry_at: trouble.retry_at,
        }),
    }
}

/// Mailboxes that refused their last letter for good; never the address.
fn refusing(ledger: &Ledger) -> Vec<String> {
    let told = |(to, letter): (&Recipient, &LetterState)| {
        let LetterProgress::Refused { reply } = &letter.progress else { return None };
        let (whose, cure) = match to {
            Recipient::Unit(unit) => (unit.to_string(), format!("`duban unit set {unit} --mailbox …`")),
            Recipient::LeaderOf(unit) => {
                (format!("the leader of {unit}"), format!("`duban unit set {unit} --leader-mailbox …`"))
            }
        };
        let letter = letter.queued.letter;
        Some(format!(
            "letter {letter} to {whose} was refused: {reply}; correct the address with {cure}, then `duban letter resend {letter}`"
        ))
    };
    ledger.refusing().filter_map(told).collect()
}

fn judged(health: Health) -> Health {
    let stopped = health.clock_held.is_some() || health.store.failed.is_some();
    let attention = health.relay.is_some()
        || !health.findings.is_empty()
        || health.files.faults.iter().any(|fault| fault.error);
    let status = match (stopped, attention) {
        (true, _) => Standing::Stopped,
        (false, true) => Standing::Attention,
        (false, false) => Standing::Ok,
    };
    Health { status, ..health }
}
