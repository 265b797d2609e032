//! The way letters leave. **Every kind of `Mail` has its check here**; one without does not compile.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::time::Duration;

use nix::unistd::{AccessFlags, access};

use super::{Case, Finding, Topic, count, existing, permissions};
use crate::config::{CA_FILE_BYTES_MAX, CREDENTIALS, Login, Mail, Smtp, Tls};
use crate::plain_file;
use crate::wire::RelayHealth;

pub(super) fn examine(case: &Case) -> Topic {
    let mut findings = match &case.config.mail {
        Mail::Folder(folder) => folder_mailer(folder, case.runs()),
        Mail::Smtp(smtp) => relay(smtp, case.relay()),
    };
    if let Some(mailbox) = &case.config.mailbox {
        findings.extend(files(Some(&mailbox.login), mailbox.ca_file.as_deref()));
        if let Some(fault) = case.mailbox_fault() {
            findings.push(Finding::new(
                format!("what comes back can't be read: {}", fault.words),
                mailbox.to_string(),
                "put [mailbox] in duban.toml right, or the server; it is tried again by itself",
            ));
        }
    }
    Topic::new("mail", format!("letters go to {}", case.config.mail), findings)
}

/// Longest wait for the mail server's connection, and then for its first line.
const GREETING: Duration = Duration::from_secs(5);

fn relay(smtp: &Smtp, told: Option<&RelayHealth>) -> Vec<Finding> {
    let place = smtp.to_string();
    let mut findings = Vec::new();
    if let Some(told) = told {
        findings.push(Finding::new(
            format!(
                "{} in a row failed, no letter goes; the last words: {}",
                count(usize::try_from(told.failures).unwrap_or(usize::MAX), "attempt"),
                told.reply
            ),
            &place,
            "`duban mail test --to ADDRESS` says which step fails and what helps",
        ));
    }
    if let Err(fault) = greeting(smtp) {
        findings.push(Finding::new(
            format!("the mail server doesn't answer: {fault}"),
            &place,
            "is it up, is a firewall between, are host and port in duban.toml right? `duban mail test` says more",
        ));
    }
    findings.extend(files(smtp.login.as_ref(), smtp.ca_file.as_deref()));
    findings
}

/// Whether the files that a login and TLS need can be read.
fn files(login: Option<&Login>, ca_file: Option<&Path>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let password = login.map(|login| login.password_file.as_path());
    let is_credential = |file: &&Path| file.starts_with(CREDENTIALS);
    if let Some(file) = password.filter(is_credential) {
        findings.push(Finding::note(
            "the password is a credential that systemd gives to the service alone; it is not looked at here",
            file.display().to_string(),
            "",
        ));
    }
    // A group that may read it is how an account of the service gets it.
    findings.extend(password.filter(|file| !is_credential(file) && file.is_file()).and_then(|file| {
        let words = "a password can be read by everybody on this machine";
        permissions::wrong(file, permissions::OTHERS, words, "chmod o-rwx")
    }));
    let password = login.filter(|login| !is_credential(&login.password_file.as_path()));
    let password = password.and_then(|login| Some((login.password_file.as_path(), login.password().err()?)));
    let authorities = ca_file.and_then(|file| Some((file, authorities(file).err()?)));
    findings.extend(password.into_iter().chain(authorities).map(|(file, fault)| {
        let cure = "let the account of the service read it, put into it what belongs there, or name the right one in duban.toml";
        Finding::new(fault, file.display().to_string(), cure)
    }));
    findings
}

/// Whether a file holds certificates, as far as can be told without opening them.
fn authorities(file: &Path) -> Result<(), String> {
    let unusable = |why: &dyn std::fmt::Display| format!("the file of authorities can't be used: {why}");
    let pem = plain_file::read(file, CA_FILE_BYTES_MAX).map_err(|fault| unusable(&fault))?;
    let holds = String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----");
    if holds { Ok(()) } else { Err(unusable(&"it holds no certificate")) }
}

/// Connects; where the server speaks first in plain text, waits for its 220.
fn greeting(smtp: &Smtp) -> Result<(), String> {
    let addresses = (smtp.host.as_str(), smtp.port).to_socket_addrs().map_err(|fault| fault.to_string())?;
    let mut last = "its name has no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(&address, GREETING) {
            Ok(_) if smtp.tls == Tls::Implicit => return Ok(()),
            Ok(mut stream) => {
                stream.set_read_timeout(Some(GREETING)).map_err(|fault| fault.to_string())?;
                let mut code = [0; 3];
                stream
                    .read_exact(&mut code)
                    .map_err(|_| "it took the connection and said nothing".to_owned())?;
                let _ = stream.write_all(b"QUIT\r\n");
                let said = String::from_utf8_lossy(&code).into_owned();
                return if said == "220" { Ok(()) } else { Err(format!("it greets with {said}, not 220")) };
            }
            Err(fault) => last = fault.to_string(),
        }
    }
    Err(last)
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
