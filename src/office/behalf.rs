//! What the office records for a unit from paper, a call, a meeting or a message (代录).

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::names::target;
use super::typed::{Matter, day};
use super::{Act, Caller, Deed, Done, Office, Refused, UseCase, files, recorded};
use crate::domain::command::Target;
use crate::domain::{
    AnswerItem, Answers, Assignment, AssignmentId, Digest, Evidence, ItemAnswer, Ledger, State, Via,
};
use crate::locale::{Value, message, texts};
use crate::matter::is_phone;
use crate::planner::{Input, Person};

/// Longest name, post or phone that is kept, in characters.
const PERSON_CHARS_MAX: usize = 50;

/// What a unit said.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// How it was said; stays with it for ever
    #[arg(long, value_name = "WAY")]
    pub via: SaidBy,
    /// It was done on this day: asks for 办结; `--text` says how
    #[arg(long, value_name = "DAY", value_parser = day, requires = "text",
        conflicts_with_all = ["progress", "unchanged", "receipt", "extension", "dispute"])]
    pub done: Option<NaiveDate>,
    /// How far it is (反馈)
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["unchanged", "receipt", "extension", "dispute"])]
    pub progress: Option<String>,
    /// Nothing new this month (本月无变化)
    #[arg(long, conflicts_with_all = ["receipt", "extension", "dispute"])]
    #[serde(default)]
    pub unchanged: bool,
    /// The letter was received (签收)
    #[arg(long, conflicts_with_all = ["extension", "dispute"])]
    #[serde(default)]
    pub receipt: bool,
    /// An extension to this day is asked for; `--reason` says why, `--text` how far it is
    #[arg(long, value_name = "DAY", value_parser = day, requires = "reason", requires = "text",
        conflicts_with = "dispute")]
    pub extension: Option<NaiveDate>,
    /// An objection to lead or date
    #[arg(long, value_name = "TEXT")]
    pub dispute: Option<String>,
    /// How it was done; of an extension, how far it is
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Why an extension is needed
    #[arg(long, value_name = "TEXT", requires = "extension")]
    pub reason: Option<String>,
    /// What hinders it (存在问题)
    #[arg(long, value_name = "TEXT", requires = "progress")]
    pub problem: Option<String>,
    /// What comes next (下步措施)
    #[arg(long, value_name = "TEXT", requires = "progress")]
    pub next_steps: Option<String>,
    /// The day it was said, where another than today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub said_on: Option<NaiveDate>,
    /// Who said it
    #[arg(id = "said_by", long = "name", value_name = "NAME")]
    pub name: Option<String>,
    /// Their post
    #[arg(long, value_name = "POST", requires = "said_by")]
    pub post: Option<String>,
    /// Their telephone
    #[arg(long, value_name = "NUMBER", requires = "said_by")]
    pub phone: Option<String>,
    /// What the office notes beside it
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// How a unit said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SaidBy {
    /// 纸质材料
    Paper,
    /// 电话
    Phone,
    /// 会议
    Meeting,
    /// 即时消息
    Message,
}

impl From<SaidBy> for Via {
    fn from(by: SaidBy) -> Self {
        match by {
            SaidBy::Paper => Self::Paper,
            SaidBy::Phone => Self::Phone,
            SaidBy::Meeting => Self::Meeting,
            SaidBy::Message => Self::Message,
        }
    }
}

/// `task record`; files are handed over before.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// what was said
    pub said: Said,
    /// the paper, minutes or picture of the message behind it
    #[serde(default)]
    pub scan: Option<Digest>,
    /// 印证材料
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

impl UseCase for Record {
    type Answer = Done;
    const NAME: &'static str = "task/record";
    const ACT: Act = Act::Record;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { said, scan, evidence } = self;
        let answer = said.answer();
        let assignment = {
            let ledger = office.ledger();
            assignment(&ledger, &target(&ledger, &said.matter)?, answer == ItemAnswer::Evidence)?
        };
        let unit = assignment.unit.clone();
        let what = message("done-recorded").with("unit", &unit).with("matter", &assignment);
        if let Some(phone) = said.phone.as_ref().filter(|phone| !is_phone(phone)) {
            let why = message("phone-odd").with("phone", phone);
            return Err(Refused::wrong(why).cure(message("cure-phone")));
        }
        let person = said.name.as_ref().and_then(|name| {
            person(&Answerer {
                name: name.clone(),
                post: said.post.clone().unwrap_or_default(),
                phone: said.phone.clone().unwrap_or_default(),
            })
        });
        let answers = Answers {
            unit,
            letter: None,
            person: None,
            becomes_contact: false,
            note: said.note,
            scan,
            said_on: said.said_on,
            items: vec![AnswerItem { assignment, answer, evidence }],
        };
        let planner = office.planner()?;
        files::are_there(planner.tray(), &answers)?;
        let (by, request) = (caller.via(said.via.into()), caller.request(0));
        let input = Input::Answer { answers: Box::new(answers), person, by, request };
        Ok(Deed { words: caller.done(what), position: recorded(planner.ask_and_wait(input)?)? }.into())
    }
}

impl Said {
    /// What was said; only material where nothing was.
    fn answer(&self) -> ItemAnswer {
        let text = || self.text.clone().unwrap_or_default();
        if let Some(done_on) = self.done {
            ItemAnswer::Done { done_on, text: text() }
        } else if let Some(progress) = &self.progress {
            ItemAnswer::Progress {
                text: progress.clone(),
                problem: self.problem.clone(),
                next_steps: self.next_steps.clone(),
            }
        } else if self.unchanged {
            ItemAnswer::Unchanged
        } else if self.receipt {
            ItemAnswer::Receipt
        } else if let Some(new_deadline) = self.extension {
            let reason = self.reason.clone().unwrap_or_default();
            ItemAnswer::Extension { reason, progress: text(), new_deadline, approval: None }
        } else if let Some(objection) = &self.dispute {
            ItemAnswer::Dispute { text: objection.clone() }
        } else {
            ItemAnswer::Evidence
        }
    }
}

/// The one unit's part of the one period that is meant; material may still follow where it was done.
fn assignment(ledger: &Ledger, target: &Target, done_too: bool) -> Result<AssignmentId, Refused> {
    let is_asked = |state: State| match state {
        State::Accepted | State::ClosedOut => done_too,
        State::Withdrawn | State::Ended => false,
        State::Opened
        | State::Notified
        | State::Receipt
        | State::InProgress
        | State::Claimed
        | State::Returned
        | State::Paused => true,
    };
    let meant = |one: &&Assignment| {
        target.period.is_none_or(|period| period == one.occurrence.period)
            && target.unit.as_ref().is_none_or(|unit| *unit == one.unit)
            && is_asked(one.state)
    };
    let occurrences = ledger.occurrences_of(&target.task);
    let slots = occurrences.iter().flat_map(|(_, occurrence)| &occurrence.slots);
    let found: Vec<AssignmentId> =
        slots.filter_map(|slot| ledger.assignment(*slot)).filter(meant).map(Assignment::id).collect();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let why = match &target.unit {
                Some(unit) => message("nothing-open-of-unit").with("task", &target.task).with("unit", unit),
                None => message("nothing-open").with("task", &target.task),
            };
            Err(Refused::decided(why).cure(message("cure-task-show").with("task", &target.task)))
        }
        several => {
            let names = texts(several.iter().map(|id| format!("`{id}`")));
            let why = message("several-matters").put("matters", Value::All(names));
            Err(Refused::decided(why).cure(message("cure-unit-and-period")))
        }
    }
}

/// Whoever answered, as they say; nobody where no name is given.
pub(super) fn person(said: &Answerer) -> Option<Person> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !c.is_control()).take(PERSON_CHARS_MAX).collect::<String>().trim().to_owned()
    };
    let person = Person {
        salt: String::new(),
        name: plain(&said.name),
        post: plain(&said.post),
        address: String::new(),
        phone: plain(&said.phone),
    };
    Some(person).filter(|person| !person.name.is_empty())
}

/// Who answered for a unit, as they say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answerer {
    /// name
    pub name: String,
    /// post
    #[serde(default)]
    pub post: String,
    /// telephone
    #[serde(default)]
    pub phone: String,
}
