//! Plays a script: each act goes to the real planner at its instant, with the actor and the way in
//! that it would really have. What the planner refuses is told, and nothing else comes of it.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;

use super::RehearsalFault;
use super::habits::Habits;
use super::papers::{self, Paper};
use super::stage::Stage;
use crate::calendar::Period;
use crate::domain::command::{Command, Target};
use crate::domain::{
    Actor, ActorKind, AnswerItem, Answers, AssignmentId, Digest, Evidence, Ledger, LetterId, OccurrenceId,
    Recipient, TaskId, UnitId, Via,
};
use crate::journal::Shelf;
use crate::planner::{Answer, Input};
use crate::schedules::script::{self, Act, Does, Material, Named, Said, Script, Whose};

/// When habits show, on working days.
const HABIT_TIME: NaiveTime = match NaiveTime::from_hms_opt(16, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// Whose account records what comes by other ways than the link.
const OFFICE: &str = "办公室";
/// What is noted beside it.
const NOTE: &str = "推演代录";

/// What came of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Played {
    /// what was taken, by the way it came
    pub answers: BTreeMap<String, Heard>,
    /// acts of the office that were taken
    pub rulings: usize,
    /// what was refused, in the order of the play
    pub refused: Vec<Refused>,
    /// what was expected otherwise, or never played
    pub findings: Vec<String>,
}

/// What came by one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// forms
    pub forms: usize,
    /// matters that they answered
    pub matters: usize,
}

/// An act that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// line of the script
    pub line: usize,
    /// when
    pub on: NaiveDate,
    /// a unit, or `office`
    pub who: String,
    /// the way in
    pub via: String,
    /// as the script says it
    pub does: String,
    /// about what
    pub about: Vec<String>,
    /// the planner's words
    pub why: String,
    /// the script expected it
    pub expected: bool,
}

/// Plays one script.
pub(super) struct Player<'a> {
    acts: &'a [Act],
    habits: Habits<'a>,
    /// how many acts are over
    over: usize,
    played: Played,
    papers: Vec<Paper>,
}

/// Something given to the planner.
struct Given<'g> {
    line: usize,
    on: NaiveDate,
    at: NaiveTime,
    who: String,
    via: Via,
    word: &'g str,
    /// none: a habit, of which nothing was foretold
    refused: Option<bool>,
}

impl<'a> Player<'a> {
    pub(super) fn of(script: Option<&'a Script>) -> Self {
        let acts = script.map(|script| script.acts.as_slice()).unwrap_or_default();
        let habits = script.map(|script| script.habits.as_slice()).unwrap_or_default();
        Self {
            acts,
            habits: Habits { all: habits, named: acts.iter().flat_map(names).collect() },
            over: 0,
            played: Played::default(),
            papers: Vec::new(),
        }
    }

    /// The first instant of this day at which somebody acts.
    pub(super) fn first_time(&self, day: NaiveDate) -> Option<NaiveTime> {
        self.acts.iter().find(|act| act.on == day).map(|act| act.at)
    }

    /// What is done before the sending hour.
    pub(super) fn before(
        &mut self,
        stage: &mut Stage<'_>,
        day: NaiveDate,
        hour: NaiveTime,
    ) -> Result<(), RehearsalFault> {
        self.until(stage, day, Some(hour))
    }

    /// What is done on the rest of the day, habits among it.
    pub(super) fn rest(&mut self, stage: &mut Stage<'_>, day: NaiveDate) -> Result<(), RehearsalFault> {
        self.until(stage, day, Some(HABIT_TIME))?;
        self.habits(stage, day)?;
        self.until(stage, day, None)
    }

    /// What came of it all, and the papers; acts that nobody played are findings.
    pub(super) fn done(mut self) -> (Played, Vec<Paper>) {
        for act in self.acts.get(self.over..).unwrap_or_default() {
            let what =
                format!("line {}: {} {}: not played, it lies after the last day", act.line, act.on, act.word);
            self.played.findings.push(what);
        }
        (self.played, self.papers)
    }

    fn until(
        &mut self,
        stage: &mut Stage<'_>,
        day: NaiveDate,
        end: Option<NaiveTime>,
    ) -> Result<(), RehearsalFault> {
        while let Some(act) = self.acts.get(self.over) {
            if act.on > day || act.on == day && end.is_some_and(|end| act.at >= end) {
                break;
            }
            self.over += 1;
            if act.on < day {
                let what = format!(
                    "line {}: {} {}: not played, it lies before the first day",
                    act.line, act.on, act.word
                );
                self.played.findings.push(what);
                continue;
            }
            self.act(stage, act)?;
        }
        Ok(())
    }

    fn act(&mut self, stage: &mut Stage<'_>, act: &Act) -> Result<(), RehearsalFault> {
        let given = |who: &str| Given {
            line: act.line,
            on: act.on,
            at: act.at,
            who: who.to_owned(),
            via: act.via,
            word: act.word,
            refused: Some(act.refused),
        };
        match &act.does {
            Does::Office(commands) => {
                for command in commands {
                    self.give(stage, given(OFFICE), command.clone())?;
                }
            }
            Does::Unit(said) => {
                let items = items(stage, said)?;
                let form = form(stage, &said.unit, act.via, said.said_on, items);
                self.give(stage, given(said.unit.as_str()), form)?;
            }
            Does::Bulletin(period) => {
                let Some(planner) = &stage.planner else { return Ok(()) };
                let (paper, draft) = papers::bulletin(planner, *period, act.on)?;
                self.papers.push(Paper::Bulletin(Box::new(paper)));
                self.give(stage, given(OFFICE), draft)?;
            }
            Does::Ledger => {
                self.papers.extend(stage.planner.as_ref().map(|planner| papers::ledger(planner, act.on)));
            }
        }
        Ok(())
    }

    fn give(
        &mut self,
        stage: &mut Stage<'_>,
        given: Given<'_>,
        command: Command,
    ) -> Result<(), RehearsalFault> {
        let about = about(&command);
        let by_link = matches!(command, Command::Answer { .. }) && given.via == Via::Link;
        let (kind, name) = if by_link {
            (ActorKind::Unit, given.who.clone())
        } else {
            (ActorKind::Admin, OFFICE.to_owned())
        };
        let is_form = matches!(command, Command::Answer { .. });
        let by = Actor { kind, name, via: given.via };
        let now = stage.instant(given.on, given.at);
        let answer = stage.give(Input::Command { command: Box::new(command), by, request: None }, now)?;
        let why = match answer {
            Some(Answer::Refused(why)) => Some(why.to_string()),
            Some(Answer::Done { .. } | Answer::Declared(_)) => None,
            Some(Answer::ClockHeld { .. }) => Some("the clock is held".to_owned()),
            None => Some("the daemon is down".to_owned()),
        };
        let place =
            format!("line {}: {} {} {} {}", given.line, given.on, given.who, given.word, about.join(", "));
        match (&why, given.refused) {
            (None, Some(true)) => {
                self.played.findings.push(format!("{place}: expected to be refused, and was taken"));
            }
            (Some(why), Some(false) | None) => self.played.findings.push(format!("{place}: refused: {why}")),
            (None, Some(false) | None) | (Some(_), Some(true)) => {}
        }
        match why {
            Some(why) => self.played.refused.push(Refused {
                line: given.line,
                on: given.on,
                who: given.who,
                via: script::way(given.via).to_owned(),
                does: given.word.to_owned(),
                about,
                why,
                expected: given.refused == Some(true),
            }),
            None if is_form => {
                let heard = self.played.answers.entry(script::way(given.via).to_owned()).or_default();
                heard.forms += 1;
                heard.matters += about.len();
            }
            None => self.played.rulings += 1,
        }
        Ok(())
    }

    fn habits(&mut self, stage: &mut Stage<'_>, day: NaiveDate) -> Result<(), RehearsalFault> {
        let Some(planner) = &stage.planner else { return Ok(()) };
        let ledger = planner.ledger();
        if self.habits.all.is_empty() || !ledger.read().working().is_working(day) {
            return Ok(());
        }
        let given = |who: &str, via, line| Given {
            line,
            on: day,
            at: HABIT_TIME,
            who: who.to_owned(),
            via,
            word: "habit",
            refused: None,
        };
        let units: Vec<UnitId> = ledger.read().units().map(|state| state.unit.id.clone()).collect();
        for unit in units {
            let (line, via, items) = self.habits.form_of(&ledger.read(), &unit, day);
            if !items.is_empty() {
                let form = form(stage, &unit, via, None, items);
                self.give(stage, given(unit.as_str(), via, line), form)?;
            }
        }
        let office = self.habits.all.iter().filter(|habit| habit.whose == Whose::Office);
        for habit in office {
            let accepted = self.habits.accepted(&ledger.read(), habit, day);
            for command in accepted {
                self.give(stage, given(OFFICE, habit.via, habit.line), command)?;
            }
        }
        Ok(())
    }
}

/// The matters that an act names.
fn names(act: &Act) -> Vec<Named> {
    match &act.does {
        Does::Unit(said) => said.matters.clone(),
        Does::Office(commands) => commands
            .iter()
            .filter_map(target)
            .map(|at| Named { task: at.task.clone(), period: at.period })
            .collect(),
        Does::Bulletin(_) | Does::Ledger => Vec::new(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a script has no other commands about one matter")]
fn target(command: &Command) -> Option<&Target> {
    match command {
        Command::Accept { target, .. }
        | Command::Return { target, .. }
        | Command::Pause { target, .. }
        | Command::Resume { target }
        | Command::GrantExtension { target, .. }
        | Command::RefuseExtension { target, .. }
        | Command::SettleDispute { target, .. }
        | Command::CloseOut { target, .. }
        | Command::Reopen { target, .. } => Some(target),
        Command::Chase { targets, .. } => targets.first(),
        _ => None,
    }
}

/// What a command is about, for the report.
#[expect(clippy::wildcard_enum_match_arm, reason = "a script has no other commands")]
fn about(command: &Command) -> Vec<String> {
    match command {
        Command::Answer { answers } => {
            answers.items.iter().map(|item| item.assignment.occurrence.to_string()).collect()
        }
        Command::AssignMatter { matter } => vec![matter.title.clone()],
        Command::MoveBulletin { step } => vec![step.period.to_string()],
        other => target(other)
            .map(|at| match at.period {
                Some(period) => format!("{}/{period}", at.task),
                None => at.task.to_string(),
            })
            .into_iter()
            .collect(),
    }
}

/// A unit's form, as it comes by this way.
fn form(
    stage: &Stage<'_>,
    unit: &UnitId,
    via: Via,
    said_on: Option<NaiveDate>,
    items: Vec<AnswerItem>,
) -> Command {
    let letter = stage.planner.as_ref().and_then(|planner| last_letter(&planner.ledger().read(), unit));
    let answers = Answers {
        unit: unit.clone(),
        letter: letter.filter(|_| matches!(via, Via::Link | Via::Mail)),
        person: None,
        becomes_contact: false,
        note: via.is_on_behalf().then(|| NOTE.to_owned()),
        scan: None,
        said_on,
        items,
    };
    Command::Answer { answers: Box::new(answers) }
}

/// The letter that a unit has at hand.
fn last_letter(ledger: &Ledger, unit: &UnitId) -> Option<LetterId> {
    let to = Recipient::Unit(unit.clone());
    ledger.letters().filter(|(_, letter)| letter.queued.to == to).map(|(id, _)| *id).last()
}

fn items(stage: &Stage<'_>, said: &Said) -> Result<Vec<AnswerItem>, RehearsalFault> {
    let Some(planner) = &stage.planner else { return Ok(Vec::new()) };
    let ledger = planner.ledger();
    let mut items = Vec::new();
    for named in &said.matters {
        let mut evidence = Vec::new();
        for Material { name, obtained_on } in &said.material {
            let bytes = format!("{name}\n{}\n", named.task).into_bytes();
            let digest: Digest = planner.journal().shelves().put(Shelf::Evidence, &bytes)?;
            evidence.push(Evidence {
                digest,
                name: name.clone(),
                bytes: bytes.len() as u64,
                media_type: "text/plain".to_owned(),
                obtained_on: *obtained_on,
            });
        }
        let occurrence = OccurrenceId {
            task: named.task.clone(),
            period: named.period.unwrap_or_else(|| period_of(&ledger.read(), &named.task, &said.unit)),
        };
        let assignment = AssignmentId { occurrence, unit: said.unit.clone() };
        items.push(AnswerItem { assignment, answer: said.answer.clone(), evidence });
    }
    Ok(items)
}

/// The period of the task that is open for the unit, else the last that was.
fn period_of(ledger: &Ledger, task: &TaskId, unit: &UnitId) -> Period {
    let mut all = ledger.occurrences_of(task);
    all.reverse();
    let open =
        |slot: &u32| ledger.assignment(*slot).is_some_and(|one| one.unit == *unit && one.state.is_open());
    let found = all.iter().find(|(_, occurrence)| occurrence.slots.iter().any(open)).or(all.first());
    found.map_or(Period::Once, |(id, _)| id.period)
}
