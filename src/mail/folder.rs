//! Letters as files: `<letter>-<recipient>-<first 8 of the Message-ID>.eml`.
//!
//! A file appears whole or not at all, and a Message-ID only once, whenever the process is killed.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Envelope, Outcome};
use crate::domain::Recipient;
use crate::{plain_file, private_dir};

/// How much of the Message-ID stands in the file's name.
const ID_CHARS: usize = 8;

/// Writes letters into one folder.
#[derive(Debug, Clone)]
pub struct FolderMailer {
    outbox: PathBuf,
    sync: bool,
}

impl FolderMailer {
    /// Letters go into `outbox`, which is created when the first one does.
    #[must_use]
    pub fn new(outbox: impl Into<PathBuf>) -> Self {
        Self { outbox: outbox.into(), sync: true }
    }

    /// The same without syncing, for rehearsals only: a power cut may take letters that were accepted.
    #[must_use]
    pub fn unsynced(outbox: impl Into<PathBuf>) -> Self {
        Self { outbox: outbox.into(), sync: false }
    }

    /// Where letters go.
    #[must_use]
    pub fn outbox(&self) -> &Path {
        &self.outbox
    }

    /// Writes on a thread that may block.
    pub(super) async fn send(&self, envelope: &Envelope) -> Outcome {
        let (mailer, envelope) = (self.clone(), envelope.clone());
        match tokio::task::spawn_blocking(move || mailer.write(&envelope)).await {
            Ok(outcome) => outcome,
            Err(fault) => Outcome::Unknown(format!("the writing thread was lost: {fault}")),
        }
    }

    /// Writes the letter on this thread, unless it is there already.
    #[must_use]
    pub fn write(&self, envelope: &Envelope) -> Outcome {
        match self.place(envelope) {
            Ok(reply) => Outcome::Accepted(reply),
            Err(fault) => Outcome::Deferred(format!("can't write to {}: {fault}", self.outbox.display())),
        }
    }

    fn place(&self, envelope: &Envelope) -> io::Result<String> {
        let outbox = &self.outbox;
        if !outbox.is_dir() {
            // A letter holds the link of its unit: it is nobody else's.
            private_dir::create(outbox)?;
            if let Some(parent) = outbox.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                self.sync_dir(parent)?;
            }
        }
        let mut path = outbox.join(file_name(envelope, ID_CHARS));
        match holder(&path)? {
            Some(id) if id == envelope.message_id => return self.already_there(&path),
            // Another letter with the same beginning of its id: this one gets all of it.
            Some(_) => {
                path = outbox.join(file_name(envelope, usize::MAX));
                if holder(&path)?.is_some() {
                    return self.already_there(&path);
                }
            }
            None => {}
        }
        // A name of its own for each letter: a part left by a killed process is overwritten by the next try.
        let part = path.with_extension("eml.part");
        let mut file = File::create(&part)?;
        file.write_all(&envelope.bytes)?;
        if self.sync {
            file.sync_all()?;
        }
        fs::rename(&part, &path)?;
        self.sync_dir(outbox)?;
        Ok(format!("written to {}", path.display()))
    }

    /// A process killed between rename and sync may have left the name unsynced.
    fn already_there(&self, path: &Path) -> io::Result<String> {
        self.sync_dir(&self.outbox)?;
        Ok(format!("already in the outbox: {}", path.display()))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        if self.sync { File::open(dir)?.sync_all() } else { Ok(()) }
    }
}

fn file_name(envelope: &Envelope, id_chars: usize) -> String {
    let recipient = match &envelope.to {
        Recipient::Unit(unit) => unit.to_string(),
        Recipient::LeaderOf(unit) => format!("leader-of-{unit}"),
        Recipient::Office => "office".to_owned(),
    };
    let id: String = envelope.message_id.chars().filter(char::is_ascii_alphanumeric).take(id_chars).collect();
    format!("{}-{recipient}-{id}.eml", envelope.letter)
}

/// The Message-ID of the letter in this file; `None` where there is no file.
fn holder(path: &Path) -> io::Result<Option<String>> {
    let bytes = match plain_file::read(path, usize::MAX) {
        Ok(bytes) => bytes,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let text = String::from_utf8_lossy(&bytes);
    let id = text
        .lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix("Message-ID: <")?.strip_suffix('>'));
    Ok(Some(id.unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Mailer;

    fn envelope(message_id: &str) -> Envelope {
        Envelope {
            letter: "2021-0623-07".parse().unwrap(),
            message_id: message_id.into(),
            to: Recipient::Unit("eco-env".parse().unwrap()),
            address: "eco-env@duban.example".into(),
            from: "office@duban.example".into(),
            bytes: format!("Message-ID: <{message_id}>\r\nSubject: x\r\n\r\nbody\r\n").into_bytes(),
        }
    }

    fn names(outbox: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(outbox)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_letter_is_written_once() {
        let home = tempfile::tempdir().unwrap();
        let outbox = home.path().join("data/outbox");
        let mailer = Mailer::Folder(FolderMailer::new(&outbox));
        let letter = envelope("0123456789abcdef@duban");
        assert!(
            matches!(mailer.send(&letter).await, Outcome::Accepted(reply) if reply.starts_with("written to"))
        );
        assert!(
            matches!(mailer.send(&letter).await, Outcome::Accepted(reply) if reply.starts_with("already"))
        );
        assert_eq!(names(&outbox), ["2021-0623-07-eco-env-01234567.eml"]);
        assert_eq!(fs::read(outbox.join("2021-0623-07-eco-env-01234567.eml")).unwrap(), letter.bytes);
    }

    #[tokio::test]
    async fn a_part_left_by_a_kill_is_no_letter_and_is_overwritten() {
        let outbox = tempfile::tempdir().unwrap();
        fs::write(outbox.path().join("2021-0623-07-eco-env-01234567.eml.part"), "half").unwrap();
        let mailer = Mailer::Folder(FolderMailer::new(outbox.path()));
        mailer.send(&envelope("0123456789abcdef@duban")).await;
        assert_eq!(names(outbox.path()), ["2021-0623-07-eco-env-01234567.eml"]);
    }

    #[tokio::test]
    async fn two_ids_that_begin_alike_are_two_letters() {
        let outbox = tempfile::tempdir().unwrap();
        let mailer = Mailer::Folder(FolderMailer::new(outbox.path()));
        for _ in 0..2 {
            mailer.send(&envelope("0123456789abcdef@duban")).await;
            mailer.send(&envelope("01234567ffffffff@duban")).await;
        }
        assert_eq!(
            names(outbox.path()),
            ["2021-0623-07-eco-env-01234567.eml", "2021-0623-07-eco-env-01234567ffffffffduban.eml"]
        );
    }

    #[tokio::test]
    async fn what_goes_wrong_is_deferred_with_its_cause() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("outbox");
        fs::write(&file, "a file").unwrap();
        let mailer = Mailer::Folder(FolderMailer::new(&file));
        let Outcome::Deferred(cause) = mailer.send(&envelope("0123456789abcdef@duban")).await else {
            panic!()
        };
        assert!(cause.contains("outbox") && cause.contains("exists"), "{cause}");
    }
}
