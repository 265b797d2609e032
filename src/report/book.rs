//! Workbooks of papers: one look, heights by the text they hold, and no cell that could run.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::cells::is_formula;
use super::paper::PaperFault;
use super::table::{Column, Table};
use crate::words::lines_at;

/// Paper sizes by Excel's own numbers.
pub(super) const A3: u8 = 8;
pub(super) const A4: u8 = 9;
/// The format holds no longer text in a cell, in UTF-16 units.
const CELL_CHARS_MAX: usize = 32_767;
/// What is put where a text was cut.
const CUT: &str = "……（过长，已截断）";
/// The format allows no higher row.
const ROW_POINTS_MAX: f64 = 409.0;
/// Height of a line to the size of its characters.
const LINE_TO_SIZE: f64 = 1.35;
const ROW_PADDING_POINTS: f64 = 4.0;
/// Column widths are counted in figures of a font in which a Chinese character of this size takes two.
pub(super) const WIDTH_POINTS: f64 = 9.5;

/// Names of columns with their widths in columns of half a Chinese character.
pub(super) type Columns<'c> = &'c [(&'c str, f64)];

/// A workbook being written.
pub(super) struct Book {
    workbook: Workbook,
    pub look: Look,
}

/// The formats of a workbook.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub text: Format,
    pub centred: Format,
    pub day: Format,
    head: Format,
    title: Format,
    note: Format,
    points: f64,
}

impl Book {
    /// A workbook; its day is the only time in it.
    pub(super) fn new(title: &str, day: NaiveDate, points: f64) -> Result<Self, PaperFault> {
        let mut workbook = Workbook::new();
        let properties = DocProperties::new().set_title(title).set_creation_datetime(&excel(day)?);
        workbook.set_properties(&properties);
        let plain = Format::new().set_font_name("宋体").set_font_size(points);
        let cell = plain.clone().set_border(FormatBorder::Thin).set_text_wrap();
        let middle = cell.clone().set_align(FormatAlign::VerticalCenter);
        let centred = middle.clone().set_align(FormatAlign::Center);
        let look = Look {
            text: middle,
            day: centred.clone().set_num_format("yyyy-mm-dd"),
            head: centred.clone().set_bold(),
            centred,
            title: plain
                .clone()
                .set_font_size(points * 2.0)
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            note: plain.set_align(FormatAlign::VerticalCenter).set_text_wrap(),
            points,
        };
        Ok(Self { workbook, look })
    }

    /// A new page.
    pub(super) fn page(&mut self, name: &str) -> Result<&mut Worksheet, PaperFault> {
        let page = self.workbook.add_worksheet();
        page.set_name(name)?;
        page.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        page.set_footer("&C第&P页，共&N页");
        Ok(page)
    }

    /// A page of A4 with one table, its head in sight and printed on every page.
    pub(super) fn table(
        &mut self,
        name: &str,
        title: &str,
        note: &str,
        table: &Table,
        across: bool,
    ) -> Result<(), PaperFault> {
        const HEADER_LINE: u32 = 2;
        let look = self.look.clone();
        let columns: Vec<(&str, f64)> = table.columns.iter().map(|one| (one.name, width(one))).collect();
        let page = self.page(name)?;
        look.title(page, 0, title, last_column(&columns))?;
        look.note(page, 1, note, &columns)?;
        look.header(page, HEADER_LINE, &columns)?;
        let mut line = HEADER_LINE;
        for row in &table.rows {
            line += 1;
            for ((column, at), cell) in table.columns.iter().zip(0u16..).zip(row) {
                let format = if column.centred { &look.centred } else { &look.text };
                Look::write(page, (line, at), &cell.text, format)?;
            }
            let texts: Vec<String> = row.iter().map(|cell| cell.text.clone()).collect();
            look.height(page, line, &texts, &columns)?;
        }
        if table.rows.is_empty() {
            line += 1;
            Look::across(page, line, table.empty, last_column(&columns), &look.centred)?;
        } else {
            page.autofilter(HEADER_LINE, 0, line, last_column(&columns))?;
        }
        page.set_freeze_panes(HEADER_LINE + 1, 0)?;
        page.set_paper_size(A4).set_print_fit_to_pages(1, 0);
        if across {
            page.set_landscape();
        }
        page.set_repeat_rows(HEADER_LINE, HEADER_LINE)?;
        Ok(())
    }

    /// Its bytes.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, PaperFault> {
        Ok(self.workbook.save_to_buffer()?)
    }
}

impl Look {
    /// A title over all columns.
    pub(super) fn title(
        &self,
        page: &mut Worksheet,
        line: u32,
        text: &str,
        last: u16,
    ) -> Result<(), PaperFault> {
        Self::across(page, line, text, last, &self.title)?;
        page.set_row_height(line, self.points * 3.4)?;
        Ok(())
    }

    /// A line of text over all columns, as high as it needs to be.
    pub(super) fn note(
        &self,
        page: &mut Worksheet,
        line: u32,
        text: &str,
        columns: Columns<'_>,
    ) -> Result<(), PaperFault> {
        Self::across(page, line, text, last_column(columns), &self.note)?;
        let width = columns.iter().map(|(_, width)| width).sum();
        let points = self.lines(text, width) * self.points * LINE_TO_SIZE + 2.0 * ROW_PADDING_POINTS;
        page.set_row_height(line, points.min(ROW_POINTS_MAX))?;
        Ok(())
    }

    fn across(
        page: &mut Worksheet,
        line: u32,
        text: &str,
        last: u16,
        format: &Format,
    ) -> Result<(), PaperFault> {
        if last > 0 {
            page.merge_range(line, 0, line, last, "", format)?;
        }
        Self::write(page, (line, 0), text, format)
    }

    /// The header row, with the columns' widths.
    pub(super) fn header(
        &self,
        page: &mut Worksheet,
        line: u32,
        columns: Columns<'_>,
    ) -> Result<(), PaperFault> {
        for (at, (name, width)) in (0u16..).zip(columns) {
            page.set_column_width(at, *width)?;
            page.write_string_with_format(line, at, *name, &self.head)?;
        }
        let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        self.height(page, line, &names, columns)
    }

    /// A text that stays one: what could be a formula is marked as text, also when it is edited.
    pub(super) fn write(
        page: &mut Worksheet,
        (line, column): (u32, u16),
        text: &str,
        format: &Format,
    ) -> Result<(), PaperFault> {
        let text = cut(text);
        if is_formula(&text) {
            let format = format.clone().set_num_format("@").set_quote_prefix();
            page.write_string_with_format(line, column, text, &format)?;
        } else {
            page.write_string_with_format(line, column, text, format)?;
        }
        Ok(())
    }

    /// High enough for the cell that wraps into the most lines: not every program fits rows by itself.
    pub(super) fn height(
        &self,
        page: &mut Worksheet,
        line: u32,
        texts: &[String],
        columns: Columns<'_>,
    ) -> Result<(), PaperFault> {
        let most =
            texts.iter().zip(columns).map(|(text, (_, width))| self.lines(text, *width)).fold(1.0, f64::max);
        let points = most * self.points * LINE_TO_SIZE + ROW_PADDING_POINTS;
        page.set_row_height(line, points.min(ROW_POINTS_MAX))?;
        Ok(())
    }

    fn lines(&self, text: &str, width: f64) -> f64 {
        lines_at(text, width * WIDTH_POINTS / self.points)
    }
}

/// A column's width in Excel's own measure, the width of a figure.
fn width(column: &Column) -> f64 {
    const FIGURE_MILLIMETRES: f64 = 1.85;
    f64::from(column.millimetres) / FIGURE_MILLIMETRES
}

/// At most as long as a cell holds.
fn cut(text: &str) -> String {
    let units = |text: &str| text.encode_utf16().count();
    if units(text) <= CELL_CHARS_MAX {
        return text.to_owned();
    }
    let mut left = CELL_CHARS_MAX - units(CUT);
    let kept = text.chars().take_while(|c| {
        let room = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        room
    });
    kept.chain(CUT.chars()).collect()
}

/// The last column's number.
pub(super) fn last_column(columns: Columns<'_>) -> u16 {
    u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1)
}

/// A day as Excel keeps it.
pub(super) fn excel(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(0), small(day.month()), small(day.day()))
}
