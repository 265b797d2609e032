//! The ledger's workbook: title, head, one header row, and the rows.

use rust_xlsxwriter::{Format, Worksheet};
use unicode_width::UnicodeWidthStr as _;

use super::{COLUMNS, Sheet, SheetLine, Value};
use crate::calendar::zh::date_zh;
use crate::report::book::{A3, Book, Look, WIDTH_POINTS, excel, last_column};
use crate::report::paper::PaperFault;
use crate::words::{clean, row};

/// The line of the header row, below title and head.
const HEADER_LINE: u32 = 2;
/// Columns that stay in sight: 编号.
const COLUMNS_KEPT: u16 = 1;
/// Columns of text that are centred: 类别, 状态, 录入方式.
const CENTRED: [u16; 3] = [2, 30, 33];
/// Size of the characters, in points.
const POINTS: f64 = 9.0;
/// A column is never narrower: two characters of its name stand side by side.
const NARROWEST: f64 = 4.2;

pub(super) fn workbook(sheet: &Sheet) -> Result<Vec<u8>, PaperFault> {
    let head = &sheet.head;
    let title = clean(&head.title);
    let mut book = Book::new(&title, head.as_of, POINTS)?;
    let look = book.look.clone();
    let page = book.page("台账")?;
    let rows: Vec<[Value; COLUMNS.len()]> = sheet.rows.iter().map(cells).collect();
    let columns = fitted(&rows);
    look.title(page, 0, &title, last_column(&columns))?;
    look.note(page, 1, &said(sheet), &columns)?;
    look.header(page, HEADER_LINE, &columns)?;
    let mut line = HEADER_LINE;
    for cells in rows {
        line += 1;
        let mut texts = Vec::with_capacity(columns.len());
        for (column, value) in (0u16..).zip(cells) {
            let format = if CENTRED.contains(&column) { &look.centred } else { &look.text };
            write(page, (line, column), &value, format, &look)?;
            texts.push(value.into_text());
        }
        look.height(page, line, &texts, &columns)?;
    }
    page.set_freeze_panes(HEADER_LINE + 1, COLUMNS_KEPT)?;
    page.autofilter(HEADER_LINE, 0, line, last_column(&COLUMNS))?;
    page.set_margins(0.3, 0.3, 0.4, 0.5, 0.2, 0.2);
    page.set_landscape().set_paper_size(A3).set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(HEADER_LINE, HEADER_LINE)?;
    book.finish()
}

/// A line's cells; its number wraps behind plan and task.
fn cells(line: &SheetLine) -> [Value; COLUMNS.len()] {
    let mut cells = line.cells();
    if let Some(Value::Text(number)) = cells.first_mut() {
        *number = number.replacen('/', "/\n", 2);
    }
    cells
}

/// No column wider than what it holds, so that print stays legible: an empty one is as wide as its name needs.
fn fitted(rows: &[[Value; COLUMNS.len()]]) -> Vec<(&'static str, f64)> {
    let mut widest = [0; COLUMNS.len()];
    for row in rows {
        for (widest, value) in widest.iter_mut().zip(row) {
            let text = value.clone().into_text();
            *widest = text.lines().map(str::width).fold(*widest, usize::max);
        }
    }
    let columns = COLUMNS.iter().zip(widest);
    let fit = columns.map(|((name, most), widest)| {
        let widest = u16::try_from(widest).map_or(f64::MAX, f64::from);
        (*name, ((widest + 2.0) * POINTS / WIDTH_POINTS).clamp(NARROWEST, *most))
    });
    fit.collect()
}

/// `依据文号：…　数据截至：…（台账1a2b3c4d第1834号记录）　口径版本：…　制表单位：…　共×项`.
fn said(sheet: &Sheet) -> String {
    let head = &sheet.head;
    format!(
        "依据文号：{}　　数据截至：{}（台账{}第{}号记录{}）　　口径版本：{}　　制表单位：{}　　共{}项",
        row(&head.documents),
        date_zh(head.as_of),
        clean(&head.journal),
        head.position,
        if head.with_closed { "，含已关闭计划" } else { "" },
        clean(&head.rule_version),
        clean(&head.office),
        sheet.rows.len()
    )
}

fn write(
    page: &mut Worksheet,
    at: (u32, u16),
    value: &Value,
    format: &Format,
    look: &Look,
) -> Result<(), PaperFault> {
    match value {
        Value::Text(text) => Look::write(page, at, text, format)?,
        Value::Day(Some(day)) => {
            page.write_datetime_with_format(at.0, at.1, excel(*day)?, &look.day)?;
        }
        Value::Count(Some(count)) => {
            page.write_number_with_format(at.0, at.1, f64::from(*count), &look.centred)?;
        }
        Value::Day(None) | Value::Count(None) => {
            page.write_blank(at.0, at.1, format)?;
        }
    }
    Ok(())
}
