//! The office's weekly lists: 超期, 本周到期, 下周到期, 未签收, 未反馈, 待审核, 退回未改. As text to paste into a chat, as a
//! workbook with a page each, and on one page to print.

mod fill;

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};
use minijinja::context;
use serde::{Deserialize, Serialize};

use crate::calendar::zh::{date_zh, weekday_zh};
use crate::domain::AssignmentId;
pub use crate::matter::worklist::ListKind;
use crate::report::book::Book;
use crate::report::paper::{self, PaperFault, draw};
use crate::report::table::{Cell, Column, Table};
use crate::words::{clean, near_date};

const PAGE: &str = include_str!("../templates/weekly.html.jinja");
/// Size of the workbook's characters, in points.
const POINTS: f64 = 10.0;

/// Before each list.
const NUMBERS: [&str; ListKind::ALL.len()] = ["一", "二", "三", "四", "五", "六", "七"];

/// In millimetres of an upright page.
const COLUMNS: [Column; 6] = [
    Column::centred("序号", 9),
    Column::left("单位", 33),
    Column::left("事项", 50),
    Column::left("来源", 44),
    Column::centred("时限", 17),
    Column::left("情况", 33),
];

/// The lists of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weekly {
    /// whose lists they are
    pub office: String,
    /// as seen on this day
    pub day: NaiveDate,
    /// the last day of this week
    pub until: NaiveDate,
    /// the first day of the next week
    pub next_from: NaiveDate,
    /// its last day
    pub next_until: NaiveDate,
    /// in this order
    pub lists: Vec<List>,
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// what its entries lack, or wait for
    pub kind: ListKind,
    /// how many matters it is about
    pub matters: u32,
    /// unit by unit; a long list has one entry a unit
    pub entries: Vec<Entry>,
}

/// One matter on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// short name of the unit
    pub unit: String,
    /// the matter
    pub title: String,
    /// clause
    pub source: String,
    /// its deadline
    pub deadline: Option<NaiveDate>,
    /// `6月18日发出，已3天`
    pub note: String,
    /// the duties it stands for, each `plan/task/period/unit`
    pub assignments: Vec<AssignmentId>,
}

#[derive(Serialize)]
struct Page {
    title: String,
    summary: String,
    signed: String,
    lists: Vec<PageList>,
}

#[derive(Serialize)]
struct PageList {
    name: String,
    table: Table,
}

impl Weekly {
    /// Text to paste into a chat: short lines, no tables.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("【{}】\n{}\n", self.title(), self.summary());
        for (number, list) in NUMBERS.iter().zip(&self.lists) {
            let _ = write!(text, "\n{number}、{}", list.head());
            if list.entries.is_empty() {
                text.push_str("：无\n");
                continue;
            }
            text.push('\n');
            let mut unit = String::new();
            for (number, entry) in (1..).zip(&list.entries) {
                let own = clean(&entry.unit);
                if own != unit {
                    let _ = writeln!(text, "{own}");
                    unit = own;
                }
                let _ = writeln!(text, "{number}. {}", self.told(entry));
            }
        }
        let _ = write!(text, "\n{}\n", self.signed());
        text
    }

    fn told(&self, entry: &Entry) -> String {
        let due = entry.deadline.map(|day| format!("{}到期", near_date(day, self.day)));
        let note = clean(&entry.note);
        let parts: Vec<String> = due.into_iter().chain((!note.is_empty()).then_some(note)).collect();
        let title = clean(&entry.title);
        if parts.is_empty() { title } else { format!("{title}（{}）", parts.join("，")) }
    }

    fn title(&self) -> String {
        format!("督办周清单 {}（{}）", date_zh(self.day), weekday_zh(self.day.weekday()))
    }

    fn summary(&self) -> String {
        let heads: Vec<String> = self.lists.iter().map(List::head).collect();
        format!(
            "{}。本周到期指今日至{}，下周指{}至{}。",
            heads.join("，"),
            near_date(self.until, self.day),
            near_date(self.next_from, self.day),
            near_date(self.next_until, self.day)
        )
    }

    fn signed(&self) -> String {
        format!("{} 据台账生成，供内部调度使用。", clean(&self.office))
    }

    /// A workbook with a page for each list.
    ///
    /// # Errors
    /// [`PaperFault::Workbook`] where the entries don't fit into one.
    pub fn xlsx(&self) -> Result<Vec<u8>, PaperFault> {
        let mut book = Book::new(&self.title(), self.day, POINTS)?;
        for list in &self.lists {
            let title = format!("{}清单", list.kind.name());
            let note = format!("{}　{}　共{}项", clean(&self.office), date_zh(self.day), list.matters);
            book.table(list.kind.name(), &title, &note, &self.table(list), false)?;
        }
        book.finish()
    }

    /// One page to print, without remote content.
    ///
    /// # Errors
    /// [`PaperFault::Template`] for a faulty template.
    pub fn html(&self) -> Result<String, PaperFault> {
        let lists =
            self.lists.iter().map(|list| PageList { name: list.head(), table: self.table(list) }).collect();
        let page = Page { title: self.title(), summary: self.summary(), signed: self.signed(), lists };
        draw("weekly.html", PAGE, &page, context! {})
    }

    /// The view as JSON.
    ///
    /// # Errors
    /// [`PaperFault::Json`] where it can't be serialised.
    pub fn json(&self) -> Result<Vec<u8>, PaperFault> {
        paper::json(self)
    }

    fn table(&self, list: &List) -> Table {
        let rows = (1u32..).zip(&list.entries).map(|(number, entry)| {
            vec![
                Cell::number(number),
                Cell::text(&entry.unit),
                Cell::text(&entry.title),
                Cell::text(&entry.source),
                Cell::text(&entry.deadline.map(|day| near_date(day, self.day)).unwrap_or_default()),
                Cell::text(&entry.note),
            ]
        });
        Table::new(&COLUMNS, rows.collect(), "无。")
    }
}

impl List {
    /// `未签收3项`.
    fn head(&self) -> String {
        format!("{}{}项", self.kind.name(), self.matters)
    }
}
