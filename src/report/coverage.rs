//! What the plan files cover: clauses cited and missing, units, deadlines by month, and all that
//! still needs a person.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use serde::Serialize;

use super::outline::{Outline, outline};
use super::tasks::occurrences;
use crate::calendar::WorkingDays;
use crate::domain::adoption::{Declared, DeclaredPlan};
use crate::domain::{
    Citation, ConflictAbout, Due, DueBasis, LeadBasis, PlanId, Said, Task, TaskSlug, UnitId, UnitKind,
};

/// Most occurrences of one task whose deadlines are counted by month.
const OCCURRENCES_MAX: usize = 5_000;
/// Numbers up to which gaps are looked for where there is no document.
const CLAUSES_MAX: u32 = 1_000;
/// Characters shown on either side of a scan slip.
const SLIP_CONTEXT_CHARS: usize = 4;

/// What all files cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// plan by plan
    pub plans: Vec<PlanCoverage>,
    /// how many units and collectives are declared
    pub units: usize,
    /// units that can be written to, but have no address or only a placeholder
    pub without_address: Vec<UnitId>,
    /// collectives without members
    pub without_members: Vec<UnitId>,
    /// years within the plans' reach whose days off are not known
    pub provisional_years: Vec<i32>,
}

/// What one plan covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanCoverage {
    /// the plan
    pub plan: PlanId,
    /// its title
    pub title: String,
    /// what letters call it
    pub short: String,
    /// its file
    pub file: String,
    /// how many tasks
    pub tasks: usize,
    /// part by part of the document
    pub parts: Vec<PartCoverage>,
    /// units that lead
    pub lead: Vec<UnitId>,
    /// units that only cooperate
    pub cooperate_only: Vec<UnitId>,
    /// how many tasks have which shape of `due`
    pub shapes: BTreeMap<&'static str, usize>,
    /// how many deadlines fall in which month, `2021-06`
    pub deadlines: BTreeMap<String, usize>,
    /// tasks without a date in the document
    pub awaiting: Vec<Awaiting>,
    /// tasks whose lead a person should confirm
    pub assumed_leads: Vec<AssumedLead>,
    /// tasks whose date is not printed, and why it is read so
    pub assumed_dates: Vec<AssumedDate>,
    /// what the document says otherwise
    pub conflicts: Vec<Contradiction>,
    /// where the scan slipped
    pub slips: Vec<Slip>,
}

/// How much of one part of a document is cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartCoverage {
    /// `measures`, `safeguards`, `list rows`, `annex 1 rows`; `clauses` where no document is at hand
    pub part: String,
    /// how many should be cited; none where no document is at hand
    pub expected: Option<usize>,
    /// how many of these are
    pub cited: usize,
    /// those that no task cites
    pub missing: Vec<Citation>,
    /// safeguards that name no unit, and so ask nothing of any
    pub without_units: Vec<Citation>,
    /// numbers that the document itself leaves out; without a document, those that no task cites
    pub not_in_document: Vec<u32>,
    /// cited, but the document has no such clause
    pub unknown: Vec<Citation>,
}

/// A task without a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Awaiting {
    pub task: TaskSlug,
    pub title: String,
    pub phrase: String,
}

/// A task whose lead is assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct AssumedLead {
    pub task: TaskSlug,
    pub title: String,
    pub lead: Vec<UnitId>,
}

/// A task whose date is assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct AssumedDate {
    pub task: TaskSlug,
    pub title: String,
    pub note: Option<String>,
}

/// Two readings of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Contradiction {
    pub task: TaskSlug,
    pub about: ConflictAbout,
    pub says: Vec<Said>,
    pub used: Citation,
    pub why: String,
}

/// A slip of the scan: the words around it, as printed and as letters show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Slip {
    pub task: TaskSlug,
    pub printed: String,
    pub reading: String,
}

/// What the files cover.
#[must_use]
pub fn coverage(declared: &Declared) -> Coverage {
    let working = declared.working();
    let reach = declared.plans.iter().map(|file| file.plan.head.in_force);
    let years: BTreeSet<i32> = reach.flat_map(|days| days.from.year()..=days.until.year()).collect();
    let addressed = declared.units.iter().filter(|unit| unit.kind != UnitKind::Government);
    let collectives = declared.units.iter().filter(|unit| unit.kind == UnitKind::Collective);
    Coverage {
        plans: declared.plans.iter().map(|file| of_plan(file, declared, &working)).collect(),
        units: declared.units.len(),
        without_address: addressed
            .filter(|unit| unit.lacks_real_address())
            .map(|unit| unit.id.clone())
            .collect(),
        without_members: collectives
            .filter(|unit| unit.members.is_empty())
            .map(|unit| unit.id.clone())
            .collect(),
        provisional_years: years.into_iter().filter(|year| working.is_provisional(*year)).collect(),
    }
}

fn of_plan(file: &DeclaredPlan, declared: &Declared, working: &WorkingDays) -> PlanCoverage {
    let (head, tasks) = (&file.plan.head, &file.plan.tasks);
    let lead: BTreeSet<&UnitId> = tasks.iter().flat_map(|task| &task.lead).collect();
    let cooperate: BTreeSet<&UnitId> = tasks.iter().flat_map(|task| &task.cooperate).collect();
    let mut shapes = BTreeMap::new();
    let mut deadlines = BTreeMap::new();
    for task in tasks {
        *shapes.entry(shape(&task.due)).or_default() += 1;
        for day in occurrences(task, head, working).take(OCCURRENCES_MAX).filter_map(|dates| dates.deadline) {
            *deadlines.entry(day.format("%Y-%m").to_string()).or_default() += 1;
        }
    }
    let document = file.source_text.as_deref();
    let outline = document.and_then(|text| outline(text, &head.title, &declared.units));
    PlanCoverage {
        plan: head.id.clone(),
        title: head.title.clone(),
        short: head.short.clone(),
        file: file.file.clone(),
        tasks: tasks.len(),
        parts: parts(tasks, outline.as_ref()),
        cooperate_only: cooperate.difference(&lead).map(|unit| (*unit).clone()).collect(),
        lead: lead.into_iter().cloned().collect(),
        shapes,
        deadlines,
        awaiting: tasks.iter().filter_map(awaiting).collect(),
        assumed_leads: tasks
            .iter()
            .filter(|task| task.lead_basis == LeadBasis::Assumed)
            .map(|task| AssumedLead {
                task: task.id.clone(),
                title: task.title.clone(),
                lead: task.lead.clone(),
            })
            .collect(),
        assumed_dates: tasks
            .iter()
            .filter(|task| task.due_basis == DueBasis::Assumed)
            .map(|task| AssumedDate {
                task: task.id.clone(),
                title: task.title.clone(),
                note: task.due_note.clone(),
            })
            .collect(),
        conflicts: tasks.iter().flat_map(contradictions).collect(),
        slips: tasks.iter().filter_map(slip).collect(),
    }
}

fn awaiting(task: &Task) -> Option<Awaiting> {
    let Due::Awaiting(phrase) = &task.due else { return None };
    Some(Awaiting { task: task.id.clone(), title: task.title.clone(), phrase: phrase.clone() })
}

fn contradictions(task: &Task) -> impl Iterator<Item = Contradiction> {
    task.conflicts.iter().map(|conflict| Contradiction {
        task: task.id.clone(),
        about: conflict.about,
        says: conflict.says.clone(),
        used: conflict.used.clone(),
        why: conflict.why.clone(),
    })
}

/// The key that names the shape in a plan file.
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

/// Each part of the document against what is cited.
fn parts(tasks: &[Task], outline: Option<&Outline>) -> Vec<PartCoverage> {
    let cited: BTreeSet<&Citation> = tasks.iter().flat_map(|task| &task.cite).collect();
    let Some(base) = cited.iter().map(|cite| base_of(&cite.part)).min_by_key(|part| part.len()) else {
        return Vec::new();
    };
    let Some(outline) = outline else {
        let numbers: BTreeSet<u32> = cited.iter().filter_map(|cite| cite.clause.parse().ok()).collect();
        let last = numbers.last().copied().unwrap_or(0).min(CLAUSES_MAX);
        let gaps = (1..last).filter(|number| !numbers.contains(number)).collect();
        let clauses = PartCoverage { not_in_document: gaps, ..PartCoverage::named("clauses") };
        return vec![PartCoverage { cited: cited.len(), ..clauses }];
    };
    let clause = |part: &str, clause: String| Citation { part: part.to_owned(), clause };
    let mut parts = Vec::new();
    let mut hold = |name: String, wanted: Vec<Citation>, without_units: Vec<Citation>, left_out: Vec<u32>| {
        parts.push(PartCoverage {
            expected: Some(wanted.len()),
            cited: wanted.iter().filter(|cite| cited.contains(cite)).count(),
            missing: wanted.into_iter().filter(|cite| !cited.contains(cite)).collect(),
            without_units,
            not_in_document: left_out,
            ..PartCoverage::named(&name)
        });
    };
    let measures = outline.measures.iter().map(|number| clause(base, number.clone()));
    hold("measures".to_owned(), measures.collect(), Vec::new(), Vec::new());
    let safeguard = |number: u32| clause(base, format!("safeguard-{number}"));
    let (naming, without): (Vec<_>, Vec<_>) = outline.safeguards.iter().partition(|one| one.names_units);
    if !outline.safeguards.is_empty() {
        hold(
            "safeguards".to_owned(),
            naming.iter().map(|one| safeguard(one.number)).collect(),
            without.iter().map(|one| safeguard(one.number)).collect(),
            Vec::new(),
        );
    }
    for table in &outline.tables {
        let (part, name) = match table.annex {
            None => (format!("{base}-list"), "list rows".to_owned()),
            Some(annex) => (format!("{base}-annex{annex}"), format!("annex {annex} rows")),
        };
        let last = table.rows.last().copied().unwrap_or(0);
        let left_out = (1..=last).filter(|row| !table.rows.contains(row)).collect();
        let rows = table.rows.iter().map(|row| clause(&part, row.to_string()));
        hold(name, rows.collect(), Vec::new(), left_out);
    }
    let known: BTreeSet<Citation> = outline
        .measures
        .iter()
        .map(|number| clause(base, number.clone()))
        .chain(outline.safeguards.iter().map(|one| safeguard(one.number)))
        .chain(outline.tables.iter().flat_map(|table| {
            let part = table.annex.map_or_else(|| format!("{base}-list"), |n| format!("{base}-annex{n}"));
            table.rows.iter().map(move |row| Citation { part: part.clone(), clause: row.to_string() })
        }))
        .collect();
    let unknown: Vec<Citation> = cited.into_iter().filter(|cite| !known.contains(cite)).cloned().collect();
    if !unknown.is_empty() {
        parts.push(PartCoverage { cited: unknown.len(), unknown, ..PartCoverage::named("elsewhere") });
    }
    parts
}

impl PartCoverage {
    fn named(part: &str) -> Self {
        Self {
            part: part.to_owned(),
            expected: None,
            cited: 0,
            missing: Vec::new(),
            without_units: Vec::new(),
            not_in_document: Vec::new(),
            unknown: Vec::new(),
        }
    }
}

/// `air` of `air-list` and `air-annex1`.
fn base_of(part: &str) -> &str {
    let annex = part.rfind("-annex").filter(|at| {
        part.get(at + "-annex".len()..).is_some_and(|n| n.bytes().all(|byte| byte.is_ascii_digit()))
    });
    part.strip_suffix("-list").or_else(|| part.get(..annex?)).unwrap_or(part)
}

/// The words in which reading and text differ, with a little around them.
#[must_use]
pub fn slip(task: &Task) -> Option<Slip> {
    let text: Vec<char> = task.text.chars().collect();
    let reading: Vec<char> = task.reading.as_ref()?.chars().collect();
    let same = |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(a, b)| a == b).count();
    let head = same(&mut text.iter().zip(&reading));
    let most = text.len().min(reading.len()).saturating_sub(head);
    let tail = same(&mut text.iter().rev().zip(reading.iter().rev())).min(most);
    let around = |chars: &[char]| -> String {
        let from = head.saturating_sub(SLIP_CONTEXT_CHARS);
        let until = (chars.len() - tail + SLIP_CONTEXT_CHARS).min(chars.len());
        let shown = chars.get(from..until).unwrap_or_default();
        shown.iter().map(|c| if c.is_whitespace() { ' ' } else { *c }).collect()
    };
    Some(Slip { task: task.id.clone(), printed: around(&text), reading: around(&reading) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Coverage {
        coverage(&crate::schedules::embedded().declared.unwrap())
    }

    #[test]
    fn the_shipped_plans_cite_all_that_their_document_numbers() {
        let shown: Vec<String> = shipped()
            .plans
            .iter()
            .flat_map(|plan| {
                plan.parts.iter().map(move |part| {
                    assert!(part.missing.is_empty(), "{:?}", part.missing);
                    assert!(part.unknown.is_empty(), "{:?}", part.unknown);
                    let of = part.expected.map_or_else(|| "-".to_owned(), |n| n.to_string());
                    let without = part.without_units.len();
                    format!(
                        "{} {} {}/{of} {without} {:?}",
                        plan.file, part.part, part.cited, part.not_in_document
                    )
                })
            })
            .collect();
        assert_eq!(
            shown,
            [
                "air.toml measures 27/27 0 []",
                "air.toml safeguards 7/7 0 []",
                "air.toml list rows 41/41 0 [22]",
                "annual.toml clauses 7/- 0 []",
                "soil.toml measures 16/16 0 []",
                "soil.toml safeguards 4/4 0 []",
                "water.toml measures 25/25 0 []",
                "water.toml safeguards 2/2 2 []",
                "water.toml annex 1 rows 3/3 0 []",
                "water.toml annex 2 rows 3/3 0 []",
            ]
        );
    }

    #[test]
    fn a_clause_that_no_task_cites_is_missing_and_one_that_the_document_lacks_is_told() {
        let mut declared = crate::schedules::embedded().declared.unwrap();
        let air = declared.plans.iter_mut().find(|file| file.file == "air.toml").unwrap();
        air.plan.tasks.retain(|task| !task.cite.iter().any(|cite| cite.clause == "26"));
        air.plan.tasks[0].cite.push("air:99".parse().unwrap());
        let covered = coverage(&declared);
        let parts = &covered.plans.iter().find(|plan| plan.file == "air.toml").unwrap().parts;
        assert_eq!(parts[0].missing, ["air:26".parse().unwrap()]);
        assert_eq!(parts.last().unwrap().unknown, ["air:99".parse().unwrap()]);
    }

    #[test]
    fn a_slip_shows_the_words_around_it() {
        let slips: Vec<String> = shipped()
            .plans
            .iter()
            .flat_map(|plan| &plan.slips)
            .map(|slip| format!("{} → {}", slip.printed, slip.reading))
            .collect();
        assert!(
            slips.contains(&"…措施，严控控制煤炭 → 措施，严格控制煤炭".trim_start_matches('…').to_owned()),
            "{slips:?}"
        );
    }

    #[test]
    fn what_the_shipped_plans_leave_to_a_person() {
        let covered = shipped();
        let counts: Vec<String> = covered
            .plans
            .iter()
            .map(|plan| {
                format!(
                    "{}: {} tasks, {} awaiting, {} leads assumed, {} conflicts, {} slips, {} deadlines",
                    plan.file,
                    plan.tasks,
                    plan.awaiting.len(),
                    plan.assumed_leads.len(),
                    plan.conflicts.len(),
                    plan.slips.len(),
                    plan.deadlines.values().sum::<usize>(),
                )
            })
            .collect();
        assert_eq!(
            counts,
            [
                "air.toml: 75 tasks, 5 awaiting, 22 leads assumed, 15 conflicts, 5 slips, 33 deadlines",
                "annual.toml: 7 tasks, 0 awaiting, 0 leads assumed, 0 conflicts, 0 slips, 135 deadlines",
                "soil.toml: 37 tasks, 7 awaiting, 21 leads assumed, 0 conflicts, 0 slips, 3 deadlines",
                "water.toml: 59 tasks, 9 awaiting, 40 leads assumed, 1 conflicts, 1 slips, 16 deadlines",
            ]
        );
        assert_eq!(covered.without_address.len(), 33, "all but the county government");
        assert_eq!(covered.without_members.len(), 6);
        assert_eq!(covered.provisional_years, [2027, 2028, 2029, 2030]);
    }
}
