//! The 反馈表 attached to a letter that asks something: one A4 page laid across, one row a matter, to be filled in
//! and sent back as a reply. A hidden column names letter and assignments, so that `intake` knows it again.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use chrono::NaiveDate;

use super::view::{Pen, Point, ground, points};
use super::words::form::{Column, MARK, Reply, SHEET, Signed};
use super::words::{clean, due_brief, lines_at, near_date_weekday};
use crate::domain::{Act, AssignmentId, Coming, Draft, Item, PlanHead, Role, Stage, UnitId};

/// Widths in characters; together they fill an A4 page laid across.
const WIDTHS: [f64; 8] = [5.0, 27.0, 24.0, 10.0, 12.0, 32.0, 22.0, 12.0];
const LAST: u16 = 7;
/// The hidden column.
const NAMES: u16 = 8;
const A4: u8 = 9;
/// Rows that one page holds; with more of them the page before is not made smaller.
const PAGE_ROWS_MAX: usize = 12;
const LINE_POINTS: f64 = 14.0;
/// Room to write by hand.
const ROW_POINTS_MIN: f64 = 40.0;
/// The format allows no higher row.
const ROW_POINTS_MAX: f64 = 409.0;
/// Longest answer, in characters: with all of them Chinese it fits an event.
const ANSWER_CHARS_MAX: u32 = 2000;
const GREY: Color = Color::RGB(0x0059_5959);

/// A matter to be answered, as a row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// which
    pub assignment: AssignmentId,
    title: String,
    source: String,
    /// by when the answer is asked
    reply_by: Option<NaiveDate>,
}

/// The rows of a letter's points, each under its point's number: what is said by telephone of no. 3 is the third.
pub(super) fn rows<'p>(points: impl Iterator<Item = &'p Point>) -> Vec<(usize, Row)> {
    let mut rows: Vec<(usize, Row)> =
        points.filter_map(|point| Some((point.number, point.row.clone()?))).collect();
    rows.sort_by_key(|(number, _)| *number);
    rows
}

/// Whether the unit is to answer the point: a time to avoid, another unit's matter or a ruling asks nothing.
pub(super) fn asks(item: &Item) -> bool {
    let asked = match item.stage() {
        Stage::Changed(_) => item.changed.as_ref().is_some_and(|changed| !changed.is_gone()),
        Stage::Avoid | Stage::Review(_) | Stage::EscalateLeader | Stage::EscalateSupervision => false,
        Stage::Act(act, _) => match act {
            Act::Assigned | Act::Reopened | Act::Chased => true,
            Act::ExtensionGranted | Act::ExtensionRefused | Act::DisputeSettled => false,
        },
        Stage::Collection
        | Stage::Adopted
        | Stage::Notice
        | Stage::Lead(_)
        | Stage::Due
        | Stage::Overdue(_)
        | Stage::Report
        | Stage::Returned(_) => true,
    };
    asked && item.role == Role::Lead && item.task.is_some()
}

/// The row of a point with a stage of its own.
pub(super) fn of_item(pen: Pen, item: &Item) -> Row {
    let place = item.task.as_ref().map(|task| pen.place(&item.plan, task)).unwrap_or_default();
    // Its day is asked for only where the letter asks for the report.
    let report = match item.stage() {
        Stage::Report | Stage::Act(Act::Assigned, _) => item.report_by,
        Stage::Collection
        | Stage::Adopted
        | Stage::Notice
        | Stage::Avoid
        | Stage::Lead(_)
        | Stage::Due
        | Stage::Overdue(_)
        | Stage::Returned(_)
        | Stage::Act(..)
        | Stage::Changed(_)
        | Stage::Review(_)
        | Stage::EscalateLeader
        | Stage::EscalateSupervision => None,
    };
    let mut notes = vec![place];
    notes.extend(report.map(|day| format!("{}前反馈办理情况", pen.date(day))));
    notes.push(due(pen, item));
    notes.extend(item.task.iter().filter(|task| task.fixed).map(|_| "不可延期".to_owned()));
    Row {
        assignment: item.key.assignment.clone(),
        title: pen.item_title(item),
        source: lines(&notes),
        reply_by: report.or(item.deadline),
    }
}

/// `6月30日到期，已超期5天`; without a date, the document's own words.
fn due(pen: Pen, item: &Item) -> String {
    match (item.deadline, &item.task) {
        // What waits for review is late nowhere.
        (Some(deadline), Some(task)) if !item.chased && !task.target => format!("{}到期", pen.date(deadline)),
        (Some(deadline), Some(task)) => pen.due(deadline, task),
        (Some(deadline), None) => pen.overdue(deadline),
        (None, Some(task)) => due_brief(&item.plan, task, pen.day),
        (None, None) => String::new(),
    }
}

/// The row of a matter that a round asks about.
pub(super) fn of_matter(pen: Pen, round: &Item, matter: &Coming) -> Row {
    Row { reply_by: round.ends.or(matter.deadline), ..of_coming(pen, &round.key.assignment.unit, matter) }
}

/// The row of a matter named in passing.
pub(super) fn of_coming(pen: Pen, unit: &UnitId, matter: &Coming) -> Row {
    let due = match matter.deadline {
        Some(deadline) => pen.due(deadline, &matter.task),
        None => due_brief(&matter.plan, &matter.task, pen.day),
    };
    Row {
        assignment: AssignmentId { occurrence: matter.occurrence.clone(), unit: unit.clone() },
        title: pen.coming_title(matter),
        source: lines(&[pen.place(&matter.plan, &matter.task), due]),
        reply_by: matter.deadline,
    }
}

fn lines(all: &[String]) -> String {
    all.iter().filter(|line| !line.is_empty()).cloned().collect::<Vec<_>>().join("\n")
}

/// The form's bytes; the letter's instant is the only time in them.
pub(super) fn workbook(draft: &Draft, rows: &[(usize, Row)]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp(draft.dated.timestamp())?;
    workbook.set_properties(&DocProperties::new().set_title(SHEET).set_creation_datetime(&created));
    let ink = Ink::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET)?;
    for (column, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let mut line = head(sheet, &ink, draft, rows)?;
    for (column, name) in (0u16..).zip(Column::ALL) {
        sheet.write_string_with_format(line, column, name.head(), &ink.head)?;
    }
    sheet.write_string(line, NAMES, format!("{MARK}{}", draft.letter))?;
    sheet.set_row_height(line, 24)?;
    let header = line;
    for (place, (number, row)) in (1u32..).zip(rows) {
        line = header + place;
        let number = u32::try_from(*number).unwrap_or(u32::MAX);
        sheet.write_number_with_format(line, 0, f64::from(number), &ink.centred)?;
        sheet.write_string_with_format(line, 1, &row.title, &ink.cell)?;
        sheet.write_string_with_format(line, 2, &row.source, &ink.cell)?;
        for (column, name) in (0u16..).zip(Column::ALL).filter(|(_, name)| name.is_answer()) {
            sheet.write_blank(line, column, ink.answer(name))?;
        }
        sheet.write_string(line, NAMES, row.assignment.to_string())?;
        sheet.set_row_height(line, height(row))?;
    }
    answers(sheet, header + 1, line)?;
    line = foot(sheet, &ink, line + 1)?;
    sheet.set_column_hidden(NAMES)?;
    sheet.set_freeze_panes(header + 1, 0)?;
    sheet.set_landscape().set_paper_size(A4).set_print_center_horizontally(true);
    sheet.set_print_fit_to_pages(1, u16::from(rows.len() <= PAGE_ROWS_MAX));
    sheet.set_repeat_rows(header, header)?;
    sheet.set_print_area(0, 0, line, LAST)?;
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C第&P页，共&N页");
    // No password: it keeps a hand from slipping, and hides nothing.
    sheet.protect_with_options(&ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    });
    sheet.set_selection(header + 1, 3, header + 1, 3)?;
    workbook.save_to_buffer()
}

/// Title, unit, letter, by when; the line after them.
fn head(sheet: &mut Worksheet, ink: &Ink, draft: &Draft, rows: &[(usize, Row)]) -> Result<u32, XlsxError> {
    sheet.merge_range(0, 0, 0, LAST, "督办事项反馈表", &ink.title)?;
    sheet.set_row_height(0, 32)?;
    let answered =
        |plan: &&PlanHead| rows.iter().any(|(_, row)| row.assignment.occurrence.task.plan == plan.id);
    let plans: Vec<&PlanHead> = plans(draft).into_iter().filter(answered).collect();
    let who = format!("单位：{}", clean(&draft.addressee));
    let which = format!("来信编号：{}", draft.letter);
    sheet.merge_range(1, 0, 1, 2, &who, &ink.plain)?;
    sheet.merge_range(1, 3, 1, 4, &which, &ink.plain)?;
    sheet.merge_range(1, 5, 1, LAST, &reply_by(draft.day, rows), &ink.right)?;
    sheet.set_row_height(1, 22)?;
    let hint = "请填白色格：“办理情况”从下拉列表选，不报的事项留空；已完成的填“完成日期”“情况说明”；有困难的填“存在问题”；申请延期的，进展填“情况说明”，原因填“存在问题”，并填“延期至”。";
    sheet.merge_range(2, 0, 2, LAST, &format!("依据：{}", ground(&plans)), &ink.small)?;
    sheet.merge_range(3, 0, 3, LAST, hint, &ink.small)?;
    let width = WIDTHS.iter().sum();
    sheet.set_row_height(3, lines_at(hint, width) * LINE_POINTS + 4.0)?;
    Ok(4)
}

/// The plans that the letter speaks of.
fn plans(draft: &Draft) -> Vec<&PlanHead> {
    points(draft)
        .into_iter()
        .flat_map(|item| std::iter::once(&*item.plan).chain(item.collects.iter().map(|matter| &*matter.plan)))
        .collect()
}

/// By when the form is asked back, where one day holds for all of it.
fn reply_by(day: NaiveDate, rows: &[(usize, Row)]) -> String {
    let mut days: Vec<NaiveDate> = rows.iter().filter_map(|(_, row)| row.reply_by).collect();
    days.sort_unstable();
    days.dedup();
    match days.as_slice() {
        [] => String::new(),
        [.., last] if *last < day => "请即反馈".to_owned(),
        [first, ..] if *first < day => "已到期的请即反馈，其余按各项时限反馈".to_owned(),
        [one] => format!("请于{}前（含当日）反馈", near_date_weekday(*one, day)),
        [first, ..] => format!("请按各项时限反馈，最早{}", near_date_weekday(*first, day)),
    }
}

fn height(row: &Row) -> f64 {
    let [_, matter, source, ..] = WIDTHS;
    let most = lines_at(&row.title, matter).max(lines_at(&row.source, source));
    (most * LINE_POINTS + 8.0).clamp(ROW_POINTS_MIN, ROW_POINTS_MAX)
}

/// What the answers' cells take.
fn answers(sheet: &mut Worksheet, first: u32, last: u32) -> Result<(), XlsxError> {
    let words: Vec<&str> = Reply::ALL.into_iter().map(Reply::word).collect();
    let from_list = DataValidation::new()
        .allow_list_strings(&words)?
        .set_error_title("办理情况")?
        .set_error_message("请从下拉列表中选择一项。")?;
    let earliest = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let date = DataValidation::new()
        .allow_date(DataValidationRule::GreaterThanOrEqualTo(earliest))
        .set_error_title("日期")?
        .set_error_message("请填日期，如 2021-6-25。")?;
    let text = DataValidation::new()
        .allow_text_length(DataValidationRule::LessThanOrEqualTo(ANSWER_CHARS_MAX))
        .set_error_title("文字过长")?
        .set_error_message(format!("至多{ANSWER_CHARS_MAX}字，其余请作为附件。"))?;
    for (column, name) in (0u16..).zip(Column::ALL) {
        let rule = match name {
            Column::Reply => &from_list,
            Column::DoneOn | Column::Until => &date,
            Column::Account | Column::Problem => &text,
            Column::Number | Column::Matter | Column::Source => continue,
        };
        sheet.add_data_validation(first, column, last, column, rule)?;
    }
    Ok(())
}

/// Who filled it in, and where material goes; its last line.
fn foot(sheet: &mut Worksheet, ink: &Ink, line: u32) -> Result<u32, XlsxError> {
    let [name, post, phone] = Signed::ALL.map(Signed::head);
    sheet.merge_range(line, 0, line, 1, name, &ink.label)?;
    sheet.write_blank(line, 2, &ink.signed)?;
    sheet.write_string_with_format(line, 3, post, &ink.label)?;
    sheet.merge_range(line, 4, line, 5, "", &ink.signed)?;
    sheet.write_string_with_format(line, 6, phone, &ink.label)?;
    sheet.write_blank(line, 7, &ink.signed)?;
    sheet.set_row_height(line, 30)?;
    let note = "印证材料不必粘贴在表内，作为附件随本表一并回复即可，可后补。附件名以本表序号开头的（如“1-验收记录.pdf”），归入该项。";
    sheet.merge_range(line + 1, 0, line + 1, LAST, note, &ink.small)?;
    sheet.set_row_height(line + 1, 22)?;
    Ok(line + 1)
}

/// How cells look.
struct Ink {
    title: Format,
    plain: Format,
    right: Format,
    small: Format,
    head: Format,
    cell: Format,
    centred: Format,
    label: Format,
    signed: Format,
    words: Format,
    choice: Format,
    date: Format,
}

impl Ink {
    fn new() -> Self {
        let font = |points: u32| {
            Format::new().set_font_name("宋体").set_font_size(points).set_align(FormatAlign::VerticalCenter)
        };
        // What is not to be filled in is grey; it is seen on paper too.
        let given = || font(10).set_border(FormatBorder::Thin).set_background_color(Color::RGB(0x00F2_F2F2));
        let open = || font(10).set_border(FormatBorder::Thin).set_text_wrap().set_unlocked();
        Self {
            title: font(18).set_bold().set_align(FormatAlign::Center),
            plain: font(11),
            right: font(11).set_bold().set_align(FormatAlign::Right),
            small: font(9).set_font_color(GREY).set_text_wrap(),
            head: given().set_bold().set_align(FormatAlign::Center),
            cell: given().set_text_wrap(),
            centred: given().set_align(FormatAlign::Center),
            label: given().set_align(FormatAlign::Center),
            signed: open(),
            words: open(),
            choice: open().set_align(FormatAlign::Center),
            date: open().set_align(FormatAlign::Center).set_num_format("yyyy-mm-dd"),
        }
    }

    fn answer(&self, column: Column) -> &Format {
        match column {
            Column::Reply => &self.choice,
            Column::DoneOn | Column::Until => &self.date,
            Column::Number | Column::Matter | Column::Source | Column::Account | Column::Problem => {
                &self.words
            }
        }
    }
}
