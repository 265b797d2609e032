//! Which events speak of a task. Works on stored lines, so that it holds for every version of an event.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::{AssignmentId, Ledger, LetterId, LetterState, OccurrenceId, Stream, TaskId};

/// Whether a stored line speaks of the task: any of its names stands in it whole, or it is what became of one of its
/// letters.
#[must_use]
pub fn is_about(line: &str, about: &About) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(line) else { return false };
    let stream = value.get("stream").and_then(|stream| stream.as_str()?.parse::<Stream>().ok());
    let of_plan = stream == Some(Stream::Plan(about.task.plan.clone()));
    let of_letter = matches!(stream, Some(Stream::Letter(letter)) if about.letters.contains(&letter));
    of_letter || value.get("data").is_some_and(|data| names(data, &about.task, of_plan))
}

/// A task, and the letters that told of it: what became of those belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    task: TaskId,
    letters: BTreeSet<LetterId>,
}

impl About {
    /// The task with its letters so far.
    #[must_use]
    pub fn of(ledger: &Ledger, task: TaskId) -> Self {
        let tells = |letter: &LetterState| letter.queued.assignments().any(|id| id.occurrence.task == task);
        let letters = ledger.letters().filter(|(_, letter)| tells(letter)).map(|(id, _)| *id).collect();
        Self { task, letters }
    }
}

fn names(value: &Value, task: &TaskId, of_plan: bool) -> bool {
    match value {
        Value::String(text) => is_name(text, task),
        Value::Array(all) => all.iter().any(|one| names(one, task, of_plan)),
        Value::Object(all) => all.iter().any(|(key, one)| {
            let own = key == "task" && of_plan;
            let slug = one.as_str().or_else(|| one.get("id").and_then(Value::as_str));
            (own && slug == Some(task.task.as_str())) || names(one, task, of_plan)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_name(text: &str, task: &TaskId) -> bool {
    let name = text.split('#').next().unwrap_or(text);
    text.parse::<TaskId>().is_ok_and(|id| id == *task)
        || name.parse::<OccurrenceId>().is_ok_and(|id| id.task == *task)
        || name.parse::<AssignmentId>().is_ok_and(|id| id.occurrence.task == *task)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_a_task_are_those_that_name_it_whole() {
        let task: TaskId = "air/check".parse().unwrap();
        let letters = BTreeSet::from(["2021-0623-07".parse().unwrap()]);
        let about = About { task, letters };
        let of =
            |stream: &str, data: &str| is_about(&format!(r#"{{"stream":"{stream}","data":{data}}}"#), &about);
        assert!(
            of("letter/2021-0623-07", r#"{"letter":"2021-0623-07","reply":"250 ok"}"#),
            "what became of it"
        );
        assert!(!of("letter/2021-0623-08", r#"{"letter":"2021-0623-08","reply":"250 ok"}"#));
        assert!(of("plan/air", r#"{"occurrence":"air/check/2021Q3"}"#));
        assert!(of("letter/2021-0623-07", r#"{"items":[{"key":"air/check/2021Q3/eco-env#1:due"}]}"#));
        assert!(of("plan/air", r#"{"task":{"id":"check"}}"#));
        assert!(of("plan/air", r#"{"task":"check"}"#));
        assert!(!of("plan/water", r#"{"task":"check"}"#));
        assert!(!of("plan/air", r#"{"occurrence":"air/checks/2021Q3"}"#));
        assert!(!of("plan/air", r#"{"reason":"air/check is said in words"}"#));
    }
}
