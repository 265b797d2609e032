//! New units: one by its name, or a list of them from a sheet, beside what that says anew of known ones.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::names;
use super::paper::Paper;
use super::typed::UnitName;
use super::{Act, Caller, Deed, Done, Needs, Office, Refused, UseCase, imports, recorded};
use crate::domain::command::Command;
use crate::domain::{Ledger, Unit, UnitId, UnitKind, naming};
use crate::import::{self, Names, UnitList, UnitRow};
use crate::journal::Shelf;
use crate::locale::{Value, message};
use crate::planner::{Input, Person};

/// What may be said of a new unit besides its name.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// Its id, for ever [default: made from the name]
    #[arg(long, value_name = "ID")]
    pub id: Option<UnitId>,
    /// Name in lists [default: made from the name]
    #[arg(long, value_name = "NAME")]
    pub short: Option<String>,
    /// Another name that documents give it; may be given more than once
    #[arg(long = "alias", value_name = "NAME")]
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is [default: told by its name]
    #[arg(long, value_name = "KIND", value_enum)]
    pub kind: Option<Kind>,
    /// The office's mailbox, never a person's
    #[arg(long, value_name = "ADDRESS")]
    pub mailbox: Option<String>,
    /// A collective that it belongs to, as 各乡镇; may be given more than once
    #[arg(long, value_name = "UNIT")]
    #[serde(default)]
    pub member_of: Vec<UnitName>,
    /// Name of its contact (联络员); kept apart from the journal
    #[arg(long, value_name = "NAME")]
    pub contact: Option<String>,
    /// Its contact's telephone; kept apart from the journal
    #[arg(long, value_name = "NUMBER")]
    pub phone: Option<String>,
}

/// A kind of unit, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A bureau of the county or a branch office
    Bureau,
    /// A township government
    Township,
    /// A development zone's administration
    Zone,
    /// A state company with public duties
    Company,
    /// The county government itself: recorded, never chased
    Government,
    /// A collective such as 各乡镇
    Collective,
}

impl From<Kind> for UnitKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Bureau => Self::Bureau,
            Kind::Township => Self::Township,
            Kind::Zone => Self::Zone,
            Kind::Company => Self::Company,
            Kind::Government => Self::Government,
            Kind::Collective => Self::Collective,
        }
    }
}

impl From<UnitKind> for Kind {
    fn from(kind: UnitKind) -> Self {
        match kind {
            UnitKind::Bureau => Self::Bureau,
            UnitKind::Township => Self::Township,
            UnitKind::Zone => Self::Zone,
            UnitKind::Company => Self::Company,
            UnitKind::Government => Self::Government,
            UnitKind::Collective => Self::Collective,
        }
    }
}

/// `unit add`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {
    /// full name
    pub name: String,
    /// what else is said of it
    #[serde(default)]
    pub details: Details,
}

impl UseCase for Add {
    type Answer = Done;
    const NAME: &'static str = "unit/add";
    const ACT: Act = Act::Unit;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let (unit, changed) = self.unit(&office.ledger())?;
        let contact = self.contact()?;
        let what = message("done-unit-added").with("unit", &unit.id).with("name", &unit.name);
        let id = unit.id.clone();
        let command = Command::SetUnits { added: vec![unit], changed };
        let mut done = Done::from(office.command(caller, 0, command, what)?);
        if let Some(person) = contact {
            done.deeds.push(set_contact((office, caller), 1, id, person)?);
        }
        Ok(done)
    }
}

impl Add {
    /// The unit, and the collectives that it becomes a member of.
    fn unit(&self, ledger: &Ledger) -> Result<(Unit, Vec<Unit>), Refused> {
        let units: Vec<Unit> = ledger.units().map(|state| Unit::clone(&state.unit)).collect();
        let unit = new_unit(&units, &self.name, &self.details)?;
        let joins = |name: &UnitName| {
            let mut collective = names::unit(ledger, name)?.clone();
            if collective.kind != UnitKind::Collective {
                let why = message("unit-no-collective").with("unit", &collective.name);
                return Err(Refused::decided(why).cure(message("cure-collective")));
            }
            collective.members.push(unit.id.clone());
            Ok(collective)
        };
        let mut changed: Vec<Unit> = Vec::new();
        for name in &self.details.member_of {
            let collective = joins(name)?;
            if !changed.contains(&collective) {
                changed.push(collective);
            }
        }
        Ok((unit, changed))
    }

    fn contact(&self) -> Result<Option<Person>, Refused> {
        let Details { contact, phone, .. } = &self.details;
        if contact.is_none() && phone.is_none() {
            return Ok(None);
        }
        let given = phone.as_deref().unwrap_or_default();
        let phone = import::phone(given).unwrap_or_default();
        if phone.is_empty() && !given.is_empty() {
            return Err(Refused::wrong(message("phone-odd").with("phone", given)).cure(message("cure-phone")));
        }
        let name = contact.clone().unwrap_or_default();
        Ok(Some(Person { name, phone, ..Person::default() }))
    }
}

/// A unit of a name that no other has, with what is said of it in the place of what its name says.
///
/// # Errors
/// Another unit has the name, or no id can be made of it.
pub fn new_unit(units: &[Unit], name: &str, details: &Details) -> Result<Unit, Refused> {
    let name = name.trim();
    let names = Names::of(units, &[]);
    if let Some(known) = names.known(name) {
        let why = message("unit-known").with("name", name).with("unit", &known);
        return Err(Refused::decided(why).cure(message("cure-unit-known").with("unit", &known)));
    }
    let is_free = |id: &UnitId| units.iter().all(|unit| unit.id != *id);
    // An id that is given needs none that is made.
    let proposed = naming::proposed(
        name,
        |name| names.known(name).is_some(),
        |id| details.id.as_ref() == Some(id) || is_free(id),
    );
    let by_id = || Some(naming::named(details.id.clone()?, name));
    let Some(mut unit) = proposed.or_else(by_id) else {
        return Err(Refused::wrong(message("unit-no-id").with("name", name)).cure(message("cure-unit-id")));
    };
    if let Some(id) = &details.id {
        unit.id = id.clone();
    }
    if let Some(short) = &details.short {
        let proposed = std::mem::replace(&mut unit.short, short.trim().to_owned());
        unit.sort_key = naming::pinyin(&unit.short);
        also(&mut unit, &proposed);
    }
    for alias in &details.aliases {
        also(&mut unit, alias.trim());
    }
    if let Some(kind) = details.kind {
        unit.kind = kind.into();
    }
    unit.mailbox =
        details.mailbox.as_ref().map(|typed| import::mailbox(typed).unwrap_or_else(|| typed.clone()));
    Ok(unit)
}

fn also(unit: &mut Unit, name: &str) {
    if !unit.spellings().any(|known| known == name) {
        unit.aliases.push(name.to_owned());
    }
}

fn set_contact(
    (office, caller): (&Office, &Caller),
    nth: usize,
    unit: UnitId,
    person: Person,
) -> Result<Deed, Refused> {
    let words = caller.done(message("done-contact-set").with("unit", &unit));
    let input = Input::SetContact { unit, person, by: caller.actor.clone(), request: caller.request(nth) };
    Ok(Deed { words, position: recorded(office.planner()?.ask_and_wait(input)?)? })
}

/// `unit import`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportUnits {
    /// which sheet of the workbook; the only one with a column of units, where left out
    #[serde(default)]
    pub sheet: Option<String>,
    /// do it; else it is only shown
    #[serde(default)]
    pub yes: bool,
    /// the file
    pub file: Paper,
}

/// What was read, and where it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitsImported {
    /// what was read
    pub list: UnitList,
    /// position of the last event of it
    pub recorded: Option<u64>,
}

impl UseCase for ImportUnits {
    type Answer = UnitsImported;
    const NAME: &'static str = "unit/import";
    const ACT: Act = Act::Unit;
    const NEEDS: Needs = Needs::Plans;
    const BODY_BYTES_MAX: usize = imports::BODY_BYTES_MAX;

    fn act(&self) -> Act {
        if self.yes { Self::ACT } else { Act::Read }
    }

    fn answer(self, office: &Office, caller: &Caller) -> Result<UnitsImported, Refused> {
        let source = import::Source { name: &self.file.name, bytes: &self.file.bytes.0 };
        let units: Vec<Unit> = office.ledger().units().map(|state| Unit::clone(&state.unit)).collect();
        let read = import::open(&source);
        let read = read.and_then(|book| import::unit_list(&book, self.sheet.as_deref(), &units));
        let Some(mut list) = read.map_err(|why| imports::unreadable(&source, &why))? else {
            let why = message("unit-sheet-no-names").with("file", source.name);
            return Err(Refused::decided(why).cure(message("cure-unit-sheet")));
        };
        office.leave_known_contacts(&mut list, &units)?;
        // Nothing is done by halves: a row that is not understood holds up the others.
        let stands = list.flaws.is_empty() && !(list.added.is_empty() && list.changed.is_empty());
        let recorded = if self.yes && stands { Some(record(office, caller, &list)?) } else { None };
        Ok(UnitsImported { list, recorded })
    }
}

impl Office {
    /// A contact that the unit has already says nothing new.
    fn leave_known_contacts(&self, list: &mut UnitList, units: &[Unit]) -> Result<(), Refused> {
        if self.has() == Needs::Plans {
            return Ok(());
        }
        for row in &mut list.changed {
            let digest = self.ledger().contact_of(&row.unit.id);
            let kept = digest.map(|digest| self.kept(Shelf::People, digest)).transpose()?.flatten();
            let kept: Option<Person> = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let same = |kept: &Person, said: &import::Person| {
                (&kept.name, &kept.post, &kept.phone) == (&said.name, &said.post, &said.phone)
            };
            if let (Some(kept), Some(said)) = (kept, &row.contact)
                && same(&kept, said)
            {
                row.contact = None;
            }
        }
        let says_nothing = |row: &UnitRow| row.contact.is_none() && units.contains(&row.unit);
        let same = list.changed.iter().filter(|row| says_nothing(row)).map(|row| row.row);
        list.same.extend(same);
        list.same.sort_unstable();
        list.changed.retain(|row| !says_nothing(row));
        Ok(())
    }
}

fn record(office: &Office, caller: &Caller, list: &UnitList) -> Result<u64, Refused> {
    let units = |rows: &[UnitRow]| rows.iter().map(|row| row.unit.clone()).collect();
    let command = Command::SetUnits { added: units(&list.added), changed: units(&list.changed) };
    let what = message("done-units-set")
        .put("added", Value::Count(list.added.len()))
        .put("changed", Value::Count(list.changed.len()));
    let mut position = office.command(caller, 0, command, what)?.position;
    let named =
        list.added.iter().chain(&list.changed).filter_map(|row| Some((&row.unit.id, row.contact.as_ref()?)));
    for (nth, (unit, said)) in named.enumerate() {
        let import::Person { name, post, phone } = said.clone();
        let person = Person { name, post, phone, ..Person::default() };
        position = set_contact((office, caller), nth + 1, unit.clone(), person)?.position;
    }
    Ok(position)
}
