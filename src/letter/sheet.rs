//! The adoption letter's attached sheet 任务清单.xlsx: every task of the unit, one header row, A4 landscape.

use chrono::{DateTime, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::words::{answer_words, assumptions, clause, clean, conflict, due_full, lines_at, row};
use crate::calendar::zh::date_zh;
use crate::domain::{Answer, PlanHead, Role, SheetRow, Task};
use crate::matter::Origin;

/// The attachment's name.
pub(super) const SHEET_FILE: &str = "任务清单.xlsx";

/// Columns with their widths in characters; together they fill an A4 page laid across.
const COLUMNS: [(&str, f64); 10] = [
    ("序号", 5.0),
    ("事项", 17.0),
    ("来源文号与条款", 19.0),
    ("原文", 40.0),
    ("角色", 5.0),
    ("牵头单位", 14.0),
    ("配合单位", 16.0),
    ("时限", 15.0),
    ("下次到期", 15.0),
    ("备注", 22.0),
];
const A4: u8 = 9;
/// Heights are given, as not every program fits rows to wrapped text by itself.
const LINE_POINTS: f64 = 13.5;
const ROW_PADDING_POINTS: f64 = 4.0;
/// The format allows no higher row.
const ROW_POINTS_MAX: f64 = 409.0;
/// Columns that are centred: 序号, 角色, 下次到期.
const CENTRED: [usize; 3] = [0, 4, 8];

/// The sheet's bytes; `dated` is the only time in them.
pub(super) fn workbook(
    rows: &[SheetRow],
    addressee: &str,
    dated: DateTime<Utc>,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp(dated.timestamp())?;
    workbook.set_properties(&DocProperties::new().set_title("任务清单").set_creation_datetime(&created));
    let font = |format: Format| {
        format.set_font_name("宋体").set_font_size(10).set_border(FormatBorder::Thin).set_text_wrap()
    };
    let head =
        font(Format::new()).set_bold().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let cell = font(Format::new()).set_align(FormatAlign::Top);
    let centred = font(Format::new()).set_align(FormatAlign::Top).set_align(FormatAlign::Center);
    let sheet = workbook.add_worksheet();
    sheet.set_name("任务清单")?;
    for (column, (name, width)) in (0u16..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, name, &head)?;
    }
    sheet.set_row_height(0, 24)?;
    let mut line = 0;
    for task in rows {
        line += 1;
        sheet.write_number_with_format(line, 0, f64::from(line), &centred)?;
        let words = cells(task);
        sheet.set_row_height(line, row_height(&words))?;
        for (column, words) in (1u16..).zip(words) {
            let format = if CENTRED.contains(&usize::from(column)) { &centred } else { &cell };
            sheet.write_string_with_format(line, column, words, format)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, line, last_column())?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_header(format!("&C&14{} 任务清单", header_text(addressee)));
    sheet.set_footer("&C第&P页，共&N页");
    workbook.save_to_buffer()
}

/// High enough for the cell that wraps into the most lines.
fn row_height(cells: &[String]) -> f64 {
    let lines = |(cell, (_, width)): (&String, &(&str, f64))| lines_at(cell, *width);
    let most = cells.iter().zip(COLUMNS.iter().skip(1)).map(lines).fold(1.0, f64::max);
    (most * LINE_POINTS + ROW_PADDING_POINTS).min(ROW_POINTS_MAX)
}

fn last_column() -> u16 {
    u16::try_from(COLUMNS.len()).unwrap_or(u16::MAX).saturating_sub(1)
}

/// `&` opens a code in a page header.
fn header_text(text: &str) -> String {
    clean(text).replace('&', "&&")
}

/// The cells after 序号.
fn cells(row_of: &SheetRow) -> [String; 9] {
    let SheetRow { plan, task, role, leads, cooperates, next, answers: _ } = row_of;
    [
        clean(&task.title),
        source(plan, task),
        clause(task),
        role_words(*role).to_owned(),
        row(leads),
        row(cooperates),
        due_full(plan, task),
        next.map(date_zh).unwrap_or_default(),
        remarks(task, *role, leads),
    ]
}

/// The document's number, and below it plan and clause.
fn source(plan: &PlanHead, task: &Task) -> String {
    let origin = Origin::of(plan, task);
    match &origin.document_number {
        Some(number) => format!("{number}\n{}", origin.in_plan()),
        None => origin.in_plan(),
    }
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Lead => "牵头",
        Role::Cooperating => "配合",
        Role::Leader => "分管",
        Role::Supervision => "督查",
        Role::Reviewer => "审核",
    }
}

/// What is out of the ordinary, in words.
fn remarks(task: &Task, role: Role, leads: &[String]) -> String {
    let mut remarks = assumptions(task);
    if role == Role::Lead && (task.answer == Answer::Each || leads.len() > 1) {
        remarks.extend(answer_words(task, leads, false));
    }
    if let Some(standard) = &task.standard {
        remarks.push(format!("完成标准：{}", clean(standard)));
    }
    if let Some(evidence) = &task.evidence {
        remarks.push(format!("印证材料：{}", clean(evidence)));
    }
    remarks.extend(task.conflicts.iter().map(conflict));
    remarks.join("；\n")
}
