//! The plan files a command works on: a directory, or the shipped ones.

use std::path::{Path, PathBuf};

use super::args::Global;
use super::failure::{self, Failure};
use super::print::Printer;
use super::speech::Speech;
use crate::config::{Config, Given, Schedules, file_of};
use crate::domain::adoption::Declared;
use crate::locale::message;
use crate::schedules::{self, Read};

/// The directory where none is given.
const DEFAULT_DIR: &str = "schedules";

/// Which plan files are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// a directory
    Dir(PathBuf),
    /// those built in
    Shipped,
}

impl Place {
    /// The directory given, the configuration's, ./schedules, or the shipped files where there is none.
    ///
    /// # Errors
    /// A configuration that can't be read.
    pub fn of(global: &Global) -> Result<Self, Failure> {
        if let Some(dir) = &global.schedules {
            return Ok(Self::Dir(dir.clone()));
        }
        let given = Given { config: global.config.clone(), ..Given::default() };
        if file_of(&given).is_some() {
            let config = Config::load(given).map_err(|fault| Failure::fault(failure::of_config(&fault)))?;
            return Ok(match config.schedules {
                Schedules::Dir(dir) => Self::Dir(dir),
                Schedules::Embedded => Self::Shipped,
            });
        }
        let default = Path::new(DEFAULT_DIR);
        Ok(if default.is_dir() { Self::Dir(default.to_owned()) } else { Self::Shipped })
    }

    /// Reads them, faults and all; says so where the shipped ones are taken.
    ///
    /// # Errors
    /// A directory that is missing or can't be listed.
    pub fn read(&self, printer: &Printer) -> Result<Read, Failure> {
        match self {
            Self::Dir(dir) => schedules::read_dir(dir)
                .map_err(|fault| Failure::fault(fault.message()).cure(message("cure-schedules"))),
            Self::Shipped => {
                printer.tell(&message("note-shipped-plans"));
                Ok(schedules::embedded())
            }
        }
    }

    /// Its name in output, in a language.
    #[must_use]
    pub fn named(&self, speech: Speech) -> String {
        match self {
            Self::Dir(_) => self.shown(),
            Self::Shipped => speech.word("shipped-plans"),
        }
    }

    /// Its name in output.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Dir(dir) => dir.display().to_string(),
            Self::Shipped => "shipped plans".to_owned(),
        }
    }
}

/// What the files declare, for a command that only reads them. Plans with an error are left out
/// with a warning.
///
/// # Errors
/// A missing directory, or an error in office, units, ladders or working days.
pub fn declared(global: &Global, printer: &Printer) -> Result<Declared, Failure> {
    let place = Place::of(global)?;
    let read = place.read(printer)?;
    let Some(declared) = read.declared else {
        let first = read.diagnostics.iter().find(|fault| fault.is_error());
        let told = message("files-have-errors").with("place", &place.shown());
        let told = match first {
            Some(first) => told.within("first", first.placed()),
            None => told.with("first", ""),
        };
        return Err(Failure::refused(told).cure(message("cure-check-all")));
    };
    for file in &read.broken_plans {
        printer.alert(&message("file-left-out").with("file", file));
    }
    Ok(declared)
}
