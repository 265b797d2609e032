//! Responsible units: listed, shown, changed; their links revoked.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::names;
use super::typed::UnitName;
use super::{Act, Caller, Done, Needs, Office, Refused, UseCase, recorded};
use crate::domain::agenda::{TakeOver, take_overs};
use crate::domain::command::Command;
use crate::domain::{Ledger, Unit, UnitId, UnitState};
use crate::locale::{Message, Value, message};
use crate::matter::{Part, is_over, share_in};
use crate::planner::{Input, Person};

/// `unit list`: by id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {}

/// A unit, and how much is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// the unit
    #[serde(flatten)]
    pub entry: UnitEntry,
    /// tasks of plans that are not over which it leads, by itself or as a member of a collective
    pub leads: usize,
    /// tasks in which it cooperates
    pub cooperates: usize,
}

impl UseCase for List {
    type Answer = Vec<Listed>;
    const NAME: &'static str = "unit/list";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<Listed>, Refused> {
        let ledger = office.ledger();
        let listed = |entry: UnitEntry| {
            let (leads, cooperates) = shares(&ledger, &entry.unit.id);
            Listed { entry, leads, cooperates }
        };
        Ok(ledger.units().map(|state| listed(entry(&ledger, state))).collect())
    }
}

/// Tasks that a unit leads, and in which it cooperates, by itself or as a member of a collective.
fn shares(ledger: &Ledger, unit: &UnitId) -> (usize, usize) {
    let plans = ledger.plans().filter(|(_, plan)| !is_over(plan));
    let tasks = plans.flat_map(|(_, plan)| plan.tasks()).filter(|state| state.withdrawn.is_none());
    let parts = tasks.filter_map(|state| share_in(ledger, &state.task, unit)).map(|share| share.part);
    parts.fold((0, 0), |(leads, cooperates), part| match part {
        Part::Lead => (leads + 1, cooperates),
        Part::Cooperate => (leads, cooperates + 1),
    })
}

/// `unit show`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct Show {
    /// The unit's id or name
    pub unit: UnitName,
}

impl UseCase for Show {
    type Answer = Listed;
    const NAME: &'static str = "unit/show";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn about(&self) -> Option<&UnitName> {
        Some(&self.unit)
    }

    fn answer(self, office: &Office, _: &Caller) -> Result<Listed, Refused> {
        let ledger = office.ledger();
        let id = &names::unit(&ledger, &self.unit)?.id;
        let (leads, cooperates) = shares(&ledger, id);
        let state = ledger.unit(id).ok_or_else(|| Refused::fault(message("unit-gone").with("unit", id)))?;
        Ok(Listed { entry: entry(&ledger, state), leads, cooperates })
    }
}

/// `unit set`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[serde(deny_unknown_fields)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true)
    .args(["name", "short", "mailbox", "mailbox_works", "members", "no_members", "mute", "unmute", "leader_name", "leader_mailbox", "no_leader"]))]
pub struct Set {
    /// The unit's id or name
    pub unit: UnitName,
    /// Full name
    #[arg(long)]
    pub name: Option<String>,
    /// Name in lists
    #[arg(long)]
    pub short: Option<String>,
    /// The office's mailbox, never a person's
    #[arg(long, value_name = "ADDRESS")]
    pub mailbox: Option<String>,
    /// The mailbox was mended at its own end: what came back from it, or was refused, no longer counts against it
    #[arg(long, conflicts_with = "mailbox")]
    #[serde(default)]
    pub mailbox_works: bool,
    /// All members of a collective, in place of those it has
    #[arg(long, value_name = "UNIT,…", value_delimiter = ',')]
    pub members: Option<Vec<UnitName>>,
    /// Take all its members from a collective: its own mailbox answers
    #[arg(long, conflicts_with = "members")]
    #[serde(default)]
    pub no_members: bool,
    /// Send it no reminders; they are listed as skipped
    #[arg(long, conflicts_with = "unmute")]
    #[serde(default)]
    pub mute: bool,
    /// Send it reminders again
    #[arg(long)]
    #[serde(default)]
    pub unmute: bool,
    /// Name of the leader in charge (分管领导); kept apart from the journal
    #[arg(long, value_name = "NAME", requires = "leader_mailbox")]
    pub leader_name: Option<String>,
    /// The leader's post
    #[arg(long, value_name = "POST", requires = "leader_name")]
    pub leader_post: Option<String>,
    /// The leader's address; kept apart from the journal
    #[arg(long, value_name = "ADDRESS", requires = "leader_name")]
    pub leader_mailbox: Option<String>,
    /// Forget the leader
    #[arg(long, conflicts_with_all = ["leader_name", "leader_mailbox"])]
    #[serde(default)]
    pub no_leader: bool,
}

impl UseCase for Set {
    type Answer = Done;
    const NAME: &'static str = "unit/set";
    const ACT: Act = Act::Unit;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let (old, new) = self.changed(&office.ledger())?;
        let unit = old.id.clone();
        let mut done = Done::default();
        if new != old {
            let going = if new.members == old.members {
                Vec::new()
            } else {
                take_overs(&office.ledger(), &unit, Some(&new))
            };
            let what = message("done-unit-set").with("unit", &unit);
            done.deeds.push(office.command(caller, 0, Command::SetUnit { unit: new }, what)?);
            let notes = going_over(&office.ledger(), &unit, &going);
            done.notes.extend(notes.iter().map(|note| caller.told(note)));
        }
        if self.mailbox_works {
            let what = message("done-mailbox-works").with("unit", &unit);
            let command = Command::MailboxWorks { unit: unit.clone() };
            done.deeds.push(office.command(caller, 1, command, what)?);
        }
        let person = self.leader();
        if person.is_some() || self.no_leader {
            let what = if person.is_some() {
                message("done-leader-set").with("unit", &unit)
            } else {
                message("done-leader-forgotten").with("unit", &unit)
            };
            let (by, request) = (caller.actor.clone(), caller.request(2));
            let input = Input::SetLeader { unit, person, by, request };
            let position = recorded(office.planner()?.ask_and_wait(input)?)?;
            done.deeds.push(super::Deed { words: caller.done(what), position });
        }
        Ok(done)
    }
}

/// Who will be asked anew of what is open, who no more, and what stays where it is, unit by unit.
fn going_over(ledger: &Ledger, unit: &UnitId, all: &[TakeOver]) -> Vec<Message> {
    let told = |code: &str, units: fn(&TakeOver) -> &[UnitId]| -> Vec<Message> {
        let mut by_unit: BTreeMap<&UnitId, Vec<Value>> = BTreeMap::new();
        for one in all {
            for unit in units(one) {
                by_unit.entry(unit).or_default().push(Value::Text(one.occurrence.to_string()));
            }
        }
        let name = |unit: &UnitId| ledger.short_names(std::slice::from_ref(unit)).concat();
        let line = |(unit, matters): (&UnitId, Vec<Value>)| {
            let what = message(code).with("name", &name(unit)).with("unit", unit);
            what.put("matters", Value::All(matters))
        };
        by_unit.into_iter().map(line).collect()
    };
    let mut notes = Vec::new();
    let from = ledger.unit(unit).and_then(|state| state.members_asked_from);
    if let Some(from) = from.filter(|_| all.iter().any(TakeOver::is_any)) {
        let (day, hour) = (ledger.working().on_or_after(from), ledger.sending_hour().format("%H:%M"));
        notes.push(message("note-goes-over").with("day", &day).with("hour", &hour));
    }
    notes.extend(told("note-asked-anew", |one| &one.joins));
    notes.extend(told("note-asked-no-more", |one| &one.leaves));
    notes.extend(told("note-keeps", |one| &one.stays));
    notes
}

impl Set {
    /// The unit as it is, and as it is wanted.
    fn changed(&self, ledger: &Ledger) -> Result<(Unit, Unit), Refused> {
        let old = names::unit(ledger, &self.unit)?.clone();
        let members = self.members.as_ref().map(|members| names::units(ledger, members)).transpose()?;
        let new = Unit {
            name: self.name.clone().unwrap_or_else(|| old.name.clone()),
            short: self.short.clone().unwrap_or_else(|| old.short.clone()),
            mailbox: self.mailbox.clone().or_else(|| old.mailbox.clone()),
            members: members
                .unwrap_or_else(|| if self.no_members { Vec::new() } else { old.members.clone() }),
            muted: (old.muted || self.mute) && !self.unmute,
            ..old.clone()
        };
        Ok((old, new))
    }

    /// The leader to be set.
    fn leader(&self) -> Option<Person> {
        let (name, address) = (self.leader_name.clone()?, self.leader_mailbox.clone()?);
        let post = self.leader_post.clone().unwrap_or_default();
        Some(Person { salt: String::new(), name, post, address, phone: String::new() })
    }
}

/// `unit revoke-links`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeLinks {
    /// The unit's id or name
    pub unit: UnitName,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

impl UseCase for RevokeLinks {
    type Answer = Done;
    const NAME: &'static str = "unit/revoke-links";
    const ACT: Act = Act::Unit;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let unit = names::unit(&office.ledger(), &self.unit)?.id.clone();
        let what = message("done-links-revoked").with("unit", &unit);
        Ok(office.command(caller, 0, Command::RevokeLinks { unit, reason: self.reason }, what)?.into())
    }
}

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitEntry {
    /// as it is now; a leader is a digest
    pub unit: Unit,
    /// set by an admin: its file no longer changes its names, mailbox and members
    pub set_by_office: bool,
    /// assignments open now
    pub open: usize,
    /// the day of its last letter
    pub last_letter: Option<NaiveDate>,
}

/// One unit.
fn entry(ledger: &Ledger, state: &UnitState) -> UnitEntry {
    UnitEntry {
        unit: (*state.unit).clone(),
        set_by_office: state.before_office.is_some(),
        open: ledger.open_of(&state.unit.id).count(),
        last_letter: state.last_letter,
    }
}
