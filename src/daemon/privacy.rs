//! Nobody else may read what a start finds: letters, persons, live links, keys. What is open is closed and said.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Context as _;

use crate::config::{Config, Mail};
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
    let data = &config.data;
    let secrets = data.join("secrets");
    let keys = fs::read_dir(&secrets).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut all = vec![(data.clone(), OTHERS), (secrets.clone(), NOT_OWNER)];
    all.extend(keys.map(|key| (key, NOT_OWNER)));
    if is_open(data) {
        // Whoever stands in one of its rooms already needs no way through the door.
        let rooms = fs::read_dir(data).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        all.extend(rooms.filter(|room| room.is_dir() && *room != secrets).map(|room| (room, OTHERS)));
    }
    for (path, rights) in all {
        let mode = private_dir::close(&path, rights).with_context(|| {
            let rights = if rights == OTHERS { "o-rwx" } else { "go-rwx" };
            format!(
                "others can read {0}: letters, persons and live links lie there; `chmod {rights} {0}` as its owner, then start again",
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

/// Whether others may enter it.
fn is_open(dir: &Path) -> bool {
    fs::metadata(dir).is_ok_and(|found| found.permissions().mode() & OTHERS != 0)
}

fn was_open(path: &Path, mode: u32) -> String {
    format!("{} could be used by others ({mode:04o}); it is closed to them now", path.display())
}
