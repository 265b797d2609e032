//! One `[[task]]` of a plan file.

use std::collections::BTreeMap;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use crate::calendar::{WorkingDays, yearly_spans};
use crate::domain::{
    Answer, COLLECTION, Citation, Conflict, ConflictAbout, Due, DueBasis, LeadBasis, PlanHead, Said, Task,
    TaskSlug, UnitId,
};

use super::diagnostic::Fault;
use super::due;
use super::limits::{TASK_BYTES_MAX, TITLE_CHARS_MAX, TITLE_COLUMNS_WARN};
use super::quote::Document;
use super::table::{Field, Kind, Table, marked};
use super::units::UnitIndex;
use super::words;
use crate::locale::message;

pub(super) static TASK: Kind = Kind {
    name: "a task",
    keys: &[
        ("id", "id = \"machinery-check\""),
        ("title", "title = \"非道路移动机械专项检查\""),
        ("text", "text = \"\"\"每季度开展一次…\"\"\""),
        ("reading", "reading = \"\"\"每季度开展一次…\"\"\""),
        ("cite", "cite = [\"air:17\", \"air-list:23\"]"),
        ("lead", "lead = [\"eco-env\"]"),
        ("lead_basis", "lead_basis = \"list\""),
        ("cooperate", "cooperate = [\"housing\", \"transport\"]"),
        ("due", "due = { every = \"quarter\", until = 2021-12-31 }"),
        ("due_basis", "due_basis = \"assumed\""),
        ("due_note", "due_note = \"正文无时限,取清单2021年底前。\""),
        ("standard", "standard = \"覆盖率达到90%以上\""),
        ("evidence", "evidence = \"印证材料\""),
        ("report_to", "report_to = \"eco-env\""),
        ("answer", "answer = \"each\""),
        ("target", "target = true"),
        ("fixed", "fixed = true"),
        ("recorded", "recorded = true"),
        ("reason", "reason = \"汛情影响施工\""),
        ("ground", "ground = \"阳政办函〔2021〕7号\""),
        ("conflict", "[[task.conflict]]"),
    ],
    elsewhere: &[
        ("collect", || message("plan-collect-elsewhere")),
        ("source", || message("plan-source-elsewhere")),
    ],
};

static CONFLICT: Kind = Kind {
    name: "a conflict",
    keys: &[
        ("about", "about = \"deadline\""),
        (
            "says",
            "says = [{ cite = \"air:8\", text = \"5月底前\" }, { cite = \"air-list:9\", text = \"3月份\" }]",
        ),
        ("used", "used = \"air:8\""),
        ("why", "why = \"…\""),
    ],
    elsewhere: &[],
};

static SAID: Kind = Kind {
    name: "a passage of a conflict",
    keys: &[("cite", "cite = \"air:8\""), ("text", "text = \"5月底前\"")],
    elsewhere: &[],
};

pub(super) const LEAD_BASES: [(&str, LeadBasis); 7] = [
    ("list", LeadBasis::List),
    ("inferred", LeadBasis::Inferred),
    ("sole", LeadBasis::Sole),
    ("assumed", LeadBasis::Assumed),
    ("named", LeadBasis::Named),
    ("office", LeadBasis::Office),
    ("confirmed", LeadBasis::Confirmed),
];

pub(super) const ABOUTS: [(&str, ConflictAbout); 4] = [
    ("deadline", ConflictAbout::Deadline),
    ("lead", ConflictAbout::Lead),
    ("scope", ConflictAbout::Scope),
    ("wording", ConflictAbout::Wording),
];

/// What a task is held against.
pub(super) struct World<'w> {
    /// units that may be named
    pub(super) units: &'w UnitIndex,
    /// the document that texts are quoted from
    pub(super) document: Option<&'w Document>,
    /// the plan's head, if it is sound
    pub(super) head: Option<&'w PlanHead>,
}

/// Why a task says another thing than before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Change {
    /// in the office's words
    pub(super) reason: Option<String>,
    /// by which paper
    pub(super) ground: Option<String>,
}

/// A task, and why it has changed.
pub(super) fn task(table: &Table<'_>, world: &World<'_>) -> Option<(Task, Change)> {
    let note = |key| table.optional(key, words::note);
    let id = table.need("id").and_then(|field| slug(&field));
    let title = table.need("title").and_then(|field| title(&field));
    let text_field = table.need("text");
    let text = text_field.as_ref().and_then(words::passage);
    if let (Some(document), Some(field)) = (world.document, &text_field) {
        document.check(field);
    }
    let reading = table.optional("reading", words::passage);
    let cite = table.need("cite").and_then(|field| citations(&field));
    let lead = table.need("lead").and_then(|field| lead(&field, world.units));
    let lead_basis = table.need("lead_basis").and_then(|field| field.word(&LEAD_BASES));
    let cooperate = table.optional("cooperate", |field| world.units.units(field));
    twice_in_task(table, lead.as_deref(), cooperate.as_ref().ok().and_then(Option::as_deref));
    let due = table.need("due").and_then(|field| dated(&field, world.head));
    let due_basis = table.optional("due_basis", |field| {
        field.word(&[("printed", DueBasis::Printed), ("assumed", DueBasis::Assumed)])
    });
    let due_note = note("due_note");
    if let (Ok(Some(DueBasis::Assumed)), Ok(None)) = (&due_basis, &due_note) {
        let place = table.get("due_basis").map_or(table.span.clone(), |field| field.span());
        table.page.tell(Fault::at(place, message("plan-assumed-needs-note")));
    }
    let (standard, evidence) = (note("standard"), note("evidence"));
    let (reason, ground) = (note("reason"), note("ground"));
    let report_to = table.optional("report_to", |field| world.units.unit(field));
    let answer =
        table.optional("answer", |field| field.word(&[("lead", Answer::Lead), ("each", Answer::Each)]));
    let (target, fixed, recorded) = (table.flag("target"), table.flag("fixed"), table.flag("recorded"));
    let conflicts = table.optional("conflict", |field| {
        let tables = field.tables(&CONFLICT)?;
        let conflicts: Vec<_> = tables.iter().map(|table| conflict(table, world)).collect();
        conflicts.into_iter().collect()
    });
    let task = Task {
        id: id?,
        title: title?,
        text: text?,
        reading: reading.ok()?,
        cite: cite?,
        lead: lead?,
        lead_basis: lead_basis?,
        cooperate: cooperate.ok()?.unwrap_or_default(),
        due: due?,
        due_basis: due_basis.ok()?.unwrap_or_default(),
        due_note: due_note.ok()?,
        standard: standard.ok()?,
        evidence: evidence.ok()?,
        report_to: report_to.ok()?,
        answer: answer.ok()?.unwrap_or_default(),
        target,
        fixed,
        recorded,
        conflicts: conflicts.ok()?.unwrap_or_default(),
        // Matters are assigned one by one; no file declares them.
        matter: None,
    };
    fits_an_event(table, &task)?;
    Some((task, Change { reason: reason.ok()?, ground: ground.ok()? }))
}

fn slug(field: &Field<'_>) -> Option<TaskSlug> {
    let slug: TaskSlug = field.parsed()?;
    if slug.as_str() == COLLECTION {
        return field.refuse(field.fault(message("plan-reserved").with("name", COLLECTION)));
    }
    Some(slug)
}

fn title(field: &Field<'_>) -> Option<String> {
    let title = words::line_of(field, TITLE_CHARS_MAX)?;
    if title.width() > TITLE_COLUMNS_WARN {
        let count = title.chars().count();
        field.page.warn(field.fault(message("plan-title-long").with("chars", &count)));
    }
    Some(title)
}

fn citations(field: &Field<'_>) -> Option<Vec<Citation>> {
    let items = field.list()?;
    if items.is_empty() {
        return field.refuse(field.fault(message("plan-no-citation")));
    }
    let mut seen: BTreeMap<Citation, Range<usize>> = BTreeMap::new();
    let mut cited = Vec::new();
    for item in &items {
        let citation: Option<Citation> = item.parsed();
        if let Some(citation) = &citation
            && let Some(first) = seen.insert(citation.clone(), item.span())
        {
            let fault = item.fault(message("plan-cited-twice").with("citation", citation));
            item.page.tell(fault.also(first, message("plan-first-here")));
        }
        cited.push(citation);
    }
    cited.into_iter().collect()
}

fn lead(field: &Field<'_>, units: &UnitIndex) -> Option<Vec<UnitId>> {
    let lead = units.units(field)?;
    if lead.is_empty() {
        return field.refuse(field.fault(message("plan-no-lead")));
    }
    Some(lead)
}

/// A unit leads or cooperates, not both.
fn twice_in_task(table: &Table<'_>, lead: Option<&[UnitId]>, cooperate: Option<&[UnitId]>) {
    let (Some(lead), Some(cooperate)) = (lead, cooperate) else {
        return;
    };
    let both = cooperate.iter().find(|unit| lead.contains(unit));
    let (Some(unit), Some(cooperates), Some(leads)) = (both, table.get("cooperate"), table.get("lead"))
    else {
        return;
    };
    let fault = cooperates.fault(message("plan-two-roles").with("unit", unit));
    table.page.tell(fault.also(leads.span(), message("plan-leads-here")));
}

/// `due`, with a warning where the plan's head makes it odd.
fn dated(field: &Field<'_>, head: Option<&PlanHead>) -> Option<Due> {
    let due = due::due(field)?;
    let Some(head) = head else { return Some(due) };
    let issued = head.issued_on;
    if let Some(deadline) = due.one_off_deadline().filter(|deadline| *deadline < issued) {
        let early = message("plan-deadline-before-issue").with("deadline", &deadline);
        field.page.warn(field.fault(early.with("issued", &issued)));
    }
    if never_in_force(&due, head) {
        let days = head.in_force;
        let never = message("plan-never-in-force").with("from", &days.from).with("until", &days.until);
        field.page.warn(field.fault(never));
    }
    Some(due)
}

/// Whether a recurring task has no occurrence between the plan's first and last day.
fn never_in_force(due: &Due, head: &PlanHead) -> bool {
    let days = head.in_force;
    let opens = match due {
        Due::Every(recurrence) => {
            recurrence.spans(days.from, &WorkingDays::default()).next().map(|span| span.opens)
        }
        Due::YearlyWindow(yearly) | Due::YearlyAvoid(yearly) => {
            yearly_spans(&yearly.window, yearly.from, yearly.until, days.from).next().map(|span| span.opens)
        }
        Due::Cron(cron) => {
            let from = cron.from.map_or(days.from, |from| from.max(days.from));
            cron.cron.days(from).next().filter(|day| cron.until.is_none_or(|until| *day <= until))
        }
        Due::By(_)
        | Due::Window(_)
        | Due::Starting(_)
        | Due::Avoid(_)
        | Due::Ongoing
        | Due::Awaiting(_)
        | Due::Done(_) => return false,
    };
    opens.is_none_or(|opens| opens > days.until)
}

fn conflict(table: &Table<'_>, world: &World<'_>) -> Option<Conflict> {
    let about = table.need("about").and_then(|field| field.word(&ABOUTS));
    let says_field = table.need("says");
    let says = says_field.as_ref().and_then(|field| says(field, world));
    let used_field = table.need("used");
    let used: Option<Citation> = used_field.as_ref().and_then(Field::parsed);
    let why = table.need("why").and_then(|field| words::note(&field));
    let (says, used) = (says?, used?);
    if let (Some(field), false) = (&used_field, says.iter().any(|said| said.cite == used)) {
        let all: Vec<String> = says.iter().map(|said| said.cite.to_string()).collect();
        let none = message("plan-used-none").with("used", &used);
        return field.refuse(field.fault(none.put("all", marked(all.iter().map(String::as_str)))));
    }
    Some(Conflict { about: about?, says, used, why: why? })
}

fn says(field: &Field<'_>, world: &World<'_>) -> Option<Vec<Said>> {
    let tables = field.tables(&SAID)?;
    let said = |table: &Table<'_>| {
        let cite = table.need("cite").and_then(|field| field.parsed());
        let text_field = table.need("text");
        let text = text_field.as_ref().and_then(words::passage);
        if let (Some(document), Some(field)) = (world.document, &text_field) {
            document.check(field);
        }
        Some(Said { cite: cite?, text: text? })
    };
    let says: Vec<Option<Said>> = tables.iter().map(said).collect();
    if says.len() < 2 {
        let example = "says = [{ cite = \"air:8\", text = \"5月底前\" }, …]";
        return field.refuse(field.fault(message("plan-one-passage").with("example", example)));
    }
    says.into_iter().collect()
}

fn fits_an_event(table: &Table<'_>, task: &Task) -> Option<()> {
    let bytes = serde_json::to_vec(task).map_or(0, |json| json.len());
    if bytes <= TASK_BYTES_MAX {
        return Some(());
    }
    let large = message("plan-task-too-large").with("bytes", &bytes).with("most", &TASK_BYTES_MAX);
    table.page.tell(Fault::at(table.span.clone(), large));
    None
}
