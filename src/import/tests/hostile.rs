//! Files that are not what they seem: each is refused with what helps, and none takes the memory.

use std::io::{Cursor, Write as _};

use rust_xlsxwriter::Workbook;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{asked, read};
use crate::import::book::{FILE_BYTES_MAX, ROWS_MAX};
use crate::import::{Limits, Source, Unreadable, open, open_until};

const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn refused(name: &str, bytes: &[u8]) -> String {
    read(name, bytes, &asked()).expect_err("refused").to_string()
}

/// A small ledger as a workbook.
fn ledger() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, text) in (0..).zip(["编号", "任务内容", "牵头单位", "完成时限"]) {
        sheet.write_string(0, column, text).unwrap();
    }
    for (column, text) in (0..).zip(["1", "治理甲", "县住建局", "6月底前"]) {
        sheet.write_string(1, column, text).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

/// The ledger with parts added or put in the place of its own.
pub(super) fn with_parts(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(ledger())).unwrap();
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for index in 0..from.len() {
        let part = from.by_index(index).unwrap();
        if parts.iter().all(|(name, _)| part.name().unwrap() != *name) {
            into.raw_copy_file(part).unwrap();
        }
    }
    for (name, bytes) in parts {
        into.start_file(*name, options).unwrap();
        into.write_all(bytes).unwrap();
    }
    into.finish().unwrap().into_inner()
}

/// Rows of a sheet, one after the other.
fn many(count: u32, row: impl Fn(u32) -> String) -> String {
    (1..=count).map(row).collect::<Vec<_>>().concat()
}

/// A zip file with one part of that name.
fn zipped(name: &str) -> Vec<u8> {
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    into.start_file(name, SimpleFileOptions::default()).unwrap();
    into.write_all(b"<?xml version=\"1.0\"?>").unwrap();
    into.finish().unwrap().into_inner()
}

#[test]
fn what_unpacks_to_too_much_is_refused_by_what_it_says_and_by_what_comes_out() {
    let zeros = vec![0_u8; 80 * 1024 * 1024];
    let bomb = with_parts(&[("xl/media/image1.png", &zeros)]);
    assert!(bomb.len() < 1024 * 1024, "a small file");
    assert!(refused("台账.xlsx", &bomb).contains("it says so itself"));

    // The directory lies: every size of 80 MiB becomes a small one.
    let (true_size, lie) = (u32::try_from(zeros.len()).unwrap().to_le_bytes(), 1000_u32.to_le_bytes());
    let mut lying = bomb.clone();
    while let Some(at) = lying.windows(4).position(|four| four == true_size) {
        lying[at..at + 4].copy_from_slice(&lie);
    }
    let why = read("台账.xlsx", &lying, &asked()).unwrap_err();
    assert!(matches!(why, Unreadable::Bomb { .. } | Unreadable::Damaged(_)), "{why}");
}

#[test]
fn a_million_rows_and_far_cells_are_refused_by_their_number() {
    let rows = many(1_048_576, |row| format!("<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>"));
    let sheet = |rows: &str| {
        format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
             <dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData></worksheet>"
        )
    };
    let long = with_parts(&[("xl/worksheets/sheet1.xml", sheet(&rows).as_bytes())]);
    assert!(refused("台账.xlsx", &long).contains(&format!("more than {ROWS_MAX} rows")));
    let far = sheet("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    assert!(
        refused("台账.xlsx", &with_parts(&[("xl/worksheets/sheet1.xml", far.as_bytes())]))
            .contains("columns")
    );
    let lines =
        format!("编号,任务内容,牵头单位,完成时限\n{}", "1,甲,县住建局,6月底前\n".repeat(ROWS_MAX + 1));
    assert!(refused("台账.csv", lines.as_bytes()).contains(&format!("more than {ROWS_MAX} rows")));
    assert!(refused("台账.csv", &vec![b'x'; FILE_BYTES_MAX + 1]).contains("more than"));
}

#[test]
fn one_long_text_in_many_cells_does_not_fill_the_memory() {
    let text = "督".repeat(10_000);
    let strings = format!(
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>{text}</t></si></sst>"
    );
    let cells = many(4_000, |row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"));
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{cells}</sheetData></worksheet>"
    );
    let parts: [(&str, &[u8]); 2] =
        [("xl/sharedStrings.xml", strings.as_bytes()), ("xl/worksheets/sheet1.xml", sheet.as_bytes())];
    assert!(refused("台账.xlsx", &with_parts(&parts)).contains("bytes of text"));
}

const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

/// The ledger with so many sheets, each of the part that `target` names, and these parts.
fn with_sheets(count: u32, target: impl Fn(u32) -> u32, parts: &[(&str, &[u8])]) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let sheet = |at| format!("<sheet name=\"s{at}\" sheetId=\"{at}\" r:id=\"r{at}\"/>");
    let sheets = many(count, sheet);
    let book = format!("<workbook {MAIN} xmlns:r=\"{OFFICE}\"><sheets>{sheets}</sheets></workbook>");
    let names = many(count, |at| {
        let part = target(at);
        format!(
            "<Relationship Id=\"r{at}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{part}.xml\"/>"
        )
    });
    let names = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{names}</Relationships>"
    );
    let own: [(&str, &[u8]); 2] =
        [("xl/workbook.xml", book.as_bytes()), ("xl/_rels/workbook.xml.rels", names.as_bytes())];
    with_parts(&[&own, parts].concat())
}

/// A sheet whose rows each hold that cell.
fn rows_of(count: u32, cell: impl Fn(u32) -> String) -> String {
    let rows = many(count, |row| format!("<row r=\"{row}\">{}</row>", cell(row)));
    format!("<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>")
}

#[test]
fn many_sheets_of_one_part_are_refused() {
    let strings = format!("<sst {MAIN}><si><t>{}</t></si></sst>", "x".repeat(1024 * 1024));
    let texts = rows_of(31, |row| format!("<c r=\"A{row}\" t=\"s\"><v>0</v></c>"));
    let far = rows_of(5_000, |row| format!("<c r=\"IV{row}\"><v>1</v></c>"));
    for sheet in [texts, far] {
        let parts: [(&str, &[u8]); 2] =
            [("xl/sharedStrings.xml", strings.as_bytes()), ("xl/worksheets/sheet1.xml", sheet.as_bytes())];
        let bomb = with_sheets(100, |_| 1, &parts);
        assert!(bomb.len() < 64 * 1024, "a small file");
        let why = refused("台账.xlsx", &bomb);
        assert!(why.contains("one and the same part") && !why.contains("I/O error"), "{why}");
    }
}

#[test]
fn what_a_book_may_hold_its_sheets_share() {
    let strings = format!("<sst {MAIN}><si><t>{}</t></si></sst>", "x".repeat(1024 * 1024));
    let texts = rows_of(20, |row| format!("<c r=\"A{row}\" t=\"s\"><v>0</v></c>"));
    let far = rows_of(5_000, |row| format!("<c r=\"IV{row}\"><v>1</v></c>"));
    for (sheet, says) in [(texts, "bytes of text"), (far, "cells")] {
        let sheet = sheet.as_bytes();
        let bytes = with_sheets(
            3,
            |at| at,
            &[
                ("xl/sharedStrings.xml", strings.as_bytes()),
                ("xl/worksheets/sheet1.xml", sheet),
                ("xl/worksheets/sheet2.xml", sheet),
                ("xl/worksheets/sheet3.xml", sheet),
            ],
        );
        let book = open(&Source { name: "台账.xlsx", bytes: &bytes }).unwrap();
        let refused: Vec<_> = book.sheets.iter().map(|sheet| sheet.refused.clone()).collect();
        assert_eq!(refused[0], None);
        assert!(refused[1..].iter().flatten().all(|why| why.to_string().contains(says)), "{refused:?}");
        assert_eq!(refused[1..].iter().flatten().count(), 2, "{says}");
        let first = open_until(&Source { name: "台账.xlsx", bytes: &bytes }, &Limits::LEDGER, &|sheet| {
            sheet.name == "s1"
        });
        assert_eq!(first.unwrap().sheets.len(), 1, "no more than what is sought is read");
        let small = open_until(&Source { name: "反馈表.xlsx", bytes: &bytes }, &Limits::FORM, &|_| false);
        assert!(small.unwrap().sheets.iter().all(|sheet| sheet.refused.is_some()), "a form holds less");
    }
}

#[test]
fn texts_and_styles_that_become_much_more_in_memory_are_refused_by_their_number() {
    let texts = format!("<sst {MAIN}>{}</sst>", "<si/>".repeat(1_000_000));
    let said = format!("<sst {MAIN} count=\"1\" uniqueCount=\"99999999999999\"><si><t>x</t></si></sst>");
    let styles = |format: &str, count: usize| {
        let cells = "<xf numFmtId=\"200\"/>".repeat(count);
        format!(
            "<styleSheet {MAIN}><numFmts><numFmt numFmtId=\"200\" formatCode=\"{format}\"/></numFmts><cellXfs>{cells}</cellXfs></styleSheet>"
        )
    };
    for (part, bytes, says) in [
        ("xl/sharedStrings.xml", texts, "texts"),
        ("xl/sharedStrings.xml", said, "texts"),
        ("xl/styles.xml", styles("0", 200_000), "styles"),
        ("xl/styles.xml", styles(&"0".repeat(1024 * 1024), 10), "styles"),
    ] {
        let why = refused("台账.xlsx", &with_parts(&[(part, bytes.as_bytes())]));
        assert!(why.contains("holds more than") && why.contains(says), "{part}: {why}");
    }
}

#[test]
fn what_is_no_workbook_is_refused_with_what_helps() {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encrypted = [COMPOUND.as_slice(), &[0; 512], &name, &[0; 64]].concat();
    let old = [COMPOUND.as_slice(), &[0; 1024]].concat();
    let text = "编号,任务内容,牵头单位,完成时限\n1,甲,县住建局,6月底前\n".as_bytes();
    for (name, bytes, says) in [
        ("台账.xlsx", encrypted.as_slice(), "password"),
        ("台账.xls", &old, "save it as .xlsx"),
        ("台账.xlsx", &old, "save it as .xlsx"),
        ("台账.xlsx", text, "name it .csv"),
        ("台账.csv", &ledger(), "name it .xlsx"),
        ("台账.xls", b"<html><table><tr><td>1</td></tr></table></html>", "save it as .xlsx"),
        ("台账.ods", &zipped("content.xml"), "save it as .xlsx"),
        ("台账.docx", &zipped("word/document.xml"), "save it as .xlsx"),
        ("台账.xlsx", &zipped("xl/workbook.bin"), "an .xlsb"),
        ("台账.xlsx", b"%PDF-1.7", "neither"),
        ("台账.xlsx", b"\x89PNG\r\n\x1a\n\0\0", "neither"),
        ("台账.xlsx", b"PK\x03\x04 and nothing more", "damaged"),
        ("台账.xlsx", b"", "empty"),
    ] {
        let why = refused(name, bytes);
        assert!(why.contains(says), "{name}: {why}");
    }
}

#[test]
fn damaged_bytes_are_refused_or_read_and_never_end_the_program() {
    let whole = ledger();
    let mut state: u64 = 0x2021_0524;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    for _ in 0..400 {
        let mut bytes = whole.clone();
        for _ in 0..=next() % 3 {
            let at = next() % bytes.len();
            bytes[at] = u8::try_from(next() % 256).unwrap();
        }
        bytes.truncate(bytes.len() - next() % 64);
        let _ = read("台账.xlsx", &bytes, &asked());
    }
    // The XML of a part, not only the bytes of the archive.
    let sheet = b"<worksheet><sheetData><row r=\"99999999999\"><c r=\"ZZZZZZZZZ99999999999\" t=\"s\"><v>9</v></c></row></sheetData><mergeCells><mergeCell ref=\"B9:A1\"/></mergeCells></worksheet>";
    let _ = read("台账.xlsx", &with_parts(&[("xl/worksheets/sheet1.xml", sheet)]), &asked());
    let _ = read("台账.xlsx", &with_parts(&[("xl/workbook.xml", b"<workbook/>")]), &asked());
}

#[test]
fn a_formula_in_a_text_is_words_and_no_more() {
    let text =
        "编号,任务内容,牵头单位,完成时限\n1,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",县住建局,6月底前\n";
    let imported = read("台账.csv", text.as_bytes(), &asked()).unwrap();
    assert_eq!(imported.plan.unwrap().0.tasks[0].text, "=HYPERLINK(\"http://x\",\"y\")");
}
