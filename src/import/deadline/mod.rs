//! A deadline's words: a date, a cadence, a window, a time to avoid, a duty that goes on, or no date at all. The table
//! of what is understood stands in `docs/import.md`. Every word is read, or named as not understood.

mod cadence;
mod date;
mod phrase;
mod range;
mod reading;
mod remarks;
mod scan;
mod undated;

use chrono::NaiveTime;

use crate::domain::Due;
use crate::locale::message;

use super::book::Cell;
use super::fold::{folded, one_line, with_digits};
use phrase::Reader;
use reading::ANY;

pub(super) use date::{Grain, day_and_time, has_lost_zero, whole};
pub(super) use reading::{Assumed, NotUnderstood, Understood};

/// Longest phrase that is kept of a deadline, in characters.
const PHRASE_CHARS_MAX: usize = 200;

/// When something is due, in an office's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// when
    pub due: Due,
    /// 力争
    pub is_target: bool,
    /// a cadence whose words name no end: the last day here is the year's
    pub is_open_ended: bool,
}

/// Reads when something is due; `None` where it is not understood. `year` is that of dates without one.
#[must_use]
pub fn when(text: &str, year: i32) -> Option<When> {
    let read = deadline(&Cell::of(text), Some(year)).ok()?;
    let is_open_ended = read.assumed.iter().any(|assumed| matches!(assumed, Assumed::Until(_)));
    Some(When { due: read.due, is_target: read.is_target, is_open_ended })
}

/// What a deadline's cell says. `year` is the plan's, for dates without one.
///
/// # Errors
/// [`NotUnderstood`].
pub(super) fn deadline(cell: &Cell, year: Option<i32>) -> Result<Understood, NotUnderstood> {
    match cell {
        Cell::Empty => Err(NotUnderstood::new("no deadline is given", ANY)),
        Cell::Day(day) => Ok(Understood { due: Due::By(*day), is_target: false, assumed: Vec::new() }),
        Cell::Period(period) => {
            let last = period.last().ok_or_else(NotUnderstood::no_such_day)?;
            let assumed = vec![Assumed::LastDay(last)];
            Ok(Understood { due: Due::By(last), is_target: false, assumed })
        }
        Cell::Text(text) => words(text, year),
        Cell::Number(number) if number.fract() == 0.0 && *number >= 19_900_101.0 => {
            words(&number.to_string(), year)
        }
        Cell::Number(_) => Err(NotUnderstood::new(
            "it is a number, and a spreadsheet drops the zero of 6.30",
            "format the cell as a date, or write 6月30日",
        )),
        Cell::Odd(_) => Err(NotUnderstood::new("it is no date", ANY)),
    }
}

fn words(text: &str, year: Option<i32>) -> Result<Understood, NotUnderstood> {
    let phrase: String = one_line(text).chars().take(PHRASE_CHARS_MAX).collect();
    let (day, time) = day_and_time(text);
    let plain = with_digits(&folded(day));
    let plain = plain.trim_end_matches(['。', ';', ',', '、', '.']);
    let understood = |due, assumed| Ok(Understood { due, is_target: false, assumed });
    let plain = without_label(plain);
    if has_lost_zero(plain) {
        return Err(NotUnderstood::new(
            message("sheet-lost-zero").with("text", plain),
            "6月3日, 6月30日 or 2021年10月",
        ));
    }
    if undated::is_done(plain) {
        return understood(Due::Done(phrase), Vec::new());
    }
    if undated::goes_on(plain) {
        return understood(Due::Ongoing, Vec::new());
    }
    if undated::is_done_and_goes_on(plain) {
        return understood(Due::Ongoing, vec![Assumed::DoneAndGoesOn]);
    }
    let is_target = plain.contains("力争") || plain.contains("争取");
    let sober = plain.replace("力争", "").replace("争取", "");
    // Midnight is how a spreadsheet writes a date without a time.
    let of_day = time.filter(|time| *time != NaiveTime::MIN).map(|_| Assumed::TimeOfDay);
    let mut reader = Reader { year, assumed: of_day.into_iter().collect() };
    match reader.due(&sober) {
        Ok(due) => Ok(Understood { due, is_target, assumed: reader.assumed }),
        Err(_) if undated::awaits(plain) => understood(Due::Awaiting(phrase), Vec::new()),
        Err(not) => Err(not),
    }
}

/// `完成时限:6月底前` without the column's name.
fn without_label(plain: &str) -> &str {
    const LABELS: [&str; 9] =
        ["时限", "完成时限", "整改时限", "办结时限", "完成时间", "整改时间", "截止日期", "截止时间", "时间"];
    plain.split_once(':').filter(|(label, _)| LABELS.contains(label)).map_or(plain, |(_, rest)| rest)
}
