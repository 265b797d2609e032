//! The plan files a command works on: a directory, or the shipped ones.

use std::path::{Path, PathBuf};

use super::args::Global;
use super::failure::Failure;
use super::print::Printer;
use crate::domain::adoption::Declared;
use crate::schedules::{self, Diagnostic, Read};

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
    /// The directory given, ./schedules, or the shipped files where there is none.
    #[must_use]
    pub fn of(global: &Global) -> Self {
        match &global.schedules {
            Some(dir) => Self::Dir(dir.clone()),
            None if Path::new(DEFAULT_DIR).is_dir() => Self::Dir(PathBuf::from(DEFAULT_DIR)),
            None => Self::Shipped,
        }
    }

    /// Reads them, faults and all; says so where the shipped ones are taken.
    ///
    /// # Errors
    /// A directory that is missing or can't be listed.
    pub fn read(&self, printer: &Printer) -> Result<Read, Failure> {
        match self {
            Self::Dir(dir) => schedules::read_dir(dir).map_err(|fault| {
                Failure::fault(fault_words(&fault)).cure(
                    "name a directory with `--schedules DIR`, or leave it out to use ./schedules or the shipped plans",
                )
            }),
            Self::Shipped => {
                printer.note("there is no ./schedules; using the plans that duban is shipped with");
                Ok(schedules::embedded())
            }
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

fn fault_words(fault: &schedules::ScheduleFault) -> String {
    let mut words = fault.to_string();
    let mut source = std::error::Error::source(fault);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}

/// What the files declare, for a command that only reads them. Plans with an error are left out
/// with a warning.
///
/// # Errors
/// A missing directory, or an error in office, units, ladders or working days.
pub fn declared(global: &Global, printer: &Printer) -> Result<Declared, Failure> {
    let place = Place::of(global);
    let read = place.read(printer)?;
    let cure = "`duban check` shows each with its line";
    let Some(declared) = read.declared else {
        let first = read.diagnostics.iter().find(|fault| fault.is_error());
        let first = first.map(|fault| format!(": {}", placed(fault))).unwrap_or_default();
        return Err(Failure::refused(format!("the files in {} have errors{first}", place.shown())).cure(cure));
    };
    for file in &read.broken_plans {
        printer.warn(&format!("{file} has errors and is left out; {cure}"));
    }
    Ok(declared)
}

/// `schedules/air.toml:12:7: unknown unit …`
#[must_use]
pub fn placed(fault: &Diagnostic) -> String {
    format!("{}:{}:{}: {}", fault.file, fault.line, fault.column, fault.message)
}
