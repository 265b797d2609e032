//! `import`: the office's present ledger becomes a plan, or is compared with this one.

use std::path::Path;

use serde_json::json;

use super::args::{Format, ImportArgs};
use super::failure::{Failure, Outcome};
use super::{Context, import_shown as shown};
use crate::import::FILE_BYTES_MAX;
use crate::locale::{message, system};
use crate::office::imports::{self, Compare, Import};
use crate::office::paper::Paper;
use crate::plain_file;
use crate::wire::PlanEntry;

/// `import`
pub fn import(context: &Context, args: ImportArgs) -> anyhow::Result<Outcome> {
    let file = sheet(&args.file)?;
    let name = file.name.clone();
    let (options, format) = (args.options, args.format.format);
    if args.compare {
        let compared = context.ask(Compare { options, file })?;
        match format {
            Format::Json => context.printer.json(&compared)?,
            Format::Table => context.printer.text(&shown::compared(&context.printer, &compared))?,
        }
        return Ok(if compared.differences.is_empty() { Outcome::Done } else { Outcome::Findings });
    }
    let dry_run = args.dry_run;
    let (imported, recorded) = match context.ask(Import { options, file, dry_run })? {
        imports::Outcome::Before(before) => return told_before(context, format, &before),
        imports::Outcome::Read { imported, recorded } => (imported, recorded),
    };
    let printer = &context.printer;
    match format {
        Format::Json => printer.json(&shown::json(&name, &imported, recorded)?)?,
        Format::Table => printer.text(&shown::text(printer, dry_run, &name, &imported, recorded))?,
    }
    let stands = imported.plan.is_some() || (dry_run && imported.report.left_out.is_empty());
    Ok(if stands || recorded.is_some() { Outcome::Done } else { Outcome::Findings })
}

/// A sheet as it is handed over: no more than one may have, whatever the file says of its size.
///
/// # Errors
/// It can't be read.
pub fn sheet(path: &Path) -> anyhow::Result<Paper> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = plain_file::read(path, FILE_BYTES_MAX + 1);
    let bytes = bytes.map_err(|fault| {
        let told = message("file-unreadable").with("path", &path.display());
        Failure::fault(told.put("why", system(&fault)))
    })?;
    Ok(Paper::new(name, bytes))
}

fn told_before(context: &Context, format: Format, before: &PlanEntry) -> anyhow::Result<Outcome> {
    let id = &before.head.id;
    match format {
        Format::Json => context.printer.json(&json!({
            "imported_before": { "plan": id, "on": before.adopted_on, "import": before.import },
        }))?,
        Format::Table => {
            let speech = context.printer.speech();
            let told = message("import-before").with("on", &before.adopted_on).with("plan", id);
            let told = told.with("tasks", &speech.count(before.tasks, "task"));
            context.printer.text(&format!("{}\n", speech.told(&told)))?;
        }
    }
    Ok(Outcome::Done)
}
