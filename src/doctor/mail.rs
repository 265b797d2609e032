//! The way letters leave. **Every kind of `Mail` has its check here**; one without does not compile.

use std::path::Path;

use nix::unistd::{AccessFlags, access};

use super::{Case, Finding, Topic, existing};
use crate::config::Mail;

pub(super) fn examine(case: &Case) -> Topic {
    let findings = match &case.config.mail {
        Mail::Folder(folder) => folder_mailer(folder, case.runs()),
    };
    Topic::new("mail", format!("letters go to {}", case.config.mail), findings)
}

fn folder_mailer(folder: &Path, runs: bool) -> Vec<Finding> {
    let place = folder.display().to_string();
    let mut findings = vec![Finding::note(
        "letters are written as files; nobody is mailed",
        &place,
        "name the mail server in duban.toml when the addresses are right",
    )];
    if folder.exists() && !folder.is_dir() {
        findings.push(Finding::new(
            "the folder for letters is no directory",
            &place,
            "give another one in duban.toml: mail = { folder = \"…\" }",
        ));
    } else if !runs && access(existing(folder), AccessFlags::W_OK).is_err() {
        findings.push(Finding::new(
            "this account can't write letters here",
            &place,
            "ask as the account of the service, `sudo -u duban duban …`, or give it the directory",
        ));
    }
    findings
}
