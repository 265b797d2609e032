//! Facts as the office says them: dates, deadlines, citations, names. No layout. Letters and papers share them.
//!
//! Punctuation is full-width (GB/T 15834); what comes from plan files is printed as it stands there.

pub mod form;
mod possible;

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate, Weekday};
use unicode_width::UnicodeWidthStr;

use crate::calendar::zh::{date_zh, month_day_zh, weekday_zh};
use crate::calendar::{Cadence, MonthDay, On, Period, Recurrence, YearlyWindow};
use crate::domain::text::is_hidden;
use crate::domain::{Answer, Citation, Conflict, ConflictAbout, Due, DueBasis, LeadBasis, PlanHead, Task};

/// `text` on one line, without control characters and without marks that turn the reading
/// direction, so that a name can neither open a header nor disguise what follows it; and without
/// what XML has no place for.
/// A line break between Chinese characters leaves no blank.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let (mut blank, mut broken) = (false, false);
    for c in text.chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            broken = true;
        } else if c.is_whitespace() {
            blank = true;
        } else if !is_hidden(c) {
            let latin = c.is_ascii() || cleaned.ends_with(|last: char| last.is_ascii());
            if !cleaned.is_empty() && (blank || broken && latin) {
                cleaned.push(' ');
            }
            (blank, broken) = (false, false);
            cleaned.push(c);
        }
    }
    cleaned
}

/// The same lines as a terminal may show them: without what would steer it, and without what nobody sees.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !(c.is_control() || is_hidden(*c))).collect()
}

/// Names in a row: `县住建局、县交通运输局`.
#[must_use]
pub fn row<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| clean(name.as_ref())).collect::<Vec<_>>().join("、")
}

/// `6月30日`; with the year where it is not that of `day`, the letter's.
#[must_use]
pub fn near_date(date: NaiveDate, day: NaiveDate) -> String {
    if date.year() == day.year() { month_day_zh(date) } else { date_zh(date) }
}

/// `6月30日（星期三）`, with the year where it is not the letter's.
#[must_use]
pub fn near_date_weekday(date: NaiveDate, day: NaiveDate) -> String {
    format!("{}（{}）", near_date(date, day), weekday_zh(date.weekday()))
}

/// `2021年6月30日（星期三）`.
#[must_use]
pub fn full_date_weekday(date: NaiveDate) -> String {
    format!("{}（{}）", date_zh(date), weekday_zh(date.weekday()))
}

/// `5月1日—9月30日`.
fn near_span(from: NaiveDate, until: NaiveDate, day: NaiveDate) -> String {
    let until = if until.year() == from.year() { month_day_zh(until) } else { date_zh(until) };
    let from =
        if from.year() == day.year() && !until.contains('年') { month_day_zh(from) } else { date_zh(from) };
    format!("{from}—{until}")
}

/// What opens a title for one period of a recurring task: `第二季度`, `6月`, `2021年度`.
#[must_use]
pub fn period_prefix(period: Period, title: &str, day: NaiveDate) -> String {
    let ours = day.year();
    match period {
        Period::Once => String::new(),
        Period::Year(year) if title.starts_with("年度") => year.to_string(),
        Period::Year(year) => format!("{year}年度"),
        Period::Season { .. } => {
            let name = period.name_zh();
            if title.contains(name.trim_end_matches("年度")) { String::new() } else { name }
        }
        Period::HalfYear { year, .. }
        | Period::Quarter { year, .. }
        | Period::Month { year, .. }
        | Period::TenDays { year, .. }
        | Period::Week { iso_year: year, .. } => {
            let name = period.name_zh();
            match name.strip_prefix(&format!("{year}年")) {
                Some(short) if year == ours => short.to_owned(),
                _ => name,
            }
        }
        Period::Day(date) => near_date(date, day),
    }
}

/// A task's title with its period.
#[must_use]
pub fn title(task: &Task, period: Period, day: NaiveDate) -> String {
    let title = clean(&task.title);
    let prefix = period_prefix(period, &title, day);
    // A quarter named needs no 季度 in the title besides.
    let cadence: &[&str] = match period {
        Period::HalfYear { .. } => &["每半年", "按半年", "半年度"],
        Period::Quarter { .. } => &["每季度", "按季度", "季度"],
        Period::Month { .. } => &["每月", "按月"],
        Period::TenDays { .. } => &["每旬", "按旬"],
        Period::Once | Period::Year(_) | Period::Season { .. } | Period::Week { .. } | Period::Day(_) => &[],
    };
    let bare = cadence.iter().find_map(|word| title.contains(word).then(|| title.replacen(word, "", 1)));
    // `2月` before `30日前` names a day that does not exist.
    possible::possible(
        &format!("{prefix}{}", bare.unwrap_or(title)),
        period.first().map(|first| first.year()),
    )
}

/// `第21条、清单33`: where a task stands in its document.
#[must_use]
pub fn citations(cite: &[Citation]) -> String {
    cite.iter().map(citation).collect::<Vec<_>>().join("、")
}

/// `air:21` → 第21条, `air-list:33` → 清单33, `water:2.4` → 重点任务（二）4,
/// `soil:safeguard-2` → 保障措施（二）, `water-annex2:1` → 附件2第1项, `annual:1` → 第1项.
fn citation(cite: &Citation) -> String {
    let clause = clean(&cite.clause);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if cite.part == "annual" {
        return if digits(&clause) { format!("第{clause}项") } else { format!("常年事项{clause}") };
    }
    // An old ledger that was imported, by its number or, where it has none, by its row.
    if cite.part.ends_with("-ledger") {
        return match clause.strip_prefix("row-") {
            Some(row) => format!("台账第{row}行"),
            None => format!("台账{clause}"),
        };
    }
    if cite.part.ends_with("-list") {
        return format!("清单{clause}");
    }
    if let Some((_, annex)) = cite.part.split_once("-annex") {
        return format!("附件{}第{clause}项", clean(annex));
    }
    if let Some(number) = clause.strip_prefix("safeguard-") {
        return format!("保障措施（{}）", number_zh(number));
    }
    match clause.split_once('.') {
        Some((section, item)) if digits(section) && digits(item) => {
            format!("重点任务（{}）{item}", number_zh(section))
        }
        _ if digits(&clause) => format!("第{clause}条"),
        _ => clause,
    }
}

/// 1 to 99 in Chinese; anything else as it stands.
fn number_zh(digits: &str) -> String {
    const UNITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let Ok(number @ 1..=99) = digits.parse::<usize>() else {
        return digits.to_owned();
    };
    let unit = UNITS.get(number % 10).copied().unwrap_or_default();
    match number / 10 {
        0 => unit.to_owned(),
        1 => format!("十{unit}"),
        tens => format!("{}十{unit}", UNITS.get(tens).copied().unwrap_or_default()),
    }
}

/// The document's own deadline in words, years left out where they are the letter's:
/// `6月底前`, `每季度；文件未定日期，按季末计`.
#[must_use]
pub fn due_brief(plan: &PlanHead, task: &Task, day: NaiveDate) -> String {
    let words = due_words(plan, &task.due, Some(day));
    let words = if task.target { format!("力争{words}") } else { words };
    if task.due_basis == DueBasis::Assumed { format!("{words}；时限系推定") } else { words }
}

/// The same for the attached sheet: whole dates, `2021年6月30日前`.
#[must_use]
pub fn due_full(plan: &PlanHead, task: &Task) -> String {
    let words = due_words(plan, &task.due, None);
    if task.target { format!("力争{words}") } else { words }
}

fn due_words(plan: &PlanHead, due: &Due, day: Option<NaiveDate>) -> String {
    let date = |date: NaiveDate| day.map_or_else(|| date_zh(date), |day| near_date(date, day));
    let span = |from, until| {
        day.map_or_else(|| format!("{}—{}", date_zh(from), date_zh(until)), |day| near_span(from, until, day))
    };
    match due {
        Due::By(by) => day.map_or_else(|| format!("{}前", date_zh(*by)), |day| by_brief(*by, day)),
        Due::Every(recurrence) => recurrence_words(plan, recurrence),
        Due::Window(days) => span(days.from, days.until),
        Due::YearlyWindow(yearly) => window_words(yearly.window),
        Due::Starting(from) => format!("{}起", date(*from)),
        Due::Avoid(days) => format!("避开{}", span(days.from, days.until)),
        Due::YearlyAvoid(yearly) => format!("避开{}", window_words(yearly.window)),
        Due::Ongoing => "长期坚持".to_owned(),
        Due::Awaiting(phrase) => {
            let phrase = clean(phrase);
            let words = phrase.split(['：', ':']).next().unwrap_or(&phrase);
            format!("时间待定：{words}")
        }
        Due::Done(phrase) => clean(phrase),
        Due::Cron(_) => "按计划日期".to_owned(),
    }
}

/// As documents put it: a month's last day is 月底, a year's 年底.
fn by_brief(by: NaiveDate, day: NaiveDate) -> String {
    let last_of_month = by.succ_opt().is_none_or(|next| next.day() == 1);
    let year = if by.year() == day.year() { String::new() } else { format!("{}年", by.year()) };
    if !last_of_month {
        return format!("{}前", near_date(by, day));
    }
    match (by.month(), year.is_empty()) {
        (12, true) => "年底前".to_owned(),
        (12, false) => format!("{year}底前"),
        (month, _) => format!("{year}{month}月底前"),
    }
}

fn window_words(window: YearlyWindow) -> String {
    let next = if window.wraps() { "次年" } else { "" };
    format!("每年{}—{next}{}", month_day_words(window.from), month_day_words(window.until))
}

fn month_day_words(day: MonthDay) -> String {
    // The last of February is kept as the 29th and fits every year.
    if (day.month, day.day) == (2, 29) {
        "2月底".to_owned()
    } else {
        format!("{}月{}日", day.month, day.day)
    }
}

fn recurrence_words(plan: &PlanHead, recurrence: &Recurrence) -> String {
    let end = match recurrence.every {
        Cadence::Day | Cadence::Workday => "",
        Cadence::Week => "周日",
        Cadence::TenDays => "旬末",
        Cadence::Month => "月末",
        Cadence::Quarter => "季末",
        Cadence::HalfYear => "半年末",
        Cadence::Year => "年末",
    };
    let mut words = String::new();
    if let Some(season) = recurrence.season {
        let _ = write!(words, "{}，", window_words(season));
    }
    words.push_str(recurrence.every.zh());
    match recurrence.on {
        None => {}
        Some(On::Last) => {
            let _ = write!(words, "（{end}）");
        }
        Some(On::DayOfMonth(day)) => {
            let _ = write!(words, "{day}日前");
        }
        Some(On::Weekday(weekday)) => {
            let _ = write!(words, "{}前", week_day_words(weekday));
        }
        Some(On::DayOfNthMonth { month, day }) => {
            let _ = write!(words, "第{}个月{day}日前", number_zh(&month.to_string()));
        }
        Some(On::YearDay(on)) => {
            let _ = write!(words, "{}前", month_day_words(on));
        }
    }
    match recurrence.due_after_days {
        Some(days) => {
            let _ = write!(words, "，期满后{days}日内");
        }
        None if recurrence.on.is_none() && !end.is_empty() => {
            let unsaid = if plan.document_number.is_some() { "；文件未定日期，" } else { "，" };
            let _ = write!(words, "{unsaid}按{end}计");
        }
        None => {}
    }
    words
}

fn week_day_words(weekday: Weekday) -> String {
    weekday_zh(weekday).replace("星期", "周")
}

/// The clause as letters show it, one passage a line.
#[must_use]
pub fn clause(task: &Task) -> String {
    let text = task.reading.as_deref().unwrap_or(&task.text);
    text.split("\n\n").map(clean).filter(|passage| !passage.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What was assumed of a task, and what is out of the ordinary, each in words.
#[must_use]
pub fn assumptions(task: &Task) -> Vec<String> {
    let mut remarks = Vec::new();
    match task.lead_basis {
        LeadBasis::Assumed => {
            remarks.push("牵头单位系推定（文件未分主次，暂按首位），待确认".to_owned());
        }
        LeadBasis::Inferred => remarks.push("牵头单位系推定（清单空格，从上一行）".to_owned()),
        LeadBasis::List | LeadBasis::Sole | LeadBasis::Named | LeadBasis::Office | LeadBasis::Confirmed => {}
    }
    if task.due_basis == DueBasis::Assumed {
        remarks.push(match &task.due_note {
            Some(note) => format!("时限系推定：{}", clean(note)),
            None => "时限系推定".to_owned(),
        });
    }
    if matches!(task.due, Due::Awaiting(_)) {
        remarks.push("时间确定后另行告知".to_owned());
    }
    if task.target {
        remarks.push("力争完成".to_owned());
    }
    if task.fixed {
        remarks.push("不可延期".to_owned());
    }
    remarks
}

/// `时限不一致：第8条“2021年5月底前”，清单9“3月份”；采用第8条（…）`.
#[must_use]
pub fn conflict(conflict: &Conflict) -> String {
    let about = match conflict.about {
        ConflictAbout::Deadline => "时限",
        ConflictAbout::Lead => "牵头单位",
        ConflictAbout::Scope => "工作内容",
        ConflictAbout::Wording => "文字",
    };
    let place = |cite: &Citation| citations(std::slice::from_ref(cite));
    let says: Vec<String> =
        conflict.says.iter().map(|said| format!("{}“{}”", place(&said.cite), clean(&said.text))).collect();
    format!("{about}不一致：{}；采用{}（{}）", says.join("，"), place(&conflict.used), clean(&conflict.why))
}

/// Who answers, where several could; `first` tells whether the unit addressed does.
#[must_use]
pub fn answer_words(task: &Task, leads: &[String], first: bool) -> Option<String> {
    match task.answer {
        Answer::Each => Some("各单位分别反馈".to_owned()),
        Answer::Lead if leads.len() < 2 => None,
        Answer::Lead if first => {
            let others: Vec<&String> = leads.iter().skip(1).collect();
            Some(format!("与{}共同牵头，由你单位统一反馈", row(&others)))
        }
        Answer::Lead => leads.first().map(|lead| format!("由{}统一反馈", clean(lead))),
    }
}

/// What a unit is called in a letter to it.
#[must_use]
pub fn you(addressee: &str) -> &'static str {
    let collective = addressee.starts_with('各') || addressee.contains(['(', '（']);
    if collective && addressee.contains('乡') {
        "各乡镇"
    } else if collective {
        "各单位"
    } else if addressee.ends_with("镇人民政府") {
        "你镇"
    } else if addressee.ends_with("乡人民政府") {
        "你乡"
    } else {
        "你单位"
    }
}

/// How many lines a text takes where it wraps at a width, in columns of half a Chinese character.
#[must_use]
pub fn lines_at(text: &str, width: f64) -> f64 {
    let columns = |line: &str| u32::try_from(line.width()).map_or(f64::MAX, f64::from);
    // A Chinese character takes two columns and never half of one: one may stay empty.
    let room = (width - 1.0).max(1.0);
    text.lines().map(|line| (columns(line) / room).ceil().max(1.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::fixtures::{air, annual, date, task};

    #[test]
    fn citations_read_as_the_document_numbers_itself() {
        let words = |text: &str| citation(&text.parse().unwrap());
        assert_eq!(words("air:17"), "第17条");
        assert_eq!(words("air-list:23"), "清单23");
        assert_eq!(words("air:safeguard-1"), "保障措施（一）");
        assert_eq!(words("water:2.4"), "重点任务（二）4");
        assert_eq!(words("water-annex2:1"), "附件2第1项");
        assert_eq!(words("annual:1"), "第1项");
        assert_eq!(words("office-ledger:7"), "台账7");
        assert_eq!(words("office-ledger:row-12"), "台账第12行");
        assert_eq!(number_zh("27"), "二十七");
    }

    #[test]
    fn deadlines_read_as_the_document_puts_them() {
        let day = date("2021-06-23");
        let brief = |due| due_brief(&air(), &task("t", "题", due), day);
        assert_eq!(brief(Due::By(date("2021-06-30"))), "6月底前");
        assert_eq!(brief(Due::By(date("2021-12-31"))), "年底前");
        assert_eq!(brief(Due::By(date("2025-12-31"))), "2025年底前");
        assert_eq!(brief(Due::By(date("2022-01-10"))), "2022年1月10日前");
        assert_eq!(brief(Due::Starting(date("2021-07-01"))), "7月1日起");
        let window = crate::domain::Days { from: date("2021-10-01"), until: date("2022-03-31") };
        assert_eq!(brief(Due::Window(window)), "2021年10月1日—2022年3月31日");
        let quarter = Recurrence::of(Cadence::Quarter);
        assert_eq!(brief(Due::Every(quarter.clone())), "每季度；文件未定日期，按季末计");
        assert_eq!(due_full(&annual(), &task("t", "题", Due::Every(quarter))), "每季度，按季末计");
        let monthly = Recurrence { on: Some(On::DayOfMonth(25)), ..Recurrence::of(Cadence::Month) };
        assert_eq!(brief(Due::Every(monthly)), "每月25日前");
        let half = Recurrence::of(Cadence::HalfYear);
        assert_eq!(due_full(&annual(), &task("t", "题", Due::Every(half))), "每半年，按半年末计");
        let of_half = Recurrence {
            on: Some(On::DayOfNthMonth { month: 6, day: 25 }),
            ..Recurrence::of(Cadence::HalfYear)
        };
        assert_eq!(brief(Due::Every(of_half)), "每半年第六个月25日前");
        let ten = Recurrence::of(Cadence::TenDays);
        assert_eq!(due_full(&annual(), &task("t", "题", Due::Every(ten))), "每旬，按旬末计");
    }

    #[test]
    fn a_title_names_its_period() {
        let day = date("2021-06-23");
        let check = task("machinery-check", "专项检查", Due::Ongoing);
        let title = |period: &str| title(&check, period.parse().unwrap(), day);
        assert_eq!(title("once"), "专项检查");
        assert_eq!(title("2021Q2"), "第二季度专项检查");
        assert_eq!(title("2022Q1"), "2022年第一季度专项检查");
        assert_eq!(title("2021-06"), "6月专项检查");
        assert_eq!(title("2021"), "2021年度专项检查");
        let monitored = task("water-quality", "黑臭水体季度水质监测", Due::Ongoing);
        assert_eq!(super::title(&monitored, "2021Q3".parse().unwrap(), day), "第三季度黑臭水体水质监测");
        let each_half = task("t", "每半年专项督查", Due::Ongoing);
        assert_eq!(super::title(&each_half, "2021H1".parse().unwrap(), day), "上半年专项督查");
        assert_eq!(super::title(&each_half, "2022H2".parse().unwrap(), day), "2022年下半年专项督查");
        let monthly = task("t", "每月30日前报送信访数据", Due::Ongoing);
        for (period, expected) in [
            ("2021-02", "2月28日前报送信访数据"),
            ("2024-02", "2024年2月29日前报送信访数据"),
            ("2021-04", "4月30日前报送信访数据"),
        ] {
            assert_eq!(super::title(&monthly, period.parse().unwrap(), day), expected);
        }
        let each_ten = task("t", "每旬水质通报", Due::Ongoing);
        assert_eq!(super::title(&each_ten, "2021-06-T3".parse().unwrap(), day), "6月下旬水质通报");
    }

    #[test]
    fn control_characters_become_blanks_or_nothing() {
        assert_eq!(clean("a\r\nBcc: x\u{202E}\0y\u{85}"), "a Bcc: x y");
        assert_eq!(clean(" 干洗店\r\n\u{FEFF}治理\n"), "干洗店治理");
        assert_eq!(clean("阳城\u{3000}分局"), "阳城 分局");
    }
}
