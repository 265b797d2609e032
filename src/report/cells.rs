//! Cells of sheets: no text of a unit may ever be run as a formula, however the file is opened.

use super::paper::PaperFault;

/// UTF-8 byte order mark: without it Excel takes Chinese text for another encoding.
const MARK: &str = "\u{FEFF}";

/// Whether a spreadsheet might take a text for a formula (full-width signs too: some input methods and
/// locales treat them alike).
pub(super) fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠', '\t', '\r'])
}

/// The text with an apostrophe before what might be a formula: a spreadsheet shows it as it is.
pub(super) fn harmless(text: String) -> String {
    if is_formula(&text) { format!("'{text}") } else { text }
}

/// Comma-separated values: every cell quoted, harmless, lines ended as Excel does.
pub(super) fn csv<const N: usize>(
    names: [String; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<Vec<u8>, PaperFault> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::from(MARK));
    writer.write_record(names)?;
    for row in rows {
        writer.write_record(row.map(harmless))?;
    }
    writer.into_inner().map_err(|fault| PaperFault::Bytes(std::io::Error::other(fault.to_string())))
}
