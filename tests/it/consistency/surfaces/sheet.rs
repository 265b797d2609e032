//! The ledger (台账): as JSON each day, as .xlsx and .csv where papers are rendered.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use duban::report::sheet::Sheet;
use serde_json::Value;

use super::{Moment, Register, light_of_sign, speaker};
use crate::consistency::compare::{Field, Said, Speaker, Surface};
use crate::consistency::reading::{bare, bracketed, number_between};

/// A row, by the name of its column.
type Row = BTreeMap<String, String>;

pub fn sheet(moment: &Moment<'_>, register: &Register, all: &mut Vec<Said>) {
    let mut sheet = Sheet::of(moment.ledger, moment.day, &|_| None);
    if let Some(plant) = moment.plant {
        plant.into_sheet(&mut sheet);
    }
    let json: Value = serde_json::from_slice(&sheet.json().unwrap()).unwrap();
    for row in json["rows"].as_array().into_iter().flatten() {
        told(&of_json(row), register, &mut speaker(all, Surface::Sheet));
    }
    if moment.rendered {
        for row in of_workbook(&sheet.xlsx().unwrap()) {
            told(&row, register, &mut speaker(all, Surface::Workbook));
        }
        for row in of_csv(&sheet.csv().unwrap()) {
            told(&row, register, &mut speaker(all, Surface::Csv));
        }
    }
}

/// The keys of the JSON form by the columns' names.
const KEYS: [(&str, &str); 15] = [
    ("编号", "id"),
    ("条款/清单序号", "clause"),
    ("牵头单位", "lead"),
    ("原定时限", "original"),
    ("现定时限", "current"),
    ("延期次数", "extensions"),
    ("批准依据", "granted_by"),
    ("进展", "progress"),
    ("存在问题", "problem"),
    ("下步措施", "next_steps"),
    ("提醒次数", "reminders"),
    ("办结时间", "accepted_on"),
    ("销号时间", "closed_out_on"),
    ("超期天数", "overdue_days"),
    ("来源文号", "document_number"),
];

fn of_json(row: &Value) -> Row {
    let cell = |value: &Value| match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_null() => String::new(),
        None => value.to_string(),
    };
    let mut cells: Row = KEYS.iter().map(|(name, key)| ((*name).to_owned(), cell(&row[*key]))).collect();
    let light = row["status"]["light"].as_str().unwrap_or_default();
    cells.insert("灯".to_owned(), light.to_owned());
    cells.insert("状态".to_owned(), cell(&row["status"]["words"]));
    cells
}

/// A day as spreadsheets count it: from 1899-12-30, by Excel's own habit.
fn day_of_serial(serial: f64) -> String {
    let zero = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
    let days: i64 = format!("{serial:.0}").parse().unwrap();
    (zero + chrono::TimeDelta::days(days)).to_string()
}

/// The sheet that holds the column 编号, below its head.
fn of_workbook(bytes: &[u8]) -> Vec<Row> {
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let (mut rows, mut found) = (Vec::new(), false);
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).unwrap();
        let cell = |data: &Data| {
            if let Data::DateTime(at) = data { day_of_serial(at.as_f64()) } else { data.to_string() }
        };
        let cells: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(cell).collect()).collect();
        let is_header = |row: &Vec<String>| row.iter().any(|cell| cell == "编号");
        let Some(header) = cells.iter().position(is_header) else { continue };
        found = true;
        rows.extend(cells[header + 1..].iter().map(|row| named(&cells[header], row)));
    }
    assert!(found, "no sheet of the workbook has a column 编号");
    rows
}

fn of_csv(bytes: &[u8]) -> Vec<Row> {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let cells: Vec<Vec<String>> =
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    let header = cells.iter().position(|row| row.iter().any(|cell| cell == "编号")).unwrap();
    cells[header + 1..].iter().map(|row| named(&cells[header], row)).collect()
}

fn named(header: &[String], row: &[String]) -> Row {
    let mut cells: Row = header.iter().cloned().zip(row.iter().cloned()).collect();
    let status = cells.get("状态").cloned().unwrap_or_default();
    let light = light_of_sign(&status).unwrap_or("off").to_owned();
    cells.insert("灯".to_owned(), light);
    let words = status.trim_start_matches(|c| light_of_sign(&String::from(c)).is_some());
    let words = words.rsplit_once('·').map_or(words, |(words, _)| words).to_owned();
    cells.insert("状态".to_owned(), words);
    cells
}

fn told(row: &Row, register: &Register, speaker: &mut Speaker<'_>) {
    let cell = |name: &str| row.get(name).map(String::as_str).unwrap_or_default();
    let id = bare(cell("编号"));
    // A task nothing is open of has no unit in its number.
    if id.matches('/').count() != 3 {
        return;
    }
    // Years on the page of a spreadsheet are whole; a deadline that is words is none.
    let day = |name: &str| cell(name).parse::<chrono::NaiveDate>().ok();
    // Whoever leads with it has a row of its own, and may have been given more time another way.
    speaker.say_day(&id, Field::Original, day("原定时限"));
    speaker.say(&id, Field::Extensions, cell("延期次数"));
    speaker.say_day(&id, Field::Current, day("现定时限"));
    if !cell("批准依据").is_empty() {
        // Of several extensions each stands there; elsewhere the last.
        let last = cell("批准依据").rsplit('；').next().unwrap_or_default();
        let paper = bracketed(last).filter(|_| last.contains("延至")).map_or(last, |(paper, _)| paper);
        speaker.say(&id, Field::GrantedBy, paper);
    }
    speaker.say(&id, Field::Light, cell("灯"));
    speaker.say(&id, Field::Clause, register.clause(&id, cell("条款/清单序号")));
    speaker.say(&id, Field::Progress, bare(cell("进展")));
    speaker.say(&id, Field::Problem, bare(cell("存在问题")));
    speaker.say(&id, Field::NextSteps, bare(cell("下步措施")));
    speaker.say(&id, Field::Reminders, cell("提醒次数"));
    let days = cell("超期天数");
    speaker.say(&id, Field::OverdueDays, if days.is_empty() { "0" } else { days });
    if let Some(days) = number_between(cell("状态"), "超期", "天") {
        speaker.say(&id, Field::OverdueDays, days.to_string());
    }
    match cell("灯") {
        "review" | "paused" => {}
        _ if !cell("办结时间").is_empty() || !cell("销号时间").is_empty() => {
            speaker.say(&id, Field::State, "over");
        }
        _ => {}
    }
}
