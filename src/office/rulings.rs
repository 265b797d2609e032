//! What the office rules on matters: accepted, returned, extended, chased, paused, reopened.

use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::names::{shown, target};
use super::typed::{Matter, MatterName, UnitName, day};
use super::{Act, Caller, Done, Office, Refused, UseCase, names};
use crate::calendar::Period;
use crate::domain::agenda::waiting;
use crate::domain::command::{Command, Target};
use crate::domain::{Assignment, AssignmentId, Ledger, Waits};
use crate::locale::{Value, message};

/// `task accept`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Matters, as `plan/task/period`; without their period where one only is open
    #[arg(required_unless_present = "claimed", value_name = "TASK")]
    pub names: Vec<MatterName>,
    /// Which period, where TASK does not say it
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<Period>,
    /// One unit's part only; of several units, what was claimed where left out
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitName>,
    /// All that was claimed and waits for review
    #[arg(long, conflicts_with_all = ["names", "period"])]
    #[serde(default)]
    pub claimed: bool,
    /// The day it was done, where another than today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// Remark of the review
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
}

impl UseCase for Accept {
    type Answer = Done;
    const NAME: &'static str = "task/accept";
    const ACT: Act = Act::Rule;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let targets = self.targets(&office.ledger())?;
        if targets.is_empty() {
            return Ok(Done::nothing(caller, &message("note-no-claim")));
        }
        let accepted = targets.into_iter().enumerate().map(|(nth, (target, is_claimed))| {
            // Without a claim it is the office's own word.
            let what = if is_claimed { message("done-accepted") } else { message("done-accepted-unclaimed") };
            let what = what.put("matter", shown(&target));
            let command = Command::Accept { target, done_on: self.on, remark: self.remark.clone() };
            office.command(caller, nth, command, what)
        });
        Done::of_each(caller, accepted)
    }
}

impl Accept {
    /// Each with whether its unit claimed it.
    fn targets(&self, ledger: &Ledger) -> Result<Vec<(Target, bool)>, Refused> {
        let unit = self.unit.as_ref().map(|name| names::unit(ledger, name)).transpose()?;
        let claimed: Vec<AssignmentId> =
            ledger.in_review().filter(|one| is_claimed(one)).map(Assignment::id).collect();
        if self.claimed {
            let of_unit = claimed.into_iter().filter(|id| unit.is_none_or(|unit| unit.id == id.unit));
            let targets = of_unit.map(|id| Target {
                task: id.occurrence.task,
                period: Some(id.occurrence.period),
                unit: Some(id.unit),
            });
            return Ok(targets.map(|target| (target, true)).collect());
        }
        let target = |name: &MatterName| {
            let matter = Matter { name: name.clone(), period: self.period, unit: self.unit.clone() };
            let target = target(ledger, &matter)?;
            let of = |id: &AssignmentId| {
                id.occurrence.task == target.task
                    && target.period.is_none_or(|period| id.occurrence.period == period)
                    && target.unit.as_ref().is_none_or(|unit| id.unit == *unit)
            };
            let is_claimed = claimed.iter().any(of);
            Ok((target, is_claimed))
        };
        self.names.iter().map(target).collect()
    }
}

fn is_claimed(assignment: &Assignment) -> bool {
    waiting(assignment).iter().any(|waiting| matches!(waiting.what, Waits::Claim(_)))
}

/// One command on one matter; `done` is the code of what is said of it then.
pub(super) fn ruled(
    (office, caller): (&Office, &Caller),
    matter: &Matter,
    done: &str,
    command: impl FnOnce(Target) -> Command,
) -> Result<Done, Refused> {
    let target = target(&office.ledger(), matter)?;
    let what = message(done).put("matter", shown(&target));
    Ok(office.command(caller, 0, command(target), what)?.into())
}

/// `task return`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// Why; the unit reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// A new date
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub new_deadline: Option<NaiveDate>,
}

impl UseCase for Return {
    type Answer = Done;
    const NAME: &'static str = "task/return";
    const ACT: Act = Act::Rule;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { matter, reason, new_deadline } = self;
        ruled((office, caller), &matter, "done-returned", |target| Command::Return {
            target,
            reason,
            new_deadline,
        })
    }
}

/// `task extend`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extend {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// The new date, where another than the one asked for
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// Who approved it: an office or a post
    #[arg(long, value_name = "TEXT")]
    pub approver: String,
    /// The paper that approves it (文号)
    #[arg(long, value_name = "NUMBER")]
    pub document: String,
}

impl UseCase for Extend {
    type Answer = Done;
    const NAME: &'static str = "task/extend";
    const ACT: Act = Act::Rule;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { matter, until: new_deadline, approver, document: document_number } = self;
        ruled((office, caller), &matter, "done-extended", |target| Command::GrantExtension {
            target,
            new_deadline,
            approver,
            document_number,
        })
    }
}

/// `task refuse-extension`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefuseExtension {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// Why; the unit reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

impl UseCase for RefuseExtension {
    type Answer = Done;
    const NAME: &'static str = "task/refuse-extension";
    const ACT: Act = Act::Rule;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { matter, reason } = self;
        ruled((office, caller), &matter, "done-extension-refused", |target| Command::RefuseExtension {
            target,
            reason,
        })
    }
}

/// `task answer`: of an objection
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerObjection {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// The words; the unit reads them
    #[arg(long, value_name = "TEXT")]
    pub words: String,
}

impl UseCase for AnswerObjection {
    type Answer = Done;
    const NAME: &'static str = "task/answer";
    const ACT: Act = Act::Rule;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { matter, words: answer } = self;
        ruled((office, caller), &matter, "done-answered", |target| Command::SettleDispute { target, answer })
    }
}

/// `task chase`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chase {
    /// Matters, as `plan/task/period`; without their period where one only is open
    #[arg(required = true, value_name = "TASK")]
    pub names: Vec<MatterName>,
    /// One unit's part only
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<UnitName>,
    /// Words of the office's own
    #[arg(long, value_name = "TEXT")]
    pub words: Option<String>,
}

impl UseCase for Chase {
    type Answer = Done;
    const NAME: &'static str = "task/chase";
    const ACT: Act = Act::Chase;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let targets = {
            let ledger = office.ledger();
            let matter = |name: MatterName| Matter { name, period: None, unit: self.unit.clone() };
            let targets = self.names.into_iter().map(|name| target(&ledger, &matter(name)));
            targets.collect::<Result<Vec<Target>, _>>()?
        };
        let what = message("done-chased").put("matters", Value::All(targets.iter().map(shown).collect()));
        Ok(office.command(caller, 0, Command::Chase { targets, words: self.words }, what)?.into())
    }
}

/// `task reopen`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// Why; the unit reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Its new date; needed where the old one is past
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
}

impl UseCase for Reopen {
    type Answer = Done;
    const NAME: &'static str = "task/reopen";
    const ACT: Act = Act::Rule;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { matter, reason, until: new_deadline } = self;
        ruled((office, caller), &matter, "done-reopened", |target| Command::Reopen {
            target,
            reason,
            new_deadline,
        })
    }
}

/// `task pause`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

impl UseCase for Pause {
    type Answer = Done;
    const NAME: &'static str = "task/pause";
    const ACT: Act = Act::Chase;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { matter, reason } = self;
        ruled((office, caller), &matter, "done-paused", |target| Command::Pause { target, reason })
    }
}

/// `task resume`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
}

impl UseCase for Resume {
    type Answer = Done;
    const NAME: &'static str = "task/resume";
    const ACT: Act = Act::Chase;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        ruled((office, caller), &self.matter, "done-resumed", |target| Command::Resume { target })
    }
}
