//! Every date, deadline, start, window, status and cadence phrase of the document, held against
//! `phrases.tsv`: which task carries it, or why none does.
//!
//! The scanner knows no dates: it stops at every character and word that a time can be told with.
//! Each stop must lie in a phrase of the table, and the phrases must stand in the order of the text.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails says where"
)]

use chrono::{Datelike, Days, NaiveDate};
use duban::calendar::Cadence;
use duban::domain::{ConflictAbout, Due, Task};
use duban::schedules::Declared;

use crate::plans::{cites, day, document, passages, plan, shipped, squeezed, task};

const TABLE: &str = include_str!("phrases.tsv");

/// Characters that tell a time, or may.
const CHARACTERS: &str = "年月日季期旬汛赛前起时";

/// Words that do, and hold none of these.
const WORDS: [&str; 23] = [
    "已完成",
    "常态",
    "长期",
    "每",
    "十三五",
    "十四五",
    "过冬",
    "冬春",
    "夏",
    "秋",
    "动态",
    "不间断",
    "例行",
    "频次",
    "经常",
    "13710",
    "力争",
    "立即",
    "尽快",
    "适时",
    "当天",
    "周期",
    "每周",
];

struct Row<'t> {
    line: usize,
    phrase: &'t str,
    occurrence: usize,
    clause: &'t str,
    tasks: Vec<&'t str>,
    remark: &'t str,
}

fn rows() -> Vec<Row<'static>> {
    let lines = TABLE.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
    lines
        .map(|(at, line)| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [phrase, occurrence, clause, tasks, remark] = cells.as_slice() else {
                panic!("line {}: five columns, not {}", at + 1, cells.len())
            };
            Row {
                line: at + 1,
                phrase,
                occurrence: occurrence.parse().unwrap_or_else(|_| panic!("line {}: {occurrence}", at + 1)),
                clause,
                tasks: tasks.split(',').filter(|task| *task != "-").collect(),
                remark,
            }
        })
        .collect()
}

/// Where a row's phrase begins in the text.
fn start(row: &Row<'_>, text: &str) -> usize {
    let mut found = text.match_indices(row.phrase).map(|(at, _)| at);
    let found = row.occurrence.checked_sub(1).and_then(|before| found.nth(before));
    found.unwrap_or_else(|| panic!("line {}: no {}. {}", row.line, row.occurrence, row.phrase))
}

/// Bytes at which a time may be told, each with its character.
fn stops(text: &str) -> Vec<(usize, char)> {
    let mut is_stop = vec![false; text.len()];
    for (at, c) in text.char_indices() {
        is_stop[at] = CHARACTERS.contains(c);
    }
    for word in WORDS {
        for (at, found) in text.match_indices(word) {
            is_stop[at..at + found.len()].fill(true);
        }
    }
    text.char_indices().filter(|(at, _)| is_stop[*at]).collect()
}

fn around(text: &str, at: usize) -> &str {
    let before = text[..at].char_indices().rev().nth(9).map_or(0, |(at, _)| at);
    let after = text[at..].char_indices().nth(10).map_or(text.len(), |(ahead, _)| at + ahead);
    &text[before..after]
}

#[test]
fn the_table_lists_every_phrase_in_the_order_of_the_text() {
    let text = squeezed(&document(), true);
    let rows = rows();
    let mut stops = stops(&text).into_iter().peekable();
    let mut end_before = 0;
    for row in &rows {
        let (from, until) = (start(row, &text), start(row, &text) + row.phrase.len());
        assert!(from >= end_before, "line {}: {} is out of order, or listed twice", row.line, row.phrase);
        if let Some((at, _)) = stops.next_if(|(at, _)| *at < from) {
            panic!("before line {}, not in the table: …{}…", row.line, around(&text, at));
        }
        let mut tells_a_time = false;
        while stops.next_if(|(at, _)| *at < until).is_some() {
            tells_a_time = true;
        }
        assert!(tells_a_time, "line {}: {} tells no time", row.line, row.phrase);
        // a phrase is not cut out of a longer date
        let (before, after) = (text[..from].chars().next_back(), text[until..].chars().next());
        let first = row.phrase.chars().next();
        let dated = first.is_some_and(|c| c.is_ascii_digit() || "年月日".contains(c));
        let cut = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let is_day = row.phrase.chars().any(|c| c.is_ascii_digit());
        let goes_on = is_day && after.is_some_and(|c| "底前起度内份".contains(c));
        assert!(!(goes_on || dated && cut(before)), "line {}: …{}…", row.line, around(&text, from));
        end_before = until;
    }
    if let Some((at, _)) = stops.next() {
        panic!("after the table's end: …{}…", around(&text, at));
    }
}

#[test]
fn every_phrase_has_a_task_or_a_reason() {
    let declared = shipped();
    let text = squeezed(&document(), true);
    for row in rows() {
        if row.tasks.is_empty() {
            assert!(!row.remark.is_empty(), "line {}: no task, and no reason", row.line);
        }
        for name in &row.tasks {
            let task = find(&declared, name);
            assert!(cites(task, row.clause), "line {}: {name} does not cite {}", row.line, row.clause);
            let said = quotes(task, &row, &text) || is_cell_of(&row, &text);
            assert!(said, "line {}: {name} does not quote {} there", row.line, row.phrase);
        }
    }
}

/// Whether one of the task's passages holds the phrase, there where the row says.
fn quotes(task: &Task, row: &Row<'_>, text: &str) -> bool {
    let from = start(row, text);
    let holds = |at: usize, passage: &str| at <= from && from + row.phrase.len() <= at + passage.len();
    passages(&task.text)
        .iter()
        .any(|passage| text.match_indices(passage.as_str()).any(|(at, passage)| holds(at, passage)))
}

/// Whether the phrase fills a cell of the row of the list, or of the annex, that the clause names.
fn is_cell_of(row: &Row<'_>, text: &str) -> bool {
    let from = start(row, text);
    let Some((part, number)) = row.clause.split_once(':') else { return false };
    let columns_before = match part {
        "air-list" => 2,
        "water-annex2" => 3,
        _ => return false,
    };
    let mut cells = text[..from].rsplit('\t');
    let is_whole = cells.next() == Some("") && text[from + row.phrase.len()..].starts_with('\t');
    let first = cells.nth(columns_before - 1).unwrap_or_default();
    let numbered =
        first.strip_suffix(number).is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_digit()));
    is_whole && numbered
}

fn find<'d>(declared: &'d Declared, name: &str) -> &'d Task {
    let (plan_id, id) = name.split_once('/').unwrap_or_else(|| panic!("{name}: plan/task"));
    task(plan(declared, plan_id), id)
}

/// What a phrase asks of the `due` of the task that carries it.
#[derive(Debug, PartialEq)]
enum Asked {
    By(NaiveDate),
    From(NaiveDate),
    Between(NaiveDate, NaiveDate),
    Each(Cadence),
    Ongoing,
    Done,
    Nothing,
}

/// The document's dates, read a second time. A missing year is 2021, 前 and 底 include the last day.
fn asked(phrase: &str) -> Asked {
    match phrase {
        "长期坚持" => return Asked::Ongoing,
        "已完成" => return Asked::Done,
        "每季度" | "按季度" => return Asked::Each(Cadence::Quarter),
        "按月" => return Asked::Each(Cadence::Month),
        _ => {}
    }
    let (mut year, mut month, mut last_month, mut date, mut number) = (2021, None, None, None, None);
    for c in phrase.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0) * 10 + digit);
            continue;
        }
        match (c, number) {
            ('年', Some(n)) => year = i32::try_from(n).unwrap(),
            ('月', Some(n)) if month.is_some() => last_month = Some(n),
            ('-' | '月', Some(n)) => month = Some(n),
            ('日', Some(n)) => date = Some(n),
            _ => {}
        }
        number = None;
    }
    let end_of = |month: u32| {
        let next = if month == 12 { day(year + 1, 1, 1) } else { day(year, month + 1, 1) };
        next.checked_sub_days(Days::new(1)).unwrap()
    };
    if let (Some(first), Some(last)) = (month, last_month) {
        Asked::Between(day(year, first, 1), end_of(last))
    } else if phrase.ends_with('起') {
        Asked::From(day(year, month.unwrap_or(1), date.unwrap_or(1)))
    } else if let (Some(month), Some(date)) = (month, date) {
        Asked::By(day(year, month, date))
    } else if phrase.contains('底') {
        Asked::By(end_of(month.unwrap_or(12)))
    } else {
        Asked::Nothing
    }
}

#[test]
fn dates_are_read_as_the_document_means_them() {
    for (phrase, wanted) in [
        ("8月底前", Asked::By(day(2021, 8, 31))),
        ("2021年年底前", Asked::By(day(2021, 12, 31))),
        ("力争年底前", Asked::By(day(2021, 12, 31))),
        ("2021年6月底", Asked::By(day(2021, 6, 30))),
        ("2022年1月10日前", Asked::By(day(2022, 1, 10))),
        ("2021年5月起", Asked::From(day(2021, 5, 1))),
        ("2022年起", Asked::From(day(2022, 1, 1))),
        ("避开7-9月", Asked::Between(day(2021, 7, 1), day(2021, 9, 30))),
        ("汛前", Asked::Nothing),
    ] {
        assert_eq!(asked(phrase), wanted, "{phrase}");
    }
}

#[test]
fn the_due_of_a_task_is_what_its_phrases_say() {
    let declared = shipped();
    let mut dated = 0;
    for row in rows() {
        let wanted = asked(row.phrase);
        if wanted == Asked::Nothing {
            continue;
        }
        for name in &row.tasks {
            let task = find(&declared, name);
            let in_conflict = task.conflicts.iter().any(|conflict| {
                conflict.about == ConflictAbout::Deadline
                    && conflict.says.iter().any(|said| squeezed(&said.text, false) == row.phrase)
                    && conflict.used.to_string() != row.clause
            });
            if in_conflict {
                continue;
            }
            let fits = match (&wanted, &task.due) {
                (Asked::By(wanted), Due::By(day)) | (Asked::From(wanted), Due::Starting(day)) => {
                    wanted == day
                }
                // air 26: its end is not printed
                (Asked::From(wanted), Due::Window(days)) => *wanted == days.from,
                (Asked::Between(from, until), Due::Window(days) | Due::Avoid(days)) => {
                    (*from, *until) == (days.from, days.until)
                }
                (Asked::Each(cadence), Due::Every(every)) => {
                    *cadence == every.every && every.until.is_some_and(|until| until.year() == 2021)
                }
                (Asked::Ongoing, Due::Ongoing) | (Asked::Done, Due::Done(_)) => true,
                _ => false,
            };
            assert!(fits, "line {}: {} in {}, {name} is {:?}", row.line, row.phrase, row.clause, task.due);
            dated += 1;
        }
    }
    assert!(dated > 80, "only {dated} phrases were held against a due");
}

#[test]
fn every_date_of_a_task_is_printed() {
    let declared = shipped();
    let rows = rows();
    for file in declared.plans.iter().filter(|file| file.source_text.is_some()) {
        for task in &file.plan.tasks {
            let undated = match &task.due {
                Due::By(_)
                | Due::Every(_)
                | Due::Window(_)
                | Due::YearlyWindow(_)
                | Due::Starting(_)
                | Due::Avoid(_)
                | Due::YearlyAvoid(_)
                | Due::Cron(_)
                | Due::Done(_) => false,
                Due::Ongoing | Due::Awaiting(_) => true,
            };
            let name = format!("{}/{}", file.plan.head.id, task.id);
            let mut carrying = rows.iter().filter(|row| row.tasks.contains(&name.as_str()));
            let printed = carrying.any(|row| asked(row.phrase) != Asked::Nothing);
            assert!(undated || printed, "{name}: no phrase of the document gives its {:?}", task.due);
        }
    }
}
