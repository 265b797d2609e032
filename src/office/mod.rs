//! What a supervision office does, once, whoever asks: the command line, the API, a page. A use case looks up names,
//! asks whose hand it is, puts the wish to the planner or reads the ledger, and says in words what was done or refused.
//!
//! An [`Office`] is a handle without globals: one process may hold several.

mod about;
pub mod accounts;
pub mod accounts_recorded;
pub mod authority;
pub mod behalf;
pub mod bulletin;
pub mod clock;
pub mod drafts;
pub mod events;
pub mod files;
pub mod forecast;
pub mod history;
pub mod imports;
pub mod incoming;
pub mod kind;
pub mod letters;
pub mod matter_shown;
pub mod matters;
pub mod names;
pub mod new_units;
pub mod paper;
pub mod papers;
pub mod plans;
pub mod proposal;
pub mod proposed;
mod refused;
pub mod reviews;
pub mod rulings;
pub mod tasks;
pub mod typed;
pub mod units;
mod use_case;
mod wanted;

use std::fmt;
use std::sync::{Arc, RwLockReadGuard};

use chrono::{DateTime, NaiveDate, Utc};

use authority::own_units;
pub use authority::{Role, authorize};
pub(crate) use refused::causes;
pub use refused::{Refused, RefusedKind};
pub use use_case::{Act, Asked, Caller, Deed, Done, Needs, UseCase};
pub use wanted::{Waiting, Wanted};

use crate::clock::Clock;
use crate::domain::adoption::Declared;
use crate::domain::command::Command;
use crate::domain::{Actor, Digest, Ledger, Recorded};
use crate::journal::{JournalFault, Reader, Shelf, Shelves};
use crate::link::{BadLink, Link, Links};
use crate::locale::{Message, message};
use crate::planner::{Answer, Handle, Input, Shared};
use crate::report::preview;

/// An office: what it knows, what it may change, and what time it is there. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    ledger: Shared,
    hold: Hold,
    clock: Clock,
    /// how units come in; none where nobody runs
    links: Option<Arc<Links>>,
    /// whether whoever asks still waits
    wanted: Wanted,
}

/// How much of an office is there.
#[derive(Clone)]
enum Hold {
    /// a running planner
    Running {
        planner: Handle,
        kept: Kept,
        /// longest file that is taken in
        file_bytes_max: u64,
    },
    /// the data directory of a stopped daemon, or one read beside its daemon
    Stopped(Kept),
    /// plan files alone
    Plans,
}

/// What happened, and the files that go with it.
#[derive(Clone)]
struct Kept {
    reader: Reader,
    shelves: Shelves,
}

impl fmt::Debug for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Office")
    }
}

impl Office {
    /// Of a running planner; files longer than `file_bytes_max` are not taken in.
    #[must_use]
    pub fn running(
        planner: Handle,
        (reader, shelves): (Reader, Shelves),
        clock: Clock,
        file_bytes_max: u64,
    ) -> Self {
        let ledger = planner.ledger().clone();
        let hold = Hold::Running { planner, kept: Kept { reader, shelves }, file_bytes_max };
        Self { ledger, hold, clock, links: None, wanted: Wanted::default() }
    }

    /// Units come in by these links: the ones that its planner's letters bear.
    #[must_use]
    pub fn with_links(self, links: Links) -> Self {
        Self { links: Some(Arc::new(links)), ..self }
    }

    /// The same office; what it reads at length ends where nobody waits for it any more.
    #[must_use]
    pub fn while_wanted(&self, wanted: Wanted) -> Self {
        Self { wanted, ..self.clone() }
    }

    /// What a token opens on a day.
    ///
    /// # Errors
    /// [`BadLink`]; of an office that has no links, every one is forged.
    pub fn open_link(&self, token: &str, today: NaiveDate) -> Result<Link, BadLink> {
        self.links.as_ref().ok_or(BadLink::Forged)?.key.open(token, today)
    }

    /// The name by which units reach their pages from outside.
    #[must_use]
    pub fn public_host(&self) -> Option<&str> {
        self.links.as_ref()?.host()
    }

    /// Of a journal that no planner holds, for reading.
    ///
    /// # Errors
    /// The journal can't be read.
    pub fn stopped(reader: Reader, shelves: Shelves, clock: Clock) -> Result<Self, Refused> {
        let ledger = Shared::of(Ledger::fold(reader.read(0))?);
        Ok(Self {
            ledger,
            hold: Hold::Stopped(Kept { reader, shelves }),
            clock,
            links: None,
            wanted: Wanted::default(),
        })
    }

    /// Of plan files that nobody follows yet: as if they were taken in now.
    #[must_use]
    pub fn of_plans(declared: &Declared, clock: Clock) -> Self {
        let ledger = preview::taken_in(declared, clock.now());
        Self { ledger: Shared::of(ledger), hold: Hold::Plans, clock, links: None, wanted: Wanted::default() }
    }

    /// Answers what is asked, if whoever asks may, and what it needs is there.
    ///
    /// # Errors
    /// [`Refused`], in words.
    pub fn answer<U: UseCase>(&self, ask: U, caller: &Caller) -> Result<U::Answer, Refused> {
        if U::NEEDS == Needs::Planner {
            self.planner()?;
        }
        let about = match ask.about() {
            Some(name) => Some(names::unit(&self.ledger(), name)?.id.clone()),
            None => None,
        };
        let of_own = U::IS_OF_OWN && about.is_none() && own_units(caller, ask.act()).is_some();
        if !of_own {
            authorize(caller, ask.act(), about.as_ref())?;
        }
        ask.answer(self, caller)
    }

    /// What is there.
    #[must_use]
    pub fn has(&self) -> Needs {
        match self.hold {
            Hold::Running { .. } => Needs::Planner,
            Hold::Stopped(_) => Needs::Journal,
            Hold::Plans => Needs::Plans,
        }
    }

    /// The ledger as it is now. Held only for as long as a question takes.
    pub fn ledger(&self) -> RwLockReadGuard<'_, Ledger> {
        self.ledger.read()
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The office's day.
    fn today(&self) -> NaiveDate {
        self.ledger().day_of(self.now())
    }

    fn history(&self) -> Result<&Kept, Refused> {
        match &self.hold {
            Hold::Running { kept, .. } | Hold::Stopped(kept) => Ok(kept),
            Hold::Plans => Err(Refused::fault(message("no-journal")).cure(message("cure-serve-or-data"))),
        }
    }

    fn reader(&self) -> Result<&Reader, Refused> {
        Ok(&self.history()?.reader)
    }

    /// The events after a position, as long as anybody waits for what they tell.
    fn events(&self, after: u64) -> Result<impl Iterator<Item = Result<Recorded, Refused>>, Refused> {
        Ok(self.wanted.each(self.reader()?.read(after)))
    }

    /// The hash of an event.
    fn hash_of(&self, position: u64) -> Result<Digest, Refused> {
        match self.reader()?.read(position.saturating_sub(1)).next() {
            Some(recorded) => Ok(recorded?.hash),
            None => Ok(Digest::ZERO),
        }
    }

    /// What stands on a shelf; `None` where it is not there.
    fn kept(&self, shelf: Shelf, digest: Digest) -> Result<Option<Vec<u8>>, Refused> {
        let kept = self.history()?.shelves.get(shelf, digest);
        kept.map_err(|fault| {
            if let JournalFault::FileChanged { place } = fault {
                return Refused::fault(message("file-damaged").with("path", &place))
                    .cure(message("cure-verify"));
            }
            let unreadable = message("file-unreadable").with("path", &shelf.place(digest));
            Refused::fault(unreadable.with("why", &fault))
        })
    }

    /// Longest file that is taken in, in bytes.
    #[must_use]
    pub fn file_bytes_max(&self) -> u64 {
        match self.hold {
            Hold::Running { file_bytes_max, .. } => file_bytes_max,
            Hold::Stopped(_) | Hold::Plans => 0,
        }
    }

    fn planner(&self) -> Result<&Handle, Refused> {
        match &self.hold {
            Hold::Running { planner, .. } => Ok(planner),
            Hold::Stopped(_) | Hold::Plans => {
                Err(Refused::fault(message("no-daemon")).cure(message("cure-serve")))
            }
        }
    }

    /// Puts a command to the planner; `what` says what was done then.
    fn command(&self, caller: &Caller, nth: usize, command: Command, what: Message) -> Result<Deed, Refused> {
        self.command_as(&caller.actor, caller.request(nth), command, caller.done(what))
    }

    fn command_as(
        &self,
        by: &Actor,
        request: Option<String>,
        command: Command,
        words: String,
    ) -> Result<Deed, Refused> {
        let input = Input::Command { command: Box::new(command), by: by.clone(), request };
        Ok(Deed { words, position: recorded(self.planner()?.ask_and_wait(input)?)? })
    }
}

/// The position up to which an answer is recorded.
fn recorded(answer: Answer) -> Result<u64, Refused> {
    match answer {
        Answer::Done { position } => Ok(position),
        Answer::Refused(refusal) => Err(refusal.into()),
        Answer::ClockHeld { now, last } => Err(held(now, last)),
        Answer::Declared(_) => Err(Refused::fault(message("planner-odd"))),
    }
}

/// The refusal of an office that does not trust its clock.
fn held(now: DateTime<Utc>, last: DateTime<Utc>) -> Refused {
    let why = message("clock-held").with("now", &now).with("last", &last);
    Refused::of(RefusedKind::Held, why).cure(message("cure-clock"))
}
