//! Where a matter stands on paper: a shape, words and the name of a colour, so that a grey print tells it too.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::light::{self, Light, counts_by, finished_on, on_time};
use crate::domain::{Assignment, Ledger, State};

/// Where a matter stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// the light; `off` where nothing shines
    pub light: Light,
    /// `超期12天`, `按期办结`
    pub words: String,
}

/// The colour's name; none where nothing shines.
#[must_use]
pub fn colour(light: Light) -> Option<&'static str> {
    match light {
        Light::Red => Some("红"),
        Light::Yellow | Light::Late => Some("黄"),
        Light::Review => Some("蓝"),
        Light::Green => Some("绿"),
        Light::Grey | Light::Paused => Some("灰"),
        Light::Off => None,
    }
}

/// The colour in print, six hexadecimal digits; 4.5:1 or more on white.
#[must_use]
pub fn ink(light: Light) -> Option<&'static str> {
    match light {
        Light::Red => Some("B00020"),
        Light::Yellow | Light::Late => Some("8A5A00"),
        Light::Review => Some("1F4E8C"),
        Light::Green => Some("1B6B3A"),
        Light::Grey | Light::Paused => Some("595959"),
        Light::Off => None,
    }
}

impl Status {
    /// A status with its light.
    #[must_use]
    pub fn lit(light: Light, words: impl Into<String>) -> Self {
        Self { light, words: words.into() }
    }

    /// A status without a light.
    #[must_use]
    pub fn unlit(words: impl Into<String>) -> Self {
        Self::lit(Light::Off, words)
    }

    /// An assignment's on a day.
    #[must_use]
    pub fn of(ledger: &Ledger, assignment: &Assignment, day: NaiveDate) -> Self {
        let light = light::light(ledger, assignment, day);
        Self { light, words: words(assignment, light, day) }
    }

    /// `●超期12天·红`.
    #[must_use]
    pub fn shown(&self) -> String {
        match colour(self.light) {
            Some(colour) => format!("{}{}·{colour}", self.light.sign().0, self.words),
            None => self.words.clone(),
        }
    }

    /// `超期12天·红`, for running text.
    #[must_use]
    pub fn said(&self) -> String {
        match colour(self.light) {
            Some(colour) => format!("{}·{colour}", self.words),
            None => self.words.clone(),
        }
    }
}

/// Days past the deadline of an assignment that is chased; `None` where it is not late.
#[must_use]
pub(super) fn overdue_days(assignment: &Assignment, day: NaiveDate) -> Option<i64> {
    let deadline = assignment.course.deadline.filter(|_| assignment.course.chased)?;
    (assignment.state.is_chased() && deadline < day).then(|| (day - deadline).num_days())
}

fn words(assignment: &Assignment, light: Light, day: NaiveDate) -> String {
    let deadline = assignment.course.deadline;
    let left = deadline.map(|deadline| (deadline - day).num_days());
    match light {
        Light::Red => {
            let days = overdue_days(assignment, day).or(left.map(|left| -left)).unwrap_or_default();
            format!("超期{days}天")
        }
        Light::Yellow => match left {
            Some(0) => "今日到期".to_owned(),
            Some(left) if left > 0 => format!("还有{left}天"),
            // 力争: asked for, never overdue
            Some(left) => format!("力争时限已过{}天", -left),
            None => "月调度未反馈".to_owned(),
        },
        Light::Late | Light::Off => over(assignment),
        Light::Review | Light::Green | Light::Grey | Light::Paused => light.sign().1.to_owned(),
    }
}

/// How it ended.
fn over(assignment: &Assignment) -> String {
    let done = match (on_time(assignment), finished_on(assignment), counts_by(assignment)) {
        (Some(false), Some(done), Some(by)) => format!("迟办{}天", (done - by).num_days()),
        (Some(true), ..) => "按期办结".to_owned(),
        (Some(false) | None, ..) => "办结".to_owned(),
    };
    match assignment.state {
        State::ClosedOut => format!("{done}，已销号"),
        State::Withdrawn => "已撤回".to_owned(),
        State::Ended => "已结束".to_owned(),
        State::Accepted
        | State::Opened
        | State::Notified
        | State::Receipt
        | State::InProgress
        | State::Claimed
        | State::Returned
        | State::Paused => done,
    }
}
