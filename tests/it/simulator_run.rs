//! One seeded run: a planner over a faulty disk, a clock that jumps, a post that loses letters, an
//! admin, files that change, power that goes. No time passes but what the run adds.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, Days as CivilDays, TimeDelta, Utc};
use duban::domain::adoption::Declared;
use duban::domain::command::Command;
use duban::domain::{
    Actor, ActorKind, Digest, Envelope, LetterId, LetterProgress, LetterState, Outcome, Recipient, Via,
};
use duban::journal::{Disk, Faults, FaultyDisk, Journal, Options};
use duban::planner::{Answer, Effect, Input, Planner};

use crate::foretold_run::compare;
use crate::simulator_days::{day_of, is_working};
use crate::simulator_model::{Broken, Model, broken};
use crate::simulator_plans::{Rng, first_day, random_declared};

/// Steps of a run, before it is brought to rest.
const STEPS: u64 = 70;
/// The step after which what is foretold is held against what then happens, and for how many days.
const FORETOLD_AT: u64 = 35;
const FORETOLD_DAYS: u64 = 21;
/// What of an event a trace shows.
const EVENT_CHARS_SHOWN: usize = 200;
/// Attempts to start before the disk is mended.
const STARTS_MAX: u32 = 4;

/// A planted fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    Journal(duban::journal::Plant),
    Planner(duban::planner::Plant),
}

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub events: u64,
    pub letters: usize,
    pub crashes: u32,
    pub faults: u32,
    pub held: u32,
    pub foretold: usize,
}

/// A run that broke a promise.
#[derive(Debug)]
pub struct Failure {
    pub seed: u64,
    pub broken: Broken,
    pub trace: Vec<String>,
}

impl Failure {
    /// Seed, promise and the last steps.
    pub fn shown(&self) -> String {
        let from = self.trace.len().saturating_sub(25);
        let mut text = format!("seed {}: {}: {}\n", self.seed, self.broken.invariant, self.broken.what);
        for line in &self.trace[from..] {
            let _ = writeln!(text, "  {line}");
        }
        text
    }
}

pub fn admin() -> Actor {
    Actor { kind: ActorKind::Admin, name: "admin".to_owned(), via: Via::Cli }
}

/// Runs one seed; every line of `trace` is a step.
pub fn run(seed: u64, plant: Option<Plant>) -> Result<(Told, Vec<String>), Failure> {
    let mut rng = Rng::new(seed);
    let mut run = Run {
        declared: random_declared(&mut rng),
        rng,
        disk: FaultyDisk::new(seed),
        plant,
        planner: None,
        now: (first_day() - CivilDays::new(1)).and_hms_opt(23, 0, 0).unwrap().and_utc(),
        model: Model::default(),
        lines: Vec::new(),
        in_flight: VecDeque::new(),
        sent: BTreeMap::new(),
        requests: Vec::new(),
        told: Told::default(),
        trace: Vec::new(),
    };
    match run.play() {
        Ok(()) => Ok((run.told, run.trace)),
        Err(broken) => Err(Failure { seed, broken, trace: run.trace }),
    }
}

/// The world of one run.
pub struct Run {
    pub rng: Rng,
    pub disk: FaultyDisk,
    pub plant: Option<Plant>,
    pub planner: Option<Planner>,
    pub now: DateTime<Utc>,
    pub declared: Declared,
    pub model: Model,
    /// digests of the acknowledged lines
    pub lines: Vec<Digest>,
    /// handed over, not answered
    pub in_flight: VecDeque<Envelope>,
    /// what each letter looked like when it was first handed over
    pub sent: BTreeMap<LetterId, (String, Recipient, Digest)>,
    /// requests that were answered
    pub requests: Vec<(String, Command, u64)>,
    pub told: Told,
    pub trace: Vec<String>,
}

impl Run {
    fn play(&mut self) -> Result<(), Broken> {
        self.start()?;
        self.files()?;
        for step in 0..STEPS {
            self.step()?;
            if step == FORETOLD_AT {
                self.foretold()?;
            }
        }
        self.rest()
    }

    /// From here on, what is foretold is what would happen if nobody acted.
    fn foretold(&mut self) -> Result<(), Broken> {
        if self.plant.is_some() {
            return Ok(());
        }
        self.disk.set_faults(Faults::default());
        self.disk.fail_syncs(0);
        self.power_cut()?;
        let Some(planner) = self.planner.as_ref() else { return Ok(()) };
        if planner.held(self.now).is_some() {
            return Ok(());
        }
        let compared = compare(planner, self.now, FORETOLD_DAYS);
        self.told.foretold +=
            compared.map_err(|what| Broken { invariant: "what is foretold happens", what })?;
        Ok(())
    }

    pub fn note(&mut self, what: impl Into<String>) {
        let local = self.now + TimeDelta::hours(8);
        self.trace.push(format!("{} {}", local.format("%Y-%m-%d %H:%M"), what.into()));
    }

    /// One input; `None` where the planner stopped over a fault and was started anew.
    pub fn give(&mut self, input: Input) -> Result<Option<Answer>, Broken> {
        let now = self.now;
        let Some(planner) = self.planner.as_mut() else { return Ok(None) };
        let handled = planner.handle(input, now);
        match handled {
            Ok(handled) => {
                self.catch_up()?;
                for effect in handled.effects {
                    match effect {
                        Effect::Queued { draft, .. } => {
                            self.note(format!(
                                "  letter {} to {:?}: {} points",
                                draft.letter,
                                draft.to,
                                draft.items.len()
                            ));
                        }
                        Effect::Send(envelope) => self.take_over(envelope)?,
                    }
                }
                Ok(Some(handled.answer))
            }
            Err(fault) => {
                self.told.faults += 1;
                self.note(format!("stopped: {fault}"));
                // What was acknowledged before the fault counts; where nothing can be read, only what was read before.
                let _ = self.note_lines();
                self.planner = None;
                if self.rng.percent(50) {
                    self.power_cut()?;
                } else {
                    self.start()?;
                }
                Ok(None)
            }
        }
    }

    /// A letter leaves: the event that queued it is acknowledged, and it always looks the same.
    fn take_over(&mut self, envelope: Envelope) -> Result<(), Broken> {
        let ledger = self.planner.as_ref().map(Planner::ledger);
        let known = ledger.and_then(|ledger| ledger.read().letter(envelope.letter).cloned());
        let Some(LetterState { queued, address, .. }) = known else {
            return broken("no letter leaves before it is durable", envelope.letter.to_string());
        };
        if queued.message_id != envelope.message_id {
            return broken("a letter keeps its Message-ID", envelope.letter.to_string());
        }
        let bytes = Digest::of(&envelope.bytes);
        if matches!(envelope.to, Recipient::Unit(_)) {
            if address.as_deref() != Some(envelope.address.as_str()) {
                return broken("a letter goes where the journal says", envelope.letter.to_string());
            }
            // Sent again to a corrected mailbox, it differs in its To header alone.
            if address == queued.address && bytes != queued.sent {
                return broken("a letter goes as it was written", envelope.letter.to_string());
            }
        }
        let looks = (envelope.message_id.clone(), envelope.to.clone(), queued.archived);
        let first = self.sent.entry(envelope.letter).or_insert_with(|| looks.clone());
        if *first != looks {
            return broken("a letter sent again is the same letter", envelope.letter.to_string());
        }
        self.note(format!("  {} leaves", envelope.letter));
        self.in_flight.push_back(envelope);
        Ok(())
    }

    /// Reads what was acknowledged since.
    fn catch_up(&mut self) -> Result<(), Broken> {
        self.note_lines().map_err(|what| Broken { invariant: "chain ok", what })?;
        let Some(planner) = self.planner.as_ref() else { return Ok(()) };
        for recorded in planner.journal().read(self.model.position()) {
            match recorded {
                Ok(recorded) => {
                    let event = serde_json::to_string(&recorded.event).unwrap_or_default();
                    let shown: String = event.chars().take(EVENT_CHARS_SHOWN).collect();
                    self.trace.push(format!("    {} {shown}", recorded.position));
                    self.model.read(&recorded)?;
                }
                // The power went after the commit: it is read after the next start.
                Err(fault) => {
                    self.trace.push(format!("not read: {fault}"));
                    break;
                }
            }
        }
        Ok(())
    }

    fn note_lines(&mut self) -> Result<(), String> {
        let Some(planner) = self.planner.as_ref() else { return Ok(()) };
        for line in planner.journal().lines(self.lines.len() as u64) {
            match line {
                Ok(line) => self.lines.push(Digest::of(&line.bytes)),
                Err(fault) if fault.to_string().contains("power is out") => break,
                Err(fault) => return Err(fault.to_string()),
            }
        }
        Ok(())
    }

    pub fn power_cut(&mut self) -> Result<(), Broken> {
        self.note("power cut");
        self.told.crashes += 1;
        self.planner = None;
        self.disk.crash();
        self.start()
    }

    /// Starts; a disk that stays bad is mended after a few attempts.
    pub fn start(&mut self) -> Result<(), Broken> {
        self.in_flight.clear();
        for attempt in 0.. {
            if attempt == STARTS_MAX {
                self.disk.set_faults(Faults::default());
                self.disk.fail_syncs(0);
                self.disk.crash();
            }
            let options = Options {
                disk: Disk::Faulty(self.disk.clone()),
                store: false,
                journal_id: Some(uuid::Uuid::nil()),
                segment_events: 40,
                plant: match self.plant {
                    Some(Plant::Journal(plant)) => Some(plant),
                    Some(Plant::Planner(_)) | None => None,
                },
                ..Options::default()
            };
            let opened = Journal::open(Path::new("/data"), options, self.now)
                .map_err(|fault| fault.to_string())
                .and_then(|(journal, _)| Planner::open(journal, self.now).map_err(|fault| fault.to_string()));
            match opened {
                Ok(mut planner) => {
                    if let Some(Plant::Planner(plant)) = self.plant {
                        planner.plant(plant);
                    }
                    self.planner = Some(planner);
                    break;
                }
                Err(fault) if attempt > STARTS_MAX => return broken("a sound disk can be opened", fault),
                Err(fault) => {
                    self.note(format!("no start: {fault}"));
                    if fault.contains("power is out") {
                        self.disk.crash();
                    }
                }
            }
        }
        self.note("started");
        self.compare()
    }

    /// After a start: what was acknowledged is there, and the fold is the fold.
    fn compare(&mut self) -> Result<(), Broken> {
        let Some(planner) = self.planner.as_ref() else { return Ok(()) };
        let mut ledger = duban::domain::Ledger::default();
        let mut found = Vec::new();
        for line in planner.journal().lines(0) {
            match line {
                Ok(line) => found.push(Digest::of(&line.bytes)),
                Err(fault) if fault.to_string().contains("power is out") => return Ok(()),
                Err(fault) => return broken("chain ok", fault.to_string()),
            }
        }
        if !found.starts_with(&self.lines) {
            let what = format!("{} lines were acknowledged, {} are there", self.lines.len(), found.len());
            return broken("no acknowledged event is lost", what);
        }
        let mut model = Model::default();
        for recorded in planner.journal().read(0) {
            match recorded {
                Ok(recorded) => {
                    model.read(&recorded)?;
                    ledger.apply(&recorded);
                }
                Err(_) => return Ok(()),
            }
        }
        if ledger != *planner.ledger().read() {
            return broken("a replay gives the same ledger", format!("at {}", ledger.head()));
        }
        for (letter, (message_id, ..)) in &self.sent {
            if model.letters.get(letter).is_none_or(|queued| queued.message_id != *message_id) {
                return broken("no letter leaves before it is durable", letter.to_string());
            }
        }
        (self.lines, self.model) = (found, model);
        Ok(())
    }

    /// All faults end, the post takes everything: nothing may be left over.
    fn rest(&mut self) -> Result<(), Broken> {
        self.disk.set_faults(Faults::default());
        self.disk.fail_syncs(0);
        self.power_cut()?;
        let mut days = 0;
        while days < 4 || !is_working(day_of(self.now)) {
            self.next_hour();
            if self.planner.as_ref().is_some_and(|planner| planner.held(self.now).is_some()) {
                self.accept_clock()?;
            } else {
                self.note("wake, at rest");
                self.give(Input::Wake)?;
            }
            while let Some(envelope) = self.in_flight.pop_front() {
                let outcome = Outcome::Accepted("250 taken".to_owned());
                self.give(Input::Outcome { letter: envelope.letter, outcome })?;
            }
            days += 1;
        }
        self.model.all_ended(self.now, true)?;
        let Some(planner) = self.planner.as_ref() else { return Ok(()) };
        let ledger = planner.ledger();
        let waiting: Vec<String> = ledger
            .read()
            .letters()
            .filter(|(_, letter)| !letter.progress.is_final() && letter.progress != LetterProgress::Held)
            .map(|(id, letter)| format!("{id} {:?}", letter.progress))
            .collect();
        if !waiting.is_empty() {
            return broken("every letter comes to an end", waiting.join(", "));
        }
        self.told.events = self.model.position();
        self.told.letters = self.model.letters.len();
        self.compare()
    }
}
