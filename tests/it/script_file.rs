//! Scripts of a rehearsal as files: what is wrong with them is told, what comes out otherwise is found,
//! habits fill them up, and the command shows and writes what came of them.

use std::fs;

use duban::locale::Language;
use duban::schedules::script::parse_script;
use duban::schedules::{self, Source};

use crate::process::program;
use crate::rehearsal::declared;
use crate::script::{FROM, file, of};

#[test]
fn a_fixed_deadline_refuses_the_unit_and_the_office() {
    let mut sources = schedules::embedded_sources();
    let air = sources.iter_mut().find(|source| source.name == "air.toml").unwrap();
    let id = "id = \"fine-management-plan\"\n";
    air.text = air.text.replace(id, &format!("{id}fixed = true\n"));
    let declared = schedules::parse(&sources).declared.unwrap();
    let script = "\
[[act]]
on = 2021-06-22
who = \"eco-env\"
does = \"extension\"
task = \"yangcheng-2021-air/fine-management-plan\"
new_deadline = 2021-07-31
expect = \"refused\"

[[act]]
on = 2021-06-23
who = \"office\"
does = \"grant\"
task = \"yangcheng-2021-air/fine-management-plan\"
new_deadline = 2021-07-31
expect = \"refused\"
";
    let played = of(&declared, script, "2021-06-24").played;
    assert!(played.findings.is_empty(), "{:#?}", played.findings);
    assert_eq!(played.refused.len(), 2);
    for refused in &played.refused {
        assert!(refused.why.contains("2021-06-30"), "{}", refused.why);
    }
}

#[test]
fn what_comes_out_otherwise_is_a_finding_with_its_line() {
    let script = "\
[[act]]
on = 2021-05-20
who = \"energy\"
does = \"receipt\"
task = \"yangcheng-2021-air/clean-heating-review\"

[[act]]
on = 2021-05-25
who = \"office\"
does = \"accept\"
task = \"yangcheng-2021-air/clean-heating-plan\"
unit = \"energy\"
expect = \"refused\"

[[act]]
on = 2021-06-25
who = \"energy\"
does = \"receipt\"
task = \"yangcheng-2021-air/clean-heating-review\"
";
    let findings = of(&declared(), script, "2021-05-26").played.findings;
    let starts = ["line 1: ", "line 7: ", "line 15: "];
    assert_eq!(findings.len(), 3, "{findings:#?}");
    for (finding, start) in findings.iter().zip(starts) {
        assert!(finding.starts_with(start), "{finding}");
    }
}

#[test]
fn a_script_is_refused_with_the_line_and_what_would_be_right() {
    for (script, line, expected) in [
        (
            "[[act]]\non = 2021-06-01\nwho = \"energi\"\ndoes = \"receipt\"\ntask = \"matters/x\"\n",
            3,
            "energy",
        ),
        (
            "[[act]]\non = 2021-06-01\nwho = \"energy\"\ndoes = \"receipt\"\ntask = \"yangcheng-2021-air/clean-heating-revue\"\n",
            5,
            "clean-heating-review",
        ),
        (
            "[[act]]\non = 2021-06-01\nwho = \"energy\"\ndoes = \"accept\"\ntask = \"matters/x\"\n",
            4,
            "office",
        ),
        ("[[act]]\non = 2021-06-01\nwho = \"office\"\ndoes = \"chase\"\n", 1, "task"),
        ("[[act]]\non = 2021-06-01\nwho = \"office\"\ndoes = \"bulletin\"\nmonth = \"2021\"\n", 5, "2021-06"),
        (
            "[[act]]\non = 2021-06-01\nwho = \"office\"\ndoes = \"ledger\"\nreason = \"x\"\n",
            5,
            "no key of its own",
        ),
        ("[[habit]]\nunit = \"energy\"\nanswers = \"accepts\"\n", 3, "office"),
        ("[[act]]\non = \"soon\"\nwho = \"office\"\ndoes = \"ledger\"\n", 2, "2021-06-28"),
    ] {
        let source = Source { name: "script.toml".to_owned(), text: script.to_owned() };
        let (read, faults) = parse_script(&source, &declared());
        assert!(read.is_none(), "{script}");
        let told = faults.iter().any(|fault| {
            let shown = fault.shown(Language::English);
            let words = format!("{shown} {}", shown.help.as_deref().unwrap_or_default());
            fault.line == line && words.contains(expected)
        });
        assert!(told, "{script}\n{faults:#?}");
    }
}

#[test]
fn units_without_an_act_answer_by_habit_and_the_office_accepts() {
    let script = "\
[[habit]]
unit = \"energy\"
answers = \"in-time\"

[[habit]]
unit = \"eco-env\"
answers = \"never\"

[[habit]]
unit = \"*\"
answers = \"late\"

[[habit]]
unit = \"office\"
answers = \"accepts\"
";
    let rehearsal = of(&declared(), script, "2021-07-31");
    assert!(rehearsal.played.findings.is_empty(), "{:#?}", rehearsal.played.findings);
    let end = rehearsal.months.iter().find(|end| end.period.to_string() == "2021-07").unwrap();
    // Carried into July: eco-env's A D E F G H I K, never answered; housing's L M N and transport's J,
    // claimed on 5 July, accepted two days later. Due in July: O.
    assert_eq!((end.totals.carried_over, end.totals.due_this_month), (8 + 4, 1));
    assert_eq!((end.totals.on_time, end.totals.late, end.totals.unfinished), (0, 4, 9));
    // B and C of energy: claimed on Friday, 28 May, for 29 May is a Saturday.
    let may = rehearsal.months.iter().find(|end| end.period.to_string() == "2021-05").unwrap();
    assert_eq!((may.totals.on_time, may.totals.in_review), (2, 0));
}

#[test]
fn the_command_shows_lights_rates_and_burden_and_writes_the_papers() {
    let home = tempfile::tempdir().unwrap();
    let script = file().display().to_string();
    let rehearse = |more: &[&str]| {
        let mut command = program(home.path());
        command.args(["rehearse", "--from", FROM, "--until", "2021-07-10", "--script", &script]).args(more);
        command.output().unwrap()
    };
    let output = rehearse(&["--out", "papers"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "acts after the last day are findings: {said}");
    for expected in ["letters", "requests", "9>5", "30.8%", "not played, it lies after the last day"] {
        assert!(said.contains(expected), "{expected} is missing:\n{said}");
    }
    let mut names: Vec<String> = fs::read_dir(home.path().join("papers"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("bulletin") || name.contains("07-10"))
        .collect();
    names.sort();
    let bulletins = ["bulletin-2021-06.docx", "bulletin-2021-06.html", "bulletin-2021-06.json"];
    assert_eq!(names, [&bulletins[..], &["ledger-2021-07-10.json", "ledger-2021-07-10.xlsx"]].concat());

    let output = rehearse(&["--format", "json"]);
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let burden = figures["burden"].as_array().unwrap().iter();
    let june = burden.clone().find(|one| one["unit"] == "housing" && one["month"] == "2021-06").unwrap();
    assert_eq!((june["letters_before"].as_u64(), june["letters"].as_u64()), (Some(9), Some(5)));
}
