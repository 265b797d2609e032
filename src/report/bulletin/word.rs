//! A bulletin as a Word file, laid out by the habits of GB/T 9704, to be edited and signed.

use std::io::{Cursor, Write as _};

use minijinja::context;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::layout::Layout;
use super::view::Bulletin;
use crate::report::code::Code;
use crate::report::paper::{PaperFault, draw};

const DOCUMENT: &str = include_str!("templates/document.xml.jinja");
const DOCUMENT_RELS: &str = include_str!("templates/document.rels.jinja");
const FOOTER: &str = include_str!("templates/footer.xml.jinja");
const HEADER: &str = include_str!("templates/header.xml.jinja");
const TYPES: &str = include_str!("templates/types.xml.jinja");
const CORE: &str = include_str!("templates/core.xml.jinja");
const RELS: &str = include_str!("templates/rels.xml");
const STYLES: &str = include_str!("templates/styles.xml");
const SETTINGS: &str = include_str!("templates/settings.xml");
const FONTS: &str = include_str!("templates/fontTable.xml");

/// The Word file's bytes: of the same bulletin the same, whenever they are made.
pub(super) fn word(paper: &Bulletin, layout: &Layout, code: &Code) -> Result<Vec<u8>, PaperFault> {
    let none = || context! {};
    let footer = |side: &str| draw("footer.xml", FOOTER, layout, context! { side });
    let created = format!("{}T00:00:00Z", paper.dated);
    let mut parts: Vec<(&str, Vec<u8>)> = vec![
        ("[Content_Types].xml", draw("types.xml", TYPES, layout, none())?.into()),
        ("_rels/.rels", RELS.into()),
        ("docProps/core.xml", draw("core.xml", CORE, layout, context! { created })?.into()),
        ("word/document.xml", draw("document.xml", DOCUMENT, layout, none())?.into()),
        ("word/_rels/document.xml.rels", draw("rels.xml", DOCUMENT_RELS, layout, none())?.into()),
        ("word/styles.xml", STYLES.into()),
        ("word/settings.xml", SETTINGS.into()),
        ("word/fontTable.xml", FONTS.into()),
        ("word/footer1.xml", footer("right")?.into()),
        ("word/footer2.xml", footer("left")?.into()),
        ("word/media/code.bmp", code.bitmap.clone()),
    ];
    if layout.mark.is_some() {
        parts.push(("word/header1.xml", draw("header.xml", HEADER, layout, none())?.into()));
    }
    // Stored, dated 1980: neither a clock nor a compressor's version shows in the bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
