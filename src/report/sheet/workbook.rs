//! The ledger's workbook: title, head, one header row, and the rows.

use rust_xlsxwriter::{Format, Worksheet};

use super::{COLUMNS, Sheet, Value};
use crate::calendar::zh::date_zh;
use crate::report::book::{A3, Book, Look, excel, last_column};
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

pub(super) fn workbook(sheet: &Sheet) -> Result<Vec<u8>, PaperFault> {
    let head = &sheet.head;
    let title = clean(&head.title);
    let mut book = Book::new(&title, head.as_of, POINTS)?;
    let look = book.look.clone();
    let page = book.page("台账")?;
    look.title(page, 0, &title, last_column(&COLUMNS))?;
    look.note(page, 1, &said(sheet), &COLUMNS)?;
    look.header(page, HEADER_LINE, &COLUMNS)?;
    let mut line = HEADER_LINE;
    for one in &sheet.rows {
        line += 1;
        let mut texts = Vec::with_capacity(COLUMNS.len());
        for (column, value) in (0u16..).zip(one.cells()) {
            let format = if CENTRED.contains(&column) { &look.centred } else { &look.text };
            write(page, (line, column), &value, format, &look)?;
            texts.push(value.into_text());
        }
        look.height(page, line, &texts, &COLUMNS)?;
    }
    page.set_freeze_panes(HEADER_LINE + 1, COLUMNS_KEPT)?;
    page.autofilter(HEADER_LINE, 0, line, last_column(&COLUMNS))?;
    page.set_landscape().set_paper_size(A3).set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(HEADER_LINE, HEADER_LINE)?;
    book.finish()
}

/// `依据文号：…　数据截至：…　口径版本：…　制表单位：…　共×项`.
fn said(sheet: &Sheet) -> String {
    let head = &sheet.head;
    format!(
        "依据文号：{}　　数据截至：{}（第{}号记录）　　口径版本：{}　　制表单位：{}　　共{}项",
        row(&head.documents),
        date_zh(head.as_of),
        head.position,
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
