//! `units.toml`: responsible units and collectives; and the index by which plans are held against them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::domain::{UNITS_MAX, Unit, UnitId, UnitKind};

use super::diagnostic::Fault;
use super::near::nearest;
use super::page::Page;
use super::table::{Field, Kind, Table, did_you_mean};
use super::words;
use crate::locale::{Message, message};

const PEOPLE: fn() -> Message = || message("plan-people");

static FILE: Kind = Kind { name: "units.toml", keys: &[("unit", "[[unit]]")], elsewhere: &[] };

static UNIT: Kind = Kind {
    name: "a unit",
    keys: &[
        ("id", "id = \"housing\""),
        ("name", "name = \"县住房和城乡建设管理局\""),
        ("short", "short = \"县住建局\""),
        ("aliases", "aliases = [\"住房和城乡建设管理局\"]"),
        ("kind", "kind = \"bureau\""),
        ("mailbox", "mailbox = \"housing@duban.example\""),
        ("sort_key", "sort_key = \"xianzhujianju\""),
        ("members", "members = [\"runcheng\", \"beiliu\"]"),
    ],
    elsewhere: &[("leader", PEOPLE), ("contact", PEOPLE), ("phone", PEOPLE), ("head", PEOPLE)],
};

pub(super) const KINDS: [(&str, UnitKind); 6] = [
    ("bureau", UnitKind::Bureau),
    ("township", UnitKind::Township),
    ("zone", UnitKind::Zone),
    ("company", UnitKind::Company),
    ("government", UnitKind::Government),
    ("collective", UnitKind::Collective),
];

/// Which units there are, as far as is known.
#[derive(Default)]
pub(super) struct UnitIndex {
    ids: BTreeSet<UnitId>,
    /// names, short names and aliases, and whose they are
    spellings: BTreeMap<String, UnitId>,
    /// whether every unit is known; an unknown one can't be told otherwise
    pub(super) is_whole: bool,
}

impl UnitIndex {
    /// The index of these units.
    pub(super) fn of(units: &[Unit]) -> Self {
        let mut index = Self { is_whole: true, ..Self::default() };
        for unit in units {
            index.ids.insert(unit.id.clone());
            for spelling in unit.spellings() {
                index.spellings.insert(spelling.clone(), unit.id.clone());
            }
        }
        index
    }

    /// The unit that a field names; told where there is none.
    pub(super) fn unit(&self, field: &Field<'_>) -> Option<UnitId> {
        let text = field.text()?;
        let parsed = UnitId::parse(text);
        if let Ok(id) = &parsed
            && (!self.is_whole || self.ids.contains(id))
        {
            return Some(id.clone());
        }
        if !self.is_whole && !self.spellings.contains_key(text) {
            return field.refuse(field.fault(message("plan-no-unit-id").with("text", text)));
        }
        let fault = field.fault(message("plan-no-unit").with("text", text));
        let ids = || self.ids.iter().map(UnitId::as_str);
        let named = || {
            let name = nearest(text, self.spellings.keys().map(String::as_str))?;
            Some(message("plan-did-you-mean-unit").with("id", self.spellings.get(name)?).with("name", name))
        };
        let help = match self.spellings.get(text) {
            Some(id) => Some(message("plan-unit-is-a-name").with("text", text).with("id", id)),
            None => nearest(text, ids()).map(did_you_mean).or_else(named),
        };
        field.refuse(fault.maybe_help(help))
    }

    /// The units that a list names, each once.
    pub(super) fn units(&self, field: &Field<'_>) -> Option<Vec<UnitId>> {
        let items = field.list()?;
        let mut seen: Vec<(UnitId, Range<usize>)> = Vec::new();
        let mut whole = true;
        for item in &items {
            let Some(id) = self.unit(item) else {
                whole = false;
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(seen, _)| *seen == id) {
                let fault =
                    item.fault(message("plan-in-list-twice").with("name", &id).with("list", field.key));
                item.page.tell(fault.also(first.clone(), message("plan-first-here")));
                whole = false;
            }
            seen.push((id, item.span()));
        }
        whole.then(|| seen.into_iter().map(|(id, _)| id).collect())
    }
}

/// What `units.toml` says, and the index of it.
pub(super) fn units(page: &Page) -> (Vec<Unit>, UnitIndex) {
    let Some(root) = page.root() else {
        return (Vec::new(), UnitIndex::default());
    };
    let file = Table::of(page, 0..0, root.get_ref(), &FILE);
    let tables = file.need("unit").and_then(|field| field.tables(&UNIT)).unwrap_or_default();
    if tables.len() > UNITS_MAX {
        let many = message("plan-too-many-units").with("count", &tables.len()).with("most", &UNITS_MAX);
        page.tell(Fault::at(file.span.clone(), many));
    }
    let ids: Vec<Option<UnitId>> =
        tables.iter().map(|table| table.need("id").and_then(|id| id.parsed())).collect();
    let mut index = UnitIndex {
        ids: ids.iter().flatten().cloned().collect(),
        spellings: BTreeMap::new(),
        is_whole: ids.iter().all(Option::is_some) && !tables.is_empty(),
    };
    told_twice(&tables, &ids);
    spelt_twice(&tables, &ids, &mut index);
    let units: Vec<Unit> = tables.iter().zip(ids).filter_map(|(table, id)| unit(table, id, &index)).collect();
    cycles(&tables, &units);
    (units, index)
}

fn told_twice(tables: &[Table<'_>], ids: &[Option<UnitId>]) {
    let mut first: BTreeMap<&UnitId, Range<usize>> = BTreeMap::new();
    for (table, id) in tables.iter().zip(ids) {
        let (Some(id), Some(field)) = (id, table.get("id")) else {
            continue;
        };
        if let Some(first) = first.get(id) {
            let fault = field.fault(message("plan-id-of-two-units").with("id", id));
            table.page.tell(fault.also(first.clone(), message("plan-first-here")));
        } else {
            first.insert(id, field.span());
        }
    }
}

/// A spelling must lead to one unit: told where two units share it.
fn spelt_twice<'a>(tables: &[Table<'a>], ids: &[Option<UnitId>], index: &mut UnitIndex) {
    let mut first: BTreeMap<&'a str, (usize, Field<'a>)> = BTreeMap::new();
    for (at, (table, id)) in tables.iter().zip(ids).enumerate() {
        let aliases = table.get("aliases").and_then(|field| field.list()).unwrap_or_default();
        let names = [table.get("name"), table.get("short")].into_iter().flatten();
        for field in names.chain(aliases) {
            let Some(text) = field.is_text().then(|| field.text()).flatten() else {
                continue;
            };
            if let Some(id) = id {
                index.spellings.entry(text.trim().to_owned()).or_insert_with(|| id.clone());
            }
            let Some((owner, before)) = first.get(text) else {
                first.insert(text, (at, field));
                continue;
            };
            if *owner != at {
                let fault = field.fault(message("plan-name-of-two-units").with("text", text));
                table.page.tell(fault.also(before.span(), message("plan-first-here")));
            }
        }
    }
}

fn unit(table: &Table<'_>, id: Option<UnitId>, index: &UnitIndex) -> Option<Unit> {
    let name = table.need("name").and_then(|field| words::line(&field));
    let short = table.need("short").and_then(|field| words::line(&field));
    let aliases = table.optional("aliases", |field| {
        let items = field.list()?;
        let mut aliases: Vec<String> = Vec::new();
        for (item, alias) in items.iter().filter_map(|item| Some((item, words::line(item)?))) {
            if aliases.contains(&alias) {
                let twice = message("plan-in-list-twice").with("name", &alias).with("list", field.key);
                item.page.tell(item.fault(twice).also(field.key_span.clone(), message("plan-in-this-list")));
            }
            aliases.push(alias);
        }
        Some(aliases)
    });
    let kind = table.need("kind").and_then(|field| field.word(&KINDS));
    let mailbox = table.optional("mailbox", words::address);
    let sort_key = table.need("sort_key").and_then(|field| words::line(&field));
    if let (Some(members), Some(kind)) = (table.get("members"), kind)
        && kind != UnitKind::Collective
    {
        table.page.tell(Fault::at(members.key_span, message("plan-members-of-one")));
    }
    let members = table.optional("members", |field| index.units(field));
    Some(Unit {
        id: id?,
        name: name?,
        short: short?,
        aliases: aliases.ok()?.unwrap_or_default(),
        kind: kind?,
        mailbox: mailbox.ok()?,
        sort_key: sort_key?,
        members: members.ok()?.unwrap_or_default(),
        muted: false,
        leader: None,
    })
}

/// Tells collectives that contain themselves.
fn cycles(tables: &[Table<'_>], units: &[Unit]) {
    let members: BTreeMap<&UnitId, &[UnitId]> =
        units.iter().map(|unit| (&unit.id, unit.members.as_slice())).collect();
    for unit in units {
        let Some(mut way) = way_back(&unit.id, &members) else {
            continue;
        };
        // Every unit of the ring finds it; it is told once, at the least of them.
        if way.iter().any(|other| **other < unit.id) {
            continue;
        }
        way.push(&unit.id);
        let way: Vec<String> = way.iter().map(|id| format!("`{id}`")).collect();
        let of_unit = |table: &&Table<'_>| table.get("id").and_then(|id| id.text()) == Some(unit.id.as_str());
        let Some(field) = tables.iter().find(of_unit).and_then(|table| table.get("members")) else {
            continue;
        };
        let itself = message("plan-member-of-itself").with("unit", &unit.id).with("way", &way.join(" → "));
        field.page.tell(field.fault(itself));
    }
}

/// The shortest way from a unit over members back to it, the unit first.
fn way_back<'u>(start: &'u UnitId, members: &BTreeMap<&'u UnitId, &'u [UnitId]>) -> Option<Vec<&'u UnitId>> {
    let mut seen: BTreeSet<&UnitId> = BTreeSet::new();
    let mut ways = std::collections::VecDeque::from([vec![start]]);
    while let Some(way) = ways.pop_front() {
        let next = way.last().and_then(|last| members.get(last)).copied().unwrap_or_default();
        for member in next {
            if member == start {
                return Some(way);
            }
            if seen.insert(member) {
                let mut longer = way.clone();
                longer.push(member);
                ways.push_back(longer);
            }
        }
    }
    None
}
