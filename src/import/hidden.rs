//! Rows that a workbook's sheets hide. Its reader passes over that, so the parts are read once more.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::workbook::SHEETS_MAX;

/// Hidden rows, from 1, by the sheet's name. The parts have been held against the limits before.
pub(super) fn hidden_rows(bytes: &[u8]) -> BTreeMap<String, BTreeSet<u32>> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return BTreeMap::new() };
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index_raw(index) else { continue };
        if let Ok(name) = part.name() {
            parts.insert(plain(&name), index);
        }
    }
    let Some(workbook) = parts.keys().find(|name| name.rsplit('/').next() == Some("workbook.xml")).cloned()
    else {
        return BTreeMap::new();
    };
    let folder = workbook.strip_suffix("workbook.xml").unwrap_or_default();
    let mut read = |name: &str| -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        archive.by_index(*parts.get(name)?).ok()?.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    let mut targets = BTreeMap::new();
    each(&read(&format!("{folder}_rels/workbook.xml.rels")).unwrap_or_default(), |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            let target = plain(&target);
            let rooted = target.strip_prefix('/').map(str::to_owned);
            targets.insert(id, rooted.unwrap_or_else(|| format!("{folder}{target}")));
        }
    });
    let mut sheets = Vec::new();
    each(&read(&workbook).unwrap_or_default(), |tag| {
        let path = attribute(tag, "id").and_then(|id| targets.get(&id).cloned());
        if let (Some(name), Some(path), true) = (attribute(tag, "name"), path, sheets.len() < SHEETS_MAX) {
            sheets.push((name, path));
        }
    });
    // Several names may lead to one part: it is read once.
    let mut hidden: BTreeMap<&String, BTreeSet<u32>> = BTreeMap::new();
    for (_, path) in &sheets {
        hidden.entry(path).or_insert_with(|| of_sheet(&read(path).unwrap_or_default()));
    }
    sheets.iter().map(|(name, path)| (name.clone(), hidden.get(path).cloned().unwrap_or_default())).collect()
}

/// As a reader that folds case and slashes finds it.
fn plain(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

fn of_sheet(part: &[u8]) -> BTreeSet<u32> {
    let mut hidden = BTreeSet::new();
    let mut row: u32 = 0;
    each(part, |tag| {
        if tag.local_name().as_ref() == "row" {
            let own = attribute(tag, "r").and_then(|number| number.parse().ok());
            row = own.unwrap_or_else(|| row.saturating_add(1));
            if attribute(tag, "hidden").is_some_and(|hidden| matches!(hidden.as_str(), "1" | "true")) {
                hidden.insert(row);
            }
        }
    });
    hidden
}

/// Every element that begins, as far as the part can be read.
fn each(part: &[u8], mut take: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_reader(part);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => take(&tag),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// The value of an attribute, whatever its prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    unescape(&found.value).ok().map(Cow::into_owned)
}
