//! A unit's annual pack: what it did in a year, with which material, what lacks material, and what the
//! pack does not cover. The files themselves are put beside the index by whoever writes the pack.

mod from_ledger;

use std::fmt::Write as _;

use chrono::NaiveDate;
use minijinja::context;
use serde::{Deserialize, Serialize};

use crate::calendar::zh::date_zh;
use crate::domain::Digest;
use crate::report::Status;
use crate::report::book::Book;
use crate::report::paper::{self, PaperFault, draw};
use crate::report::table::{Cell, Column, Table};
use crate::words::clean;

const PAGE: &str = include_str!("../templates/pack.html.jinja");
/// Size of the workbook's characters, in points.
const POINTS: f64 = 10.0;
/// Longest name of a packed file, in bytes, its number aside.
const NAME_BYTES_MAX: usize = 120;
/// The folder of the files.
const FOLDER: &str = "files";

const ITEM_COLUMNS: [Column; 9] = [
    Column::centred("序号", 10),
    Column::left("事项", 48),
    Column::left("来源", 42),
    Column::centred("原定时限", 24),
    Column::centred("现定时限（延期次数）", 26),
    Column::centred("单位填报完成日", 24),
    Column::centred("办结时间", 24),
    Column::left("状态", 26),
    Column::left("完成情况", 46),
];

const FILE_COLUMNS: [Column; 7] = [
    Column::centred("事项序号", 14),
    Column::left("文件（包内路径）", 72),
    Column::left("类型", 28),
    Column::centred("字节数", 22),
    Column::centred("取得日期", 24),
    Column::centred("提交日期", 24),
    Column::left("SHA-256", 76),
];

const LACK_COLUMNS: [Column; 3] =
    [Column::centred("事项序号", 16), Column::left("事项", 90), Column::left("缺什么", 154)];

const NOTE_COLUMNS: [Column; 2] = [Column::centred("序号", 16), Column::left("本包不包括、不能证明的", 244)];

/// The index of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackIndex {
    /// whose
    pub unit: String,
    /// of which year
    pub year: i32,
    /// who made it
    pub office: String,
    /// the last day counted, included
    pub as_of: NaiveDate,
    /// position of the last event folded
    pub position: u64,
    /// that event's hash
    pub head: Digest,
    /// version of the rules of lights
    pub rule_version: String,
    /// matters that the unit answered for
    pub items: Vec<PackItem>,
    /// what the pack does not cover
    pub not_covered: Vec<String>,
}

/// One matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackItem {
    /// the matter
    pub title: String,
    /// document and clause
    pub source: String,
    /// 原定时限 in words
    pub original: String,
    /// 现定时限 in words
    pub current: String,
    /// how often it was extended
    pub extensions: u32,
    /// 单位填报完成日
    pub done_on: Option<NaiveDate>,
    /// 办结时间
    pub accepted_on: Option<NaiveDate>,
    /// where it stands
    pub status: Status,
    /// 完成情况, the unit's words
    pub statement: String,
    /// 印证材料
    pub files: Vec<PackFile>,
    /// what it lacks, each in words
    pub lacks: Vec<String>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackFile {
    /// as the unit named it
    pub name: String,
    /// of its bytes
    pub digest: Digest,
    /// length in bytes
    pub bytes: u64,
    /// by its content
    pub media_type: String,
    /// 取得日期, as the unit says
    pub obtained_on: Option<NaiveDate>,
    /// the day it came
    pub received_on: NaiveDate,
}

#[derive(Serialize)]
struct Page {
    title: String,
    note: String,
    check: String,
    items: Table,
    files: Vec<PageFile>,
    lacks: Table,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct PageFile {
    item: u32,
    path: String,
    link: String,
    facts: String,
    digest: String,
}

/// Where a file lies in the pack: `files/003-02-抽测记录.pdf`, counted from 1 within its matter. Nothing in
/// a name leads out of the folder, and every system can store it.
#[must_use]
pub fn packed_path(item: u32, file: u32, name: &str) -> String {
    let plain = clean(name);
    let safe: String = plain
        .chars()
        .map(|c| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c })
        .collect();
    let safe = safe.trim_matches(['.', ' ']);
    let (stem, end) = match safe.rsplit_once('.') {
        Some((stem, end)) if end.len() <= 8 => (stem, format!(".{end}")),
        _ => (safe, String::new()),
    };
    let mut room = NAME_BYTES_MAX;
    let stem: String = stem
        .chars()
        .take_while(|c| {
            let fits = room >= c.len_utf8();
            room = room.saturating_sub(c.len_utf8());
            fits
        })
        .collect();
    format!("{FOLDER}/{item:03}-{file:02}-{}{end}", stem.trim_end())
}

/// A path as it stands in a link.
fn link(path: &str) -> String {
    let mut link = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.') {
            link.push(char::from(byte));
        } else {
            let _ = write!(link, "%{byte:02X}");
        }
    }
    link
}

impl PackIndex {
    fn title(&self) -> String {
        format!("{}{}年度任务完成情况及印证材料", clean(&self.unit), self.year)
    }

    fn note(&self) -> String {
        let files: usize = self.items.iter().map(|item| item.files.len()).sum();
        let lacking = self.items.iter().filter(|item| !item.lacks.is_empty()).count();
        format!(
            "共{}项，印证材料{files}份，缺项{lacking}项。数据截至{}，口径版本：{}，制表单位：{}。",
            self.items.len(),
            date_zh(self.as_of),
            clean(&self.rule_version),
            clean(&self.office)
        )
    }

    fn check(&self) -> String {
        format!("台账第{}号记录，散列（SHA-256）{}", self.position, self.head)
    }

    /// Each file with its matter's number and its path in the pack, in order.
    pub fn files(&self) -> impl Iterator<Item = (u32, String, &PackFile)> {
        (1u32..).zip(&self.items).flat_map(|(item, matter)| {
            (1u32..)
                .zip(&matter.files)
                .map(move |(file, one)| (item, packed_path(item, file, &one.name), one))
        })
    }

    fn item_table(&self) -> Table {
        let day = |day: Option<NaiveDate>| Cell::text(&day.map(|day| day.to_string()).unwrap_or_default());
        let rows = (1u32..).zip(&self.items).map(|(number, item)| {
            let current = match item.extensions {
                0 => item.current.clone(),
                times => format!("{}（{times}次）", item.current),
            };
            vec![
                Cell::number(number),
                Cell::text(&item.title),
                Cell::text(&item.source),
                Cell::text(&item.original),
                Cell::text(&current),
                day(item.done_on),
                day(item.accepted_on),
                Cell::status(&item.status),
                Cell::text(&item.statement),
            ]
        });
        Table::new(&ITEM_COLUMNS, rows.collect(), "本年度无由该单位反馈的事项。")
    }

    fn file_table(&self) -> Table {
        let rows = self.files().map(|(item, path, file)| {
            vec![
                Cell::number(item),
                Cell::text(&path),
                Cell::text(&file.media_type),
                Cell::text(&file.bytes.to_string()),
                Cell::text(&file.obtained_on.map_or_else(|| "未填".to_owned(), |day| day.to_string())),
                Cell::text(&file.received_on.to_string()),
                Cell::text(&file.digest.to_string()),
            ]
        });
        Table::new(&FILE_COLUMNS, rows.collect(), "无印证材料。")
    }

    fn lack_table(&self) -> Table {
        let lacking = (1u32..).zip(&self.items).filter(|(_, item)| !item.lacks.is_empty());
        let rows = lacking.map(|(number, item)| {
            let lacks: Vec<String> = item.lacks.iter().map(|lack| clean(lack)).collect();
            vec![Cell::number(number), Cell::text(&item.title), Cell::text(&lacks.join("；"))]
        });
        Table::new(&LACK_COLUMNS, rows.collect(), "无缺项。")
    }

    /// The index as a workbook: 目录, 印证材料, 缺项, 说明.
    ///
    /// # Errors
    /// [`PaperFault::Workbook`] where the rows don't fit into one.
    pub fn xlsx(&self) -> Result<Vec<u8>, PaperFault> {
        let (title, note) = (self.title(), self.note());
        let mut book = Book::new(&title, self.as_of, POINTS)?;
        book.table("目录", &title, &note, &self.item_table(), true)?;
        book.table("印证材料", "印证材料清单", &note, &self.file_table(), true)?;
        book.table("缺项", "缺项清单", &note, &self.lack_table(), true)?;
        let notes = (1u32..).zip(&self.not_covered);
        let rows = notes.map(|(number, note)| vec![Cell::number(number), Cell::text(note)]).collect();
        let notes = Table::new(&NOTE_COLUMNS, rows, "无。");
        book.table("说明", "本包范围说明", &self.check(), &notes, true)?;
        book.finish()
    }

    /// The index as a page whose links lead to the files beside it.
    ///
    /// # Errors
    /// [`PaperFault::Template`] for a faulty template.
    pub fn html(&self) -> Result<String, PaperFault> {
        let files = self.files().map(|(item, path, file)| PageFile {
            item,
            link: link(&path),
            path,
            facts: format!(
                "{}，{}字节，取得日期{}，提交日期{}",
                clean(&file.media_type),
                file.bytes,
                file.obtained_on.map_or_else(|| "未填".to_owned(), date_zh),
                date_zh(file.received_on)
            ),
            digest: file.digest.to_string(),
        });
        let page = Page {
            title: self.title(),
            note: self.note(),
            check: self.check(),
            items: self.item_table(),
            files: files.collect(),
            lacks: self.lack_table(),
            notes: self.not_covered.iter().map(|note| clean(note)).collect(),
        };
        draw("pack.html", PAGE, &page, context! {})
    }

    /// The view as JSON.
    ///
    /// # Errors
    /// [`PaperFault::Json`] where it can't be serialised.
    pub fn json(&self) -> Result<Vec<u8>, PaperFault> {
        paper::json(self)
    }
}
