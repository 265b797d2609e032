//! What a reply proposes: the answers of a 反馈表 that came with it, its other files as material for them, and from
//! whom it says to be. Nothing of it is done: anybody can mail under any name.

use chrono::NaiveDate;
use mail_parser::HeaderName;

use super::files::{File, files};
use super::form::{Form, form};
use super::{IntakeFault, plain, reader};
use crate::locale::{self, message as said};
use crate::words::form::FILE;

/// Most characters of the message's words that are shown.
const WORDS_CHARS_MAX: usize = 2000;

/// Most workbooks of a message that are tried as a form.
const WORKBOOKS_MAX: usize = 10;

/// What a reply proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal<'m> {
    /// the address in From; anybody can write any
    pub sender: String,
    /// the subject
    pub subject: String,
    /// the beginning of its words
    pub words: String,
    /// the form
    pub found: Found,
    /// names of further files that are forms and say something else: nothing of them is proposed
    pub further: Vec<String>,
    /// its other files, each with the number (序号) of the row it belongs to, where that can be told
    pub files: Vec<(File<'m>, Option<u32>)>,
}

/// Whether a form came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// none
    Nothing,
    /// one that can be read
    Form(Form),
    /// none, but a file in which one may be: an archive or a message, which is not looked into
    Packed {
        /// its name
        name: String,
    },
    /// a file that is named like one, and why it can't be read
    Unreadable {
        /// its name
        name: String,
        /// why, and what helps
        why: locale::Message,
    },
}

/// Reads a reply; `received` is the day it was taken in.
///
/// # Errors
/// [`IntakeFault`] where it is no message.
pub fn proposal(message: &[u8], received: NaiveDate) -> Result<Proposal<'_>, IntakeFault> {
    let read = reader::parse(message).ok_or(IntakeFault::NoMessage)?;
    let sender = read.from().and_then(|from| from.first()).and_then(|from| from.address());
    let (mut found, mut others) = (Found::Nothing, Vec::new());
    let mut forms: Vec<(String, Form)> = Vec::new();
    let mut tried: usize = 0;
    for file in files(message) {
        if !may_be_form(&file) || tried == WORKBOOKS_MAX {
            others.push(file);
            continue;
        }
        tried += 1;
        match form(&file.name, &file.bytes, received) {
            Ok(Some(form)) => forms.push((file.name, form)),
            Ok(None) if !is_named_so(&file) => others.push(file),
            Ok(None) => {
                found = Found::Unreadable { name: file.name.clone(), why: said("form-without-names") };
                others.push(file);
            }
            Err(fault) => {
                if is_named_so(&file) {
                    found = Found::Unreadable { name: file.name.clone(), why: fault.message() };
                }
                others.push(file);
            }
        }
    }
    if found == Found::Nothing
        && forms.is_empty()
        && let Some(packed) = others.iter().find(|file| is_packed(file))
    {
        found = Found::Packed { name: packed.name.clone() };
    }
    // An empty form that came along says nothing.
    let first = forms.iter().position(|(_, form)| !form.rows.is_empty()).unwrap_or_default();
    let mut further = Vec::new();
    if first < forms.len() {
        let (_, form) = forms.swap_remove(first);
        let differs = |(_, other): &(String, Form)| !other.rows.is_empty() && other.rows != form.rows;
        further = forms.into_iter().filter(differs).map(|(name, _)| name).collect();
        found = Found::Form(form);
    }
    let rows: Vec<u32> = match &found {
        Found::Form(form) => form.rows.iter().map(|row| row.number).collect(),
        Found::Nothing | Found::Packed { .. } | Found::Unreadable { .. } => Vec::new(),
    };
    Ok(Proposal {
        sender: plain(sender.unwrap_or_default()),
        subject: plain(&reader::header(&read, &HeaderName::Subject)),
        words: words(&read),
        files: others
            .into_iter()
            .map(|file| (row_of(&file.name, &rows), file))
            .map(|(r, f)| (f, r))
            .collect(),
        found,
        further,
    })
}

/// A workbook by its name or its content: some programs lose the name.
fn may_be_form(file: &File<'_>) -> bool {
    is_named_so(file) || file.name.to_ascii_lowercase().ends_with(".xlsx") || is_workbook(&file.bytes)
}

/// A zip that names a workbook within, as every .xlsx does.
fn is_workbook(bytes: &[u8]) -> bool {
    const PART: &[u8] = b"xl/workbook";
    bytes.starts_with(b"PK\x03\x04") && bytes.windows(PART.len()).any(|window| window == PART)
}

/// What may hold a form that is not looked into: an archive, Outlook's own format (TNEF), a message.
fn is_packed(file: &File<'_>) -> bool {
    const TNEF: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];
    let name = file.name.to_ascii_lowercase();
    let is_named =
        [".zip", ".rar", ".7z", ".gz", ".tar", ".eml", ".msg"].iter().any(|end| name.ends_with(end));
    is_named || name == "winmail.dat" || file.bytes.starts_with(&TNEF)
}

/// Named as ours is, `反馈表(1).xlsx` and `分局反馈表.xls` too.
fn is_named_so(file: &File<'_>) -> bool {
    let name = file.name.to_ascii_lowercase();
    let workbook = [".xlsx", ".xlsm", ".xls", ".et", ".csv"].iter().any(|ending| name.ends_with(ending));
    workbook && FILE.split('.').next().is_some_and(|stem| name.contains(stem))
}

/// The row whose number begins the name (`1-验收记录.pdf`); the only row, where there is one.
fn row_of(name: &str, rows: &[u32]) -> Option<u32> {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    let after = name.get(digits.len()..)?.chars().next();
    // `2021年…` and `20210625.jpg` begin with a date, no number of a row.
    let is_number = after.is_some_and(|c| matches!(c, '-' | '－' | '—' | '_' | '.' | '、' | ' ' | '．'));
    let once = |number: &u32| rows.iter().filter(|row| *row == number).count() == 1;
    let named = digits.parse().ok().filter(|number| is_number && once(number));
    match rows {
        [only] => Some(*only),
        _ => named,
    }
}

fn words(read: &mail_parser::Message<'_>) -> String {
    let part = read.text_body.first().and_then(|part| read.parts.get(*part as usize));
    let text = part.map(|part| reader::text(read, part)).unwrap_or_default();
    let kept = |c: &char| *c == '\n' || !super::speaks(*c);
    text.chars().filter(kept).take(WORDS_CHARS_MAX).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_to_the_row_whose_number_begins_its_name() {
        for (name, row) in [
            ("1-验收记录.pdf", Some(1)),
            ("2.jpg", Some(2)),
            ("3、台账.xlsx", None),
            ("20210625.jpg", None),
            ("2021年台账.xlsx", None),
            ("验收.pdf", None),
            ("1验收.pdf", None),
        ] {
            assert_eq!(row_of(name, &[1, 2]), row, "{name}");
        }
        assert_eq!(row_of("验收.pdf", &[4]), Some(4), "there is but one row");
        assert_eq!(row_of("验收.pdf", &[]), None);
        assert_eq!(row_of("1-验收.pdf", &[1, 1, 2]), None, "two rows bear the number");
    }
}
