//! Where a sheet's column names stand: below title rows, in one row or two.

use std::collections::BTreeMap;

use super::book::{Cell, Merged, Sheet};
use super::column::{Column, EITHER_TIME, Fit, bare, without_brackets};
use super::fold::{folded, one_line};
use crate::locale::{Value as Words, message};

/// How many rows that hold anything are looked at.
pub(super) const ROWS_SEARCHED: usize = 30;
/// So many columns must be known, the task among them.
const COLUMNS_MIN: usize = 3;

/// The row or rows of column names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// how well it fits: more is better
    pub score: usize,
    /// first row, from 1
    pub first: u32,
    /// last row
    pub last: u32,
    /// names by place, as they stand
    pub names: BTreeMap<u32, Name>,
}

/// A column's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// as it stands; of two rows, both
    pub text: String,
    /// what it leads to
    pub leads_to: Option<(Column, Fit)>,
}

/// The row, or pair of rows, that fits best.
pub(super) fn best_header(sheet: &Sheet) -> Option<Header> {
    let rows: Vec<u32> = sheet.rows.keys().copied().take(ROWS_SEARCHED).collect();
    let single = |row: u32| scored(row, row, names_of(sheet, row));
    let mut best: Option<Header> = None;
    let mut keep = |header: Header, at_least: usize| {
        let better = best.as_ref().is_none_or(|best| header.score > best.score);
        if better && header.score > at_least {
            best = Some(header);
        }
    };
    for row in &rows {
        keep(single(*row), 0);
    }
    for row in &rows {
        let below = row + 1;
        if !sheet.rows.contains_key(&below) {
            continue;
        }
        let alone = single(*row).score.max(single(below).score);
        keep(scored(*row, below, names_of_two(sheet, *row, below)), alone);
    }
    best.filter(Header::is_one)
}

impl Header {
    fn is_one(&self) -> bool {
        let mut columns: Vec<Column> =
            self.names.values().filter_map(|name| Some(name.leads_to?.0)).collect();
        columns.sort_unstable();
        columns.dedup();
        let says_what = columns.contains(&Column::Text) || columns.contains(&Column::Title);
        columns.len() >= COLUMNS_MIN && says_what
    }
}

fn scored(first: u32, last: u32, names: BTreeMap<u32, Name>) -> Header {
    let mut fits: BTreeMap<Column, usize> = BTreeMap::new();
    for (column, fit) in names.values().filter_map(|name| name.leads_to) {
        let score = if matches!(fit, Fit::Exact(_)) { 2 } else { 1 };
        let best = fits.entry(column).or_default();
        *best = (*best).max(score);
    }
    Header { score: fits.values().sum(), first, last, names }
}

fn names_of(sheet: &Sheet, row: u32) -> BTreeMap<u32, Name> {
    texts(sheet, row)
        .into_iter()
        .map(|(place, text)| (place, Name { leads_to: Column::named(&text), text: one_line(&text) }))
        .collect()
}

/// Groups above, names below: `时限` over `原定` and `现定`. A name without one below stands for itself.
fn names_of_two(sheet: &Sheet, above: u32, below: u32) -> BTreeMap<u32, Name> {
    let (tops, bottoms) = (texts(sheet, above), texts(sheet, below));
    let places = tops.keys().chain(bottoms.keys()).copied();
    let mut names = BTreeMap::new();
    for place in places {
        let group = || {
            let merged = sheet.merged.iter().find(|merged| merged.holds(above, place));
            match merged {
                Some(merged) => tops.get(&merged.left),
                // Without merged cells a group's name stands over the first of its columns only.
                None if sheet.merged.is_empty() => tops.range(..=place).next_back().map(|(_, text)| text),
                None => None,
            }
        };
        let name = match (tops.get(&place), bottoms.get(&place)) {
            (Some(top), None) => Name { leads_to: Column::named(top), text: one_line(top) },
            (top, Some(bottom)) => match top.or_else(group) {
                Some(top) => both(top, bottom),
                None => Name { leads_to: Column::named(bottom), text: one_line(bottom) },
            },
            (None, None) => continue,
        };
        names.insert(place, name);
    }
    names
}

fn both(top: &str, bottom: &str) -> Name {
    let is_exact = |found: &Option<(Column, Fit)>| matches!(found, Some((_, Fit::Exact(_))));
    let ways = [format!("{top}{bottom}"), format!("{bottom}{top}"), bottom.to_owned()];
    let found: Vec<_> = ways.iter().map(|way| Column::named(way)).collect();
    let best =
        found.iter().find(|found| is_exact(found)).or_else(|| found.iter().find(|found| found.is_some()));
    Name { leads_to: best.copied().flatten(), text: format!("{}/{}", one_line(top), one_line(bottom)) }
}

fn texts(sheet: &Sheet, row: u32) -> BTreeMap<u32, String> {
    let cells = sheet.rows.get(&row).map(Vec::as_slice).unwrap_or_default();
    let places = 0..;
    places
        .zip(cells)
        .filter_map(|(place, cell)| match cell {
            Cell::Text(text) => Some((place, text.clone())),
            Cell::Empty | Cell::Number(_) | Cell::Day(_) | Cell::Period(_) | Cell::Odd(_) => None,
        })
        .collect()
}

/// A column of the sheet and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// what it holds
    pub column: Column,
    /// its place, from 0
    pub place: u32,
    /// its name as it stands
    pub name: String,
    /// why it is taken so, where its name does not say it outright
    pub assumed: Option<Words>,
}

/// A column that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// its place, from 0
    pub place: u32,
    /// its name as it stands; empty where it has none
    pub name: String,
    /// why
    pub why: Words,
}

/// What each named column holds, each thing in one column.
pub(super) fn matched(header: &Header) -> (Vec<Matched>, Vec<Unmatched>) {
    let mut best: BTreeMap<Column, (u32, Fit)> = BTreeMap::new();
    for (place, name) in &header.names {
        let Some((column, fit)) = name.leads_to else { continue };
        let better = best.get(&column).is_none_or(|(_, known)| rank(fit) < rank(*known));
        // Of several months' progress the last column is the newest.
        let newer = best.get(&column).is_some_and(|(_, known)| rank(fit) == rank(*known));
        if better || newer {
            best.insert(column, (*place, fit));
        }
    }
    let mut taken = Vec::new();
    let mut left = Vec::new();
    for (place, name) in &header.names {
        let (place, text) = (*place, name.text.clone());
        match name.leads_to {
            Some((column, fit)) if best.get(&column).is_some_and(|(best, _)| *best == place) => {
                let assumed = matches!(fit, Fit::Within(_))
                    .then(|| message("sheet-read-as").with("column", column.name()).into());
                taken.push(Matched { column, place, name: text, assumed });
            }
            Some((column, _)) => {
                let why = message("sheet-other-column").with("column", column.name());
                left.push(Unmatched { place, name: text, why: why.into() });
            }
            None => match either_time(&text, &best) {
                Some(column) => {
                    let assumed = if column == Column::Due {
                        "read as 完成时限: no other column says when a task is due"
                    } else {
                        "read as 单位填报完成日: the deadline has a column of its own"
                    };
                    best.insert(column, (place, Fit::Within(0)));
                    taken.push(Matched { column, place, name: text, assumed: Some(assumed.into()) });
                }
                None => left.push(Unmatched { place, name: text, why: "its name is not known".into() }),
            },
        }
    }
    (taken, left)
}

/// The better, the smaller.
fn rank(fit: Fit) -> (usize, usize) {
    match fit {
        Fit::Exact(place) => (0, place),
        Fit::Within(chars) => (1, usize::MAX - chars),
    }
}

fn either_time(name: &str, taken: &BTreeMap<Column, (u32, Fit)>) -> Option<Column> {
    let name = bare(&without_brackets(&folded(name)));
    if !EITHER_TIME.contains(&name.as_str()) {
        return None;
    }
    [Column::Due, Column::DoneOn].into_iter().find(|column| !taken.contains_key(column))
}

/// Whether a column's cells are merged with those above, within its own width or a wider block.
pub(super) fn merged_above(merged: &[Merged], row: u32, place: u32) -> Option<(u32, u32)> {
    let block = merged.iter().find(|block| block.top < row && block.holds(row, place))?;
    Some((block.top, block.left))
}
