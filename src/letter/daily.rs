//! The one clock-driven letter of a day: sections by what is asked, most urgent first.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::changes;
use super::form;
use super::view::{Deadline, Frame, Pen, Point, ground, noun, points};
use super::words::{clean, period_prefix};
use crate::calendar::Period;
use crate::domain::{Coming, Draft, Due, Item, OccurrenceId, PlanHead, Role, Stage};

/// What a section asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Ask {
    /// what its unit was told has changed: what was said before holds no more
    Changed,
    /// 已超期
    Overdue,
    /// 今日到期
    Today,
    /// 三日反馈：a matter's handling is to be reported
    Report,
    /// 即将到期
    Due,
    /// 新开始
    Notice,
    /// 须避开的时段
    Avoid,
    /// 月调度
    Collection,
    /// 提请督查
    Supervision,
}

/// Points of which the same is asked.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Section {
    pub ask: Ask,
    /// how many are asked
    pub count: usize,
    /// what they are called: 任务, or 事项
    pub noun: &'static str,
    /// `Changed`: what the changes are called together
    pub tag: Option<&'static str>,
    /// `Today`, `Due`, `Report`: by when
    pub deadline: Option<Deadline>,
    /// `Report`: by when their handling is to be reported
    pub report: Option<Deadline>,
    /// `Collection`: which round, as `6月月调度`, and by when the answer is asked
    pub round: Option<Round>,
    /// where all its points go late alike, and the rest of the letter doesn't
    pub late: Option<String>,
    pub points: Vec<Point>,
    /// for the subject: titles, or the units supervised
    #[serde(skip)]
    pub heads: Vec<String>,
    /// `Today`, `Due`: the deadline; `Overdue`: the oldest
    #[serde(skip)]
    pub day: Option<NaiveDate>,
    /// for the subject: the deadline or reply-by, short; `Overdue`: how long at most
    #[serde(skip)]
    pub by: Option<String>,
}

/// A collection's round.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Round {
    pub name: String,
    pub by: String,
    /// how many matters it asks, those above included
    pub asked: usize,
    /// how many of them stand in the sections above
    pub above: usize,
    /// how many of the others are overdue
    pub overdue: usize,
    /// whether the reply-by is past: the round goes late
    pub past: bool,
    /// the reply-by with the working day to aim at, while it is ahead
    pub day: Option<Deadline>,
}

/// A day's letter.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Daily {
    pub frame: Frame,
    pub day: Asked,
    pub cooperating: usize,
    pub coming: Vec<Forecast>,
}

/// What a letter asks of its recipient, by sections.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Asked {
    pub ground: String,
    pub sections: Vec<Section>,
    /// points that are overdue
    pub overdue: usize,
    /// points with a deadline that is still ahead
    pub ahead: usize,
    /// the one deadline of all that are ahead, `6月30日`
    pub by: Option<String>,
    /// whether that is today
    pub by_today: bool,
    /// points with a deadline ahead whose date can't be moved
    pub fixed: usize,
    /// matters whose handling is to be reported
    pub reports: usize,
    /// points that are new
    pub notices: usize,
    /// points that tell a change
    pub changed: usize,
    /// points of other units, put before the supervision office
    pub supervised: usize,
    /// whether the unit itself is to answer any of them
    pub answers: bool,
    /// whether a dated plan may take the place of any term
    pub plannable: bool,
}

impl Asked {
    /// Its points in order.
    pub(super) fn points(&self) -> impl Iterator<Item = &Point> {
        self.sections.iter().flat_map(|section| &section.points)
    }
}

/// A line of 预告.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Forecast {
    pub date: String,
    pub title: String,
    pub place: String,
}

/// The view of a day's letter.
pub(super) fn view(draft: &Draft) -> Daily {
    Daily {
        frame: Frame::of(draft),
        day: asked(draft, &points(draft), 0),
        cooperating: draft.cooperating,
        coming: forecast(draft),
    }
}

/// Sorts items into sections; `before` points stand in the letter before them.
pub(super) fn asked(draft: &Draft, items: &[&Item], before: usize) -> Asked {
    let plans: Vec<&PlanHead> = items.iter().map(|item| &*item.plan).collect();
    let pen = Pen::new(draft, &plans);
    let mut sections: Vec<Section> = plain(items, pen, Ask::Changed).into_iter().collect();
    sections.extend(dated(items, pen));
    sections.extend(plain(items, pen, Ask::Notice));
    sections.extend(plain(items, pen, Ask::Avoid));
    let joined = join(&mut sections, items, draft, pen);
    let mut told = in_sections(items, pen);
    told.extend(joined.iter().map(|matter| &matter.occurrence));
    sections.extend(collections(items, &told, pen));
    sections.extend(plain(items, pen, Ask::Supervision));
    let mut number = before;
    for point in sections.iter_mut().flat_map(|section| &mut section.points) {
        number += 1;
        point.number = number;
    }
    let of = |asks: &[Ask]| sections.iter().filter(|s| asks.contains(&s.ask)).map(|s| s.count).sum();
    let ahead = || items.iter().filter(|i| matches!(ask(i, draft.day), Ask::Today | Ask::Due));
    let days: BTreeSet<NaiveDate> = ahead().filter_map(|item| item.deadline).collect();
    Asked {
        ground: ground(&plans),
        overdue: of(&[Ask::Overdue]),
        ahead: of(&[Ask::Today, Ask::Due]),
        by: days.first().filter(|_| days.len() == 1).map(|day| pen.date(*day)),
        by_today: days.iter().all(|day| *day == draft.day),
        fixed: ahead().filter(|i| i.task.as_ref().is_some_and(|task| task.fixed)).count()
            + joined.iter().filter(|m| m.task.fixed && m.deadline.is_some_and(|d| d >= draft.day)).count(),
        reports: of(&[Ask::Report]),
        notices: of(&[Ask::Notice]),
        changed: of(&[Ask::Changed]),
        supervised: of(&[Ask::Supervision]),
        answers: items.iter().any(|item| item.answers),
        plannable: items.iter().any(|item| Pen::may_be_planned(item)),
        sections,
    }
}

/// What an item asks on `day`: a stage that goes late may meet a deadline already past.
fn ask(item: &Item, day: NaiveDate) -> Ask {
    if matches!(item.role, Role::Leader | Role::Supervision) {
        return Ask::Supervision;
    }
    let by_deadline = || match item.days_left(day) {
        None => Ask::Notice,
        Some(..0) => Ask::Overdue,
        Some(0) => Ask::Today,
        Some(1..) => Ask::Due,
    };
    match item.stage() {
        Stage::Changed(_) => Ask::Changed,
        Stage::Collection => Ask::Collection,
        Stage::Avoid => Ask::Avoid,
        Stage::Overdue(_) => Ask::Overdue,
        Stage::EscalateLeader | Stage::EscalateSupervision | Stage::Review(_) => Ask::Supervision,
        Stage::Adopted | Stage::Notice if item.days_left(day).is_none_or(|days| days >= 0) => Ask::Notice,
        // Where the day of settling has come as well, that is what counts.
        Stage::Report if item.report_by.is_some() && item.days_left(day).is_some_and(|days| days > 0) => {
            Ask::Report
        }
        Stage::Adopted
        | Stage::Notice
        | Stage::Report
        | Stage::Returned(_)
        | Stage::Act(..)
        | Stage::Lead(_)
        | Stage::Due => by_deadline(),
    }
}

/// Sections of points with a deadline: what is overdue, then one section a deadline, nearest first.
fn dated(items: &[&Item], pen: Pen) -> Vec<Section> {
    type Shared = (Ask, Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>);
    let mut groups: BTreeMap<Shared, Vec<&Item>> = BTreeMap::new();
    for &item in items {
        let ask = ask(item, pen.day);
        match ask {
            Ask::Overdue => groups.entry((ask, None, None, None)).or_default().push(item),
            Ask::Today | Ask::Due => {
                groups.entry((ask, None, item.deadline, item.advised)).or_default().push(item);
            }
            Ask::Report => {
                groups.entry((ask, item.report_by, item.deadline, item.advised)).or_default().push(item);
            }
            Ask::Changed | Ask::Notice | Ask::Avoid | Ask::Collection | Ask::Supervision => {}
        }
    }
    groups
        .into_iter()
        .map(|((ask, report, deadline, advised), mut items)| {
            items.sort_by_key(|item| item.deadline);
            Section {
                deadline: deadline.map(|date| Deadline::of(pen, date, advised)),
                report: report
                    .map(|date| Deadline::of(pen, date, items.first().and_then(|i| i.report_advised))),
                ..section(ask, &items, pen).of_day(items.iter().filter_map(|item| item.deadline).min(), pen)
            }
        })
        .collect()
}

impl Section {
    /// With its day, and that day as the subject tells it: `6月30日`, or `12天` where it is past.
    fn of_day(mut self, day: Option<NaiveDate>, pen: Pen) -> Self {
        self.day = day;
        let past = |day: NaiveDate| format!("{}天", (pen.day - day).num_days());
        self.by = day.map(|day| if self.ask == Ask::Overdue { past(day) } else { pen.date(day) });
        self
    }
}

/// The section of all items that ask this, if there are any.
fn plain(items: &[&Item], pen: Pen, asked: Ask) -> Option<Section> {
    let items: Vec<&Item> = items.iter().copied().filter(|item| ask(item, pen.day) == asked).collect();
    (!items.is_empty()).then(|| section(asked, &items, pen))
}

fn section(ask: Ask, items: &[&Item], pen: Pen) -> Section {
    let mut heads: Vec<String> = Vec::new();
    for item in items {
        let head = match ask {
            Ask::Supervision => clean(&item.unit_name),
            Ask::Changed => changes::head(pen, item),
            Ask::Overdue
            | Ask::Today
            | Ask::Report
            | Ask::Due
            | Ask::Notice
            | Ask::Avoid
            | Ask::Collection => pen.item_title(item),
        };
        if !heads.contains(&head) {
            heads.push(head);
        }
    }
    let since = items.first().and_then(|item| item.late_since);
    let alike = items.len() > 1 && items.iter().all(|item| item.late_since == since);
    let late = items.first().filter(|_| alike).and_then(|item| pen.late(item));
    let pen = if late.is_some() { pen.late_since_told(since) } else { pen };
    Section {
        ask,
        count: items.len(),
        noun: noun(items.iter().copied()),
        tag: (ask == Ask::Changed).then(|| changes::tag(items.iter().copied())),
        deadline: None,
        report: None,
        round: None,
        late,
        points: items.iter().map(|item| point(ask, item, pen)).collect(),
        heads,
        day: None,
        by: None,
    }
}

fn point(ask: Ask, item: &Item, pen: Pen) -> Point {
    let mut notes = Vec::new();
    match ask {
        Ask::Overdue => notes.extend(item.deadline.map(|deadline| pen.overdue(deadline))),
        Ask::Supervision => {
            notes.push(format!("责任单位：{}", clean(&item.unit_name)));
            notes.extend(item.deadline.map(|deadline| pen.overdue(deadline)));
        }
        Ask::Notice => notes.push(opening(item, pen)),
        Ask::Avoid => notes.extend(
            item.ends.map(|ends| format!("{}至{}", pen.date_weekday(item.opens), pen.date_weekday(ends))),
        ),
        Ask::Changed => {
            notes.extend(item.changed.iter().flat_map(|changed| changes::notes(pen, item, changed)));
        }
        Ask::Today | Ask::Report | Ask::Due | Ask::Collection => {}
    }
    match ask {
        Ask::Changed => {}
        Ask::Avoid | Ask::Supervision => notes.extend(pen.late(item)),
        Ask::Overdue | Ask::Today | Ask::Report | Ask::Due | Ask::Notice | Ask::Collection => {
            notes.extend(pen.circumstances(item));
        }
    }
    let source = match &item.task {
        Some(task) if matches!(ask, Ask::Avoid | Ask::Changed) => pen.place(&item.plan, task),
        _ => pen.item_source(item),
    };
    Point { source, ..pen.point(0, item, notes) }
}

/// When a new occurrence begins, and by when it is due.
fn opening(item: &Item, pen: Pen) -> String {
    let opens = if item.opens == pen.day { "今日".to_owned() } else { pen.date(item.opens) };
    let begins = if item.opens < pen.day { "已开始" } else { "开始" };
    let starting = item.task.as_ref().is_some_and(|task| matches!(task.due, Due::Starting(_)));
    match (item.deadline, item.advised) {
        (Some(deadline), Some(advised)) if advised < deadline => format!(
            "{opens}{begins}，{}到期，逢休息日，建议最迟{}办结",
            pen.date_weekday(deadline),
            pen.date_weekday(advised)
        ),
        (Some(deadline), Some(advised)) if advised > deadline => format!(
            "{opens}{begins}，{}到期，此前无工作日可办，请于其后首个工作日{}办结",
            pen.date_weekday(deadline),
            pen.date_weekday(advised)
        ),
        (Some(deadline), _) => format!("{opens}{begins}，{}到期", pen.date_weekday(deadline)),
        (None, _) if starting => format!("{opens}起执行，长期坚持"),
        (None, _) => format!("{opens}{begins}"),
    }
}

/// What has a section of its own, so that a round need not ask it again.
fn in_sections<'i>(items: &[&'i Item], pen: Pen) -> BTreeSet<&'i OccurrenceId> {
    items
        .iter()
        .filter(|item| {
            let asked = ask(item, pen.day);
            !matches!(asked, Ask::Avoid | Ask::Collection | Ask::Supervision)
        })
        .map(|item| &item.key.assignment.occurrence)
        .collect()
}

/// Puts matters of a round beside those of the same day, or overdue like them: each date has one count.
fn join<'i>(sections: &mut [Section], items: &[&'i Item], draft: &Draft, pen: Pen) -> Vec<&'i Coming> {
    let mut told = in_sections(items, pen);
    let mut joined = Vec::new();
    let rounds = items.iter().filter(|item| ask(item, pen.day) == Ask::Collection);
    for (round, matter) in rounds.flat_map(|item| item.collects.iter().map(move |matter| (item, matter))) {
        let Some(deadline) = matter.deadline else { continue };
        let section = sections.iter_mut().find(|section| match section.ask {
            Ask::Overdue => matter.overdue,
            Ask::Today | Ask::Due => section.day == Some(deadline),
            Ask::Changed | Ask::Report | Ask::Notice | Ask::Avoid | Ask::Collection | Ask::Supervision => {
                false
            }
        });
        let Some(section) = section.filter(|_| told.insert(&matter.occurrence)) else { continue };
        let overdue = (section.ask == Ask::Overdue).then(|| pen.overdue(deadline));
        section.points.push(Point {
            number: 0,
            asked: true,
            row: Some(form::of_matter(pen, round, matter)),
            title: pen.coming_title(matter),
            source: pen.source(&matter.plan, &matter.task),
            notes: overdue.into_iter().chain(Pen::coming_circumstances(matter, &draft.to)).collect(),
        });
        section.heads.push(pen.coming_title(matter));
        section.count += 1;
        let oldest = section.day.min(Some(deadline));
        *section = section.clone().of_day(oldest, pen);
        joined.push(matter);
    }
    joined
}

/// One section a round; rounds of several plans with one reply-by are one.
fn collections(items: &[&Item], told: &BTreeSet<&OccurrenceId>, pen: Pen) -> Vec<Section> {
    let mut rounds: BTreeMap<(Option<NaiveDate>, Period), Vec<&Item>> = BTreeMap::new();
    for item in items.iter().copied().filter(|item| ask(item, pen.day) == Ask::Collection) {
        let by = item.ends.or(item.deadline);
        rounds.entry((by, item.key.assignment.occurrence.period)).or_default().push(item);
    }
    rounds
        .into_iter()
        .map(|((by, period), items)| {
            let asked =
                || items.iter().flat_map(|item| item.collects.iter().map(move |matter| (*item, matter)));
            let open = || asked().filter(|(_, matter)| !told.contains(&matter.occurrence));
            let points: Vec<Point> = open()
                .map(|(round, matter)| Point {
                    number: 0,
                    asked: true,
                    row: Some(form::of_matter(pen, round, matter)),
                    title: pen.coming_title(matter),
                    source: pen.place(&matter.plan, &matter.task),
                    notes: vec![match matter.deadline {
                        Some(deadline) => pen.due(deadline, &matter.task),
                        None => "长期坚持".to_owned(),
                    }],
                })
                .collect();
            let total = asked().count();
            Section {
                ask: Ask::Collection,
                count: points.len(),
                noun: "任务",
                tag: None,
                deadline: None,
                report: None,
                round: Some(Round {
                    name: round_name(period, pen.day),
                    past: by.is_some_and(|by| by < pen.day),
                    day: by
                        .filter(|by| *by >= pen.day)
                        .map(|by| Deadline::of(pen, by, items.first().and_then(|item| item.advised))),
                    by: by.map_or_else(|| "月底".to_owned(), |by| pen.date_weekday(by)),
                    asked: total,
                    above: total - points.len(),
                    overdue: open().filter(|(_, matter)| matter.overdue).count(),
                }),
                late: items.iter().find_map(|item| pen.late(item)),
                heads: points.iter().map(|point| point.title.clone()).collect(),
                day: None,
                by: by.map(|by| pen.date(by)),
                points,
            }
        })
        .collect()
}

fn round_name(period: Period, day: NaiveDate) -> String {
    let monthly = if matches!(period, Period::Month { .. }) { "月" } else { "" };
    format!("{}{monthly}调度", period_prefix(period, "", day))
}

fn forecast(draft: &Draft) -> Vec<Forecast> {
    let plans: Vec<&PlanHead> =
        draft.coming.iter().map(|c| &*c.plan).chain(points(draft).into_iter().map(|i| &*i.plan)).collect();
    let pen = Pen::new(draft, &plans);
    let told: BTreeSet<&OccurrenceId> =
        points(draft).into_iter().flat_map(|item| &item.collects).map(|matter| &matter.occurrence).collect();
    let mut coming: Vec<_> = draft.coming.iter().filter(|c| !told.contains(&c.occurrence)).collect();
    coming.sort_by_key(|matter| matter.deadline);
    coming
        .into_iter()
        .map(|matter| Forecast {
            date: matter
                .deadline
                .map_or_else(|| "长期坚持".to_owned(), |date| format!("{}到期", pen.date(date))),
            title: pen.coming_title(matter),
            place: pen.place(&matter.plan, &matter.task),
        })
        .collect()
}
