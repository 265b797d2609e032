//! A plan file: its head and its tasks.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::domain::{Digest, Plan, PlanHead, PlanId, TaskSlug};

use super::DeclaredPlan;
use super::diagnostic::Fault;
use super::due;
use super::limits::TASKS_MAX;
use super::near::nearest;
use super::page::Page;
use super::quote::Document;
use super::table::{Field, Kind, Table, did_you_mean};
use super::task::{self, TASK, World};
use super::units::UnitIndex;
use super::words;
use crate::locale::message;

static FILE: Kind =
    Kind { name: "a plan file", keys: &[("plan", "[plan]"), ("task", "[[task]]")], elsewhere: &[] };

static HEAD: Kind = Kind {
    name: "a plan",
    keys: &[
        ("id", "id = \"yangcheng-2021-air\""),
        ("title", "title = \"阳城县2021年空气质量巩固提升行动计划\""),
        ("short", "short = \"空气质量计划\""),
        ("document_number", "document_number = \"阳政办发〔2021〕41号\""),
        ("issued_on", "issued_on = 2021-05-24"),
        ("in_force", "in_force = { from = 2021-05-24, until = 2022-03-31 }"),
        ("collect", "collect = { every = \"month\", on = 25, reply_by = \"last\" }"),
        ("quiet", "quiet = true"),
        ("source", "source = \"source/yangzhengbanfa-2021-41.txt\""),
    ],
    elsewhere: &[],
};

/// A plan as far as it could be read.
pub(super) struct Read {
    /// its id and where that stands
    pub(super) id: Option<(PlanId, Range<usize>)>,
    /// all of it, if nothing is wrong
    pub(super) file: Option<DeclaredPlan>,
}

/// Documents by their paths in the directory.
pub(super) type Documents = BTreeMap<String, Document>;

/// What a plan file says.
pub(super) fn plan(page: &Page, units: &UnitIndex, documents: &Documents) -> Read {
    let Some(root) = page.root() else {
        return Read { id: None, file: None };
    };
    let file = Table::of(page, 0..0, root.get_ref(), &FILE);
    let head_table = file.need("plan").and_then(|field| field.table(&HEAD));
    let id_field = head_table.as_ref().and_then(|table| table.need("id"));
    let id: Option<PlanId> = id_field.as_ref().and_then(Field::parsed);
    let head = head_table.as_ref().and_then(|table| head(table, id.clone()));
    let source = head_table.as_ref().and_then(|table| table.get("source"));
    let document = source.and_then(|field| document(&field, documents));
    let tables = file.need("task").and_then(|field| field.tables(&TASK)).unwrap_or_default();
    let world = World { units, document, head: head.as_ref() };
    let tasks = tasks(page, &tables, &world);
    let id = id.zip(id_field.map(|field| field.span()));
    if page.is_broken() {
        return Read { id, file: None };
    }
    let file = head.map(|head| {
        let reasons =
            tasks.iter().filter_map(|(task, change)| Some((task.id.clone(), change.reason.clone()?)));
        let grounds =
            tasks.iter().filter_map(|(task, change)| Some((task.id.clone(), change.ground.clone()?)));
        DeclaredPlan {
            file: page.name.clone(),
            digest: Digest::of(page.text.as_bytes()),
            change_reasons: reasons.collect(),
            change_grounds: grounds.collect(),
            source_text: document.map(|document| Arc::clone(&document.text)),
            plan: Plan { head, tasks: tasks.into_iter().map(|(task, _)| task).collect() },
        }
    });
    Read { id, file }
}

fn head(table: &Table<'_>, id: Option<PlanId>) -> Option<PlanHead> {
    let line = |key| table.need(key).and_then(|field| words::line(&field));
    let (title, short) = (line("title"), line("short"));
    let number = table.optional("document_number", words::line);
    let issued_on = table.need("issued_on").and_then(|field| field.date());
    let in_force = table.need("in_force").and_then(|field| due::days(&field));
    let collect = table.optional("collect", due::collect);
    Some(PlanHead {
        id: id?,
        title: title?,
        short: short?,
        document_number: number.ok()?,
        issued_on: issued_on?,
        in_force: in_force?,
        collect: collect.ok()?,
        quiet: table.flag("quiet"),
    })
}

/// The document that `source` names; told where there is none.
fn document<'d>(field: &Field<'_>, documents: &'d Documents) -> Option<&'d Document> {
    let text = field.text()?;
    let found = documents.get(text);
    if found.is_none() {
        let near = nearest(text, documents.keys().map(String::as_str));
        let fault = field.fault(message("plan-no-document").with("text", text));
        field.page.tell(fault.maybe_help(near.map(did_you_mean)));
    }
    found
}

fn tasks(page: &Page, tables: &[Table<'_>], world: &World<'_>) -> Vec<(crate::domain::Task, task::Change)> {
    if let Some(one_more) = tables.get(TASKS_MAX) {
        let many = message("plan-too-many-tasks").with("count", &tables.len()).with("most", &TASKS_MAX);
        page.tell(Fault::at(one_more.span.clone(), many));
    }
    let mut first: BTreeMap<TaskSlug, Range<usize>> = BTreeMap::new();
    for field in tables.iter().filter_map(|table| table.get("id")) {
        let Some(slug) =
            field.is_text().then(|| field.text()).flatten().and_then(|text| TaskSlug::parse(text).ok())
        else {
            continue;
        };
        if let Some(first) = first.get(&slug) {
            let fault = field.fault(message("plan-two-tasks").with("task", &slug));
            page.tell(fault.also(first.clone(), message("plan-first-here")));
        } else {
            first.insert(slug, field.span());
        }
    }
    tables.iter().filter_map(|table| task::task(table, world)).collect()
}
