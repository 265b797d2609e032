//! Cells that say less than they seem to: months shown as dates, formulas never calculated, errors, hidden rows,
//! texts struck through.

use std::fmt::Write as _;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::hostile::with_parts;
use super::{asked, read};
use crate::domain::Due;
use crate::import::{Imported, Kind};

const HEADS: [&str; 8] = ["序号", "任务内容", "牵头单位", "配合单位", "完成标准", "完成时限", "进展", "状态"];

/// A ledger of these rows; a cell is its element's inner text, `t` before a colon: `e:#REF!`, `f:B9`, or a string.
fn ledger(rows: &[[&str; 8]]) -> Vec<u8> {
    let mut sheet = String::new();
    for (row, cells) in (1..).zip([HEADS].iter().chain(rows)) {
        let _ = write!(sheet, "<row r=\"{row}\">");
        for (column, cell) in ('A'..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let _ = match cell.split_once(':') {
                Some(("e", error)) => write!(sheet, "<c r=\"{column}{row}\" t=\"e\"><v>{error}</v></c>"),
                Some(("f", formula)) => write!(sheet, "<c r=\"{column}{row}\"><f>{formula}</f><v></v></c>"),
                Some(("empty", formula)) => {
                    write!(sheet, "<c r=\"{column}{row}\" t=\"str\"><f>{formula}</f><v></v></c>")
                }
                _ => write!(sheet, "<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
            };
        }
        sheet.push_str("</row>");
    }
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{sheet}\
         </sheetData></worksheet>"
    );
    with_parts(&[("xl/worksheets/sheet1.xml", sheet.as_bytes())])
}

fn imported(bytes: &[u8]) -> Imported {
    read("台账.xlsx", bytes, &asked()).unwrap()
}

/// `row column text: what`.
fn told(imported: &Imported, kind: Kind) -> Vec<String> {
    let line = |found: &crate::import::Finding| {
        let place = found.row.map(|row| row.to_string()).unwrap_or_default();
        format!("{place}{} {}: {}", found.column.clone().unwrap_or_default(), found.text, found.what)
    };
    imported.report.of(kind).map(line).collect()
}

fn rows(imported: &Imported) -> Vec<u32> {
    imported.report.tasks.iter().map(|task| task.row).collect()
}

#[test]
fn a_date_that_shows_its_month_or_year_is_its_last_day_and_says_so() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, text) in (0..).zip(["序号", "任务内容", "牵头单位", "完成时限", "交办时间"])
    {
        sheet.write_string(0, column, text).unwrap();
    }
    let formats = [
        "yyyy\"年\"m\"月\"",
        "mmm-yy",
        "yyyy\"年\"",
        "yyyy\"年\"m\"月\"d\"日\"",
        "m\"月\"d\"日\"",
        "[DBNum1][$-804]yyyy\"年\"m\"月\";@",
    ];
    let date = ExcelDateTime::from_ymd(2021, 6, 1).unwrap();
    for (row, format) in (1..).zip(formats) {
        let format = Format::new().set_num_format(format);
        sheet.write_number(row, 0, row).unwrap();
        sheet.write_string(row, 1, format!("治理第{row}段")).unwrap();
        sheet.write_string(row, 2, "县住建局").unwrap();
        sheet.write_datetime_with_format(row, 3, &date, &format).unwrap();
        sheet.write_datetime_with_format(row, 4, &date, &format).unwrap();
    }
    let imported = imported(&workbook.save_to_buffer().unwrap());
    let read: Vec<(String, Due)> =
        imported.report.tasks.iter().map(|task| (task.due_text.clone(), task.due.clone())).collect();
    let by = |text: &str, day: &str| (text.to_owned(), Due::By(day.parse().unwrap()));
    assert_eq!(
        read,
        [
            by("2021年6月", "2021-06-30"),
            by("2021年6月", "2021-06-30"),
            by("2021年", "2021-12-31"),
            by("2021-06-01", "2021-06-01"),
            by("2021-06-01", "2021-06-01"),
            by("2021年6月", "2021-06-30"),
        ]
    );
    assert_eq!(
        told(&imported, Kind::Assumed).iter().filter(|told| told.contains("last day")).collect::<Vec<_>>(),
        [
            "2D 2021年6月: without 底 or a day: its last day, 2021-06-30",
            "3D 2021年6月: without 底 or a day: its last day, 2021-06-30",
            "4D 2021年: without 底 or a day: its last day, 2021-12-31",
            "7D 2021年6月: without 底 or a day: its last day, 2021-06-30",
        ]
    );
    // A month is no day of the history.
    let lost = told(&imported, Kind::NotCarried);
    assert_eq!(
        lost,
        [2, 3, 4, 7].map(|row| {
            let shown = if row == 4 { "2021年" } else { "2021年6月" };
            format!("{row}E {shown}: it is no day")
        })
    );
}

#[test]
fn formulas_that_were_never_calculated_are_told_and_not_carried() {
    let imported = imported(&ledger(&[
        ["1", "治理甲", "县住建局", "f:B9", "f:C9", "6月底前", "f:D9", "f:E9"],
        ["f:ROW()-1", "f:A1&amp;\"任务\"", "县住建局", "", "", "6月底前", "", ""],
        ["3", "治理丙", "f:VLOOKUP(A2,B:C,2,0)", "", "", "f:DATE(2021,6,30)", "", ""],
        ["f:ROW()", "", "", "", "", "", "f:G1", ""],
        ["5", "治理戊", "县住建局", "empty:H1", "", "6月底前", "empty:I1", ""],
    ]));
    assert_eq!(rows(&imported), [2, 6]);
    assert_eq!(imported.report.left_out, [3, 4]);
    assert_eq!(
        told(&imported, Kind::NotCarried),
        ["D =B9", "E =C9", "G =D9", "H =E9"]
            .map(|place| format!("2{place}: a formula whose value is not stored"))
    );
    assert_eq!(
        told(&imported, Kind::NotUnderstood),
        ["3A =ROW()-1", "3B =A1&\"任务\"", "4C =VLOOKUP(A2,B:C,2,0)", "4F =DATE(2021,6,30)"]
            .map(|place| format!("{place}: a formula whose value is not stored"))
    );
    let passed: Vec<(u32, &str)> =
        imported.report.passed.iter().map(|row| (row.row, row.why.as_str())).collect();
    assert_eq!(passed, [(5, "formulas whose values are not stored: open the file and save it once")]);
}

#[test]
fn error_values_become_neither_titles_nor_units() {
    let imported = imported(&ledger(&[
        ["1", "e:#REF!", "县住建局", "", "", "6月底前", "", ""],
        ["2", "治理乙", "县住建局", "e:#N/A", "e:#NAME?", "6月底前", "e:#REF!", "e:#VALUE!"],
        ["e:#REF!", "治理丙", "县住建局", "", "", "6月底前", "", ""],
    ]));
    assert_eq!(rows(&imported), [3]);
    assert_eq!(
        told(&imported, Kind::NotUnderstood),
        ["2B #REF!: #REF! is an error value", "4A #REF!: #REF! is an error value"]
    );
    assert_eq!(
        told(&imported, Kind::NotCarried),
        [("D", "#N/A"), ("E", "#NAME?"), ("G", "#REF!"), ("H", "#VALUE!")]
            .map(|(column, error)| format!("3{column} {error}: {error} is an error value"))
    );
}

#[test]
fn hidden_rows_and_texts_struck_through_are_told() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let struck = Format::new().set_font_strikethrough();
    let plain = Format::new();
    for (column, text) in (0..).zip(["序号", "任务内容", "牵头单位", "完成时限", "进展"]) {
        sheet.write_string(0, column, text).unwrap();
    }
    for row in 1..=5u32 {
        let format = if row == 3 { &struck } else { &plain };
        sheet.write_number_with_format(row, 0, row, format).unwrap();
        sheet.write_string_with_format(row, 1, format!("治理第{row}段"), format).unwrap();
        sheet.write_string_with_format(row, 2, "县住建局", format).unwrap();
        sheet.write_string_with_format(row, 3, "9月底前", format).unwrap();
    }
    sheet.write_rich_string(4, 4, &[(&struck, "已完成一半"), (&plain, "已完成")]).unwrap();
    sheet.set_row_hidden(2).unwrap();
    sheet.set_row_hidden(5).unwrap();
    let imported = imported(&workbook.save_to_buffer().unwrap());
    assert_eq!(rows(&imported), [2, 3, 5, 6]);
    assert_eq!(
        told(&imported, Kind::Note),
        [3, 6].map(|row| format!("{row} : the sheet hides this row: it is read all the same"))
    );
    let told_of = |kind| told(&imported, kind);
    assert_eq!(
        told_of(Kind::NotUnderstood),
        ["A 3", "B 治理第3段", "C 县住建局", "D 9月底前"]
            .map(|place| format!("4{place}: struck through, whole or in part"))
    );
    assert_eq!(told_of(Kind::NotCarried), ["5E 已完成一半已完成: struck through, whole or in part"]);
}
