//! A rehearsal: the real planner, journal and folder mailer over days that are counted, not waited for.
//!
//! Nothing is synced, and nobody answers but by a script. It must not know how its findings are shown.

mod burden;
mod habits;
mod papers;
mod player;
mod stage;
mod verify;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, IsoWeek, NaiveDate};
use serde::{Serialize, Serializer};

pub use burden::{Burden, burden};
pub use papers::Paper;
pub use player::{Heard, Played, Refused};

pub use crate::audit::Ending;
use crate::domain::adoption::Declared;
use crate::domain::{Draft, LetterKind, Recipient, StageKey, UnitId};
use crate::journal::{Head, JournalFault};
use crate::mail::FolderMailer;
use crate::planner::PlannerFault;
use crate::report::bulletin::{MonthEnd, NoBulletin};
use crate::report::preview::adoption_days;
use crate::report::{PaperFault, Row, rows};
use crate::schedules::script::Script;
use player::Player;
use stage::{Place, Stage};

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
    /// There is no such bulletin.
    #[error(transparent)]
    Bulletin(#[from] NoBulletin),
    /// A paper can't be written.
    #[error(transparent)]
    Paper(#[from] PaperFault),
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
    /// what each unit got, month by month, before merging and after
    pub burden: Vec<Burden>,
    /// how each stage ended, in the order of the journal; one ending a key where all is right
    pub endings: BTreeMap<StageKey, Vec<Ending>>,
    /// figures and lights at the end of each month
    pub months: Vec<MonthEnd>,
    /// what the script asked for, and at last the ledger of the last day
    pub papers: Vec<Paper>,
    /// what came of the script
    pub played: Played,
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

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
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

/// What is to be played.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// the plans, units and rules
    pub declared: &'a Declared,
    /// first day of letters shown
    pub from: NaiveDate,
    /// last day, included
    pub until: NaiveDate,
    /// days on which the daemon is down, both ends included
    pub downs: &'a [(NaiveDate, NaiveDate)],
    /// where the data stays; empty or new
    pub into: Option<&'a Path>,
    /// who does what; nobody answers where there is none
    pub script: Option<&'a Script>,
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
    play(&Ask { declared, from, until, downs, into, script: None })
}

/// The same, with units that answer and an office that rules, as a script says.
///
/// # Errors
/// As [`rehearse`]. What the planner refuses is no error: it is told in [`Rehearsal::played`].
pub fn play(ask: &Ask<'_>) -> Result<Rehearsal, RehearsalFault> {
    let Ask { declared, from, until, .. } = *ask;
    let place = Place::prepare(ask.into)?;
    let adoptions = adoption_days(declared);
    let mut stage = Stage {
        declared,
        adoptions: &adoptions,
        place: &place,
        mailer: FolderMailer::unsynced(place.dir.join(OUTBOX)),
        planner: None,
        written: Vec::new(),
    };
    let mut player = Player::of(ask.script);
    let mut months = Vec::new();
    let mut day = adoptions.first().copied().unwrap_or(from);
    let mut last = day;
    while day <= until {
        if ask.downs.iter().any(|(first, last)| (*first..=*last).contains(&day)) {
            stage.stop()?;
        } else {
            play_day(&mut stage, &mut player, day)?;
        }
        last = day;
        let Some(next) = day.succ_opt() else { break };
        if (next.month() != day.month() || day == until)
            && let Some(planner) = &stage.planner
        {
            months.push(MonthEnd::of(&planner.ledger().read(), day));
        }
        day = next;
    }
    let end = declared.office.zone.instant(last, declared.office.sending_hour);
    let planner = match stage.planner.take() {
        Some(planner) => planner,
        None => place.open(end)?,
    };
    let (verified, endings) = verify::verify(planner.journal(), &planner.ledger().read())?;
    let (played, mut drawn) = player.done();
    drawn.push(papers::ledger(&planner, last));
    planner.close()?;
    let letters: Vec<(Draft, String)> =
        stage.written.into_iter().filter(|(draft, _)| draft.day >= from).collect();
    let told: Vec<Told> = letters.iter().map(|(draft, subject)| told(draft, subject)).collect();
    Ok(Rehearsal {
        rows: letters.iter().flat_map(|(draft, _)| rows(draft)).collect(),
        burden: burden(letters.iter().map(|(draft, _)| draft)),
        load: load(&told),
        worst: worst_week(&told, declared),
        letters: told,
        endings,
        months,
        papers: drawn,
        played,
        verified,
    })
}

/// A day's sending hour, and what people do before and after it.
fn play_day(stage: &mut Stage<'_>, player: &mut Player<'_>, day: NaiveDate) -> Result<(), RehearsalFault> {
    let hour = stage.declared.office.sending_hour;
    let first = player.first_time(day).map_or(hour, |time| time.min(hour));
    let starts = stage.start(stage.instant(day, first))?;
    player.before(stage, day, hour)?;
    stage.sending_hour(day, starts)?;
    player.rest(stage, day)
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
