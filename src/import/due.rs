//! A deadline's words: a date, a cadence, a window, a time to avoid, a duty that goes on, or no date at all.
//! What is read so without standing there is an [`Assumed`]; what is not understood stays so.

use chrono::NaiveDate;

use crate::calendar::{MonthDay, Recurrence, YearlyWindow};
use crate::domain::{Days, Due, Yearly};

use super::book::Cell;
use super::cadence::{Cadenced, cadenced};
use super::date::{Grain, Said, Scan, said, without_time};
use super::fold::{folded, one_line, with_digits};

/// Longest phrase that is kept of a deadline, in characters.
const PHRASE_CHARS_MAX: usize = 200;

/// What the words say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// when
    pub due: Due,
    /// 力争: a target
    pub is_target: bool,
    /// what does not stand there
    pub assumed: Vec<Assumed>,
}

/// What is read so though it does not stand in the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assumed {
    /// no year: the plan's
    Year(i32),
    /// a cadence without an end ends with the plan's year
    Until(NaiveDate),
    /// 起 without a day: the first
    FirstDay(NaiveDate),
    /// a month, quarter, half or year alone: its last day
    LastDay(NaiveDate),
    /// 上旬 ends on the 10th, 中旬 on the 20th
    Ten(NaiveDate),
}

impl Assumed {
    /// For the report.
    #[must_use]
    pub fn english(self) -> String {
        match self {
            Self::Year(year) => format!("no year is written: {year}"),
            Self::Until(day) => format!("no end is written: until {day}"),
            Self::FirstDay(day) => format!("起 without a day: from {day}"),
            Self::LastDay(day) => format!("without 底 or a day: its last day, {day}"),
            Self::Ten(day) => format!("上旬 ends on the 10th, 中旬 on the 20th: {day}"),
        }
    }

    /// For the note beside the date, which units see.
    #[must_use]
    pub fn chinese(self) -> String {
        match self {
            Self::Year(year) => format!("台账未写年份，按{year}年"),
            Self::Until(day) => format!("台账未写截止，读至{day}"),
            Self::FirstDay(day) => format!("台账未写日，按{day}起"),
            Self::LastDay(day) => format!("台账未写日，按期末{day}"),
            Self::Ten(day) => format!("上旬、中旬按10日、20日计，即{day}"),
        }
    }

    /// Whether the date itself is a reading, rather than its year or end.
    #[must_use]
    pub fn is_about_the_day(self) -> bool {
        matches!(self, Self::LastDay(_) | Self::Ten(_))
    }
}

/// Why a cell says no time, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUnderstood {
    /// why
    pub why: String,
    /// what would be right
    pub right: &'static str,
}

const ANY: &str =
    "a date (2021年6月30日前, 6月底前), a cadence (每季度), a window (5-9月), 长期坚持, 待定, or 已完成";

pub(super) fn not(why: impl Into<String>, right: &'static str) -> NotUnderstood {
    NotUnderstood { why: why.into(), right }
}

/// What a deadline's cell says. `year` is the plan's, for dates without one.
///
/// # Errors
/// [`NotUnderstood`].
pub fn due(cell: &Cell, year: Option<i32>) -> Result<Understood, NotUnderstood> {
    match cell {
        Cell::Empty => Err(not("no deadline is given", ANY)),
        Cell::Day(day) => Ok(Understood { due: Due::By(*day), is_target: false, assumed: Vec::new() }),
        Cell::Text(text) => words(text, year),
        Cell::Number(number) if number.fract() == 0.0 && *number >= 19_900_101.0 => {
            words(&number.to_string(), year)
        }
        Cell::Number(_) => Err(not(
            "it is a number, and a spreadsheet drops the zero of 6.30",
            "format the cell as a date, or write 6月30日",
        )),
        Cell::Odd(_) => Err(not("it is no date", ANY)),
    }
}

/// Words that say that the document gives no date.
const AWAITING: [&str; 24] = [
    "汛前",
    "汛期",
    "冬春浇",
    "赛前",
    "赛时",
    "定期",
    "常态化",
    "按时",
    "适时",
    "及时",
    "待定",
    "另行通知",
    "年度内",
    "年内",
    "年度评估",
    "每日调度",
    "随时",
    "尽快",
    "按要求",
    "按规定",
    "规定时间",
    "考核",
    "一年内",
    "应急响应",
];
/// Words behind something that happens on a day nobody knows yet.
const HANGS_ON: [&str; 6] = ["前", "期间", "时", "之后", "后", "以内"];
const DONE: [&str; 4] = ["已完成", "完成", "已办结", "办结"];
const GOES_ON: [&str; 6] = ["长期", "持续", "常年", "常抓不懈", "长效", "一直"];
const GOES_ON_TOO: [&str; 14] =
    ["坚持", "推进", "推动", "开展", "实施", "巩固", "落实", "进行", "抓好", "执行", "任务", "性", "并", ","];
const BEFORE: [&str; 14] = [
    "时限:",
    "应于",
    "须于",
    "应在",
    "须在",
    "确保在",
    "确保",
    "务必",
    "限于",
    "截止到",
    "截至",
    "截止",
    "于",
    "在",
];
const BEHIND: [&str; 15] = [
    "全面完成",
    "全部完成",
    "基本完成",
    "任务",
    "完成",
    "办结",
    "落实到位",
    "落实",
    "到位",
    "完毕",
    "建成",
    "。",
    ";",
    ",",
    "、",
];

fn words(text: &str, year: Option<i32>) -> Result<Understood, NotUnderstood> {
    let phrase: String = one_line(text).chars().take(PHRASE_CHARS_MAX).collect();
    let plain = folded(without_time(text));
    let plain = plain.trim_end_matches(['。', ';', ',', '、', '.']);
    let understood = |due| Ok(Understood { due, is_target: false, assumed: Vec::new() });
    if DONE.contains(&plain) {
        return understood(Due::Done(phrase));
    }
    if goes_on(plain) {
        return understood(Due::Ongoing);
    }
    let dated = plain.chars().any(|c| c.is_ascii_digit())
        || ["年底", "年末", "月底", "季度"].iter().any(|word| plain.contains(word));
    if !dated && AWAITING.iter().any(|word| plain.contains(word)) {
        return understood(Due::Awaiting(phrase));
    }
    let mut reader = Reader { year, assumed: Vec::new() };
    let is_target = plain.contains("力争") || plain.contains("争取");
    let sober = with_digits(&plain.replace("力争", "").replace("争取", ""));
    let read = reader.due(stripped(&sober));
    match read {
        Ok(due) => Ok(Understood { due, is_target, assumed: reader.assumed }),
        Err(_) if !dated && hangs_on_something(plain) => understood(Due::Awaiting(phrase)),
        Err(not) => Err(not),
    }
}

/// `土地使用权收回、转让前`: a day nobody knows yet.
fn hangs_on_something(plain: &str) -> bool {
    const CHARS_MIN: usize = 4;
    plain.chars().count() >= CHARS_MIN
        && !plain.starts_with('每')
        && HANGS_ON.iter().any(|word| plain.ends_with(word))
}

fn goes_on(plain: &str) -> bool {
    let mut scan = Scan(plain);
    let mut said = false;
    loop {
        if scan.eat_any(&GOES_ON) {
            said = true;
        } else if !scan.eat_any(&GOES_ON_TOO) {
            return said && scan.0.is_empty();
        }
    }
}

fn stripped(text: &str) -> &str {
    let mut scan = Scan(text);
    while scan.eat_any(&BEFORE) {}
    let mut text = scan.0;
    while let Some(shorter) = BEHIND.iter().find_map(|word| text.strip_suffix(word)) {
        text = shorter;
    }
    text
}

/// Reads dates and notes what it had to assume.
pub(super) struct Reader {
    year: Option<i32>,
    pub(super) assumed: Vec<Assumed>,
}

impl Reader {
    fn due(&mut self, text: &str) -> Result<Due, NotUnderstood> {
        let mut scan = Scan(text);
        if scan.eat("避开") {
            let days = self.range(&mut scan)?.ok_or_else(|| not("避开 without a time", "避开7-9月"))?;
            return at_end(scan, Due::Avoid(days));
        }
        if let Some(read) = cadenced(&mut scan) {
            let due = self.recurring(&mut scan, read?, None, None)?;
            return at_end(scan, due);
        }
        if let Some(days) = self.range(&mut scan)? {
            scan.eat_any(&["期间", "内", "止", "前"]);
            if let Some(read) = cadenced(&mut scan) {
                let due = self.recurring(&mut scan, read?, Some(days.from), Some(days.until))?;
                return at_end(scan, due);
            }
            return at_end(scan, Due::Window(days));
        }
        let date = said(&mut scan, self.year).ok_or_else(|| unread(text))?;
        if scan.eat_any(&["起", "开始"]) {
            return self.from(date, scan);
        }
        let before = scan.eat_any(&["之前", "以前", "前"]);
        scan.eat_any(&["以内", "之内", "内", "止", "份"]);
        scan.eat_any(&BEHIND);
        let day = self.until(date, before)?;
        if let Some(read) = cadenced(&mut scan) {
            let due = self.recurring(&mut scan, read?, None, Some(day))?;
            return at_end(scan, due);
        }
        at_end(scan, Due::By(day))
    }

    /// `2021年5月起`, `2022年1月1日起每季度`, `2022年起每年避开7-9月`.
    fn from(&mut self, date: Said, mut scan: Scan<'_>) -> Result<Due, NotUnderstood> {
        let in_year = self.in_year(date)?;
        let from = date.first(in_year).ok_or_else(no_such_day)?;
        if date.grain != Grain::Day {
            self.assumed.push(Assumed::FirstDay(from));
        }
        scan.eat_any(&[",", "、"]);
        if scan.0.is_empty() || goes_on(scan.0) {
            return Ok(Due::Starting(from));
        }
        if let Some(read) = cadenced(&mut scan) {
            let due = self.recurring(&mut scan, read?, Some(from), None)?;
            return at_end(scan, due);
        }
        let left = scan.0;
        Err(not(format!("`{left}` behind 起 is not understood"), "2021年5月起, or 2022年1月1日起每季度"))
    }

    /// A cadence with its bounds. `from` as written: with it, the duty goes on; without, it ends with the year.
    fn recurring(
        &mut self,
        scan: &mut Scan<'_>,
        read: Cadenced,
        from: Option<NaiveDate>,
        until: Option<NaiveDate>,
    ) -> Result<Due, NotUnderstood> {
        let yearly = |window| Yearly { window, from, until };
        if read.is_yearly() {
            if scan.eat("避开") {
                return Ok(Due::YearlyAvoid(yearly(yearly_window(scan)?)));
            }
            let mut ahead = *scan;
            if let Ok(window) = yearly_window(&mut ahead) {
                *scan = ahead;
                scan.eat_any(&["期间", "内"]);
                return Ok(Due::YearlyWindow(yearly(window)));
            }
        }
        let recurrence = read.on_day(scan)?;
        let mut until = until;
        if scan.eat_any(&["直至", "截至", "至", "到", "-"]) {
            let date =
                said(scan, self.year).ok_or_else(|| not("no date behind 至", "每季度至2021年12月31日"))?;
            scan.eat_any(&["止", "前"]);
            until = Some(self.until(date, false)?);
        }
        if from.is_none() && until.is_none() && !read.is_yearly() {
            let year = self.year.ok_or_else(no_year)?;
            let end = NaiveDate::from_ymd_opt(year, 12, 31);
            self.assumed.extend(end.map(Assumed::Until));
            until = end;
        }
        let recurrence = Recurrence { from, until, ..recurrence };
        recurrence.check().map_err(|fault| not(fault.to_string(), ANY))?;
        Ok(Due::Every(recurrence))
    }

    fn in_year(&mut self, date: Said) -> Result<i32, NotUnderstood> {
        if let Some(year) = date.year {
            return Ok(year);
        }
        let year = self.year.ok_or_else(no_year)?;
        if !self.assumed.contains(&Assumed::Year(year)) {
            self.assumed.push(Assumed::Year(year));
        }
        Ok(year)
    }

    /// The last day of what is said; `before` where 前 stands behind it.
    fn until(&mut self, date: Said, before: bool) -> Result<NaiveDate, NotUnderstood> {
        let in_year = self.in_year(date)?;
        let day = date.last(in_year).ok_or_else(no_such_day)?;
        let says_end = match date.grain {
            Grain::Day => true,
            Grain::Month { says_end } | Grain::Quarter { says_end } | Grain::Year { says_end } => says_end,
            Grain::Ten { .. } => {
                self.assumed.push(Assumed::Ten(day));
                return Ok(day);
            }
            Grain::Half => false,
        };
        if says_end {
            return Ok(day);
        }
        if before && date.grain != Grain::Half {
            return Err(not(
                "before it begins, or before it ends?",
                "a day (6月30日前), or its end (6月底前, 二季度末前, 2021年底前)",
            ));
        }
        self.assumed.push(Assumed::LastDay(day));
        Ok(day)
    }

    /// `2021年5-9月`, `10月1日至次年3月31日`; nothing where the text begins otherwise.
    fn range(&mut self, scan: &mut Scan<'_>) -> Result<Option<Days>, NotUnderstood> {
        let mut ahead = *scan;
        let Some((first, last)) = said_range(&mut ahead, self.year) else { return Ok(None) };
        *scan = ahead;
        let begins = self.in_year(first)?;
        let ends = last.year.unwrap_or(begins);
        let days = first.first(begins).zip(last.last(ends));
        let (from, until) = days.ok_or_else(no_such_day)?;
        if until < from {
            return Err(not("it ends before it begins", "2021年10月1日至次年3月31日"));
        }
        Ok(Some(Days { from, until }))
    }
}

fn at_end(scan: Scan<'_>, due: Due) -> Result<Due, NotUnderstood> {
    if scan.0.is_empty() { Ok(due) } else { Err(not(format!("`{}` is not understood", scan.0), ANY)) }
}

/// First and last of a range; 次年 counts from the first one's year.
fn said_range(scan: &mut Scan<'_>, year: Option<i32>) -> Option<(Said, Said)> {
    const TO: [&str; 5] = ["起至", "起到", "至", "到", "-"];
    let mut ahead = *scan;
    let whole = said(&mut ahead, year);
    let first = match whole {
        Some(first) if ahead.eat_any(&TO) => first,
        _ => {
            // 5-9月: the month's word stands behind the second only.
            ahead = *scan;
            let in_year = ahead.counted(&["年"]).and_then(|year| i32::try_from(year).ok());
            let month = ahead.digits(2)?.parse().ok().filter(|month| (1..=12).contains(month))?;
            if !ahead.eat_any(&["至", "到", "-"]) {
                return None;
            }
            Said { year: in_year, month, day: 1, grain: Grain::Month { says_end: false } }
        }
    };
    let last = said(&mut ahead, first.year.or(year).or(Some(2000)))?;
    let last = if last.year == Some(2001) && first.year.or(year).is_none() {
        Said { year: None, ..last }
    } else {
        last
    };
    *scan = ahead;
    Some((first, last))
}

/// `5-9月`, `10月1日至次年3月31日` of every year.
fn yearly_window(scan: &mut Scan<'_>) -> Result<YearlyWindow, NotUnderstood> {
    /// A leap year: it has every day that a year can have.
    const ANY_YEAR: i32 = 2000;
    let mut ahead = *scan;
    let range = said_range(&mut ahead, Some(ANY_YEAR)).filter(|(first, _)| first.year.is_none());
    let wrong = || not("no time of the year behind 每年", "每年5-9月, 每年10月1日至次年3月31日");
    let (first, last) = range.ok_or_else(wrong)?;
    let days = first.first(ANY_YEAR).zip(last.last(ANY_YEAR)).ok_or_else(no_such_day)?;
    *scan = ahead;
    let on = |day: NaiveDate| day.format("%m-%d").to_string().parse::<MonthDay>().map_err(|_| no_such_day());
    Ok(YearlyWindow { from: on(days.0)?, until: on(days.1)? })
}

fn unread(text: &str) -> NotUnderstood {
    if ["半年", "双月", "两月", "两周", "双周", "旬", "半月"].iter().any(|word| text.contains(word))
    {
        return not(
            "no such cadence: day, week, month, quarter and year are known",
            "two rows, as 6月底前 and 12月底前",
        );
    }
    if text.starts_with("月底") || text.starts_with("本月") || text.starts_with("季度末") {
        return not("of which month?", "6月底前, or 每月底前");
    }
    not("no date and no cadence is found in it", ANY)
}

fn no_such_day() -> NotUnderstood {
    not("the calendar has no such day", "a day that there is, as 6月30日")
}

fn no_year() -> NotUnderstood {
    not("the year is not written", "write it, or give `--year 2021`")
}
