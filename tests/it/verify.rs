//! `audit verify` and a start as their users meet them: what is claimed, by which code it ends, and what others can
//! read meanwhile.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use nix::sys::signal::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Serve, home, program, unsettled, until};

/// A data directory with letters, its daemon stopped.
fn stopped() -> TempDir {
    let home = home();
    let mut serve = Serve::start(home.path());
    until("letters are out", || unsettled(home.path()) == Some(0));
    serve.end(Signal::SIGTERM);
    home
}

fn verify(home: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = program(home).args(["audit", "verify"]).args(arguments).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (said, output.status.code())
}

fn told(home: &Path, arguments: &[&str]) -> Value {
    let (said, _) = verify(home, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&said).unwrap_or_else(|fault| panic!("{fault}: {said}"))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn verify_claims_no_more_than_it_can_know() {
    let home = stopped();
    let (said, code) = verify(home.path(), &[]);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("consistent with itself; without something kept elsewhere"), "{said}");
    assert!(!said.contains("nothing was rewritten"), "{said}");
    let alone = told(home.path(), &[]);
    let (events, head) = (alone["events"].as_u64().unwrap(), alone["head"].as_str().unwrap().to_owned());
    assert_eq!((&alone["verdict"], &alone["sound"]), (&"consistent".into(), &true.into()));
    assert_eq!(alone["store"], events, "the second copy is compared");
    // What lies elsewhere vouches for as much as it holds.
    let copied = program(home.path()).args(["backup", "elsewhere"]).output().unwrap();
    assert_eq!(copied.status.code(), Some(0));
    for outside in [["--against", "elsewhere"], ["--printed", &format!("{events}:{head}")]] {
        let (said, code) = verify(home.path(), &outside);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code, Some(0), "{said}");
        assert!(
            said.contains(&format!("up to event {events} the same as what was kept elsewhere")),
            "{said}"
        );
    }
    for itself in ["data", "data/archive"] {
        let (said, code) = verify(home.path(), &["--against", itself]);
        assert!(said.contains(&format!("{itself} is the journal itself: it vouches for nothing")), "{said}");
        assert_eq!(code, Some(1));
    }
    let ahead = (events + 1).to_string();
    let refused = program(home.path()).args(["audit", "as-of", &ahead]).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains(&format!("event {ahead} is not recorded: the journal ends at {events}")), "{said}");
    assert_eq!(refused.status.code(), Some(1));
    let other = format!("{events}:{}", "0".repeat(64));
    let contradicted = told(home.path(), &["--printed", &other]);
    assert_eq!(contradicted["verdict"], "contradicted");
    let what = contradicted["findings"][0].as_str().unwrap();
    assert!(what.ends_with(&format!("another history from event {events} on")), "{what}");
    let later = format!("{}:{}", events + 7, "0".repeat(64));
    let what = &told(home.path(), &["--printed", &later])["findings"][0];
    let missing = format!("the end is missing here: the journal ends before event {}", events + 1);
    assert!(what.as_str().unwrap().contains(&missing), "only shorter is no other history: {what}");
}

#[test]
fn a_copy_that_cannot_be_read_is_told_and_the_rest_is_judged() {
    let home = stopped();
    let alone = told(home.path(), &[]);
    let (events, head) = (alone["events"].as_u64().unwrap(), alone["head"].as_str().unwrap().to_owned());
    for copy in ["whole", "damaged"] {
        let copied = program(home.path()).args(["backup", copy]).output().unwrap();
        assert_eq!(copied.status.code(), Some(0));
    }
    let segment = fs::read_dir(home.path().join("damaged/archive")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&segment).unwrap();
    fs::write(&segment, text.replacen("JournalCreated", "JournalCreatex", 1)).unwrap();
    let printed = format!("{events}:{head}");
    let all = ["--against", "damaged", "--against", "none", "--against", "whole", "--printed", &printed];
    let seen = told(home.path(), &all);
    assert_eq!((&seen["verdict"], &seen["sound"]), (&"consistent".into(), &false.into()), "{seen:#}");
    let findings: Vec<&str> = seen["findings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(findings.len(), 2, "{findings:#?}");
    assert!(findings[0].starts_with("damaged: not compared: "), "{findings:#?}");
    assert!(findings[1].starts_with("none: not compared: "), "{findings:#?}");
    let agreed = seen["agreed"].to_string();
    assert!(agreed.contains(&format!("whole: the same up to event {events}")), "{agreed}");
    assert!(agreed.contains(&format!("the printed hash of event {events}: the same")), "{agreed}");
    let (said, code) = verify(home.path(), &all);
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn a_journal_that_is_only_shorter_is_told_from_where_its_end_is_missing() {
    let home = stopped();
    let copied = program(home.path()).args(["backup", "elsewhere"]).output().unwrap();
    assert_eq!(copied.status.code(), Some(0));
    let data = home.path().join("data");
    let segment = fs::read_dir(data.join("archive")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&segment).unwrap();
    fs::write(&segment, text.split_inclusive('\n').next().unwrap()).unwrap();
    for gone in ["store", "letters", "outbox"] {
        fs::remove_dir_all(data.join(gone)).unwrap();
    }
    for gone in ["store-reached", "last-backup"] {
        fs::remove_file(data.join(gone)).unwrap();
    }
    let cut = told(home.path(), &["--against", "elsewhere"]);
    let findings: Vec<&str> = cut["findings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let missing = "elsewhere: the end is missing here: the journal ends before event 2, and what was kept elsewhere holds it";
    assert_eq!((findings.as_slice(), &cut["verdict"]), ([missing].as_slice(), &"contradicted".into()));
}

#[test]
fn a_short_second_copy_has_a_verdict_a_cure_and_a_code_of_its_own() {
    let home = stopped();
    fs::remove_dir_all(home.path().join("data/store")).unwrap();
    let (said, code) = verify(home.path(), &[]);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, Some(1), "{said}");
    assert!(flat.contains("THE SECOND COPY IS NOT WHOLE"), "{said}");
    assert!(flat.contains("cure start duban once: it builds the second copy anew"), "{said}");
    assert_eq!(told(home.path(), &[])["verdict"], "second-copy");
    let doctor = program(home.path()).arg("doctor").output().unwrap();
    let doctor = String::from_utf8(doctor.stdout).unwrap();
    assert!(doctor.contains("start duban once"), "{doctor}");
    Serve::start(home.path()).end(Signal::SIGTERM);
    assert_eq!(told(home.path(), &[])["verdict"], "consistent");
}

#[test]
fn a_line_cut_from_the_archive_is_one_cause_and_a_start_heals_it() {
    let home = stopped();
    let events = told(home.path(), &[])["events"].as_u64().unwrap();
    let segment = fs::read_dir(home.path().join("data/archive")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&segment).unwrap();
    let kept: Vec<&str> =
        text.split_inclusive('\n').enumerate().filter(|(at, _)| *at != 6).map(|(_, line)| line).collect();
    fs::write(&segment, kept.concat()).unwrap();
    let cut = told(home.path(), &[]);
    assert_eq!((&cut["verdict"], cut["events"].as_u64()), (&"archive".into(), Some(events)));
    let findings: Vec<&str> = cut["findings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let cause =
        "/archive: event 7: the line is missing in the archive, or can't be read; the second copy has it";
    assert!(findings[0].ends_with(cause), "{findings:#?}");
    let (said, code) = verify(home.path(), &[]);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("cure start duban once: it writes the archive anew"), "{said}");
    assert!(flat.contains(&format!("second copy {events} events compared, the same")), "{said}");
    assert_eq!(code, Some(1));
    Serve::start(home.path()).end(Signal::SIGTERM);
    assert_eq!(told(home.path(), &[])["verdict"], "consistent");
    assert_eq!(fs::read_to_string(&segment).unwrap().get(..text.len()), Some(text.as_str()));
}

#[test]
fn a_tail_cut_off_is_contradicted_and_no_daemon_goes_on_from_there() {
    let home = stopped();
    let data = home.path().join("data");
    let segment = fs::read_dir(data.join("archive")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&segment).unwrap();
    // The first event alone is a whole batch.
    fs::write(&segment, text.split_inclusive('\n').next().unwrap()).unwrap();
    fs::remove_dir_all(data.join("store")).unwrap();
    let cut = told(home.path(), &[]);
    assert_eq!(cut["verdict"], "contradicted");
    let findings: Vec<&str> = cut["findings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for witness in ["store-reached: event 2: ", "outbox/"] {
        assert!(findings.iter().any(|finding| finding.contains(witness)), "{witness}: {findings:#?}");
    }
    let refused = program(home.path()).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("events were here, and the journal ends at 1"), "{said}");
    assert_eq!(fs::read_to_string(&segment).unwrap().lines().count(), 1, "nothing was changed");
}

#[test]
fn what_verify_copies_is_its_owners_and_gone_afterwards() {
    let home = stopped();
    let scratch = home.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let output = program(home.path()).args(["audit", "verify"]).env("TMPDIR", &scratch).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(fs::read_dir(&scratch).unwrap().count(), 0, "nothing is left there");
    fs::set_permissions(&scratch, fs::Permissions::from_mode(0o500)).unwrap();
    let output = program(home.path()).args(["audit", "verify"]).env("TMPDIR", &scratch).output().unwrap();
    if !nix::unistd::geteuid().is_root() {
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("temporary directory"), "it is copied nowhere else: {said}");
    }
}

#[test]
fn a_data_directory_that_others_can_read_is_closed_at_the_start_and_said() {
    let home = stopped();
    let data = home.path().join("data");
    let open = [data.clone(), data.join("outbox"), data.join("secrets"), data.join("secrets/link-key")];
    assert_eq!(open.each_ref().map(|path| mode(path)), [0o700, 0o700, 0o700, 0o600], "made so");
    let archive = data.join("archive");
    for path in open.iter().chain([&archive]) {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut serve = Serve::start(home.path());
    let status = program(home.path()).arg("status").output().unwrap();
    let status = String::from_utf8(status.stdout).unwrap();
    let flat = status.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(open.each_ref().map(|path| mode(path)), [0o700; 4], "{status}");
    assert_eq!(mode(&archive), 0o700, "whoever stands in it already gets no further");
    assert!(flat.contains("data could be used by others (0755); it is closed to them now"), "{status}");
    assert!(flat.contains("secrets/link-key could be used by others (0755)"), "{status}");
    serve.end(Signal::SIGTERM);
    for of_group in [0o750, 0o770] {
        fs::set_permissions(&data, fs::Permissions::from_mode(of_group)).unwrap();
        fs::set_permissions(&archive, fs::Permissions::from_mode(of_group)).unwrap();
        let mut serve = Serve::start(home.path());
        let status = program(home.path()).arg("status").output().unwrap();
        let status = String::from_utf8(status.stdout).unwrap();
        assert_eq!([mode(&data), mode(&archive)], [0o700; 2], "{status}");
        assert!(status.contains(&format!("({of_group:04o})")), "{status}");
        serve.end(Signal::SIGTERM);
    }
    // One that everybody shares is nobody's to close.
    let shared = home.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::write(shared.join("another's"), "x").unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
    let serve = ["--data", "shared", "serve", "--listen", "127.0.0.1:0"];
    let refused = program(home.path()).args(serve).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(said.contains("chmod go-rwx") && said.contains("shared by everybody"), "{said}");
}
