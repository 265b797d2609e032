//! `ladders.toml`: which reminders go before and after a deadline.

use std::ops::RangeInclusive;

use chrono::Weekday;

use crate::domain::{AdoptionRule, Ladder, Ladders, OutageRule, OverdueRule};

use super::limits::DAYS_MAX;
use super::page::Page;
use super::table::{Field, Kind, Table};
use crate::locale::message;

const DAYS: RangeInclusive<u16> = 1..=DAYS_MAX;

static FILE: Kind = Kind {
    name: "ladders.toml",
    keys: &[
        ("version", "version = 1"),
        ("ladder", "[ladder.standard]"),
        ("overdue", "[overdue]"),
        ("adoption", "[adoption]"),
        ("outage", "[outage]"),
    ],
    elsewhere: &[],
};

static LADDERS: Kind = Kind {
    name: "the set of ladders",
    keys: &[
        ("standard", "[ladder.standard]"),
        ("brief", "[ladder.brief]"),
        ("daily", "[ladder.daily]"),
        ("avoid", "[ladder.avoid]"),
    ],
    elsewhere: &[],
};

static LADDER: Kind = Kind {
    name: "a ladder",
    keys: &[("notice", "notice = true"), ("before", "before = [30, 7, 1]"), ("due", "due = true")],
    elsewhere: &[],
};

static OVERDUE: Kind = Kind {
    name: "the overdue rule",
    keys: &[
        ("every", "every = \"mon\""),
        ("leader_after", "leader_after = 7"),
        ("supervision_after", "supervision_after = 15"),
    ],
    elsewhere: &[],
};

static ADOPTION: Kind = Kind {
    name: "the adoption rule",
    keys: &[
        ("horizon_days", "horizon_days = 40"),
        ("absorbs_collection_days", "absorbs_collection_days = 7"),
    ],
    elsewhere: &[],
};

static OUTAGE: Kind = Kind {
    name: "the outage rule",
    keys: &[("missed_after_days", "missed_after_days = 14")],
    elsewhere: &[],
};

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// What `ladders.toml` says.
pub(super) fn ladders(page: &Page) -> Option<Ladders> {
    let root = page.root()?;
    let file = Table::of(page, 0..0, root.get_ref(), &FILE);
    let version = file.need("version").and_then(|field| field.number(&(1..=u32::MAX)));
    let set = file.need("ladder").and_then(|field| field.table(&LADDERS));
    let named = |key| set.as_ref().and_then(|set| ladder(&set.need(key)?));
    let (standard, brief, daily, avoid) = (named("standard"), named("brief"), named("daily"), named("avoid"));
    let overdue = file.need("overdue").and_then(|field| overdue(&field));
    let adoption = file.need("adoption").and_then(|field| {
        let table = field.table(&ADOPTION)?;
        let (horizon, absorbs) = (count(&table, "horizon_days"), count(&table, "absorbs_collection_days"));
        Some(AdoptionRule { horizon_days: horizon?, absorbs_collection_days: absorbs? })
    });
    let outage = file.need("outage").and_then(|field| {
        let table = field.table(&OUTAGE)?;
        Some(OutageRule { missed_after_days: count(&table, "missed_after_days")? })
    });
    Some(Ladders {
        version: version?,
        standard: standard?,
        brief: brief?,
        daily: daily?,
        avoid: avoid?,
        overdue: overdue?,
        adoption: adoption?,
        outage: outage?,
    })
}

fn count(table: &Table<'_>, key: &str) -> Option<u16> {
    table.need(key)?.number(&DAYS)
}

fn ladder(field: &Field<'_>) -> Option<Ladder> {
    let table = field.table(&LADDER)?;
    let before = table.optional("before", before);
    Some(Ladder {
        notice: table.flag("notice"),
        before: before.ok()?.unwrap_or_default(),
        due: table.flag("due"),
    })
}

/// Days before the deadline, each less than the one before it.
fn before(field: &Field<'_>) -> Option<Vec<u16>> {
    let items = field.list()?;
    let days: Vec<(Option<u16>, &Field<'_>)> = items.iter().map(|item| (item.number(&DAYS), item)).collect();
    for pair in days.windows(2) {
        if let [(Some(first), before), (Some(second), after)] = pair
            && second >= first
        {
            let rises = message("plan-not-descending").with("second", second).with("first", first);
            return after.refuse(after.fault(rises).also(before.span(), message("plan-than-this")));
        }
    }
    days.into_iter().map(|(day, _)| day).collect()
}

fn overdue(field: &Field<'_>) -> Option<OverdueRule> {
    let table = field.table(&OVERDUE)?;
    let every = table.need("every").and_then(|field| field.word(&WEEKDAYS));
    let (leader, supervision) = (count(&table, "leader_after"), count(&table, "supervision_after"));
    let rule = OverdueRule { every: every?, leader_after: leader?, supervision_after: supervision? };
    if rule.supervision_after < rule.leader_after {
        let (first, second) = (table.get("leader_after")?, table.get("supervision_after")?);
        let fault = second.fault(message("plan-supervision-first"));
        return second.refuse(fault.also(first.span(), message("plan-than-this")));
    }
    Some(rule)
}
