//! The month's bulletin (督查通报): printed, compared with what was edited by hand and with what came later, moved on.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::paper::{Bytes, Paper};
use super::typed::{day, month};
use super::{Act, Caller, Done, Needs, Office, Refused, UseCase};
use crate::audit;
use crate::calendar::Period;
use crate::domain::command::Command;
use crate::domain::{BulletinMove, BulletinState, BulletinStep, Digest, PlanId};
use crate::locale::{Message, Value, message};
use crate::report::bulletin::{Ask, Bulletin, Dates, Known, NoBulletin};

/// Longest difference that is kept in a step's note, in bytes.
const EDITED_BYTES_MAX: usize = 3 * 1024;

/// Which bulletin.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// The month, as 2021-06
    #[arg(value_name = "MONTH", value_parser = month)]
    pub period: Period,
    /// As of this event [default: that of the last recorded step, else the last event]
    #[arg(long, value_name = "POSITION")]
    pub at: Option<u64>,
    /// Number of the issue [default: that of the last recorded step, else the next of the year]
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<u32>,
    /// Its date [default: the day of the last event counted]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub dated: Option<NaiveDate>,
    /// Only these plans [default: all with a document number]
    #[arg(long, value_name = "PLAN")]
    #[serde(default)]
    pub plan: Vec<PlanId>,
}

/// How a bulletin is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// plain text
    Text,
    /// one page to print
    Html,
    /// for programs
    Json,
    /// a Word file
    Docx,
}

/// `bulletin`: as of its last recorded step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// which
    pub which: Which,
    /// how
    pub forms: Vec<Form>,
}

/// A bulletin, in each form that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// in that order
    pub papers: Vec<Paper>,
    /// what else to know
    pub notes: Vec<String>,
}

impl UseCase for Print {
    type Answer = Printed;
    const NAME: &'static str = "bulletin/print";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Printed, Refused> {
        let draft = Bound::of(office, &self.which, None)?;
        let paper = |form: &Form| {
            let (end, bytes) = match form {
                Form::Text => ("txt", draft.paper.text()?.into_bytes()),
                Form::Html => ("html", draft.paper.html()?.into_bytes()),
                Form::Json => ("json", draft.paper.json()?),
                Form::Docx => ("docx", draft.paper.word()?),
            };
            Ok(Paper::new(format!("bulletin-{}.{end}", draft.paper.period), bytes))
        };
        let papers = self.forms.iter().map(paper).collect::<Result<_, Refused>>()?;
        let mut notes = draft.notes(caller);
        notes.extend(draft.is_other()?.then(|| caller.told(&message("note-bulletin-other"))));
        Ok(Printed { papers, notes })
    }
}

/// `bulletin --steps`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// the month
    pub period: Period,
}

impl UseCase for Steps {
    type Answer = Vec<BulletinMove>;
    const NAME: &'static str = "bulletin/steps";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<BulletinMove>, Refused> {
        let accounts = office.accounts()?;
        let steps = office.ledger().bulletin(self.period).to_vec();
        Ok(steps.into_iter().map(|step| BulletinMove { by: accounts.shown(&step.by), ..step }).collect())
    }
}

/// `bulletin --later`: what changed after the recorded step, a line each.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Later {
    /// which
    pub which: Which,
}

impl UseCase for Later {
    type Answer = Vec<String>;
    const NAME: &'static str = "bulletin/later";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<String>, Refused> {
        let then = Bound::of(office, &self.which, None)?;
        if then.last.is_none() && self.which.at.is_none() {
            let why = message("bulletin-no-step").with("month", &self.which.period);
            return Err(Refused::decided(why).cure(message("cure-bulletin-step")));
        }
        let number = Some(then.paper.number);
        let now = filled(office, &self.which, (None, number), then.paper.step)?;
        Ok(then.paper.changed(&now))
    }
}

/// `bulletin --against`: how a Word file was edited, a line each.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Against {
    /// which
    pub which: Which,
    /// the Word file
    pub word: Bytes,
}

impl UseCase for Against {
    type Answer = Vec<String>;
    const NAME: &'static str = "bulletin/against";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<String>, Refused> {
        edited(&Bound::of(office, &self.which, None)?.paper, &self.word)
    }
}

/// `bulletin --step`: records that it was drafted, checked, signed or issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// which
    pub which: Which,
    /// how far it is now
    pub step: Step,
    /// who signed, or what was checked
    pub note: Option<String>,
    /// the signed scan, handed over before
    pub scan: Option<Digest>,
    /// the Word file as edited: how it differs is recorded in the note
    pub word: Option<Bytes>,
}

/// `--step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// 草稿
    Drafted,
    /// 核数
    Checked,
    /// 签发
    Signed,
    /// 印发
    Issued,
}

impl From<Step> for BulletinState {
    fn from(step: Step) -> Self {
        match step {
            Step::Drafted => Self::Drafted,
            Step::Checked => Self::Checked,
            Step::Signed => Self::Signed,
            Step::Issued => Self::Issued,
        }
    }
}

/// What was recorded, and how the Word file differs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// what was done
    pub done: Done,
    /// how the Word file was edited, a line each; none where there was none
    pub edited: Option<Vec<String>>,
}

impl UseCase for Move {
    type Answer = Moved;
    const NAME: &'static str = "bulletin/move";
    const ACT: Act = Act::Bulletin;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Moved, Refused> {
        let period = self.which.period;
        if self.scan.is_some() {
            takes_scan(self.step)?;
        }
        let draft = Bound::of(office, &self.which, Some(self.step))?;
        let edited = self.word.as_ref().map(|word| edited(&draft.paper, word)).transpose()?;
        let step = BulletinStep {
            period,
            number: draft.paper.number,
            position: draft.paper.counted.position,
            content: draft.content(self.step)?,
            step: self.step.into(),
            scan: self.scan,
            note: note(self.note.as_deref(), edited.as_deref()),
        };
        let what = message("done-bulletin").with("month", &period).with("number", &draft.paper.number);
        let deed = office.command(caller, 0, Command::MoveBulletin { step }, what)?;
        let mut done = Done::from(deed);
        done.notes = draft.notes(caller);
        if self.step == Step::Drafted {
            done.notes.extend(still_corrected(office, period).map(|note| caller.told(&note)));
        }
        Ok(Moved { done, edited })
    }
}

/// Whether a scan belongs to that step.
///
/// # Errors
/// It doesn't.
pub fn takes_scan(step: Step) -> Result<(), Refused> {
    match step {
        Step::Signed | Step::Issued => Ok(()),
        Step::Drafted | Step::Checked => {
            Err(Refused::decided(message("bulletin-no-scan")).cure(message("cure-bulletin-scan")))
        }
    }
}

/// A bulletin, and where its month stands.
struct Bound {
    paper: Bulletin,
    last: Option<BulletinStep>,
    is_over: bool,
}

impl Bound {
    /// As of its last recorded step; of the present where it is drafted now.
    fn of(office: &Office, which: &Which, step: Option<Step>) -> Result<Self, Refused> {
        let last = office.ledger().bulletin(which.period).last().map(|one| one.step.clone());
        let is_over = which.period.last().is_none_or(|last| last < office.today());
        let is_drafted = step == Some(Step::Drafted);
        if is_drafted && !is_over {
            let why = message("month-runs").with("month", &which.period);
            return Err(Refused::decided(why).cure(message("cure-month-runs")));
        }
        let recorded = last.as_ref().filter(|_| !is_drafted).map(|step| step.position);
        let at = which.at.or(recorded);
        let number = which.number.or(last.as_ref().map(|step| step.number));
        let step = step.map(BulletinState::from).or(last.as_ref().map(|step| step.step));
        let paper = filled(office, which, (at, number), step.unwrap_or(BulletinState::Drafted))?;
        Ok(Self { paper, last, is_over })
    }

    /// Names what is recorded: what is issued is the paper that was signed, however figures are counted since.
    fn content(&self, step: Step) -> Result<Digest, Refused> {
        match (step, &self.last) {
            (Step::Issued, Some(signed)) => Ok(signed.content),
            _ => Ok(self.paper.content()?),
        }
    }

    /// Whether it tells otherwise than the paper of the last recorded step, as of the same event.
    fn is_other(&self) -> Result<bool, Refused> {
        let Some(last) = &self.last else { return Ok(false) };
        Ok(last.position == self.paper.counted.position && last.content != self.paper.content()?)
    }

    fn notes(&self, caller: &Caller) -> Vec<String> {
        let note = || caller.told(&message("note-month-runs").with("month", &self.paper.period));
        (!self.is_over).then(note).into_iter().collect()
    }
}

fn filled(
    office: &Office,
    which: &Which,
    (at, number): (Option<u64>, Option<u32>),
    step: BulletinState,
) -> Result<Bulletin, Refused> {
    let (Some(first), Some(last)) = (which.period.first(), which.period.last()) else {
        return Err(no_month(which.period));
    };
    let around = audit::around(office.events(0)?, (first, last), at)?;
    let known = Known { before: &around.before, then: &around.then, now: &around.now, head: around.head };
    let ask = Ask {
        period: which.period,
        asked_on: Some(office.today()),
        number,
        dated: which.dated,
        plans: which.plan.clone(),
        step,
    };
    Bulletin::of(known, &ask).map_err(|why| match why {
        NoBulletin::NotAMonth(period) => no_month(period),
        NoBulletin::NothingFollowed(month) => {
            let ledger = office.ledger();
            let plans = ledger.plans().filter(|(_, plan)| plan.is_followed());
            let plans = plans.map(|(id, plan)| Value::Text(format!("{id}（{}）", plan.head.title))).collect();
            Refused::decided(message("bulletin-nothing-followed").with("month", &month))
                .cure(message("cure-bulletin-plan").put("plans", Value::All(plans)))
        }
        NoBulletin::NoPlan(plan) => {
            Refused::decided(message("no-plan").with("plan", &plan)).cure(message("cure-plan-list"))
        }
    })
}

fn no_month(period: Period) -> Refused {
    Refused::wrong(message("month-odd").with("month", &period)).cure(message("cure-month"))
}

/// Until when corrections of the month still come.
fn still_corrected(office: &Office, period: Period) -> Option<Message> {
    let dates = Dates::of(&office.ledger(), period)?;
    (office.today() <= dates.corrected_until).then(|| {
        let note = message("note-bulletin-early").with("month", &period);
        note.with("until", &dates.corrected_until).with("by", &dates.out_by)
    })
}

fn edited(paper: &Bulletin, word: &Bytes) -> Result<Vec<String>, Refused> {
    paper.edited(&word.0).map_err(|why| Refused::decided(message("word-file-fault").with("why", &why)))
}

/// Words of the office, and how the Word file was edited.
fn note(words: Option<&str>, edited: Option<&[String]>) -> Option<String> {
    let edited = edited.map(|lines| {
        if lines.is_empty() {
            return "Word稿与生成稿一致".to_owned();
        }
        let mut told = format!("Word稿与生成稿相差{}行：", lines.len());
        for line in lines {
            if told.len() + line.len() > EDITED_BYTES_MAX {
                told.push_str("\n……");
                break;
            }
            told.extend(["\n", line]);
        }
        told
    });
    let parts: Vec<String> = words.map(str::to_owned).into_iter().chain(edited).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}
