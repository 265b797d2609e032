//! What was handed in, or would be, in words: one entry a matter, made from the very events.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::{AssignmentId, Event, Evidence, Ledger};
use crate::matter::MatterView;
use crate::words::{clean, full_date_weekday, near_date};

/// What was said of one matter.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Told {
    pub title: String,
    pub source: String,
    /// 申请办结, 反馈进展 …
    pub what: Vec<&'static str>,
    pub lines: Vec<Line>,
    pub files: Vec<FileLine>,
    /// whether a stamped form may be asked for: 办结 and 延期
    pub weighs: bool,
    #[serde(skip)]
    id: AssignmentId,
}

/// One thing said of it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Line {
    pub label: &'static str,
    pub text: String,
}

/// One file.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FileLine {
    pub name: String,
    pub size: String,
    pub obtained: Option<String>,
    pub digest: String,
}

impl FileLine {
    pub(super) fn of(file: &Evidence, today: NaiveDate) -> Self {
        Self {
            name: clean(&file.name),
            size: size(file.bytes),
            obtained: file.obtained_on.map(|day| near_date(day, today)),
            digest: file.digest.to_string(),
        }
    }
}

/// `1.5 MB`, as a person's own machine shows it.
pub(super) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * 1024;
    if bytes >= MIB {
        format!("{}.{}MB", bytes / MIB, bytes % MIB * 10 / MIB)
    } else {
        format!("{}KB", bytes.div_ceil(KIB).max(1))
    }
}

/// The events of a form, matter by matter, in their order; events of other kinds say nothing.
#[expect(clippy::wildcard_enum_match_arm, reason = "only what a unit can say is told")]
pub(super) fn told<'a>(
    ledger: &Ledger,
    today: NaiveDate,
    events: impl Iterator<Item = &'a Event>,
) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for event in events {
        match event {
            Event::EvidenceSubmitted(submitted) => {
                of(&mut all, ledger, today, &submitted.assignment, |told| {
                    told.files.push(FileLine::of(&submitted.evidence, today));
                });
            }
            Event::ReceiptAcknowledged { assignment } => {
                of(&mut all, ledger, today, assignment, |told| told.what.push("签收"));
            }
            Event::ProgressReported { assignment, text, problem, next_steps, unchanged } => {
                of(&mut all, ledger, today, assignment, |told| {
                    told.what.push(if *unchanged { "本月无变化" } else { "反馈进展" });
                    told.say("目前进展", text);
                    told.say("存在问题", problem.as_deref().unwrap_or_default());
                    told.say("下步措施", next_steps.as_deref().unwrap_or_default());
                });
            }
            Event::CompletionClaimed { assignment, done_on, text } => {
                of(&mut all, ledger, today, assignment, |told| {
                    told.what.push("申请办结");
                    told.weighs = true;
                    told.say("完成日期", &full_date_weekday(*done_on));
                    told.say("完成情况", text);
                });
            }
            Event::ExtensionRequested(asked) => {
                of(&mut all, ledger, today, &asked.assignment, |told| {
                    told.what.push("申请延期");
                    told.weighs = true;
                    told.say("申请延至", &full_date_weekday(asked.new_deadline));
                    told.say("原因", &asked.reason);
                    told.say("目前进展", &asked.progress);
                });
            }
            Event::AssignmentDisputed { assignment, text } => {
                of(&mut all, ledger, today, assignment, |told| {
                    told.what.push("提出异议");
                    told.say("异议", text);
                });
            }
            _ => {}
        }
    }
    for told in all.iter_mut().filter(|told| told.what.is_empty()) {
        told.what.push("补充材料");
    }
    all
}

impl Told {
    fn say(&mut self, label: &'static str, text: &str) {
        if !text.trim().is_empty() {
            self.lines.push(Line { label, text: text.to_owned() });
        }
    }
}

/// Adds to what is told of a matter; begins with it where nothing is yet.
fn of(
    all: &mut Vec<Told>,
    ledger: &Ledger,
    today: NaiveDate,
    id: &AssignmentId,
    add: impl FnOnce(&mut Told),
) {
    if let Some(told) = all.iter_mut().find(|told| told.id == *id) {
        return add(told);
    }
    let (title, source) = named(ledger, today, id);
    let (what, lines, files) = (Vec::new(), Vec::new(), Vec::new());
    let mut told = Told { title, source, what, lines, files, weighs: false, id: id.clone() };
    add(&mut told);
    all.push(told);
}

/// A matter's title with its period, and where it stands.
pub(super) fn named(ledger: &Ledger, today: NaiveDate, id: &AssignmentId) -> (String, String) {
    match MatterView::named(ledger, id, today) {
        Some(view) => (view.title(today), view.origin().whole()),
        None => (id.occurrence.to_string(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_know_them() {
        assert_eq!(
            (size(1), size(2048), size(3 * 1024 * 1024 / 2)),
            ("1KB".into(), "2KB".into(), "1.5MB".into())
        );
    }
}
