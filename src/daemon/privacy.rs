//! Nobody else may read what a start finds: letters, persons, live links, keys. What is open is closed and said.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::config::{Config, Mail};
use crate::plain_file;
use crate::private_dir::{self, NOT_OWNER, OTHERS};

/// What a start closed, and what it could not close, each in words.
#[derive(Debug, Default)]
pub(super) struct Closed {
    pub mended: Vec<String>,
    pub open: Vec<String>,
}

/// Closes the data directory, the keys in it, and the folder that letters go to.
///
/// # Errors
/// The data directory or its keys stay open: with what helps. The folder may lie where nothing can be closed, on a
/// share say; that is told and stops nothing.
pub(super) fn close(config: &Config) -> anyhow::Result<Closed> {
    let mut closed = Closed::default();
    refuse_links(config)?;
    let data = &config.data;
    let secrets = data.join("secrets");
    let keys = fs::read_dir(&secrets).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut all = vec![data.clone(), secrets.clone()];
    all.extend(keys);
    if is_open(data) {
        // Whoever stands in one of its rooms already needs no way through the door.
        let rooms = fs::read_dir(data).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        all.extend(rooms.filter(|room| room.is_dir() && *room != secrets));
    }
    for path in all {
        let mode = private_dir::close(&path, NOT_OWNER).with_context(|| {
            format!(
                "others can read {0}: letters, persons and live links lie there; `chmod go-rwx {0}` as its owner, then start again",
                path.display()
            )
        })?;
        closed.mended.extend(mode.map(|mode| was_open(&path, mode)));
    }
    if let Mail::Folder(folder) = &config.mail {
        match private_dir::close(folder, OTHERS) {
            Ok(mode) => closed.mended.extend(mode.map(|mode| was_open(folder, mode))),
            Err(why) => closed.open.push(format!(
                "others can read {0}, and the link in each letter there opens its unit's page: {why}; `chmod o-rwx {0}`, or name another folder",
                folder.display()
            )),
        }
    }
    Ok(closed)
}

/// Refuses a link in the data directory: whoever could put one there would have a daemon that runs as root close,
/// write and read what it names. What the configuration names outside may be a link.
fn refuse_links(config: &Config) -> anyhow::Result<()> {
    // The directory's own name may be one.
    let Ok(data) = config.data.canonicalize() else { return Ok(()) };
    let entries = |dir: &Path| -> Vec<PathBuf> {
        fs::read_dir(dir).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect()
    };
    let is_link = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_symlink());
    let mut inside = entries(&data);
    // Before the keys are listed, where they lie must be no link.
    if !is_link(&data.join("secrets")) {
        inside.extend(entries(&data.join("secrets")));
    }
    for named in config.named() {
        let Ok(named) = std::path::absolute(named) else { continue };
        let owned = std::path::absolute(&config.data).unwrap_or_default();
        let below = named.strip_prefix(&owned).or_else(|_| named.strip_prefix(&data));
        let below = below.map(|below| data.join(below));
        inside.extend(
            below
                .iter()
                .flat_map(|path| path.ancestors())
                .take_while(|path| **path != *data)
                .map(Path::to_owned),
        );
    }
    match inside.into_iter().find(|path| is_link(path)) {
        Some(path) => Err(plain_file::linked(&path).into()),
        None => Ok(()),
    }
}

/// Whether anybody but its owner may enter it.
fn is_open(dir: &Path) -> bool {
    fs::metadata(dir).is_ok_and(|found| found.permissions().mode() & NOT_OWNER != 0)
}

fn was_open(path: &Path, mode: u32) -> String {
    format!("{} could be used by others ({mode:04o}); it is closed to them now", path.display())
}
