//! Who may read and write what: the data directory, its secrets, the configuration, the plan files.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::{Case, Finding, Topic};
use crate::config::Schedules;

/// Anybody else may do anything at all.
pub(super) const OTHERS: u32 = 0o007;
/// The group or anybody else may write.
const WRITERS: u32 = 0o022;
/// The group or anybody else may do anything at all.
const NOT_OWNER: u32 = 0o077;

pub(super) fn examine(case: &Case) -> Topic {
    let data = &case.config.data;
    let mut findings = Vec::new();
    let words = "others can read letters, persons and addresses";
    findings.extend(wrong(data, NOT_OWNER, words, "chmod go-rwx"));
    let secrets = data.join("secrets");
    for path in std::iter::once(secrets.clone()).chain(entries(&secrets)) {
        findings.extend(wrong(
            &path,
            NOT_OWNER,
            "a key can be read by others than its owner",
            "chmod go-rwx",
        ));
    }
    let words = "others can change what duban does";
    if let Some(config) = &case.config_file {
        findings.extend(wrong(config, WRITERS, words, "chmod go-w"));
    }
    if let Schedules::Dir(dir) = &case.config.schedules {
        for path in std::iter::once(dir.clone()).chain(entries(dir)) {
            findings.extend(wrong(&path, 0o002, words, "chmod o-w"));
        }
    }
    findings.extend(foreign(data));
    findings.extend(case.accounts.as_ref().map(|why| {
        let cure = "put the file back from a backup made with --with-secrets; without it, move it aside and set the accounts anew as the daemon's own account (`duban account set`)";
        Finding::new(why, secrets.join("accounts.json").display().to_string(), cure)
    }));
    let accounts = secrets.join("accounts.json").display().to_string();
    findings.extend(case.accounts_by_hand.iter().map(|(what, cure)| Finding::new(what, &accounts, cure)));
    let owner = fs::metadata(data).map_or_else(
        |_| "no data directory yet".to_owned(),
        |dir| format!("data directory {:04o}, of {}", dir.permissions().mode() & 0o7777, owner(dir.uid())),
    );
    Topic::new("permissions", owner, findings)
}

/// A path that lets in whom it should not; `None` where it is right, or not there.
pub(super) fn wrong(path: &Path, bits: u32, what: &str, cure: &str) -> Option<Finding> {
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o7777;
    (mode & bits != 0).then(|| {
        let place = format!("{} ({mode:04o})", path.display());
        Finding::new(what, place, format!("{cure} {}", path.display()))
    })
}

/// Files that another account left in the data directory: a daemon run by hand as root, say.
fn foreign(data: &Path) -> Option<Finding> {
    let own = fs::metadata(data).ok()?.uid();
    let rooms = ["archive", "store", "letters", "evidence", "people", "secrets", "outbox"];
    let paths = rooms.iter().flat_map(|room| {
        let room = data.join(room);
        std::iter::once(room.clone()).chain(entries(&room))
    });
    let other = paths.chain([data.join("lock")]).find_map(|path| {
        let uid = fs::metadata(&path).ok()?.uid();
        (uid != own).then_some((path, uid))
    });
    other.map(|(path, uid)| {
        Finding::new(
            format!(
                "a file belongs to {}, the data directory to {}: the daemon can't use it",
                owner(uid),
                owner(own)
            ),
            path.display().to_string(),
            format!("chown -R {}: {}", owner(own), data.display()),
        )
    })
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn owner(uid: u32) -> String {
    match nix::unistd::User::from_uid(nix::unistd::Uid::from_raw(uid)) {
        Ok(Some(user)) => user.name,
        Ok(None) | Err(_) => format!("uid-{uid}"),
    }
}
