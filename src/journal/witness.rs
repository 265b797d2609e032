//! What lies in a data directory beside the journal and says what it once held: the notes of the store's and the
//! last backup's end, letters. Whoever holds the disk can change these too, so they only contradict, never prove.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::archive::Head;
use super::disk::Disk;
use super::fault::JournalFault;
use super::files::Shelf;
use super::finding::{Finding, Kind, Severity};
use super::line::Hash;
use super::scan::Slots;
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
/// How much of a letter is looked into, in bytes: its headers.
const HEAD_BYTES_MAX: u64 = 64 * 1024;

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
    fn contradicted(&self, held: &Held<'_>) -> Option<(u64, String)> {
        let (position, end) = (self.position, held.last);
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
        (held.slots.get(&position).map(|slot| slot.hash) != Some(known)).then(|| {
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

/// The notes in a data directory, as they are before a second copy is opened: one that is begun anew starts a note of
/// its own.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub read: Vec<Noted>,
    /// is there, and names no event
    unreadable: Vec<PathBuf>,
}

impl Notes {
    pub(super) fn of(data: &Path) -> Self {
        let mut notes = Self::default();
        for path in [STORE_REACHED, LAST_BACKUP].map(|name| data.join(name)) {
            match Noted::read(&path) {
                Some(noted) => notes.read.push(noted),
                None if path.symlink_metadata().is_ok() => notes.unreadable.push(path),
                None => {}
            }
        }
        notes
    }
}

/// What the journal holds, to be held against what lies beside it.
pub(super) struct Held<'a> {
    /// its last event; behind a broken place, the last that is there: that it proves nothing has been told
    pub last: u64,
    /// the last event that fits
    pub head: Option<Head>,
    pub slots: &'a Slots,
    pub named: &'a Named,
}

impl Held<'_> {
    fn end(&self) -> u64 {
        self.head.map_or(0, |head| head.position)
    }
}

/// What the witnesses say: a start and an inspection hear the same ones.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// with what the journal agrees
    pub agreed: Vec<String>,
    /// what contradicts it, the first position before all others; then what is to be known
    pub findings: Vec<Finding>,
}

/// Holds the journal against everything in its directory that says what it once held.
pub(super) fn hear(data: &Path, notes: &Notes, held: &Held<'_>) -> Heard {
    let mut heard = Heard::default();
    heard.notes(notes, held);
    heard.letters(data, held);
    heard.outbox(data, held);
    let is_note = |finding: &Finding| finding.kind.severity() == Severity::Note;
    heard.findings.sort_by_key(|finding| (is_note(finding), finding.position.unwrap_or(u64::MAX)));
    heard
}

impl Heard {
    /// Refuses a journal that one of them contradicts, at the first position.
    ///
    /// # Errors
    /// [`JournalFault::Contradicted`].
    pub(super) fn refuse(&self) -> Result<(), JournalFault> {
        let found = self.findings.iter().find_map(|finding| Some((finding, finding.position?)));
        match found.filter(|(finding, _)| finding.kind.contradicts()) {
            Some((Finding { place, what, .. }, position)) => {
                Err(JournalFault::Contradicted { place: place.clone(), position, what: what.clone() })
            }
            None => Ok(()),
        }
    }

    fn add(&mut self, kind: Kind, position: Option<u64>, path: &Path, what: impl Into<String>) {
        self.findings.push(Finding::new(kind, position, path, what));
    }

    fn notes(&mut self, notes: &Notes, held: &Held<'_>) {
        for noted in &notes.read {
            let name = noted.path.file_name().unwrap_or_default().to_string_lossy();
            match noted.contradicted(held) {
                Some((position, what)) => self.add(Kind::NoteContradicts, Some(position), &noted.path, what),
                None if noted.hash.is_some() => {
                    self.agreed.push(format!("{name} names event {} and its hash", noted.position));
                }
                None => self.agreed.push(format!("{name} names event {}", noted.position)),
            }
        }
        for path in &notes.unreadable {
            let what = "it is there and names no event: what it said of the journal's end is lost";
            self.add(Kind::NoteUnreadable, None, path, what);
        }
    }

    /// Archived letters that no event names. One is written before the event that names it, and a crash between the
    /// two leaves it over; so one alone is a note. More that were written after the last event tell of events that
    /// are gone, for a letter is only written once the one before is recorded; before the first event, each does.
    fn letters(&mut self, data: &Path, held: &Held<'_>) {
        let dir = data.join(Shelf::Letters.dir());
        let mut unnamed = Vec::new();
        for name in Disk::Real.list(&dir).unwrap_or_default() {
            if digest_of(&name).is_some_and(|digest| !held.named.letters.contains(&digest)) {
                let path = dir.join(&name);
                let head = head_of(&path);
                unnamed.push((dated(&head), message_id(&head).unwrap_or_default(), path));
            }
        }
        unnamed.sort();
        let (end, last) = (held.end(), held.head.map(|head| head.recorded_at));
        let by_crash = usize::from(end > 0);
        let is_later = |dated: &Option<DateTime<Utc>>| *dated > last;
        let later: Vec<_> = unnamed.iter().filter(|(dated, ..)| is_later(dated)).collect();
        if let [(Some(first), _, path), ..] = later.as_slice()
            && later.len() > by_crash
        {
            let what = format!(
                "{} letters lie here that were written after the last event, the first on {first}, and no event names them: the events behind {end} were removed",
                later.len()
            );
            self.add(Kind::LaterLetters, Some(end + 1), path, what);
            unnamed.retain(|(dated, ..)| !is_later(dated));
        }
        for (_, message_id, path) in unnamed {
            let position = held.named.message_ids.get(&message_id).copied();
            let what = match position {
                Some(_) => {
                    "no event names this form of its letter; a crash while it was written leaves one, and so does whoever puts another in its place"
                }
                None => {
                    "no event names this letter; a crash before it was recorded leaves one, and so does whoever removes the event"
                }
            };
            self.add(Kind::UnnamedLetter, position, &path, what);
        }
    }

    /// Letters that went, by their Message-ID: one is handed over only once its event is durable.
    fn outbox(&mut self, data: &Path, held: &Held<'_>) {
        let dir = data.join(OUTBOX);
        for name in Disk::Real.list(&dir).unwrap_or_default() {
            let path = dir.join(&name);
            if path.extension().is_none_or(|end| end != "eml") {
                continue;
            }
            let head = head_of(&path);
            if message_id(&head).is_some_and(|id| !held.named.message_ids.contains_key(&id)) {
                let next = dated(&head).and_then(|dated| held.named.after(dated));
                let position = next.unwrap_or(held.end() + 1);
                let what = "this letter went, and no event names it: its event, which stood here or before, was removed or rewritten";
                self.add(Kind::SentLetters, Some(position), &path, what);
            }
        }
    }
}

/// The digest that a letter's file is named by.
fn digest_of(name: &str) -> Option<Digest> {
    name.strip_suffix(".eml").and_then(|digest| digest.parse().ok())
}

/// The beginning of a letter, where its headers stand; nothing where it can't be read.
fn head_of(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    let _ = plain_file::open_unlinked(path).and_then(|file| file.take(HEAD_BYTES_MAX).read_to_end(&mut head));
    head
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
