//! Figures in running text and in totals, held against what is listed one by one.

use std::collections::BTreeMap;

use duban::domain::UnitId;
use duban::report::bulletin::{Bulletin, MonthEnd};
use duban::report::leader::LeaderPage;
use serde_json::Value;

use super::page::FIGURES;
use super::{Moment, speaker};
use crate::consistency::compare::{Field, Said, Surface};
use crate::consistency::reading::number_between;

/// The lights of what is open.
const OPEN: [&str; 6] = ["red", "yellow", "review", "green", "grey", "paused"];

/// The open matters of the ledger that count, by unit and light.
fn lights(moment: &Moment<'_>, all: &[Said]) -> Vec<(String, String)> {
    let of_sheet = all.iter().filter(|said| said.by == Surface::Sheet && said.field == Field::Light);
    let counts = of_sheet.filter(|said| OPEN.contains(&said.value.as_str()) && moment.answers(&said.of));
    let unit = |of: &str| of.rsplit('/').next().unwrap_or_default().to_owned();
    counts.map(|said| (unit(&said.of), said.value.clone())).collect()
}

/// The month's end as a rehearsal tells it: so many of each light.
pub fn month_end(moment: &Moment<'_>, all: &mut Vec<Said>) {
    let lights = lights(moment, all);
    let end = serde_json::to_value(MonthEnd::of(moment.ledger, moment.day)).unwrap();
    for light in OPEN {
        let listed = lights.iter().filter(|(_, own)| own == light).count();
        let of = format!("all {light}");
        speaker(all, Surface::Sheet).say(&of, Field::Count, listed.to_string());
        let told = end["lights"][light].as_u64().unwrap_or(0);
        speaker(all, Surface::Bulletin).say(&of, Field::Count, told.to_string());
    }
}

/// `县能源局在办5项：红灯1项，黄灯2项，其余2项正常。`
pub fn leader(unit: &UnitId, page: &LeaderPage, moment: &Moment<'_>, all: &mut Vec<Said>) {
    let own: Vec<String> = lights(moment, all)
        .into_iter()
        .filter(|(id, _)| id == unit.as_str())
        .map(|(_, light)| light)
        .collect();
    let of_light = |light: &str| own.iter().filter(|own| *own == light).count();
    let text = page.text();
    for (word, told, listed) in [
        ("在办", number_between(&text, "在办", "项"), own.len()),
        ("红灯", number_between(&text, "红灯", "项"), of_light("red")),
        ("黄灯", number_between(&text, "黄灯", "项"), of_light("yellow")),
    ] {
        let of = format!("{unit} {word}");
        speaker(all, Surface::LeaderText).say(&of, Field::Count, told.unwrap_or(0).to_string());
        speaker(all, Surface::Sheet).say(&of, Field::Count, listed.to_string());
    }
}

/// What the lists tell of a unit, one by one, for the figures at the head of its page.
pub fn of_lists(unit: &UnitId, moment: &Moment<'_>, all: &mut Vec<Said>) {
    for (anchor, kind) in FIGURES.into_iter().zip(["returned", "overdue", "unreported"]) {
        let own = all.iter().filter(|said| said.by == Surface::Lists && said.field == Field::Listed);
        let own = own.filter(|said| said.value == kind && said.of.ends_with(&format!("/{unit}")));
        // Who only takes part is not asked there.
        let count = own.filter(|said| kind == "returned" || moment.answers(&said.of)).count();
        speaker(all, Surface::Lists).say(&format!("{unit} {anchor}"), Field::Count, count.to_string());
    }
}

/// The totals of a bulletin against its rows.
pub fn bulletin(paper: &Bulletin, json: &Value, all: &mut Vec<Said>) {
    let rows = json["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let figure = |value: &Value| value.as_u64().unwrap_or(0);
    let totals = &json["totals"];
    let unfinished = rows.iter().filter(|row| row["unfinished"] == true).count() as u64;
    let listed = rows.len() as u64 + figure(&json["unlisted"]);
    let units = json["units"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_units = |name: &str| units.iter().map(|unit| figure(&unit["totals"][name])).sum::<u64>();
    let figures: BTreeMap<&str, [u64; 2]> = [
        ("followed", [figure(&totals["followed"]), listed]),
        ("followed by units", [figure(&totals["followed"]), of_units("followed")]),
        ("unfinished", [figure(&totals["unfinished"]), unfinished]),
        ("unfinished by units", [figure(&totals["unfinished"]), of_units("unfinished")]),
        ("in review by units", [figure(&totals["in_review"]), of_units("in_review")]),
    ]
    .into();
    for (name, told) in figures {
        for figure in told {
            let of = format!("bulletin of {} plans {name}", paper.plans.len());
            speaker(all, Surface::Bulletin).say(&of, Field::Count, figure.to_string());
        }
    }
}
