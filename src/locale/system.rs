//! What a system says of a file, a disk or a connection; its own words are English.

use std::io;

use super::{Message, Value, message};
use crate::plain_file::NoFile;

/// The usual faults as messages; the others by their own words, if they are words of the language.
#[expect(clippy::wildcard_enum_match_arm, reason = "there are many; the usual ones are told")]
#[must_use]
pub fn system(fault: &io::Error) -> Value {
    if let Some(why) = fault.get_ref().and_then(|why| why.downcast_ref()) {
        return Value::Message(Box::new(no_file(why)));
    }
    let code = match fault.kind() {
        io::ErrorKind::NotFound => "system-not-found",
        io::ErrorKind::PermissionDenied => "system-not-allowed",
        io::ErrorKind::AlreadyExists => "system-exists",
        io::ErrorKind::IsADirectory => "system-directory",
        io::ErrorKind::NotADirectory => "system-no-directory",
        io::ErrorKind::StorageFull => "system-full",
        io::ErrorKind::ReadOnlyFilesystem => "system-read-only",
        io::ErrorKind::ConnectionRefused => "system-refused",
        io::ErrorKind::TimedOut => "system-late",
        _ => return Value::Word(fault.to_string()),
    };
    Value::Message(Box::new(message(code)))
}

fn no_file(why: &NoFile) -> Message {
    match why {
        NoFile::Other(is) => message("system-no-file").put("is", Value::Word((*is).to_owned())),
        NoFile::Link(path) => message("system-link").with("path", &path.display()),
        NoFile::TooLarge { bytes, most } => {
            message("system-too-large").with("bytes", bytes).with("most", most)
        }
    }
}
