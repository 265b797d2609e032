//! A file's bytes as sheets of cells: what kind of file it is, and why one can't be read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;

use super::{delimited, workbook};
use crate::calendar::Period;
use crate::domain::command::secret_name;
use crate::locale::{Language, Message, Value as Words, message, texts, told};

/// Largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most rows of a sheet that hold anything.
pub const ROWS_MAX: usize = 5_000;
/// Most columns.
pub const COLUMNS_MAX: u32 = 256;

/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// what all parts of a workbook may unpack to, in bytes
    pub unpacked_bytes: u64,
    /// what the texts of all its cells hold together, in bytes
    pub text_bytes: usize,
    /// its cells, with the empty ones before each
    pub cells: usize,
    /// texts that its cells point at
    pub strings: usize,
    /// elements of its styles
    pub styles: usize,
}

impl Limits {
    /// A ledger that a clerk has.
    pub const LEDGER: Self = Self {
        unpacked_bytes: 64 * 1024 * 1024,
        text_bytes: 32 * 1024 * 1024,
        cells: 2_000_000,
        strings: 300_000,
        styles: 100_000,
    };
    /// A form that anybody may mail; ours unpacks to less than a hundredth of it.
    pub const FORM: Self = Self {
        unpacked_bytes: 4 * 1024 * 1024,
        text_bytes: 1024 * 1024,
        cells: 100_000,
        strings: 20_000,
        styles: 10_000,
    };
}

/// A file as it was handed over.
#[derive(Debug, Clone, Copy)]
pub struct Source<'b> {
    /// its name, without directories
    pub name: &'b str,
    /// its bytes
    pub bytes: &'b [u8],
}

/// Its sheets.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// in the order of the file; one, named as the file, for text
    pub sheets: Vec<Sheet>,
    /// what was read so, or could not be read, of the file as a whole
    pub remarks: Vec<Words>,
}

/// A sheet as far as anything stands in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// its name
    pub name: String,
    /// hidden in the workbook
    pub is_hidden: bool,
    /// rows that hold anything, by number from 1
    pub rows: BTreeMap<u32, Vec<Cell>>,
    /// merged cells
    pub merged: Vec<Merged>,
    /// row and column (from 0) of cells that a formula fills
    pub formulas: BTreeSet<(u32, u32)>,
    /// cells whose formula has no stored value, with its beginning
    pub uncalculated: BTreeMap<(u32, u32), String>,
    /// cells that are struck through, whole or in part
    pub struck: BTreeSet<(u32, u32)>,
    /// rows that the sheet hides
    pub hidden_rows: BTreeSet<u32>,
    /// why it is not read, where it is not
    pub refused: Option<Words>,
}

/// What stands in a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// nothing
    #[default]
    Empty,
    /// text, not blank
    Text(String),
    /// a number that is no date
    Number(f64),
    /// a date; the time of day is left out
    Day(NaiveDate),
    /// a date of which the sheet shows the month or the year only
    Period(Period),
    /// `TRUE`, or an error such as `#REF!`, as the sheet shows it
    Odd(String),
}

impl Cell {
    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// Text of a cell; blank text is nothing.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.chars().all(char::is_whitespace) { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// As a person reads it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Odd(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Period(period) => period.name_zh(),
        }
    }
}

/// Cells that are one: rows from 1, columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// first row
    pub top: u32,
    /// last row
    pub bottom: u32,
    /// first column
    pub left: u32,
    /// last column
    pub right: u32,
}

impl Merged {
    /// Whether the cell belongs to it.
    #[must_use]
    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }
}

/// Why nothing of a file is read. Says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// nothing in it
    Empty,
    /// too large
    TooLarge {
        /// its size
        bytes: usize,
    },
    /// an .xls of before 2007
    OldWorkbook,
    /// HTML or XML, which some programs write as .xls
    Page,
    /// a zip file of another kind
    OtherZip(&'static str),
    /// encrypted
    Password,
    /// its name says another kind than its bytes
    WrongName {
        /// what its name says
        name: String,
        /// what it is
        is: &'static str,
        /// what helps
        cure: &'static str,
    },
    /// neither a workbook nor text; its first bytes
    Unknown(String),
    /// a zip bomb, by what it declares or by what comes out of it
    Bomb {
        /// the limit
        most: u64,
        /// where it was passed
        part: Words,
    },
    /// more in a part than any table needs
    Crowded(Words),
    /// too many parts, or a part that can't be read
    Damaged(Words),
    /// more than a ledger holds
    TooMuch {
        /// the sheet
        sheet: String,
        /// more than which limit
        what: Words,
    },
    /// text in an encoding that is not known
    Encoding,
    /// marked as a state secret
    Secret(&'static str),
    /// no such sheet
    NoSheet {
        /// as given
        given: String,
        /// those there are
        there: Vec<String>,
    },
    /// several sheets hold a ledger
    WhichSheet(Vec<String>),
    /// no row of column names, in which sheet
    NoHeader(Words),
}

impl Unreadable {
    /// Why, and what helps.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => message("sheet-empty"),
            Self::TooLarge { bytes } => {
                message("sheet-too-large").with("bytes", bytes).with("most", &FILE_BYTES_MAX)
            }
            Self::OldWorkbook => message("sheet-old-workbook"),
            Self::Page => message("sheet-page"),
            Self::OtherZip(is) => message("sheet-other-zip").put("is", (*is).into()),
            Self::Password => message("sheet-password"),
            Self::WrongName { name, is, cure } => {
                let told = message("sheet-wrong-name").with("name", name);
                told.put("is", (*is).into()).put("cure", (*cure).into())
            }
            Self::Unknown(begins) => message("sheet-unknown").with("begins", begins),
            Self::Bomb { most, part } => message("sheet-bomb").with("most", most).put("part", part.clone()),
            Self::Crowded(what) => message("sheet-crowded").put("what", what.clone()),
            Self::Damaged(why) => message("sheet-damaged").put("why", why.clone()),
            Self::TooMuch { sheet, what } => {
                message("sheet-too-much").with("sheet", sheet).put("what", what.clone())
            }
            Self::Encoding => message("sheet-no-encoding"),
            Self::Secret(mark) => message("sheet-secret").with("mark", mark),
            Self::NoSheet { given, there } => {
                message("sheet-no-sheet").with("given", given).put("there", Words::All(texts(there)))
            }
            Self::WhichSheet(several) => {
                let told = message("sheet-which").put("count", Words::Count(several.len()));
                told.put("sheets", Words::All(texts(several)))
            }
            Self::NoHeader(sheet) => message("sheet-no-header").put("sheet", sheet.clone()),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&told(Language::English, &self.message()))
    }
}

impl std::error::Error for Unreadable {}

/// Reads the file.
///
/// # Errors
/// [`Unreadable`], which says what helps.
pub fn open(source: &Source<'_>) -> Result<Book, Unreadable> {
    if let Some(mark) = secret_name(source.name) {
        return Err(Unreadable::Secret(mark));
    }
    open_until(source, &Limits::LEDGER, &|_| false)
}

/// Reads the file within these limits, and no further than the first sheet that is `sought`.
///
/// # Errors
/// [`Unreadable`], which says what helps.
pub fn open_until(
    source: &Source<'_>,
    limits: &Limits,
    sought: &dyn Fn(&Sheet) -> bool,
) -> Result<Book, Unreadable> {
    let bytes = source.bytes;
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Unreadable::TooLarge { bytes: bytes.len() });
    }
    let ending = source.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let named = |endings: &[&str]| ending.as_deref().is_some_and(|ending| endings.contains(&ending));
    let wrong = |is, cure| {
        let name = ending.clone().unwrap_or_default();
        Err(Unreadable::WrongName { name, is, cure })
    };
    match kind(bytes) {
        Kind::Zip if named(&["csv", "txt", "tsv"]) => {
            wrong("a workbook or another zip file", "name it .xlsx, or save it as .csv")
        }
        Kind::Zip => workbook::book(bytes, limits, sought),
        Kind::Compound if workbook::is_encrypted(bytes) => Err(Unreadable::Password),
        Kind::Compound => Err(Unreadable::OldWorkbook),
        Kind::Page => Err(Unreadable::Page),
        Kind::Text if named(&["xlsx", "xlsm", "xls", "xlsb", "ods"]) => {
            wrong("text", "name it .csv if it is a table with commas")
        }
        Kind::Text => delimited::book(source, limits),
        Kind::Other(begins) => Err(Unreadable::Unknown(begins)),
    }
}

enum Kind {
    Zip,
    /// OLE compound file: an .xls, or an encrypted .xlsx
    Compound,
    Page,
    Text,
    Other(String),
}

fn kind(bytes: &[u8]) -> Kind {
    const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if bytes.starts_with(&COMPOUND) {
        return Kind::Compound;
    }
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if !utf16 && bytes.contains(&0) || bytes.starts_with(b"%PDF") || bytes.starts_with(b"{\\rtf") {
        let begins: Vec<String> = bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        return Kind::Other(begins.join(" "));
    }
    let head: Vec<u8> = bytes.iter().take(512).map(u8::to_ascii_lowercase).collect();
    let has = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
    if has(b"<html") || has(b"<table") || has(b"<?xml") { Kind::Page } else { Kind::Text }
}
