//! Every phrase of `deadlines.tsv` is read as it says there, and no word of a phrase is passed over.

use crate::domain::Due;
use crate::import::book::Cell;
use crate::import::deadline::{Assumed, NotUnderstood, Understood, deadline};
use crate::locale::{self, Language, is_chinese};

/// Sections of phrases, each begun by `## name`. A row: the phrase, what it is read as in the year 2021 (`!` and a
/// part of the reason where it is refused), and what is assumed.
const TABLE: &str = include_str!("deadlines.tsv");

struct Row {
    section: &'static str,
    phrase: &'static str,
    right: &'static str,
    assumed: &'static str,
}

fn rows() -> Vec<Row> {
    let mut section = "";
    let mut rows = Vec::new();
    for line in TABLE.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            section = name;
        } else if !line.is_empty() && !line.starts_with('#') {
            let mut cells = line.split('\t');
            let mut next = || cells.next().unwrap_or_default();
            rows.push(Row { section, phrase: next(), right: next(), assumed: next() });
        }
    }
    rows
}

fn read(phrase: &str) -> Result<Understood, NotUnderstood> {
    let read = deadline(&Cell::of(phrase), Some(2021));
    let told = match &read {
        Ok(read) => read.assumed.iter().map(|assumed| assumed.told()).collect(),
        Err(not) => vec![not.why.clone(), not.right.clone()],
    };
    for words in &told {
        is_chinese(&locale::word(Language::Chinese, words));
    }
    read
}

/// As the table writes it.
fn shape(read: &Understood) -> String {
    let bounds = |from: Option<chrono::NaiveDate>, until: Option<chrono::NaiveDate>| {
        let from = from.map(|day| format!(" from {day}")).unwrap_or_default();
        let until = until.map(|day| format!(" until {day}")).unwrap_or_default();
        format!("{from}{until}")
    };
    let shape = match &read.due {
        Due::By(day) => format!("by {day}"),
        Due::Every(r) => {
            let on = r.on.map(|on| format!(" on {on}")).unwrap_or_default();
            let after = r.due_after_days.map(|days| format!(" after {days}d")).unwrap_or_default();
            format!("every {}{on}{after}{}", r.every, bounds(r.from, r.until))
        }
        Due::Window(days) => format!("window {}..{}", days.from, days.until),
        Due::YearlyWindow(y) => format!("yearly {}{}", y.window, bounds(y.from, y.until)),
        Due::Starting(day) => format!("starting {day}"),
        Due::Avoid(days) => format!("avoid {}..{}", days.from, days.until),
        Due::YearlyAvoid(y) => format!("avoid yearly {}{}", y.window, bounds(y.from, y.until)),
        Due::Ongoing => "ongoing".to_owned(),
        Due::Awaiting(_) => "awaiting".to_owned(),
        Due::Done(_) => "done".to_owned(),
        Due::Cron(_) => "cron".to_owned(),
    };
    if read.is_target { format!("{shape} target") } else { shape }
}

fn name(assumed: Assumed) -> &'static str {
    match assumed {
        Assumed::Year(_) => "year",
        Assumed::Until(_) => "until",
        Assumed::FirstDay(_) => "first-day",
        Assumed::LastDay(_) => "last-day",
        Assumed::LastDayOfYears(_) => "last-day-of-years",
        Assumed::Ten(_) => "ten",
        Assumed::NewYearsEve(_) => "new-years-eve",
        Assumed::TimeOfDay => "time-of-day",
        Assumed::GoesOnAfter => "goes-on-after",
        Assumed::DoneAndGoesOn => "done-and-goes-on",
        Assumed::DaysOff => "days-off",
    }
}

#[test]
fn every_phrase_of_the_table_is_read_as_it_says() {
    let mut wrong = Vec::new();
    for row in rows() {
        let is_right = match (read(row.phrase), row.right.strip_prefix("! ")) {
            (Ok(read), _) => {
                let assumed = read.assumed.iter().copied().map(name).collect::<Vec<_>>().join(" ");
                shape(&read) == row.right && assumed == row.assumed
            }
            (Err(not), Some(part)) => not.why.to_string().contains(part) && !not.right.to_string().is_empty(),
            (Err(_), None) => false,
        };
        if !is_right {
            wrong.push(format!(
                "{}: {:?} instead of {} {}",
                row.phrase,
                read(row.phrase),
                row.right,
                row.assumed
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Rows of the sections `ledgers` and `documents`, and how many of them are understood.
#[test]
fn four_of_five_phrases_of_ledgers_and_documents_are_understood() {
    for section in ["ledgers", "documents"] {
        let all: Vec<Row> = rows().into_iter().filter(|row| row.section == section).collect();
        let understood = all.iter().filter(|row| read(row.phrase).is_ok()).count();
        assert!(all.len() >= 100, "{section}: {} phrases", all.len());
        assert!(understood * 100 >= all.len() * 80, "{section}: {understood} of {}", all.len());
    }
}

/// A word that no grammar knows, put anywhere into a phrase, is named; or the phrase is kept whole as one without a
/// date, and then it tells no time.
#[test]
fn no_word_of_a_phrase_is_passed_over() {
    let mut passed_over = Vec::new();
    for row in rows() {
        let ends = row.phrase.char_indices().map(|(at, _)| at).chain([row.phrase.len()]);
        for (at, word) in ends.flat_map(|at| ["甲", "镍矿", "80%", "?"].map(|word| (at, word))) {
            let (before, after) = row.phrase.split_at(at);
            let phrase = format!("{before}{word}{after}");
            let is_named = match read(&phrase) {
                Ok(read) => {
                    let calendar = ['年', '月', '日', '周', '季', '旬', '每'];
                    let tells_time = phrase
                        .replace("即日", "")
                        .chars()
                        .any(|c| c.is_ascii_digit() || calendar.contains(&c));
                    matches!(&read.due, Due::Awaiting(kept) if *kept == phrase)
                        && (!tells_time || row.right == "awaiting")
                }
                // A refused phrase may be refused for its own fault.
                Err(not) => not.why.to_string().contains(word) || row.right.starts_with('!'),
            };
            if !is_named {
                passed_over.push(format!("{phrase}: {:?}", read(&phrase)));
            }
        }
    }
    assert!(passed_over.is_empty(), "{passed_over:#?}");
}

/// A digit more makes another date, or none.
#[test]
fn no_digit_of_a_phrase_is_passed_over() {
    let mut passed_over = Vec::new();
    for row in rows().into_iter().filter(|row| !row.right.starts_with('!')) {
        let ends = row.phrase.char_indices().map(|(at, _)| at).chain([row.phrase.len()]);
        for (at, digit) in ends.flat_map(|at| ["1", "7", "0"].map(|digit| (at, digit))) {
            let (before, after) = row.phrase.split_at(at);
            let phrase = format!("{before}{digit}{after}");
            // 07月 is 7月, and the hour of a day is told as not kept.
            let is_same_number = digit == "0" || before.ends_with('0');
            // 每1月 is 每月.
            let is_each = digit == "1" && before.ends_with('每');
            if let (Ok(was), Ok(read)) = (read(row.phrase), read(&phrase)) {
                let is_hour = read.assumed.contains(&Assumed::TimeOfDay);
                let is_kept = matches!(&read.due, Due::Awaiting(kept) if *kept == phrase);
                if was.due == read.due && !(is_same_number || is_each || is_hour || is_kept) {
                    passed_over.push(format!("{phrase}: {}", shape(&read)));
                }
            }
        }
    }
    assert!(passed_over.is_empty(), "{passed_over:#?}");
}

#[test]
fn a_date_without_a_year_needs_the_plans_year() {
    for text in ["6月底前", "年底前", "每季度", "5-9月", "10月1日起", "全年", "三、四季度"]
    {
        assert!(deadline(&Cell::of(text), None).is_err(), "{text}");
    }
    for text in ["2021年6月底前", "长期坚持", "2022年起每季度", "每年5-9月", "已完成", "汛前", "十四五末"]
    {
        assert!(deadline(&Cell::of(text), None).is_ok(), "{text}");
    }
}

#[test]
fn numbers_are_no_dates_unless_all_eight_digits_stand_there() {
    assert!(deadline(&Cell::Number(6.3), Some(2021)).is_err(), "6.30 loses its zero");
    assert!(deadline(&Cell::Number(44377.0), Some(2021)).is_err(), "a day's number without a date format");
    assert!(deadline(&Cell::Number(20_210_630.0), Some(2021)).is_ok());
}
