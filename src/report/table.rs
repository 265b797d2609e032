//! A table for paper: columns with their widths, cells with their text, drawn alike in Word and HTML.

use serde::Serialize;

use super::{Status, ink};
use crate::domain::light::Light;
use crate::words::clean;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Column {
    pub name: &'static str,
    pub millimetres: u32,
    pub centred: bool,
}

impl Column {
    pub(super) const fn left(name: &'static str, millimetres: u32) -> Self {
        Self { name, millimetres, centred: false }
    }

    pub(super) const fn centred(name: &'static str, millimetres: u32) -> Self {
        Self { name, millimetres, centred: true }
    }
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Cell {
    pub text: String,
    pub bold: bool,
    /// six hexadecimal digits
    pub ink: Option<&'static str>,
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self { text: clean(text), ..Self::default() }
    }

    pub(super) fn number(number: u32) -> Self {
        Self { text: number.to_string(), ..Self::default() }
    }

    pub(super) fn status(status: &Status) -> Self {
        let bold = status.light == Light::Red;
        Self { text: clean(&status.shown()), bold, ink: ink(status.light) }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// said where there are no rows
    pub empty: &'static str,
    /// of all columns together
    pub millimetres: u32,
}

impl Table {
    pub(super) fn new(columns: &[Column], rows: Vec<Vec<Cell>>, empty: &'static str) -> Self {
        let millimetres = columns.iter().map(|column| column.millimetres).sum();
        Self { columns: columns.to_vec(), rows, empty, millimetres }
    }
}
