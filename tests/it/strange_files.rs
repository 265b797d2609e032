//! Pipes, devices and directories where a file is named: told with what is wrong, never waited for;
//! and copies that would lie in what they are copies of.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use duban::journal::{Journal, JournalFault, Options, backup, restore};
use nix::sys::stat::Mode;
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Serve, home, program, until};

fn pipe(path: &Path) {
    nix::unistd::mkfifo(path, Mode::S_IRWXU).unwrap();
}

/// What a command says, and the code it ends with; one that waits without end fails the test.
#[track_caller]
fn say(mut command: Command) -> (String, Option<i32>) {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let child = std::cell::RefCell::new(&mut child);
        until("the command ends", || child.borrow_mut().try_wait().unwrap().is_some());
    }));
    if ended.is_err() {
        let _ = child.kill();
        panic!("it waits without end: {command:?}");
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (said, output.status.code())
}

fn run(home: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let mut command = program(home);
    command.args(arguments);
    say(command)
}

/// A data directory with letters, its daemon stopped.
fn stopped() -> TempDir {
    let home = home();
    let mut serve = Serve::start(home.path());
    until("letters are out", || crate::process::unsettled(home.path()) == Some(0));
    serve.end(nix::sys::signal::Signal::SIGTERM);
    home
}

#[test]
fn a_pipe_or_a_directory_is_no_message_and_no_configuration() {
    let home = home();
    pipe(&home.path().join("pipe"));
    let (said, code) = run(home.path(), &["intake", "pipe"]);
    assert!(said.contains("pipe: it is a pipe, not a file; `duban intake -` takes standard input"), "{said}");
    assert_eq!(code, Some(1));
    let (said, code) = run(home.path(), &["intake", "/dev/zero"]);
    assert!(said.contains("/dev/zero: it is a device, not a file"), "{said}");
    assert_eq!(code, Some(1));
    for (name, what) in [("pipe", "it is a pipe, not a file"), ("/dev/zero", "it is a device, not a file")] {
        let (said, code) = run(home.path(), &["import", name, "--dry-run"]);
        assert!(said.contains(what), "{said}");
        assert_eq!(code, Some(2));
    }
    let (said, code) = run(home.path(), &["--config", "pipe", "status"]);
    assert!(said.contains("it is a pipe, not a file"), "{said}");
    assert_eq!(code, Some(2));
    fs::create_dir(home.path().join("dir")).unwrap();
    let (said, _) = run(home.path(), &["--config", "dir", "status"]);
    assert!(said.contains("it is a directory, not a file"), "{said}");
}

#[test]
fn doctor_reads_what_a_login_needs_and_waits_for_none_of_it() {
    let home = home();
    let at = |name: &str| home.path().join(name);
    pipe(&at("pipe"));
    fs::create_dir(at("dir")).unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::write(at("blank"), "\nsecret\n").unwrap();
    fs::write(at("good"), "secret\n").unwrap();
    for password in ["empty", "blank", "good"] {
        fs::set_permissions(at(password), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let pem = "-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n";
    fs::write(at("ca.pem"), pem).unwrap();
    for (password, ca, wrong) in [
        ("pipe", "ca.pem", "it is a pipe, not a file"),
        ("dir", "ca.pem", "it is a directory, not a file"),
        ("empty", "ca.pem", "its first line is empty"),
        ("blank", "ca.pem", "its first line is empty"),
        ("none", "ca.pem", "No such file"),
        ("good", "pipe", "it is a pipe, not a file"),
        ("good", "empty", "it holds no certificate"),
        ("good", "ca.pem", ""),
    ] {
        // Port 9 of this machine: nobody answers there, at once.
        let keys = format!(
            "[mail]\nsmtp = \"smtp://127.0.0.1:9\"\nuser = \"u\"\npassword_file = \"{password}\"\nca_file = \"{ca}\"\n"
        );
        fs::write(at("duban.toml"), keys).unwrap();
        let (said, code) = run(home.path(), &["doctor", "--format", "json"]);
        assert_eq!(code, Some(1), "{said}");
        let told: Value = serde_json::from_str(&said).unwrap();
        let mail = told["topics"].as_array().unwrap().iter().find(|one| one["topic"] == "mail").unwrap();
        let findings = mail["findings"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap());
        let findings: Vec<&str> = findings.filter(|what| !what.contains("doesn't answer")).collect();
        match findings.as_slice() {
            [] => assert_eq!(wrong, "", "{password} {ca}"),
            [what] => assert!(what.contains(wrong) && !wrong.is_empty(), "{password} {ca}: {what}"),
            more => panic!("{password} {ca}: {more:?}"),
        }
    }
}

#[test]
fn a_pipe_in_a_data_directory_or_a_backup_is_told_and_never_waited_for() {
    let home = stopped();
    let data = home.path().join("data");
    let (said, code) = run(home.path(), &["backup", "sound"]);
    assert_eq!(code, Some(0), "{said}");
    let letter = |dir: &Path| fs::read_dir(dir.join("letters")).unwrap().next().unwrap().unwrap().path();
    for place in [letter(&data), data.join("people/stray"), data.join("store/stray")] {
        let moved = home.path().join("aside");
        let was = place.exists();
        if was {
            fs::rename(&place, &moved).unwrap();
        }
        pipe(&place);
        let (said, code) = run(home.path(), &["audit", "verify"]);
        if was {
            assert!(said.contains("it is a pipe, not a file") && code != Some(0), "{said}");
        }
        run(home.path(), &["doctor"]);
        let (said, code) = run(home.path(), &["backup", &format!("copy-{}", u8::from(was))]);
        let copied = place.starts_with(data.join("store"));
        assert_eq!(code == Some(0), copied, "{}: {said}", place.display());
        let _ = fs::remove_dir_all(home.path().join(format!("copy-{}", u8::from(was))));
        fs::remove_file(&place).unwrap();
        if was {
            fs::rename(&moved, &place).unwrap();
        }
    }
    // A backup with a pipe in it: nothing of it is restored.
    pipe(&home.path().join("sound/people/stray"));
    let (said, code) = run(home.path(), &["--data", "new", "restore", "sound"]);
    assert!(said.contains("not a file"), "{said}");
    assert_eq!(code, Some(2));
    assert!(!home.path().join("new").exists());
}

#[test]
fn a_restore_that_fails_leaves_nothing_and_one_that_was_killed_is_begun_anew() {
    let home = stopped();
    let [data, copy, new] = ["data", "copy", "new"].map(|name| home.path().join(name));
    backup(&data, &copy, None).unwrap();
    pipe(&copy.join("people/stray"));
    fs::create_dir(&new).unwrap();
    restore(&copy, &new).unwrap_err();
    assert_eq!(fs::read_dir(&new).unwrap().count(), 0, "as it was: empty");
    fs::remove_dir(&new).unwrap();
    restore(&copy, &new).unwrap_err();
    assert!(!new.exists(), "as it was: not there");
    fs::remove_file(copy.join("people/stray")).unwrap();

    // Killed while it copied.
    fs::create_dir_all(new.join("restoring/archive")).unwrap();
    fs::write(new.join("restoring/archive/00000000000000000001.jsonl"), "half a li").unwrap();
    let refused = Journal::open(&new, Options::default(), chrono::DateTime::UNIX_EPOCH).unwrap_err();
    assert!(matches!(refused, JournalFault::HalfRestored { .. }), "{refused}");
    assert!(refused.to_string().contains("run `duban restore` again"), "{refused}");
    let (said, code) = run(home.path(), &["--data", "new", "doctor"]);
    assert!(said.contains("a restore was cut short") && code == Some(1), "{said}");
    let events = restore(&copy, &new).unwrap().events;
    assert!(events > 0 && !new.join("restoring").exists());
    assert!(duban::journal::inspect(&new).unwrap().sound());
    assert!(matches!(restore(&copy, &new).unwrap_err(), JournalFault::NotEmpty { .. }));
}

#[test]
fn a_backup_lies_nowhere_in_its_data_directory_and_is_restored_nowhere_in_itself() {
    let home = stopped();
    let [data, copy] = ["data", "copy"].map(|name| home.path().join(name));
    let link = home.path().join("link");
    std::os::unix::fs::symlink(data.join("letters"), &link).unwrap();
    fs::create_dir(data.join("empty")).unwrap();
    let within = |into: &Path, secrets: Option<&Path>| {
        let fault = backup(&data, into, secrets).unwrap_err();
        assert!(matches!(fault, JournalFault::Within { .. }), "{}: {fault}", into.display());
        assert!(fault.to_string().contains("a directory of its own"), "{fault}");
    };
    for into in ["", "letters", "letters/copy", "empty", "new/deep/er", "../data/copy"] {
        within(&data.join(into), None);
    }
    within(&link.join("copy"), None);
    within(&copy, Some(&data.join("keys")));
    assert!(!copy.exists() && !data.join("letters/copy").exists(), "nothing was made");
    let (said, code) = run(home.path(), &["backup", "data/copy"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("data/copy lies in "), "{said}");
    backup(&data, &copy, None).unwrap();
    let inside = restore(&copy, &copy.join("data")).unwrap_err();
    assert!(matches!(inside, JournalFault::Within { .. }), "{inside}");
}

#[test]
fn no_link_in_a_data_directory_is_followed_by_a_start_and_one_outside_may_be() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let home = stopped();
    let (data, outside) = (home.path().join("data"), home.path().join("outside"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let serve = || run(home.path(), &["serve", "--listen", "127.0.0.1:0"]);
    fs::create_dir(data.join("deeper")).unwrap();
    fs::write(home.path().join("duban.toml"), "[mail]\nfolder = \"data/deeper/letters-out\"\n").unwrap();
    for planted in ["outbox", "secrets", "secrets/link.key", "deeper/letters-out", "another's"] {
        fs::create_dir(&outside).unwrap();
        fs::set_permissions(&outside, fs::Permissions::from_mode(0o755)).unwrap();
        let (place, kept) = (data.join(planted), home.path().join("kept"));
        let was = fs::rename(&place, &kept).is_ok();
        symlink(&outside, &place).unwrap();
        let (said, code) = serve();
        assert!(said.contains(&format!("{planted} is a link, and duban follows none here")), "{said}");
        assert_eq!(code, Some(2), "{said}");
        assert_eq!((mode(&outside), fs::read_dir(&outside).unwrap().count()), (0o755, 0), "{planted}");
        fs::remove_file(&place).unwrap();
        if was {
            fs::rename(&kept, &place).unwrap();
        }
        fs::remove_dir(&outside).unwrap();
    }
    fs::create_dir(&outside).unwrap();
    symlink(&outside, home.path().join("elsewhere")).unwrap();
    fs::write(home.path().join("duban.toml"), "[mail]\nfolder = \"elsewhere\"\n").unwrap();
    symlink(&data, home.path().join("linked")).unwrap();
    let mut serve = Serve::start(home.path());
    assert!(crate::process::unsettled(home.path()).is_some(), "a folder outside may be a link");
    serve.end(nix::sys::signal::Signal::SIGTERM);
}

#[test]
fn a_paper_is_what_its_file_is_called_or_it_is_not_written() {
    let home = stopped();
    let begins = |name: &str, bytes: &[u8]| fs::read(home.path().join(name)).unwrap().starts_with(bytes);
    for (words, out, bytes) in [
        (vec!["ledger"], "L.csv", "\u{feff}".as_bytes()),
        (vec!["ledger"], "L.XLSX", b"PK"),
        (vec!["ledger"], "L.json", b"{"),
        (vec!["ledger", "--format", "csv"], "L2.csv", "\u{feff}".as_bytes()),
        (vec!["list", "week"], "week.xlsx", b"PK"),
        (vec!["list", "week"], "week.html", b"<!"),
        (vec!["list", "week", "--format", "json"], "week-of-today", b"{"),
        (vec!["pack", "--unit", "eco-env", "--year", "2026"], "year.zip", b"PK"),
    ] {
        let (said, code) = run(home.path(), &[words.as_slice(), &["--out", out]].concat());
        assert_eq!(code, Some(0), "{out}: {said}");
        assert!(begins(out, bytes), "{out}");
    }
    for (words, out, wrong) in [
        (vec!["ledger", "--format", "xlsx"], "M.csv", "M.csv is named as .csv, and --format says xlsx"),
        (vec!["ledger"], "M.doc", "the name of M.doc does not say what should stand in it"),
        (vec!["list", "week"], "M", "let it end in .txt, .xlsx, .html, .json"),
        (
            vec!["list", "week", "--format", "text"],
            "M.json",
            "M.json is named as .json, and --format says text",
        ),
        (vec!["pack", "--unit", "eco-env", "--year", "2026"], "M.xlsx", "let it end in .zip"),
    ] {
        let (said, code) = run(home.path(), &[words.as_slice(), &["--out", out]].concat());
        assert_eq!(code, Some(2), "{out}: {said}");
        assert!(said.contains(wrong) && !home.path().join(out).exists(), "{out}: {said}");
    }
}

#[test]
fn a_day_that_has_not_come_is_refused_with_the_day_to_which_anything_is_known() {
    let home = stopped();
    let today = run(home.path(), &["audit", "as-of", "1"]).0;
    let today = today.rsplit_once(" of ").unwrap().1.trim().to_owned();
    let later = ["2999-12-31"];
    for words in [
        vec!["audit", "as-of"],
        vec!["ledger", "--format", "csv", "--on"],
        vec!["list", "week", "--on"],
        vec!["list", "leader", "--unit", "eco-env", "--on"],
    ] {
        let (said, code) = run(home.path(), &[words.as_slice(), &later].concat());
        assert!(said.contains("2999-12-31 has not come: what is known reaches to 20"), "{words:?}: {said}");
        assert_eq!(code, Some(1), "{said}");
        assert_eq!(run(home.path(), &[words.as_slice(), &[today.as_str()]].concat()).1, Some(0), "{words:?}");
    }
    let span = ["audit", "days", "--from", "2026-12-02", "--until", "2026-12-01"];
    let (said, code) = run(home.path(), &span);
    assert!(said.contains("2026-12-02 to 2026-12-01 is no span: first day first"), "{said}");
    assert_eq!(code, Some(2), "{said}");
}
