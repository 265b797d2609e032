//! .xlsx bytes as sheets. Nothing is unpacked before its size is known, and no more of it than a limit.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};
use chrono::NaiveDate;
use zip::ZipArchive;

use super::book::{Book, COLUMNS_MAX, Cell, Merged, ROWS_MAX, SHEET_TEXT_BYTES_MAX, Sheet, Unreadable};

/// Most that all parts of a workbook may unpack to, in bytes.
pub const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most parts of a workbook.
pub const PARTS_MAX: usize = 2_000;
/// Most merged cells of a sheet.
pub const MERGED_MAX: usize = 5_000;
/// Most sheets.
pub const SHEETS_MAX: usize = 100;

/// Whether a compound file is an encrypted workbook rather than an .xls: it has a stream of that name.
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|part| part == name)
}

/// The workbook's sheets.
pub(super) fn book(bytes: &[u8]) -> Result<Book, Unreadable> {
    let notes = checked(bytes)?;
    // The reader of the format is somebody else's, and the file is anybody's.
    let read = catch_unwind(AssertUnwindSafe(|| sheets(bytes)));
    let sheets = read.map_err(|_| Unreadable::Damaged("its reader gave up".to_owned()))??;
    let mut remarks = Vec::new();
    if notes > 0 {
        remarks.push("the workbook holds notes on cells (批注); they are not read".to_owned());
    }
    Ok(Book { sheets, remarks })
}

/// Holds every part against the limits, by what it declares and by what comes out; how many parts are notes.
fn checked(bytes: &[u8]) -> Result<usize, Unreadable> {
    let damaged = |what: &dyn std::fmt::Display| Unreadable::Damaged(what.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|fault| damaged(&fault))?;
    if archive.len() > PARTS_MAX {
        return Err(damaged(&format!("it has {} parts, more than {PARTS_MAX}", archive.len())));
    }
    let bomb = |part: String| Unreadable::Bomb { most: UNPACKED_BYTES_MAX, part };
    let mut declared: u64 = 0;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|fault| damaged(&fault))?;
        if part.encrypted() {
            return Err(Unreadable::Password);
        }
        declared = declared.saturating_add(part.size());
    }
    if declared > UNPACKED_BYTES_MAX {
        return Err(bomb(format!("it says so itself: {declared}")));
    }
    let (mut unpacked, mut notes): (u64, usize) = (0, 0);
    let mut other = Some("a zip file of another kind (an .ods, or a .docx?)");
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|fault| damaged(&fault))?;
        let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let room = UNPACKED_BYTES_MAX - unpacked;
        let came = std::io::copy(&mut part.take(room + 1), &mut std::io::sink())
            .map_err(|fault| damaged(&format!("{name}: {fault}")))?;
        if came > room {
            return Err(bomb(format!("reached in {name}")));
        }
        unpacked += came;
        if name.starts_with("xl/") {
            other = None;
        }
        if name == "xl/workbook.bin" {
            return Err(Unreadable::OtherZip("an .xlsb"));
        }
        notes += usize::from(name.contains("comments") || name.contains("threadedComment"));
    }
    other.map_or(Ok(notes), |other| Err(Unreadable::OtherZip(other)))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    let damaged = |fault: calamine::XlsxError| {
        if matches!(fault, calamine::XlsxError::Password) {
            return Unreadable::Password;
        }
        Unreadable::Damaged(fault.to_string())
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let listed: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .take(SHEETS_MAX)
        .collect();
    let mut sheets = Vec::new();
    for (name, is_hidden) in listed {
        let merged = workbook.merge_cells_by_sheet_name(&name).map_err(damaged)?;
        let sheet = match sheet(&mut workbook, &name) {
            Ok(sheet) => sheet,
            Err(Fault::TooMuch(what)) => Sheet { refused: Some(what), ..Sheet::default() },
            Err(Fault::Damaged(fault)) => return Err(damaged(fault)),
        };
        let refused = (merged.len() > MERGED_MAX).then(|| format!("more than {MERGED_MAX} merged cells"));
        let merged = if refused.is_some() { Vec::new() } else { merged };
        let merged = merged.iter().map(as_merged).collect();
        sheets.push(Sheet { name, is_hidden, merged, refused: sheet.refused.or(refused), ..sheet });
    }
    Ok(sheets)
}

enum Fault {
    TooMuch(String),
    Damaged(calamine::XlsxError),
}

impl From<calamine::XlsxError> for Fault {
    fn from(fault: calamine::XlsxError) -> Self {
        Self::Damaged(fault)
    }
}

/// Cell by cell: a sheet's own word for its size is not believed.
fn sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Sheet, Fault> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let mut formulas = BTreeSet::new();
    let mut text_bytes: usize = 0;
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        let cell = cell(&record.value);
        if cell.is_empty() {
            continue;
        }
        let (row, column) = (record.pos.0.saturating_add(1), record.pos.1);
        if column >= COLUMNS_MAX {
            return Err(Fault::TooMuch(format!("more than {COLUMNS_MAX} columns")));
        }
        if let Cell::Text(text) | Cell::Odd(text) = &cell {
            text_bytes += text.len();
        }
        if text_bytes > SHEET_TEXT_BYTES_MAX {
            return Err(Fault::TooMuch(format!("more than {SHEET_TEXT_BYTES_MAX} bytes of text")));
        }
        if !rows.contains_key(&row) && rows.len() == ROWS_MAX {
            return Err(Fault::TooMuch(format!("more than {ROWS_MAX} rows")));
        }
        let place = usize::try_from(column).unwrap_or(usize::MAX);
        let cells = rows.entry(row).or_default();
        if cells.len() <= place {
            cells.resize(place + 1, Cell::Empty);
        }
        if let Some(slot) = cells.get_mut(place) {
            *slot = cell;
        }
        if record.formula.is_some() {
            formulas.insert((row, column));
        }
    }
    Ok(Sheet { rows, formulas, ..Sheet::default() })
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
