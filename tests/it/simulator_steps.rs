//! The steps of a run: what time, disk, admin, files and post do next, by chance.

use chrono::TimeDelta;
use duban::domain::command::{Command, Target};
use duban::domain::{Due, LetterId, LetterProgress, Outcome, Unit};
use duban::journal::Faults;
use duban::planner::{Answer, Input, Person};

use crate::simulator_days::day_of;
use crate::simulator_model::{Broken, broken};
use crate::simulator_plans::{UNITS, later, mutate, random_lead};
use crate::simulator_run::{Run, admin};

/// What an admin wants.
enum Wish {
    Command(Command),
    Leader(Input),
}

impl Run {
    pub fn step(&mut self) -> Result<(), Broken> {
        let trouble = self.rng.percent(18);
        if trouble {
            self.trouble();
        }
        match self.rng.below(100) {
            0..=44 => {
                self.next_hour();
                self.wakes()?;
            }
            45..=54 => {
                self.now += TimeDelta::minutes(i64::try_from(self.rng.below(1800)).unwrap());
                self.wakes()?;
            }
            55..=59 => {
                let days = self.rng.below(25);
                self.note(format!("stopped for {days} days"));
                self.planner = None;
                self.now += TimeDelta::days(i64::try_from(days).unwrap());
                self.start()?;
                self.files()?;
            }
            60..=63 => self.jump(),
            64..=69 => {
                let what = mutate(&mut self.rng, &mut self.declared, day_of(self.now));
                self.note(format!("files: {what}"));
                self.files()?;
            }
            70..=74 => {
                self.note("killed");
                self.planner = None;
                self.start()?;
                self.wakes()?;
            }
            75..=79 => {
                self.power_cut()?;
                self.wakes()?;
            }
            80..=84 => self.wakes()?,
            85..=86 => self.repeat()?,
            _ => match self.wish() {
                Some(Wish::Command(command)) => self.ask(command)?,
                Some(Wish::Leader(input)) => {
                    self.note("another leader");
                    self.give(input)?;
                }
                None => {}
            },
        }
        let answers = self.rng.below(4);
        for _ in 0..answers {
            self.answer()?;
        }
        if trouble {
            self.disk.set_faults(Faults::default());
            self.disk.fail_syncs(0);
        }
        Ok(())
    }

    /// The disk turns bad, or the power goes within a few operations.
    fn trouble(&mut self) {
        let one_in = 2 + self.rng.below(20);
        let faults = match self.rng.below(5) {
            0 => Faults { write_error_one_in: one_in, ..Faults::default() },
            1 => Faults { sync_error_one_in: one_in, ..Faults::default() },
            2 => Faults { space_bytes: Some(self.rng.below(400_000)), ..Faults::default() },
            3 => {
                self.disk.fail_syncs(1);
                Faults::default()
            }
            _ => {
                self.disk.power_out_after(self.rng.below(40));
                Faults::default()
            }
        };
        self.note(format!("the disk: {faults:?}"));
        self.disk.set_faults(faults);
    }

    pub fn next_hour(&mut self) {
        let day = day_of(self.now);
        let hour = |day: chrono::NaiveDate| day.and_hms_opt(1, 0, 0).unwrap().and_utc();
        self.now = if hour(day) > self.now { hour(day) } else { hour(later(day, 1)) };
    }

    /// The clock is wrong from now on.
    fn jump(&mut self) {
        let days = i64::try_from(self.rng.below(70)).unwrap();
        let jump = match self.rng.below(4) {
            0 => TimeDelta::days(46 + days),
            1 => TimeDelta::days(days),
            2 => -TimeDelta::hours(days),
            _ => -TimeDelta::seconds(days),
        };
        self.now += jump;
        self.note(format!("the clock jumped by {} h", jump.num_hours()));
    }

    /// A wake-up, seldom none or two.
    fn wakes(&mut self) -> Result<(), Broken> {
        let wakes = match self.rng.below(20) {
            0..=1 => 0,
            2 => 2,
            _ => 1,
        };
        for _ in 0..wakes {
            self.note("wake");
            let done = matches!(self.give(Input::Wake)?, Some(Answer::Done { .. }));
            let head = self.planner.as_ref().map(|planner| planner.ledger().read().head());
            // Where the power went right after a commit, it is read after the next start.
            if done && head == Some(self.model.position()) {
                self.model.all_ended(self.now, false)?;
            }
        }
        Ok(())
    }

    pub fn files(&mut self) -> Result<(), Broken> {
        self.note("files read");
        let declared = self.declared.clone();
        self.give(Input::Declared(Box::new(declared)))?;
        Ok(())
    }

    fn ask(&mut self, command: Command) -> Result<(), Broken> {
        let number = self.requests.len() + usize::try_from(self.rng.below(1_000_000)).unwrap() * 1000;
        let request = self.rng.percent(50).then(|| format!("r-{number}"));
        self.note(format!("{command:?}"));
        let head = self.model.position();
        let input =
            Input::Command { command: Box::new(command.clone()), by: admin(), request: request.clone() };
        match self.give(input)? {
            Some(Answer::Done { position }) => {
                // A wish that changes nothing records nothing, so there is nothing to remember.
                if let Some(request) = request.filter(|_| position > head) {
                    self.requests.push((request, command, position));
                }
            }
            Some(Answer::Refused(refusal)) => self.note(format!("refused: {refusal}")),
            Some(Answer::ClockHeld { .. }) => {
                self.told.held += 1;
                if self.rng.percent(60) {
                    self.accept_clock()?;
                }
            }
            Some(Answer::Declared(_)) | None => {}
        }
        Ok(())
    }

    pub fn accept_clock(&mut self) -> Result<(), Broken> {
        self.note("the clock is right");
        let command = Command::AcceptClock { reason: "已核对".to_owned() };
        self.give(Input::Command { command: Box::new(command), by: admin(), request: None })?;
        Ok(())
    }

    /// A request that was answered is asked again.
    fn repeat(&mut self) -> Result<(), Broken> {
        if self.requests.is_empty() {
            return Ok(());
        }
        let (request, command, position) = self.rng.pick(&self.requests).clone();
        self.note(format!("{request} again"));
        let input =
            Input::Command { command: Box::new(command), by: admin(), request: Some(request.clone()) };
        match self.give(input)? {
            Some(Answer::Done { position: again }) if again == position => Ok(()),
            None => Ok(()),
            Some(other) => broken(
                "a repeated request gets the first answer",
                format!("{request}: {position}, then {other:?}"),
            ),
        }
    }

    /// Something that an admin might want, often something refused.
    fn wish(&mut self) -> Option<Wish> {
        let ledger = self.planner.as_ref()?.ledger();
        let ledger = ledger.read();
        let open: Vec<Target> = ledger
            .assignments()
            .filter(|assignment| assignment.state.is_open())
            .map(|assignment| Target {
                task: assignment.occurrence.task.clone(),
                period: Some(assignment.occurrence.period),
                unit: Some(assignment.unit.clone()),
            })
            .collect();
        let rng = &mut self.rng;
        let mut target = if open.is_empty() {
            Target { task: "plan-0/task-0".parse().unwrap(), period: None, unit: None }
        } else {
            rng.pick(&open).clone()
        };
        if rng.percent(30) {
            target.unit = None;
        }
        let reason = "理由".to_owned();
        let today = day_of(self.now);
        let unit = ledger.unit(&rng.pick(&UNITS).parse().unwrap()).map(|state| Unit::clone(&state.unit));
        let letters: Vec<LetterId> = ledger.letters().map(|(id, _)| *id).collect();
        let held = ledger.letters().find(|(_, letter)| letter.progress == LetterProgress::Held);
        let held = held.map(|(id, _)| *id);
        Some(Wish::Command(match rng.below(24) {
            0..=4 => Command::Accept { target, done_on: None, remark: None },
            5..=7 => Command::Return {
                target,
                reason,
                new_deadline: rng.percent(60).then(|| later(today, rng.below(40))),
            },
            8..=9 => Command::Pause { target, reason },
            10..=11 => Command::Resume { target },
            12 => Command::Settle {
                task: target.task,
                due: Due::By(later(today, rng.below(50))),
                ground: reason,
            },
            13..=14 => Command::Confirm { task: target.task, lead: random_lead(rng) },
            15..=17 => {
                let mut unit = unit?;
                if rng.percent(40) {
                    unit.muted = !unit.muted;
                } else {
                    unit.mailbox = rng.percent(70).then(|| format!("{}.new@duban.example", unit.id));
                }
                Command::SetUnit { unit }
            }
            18..=19 => Command::Release { letter: held? },
            20..=21 if !letters.is_empty() => Command::Resend { letter: *rng.pick(&letters), reason },
            22 if rng.percent(30) => Command::ClosePlan { plan: target.task.plan, reason },
            _ => {
                let unit = unit?.id;
                let person = (!rng.percent(25)).then(|| Person {
                    salt: String::new(),
                    name: "王某".to_owned(),
                    post: "副县长".to_owned(),
                    address: format!("leader.{unit}@duban.example"),
                    phone: String::new(),
                });
                return Some(Wish::Leader(Input::SetLeader { unit, person, by: admin(), request: None }));
            }
        }))
    }

    /// The post answers for one letter.
    fn answer(&mut self) -> Result<(), Broken> {
        let Some(envelope) = self.in_flight.pop_front() else { return Ok(()) };
        let outcome = match self.rng.below(20) {
            0..=2 => Outcome::Deferred("451 later".to_owned()),
            3 => Outcome::Refused("550 unknown".to_owned()),
            4..=5 => Outcome::Unknown("lost after the dot".to_owned()),
            _ => Outcome::Accepted("250 taken".to_owned()),
        };
        self.note(format!("post: {} {outcome:?}", envelope.letter));
        self.give(Input::Outcome { letter: envelope.letter, outcome })?;
        Ok(())
    }
}
