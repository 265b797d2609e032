//! Plan files: what can't be read, and where they disagree with what is in force.

use super::{Case, Finding, Life, Topic, count};
use crate::locale::Language;

pub(super) fn examine(case: &Case) -> Topic {
    let source = case.config.schedules.to_string();
    let mut findings = Vec::new();
    let read = match &case.files {
        Ok(read) => read,
        Err(why) => {
            let cure = "name the directory with `--schedules DIR`, or `schedules` in duban.toml";
            return Topic::new("files", source.clone(), vec![Finding::new(why, source, cure)]);
        }
    };
    for fault in read.diagnostics.iter().filter(|fault| fault.is_error()) {
        findings.push(Finding::new(
            format!("{}; this file changes nothing", fault.shown(Language::English)),
            format!("{}:{}:{}", fault.file, fault.line, fault.column),
            fault.shown(Language::English).help.unwrap_or_else(|| "`duban check` shows the line".to_owned()),
        ));
    }
    let warnings = read.diagnostics.iter().filter(|fault| !fault.is_error()).count();
    if warnings > 0 {
        findings.push(Finding::note(count(warnings, "warning"), &source, "`duban check` shows them"));
    }
    if let Life::Running(health) = &case.life {
        for finding in &health.findings {
            findings.push(Finding::new(finding, &source, "`duban status` and `duban check` tell more"));
        }
        if health.files.source != source {
            findings.push(Finding::note(
                format!("the daemon reads its plans from {}", health.files.source),
                &source,
                "ask with the daemon's own `--config FILE`, so that both mean the same",
            ));
        }
    }
    let plans = read.declared.as_ref().map_or(0, |declared| declared.plans.len());
    Topic::new("files", format!("{} in {source}", count(plans, "plan")), findings)
}
