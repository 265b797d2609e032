//! Mailboxes that are missing, or only placeholders.

use super::{Case, Finding, Topic, count, some_of};
use crate::config::Schedules;
use crate::domain::{Unit, UnitKind, is_placeholder};

pub(super) fn examine(case: &Case) -> Topic {
    let Some(declared) = &case.declared else {
        return Topic::new("addresses", "no unit is known yet", Vec::new());
    };
    let dir = match &case.config.schedules {
        Schedules::Dir(dir) => dir.clone(),
        Schedules::Embedded => "schedules".into(),
    };
    let (units_file, office_file) = (dir.join("units.toml"), dir.join("office.toml"));
    let written: Vec<&Unit> = declared.units.iter().filter(|unit| is_written_to(unit)).collect();
    let names = |lacks: fn(&Unit) -> bool| -> Vec<String> {
        written.iter().filter(|unit| lacks(unit)).map(|unit| unit.id.to_string()).collect()
    };
    let missing = names(|unit| unit.mailbox.is_none());
    let placeholders = names(|unit| unit.mailbox.as_deref().is_some_and(is_placeholder));
    let mut findings = Vec::new();
    let place = |names: &[String]| format!("{}: {}", units_file.display(), some_of(names));
    let cure = "write the unit's own mailbox there, or `duban unit set UNIT --mailbox ADDRESS`";
    if !missing.is_empty() {
        let what = format!("{} no mailbox: their stages are skipped and listed", have(missing.len()));
        findings.push(Finding::new(what, place(&missing), cure));
    }
    if !placeholders.is_empty() {
        let what =
            format!("{} only a placeholder for a mailbox: no mail reaches them", have(placeholders.len()));
        findings.push(Finding::new(what, place(&placeholders), cure));
    }
    let office = &declared.office;
    let from = [("from", &office.from), ("reply_to", &office.reply_to)];
    let from: Vec<&str> = from.iter().filter(|(_, at)| is_placeholder(at)).map(|(key, _)| *key).collect();
    if !from.is_empty() {
        findings.push(Finding::new(
            format!("the office's own {} only a placeholder: answers get lost", from.join(" and ")),
            office_file.display().to_string(),
            "write the office's real addresses there",
        ));
    }
    if office.phone.ends_with("0000000") {
        findings.push(Finding::new(
            "the phone printed in every letter is only a placeholder",
            office_file.display().to_string(),
            "write the office's real phone there",
        ));
    }
    let real = written.len() - missing.len() - placeholders.len();
    Topic::new("addresses", format!("{real} of {} units have a real mailbox", written.len()), findings)
}

/// Governments are recorded, never chased; a collective with members is its members.
fn is_written_to(unit: &Unit) -> bool {
    match unit.kind {
        UnitKind::Government => false,
        UnitKind::Collective => unit.members.is_empty(),
        UnitKind::Bureau | UnitKind::Township | UnitKind::Zone | UnitKind::Company => !unit.muted,
    }
}

fn have(number: usize) -> String {
    format!("{} {}", count(number, "unit"), if number == 1 { "has" } else { "have" })
}
