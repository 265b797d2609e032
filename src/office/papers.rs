//! The office's papers beside the bulletin: the ledger (台账), the week's lists, a leader's page, a unit's year.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::paper::Paper;
use super::typed::{UnitName, day};
use super::{Act, Caller, Done, Needs, Office, Refused, UseCase, names};
use crate::audit::{self, AsOf};
use crate::domain::command::Command;
use crate::domain::{Digest, Ledger};
use crate::journal::Shelf;
use crate::locale::message;
use crate::planner::Person;
use crate::report::leader::LeaderPage;
use crate::report::lists::Weekly;
use crate::report::pack::PackIndex;
use crate::report::sheet::Sheet;

/// `ledger`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerPaper {
    /// How: a workbook, rows, or JSON [default: as the file to write is named, else a workbook]
    #[arg(long, value_name = "FORMAT", value_enum)]
    #[serde(default)]
    pub format: Option<SheetFormat>,
    /// As it was known at the end of this day [default: now]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// With plans that are closed, or were over when they were taken in
    #[arg(long)]
    #[serde(default)]
    pub closed: bool,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SheetFormat {
    /// A workbook
    #[default]
    Xlsx,
    /// Comma-separated values, as Excel opens them
    Csv,
    /// For programs; stable
    Json,
}

impl UseCase for LedgerPaper {
    type Answer = Paper;
    const NAME: &'static str = "ledger";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<Paper, Refused> {
        let (ledger, day) = office.known(self.on)?;
        let sheet = office.sheet(&ledger, day, self.closed);
        let (end, bytes) = match self.format.unwrap_or_default() {
            SheetFormat::Xlsx => ("xlsx", sheet.xlsx()?),
            SheetFormat::Csv => ("csv", sheet.csv()?),
            SheetFormat::Json => ("json", sheet.json()?),
        };
        Ok(Paper::new(format!("ledger-{day}.{end}"), bytes))
    }
}

/// `list week`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Week {
    /// How: text to paste, a workbook, a page to print, JSON [default: as the file to write is named, else text]
    #[arg(long, value_name = "FORMAT", value_enum)]
    #[serde(default)]
    pub format: Option<ListFormat>,
    /// As it was known at the end of this day [default: now]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
}

/// How lists are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListFormat {
    /// Text, to paste into a chat
    #[default]
    Text,
    /// A workbook with a page for each list
    Xlsx,
    /// One page to print
    Html,
    /// For programs; stable
    Json,
}

impl UseCase for Week {
    type Answer = Paper;
    const NAME: &'static str = "list/week";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<Paper, Refused> {
        let (ledger, day) = office.known(self.on)?;
        let lists = Weekly::of(&ledger, day);
        let (end, bytes) = match self.format.unwrap_or_default() {
            ListFormat::Text => ("txt", lists.text().into_bytes()),
            ListFormat::Xlsx => ("xlsx", lists.xlsx()?),
            ListFormat::Html => ("html", lists.html()?.into_bytes()),
            ListFormat::Json => ("json", lists.json()?),
        };
        Ok(Paper::new(format!("week-{day}.{end}"), bytes))
    }
}

/// `list leader`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leader {
    /// A unit; all units of its leader are shown: those with the same address
    #[arg(long, value_name = "UNIT")]
    pub unit: UnitName,
    /// How
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    #[serde(default)]
    pub format: PageFormat,
    /// As it was known at the end of this day [default: now]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<NaiveDate>,
}

/// How a page is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageFormat {
    /// Text
    #[default]
    Text,
    /// One page to print
    Html,
    /// For programs; stable
    Json,
}

impl UseCase for Leader {
    type Answer = Paper;
    const NAME: &'static str = "list/leader";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn about(&self) -> Option<&UnitName> {
        Some(&self.unit)
    }

    fn answer(self, office: &Office, _: &Caller) -> Result<Paper, Refused> {
        let (ledger, day) = office.known(self.on)?;
        let page = office.leader_page(&ledger, &self.unit, day)?;
        let (end, bytes) = match self.format {
            PageFormat::Text => ("txt", page.text().into_bytes()),
            PageFormat::Html => ("html", page.html()?.into_bytes()),
            PageFormat::Json => ("json", page.json()?),
        };
        Ok(Paper::new(format!("leader-{day}.{end}"), bytes))
    }
}

/// `list leader --send`: the page as a letter, which waits for its release.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendLeader {
    /// whose leader
    pub unit: UnitName,
}

impl UseCase for SendLeader {
    type Answer = Done;
    const NAME: &'static str = "list/send-leader";
    const ACT: Act = Act::Letter;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let today = office.today();
        let (unit, page) = {
            let ledger = office.ledger();
            let page = office.leader_page(&ledger, &self.unit, today)?.told();
            (names::unit(&ledger, &self.unit)?.id.clone(), page)
        };
        let what = message("done-leader-page").with("unit", &unit);
        Ok(office.command(caller, 0, Command::TellLeader { unit, page: Box::new(page) }, what)?.into())
    }
}

/// `pack`: a unit's year: the index in each form, and which files it names.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The unit
    #[arg(long, value_name = "UNIT")]
    pub unit: UnitName,
    /// The year
    #[arg(long, value_name = "YEAR")]
    pub year: i32,
}

/// A pack's index, and the files that go with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// its archive's name
    pub name: String,
    /// the index as workbook, page and JSON
    pub index: Vec<Paper>,
    /// each with its name in the archive
    pub files: Vec<(String, Digest)>,
    /// matters in it
    pub matters: usize,
}

impl UseCase for Pack {
    type Answer = Packed;
    const NAME: &'static str = "pack";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Journal;

    fn about(&self) -> Option<&UnitName> {
        Some(&self.unit)
    }

    fn answer(self, office: &Office, _: &Caller) -> Result<Packed, Refused> {
        let ledger = office.ledger();
        let head = office.hash_of(ledger.head())?;
        let unit = &names::unit(&ledger, &self.unit)?.id;
        let gone = || Refused::fault(message("unit-gone").with("unit", unit));
        let index = PackIndex::of(&ledger, unit, self.year, head).ok_or_else(gone)?;
        let papers = vec![
            Paper::new("index.xlsx", index.xlsx()?),
            Paper::new("index.html", index.html()?),
            Paper::new("index.json", index.json()?),
        ];
        Ok(Packed {
            name: format!("{unit}-{}.zip", self.year),
            index: papers,
            files: index.files().map(|(_, name, file)| (name, file.digest)).collect(),
            matters: index.items.len(),
        })
    }
}

impl Office {
    /// The ledger as known at the end of a day, and the day; the present one where none is given.
    pub(super) fn known(&self, on: Option<NaiveDate>) -> Result<(Ledger, NaiveDate), Refused> {
        if let Some(day) = on {
            self.has_come(day)?;
            return Ok((audit::as_of(self.events(0)?, AsOf::Day(day))?, day));
        }
        // One look at a time: a second one behind a writer that waits would wait for ever.
        let ledger = self.ledger().clone();
        Ok((ledger, self.today()))
    }

    /// The ledger's rows, with persons by name where their file is still there.
    pub(super) fn sheet(&self, ledger: &Ledger, day: NaiveDate, with_closed: bool) -> Sheet {
        let sheet = if with_closed { Sheet::with_closed } else { Sheet::of };
        let mut sheet = sheet(ledger, day, &|digest| {
            self.person(digest).map(|person| person.name).filter(|name| !name.is_empty())
        });
        // Accounts that can't be read leave the ids: the paper is wanted all the same.
        let accounts = self.accounts().unwrap_or_default();
        for row in sheet.rows.iter_mut().filter(|row| !row.reviewer.is_empty()) {
            row.reviewer = accounts.shown(&row.reviewer);
        }
        sheet
    }

    /// Who stands behind a digest; `None` where the person was forgotten.
    pub(super) fn person(&self, digest: Digest) -> Option<Person> {
        let bytes = self.kept(Shelf::People, digest).ok().flatten()?;
        serde_json::from_slice(&bytes).ok()
    }

    fn leader_page(&self, ledger: &Ledger, unit: &UnitName, day: NaiveDate) -> Result<LeaderPage, Refused> {
        let unit = &names::unit(ledger, unit)?.id;
        // A person set for two units has two files: whoever has the same address is the same.
        let address = |digest| {
            let address = self.person(digest)?.address.to_lowercase();
            (!address.is_empty()).then_some(address)
        };
        let is_same = |one, other| address(one).is_some_and(|known| address(other) == Some(known));
        LeaderPage::of(ledger, unit, day, &is_same)
            .ok_or_else(|| Refused::fault(message("unit-gone").with("unit", unit)))
    }
}
