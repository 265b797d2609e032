//! What a Word file says that was edited by hand, beside the one generated: the office edits, signs and prints
//! it, and what was changed stays visible.

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use similar::{ChangeTag, TextDiff};
use zip::ZipArchive;

use super::view::Bulletin;
use crate::domain::BulletinState;
use crate::report::paper::PaperFault;

/// Longest text part of a Word file that is read, in bytes.
const DOCUMENT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Why a file can't be compared.
#[derive(Debug, thiserror::Error)]
pub enum NotWord {
    /// No Word file, or a damaged one.
    #[error("it is no Word file (.docx): {0}")]
    Damaged(String),
    /// A bomb, or a book.
    #[error("its text has more than {DOCUMENT_BYTES_MAX} bytes")]
    TooLong,
    /// The generated one can't be drawn.
    #[error(transparent)]
    Paper(#[from] PaperFault),
}

impl Bulletin {
    /// How an edited Word file differs from the one generated: `－` lines are gone, `＋` lines are new; nothing
    /// where both say the same. Looks are not compared, and proposals nobody took up are not missed.
    ///
    /// # Errors
    /// [`NotWord`].
    pub fn edited(&self, word: &[u8]) -> Result<Vec<String>, NotWord> {
        let signed = Self { step: BulletinState::Signed, ..self.clone() };
        let (own, theirs) = (lines(&signed.word()?)?, lines(word)?);
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let theirs: Vec<&str> = theirs.iter().map(String::as_str).collect();
        let diff = TextDiff::from_slices(&own, &theirs);
        let changes = diff.iter_all_changes().filter_map(|change| match change.tag() {
            ChangeTag::Equal => None,
            ChangeTag::Delete => Some(format!("－{}", change.value())),
            ChangeTag::Insert => Some(format!("＋{}", change.value())),
        });
        Ok(changes.collect())
    }
}

/// Paragraphs and rows of tables, in order; empty ones left out.
#[expect(clippy::wildcard_enum_match_arm, reason = "a Word file holds much beside text")]
fn lines(word: &[u8]) -> Result<Vec<String>, NotWord> {
    let damaged = |fault: &dyn std::fmt::Display| NotWord::Damaged(fault.to_string());
    let mut zip = ZipArchive::new(Cursor::new(word)).map_err(|fault| damaged(&fault))?;
    let part = zip.by_name("word/document.xml").map_err(|fault| damaged(&fault))?;
    let mut xml = String::new();
    let read = part.take(DOCUMENT_BYTES_MAX + 1).read_to_string(&mut xml).map_err(|fault| damaged(&fault))?;
    if u64::try_from(read).unwrap_or(u64::MAX) > DOCUMENT_BYTES_MAX {
        return Err(NotWord::TooLong);
    }
    let mut reader = Reader::from_str(&xml);
    let (mut lines, mut text) = (Vec::new(), String::new());
    let (mut in_text, mut rows) = (false, 0u32);
    loop {
        match reader.read_event().map_err(|fault| damaged(&fault))? {
            Event::Start(tag) if tag.name().as_ref() == "w:t" => in_text = true,
            Event::End(tag) if tag.name().as_ref() == "w:t" => in_text = false,
            Event::Start(tag) if tag.name().as_ref() == "w:tr" => rows += 1,
            Event::Text(piece) if in_text => text.push_str(&piece),
            Event::GeneralRef(entity) if in_text => text.push_str(&referred(&entity)),
            Event::Empty(tag) if tag.name().as_ref() == "w:tab" => text.push(' '),
            Event::End(tag) if tag.name().as_ref() == "w:tc" && rows > 0 => text.push('｜'),
            Event::End(tag) if tag.name().as_ref() == "w:tr" => {
                rows = rows.saturating_sub(1);
                take(&mut lines, &mut text);
            }
            Event::End(tag) if tag.name().as_ref() == "w:p" && rows == 0 => take(&mut lines, &mut text),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(lines)
}

/// `&amp;` and its like, or a character by its number; nothing where it is neither.
fn referred(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return character.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(entity).unwrap_or_default().to_owned()
}

fn take(lines: &mut Vec<String>, text: &mut String) {
    let line = text.trim().trim_end_matches('｜').trim();
    if !line.is_empty() {
        lines.push(line.to_owned());
    }
    text.clear();
}
