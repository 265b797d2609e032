//! A matter's day, class and count of days, and whether its deadline is the rule's (13710): 7 days for an ordinary
//! matter, a month or a dated plan for a complex one.

use chrono::NaiveDate;

use crate::calendar::WorkingDays;
use crate::domain::Due;
use crate::domain::matter::{Matter, MatterClass, MatterDays};

use super::book::Cell;
use super::column::Column;
use super::deadline::deadline;
use super::fold::{folded, with_digits};
use super::happened::happened;
use super::matters::AskedMatters;
use super::report::{Kind, either};
use super::task::Reading;
use crate::locale::message;

/// Something is not understood, and has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told;

/// What the deadline's cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// nothing
    Nothing,
    /// the rule: 7日内, 1个月内, with 工作日 or without
    Rule(MatterClass, Option<MatterDays>),
    /// a day
    Day(NaiveDate),
}

/// The day of deployment, and whether it stands there.
pub(super) fn deployed(reading: &mut Reading<'_, '_>, asked: &AskedMatters) -> Option<(NaiveDate, bool)> {
    let (day, is_written) = match happened(reading.cells.cell(Column::ToldOn), asked.year) {
        Ok(Some(found)) => {
            if found.year_assumed {
                let what = message("sheet-no-year").with("read", &found.day);
                reading.cells.tell(Kind::Assumed, Column::ToldOn, what, None);
            }
            (found.day, true)
        }
        Ok(None) => {
            let day = asked.on.unwrap_or(asked.today);
            if asked.on.is_none() {
                let what = message("sheet-deployed-today").with("day", &day);
                reading.cells.tell(Kind::Assumed, Column::ToldOn, what, None);
            }
            (day, false)
        }
        Err(right) => {
            reading.not(Column::ToldOn, "it is no day", right);
            return None;
        }
    };
    if day > asked.today {
        let what = message("sheet-deployed-later").with("day", &day).with("today", &asked.today);
        reading.not(Column::ToldOn, what, "today, or a day before");
        return None;
    }
    Some((day, is_written))
}

/// 一般 or 复杂, of its own column or of 类别; `Ok(None)` where neither says it.
pub(super) fn class(reading: &mut Reading<'_, '_>) -> Result<Option<MatterClass>, Told> {
    let said = folded(&reading.cells.cell(Column::Class).shown());
    let asks_complex = header(reading, Column::Class).contains("是否复杂");
    match said.as_str() {
        "" => {
            let category = folded(&reading.cells.cell(Column::Category).shown());
            return Ok(class_of(&category));
        }
        "是" if asks_complex => return Ok(Some(MatterClass::Complex)),
        "否" if asks_complex => return Ok(Some(MatterClass::Ordinary)),
        _ => {}
    }
    let class = class_of(&said);
    if class.is_none() {
        reading.not(Column::Class, "neither ordinary nor complex", either("一般", "复杂"));
    }
    class.map(Some).ok_or(Told)
}

fn class_of(folded: &str) -> Option<MatterClass> {
    let said = folded.strip_suffix("事项").unwrap_or(folded);
    match said {
        "一般" | "普通" | "一般性" | "简单" | "常规" => Some(MatterClass::Ordinary),
        "复杂" | "复杂性" | "较复杂" => Some(MatterClass::Complex),
        _ => None,
    }
}

/// Days off included or not; `Ok(None)` where the row doesn't say it.
pub(super) fn day_count(reading: &mut Reading<'_, '_>) -> Result<Option<MatterDays>, Told> {
    let said = folded(&reading.cells.cell(Column::DayCount).shown());
    // 是否不含 … turns a yes round.
    let plain = !header(reading, Column::DayCount).contains(['不', '扣', '除', '非']);
    let asks = header(reading, Column::DayCount).contains('含') && plain;
    let days = match said.as_str() {
        "" => return Ok(None),
        "自然日" | "日历日" | "日历天" | "自然天" | "含" | "包含" | "含节假日" | "包含节假日"
        | "含休息日" => Some(MatterDays::Calendar),
        "工作日" | "工作天" | "不含" | "不包含" | "不含节假日" | "不包含节假日" | "不含休息日" => {
            Some(MatterDays::Working)
        }
        "是" if asks => Some(MatterDays::Calendar),
        "否" if asks => Some(MatterDays::Working),
        _ => None,
    };
    if days.is_none() {
        let right = "自然日 (days off included) or 工作日 (working days only)";
        reading.not(Column::DayCount, "it doesn't say how days are counted", right);
    }
    days.map(Some).ok_or(Told)
}

fn header(reading: &Reading<'_, '_>, column: Column) -> String {
    reading.cells.header(column).map(folded).unwrap_or_default()
}

/// What the deadline's cell says.
pub(super) fn due_asked(reading: &mut Reading<'_, '_>) -> Option<Asks> {
    let cell = reading.cells.cell(Column::Due);
    if matches!(cell, Cell::Empty) {
        return Some(Asks::Nothing);
    }
    if let Some(rule) = rule(&with_digits(&folded(&cell.shown()))) {
        return Some(rule);
    }
    match deadline(cell, reading.terms.year) {
        Ok(read) => {
            for assumed in &read.assumed {
                reading.cells.tell(Kind::Assumed, Column::Due, assumed.told(), None);
            }
            if let Due::By(day) = read.due {
                return Some(Asks::Day(day));
            }
            reading.not(Column::Due, "a matter is settled by a day", "a date, 7日内, 1个月内, or nothing");
        }
        Err(not) => reading.not(Column::Due, not.why, "a date, 7日内, 1个月内, or nothing"),
    }
    None
}

fn rule(words: &str) -> Option<Asks> {
    let plain = words.strip_suffix("办结").unwrap_or(words);
    let plain = plain.strip_suffix(['内', '前']).unwrap_or(plain);
    match plain {
        "7日" | "7天" | "七天" | "7" => Some(Asks::Rule(MatterClass::Ordinary, None)),
        "7个自然日" | "7自然日" => Some(Asks::Rule(MatterClass::Ordinary, Some(MatterDays::Calendar))),
        "7个工作日" | "7工作日" => Some(Asks::Rule(MatterClass::Ordinary, Some(MatterDays::Working))),
        "1个月" => Some(Asks::Rule(MatterClass::Complex, None)),
        _ => None,
    }
}

/// Sets class and count of days of the matter as they follow from all that the row says; the day of its dated plan.
pub(super) fn settle(
    reading: &mut Reading<'_, '_>,
    matter: &mut Matter,
    (class, days, asks): (Option<MatterClass>, Option<MatterDays>, Asks),
    (by_default, working): (MatterDays, &WorkingDays),
) -> Result<Option<NaiveDate>, Told> {
    let (class_asked, days_asked) = match asks {
        Asks::Rule(class, days) => (Some(class), days),
        Asks::Nothing | Asks::Day(_) => (None, None),
    };
    if days.zip(days_asked).is_some_and(|(said, asked)| said != asked) {
        reading.not(Column::Due, "it counts days otherwise than the row says", "one of the two");
        return Err(Told);
    }
    if class.zip(class_asked).is_some_and(|(said, asked)| said != asked) {
        let right = "7日内 for 一般, 1个月内 for 复杂";
        reading.not(Column::Due, "it is the rule of the other class", right);
        return Err(Told);
    }
    matter.days = days.or(days_asked).unwrap_or(by_default);
    matter.class = MatterClass::Ordinary;
    let ordinary = matter.deadline(working);
    if let Some(class) = class {
        matter.class = class;
    } else if let Some(class) = class_asked {
        matter.class = class;
        let what = match class {
            MatterClass::Ordinary => "the class is not written: 7 days are an ordinary matter's",
            MatterClass::Complex => "the class is not written: a month is a complex matter's",
        };
        reading.cells.tell(Kind::Assumed, Column::Due, what, None);
    } else if let Asks::Day(day) = asks
        && day != ordinary
    {
        let what = message("sheet-no-class").with("day", &ordinary);
        reading.not(Column::Due, what, "a column 办理类别 that says 一般 or 复杂");
        return Err(Told);
    } else {
        let what = "the class is not written: ordinary, 7 days";
        reading.cells.tell(Kind::Assumed, Column::Class, what, Some(either("一般", "复杂")));
    }
    let Asks::Day(day) = asks else { return Ok(None) };
    let by_rule = matter.deadline(working);
    if day == by_rule {
        return Ok(None);
    }
    match matter.class {
        MatterClass::Ordinary => {
            let what = message("sheet-ordinary-by").with("day", &by_rule);
            reading.not(Column::Due, what, "that day, nothing, or 复杂 with the day of its plan");
            Err(Told)
        }
        MatterClass::Complex if day < matter.assigned_on => {
            reading.not(Column::Due, "it lies before the day of deployment", "the day of its dated plan");
            Err(Told)
        }
        MatterClass::Complex => Ok(Some(day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_known_in_words() {
        let read = |text: &str| rule(&with_digits(&folded(text)));
        for text in ["7日内", "七日内办结", "7天", "7 日内"] {
            assert_eq!(read(text), Some(Asks::Rule(MatterClass::Ordinary, None)), "{text}");
        }
        assert_eq!(read("7个工作日内"), Some(Asks::Rule(MatterClass::Ordinary, Some(MatterDays::Working))));
        assert_eq!(read("一个月内"), Some(Asks::Rule(MatterClass::Complex, None)));
        for text in ["1月", "1月前", "7月", "30日内", "7月2日"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
