//! What a file is, by its first bytes: the kinds that offices use, and nothing that a machine would run.

/// How many of a file's first bytes tell its kind.
pub const HEAD_BYTES: usize = 8 * 1024;

/// The kinds taken, as the page names them.
pub const TAKEN: &str = "PDF、图片（JPG、PNG、HEIC）、Word、Excel、PPT、WPS、OFD、ZIP、MP4、TXT";
/// The same for a file picker; what comes is judged by its content all the same.
pub const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,.heic,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.ofd,.zip,.mp4,.mov,.txt,.csv,image/*";

/// Endings of names that no machine runs; a name without an ending is none either.
const ENDINGS: [&str; 24] = [
    "pdf", "jpg", "jpeg", "jfif", "png", "heic", "heif", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps",
    "et", "dps", "ofd", "zip", "mp4", "m4v", "mov", "3gp", "txt", "csv",
];

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Archives within which a program stands: never office files.
const PROGRAMS: [&[u8]; 3] = [b"META-INF/MANIFEST.MF", b"AndroidManifest.xml", b"classes.dex"];
/// Words that make text a page or a script.
const MARKUP: [&str; 8] = ["<html", "<!doctype", "<svg", "<script", "<?xml", "<?php", "<body", "<iframe"];

/// The media type of a file; `None` where it is of no kind that is taken.
///
/// `name` decides where content can't: among the old binary office formats, and whether text is meant as text. A name
/// that ends as a program's or a page's is refused whatever stands in the file: it may be both (`%PDF-` within a script).
#[must_use]
pub fn media_type(head: &[u8], name: &str) -> Option<&'static str> {
    let holds = |what: &[u8]| head.windows(what.len()).any(|at| at == what);
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    // `3.5的说明` has no ending, nor has `方案3.5`.
    let is_number = end.bytes().all(|byte| byte.is_ascii_digit());
    if end.is_ascii() && !is_number && !ENDINGS.contains(&end.as_str()) {
        return None;
    }
    if head.get(..1024.min(head.len())).is_some_and(|first| first.windows(5).any(|at| at == b"%PDF-")) {
        let other = is_program(head)
            || head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().starts_with(b"<");
        return (!other).then_some("application/pdf");
    }
    if head.starts_with(b"\xff\xd8\xff") {
        return Some("image/jpeg");
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if head.get(4..8) == Some(b"ftyp") {
        return match head.get(8..12)? {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" => Some("image/heic"),
            b"qt  " => Some("video/quicktime"),
            b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V "
            | b"MSNV" | b"3gp4" | b"3gp5" | b"dash" => Some("video/mp4"),
            _ => None,
        };
    }
    if head.starts_with(OLE) {
        return match end.as_str() {
            "doc" | "wps" => Some("application/msword"),
            "xls" | "et" => Some("application/vnd.ms-excel"),
            "ppt" | "dps" => Some("application/vnd.ms-powerpoint"),
            _ => None,
        };
    }
    if head.starts_with(b"PK\x03\x04") {
        if PROGRAMS.iter().any(|program| holds(program)) {
            return None;
        }
        let office = [
            (&b"word/"[..], "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
            (b"OFD.xml", "application/ofd"),
        ];
        let found = office.iter().find(|(part, _)| holds(part)).map(|(_, kind)| *kind);
        return Some(found.unwrap_or("application/zip"));
    }
    (matches!(end.as_str(), "txt" | "csv") && is_text(head)).then_some("text/plain")
}

/// Windows, Linux and Mac programs, and scripts that name who runs them.
fn is_program(head: &[u8]) -> bool {
    let begins: [&[u8]; 6] =
        [b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe", b"#!"];
    begins.iter().any(|begin| head.starts_with(begin))
}

/// Text in UTF-8 or a Chinese encoding: nothing that controls a machine, no page, no script.
fn is_text(head: &[u8]) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c) || *byte == 0x7f;
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    !head.is_empty()
        && !head.iter().any(control)
        && !is_program(head)
        && !MARKUP.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip(inside: &str) -> Vec<u8> {
        [b"PK\x03\x04\x14\0\0\0\0\0", inside.as_bytes()].concat()
    }

    #[test]
    fn office_files_photos_and_scans_are_known_by_their_content() {
        let ole = [OLE, &[0; 512]].concat();
        for (head, name, kind) in [
            (b"%PDF-1.7\n...".to_vec(), "报告.pdf", "application/pdf"),
            (b"\xff\xd8\xff\xe0..JFIF".to_vec(), "IMG_1.jpg", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n....".to_vec(), "截图", "image/png"),
            (b"\0\0\0\x18ftypheic....".to_vec(), "IMG_2.HEIC", "image/heic"),
            (b"\0\0\0\x18ftypisom....".to_vec(), "现场.mp4", "video/mp4"),
            (ole.clone(), "总结.DOC", "application/msword"),
            (ole, "台账.xls", "application/vnd.ms-excel"),
            (
                zip("[Content_Types].xml..word/document.xml"),
                "总结.docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (zip("OFD.xml"), "公文.ofd", "application/ofd"),
            (zip("照片/1.jpg"), "照片.zip", "application/zip"),
            (b"%PDF-1.7\n...".to_vec(), "关于3.5的说明", "application/pdf"),
            (b"%PDF-1.7\n...".to_vec(), "方案3.5", "application/pdf"),
            ("说明：已完成".as_bytes().to_vec(), "说明.txt", "text/plain"),
            (b"\xcb\xb5\xc3\xf7\r\n".to_vec(), "说明GBK.txt", "text/plain"),
        ] {
            assert_eq!(media_type(&head, name), Some(kind), "{name}");
        }
    }

    #[test]
    fn programs_pages_and_scripts_are_not_taken_whatever_they_are_called() {
        for (head, name) in [
            (b"MZ\x90\0\x03\0\0\0".to_vec(), "照片.jpg"),
            (b"\x7fELF\x02\x01\x01".to_vec(), "report.pdf"),
            (b"MZ%PDF-1.7".to_vec(), "report.pdf"),
            (b"<!DOCTYPE html><html>".to_vec(), "说明.txt"),
            (b"  <svg onload=alert(1)>".to_vec(), "图.png"),
            (b"<svg xmlns=...>".to_vec(), "图.txt"),
            (b"#!/bin/sh\nrm -rf /".to_vec(), "a.txt"),
            (b"<?php system($_GET[1]);".to_vec(), "a.txt"),
            (b"echo off".to_vec(), "a.bat"),
            (b"rem %PDF-1.4\r\nstart calc.exe".to_vec(), "说明.bat"),
            (b"//%PDF-1.4".to_vec(), "a.JS"),
            (b"\xef\xbb\xbf<!doctype html><script>%PDF-1.4".to_vec(), "说明.html"),
            (b"\xef\xbb\xbf<!doctype html><script>%PDF-1.4".to_vec(), "说明.pdf"),
            (b"\xff\xd8\xff\r\n@calc".to_vec(), "h.cmd"),
            (zip("a.class"), "g.jar"),
            (b"%PDF-1.4".to_vec(), "x.exe"),
            (zip("META-INF/MANIFEST.MF"), "资料.zip"),
            (zip("AndroidManifest.xml"), "资料.docx"),
            ([OLE, &[0; 64]].concat(), "setup.msi"),
            (b"\0\x01\x02\x03".to_vec(), "a.txt"),
            (b"Rar!\x1a\x07".to_vec(), "a.rar"),
            (Vec::new(), "a.txt"),
        ] {
            assert_eq!(media_type(&head, name), None, "{name}");
        }
    }
}
