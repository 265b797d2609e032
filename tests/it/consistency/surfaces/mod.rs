//! What is read from each surface, as its reader would: one word on one matter after the other.

mod data;
mod figures;
mod form;
mod letter;
mod page;
mod papers;
mod sheet;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use duban::domain::{Assignment, Ledger, Recorded, State, UnitId};

use duban::office::Office;

use super::compare::{Field, Said, Speaker, Surface};
use super::county::Sent;
use super::lists::is_counted;
use super::planted::Plant;

pub use form::{Row, attached, rows};
pub use papers::week;

/// What a month's bulletin needs to know beside the present.
pub struct Month<'m> {
    /// as it stood before the month
    pub before: &'m Ledger,
    /// what was recorded in it so far
    pub events: &'m [Recorded],
}

/// The world at one moment, and what is to be planted into it.
pub struct Moment<'m> {
    pub day: NaiveDate,
    pub office: &'m Office,
    pub ledger: &'m Ledger,
    pub month: Month<'m>,
    /// as it was before the last plan was closed
    pub before_closing: Option<&'m Ledger>,
    /// the pages of units, where they are looked at
    pub pages: &'m [(UnitId, String)],
    /// whether papers are rendered and read back
    pub rendered: bool,
    pub plant: Option<Plant>,
}

impl Moment<'_> {
    fn assignment(&self, id: &str) -> Option<&Assignment> {
        self.ledger.assignment(self.ledger.slot_of(&id.parse().ok()?)?)
    }

    /// The date that holds for a matter now.
    fn current(&self, id: &str) -> Option<NaiveDate> {
        self.assignment(id)?.course.deadline
    }

    /// The name of its state.
    pub fn label(&self, id: &str) -> &'static str {
        self.assignment(id).map_or("", |one| one.state.label())
    }

    /// Whether its plan was closed.
    pub fn is_closed(&self, id: &str) -> bool {
        let plan = id.split('/').next().and_then(|plan| plan.parse().ok());
        plan.and_then(|plan| self.ledger.plan(&plan)).is_some_and(|plan| plan.closed.is_some())
    }

    /// Whether a bulletin names it: its plan is followed, and no other unit answers for its own.
    fn is_named(&self, id: &str) -> bool {
        let Some(one) = self.assignment(id) else { return false };
        let plan = self.ledger.plan(&one.occurrence.task.plan);
        // Of what was withdrawn no paper speaks.
        self.answers(id)
            && one.state != State::Withdrawn
            && plan.is_some_and(duban::domain::PlanState::is_followed)
    }

    /// Whether its unit answers for itself, and figures count it.
    fn answers(&self, id: &str) -> bool {
        self.assignment(id).is_some_and(|one| is_counted(self.ledger, one))
    }
}

/// Everything that stands at the end of a day.
pub fn standing(moment: &Moment<'_>) -> Vec<Said> {
    let mut all = Vec::new();
    let register = Register::of(moment.ledger, moment.day);
    data::list(moment, &mut all);
    data::task(moment, &mut all);
    data::waiting(moment, &mut all);
    data::as_of(moment, &mut all);
    data::journal(moment, &mut all);
    sheet::sheet(moment, &register, &mut all);
    figures::month_end(moment, &mut all);
    papers::lists(moment, &register, &mut all);
    papers::leader(moment, &register, &mut all);
    papers::bulletin(moment, &register, &mut all);
    for (unit, html) in moment.pages {
        page::page((unit, html), &register, &mut all);
        figures::of_lists(unit, moment, &mut all);
    }
    all
}

/// What letters say beside what data and ledger say at the moment of their writing.
pub fn written(moment: &Moment<'_>, letters: &[Sent]) -> Vec<Said> {
    let mut all = Vec::new();
    let register = Register::of(moment.ledger, moment.day);
    data::task(moment, &mut all);
    data::waiting(moment, &mut all);
    sheet::sheet(moment, &register, &mut all);
    for sent in letters {
        letter::letter(moment, sent, &register, &mut all);
    }
    all
}

/// Which matter is meant where a paper names it by its title and its unit.
pub struct Register {
    by_name: BTreeMap<(String, String), Vec<String>>,
    units: BTreeMap<String, String>,
    /// short names of units by their full ones
    names: BTreeMap<String, String>,
    plans: BTreeMap<String, (String, Option<String>)>,
    pub day: NaiveDate,
}

impl Register {
    fn of(ledger: &Ledger, day: NaiveDate) -> Self {
        let mut by_name: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        let short =
            |unit: &UnitId| ledger.unit(unit).map(|state| state.unit.short.clone()).unwrap_or_default();
        for one in ledger.assignments().filter(|one| !one.occurrence.is_collection()) {
            let Some(state) = ledger.task(&one.occurrence.task) else { continue };
            let title = duban::words::title(&state.task, one.occurrence.period, day);
            by_name.entry((title, short(&one.unit))).or_default().push(one.id().to_string());
        }
        let plan = |(id, plan): (&duban::domain::PlanId, &duban::domain::PlanState)| {
            (id.to_string(), (plan.head.short.clone(), plan.head.document_number.clone()))
        };
        Self {
            by_name,
            units: ledger
                .units()
                .map(|state| (state.unit.short.clone(), state.unit.id.to_string()))
                .collect(),
            names: ledger.units().map(|state| (state.unit.name.clone(), state.unit.short.clone())).collect(),
            plans: ledger.plans().map(plan).collect(),
            day,
        }
    }

    /// The matter of this title and unit; of several plans the one whose name the source bears.
    pub fn find(&self, title: &str, unit: &str, source: &str) -> Option<&str> {
        let all = self.by_name.get(&(title.to_owned(), unit.to_owned()))?;
        let of_source = |id: &&String| {
            let plan = id.split('/').next().unwrap_or_default();
            self.plans.get(plan).is_some_and(|(short, _)| source.contains(short.as_str()))
        };
        let found = all.iter().find(of_source).or(all.first().filter(|_| all.len() == 1));
        found.map(String::as_str)
    }

    /// The titles by which a unit's matters are known, the longest first.
    pub fn titles_of(&self, unit: &str) -> Vec<&str> {
        let own = self.by_name.keys().filter(|(_, short)| short == unit).map(|(title, _)| title.as_str());
        let mut titles: Vec<&str> = own.collect();
        titles.sort_by_key(|title| std::cmp::Reverse(title.len()));
        titles
    }

    /// Short name of the unit whose full name a text bears.
    pub fn named_in(&self, text: &str) -> Option<&str> {
        self.names.iter().find(|(name, _)| text.contains(name.as_str())).map(|(_, short)| short.as_str())
    }

    /// Short name of a unit.
    pub fn short(&self, id: &str) -> Option<&str> {
        self.units.iter().find(|(_, own)| *own == id).map(|(short, _)| short.as_str())
    }

    /// A clause without document, plan and deadline: `第21条、清单33`.
    pub fn clause(&self, id: &str, source: &str) -> String {
        let plan = id.split('/').next().unwrap_or_default();
        let (short, number) = self.plans.get(plan).cloned().unwrap_or_default();
        let mut clause = source.trim();
        clause = clause.strip_prefix(number.as_deref().unwrap_or_default()).unwrap_or(clause).trim();
        clause = clause.strip_prefix(short.as_str()).unwrap_or(clause).trim();
        let end = clause.find(['：', '；', '\n', '，']).unwrap_or(clause.len());
        let clause = clause[..end].split("（平台").next().unwrap_or_default();
        super::reading::bare(clause)
    }
}

/// Says that a paper names a matter nobody knows.
fn unknown(speaker: &mut Speaker<'_>, title: &str, unit: &str) {
    let of = format!("{title}（{unit}）");
    speaker.say(&of, Field::Unknown, format!("named by {:?}", speaker.by));
    speaker.say(&of, Field::Unknown, "known to nobody");
}

/// The speaker of a surface.
fn speaker(all: &mut Vec<Said>, by: Surface) -> Speaker<'_> {
    Speaker { all, by }
}

/// `●`, `▲` … as a word that every surface shares.
fn light_of_sign(text: &str) -> Option<&'static str> {
    let signs = [
        ('●', "red"),
        ('▲', "yellow"),
        ('◆', "late"),
        ('◇', "review"),
        ('■', "green"),
        ('○', "grey"),
        ('□', "paused"),
    ];
    let first = text.trim().chars().next()?;
    signs.iter().find(|(sign, _)| *sign == first).map(|(_, word)| *word)
}
