//! Coverage as `check` prints it.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use super::print::{Column, Ink, Printer, padded};
use super::speech::Speech;
use super::words::{Names, ids};
use crate::domain::adoption::Declared;
use crate::domain::{ConflictAbout, Said, UnitId};
use crate::locale::{self, Value as Told, message, texts};
use crate::report::coverage::{AssumedLead, Contradiction, Coverage, PartCoverage, PlanCoverage, Slip};

/// Width of the labels before every line.
const LABEL_COLUMNS: usize = 19;
/// Months shown one by one; later ones together.
const MONTHS_SHOWN_MAX: usize = 18;
/// Missing units named one by one; where more are missing, or all, they are counted.
const UNITS_NAMED_MAX: usize = 12;

/// The whole of it.
#[must_use]
pub fn shown(printer: &Printer, covered: &Coverage, declared: &Declared) -> String {
    let names = Names::of(&declared.units);
    let mut text = String::new();
    for plan in &covered.plans {
        text.push_str(&one_plan(printer, plan));
        text.push('\n');
    }
    text.push_str(&months(printer, &covered.plans));
    text.push_str(&office(printer, covered, &names));
    text
}

/// Several in a row.
fn row(speech: Speech, parts: Vec<String>) -> String {
    locale::word(speech.0, &Told::All(texts(parts)))
}

fn line(printer: &Printer, label: &str, text: &str) -> String {
    printer.hanging(&printer.speech().label(label, LABEL_COLUMNS), text)
}

/// Lines below a label, each a name and what is said of it, aligned.
fn below<T: ToString>(printer: &Printer, lines: &[(T, String)]) -> String {
    let lines: Vec<(String, &String)> = lines.iter().map(|(name, words)| (name.to_string(), words)).collect();
    let column = lines.iter().map(|(name, _)| name.width()).max().unwrap_or(0) + 2;
    lines
        .iter()
        .map(|(name, words)| printer.hanging(&format!("    {}", padded(name, column)), words))
        .collect()
}

fn one_plan(printer: &Printer, plan: &PlanCoverage) -> String {
    let speech = printer.speech();
    let head = message("coverage-head").with("title", &plan.title).with("plan", &plan.plan);
    let head = head.with("file", &plan.file).with("tasks", &speech.count(plan.tasks, "task"));
    let head = speech.told(&head);
    let mut text = printer.ink(Ink::Bold, printer.hanging("", &head).trim_end());
    text.push('\n');
    for part in &plan.parts {
        text.push_str(&line(printer, &part.part, &of_part(speech, part)));
    }
    let lead = match plan.cooperate_only.len() {
        0 => message("coverage-lead"),
        more => message("coverage-lead-and-cooperate").with("more", &more),
    };
    text.push_str(&line(printer, "units", &speech.told(&lead.with("lead", &plan.lead.len()))));
    let shape = |(shape, tasks): (&&str, &usize)| {
        let word = speech.word(&format!("shape-{shape}"));
        speech.told(&message("coverage-shape").with("tasks", tasks).with("shape", &word))
    };
    text.push_str(&line(printer, "due", &row(speech, plan.shapes.iter().map(shape).collect())));
    if !plan.awaiting.is_empty() {
        let hint = message("coverage-awaiting").with("tasks", &speech.count(plan.awaiting.len(), "task"));
        text.push_str(&line(printer, "awaiting-a-date", &speech.told(&hint)));
        let lines: Vec<_> = plan.awaiting.iter().map(|one| (&one.task, one.phrase.clone())).collect();
        text.push_str(&below(printer, &lines));
    }
    if !plan.assumed_dates.is_empty() {
        text.push_str(&line(printer, "assumed-dates", &speech.count(plan.assumed_dates.len(), "task")));
        let note = |note: &Option<String>| note.clone().unwrap_or_else(|| speech.word("no-reason-given"));
        let lines: Vec<_> = plan.assumed_dates.iter().map(|one| (&one.task, note(&one.note))).collect();
        text.push_str(&below(printer, &lines));
    }
    if !plan.assumed_leads.is_empty() {
        let tasks = speech.count(plan.assumed_leads.len(), "task");
        let hint = message("coverage-assumed").with("tasks", &tasks);
        text.push_str(&line(printer, "assumed-leads", &speech.told(&hint)));
        let by_lead = by_lead(&plan.assumed_leads);
        let tasks = |tasks: &[&AssumedLead]| ids(&tasks.iter().map(|one| &one.task).collect::<Vec<_>>());
        let lines: Vec<_> = by_lead.iter().map(|(lead, of_it)| (ids(lead), tasks(of_it))).collect();
        text.push_str(&below(printer, &lines));
    }
    if !plan.conflicts.is_empty() {
        text.push_str(&line(printer, "conflicts", &plan.conflicts.len().to_string()));
        let lines: Vec<_> =
            plan.conflicts.iter().map(|one| (&one.task, contradiction(speech, one))).collect();
        text.push_str(&below(printer, &lines));
    }
    if !plan.slips.is_empty() {
        text.push_str(&line(printer, "slips-of-the-scan", &plan.slips.len().to_string()));
        let words = |one: &Slip| format!("…{}… → …{}…", one.printed, one.reading);
        let lines: Vec<_> = plan.slips.iter().map(|one| (&one.task, words(one))).collect();
        text.push_str(&below(printer, &lines));
    }
    text
}

/// `air:8 “2021年5月底前”, not air-list:9 “3月份”`.
fn contradiction(speech: Speech, one: &Contradiction) -> String {
    let (used, others): (Vec<_>, Vec<_>) = one.says.iter().partition(|said| said.cite == one.used);
    let quoted = |said: &[&Said]| {
        row(speech, said.iter().map(|said| format!("{} “{}”", said.cite, said.text)).collect())
    };
    let told = match (used.as_slice(), others.as_slice()) {
        ([], others) => {
            message("coverage-conflict-used").with("used", &one.used).with("others", &quoted(others))
        }
        (used, others) => {
            message("coverage-conflict").with("used", &quoted(used)).with("others", &quoted(others))
        }
    };
    speech.told(&told.put("about", Told::Word(about(one.about).to_owned())))
}

fn about(about: ConflictAbout) -> &'static str {
    match about {
        ConflictAbout::Deadline => "conflict-deadline",
        ConflictAbout::Lead => "conflict-lead",
        ConflictAbout::Scope => "conflict-scope",
        ConflictAbout::Wording => "conflict-wording",
    }
}

fn by_lead(assumed: &[AssumedLead]) -> BTreeMap<&[UnitId], Vec<&AssumedLead>> {
    let mut by_lead: BTreeMap<&[UnitId], Vec<&AssumedLead>> = BTreeMap::new();
    for one in assumed {
        by_lead.entry(&one.lead).or_default().push(one);
    }
    by_lead
}

/// `41 of 41; the document has no 22`.
fn of_part(speech: Speech, part: &PartCoverage) -> String {
    if !part.unknown.is_empty() {
        return speech.told(&message("coverage-unknown").with("which", &ids(&part.unknown)));
    }
    let Some(expected) = part.expected else {
        let gaps = match part.not_in_document.as_slice() {
            [] => speech.word("no-number-left-out"),
            gaps => speech.told(&message("coverage-gaps").with("which", &ids(gaps))),
        };
        let told = message("coverage-no-document").with("cited", &part.cited);
        return speech.told(&told.with("gaps", &gaps));
    };
    let cited = message("coverage-cited").with("cited", &part.cited).with("expected", &expected);
    let mut words = speech.told(&cited);
    for (code, which) in [
        ("coverage-missing", ids(&part.missing)),
        ("coverage-no-unit", ids(&part.without_units)),
        ("coverage-not-in-document", ids(&part.not_in_document)),
    ] {
        if !which.is_empty() {
            words = speech.told(&message(code).with("words", &words).with("which", &which));
        }
    }
    words
}

/// Deadlines by month, a column a plan; what comes after the months shown, in one row.
fn months(printer: &Printer, plans: &[PlanCoverage]) -> String {
    let all: BTreeSet<&str> =
        plans.iter().flat_map(|plan| plan.deadlines.keys()).map(String::as_str).collect();
    let shown: Vec<&str> = all.into_iter().take(MONTHS_SHOWN_MAX).collect();
    let Some(last) = shown.last() else { return String::new() };
    let cell = |count: usize| if count == 0 { String::new() } else { count.to_string() };
    let line = |label: String, wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
        let of_plan = |plan: &PlanCoverage| {
            plan.deadlines.iter().filter(|(month, _)| wanted(month)).map(|(_, count)| count).sum()
        };
        std::iter::once(label).chain(plans.iter().map(|plan| cell(of_plan(plan)))).collect()
    };
    let mut rows: Vec<Vec<String>> =
        shown.iter().map(|month| line((*month).to_owned(), &|other| other == *month)).collect();
    if plans.iter().any(|plan| plan.deadlines.keys().any(|month| month.as_str() > *last)) {
        rows.push(line(printer.speech().word("later"), &|month| month > *last));
    }
    let mut columns = vec![Column::whole("deadlines")];
    columns.extend(plans.iter().map(|plan| Column::number(&plan.short)));
    format!("{}\n", printer.table(&columns, &rows))
}

/// What holds for all plans.
fn office(printer: &Printer, covered: &Coverage, names: &Names) -> String {
    let (mut text, speech) = (String::new(), printer.speech());
    let mut tell = |label: &str, words: &str| {
        text.push_str(&printer.hanging(&speech.plain_label(label, LABEL_COLUMNS + 2), words));
    };
    if !covered.without_address.is_empty() {
        let missing = covered.without_address.len();
        let which = if missing > UNITS_NAMED_MAX {
            message("coverage-addresses-of").with("units", &covered.units)
        } else {
            message("coverage-addresses").with("names", &names.row(&covered.without_address))
        };
        tell("addresses-missing", &speech.told(&which.with("missing", &missing)));
    }
    if !covered.without_members.is_empty() {
        let which = names.row(&covered.without_members);
        tell("members-missing", &speech.told(&message("coverage-members").with("which", &which)));
    }
    if !covered.provisional_years.is_empty() {
        let years = ids(&covered.provisional_years);
        tell("days-off-provisional", &speech.told(&message("coverage-days-off").with("years", &years)));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::report::coverage::coverage;

    use super::*;

    #[test]
    fn the_shipped_soil_plan_on_80_columns() {
        let mut declared = crate::schedules::embedded().declared.unwrap();
        declared.plans.retain(|file| file.file == "soil.toml");
        let shown = shown(&Printer::plain(Some(80)), &coverage(&declared), &declared);
        insta::assert_snapshot!(shown, @r#"
        阳城县2021年土壤污染防治行动计划  yangcheng-2021-soil (soil.toml, 37 tasks)
          measures           16 of 16 cited
          safeguards         4 of 4 cited
          units              9 lead, 7 only cooperate
          due                7 awaiting, 3 by, 27 ongoing
          awaiting a date    7 tasks; `duban task settle` gives one
            survey-results        在省级规定时间内：文件未定日期，待本地明确
            demolition-plan       在拆除设施、设备或者建筑物、构筑物前：随拆除而定，文件
                                  未定日期，待本地明确
            land-transfer-survey  用途变更或者在其土地使用权收回、转让前：随事项而定，文
                                  件未定日期，待本地明确
            self-monitoring       年度内：文件未定日期，待本地明确
            hazard-check-new      纳入土壤污染重点监管单位名录一年内：随纳入日期而定，文
                                  件未定日期，待本地明确
            county-evaluation     年度评估：文件未定日期，待本地明确
            annual-assessment     考核：在2022年1月10日报送之后进行，文件未定日期，待本
                                  地明确
          assumed leads      21 tasks; `duban task confirm` settles them
            agri-rural     priority-farmland, safe-use-farmland, farmland-plan,
                           farmland-categories, farm-chemicals
            eco-env        survey-results, routine-monitoring, demolition-plan,
                           land-transfer-survey, early-land-survey, idle-plots,
                           plot-register, enforcement, nature-reserves
            forestry       strict-control-farmland
            housing        household-waste
            livestock      farm-waste
            nat-resources  land-survey, land-access, land-planning, plot-joint-control

        deadlines  土壤污染防治计划
        ───────────────────────────
        2021-12                   1
        2022-01                   1
        2025-12                   1

        addresses missing    33 of 34 units have a placeholder or none; `duban unit set
                             UNIT --mailbox ADDRESS` sets one
        members missing      各乡镇 (townships-all), 各有关乡镇 (townships-relevant), 县
                             直各相关部门 (county-depts-relevant), 县直各相关单位
                             (county-units-relevant), 各相关部门 (depts-relevant), 各单
                             位 (units-each); mail goes to the collective's own address
        "#);
    }
}
