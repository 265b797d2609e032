//! Plan files (TOML) to domain values and back, with diagnostics that carry line and column.
//! Only `disk` reads files; the rest is a pure function of their texts. `docs/plan-files.md` is the format.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::calendar::WorkingYear;
use crate::domain::{Due, Unit};
use crate::locale::message;

mod diagnostic;
mod disk;
mod due;
mod embedded;
mod ladders;
mod lights;
mod limits;
pub mod near;
mod office;
mod page;
mod plan;
mod quote;
pub mod script;
mod syntax;
mod table;
mod task;
mod units;
mod words;
mod workdays;
mod written;

#[cfg(test)]
mod tests;

pub use crate::domain::adoption::{Declared, DeclaredPlan};
pub use diagnostic::{Diagnostic, Label, Severity, Shown};
pub use disk::{ScheduleFault, read_dir, read_plan, read_plan_text};
pub use embedded::{embedded, embedded_sources};
pub use written::{due_to_json, due_to_toml, to_toml};

use page::Page;
use plan::Documents;
use quote::Document;
use units::UnitIndex;

/// Reads all files of a directory. Every fault of every file is told.
#[must_use]
pub fn parse(sources: &[Source]) -> Read {
    parse_with(sources, &[])
}

/// Reads one plan beside the units that are known, with the documents it may quote from.
#[must_use]
pub fn parse_plan(
    source: &Source,
    units: &[Unit],
    documents: &[Source],
) -> (Option<DeclaredPlan>, Vec<Diagnostic>) {
    let page = Page::of(source);
    let documents = documents.iter().map(|source| (source.name.clone(), Document::of(source))).collect();
    let read = plan::plan(&page, &UnitIndex::of(units), &documents);
    (read.file, page.into_faults())
}

/// Reads a `due` given as inline TOML, `{ by = 2021-06-30 }` say.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse_due(text: &str) -> Result<Due, Box<Diagnostic>> {
    let page = Page::of(&Source { name: "due".into(), text: text.into() });
    let due = page.value().and_then(|value| {
        let field = table::Field::lone(&page, &value, "due", "{ by = 2021-06-30 }");
        due::due(&field)
    });
    let fault = page.into_faults().into_iter().next();
    match (due, fault) {
        (_, Some(fault)) => Err(Box::new(fault)),
        (Some(due), None) => Ok(due),
        (None, None) => Err(Box::new(Diagnostic::of_file("due", message("plan-no-due").with("text", text)))),
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// its path within the directory, with `/`: `air.toml`, `workdays/cn-2021.toml`
    pub name: String,
    /// its text
    pub text: String,
}

/// What was read, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// `None` where the office, units, ladders or working days have an error: nothing changes
    pub declared: Option<Declared>,
    /// paths, within the directory, of plans that have an error: they change nothing
    pub broken_plans: Vec<String>,
    /// all faults, file by file, each from top to bottom
    pub diagnostics: Vec<Diagnostic>,
}

impl Read {
    /// Whether anything changes nothing because of an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The same with paths as seen from outside the directory.
    fn shown_under(mut self, dir: &Path) -> Self {
        for fault in &mut self.diagnostics {
            fault.file = dir.join(&fault.file).display().to_string();
        }
        self
    }
}

/// What a path within the directory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Office,
    Units,
    Ladders,
    Lights,
    Workdays,
    Document,
    Plan,
}

fn role(name: &str) -> Role {
    match name {
        "office.toml" => Role::Office,
        "units.toml" => Role::Units,
        "ladders.toml" => Role::Ladders,
        "lights.toml" => Role::Lights,
        _ if name.starts_with("workdays/") => Role::Workdays,
        _ if name.starts_with("source/") => Role::Document,
        _ => Role::Plan,
    }
}

/// Reads the files, given the faults of those that could not be opened.
fn parse_with(sources: &[Source], unreadable: &[Diagnostic]) -> Read {
    let of_role = |wanted| sources.iter().filter(move |source| role(&source.name) == wanted);
    let mut faults: Vec<Diagnostic> = unreadable.to_vec();
    let single = |wanted, name: &str, faults: &mut Vec<Diagnostic>| {
        let page = of_role(wanted).next().map(Page::of);
        if page.is_none() && !unreadable.iter().any(|fault| fault.file == name) {
            faults.push(Diagnostic::of_file(name, message("plan-missing-file").with("file", name)));
        }
        page
    };

    let mut pages: Vec<Page> = Vec::new();
    let units_page = single(Role::Units, "units.toml", &mut faults);
    let (units, index) = units_page.as_ref().map_or_else(|| (Vec::new(), UnitIndex::default()), units::units);
    let office_page = single(Role::Office, "office.toml", &mut faults);
    let office = office_page.as_ref().and_then(|page| office::office(page, &index));
    let ladders_page = single(Role::Ladders, "ladders.toml", &mut faults);
    let ladders = ladders_page.as_ref().and_then(ladders::ladders);
    // Without one the rules in force stay.
    let lights_page = of_role(Role::Lights).next().map(Page::of);
    let lights = lights_page.as_ref().and_then(lights::lights);
    pages.extend([office_page, units_page, ladders_page, lights_page].into_iter().flatten());

    let mut years: Vec<(String, WorkingYear)> = Vec::new();
    for source in of_role(Role::Workdays) {
        let page = Page::of(source);
        let set = workdays::named(&source.name).map(|(set, _)| set.to_owned());
        years.extend(set.zip(workdays::working_year(&page)));
        pages.push(page);
    }
    years.sort_by_key(|(_, year)| year.year);
    let is_foundation = |fault: &Diagnostic| !matches!(role(&fault.file), Role::Plan | Role::Document);
    let sound = !pages.iter().any(Page::is_broken)
        && !faults.iter().any(|fault| fault.is_error() && is_foundation(fault));

    let documents: Documents =
        of_role(Role::Document).map(|source| (source.name.clone(), Document::of(source))).collect();
    let mut plans: Vec<(Page, plan::Read)> = Vec::new();
    for source in of_role(Role::Plan) {
        let page = Page::of(source);
        let read = plan::plan(&page, &index, &documents);
        plans.push((page, read));
    }
    same_ids(&plans);
    let mut broken_plans: Vec<String> =
        unreadable.iter().map(|fault| fault.file.clone()).filter(|file| role(file) == Role::Plan).collect();
    broken_plans.extend(plans.iter().filter(|(page, _)| page.is_broken()).map(|(page, _)| page.name.clone()));
    broken_plans.sort();

    let mut files: Vec<DeclaredPlan> = Vec::new();
    for (page, read) in plans {
        files.extend(read.file.filter(|_| !page.is_broken()));
        pages.push(page);
    }
    faults.extend(pages.into_iter().flat_map(Page::into_faults));
    let declared = office.zip(ladders).filter(|_| sound).map(|(office, ladders)| Declared {
        working_years: years
            .into_iter()
            .filter(|(set, _)| *set == office.working_days)
            .map(|(_, year)| year)
            .collect(),
        office,
        ladders,
        lights,
        units,
        plans: files,
    });
    Read { declared, broken_plans, diagnostics: faults }
}

/// Tells, in each of them, files that give the same id to two plans.
fn same_ids(plans: &[(Page, plan::Read)]) {
    for (page, read) in plans {
        let Some((id, span)) = &read.id else { continue };
        let others = plans.iter().filter(|(other, _)| other.name != page.name);
        for (other, other_id) in others.filter_map(|(other, read)| Some((other, read.id.as_ref()?))) {
            if other_id.0 == *id {
                let twice = message("plan-id-elsewhere").with("id", id);
                let twice = twice.with("place", &other.place(&other_id.1));
                page.tell(diagnostic::Fault::at(span.clone(), twice));
            }
        }
    }
}
