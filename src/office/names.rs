//! Names as they were typed, looked up in the ledger: a task, a unit, a matter.

use std::collections::BTreeSet;

use super::authority::own_units;
use super::typed::{Matter, TaskName, UnitName};
use super::{Act, Caller, Refused};
use crate::domain::command::Target;
use crate::domain::{Ledger, PlanId, PlanState, TaskId, Unit, UnitId};
use crate::locale::{Message, Value, message, texts};
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
            Err(Refused::decided(message("several-tasks").with("task", &first.task)).cure(one_of(&meant)))
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

fn one_of<T: ToString>(names: &[T]) -> Message {
    let names = texts(names.iter().map(|name| format!("`{}`", name.to_string())));
    message("cure-name-one").put("names", Value::OneOf(names))
}

fn near(name: Option<&str>) -> Option<Message> {
    name.map(|name| message("cure-near").with("near", name))
}

fn no_task(ledger: &Ledger, given: &str) -> Refused {
    let whole = given.contains('/');
    let names = tasks(ledger).map(|(id, _)| if whole { id.to_string() } else { id.task.to_string() });
    let names: Vec<String> = names.collect();
    Refused::decided(message("no-task").with("task", given))
        .cure(message("cure-task-list"))
        .maybe_cure(near(nearest(given, names.iter().map(String::as_str))))
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
            let known = nearest(name, units().map(|unit| unit.id.as_str()));
            Err(Refused::decided(message("no-unit").with("unit", name))
                .cure(message("cure-unit-list"))
                .maybe_cure(near(known)))
        }
        several => {
            let ids: Vec<&UnitId> = several.iter().map(|unit| &unit.id).collect();
            Err(Refused::decided(message("several-units").with("unit", name)).cure(one_of(&ids)))
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
        Refused::decided(message("no-plan").with("plan", id))
            .cure(message("cure-plan-list"))
            .maybe_cure(near(nearest(id.as_str(), ledger.plans().map(|(id, _)| id.as_str()))))
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
            let why = message("two-periods").with("task", &task).with("period", &typed).with("other", &other);
            return Err(Refused::decided(why).cure(message("cure-name-one-alone")));
        }
        (typed, other) => typed.or(other),
    };
    Ok(Target { task, period, unit: unit.map(|unit| unit.id.clone()) })
}

/// A target in words: `plan/task/period of unit`.
pub(super) fn shown(target: &Target) -> Value {
    let period = target.period.map(|period| format!("/{period}")).unwrap_or_default();
    let matter = format!("{}{period}", target.task);
    match &target.unit {
        None => Value::Text(matter),
        Some(unit) => {
            Value::Message(Box::new(message("matter-of-unit").with("matter", &matter).with("unit", unit)))
        }
    }
}

/// The units that a list is about: the one it names, else the own ones of whoever may see no others; `None` where it is
/// about all.
///
/// # Errors
/// No unit has the name.
pub(super) fn asked_units(
    ledger: &Ledger,
    name: Option<&UnitName>,
    caller: &Caller,
) -> Result<Option<BTreeSet<UnitId>>, Refused> {
    match name {
        Some(name) => Ok(Some([unit(ledger, name)?.id.clone()].into())),
        None => Ok(own_units(caller, Act::Read).cloned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, ManualClock};
    use crate::locale::Language;
    use crate::office::Office;

    fn office(now: &str) -> Office {
        let declared = crate::schedules::embedded().declared.unwrap();
        Office::of_plans(&declared, Clock::Manual(ManualClock::at(now.parse().unwrap())))
    }

    fn resolved(office: &Office, name: &str) -> Result<String, String> {
        let found = task(&office.ledger(), &name.parse().unwrap());
        found.map(|id| id.to_string()).map_err(|refused| refused.told_in(Language::English).what)
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
        assert_eq!(
            (refused.what.as_str(), refused.cure.as_deref()),
            ("没有单位“housin”", Some("是否指`housing`？"))
        );
        assert_eq!(refused.told_in(Language::English).cure.unwrap(), "did you mean `housing`?");
    }
}
