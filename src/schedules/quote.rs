//! Whether a plan's texts stand in its document word for word, white space aside.

use std::ops::Range;
use std::sync::Arc;

use super::Source;
use super::table::Field;
use super::words::inside;
use crate::locale::message;

/// Characters shown of either side where they part.
const SHOWN_CHARS: usize = 10;

/// A shorter beginning is found by chance.
const COMMON_CHARS_MIN: usize = 4;

/// A document that plans quote from.
pub(super) struct Document {
    /// its path in the directory
    pub(super) name: String,
    /// its text as scanned
    pub(super) text: Arc<str>,
    squeezed: String,
}

impl Document {
    pub(super) fn of(source: &Source) -> Self {
        let squeezed = source.text.chars().filter(|c| !c.is_whitespace()).collect();
        Self { name: source.name.clone(), text: Arc::from(source.text.as_str()), squeezed }
    }

    /// Tells every passage of the field's text that the document has not.
    pub(super) fn check(&self, field: &Field<'_>) {
        let Some(text) = field.is_text().then(|| field.text()).flatten() else {
            return;
        };
        let passages = passages(text);
        for (at, passage) in passages.iter().enumerate() {
            let Some(words) = text.get(passage.clone()) else {
                continue;
            };
            let Some(parting) = self.parting(words) else {
                continue;
            };
            let what = if passages.len() > 1 {
                message("plan-passage-not-quoted").with("number", &(at + 1))
            } else {
                message("plan-not-quoted")
            };
            let what = what.with("key", field.key).with("document", &self.name);
            let place = passage.start + parting.at;
            let fault = super::diagnostic::Fault::at(inside(field, place..place + parting.length), what);
            let label = match parting.after.as_str() {
                "" => message("plan-nothing-begins"),
                after => message("plan-parts-here").with("after", after).with("printed", &parting.printed),
            };
            field.page.tell(fault.label(label.with("given", &parting.given)));
        }
    }

    /// Where the passage parts from the document; `None` if all of it stands there.
    fn parting(&self, passage: &str) -> Option<Parting> {
        let letters: Vec<(usize, char)> =
            passage.char_indices().filter(|(_, c)| !c.is_whitespace()).collect();
        let squeezed = |range: Range<usize>| -> String {
            letters.get(range).unwrap_or_default().iter().map(|(_, c)| c).collect()
        };
        // A beginning is found wherever a longer one is: the longest is found by halving.
        let (mut found, mut missing) = (0, letters.len() + 1);
        while missing - found > 1 {
            let middle = usize::midpoint(found, missing);
            if self.squeezed.contains(&squeezed(0..middle)) {
                found = middle;
            } else {
                missing = middle;
            }
        }
        let &(at, first) = letters.get(found)?;
        let (found, at, first) = match letters.first() {
            Some(&(at, first)) if found < COMMON_CHARS_MIN => (0, at, first),
            _ => (found, at, first),
        };
        let beginning = squeezed(0..found);
        let end = self.squeezed.find(&beginning).map_or(0, |start| start + beginning.len());
        Some(Parting {
            at,
            length: first.len_utf8(),
            after: squeezed(found.saturating_sub(SHOWN_CHARS)..found),
            given: squeezed(found..letters.len().min(found + SHOWN_CHARS)),
            printed: self.squeezed.get(end..).unwrap_or_default().chars().take(SHOWN_CHARS).collect(),
        })
    }
}

/// The first characters that differ.
struct Parting {
    /// byte in the passage
    at: usize,
    /// of the first character that differs, in bytes
    length: usize,
    /// the end of what agrees
    after: String,
    /// what the passage goes on with
    given: String,
    /// what the document goes on with
    printed: String,
}

/// The parts of a text that blank lines divide.
fn passages(text: &str) -> Vec<Range<usize>> {
    let mut passages: Vec<Range<usize>> = Vec::new();
    let mut offset = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let end = offset + line.len();
        let blank = line.trim().is_empty();
        match passages.last_mut().filter(|_| open && !blank) {
            Some(passage) => passage.end = end,
            None if !blank => passages.push(offset..end),
            None => {}
        }
        open = !blank;
        offset = end;
    }
    passages
}
