//! The 反馈表 of a letter, read back from its workbook by the column names and the hidden column.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use mail_parser::{MessageParser, MimeHeaders as _};

use super::{Register, speaker};
use crate::consistency::compare::{Field, Said, Surface};
use crate::consistency::reading::{date_with, number_between};

/// A row as it is printed.
#[derive(Debug, Clone)]
pub struct Row {
    pub number: usize,
    pub title: String,
    /// the lines of 条款、时限
    pub source: Vec<String>,
    /// the hidden cell
    pub id: String,
}

/// An attached workbook of this name.
pub fn attached(message: &[u8], name: &str) -> Option<Vec<u8>> {
    let message = MessageParser::default().parse(message)?;
    let mut attachments = message.attachments();
    let found = attachments.find(|part| part.attachment_name() == Some(name))?;
    Some(found.contents().to_vec())
}

/// The cells of a workbook's first sheet.
pub fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names().first().unwrap().clone();
    let range = book.worksheet_range(&name).unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

/// The rows of a form.
pub fn rows(bytes: &[u8]) -> Vec<Row> {
    let cells = cells(bytes);
    let header = cells.iter().position(|row| row.iter().any(|cell| cell == "办理情况")).unwrap();
    let place = |name: &str| cells[header].iter().position(|cell| cell == name).unwrap();
    let (number, title, source) = (place("序号"), place("事项"), place("条款、时限"));
    let hidden = cells[header].iter().position(|cell| cell.starts_with("duban 反馈表")).unwrap();
    cells[header + 1..]
        .iter()
        .take_while(|row| !row.iter().any(|cell| cell == "填表人"))
        .filter(|row| !row[hidden].is_empty())
        .map(|row| Row {
            number: row[number].parse().unwrap(),
            title: row[title].clone(),
            source: row[source].lines().map(str::to_owned).collect(),
            id: row[hidden].clone(),
        })
        .collect()
}

/// What the rows say of their matters.
pub fn form(rows: &[Row], register: &Register, all: &mut Vec<Said>) {
    let mut speaker = speaker(all, Surface::Form);
    for row in rows {
        speaker.say(&row.id, Field::Title, &row.title);
        speaker.say(&row.id, Field::Asked, "yes");
        if let Some(place) = row.source.first() {
            speaker.say(&row.id, Field::Clause, register.clause(&row.id, place));
        }
        let due = row.source.iter().find_map(|line| date_with(line, register.day, &["到期"]));
        if let Some(due) = due {
            speaker.say(&row.id, Field::Current, due.to_string());
        }
        if let Some(days) = row.source.iter().find_map(|line| number_between(line, "已超期", "天")) {
            speaker.say(&row.id, Field::OverdueDays, days.to_string());
        }
    }
}
