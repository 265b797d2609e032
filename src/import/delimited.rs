//! .csv bytes as one sheet: UTF-8 with or without its mark, UTF-16, or GBK; commas, tabs or semicolons.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::book::{Book, COLUMNS_MAX, Cell, Limits, ROWS_MAX, Sheet, Source, Unreadable};
use super::table::best_header;
use crate::locale::{Message, Value as Words, message};

/// What may stand between two cells.
const BETWEEN: [(u8, &str); 3] = [(b',', "commas"), (b'\t', "tabs"), (b';', "semicolons")];

/// The text's one sheet, named as the file.
pub(super) fn book(source: &Source<'_>, limits: &Limits) -> Result<Book, Unreadable> {
    let (text, encoding) = decoded(source.bytes)?;
    let text = without_separator_line(&text);
    let mut best: Option<(usize, Sheet, &str)> = None;
    let mut refused = None;
    for (between, called) in BETWEEN {
        let sheet = match sheet(source.name, text, between, limits) {
            Ok(sheet) => sheet,
            Err(why) => {
                refused.get_or_insert(why);
                continue;
            }
        };
        let score = best_header(&sheet).map_or(0, |header| header.score);
        if best.as_ref().is_none_or(|(most, ..)| score > *most) {
            best = Some((score, sheet, called));
        }
    }
    // A mark that is too common is not what stands between two cells.
    let Some((_, sheet, called)) = best.filter(|(score, ..)| *score > 0 || refused.is_none()) else {
        return Err(refused.unwrap_or(Unreadable::Empty));
    };
    let mut remarks = Vec::new();
    if encoding != UTF_8 {
        remarks.push(message("sheet-encoding").with("encoding", encoding.name()).into());
    }
    if called != "commas" {
        remarks.push(message("sheet-between").put("between", called.into()).into());
    }
    Ok(Book { sheets: vec![sheet], remarks })
}

/// The text below `sep=;`, a line that speaks to the spreadsheet and is no row of it.
fn without_separator_line(text: &str) -> &str {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let separator = first.trim_end_matches('\r').strip_prefix("sep=");
    if separator.is_some_and(|mark| mark.chars().count() <= 1) { rest } else { text }
}

/// The text and how it was encoded. GB18030 holds all of GBK and GB2312.
fn decoded(bytes: &[u8]) -> Result<(String, &'static Encoding), Unreadable> {
    let (encoding, skip) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let bytes = bytes.get(skip..).unwrap_or_default();
    let ways: &[&'static Encoding] = if skip > 0 { &[encoding] } else { &[UTF_8, GB18030] };
    ways.iter()
        .find_map(|way| {
            Some((way.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned(), *way))
        })
        .ok_or(Unreadable::Encoding)
}

fn sheet(name: &str, text: &str, between: u8, limits: &Limits) -> Result<Sheet, Unreadable> {
    let too_much = |what: Message| Unreadable::TooMuch { sheet: name.to_owned(), what: what.into() };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(between)
        .from_reader(text.as_bytes());
    let mut rows = BTreeMap::new();
    let mut record = csv::StringRecord::new();
    let mut room = limits.cells;
    let (mut row, mut line): (u32, u64) = (0, 1);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => return Err(Unreadable::Damaged(Words::Said(fault.to_string()))),
        }
        // Empty lines are passed over by the reader, but they are rows in a spreadsheet.
        let now = reader.position().line();
        let within = record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let passed = now.saturating_sub(line).saturating_sub(u64::try_from(within).unwrap_or(0)).max(1);
        row = row.saturating_add(u32::try_from(passed).unwrap_or(1));
        line = now;
        room = room
            .checked_sub(record.len())
            .ok_or_else(|| too_much(message("sheet-over-cells").with("most", &limits.cells)))?;
        let cells: Vec<Cell> = record.iter().map(Cell::of).collect();
        if cells.len() > usize::try_from(COLUMNS_MAX).unwrap_or(usize::MAX) {
            return Err(too_much(message("sheet-over-columns").with("most", &COLUMNS_MAX)));
        }
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.insert(row, cells);
        }
        if rows.len() > ROWS_MAX {
            return Err(too_much(message("sheet-over-rows").with("most", &ROWS_MAX)));
        }
    }
    Ok(Sheet { name: name.to_owned(), rows, ..Sheet::default() })
}
