//! Which events speak of a task. Works on stored lines, so that it holds for every version of an event.

use serde_json::Value;

use crate::domain::{AssignmentId, OccurrenceId, Stream, TaskId};

/// Whether a stored line speaks of the task: any of its names stands in it whole.
#[must_use]
pub fn is_about(line: &str, task: &TaskId) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(line) else { return false };
    let stream = value.get("stream").and_then(|stream| stream.as_str()?.parse::<Stream>().ok());
    let of_plan = stream == Some(Stream::Plan(task.plan.clone()));
    value.get("data").is_some_and(|data| names(data, task, of_plan))
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
        let of =
            |stream: &str, data: &str| is_about(&format!(r#"{{"stream":"{stream}","data":{data}}}"#), &task);
        assert!(of("plan/air", r#"{"occurrence":"air/check/2021Q3"}"#));
        assert!(of("letter/2021-0623-07", r#"{"items":[{"key":"air/check/2021Q3/eco-env#1:due"}]}"#));
        assert!(of("plan/air", r#"{"task":{"id":"check"}}"#));
        assert!(of("plan/air", r#"{"task":"check"}"#));
        assert!(!of("plan/water", r#"{"task":"check"}"#));
        assert!(!of("plan/air", r#"{"occurrence":"air/checks/2021Q3"}"#));
        assert!(!of("plan/air", r#"{"reason":"air/check is said in words"}"#));
    }
}
