//! .xlsx bytes as sheets. Nothing is unpacked before its size is known, and no more of it than a limit: what a book may
//! hold, all of its sheets share.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxFormulaMetadata,
};
use chrono::NaiveDate;

use super::book::{Book, COLUMNS_MAX, Cell, Limits, Merged, ROWS_MAX, Sheet, Unreadable};
use super::hidden::hidden_rows;
use super::looks::Look;
use super::parts::{Rationed, checked};
use crate::locale::{Message, Value as Words, message};

/// Most merged cells of a sheet.
pub const MERGED_MAX: usize = 5_000;
/// Most sheets.
pub const SHEETS_MAX: usize = 100;

/// Whether a compound file is an encrypted workbook rather than an .xls: it has a stream of that name.
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|part| part == name)
}

/// The workbook's sheets, as far as the first that is `sought`.
pub(super) fn book(
    bytes: &[u8],
    limits: &Limits,
    sought: &dyn Fn(&Sheet) -> bool,
) -> Result<Book, Unreadable> {
    let said = checked(bytes, limits)?;
    // The reader of the format is somebody else's, and the file is anybody's.
    let read = catch_unwind(AssertUnwindSafe(|| sheets(bytes, limits, &said.struck, sought)));
    let sheets = read.map_err(|_| Unreadable::Damaged("its reader gave up".into()))??;
    let mut remarks = Vec::new();
    if said.notes > 0 {
        remarks.push("the workbook holds notes on cells (批注); they are not read".into());
    }
    Ok(Book { sheets, remarks })
}

/// The fault's own words, without the names of the layers that it came through.
fn plain(fault: &calamine::XlsxError) -> String {
    let mut text = fault.to_string();
    for layer in ["Xml error: ", "I/O error: ", "Zip error: "] {
        if let Some(rest) = text.strip_prefix(layer) {
            text = rest.to_owned();
        }
    }
    text
}

fn sheets(
    bytes: &[u8],
    limits: &Limits,
    struck: &BTreeSet<String>,
    sought: &dyn Fn(&Sheet) -> bool,
) -> Result<Vec<Sheet>, Unreadable> {
    let damaged = |fault: calamine::XlsxError| {
        if matches!(fault, calamine::XlsxError::Password) {
            return Unreadable::Password;
        }
        Unreadable::Damaged(Words::Said(plain(&fault)))
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Rationed::of(bytes)).map_err(damaged)?;
    let listed: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .take(SHEETS_MAX)
        .collect();
    let mut hidden = hidden_rows(bytes);
    let mut sheets = Vec::new();
    let mut room = Room { text_bytes: limits.text_bytes, cells: limits.cells };
    for (name, is_hidden) in listed {
        let merged = workbook.merge_cells_by_sheet_name(&name).map_err(damaged)?;
        let mut left = room;
        let sheet = match sheet(&mut workbook, &name, (&mut left, limits), struck) {
            Ok(sheet) => {
                room = left;
                sheet
            }
            Err(Fault::TooMuch(what)) => Sheet { refused: Some(what), ..Sheet::default() },
            Err(Fault::Damaged(fault)) => return Err(damaged(fault)),
        };
        let refused = (merged.len() > MERGED_MAX)
            .then(|| message("sheet-over-merged").with("most", &MERGED_MAX).into());
        let merged = if refused.is_some() { Vec::new() } else { merged };
        let merged = merged.iter().map(as_merged).collect();
        let mut hidden_rows = hidden.remove(&name).unwrap_or_default();
        hidden_rows.retain(|row| sheet.rows.contains_key(row));
        let refused = sheet.refused.or(refused);
        let sheet = Sheet { name, is_hidden, merged, hidden_rows, refused, ..sheet };
        let is_sought = sought(&sheet);
        sheets.push(sheet);
        if is_sought {
            break;
        }
    }
    Ok(sheets)
}

/// What the book may hold beside the sheets that are read.
#[derive(Clone, Copy)]
struct Room {
    text_bytes: usize,
    cells: usize,
}

impl Room {
    fn take(left: &mut usize, wanted: usize, what: impl FnOnce() -> Message) -> Result<(), Fault> {
        *left = left.checked_sub(wanted).ok_or_else(|| Fault::TooMuch(what().into()))?;
        Ok(())
    }
}

enum Fault {
    TooMuch(Words),
    Damaged(calamine::XlsxError),
}

impl From<calamine::XlsxError> for Fault {
    fn from(fault: calamine::XlsxError) -> Self {
        Self::Damaged(fault)
    }
}

/// Cell by cell: a sheet's own word for its size is not believed.
fn sheet(
    workbook: &mut Xlsx<Rationed<'_>>,
    name: &str,
    (room, limits): (&mut Room, &Limits),
    struck_texts: &BTreeSet<String>,
) -> Result<Sheet, Fault> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let mut formulas = BTreeSet::new();
    let mut uncalculated = BTreeMap::new();
    let mut struck = BTreeSet::new();
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        // A text is counted before it is copied: one long text may stand in many cells.
        Room::take(&mut room.text_bytes, text_bytes(&record.value), || {
            message("sheet-over-text").with("most", &limits.text_bytes)
        })?;
        let cell = cell(&record.value);
        let (row, column) = (record.pos.0.saturating_add(1), record.pos.1);
        // An empty text is a value: only a formula that was never calculated has none.
        let never_calculated = record.formula.is_some() && matches!(record.value, DataRef::Empty);
        if cell.is_empty() && !never_calculated {
            continue;
        }
        if column >= COLUMNS_MAX {
            return Err(Fault::TooMuch(message("sheet-over-columns").with("most", &COLUMNS_MAX).into()));
        }
        if !rows.contains_key(&row) && rows.len() == ROWS_MAX {
            return Err(Fault::TooMuch(message("sheet-over-rows").with("most", &ROWS_MAX).into()));
        }
        let place = usize::try_from(column).unwrap_or(usize::MAX);
        let cells = rows.entry(row).or_default();
        if cells.len() <= place {
            Room::take(&mut room.cells, place + 1 - cells.len(), || {
                message("sheet-over-cells-of-all").with("most", &limits.cells)
            })?;
            cells.resize(place + 1, Cell::Empty);
        }
        if never_calculated {
            uncalculated.insert((row, column), record.formula.as_ref().map(beginning).unwrap_or_default());
        }
        if matches!(&cell, Cell::Text(text) if struck_texts.contains(text)) {
            struck.insert((row, column));
        }
        if let Some(slot) = cells.get_mut(place) {
            *slot = cell;
        }
        if record.formula.is_some() {
            formulas.insert((row, column));
        }
    }
    drop(reader);
    let mut sheet = Sheet { rows, formulas, uncalculated, struck, ..Sheet::default() };
    by_style(workbook, name, &mut sheet)?;
    Ok(sheet)
}

/// The beginning of a formula, as a person finds it again.
fn beginning(formula: &XlsxFormulaMetadata) -> String {
    const CHARS_MAX: usize = 40;
    let text = if let XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } =
        formula
    {
        formula
    } else {
        "…"
    };
    text.chars().take(CHARS_MAX).collect()
}

/// What the cells' styles say: dates that show a month or a year, texts that are struck through.
fn by_style(workbook: &mut Xlsx<Rationed<'_>>, name: &str, sheet: &mut Sheet) -> Result<(), Fault> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let looks: Vec<Look> = reader.styles().iter().map(Look::of).collect();
    if looks.iter().all(|look| look.is_plain()) {
        return Ok(());
    }
    while let Some((row, column, style)) = reader.next_style_id()? {
        let row = row.saturating_add(1);
        let place = usize::try_from(column).unwrap_or(usize::MAX);
        let cell = sheet.rows.get_mut(&row).and_then(|cells| cells.get_mut(place));
        let (Some(cell), Some(look)) = (cell.filter(|cell| !cell.is_empty()), looks.get(style)) else {
            continue;
        };
        if let Cell::Day(day) = cell
            && let Some(period) = look.period(*day)
        {
            *cell = Cell::Period(period);
        }
        if look.is_struck {
            sheet.struck.insert((row, column));
        }
    }
    Ok(())
}

fn text_bytes(value: &DataRef<'_>) -> usize {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.len(),
        DataRef::SharedString(text) => text.len(),
        DataRef::Empty
        | DataRef::Int(_)
        | DataRef::Float(_)
        | DataRef::DateTime(_)
        | DataRef::Bool(_)
        | DataRef::Error(_) => 0,
    }
}

fn cell(value: &DataRef<'_>) -> Cell {
    #[expect(clippy::cast_precision_loss, reason = "whole numbers of a sheet are floats in the file anyway")]
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::of(text),
        DataRef::SharedString(text) => Cell::of(text),
        DataRef::DateTime(at) => day(*at),
        DataRef::DateTimeIso(text) => match text.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Cell::Day(day),
            None => Cell::of(text),
        },
        DataRef::DurationIso(text) => Cell::of(text),
        DataRef::Bool(truth) => Cell::Odd(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::Error(fault) => Cell::Odd(fault.to_string()),
    }
}

/// A time of day alone, and a number that no calendar has, stay numbers.
fn day(at: ExcelDateTime) -> Cell {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    match date.filter(|_| at.is_datetime() && at.as_f64() >= 1.0 && year > 1900) {
        Some(date) => Cell::Day(date),
        None => Cell::Number(at.as_f64()),
    }
}

fn as_merged(range: &Dimensions) -> Merged {
    Merged {
        top: range.start.0.saturating_add(1),
        bottom: range.end.0.saturating_add(1),
        left: range.start.1,
        right: range.end.1,
    }
}
