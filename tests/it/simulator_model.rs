//! What must hold, told again by code that shares nothing with the planner: reads events, knows no ledger.

#![allow(clippy::wildcard_enum_match_arm, reason = "the model looks at what it judges")]

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Days as CivilDays, NaiveDate, TimeDelta, Utc, Weekday};
use duban::domain::{
    AssignmentId, CompletionAccepted, Digest, Event, LadderName, LetterId, LetterKind, OccurrenceId, Opened,
    Queued, Recipient, Recorded, SkipReason, Stage, StageKey, Stream, UnitId,
};

use crate::simulator_days::{day_of, is_working, through, worked_after, worked_before};

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// its name
    pub invariant: &'static str,
    /// what was seen
    pub what: String,
}

pub fn broken<T>(invariant: &'static str, what: impl Into<String>) -> Result<T, Broken> {
    Err(Broken { invariant, what: what.into() })
}

/// One unit's duty as the events tell it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each of its own")]
pub struct Duty {
    opened: Opened,
    version: u32,
    deadline: Option<NaiveDate>,
    from: NaiveDate,
    rounds_from: NaiveDate,
    notice: bool,
    pub adopted: bool,
    open: bool,
    quiet: bool,
    returns: u32,
}

impl Duty {
    /// Stages without rounds, each with the day it goes; the adoption goes whenever it can.
    fn stages(&self) -> Vec<(NaiveDate, Stage)> {
        let opened = &self.opened;
        let mut stages = Vec::new();
        let mut add = |stage, nominal: NaiveDate, floor: NaiveDate| {
            if nominal >= self.from {
                stages.push((worked_before(nominal).max(floor), stage));
            }
        };
        if opened.occurrence.is_collection() {
            add(Stage::Collection, opened.opens, self.from);
            return stages;
        }
        if self.notice {
            add(Stage::Notice, opened.opens, self.from);
        }
        if self.adopted {
            stages.push((self.from, Stage::Adopted));
        }
        let leads: &[u64] = match opened.ladder {
            // What has no stages of its own gets a date only by a return: then it is followed like any date.
            LadderName::Standard | LadderName::None => &[30, 7, 1],
            LadderName::Brief => &[3],
            LadderName::Daily | LadderName::Matter | LadderName::MatterWorking => &[],
            LadderName::Avoid => {
                let warned = opened.opens - CivilDays::new(30);
                if warned >= self.from {
                    stages.push((worked_before(warned).max(self.from), Stage::Avoid));
                }
                return stages;
            }
        };
        let Some(deadline) = self.deadline else { return stages };
        for days in leads {
            let nominal = deadline - CivilDays::new(*days);
            if nominal >= opened.opens && nominal >= self.from {
                let floor = worked_after(opened.opens).min(nominal).max(self.from);
                let goes_on = worked_before(nominal).max(floor);
                stages.push((goes_on, Stage::lead(u16::try_from(*days).unwrap())));
            }
        }
        if deadline >= self.from {
            stages.push((worked_before(deadline).max(self.from), Stage::Due));
        }
        if opened.chased {
            let anchor = deadline.max(self.from);
            let after = |days| worked_after(anchor + CivilDays::new(days));
            stages.push((after(7), Stage::EscalateLeader));
            stages.push((after(15), Stage::EscalateSupervision));
        }
        stages
    }

    /// Rounds that have come by `through`.
    fn rounds(&self, through: NaiveDate) -> Vec<(NaiveDate, Stage)> {
        let Some(deadline) = self.deadline else { return Vec::new() };
        if !self.opened.chased || self.quiet || !self.open {
            return Vec::new();
        }
        let mut day = (deadline.max(self.from) + CivilDays::new(1)).max(self.rounds_from);
        let mut rounds = Vec::new();
        while day <= through {
            if day.weekday() == Weekday::Mon && worked_after(day) <= through {
                rounds.push((worked_after(day), Stage::Overdue(day)));
            }
            day = day.succ_opt().unwrap();
        }
        rounds
    }
}

/// What the events have told.
#[derive(Debug, Default, Clone)]
pub struct Model {
    position: u64,
    hash: Option<Digest>,
    versions: BTreeMap<Stream, u64>,
    pub duties: BTreeMap<AssignmentId, Duty>,
    /// of an occurrence: deadline version and deadline that hold for whoever joins
    moved: BTreeMap<OccurrenceId, (u32, Option<NaiveDate>)>,
    pub ended: BTreeMap<StageKey, u64>,
    /// tellings of changes: each with the day from which it goes
    pub changes: BTreeMap<StageKey, NaiveDate>,
    pub letters: BTreeMap<LetterId, Queued>,
    ids: BTreeMap<String, LetterId>,
    pub had: BTreeSet<(Recipient, NaiveDate)>,
    pub recalled_on: BTreeMap<AssignmentId, NaiveDate>,
    supervision: Option<UnitId>,
    /// events of a large command that has not completed
    staged: Option<Vec<Recorded>>,
}

impl Model {
    /// Position of the last event read.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// One event more.
    pub fn read(&mut self, recorded: &Recorded) -> Result<(), Broken> {
        if recorded.position != self.position + 1 || recorded.prev != self.hash.unwrap_or(Digest::ZERO) {
            return broken("chain ok", format!("event {} follows {}", recorded.position, self.position));
        }
        self.position = recorded.position;
        self.hash = Some(recorded.hash);
        let version = self.versions.entry(recorded.stream.clone()).or_default();
        *version += 1;
        if *version != recorded.version {
            return broken("versions gapless", format!("{} {}", recorded.stream, recorded.version));
        }
        match (&recorded.event, &mut self.staged) {
            (Event::LargeCommandBegun { .. }, _) => self.staged = Some(Vec::new()),
            (Event::LargeCommandWithdrawn { .. }, _) => self.staged = None,
            (Event::LargeCommandCompleted { .. }, staged) => {
                for event in staged.take().unwrap_or_default() {
                    self.take(&event)?;
                }
            }
            (_, Some(staged)) => staged.push(recorded.clone()),
            (_, None) => self.take(recorded)?,
        }
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "one arm an event, each a few lines")]
    fn take(&mut self, recorded: &Recorded) -> Result<(), Broken> {
        let come = through(recorded.recorded_at);
        match &recorded.event {
            Event::OfficeConfigured { office } => self.supervision = Some(office.supervision_unit.clone()),
            Event::OccurrenceOpened(opened) => {
                let version = self.fresh_version(&opened.occurrence);
                self.moved.insert(opened.occurrence.clone(), (version, opened.deadline));
                for unit in &opened.units {
                    let id = AssignmentId { occurrence: opened.occurrence.clone(), unit: unit.clone() };
                    let adopted = opened.by_adoption && !opened.occurrence.is_collection();
                    self.open(id, opened, version, opened.deadline, opened.stages_from, adopted)?;
                }
            }
            Event::AssignmentOpened { assignment, stages_from } => {
                let mut of_occurrence =
                    self.duties.iter().filter(|(id, _)| id.occurrence == assignment.occurrence);
                let Some((_, other)) = of_occurrence.next() else {
                    return broken("known occurrence", assignment.to_string());
                };
                let opened = other.opened.clone();
                let (known, deadline) = self.moved.get(&assignment.occurrence).copied().unwrap_or_default();
                // A unit that is asked once more gets keys that nobody has had.
                let before = self.duties.contains_key(assignment);
                let version = if before { self.fresh_version(&assignment.occurrence) } else { known };
                self.open(assignment.clone(), &opened, version, deadline, *stages_from, true)?;
            }
            Event::ChangeNoted(change) => {
                self.note(&change.stage, change.tell_from)?;
            }
            Event::DeadlineChanged { occurrence, deadline, deadline_version, stages_from, .. } => {
                self.moved.insert(occurrence.clone(), (*deadline_version, *deadline));
                let ids: Vec<AssignmentId> =
                    self.duties.keys().filter(|id| id.occurrence == *occurrence).cloned().collect();
                for id in ids {
                    self.version_over(&id, come, false)?;
                    let untold = self.is_untold(&id);
                    if let Some(duty) = self.duties.get_mut(&id) {
                        duty.renew(*deadline, *deadline_version, *stages_from, untold);
                    }
                }
            }
            Event::CompletionReturned(returned) => {
                let (assignment, stages_from) = (&returned.assignment, &returned.stages_from);
                let (new_deadline, deadline_version) = (&returned.new_deadline, &returned.deadline_version);
                let untold = self.is_untold(assignment);
                if new_deadline.is_some() {
                    self.version_over(assignment, come, false)?;
                } else {
                    self.rounds_over(assignment, come)?;
                }
                let Some(duty) = self.duties.get_mut(assignment) else {
                    return broken("known assignment", assignment.to_string());
                };
                duty.returns += 1;
                duty.rounds_from = *stages_from;
                duty.quiet = false;
                if new_deadline.is_some() {
                    duty.renew(*new_deadline, *deadline_version, *stages_from, untold);
                }
            }
            Event::AssignmentPaused { assignment, .. } => {
                self.rounds_over(assignment, come)?;
                if let Some(duty) = self.duties.get_mut(assignment) {
                    duty.quiet = true;
                }
            }
            Event::AssignmentResumed { assignment, rounds_from } => {
                if let Some(duty) = self.duties.get_mut(assignment) {
                    duty.quiet = false;
                    duty.rounds_from = *rounds_from;
                }
            }
            Event::CompletionAccepted(CompletionAccepted { assignment, .. })
            | Event::AssignmentWithdrawn { assignment, .. } => {
                self.close(assignment, come)?;
            }
            Event::OccurrenceEnded { occurrence } => {
                let ids: Vec<AssignmentId> =
                    self.duties.keys().filter(|id| id.occurrence == *occurrence).cloned().collect();
                for id in ids {
                    self.close(&id, come)?;
                }
            }
            Event::StagesSkipped { stages, why } => {
                for key in stages {
                    // A person's act ends stages before their day; a clock's doesn't.
                    let early = matches!(
                        why,
                        SkipReason::Done
                            | SkipReason::Untold
                            | SkipReason::Withdrawn
                            | SkipReason::PlanClosed
                            | SkipReason::Rescheduled
                            | SkipReason::Returned
                    );
                    let by = if early { NaiveDate::MAX } else { day_of(recorded.recorded_at) };
                    self.end(key, by, recorded)?;
                }
            }
            Event::StagesMissed { stages } => {
                let oldest = day_of(recorded.recorded_at) - CivilDays::new(15);
                for key in stages {
                    self.end(key, oldest, recorded)?;
                }
            }
            Event::LetterQueued(queued) => self.letter(queued, recorded)?,
            Event::LetterRecalled { letter, stages } => self.recalled(*letter, stages, recorded)?,
            _ => {}
        }
        Ok(())
    }

    fn note(&mut self, stage: &StageKey, tell_from: NaiveDate) -> Result<(), Broken> {
        match self.changes.insert(stage.clone(), worked_after(tell_from)) {
            None => Ok(()),
            Some(_) => broken("noted once", stage.to_string()),
        }
    }

    /// The version above all that anybody's keys of the occurrence have had.
    fn fresh_version(&self, occurrence: &OccurrenceId) -> u32 {
        let of_occurrence = self.duties.iter().filter(|(id, _)| id.occurrence == *occurrence);
        let highest = of_occurrence.map(|(_, duty)| duty.version).max().unwrap_or(0);
        highest.max(self.moved.get(occurrence).map_or(0, |(version, _)| *version)) + 1
    }

    fn open(
        &mut self,
        id: AssignmentId,
        opened: &Opened,
        version: u32,
        deadline: Option<NaiveDate>,
        from: NaiveDate,
        adopted: bool,
    ) -> Result<(), Broken> {
        if self.duties.get(&id).is_some_and(|duty| duty.open) {
            return broken("opened once", id.to_string());
        }
        let duty = Duty {
            opened: opened.clone(),
            version,
            deadline,
            from,
            rounds_from: from,
            notice: opened.notice,
            adopted,
            open: true,
            quiet: false,
            returns: 0,
        };
        self.duties.insert(id, duty);
        Ok(())
    }

    /// Everything of the present version has ended.
    fn version_over(&self, id: &AssignmentId, come: NaiveDate, closes: bool) -> Result<(), Broken> {
        let Some(duty) = self.duties.get(id).filter(|duty| duty.open) else { return Ok(()) };
        for (_, stage) in duty.stages() {
            // What nobody was told of yet is told by the new date's letter.
            if stage != Stage::Adopted || closes {
                self.has_ended(id, duty, stage)?;
            }
        }
        self.rounds_over(id, come)
    }

    fn is_untold(&self, id: &AssignmentId) -> bool {
        self.duties.get(id).is_some_and(|duty| {
            let key =
                StageKey { assignment: id.clone(), deadline_version: duty.version, stage: Stage::Adopted };
            duty.adopted && !self.ended.contains_key(&key)
        })
    }

    fn rounds_over(&self, id: &AssignmentId, come: NaiveDate) -> Result<(), Broken> {
        let Some(duty) = self.duties.get(id).filter(|duty| duty.open) else { return Ok(()) };
        duty.rounds(come).into_iter().try_for_each(|(_, stage)| self.has_ended(id, duty, stage))
    }

    fn has_ended(&self, id: &AssignmentId, duty: &Duty, stage: Stage) -> Result<(), Broken> {
        let key = StageKey { assignment: id.clone(), deadline_version: duty.version, stage };
        if self.ended.contains_key(&key) {
            return Ok(());
        }
        broken("every stage that has come has ended", key.to_string())
    }

    fn close(&mut self, id: &AssignmentId, come: NaiveDate) -> Result<(), Broken> {
        self.version_over(id, come, true)?;
        if let Some(duty) = self.duties.get_mut(id) {
            duty.open = false;
        }
        Ok(())
    }

    /// A stage ends here: it exists, goes on or before `by`, and has not ended before.
    fn end(&mut self, key: &StageKey, by: NaiveDate, recorded: &Recorded) -> Result<NaiveDate, Broken> {
        if matches!(key.stage, Stage::Changed(_)) {
            return self.end_change(key, by, recorded);
        }
        let Some(duty) = self.duties.get(&key.assignment).filter(|duty| duty.open) else {
            return broken("only stages that exist end", key.to_string());
        };
        let planned = match key.stage {
            Stage::Overdue(day) => {
                // Of a round, the skip of a command may come hours before its letter would have.
                let come = duty.rounds(by.min(day_of(recorded.recorded_at)));
                come.into_iter().find(|(_, stage)| *stage == Stage::Overdue(day))
            }
            Stage::Returned(count) => (count <= duty.returns).then_some((NaiveDate::MIN, key.stage)),
            _ => duty.stages().into_iter().find(|(_, stage)| *stage == key.stage),
        };
        let Some((goes_on, _)) = planned.filter(|_| duty.version == key.deadline_version) else {
            return broken("only stages that exist end", format!("{key} at {}", recorded.position));
        };
        let goes_on = self.goes_on(key, goes_on);
        // A collection that an adoption absorbs may go from the adoption on.
        let absorbed = key.stage == Stage::Collection && duty.opened.by_adoption && duty.from <= by;
        // An adoption is told as soon as it stands; where the clock was put back since, that is before its day.
        let told = key.stage == Stage::Adopted;
        if goes_on > by && !absorbed && !told {
            return broken("nothing goes early", format!("{key} goes on {goes_on}, ended by {by}"));
        }
        self.ends_once(key, recorded)?;
        Ok(goes_on)
    }

    pub fn ends_once(&mut self, key: &StageKey, recorded: &Recorded) -> Result<(), Broken> {
        let Some(first) = self.ended.insert(key.clone(), recorded.position) else { return Ok(()) };
        let what = format!("{key} at {first} and {}", recorded.position);
        broken("every stage ends at most once", what)
    }

    fn letter(&mut self, queued: &Queued, recorded: &Recorded) -> Result<(), Broken> {
        let day = queued.letter.day;
        if self.letters.insert(queued.letter, queued.clone()).is_some() {
            return broken("a letter is queued once", queued.letter.to_string());
        }
        if let Some(other) = self.ids.insert(queued.message_id.clone(), queued.letter) {
            let what = format!("{} of {other} and {}", queued.message_id, queued.letter);
            return broken("one Message-ID a letter", what);
        }
        if queued.kind != LetterKind::Returned && !self.had.insert((queued.to.clone(), day)) {
            let what = format!("{:?} on {day}: {}", queued.to, queued.letter);
            return broken("one clock-driven letter a recipient and day", what);
        }
        for item in &queued.items {
            let goes_on = self.end(&item.key, day, recorded)?;
            let from_clock =
                !matches!(item.key.stage, Stage::Adopted | Stage::Returned(_) | Stage::Changed(_));
            if from_clock && day - goes_on > TimeDelta::days(14) {
                return broken("what is too old is missed", item.key.to_string());
            }
        }
        for merged in &queued.merged {
            self.end(&merged.key, day, recorded)?;
            if merged.into == merged.key || !queued.items.iter().any(|item| item.key == merged.into) {
                return broken(
                    "what stands for another goes",
                    format!("{} into {}", merged.key, merged.into),
                );
            }
        }
        Ok(())
    }

    /// Every stage that has come by now has ended; where its recipient has had today's letter, unless `strict`, it may wait.
    pub fn all_ended(&self, now: DateTime<Utc>, strict: bool) -> Result<(), Broken> {
        let (come, today) = (through(now), day_of(now));
        if come != today {
            return Ok(());
        }
        for (key, goes_on) in self.changes.iter().filter(|(_, goes_on)| **goes_on <= come) {
            let to = Recipient::Unit(key.assignment.unit.clone());
            let had = !strict && self.had.contains(&(to, today));
            if !had && !self.ended.contains_key(key) {
                return broken("every stage that has come has ended", format!("{key} of {goes_on}"));
            }
        }
        for (id, duty) in self.duties.iter().filter(|(_, duty)| duty.open) {
            let rounds = duty.rounds(come);
            for (goes_on, stage) in duty.stages().into_iter().chain(rounds) {
                let late = self.recalled_on.get(id) == Some(&today) || !is_working(today);
                let waits = stage == Stage::Adopted && late;
                let to = match (&stage, &self.supervision) {
                    (Stage::EscalateSupervision, Some(unit)) if *unit != id.unit => {
                        Recipient::Unit(unit.clone())
                    }
                    (Stage::EscalateLeader | Stage::EscalateSupervision, _) => {
                        Recipient::LeaderOf(id.unit.clone())
                    }
                    _ => Recipient::Unit(id.unit.clone()),
                };
                let had = !strict && self.had.contains(&(to, today));
                if goes_on <= come && !waits && !had {
                    self.has_ended(id, duty, stage)?;
                }
            }
        }
        Ok(())
    }
}

impl Duty {
    fn renew(&mut self, deadline: Option<NaiveDate>, version: u32, from: NaiveDate, untold: bool) {
        self.deadline = deadline;
        self.version = version;
        self.from = from;
        self.rounds_from = from;
        self.notice = false;
        self.adopted = untold;
    }
}
