//! The burden as two tables: letters and requests by unit and month, before merging and after.

use std::collections::{BTreeMap, BTreeSet};

use crate::cli::print::{Column, Printer};
use crate::daemon::rehearsal::{Burden, Month};
use crate::domain::{Unit, UnitId};

/// Before merging and after.
type Pair = (usize, usize);

/// Letters and requests, the busiest unit first.
pub(super) fn tables(printer: &Printer, all: &[Burden], units: &[Unit]) -> String {
    let letters = table(printer, "letters", all, units, |one| (one.letters_before, one.letters));
    let requests = table(printer, "requests", all, units, |one| (one.requests_before, one.requests));
    let receipts: usize = all.iter().map(|one| one.receipts).sum();
    format!(
        "before merging > as it is; requests are answers asked for, a matter once a letter\n\n{letters}\n{requests}\nreceipts beside them: {receipts}\n"
    )
}

fn table(printer: &Printer, what: &str, all: &[Burden], units: &[Unit], of: fn(&Burden) -> Pair) -> String {
    let months: BTreeSet<Month> = all.iter().map(|one| one.month).collect();
    let mut by_unit: BTreeMap<&UnitId, Vec<&Burden>> = BTreeMap::new();
    for one in all {
        by_unit.entry(&one.unit).or_default().push(one);
    }
    let rows = by_unit.iter().map(|(unit, own)| (*unit, own.as_slice()));
    let mut rows: Vec<(&UnitId, &[&Burden])> = rows.filter(|(_, own)| sum(own, of) != (0, 0)).collect();
    rows.sort_by_key(|(unit, own)| (std::cmp::Reverse(sum(own, of)), *unit));
    let name = |id: &UnitId| {
        let unit = units.iter().find(|unit| unit.id == *id);
        unit.map_or_else(|| id.to_string(), |unit| unit.short.clone())
    };
    let row = |name: String, own: &[&Burden]| {
        let of_month = |month: &Month| {
            let own: Vec<&Burden> = own.iter().copied().filter(|one| one.month == *month).collect();
            shown(sum(&own, of))
        };
        let cells = months.iter().map(of_month);
        std::iter::once(name).chain(cells).chain([shown(sum(own, of))]).collect::<Vec<String>>()
    };
    let mut lines: Vec<Vec<String>> = rows.iter().map(|(unit, own)| row(name(unit), own)).collect();
    lines.push(row(format!("all {what}"), &all.iter().collect::<Vec<_>>()));
    let months = months.iter().map(|month| format!("{:02}-{:02}", month.year % 100, month.month));
    let head: Vec<String> =
        std::iter::once(what.to_owned()).chain(months).chain(["all".to_owned()]).collect();
    let columns: Vec<Column> = head
        .iter()
        .enumerate()
        .map(|(index, name)| if index == 0 { Column::wrapping(name, 8) } else { Column::number(name) })
        .collect();
    printer.table(&columns, &lines)
}

fn sum(all: &[&Burden], of: fn(&Burden) -> Pair) -> Pair {
    all.iter().map(|one| of(one)).fold((0, 0), |(before, after), (a, b)| (before + a, after + b))
}

fn shown((before, after): Pair) -> String {
    if before == 0 && after == 0 { String::new() } else { format!("{before}>{after}") }
}
