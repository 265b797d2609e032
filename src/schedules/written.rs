//! Plans as plan files, and a `due` as it is written, in TOML and in JSON.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::calendar::{On, Recurrence, YearlyWindow};
use crate::domain::{Answer, Collect, Conflict, Days, Due, DueBasis, Plan, PlanHead, Task};

use super::task::{ABOUTS, LEAD_BASES};

/// The plan as a plan file, which reads back to the same plan.
#[must_use]
pub fn to_toml(plan: &Plan) -> String {
    let mut out = String::from("[plan]\n");
    head(&mut out, &plan.head);
    for task in &plan.tasks {
        out.push_str("\n[[task]]\n");
        one_task(&mut out, task);
    }
    out
}

/// The shape as written, inline: `{ by = 2021-06-30 }`.
#[must_use]
pub fn due_to_toml(due: &Due) -> String {
    inline(&keys_of(due))
}

/// The shape as written: `{"every":"quarter","until":"2021-12-31"}`, `{"ongoing":true}`.
#[must_use]
pub fn due_to_json(due: &Due) -> Value {
    let keys = keys_of(due).into_iter().map(|(key, value)| (key.to_owned(), value.json()));
    Value::Object(keys.collect::<Map<String, Value>>())
}

/// A value of a shape.
enum Written {
    Text(String),
    Date(NaiveDate),
    Number(u8),
    True,
    Range(Days),
}

impl Written {
    fn toml(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Date(date) => date.to_string(),
            Self::Number(number) => number.to_string(),
            Self::True => "true".to_owned(),
            Self::Range(days) => range(*days),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Date(date) => json!(date.to_string()),
            Self::Number(number) => json!(number),
            Self::True => json!(true),
            Self::Range(days) => {
                json!({ "from": days.from.to_string(), "until": days.until.to_string() })
            }
        }
    }
}

type Keys = Vec<(&'static str, Written)>;

fn keys_of(due: &Due) -> Keys {
    let yearly = |key, window: &YearlyWindow, from, until| {
        // Days even for whole months: a window is met in letters by its days.
        let mut keys = vec![(key, Written::Text(format!("{}..{}", window.from, window.until)))];
        keys.extend(bounds(from, until));
        keys
    };
    match due {
        Due::By(day) => vec![("by", Written::Date(*day))],
        Due::Every(recurrence) => keys_of_recurrence(recurrence),
        Due::Window(days) => vec![("window", Written::Range(*days))],
        Due::YearlyWindow(window) => yearly("window", &window.window, window.from, window.until),
        Due::Starting(day) => vec![("starting", Written::Date(*day))],
        Due::Avoid(days) => vec![("avoid", Written::Range(*days))],
        Due::YearlyAvoid(window) => yearly("avoid", &window.window, window.from, window.until),
        Due::Ongoing => vec![("ongoing", Written::True)],
        Due::Awaiting(phrase) => vec![("awaiting", Written::Text(phrase.clone()))],
        Due::Done(phrase) => vec![("done", Written::Text(phrase.clone()))],
        Due::Cron(cron) => {
            let mut keys = vec![("cron", Written::Text(cron.cron.to_string()))];
            keys.extend(bounds(cron.from, cron.until));
            keys
        }
    }
}

fn keys_of_recurrence(recurrence: &Recurrence) -> Keys {
    let Recurrence { every, on, season, due_after_days, from, until } = recurrence;
    let mut keys = vec![("every", Written::Text(every.to_string()))];
    keys.extend(on.map(|on| ("on", day_of_period(on))));
    keys.extend(season.map(|season| ("season", Written::Text(season.to_string()))));
    keys.extend(due_after_days.map(|days| ("due_after", Written::Text(format!("{days}d")))));
    keys.extend(bounds(*from, *until));
    keys
}

fn bounds(
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> impl Iterator<Item = (&'static str, Written)> {
    let from = from.map(|day| ("from", Written::Date(day)));
    from.into_iter().chain(until.map(|day| ("until", Written::Date(day))))
}

fn day_of_period(on: On) -> Written {
    match on {
        On::DayOfMonth(day) => Written::Number(day),
        On::Last | On::Weekday(_) | On::DayOfNthMonth { .. } | On::YearDay(_) => {
            Written::Text(on.to_string())
        }
    }
}

fn inline(keys: &Keys) -> String {
    let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key} = {}", value.toml())).collect();
    format!("{{ {} }}", keys.join(", "))
}

fn range(days: Days) -> String {
    format!("{{ from = {}, until = {} }}", days.from, days.until)
}

fn head(out: &mut String, head: &PlanHead) {
    let PlanHead { id, title, short, document_number, issued_on, in_force, collect, quiet } = head;
    line(out, "id", &quoted(id.as_str()));
    line(out, "title", &quoted(title));
    line(out, "short", &quoted(short));
    if let Some(number) = document_number {
        line(out, "document_number", &quoted(number));
    }
    line(out, "issued_on", &issued_on.to_string());
    line(out, "in_force", &range(*in_force));
    if let Some(Collect { asked, reply_by }) = collect {
        let mut keys = keys_of_recurrence(asked);
        keys.push(("reply_by", day_of_period(*reply_by)));
        line(out, "collect", &inline(&keys));
    }
    if *quiet {
        line(out, "quiet", "true");
    }
}

fn one_task(out: &mut String, task: &Task) {
    let Task {
        id,
        title,
        text,
        reading,
        cite,
        lead,
        lead_basis,
        cooperate,
        due,
        due_basis,
        due_note,
        standard,
        evidence,
        report_to,
        answer,
        target,
        fixed,
        recorded,
        conflicts,
        matter: _,
    } = task;
    line(out, "id", &quoted(id.as_str()));
    line(out, "title", &quoted(title));
    line(out, "text", &passage(text));
    optional(out, "reading", reading.as_deref());
    line(out, "cite", &list(cite.iter().map(ToString::to_string)));
    line(out, "lead", &list(lead.iter().map(ToString::to_string)));
    line(out, "lead_basis", &quoted(word(&LEAD_BASES, *lead_basis)));
    if !cooperate.is_empty() {
        line(out, "cooperate", &list(cooperate.iter().map(ToString::to_string)));
    }
    line(out, "due", &due_to_toml(due));
    if *due_basis == DueBasis::Assumed {
        line(out, "due_basis", "\"assumed\"");
    }
    for (key, note) in [("due_note", due_note), ("standard", standard), ("evidence", evidence)] {
        optional(out, key, note.as_deref());
    }
    if let Some(unit) = report_to {
        line(out, "report_to", &quoted(unit.as_str()));
    }
    if *answer == Answer::Each {
        line(out, "answer", "\"each\"");
    }
    for (key, flag) in [("target", target), ("fixed", fixed), ("recorded", recorded)] {
        if *flag {
            line(out, key, "true");
        }
    }
    for conflict in conflicts {
        one_conflict(out, conflict);
    }
}

fn one_conflict(out: &mut String, conflict: &Conflict) {
    let Conflict { about, says, used, why } = conflict;
    out.push_str("[[task.conflict]]\n");
    line(out, "about", &quoted(word(&ABOUTS, *about)));
    out.push_str("says = [\n");
    for said in says {
        let (cite, text) = (quoted(&said.cite.to_string()), passage(&said.text));
        out.extend(["  { cite = ", &cite, ", text = ", &text, " },\n"]);
    }
    out.push_str("]\n");
    line(out, "used", &quoted(&used.to_string()));
    line(out, "why", &one_or_more_lines(why));
}

fn line(out: &mut String, key: &str, value: &str) {
    out.push_str(key);
    out.push_str(" = ");
    out.push_str(value);
    out.push('\n');
}

fn optional(out: &mut String, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        line(out, key, &if key == "reading" { passage(text) } else { one_or_more_lines(text) });
    }
}

fn word<T: PartialEq + Copy>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.map(|item| quoted(&item)).collect();
    format!("[{}]", items.join(", "))
}

fn one_or_more_lines(text: &str) -> String {
    if text.contains('\n') { passage(text) } else { quoted(text) }
}

/// A basic string (TOML 1.0).
fn quoted(text: &str) -> String {
    let escaped: String = text.chars().map(|c| escaped(c, true)).collect();
    format!("\"{escaped}\"")
}

/// A multi-line basic string; only quotes that could end it are escaped.
fn passage(text: &str) -> String {
    let mut out = String::from("\"\"\"");
    let mut chars = text.chars().peekable();
    let mut after_quote = false;
    while let Some(c) = chars.next() {
        let at_risk = after_quote || matches!(chars.peek(), Some('"') | None);
        if c == '\n' {
            out.push('\n');
        } else {
            out.push_str(&escaped(c, at_risk));
        }
        after_quote = c == '"';
    }
    out.push_str("\"\"\"");
    out
}

fn escaped(c: char, quote: bool) -> String {
    match c {
        '\\' => "\\\\".to_owned(),
        '"' if quote => "\\\"".to_owned(),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    }
}
