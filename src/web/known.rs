//! A question in JSON of which every key is known: one that nobody knows is a slip of whoever asks, and is told by its
//! name. Types shared with events take what they don't know, so the question is held against what was read of it.

use std::collections::HashSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads a question; every key that it has means something.
///
/// # Errors
/// It has another shape, or a key that nobody knows, in words.
pub(super) fn read<T: Serialize + DeserializeOwned>(given: &Value) -> Result<T, String> {
    let read = T::deserialize(given).map_err(|fault| fault.to_string())?;
    let told = serde_json::to_value(&read).map_err(|fault| fault.to_string())?;
    let mut doubtful = Doubtful::default();
    doubtful.look(given, &told, &mut Vec::new(), &mut String::new());
    for (pointer, key, beside) in doubtful.keys {
        let mut odd = given.clone();
        // No field takes this: where it is taken, nobody looks at the key.
        if let Some(value) = odd.pointer_mut(&pointer) {
            *value = json!({ "": [null] });
        }
        if T::deserialize(&odd).is_ok() {
            let place = pointer.rsplit_once('/').map_or("", |(place, _)| place);
            return Err(format!("unknown key `{key}` in `{place}`; keys known there: {beside}"));
        }
    }
    Ok(read)
}

/// Keys that were given and do not stand in what was read: unknown, or left out because they say nothing.
#[derive(Default)]
struct Doubtful {
    /// where, which, and the keys beside it that were read
    keys: Vec<(String, String, String)>,
    /// the same place in another member of a list is looked at once
    seen: HashSet<String>,
}

impl Doubtful {
    fn look(&mut self, given: &Value, told: &Value, way: &mut Vec<String>, shape: &mut String) {
        let length = shape.len();
        match (given, told) {
            (Value::Object(given), Value::Object(told)) => {
                for (key, value) in given {
                    way.push(key.replace('~', "~0").replace('/', "~1"));
                    shape.push('/');
                    shape.push_str(key);
                    match told.get(key) {
                        Some(told) => self.look(value, told, way, shape),
                        None if self.seen.insert(shape.clone()) => {
                            let beside: Vec<String> = told.keys().map(|key| format!("`{key}`")).collect();
                            self.keys.push((format!("/{}", way.join("/")), key.clone(), beside.join(", ")));
                        }
                        None => {}
                    }
                    shape.truncate(length);
                    way.pop();
                }
            }
            (Value::Array(given), Value::Array(told)) => {
                for (nth, (given, told)) in given.iter().zip(told).enumerate() {
                    way.push(nth.to_string());
                    shape.push_str("/*");
                    self.look(given, told, way, shape);
                    shape.truncate(length);
                    way.pop();
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::CommandRequest;

    fn asked(command: &Value) -> Result<CommandRequest, String> {
        read(&json!({ "request": "r1", "via": "api", "command": command }))
    }

    #[test]
    fn a_key_that_nobody_knows_is_told_by_its_name_however_deep_it_stands() {
        let target = json!({ "task": "air/machinery-check", "period": "2021Q2", "unit": null });
        let accept = json!({ "command": "accept", "target": target, "done_on": null, "remark": null });
        asked(&accept).unwrap();
        let mut odd = accept.clone();
        odd["remrak"] = json!("x");
        let fault = asked(&odd).unwrap_err();
        assert!(
            fault.contains("unknown field `remrak`, expected one of `target`, `done_on`, `remark`"),
            "{fault}"
        );
        let mut odd = accept;
        odd["target"]["perod"] = json!("2021Q3");
        assert_eq!(
            asked(&odd).unwrap_err(),
            "unknown key `perod` in `/command/target`; keys known there: `period`, `task`, `unit`"
        );
    }

    #[test]
    fn a_known_key_that_says_nothing_is_taken() {
        let unit = json!({ "id": "a", "name": "甲", "short": "甲", "kind": "bureau", "sort_key": "jia", "muted": false });
        asked(&json!({ "command": "set-unit", "unit": unit })).unwrap();
        let unit = json!({ "id": "a", "name": "甲", "short": "甲", "kind": "bureau", "sort_key": "jia", "mute": true });
        let fault = asked(&json!({ "command": "set-unit", "unit": unit })).unwrap_err();
        assert!(fault.starts_with("unknown key `mute` in `/command/unit`; "), "{fault}");
    }
}
