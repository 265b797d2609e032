//! What an inspection found, kind by kind: one cause, where it begins, and how many of its kind follow.

use std::fmt;
use std::path::Path;

use uuid::Uuid;

use super::archive::Head;
use super::fault::shown;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// to be known: a torn batch, a letter that a crash left over
    Note,
    /// something does not fit
    Fault,
}

/// Which part of a data directory a finding is about: each has a cure of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// events: their form, hashes, order and shapes
    Chain,
    /// the archive, where a start makes it whole
    Archive,
    /// letters, evidence and persons that events name
    Files,
    /// links, where none may stand
    Links,
    /// the store
    SecondCopy,
    /// what else lies in the directory and says what the journal once held
    Witness,
}

impl Part {
    /// What helps against a fault of this part.
    #[must_use]
    pub fn cure(self) -> &'static str {
        match self {
            Self::Chain => {
                "stop duban, keep the directory as it is, and restore the last backup (docs/operate.md, “Restore”): the second copy does not make it good"
            }
            Self::Archive => {
                "start duban once: it writes the archive anew, each line held against its hash; then verify again; if this comes again, look at the disk (smartctl, kernel log)"
            }
            Self::Files => {
                "put the file back, under its name, or restore the last backup (docs/operate.md, “Restore”)"
            }
            Self::Links => {
                "delete the link and put the file or directory itself there, under the same name: what the link names, where that is the right one, else the one of the last backup; until then no backup is made"
            }
            Self::SecondCopy => {
                "start duban once: it builds the second copy anew from the archive; if this comes again, look at the disk (smartctl, kernel log)"
            }
            Self::Witness => {
                "change nothing: keep the directory, compare it with a backup (`duban audit verify --against BACKUP`), and let whoever audits the office see it"
            }
        }
    }
}

/// What kind of thing was found. All of one kind are one finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// a line whose form or hash is wrong
    Form,
    /// a line is missing, or one too many
    Order,
    /// a line that does not name the one before
    Link,
    /// a batch that ends elsewhere than its events say
    Batch,
    /// a version that does not follow in its stream
    Version,
    /// an event that can't be read
    Shape,
    /// the first event is not the one that begins a journal, or a later one is
    Beginning,
    /// the archive lacks lines that the second copy has
    ArchiveLacks,
    /// the archive's lines are all there, in another order or twice
    ArchiveDisorder,
    /// archive and second copy differ, and each fits
    TwoHistories,
    /// an attached file is gone
    FileMissing,
    /// an attached file holds something else
    FileChanged,
    /// an attached file can't be read
    FileUnreadable,
    /// a link, which is not followed
    Linked,
    /// the store has another line
    StoreDiffers,
    /// the store lacks a line
    StoreLacks,
    /// the store can't be opened or read
    StoreUnreadable,
    /// the store ends before the archive
    StoreShort,
    /// there was a store, and there is none
    StoreGone,
    /// a note of the journal's end says something else
    NoteContradicts,
    /// a note of the journal's end is there and can't be read
    NoteUnreadable,
    /// letters that were written after the last event
    LaterLetters,
    /// letters that were sent, and that no event names
    SentLetters,
    /// a letter that no event names
    UnnamedLetter,
    /// bytes of a batch that was never acknowledged
    Torn,
    /// an archive without what belongs to it
    Bare,
}

impl Kind {
    /// How bad it is.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::UnnamedLetter | Self::Torn | Self::Bare => Severity::Note,
            Self::Form
            | Self::Order
            | Self::Link
            | Self::Batch
            | Self::Version
            | Self::Shape
            | Self::Beginning
            | Self::ArchiveLacks
            | Self::ArchiveDisorder
            | Self::TwoHistories
            | Self::FileMissing
            | Self::FileChanged
            | Self::FileUnreadable
            | Self::Linked
            | Self::StoreDiffers
            | Self::StoreLacks
            | Self::StoreUnreadable
            | Self::StoreShort
            | Self::StoreGone
            | Self::NoteContradicts
            | Self::NoteUnreadable
            | Self::LaterLetters
            | Self::SentLetters => Severity::Fault,
        }
    }

    /// Whether it says that other events, or more, were here: no start goes on from there.
    #[must_use]
    pub fn contradicts(self) -> bool {
        matches!(self, Self::NoteContradicts | Self::LaterLetters | Self::SentLetters)
    }

    /// What it is about.
    #[must_use]
    pub fn part(self) -> Part {
        match self {
            Self::Form
            | Self::Order
            | Self::Link
            | Self::Batch
            | Self::Version
            | Self::Shape
            | Self::Beginning
            | Self::Torn
            | Self::Bare => Part::Chain,
            Self::ArchiveLacks | Self::ArchiveDisorder => Part::Archive,
            Self::FileMissing | Self::FileChanged | Self::FileUnreadable => Part::Files,
            Self::Linked => Part::Links,
            Self::StoreDiffers
            | Self::StoreLacks
            | Self::StoreUnreadable
            | Self::StoreShort
            | Self::StoreGone => Part::SecondCopy,
            Self::TwoHistories
            | Self::NoteContradicts
            | Self::NoteUnreadable
            | Self::LaterLetters
            | Self::SentLetters
            | Self::UnnamedLetter => Part::Witness,
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// of what kind
    pub kind: Kind,
    /// which event, the first where there are more
    pub position: Option<u64>,
    /// in which file
    pub place: String,
    /// what
    pub what: String,
    /// how many of the same kind follow
    pub more: u64,
}

impl Finding {
    /// A single one.
    #[must_use]
    pub fn new(kind: Kind, position: Option<u64>, path: &Path, what: impl Into<String>) -> Self {
        Self { kind, position, place: shown(path), what: what.into(), more: 0 }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if let Some(position) = self.position {
            write!(f, "event {position}: ")?;
        }
        f.write_str(&self.what)?;
        match self.more {
            0 => Ok(()),
            1 => f.write_str("; 1 more of this kind follows"),
            more => write!(f, "; {more} more of this kind follow"),
        }
    }
}

/// How the second copy stands beside the archive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SecondCopy {
    /// none is here, and nothing says that there was one: a backup, a copied archive
    #[default]
    None,
    /// it holds every event, each byte the same
    Same {
        /// events compared
        events: u64,
    },
    /// it is the same as far as it goes
    Short {
        /// events that it holds
        events: u64,
        /// events of the archive
        of: u64,
    },
    /// it was here and is gone
    Gone,
    /// it differs, lost what it held, goes further than the archive, or can't be read
    Damaged {
        /// events that are the same
        events: u64,
    },
}

/// What an inspection says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    /// the journal's id, where its first event can be read
    pub journal: Option<Uuid>,
    /// events from the first on that fit, up to the last whole batch
    pub events: u64,
    /// lines behind them, acknowledged once: they prove nothing any more
    pub events_behind: u64,
    /// the last event that fits
    pub head: Option<Head>,
    /// archived letters whose bytes are what their digest says
    pub letters: u64,
    /// files in `evidence/` that events name, whose bytes are what their digest says
    pub evidence: u64,
    /// persons named by their digest whose file is gone
    pub people_forgotten: u64,
    /// how the store compares
    pub second_copy: SecondCopy,
    /// what the directory itself says of the journal's end, and what the journal agrees with
    pub agreed: Vec<String>,
    /// what was found, one a kind, in the order of their first occurrence
    pub findings: Vec<Finding>,
}

impl Inspection {
    /// Whether everything fits.
    #[must_use]
    pub fn sound(&self) -> bool {
        self.faults().next().is_none()
    }

    /// Whether events and files fit, whatever the second copy and witnesses say: history can be read.
    #[must_use]
    pub fn readable(&self) -> bool {
        !self.has_fault(Part::Chain) && !self.has_fault(Part::Archive)
    }

    /// Whether a part of the directory does not fit.
    #[must_use]
    pub fn has_fault(&self, part: Part) -> bool {
        self.faults().any(|finding| finding.kind.part() == part)
    }

    /// What does not fit.
    pub fn faults(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.kind.severity() == Severity::Fault)
    }

    /// Adds a finding, or counts it where one of its kind is known.
    pub(super) fn add(&mut self, kind: Kind, position: Option<u64>, path: &Path, what: impl Into<String>) {
        self.take(Finding::new(kind, position, path, what));
    }

    /// The same of one that is made.
    pub(super) fn take(&mut self, finding: Finding) {
        match self.findings.iter_mut().find(|known| known.kind == finding.kind) {
            Some(known) => known.more += 1,
            None => self.findings.push(finding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_of_a_kind_are_one_cause_with_its_first_position() {
        let mut inspection = Inspection::default();
        for position in 7..1007 {
            let what = format!("version {position}");
            inspection.add(Kind::Version, Some(position), Path::new("archive/1"), what);
        }
        inspection.add(Kind::Torn, None, Path::new("archive/2"), "cut short");
        let told: Vec<String> = inspection.findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["archive/1: event 7: version 7; 999 more of this kind follow", "archive/2: cut short"]
        );
        assert!(!inspection.sound() && inspection.has_fault(Part::Chain));
    }
}
