//! The shipped plans against the document they were taken from: nothing missing, nothing invented.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use duban::calendar::{Cadence, YearlyWindow};
use duban::domain::{Citation, ConflictAbout, Due, DueBasis, LeadBasis, Plan, Task, Unit, UnitKind};
use duban::schedules::{Declared, read_dir};

pub const AIR: &str = "yangcheng-2021-air";
pub const WATER: &str = "yangcheng-2021-water";
pub const SOIL: &str = "yangcheng-2021-soil";
pub const ANNUAL: &str = "annual";

/// What `schedules/` declares.
pub fn shipped() -> Declared {
    let read = read_dir(&schedules()).unwrap();
    let faults: Vec<String> = read.diagnostics.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "the shipped files have faults:\n{}", faults.join("\n"));
    read.declared.unwrap()
}

/// The document as scanned.
pub fn document() -> String {
    fs::read_to_string(schedules().join("source/yangzhengbanfa-2021-41.txt")).unwrap()
}

/// A text without white space. Tabs part the cells of a table, so a document keeps them.
pub fn squeezed(text: &str, keep_tabs: bool) -> String {
    text.chars().filter(|c| !c.is_whitespace() || (keep_tabs && *c == '\t')).collect()
}

/// The passages of a task's text, without white space.
pub fn passages(text: &str) -> Vec<String> {
    text.split("\n\n").map(|passage| squeezed(passage, false)).collect()
}

pub fn plan<'d>(declared: &'d Declared, id: &str) -> &'d Plan {
    let found = declared.plans.iter().find(|file| file.plan.head.id.as_str() == id);
    &found.unwrap_or_else(|| panic!("no plan {id}")).plan
}

pub fn task<'p>(plan: &'p Plan, id: &str) -> &'p Task {
    let found = plan.tasks.iter().find(|task| task.id.as_str() == id);
    found.unwrap_or_else(|| panic!("no task {}/{id}", plan.head.id))
}

pub fn cites(task: &Task, clause: &str) -> bool {
    task.cite.iter().any(|cite| cite.to_string() == clause)
}

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn schedules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules")
}

/// The three plans that the document holds.
fn of_the_document(declared: &Declared) -> [&Plan; 3] {
    [AIR, WATER, SOIL].map(|id| plan(declared, id))
}

fn citing<'p>(plan: &'p Plan, clause: &str) -> Vec<&'p Task> {
    plan.tasks.iter().filter(|task| cites(task, clause)).collect()
}

fn ids<'t>(tasks: impl IntoIterator<Item = &'t Task>) -> Vec<&'t str> {
    tasks.into_iter().map(|task| task.id.as_str()).collect()
}

fn leads(task: &Task) -> Vec<&str> {
    task.lead.iter().map(duban::domain::UnitId::as_str).collect()
}

fn shape(due: &Due) -> &'static str {
    match due {
        Due::By(_) => "by",
        Due::Every(_) => "every",
        Due::Window(_) | Due::YearlyWindow(_) => "window",
        Due::Starting(_) => "starting",
        Due::Avoid(_) | Due::YearlyAvoid(_) => "avoid",
        Due::Ongoing => "ongoing",
        Due::Awaiting(_) => "awaiting",
        Due::Done(_) => "done",
        Due::Cron(_) => "cron",
    }
}

/// One row of the air plan's list: number, main task, time limit, units as printed.
struct ListRow {
    number: String,
    what: String,
    when: String,
    units: Vec<String>,
}

fn list_rows(document: &str) -> Vec<ListRow> {
    let list = document.split_once("类别\t序号").unwrap().1;
    let list = list.split_once("阳城县 2021 年水生态环境保护行动计划").unwrap().0;
    let rows = list.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let rows = rows.filter(|cells| {
        cells.get(1).is_some_and(|cell| !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit()))
    });
    let row = |cells: Vec<&str>| ListRow {
        number: cells[1].to_owned(),
        what: squeezed(cells[2], false),
        when: squeezed(cells[3], false),
        // the scan broke the housing bureau's name in one cell
        units: cells[4]
            .replace("建设 管理局", "建设管理局")
            .split_whitespace()
            .map(ToOwned::to_owned)
            .collect(),
    };
    rows.map(row).collect()
}

fn by_spelling(units: &[Unit]) -> BTreeMap<&str, &str> {
    let spellings = units.iter().flat_map(|unit| {
        let names = unit.aliases.iter().chain([&unit.name]);
        names.map(move |name| (name.as_str(), unit.id.as_str()))
    });
    spellings.collect()
}

#[test]
fn every_passage_stands_in_the_document() {
    let declared = shipped();
    let document = squeezed(&document(), false);
    for task in of_the_document(&declared).iter().flat_map(|plan| &plan.tasks) {
        for passage in passages(&task.text) {
            assert!(!passage.is_empty() && document.contains(&passage), "{}: {passage}", task.id);
            assert!(!passage.contains("责任单位"), "{} quotes the bracket: {passage}", task.id);
        }
        for said in task.conflicts.iter().flat_map(|conflict| &conflict.says) {
            assert!(document.contains(&squeezed(&said.text, false)), "{}: {}", task.id, said.text);
            assert!(task.cite.contains(&said.cite), "{} does not cite {}", task.id, said.cite);
        }
        assert_ne!(task.reading.as_ref(), Some(&task.text), "{}: a reading that changes nothing", task.id);
    }
    for file in declared.plans {
        let quotes = file.plan.head.id.as_str() != ANNUAL;
        assert_eq!(file.source_text.is_some(), quotes, "{}", file.file);
    }
}

#[test]
fn every_measure_safeguard_and_row_is_cited() {
    let declared = shipped();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let mut want = |part: &str, clauses: &mut dyn Iterator<Item = String>| {
        wanted.extend(clauses.map(|clause| format!("{part}:{clause}")));
    };
    let numbers = |until: u32| (1..=until).map(|n| n.to_string());
    let safeguards = |until: u32| (1..=until).map(|n| format!("safeguard-{n}"));
    want("air", &mut numbers(27));
    want("air", &mut safeguards(7));
    want("air-list", &mut numbers(42).filter(|number| number != "22"));
    for (section, items) in [(1, 4), (2, 9), (3, 4), (4, 3), (5, 5)] {
        want("water", &mut (1..=items).map(|item| format!("{section}.{item}")));
    }
    want("water", &mut safeguards(2));
    want("water-annex1", &mut numbers(3));
    want("water-annex2", &mut numbers(3));
    want("soil", &mut numbers(16));
    want("soil", &mut safeguards(4));
    want("annual", &mut numbers(7));

    let tasks = declared.plans.iter().flat_map(|file| &file.plan.tasks);
    let cited: BTreeSet<String> = tasks.flat_map(|task| &task.cite).map(Citation::to_string).collect();
    let lacking: Vec<&String> = wanted.difference(&cited).collect();
    let invented: Vec<&String> = cited.difference(&wanted).collect();
    assert!(lacking.is_empty() && invented.is_empty(), "lacking {lacking:?}, invented {invented:?}");

    // a plan cites its own part of the document only
    for (id, part) in [(AIR, "air"), (WATER, "water"), (SOIL, "soil"), (ANNUAL, "annual")] {
        let mut own = plan(&declared, id).tasks.iter().flat_map(|task| &task.cite);
        assert!(own.all(|cite| cite.part.split('-').next() == Some(part)), "{id}");
    }
}

#[test]
fn every_sentence_of_a_measure_is_in_some_task() {
    let declared = shipped();
    let document = squeezed(&document(), false);
    let mut covered = vec![false; document.len()];
    for task in of_the_document(&declared).iter().flat_map(|plan| &plan.tasks) {
        for passage in passages(&task.text) {
            for (start, found) in document.match_indices(&passage) {
                covered[start..start + found.len()].fill(true);
            }
        }
    }
    // Left out are brackets of units, numbers, headings and joints such as 并; no sentence of a measure is.
    let regions = [
        ("三、重点任务(一)围绕环境容量", "附件:阳城县2021年空气质量"),
        ("二、重点任务(一)全面加强水资源管控", "(三)强化考核问责"),
        ("二、主要任务(一)强化土壤污染状况详查成果", "抄送:"),
    ];
    for (from, until) in regions {
        let start = document.find(from).unwrap();
        let end = start + document[start..].find(until).unwrap();
        let mut gap = String::new();
        let rest = document[start..end].char_indices().map(|(at, c)| (covered[start + at], c));
        for (is_covered, c) in rest.chain([(true, '。')]) {
            if !is_covered {
                gap.push(c);
                continue;
            }
            let without_brackets: String = gap
                .split(['〔', '['])
                .map(|part| match part.split_once(['〕', ']']) {
                    Some((_, after)) => after,
                    None => part,
                })
                .collect();
            let rest = without_brackets.trim_end_matches('.').trim_end_matches(|c: char| c.is_ascii_digit());
            let is_heading =
                ["(", "二、", "三、", "四、", "五、"].iter().any(|start| rest.starts_with(start))
                    && !rest.contains(['。', ';', '；']);
            let is_joint = rest.chars().all(|c| ",，;；。.并".contains(c) || c.is_ascii_digit());
            assert!(is_heading || is_joint, "in no task: {gap}");
            gap.clear();
        }
    }
}

#[test]
fn counts_by_shape_are_these() {
    let declared = shipped();
    let counts = |id: &str| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for task in &plan(&declared, id).tasks {
            *counts.entry(shape(&task.due)).or_default() += 1;
        }
        counts.into_iter().collect::<Vec<_>>()
    };
    let air = [
        ("avoid", 1),
        ("awaiting", 5),
        ("by", 17),
        ("done", 7),
        ("every", 3),
        ("ongoing", 36),
        ("starting", 4),
        ("window", 2),
    ];
    assert_eq!(counts(AIR), air);
    assert_eq!(counts(WATER), [("awaiting", 9), ("by", 13), ("every", 1), ("ongoing", 34), ("starting", 2)]);
    assert_eq!(counts(SOIL), [("awaiting", 7), ("by", 3), ("ongoing", 27)]);
    assert_eq!(counts(ANNUAL), [("avoid", 1), ("every", 4), ("window", 2)]);
    assert_eq!(declared.plans.len(), 4);
}

#[test]
fn a_list_row_leads_and_a_blank_cell_is_inferred() {
    let declared = shipped();
    let air = plan(&declared, AIR);
    let spellings = by_spelling(&declared.units);
    let rows = list_rows(&document());
    assert_eq!(rows.len(), 41);
    let mut above: Vec<&str> = Vec::new();
    let mut blank: Vec<&str> = Vec::new();
    for row in &rows {
        let clause = format!("air-list:{}", row.number);
        if row.units.is_empty() {
            blank.push(&row.number);
        } else {
            above = row.units.iter().map(|name| spellings[name.as_str()]).collect();
        }
        let basis = if row.units.is_empty() { LeadBasis::Inferred } else { LeadBasis::List };
        let tasks = citing(air, &clause);
        assert!(!tasks.is_empty(), "{clause}");
        for task in &tasks {
            assert_eq!(leads(task), above, "{}", task.id);
            assert_eq!(task.lead_basis, basis, "{}", task.id);
        }
        // the row's own words stand in its tasks, and its time limit is the due of one of them
        let quoted =
            tasks.iter().flat_map(|task| passages(&task.text)).filter(|passage| row.what.contains(passage));
        let quoted: usize = quoted.map(|passage| passage.len()).max().unwrap_or(0);
        assert!(quoted * 2 > row.what.len(), "{clause} is quoted by half at most");
        let fits = |task: &&Task| match (row.when.as_str(), &task.due) {
            ("长期坚持", Due::Ongoing) | ("已完成", Due::Done(_)) => true,
            (when, Due::Starting(_) | Due::Window(_)) => when.ends_with('起') || when.ends_with("5-9月"),
            (when, Due::By(_)) => when.ends_with("底前"),
            _ => false,
        };
        assert!(tasks.iter().any(fits), "{clause}: {}", row.when);
    }
    assert_eq!(blank, ["8", "31", "33", "34", "35", "36", "38", "39", "41"]);
    assert_eq!(leads(task(air, "clean-heating-plan")), ["energy"]);
    for id in ["heavy-pollution-response", "dry-cleaners", "boiler-checks", "summer-inspection"] {
        assert_eq!(leads(task(air, id)), ["eco-env"], "{id}");
    }
}

#[test]
fn lead_and_cooperating_units_are_those_of_the_bracket() {
    let declared = shipped();
    let document = squeezed(&document(), false);
    let spellings = by_spelling(&declared.units);
    for task in of_the_document(&declared).iter().flat_map(|plan| &plan.tasks) {
        let has_bracket = task.cite.iter().any(|cite| matches!(cite.part.as_str(), "air" | "water" | "soil"))
            && task.lead_basis != LeadBasis::Named;
        if !has_bracket {
            continue;
        }
        let first = &passages(&task.text)[0];
        let after = &document[document.find(first).unwrap() + first.len()..];
        let begins = ["责任单位:", "责任单位："].map(|begin| after.find(begin).map(|at| at + begin.len()));
        let bracket = &after[begins.into_iter().flatten().min().unwrap()..];
        let bracket = bracket.split(['〕', ']']).next().unwrap();
        let unit = |name: &str| *spellings.get(name).unwrap_or_else(|| panic!("{}: no unit {name}", task.id));
        let units: Vec<&str> = bracket.split(['、', ',', '，']).map(unit).collect();
        let ours: BTreeSet<&str> =
            leads(task).into_iter().chain(task.cooperate.iter().map(duban::domain::UnitId::as_str)).collect();
        assert_eq!(ours, units.iter().copied().collect(), "{}", task.id);
        match task.lead_basis {
            LeadBasis::Sole => assert_eq!(units.len(), 1, "{}", task.id),
            LeadBasis::Assumed => {
                assert!(units.len() > 1, "{}", task.id);
                assert_eq!(leads(task), [units[0]], "{}", task.id);
            }
            LeadBasis::List | LeadBasis::Inferred => {
                assert!(task.cite.iter().any(|cite| cite.part.contains('-')), "{}", task.id);
            }
            LeadBasis::Named | LeadBasis::Office | LeadBasis::Confirmed => {
                panic!("{}: {:?}", task.id, task.lead_basis)
            }
        }
    }
}

#[test]
fn row_9_is_two_tasks_and_keeps_the_three_dates() {
    let declared = shipped();
    let air = plan(&declared, AIR);
    assert_eq!(ids(citing(air, "air-list:9")), ["waste-heat-survey", "heat-source-grade-b"]);
    let survey = task(air, "waste-heat-survey");
    assert_eq!(survey.due, Due::By(day(2021, 5, 31)));
    assert_eq!(task(air, "heat-source-grade-b").due, Due::By(day(2021, 9, 30)));
    let [conflict] = survey.conflicts.as_slice() else { panic!("one conflict") };
    assert_eq!(conflict.about, ConflictAbout::Deadline);
    let says = conflict.says.iter().map(|said| (said.cite.to_string(), said.text.clone()));
    let says: Vec<(String, String)> = says.collect();
    let wanted = [("air:8", "2021年5月底前"), ("air-list:9", "3月份"), ("air-list:9", "2021年9月底前")];
    assert_eq!(says, wanted.map(|(cite, text)| (cite.to_owned(), text.to_owned())));
    assert_eq!(conflict.used.to_string(), "air:8");
    assert!(!conflict.why.is_empty());
}

#[test]
fn row_37_is_done_as_planning_and_still_warns() {
    let declared = shipped();
    let air = plan(&declared, AIR);
    assert_eq!(ids(citing(air, "air-list:37")), ["shutdown-planning", "shutdown-avoid"]);
    assert_eq!(task(air, "shutdown-planning").due, Due::Done("已完成".into()));
    let Due::Avoid(days) = task(air, "shutdown-avoid").due else { panic!("an avoid window") };
    assert_eq!((days.from, days.until), (day(2021, 7, 1), day(2021, 9, 30)));
}

#[test]
fn two_plants_are_two_tasks_and_the_township_leads_the_second() {
    let declared = shipped();
    let water = plan(&declared, WATER);
    assert_eq!(ids(citing(water, "water:2.1")), ["second-sewage-plant", "dingdian-phase-two"]);
    assert_eq!(task(water, "second-sewage-plant").due, Due::By(day(2021, 6, 30)));
    let phase_two = task(water, "dingdian-phase-two");
    assert_eq!(phase_two.due, Due::By(day(2021, 12, 31)));
    assert_eq!(leads(phase_two), ["dingdian"]);
    assert_eq!(phase_two.conflicts[0].about, ConflictAbout::Lead);
    assert_eq!(phase_two.conflicts[0].used.to_string(), "water-annex2:3");
}

#[test]
fn conflicts_are_kept_where_body_and_list_differ() {
    use ConflictAbout::{Deadline, Lead, Scope, Wording};

    let declared = shipped();
    let kept = of_the_document(&declared).into_iter().flat_map(|plan| &plan.tasks).flat_map(|task| {
        task.conflicts.iter().map(|conflict| (task.id.as_str(), conflict.about, conflict.used.to_string()))
    });
    let kept: Vec<(&str, ConflictAbout, String)> = kept.collect();
    let wanted = [
        ("tech-upgrade", Wording, "air:3"),
        ("waste-heat-survey", Deadline, "air:8"),
        ("heating-subsidies", Wording, "air:9"),
        ("gate-systems", Scope, "air:12"),
        ("gate-systems", Wording, "air:12"),
        ("diesel-6a", Scope, "air:13"),
        ("bulk-transport", Scope, "air:14"),
        ("new-energy-vehicles", Wording, "air:15"),
        ("machinery-check", Scope, "air:17"),
        ("fine-management-plan", Wording, "air-list:24"),
        ("heavy-pollution-list", Wording, "air:19"),
        ("shutdown-planning", Scope, "air:23"),
        ("shutdown-avoid", Scope, "air:23"),
        ("winter-campaign-2020", Wording, "air:25"),
        ("winter-campaign", Wording, "air:26"),
        ("dingdian-phase-two", Lead, "water-annex2:3"),
    ];
    assert_eq!(kept, wanted.map(|(id, about, used)| (id, about, used.to_owned())));
}

#[test]
fn what_is_read_and_not_printed_says_so() {
    let declared = shipped();
    for file in &declared.plans {
        for task in &file.plan.tasks {
            let name = format!("{}/{}", file.plan.head.id, task.id);
            assert!(task.due_basis == DueBasis::Printed || task.due_note.is_some(), "{name}");
            if let Due::Awaiting(why) = &task.due {
                let (phrase, _) = why.split_once('：').unwrap_or_else(|| panic!("{name}: {why}"));
                assert!(squeezed(&task.text, false).contains(phrase), "{name}: {phrase} is not its own");
            }
            if file.source_text.is_some() {
                assert_eq!(task.target, task.text.contains("力争"), "{name}");
            }
        }
    }
    let assumed = declared.plans.iter().flat_map(|file| &file.plan.tasks);
    let assumed = ids(assumed.filter(|task| task.due_basis == DueBasis::Assumed));
    assert_eq!(assumed, ["winter-campaign"]);
    let recorded = declared.plans.iter().flat_map(|file| &file.plan.tasks).filter(|task| task.recorded);
    for task in recorded {
        assert_eq!(leads(task), ["county-gov"], "{}", task.id);
    }
}

#[test]
fn titles_tell_tasks_of_a_plan_apart() {
    let declared = shipped();
    for file in &declared.plans {
        let mut titles = BTreeSet::new();
        for task in &file.plan.tasks {
            assert!(titles.insert(&task.title), "{}: {} twice", file.file, task.title);
            assert!(task.title.chars().count() <= 20, "{}: {}", file.file, task.title);
        }
    }
}

#[test]
fn the_annual_plan_stands_on_its_own() {
    let declared = shipped();
    let annual = plan(&declared, ANNUAL);
    let text = fs::read_to_string(schedules().join("annual.toml")).unwrap();
    for ground in ["41", "阳政办", "document_number", "source"] {
        assert!(!text.contains(ground), "annual.toml mentions {ground}");
    }
    assert_eq!(annual.head.document_number, None);
    assert!(annual.tasks.iter().all(|task| task.lead_basis == LeadBasis::Office));

    for id in ["machinery-check", "bulk-transport-campaign", "black-water-monitoring"] {
        let Due::Every(every) = &task(annual, id).due else { panic!("{id} recurs") };
        assert_eq!((every.every, every.from), (Cadence::Quarter, Some(day(2022, 1, 1))), "{id}");
    }
    let window = |id: &str, text: &str, from: NaiveDate| {
        let (Due::YearlyWindow(yearly) | Due::YearlyAvoid(yearly)) = &task(annual, id).due else {
            panic!("{id} is a yearly window")
        };
        assert_eq!(yearly.window, YearlyWindow::parse(text).unwrap(), "{id}");
        assert_eq!(yearly.from, Some(from), "{id}");
    };
    window("summer-inspection", "05-01..09-30", day(2022, 1, 1));
    window("shutdown-avoid", "07-01..09-30", day(2022, 1, 1));
    window("winter-campaign", "10-01..03-31", day(2022, 10, 1));
    let Due::Every(report) = &task(annual, "annual-report").due else { panic!("the report recurs") };
    assert_eq!((report.every, report.due_after_days), (Cadence::Year, Some(10)));
    assert_eq!(report.from, Some(day(2022, 1, 1)));
    assert_eq!(annual.head.collect.as_ref().unwrap().asked.from, Some(day(2022, 4, 1)));
}

#[test]
fn every_unit_has_an_office_mailbox_that_is_a_placeholder() {
    let declared = shipped();
    assert_eq!(declared.units.len(), 34);
    let document = squeezed(&document(), false);
    for unit in &declared.units {
        let mailbox = unit.mailbox.as_deref().unwrap_or_default();
        assert_eq!(mailbox, format!("{}@duban.example", unit.id), "a role, never a person");
        assert!(unit.lacks_real_address(), "{}", unit.id);
        // 北留镇、润城镇、町店镇人民政府 is printed in one
        let printed = [&unit.name].into_iter().chain(&unit.aliases).any(|name| document.contains(name));
        assert!(printed, "{} is not in the document", unit.name);
        assert!(unit.members.is_empty() || unit.kind == UnitKind::Collective, "{}", unit.id);
    }
    let collectives = declared.units.iter().filter(|unit| unit.kind == UnitKind::Collective);
    assert_eq!(collectives.count(), 6);
}
