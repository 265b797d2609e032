//! What sound files say.

use serde_json::json;

use super::super::*;
use super::{printed, read, sound};
use crate::domain::{Digest, Ladders};

#[test]
fn a_sound_directory_is_declared_whole() {
    let read = read(&sound());
    assert_eq!(printed(&read.diagnostics), "");
    let declared = read.declared.unwrap();
    assert_eq!(declared.ladders, Ladders::default());
    assert_eq!(declared.office.supervision_unit.as_str(), "inspection-office");
    assert_eq!(declared.units.len(), 5);
    assert_eq!(declared.working_years.len(), 1);
    let [file] = declared.plans.as_slice() else { panic!("one plan") };
    assert_eq!(file.file, "air.toml");
    assert_eq!(file.digest, Digest::of(super::AIR.as_bytes()));
    assert_eq!(file.source_text.as_deref(), Some(super::DOCUMENT));
    assert_eq!(file.change_reasons.values().collect::<Vec<_>>(), ["阳政办函〔2021〕7号"]);
    insta::assert_json_snapshot!("sound_plan", file.plan);
}

#[test]
fn every_shape_is_read_and_shown_as_written() {
    for (text, shown) in [
        ("{ by = 2021-06-30 }", json!({"by": "2021-06-30"})),
        ("{ every = \"quarter\" }", json!({"every": "quarter"})),
        ("{ every = \"quarter\", until = 2021-12-31 }", json!({"every": "quarter", "until": "2021-12-31"})),
        ("{ every = \"month\", on = 25 }", json!({"every": "month", "on": 25})),
        ("{ every = \"month\", on = \"last\" }", json!({"every": "month", "on": "last"})),
        ("{ every = \"week\", on = \"fri\" }", json!({"every": "week", "on": "fri"})),
        ("{ every = \"quarter\", on = \"2-15\" }", json!({"every": "quarter", "on": "2-15"})),
        ("{ every = \"year\", on = \"03-01\" }", json!({"every": "year", "on": "03-01"})),
        ("{ every = \"half-year\" }", json!({"every": "half-year"})),
        ("{ every = \"half-year\", on = \"6-25\" }", json!({"every": "half-year", "on": "6-25"})),
        ("{ every = \"ten-days\" }", json!({"every": "ten-days"})),
        ("{ every = \"day\" }", json!({"every": "day"})),
        ("{ every = \"workday\" }", json!({"every": "workday"})),
        ("{ every = \"month\", season = \"05..09\" }", json!({"every": "month", "season": "05..09"})),
        (
            "{ every = \"year\", due_after = \"10d\", from = 2022-01-01 }",
            json!({"every": "year", "due_after": "10d", "from": "2022-01-01"}),
        ),
        (
            "{ window = { from = 2021-10-01, until = 2022-03-31 } }",
            json!({"window": {"from": "2021-10-01", "until": "2022-03-31"}}),
        ),
        (
            "{ window = \"10-01..03-31\", from = 2022-10-01 }",
            json!({"window": "10-01..03-31", "from": "2022-10-01"}),
        ),
        ("{ window = \"05-01..09-30\" }", json!({"window": "05-01..09-30"})),
        ("{ starting = 2021-07-01 }", json!({"starting": "2021-07-01"})),
        (
            "{ avoid = { from = 2021-07-01, until = 2021-09-30 } }",
            json!({"avoid": {"from": "2021-07-01", "until": "2021-09-30"}}),
        ),
        (
            "{ avoid = \"07-01..09-30\", from = 2022-01-01 }",
            json!({"avoid": "07-01..09-30", "from": "2022-01-01"}),
        ),
        ("{ ongoing = true }", json!({"ongoing": true})),
        ("{ awaiting = \"汛前: \\\"x\\\"\" }", json!({"awaiting": "汛前: \"x\""})),
        ("{ done = \"已完成\" }", json!({"done": "已完成"})),
        (
            "{ cron = \"0 0 9 1 3 *\", until = 2030-12-31 }",
            json!({"cron": "0 0 9 1 3 *", "until": "2030-12-31"}),
        ),
    ] {
        let due = parse_due(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(due_to_json(&due), shown, "{text}");
        assert_eq!(due_to_toml(&due), text);
    }
}

#[test]
fn months_are_days_too() {
    let same = |one: &str, other: &str| assert_eq!(parse_due(one).unwrap(), parse_due(other).unwrap());
    same("{ window = \"05..09\" }", "{ window = \"05-01..09-30\" }");
    same("{ every = \"month\", on = \"25\" }", "{ every = \"month\", on = 25 }");
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_change_nothing() {
    let plain = read(&sound()).declared.unwrap();
    let mut sources = sound();
    for source in &mut sources {
        source.text = format!("\u{feff}{}", source.text.replace('\n', "\r\n"));
    }
    let other = read(&sources);
    assert_eq!(printed(&other.diagnostics), "");
    assert_eq!(other.declared.unwrap().plans[0].plan, plain.plans[0].plan);
}

#[test]
fn a_plan_without_a_source_is_not_checked() {
    let mut sources = sound();
    let air = sources.last_mut().unwrap();
    air.text = air.text.replace("source = \"source/41.txt\"\n", "").replace("每季度开展", "每季度要开展");
    let read = read(&sources);
    assert_eq!(printed(&read.diagnostics), "");
    assert_eq!(read.declared.unwrap().plans[0].source_text, None);
}

#[test]
fn the_shipped_files_are_all_built_in() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules");
    let mut names = Vec::new();
    for inner in ["", "workdays", "source"] {
        for entry in std::fs::read_dir(dir.join(inner)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                names.push(path.strip_prefix(&dir).unwrap().display().to_string());
            }
        }
    }
    names.sort();
    let built_in: Vec<String> = embedded_sources().into_iter().map(|source| source.name).collect();
    assert_eq!(built_in, names, "add the file to `SHIPPED` in src/schedules/embedded.rs");
}

#[test]
fn the_shipped_files_have_no_fault_and_their_plans_read_back() {
    let read = embedded();
    assert_eq!(printed(&read.diagnostics), "");
    let declared = read.declared.unwrap();
    assert_eq!(declared.ladders, Ladders::default());
    assert!(declared.units.iter().any(|unit| unit.id == declared.office.supervision_unit));
    let files: Vec<&str> = declared.plans.iter().map(|plan| plan.file.as_str()).collect();
    assert_eq!(files, ["air.toml", "annual.toml", "soil.toml", "water.toml"]);
    for file in declared.plans {
        let source = Source { name: file.file, text: to_toml(&file.plan) };
        let (back, faults) = parse_plan(&source, &declared.units, &[]);
        assert_eq!(printed(&faults), "");
        assert_eq!(back.unwrap().plan, file.plan);
    }
}
