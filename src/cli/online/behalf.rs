//! `task record`: what a unit said in another way than by its link (代录).

use std::path::Path;

use super::ask;
use super::mutations::{answered, target};
use crate::cli::Context;
use crate::cli::args::RecordArgs;
use crate::cli::failure::{Failure, Outcome};
use crate::domain::command::Target;
use crate::domain::{AnswerItem, Answers, AssignmentId, Evidence, ItemAnswer};
use crate::plain_file;
use crate::wire::{Answerer, AnswersRequest, AssignmentEntry};

/// States in which nothing is asked any more; material may still follow where it was done.
const OVER: [&str; 5] = ["accepted", "closed-out", "withdrawn", "ended", "closed"];

/// `task record`
pub fn task_record(context: &Context, args: &RecordArgs) -> anyhow::Result<Outcome> {
    let target = target(context, &args.matter)?;
    let answer = said(args);
    let assignment = assignment(context, &target, answer == ItemAnswer::Evidence)?;
    // All files first: an answer names none that is refused.
    let scan = args.scan.as_deref().map(|path| hand_over(context, path)).transpose()?;
    let evidence: anyhow::Result<Vec<Evidence>> =
        args.evidence.iter().map(|path| hand_over(context, path)).collect();
    let person = args.name.as_ref().map(|name| Answerer {
        name: name.clone(),
        post: args.post.clone().unwrap_or_default(),
        phone: args.phone.clone().unwrap_or_default(),
    });
    let unit = assignment.unit.clone();
    let done = format!("recorded for `{unit}`: {assignment}; the receipt goes to its mailbox");
    let answers = Answers {
        unit,
        letter: None,
        person: None,
        becomes_contact: false,
        note: args.note.clone(),
        scan: scan.map(|scan| scan.digest),
        said_on: args.said_on,
        items: vec![AnswerItem { assignment, answer, evidence: evidence? }],
    };
    let request = uuid::Uuid::new_v4().to_string();
    let asked = AnswersRequest { request, via: args.via.into(), answers, person };
    let answer = ask(context, async |client| Ok(client.answers(&asked).await?))?;
    answered(context, answer, &done)
}

/// What was said; only material where nothing was.
fn said(args: &RecordArgs) -> ItemAnswer {
    let text = || args.text.clone().unwrap_or_default();
    if let Some(done_on) = args.done {
        ItemAnswer::Done { done_on, text: text() }
    } else if let Some(progress) = &args.progress {
        ItemAnswer::Progress {
            text: progress.clone(),
            problem: args.problem.clone(),
            next_steps: args.next_steps.clone(),
        }
    } else if args.unchanged {
        ItemAnswer::Unchanged
    } else if args.receipt {
        ItemAnswer::Receipt
    } else if let Some(new_deadline) = args.extension {
        let reason = args.reason.clone().unwrap_or_default();
        ItemAnswer::Extension { reason, progress: text(), new_deadline, approval: None }
    } else if let Some(objection) = &args.dispute {
        ItemAnswer::Dispute { text: objection.clone() }
    } else {
        ItemAnswer::Evidence
    }
}

/// The one unit's part of the one period that is meant.
fn assignment(context: &Context, target: &Target, done_too: bool) -> anyhow::Result<AssignmentId> {
    let tasks = ask(context, async |client| Ok(client.tasks().await?))?;
    let task =
        tasks.into_iter().find(|entry| entry.plan == target.task.plan && entry.task.id == target.task.task);
    let occurrences = task.map(|entry| entry.occurrences).unwrap_or_default();
    let meant = |entry: &AssignmentEntry| {
        let over = OVER.contains(&entry.state.as_str());
        let done = done_too && matches!(entry.state.as_str(), "accepted" | "closed-out");
        target.unit.as_ref().is_none_or(|unit| *unit == entry.assignment.unit) && (!over || done)
    };
    let found: Vec<AssignmentId> = occurrences
        .into_iter()
        .filter(|entry| target.period.is_none_or(|period| period == entry.occurrence.period))
        .flat_map(|entry| entry.assignments)
        .filter(meant)
        .map(|entry| entry.assignment)
        .collect();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let of = target.unit.as_ref().map(|unit| format!(" of `{unit}`")).unwrap_or_default();
            let cure = format!("`duban task show {}` shows its units and periods", target.task);
            Err(Failure::refused(format!("nothing of `{}`{of} is open", target.task)).cure(cure).into())
        }
        several => {
            let names: Vec<String> = several.iter().map(|id| format!("`{id}`")).collect();
            let what = format!("several could be meant: {}", names.join(", "));
            Err(Failure::refused(what).cure("name one with `--unit` and `--period`").into())
        }
    }
}

/// Hands a file over to the daemon; its name is that of the file.
pub fn hand_over(context: &Context, path: &Path) -> anyhow::Result<Evidence> {
    let cannot = |why: String| Failure::refused(format!("{}: {why}", path.display()));
    let file = plain_file::open(path).map_err(|fault| cannot(fault.to_string()))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| cannot("it has no name".to_owned()))?;
    ask(context, async |client| Ok(client.evidence(&name, file).await?))
}
