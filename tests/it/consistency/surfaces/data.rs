//! What programs read: `task show`, `task waiting`, `audit as-of` as JSON, and the events.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use duban::domain::{Event, Recorded};
use serde_json::Value;

use super::{Moment, Register, speaker};
use crate::consistency::compare::{Field, Said, Surface};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A state's name as what it means.
pub fn state(label: &str) -> &'static str {
    match label {
        "opened" | "notified" | "receipt" | "in-progress" => "asked",
        "claimed" => "review",
        "returned" => "returned",
        "paused" => "paused",
        _ => "over",
    }
}

/// A citation read a second time, from the data: `doc:21` is 第21条, `doc-list:33` 清单33.
fn clause(cite: &Value) -> Option<String> {
    let one = |cite: &Value| {
        let (part, clause) = text(cite).split_once(':')?;
        clause.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
        Some(if part.ends_with("-list") {
            format!("清单{clause}")
        } else if part == "annual" {
            format!("第{clause}项")
        } else {
            format!("第{clause}条")
        })
    };
    let all: Option<Vec<String>> = cite.as_array()?.iter().map(one).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.join("、"))
}

/// `GET /api/tasks`: what `task show` prints.
pub fn task(moment: &Moment<'_>, all: &mut Vec<Said>) {
    let tasks = serde_json::to_value(duban::web::lists::tasks(moment.ledger)).unwrap();
    let mut speaker = speaker(all, Surface::Task);
    for task in tasks.as_array().into_iter().flatten() {
        let matter = !task["task"]["matter"].is_null();
        for occurrence in task["occurrences"].as_array().into_iter().flatten() {
            for one in occurrence["assignments"].as_array().into_iter().flatten() {
                let id = text(&one["assignment"]);
                speaker.say(id, Field::State, state(text(&one["state"])));
                if task["task"].is_null() || id.contains("/collection/") {
                    continue;
                }
                speaker.say(id, Field::TaskTitle, text(&task["task"]["title"]));
                if let Some(clause) = clause(&task["task"]["cite"]).filter(|_| !matter) {
                    speaker.say(id, Field::Clause, clause);
                }
                for (key, field) in [
                    ("deadline", Field::Current),
                    ("original_deadline", Field::Original),
                    ("advised", Field::Advised),
                    ("light", Field::Light),
                ] {
                    // What is told of the unit holds; what is told of the occurrence alone is told of each.
                    let told = one.get(key).or_else(|| occurrence.get(key));
                    if let Some(told) = told {
                        speaker.say(id, field, text(told));
                    }
                }
            }
        }
    }
}

/// `GET /api/reviews`: what waits for the office.
pub fn waiting(moment: &Moment<'_>, all: &mut Vec<Said>) {
    let reviews = serde_json::to_value(duban::web::lists::reviews(moment.ledger)).unwrap();
    let mut speaker = speaker(all, Surface::Waiting);
    for one in reviews.as_array().into_iter().flatten() {
        let id = text(&one["assignment"]);
        let kinds: Vec<&str> =
            one["waits"].as_array().into_iter().flatten().map(|waits| text(&waits["kind"])).collect();
        speaker.say(id, Field::Waits, kinds.join("+"));
        speaker.say(id, Field::TaskTitle, text(&one["title"]));
        speaker.say(id, Field::Current, text(&one["deadline"]));
    }
}

/// `audit as-of` of this day.
pub fn as_of(moment: &Moment<'_>, all: &mut Vec<Said>) {
    let rows = serde_json::to_value(duban::report::ledger_rows(moment.ledger, moment.day)).unwrap();
    let mut speaker = speaker(all, Surface::AsOf);
    for row in rows.as_array().into_iter().flatten() {
        let period = text(&row["period"]);
        if period.is_empty() {
            continue;
        }
        let id = format!("{}/{}/{period}/{}", text(&row["plan"]), text(&row["task"]), text(&row["unit"]));
        speaker.say(&id, Field::TaskTitle, text(&row["title"]));
        if let Some(clause) = clause(&row["cite"]) {
            speaker.say(&id, Field::Clause, clause);
        }
        speaker.say(&id, Field::Original, text(&row["original_deadline"]));
        speaker.say(&id, Field::Current, text(&row["current_deadline"]));
        speaker.say(&id, Field::State, state(text(&row["state"])));
        let days = row["overdue_days"].as_i64().unwrap_or(0);
        speaker.say(&id, Field::OverdueDays, days.to_string());
        speaker.say(&id, Field::Reminders, row["reminders"].to_string());
    }
}

/// What was granted, by matter: on which day, until when, on whose word.
type Granted = BTreeMap<String, Vec<(NaiveDate, NaiveDate, String)>>;

/// The extensions that these events grant.
pub fn granted(events: &[Recorded], day_of: impl Fn(&Recorded) -> NaiveDate) -> Granted {
    let mut granted = Granted::new();
    for recorded in events {
        if let Event::ExtensionGranted(one) = &recorded.event {
            let ground = format!("{}，{}", one.approver, one.document_number);
            let told = (day_of(recorded), one.again.new_deadline, ground);
            granted.entry(one.assignment.to_string()).or_default().push(told);
        }
    }
    granted
}

/// What was granted in the month of the moment, as `until（ground）`.
pub fn granted_in(moment: &Moment<'_>) -> BTreeMap<String, String> {
    let day_of = |recorded: &Recorded| moment.ledger.day_of(recorded.recorded_at);
    let all = granted(moment.month.events, day_of);
    let of_month = |day: &NaiveDate| (day.year(), day.month()) == (moment.day.year(), moment.day.month());
    all.into_iter()
        .filter_map(|(id, all)| {
            let all: Vec<String> = all
                .into_iter()
                .filter(|(on, ..)| of_month(on))
                .map(|(_, until, _)| until.to_string())
                .collect();
            (!all.is_empty()).then(|| (id, all.join("、")))
        })
        .collect()
}

/// What the events of the month alone tell.
pub fn journal(moment: &Moment<'_>, _: &Register, all: &mut Vec<Said>) {
    let day_of = |recorded: &Recorded| moment.ledger.day_of(recorded.recorded_at);
    let mut speaker = speaker(all, Surface::Journal);
    for (id, all) in granted(moment.month.events, day_of) {
        if let Some((_, until, ground)) = all.last() {
            speaker.say(&id, Field::ExtendedTo, until.to_string());
            speaker.say(&id, Field::GrantedBy, ground.clone());
        }
    }
}
