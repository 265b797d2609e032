//! A leader's page: the red and yellow matters of their units, why, what next, and the new date.
//! It goes to nobody without a person's release.

mod fill;

use std::fmt::Write as _;

use chrono::NaiveDate;
use minijinja::context;
use serde::{Deserialize, Serialize};

use crate::calendar::zh::date_zh;
use crate::domain::light::Light;
use crate::domain::{self, AssignmentId, LeaderMatter};
use crate::report::paper::{self, PaperFault, draw};
use crate::report::{Status, ink};
use crate::words::{clean, near_date, row};

const PAGE: &str = include_str!("../templates/leader.html.jinja");

const RED: [Light; 1] = [Light::Red];
const YELLOW: [Light; 2] = [Light::Yellow, Light::Late];

/// What a leader sees of their units on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaderPage {
    /// who made it
    pub office: String,
    /// as seen on this day
    pub day: NaiveDate,
    /// the leader's units
    pub units: Vec<String>,
    /// matters of these units that are open
    pub open: u32,
    /// red before yellow
    pub items: Vec<LeaderItem>,
}

/// One red or yellow matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaderItem {
    /// the duties it stands for, each `plan/task/period/unit`
    pub assignments: Vec<AssignmentId>,
    /// the unit
    pub unit: String,
    /// the matter
    pub title: String,
    /// document and clause
    pub source: String,
    /// 现定时限 in words
    pub deadline: String,
    /// how many matters it stands for: long-term ones without a report are told together
    pub matters: u32,
    /// the light
    pub status: Status,
    /// 进展, the unit's own words
    pub progress: String,
    /// the last extension that was granted, in words
    pub extension: String,
    /// 原因, the unit's own words
    pub why: String,
    /// 下步措施
    pub next_steps: String,
    /// the date the unit now asks for, or that it was granted
    pub new_date: Option<NaiveDate>,
}

#[derive(Serialize)]
struct Page {
    title: String,
    mark: &'static str,
    summary: String,
    signed: String,
    items: Vec<PageItem>,
}

#[derive(Serialize)]
struct PageItem {
    status: String,
    ink: &'static str,
    title: String,
    unit: String,
    due: String,
    facts: Vec<(&'static str, String)>,
}

/// Stands on what is only looked at: what goes out is the letter.
const UNRELEASED: &str = "待核，未送出";

impl LeaderPage {
    fn page(&self) -> Page {
        let items = self.items.iter().map(|item| PageItem {
            status: item.status.shown(),
            ink: ink(item.status.light).unwrap_or("111111"),
            title: clean(&item.title),
            unit: clean(&item.unit),
            due: format!("{}，时限{}", clean(&item.source), clean(&item.deadline)),
            facts: self.facts(item),
        });
        Page {
            title: format!("分管单位红黄灯事项（{}）", date_zh(self.day)),
            mark: UNRELEASED,
            summary: self.summary(),
            signed: format!("{}　{}", clean(&self.office), date_zh(self.day)),
            items: items.collect(),
        }
    }

    fn facts(&self, item: &LeaderItem) -> Vec<(&'static str, String)> {
        if item.matters > 1 {
            return vec![("情况", "本期月调度单位未报，各项情况见台账".to_owned())];
        }
        let known = [("进展", &item.progress), ("延期", &item.extension)].into_iter();
        let mut facts: Vec<(&'static str, String)> =
            known.filter(|(_, words)| !words.is_empty()).map(|(name, words)| (name, clean(words))).collect();
        let asked = [&item.why, &item.next_steps];
        if asked.iter().all(|words| words.is_empty()) && item.new_date.is_none() {
            let nothing = if facts.is_empty() {
                "进展、原因、下步和新时间"
            } else {
                "原因、下步和新时间"
            };
            facts.push(("情况", format!("{nothing}，单位均未报")));
            return facts;
        }
        let told = |words: &str| if words.is_empty() { "单位未报".to_owned() } else { clean(words) };
        let new_date = item.new_date.map_or_else(|| "未定".to_owned(), |day| near_date(day, self.day));
        facts.extend([("原因", told(&item.why)), ("下步", told(&item.next_steps)), ("新时间", new_date)]);
        facts
    }

    fn summary(&self) -> String {
        let red = self.count(&RED);
        let yellow = self.count(&YELLOW);
        let units = row(&self.units);
        if self.items.is_empty() {
            return format!("{units}在办{}项，无红黄灯事项。", self.open);
        }
        let rest = self.open.saturating_sub(red.saturating_add(yellow));
        format!("{units}在办{}项：红灯{red}项，黄灯{yellow}项，其余{rest}项正常。", self.open)
    }

    fn count(&self, lights: &[Light]) -> u32 {
        let those = self.items.iter().filter(|item| lights.contains(&item.status.light));
        those.map(|item| item.matters).sum()
    }

    /// What a letter to the leader says.
    #[must_use]
    pub fn told(&self) -> domain::LeaderPage {
        let matters = self.items.iter().map(|item| LeaderMatter {
            status: item.status.shown(),
            title: clean(&item.title),
            unit: clean(&item.unit),
            due: format!("{}，时限{}", clean(&item.source), clean(&item.deadline)),
            told: self.facts(item).into_iter().map(|(name, words)| format!("{name}：{words}")).collect(),
        });
        domain::LeaderPage {
            red: self.count(&RED),
            yellow: self.count(&YELLOW),
            summary: self.summary(),
            matters: matters.collect(),
        }
    }

    /// Plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let page = self.page();
        let mut text = format!("{}\n", page.title);
        let _ = writeln!(text, "〔{}〕", page.mark);
        let _ = writeln!(text, "{}", page.summary);
        for (number, item) in (1..).zip(&page.items) {
            let _ = write!(
                text,
                "\n{number}. {} {}（{}）\n   {}\n",
                item.status, item.title, item.unit, item.due
            );
            for (name, words) in &item.facts {
                let _ = writeln!(text, "   {name}：{words}");
            }
        }
        let _ = write!(text, "\n{}\n", page.signed);
        text
    }

    /// One HTML page, for a screen or a printer, without remote content.
    ///
    /// # Errors
    /// [`PaperFault::Template`] for a faulty template.
    pub fn html(&self) -> Result<String, PaperFault> {
        draw("leader.html", PAGE, &self.page(), context! {})
    }

    /// The view as JSON.
    ///
    /// # Errors
    /// [`PaperFault::Json`] where it can't be serialised.
    pub fn json(&self) -> Result<Vec<u8>, PaperFault> {
        paper::json(self)
    }
}
