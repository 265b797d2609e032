//! How a command ends: done, findings, refused, or a fault; and how that is told.

use std::io;
use std::process::ExitCode;

use crate::config::ConfigFault;
use crate::daemon::rehearsal::RehearsalFault;
use crate::domain::command::Refusal;
use crate::journal::{JournalFault, ShortOf};
use crate::locale::{self, Language, Message, Value, message};

/// How a command that could do its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// exit code 0
    Done,
    /// exit code 1: it found what should not be
    Findings,
}

/// What went wrong, with its cure: `error: no plan …` and a line below it.
#[derive(Debug, thiserror::Error)]
#[error("{}", .what.told(Language::English))]
pub struct Failure {
    what: Words,
    cure: Option<Words>,
    code: u8,
}

/// Words of somebody else, or our own in no language yet.
#[derive(Debug, Clone)]
pub enum Words {
    /// as they are
    Text(String),
    /// to be told
    Message(Message),
}

impl Words {
    fn told(&self, language: Language) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Message(message) => locale::told(language, message),
        }
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Message> for Words {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl Failure {
    /// A decision against what was asked: exit code 1.
    pub fn refused(what: impl Into<Words>) -> Self {
        Self { what: what.into(), cure: None, code: 1 }
    }

    /// Something is broken, missing or wrongly typed: exit code 2.
    pub fn fault(what: impl Into<Words>) -> Self {
        Self { what: what.into(), cure: None, code: 2 }
    }

    /// Whether this was decided, and the next may go otherwise.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.code == 1
    }

    /// What would help.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<Words>) -> Self {
        self.cure = Some(cure.into());
        self
    }

    /// What would help, if that is known.
    #[must_use]
    pub fn maybe_cure(self, cure: Option<impl Into<Words>>) -> Self {
        match cure {
            Some(cure) => self.cure(cure),
            None => self,
        }
    }
}

/// What a failed command says on stderr, and its exit code; nothing where the reader went away.
#[must_use]
pub fn told(language: Language, error: &anyhow::Error) -> (Option<Told>, ExitCode) {
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return (None, ExitCode::SUCCESS);
    }
    let what: Vec<String> = error.chain().map(|fault| words_of(language, fault)).collect();
    let mut what: Vec<&str> = what.iter().map(String::as_str).collect();
    what.dedup();
    let failure = error.downcast_ref::<Failure>();
    let known = error.chain().find_map(cure_of);
    let code = match (failure, known) {
        (Some(failure), _) => failure.code,
        (None, Some((_, code))) => code,
        (None, None) if error.downcast_ref::<Refusal>().is_some() => 1,
        (None, None) => 2,
    };
    let cure = failure.and_then(|failure| Some(failure.cure.as_ref()?.told(language)));
    let known = known.map(|(cure, _)| locale::told(language, &message(cure)));
    let between = if language == Language::Chinese { "：" } else { ": " };
    let told = Told { what: what.join(between), cure: cure.or(known) };
    (Some(told), ExitCode::from(code))
}

/// A fault's own words, of those that have them in both languages; else what it says by itself.
fn words_of(language: Language, fault: &(dyn std::error::Error + 'static)) -> String {
    if let Some(failure) = fault.downcast_ref::<Failure>() {
        return failure.what.told(language);
    }
    let known = None
        .or_else(|| fault.downcast_ref::<JournalFault>().and_then(of_journal))
        .or_else(|| fault.downcast_ref::<ConfigFault>().map(of_config));
    if let Some(fault) = fault.downcast_ref::<io::Error>().filter(|_| language == Language::Chinese) {
        return locale::word(language, &locale::system(fault));
    }
    known.map_or_else(|| fault.to_string(), |known| locale::told(language, &known))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others speak by themselves")]
fn of_journal(fault: &JournalFault) -> Option<Message> {
    Some(match fault {
        JournalFault::Locked { place, pid } => message("fault-locked").with("place", place).with("pid", pid),
        JournalFault::Newer { place, what } => message("fault-newer").with("place", place).with("what", what),
        JournalFault::Damaged { position, place, what } => {
            let told = message("fault-damaged").with("position", position);
            told.with("place", place).with("what", what)
        }
        JournalFault::FileChanged { place } => message("fault-file-changed").with("place", place),
        JournalFault::Linked { place } => message("fault-linked").with("place", place),
        JournalFault::HistoriesDiffer { position } => {
            message("fault-histories-differ").with("position", position)
        }
        JournalFault::Contradicted { place, what, position } => {
            let told = message("fault-contradicted").with("position", position);
            told.with("place", place).with("what", what)
        }
        JournalFault::DiskFull { place, short_of } => {
            let short_of = match short_of {
                ShortOf::Space => message("fault-no-space"),
                ShortOf::Files => message("fault-no-more-files"),
            };
            message("fault-disk-full").with("place", place).within("why", short_of)
        }
        JournalFault::NotEmpty { place } => message("fault-not-empty").with("place", place),
        JournalFault::HalfRestored { place } => message("fault-half-restored").with("place", place),
        JournalFault::NoJournal { place } => message("fault-no-journal").with("place", place),
        JournalFault::NotApart { place } => message("fault-not-apart").with("place", place),
        JournalFault::Within { inner, outer } => {
            message("fault-within").with("inner", inner).with("outer", outer)
        }
        _ => return None,
    })
}

/// A configuration that can't be used, in words.
pub fn of_config(fault: &ConfigFault) -> Message {
    match fault {
        ConfigFault::Unreadable { path, .. } => {
            message("fault-config-unreadable").with("path", &path.display())
        }
        ConfigFault::Wrong { path, faults } => {
            let lines = faults.iter().map(|fault| {
                format!(
                    "
  {}:{fault}",
                    path.display()
                )
            });
            let told = message("fault-config-wrong").with("path", &path.display());
            told.put("count", Value::Count(faults.len())).with("faults", &lines.collect::<String>())
        }
    }
}

/// What helps against a fault from further down, and its exit code.
fn cure_of(error: &(dyn std::error::Error + 'static)) -> Option<(&'static str, u8)> {
    let fault = match error.downcast_ref::<RehearsalFault>() {
        Some(RehearsalFault::Journal(fault)) => fault,
        _ => error.downcast_ref::<JournalFault>()?,
    };
    if matches!(fault, JournalFault::Locked { .. }) {
        return Some(("cure-locked", 2));
    }
    matches!(fault, JournalFault::NotEmpty { .. }).then_some(("cure-new-directory", 1))
}

/// An error as it is printed.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// what and where
    pub what: String,
    /// what would help
    pub cure: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_1_a_fault_is_2_and_a_closed_pipe_is_quiet() {
        let refusal = anyhow::Error::from(Refusal::ClockNotHeld);
        assert_eq!(told(Language::English, &refusal).1, ExitCode::from(1));
        let fault = anyhow::Error::from(io::Error::other("disk")).context("can't read ./data");
        let (words, code) = told(Language::English, &fault);
        assert_eq!((words.unwrap().what.as_str(), code), ("can't read ./data: disk", ExitCode::from(2)));
        let taken = anyhow::Error::from(JournalFault::NotEmpty { place: "copy".into() }).context("no backup");
        let (words, code) = told(Language::English, &taken);
        assert_eq!(words.unwrap().cure.unwrap(), "name a new directory; nothing is overwritten");
        assert_eq!(code, ExitCode::from(1), "nothing is broken: it was refused");
        let pipe = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(told(Language::English, &pipe), (None, ExitCode::SUCCESS));
    }
}
