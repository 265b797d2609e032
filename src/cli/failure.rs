//! How a command ends: done, findings, refused, or a fault; and how that is told.

use std::io;
use std::process::ExitCode;

use crate::daemon::rehearsal::RehearsalFault;
use crate::domain::command::Refusal;
use crate::journal::JournalFault;

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
#[error("{what}")]
pub struct Failure {
    what: String,
    cure: Option<String>,
    code: u8,
}

impl Failure {
    /// A decision against what was asked: exit code 1.
    pub fn refused(what: impl Into<String>) -> Self {
        Self { what: what.into(), cure: None, code: 1 }
    }

    /// Something is broken, missing or wrongly typed: exit code 2.
    pub fn fault(what: impl Into<String>) -> Self {
        Self { what: what.into(), cure: None, code: 2 }
    }

    /// Whether this was decided, and the next may go otherwise.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.code == 1
    }

    /// What would help.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = Some(cure.into());
        self
    }

    /// What would help, if that is known.
    #[must_use]
    pub fn maybe_cure(mut self, cure: Option<String>) -> Self {
        self.cure = cure.or(self.cure);
        self
    }
}

/// What a failed command says on stderr, and its exit code; nothing where the reader went away.
#[must_use]
pub fn told(error: &anyhow::Error) -> (Option<Told>, ExitCode) {
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return (None, ExitCode::SUCCESS);
    }
    let what: Vec<String> = error.chain().map(ToString::to_string).collect();
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
    let cure = failure.and_then(|failure| failure.cure.clone());
    let told = Told { what: what.join(": "), cure: cure.or(known.map(|(cure, _)| cure.to_owned())) };
    (Some(told), ExitCode::from(code))
}

/// What helps against a fault from further down, and its exit code.
fn cure_of(error: &(dyn std::error::Error + 'static)) -> Option<(&'static str, u8)> {
    let fault = match error.downcast_ref::<RehearsalFault>() {
        Some(RehearsalFault::Journal(fault)) => fault,
        _ => error.downcast_ref::<JournalFault>()?,
    };
    if matches!(fault, JournalFault::Locked { .. }) {
        let cure = "stop it first, or work on a copy: `duban backup DIR`, then `duban audit verify DIR`, run beside it";
        return Some((cure, 2));
    }
    matches!(fault, JournalFault::NotEmpty { .. })
        .then_some(("name a new directory; nothing is overwritten", 1))
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
        assert_eq!(told(&refusal).1, ExitCode::from(1));
        let fault = anyhow::Error::from(io::Error::other("disk")).context("can't read ./data");
        let (words, code) = told(&fault);
        assert_eq!((words.unwrap().what.as_str(), code), ("can't read ./data: disk", ExitCode::from(2)));
        let taken = anyhow::Error::from(JournalFault::NotEmpty { place: "copy".into() }).context("no backup");
        let (words, code) = told(&taken);
        assert_eq!(words.unwrap().cure.unwrap(), "name a new directory; nothing is overwritten");
        assert_eq!(code, ExitCode::from(1), "nothing is broken: it was refused");
        let pipe = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(told(&pipe), (None, ExitCode::SUCCESS));
    }
}
