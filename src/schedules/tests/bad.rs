//! Every bad input is told with file, line, column, what is wrong and what would be right.

use std::fmt::Write as _;

use super::super::*;
use super::cases::{BY, DUE, OTHER_CASES, PLAN, PLAN_CASES};
use super::{printed, read, sound, spoilt};
use crate::locale::{Language, is_chinese};

/// What is odd and taken all the same.
const WARNINGS: [(&str, &str, &str); 3] = [
    ("warning_deadline_before_issue", BY, "due = { by = 2020-09-30 }"),
    ("warning_never_in_force", DUE, "due = { every = \"quarter\", from = 2023-01-01 }"),
    (
        "warning_long_title",
        "\"治理设施\"",
        "\"重点行业挥发性有机物综合治理设施提标改造及运行维护情况的专项检查工作\"",
    ),
];

/// What is expected to change nothing.
#[derive(Debug, PartialEq)]
enum Broken {
    Plan,
    All,
    Nothing,
}

/// What is printed of a spoilt directory, under the case's name; checked to break what it should.
fn told(case: &str, sources: &[Source], broken: &Broken) -> String {
    let read = read(sources);
    let expected = match (&read.declared, read.broken_plans.as_slice()) {
        (None, _) => Broken::All,
        (Some(_), []) => Broken::Nothing,
        (Some(_), _) => Broken::Plan,
    };
    assert_eq!(expected, *broken, "{case}");
    assert_eq!(read.has_errors(), *broken != Broken::Nothing, "{case}");
    format!("=== {case}\n{}\n", printed(&read.diagnostics))
}

#[test]
fn a_plan_with_an_error_changes_nothing_and_says_why() {
    let told = PLAN_CASES.iter().map(|(case, from, to)| told(case, &spoilt(PLAN, from, to), &Broken::Plan));
    insta::assert_snapshot!("plans", told.collect::<String>());
}

#[test]
fn an_error_in_what_plans_stand_on_changes_nothing_at_all() {
    let told =
        OTHER_CASES.iter().map(|(case, file, from, to)| told(case, &spoilt(file, from, to), &Broken::All));
    insta::assert_snapshot!("foundations", told.collect::<String>());
}

#[test]
fn what_is_odd_is_told_and_taken() {
    let told = WARNINGS.iter().map(|(case, from, to)| told(case, &spoilt(PLAN, from, to), &Broken::Nothing));
    insta::assert_snapshot!("warnings", told.collect::<String>());
}

#[test]
fn in_chinese_each_fault_is_told_with_its_place_and_its_cure() {
    let mut told = String::new();
    let plans = PLAN_CASES.iter().chain(&WARNINGS).map(|(case, from, to)| (case, spoilt(PLAN, from, to)));
    let others = OTHER_CASES.iter().map(|(case, file, from, to)| (case, spoilt(file, from, to)));
    for (case, sources) in plans.chain(others) {
        for fault in read(&sources).diagnostics {
            let shown = fault.shown(Language::Chinese);
            let labels = fault.labels.iter().map(|label| crate::locale::told(Language::Chinese, &label.what));
            let lines: Vec<String> =
                std::iter::once(shown.what.clone()).chain(labels).chain(shown.help.clone()).collect();
            for line in &lines {
                is_chinese(line);
            }
            let _ = writeln!(told, "{case}: {}", lines.join(" | "));
        }
    }
    insta::assert_snapshot!("chinese", told);
}

#[test]
fn what_the_reader_of_toml_says_is_told_in_chinese() {
    for (text, said) in [
        ("cite = [\"1\" \"2\"]", "missing comma between array elements, expected `,`"),
        ("cite = [1, , 2]", "extra comma in array, expected value"),
        ("cite = [1", "unclosed array, expected `]`"),
        ("due = { by = 1 every = 2 }", "extra assignment between key-value pairs, expected `,`"),
        ("due = { by = \"1\" \"every\" = 2 }", "missing comma between key-value pairs, expected `,`"),
        ("due = { by \"1\" }", "missing assignment between key-value pairs, expected `=`"),
        ("due = { by = 1, , every = 2 }", "extra comma in inline table, expected key"),
        ("due = { by }", "invalid literal string, expected `'`"),
        ("due = { by = 1", "unclosed inline table, expected `}`"),
        ("[plan", "unclosed table, expected `]`"),
        ("[[task", "unclosed array table, expected `]]`"),
        ("id", "key with no value, expected `=`"),
        ("= 3", "unquoted keys cannot be empty, expected letters, numbers, `-`, `_`"),
        ("标题 = \"x\"", "invalid unquoted key, expected letters, numbers, `-`, `_`"),
        ("id = \"x\" y = 3", "unexpected key or value, expected newline, `#`"),
        ("id = \"x", "invalid basic string, expected `\"`"),
        ("id = \"\\q\"", "missing escaped value, expected `b`"),
        ("id = '''x", "invalid multi-line literal string, expected `'`"),
        ("id = \"\"\"x", "invalid multi-line basic string, expected `\"`"),
        ("on = 07", "unexpected leading zero, expected nothing"),
        ("on = 2021-6-1", "invalid date, expected a two-digit month (MM)"),
        ("at = 25:00", "invalid time, expected hour between 00 and 23"),
        ("id = +-3", "redundant numeric sign, expected nothing"),
    ] {
        let source = Source { name: "a.toml".into(), text: format!("{text}\n") };
        let (_, faults) = parse_plan(&source, &[], &[]);
        let fault = faults.first().unwrap();
        let told = fault.to_string();
        assert!(told.starts_with(&format!("this is no TOML: {said}")), "{text}: {told}");
        is_chinese(&fault.shown(Language::Chinese).what);
    }
}

#[test]
fn two_files_of_one_plan_id_are_both_told() {
    let mut sources = sound();
    let text = sources.last().unwrap().text.clone();
    sources.push(Source { name: "air-2.toml".into(), text });
    insta::assert_snapshot!("plan_id_twice", told("plan_id_twice", &sources, &Broken::Plan));
    assert_eq!(read(&sources).broken_plans, ["air-2.toml", "air.toml"]);
}

#[test]
fn missing_files_are_told() {
    let without = |name: &str| sound().into_iter().filter(|source| source.name != name).collect::<Vec<_>>();
    let told =
        ["units.toml", "office.toml", "ladders.toml"].map(|name| told(name, &without(name), &Broken::All));
    insta::assert_snapshot!("missing_files", told.concat());
}

#[test]
fn a_broken_units_file_does_not_blame_the_plans() {
    let read = read(&spoilt("units.toml", "id = \"eco-env\"", "id = \"eco-env"));
    assert!(read.declared.is_none());
    assert!(
        read.diagnostics.iter().all(|fault| fault.file == "units.toml"),
        "{}",
        printed(&read.diagnostics)
    );
}

#[test]
fn every_table_that_is_no_toml_is_told_once() {
    let mut sources = spoilt(PLAN, "cite = [\"air:17\", \"air-list:23\"]", "cite = [\"air:17\"");
    let air = sources.last_mut().unwrap();
    air.text = air.text.replace("used = \"air:7\"", "used = air:7").replace("2021-09-30", "2021-09-31");
    insta::assert_snapshot!("syntax", told("three_tables", &sources, &Broken::Plan));
}

#[test]
fn limits_are_told() {
    let long = "长".repeat(81);
    let faults = read(&spoilt(PLAN, "治理设施", &long)).diagnostics;
    assert_eq!(faults.first().unwrap().to_string(), "`title` has 81 characters, more than 80");
    let faults = read(&spoilt(PLAN, "3月份早于发文日。", &"长".repeat(2_000))).diagnostics;
    assert_eq!(faults.first().unwrap().to_string(), "`why` holds 6000 bytes, more than 4096");
    let faults = read(&spoilt(PLAN, "# 空", &"#".repeat(5 * 1024 * 1024))).diagnostics;
    assert!(faults.first().unwrap().to_string().contains("more than 4194304"));
    let tasks = "\n[[task]]\nid = \"a\"".repeat(2_001);
    let text = format!("[plan]\nid = \"a\"{tasks}");
    let (plan, faults) = parse_plan(&Source { name: "a.toml".into(), text }, &[], &[]);
    assert!(plan.is_none());
    assert!(faults.iter().any(|fault| fault.to_string() == "the plan has 2001 tasks, more than 2000"));
}

#[test]
fn a_task_larger_than_an_event_is_told() {
    let passage = "正".repeat(5_000);
    let said: Vec<String> =
        (1..=5).map(|n| format!("{{ cite = \"air:{n}\", text = \"{passage}\" }}")).collect();
    let mut sources = spoilt(PLAN, "{ cite = \"air-list:7\", text = \"3月份\" }", &said.join(", "));
    sources.last_mut().unwrap().text =
        sources.last().unwrap().text.replace("source = \"source/41.txt\"\n", "");
    let faults = read(&sources).diagnostics;
    assert!(faults.first().unwrap().to_string().contains("that an event can keep"), "{}", printed(&faults));
}

#[test]
fn line_and_column_count_characters() {
    let read = read(&spoilt(PLAN, "cite = \"air-list:7\", text", "site = \"air-list:7\", text"));
    let fault = read.diagnostics.iter().find(|fault| fault.to_string().contains("site")).unwrap();
    let line = super::SOUND.last().unwrap().1.lines().position(|line| line.starts_with("says")).unwrap() + 1;
    assert_eq!((fault.line, fault.column), (line, 51));
    assert!(printed(std::slice::from_ref(fault)).contains(&format!("[air.toml:{line}:51]")));
}

#[test]
fn a_due_of_the_command_line_is_told_alike() {
    assert!(parse_due("{ by = 2021-06-30 }").is_ok());
    let faults: Vec<Diagnostic> =
        ["{ by = 2021-06-31 }", "2021-06-30", "{ by = ", "", "{ evry = \"day\" }", "{}"]
            .iter()
            .map(|text| *parse_due(text).unwrap_err())
            .collect();
    insta::assert_snapshot!("due_of_the_command_line", printed(&faults));
}

#[test]
fn nothing_that_is_cut_short_or_scrambled_panics() {
    let whole: Vec<(usize, char)> = super::AIR.char_indices().collect();
    for (at, (offset, _)) in whole.iter().enumerate().step_by(3) {
        let cut = super::AIR[..*offset].to_owned();
        let stray =
            format!("{cut}{}{}", ["\"", "{", "]", "，", "\u{0}", "="][at % 6], &super::AIR[*offset..]);
        for text in [cut, stray] {
            let mut sources = sound();
            sources.last_mut().unwrap().text = text;
            printed(&read(&sources).diagnostics);
        }
    }
}

#[test]
fn a_wrong_value_breaks_its_plan_or_is_taken_and_never_both() {
    let values = [
        "3",
        "1.5",
        "nan",
        "0x10",
        "99999999999999999999",
        "true",
        "2021-01-01",
        "2021-02-29",
        "09:00:00",
        r#""""#,
        r#""x""#,
        r#""\u0000""#,
        "[]",
        "[[]]",
        "[{}]",
        "[3, {}]",
        "{}",
        "{ a = 1 }",
        "{ by = {} }",
        "{ every = [] }",
        "{ window = 3 }",
        "{ cron = 3, on = {} }",
    ];
    let lines: Vec<&str> = super::AIR.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let Some((key, _)) = line.split_once(" = ") else {
            continue;
        };
        for value in values {
            let spoilt = format!("{key} = {value}");
            let mut lines = lines.clone();
            lines[at] = &spoilt;
            let mut sources = sound();
            sources.last_mut().unwrap().text = lines.join("\n");
            let read = read(&sources);
            printed(&read.diagnostics);
            assert_eq!(read.has_errors(), !read.broken_plans.is_empty(), "{spoilt}");
            assert_eq!(read.declared.unwrap().plans.len() + read.broken_plans.len(), 1, "{spoilt}");
        }
    }
}

#[test]
fn files_that_cannot_be_read_are_told() {
    let dir = tempfile::tempdir().unwrap();
    for source in sound() {
        let path = dir.path().join(&source.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, source.text).unwrap();
    }
    assert!(!read_dir(dir.path()).unwrap().has_errors());
    std::fs::write(dir.path().join("gbk.toml"), b"# \xce\xc4\n").unwrap();
    std::fs::create_dir(dir.path().join("directory.toml")).unwrap();
    let _pipe = std::os::unix::net::UnixListener::bind(dir.path().join("pipe.toml")).unwrap();
    let read = read_dir(dir.path()).unwrap();
    assert_eq!(read.broken_plans, ["directory.toml", "gbk.toml", "pipe.toml"]);
    assert_eq!(read.declared.unwrap().plans.len(), 1);
    let shown = printed(&read.diagnostics);
    assert!(shown.contains("gbk.toml is not UTF-8: byte 2, line 1"), "{shown}");
    assert!(shown.contains("directory.toml is no file"), "{shown}");
    assert!(shown.contains("pipe.toml is no file"), "{shown}");
    assert!(matches!(read_dir(&dir.path().join("none")), Err(ScheduleFault::Missing(_))));

    let (plan, faults) = read_plan(&dir.path().join("air.toml"), &[]);
    assert!(plan.is_none());
    assert!(
        faults.iter().all(|fault| fault.to_string().starts_with("there is no unit")),
        "{}",
        printed(&faults)
    );
    assert_eq!(faults.first().unwrap().file, dir.path().join("air.toml").display().to_string());
}
