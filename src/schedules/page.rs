//! One file while it is read: its text, its TOML, and the faults found so far.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Source;
use super::diagnostic::{Diagnostic, Fault, Severity, line_and_column};
use super::limits::FILE_BYTES_MAX;
use super::syntax;
use crate::locale::message;

/// A file and its faults.
pub(super) struct Page {
    /// its path in the directory
    pub(super) name: String,
    /// its text
    pub(super) text: Arc<str>,
    faults: RefCell<Vec<Diagnostic>>,
}

impl Page {
    pub(super) fn of(source: &Source) -> Self {
        Self { name: source.name.clone(), text: Arc::from(source.text.as_str()), faults: RefCell::default() }
    }

    /// Tells an error.
    pub(super) fn tell(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault.placed(Severity::Error, &self.name, &self.text));
    }

    /// Tells a warning.
    pub(super) fn warn(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault.placed(Severity::Warning, &self.name, &self.text));
    }

    /// Whether an error was told.
    pub(super) fn is_broken(&self) -> bool {
        self.faults.borrow().iter().any(Diagnostic::is_error)
    }

    /// All that was told, from top to bottom.
    pub(super) fn into_faults(self) -> Vec<Diagnostic> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| fault.span.start);
        faults
    }

    /// `air.toml:3:6`, for a fault of another file.
    pub(super) fn place(&self, span: &Range<usize>) -> String {
        let (line, column) = line_and_column(&self.text, span.start);
        format!("{}:{line}:{column}", self.name)
    }

    /// The file's table; `None` where its TOML can't be relied on.
    pub(super) fn root(&self) -> Option<Spanned<DeTable<'_>>> {
        if self.text.len() > FILE_BYTES_MAX {
            let length = self.text.len();
            let large = message("plan-file-too-large").with("bytes", &length);
            self.tell(Fault::at(0..0, large.with("most", &FILE_BYTES_MAX)));
            return None;
        }
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        let usable = syntax::whole(self, &errors, root.get_ref());
        usable.then_some(root)
    }

    /// The text as a single TOML value.
    pub(super) fn value(&self) -> Option<Spanned<DeValue<'_>>> {
        let (value, errors) = DeValue::parse_recoverable(&self.text);
        let usable = syntax::value(self, &errors);
        usable.then_some(value)
    }
}

/// A date of the calendar's form that the calendar has not.
pub(super) fn impossible_date(span: Range<usize>, text: &str) -> Fault {
    let fault = Fault::at(span, message("plan-no-date").with("text", text));
    let numbers: Vec<u32> = text.split('-').filter_map(|part| part.parse().ok()).collect();
    let &[year, month, _] = numbers.as_slice() else {
        return fault;
    };
    let first = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, 1));
    match first {
        None => fault.help(message("plan-months")),
        Some(first) => {
            let last = u32::from(first.num_days_in_month());
            let last = format!("{year:04}-{month:02}-{last:02}");
            fault.help(message("plan-days-of-month").with("first", &first).with("last", &last))
        }
    }
}
