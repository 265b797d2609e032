//! The only door of this room to the disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::diagnostic::Diagnostic;
use super::limits::FILE_BYTES_MAX;
use super::{DeclaredPlan, Read, Source, parse_plan, parse_with};
use crate::domain::Unit;
use crate::locale::{self, Message, message};
use crate::plain_file;

/// Subdirectories that are read, and how the names of their files end.
const SUBDIRECTORIES: [(&str, &str); 2] = [("workdays", "toml"), ("source", "txt")];

/// Why the directory as a whole can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleFault {
    /// there is none
    #[error("there is no directory of plan files `{}`", .0.display())]
    Missing(PathBuf),
    /// it is there, but can't be listed
    #[error("the directory of plan files `{}` can't be read: {source}", path.display())]
    Unreadable {
        /// which
        path: PathBuf,
        /// why
        source: std::io::Error,
    },
}

impl ScheduleFault {
    /// The fault, to be told.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Missing(dir) => message("fault-no-schedules").with("dir", &dir.display()),
            Self::Unreadable { path, source } => {
                let told = message("fault-schedules-unreadable").with("dir", &path.display());
                told.put("why", locale::system(source))
            }
        }
    }
}

/// Reads a directory of plan files. A single file that can't be read is a diagnostic.
///
/// # Errors
/// [`ScheduleFault`], if the directory is missing or can't be listed.
pub fn read_dir(dir: &Path) -> Result<Read, ScheduleFault> {
    if !dir.is_dir() {
        return Err(ScheduleFault::Missing(dir.to_owned()));
    }
    let mut names = list(dir, "", "toml")?;
    for (subdirectory, extension) in SUBDIRECTORIES {
        if dir.join(subdirectory).is_dir() {
            names.extend(list(dir, subdirectory, extension)?);
        }
    }
    let mut sources = Vec::new();
    let mut unreadable = Vec::new();
    for name in names {
        match read(&dir.join(&name), &name) {
            Ok(text) => sources.push(Source { name, text }),
            Err(fault) => unreadable.push(*fault),
        }
    }
    Ok(parse_with(&sources, &unreadable).shown_under(dir))
}

/// Reads one plan, and the documents beside it.
#[must_use]
pub fn read_plan(path: &Path, units: &[Unit]) -> (Option<DeclaredPlan>, Vec<Diagnostic>) {
    let (text, documents) = match read_plan_text(path) {
        Ok((file, documents)) => (file.text, documents),
        Err(fault) => return (None, vec![*fault]),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (plan, mut faults) = parse_plan(&Source { name, text }, units, &documents);
    for fault in &mut faults {
        fault.file = path.display().to_string();
    }
    (plan, faults)
}

/// The text of one plan file, under the path it was asked for, with those of the documents beside it.
///
/// # Errors
/// It can't be read.
pub fn read_plan_text(path: &Path) -> Result<(Source, Vec<Source>), Box<Diagnostic>> {
    let dir = path.parent().unwrap_or(Path::new(""));
    let names =
        if dir.join("source").is_dir() { list(dir, "source", "txt").unwrap_or_default() } else { Vec::new() };
    let documents =
        names.into_iter().filter_map(|name| Some(Source { text: read(&dir.join(&name), &name).ok()?, name }));
    Ok((file(path)?, documents.collect()))
}

/// One file by itself, under the path it was asked for.
pub(super) fn file(path: &Path) -> Result<Source, Box<Diagnostic>> {
    let name = path.display().to_string();
    Ok(Source { text: read(path, &name)?, name })
}

/// Names of the files of one directory, in order, hidden ones left out.
fn list(dir: &Path, subdirectory: &str, extension: &str) -> Result<Vec<String>, ScheduleFault> {
    let path = if subdirectory.is_empty() { dir.to_owned() } else { dir.join(subdirectory) };
    let fault = |source| ScheduleFault::Unreadable { path: path.clone(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(&path).map_err(fault)? {
        let name = entry.map_err(fault)?.file_name().to_string_lossy().into_owned();
        let ends_so = Path::new(&name).extension().is_some_and(|end| end == extension);
        if ends_so && !name.starts_with('.') {
            names.push(if subdirectory.is_empty() { name } else { format!("{subdirectory}/{name}") });
        }
    }
    names.sort();
    Ok(names)
}

fn read(path: &Path, name: &str) -> Result<String, Box<Diagnostic>> {
    let refused = |what: Message| Box::new(Diagnostic::of_file(name, what));
    let bytes = plain_file::read(path, FILE_BYTES_MAX).map_err(|error| {
        let what = if error.kind() == io::ErrorKind::FileTooLarge {
            message("plan-unreadable-large")
        } else if error.kind() == io::ErrorKind::InvalidInput {
            message("plan-no-file")
        } else {
            message("plan-unreadable")
        };
        refused(what.with("file", name).put("why", locale::system(&error)))
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
        let mut fault =
            refused(message("plan-not-utf8").with("file", name).with("byte", &good).with("line", &line));
        fault.line = line;
        fault
    })
}
