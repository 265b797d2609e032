//! Where plan files and ledger disagree, as messages.

use super::{Message, message};
use crate::domain::adoption::Finding;

/// A finding as a message.
#[must_use]
pub fn finding(what: &Finding) -> Message {
    match what {
        Finding::FileMissing { plan, file } => {
            message("finding-file-missing").with("plan", plan).with("file", file)
        }
        Finding::OwnedByOffice { plan, file } => {
            message("finding-owned-by-office").with("plan", plan).with("file", file)
        }
        Finding::UnitSetByOffice { unit, set } => {
            message("finding-unit-set-by-office").with("unit", unit).with("set", set)
        }
        Finding::DateChangedWithoutReason { file, task, from, to } => {
            let told = message("finding-date-without-reason").with("file", file).with("task", task);
            told.with("from", from).with("to", to)
        }
        Finding::LaddersSameVersion { version, known } => {
            message("finding-ladders-version").with("version", version).with("next", &(known + 1))
        }
        Finding::LightsSameVersion { version, known } => {
            message("finding-lights-version").with("version", version).with("next", &(known + 1))
        }
        Finding::RunsAlready { plan, file } => {
            message("finding-runs-already").with("plan", plan).with("file", file)
        }
        Finding::Closed { plan, file } => {
            message("finding-plan-closed").with("plan", plan).with("file", file)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Language, told};
    use super::*;

    #[test]
    fn a_finding_is_told_as_the_log_tells_it_and_in_chinese() {
        let (plan, file) = ("annual".parse().unwrap(), "annual.toml".to_owned());
        let all = [
            Finding::FileMissing { plan, file: file.clone() },
            Finding::OwnedByOffice { plan: "annual".parse().unwrap(), file: file.clone() },
            Finding::DateChangedWithoutReason {
                file: file.clone(),
                task: "annual/x".parse().unwrap(),
                from: "2021-06-30".to_owned(),
                to: "2021-07-30".to_owned(),
            },
            Finding::UnitSetByOffice { unit: "housing".parse().unwrap(), set: "--mailbox a@b.cn".to_owned() },
            Finding::LaddersSameVersion { version: 1, known: 2 },
            Finding::LightsSameVersion { version: 1, known: 2 },
            Finding::RunsAlready { plan: "annual".parse().unwrap(), file: file.clone() },
            Finding::Closed { plan: "annual".parse().unwrap(), file },
        ];
        for what in all {
            assert_eq!(told(Language::English, &finding(&what)), what.to_string());
            let chinese = told(Language::Chinese, &finding(&what));
            assert!(
                chinese.contains("采用")
                    || chinese.contains("计划“annual”")
                    || chinese.contains("units.toml"),
                "{chinese}"
            );
        }
    }
}
