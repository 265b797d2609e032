//! Files of evidence that came in and were never handed in: after a week they go. What an event or a draft
//! names stays for ever.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{info, warn};

use crate::clock::Clock;
use crate::domain::Digest;
use crate::journal::{JournalFault, Reader, Shelf, Shelves};

/// How long a file may wait to be named.
const KEPT: TimeDelta = TimeDelta::days(7);
/// How often it is looked.
const EVERY: Duration = Duration::from_hours(24);
/// Length of a digest as it is written.
const DIGEST_CHARS: usize = 64;

/// Looks at once, and then once a day.
pub(super) async fn follow(shelves: Shelves, reader: Reader, clock: Clock) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        let (shelves, reader, now) = (shelves.clone(), reader.clone(), clock.now());
        match tokio::task::spawn_blocking(move || sweep(&shelves, &reader, now)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => info!(count, "files were removed from evidence/ that nothing names"),
            Ok(Err(fault)) => warn!(cause = %fault, "evidence/ can't be looked through; nothing was removed"),
            Err(_) => return,
        }
    }
}

/// Removes them; how many. Where not everything that may name one can be read, none goes.
fn sweep(shelves: &Shelves, reader: &Reader, now: DateTime<Utc>) -> Result<usize, JournalFault> {
    let before = now - KEPT;
    let mut old: BTreeSet<Digest> = shelves.older(Shelf::Evidence, before)?.into_iter().collect();
    if old.is_empty() {
        return Ok(0);
    }
    // Drafts first: what is handed in meanwhile then stands in the journal.
    shelves.each_draft(&mut |bytes| spare(&mut old, bytes))?;
    for line in reader.lines(0) {
        spare(&mut old, &line?.bytes);
    }
    let mut removed = 0;
    for digest in old {
        // Sent once more meanwhile, it is new.
        removed += usize::from(shelves.discard(Shelf::Evidence, digest, before)?);
    }
    Ok(removed)
}

/// Takes out whatever these bytes name, in whatever field: no kind of event can be forgotten here.
fn spare(old: &mut BTreeSet<Digest>, bytes: &[u8]) {
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
    use std::fs;

    use super::*;
    use crate::domain::{Actor, Event, MailKind, NewEvent, Stream};
    use crate::journal::{Entry, Journal, Options};

    #[test]
    fn what_anything_names_is_spared_wherever_the_name_stands() {
        let (a, b, c) = (Digest::of(b"a"), Digest::of(b"b"), Digest::of(b"c"));
        let all = BTreeSet::from([a, b, c]);
        let mut old = all.clone();
        spare(&mut old, format!("{{\"evidence\":[{{\"digest\":\"{a}\"}}],\"x\":\"sha256-{b}\"}}").as_bytes());
        assert_eq!(old, BTreeSet::from([c]));
        let mut old = all;
        spare(&mut old, format!("00{c}ff").as_bytes());
        assert_eq!(old.len(), 2, "in doubt it stays");
    }

    #[test]
    fn a_week_old_file_that_no_draft_names_goes_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let now = fs::metadata(home.path()).unwrap().modified().unwrap();
        let (mut journal, _) =
            Journal::open(&data, Options::default(), "2021-06-23T01:00:00Z".parse().unwrap()).unwrap();
        let shelves = journal.shelves().clone();
        let put = |text: &str, name: String, age: TimeDelta| {
            let age = age.to_std().unwrap();
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
        let event = Event::MailReceived { letter: None, message, kind: MailKind::Reply };
        let event = NewEvent { stream: Stream::Office, occurred_on: None, event };
        let entry = Entry { by: Actor::system(), cause: None, request: None, events: vec![event] };
        journal.commit(vec![entry], "2021-06-23T02:00:00Z".parse().unwrap()).unwrap();
        let foreign = put("readme", "README".to_owned(), KEPT * 9);
        let drafts = data.join("drafts");
        fs::create_dir(&drafts).unwrap();
        fs::write(drafts.join("a.json"), format!("{{\"files\":[\"{}\"]}}", digest("drafted"))).unwrap();
        fs::create_dir(drafts.join("unreadable")).unwrap();
        assert!(sweep(&shelves, journal.reader(), now.into()).is_err(), "in doubt all stays");
        assert!(orphan.exists());
        fs::remove_dir(drafts.join("unreadable")).unwrap();
        assert_eq!(sweep(&shelves, journal.reader(), now.into()).unwrap(), 1);
        assert!(!orphan.exists() && young.exists() && drafted.exists() && named.exists() && foreign.exists());
    }
}
