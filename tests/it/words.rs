//! What the office says: no words are missing, unused, or filled in with what nobody gives, in any language.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files of words that rooms take by their codes; the refusals have their own walk.
const FILES: [&str; 7] =
    ["front.ftl", "office.ftl", "status.ftl", "task.ftl", "cli.ftl", "plans.ftl", "sheets.ftl"];

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Words that are named by what they stand for, behind their kind: `state-due`.
const KINDS: [&str; 15] = [
    "role", "act", "label", "state", "letter", "head", "kind", "plan", "every", "stage", "shape", "topic",
    "count", "as", "mail",
];

/// Code and text of each message of a language.
fn written(language: &str) -> BTreeMap<String, String> {
    let mut messages = BTreeMap::new();
    for file in FILES {
        let text = fs::read_to_string(project().join("locales").join(language).join(file)).unwrap();
        let mut last = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((code, words)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                code.clone_into(&mut last);
                assert_eq!(messages.insert(last.clone(), words.to_owned()), None, "{code} stands twice");
            } else if let Some(message) = messages.get_mut(&last) {
                message.push_str(line);
            }
        }
    }
    messages
}

/// What a text is filled in with.
fn variables(text: &str) -> BTreeSet<String> {
    let names = text.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
    names.map(str::to_owned).collect()
}

fn sources() -> Vec<String> {
    let mut sources = Vec::new();
    let mut waiting = vec![project().join("src")];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("locale/mod.rs") {
                sources.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    sources
}

/// What stands between quotation marks, as keys of words are written.
fn literals(source: &str) -> Vec<String> {
    let source = source.replace("\\\"", " ");
    let key = |text: &str| {
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
    };
    // What another program says is known by its beginning.
    let begun = |text| [key(text), key(text.split([',', ':']).next().unwrap_or_default())];
    source.split('"').flat_map(begun).collect()
}

/// How far behind its code what a message is filled in with may stand, in characters.
const REACH: usize = 900;

/// The codes that a source tells by, each with what is given within reach.
fn told(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let is_code = |code: &str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let given = |rest: &str| {
        let rest: String = rest.chars().take(REACH).collect();
        let calls = [".with(", ".put(", ".within("].map(|call| rest.split(call).skip(1).collect::<Vec<_>>());
        let names = calls.iter().flatten();
        let names = names.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
        names.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let parts = source.match_indices("message(\"").map(|(at, call)| &source[at + call.len()..]);
    let parts = parts.filter_map(|part| part.split_once('"')).filter(|(code, _)| is_code(code));
    parts.map(|(code, rest)| (code.to_owned(), given(rest))).collect()
}

#[test]
fn what_the_office_says_is_written_in_every_language_with_the_same_blanks() {
    let (chinese, english) = (written("zh-CN"), written("en"));
    let codes = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(codes(&chinese), codes(&english));
    for (code, words) in &chinese {
        assert_eq!(variables(words), variables(&english[code]), "{code}");
    }
    let bare = |words: &&str| !words.contains('{') && words.chars().any(char::is_alphabetic);
    let is_chinese = |words: &str| words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let same: Vec<&str> =
        chinese.values().map(String::as_str).filter(bare).filter(|w| !is_chinese(w)).collect();
    assert_eq!(same, [" STARTTLS", " TLS"], "left in English");
}

#[test]
fn every_code_that_is_told_is_written_and_none_besides() {
    let (written, sources) = (written("en"), sources());
    let mut unused: BTreeSet<&str> = written.keys().map(String::as_str).collect();
    unused.retain(|code| !sources.iter().any(|source| source.contains(&format!("\"{code}\""))));
    // Words within a sentence are made of what they stand for: `role-clerk`, `act-rule`, `label-clock`, `Mon`.
    let literals: BTreeSet<String> = sources.iter().flat_map(|source| literals(source)).collect();
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    unused.retain(|code| {
        if let Some(value) = code.strip_prefix("usage-like-") {
            return !sources.iter().any(|source| source.contains(&format!("\"{value}\"")));
        }
        let counted = code.strip_prefix("count-");
        let Some(word) = code.strip_prefix("word-").or(counted) else { return true };
        let stem = word.split_once('-').filter(|(kind, _)| KINDS.contains(kind));
        let stem = stem.map_or(word, |(_, stem)| stem);
        !days.contains(&stem) && !literals.contains(word) && !literals.contains(stem)
    });
    assert!(unused.is_empty(), "nobody says {unused:?}");
    for source in &sources {
        for (code, given) in told(source).into_iter().filter(|(code, _)| !code.starts_with("refusal-")) {
            let Some(words) = written.get(&code) else { panic!("{code} is not written") };
            let lacking: Vec<String> = variables(words).difference(&given).cloned().collect();
            assert!(lacking.is_empty(), "{code} lacks {lacking:?}, given {given:?}");
        }
    }
}
