//! The house rules that a compiler doesn't know: which room may name which, what pure rooms must
//! not touch, how long a file may be, and that nothing lies about that nobody compiles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Longest Rust file, in lines.
const LINES_MAX: usize = 500;

/// Rooms and the rooms they may name. `ARCHITECTURE.md` shows the same table with its reasons.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("calendar", &[]),
    ("domain", &["calendar"]),
    ("words", &["calendar", "domain"]),
    ("letter", &["calendar", "domain", "link", "matter", "words"]),
    ("intake", &["calendar", "domain", "import", "locale", "words"]),
    ("matter", &["calendar", "domain", "words"]),
    ("report", &["calendar", "domain", "matter", "words"]),
    ("import", &["calendar", "domain", "locale"]),
    ("link", &["domain"]),
    ("locale", &["calendar", "domain", "plain_file"]),
    ("schedules", &["calendar", "domain", "locale", "plain_file"]),
    ("journal", &["domain", "plain_file", "private_dir"]),
    ("planner", &["clock", "calendar", "domain", "letter", "link", "journal"]),
    ("mail", &["config", "domain", "plain_file", "private_dir"]),
    ("audit", &["calendar", "domain", "journal", "report"]),
    (
        "office",
        &[
            "audit",
            "calendar",
            "clock",
            "domain",
            "import",
            "intake",
            "journal",
            "link",
            "locale",
            "matter",
            "planner",
            "report",
            "schedules",
            "words",
        ],
    ),
    ("wire", &["calendar", "domain", "matter", "office", "report"]),
    ("client", &["domain", "locale", "office", "wire"]),
    (
        "web",
        &[
            "calendar", "domain", "intake", "letter", "link", "locale", "matter", "office", "planner",
            "wire", "words",
        ],
    ),
    (
        "doctor",
        &["calendar", "config", "domain", "journal", "locale", "plain_file", "planner", "schedules", "wire"],
    ),
    ("clock", &[]),
    ("plain_file", &[]),
    ("private_dir", &[]),
    ("config", &["plain_file"]),
    ("telemetry", &["config"]),
];

/// The rooms that compose the others may name all but these.
const COMPOSERS: &[(&str, &[&str])] = &[("daemon", &["cli"]), ("cli", &[])];

/// Rooms without IO, clock or chance.
const PURE: &[&str] =
    &["calendar", "domain", "import", "intake", "letter", "link", "locale", "matter", "report", "words"];

/// Rooms that know no path: what lies in a data directory they are handed as `Journal`, `Reader` and `Shelves`.
const PATHLESS: &[&str] = &["audit", "office", "planner", "report", "web", "wire"];

/// What a pure room must not name.
const IMPURE: &[&str] = &[
    "tokio",
    "sled",
    "axum",
    "tracing",
    "rand::",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "new_v4",
    "now_v7",
    "lettre::transport",
    "lettre::SmtpTransport",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(dir) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn all_files() -> Vec<PathBuf> {
    ["src", "tests", "benches", "examples"].iter().flat_map(|dir| rust_files(&root().join(dir))).collect()
}

/// The room of a file under `src`, `None` for `lib.rs` and `main.rs`.
fn room(file: &Path) -> Option<String> {
    let inside = file.strip_prefix(root().join("src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(name, "lib" | "main")).then(|| name.to_owned())
}

/// Code lines: without comments and without the tests at the foot of the file.
fn code(text: &str) -> Vec<&str> {
    let body = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    body.lines().map(|line| line.split("//").next().unwrap_or(line)).collect()
}

fn is_test_file(file: &Path) -> bool {
    let parts: Vec<_> = file.components().filter_map(|part| part.as_os_str().to_str()).collect();
    parts.iter().any(|part| *part == "tests" || part.starts_with("tests."))
        || file.file_stem().is_some_and(|stem| {
            let stem = stem.to_string_lossy();
            stem == "fixtures" || stem.ends_with("_oracle") || stem.ends_with("_tests")
        })
}

#[test]
fn arrows_between_rooms_point_downward_only() {
    let rooms: BTreeSet<&str> = MAY_NAME.iter().chain(COMPOSERS).map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let Some(own) = room(&file).filter(|_| !is_test_file(&file)) else { continue };
        assert!(rooms.contains(own.as_str()), "{} lies in no known room", file.display());
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in code(&text).iter().enumerate() {
            for named in line.split("crate::").skip(1) {
                let named: String =
                    named.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if named == own || !rooms.contains(named.as_str()) {
                    continue;
                }
                let allowed = MAY_NAME.iter().find(|(room, _)| *room == own).map_or_else(
                    || COMPOSERS.iter().any(|(room, not)| *room == own && !not.contains(&named.as_str())),
                    |(_, may)| may.contains(&named.as_str()),
                );
                if !allowed {
                    wrong.push(format!("{}:{} names {named}", file.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_rooms_do_no_io_and_read_no_clock() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let Some(own) = room(&file).filter(|_| !is_test_file(&file)) else { continue };
        if !PURE.contains(&own.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in code(&text).iter().enumerate() {
            for name in IMPURE.iter().filter(|name| line.contains(*name)) {
                wrong.push(format!("{}:{} names {name}", file.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rooms_above_the_journal_know_no_path_and_decode_no_event() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let Some(own) = room(&file).filter(|own| own != "journal" && !is_test_file(&file)) else { continue };
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in code(&text).iter().enumerate() {
            // An old shape must go through the upcasts of the codec.
            let mut barred = vec!["from_str::<Event>", "from_slice::<Event>", "from_value::<Event>"];
            if PATHLESS.contains(&own.as_str()) {
                barred.extend(["std::path", "std::fs", "PathBuf"]);
            }
            for name in barred.iter().filter(|name| line.contains(*name)) {
                wrong.push(format!("{}:{} names {name}", file.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_file_each_knows_sled_and_the_scheduler() {
    for (name, home) in
        [("sled::", "src/journal/sled_copy.rs"), ("tokio_cron_scheduler", "src/daemon/ticker.rs")]
    {
        for file in rust_files(&root().join("src")).into_iter().filter(|file| *file != root().join(home)) {
            let text = fs::read_to_string(&file).unwrap();
            let named = code(&text).iter().any(|line| line.contains(name));
            assert!(!named, "{} names {name}", file.display());
        }
    }
}

#[test]
fn one_file_writes_where_a_matter_comes_from() {
    let mut homes = Vec::new();
    for file in rust_files(&root().join("src")).into_iter().filter(|file| !is_test_file(file)) {
        let text = fs::read_to_string(&file).unwrap();
        // A statement may be broken over lines.
        let body = code(&text).concat();
        if body.split(';').any(|part| part.contains("words::") && part.contains("citations")) {
            homes.push(file.strip_prefix(root()).unwrap().display().to_string());
        }
    }
    assert_eq!(homes, ["src/matter/origin.rs"], "whoever shows it asks `Origin`");
}

#[test]
fn the_fold_asks_no_rule() {
    // What a rule decided stands in the event, else a changed rule would rewrite history.
    const RULES: [&str; 5] = ["agenda", "adoption", "command", "light::", "punctuality"];
    for file in rust_files(&root().join("src/domain/ledger")) {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in code(&text).iter().enumerate() {
            let named = RULES.iter().find(|rule| line.contains("domain::") && line.contains(*rule));
            assert!(named.is_none(), "{}:{} names {named:?}", file.display(), number + 1);
        }
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<String> = all_files()
        .into_iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            (lines > LINES_MAX).then(|| format!("{} has {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_file_says_first_what_it_is_for() {
    for file in all_files() {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{} doesn't begin with //!", file.display());
    }
}

#[test]
fn nothing_lies_about_that_nobody_compiles() {
    let mut declared: BTreeMap<PathBuf, bool> = all_files().into_iter().map(|file| (file, false)).collect();
    let mut reach: Vec<PathBuf> =
        ["src/lib.rs", "src/main.rs", "tests/it/main.rs"].iter().map(|file| root().join(file)).collect();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for line in manifest.lines().filter_map(|line| line.strip_prefix("path = \"")) {
        reach.push(root().join(line.trim_end_matches('"')));
    }
    for dir in ["benches", "examples"] {
        for file in rust_files(&root().join(dir)) {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            if manifest.contains(&format!("name = \"{name}\"")) || dir == "examples" {
                reach.push(file);
            }
        }
    }
    while let Some(file) = reach.pop() {
        if declared.insert(file.clone(), true) == Some(true) {
            continue;
        }
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let base = if matches!(stem.as_str(), "mod" | "lib" | "main") {
            file.parent().unwrap().to_owned()
        } else {
            file.with_extension("")
        };
        for line in text.lines() {
            let line = line.trim();
            let line = if line.starts_with("pub") {
                line.split_once("mod ").map_or("", |(_, name)| name)
            } else {
                line.strip_prefix("mod ").unwrap_or("")
            };
            let Some(name) = line.strip_suffix(';') else {
                continue;
            };
            for candidate in [
                base.join(format!("{name}.rs")),
                base.join(name).join("mod.rs"),
                file.parent().unwrap().join(format!("{name}.rs")),
                file.parent().unwrap().join(name).join("mod.rs"),
            ] {
                if candidate.exists() {
                    reach.push(candidate);
                }
            }
        }
    }
    let orphans: Vec<_> = declared.iter().filter(|(_, reached)| !**reached).map(|(file, _)| file).collect();
    assert!(orphans.is_empty(), "{orphans:#?}");
}

#[test]
fn what_fails_on_purpose_is_in_tests_and_in_no_build_that_ships() {
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let features: Vec<&String> = manifest["features"].as_table().unwrap().keys().collect();
    assert_eq!(features, ["simulator"], "a `default` would ship it");
    let on_itself = &manifest["dev-dependencies"]["duban"];
    assert_eq!(
        on_itself["features"],
        toml::Value::Array(vec!["simulator".into()]),
        "`cargo test` skips nothing"
    );
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(ci.lines().any(|line| line == "cargo clippy --locked -- -D warnings"), "what ships is compiled");
}

#[test]
fn nothing_points_out_of_the_project() {
    for name in [
        "README.md",
        "README.zh-CN.md",
        "ARCHITECTURE.md",
        "Cargo.toml",
        "tests/run",
        ".ci/run",
        "docs/operate.md",
        "docs/design.md",
        "deploy/duban.service",
    ] {
        let text = fs::read_to_string(root().join(name)).unwrap_or_default();
        assert!(!text.contains("../shared"), "{name} points out of the project");
        let foreign: Vec<&str> = absolute_paths(&text).filter(|path| !is_everywhere(path)).collect();
        assert!(foreign.is_empty(), "{name} names a path of one machine: {foreign:?}");
    }
}

/// Words that are a path from the root: `/etc/duban/duban.toml`.
fn absolute_paths(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| c.is_whitespace() || "`\"'()<>|,;=*：，。".contains(c);
    // `$(dirname "$0")/..` begins elsewhere.
    let begins = |word: &&str| word.starts_with('/') && !word.starts_with("//") && !word.starts_with("/..");
    text.split(ends).filter(move |word| begins(word) && word.len() > 1)
}

/// Whether every Debian has the path's first directory (Filesystem Hierarchy Standard 3.0), or it is one of our own
/// web addresses.
fn is_everywhere(path: &str) -> bool {
    const FIRST: [&str; 13] =
        ["bin", "boot", "dev", "etc", "lib", "mnt", "proc", "run", "srv", "sys", "tmp", "usr", "var"];
    const OURS: [&str; 3] = ["api", "healthz", "metrics"];
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    FIRST.contains(&first) || OURS.contains(&first)
}
