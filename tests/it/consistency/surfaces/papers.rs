//! The office's papers: the week's lists, leaders' pages, the month's bulletin.

use chrono::{Datelike as _, NaiveDate};
use duban::calendar::Period;
use duban::domain::{BulletinState, Digest, Ledger, PlanId, UnitId};
use duban::report::bulletin::{Ask, Bulletin, Known};
use duban::report::leader::LeaderPage;
use duban::report::lists::Weekly;
use serde_json::Value;

use super::{Moment, Register, data, figures, light_of_sign, page, speaker, unknown};
use crate::consistency::compare::{Field, Said, Speaker, Surface};
use crate::consistency::reading::{bare, number_between, whole_date};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The week's lists as programs read them.
pub fn week(ledger: &Ledger, day: NaiveDate) -> Value {
    serde_json::from_slice(&Weekly::of(ledger, day).json().unwrap()).unwrap()
}

/// `list week --format json`.
pub fn lists(moment: &Moment<'_>, register: &Register, all: &mut Vec<Said>) {
    let mut json = week(moment.ledger, moment.day);
    if let Some(plant) = moment.plant {
        plant.into_lists(&mut json, moment);
    }
    let mut speaker = speaker(all, Surface::Lists);
    for list in json["lists"].as_array().into_iter().flatten() {
        let kind = text(&list["kind"]);
        for entry in list["entries"].as_array().into_iter().flatten() {
            entry_told(kind, entry, register, &mut speaker);
        }
    }
}

fn entry_told(kind: &str, entry: &Value, register: &Register, speaker: &mut Speaker<'_>) {
    let named: Vec<String> =
        entry["assignments"].as_array().into_iter().flatten().map(|id| text(id).to_owned()).collect();
    for id in &named {
        speaker.say(id, Field::Listed, kind);
        if kind == "unreported" {
            speaker.say(id, Field::Unreported, "yes");
        }
    }
    // An entry that stands for several tells of none of them by name.
    let (title, source) = (text(&entry["title"]), text(&entry["source"]));
    let told = match named.as_slice() {
        [] => register.find(title, text(&entry["unit"]), source).map(str::to_owned),
        [first, ..] => {
            let occurrence = |id: &String| id.rsplit_once('/').map(|(occurrence, _)| occurrence.to_owned());
            let alike = named.iter().all(|id| occurrence(id) == occurrence(first));
            Some(first.clone()).filter(|_| alike && kind != "unreported")
        }
    };
    let Some(id) = told else { return };
    if named.is_empty() {
        speaker.say(&id, Field::Listed, kind);
    }
    for id in std::iter::once(&id).chain(&named) {
        speaker.say(id, Field::Title, title);
        speaker.say(id, Field::Clause, register.clause(id, source));
        speaker.say(id, Field::Current, text(&entry["deadline"]));
        if let Some(days) = number_between(text(&entry["note"]), "超期", "天") {
            speaker.say(id, Field::OverdueDays, days.to_string());
        }
    }
}

/// `list leader`, as JSON and as text, for each unit that has a leader.
pub fn leader(moment: &Moment<'_>, register: &Register, all: &mut Vec<Said>) {
    let led = moment.ledger.units().filter(|state| state.unit.leader.is_some());
    let units: Vec<UnitId> = led.map(|state| state.unit.id.clone()).collect();
    let day = moment.plant.map_or(moment.day, |plant| plant.day_of_leader(moment.day));
    for unit in units {
        let Some(page) = LeaderPage::of(moment.ledger, &unit, day, &|_, _| false) else { continue };
        let json: Value = serde_json::from_slice(&page.json().unwrap()).unwrap();
        for item in json["items"].as_array().into_iter().flatten() {
            leader_item(item, register, &mut speaker(all, Surface::Leader));
        }
        if moment.plant.is_none() {
            figures::leader(&unit, &page, moment, all);
        }
        if moment.rendered {
            leader_text(&page.text(), register, &mut speaker(all, Surface::LeaderText));
        }
    }
}

fn leader_item(item: &Value, register: &Register, speaker: &mut Speaker<'_>) {
    if item["matters"].as_u64().unwrap_or(1) > 1 {
        return;
    }
    let (title, unit, source) = (text(&item["title"]), text(&item["unit"]), text(&item["source"]));
    let named = item["assignments"].as_array().and_then(|ids| ids.first()).and_then(Value::as_str);
    let Some(id) = named.or_else(|| register.find(title, unit, source)).map(str::to_owned) else {
        return unknown(speaker, title, unit);
    };
    speaker.say(&id, Field::Title, title);
    speaker.say(&id, Field::Clause, register.clause(&id, source));
    if let Some(day) = whole_date(text(&item["deadline"]), register.day) {
        speaker.say(&id, Field::Current, day.to_string());
    }
    speaker.say(&id, Field::Light, text(&item["status"]["light"]));
    let days = number_between(text(&item["status"]["words"]), "超期", "天").unwrap_or(0);
    speaker.say(&id, Field::OverdueDays, days.to_string());
    page::extension(text(&item["extension"]), &id, register, speaker);
    speaker.say(&id, Field::Problem, bare(text(&item["why"])));
    speaker.say(&id, Field::NextSteps, bare(text(&item["next_steps"])));
    speaker.say(&id, Field::Progress, bare(text(&item["progress"])));
}

/// The page as a leader reads it: `1. ●超期5天·红 题（县局）`, its source and date, and what is told of it.
fn leader_text(page: &str, register: &Register, speaker: &mut Speaker<'_>) {
    let mut current: Option<String> = None;
    for line in page.lines() {
        let numbered = line.split_once(". ").filter(|(number, _)| number.parse::<u32>().is_ok());
        if let Some((_, rest)) = numbered {
            let light = light_of_sign(rest);
            let told = rest.split_once(' ').map_or(rest, |(_, told)| told);
            let name = told.rsplit_once('（').map(|(title, unit)| (title, unit.trim_end_matches('）')));
            current = name.and_then(|(title, unit)| {
                let titles = register.by_name.get(&(title.to_owned(), unit.to_owned()))?;
                titles.first().filter(|_| titles.len() == 1).cloned()
            });
            if let (Some(id), Some(light)) = (&current, light) {
                speaker.say(id, Field::Light, light);
                let days = number_between(rest, "超期", "天").unwrap_or(0);
                speaker.say(id, Field::OverdueDays, days.to_string());
            }
            continue;
        }
        let Some(id) = &current else { continue };
        if let Some((source, due)) = line.trim().split_once("，时限") {
            speaker.say(id, Field::Clause, register.clause(id, source));
            if let Some(day) = whole_date(due, register.day) {
                speaker.say(id, Field::Current, day.to_string());
            }
        }
        if let Some(progress) = line.trim().strip_prefix("进展：") {
            speaker.say(id, Field::Progress, bare(progress));
        }
        if line.contains("单位均未报") {
            if !line.contains("情况：原因") {
                speaker.say(id, Field::Progress, "");
            }
            speaker.say(id, Field::Problem, "");
            speaker.say(id, Field::NextSteps, "");
        }
    }
}

/// The bulletin of the month as it stands on this day: of the plans that it is of by itself, and of all followed.
pub fn bulletin(moment: &Moment<'_>, register: &Register, all: &mut Vec<Said>) {
    let followed = moment.ledger.plans().filter(|(_, plan)| plan.is_followed());
    for plans in [Vec::new(), followed.map(|(id, _)| id.clone()).collect()] {
        bulletin_of(plans, moment, register, all);
    }
}

fn bulletin_of(plans: Vec<PlanId>, moment: &Moment<'_>, register: &Register, all: &mut Vec<Said>) {
    let month = u8::try_from(moment.day.month()).unwrap();
    let ask = Ask {
        period: Period::Month { year: moment.day.year(), month },
        asked_on: Some(moment.day),
        number: Some(1),
        dated: Some(moment.day),
        plans,
        step: BulletinState::Drafted,
    };
    let known =
        Known { before: moment.month.before, then: moment.ledger, now: moment.ledger, head: Digest::ZERO };
    let Ok(mut paper) = Bulletin::of(known, &ask) else { return };
    if let Some(plant) = moment.plant {
        plant.into_bulletin(&mut paper);
    }
    let json: Value = serde_json::from_slice(&paper.json().unwrap()).unwrap();
    figures::bulletin(&paper, &json, all);
    let mut speaker = speaker(all, Surface::Bulletin);
    for row in json["items"].as_array().into_iter().flatten() {
        bulletin_row(row, register, &mut speaker);
    }
    let granted = json["extensions"]["granted"].as_array();
    let truth = data::granted_in(moment).into_iter().filter(|(id, _)| {
        let plan = id.split('/').next().unwrap_or_default();
        moment.is_named(id)
            && paper
                .plans
                .iter()
                .any(|of| register.plans.get(plan).is_some_and(|(short, _)| *short == of.short))
    });
    granted_told(granted.map(Vec::as_slice).unwrap_or_default(), truth.collect(), register, &mut speaker);
    for request in json["requests"].as_array().into_iter().flatten() {
        request_told(text(request), moment, register, &mut speaker);
    }
}

fn bulletin_row(row: &Value, register: &Register, speaker: &mut Speaker<'_>) {
    let (title, source, leads) = (text(&row["title"]), text(&row["source"]), text(&row["lead"]));
    let first = leads.split('、').next().unwrap_or_default();
    let named = row["assignment"].as_str().or_else(|| register.find(title, first, source));
    let Some(id) = named.map(str::to_owned) else {
        return unknown(speaker, title, first);
    };
    speaker.say(&id, Field::Title, title);
    speaker.say(&id, Field::Clause, register.clause(&id, source));
    let due_undone = text(&row["status"]["words"]) == "到期未办结";
    speaker.say(&id, Field::Extensions, row["extensions"].to_string());
    for (key, field) in [("original", Field::Original), ("current", Field::Current)] {
        if let Some(day) = whole_date(text(&row[key]), register.day) {
            speaker.say(&id, field, day.to_string());
        }
    }
    if due_undone {
        // The day it tells of is over: what was due on it is due undone, which no other paper says yet.
        speaker.say(&id, Field::Current, register.day.to_string());
    } else {
        speaker.say(&id, Field::Light, text(&row["status"]["light"]));
    }
    if let Some(days) = number_between(text(&row["status"]["words"]), "超期", "天") {
        speaker.say(&id, Field::OverdueDays, days.to_string());
    }
    speaker.say(&id, Field::Progress, bare(text(&row["progress"])));
    speaker.say(&id, Field::Problem, bare(text(&row["problem"])));
    speaker.say(&id, Field::NextSteps, bare(text(&row["next_steps"])));
}

/// The month's extensions: what the paper names, and of what the month's events grant that it does not.
fn granted_told(
    granted: &[Value],
    truth: Vec<(String, String)>,
    register: &Register,
    speaker: &mut Speaker<'_>,
) {
    let mut told: Vec<(String, String)> = Vec::new();
    for one in granted {
        let (title, unit) = (text(&one["title"]), text(&one["unit"]));
        let ids = register.by_name.get(&(title.to_owned(), unit.to_owned()));
        match ids.map(Vec::as_slice) {
            Some([id]) => match told.iter_mut().find(|(known, _)| known == id) {
                Some((_, until)) => {
                    until.push('、');
                    until.push_str(text(&one["to"]));
                }
                None => told.push((id.clone(), text(&one["to"]).to_owned())),
            },
            Some(_) => {}
            None => unknown(speaker, title, unit),
        }
    }
    for (id, until) in &told {
        speaker.say(id, Field::GrantedInMonth, until);
    }
    // Units that only help to lead stand under the name of the first.
    for (id, until) in truth {
        speaker.by = Surface::Journal;
        speaker.say(&id, Field::GrantedInMonth, until);
        speaker.by = Surface::Bulletin;
        if !told.iter().any(|(known, _)| *known == id) {
            speaker.say(&id, Field::GrantedInMonth, "none");
        }
    }
}

/// `盯紧7月到期的2项：县住建局“题”“题”，…`: what is named there is due in that month.
fn request_told(request: &str, moment: &Moment<'_>, register: &Register, speaker: &mut Speaker<'_>) {
    let Some((_, told)) = request.split_once("盯紧") else { return };
    let Some((month, told)) = told.split_once("月到期") else { return };
    let month: u32 = month.rsplit('年').next().and_then(|month| month.parse().ok()).unwrap_or(0);
    for part in told.split('，') {
        let leads = part.rsplit('：').next().unwrap_or(part).split('“').next().unwrap_or_default();
        let first = leads.split('、').next().unwrap_or_default();
        for title in part.split('“').skip(1).filter_map(|rest| rest.split('”').next()) {
            let ids = register.by_name.get(&(title.to_owned(), first.to_owned()));
            let Some([id]) = ids.map(Vec::as_slice) else { continue };
            let current = moment.current(id);
            if current.is_none_or(|day| day.month() != month) {
                speaker.say(id, Field::Current, format!("{month}月"));
            }
        }
    }
}
