//! The Debian package, as `cargo deb` makes it of this very build: installed into a directory of its
//! own and started there as a service; and what lies beside it: unit files, alert rules.
//!
//! The binary is the one under test (`--no-build`): a release build would take minutes and show nothing more.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::Uid;
use tempfile::TempDir;

use crate::process::{home, until};
use crate::service::{Unit, answer, ask, socket};
use crate::support::copy;

/// The exposure of `duban.service` is at most this, by `systemd-analyze security`, in tenths.
const EXPOSURE_MAX: &str = "15";

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a program to its end; its output. One that is not there, or fails, fails the test.
#[track_caller]
fn run(command: &mut Command) -> String {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.output().unwrap_or_else(|fault| {
        panic!("{name} can't be run ({fault}): `tests/run` installs what tests need");
    });
    let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{command:?}: {told}");
    told
}

/// The package of this build.
fn package(scratch: &Path) -> PathBuf {
    let release = scratch.join("target/release");
    fs::create_dir_all(&release).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_duban"), release.join("duban")).unwrap();
    let package = scratch.join("duban.deb");
    run(Command::new("cargo")
        .args(["deb", "--no-build", "--no-strip", "--fast", "--quiet", "--locked", "--output"])
        .arg(&package)
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .current_dir(project("")));
    package
}

/// Installs it under `root`. As root by dpkg itself, scripts and all; else only its files.
fn install(package: &Path, root: &Path) {
    if !Uid::effective().is_root() {
        eprintln!("not root: the package's scripts are only read, not run");
        run(Command::new("dpkg-deb").arg("-x").arg(package).arg(root));
        fs::create_dir_all(root.join("var/lib")).unwrap();
        // As the postinst script does.
        if !root.join("etc/duban/schedules").exists() {
            copy(&root.join("usr/share/duban/schedules"), &root.join("etc/duban/schedules"));
        }
        return;
    }
    if !root.exists() {
        for dir in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "etc"] {
            fs::create_dir_all(root.join(dir)).unwrap();
        }
        for file in ["var/lib/dpkg/status", "var/lib/dpkg/available"] {
            fs::write(root.join(file), "").unwrap();
        }
    }
    // The scratch root has no shell and no libc: scripts run outside of it and heed DPKG_ROOT.
    let told = run(Command::new("dpkg")
        .arg(format!("--root={}", root.display()))
        .args(["--force-script-chrootless", "--force-depends", "--install"])
        .arg(package)
        .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    assert!(told.contains("Setting up duban"), "{told}");
    let accounts = fs::read_to_string(root.join("etc/passwd")).unwrap();
    let duban = accounts.lines().find(|line| line.starts_with("duban:")).expect(&accounts);
    let state = fs::metadata(root.join("var/lib/duban")).unwrap();
    assert_eq!(state.permissions().mode() & 0o777, 0o700, "nobody else's");
    assert_eq!(Some(state.uid().to_string().as_str()), duban.split(':').nth(2), "{duban}");
}

#[test]
fn the_package_installs_and_runs_as_a_service_that_mails_and_can_be_measured() {
    let scratch: TempDir = home();
    let root = scratch.path().join("root");
    let package = package(scratch.path());
    install(&package, &root);
    let control = run(Command::new("dpkg-deb").arg("-f").arg(&package).arg("Depends"));
    assert!(control.contains("libc6 (>= ") && control.contains("systemd"), "is dpkg-dev there? {control}");
    let units = root.join("etc/duban/schedules/units.toml");
    let edited = fs::read_to_string(&units).unwrap().replace("police@duban.example", "gaj@duban.example");
    fs::write(&units, &edited).unwrap();
    install(&package, &root);
    assert_eq!(fs::read_to_string(&units).unwrap(), edited, "an upgrade leaves the office's files alone");

    every_link_leads_somewhere(&root.join("usr/share/doc/duban"));
    every_path_is_there(&root);

    let at = |path: &str| root.join(path).display().to_string();
    let duban = at("usr/bin/duban");
    // As in duban.service, but for the paths under the scratch root.
    let placed = [
        "--config",
        &at("etc/duban/duban.toml"),
        "--data",
        &at("var/lib/duban"),
        "--schedules",
        &at("etc/duban/schedules"),
    ]
    .map(str::to_owned);
    let program: Vec<String> = std::iter::once(duban.clone()).chain(placed.iter().cloned()).collect();
    let credentials = ("CREDENTIALS_DIRECTORY", at("run/credentials/duban.service"));
    let unit = Unit { home: scratch.path(), program, environment: vec![credentials] };
    let http = socket();
    let mut service = unit.start(&http);
    service.says("READY=1");
    let outbox = root.join("var/lib/duban/outbox");
    until("the first letter", || fs::read_dir(&outbox).is_ok_and(|mut letters| letters.next().is_some()));
    service.says("WATCHDOG=1");

    let ask_duban = |words: &[&str]| Command::new(&duban).args(&placed).args(words).output().unwrap();
    let copy = at("backup");
    assert!(ask_duban(&["backup", &copy]).status.success());
    let page = answer(ask(&http, "/metrics"));
    let (head, page) = page.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("text/plain; version=0.0.4"), "{head}");
    check_metrics(page);
    every_figure_of_the_rules_is_there(page);
    assert!(!page.contains('@') && !page.contains("eco-env"), "numbers only");
    let doctor = String::from_utf8(ask_duban(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("0 of 33 units have a real mailbox"), "{doctor}");
    assert_eq!(service.terminate().code(), Some(0));
}

/// The documents under a directory, links and all.
fn documents(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            found.extend(documents(&path));
        } else if path.extension().is_some_and(|end| end == "md") {
            found.push(path);
        }
    }
    found
}

/// Every relative link of every document under the directory.
#[track_caller]
fn every_link_leads_somewhere(dir: &Path) {
    let mut seen = 0;
    for document in documents(dir) {
        let text = fs::read_to_string(&document).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let target = document.parent().unwrap().join(file);
            assert!(target.exists(), "{}: {link} leads nowhere", document.display());
            seen += 1;
        }
    }
    assert!(seen >= 20, "{} links in {}", seen, dir.display());
}

/// Every path under /usr/share that an installed file names.
#[track_caller]
fn every_path_is_there(root: &Path) {
    let mut files = documents(&root.join("usr/share/doc/duban"));
    let named = ["usr/lib/systemd/system/duban.service", "usr/lib/systemd/system/duban.socket"];
    files.extend(named.iter().chain(&["etc/duban/duban.toml"]).map(|path| root.join(path)));
    let mut seen = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for rest in text.split("/usr/share/").skip(1) {
            let path = rest.split(|c: char| c.is_whitespace() || "`),;]".contains(c)).next().unwrap();
            let path = path.trim_end_matches(['.', ':']);
            assert!(root.join("usr/share").join(path).exists(), "{}: {path} is not there", file.display());
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen} paths");
}

#[test]
fn every_link_of_every_document_leads_somewhere() {
    every_link_leads_somewhere(&project(""));
}

fn check_metrics(page: &str) {
    let mut check = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool can't be run: `tests/run` installs what tests need");
    check.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let told = check.wait_with_output().unwrap();
    assert!(told.status.success(), "{}\n{page}", String::from_utf8_lossy(&told.stderr));
}

/// A rule over a figure that nobody gives would never fire.
fn every_figure_of_the_rules_is_there(page: &str) {
    let rules = fs::read_to_string(project("deploy/prometheus/duban.rules.yml")).unwrap();
    let exprs = rules.lines().filter_map(|line| line.trim().strip_prefix("expr: "));
    let mut seen = 0;
    for word in exprs.flat_map(|expr| expr.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))) {
        if word.starts_with("duban_") {
            assert!(page.contains(&format!("# TYPE {word} ")), "{word} is not on the page");
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen} figures");
}

#[test]
fn the_alert_rules_are_sound_and_fire_when_they_should() {
    let rules = project("deploy/prometheus");
    run(Command::new("promtool").args(["check", "rules", "duban.rules.yml"]).current_dir(&rules));
    run(Command::new("promtool").args(["test", "rules", "duban.rules.test.yml"]).current_dir(&rules));
}

#[test]
fn the_unit_files_are_sound_and_give_the_service_little_to_see() {
    let scratch = home();
    let units = scratch.path().join("etc/systemd/system");
    fs::create_dir_all(&units).unwrap();
    let program = env!("CARGO_BIN_EXE_duban");
    for name in ["duban.service", "duban.socket"] {
        let text = fs::read_to_string(project("deploy").join(name)).unwrap();
        // It must be there to be verified.
        fs::write(units.join(name), text.replace("/usr/bin/duban", program)).unwrap();
    }
    let told = run(Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args([units.join("duban.service"), units.join("duban.socket")]));
    assert!(!told.contains("duban."), "{told}");
    run(Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--no-pager"])
        .arg(format!("--threshold={EXPOSURE_MAX}"))
        .arg(units.join("duban.service")));
}
