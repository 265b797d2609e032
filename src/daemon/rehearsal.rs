//! A rehearsal: the real planner, journal and folder mailer over days that are counted, not waited for.
//!
//! Nothing is synced and nobody answers. It must not know how its findings are shown.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike as _, IsoWeek, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::domain::adoption::Declared;
use crate::domain::command::Command;
use crate::domain::{
    Actor, Digest, Draft, Event, Ledger, LetterKind, Outcome, Recipient, Recorded, SkipReason, StageKey,
    Stream, UnitId,
};
use crate::journal::{Head, Journal, JournalFault, Options};
use crate::link::Links;
use crate::mail::FolderMailer;
use crate::planner::{Answer, Effect, Input, Planner, PlannerFault};
use crate::report::preview::{adoption_days, issued_by};
use crate::report::{Row, rows};

/// Where letters go within a rehearsal's data directory.
const OUTBOX: &str = "outbox";

/// Why a rehearsal could not be played.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalFault {
    /// The planner stopped.
    #[error(transparent)]
    Planner(#[from] PlannerFault),
    /// The journal can't be opened, or does not read back.
    #[error(transparent)]
    Journal(#[from] JournalFault),
    /// The folder mailer can't write.
    #[error("a letter can't be written: {0}")]
    Mail(String),
    /// The directory to leave the data in can't be used.
    #[error("{}: {source}", path.display())]
    Directory {
        /// which
        path: PathBuf,
        /// why
        source: io::Error,
    },
}

/// What came of a rehearsal; letters and rows from its first day on, all else from the first adoption on.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// the letters' points, as `preview --format json` shows them
    pub rows: Vec<Row>,
    /// the letters, in the order of their writing
    pub letters: Vec<Told>,
    /// letters by unit and month
    pub load: BTreeMap<UnitId, BTreeMap<Month, usize>>,
    /// the worst week of the busiest unit; `None` where there was no letter
    pub worst: Option<WorstWeek>,
    /// how each stage ended, in the order of the journal; one ending a key where all is right
    pub endings: BTreeMap<StageKey, Vec<Ending>>,
    /// what reading the journal back showed
    pub verified: Verified,
}

/// A month of the civil calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// the year
    pub year: i32,
    /// 1 to 12
    pub month: u32,
}

/// A letter in passing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// its number
    pub letter: String,
    /// the civil day it went
    pub day: NaiveDate,
    /// to whom
    pub to: Recipient,
    /// its kind
    pub kind: LetterKind,
    /// its subject
    pub subject: String,
    /// its points
    pub points: usize,
    /// points that went late
    pub late: usize,
}

/// A unit's week with the most letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorstWeek {
    /// the unit with the most letters of all
    pub unit: UnitId,
    /// its name
    pub name: String,
    /// its letters in the whole span
    pub letters_in_all: usize,
    /// Monday of the week with the most letters; of several, the one with the most points
    pub monday: NaiveDate,
    /// what came in it
    pub letters: Vec<Told>,
}

/// How a stage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// as a point of a letter
    Letter,
    /// another stage of the letter stands for it
    Merged,
    /// it did not go
    Skipped(SkipReason),
    /// it came too long ago
    Missed,
}

/// The journal read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// its end
    pub head: Head,
    /// events read back, each with its hash checked
    pub events: u64,
    /// the first event whose position, chain or version does not follow from those before it
    pub broken_at: Option<u64>,
    /// the ledger folded anew is the one the planner held
    pub same_ledger: bool,
}

impl Verified {
    /// Whether everything fits.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.broken_at.is_none() && self.same_ledger && self.events == self.head.position
    }
}

/// Plays the days to `until`, that day included, as if each plan were adopted at the sending hour of
/// the day it was issued, every letter accepted at once, and nothing answered.
///
/// In the days of `downs`, both ends included, the daemon is stopped; on the day after it starts
/// again. The data stays in `into`, which must be empty or new, else nowhere.
///
/// # Errors
/// [`RehearsalFault`]; a letter that the folder mailer can't write is one.
pub fn rehearse(
    declared: &Declared,
    from: NaiveDate,
    until: NaiveDate,
    downs: &[(NaiveDate, NaiveDate)],
    into: Option<&Path>,
) -> Result<Rehearsal, RehearsalFault> {
    let place = Place::prepare(into)?;
    let adoptions = adoption_days(declared);
    let mut stage = Stage {
        declared,
        adoptions: &adoptions,
        place: &place,
        mailer: FolderMailer::unsynced(place.dir.join(OUTBOX)),
        planner: None,
        written: Vec::new(),
    };
    let mut day = adoptions.first().copied().unwrap_or(from);
    let mut last = day;
    while day <= until {
        if downs.iter().any(|(first, last)| (*first..=*last).contains(&day)) {
            stage.stop()?;
        } else {
            stage.play(day)?;
        }
        last = day;
        let Some(next) = day.succ_opt() else { break };
        day = next;
    }
    let end = declared.office.zone.instant(last, declared.office.sending_hour);
    let planner = match stage.planner.take() {
        Some(planner) => planner,
        None => place.open(end)?,
    };
    let (verified, endings) = verify(planner.journal(), &planner.ledger().read())?;
    planner.close()?;
    let letters: Vec<(Draft, String)> =
        stage.written.into_iter().filter(|(draft, _)| draft.day >= from).collect();
    let told: Vec<Told> = letters.iter().map(|(draft, subject)| told(draft, subject)).collect();
    Ok(Rehearsal {
        rows: letters.iter().flat_map(|(draft, _)| rows(draft)).collect(),
        load: load(&told),
        worst: worst_week(&told, declared),
        letters: told,
        endings,
        verified,
    })
}

/// The data directory, and whether it is to be left.
struct Place {
    dir: PathBuf,
    scratch: bool,
}

impl Place {
    fn prepare(into: Option<&Path>) -> Result<Self, RehearsalFault> {
        let fault = |path: &Path| {
            let path = path.to_owned();
            move |source| RehearsalFault::Directory { path, source }
        };
        let Some(dir) = into else {
            let dir = std::env::temp_dir().join(format!("duban-rehearsal-{}", Uuid::new_v4()));
            fs::create_dir_all(&dir).map_err(fault(&dir))?;
            return Ok(Self { dir, scratch: true });
        };
        fs::create_dir_all(dir).map_err(fault(dir))?;
        if fs::read_dir(dir).map_err(fault(dir))?.next().is_some() {
            return Err(JournalFault::NotEmpty { path: dir.to_owned() }.into());
        }
        Ok(Self { dir: dir.to_owned(), scratch: false })
    }

    /// A data directory that stays gets its second copy; a scratch one has no use for it.
    fn open(&self, now: DateTime<Utc>) -> Result<Planner, RehearsalFault> {
        let options = Options { sync: false, store: !self.scratch, ..Options::default() };
        let (journal, _) = Journal::open(&self.dir, options, now)?;
        Ok(Planner::open(journal, now)?.with_links(Links::rehearsed()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.scratch {
            // Nobody else knows of it; what can't be deleted is the temporary directory's to clear.
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

/// A daemon that is started, stopped and told what day it is.
struct Stage<'a> {
    declared: &'a Declared,
    adoptions: &'a BTreeSet<NaiveDate>,
    place: &'a Place,
    mailer: FolderMailer,
    planner: Option<Planner>,
    written: Vec<(Draft, String)>,
}

impl Stage<'_> {
    fn stop(&mut self) -> Result<(), RehearsalFault> {
        self.planner.take().map_or(Ok(()), |planner| Ok(planner.close()?))
    }

    /// The sending hour of a day: files are read on a start and on the days of adoption.
    fn play(&mut self, day: NaiveDate) -> Result<(), RehearsalFault> {
        let now = self.declared.office.zone.instant(day, self.declared.office.sending_hour);
        let starts = self.planner.is_none();
        if starts {
            self.planner = Some(self.place.open(now)?);
        }
        let input = if starts || self.adoptions.contains(&day) {
            Input::Declared(Box::new(issued_by(self.declared, day)))
        } else {
            Input::Wake
        };
        self.give(input, now)
    }

    fn give(&mut self, input: Input, now: DateTime<Utc>) -> Result<(), RehearsalFault> {
        let Some(planner) = self.planner.as_mut() else { return Ok(()) };
        if planner.held(now).is_some() {
            // A gap in which nothing was recorded, or a long outage: the clock of a rehearsal is right.
            let accept = Input::Command {
                command: Box::new(Command::AcceptClock { reason: "rehearsal".to_owned() }),
                by: Actor::file("rehearsal"),
                request: None,
            };
            let handled = planner.handle(accept, now)?;
            Self::settle(planner, &self.mailer, &mut self.written, handled.effects, now)?;
        }
        let handled = planner.handle(input, now)?;
        debug_assert!(!matches!(handled.answer, Answer::ClockHeld { .. }));
        Self::settle(planner, &self.mailer, &mut self.written, handled.effects, now)
    }

    /// Writes what goes and tells the planner that it was taken.
    fn settle(
        planner: &mut Planner,
        mailer: &FolderMailer,
        written: &mut Vec<(Draft, String)>,
        effects: Vec<Effect>,
        now: DateTime<Utc>,
    ) -> Result<(), RehearsalFault> {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Queued { draft, subject } => written.push((*draft, subject)),
                Effect::Send(envelope) => {
                    let outcome = mailer.write(&envelope);
                    if let Outcome::Deferred(why)
                    | Outcome::Interrupted(why)
                    | Outcome::Refused(why)
                    | Outcome::Unknown(why)
                    | Outcome::NoRelay { reply: why, .. } = outcome
                    {
                        return Err(RehearsalFault::Mail(why));
                    }
                    let handled = planner.handle(Input::Outcome { letter: envelope.letter, outcome }, now)?;
                    effects.extend(handled.effects);
                }
            }
        }
        Ok(())
    }
}

fn told(draft: &Draft, subject: &str) -> Told {
    Told {
        letter: draft.letter.to_string(),
        day: draft.day,
        to: draft.to.clone(),
        kind: draft.kind,
        subject: subject.to_owned(),
        points: draft.items.len(),
        late: draft.items.iter().filter(|item| item.late_since.is_some()).count(),
    }
}

impl Told {
    /// The unit addressed; `None` for a leader's letter.
    #[must_use]
    pub fn unit(&self) -> Option<&UnitId> {
        match &self.to {
            Recipient::Unit(unit) => Some(unit),
            Recipient::LeaderOf(_) | Recipient::Office => None,
        }
    }

    /// The calendar week (ISO 8601) it went in.
    #[must_use]
    pub fn week(&self) -> IsoWeek {
        self.day.iso_week()
    }
}

fn load(letters: &[Told]) -> BTreeMap<UnitId, BTreeMap<Month, usize>> {
    let mut load: BTreeMap<UnitId, BTreeMap<Month, usize>> = BTreeMap::new();
    for letter in letters {
        if let Some(unit) = letter.unit() {
            let month = Month { year: letter.day.year(), month: letter.day.month() };
            *load.entry(unit.clone()).or_default().entry(month).or_default() += 1;
        }
    }
    load
}

fn worst_week(letters: &[Told], declared: &Declared) -> Option<WorstWeek> {
    let mut by_unit: BTreeMap<&UnitId, Vec<&Told>> = BTreeMap::new();
    for letter in letters {
        if let Some(unit) = letter.unit() {
            by_unit.entry(unit).or_default().push(letter);
        }
    }
    let points = |letters: &[&Told]| letters.iter().map(|letter| letter.points).sum::<usize>();
    let (unit, all) = by_unit.into_iter().max_by_key(|(_, all)| (all.len(), points(all)))?;
    let mut by_week: BTreeMap<IsoWeek, Vec<&Told>> = BTreeMap::new();
    for letter in &all {
        by_week.entry(letter.week()).or_default().push(letter);
    }
    let (week, worst) = by_week.into_iter().max_by_key(|(_, week)| (week.len(), points(week)))?;
    let name = declared.units.iter().find(|known| known.id == *unit).map(|known| known.name.clone());
    Some(WorstWeek {
        unit: unit.clone(),
        name: name.unwrap_or_else(|| unit.to_string()),
        letters_in_all: all.len(),
        monday: NaiveDate::from_isoywd_opt(week.year(), week.week(), chrono::Weekday::Mon)?,
        letters: worst.into_iter().cloned().collect(),
    })
}

/// Reads everything back: positions, chain, versions, the fold, and how each stage ended.
fn verify(
    journal: &Journal,
    held: &Ledger,
) -> Result<(Verified, BTreeMap<StageKey, Vec<Ending>>), JournalFault> {
    let mut endings: BTreeMap<StageKey, Vec<Ending>> = BTreeMap::new();
    let mut versions: BTreeMap<Stream, u64> = BTreeMap::new();
    let mut ledger = Ledger::default();
    let (mut events, mut broken_at, mut prev) = (0, None, Digest::ZERO);
    for recorded in journal.read(0) {
        let recorded = recorded?;
        events += 1;
        let version = versions.entry(recorded.stream.clone()).or_default();
        *version += 1;
        let follows = recorded.position == events && recorded.prev == prev && recorded.version == *version;
        if !follows && broken_at.is_none() {
            broken_at = Some(recorded.position);
        }
        prev = recorded.hash;
        for (key, ending) in ends(&recorded) {
            endings.entry(key).or_default().push(ending);
        }
        ledger.apply(&recorded);
    }
    let head = journal.head();
    if prev != head.hash && broken_at.is_none() {
        broken_at = Some(head.position);
    }
    Ok((Verified { head, events, broken_at, same_ledger: ledger == *held }, endings))
}

/// The stages that end with this event.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "no other event ends a stage")]
pub fn ends(recorded: &Recorded) -> Vec<(StageKey, Ending)> {
    let all = |stages: &[StageKey], how| stages.iter().cloned().map(|key| (key, how)).collect();
    match &recorded.event {
        Event::LetterQueued(queued) => {
            let items = queued.items.iter().map(|item| (item.key.clone(), Ending::Letter));
            let merged = queued.merged.iter().map(|merged| (merged.key.clone(), Ending::Merged));
            items.chain(merged).collect()
        }
        Event::StagesSkipped { stages, why } => all(stages, Ending::Skipped(*why)),
        Event::StagesMissed { stages } => all(stages, Ending::Missed),
        _ => Vec::new(),
    }
}
