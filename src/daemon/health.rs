//! How things stand: one look at the planner, the files as last read, what the journal's check found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::checked::Checked;
use super::mailbox::Collector;
use super::probe::Probe;
use super::reload::Files;
use crate::calendar::ahead;
use crate::clock::Clock;
use crate::doctor;
use crate::domain::adoption::Finding;
use crate::domain::agenda;
use crate::domain::matter::MATTERS_PLAN;
use crate::domain::{
    Ledger, LetterProgress, LetterState, PlanOwner, ReceivedKind, Recipient, TaskId, UnitState,
};
use crate::journal::{self, Lag, Reader, Shelves};
use crate::locale::{self, Language, Message, message};
use crate::matter::counted;
use crate::office::accounts::Accounts;
use crate::office::accounts_recorded::differences;
use crate::planner::{Giver, Handle, Planner, Stopped};
use crate::report;
use crate::telemetry::hide_addresses;
use crate::web::Figures;
use crate::wire::{
    CheckHealth, ClockHeld, DoorFault, DoorHealth, FilesHealth, FirstLettersHealth, Health, JournalHealth,
    LettersHealth, MattersHealth, PlansHealth, RelayHealth, Standing, StoreHealth,
};

/// From then on a second copy that lies behind is told: it should take moments.
const STORE_BEHIND_MAX: TimeDelta = TimeDelta::minutes(10);

/// Whom to ask how things stand. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Pulse {
    pub planner: Handle,
    pub clock: Clock,
    pub files: Files,
    pub checked: Checked,
    pub data: Arc<Path>,
    pub shelves: Shelves,
    /// where the start found accounts that are not as recorded: looked at again whenever somebody asks
    pub reader: Option<Reader>,
    /// asks the doors
    pub doors: Probe,
    /// where letters go
    pub mail: Message,
    /// what comes back
    pub mailbox: Option<Collector>,
}

impl Pulse {
    /// What `/healthz` and `status` say.
    ///
    /// # Errors
    /// The planner has stopped.
    pub(super) async fn health(&self, language: Language) -> Result<Health, Stopped> {
        let (mail, now) = (locale::told(language, &self.mail), self.clock.now());
        let (health, own, findings) = self
            .planner
            .see(move |planner| {
                let own = findings(&planner.ledger().read(), now);
                (of(planner, mail, now), own, planner.findings().to_vec())
            })
            .await?;
        let is_told = |finding: &&Finding| self.files.is_told(finding);
        let told = findings.iter().filter(is_told).map(locale::finding);
        let doors = self.doors.health();
        let closed = doors.iter().filter_map(closed);
        let told = told.chain(own).chain(full(&self.planner)).chain(closed);
        let told = told.chain(Accounts::fault(&self.shelves));
        let by_hand = self.reader.as_ref().and_then(|reader| differences(&self.shelves, reader).ok());
        let told = told.chain(by_hand.into_iter().flatten());
        let told = told.map(|finding| locale::told(language, &finding)).collect();
        Ok(judged(Health {
            findings: told,
            doors,
            files: self.files.health(language),
            check: self.checked.told(),
            last_backup: journal::last_backup(&self.data),
            mailbox: self.mailbox.as_ref().map(Collector::health),
            ..health
        }))
    }

    /// What `/metrics` says beside that.
    ///
    /// # Errors
    /// The planner has stopped.
    pub(super) async fn figures(&self) -> Result<Figures, Stopped> {
        let waiting_inputs = self.planner.waiting();
        let last_wake = self.planner.see(Planner::advanced_at).await?;
        let (ledger, now) = (self.planner.ledger().clone(), self.clock.now());
        let data = self.data.clone();
        // Counting takes a moment where much is open: not on a tokio worker, not on the planner's thread.
        let counted = tokio::task::spawn_blocking(move || {
            let ledger = ledger.read();
            let today = ledger.day_of(now);
            let mut letters: BTreeMap<&'static str, usize> =
                LetterProgress::LABELS.iter().map(|name| (*name, 0)).collect();
            for (_, letter) in ledger.letters() {
                *letters.entry(letter.progress.label()).or_default() += 1;
            }
            let held_to_units = ledger.unsettled().filter(|letter| held_to_unit(letter)).count();
            let MattersHealth { open: open_assignments, overdue, .. } = matters(&ledger, today);
            let free_bytes = doctor::free_bytes(&data);
            Figures {
                letters,
                held_to_units,
                open_assignments,
                overdue,
                waiting_inputs,
                last_wake,
                free_bytes,
            }
        });
        counted.await.map_err(|_| Stopped)
    }
}

fn of(planner: &Planner, mail: String, now: DateTime<Utc>) -> Health {
    let journal = planner.journal();
    let (head, lag) = (journal.head(), journal.store_lag(now));
    let ledger = planner.ledger();
    let ledger = ledger.read();
    let waiting = |progress| ledger.unsettled().filter(|letter| letter.progress == progress).count();
    let (held, unreleased) = (waiting(LetterProgress::Held), waiting(LetterProgress::Unreleased));
    let refused = |letter: &LetterState| matches!(letter.progress, LetterProgress::Refused { .. });
    let waits = |kind| matches!(kind, ReceivedKind::Reply | ReceivedKind::Unclear);
    let replies = || ledger.received().filter(|kept| waits(kept.kind));
    let bounced = ledger.units().filter(|state| state.bounced.is_some()).map(|state| state.unit.id.clone());
    let (today, working) = (ledger.day_of(now), ledger.working());
    let published = working.years().map(|year| year.year).filter(|year| !working.is_provisional(*year));
    // Assigned matters stand in a plan of their own, which nobody adopted.
    let plans = || ledger.plans().filter(|(id, _)| id.as_str() != MATTERS_PLAN);
    let followed = plans().filter(|(_, plan)| plan.is_followed()).count();
    Health {
        status: Standing::Ok,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        journal: JournalHealth {
            id: journal.id(),
            position: head.position,
            hash: head.hash,
            recorded_at: head.recorded_at,
        },
        store: store(lag, now),
        check: CheckHealth::default(),
        last_backup: None,
        now,
        zone: ledger.zone(),
        clock_held: planner.held(now).map(|last| ClockHeld { now, last }),
        letters: LettersHealth {
            unsettled: ledger.unsettled().count() - held - unreleased,
            held,
            written: ledger.letters().count(),
            refused: ledger.letters().filter(|(_, letter)| refused(letter)).count(),
            unreleased: ledger.owed().count(),
            held_to_units: ledger.unsettled().filter(|letter| held_to_unit(letter)).count(),
            lapse_at: agenda::lapses(&ledger),
            coming: coming(&ledger, today),
            replies: replies().count(),
            unhandled: replies().filter(|kept| ledger.is_unhandled(kept)).count(),
            bounced: bounced.collect(),
        },
        plans: PlansHealth {
            followed,
            closed: plans().count() - followed,
            by_office: plans().filter(|(_, plan)| plan.owner == PlanOwner::Office).count(),
            units_by_office: ledger.units().filter(|unit| unit.before_office.is_some()).count(),
        },
        matters: matters(&ledger, today),
        provisional_years: working.provisional_years(today, ahead(today, 366)),
        published_years: published.collect(),
        findings: Vec::new(),
        files: FilesHealth::default(),
        next_wake: planner.next_wake(),
        mail,
        relay: ledger.relay().map(|trouble| RelayHealth {
            fault: trouble.fault,
            reply: hide_addresses(&trouble.reply),
            since: trouble.since,
            failures: trouble.failures,
            retry_at: trouble.retry_at,
        }),
        mailbox: None,
        doors: Vec::new(),
    }
}

fn held_to_unit(letter: &LetterState) -> bool {
    letter.progress == LetterProgress::Held && matches!(letter.queued.to, Recipient::Unit(_))
}

/// Who will be told of something new, and when.
fn coming(ledger: &Ledger, today: NaiveDate) -> Option<FirstLettersHealth> {
    let is_reachable = |state: &&UnitState| state.unit.mailbox.is_some() && !state.unit.muted;
    let units: Vec<&UnitState> =
        ledger.units().filter(|state| !state.untold.is_empty()).filter(is_reachable).collect();
    let tasks: BTreeSet<&TaskId> = units.iter().flat_map(|state| &state.untold).collect();
    let told_from = |state: &&UnitState| {
        let id = &state.unit.id;
        state.untold.iter().filter_map(|task| ledger.told_from(id, task)).min()
    };
    let first = units.iter().filter_map(told_from).min()?;
    let office = ledger.office()?;
    Some(FirstLettersHealth {
        units: units.len(),
        tasks: tasks.len(),
        on: ledger.working().on_or_after(first.max(today)),
        released: office.holds_first_letters(),
    })
}

fn store(lag: Lag, now: DateTime<Utc>) -> StoreHealth {
    StoreHealth {
        events_behind: lag.events,
        bytes_behind: lag.bytes,
        behind_since: lag.since,
        is_late: lag.since.is_some_and(|since| now - since >= STORE_BEHIND_MAX),
        failed: lag.failed,
    }
}

/// As papers count them: a matter once for each unit that answers for it.
fn matters(ledger: &Ledger, today: NaiveDate) -> MattersHealth {
    let open = counted(ledger, today).into_iter().filter(|matter| matter.state().is_open());
    let waiting = ledger.in_review().count();
    open.fold(MattersHealth { waiting, ..MattersHealth::default() }, |told, matter| MattersHealth {
        open: told.open + 1,
        overdue: told.overdue + usize::from(matter.overdue_days().is_some()),
        ..told
    })
}

/// What the ledger says that a person should look at.
fn findings(ledger: &Ledger, now: DateTime<Utc>) -> Vec<Message> {
    refusing(ledger).into_iter().chain(late_bulletin(ledger, now)).collect()
}

/// Last month's bulletin, where it should be out.
fn late_bulletin(ledger: &Ledger, now: DateTime<Utc>) -> Option<Message> {
    let (period, dates) = report::bulletin::late(ledger, ledger.day_of(now))?;
    Some(message("finding-bulletin-late").with("month", &period).with("by", &dates.out_by))
}

/// Drafts and material of units wait for room, long before the journal does.
fn full(planner: &Handle) -> Option<Message> {
    if let Err(why) = planner.tray().takes(Giver::Office) {
        return Some(message("finding-no-room").with("why", &why));
    }
    let why = planner.tray().takes(Giver::Link).err()?;
    Some(message("finding-no-room-for-links").with("why", &why))
}

/// A door that answers nobody.
fn closed(door: &DoorHealth) -> Option<Message> {
    let DoorHealth { at, connections, connections_max, fault, .. } = door;
    let DoorFault { words, since } = fault.as_ref()?;
    let told = message("finding-door").with("at", at).with("since", since).with("why", words);
    Some(told.with("connections", connections).with("max", connections_max))
}

/// Mailboxes that refused their last letter for good; never the address.
fn refusing(ledger: &Ledger) -> Vec<Message> {
    let told = |(to, letter): (&Recipient, &LetterState)| {
        let LetterProgress::Refused { reply } = &letter.progress else { return None };
        let told = match to {
            Recipient::Unit(unit) => message("finding-refused-unit").with("unit", unit),
            Recipient::Office => message("finding-refused-office"),
            Recipient::LeaderOf(unit) => message("finding-refused-leader").with("unit", unit),
        };
        Some(told.with("letter", &letter.queued.letter).with("why", &hide_addresses(reply)))
    };
    ledger.refusing().filter_map(told).collect()
}

fn judged(health: Health) -> Health {
    let stopped = health.clock_held.is_some();
    let attention = health.relay.is_some()
        || health.store.failed.is_some()
        || health.store.is_late
        || health.mailbox.as_ref().is_some_and(|mailbox| mailbox.fault.is_some())
        || !health.findings.is_empty()
        || !health.check.findings.is_empty()
        || !health.letters.bounced.is_empty()
        || health.letters.held_to_units > 0
        || health.letters.unreleased > 0
        || health.files.faults.iter().any(|fault| fault.error);
    let status = match (stopped, attention) {
        (true, _) => Standing::Stopped,
        (false, true) => Standing::Attention,
        (false, false) => Standing::Ok,
    };
    Health { status, ..health }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Digest;

    #[test]
    fn a_door_that_answers_nobody_needs_somebody_to_look() {
        let door = |fault| DoorHealth {
            door: "tcp".to_owned(),
            at: "127.0.0.1:8780".to_owned(),
            connections: 256,
            connections_max: 256,
            fault,
        };
        let since = "2026-11-23T01:00:00Z".parse().unwrap();
        let words = "no answer within 10 seconds".to_owned();
        let shut = door(Some(DoorFault { words, since }));
        let of = |door: &DoorHealth| {
            let planned = serde_json::json!({
                "status": "ok", "version": "0", "now": since, "zone": "Asia/Shanghai",
                "journal": { "id": uuid::Uuid::nil(), "position": 1, "hash": Digest::ZERO, "recorded_at": since },
                "store": { "events_behind": 0, "bytes_behind": 0, "failed": null }, "clock_held": null,
                "letters": { "unsettled": 0, "held": 0, "written": 0 }, "plans": { "followed": 1, "closed": 0 },
                "findings": closed(door).iter().map(|told| locale::told(Language::English, told)).collect::<Vec<_>>(),
                "files": { "source": "", "broken": [], "faults": [] }, "next_wake": null, "mail": "memory",
            });
            judged(serde_json::from_value(planned).unwrap())
        };
        assert_eq!(of(&door(None)).status, Standing::Ok);
        let told = of(&shut);
        assert_eq!(told.status, Standing::Attention);
        assert_eq!(
            told.findings,
            [
                "the door at 127.0.0.1:8780 has answered nobody since 2026-11-23 01:00:00 UTC: no answer within 10 seconds; 256 of 256 connections are open"
            ]
        );
    }
}
