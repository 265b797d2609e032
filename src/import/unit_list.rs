//! A list of units (.xlsx, .csv): each row a unit that is new, what it says anew of one that is known, or what is wrong
//! with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::command::{secret_mark, secret_name};
use crate::domain::{Unit, UnitId, UnitKind, naming};

use super::book::{Book, Cell, Sheet, Unreadable};
use super::fold::{folded, one_line};
use super::header::merged_above;
use super::report::{ColumnRead, RowPassed, letter};
use super::table::{is_aside, is_total};
use super::unit_columns::{Header, UnitColumn};
use super::unit_words::{is_nothing, mailbox, names_in, phone, unit_kind};
use super::units::Names;

/// A unit's contact as the sheet names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// name; empty where there is a phone alone
    pub name: String,
    /// post
    pub post: String,
    /// telephone; may be empty
    pub phone: String,
}

/// A row that says something new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// its number, from 1
    pub row: u32,
    /// the unit as it would be
    pub unit: Unit,
    /// who handles its answers
    pub contact: Option<Person>,
}

/// A cell or row that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlawedRow {
    /// its number, from 1
    pub row: u32,
    /// the column's letter; empty where it is about the row
    pub column: String,
    /// the column's name as it stands
    pub header: String,
    /// what stands there; nothing of a row with the mark of a secret
    pub text: String,
    /// what is wrong
    pub flaw: Flaw,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// marked as a state secret
    Secret(String),
    /// an error value, a formula without a value, or a text that is struck through
    Unsound,
    /// the row names no unit
    NoName,
    /// a name in which nothing can be spelt: no id can be made of it
    NoId,
    /// no mailbox, or several
    Mailbox,
    /// no id
    Id,
    /// another unit has the id
    IdTaken(UnitId),
    /// a known unit keeps its id
    OtherId(UnitId),
    /// no kind that is known
    Kind,
    /// a row above names the same unit
    Twice(u32),
    /// it is a name of another unit
    NameOf(UnitId),
    /// no telephone number
    Phone,
    /// no collective that is known
    NoCollective,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitList {
    /// the sheet
    pub sheet: String,
    /// columns that are read
    pub columns: Vec<ColumnRead>,
    /// columns that are not
    pub unread: Vec<ColumnRead>,
    /// new units
    pub added: Vec<UnitRow>,
    /// known ones of which something new is said
    pub changed: Vec<UnitRow>,
    /// rows of known ones that say nothing new
    pub same: Vec<u32>,
    /// rows that are no unit
    pub passed: Vec<RowPassed>,
    /// what is not understood
    pub flaws: Vec<FlawedRow>,
}

/// The units of the named sheet, or of the only one that has a column of their names.
///
/// # Errors
/// [`Unreadable`]: no such sheet, several, one too large or with the mark of a secret. `Ok(None)`: none has the column.
pub fn unit_list(book: &Book, sheet: Option<&str>, units: &[Unit]) -> Result<Option<UnitList>, Unreadable> {
    let Some(sheet) = chosen(book, sheet)? else { return Ok(None) };
    if let Some(mark) = secret_name(&sheet.name) {
        return Err(Unreadable::Secret(mark));
    }
    if let Some(what) = &sheet.refused {
        return Err(Unreadable::TooMuch { sheet: sheet.name.clone(), what: what.clone() });
    }
    let Some(header) = Header::of(sheet) else { return Ok(None) };
    let above = sheet.rows.range(..header.row).flat_map(|(_, cells)| cells);
    if let Some(mark) = above.into_iter().find_map(|cell| secret_mark(&cell.shown())) {
        return Err(Unreadable::Secret(mark));
    }
    Ok(Some(Reader::new(sheet, &header, units).read()))
}

fn chosen<'b>(book: &'b Book, named: Option<&str>) -> Result<Option<&'b Sheet>, Unreadable> {
    if let Some(given) = named {
        let there = || book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
        let found = book.sheets.iter().find(|sheet| sheet.name == given);
        return found
            .map(Some)
            .ok_or_else(|| Unreadable::NoSheet { given: given.to_owned(), there: there() });
    }
    let seen = book.sheets.iter().filter(|sheet| !sheet.is_hidden);
    let holding: Vec<&Sheet> =
        seen.filter(|sheet| sheet.refused.is_some() || Header::of(sheet).is_some()).collect();
    match holding.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        several => {
            Err(Unreadable::WhichSheet(several.iter().map(|sheet| format!("`{}`", sheet.name)).collect()))
        }
    }
}

struct Reader<'s> {
    sheet: &'s Sheet,
    header: &'s Header,
    units: BTreeMap<UnitId, &'s Unit>,
    names: Names,
    /// every spelling that is met or known, folded, and whose it is
    spelt: BTreeMap<String, UnitId>,
    ids: BTreeSet<UnitId>,
    /// the row of each unit that is met
    met: BTreeMap<UnitId, u32>,
    /// units that a row puts into a collective
    joining: Vec<(u32, UnitId, UnitId)>,
    list: UnitList,
}

impl<'s> Reader<'s> {
    fn new(sheet: &'s Sheet, header: &'s Header, units: &'s [Unit]) -> Self {
        let read = |(place, name): &(u32, String), read_as: &str| ColumnRead {
            column: letter(*place),
            header: name.clone(),
            read_as: read_as.to_owned(),
            words: None,
        };
        let columns = header.columns.iter().map(|(column, at)| read(at, column.name())).collect();
        let unread = header.unread.iter().map(|at| read(at, "")).collect();
        let mut spelt = BTreeMap::new();
        for unit in units {
            for name in unit.spellings() {
                spelt.entry(folded(name)).or_insert_with(|| unit.id.clone());
            }
        }
        Self {
            sheet,
            header,
            units: units.iter().map(|unit| (unit.id.clone(), unit)).collect(),
            names: Names::of(units, &[]),
            spelt,
            ids: units.iter().map(|unit| unit.id.clone()).collect(),
            met: BTreeMap::new(),
            joining: Vec::new(),
            list: UnitList { sheet: sheet.name.clone(), columns, unread, ..UnitList::default() },
        }
    }

    fn read(mut self) -> UnitList {
        for number in self.sheet.rows.keys().copied().filter(|row| *row > self.header.row) {
            match self.passed(number) {
                Some((text, why)) => {
                    self.list.passed.push(RowPassed { row: number, text, why: why.to_owned() });
                }
                None => self.row(number),
            }
        }
        self.join();
        self.list
    }

    /// What stands in a row that is no unit, and what it is taken for.
    fn passed(&self, number: u32) -> Option<(String, &'static str)> {
        let cells = self.sheet.rows.get(&number).map(Vec::as_slice).unwrap_or_default();
        let held: Vec<(u32, String)> = (0..)
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(place, cell)| (place, one_line(&cell.shown())))
            .collect();
        if held.iter().any(|(_, text)| secret_mark(text).is_some()) {
            return None;
        }
        let text = || held.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
        let (name, _) = self.header.columns.get(&UnitColumn::Name)?;
        let again = |(place, text): &&(u32, String)| {
            self.header.columns.values().any(|(at, name)| at == place && name == text)
        };
        if held.iter().filter(again).count() == self.header.columns.len() {
            return Some((text(), "passed-header"));
        }
        if held.iter().any(|(_, text)| is_total(text)) {
            return Some((text(), "passed-total"));
        }
        let [(place, only)] = held.as_slice() else { return None };
        let wide = |merged: &super::book::Merged| merged.holds(number, *place) && merged.right > merged.left;
        if is_aside(only) {
            return Some((text(), "passed-note"));
        }
        let is_heading = place != name || self.sheet.merged.iter().any(wide);
        is_heading.then(|| (text(), "passed-heading"))
    }

    /// What stands in a cell; the flaw is told and the cell empty where it says nothing that could be taken.
    fn cell(&mut self, number: u32, column: UnitColumn) -> String {
        let Some((place, _)) = self.header.columns.get(&column) else { return String::new() };
        let place = *place;
        let at = |row: u32| -> Option<&Cell> {
            self.sheet.rows.get(&row)?.get(usize::try_from(place).ok()?).filter(|cell| !cell.is_empty())
        };
        let above = || {
            let (top, left) = merged_above(&self.sheet.merged, number, place)?;
            (left == place && top > self.header.row).then_some(top)
        };
        let row = if at(number).is_some() { number } else { above().unwrap_or(number) };
        let cell = at(row);
        let unsound = matches!(cell, Some(Cell::Odd(_)))
            || self.sheet.struck.contains(&(row, place))
            || self.sheet.uncalculated.contains_key(&(row, place));
        let text = cell.map(|cell| one_line(&cell.shown())).unwrap_or_default();
        if unsound {
            self.flaw(number, Some(column), &text, Flaw::Unsound);
            return String::new();
        }
        text
    }

    fn flaw(&mut self, row: u32, column: Option<UnitColumn>, text: &str, flaw: Flaw) {
        let at = column.and_then(|column| self.header.columns.get(&column));
        let (column, header) =
            at.map_or_else(Default::default, |(place, name)| (letter(*place), name.clone()));
        self.list.flaws.push(FlawedRow { row, column, header, text: text.to_owned(), flaw });
    }

    fn row(&mut self, number: u32) {
        let cells = self.sheet.rows.get(&number).map(Vec::as_slice).unwrap_or_default();
        if let Some(mark) = cells.iter().find_map(|cell| secret_mark(&cell.shown())) {
            self.flaw(number, None, "", Flaw::Secret(mark.to_owned()));
            return;
        }
        let before = self.list.flaws.len();
        let name = self.cell(number, UnitColumn::Name);
        if name.is_empty() {
            if self.list.flaws.len() == before {
                self.flaw(number, Some(UnitColumn::Name), "", Flaw::NoName);
            }
            return;
        }
        let known = self.names.known(&name).and_then(|id| self.units.get(&id).copied());
        let met = known.map(|unit| &unit.id).or_else(|| self.spelt.get(&folded(&name)));
        if let Some(row) = met.and_then(|id| self.met.get(id)).copied() {
            self.flaw(number, Some(UnitColumn::Name), &name, Flaw::Twice(row));
            return;
        }
        let unit = match known {
            Some(unit) => Some(self.anew(number, unit)),
            None => self.new_unit(number, &name),
        };
        let contact = self.contact(number);
        let Some(unit) = unit else { return };
        self.collective(number, &unit);
        self.met.insert(unit.id.clone(), number);
        self.ids.insert(unit.id.clone());
        for name in unit.spellings() {
            self.spelt.entry(folded(name)).or_insert_with(|| unit.id.clone());
        }
        if self.list.flaws.len() > before {
            return;
        }
        let is_new = known.is_none();
        if known.is_some_and(|known| *known == unit) && contact.is_none() {
            self.list.same.push(number);
            return;
        }
        let row = UnitRow { row: number, unit, contact };
        if is_new { self.list.added.push(row) } else { self.list.changed.push(row) }
    }

    fn new_unit(&mut self, number: u32, name: &str) -> Option<Unit> {
        let is_taken = |name: &str| self.spelt.contains_key(&folded(name));
        let Some(mut unit) = naming::proposed(name, is_taken, |id| !self.ids.contains(id)) else {
            self.flaw(number, Some(UnitColumn::Name), name, Flaw::NoId);
            return None;
        };
        let id = self.cell(number, UnitColumn::Id);
        match UnitId::parse(&folded(&id)) {
            Ok(id) if self.ids.contains(&id) => {
                self.flaw(number, Some(UnitColumn::Id), id.as_str(), Flaw::IdTaken(id.clone()));
            }
            Ok(id) => unit.id = id,
            Err(_) if id.is_empty() => {}
            Err(_) => self.flaw(number, Some(UnitColumn::Id), &id, Flaw::Id),
        }
        if let Some(kind) = self.kind(number) {
            unit.kind = kind;
        }
        unit.mailbox = self.mailbox(number);
        let mut short = self.names_of(number, UnitColumn::Short, &unit.id);
        let mut aliases = self.names_of(number, UnitColumn::Aliases, &unit.id);
        let mut both = self.names_of(number, UnitColumn::Names, &unit.id).into_iter();
        if short.is_empty() {
            short.extend(both.next());
        }
        aliases.extend(both);
        if !short.is_empty() {
            let proposed = std::mem::replace(&mut unit.short, short.remove(0));
            unit.sort_key = naming::pinyin(&unit.short);
            aliases.extend(short);
            aliases.push(proposed);
        }
        add_names(&mut unit, aliases);
        Some(unit)
    }

    /// What a row says of a unit that is known: its mailbox, short name and other names.
    fn anew(&mut self, number: u32, known: &Unit) -> Unit {
        let mut unit = known.clone();
        let id = self.cell(number, UnitColumn::Id);
        if !id.is_empty() && folded(&id) != known.id.as_str() {
            self.flaw(number, Some(UnitColumn::Id), &id, Flaw::OtherId(known.id.clone()));
        }
        if let Some(mailbox) = self.mailbox(number) {
            unit.mailbox = Some(mailbox);
        }
        let mut short = self.names_of(number, UnitColumn::Short, &known.id);
        let mut aliases = self.names_of(number, UnitColumn::Aliases, &known.id);
        aliases.extend(self.names_of(number, UnitColumn::Names, &known.id));
        if !short.is_empty() {
            let before = std::mem::replace(&mut unit.short, short.remove(0));
            aliases.extend(short);
            aliases.push(before);
        }
        add_names(&mut unit, aliases);
        unit
    }

    /// Names of the unit in a cell; one that is another's is told.
    fn names_of(&mut self, number: u32, column: UnitColumn, id: &UnitId) -> Vec<String> {
        let mut names = names_in(&self.cell(number, column));
        let others: Vec<(String, UnitId)> = names
            .iter()
            .filter_map(|name| {
                Some((name.clone(), self.spelt.get(&folded(name)).filter(|owner| *owner != id)?.clone()))
            })
            .collect();
        for (name, owner) in others {
            names.retain(|kept| *kept != name);
            self.flaw(number, Some(column), &name, Flaw::NameOf(owner));
        }
        names
    }

    fn kind(&mut self, number: u32) -> Option<UnitKind> {
        let word = self.cell(number, UnitColumn::Kind);
        let kind = unit_kind(&word);
        if kind.is_none() && !word.is_empty() {
            self.flaw(number, Some(UnitColumn::Kind), &word, Flaw::Kind);
        }
        kind
    }

    fn mailbox(&mut self, number: u32) -> Option<String> {
        let text = self.cell(number, UnitColumn::Mailbox);
        let mailbox = mailbox(&text);
        if mailbox.is_none() && !is_nothing(&text) {
            self.flaw(number, Some(UnitColumn::Mailbox), &text, Flaw::Mailbox);
        }
        mailbox
    }

    fn contact(&mut self, number: u32) -> Option<Person> {
        let (mut name, mut column) = (self.cell(number, UnitColumn::Contact), UnitColumn::Phone);
        let mut digits = self.cell(number, UnitColumn::Phone);
        let both = self.cell(number, UnitColumn::ContactAndPhone);
        if !both.is_empty() {
            let at = both.find(|c: char| c.is_ascii_digit()).unwrap_or(both.len());
            let (who, rest) = both.split_at(at);
            who.trim_matches(|c: char| !c.is_alphanumeric()).clone_into(&mut name);
            rest.clone_into(&mut digits);
            column = UnitColumn::ContactAndPhone;
        }
        if is_nothing(&name) && is_nothing(&digits) {
            return None;
        }
        let number_of = phone(&digits);
        if number_of.is_none() && !is_nothing(&digits) {
            self.flaw(number, Some(column), &digits, Flaw::Phone);
        }
        let name = if is_nothing(&name) { String::new() } else { name };
        Some(Person { name, post: self.cell(number, UnitColumn::Post), phone: number_of.unwrap_or_default() })
    }

    fn collective(&mut self, number: u32, unit: &Unit) {
        for name in names_in(&self.cell(number, UnitColumn::MemberOf)) {
            let known = self.names.known(&name).and_then(|id| self.units.get(&id).copied());
            let met = self.spelt.get(&folded(&name)).cloned();
            let met = met.filter(|id| {
                self.list.added.iter().any(|row| row.unit.id == *id && row.unit.kind == UnitKind::Collective)
            });
            match known
                .filter(|known| known.kind == UnitKind::Collective)
                .map(|known| known.id.clone())
                .or(met)
            {
                Some(collective) => self.joining.push((number, collective, unit.id.clone())),
                None => self.flaw(number, Some(UnitColumn::MemberOf), &name, Flaw::NoCollective),
            }
        }
    }

    /// Units that rows put into a collective become its members.
    fn join(&mut self) {
        for (row, collective, unit) in std::mem::take(&mut self.joining) {
            let rows = self.list.added.iter_mut().chain(&mut self.list.changed);
            if let Some(known) = rows.map(|row| &mut row.unit).find(|known| known.id == collective) {
                if !known.members.contains(&unit) {
                    known.members.push(unit);
                }
                continue;
            }
            let Some(known) = self.units.get(&collective).filter(|known| !known.members.contains(&unit))
            else {
                continue;
            };
            let mut members = known.members.clone();
            members.push(unit);
            let unit = Unit { members, ..Unit::clone(known) };
            self.list.changed.push(UnitRow { row, unit, contact: None });
        }
    }
}

fn add_names(unit: &mut Unit, names: Vec<String>) {
    for name in names {
        if !unit.spellings().any(|known| *known == name) {
            unit.aliases.push(name);
        }
    }
}
