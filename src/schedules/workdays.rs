//! `workdays/<set>-YYYY.toml`: days off and make-up workdays of a year.

use crate::calendar::{OffSpan, WorkingYear};

use super::diagnostic::Fault;
use super::page::Page;
use super::table::{Field, Kind, Table};
use super::words;
use crate::locale::{Spoken as _, message};

static FILE: Kind = Kind {
    name: "a year of working days",
    keys: &[
        ("year", "year = 2021"),
        ("notice", "notice = \"国办发明电〔2020〕27号\""),
        ("off", "off = [{ name = \"元旦\", from = 2021-01-01, until = 2021-01-03 }]"),
        ("work", "work = [2021-02-07]"),
    ],
    elsewhere: &[],
};

static OFF: Kind = Kind {
    name: "a span of days off",
    keys: &[("name", "name = \"元旦\""), ("from", "from = 2021-01-01"), ("until", "until = 2021-01-03")],
    elsewhere: &[],
};

/// The set and the year that a file's name says: `workdays/cn-2021.toml` is `cn` and 2021.
pub(super) fn named(file: &str) -> Option<(&str, i32)> {
    let stem = file.rsplit('/').next()?.strip_suffix(".toml")?;
    let (set, year) = stem.rsplit_once('-')?;
    let year = year.parse().ok().filter(|_| year.len() == 4)?;
    (!set.is_empty()).then_some((set, year))
}

/// What the file says of its year.
pub(super) fn working_year(page: &Page) -> Option<WorkingYear> {
    let named = named(&page.name);
    if named.is_none() {
        page.tell(Fault::at(0..0, message("plan-names-no-year").with("file", &page.name)));
    }
    let root = page.root()?;
    let file = Table::of(page, 0..0, root.get_ref(), &FILE);
    let year_field = file.need("year");
    let year = year_field.as_ref().and_then(|field| field.number(&(1949..=9999)))?;
    if let (Some(field), Some((_, named))) = (year_field, named)
        && named != year
    {
        page.tell(field.fault(message("plan-another-year").with("named", &named).with("year", &year)));
    }
    let notice = file.get("notice").and_then(|field| words::line(&field));
    // The entries are held against the name's year: only one of the two is wrong.
    let year = named.map_or(year, |(_, named)| named);
    let mut working = WorkingYear { year, notice, off: Vec::new(), work: Vec::new() };
    for item in file.get("off").and_then(|field| field.list()).unwrap_or_default() {
        if let Some(span) = off(&item) {
            working.off.push(span);
            checked(&mut working, &item, |working| {
                working.off.pop();
            });
        }
    }
    for item in file.get("work").and_then(|field| field.list()).unwrap_or_default() {
        if let Some(date) = item.date() {
            working.work.push(date);
            checked(&mut working, &item, |working| {
                working.work.pop();
            });
        }
    }
    if working.notice.is_none() && !working.off.is_empty() {
        page.warn(Fault::at(0..0, message("plan-no-notice")));
    }
    Some(working)
}

/// Holds what was just added against what stands already, so that every wrong entry is told.
fn checked(working: &mut WorkingYear, added: &Field<'_>, undo: impl Fn(&mut WorkingYear)) {
    if let Err(error) = working.check() {
        let fault = added.fault(error.spoken()).label(message("plan-this-entry"));
        added.page.tell(fault.help(message("plan-compare-notice")));
        undo(working);
    }
}

fn off(item: &Field<'_>) -> Option<OffSpan> {
    let table = item.table(&OFF)?;
    let name = table.need("name").and_then(|field| words::line(&field));
    let (from, until) = (table.need("from"), table.need("until"));
    let (from, until) = (from.and_then(|field| field.date()), until.and_then(|field| field.date()));
    Some(OffSpan { name: name?, from: from?, until: until? })
}
