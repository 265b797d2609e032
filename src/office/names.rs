//! Names as they were typed, looked up in the ledger: a task, a unit, a matter.

use super::Refused;
use super::typed::{Matter, TaskName, UnitName};
use crate::domain::command::Target;
use crate::domain::{Ledger, PlanId, PlanState, TaskId, Unit, UnitId};
use crate::matter::is_over;
use crate::schedules::near::nearest;

/// The task that a typed name means. A name alone means the task of a plan that is followed, where plans that are
/// closed have one too.
///
/// # Errors
/// No task has the name, or several have.
pub fn task(ledger: &Ledger, name: &TaskName) -> Result<TaskId, Refused> {
    let found: Vec<(TaskId, bool)> = match name {
        TaskName::Full(id) => tasks(ledger).filter(|(known, _)| known == id).collect(),
        TaskName::Slug(slug) => tasks(ledger).filter(|(known, _)| known.task == *slug).collect(),
    };
    let asked: Vec<&TaskId> = found.iter().filter(|(_, is_over)| !is_over).map(|(id, _)| id).collect();
    let meant = if asked.is_empty() { found.iter().map(|(id, _)| id).collect() } else { asked };
    match meant.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(no_task(ledger, &name.to_string())),
        [first, ..] => {
            let names: Vec<String> = meant.iter().map(|id| format!("`{id}`")).collect();
            Err(Refused::decided(format!("several plans have a task `{}`", first.task))
                .cure(format!("name one: {}", names.join(" or "))))
        }
    }
}

/// Tasks that are not withdrawn, and whether their plan is over.
fn tasks(ledger: &Ledger) -> impl Iterator<Item = (TaskId, bool)> + '_ {
    ledger.plans().flat_map(|(id, plan)| {
        let there = plan.tasks().filter(|state| state.withdrawn.is_none());
        there.map(move |state| (TaskId { plan: id.clone(), task: state.task.id.clone() }, is_over(plan)))
    })
}

fn no_task(ledger: &Ledger, given: &str) -> Refused {
    let whole = given.contains('/');
    let names = tasks(ledger).map(|(id, _)| if whole { id.to_string() } else { id.task.to_string() });
    let names: Vec<String> = names.collect();
    let near = nearest(given, names.iter().map(String::as_str));
    Refused::decided(format!("no task `{given}`"))
        .cure("`duban task list` shows them")
        .maybe_cure(near.map(|near| format!("did you mean `{near}`?")))
}

/// The unit that a typed name means: its id, its short or full name, or another name that documents give it.
///
/// # Errors
/// No unit has the name, or several have.
pub fn unit<'l>(ledger: &'l Ledger, name: &UnitName) -> Result<&'l Unit, Refused> {
    let name = name.as_str();
    let units = || ledger.units().map(|state| &*state.unit);
    if let Some(known) = units().find(|unit| unit.id.as_str() == name) {
        return Ok(known);
    }
    let named =
        |unit: &&Unit| unit.short == name || unit.name == name || unit.aliases.iter().any(|a| a == name);
    match units().filter(named).collect::<Vec<_>>().as_slice() {
        [one] => Ok(one),
        [] => {
            let near = nearest(name, units().map(|unit| unit.id.as_str()));
            Err(Refused::decided(format!("no unit `{name}`"))
                .cure("`duban unit list` shows them")
                .maybe_cure(near.map(|near| format!("did you mean `{near}`?"))))
        }
        several => {
            let ids: Vec<String> = several.iter().map(|unit| format!("`{}`", unit.id)).collect();
            Err(Refused::decided(format!("several units are called `{name}`"))
                .cure(format!("name one: {}", ids.join(" or "))))
        }
    }
}

/// The same, of several names.
///
/// # Errors
/// As [`unit()`].
pub fn units(ledger: &Ledger, names: &[UnitName]) -> Result<Vec<UnitId>, Refused> {
    names.iter().map(|name| Ok(unit(ledger, name)?.id.clone())).collect()
}

/// The plan of that id.
///
/// # Errors
/// There is none; the nearest is named.
pub fn plan<'l>(ledger: &'l Ledger, id: &PlanId) -> Result<&'l PlanState, Refused> {
    ledger.plan(id).ok_or_else(|| {
        let near = nearest(id.as_str(), ledger.plans().map(|(id, _)| id.as_str()));
        Refused::decided(format!("no plan `{id}`"))
            .cure("`duban plan list` shows them")
            .maybe_cure(near.map(|near| format!("did you mean `{near}`?")))
    })
}

/// Which matter is meant.
///
/// # Errors
/// As [`task`] and [`unit()`]; two periods are named.
pub fn target(ledger: &Ledger, matter: &Matter) -> Result<Target, Refused> {
    let unit = matter.unit.as_ref().map(|name| unit(ledger, name)).transpose()?;
    let task = task(ledger, &matter.name.task)?;
    let period = match (matter.name.period, matter.period) {
        (Some(typed), Some(other)) if typed != other => {
            let what = format!("`{task}/{typed}` and `--period {other}` are two periods");
            return Err(Refused::decided(what).cure("name one"));
        }
        (typed, other) => typed.or(other),
    };
    Ok(Target { task, period, unit: unit.map(|unit| unit.id.clone()) })
}

/// A target in words: `plan/task/period of unit`.
#[must_use]
pub fn shown(target: &Target) -> String {
    let period = target.period.map(|period| format!("/{period}")).unwrap_or_default();
    let unit = target.unit.as_ref().map(|unit| format!(" of {unit}")).unwrap_or_default();
    format!("{}{period}{unit}", target.task)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, ManualClock};
    use crate::office::Office;

    fn office(now: &str) -> Office {
        let declared = crate::schedules::embedded().declared.unwrap();
        Office::of_plans(&declared, Clock::Manual(ManualClock::at(now.parse().unwrap())))
    }

    fn resolved(office: &Office, name: &str) -> Result<String, String> {
        let found = task(&office.ledger(), &name.parse().unwrap());
        found.map(|id| id.to_string()).map_err(|refused| refused.what)
    }

    #[test]
    fn a_name_means_one_task_or_is_refused_with_the_way_out() {
        let office = office("2021-06-23T01:00:00Z");
        let meant = |name| resolved(&office, name);
        assert_eq!(meant("dry-cleaners").unwrap(), "yangcheng-2021-air/dry-cleaners");
        assert_eq!(meant("annual/machinery-check").unwrap(), "annual/machinery-check");
        assert_eq!(meant("machinery-check").unwrap_err(), "several plans have a task `machinery-check`");
        assert_eq!(meant("dry-cleaner").unwrap_err(), "no task `dry-cleaner`");
    }

    #[test]
    fn a_task_of_a_plan_that_is_over_makes_no_name_ambiguous() {
        let office = office("2026-11-30T01:00:00Z");
        assert!(is_over(plan(&office.ledger(), &"yangcheng-2021-water".parse().unwrap()).unwrap()));
        assert_eq!(resolved(&office, "black-water-monitoring").unwrap(), "annual/black-water-monitoring");
        let full = resolved(&office, "yangcheng-2021-water/black-water-monitoring");
        assert_eq!(full.unwrap(), "yangcheng-2021-water/black-water-monitoring");
    }

    #[test]
    fn a_unit_is_known_by_id_short_name_and_the_names_of_documents() {
        let office = office("2021-06-23T01:00:00Z");
        let ledger = office.ledger();
        let meant = |name: &str| unit(&ledger, &name.parse().unwrap()).map(|unit| unit.id.to_string());
        assert_eq!(meant("housing").unwrap(), "housing");
        assert_eq!(meant("县住建局").unwrap(), "housing");
        let refused = meant("housin").unwrap_err();
        assert_eq!(refused.cure.unwrap(), "did you mean `housing`?");
    }
}
