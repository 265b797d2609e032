//! Files that are handed in: held against size and kind on the way, and durable on their shelf before anything
//! names them. The same for the unit's page, for what is recorded on behalf, and for what came by mail.

use super::Refused;
use super::kind::{HEAD_BYTES, media_type};
use crate::domain::{Answers, Digest, Evidence, ItemAnswer};
use crate::locale::{Message, message};
use crate::planner::{EvidenceTray, Giver, NewEvidence, TrayFault};

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// nothing in it
    #[error("it is empty")]
    Empty,
    /// larger than is taken
    #[error("it has more than {} MiB", .0 / 1024 / 1024)]
    TooLarge(u64),
    /// a program, a page, or nothing that is known
    #[error("it is of no kind that is taken: PDF, photos, Word, Excel, PPT, WPS, OFD, ZIP, MP4, TXT")]
    Kind,
    /// the disk
    #[error("it can't be kept: {0}")]
    Tray(#[from] TrayFault),
}

impl FileFault {
    /// To be told.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => message("file-empty"),
            Self::TooLarge(bytes_max) => message("file-too-large").with("max", &(bytes_max / 1024 / 1024)),
            Self::Kind => message("file-kind"),
            Self::Tray(fault) => message("file-not-kept").with("why", fault),
        }
    }
}

/// A file on its way in; nothing of it is left where it is dropped. Every step blocks.
#[derive(Debug)]
pub struct Taking {
    new: NewEvidence,
    name: String,
    bytes_max: u64,
    head: Vec<u8>,
}

impl Taking {
    /// A new file of that name.
    ///
    /// # Errors
    /// [`FileFault::Tray`].
    pub fn begin(tray: &EvidenceTray, name: &str, bytes_max: u64) -> Result<Self, FileFault> {
        Ok(Self { new: tray.begin(Giver::Office)?, name: name.to_owned(), bytes_max, head: Vec::new() })
    }

    /// Adds the next piece.
    ///
    /// # Errors
    /// [`FileFault`].
    pub fn write(&mut self, piece: &[u8]) -> Result<(), FileFault> {
        if self.new.bytes().saturating_add(piece.len() as u64) > self.bytes_max {
            return Err(FileFault::TooLarge(self.bytes_max));
        }
        let wanted = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(wanted));
        Ok(self.new.write(piece)?)
    }

    /// Keeps it; durable on return.
    ///
    /// # Errors
    /// [`FileFault`].
    pub fn keep(self) -> Result<Evidence, FileFault> {
        let bytes = self.new.bytes();
        if bytes == 0 {
            return Err(FileFault::Empty);
        }
        let media_type = media_type(&self.head, &self.name).ok_or(FileFault::Kind)?.to_owned();
        let digest = self.new.keep()?;
        Ok(Evidence { digest, name: self.name, bytes, media_type, obtained_on: None })
    }
}

/// Keeps a file that is in memory already. Blocks.
pub(super) fn keep(
    tray: &EvidenceTray,
    name: &str,
    bytes: &[u8],
    bytes_max: u64,
) -> Result<Evidence, FileFault> {
    let mut taking = Taking::begin(tray, name, bytes_max)?;
    taking.write(bytes)?;
    taking.keep()
}

/// What would be refused of a file in memory; nothing is kept.
pub(super) fn check(name: &str, bytes: &[u8], bytes_max: u64) -> Result<&'static str, FileFault> {
    if bytes.is_empty() {
        return Err(FileFault::Empty);
    }
    if bytes.len() as u64 > bytes_max {
        return Err(FileFault::TooLarge(bytes_max));
    }
    media_type(bytes.get(..HEAD_BYTES).unwrap_or(bytes), name).ok_or(FileFault::Kind)
}

/// Refuses an answer that names a file which nobody handed over: an event must not name what nobody has.
pub(super) fn are_there(tray: &EvidenceTray, answers: &Answers) -> Result<(), Refused> {
    match named(answers).find(|digest| !tray.holds(*digest)) {
        None => Ok(()),
        Some(missing) => Err(Refused::wrong(message("file-not-handed-over").with("digest", &missing))),
    }
}

fn named(answers: &Answers) -> impl Iterator<Item = Digest> {
    let approval = |answer: &ItemAnswer| match answer {
        ItemAnswer::Extension { approval, .. } => *approval,
        ItemAnswer::Receipt
        | ItemAnswer::Unchanged
        | ItemAnswer::Progress { .. }
        | ItemAnswer::Done { .. }
        | ItemAnswer::Dispute { .. }
        | ItemAnswer::Evidence => None,
    };
    let of_items = answers
        .items
        .iter()
        .flat_map(move |item| item.evidence.iter().map(|file| file.digest).chain(approval(&item.answer)));
    answers.scan.into_iter().chain(of_items)
}
