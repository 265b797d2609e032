//! Assigned matters (交办事项, 13710): assigned, reclassified, closed out.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::rulings::ruled;
use super::typed::{Matter, UnitName, day};
use super::{Act, Caller, Done, Office, Refused, UseCase, names};
use crate::domain::command::{Command, NewMatter, days_off};
use crate::domain::matter::{MATTERS_PLAN, Matter as Assigned, MatterClass, MatterDays};
use crate::domain::{Ledger, TaskId, TaskSlug};
use crate::locale::{Value, message, texts};

/// `matter assign`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// What it is called
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    /// What is asked, where more than the title
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Where it comes from: a leader's instruction, an inspection's finding
    #[arg(long, value_name = "TEXT")]
    pub source: String,
    /// Its number on the province's platform
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<String>,
    /// Who must answer, the first for all; may be given more than once
    #[arg(long, value_name = "UNIT", required = true)]
    pub lead: Vec<UnitName>,
    /// Who helps; may be given more than once
    #[arg(long, value_name = "UNIT")]
    #[serde(default)]
    pub cooperate: Vec<UnitName>,
    /// A complex matter: a month, or the day of its plan (`--until`)
    #[arg(long)]
    #[serde(default)]
    pub complex: bool,
    /// The last day of its dated plan
    #[arg(long, value_name = "DAY", value_parser = day, requires = "complex")]
    pub until: Option<NaiveDate>,
    /// The day it was deployed [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// How its days are counted
    #[arg(long, value_name = "DAYS", value_enum, default_value_t)]
    #[serde(default)]
    pub days: DaysCounted,
    /// 完成标准
    #[arg(long, value_name = "TEXT")]
    pub standard: Option<String>,
    /// Its name in lists [default: made from the day]
    #[arg(long, value_name = "NAME")]
    pub id: Option<TaskSlug>,
}

/// How a matter's days are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DaysCounted {
    /// Days off included
    #[default]
    Calendar,
    /// Working days only
    Working,
}

impl From<DaysCounted> for MatterDays {
    fn from(days: DaysCounted) -> Self {
        match days {
            DaysCounted::Calendar => Self::Calendar,
            DaysCounted::Working => Self::Working,
        }
    }
}

impl UseCase for Assign {
    type Answer = Done;
    const NAME: &'static str = "matter/assign";
    const ACT: Act = Act::Assign;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let today = office.today();
        let title = self.title.clone();
        let (matter, deadline, off) = self.matter(&office.ledger(), today)?;
        let what = message("done-matter-assigned")
            .with("until", &deadline)
            .put("weekday", Value::Word(deadline.format("%a").to_string()));
        let deed = office.command(caller, 0, Command::AssignMatter { matter: Box::new(matter) }, what)?;
        let mut done = Done::from(deed);
        if let Some(id) = last_called(&office.ledger(), &title) {
            done = done.note(caller.told(&message("note-matter-assigned").with("matter", &id)));
        }
        if off.is_empty() {
            return Ok(done);
        }
        let note = message("note-days-off").put("count", Value::Count(off.len()));
        Ok(done.note(caller.told(&note.put("days", Value::All(texts(off))))))
    }
}

/// The matter of this title that was assigned last.
fn last_called(ledger: &Ledger, title: &str) -> Option<TaskId> {
    let (plan, state) = ledger.plans().find(|(id, _)| id.as_str() == MATTERS_PLAN)?;
    let named = |slug: &&TaskSlug| state.tasks.get(*slug).is_some_and(|task| task.task.title == title);
    let task = state.order.iter().rev().find(named)?.clone();
    Some(TaskId { plan: plan.clone(), task })
}

impl Assign {
    /// The matter, its last day, and the days off that it runs through.
    fn matter(
        self,
        ledger: &Ledger,
        today: NaiveDate,
    ) -> Result<(NewMatter, NaiveDate, Vec<NaiveDate>), Refused> {
        let assigned = Assigned {
            source: self.source,
            platform_number: self.number,
            class: if self.complex { MatterClass::Complex } else { MatterClass::Ordinary },
            assigned_on: self.on.unwrap_or(today),
            days: self.days.into(),
        };
        let deadline = self.until.unwrap_or_else(|| assigned.deadline(ledger.working()));
        let off = days_off(ledger.working(), &assigned, deadline);
        let matter = NewMatter {
            id: self.id,
            title: self.title,
            text: self.text,
            matter: assigned,
            lead: names::units(ledger, &self.lead)?,
            cooperate: names::units(ledger, &self.cooperate)?,
            until: self.until,
            standard: self.standard,
        };
        Ok((matter, deadline, off))
    }
}

/// `matter reclassify`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reclassify {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// What it is from now on
    #[arg(long = "as", value_name = "CLASS", value_enum)]
    pub class: Class,
    /// The last day of its dated plan, in the place of the rule's
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// Who approved it: an office or a post
    #[arg(long, value_name = "TEXT")]
    pub approver: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// 一般事项 or 复杂事项.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Settled within 7 days
    Ordinary,
    /// Settled within a month, or by a dated plan
    Complex,
}

impl From<Class> for MatterClass {
    fn from(class: Class) -> Self {
        match class {
            Class::Ordinary => Self::Ordinary,
            Class::Complex => Self::Complex,
        }
    }
}

impl UseCase for Reclassify {
    type Answer = Done;
    const NAME: &'static str = "matter/reclassify";
    const ACT: Act = Act::Assign;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { matter, class, until, approver, reason } = self;
        ruled((office, caller), &matter, "done-reclassified", |target| Command::Reclassify {
            target,
            class: class.into(),
            until,
            approver,
            reason,
        })
    }
}

/// `matter close-out`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseOut {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// What was checked
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
}

impl UseCase for CloseOut {
    type Answer = Done;
    const NAME: &'static str = "matter/close-out";
    const ACT: Act = Act::Rule;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { matter, remark } = self;
        ruled((office, caller), &matter, "done-closed-out", |target| Command::CloseOut { target, remark })
    }
}
