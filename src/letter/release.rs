//! What waits for a person's release, and what lapsed: the office's own letter (放行).

use serde::Serialize;

use super::view::{Frame, Point};
use super::words::{clean, row};
use crate::domain::{Draft, HeldLetter, Recipient, ReleaseTold};
use crate::matter::LetterAbout;

/// Tasks that a line names.
const TASKS_NAMED_MAX: usize = 3;

#[derive(Debug, Clone, Serialize)]
pub(super) struct Released {
    pub frame: Frame,
    pub waits: Vec<Point>,
    /// `17:00`
    pub until: Option<String>,
    pub lapsed: Vec<Point>,
}

pub(super) fn view(draft: &Draft, told: &ReleaseTold) -> Released {
    let points =
        |letters: &[HeldLetter]| letters.iter().zip(1..).map(|(held, number)| point(number, held)).collect();
    let until = told.until.map(|until| draft.office.zone.local(until));
    Released {
        frame: Frame::of(draft),
        waits: points(&told.waits),
        until: until.map(|until| {
            let time = until.format("%H:%M").to_string();
            if until.date_naive() == draft.day { time } else { "24:00".to_owned() }
        }),
        lapsed: points(&told.lapsed),
    }
}

/// `1. 县公安局（2021-0623-01，任务告知）。事项甲、事项乙等5项`
fn point(number: usize, held: &HeldLetter) -> Point {
    let unit = clean(&held.unit);
    let about: Vec<&str> = LetterAbout::of_points(held.kind, &held.to, held.points.iter())
        .into_iter()
        .map(LetterAbout::word)
        .collect();
    let (title, kind) = match &held.to {
        Recipient::LeaderOf(_) => (format!("{unit}分管领导"), "报分管领导，须逐件放行".to_owned()),
        Recipient::Unit(_) | Recipient::Office => (unit, row(&about)),
    };
    let named: Vec<String> = held.tasks.iter().take(TASKS_NAMED_MAX).map(|task| clean(task)).collect();
    let all = held.tasks.len();
    let more = if all > named.len() { format!("等{all}项") } else { String::new() };
    let notes = if named.is_empty() { Vec::new() } else { vec![format!("{}{more}", named.join("、"))] };
    Point { number, asked: false, row: None, title, source: format!("{}，{kind}", held.letter), notes }
}
