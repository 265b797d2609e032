//! A letter as it left: its text read point by point, and held against the 反馈表 and 任务清单 that came with it.

use chrono::NaiveDate;
use duban::domain::{LetterKind, Recipient};

use super::form::{Row, attached, cells, form, rows};
use super::{Moment, Register, speaker};
use crate::consistency::compare::{Field, Said, Speaker, Surface};
use crate::consistency::county::Sent;
use crate::consistency::reading::{advised_day, bracketed, date_after, date_with, number_between};

/// What stands behind the date by which something is to be done.
const DUE: [&str; 5] = ["到期", "前（含当日）办结", "前办结", "前（含当日）重新申请办结", "办结"];

/// A numbered point, with what the heading above says of all its points.
#[derive(Debug, Clone)]
pub struct Point {
    pub number: usize,
    /// title, source and notes as they stand there
    pub words: String,
    pub due: Option<NaiveDate>,
    pub advised: Option<NaiveDate>,
    /// the heading asks for nothing: a time to avoid, another unit's matter
    pub silent: bool,
}

pub fn letter(moment: &Moment<'_>, sent: &Sent, register: &Register, all: &mut Vec<Said>) {
    let message = String::from_utf8_lossy(&sent.envelope.bytes);
    let read = duban::letter::plain(&message).expect("a letter of ours");
    let unit = match &sent.envelope.to {
        Recipient::Unit(unit) => unit.to_string(),
        Recipient::LeaderOf(_) | Recipient::Office => return of_many(&read.text, register, all),
    };
    let rows = match moment.plant.and_then(|plant| plant.form(sent)) {
        Some(planted) => planted,
        None => attached(&sent.envelope.bytes, "反馈表.xlsx").map(|bytes| rows(&bytes)).unwrap_or_default(),
    };
    form(&rows, register, all);
    let points = points(&read.text, register.day);
    let receipt = sent.draft.kind() == LetterKind::Receipt;
    let mut speaker = speaker(all, Surface::Letter);
    for point in &points {
        let Some(id) = named(point, &unit, &rows, register) else { continue };
        told(point, &id, receipt, register, &mut speaker);
        let gone = ["不再由你单位牵头", "你单位不再牵头", "不再督办", "已结束督办", "无须再反馈"];
        let silent = point.silent || gone.iter().any(|words| point.words.contains(words));
        let asks = !rows.is_empty() && !silent && !point.words.contains("统一反馈");
        // Of a matter that the unit answers for others too, the words 由你单位统一反馈 ask it all the same.
        let asks = asks || !rows.is_empty() && point.words.contains("由你单位统一反馈");
        if asks {
            speaker.say(&id, Field::Asked, "yes");
            if !rows.iter().any(|row| row.id == id && row.number == point.number) {
                speaker.by = Surface::Form;
                speaker.say(&id, Field::Asked, format!("no row {}", point.number));
                speaker.by = Surface::Letter;
            }
        }
    }
    counted(&read.text, &points, sent, &rows, &mut speaker);
}

/// Figures in running text, held against what is listed.
fn counted(text: &str, points: &[Point], sent: &Sent, rows: &[Row], speaker: &mut Speaker<'_>) {
    let of = sent.envelope.letter.to_string();
    if sent.draft.kind() == LetterKind::Adoption
        && let Some(sheet) = attached(&sent.envelope.bytes, "任务清单.xlsx")
    {
        let cells = cells(&sheet);
        let role = cells[0].iter().position(|cell| cell == "角色").unwrap();
        for word in ["牵头", "配合"] {
            let listed = cells.iter().skip(1).filter(|row| row[role] == word).count();
            let told = number_between(text, word, "项").unwrap_or(0);
            speaker.say(&format!("{of} {word}"), Field::Count, told.to_string());
            speaker.say(&format!("{of} {word}"), Field::Count, listed.to_string());
        }
    }
    // `已超期2项`, `7月5日（星期一）到期3项`: so many points follow.
    for (heading, points) in headings(text) {
        let among = heading.starts_with("其中");
        let count = points.iter().filter(|point| !among || point.contains("已超期")).count();
        let words: &[&str] = if heading.contains("调度") {
            &["下列", "以下"]
        } else {
            &["牵头的", "超期", "到期", "时段", "新开始", "反馈办理情况", "未办结"]
        };
        let figure = words.iter().find_map(|word| number_between(&heading, word, "项"));
        if let Some(figure) = figure.filter(|_| !points.is_empty()) {
            speaker.say(&format!("{of} {heading}"), Field::Count, figure.to_string());
            speaker.say(&format!("{of} {heading}"), Field::Count, count.to_string());
        }
    }
    // A row that the letter's numbering does not know is one the unit can't find in the letter.
    let last = points.iter().map(|point| point.number).max().unwrap_or(0);
    if matches!(sent.draft.kind(), LetterKind::Daily | LetterKind::Act | LetterKind::Returned) {
        for row in rows.iter().filter(|row| row.number > last) {
            speaker.say(&row.id, Field::Asked, format!("not a point of the letter, row {}", row.number));
        }
    }
}

/// Headings, and the points that stand right below each. What says how many among them are late stands between.
fn headings(text: &str) -> Vec<(String, Vec<&str>)> {
    let mut headings: Vec<(String, Vec<&str>)> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if number_of(line).is_none() {
            headings.push((line.to_owned(), Vec::new()));
            continue;
        }
        let between = headings.last().is_some_and(|(heading, _)| heading.starts_with("其中"));
        for (_, points) in headings.iter_mut().rev().take(1 + usize::from(between)) {
            points.push(line);
        }
    }
    headings
}

/// `12. 题（…）`
fn number_of(line: &str) -> Option<(usize, &str)> {
    let (number, rest) = line.split_once(". ")?;
    Some((number.parse().ok()?, rest))
}

fn points(text: &str, day: NaiveDate) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    let (mut due, mut advised, mut silent) = (None, None, false);
    let mut below = 0;
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some((number, words)) = number_of(line) {
            let words = words.to_owned();
            points.push(Point { number, words, due, advised, silent });
            continue;
        }
        let heads = line.starts_with('【') || line.ends_with('：') && !line.contains("需你");
        if heads {
            let today = line.contains("今日（") && line.contains("到期");
            due = if today { Some(day) } else { date_with(line, day, &DUE) };
            due = due.or_else(|| date_after(line, day, "时限仍为"));
            // A round asks for reports by a day; what it asks about is due by a day of its own.
            let round = line.contains("调度");
            due = due.filter(|_| !round);
            advised = advised_day(line, day).filter(|_| !round);
            silent = ["须避开", "提请督查", "预告", "已收到"].iter().any(|word| line.contains(word));
            below = points.len();
        } else if line.starts_with("请补充完善后") {
            // What follows the points of work that was returned is about all of them.
            let told = date_with(line, day, &DUE).or_else(|| date_after(line, day, "时限仍为"));
            for point in &mut points[below..] {
                point.due = point.due.or(told);
            }
        }
    }
    points
}

/// Which matter a point is about: the form's row of its number tells, else its title.
fn named(point: &Point, unit: &str, rows: &[Row], register: &Register) -> Option<String> {
    let row = rows.iter().find(|row| row.number == point.number && point.words.starts_with(&row.title));
    let row = row.filter(|_| !point.silent);
    if let Some(row) = row {
        return Some(row.id.clone());
    }
    // What is put before the supervision office is another unit's.
    let of_other = point.words.split_once("责任单位：").and_then(|(_, rest)| register.named_in(rest));
    let short = of_other.or_else(|| register.short(unit))?;
    let title = register.titles_of(short).into_iter().find(|title| point.words.starts_with(*title))?;
    register.find(title, short, &point.words).map(str::to_owned)
}

fn told(point: &Point, id: &str, receipt: bool, register: &Register, speaker: &mut Speaker<'_>) {
    let day = register.day;
    let title = point.words.split(['（', '：']).next().unwrap_or_default();
    // A title with brackets of its own goes on behind them.
    let unit = register.short(id.rsplit('/').next().unwrap_or_default());
    let known = register.titles_of(unit.unwrap_or_default());
    let title = known.into_iter().find(|title| point.words.starts_with(*title)).unwrap_or(title);
    speaker.say(id, Field::Title, title);
    if receipt {
        return;
    }
    let Some((source, notes)) = bracketed(&point.words[title.len()..]) else { return };
    speaker.say(id, Field::Clause, register.clause(id, source));
    let told = format!("{source}{notes}");
    let own = date_after(&told, day, "现定").or_else(|| date_with(&told, day, &["到期"]));
    if let Some(current) = own.or(point.due) {
        speaker.say(id, Field::Current, current.to_string());
    }
    if let Some(original) = date_after(&told, day, "原定") {
        speaker.say(id, Field::Original, original.to_string());
    }
    if let Some(days) = number_between(&told, "已超期", "天") {
        speaker.say(id, Field::OverdueDays, days.to_string());
    }
    if let Some(advised) = advised_day(&told, day).or(point.advised.filter(|_| !point.silent)) {
        speaker.say(id, Field::Advised, advised.to_string());
    }
}

/// A letter about matters of several units: to a leader, or to the office itself.
fn of_many(text: &str, register: &Register, all: &mut Vec<Said>) {
    let mut speaker = speaker(all, Surface::Letter);
    for point in points(text, register.day) {
        let Some(unit) = register.named_in(&point.words) else { continue };
        let title = register.titles_of(unit).into_iter().find(|title| point.words.contains(*title));
        let Some(id) = title.and_then(|title| register.find(title, unit, &point.words)) else { continue };
        let waits = [
            ("申请办结", "claim"),
            ("申请延期", "extension"),
            ("有异议", "objection"),
            ("待销号", "close-out"),
        ];
        let mut told: Vec<(usize, &str)> =
            waits.iter().filter_map(|(word, kind)| Some((point.words.find(word)?, *kind))).collect();
        told.sort_unstable();
        if !told.is_empty() {
            let kinds: Vec<&str> = told.into_iter().map(|(_, kind)| kind).collect();
            speaker.say(id, Field::Waits, kinds.join("+"));
        }
    }
}
