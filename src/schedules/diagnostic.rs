//! What is wrong in a plan file, where, and what would be right. Printed by the CLI through miette.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

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
    pub message: String,
    /// what would be right
    pub help: Option<String>,
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
    pub text: String,
}

/// A fault before it is placed in a file.
pub(super) struct Fault {
    span: Range<usize>,
    message: String,
    label: String,
    help: Option<String>,
    also: Vec<Label>,
}

impl Fault {
    /// This is wrong here.
    pub(super) fn at(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), label: "here".into(), help: None, also: Vec::new() }
    }

    /// Words at the place itself.
    pub(super) fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// What would be right.
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// What would be right, if that is known.
    pub(super) fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
    }

    /// Another place in the same file.
    pub(super) fn also(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.also.push(Label { span, text: text.into() });
        self
    }

    /// The fault in its file.
    pub(super) fn placed(self, severity: Severity, file: &str, text: &Arc<str>) -> Diagnostic {
        let span = on_one_line(text, self.span);
        let (line, column) = line_and_column(text, span.start);
        let main = Label { span: span.clone(), text: self.label };
        let also = self.also.into_iter().map(|label| Label { span: on_one_line(text, label.span), ..label });
        Diagnostic {
            severity,
            file: file.to_owned(),
            span,
            line,
            column,
            message: self.message,
            help: self.help,
            labels: std::iter::once(main).chain(also).collect(),
            text: Some(Arc::clone(text)),
        }
    }
}

impl Diagnostic {
    /// An error of a file as a whole, whose text is not known.
    pub(super) fn of_file(file: &str, message: String, help: Option<String>) -> Self {
        Self {
            severity: Severity::Error,
            file: file.to_owned(),
            span: 0..0,
            line: 1,
            column: 1,
            message,
            help,
            labels: Vec::new(),
            text: None,
        }
    }

    /// Whether the file changes nothing because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}

impl miette::Diagnostic for Diagnostic {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.text.is_some().then_some(self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let spans = self.labels.iter().enumerate().map(|(at, label)| {
            let span = SourceSpan::from(label.span.clone());
            let text = Some(label.text.clone());
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
