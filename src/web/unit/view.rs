//! The unit's page as facts for its template: what is asked of the unit, most pressing first, and what it
//! has entered so far. Reads the ledger, changes nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::access::Opened;
use super::answers::{At, Wrong, unsigned};
use super::draft::Draft;
use super::handed_in::FileLine;
use super::kind::{ACCEPT, TAKEN};
use super::matter::item;
use super::paging::{Paging, index};
use crate::domain::{Assignment, AssignmentId, Due, Ledger, PlanHead, UnitId, Via};
use crate::letter::ground;
use crate::matter::worklist::ListKind;
use crate::matter::{MatterView, Part, phone_end, share_in};
use crate::planner::Person;
use crate::web::Desk;
use crate::words::{clean, full_date_weekday, near_date, near_date_weekday, row, you};

/// Deadlines within so many days count as near.
const NEAR_DAYS: i64 = 7;
/// Most hand-ins listed.
const PAST_MAX: usize = 60;
/// Most matters that are over and may still get material.
const OVER_MAX: usize = 100;

/// What stands around every page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Frame {
    pub office: String,
    pub contact: String,
    pub phone: String,
    pub unit: String,
    pub you: &'static str,
    pub ground: String,
    pub today: String,
    pub iso_today: String,
    pub last_day: String,
}

/// The page itself.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Form {
    pub frame: Frame,
    pub figures: Vec<Figure>,
    pub groups: Vec<Group>,
    pub paging: Paging,
    /// matters not yet signed for
    pub unsigned: usize,
    pub person: PersonView,
    pub wrong: Vec<Summary>,
    pub notice: Option<String>,
    /// the draft as shown
    pub mark: String,
    /// the ledger's position as shown
    pub seen: u64,
    pub saved: Option<String>,
    pub accept: &'static str,
    pub taken: &'static str,
    pub file_mib: u64,
    pub request_mib: u64,
    pub cooperating: Vec<String>,
    pub past: Vec<Past>,
}

/// One of the four figures.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Figure {
    pub label: &'static str,
    pub count: usize,
    pub anchor: &'static str,
    /// the group where it begins on this page, else the first matter that counts
    pub to: String,
}

/// Matters that are pressing alike.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Group {
    pub anchor: &'static str,
    pub title: &'static str,
    pub folded: bool,
    /// by when a month's reports are asked for
    pub note: Option<String>,
    /// matters in it, those on other pages included
    pub count: usize,
    /// those on this page
    pub items: Vec<Item>,
}

/// One matter.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Item {
    pub number: usize,
    pub anchor: String,
    pub key: String,
    pub title: String,
    pub lamp: Lamp,
    pub due: String,
    pub source: String,
    pub notes: Vec<String>,
    /// what the unit must know first: why it came back, what waits for the office
    pub alerts: Vec<String>,
    pub clause: Vec<String>,
    pub standard: Option<String>,
    pub proves: Option<String>,
    pub remarks: Vec<String>,
    pub choices: Vec<ChoiceView>,
    pub entry: EntryView,
    /// why no extension can be asked for
    pub no_extension: Option<String>,
    /// when it was last reported on
    pub last: Option<String>,
    pub wrong: BTreeMap<&'static str, String>,
    pub other: Option<EntryView>,
}

/// A light: a shape, a word, a colour.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Lamp {
    pub class: &'static str,
    pub shape: &'static str,
    pub word: String,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct ChoiceView {
    pub name: &'static str,
    pub label: &'static str,
    pub checked: bool,
}

/// What was entered, as it is shown.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct EntryView {
    pub choice: &'static str,
    pub done_on: String,
    pub done_text: String,
    pub progress: String,
    pub problem: String,
    pub ask: String,
    pub next_steps: String,
    pub extend: bool,
    pub new_deadline: String,
    pub dispute: String,
    pub obtained_on: String,
    pub files: Vec<FileLine>,
    pub approval: Option<FileLine>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct PersonView {
    pub name: String,
    pub post: String,
    pub phone: String,
    /// the end of the phone that is known already
    pub known: Option<String>,
    pub stays: bool,
    pub wrong_name: Option<String>,
    pub wrong_phone: Option<String>,
}

/// A line of the summary of what is wrong.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Summary {
    pub to: String,
    pub words: String,
}

/// What was handed in before.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Past {
    pub receipt: String,
    pub day: String,
    pub count: usize,
    pub via: &'static str,
}

/// What the page is made from, beside the ledger.
pub(super) struct Showing<'a> {
    pub opened: &'a Opened,
    pub draft: Option<&'a Draft>,
    pub known: Option<&'a Person>,
    pub wrong: &'a [Wrong],
    pub notice: Option<String>,
    /// the page asked for, counted from 1
    pub page: usize,
}

/// The frame of a unit's pages.
pub(super) fn frame(ledger: &Ledger, opened: &Opened) -> Frame {
    let office = ledger.office();
    let plans: Vec<&PlanHead> = open(ledger, &opened.unit)
        .filter_map(|one| ledger.plan(&one.occurrence.task.plan))
        .map(|plan| &*plan.head)
        .collect();
    let mut plans = plans;
    plans.sort_by(|a, b| (a.issued_on, &a.id).cmp(&(b.issued_on, &b.id)));
    let unit = clean(&ledger.unit_name(&opened.unit));
    Frame {
        office: office.map(|office| clean(&office.name)).unwrap_or_default(),
        contact: office.map(|office| clean(&office.contact)).unwrap_or_default(),
        phone: office.map(|office| clean(&office.phone)).unwrap_or_default(),
        you: you(&unit),
        unit,
        ground: ground(&plans),
        today: full_date_weekday(opened.today),
        iso_today: opened.today.to_string(),
        last_day: near_date(opened.last_day, opened.today),
    }
}

fn open<'a>(ledger: &'a Ledger, unit: &'a UnitId) -> impl Iterator<Item = &'a Assignment> {
    ledger.open_of(unit).map(|(_, assignment)| assignment).filter(|one| !one.course.collection)
}

/// Where a matter stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Returned,
    Overdue,
    Near,
    Month,
    Rest,
    Gone,
    Over,
}

const PLACES: [(Place, &str, &str); 7] = [
    (Place::Returned, "returned", "被退回"),
    (Place::Overdue, "overdue", "超期"),
    (Place::Near, "near", "7日内到期"),
    (Place::Month, "month", "本月待反馈"),
    (Place::Gone, "gone", "已不能填报，文字保留"),
    (Place::Rest, "rest", "其余在办事项"),
    (Place::Over, "over", "已办结，可补充材料"),
];

/// By when the round asks for a report on it.
fn reply_by(view: &MatterView<'_>) -> Option<String> {
    let asked = view.asked_in_round()?;
    let by = near_date_weekday(asked.reply_by, view.day());
    Some(format!("{}月调度，请于{by}前（含当日）反馈；没有变化的，选“本月无变化”。", asked.period.name_zh()))
}

/// The page.
pub(super) fn form(desk: &Desk, ledger: &Ledger, showing: &Showing<'_>) -> Form {
    let Showing { opened, draft, known, wrong, notice, .. } = showing;
    let view = |one| MatterView::of(ledger, one, opened.today);
    let asked: Vec<MatterView<'_>> = open(ledger, &opened.unit).filter_map(view).collect();
    let mut placed: BTreeMap<Place, Vec<MatterView<'_>>> = BTreeMap::new();
    for one in &asked {
        placed.entry(place(one)).or_default().push(*one);
    }
    let mine = || {
        let own = ledger.assignments().filter(|one| one.unit == opened.unit && !one.course.collection);
        own.filter_map(view)
    };
    // What was entered of a matter that is asked no more: its words are still the unit's.
    let entered = |one: &MatterView<'_>| {
        draft.is_some_and(|draft| draft.entries.contains_key(&one.assignment().occurrence))
    };
    let gone = mine().filter(|one| !one.state().is_open() && !one.state().is_done()).filter(entered);
    placed.entry(Place::Gone).or_default().extend(gone);
    let mut over: Vec<MatterView<'_>> =
        mine().filter(|one| one.state().is_done() && one.record().is_some()).collect();
    over.sort_by_key(|one| std::cmp::Reverse(ended_on(one)));
    over.truncate(OVER_MAX);
    placed.entry(Place::Over).or_default().extend(over);

    for (_, all) in placed.iter_mut().filter(|(place, _)| **place != Place::Over) {
        all.sort_by_key(|one| (one.deadline().unwrap_or(NaiveDate::MAX), one.id()));
    }
    let placed = PLACES.map(|(place, ..)| placed.remove(&place).unwrap_or_default());
    let listed: Vec<MatterView<'_>> = placed.iter().flatten().copied().collect();
    let paging = Paging::of(&listed, showing.page, wrong, *draft);
    let mut number = 0;
    let mut groups: Vec<Group> = Vec::new();
    for ((place, anchor, title), all) in PLACES.into_iter().zip(&placed) {
        // An assigned matter is reported on by a day of its own.
        let alike = place == Place::Month && all.iter().all(|one| one.asked_in_round().is_some());
        let note = all.first().filter(|_| alike).and_then(reply_by);
        let mut items: Vec<Item> = Vec::new();
        for one in all {
            number += 1;
            if paging.shows(number - 1) {
                items.push(item(ledger, showing, one, number, reply_by(one).filter(|_| !alike)));
            }
        }
        let touched = items.iter().any(|item| !item.wrong.is_empty() || !item.entry.choice.is_empty());
        // Where nothing presses, what there is stands open.
        let folded = match place {
            Place::Rest => !touched && groups.iter().any(|group: &Group| !group.items.is_empty()),
            Place::Over => !touched,
            Place::Returned | Place::Overdue | Place::Near | Place::Month | Place::Gone => false,
        };
        groups.push(Group { anchor, title, folded, note, count: all.len(), items });
    }
    Form {
        frame: frame(ledger, opened),
        figures: figures(&asked, &groups, (&listed, &paging)),
        unsigned: unsigned(ledger, opened).len(),
        person: person(*draft, *known, wrong),
        wrong: wrong.iter().map(|one| summary(one, (&listed, &paging), opened.today)).collect(),
        notice: notice.clone(),
        mark: draft.map(Draft::mark).unwrap_or_default(),
        seen: ledger.head(),
        saved: draft.map(|draft| {
            let at = ledger.zone().local(draft.saved_at);
            format!("{} {}", near_date(at.date_naive(), opened.today), at.format("%H:%M"))
        }),
        accept: ACCEPT,
        taken: TAKEN,
        file_mib: desk.page.file_mib(),
        request_mib: desk.page.request_mib(),
        cooperating: cooperating(ledger, opened),
        past: past(ledger, opened),
        groups,
        paging,
    }
}

/// How many matters press in each way: one that is overdue and asked for in a round counts in both, as in the lists.
fn figures(
    asked: &[MatterView<'_>],
    groups: &[Group],
    (listed, paging): (&[MatterView<'_>], &Paging),
) -> Vec<Figure> {
    let figure = |(place, anchor, label): &(Place, &'static str, &'static str)| {
        let all: Vec<&MatterView<'_>> = asked.iter().filter(|one| presses(one, *place)).collect();
        let own = groups.iter().any(|group| group.anchor == *anchor && !group.items.is_empty());
        let first = all.first().map(|one| paging.link_to(listed, &one.assignment().occurrence));
        let to = if own { Some(format!("#{anchor}")) } else { first };
        Figure { label, count: all.len(), anchor, to: to.unwrap_or_default() }
    };
    PLACES.iter().take(4).map(figure).collect()
}

fn ended_on(one: &MatterView<'_>) -> Option<NaiveDate> {
    one.accepted().map(|verdict| verdict.on).or(one.record()?.answered_on)
}

/// Where it stands on the page: in the most pressing of the groups that hold it.
fn place(one: &MatterView<'_>) -> Place {
    let pressing = [Place::Returned, Place::Overdue, Place::Near, Place::Month];
    pressing.into_iter().find(|place| presses(one, *place)).unwrap_or(Place::Rest)
}

/// Whether it belongs to one of the pressing groups.
fn presses(one: &MatterView<'_>, place: Place) -> bool {
    let to_do = one.answers() && one.state().is_chased();
    match place {
        Place::Returned => one.stands_in(ListKind::Returned),
        Place::Overdue => one.answers() && one.stands_in(ListKind::Overdue),
        Place::Near => {
            let left = one.deadline().map(|day| (day - one.day()).num_days());
            to_do && left.is_some_and(|left| (0..=NEAR_DAYS).contains(&left))
        }
        Place::Month => one.stands_in(ListKind::Unreported),
        Place::Rest | Place::Gone | Place::Over => false,
    }
}

fn person(draft: Option<&Draft>, known: Option<&Person>, wrong: &[Wrong]) -> PersonView {
    let typed = draft.map(|draft| draft.person.clone()).filter(|person| !person.name.is_empty());
    let told = |at: &At| wrong.iter().find(|wrong| wrong.at == *at).map(|wrong| wrong.words.clone());
    let name = typed.as_ref().map(|person| person.name.clone());
    let name = name.or(known.map(|known| known.name.clone())).unwrap_or_default();
    // Whoever holds the link sees whose number is known, never the number.
    let known = known.filter(|known| known.name == name && !known.phone.is_empty());
    PersonView {
        post: typed
            .as_ref()
            .map(|person| person.post.clone())
            .or(known.map(|known| known.post.clone()))
            .unwrap_or_default(),
        phone: typed.as_ref().map(|person| person.phone.clone()).unwrap_or_default(),
        stays: typed.as_ref().is_some_and(|person| person.stays),
        known: known.map(|known| phone_end(&known.phone)),
        name,
        wrong_name: told(&At::Name),
        wrong_phone: told(&At::Phone),
    }
}

/// What is wrong, and in which of several items.
fn summary(wrong: &Wrong, (listed, paging): (&[MatterView<'_>], &Paging), today: NaiveDate) -> Summary {
    let (to, whose) = match &wrong.at {
        At::Matter(id, field) => {
            let whose = index(listed, id).and_then(|at| Some((at + 1, listed.get(at)?)));
            let whose = whose.map(|(number, one)| format!("第{number}项“{}”：", one.title(today)));
            (format!("{}-{}", paging.link_to(listed, id), field.name()), whose.unwrap_or_default())
        }
        At::Name => ("#person-name".to_owned(), String::new()),
        At::Phone => ("#person-phone".to_owned(), String::new()),
        At::Form => ("#top".to_owned(), String::new()),
    };
    Summary { to, words: format!("{whose}{}", wrong.words) }
}

/// Matters in which the unit only cooperates, with who leads.
fn cooperating(ledger: &Ledger, opened: &Opened) -> Vec<String> {
    let followed = ledger.plans().filter(|(_, plan)| plan.is_followed());
    followed
        .flat_map(|(_, plan)| plan.tasks())
        .filter(|state| state.withdrawn.is_none() && !state.task.recorded)
        .filter(|state| !matches!(state.task.due, Due::Done(_)))
        .filter_map(|state| {
            let share = share_in(ledger, &state.task, &opened.unit)?;
            let leads = row(&ledger.short_names(&state.task.lead));
            let through = share.through.map(|collective| {
                format!("，{}列于{}", opened_as(ledger, opened), row(&ledger.short_names(&[collective])))
            });
            let told =
                format!("{}（牵头：{leads}{}）", clean(&state.task.title), through.unwrap_or_default());
            (share.part == Part::Cooperate).then_some(told)
        })
        .collect()
}

fn opened_as(ledger: &Ledger, opened: &Opened) -> &'static str {
    you(&ledger.unit_name(&opened.unit))
}

fn past(ledger: &Ledger, opened: &Opened) -> Vec<Past> {
    let mine = ledger.handed_in().iter().rev().filter(|form| form.submission.unit == opened.unit);
    mine.take(PAST_MAX)
        .map(|form| Past {
            receipt: form.receipt().to_string(),
            day: near_date(form.on, opened.today),
            count: form.submission.assignments.len(),
            via: via_words(form.via),
        })
        .collect()
}

/// How a form came in.
pub(super) fn via_words(via: Via) -> &'static str {
    match via {
        Via::Link => "网页填报",
        Via::Mail => "邮件反馈表",
        Via::Paper => "纸质材料代录",
        Via::Phone => "电话代录",
        Via::Meeting => "会议代录",
        Via::Message => "即时消息代录",
        Via::File | Via::Cli | Via::Api | Via::Web | Via::System => "督查部门录入",
    }
}

/// The words last reported of a matter.
pub(super) fn last_words<'a>(ledger: &'a Ledger, id: &AssignmentId) -> Option<&'a str> {
    let slot = ledger.slot_of(id)?;
    let record = ledger.assignment(slot)?.record.as_deref()?;
    record.progress.as_ref().map(|told| told.text.as_str())
}
