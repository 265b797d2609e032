//! What lies in a data directory beside the journal and says what it once held: the notes of the store's and the
//! last backup's end, letters. Whoever holds the disk can change these too, so they only contradict, never prove.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::archive::{Head, Reader};
use super::disk::Disk;
use super::fault::{JournalFault, shown};
use super::files::Shelf;
use super::finding::{Inspection, Kind};
use super::line::Hash;
use super::scan::{Scan, reach};
use super::walk::Named;
use crate::domain::Digest;
use crate::plain_file;

/// In the data directory: the last position that the store holds durably, and its hash.
pub(super) const STORE_REACHED: &str = "store-reached";
/// In the data directory: position, hash and place of the last backup. It was made when this file was.
pub(super) const LAST_BACKUP: &str = "last-backup";
/// Where letters go that are written as files, unless the configuration says otherwise.
const OUTBOX: &str = "outbox";
/// Largest note that is read, in bytes: numbers and a path.
const NOTE_BYTES_MAX: usize = 8 * 1024;
/// Largest letter that is looked into.
const LETTER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A note that the journal held an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Noted {
    pub path: PathBuf,
    pub position: u64,
    /// of that event, where the note says it
    pub hash: Option<Hash>,
}

impl Noted {
    /// Reads a note that begins with a position and may hold the event's hash; `None` where there is none.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let bytes = plain_file::read_unlinked(path, NOTE_BYTES_MAX).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let mut words = text.split_whitespace();
        let position = words.next()?.parse().ok()?;
        let hash = words.find_map(|word| Hash::parse(word.as_bytes()));
        Some(Self { path: path.to_owned(), position, hash })
    }

    /// From which position on the journal contradicts it, and how; `None` where it agrees.
    fn contradicted(&self, end: u64, hash: impl Fn(u64) -> Option<Hash>) -> Option<(u64, String)> {
        let Self { position, .. } = *self;
        if position > end && end == 0 {
            let what = format!("both copies are gone or can't be read, but {position} events were here");
            return Some((1, what));
        }
        if position > end {
            let what = format!(
                "{position} events were here, and the journal ends at {end}: the events behind were lost or removed"
            );
            return Some((end + 1, what));
        }
        let known = self.hash.filter(|_| position > 0)?;
        (hash(position) != Some(known)).then(|| {
            let what = format!(
                "it names another event {position} than the journal holds: history was rewritten there or before"
            );
            (position, what)
        })
    }
}

/// The text of a note; as long whatever it says, so that it can be written over itself.
pub(super) fn note(position: u64, hash: Option<Hash>) -> String {
    format!("{position:020} {:64}\n", hash.map(Hash::digits).unwrap_or_default())
}

/// The notes in a data directory.
pub(super) fn notes(data: &Path) -> impl Iterator<Item = Noted> {
    [STORE_REACHED, LAST_BACKUP].into_iter().filter_map(|name| Noted::read(&data.join(name)))
}

/// Refuses a journal that ends before what a note says, or whose history is another. The notes are those that lay there
/// before the second copy was opened: one that is begun anew starts a note of its own.
///
/// # Errors
/// [`JournalFault::Contradicted`].
pub(super) fn refuse_contradicted(notes: &[Noted], found: &Scan) -> Result<(), JournalFault> {
    let end = reach(|p| found.slots.get(&p)).end;
    for noted in notes {
        if let Some((position, what)) = noted.contradicted(end, |p| found.slots.get(&p).map(|s| s.hash)) {
            return Err(JournalFault::Contradicted { place: shown(&noted.path), position, what });
        }
    }
    Ok(())
}

/// Refuses a journal that ends before letters which lie in its directory were written, whatever became of the notes.
///
/// # Errors
/// [`JournalFault::Contradicted`]; the archive can't be read.
pub(super) fn refuse_later_letters(data: &Path, reader: &Reader) -> Result<(), JournalFault> {
    let Head { position, mut recorded_at, .. } = reader.head();
    // No letter is written before the first event: without one, each is of a journal that is gone.
    let by_crash = usize::from(position > 0);
    if position == 0 {
        recorded_at = DateTime::<Utc>::MIN_UTC;
    }
    let dir = data.join(Shelf::Letters.dir());
    let mut later = Vec::new();
    for name in Disk::Real.list(&dir).unwrap_or_default() {
        let path = dir.join(&name);
        // Most are older than the last event: their bytes need not be read.
        let is_old = |path: &Path| {
            let written = path.symlink_metadata().and_then(|found| found.modified());
            written.is_ok_and(|written| DateTime::<Utc>::from(written) < recorded_at)
        };
        let Some(digest) = digest_of(&name).filter(|_| !is_old(&path)) else { continue };
        let letter = plain_file::read_unlinked(&path, LETTER_BYTES_MAX).unwrap_or_default();
        if let Some(dated) = dated(&letter).filter(|dated| *dated > recorded_at) {
            later.push((dated, digest.to_string(), path));
        }
    }
    // A clock that was set back leaves letters that are named and dated later than the last event.
    if later.len() > by_crash {
        for line in reader.lines(0) {
            let line = line?;
            let text = String::from_utf8_lossy(&line.bytes);
            later.retain(|(_, digest, _)| !text.contains(digest.as_str()));
        }
    }
    later.sort();
    match later.as_slice() {
        [(first, _, path), ..] if later.len() > by_crash => Err(JournalFault::Contradicted {
            place: shown(path),
            position: position + 1,
            what: later_letters(later.len(), *first, position),
        }),
        _ => Ok(()),
    }
}

fn later_letters(count: usize, first: DateTime<Utc>, end: u64) -> String {
    format!(
        "{count} letters lie here that were written after the last event, the first on {first}, and no event names them: the events behind {end} were removed"
    )
}

/// The digest that a letter's file is named by.
fn digest_of(name: &str) -> Option<Digest> {
    name.strip_suffix(".eml").and_then(|digest| digest.parse().ok())
}

/// Holds the journal against everything in its directory that says what it once held.
pub(super) fn hear(data: &Path, found: &Scan, named: &Named, inspection: &mut Inspection) {
    // What stands behind a broken place was there: that it proves nothing has been told.
    let last = found.slots.keys().next_back().copied().unwrap_or(0);
    let end = if inspection.readable() { inspection.events } else { last };
    for noted in notes(data) {
        let name = noted.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match noted.contradicted(end, |p| found.slots.get(&p).map(|s| s.hash)) {
            Some((position, what)) => {
                inspection.add(Kind::NoteContradicts, Some(position), &noted.path, what);
            }
            None if noted.hash.is_some() => {
                inspection.agreed.push(format!("{name} names event {} and its hash", noted.position));
            }
            None => inspection.agreed.push(format!("{name} names event {}", noted.position)),
        }
    }
    for name in [STORE_REACHED, LAST_BACKUP] {
        let path = data.join(name);
        if path.symlink_metadata().is_ok() && Noted::read(&path).is_none() {
            let what = "it is there and names no event: what it said of the journal's end is lost".to_owned();
            inspection.add(Kind::NoteUnreadable, None, &path, what);
        }
    }
    letters(data, named, inspection);
    outbox(data, named, inspection);
}

/// Archived letters that no event names. One is written before the event that names it, and a crash between the
/// two leaves it over; so one alone is a note. More that were written after the last event tell of events that are
/// gone, for a letter is only written once the one before is recorded.
fn letters(data: &Path, named: &Named, inspection: &mut Inspection) {
    let dir = data.join(Shelf::Letters.dir());
    let mut unnamed = Vec::new();
    for name in Disk::Real.list(&dir).unwrap_or_default() {
        if digest_of(&name).is_some_and(|digest| !named.letters.contains(&digest)) {
            let path = dir.join(&name);
            let letter = plain_file::read_unlinked(&path, LETTER_BYTES_MAX).unwrap_or_default();
            unnamed.push((dated(&letter), message_id(&letter).unwrap_or_default(), path));
        }
    }
    unnamed.sort();
    let last = inspection.head.map(|head: Head| head.recorded_at);
    let is_later = |dated: &Option<DateTime<Utc>>| *dated > last;
    let later: Vec<_> = unnamed.iter().filter(|(dated, ..)| is_later(dated)).collect();
    if let [(Some(first), _, path), _, ..] = later.as_slice() {
        let what = later_letters(later.len(), *first, inspection.events);
        inspection.add(Kind::LaterLetters, Some(inspection.events + 1), path, what);
        unnamed.retain(|(dated, ..)| !is_later(dated));
    }
    for (_, message_id, path) in unnamed {
        let position = named.message_ids.get(&message_id).copied();
        let what = match position {
            Some(_) => {
                "no event names this form of its letter; a crash while it was written leaves one, and so does whoever puts another in its place"
            }
            None => {
                "no event names this letter; a crash before it was recorded leaves one, and so does whoever removes the event"
            }
        };
        inspection.add(Kind::UnnamedLetter, position, &path, what);
    }
}

/// Letters that went, by their Message-ID: one is handed over only once its event is durable.
fn outbox(data: &Path, named: &Named, inspection: &mut Inspection) {
    let dir = data.join(OUTBOX);
    for name in Disk::Real.list(&dir).unwrap_or_default() {
        let path = dir.join(&name);
        if path.extension().is_none_or(|end| end != "eml") {
            continue;
        }
        let letter = plain_file::read_unlinked(&path, LETTER_BYTES_MAX).unwrap_or_default();
        if message_id(&letter).is_some_and(|id| !named.message_ids.contains_key(&id)) {
            let what = "this letter went, and no event names it: its event was removed or rewritten";
            inspection.add(Kind::SentLetters, None, &path, what);
        }
    }
}

fn header<'a>(letter: &'a [u8], name: &str) -> Option<&'a str> {
    let mut lines = letter.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let lines = lines.by_ref().take_while(|line| !line.is_empty());
    lines.filter_map(|line| std::str::from_utf8(line).ok()).find_map(|line| line.strip_prefix(name))
}

fn dated(letter: &[u8]) -> Option<DateTime<Utc>> {
    let date = DateTime::parse_from_rfc2822(header(letter, "Date: ")?.trim()).ok()?;
    Some(date.with_timezone(&Utc))
}

fn message_id(letter: &[u8]) -> Option<String> {
    let id = header(letter, "Message-ID: ")?.trim();
    Some(id.strip_prefix('<')?.strip_suffix('>')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_as_it_is_written_now_and_as_it_was_before() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(STORE_REACHED);
        let hash = Hash::of(b"event");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Noted::read(&path).map(|noted| (noted.position, noted.hash))
        };
        assert_eq!(read(&note(42, Some(hash))), Some((42, Some(hash))));
        assert_eq!(read(&note(42, None)), Some((42, None)));
        assert_eq!(read("00000000000000000042\n"), Some((42, None)));
        assert_eq!(read("42 /var/backups/duban/2026-11-24\n"), Some((42, None)));
        assert_eq!(read(&format!("42 {} /backup\n", hash.digits())), Some((42, Some(hash))));
        assert_eq!(read("damaged"), None);
        assert_eq!(note(1, None).len(), note(u64::MAX, Some(hash)).len());
    }
}
