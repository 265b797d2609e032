//! What programs read: `task show`, `task waiting`, `audit as-of` as JSON, and the events.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use duban::domain::{Event, Recorded};
use duban::office::{reviews, tasks};
use serde_json::Value;

use super::{Moment, speaker};
use crate::consistency::compare::{Field, Said, Surface};
use crate::consistency::county::asked;
use crate::consistency::reading::{bare, number_between};

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

/// `task list` with all that was opened: what a task's list shows of each unit.
pub fn list(moment: &Moment<'_>, all: &mut Vec<Said>) {
    let tasks = asked(moment.office, tasks::Entries {});
    let mut speaker = speaker(all, Surface::List);
    for task in tasks.as_array().into_iter().flatten() {
        let matter = !task["task"]["matter"].is_null();
        for occurrence in task["occurrences"].as_array().into_iter().flatten() {
            for one in occurrence["assignments"].as_array().into_iter().flatten() {
                let id = text(&one["assignment"]);
                speaker.say(id, Field::State, state(text(&one["state"])));
                speaker.say(id, Field::TaskTitle, text(&task["task"]["title"]));
                if let Some(clause) = clause(&task["task"]["cite"]).filter(|_| !matter) {
                    speaker.say(id, Field::Clause, clause);
                }
            }
        }
    }
}

/// `task show` of every task: each unit's part in what is open, else in the last period.
pub fn task(moment: &Moment<'_>, all: &mut Vec<Said>) {
    let mut speaker = speaker(all, Surface::Task);
    let names: Vec<String> = moment
        .ledger
        .plans()
        .flat_map(|(id, plan)| plan.tasks().map(move |state| (id, state)))
        // Of what was withdrawn nothing is shown any more.
        .filter(|(_, state)| state.withdrawn.is_none())
        .map(|(id, state)| format!("{id}/{}", state.task.id))
        .collect();
    for name in names {
        let show = tasks::Show { name: name.parse().unwrap(), period: None, unit: None };
        let shown = asked(moment.office, show);
        for one in shown["matters"].as_array().into_iter().flatten() {
            let id = text(&one["assignment"]);
            speaker.say(id, Field::State, state(text(&one["state"])));
            speaker.say(id, Field::TaskTitle, text(&shown["task"]["title"]));
            speaker.say(id, Field::Light, text(&one["light"]));
            for (key, field) in
                [("original", Field::Original), ("deadline", Field::Current), ("advised", Field::Advised)]
            {
                speaker.say(id, field, text(&one[key]));
            }
            let days = number_between(text(&one["status"]), "超期", "天").unwrap_or(0);
            speaker.say(id, Field::OverdueDays, days.to_string());
            let granted = one["extensions"].as_array().map(Vec::as_slice).unwrap_or_default();
            speaker.say(id, Field::Extensions, granted.len().to_string());
            if let Some(last) = granted.last() {
                speaker.say(id, Field::ExtendedTo, text(&last["until"]));
                let ground = format!("{}，{}", text(&last["approver"]), text(&last["document_number"]));
                speaker.say(id, Field::GrantedBy, ground);
            }
            for (key, field) in
                [("progress", Field::Progress), ("problem", Field::Problem), ("next_steps", Field::NextSteps)]
            {
                speaker.say(id, field, bare(text(&one[key])));
            }
        }
    }
}

/// `task waiting`: what waits for the office.
pub fn waiting(moment: &Moment<'_>, all: &mut Vec<Said>) {
    let reviews = asked(moment.office, reviews::Waiting {});
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
pub fn journal(moment: &Moment<'_>, all: &mut Vec<Said>) {
    let day_of = |recorded: &Recorded| moment.ledger.day_of(recorded.recorded_at);
    let mut speaker = speaker(all, Surface::Journal);
    for (id, all) in granted(moment.month.events, day_of) {
        if let Some((_, until, ground)) = all.last() {
            speaker.say(&id, Field::ExtendedTo, until.to_string());
            speaker.say(&id, Field::GrantedBy, ground.clone());
        }
    }
}
