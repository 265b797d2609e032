//! A bulletin laid out: every text cleaned and in its place. Word, HTML and plain text only draw it.

use chrono::NaiveDate;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::prose::{self, Block};
use super::view::{Bulletin, FeedbackState, ItemRow, Totals, UnitRow, mark};
use crate::calendar::zh::date_zh;
use crate::report::table::{Cell, Column, Table};
use crate::words::{clean, near_date, row};

/// 成文日期 stands four characters from the right edge (GB/T 9704); in hundredths of a character.
const DATE_INDENT: u32 = 400;

/// 附件1, in millimetres of a page laid across.
const ITEM_COLUMNS: [Column; 11] = [
    Column::centred("序号", 9),
    Column::left("事项", 32),
    Column::left("来源（文号、条款）", 25),
    Column::left("牵头单位", 20),
    Column::left("配合单位", 25),
    Column::centred("原定时限", 18),
    Column::centred("现定时限（延期次数）", 20),
    Column::left("本月进展", 35),
    Column::left("状态", 27),
    Column::left("存在问题", 22),
    Column::left("下步措施及预计完成时间", 24),
];

/// 附件2, in millimetres of an upright page.
const UNIT_COLUMNS: [Column; 11] = [
    Column::centred("序号", 8),
    Column::left("牵头单位", 33),
    Column::centred("纳入调度", 12),
    Column::centred("应办结", 12),
    Column::centred("按期办结", 12),
    Column::centred("超期办结", 12),
    Column::centred("待审核", 12),
    Column::centred("到期未办结", 12),
    Column::centred("按期办结率", 14),
    Column::centred("月调度反馈", 17),
    Column::centred("批准延期", 12),
];

/// 月调度反馈, which has no sum.
const FEEDBACK_COLUMN: usize = 9;

/// A bulletin as it lies on paper.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Layout {
    pub mark: Option<&'static str>,
    pub red_head: Option<String>,
    pub issue: String,
    pub office: String,
    pub date: String,
    pub title: Vec<String>,
    pub to: String,
    pub body: Vec<Block>,
    pub annexes: [String; 3],
    /// right indents of 落款 and 成文日期, in hundredths of a character
    pub office_indent: u32,
    pub date_indent: u32,
    pub items: Table,
    pub items_note: String,
    pub units: Table,
    pub units_note: String,
    pub rules: Vec<String>,
    pub check: Vec<(&'static str, String)>,
    pub copies: String,
    pub printed: String,
}

impl Layout {
    pub(super) fn of(paper: &Bulletin) -> Self {
        let (office, date) = (clean(&paper.office), date_zh(paper.dated));
        let (office_indent, date_indent) = signature(&office, &date);
        Self {
            mark: mark(paper.step),
            red_head: paper.red_head.as_deref().map(clean).filter(|head| !head.is_empty()),
            issue: format!("第{}期", paper.number),
            title: paper.title.iter().map(|line| clean(line)).collect(),
            to: if paper.to.is_empty() { String::new() } else { format!("{}：", row(&paper.to)) },
            body: prose::body(paper),
            annexes: prose::annexes(paper),
            office_indent,
            date_indent,
            items: Table::new(&ITEM_COLUMNS, items(paper), "本期无纳入调度的事项。"),
            items_note: items_note(paper),
            units: Table::new(&UNIT_COLUMNS, units(&paper.units), "本期无牵头单位。"),
            units_note: prose::schedule(paper),
            rules: (1..).zip(&paper.counted.rules).map(|(n, rule)| format!("{n}.{}", clean(rule))).collect(),
            check: check(paper),
            copies: if paper.copies.is_empty() {
                String::new()
            } else {
                format!("抄送：{}。", row(&paper.copies))
            },
            printed: format!("{date}印发"),
            office,
            date,
        }
    }
}

/// The shorter of the two is centred on the longer (GB/T 9704, 7.3.5); in hundredths of a character.
fn signature(office: &str, date: &str) -> (u32, u32) {
    // A Chinese character is two columns wide: a column is 50 hundredths, half of one 25.
    let halves = |text: &str| u32::try_from(text.width()).unwrap_or(u32::MAX / 100).saturating_mul(25);
    let (office, date) = (halves(office), halves(date));
    let office_indent = (DATE_INDENT + date).saturating_sub(office);
    let date_indent = if office_indent == 0 { office - date } else { DATE_INDENT };
    (office_indent, date_indent)
}

fn items_note(paper: &Bulletin) -> String {
    let listed = (paper.unlisted > 0).then(|| {
        format!(
            "本表列本期应办结、提前办结和本月有进展、有延期的{}项；其余在办{}项见台账。",
            paper.items.len(),
            paper.unlisted
        )
    });
    let document = only_document(paper).map(|number| format!("来源文号均为{number}，表内只列条款。"));
    listed.into_iter().chain(document).collect()
}

/// The document that every row comes from: said once above the table, not in each row.
fn only_document(paper: &Bulletin) -> Option<&str> {
    let number = paper.plans.first()?.document_number.as_deref()?;
    let all = paper.items.len() > 1 && paper.items.iter().all(|row| row.source.starts_with(number));
    all.then_some(number)
}

fn items(paper: &Bulletin) -> Vec<Vec<Cell>> {
    let said = only_document(paper).unwrap_or_default();
    (1u32..).zip(&paper.items).map(|(number, row)| item(number, row, said, paper.dated)).collect()
}

fn item(number: u32, row: &ItemRow, document: &str, dated: NaiveDate) -> Vec<Cell> {
    let current = if row.extensions > 0 {
        format!("{}（{}次）", clean(&row.current), row.extensions)
    } else {
        clean(&row.current)
    };
    let next = match row.expected {
        Some(day) if row.next_steps.is_empty() => format!("预计{}完成", near_date(day, dated)),
        Some(day) => format!("{}（预计{}完成）", clean(&row.next_steps), near_date(day, dated)),
        None => clean(&row.next_steps),
    };
    let unproved = if row.unproved { "（未附印证材料）" } else { "" };
    let progress = format!("{}{unproved}", clean(&row.progress));
    vec![
        Cell::number(number),
        Cell::text(&row.title),
        Cell::text(row.source.strip_prefix(document).unwrap_or(&row.source)),
        Cell::text(&row.lead),
        Cell::text(&row.cooperate),
        Cell::text(&row.original),
        Cell::text(&current),
        Cell::text(&progress),
        Cell::status(&row.status),
        Cell::text(&row.problem),
        Cell::text(&next),
    ]
}

/// Of several units, one row.
fn sum(name: String, rows: &[&UnitRow]) -> UnitRow {
    UnitRow {
        unit: name,
        totals: rows.iter().fold(Totals::default(), |sum, row| sum.plus(&row.totals)),
        feedback: FeedbackState::NotAsked,
        extensions: rows.iter().map(|row| row.extensions).sum(),
    }
}

/// Units of which nothing was due or asked stand in one row.
fn units(rows: &[UnitRow]) -> Vec<Vec<Cell>> {
    let is_quiet = |row: &&UnitRow| {
        row.totals.due() == 0
            && row.totals.early == 0
            && row.extensions == 0
            && row.feedback == FeedbackState::NotAsked
    };
    let (quiet, told): (Vec<&UnitRow>, Vec<&UnitRow>) = rows.iter().partition(is_quiet);
    let (quiet, told) = if quiet.len() > 1 { (quiet, told) } else { (Vec::new(), rows.iter().collect()) };
    let mut cells: Vec<Vec<Cell>> = (1u32..).zip(told).map(|(number, row)| unit(number, row)).collect();
    if !quiet.is_empty() {
        let name = format!("其余{}家", quiet.len());
        let mut row = unit(0, &sum(name, &quiet));
        if let Some(number) = row.first_mut() {
            number.text = String::new();
        }
        cells.push(row);
    }
    if rows.len() > 1 {
        let total = sum("合计".to_owned(), &rows.iter().collect::<Vec<_>>());
        let mut last = unit(0, &total);
        for cell in &mut last {
            cell.bold = true;
        }
        if let Some(feedback) = last.get_mut(FEEDBACK_COLUMN) {
            feedback.text = String::new();
        }
        if let Some(number) = last.first_mut() {
            number.text = String::new();
        }
        cells.push(last);
    }
    cells
}

fn unit(number: u32, row: &UnitRow) -> Vec<Cell> {
    let totals = &row.totals;
    vec![
        Cell::number(number),
        Cell::text(&row.unit),
        Cell::number(totals.followed),
        Cell::number(totals.due()),
        Cell::number(totals.on_time),
        Cell::number(totals.late),
        Cell::number(totals.in_review),
        Cell { bold: totals.unfinished > 0, ..Cell::number(totals.unfinished) },
        Cell::text(&totals.on_time_rate().percent().unwrap_or_else(|| "—".to_owned())),
        Cell::text(row.feedback.word()),
        Cell::number(row.extensions),
    ]
}

fn check(paper: &Bulletin) -> Vec<(&'static str, String)> {
    let counted = &paper.counted;
    vec![
        ("数据截至", date_zh(paper.as_of)),
        ("口径版本", clean(&counted.rule_version)),
        ("台账位置", format!("第{}号记录", counted.position)),
        ("该记录散列（SHA-256）", counted.head.to_string()),
    ]
}
