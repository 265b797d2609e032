//! Files of evidence that came in and were never handed in: after a week they go. What an event or a draft
//! names stays for ever.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tracing::{info, warn};

use crate::clock::Clock;
use crate::domain::Digest;
use crate::journal::{Reader, Shelf};
use crate::plain_file;

/// How long a file may wait to be named.
const KEPT: Duration = Duration::from_hours(7 * 24);
/// How often it is looked.
const EVERY: Duration = Duration::from_hours(24);
/// Length of a digest as it is written.
const DIGEST_CHARS: usize = 64;

/// Looks at once, and then once a day.
pub(super) async fn follow(data: Arc<Path>, drafts: PathBuf, reader: Reader, clock: Clock) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        let (data, drafts, reader) = (data.clone(), drafts.clone(), reader.clone());
        let now = clock.now().into();
        let swept = tokio::task::spawn_blocking(move || sweep(&data, &drafts, &reader, now));
        match swept.await {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => info!(count, "files were removed from evidence/ that nothing names"),
            Ok(Err(fault)) => warn!(cause = %fault, "evidence/ can't be looked through; nothing was removed"),
            Err(_) => return,
        }
    }
}

/// Removes them; how many. Where not everything that may name one can be read, none goes.
fn sweep(data: &Path, drafts: &Path, reader: &Reader, now: SystemTime) -> anyhow::Result<usize> {
    let mut old = old(&data.join(Shelf::Evidence.dir()), now)?;
    if old.is_empty() {
        return Ok(0);
    }
    // Drafts first: what is handed in meanwhile then stands in the journal.
    for draft in list(drafts)? {
        spare(&mut old, &plain_file::read_unlinked(&draft, usize::MAX)?);
    }
    for line in reader.lines(0) {
        spare(&mut old, &line?.bytes);
    }
    let mut removed = 0;
    for path in old.values() {
        // Sent once more meanwhile, it is new.
        if is_old(path, now)? {
            fs::remove_file(path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn old(dir: &Path, now: SystemTime) -> io::Result<BTreeMap<Digest, PathBuf>> {
    let mut old = BTreeMap::new();
    for path in list(dir)? {
        let digest = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        if let Some(digest) = digest
            && is_old(&path, now)?
        {
            old.insert(digest, path);
        }
    }
    Ok(old)
}

fn is_old(path: &Path, now: SystemTime) -> io::Result<bool> {
    let told = fs::symlink_metadata(path)?;
    Ok(told.is_file() && now.duration_since(told.modified()?).is_ok_and(|age| age >= KEPT))
}

fn list(dir: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(dir) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}

/// Takes out whatever these bytes name, in whatever field: no kind of event can be forgotten here.
fn spare(old: &mut BTreeMap<Digest, PathBuf>, bytes: &[u8]) {
    for run in bytes.split(|byte| !byte.is_ascii_hexdigit()) {
        for named in run.windows(DIGEST_CHARS) {
            if let Some(digest) = std::str::from_utf8(named).ok().and_then(|text| text.parse().ok()) {
                old.remove(&digest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Actor, Event, NewEvent, Stream};
    use crate::journal::{Entry, Journal, Options};

    #[test]
    fn what_anything_names_is_spared_wherever_the_name_stands() {
        let file = |text: &str| (Digest::of(text.as_bytes()), PathBuf::from(text));
        let all: BTreeMap<Digest, PathBuf> = [file("a"), file("b"), file("c")].into();
        let mut old = all.clone();
        let (a, b) = (Digest::of(b"a"), Digest::of(b"b"));
        spare(&mut old, format!("{{\"evidence\":[{{\"digest\":\"{a}\"}}],\"x\":\"sha256-{b}\"}}").as_bytes());
        assert_eq!(old.into_values().collect::<Vec<_>>(), [PathBuf::from("c")]);
        let mut old = all;
        spare(&mut old, format!("00{}ff", Digest::of(b"c")).as_bytes());
        assert_eq!(old.len(), 2, "in doubt it stays");
    }

    #[test]
    fn a_week_old_file_that_no_draft_names_goes_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let now = fs::metadata(home.path()).unwrap().modified().unwrap();
        let (mut journal, _) =
            Journal::open(&data, Options::default(), "2021-06-23T01:00:00Z".parse().unwrap()).unwrap();
        let put = |text: &str, name: String, age: Duration| {
            let path = data.join("evidence").join(name);
            fs::write(&path, text).unwrap();
            fs::File::options().write(true).open(&path).unwrap().set_modified(now - age).unwrap();
            path
        };
        let digest = |text: &str| Digest::of(text.as_bytes()).to_string();
        let orphan = put("orphan", digest("orphan"), KEPT);
        let young = put("young", digest("young"), KEPT / 2);
        let drafted = put("drafted", digest("drafted"), KEPT * 9);
        let named = put("named", digest("named"), KEPT * 9);
        let message = Digest::of(b"named");
        let event = Event::MailReceived { letter: None, message, automatic: false };
        let event = NewEvent { stream: Stream::Office, occurred_on: None, event };
        let entry = Entry { by: Actor::system(), cause: None, request: None, events: vec![event] };
        journal.commit(vec![entry], "2021-06-23T02:00:00Z".parse().unwrap()).unwrap();
        let foreign = put("readme", "README".to_owned(), KEPT * 9);
        let drafts = data.join("drafts");
        fs::create_dir(&drafts).unwrap();
        fs::write(drafts.join("a.json"), format!("{{\"files\":[\"{}\"]}}", digest("drafted"))).unwrap();
        fs::create_dir(drafts.join("unreadable")).unwrap();
        assert!(sweep(&data, &drafts, &journal.reader(), now).is_err(), "in doubt all stays");
        assert!(orphan.exists());
        fs::remove_dir(drafts.join("unreadable")).unwrap();
        assert_eq!(sweep(&data, &drafts, &journal.reader(), now).unwrap(), 1);
        assert!(!orphan.exists() && young.exists() && drafted.exists() && named.exists() && foreign.exists());
    }
}
