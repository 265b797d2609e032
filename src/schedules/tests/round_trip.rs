//! A plan that is exported reads back to the same plan.

use proptest::prelude::*;

use super::super::*;
use super::{printed, read, sound};
use crate::domain::{
    Answer, Citation, Conflict, ConflictAbout, DueBasis, LeadBasis, Plan, PlanHead, Said, Task, TaskSlug,
    UnitId,
};

const DUES: [&str; 13] = [
    "{ by = 2021-06-30 }",
    "{ every = \"month\", on = 31, season = \"10-01..03-31\", from = 2022-04-01 }",
    "{ every = \"quarter\", on = \"2-15\", due_after = \"10d\", until = 2030-12-31 }",
    "{ every = \"week\", on = \"sun\" }",
    "{ every = \"workday\" }",
    "{ window = { from = 2021-10-01, until = 2022-03-31 } }",
    "{ window = \"02-01..02-29\" }",
    "{ starting = 2021-07-01 }",
    "{ avoid = \"07-01..09-30\", from = 2022-01-01 }",
    "{ ongoing = true }",
    "{ awaiting = \"汛前\" }",
    "{ done = \"已完成\" }",
    "{ cron = \"0 0 9 1 3 *\" }",
];

fn back(plan: &Plan) -> Plan {
    let units = read(&sound()).declared.unwrap().units;
    let text = to_toml(plan);
    let (file, faults) = parse_plan(&Source { name: "back.toml".into(), text: text.clone() }, &units, &[]);
    assert!(faults.iter().all(|fault| !fault.is_error()), "{}\n{text}", printed(&faults));
    file.unwrap().plan
}

fn line() -> impl Strategy<Value = String> {
    let letters =
        prop::sample::select(vec!['长', 'a', '"', '\\', '\'', '#', '=', '〔', ' ', '{', '\u{1F600}']);
    prop::collection::vec(letters, 1..12).prop_map(|letters| {
        let text: String = letters.into_iter().collect();
        format!("一{}", text.trim())
    })
}

fn passage() -> impl Strategy<Value = String> {
    let letters = prop::sample::select(vec!['长', '"', '"', '\\', '\n', '\t', 'x']);
    prop::collection::vec(letters, 1..16).prop_map(|letters| {
        let text: String = letters.into_iter().collect();
        let text = text.trim();
        if text.is_empty() { "一".to_owned() } else { text.to_owned() }
    })
}

prop_compose! {
    fn task(at: usize)(
        title in line(),
        text in passage(),
        reading in prop::option::of(passage()),
        due in prop::sample::select(DUES.to_vec()),
        note in prop::option::of(passage()),
        basis in prop::sample::select(vec![
            LeadBasis::List, LeadBasis::Inferred, LeadBasis::Sole, LeadBasis::Assumed, LeadBasis::Named,
            LeadBasis::Office, LeadBasis::Confirmed,
        ]),
        flags in any::<[bool; 6]>(),
        said in passage(),
        about in prop::sample::select(vec![
            ConflictAbout::Deadline, ConflictAbout::Lead, ConflictAbout::Scope, ConflictAbout::Wording,
        ]),
    ) -> Task {
        let [each, target, fixed, recorded, conflicting, reported] = flags;
        let unit = |id| UnitId::parse(id).unwrap();
        let cite = |text: &str| text.parse::<Citation>().unwrap();
        let said = |at| Said { cite: cite(at), text: said.clone() };
        Task {
            id: TaskSlug::parse(&format!("task-{at}")).unwrap(),
            title,
            text,
            reading,
            cite: vec![cite("air:17"), cite("water:2.4")],
            lead: vec![unit("eco-env")],
            lead_basis: basis,
            cooperate: if each { vec![unit("housing"), unit("townships-all")] } else { Vec::new() },
            due: parse_due(due).unwrap(),
            due_basis: if note.is_some() && fixed { DueBasis::Assumed } else { DueBasis::Printed },
            due_note: note.clone(),
            standard: note.clone(),
            evidence: note.filter(|_| target),
            report_to: reported.then(|| unit("eco-env")),
            answer: if each { Answer::Each } else { Answer::Lead },
            target,
            fixed,
            recorded,
            conflicts: if conflicting {
                vec![Conflict { about, says: vec![said("air:1"), said("air-list:1")], used: cite("air:1"), why: "长".into() }]
            } else {
                Vec::new()
            },
            matter: None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn an_exported_plan_reads_back(
        title in line(),
        number in prop::option::of(line()),
        first in task(1),
        second in task(2),
        collects in any::<bool>(),
    ) {
        let sound = read(&sound()).declared.unwrap().plans.remove(0).plan.head;
        let head = PlanHead {
                quiet: false,
            title,
            document_number: number,
            collect: sound.collect.clone().filter(|_| collects),
            ..sound
        };
        let plan = Plan { head, tasks: vec![first, second] };
        prop_assert_eq!(back(&plan), plan);
    }
}

#[test]
fn an_exported_plan_reads_well() {
    let plan = read(&sound()).declared.unwrap().plans.remove(0).plan;
    assert_eq!(back(&plan), plan);
    insta::assert_snapshot!("exported_plan", to_toml(&plan));
}
