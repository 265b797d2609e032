//! Cadence words: 每季度, 按月, 每周五, 每月25日前, 每年度结束后10日内, 月调度.

use chrono::Datelike as _;

use crate::calendar::{Cadence, MonthDay, On, Recurrence};
use crate::locale::message;

use super::date::{Grain, date};
use super::reading::{Assumed, NotUnderstood};
use super::remarks::{behind, time_of_day, weekday};
use super::scan::Scan;

/// A cadence whose day is still to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CadenceWord(Cadence);

const WORDS: [(Cadence, &[&str]); 8] = [
    (Cadence::Workday, &["每个工作日", "每工作日", "按工作日"]),
    (Cadence::Day, &["每日", "每天", "按日", "逐日"]),
    (Cadence::Week, &["每个星期", "每星期", "每1周", "每周", "按周", "逐周"]),
    (Cadence::TenDays, &["每旬", "按旬", "逐旬"]),
    (Cadence::Month, &["每个月", "每1个月", "每1月", "每月度", "每月", "按月度", "按月", "逐月"]),
    (Cadence::Quarter, &["每个季度", "每1个季度", "每1季度", "每季度", "按季度", "每季", "按季", "逐季"]),
    (
        Cadence::HalfYear,
        &[
            "每半年度",
            "每半年",
            "每个半年",
            "按半年",
            "半年1次",
            "上下半年各1次",
            "上、下半年各1次",
            "上半年、下半年各1次",
        ],
    ),
    (Cadence::Year, &["每年度", "每1年", "每年", "按年度", "按年"]),
];
/// 每 left out: 月调度, 周报.
const SHORT: [(Cadence, &[&str]); 7] = [
    (Cadence::Day, &["日"]),
    (Cadence::Week, &["周"]),
    (Cadence::TenDays, &["旬"]),
    (Cadence::Month, &["月", "月度"]),
    (Cadence::Quarter, &["季", "季度"]),
    (Cadence::HalfYear, &["半年"]),
    (Cadence::Year, &["年"]),
];
/// What one does so often that 每 may be left out.
const ROUTINES: [&str; 9] = ["报", "报告", "报送", "调度", "通报", "例会", "小结", "汇总", "会商"];
/// 每 written as a number: 一月一调度.
const ONE_OF_EACH: [(Cadence, &[&str]); 7] = [
    (Cadence::Day, &["一日", "1日", "一天", "1天"]),
    (Cadence::Week, &["一周", "1周"]),
    (Cadence::TenDays, &["一旬", "1旬"]),
    (Cadence::Month, &["一月", "1月"]),
    (Cadence::Quarter, &["一季度", "1季度", "一季", "1季"]),
    (Cadence::HalfYear, &["半年"]),
    (Cadence::Year, &["一年", "1年"]),
];
const NO_SUCH: [&str; 7] = ["每半月", "每两", "每2", "每3", "每4", "每双", "每隔"];

/// What a duty may be called behind its cadence without changing it.
const DUTIES: [&str; 67] = [
    "至少",
    "不少于",
    "不低于",
    "组织",
    "召开",
    "开展",
    "报送",
    "报告",
    "报",
    "上报",
    "提交",
    "调度",
    "监测",
    "检查",
    "督查",
    "巡查",
    "排查",
    "反馈",
    "更新",
    "公示",
    "公开",
    "进行",
    "通报",
    "研判",
    "会商",
    "汇总",
    "梳理",
    "总结",
    "分析",
    "例会",
    "小结",
    "推进",
    "落实",
    "实施",
    "执行",
    "1次",
    "各1次",
    "完成",
    "专项",
    "定期",
    "及时",
    "按时",
    "按期",
    "按要求",
    "按规定",
    "常态化",
    "进展",
    "进展情况",
    "工作进展",
    "工作进展情况",
    "情况",
    "进度",
    "台账",
    "上月",
    "上季度",
    "将",
    "上年度",
    "上半年",
    "工作总结",
    "阶段性",
    "工作",
    "县政府督查室",
    "督查室",
    "县政府办公室",
    "县政府办",
    "县政府",
    "县委",
];
/// Behind 每周一 these make it once a week, or on Mondays: nobody can tell.
const ONE_OR_MONDAY: [&str; 10] =
    ["调度", "通报", "研判", "会商", "汇总", "检查", "督查", "巡查", "例会", "小结"];

/// Takes a cadence off the beginning; nothing where there is none.
pub(super) fn cadence_word(scan: &mut Scan<'_>) -> Result<Option<CadenceWord>, NotUnderstood> {
    if NO_SUCH.iter().any(|word| scan.0.starts_with(word)) {
        return Err(NotUnderstood::new(
            message("sheet-no-cadence").with("text", scan.0),
            "a row for each date, as 6月底前 and 12月底前",
        ));
    }
    if let Some((cadence, _)) = WORDS.iter().find(|(_, words)| scan.eat_any(words)) {
        return Ok(Some(CadenceWord(*cadence)));
    }
    let mut ahead = *scan;
    let short = SHORT.iter().find(|(_, words)| ahead.eat_any(words));
    let is_routine = ROUTINES.iter().any(|word| ahead.0.starts_with(word));
    let period_ends =
        ["结束后", "终了后", "度结束后", "度终了后"].iter().any(|word| ahead.0.starts_with(word));
    // 年后 is after the Spring Festival.
    let days_after =
        ahead.0.strip_prefix('后').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_read = |cadence: &Cadence| is_routine || period_ends || days_after && *cadence != Cadence::Year;
    if let Some((cadence, _)) = short.filter(|(cadence, _)| is_read(cadence)) {
        *scan = ahead;
        return Ok(Some(CadenceWord(*cadence)));
    }
    let mut ahead = *scan;
    let one = ONE_OF_EACH.iter().find(|(_, words)| ahead.eat_any(words));
    let is_once = one.is_some()
        && ahead.eat("一")
        && !ahead.0.starts_with(|c: char| c.is_ascii_digit())
        && ahead.eat_any(&DUTIES);
    if let Some((cadence, _)) = one.filter(|_| is_once) {
        *scan = ahead;
        return Ok(Some(CadenceWord(*cadence)));
    }
    Ok(None)
}

impl CadenceWord {
    pub(super) fn is_yearly(self) -> bool {
        self.0 == Cadence::Year
    }

    /// The day of the period, and the words behind it.
    pub(super) fn on_day(
        self,
        scan: &mut Scan<'_>,
        assumed: &mut Vec<Assumed>,
    ) -> Result<Recurrence, NotUnderstood> {
        let every = self.0;
        let due_after_days = self.after(scan)?;
        let on = if due_after_days.is_some() { None } else { self.on(scan, assumed)? };
        if on.is_some() || due_after_days.is_some() {
            scan.eat_any(&["之前", "以前", "前"]);
        }
        time_of_day(scan, assumed)?;
        // 每月一通报; of a week it could be its Monday.
        let mut ahead = *scan;
        if every != Cadence::Week && ahead.eat("一") && !ahead.0.starts_with('1') && ahead.eat_any(&DUTIES) {
            *scan = ahead;
        }
        behind(scan, &DUTIES, None, assumed)?;
        // The last day is due anyway: `每季度末` says no more than `每季度`.
        let on = on.filter(|on| *on != On::Last);
        Ok(Recurrence { on, due_after_days, ..Recurrence::of(every) })
    }

    fn on(self, scan: &mut Scan<'_>, assumed: &mut Vec<Assumed>) -> Result<Option<On>, NotUnderstood> {
        Ok(match self.0 {
            Cadence::Day | Cadence::Workday => None,
            Cadence::Week => day_of_each_week(scan)?.map(On::Weekday),
            Cadence::Month => {
                let number = scan.counted(&["日", "号"]);
                number.map(day).transpose()?.map(On::DayOfMonth).or_else(|| end(scan))
            }
            Cadence::TenDays => end(scan),
            Cadence::Quarter => day_of_nth_month(scan, 3)?.or_else(|| end(scan)),
            Cadence::HalfYear => day_of_nth_month(scan, 6)?.or_else(|| end(scan)),
            Cadence::Year => year_day(scan, assumed)?.or_else(|| end(scan)),
        })
    }

    /// Days behind the period's end: `结束后10日内`, `次月10日前` of a month or quarter, `次年1月10日前`.
    fn after(self, scan: &mut Scan<'_>) -> Result<Option<u16>, NotUnderstood> {
        const NEXT_MONTH: [&str; 12] = [
            "结束后次月",
            "后次月",
            "末次月",
            "次月",
            "的次月",
            "下个月",
            "下1个月",
            "下月",
            "次季度首月",
            "下季度首月",
            "下1季度首月",
            "下季首月",
        ];
        const NEXT_JANUARY: [&str; 3] = ["次年1月", "翌年1月", "下1年1月"];
        let next: &[&str] = match self.0 {
            Cadence::Month | Cadence::Quarter | Cadence::HalfYear => &NEXT_MONTH,
            Cadence::Year => &NEXT_JANUARY,
            Cadence::Day | Cadence::Workday | Cadence::Week | Cadence::TenDays => &[],
        };
        let mut ahead = *scan;
        if ahead.eat_any(next) {
            let left = ahead.0;
            let number = ahead.counted(&["日", "号"]).filter(|number| (1..=28).contains(number));
            let number = number.ok_or_else(|| NotUnderstood::at(left, "每季度次月10日前"))?;
            *scan = ahead;
            return Ok(u16::try_from(number).ok());
        }
        ahead.eat_any(&["度", "末"]);
        if !ahead.eat_any(&["结束后", "终了后", "后", "过后"]) {
            return Ok(None);
        }
        let left = ahead.0;
        let days = ahead.counted(&["个自然日", "日", "天"]);
        let days = days.and_then(|days| u16::try_from(days).ok()).filter(|days| (1..=366).contains(days));
        let days = days.ok_or_else(|| NotUnderstood::at(left, "每年度结束后10日内"))?;
        ahead.eat_any(&["之内", "以内", "内"]);
        *scan = ahead;
        Ok(Some(days))
    }
}

fn end(scan: &mut Scan<'_>) -> Option<On> {
    let words = ["年底", "年末", "月底", "月末", "季度末", "季末", "旬末", "底", "末", "最后1天", "最后1日"];
    scan.eat_any(&words).then_some(On::Last)
}

fn day(number: u32) -> Result<u8, NotUnderstood> {
    let day = u8::try_from(number).ok().filter(|day| (1..=31).contains(day));
    day.ok_or_else(|| NotUnderstood::new(message("sheet-no-month-has").with("number", &number), "每月25日前"))
}

/// `五`, `星期五`, `周五` behind 每周.
fn day_of_each_week(scan: &mut Scan<'_>) -> Result<Option<chrono::Weekday>, NotUnderstood> {
    let mut ahead = *scan;
    let named = ahead.eat_any(&["的星期", "星期", "的周", "周"]);
    let Some(day) = weekday(&mut ahead) else { return Ok(None) };
    if !named && ONE_OR_MONDAY.iter().any(|word| ahead.0.starts_with(word)) && scan.0.starts_with('一') {
        let why = message("sheet-monday-or-once").with("text", scan.0);
        return Err(NotUnderstood::new(
            why,
            message("sheet-one-or-other").with("one", "每周星期一").with("other", "每周1次"),
        ));
    }
    *scan = ahead;
    Ok(Some(day))
}

/// `首月10日`, `第2个月15日`, `末月20日` of a period of so many months.
fn day_of_nth_month(scan: &mut Scan<'_>, months: u8) -> Result<Option<On>, NotUnderstood> {
    let mut ahead = *scan;
    ahead.eat("的");
    let month = if ahead.eat_any(&["首月", "首个月"]) {
        1
    } else if ahead.eat_any(&["末月", "末个月", "最后1个月", "最后1月"]) {
        months
    } else {
        let nth = ahead.eat("第").then(|| ahead.counted(&["个月", "月"])).flatten();
        match nth.and_then(|nth| u8::try_from(nth).ok()).filter(|nth| (1..=months).contains(nth)) {
            Some(nth) => nth,
            None => return Ok(None),
        }
    };
    *scan = ahead;
    scan.eat("的");
    if scan.eat_any(&["底", "末", "月底", "月末"]) {
        return Ok(Some(if month == months { On::Last } else { On::DayOfNthMonth { month, day: 31 } }));
    }
    let left = scan.0;
    let number =
        scan.counted(&["日", "号"]).ok_or_else(|| NotUnderstood::at(left, "on a day: 每季度末月20日前"))?;
    Ok(Some(On::DayOfNthMonth { month, day: day(number)? }))
}

/// `6月、12月`, `6月底、12月底前`, `6月30日、12月31日前` behind 每年: every half-year.
pub(super) fn twice_a_year(scan: &mut Scan<'_>, assumed: &mut Vec<Assumed>) -> Option<CadenceWord> {
    let mut ahead = *scan;
    let mut says_end = true;
    for (at, (month, last)) in [(6, 30), (12, 31)].into_iter().enumerate() {
        if at > 0 {
            ahead.eat_any(&["、", "和", "及", ","]).then_some(())?;
        }
        ahead.counted(&["月份", "月"]).filter(|number| *number == month)?;
        let mut day = ahead;
        if day.counted(&["日", "号"]) == Some(last) {
            ahead = day;
        } else if !ahead.eat_any(&["底", "末"]) {
            says_end = false;
        }
        ahead.eat_any(&["之前", "以前", "前"]);
    }
    if !says_end {
        assumed.push(Assumed::LastDayOfYears(MonthDay { month: 6, day: 30 }));
        assumed.push(Assumed::LastDayOfYears(MonthDay { month: 12, day: 31 }));
    }
    *scan = ahead;
    Some(CadenceWord(Cadence::HalfYear))
}

/// `6月30日`, `6月底`, `3月`.
fn year_day(scan: &mut Scan<'_>, assumed: &mut Vec<Assumed>) -> Result<Option<On>, NotUnderstood> {
    /// A leap year: it has every day that a year can have.
    const ANY_YEAR: i32 = 2000;
    let mut ahead = *scan;
    let Some(date) = date(&mut ahead, None).filter(|date| date.year.is_none()) else { return Ok(None) };
    let says_end = match date.grain {
        Grain::Day => true,
        Grain::Month { says_end } | Grain::Quarter { says_end } => says_end,
        Grain::Half => false,
        Grain::Year { .. } => return Ok(None),
        Grain::Ten { .. } => {
            return Err(NotUnderstood::at(scan.0, "a day of the year: 每年6月30日前, 每年6月底前"));
        }
    };
    let day = date.last(ANY_YEAR).ok_or_else(NotUnderstood::no_such_day)?;
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    let day = MonthDay { month: small(day.month()), day: small(day.day()) };
    if !says_end {
        if date.grain != Grain::Half && ["前", "之前", "以前"].iter().any(|word| ahead.0.starts_with(word))
        {
            let why = message("sheet-before-which").with("text", scan.0);
            return Err(NotUnderstood::new(why, "每年6月30日前, 每年6月底前"));
        }
        assumed.push(Assumed::LastDayOfYears(day));
    }
    *scan = ahead;
    Ok(Some(On::YearDay(day)))
}
