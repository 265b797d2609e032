//! The unit's page, read from its HTML.

use duban::domain::UnitId;

use super::{Register, light_of_sign, speaker};
use crate::consistency::compare::{Field, Said, Speaker, Surface};
use crate::consistency::reading::{between, bracketed, date_after, date_with, number_between, plain};

/// The figures at its head that a list tells too.
pub const FIGURES: [&str; 3] = ["returned", "overdue", "month"];

pub fn page((unit, html): (&UnitId, &str), register: &Register, all: &mut Vec<Said>) {
    let mut speaker = speaker(all, Surface::Page);
    let mut rest = html;
    let mut group = String::new();
    while let Some(at) = next(rest) {
        rest = &rest[at..];
        if let Some(begun) = rest.strip_prefix("<article class=\"matter\"") {
            let (article, after) = begun.split_once("</article>").unwrap();
            matter(article, unit, &group, register, &mut speaker);
            rest = after;
        } else {
            let (_, after) = rest.split_once("id=\"").unwrap();
            let (id, after) = after.split_once('"').unwrap();
            id.clone_into(&mut group);
            rest = after;
        }
    }
    // The figures at the head are those of the lists.
    for anchor in FIGURES {
        let (_, figure) = html.split_once(&format!("<li class=\"{anchor}")).unwrap();
        let (count, _) = between(figure, "<b>", "</b>").unwrap();
        speaker.say(&format!("{unit} {anchor}"), Field::Count, count);
    }
}

/// Where the next group or matter begins.
fn next(html: &str) -> Option<usize> {
    let marks = ["<article class=\"matter\"", "<details class=\"group\" id=", "<section class=\"group\" id="];
    marks.iter().filter_map(|mark| html.find(mark)).min()
}

fn matter(article: &str, unit: &UnitId, group: &str, register: &Register, speaker: &mut Speaker<'_>) {
    let Some((key, _)) = between(article, "name=\"choice~", "\"") else { return };
    let id = format!("{}/{unit}", plain(key));
    let day = register.day;
    let (head, _) = between(article, "</span>", "</h3>").unwrap();
    speaker.say(&id, Field::Title, plain(head));
    let (lamp, after) = between(article, "<p class=\"due\">", "</p>").unwrap();
    let (lamp, due) = lamp.split_once("</span> ").unwrap();
    let sign = plain(lamp.rsplit('>').next().unwrap_or_default());
    let (word, due) = due.split_once("</span>").unwrap_or((due, ""));
    let light = light_of_sign(&sign).unwrap_or("off");
    // What is over is shown for its material; how it ended stands in the papers.
    if group != "over" && group != "gone" {
        speaker.say(&id, Field::Light, light);
        let days = number_between(&plain(word), "超期", "天").unwrap_or(0);
        speaker.say(&id, Field::OverdueDays, days.to_string());
    }
    let due = plain(due);
    if let Some(current) = date_with(&due, day, &["到期"]) {
        speaker.say(&id, Field::Current, current.to_string());
    }
    let (source, _) = between(after, "<p class=\"source\">", "</p>").unwrap();
    let source = plain(source);
    speaker.say(&id, Field::Clause, register.clause(&id, &source));
    if let Some(original) = date_after(&source, day, "原定") {
        speaker.say(&id, Field::Original, original.to_string());
    }
    if let Some(current) = date_after(&source, day, "现定") {
        speaker.say(&id, Field::Current, current.to_string());
    }
    if let Some(advised) = date_after(&source, day, "建议最迟工作日") {
        speaker.say(&id, Field::Advised, advised.to_string());
    }
    let state = match group {
        "returned" => Some("returned"),
        "over" | "gone" => Some("over"),
        _ => None,
    };
    let mut alerts = after;
    let mut claimed = false;
    while let Some((alert, rest)) = between(alerts, "<p class=\"alert\">", "</p>") {
        alerts = rest;
        let alert = plain(alert);
        claimed |= alert.contains("已申请办结") && alert.contains("正在审核");
        extension(&alert, &id, register, speaker);
    }
    match state {
        Some(state) => speaker.say(&id, Field::State, state),
        None if claimed => speaker.say(&id, Field::State, "review"),
        None => {}
    }
    if group == "month" {
        speaker.say(&id, Field::Unreported, "yes");
    }
    if group == "rest" && light != "review" && light != "paused" {
        speaker.say(&id, Field::Unreported, "no");
    }
}

/// `6月22日批准由6月30日延至9月30日（县政府分管领导，阳政办函〔2021〕9号）`
pub fn extension(told: &str, id: &str, register: &Register, speaker: &mut Speaker<'_>) {
    let Some((_, granted)) = told.split_once("批准") else { return };
    let Some(until) = date_after(granted, register.day, "延至") else { return };
    speaker.say(id, Field::ExtendedTo, until.to_string());
    if let Some((ground, _)) = bracketed(granted) {
        speaker.say(id, Field::GrantedBy, ground);
    }
}
