//! What is wrong in a plan file, where, and what would be right. Printed by the CLI through miette.
//!
//! Each fault is a message of `locales/*/plans.ftl`; its parts are the words at its place and what would be right.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::locale::{Language, Message, message, told};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// the file changes nothing
    Error,
    /// the file is taken; a person should look
    Warning,
}

/// One fault of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// how bad it is
    pub severity: Severity,
    /// the path shown
    pub file: String,
    /// bytes of the file
    pub span: Range<usize>,
    /// counted from 1
    pub line: usize,
    /// counted from 1, in characters
    pub column: usize,
    /// what is wrong
    pub what: Message,
    /// what would be right
    pub help: Option<Message>,
    /// places in the file, the main one first
    pub labels: Vec<Label>,
    text: Option<Arc<str>>,
}

/// A place of a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// bytes of the file
    pub span: Range<usize>,
    /// what stands there
    pub what: Message,
}

/// A fault before it is placed in a file.
pub(super) struct Fault {
    span: Range<usize>,
    what: Message,
    label: Message,
    help: Option<Message>,
    also: Vec<Label>,
}

impl Fault {
    /// This is wrong here.
    pub(super) fn at(span: Range<usize>, what: Message) -> Self {
        let label = what.part("label").unwrap_or_else(|| message("plan-here"));
        Self { span, label, help: what.part("help"), what, also: Vec::new() }
    }

    /// Other words at the place itself.
    pub(super) fn label(mut self, label: Message) -> Self {
        self.label = label;
        self
    }

    /// What would be right, better than its own help.
    pub(super) fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// What would be right, if that is known better.
    pub(super) fn maybe_help(mut self, help: Option<Message>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Another place in the same file.
    pub(super) fn also(mut self, span: Range<usize>, what: Message) -> Self {
        self.also.push(Label { span, what });
        self
    }

    /// The fault in its file.
    pub(super) fn placed(self, severity: Severity, file: &str, text: &Arc<str>) -> Diagnostic {
        let span = on_one_line(text, self.span);
        let (line, column) = line_and_column(text, span.start);
        let main = Label { span: span.clone(), what: self.label };
        let also = self.also.into_iter().map(|label| Label { span: on_one_line(text, label.span), ..label });
        Diagnostic {
            severity,
            file: file.to_owned(),
            span,
            line,
            column,
            what: self.what,
            help: self.help,
            labels: std::iter::once(main).chain(also).collect(),
            text: Some(Arc::clone(text)),
        }
    }
}

impl Diagnostic {
    /// An error of a file as a whole, whose text is not known.
    pub(super) fn of_file(file: &str, what: Message) -> Self {
        Self {
            severity: Severity::Error,
            file: file.to_owned(),
            span: 0..0,
            line: 1,
            column: 1,
            help: what.part("help"),
            what,
            labels: Vec::new(),
            text: None,
        }
    }

    /// Whether the file changes nothing because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Where and what: `schedules/air.toml:12:7: unknown unit …`
    #[must_use]
    pub fn placed(&self) -> Message {
        let placed = message("plan-placed").with("file", &self.file).with("line", &self.line);
        placed.with("column", &self.column).within("what", self.what.clone())
    }

    /// The fault for miette.
    #[must_use]
    pub fn shown(&self, language: Language) -> Shown<'_> {
        Shown {
            fault: self,
            what: told(language, &self.what),
            help: self.help.as_ref().map(|help| told(language, help)),
            labels: self.labels.iter().map(|label| told(language, &label.what)).collect(),
        }
    }
}

/// As the log tells it.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&told(Language::English, &self.what))
    }
}

/// A fault in a language.
#[derive(Debug)]
pub struct Shown<'d> {
    fault: &'d Diagnostic,
    /// what is wrong
    pub what: String,
    /// what would be right
    pub help: Option<String>,
    labels: Vec<String>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.fault.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.fault.text.is_some().then_some(self.fault as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.fault.labels.iter().zip(&self.labels);
        let spans = labels.enumerate().map(|(at, (label, text))| {
            let span = SourceSpan::from(label.span.clone());
            let text = Some(text.clone());
            if at == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        });
        Some(Box::new(spans))
    }
}

/// miette counts columns in bytes, where an editor counts characters, and the lines of an excerpt
/// from the file's first, which makes it print all that lies between two places far apart.
impl SourceCode for Diagnostic {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text: &str = self.text.as_deref().unwrap_or_default();
        let read = text.read_span(span, lines_before, lines_after)?;
        let column =
            if lines_before == 0 { line_and_column(text, span.offset()).1 - 1 } else { read.column() };
        let named = MietteSpanContents::new_named(
            self.file.clone(),
            read.data(),
            *read.span(),
            read.line(),
            column,
            String::from_utf8_lossy(read.data()).matches('\n').count(),
        );
        Ok(Box::new(named))
    }
}

/// Line and column of a byte, both from 1, the column in characters.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(line_start..).map_or(0, |line| line.chars().count()) + 1;
    (line, column)
}

/// The span as far as it stays in the text and on its first line, at character boundaries.
fn on_one_line(text: &str, span: Range<usize>) -> Range<usize> {
    let start = boundary(text, span.start);
    let end = boundary(text, span.end.max(start));
    let line_end = text.get(start..end).and_then(|marked| marked.find(['\r', '\n']));
    start..line_end.map_or(end, |length| start + length)
}

/// This byte, or the last before it that begins a character.
fn boundary(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset)
}
