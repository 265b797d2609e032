//! A 反馈表 that came back: its rows as answers, row by row what was not understood. Nothing is believed: who sends
//! it stands nowhere in it, and what it says is only proposed.

use std::fmt;

use chrono::NaiveDate;

use super::day::{Sense, day};
use crate::domain::{AssignmentId, ItemAnswer, LetterId};
use crate::import::{Cell, Limits, Sheet, Source, Unreadable, open_until};
use crate::locale::{Language, Message, message, told};
use crate::words::form::{Column, MARK, Reply, Signed};

/// Largest workbook that is read as a form, in bytes; ours has some ten thousand.
pub const FORM_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest word of a form that is shown in a message, in characters.
const SHOWN_CHARS_MAX: usize = 30;

/// A form as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// the letter it came with
    pub letter: LetterId,
    /// rows in which anything was filled in, from top to bottom
    pub rows: Vec<Row>,
    /// rows left empty
    pub blank: usize,
    /// 填表人, 职务, 电话, as they stand there
    pub signed: [String; 3],
}

/// A row in which something was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// 序号, as printed; 0 where it is gone
    pub number: u32,
    /// 事项, as printed
    pub title: String,
    /// what it says of which matter, or what is not understood
    pub said: Result<Said, Misread>,
}

/// An answer and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// the matter
    pub assignment: AssignmentId,
    /// the answer
    pub answer: ItemAnswer,
}

/// Why a row is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misread {
    /// words without a choice
    NoReply,
    /// a choice that the list does not have
    OddReply(String),
    /// a date is missing
    Empty(Column),
    /// no date
    OddDay {
        /// where
        column: Column,
        /// what stands there
        text: String,
    },
    /// a formula without a value
    Formula(Column),
    /// the hidden cell is gone or changed
    NoMatter,
}

impl Misread {
    /// Why, to be told.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::NoReply => message("row-no-reply"),
            Self::OddReply(said) => {
                let words = Reply::ALL.map(Reply::word).join("、");
                message("row-odd-reply").with("said", said).with("words", &words)
            }
            Self::Empty(column) => message("row-empty").with("column", column.head()),
            Self::OddDay { column, text } => {
                message("row-odd-day").with("column", column.head()).with("text", text)
            }
            Self::Formula(column) => message("row-formula").with("column", column.head()),
            Self::NoMatter => message("row-no-matter"),
        }
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&told(Language::English, &self.message()))
    }
}

/// Reads a workbook as a form; `None` where it is another one. `received` is the day it came: a date without a year
/// is read as near it.
///
/// # Errors
/// It is no workbook that can be read.
pub fn form(name: &str, bytes: &[u8], received: NaiveDate) -> Result<Option<Form>, Unreadable> {
    if bytes.len() > FORM_BYTES_MAX {
        return Err(Unreadable::TooLarge { bytes: bytes.len() });
    }
    let book = open_until(&Source { name, bytes }, &Limits::FORM, &|sheet| marked(sheet).is_some())?;
    let found = book.sheets.iter().find_map(|sheet| of_sheet(sheet, received));
    let too_much =
        |sheet: &Sheet| Some(Unreadable::TooMuch { sheet: sheet.name.clone(), what: sheet.refused.clone()? });
    match book.sheets.iter().find_map(too_much) {
        Some(why) if found.is_none() => Err(why),
        _ => Ok(found),
    }
}

/// The row of column names, the hidden column and the letter that it names.
fn marked(sheet: &Sheet) -> Option<(u32, usize, LetterId)> {
    sheet.rows.iter().find_map(|(row, cells)| {
        let letter = |cell: &Cell| match cell {
            Cell::Text(said) => text_of(said).strip_prefix(MARK.trim_end())?.trim().parse().ok(),
            Cell::Empty | Cell::Number(_) | Cell::Day(_) | Cell::Period(_) | Cell::Odd(_) => None,
        };
        cells.iter().enumerate().find_map(|(at, cell)| Some((*row, at, letter(cell)?)))
    })
}

fn of_sheet(sheet: &Sheet, received: NaiveDate) -> Option<Form> {
    let (header, names, letter) = marked(sheet)?;
    let heads = sheet.rows.get(&header)?;
    let place = |column: Column| heads.iter().position(|cell| text(cell) == column.head());
    let mut form = Form { letter, rows: Vec::new(), blank: 0, signed: Default::default() };
    for (number, cells) in sheet.rows.range(header.saturating_add(1)..) {
        if let Some(signed) = signed(cells) {
            form.signed = signed;
            break;
        }
        let at = |place: Option<usize>| place.and_then(|at| cells.get(at)).unwrap_or(&Cell::Empty);
        let cell = |column| at(place(column));
        let name = text(at(Some(names)));
        let filled = Column::ALL.into_iter().any(|column| column.is_answer() && !cell(column).is_empty());
        let formula = Column::ALL.into_iter().filter(|column| column.is_answer()).find(|column| {
            let place = place(*column).and_then(|place| u32::try_from(place).ok());
            place.is_some_and(|place| sheet.uncalculated.contains_key(&(*number, place)))
        });
        if filled || formula.is_some() {
            let number = cell(Column::Number).shown().trim().parse().unwrap_or(0);
            form.rows.push(Row {
                number,
                title: super::plain(&text(cell(Column::Matter))),
                said: formula
                    .map_or_else(|| said(&name, &cell, received), |column| Err(Misread::Formula(column))),
            });
        } else if !name.is_empty() {
            form.blank += 1;
        }
    }
    Some(form)
}

fn said<'c>(name: &str, cell: &impl Fn(Column) -> &'c Cell, received: NaiveDate) -> Result<Said, Misread> {
    let assignment = name.parse().map_err(|_| Misread::NoMatter)?;
    let chosen = text(cell(Column::Reply));
    if chosen.is_empty() {
        return Err(Misread::NoReply);
    }
    let reply = reply(&chosen).ok_or_else(|| Misread::OddReply(shown(&chosen)))?;
    let (account, problem) = (words(cell(Column::Account)), words(cell(Column::Problem)));
    // Whoever writes into the other of the two columns has said it all the same.
    let either =
        |first: &str, second: &str| if first.is_empty() { second.to_owned() } else { first.to_owned() };
    let needed =
        |column, words: String| if words.is_empty() { Err(Misread::Empty(column)) } else { Ok(words) };
    let answer = match reply {
        Reply::Done => ItemAnswer::Done {
            done_on: date(cell(Column::DoneOn), Column::DoneOn, received, Sense::Past)?,
            text: needed(Column::Account, account)?,
        },
        Reply::Unchanged if account.is_empty() && problem.is_empty() => ItemAnswer::Unchanged,
        Reply::Underway | Reply::Unchanged => ItemAnswer::Progress {
            text: needed(Column::Account, either(&account, &problem))?,
            problem: Some(problem).filter(|problem| !problem.is_empty()),
            next_steps: None,
        },
        Reply::Trouble => ItemAnswer::Progress {
            text: needed(Column::Account, either(&account, &problem))?,
            problem: Some(either(&problem, &account)),
            next_steps: None,
        },
        Reply::Extension => ItemAnswer::Extension {
            reason: needed(Column::Problem, problem)?,
            progress: needed(Column::Account, account)?,
            new_deadline: date(cell(Column::Until), Column::Until, received, Sense::Ahead)?,
            approval: None,
        },
        Reply::Dispute => ItemAnswer::Dispute { text: needed(Column::Account, either(&account, &problem))? },
    };
    Ok(Said { assignment, answer })
}

/// The choice, also in the words that people type in the place of the list's.
fn reply(chosen: &str) -> Option<Reply> {
    let bare: String = chosen.chars().filter(|c| !c.is_whitespace()).collect();
    let typed = match bare.as_str() {
        "完成" | "已办结" => Some(Reply::Done),
        "正在推进" | "进行中" => Some(Reply::Underway),
        "本月无变化" => Some(Reply::Unchanged),
        "延期" => Some(Reply::Extension),
        _ => None,
    };
    typed.or_else(|| Reply::ALL.into_iter().find(|reply| reply.word() == bare))
}

fn date(cell: &Cell, column: Column, received: NaiveDate, sense: Sense) -> Result<NaiveDate, Misread> {
    if cell.is_empty() {
        return Err(Misread::Empty(column));
    }
    day(cell, received, sense).ok_or_else(|| Misread::OddDay { column, text: shown(&cell.shown()) })
}

/// The foot's row, and what is written in it.
fn signed(cells: &[Cell]) -> Option<[String; 3]> {
    let place = |signed: Signed| cells.iter().position(|cell| text(cell) == signed.head());
    place(Signed::Name)?;
    let is_label = |cell: &Cell| Signed::ALL.iter().any(|signed| text(cell) == signed.head());
    let after = |signed: Signed| {
        let mut right = cells.iter().skip(place(signed)? + 1).take_while(|cell| !is_label(cell));
        right.find(|cell| !cell.is_empty()).map(|cell| super::plain(&words(cell)))
    };
    Some(Signed::ALL.map(|signed| after(signed).unwrap_or_default()))
}

/// A cell's text on one line.
fn text(cell: &Cell) -> String {
    text_of(&cell.shown())
}

fn text_of(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A cell's words as they were typed, line breaks too, without what speaks to a terminal.
fn words(cell: &Cell) -> String {
    let typed = cell.shown().replace("\r\n", "\n");
    let kept = |c: &char| *c == '\n' || !super::speaks(*c);
    typed.chars().filter(kept).collect::<String>().trim().to_owned()
}

fn shown(text: &str) -> String {
    super::plain(text).chars().take(SHOWN_CHARS_MAX).collect()
}
