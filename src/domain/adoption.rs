//! What the files say against what the ledger holds: the difference becomes events.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::agenda;
use super::changes::{self, Why};
use super::command::{HandOver, hand_over, skip_remaining};
use super::event::{Event, NewEvent, PlanOwner, SkipReason, Stream};
use super::id::{Digest, OccurrenceId, PlanId, TaskId, TaskSlug, UnitId};
use super::ladder::Ladders;
use super::ledger::{Ledger, PlanState, Slot, TaskState, UnitState};
use super::light_rules::LightRules;
use super::occurrence;
use super::office::Office;
use super::plan::{Plan, Task};
use super::unit::Unit;
use crate::calendar::{Period, WorkingDays, WorkingYear, ahead};

/// Everything the files say, already checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// `office.toml`
    pub office: Office,
    /// `ladders.toml`
    pub ladders: Ladders,
    /// `lights.toml`; without one the rules in force stay
    pub lights: Option<LightRules>,
    /// `units.toml`
    pub units: Vec<Unit>,
    /// `workdays/`
    pub working_years: Vec<WorkingYear>,
    /// one a plan file
    pub plans: Vec<DeclaredPlan>,
}

impl Declared {
    /// The days off of its years.
    #[must_use]
    pub fn working(&self) -> WorkingDays {
        WorkingDays::new(self.working_years.iter().cloned())
    }
}

/// One plan file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredPlan {
    /// the file's name
    pub file: String,
    /// of its bytes
    pub digest: Digest,
    /// what it says
    pub plan: Plan,
    /// the document that its texts are quoted from
    pub source_text: Option<std::sync::Arc<str>>,
    /// why a legal date changed, by task
    pub change_reasons: BTreeMap<TaskSlug, String>,
    /// by which paper a task changed, by task
    pub change_grounds: BTreeMap<TaskSlug, String>,
}

/// What files and ledger disagree in without an event: told to the admin, changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// a plan that files own has no file any more
    #[error(
        "plan `{plan}` was adopted from `{file}`, which is gone; the plan stays as it is: put the file back, or close the plan with `duban plan close {plan}`"
    )]
    FileMissing {
        /// the plan
        plan: PlanId,
        /// its file
        file: String,
    },
    /// the office owns the plan
    #[error(
        "`{file}` is not read: the office owns plan `{plan}`; `duban plan take-over {plan} --by file --reason …` gives it back to its file, which is taken at once"
    )]
    OwnedByOffice {
        /// the plan
        plan: PlanId,
        /// its file
        file: String,
    },
    /// an edit of a unit that the office has set
    #[error(
        "`units.toml` says something else of {unit} than the office has set, and is not taken: `duban unit set {unit} {set}` takes it"
    )]
    UnitSetByOffice {
        /// the unit
        unit: UnitId,
        /// what would set it as the file says, options of `unit set`
        set: String,
    },
    /// a legal date moved without a reason
    #[error(
        "`{file}`: the legal date of task `{task}` changed from {from} to {to} without a reason; nothing of this file is adopted: add `reason = \"…\"` to the task, or put the date back"
    )]
    DateChangedWithoutReason {
        /// the file
        file: String,
        /// the task
        task: TaskId,
        /// as last adopted
        from: String,
        /// as the file says now
        to: String,
    },
    /// ladders changed under an old version
    #[error("`ladders.toml` changed but its version is {version}; nothing of it is adopted: count `version` up to {}", .known + 1)]
    LaddersSameVersion {
        /// what the file says
        version: u32,
        /// the version in force
        known: u32,
    },
    /// rules of lights changed under an old version
    #[error("`lights.toml` changed but its version is {version}; nothing of it is adopted: count `version` up to {}", .known + 1)]
    LightsSameVersion {
        /// what the file says
        version: u32,
        /// the version in force
        known: u32,
    },
    /// a plan that runs was declared to be set up
    #[error(
        "`{file}` says `quiet = true`, but plan `{plan}` runs already; nothing of the file is adopted: take the key out, and pause its tasks or close the plan"
    )]
    RunsAlready {
        /// the plan
        plan: PlanId,
        /// its file
        file: String,
    },
    /// a closed plan's file changed
    #[error("`{file}` changed, but plan `{plan}` is closed; nothing of it is adopted")]
    Closed {
        /// the plan
        plan: PlanId,
        /// its file
        file: String,
    },
}

/// Events that bring the ledger to what the files say, and what could not be brought there.
///
/// `today` is the day in the office's zone; what is new begins on the day that the office's rule names
/// ([`Office::begins`]). A plan that the ledger doesn't know is adopted; one
/// whose every deadline is past, quietly. A plan with a finding changes nothing.
#[must_use]
pub fn adopt(ledger: &Ledger, declared: &Declared, today: NaiveDate) -> (Vec<NewEvent>, Vec<Finding>) {
    let mut events = settings(ledger, declared, today);
    let mut findings = Vec::new();
    let working = declared.working();
    let days = Days { today, begins: declared.office.begins(today, &working) };
    for file in &declared.plans {
        match ledger.plan(&file.plan.head.id) {
            None => events.extend(first_adoption(file, PlanOwner::File, days.begins, &working)),
            Some(state) => match revise(state, file, days, ledger) {
                Ok(changes) => events.extend(changes),
                Err(mut found) => findings.append(&mut found),
            },
        }
    }
    let ladders = &declared.ladders;
    let known = ledger.ladders();
    if ledger.office().is_some() && ladders.version <= known.version && **known != *ladders {
        findings.push(Finding::LaddersSameVersion { version: ladders.version, known: known.version });
    }
    let lights = ledger.light_rules();
    if let Some(changed) = declared.lights.as_ref().filter(|rules| *rules != lights)
        && changed.version <= lights.version
    {
        findings.push(Finding::LightsSameVersion { version: changed.version, known: lights.version });
    }
    for unit in &declared.units {
        findings.extend(ledger.unit(&unit.id).and_then(|known| not_taken(known, unit)));
    }
    for (id, state) in ledger.plans() {
        let gone = !declared.plans.iter().any(|file| file.plan.head.id == *id);
        if let (true, PlanOwner::File, Some((file, _)), None) =
            (gone, state.owner, &state.file, &state.closed)
        {
            findings.push(Finding::FileMissing { plan: id.clone(), file: file.clone() });
        }
    }
    (events, findings)
}

/// Events that adopt a plan for the first time.
#[must_use]
pub fn first_adoption(
    file: &DeclaredPlan,
    owner: PlanOwner,
    today: NaiveDate,
    working: &WorkingDays,
) -> Vec<NewEvent> {
    let plan = &file.plan;
    let of_plan = |event| on_plan(&plan.head.id, event);
    let alive = plan.tasks.iter().any(|task| occurrence::is_alive(task, &plan.head, today, working));
    let mut events = vec![of_plan(Event::PlanAdopted {
        head: plan.head.clone(),
        owner,
        adopted_on: today,
        quiet: !alive,
    })];
    events.extend(
        plan.tasks.iter().map(|task| of_plan(Event::TaskAdded { task: task.clone(), added_on: today })),
    );
    events.push(of_plan(Event::PlanFileAdopted { file: file.file.clone(), digest: file.digest }));
    events
}

fn on_plan(id: &PlanId, event: Event) -> NewEvent {
    NewEvent { stream: Stream::Plan(id.clone()), occurred_on: None, event }
}

fn settings(ledger: &Ledger, declared: &Declared, today: NaiveDate) -> Vec<NewEvent> {
    let mut events = Vec::new();
    let mut office = |event| events.push(NewEvent { stream: Stream::Office, occurred_on: None, event });
    if ledger.office().is_none_or(|known| **known != declared.office) {
        office(Event::OfficeConfigured { office: declared.office.clone() });
    }
    let newer = declared.ladders.version > ledger.ladders().version;
    if newer || ledger.office().is_none() {
        office(Event::LaddersDefined { ladders: declared.ladders.clone() });
    }
    if let Some(rules) = declared.lights.as_ref().filter(|rules| rules.version > ledger.light_rules().version)
    {
        office(Event::LightRulesDefined { rules: rules.clone() });
    }
    for year in &declared.working_years {
        if ledger.working_year(year.year) != Some(year) {
            office(Event::WorkingYearPublished { year: year.clone() });
        }
    }
    for unit in &declared.units {
        let stream = Stream::Unit(unit.id.clone());
        match ledger.unit(&unit.id) {
            None => events.push(NewEvent {
                stream,
                occurred_on: None,
                event: Event::UnitRegistered { unit: unit.clone() },
            }),
            Some(known) => {
                let merged = merged(known, unit);
                if *known.unit != merged {
                    let asked = agenda::asked_from(ledger, &merged, ahead(today, 1));
                    let event = Event::UnitChanged { unit: merged };
                    events.push(NewEvent { stream, occurred_on: None, event });
                    events.extend(asked);
                }
            }
        }
    }
    events
}

/// The unit as its file says, but for what an admin set by hand: files know no leaders, never unmute, and
/// give way in what `unit set` sets.
fn merged(known: &UnitState, file: &Unit) -> Unit {
    let merged = Unit { leader: known.unit.leader, muted: known.unit.muted, ..file.clone() };
    if known.before_office.is_none() {
        return merged;
    }
    let Unit { name, short, mailbox, members, .. } = Unit::clone(&known.unit);
    Unit { name, short, mailbox, members, ..merged }
}

/// An edit of a unit in its file that is not taken, because the office has set the unit.
fn not_taken(known: &UnitState, file: &Unit) -> Option<Finding> {
    let before = known.before_office.as_ref()?;
    let now = &known.unit;
    let settable = |unit: &Unit| {
        let members: Vec<&str> = unit.members.iter().map(UnitId::as_str).collect();
        [
            ("--name", unit.name.clone()),
            ("--short", unit.short.clone()),
            ("--mailbox", unit.mailbox.clone().unwrap_or_default()),
            ("--members", members.join(",")),
        ]
    };
    let all = settable(before).into_iter().zip(settable(now)).zip(settable(file));
    let edited = all.filter(|((was, is), says)| says != was && says != is).map(|(_, says)| says);
    let options = edited.map(|(option, says)| match option {
        "--members" if says.is_empty() => "--no-members".to_owned(),
        option => format!("{option} {says}"),
    });
    let set = options.collect::<Vec<_>>().join(" ");
    (!set.is_empty()).then(|| Finding::UnitSetByOffice { unit: file.id.clone(), set })
}

/// Today, and the day from which what is new today is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub today: NaiveDate,
    pub begins: NaiveDate,
}

fn revise(
    state: &PlanState,
    file: &DeclaredPlan,
    days: Days,
    ledger: &Ledger,
) -> Result<Vec<NewEvent>, Vec<Finding>> {
    let id = &file.plan.head.id;
    if state.owner == PlanOwner::Office {
        return Err(vec![Finding::OwnedByOffice { plan: id.clone(), file: file.file.clone() }]);
    }
    if state.file.as_ref().is_some_and(|(_, digest)| *digest == file.digest) {
        return Ok(Vec::new());
    }
    if state.closed.is_some() {
        return Err(vec![Finding::Closed { plan: id.clone(), file: file.file.clone() }]);
    }
    let mut events = Vec::new();
    let mut findings = Vec::new();
    if file.plan.head.quiet && !state.head.quiet {
        return Err(vec![Finding::RunsAlready { plan: id.clone(), file: file.file.clone() }]);
    }
    if *state.head != file.plan.head {
        events.push(on_plan(id, Event::PlanHeadChanged { head: file.plan.head.clone() }));
    }
    for task in &file.plan.tasks {
        let reason = file.change_reasons.get(&task.id).cloned();
        match state.tasks.get(&task.id).filter(|known| known.withdrawn.is_none()) {
            None => events.push(on_plan(id, Event::TaskAdded { task: task.clone(), added_on: days.begins })),
            Some(known) if *known.filed == *task => {}
            Some(known) => {
                let (old, new) = (known.filed.due.one_off_deadline(), task.due.one_off_deadline());
                if old.is_some() && old != new && reason.is_none() {
                    findings.push(Finding::DateChangedWithoutReason {
                        file: file.file.clone(),
                        task: TaskId { plan: id.clone(), task: task.id.clone() },
                        from: shown(&known.filed),
                        to: shown(task),
                    });
                    continue;
                }
                let ground = file.change_grounds.get(&task.id).map(String::as_str);
                events.extend(change(id, known, task, (reason, ground), days, ledger));
            }
        }
    }
    for known in state.tasks().filter(|known| known.withdrawn.is_none()) {
        if !file.plan.tasks.iter().any(|task| task.id == known.task.id) {
            let reason = format!("no longer in {}", file.file);
            events.extend(withdraw(id, &known.task.id, &reason, days.today, ledger));
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    if state.head.quiet && !file.plan.head.quiet {
        events.push(started(&file.plan, days.begins, ledger.working()));
    }
    events.push(on_plan(id, Event::PlanFileAdopted { file: file.file.clone(), digest: file.digest }));
    Ok(events)
}

/// The event that ends the setting up of a plan.
pub(super) fn started(plan: &Plan, today: NaiveDate, working: &WorkingDays) -> NewEvent {
    let alive = plan.tasks.iter().any(|task| occurrence::is_alive(task, &plan.head, today, working));
    on_plan(&plan.head.id, Event::PlanStarted { started_on: today, past: !alive })
}

fn shown(task: &Task) -> String {
    task.due.one_off_deadline().map_or_else(|| "no date".to_owned(), |day| day.to_string())
}

/// A changed task, the moved deadline of its open one-off, and its open occurrences in other hands; first
/// of all, that its units are told.
pub(super) fn change(
    plan: &PlanId,
    known: &TaskState,
    task: &Task,
    (reason, ground): (Option<String>, Option<&str>),
    Days { today, begins }: Days,
    ledger: &Ledger,
) -> Vec<NewEvent> {
    let id = TaskId { plan: plan.clone(), task: task.id.clone() };
    let leads = if known.filed.lead == task.lead {
        HandOver::default()
    } else {
        hand_over(ledger, &id, &task.lead, today, begins)
    };
    let mut events = Vec::new();
    if changes::is_told(&known.filed, task) {
        // Who is asked anew of something open is told of it like an adoption.
        let joining = if leads.joins.is_empty() { task.lead.as_slice() } else { &[] };
        let why = Why { reason: reason.as_deref(), ground };
        events.extend(changes::noted(ledger, &id, &ledger.expand(joining.iter()), why, today));
    }
    // Another shape of its dates is told like a new task.
    let anew = std::mem::discriminant(&known.task.due) != std::mem::discriminant(&task.due);
    let changed_on = if anew { begins } else { today };
    let changed = Event::TaskChanged { task: task.clone(), reason: reason.clone(), changed_on };
    events.push(on_plan(plan, changed));
    let moved = task.due.one_off_deadline();
    events.extend(leads.leaves);
    let once = OccurrenceId { task: id, period: Period::Once };
    if known.filed.due.one_off_deadline() != moved
        && let (Some(deadline), Some(open)) = (moved, ledger.occurrence(&once))
    {
        // The dated stages of the old version end before the new one takes their place.
        let stay: Vec<Slot> = open.slots.iter().copied().filter(|slot| !leads.gone.contains(slot)).collect();
        events.extend(skip_remaining(ledger, &stay, today, SkipReason::Rescheduled));
        events.push(on_plan(
            plan,
            Event::DeadlineChanged {
                occurrence: once,
                deadline: Some(deadline),
                advised: agenda::advised(ledger, Period::Once, open.opened.opens, Some(deadline)),
                deadline_version: ledger.version_after(open),
                stages_from: ahead(today, 1),
                reason: reason.unwrap_or_default(),
            },
        ));
    }
    events.extend(leads.joins);
    events
}

/// Events that withdraw a task with all that is open of it.
#[must_use]
pub fn withdraw(
    plan: &PlanId,
    slug: &TaskSlug,
    reason: &str,
    today: NaiveDate,
    ledger: &Ledger,
) -> Vec<NewEvent> {
    let task = TaskId { plan: plan.clone(), task: slug.clone() };
    let slots: Vec<_> = ledger
        .occurrences_of(&task)
        .into_iter()
        .flat_map(|(_, occurrence)| occurrence.slots.iter().copied())
        .collect();
    let mut events = changes::noted(ledger, &task, &[], Why::default(), today);
    events.extend(skip_remaining(ledger, &slots, today, SkipReason::Withdrawn));
    for slot in slots {
        let Some(assignment) = ledger.assignment(slot).filter(|a| a.state.is_open()) else {
            continue;
        };
        events.push(on_plan(
            plan,
            Event::AssignmentWithdrawn { assignment: assignment.id(), reason: reason.to_owned() },
        ));
    }
    events.push(on_plan(plan, Event::TaskWithdrawn { task: slug.clone(), reason: reason.to_owned() }));
    events
}
